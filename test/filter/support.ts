/** Synthetic packets for filter tests: each row is described once, and both its columns and its dissection are made of that. */

import type { CaptureIndex } from '../../src/dissect/capture-index.ts';
import { Buf, Dissection } from '../../src/dissect/dissection.ts';
import * as F from '../../src/dissect/field.ts';
import { defineProtocol, type Protocol } from '../../src/dissect/protocol.ts';
import type { CaptureInterface } from '../../src/file/types.ts';
import { type CompiledFilter, compileFilter, makeRowBits, verdict } from '../../src/filter/index.ts';
import type { FieldValue } from '../../src/messages.ts';
import { AddressTable } from '../../src/table/address-table.ts';
import { summarise } from '../../src/table/chunk-summary.ts';
import { CHUNK_MASK, PacketTable, RowFlag, UNSET } from '../../src/table/packet-table.ts';
import { StackTable } from '../../src/table/stack-table.ts';
import { blank } from '../table/row-values.ts';

function protocol(name: string, fields: readonly F.FieldDef[]): Protocol {
  return defineProtocol({
    name,
    short: name.toUpperCase(),
    title: `${name} protocol`,
    osi: '',
    pdu: '',
    hue: 'raw',
    fields,
    dissect: () => {},
  });
}

export const f = {
  number: F.framenum('frame.number', 'Frame Number'),
  len: F.uint32('frame.len', 'Frame length on the wire'),
  epoch: F.reltime('frame.time_epoch', 'Epoch Time'),
  time: F.abstime('frame.time', 'Arrival Time'),
  relative: F.reltime('frame.time_relative', 'Time since first frame'),
  ethSrc: F.ether('eth.src', 'Source', { also: ['eth.addr'] }),
  ethDst: F.ether('eth.dst', 'Destination', { also: ['eth.addr'] }),
  ethType: F.uint16('eth.type', 'Type', { base: 'hex', names: F.names({ 2048: 'IPv4', 34525: 'IPv6' }) }),
  ipSrc: F.ipv4('ip.src', 'Source Address', { also: ['ip.addr', 'ip.src_host', 'ip.host'] }),
  ipDst: F.ipv4('ip.dst', 'Destination Address', { also: ['ip.addr', 'ip.dst_host', 'ip.host'] }),
  ttl: F.uint8('ip.ttl', 'Time to Live'),
  proto: F.uint8('ip.proto', 'Protocol', { names: F.names({ 6: 'TCP', 17: 'UDP' }) }),
  ip6Src: F.ipv6('ipv6.src', 'Source Address', { also: ['ipv6.addr'] }),
  ip6Dst: F.ipv6('ipv6.dst', 'Destination Address', { also: ['ipv6.addr'] }),
  tcpSrc: F.uint16('tcp.srcport', 'Source Port', { also: ['tcp.port'] }),
  tcpDst: F.uint16('tcp.dstport', 'Destination Port', { also: ['tcp.port'] }),
  tcpStream: F.uint32('tcp.stream', 'Stream index'),
  tcpLen: F.uint32('tcp.len', 'TCP Segment Len'),
  tcpSeqRaw: F.uint32('tcp.seq_raw', 'Sequence Number (raw)'),
  tcpFlags: F.uint16('tcp.flags', 'Flags', { base: 'hex' }),
  tcpSyn: F.bool('tcp.flags.syn', 'Syn'),
  tcpAck: F.bool('tcp.flags.ack', 'Acknowledgment'),
  retransmission: F.expert('tcp.analysis.retransmission', 'note', 'This frame is a (suspected) retransmission', 'sequence'),
  lengthBad: F.expert('udp.length.bad', 'error', 'Bad length value', 'malformed'),
  rtt: F.reltime('tcp.analysis.ack_rtt', 'RTT'),
  udpSrc: F.uint16('udp.srcport', 'Source Port', { also: ['udp.port'] }),
  udpDst: F.uint16('udp.dstport', 'Destination Port', { also: ['udp.port'] }),
  udpPayload: F.bytes('udp.payload', 'Payload'),
  host: F.string('http.host', 'Host'),
  method: F.string('http.request.method', 'Request Method'),
  code: F.uint16('http.response.code', 'Status Code'),
  big: F.uint64('http.content_length', 'Content length'),
  ratio: F.double('http.ratio', 'Ratio'),
  delta: F.int16('http.delta', 'Delta'),
} as const;

