/** Small builders of capture files for the tests of the file layer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenOptions, openCapture } from '../../src/file/open.ts';
import type { CaptureReader, PacketSink } from '../../src/file/types.ts';
import type { Damage } from '../../src/messages.ts';

/** Numbers in the byte order of a file. */
export class Order {
  readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  u16(...values: number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 2);
    for (const [i, value] of values.entries()) this.little ? bytes.writeUInt16LE(value, i * 2) : bytes.writeUInt16BE(value, i * 2);
    return bytes;
  }

  u32(...values: number[]): Buffer {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) this.little ? bytes.writeUInt32LE(value, i * 4) : bytes.writeUInt32BE(value, i * 4);
    return bytes;
  }

  u64(value: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    this.little ? bytes.writeBigUInt64LE(BigInt.asUintN(64, value)) : bytes.writeBigUInt64BE(BigInt.asUintN(64, value));
    return bytes;
  }

  /** A pcapng option. */
  option(code: number, value: Uint8Array | string): Buffer {
    const bytes = Buffer.from(value);
    return Buffer.concat([this.u16(code, bytes.length), bytes, Buffer.alloc(-bytes.length & 3)]);
  }

  /** A pcapng block. */
  block(type: number, ...body: Uint8Array[]): Buffer {
    const content = Buffer.concat(body);
    const padded = Buffer.concat([content, Buffer.alloc(-content.length & 3)]);
    return Buffer.concat([this.u32(type, padded.length + 12), padded, this.u32(padded.length + 12)]);
  }

  section(...options: Uint8Array[]): Buffer {
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1, 0), this.u32(0xffffffff, 0xffffffff), ...options);
  }

  interface(linkType: number, snapLength: number, ...options: Uint8Array[]): Buffer {
    return this.block(1, this.u16(linkType, 0), this.u32(snapLength), ...options);
  }

  packet(iface: number, ticks: bigint, data: Uint8Array, wireLen = data.length, ...options: Uint8Array[]): Buffer {
    const high = Number(ticks >> 32n);
    const low = Number(ticks & 0xffffffffn);
    return this.block(6, this.u32(iface, high, low, data.length, wireLen), data, Buffer.alloc(-data.length & 3), ...options);
  }

  /** A pcap file header. */
  pcap(magic: number, linkType = 1, snapLength = 65535, major = 2, minor = 4): Buffer {
    return Buffer.concat([this.u32(magic), this.u16(major, minor), this.u32(0, 0, snapLength, linkType)]);
  }

  /** A pcap record; `extra` stands between the header and the packet. */
  record(sec: number, fraction: number, data: Uint8Array, wireLen = data.length, extra: Uint8Array = Buffer.alloc(0)): Buffer {
    return Buffer.concat([this.u32(sec, fraction, data.length, wireLen), extra, data]);
  }
}

export const le = new Order(true);
export const be = new Order(false);

/** `length` bytes that differ from packet to packet. */
export function payload(length: number, seed = 0): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff));
}

/** A folder that goes with `removeFolders`. */
const folders: string[] = [];

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sevenfold-test-'));
  folders.push(made);
  return made;
}

export function removeFolders(): void {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
}

export interface Packet {
  readonly data: string;
  readonly wireLen: number;
  readonly sec: number;
  readonly nsec: number;
  readonly iface: number;
  readonly fileOffset: number;
  readonly annotated: boolean;
}

/** Keeps what it is given. */
export class Collector implements PacketSink {
  readonly packets: Packet[] = [];

  packet(
    bytes: Uint8Array,
    offset: number,
    capLen: number,
    wireLen: number,
    sec: number,
    nsec: number,
    iface: number,
    fileOffset: number,
    annotated: boolean,
  ): void {
    const data = Buffer.from(bytes.subarray(offset, offset + capLen)).toString('hex');
    this.packets.push({ data, wireLen, sec, nsec, iface, fileOffset, annotated });
  }
}

/** Reads to the end as the engine does; throws where the reader makes no progress. */
export async function drain(reader: CaptureReader, sink: PacketSink, limit?: number): Promise<void> {
  for (let steps = 0; steps < 10_000; steps++) {
    if ((await reader.step(sink, limit)) !== 'more') return;
  }
  throw new Error('the reader does not come to an end');
}

export interface Contents {
  readonly packets: readonly Packet[];
  readonly damage: Damage | null;
  readonly format: string;
  readonly compression: string;
  readonly comments: readonly string[];
  readonly interfaces: CaptureReader['interfaces'];
  /** Comments of each packet that has some, read again. */
  readonly packetComments: readonly (readonly string[])[];
  /** Flags of each packet, null for one without. */
  readonly packetFlags: readonly (number | null)[];
  /** The reader has seen flags. */
  readonly flagged: boolean | undefined;
}

/** Opens and reads a whole file. */
export async function contents(path: string, options?: OpenOptions): Promise<Contents> {
  const opened = await openCapture(path, options);
  if (!opened.ok) throw new Error(opened.failure.message);
  const { reader } = opened;
  const sink = new Collector();
  await drain(reader, sink);
  reader.finish();
  for (const packet of sink.packets) {
    const again = Buffer.from(reader.readAt(packet.fileOffset, packet.data.length / 2)).toString('hex');
    if (again !== packet.data) throw new Error(`readAt gives other bytes at ${packet.fileOffset}`);
  }
  const packetComments = sink.packets.filter((packet) => packet.annotated).map((packet) => reader.commentsAt(packet.fileOffset));
  const packetFlags = sink.packets.map((packet) => reader.flagsAt?.(packet.fileOffset) ?? null);
  await reader.close();
  const { damage, format, compression, comments, interfaces, flagged } = reader;
  return { packets: sink.packets, damage, format, compression, comments, interfaces, packetComments, packetFlags, flagged };
}

/** Writes `bytes` to a file in `place` and reads it. */
export async function contentsOf(place: string, bytes: Uint8Array, options?: OpenOptions): Promise<Contents> {
  const path = join(place, 'capture');
  writeFileSync(path, bytes);
  return contents(path, options);
}
