/** A capture of whole application messages: enough of the index for protocols above TCP and UDP, over the real tables. */
import type { CaptureIndex, StateKey } from '../../src/dissect/capture-index.ts';
import { Buf, Dissection, type TransportInfo } from '../../src/dissect/dissection.ts';
import { FramedSide } from '../../src/dissect/framer.ts';
import type { Protocol } from '../../src/dissect/protocol.ts';
import type { FieldNode, LayerNode } from '../../src/messages.ts';
import { AddressTable } from '../../src/table/address-table.ts';
import { CHUNK_MASK, PacketTable } from '../../src/table/packet-table.ts';
import { StackTable } from '../../src/table/stack-table.ts';
import '../../src/protocols/index.ts';

export class TestCapture implements CaptureIndex {
  readonly packets = new PacketTable();
  readonly addresses = new AddressTable();
  readonly stacks = new StackTable();
  readonly interfaces = [];
  readonly #states = new Map<number, unknown>();

  /** Adds a row at `sec` seconds. */
  row(sec = 0): number {
    const row = this.packets.grow();
    this.packets.chunkOf(row).sec[row & CHUNK_MASK] = sec;
    return row;
  }
  bytesOf(): Uint8Array {
    return new Uint8Array(0);
  }
  commentsOf(): readonly string[] {
    return [];
  }
  state<T>(key: StateKey<T>): T {
    if (!this.#states.has(key.slot)) this.#states.set(key.slot, key.create(this));
    return this.#states.get(key.slot) as T;
  }
}

export type TestSide = FramedSide;

/** Both directions of a TCP stream, the client's first. */
export function sides(capture: CaptureIndex, stream = 0): [TestSide, TestSide] {
  const client = new FramedSide(capture, stream, true);
  const server = new FramedSide(capture, stream, false);
  client.pair(server);
  client.row = 0;
  server.row = 0;
  return [client, server];
}

/**
 * Feeds `bytes` in pieces of `size` as the flow code does: known needs are only counted. Gives the ends of the messages. A row of its own
 * per message end is not made: `side.row` is what the caller set.
 */
export function cuts(protocol: Protocol, side: TestSide, bytes: Uint8Array, size: number): number[] {
  const framer = protocol.framer;
  if (framer === undefined) throw new Error('no framer');
  const ends: number[] = [];
  let skip = 0;
  for (let from = 0; from < bytes.length; from += size) {
    const end = Math.min(bytes.length, from + size);
    let at = from;
    if (skip > 0) {
      const taken = Math.min(skip, end - at);
      skip -= taken;
      at += taken;
      if (skip > 0) continue;
      ends.push(at);
      framer.done?.(side);
    }
    while (at < end) {
      side.need = 0;
      const next = framer.feed(side, bytes, at, end);
      if (next < 0) {
        if (next === -2) ends.push(-2);
        skip = next === -1 ? side.need : 0;
        break;
      }
      if (next <= at || next > end) throw new Error(`no progress: ${at} to ${next}`);
      ends.push(next);
      framer.done?.(side);
      at = next;
    }
  }
  return ends;
}

export function dissect(
  capture: CaptureIndex,
  row: number,
  protocol: Protocol,
  bytes: Uint8Array,
  transport: TransportInfo | null = null,
  wireLength = bytes.length,
): Dissection {
  const d = new Dissection(capture, row);
  d.source('Frame', bytes);
  d.transport = transport;
  d.call(protocol, new Buf(bytes, 0, 0, bytes.length, wireLength));
  return d;
}

/** All values of a field in the packet, in order. */
export function values(d: { readonly layers: readonly LayerNode[] }, abbrev: string): unknown[] {
  const found: unknown[] = [];
  const walk = (fields: readonly FieldNode[]): void => {
    for (const field of fields) {
      if (field.abbrev === abbrev) found.push(field.value instanceof Uint8Array ? [...field.value] : field.value);
      walk(field.children);
    }
  };
  for (const layer of d.layers) walk(layer.fields);
  return found;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
