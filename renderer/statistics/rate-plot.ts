/** The curve of packets over time on uPlot: it gives axes, zoom and the pointer; the steps are drawn by its own path maker. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { RateCurve } from '../../src/messages.ts';
import { rateText, shortCount } from '../format.ts';
import { roomBeside, STEPS, tick } from '../ticks.ts';

export type RateUnit = 'packets' | 'bytes';

export interface RateEvents {
  /** Number of the slot under the pointer; null: none. */
  readonly onHover: (slot: number | null) => void;
  readonly onChoose: (slot: number) => void;
  /** Null: all. */
  readonly onZoom: (piece: readonly [number, number] | null) => void;
}

/** What is drawn, back to front, and in which colour. */
export const CURVE_TOKENS = { all: '--raw-fill', mine: '--tra-fill', trouble: '--warn' } as const;

/** Value per second of a slot. */
export function perSecond(curve: RateCurve, unit: RateUnit, slot: number): number {
  const value = (unit === 'packets' ? curve.packets : curve.bytes)[slot] ?? 0;
  return (unit === 'packets' ? value : value * 8) / curve.seconds;
}

/** The values of `other` at the slots of `curve`: its own slots may be of another length. */
export function resampled(other: RateCurve, curve: RateCurve, unit: RateUnit): number[] {
  return curve.packets.map((_, k) => {
    const slot = Math.floor(((k + 0.5) * curve.seconds + curve.from - other.from) / other.seconds);
    return perSecond(other, unit, slot);
  });
}

export class RatePlot {
  readonly #plot: uPlot;
  readonly #host: HTMLElement;
  #range: readonly [number, number] = [0, 1];
  #slots = 0;
  #dragged = false;
  /** Labels of the axis of time. */
  #times: string[] = [];
  #slot: number | null = null;

  constructor(host: HTMLElement, unit: () => RateUnit, events: RateEvents) {
    this.#host = host;
    const colour = (name: string) => () => getComputedStyle(host).getPropertyValue(name).trim();
    const font = `10px ${getComputedStyle(host).fontFamily}`;
    const lines = { stroke: colour('--text-3'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
    const steps = uPlot.paths.stepped?.({ align: 1 });
    const bars = uPlot.paths.bars?.({ align: 1, size: [1, Number.POSITIVE_INFINITY, 2] });
    const series = (token: string, fill: boolean, paths = steps): uPlot.Series => ({
      stroke: colour(token),
      width: 1.25,
      ...(fill ? { fill: () => `color-mix(in srgb, ${colour(token)()} 16%, transparent)` } : {}),
      ...(paths === undefined ? {} : { paths }),
      points: { show: false },
    });
    this.#plot = new uPlot(
      {
        width: Math.max(50, host.clientWidth),
        height: Math.max(50, host.clientHeight),
        legend: { show: false },
        padding: [8, () => roomBeside(this.#times), 0, 0],
        scales: {
          x: { time: false, range: () => [this.#range[0], Math.max(this.#range[1], this.#range[0] + 1e-9)] },
          y: { range: (_, __, most) => [0, Math.max(1, (most ?? 1) * 1.06)] },
        },
        axes: [
          {
            ...lines,
            size: 22,
            gap: 3,
            space: 60,
            incrs: STEPS,
            values: (_, splits) => {
              this.#times = splits.map((each) => `${tick(each, stepOf(splits))} s`);
              return this.#times;
            },
          },
          {
            ...lines,
            size: 66,
            gap: 3,
            space: 28,
            incrs: STEPS,
            values: (_, splits) =>
              splits.map((each) =>
                unit() === 'bytes' ? rateText(each) : stepOf(splits) < 1 ? tick(each, stepOf(splits)) : shortCount(each),
              ),
          },
        ],
        series: [{}, series(CURVE_TOKENS.all, false), series(CURVE_TOKENS.mine, true), series(CURVE_TOKENS.trouble, true, bars)],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: 4 },
          bind: {
            dblclick: () => () => {
              events.onZoom(null);
              return null;
            },
          },
        },
        hooks: {
          setCursor: [
            (u) => {
              const left = u.cursor.left ?? -1;
              const slot = left < 0 ? -1 : this.#slotAt(u.posToVal(left, 'x'));
              this.#slot = slot < 0 || slot >= this.#slots ? null : slot;
              events.onHover(this.#slot);
            },
          ],
          setSelect: [
            (u) => {
              const { left, width } = u.select;
              if (width < 4) return;
              this.#dragged = true;
              const from = Math.max(this.#range[0], u.posToVal(left, 'x'));
              const to = Math.min(this.#range[1], u.posToVal(left + width, 'x'));
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              if (to - from > 1e-6) events.onZoom([from, to]);
            },
          ],
        },
      },
      [[0], [null], [0], [0]],
      host,
    );
    this.#plot.over.addEventListener('mousedown', () => {
      this.#dragged = false;
    });
    this.#plot.over.addEventListener('click', () => {
      if (!this.#dragged && this.#slot !== null) events.onChoose(this.#slot);
    });
  }

  #from = 0;
  #seconds = 1;
  #slotAt(time: number): number {
    return Math.floor((time - this.#from) / this.#seconds);
  }

  show(curve: RateCurve, whole: RateCurve | null, unit: RateUnit): void {
    const n = curve.packets.length;
    this.#slots = n;
    this.#from = curve.from;
    this.#seconds = curve.seconds;
    this.#range = [curve.from, curve.from + n * curve.seconds];
    // One more place, so that the last slot is as wide as the others.
    const x = Array.from({ length: n + 1 }, (_, k) => curve.from + k * curve.seconds);
    const closed = (values: number[]): number[] => [...values, values.at(-1) ?? 0];
    const mine = curve.packets.map((_, k) => perSecond(curve, unit, k));
    const trouble = curve.trouble.map((each) => (each === 0 ? null : each / curve.seconds));
    this.#plot.setData([
      x,
      whole === null ? x.map(() => null) : closed(resampled(whole, curve, unit)),
      closed(mine),
      unit === 'packets' ? [...trouble, null] : x.map(() => null),
    ]);
  }

  resize(): void {
    const width = Math.max(50, this.#host.clientWidth);
    const height = Math.max(50, this.#host.clientHeight);
    if (width !== this.#plot.width || height !== this.#plot.height) this.#plot.setSize({ width, height });
  }

  redraw(): void {
    this.#plot.redraw(false, true);
  }

  destroy(): void {
    this.#plot.destroy();
  }
}

const stepOf = (splits: readonly number[]): number => (splits.length < 2 ? 1 : (splits[1] as number) - (splits[0] as number));
