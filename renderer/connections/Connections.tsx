import { useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { CaptureState, ConnectionCondition, Handshake, Transport, ViewState } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { kept } from '../store/kept.ts';
import { useMedia } from '../ui/media.ts';
import { Account } from './Account.tsx';
import { ConnectionsBar, type Sorting } from './ConnectionsBar.tsx';
import { type ConnectionsFound, ConnectionsTable } from './ConnectionsTable.tsx';
import { USUAL, USUAL_NARROW } from './columns.tsx';
import '../ui/table-view.css';
import './connections.css';
import './connections-bar.css';
import { useTick } from '../ui/useTick.ts';
import { Ladder } from './Ladder.tsx';
import { secondsBetween } from './time.ts';
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
  /** Ids of the columns that the user chose to see; null: the usual ones. */
  readonly columns: readonly string[] | null;
  readonly onColumns: (seen: readonly string[] | null) => void;
  /** Share of the table in percent, as remembered; absent: its usual size in px. */
  readonly tableShare?: number;
  readonly onTableShare?: (percent: number) => void;
}

/** How often a growing capture is read again, in ms. */
const REFRESH_MS = 1000;

const useHandshake = kept<Handshake | null>(null, 'capture');
const useSorting = kept<Sorting>({ sort: 'stream', descending: false });
const useFiltersShown = kept(false);

/** Every TCP connection of the filter, and the one chosen as a ladder. */
export function Connections(props: ConnectionsProps) {
  const { transport, capture, view, stream, onStream, tableShare, onTableShare } = props;
  const root = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState<ConnectionsFound | null>(null);
  const [handshake, setHandshake] = useHandshake();
  const [sorting, setSorting] = useSorting();
  const [where, setWhere] = useState<readonly ConnectionCondition[]>([]);
  const [filtersShown, setFiltersShown] = useFiltersShown();
  const [said, setSaid] = useState('');
  const small = useMedia('(max-width: 1099px)');
  const chosen = props.columns ?? (small ? USUAL_NARROW : USUAL);
  // What the table is sorted by is seen.
  const seen = chosen.some((id) => id === sorting.sort) ? chosen : [...chosen, sorting.sort];
  const narrowed = handshake !== null || where.length > 0;
  const onlyThese = async () => {
    const answer = await transport.engine('connectionFilter', { ...sorting, handshake, where });
    if (!answer.ok) return setSaid(failed(answer.failure.message));
    const { text, total } = answer.value;
    setSaid(text !== '' ? '' : total === 0 ? words.noneLeft : words.tooManyToFilter(total));
    if (text !== '') props.onFilter(text, filter === '' ? 'replace' : 'and');
  };
  const growth = `${capture.packets} ${capture.connections} ${capture.phase} ${view?.matched ?? 0} ${view?.complete === true}`;
  const tick = useTick(growth, REFRESH_MS);
  const life = capture.firstTime === null || capture.lastTime === null ? 0 : secondsBetween(capture.firstTime, capture.lastTime);
  const filter = view?.filter ?? '';
  const busy = capture.phase === 'reading' || view?.complete === false;
  const none = found !== null && found.total === 0 && !narrowed;
  const focusLadder = () => {
    const ladder = root.current?.querySelector('.con-steps button[tabindex="0"]');
    if (ladder instanceof HTMLElement) ladder.focus();
  };
  return (
    <div ref={root} className="tv" data-testid="connections">
      {none && (
        <div className="tv-empty" role="status">
          <h2>{found.failure === null ? words.empty : words.tableFailed}</h2>
          {found.failure !== null && <p>{found.failure}</p>}
          {found.failure === null && busy && <p>{words.emptyReading}</p>}
          {found.failure === null && !busy && filter !== '' && (
            <>
              <p>{words.emptyFiltered(filter)}</p>
              <button type="button" className="tv-button" onClick={() => props.onFilter('', 'replace')}>
                {words.clearFilter}
              </button>
            </>
          )}
        </div>
      )}
      <Group
        className={none ? 'tv-panes gone' : 'tv-panes'}
        orientation="vertical"
        onLayoutChanged={(layout, meta) => {
          const share = layout.table;
          if (meta.isUserInteraction && share !== undefined) onTableShare?.(share);
        }}
      >
        <Panel
          id="table"
          defaultSize={tableShare === undefined ? 190 : `${tableShare}%`}
          minSize={70}
          groupResizeBehavior="preserve-pixel-size"
          style={{ overflow: 'hidden', position: 'relative', display: 'flex', flexDirection: 'column' }}
        >
          <ConnectionsBar
            {...{ handshake, sorting, narrowed, filtersShown, seen, said }}
            handshakes={found?.handshakes ?? null}
            onHandshake={(next) => {
              setSaid('');
              setHandshake(next);
            }}
            onSorting={setSorting}
            total={found?.total ?? 0}
            onOnlyThese={() => void onlyThese()}
            onFiltersShown={setFiltersShown}
            onSeen={(next) => props.onColumns(next)}
          />
          <ConnectionsTable
            {...{ handshake, sorting, filtersShown, seen }}
            onSorting={setSorting}
            onConditions={setWhere}
            transport={transport}
            identity={`${capture.capture} ${view?.view ?? 0}`}
            tick={tick}
            life={life}
            stream={stream}
            onStream={onStream}
            onShowPacket={props.onShowPacket}
            onFilter={props.onFilter}
            onFollow={props.onFollow}
            onFound={setFound}
            onEnter={focusLadder}
          />
          {narrowed && found !== null && found.total === 0 && found.failure === null && (
            <p className="con-left-none" role="status">
              {words.noneLeft}{' '}
              <button
                type="button"
                className="tv-button"
                onClick={() => {
                  setHandshake(null);
                  setFiltersShown(false);
                }}
                data-testid="show-all"
              >
                {words.showAll}
              </button>
            </p>
          )}
        </Panel>
        <Separator className="tv-divider" aria-label={words.resize} />
        <Panel id="ladder-pane" minSize={120} style={{ overflow: 'hidden' }}>
          {stream === null ? (
            <p className="tv-message">{words.choose}</p>
          ) : (
            <div className="con-detail">
              <Ladder
                transport={transport}
                capture={capture.capture}
                packets={capture.packets}
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
