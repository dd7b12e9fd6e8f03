/** HART-IP (HCF_SPEC-085): the header, sessions, and the frame of HART that is passed through. */
import { bytes, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { expectations } from '../flow/expected.ts';
import { RowFlag } from '../table/packet-table.ts';
import { be16 } from './app-kit.ts';
import { put, record, row } from './record-kit.ts';

const HEADER = 8;
const SESSION = 0;
const PASS_THROUGH = 3;
const LONG_ADDRESS = 0x80;
const f = {
  host: uint8('hart_ip.session_init.master_type', 'Host Type', { mask: 0xff, names: names({ 0: 'Secondary Host', 1: 'Primary Host' }) }),
  timer: uint32('hart_ip.session_init.inactivity_close_timer', 'Inactivity Close Timer'),
  delimiter: uint8('hart_ip.pt.delimiter', 'Delimiter', { base: 'hex' }),
  short: uint8('hart_ip.pt.short_addr', 'Short Address'),
  long: bytes('hart_ip.pt.long_address', 'Long Address'),
  command: uint8('hart_ip.pt.command', 'Command'),
  length: uint8('hart_ip.pt.length', 'Length'),
  code: uint8('hart_ip.pt.response_code', 'Response Code'),
  status: uint8('hart_ip.pt.device_status', 'Device Status', { base: 'hex' }),
  payload: bytes('hart_ip.pt.payload', 'Payload'),
  checksum: uint8('hart_ip.pt.checksum', 'Checksum', { base: 'hex' }),
};
const id = uint8('hart_ip.message_id', 'Message ID', {
  names: names({ 0: 'Session Initiate', 1: 'Session Close', 2: 'Keep Alive', 3: 'Pass Through' }),
});

export const hartIp: Protocol = record({
  name: 'hart_ip',
  short: 'HART_IP',
  title: 'HART_IP Protocol',
  header: HEADER,
  length: (h) => be16(h, 6),
  kind: 2,
  rows: [
    row(uint8('hart_ip.version', 'Version'), 0),
    row(
      uint8('hart_ip.message_type', 'Message Type', {
        names: names({ 0: 'Request', 1: 'Response', 2: 'Publish', 3: 'Error', 15: 'Error' }),
      }),
      1,
    ),
    row(id, 2),
    row(uint8('hart_ip.status', 'Status'), 3),
    row(uint16('hart_ip.transaction_id', 'Sequence Number'), 4),
    row(uint16('hart_ip.msg_length', 'Message Length'), 6),
  ],
  fields: Object.values(f),
  index(w) {
    // Over UDP the device answers, and is then asked, at another port.
    const initiates = w.end - w.offset >= HEADER && w.bytes[w.offset + 1] === 0 && w.bytes[w.offset + 2] === SESSION;
    if (initiates && !w.quoted && (w.flags & RowFlag.Udp) !== 0) w.capture.state(expectations).expect(w.src, w.srcPort, hartIp.id);
  },
  more(layer, b, at, end) {
    let o = at + HEADER;
    const kind = b.u8(at + 2);
    if (kind === SESSION && end - o >= 5) {
      put(layer, f.host, o);
      put(layer, f.timer, o + 1);
    }
    if (kind !== PASS_THROUGH || end - o < 5) return undefined;
    const delimiter = put(layer, f.delimiter, o++);
    const size = (delimiter & LONG_ADDRESS) !== 0 ? 5 : 1;
    put(layer, size === 5 ? f.long : f.short, o, size);
    o += size;
    put(layer, f.command, o);
    let left = put(layer, f.length, o + 1);
    o += 2;
    // An answer from a device begins with what it says of the command and of itself.
    if ((delimiter & 7) === 6 && left >= 2) {
      put(layer, f.code, o);
      put(layer, f.status, o + 1);
      o += 2;
      left -= 2;
    }
    if (left > 0) put(layer, f.payload, o, left);
    put(layer, f.checksum, o + left);
    return undefined;
  },
});
