// LINKTYPE_NULL and LINKTYPE_LOOP: BSD loopback encapsulation.
import { names, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { etherTypes } from './ethertype.ts';
import { callOrData, followOrData } from './next.ts';

const NULL_HEADER_BYTES = 4;

/** Address families of the BSDs, of macOS and of Linux; the numbers for IPv6 differ. */
const families = names({
  2: 'IP',
  7: 'OSI',
  10: 'IPv6 (Linux)',
  16: 'Appletalk',
  23: 'Netware IPX/SPX',
  24: 'IPv6',
  28: 'IPv6',
  30: 'IPv6',
});

const f = {
  family: uint32('null.family', 'Family', { names: families }),
  type: uint16('null.type', 'Type', { base: 'hex', names: etherTypes }),
};

/** The family is written in the byte order of the machine that captured: the smaller reading is the right one. */
function familyOf(big: number): number {
  if ((big & 0xffff0000) === 0) return big;
  const little = ((big << 24) | ((big & 0xff00) << 8) | ((big >>> 8) & 0xff00) | (big >>> 24)) >>> 0;
  // Neither reading is a small number: an EtherType behind two octets of something else.
  return (little & 0xffff0000) === 0 ? little : big & 0xffff;
}

function protocolOf(family: number): Protocol | undefined {
  switch (family) {
    case 2:
      return tables.ethertype.lookup(0x0800);
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return tables.ethertype.lookup(0x86dd);
    default:
      // Some systems write an EtherType here.
      return family >= 0x600 && family <= 0xffff ? tables.ethertype.lookup(family) : undefined;
  }
}

export const nullLoopback = defineProtocol({
  name: 'null',
  short: 'Null/Loopback',
  title: 'Null/Loopback',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),

  index(w) {
    if (!w.has(NULL_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const big = (((b[o] as number) << 24) | ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number)) >>> 0;
    followOrData(w, protocolOf(familyOf(big)), o + NULL_HEADER_BYTES);
  },

  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(nullLoopback, b);
    layer.size(NULL_HEADER_BYTES);
    d.column(nullLoopback, 'Null/Loopback');
    if (!layer.has(o, NULL_HEADER_BYTES)) return;
    const family = familyOf(b.u32(o));
    layer.add(family >= 0x600 && family <= 0xffff ? f.type : f.family, o, 4, family);
    layer.summary = families.get(family) ?? `Family ${family}`;
    callOrData(d, protocolOf(family), b.from(o + NULL_HEADER_BYTES));
  },
});
