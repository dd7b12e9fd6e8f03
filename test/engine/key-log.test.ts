/** The engine's answers about key logs: given in pieces, by a path, by the settings, taken away; what they made of each connection. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { AccountFact, EngineControl, EngineRequests, KeyLogChoice } from '../../src/messages.ts';
import { storySentences } from '../../src/words/story-words.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', 'tls', name);
const textOf = (name: string): string => readFileSync(fixture(name), 'latin1');

let engine: Engine;
let done = false;

beforeEach(() => {
  done = false;
  engine = new Engine((name, value) => {
    if (name === 'state') done = (value as { phase?: string } | null)?.phase === 'done';
  });
});
afterEach(() => engine.handle('close', {}));

type Requests = EngineRequests & EngineControl;
async function ask<N extends keyof Requests>(name: N, args: Requests[N]['args']): Promise<Requests[N]['result']> {
  const answer = await engine.handle(name, args);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value as Requests[N]['result'];
}

async function whole(): Promise<void> {
  for (let k = 0; !done && k < 500; k++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done).toBe(true);
}

async function open(name: string, settings: { keyLogFile?: string } = {}): Promise<void> {
  done = false;
  await ask('open', { path: fixture(name), capture: 1, name, ...settings });
  await whole();
}

async function choose(choice: KeyLogChoice) {
  done = false;
  await ask('setKeyLog', choice);
  await whole();
  return ask('keyLog', {});
}

const exchanges = async (): Promise<number> => (await ask('exchanges', { from: 0, count: 1, sort: 'exchange', descending: false })).total;
/** What is said of keys. */
const facts = async (stream: number): Promise<AccountFact[]> =>
  (await ask('account', { stream })).filter(({ kind }) => kind === 'tls-decrypted' || kind === 'tls-missing');

it('takes a log in pieces, reads the capture anew with it, and lets go of it again', async () => {
  await open('tls13.pcap');
  expect(await exchanges()).toBe(0);
  expect(await facts(0)).toEqual([]);
  const text = textOf('tls13.keys');
  const half = text.length >> 1;
  await ask('setKeyLog', { from: 'text', name: 'tls13.keys', text: text.slice(0, half), first: true, more: true });
  expect(await exchanges()).toBe(0);
  expect(await choose({ from: 'text', name: 'tls13.keys', text: text.slice(half), first: false, more: false })).toEqual({
    given: { name: 'tls13.keys', file: false, connections: 5, damaged: 0, unknown: 0, dropped: 0 },
    inside: 0,
    decrypted: 5,
    encrypted: 0,
    tls: true,
    failure: null,
  });
  expect(await exchanges()).toBe(9);
  expect(await facts(0)).toMatchObject([{ kind: 'tls-decrypted', values: { version: 'TLS 1.3', inside: 'HTTP' } }]);
  expect(await choose({ from: 'none' })).toMatchObject({ given: null, decrypted: 0, encrypted: 0, tls: true });
  expect(await exchanges()).toBe(0);
});

it('keeps the log for the captures that come, whose connections it may not know', async () => {
  await open('tls12.pcap');
  await choose({ from: 'file', path: fixture('tls12.keys') });
  expect(await exchanges()).toBe(9);
  await open('tls13.pcap');
  expect(await ask('keyLog', {})).toMatchObject({ given: { file: true }, decrypted: 0, encrypted: 5 });
  expect(await facts(2)).toMatchObject([{ kind: 'tls-missing', values: { version: 'TLS 1.3' } }]);
  const [row = -1] = (await facts(2))[0]?.rows ?? [];
  const { layers } = await ask('packet', { row });
  expect(JSON.stringify(layers)).toContain('tls.keylog.missing');
});

it('uses the secrets inside a capture without being asked', async () => {
  await open('tls13-dsb.pcapng');
  expect(await ask('keyLog', {})).toMatchObject({ given: null, inside: 5, decrypted: 5 });
  expect(await exchanges()).toBe(9);
});

it('saves the secrets inside a capture with the packets that they are for', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-save-'));
  const [all, some] = [path.join(folder, 'all.pcapng'), path.join(folder, 'some.pcapng')];
  await open('tls13-dsb.pcapng');
  await ask('save', { path: all, what: 'packets', format: 'pcapng', only: 'all' });
  await ask('setFilter', { text: 'tcp.stream == 3' });
  await ask('save', { path: some, what: 'packets', format: 'pcapng', only: 'view' });
  for (const [file, inside, found] of [
    [all, 5, 9],
    [some, 1, 1],
  ] as const) {
    done = false;
    await ask('open', { path: file, capture: 1, name: 'saved' });
    await whole();
    expect(await ask('keyLog', {})).toMatchObject({ inside, decrypted: inside });
    expect(await exchanges()).toBe(found);
  }
  rmSync(folder, { recursive: true });
});

