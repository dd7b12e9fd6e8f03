// IEEE 802.1Q: customer tags (0x8100, and 0x9100 before it was standardized); IEEE 802.1ad: service tags (0x88a8).
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, bytes, expert, names, uint16 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { callEthertype, etherTypes, followEthertype } from './ethertype.ts';
import { llc } from './llc.ts';
import { addTrailer, claimedEnd, trailerFields } from './trailer.ts';

const VLAN_TAG_BYTES = 4;
const MAX_LENGTH = 1500;

/** Words of the priority code point (IEEE 802.1Q, table I-1). */
export const priorities = names({
  0: 'Best Effort (default)',
  1: 'Background',
  2: 'Excellent Effort',
  3: 'Critical Applications',
  4: 'Video, < 100ms latency and jitter',
  5: 'Voice, < 10ms latency and jitter',
  6: 'Internetwork Control',
  7: 'Network Control',
});

const f = {
  priority: uint16('vlan.priority', 'Priority', { mask: 0xe000, names: priorities }),
  dei: bool('vlan.dei', 'DEI', { mask: 0x1000, bool: ['Eligible', 'Ineligible'] }),
  id: uint16('vlan.id', 'ID', { mask: 0x0fff }),
  etype: uint16('vlan.etype', 'Type', { base: 'hex', names: etherTypes }),
  len: uint16('vlan.len', 'Length'),
  trailer: bytes('vlan.trailer', 'Trailer'),
  eiPastEnd: expert('vlan.len.past_end', 'error', 'Length field value goes past the end of the payload', 'malformed'),
};

function index(w: IndexWalk): void {
  if (!w.has(VLAN_TAG_BYTES)) return;
  const { bytes: b, offset: o } = w;
  if (w.vlan === 0) w.vlan = (((b[o] as number) & 0x0f) << 8) | (b[o + 1] as number);
  const type = ((b[o + 2] as number) << 8) | (b[o + 3] as number);
  if (type > MAX_LENGTH) {
    followEthertype(w, type, o + VLAN_TAG_BYTES);
    return;
  }
  const end = o + VLAN_TAG_BYTES + type;
  if (type > 0 && w.end > o + VLAN_TAG_BYTES) w.follow(llc, o + VLAN_TAG_BYTES, end, end);
}

export const vlan = defineProtocol({
  name: 'vlan',
  short: 'VLAN',
  title: '802.1Q Virtual LAN',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [...Object.values(f), ...Object.values(trailerFields)],
  stateless: true,
  index,
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(vlan, b);
    layer.size(VLAN_TAG_BYTES);
    const priority = layer.uint(f.priority, o);
    layer.uint(f.dei, o, 2);
    const id = layer.uint(f.id, o);
    layer.summary = `VLAN ${id} · priority ${priority}`;
    d.column(vlan, `PRI: ${priority}  DEI: ${(b.u16(o) >> 12) & 1}  ID: ${id}`);
    if (!layer.has(o + 2, 2)) return;
    const type = b.u16(o + 2);
    const payload = b.from(o + VLAN_TAG_BYTES);
    if (type > MAX_LENGTH) {
      layer.uint(f.etype, o + 2);
      callEthertype(d, type, payload);
      addTrailer(d, layer, f.trailer, claimedEnd(type, payload), payload);
      return;
    }
    layer.uint(f.len, o + 2);
    if (type > payload.wireLength) layer.expert(f.eiPastEnd, o + 2, 2);
    const inner = b.from(o + VLAN_TAG_BYTES, o + VLAN_TAG_BYTES + type);
    if (inner.length > 0) d.call(llc, inner);
    addTrailer(d, layer, f.trailer, inner.wireEnd, payload);
  },
});

const s = {
  priority: uint16('ieee8021ad.priority', 'Priority', { mask: 0xe000, names: priorities }),
  dei: uint16('ieee8021ad.dei', 'DEI', { mask: 0x1000 }),
  id: uint16('ieee8021ad.id', 'ID', { mask: 0x0fff }),
  etype: uint16('ieee8021ad.etype', 'Type', { base: 'hex', names: etherTypes }),
  trailer: bytes('ieee8021ad.trailer', 'Trailer'),
};

export const providerBridge = defineProtocol({
  name: 'ieee8021ad',
  short: '802.1ad',
  title: 'IEEE 802.1ad',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [...Object.values(s), ...Object.values(trailerFields)],
  stateless: true,
  index(w) {
    if (!w.has(VLAN_TAG_BYTES)) return;
    followEthertype(w, ((w.bytes[w.offset + 2] as number) << 8) | (w.bytes[w.offset + 3] as number), w.offset + VLAN_TAG_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(providerBridge, b);
    layer.size(VLAN_TAG_BYTES);
    const priority = layer.uint(s.priority, o);
    layer.uint(s.dei, o, 2);
    const id = layer.uint(s.id, o);
    const type = layer.uint(s.etype, o + 2);
    layer.summary = `Service VLAN ${id} · priority ${priority}`;
    d.column(providerBridge, `PRI: ${priority}  DROP: ${(b.u16(o) >> 12) & 1}  ID: ${id}`);
    if (!layer.ok) return;
    const payload = b.from(o + VLAN_TAG_BYTES);
    callEthertype(d, type, payload);
    addTrailer(d, layer, s.trailer, claimedEnd(type, payload), payload);
  },
});
