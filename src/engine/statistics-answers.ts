/**
 * Statistics of the packets on show, counted in slices: an answer tells what was counted so far, and asking again goes on. A capture that grows
 * is counted on from where it was.
 */
import type { ConversationCount, ConversationKind, EndpointCount, Statistics, StatisticsSort } from '../messages.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { orderOfNumbers, orderOfTexts } from './order.ts';
import { ConversationCounter, EndpointCounter, LengthCounter, ProtocolCounter, RateCounter } from './statistics.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

/** How long one answer counts, ms, and rows between two looks at the clock. */
const COUNT_MS = 25;
const COUNT_ROWS = 4096;
/** Slots of a curve in an answer. */
const CURVE = 600;
/** Conversations between two looks at the clock. */
const STEP = 256;

/** What was counted of the rows of one view. */
class Pass {
  readonly #capture: Capture;
  /** Null: all rows. */
  readonly view: View | null;
  readonly protocols: ProtocolCounter;
  readonly lengths = new LengthCounter();
  readonly conversations: Readonly<Record<ConversationKind, ConversationCounter>>;
  rate: RateCounter;
  bytes = 0;
  counted = 0;
  readonly #only: 'all' | 'rate';

  constructor(capture: Capture, view: View | null, only: 'all' | 'rate', rate: RateCounter) {
    this.#capture = capture;
    this.view = view;
    this.#only = only;
    this.rate = rate;
    this.protocols = new ProtocolCounter(capture);
    this.conversations = {
      ip: new ConversationCounter(capture, 'ip'),
      tcp: new ConversationCounter(capture, 'tcp'),
      udp: new ConversationCounter(capture, 'udp'),
    };
  }

  get total(): number {
    const rows = this.view?.rows ?? null;
    return rows === null ? this.#capture.packets.length : rows.size;
  }

  /** Counts until all is counted or the time is over. */
  advance(deadline: number): void {
    const { packets } = this.#capture;
    const rows = this.view?.rows ?? null;
    const end = this.total;
    const { ip, tcp, udp } = this.conversations;
    while (this.counted < end) {
      const row = rows === null ? this.counted : rows.at(this.counted);
      const chunk = packets.chunkOf(row);
      const i = row & CHUNK_MASK;
      this.rate.add(chunk, i, row);
      if (this.#only === 'all') {
        this.bytes += chunk.wireLen[i] as number;
        this.protocols.add(chunk, i);
        this.lengths.add(chunk, i);
        ip.add(chunk, i, row);
        tcp.add(chunk, i, row);
        udp.add(chunk, i, row);
      }
      this.counted++;
      if (this.counted % COUNT_ROWS === 0 && performance.now() >= deadline) return;
    }
  }
}

type Tables = 'conversations' | 'endpoints';