it('says what is wrong with a log, and goes on with the one before', async () => {
  await open('tls12.pcap');
  await choose({ from: 'file', path: fixture('tls12.keys') });
  await expect(ask('setKeyLog', { from: 'file', path: fixture('nowhere') })).rejects.toThrow('There is no file');
  await expect(ask('setKeyLog', { from: 'text', name: 'a.txt', text: 'hello', first: true, more: false })).rejects.toThrow(
    'There is no secret of TLS in a.txt.',
  );
  expect(await exchanges()).toBe(9);
});

it('takes the log of the settings until the window chooses one, and says where it cannot', async () => {
  await open('tls12.pcap', { keyLogFile: fixture('nowhere') });
  expect((await ask('keyLog', {})).failure?.code).toBe('not-found');
  await open('tls12.pcap', { keyLogFile: fixture('tls12.keys') });
  expect(await ask('keyLog', {})).toMatchObject({ given: { connections: 8 }, failure: null });
  await choose({ from: 'none' });
  await open('tls12.pcap', { keyLogFile: fixture('tls12.keys') });
  expect(await ask('keyLog', {})).toMatchObject({ given: null });
});

it('gives what was decrypted to be followed, as tshark does', async () => {
  await open('tls-records.pcap');
  await choose({ from: 'file', path: fixture('tls-records.keys') });
  expect((await ask('followStream', { kind: 'tcp', stream: 0 })).above).toEqual(['tls', 'http']);
  const { pieces } = await ask('followPage', { kind: 'tls', stream: 0, from: 0, count: 4 });
  expect(pieces.map(({ bytes }) => Buffer.from(bytes).toString('latin1').split('\r\n')[0])).toEqual([
    'GET /small.txt HTTP/1.1',
    'GET /data.json HTTP/1.1',
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200 OK',
  ]);
  expect(pieces.map(({ side }) => side)).toEqual([1, 1, 0, 0]);
  await expect(ask('followStream', { kind: 'tls', stream: 99 })).rejects.toThrow('There is no TLS stream 99');
});

it('says of a stream that it is sealed until a key opens something of it', async () => {
  const sealed = async (): Promise<boolean> => (await ask('followStream', { kind: 'tcp', stream: 0 })).sealed;
  await open('tls13.pcap');
  expect(await sealed()).toBe(true);
  await choose({ from: 'file', path: fixture('tls12.keys') });
  expect(await sealed()).toBe(true);
  await choose({ from: 'file', path: fixture('tls13.keys') });
  expect(await sealed()).toBe(false);
  await open('../http.pcap');
  expect(await sealed()).toBe(false);
});

it('says of a connection what the secrets show: what is inside, and fatal alerts', async () => {
  const said = async (stream: number): Promise<readonly AccountFact[]> => ask('account', { stream });
  await open('tls-h2.pcap');
  await choose({ from: 'file', path: fixture('tls-h2.keys') });
  expect(await facts(0)).toMatchObject([{ values: { inside: 'HTTP/2' } }]);
  await open('tls-websocket.pcap');
  await choose({ from: 'file', path: fixture('tls-websocket.keys') });
  expect(await facts(0)).toMatchObject([{ values: { inside: 'HTTP', later: 'WebSocket' } }]);
  // OpenSSL's client is told to end in the midst of its input, and says that it cannot be decoded.
  await open('tls-renegotiated.pcap');
  expect((await said(0)).map(({ kind }) => kind)).not.toContain('tls-alert');
  await choose({ from: 'file', path: fixture('tls-renegotiated.keys') });
  const alert = (await said(0)).find(({ kind }) => kind === 'tls-alert');
  expect(alert).toMatchObject({ values: { who: 'client', name: 'Decode Error' }, rows: [43] });
  await open('tls-updates.pcap');
  await choose({ from: 'file', path: fixture('tls-updates.keys') });
  expect((await said(0)).find(({ kind }) => kind === 'tls-alert')).toMatchObject({ values: { who: 'client' }, rows: [38] });
});

it('says of a request that it came with the ClientHello, as early data', async () => {
  await open('tls-resumed.pcap');
  await choose({ from: 'file', path: fixture('tls-resumed.keys') });
  const { rows } = await ask('exchanges', { from: 0, count: 20, sort: 'exchange', descending: false });
  const early = rows.find(({ stream }) => stream === 5)?.exchange ?? -1;
  const { facts: story } = await ask('exchangeStory', { exchange: early });
  const opened = story.find(({ kind }) => kind === 'opened');
  expect(storySentences.opened(opened?.values ?? {})).toBe(
    'A connection was opened for it; the handshake took 29 µs, and the request came with the TLS ClientHello, as early data.',
  );
  expect(opened?.values.tls).toBe('early');
  expect(opened?.rows).toEqual([87, 88, 89, 90]);
});

it('knows of a capture in which nothing is encrypted', async () => {
  await open('../http.pcap');
  expect(await ask('keyLog', {})).toMatchObject({ decrypted: 0, encrypted: 0, tls: false });
});
