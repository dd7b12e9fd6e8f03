/** Facebook's Zero protocol, QUIC's first handshake over TCP (Facebook's announcement of January 2017; tags as in QUIC's crypto document). */
import type { Layer } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app, begins } from './app-kit.ts';

const f = {
  flags: uint8('fb_zero.puflags', 'Public Flags', { base: 'hex' }),
  hasVersion: bool('fb_zero.puflags.version', 'Version', { mask: 0x01, bool: ['Yes', 'No'] }),
  unknownFlags: uint8('fb_zero.puflags.unknown', 'Unknown', { base: 'hex', mask: 0xfe }),
  version: string('fb_zero.version', 'Version'),
  unknown: bytes('fb_zero.unknown', 'Unknown'),
  length: uint32('fb_zero.length', 'Length'),
  tag: string('fb_zero.tag', 'Tag'),
  count: uint16('fb_zero.tag_number', 'Tag Number'),
  padding: bytes('fb_zero.padding', 'Padding'),
  tags: none('fb_zero.tags', 'Tag/value'),
  type: string('fb_zero.tag_type', 'Tag Type'),
  end: uint32('fb_zero.tag_offset_end', 'Tag offset end'),
  tagLength: uint32('fb_zero.tag_offset_length', 'Tag length', { generated: true }),
  value: bytes('fb_zero.tag_value', 'Tag/value'),
  sni: string('fb_zero.tag.sni', 'Server Name Indication'),
  tagVersion: string('fb_zero.tag.version', 'Version'),
  serverNonce: bytes('fb_zero.tag.sno', 'Server nonce'),
  aead: string('fb_zero.tag.aead', 'Authenticated encryption algorithms'),
  config: bytes('fb_zero.tag.scid', 'Server Config ID'),
  time: uint32('fb_zero.tag.time', 'Time'),
  alpn: string('fb_zero.tag.alpn', 'ALPN'),
  keyExchange: string('fb_zero.tag.kexs', 'Key exchange algorithms'),
  nonce: bytes('fb_zero.tag.nonc', 'Client nonce'),
  payload: bytes('fb_zero.payload', 'Payload'),
};

const VERSION = 'QTV';
const HEADER = 9;
const MESSAGE = 8;
const ENTRY = 8;
/** What the values of tags are shown as. */
const values = new Map<string, FieldDef>([
  ['SNI', f.sni],
  ['VERS', f.tagVersion],
  ['SNO', f.serverNonce],
  ['AEAD', f.aead],
  ['SCID', f.config],
  ['TIME', f.time],
  ['ALPN', f.alpn],
  ['KEXS', f.keyExchange],
  ['NONC', f.nonce],
]);
const messages = new Map([
  ['CHLO', 'Client Hello'],
  ['SHLO', 'Server Hello'],
  ['REJ', 'Rejection'],
]);

/** A name of up to four letters, padded with zeros. */
function nameAt(layer: Layer, at: number): string {
  let text = '';
  for (let k = 0; k < 4; k++) {
    const octet = layer.buf.u8(at + k);
    if (octet > 0) text += String.fromCharCode(octet);
  }
  return text;
}

export const fbZero = app({
  name: 'fb_zero',
  short: 'FBZERO',
  title: '(Facebook) Zero Protocol',
  fields: Object.values(f),
  sticky: true,
  mayBegin: (octet) => (octet & 1) !== 0,
  accepts: (b, o, end) => end - o >= HEADER && begins(b, o + 1, end, VERSION) && ((b[o] as number) & 1) !== 0,
  read(layer, b) {
    const at = b.offset;
    const flags = layer.uintNode(f.flags, at);
    flags.uint(f.hasVersion, at);
    flags.uint(f.unknownFlags, at);
    if ((b.u8(at) & 1) === 0) {
      if (b.length > 1) layer.bytes(f.payload, at + 1, b.length - 1);
      return 'Payload (Encrypted)';
    }
    layer.string(f.version, at + 1, 3);
    layer.bytes(f.unknown, at + 4, 1);
    layer.uintLe(f.length, at + 5);
    const message = nameAt(layer, at + HEADER);
    layer.add(f.tag, at + HEADER, 4, message);
    const count = layer.uintLe(f.count, at + HEADER + 4);
    layer.bytes(f.padding, at + HEADER + 6, 2);
    const table = at + HEADER + MESSAGE;
    const first = table + ENTRY * count;
    let before = 0;
    for (let k = 0; k < count && layer.ok; k++) {
      const entry = table + ENTRY * k;
      const name = nameAt(layer, entry);
      const end = b.le32(entry + 4);
      const length = Math.max(0, end - before);
      const node = layer.add(f.tags, entry, ENTRY, null, { display: name });
      node.add(f.type, entry, 4, name);
      node.uintLe(f.end, entry + 4);
      node.add(f.tagLength, entry + 4, 4, length);
      if (length === 0 || !node.has(first + before, length)) continue;
      node.bytes(f.value, first + before, length);
      const field = values.get(name);
      if (field?.type === 'string') node.string(field, first + before, length);
      else if (field?.type === 'uint32') node.uintLe(field, first + before, Math.min(4, length));
      else if (field !== undefined) node.bytes(field, first + before, length);
      before = end;
    }
    return messages.get(message) ?? message;
  },
});
