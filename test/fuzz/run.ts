/**
 * The long run behind `npm run fuzz`: damages captures until so many packets were dissected, and names the seeds of what failed: an
 * exception, a place outside the bytes, a packet that took too long, memory that grows with the rounds.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { forgetDecodings } from '../../src/protocols/http-body.ts';
import { ask, check, SLOW } from './check.ts';
import { captureFiles, framesOf, pcapOf } from './files.ts';
import { checkFilters } from './filters.ts';
import { type FrameList, indexed } from './memory-capture.ts';
import { MemoryWatch } from './memory-watch.ts';
import { mutateList } from './mutate.ts';
import { packetLists } from './packets.ts';
import { Random } from './random.ts';
import { recut } from './recut.ts';
import { scale } from './scale.ts';

const USAGE = `usage: npm run fuzz -- [--packets N] [--seconds N] [--seed S] [--round R [--write FILE]] [--corpus FOLDER]
  --packets N      dissect at least N packets                                  (default: 200000)
  --seconds N      but end after N seconds                                     (default: no end)
  --seed S         first seed                                                  (default: from the clock)
  --round R        run round R of the seed only
  --write FILE     with --round: write the round's packets to FILE (pcap)
  --corpus FOLDER  start from the captures in FOLDER too, besides test/fixtures
  --scale          measure what hostile captures cost instead, at three sizes   (--sizes 4000,8000,16000; --only REGEX for names;
                   --every N: dissect every Nth packet only)
  --filters N      ask N filters made at random of the captures instead
The corpus is part of the seed: a round is the same again with the same files only.`;

/** Packets of one capture that take part. */
const FRAMES = 250;
/** Packets of one round. */
const ROUND = 4000;
/** Packets between two looks at the memory. */
const LOOK = 100_000;

export async function main(args: readonly string[], fixtures: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      packets: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      round: { type: 'string' },
      write: { type: 'string' },
      corpus: { type: 'string' },
      scale: { type: 'boolean' },
      sizes: { type: 'string' },
      only: { type: 'string' },
      every: { type: 'string' },
      filters: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.scale) {
    const memory = new MemoryWatch();
    const sizes = (values.sizes ?? '4000,8000,16000').split(',').map(Number);
    const every = Number(values.every ?? 1);
    return (await scale(sizes, new RegExp(values.only ?? ''), every, () => memory.look())) === 0 ? 0 : 1;
  }
  const wanted = Number(values.packets ?? 200_000);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const lists: FrameList[] = [...packetLists()];
  const files = captureFiles(fixtures);
  if (values.corpus !== undefined) files.push(...captureFiles(values.corpus));
  for (const file of files) {
    const list = await framesOf(file, FRAMES);
    if (list !== null) lists.push(list);
  }
  console.log(`seed ${seed}, ${lists.length} captures`);
  if (values.filters !== undefined) return filtersOf(lists, seed, Number(values.filters), Number(values.round ?? -1));
  const begun = Date.now();
  const end = begun + Number(values.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const seen = new Map<string, number>();
  let packets = 0;
  let failures = 0;
  let disagreements = 0;
  const judge = async (list: FrameList, where: string, texts: boolean, asking?: Random) => {
    const { capture, ...result } = check(list, { texts, slow: SLOW });
    const faults = asking === undefined ? result.faults : [...result.faults, ...(await ask(capture, asking, SLOW))];
    packets += result.packets;
    // As when a capture is closed: what stays beyond that is growth.
    forgetDecodings();
    if (faults.length > 0) failures++;
    if (result.disagreements.length > 0) disagreements++;
    for (const [what, found] of [
      ['FAULT', faults],
      ['two minds', result.disagreements],
    ] as const)
      for (const fault of found) {
        // The same fault again is counted, not told.
        const kind = fault.replace(/\d+/g, '#');
        const times = (seen.get(kind) ?? 0) + 1;
        seen.set(kind, times);
        if (times === 1) console.log(`${what} ${where} (${list.name}) ${fault}`);
      }
  };
  const damaged = async (round: number) => {
    // Each round has its own generator, so that it can be run again alone.
    const random = new Random(seed + Math.imul(round, 0x9e3779b1));
    const list = mutateList(random, random.pick(lists), lists, ROUND);
    const cut = random.below(3) === 0 ? recut(random, list) : list;
    if (values.write !== undefined) writeFileSync(values.write, pcapOf(cut));
    await judge(cut, `--seed ${seed} --round ${round}`, random.below(4) === 0, random.below(8) === 0 ? random : undefined);
  };
  if (values.round !== undefined) await damaged(Number(values.round));
  else {
    for (const list of lists) await judge(list, 'undamaged', true);
    const memory = new MemoryWatch();
    for (let round = 0; packets < wanted && Date.now() < end; round++) {
      await damaged(round);
      // What native code holds (ciphers, inflaters) goes when the event loop turns, as it does in the engine.
      await new Promise((resolve) => setImmediate(resolve));
      if (packets < (memory.looks.length + 1) * LOOK) continue;
      const used = memory.look();
      console.log(`${packets} packets, ${pace(packets, begun)}, ${(used / 2 ** 20).toFixed(1)} MB in use`);
    }
    if (memory.growth > 0) {
      failures++;
      console.log(`FAULT memory in use grew by ${memory.growth} bytes`);
    }
  }
  const seconds = (Date.now() - begun) / 1000;
  console.log(
    `${packets} packets in ${seconds.toFixed(1)} s, ${pace(packets, begun)}; ${failures} rounds failed, ${disagreements} of two minds`,
  );
  return failures + disagreements === 0 ? 0 : 1;
}

/** Filters of one round, each of another capture. */
const FILTERS = 25;

/** Asks so many filters, or those of one round. */
function filtersOf(lists: readonly FrameList[], seed: number, count: number, only: number): number {
  let accepted = 0;
  let failures = 0;
  const begun = Date.now();
  const first = Math.max(0, only);
  const rounds = only < 0 ? Math.ceil(count / FILTERS) : 1;
  for (let round = first; round < first + rounds; round++) {
    const random = new Random(seed + Math.imul(round, 0x9e3779b1));
    const list = random.pick(lists);
    if (list.frames.length === 0) continue;
    const found = checkFilters(indexed(list).capture, random, FILTERS);
    accepted += found.accepted;
    failures += found.faults.length;
    for (const fault of found.faults) console.log(`FAULT --filters 1 --seed ${seed} --round ${round} (${list.name}) ${fault}`);
  }
  console.log(
    `${FILTERS * rounds} filters, ${accepted} of them right, in ${((Date.now() - begun) / 1000).toFixed(1)} s; ${failures} failed`,
  );
  return failures === 0 ? 0 : 1;
}

/** Packets per second on the clock, and per second that the process worked: the machine may have other work. */
function pace(packets: number, begun: number): string {
  const { user, system } = process.cpuUsage();
  const rate = (ms: number) => Math.round(packets / (ms / 1000));
  return `${rate(Date.now() - begun)} per second (${rate((user + system) / 1000)} per second of work)`;
}
