/** NetFlow of versions 1, 5, 7, 9 (RFC 3954) and IPFIX (RFC 7011): headers, flows of version 5, and the sets and templates of the later ones. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, ipv4, names, reltime, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { app, be16, lengthFramer } from './app-kit.ts';
import { templateFieldTypes } from './cflow-names.ts';
import { ipProtocols } from './ip-names.ts';
import { put, putRows, row } from './record-kit.ts';

const VERSIONS = new Set([1, 5, 7, 8, 9, 10]);
const MAX_SETS = 1000;
const MAX_FIELDS = 500;
const version = uint16('cflow.version', 'Version');
const count = uint16('cflow.count', 'Count');
const uptime = reltime('cflow.sysuptime', 'SysUptime', { unit: ' seconds' });
const seconds = uint32('cflow.unix_secs', 'CurrentSecs');
const sequence = uint32('cflow.sequence', 'FlowSequence');
/** What stands behind the version, up to the first flow or set. */
const HEADERS: Readonly<Record<number, { readonly size: number; readonly rows: ReturnType<typeof row>[] }>> = {
  1: { size: 16, rows: [row(count, 2), row(seconds, 8)] },
  5: {
    size: 24,
    rows: [
      row(count, 2),
      row(seconds, 8),
      row(uint32('cflow.unix_nsecs', 'CurrentNSecs'), 12),
      row(sequence, 16),
      row(uint8('cflow.engine_type', 'EngineType', { names: names({ 0: 'RP', 1: 'VIP/Linecard', 2: 'PFC/DFC' }) }), 20),
      row(uint8('cflow.engine_id', 'EngineId'), 21),
    ],
  },
  7: { size: 24, rows: [row(count, 2), row(seconds, 8), row(sequence, 16)] },
  8: { size: 28, rows: [row(count, 2), row(seconds, 8), row(sequence, 16)] },
  9: { size: 20, rows: [row(count, 2), row(seconds, 8), row(sequence, 12), row(uint32('cflow.source_id', 'SourceId'), 16)] },
  10: {
    size: 16,
    rows: [
      row(uint16('cflow.len', 'Length'), 2),
      row(uint32('cflow.exporttime', 'ExportTime'), 4),
      row(sequence, 8),
      row(uint32('cflow.od_id', 'Observation Domain Id'), 12),
    ],
  },
};
const FLOW = 48;
const flow5 = [
  row(ipv4('cflow.srcaddr', 'SrcAddr'), 0),
  row(ipv4('cflow.dstaddr', 'DstAddr'), 4),
  row(ipv4('cflow.nexthop', 'NextHop'), 8),
  row(uint32('cflow.inputint', 'InputInt'), 12, 2),
  row(uint32('cflow.outputint', 'OutputInt'), 14, 2),
  row(uint64('cflow.packets', 'Packets'), 16, 4),
  row(uint64('cflow.octets', 'Octets'), 20, 4),
  row(uint16('cflow.srcport', 'SrcPort'), 32),
  row(uint16('cflow.dstport', 'DstPort'), 34),
  row(uint8('cflow.tcpflags', 'TCP Flags', { base: 'hex' }), 37, 1),
  row(uint8('cflow.protocol', 'Protocol', { names: ipProtocols }), 38),
  row(uint8('cflow.tos', 'IP ToS', { base: 'hex' }), 39),
  row(uint32('cflow.srcas', 'SrcAS'), 40, 2),
  row(uint32('cflow.dstas', 'DstAS'), 42, 2),
  row(uint8('cflow.srcmask', 'SrcMask'), 44),
  row(uint8('cflow.dstmask', 'DstMask'), 45),
];
const SETS = ['Data Template (V9)', 'Options Template(V9)', 'Data Template (V10 [IPFIX])', 'Options Template (V10 [IPFIX])'] as const;

