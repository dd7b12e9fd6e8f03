/** The UDP streams of a view with what each side sent. Datagrams are counted once, as far as one answer has time for. */
import { addressText } from '../flow/connections.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type { UdpStreamRow } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import type { View } from './view.ts';

/** How long one answer may count, ms, and rows between two looks at the clock. */
const COUNT_MS = 30;
const COUNT_ROWS = 8192;

export class UdpStreamList {
  readonly #capture: Capture;
  /** Rows counted so far. */
  #counted = 0;
  /** Of each stream and side: datagrams and their payload bytes. */
  #packets = new Float64Array(0);
  #bytes = new Float64Array(0);
  #key = '';
  #streams: Uint32Array = new Uint32Array(0);

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  rows(view: View, from: number, count: number): { rows: UdpStreamRow[]; total: number; complete: boolean } {
    this.#count();
    const streams = this.#of(view);
    const rows = Array.from(streams.subarray(from, from + count), (stream) => this.#row(stream));
    return { rows, total: streams.length, complete: this.#counted >= this.#capture.packets.length };
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
