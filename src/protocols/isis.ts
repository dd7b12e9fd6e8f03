/** IS-IS (ISO 10589, RFC 1195, RFC 5305, RFC 5308): hellos, link state and sequence numbers, with the TLVs that routers send. */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, ipv4, ipv6, names, string, TRUE_FALSE, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callOrData, followOrData } from './next.ts';
import { nlpidNames } from './nlpid-names.ts';

/** Network layer protocol identifier of IS-IS (ISO/IEC TR 9577). */
const NLPID_ISIS = 0x83;
const HEADER = 8;

const types = names({
  15: 'L1 HELLO',
  16: 'L2 HELLO',
  17: 'P2P HELLO',
  18: 'L1 LSP',
  20: 'L2 LSP',
  24: 'L1 CSNP',
  25: 'L2 CSNP',
  26: 'L1 PSNP',
  27: 'L2 PSNP',
});
const tlvNames = names({
  1: 'Area address(es)',
  2: 'IS Reachability',
  6: 'IS Neighbor(s)',
  7: 'Instance Identifier',
  8: 'Padding',
  9: 'LSP entries',
  10: 'Authentication',
  22: 'Extended IS reachability',
  128: 'IP Internal reachability',
  129: 'Protocols supported',
  130: 'IP External reachability',
  132: 'IP Interface address(es)',
  134: 'Traffic Engineering Router ID',
  135: 'Extended IP Reachability',
  137: 'Hostname',
  211: 'Restart Signaling',
  232: 'IPv6 Interface address(es)',
  236: 'IPv6 reachability',
  240: 'Point-to-point Adjacency State',
  242: 'Router Capability',
});
const nlpids = names({ 129: 'ISO 8473 CLNP', 130: 'ISO 9542 ESIS', 131: 'ISIS', 142: 'IPv6', 204: 'IP' });
const upDown = ['Down', 'Up'] as const;

const f = {
  irpd: uint8('isis.irpd', 'Intradomain Routing Protocol Discriminator', {
    base: 'hex',
    names: names({
      ...nlpidNames,
      1: 'X.29',
      8: 'Q.931',
      9: 'Q.2931',
      143: 'Avaya SPBM Fabric IPVPN',
      192: 'TRILL',
      193: 'SubNetwork Dependent Convergence Function',
    }),
  }),
  length: uint8('isis.len', 'Length Indicator'),
  version: uint8('isis.version', 'Version/Protocol ID Extension'),
  idLength: uint8('isis.sysid_len', 'ID Length'),
  type: uint8('isis.type', 'PDU Type', { mask: 0x1f, names: types }),
  typeReserved: uint8('isis.type.reserved', 'Reserved', { mask: 0xe0, base: 'hex' }),
  version2: uint8('isis.version2', 'Version'),
  reserved: uint8('isis.reserved', 'Reserved'),
  areas: uint8('isis.max_area_adr', 'Maximum Area Addresses'),
};

/** What every kind of PDU has under a name of its own. System identifiers are text here, as Wireshark writes them. */
function shared(kind: 'hello' | 'lsp' | 'csnp' | 'psnp') {
  const name = (rest: string): string => `isis.${kind}.${rest}`;
  return {
    tlvType: uint8(name('clv.type'), 'Type', { names: tlvNames }),
    tlvLength: uint8(name('clv.length'), 'Length'),
    iid: uint16(name('iid'), 'Instance Identifier'),
    itid: uint16(name('supported_itid'), 'Supported ITID'),
    pduLength: uint16(name('pdu_length'), 'PDU length'),
  };
}

function sequence(kind: 'csnp' | 'psnp') {
  const name = (rest: string): string => `isis.${kind}.${rest}`;
  return {
    ...shared(kind),
    source: string(name('source_id'), 'Source-ID'),
    circuit: bytes(name('source_circuit'), 'Source-ID-Circuit'),
  };
}

