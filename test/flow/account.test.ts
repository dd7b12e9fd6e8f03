/** What happened on the connections of the fixtures, as sentences: read against the packets by hand. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { sentences } from '../../renderer/connections/account-words.ts';
import { accountOf } from '../../src/flow/account.ts';
import type { AccountFact } from '../../src/messages.ts';
import { readAll } from '../golden/table.ts';
import { TestCapture } from './tcp-capture.ts';

async function factsOf(name: string, stream = 0): Promise<AccountFact[]> {
  const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
  if (read === null) throw new Error(`${name} could not be opened`);
  const facts = accountOf(read.capture, stream);
  await read.reader.close();
  return facts;
}
const kinds = (facts: readonly AccountFact[]): string[] => facts.map((fact) => fact.kind);
const said = (facts: readonly AccountFact[], kind: AccountFact['kind']): string => {
  const fact = facts.find((each) => each.kind === kind);
  return fact === undefined ? '' : sentences[kind](fact.values);
};

it('tells of a refused connection that a reset answered the SYN, with both packets', async () => {
  const facts = await factsOf('tcp-refused.pcap');
  expect(kinds(facts)).toEqual(['refused']);
  expect(facts[0]?.rows).toEqual([0, 1]);
  expect(said(facts, 'refused')).toMatch(/^The client asked to connect and was refused: a reset answered the SYN after [\d.]+ (µs|ms)\.$/);
});

it('tells of an unanswered connection how often the SYN was sent', async () => {
  const facts = await factsOf('tcp-unanswered.pcap');
  expect(kinds(facts)).toEqual(['no-answer']);
  expect(said(facts, 'no-answer')).toContain('nothing in this capture answers it');
});

it('tells of a connection that was reset by whom', async () => {
  const facts = await factsOf('tcp-reset.pcap');
  expect(kinds(facts)).toContain('reset');
  expect(said(facts, 'reset')).toContain('The server reset the connection');
});

it('tells of losses how many segments were sent again', async () => {
  const facts = await factsOf('tcp-loss.pcap');
  const resent = facts.find((fact) => fact.kind.startsWith('resent'));
  expect(resent?.rows.length).toBeGreaterThan(0);
  expect(Number(resent?.values.times)).toBeGreaterThan(0);
});

it('tells for how long a window was closed', async () => {
  const facts = await factsOf('tcp-zero-window.pcap');
  expect(kinds(facts).some((kind) => kind === 'window-closed-for' || kind === 'window-closed')).toBe(true);
});

it('does not claim a start that was not captured', async () => {
  const facts = await factsOf('tcp-midway.pcap');
  expect(kinds(facts)[0]).toBe('midway');
  expect(kinds(facts)).not.toContain('opened');
});

it('says of a handshake with a packet missing only what the others show', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
  capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
  capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'opened')).toBe('The client opened the connection; the answer to its SYN is not in this capture.');
  expect(kinds(facts)).not.toContain('captured-at');
  expect(facts.flatMap((fact) => fact.rows).every((row) => row < 4)).toBe(true);
});

it('tells a slow server from a slow network only where the server’s ACK proves that it had the request', () => {
  const ask = (acknowledged: boolean): AccountFact[] => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: 99, flags: 'S' });
    capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
    capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    if (acknowledged) capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'A' });
    capture.add({ at: 1922, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
    return accountOf(capture, 0);
  };
  expect(said(ask(true), 'waited-acknowledged')).toBe(
    'The longest wait: the server had acknowledged the client’s data after 10 ms, and sent nothing for another 1.9 s.',
  );
  expect(kinds(ask(false))).toContain('waited');
  expect(kinds(ask(false))).not.toContain('waited-acknowledged');
});

it('tells who closed first, how long after the last data, and when the other followed', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
  capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
  capture.add({ at: 512, server: true, seq: 500, ack: 105, flags: 'FA' });
  capture.add({ at: 513, seq: 105, ack: 501, flags: 'FA' });
  capture.add({ at: 523, server: true, seq: 501, ack: 106, flags: 'A' });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'closed')).toBe('The server closed first, 500 ms after the last data; the client closed 1 ms later.');
  expect(facts.find((fact) => fact.kind === 'closed')?.rows).toEqual([4, 5]);
});

it('calls repeats a burst only if they are near each other and it is soon over', () => {
  const account = (times: readonly number[]): AccountFact[] => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: 99, flags: 'S' });
    capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
    capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
    for (const k of times.keys()) capture.add({ at: 12 + k, seq: 100 + 10 * k, ack: 500, flags: 'PA', data: 10 });
    for (const [k, at] of times.entries()) capture.add({ at, seq: 100 + 10 * k, ack: 500, flags: 'PA', data: 10 });
    return accountOf(capture, 0);
  };
  expect(kinds(account([500, 900, 1700]))).toContain('resent-burst');
  // One every 0.9 s for half a minute is no burst.
  const long = account(Array.from({ length: 30 }, (_, k) => 500 + 900 * k));
  expect(kinds(long)).toContain('resent');
  expect(kinds(long)).not.toContain('resent-burst');
});

it('tells that a reset answered data which came after the close', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
  capture.add({ at: 12, seq: 100, ack: 500, flags: 'FA' });
  capture.add({ at: 22, server: true, seq: 500, ack: 101, flags: 'PA', data: 7 });
  capture.add({ at: 23, seq: 101, flags: 'R' });
  expect(said(accountOf(capture, 0), 'reset-late-data')).toBe(
    'The server sent data after the client had closed; the client answered with a reset.',
  );
});

it('names only packets that are there, each once, for every connection of the fixtures', async () => {
  for (const name of ['http.pcap', 'http6.pcap', 'tcp-loss.pcap', 'tcp-half-open.pcap', 'tcp-zero-window.pcap', 'snapped.pcap']) {
    const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
    if (read === null) throw new Error(name);
    for (const fact of accountOf(read.capture, 0)) {
      expect(new Set(fact.rows).size).toBe(fact.rows.length);
      for (const row of fact.rows) expect(row).toBeLessThan(read.capture.packets.length);
      const sentence = sentences[fact.kind](fact.values);
      expect(sentence).toMatch(/\.$/);
      expect(sentence).not.toMatch(/undefined|NaN/);
    }
    await read.reader.close();
  }
});
