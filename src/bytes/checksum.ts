/** Checksums of network headers. */

/**
 * One's complement sum of 16-bit words (RFC 1071) over bytes[offset, end), added to `sum`; an odd last byte is padded with zero.
 * The result is folded to 16 bits; feed it back in to sum several stretches (all but the last of even length).
 */
export function sum16(bytes: Uint8Array, offset: number, end: number, sum = 0): number {
  let total = sum;
  let at = offset;
  for (; at + 1 < end; at += 2) total += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  if (at < end) total += (bytes[at] as number) << 8;
  while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
  return total;
}

/** The Internet checksum: what a checksum field that is zero during the computation must hold. */
export function internetChecksum(bytes: Uint8Array, offset: number, end: number, sum = 0): number {
  return ~sum16(bytes, offset, end, sum) & 0xffff;
}

/**
 * Sum of the pseudo-header of RFC 793 (addresses of 4 bytes) or RFC 8200, section 8.1 (16 bytes), to start a checksum from.
 * @param length upper-layer length in bytes; @param protocol number of the upper layer
 */
export function pseudoHeaderSum(src: Uint8Array, dst: Uint8Array, protocol: number, length: number): number {
  let sum = sum16(src, 0, src.length);
  sum = sum16(dst, 0, dst.length, sum);
  sum += protocol + (length >>> 16) + (length & 0xffff);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/**
 * The value that a checksum field should have had, from the sum over all bytes with the field as it stands in them. Equal to the
 * field if and only if the checksum is right.
 * @param field the checksum as written; @param sum one's complement sum over everything, the field included
 */
export function expectedChecksum(field: number, sum: number): number {
  // The sum without the field: subtract it in one's complement, then complement again.
  let rest = sum + (~field & 0xffff);
  while (rest > 0xffff) rest = (rest & 0xffff) + (rest >>> 16);
  return ~rest & 0xffff;
}