const hello = {
  ...shared('hello'),
  circuit: uint8('isis.hello.circuit_type', 'Circuit type', {
    mask: 3,
    base: 'hex',
    names: names({ 0: 'Reserved 0 (discard PDU)', 1: 'Level 1 only', 2: 'Level 2 only', 3: 'Level 1 and 2' }),
  }),
  circuitReserved: uint8('isis.hello.reserved', 'Reserved', { mask: 0xfc, base: 'hex' }),
  source: string('isis.hello.source_id', 'SystemID {Sender of PDU}'),
  holding: uint16('isis.hello.holding_timer', 'Holding timer'),
  priority: uint8('isis.hello.priority', 'Priority', { mask: 0x7f }),
  lan: string('isis.hello.lan_id', 'SystemID {Designated IS}'),
  localCircuit: uint8('isis.hello.local_circuit_id', 'Local circuit ID'),
  nlpid: uint8('isis.hello.clv_nlpid.nlpid', 'NLPID', { base: 'hex', names: nlpids }),
  area: bytes('isis.hello.area_address', 'Area address'),
  address4: ipv4('isis.hello.clv_ipv4_int_addr', 'IPv4 interface address'),
  address6: ipv6('isis.hello.clv_ipv6_int_addr', 'IPv6 interface address'),
  restart: uint8('isis.hello.clv_restart_flags', 'Restart Signaling Flags', { base: 'hex' }),
  restartSa: bool('isis.hello.clv_restart_flags.sa', 'Suppress Adjacency', { bool: TRUE_FALSE, mask: 4 }),
  restartRa: bool('isis.hello.clv_restart_flags.ra', 'Restart Acknowledgment', { bool: TRUE_FALSE, mask: 2 }),
  restartRr: bool('isis.hello.clv_restart_flags.rr', 'Restart Request', { bool: TRUE_FALSE, mask: 1 }),
  restartTime: uint16('isis.hello.clv_restart.remain_time', 'Remaining holding time'),
  state: uint8('isis.hello.adjacency_state', 'Adjacency State', { names: names({ 0: 'Up', 1: 'Initializing', 2: 'Down' }) }),
  extendedCircuit: uint32('isis.hello.extended_local_circuit_id', 'Extended Local circuit ID', { base: 'hex' }),
  neighbor: string('isis.hello.neighbor_systemid', 'Neighbor SystemID'),
  neighborCircuit: uint32('isis.hello.neighbor_extended_local_circuit_id', 'Neighbor Extended Local circuit ID', { base: 'hex' }),
};

