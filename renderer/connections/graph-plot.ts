/** A graph of a connection on uPlot: it gives axes, zoom and the pointer; the points are drawn here, each with its mark. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ConnectionGraph, GraphMark, GraphSeries, GraphSeriesKind } from '../../src/messages.ts';
import { roomBeside, STEPS, tick, WHOLE_STEPS } from '../ticks.ts';
import { axisText } from './graph-words.ts';

/** A point: number of the series, and in it. */
export interface GraphPoint {
  readonly series: number;
  readonly k: number;
}

export interface PlotEvents {
  readonly onHover: (point: GraphPoint | null) => void;
  readonly onChoose: (point: GraphPoint) => void;
  /** Null: all. */
  readonly onZoom: (range: readonly [number, number] | null) => void;
}

/** Token of the colour of a series, and how it is drawn. */
export const SERIES_STYLE: Readonly<
  Record<GraphSeriesKind, { readonly token: string; readonly form: 'dots' | 'bars' | 'steps' | 'line' }>
> = {
  segments: { token: '--tra-fill', form: 'dots' },
  acks: { token: '--net-fill', form: 'steps' },
  'window-edge': { token: '--raw-fill', form: 'steps' },
  sacked: { token: '--app-fill', form: 'bars' },
  rtt: { token: '--tra-fill', form: 'line' },
  throughput: { token: '--tra-fill', form: 'steps' },
  goodput: { token: '--net-fill', form: 'steps' },
  'receive-window': { token: '--net-fill', form: 'steps' },
  'in-flight': { token: '--tra-fill', form: 'steps' },
};
export const markToken = (mark: GraphMark): string => (mark === 'zero-window' ? '--bad' : '--warn');

/** Farthest that the pointer is from a point it is about, CSS px. */
const REACH = 40;

export class GraphPlot {
  readonly #plot: uPlot;
  readonly #host: HTMLElement;
  readonly #events: PlotEvents;
  readonly #dot: HTMLElement;
  #graph: ConnectionGraph;
  #range: readonly [number, number];
  #selected: number | null = null;
  #point: GraphPoint | null = null;
  #dragged = false;
  /** Labels of the axis of time. */
  #times: string[] = [];

