/** What happened on the connections of the fixtures, as sentences: read against the packets by hand. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { sentences } from '../../renderer/connections/account-words.ts';
import { accountOf } from '../../src/flow/account.ts';
import { connectionCount } from '../../src/flow/connections.ts';
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
    'The longest wait: the server had acknowledged the client’s data after 10 ms; the server’s next data came another 1.9 s later.',
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

it('tells that a reset came behind data which came after the close', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
  capture.add({ at: 12, seq: 100, ack: 500, flags: 'FA' });
  capture.add({ at: 22, server: true, seq: 500, ack: 101, flags: 'PA', data: 7 });
  capture.add({ at: 23, seq: 101, flags: 'R' });
  expect(said(accountOf(capture, 0), 'reset-late-data')).toBe(
    'The server sent data after the client had closed; the client then reset the connection.',
  );
});

/** A connection with a handshake: its account with what `more` adds. */
function accountWith(more: (capture: TestCapture) => void): AccountFact[] {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ at: 11, seq: 100, ack: 500, flags: 'A' });
  more(capture);
  return accountOf(capture, 0);
}

it('tells copies of a packet from data that was sent again by the identification of the packets', () => {
  const twice = (first: object, second: object, others: object = { id: 6 }): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5, ...others });
      capture.add({ at: 13, seq: 105, ack: 500, flags: 'PA', data: 5, ...first });
      capture.add({ at: 43, seq: 105, ack: 500, flags: 'PA', data: 5, ...second });
    });
  const copy = twice({ id: 7 }, { id: 7, ttl: 63 });
  expect(kinds(copy)).toContain('copied');
  expect(kinds(copy)).not.toContain('resent-once');
  expect(said(copy, 'copied')).toBe(
    'One packet with data of the client is in the capture twice, byte for byte: a copy made on the way or by the capture.',
  );
  const resent = twice({ id: 7 }, { id: 8 });
  expect(kinds(resent)).toContain('resent-once');
  expect(kinds(resent)).not.toContain('copied');
  // One identification for all packets, or none, tells nothing.
  for (const each of [twice({ id: 6 }, { id: 6 }), twice({ id: 0 }, { id: 0 }), twice({}, {})]) {
    expect(kinds(each)).toContain('alike');
    expect(said(each, 'alike')).toMatch(/sent again or copied, which of the two they do not tell\.$/);
    expect(kinds(each)).not.toContain('copied');
    expect(kinds(each)).not.toContain('resent-once');
  }
  // Another window, another segment: it was made anew.
  expect(kinds(twice({ id: 0 }, { id: 0, window: 999 }))).toContain('resent-once');
});

it('does not say of a link that repeats packets that the server sent them again', async () => {
  // 139 and 141 have the same identification and time stamps.
  const facts = await factsOf('rough/reorder.pcap', 6);
  expect(kinds(facts).filter((kind) => kind.startsWith('resent'))).toEqual([]);
  expect(facts.find(({ kind }) => kind === 'copied')?.rows).toEqual([140, 286]);
});

it('does not say of a connection captured at two interfaces that anything was sent again, or that it was probed', async () => {
  const facts = await factsOf('two-interfaces.pcapng');
  expect(kinds(facts).filter((kind) => /^(resent|syn-again|keep-alive|disorder)/.test(kind))).toEqual([]);
  expect(facts.filter(({ kind }) => kind === 'copied').flatMap(({ rows }) => rows)).toEqual([13, 15]);
});

it('does not say of data that the capture had not seen before that it was sent again', async () => {
  // 113 (identification 0x5619) was overtaken by 103 (0x561a); 137 (0x5621) brings again what 113 had brought.
  const facts = await factsOf('rough/reorder.pcap', 1);
  expect(facts.find(({ kind }) => kind === 'disorder')?.rows).toEqual([112, 166, 301]);
  expect(facts.find(({ kind }) => kind.startsWith('resent'))?.rows).toEqual([136, 341]);
});

it('says of data that the capture had not seen before that it was sent again where its sender sent it behind later data', async () => {
  // The identifications count: 112, 114 and 122 have later ones than the segments that came before them with later data.
  const facts = await factsOf('tcp-loss.pcap', 1);
  expect(facts.find(({ kind }) => kind === 'resent-burst')?.rows).toEqual([111, 113, 121]);
  expect(kinds(facts)).not.toContain('disorder');
  const order = (...ids: readonly [number, number, number]): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 12, seq: 105, ack: 500, flags: 'PA', data: 5, id: ids[0] });
      capture.add({ at: 13, seq: 110, ack: 500, flags: 'PA', data: 5, id: ids[1] });
      capture.add({ at: 43, seq: 100, ack: 500, flags: 'PA', data: 5, id: ids[2] });
    });
  expect(kinds(order(8, 9, 10))).toContain('resent-once');
  expect(kinds(order(8, 9, 7))).toContain('disorder');
  expect(kinds(order(9, 8, 10))).toContain('disorder');
  expect(kinds(order(0, 0, 0))).toContain('disorder');
});

