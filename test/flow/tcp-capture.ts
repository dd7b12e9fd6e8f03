/** A capture in memory made of TCP segments, for tests of flow code. */
import type { CaptureIndex, StateKey } from '../../src/dissect/capture-index.ts';
import { IndexWalk } from '../../src/dissect/index-walk.ts';
import { tcp } from '../../src/protocols/tcp.ts';
import '../../src/protocols/index.ts';
import { AddressTable } from '../../src/table/address-table.ts';
import { CHUNK_MASK, NONE, PacketTable } from '../../src/table/packet-table.ts';
import { StackTable } from '../../src/table/stack-table.ts';

export interface Segment {
  /** Milliseconds since the start. */
  readonly at?: number;
  /** Sent by the server's address. */
  readonly server?: boolean;
  readonly seq: number;
  readonly ack?: number;
  /** 'S', 'A', 'P', 'F', 'R' letters. */
  readonly flags: string;
  readonly data?: Uint8Array | number;
  readonly window?: number;
  readonly options?: readonly number[];
  readonly clientPort?: number;
  readonly serverPort?: number;
  /** Bytes left out at the end of what was captured. */
  readonly cut?: number;
  /** With an IPv4 header before it that has this identification. */
  readonly id?: number;
  readonly ttl?: number;
}

const LETTERS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 };
export const CLIENT_PORT = 50000;
export const SERVER_PORT = 9999;

export function segmentBytes(s: Segment): Uint8Array {
  const options = s.options ?? [];
  const data = typeof s.data === 'number' ? new Uint8Array(s.data).fill(0x61) : (s.data ?? new Uint8Array(0));
  const header = 20 + Math.ceil(options.length / 4) * 4;
  const bytes = new Uint8Array(header + data.length);
  const view = new DataView(bytes.buffer);
  const client = s.clientPort ?? CLIENT_PORT;
  const server = s.serverPort ?? SERVER_PORT;
  view.setUint16(0, s.server ? server : client);
  view.setUint16(2, s.server ? client : server);
  view.setUint32(4, s.seq >>> 0);
  view.setUint32(8, (s.ack ?? 0) >>> 0);
  let flags = 0;
  for (const letter of s.flags) flags |= LETTERS[letter] ?? 0;
  view.setUint16(12, ((header / 4) << 12) | flags);
  view.setUint16(14, s.window ?? 1000);
  bytes.set(options, 20);
  bytes.fill(1, 20 + options.length, header);
  bytes.set(data, header);
  return bytes;
}

export class TestCapture implements CaptureIndex {
  readonly packets = new PacketTable();
  readonly addresses = new AddressTable();
  readonly stacks = new StackTable();
  readonly interfaces = [];
  readonly frames: Uint8Array[] = [];
  onePass = false;
  readonly #states: unknown[] = [];
  readonly #walk = new IndexWalk(this);
  readonly #client = this.addresses.intern4(new Uint8Array([10, 0, 0, 1]), 0);
  readonly #server = this.addresses.intern4(new Uint8Array([10, 0, 0, 2]), 0);

  bytesOf(row: number): Uint8Array {
    return this.frames[row] ?? new Uint8Array(0);
  }
  commentsOf(): readonly string[] {
    return [];
  }
  state<T>(key: StateKey<T>): T {
    const known = this.#states[key.slot];
    if (known !== undefined) return known as T;
    const made = key.create(this);
    this.#states[key.slot] = made;
    return made;
  }

  /** Adds a frame that is a bare TCP segment. Gives its row. */
  add(s: Segment): number {
    const ms = s.at ?? this.packets.length;
    const segment = segmentBytes(s);
    if (s.id === undefined) return this.addBytes(segment, ms, s.server === true, s.cut ?? 0);
    const header = [0x45, 0, 0, 20 + segment.length, s.id >> 8, s.id & 0xff, 0x40, 0, s.ttl ?? 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    return this.addBytes(new Uint8Array([...header, ...segment]), ms, s.server === true, s.cut ?? 0, header.length);
  }

  addBytes(bytes: Uint8Array, ms: number, fromServer: boolean, cut = 0, offset = 0): number {
    const row = this.packets.grow();
    const captured = Math.max(0, bytes.length - cut);
    this.frames.push(bytes.slice(0, captured));
    const w = this.#walk;
    w.bytes = bytes;
    w.offset = offset;
    w.end = captured;
    w.wireEnd = bytes.length;
    w.row = row;
    // An hour after the epoch: time 0 means "none" in some of Wireshark's rules.
    w.sec = 3600 + Math.floor(ms / 1000);
    w.nsec = Math.round((ms - Math.floor(ms / 1000) * 1000) * 1e6);
    w.wireLen = bytes.length;
    w.capLen = captured;
    w.stack = 0;
    w.flags = 0;
    w.src = fromServer ? this.#server : this.#client;
    w.dst = fromServer ? this.#client : this.#server;
    w.srcPort = 0;
    w.dstPort = 0;
    w.stream = NONE;
    w.prevInStream = NONE;
    w.seq = 0;
    w.ack = 0;
    w.payload = 0;
    w.tcpFlags = 0;
    w.window = 0;
    w.analysis = 0;
    w.message = 0;
    w.quoted = false;
    w.fragmented = false;
    w.run(tcp);
    const chunk = this.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    chunk.fill(i, w, 0);
    return row;
  }

  analysis(row: number): number {
    return this.packets.chunkOf(row).analysis[row & CHUNK_MASK] as number;
  }
  stream(row: number): number {
    return this.packets.chunkOf(row).stream[row & CHUNK_MASK] as number;
  }
}

export const C = 1000;
export const S = 5000;

/** The three-way handshake: client numbers begin at C, server numbers at S. */
export function handshake(capture: TestCapture, at = 0, serverPort = SERVER_PORT): void {
  capture.add({ at, seq: C, flags: 'S', serverPort });
  capture.add({ at: at + 10, server: true, seq: S, ack: C + 1, flags: 'SA', serverPort });
  capture.add({ at: at + 11, seq: C + 1, ack: S + 1, flags: 'A', serverPort });
}
