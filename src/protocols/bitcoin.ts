/** Bitcoin protocol: named, with its leading fields. */
import { uint32 } from '../dissect/field.ts';
import { ALL, app, be32, bounded, le32, lengthFramer, plain } from './app-kit.ts';

export const bitcoinMessage = plain({
  name: 'bitcoin',
  short: 'Bitcoin',
  title: 'Bitcoin protocol',
  leads: [
    { field: uint32('bitcoin.magic', 'Packet magic', { base: 'hex' }), offset: 0 },
    { field: uint32('bitcoin.length', 'Payload Length'), offset: 16, little: true },
    { field: uint32('bitcoin.checksum', 'Payload checksum', { base: 'hex' }), offset: 20 },
  ],
});

const BITCOIN_MAGIC = new Set([0xf9beb4d9, 0xfabfb5da, 0x0b110907]);

export const bitcoin = app({
  name: 'bitcoin',
  short: 'Bitcoin',
  title: 'Bitcoin protocol',
  fields: [],
  sticky: true,
  accepts: (b, o, end) => end - o >= 4 && BITCOIN_MAGIC.has(be32(b, o)),
  framer: lengthFramer(24, (h) => (BITCOIN_MAGIC.has(be32(h, 0)) ? bounded(24 + le32(h, 16)) : ALL)),
  read(layer, b, d) {
    layer.size(0);
    const commands: string[] = [];
    for (let at = b.offset; at < b.end && commands.length < 64; ) {
      const length = b.end - at >= 24 ? 24 + b.le32(at + 16) : b.end - at;
      d.call(bitcoinMessage, b.from(at, at + length));
      commands.push(b.text(at + 4, 12).replace(/\0+$/, ''));
      at += length;
    }
    d.columns.info = commands.join(', ');
    return d.columns.info;
  },
});
