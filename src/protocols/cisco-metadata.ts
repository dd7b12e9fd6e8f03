/** Cisco MetaData: the security group of a frame's sender, behind an EtherType of its own, or in GRE, where the type comes first. */

import type { Layer } from '../dissect/dissection.ts';
import { bytes, type FieldDef, uint8, uint16 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { etherTypes } from './ethertype.ts';
import { callOrData, followOrData } from './next.ts';
import { tag } from './tag-kit.ts';

const BYTES = 8;

const f = {
  version: uint8('cmd.version', 'Version'),
  length: uint8('cmd.length', 'Length'),
  options: uint16('cmd.options', 'Options', { base: 'hex' }),
  group: uint16('cmd.sgt', 'SGT'),
};
const type: FieldDef = uint16('cmd.type', 'Type', { base: 'hex', names: etherTypes });

function read(layer: Layer, o: number): string {
  layer.uint(f.version, o);
  layer.uint(f.length, o + 1);
  layer.uint(f.options, o + 2);
  return `Security group ${layer.uint(f.group, o + 4)}`;
}

export const ciscoMetaData = tag({
  name: 'cmd',
  short: 'CMD',
  title: 'Cisco MetaData',
  fields: Object.values(f),
  bytes: BYTES,
  type,
  trailer: bytes('cmd.trailer', 'Trailer'),
  read,
});

/** In GRE. */
export const ciscoMetaDataInGre: Protocol = defineProtocol({
  name: 'cmd',
  short: 'CMD',
  title: 'Cisco MetaData',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: [],
  index(w) {
    if (!w.has(BYTES)) return;
    const { bytes: b, offset: o } = w;
    followOrData(w, tables.ethertype.lookup(((b[o] as number) << 8) | (b[o + 1] as number)), o + BYTES);
  },
  dissect(d, b) {
    const layer = d.layer(ciscoMetaDataInGre, b);
    layer.size(BYTES);
    const next = layer.uint(type, b.offset);
    const words = read(layer, b.offset + 2);
    layer.summary = words;
    d.column(ciscoMetaDataInGre, words);
    if (layer.ok) callOrData(d, tables.ethertype.lookup(next), b.from(b.offset + BYTES));
  },
});
