/**
 * Full depth: building the layer tree of one packet.
 *
 * Reads are checked in one place. A read past the end of the bytes marks its layer (`short` if the bytes were on the wire but not
 * captured, `malformed` if they never were) and gives 0; from then on the layer takes no more fields and `layer.ok` is false. So a
 * dissector reads on without tests of its own, and loops run `while (layer.ok && offset < end)`.
 */

import { octetIn } from '../bytes/octet.ts';
import type { DataSource, FieldNode, FieldValue, LayerNode, PacketColumns, PacketTree } from '../messages.ts';
import { CHUNK_MASK, RowFlag } from '../table/packet-table.ts';
import { MAX_PARTS } from '../table/stack-table.ts';
import type { CaptureIndex } from './capture-index.ts';
import { displayValue } from './display.ts';
import type { FieldDef } from './field.ts';
import { hasStray, nameOf, STRAY, typeBytes } from './field.ts';
import { allProtocols, type Protocol } from './protocol.ts';
import type { Wanted } from './wanted.ts';

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Bounds on one tree, against bytes made to blow it up: fields beyond are left out and said. */
const MAX_FIELDS = 100_000;
/** Characters of the long texts in a tree, longer ones than `LONG_TEXT`; of one text, as much as `MOST_OF_TEXT` counts: a body is as long as its octets. */
const MAX_TEXT = 16 * 2 ** 20;
const LONG_TEXT = 256;
const MOST_OF_TEXT = 2 ** 18;
export const MAX_LAYERS = 512;
/** Protocols that call each other. */
const MAX_CALLS = 63;
/** More fields than what carries a protocol has. */
const MANY_FIELDS = 10_000;

/** A stretch of a data source: bytes[offset, end) are there, bytes up to wireEnd were on the wire. */
export class Buf {
  readonly bytes: Uint8Array;
  /** Number of the data source, for FieldNode.source. */
  readonly source: number;
  readonly offset: number;
  readonly end: number;
  readonly wireEnd: number;

  constructor(bytes: Uint8Array, source: number, offset: number, end: number, wireEnd: number) {
    this.bytes = bytes;
    this.source = source;
    this.offset = offset;
    this.end = Math.min(end, bytes.length);
    this.wireEnd = Math.max(wireEnd, this.end);
  }

  /** Captured bytes. */
  get length(): number {
    return Math.max(0, this.end - this.offset);
  }

  /** Bytes on the wire. */
  get wireLength(): number {
    return Math.max(0, this.wireEnd - this.offset);
  }

  /** The stretch from `offset` on, not past `wireEnd` (an offset in the source) nor past this one's own ends. */
  from(offset: number, wireEnd = this.wireEnd): Buf {
    const limit = Math.min(wireEnd, this.wireEnd);
    const from = Math.max(this.offset, Math.min(offset, this.end));
    return new Buf(this.bytes, this.source, from, Math.min(this.end, limit), limit);
  }

  /** Peeks: 0 outside the captured bytes, and no mark. For looking before deciding. */
  u8(at: number): number {
    return at >= this.offset && at < this.end ? (this.bytes[at] as number) : 0;
  }
  u16(at: number): number {
    return (this.u8(at) << 8) | this.u8(at + 1);
  }
  u24(at: number): number {
    return (this.u16(at) << 8) | this.u8(at + 2);
  }
  u32(at: number): number {
    return ((this.u16(at) << 16) | this.u16(at + 2)) >>> 0;
  }
  le16(at: number): number {
    return this.u8(at) | (this.u8(at + 1) << 8);
  }
  le32(at: number): number {
    return (this.le16(at) | (this.le16(at + 2) << 16)) >>> 0;
  }
  /**
   * Where `octet` is first in [from, stop), -1 if nowhere. Looks no further than `stop`: the source may go on for megabytes, and who
   * looks for the ends of many short things must not go through all of it for each.
   */
  indexOf(octet: number, from: number, stop = this.end): number {
    return octetIn(this.bytes, octet, from, Math.min(stop, this.end));
  }
  /** Copy-free view, cut to what is there. */
  slice(at: number, length: number): Uint8Array {
    const from = Math.max(this.offset, Math.min(at, this.end));
    return this.bytes.subarray(from, Math.max(from, Math.min(at + length, this.end)));
  }
  text(at: number, length: number): string {
    return utf8.decode(this.slice(at, length));
  }
}

