// RFC 3032; RFC 4385 (what the first nibble of the payload says).
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { names, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callOrData, followOrData } from './next.ts';

export const MPLS_ENTRY_BYTES = 4;
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

function byNibble(nibble: number): Protocol | undefined {
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
