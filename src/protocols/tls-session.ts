/** What the index remembers of TLS connections: the version and application protocol agreed on, and where encryption begins. */
import { defineState } from '../dissect/capture-index.ts';
import { NONE } from '../table/packet-table.ts';

const SERVER_HELLO = 2;
const SUPPORTED_VERSIONS = 43;
const ALPN = 16;

export class TlsSessions {
  /** Version that the server chose, by stream; 0 where unknown. */
  #version = new Uint16Array(64);
  /** Row of the Change Cipher Spec, by 2 * stream + (0 from the client, 1 from the server); NONE without one. */
  #changed = new Uint32Array(128).fill(NONE);
  /** Application protocol that the server chose, by stream. */
  readonly #application = new Map<number, string>();

  version(stream: number): number {
    return this.#version[stream] ?? 0;
  }

  application(stream: number): string {
    return this.#application.get(stream) ?? '';
  }

  /** Row in which that direction's Change Cipher Spec is, NONE without one. */
  changed(stream: number, fromClient: boolean): number {
    return this.#changed[2 * stream + (fromClient ? 0 : 1)] ?? NONE;
  }

  noteChange(stream: number, fromClient: boolean, row: number): void {
    this.#room(stream);
    const at = 2 * stream + (fromClient ? 0 : 1);
    if (this.#changed[at] === NONE) this.#changed[at] = row;
  }

  /** Reads a ServerHello (RFC 8446 section 4.1.3), a handshake message at [at, end), as far as its bytes are there. */
  noteServerHello(stream: number, b: Uint8Array, at: number, end: number): void {
    if (at + 39 > end || b[at] !== SERVER_HELLO) return;
    let version = u16(b, at + 4);
    let o = at + 39 + (b[at + 38] as number) + 3;
    if (o + 2 <= end) {
      const stop = Math.min(end, o + 2 + u16(b, o));
      o += 2;
      while (o + 4 <= stop) {
        const type = u16(b, o);
        const length = u16(b, o + 2);
        const next = o + 4 + length;
        if (next > stop) break;
        if (type === SUPPORTED_VERSIONS && length === 2) version = u16(b, o + 4);
        else if (type === ALPN && length > 3 && length < 64) this.#application.set(stream, latin(b, o + 7, next));
        o = next;
      }
    }
    this.#room(stream);
    this.#version[stream] = version;
  }

  #room(stream: number): void {
    let size = this.#version.length;
    if (stream < size) return;
    while (size <= stream) size *= 2;
    const version = new Uint16Array(size);
    version.set(this.#version);
    this.#version = version;
    const changed = new Uint32Array(2 * size).fill(NONE);
    changed.set(this.#changed);
    this.#changed = changed;
  }
}

function u16(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

function latin(b: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(b[i] as number);
  return text;
}

/** Of TLS over TCP. */
export const tlsSessions = defineState(() => new TlsSessions());
/** Of DTLS over UDP: streams are numbered on their own there. */
export const dtlsSessions = defineState(() => new TlsSessions());
