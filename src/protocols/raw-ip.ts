// LINKTYPE_RAW (101; 12 and 14 on some BSDs), LINKTYPE_IPV4 (228), LINKTYPE_IPV6 (229): packets without link layer.
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callOrData, followOrData } from './next.ts';

/** Wireshark's `raw` layer: no bytes of its own, the first nibble says which IP it is. */
export const rawIp = defineProtocol({
  name: 'raw',
  short: 'Raw',
  title: 'Raw packet data',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [],

  index(w) {
    if (!w.has(1)) return;
    followOrData(w, byVersion((w.bytes[w.offset] as number) >> 4), w.offset);
  },

  dissect(d, b) {
    const layer = d.layer(rawIp, b);
    layer.size(0);
    layer.summary = 'No link information available';
    d.column(rawIp, 'Raw packet data');
    if (layer.has(b.offset, 1)) callOrData(d, byVersion(b.u8(b.offset) >> 4), b);
  },
});

function byVersion(version: number): Protocol | undefined {
  if (version === 4) return tables.ethertype.lookup(0x0800);
  return version === 6 ? tables.ethertype.lookup(0x86dd) : undefined;
}
