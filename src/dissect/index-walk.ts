import { RowFlag, UNSET } from '../table/packet-table.ts';
import { MAX_PARTS, PARTS_LIMIT } from '../table/stack-table.ts';
import type { CaptureIndex } from './capture-index.ts';
import type { Protocol } from './protocol.ts';

/** Protocols of one packet, nested ones counted in. */
const MAX_STEPS = 64;

/**
 * The packet at hand at index depth: where the layer at hand lies, and the row's values so far. One object for the whole run; a
 * protocol's `index` reads `bytes` between `offset` and `end`, sets values, and calls `follow` to say what comes next. The values are
 * small integers throughout (UNSET for NONE, sequence numbers signed): columns of 32 bits keep them without their sign.
 *
 * Three lengths, three names: `end` is where the captured bytes end, `wireEnd` where the bytes that were on the wire end, and what
 * a header claims is compared with both. `end <= wireEnd` always.
 */
export class IndexWalk {
  readonly capture: CaptureIndex;
  /** Buffer that holds the layer at hand: the read buffer, or reassembled bytes. Valid during the call only. */
  bytes: Uint8Array = new Uint8Array(0);
  offset = 0;
  end = 0;
  wireEnd = 0;

  /** Row of this packet. */
  row = 0;
  sec = 0;
  nsec = 0;
  iface = 0;
  wireLen = 0;
  capLen = 0;
  stack = 0;
  flags = 0;
  src = UNSET;
  dst = UNSET;
  srcPort = 0;
  dstPort = 0;
  stream = UNSET;
  prevInStream = UNSET;
  /** TCP's numbers, signed (see seqNext). */
  seq = 0;
  ack = 0;
  payload = 0;
  tcpFlags = 0;
  window = 0;
  /** Of the TCP header at hand: where the payload begins (or CUT, BOGUS), window scale option (or NO_SHIFT, SHIFT_CUT), octets in SACK blocks, MPTCP options. */
  payloadAt = 0;
  windowShift = -1;
  sackOctets = 0;
  multipath = 0;
  /** What the payload of the segment at hand says as the beginning of a message whatever came before: see http-head.ts. 0 where nobody looked. */
  ahead = 0;
  aheadLength = 0;
  analysis = 0;
  message = 0;
  /** IP protocol number by which the layer at hand was reached; for upper layers that serve several. */
  ipProto = 0;
  /** True inside a quoted packet (ICMP error): no addresses, ports, streams or state are taken from it. */
  quoted = false;
  /** Addresses of the innermost quoted packet: its stream is numbered, but the columns stay those of the packet that quotes. */
  quotedSrc = UNSET;
  quotedDst = UNSET;
  /** True while the layer at hand is known to be a fragment: upper layers may be incomplete and are not desegmented. */
  fragmented = false;
  /** Of the outermost VLAN tag, 0 without one. */
  vlan = 0;

  /** The read buffer and where in it the packet begins: set by run(), not changed by layers that move to other bytes. */
  frame: Uint8Array = this.bytes;
  frameStart = 0;

  next: Protocol | undefined = undefined;
  #steps = 0;
  /** In runStateless(): where state is needed the packet is left to the second stage. */
  #stateless = false;
  #left = false;

  constructor(capture: CaptureIndex) {
    this.capture = capture;
  }

  /** Sets everything for the packet in bytes[offset, offset + capLen). Its time and `iface` are the caller's to set. */
  begin(bytes: Uint8Array, offset: number, capLen: number, wireLen: number, flags: number): void {
    this.bytes = bytes;
    this.offset = offset;
    this.end = offset + capLen;
    this.wireEnd = offset + (wireLen > capLen ? wireLen : capLen);
    this.wireLen = wireLen;
    this.capLen = capLen;
    this.stack = 0;
    this.flags = flags;
    this.src = UNSET;
    this.dst = UNSET;
    this.srcPort = 0;
    this.dstPort = 0;
    this.stream = UNSET;
    this.prevInStream = UNSET;
    this.seq = 0;
    this.ack = 0;
    this.payload = 0;
    this.tcpFlags = 0;
    this.window = 0;
    this.analysis = 0;
    this.message = 0;
    this.ipProto = 0;
    this.quoted = false;
    this.quotedSrc = UNSET;
    this.quotedDst = UNSET;
    this.fragmented = false;
    this.vlan = 0;
  }

  /** The layer at hand is followed by `protocol` in bytes[offset, end) of the same buffer, `wireEnd` as on the wire. Undefined ends the walk. */
  follow(protocol: Protocol | undefined, offset: number, end = this.end, wireEnd = this.wireEnd): void {
    this.next = protocol;
    this.offset = offset;
    this.end = Math.min(end, this.end);
    this.wireEnd = Math.min(wireEnd, this.wireEnd);
  }

  /** Like follow, but in another buffer (reassembled fragments), all of whose bytes are there. */
  followIn(protocol: Protocol | undefined, bytes: Uint8Array, offset: number, end: number): void {
    this.next = protocol;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    this.wireEnd = end;
  }

