import type { ExchangeDetail } from '../../src/messages.ts';

/** Headers that curl sets itself, or that would not fit a body written out anew. */
const OWN = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect']);

/** Names of headers whose values are secrets: hidden until asked for. */
export const SECRET = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
]);

/** A word for a POSIX shell, quoted where it needs to be. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The request as a curl command for a POSIX shell. Secrets are left out unless `secrets`. Null where the request was not captured, or
 * has a body that a command line cannot carry (binary, or cut).
 */
export function curlCommand({ summary, request }: ExchangeDetail, secrets: boolean): string | null {
  if (request === null || summary.url === null || summary.method === null) return null;
  const url = /^[a-z]+:\/\//i.test(summary.url) ? summary.url : `http://${summary.host ?? summary.server}${summary.url}`;
  const parts = ['curl', quoted(url)];
  if (summary.method === 'HEAD') parts.push('--head');
  else if (summary.method !== 'GET' && !(summary.method === 'POST' && request.bodyBytes > 0)) parts.push('-X', quoted(summary.method));
  let compressed = false;
  for (const { name, value } of request.headers) {
    const key = name.toLowerCase();
    if (key === 'accept-encoding') compressed = true;
    if (OWN.has(key) || key === 'accept-encoding' || key.startsWith(':') || (SECRET.has(key) && !secrets)) continue;
    parts.push('-H', quoted(`${name}: ${value}`));
  }
  if (compressed) parts.push('--compressed');
  if (request.bodyBytes > 0) {
    const text = new TextDecoder().decode(request.body);
    if (request.bodyCut || /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text)) return null;
    parts.push('--data-raw', quoted(text));
  }
  return parts.join(' ');
}
