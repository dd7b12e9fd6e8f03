import { useEffect, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { CaptureState, Transport, ViewState } from '../../src/messages.ts';
import '../ui/table-view.css';
import { count } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { Choice } from '../ui/Choice.tsx';
import { useTick } from '../ui/useTick.ts';
import { StreamsTable } from './StreamsTable.tsx';
import { StreamView } from './StreamView.tsx';
import './streams.css';
import { LAYER_NAMES } from './names.ts';
import { words } from './words.ts';

export interface StreamsProps {
  readonly transport: Transport;
  readonly capture: CaptureState;
  readonly view: ViewState | null;
}

/** How often a growing capture is read again, in ms. */
const REFRESH_MS = 1000;

/** Every TCP connection and UDP stream of the filter, and what the one chosen carried. */
export function Streams({ transport, capture, view }: StreamsProps) {
  const { actions } = useBackend();
  const followed = useApp((state) => state.followed);
  const share = useApp((state) => state.settings.layouts.streams?.[0]);
  const detail = useApp((state) => state.detail);
  const selectedRow = useApp((state) => (state.selection.kind === 'packet' ? state.selection.row : null));
  const [kind, setKind] = useState<'tcp' | 'udp'>(followed?.kind ?? (capture.connections === 0 && capture.udpStreams > 0 ? 'udp' : 'tcp'));
  useEffect(() => {
    if (followed !== null) setKind(followed.kind);
  }, [followed]);
  const [found, setFound] = useState<{ total: number; failure: string | null } | null>(null);
  const [again, setAgain] = useState(0);
  const growth = `${capture.packets} ${capture.phase} ${view?.matched ?? 0} ${view?.complete === true} ${again}`;
  const tick = useTick(growth, REFRESH_MS);
  const identity = `${capture.capture} ${view?.view ?? 0}`;
  const filter = view?.filter ?? '';
  const mine = followed !== null && followed.kind === kind ? followed : null;
  const here = detail !== null && detail.row === selectedRow && detail.transport === mine?.kind && detail.stream === mine?.stream;
  return (
    <div className="str tv" data-testid="streams">
      <Group
        orientation="horizontal"
        onLayoutChanged={(layout, meta) => {
          const list = layout.list;
          if (meta.isUserInteraction && list !== undefined)
            actions.changeSettings({ layouts: { ...useApp.getState().settings.layouts, streams: [list] } });
        }}
      >
        <Panel
          id="list"
          defaultSize={share === undefined ? (window.innerWidth >= 1280 ? 520 : 420) : `${share}%`}
          minSize={220}
          groupResizeBehavior="preserve-pixel-size"
          style={{ overflow: 'hidden' }}
        >
          <div className="str-list">
            <div className="pane-h">
              <Choice
                label={words.kind}
                value={kind}
                options={[
                  ['tcp', `${LAYER_NAMES.tcp} ${count(capture.connections)}`],
                  ['udp', `${LAYER_NAMES.udp} ${count(capture.udpStreams)}`],
                ]}
                onChange={(next) => {
                  setFound(null);
                  actions.setFollowed(null);
                  setKind(next);
                }}
                testId="stream-kind"
              />
            </div>
            {found !== null && found.total === 0 && (
              <div className="str-none" role="status">
                <b>{found.failure ?? words.noStreams[kind]}</b>
                {found.failure === null && filter !== '' && (
                  <>
                    <span>{words.filterLeavesNone(filter)}</span>
                    <button type="button" className="tv-button" onClick={() => void actions.filterOn('', 'replace')}>
                      {words.removeFilter}
                    </button>
                  </>
                )}
              </div>
            )}
            <div className={found !== null && found.total === 0 ? 'str-grid gone' : 'str-grid'}>
              <StreamsTable
                transport={transport}
                identity={identity}
                tick={tick}
                kind={kind}
                stream={mine?.stream ?? null}
                onStream={(next) => actions.setFollowed(next)}
                onTotal={(total, failure, more) => {
                  setFound((old) => (old !== null && old.total === total && old.failure === failure ? old : { total, failure }));
                  if (more) setAgain((n) => n + 1);
                }}
              />
            </div>
          </div>
        </Panel>
        <Separator className="divider" aria-label={words.resize} />
        <Panel id="stream" minSize={360} style={{ overflow: 'hidden' }}>
          {mine === null ? (
            found?.total === 0 ? null : (
              <p className="str-message">{words.choose}</p>
            )
          ) : (
            <StreamView
              transport={transport}
              identity={String(capture.capture)}
              tick={tick}
              kind={mine.kind}
              stream={mine.stream}
              captureName={capture.name}
              selectedRow={here ? selectedRow : null}
              onSelectRow={(row) => actions.selectRow(row)}
              onShowPacket={(row) => {
                actions.selectRow(row);
                actions.setTab('packets');
              }}
              onConnection={() => actions.showConnection(mine.stream)}
              onFilter={(text) => void actions.filterOn(text, 'replace')}
            />
          )}
        </Panel>
      </Group>
    </div>
  );
}
