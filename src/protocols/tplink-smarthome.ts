/** What TP-Link's plugs and lamps are told: JSON, each octet XORed with the one before it as it was sent. */
import { Buf, type Dissection } from '../dissect/dissection.ts';
import { string, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { defineProtocol, type ProtocolDef } from '../dissect/protocol.ts';
import { be32, lengthFramer, scanned } from './app-kit.ts';
import { json } from './json.ts';

const KEY = 171;
const f = {
  message: string('tplink_smarthome.msg', 'Msg'),
  length: uint32('tplink_smarthome.len', 'Len'),
};

function decrypted(b: Buf): Uint8Array {
  const plain = new Uint8Array(b.length);
  let key = KEY;
  for (let i = 0; i < plain.length; i++) {
    const octet = b.bytes[b.offset + i] as number;
    plain[i] = octet ^ key;
    key = octet;
  }
  return plain;
}

const about = {
  name: 'tplink-smarthome',
  short: 'TPLINK-SMARTHOME',
  title: 'TP-Link Smart Home Protocol',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
} as const;
const OBJECT = 0x7b;

/** The first octet of what is said here, in clear, begins an object. */
function saysJson(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && ((bytes[at] as number) ^ KEY) === OBJECT;
}

/** `skip`: octets before the message, its length over TCP. */
function smartHome(skip: number, more: Partial<ProtocolDef>) {
  const self = defineProtocol({
    ...about,
    fields: skip === 0 ? Object.values(f) : [],
    index(w) {
      if (saysJson(w.bytes, w.offset + skip, w.end)) w.push(json);
    },
    dissect(d: Dissection, b: Buf): void {
      const layer = d.layer(self, b);
      d.column(self, about.title);
      if (skip > 0) layer.uint(f.length, b.offset);
      const body = b.from(b.offset + skip);
      if (!layer.ok || body.length === 0) return;
      const plain = decrypted(body);
      const over = new Buf(plain, d.source('Decrypted', plain), 0, plain.length, plain.length);
      layer.over(over).string(f.message, 0, plain.length);
      layer.size(b.length);
      if (!saysJson(b.bytes, body.offset, body.end)) return;
      d.call(json, over);
      d.column(self, about.title);
    },
    ...more,
  });
  return self;
}

export const tplinkUdp = smartHome(0, { accepts: saysJson });
const MAX_MESSAGE = 1 << 20;
export const tplinkTcp = smartHome(4, {
  // A length that has not come as a whole begins with a zero octet.
  accepts: (b, o, end) => (end - o < 4 ? b[o] === 0 : be32(b, o) < MAX_MESSAGE && (end - o === 4 || saysJson(b, o + 4, end))),
  framer: scanned(
    lengthFramer(4, (h) => (be32(h, 0) < MAX_MESSAGE ? 4 + be32(h, 0) : REJECT)),
    (w, bytes, offset, end) => {
      if (saysJson(bytes, offset + 4, end)) w.push(json);
    },
  ),
});