const of = (prefix: string): F.FieldDef[] => Object.values(f).filter((def) => def.abbrev.startsWith(`${prefix}.`));
export const protocols = {
  frame: protocol('frame', of('frame')),
  eth: protocol('eth', of('eth')),
  ip: protocol('ip', of('ip')),
  ipv6: protocol('ipv6', of('ipv6')),
  tcp: protocol('tcp', of('tcp')),
  udp: protocol('udp', of('udp')),
  http: protocol('http', of('http')),
  /** A tunnel that the index does not look into. */
  odd: protocol('odd', []),
};
type Name = keyof typeof protocols;

export interface LayerSpec {
  readonly name: Name;
  readonly src?: Uint8Array;
  readonly dst?: Uint8Array;
  readonly ports?: readonly [number, number];
  readonly flags?: number;
  readonly fields?: readonly (readonly [F.FieldDef, FieldValue])[];
  readonly status?: 'whole' | 'short' | 'malformed';
  /** A note about the layer. */
  readonly note?: F.FieldDef;
}

export interface RowSpec {
  readonly layers: readonly LayerSpec[];
  readonly len?: number;
  readonly sec?: number;
  readonly nsec?: number;
  readonly stream?: number;
  readonly payload?: number;
  readonly retransmission?: boolean;
  /** Bytes of the frame; each layer's header is the part [offset, offset + 4) with offset 4 * depth. */
  readonly bytes?: Uint8Array;
}

export class FakeCapture implements CaptureIndex {
  readonly packets = new PacketTable();
  readonly addresses = new AddressTable();
  readonly stacks = new StackTable();
  readonly interfaces: readonly CaptureInterface[] = [];
  readonly rows: readonly RowSpec[];

  /** `full`: the rows are as those of a full chunk, which has a summary. */
  constructor(rows: readonly RowSpec[], full = false) {
    this.rows = rows;
    for (const row of rows) this.#index(row);
    const [chunk] = this.packets.chunks;
    if (full && chunk !== undefined) chunk.summary = summarise(chunk, rows.length);
  }

  bytesOf(row: number): Uint8Array {
    return this.rows[row]?.bytes ?? new Uint8Array(64);
  }
  commentsOf(): readonly string[] {
    return [];
  }
  state<T>(): T {
    throw new Error('No protocol state in these tests.');
  }

