/** Arista's vendor protocol: the time at which a switch saw a frame, in front of the frame's EtherType. */
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, expert, names, none, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callEthertype, etherTypes, followEthertype } from './ethertype.ts';
import { addTrailer, claimedEnd } from './trailer.ts';

const SUBTYPE_TIMESTAMP = 1;

const f = {
  subType: uint16('avsp.sub_type', 'Sub Type', { names: names({ 1: 'timestamp' }) }),
  version: uint16('avsp.ver', 'Version', {
    base: 'hex',
    names: names({ 16: 'Version 1', 32: 'Version 2', 272: 'Version 11', 288: 'Version 12' }),
  }),
  long: none('avsp.64ts', 'Timestamp (TAI)'),
  longSeconds: uint32('avsp.64sec', 'Seconds'),
  longNanoseconds: uint32('avsp.64ns', 'Nanoseconds'),
  short: none('avsp.48ts', 'Timestamp (TAI)'),
  shortSeconds: uint16('avsp.48sec', 'Seconds'),
  shortNanoseconds: uint32('avsp.48ns', 'Nanoseconds'),
  type: uint16('avsp.etype', 'Type', { base: 'hex', names: etherTypes }),
  trailer: bytes('avsp.trailer', 'Trailer'),
  unknown: expert('avsp.ts.unknown_version', 'warn', 'Unknown timestamp version'),
};

/** Bytes of the time of this sub type and version; 0 if there is none that is known. */
function timeBytes(subType: number, version: number): number {
  if (subType !== SUBTYPE_TIMESTAMP) return 0;
  // The second digit says whether the clock is TAI or UTC, the third how wide the time is.
  if (version === 0x10 || version === 0x110) return 8;
  return version === 0x20 || version === 0x120 ? 6 : 0;
}

export const arista: Protocol = defineProtocol({
  name: 'avsp',
  short: 'ARISTA_VENDOR_SPECIFIC',
  title: 'Arista Vendor Specific Protocol',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),
  index(w) {
    if (!w.has(4)) return;
    const { bytes: b, offset: o } = w;
    const time = timeBytes(((b[o] as number) << 8) | (b[o + 1] as number), ((b[o + 2] as number) << 8) | (b[o + 3] as number));
    const from = o + 4 + time + 2;
    if (time > 0 && w.has(from - o)) followEthertype(w, ((b[from - 2] as number) << 8) | (b[from - 1] as number), from);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(arista, b);
    d.column(arista);
    const subType = layer.uint(f.subType, o);
    const version = layer.uint(f.version, o + 2);
    const time = timeBytes(subType, version);
    if (!layer.has(o, 4)) return;
    if (time === 0) {
      if (subType === SUBTYPE_TIMESTAMP) {
        layer.expert(f.unknown, o + 2, 2, `Unknown timestamp version: 0x${version.toString(16).padStart(2, '0')}`);
      }
      return;
    }
    const wide = time === 8;
    const node = layer.add(wide ? f.long : f.short, o + 4, time, null);
    const seconds = node.uint(wide ? f.longSeconds : f.shortSeconds, o + 4);
    const nanoseconds = node.uint(wide ? f.longNanoseconds : f.shortNanoseconds, o + time);
    const type = layer.uint(f.type, o + 4 + time);
    const from = o + 4 + time + 2;
    layer.size(from - o);
    layer.summary = `Timestamp ${seconds}.${String(nanoseconds).padStart(9, '0')}`;
    d.column(arista, layer.node.summary);
    if (!layer.ok) return;
    const payload = b.from(from);
    callEthertype(d, type, payload);
    addTrailer(d, layer, f.trailer, claimedEnd(type, payload), payload);
  },
});
