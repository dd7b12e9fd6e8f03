/** What the account of a connection says of why something took long and how it ended, from packets made for it. */
import { expect, it } from 'vitest';
import { accountOf } from '../../src/connections/account.ts';
import type { AccountFact } from '../../src/messages.ts';
import { sentences } from '../../src/words/account-words.ts';
import { TestCapture } from '../flow/tcp-capture.ts';

const kinds = (facts: readonly AccountFact[]): string[] => facts.map((fact) => fact.kind);
const said = (facts: readonly AccountFact[], kind: AccountFact['kind']): string => {
  const fact = facts.find((each) => each.kind === kind);
  return fact === undefined ? '' : sentences[kind](fact.values);
};
const rowsOf = (facts: readonly AccountFact[], kind: AccountFact['kind']): readonly number[] | undefined =>
  facts.find((each) => each.kind === kind)?.rows;

/** A connection with a handshake of 40 ms, seen at the client: its account with what `more` adds. */
function accountWith(more: (capture: TestCapture) => void, window = 1000): AccountFact[] {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S', window, id: 1 });
  capture.add({ at: 40, server: true, seq: 499, ack: 100, flags: 'SA', window, id: 0 });
  capture.add({ at: 40.1, seq: 100, ack: 500, flags: 'A', window, id: 2 });
  more(capture);
  return accountOf(capture, 0);
}

it('measures the answer to a SYN that was sent again from the last one too', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S', id: 1 });
  capture.add({ at: 1010, seq: 99, flags: 'S', id: 2 });
  capture.add({ at: 1070, server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ at: 1071, seq: 100, ack: 500, flags: 'A', id: 3 });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'opened')).toBe(
    'The client opened the connection; the server’s answer came 1.07 s after the first SYN, 60 ms after the last one before it.',
  );
  expect(rowsOf(facts, 'opened')).toEqual([0, 1, 2, 3]);
});

it('says of the data that ended a wait if it had left before what was waited with was there', () => {
  const wait = (ack: number): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5, id: 3 });
      capture.add({ at: 350, server: true, seq: 500, ack, flags: 'PA', data: 7, id: 10 });
    });
  expect(said(wait(105), 'waited')).toBe('The longest wait: the server’s next data came 300 ms after that of the client.');
  expect(said(wait(100), 'waited')).toBe(
    'The longest wait: the server’s next data came 300 ms after that of the client; when it left, the server did not have all of that yet.',
  );
});

it('hints at a loss outside the capture where identifications that count up one by one skip some in a silence', () => {
  const pause = (...ids: readonly number[]): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5, id: 3 });
      let seq = 500;
      for (const [k, id] of ids.entries()) {
        const at = k < 3 ? 90 + k : 990 + k;
        capture.add({ at, server: true, seq, ack: 105, flags: 'PA', data: 10, id });
        seq += 10;
        capture.add({ at: at + 0.1, seq: 105, ack: seq, flags: 'A', id: 4 + k });
      }
    });
  const paused =
    'In the midst of its data nothing came from the server for 901 ms; the client had acknowledged what had come, and had room for more. It paused, or packets were lost outside this capture';
  expect(said(pause(20, 21, 22, 24, 25), 'paused')).toBe(
    `${paused}: the IPv4 identifications of its packets, which otherwise count up one by one, skip 1 number there.`,
  );
  expect(said(pause(20, 21, 22, 23, 24), 'paused')).toBe(`${paused}.`);
  // A wide step is what a host gives to other connections.
  expect(said(pause(20, 21, 22, 29, 30), 'paused')).toBe(`${paused}.`);
  // A counter for all connections of a host, numbers at random, or too few of them tell nothing.
  for (const ids of [
    [20, 23, 24, 26, 29],
    [20, 4000, 77, 79, 12],
    [21, 22, 23, 25],
  ])
    expect(said(pause(...ids), 'paused')).toBe(`${paused}.`);
});

