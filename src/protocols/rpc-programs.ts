/**
 * What ONC RPC carries: the port mapper (RFC 1833), NFS 2 to 4 (RFC 1094, 1813, 7530), MOUNT, and the smaller programs around them by name,
 * version and procedure.
 */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, type FieldDef, names, none, string, TRUE_FALSE, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { status2, status3, status4 } from './nfs-names.ts';

/** A call or reply as RPC knows it. */
export interface RpcMessage {
  readonly reply: boolean;
  readonly version: number;
  readonly procedure: number;
}

export interface RpcProgram {
  readonly words: string;
  readonly protocol: Protocol;
  /** Names of the procedures of a version; undefined for one that nobody knows. */
  procedure(version: number, procedure: number): string | undefined;
  /** Adds the layer of arguments or results. */
  read(d: Dissection, b: Buf, message: RpcMessage): void;
}

/** Names of programs for `rpc.program` (the numbers that IANA keeps, as far as captures have them). */
export const programNames = names({
  100000: 'Portmap',
  100001: 'RSTAT',
  100002: 'RUSERSD',
  100003: 'NFS',
  100004: 'YPSERV',
  100005: 'MOUNT',
  100007: 'YPBIND',
  100008: 'RWALL',
  100009: 'YPPASSWD',
  100011: 'RQUOTA',
  100012: 'SPRAY',
  100020: 'KLM',
  100021: 'NLM',
  100024: 'STAT',
  100026: 'BOOTPARAMS',
  100069: 'YPXFR',
  100083: 'TTDBSERVERD',
  100227: 'NFSACL',
  100231: 'NFSAUTH',
  100232: 'SADMIND',
  100300: 'NIS+',
  150001: 'PCNFSD',
});

type Names = readonly (string | undefined)[];
type Reader = (layer: Layer, at: number, message: RpcMessage) => void;

function list(text: string): Names {
  return text.split(' ').map((word) => (word === '-' ? undefined : word));
}

/** `versions`: names of procedures by version, in order of their numbers; '-' for a number without one. */
function program(
  name: string,
  short: string,
  title: string,
  versions: Readonly<Record<number, string>>,
  own: readonly FieldDef[] = [],
  read?: Reader,
): RpcProgram {
  const known = new Map(Object.entries(versions).map(([version, text]) => [Number(version), list(text)]));
  const fields = new Map(
    [...known].map(([version, words]) => [
      version,
      uint32(`${name}.procedure_v${version}`, `V${version} Procedure`, {
        generated: true,
        names: names(Object.fromEntries([...words.entries()].filter((entry): entry is [number, string] => entry[1] !== undefined))),
      }),
    ]),
  );
  const protocol: Protocol = defineProtocol({
    name,
    short,
    title,
    osi: '7',
    pdu: 'Message',
    hue: 'app',
    fields: [...fields.values(), ...own],
    // Reached through `read` below, which knows the message; without one there is only the layer.
    dissect: (d, b) => {
      const layer = d.layer(protocol, b);
      d.column(protocol, title);
      const at = current;
      current = null;
      if (at === null) return;
      layer.add(programVersion, b.offset, 0, at.version);
      const field = fields.get(at.version);
      if (field !== undefined) layer.add(field, b.offset, 0, at.procedure);
      read?.(layer, b.offset, at);
    },
  });
  let current: RpcMessage | null = null;
  return {
    words: short,
    protocol,
    procedure: (version, procedure) => known.get(version)?.[procedure],
    read(d, b, message) {
      current = message;
      d.call(protocol, b);
      current = null;
    },
  };
}

const programVersion = uint32('rpc.programversion', 'Program Version', { generated: true });
const padded = (length: number): number => Math.min(4 * Math.ceil(length / 4), 0x10000);

/** A string with its length before it (RFC 4506, section 4.11); gives where the next item begins. */
function text(layer: Layer, field: FieldDef, at: number): number {
  const length = layer.buf.u32(at);
  if (!layer.has(at, 4)) return at + 4;
  if (length > 0) layer.string(field, at + 4, length);
  else layer.add(field, at, 4, '');
  return at + 4 + padded(length);
}

const p = {
  program: uint32('portmap.prog', 'Program', { names: programNames }),
  version: uint32('portmap.version', 'Version'),
  transport: uint32('portmap.proto', 'Protocol', { names: names({ 6: 'TCP', 17: 'UDP' }) }),
  port: uint32('portmap.port', 'Port'),
  answer: bool('portmap.answer', 'Answer', { bool: TRUE_FALSE }),
  item: none('portmap.rpcb', 'RPCB'),
  itemProgram: uint32('portmap.rpcb.prog', 'Program', { names: programNames }),
  itemVersion: uint32('portmap.rpcb.version', 'Version'),
  netid: string('portmap.rpcb.netid', 'Network Id'),
  address: string('portmap.rpcb.addr', 'Universal Address'),
  owner: string('portmap.rpcb.owner', 'Owner of this Service'),
  universal: string('portmap.uaddr', 'Universal Address'),
};

