/**
 * Reader of pcap files (draft-ietf-opsawg-pcap) in both byte orders, with micro- and nanosecond time stamps, and of the variants that
 * are about: the "modified" ones with longer record headers, Nokia's, AIX's, Ixia's lcap, and the old order of the two lengths.
 */
import { type Fault, longestPacket, type RecordParser, u16, u32, Words } from './parser.ts';
import type { PacketSink, ReaderInterface } from './types.ts';

const STANDARD = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;
const IXIA_HARDWARE = 0x1c0001ac;
const IXIA_SOFTWARE = 0x1c0001ab;

/** Length of the file header; Ixia's has four bytes more. */
export const PCAP_HEADER = 24;

/** Which of the two lengths stands first, and whether that is sure. */
type LengthOrder = 'captured-first' | 'original-first' | 'unsure';

/** What the file header says. */
export interface PcapHeader {
  readonly format: string;
  readonly little: boolean;
  readonly headerLength: number;
  readonly nanoseconds: boolean;
  readonly lengthOrder: LengthOrder;
  readonly linkType: number;
  readonly snapLength: number;
  /** Lengths of record header to try, the likeliest first. */
  readonly recordHeaders: readonly number[];
}

/** Byte order if `bytes` begins like a pcap file: true for little-endian; null if it is none. */
export function pcapByteOrder(bytes: Uint8Array): boolean | null {
  if (bytes.length < 4) return null;
  for (const little of [true, false]) {
    const magic = u32(bytes, 0, little);
    if (magic === STANDARD || magic === NANOSECONDS || magic === MODIFIED || magic === IXIA_HARDWARE || magic === IXIA_SOFTWARE)
      return little;
  }
  return null;
}

/** Interface types of AIX (RFC 1573) that stand in the place of link types, as link types. */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [9, 6],
  [15, 10],
  [24, 0],
]);

/** Reads the file header from at least PCAP_HEADER bytes that `pcapByteOrder` knows; a string says why it cannot be read. */
export function readPcapHeader(bytes: Uint8Array, little: boolean): PcapHeader | string {
  const magic = u32(bytes, 0, little);
  const major = u16(bytes, 4, little);
  const minor = u16(bytes, 6, little);
  const network = u32(bytes, 20, little);
  if (major < 2) return `This is a pcap file of version ${major}.${minor}, which nothing has written since 1994.`;
  const ixia = magic === IXIA_HARDWARE || magic === IXIA_SOFTWARE;
  // Version 2.3 put the captured length first, but some writers said 2.3 and kept the old order; DG/UX calls its old order 543.0.
  const old = (major === 2 && minor < 3) || major === 543;
  const aix = magic === STANDARD && major === 2 && minor === 2 ? AIX_LINK_TYPES.get(network) : undefined;
  const plain = old || (major === 2 && minor === 3) || ixia || magic === NANOSECONDS;
  return {
    format:
      magic === NANOSECONDS
        ? 'pcap (nanoseconds)'
        : aix !== undefined
          ? 'AIX pcap'
          : ixia
            ? 'Ixia lcap'
            : magic === MODIFIED
              ? 'modified pcap'
              : 'pcap',
    little,
    headerLength: ixia ? PCAP_HEADER + 4 : PCAP_HEADER,
    nanoseconds: magic === NANOSECONDS || magic === IXIA_HARDWARE || aix !== undefined,
    lengthOrder: old ? 'original-first' : major === 2 && minor === 3 ? 'unsure' : 'captured-first',
    // The upper half holds the length of the frame check sequence and reserved bits.
    linkType: aix ?? network & 0xffff,
    snapLength: u32(bytes, 16, little),
    recordHeaders: plain ? [16] : magic === MODIFIED ? [24, 28] : [16, 24, 20],
  };
}

/** Records of one pcap file. */
export class PcapParser implements RecordParser {
  readonly format: string;
  readonly interfaces: readonly ReaderInterface[];
  readonly comments: readonly string[] = [];
  readonly pcap: { readonly header: PcapHeader; readonly recordHeader: number };
  readonly described: readonly number[] = [];
  readonly stoppedOutsidePacket = false;
  packets = 0;
  fault: Fault | null = null;
  needed: number;
  readonly #little: boolean;
  readonly #nanoseconds: boolean;
  readonly #order: LengthOrder;
  readonly #recordHeader: number;
  readonly #longest: number;
  readonly #words = new Words();

  /** @param recordHeader length of the record headers, as `chooseRecordHeader` found it */
  constructor(header: PcapHeader, recordHeader: number) {
    this.format = recordHeader === 20 ? 'Nokia pcap' : recordHeader !== 16 ? 'modified pcap' : header.format;
    this.pcap = { header, recordHeader };
    this.#little = header.little;
    this.#nanoseconds = header.nanoseconds;
    this.#order = header.lengthOrder;
    this.#recordHeader = recordHeader;
    this.#longest = longestPacket(header.linkType);
    this.needed = recordHeader;
    this.interfaces = [
      {
        linkType: header.linkType,
        snapLength: header.snapLength,
        name: null,
        description: null,
        captureFilter: null,
        timePrecision: header.nanoseconds ? 9 : 6,
        dropped: null,
      },
    ];
  }

