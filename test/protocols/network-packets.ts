/** Frames in memory as a capture, and small builders of headers, for tests of the link and network layers. */

import { expect } from 'vitest';
import { internetChecksum, pseudoHeaderSum } from '../../src/bytes/checksum.ts';
import { fieldText } from '../../src/dissect/display.ts';
import type { Dissection } from '../../src/dissect/dissection.ts';
import { allProtocols } from '../../src/dissect/protocol.ts';
import { Capture } from '../../src/engine/capture.ts';
import type { CaptureReader, PacketSink, Step } from '../../src/file/types.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { CHUNK_MASK } from '../../src/table/packet-table.ts';

/** Bytes from hexadecimal text; blanks are ignored. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function join(...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}

export const MAC_A = hex('02 00 00 00 00 0a');
export const MAC_B = hex('02 00 00 00 00 0b');
export const IP_A = [10, 0, 0, 1];
export const IP_B = [10, 0, 0, 2];
export const IP6_A = hex('20010db8000000000000000000000001');
export const IP6_B = hex('20010db8000000000000000000000002');

/** Ethernet II frame from A to B. */
export function eth(type: number, ...payload: (Uint8Array | readonly number[])[]): Uint8Array {
  return join(MAC_B, MAC_A, u16(type), ...payload);
}

export interface Ipv4Options {
  readonly proto?: number;
  readonly id?: number;
  /** Flags and offset, as in the header. */
  readonly fragment?: number;
  readonly ttl?: number;
  /** As written; default is the true one. */
  readonly length?: number;
  readonly options?: Uint8Array;
  readonly src?: readonly number[];
  readonly dst?: readonly number[];
}

export function ip4(payload: Uint8Array | readonly number[], o: Ipv4Options = {}): Uint8Array {
  const options = o.options ?? new Uint8Array(0);
  const header = 20 + options.length;
  return join(
    [0x40 | (header / 4), 0],
    u16(o.length ?? header + payload.length),
    u16(o.id ?? 0x1234),
    u16(o.fragment ?? 0),
    [o.ttl ?? 64, o.proto ?? 253],
    u16(0),
    o.src ?? IP_A,
    o.dst ?? IP_B,
    options,
    payload,
  );
}

export function ip6(payload: Uint8Array | readonly number[], next: number, length = payload.length): Uint8Array {
  return join([0x60, 0, 0, 0], u16(length), [next, 64], IP6_A, IP6_B, payload);
}

/** A UDP datagram without checksum. */
export function udpTo(src: number, dst: number, payload: Uint8Array | readonly number[]): Uint8Array {
  return join(u16(src), u16(dst), u16(8 + payload.length), u16(0), payload);
}

