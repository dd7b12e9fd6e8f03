/** Marks of the axes of charts. */

/** Distances between the marks of an axis: 1, 2 and 5 times powers of ten. */
export const STEPS = Array.from({ length: 75 }, (_, k) => (([1, 2, 5] as const)[k % 3] as number) * 10 ** (Math.floor(k / 3) - 9));
/** Of what there are no halves. */
export const WHOLE_STEPS = STEPS.filter((step) => step > 0.99).map(Math.round);

/** Room beside a plot where its last mark is at the edge, px: half of the label stands there. */
export function roomBeside(labels: readonly string[]): number {
  return Math.max(12, Math.ceil((labels.at(-1)?.length ?? 0) * 3) + 2);
}

/** A number of an axis, with as many decimals as tell it from the next one; `step`: distance to that, one of STEPS. */
export function tick(value: number, step: number): string {
  return value.toFixed(Math.max(0, Math.min(9, Math.ceil(-Math.log10(step) - 1e-9))));
}
