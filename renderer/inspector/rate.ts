import { PULSE_SECONDS, type Pulse } from '../../src/messages.ts';

/** One bar of the chart: the packets of one second by layer, from the bottom of the stack to its top, and their sum. */
export interface RateBar {
  readonly parts: readonly number[];
  readonly sum: number;
}

/** A bar per second, oldest first; the parts stand in the order of the pulse's series. */
export function rateBars(pulse: Pulse | null): readonly RateBar[] {
  return Array.from({ length: PULSE_SECONDS }, (_, second) => {
    const parts = (pulse?.series ?? []).map((series) => Math.max(0, series.perSecond[second] ?? 0));
    return { parts, sum: parts.reduce((sum, part) => sum + part, 0) };
  });
}
