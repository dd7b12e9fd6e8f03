/** The long run behind `npm run fuzz`: damages captures until so many packets were dissected, and names the seeds of what failed. */
import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { captureFiles, framesOf } from './files.ts';
import type { FrameList } from './memory-capture.ts';
import { mutateList } from './mutate.ts';
import { packetLists } from './packets.ts';
import { Random } from './random.ts';

const USAGE = `usage: npm run fuzz -- [--packets N] [--seed S] [--round R] [--captures FOLDER]
  --packets N        dissect at least N packets                        (default: 200000)
  --seed S           first seed                                        (default: from the clock)
  --round R          run round R of the seed only
  --captures FOLDER  start from the captures in FOLDER                 (default: test/fixtures)`;

/** Packets of one capture that take part. */
const FRAMES = 250;

export async function main(args: readonly string[], fixtures: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      packets: { type: 'string' },
      seed: { type: 'string' },
      round: { type: 'string' },
      captures: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const wanted = Number(values.packets ?? 200_000);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const lists: FrameList[] = [...packetLists()];
  for (const file of captureFiles(values.captures ?? fixtures)) {
    const list = await framesOf(file, FRAMES);
    if (list !== null) lists.push(list);
  }
  console.log(`seed ${seed}, ${lists.length} captures`);
  const begun = Date.now();
  const seen = new Set<string>();
  let packets = 0;
  let failures = 0;
  const one = values.round === undefined ? null : Number(values.round);
  const judge = (list: FrameList, where: string) => {
    const result = check(list);
    packets += result.packets;
    if (result.faults.length > 0) failures++;
    for (const fault of result.faults) {
      // The same fault again is counted, not told.
      const kind = fault.replace(/\d+/g, '#');
      if (seen.has(kind)) continue;
      seen.add(kind);
      console.log(`${where} (${list.name}) ${fault}`);
    }
  };
  if (one === null) for (const list of lists) judge(list, 'undamaged');
  for (let round = one ?? 0; packets < wanted; round++) {
    // Each round has its own generator, so that it can be run again alone.
    const random = new Random(seed + Math.imul(round, 0x9e3779b1));
    judge(mutateList(random, random.pick(lists)), `--seed ${seed} --round ${round}`);
    if (one !== null) break;
  }
  const seconds = (Date.now() - begun) / 1000;
  console.log(`${packets} packets in ${seconds.toFixed(1)} s, ${Math.round(packets / seconds)} per second; ${failures} rounds failed`);
  return failures === 0 ? 0 : 1;
}
