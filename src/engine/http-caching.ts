/** Caching as RFC 9111 has it, and conditions as RFC 9110, section 13: what the headers of a response allow, and why a 304 came. */

/** Directives of Cache-Control (RFC 9111, section 5.2), names in lower case; the first of a name counts. */
export function readDirectives(header: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of header.matchAll(/([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;]*)))?/g)) {
    const name = (match[1] as string).toLowerCase();
    if (!found.has(name)) found.set(name, match[2] ?? match[3] ?? '');
  }
  return found;
}

/** Seconds of a delta-seconds value; null for anything else. */
function seconds(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : null;
}

/** An HTTP date (RFC 9110, section 5.6.7) as epoch seconds; null for anything else. */
export function readDate(value: string): number | null {
  // Any of its three forms begins with the day of the week; without a zone it is UTC.
  const zone = /[a-z]{3}$/i.test(value.trim()) ? '' : ' GMT';
  const time = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i.test(value)
    ? Date.parse(`${value.replace(/(\d)-([a-z]{3})-/i, '$1 $2 ')}${zone}`)
    : Number.NaN;
  return Number.isNaN(time) ? null : time / 1000;
}

export interface Freshness {
  /** What says so; 'heuristic': nothing does, and a cache may guess from Last-Modified (RFC 9111, section 4.2.2). */
  readonly by: 'no-store' | 'no-cache' | 'max-age' | 'expires' | 'heuristic' | 'none';
  /** Seconds that a private cache may use the response for, its age on arrival taken off; null where nothing says. */
  readonly seconds: number | null;
}

/** How long a response may be used without asking (RFC 9111, section 4.2.1), by a cache of one user such as a browser's. */
export function freshnessOf(headers: ReadonlyMap<string, string>): Freshness {
  const directives = readDirectives(headers.get('cache-control') ?? '');
  if (directives.has('no-store')) return { by: 'no-store', seconds: null };
  if (directives.has('no-cache')) return { by: 'no-cache', seconds: 0 };
  const age = seconds(headers.get('age')) ?? 0;
  const maxAge = seconds(directives.get('max-age'));
  if (maxAge !== null) return { by: 'max-age', seconds: Math.max(0, maxAge - age) };
  const date = readDate(headers.get('date') ?? '');
  const expires = headers.get('expires');
  if (expires !== undefined) {
    const until = readDate(expires);
    // An invalid date, such as 0, is in the past (section 5.3).
    if (until === null) return { by: 'expires', seconds: 0 };
    if (date !== null) return { by: 'expires', seconds: Math.max(0, until - date - age) };
  }
  return { by: headers.has('last-modified') ? 'heuristic' : 'none', seconds: null };
}

/** Entity tags of If-None-Match, as sent; `*` alone stands for any. */
export function readTags(header: string): string[] {
  return header.trim() === '*' ? ['*'] : [...header.matchAll(/(?:W\/)?"[^"]*"/g)].map(([tag]) => tag);
}

/** Weak comparison (RFC 9110, section 8.8.3.2), which If-None-Match uses. */
export function sameTag(a: string, b: string): boolean {
  return a !== '' && a.replace(/^W\//, '') === b.replace(/^W\//, '');
}