  constructor(host: HTMLElement, graph: ConnectionGraph, range: readonly [number, number], events: PlotEvents) {
    this.#host = host;
    this.#graph = graph;
    this.#range = range;
    this.#events = events;
    const token = (name: string) => () => this.#colour(name);
    const font = `10px ${getComputedStyle(host).fontFamily}`;
    const lines = { stroke: token('--text-3'), font, grid: { stroke: token('--line'), width: 1 }, ticks: { show: false } };
    this.#plot = new uPlot(
      {
        width: Math.max(50, host.clientWidth),
        height: Math.max(50, host.clientHeight),
        legend: { show: false },
        padding: [8, () => roomBeside(this.#times), 0, 0],
        scales: {
          x: { time: false, range: () => [this.#range[0], Math.max(this.#range[1], this.#range[0] + 1e-6)] },
          y: { range: () => this.#height() },
        },
        axes: [
          {
            ...lines,
            size: 22,
            gap: 3,
            space: 50,
            incrs: STEPS,
            values: (_, splits) => {
              this.#times = splits.map((each) => `${tick(each, gap(splits))} s`);
              return this.#times;
            },
          },
          {
            ...lines,
            size: () => (this.#graph.kind === 'throughput' ? 66 : 50),
            gap: 3,
            space: 28,
            // Of octets there are no halves.
            incrs: () => (this.#graph.kind === 'rtt' ? STEPS : WHOLE_STEPS),
            values: (_, splits) => splits.map((each) => axisText(this.#graph.kind, each, gap(splits))),
          },
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        cursor: {
          points: { show: false },
          y: false,
          drag: { x: true, y: false, setScale: false, dist: 4 },
          bind: {
            dblclick: () => () => {
              events.onZoom(null);
              return null;
            },
          },
        },
        hooks: {
          draw: [(u) => this.#draw(u)],
          setCursor: [(u) => this.#hover(u.cursor.left ?? -1, u.cursor.top ?? -1)],
          setSelect: [(u) => this.#zoom(u)],
        },
      },
      [
        [0, 1],
        [0, 1],
      ],
      host,
    );
    this.#dot = document.createElement('div');
    this.#dot.className = 'con-graph-dot';
    this.#dot.hidden = true;
    const { over } = this.#plot;
    over.append(this.#dot);
    over.addEventListener('mousedown', () => {
      this.#dragged = false;
    });
    over.addEventListener('click', () => {
      if (!this.#dragged && this.#point !== null) events.onChoose(this.#point);
    });
  }

  /** Shows another graph, or another piece of it. */
  show(graph: ConnectionGraph, range: readonly [number, number]): void {
    this.#graph = graph;
    this.#range = range;
    this.#plot.setData(
      [
        [0, 1],
        [0, 1],
      ],
      true,
    );
    this.mark(null);
  }

  resize(): void {
    const width = Math.max(50, this.#host.clientWidth);
    const height = Math.max(50, this.#host.clientHeight);
    if (width !== this.#plot.width || height !== this.#plot.height) this.#plot.setSize({ width, height });
  }

  /** Row that is selected everywhere. */
  select(row: number | null): void {
    this.#selected = row;
    this.redraw();
  }

  redraw(): void {
    this.#plot.redraw(false, true);
  }

  /** Puts the ring of the cursor on a point. */
  mark(point: GraphPoint | null): void {
    this.#point = point;
    this.#dot.hidden = point === null;
    const series = point === null ? undefined : this.#graph.series[point.series];
    if (point === null || series === undefined) return;
    this.#dot.style.left = `${this.#plot.valToPos(series.x[point.k] as number, 'x')}px`;
    this.#dot.style.top = `${this.#plot.valToPos(series.top[point.k] as number, 'y')}px`;
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #colour(name: string): string {
    return getComputedStyle(this.#host).getPropertyValue(name).trim();
  }

  #height(): [number, number] {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const [from, to] = this.#range;
    for (const series of this.#graph.series) {
      series.x.forEach((x, k) => {
        if (x < from || x > to) return;
        low = Math.min(low, series.y[k] as number);
        high = Math.max(high, series.top[k] as number);
      });
    }
    if (low > high) return [0, 1];
    const { kind } = this.#graph;
    if (kind !== 'sequence' && kind !== 'tcptrace') low = 0;
    const room = Math.max(high - low, kind === 'rtt' ? 1e-6 : 1) * 0.06;
    return [low === 0 ? -room / 3 : low - room, high + room];
  }

  #zoom(u: uPlot): void {
    const { left, width } = u.select;
    if (width < 4) return;
    this.#dragged = true;
    const from = Math.max(this.#range[0], u.posToVal(left, 'x'));
    const to = Math.min(this.#range[1], u.posToVal(left + width, 'x'));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (to - from >= 1e-6) this.#events.onZoom([from, to]);
  }

  #hover(left: number, top: number): void {
    if (left < 0) return;
    let best: GraphPoint | null = null;
    let least = REACH * REACH;
    this.#graph.series.forEach((series, at) => {
      for (let k = 0; k < series.x.length; k++) {
        if ((series.rows[k] as number) < 0) continue;
        const dx = this.#plot.valToPos(series.x[k] as number, 'x') - left;
        if (dx * dx >= least) continue;
        const low = this.#plot.valToPos(series.y[k] as number, 'y');
        const high = this.#plot.valToPos(series.top[k] as number, 'y');
        const dy = top > low ? top - low : top < high ? high - top : 0;
        if (dx * dx + dy * dy < least) {
          least = dx * dx + dy * dy;
          best = { series: at, k };
        }
      }
    });
    this.mark(best);
    this.#events.onHover(best);
  }

  #draw(u: uPlot): void {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    const scale = devicePixelRatio;
    if (this.#selected !== null) this.#drawSelected(u, ctx, scale);
    for (const series of this.#graph.series) this.#drawSeries(u, ctx, series, scale);
    for (const series of this.#graph.series) this.#drawMarks(u, ctx, series, scale);
    ctx.restore();
  }

  #drawSelected(u: uPlot, ctx: CanvasRenderingContext2D, scale: number): void {
    const { top, height } = u.bbox;
    for (const series of this.#graph.series) {
      const k = series.rows.indexOf(this.#selected as number);
      if (k < 0) continue;
      ctx.fillStyle = this.#colour('--line-2');
      ctx.fillRect(Math.round(u.valToPos(series.x[k] as number, 'x', true)) - scale, top, 2 * scale, height);
      return;
    }
  }

  #drawSeries(u: uPlot, ctx: CanvasRenderingContext2D, series: GraphSeries, scale: number): void {
    const { token, form } = SERIES_STYLE[series.kind];
    const bars = form === 'bars' || (series.kind === 'segments' && this.#graph.kind === 'tcptrace');
    ctx.strokeStyle = this.#colour(token);
    ctx.fillStyle = ctx.strokeStyle;
    // The window is wider, to be seen where what is in flight fills it.
    ctx.lineWidth = (series.kind === 'receive-window' ? 3 : bars ? 2 : 1.25) * scale;
    ctx.beginPath();
    const slot = this.#graph.slot;
    let before = Number.NaN;
    for (let k = 0; k < series.x.length; k++) {
      const x = u.valToPos(series.x[k] as number, 'x', true);
      const y = u.valToPos(series.y[k] as number, 'y', true);
      if (bars) {
        const end = u.valToPos(series.top[k] as number, 'y', true);
        ctx.moveTo(x, y);
        ctx.lineTo(x, Math.min(end, y - scale));
      } else if (form === 'steps') {
        if (k === 0) ctx.moveTo(x, y);
        else {
          ctx.lineTo(x, before);
          ctx.lineTo(x, y);
        }
      } else if (form === 'line') {
        if (k === 0) ctx.moveTo(x, y);
        else ctx.lineTo(x, y);
      }
      before = y;
    }
    if (form === 'steps' && slot > 0 && series.x.length > 0) ctx.lineTo(u.valToPos((series.x.at(-1) as number) + slot, 'x', true), before);
    if (form === 'line') ctx.globalAlpha = 0.45;
    ctx.stroke();
    ctx.globalAlpha = 1;
    if (bars || form === 'steps') return;
    for (let k = 0; k < series.x.length; k++) {
      ctx.beginPath();
      ctx.arc(u.valToPos(series.x[k] as number, 'x', true), u.valToPos(series.y[k] as number, 'y', true), 1.75 * scale, 0, 2 * Math.PI);
      ctx.fill();
    }
  }

  /** What went wrong, as a diamond: its form tells it from a point without its colour. */
  #drawMarks(u: uPlot, ctx: CanvasRenderingContext2D, series: GraphSeries, scale: number): void {
    const r = 3.5 * scale;
    series.marks.forEach((mark, k) => {
      if (mark === '') return;
      const x = u.valToPos(series.x[k] as number, 'x', true);
      const y = u.valToPos(series.top[k] as number, 'y', true);
      ctx.fillStyle = this.#colour(markToken(mark));
      ctx.beginPath();
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + r);
      ctx.lineTo(x - r, y);
      ctx.fill();
    });
  }
}

const gap = (splits: readonly number[]): number => (splits.length < 2 ? 1 : (splits[1] as number) - (splits[0] as number));
