/** BitTorrent's distributed hash table (BEP 5) over UDP. */
import { bytes } from '../dissect/field.ts';
import { app, begins } from './app-kit.ts';
import { readBencode } from './bencode.ts';

const f = {
  id: bytes('bt-dht.id', 'ID'),
};
const BEGINNINGS = ['d1:ad', 'd1:rd', 'd2:ip', 'd1:el', 'd1:y1'];

export const btDht = app({
  name: 'bt-dht',
  short: 'BT-DHT',
  title: 'BitTorrent DHT Protocol',
  fields: Object.values(f),
  mayBegin: (octet) => octet === 0x64,
  accepts: (b, o, end) => end - o >= 10 && b[end - 1] === 0x65 && BEGINNINGS.some((text) => begins(b, o, end, text)),
  read(layer, b, d) {
    // The identifier of who sends stands first in the arguments.
    const text = b.text(b.offset, Math.min(b.length, 24));
    const at = text.indexOf('2:id20:');
    if (at >= 0 && b.offset + at + 27 <= b.end) layer.bytes(f.id, b.offset + at + 7, 20);
    readBencode(d, layer, b);
    const tail = b.text(Math.max(b.offset, b.end - 8), 8);
    return tail.includes('1:y1:q')
      ? 'BitTorrent DHT Query'
      : tail.includes('1:y1:r')
        ? 'BitTorrent DHT Response'
        : 'BitTorrent DHT Protocol';
  },
});
