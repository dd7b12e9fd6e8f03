import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { capturedAt } from '../../src/connections/ladder.ts';
import type { LadderStep } from '../../src/messages.ts';
import { C, handshake, S, TestCapture } from '../flow/tcp-capture.ts';
import { readAll } from '../golden/table.ts';
import { connectionDetail } from './whole.ts';

const c = C + 1;
const s = S + 1;

function download(): TestCapture {
  const capture = new TestCapture();
  handshake(capture);
  capture.add({ at: 20, seq: c, ack: s, flags: 'PA', data: 50 });
  for (let k = 0; k < 6; k++) capture.add({ at: 30 + k, server: true, seq: s + 100 * k, ack: c + 50, flags: 'A', data: 100 });
  return capture;
}

const words = (capture: TestCapture, unfold: number[] = []) => connectionDetail(capture, 1, 0, 0, unfold, () => 'words').steps;

describe('the ladder', () => {
  test('a run of data folds into one step that counts its segments', () => {
    const steps = words(download());
    expect(steps.map((x) => x.kind)).toEqual(['packet', 'packet', 'packet', 'packet', 'run']);
    expect(steps[4]).toMatchObject({ row: 4, lastRow: 9, segments: 6, acks: 0, seq: 1, nextSeq: 601, length: 600, fromClient: false });
    expect(steps[3]).toMatchObject({ application: 'words', flags: 'PSH, ACK', seq: 1, ack: 1, length: 50 });
  });

  test('a segment has its window and the octets in flight as of it, a run the most of them', () => {
    const capture = download();
    capture.add({ at: 60, seq: c + 50, ack: s + 600, flags: 'A', window: 700 });
    capture.add({ at: 90, server: true, seq: s + 600, ack: c + 50, flags: 'FA' });
    const steps = words(capture);
    expect(steps.find((x) => x.kind === 'run')).toMatchObject({ inFlight: 600, window: null });
    expect(
      words(capture, [4])
        .filter((x) => x.kind === 'packet' && !x.fromClient && x.length > 0)
        .map((x) => x.inFlight),
    ).toEqual([100, 200, 300, 400, 500, 600]);
    expect(steps.at(-1)).toMatchObject({ flags: 'FIN, ACK', inFlight: null });
  });

  test('an unfolded run is shown packet by packet', () => {
    expect(words(download(), [4]).filter((x) => x.kind === 'packet')).toHaveLength(10);
  });

  test('a gap is an inferred loss before the segment that shows it', () => {
    const capture = download();
    capture.add({ at: 40, server: true, seq: s + 800, ack: c + 50, flags: 'A', data: 100 });
    capture.add({ at: 150, server: true, seq: s + 600, ack: c + 50, flags: 'A', data: 200 });
    const lost = words(capture).find((x) => x.kind === 'lost');
    // Nothing tells whether what came later was sent again.
    expect(lost).toMatchObject({ seq: 601, length: 200, fromClient: false, note: 'arrived later' });
  });

  test('a gap that nothing fills is missing, and by the capture alone where the other side acknowledged all of it', () => {
    const gap = (ack: number | null, first = false): string | undefined => {
      const capture = download();
      if (ack !== null && first) capture.add({ at: 39, seq: c + 50, ack, flags: 'A' });
      capture.add({ at: 40, server: true, seq: s + 800, ack: c + 50, flags: 'A', data: 100 });
      if (ack !== null && !first) capture.add({ at: 41, seq: c + 50, ack, flags: 'A' });
      return words(capture).find((x) => x.kind === 'lost')?.note;
    };
    expect(gap(null)).toBe('not captured');
    expect(gap(s + 600)).toBe('not captured');
    expect(gap(s + 799)).toBe('not captured');
    for (const first of [false, true]) expect(gap(s + 800, first)).toBe('acknowledged');
    expect(gap(s + 900)).toBe('acknowledged');
  });

  test('a gap is a loss, and what fills it a retransmission or overtaken, where identifications that count prove it', () => {
    const gap = (id: number): readonly LadderStep[] => {
      const capture = download();
      capture.add({ at: 40, server: true, seq: s + 800, ack: c + 50, flags: 'A', data: 100, id: 12 });
      capture.add({ at: 41, server: true, seq: s + 900, ack: c + 50, flags: 'A', data: 100, id: 13 });
      capture.add({ at: 150, server: true, seq: s + 600, ack: c + 50, flags: 'A', data: 200, id });
      return words(capture);
    };
    const marks = (steps: readonly LadderStep[]): string[] => steps.flatMap((x) => x.marks.map(({ text }) => text));
    expect(gap(14).find((x) => x.kind === 'lost')?.note).toBe('before the capture point');
    expect(marks(gap(14))).toContain('Retransmission');
    // Wireshark, which goes by times, calls this one a retransmission too.
    expect(gap(11).find((x) => x.kind === 'lost')?.note).toBe('overtaken on the way');
    expect(marks(gap(11))).toContain('Overtaken');
    expect(marks(gap(11))).not.toContain('Retransmission');
  });

  test('a silence ends with what was sent again, also where its time makes it look out of order', async () => {
    const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'rough', 'far.pcap'));
    if (read === null) throw new Error('far.pcap could not be opened');
    const notes = connectionDetail(read.capture, 1, 1, 0, [], () => '').steps.flatMap((x) =>
      x.kind === 'silence' ? [[x.row + 1, x.note]] : [],
    );
    expect(notes).toEqual([
      [10, '0.236 s until the SYN was answered'],
      [125, '0.688 s until it was sent again'],
      [142, '0.220 s: the server does not answer'],
      [167, '0.225 s until it was sent again'],
      [170, '0.218 s idle'],
    ]);
    await read.reader.close();
  });

  test('a silence before the answer to a SYN is not idle', () => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: C, flags: 'S' });
    capture.add({ at: 236, server: true, seq: S, ack: C + 1, flags: 'SA' });
    expect(words(capture).find((x) => x.kind === 'silence')?.note).toBe('0.236 s until the SYN was answered');
  });

  test('a packet that was copied is marked as that', () => {
    const capture = download();
    for (const at of [40, 150]) capture.add({ at, server: true, seq: s + 600, ack: c + 50, flags: 'A', data: 200, id: 12 });
    const marks = words(capture).flatMap((x) => x.marks.map(({ text }) => text));
    expect(marks).toContain('Copy');
    expect(marks).not.toContain('Retransmission');
  });

  test('a silence with a closed window is not idle, and what probes the window is no keep-alive', () => {
    const capture = download();
    capture.add({ at: 40, seq: c + 50, ack: s + 600, flags: 'A', window: 0 });
    capture.add({ at: 340, server: true, seq: s + 599, ack: c + 50, flags: 'A' });
    capture.add({ at: 341, seq: c + 50, ack: s + 600, flags: 'A', window: 0 });
    capture.add({ at: 1341, seq: c + 50, ack: s + 600, flags: 'A', window: 900 });
    capture.add({ at: 3341, seq: c + 50, ack: s + 600, flags: 'PA', data: 5 });
    const steps = words(capture);
    expect(steps.filter((x) => x.kind === 'silence').map((x) => x.note)).toEqual([
      '0.300 s: the client has its window closed',
      '1.000 s: the client has its window closed',
      '2.000 s idle: the client has the answer',
    ]);
    expect(steps.flatMap((x) => x.marks.map(({ text }) => text))).toContain('Window probe');
  });

  test('a silence says whose turn it was', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ at: 20, seq: c, ack: s, flags: 'PA', data: 50 });
    capture.add({ at: 30, server: true, seq: s, ack: c + 50, flags: 'A' });
    capture.add({ at: 1942, server: true, seq: s, ack: c + 50, flags: 'PA', data: 10 });
    const silence = words(capture).find((x) => x.kind === 'silence');
    expect(silence?.note).toBe('1.912 s: the server has the request and sends nothing');
  });

  test('states change at the segment that causes it', () => {
    const steps = words(download());
    expect(steps.slice(0, 3).map((x) => [x.clientState, x.serverState, x.clientChanged, x.serverChanged])).toEqual([
      ['SYN-SENT', 'SYN-RECEIVED', true, true],
      ['ESTABLISHED', 'SYN-RECEIVED', true, false],
      ['ESTABLISHED', 'ESTABLISHED', false, true],
    ]);
  });

  test('where it was captured follows from the halves of the handshake', () => {
    expect(capturedAt(41, 0.06)).toBe('client');
    expect(capturedAt(0.06, 41)).toBe('server');
    expect(capturedAt(20, 20)).toBe('between');
    expect(capturedAt(0, 0)).toBe('unknown');
  });
});
