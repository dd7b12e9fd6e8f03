/** Protocols in BER over TCP of which the kind of message is shown: Z39.50 (ISO 23950) and ANSI C12.22. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { type FieldDef, names, none, uint32 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT } from '../dissect/framer.ts';
import { app } from './app-kit.ts';

const MAX_HEAD = 16;
const MAX_LENGTH = 1 << 24;

/** Length of the element of BER in b[at, end), 0 if its head has not come yet, -1 if it has none that can be waited for. */
function elementLength(b: Uint8Array, at: number, end: number): number {
  let o = at + 1;
  if (((b[at] as number) & 0x1f) === 0x1f) {
    while (o < end && ((b[o] as number) & 0x80) !== 0 && o < at + 5) o++;
    o++;
  }
  if (o >= end) return 0;
  const first = b[o++] as number;
  if (first < 0x80) return o - at + first;
  const size = first & 0x7f;
  if (size === 0 || size > 4) return -1;
  if (o + size > end) return 0;
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 256 + (b[o + i] as number);
  return length > MAX_LENGTH ? -1 : o + size - at + length;
}

const joined = new Uint8Array(MAX_HEAD);
/** Elements one after the other, of which the first octet must fit. */
const framer = (fits: (first: number) => boolean): Framer => ({
  feed(side, bytes, offset, end) {
    const carried = side.carryLength;
    const have = carried + end - offset;
    const head = Math.min(have, MAX_HEAD);
    for (let i = 0; i < head; i++) joined[i] = (i < carried ? side.carry?.[i] : bytes[offset + i - carried]) as number;
    if (!fits(joined[0] as number)) return REJECT;
    const length = elementLength(joined, 0, head);
    if (length === 0 && have < MAX_HEAD) return NEED_MORE;
    if (length <= 0) return end;
    if (length <= have) return Math.max(offset + 1, offset + length - carried);
    side.need = length - have;
    return NEED_MORE;
  },
});

/** Adds what each element of `b` is. */
function kinds(layer: Layer, b: Buf, one: (at: number, length: number) => string): string {
  const info: string[] = [];
  for (let at = b.offset; at < b.end && layer.ok && info.length < 200; ) {
    const length = elementLength(b.bytes, at, b.end);
    const size = length <= 0 ? b.end - at : Math.min(length, b.end - at);
    info.push(one(at, size));
    at += Math.max(1, size);
  }
  return info.slice(0, 10).join(', ');
}

/** By tag of the choice PDU. */
const Z_KINDS: Readonly<Record<number, FieldDef>> = {
  20: none('z3950.initRequest_element', 'initRequest'),
  21: none('z3950.initResponse_element', 'initResponse'),
  22: none('z3950.searchRequest_element', 'searchRequest'),
  23: none('z3950.searchResponse_element', 'searchResponse'),
  24: none('z3950.presentRequest_element', 'presentRequest'),
  25: none('z3950.presentResponse_element', 'presentResponse'),
  26: none('z3950.deleteResultSetRequest_element', 'deleteResultSetRequest'),
  27: none('z3950.deleteResultSetResponse_element', 'deleteResultSetResponse'),
  28: none('z3950.accessControlRequest_element', 'accessControlRequest'),
  29: none('z3950.accessControlResponse_element', 'accessControlResponse'),
  30: none('z3950.resourceControlRequest_element', 'resourceControlRequest'),
  35: none('z3950.scanRequest_element', 'scanRequest'),
  36: none('z3950.scanResponse_element', 'scanResponse'),
  43: none('z3950.sortRequest_element', 'sortRequest'),
  44: none('z3950.sortResponse_element', 'sortResponse'),
  45: none('z3950.segmentRequest_element', 'segmentRequest'),
  46: none('z3950.extendedServicesRequest_element', 'extendedServicesRequest'),
  47: none('z3950.extendedServicesResponse_element', 'extendedServicesResponse'),
  48: none('z3950.close_element', 'close'),
};
/** Context class, constructed. */
const isChoice = (first: number): boolean => (first & 0xe0) === 0xa0;
const tagOf = (b: Buf, at: number): number => ((b.u8(at) & 0x1f) === 0x1f ? b.u8(at + 1) & 0x7f : b.u8(at) & 0x1f);

export const z3950 = app({
  name: 'z3950',
  short: 'Z39.50',
  title: 'Z39.50 Protocol',
  fields: Object.values(Z_KINDS),
  accepts: (b, o) => isChoice(b[o] as number),
  framer: framer(isChoice),
  read: (layer, b) =>
    kinds(layer, b, (at, length) => {
      const field = Z_KINDS[tagOf(b, at)];
      if (field === undefined) return `PDU ${tagOf(b, at)}`;
      layer.add(field, at, length, null);
      return field.label;
    }),
});

const C_MESSAGE = 0x60;
const c = {
  message: none('c1222.MESSAGE_element', 'MESSAGE'),
  called: uint32('c1222.called_AP_title', 'called-AP-title', { names: names({ 0: 'called-ap-title-abs', 1: 'called-ap-title-rel' }) }),
  calling: uint32('c1222.calling_AP_title', 'calling-AP-title', { names: names({ 0: 'calling-ap-title-abs', 1: 'calling-ap-title-rel' }) }),
  information: none('c1222.user_information_element', 'user-information'),
};
const isMessage = (first: number): boolean => first === C_MESSAGE;
export const c1222 = app({
  name: 'c1222',
  short: 'C12.22',
  title: 'ANSI C12.22',
  fields: Object.values(c),
  accepts: (b, o) => isMessage(b[o] as number),
  framer: framer(isMessage),
  read: (layer, b) =>
    kinds(layer, b, (at, length) => {
      const node = layer.add(c.message, at, length, null);
      const size = b.u8(at + 1);
      const stop = at + length;
      for (let o = at + 2 + (size < 0x80 ? 0 : size & 0x7f), n = 0; o < stop && n < 50; n++) {
        const inner = elementLength(b.bytes, o, stop);
        if (inner <= 0 || o + inner > stop) break;
        const tag = b.u8(o);
        const field = tag === 0xa2 ? c.called : tag === 0xa6 ? c.calling : undefined;
        if (field !== undefined && inner > 2) node.add(field, o + 2, inner - 2, b.u8(o + 2) & 0x1f);
        if (tag === 0xbe) node.add(c.information, o, inner, null);
        o += inner;
      }
      return 'Message';
    }),
});
