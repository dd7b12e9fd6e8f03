/** What must hold for any packets whatever: no exception, no place outside the bytes, and both depths of one mind. */
import { performance } from 'node:perf_hooks';
import { displayValue, fieldText } from '../../src/dissect/display.ts';
import type { Dissection } from '../../src/dissect/dissection.ts';
import { allProtocols } from '../../src/dissect/protocol.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { RowFilter } from '../../src/engine/row-filter.ts';
import { CONTENT_CARRIERS, INDEX_EXACT_PROTOCOLS } from '../../src/filter/column-sources.ts';
import { type CompiledFilter, compileFilter } from '../../src/filter/index.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK, RowFlag } from '../../src/table/packet-table.ts';
import { type FrameList, indexed } from './memory-capture.ts';
import type { Random } from './random.ts';
import { questions } from './views.ts';

/** Milliseconds that one packet may take, at either depth, in the long run. */
export const SLOW = 50;
/** And milliseconds for each of its fields: one that completes a message of a megabyte may have 100,000 of them. */
const SLOW_FIELD = 0.005;
/** How often a packet that was slow is done again: the least time counts, as it may have been the machine that was slow. */
const TRIES = 3;

/** Filters that the columns answer for most rows: their answers must be those of full dissection. */
const FILTERS = [
  'ip.addr == 10.0.0.0/8',
  'ip.src == 10.0.0.1',
  'ipv6.dst == 2001:db8::2',
  'tcp.port == 80',
  'udp.srcport in {53, 1000..60000}',
  'tcp.flags.syn == 1 && tcp.flags.ack == 0',
  'tcp.len > 0',
  'tcp.stream == 0',
  'udp.stream != 1',
  'tcp.window_size_value < 1000',
  'tcp.analysis.retransmission || tcp.analysis.lost_segment || tcp.analysis.duplicate_ack',
  'frame.len > 100',
  ...['arp', 'ip', 'ipv6', 'tcp', 'udp', 'icmp', 'icmpv6', 'dns', 'http', 'tls', 'vlan', 'llc', 'igmp', 'data', '!tcp', 'eth'],
];

/** Filters that only full dissection answers: they must answer. */
const DEEP_FILTERS = [
  'frame matches "(a|b)*c[^d]{2,4}"',
  'eth[0:4] == 00:00:00:00 || ip[2:2] > 20 || tcp[13] & 0x12 == 0x12',
  'http.request.uri contains "a" || http.host matches "^w+[.]"',
  'lower(dns.qry.name) contains "com" && len(dns.qry.name) > 3',
  'count(tcp.options) > 2 || max(tcp.srcport, tcp.dstport) == 443',
  'any tcp.port in {1..1023} || all udp.port > 1000',
  'ip.src == ip.dst || tcp.srcport === tcp.dstport',
  'tls.handshake.extensions_server_name || x509sat.uTF8String || string(frame.number) matches "7$"',
  'ip.ttl * 2 + 1 > 100 || tcp.seq - tcp.ack == 1',
  'frame.time >= "2010-01-01" && frame.time_delta < 1',
];

function compiled(texts: readonly string[]): readonly { readonly text: string; readonly filter: CompiledFilter }[] {
  return texts.flatMap((text) => {
    const result = compileFilter(text);
    if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
    return [{ text, filter: result.filter }];
  });
}
const COMPILED = compiled(FILTERS);
const DEEP = compiled(DEEP_FILTERS);

export interface Findings {
  readonly packets: number;
  /** What was looked at, for more questions. */
  readonly capture: Capture;
  /** Exceptions, places outside the bytes, packets that took too long. */
  readonly faults: readonly string[];
  /** Where the index pass and full depth are of two minds: of the stack, or of a filter's answer. */
  readonly disagreements: readonly string[];
}

/** Findings of packets that did no harm. */
export const HARMLESS = { faults: [], disagreements: [] } as const;

export interface CheckOptions {
  /** False: values only, as filters and tables ask for them, no texts. Default true. */
  readonly texts?: boolean;
  /** Every packet is done in so many milliseconds on the clock, or it is a fault. Default: the time is not looked at. */
  readonly slow?: number;
}

