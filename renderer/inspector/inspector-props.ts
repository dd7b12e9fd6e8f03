import type { CaptureState, DamageDetail, LiveStatus, PacketDetail } from '../../src/messages.ts';
import type { FilterHow } from './LayerCards.tsx';
import type { RatePoint } from './rate.ts';

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
  readonly onFilter: (text: string, how: FilterHow) => void;
  readonly onGoToPacket: (row: number) => void;
  readonly ratePoints: readonly RatePoint[];
  /** Share of the bytes pane in percent, as remembered; absent: its usual size in px. */
  readonly bytesShare?: number;
  readonly onBytesShare?: (percent: number) => void;
}
