// RFC 2710 and 3810: multicast listener discovery, versions 1 and 2.
import { formatIpv6 } from '../bytes/format.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, ipv6, names, none, TRUE_FALSE, uint8, uint16 } from '../dissect/field.ts';

const QUERY = 130;
const REPORT_V2 = 143;
/** A query this long or longer is of version 2 (RFC 3810, section 8.1). */
const QUERY_V2_BYTES = 28;

const recordTypes = names({
  1: 'Include',
  2: 'Exclude',
  3: 'Changed to include',
  4: 'Changed to exclude',
  5: 'Allow new sources',
  6: 'Block old sources',
});

export const mldFields = {
  delay: uint16('icmpv6.mld.maximum_response_delay', 'Maximum Response Delay [ms]'),
  responseCode: uint16('icmpv6.mld.maximum_response_code', 'Maximum Response Code'),
  reserved: bytes('icmpv6.reserved', 'Reserved'),
  address: ipv6('icmpv6.mld.multicast_address', 'Multicast Address'),
  flags: uint8('icmpv6.mld.flag', 'Flags', { base: 'hex' }),
  suppress: bool('icmpv6.mld.flag.s', 'Suppress Router-Side Processing', { bool: TRUE_FALSE, mask: 0x08 }),
  robustness: uint8('icmpv6.mld.flag.qrv', "QRV (Querier's Robustness Variable)", { mask: 0x07 }),
  flagsReserved: uint8('icmpv6.mld.flag.reserved', 'Reserved', { mask: 0xf0 }),
  interval: uint8('icmpv6.mld.qqi', "QQIC (Querier's Query Interval Code)"),
  sourceCount: uint16('icmpv6.mld.nb_sources', 'Number of Sources'),
  source: ipv6('icmpv6.mld.source_address', 'Source Address'),
  recordCount: uint16('icmpv6.mldr.nb_mcast_records', 'Number of Multicast Address Records'),
  record: none('icmpv6.mldr.mar', 'Multicast Address Record'),
  recordType: uint8('icmpv6.mldr.mar.record_type', 'Record Type', { names: recordTypes }),
  auxLength: uint8('icmpv6.mldr.mar.aux_data_len', 'Aux Data Len'),
  recordSources: uint16('icmpv6.mldr.mar.nb_sources', 'Number of Sources'),
  recordAddress: ipv6('icmpv6.mldr.mar.multicast_address', 'Multicast Address'),
  recordSource: ipv6('icmpv6.mldr.mar.source_address', 'Source Address'),
  auxData: bytes('icmpv6.mldr.mar.auxiliary_data', 'Auxiliary Data'),
};

const f = mldFields;

/** Adds the body of a multicast listener message to its ICMPv6 layer. */
export function dissectMulticastListener(layer: Layer, b: Buf, type: number, info: string): void {
  const o = b.offset;
  if (type === REPORT_V2) {
    addReport(layer, b, info);
    return;
  }
  if (type === QUERY && b.wireLength >= QUERY_V2_BYTES) {
    layer.uint(f.responseCode, o + 4);
    layer.bytes(f.reserved, o + 6, 2);
    layer.bytes(f.address, o + 8);
    const flags = layer.uintNode(f.flags, o + 24);
    flags.uint(f.suppress, o + 24, 1);
    flags.uint(f.robustness, o + 24);
    flags.uint(f.flagsReserved, o + 24);
    flags.sayBits();
    layer.uint(f.interval, o + 25);
    const count = layer.uint(f.sourceCount, o + 26);
    for (let i = 0, at = o + 28; layer.ok && i < count; i++, at += 16) layer.bytes(f.source, at);
    return;
  }
  layer.uint(f.delay, o + 4);
  layer.bytes(f.reserved, o + 6, 2);
  const address = layer.bytes(f.address, o + 8);
  if (layer.ok) layer.summary = `${info} · ${formatIpv6(address)}`;
}

function addReport(layer: Layer, b: Buf, info: string): void {
  const o = b.offset;
  layer.bytes(f.reserved, o + 4, 2);
  const count = layer.uint(f.recordCount, o + 6);
  for (let i = 0, at = o + 8; layer.ok && i < count; i++) {
    if (!layer.has(at, 20)) return;
    const sources = b.u16(at + 2);
    const size = 20 + 16 * sources + 4 * b.u8(at + 1);
    const record = layer.add(f.record, at, Math.min(size, b.end - at), null, {
      display: `${recordTypes.get(b.u8(at)) ?? 'Unknown'}: ${formatIpv6(b.slice(at + 4, 16))}`,
    });
    record.uint(f.recordType, at);
    const aux = 4 * record.uint(f.auxLength, at + 1);
    record.uint(f.recordSources, at + 2);
    record.bytes(f.recordAddress, at + 4);
    for (let s = 0; layer.ok && s < sources; s++) record.bytes(f.recordSource, at + 20 + 16 * s);
    if (aux > 0) record.bytes(f.auxData, at + 20 + 16 * sources, aux);
    at += size;
  }
  if (layer.ok) layer.summary = `${info} · ${count} records`;
}