it('does not hint at a loss in a silence that is too short or too long for its repair', () => {
  const pause = (ms: number): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5, id: 3 });
      for (const [k, id] of [20, 21, 22, 24, 25, 27].entries()) {
        const at = k < 3 ? 90 + k : k < 5 ? 90 + k + ms : 90 + k + 2 * ms;
        capture.add({ at, server: true, seq: 500 + 10 * k, ack: 105, flags: 'PA', data: 10, id });
        capture.add({ at: at + 0.1, seq: 105, ack: 510 + 10 * k, flags: 'A', id: 4 + k });
      }
    });
  expect(said(pause(900), 'paused')).toContain('skip 2 numbers in these times');
  for (const each of [pause(150), pause(31_000)]) expect(said(each, 'paused')).toMatch(/or packets were lost outside this capture\.$/);
});

it('does not hint at a loss where the host gave the numbers that are skipped to another connection', () => {
  const pause = (others: boolean): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5, id: 3 });
      for (const [k, id] of [20, 21, 22, 24, 25].entries()) {
        const at = k < 3 ? 90 + k : 990 + k;
        if (others && k === 3) capture.add({ at: 500, server: true, clientPort: 50_001, seq: 9, ack: 9, flags: 'A', id: 23 });
        capture.add({ at, server: true, seq: 500 + 10 * k, ack: 105, flags: 'PA', data: 10, id });
        capture.add({ at: at + 0.1, seq: 105, ack: 510 + 10 * k, flags: 'A', id: 4 + k });
      }
    });
  expect(said(pause(false), 'paused')).toContain('skip 1 number there');
  expect(said(pause(true), 'paused')).toMatch(/or packets were lost outside this capture\.$/);
});

it('hints at a lost ACK where a side that waited for one went on without it', () => {
  const facts = accountWith((capture) => {
    for (let k = 0; k < 4; k++) {
      capture.add({ at: 50 + k, seq: 100 + 5 * k, ack: 500, flags: 'PA', data: 5, id: 3 + k });
      capture.add({ at: 50.5 + k, server: true, seq: 500, ack: 105 + 5 * k, flags: 'A', id: 20 + k });
    }
    capture.add({ at: 60, seq: 120, ack: 500, flags: 'PA', data: 5, id: 7 });
    capture.add({ at: 460, seq: 125, ack: 500, flags: 'PA', data: 5, id: 8 });
    capture.add({ at: 500, server: true, seq: 500, ack: 130, flags: 'A', id: 25 });
    capture.add({ at: 501, server: true, seq: 500, ack: 130, flags: 'FA', id: 26 });
  });
  expect(said(facts, 'stalled')).toBe(
    'The client sent nothing for 400 ms in the midst of its data, and in that time this capture has no ACK of what it had sent: the IPv4 identifications of the server’s packets, which otherwise count up one by one, skip 1 number there.',
  );
});

it('says of a receive window that was filled over and over what it allows', () => {
  const transfer = (window: number): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5, window });
      for (let k = 0; k < 10; k++) {
        const at = 90 + 45 * k;
        capture.add({ at, server: true, seq: 500 + 1000 * k, ack: 105, flags: 'A', data: 500 });
        capture.add({ at: at + 1, server: true, seq: 1000 + 1000 * k, ack: 105, flags: 'A', data: 500 });
        capture.add({ at: at + 1.1, seq: 105, ack: 1500 + 1000 * k, flags: 'A', window });
      }
      // What is announced behind the data allowed none of it.
      capture.add({ at: 600, seq: 105, ack: 10_500, flags: 'A', window: 60_000 });
    }, window);
  expect(said(transfer(1000), 'small-window')).toBe(
    'While data came, the receive window of the client was never more than 1,000 bytes: at 40.1 ms there and back, that allows about 24.9 kB/s.',
  );
  expect(kinds(transfer(30_000))).not.toContain('small-window');
});

