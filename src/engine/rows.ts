/** The lines of the packet list, made from full dissection of the rows in view. */
import { dissectPacket } from '../dissect/dissect-packet.ts';
import { marksOf } from '../flow/marks.ts';
import type { RowSummary } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { type Capture, secondsBetween } from './capture.ts';

export function rowSummary(capture: Capture, row: number, timePrecision: number): RowSummary {
  const d = dissectPacket(capture, row);
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
  };
}

/**
 * The info text without what the list shows elsewhere: Wireshark's bracketed TCP analysis is a mark here, and the ports stand with
 * the addresses.
 */
export function shortInfo(info: string): string {
  return info.replace(/^(?:\[TCP [^\]]{1,60}\] ?)+(?=\d|\[)/, '').replace(/^\d{1,5} → \d{1,5} (?=\S)/, '');
}
