/** A capture read in one pass and in two stages, as everything that the index knows of it, to be compared. */

import { connectionCount, connectionRow } from '../../src/connections/connections.ts';
import { Capture } from '../../src/engine/capture.ts';
import { exchangeCount } from '../../src/engine/exchange-read.ts';
import { openCapture } from '../../src/file/open.ts';
import { FileReader } from '../../src/file/reader.ts';
import { messages } from '../../src/flow/messages.ts';
import { selectiveAcks } from '../../src/flow/selective-acks.ts';
import { flows } from '../../src/flow/tcp-flows.ts';
import { udpFlows } from '../../src/flow/udp-flows.ts';
import { Taker } from '../../src/split/back.ts';
import { Front } from '../../src/split/front.ts';
import { Slot } from '../../src/split/layout.ts';
import { CHUNK_ROWS } from '../../src/table/packet-table.ts';
import { tlsSecrets } from '../../src/tls/secrets.ts';

/** Reads what `reader` has not given yet. */
export async function readRest(capture: Capture, reader: FileReader): Promise<void> {
  while ((await reader.step(capture)) === 'more');
  reader.finish();
}

export async function openFile(path: string): Promise<{ reader: FileReader; capture: Capture }> {
  const opened = await openCapture(path);
  if (!opened.ok || !(opened.reader instanceof FileReader)) throw new Error(opened.ok ? 'another reader' : opened.failure.message);
  return { reader: opened.reader, capture: new Capture(opened.reader) };
}

/** In one pass. */
export async function inOne(path: string): Promise<object> {
  const { reader, capture } = await openFile(path);
  await readRest(capture, reader);
  const known = knownOf(capture);
  await reader.close();
  return known;
}

/** In two stages, one after the other in this thread. @param alone pieces that the second stage reads before the first begins */
export async function inTwo(path: string, alone = 0): Promise<{ known: object; slots: number; whole: number }> {
  const { reader, capture } = await openFile(path);
  for (let n = 0; n < alone; n++) await reader.step(capture);
  const plan = reader.lend();
  let slots = 0;
  let whole = 0;
  if (plan !== null) {
    const packet = capture.packet.bind(capture);
    capture.packet = (...args) => {
      whole++;
      packet(...args);
    };
    const front = new Front(plan);
    const taker = new Taker(capture, reader);
    const slot = new Slot(new SharedArrayBuffer(Slot.bytes));
    for (let more = true; more; slots++) {
      more = front.fill(slot);
      taker.take(slot);
      // What the second stage took down must not lie in the slot, which is filled anew.
      slot.bytes.fill(0xa5);
    }
    capture.packet = packet;
    await reader.takeBack(slot.next);
  }
  await readRest(capture, reader);
  const known = knownOf(capture);
  await reader.close();
  return { known, slots, whole };
}

/** Everything that the index knows. */
export function knownOf(capture: Capture): object {
  const { packets, stacks, addresses, reader } = capture;
  const columns: Record<string, string> = {};
  packets.chunks.forEach((chunk, n) => {
    const rows = Math.min(CHUNK_ROWS, packets.length - n * CHUNK_ROWS);
    columns[`${n} base`] = String(chunk.base);
    for (const [name, column] of Object.entries(chunk))
      if (ArrayBuffer.isView(column)) columns[`${n} ${name}`] = (column as Uint32Array).subarray(0, rows).join();
    columns[`${n} summary`] = JSON.stringify(chunk.summary);
  });
  const connections = connectionCount(capture);
  return {
    packets: packets.length,
    columns,
    stacks: Array.from({ length: stacks.size }, (_, n) => `${stacks.path(n).join('.')} ${stacks.nestedAt(n)?.join() ?? ''}`).join(';'),
    addresses: Array.from({ length: addresses.size }, (_, n) => addresses.bytes(n).join('.')).join(' '),
    overflowed: stacks.overflowed,
    bytes: capture.bytes,
    perInterface: capture.perInterface.join(),
    bugs: capture.bugs,
    firstBug: capture.firstBug.split('\n')[0],
    interfaces: reader.interfaces,
    comments: reader.comments,
    damage: reader.damage,
    // Where the file is damaged, how far was read beyond is a matter of pieces.
    bytesRead: reader.damage === null ? reader.bytesRead : 0,
    connections: Array.from({ length: connections }, (_, n) => JSON.stringify(connectionRow(capture, n))).join('\n'),
    exchanges: exchangeCount(capture),
    messages: JSON.stringify(capture.state(messages)),
    flows: JSON.stringify(capture.state(flows)),
    udpFlows: JSON.stringify(capture.state(udpFlows)),
    selectiveAcks: Array.from({ length: packets.length }, (_, row) => capture.state(selectiveAcks).octetsOf(row)).join(),
    secrets: capture.state(tlsSecrets).inside.connections,
    annotated: Array.from({ length: Math.min(200, packets.length) }, (_, row) => capture.commentsOf(row).join('|')).join(),
    flags: flagsOf(capture),
  };
}

/** Flags of the packets that have some, by row. */
function flagsOf(capture: Capture): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let row = 0; row < capture.packets.length; row++) {
    const flags = capture.flagsOf(row);
    if (flags !== null) found.push([row, flags]);
  }
  return found;
}
