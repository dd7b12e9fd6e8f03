import { describe, expect, it } from 'vitest';
import {
  arrowOf,
  groupsOf,
  numbersOf,
  packetsOf,
  rttWords,
  runWords,
  STEP,
  stepDelta,
  stepsInView,
  stepTime,
  styleOf,
  toneOf,
} from '../../../renderer/connections/ladder-model.ts';
import { secondsBetween } from '../../../renderer/connections/time.ts';
import type { ConnectionSummary, LadderStep } from '../../../src/messages.ts';

function step(more: Partial<LadderStep> = {}): LadderStep {
  return {
    kind: 'packet',
    row: 0,
    lastRow: more.row ?? 0,
    time: '0.000000000',
    delta: '0.000000000',
    fromClient: true,
    handshake: 0,
    flags: 'ACK',
    seq: 1,
    ack: 1,
    length: 0,
    options: '',
    application: '',
    marks: [],
    segments: 0,
    acks: 0,
    nextSeq: null,
    window: null,
    inFlight: null,
    note: '',
    clientState: 'ESTABLISHED',
    serverState: 'ESTABLISHED',
    clientChanged: false,
    serverChanged: false,
    ...more,
  };
}

describe('states', () => {
  it('are drawn by the part of the life they belong to', () => {
    expect(styleOf('SYN-SENT')).toBe('handshake');
    expect(styleOf('ESTABLISHED')).toBe('established');
    expect(styleOf('LAST-ACK')).toBe('closing');
    expect(styleOf('TIME-WAIT')).toBe('time-wait');
    expect([styleOf('CLOSED'), styleOf('LISTEN'), styleOf(null)]).toEqual(['off', 'off', 'off']);
  });
});

describe('arrows', () => {
  it('run from the sender down to the receiver', () => {
    expect(arrowOf(step())).toEqual({ x1: 0, y1: 6, x2: 100, y2: 17 });
    expect(arrowOf(step({ fromClient: false }))).toEqual({ x1: 100, y1: 6, x2: 0, y2: 17 });
  });
  it('end on the way where the segment was lost', () => {
    const lost = arrowOf(step({ kind: 'lost', fromClient: false }));
    expect(lost?.x2).toBeCloseTo(34);
    expect(lost?.y2).toBeLessThan(17);
  });
  it('are none for bands', () => {
    expect(arrowOf(step({ kind: 'run' }))).toBeNull();
    expect(arrowOf(step({ kind: 'silence' }))).toBeNull();
  });
  it('take the colour of the loudest mark', () => {
    expect(toneOf(step({ marks: [{ kind: 'neutral', text: 'a' }] }))).toBeNull();
    expect(
      toneOf(
        step({
          marks: [
            { kind: 'warn', text: 'a' },
            { kind: 'bad', text: 'b' },
          ],
        }),
      ),
    ).toBe('bad');
    expect(toneOf(step({ marks: [{ kind: 'warn', text: 'Retransmission' }] }))).toBe('warn');
  });
});

describe('words of a step', () => {
  it('write the time to the microsecond, or the nanosecond where there is one', () => {
    expect(stepTime('0.041183000')).toBe('0.041183');
    expect(stepTime('12.041183001')).toBe('12.041183001');
    expect(stepTime('400.041183001')).toBe('400.041183');
    expect(stepTime('1600.041183000')).toBe('1600.04118');
    expect(stepTime('120960000.041183000')).toBe('120960000');
  });
  it('write the time since the previous step, and none for the first', () => {
    expect(stepDelta('0.000064000', false)).toBe('+64 µs');
    expect(stepDelta('0.041183000', false)).toBe('+41.2 ms');
    expect(stepDelta('1.912300000', false)).toBe('+1.912 s');
    expect(stepDelta('-0.000064000', false)).toBe('-64 µs');
    expect(stepDelta('0.000000000', true)).toBe('');
  });
  it('number packets from one, and runs by their first and last', () => {
    expect(packetsOf(step({ row: 191 }))).toBe('192');
    expect(packetsOf(step({ kind: 'run', row: 111, lastRow: 144 }))).toBe('112–145');
    expect(packetsOf(step({ kind: 'run', row: 111, lastRow: 111 }))).toBe('112');
    expect(packetsOf(step({ kind: 'silence' }))).toBe('');
  });
  it('leave out numbers that mean nothing', () => {
    expect(numbersOf(step({ seq: 0, ack: null }))).toEqual([{ label: 'Seq', value: 0 }]);
    expect(numbersOf(step({ seq: 482, ack: 42305, length: 438 })).map((one) => `${one.label} ${one.value}`)).toEqual([
      'Seq 482',
      'Ack 42305',
      'Len 438',
    ]);
  });
  it('sum up a folded run', () => {
    expect(runWords(step({ kind: 'run', segments: 12, length: 17376, seq: 376, nextSeq: 17752, acks: 6 }))).toEqual({
      main: '12 segments, 17,376 bytes, Seq 376–17752',
      acks: '6 ACKs',
    });
    expect(runWords(step({ kind: 'run', acks: 6, inFlight: 28960 })).acks).toBe('6 ACKs, at most 28,960 in flight');
    expect(numbersOf(step({ seq: null, ack: null, window: 64256, inFlight: 1448 }))).toEqual([
      { label: 'Win', value: 64256 },
      { label: 'in flight', value: 1448 },
    ]);
    expect(runWords(step({ kind: 'run', segments: 1, length: 1, seq: null, acks: 0 }))).toEqual({ main: '1 segment, 1 byte', acks: '' });
  });
});

