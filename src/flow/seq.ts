/** Arithmetic of TCP sequence numbers, modulo 2^32 (RFC 9293, section 3.4). */

/** a - b as a signed distance: negative if `a` is before `b`. */
export function seqDiff(a: number, b: number): number {
  return (a - b) | 0;
}

/** `a` plus `n` octets. */
export function seqAdd(a: number, n: number): number {
  return (a + n) >>> 0;
}

/**
 * The same as a signed number. Code that runs for every packet keeps sequence numbers signed: each is then a small integer to the
 * engine, while one above 2^31 would be an object whenever it is handed to a function.
 */
export function seqNext(a: number, n: number): number {
  return (a + n) | 0;
}

/** Bits of the `tcpFlags` column (RFC 9293, section 3.1; RFC 3168 for ECE and CWR). */
export const Flag = {
  Fin: 0x001,
  Syn: 0x002,
  Rst: 0x004,
  Psh: 0x008,
  Ack: 0x010,
  Urg: 0x020,
  Ece: 0x040,
  Cwr: 0x080,
  Ae: 0x100,
} as const;

/** Number of the first octet of a segment's payload, signed: a SYN takes the one before it (RFC 9293, section 3.4; with data in RFC 7413). */
export function payloadSeq(seq: number, tcpFlags: number): number {
  return (seq + ((tcpFlags & Flag.Syn) >>> 1)) | 0;
}