const f = {
  set: uint16('cflow.flowset_id', 'FlowSet Id', {
    names: (value) => SETS[value] ?? (value < 256 ? '(Reserved)' : '(Data)'),
  }),
  setLength: uint16('cflow.flowset_length', 'FlowSet Length'),
  template: uint16('cflow.template_id', 'Template Id'),
  fieldCount: uint16('cflow.template_field_count', 'Field Count'),
  fieldType: uint16('cflow.template_field_type', 'Type', { names: templateFieldTypes }),
  enterprise: bool('cflow.template_ipfix_pen_provided', 'Pen provided', { mask: 0x8000, bool: ['Yes', 'No'] }),
  ipfixType: uint16('cflow.template_ipfix_field_type', 'Type', { mask: 0x7fff, names: templateFieldTypes }),
  enterpriseType: uint16('cflow.template_ipfix_field_type_enterprise', 'Type', { mask: 0x7fff }),
  number: uint32('cflow.template_ipfix_field_pen', 'PEN'),
  fieldLength: uint16('cflow.template_field_length', 'Length'),
};

/** Templates in a set: id, number of fields, and type and length of each; `ipfix` adds an enterprise's number to some. */
function templates(layer: Layer, b: Buf, from: number, end: number, ipfix: boolean): void {
  for (let at = from; at + 4 <= end && layer.ok && !layer.d.full; ) {
    const number = Math.min(b.u16(at + 2), MAX_FIELDS);
    const node = layer.text(at, 4, 'Template', `Id = ${b.u16(at)}, Count = ${number}`);
    put(node, f.template, at);
    put(node, f.fieldCount, at + 2);
    at += 4;
    for (let i = 0; i < number && at + 4 <= end && node.ok; i++) {
      const own = ipfix && (b.u8(at) & 0x80) !== 0;
      if (ipfix) {
        put(node, f.enterprise, at, 2);
        put(node, own ? f.enterpriseType : f.ipfixType, at);
      } else put(node, f.fieldType, at);
      put(node, f.fieldLength, at + 2);
      if (own && at + 8 <= end) put(node, f.number, at + 4);
      at += own ? 8 : 4;
    }
  }
}

function sets(layer: Layer, b: Buf, from: number, end: number): void {
  for (let at = from, n = 0; at + 4 <= end && layer.ok && n < MAX_SETS; n++) {
    const size = Math.max(4, b.u16(at + 2));
    const stop = Math.min(end, at + size);
    const id = b.u16(at);
    const node = layer.text(at, stop - at, `FlowSet ${n + 1}`, `id=${id}`);
    put(node, f.set, at);
    put(node, f.setLength, at + 2);
    if (id === 0 || id === 2) templates(layer, b, at + 4, stop, id === 2);
    else if (stop > at + 4) node.text(at + 4, stop - at - 4, 'Data', `${stop - at - 4} bytes`);
    at = stop;
  }
}

export const cflow = app({
  name: 'cflow',
  short: 'CFLOW',
  title: 'Cisco NetFlow/IPFIX',
  fields: [
    version,
    uptime,
    ...new Set([...Object.values(HEADERS).flatMap((each) => each.rows), ...flow5].map((each) => each.field)),
    ...Object.values(f),
  ],
  accepts: (b, o, end) => end - o >= 2 && VERSIONS.has(be16(b, o)),
  // Only IPFIX goes over TCP.
  framer: lengthFramer(16, (h) => be16(h, 2)),
  read(layer, b) {
    const o = b.offset;
    const kind = put(layer, version, o);
    const header = HEADERS[kind];
    if (header === undefined) return '';
    if (kind !== 10 && layer.has(o + 4, 4)) {
      const ms = b.u32(o + 4);
      layer.add(uptime, o + 4, 4, { sec: Math.floor(ms / 1000), nsec: (ms % 1000) * 1_000_000 });
    }
    putRows(layer, header.rows, o, b.end);
    const from = o + header.size;
    if (kind >= 9) sets(layer, b, from, kind === 10 ? Math.min(b.end, o + b.u16(o + 2)) : b.end);
    if (kind !== 5) return `v${kind}`;
    let flows = 0;
    for (let at = from; at + FLOW <= b.end && flows < b.u16(o + 2) && layer.ok; at += FLOW)
      putRows(layer.text(at, FLOW, `pdu ${++flows}/${b.u16(o + 2)}`), flow5, at, at + FLOW);
    return `total: ${flows} (v5) flows`;
  },
});
