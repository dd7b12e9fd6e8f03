/** Records of SSL 2.0 (its specification, "The SSL Protocol", 1995): where they end, and the two messages of a handshake that are shown. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import { handshakeFields } from './tls-handshake.ts';
import { byteAt } from './tls-plain.ts';
import type { TlsSessions } from './tls-session.ts';
import { readCertificate } from './x509.ts';

export const SSL2 = 0x0002;
/** Registers of the framer: the record that is put together makes the connection one of SSL 2.0. */
export const Phase = { None: 0, Ssl2: 1 } as const;

/** The first and the third octet may be those of a record of SSL 2.0 without padding: an error, a hello of either side, a master key. */
export function looksLikeSsl2(first: number, type: number): boolean {
  return first >= 0x80 && (type <= 2 || type === 4);
}

/** feed() for a record of SSL 2.0 (its specification, section 1.2), which begins with its length in two octets, or three with padding. */
export function ssl2Record(side: StreamSide, sessions: TlsSessions, bytes: Uint8Array, offset: number, have: number): number {
  const first = byteAt(side, bytes, offset, 0);
  const header = (first & 0x80) !== 0 ? 2 : 3;
  if (have <= header) return NEED_MORE;
  const total = header + (((first & (header === 2 ? 0x7f : 0x3f)) << 8) | byteAt(side, bytes, offset, 1));
  const type = byteAt(side, bytes, offset, header);
  const decides = type >= 2 && type <= 8 && sessions.recordVersion(side.stream) === 0;
  if (total <= have) {
    if (decides) sessions.noteRecordVersion(side.stream, side.row, SSL2);
    return Math.max(offset + 1, offset + total - side.carryLength);
  }
  if (decides) side.phase = Phase.Ssl2;
  side.need = total - have;
  return NEED_MORE;
}

/** Octets of SSL 2.0 messages in front of what has a length of its own, with the two octets of the record. */
export const SSL2_SERVER_HELLO = 13;
const SSL2_MASTER_KEY = 12;
export const SSL2_TYPES = [2, 4] as const;

/**
 * Length of the SSL 2.0 message of `type` at bytes[o, end) with its header, 0 if this is none: SERVER-HELLO (4) and CLIENT-MASTER-KEY (2) are
 * told by the lengths in them, whose sum has to be the record's.
 */
export function ssl2Size(bytes: Uint8Array, o: number, end: number, type: 2 | 4): number {
  const fixed = type === 4 ? SSL2_SERVER_HELLO : SSL2_MASTER_KEY;
  if (end - o < fixed || ((bytes[o] as number) & 0x80) === 0 || bytes[o + 2] !== type) return 0;
  if (type === 4 && (bytes[o + 5] !== 0 || bytes[o + 6] !== 2)) return 0;
  let sum = fixed;
  for (let k = o + fixed - 6; k < o + fixed; k += 2) sum += ((bytes[k] as number) << 8) | (bytes[k + 1] as number);
  return sum === 2 + ((((bytes[o] as number) & 0x7f) << 8) | (bytes[o + 1] as number)) ? sum : 0;
}

/** What a call that shows such a message has found so far. */
interface Ssl2Reading {
  readonly d: Dissection;
  readonly layer: Layer;
  readonly b: Buf;
  readonly info: string[];
  version: number;
}

/** A SERVER-HELLO or CLIENT-MASTER-KEY of SSL 2.0 (its specification, sections 2.6 and 2.5). */
export function ssl2Message(r: Ssl2Reading, at: number, type: 2 | 4, length: number): number {
  const { layer, b } = r;
  const words = type === 4 ? 'Server Hello' : 'Client Master Key';
  const node = layer.text(at, length, `SSLv2 Record Layer: ${words}`);
  node.uint(handshakeFields.type, at + 2);
  if (type === 4) {
    node.uint(handshakeFields.version, at + 5);
    const certificate = at + SSL2_SERVER_HELLO;
    const specs = certificate + b.u16(at + 7);
    const end = specs + b.u16(at + 9);
    if (specs > certificate && specs <= b.end) {
      const one = node.add(handshakeFields.certificate, certificate, specs - certificate, b.slice(certificate, specs - certificate));
      readCertificate(b.bytes, certificate, specs, r.d, one);
    }
    for (let o = specs; o + 3 <= Math.min(end, b.end); o += 3) node.uint(handshakeFields.cipherSpec, o);
  } else node.uint(handshakeFields.cipherSpec, at + 3);
  if (r.version === 0) r.version = 2;
  r.info.push(words);
  return at + length;
}