  #index(spec: RowSpec): void {
    const row = this.packets.grow();
    const chunk = this.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    let [flags, stack, src, dst, srcPort, dstPort, tcpFlags] = [0, 0, UNSET, UNSET, 0, 0, 0];
    let networks = 0;
    for (const layer of spec.layers) {
      if (layer.name !== 'frame') stack = this.stacks.push(stack, protocols[layer.name].id);
      if (layer.status === 'short') flags |= RowFlag.Short;
      if (layer.status === 'malformed') flags |= RowFlag.Malformed;
      if (layer.name === 'odd') break;
      if ((layer.name === 'ip' || layer.name === 'ipv6') && layer.src !== undefined && layer.dst !== undefined) {
        const v4 = layer.name === 'ip';
        flags = (flags & ~(RowFlag.Ipv4 | RowFlag.Ipv6)) | (v4 ? RowFlag.Ipv4 : RowFlag.Ipv6);
        src = v4 ? this.addresses.intern4(layer.src, 0) : this.addresses.intern6(layer.src, 0);
        dst = v4 ? this.addresses.intern4(layer.dst, 0) : this.addresses.intern6(layer.dst, 0);
        if (++networks > 1) flags |= RowFlag.Several;
      }
      if (layer.ports !== undefined) {
        flags |= layer.name === 'tcp' ? RowFlag.Tcp : RowFlag.Udp;
        [srcPort, dstPort] = layer.ports;
        tcpFlags = layer.flags ?? 0;
      }
    }
    const { sec = 0, nsec = 0, len = 64, payload = 0 } = spec;
    const stream = (flags & (RowFlag.Tcp | RowFlag.Udp)) === 0 ? UNSET : (spec.stream ?? 0);
    const analysis = spec.retransmission ? 1 : 0;
    const values = { flags, stack, src, dst, srcPort, dstPort, tcpFlags, stream, analysis };
    chunk.fill(i, { ...blank, ...values, sec, nsec, capLen: len, wireLen: len, payload }, 0);
  }

  dissect(row: number): Dissection {
    const spec = this.rows[row] as RowSpec;
    const d = new Dissection(this, row);
    const bytes = this.bytesOf(row);
    const source = d.source('Frame', bytes);
    const whole = new Buf(bytes, source, 0, bytes.length, bytes.length);
    const put = (name: Name, buf: Buf): ReturnType<Dissection['layer']> => {
      d.protocols.push(protocols[name]);
      return d.layer(protocols[name], buf);
    };
    const frame = put('frame', whole);
    const time = { sec: spec.sec ?? 0, nsec: spec.nsec ?? 0 };
    const first = this.rows[0] as RowSpec;
    frame.add(f.number, 0, 0, row + 1);
    frame.add(f.len, 0, 0, spec.len ?? 64);
    frame.add(f.epoch, 0, 0, time);
    frame.add(f.time, 0, 0, time);
    const ns = BigInt(time.sec - (first.sec ?? 0)) * 1_000_000_000n + BigInt(time.nsec - (first.nsec ?? 0));
    const sec = Number((ns - (((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n);
    frame.add(f.relative, 0, 0, { sec, nsec: Number(ns - BigInt(sec) * 1_000_000_000n) });
    spec.layers.forEach((part, depth) => {
      if (part.name === 'frame') return;
      const layer = put(part.name, whole.from(4 * depth));
      layer.size(4);
      if (part.src !== undefined && part.dst !== undefined) {
        const [src, dst] = { eth: [f.ethSrc, f.ethDst], ip: [f.ipSrc, f.ipDst], ipv6: [f.ip6Src, f.ip6Dst] }[part.name as 'ip'] as [
          F.FieldDef,
          F.FieldDef,
        ];
        layer.add(src, 0, 0, part.src);
        layer.add(dst, 0, 0, part.dst);
      }
      if (part.ports !== undefined) {
        const tcp = part.name === 'tcp';
        layer.add(tcp ? f.tcpSrc : f.udpSrc, 0, 0, part.ports[0]);
        layer.add(tcp ? f.tcpDst : f.udpDst, 0, 0, part.ports[1]);
        if (tcp) {
          layer.add(f.tcpStream, 0, 0, spec.stream ?? 0);
          layer.add(f.tcpLen, 0, 0, spec.payload ?? 0);
          layer.add(f.tcpSeqRaw, 0, 0, 0);
          const flags = layer.add(f.tcpFlags, 0, 0, part.flags ?? 0);
          flags.add(f.tcpSyn, 0, 0, ((part.flags ?? 0) & 2) !== 0);
          flags.add(f.tcpAck, 0, 0, ((part.flags ?? 0) & 16) !== 0);
          if (spec.retransmission) layer.expert(f.retransmission);
        }
      }
      for (const [def, value] of part.fields ?? []) layer.add(def, 0, 0, value);
      if (part.note !== undefined) layer.expert(part.note);
      if (part.status !== undefined && part.status !== 'whole') layer.fail(part.status);
    });
    return d;
  }
}

export function ip4(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** A compiled filter, or the error as an exception that a test shows. */
export function compiled(text: string): CompiledFilter {
  const result = compileFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message} [${result.error.start}, ${result.error.end})`);
  return result.filter;
}

/** Numbers (from 1) of the rows that match by full dissection. */
export function rowsOf(text: string, capture: FakeCapture): number[] {
  const filter = compiled(text);
  return capture.rows.flatMap((_, row) => (filter.matches(capture.dissect(row)) ? [row + 1] : []));
}

/** Verdicts of the columns on all rows. */
export function columnsOf(text: string, capture: FakeCapture): (boolean | null)[] {
  const filter = compiled(text);
  const bits = makeRowBits(0, capture.packets.length);
  filter.scan(capture, 0, capture.packets.length, bits);
  return capture.rows.map((_, row) => verdict(bits, 0, row));
}
