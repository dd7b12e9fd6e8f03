/**
 * Reader of pcapng files (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces, enhanced, simple and obsolete packet
 * blocks, statistics, TLS secrets. All other blocks are passed over by their length.
 */
import { type Fault, longestPacket, type RecordParser, u16, u32, Words } from './parser.ts';
import { forEachOption, i64, OPT_COMMENT, OPT_FLAGS, optionCodes, optionComments, optionFlags, optionText, u64 } from './pcapng-options.ts';
import { TickClock } from './timestamp.ts';
import type { PacketSink, ReaderInterface } from './types.ts';

export const BLOCK_SECTION = 0x0a0d0d0a;
export const BLOCK_INTERFACE = 1;
const BLOCK_OBSOLETE_PACKET = 2;
const BLOCK_SIMPLE_PACKET = 3;
const BLOCK_STATISTICS = 5;
export const BLOCK_SECRETS = 10;
/** "TLSK": an NSS key log. */
export const SECRETS_TLS = 0x544c534b;
export const BLOCK_ENHANCED_PACKET = 6;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Enhanced and obsolete packet blocks: bytes before those of the packet. */
const PACKET_AT = 28;
/** Type, length and trailing length. */
const SMALLEST_BLOCK = 12;
/** Bits of the types that bring a packet, all of which are small numbers. */
const PACKET_BLOCKS = (1 << BLOCK_OBSOLETE_PACKET) | (1 << BLOCK_SIMPLE_PACKET) | (1 << BLOCK_ENHANCED_PACKET);
/** The largest packet that any link type has, and some room for options. */
const LARGEST_BLOCK = 128 * 1024 * 1024 + 256 * 1024;
/** Bounds of what a file can make us keep. */
const MOST_INTERFACES = 65_536;
const MOST_COMMENTS = 1000;
const MOST_TEXT = 16 * 1024 * 1024;

/** Byte order of the section that begins at `at`: true for little-endian; null if there is no byte-order magic. */
function sectionByteOrder(bytes: Uint8Array, at: number): boolean | null {
  if (u32(bytes, at + 8, true) === BYTE_ORDER_MAGIC) return true;
  return u32(bytes, at + 8, false) === BYTE_ORDER_MAGIC ? false : null;
}

/** True if `bytes` begins with a section header block, or could as far as it goes. */
export function beginsLikePcapng(bytes: Uint8Array, partial: boolean): boolean {
  const magic = [0x0a, 0x0d, 0x0d, 0x0a];
  for (let i = 0; i < 4; i++) {
    if (i >= bytes.length) return partial;
    if (bytes[i] !== magic[i]) return false;
  }
  return bytes.length < 12 ? partial : sectionByteOrder(bytes, 0) !== null;
}

interface Interface extends ReaderInterface {
  dropped: number | null;
  received: number | null;
}

/** Blocks of one pcapng file. */
export class PcapngParser implements RecordParser {
  readonly format = 'pcapng';
  readonly interfaces: Interface[] = [];
  readonly comments: string[] = [];
  readonly pcap = null;
  /** Offset and length of each section header and interface description. */
  readonly described: number[] = [];
  packets = 0;
  flagged = false;
  fault: Fault | null = null;
  needed = SMALLEST_BLOCK;
  stoppedOutsidePacket = false;
  /** By number of interface. */
  readonly #clocks: TickClock[] = [];
  readonly #words = new Words();
  /** Bytes of names and comments that may still be kept. */
  #textLeft = MOST_TEXT;
  #little = true;
  #inSection = false;
  /** Number of the first interface of the present section. */
  #firstInterface = 0;
  /** Number of the present section, from 1 on. */
  #sections = 0;

  parse(bytes: Uint8Array, start: number, end: number, base: number, sink: PacketSink): number {
    const view = this.#words.of(bytes);
    this.stoppedOutsidePacket = false;
    // A call for each block, since V8 compiles a long loop anew each time that it is left.
    for (let at = start; ; ) {
      const next = this.#block(bytes, view, at, end, base, sink);
      if (next === at) return at;
      at = next;
    }
  }

