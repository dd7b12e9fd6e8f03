/** Full depth of one packet, from its record to its innermost layer. */

import type { CaptureIndex } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { bytesText } from '../dissect/display.ts';
import { type Buf, Dissection } from '../dissect/dissection.ts';
import type { Wanted } from '../dissect/wanted.ts';
import { linkTypeName } from '../file/link-types.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { dissectFrame, finishFrame, frameBuf } from './frame.ts';
import { linkProtocol } from './link-types.ts';
import { dissectCarried } from './tcp.ts';

/**
 * Dissects a row of the index. Never throws for bytes: what is broken is marked on its layer. The row must have been indexed, since
 * full depth asks the index what was decided with the knowledge of earlier packets. `texts`, `fields`: see Dissection. Without fields the
 * layers up to TCP may be missing.
 */
export function dissectPacket(capture: CaptureIndex, row: number, texts = true, fields = true): Dissection {
  const carried = fields ? null : dissectCarried(capture, row, null);
  if (carried !== null) return carried;
  const d = new Dissection(capture, row, texts, fields);
  const b = frameBuf(d);
  const frameLayer = dissectFrame(d, b);
  dissectLink(d, b);
  for (const layer of d.damaged) layer.fail('malformed');
  finishFrame(d, frameLayer);
  noteDamage(d);
  return d;
}

/**
 * A dissection that has what is asked for as dissectPacket() without texts has it, and little else: fields, and layers of the protocols that are sought.
 * What says how a layer ends (`status`, the notes of its damage), the columns and frame.protocols are not there.
 */
export function dissectFor(capture: CaptureIndex, row: number, wanted: Wanted | null): Dissection {
  if (wanted === null) return dissectPacket(capture, row, false);
  const stack = capture.packets.chunkOf(row).stack[row & CHUNK_MASK] as number;
  const d = (wanted.aboveTcp(capture.stacks, stack) ? dissectCarried(capture, row, wanted) : null) ?? dissectWanted(capture, row, wanted);
  return d.crowded ? dissectPacket(capture, row, false) : d;
}

function dissectWanted(capture: CaptureIndex, row: number, wanted: Wanted): Dissection {
  const d = new Dissection(capture, row, false, true, wanted);
  const b = frameBuf(d);
  if (wanted.frame) dissectFrame(d, b);
  dissectLink(d, b);
  return d;
}

function dissectLink(d: Dissection, b: Buf): void {
  const { capture, row } = d;
  const linkType = capture.interfaces[capture.packets.chunkOf(row).iface[row & CHUNK_MASK] as number]?.linkType ?? -1;
  const link = linkProtocol(linkType);
  if (link === data) d.columns.info = `${linkTypeName(linkType)}, ${b.length} bytes`;
  d.call(link, b);
  if (link === data) {
    d.columns.protocol = linkTypeName(linkType);
    const layer = d.layers.at(-1);
    if (layer !== undefined) layer.summary = `${linkTypeName(linkType)}: not dissected · ${bytesText(b.length)}`;
  }
}

/** Says in the info column that a layer could not be read to its end, as Wireshark does. */
function noteDamage(d: Dissection): void {
  // Behind an ICMP header comes a packet that it quotes, which ends where the quotation does.
  const quoting = d.layers.findIndex((layer) => layer.protocol === 'icmp' || layer.protocol === 'icmpv6');
  const broken = d.layers.find((layer, i) => layer.status !== 'whole' && (quoting < 0 || i <= quoting));
  if (broken === undefined) return;
  const note = {
    short: '[Packet size limited during capture]',
    unreassembled: `[Unreassembled Packet: ${broken.short}]`,
    malformed: `[Malformed Packet: ${broken.short}]`,
  }[broken.status as Exclude<typeof broken.status, 'whole'>];
  d.columns.info = d.columns.info === '' ? note : `${d.columns.info} ${note}`;
}
