/** PIM version 2 (RFC 7761, section 4.9): the header, and the packet in a Register message. */
import { expectedChecksum, sum16 } from '../bytes/checksum.ts';
import { bool, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';

const REGISTER = 1;
const HEADER_BYTES = 4;
const REGISTER_BYTES = 8;

const types = names({
  0: 'Hello',
  1: 'Register',
  2: 'Register-stop',
  3: 'Join/Prune',
  4: 'Bootstrap',
  5: 'Assert',
  6: 'Graft',
  7: 'Graft-Ack',
  8: 'Candidate-RP-Advertisement',
  9: 'State-Refresh',
  10: 'DF election',
  11: 'ECMP redirect',
  12: 'PFM source discovery',
});

const f = {
  version: uint8('pim.version', 'Version', { mask: 0xf0 }),
  type: uint8('pim.type', 'Type', { mask: 0x0f, names: types }),
  checksum: uint16('pim.cksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('pim.cksum.status', 'Checksum Status', { base: 'none', generated: true, names: checksumStatus }),
  registerFlags: uint32('pim.register_flag', 'Flags', { base: 'hex' }),
  border: bool('pim.register_flag.border', 'Border', { bool: ['Yes', 'No'], mask: 0x80000000 }),
  nullRegister: bool('pim.register_flag.null_register', 'Null-Register', { bool: ['Yes', 'No'], mask: 0x40000000 }),
};

/** The packet in a Register message, by its first nibble. */
function inner(b: Uint8Array, o: number, end: number): Protocol | undefined {
  if (o + REGISTER_BYTES >= end || b[o] !== 0x20 + REGISTER) return undefined;
  const version = (b[o + REGISTER_BYTES] as number) >> 4;
  return version === 4 ? tables.ethertype.lookup(0x0800) : version === 6 ? tables.ethertype.lookup(0x86dd) : undefined;
}

export const pim: Protocol = defineProtocol({
  name: 'pim',
  short: 'PIMv2',
  title: 'Protocol Independent Multicast',
  osi: '3',
  pdu: 'Message',
  hue: 'net',
  fields: Object.values(f),

  index(w) {
    if (w.has(HEADER_BYTES)) w.follow(inner(w.bytes, w.offset, w.end), w.offset + REGISTER_BYTES);
  },

  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(pim, b);
    d.column(pim);
    layer.uint(f.version, o);
    const type = layer.uint(f.type, o);
    layer.summary = types.get(type) ?? `Unknown (${type})`;
    d.column(pim, layer.node.summary);
    const written = layer.uint(f.checksum, o + 2);
    if (!layer.ok) return;
    // A Register's checksum covers its own eight octets only (RFC 7761, section 4.9).
    const end = type === REGISTER ? Math.min(b.end, o + REGISTER_BYTES) : b.end;
    const whole = b.wireEnd <= b.end || type === REGISTER;
    const overIpv6 = d.netSrc?.length === 16;
    const status =
      !whole || overIpv6
        ? CHECKSUM_UNVERIFIED
        : expectedChecksum(written, sum16(b.bytes, o, end)) === written
          ? CHECKSUM_GOOD
          : CHECKSUM_BAD;
    layer.add(f.checksumStatus, o + 2, 0, status);
    if (type !== REGISTER) {
      const rest = b.end - o - HEADER_BYTES;
      if (rest > 0) layer.text(o + HEADER_BYTES, rest, 'Not taken apart', `${rest} bytes`);
      return;
    }
    layer.size(REGISTER_BYTES);
    const flags = layer.uintNode(f.registerFlags, o + 4);
    flags.uint(f.border, o + 4, 4);
    flags.uint(f.nullRegister, o + 4, 4);
    const protocol = inner(b.bytes, o, b.end);
    if (layer.ok && protocol !== undefined) d.call(protocol, b.from(o + REGISTER_BYTES));
  },
});
