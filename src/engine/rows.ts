/** The lines of the packet list, made from full dissection of the rows in view. */

import { marksOf } from '../connections/marks.ts';
import type { FieldNode, LayerNode, RowField, RowSummary } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { type Capture, secondsBetween } from './capture.ts';

/** @param fields abbreviations of fields whose values are wanted too */
export function rowSummary(capture: Capture, row: number, timePrecision: number, fields: readonly string[] = []): RowSummary {
  // Texts of fields are wanted only where fields are.
  const d = dissectPacket(capture, row, fields.length > 0);
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  const flags = chunk.flags[i] as number;
  const transport = (flags & RowFlag.Tcp) !== 0 ? 'tcp' : (flags & RowFlag.Udp) !== 0 ? 'udp' : null;
  const stream = chunk.stream[i] as number;
  const hasPorts = transport !== null && chunk.src[i] !== NONE;
  const { columns } = d;
  return {
    row,
    time: secondsBetween(capture, 0, row, timePrecision),
    source: columns.source,
    destination: columns.destination,
    sourcePort: hasPorts ? String(chunk.srcPort[i]) : '',
    destinationPort: hasPorts ? String(chunk.dstPort[i]) : '',
    protocol: columns.protocol,
    hue: columns.hue,
    length: chunk.wireLen[i] as number,
    info: shortInfo(columns.info),
    marks: marksOf(capture, row),
    stream: stream === NONE ? null : stream,
    transport,
    fields: fields.length === 0 ? [] : valuesOf(d.layers, fields),
  };
}

/** What Wireshark's sequence analysis puts before an info text: names that no program writes by chance. */
const ANALYSIS =
  /^(?:\[TCP (?:(?:Fast |Spurious )?Retransmission|Out-Of-Order|Port numbers reused|Previous segment not captured|ACKed unseen segment|Window (?:Update|Full)|Keep-Alive(?: ACK)?|Dup ACK \d+#\d+|ZeroWindow(?:Probe(?:Ack)?)?)\] ?(?:, )?)+/;

/**
 * The info text without what the list shows elsewhere: Wireshark's bracketed TCP analysis is a mark here, and the ports stand with
 * the addresses.
 */
export function shortInfo(info: string): string {
  return info.replace(ANALYSIS, '').replace(/^\d{1,5} → \d{1,5} (?=\S)/, '');
}

/** Values of one field that a cell shows, and octets of one that the window gets. */
const MOST_VALUES = 16;
const MOST_OCTETS = 65;

/** What columns of these fields show of a packet. */
function valuesOf(layers: readonly LayerNode[], fields: readonly string[]): RowField[] {
  const found: FieldNode[][] = fields.map(() => []);
  const visit = (node: FieldNode): void => {
    const at = fields.indexOf(node.abbrev);
    if (at >= 0 && (found[at] as FieldNode[]).length < MOST_VALUES) (found[at] as FieldNode[]).push(node);
    for (const child of node.children) visit(child);
  };
  for (const layer of layers) for (const node of layer.fields) visit(node);
  return found.map((nodes) => {
    const node = nodes[0];
    if (node === undefined) return { text: '', first: null };
    const value = node.value instanceof Uint8Array ? node.value.slice(0, MOST_OCTETS) : node.value;
    return {
      text: nodes
        .map((each) => each.display)
        .join(', ')
        .slice(0, 256),
      first: { value, display: node.display, generated: node.generated },
    };
  });
}

/** What a packet carries, in few words: 'GET /api/cart', '200 OK', 'Client Hello'; '' if it is the transport's own. */
export function applicationWords(capture: Capture, row: number): string {
  const { hue, info: whole } = dissectPacket(capture, row).columns;
  if (hue !== 'app') return '';
  const info = shortInfo(whole);
  const request = /^([A-Z]+ \S+) HTTP\/\d/.exec(info);
  if (request !== null) return (request[1] as string).slice(0, 80);
  const status = /^HTTP\/[\d.]+ (.*?)\s*(?:\([^)]*\))?\s*$/.exec(info);
  return (status?.[1] ?? info).slice(0, 80);
}
