/** The UDP streams of a view with what each side sent, sorted. Datagrams are counted once, as far as one answer has time for. */
import { endpointOrder } from '../connections/connection-columns.ts';
import { addressText } from '../connections/connections.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type { UdpStreamRow, UdpStreamSort } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { orderOfNumbers, orderOfTexts } from './order.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

/** How long one answer may count, ms, and rows between two looks at the clock. */
const COUNT_MS = 30;
const COUNT_ROWS = 8192;
/** Streams between two looks at the clock. */
const STEP = 1024;

export interface UdpStreamOrder {
  readonly sort: UdpStreamSort;
  readonly descending: boolean;
}

export class UdpStreamList {
  readonly #capture: Capture;
  /** Rows counted so far. */
  #counted = 0;
  /** Of each stream and side: datagrams and their payload bytes. */
  #packets = new Float64Array(0);
  #bytes = new Float64Array(0);
  #key = '';
  #streams: Uint32Array = new Uint32Array(0);
  /** The streams in the order that was asked for last, and what it was made of. */
  #sorted: { readonly streams: Uint32Array; readonly by: string; readonly order: Promise<Uint32Array> } | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  async rows(
    view: View,
    from: number,
    count: number,
    order: UdpStreamOrder,
  ): Promise<{ rows: UdpStreamRow[]; total: number; complete: boolean }> {
    this.#count();
    const found = this.#of(view);
    const by = `${order.sort} ${order.descending}`;
    if (this.#sorted?.streams !== found || this.#sorted.by !== by)
      this.#sorted = { streams: found, by, order: this.#inOrder(found, order) };
    const streams = await this.#sorted.order;
    const rows = Array.from(streams.subarray(from, from + count), (stream) => this.#row(stream));
    return { rows, total: streams.length, complete: this.#counted >= this.#capture.packets.length };
  }

  async #inOrder(streams: Uint32Array, { sort, descending }: UdpStreamOrder): Promise<Uint32Array> {
    if (sort === 'stream') return descending ? streams.slice().reverse() : streams;
    const turns = new Turns();
    let order: Uint32Array | null;
    if (sort === 'bytes') {
      const keys = Float64Array.from(streams, (stream) => (this.#bytes[2 * stream] as number) + (this.#bytes[2 * stream + 1] as number));
      order = await orderOfNumbers(keys, descending, turns);
    } else {
      const { packets } = this.#capture;
      const { firstRow } = this.#capture.state(udpFlows);
      const keys: string[] = [];
      for (const stream of streams) {
        const row = firstRow[stream] as number;
        const chunk = packets.chunkOf(row);
        const at = row & CHUNK_MASK;
        const [address, port] = sort === 'first' ? [chunk.src[at], chunk.srcPort[at]] : [chunk.dst[at], chunk.dstPort[at]];
        keys.push(endpointOrder(this.#capture, address as number, port as number));
        if (keys.length % STEP === 0 && turns.due) await turns.pause();
      }
      order = await orderOfTexts(keys, descending, turns);
    }
    return (order as Uint32Array).map((k) => streams[k] as number);
  }

  #row(stream: number): UdpStreamRow {
    const table = this.#capture.state(udpFlows);
    const firstRow = table.firstRow[stream] as number;
    const { packets } = this.#capture;
    const chunk = packets.chunkOf(firstRow);
    const at = firstRow & CHUNK_MASK;
    const node = (id: number, port: number): string => {
      const text = addressText(this.#capture, id);
      return `${text.includes(':') ? `[${text}]` : text}:${port}`;
    };
    const pair = (column: Float64Array): [number, number] => [column[2 * stream] ?? 0, column[2 * stream + 1] ?? 0];
    return {
      stream,
      nodes: [node(chunk.src[at] as number, chunk.srcPort[at] as number), node(chunk.dst[at] as number, chunk.dstPort[at] as number)],
      packets: pair(this.#packets),
      bytes: pair(this.#bytes),
      firstRow,
    };
  }

  #count(): void {
    const { packets } = this.#capture;
    const size = this.#capture.state(udpFlows).size;
    if (this.#packets.length < 2 * size) {
      this.#packets = wider(this.#packets, 4 * size);
      this.#bytes = wider(this.#bytes, 4 * size);
    }
    const started = performance.now();
    for (; this.#counted < packets.length; this.#counted++) {
      const row = this.#counted;
      if (row % COUNT_ROWS === 0 && performance.now() - started > COUNT_MS) return;
      const stream = this.#streamOf(row);
      if (stream === NONE) continue;
      const chunk = packets.chunkOf(row);
      const at = row & CHUNK_MASK;
      const first = this.#capture.state(udpFlows).firstRow[stream] as number;
      const start = packets.chunkOf(first);
      const of = first & CHUNK_MASK;
      const side = chunk.src[at] === start.src[of] && chunk.srcPort[at] === start.srcPort[of] ? 0 : 1;
      const k = 2 * stream + side;
      this.#packets[k] = (this.#packets[k] as number) + 1;
      this.#bytes[k] = (this.#bytes[k] as number) + (chunk.payload[at] as number);
    }
  }

  /** NONE if the row is no datagram of a stream. */
  #streamOf(row: number): number {
    const chunk = this.#capture.packets.chunkOf(row);
    const at = row & CHUNK_MASK;
    return ((chunk.flags[at] as number) & RowFlag.Udp) === 0 ? NONE : (chunk.stream[at] as number);
  }

  /** Streams with a datagram in the view, ascending; a stream that only quoted datagrams have is none. */
  #of(view: View): Uint32Array {
    const key = `${view.id} ${view.matched} ${this.#counted}`;
    if (key === this.#key) return this.#streams;
    const total = this.#capture.state(udpFlows).size;
    const has = new Uint8Array(total);
    const { rows } = view;
    if (rows === null) {
      for (let stream = 0; stream < total; stream++) {
        has[stream] = (this.#packets[2 * stream] as number) + (this.#packets[2 * stream + 1] as number) > 0 ? 1 : 0;
      }
    } else {
      rows.forEach((row) => {
        const stream = this.#streamOf(row);
        if (stream !== NONE) has[stream] = 1;
      });
    }
    const streams = new Uint32Array(has.reduce((sum, one) => sum + one, 0));
    for (let stream = 0, k = 0; stream < total; stream++) if (has[stream] === 1) streams[k++] = stream;
    this.#key = key;
    this.#streams = streams;
    return streams;
  }
}

function wider(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(size);
  out.set(column);
  return out;
}
