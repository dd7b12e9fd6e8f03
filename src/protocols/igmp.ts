// RFC 1112, 2236 and 3376: Internet group management, versions 1 to 3.
import { expectedChecksum, sum16 } from '../bytes/checksum.ts';
import { formatIpv4 } from '../bytes/format.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, bytes, expert, ipv4, names, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, checksumStatus } from './ip-names.ts';
import { dvmrp, pimVersion1, rgmp } from './named.ts';

const Type = {
  Query: 0x11,
  ReportV1: 0x12,
  ReportV2: 0x16,
  Leave: 0x17,
  ReportV3: 0x22,
  TraceResponse: 0x1e,
  Trace: 0x1f,
  Dvmrp: 0x13,
  Pim: 0x14,
} as const;

/** Types from here to 255 are of RGMP. */
const FIRST_OF_RGMP = 0xfc;

const types = names({
  1: 'Create Group Request',
  2: 'Create Group Reply',
  3: 'Join Group Request',
  4: 'Join Group Reply',
  5: 'Leave Group Request',
  6: 'Leave Group Reply',
  7: 'Confirm Group Request',
  8: 'Confirm Group Reply',
  17: 'Membership Query',
  18: 'Membership Report',
  19: 'DVMRP Protocol',
  20: 'PIM Routing Message',
  21: 'Cisco Trace Messages',
  22: 'Membership Report',
  23: 'Leave Group',
  30: 'Traceroute Response',
  31: 'Traceroute Query or Request',
  34: 'Membership Report',
});

const recordTypes = names({
  1: 'Mode Is Include',
  2: 'Mode Is Exclude',
  3: 'Change To Include Mode',
  4: 'Change To Exclude Mode',
  5: 'Allow New Sources',
  6: 'Block Old Sources',
});

/** Of a traceroute for multicast (draft-ietf-idmr-traceroute-ipm, sections 5.9 and 5.13). */
const routingProtocols = names({
  1: 'DVMRP',
  2: 'MOSPF',
  3: 'PIM',
  4: 'CBT',
  5: 'PIM using special routing table',
  6: 'PIM using a static route',
  7: 'DVMRP using a static route',
  8: 'PIM using MBGP (aka BGP4+) route',
  9: 'CBT using special routing table',
  10: 'CBT using a static route',
  11: 'PIM using state created by Assert processing',
});
const forwardingCodes = names({
  0: 'NO_ERROR',
  1: 'WRONG_IF',
  2: 'PRUNE_SENT',
  3: 'PRUNE_RCVD',
  4: 'SCOPED',
  5: 'NO_ROUTE',
  6: 'WRONG_LAST_HOP',
  7: 'NOT_FORWARDING',
  8: 'REACHED_RP',
  9: 'RPF_IF',
  10: 'NO_MULTICAST',
  11: 'INFO_HIDDEN',
  129: 'NO_SPACE',
  130: 'OLD_ROUTER',
  131: 'ADMIN_PROHIB',
});

