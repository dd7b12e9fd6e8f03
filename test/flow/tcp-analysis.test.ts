import { describe, expect, test } from 'vitest';
import { connectionRow } from '../../src/connections/connections.ts';
import { marksOf } from '../../src/connections/marks.ts';
import { expectations, NO_PEER } from '../../src/flow/expected.ts';
import { rowsOfStream } from '../../src/flow/stream-rows.ts';
import { ANALYSIS_FLAGS, Analysis } from '../../src/flow/tcp-analysis.ts';
import { Complete, flows } from '../../src/flow/tcp-flows.ts';
import { replays } from '../../src/flow/tcp-replay.ts';
import { connectionDetail } from '../connections/whole.ts';
import { u32 } from '../protocols/network-packets.ts';
import { C, handshake, S, TestCapture } from './tcp-capture.ts';

const c = C + 1;
const s = S + 1;

function opened(): TestCapture {
  const capture = new TestCapture();
  handshake(capture);
  return capture;
}

describe('sequence analysis', () => {
  test('handshake segments carry their step', () => {
    const capture = opened();
    expect([0, 1, 2].map((r) => marksOf(capture, r).map((m) => m.text))).toEqual([['1/3'], ['2/3'], ['3/3']]);
  });

  test('octets sent again long after are a retransmission', () => {
    const capture = opened();
    capture.add({ at: 20, seq: c, ack: s, flags: 'PA', data: 100 });
    const again = capture.add({ at: 400, seq: c, ack: s, flags: 'PA', data: 100 });
    expect(capture.analysis(again)).toBe(Analysis.Retransmission);
    expect(capture.state(replays).at(again).rtoRow).toBe(again - 1);
  });

  test('octets that were acknowledged before are a spurious retransmission', () => {
    const capture = opened();
    capture.add({ at: 20, seq: c, ack: s, flags: 'PA', data: 100 });
    capture.add({ at: 30, server: true, seq: s, ack: c + 100, flags: 'A' });
    const again = capture.add({ at: 31, seq: c, ack: s, flags: 'PA', data: 100 });
    expect(capture.analysis(again)).toBe(Analysis.SpuriousRetransmission);
  });

  test('a repair after two duplicate ACKs is a fast retransmission, and duplicates are numbered', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s, ack: c, flags: 'A', data: 100 });
    capture.add({ at: 21, seq: c, ack: s + 100, flags: 'A' });
    const gap = capture.add({ at: 22, server: true, seq: s + 200, ack: c, flags: 'A', data: 100 });
    const first = capture.add({ at: 23, seq: c, ack: s + 100, flags: 'A' });
    const second = capture.add({ at: 24, seq: c, ack: s + 100, flags: 'A' });
    const repair = capture.add({ at: 26, server: true, seq: s + 100, ack: c, flags: 'A', data: 100 });
    expect(capture.analysis(gap)).toBe(Analysis.LostSegment);
    expect(capture.analysis(first)).toBe(Analysis.DuplicateAck);
    expect(marksOf(capture, second).map((m) => m.text)).toEqual(['Dup ACK 5#2']);
    expect(capture.analysis(repair)).toBe(Analysis.FastRetransmission);
  });

  test('a segment that arrives shortly after its successor is out of order', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s, ack: c, flags: 'A', data: 100 });
    capture.add({ at: 21, server: true, seq: s + 200, ack: c, flags: 'A', data: 100 });
    const late = capture.add({ at: 21.5, server: true, seq: s + 100, ack: c, flags: 'A', data: 100 });
    expect(capture.analysis(late)).toBe(Analysis.OutOfOrder);
  });

  test('an ACK for octets that were never seen says so', () => {
    const capture = opened();
    const row = capture.add({ at: 20, seq: c, ack: s + 500, flags: 'A' });
    expect(capture.analysis(row)).toBe(Analysis.AckLostSegment | Analysis.AcksUnseen);
  });

  test('octets behind a gap, and octets never seen, are each said to be acknowledged once', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s + 100, ack: c, flags: 'A', data: 100 });
    const said = [200, 300, 400, 500].map((k) => capture.add({ at: 21 + k, seq: c, ack: s + k, flags: 'A' }));
    expect(said.map((row) => (capture.analysis(row) & Analysis.AckLostSegment) !== 0)).toEqual([true, true, false, false]);
    // What the other side acknowledges meanwhile makes the next one worth saying.
    capture.add({ at: 600, seq: c, ack: s + 500, flags: 'A', data: 10 });
    capture.add({ at: 601, server: true, seq: s + 200, ack: c + 10, flags: 'A' });
    const again = capture.add({ at: 602, seq: c + 10, ack: s + 600, flags: 'A' });
    expect(capture.analysis(again) & Analysis.AckLostSegment).not.toBe(0);
  });

  test('a clock that goes back makes a repeated segment no segment out of order', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s, ack: c, flags: 'A', data: 100 });
    capture.add({ at: 21, server: true, seq: s + 200, ack: c, flags: 'A', data: 100 });
    const earlier = capture.add({ at: 19, server: true, seq: s + 100, ack: c, flags: 'A', data: 100 });
    expect(capture.analysis(earlier)).toBe(Analysis.Retransmission);
  });

  test('a segment shortly after its successor is out of order even if its FIN makes it end as far', () => {
    const capture = opened();
    capture.add({ at: 20, seq: c, ack: s, flags: 'A', data: 2 });
    const fin = capture.add({ at: 20.2, seq: c, ack: s, flags: 'FA', data: 2 });
    expect(capture.analysis(fin)).toBe(Analysis.OutOfOrder);
  });

  test('what the other side has acknowledged before it is seen counts as spurious', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s, ack: c + 15, flags: 'A' });
    const late = capture.add({ at: 21, seq: c, ack: s, flags: 'PA', data: 15 });
    expect(capture.analysis(late)).toBe(Analysis.SpuriousRetransmission);
  });

  test('one octet at a time is no probe as long as no window was offered', () => {
    const capture = new TestCapture();
    for (let k = 0; k < 4; k++) expect(capture.analysis(capture.add({ at: k, seq: c + k, ack: s, flags: 'PA', data: 1 }))).toBe(0);
  });

  test('a repair of what was asked for is a fast retransmission where segments of the other side were not captured', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s, ack: c, flags: 'PA', data: 100 });
    // Acknowledges what is not in the capture: duplicate ACKs may be missing too.
    capture.add({ at: 21, seq: c + 300, ack: s + 500, flags: 'PA', data: 100 });
    capture.add({ at: 22, server: true, seq: s + 100, ack: c, flags: 'A' });
    const repair = capture.add({ at: 25, seq: c, ack: s + 500, flags: 'PA', data: 50 });
    expect(capture.analysis(repair) & ANALYSIS_FLAGS).toBe(Analysis.FastRetransmission);
  });

  test('what a reset said of its number is forgotten when the SYN is sent again', () => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: C, flags: 'S' });
    capture.add({ at: 1, server: true, seq: 700_000, ack: 900_000, flags: 'A' });
    // The answer to an ACK that nobody expects (RFC 9293, section 3.5.2).
    capture.add({ at: 2, seq: 900_000, flags: 'R' });
    const again = capture.add({ at: 3000, seq: C, flags: 'S' });
    capture.add({ at: 3010, server: true, seq: S, ack: c, flags: 'SA' });
    capture.add({ at: 3011, seq: c, ack: s, flags: 'A' });
    const first = capture.add({ at: 3012, seq: c, ack: s, flags: 'PA', data: 10 });
    expect(capture.analysis(again) & ANALYSIS_FLAGS).toBe(Analysis.Retransmission);
    expect(capture.analysis(first) & ANALYSIS_FLAGS).toBe(0);
  });

  test('a segment with every flag takes no part in the handshake, but its reset and its FIN count', () => {
    const capture = opened();
    const table = capture.state(flows);
    capture.add({ at: 20, server: true, seq: S, ack: c, flags: 'SRFPAU' });
    expect(table.completeness[0]).toBe(Complete.Syn | Complete.SynAck | Complete.Ack | Complete.Fin | Complete.Rst);
  });

  test('a connection that was announced for one port of the peer counts its SYN if it comes from another', () => {
    const capture = opened();
    const table = capture.state(flows);
    const server = table.tuples.addr[1] as number;
    capture.state(expectations).expect(server, 7777, 1, 20);
    capture.state(expectations).expect(server, 7778, 1, NO_PEER);
    for (const [clientPort, serverPort] of [
      [20, 7777],
      [40000, 7777],
      [20, 7778],
    ] as const)
      capture.add({ clientPort, serverPort, seq: C, flags: 'S' });
    expect([1, 2, 3].map((stream) => table.completeness[stream])).toEqual([0, Complete.Syn, Complete.Syn]);
  });

  test('the SYN of a connection that another one announced does not count for its completeness, as in Wireshark', () => {
    const capture = opened();
    const table = capture.state(flows);
    capture.state(expectations).expect(table.tuples.addr[1] as number, 7777, 1);
    const to = { clientPort: 40000, serverPort: 7777 };
    capture.add({ ...to, at: 50, seq: C, flags: 'S' });
    capture.add({ ...to, at: 51, server: true, seq: S, ack: c, flags: 'SA' });
    const ack = capture.add({ ...to, at: 52, seq: c, ack: s, flags: 'A' });
    expect([table.completeness[0], table.completeness[1]]).toEqual([
      Complete.Syn | Complete.SynAck | Complete.Ack,
      Complete.SynAck | Complete.Ack,
    ]);
    expect(capture.state(replays).at(ack).completeness).toBe(Complete.SynAck);
  });

  test('a stream that was only told of has a number and a summary, but no rows', () => {
    const capture = opened();
    const table = capture.state(flows);
    const [client, server] = [table.tuples.addr[0] as number, table.tuples.addr[1] as number];
    expect(table.quote(2, client, 4000, server, 80)).toBe(1);
    expect(table.quote(2, server, 80, client, 4000)).toBe(1);
    expect([...rowsOfStream(capture, 1, 'tcp')]).toEqual([]);
    expect(connectionDetail(capture, 1, 1, 0, [], () => '').steps).toEqual([]);
    expect(connectionRow(capture, 1)).toMatchObject({ client: expect.stringMatching(/:4000$/), packetsClient: 0, durationMs: 0 });
    // Its first segment of its own goes into it.
    const syn = capture.add({ at: 50, seq: C, flags: 'S', clientPort: 4000, serverPort: 80 });
    expect(capture.stream(syn)).toBe(1);
    expect([...rowsOfStream(capture, 1, 'tcp')]).toEqual([syn]);
  });

  test('octets in flight run from the first unacknowledged one to the last, less those acknowledged selectively', () => {
    const capture = opened();
    const inFlight = (row: number) => capture.state(replays).at(row).bytesInFlight;
    for (let k = 0; k < 5; k++) capture.add({ at: 20 + k, server: true, seq: s + 100 * k, ack: c, flags: 'A', data: 100 });
    expect(inFlight(7)).toBe(500);
    // The last 200 arrived, the first 100 too; what is between is repeated.
    const sack = [1, 1, 5, 10, ...u32(s + 300), ...u32(s + 500)];
    capture.add({ at: 30, seq: c, ack: s + 100, flags: 'A', options: sack });
    const again = capture.add({ at: 300, server: true, seq: s + 100, ack: c, flags: 'A', data: 100 });
    expect(inFlight(again)).toBe(400 - 200);
    const further = capture.add({ at: 301, seq: c, ack: s + 200, flags: 'A' });
    expect(inFlight(further)).toBe(-1);
    expect(inFlight(capture.add({ at: 302, server: true, seq: s + 500, ack: c, flags: 'A', data: 10 }))).toBe(310);
  });

  test('the handshake time runs from the SYN to the first ACK without SYN, whichever its number', () => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: C, flags: 'S', data: 100 });
    capture.add({ at: 5, server: true, seq: S, ack: c + 100, flags: 'SA' });
    const ack = capture.add({ at: 8, seq: c + 100, ack: s, flags: 'A' });
    expect(capture.state(replays).at(ack).firstRtt).toBe(8_000_000);
  });

  test('keep-alive and its ACK are recognised', () => {
    const capture = opened();
    const probe = capture.add({ at: 5000, seq: c - 1, ack: s, flags: 'A' });
    capture.add({ at: 5001, server: true, seq: s, ack: c, flags: 'A' });
    const probe2 = capture.add({ at: 9000, seq: c - 1, ack: s, flags: 'A' });
    const answer = capture.add({ at: 9001, server: true, seq: s, ack: c, flags: 'A' });
    expect(capture.analysis(probe)).toBe(Analysis.KeepAlive);
    expect(capture.analysis(probe2)).toBe(Analysis.KeepAlive);
    expect(capture.analysis(answer)).toBe(Analysis.KeepAliveAck);
  });

  test('a zero window, its probe, the answer, and the opening are told apart', () => {
    const capture = opened();
    capture.add({ at: 20, server: true, seq: s, ack: c, flags: 'A', data: 100 });
    const zero = capture.add({ at: 21, seq: c, ack: s + 100, flags: 'A', window: 0 });
    const probe = capture.add({ at: 300, server: true, seq: s + 100, ack: c, flags: 'A', data: 1 });
    const refusal = capture.add({ at: 301, seq: c, ack: s + 100, flags: 'A', window: 0 });
    const open = capture.add({ at: 500, seq: c, ack: s + 100, flags: 'A', window: 800 });
    expect(capture.analysis(zero)).toBe(Analysis.ZeroWindow);
    expect(capture.analysis(probe)).toBe(Analysis.ZeroWindowProbe);
    expect(capture.analysis(refusal) & Analysis.ZeroWindowProbeAck).not.toBe(0);
    expect(marksOf(capture, open).map((m) => m.text)).toEqual(['Window open again']);
  });

  test('data up to the edge of the offered window fills it', () => {
    const capture = opened();
    const full = capture.add({ at: 20, server: true, seq: s, ack: c, flags: 'A', data: 1000 });
    expect(capture.analysis(full)).toBe(Analysis.WindowFull);
  });

  test('sequence numbers that wrap around are no trouble', () => {
    const capture = new TestCapture();
    const base = 0xffffff00;
    capture.add({ seq: base, flags: 'S' });
    capture.add({ server: true, seq: S, ack: base + 1, flags: 'SA' });
    capture.add({ seq: base + 1, ack: s, flags: 'A' });
    for (let k = 0; k < 5; k++) {
      const row = capture.add({ seq: base + 1 + k * 100, ack: s, flags: 'PA', data: 100 });
      expect(capture.analysis(row)).toBe(0);
    }
    const details = capture.state(replays).at(7);
    expect(details.bytesInFlight).toBe(500);
  });

  test('a SYN with other numbers on the same ports begins a new stream', () => {
    const capture = opened();
    const again = capture.add({ at: 90, seq: C + 70_000, flags: 'S' });
    expect(capture.stream(again)).toBe(1);
    expect(capture.analysis(again) & Analysis.ReusedPorts).not.toBe(0);
    expect([...rowsOfStream(capture, 0, 'tcp')]).toEqual([0, 1, 2]);
    expect([...rowsOfStream(capture, 1, 'tcp')]).toEqual([3]);
  });

  test('details are the same whether asked in order or backwards', () => {
    const capture = opened();
    for (let k = 0; k < 20; k++) capture.add({ at: 20 + k, server: true, seq: s + 10 * k, ack: c, flags: 'A', data: 10 });
    const forward = Array.from({ length: 23 }, (_, r) => ({ ...capture.state(replays).at(r) }));
    for (let r = 22; r >= 0; r--) expect({ ...capture.state(replays).at(r) }).toEqual(forward[r]);
  });
});
