/** Which fields the index columns hold, and for which packets the columns tell all there is to know. */
import { MARKED_FIELD } from '../dissect/marked-rows.ts';
import { ANALYSIS_FLAGS, Analysis } from '../flow/tcp-analysis.ts';
import { type Chunk, RowFlag } from '../table/packet-table.ts';
import type { Value } from './literal.ts';
import type { Values } from './scan-kernel.ts';

/**
 * Protocols whose part of the stack column is what full dissection would find: neither carries another link, network or transport
 * header that the index does not walk into. A stack with any other protocol leaves questions about those to dissection.
 */
export const INDEX_EXACT_PROTOCOLS: ReadonlySet<string> = new Set([
  'frame',
  'eth',
  'ethertype',
  'vlan',
  'ieee8021ad',
  'null',
  'raw',
  'sll',
  'llc',
  'arp',
  'ip',
  'ipv6',
  'ipv6.hopopts',
  'ipv6.routing',
  'ipv6.fraghdr',
  'ipv6.dstopts',
  'igmp',
  // What they quote marks the row: RowFlag.Several.
  'icmp',
  'icmpv6',
  'tcp',
  'udp',
  'udplite',
  'data',
  'dns',
  'mdns',
  'llmnr',
  'nbns',
  'dhcp',
  'ntp',
  'ssdp',
  'http',
  'tls',
  'ssh',
  'vnc',
  'ncp',
  'mysql',
  'dnp3',
  'ftp',
  'smtp',
  'pop',
  'imap',
  'resp',
  'irc',
  'quic',
  'isakmp',
]);

/** Protocols that ICMPv6 names for a part of itself, as Wireshark does, without a layer: there are only their fields. */
export const NAMED_PARTS: ReadonlySet<string> = new Set(['icmp']);

/** Protocols that show their content as a layer of its own (`data`, `json`, `media`) which the index does not put on the stack. */
export const CONTENT_CARRIERS: ReadonlySet<string> = new Set([
  'smtp',
  'pop',
  'imap',
  'ftp',
  'ftp-data',
  'http',
  'ssdp',
  'tls',
  'dns',
  'mdns',
  'llmnr',
  'nbns',
  'dhcp',
  'ntp',
]);

/** Protocols in whose layers fields of another one occur. */
export const FIELD_KIN: Readonly<Record<string, readonly string[]>> = {
  dns: ['mdns', 'llmnr', 'nbns'],
  udp: ['udplite'],
  udplite: ['udp'],
  http: ['ssdp'],
  tls: ['dtls', 'quic'],
  dhcp: ['bootp'],
};

export type ColumnName =
  | 'srcPort'
  | 'dstPort'
  | 'src'
  | 'dst'
  | 'tcpFlags'
  | 'window'
  | 'analysis'
  | 'payload'
  | 'seq'
  | 'ack'
  | 'stream'
  | 'wireLen'
  | 'capLen'
  | 'iface';

export interface ColumnSource {
  /** RowFlag bit of the rows that have the field; 0: all rows. */
  readonly flag: number;
  /** Protocol that has it, '' for all packets. */
  readonly protocol: string;
  readonly columns: readonly ColumnName[];
  /** 'small': 16 bits, 'large': 32 bits, 'address': AddressTable ids, 'row': the row number, 'marked': the user's marks, 'epoch' and 'relative': times. */
  readonly kind: 'small' | 'large' | 'address' | 'row' | 'marked' | 'epoch' | 'relative';
  /** Value of the field from that of the column (not for addresses and times); null: the field is not there. */
  readonly decode: (value: number) => Value | null;
  /** The field has no value: it is there or not. */
  readonly bare?: boolean;
  /** The field says whether the column has one of these bits: `decode` of them, or of 0. */
  readonly mask?: number;
}

/** The column holds the field's value as it is. */
const same = (value: number): Value => value;

const { Tcp, Udp, Ipv4, Ipv6 } = RowFlag;

function tcp(kind: ColumnSource['kind'], columns: readonly ColumnName[]): ColumnSource {
  return { flag: Tcp, protocol: 'tcp', kind, columns, decode: same };
}
function tcpFlag(mask: number): ColumnSource {
  return { ...tcp('small', ['tcpFlags']), mask, decode: (value) => ((value & mask) !== 0 ? 1 : 0) };
}
function udp(kind: ColumnSource['kind'], columns: readonly ColumnName[]): ColumnSource {
  return { flag: Udp, protocol: 'udp', kind, columns, decode: same };
}
function address(flag: number, protocol: string, columns: readonly ColumnName[]): ColumnSource {
  return { flag, protocol, kind: 'address', columns, decode: same };
}
function every(kind: ColumnSource['kind'], columns: readonly ColumnName[], decode = same): ColumnSource {
  return { flag: 0, protocol: '', kind, columns, decode };
}
function analysis(mask: number): ColumnSource {
  return {
    flag: Tcp,
    protocol: 'tcp',
    kind: 'large',
    columns: ['analysis'],
    decode: (value) => ((value & mask) !== 0 ? 1 : null),
    bare: true,
    mask,
  };
}

