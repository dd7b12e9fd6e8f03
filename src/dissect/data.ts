/**
 * Bytes that no protocol claimed. As in Wireshark it says nothing in the list's columns: the protocol below has the word.
 */

import type { Buf, Dissection } from './dissection.ts';
import { bytes, uint32 } from './field.ts';
import { defineProtocol, type Protocol } from './protocol.ts';

const f = {
  data: bytes('data.data', 'Data'),
  len: uint32('data.len', 'Length', { generated: true }),
};

const about = { name: 'data', short: 'Data', osi: '', pdu: 'Bytes', hue: 'raw' } as const;

export const data: Protocol = defineProtocol({
  ...about,
  title: 'Data',
  fields: Object.values(f),
  dissect: (d, b) => show(d, b, data),
});

/** What a protocol looked at and then left: its layer may show all the same (see Dissection.reject). */
export const leftData: Protocol = defineProtocol({
  ...about,
  title: 'Data left by another protocol',
  fields: [],
  open: true,
  dissect: (d, b) => show(d, b, leftData),
});

function show(d: Dissection, b: Buf, protocol: Protocol): void {
  const length = b.length;
  const layer = d.layer(protocol, b);
  layer.size(0, b.end);
  layer.summary = `Len=${length}`;
  if (length === 0) return;
  layer.bytes(f.data, b.offset, length);
  layer.add(f.len, b.offset, 0, length);
}
