import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { allProtocols } from '../../src/dissect/protocol.ts';
import { check, HARMLESS } from './check.ts';
import { captureFiles, framesOf } from './files.ts';
import { indexed } from './memory-capture.ts';
import { mutateList } from './mutate.ts';
import { packetLists } from './packets.ts';
import { Random } from './random.ts';

const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures');
/** Milliseconds for the damaged packets of one test, and how many lists are damaged in it at most: a fast machine looks at the same ones as a slow one has. */
const BUDGET = 4000;
const ROUNDS = { built: 390, captured: 70 } as const;

/** A fixed seed, so that a failure stays one; `npm run fuzz` takes new ones. */
const SEED = 7;

describe('packets as they are', () => {
  it.each(packetLists().map((list) => [list.name, list] as const))('are the same at both depths: %s', (_, list) => {
    expect(check(list)).toMatchObject(HARMLESS);
  });

  it('reach protocols of every layer', () => {
    const seen = new Set<string>();
    const all = allProtocols();
    for (const list of packetLists()) {
      const { capture } = indexed(list);
      for (let node = 0; node < capture.stacks.size; node++) for (const id of capture.stacks.path(node)) seen.add(all[id]?.name ?? '');
    }
    for (const name of [
      'arp',
      'ip',
      'ipv6',
      'icmp',
      'icmpv6',
      'igmp',
      'tcp',
      'udp',
      'dns',
      'mdns',
      'nbns',
      'http',
      'tls',
      'gre',
      'vxlan',
      'mpls',
      'sll',
      'llc',
    ])
      expect([...seen]).toContain(name);
  });
});

describe('damaged packets', () => {
  it('do no harm when they were built by hand', () => {
    const lists = packetLists();
    const until = performance.now() + BUDGET;
    let packets = 0;
    for (let round = 0; round < ROUNDS.built && performance.now() < until; round++) {
      const random = new Random(SEED + Math.imul(round, 0x9e3779b1));
      const list = random.pick(lists);
      const found = check(mutateList(random, list));
      expect(found, `round ${round}, ${list.name}`).toMatchObject(HARMLESS);
      packets += found.packets;
    }
    expect(packets).toBeGreaterThan(0);
  });

  it('do no harm when they were captured', async () => {
    const lists = (await Promise.all(captureFiles(FIXTURES).map((file) => framesOf(file, 60)))).filter((list) => list !== null);
    expect(lists.length).toBeGreaterThan(5);
    const until = performance.now() + BUDGET;
    for (let round = 0; round < ROUNDS.captured && performance.now() < until; round++) {
      const random = new Random(SEED + Math.imul(round, 0x9e3779b1));
      const list = random.pick(lists);
      expect(check(mutateList(random, list)), `round ${round}, ${list.name}`).toMatchObject(HARMLESS);
    }
  });
});
