/** Numbers, times and sizes as the window writes them; all but one are shared with the command line. */
export * from '../src/words/format.ts';

/** A span in a form that keeps its width: '64 µs', '41.2 ms', '1.912 s', '2000.0 s', '200.0 d'. */
export function span(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 0.0009995) return `${Math.round(seconds * 1e6)} µs`;
  if (size < 0.99995) return `${(seconds * 1e3).toFixed(1)} ms`;
  if (size < 999.9995) return `${seconds.toFixed(3)} s`;
  return size < 99_999.95 ? `${seconds.toFixed(1)} s` : `${(seconds / 86_400).toFixed(1)} d`;
}
