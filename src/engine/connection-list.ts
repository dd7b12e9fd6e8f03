/** The connections of a view as the table wishes for them: narrowed and sorted in slices, remembered until the view or the wish changes. */
import { activities } from '../connections/activity.ts';
import { CONNECTION_KEYS } from '../connections/connection-columns.ts';
import { connectionCount, connectionSummary, tcpStreamOf } from '../connections/connections.ts';
import { flows } from '../flow/tcp-flows.ts';
import type { ConnectionCondition, ConnectionSummary, ConnectionWish, Handshake } from '../messages.ts';
import type { Capture } from './capture.ts';
import { streamSet } from './facets.ts';
import { orderOfNumbers, orderOfTexts } from './order.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

/** Streams between two looks at the clock: some keys are read from packets. */
const STEP = 64;

interface Listed {
  readonly streams: Uint32Array;
  readonly handshakes: Record<Handshake, number>;
}

export class ConnectionList {
  readonly #capture: Capture;
  #key = '';
  #listed: Promise<Listed> | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  async rows(
    view: View,
    from: number,
    count: number,
    wish: ConnectionWish,
  ): Promise<{ rows: ConnectionSummary[]; total: number; handshakes: Record<Handshake, number> }> {
    const { streams, handshakes } = await this.#list(view, wish);
    const turns = new Turns();
    const activity = this.#capture.state(activities);
    const rows: ConnectionSummary[] = [];
    for (const stream of streams.subarray(from, from + count)) {
      // A connection may have more packets than one turn is enough for.
      while (!activity.advance(stream, turns.deadline)) await turns.pause();
      rows.push(connectionSummary(this.#capture, stream));
      if (turns.due) await turns.pause();
    }
    return { rows, total: streams.length, handshakes };
  }

  async position(view: View, stream: number, wish: ConnectionWish): Promise<number> {
    return (await this.#list(view, wish)).streams.indexOf(stream);
  }

  /** The connections as a display filter, '' if they are too many for one. */
  async filter(view: View, wish: ConnectionWish): Promise<{ text: string; total: number }> {
    const { streams } = await this.#list(view, wish);
    return { text: streams.length === 0 ? '' : streamSet([...streams].sort((a, b) => a - b)), total: streams.length };
  }

  #list(view: View, wish: ConnectionWish): Promise<Listed> {
    const key = `${view.id} ${view.matched} ${this.#capture.packets.length} ${JSON.stringify(wish)}`;
    if (this.#listed === null || key !== this.#key) {
      this.#key = key;
      this.#listed = this.#make(view, wish);
    }
    return this.#listed;
  }

  async #make(view: View, wish: ConnectionWish): Promise<Listed> {
    const turns = new Turns();
    const all = this.#of(view);
    const { states } = this.#capture.state(flows);
    const handshakes: Record<Handshake, number> = {
      completed: 0,
      refused: 0,
      unanswered: 0,
      'half-open': 0,
      simultaneous: 0,
      'not-captured': 0,
    };
    const chosen = new Uint32Array(all.length);
    let n = 0;
    const holds = wish.where.map((condition) => this.#condition(condition));
    for (let k = 0; k < all.length; k++) {
      const stream = all[k] as number;
      const handshake = states.handshakeOf(stream);
      handshakes[handshake]++;
      if ((wish.handshake === null || handshake === wish.handshake) && holds.every((each) => each(stream))) chosen[n++] = stream;
      if (k % STEP === STEP - 1 && turns.due) await turns.pause();
    }
    const streams = chosen.subarray(0, n);
    return { streams: await this.#sorted(streams, wish, turns), handshakes };
  }

  #condition(condition: ConnectionCondition): (stream: number) => boolean {
    const key = CONNECTION_KEYS[condition.column];
    const capture = this.#capture;
    if (key.kind === 'number') {
      const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = condition;
      // NaN, which stands for no number, is in no range.
      return (stream) => {
        const value = key.of(capture, stream);
        return value >= least && value <= most;
      };
    }
    const part = condition.contains?.toLowerCase();
    const words = condition.oneOf === undefined ? null : new Set(condition.oneOf);
    return (stream) => {
      const value = key.of(capture, stream);
      return (part === undefined || value.toLowerCase().includes(part)) && (words === null || words.has(value));
    };
  }

  async #sorted(streams: Uint32Array, wish: ConnectionWish, turns: Turns): Promise<Uint32Array> {
    const key = CONNECTION_KEYS[wish.sort];
    if (wish.sort === 'stream') return wish.descending ? streams.slice().reverse() : streams;
    const capture = this.#capture;
    let order: Uint32Array | null;
    if (key.kind === 'number') {
      const keys = new Float64Array(streams.length);
      for (let k = 0; k < streams.length; k++) {
        keys[k] = key.of(capture, streams[k] as number);
        if (k % STEP === STEP - 1 && turns.due) await turns.pause();
      }
      order = await orderOfNumbers(keys, wish.descending, turns);
    } else {
      const of = key.order ?? key.of;
      const keys: string[] = [];
      for (let k = 0; k < streams.length; k++) {
        keys.push(of(capture, streams[k] as number));
        if (k % STEP === STEP - 1 && turns.due) await turns.pause();
      }
      order = await orderOfTexts(keys, wish.descending, turns);
    }
    return (order as Uint32Array).map((k) => streams[k] as number);
  }

  /** Streams with a packet in the view, ascending. */
  #of(view: View): Uint32Array {
    const total = connectionCount(this.#capture);
    const { rows } = view;
    if (rows === null) return Uint32Array.from({ length: total }, (_, stream) => stream);
    const seen = new Uint8Array(total);
    let n = 0;
    rows.forEach((row) => {
      const stream = tcpStreamOf(this.#capture, row);
      if (stream !== null && seen[stream] === 0) {
        seen[stream] = 1;
        n++;
      }
    });
    const streams = new Uint32Array(n);
    for (let stream = 0, k = 0; stream < total; stream++) if (seen[stream] === 1) streams[k++] = stream;
    return streams;
  }
}
