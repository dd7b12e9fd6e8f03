/** What happened on the connections of the fixtures, as sentences: read against the packets by hand. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountInSteps, accountOf } from '../../src/connections/account.ts';
import { connectionCount } from '../../src/connections/connections.ts';
import type { AccountFact } from '../../src/messages.ts';
import { KeyLog } from '../../src/tls/keylog.ts';
import { sentences } from '../../src/words/account-words.ts';
import { lasting } from '../../src/words/format.ts';
import { TestCapture } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';

async function factsOf(name: string, stream = 0, keys?: string): Promise<AccountFact[]> {
  const fixture = (file: string): string => path.join(import.meta.dirname, '..', 'fixtures', file);
  let log: KeyLog | undefined;
  if (keys !== undefined) {
    log = new KeyLog();
    log.feed(readFileSync(fixture(keys)));
    log.end();
  }
  const read = await readAll(fixture(name), log === undefined ? undefined : { log });
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
    'Data of the server came after the client had closed; the client then reset the connection.',
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
  expect(facts.find(({ kind }) => kind === 'copied')?.rows).toEqual([138, 140, 285, 286]);
});

it('does not say of a connection captured at two interfaces that anything was sent again, or that it was probed', async () => {
  const facts = await factsOf('two-interfaces.pcapng');
  expect(kinds(facts).filter((kind) => /^(resent|syn-again|keep-alive|disorder)/.test(kind))).toEqual([]);
  expect(facts.filter(({ kind }) => kind === 'copied').flatMap(({ rows }) => rows)).toEqual([3, 13, 5, 15]);
});

it('does not say of data that the capture had not seen before that it was sent again', async () => {
  // 113 (identification 0x5619) was overtaken by 103 (0x561a); 137 (0x5621) brings again what 113 had brought.
  const facts = await factsOf('rough/reorder.pcap', 1);
  // 278 to 302 is the longest of three gaps.
  expect(facts.find(({ kind }) => kind === 'gaps')?.rows).toEqual([277, 301, 102, 144]);
  expect(said(facts, 'gaps')).toBe(
    '3 times a segment of the server came with bytes missing before it; they came 12.7 ms later at the longest, overtaken on the way.',
  );
  // 342 brings again what 302 had brought, and the client’s ACKs say that it had both already.
  expect(facts.find(({ kind }) => kind.startsWith('resent'))?.rows).toEqual([301, 341, 136]);
  expect(said(facts, 'resent-burst')).toBe(
    'Data of the server was sent again in 2 of its 35 segments, all within 186 ms, from 204 ms after the first packet on, at the longest 37.8 ms after the same data came first; the client had all of it already.',
  );
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
  const came = 'A segment of the client came with bytes missing before it; they came 31 ms later, ';
  expect(said(order(8, 9, 10), 'gaps')).toBe(`${came}sent again.`);
  expect(said(order(8, 9, 7), 'gaps')).toBe(`${came}overtaken on the way.`);
  // Identifications that do not count, or that nobody gave, tell neither.
  for (const each of [order(9, 8, 10), order(0, 0, 0), order(40_000, 9, 7)]) {
    expect(said(each, 'gaps')).toBe(`${came}delayed on the way or sent again.`);
    expect(kinds(each)).not.toContain('resent-once');
  }
});

it('says of a gap whether its bytes came, how late and how, with the packets in which it was open and closed', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, server: true, seq: 500, ack: 100, flags: 'PA', data: 10, id: 1 });
    capture.add({ at: 13, server: true, seq: 520, ack: 100, flags: 'PA', data: 10, id: 3 });
    capture.add({ at: 14, server: true, seq: 530, ack: 100, flags: 'PA', data: 10, id: 4 });
    capture.add({ at: 15, seq: 100, ack: 510, flags: 'A' });
    capture.add({ at: 95, server: true, seq: 510, ack: 100, flags: 'PA', data: 10, id: 5 });
    capture.add({ at: 96, server: true, seq: 560, ack: 100, flags: 'PA', data: 10, id: 9 });
  });
  expect(said(facts, 'gaps')).toBe(
    'Twice a segment of the server came with bytes missing before it; once they came 82 ms later, sent again; the other is not in this capture: lost on the way, late, or not captured.',
  );
  expect(facts.find(({ kind }) => kind === 'gaps')?.rows).toEqual([4, 7, 8]);
  const never = accountWith((capture) => {
    capture.add({ at: 12, server: true, seq: 500, ack: 100, flags: 'PA', data: 10 });
    capture.add({ at: 13, server: true, seq: 520, ack: 100, flags: 'PA', data: 10 });
  });
  expect(said(never, 'gaps')).toBe(
    'A segment of the server came with bytes missing before it, and this capture does not have them: lost on the way, late, or not captured.',
  );
});

it('says of a FIN that was lost that it came late, and how often each side sent its own', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
    capture.add({ at: 32, seq: 105, ack: 507, flags: 'FA' });
    capture.add({ at: 332, seq: 105, ack: 507, flags: 'FA', window: 999 });
    capture.add({ at: 340, server: true, seq: 508, ack: 106, flags: 'A' });
    capture.add({ at: 360, server: true, seq: 507, ack: 106, flags: 'FA' });
  });
  expect(said(facts, 'fin-again')).toBe('The client sent its FIN twice over 300 ms.');
  expect(facts.find(({ kind }) => kind === 'fin-again')?.rows).toEqual([5, 6]);
  expect(said(facts, 'gaps')).toBe('The FIN of the server came 20 ms after a segment behind it.');
  expect(kinds(facts)).not.toContain('capture-lost');
});

it('says of a FIN that was sent again that the other side had it, where an ACK or a duplicate SACK proves it', async () => {
  // The SACK of 330 has the number of the FIN, which its ACK has too.
  expect(said(await factsOf('rough/loss.pcap', 4), 'fin-again')).toBe(
    'The client sent its FIN twice over 257 ms; the server had it already when it came again.',
  );
  const again = (first: number, second: number): string =>
    said(
      accountWith((capture) => {
        capture.add({ at: 32, seq: 100, ack: 500, flags: 'FA', id: 1 });
        capture.add({ at: 60, server: true, seq: 500, ack: first, flags: 'A', id: 2 });
        capture.add({ at: 332, seq: 100, ack: 500, flags: 'FA', id: 3 });
        capture.add({ at: 360, server: true, seq: 500, ack: second, flags: 'A', id: 4 });
        capture.add({ at: 700, seq: 100, ack: 500, flags: 'FA', id: 5 });
      }),
      'fin-again',
    );
  expect(again(101, 101)).toBe('The client sent its FIN 3 times over 668 ms; the server had it already when it came again.');
  expect(again(100, 101)).toBe('The client sent its FIN 3 times over 668 ms; of the 2 sent again the server had 1 already.');
  expect(again(100, 100)).toBe('The client sent its FIN 3 times over 668 ms.');
});

it('does not take an ACK that has the FIN once more for a FIN that was sent again', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 32, seq: 100, ack: 500, flags: 'FA', id: 1 });
    capture.add({ at: 40, server: true, seq: 500, ack: 100, flags: 'FA', id: 2 });
    capture.add({ at: 41, seq: 100, ack: 501, flags: 'FA', id: 3 });
    capture.add({ at: 50, server: true, seq: 501, ack: 101, flags: 'A', id: 4 });
  });
  expect(kinds(facts)).not.toContain('fin-again');
});

it('says how much later data was sent again, and that the other side had it where an ACK or a duplicate SACK proves it', () => {
  const again = (more: (capture: TestCapture) => void): string =>
    said(
      accountWith((capture) => {
        capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5, id: 1 });
        more(capture);
        capture.add({ at: 262, seq: 100, ack: 500, flags: 'PA', data: 5, id: 2 });
        capture.add({ at: 272, server: true, seq: 500, ack: 105, flags: 'A', options: duplicate });
      }),
      'resent-once',
    );
  // A SACK option whose only block lies below the ACK (RFC 2883, section 4.1), or none.
  let duplicate: number[] = [5, 10, 0, 0, 0, 100, 0, 0, 0, 105];
  const sentence =
    'Data of the client was sent again in one of its 2 segments, 262 ms after the first packet and 250 ms after the same data came first';
  expect(again(() => {})).toBe(`${sentence}; the server had it already.`);
  duplicate = [];
  expect(again(() => {})).toBe(`${sentence}.`);
  expect(again((capture) => capture.add({ at: 30, server: true, seq: 500, ack: 105, flags: 'A' }))).toBe(
    `${sentence}; the server had it already.`,
  );
});

it('says of a pause in the midst of data who could have gone on, and of one seen from afar that packets may have been lost', () => {
  const pause = (near: boolean, more: (capture: TestCapture) => void = () => {}, window = 1000): AccountFact[] => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: 99, flags: 'S' });
    capture.add({ at: near ? 1 : 40, server: true, seq: 499, ack: 100, flags: 'SA' });
    capture.add({ at: 41, seq: 100, ack: 500, flags: 'A' });
    capture.add({ at: 42, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 82, server: true, seq: 500, ack: 105, flags: 'PA', data: 700 });
    capture.add({ at: 83, seq: 105, ack: 1200, flags: 'A', window });
    more(capture);
    capture.add({ at: 983, server: true, seq: 1200, ack: 105, flags: 'PA', data: 700 });
    return accountOf(capture, 0);
  };
  expect(said(pause(true), 'paused')).toBe(
    'The server paused in the midst of its data for 900 ms; the client had acknowledged what it had sent, and had room for more.',
  );
  expect(pause(true).find(({ kind }) => kind === 'paused')?.rows).toEqual([4, 5, 6]);
  expect(said(pause(false), 'paused')).toBe(
    'In the midst of its data nothing came from the server for 900 ms; the client had acknowledged what had come, and had room for more. It paused, or packets were lost outside this capture.',
  );
  // No room, or something missing: then it is no pause.
  expect(kinds(pause(true, () => {}, 600))).not.toContain('paused');
  expect(kinds(pause(true, (capture) => capture.add({ at: 500, server: true, seq: 2000, ack: 105, flags: 'PA', data: 5 })))).not.toContain(
    'paused',
  );
  expect(kinds(pause(true, (capture) => capture.add({ at: 500, seq: 105, ack: 1200, flags: 'PA', data: 5 })))).not.toContain('paused');
});

it('says of a sender that waited for an ACK that it did, and of data held back until one came that it was', () => {
  const stalled = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 412, seq: 105, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 422, server: true, seq: 500, ack: 110, flags: 'A' });
  });
  expect(said(stalled, 'stalled')).toBe(
    'The client sent nothing for 400 ms in the midst of its data, and in that time this capture has no ACK of what it had sent.',
  );
  // Whoever sends nothing for longer than any time to send again has the ACK: the capture does not.
  const idle = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 71_012, seq: 105, ack: 500, flags: 'PA', data: 5 });
  });
  expect(kinds(idle)).not.toContain('stalled');
  const writes = (late: number, size = 65): AccountFact[] =>
    accountWith((capture) => {
      for (const k of [0, 1, 2]) {
        const at = 100 + 300 * k;
        const seq = 100 + 2 * size * k;
        capture.add({ at, seq, ack: 500 + 7 * k, flags: 'PA', data: size, window: 60_000 });
        capture.add({ at: at + 50, server: true, seq: 500 + 7 * k, ack: seq + size, flags: 'A', window: 60_000 });
        capture.add({ at: at + 50 + late, seq: seq + size, ack: 500 + 7 * k, flags: 'PA', data: size, window: 60_000 });
        capture.add({ at: at + 120, server: true, seq: 500 + 7 * k, ack: seq + 2 * size, flags: 'PA', data: 7, window: 60_000 });
      }
    });
  expect(said(writes(0.1), 'held-back')).toBe(
    '3 times the client sent its next small piece of data right behind the ACK of the one before, which took up to 50 ms, 150 ms in all: held back until then, as Nagle’s algorithm does.',
  );
  expect(kinds(writes(20))).not.toContain('held-back');
  expect(kinds(writes(0.1, 1448))).not.toContain('held-back');
});

it('says of data that was held back once that it was only where it left within a thousandth of the time that the ACK took', async () => {
  // 44 of 57 ms: a session ticket (9), its ACK (10), and the greeting 21 µs behind that (11).
  const mail = await factsOf('tls/tls-mail.pcap');
  expect(said(mail, 'held-back')).toBe(
    'Once the server sent its next small piece of data right behind the ACK of the one before, which took 44 ms: held back until then, as Nagle’s algorithm does.',
  );
  expect(mail.find(({ kind }) => kind === 'held-back')?.rows).toEqual([8, 9, 10]);
  const once = (behind: number): AccountFact[] =>
    accountWith((capture) => {
      capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
      capture.add({ at: 62, server: true, seq: 500, ack: 105, flags: 'A' });
      capture.add({ at: 62 + behind, seq: 105, ack: 500, flags: 'PA', data: 5 });
      capture.add({ at: 72, server: true, seq: 500, ack: 110, flags: 'PA', data: 7 });
    });
  expect(kinds(once(0.05))).toContain('held-back');
  expect(kinds(once(0.1))).not.toContain('held-back');
});

it('does not lay the length of the path to the server', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 230, server: true, seq: 499, ack: 100, flags: 'SA' });
  capture.add({ at: 231, seq: 100, ack: 500, flags: 'A' });
  capture.add({ at: 232, seq: 100, ack: 500, flags: 'PA', data: 5 });
  capture.add({ at: 461, server: true, seq: 500, ack: 105, flags: 'A' });
  capture.add({ at: 462, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'round-trip')).toBe(
    'The longest wait for data of the server was 230 ms; its answer to the SYN took 230 ms, about as long.',
  );
  expect(kinds(facts).filter((kind) => kind.startsWith('waited'))).toEqual([]);
});

it('says that the last question of several was not answered, and up to when', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 22, server: true, seq: 500, ack: 105, flags: 'PA', data: 7 });
    capture.add({ at: 32, seq: 105, ack: 507, flags: 'PA', data: 5 });
    capture.add({ at: 42, server: true, seq: 507, ack: 110, flags: 'A' });
    capture.add({ at: 5032, seq: 110, ack: 507, flags: 'FA' });
  });
  expect(said(facts, 'last-unanswered')).toBe(
    'The server acknowledged the client’s last data after 10 ms; this capture has no data of the server behind it, up to the end of the connection 5 s later.',
  );
  expect(facts.find(({ kind }) => kind === 'last-unanswered')?.rows).toEqual([5, 6, 7]);
});

it('counts how often a window was closed, not how often that was said, and tells probes of it from keep-alives', async () => {
  const facts = await factsOf('tcp-zero-window.pcap');
  expect(said(facts, 'window-closed-for')).toBe(
    'The server had no room for more data (zero window) for 1.43 s; the client probed it twice.',
  );
  expect(facts.find(({ kind }) => kind === 'window-closed-for')?.rows).toEqual([8, 9, 11, 12]);
  expect(kinds(facts)).not.toContain('keep-alive');
});

it('says of a side that went on sending after the other one closed that it did', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: 5 });
    capture.add({ at: 13, seq: 105, ack: 500, flags: 'FA' });
    capture.add({ at: 113, server: true, seq: 500, ack: 106, flags: 'PA', data: 7 });
    capture.add({ at: 114, server: true, seq: 507, ack: 106, flags: 'FA' });
  });
  expect(said(facts, 'closed')).toBe(
    'The client closed first, 1 ms after the last data up to then; the server still sent data, and closed 101 ms later.',
  );
  expect(facts.find(({ kind }) => kind === 'closed')?.rows).toEqual([4, 5, 6]);
});

it('does not say of old data that came again behind a close that the other side still sent data', async () => {
  // 342 brings again what 302 had brought.
  expect(said(await factsOf('rough/reorder.pcap', 1), 'closed')).toBe(
    'The client closed first, 26.3 ms after the last data; the server closed 37 ms later.',
  );
});

it('does not call a close good behind which a reset came, nor say of a FIN under way that it closed', () => {
  const facts = accountWith((capture) => {
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'FA' });
    capture.add({ at: 20, server: true, seq: 500, ack: 100, flags: 'PA', data: 7 });
    capture.add({ at: 21, seq: 101, flags: 'R' });
    capture.add({ at: 30, server: true, seq: 507, ack: 101, flags: 'FA' });
  });
  expect(kinds(facts)).not.toContain('closed');
  expect(said(facts, 'closed-one')).toBe('The client closed its direction.');
});

it('says nothing of the place of capture on a path that takes no time, nor of 0 µs to the end', async () => {
  const facts = await factsOf('damaged.pcap');
  expect(kinds(facts)).not.toContain('captured-at');
  expect(said(facts, 'open')).toBe('This capture has no close of it; its last packet is the last of the capture.');
});

it('says how long the TLS handshake took, to the packet', async () => {
  // ClientHello 4, ServerHello 6, the server’s Change Cipher Spec 9, the client’s 8.
  const facts = await factsOf('tls/tls12.pcap');
  expect(said(facts, 'tls-handshake')).toBe(
    'The server answered the TLS ClientHello after 5.4 ms; both sides had changed to their keys 59.6 ms after the ClientHello.',
  );
  expect(facts.find(({ kind }) => kind === 'tls-handshake')?.rows).toEqual([3, 5, 8]);
  const hidden = await factsOf('tls/tls13.pcap');
  expect(said(hidden, 'tls-handshake')).toMatch(
    /^The server answered the TLS ClientHello after 3\.05 ms; the client’s next data came [\d.]+ ms after the ClientHello\.$/,
  );
  expect(kinds(await factsOf('http.pcap'))).not.toContain('tls-handshake');
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

it('does not take the SYN of a simultaneous open for the first of two SYN-ACKs', async () => {
  expect(kinds(await factsOf('rough/unreachable.pcap', 5))).not.toContain('syn-ack-again');
});

it('says of an answer that came late that the identifications of its sender skip one before it', async () => {
  // 0x4ecd, behind it 0x4ecf: the one between them was the first answer; the SACK of 279 says that the question had come.
  expect(said(await factsOf('rough/browser.pcap', 4), 'waited')).toMatch(
    /sent again in that time; the IPv4 identifications .* skip 1 number there\.$/,
  );
  // Here the question was lost, and nothing is skipped.
  expect(said(await factsOf('rough/wrk.pcap', 1), 'waited')).toMatch(/sent again in that time\.$/);
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

it('says of a SYN that an ICMP error answered what the error was and who sent it', async () => {
  const facts = await factsOf('rough/unreachable.pcap', 1);
  expect(kinds(facts)).toEqual(['no-answer', 'icmp-error']);
  expect(said(facts, 'no-answer')).toBe('The client sent a SYN, and no segment in this capture answers it.');
  expect(said(facts, 'icmp-error')).toBe(
    '192.0.2.2 sent an ICMP error about it 123 ms after the first packet: Destination unreachable (Port unreachable).',
  );
  expect(facts.flatMap(({ rows }) => rows)).toEqual([4, 5]);
  expect(said(await factsOf('rough/unreachable.pcap', 2), 'icmp-error')).toContain('(Communication administratively filtered).');
  // Nothing at all came back on the first port, a reset on the last.
  expect(kinds(await factsOf('rough/unreachable.pcap', 0))).toEqual(['no-answer']);
  expect(kinds(await factsOf('rough/unreachable.pcap', 3))).toEqual(['refused']);
});

it('says of a server that went away between two questions that nothing of it came behind the second', async () => {
  const facts = await factsOf('rough/unreachable.pcap', 4);
  expect(said(facts, 'last-unanswered')).toMatch(
    /^Behind the client’s last data this capture has no ACK and no data of the server, up to the last packet of the capture 8\.99 s later\.$/,
  );
  expect(said(facts, 'resent')).toBe(
    'Data of the client was sent again in 5 of its 7 segments, at several times, at the longest 6.1 s after the same data came first.',
  );
  // First and last transmission, which the time is counted from and to, then the others.
  expect(facts.find(({ kind }) => kind === 'resent')?.rows).toEqual([17, 22, 18, 19, 20, 21]);
});

it('tells a question that was lost from a server that was slow', async () => {
  const facts = await factsOf('rough/browser.pcap', 2);
  expect(said(facts, 'waited-acknowledged')).toBe(
    'The longest wait: the server had acknowledged the client’s data after 352 ms, in which it was sent again; the server’s next data came another 8.9 ms later.',
  );
  expect(facts.find(({ kind }) => kind === 'waited-acknowledged')?.rows).toEqual([18, 74, 94, 95]);
});

it('tells apart what servers and clients with bad manners did', async () => {
  const of = async (stream: number, kind: AccountFact['kind']): Promise<string> => said(await factsOf('rough/odd.pcap', stream), kind);
  expect(await of(0, 'waited-acknowledged')).toContain('after 34.7 ms; the server’s next data came another 1.94 s later.');
  expect(await of(1, 'paused')).toContain('nothing came from the server 7 times, 827 ms in all and 130 ms at the longest');
  expect(await of(2, 'paused')).toContain('nothing came from the server for 907 ms');
  expect(await of(4, 'reset')).toBe('The server reset the connection, 306 ms after the last data.');
  expect(await of(6, 'window-closed-for')).toBe(
    'The server had no room for more data (zero window) for 1.4 s; the client probed it twice.',
  );
  expect(await of(8, 'window-closed-for')).toBe(
    'The client had no room for more data (zero window) for 1.98 s; the server probed it 3 times.',
  );
  expect(await of(10, 'closed')).toBe(
    'The client closed first, 32 µs after the last data up to then; the server still sent data, and closed 755 ms later.',
  );
  expect(await of(11, 'keep-alive')).toBe('2 segments of the client have the form of a keep-alive probe; the server answered each.');
  expect(await of(13, 'paused')).toContain('The client paused in the midst of its data 3 times, 964 ms in all');
  expect(await of(14, 'held-back')).toContain(
    '3 times the client sent its next small piece of data right behind the ACK of the one before',
  );
});

it('tells what was overtaken from what was sent again where both happened, over small packets', async () => {
  const facts = (await Promise.all([0, 1, 2, 3].map((stream) => factsOf('rough/small.pcap', stream)))).flat();
  const gaps = facts.filter(({ kind }) => kind === 'gaps').map(({ values }) => values);
  expect(gaps.reduce((sum, { overtaken }) => sum + Number(overtaken), 0)).toBe(5);
  expect(gaps.reduce((sum, { again }) => sum + Number(again), 0)).toBe(1);
});

it('lets others have their turn on a connection with many packets', () => {
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S' });
  capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA' });
  for (let k = 0; k < 40_000; k++) capture.add({ at: 11 + k, seq: 100 + k, ack: 500, flags: 'A', data: 1 });
  const steps = accountInSteps(capture, 0);
  let pauses = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) pauses++;
  expect(pauses).toBeGreaterThanOrEqual(4);
  expect(step.value).toEqual(accountOf(capture, 0));
});

it.each([
  [0.000412, '412 µs'],
  [0.0009996, '1 ms'],
  [0.0412, '41.2 ms'],
  [1.91, '1.91 s'],
  [192, '3 min 12 s'],
  [18_120, '5 h 2 min'],
  [71_748_398, '830 d 10 h'],
  [-17.04, '-17 s'],
  [-192, '-3 min 12 s'],
])('%d s are %s', (seconds, said) => {
  expect(lasting(seconds)).toBe(said);
});

it('tells how often the server answered the SYN, on a handshake that was not completed and on one that was', async () => {
  const half = await factsOf('tcp-half-open.pcap');
  expect(kinds(half)).toEqual(['half-open', 'syn-ack-again']);
  expect(said(half, 'syn-ack-again')).toBe('The server sent its SYN-ACK 3 times; this capture has them over 3.03 s.');
  expect(half[1]?.rows).toEqual([1, 2, 3]);
  const capture = new TestCapture();
  capture.add({ at: 0, seq: 99, flags: 'S', id: 1 });
  capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA', id: 2 });
  // One packet captured twice is none that was sent twice.
  capture.add({ at: 11, server: true, seq: 499, ack: 100, flags: 'SA', id: 2 });
  capture.add({ at: 1010, server: true, seq: 499, ack: 100, flags: 'SA', id: 3 });
  capture.add({ at: 1011, seq: 100, ack: 500, flags: 'A', id: 4 });
  const facts = accountOf(capture, 0);
  expect(said(facts, 'syn-ack-again')).toBe('The server sent its SYN-ACK twice; this capture has them over 1 s.');
  expect(facts.find(({ kind }) => kind === 'syn-ack-again')?.rows).toEqual([1, 3]);
  expect(kinds(await factsOf('http.pcap'))).not.toContain('syn-ack-again');
  // In a simultaneous open a SYN goes before it.
  const both = await factsOf('rough/unreachable.pcap', 5);
  expect(kinds(both)).toContain('simultaneous');
  expect(kinds(both)).not.toContain('syn-ack-again');
});

it('tells of a server that asked for another ClientHello, and counts the handshake to the answer to that', async () => {
  // ClientHello 4, HelloRetryRequest 6, ClientHello 8 behind a Change Cipher Spec, ServerHello 9, the client’s next data 10.
  const facts = await factsOf('tls/tls-retry.pcap');
  expect(said(facts, 'tls-handshake')).toBe(
    'The server asked for another TLS ClientHello after 2.71 ms (HelloRetryRequest), and answered that one 9.76 ms after the first; the client’s next data came 11.6 ms after the first.',
  );
  expect(facts.find(({ kind }) => kind === 'tls-handshake')?.rows).toEqual([3, 5, 7, 8, 9]);
});

it('tells of a fatal TLS alert in the clear, and not of one that only warns or of what is encrypted', () => {
  const record = (type: number, ...body: number[]): Uint8Array => Uint8Array.from([type, 3, 3, 0, body.length, ...body]);
  const hello = record(22, 1, 0, 0, 38, 3, 3, ...new Array<number>(32).fill(7), 0, 0, 0, 0);
  const alerted = (...alert: number[]): AccountFact[] => {
    const capture = new TestCapture();
    const tls = { serverPort: 443 };
    capture.add({ at: 0, seq: 99, flags: 'S', ...tls });
    capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA', ...tls });
    capture.add({ at: 11, seq: 100, ack: 500, flags: 'A', ...tls });
    capture.add({ at: 12, seq: 100, ack: 500, flags: 'PA', data: hello, ...tls });
    capture.add({ at: 22, server: true, seq: 500, ack: 100 + hello.length, flags: 'PA', data: record(21, ...alert), ...tls });
    return accountOf(capture, 0);
  };
  const fatal = alerted(2, 40);
  expect(said(fatal, 'tls-alert')).toBe('The server sent a fatal TLS alert: Handshake Failure.');
  expect(fatal.find(({ kind }) => kind === 'tls-alert')?.rows).toEqual([4]);
  expect(said(alerted(2, 199), 'tls-alert')).toBe('The server sent a fatal TLS alert: number 199.');
  expect(kinds(alerted(1, 112))).not.toContain('tls-alert');
  expect(kinds(alerted(2, 40, 9, 9))).not.toContain('tls-alert');
});

describe('another TLS handshake on a connection', () => {
  it('is told of where the packets show one, with a key log or without', async () => {
    // Finished 9, data 11, HelloRequest 13, ClientHello 15, both Change Cipher Specs in 16 and 17; two more, of which the client began the last.
    const facts = await factsOf('tls/tls-renegotiated.pcap');
    expect(said(facts, 'tls-renegotiated')).toBe(
      'The server asked for another TLS handshake on the open connection (renegotiation), 545 ms after the first packet; both sides had changed to new keys 388 µs later. Another began twice more.',
    );
    expect(facts.find(({ kind }) => kind === 'tls-renegotiated')?.rows).toEqual([12, 16, 20, 31]);
    for (const name of ['tls12', 'tls-cbc', 'tls13', 'tls-resumed', 'tls-update', 'tls-retry'])
      expect(kinds(await factsOf(`tls/${name}.pcap`))).not.toContain('tls-renegotiated');
  });

  const record = (type: number, ...body: number[]): number[] => [type, 3, 3, 0, body.length, ...body];
  const random = new Array<number>(32).fill(7);
  const hello = (type: number): number[] => record(22, type, 0, 0, 38, 3, 3, ...random, 0, 0xc0, 0x2f, 0);
  const sealed = (type: number): number[] => record(type, ...new Array<number>(40).fill(0x55));
  const changed = [...record(20, 1), ...sealed(22)];

  /** A connection on which the sides sent these records one after the other, the client first. */
  const after = (...sent: readonly (readonly number[])[]): AccountFact[] => {
    const capture = new TestCapture();
    const next = [100, 500];
    capture.add({ at: 0, seq: 99, flags: 'S', serverPort: 443 });
    capture.add({ at: 10, server: true, seq: 499, ack: 100, flags: 'SA', serverPort: 443 });
    for (const [k, bytes] of [hello(1), hello(2), changed, changed, sealed(23), ...sent].entries()) {
      const [own, other] = [next[k % 2] as number, next[1 - (k % 2)] as number];
      if (bytes.length > 0)
        capture.add({
          at: 20 + 10 * k,
          server: k % 2 === 1,
          seq: own,
          ack: other,
          flags: 'PA',
          data: Uint8Array.from(bytes),
          serverPort: 443,
        });
      next[k % 2] = own + bytes.length;
    }
    return accountOf(capture, 0);
  };

  it('is the client’s or the server’s, by who sends a handshake record behind application data', () => {
    expect(kinds(after())).not.toContain('tls-renegotiated');
    expect(kinds(after(sealed(23), sealed(23)))).not.toContain('tls-renegotiated');
    const asked = after(sealed(22));
    expect(said(asked, 'tls-renegotiated')).toBe(
      'The server asked for another TLS handshake on the open connection (renegotiation), 70 ms after the first packet; in this capture the client does not begin one.',
    );
    // The client goes on with what it was about, and says goodbye at its end.
    expect(said(after(sealed(22), sealed(23), sealed(23), sealed(21)), 'tls-renegotiated')).toMatch(
      /; in this capture the client does not begin one\.$/,
    );
    expect(said(after(sealed(22), sealed(22), sealed(23)), 'tls-renegotiated')).toMatch(
      /; this capture does not show both sides change to new keys\.$/,
    );
    expect(said(after([], sealed(22), sealed(23)), 'tls-renegotiated')).toMatch(
      /; in this capture the server does not answer it with one of its own\.$/,
    );
    const begun = after([], sealed(22), sealed(22), [...sealed(20), ...sealed(22)], [...sealed(20), ...sealed(22)]);
    expect(said(begun, 'tls-renegotiated')).toBe(
      'The client began another TLS handshake on the open connection (renegotiation), 80 ms after the first packet; both sides had changed to new keys 30 ms later.',
    );
  });

  it('is refused where an alert says so, which is told as an alert where nobody can read it', async () => {
    // By the server: ClientHello 15, alert 17, and a fatal one of who was refused, 19. By the client: HelloRequest 35, alert 36.
    const alert = '; the next record of the server is an encrypted alert, and this capture does not show both sides change to new keys.';
    const rowsOf = (facts: AccountFact[]) => facts.find(({ kind }) => kind === 'tls-renegotiated')?.rows;
    const sealedFacts = await factsOf('tls/tls-refused.pcap');
    expect(said(sealedFacts, 'tls-renegotiated')).toMatch(new RegExp(`^The client began another TLS handshake .*${alert}$`));
    expect(rowsOf(sealedFacts)).toEqual([14, 16]);
    const opened = await factsOf('tls/tls-refused.pcap', 0, 'tls/tls-refused.keys');
    expect(said(opened, 'tls-renegotiated')).toMatch(
      /^The client began another TLS handshake .* after the first packet; the server refused\.$/,
    );
    expect(rowsOf(opened)).toEqual([14, 16]);
    expect(opened.find(({ kind }) => kind === 'tls-alert')).toMatchObject({
      values: { who: 'client', name: 'Handshake Failure' },
      rows: [18],
    });
    const asked = await factsOf('tls/tls-refused.pcap', 1, 'tls/tls-refused.keys');
    expect(said(asked, 'tls-renegotiated')).toMatch(
      /^The server asked for another TLS handshake .* after the first packet; the client refused\.$/,
    );
    expect(rowsOf(asked)).toEqual([34, 35]);
  });

  it('is not one more while it is under way, and needs data behind the one before', () => {
    const once = after(sealed(22), sealed(22), [...sealed(22), ...sealed(20), ...sealed(22)], [...sealed(20), ...sealed(22)], sealed(23));
    expect(once.find(({ kind }) => kind === 'tls-renegotiated')?.values).toMatchObject({ times: 1, completed: 1 });
    const twice = after(sealed(22), sealed(22), [...sealed(20), ...sealed(22)], [...sealed(20), ...sealed(22)], sealed(23), [], sealed(22));
    expect(twice.find(({ kind }) => kind === 'tls-renegotiated')?.values).toMatchObject({ times: 2, completed: 1 });
    expect(said(twice, 'tls-renegotiated')).toMatch(/Another began once more, without both sides changing their keys\.$/);
  });
});