const lsp = {
  ...shared('lsp'),
  life: uint16('isis.lsp.remaining_life', 'Remaining lifetime'),
  id: string('isis.lsp.lsp_id', 'LSP-ID'),
  sequence: uint32('isis.lsp.sequence_number', 'Sequence number', { base: 'hex' }),
  checksum: uint16('isis.lsp.checksum', 'Checksum', { base: 'hex' }),
  partition: bool('isis.lsp.partition_repair', 'Partition Repair', { bool: ['Supported', 'Not supported'], mask: 0x80 }),
  attached: uint8('isis.lsp.att', 'Attachment', { mask: 0x78 }),
  overload: bool('isis.lsp.overload', 'Overload bit', { mask: 4 }),
  isType: uint8('isis.lsp.is_type', 'Type of Intermediate System', {
    mask: 3,
    names: names({
      0: 'Unused 0x0 (invalid)',
      1: 'Level 1',
      2: 'Unused 0x2 (invalid)',
      3: 'Level 2',
    }),
  }),
  area: bytes('isis.lsp.area_address', 'Area address'),
  nlpid: uint8('isis.lsp.clv_nlpid.nlpid', 'NLPID', { base: 'hex', names: nlpids }),
  hostname: string('isis.lsp.hostname', 'Hostname'),
  address4: ipv4('isis.lsp.clv_ipv4_int_addr', 'IPv4 interface address'),
  address6: ipv6('isis.lsp.clv_ipv6_int_addr', 'IPv6 interface address'),
  teRouter: ipv4('isis.lsp.clv_te_router_id', 'Traffic Engineering Router ID'),
  isNeighbor: string('isis.lsp.ext_is_reachability.is_neighbor_id', 'IS neighbor ID'),
  isMetric: uint24('isis.lsp.ext_is_reachability.metric', 'Metric'),
  isMore: uint8('isis.lsp.ext_is_reachability.subclvs_length', 'SubCLV Length'),
  ipMetric: uint32('isis.lsp.ext_ip_reachability.metric', 'Metric'),
  ipDown: bool('isis.lsp.ext_ip_reachability.distribution', 'Distribution', { mask: 0x80, bool: upDown }),
  ipSub: bool('isis.lsp.ext_ip_reachability.subtlv', 'Sub-TLV', { mask: 0x40, bool: ['Yes', 'No'] }),
  ipBits: uint8('isis.lsp.ext_ip_reachability.prefix_length', 'Prefix Length', { mask: 0x3f }),
  ipPrefix: ipv4('isis.lsp.ext_ip_reachability.ipv4_prefix', 'IPv4 prefix'),
  ipMore: uint8('isis.lsp.ext_ip_reachability.subclvs_length', 'SubCLV Length'),
  ip6Metric: uint32('isis.lsp.ipv6_reachability.metric', 'Metric'),
  ip6Down: bool('isis.lsp.ipv6_reachability.distribution', 'Distribution', { mask: 0x80, bool: upDown }),
  ip6External: bool('isis.lsp.ipv6_reachability.distribution_internal', 'Distribution', { mask: 0x40, bool: ['External', 'Internal'] }),
  ip6Sub: bool('isis.lsp.ipv6_reachability.subtlv', 'Sub-TLV', { mask: 0x20, bool: ['Yes', 'No'] }),
  ip6Reserved: uint8('isis.lsp.ipv6_reachability.reserved_bits', 'Reserved bits', { mask: 0x1f, base: 'hex' }),
  ip6Bits: uint8('isis.lsp.ipv6_reachability.prefix_length', 'Prefix Length'),
  ip6Prefix: ipv6('isis.lsp.ipv6_reachability.ipv6_prefix', 'IPv6 prefix'),
  ip6More: uint8('isis.lsp.ipv6_reachability.subclvs_length', 'SubCLV Length'),
  router: uint32('isis.lsp.rt_capable.router_id', 'Router ID', { base: 'hex' }),
  routerS: bool('isis.lsp.rt_capable.flag_s', 'S bit', { bool: TRUE_FALSE, mask: 1 }),
  routerD: bool('isis.lsp.rt_capable.flag_d', 'D bit', { bool: TRUE_FALSE, mask: 2 }),
};

const csnp = {
  ...sequence('csnp'),
  start: string('isis.csnp.start_lsp_id', 'Start LSP-ID'),
  end: string('isis.csnp.end_lsp_id', 'End LSP-ID'),
  entrySequence: uint32('isis.csnp.lsp_seq_num', 'LSP Sequence Number', { base: 'hex' }),
  entryLife: uint16('isis.csnp.lsp_remain_life', 'Remaining Lifetime'),
  entryChecksum: uint16('isis.csnp.lsp_checksum', 'LSP checksum', { base: 'hex' }),
  entryId: string('isis.csnp.lsp_id', 'LSP-ID'),
};
/** Wireshark reads entries and instances of a PSNP into the fields of CSNPs. */
const { iid: _iid, itid: _itid, ...psnp } = sequence('psnp');
const psnpTlvs: Shared = { ...psnp, iid: csnp.iid, itid: csnp.itid };

/** 1111.1111.1111.00-00: system, pseudonode and fragment, as far as `length` goes (6 to 8). */
function systemId(b: Buf, at: number, length: number): string {
  let out = '';
  for (let i = 0; i < length; i++) {
    if (i === 7) out += '-';
    else if (i > 0 && i % 2 === 0) out += '.';
    out += b
      .u8(at + i)
      .toString(16)
      .padStart(2, '0');
  }
  return out;
}

function identity(node: Node, field: FieldDef, at: number, length: number): string {
  if (!node.has(at, length)) return '';
  const text = systemId(node.buf, at, length);
  node.add(field, at, length, text);
  return text;
}

type Shared = ReturnType<typeof shared>;
/** Reads the value of a TLV at [at, end); types it does not know are left. */
type Value = (node: Node, type: number, at: number, end: number) => void;