const f = {
  version: uint8('igmp.version', 'IGMP Version', { generated: true }),
  type: uint8('igmp.type', 'Type', { base: 'hex', names: types }),
  maxResponse: uint8('igmp.max_resp', 'Max Resp Time'),
  exponent: uint8('igmp.max_resp.exp', 'Exponent', { base: 'hex', mask: 0x70 }),
  mantissa: uint8('igmp.max_resp.mant', 'Mantissa', { base: 'hex', mask: 0x0f }),
  reserved: bytes('igmp.reserved', 'Reserved'),
  checksum: uint16('igmp.checksum', 'Checksum', { base: 'hex' }),
  checksumStatus: uint8('igmp.checksum.status', 'Checksum Status', { base: 'none', names: checksumStatus, generated: true }),
  address: ipv4('igmp.maddr', 'Multicast Address'),
  suppress: bool('igmp.s', 'S', {
    mask: 0x08,
    bool: ['SUPPRESS router side processing', 'Do not suppress router side processing'],
  }),
  robustness: uint8('igmp.qrv', 'QRV', { mask: 0x07 }),
  interval: uint8('igmp.qqic', 'QQIC'),
  sourceCount: uint16('igmp.num_src', 'Num Src'),
  source: ipv4('igmp.saddr', 'Source Address'),
  recordCount: uint16('igmp.num_grp_recs', 'Num Group Records'),
  recordType: uint8('igmp.record_type', 'Record Type', { names: recordTypes }),
  auxLength: uint8('igmp.aux_data_len', 'Aux Data Len'),
  auxData: bytes('igmp.aux_data', 'Aux Data'),
  hops: uint8('igmp.mtrace.max_hops', '# hops'),
  traceSource: ipv4('igmp.mtrace.saddr', 'Source Address'),
  receiver: ipv4('igmp.mtrace.raddr', 'Receiver Address'),
  response: ipv4('igmp.mtrace.rspaddr', 'Response Address'),
  responseTtl: uint8('igmp.mtrace.resp_ttl', 'Response TTL'),
  query: uint24('igmp.mtrace.q_id', 'Query ID'),
  arrival: uint32('igmp.mtrace.q_arrival', 'Query Arrival'),
  inAddress: ipv4('igmp.mtrace.q_inaddr', 'In itf addr'),
  outAddress: ipv4('igmp.mtrace.q_outaddr', 'Out itf addr'),
  previous: ipv4('igmp.mtrace.q_prevrtr', 'Previous rtr addr'),
  inPackets: uint32('igmp.mtrace.q_inpkt', 'In pkts'),
  outPackets: uint32('igmp.mtrace.q_outpkt', 'Out pkts'),
  groupPackets: uint32('igmp.mtrace.q_total', 'S,G pkt count'),
  routing: uint8('igmp.mtrace.q_rtg_proto', 'Rtg Protocol', { names: routingProtocols }),
  forwardTtl: uint8('igmp.mtrace.q_fwd_ttl', 'FwdTTL'),
  zero: uint8('igmp.mtrace.q_mbz', 'MBZ', { base: 'hex', mask: 0x80 }),
  noSource: uint8('igmp.mtrace.q_s', 'S', { base: 'hex', mask: 0x40 }),
  sourceMask: uint8('igmp.mtrace.q_src_mask', 'Src Mask', { base: 'hex', mask: 0x3f }),
  forwarding: uint8('igmp.mtrace.q_fwd_code', 'Forwarding Code', { base: 'hex', names: forwardingCodes }),
  data: bytes('igmp.data', 'Data'),
  eiChecksum: expert('igmp.bad_checksum', 'error', 'Bad checksum', 'checksum'),
};

const about = { name: 'igmp', short: 'IGMP', title: 'Internet Group Management Protocol', osi: '3', pdu: 'Message', hue: 'net' } as const;

/** The message itself. Wireshark counts it as a protocol of its own, of the same name. */
const igmpMessage = defineProtocol({ ...about, fields: [], dissect: dissectMessage });

export const igmp = defineProtocol({
  ...about,
  fields: Object.values(f),

  index(w) {
    if (!w.has(1)) return;
    const type = w.bytes[w.offset] as number;
    const other = carried(type);
    if (other !== undefined) w.follow(other, w.offset);
    else if (isKnown(type)) w.follow(igmpMessage, w.offset);
  },

  dissect(d, b) {
    const other = carried(b.u8(b.offset));
    if (other !== undefined) {
      d.call(other, b);
      return;
    }
    if (isKnown(b.u8(b.offset))) {
      d.call(igmpMessage, b);
      return;
    }
    const layer = d.layer(igmp, b);
    const type = layer.uint(f.type, b.offset);
    layer.summary = types.get(type) ?? `Unknown type 0x${type.toString(16)}`;
    d.column(igmp, `Unknown Type:0x${type.toString(16).padStart(2, '0')}`);
    if (layer.ok && b.length > 1) layer.bytes(f.data, b.offset + 1, b.length - 1);
  },
});

/** Routing protocols that travel as IGMP, with their own messages. */
function carried(type: number): Protocol | undefined {
  if (type >= FIRST_OF_RGMP) return rgmp;
  return type === Type.Dvmrp ? dvmrp : type === Type.Pim ? pimVersion1 : undefined;
}

