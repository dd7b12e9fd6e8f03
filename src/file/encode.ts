/** Bytes of capture files: headers, blocks and records, little-endian. */
import { BLOCK_ENHANCED_PACKET, BLOCK_INTERFACE, BLOCK_SECRETS, BLOCK_SECTION, BYTE_ORDER_MAGIC, SECRETS_TLS } from './pcapng.ts';
import { OPT_COMMENT, OPT_FLAGS } from './pcapng-options.ts';

/** An interface to be written. */
export interface WriteInterface {
  readonly linkType: number;
  /** 0: no limit. */
  readonly snapLength: number;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly captureFilter?: string | null;
  /** Digits of the fraction of a second that the time stamps really have, at most 9; 9 if left out. */
  readonly timePrecision?: number;
  /** Digits that it takes to write them exactly, where these are others. */
  readonly exactDigits?: number;
  /** if_hardware, if_os. */
  readonly hardware?: string | null;
  readonly os?: string | null;
}

/** Drops and counts of an interface, for a statistics block. */
export interface WriteStatistics {
  readonly received?: number | null;
  readonly dropped: number | null;
  /** When it was counted: epoch seconds (floor), and nanoseconds within the second; now if left out. */
  readonly countedAt?: { readonly sec: number; readonly nsec: number };
}

const utf8 = new TextEncoder();
/** Longest value of an option that its 16-bit length can tell, in whole words. */
const LONGEST_OPTION = 0xfffc;

/** Grows as it is written to. Reused between flushes: nothing is allocated per packet once it is large enough. */
export class Output {
  bytes: Uint8Array;
  length = 0;
  #view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.length, value, true);
    this.length += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** Sets a number that was left open at `at`. */
  patch32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** Copies bytes[offset, offset + length). */
  copy(bytes: Uint8Array, offset: number, length: number): void {
    this.reserve(length);
    if (offset === 0 && length === bytes.length) this.bytes.set(bytes, this.length);
    else this.bytes.set(bytes.subarray(offset, offset + length), this.length);
    this.length += length;
  }

  /** Zero bytes up to a multiple of four from `start` on. */
  pad(start: number): void {
    while ((this.length - start) % 4 !== 0) this.u8(0);
  }
}

function option(out: Output, code: number, value: Uint8Array): void {
  const length = Math.min(value.length, LONGEST_OPTION);
  out.u16(code);
  out.u16(length);
  const start = out.length;
  out.copy(value, 0, length);
  out.pad(start);
}

function textOption(out: Output, code: number, text: string | null | undefined): void {
  if (text === null || text === undefined || text === '') return;
  option(out, code, utf8.encode(text));
}

function beginBlock(out: Output, type: number): number {
  const start = out.length;
  out.u32(type);
  out.u32(0);
  return start;
}

function endBlock(out: Output, start: number): void {
  const length = out.length - start + 4;
  out.patch32(start + 4, length);
  out.u32(length);
}

/** Section header block. */
export function writeSection(out: Output, application: string, comments: readonly string[]): void {
  const start = beginBlock(out, BLOCK_SECTION);
  out.u32(BYTE_ORDER_MAGIC);
  out.u16(1);
  out.u16(0);
  // Length of the section: not known while it is being written.
  out.u32(0xffff_ffff);
  out.u32(0xffff_ffff);
  for (const comment of comments) textOption(out, 1, comment);
  textOption(out, 3, `${process.platform} ${process.arch}`);
  textOption(out, 4, application);
  out.u32(0);
  endBlock(out, start);
}

/** Interface description block. @param timeOffset whole seconds that are to be added to the time stamps (if_tsoffset) */
export function writeInterface(out: Output, described: WriteInterface, timeOffset = 0): void {
  const start = beginBlock(out, BLOCK_INTERFACE);
  out.u16(described.linkType);
  out.u16(0);
  out.u32(described.snapLength);
  textOption(out, 2, described.name);
  textOption(out, 3, described.description);
  option(out, 9, new Uint8Array([unitsExponent(described)]));
  if (described.captureFilter !== null && described.captureFilter !== undefined && described.captureFilter !== '') {
    option(out, 11, utf8.encode(`\u0000${described.captureFilter}`));
  }
  textOption(out, 12, described.os);
  if (timeOffset !== 0) {
    const value = new DataView(new ArrayBuffer(8));
    value.setBigInt64(0, BigInt(timeOffset), true);
    option(out, 14, new Uint8Array(value.buffer));
  }
  textOption(out, 15, described.hardware);
  out.u32(0);
  endBlock(out, start);
}

