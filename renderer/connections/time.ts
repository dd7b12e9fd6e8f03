/** Seconds between two decimal epoch texts, without losing the fraction to a double's 53 bits. */
export function secondsBetween(from: string, to: string): number {
  const [a = '0', fractionA = '0'] = from.split('.');
  const [b = '0', fractionB = '0'] = to.split('.');
  return Math.max(0, Number(b) - Number(a) + Number(`0.${fractionB}`) - Number(`0.${fractionA}`));
}