describe('groups', () => {
  const steps = [
    step({ flags: 'SYN', handshake: 1 }),
    step({ flags: 'SYN, ACK', handshake: 2, fromClient: false }),
    step({ handshake: 3 }),
    step({ application: 'GET /', flags: 'PSH, ACK' }),
    step({ application: '200 OK', fromClient: false }),
    step(),
    step({ application: 'POST /x' }),
    step({ kind: 'silence', flags: '' }),
    step({ flags: 'FIN, ACK', fromClient: false }),
    step(),
    step({ flags: 'FIN, ACK' }),
  ];
  it('are the handshake, each request with what follows it, and the close', () => {
    expect(groupsOf(steps, 0)).toEqual([
      { from: 0, to: 3, hue: 'tra', label: 'Handshake' },
      { from: 3, to: 6, hue: 'app', label: 'GET /' },
      { from: 6, to: 8, hue: 'app', label: 'POST /x' },
      { from: 8, to: 11, hue: 'tra', label: 'Close' },
    ]);
  });
  it('count from the first step given', () => {
    expect(groupsOf(steps.slice(3, 5), 2000)).toEqual([{ from: 2000, to: 2002, hue: 'app', label: 'GET /' }]);
  });
  it('have a handshake in one piece where it was waited for, without the silence after it', () => {
    const silence = step({ kind: 'silence', note: '1.014 s until it was sent again' });
    const syn = step({ handshake: 1, flags: 'SYN' });
    expect(groupsOf([syn, silence, syn, silence, silence, syn], 0)).toEqual([{ from: 0, to: 6, hue: 'tra', label: 'Handshake' }]);
    expect(groupsOf([syn, silence, step(), step()], 0)).toEqual([{ from: 0, to: 1, hue: 'tra', label: 'Handshake' }]);
    expect(groupsOf([syn, silence], 0)).toEqual([{ from: 0, to: 1, hue: 'tra', label: 'Handshake' }]);
  });
  it('are none for plain data and for nothing', () => {
    expect(groupsOf([step(), step()], 0)).toEqual([]);
    expect(groupsOf([], 0)).toEqual([]);
  });
});

describe('the ladder in view', () => {
  it('draws what is visible and a little more, whatever the length', () => {
    const view = stepsInView(50_000 * STEP, 600, 100_000);
    expect(view.from).toBeLessThan(50_000);
    expect(view.to).toBeGreaterThan(50_000 + 600 / STEP - 1);
    expect(view.to - view.from).toBeLessThan(60);
  });
  it('stays within the steps there are', () => {
    expect(stepsInView(0, 600, 5)).toEqual({ from: 0, to: 5 });
    expect(stepsInView(9999, 600, 0)).toEqual({ from: 0, to: 0 });
  });
});

describe('the header', () => {
  const summary = { handshakeRttMs: 41.247, handshake: 'completed' } as ConnectionSummary;
  it('shows the handshake time as the sum of its halves', () => {
    expect(rttWords({ rttServerMs: 41.183, rttClientMs: 0.064, summary })).toBe('41.247 ms = 41.183 server + 0.064 client');
  });
  it('claims no halves that were not seen', () => {
    expect(rttWords({ rttServerMs: null, rttClientMs: null, summary })).toBe('41.247 ms');
    expect(rttWords({ rttServerMs: null, rttClientMs: null, summary: { ...summary, handshakeRttMs: null, handshake: 'refused' } })).toBe(
      'refused',
    );
  });
  it('measures the capture without losing its fraction', () => {
    expect(secondsBetween('1773308467.118204000', '1773308472.572204000')).toBeCloseTo(5.454, 9);
  });
});