  /**
   * Walks the packet in bytes[offset, end) of the same buffer to its end, then comes back: for layers that carry several packets, or
   * something behind the one they carry.
   */
  nest(protocol: Protocol, offset: number, end: number): void {
    const { bytes, offset: at, end: stop, wireEnd, ipProto, quoted, quotedSrc, quotedDst, fragmented } = this;
    this.offset = offset;
    this.end = Math.min(end, stop);
    this.wireEnd = Math.min(end, wireEnd);
    this.#walk(protocol, true);
    this.bytes = bytes;
    this.offset = at;
    this.end = stop;
    this.wireEnd = wireEnd;
    this.ipProto = ipProto;
    this.quoted = quoted;
    this.quotedSrc = quotedSrc;
    this.quotedDst = quotedDst;
    this.fragmented = fragmented;
    this.next = undefined;
  }

  /** nest() in other bytes, all of which are there: what a layer has decrypted. */
  nestIn(protocol: Protocol, bytes: Uint8Array): void {
    const { bytes: own, offset, end, wireEnd } = this;
    this.bytes = bytes;
    this.offset = 0;
    this.end = bytes.length;
    this.wireEnd = bytes.length;
    this.nest(protocol, 0, bytes.length);
    this.bytes = own;
    this.offset = offset;
    this.end = end;
    this.wireEnd = wireEnd;
  }

  /** nest() for a packet that is only told of: a sample, or the cause of an indication. */
  nestQuoted(protocol: Protocol, offset: number, end: number): void {
    if (offset >= Math.min(end, this.end)) return;
    const { quoted } = this;
    this.quoted = true;
    this.flags |= RowFlag.Several;
    this.nest(protocol, offset, end);
    this.quoted = quoted;
  }

  /** Puts a protocol on the stack that is reached without a walk step of its own (`ethertype`, a message inside a segment). */
  push(protocol: Protocol): void {
    this.stack = this.capture.stacks.push(this.stack, protocol.id);
  }

  /** The layer at hand is none of `protocol`, by which it was reached: takes it off the stack again. The twin of Dissection.reject. */
  reject(protocol: Protocol): void {
    const { stacks } = this.capture;
    if (stacks.top(this.stack) === protocol.id) this.stack = stacks.parent(this.stack);
  }

  /** Puts on a part of the layer at hand that has its own name (`x509sat`): the twin of Dissection.push. */
  pushPart(protocol: Protocol): void {
    const stacks = this.capture.stacks;
    if (stacks.depth(this.stack) < MAX_PARTS && stacks.size < PARTS_LIMIT) this.stack = stacks.push(this.stack, protocol.id, true);
  }

  /** True if the layer at hand has `length` captured bytes; else marks the row short or malformed, which ends the walk. */
  has(length: number): boolean {
    if (this.end - this.offset >= length) return true;
    // A quoted packet is cut by who quotes it: that is nobody's mistake.
    this.flags |= this.quoted || this.wireEnd - this.offset >= length ? RowFlag.Short : RowFlag.Malformed;
    return false;
  }

  /**
   * For what a `stateless` protocol can do only with state, and is no rare thing: true in the first stage of a split walk, which ends with it. Asking for the
   * state ends it too, by an exception, which takes longer than ten packets.
   */
  leave(): boolean {
    this.#left = this.#stateless;
    return this.#left;
  }

  /** The first stage was told to leave() the packet: the second walks it from its beginning. */
  get left(): boolean {
    return this.#left;
  }

  /** Runs the walk from `first` on; `bytes`, `offset`, `end`, `wireEnd` are set. */
  run(first: Protocol | undefined): void {
    this.frame = this.bytes;
    this.frameStart = this.offset;
    this.#steps = 0;
    this.#walk(first, false);
  }

  /**
   * The first stage of a split walk: runs as far as no state is needed. Gives the protocol at which the second stage goes on, with its header
   * (`Protocol.parts`) taken down; undefined where the walk has ended.
   */
  runStateless(first: Protocol | undefined): Protocol | undefined {
    this.frame = this.bytes;
    this.frameStart = this.offset;
    this.#steps = 0;
    this.#stateless = true;
    this.#left = false;
    let protocol = first;
    while (protocol?.stateless === true && protocol.index !== undefined && this.#steps++ < MAX_STEPS) {
      this.push(protocol);
      this.next = undefined;
      protocol.index(this);
      protocol = this.next;
    }
    if (protocol?.parts !== undefined) {
      this.push(protocol);
      protocol.parts.header(this);
    }
    return protocol;
  }

  /** Steps that the walk has taken so far, for `resume`. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * The second stage: goes on where runStateless() of another walk stopped, whose values this one has been given.
   * @param frameStart where in `bytes` the packet begins
   */
  resume(protocol: Protocol | undefined, frameStart: number, steps: number): void {
    this.frame = this.bytes;
    this.frameStart = frameStart;
    this.#steps = steps;
    let next = protocol;
    if (protocol?.parts !== undefined) {
      this.#steps++;
      this.next = undefined;
      protocol.parts.rest(this);
      next = this.next;
    }
    this.#walk(next, false);
  }

  #walk(first: Protocol | undefined, nested: boolean): void {
    let protocol = first;
    let inside = nested;
    // Each step either consumes a header or ends; the bound is against protocols that nest without consuming.
    while (protocol !== undefined && this.#steps++ < MAX_STEPS) {
      if (inside) this.stack = this.capture.stacks.nest(this.stack, protocol.id);
      else this.push(protocol);
      inside = false;
      this.next = undefined;
      if (protocol.index === undefined) return;
      protocol.index(this);
      protocol = this.next;
    }
  }
}
