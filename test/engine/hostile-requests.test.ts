/** Requests that no window of ours sends: refused by their shape, or answered by the engine in words; it goes on either way. */
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyDecodeAs } from '../../src/dissect/decode-as.ts';
import { Engine } from '../../src/engine/engine.ts';
import { checkEngineArgs, checkHostArgs, checkIncoming, engineShapes, hostShapes } from '../../src/host/schemas.ts';
import { Random } from '../fuzz/random.ts';

const SEED = 11;
const HOSTILE: readonly unknown[] = [
  null,
  undefined,
  true,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  -0.5,
  1.5,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 40,
  2 ** 53,
  1e308,
  10n,
  '',
  '\0',
  '__proto__',
  'constructor',
  'x'.repeat(1 << 20),
  '('.repeat(60_000),
  [],
  [[[[]]]],
  new Array(100_000).fill(0),
  {},
  { __proto__: { from: 0 } },
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  Symbol('x'),
  () => 0,
  new Uint8Array(8),
  new Date(Number.NaN),
];
/** Values that the shapes take, by what they may stand for. */
const FITTING: readonly unknown[] = [
  ...[0, 1, 2, 3, 50, 1000, 10_000, 2 ** 20, 2 ** 40],
  ...[
    'tcp',
    'udp',
    'http',
    'tcp.port == 80',
    '((((',
    'http matches "(a+)+$"',
    'tcp.port',
    'ip.proto',
    'client',
    'server',
    'request',
    'response',
  ],
  ...[
    'text',
    'hex',
    'stream',
    'exchange',
    'status',
    'durationMs',
    'sequence',
    'tcptrace',
    'rtt',
    'throughput',
    'window',
    'ff 00',
    'f',
    'zz',
  ],
  ...[true, false, 1, -1, [], [0], [0, 1, 2], { piece: 0, after: 0 }, { piece: 2 ** 40, after: 2 ** 40 }],
];

const engine = new Engine(() => {});
let packets = 0;

async function state(): Promise<{ packets: number; phase: string } | null> {
  const answer = await engine.handle('state', {});
  return answer.ok ? (answer.value as { capture: { packets: number; phase: string } | null }).capture : null;
}

beforeAll(async () => {
  const file = path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap');
  expect((await engine.handle('open', { path: file, capture: 1, name: 'http.pcap' })).ok).toBe(true);
  for (let k = 0; k < 500 && (await state())?.phase !== 'done'; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  packets = (await state())?.packets ?? 0;
  expect(packets).toBeGreaterThan(0);
});
afterAll(async () => {
  await engine.handle('close', {});
  applyDecodeAs([]);
});

const names = Object.keys(engineShapes) as (keyof typeof engineShapes)[];
const keysOf = (shape: unknown): readonly string[] => Object.keys((shape as { readonly shape?: object }).shape ?? {});

it('are refused by their shape, or answered without an inner failure, and the engine goes on', async () => {
  const random = new Random(SEED);
  let taken = 0;
  for (let k = 0; k < 4000; k++) {
    const name = random.pick(names);
    const args: Record<string, unknown> = {};
    const hostile = random.below(4) === 0;
    for (const key of keysOf(engineShapes[name])) args[key] = random.pick(hostile && random.below(2) === 0 ? HOSTILE : FITTING);
    if (random.below(20) === 0) args[random.pick(['x', '__proto__', 'toString'])] = random.pick(HOSTILE);
    const checked = checkEngineArgs(name, args);
    if (!checked.ok) {
      expect(checked.failure.message.length).toBeLessThan(300);
      continue;
    }
    taken++;
    const answer = await engine.handle(checked.value.name, checked.value.args);
    if (!answer.ok) expect(answer.failure.code, `${name} ${answer.failure.message}`).not.toBe('internal');
  }
  // Otherwise the shapes alone were tried.
  expect(taken).toBeGreaterThan(300);
  applyDecodeAs([]);
  expect((await engine.handle('setDecodeAs', { choices: [] })).ok).toBe(true);
  for (let k = 0; k < 500 && (await state())?.phase !== 'done'; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await state())?.packets).toBe(packets);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('without a shape of ours get a failure or nothing, whatever they are', () => {
  const random = new Random(SEED);
  const parts = [...HOSTILE, ...FITTING, 'request', 'engine', 'host', 'state', 'rows', 'hasOwnProperty', 'openPath'];
  for (let k = 0; k < 4000; k++) {
    const message: Record<string, unknown> = {
      kind: 'request',
      to: random.pick(['engine', 'host']),
      id: k,
      name: random.pick(parts),
      args: random.pick(parts),
    };
    if (random.below(3) === 0) message[random.pick(['kind', 'to', 'id', 'name', 'args', '__proto__', 'more'])] = random.pick(parts);
    const found = checkIncoming(random.below(10) === 0 ? random.pick(parts) : message);
    if (found !== null && 'failure' in found) expect(found.failure.message.length).toBeLessThan(300);
  }
  for (const name of Object.keys(hostShapes))
    for (const value of HOSTILE) {
      const args = Object.fromEntries(keysOf(hostShapes[name as keyof typeof hostShapes]).map((key) => [key, value]));
      const checked = checkHostArgs(name, args);
      if (!checked.ok) expect(checked.failure.message.length).toBeLessThan(300);
    }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('with names that objects have by themselves are unknown to the engine', async () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'x'.repeat(1 << 20)]) {
    const answer = await engine.handle(name, {});
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(answer.failure).toMatchObject({ code: 'invalid' });
  }
});
