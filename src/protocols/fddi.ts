// ISO 9314: FDDI, as capture files have it (LINKTYPE_FDDI).
import { formatEther } from '../bytes/format.ts';
import { ether, uint8 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { llc } from './llc.ts';
import { callData, followData } from './next.ts';

const HEADER_BYTES = 13;

const f = {
  frameControl: uint8('fddi.fc', 'Frame Control', { base: 'hex' }),
  dst: ether('fddi.dst', 'Destination', { also: ['fddi.addr'] }),
  src: ether('fddi.src', 'Source', { also: ['fddi.addr'] }),
};

/** Frame control CLFFZZZZ with format 01: LLC, synchronous or not. The rest manages the ring. */
function isLlc(frameControl: number): boolean {
  return (frameControl & 0x70) === 0x50;
}

export const fddi = defineProtocol({
  name: 'fddi',
  short: 'FDDI',
  title: 'Fiber Distributed Data Interface',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),
  index(w) {
    if (!w.has(HEADER_BYTES)) return;
    if (isLlc(w.bytes[w.offset] as number)) w.follow(llc, w.offset + HEADER_BYTES);
    else followData(w, w.offset + HEADER_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(fddi, b);
    layer.size(HEADER_BYTES);
    d.column(fddi);
    const frameControl = layer.uint(f.frameControl, o);
    const dst = layer.bytes(f.dst, o + 1);
    const src = layer.bytes(f.src, o + 7);
    if (!layer.ok) return;
    layer.summary = `${formatEther(src)} → ${formatEther(dst)}`;
    d.columns.source = formatEther(src);
    d.columns.destination = formatEther(dst);
    if (isLlc(frameControl)) d.call(llc, b.from(o + HEADER_BYTES));
    else callData(d, b.from(o + HEADER_BYTES));
  },
});