/** Fields that the columns answer, by name. */
export const COLUMN_SOURCES: ReadonlyMap<string, ColumnSource> = new Map(
  Object.entries({
    'frame.number': every('row', [], (row) => row + 1),
    'frame.len': every('large', ['wireLen']),
    'frame.cap_len': every('large', ['capLen']),
    [MARKED_FIELD]: every('marked', []),
    'frame.time': every('epoch', []),
    'frame.time_epoch': every('epoch', []),
    'frame.time_relative': every('relative', []),
    'ip.src': address(Ipv4, 'ip', ['src']),
    'ip.dst': address(Ipv4, 'ip', ['dst']),
    'ip.addr': address(Ipv4, 'ip', ['src', 'dst']),
    'ipv6.src': address(Ipv6, 'ipv6', ['src']),
    'ipv6.dst': address(Ipv6, 'ipv6', ['dst']),
    'ipv6.addr': address(Ipv6, 'ipv6', ['src', 'dst']),
    'tcp.srcport': tcp('small', ['srcPort']),
    'tcp.dstport': tcp('small', ['dstPort']),
    'tcp.port': tcp('small', ['srcPort', 'dstPort']),
    'udp.srcport': udp('small', ['srcPort']),
    'udp.dstport': udp('small', ['dstPort']),
    'udp.port': udp('small', ['srcPort', 'dstPort']),
    'tcp.flags': tcp('small', ['tcpFlags']),
    'tcp.flags.fin': tcpFlag(0x001),
    'tcp.flags.syn': tcpFlag(0x002),
    'tcp.flags.reset': tcpFlag(0x004),
    'tcp.flags.push': tcpFlag(0x008),
    'tcp.flags.ack': tcpFlag(0x010),
    'tcp.flags.urg': tcpFlag(0x020),
    'tcp.flags.ece': tcpFlag(0x040),
    'tcp.flags.cwr': tcpFlag(0x080),
    'tcp.window_size_value': tcp('small', ['window']),
    'tcp.len': tcp('large', ['payload']),
    'tcp.seq_raw': tcp('large', ['seq']),
    'tcp.ack_raw': tcp('large', ['ack']),
    'tcp.stream': tcp('large', ['stream']),
    'udp.stream': udp('large', ['stream']),
    'tcp.analysis.flags': analysis(ANALYSIS_FLAGS),
    'tcp.analysis.retransmission': analysis(Analysis.Retransmission | Analysis.FastRetransmission | Analysis.SpuriousRetransmission),
    'tcp.analysis.fast_retransmission': analysis(Analysis.FastRetransmission),
    'tcp.analysis.spurious_retransmission': analysis(Analysis.SpuriousRetransmission),
    'tcp.analysis.out_of_order': analysis(Analysis.OutOfOrder),
    'tcp.analysis.duplicate_ack': analysis(Analysis.DuplicateAck),
    'tcp.analysis.lost_segment': analysis(Analysis.LostSegment),
    'tcp.analysis.ack_lost_segment': analysis(Analysis.AckLostSegment),
    'tcp.analysis.keep_alive': analysis(Analysis.KeepAlive),
    'tcp.analysis.keep_alive_ack': analysis(Analysis.KeepAliveAck),
    'tcp.analysis.zero_window': analysis(Analysis.ZeroWindow),
    'tcp.analysis.zero_window_probe': analysis(Analysis.ZeroWindowProbe),
    'tcp.analysis.zero_window_probe_ack': analysis(Analysis.ZeroWindowProbeAck),
    'tcp.analysis.window_full': analysis(Analysis.WindowFull),
    'tcp.analysis.window_update': analysis(Analysis.WindowUpdate),
    'tcp.analysis.reused_ports': analysis(Analysis.ReusedPorts),
  } satisfies Record<string, ColumnSource>),
);

/** RowFlag bit that proves a protocol's presence and whole header; 0 where the stack alone does. */
export function presenceFlag(protocol: string): number {
  return { ip: Ipv4, ipv6: Ipv6, tcp: Tcp, udp: Udp }[protocol] ?? 0;
}

/** One or two columns of a chunk. */
export function columnsOf(chunk: Chunk, [a, b]: readonly ColumnName[]): readonly [Values, Values?] {
  const first = chunk[a as ColumnName];
  return b === undefined ? [first] : [first, chunk[b]];
}
