/** The strongest thing in each stretch of the view, for the strip at the scroll bar. */

import { Analysis } from '../flow/tcp-analysis.ts';
import type { Hue, MinimapBucket } from '../messages.ts';
import { protocols } from '../protocols/index.ts';
import { CHUNK_MASK, type Chunk, RowFlag } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

const RST = 0x04;
const BAD = Analysis.ZeroWindow | Analysis.Refused;
const WARN =
  Analysis.Retransmission |
  Analysis.FastRetransmission |
  Analysis.SpuriousRetransmission |
  Analysis.OutOfOrder |
  Analysis.LostSegment |
  Analysis.AckLostSegment |
  Analysis.WindowFull;

/** 2: bad, 1: warn, 0: nothing. The same judgement as the marks of the list. */
export function troubleOf(chunk: Chunk, i: number): number {
  const flags = chunk.flags[i] as number;
  if ((flags & RowFlag.Malformed) !== 0) return 2;
  if ((flags & RowFlag.Tcp) === 0) return 0;
  const analysis = chunk.analysis[i] as number;
  if (((chunk.tcpFlags[i] as number) & RST) !== 0 || (analysis & BAD) !== 0) return 2;
  return (analysis & WARN) !== 0 ? 1 : 0;
}

const ORDER: readonly Hue[] = ['raw', 'link', 'net', 'tra', 'app'];
/** Rows looked at per bucket at most: a picture of many millions of rows is a sample. */
const SAMPLE = 2048;

/** The picture, made in slices. `stopped`: tells whether nobody wants it any more; then there is none. */
export async function minimap(capture: Capture, view: View, buckets: number, stopped: () => boolean): Promise<MinimapBucket[]> {
  const turns = new Turns();
  const total = view.matched;
  const n = Math.min(buckets, total);
  // Hue of each stack, so that a row costs two look-ups.
  const hueOf = new Uint8Array(capture.stacks.size);
  for (let stack = 1; stack < hueOf.length; stack++) {
    const top = protocols[capture.stacks.top(stack)];
    hueOf[stack] = top === undefined ? 0 : top.name === 'data' ? (hueOf[capture.stacks.parent(stack)] as number) : ORDER.indexOf(top.hue);
  }
  const out: MinimapBucket[] = [];
  for (let bucket = 0; bucket < n; bucket++) {
    const from = Math.floor((bucket * total) / n);
    const to = Math.floor(((bucket + 1) * total) / n);
    const step = Math.max(1, Math.floor((to - from) / SAMPLE));
    let hue = 0;
    let trouble = 0;
    for (let position = from; position < to; position += step) {
      const row = view.rowAt(position);
      const chunk = capture.packets.chunkOf(row);
      const i = row & CHUNK_MASK;
      hue = Math.max(hue, hueOf[chunk.stack[i] as number] as number);
      trouble = Math.max(trouble, troubleOf(chunk, i));
    }
    out.push({ hue: ORDER[hue] as Hue, trouble: trouble === 2 ? 'bad' : trouble === 1 ? 'warn' : 'none' });
    if (!turns.due) continue;
    await turns.pause();
    if (stopped()) return [];
  }
  return out;
}
