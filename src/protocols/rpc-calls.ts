/** Which call an ONC RPC reply answers: a reply names neither program nor procedure (RFC 5531, section 9), only the call's number. */
import { defineState } from '../dissect/capture-index.ts';
import { grown, u32 } from '../flow/tuple-table.ts';
import { NONE } from '../table/packet-table.ts';

/** Calls remembered: later ones are not, and their replies then not known. */
const MOST_CALLS = 4_000_000;

/** One entry per call, in order of rows; a hash from (conversation, number of the call) to the newest one. */
export class RpcCalls {
  row = new Uint32Array(64);
  program = new Uint32Array(64);
  version = new Uint32Array(64);
  procedure = new Uint32Array(64);
  /** Row of the first reply, NONE as long as there is none. */
  reply = new Uint32Array(64);
  #count = 0;
  #conversation = new Uint32Array(64);
  #xid = new Uint32Array(64);
  /** The call before with the same conversation and number, and how many there are before. */
  #before = new Uint32Array(64);
  #depth = new Uint32Array(64);
  /**
   * A call further back with the same, at steps that double (Myers, "An applicative random-access stack", 1983): where all calls have one number, as
   * those of EtherNet/IP may, the one that is meant is found in steps that grow with the logarithm of their count.
   */
  #jump = new Uint32Array(64);
  #slots = new Uint32Array(128).fill(NONE);
  #keys = 0;
  readonly #seed = (Math.random() * 0x100000000) >>> 0;

  /** Takes note of a call. `conversation`: number of the stream (with a bit apart for TCP). */
  call(conversation: number, xid: number, row: number, program: number, version: number, procedure: number): void {
    if (this.#count === MOST_CALLS) return;
    const entry = this.#count++;
    if (entry === this.row.length) this.#grow();
    this.row[entry] = row;
    this.program[entry] = program;
    this.version[entry] = version;
    this.procedure[entry] = procedure;
    this.reply[entry] = NONE;
    this.#conversation[entry] = conversation;
    this.#xid[entry] = xid;
    const slot = this.#find(conversation, xid);
    const before = this.#slots[slot] as number;
    const fresh = before === NONE;
    this.#before[entry] = before;
    this.#depth[entry] = fresh ? 0 : (this.#depth[before] as number) + 1;
    this.#jump[entry] = fresh ? NONE : this.#far(before);
    this.#slots[slot] = entry;
    if (fresh && ++this.#keys * 2 > this.#slots.length) this.#rehash();
  }

  /** Takes note of a reply. False if nobody has called with this number. */
  answer(conversation: number, xid: number, row: number): boolean {
    const entry = this.#slots[this.#find(conversation, xid)] as number;
    if (entry === NONE) return false;
    if (this.reply[entry] === NONE) this.reply[entry] = row;
    return true;
  }

  /** The newest call with the number that is not behind `row`, NONE if there is none. */
  find(conversation: number, xid: number, row: number): number {
    let entry = this.#slots[this.#find(conversation, xid)] as number;
    while (entry !== NONE && (this.row[entry] as number) > row) {
      const jump = this.#jump[entry] as number;
      entry = jump !== NONE && (this.row[jump] as number) > row ? jump : (this.#before[entry] as number);
    }
    return entry;
  }

  /** Where a call behind `before` jumps to: as far as two jumps of the same length from there, else to it. */
  #far(before: number): number {
    const jump = this.#jump[before] as number;
    if (jump === NONE) return before;
    const second = this.#jump[jump] as number;
    if (second === NONE) return before;
    const depth = this.#depth;
    const first = (depth[before] as number) - (depth[jump] as number);
    return first === (depth[jump] as number) - (depth[second] as number) ? second : before;
  }

  #find(conversation: number, xid: number): number {
    const mask = this.#slots.length - 1;
    let h = Math.imul(conversation ^ this.#seed, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15) ^ xid, 0x85ebca6b);
    h = (h ^ (h >>> 13)) & mask;
    for (;;) {
      const entry = this.#slots[h] as number;
      if (entry === NONE || (this.#conversation[entry] === conversation && this.#xid[entry] === xid)) return h;
      h = (h + 1) & mask;
    }
  }

  #rehash(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length).fill(NONE);
    for (const entry of old) {
      if (entry !== NONE) this.#slots[this.#find(this.#conversation[entry] as number, this.#xid[entry] as number)] = entry;
    }
  }

  #grow(): void {
    this.row = grown(this.row, u32);
    this.program = grown(this.program, u32);
    this.version = grown(this.version, u32);
    this.procedure = grown(this.procedure, u32);
    this.reply = grown(this.reply, u32);
    this.#conversation = grown(this.#conversation, u32);
    this.#xid = grown(this.#xid, u32);
    this.#before = grown(this.#before, u32);
    this.#depth = grown(this.#depth, u32);
    this.#jump = grown(this.#jump, u32);
  }
}

export const rpcCalls = defineState(() => new RpcCalls());

/** Number of a conversation: TCP and UDP streams are numbered apart. */
export const conversationOf = (stream: number, tcp: boolean): number => (tcp ? (stream | 0x80000000) >>> 0 : stream);
