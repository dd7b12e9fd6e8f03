import { useEffect, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { CaptureState, ExchangeSort, Transport, ViewState } from '../../src/messages.ts';
import { useMedia } from '../ui/media.ts';
import type { Order } from '../ui/order.ts';
import { useSave } from '../ui/useSave.ts';
import '../ui/table-view.css';
import { count } from '../format.ts';
import { kept } from '../store/kept.ts';
import { useTick } from '../ui/useTick.ts';
import { Exchange } from './Exchange.tsx';
import { AS_CAPTURED, ExchangesTable } from './ExchangesTable.tsx';
import './http.css';
import { words } from './words.ts';

export interface HttpProps {
  readonly transport: Transport;
  readonly capture: CaptureState;
  readonly view: ViewState | null;
  readonly onShowPacket: (row: number) => void;
  readonly onShowConnection: (stream: number) => void;
  readonly onFilter: (text: string, how: 'replace' | 'and' | 'exclude') => void;
}

/** How often a growing capture is read again, in ms. */
const REFRESH_MS = 1000;
const ORDERS: readonly (keyof typeof words.orders)[] = ['exchange', 'stream', 'totalMs'];

const useOrder = kept<Order<ExchangeSort>>(AS_CAPTURED);
const useChosen = kept<{ capture: number; exchange: number } | null>(null, 'capture');

/** Every HTTP exchange of the filter as a row on one axis of time, and the one chosen in full. */
export function Http(props: HttpProps) {
  const { transport, capture, view } = props;
  const root = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useOrder();
  // Below this width the table leaves out what its other columns say in part.
  const narrow = useMedia('(max-width: 1279px)');
  const identity = `${capture.capture} ${view?.view ?? 0}`;
  const [chosen, setChosen] = useChosen();
  const exchange = chosen !== null && chosen.capture === capture.capture ? chosen.exchange : null;
  const [found, setFound] = useState<{ total: number; life: readonly [number, number]; failure: string | null } | null>(null);
  const growth = `${capture.packets} ${capture.exchanges} ${capture.phase} ${view?.matched ?? 0} ${view?.complete === true}`;
  const tick = useTick(growth, REFRESH_MS);
  const filter = view?.filter ?? '';
  const busy = capture.phase === 'reading' || view?.complete === false;
  const [sorting, setSorting] = useState<{ readonly sort: ExchangeSort; readonly done: number } | null>(null);
  const none = found !== null && found.total === 0;
  const encrypted = useEncrypted(transport, `${identity} ${tick}`, none && !busy);
  return (
    <div ref={root} className="tv http" data-testid="http">
      <div className="http-bar">
        <b>{words.title}</b>
        <span className="legend" aria-hidden>
          <i className="handshake" /> {words.legend.handshake}
          <i className="wait" /> {words.legend.wait}
          <i className="receive" /> {words.legend.receive}
          <i className="tick resent" /> {words.legend.resent}
          <i className="tick zero-window" /> {words.legend.zero}
        </span>
        <span className="grow" />
        {sorting !== null && (
          <span role="status" data-testid="exchanges-sorting">
            {words.sorting(words.columns[columnOf(sorting.sort)], `${Math.floor(100 * sorting.done)} %`)}{' '}
            <button type="button" className="tv-button" onClick={() => setOrder(AS_CAPTURED)}>
              {words.cancel}
            </button>
          </span>
        )}
        <span className="quiet">{words.order}</span>
        <fieldset className="http-forms" aria-label={words.order}>
          {ORDERS.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === order.sort}
              onClick={() => setOrder({ sort: each, descending: each === 'totalMs' })}
            >
              {words.orders[each]}
            </button>
          ))}
        </fieldset>
        <SaveButtons transport={transport} name={capture.name} total={found?.total ?? 0} />
      </div>
      {none && (
        <div className="tv-empty" role="status">
          <h2>{found.failure === null ? words.empty : words.failed}</h2>
          {found.failure !== null && <p>{found.failure}</p>}
          {found.failure === null && busy && <p>{words.emptyReading}</p>}
          {found.failure === null && !busy && filter === '' && encrypted && <p>{words.emptyEncrypted}</p>}
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
      <Group className={none ? 'tv-panes gone' : 'tv-panes'} orientation="vertical">
        <Panel id="exchanges" defaultSize="46%" minSize={70} style={{ overflow: 'hidden' }}>
          <ExchangesTable
            transport={transport}
            identity={identity}
            tick={tick}
            order={order}
            narrow={narrow}
            onOrder={setOrder}
            exchange={exchange}
            life={found?.life ?? [0, 0]}
            onExchange={(next) => setChosen({ capture: capture.capture, exchange: next })}
            onFound={(total, life, failure) =>
              setFound((old) =>
                old !== null && old.total === total && old.failure === failure && old.life[0] === life[0] && old.life[1] === life[1]
                  ? old
                  : { total, life, failure },
              )
            }
            onSorting={setSorting}
            onShowPacket={props.onShowPacket}
            onEnter={() => {
              const link = root.current?.querySelector('.http-message button');
              if (link instanceof HTMLElement) link.focus();
            }}
          />
        </Panel>
        <Separator className="tv-divider" aria-label={words.resize} />
        <Panel id="exchange" minSize={120} style={{ overflow: 'hidden' }}>
          {exchange === null ? (
            <p className="tv-message">{words.choose}</p>
          ) : (
            <Exchange
              transport={transport}
              capture={capture.capture}
              exchange={exchange}
              tick={tick}
              onShowPacket={props.onShowPacket}
              onShowConnection={props.onShowConnection}
              onExchange={(next) => setChosen({ capture: capture.capture, exchange: next })}
            />
          )}
        </Panel>
      </Group>
    </div>
  );
}

