/** The engine's answers about followed streams and "decode as", as the window asks for them. */
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyDecodeAs } from '../../src/dissect/decode-as.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineRequests, FollowPage } from '../../src/messages.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

let engine: Engine;
let done = false;

beforeEach(() => {
  done = false;
  engine = new Engine((name, value) => {
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

it('tells who the sides of a stream are and how much each sent, and gives the bytes page by page', async () => {
  await openFixture('http.pcap');
  const summary = await ask('followStream', { kind: 'tcp', stream: 0 });
  expect(summary.missing).toEqual([0, 0]);
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

it('finds a text in a stream without regard to case, and bytes in hexadecimal', async () => {
  await openFixture('http.pcap');
  const { found } = await ask('followFind', { kind: 'tcp', stream: 0, wanted: 'http/1.1 200', form: 'text', from: 0 });
  const page = await ask('followPage', { kind: 'tcp', stream: 0, from: found?.piece ?? -1, count: 1 });
  expect(textOf(page).slice(found?.offset, (found?.offset ?? 0) + 12)).toBe('HTTP/1.1 200');
  const hex = await ask('followFind', { kind: 'tcp', stream: 0, wanted: '0d 0a 0d 0a', form: 'hex', from: 0 });
  expect(hex.found?.length).toBe(4);
  expect(await ask('followFind', { kind: 'tcp', stream: 0, wanted: 'not in there', form: 'text', from: 0 })).toEqual({
    found: null,
    next: null,
  });
});

it('finds what begins in one segment and ends in the next', async () => {
  await openFixture('http.pcap');
  const pages = await ask('followPage', { kind: 'tcp', stream: 0, from: 0, count: 500 });
  const at = pages.pieces.findIndex((piece, k) => piece.side === 1 && pages.pieces[k + 1]?.side === 1);
  const [one, two] = [pages.pieces[at], pages.pieces[at + 1]];
  const wanted = Buffer.concat([one?.bytes.slice(-90) ?? new Uint8Array(0), two?.bytes.slice(0, 90) ?? new Uint8Array(0)]).toString('hex');
  const { found } = await ask('followFind', { kind: 'tcp', stream: 0, wanted, form: 'hex', from: 0 });
  expect(found).toEqual({ piece: at + 1, offset: -90, length: 180 });
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
