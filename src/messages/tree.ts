/** The layer tree of one packet. Plain data: see ../messages.ts. */

/** The colour family of a layer in the window: layers 1-2, 3, 4, 5-7, and everything without meaning of its own. */
export type Hue = 'link' | 'net' | 'tra' | 'app' | 'raw';

/** Wireshark's expert severities. */
export type Severity = 'chat' | 'note' | 'warn' | 'error';

/** Seconds and nanoseconds; `nsec` is 0 to 999,999,999 and `sec` may be negative (a negative time rounds towards minus infinity). */
export interface Time {
  readonly sec: number;
  readonly nsec: number;
}

/**
 * A value as full dissection holds it. Integers up to 32 bits (and exact ones up to 2^53) are numbers, 40 to 64 bit types are
 * bigint; addresses, guid and bytes are Uint8Array; times are `Time`; `none` and `protocol` have null.
 */
export type FieldValue = number | bigint | boolean | string | Uint8Array | Time | null;

/** Bytes that fields of a packet refer to: the frame itself is source 0; reassembled, decompressed or decrypted bytes follow. */
export interface DataSource {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface FieldNode {
  /** Wireshark's abbreviation; '' for a text line that is no field. */
  readonly abbrev: string;
  readonly label: string;
  readonly value: FieldValue;
  /** Value as shown: '0x0800 (IPv4)'-like words, units, addresses. Never empty for a field that has a value. */
  display: string;
  readonly source: number;
  /** Place in the source; length 0 for what stands nowhere. */
  readonly offset: number;
  length: number;
  /** Set for a bit field: mask within the `length` bytes at `offset`, big endian. */
  readonly mask: number | null;
  readonly generated: boolean;
  /** In filters and `-e` only, not shown. */
  readonly hidden: boolean;
  /** Set for an expert note. */
  readonly severity: Severity | null;
  /** Row + 1 of the packet this field refers to (framenum fields), else null. */
  readonly link: number | null;
  readonly children: FieldNode[];
}

export interface LayerNode {
  /** Protocol name as in filters. */
  readonly protocol: string;
  readonly short: string;
  readonly title: string;
  readonly osi: string;
  readonly pdu: string;
  readonly hue: Hue;
  /** One line about the layer. */
  summary: string;
  readonly source: number;
  readonly offset: number;
  /** Bytes of header (without the payload that the next layer shows as its own). */
  headerLength: number;
  /** Bytes of header and payload together, captured. */
  length: number;
  /**
   * 'short': bytes were not captured; 'unreassembled': they are in other fragments, not all of which are here; 'malformed': the header contradicts itself
   * or the bytes there are.
   */
  status: 'whole' | 'short' | 'unreassembled' | 'malformed';
  readonly fields: FieldNode[];
}

/** Result of full dissection. */
export interface PacketTree {
  readonly row: number;
  readonly layers: readonly LayerNode[];
  readonly sources: readonly DataSource[];
  /** What the list shows. */
  readonly columns: PacketColumns;
}

/** The list line of a packet, as Wireshark's default columns would have it. */
export interface PacketColumns {
  source: string;
  destination: string;
  protocol: string;
  hue: Hue;
  info: string;
}
