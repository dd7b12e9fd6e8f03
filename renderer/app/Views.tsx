import { type KeyboardEvent, useEffect } from 'react';
import { FilterBar } from '../filter-bar/FilterBar.tsx';
import { count } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { type Tab, useApp } from '../store/state.ts';
import { part } from '../ui/part.ts';
import { words } from '../words.ts';
import { Boundary } from './Boundary.tsx';
import { PacketsView } from './PacketsView.tsx';

const Connections = part(async () => (await import('../connections/Connections.tsx')).Connections);

const Streams = part(async () => (await import('../streams/Streams.tsx')).Streams);

const Http = part(async () => (await import('../http/Http.tsx')).Http);

const Statistics = part(async () => (await import('../statistics/Statistics.tsx')).Statistics);

const TABS: readonly Tab[] = ['packets', 'connections', 'http', 'streams', 'statistics'];

/** View tabs and the filter that applies to every view. */
export function ViewBar() {
  const { actions } = useBackend();
  const tab = useApp((state) => state.tab);
  const packets = useApp((state) => state.capture?.packets ?? 0);
  const connections = useApp((state) => state.capture?.connections ?? 0);
  const exchanges = useApp((state) => state.capture?.exchanges ?? 0);
  const udpStreams = useApp((state) => state.capture?.udpStreams ?? 0);
  const counts: Readonly<Record<Tab, number | null>> = {
    packets,
    connections,
    http: exchanges,
    streams: connections + udpStreams,
    statistics: null,
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    const step = event.key === 'ArrowRight' ? 1 : TABS.length - 1;
    const other = TABS[(TABS.indexOf(tab) + step) % TABS.length] ?? tab;
    actions.setTab(other);
    document.getElementById(`tab-${other}`)?.focus();
    event.preventDefault();
  };
  return (
    <div className="bar">
      <div className="views" role="tablist" aria-label={words.views} onKeyDown={onKeyDown}>
        {TABS.map((name) => (
          <button
            type="button"
            role="tab"
            key={name}
            id={`tab-${name}`}
            className="view"
            aria-selected={tab === name}
            aria-controls={`view-${name}`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => actions.setTab(name)}
            data-testid={`tab-${name}`}
          >
            {words[name]} {counts[name] !== null && <span className="n">{count(counts[name])}</span>}
          </button>
        ))}
      </div>
      <FilterBar />
    </div>
  );
}

/** By then the code of the other views is fetched though the page has no time, ms. */
const VIEWS_MS = 3000;

/** Brings the code of the other views once the page has nothing to do, so that a click need not wait for it. */
function useViews(): void {
  useEffect(() => {
    const bring = async (): Promise<void> => {
      // What cannot be had is said by the view that is shown.
      for (const each of [Connections, Http, Streams, Statistics]) await each.fetch().catch(() => {});
    };
    const idle = requestIdleCallback(() => void bring(), { timeout: VIEWS_MS });
    return () => cancelIdleCallback(idle);
  }, []);
}

/** The view of the chosen tab. */
export function Views() {
  const { actions, transport } = useBackend();
  const tab = useApp((state) => state.tab);
  const capture = useApp((state) => state.capture);
  const view = useApp((state) => state.view);
  const readings = useApp((state) => state.readings);
  const stream = useApp((state) => state.stream);
  const layouts = useApp((state) => state.settings.layouts);
  const columns = useApp((state) => state.settings.columns);
  const tableShare = layouts['connections-table']?.[0];
  const selectedRow = useApp((state) => (state.selection.kind === 'packet' ? state.selection.row : null));
  useViews();
  if (capture === null && tab !== 'packets') return null;
  return (
    <main className="body">
      <div className="body grow" id={`view-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'packets' && <PacketsView />}
        {tab === 'streams' && capture !== null && (
          <div className="grow">
            <Boundary name="streams">
              <Streams key={readings} transport={transport} capture={capture} view={view} />
            </Boundary>
          </div>
        )}
        {tab === 'http' && capture !== null && (
          <div className="grow">
            <Boundary name="http">
              <Http
                transport={transport}
                capture={capture}
                view={view}
                onShowPacket={(row: number) => {
                  actions.selectRow(row);
                  actions.setTab('packets');
                }}
                onShowConnection={(next: number) => {
                  actions.setStream(next);
                  actions.setTab('connections');
                }}
                onFilter={(text: string, how: 'replace' | 'and' | 'exclude') => void actions.filterOn(text, how)}
              />
            </Boundary>
          </div>
        )}
        {tab === 'statistics' && capture !== null && (
          <div className="grow">
            <Boundary name="statistics">
              <Statistics
                key={readings}
                transport={transport}
                capture={capture}
                view={view}
                onFilter={(text: string, how: 'replace' | 'and') => void actions.filterOn(text, how)}
                onShowPacket={(row: number) => {
                  actions.selectRow(row);
                  actions.setTab('packets');
                }}
              />
            </Boundary>
          </div>
        )}
        {tab === 'connections' && capture !== null && (
          <div className="grow">
            <Boundary name="connections">
              <Connections
                key={readings}
                transport={transport}
                capture={capture}
                view={view}
                stream={stream}
                onStream={(next: number | null) => actions.setStream(next)}
                selectedRow={selectedRow}
                onSelectRow={(row: number) => actions.selectRow(row)}
                onShowPacket={(row: number) => {
                  actions.selectRow(row);
                  actions.setTab('packets');
                }}
                columns={columns.connections ?? null}
                onColumns={(seen: readonly string[] | null) => actions.setColumns('connections', seen)}
                {...(tableShare === undefined ? {} : { tableShare })}
                onTableShare={(percent: number) =>
                  actions.changeSettings({ layouts: { ...useApp.getState().settings.layouts, 'connections-table': [percent] } })
                }
                onFilter={(text: string, how: 'replace' | 'and' | 'exclude') => void actions.filterOn(text, how)}
                onFollow={(next: number) => actions.showStream({ kind: 'tcp', stream: next })}
              />
            </Boundary>
          </div>
        )}
      </div>
    </main>
  );
}
