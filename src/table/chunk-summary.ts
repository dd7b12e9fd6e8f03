/** Makes the summary of a chunk of rows. */
import { type Chunk, type ChunkSummary, NONE } from './packet-table.ts';

/** More different stacks than this are not told apart: such a chunk has no summary. */
const MOST_STACKS = 256;

/** Set in `any` of a summary beside the bits of RowFlag: some row has no stream. */
export const NO_STREAM = 1 << 15;

/** By stack node; kept from chunk to chunk, and clean in between. */
const any = new Uint16Array(0x10000);
const all = new Uint16Array(0x10000).fill(0xffff);

/** Bounds of the rows looked at so far. */
const bounds = { lowStream: NONE, highStream: 0, firstSec: Number.POSITIVE_INFINITY, lastSec: Number.NEGATIVE_INFINITY };

/** Rows looked at in one call: many calls, since V8 compiles a long loop anew each time that it is left. */
const PIECE = 256;

function look(chunk: Chunk, from: number, end: number, nodes: number[]): void {
  const { stack, flags, stream, sec } = chunk;
  let { lowStream, highStream, firstSec, lastSec } = bounds;
  let last = -1;
  for (let i = from; i < end; i++) {
    const node = stack[i] as number;
    // `all` is untouched for a node that has not come before.
    if (node !== last && all[node] === 0xffff) nodes.push(node);
    last = node;
    const bits = flags[i] as number;
    const s = stream[i] as number;
    if (s === NONE) any[node] = (any[node] as number) | bits | NO_STREAM;
    else {
      any[node] = (any[node] as number) | bits;
      if (s < lowStream) lowStream = s;
      if (s > highStream) highStream = s;
    }
    // Bits that no flag has make sure that it is not all ones any more.
    all[node] = (all[node] as number) & bits & 0x7fff;
    const t = sec[i] as number;
    if (t < firstSec) firstSec = t;
    if (t > lastSec) lastSec = t;
  }
  bounds.lowStream = lowStream;
  bounds.highStream = highStream;
  bounds.firstSec = firstSec;
  bounds.lastSec = lastSec;
}

/** Of the first `rows` rows, at least one. Null where they are too different to be worth it. */
export function summarise(chunk: Chunk, rows: number): ChunkSummary | null {
  const nodes: number[] = [];
  bounds.lowStream = NONE;
  bounds.highStream = 0;
  bounds.firstSec = Number.POSITIVE_INFINITY;
  bounds.lastSec = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < rows; from += PIECE) look(chunk, from, Math.min(from + PIECE, rows), nodes);
  const summary =
    nodes.length > MOST_STACKS
      ? null
      : {
          stacks: Uint16Array.from(nodes),
          any: Uint16Array.from(nodes, (node) => any[node] as number),
          all: Uint16Array.from(nodes, (node) => all[node] as number),
          ...bounds,
        };
  for (const node of nodes) {
    any[node] = 0;
    all[node] = 0xffff;
  }
  return summary;
}
