/**
 * Bytes that no protocol claimed. As in Wireshark it says nothing in the list's columns: the protocol below has the word.
 */

import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bytes, uint32 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';

const f = {
  data: bytes('data.data', 'Data'),
  len: uint32('data.len', 'Length', { generated: true }),
};

export const data = defineProtocol({
  name: 'data',
  short: 'Data',
  title: 'Data',
  osi: '',
  pdu: 'Bytes',
  hue: 'raw',
  fields: Object.values(f),
  dissect(d: Dissection, b: Buf): void {
    const length = b.length;
    const layer = d.layer(data, b);
    layer.size(0, b.end);
    layer.summary = `Len=${length}`;
    if (length === 0) return;
    layer.bytes(f.data, b.offset, length);
    layer.add(f.len, b.offset, 0, length);
  },
});
