/** The connections of a view, sorted, remembered until the view or the order changes. */
import { connectionCount, connectionSummary, sortStreams, tcpStreamOf } from '../flow/connections.ts';
import type { ConnectionSort, ConnectionSummary } from '../messages.ts';
import type { Capture } from './capture.ts';
import type { View } from './view.ts';

export class ConnectionList {
  readonly #capture: Capture;
  #key = '';
  #streams: Uint32Array = new Uint32Array(0);

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  rows(view: View, from: number, count: number, sort: ConnectionSort, descending: boolean): { rows: ConnectionSummary[]; total: number } {
    const streams = this.#sorted(view, sort, descending);
    const rows: ConnectionSummary[] = [];
    for (const stream of streams.subarray(from, from + count)) rows.push(connectionSummary(this.#capture, stream));
    return { rows, total: streams.length };
  }

  position(view: View, stream: number, sort: ConnectionSort, descending: boolean): number {
    return this.#sorted(view, sort, descending).indexOf(stream);
  }

  #sorted(view: View, sort: ConnectionSort, descending: boolean): Uint32Array {
    const key = `${view.id} ${view.matched} ${this.#capture.packets.length} ${sort} ${descending}`;
    if (key !== this.#key) {
      this.#streams = sortStreams(this.#capture, this.#of(view), sort, descending);
      this.#key = key;
    }
    return this.#streams;
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