/** An integer whose highest bit, in as many octets as it takes in the packet, is its sign. */
function isSigned({ type }: FieldDef): boolean {
  return type === 'int8' || type === 'int16' || type === 'int32';
}

export interface AddOptions {
  /** Replaces the display text made from the value. */
  readonly display?: string;
  readonly hidden?: boolean;
  /** Row (from 0) that a framenum field points to, where it is not value - 1. */
  readonly link?: number;
  /** For fields that are computed only sometimes. */
  readonly generated?: boolean;
  readonly label?: string;
}

/** Something that fields can be added to: a layer, or a field with fields below it. */
export class Node {
  readonly d: Dissection;
  readonly layer: Layer;
  readonly children: FieldNode[];
  /** The field this is, null for a layer. */
  readonly field: FieldNode | null;
  readonly #buf: Buf;

  constructor(d: Dissection, layer: Layer | null, buf: Buf, children: FieldNode[], field: FieldNode | null) {
    this.d = d;
    this.layer = layer ?? (this as unknown as Layer);
    this.#buf = buf;
    this.children = children;
    this.field = field;
  }

  get ok(): boolean {
    return this.layer.node.status === 'whole';
  }

  /** The bytes this node reads from. */
  get buf(): Buf {
    return this.#buf;
  }

  /** Checks that [offset, offset + length) is there; marks the layer if not. */
  has(offset: number, length: number): boolean {
    if (!this.ok) return false;
    const b = this.#buf;
    if (length >= 0 && offset >= b.offset && offset + length <= b.end) return true;
    const sensible = offset >= b.offset && length >= 0;
    // A quoted packet is cut by who quotes it, a fragment ends where the next begins: that is nobody's mistake.
    if (!sensible) this.layer.fail('malformed');
    else if (this.d.fragmented && !this.d.quoted) this.layer.fail('unreassembled');
    else this.layer.fail(this.d.quoted || offset + length <= b.wireEnd ? 'short' : 'malformed');
    return false;
  }

  /** Reads a big-endian unsigned integer of 1 to 6 bytes, adds it as `field`, and returns it (masked and shifted if the field has a mask). */
  uint(field: FieldDef, offset: number, length = typeBytes(field.type), options?: AddOptions): number {
    return this.#integer(field, offset, length, false, options)[0];
  }

  /** Little-endian uint(). */
  uintLe(field: FieldDef, offset: number, length = typeBytes(field.type), options?: AddOptions): number {
    return this.#integer(field, offset, length, true, options)[0];
  }

  /** uint() that also gives the node, for fields below it: `const flags = layer.uintNode(f.flags, 12, 2)`. */
  uintNode(field: FieldDef, offset: number, length = typeBytes(field.type), options?: AddOptions): Node {
    return this.#integer(field, offset, length, false, options)[1];
  }

  uintLeNode(field: FieldDef, offset: number, length = typeBytes(field.type), options?: AddOptions): Node {
    return this.#integer(field, offset, length, true, options)[1];
  }

