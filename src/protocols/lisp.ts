/**
 * LISP (RFC 9300, RFC 9301): control messages, with the packet that an encapsulated one carries, the data plane, and the reliable
 * transport (draft-ietf-lisp-map-server-reliable-transport): its header and the end marker.
 */
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { bool, expert, nameOf, names, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { be16, lengthFramer, plain } from './app-kit.ts';
import { callOrData, followOrData } from './next.ts';

const HEADER = 8;

export const lispTcp = plain({
  name: 'lisp-tcp',
  short: 'LISP-TCP',
  title: 'Locator/ID Separation Protocol (Reliable Transport)',
  kind: 0,
  leads: [
    {
      field: uint16('lisp-tcp.message.type', 'Type', {
        names: names({
          16: 'Error Notification',
          17: 'Registration',
          18: 'Registration ACK',
          19: 'Registration NACK',
          20: 'Registration Refresh',
          21: 'Mapping Notification',
          22: 'RLOC Membership Subscribe',
          23: 'RLOC Membership Subscribe ACK',
          24: 'RLOC Membership Subscribe NACK',
          25: 'RLOC Membership Unsubscribe',
          26: 'RLOC Membership Element Add',
          27: 'RLOC Membership Element Remove',
          28: 'RLOC Membership Refresh Request',
          29: 'RLOC Membership Refresh Begin',
          30: 'RLOC Membership Refresh End',
        }),
      }),
      offset: 0,
    },
    { field: uint16('lisp-tcp.message.length', 'Length'), offset: 2 },
    { field: uint32('lisp-tcp.message.id', 'Message ID'), offset: 4 },
  ],
  framer: lengthFramer(HEADER, (head) => (be16(head, 2) < HEADER ? REJECT : be16(head, 2))),
});

const ENCAPSULATED_CONTROL = 8;
/** Bytes before the packet that is carried: of a control message (RFC 9301, section 5.8) and of the data header (RFC 9300, section 5.1). */
const CONTROL_BYTES = 4;
const DATA_BYTES = 8;
/** In an encapsulated control message: there is authentication data before the packet (RFC 9303). */
const SECURED = 0x08;

const control = {
  type: uint24('lisp.type', 'Type', {
    mask: 0xf00000,
    names: names({
      1: 'Map-Request',
      2: 'Map-Reply',
      3: 'Map-Register',
      4: 'Map-Notify',
      5: 'Map-Notify-Ack',
      6: 'Map-Referral',
      7: 'Info',
      8: 'Encapsulated Control Message',
    }),
  }),
};

function byVersion(version: number): Protocol | undefined {
  if (version === 4) return tables.ethertype.lookup(0x0800);
  return version === 6 ? tables.ethertype.lookup(0x86dd) : undefined;
}

/** Where the packet that a control message carries begins; 0 for a message that carries none. */
function carriedAt(first: number, offset: number): number {
  return first >> 4 === ENCAPSULATED_CONTROL && (first & SECURED) === 0 ? offset + CONTROL_BYTES : 0;
}

export const lisp: Protocol = defineProtocol({
  name: 'lisp',
  short: 'LISP',
  title: 'Locator/ID Separation Protocol',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: Object.values(control),
  index(w) {
    if (!w.has(3)) return;
    const at = carriedAt(w.bytes[w.offset] as number, w.offset);
    if (at > 0 && at < w.end) followOrData(w, byVersion((w.bytes[at] as number) >> 4), at);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(lisp, b);
    d.column(lisp);
    const type = layer.uint(control.type, o);
    layer.summary = nameOf(control.type, type) ?? `Type ${type}`;
    d.column(lisp, layer.node.summary);
    if (!layer.ok) return;
    const at = carriedAt(b.u8(o), o);
    if (at > 0 && at < b.end) {
      layer.size(CONTROL_BYTES);
      callOrData(d, byVersion(b.u8(at) >> 4), b.from(at));
    } else if (b.length > 3) layer.text(o + 3, b.length - 3, 'Not taken apart', `${b.length - 3} bytes`);
  },
});

const data = {
  flags: uint8('lisp-data.flags', 'Flags', { base: 'hex' }),
  nonceSet: bool('lisp-data.flags.nonce', 'N bit (Nonce present)', { mask: 0x80 }),
  locatorsSet: bool('lisp-data.flags.lsb', 'L bit (Locator-Status-Bits field enabled)', { mask: 0x40 }),
  echo: bool('lisp-data.flags.enr', 'E bit (Echo-Nonce-Request)', { mask: 0x20 }),
  versionSet: bool('lisp-data.flags.mv', 'V bit (Map-Version present)', { mask: 0x10 }),
  instanceSet: bool('lisp-data.flags.iid', 'I bit (Instance ID present)', { mask: 0x08 }),
  reserved: uint8('lisp-data.flags.res', 'Reserved', { base: 'hex', mask: 0x07 }),
  nonce: uint24('lisp-data.nonce', 'Nonce', { base: 'dec_hex' }),
  mapVersion: uint24('lisp-data.mapver', 'Map-Version', { base: 'hex' }),
  sourceVersion: uint24('lisp-data.srcmapver', 'Source Map-Version', { mask: 0xfff000 }),
  destinationVersion: uint24('lisp-data.dstmapver', 'Destination Map-Version', { mask: 0x000fff }),
  instance: uint24('lisp-data.iid', 'Instance ID'),
  locators: uint32('lisp-data.lsb', 'Locator-Status-Bits', { base: 'hex' }),
  locators8: uint8('lisp-data.lsb8', 'Locator-Status-Bits', { base: 'hex' }),
  echoAlone: expert('lisp-data.flags.en_invalid', 'warn', 'Invalid flag combination: if E is set, N MUST be set'),
  both: expert('lisp-data.flags.nv_invalid', 'warn', "Invalid flag combination: N and V can't be set both"),
};

/** LISP's data plane: eight octets in front of a packet. */
export const lispData: Protocol = defineProtocol({
  name: 'lisp-data',
  short: 'LISP-Data',
  title: 'Locator/ID Separation Protocol (Data)',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(data),
  index(w) {
    if (!w.has(DATA_BYTES)) return;
    const at = w.offset + DATA_BYTES;
    followOrData(w, at < w.end ? byVersion((w.bytes[at] as number) >> 4) : undefined, at);
  },
  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(lispData, b);
    d.column(lispData);
    const node = layer.uintNode(data.flags, o);
    const flags = b.u8(o);
    for (const bit of [data.nonceSet, data.locatorsSet, data.echo, data.versionSet, data.instanceSet]) node.uint(bit, o, 1);
    node.uint(data.reserved, o);
    if ((flags & 0x20) !== 0 && (flags & 0x80) === 0) node.expert(data.echoAlone);
    if ((flags & 0x90) === 0x90) node.expert(data.both);
    if ((flags & 0x80) !== 0) layer.uint(data.nonce, o + 1);
    else if ((flags & 0x10) !== 0) {
      const version = layer.uintNode(data.mapVersion, o + 1);
      version.uint(data.sourceVersion, o + 1);
      version.uint(data.destinationVersion, o + 1);
    }
    if ((flags & 0x08) !== 0) {
      layer.uint(data.instance, o + 4);
      if ((flags & 0x40) !== 0) layer.uint(data.locators8, o + 7);
    } else if ((flags & 0x40) !== 0) layer.uint(data.locators, o + 4);
    layer.size(DATA_BYTES);
    layer.summary = (flags & 0x08) !== 0 ? `Instance ${b.u32(o + 4) >>> 8}` : 'No instance';
    if (!layer.has(o, DATA_BYTES)) return;
    const at = o + DATA_BYTES;
    callOrData(d, at < b.end ? byVersion(b.u8(at) >> 4) : undefined, b.from(at));
  },
});