it('tells of a TLS alert behind the other side’s close that it was one, and of data that it was data', async () => {
  // Python’s server closes without waiting for the client’s close_notify, which is then answered with a reset.
  const facts = await factsOf('tls/tls-cbc.pcap');
  expect(said(facts, 'reset-late-data')).toBe(
    'A TLS alert of the client came after the server had closed; the server then reset the connection.',
  );
  expect(facts.find(({ kind }) => kind === 'reset-late-data')?.tone).toBe('neutral');
  // Up to TLS 1.2 the type of a record is in the clear; in TLS 1.3 it is not.
  expect(said(await factsOf('tls/tls-resumed.pcap', 2), 'reset-late-data')).toMatch(/^Data of the client/);
});

it('says of packets that two interfaces have captured that it is so', async () => {
  const facts = await factsOf('two-interfaces.pcapng');
  expect(facts.filter(({ kind }) => kind === 'copied').map(({ kind, values }) => sentences[kind](values))).toEqual([
    'One packet with data of the client is in the capture twice, byte for byte: captured on two interfaces.',
    'One packet with data of the server is in the capture twice, byte for byte: captured on two interfaces.',
  ]);
});

it('tells of a TLS handshake that went on with an earlier session, so that nobody looks for a certificate', async () => {
  // TLS 1.2: the server’s Change Cipher Spec (25) before the client’s (27). TLS 1.3: pre_shared_key in the ServerHello.
  expect(said(await factsOf('tls/tls-resumed.pcap', 1), 'tls-handshake')).toBe(
    'The server answered the TLS ClientHello after 15.9 ms; both sides had changed to their keys 16.2 ms after the ClientHello. They went on with an earlier session, without a certificate.',
  );
  for (const stream of [3, 5])
    expect(said(await factsOf('tls/tls-resumed.pcap', stream), 'tls-handshake')).toMatch(
      /\. They used a key that both had from before, as of an earlier session, without a certificate\.$/,
    );
  for (const stream of [0, 2, 4]) expect(said(await factsOf('tls/tls-resumed.pcap', stream), 'tls-handshake')).not.toMatch(/certificate/);
});

it('does not call a TLS alert behind the other side’s close data that it still sent', async () => {
  expect(said(await factsOf('tls/tls-websocket.pcap', 0, 'tls/tls-websocket.keys'), 'closed')).toBe(
    'The server closed first, 21 µs after the last data; the client closed 581 µs later.',
  );
  // Without keys its type is not known.
  expect(said(await factsOf('tls/tls-websocket.pcap'), 'closed')).toMatch(/the client still sent data, and closed/);
});
