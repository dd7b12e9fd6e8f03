/** The first stage in a thread of its own, built as the program has it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyDecodeAs } from '../../src/dissect/decode-as.ts';
import { allProtocols, protocolKey } from '../../src/dissect/protocol.ts';
import { Back } from '../../src/split/back.ts';
import { headers } from '../../src/split/front-protocols.ts';
import { PIECE } from '../../src/split/layout.ts';
import { FrontThread } from '../../src/split/thread.ts';
import { inOne, knownOf, openFile, readRest } from './both-ways.ts';

const root = path.join(import.meta.dirname, '../..');
let folder: string;
let program: string;
/** A capture of several pieces. */
let long: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-thread-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      rolldownOptions: {
        input: { 'front-thread': path.join(root, 'src/split/front-thread.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  });
  program = path.join(folder, 'front-thread.cjs');
  const fixture = readFileSync(path.join(root, 'test/fixtures/two-interfaces.pcapng'));
  long = path.join(folder, 'long.pcapng');
  const session = readFileSync(path.join(root, 'samples/first-look.pcapng'));
  const parts: Buffer[] = [];
  for (let length = 0; length < 12 * PIECE; length += fixture.length + session.length) parts.push(fixture, session);
  writeFileSync(long, Buffer.concat(parts));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly known: object;
  /** Steps until the second stage was alone. */
  readonly steps: number;
  /** Packets when the first stage began, and when it ended. */
  readonly began: number;
  readonly ended: number;
}

/** Reads the long capture. `at` is called before each step; @param wait until the thread is there, so that all is read in two stages */
async function read(
  file: string,
  at: (step: number, thread: FrontThread) => Promise<void> | void = () => {},
  wait = true,
  alone = 0,
): Promise<Run> {
  const { reader, capture } = await openFile(long);
  const thread = new FrontThread(file);
  const back = new Back(reader, capture, thread, undefined, alone);
  for (const until = Date.now() + 60_000; wait && !thread.ready && !thread.gone && Date.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 5));
  let began = -1;
  let steps = 0;
  for (; ; steps++) {
    await at(steps, thread);
    const before = capture.packets.length;
    const step = await back.step();
    if (thread.ready && began < 0 && before >= alone) began = before;
    if (step === null) break;
    if (step !== 'more') throw new Error(step);
  }
  const ended = capture.packets.length;
  await readRest(capture, reader);
  const known = knownOf(capture);
  await reader.close();
  return { known, steps, began, ended };
}

it('makes the same index', async () => {
  const { known, began, ended } = await read(program);
  expect(known).toEqual(await inOne(long));
  expect(began).toBe(0);
  // All but the packets at the very end.
  expect(ended).toBeGreaterThan(0.9 * (known as { packets: number }).packets);
});

it('makes the same index where the first packets are read before it begins', async () => {
  const { known, began, ended } = await read(program, undefined, true, 64);
  expect(known).toEqual(await inOne(long));
  expect(began).toBeGreaterThanOrEqual(64);
  expect(began).toBeLessThan(2000);
  expect(ended).toBeGreaterThan(0.9 * (known as { packets: number }).packets);
});

it('makes the same index for one file after the other, whatever the first was and the user has chosen since', async () => {
  const thread = new FrontThread(program);
  const ready = async (): Promise<void> => {
    for (const until = Date.now() + 60_000; !thread.ready && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(thread.ready).toBe(true);
  };
  const used = async (file: string): Promise<object> => {
    const { reader, capture } = await openFile(file);
    await ready();
    const back = new Back(reader, capture, thread, (done) => done.again());
    while ((await back.step()) !== null);
    await readRest(capture, reader);
    const known = knownOf(capture);
    await reader.close();
    return known;
  };
  try {
    const sample = path.join(root, 'samples/first-look.pcapng');
    for (const file of [sample, sample, long]) expect(await used(file)).toEqual(await inOne(file));
    applyDecodeAs([{ table: 'ip.proto', from: 6, to: 6, protocol: 'udp' }]);
    expect(await used(long)).toEqual(await inOne(long));
    expect(thread.gone).toBe(false);
  } finally {
    applyDecodeAs([]);
    await thread.end();
  }
  expect(thread.gone).toBe(true);
});

it('may be there only when a part has been read', async () => {
  const { known } = await read(program, (step) => new Promise((resolve) => setTimeout(resolve, step < 3 ? 1 : 50)), false);
  expect(known).toEqual(await inOne(long));
});

it('follows the protocols that the user has chosen', async () => {
  applyDecodeAs([
    { table: 'ip.proto', from: 6, to: 6, protocol: 'udp' },
    { table: 'ethertype', from: 0x86dd, to: 0x86dd, protocol: 'llc' },
  ]);
  try {
    const chosen = await inOne(long);
    const { known } = await read(program);
    expect(known).toEqual(chosen);
  } finally {
    applyDecodeAs([]);
  }
  expect((await read(program)).known).toEqual(await inOne(long));
});

it('may end at any time', async () => {
  const one = await inOne(long);
  for (const end of [0, 1, 3, 8]) {
    const { known, ended } = await read(program, async (step, thread) => {
      if (step === end) await thread.end();
    });
    expect(known).toEqual(one);
    expect(ended).toBeLessThan((one as { packets: number }).packets);
  }
});

it('may fail at once, or never be there', async () => {
  const one = await inOne(long);
  const throwing = path.join(folder, 'throwing.cjs');
  writeFileSync(throwing, "throw new Error('no');");
  expect((await read(throwing)).known).toEqual(one);
  expect((await read(path.join(folder, 'missing.cjs'))).known).toEqual(one);
  const ending = path.join(folder, 'ending.cjs');
  writeFileSync(
    ending,
    "const { workerData } = require('node:worker_threads'); const s = new Int32Array(workerData); Atomics.store(s, 0, 1); Atomics.wait(s, 1, 0);",
  );
  expect((await read(ending)).known).toEqual(one);
});

it('ends when the file is closed', async () => {
  for (const steps of [0, 2]) {
    const { reader, capture } = await openFile(long);
    const thread = new FrontThread(program);
    const back = new Back(reader, capture, thread);
    for (let n = 0; n < steps; n++) await back.step();
    await reader.close();
    expect(thread.gone).toBe(true);
    const before = capture.packets.length;
    expect(await back.step()).not.toBe('more');
    expect(capture.packets.length).toBe(before);
  }
});

it('has a program with all protocols that need no state, and their first parts', () => {
  const bundle = readFileSync(program, 'utf8');
  const stateless = allProtocols().filter((protocol) => protocol.stateless === true);
  expect(stateless.length).toBeGreaterThan(3);
  for (const { name, title } of stateless) {
    expect(bundle).toContain(`name: "${name}"`);
    expect(bundle).toContain(`title: "${title}"`);
  }
  const keys = allProtocols().map(protocolKey);
  const parts = allProtocols().filter((protocol) => protocol.parts !== undefined);
  expect(parts.map(protocolKey).sort()).toEqual([...headers.keys()].sort());
  for (const protocol of parts) {
    expect(headers.get(protocolKey(protocol))).toBe(protocol.parts?.header);
    expect(keys.filter((key) => key === protocolKey(protocol))).toHaveLength(1);
  }
});