  /** One block; gives where the next one begins, or `at` if this one cannot be read. */
  #block(bytes: Uint8Array, view: DataView, at: number, end: number, base: number, sink: PacketSink): number {
    // What the end of a piece needs is said of every block: V8 compiles a function anew when a branch is taken for the first time.
    this.needed = SMALLEST_BLOCK;
    if (end - at < SMALLEST_BLOCK) return at;
    let little = this.#little;
    const type = view.getUint32(at, little);
    // Reads the same in both byte orders.
    const isSection = type === BLOCK_SECTION;
    if (isSection) {
      const order = sectionByteOrder(bytes, at);
      if (order === null) return this.#stop(base + at, 0, 'A section header has no byte-order mark', at);
      little = order;
    } else if (!this.#inSection) {
      return this.#stop(base + at, 0, 'The file does not begin with a section header', at);
    }
    const stated = view.getUint32(at + 4, little);
    // Some writers leave the padding of the last option out of the length.
    const length = stated + (-stated & 3);
    if (stated < SMALLEST_BLOCK || length > LARGEST_BLOCK) {
      return this.#stop(base + at, 0, `A block of type ${typeText(type)} gives its length as ${stated} bytes, which cannot be`, at);
    }
    const isPacket = type <= BLOCK_ENHANCED_PACKET && ((1 << type) & PACKET_BLOCKS) !== 0;
    const isCut = end - at < length;
    this.needed = length;
    this.stoppedOutsidePacket = isCut && !isPacket;
    if (isCut) return at;
    const trailing = view.getUint32(at + length - 4, little);
    if (trailing + (-trailing & 3) !== length) {
      const message = `A block of type ${typeText(type)} gives its length as ${stated} bytes at its start and as ${trailing} at its end`;
      return this.#stop(base + at, length, message, at);
    }
    const bodyEnd = at + length - 4;
    if (isSection) this.#little = little;
    const problem = isPacket
      ? this.#packet(type, bytes, view, at, bodyEnd, base, sink)
      : type === BLOCK_SECTION
        ? this.#section(bytes, at, bodyEnd)
        : type === BLOCK_INTERFACE
          ? this.#interface(bytes, at, bodyEnd)
          : type === BLOCK_STATISTICS
            ? this.#statistics(bytes, at, bodyEnd)
            : type === BLOCK_SECRETS
              ? this.#secrets(bytes, at, bodyEnd, sink)
              : null;
    if (problem !== null) return this.#stop(base + at, length, problem, at);
    if (!isPacket) {
      if (isSection || type === BLOCK_INTERFACE) this.described.push(base + at, length);
      sink.block?.(at, length);
    }
    return at + length;
  }

  commentsAt(fileOffset: number, readAt: (offset: number, length: number) => Uint8Array): readonly string[] {
    return optionsAt(fileOffset, readAt, optionComments) ?? [];
  }

  flagsAt(fileOffset: number, readAt: (offset: number, length: number) => Uint8Array): number | null {
    return optionsAt(fileOffset, readAt, optionFlags);
  }

  #stop(offset: number, promised: number, problem: string, at: number): number {
    const where = this.packets === 0 ? 'before the first packet' : `after packet ${this.packets}`;
    this.needed = promised;
    this.fault = { offset, promised, message: `${problem} (${where}).` };
    return at;
  }

  #section(bytes: Uint8Array, at: number, end: number): string | null {
    if (end - at < 24) return 'A section header is too short';
    const major = u16(bytes, at + 12, this.#little);
    const minor = u16(bytes, at + 14, this.#little);
    if (major !== 1) return `A section has version ${major}.${minor} of the format, which is not known`;
    this.#inSection = true;
    this.#sections++;
    this.#firstInterface = this.interfaces.length;
    forEachOption(bytes, at + 24, end, this.#little, (code, valueAt, length) => {
      if (code !== OPT_COMMENT || this.comments.length >= MOST_COMMENTS) return;
      this.comments.push(this.#text(bytes, valueAt, length));
    });
    return null;
  }

  #interface(bytes: Uint8Array, at: number, end: number): string | null {
    if (end - at < 16) return 'An interface description is too short';
    if (this.interfaces.length >= MOST_INTERFACES) return `The file describes more than ${MOST_INTERFACES} interfaces`;
    const little = this.#little;
    let name: string | null = null;
    let description: string | null = null;
    let captureFilter: string | null = null;
    let hardware: string | null = null;
    let os: string | null = null;
    let resolution = 6;
    let offset = 0;
    forEachOption(bytes, at + 16, end, little, (code, valueAt, length) => {
      if (code === 2) name = this.#text(bytes, valueAt, length);
      else if (code === 3) description = this.#text(bytes, valueAt, length);
      else if (code === 9 && length === 1) resolution = bytes[valueAt] ?? 6;
      // The first byte tells text (0) from BPF code (1), which is not shown.
      else if (code === 11 && length > 1 && bytes[valueAt] === 0) captureFilter = this.#text(bytes, valueAt + 1, length - 1);
      else if (code === 12) os = this.#text(bytes, valueAt, length);
      else if (code === 15) hardware = this.#text(bytes, valueAt, length);
      else if (code === 14 && length === 8) offset = i64(bytes, valueAt, little);
    });
    const clock = new TickClock(resolution, offset);
    this.interfaces.push({
      section: this.#sections,
      linkType: u16(bytes, at + 8, little),
      snapLength: u32(bytes, at + 12, little),
      name,
      described: true,
      description,
      captureFilter,
      timePrecision: clock.digits,
      exactDigits: clock.exactDigits,
      hardware,
      os,
      dropped: null,
      received: null,
    });
    this.#clocks.push(clock);
    return null;
  }

  /** Text of an option, as long as there is not too much of it in all. */
  #text(bytes: Uint8Array, at: number, length: number): string {
    if (length > this.#textLeft) return '';
    this.#textLeft -= length;
    return optionText(bytes, at, length);
  }

  #statistics(bytes: Uint8Array, at: number, end: number): string | null {
    if (end - at < 20) return 'An interface statistics block is too short';
    const number = this.#firstInterface + u32(bytes, at + 8, this.#little);
    const described = this.interfaces[number];
    const clock = this.#clocks[number];
    if (described === undefined || clock === undefined) return null;
    clock.set(u32(bytes, at + 12, this.#little), u32(bytes, at + 16, this.#little));
    described.countedAt = { sec: clock.sec, nsec: clock.nsec };
    forEachOption(bytes, at + 20, end, this.#little, (code, valueAt, length) => {
      if (code === 4 && length === 8) described.received = u64(bytes, valueAt, this.#little);
      if (code === 5 && length === 8) described.dropped = u64(bytes, valueAt, this.#little);
    });
    return null;
  }

  /** A Decryption Secrets Block. What it has for other protocols is passed over. */
  #secrets(bytes: Uint8Array, at: number, end: number, sink: PacketSink): string | null {
    if (end - at < 16) return 'A block with secrets is too short';
    const length = u32(bytes, at + 12, this.#little);
    if (length > end - at - 16)
      return `A block of ${end + 4 - at} bytes is too short for the ${length} bytes of secrets that it should have`;
    if (u32(bytes, at + 8, this.#little) === SECRETS_TLS) sink.keyLog?.(bytes.subarray(at + 16, at + 16 + length));
    return null;
  }

  #packet(type: number, bytes: Uint8Array, view: DataView, at: number, end: number, base: number, sink: PacketSink): string | null {
    const little = this.#little;
    const simple = type === BLOCK_SIMPLE_PACKET;
    const dataAt = at + (simple ? 12 : PACKET_AT);
    if (dataAt > end) return 'A packet block is too short';
    const number =
      this.#firstInterface +
      (simple ? 0 : type === BLOCK_OBSOLETE_PACKET ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little));
    const described = this.interfaces[number];
    const clock = this.#clocks[number];
    if (described === undefined || clock === undefined)
      return `A packet is of interface ${number - this.#firstInterface}, which its section does not describe`;
    const wireLen = view.getUint32(dataAt - 4, little);
    // A simple packet block has no length of its own: the snapshot length of the first interface says what was kept.
    const capLen = simple
      ? described.snapLength > 0
        ? Math.min(wireLen, described.snapLength)
        : wireLen
      : view.getUint32(at + 20, little);
    if (capLen > end - dataAt) return `A block of ${end + 4 - at} bytes is too short for the ${capLen} bytes that the packet should have`;
    if (capLen > longestPacket(described.linkType)) return `A packet of ${capLen} bytes is larger than any of its kind can be`;
    let annotated = false;
    if (simple) {
      clock.sec = 0;
      clock.nsec = 0;
    } else {
      clock.set(view.getUint32(at + 12, little), view.getUint32(at + 16, little));
      const options = dataAt + capLen + (-capLen & 3);
      if (end - options >= 4) {
        const codes = optionCodes(bytes, options, end, little);
        annotated = (codes & (1 << OPT_COMMENT)) !== 0;
        if ((codes & (1 << OPT_FLAGS)) !== 0) this.flagged = true;
      }
    }
    this.packets++;
    sink.packet(bytes, dataAt, capLen, wireLen, clock.sec, clock.nsec, number, base + dataAt, annotated);
    return null;
  }
}

/**
 * What `read` finds in the options of a packet: they stand behind it in its block, whose header stands before it. Null where there are none.
 * @param fileOffset of the packet's bytes
 */
function optionsAt<T>(
  fileOffset: number,
  readAt: (offset: number, length: number) => Uint8Array,
  read: (bytes: Uint8Array, start: number, end: number, little: boolean) => T,
): T | null {
  const start = fileOffset - PACKET_AT;
  const header = readAt(start, PACKET_AT);
  if (header.length < PACKET_AT) return null;
  // Block types are small numbers: which end of the first word is filled tells the byte order of the section.
  const little = header[0] !== 0;
  const type = u32(header, 0, little);
  const length = u32(header, 4, little);
  if ((type !== BLOCK_ENHANCED_PACKET && type !== BLOCK_OBSOLETE_PACKET) || length > LARGEST_BLOCK) return null;
  const capLen = u32(header, 20, little);
  const options = PACKET_AT + capLen + (-capLen & 3);
  const room = length + (-length & 3) - 4 - options;
  if (room < 4) return null;
  const bytes = readAt(start + options, room);
  return read(bytes, 0, bytes.length, little);
}

function typeText(type: number): string {
  return type === BLOCK_SECTION ? 'section header' : type < 256 ? String(type) : `0x${type.toString(16).padStart(8, '0')}`;
}
