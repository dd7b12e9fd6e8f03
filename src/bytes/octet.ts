/** Where `octet` is first in bytes[from, stop), -1 if nowhere. Looks no further than `stop`, unlike Uint8Array.indexOf. */
export function octetIn(bytes: Uint8Array, octet: number, from: number, stop: number): number {
  if (from >= stop) return -1;
  const at = bytes.subarray(from, stop).indexOf(octet);
  return at < 0 ? -1 : from + at;
}