/** The name under which a column's title is found. */
function columnOf(sort: ExchangeSort): keyof typeof words.columns {
  return sort === 'waitMs' ? 'wait' : sort === 'totalMs' ? 'time' : sort === 'stream' ? 'connection' : sort;
}

/** True if connections of the capture are encrypted and no key has opened them: there may be HTTP inside. */
function useEncrypted(transport: Transport, identity: string, wanted: boolean): boolean {
  const [encrypted, setEncrypted] = useState(false);
  useEffect(() => {
    let stale = identity === '' || !wanted;
    setEncrypted(false);
    if (stale) return;
    void transport.engine('keyLog', {}).then((answer) => {
      if (!stale && answer.ok) setEncrypted(answer.value.tls && (answer.value.encrypted > 0 || answer.value.decrypted === 0));
    });
    return () => {
      stale = true;
    };
  }, [transport, identity, wanted]);
  return encrypted;
}

interface SaveButtonsProps {
  readonly transport: Transport;
  readonly name: string;
  readonly total: number;
}

/** Saves what the filter leaves, exchanges as HAR or all bodies as a ZIP file; shows how far it is, and can be stopped. */
function SaveButtons({ transport, name, total }: SaveButtonsProps) {
  const { progress, save, cancel } = useSave(transport);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const stem = name.replace(/\.(pcapng|pcap|gz)$/gi, '');
  const run = async (what: 'har' | 'bodies') => {
    setSaid(null);
    const saved = await save({ what }, what === 'har' ? `${stem}.har` : `${stem}-bodies.zip`);
    if (saved === null) return;
    if (typeof saved === 'string') setSaid({ text: `${words.exportFailed} ${saved}`, bad: true });
    else if (saved.left > 0) setSaid({ text: words.bodiesLeft(count(saved.left)), bad: true });
    else if (what === 'bodies') setSaid({ text: words.bodiesSaved(count(saved.count)), bad: false });
  };
  if (progress !== null) {
    return (
      <span role="status">
        {words.exporting(count(progress.done), count(progress.total || total))}{' '}
        <button type="button" className="tv-button" onClick={cancel}>
          {words.cancel}
        </button>
      </span>
    );
  }
  return (
    <>
      {said !== null && said.text !== '' && (
        <span role={said.bad ? 'alert' : 'status'} className={said.bad ? 'http-bad' : 'quiet'}>
          {said.text}
        </span>
      )}
      <button type="button" className="tv-button" disabled={total === 0} onClick={() => void run('bodies')} data-testid="save-bodies">
        {words.exportBodies}
      </button>
      <button type="button" className="tv-button" disabled={total === 0} onClick={() => void run('har')} data-testid="export-har">
        {words.exportHar}
      </button>
    </>
  );
}
