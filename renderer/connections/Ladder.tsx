import { ArrowRight, Filter, FoldVertical, ImageDown, Text } from 'lucide-react';
import type { CSSProperties, KeyboardEvent } from 'react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ConnectionDetail, LadderStep, TcpState, Transport } from '../../src/messages.ts';
import { failed, named } from '../engine-words.ts';
import { count, span } from '../format.ts';
import { endpoint } from '../ui/endpoint.ts';
import { Menu } from '../ui/Menu.tsx';
import { OutcomeShape } from '../ui/table-cells.tsx';
import { LadderRow, Lifelines, StateName } from './LadderRow.tsx';
import { exportLadder } from './ladder-export.ts';
import { groupsOf, rttWords, STEP, stepsInView } from './ladder-model.ts';
import { isAt, useLadder } from './useLadder.ts';
import { words } from './words.ts';

export interface LadderProps {
  readonly transport: Transport;
  /** Number of the capture: a new one starts over. */
  readonly capture: number;
  readonly stream: number;
  /** Packets of the capture: their numbers need room. */
  readonly packets: number;
  /** Changes when the capture has grown; the steps are then read again. */
  readonly tick: number;
  readonly selectedRow: number | null;
  readonly onSelectRow: (row: number) => void;
  readonly onShowPacket: (row: number) => void;
  readonly onFilter: (text: string, how: 'replace' | 'and' | 'exclude') => void;
  readonly onFollow: (stream: number) => void;
}

