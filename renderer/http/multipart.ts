/** Parts of a multipart body (RFC 2046, section 5.1; RFC 7578 for forms; RFC 9110, section 14.6 for ranges). */
import type { ExchangeHeader } from '../../src/messages.ts';

export interface BodyPart {
  readonly headers: readonly ExchangeHeader[];
  /** Of a form: name of the field, and of the file; '' without. */
  readonly name: string;
  readonly fileName: string;
  /** 'text/plain' where the part does not say (section 5.1). */
  readonly contentType: string;
  /** Content-Range; '' without. */
  readonly range: string;
  readonly body: Uint8Array;
  /** No boundary ends the part: the body was cut. */
  readonly cut: boolean;
}

/** Parts that are read, and octets of the head of one. */
const MOST_PARTS = 200;
const MOST_HEAD = 16 * 1024;

/** A parameter of a header value, quoted or not; '' without it. */
export function parameter(value: string, name: string): string {
  const match = new RegExp(`(?:^|[;\\s])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]*))`, 'i').exec(value);
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2] ?? '';
}

/** Place of `wanted` in `bytes` from `from` on; -1 if it is not there. */
function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0 && at + wanted.length <= bytes.length; at = bytes.indexOf(first, at + 1)) {
    let k = 1;
    while (k < wanted.length && bytes[at + k] === wanted[k]) k++;
    if (k === wanted.length) return at;
  }
  return -1;
}

function headersOf(text: string): ExchangeHeader[] {
  return text
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }];
    });
}

/** The parts; empty for a body that is none of its type. */
export function bodyParts(bytes: Uint8Array, contentType: string): BodyPart[] {
  const boundary = parameter(contentType, 'boundary');
  if (!/^multipart\//i.test(contentType) || boundary === '' || boundary.length > 256) return [];
  const mark = new TextEncoder().encode(`--${boundary}`);
  const parts: BodyPart[] = [];
  let at = find(bytes, mark, 0);
  while (at >= 0 && parts.length < MOST_PARTS) {
    let from = at + mark.length;
    // "--" behind a boundary: the last one.
    if (bytes[from] === 0x2d && bytes[from + 1] === 0x2d) break;
    while (from < bytes.length && bytes[from] !== 0x0a) from++;
    // The line of a boundary that is cut begins no part.
    if (from++ >= bytes.length) break;
    const next = find(bytes, mark, from);
    let end = next < 0 ? bytes.length : next;
    // The line end before a boundary is the boundary's.
    if (next >= 0 && bytes[end - 1] === 0x0a) end--;
    if (next >= 0 && bytes[end - 1] === 0x0d) end--;
    parts.push(partOf(bytes.subarray(Math.min(from, end), end), next < 0));
    at = next;
  }
  return parts;
}

function partOf(bytes: Uint8Array, cut: boolean): BodyPart {
  const seen = new TextDecoder('latin1').decode(bytes.subarray(0, MOST_HEAD));
  // A part without headers begins with the empty line itself.
  const empty = /^\r?\n|\r?\n\r?\n/.exec(seen);
  const head = empty === null ? 0 : empty.index;
  const from = empty === null ? 0 : empty.index + empty[0].length;
  const headers = headersOf(new TextDecoder().decode(bytes.subarray(0, head)));
  const value = (name: string): string => headers.find((each) => each.name.toLowerCase() === name)?.value ?? '';
  const disposition = value('content-disposition');
  return {
    headers,
    name: parameter(disposition, 'name'),
    fileName: parameter(disposition, 'filename'),
    contentType: value('content-type') || 'text/plain',
    range: value('content-range'),
    body: bytes.subarray(from),
    cut,
  };
}
