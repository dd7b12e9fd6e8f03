/** MACsec (IEEE 802.1AE, clause 9): the security tag, and the payload where it is only authenticated. */
import { bool, bytes, ether, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol } from '../dissect/protocol.ts';
import { callEthertype, etherTypes, followEthertype } from './ethertype.ts';
import { callData, followData } from './next.ts';
import { claimedEnd } from './trailer.ts';

const TAG_BYTES = 6;
const SCI_BYTES = 8;
const ICV_BYTES = 16;
const HAS_SCI = 0x20;
const ENCRYPTED = 0x08;
const CHANGED = 0x04;

const f = {
  tci: uint8('macsec.TCI', 'TCI', { base: 'hex', mask: 0xfc }),
  version: uint8('macsec.TCI.V', 'VER', { base: 'hex', mask: 0x80 }),
  es: bool('macsec.TCI.ES', 'ES', { mask: 0x40 }),
  sc: bool('macsec.TCI.SC', 'SC', { mask: HAS_SCI }),
  scb: bool('macsec.TCI.SCB', 'SCB', { mask: 0x10 }),
  e: bool('macsec.TCI.E', 'E', { mask: ENCRYPTED }),
  c: bool('macsec.TCI.C', 'C', { mask: CHANGED }),
  an: uint8('macsec.AN', 'AN', { base: 'hex', mask: 0x03 }),
  shortLength: uint8('macsec.SL', 'Short length'),
  packetNumber: uint32('macsec.PN', 'Packet number'),
  system: ether('macsec.SCI.system_identifier', 'System Identifier'),
  port: uint16('macsec.SCI.port_identifier', 'Port Identifier'),
  type: uint16('macsec.etype', 'Ethertype', { base: 'hex', names: etherTypes }),
  icv: bytes('macsec.ICV', 'ICV'),
};

const tagBytes = (tci: number): number => TAG_BYTES + ((tci & HAS_SCI) !== 0 ? SCI_BYTES : 0);
const isReadable = (tci: number): boolean => (tci & (ENCRYPTED | CHANGED)) === 0;

export const macsec = defineProtocol({
  name: 'macsec',
  short: 'MACSEC',
  title: '802.1AE Security tag',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(f),

  index(w) {
    if (!w.has(TAG_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const tci = b[o] as number;
    const tag = tagBytes(tci);
    if (!isReadable(tci)) {
      if (w.has(tag)) followData(w, o + tag);
      return;
    }
    if (w.has(tag + 2)) followEthertype(w, ((b[o + tag] as number) << 8) | (b[o + tag + 1] as number), o + tag + 2);
  },

  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(macsec, b);
    d.column(macsec, 'MACsec frame');
    const tci = b.u8(o);
    const node = layer.uintNode(f.tci, o);
    for (const flag of [f.version, f.es, f.sc, f.scb, f.e, f.c]) node.uint(flag, o, 1);
    layer.uint(f.an, o);
    layer.uint(f.shortLength, o + 1);
    const number = layer.uint(f.packetNumber, o + 2);
    if ((tci & HAS_SCI) !== 0) {
      layer.bytes(f.system, o + 6, 6);
      layer.uint(f.port, o + 12);
    }
    const tag = tagBytes(tci);
    layer.size(tag);
    layer.summary = `Packet number ${number} · ${isReadable(tci) ? 'authenticated' : 'encrypted'}`;
    if (!layer.ok) return;
    if (!isReadable(tci)) return callData(d, b.from(o + tag));
    const type = layer.uint(f.type, o + tag);
    layer.size(tag + 2);
    if (!layer.ok) return;
    const payload = b.from(o + tag + 2);
    callEthertype(d, type, payload);
    // The check value is what is left behind a payload that says how long it is.
    const end = claimedEnd(type, payload);
    if (b.wireEnd - end >= ICV_BYTES && b.wireEnd <= b.end) layer.bytes(f.icv, b.wireEnd - ICV_BYTES, ICV_BYTES);
  },
});