it('says of a wait in which data of the server is missing that the next data is that of the capture', () => {
  const ask = (more: (capture: TestCapture) => void): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
      capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'A' });
      more(capture);
    });
  const lost =
    'The longest wait: the server had acknowledged the client’s data after 10 ms; the server’s next data in this capture came another 1.9 s later, with other data of the server missing in that time.';
  // A gap before the data that came.
  const gap = ask((capture) => capture.add({ at: 1922, server: true, seq: 600, ack: 105, flags: 'PA', data: 7 }));
  expect(said(gap, 'waited-acknowledged')).toBe(lost);
  // No gap in the numbers is seen before the client acknowledges what was not captured.
  const acknowledged = ask((capture) => {
    capture.add({ at: 900, seq: 105, ack: 600, flags: 'A' });
    capture.add({ at: 1922, server: true, seq: 600, ack: 105, flags: 'PA', data: 7 });
  });
  expect(said(acknowledged, 'waited-acknowledged')).toBe(lost);
  expect(kinds(acknowledged)).toContain('capture-lost');
});

it('does not say that the capture missed what it has behind the ACK for it', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
    capture.add({ at: 23, seq: 105, ack: 514, flags: 'A' });
    capture.add({ at: 24, server: true, seq: 507, ack: 105, flags: 'PA', data: 7 });
  });
  expect(kinds(facts)).not.toContain('capture-lost');
});

it('says of a question that was sent again while it waited that it was', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 412, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 512, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
  });
  expect(said(facts, 'waited')).toBe(
    'The longest wait: the server’s next data came 500 ms after that of the client, which was sent again in that time.',
  );
  expect(facts.find(({ kind }) => kind === 'waited')?.rows).toEqual([3, 4, 5]);
});

it('counts the time since the last data to each end on its own, and none to an end with data in it', () => {
  const reset = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 112, seq: 105, ack: 500, flags: 'FA' });
    capture.add({ at: 9112, server: true, seq: 500, ack: 106, flags: 'PA', data: 7 });
    capture.add({ at: 9122, server: true, seq: 507, ack: 106, flags: 'RA' });
  });
  expect(said(reset, 'closed-one')).toBe('The client closed its direction, 100 ms after the last data.');
  expect(said(reset, 'reset')).toBe('The server reset the connection, 10 ms after the last data.');
  const withData = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 512, seq: 105, ack: 500, flags: 'FPA', data: 5 });
    capture.add({ at: 513, server: true, seq: 500, ack: 111, flags: 'FA' });
  });
  expect(said(withData, 'closed')).toBe('The client closed first; the server closed 1 ms later.');
});

it('does not take the time to a SYN that was sent again for a round trip', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S', id: 1 });
  capture.add({ at: 1000, seq: 99, flags: 'S', id: 2 });
  capture.add({ at: 1010, server: true, seq: 499, ack: 100, flags: 'SA', id: 3 });
  capture.add({ at: 1011, seq: 100, ack: 500, flags: 'A', id: 4 });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'syn-again')).toBe('The client sent its SYN twice over 1 s.');
  expect(kinds(facts)).not.toContain('captured-at');
});

it('says of a handshake whose answer is missing that it is, and not that nothing answered', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
  capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
  capture.add({ at: 32, server: true, seq: 507, ack: 105, flags: 'RA' });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'opened')).toBe('The client opened the connection; the answer to its SYN is not in this capture.');
  expect(kinds(facts)).not.toContain('no-answer');
  expect(said(facts, 'reset')).toBe('The server reset the connection, 10 ms after the last data.');
});

it('says of silence only what this capture has', () => {
  const facts = accountWith((capture) => capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 }));
  expect(said(facts, 'unanswered')).toBe('This capture has no data of the server in answer, and no ACK of what the client sent last.');
  // A reset can acknowledge too.
  const reset = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'RA' });
  });
  expect(kinds(reset)).toContain('unanswered-acknowledged');
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

it('gives packets for every sentence of every connection of the fixtures', async () => {
  let sentencesRead = 0;
  for (const name of [
    'http.pcap',
    'http6.pcap',
    'tcp-loss.pcap',
    'tcp-reset.pcap',
    'tcp-midway.pcap',
    'tcp-zero-window.pcap',
    'tls/tls13.pcap',
  ]) {
    const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
    if (read === null) throw new Error(`${name} could not be opened`);
    for (let stream = 0; stream < connectionCount(read.capture); stream++) {
      for (const fact of accountOf(read.capture, stream)) {
        sentencesRead++;
        expect(fact.rows.length, `${name} ${stream} ${fact.kind}`).toBeGreaterThan(0);
      }
    }
    await read.reader.close();
  }
  expect(sentencesRead).toBeGreaterThan(30);
});