it('takes a packet for overtaken also behind another one that was', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 90, server: true, seq: 500, ack: 100, flags: 'PA', data: 10, id: 20 });
    capture.add({ at: 91, server: true, seq: 530, ack: 100, flags: 'PA', data: 10, id: 23 });
    capture.add({ at: 110, server: true, seq: 510, ack: 100, flags: 'PA', data: 10, id: 21 });
    capture.add({ at: 111, server: true, seq: 520, ack: 100, flags: 'PA', data: 10, id: 22 });
  });
  expect(said(facts, 'gaps')).toBe(
    'A segment of the server came with bytes missing before it; they came 20 ms later, overtaken on the way.',
  );
});

it('does not say when a side closed whose FIN came behind a later segment', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 90, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
    capture.add({ at: 91, seq: 105, ack: 507, flags: 'FA' });
    capture.add({ at: 300, server: true, seq: 508, ack: 106, flags: 'A' });
    capture.add({ at: 1300, server: true, seq: 507, ack: 106, flags: 'FA' });
  });
  expect(said(facts, 'closed')).toBe(
    'The client closed first, 1 ms after the last data; the FIN of the server came 1.21 s later, behind a segment that followed it.',
  );
  expect(rowsOf(facts, 'closed')).toEqual([5, 6, 7]);
});

it('says of a reset that data of the other side still came behind it', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 90, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
    capture.add({ at: 100, seq: 105, ack: 507, flags: 'RA' });
    capture.add({ at: 110, server: true, seq: 507, ack: 105, flags: 'PA', data: 7 });
  });
  expect(said(facts, 'reset')).toBe(
    'The client reset the connection, 10 ms after the last data; data of the server still came behind that.',
  );
  expect(rowsOf(facts, 'reset')).toEqual([5, 6]);
});

it('says for how long a connection had no data, which side had none, and whose keep-alive probes they are', () => {
  const silent = accountWith((capture) => {
    capture.add({ at: 1240, seq: 100, ack: 500, flags: 'FA' });
    capture.add({ at: 1280, server: true, seq: 500, ack: 101, flags: 'FA' });
  });
  expect(said(silent, 'no-data')).toBe('In 1.28 s this capture has no data of it.');
  const asked = accountWith((capture) => {
    capture.add({ at: 50, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 90, server: true, seq: 500, ack: 105, flags: 'A' });
    capture.add({ at: 2050, seq: 104, ack: 500, flags: 'A' });
  });
  expect(said(asked, 'exchanged')).toBe('In 2.05 s this capture has 5 bytes in 1 segment of the client, no data of the server.');
  expect(said(asked, 'keep-alive')).toBe('1 segment of the client has the form of a keep-alive probe; this capture has no answer to it.');
});

it('does not take the SYN of a simultaneous open for a SYN-ACK', () => {
  const open = (more: (capture: TestCapture) => void): AccountFact[] => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: 99, flags: 'S', id: 1 });
    capture.add({ at: 20, server: true, seq: 499, flags: 'S', id: 10 });
    capture.add({ at: 20.1, seq: 99, ack: 500, flags: 'SA', id: 2 });
    capture.add({ at: 40, server: true, seq: 499, ack: 100, flags: 'SA', id: 11 });
    more(capture);
    capture.add({ at: 70, seq: 100, ack: 500, flags: 'A', id: 3 });
    return accountOf(capture, 0);
  };
  const once = open(() => {});
  expect(kinds(once)).toContain('simultaneous');
  expect(kinds(once)).not.toContain('syn-ack-again');
  const twice = open((capture) => capture.add({ at: 60, server: true, seq: 499, ack: 100, flags: 'SA', id: 12 }));
  expect(said(twice, 'syn-ack-again')).toBe('The server sent its SYN-ACK twice; this capture has them over 20 ms.');
  expect(rowsOf(twice, 'syn-ack-again')).toEqual([3, 4]);
});