function isKnown(type: number): boolean {
  return (
    type === Type.Query ||
    type === Type.ReportV1 ||
    type === Type.ReportV2 ||
    type === Type.Leave ||
    type === Type.ReportV3 ||
    isTrace(type)
  );
}

function isTrace(type: number): boolean {
  return type === Type.Trace || type === Type.TraceResponse;
}

function dissectMessage(d: Dissection, b: Buf): void {
  const o = b.offset;
  const layer = d.layer(igmp, b);
  const type = b.u8(o);
  if (isTrace(type)) {
    addTrace(d, layer, b);
    return;
  }
  // RFC 3376, section 7.1: a query of 8 bytes is of version 1 if its response time is 0, else of version 2.
  const version =
    type === Type.ReportV3 || (type === Type.Query && b.wireLength >= 12) ? 3 : type === Type.ReportV1 || b.u8(o + 1) === 0 ? 1 : 2;
  const shown = type === Type.ReportV2 || type === Type.Leave ? 2 : version;
  d.columns.protocol = `IGMPv${shown}`;
  d.columns.hue = 'net';
  layer.add(f.version, o, 0, shown);
  layer.uint(f.type, o);
  if (type === Type.ReportV3) {
    addReport(d, layer, b);
    return;
  }
  if (shown === 1) layer.bytes(f.reserved, o + 1, 1);
  else addMaxResponse(layer, o, shown);
  addChecksum(d, layer, b);
  const group = layer.bytes(f.address, o + 4);
  if (!layer.ok) return;
  const address = formatIpv4(group);
  const name = types.get(type) ?? '';
  let info = type === Type.Leave ? `Leave Group ${address}` : `${name} group ${address}`;
  if (type === Type.Query) info = `Membership Query, ${group.every((byte) => byte === 0) ? 'general' : `specific for group ${address}`}`;
  d.columns.info = info;
  layer.summary = info;
  if (shown !== 3) return;
  layer.uint(f.suppress, o + 8, 1);
  layer.uint(f.robustness, o + 8);
  layer.uint(f.interval, o + 9);
  const count = layer.uint(f.sourceCount, o + 10);
  for (let i = 0; layer.ok && i < count; i++) layer.bytes(f.source, o + 12 + 4 * i);
}

const TRACE_HEADER = 24;
const TRACE_BLOCK = 32;

/** A traceroute for multicast: the query of a receiver, or with a block of each router that it has passed (draft-ietf-idmr-traceroute-ipm, section 5). */
function addTrace(d: Dissection, layer: Layer, b: Buf): void {
  const o = b.offset;
  const blocks = Math.floor(Math.max(0, b.wireLength - TRACE_HEADER) / TRACE_BLOCK);
  const name = b.u8(o) === Type.TraceResponse ? 'Traceroute Response' : blocks > 0 ? 'Traceroute Request' : 'Traceroute Query';
  d.column(igmp, name);
  layer.summary = name;
  layer.uint(f.type, o, 1, { display: `${name} (0x${b.u8(o).toString(16)})` });
  layer.uint(f.hops, o + 1);
  addChecksum(d, layer, b);
  layer.bytes(f.address, o + 4);
  layer.bytes(f.traceSource, o + 8);
  layer.bytes(f.receiver, o + 12);
  layer.bytes(f.response, o + 16);
  layer.uint(f.responseTtl, o + 20);
  layer.uint(f.query, o + 21);
  for (let i = 0, at = o + TRACE_HEADER; i < blocks && layer.has(at, TRACE_BLOCK); i++, at += TRACE_BLOCK) {
    const way = `${formatIpv4(b.slice(at + 4, 4))} → ${formatIpv4(b.slice(at + 8, 4))}`;
    const code = forwardingCodes.get(b.u8(at + 31)) ?? 'Unknown';
    const block = layer.text(
      at,
      TRACE_BLOCK,
      'Response data block',
      `${way} · ${routingProtocols.get(b.u8(at + 28)) ?? 'Unknown'} · ${code}`,
    );
    block.uint(f.arrival, at);
    for (const [k, field] of [f.inAddress, f.outAddress, f.previous].entries()) block.bytes(field, at + 4 + 4 * k);
    for (const [k, field] of [f.inPackets, f.outPackets, f.groupPackets].entries()) block.uint(field, at + 16 + 4 * k);
    block.uint(f.routing, at + 28);
    block.uint(f.forwardTtl, at + 29);
    for (const bit of [f.zero, f.noSource, f.sourceMask]) block.uint(bit, at + 30);
    block.uint(f.forwarding, at + 31);
  }
}

