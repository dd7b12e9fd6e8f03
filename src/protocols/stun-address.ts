import type { Buf } from '../dissect/dissection.ts';

/** The address at `at` of `size` octets, with the cookie and transaction identifier of its message taken out (RFC 8489 section 14.2). */
export function xorAddress(b: Buf, at: number, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) out[i] = b.u8(at + i) ^ b.u8(b.offset + 4 + i);
  return out;
}