/** Decryption secrets block with a key log. */
export function writeKeyLog(out: Output, text: Uint8Array): void {
  const start = beginBlock(out, BLOCK_SECRETS);
  out.u32(SECRETS_TLS);
  out.u32(text.length);
  out.copy(text, 0, text.length);
  out.pad(start);
  endBlock(out, start);
}

/** Digits of a second with which the time stamps of an interface are written, from 0 to 9: as many as they have. */
export function unitsExponent(described: WriteInterface): number {
  return Math.max(0, Math.min(9, described.exactDigits ?? described.timePrecision ?? 9));
}

/** Interface statistics block. */
export function writeStatistics(out: Output, iface: number, exponent: number, statistics: WriteStatistics, timeOffset = 0): void {
  const start = beginBlock(out, 5);
  out.u32(iface);
  const now = Date.now();
  const { sec, nsec } = statistics.countedAt ?? { sec: Math.floor(now / 1000), nsec: (now % 1000) * 1_000_000 };
  ticks(out, sec - timeOffset, nsec, exponent);
  const counts: readonly (readonly [number, number | null])[] = [
    [4, statistics.received ?? null],
    [5, statistics.dropped],
  ];
  for (const [code, count] of counts) {
    if (count === null) continue;
    out.u16(code);
    out.u16(8);
    out.u32(count % 0x1_0000_0000);
    out.u32(Math.floor(count / 0x1_0000_0000));
  }
  out.u32(0);
  endBlock(out, start);
}

const POWERS: readonly number[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** A time as a 64-bit count, high half first. 16 bits at a time, so that every step is exact. */
function ticks(out: Output, sec: number, nsec: number, exponent: number): void {
  const units = POWERS[exponent] as number;
  const fraction = exponent === 9 ? nsec : Math.floor(nsec / (POWERS[9 - exponent] as number));
  const seconds = Math.max(0, sec);
  let carry = (seconds % 0x10000) * units + fraction;
  const low = carry % 0x10000;
  carry = (Math.floor(seconds / 0x10000) % 0x10000) * units + Math.floor(carry / 0x10000);
  const middle = carry % 0x10000;
  const high = Math.floor(seconds / 0x1_0000_0000) * units + Math.floor(carry / 0x10000);
  out.u32(high % 0x1_0000_0000);
  out.u32(middle * 0x10000 + low);
}

const NO_COMMENTS: readonly string[] = [];

/** Enhanced packet block. */
export function writePacketBlock(
  out: Output,
  bytes: Uint8Array,
  offset: number,
  capLen: number,
  wireLen: number,
  sec: number,
  nsec: number,
  iface: number,
  exponent: number,
  comments: readonly string[] = NO_COMMENTS,
  flags: number | null = null,
): void {
  out.reserve(36 + capLen);
  const start = beginBlock(out, BLOCK_ENHANCED_PACKET);
  out.u32(iface);
  ticks(out, sec, nsec, exponent);
  out.u32(capLen);
  out.u32(wireLen);
  out.copy(bytes, offset, capLen);
  out.pad(start);
  for (const comment of comments) option(out, OPT_COMMENT, utf8.encode(comment));
  if (flags !== null) {
    out.u16(OPT_FLAGS);
    out.u16(4);
    out.u32(flags);
  }
  if (comments.length > 0 || flags !== null) out.u32(0);
  endBlock(out, start);
}

/** File header of pcap. */
export function writePcapHeader(out: Output, nanoseconds: boolean, snapLength: number, linkType: number): void {
  out.u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
  out.u16(2);
  out.u16(4);
  out.u32(0);
  out.u32(0);
  // Some readers take 0 for "keep nothing".
  out.u32(snapLength === 0 ? 262_144 : snapLength);
  out.u32(linkType);
}

/** Packet record of pcap. */
export function writePcapRecord(
  out: Output,
  nanoseconds: boolean,
  bytes: Uint8Array,
  offset: number,
  capLen: number,
  wireLen: number,
  sec: number,
  nsec: number,
): void {
  out.reserve(16 + capLen);
  out.u32(sec);
  out.u32(nanoseconds ? nsec : Math.floor(nsec / 1000));
  out.u32(capLen);
  out.u32(wireLen);
  out.copy(bytes, offset, capLen);
}
