/** Small protocols of which the header says what matters: each is a table of fields, and how it is told apart. */
import { names, string, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { be16, be32 } from './app-kit.ts';
import { put, record, row, rowLe } from './record-kit.ts';

/** Canon's printers and scanners. */
export const bjnp = record({
  name: 'bjnp',
  short: 'BJNP',
  title: 'Canon BJNP',
  header: 16,
  kind: 2,
  rows: [
    row(string('bjnp.id', 'Id'), 0, 4),
    row(
      uint8('bjnp.type', 'Type', {
        names: names({ 1: 'Printer Command', 2: 'Scanner Command', 129: 'Printer Response', 130: 'Scanner Response' }),
      }),
      4,
    ),
    row(
      uint8('bjnp.code', 'Code', {
        names: names({
          1: 'Discover',
          16: 'Print Job Details',
          17: 'Request Closure',
          32: 'Get Printer Status',
          33: 'Print',
          48: 'Get Printer Identity',
          50: 'Scan Job Details',
        }),
      }),
      5,
    ),
    row(uint32('bjnp.seq_no', 'Sequence Number'), 6),
    row(uint16('bjnp.session_id', 'Session Id'), 10),
    row(uint32('bjnp.payload_len', 'Payload Length'), 12),
  ],
});

/** X's display managers (XDMCP, X11R6). */
export const xdmcp = record({
  name: 'xdmcp',
  short: 'XDMCP',
  title: 'X Display Manager Control Protocol',
  header: 6,
  kind: 1,
  accepts: (b, o, end) => end - o >= 6 && be16(b, o) === 1,
  rows: [
    row(uint16('xdmcp.version', 'Version'), 0),
    row(
      uint16('xdmcp.opcode', 'Opcode', {
        base: 'hex',
        names: names({
          1: 'Broadcast_query',
          2: 'Query',
          3: 'Indirect_query',
          4: 'Forward_query',
          5: 'Willing',
          6: 'Unwilling',
          7: 'Request',
          8: 'Accept ',
          9: 'Decline',
          10: 'Manage',
          11: 'Refuse',
          12: 'Failed',
          13: 'Keepalive',
          14: 'Alive',
        }),
      }),
      2,
    ),
    row(uint16('xdmcp.length', 'Message length'), 4),
  ],
});

/** Steam's in-home streaming: a signature, then messages in Protocol Buffers, each behind its length. */
const steamBody = uint32('steam_ihs_discovery.body_length', 'Body Length');
export const steamDiscovery = record({
  name: 'steam_ihs_discovery',
  short: 'STEAMDISCOVER',
  title: 'Steam In-Home Streaming Discovery Protocol',
  header: 12,
  accepts: (b, o, end) => end - o >= 12 && be32(b, o) === 0xffffffff && be32(b, o + 4) === 0x214c5fa0,
  rows: [
    rowLe(uint64('steam_ihs_discovery.signature', 'Signature', { base: 'hex' }), 0),
    rowLe(uint32('steam_ihs_discovery.header_length', 'Header Length'), 8),
  ],
  fields: [steamBody],
  more(layer, b, at) {
    put(layer, steamBody, at + 12 + b.le32(at + 8), 4, true);
    return undefined;
  },
});
