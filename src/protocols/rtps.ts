/** RTPS (DDSI-RTPS 2.3, section 9): the header of a message and of each submessage in it. */
import { bytes, int8, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { begins } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const HEADER = 16;
const f = {
  prefix: bytes('rtps.guidPrefix.src', 'guidPrefix'),
  host: uint32('rtps.hostId', 'hostId', { base: 'hex' }),
  app: uint32('rtps.appId', 'appId', { base: 'hex' }),
  id: uint8('rtps.sm.id', 'submessageId', {
    base: 'hex',
    names: names({
      1: 'PAD',
      2: 'DATA',
      3: 'NOKEY_DATA',
      6: 'ACKNACK',
      7: 'HEARTBEAT',
      8: 'GAP',
      9: 'INFO_TS',
      12: 'INFO_SRC',
      13: 'INFO_REPLY_IP4',
      14: 'INFO_DST',
      15: 'INFO_REPLY',
      21: 'DATA',
      22: 'DATA_FRAG',
      129: 'DATA_FRAG_SESSION',
      24: 'DATA_BATCH',
      18: 'NACK_FRAG',
      19: 'HEARTBEAT_FRAG',
      23: 'ACKNACK_BATCH',
      25: 'HEARTBEAT_BATCH',
      26: 'ACKNACK_SESSION',
      27: 'HEARTBEAT_SESSION',
      20: 'DATA_SESSION',
      28: 'APP_ACK',
      29: 'APP_ACK_CONF',
      30: 'HEARTBEAT_VIRTUAL',
      48: 'SEC_BODY',
      49: 'SEC_PREFIX',
      50: 'SEC_POSTFIX',
      51: 'SRTPS_PREFIX',
      52: 'SRTPS_POSTFIX',
      16: 'DATA_FRAG_deprecated',
      17: 'NOKEY_DATA_FRAG_deprecated',
    }),
  }),
  flags: uint8('rtps.sm.flags', 'Flags', { base: 'hex' }),
  next: uint16('rtps.sm.octetsToNextHeader', 'octetsToNextHeader'),
};

export const rtps = record({
  name: 'rtps',
  short: 'RTPS',
  title: 'Real-Time Publish-Subscribe Wire Protocol',
  header: HEADER,
  mayBegin: (octet) => octet === 0x52,
  accepts: (b, o, end) =>
    end - o >= HEADER && (begins(b, o, end, 'RTPS') || begins(b, o, end, 'RTPX')) && (b[o + 4] === 1 || b[o + 4] === 2),
  rows: [
    row(string('rtps.magic', 'Magic'), 0, 4),
    row(uint16('rtps.version', 'version', { base: 'hex' }), 4),
    row(int8('rtps.version.major', 'major'), 4),
    row(int8('rtps.version.minor', 'minor'), 5),
    row(uint16('rtps.vendorId', 'vendorId', { base: 'hex' }), 6),
  ],
  fields: Object.values(f),
  more(layer, b, from, end) {
    const words: string[] = [];
    let at = from + HEADER;
    // Version 1 has a shorter prefix, and a ping none.
    if (b.u8(from + 4) >= 2 && end - at >= 4) {
      const prefix = layer.add(f.prefix, from + 8, 12, b.slice(from + 8, 12));
      put(prefix, f.host, from + 8);
      put(prefix, f.app, from + 12);
      at = from + 20;
    }
    for (let n = 0; at + 4 <= end && layer.ok && n < 1000 && !layer.d.full; n++) {
      const little = (b.u8(at + 1) & 1) !== 0;
      const size = little ? b.le16(at + 2) : b.u16(at + 2);
      const stop = size === 0 ? end : Math.min(end, at + 4 + size);
      const id = b.u8(at);
      const node = layer.add(f.id, at, stop - at, id);
      put(node, f.flags, at + 1);
      put(node, f.next, at + 2, 2, little);
      words.push(nameOf(f.id, id) ?? 'Unknown');
      at = stop;
    }
    return words.slice(0, 20).join(', ');
  },
});