function tlvs(layer: Layer, from: number, end: number, fields: Shared, value: Value): void {
  let at = from;
  while (at < end && layer.ok && !layer.d.full) {
    if (!layer.has(at, 2)) return;
    const type = layer.buf.u8(at);
    const length = layer.buf.u8(at + 1);
    const node = layer.text(at, 2 + length, `${tlvNames.get(type) ?? 'Unknown code'} (t=${type}, l=${length})`);
    node.uint(fields.tlvType, at);
    node.uint(fields.tlvLength, at + 1);
    if (!layer.has(at + 2, length)) return;
    const stop = at + 2 + length;
    if (type === 7 && length >= 4) {
      node.uint(fields.iid, at + 2);
      for (let topology = at + 4; topology + 2 <= stop; topology += 2) node.uint(fields.itid, topology);
    } else value(node, type, at + 2, stop);
    at = stop;
  }
}

/** Areas: each behind its length, which the field has too, as in Wireshark. */
function areas(node: Node, field: FieldDef, from: number, end: number): void {
  for (let at = from; at < end && node.ok; ) {
    const length = node.buf.u8(at);
    if (at + 1 + length > end) return;
    node.bytes(field, at, 1 + length);
    at += 1 + length;
  }
}

function each(node: Node, field: FieldDef, from: number, end: number, size: number): void {
  for (let at = from; at + size <= end && node.ok; at += size) {
    if (size === 1) node.uint(field, at);
    else node.bytes(field, at, size);
  }
}

const helloValue: Value = (node, type, at, end) => {
  if (type === 1) areas(node, hello.area, at, end);
  else if (type === 129) each(node, hello.nlpid, at, end, 1);
  else if (type === 132) each(node, hello.address4, at, end, 4);
  else if (type === 232) each(node, hello.address6, at, end, 16);
  else if (type === 211 && at < end) {
    const flags = node.uintNode(hello.restart, at);
    flags.uint(hello.restartSa, at, 1);
    flags.uint(hello.restartRa, at, 1);
    flags.uint(hello.restartRr, at, 1);
    if (at + 3 <= end) node.uint(hello.restartTime, at + 1);
  } else if (type === 240 && at < end) {
    node.uint(hello.state, at);
    if (at + 5 <= end) node.uint(hello.extendedCircuit, at + 1);
    if (at + 11 <= end) identity(node, hello.neighbor, at + 5, 6);
    if (at + 15 <= end) node.uint(hello.neighborCircuit, at + 11);
  }
};

/** IPv4 (RFC 5305, section 4) and IPv6 prefixes (RFC 5308, section 2), each with its metric and what it is. */
function prefixes(node: Node, six: boolean, from: number, end: number): void {
  const head = six ? 6 : 5;
  for (let at = from; at + head <= end && node.ok; ) {
    const b = node.buf;
    const control = b.u8(at + 4);
    const bits = six ? b.u8(at + 5) : control & 0x3f;
    const size = (bits + 7) >> 3;
    const full = six ? 16 : 4;
    if (size > full || at + head + size > end) return;
    const sub = (control & (six ? 0x20 : 0x40)) !== 0 && at + head + size < end;
    const more = sub ? 1 + b.u8(at + head + size) : 0;
    const address = new Uint8Array(full);
    address.set(b.slice(at + head, size));
    const item = node.text(at, head + size + more, `${six ? 'IPv6' : 'Ext. IP'} Reachability`);
    item.uint(six ? lsp.ip6Metric : lsp.ipMetric, at);
    item.uint(six ? lsp.ip6Down : lsp.ipDown, at + 4, 1);
    if (six) item.uint(lsp.ip6External, at + 4, 1);
    item.uint(six ? lsp.ip6Sub : lsp.ipSub, at + 4, 1);
    if (six) item.uint(lsp.ip6Reserved, at + 4);
    item.uint(six ? lsp.ip6Bits : lsp.ipBits, at + head - 1);
    item.add(six ? lsp.ip6Prefix : lsp.ipPrefix, at + head, size, address);
    const field = six ? lsp.ip6More : lsp.ipMore;
    if (sub) item.uint(field, at + head + size);
    else item.add(field, at + head + size, 0, 0, { display: 'no sub-TLVs present' });
    at += head + size + more;
  }
}

