/** One packet in full: its layers, its bytes, and what it has to do with others. */

import { certificatesIn } from '../connections/certificates.ts';
import type { FieldNode, PacketDetail } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { type Capture, timeOf } from './capture.ts';

/** Related packets shown at most. */
const RELATED = 256;

/** All that is known of one packet. @param number of the capture */
export function packetDetail(capture: Capture, number: number, row: number): PacketDetail {
  const d = dissectPacket(capture, row);
  const chunk = capture.packets.chunkOf(row);
  const i = row & CHUNK_MASK;
  const flags = chunk.flags[i] as number;
  const stream = chunk.stream[i] as number;
  const related = new Set<number>();
  const visit = (node: FieldNode): void => {
    if (node.link !== null && node.link - 1 !== row && related.size < RELATED) related.add(node.link - 1);
    for (const child of node.children) visit(child);
  };
  for (const layer of d.layers) for (const node of layer.fields) visit(node);
  return {
    capture: number,
    row,
    time: timeOf(capture, row),
    length: chunk.wireLen[i] as number,
    capturedLength: chunk.capLen[i] as number,
    info: d.columns.info,
    protocol: d.columns.protocol,
    layers: d.layers,
    // A view of a cache block would carry the whole block across the line.
    sources: d.sources.map((source) => ({ name: source.name, bytes: source.bytes.slice() })),
    stream: stream === NONE ? null : stream,
    transport: (flags & RowFlag.Tcp) !== 0 ? 'tcp' : (flags & RowFlag.Udp) !== 0 ? 'udp' : null,
    related: [...related],
    comments: capture.commentsOf(row),
    certificates: certificatesIn(capture, d),
  };
}
