/** The last minute of a capture, counted from the columns: packets per second by protocol, and what became of the connections. */

import { connectionCount } from '../connections/connections.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { flows } from '../flow/tcp-flows.ts';
import { type Hue, PULSE_SECONDS, type Pulse, type PulseSeries } from '../messages.ts';
import { protocols } from '../protocols/index.ts';
import { CHUNK_MASK, CHUNK_SHIFT, type Chunk } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';

/** From the bottom of the stack to its top: the order of the series. */
const HUES: readonly Hue[] = ['raw', 'link', 'net', 'tra', 'app'];
/** Protocols told apart; what comes later counts for its layer only, in the first slots. */
const MOST_NAMES = 59;
const SLOTS = HUES.length + MOST_NAMES;
/** Names given per series. */
const NAMES_SHOWN = 4;

/** Counters in a ring: memory does not depend on the capture's length, and a packet costs three look-ups and an addition. */
export class PulseCounter {
  readonly #capture: Capture;
  readonly #counts = new Uint32Array(PULSE_SECONDS * SLOTS);
  /** Latest second counted. */
  #newest = -1;
  /** Rows counted so far. */
  #counted = 0;
  /** Slot of each protocol stack that was seen, plus one. */
  #slotOf = new Uint8Array(64);
  readonly #slots: { readonly name: string; readonly hue: number }[] = HUES.map((_, hue) => ({ name: '', hue }));

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /** The minute whose last second is `until` (epoch seconds). */
  at(until: number): Pulse {
    this.#count();
    return { until, series: this.#series(until), connections: this.#connections() };
  }

  #count(): void {
    const { packets } = this.#capture;
    const end = packets.length;
    if (end === this.#counted) return;
    for (let row = Math.max(this.#counted, this.#firstOfMinute(end)); row < end; row++) {
      const chunk = packets.chunks[row >>> CHUNK_SHIFT] as Chunk;
      const i = row & CHUNK_MASK;
      const sec = chunk.sec[i] as number;
      if (sec > this.#newest) this.#advance(sec);
      else if (sec <= this.#newest - PULSE_SECONDS) this.#restart(sec);
      const at = (sec % PULSE_SECONDS) * SLOTS + this.#slot(chunk.stack[i] as number);
      this.#counts[at] = (this.#counts[at] as number) + 1;
    }
    this.#counted = end;
  }

  /** First row of the last minute, by halving: a live capture's times only grow. */
  #firstOfMinute(end: number): number {
    const { packets } = this.#capture;
    const secondOf = (row: number): number => (packets.chunks[row >>> CHUNK_SHIFT] as Chunk).sec[row & CHUNK_MASK] as number;
    const from = secondOf(end - 1) - PULSE_SECONDS + 1;
    let low = this.#counted;
    let high = end - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (secondOf(middle) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #advance(sec: number): void {
    if (sec - this.#newest >= PULSE_SECONDS) this.#counts.fill(0);
    else for (let each = this.#newest + 1; each <= sec; each++) this.#clear(each);
    this.#newest = sec;
  }

  /** The clock was set back by more than a minute: what was counted is of another time. */
  #restart(sec: number): void {
    this.#counts.fill(0);
    this.#newest = sec;
  }

  #clear(sec: number): void {
    const at = (sec % PULSE_SECONDS) * SLOTS;
    this.#counts.fill(0, at, at + SLOTS);
  }

  #slot(stack: number): number {
    const known = stack < this.#slotOf.length ? (this.#slotOf[stack] as number) : 0;
    return known !== 0 ? known - 1 : this.#learn(stack);
  }

  /** The slot of what the list shows in the protocol column: the top of the stack, of bytes without a protocol what carries them. */
  #learn(stack: number): number {
    const { stacks } = this.#capture;
    let node = stack;
    while (node !== 0 && (protocols[stacks.top(node)] as Protocol).name === 'data') node = stacks.parent(node);
    const top = node === 0 ? null : (protocols[stacks.top(node)] as Protocol);
    const hue = top === null ? 0 : HUES.indexOf(top.hue);
    let slot = top === null ? 0 : this.#slots.findIndex((each) => each.name === top.short && each.hue === hue);
    if (slot < 0) slot = this.#slots.length < SLOTS ? this.#slots.push({ name: (top as Protocol).short, hue }) - 1 : hue;
    if (stack >= this.#slotOf.length) {
      const wider = new Uint8Array(Math.max(stack + 1, 2 * this.#slotOf.length));
      wider.set(this.#slotOf);
      this.#slotOf = wider;
    }
    this.#slotOf[stack] = slot + 1;
    return slot;
  }

  #series(until: number): PulseSeries[] {
    const perSecond = HUES.map(() => new Array<number>(PULSE_SECONDS).fill(0));
    const sums = new Array<number>(this.#slots.length).fill(0);
    for (let k = 0; k < PULSE_SECONDS; k++) {
      const sec = until - PULSE_SECONDS + 1 + k;
      if (sec < 0 || sec > this.#newest || sec <= this.#newest - PULSE_SECONDS) continue;
      const at = (sec % PULSE_SECONDS) * SLOTS;
      this.#slots.forEach(({ hue }, slot) => {
        const n = this.#counts[at + slot] as number;
        const seconds = perSecond[hue] as number[];
        seconds[k] = (seconds[k] as number) + n;
        sums[slot] = (sums[slot] as number) + n;
      });
    }
    return HUES.flatMap((hue, h) => {
      const slots = [...sums.keys()].filter((slot) => this.#slots[slot]?.hue === h && (sums[slot] as number) > 0);
      if (slots.length === 0) return [];
      const named = slots.filter((slot) => this.#slots[slot]?.name !== '').sort((a, b) => (sums[b] as number) - (sums[a] as number));
      const names = named.slice(0, NAMES_SHOWN).map((slot) => this.#slots[slot]?.name as string);
      return [{ hue, names, others: slots.length - names.length, perSecond: perSecond[h] as number[] }];
    });
  }

  #connections(): Pulse['connections'] {
    const { states } = this.#capture.state(flows);
    const total = connectionCount(this.#capture);
    const counts = { completed: 0, refused: 0, unanswered: 0, 'half-open': 0, simultaneous: 0, 'not-captured': 0 };
    let open = 0;
    for (let stream = 0; stream < total; stream++) {
      const handshake = states.handshakeOf(stream);
      counts[handshake]++;
      if (handshake === 'refused' || handshake === 'unanswered' || handshake === 'half-open') continue;
      const close = states.closeOf(stream);
      if (close === 'none' || close === 'half') open++;
    }
    return {
      total,
      open,
      done: counts.completed + counts.simultaneous,
      refused: counts.refused,
      unanswered: counts.unanswered,
      halfOpen: counts['half-open'],
      notCaptured: counts['not-captured'],
    };
  }
}
