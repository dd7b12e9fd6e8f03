import type { ExchangeDetail } from '../../src/messages.ts';

/** Headers that curl sets itself, or that would not fit a body written out anew. */
const OWN = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'expect']);
/** Octets of a body from which on curl may ask first whether it is welcome (Expect). */
const EXPECTS = 1024;

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

/**
 * A word for a shell, quoted where it needs to be. Line ends and other controls are written out, since a terminal into which a command is
 * pasted takes them for keys: $'…' is POSIX since 2024, and of bash, zsh and ksh for long.
 */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const inside = word.replace(/[\\'\u0000-\u001f\u007f-\u009f]/g, (char) => {
    if (char === '\\' || char === "'") return `\\${char}`;
    if (char === '\n') return '\\n';
    if (char === '\r') return '\\r';
    if (char === '\t') return '\\t';
    // Octal, which ends after three digits whatever comes next; as UTF-8.
    return [...new TextEncoder().encode(char)].map((octet) => `\\${octet.toString(8).padStart(3, '0')}`).join('');
  });
  return `$'${inside}'`;
}

/**
 * The request as a curl command for a shell, so that it says what the captured one said. Secrets are left out unless `secrets`. Null where
 * the request was not captured, is a CONNECT, or has a body that is not there as it was sent (coded, or cut).
 */
export function curlCommand({ summary, request }: ExchangeDetail, secrets: boolean): string | null {
  const { method } = summary;
  if (request === null || summary.requestFrame === null || summary.url === null || method === null || method === 'CONNECT') return null;
  // Of other schemes it is what a proxy was asked for: curl would read a file of this machine, or speak something else.
  const whole = /^https?:\/\//i.test(summary.url);
  const server = `http://${summary.host ?? summary.server}`;
  // Of 'OPTIONS *' and the like: what is asked for is no path.
  const target = !whole && !summary.url.startsWith('/') ? summary.url : null;
  const url = whole ? summary.url : target === null ? server + summary.url : `${server}/`;
  const parts = ['curl', quoted(url)];
  if (/[[\]{}]/.test(url)) parts.push('--globoff');
  if (/\/\.\.?(\/|$|\?)/.test(url)) parts.push('--path-as-is');
  if (target !== null) parts.push('--request-target', quoted(target));
  if (summary.version === 'HTTP/1.0') parts.push('--http1.0');
  else if (summary.version === 'HTTP/2' && url.startsWith('http:')) parts.push('--http2-prior-knowledge');
  const hasBody = request.bodyBytes > 0;
  if (method === 'HEAD' && !hasBody) parts.push('--head');
  else if (method !== (hasBody ? 'POST' : 'GET')) parts.push('-X', quoted(method));
  const header = (text: string): void => {
    parts.push('-H', quoted(text));
  };
  const sent = new Set<string>();
  for (const { name, value } of request.headers) {
    const key = name.toLowerCase();
    sent.add(key);
    if (key === 'content-length' && /^0+$/.test(value) && !hasBody) header(`${name}: 0`);
    if (OWN.has(key) || key.startsWith(':') || (SECRET.has(key) && !secrets)) continue;
    // A value over several lines is one line (RFC 9112 section 5.2).
    const text = value.replace(/[ \t]*\r?\n[ \t]*/g, ' ');
    header(text === '' ? `${name};` : `${name}: ${text}`);
  }
  // What curl would add of its own.
  for (const name of ['User-Agent', 'Accept', ...(hasBody ? ['Content-Type'] : [])]) if (!sent.has(name.toLowerCase())) header(`${name}:`);
  if (hasBody && request.bodyBytes >= EXPECTS && !sent.has('expect')) header('Expect:');
  if (sent.has('accept-encoding')) parts.push('--compressed');
  if (hasBody) {
    if (request.bodyCut || !['', 'identity'].includes(request.contentEncoding.toLowerCase())) return null;
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(request.body);
    // No argument can have a zero in it, or be sure to keep octets that are no characters: those go through a pipe.
    if (text.includes('\0') || text.includes('\ufffd')) return `printf ${printed(request.body)} | ${parts.join(' ')} --data-binary @-`;
    parts.push('--data-raw', quoted(text));
  }
  return parts.join(' ');
}

/** Octets as the format of printf(1) that writes them: what is no plain ASCII in octal, three digits each. */
function printed(bytes: Uint8Array): string {
  const piece = (byte: number): string => {
    if (byte === 0x25) return '%%';
    if (byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c) return String.fromCharCode(byte);
    return `\\${byte.toString(8).padStart(3, '0')}`;
  };
  const format = Array.from(bytes, piece).join('');
  // A format that begins with a hyphen would be taken for an option.
  return `${format.startsWith('-') ? '-- ' : ''}'${format}'`;
}
