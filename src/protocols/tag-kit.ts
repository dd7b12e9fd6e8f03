/** What tags in front of an EtherType have in common: a header of fixed length that ends with a type (or a length), a packet, a trailer. */
import type { Layer } from '../dissect/dissection.ts';
import { expert, type FieldDef } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callEthertype, followEthertype } from './ethertype.ts';
import { llc } from './llc.ts';
import { addTrailer, claimedEnd } from './trailer.ts';

/** Values up to this one are lengths (IEEE 802.3, 3.2.6). */
const MAX_LENGTH = 1500;

interface Tag {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly fields: readonly FieldDef[];
  /** Bytes of the header, the type at its end included. */
  readonly bytes: number;
  readonly type: FieldDef;
  /** What the type field is called where it is a length and LLC follows. */
  readonly length?: FieldDef;
  readonly trailer: FieldDef;
  /** Adds the fields before the type; gives what the list says. */
  readonly read: (layer: Layer, offset: number) => string;
}

/** Declares such a tag. */
export function tag(about: Tag): Protocol {
  const { name, short, title, fields, bytes, type, length, trailer, read } = about;
  const pastEnd =
    length === undefined ? undefined : expert(`${name}.len.past_end`, 'error', 'Length field value goes past the end of the payload');
  const own = [type, trailer, ...(length === undefined ? [] : [length]), ...(pastEnd === undefined ? [] : [pastEnd])];
  const self: Protocol = defineProtocol({
    name,
    short,
    title,
    osi: '2',
    pdu: 'Frame',
    hue: 'link',
    fields: [...fields, ...own],
    index(w) {
      if (!w.has(bytes)) return;
      const from = w.offset + bytes;
      const value = ((w.bytes[from - 2] as number) << 8) | (w.bytes[from - 1] as number);
      if (value > MAX_LENGTH) return followEthertype(w, value, from);
      const end = from + value;
      if (value > 0 && w.end > from) w.follow(llc, from, end, end);
    },
    dissect(d, b) {
      const layer = d.layer(self, b);
      const from = b.offset + bytes;
      layer.size(bytes);
      const words = read(layer, b.offset);
      layer.summary = words;
      d.column(self, words);
      if (!layer.has(b.offset, bytes)) return;
      const value = b.u16(from - 2);
      const payload = b.from(from);
      if (value > MAX_LENGTH || length === undefined) layer.uint(type, from - 2);
      else layer.uint(length, from - 2);
      if (value > MAX_LENGTH) {
        callEthertype(d, value, payload);
        return addTrailer(d, layer, trailer, claimedEnd(value, payload), payload);
      }
      if (pastEnd !== undefined && value > payload.wireLength) layer.expert(pastEnd, from - 2, 2);
      const inner = b.from(from, from + value);
      if (inner.length > 0) d.call(llc, inner);
      addTrailer(d, layer, trailer, inner.wireEnd, payload);
    },
  });
  return self;
}
