import { ZoomOut } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ConnectionGraph, GraphKind, Transport } from '../../src/messages.ts';
import { percent } from '../format.ts';
import { kept } from '../store/kept.ts';
import { Choice } from '../ui/Choice.tsx';
import { useAgain } from '../ui/useAgain.ts';
import { GraphPlot, type GraphPoint, markToken, SERIES_STYLE } from './graph-plot.ts';
import { marksIn, pointText, type Side, summaryText, graphWords as words } from './graph-words.ts';
import './graph.css';

export interface GraphProps {
  readonly transport: Transport;
  /** Number of the capture. */
  readonly capture: number;
  readonly stream: number;
  /** Changes when the capture has grown. */
  readonly tick: number;
  /** Side whose octets are shown until another is chosen; null while that is not known. */
  readonly side: Side | null;
  readonly selectedRow: number | null;
  readonly onSelectRow: (row: number) => void;
}

/** Time between two questions while the engine still goes through the packets, ms. */
const MORE_MS = 30;

type Tab = 'sequence' | 'rtt' | 'throughput' | 'window';

const useTab = kept<Tab>('sequence');
const useStyle = kept<'sequence' | 'tcptrace'>('sequence');
const useSide = kept<{ shown: string; side: Side } | null>(null, 'capture');
const useZoom = kept<{ shown: string; range: readonly [number, number] } | null>(null, 'capture');