  parse(bytes: Uint8Array, start: number, end: number, base: number, sink: PacketSink): number {
    const view = this.#words.of(bytes);
    // A call for each record, since V8 compiles a long loop anew each time that it is left.
    for (let at = start; ; ) {
      const next = this.#record(bytes, view, at, end, base, sink);
      if (next === at) return at;
      at = next;
    }
  }

  /** One record; gives where the next one begins, or `at` if this one cannot be read. */
  #record(bytes: Uint8Array, view: DataView, at: number, end: number, base: number, sink: PacketSink): number {
    const little = this.#little;
    const headerLength = this.#recordHeader;
    if (end - at < headerLength) {
      this.needed = headerLength;
      return at;
    }
    let capLen = view.getUint32(at + 8, little);
    let wireLen = view.getUint32(at + 12, little);
    if (this.#order === 'original-first' || (this.#order === 'unsure' && capLen > wireLen)) {
      const first = capLen;
      capLen = wireLen;
      wireLen = first;
    }
    if (capLen > this.#longest) {
      this.needed = 0;
      this.fault = {
        offset: base + at,
        promised: 0,
        message: `The record of packet ${this.packets + 1} says that ${capLen} bytes were captured, which is more than any packet of this kind can have.`,
      };
      return at;
    }
    const length = headerLength + capLen;
    if (end - at < length) {
      this.needed = length;
      return at;
    }
    let sec = view.getUint32(at, little);
    let nsec = view.getUint32(at + 4, little) * (this.#nanoseconds ? 1 : 1000);
    if (nsec >= 1_000_000_000) {
      sec += Math.floor(nsec / 1_000_000_000);
      nsec %= 1_000_000_000;
    }
    this.packets++;
    sink.packet(bytes, at + headerLength, capLen, wireLen, sec, nsec, 0, base + at + headerLength, false);
    return at + length;
  }

  commentsAt(): readonly string[] {
    return [];
  }
}

/** How many records of a variant look right before it is believed. */
const PROBED_RECORDS = 3;

/**
 * Some variants share a magic number and differ in the length of their record headers only. The likeliest one is taken unless its
 * records look wrong and those of another look right throughout: a damaged file is to stay what it is.
 * @param bytes the beginning of the file @param whole true if that is all of it
 */
export function chooseRecordHeader(header: PcapHeader, bytes: Uint8Array, whole: boolean): number {
  const likeliest = header.recordHeaders[0] ?? 16;
  if (header.recordHeaders.length < 2) return likeliest;
  const { faults } = probeRecords(header, likeliest, bytes, whole);
  if (faults === 0) return likeliest;
  for (const length of header.recordHeaders) {
    const probe = probeRecords(header, length, bytes, whole);
    if (length !== likeliest && probe.faults === 0 && probe.records >= 2) return length;
  }
  return likeliest;
}

/** How many of the first records are whole if read with record headers of this length, and how much is wrong with them. */
function probeRecords(header: PcapHeader, length: number, bytes: Uint8Array, whole: boolean): { records: number; faults: number } {
  const longest = longestPacket(header.linkType);
  const unit = header.nanoseconds ? 1_000_000_000 : 1_000_000;
  let at = header.headerLength;
  let faults = 0;
  let records = 0;
  while (records < PROBED_RECORDS && at < bytes.length) {
    const fits = at + length <= bytes.length;
    const capLen = fits ? u32(bytes, at + 8, header.little) : 0;
    const end = at + length + capLen;
    if (!fits || end > bytes.length) {
      if (whole || capLen > longest) faults++;
      break;
    }
    const wireLen = u32(bytes, at + 12, header.little);
    if (capLen > longest || wireLen > 128 * 1024 * 1024 || capLen > wireLen) faults++;
    if (header.snapLength > 0 && capLen > header.snapLength) faults++;
    if (u32(bytes, at + 4, header.little) >= unit) faults++;
    if (extraFieldsLookWrong(length, bytes, at, header.little)) faults++;
    records++;
    at = end;
  }
  return { records, faults };
}

/** The fields that only some variants have. */
function extraFieldsLookWrong(length: number, bytes: Uint8Array, at: number, little: boolean): boolean {
  if (length === 20) return (u32(bytes, at + 16, little) & 0x0fff00f0) !== 0x0fbf0000;
  // Index of the interface, Ethernet type, and direction of the packet (0 to 4) on a Linux machine of 1999.
  return length >= 24 && (u32(bytes, at + 16, little) > 10_000 || (bytes[at + 22] ?? 0) > 4);
}
