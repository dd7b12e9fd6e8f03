// RFC 3032; RFC 4385 (what the first nibble of the payload says); RFC 4448 (Ethernet in a pseudowire).
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { names, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ethernet } from './ethernet.ts';
import { callOrData, followOrData } from './next.ts';

const MPLS_ENTRY_BYTES = 4;
const BOTTOM = 1;

const specialLabels = names({
  0: 'IPv4 Explicit-Null',
  1: 'Router Alert',
  2: 'IPv6 Explicit-Null',
  3: 'Implicit-Null',
  7: 'Entropy Label Indicator (ELI)',
  13: 'Generic Associated Channel Label (GAL)',
  14: 'OAM Alert',
  15: 'Extension Label',
});

const f = {
  label: uint32('mpls.label', 'MPLS Label', { base: 'dec_hex', mask: 0xfffff000, names: specialLabels }),
  exp: uint32('mpls.exp', 'MPLS Experimental Bits', { mask: 0x0e00 }),
  bottom: uint32('mpls.bottom', 'MPLS Bottom Of Label Stack', { mask: 0x0100 }),
  ttl: uint32('mpls.ttl', 'MPLS TTL', { mask: 0xff }),
};

const wire = { sequence: uint16('pweth.cw.sequence_number', 'Sequence Number') };
const CONTROL_WORD = 4;
const MAX_LENGTH = 1500;
const ADDRESSES = 12;

/** How much looks like a frame at `at`: 2 where a type that is known stands behind two addresses, 1 for a length that fits. */
function frameLikeness(b: Uint8Array, at: number, end: number): number {
  const from = at + ADDRESSES + 2;
  if (from > end) return 0;
  const type = ((b[from - 2] as number) << 8) | (b[from - 1] as number);
  if (type <= MAX_LENGTH) return type > 0 && from + type <= end ? 1 : 0;
  return tables.ethertype.lookup(type) !== undefined ? 2 : 0;
}

/**
 * A control word begins with 16 zeros. So may the address of a frame that has none: then what looks more like a frame tells. Wireshark asks for
 * addresses of known makers instead.
 */
function hasControlWord(b: Uint8Array, at: number, end: number): boolean {
  if (at + CONTROL_WORD > end || b[at] !== 0 || b[at + 1] !== 0) return false;
  return frameLikeness(b, at + CONTROL_WORD, end) >= frameLikeness(b, at, end);
}

const wireAbout = { osi: '2', pdu: 'Frame', hue: 'link' } as const;

const wireWithControlWord: Protocol = defineProtocol({
  ...wireAbout,
  name: 'pwethcw',
  short: 'PW Ethernet',
  title: 'PW Ethernet Control Word',
  fields: Object.values(wire),
  index(w) {
    if (w.has(CONTROL_WORD)) w.follow(ethernet, w.offset + CONTROL_WORD);
  },
  dissect(d, b) {
    const layer = d.layer(wireWithControlWord, b);
    layer.size(CONTROL_WORD);
    layer.summary = `Sequence number ${layer.uint(wire.sequence, b.offset + 2)}`;
    if (layer.ok) d.call(ethernet, b.from(b.offset + CONTROL_WORD));
  },
});

const plainWire: Protocol = defineProtocol({
  ...wireAbout,
  name: 'pwethnocw',
  short: 'PW Ethernet',
  title: 'Ethernet PW (no CW)',
  fields: [],
  index: (w) => w.follow(ethernet, w.offset),
  dissect(d, b) {
    d.layer(plainWire, b).size(0);
    d.call(ethernet, b);
  },
});

/** A pseudowire whose payload is taken for Ethernet. It has no layer of its own. */
const ethernetWire: Protocol = defineProtocol({
  ...wireAbout,
  name: 'pwethheuristic',
  short: 'PW Ethernet',
  title: 'Ethernet PW (CW heuristic)',
  fields: [],
  index: (w) => w.follow(hasControlWord(w.bytes, w.offset, w.end) ? wireWithControlWord : plainWire, w.offset),
  dissect: (d, b) => d.call(hasControlWord(b.bytes, b.offset, b.end) ? wireWithControlWord : plainWire, b),
});

function byNibble(nibble: number): Protocol | undefined {
  if (nibble === 0) return ethernetWire;
  if (nibble === 4) return tables.ethertype.lookup(0x0800);
  return nibble === 6 ? tables.ethertype.lookup(0x86dd) : undefined;
}

export const mpls = defineProtocol({
  name: 'mpls',
  short: 'MPLS',
  title: 'MultiProtocol Label Switching Header',
  osi: '2.5',
  pdu: 'Packet',
  hue: 'link',
  fields: Object.values(f),

  index(w) {
    const { bytes: b } = w;
    let at = w.offset;
    for (;;) {
      if (!w.has(at + MPLS_ENTRY_BYTES - w.offset)) return;
      at += MPLS_ENTRY_BYTES;
      if (((b[at - 2] as number) & BOTTOM) !== 0) break;
    }
    followOrData(w, at < w.end ? byNibble((b[at] as number) >> 4) : undefined, at);
  },

  dissect(d: Dissection, b: Buf): void {
    const layer = d.layer(mpls, b);
    d.column(mpls, 'MPLS Label Switched Packet');
    const labels: number[] = [];
    let at = b.offset;
    for (;;) {
      if (!layer.has(at, MPLS_ENTRY_BYTES)) return;
      const entry = layer.text(at, MPLS_ENTRY_BYTES, `Entry ${labels.length + 1}`);
      const label = entry.uint(f.label, at);
      entry.uint(f.exp, at);
      entry.uint(f.bottom, at, 4);
      const ttl = entry.uint(f.ttl, at);
      entry.display = `Label ${label}, TTL ${ttl}`;
      labels.push(label);
      at += MPLS_ENTRY_BYTES;
      if ((b.u8(at - 2) & BOTTOM) !== 0) break;
    }
    layer.size(at - b.offset);
    layer.summary = `Label ${labels.slice(0, 8).join(', ')}`;
    callOrData(d, at < b.end ? byNibble(b.u8(at) >> 4) : undefined, b.from(at));
  },
});
