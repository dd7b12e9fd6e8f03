/**
 * Apple Filing Protocol: which call it is, and Spotlight's queries, which the metadata service of Mac OS and Samba carries over DCE/RPC. A query is
 * a table of values in units of eight octets; the octets that begin it say in which order the octets of its numbers are.
 */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { nameOf, names, uint8, uint64 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const f = {
  command: uint8('afp.command', 'Command', {
    names: names({
      1: 'FPByteRangeLock',
      2: 'FPCloseVol',
      3: 'FPCloseDir',
      4: 'FPCloseFork',
      5: 'FPCopyFile',
      6: 'FPCreateDir',
      7: 'FPCreateFile',
      8: 'FPDelete',
      9: 'FPEnumerate',
      10: 'FPFlush',
      11: 'FPFlushFork',
      14: 'FPGetForkParms',
      15: 'FPGetSrvrInfo',
      16: 'FPGetSrvrParms',
      17: 'FPGetVolParms',
      18: 'FPLogin',
      19: 'FPLoginCont',
      20: 'FPLogout',
      21: 'FPMapID',
      22: 'FPMapName',
      23: 'FPMoveAndRename',
      24: 'FPOpenVol',
      25: 'FPOpenDir',
      26: 'FPOpenFork',
      27: 'FPRead',
      28: 'FPRename',
      29: 'FPSetDirParms',
      30: 'FPSetFileParms',
      31: 'FPSetForkParms',
      32: 'FPSetVolParms',
      33: 'FPWrite',
      34: 'FPGetFileDirParms',
      35: 'FPSetFileDirParms',
      36: 'FPChangePassword',
      37: 'FPGetUserInfo',
      38: 'FPGetSrvrMsg',
      39: 'FPCreateID',
      40: 'FPDeleteID',
      41: 'FPResolveID',
      42: 'FPExchangeFiles',
      43: 'FPCatSearch',
      48: 'FPOpenDT',
      49: 'FPCloseDT',
      51: 'FPGetIcon',
      52: 'FPGetIconInfo',
      53: 'FPAddAPPL',
      54: 'FPRemoveAPPL',
      55: 'FPGetAPPL',
      56: 'FPAddComment',
      57: 'FPRemoveComment',
      58: 'FPGetComment',
      59: 'FPByteRangeLockExt',
      60: 'FPReadExt',
      61: 'FPWriteExt',
      63: 'FPLoginExt',
      64: 'FPGetSessionToken',
      65: 'FPDisconnectOldSession',
      66: 'FPEnumerateExt',
      67: 'FPCatSearchExt',
      68: 'FPEnumerateExt2',
      69: 'FPGetExtAttr',
      70: 'FPSetExtAttr',
      71: 'FPRemoveExtAttr',
      72: 'FPListExtAttrs',
      73: 'FPGetACL',
      74: 'FPSetACL',
      75: 'FPAccess',
      76: 'FPSpotlightRPC',
      78: 'FPSyncDir',
      79: 'FPSyncFork',
      122: 'FPZzzzz',
      192: 'FPAddIcon',
    }),
  }),
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

function readQuery(layer: Layer, b: Buf): string {
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

/** An answer does not say to which call. */
function read(layer: Layer, b: Buf, d: Dissection): string {
  if (spotlightAt(b.bytes, b.offset, Math.min(b.end, b.offset + 2 * MARK)) === b.offset) return readQuery(layer, b);
  if (d.transport?.fromClient !== true || b.length === 0) return '';
  const command = layer.uint(f.command, b.offset);
  return nameOf(f.command, command) ?? `Command ${command}`;
}

export const afp = app({ name: 'afp', short: 'AFP', title: 'Apple Filing Protocol', fields: Object.values(f), read });
