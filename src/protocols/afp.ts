/**
 * Apple Filing Protocol, as far as Spotlight's queries go: the metadata service of Mac OS and Samba carries them over DCE/RPC too. A query is a
 * table of values in units of eight octets; the octets that begin it say in which order the octets of its numbers are.
 */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { uint64 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const f = {
  endianness: uint64('afp.endianness', 'Endianness', { base: 'hex' }),
  tableOffset: uint64('afp.toc_offset', 'ToC Offset'),
  queryLength: uint64('afp.query_len', 'Query length'),
};

/** `432130dm` or `md031234`: a number in either order. */
const LITTLE = [0x34, 0x33, 0x32, 0x31, 0x33, 0x30, 0x64, 0x6d] as const;
const BIG = [...LITTLE].reverse();
const MARK = 8;
/** Octets of a call before the query: a handle, some numbers, its length. */
const FURTHEST = 96;

function marked(b: Uint8Array, at: number, mark: readonly number[]): boolean {
  for (let i = 0; i < MARK; i++) if (b[at + i] !== mark[i]) return false;
  return true;
}

/** Where a query begins in the arguments bytes[offset, end) of a call, -1 if there is none. */
export function spotlightAt(b: Uint8Array, offset: number, end: number): number {
  for (let at = offset; at <= offset + FURTHEST && at + 2 * MARK <= end; at += 4)
    if (marked(b, at, LITTLE) || marked(b, at, BIG)) return at;
  return -1;
}

function read(layer: Layer, b: Buf): string {
  const o = b.offset;
  const little = marked(b.bytes, o, LITTLE);
  layer.add(f.endianness, o, MARK, 0n, { display: little ? 'Little Endian' : 'Big Endian' });
  // Both count what is before them too.
  const [low, high] = little ? [o + 8, o + 12] : [o + 12, o + 8];
  const units = (at: number): bigint => BigInt(8 * Math.max(0, (little ? b.le32(at) : b.u32(at)) - 1));
  layer.add(f.tableOffset, o + 8, 8, units(high));
  layer.add(f.queryLength, o + 8, 8, units(low));
  return 'Spotlight';
}

export const afp = app({ name: 'afp', short: 'AFP', title: 'Apple Filing Protocol', fields: Object.values(f), read });
