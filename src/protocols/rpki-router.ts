/** Route origins for routers (RFC 6810, RFC 8210): the header. */
import { names, uint8, uint32 } from '../dissect/field.ts';
import { ALL, be32, bounded } from './app-kit.ts';
import { record, row } from './record-kit.ts';

const RPKI_HEADER = 8;
export const rpkiRouter = record({
  name: 'rpkirtr',
  short: 'RPKI-Router',
  title: 'RPKI-Router Protocol',
  header: RPKI_HEADER,
  length: (h) => (be32(h, 4) >= RPKI_HEADER ? bounded(be32(h, 4)) : ALL),
  kind: 1,
  rows: [
    row(uint8('rpki-rtr.version', 'Version'), 0),
    row(
      uint8('rpki-rtr.pdu_type', 'PDU Type', {
        names: names({
          0: 'Serial Notify',
          1: 'Serial Query',
          2: 'Reset Query',
          3: 'Cache Response',
          4: 'IPv4 Prefix',
          6: 'IPv6 Prefix',
          7: 'End of Data',
          8: 'Cache Reset',
          9: 'Router Key',
          10: 'Error Report',
        }),
      }),
      1,
    ),
    row(uint32('rpki-rtr.length', 'Length'), 4),
  ],
});
