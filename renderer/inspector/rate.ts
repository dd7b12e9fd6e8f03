/** Packets per second of a live capture. */
export interface RatePoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Packets in the second before. */
  readonly packets: number;
}

/** Bars of the chart, one per second. */
export const RATE_SECONDS = 60;

/** Sixty bars, one per second up to the newest point; seconds without a point are null. Points of one second: the last counts. */
export function rateBars(points: readonly RatePoint[]): (number | null)[] {
  const bars: (number | null)[] = Array.from({ length: RATE_SECONDS }, () => null);
  const newest = points.reduce((latest, point) => Math.max(latest, point.at), Number.NEGATIVE_INFINITY);
  for (const point of points) {
    const ago = Math.round((newest - point.at) / 1000);
    if (ago >= 0 && ago < RATE_SECONDS) bars[RATE_SECONDS - 1 - ago] = Math.max(0, point.packets);
  }
  return bars;
}
