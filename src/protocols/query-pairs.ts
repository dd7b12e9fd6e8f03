/** One question and one answer per connection (finger, whois): which rows hold them. */
import { octetIn } from '../bytes/octet.ts';
import { defineState } from '../dissect/capture-index.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';

class QueryPairs {
  /** Row of the question and of the answer, by stream. */
  readonly asked = new Map<number, number>();
  readonly answered = new Map<number, number>();
}

export function queryState() {
  return defineState(() => new QueryPairs());
}

/**
 * A framer for them: the question ends with a line end, the answer with the connection, as Wireshark waits for it. The answer is not kept
 * while it comes.
 */
export function queryFramer(key: ReturnType<typeof queryState>): Framer {
  return {
    incremental: true,
    feed(side, bytes, offset, end) {
      if (!side.fromClient) return NEED_MORE;
      return octetIn(bytes, 10, offset, end) >= 0 ? end : NEED_MORE;
    },
    closes: (side) => !side.fromClient,
    done(side) {
      const pairs = side.capture.state(key);
      const rows = side.fromClient ? pairs.asked : pairs.answered;
      if (!rows.has(side.stream)) rows.set(side.stream, side.row);
    },
  };
}
