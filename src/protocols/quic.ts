/** QUIC (RFC 9000): the header in clear text. The version before the standard (GQUIC, "Q0xx") is told apart. */
import { bool, bytes, names, string, uint8, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const longTypes = names({ 0: 'Initial', 1: '0-RTT', 2: 'Handshake', 3: 'Retry' });
/** QUIC version 2 (RFC 9369 section 3.2) numbers them differently. */
const longTypes2 = names({ 1: 'Initial', 2: '0-RTT', 3: 'Handshake', 0: 'Retry' });
const VERSION_2 = 0x6b3343cf;

const f = {
  form: bool('quic.header_form', 'Header Form', { mask: 0x80, bool: ['Long Header', 'Short Header'] }),
  fixed: bool('quic.fixed_bit', 'Fixed Bit', { mask: 0x40, bool: ['True', 'False'] }),
  type: uint8('quic.long.packet_type', 'Packet Type', { mask: 0x30, names: longTypes }),
  type2: uint8('quic.long.packet_type_v2', 'Packet Type', { mask: 0x30, names: longTypes2 }),
  version: uint32('quic.version', 'Version', { base: 'hex' }),
  dcil: uint8('quic.dcil', 'Destination Connection ID Length'),
  dcid: bytes('quic.dcid', 'Destination Connection ID'),
  scil: uint8('quic.scil', 'Source Connection ID Length'),
  scid: bytes('quic.scid', 'Source Connection ID'),
  payload: bytes('quic.remaining_payload', 'Remaining Payload'),
};

function knownVersion(version: number): boolean {
  return (
    version === 0 ||
    version === 1 ||
    version === VERSION_2 ||
    version === 0x709a50c4 ||
    // Drafts, Facebook's mvfst, Google's T05x and Q05x, and versions set aside to be refused (RFC 9000 section 15).
    (version >>> 8 === 0xff0000 && (version & 0xff) >= 5 && (version & 0xff) <= 34) ||
    version >>> 4 === 0xfaceb00 ||
    version >>> 8 === 0x543035 ||
    version === 0x51303530 ||
    (version & 0x0f0f0f0f) === 0x0a0a0a0a
  );
}

function u32(b: Uint8Array, o: number): number {
  return (((b[o] as number) << 24) | ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number)) >>> 0;
}

export const quic = app({
  name: 'quic',
  short: 'QUIC',
  title: 'QUIC IETF',
  osi: '4',
  pdu: 'Packet',
  fields: Object.values(f),
  sticky: true,
  accepts(b, o, end) {
    if (end - o < 13 || (b[o] as number) < 0x80) return false;
    const version = u32(b, o + 1);
    const dcil = b[o + 5] as number;
    if (!knownVersion(version) || dcil > 20 || o + 6 + dcil >= end) return false;
    if (version !== 0 && ((b[o] as number) & 0x40) === 0) return false;
    return (b[o + 6 + dcil] as number) <= 20;
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.form, o, 1);
    layer.uint(f.fixed, o, 1);
    if ((b.u8(o) & 0x80) === 0) {
      layer.bytes(f.payload, o + 1, b.end - o - 1);
      return 'Protected Payload (KP0)';
    }
    const version = b.u32(o + 1);
    const second = version === VERSION_2;
    const type = version === 0 ? 0 : layer.uint(second ? f.type2 : f.type, o);
    layer.uint(f.version, o + 1);
    const dcil = layer.uint(f.dcil, o + 5);
    const dcid = dcil > 0 ? layer.bytes(f.dcid, o + 6, dcil) : new Uint8Array(0);
    const scil = layer.uint(f.scil, o + 6 + dcil);
    if (scil > 0) layer.bytes(f.scid, o + 7 + dcil, scil);
    const from = o + 7 + dcil + scil;
    if (from < b.end && layer.ok) layer.bytes(f.payload, from, b.end - from);
    d.columns.protocol = 'QUIC';
    const name = version === 0 ? 'Version Negotiation' : ((second ? longTypes2 : longTypes).get(type) as string);
    return dcid.length > 0 ? `${name}, DCID=${Array.from(dcid, (v) => v.toString(16).padStart(2, '0')).join('')}` : name;
  },
});

const g = {
  flags: uint8('gquic.puflags', 'Public Flags', { base: 'hex' }),
  cid: bytes('gquic.cid', 'CID'),
  version: string('gquic.version', 'Version'),
};

/** Offset of the version in a packet that has one, -1 if this is none: "Q0", two digits. */
function versionAt(b: Uint8Array, o: number, end: number): number {
  if (end - o < 13) return -1;
  const first = b[o] as number;
  const at = (first & 0x80) !== 0 ? o + 1 : (first & 0x01) !== 0 && (first & 0x08) !== 0 ? o + 9 : -1;
  if (at < 0 || b[at] !== 0x51 || b[at + 1] !== 0x30 || (b[at + 2] as number) < 0x32 || (b[at + 2] as number) > 0x34) return -1;
  return at;
}

export const gquic = app({
  name: 'gquic',
  short: 'GQUIC',
  title: 'GQUIC (Google Quick UDP Internet Connections)',
  osi: '4',
  pdu: 'Packet',
  fields: Object.values(g),
  sticky: true,
  accepts: (b, o, end) => versionAt(b, o, end) >= 0,
  read(layer, b) {
    const o = b.offset;
    layer.uint(g.flags, o);
    const at = versionAt(b.bytes, o, b.end);
    if (at === o + 9) layer.bytes(g.cid, o + 1, 8);
    if (at >= 0) layer.string(g.version, at, 4);
    return at >= 0 ? 'Client Hello or other packet with a version' : 'Payload (Encrypted)';
  },
});
