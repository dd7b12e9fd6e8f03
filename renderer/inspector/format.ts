/** Times as the inspector writes them, beside the window's own formats. */

/** Decimals of an epoch text that say something: 9 where the nanoseconds are not whole microseconds, else 6. */
export function clockDigits(epoch: string): 6 | 9 {
  return /\.\d{6}(?!0*$)\d+$/.test(epoch) ? 9 : 6;
}

/** Whole seconds as a person says them: '42 s', '1 min 42 s', '2 h 5 min'. */
export function longSpan(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
