import type { CaptureState, DamageDetail, LiveStatus, PacketDetail, Pulse } from '../../src/messages.ts';
import type { FilterHow } from './field-menu.tsx';

export interface InspectorProps {
  readonly detail: PacketDetail | null;
  readonly damage: DamageDetail | null;
  readonly capture: CaptureState | null;
  readonly live: LiveStatus | null;
  readonly place: 'right' | 'below';
  readonly openCards: Readonly<Record<string, boolean>>;
  readonly onOpenCards: (next: Record<string, boolean>) => void;
  readonly onStep: (step: 1 | -1) => void;
  readonly onConnection: (stream: number) => void;
  readonly onFollow: (kind: 'tcp' | 'udp', stream: number) => void;
  readonly onFilter: (text: string, how: FilterHow) => void;
  readonly onGoToPacket: (row: number) => void;
  /** Makes a field a column of the list, or takes it away. */
  readonly onColumn?: (abbrev: string) => void;
  /** The user wants to say what a port carries. */
  readonly onDecode: (table: string, value: string) => void;
  /** The user wants to give a key log. */
  readonly onKeyLog?: () => void;
  /** What the live capture carries now; null while it is not known. */
  readonly pulse: Pulse | null;
  /** Share of the bytes pane in percent, as remembered; absent: its usual size in px. */
  readonly bytesShare?: number;
  readonly onBytesShare?: (percent: number) => void;
}
