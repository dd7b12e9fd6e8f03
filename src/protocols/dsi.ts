/** AppleTalk's session over TCP (DSI) and the calls of AFP in it. */
import { int32, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { ALL, be32, bounded } from './app-kit.ts';
import { put, putRows, record, row } from './record-kit.ts';

const afpCommand = uint8('afp.command', 'Command', {
  /* 72 names */
});
export const afp = record({
  name: 'afp',
  short: 'AFP',
  title: 'Apple Filing Protocol',
  header: 1,
  rows: [],
  fields: [afpCommand],
  more(layer, _, at, end, d) {
    if (d.transport?.fromClient !== true || at >= end) return undefined;
    const command = put(layer, afpCommand, at);
    return nameOf(afpCommand, command) ?? `Command ${command}`;
  },
});
const DSI_HEADER = 16;
const dsiCodes = [
  int32('dsi.data_offset', 'Data offset'),
  int32('dsi.error_code', 'Error code', {
    names: names({
      0: 'success',
      4294962249: 'user already logged on',
      4294962250: 'password fails policy check',
      4294962251: 'password needs to be changed',
      4294962252: 'shared folder in trash.',
      4294962253: 'folder being shared is inside a shared folder.',
      4294962254: 'password expired',
      4294962255: 'password too short',
      4294962256: "same password/can't change password",
      4294962257: 'non-existent file id',
      4294962258: 'source file == destination file',
      4294962259: 'catalog has changed',
      4294962260: 'different volume',
      4294962261: 'file already has an id',
      4294962262: 'file thread not found',
      4294962263: 'share point contains a share point',
      4294962264: 'object locked',
      4294962265: 'volume locked',
      4294962266: 'wrong icon type',
      4294962267: "couldn't find directory",
      4294962268: "can't rename",
      4294962269: 'server is going down',
      4294962270: 'too many files open',
      4294962271: 'object is the wrong type',
      4294962272: 'command not supported',
      4294962273: 'user not authenticated',
      4294962274: 'session closed',
      4294962275: 'range overlap',
      4294962276: 'no range lock',
      4294962277: 'parameter error',
      4294962278: 'object not found',
      4294962279: 'object already exists',
      4294962280: 'no response by server at that address',
      4294962281: 'no more locks',
      4294962282: 'misc. err',
      4294962283: 'LockErr',
      4294962284: 'ItemNotFound',
      4294962285: "volume doesn't support directories",
      4294962286: 'FileBusy',
      4294962287: 'end of file',
      4294962288: 'disk full',
      4294962289: 'directory not empty',
      4294962290: 'file synchronization locks conflict',
      4294962291: "can't move file",
      4294962292: 'invalid bitmap',
      4294962293: 'bad afp version number',
      4294962294: "uam doesn't exist",
      4294962295: 'logincont',
      4294962296: 'permission denied',
      4294966224: 'session closed (ASP)',
      4294966228: 'no more sessions available',
    }),
  }),
] as const;
const dsiRest = [row(uint32('dsi.length', 'Length'), 8), row(uint32('dsi.reserved', 'Reserved', { base: 'hex' }), 12)];
/** A command or a write says something in AFP. */
const carriesAfp = (b: Uint8Array, at: number, end: number): boolean => (b[at + 1] === 2 || b[at + 1] === 6) && at + DSI_HEADER < end;
const dsiLength = (h: Uint8Array): number => bounded(DSI_HEADER + be32(h, 8));
export const dsi = record({
  name: 'dsi',
  short: 'DSI',
  title: 'Data Stream Interface',
  header: DSI_HEADER,
  length: dsiLength,
  kind: 1,
  rows: [
    row(uint8('dsi.flags', 'Flags', { base: 'hex', names: names({ 0: 'Request', 1: 'Reply' }) }), 0),
    row(
      uint8('dsi.command', 'Command', {
        names: names({
          1: 'CloseSession',
          2: 'Command',
          3: 'GetStatus',
          4: 'OpenSession',
          5: 'Tickle',
          6: 'Write',
          7: 'Unknown',
          8: 'Attention',
        }),
      }),
      1,
    ),
    row(uint16('dsi.requestid', 'Request ID'), 2),
  ],
  fields: [...dsiCodes, ...dsiRest.map((each) => each.field)],
  scan(w, bytes, offset, end) {
    for (let at = offset, n = 0; at + DSI_HEADER <= end && n < 1000; n++) {
      const length = dsiLength(bytes.subarray(at, at + DSI_HEADER));
      if (length === ALL) return;
      if (carriesAfp(bytes, at, Math.min(end, at + length))) w.push(afp);
      at += length;
    }
  },
  more(layer, b, at, end, d) {
    put(layer, dsiCodes[b.u8(at) === 0 ? 0 : 1], at + 4);
    putRows(layer, dsiRest, at, end);
    if (carriesAfp(b.bytes, at, end)) d.call(afp, b.from(at + DSI_HEADER, end));
    return undefined;
  },
});
