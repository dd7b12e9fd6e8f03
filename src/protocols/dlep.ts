/** DLEP (RFC 8175): a signal in a datagram, a message over TCP. */
import { names, string, uint16 } from '../dissect/field.ts';
import { be16, begins } from './app-kit.ts';
import { record, row } from './record-kit.ts';

const dlepLengths = [
  uint16('dlep.signal.length', 'Signal Length (bytes)'),
  uint16('dlep.message.length', 'Message Length (bytes)'),
] as const;
export const dlepUdp = record({
  name: 'dlep',
  short: 'DLEP',
  title: 'Dynamic Link Exchange Protocol',
  header: 8,
  kind: 1,
  accepts: (b, o, end) => begins(b, o, end, 'DLEP'),
  rows: [
    row(string('dlep.signal.signature', 'Signature'), 0, 4),
    row(uint16('dlep.signal.type', 'Signal Type', { names: names({ 0: 'Reserved', 1: 'Peer Discovery', 2: 'Peer Offer' }) }), 4),
    row(dlepLengths[0], 6),
  ],
});
export const dlepTcp = record({
  name: 'dlep',
  short: 'DLEP',
  title: 'Dynamic Link Exchange Protocol',
  header: 4,
  length: (h) => 4 + be16(h, 2),
  kind: 0,
  rows: [
    row(
      uint16('dlep.message.type', 'Message Type', {
        names: names({
          0: 'Reserved',
          1: 'Session Initialization',
          2: 'Session Initialization Response',
          3: 'Session Update',
          4: 'Session Update Response',
          5: 'Session Termination',
          6: 'Session Termination Response',
          7: 'Destination Up',
          8: 'Destination Up Response',
          9: 'Destination Announce',
          10: 'Destination Announce Response',
          11: 'Destination Down',
          12: 'Destination Down Response',
          13: 'Destination Update',
          14: 'Link Characteristics Request',
          15: 'Link Characteristics Response',
          16: 'Heartbeat',
        }),
      }),
      0,
    ),
    row(dlepLengths[1], 2),
  ],
});