function addMaxResponse(layer: Layer, o: number, version: number): void {
  const code = layer.buf.u8(o + 1);
  // RFC 3376, section 4.1.1: from 128 on a floating-point number. In tenths of a second.
  const time = version === 3 && code >= 128 ? ((code & 15) | 16) << (((code >> 4) & 7) + 3) : code;
  const node = layer.uintNode(f.maxResponse, o + 1, 1, {
    display: `${(time / 10).toFixed(1)} sec (0x${code.toString(16).padStart(2, '0')})`,
  });
  if (version === 3 && code >= 128) {
    node.uint(f.exponent, o + 1);
    node.uint(f.mantissa, o + 1);
  }
}

function addReport(d: Dissection, layer: Layer, b: Buf): void {
  const o = b.offset;
  layer.bytes(f.reserved, o + 1, 1);
  addChecksum(d, layer, b);
  layer.bytes(f.reserved, o + 4, 2);
  const count = layer.uint(f.recordCount, o + 6);
  const words: string[] = [];
  for (let i = 0, at = o + 8; layer.ok && i < count; i++) {
    if (!layer.has(at, 8)) break;
    const type = b.u8(at);
    const sources = b.u16(at + 2);
    const size = 8 + 4 * sources + 4 * b.u8(at + 1);
    const address = formatIpv4(b.slice(at + 4, 4));
    const record = layer.text(at, Math.min(size, b.end - at), 'Group Record', `${address} · ${recordTypes.get(type) ?? 'Unknown'}`);
    record.uint(f.recordType, at);
    const aux = 4 * record.uint(f.auxLength, at + 1);
    record.uint(f.sourceCount, at + 2);
    record.bytes(f.address, at + 4);
    for (let s = 0; layer.ok && s < sources; s++) record.bytes(f.source, at + 8 + 4 * s);
    if (aux > 0) record.bytes(f.auxData, at + 8 + 4 * sources, aux);
    if (words.length < 8) words.push(recordInfo(type, address, sources));
    at += size;
  }
  const info = words.length === 0 ? 'Membership Report' : `Membership Report / ${words.join(' / ')}`;
  d.columns.info = info;
  layer.summary = info;
}

function recordInfo(type: number, address: string, sources: number): string {
  if ((type === 2 || type === 4) && sources === 0) return `Join group ${address} for any sources`;
  if ((type === 1 || type === 3) && sources === 0) return `Leave group ${address}`;
  if (type === 5) return `Group ${address}, new source`;
  if (type === 6) return `Group ${address}, block source`;
  return `Group ${address}, ${recordTypes.get(type) ?? 'unknown record'}`;
}

function addChecksum(d: Dissection, layer: Layer, b: Buf): void {
  const at = b.offset + 2;
  if (!layer.has(at, 2)) return;
  const written = b.u16(at);
  if (d.fragmented || d.quoted || b.wireEnd > b.end) {
    layer.uint(f.checksum, at);
    layer.add(f.checksumStatus, at, 0, CHECKSUM_UNVERIFIED);
    return;
  }
  const right = expectedChecksum(written, sum16(b.bytes, b.offset, b.end));
  const good = right === written;
  const node = layer.uintNode(f.checksum, at, 2, {
    display: `0x${written.toString(16).padStart(4, '0')} ${good ? '[correct]' : `incorrect, should be 0x${right.toString(16).padStart(4, '0')}`}`,
  });
  if (!good) node.expert(f.eiChecksum, at, 2);
  layer.add(f.checksumStatus, at, 0, good ? CHECKSUM_GOOD : CHECKSUM_BAD);
}