function readPortmap(layer: Layer, at: number, { reply, version, procedure }: RpcMessage): void {
  if (version <= 2 && !reply && procedure >= 1 && procedure <= 3) {
    layer.uint(p.program, at);
    layer.uint(p.version, at + 4);
    layer.uint(p.transport, at + 8);
    layer.uint(p.port, at + 12);
  } else if (version <= 2 && reply && procedure === 3) layer.uint(p.port, at);
  else if (reply && (procedure === 1 || procedure === 2)) layer.uint(p.answer, at, 4);
  else if (version >= 3 && !reply && ((procedure >= 1 && procedure <= 3) || procedure === 9)) {
    const item = layer.add(p.item, at, layer.buf.end - at, null);
    item.uint(p.itemProgram, at);
    item.uint(p.itemVersion, at + 4);
    text(layer, p.owner, text(layer, p.address, text(layer, p.netid, at + 8)));
  } else if (version >= 3 && reply && (procedure === 3 || procedure === 9)) text(layer, p.universal, at);
}

const n = {
  status2: uint32('nfs.status2', 'Status', { names: status2 }),
  status3: uint32('nfs.status3', 'Status', { names: status3 }),
  status4: uint32('nfs.nfsstat4', 'Status', { names: status4 }),
};

function readNfs(layer: Layer, at: number, { reply, version, procedure }: RpcMessage): void {
  if (!reply || procedure === 0) return;
  layer.uint(version === 2 ? n.status2 : version === 3 ? n.status3 : n.status4, at);
}

const m = {
  path: string('mount.path', 'Path'),
  status: uint32('mount.status', 'Status', {
    names: names({
      0: 'OK',
      1: 'ERR_PERM',
      2: 'ERR_NOENT',
      5: 'ERR_IO',
      13: 'ERR_ACCESS',
      20: 'ERR_NOTDIR',
      22: 'ERR_INVAL',
      63: 'ERR_NAMETOOLONG',
      10004: 'ERR_NOTSUPP',
      10006: 'ERR_SERVERFAULT',
    }),
  }),
};

function readMount(layer: Layer, at: number, { reply, procedure }: RpcMessage): void {
  if (!reply && (procedure === 1 || procedure === 3)) text(layer, m.path, at);
  else if (reply && procedure === 1) layer.uint(m.status, at);
}

const MOUNT = 'NULL MNT DUMP UMNT UMNTALL EXPORT EXPORTALL';
const NLM =
  'NULL TEST LOCK CANCEL UNLOCK GRANTED TEST_MSG LOCK_MSG CANCEL_MSG UNLOCK_MSG GRANTED_MSG TEST_RES LOCK_RES CANCEL_RES UNLOCK_RES GRANTED_RES';
const SHARES = `${NLM} - - - - SHARE UNSHARE NM_LOCK FREE_ALL`;
const YP = 'NULL DOMAIN DOMAIN_NONACK MATCH FIRST NEXT XFR CLEAR ALL MASTER ORDER MAPLIST';
const PORTMAP = 'NULL SET UNSET GETPORT DUMP CALLIT';
const RPCBIND = 'NULL SET UNSET GETADDR DUMP CALLIT GETTIME UADDR2TADDR TADDR2UADDR';

/** Programs that are taken apart or at least named, by number. */
export const programs: ReadonlyMap<number, RpcProgram> = new Map([
  [
    100000,
    program(
      'portmap',
      'Portmap',
      'Portmap',
      {
        1: PORTMAP,
        2: PORTMAP,
        3: RPCBIND,
        4: `${RPCBIND.replace('CALLIT', 'BCAST')} GETVERSADDR INDIRECT GETADDRLIST GETSTAT`,
      },
      Object.values(p),
      readPortmap,
    ),
  ],
  [
    100003,
    program(
      'nfs',
      'NFS',
      'Network File System',
      {
        2: 'NULL GETATTR SETATTR ROOT LOOKUP READLINK READ WRITECACHE WRITE CREATE REMOVE RENAME LINK SYMLINK MKDIR RMDIR READDIR STATFS',
        3: 'NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK MKNOD REMOVE RMDIR RENAME LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT',
        4: 'NULL COMPOUND',
      },
      Object.values(n),
      readNfs,
    ),
  ],
  [
    100005,
    program(
      'mount',
      'MOUNT',
      'Mount Service',
      { 1: MOUNT, 2: `${MOUNT} PATHCONF`, 3: MOUNT.replace(' EXPORTALL', '') },
      Object.values(m),
      readMount,
    ),
  ],
  [
    100227,
    program('nfsacl', 'NFSACL', 'NFSACL', {
      1: 'NULL',
      2: 'NULL GETACL SETACL GETATTR ACCESS GETXATTRDIR',
      3: 'NULL GETACL SETACL GETXATTRDIR',
    }),
  ],
  [100021, program('nlm', 'NLM', 'Network Lock Manager Protocol', { 1: NLM, 2: NLM, 3: SHARES, 4: SHARES })],
  [100024, program('stat', 'STAT', 'Network Status Monitor Protocol', { 1: 'NULL STAT MON UNMON UNMON_ALL SIMU_CRASH NOTIFY' })],
  [
    100011,
    program('rquota', 'RQUOTA', 'Remote Quota', {
      1: 'NULL GETQUOTA GETACTIVEQUOTA SETQUOTA SETACTIVEQUOTA',
      2: 'NULL GETQUOTA GETACTIVEQUOTA SETQUOTA SETACTIVEQUOTA',
    }),
  ],
  [100004, program('ypserv', 'YPSERV', 'Yellow Pages Service', { 1: YP, 2: YP })],
  [100007, program('ypbind', 'YPBIND', 'Yellow Pages Bind', { 1: 'NULL DOMAIN SETDOMAIN', 2: 'NULL DOMAIN SETDOMAIN' })],
]);
