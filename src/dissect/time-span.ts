/** Which packets of a capture have the earliest and the latest time: files need not be in the order of time. */

import { CHUNK_MASK, CHUNK_ROWS } from '../table/packet-table.ts';
import { type CaptureIndex, defineState } from './capture-index.ts';

class TimeSpan {
  /** Rows; 0 while there is none. */
  earliest = 0;
  latest = 0;
  #seen = 0;

  /** Takes the rows in that came since it was last asked. */
  update({ packets }: CaptureIndex): this {
    while (this.#seen < packets.length) {
      const chunk = packets.chunkOf(this.#seen);
      const { sec, nsec } = chunk;
      const end = Math.min(packets.length - this.#seen + (this.#seen & CHUNK_MASK), CHUNK_ROWS);
      const first = packets.chunkOf(this.earliest);
      let [least, leastNs] = [first.sec[this.earliest & CHUNK_MASK] as number, first.nsec[this.earliest & CHUNK_MASK] as number];
      const last = packets.chunkOf(this.latest);
      let [most, mostNs] = [last.sec[this.latest & CHUNK_MASK] as number, last.nsec[this.latest & CHUNK_MASK] as number];
      for (let i = this.#seen & CHUNK_MASK; i < end; i++, this.#seen++) {
        const s = sec[i] as number;
        const ns = nsec[i] as number;
        if (s > most || (s === most && ns > mostNs)) {
          this.latest = this.#seen;
          most = s;
          mostNs = ns;
        } else if (s < least || (s === least && ns < leastNs)) {
          this.earliest = this.#seen;
          least = s;
          leastNs = ns;
        }
      }
    }
    return this;
  }
}

const spans = defineState(() => new TimeSpan());

/** Rows of the earliest and of the latest packet, of several the first; of a capture that has packets. */
export function timeSpan(capture: CaptureIndex): { readonly earliest: number; readonly latest: number } {
  return capture.state(spans).update(capture);
}
