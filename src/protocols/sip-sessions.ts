/** What SIP messages have to do with each other: responses with requests, repeats with what they repeat; and the media they announce. */
import { defineState } from '../dissect/capture-index.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { announceSdp } from './sdp-media.ts';

/** Messages remembered for pairing; then the oldest go. */
const MAX_WAITING = 65536;
/** Bytes of a message that are looked at for its headers. */
const MAX_HEAD = 16384;

interface Request {
  readonly row: number;
  readonly method: string;
  answered: boolean;
}

class SipSessions {
  /** The latest request by who asked whom, the number in its CSeq, and the call. */
  readonly #requests = new Map<string, Request>();
  /** Row of a response by everything that a repeat of it has in common with it. */
  readonly #responses = new Map<string, number>();
  /** Row of the request by row of the response. */
  readonly requestOf = new Map<number, number>();
  /** Row of the first message by row of its repeats. */
  readonly originalOf = new Map<number, number>();

  /** `start`: the start line's first 12 characters. */
  note(row: number, start: string, callId: string, cseq: string, src: number, dst: number): void {
    const blank = cseq.indexOf(' ');
    const number = blank < 0 ? cseq : cseq.slice(0, blank);
    if (start.startsWith('SIP/2.0 ')) {
      const request = this.#requests.get(`${dst} ${src} ${number} ${callId}`);
      if (request !== undefined) {
        this.requestOf.set(row, request.row);
        request.answered = true;
      }
      const key = `${src} ${dst} ${cseq} ${start.slice(8, 11)} ${callId}`;
      const first = this.#responses.get(key);
      if (first === undefined) remember(this.#responses, key, row);
      else this.originalOf.set(row, first);
      return;
    }
    const key = `${src} ${dst} ${number} ${callId}`;
    const method = blank < 0 ? '' : cseq.slice(blank + 1);
    const before = this.#requests.get(key);
    // One that was answered and comes again is a new one; ACK and CANCEL share the number of what they are about.
    if (before !== undefined && before.method === method && !before.answered && method !== 'CANCEL' && method !== 'ACK') {
      this.originalOf.set(row, before.row);
      return;
    }
    if (method !== 'ACK') remember(this.#requests, key, { row, method, answered: false });
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size <= MAX_WAITING) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}

export const sipSessions = defineState(() => new SipSessions());

function text(b: Uint8Array, from: number, end: number): string {
  let out = '';
  for (let i = from; i < end; i++) out += String.fromCharCode(b[i] as number);
  return out;
}

/** The session description among the parts of a multipart body (RFC 5621, section 3), up to the next boundary. */
function sdpPart(body: string): string | undefined {
  const found = /\r\n(?:content-type|c)[ \t]*:[ \t]*application\/sdp[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/i.exec(body);
  return found === null ? undefined : body.slice(found.index + found[0].length).split('\r\n--', 1)[0];
}

/** Index depth of a datagram. */
export function indexSip(w: IndexWalk): void {
  if (!w.quoted) noteSip(w, w.bytes, w.offset, w.end);
}

/** Notes the message bytes[offset, stop). */
export function noteSip(w: IndexWalk, bytes: Uint8Array, offset: number, stop: number): void {
  const head = text(bytes, offset, Math.min(stop, offset + MAX_HEAD));
  const end = head.indexOf('\r\n\r\n');
  const headers = end < 0 ? head : head.slice(0, end + 2);
  const callId = /\r\n(?:call-id|i)[ \t]*:[ \t]*([^\r\n]*)/i.exec(headers)?.[1] ?? '';
  const cseq = /\r\ncseq[ \t]*:[ \t]*([^\r\n]*)/i.exec(headers)?.[1] ?? '';
  if (callId !== '' && cseq !== '') w.capture.state(sipSessions).note(w.row, head.slice(0, 12), callId, cseq, w.src, w.dst);
  const type = end < 0 ? undefined : /\r\n(?:content-type|c)[ \t]*:[ \t]*(application\/sdp|multipart\/)/i.exec(headers)?.[1];
  if (type === undefined) return;
  const body = head.slice(end + 4);
  const sdp = type.endsWith('/') ? sdpPart(body) : body;
  if (sdp !== undefined) announceSdp(w, sdp);
}