const lspValue: Value = (node, type, at, end) => {
  if (type === 1) areas(node, lsp.area, at, end);
  else if (type === 129) each(node, lsp.nlpid, at, end, 1);
  else if (type === 132) each(node, lsp.address4, at, end, 4);
  else if (type === 232) each(node, lsp.address6, at, end, 16);
  else if (type === 134) each(node, lsp.teRouter, at, end, 4);
  else if (type === 137) node.string(lsp.hostname, at, end - at);
  else if (type === 135 || type === 236) prefixes(node, type === 236, at, end);
  else if (type === 22) {
    for (let next = at; next + 11 <= end && node.ok; ) {
      const more = node.buf.u8(next + 10);
      const item = node.text(next, Math.min(11 + more, end - next), 'IS Neighbor');
      identity(item, lsp.isNeighbor, next, 7);
      item.uint(lsp.isMetric, next + 7);
      item.uint(lsp.isMore, next + 10);
      next += 11 + more;
    }
  } else if (type === 242 && end - at >= 5) {
    node.uint(lsp.router, at);
    node.uint(lsp.routerS, at + 4, 1);
    node.uint(lsp.routerD, at + 4, 1);
  }
};

const entries: Value = (node, type, from, end) => {
  if (type !== 9) return;
  for (let at = from; at + 16 <= end && node.ok; at += 16) {
    const item = node.text(at, 16, 'LSP Entry');
    item.uint(csnp.entrySequence, at + 10);
    item.uint(csnp.entryLife, at);
    item.uint(csnp.entryChecksum, at + 14);
    identity(node, csnp.entryId, at + 2, 8);
  }
};

interface Part {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly FieldDef[];
  /** Adds the PDU's fields; gives what the info column says behind the type. */
  readonly read: (layer: Layer, o: number, b: Buf, type: number) => string;
}

function part(about: Part): Protocol {
  const self: Protocol = defineProtocol({
    name: about.name,
    short: about.name.toUpperCase().replace('.', ' '),
    title: about.title,
    osi: '3',
    pdu: 'Packet',
    hue: 'net',
    fields: about.fields,
    dissect(d: Dissection, b: Buf): void {
      const layer = d.layer(self, b);
      const type = (b.bytes[b.offset - HEADER + 4] as number) & 0x1f;
      const rest = about.read(layer, b.offset, b, type);
      const info = `${types.get(type)}${rest}`;
      layer.summary = info;
      d.column(self, info);
    },
  });
  return self;
}

/** Where the PDU ends: at its own length, counted from the header of IS-IS on, if the packet has so many bytes. */
const pduEnd = (b: Buf, o: number, length: number): number => Math.min(b.end, o - HEADER + length);

const helloPdu = part({
  name: 'isis.hello',
  title: 'ISIS HELLO',
  fields: Object.values(hello),
  read(layer, o, b, type) {
    layer.uint(hello.circuit, o);
    layer.uint(hello.circuitReserved, o);
    const source = identity(layer, hello.source, o + 1, 6);
    layer.uint(hello.holding, o + 7);
    const length = layer.uint(hello.pduLength, o + 9);
    const lan = type !== 17;
    if (lan) {
      layer.uint(hello.priority, o + 11);
      identity(layer, hello.lan, o + 12, 7);
    } else layer.uint(hello.localCircuit, o + 11);
    if (layer.ok) tlvs(layer, o + (lan ? 19 : 12), pduEnd(b, o, length), hello, helloValue);
    return `, System-ID: ${source}`;
  },
});