/** One connection as a sequence diagram: two lifelines with their states, an arrow per packet. */
export function Ladder(props: LadderProps) {
  const { transport, capture, stream, tick, selectedRow, onSelectRow, onShowPacket } = props;
  const ladder = useLadder(transport, capture, stream, tick);
  const { detail, total, stepAt, want, find, version } = ladder;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const [cursor, setCursor] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const [exporting, setExporting] = useState(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Another connection begins at its top.
  const shown = `${capture}/${stream}`;
  useEffect(() => {
    setCursor(null);
    if (shown !== '' && scroller.current !== null) scroller.current.scrollTop = 0;
  }, [shown]);

  const { from, to } = stepsInView(view.top, view.height, total);
  useEffect(() => want(from, to), [want, from, to]);

  // The packet that is selected elsewhere is shown here: also after a run was unfolded and all steps have other numbers.
  const runs = ladder.unfolded.length;
  const ready = detail !== null && runs >= 0;
  useEffect(() => {
    if (!ready || total === 0 || selectedRow === null) return;
    let stale = false;
    void find(selectedRow).then((index) => {
      if (stale || index === null) return;
      setCursor(index);
      reveal(scroller.current, index);
    });
    return () => {
      stale = true;
    };
  }, [ready, total, selectedRow, find]);

  const rows: { index: number; step: LadderStep | undefined; before: LadderStep | undefined }[] = [];
  for (let index = from; index < to; index++) rows.push({ index, step: stepAt(index), before: stepAt(index - 1) });
  // The row with the keyboard stays, also when it is scrolled out of view.
  if (cursor !== null && cursor < total && (cursor < from || cursor >= to)) {
    rows.push({ index: cursor, step: stepAt(cursor), before: stepAt(cursor - 1) });
  }
  const entry = cursor !== null && cursor < total ? cursor : from;
  const groups = useMemo(() => {
    if (version < 0) return [];
    const steps: LadderStep[] = [];
    let start = from;
    // Groups begin before the view: as far back as is loaded, and bounded.
    while (start > 0 && from - start < 500 && stepAt(start - 1) !== undefined) start--;
    for (let index = start; index < to; index++) {
      const step = stepAt(index);
      if (step === undefined) break;
      steps.push(step);
    }
    return groupsOf(steps, start);
  }, [from, to, stepAt, version]);

  // The keyboard follows the cursor once its row is there.
  const follow = useRef(false);
  useEffect(() => {
    if (!follow.current || cursor === null) return;
    follow.current = false;
    const row = scroller.current?.querySelector(`[data-step="${cursor}"] button`);
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  }, [cursor]);
  const moveTo = (index: number) => {
    const step = stepAt(index);
    follow.current = true;
    setCursor(index);
    reveal(scroller.current, index);
    if (step !== undefined && (step.kind === 'packet' || step.kind === 'run')) onSelectRow(step.row);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || total === 0) return;
    const at = cursor ?? -1;
    const page = Math.max(1, Math.floor(view.height / STEP) - 1);
    const step = cursor === null ? undefined : stepAt(cursor);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: total - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) moveTo(Math.max(0, Math.min(total - 1, target)));
    else if (event.key === 'Enter' && step !== undefined) {
      if (step.kind === 'run') ladder.unfold(step.row);
      else if (step.kind === 'packet') onShowPacket(step.row);
    } else if (/^s$/i.test(event.key)) props.onFollow(stream);
    else if (/^e$/i.test(event.key)) setExporting(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Number of the step that a mouse event is about; -1 for none. */
  const under = (target: EventTarget): number => {
    const row = target instanceof Element ? target.closest('[data-step]') : null;
    return row === null ? -1 : Number(row.getAttribute('data-step'));
  };

  const started = detail !== null && detail.summary.handshake !== 'not-captured';
  return (
    <section
      className="con-ladder"
      data-testid="ladder"
      aria-label={words.ladder}
      // Room for two numbers of the last packet's size: "221,877–222,213".
      style={{ '--con-packet': `${Math.max(82, Math.ceil(count(props.packets).length * 13.2 + 24))}px` } as CSSProperties}
    >
      <LadderHeader
        {...props}
        detail={detail}
        unfolded={runs > 0}
        onFoldAll={ladder.foldAll}
        exporting={exporting}
        onExporting={setExporting}
        onExport={(format) => void exportLadder(transport, stream, ladder.unfolded, format).then((wrong) => setSaid(wrong ?? ''))}
      />
      {said !== '' && (
        <p className="tv-message" role="alert">
          {said}
        </p>
      )}
      {/* Columns are named once for the eye here; each row of the grid below names its own parts for the ear. */}
      <div className="con-lhead" aria-hidden>
        <span />
        <span className="time">{started ? words.sinceSyn : words.sinceFirst}</span>
        <b className="client">{words.client}</b>
        <span className="between">{detail === null ? '' : words.capturedAt[detail.capturedAt]}</span>
        <b className="server">{words.server}</b>
        <span className="packet">{words.packet}</span>
      </div>
      <div
        ref={scroller}
        className="con-lbody"
        onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      >
        {ladder.failure !== null && (
          <p className="tv-message">
            {words.failed} {failed(ladder.failure.message)}
          </p>
        )}
        {detail === null && ladder.failure === null && <p className="tv-message">{words.loading}</p>}
        {detail !== null && (
          <div className="con-all" style={{ height: (total + 1) * STEP }}>
            <table
              className="con-steps"
              aria-label={words.ladder}
              aria-rowcount={total + 1}
              onKeyDown={onKeyDown}
              onClick={(event) => {
                const index = under(event.target);
                const step = stepAt(index);
                if (step === undefined) return;
                const band = event.target instanceof Element && event.target.closest('.con-run') !== null;
                if (step.kind === 'run' && band) ladder.unfold(step.row);
                moveTo(index);
              }}
              onDoubleClick={(event) => {
                const step = stepAt(under(event.target));
                if (step?.kind === 'packet') onShowPacket(step.row);
              }}
            >
              <thead className="visually-hidden">
                <tr>
                  <th scope="col">{started ? words.sinceSyn : words.sinceFirst}</th>
                  <th scope="col">{words.client}</th>
                  <th scope="col">{words.between}</th>
                  <th scope="col">{words.server}</th>
                  <th scope="col">{words.packet}</th>
                </tr>
              </thead>
              <tbody>
                {from === 0 && (
                  <InitialRow
                    client={detail.initialClientState}
                    server={detail.initialServerState}
                    known={started || detail.initialClientState !== null || detail.initialServerState !== null}
                  />
                )}
                {rows.map(({ index, step, before }) => (
                  <LadderRow
                    key={index}
                    index={index}
                    step={step}
                    clientBefore={index === 0 ? detail.initialClientState : (before?.clientState ?? null)}
                    serverBefore={index === 0 ? detail.initialServerState : (before?.serverState ?? null)}
                    entry={entry === index}
                    selected={
                      cursor === index || (selectedRow !== null && step !== undefined && isAt(step, selectedRow) && cursor === null)
                    }
                  />
                ))}
              </tbody>
            </table>
            {groups.map((group) => (
              <div
                key={group.from}
                className={`con-group ${group.hue}`}
                aria-hidden
                style={{ top: (group.from + 1) * STEP, height: (group.to - group.from) * STEP }}
              >
                {group.to - group.from > 1 && <span title={group.label}>{group.label}</span>}
              </div>
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

/** Scrolls a step into view, with its neighbour. */
function reveal(element: HTMLElement | null, index: number): void {
  if (element === null) return;
  const top = (index + 1) * STEP;
  if (top - STEP < element.scrollTop) element.scrollTop = Math.max(0, top - STEP);
  else if (top + 2 * STEP > element.scrollTop + element.clientHeight) element.scrollTop = top + 2 * STEP - element.clientHeight;
}

/** The states before the first packet; nothing is claimed where the start was not captured. */
function InitialRow({
  client,
  server,
  known,
}: {
  readonly client: TcpState | null;
  readonly server: TcpState | null;
  readonly known: boolean;
}) {
  return (
    <tr className="con-step" aria-rowindex={1} style={{ top: 0 }}>
      <td className="time">
        <span className="visually-hidden">{words.initial}</span>
      </td>
      <td className="state client">{client !== null && <StateName state={client} side="client" />}</td>
      <td className="line">
        <Lifelines client={client} server={server} />
        {!known && <span className="con-label quiet">{words.startNotCaptured}</span>}
      </td>
      <td className="state server">{server !== null && <StateName state={server} side="server" />}</td>
      <td className="packet" />
    </tr>
  );
}

interface HeaderProps extends LadderProps {
  readonly detail: ConnectionDetail | null;
  readonly unfolded: boolean;
  readonly onFoldAll: () => void;
  readonly exporting: boolean;
  readonly onExporting: (open: boolean) => void;
  readonly onExport: (format: 'svg' | 'png') => void;
}

function LadderHeader(props: HeaderProps) {
  const { detail, stream, onFilter, onFollow, unfolded, onFoldAll, exporting, onExporting, onExport } = props;
  const button = useRef<HTMLButtonElement>(null);
  if (detail === null) return <header className="con-head" />;
  const { summary } = detail;
  const client = endpoint(summary.client);
  const server = endpoint(summary.server);
  return (
    <header className="con-head">
      <span className="four">
        <b>{client.host}</b>
        <span className="quiet">{client.port}</span>
        <ArrowRight size={14} aria-hidden />
        <b>{server.host}</b>
        <span className="quiet">{server.port}</span>
      </span>
      <span className="kv">
        <span>{words.outcome}</span>
        <b>
          <OutcomeShape tone={summary.tone} />
          {summary.resetState === null ? named(summary.outcome) : words.resetIn(named(summary.outcome), summary.resetState)}
        </b>
      </span>
      {summary.context !== '' && (
        <span className="kv">
          <span>{words.runsIn}</span>
          <b title={summary.context}>{summary.context}</b>
        </span>
      )}
      <span className="kv">
        <span>{words.handshake}</span>
        <b>{rttWords(detail)}</b>
      </span>
      <span className="kv">
        <span>{words.lasted}</span>
        <b>{span(summary.durationMs / 1000)}</b>
      </span>
      <span className="kv grow">
        <span>{words.options}</span>
        <b title={detail.options}>{detail.options === '' ? words.noOptions : detail.options}</b>
      </span>
      {unfolded && (
        <button type="button" className="con-icon" aria-label={words.foldRuns} title={words.foldRuns} onClick={onFoldAll}>
          <FoldVertical size={14} aria-hidden />
        </button>
      )}
      <button
        type="button"
        className="con-icon"
        aria-label={words.follow}
        title={`${words.follow} (S)`}
        onClick={() => onFollow(stream)}
        data-testid="follow-stream"
      >
        <Text size={14} aria-hidden />
      </button>
      <button
        type="button"
        className="con-icon"
        data-testid="only-packets"
        aria-label={words.onlyPackets}
        title={`${words.onlyPackets}: tcp.stream == ${stream}`}
        onClick={() => onFilter(`tcp.stream == ${stream}`, 'replace')}
      >
        <Filter size={14} aria-hidden />
      </button>
      <button
        ref={button}
        type="button"
        className="con-icon"
        aria-label={words.export}
        aria-haspopup="menu"
        aria-expanded={exporting}
        title={`${words.export} (E)`}
        onClick={() => onExporting(true)}
        data-testid="export-ladder"
      >
        <ImageDown size={14} aria-hidden />
      </button>
      {exporting && (
        <Menu
          label={words.export}
          items={(['svg', 'png'] as const).map((format) => ({
            id: format,
            label: words.exportAs[format],
            onChoose: () => onExport(format),
          }))}
          onClose={() => onExporting(false)}
          style={placeBelow(button.current)}
          testId="export-menu"
        />
      )}
    </header>
  );
}

/** Place of a menu that belongs to a button. */
function placeBelow(button: HTMLElement | null): React.CSSProperties {
  const rect = button?.getBoundingClientRect();
  return { position: 'fixed', left: rect?.left ?? 0, top: (rect?.bottom ?? 0) + 2 };
}
