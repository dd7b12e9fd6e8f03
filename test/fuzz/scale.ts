/**
 * Whether hostile captures cost as much as they have packets: times and memory at three sizes, each twice the one before.
 *   npm run fuzz -- --scale [--sizes 4000,8000,16000] [--only REGEX]
 */

import { connectionCount, connectionRow } from '../../src/connections/connections.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { compileFilter } from '../../src/filter/index.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import * as basics from './hostile.ts';
import * as flows from './hostile-flows.ts';
import * as mechanisms from './hostile-mechanisms.ts';
import * as protocols from './hostile-protocols.ts';
import * as streams from './hostile-streams.ts';
import { type FrameList, indexed } from './memory-capture.ts';
import { Random } from './random.ts';
import { questions } from './views.ts';

/** All kinds of hostile captures, by name. */
export const HOSTILE: readonly (readonly [name: string, make: (n: number) => FrameList])[] = [
  basics,
  flows,
  streams,
  protocols,
  mechanisms,
].flatMap((module) => Object.entries(module as unknown as Record<string, (n: number) => FrameList>));

/** Work that takes less than this has no ratio worth telling, ms. */
const LEAST = 60;
/** Times the work of half as many packets. */
const MOST = 2.7;

interface Cost {
  /** Milliseconds of work. */
  readonly index: number;
  readonly dissect: number;
  readonly rows: number;
  /** All that the views ask, of some rows, streams and exchanges; and what took longest of that. */
  readonly asked: number;
  readonly slowest: string;
  /** Bytes of heap and buffers more than before, with the index made. */
  readonly kept: number;
}

function busy(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function cost(list: FrameList, every: number, collect: () => number): Promise<Cost> {
  const compiled = compileFilter('tcp.analysis.flags || http || dns');
  if (!compiled.ok) throw new Error(compiled.error.message);
  const before = collect();
  let at = busy();
  const { capture } = indexed(list);
  const index = busy() - at;
  const kept = collect() - before;
  at = busy();
  for (let row = 0; row < capture.packets.length; row += every) compiled.filter.matches(dissectPacket(capture, row));
  const dissect = busy() - at;
  at = busy();
  for (let stream = 0; stream < connectionCount(capture); stream++) connectionRow(capture, stream);
  for (let exchange = 0; exchange < exchangeCount(capture); exchange++) exchangeRow(capture, exchange);
  const rows = busy() - at;
  at = busy();
  let slowest = '';
  let most = 0;
  for (const [name, question] of questions(capture, new Random(1))) {
    const begun = busy();
    await question();
    const took = busy() - begun;
    if (took <= most) continue;
    most = took;
    slowest = `${name} ${Math.round(took)} ms`;
  }
  return { index, dissect, rows, asked: busy() - at, slowest, kept };
}

/** Prints a line for each kind; gives the number of those that cost too much. `every`: one packet of so many is dissected. */
export async function scale(sizes: readonly number[], only: RegExp, every: number, collect: () => number): Promise<number> {
  let bad = 0;
  for (const [name, make] of HOSTILE) {
    if (!only.test(name)) continue;
    const costs: Cost[] = [];
    for (const size of sizes) costs.push(await cost(make(size), every, collect));
    const faults: string[] = [];
    for (const what of ['index', 'dissect', 'rows', 'asked', 'kept'] as const) {
      const last = (costs.at(-1) as Cost)[what];
      const before = (costs.at(-2) as Cost)[what];
      if (what === 'kept' ? last < 16e6 : last < LEAST) continue;
      if (last > MOST * before) faults.push(what);
    }
    const packets = sizes.at(-1) as number;
    const { index, dissect, rows, slowest, kept } = costs.at(-1) as Cost;
    if ((dissect * every + index) / packets > 5) faults.push('slow');
    bad += faults.length > 0 ? 1 : 0;
    const series = (what: Exclude<keyof Cost, 'slowest'>) => costs.map((each) => Math.round(each[what])).join('/');
    console.log(
      `${faults.length > 0 ? `FAULT ${faults.join(', ')}:` : 'ok   '} ${name}: index ${series('index')} ms, dissect ${series('dissect')} ms, rows ${series('rows')} ms, asked ${series('asked')} ms (${slowest}); ` +
        `per packet ${((1000 * index) / packets).toFixed(0)}, ${((1000 * dissect * every) / packets).toFixed(0)}, ${((1000 * rows) / packets).toFixed(0)} µs, ${Math.round(kept / packets)} bytes`,
    );
  }
  return bad;
}