const lspPdu = part({
  name: 'isis.lsp',
  title: 'ISO 10589 ISIS Link State Protocol Data Unit',
  fields: Object.values(lsp),
  read(layer, o, b) {
    const length = layer.uint(lsp.pduLength, o);
    const life = layer.uint(lsp.life, o + 2);
    const id = identity(layer, lsp.id, o + 4, 8);
    const number = layer.uint(lsp.sequence, o + 12);
    layer.uint(lsp.checksum, o + 16);
    layer.uint(lsp.partition, o + 18, 1);
    layer.uint(lsp.attached, o + 18);
    layer.uint(lsp.overload, o + 18, 1);
    layer.uint(lsp.isType, o + 18);
    if (layer.ok) tlvs(layer, o + 19, pduEnd(b, o, length), lsp, lspValue);
    return `, LSP-ID: ${id}, Sequence: 0x${number.toString(16).padStart(8, '0')}, Lifetime: ${life}s`;
  },
});

const csnpPdu = part({
  name: 'isis.csnp',
  title: 'ISO 10589 ISIS Complete Sequence Numbers Protocol Data Unit',
  fields: Object.values(csnp),
  read(layer, o, b) {
    const length = layer.uint(csnp.pduLength, o);
    const source = identity(layer, csnp.source, o + 2, 6);
    layer.bytes(csnp.circuit, o + 8, 1);
    const start = identity(layer, csnp.start, o + 9, 8);
    const end = identity(layer, csnp.end, o + 17, 8);
    if (layer.ok) tlvs(layer, o + 25, pduEnd(b, o, length), csnp, entries);
    return `, Source-ID: ${source}.00, Start LSP-ID: ${start}, End LSP-ID: ${end}`;
  },
});

const psnpPdu = part({
  name: 'isis.psnp',
  title: 'ISO 10589 ISIS Partial Sequence Numbers Protocol Data Unit',
  fields: Object.values(psnp),
  read(layer, o, b) {
    const length = layer.uint(psnp.pduLength, o);
    const source = identity(layer, psnp.source, o + 2, 6);
    layer.bytes(psnp.circuit, o + 8, 1);
    if (layer.ok) tlvs(layer, o + 9, pduEnd(b, o, length), psnpTlvs, entries);
    return `, Source-ID: ${source}.00`;
  },
});

const pdus: ReadonlyMap<number, Protocol> = new Map([
  [15, helloPdu],
  [16, helloPdu],
  [17, helloPdu],
  [18, lspPdu],
  [20, lspPdu],
  [24, csnpPdu],
  [25, csnpPdu],
  [26, psnpPdu],
  [27, psnpPdu],
]);

export const isis = defineProtocol({
  name: 'isis',
  short: 'ISIS',
  title: 'ISO 10589 ISIS InTRA Domain Routeing Information Exchange Protocol',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: Object.values(f),
  index(w: IndexWalk) {
    if (!w.has(HEADER)) return;
    const pdu = pdus.get((w.bytes[w.offset + 4] as number) & 0x1f);
    if (pdu !== undefined) w.push(pdu);
  },
  dissect(d, b) {
    const layer = d.layer(isis, b);
    d.column(isis);
    const o = b.offset;
    layer.uint(f.irpd, o);
    layer.uint(f.length, o + 1);
    layer.uint(f.version, o + 2);
    layer.uint(f.idLength, o + 3);
    layer.uint(f.typeReserved, o + 4);
    const type = layer.uint(f.type, o + 4);
    layer.uint(f.version2, o + 5);
    layer.uint(f.reserved, o + 6);
    layer.uint(f.areas, o + 7);
    if (!layer.ok) return;
    layer.size(HEADER);
    layer.summary = types.get(type) ?? `PDU type ${type}`;
    const pdu = pdus.get(type);
    if (pdu !== undefined) d.call(pdu, b.from(o + HEADER));
  },
});

/** OSI network layer over LLC and HDLC (ISO/IEC TR 9577): its first byte says which protocol it is. Has no bytes and no layer. */
export const osi = defineProtocol({
  name: 'osi',
  short: 'OSI',
  title: 'OSI',
  osi: '3',
  pdu: 'Packet',
  hue: 'net',
  fields: [],
  index(w: IndexWalk) {
    followOrData(w, w.end > w.offset && w.bytes[w.offset] === NLPID_ISIS ? isis : undefined, w.offset);
  },
  dissect(d, b) {
    callOrData(d, b.length > 0 && b.u8(b.offset) === NLPID_ISIS ? isis : undefined, b);
  },
});
