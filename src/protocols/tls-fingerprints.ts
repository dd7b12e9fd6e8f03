/** Fingerprints of TLS hellos: JA3, JA3S, and JA4, which hash what a program's library always sends alike. */

import { createHash } from 'node:crypto';
import type { Buf } from '../dissect/dissection.ts';
import { isGrease } from './tls-ciphers.ts';
import { hasNoSession } from './tls-session.ts';

const SERVER_NAME = 0;
const GROUPS = 10;
const POINTS = 11;
const SIGNATURES = 13;
const ALPN = 16;
const VERSIONS = 43;

interface Hello {
  version: number;
  readonly ciphers: number[];
  readonly extensions: number[];
  readonly groups: number[];
  readonly points: number[];
  readonly signatures: number[];
  versions: number;
  alpn: string;
}

function u16List(b: Buf, from: number, end: number): number[] {
  const found: number[] = [];
  for (let at = from; at + 2 <= end; at += 2) found.push(b.u16(at));
  return found;
}

const plain = (values: readonly number[]): number[] => values.filter((value) => !isGrease(value));

/** Reads what is hashed of the hello at [from, end), whose lengths were checked before. */
function readHello(b: Buf, from: number, end: number, client: boolean, dtls: boolean): Hello {
  const hello: Hello = { version: b.u16(from), ciphers: [], extensions: [], groups: [], points: [], signatures: [], versions: 0, alpn: '' };
  let at = from + 35 + b.u8(from + 34);
  if (client) {
    if (dtls) at += 1 + b.u8(at);
    const length = b.u16(at);
    hello.ciphers.push(...u16List(b, at + 2, Math.min(end, at + 2 + length)));
    at += 2 + length;
    at += 1 + b.u8(at);
  } else {
    const draft = hasNoSession(hello.version);
    if (draft) at = from + 34;
    hello.ciphers.push(b.u16(at));
    at += draft ? 2 : 3;
  }
  const stop = Math.min(end, at + 2 + b.u16(at));
  for (at += 2; at + 4 <= stop; ) {
    const type = b.u16(at);
    const data = at + 4;
    const next = data + b.u16(at + 2);
    if (next > stop) break;
    hello.extensions.push(type);
    if (type === GROUPS) hello.groups.push(...u16List(b, data + 2, next));
    else if (type === POINTS) for (let o = data + 1; o < next; o++) hello.points.push(b.u8(o));
    else if (type === SIGNATURES) hello.signatures.push(...u16List(b, data + 2, next));
    else if (type === ALPN && hello.alpn === '') hello.alpn = b.text(data + 3, b.u8(data + 2));
    else if (type === VERSIONS && client) hello.versions = Math.max(0, ...plain(u16List(b, data + 1, next)));
    at = next;
  }
  return hello;
}

/** JA3S: version, cipher suite and extensions of a ServerHello. */
export function serverFingerprint(b: Buf, from: number, end: number): string {
  const hello = readHello(b, from, end, false, false);
  return `${hello.version},${hello.ciphers[0] ?? 0},${hello.extensions.join('-')}`;
}

const ja4Versions = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
]);

const four = (value: number): string => value.toString(16).padStart(4, '0');
const two = (count: number): string => String(Math.min(99, count)).padStart(2, '0');

/** First 12 digits of the SHA-256, zeros for nothing. */
function hash12(text: string): string {
  return text === '' ? '000000000000' : createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 12);
}

/** JA3 (the full string) and JA4 of a ClientHello. */
export function clientFingerprints(
  b: Buf,
  from: number,
  end: number,
  dtls: boolean,
  quic: boolean,
): { readonly ja3: string; readonly ja4: string } {
  const hello = readHello(b, from, end, true, dtls);
  const ciphers = plain(hello.ciphers);
  const extensions = plain(hello.extensions);
  const ja3 = `${hello.version},${ciphers.join('-')},${extensions.join('-')},${plain(hello.groups).join('-')},${hello.points.join('-')}`;
  const { alpn } = hello;
  const edge = (c: string): boolean => /^[0-9A-Za-z]$/.test(c);
  const first = alpn[0] ?? '0';
  const last = alpn.at(-1) ?? '0';
  const hex = Buffer.from(alpn, 'latin1').toString('hex');
  const protocol = alpn === '' ? '00' : edge(first) && edge(last) ? first + last : `${hex[0]}${hex.at(-1)}`;
  const version = ja4Versions.get(hello.versions !== 0 ? hello.versions : hello.version) ?? '00';
  const carried = quic ? 'q' : dtls ? 'd' : 't';
  const name = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const sorted = (values: readonly number[]): string => values.map(four).sort().join(',');
  const rest = extensions.filter((type) => type !== SERVER_NAME && type !== ALPN);
  const signatures = plain(hello.signatures).map(four).join(',');
  const tail = sorted(rest) + (signatures === '' ? '' : `_${signatures}`);
  const ja4 = `${carried}${version}${name}${two(ciphers.length)}${two(extensions.length)}${protocol}_${hash12(sorted(ciphers))}_${hash12(rest.length === 0 ? '' : tail)}`;
  return { ja3, ja4 };
}
