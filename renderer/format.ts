/** Numbers, times and sizes as the window writes them; all but one are shared with the command line. */
export * from '../src/words/format.ts';

/** A span in a form that keeps its width: '64 µs', '41.2 ms', '1.912 s'. */
export function span(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 0.0009995) return `${Math.round(seconds * 1e6)} µs`;
  if (size < 0.99995) return `${(seconds * 1e3).toFixed(1)} ms`;
  return `${seconds.toFixed(3)} s`;
}
