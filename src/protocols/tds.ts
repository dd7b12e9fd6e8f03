/** TDS (MS-TDS, section 2.2.3.1): packets of SQL Server and Sybase; what a message has in several of them is shown as it is. */

import { data } from '../dissect/data.ts';
import { bool, names, TRUE_FALSE, uint8, uint16 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { be16 } from './app-kit.ts';
import { record, row } from './record-kit.ts';

const TDS_HEADER = 8;
const TDS_TYPES = new Set([1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18]);
const tdsPacket = (b: Uint8Array, o: number): boolean =>
  TDS_TYPES.has(b[o] as number) && (b[o + 1] as number) <= 0x1f && be16(b, o + 2) >= TDS_HEADER;
/** A part of a message: its last packet is marked. */
const tdsPart = (b: Uint8Array, at: number, end: number): boolean => ((b[at + 1] as number) & 1) === 0 && at + TDS_HEADER < end;
const tdsStatus = uint8('tds.status', 'Status', { base: 'hex' });
export const tds = record({
  name: 'tds',
  short: 'TDS',
  title: 'Tabular Data Stream',
  pdu: 'Packet',
  header: TDS_HEADER,
  length: (h) => (tdsPacket(h, 0) ? be16(h, 2) : REJECT),
  kind: 0,
  accepts: (b, o, end) => end - o < TDS_HEADER || tdsPacket(b, o),
  rows: [
    row(
      uint8('tds.type', 'Type', {
        names: names({
          1: 'SQL batch',
          2: 'TDS4/5 login',
          3: 'Remote Procedure Call',
          4: 'Response',
          5: 'Unused',
          6: 'Attention',
          7: 'Bulk load data',
          8: 'Unused',
          9: 'Unused',
          10: 'Unused',
          11: 'Unused',
          12: 'Unused',
          13: 'Unused',
          14: 'Transaction Manager Request',
          15: 'TDS5 query',
          16: 'TDS7 login',
          17: 'SSPI message',
          18: 'TDS7 pre-login message',
          23: 'TLS exchange',
        }),
      }),
      0,
    ),
    row(tdsStatus, 1, 1, [
      bool('tds.status.eom', 'End of message', { mask: 0x1, bool: TRUE_FALSE }),
      bool('tds.status.ignore', 'Ignore this event', { mask: 0x2, bool: TRUE_FALSE }),
      bool('tds.status.event_notif', 'Event notification', { mask: 0x4, bool: TRUE_FALSE }),
      bool('tds.status.reset_conn', 'Reset connection', { mask: 0x8, bool: TRUE_FALSE }),
      bool('tds.status.reset_conn_skip_tran', 'Reset connection keeping transaction state', { mask: 0x10, bool: TRUE_FALSE }),
    ]),
    row(uint16('tds.length', 'Length'), 2),
    row(uint16('tds.channel', 'Channel'), 4),
    row(uint8('tds.packet_number', 'Packet Number'), 6),
    row(uint8('tds.window', 'Window'), 7),
  ],
  inside: {
    protocol: data,
    at: (b, at, end) => (end - at >= TDS_HEADER && tdsPacket(b, at) && tdsPart(b, at, end) ? at + TDS_HEADER : -1),
  },
});