/** An ICMPv6 message from A to B with its checksum filled in. */
export function icmp6(type: number, code: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array {
  const message = join([type, code, 0, 0], ...rest);
  message.set(u16(internetChecksum(message, 0, message.length, pseudoHeaderSum(IP6_A, IP6_B, 58, message.length))), 2);
  return message;
}

/** The same in its frame. */
export function icmp6Frame(type: number, code: number, ...rest: (Uint8Array | readonly number[])[]): Uint8Array {
  return eth(0x86dd, ip6(icmp6(type, code, ...rest), 58));
}

interface TestFrame {
  readonly bytes: Uint8Array;
  /** On the wire; default all that is there. */
  readonly wireLength?: number;
}

class MemoryReader implements CaptureReader {
  readonly path = 'memory';
  readonly format = 'pcap';
  readonly compression = 'none';
  readonly comments = [];
  readonly damage = null;
  readonly bytesRead = 0;
  readonly fileBytes = 0;
  readonly interfaces;
  readonly #frames: readonly TestFrame[];
  readonly #file: Uint8Array;

  constructor(frames: readonly TestFrame[], linkType: number) {
    this.#frames = frames;
    this.#file = join(...frames.map((each) => each.bytes));
    this.interfaces = [
      { linkType, snapLength: 65535, name: 'test0', description: null, captureFilter: null, timePrecision: 9, dropped: null },
    ];
  }

  async step(sink: PacketSink): Promise<Step> {
    this.deliver(sink);
    return 'end';
  }

  deliver(sink: PacketSink): void {
    let offset = 0;
    for (const [row, each] of this.#frames.entries()) {
      sink.packet(this.#file, offset, each.bytes.length, each.wireLength ?? each.bytes.length, 1000 + row, 500_000_000, 0, offset, false);
      offset += each.bytes.length;
    }
  }

  finish(): void {}
  readAt(offset: number, length: number): Uint8Array {
    return this.#file.slice(offset, offset + length);
  }
  commentsAt(): readonly string[] {
    return [];
  }
  async close(): Promise<void> {}
}

/** A capture of these frames, indexed. */
export function captureOf(frames: readonly (TestFrame | Uint8Array)[], linkType = 1): Capture {
  const reader = new MemoryReader(
    frames.map((each) => (each instanceof Uint8Array ? { bytes: each } : each)),
    linkType,
  );
  const capture = new Capture(reader);
  reader.deliver(capture);
  return capture;
}

export function dissectOne(frame: Uint8Array, linkType = 1, wireLength = frame.length): Dissection {
  return dissectPacket(captureOf([{ bytes: frame, wireLength }], linkType), 0);
}

/** Protocols that the index found, as `frame.protocols`. */
export function indexedStack(capture: Capture, row: number): string {
  const names = allProtocols();
  const stack = capture.packets.chunkOf(row).stack[row & CHUNK_MASK] as number;
  return capture.stacks
    .path(stack)
    .map((id) => names[id]?.name)
    .join(':');
}

/** The stack of a frame, on which both depths agree. */
export function stackOf(frame: Uint8Array, linkType = 1): string {
  const capture = captureOf([frame], linkType);
  const stack = dissectPacket(capture, 0).protocolNames;
  expect(indexedStack(capture, 0)).toBe(stack);
  return stack;
}

/** Values of every field, as `-T fields` prints them, in order of occurrence; aliases included. */
export function valuesOf(d: Dissection): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const visit = (node: FieldNode): void => {
    const field = d.fieldDefs.get(node);
    if (field !== undefined && node.abbrev !== '') {
      for (const name of [node.abbrev, ...(field.also ?? [])]) {
        const list = values.get(name) ?? [];
        list.push(fieldText(field, node.value));
        values.set(name, list);
      }
    }
    for (const child of node.children) visit(child);
  };
  for (const layer of d.layers) for (const node of layer.fields) visit(node);
  return values;
}

/** Values of some fields, each joined with commas; '' where absent. */
export function fieldsOf<K extends string>(d: Dissection, ...names: readonly K[]): Record<K, string> {
  const values = valuesOf(d);
  return Object.fromEntries(names.map((name) => [name, (values.get(name) ?? []).join(',')])) as Record<K, string>;
}

/** What went wrong with `frame` cut at every byte; empty if nothing did. Cut once by the capture ("short") and once on the wire. */
export function faultsWhenCut(frame: Uint8Array, linkType = 1): string[] {
  const cuts: { bytes: Uint8Array; wireLength: number }[] = [];
  for (let length = 0; length <= frame.length; length++) {
    for (const wireLength of [frame.length, length]) cuts.push({ bytes: frame.slice(0, length), wireLength });
  }
  const capture = captureOf(cuts, linkType);
  const faults = capture.bugs > 0 ? [`index threw: ${capture.firstBug}`] : [];
  for (const [row, { bytes, wireLength }] of cuts.entries()) {
    const d = dissectPacket(capture, row);
    const where = `${bytes.length} of ${wireLength} bytes`;
    if (d.layers[0]?.protocol !== 'frame') faults.push(`${where}: no frame layer`);
    if (indexedStack(capture, row) !== d.protocolNames) faults.push(`${where}: ${indexedStack(capture, row)} is not ${d.protocolNames}`);
    if (bytes.length < wireLength && d.layers.some((layer) => layer.status === 'malformed')) {
      faults.push(`${where}: malformed, but it was cut by the capture`);
    }
  }
  return faults;
}
