/** AppleTalk's session over TCP (DSI), which carries AFP. */
import { int32, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { afp } from './afp.ts';
import { be32, bounded } from './app-kit.ts';
import { put, putRows, record, row } from './record-kit.ts';

const DSI_HEADER = 16;
const dsiCodes = [
  int32('dsi.data_offset', 'Data offset'),
  int32('dsi.error_code', 'Error code', {
    names: names({
      0: 'success',
      [-5047]: 'user already logged on',
      [-5046]: 'password fails policy check',
      [-5045]: 'password needs to be changed',
      [-5044]: 'shared folder in trash.',
      [-5043]: 'folder being shared is inside a shared folder.',
      [-5042]: 'password expired',
      [-5041]: 'password too short',
      [-5040]: "same password/can't change password",
      [-5039]: 'non-existent file id',
      [-5038]: 'source file == destination file',
      [-5037]: 'catalog has changed',
      [-5036]: 'different volume',
      [-5035]: 'file already has an id',
      [-5034]: 'file thread not found',
      [-5033]: 'share point contains a share point',
      [-5032]: 'object locked',
      [-5031]: 'volume locked',
      [-5030]: 'wrong icon type',
      [-5029]: "couldn't find directory",
      [-5028]: "can't rename",
      [-5027]: 'server is going down',
      [-5026]: 'too many files open',
      [-5025]: 'object is the wrong type',
      [-5024]: 'command not supported',
      [-5023]: 'user not authenticated',
      [-5022]: 'session closed',
      [-5021]: 'range overlap',
      [-5020]: 'no range lock',
      [-5019]: 'parameter error',
      [-5018]: 'object not found',
      [-5017]: 'object already exists',
      [-5016]: 'no response by server at that address',
      [-5015]: 'no more locks',
      [-5014]: 'misc. err',
      [-5013]: 'LockErr',
      [-5012]: 'ItemNotFound',
      [-5011]: "volume doesn't support directories",
      [-5010]: 'FileBusy',
      [-5009]: 'end of file',
      [-5008]: 'disk full',
      [-5007]: 'directory not empty',
      [-5006]: 'file synchronization locks conflict',
      [-5005]: "can't move file",
      [-5004]: 'invalid bitmap',
      [-5003]: 'bad afp version number',
      [-5002]: "uam doesn't exist",
      [-5001]: 'logincont',
      [-5000]: 'permission denied',
      [-1072]: 'session closed (ASP)',
      [-1068]: 'no more sessions available',
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
  inside: { protocol: afp, at: (b, at, end) => (carriesAfp(b, at, end) ? at + DSI_HEADER : -1) },
  more(layer, b, at, end) {
    put(layer, dsiCodes[b.u8(at) === 0 ? 0 : 1], at + 4);
    putRows(layer, dsiRest, at, end);
    return undefined;
  },
});
