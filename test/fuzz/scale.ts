/**
 * Whether hostile captures cost as much as they have packets: times and memory at three sizes, each twice the one before.
 *   npm run fuzz -- --scale [--sizes 4000,8000,16000] [--only REGEX]
 */
import { dissectPacket } from '../../src/dissect/dissect-packet.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { compileFilter } from '../../src/filter/index.ts';
import { connectionCount, connectionRow } from '../../src/flow/connections.ts';
import * as basics from './hostile.ts';
import * as flows from './hostile-flows.ts';
import * as protocols from './hostile-protocols.ts';
import * as streams from './hostile-streams.ts';
import { type FrameList, indexed } from './memory-capture.ts';

/** All kinds of hostile captures, by name. */
export const HOSTILE: readonly (readonly [name: string, make: (n: number) => FrameList])[] = [basics, flows, streams, protocols].flatMap(
  (module) => Object.entries(module as unknown as Record<string, (n: number) => FrameList>),
);

/** Work that takes less than this has no ratio worth telling, ms. */
const LEAST = 60;
/** Times the work of half as many packets. */
const MOST = 2.7;

interface Cost {
  /** Milliseconds of work. */
  readonly index: number;
  readonly dissect: number;
  readonly rows: number;
  /** Bytes of heap and buffers more than before, with the index made. */
  readonly kept: number;
}

function busy(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function cost(list: FrameList, collect: () => number): Cost {
  const compiled = compileFilter('tcp.analysis.flags || http || dns');
  if (!compiled.ok) throw new Error(compiled.error.message);
  const before = collect();
  let at = busy();
  const { capture } = indexed(list);
  const index = busy() - at;
  const kept = collect() - before;
  at = busy();
  for (let row = 0; row < capture.packets.length; row++) compiled.filter.matches(dissectPacket(capture, row));
  const dissect = busy() - at;
  at = busy();
  for (let stream = 0; stream < connectionCount(capture); stream++) connectionRow(capture, stream);
  for (let exchange = 0; exchange < exchangeCount(capture); exchange++) exchangeRow(capture, exchange);
  return { index, dissect, rows: busy() - at, kept };
}

/** Prints a line for each kind; gives the number of those that cost too much. */
export function scale(sizes: readonly number[], only: RegExp, collect: () => number): number {
  let bad = 0;
  for (const [name, make] of HOSTILE) {
    if (!only.test(name)) continue;
    const costs = sizes.map((size) => cost(make(size), collect));
    const faults: string[] = [];
    for (const what of ['index', 'dissect', 'rows', 'kept'] as const) {
      const last = (costs.at(-1) as Cost)[what];
      const before = (costs.at(-2) as Cost)[what];
      if (what === 'kept' ? last < 16e6 : last < LEAST) continue;
      if (last > MOST * before) faults.push(what);
    }
    const packets = sizes.at(-1) as number;
    const { index, dissect, rows, kept } = costs.at(-1) as Cost;
    if ((dissect + index) / packets > 5) faults.push('slow');
    bad += faults.length > 0 ? 1 : 0;
    const series = (what: keyof Cost) => costs.map((each) => Math.round(each[what])).join('/');
    console.log(
      `${faults.length > 0 ? `FAULT ${faults.join(', ')}:` : 'ok   '} ${name}: index ${series('index')} ms, dissect ${series('dissect')} ms, rows ${series('rows')} ms; ` +
        `per packet ${((1000 * index) / packets).toFixed(0)}, ${((1000 * dissect) / packets).toFixed(0)}, ${((1000 * rows) / packets).toFixed(0)} µs, ${Math.round(kept / packets)} bytes`,
    );
  }
  return bad;
}
