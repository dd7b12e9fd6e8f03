/** Git's smart protocol (gitprotocol-pack, gitprotocol-common): pkt-lines, each with its length in four hexadecimal digits. */
import { bytes, expert, names, uint8, uint16 } from '../dissect/field.ts';
import { ALL, app, each, lengthFramer } from './app-kit.ts';
import { lineAt, lineText } from './text-lines.ts';

const f = {
  version: uint8('git.version', 'Git Protocol Version', {
    base: 'none',
    names: names({
      49: 'Git protocol version 1',
      50: 'Git protocol version 2',
    }),
  }),
  type: uint8('git.packet_type', 'Git Packet Type', { base: 'none', names: names({ 0: 'Flush', 1: 'Delimiter', 2: 'Response end' }) }),
  length: uint16('git.length', 'Packet length', { base: 'hex' }),
  data: bytes('git.data', 'Packet data'),
  sideband: uint8('git.sideband_control_code', 'Sideband control code', {
    names: names({
      1: 'Git packfile data',
      2: 'Git progress data',
      3: 'Git error data',
    }),
    base: 'hex',
  }),
  badLength: expert('git.bad_pkt_len', 'warn', 'unrecognized special pkt-len value'),
};

/** Four hexadecimal digits, -1 if they are none. */
function hexLength(b: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const c = b[i] as number;
    const digit = c >= 48 && c <= 57 ? c - 48 : (c | 32) >= 97 && (c | 32) <= 102 ? (c | 32) - 87 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

export const git = app({
  name: 'git',
  short: 'GIT',
  title: 'Git Smart Protocol',
  pdu: 'Packet',
  fields: Object.values(f),
  framer: lengthFramer(4, (head) => {
    const length = hexLength(head, 0);
    return length < 0 ? ALL : Math.max(4, length);
  }),
  read(layer, b) {
    let info = '';
    each(layer, b, (at) => {
      const length = hexLength(b.bytes, at);
      if (length < 0 || at + 4 > b.end) {
        if (b.end > at) layer.bytes(f.data, at, b.end - at);
        return b.end;
      }
      const whole = Math.max(4, length);
      const end = Math.min(b.end, at + whole);
      const text = lineText(b, at + 4, Math.min(end, lineAt(b, at + 4).stop), 80);
      const node = layer.text(at, whole, 'Packet', text);
      if (length < 4) {
        const type = node.add(f.type, at, 4, length);
        if (length === 3) type.expert(f.badLength);
      } else {
        node.add(f.length, at, 4, length);
        // Side-band: what the pack, its progress and errors are sent with (gitprotocol-pack).
        const band = b.u8(at + 4);
        const from = band >= 1 && band <= 3 && end > at + 4 ? at + 5 : at + 4;
        if (from > at + 4) node.uint(f.sideband, at + 4);
        if (end > from) node.bytes(f.data, from, end - from);
        if (info === '') info = text;
      }
      return at + whole;
    });
    return info;
  },
});