  #integer(field: FieldDef, offset: number, length: number, little: boolean, options?: AddOptions): [number, Node] {
    if (!this.has(offset, length)) return [0, this.d.nowhere(this)];
    const bytes = this.#buf.bytes;
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + (bytes[little ? offset + length - 1 - i : offset + i] as number);
    if (field.mask !== undefined) value = masked(value, field.mask);
    else if (isSigned(field) && value >= 2 ** (8 * length - 1)) value -= 2 ** (8 * length);
    return [value, this.add(field, offset, length, held(field, value, length), options)];
  }

  /** uint() or uintLe() that gives the integer and the node. */
  uintAndNode(field: FieldDef, offset: number, length: number, little = false): [value: number, node: Node] {
    return this.#integer(field, offset, length, little);
  }

  /** Reads an unsigned 64-bit integer. */
  uint64(field: FieldDef, offset: number, little = false, options?: AddOptions): bigint {
    if (!this.has(offset, 8)) return 0n;
    const view = new DataView(this.#buf.bytes.buffer, this.#buf.bytes.byteOffset + offset, 8);
    const value = field.type === 'int64' ? view.getBigInt64(0, little) : view.getBigUint64(0, little);
    this.add(field, offset, 8, value, options);
    return value;
  }

  /** Adds `length` bytes as a bytes, address or guid field. */
  bytes(field: FieldDef, offset: number, length = typeBytes(field.type), options?: AddOptions): Uint8Array {
    if (!this.has(offset, length)) return new Uint8Array(0);
    const value = this.#buf.bytes.subarray(offset, offset + length);
    this.add(field, offset, length, value, options);
    return value;
  }

  /** Adds `length` bytes as text (UTF-8; wrong bytes become U+FFFD; a zero byte ends it when `zero` is set). */
  string(field: FieldDef, offset: number, length: number, options?: AddOptions & { zero?: boolean }): string {
    if (!this.has(offset, length)) return '';
    let stop = offset + length;
    if (options?.zero) {
      const at = this.#buf.indexOf(0, offset, stop);
      if (at >= 0) stop = at;
    }
    const value = utf8.decode(this.#buf.bytes.subarray(offset, stop));
    this.add(field, offset, length, value, options);
    return value;
  }

  /**
   * Adds a value that the caller has: computed, or read in its own way. A place that goes beyond the bytes is cut to them, since lengths
   * are often those that a header claims (generated fields use length 0). Returns the node, for fields below it.
   */
  add(declared: FieldDef, offset: number, length: number, value: FieldValue, options: AddOptions = {}): Node {
    const taken = this.ok && this.d.room();
    if (typeof value === 'string' && value.length > LONG_TEXT) this.d.tookText(value.length);
    // Nothing is kept of what would be added below.
    if (!this.d.fields) return this;
    if (!taken) return this.d.nowhere(this);
    const field = this.d.renamed?.get(declared) ?? declared;
    // What is asked for may be below what is not, and then stands in its place.
    if (this.d.wanted?.has(field) === false)
      return this.field === null ? this : new Node(this.d, this.layer, this.#buf, this.children, null);
    const there = this.#buf.bytes.length;
    const from = offset < 0 ? 0 : Math.min(offset, there);
    const node: FieldNode = {
      abbrev: field.abbrev,
      label: options.label ?? field.label,
      value,
      display: options.display ?? (this.d.texts ? displayValue(field, value) : ''),
      source: this.#buf.source,
      offset: from,
      length: Math.max(0, Math.min(length, there - from)),
      mask: field.mask ?? null,
      generated: options.generated ?? field.generated ?? false,
      hidden: options.hidden ?? false,
      severity: field.severity ?? null,
      link:
        options.link !== undefined ? options.link + 1 : field.type === 'framenum' && typeof value === 'number' && value > 0 ? value : null,
      children: [],
    };
    this.children.push(node);
    this.d.fieldDefs.set(node, field);
    if (field.type === 'string' && typeof value === 'string' && !node.generated && hasStray(value)) {
      const below = new Node(this.d, this.layer, this.#buf, node.children, node);
      below.expert(STRAY);
      return below;
    }
    return new Node(this.d, this.layer, this.#buf, node.children, node);
  }

  /** The same node over other bytes (reassembled ones): fields added to it have their places there. */
  over(buf: Buf): Node {
    return new Node(this.d, this.layer, buf, this.children, this.field);
  }

  /** A line of text with fields below it (Wireshark's subtrees without a field of their own). */
  text(offset: number, length: number, label: string, display = ''): Node {
    return this.add(TEXT, offset, length, null, { label, display });
  }

  /** Adds an expert note. `display` says it in this packet's own words; default is the field's label. */
  expert(field: FieldDef, offset = this.field?.offset ?? this.#buf.offset, length = this.field?.length ?? 0, display = field.label): void {
    this.add(field, offset, length, null, { display });
  }

  /** Adds the bits of this flag field, an integer of `length` bytes at `offset`, and what they say to its text. */
  bits(fields: readonly FieldDef[], offset: number, length: number): void {
    for (const field of fields) this.uint(field, offset, length);
    this.sayBits();
  }

  /** Adds to the text of a flag field what its bits say, as Wireshark has it: names of those that are set, words of numbers. */
  sayBits(): void {
    if (this.field === null || !this.d.texts) return;
    for (const bit of this.children) {
      const def = this.d.fieldDefs.get(bit);
      if (bit.mask === null || def === undefined) continue;
      if (bit.value === true) this.field.display += `, ${bit.label}`;
      const word = typeof bit.value === 'number' ? nameOf(def, bit.value) : undefined;
      if (word !== undefined) this.field.display += `, ${bit.label}: ${word}`;
    }
  }

  /** Lets this field reach to `end` (an offset in its source), where that is only known when its children are read. */
  reachTo(end: number): void {
    if (this.field !== null) this.field.length = Math.max(0, Math.min(end, this.#buf.bytes.length) - this.field.offset);
  }

  /** Lets the value of this field be made when someone asks for it: one that is long, and that only filters and printing read. */
  lazily(make: () => FieldValue): void {
    if (this.field !== null) Object.defineProperty(this.field, 'value', { get: make, enumerable: true, configurable: true });
  }

  get display(): string {
    return this.field?.display ?? '';
  }

  /** Changes the shown text of this field after its children are known. */
  set display(text: string) {
    if (this.field !== null) this.field.display = text;
  }
}

/** The number of an integer of `length` bytes, as its field holds it (FieldValue). */
function held(field: FieldDef, value: number, length: number): FieldValue {
  if (field.type === 'bool') return value !== 0;
  return length > 4 || field.type === 'uint64' ? BigInt(value) : value;
}

const TEXT: FieldDef = { abbrev: '', label: '', type: 'none' };

/** One protocol's part of the tree. */
export class Layer extends Node {
  readonly node: LayerNode;

  constructor(d: Dissection, protocol: Protocol, buf: Buf, node: LayerNode) {
    super(d, null, buf, node.fields, null);
    this.node = node;
    this.protocol = protocol;
  }

  readonly protocol: Protocol;

  override get ok(): boolean {
    return this.node.status === 'whole';
  }

  get summary(): string {
    return this.node.summary;
  }

  set summary(text: string) {
    this.node.summary = text;
  }

  /** Ends the layer: bytes that it needs were not captured, or it makes no sense. What was read stays. */
  fail(status: Exclude<LayerNode['status'], 'whole'>): void {
    if (this.node.status === 'whole') this.node.status = status;
  }

  /**
   * What was malformed is one part's own (a message that says more than it has), and where it ends is known: the layer goes on behind it, and
   * is marked when the packet is done.
   */
  goOn(): void {
    if (this.node.status !== 'malformed') return;
    this.node.status = 'whole';
    this.d.damaged.push(this);
  }

  /** Says how long the header is and, where the header says so, where the whole (header and payload) ends. */
  size(headerLength: number, end?: number): void {
    this.node.headerLength = Math.max(0, Math.min(headerLength, this.buf.end - this.node.offset));
    if (end !== undefined) this.node.length = Math.max(0, Math.min(end, this.buf.end) - this.node.offset);
  }
}

/** What a protocol over TCP or UDP may want to know of what carries it. */
export interface TransportInfo {
  readonly kind: 'tcp' | 'udp';
  /** `tcp.stream` or `udp.stream`. */
  readonly stream: number;
  /** Sent by the client (TCP), or by who sent first (UDP). */
  readonly fromClient: boolean;
  readonly srcPort: number;
  readonly dstPort: number;
}

/** The dissection of one packet. */
export class Dissection implements PacketTree {
  readonly capture: CaptureIndex;
  readonly row: number;
  /** False: nobody will read the tree, only its values (a filter): the usual texts of fields are left out, which take most of the time. */
  readonly texts: boolean;
  /**
   * False: nobody will read fields at all, only layers and what dissectors note beside them (HTTP messages). No field is made; the info
   * column may lack what is read from one, and bodies are not looked into.
   */
  readonly fields: boolean;
  /** What is read of the packet, null for all of it. Other fields are not made; what is above all that is asked for is not called. */
  readonly wanted: Wanted | null;
  readonly layers: LayerNode[] = [];
  readonly sources: DataSource[] = [];
  readonly columns: PacketColumns = { source: '', destination: '', protocol: '', hue: 'raw', info: '' };
  /** The declaration behind each field node: type and base for filters and `-T fields`. Stays in this process. */
  readonly fieldDefs = new Map<FieldNode, FieldDef>();
  /** Protocol ids from the index: what was decided for this packet with the knowledge of earlier ones. */
  readonly path: readonly number[];
  /** Places in `path` where one of several packets in the packet begins: the layer before has nothing on it. */
  readonly #nested: readonly number[] | null;
  /** Protocols put on so far, as `frame.protocols` has them. */
  readonly protocols: Protocol[] = [];
  /** Parts of layers that filters find by the name of a protocol, and where they are. */
  readonly embedded: { readonly protocol: string; readonly buf: Buf }[] = [];
  /** True inside a quoted packet (ICMP error). */
  quoted = false;
  /** True inside a fragment that was not reassembled. */
  fragmented = false;
  /** IP protocol number by which the layer at hand was reached. */
  ipProto = 0;
  /** Other names for fields while it is set: a protocol (DTLS) whose fields are another's (TLS's) under its own name. */
  renamed: ReadonlyMap<FieldDef, FieldDef> | null = null;
  /** Addresses of the innermost IP header so far, for pseudo-headers and conversations: 4 or 16 bytes each. */
  netSrc: Uint8Array | null = null;
  netDst: Uint8Array | null = null;
  /** The innermost TCP or UDP conversation so far; for the protocols it carries. Null in a quoted packet. */
  transport: TransportInfo | null = null;
  /** Layers that went on behind something malformed. */
  readonly damaged: Layer[] = [];
  #taken = 0;
  #text = 0;
  /** Protocols put on that the index does not count. */
  #uncounted = 0;
  /** Parts among the protocols put on. */
  #parts = 0;
  /** Protocols at work. */
  #calls = 0;
  /** Place in `path` above which nothing is asked for. */
  readonly #top: number;

  constructor(capture: CaptureIndex, row: number, texts = true, fields = true, wanted: Wanted | null = null) {
    this.capture = capture;
    this.row = row;
    this.texts = texts && fields;
    this.fields = fields;
    this.wanted = wanted;
    const chunk = capture.packets.chunkOf(row);
    const stack = chunk.stack[row & CHUNK_MASK] as number;
    const several = ((chunk.flags[row & CHUNK_MASK] as number) & RowFlag.Several) !== 0;
    this.#top = wanted === null || several ? Number.POSITIVE_INFINITY : wanted.topOf(capture.stacks, stack);
    this.path = capture.stacks.path(stack);
    this.#nested = capture.stacks.nestedAt(stack);
  }

  /** `frame.protocols`. */
  get protocolNames(): string {
    return this.protocols.map((protocol) => protocol.name).join(':');
  }

  /** True if all that there is may be read: the texts of notes too. */
  get whole(): boolean {
    return this.fields && this.wanted === null;
  }

  /** True if the field is read, for what costs more to make than a field. */
  asks(field: FieldDef): boolean {
    return this.fields && this.wanted?.has(this.renamed?.get(field) ?? field) !== false;
  }

  /** True if a protocol that is called now is looked at: something above may be asked for. */
  get above(): boolean {
    return this.protocols.length - this.#uncounted <= this.#top;
  }

  /** The protocol that the index found above the protocols put on so far (or at `at`); undefined if the walk ended there. */
  indexed(all: readonly Protocol[], at = this.protocols.length - this.#uncounted): Protocol | undefined {
    const id = this.#nested?.includes(at) === true ? undefined : this.path[at];
    return id === undefined ? undefined : all[id];
  }

  /** Begins above `protocol`, with the protocols below it put on as the index found them. False if it has not exactly one such. */
  over(protocol: Protocol): boolean {
    const at = this.path.indexOf(protocol.id);
    if (at < 0 || this.#nested !== null || this.path.indexOf(protocol.id, at + 1) >= 0) return false;
    const all = allProtocols();
    for (const id of this.path.slice(0, at + 1)) this.protocols.push(all[id] as Protocol);
    this.#calls = at + 1;
    return true;
  }

  /** No more fields are taken: what a long loop adds would be dropped. */
  get full(): boolean {
    return this.#taken >= MAX_FIELDS;
  }

  /** So near to a bound that it might not hold what a dissection of the whole packet would, or the other way round. */
  get crowded(): boolean {
    return this.#taken > MAX_FIELDS - MANY_FIELDS || this.layers.length > MAX_LAYERS - MAX_CALLS;
  }

  /** Counts a text that takes room by itself: an octet may stand for kilobytes, as in HTTP/2, and a packet may have many. */
  tookText(length: number): void {
    this.#text += Math.min(length, MOST_OF_TEXT);
    if (this.#text > MAX_TEXT) this.#taken = Math.max(this.#taken, MAX_FIELDS);
  }

  /** Room for one more field? */
  room(): boolean {
    return this.#taken++ < MAX_FIELDS;
  }

  /** A node that takes fields and drops them. */
  nowhere(like: Node): Node {
    return new Node(this, like.layer, like.buf, [], null);
  }

  /** Adds a data source (reassembled, decompressed bytes) and gives its number. */
  source(name: string, bytes: Uint8Array): number {
    this.sources.push({ name, bytes });
    return this.sources.length - 1;
  }

  /** A stretch over a whole new source. */
  newBuf(name: string, bytes: Uint8Array): Buf {
    return new Buf(bytes, this.source(name, bytes), 0, bytes.length, bytes.length);
  }

  /**
   * Puts `protocol` on `frame.protocols` and calls it on `b`. Nested too deep: not called. This is the only way down.
   */
  call(protocol: Protocol | undefined, b: Buf): void {
    if (protocol === undefined || this.#calls >= MAX_CALLS || !this.#hasRoomFor(protocol)) return;
    if (!this.above) return;
    this.#put(protocol);
    this.#calls++;
    protocol.dissect(this, b);
    this.#calls--;
  }

  /** Few layers so far, or the next one that the index found: those are bounded by themselves, whatever the content of others had many of. */
  #hasRoomFor(protocol: Protocol): boolean {
    if (this.layers.length < MAX_LAYERS && this.protocols.length - this.#parts < MAX_LAYERS) return true;
    return this.path[this.protocols.length - this.#uncounted] === protocol.id;
  }

  /** As `call`, for a protocol that calls no other: where nobody reads fields its layer is all there is to it. */
  callLast(protocol: Protocol, b: Buf): void {
    if (this.fields) this.call(protocol, b);
    else if (this.#hasRoomFor(protocol)) {
      this.#put(protocol);
      this.layer(protocol, b);
    }
  }

  /**
   * Puts `protocol` on `frame.protocols` without a layer: a part of the layer at hand that has its own name (`x509sat`). `b`: where it
   * is, if a filter with that name finds it (TLS in QUIC).
   */
  pushPart(protocol: Protocol, b?: Buf): void {
    if (b !== undefined && this.embedded.length < MAX_PARTS) this.embedded.push({ protocol: protocol.name, buf: b });
    if (this.protocols.length >= MAX_PARTS) return;
    this.#parts++;
    this.#put(protocol);
  }

  /**
   * `protocol`, the last one put on, has found that its bytes are none of its: takes it off `frame.protocols` again. What its layer shows
   * stays.
   */
  reject(protocol: Protocol): void {
    if (this.protocols.at(-1) !== protocol) return;
    this.protocols.pop();
    const at = this.protocols.length;
    if (this.#uncounted > 0 && this.path[at - this.#uncounted + 1] !== protocol.id) this.#uncounted--;
  }

  #put(protocol: Protocol): void {
    if (this.path[this.protocols.length - this.#uncounted] !== protocol.id) this.#uncounted++;
    this.protocols.push(protocol);
  }

  /** Starts the layer of a protocol on `b`. The header length is the whole of `b` until `layer.size` says otherwise. */
  layer(protocol: Protocol, b: Buf, offset = b.offset, length = b.end - offset): Layer {
    const node: LayerNode = {
      protocol: protocol.name,
      short: protocol.short,
      title: protocol.title,
      osi: protocol.osi,
      pdu: protocol.pdu,
      hue: protocol.hue,
      summary: '',
      source: b.source,
      offset,
      headerLength: Math.max(0, length),
      length: Math.max(0, b.end - offset),
      status: 'whole',
      fields: [],
    };
    this.layers.push(node);
    return new Layer(this, protocol, b, node);
  }

  /** Sets the protocol column and, where given, the info column. The innermost protocol that calls it wins. */
  column(protocol: Protocol, info?: string): void {
    this.columns.protocol = protocol.short;
    this.columns.hue = protocol.hue;
    if (info !== undefined) this.columns.info = info;
  }
}

/** The bits of `value` under `mask`, shifted down. Exact for up to 48 bits. */
export function masked(value: number, mask: number): number {
  if (mask <= 0xffffffff && value <= 0xffffffff) return (((value & mask) >>> 0) / lowestBit(mask)) >>> 0;
  const m = BigInt(mask);
  let shift = 0n;
  while (((m >> shift) & 1n) === 0n) shift++;
  return Number((BigInt(value) & m) >> shift);
}

function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0;
}
