/** sFlow version 5 (sflow.org, "sFlow Version 5", 2004): counters are named, sampled packets are taken apart. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, ipv4, ipv6, names, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { callQuoted } from './quoted.ts';

const FORMAT = 0xfff;
const FLOW = 1;
const EXPANDED_FLOW = 3;
/** Bytes of a flow sample before its records, with and without expanded interface numbers. */
const FLOW_BYTES = 32;
const EXPANDED_FLOW_BYTES = 44;
const RAW_HEADER = 1;

const sampleTypes = names({
  1: 'Flow sample',
  2: 'Counters sample',
  3: 'Expanded flow sample',
  4: 'Expanded counters sample',
  7: 'Lag Port stats',
});
const headerProtocols = names({
  1: 'Ethernet',
  2: 'Token Bus',
  3: 'Token Ring',
  4: 'FDDI',
  5: 'Frame Relay',
  6: 'X.25',
  7: 'PPP',
  8: 'SMDS',
  9: 'ATM AAL5',
  10: 'ATM AAL5-IP (e.g., Cisco AAL5 mux)',
  11: 'IPv4',
  12: 'IPv6',
  13: 'MPLS',
  14: 'PPP over SONET/SDH (RFC 1662, 2615)',
  15: '802.11 MAC',
  16: '802.11n Aggregated MPDU',
  17: 'A-MSDU Subframe',
});

const f = {
  version: uint32('sflow_245.version', 'Datagram version'),
  agentType: uint32('sflow_245.agenttype', 'Agent address type', { names: names({ 0: 'Unknown', 1: 'IPv4', 2: 'IPv6' }) }),
  agent: ipv4('sflow_245.agent', 'Agent address'),
  agent6: ipv6('sflow_245.agent.v6', 'Agent address'),
  subAgent: uint32('sflow_245.sub_agent_id', 'Sub-agent ID'),
  sequence: uint32('sflow_245.sequence_number', 'Sequence number'),
  uptime: uint32('sflow_245.sysuptime', 'SysUptime', { unit: 'ms' }),
  samples: uint32('sflow_245.numsamples', 'NumSamples'),
  sampleType: uint32('sflow_245.sampletype', 'sFlow sample type', { mask: FORMAT, names: sampleTypes }),
  recordFormat: uint32('sflow_245.flow_record_format', 'Format', {
    mask: FORMAT,
    names: names({
      1: 'Raw packet header',
      2: 'Ethernet frame data',
      3: 'IPv4 data',
      4: 'IPv6 data',
      1001: 'Extended switch data',
      1002: 'Extended router data',
      1003: 'Extended gateway data',
      1004: 'Extended user data',
      1005: 'Extended URL data',
      1006: 'Extended MPLS data',
      1007: 'Extended NAT data',
      1008: 'Extended MPLS tunnel data',
      1009: 'Extended MPLS VC data',
      1010: 'Extended MPLS FEC data',
      1011: 'Extended MPLS LVP FEC data',
      1012: 'Extended VLAN tunnel',
      1013: 'Extended 802.11 payload',
      1014: 'Extended 802.11 RX',
      1015: 'Extended 802.11 TX',
      1016: 'Extended 802.11 aggregation',
    }),
  }),
  headerProtocol: uint32('sflow_245.header_protocol', 'Header protocol', { names: headerProtocols }),
  header: bytes('sflow_245.header', 'Header of sampled packet'),
};

function u32(b: Uint8Array, at: number): number {
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}

/** Where the samples begin: behind the agent's address and four numbers. 0 for a version that is not taken apart. */
function samplesAt(b: Uint8Array, o: number, end: number): number {
  if (o + 8 > end || u32(b, o) !== 5) return 0;
  const type = u32(b, o + 4);
  const at = o + 8 + (type === 1 ? 4 : type === 2 ? 16 : 0) + 16;
  return at <= end ? at : 0;
}

/** Bytes before the records of a sample of this type; 0 if it has no flow records. */
function recordsFrom(type: number): number {
  return type === FLOW ? FLOW_BYTES : type === EXPANDED_FLOW ? EXPANDED_FLOW_BYTES : 0;
}

function headerDissector(type: number): Protocol | undefined {
  if (type === 1) return tables.linktype.lookup(1);
  if (type === 11) return tables.ethertype.lookup(0x0800);
  return type === 12 ? tables.ethertype.lookup(0x86dd) : undefined;
}

export const sflow: Protocol = defineProtocol({
  name: 'sflow',
  short: 'sFlow',
  title: 'InMon sFlow',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: Object.values(f),

  index(w: IndexWalk) {
    const { bytes: b, end } = w;
    let at = samplesAt(b, w.offset, end);
    if (at === 0) return;
    for (; at + 8 <= end; at += 8 + u32(b, at + 4)) {
      const skip = recordsFrom(u32(b, at));
      const sampleEnd = Math.min(end, at + 8 + u32(b, at + 4));
      if (skip === 0) continue;
      for (let r = at + 8 + skip; r + 8 <= sampleEnd; r += 8 + u32(b, r + 4)) {
        if (u32(b, r) !== RAW_HEADER || r + 24 > sampleEnd) continue;
        const protocol = headerDissector(u32(b, r + 8));
        const length = u32(b, r + 20);
        if (protocol !== undefined && length > 0) w.nestQuoted(protocol, r + 24, r + 24 + length);
      }
    }
  },

  dissect(d: Dissection, b: Buf): void {
    const o = b.offset;
    const layer = d.layer(sflow, b);
    d.column(sflow);
    const version = layer.uint(f.version, o);
    layer.summary = `Version ${version}`;
    d.column(sflow, `V${version}`);
    if (version !== 5 || !layer.ok) return;
    const type = layer.uint(f.agentType, o + 4);
    let at = o + 8;
    if (type === 1) layer.bytes(f.agent, at);
    else if (type === 2) layer.bytes(f.agent6, at);
    at += type === 1 ? 4 : type === 2 ? 16 : 0;
    layer.uint(f.subAgent, at);
    const sequence = layer.uint(f.sequence, at + 4);
    layer.uint(f.uptime, at + 8);
    const count = layer.uint(f.samples, at + 12);
    layer.summary = `Version 5 · ${count} samples`;
    d.column(sflow, `V5, seq ${sequence}, ${count} samples`);
    for (at += 16; layer.ok && !d.full && at + 8 <= b.end; ) {
      const end = Math.min(b.end, at + 8 + b.u32(at + 4));
      addSample(d, layer, b, at, end);
      at = at + 8 + b.u32(at + 4);
    }
  },
});

function addSample(d: Dissection, layer: Layer, b: Buf, at: number, end: number): void {
  const type = b.u32(at);
  const node = layer.text(at, end - at, sampleTypes.get(type) ?? `Sample of type ${type}`);
  node.uint(f.sampleType, at);
  const skip = recordsFrom(type);
  if (skip === 0) return;
  for (let r = at + 8 + skip; layer.ok && !d.full && r + 8 <= end; r += 8 + b.u32(r + 4)) {
    const record = node.text(r, Math.min(end - r, 8 + b.u32(r + 4)), 'Flow record');
    record.uint(f.recordFormat, r);
    if (b.u32(r) !== RAW_HEADER || r + 24 > end) continue;
    const protocol = headerDissector(record.uint(f.headerProtocol, r + 8));
    const length = b.u32(r + 20);
    if (length === 0 || r + 24 >= b.end) continue;
    record.add(f.header, r + 24, Math.min(length, b.end - r - 24), b.slice(r + 24, length));
    if (protocol !== undefined) callQuoted(d, protocol, b.from(r + 24, r + 24 + length));
  }
}