/** Sequence numbers, round-trip times, rates and windows of one side of a connection over time. */
export function Graph({ transport, capture, stream, tick, side, selectedRow, onSelectRow }: GraphProps) {
  const [tab, setTab] = useTab();
  const [style, setStyle] = useStyle();
  const shown = `${capture}/${stream}`;
  const [chosen, setChosen] = useSide();
  const [zoomed, setZoomed] = useZoom();
  const [answer, setAnswer] = useState<{ shown: string; graph: ConnectionGraph | null } | null>(null);
  const [point, setPoint] = useState<GraphPoint | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<GraphPlot | null>(null);

  const kind: GraphKind = tab === 'sequence' ? style : tab;
  const direction = chosen?.shown === shown ? chosen.side : side;
  const zoom = zoomed?.shown === shown ? zoomed.range : null;
  const [from, to] = [zoom?.[0], zoom?.[1]];
  useAgain(direction === null ? null : JSON.stringify([shown, stream, direction, kind, from, to]), tick, async (over) => {
    if (direction === null) return;
    for (;;) {
      const got = await transport.engine('connectionGraph', { stream, direction, kind, from, to });
      if (over()) return;
      setPoint(null);
      setAnswer({ shown, graph: got.ok ? got.value : null });
      // The engine goes on where it was: what there is is drawn meanwhile.
      if (!got.ok || got.value.progress >= 1) return;
      await new Promise((resolve) => setTimeout(resolve, MORE_MS));
      if (over()) return;
    }
  });

  const graph = answer?.shown === shown ? answer.graph : null;
  const failed = answer?.shown === shown && answer.graph === null;
  const empty = graph?.series.every((series) => series.rows.every((row) => row < 0)) === true;
  const drawable = graph !== null && !empty;

  // What the plot calls back with is that of the present drawing.
  const latest = useRef({ graph, shown, onSelectRow });
  latest.current = { graph, shown, onSelectRow };
  useEffect(() => {
    const element = host.current;
    if (element === null || graph === null || !drawable) return;
    const range = [from ?? 0, to ?? graph.life] as const;
    if (plot.current === null) {
      plot.current = new GraphPlot(element, graph, range, {
        onHover: setPoint,
        onChoose: (at) => {
          const row = latest.current.graph?.series[at.series]?.rows[at.k];
          if (row !== undefined && row >= 0) latest.current.onSelectRow(row);
        },
        onZoom: (wanted) => setZoomed(wanted === null ? null : { shown: latest.current.shown, range: wanted }),
      });
    } else plot.current.show(graph, range);
  }, [graph, drawable, from, to]);
  useEffect(() => {
    if (!drawable) return;
    const element = host.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() => plot.current?.resize());
    sizes.observe(element);
    const theme = new MutationObserver(() => plot.current?.redraw());
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      theme.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [drawable]);
  useEffect(() => {
    if (graph !== null) plot.current?.select(selectedRow);
  }, [graph, selectedRow]);

  /** Points with a packet of every series by time: what the arrow keys go through. */
  const order = useMemo(() => {
    const all: GraphPoint[] = [];
    graph?.series.forEach((series, at) => {
      for (let k = 0; k < series.x.length; k++) if ((series.rows[k] as number) >= 0) all.push({ series: at, k });
    });
    const x = (each: GraphPoint): number => graph?.series[each.series]?.x[each.k] ?? 0;
    return all.sort((a, b) => x(a) - x(b) || a.series - b.series);
  }, [graph]);
  const at = point === null ? -1 : order.findIndex((each) => each.series === point.series && each.k === point.k);
  const series = point === null ? undefined : graph?.series[point.series];
  const said = graph === null || point === null || series === undefined ? '' : pointText(graph, series, point.k);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at < 0 ? 0 : at - 1,
      Home: 0,
      End: order.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const next = order[Math.max(0, Math.min(order.length - 1, target))] ?? null;
      setPoint(next);
      plot.current?.mark(next);
    } else if (event.key === 'Enter' && point !== null && series !== undefined) onSelectRow(series.rows[point.k] as number);
    else if (event.key === 'Escape' && zoom !== null) setZoomed(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section className="con-graph" data-testid="graph" aria-label={words.title}>
      <div className="con-graph-bar">
        <h3>{words.title}</h3>
        <Choice
          label={words.graph}
          value={tab}
          options={(['sequence', 'rtt', 'throughput', 'window'] as const).map((each) => [each, words.tabs[each]] as const)}
          onChange={setTab}
          testId="graph-kind"
        />
      </div>
      <div className="con-graph-bar">
        <Choice
          label={words.direction}
          value={direction ?? 'client'}
          options={[
            ['client', words.client],
            ['server', words.server],
          ]}
          onChange={(value) => setChosen({ shown, side: value })}
          testId="graph-side"
        />
        {tab === 'sequence' && (
          <Choice
            label={words.style}
            value={style}
            options={[
              ['sequence', words.stevens],
              ['tcptrace', words.tcptrace],
            ]}
            onChange={setStyle}
            testId="graph-style"
          />
        )}
        {zoom !== null && (
          <button
            type="button"
            className="con-icon"
            aria-label={words.whole}
            title={words.whole}
            onClick={() => setZoomed(null)}
            data-testid="graph-whole"
          >
            <ZoomOut size={14} aria-hidden />
          </button>
        )}
      </div>
      {drawable ? (
        <div className="con-graph-plot">
          <div
            ref={host}
            className="con-graph-host"
            role="img"
            aria-label={summaryText(graph)}
            title={words.help}
            data-testid="graph-plot"
          />
          <div
            className="con-graph-cursor"
            role="slider"
            tabIndex={0}
            aria-label={words.cursor}
            aria-valuemin={0}
            aria-valuemax={Math.max(0, order.length - 1)}
            aria-valuenow={Math.max(0, at)}
            aria-valuetext={said === '' ? undefined : said}
            onKeyDown={onKeyDown}
            data-testid="graph-cursor"
          />
        </div>
      ) : (
        <p className="con-graph-plot con-graph-none">
          {failed ? words.failed : empty ? words.nothing(direction ?? 'client') : words.loading}
        </p>
      )}
      <p className="con-graph-said" data-testid="graph-said">
        {said !== '' ? said : graph === null ? '' : <Legend graph={graph} />}
        {graph !== null && graph.progress < 1 && <span className="quiet">{words.progress(percent(graph.progress, 1))}</span>}
      </p>
    </section>
  );
}

function Legend({ graph }: { readonly graph: ConnectionGraph }) {
  return (
    <>
      {graph.series
        .filter((series) => series.x.length > 0)
        .map((series) => (
          <span key={series.kind}>
            <i aria-hidden style={{ background: `var(${SERIES_STYLE[series.kind].token})` }} />
            {words.series[series.kind]}
          </span>
        ))}
      {marksIn(graph).map(([mark, times]) => (
        <span key={mark} style={{ color: `var(${markToken(mark)})` }}>
          ◆ {words.marks[mark]} ({times})
        </span>
      ))}
    </>
  );
}
