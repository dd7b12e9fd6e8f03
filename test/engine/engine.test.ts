/** The engine's answers about followed streams and "decode as", as the window asks for them. */
import { copyFile, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyDecodeAs } from '../../src/dissect/decode-as.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineRequests, FollowPage, UdpStreamSort } from '../../src/messages.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

let engine: Engine;
let done = false;
let failures: unknown[] = [];

beforeEach(() => {
  done = false;
  failures = [];
  engine = new Engine((name, value) => {
    if (name === 'failed') failures.push(value);
    if (name === 'state') done = (value as { phase?: string } | null)?.phase === 'done';
  });
});
afterEach(async () => {
  await engine.handle('close', {});
  applyDecodeAs([]);
});

async function ask<N extends keyof EngineRequests>(name: N, args: EngineRequests[N]['args']): Promise<EngineRequests[N]['result']> {
  const answer = await engine.handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as EngineRequests[N]['result'];
}

async function whole(): Promise<void> {
  for (let k = 0; !done && k < 500; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toBe(true);
}

async function openFixture(name: string): Promise<void> {
  const answer = await engine.handle('open', { path: fixture(name), capture: 1, name });
  expect(answer.ok).toBe(true);
  await whole();
}

const textOf = (page: FollowPage): string => page.pieces.map((piece) => Buffer.from(piece.bytes).toString('latin1')).join('');

it('answers before it tells of anything that comes later, where nothing has to be waited for', async () => {
  await openFixture('http.pcap');
  const heard: unknown[] = [];
  for (const name of ['state', 'no such request', 'packet'])
    engine.answer(name, name === 'packet' ? { row: -1 } : {}, (answer) => heard.push(answer.ok || answer.failure.code));
  expect(heard).toEqual([true, 'invalid', 'no-such']);
});

it('tells who the sides of a stream are and how much each sent, and gives the bytes page by page', async () => {
  await openFixture('http.pcap');
  const summary = await ask('followStream', { kind: 'tcp', stream: 0 });
  expect(summary.missing).toEqual([0, 0]);
  expect(summary.client).toBe(0);
  expect(summary.pieces).toBeGreaterThan(2);
  let read = 0;
  let first = '';
  for (let from = 0; from < summary.pieces; ) {
    const page = await ask('followPage', { kind: 'tcp', stream: 0, from, count: 2 });
    expect(page.pieces.length).toBeGreaterThan(0);
    if (from === 0) first = textOf(page);
    read += page.pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
    from += page.pieces.length;
  }
  expect(first).toMatch(/^GET /);
  expect(read).toBe(summary.bytes[0] + summary.bytes[1]);
});

const begin = { piece: 0, after: 0 };
const tcp0 = { kind: 'tcp', stream: 0 } as const;
/** All that one side sent. */
async function sent(side: 0 | 1): Promise<Buffer> {
  const { pieces, total } = await ask('followPage', { ...tcp0, side, from: 0, count: 500 });
  expect(pieces).toHaveLength(total);
  expect(pieces.every((piece) => piece.side === side)).toBe(true);
  return Buffer.concat(pieces.map((piece) => piece.bytes));
}

it('gives the pieces of one side alone, counted among themselves', async () => {
  await openFixture('http.pcap');
  const { bytes, pieces } = await ask('followStream', tcp0);
  const counts = await Promise.all(([0, 1] as const).map((side) => ask('followPage', { ...tcp0, side, from: 0, count: 1 })));
  expect(counts.reduce((sum, page) => sum + page.total, 0)).toBe(pieces);
  expect((await sent(0)).length).toBe(bytes[0]);
  expect((await sent(1)).length).toBe(bytes[1]);
  expect((await sent(1)).toString('latin1')).toMatch(/^HTTP/);
  const all = await ask('followPage', { ...tcp0, from: 0, count: 500 });
  for (const [k, piece] of (await ask('followPage', { ...tcp0, side: 1, from: 0, count: 500 })).pieces.entries()) {
    expect((await ask('followPieceOf', { ...tcp0, side: 1, row: piece.row })).piece).toBe(k);
    expect(all.pieces[(await ask('followPieceOf', { ...tcp0, row: piece.row })).piece]?.row).toBe(piece.row);
  }
});

it('writes what was sent to a file, of both sides or of one', async () => {
  await openFixture('rough/loss.pcap');
  const folder = await mkdtemp(path.join(tmpdir(), 'sevenfold-saved-'));
  try {
    for (const side of [undefined, 0, 1] as const) {
      const target = { kind: 'tcp', stream: 1, ...(side === undefined ? {} : { side }) } as const;
      const { pieces, total } = await ask('followPage', { ...target, from: 0, count: 500 });
      expect(pieces).toHaveLength(total);
      const whole = Buffer.concat(pieces.map((piece) => piece.bytes));
      expect(whole.length).toBeGreaterThan(500);
      const file = path.join(folder, `side-${side}`);
      const answer = await engine.handle('save', { path: file, what: 'stream', target });
      expect(answer).toMatchObject({ ok: true, value: { whole: true, bytes: whole.length } });
      expect(whole.equals(await readFile(file))).toBe(true);
    }
    expect(
      await engine.handle('save', { path: path.join(folder, 'none'), what: 'stream', target: { kind: 'tcp', stream: 99 } }),
    ).toMatchObject({
      ok: false,
      failure: { code: 'no-such' },
    });
    expect(await engine.handle('save', { path: path.join(folder, 'no/such/place'), what: 'har' })).toMatchObject({
      ok: false,
      failure: { code: 'not-found' },
    });
    expect((await readdir(folder)).sort()).toEqual(['side-0', 'side-1', 'side-undefined']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('writes a body to a file as it was decoded', async () => {
  await openFixture('http.pcap');
  const folder = await mkdtemp(path.join(tmpdir(), 'sevenfold-saved-'));
  try {
    const { rows } = await ask('exchanges', { from: 0, count: 100, sort: 'exchange', descending: false });
    for (const { exchange } of rows) {
      const { response } = await ask('exchange', { exchange });
      const file = path.join(folder, `${exchange}`);
      await engine.handle('save', { path: file, what: 'body', exchange, side: 'response' });
      expect(Buffer.from(response?.body ?? []).equals(await readFile(file))).toBe(true);
    }
    expect(rows.length).toBeGreaterThan(3);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const CONTENTS = [
  { what: 'packets', format: 'pcapng', only: 'all' },
  { what: 'stream', target: { kind: 'tcp', stream: 1 } },
  { what: 'har' },
  { what: 'bodies' },
  { what: 'body', exchange: 8, side: 'response' },
] as const;

it.each(CONTENTS)('leaves no file that lacks what the capture had: closed meanwhile, or cut ($what)', async (content) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sevenfold-saved-'));
  try {
    const file = path.join(folder, 'loss.pcap');
    await copyFile(fixture('rough/loss.pcap'), file);
    const open = async (): Promise<void> => {
      done = false;
      expect(await engine.handle('open', { path: file, capture: 1, name: 'loss' })).toMatchObject({ ok: true });
      await whole();
    };
    await open();
    const saving = engine.handle('save', { path: path.join(folder, 'closed'), ...content });
    await engine.handle('close', {});
    expect(await saving).toMatchObject({ ok: true, value: { whole: false } });
    expect(await readdir(folder)).toEqual(['loss.pcap']);
    await open();
    await truncate(file, 1000);
    expect(await engine.handle('save', { path: path.join(folder, 'cut'), ...content })).toMatchObject({
      ok: false,
      failure: { code: 'io', message: expect.stringContaining('changed') },
    });
    expect(await readdir(folder)).toEqual(['loss.pcap']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('says nothing of a capture that was closed once another is open', async () => {
  await openFixture('http.pcap');
  done = false;
  const closing = engine.handle('close', {});
  await engine.handle('open', { path: fixture('dns.pcap'), capture: 2, name: 'dns' });
  await closing;
  await whole();
  const failing = engine.handle('open', { path: fixture('no-such.pcap'), capture: 3, name: 'none' });
  const opened = await engine.handle('open', { path: fixture('dns.pcap'), capture: 4, name: 'dns' });
  expect([await failing, opened]).toMatchObject([{ ok: false }, { ok: true }]);
  expect(failures).toEqual([]);
});

it('writes one file at a time', async () => {
  await openFixture('http.pcap');
  const folder = await mkdtemp(path.join(tmpdir(), 'sevenfold-saved-'));
  try {
    const one = engine.handle('save', { path: path.join(folder, 'a.har'), what: 'har' });
    expect(await engine.handle('save', { path: path.join(folder, 'b.har'), what: 'har' })).toMatchObject({ failure: { code: 'busy' } });
    await one;
    expect(await readdir(folder)).toEqual(['a.har']);
    expect(await engine.handle('save', { path: path.join(folder, 'b.har'), what: 'har' })).toMatchObject({ ok: true });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('finds every place of a text in a stream without regard to case, and bytes in hexadecimal', async () => {
  await openFixture('http.pcap');
  const text = (await sent(1)).toString('latin1');
  const places = [...text.matchAll(/http\/1\.1 /gi)].map((match) => match.index);
  expect(places.length).toBeGreaterThan(1);
  const { matches, next } = await ask('followFind', { ...tcp0, side: 1, wanted: 'hTTp/1.1 ', form: 'text', from: begin });
  expect(next).toBeNull();
  expect(matches.map((match) => match.start)).toEqual(places);
  const hex = await ask('followFind', { ...tcp0, wanted: '0d 0a 0d 0a', form: 'hex', from: begin });
  expect(hex.matches[0]?.length).toBe(4);
  expect(await ask('followFind', { ...tcp0, wanted: 'not in there', form: 'text', from: begin })).toEqual({ matches: [], next: null });
});

it('answers a search with many matches in parts, none twice and none left out', async () => {
  await openFixture('tcp-zero-window.pcap');
  const { bytes } = await ask('followStream', tcp0);
  const side = bytes[0] > bytes[1] ? 0 : 1;
  const all = await sent(side);
  const byte = all[0] as number;
  const either = new Set(
    [...String.fromCharCode(byte).toLowerCase(), ...String.fromCharCode(byte).toUpperCase()].map((c) => c.charCodeAt(0)),
  );
  const expected = all.reduce((sum, each) => sum + (either.has(each) ? 1 : 0), 0);
  const wanted = byte.toString(16).padStart(2, '0');
  const starts = new Set<number>();
  let found = 0;
  let parts = 0;
  for (let from: { piece: number; after: number } | null = begin; from !== null; parts++) {
    const answer: EngineRequests['followFind']['result'] = await ask('followFind', { ...tcp0, side, wanted, form: 'hex', from });
    expect(answer.matches.length).toBeLessThanOrEqual(1000);
    for (const { start } of answer.matches) starts.add(start);
    found += answer.matches.length;
    from = answer.next;
  }
  expect(expected).toBeGreaterThan(1000);
  expect(parts).toBeGreaterThan(1);
  expect(starts.size).toBe(expected);
  expect(found).toBe(expected);
});

it('finds what begins in one segment and ends in the next', async () => {
  await openFixture('http.pcap');
  const pages = await ask('followPage', { ...tcp0, from: 0, count: 500 });
  const at = pages.pieces.findIndex((piece, k) => piece.side === 1 && pages.pieces[k + 1]?.side === 1);
  const [one, two] = [pages.pieces[at], pages.pieces[at + 1]];
  const wanted = Buffer.concat([one?.bytes.slice(-90) ?? new Uint8Array(0), two?.bytes.slice(0, 90) ?? new Uint8Array(0)]).toString('hex');
  const { matches } = await ask('followFind', { ...tcp0, wanted, form: 'hex', from: begin });
  expect(matches[0]).toEqual({ piece: at + 1, side: 1, start: (two?.start ?? 0) - 90, length: 180 });
});

it('lists UDP streams with what each side sent, and those of the filter only', async () => {
  await openFixture('dns.pcap');
  // One answer counts as much as it has time for.
  const streams = () => ask('udpStreams', { from: 0, count: 100, sort: 'stream', descending: false });
  await expect.poll(async () => (await streams()).complete).toBe(true);
  const { rows, total } = await streams();
  expect(rows).toHaveLength(total);
  for (const row of rows) {
    const { nodes, bytes } = await ask('followStream', { kind: 'udp', stream: row.stream });
    expect(row.nodes).toEqual(nodes);
    expect(row.bytes).toEqual(bytes);
  }
  const sorted = async (sort: UdpStreamSort, descending: boolean): Promise<typeof rows> =>
    (await ask('udpStreams', { from: 0, count: 100, sort, descending })).rows;
  expect(await sorted('stream', true)).toEqual([...rows].reverse());
  const sums = (await sorted('bytes', true)).map(({ bytes }) => bytes[0] + bytes[1]);
  expect(sums).toEqual(rows.map(({ bytes }) => bytes[0] + bytes[1]).sort((a, b) => b - a));
  expect(new Set(sums).size).toBeGreaterThan(2);
  // Ports as numbers: all have the same address.
  const ports = (await sorted('first', false)).map(({ nodes }) => Number(nodes[0].split(':').at(-1)));
  expect(ports).toEqual([...ports].sort((a, b) => a - b));
  expect((await sorted('second', true)).length).toBe(total);
  await ask('setFilter', { text: `udp.stream == ${rows[1]?.stream}` });
  expect((await ask('udpStreams', { from: 0, count: 100, sort: 'stream', descending: false })).rows).toEqual([rows[1]]);
});

it('refuses a stream that there is not', async () => {
  await openFixture('dns.pcap');
  await expect(ask('followStream', { kind: 'udp', stream: 9999 })).rejects.toThrow('no UDP stream 9999');
});

it('reads the capture anew with the protocols that the user chose, and back', async () => {
  await openFixture('dns.pcap');
  const matching = async (text: string): Promise<number> => (await ask('setFilter', { text })).view?.matched ?? -1;
  const before = await matching('udp.port == 53 && dns');
  expect(before).toBeGreaterThan(0);
  done = false;
  await ask('setDecodeAs', { choices: [{ table: 'udp.port', from: 53, to: 53, protocol: 'data' }] });
  await whole();
  expect(await matching('udp.port == 53 && dns')).toBe(0);
  expect((await ask('decodeOptions', {})).choices).toHaveLength(1);
  done = false;
  await ask('setDecodeAs', { choices: [] });
  await whole();
  expect(await matching('udp.port == 53 && dns')).toBe(before);
});

it('changes nothing for a choice that is wrong, and says what is wrong', async () => {
  await openFixture('dns.pcap');
  await expect(ask('setDecodeAs', { choices: [{ table: 'udp.port', from: 53, to: 53, protocol: 'nothing-like-it' }] })).rejects.toThrow(
    'There is no protocol "nothing-like-it"',
  );
  expect((await ask('decodeOptions', {})).choices).toEqual([]);
});
