// RFC 7348 (VXLAN) and RFC 8926 (Geneve): Ethernet over UDP.
import { bool, bytes, TRUE_FALSE, uint8, uint16, uint24 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { ethernet } from './ethernet.ts';
import { etherTypes } from './ethertype.ts';
import { callOrData, followOrData } from './next.ts';

const VXLAN_HEADER_BYTES = 8;
const GENEVE_HEADER_BYTES = 8;
const TRANSPARENT_BRIDGING = 0x6558;

const v = {
  flags: uint16('vxlan.flags', 'Flags', { base: 'hex' }),
  flagVni: bool('vxlan.flag_i', 'VXLAN Network ID (VNI)', { bool: TRUE_FALSE, mask: 0x0800 }),
  groupPolicy: uint16('vxlan.gbp', 'Group Policy ID'),
  vni: uint24('vxlan.vni', 'VXLAN Network Identifier (VNI)'),
  reserved: uint8('vxlan.reserved8', 'Reserved'),
};

export const vxlan: Protocol = defineProtocol({
  name: 'vxlan',
  short: 'VXLAN',
  title: 'Virtual eXtensible Local Area Network',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(v),
  accepts: (_bytes, offset, end) => end - offset >= VXLAN_HEADER_BYTES,
  index(w) {
    if (w.has(VXLAN_HEADER_BYTES)) w.follow(ethernet, w.offset + VXLAN_HEADER_BYTES);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(vxlan, b);
    layer.size(VXLAN_HEADER_BYTES);
    d.column(vxlan);
    const flags = layer.uintNode(v.flags, o);
    flags.uint(v.flagVni, o, 2);
    layer.uint(v.groupPolicy, o + 2);
    const vni = layer.uint(v.vni, o + 4, 3);
    layer.uint(v.reserved, o + 7);
    layer.summary = `VNI ${vni}`;
    if (layer.ok) d.call(ethernet, b.from(o + VXLAN_HEADER_BYTES));
  },
});

const g = {
  version: uint8('geneve.version', 'Version', { mask: 0xc0 }),
  optionBytes: uint8('geneve.option_length', 'Length', { mask: 0x3f }),
  flags: uint8('geneve.flags', 'Flags', { base: 'hex' }),
  proto: uint16('geneve.proto_type', 'Protocol Type', {
    base: 'hex',
    names: (value) => (value === TRANSPARENT_BRIDGING ? 'Transparent Ethernet bridging' : etherTypes.get(value)),
  }),
  vni: uint24('geneve.vni', 'Virtual Network Identifier (VNI)', { base: 'hex_dec' }),
  options: bytes('geneve.options', 'Options'),
};

function genevePayload(type: number): Protocol | undefined {
  return type === TRANSPARENT_BRIDGING ? ethernet : tables.ethertype.lookup(type);
}

export const geneve: Protocol = defineProtocol({
  name: 'geneve',
  short: 'Geneve',
  title: 'Generic Network Virtualization Encapsulation',
  osi: '2',
  pdu: 'Packet',
  hue: 'link',
  fields: Object.values(g),
  accepts: (bytes, offset, end) => end - offset >= GENEVE_HEADER_BYTES && (bytes[offset] as number) >> 6 === 0,
  index(w) {
    if (!w.has(GENEVE_HEADER_BYTES)) return;
    const { bytes: b, offset: o } = w;
    const length = GENEVE_HEADER_BYTES + 4 * ((b[o] as number) & 0x3f);
    if (w.has(length)) followOrData(w, genevePayload(((b[o + 2] as number) << 8) | (b[o + 3] as number)), o + length);
  },
  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(geneve, b);
    d.column(geneve);
    layer.uint(g.version, o);
    const options = 4 * (b.u8(o) & 0x3f);
    if (layer.has(o, 1)) layer.add(g.optionBytes, o, 1, options, { display: `${options} bytes` });
    layer.uint(g.flags, o + 1);
    const type = layer.uint(g.proto, o + 2);
    const vni = layer.uint(g.vni, o + 4, 3);
    layer.size(GENEVE_HEADER_BYTES + options);
    if (options > 0) layer.bytes(g.options, o + GENEVE_HEADER_BYTES, options);
    layer.summary = `VNI ${vni}`;
    if (layer.ok) callOrData(d, genevePayload(type), b.from(o + GENEVE_HEADER_BYTES + options));
  },
});
