/** Makes the summary of a chunk of rows. */
import { type Chunk, type ChunkSummary, NONE } from './packet-table.ts';

/** More different stacks than this are not told apart: such a chunk has no summary. */
const MOST_STACKS = 256;

/** Set in `any` of a summary beside the bits of RowFlag: some row has no stream. */
export const NO_STREAM = 1 << 15;

/** By stack node; kept from chunk to chunk, and clean in between. */
const any = new Uint16Array(0x10000);
const all = new Uint16Array(0x10000).fill(0xffff);

/** Of the first `rows` rows, at least one. Null where they are too different to be worth it. */
export function summarise(chunk: Chunk, rows: number): ChunkSummary | null {
  const { stack, flags, stream, sec } = chunk;
  const nodes: number[] = [];
  let lowStream = NONE;
  let highStream = 0;
  let firstSec = Number.POSITIVE_INFINITY;
  let lastSec = Number.NEGATIVE_INFINITY;
  let last = -1;
  for (let i = 0; i < rows; i++) {
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
  const summary =
    nodes.length > MOST_STACKS
      ? null
      : {
          stacks: Uint16Array.from(nodes),
          any: Uint16Array.from(nodes, (node) => any[node] as number),
          all: Uint16Array.from(nodes, (node) => all[node] as number),
          firstSec,
          lastSec,
          lowStream,
          highStream,
        };
  for (const node of nodes) {
    any[node] = 0;
    all[node] = 0xffff;
  }
  return summary;
}
