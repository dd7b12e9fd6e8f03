import { useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { CaptureState, Transport, ViewState } from '../../src/messages.ts';
import { Account } from './Account.tsx';
import { ConnectionsTable } from './ConnectionsTable.tsx';
import './connections.css';
import { Ladder } from './Ladder.tsx';
import { secondsBetween } from './time.ts';
import { useTick } from './useTick.ts';
import { words } from './words.ts';

export interface ConnectionsProps {
  readonly transport: Transport;
  readonly capture: CaptureState;
  readonly view: ViewState | null;
  /** TCP stream on show; null: none chosen yet, the first is taken. */
  readonly stream: number | null;
  readonly onStream: (stream: number | null) => void;
  readonly selectedRow: number | null;
  readonly onSelectRow: (row: number) => void;
  readonly onShowPacket: (row: number) => void;
  readonly onFilter: (text: string, how: 'replace' | 'and' | 'exclude') => void;
  readonly onFollow: (stream: number) => void;
  /** Share of the table in percent, as remembered; absent: its usual size in px. */
  readonly tableShare?: number;
  readonly onTableShare?: (percent: number) => void;
}

/** How often a growing capture is read again, in ms. */
const REFRESH_MS = 1000;

/** Every TCP connection of the filter, and the one chosen as a ladder. */
export function Connections(props: ConnectionsProps) {
  const { transport, capture, view, stream, onStream, tableShare, onTableShare } = props;
  const root = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState<{ total: number; failure: string | null } | null>(null);
  const growth = `${capture.packets} ${capture.connections} ${capture.phase} ${view?.matched ?? 0} ${view?.complete === true}`;
  const tick = useTick(growth, REFRESH_MS);
  const life = capture.firstTime === null || capture.lastTime === null ? 0 : secondsBetween(capture.firstTime, capture.lastTime);
  const filter = view?.filter ?? '';
  const busy = capture.phase === 'reading' || view?.complete === false;
  const none = found !== null && found.total === 0;
  const focusLadder = () => {
    const ladder = root.current?.querySelector('.con-steps button[tabindex="0"]');
    if (ladder instanceof HTMLElement) ladder.focus();
  };
  return (
    <div ref={root} className="con" data-testid="connections">
      {none && (
        <div className="con-empty" role="status">
          <h3>{found.failure === null ? words.empty : words.tableFailed}</h3>
          {found.failure !== null && <p>{found.failure}</p>}
          {found.failure === null && busy && <p>{words.emptyReading}</p>}
          {found.failure === null && !busy && filter !== '' && (
            <>
              <p>{words.emptyFiltered(filter)}</p>
              <button type="button" className="con-button" onClick={() => props.onFilter('', 'replace')}>
                {words.clearFilter}
              </button>
            </>
          )}
        </div>
      )}
      <Group
        className={none ? 'con-panes gone' : 'con-panes'}
        orientation="vertical"
        onLayoutChanged={(layout, meta) => {
          const share = layout.table;
          if (meta.isUserInteraction && share !== undefined) onTableShare?.(share);
        }}
      >
        <Panel
          id="table"
          defaultSize={tableShare === undefined ? 160 : `${tableShare}%`}
          minSize={70}
          groupResizeBehavior="preserve-pixel-size"
          style={{ overflow: 'hidden' }}
        >
          <ConnectionsTable
            transport={transport}
            identity={`${capture.capture} ${view?.view ?? 0}`}
            tick={tick}
            life={life}
            stream={stream}
            onStream={onStream}
            onShowPacket={props.onShowPacket}
            onFilter={props.onFilter}
            onFollow={props.onFollow}
            onTotal={(total, failure) =>
              setFound((old) => (old !== null && old.total === total && old.failure === failure ? old : { total, failure }))
            }
            onEnter={focusLadder}
          />
        </Panel>
        <Separator className="con-divider" aria-label={words.resize} />
        <Panel id="ladder-pane" minSize={120} style={{ overflow: 'hidden' }}>
          {stream === null ? (
            <p className="con-message">{words.choose}</p>
          ) : (
            <div className="con-detail">
              <Ladder
                transport={transport}
                capture={capture.capture}
                stream={stream}
                tick={tick}
                selectedRow={props.selectedRow}
                onSelectRow={props.onSelectRow}
                onShowPacket={props.onShowPacket}
                onFilter={props.onFilter}
                onFollow={props.onFollow}
              />
              <Account
                transport={transport}
                capture={capture.capture}
                stream={stream}
                tick={tick}
                selectedRow={props.selectedRow}
                onSelectRow={props.onSelectRow}
              />
            </div>
          )}
        </Panel>
      </Group>
    </div>
  );
}