export class StatisticsAnswers {
  readonly #capture: Capture;
  #pass: Pass | null = null;
  /** The curve of all packets, beside that of a filter. */
  #whole: Pass | null = null;
  /** The curves of a piece of time: of the view, and of all packets. */
  #piece: { readonly key: string; readonly mine: Pass; readonly whole: Pass | null } | null = null;
  #ends: { readonly key: string; readonly counter: Promise<EndpointCounter> } | null = null;
  #order: { readonly key: string; readonly order: Promise<Uint32Array> } | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /** What there is so far, after counting on for a slice of time. `from`, `to`: piece of time for the curves, seconds since the first packet. */
  summary(view: View, piece: { readonly from: number; readonly to: number } | null): Statistics {
    const deadline = performance.now() + COUNT_MS;
    const pass = this.#passOf(view);
    pass.advance(deadline);
    let mine = pass;
    let whole: Pass | null = null;
    if (view.filter !== null) {
      this.#whole ??= new Pass(this.#capture, null, 'rate', new RateCounter(this.#capture));
      whole = this.#whole;
    }
    if (piece !== null) {
      const key = `${view.id} ${piece.from} ${piece.to}`;
      const counter = (): RateCounter =>
        new RateCounter(this.#capture, piece, 10 ** Math.floor(Math.log10(Math.max(1e-6, piece.to - piece.from) / CURVE)));
      if (this.#piece?.key !== key) {
        this.#piece = {
          key,
          mine: new Pass(this.#capture, view, 'rate', counter()),
          whole: view.filter === null ? null : new Pass(this.#capture, null, 'rate', counter()),
        };
      }
      mine = this.#piece.mine;
      whole = this.#piece.whole;
    }
    const passes = new Set([pass, mine, ...(whole === null ? [] : [whole])]);
    for (const each of passes) each.advance(deadline);
    // Where the filter leaves no packet, nothing passed: that belongs to the curve as well.
    if (whole !== null) mine.rate.reach(whole.rate);
    const all = [...passes];
    const counts = (of: (kind: ConversationKind) => number): Readonly<Record<ConversationKind, number>> => ({
      ip: of('ip'),
      tcp: of('tcp'),
      udp: of('udp'),
    });
    return {
      counted: all.reduce((sum, each) => sum + each.counted, 0),
      total: all.reduce((sum, each) => sum + each.total, 0),
      packets: pass.counted,
      bytes: pass.bytes,
      protocols: pass.protocols.tree,
      lengths: pass.lengths.list,
      conversations: counts((kind) => pass.conversations[kind].size),
      rate: mine.rate.curve(CURVE),
      wholeRate: whole === null ? null : whole.rate.curve(CURVE),
    };
  }

  /** A page of the conversations, or of their ends, as far as they were counted. */
  async table(
    view: View,
    wish: { table: Tables; kind: ConversationKind; sort: StatisticsSort; descending: boolean; from: number; count: number },
  ): Promise<{ rows: (ConversationCount | EndpointCount)[]; total: number }> {
    const pass = this.#passOf(view);
    const turns = new Turns();
    while (pass.counted < pass.total) {
      pass.advance(performance.now() + COUNT_MS / 2);
      await turns.pause();
    }
    const key = `${view.id} ${pass.counted} ${wish.table} ${wish.kind}`;
    const counter = pass.conversations[wish.kind];
    const ends = wish.table === 'endpoints' ? await this.#endsOf(key, counter) : null;
    const size = ends?.size ?? counter.size;
    const at = (k: number): ConversationCount | EndpointCount => (ends === null ? counter.at(k) : ends.at(k));
    const orderKey = `${key} ${wish.sort} ${wish.descending}`;
    if (this.#order?.key !== orderKey) this.#order = { key: orderKey, order: this.#sorted(size, at, wish.sort, wish.descending) };
    const order = await this.#order.order;
    return { rows: Array.from(order.subarray(wish.from, wish.from + wish.count), (k) => at(k)), total: size };
  }

  #passOf(view: View): Pass {
    if (this.#pass?.view !== view) this.#pass = new Pass(this.#capture, view, 'all', new RateCounter(this.#capture));
    return this.#pass;
  }

  #endsOf(key: string, conversations: ConversationCounter): Promise<EndpointCounter> {
    if (this.#ends?.key !== key) {
      const make = async (): Promise<EndpointCounter> => {
        const turns = new Turns();
        const counter = new EndpointCounter(this.#capture, conversations.kind);
        for (let k = 0; k < conversations.size; k++) {
          counter.add(conversations, k);
          if (k % STEP === STEP - 1 && turns.due) await turns.pause();
        }
        return counter;
      };
      this.#ends = { key, counter: make() };
    }
    return this.#ends.counter;
  }

  async #sorted(
    size: number,
    at: (k: number) => ConversationCount | EndpointCount,
    sort: StatisticsSort,
    descending: boolean,
  ): Promise<Uint32Array> {
    const turns = new Turns();
    const numbers = new Float64Array(size);
    const texts: string[] = [];
    for (let k = 0; k < size; k++) {
      const value = keyOf(at(k), sort);
      if (typeof value === 'number') numbers[k] = value;
      else texts.push(value);
      if (k % STEP === STEP - 1 && turns.due) await turns.pause();
    }
    const order = texts.length > 0 ? await orderOfTexts(texts, descending, turns) : await orderOfNumbers(numbers, descending, turns);
    return order as Uint32Array;
  }
}

/** What a row sorts by: the column, and in its absence the number of bytes. */
function keyOf(row: ConversationCount | EndpointCount, sort: StatisticsSort): number | string {
  if ('endpoint' in row) {
    switch (sort) {
      case 'a':
        return row.endpoint;
      case 'packets':
        return row.packetsSent + row.packetsReceived;
      case 'packetsAtoB':
        return row.packetsSent;
      case 'packetsBtoA':
        return row.packetsReceived;
      case 'bytesAtoB':
        return row.bytesSent;
      case 'bytesBtoA':
        return row.bytesReceived;
      default:
        return row.bytesSent + row.bytesReceived;
    }
  }
  switch (sort) {
    case 'a':
    case 'b':
    case 'packetsAtoB':
    case 'packetsBtoA':
    case 'bytesAtoB':
    case 'bytesBtoA':
    case 'start':
    case 'duration':
      return row[sort];
    case 'stream':
      return row.stream ?? Number.NaN;
    case 'packets':
      return row.packetsAtoB + row.packetsBtoA;
    case 'bytes':
      return row.bytesAtoB + row.bytesBtoA;
  }
}