/** Indexes and dissects every packet of the list. At most ten faults and ten disagreements are told. */
export function check(list: FrameList, { texts = true, slow = Number.POSITIVE_INFINITY }: CheckOptions = {}): Findings {
  const faults: string[] = [];
  const disagreements: string[] = [];
  const { capture, slowest } = indexed(list);
  if (capture.bugs > 0) faults.push(`index: ${capture.firstBug}`);
  if (slowest.took > slow) {
    let least = slowest.took;
    for (let i = 0; i < TRIES && least > slow; i++) least = Math.min(least, indexed(list, slowest.row, busy).slowest.took);
    if (least > slow) faults.push(`packet ${slowest.row + 1}: took ${Math.round(least)} ms to index`);
  }
  const filters = COMPILED.map(({ text, filter }) => ({ text, filter, rows: new RowFilter(capture, filter) }));
  for (let row = 0; row < capture.packets.length && faults.length < 10 && disagreements.length < 10; row++) {
    const fault = (what: string) => faults.push(`packet ${row + 1}: ${what}`);
    const disagree = (what: string) => disagreements.push(`packet ${row + 1}: ${what}`);
    const begun = performance.now();
    let took = 0;
    let bound = slow;
    try {
      const d = dissectPacket(capture, row, texts);
      took = performance.now() - begun;
      bound += d.fieldDefs.size * SLOW_FIELD;
      checkPlaces(d, texts, fault);
      checkStack(capture, d, disagree);
      for (let k = row % 5; k < filters.length; k += 5) {
        const { text, filter, rows } = filters[k] as (typeof filters)[number];
        const verdict = rows.columns(row);
        if (verdict !== null && verdict !== filter.matches(d)) disagree(`${text}: ${verdict} by the columns, not by dissection`);
      }
      (DEEP[row % (4 * DEEP.length)] as (typeof DEEP)[number] | undefined)?.filter.matches(d);
    } catch (error) {
      fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    for (let i = 0; i < TRIES && took > bound; i++) took = Math.min(took, again(capture, row, texts));
    if (took > bound) fault(`took ${Math.round(took)} ms to dissect`);
  }
  return { packets: capture.packets.length, capture, faults, disagreements };
}

/** Milliseconds that an answer may take, for each that a packet may take. */
const ANSWER = 20;

/** Asks what the views ask, of rows and streams that `random` picks; gives the faults. `slow`: as for `check`. */
export async function ask(capture: Capture, random: Random, slow = Number.POSITIVE_INFINITY): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, question] of questions(capture, random)) {
    let took = 0;
    try {
      for (let i = 0; i < TRIES; i++) {
        const begun = busy();
        await question();
        took = busy() - begun;
        if (took <= ANSWER * slow) break;
      }
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    if (took > ANSWER * slow) faults.push(`${name}: took ${Math.round(took)} ms`);
  }
  return faults;
}

/** Milliseconds that this process has worked: what others do on the machine does not count. */
function busy(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function again(capture: Capture, row: number, texts: boolean): number {
  const begun = busy();
  dissectPacket(capture, row, texts);
  return busy() - begun;
}

function checkPlaces(d: Dissection, texts: boolean, fault: (what: string) => void): void {
  const inside = (what: string, source: number, offset: number, length: number) => {
    const bytes = d.sources[source]?.bytes;
    if (bytes === undefined) fault(`${what} is in source ${source}, which is not there`);
    else if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length))
      fault(`${what} is at ${offset}+${length} of ${bytes.length} bytes`);
  };
  const visit = (node: FieldNode, layer: string) => {
    inside(node.abbrev || node.label || layer, node.source, node.offset, node.length);
    const def = d.fieldDefs.get(node);
    if (def === undefined) fault(`${node.abbrev} is not declared`);
    else if (!texts) {
      // Nobody will read them.
    } else if (typeof node.display !== 'string') fault(`${node.abbrev} has no text`);
    else if (typeof fieldText(def, node.value) !== 'string' || typeof displayValue(def, node.value) !== 'string')
      fault(`${node.abbrev} cannot be printed`);
    if (node.link !== null && !(node.link >= 1 && node.link <= d.capture.packets.length))
      fault(`${node.abbrev} leads to packet ${node.link}`);
    for (const child of node.children) visit(child, layer);
  };
  for (const layer of d.layers) {
    inside(layer.protocol, layer.source, layer.offset, layer.length);
    inside(`header of ${layer.protocol}`, layer.source, layer.offset, layer.headerLength);
    for (const node of layer.fields) visit(node, layer.protocol);
  }
}

/** Full depth finds what the index has found; where the index claims to know the whole stack, it finds content besides at most. */
function checkStack(capture: Capture, d: Dissection, fault: (what: string) => void): void {
  if (capture.stacks.overflowed) return;
  const all = allProtocols();
  const chunk = capture.packets.chunkOf(d.row);
  const flags = chunk.flags[d.row & CHUNK_MASK] as number;
  const names = d.path.map((id) => all[id]?.name ?? '?');
  const exact = names.every((name) => INDEX_EXACT_PROTOCOLS.has(name));
  const found = d.protocols.map((protocol) => protocol.name);
  let matched = 0;
  let carrier = false;
  let extra = false;
  for (const name of found) {
    if (name === names[matched]) matched++;
    else if (exact && !carrier) extra = true;
    carrier ||= CONTENT_CARRIERS.has(name);
  }
  if (matched === names.length && !extra) return;
  const bad = (flags & (RowFlag.Short | RowFlag.Malformed)) !== 0 ? ' (marked short or malformed)' : '';
  fault(`index ${names.join(':')} but full depth ${found.join(':')}${bad}`);
}
