/** NetBIOS session service (RFC 1002 section 4.3), which carries SMB. */
import { bytes, nameOf, names, uint8, uint24 } from '../dissect/field.ts';
import type { Framer } from '../dissect/framer.ts';
import { ALL, app, each, lengthFramer } from './app-kit.ts';
import { smb } from './smb.ts';
import { smb2 } from './smb2.ts';

const MAX_MESSAGE = 0x1000000;

const f = {
  type: uint8('nbss.type', 'Message Type', {
    base: 'hex',
    names: names({
      0: 'Session message',
      129: 'Session request',
      130: 'Positive session response',
      131: 'Negative session response',
      132: 'Retarget session response',
      133: 'Session keep-alive',
    }),
  }),
  length: uint24('nbss.length', 'Length'),
  data: bytes('nbss.continuation_data', 'Continuation data'),
};
const SMB1 = 0xff534d42;
const SMB2 = new Set([0xfe534d42, 0xfd534d42, 0xfc534d42]);

const HEADER = 4;
const whole = lengthFramer(HEADER, (h) => {
  if (!known(h[0] as number)) return ALL;
  const length = HEADER + (((h[1] as number) << 16) | ((h[2] as number) << 8) | (h[3] as number));
  return length > MAX_MESSAGE ? ALL : length;
});

/** A segment without a header's octets is no beginning of a message, as in Wireshark: TCP's keep-alives have one octet. `a`: 1 + row in which a message ended. */
const framer: Framer = {
  ...whole,
  feed(side, b, o, end) {
    if (side.carryLength === 0 && end - o < HEADER && side.a !== side.row + 1) return end;
    return whole.feed(side, b, o, end);
  },
  done(side) {
    side.a = side.row + 1;
  },
};

function known(type: number): boolean {
  return type === 0 || (type >= 0x81 && type <= 0x85);
}

export const nbss = app({
  name: 'nbss',
  short: 'NBSS',
  title: 'NetBIOS Session Service',
  osi: '5',
  fields: Object.values(f),
  framer,
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      const type = b.u8(at);
      if (!known(type) || (at === b.offset && b.wireEnd - at < HEADER)) {
        layer.bytes(f.data, at, b.end - at);
        info.push('NBSS Continuation Message');
        return b.end;
      }
      layer.uint(f.type, at);
      const length = layer.uint(f.length, at + 1);
      layer.size(HEADER);
      const message = b.from(at + HEADER, at + HEADER + length);
      const magic = message.u32(at + HEADER);
      if (type === 0 && message.length >= 4 && layer.ok) {
        if (magic === SMB1) d.call(smb, message);
        else if (SMB2.has(magic)) d.call(smb2, message);
        else info.push('NBSS Continuation Message');
      } else info.push(nameOf(f.type, type) ?? '');
      return at + HEADER + length;
    }),
});
