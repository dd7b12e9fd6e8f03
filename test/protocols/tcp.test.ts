import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Buf, Dissection } from '../../src/dissect/dissection.ts';
import { ANALYSIS_FLAGS } from '../../src/flow/tcp-analysis.ts';
import type { FieldNode, LayerNode } from '../../src/messages.ts';
import { tcp } from '../../src/protocols/tcp.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../../src/table/packet-table.ts';
import { C, handshake, S, segmentBytes, TestCapture } from '../flow/tcp-capture.ts';
import { printFields, readAll } from '../golden/table.ts';
import { eth, faultsWhenCut, ip4 } from './network-packets.ts';

/** Full depth of a segment that the capture has as `row`. */
function dissected(capture: TestCapture, row: number): Dissection {
  const bytes = capture.bytesOf(row);
  const d = new Dissection(capture, row);
  const chunk = capture.packets.chunkOf(row);
  const at = row & CHUNK_MASK;
  d.netSrc = capture.addresses.bytes(chunk.src[at] as number);
  d.netDst = capture.addresses.bytes(chunk.dst[at] as number);
  d.source('Frame', bytes);
  d.call(tcp, new Buf(bytes, 0, 0, bytes.length, chunk.wireLen[at] as number));
  return d;
}

function layerOf(d: Dissection): LayerNode {
  const layer = d.layers.find((l) => l.protocol === 'tcp');
  if (layer === undefined) throw new Error('no TCP layer');
  return layer;
}

function all(nodes: readonly FieldNode[]): FieldNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children)]);
}

function values(d: Dissection, abbrev: string): unknown[] {
  return all(layerOf(d).fields)
    .filter((node) => node.abbrev === abbrev)
    .map((node) => node.value);
}

/** A SYN with these option bytes, alone in its capture. */
function syn(options: readonly number[]): Dissection {
  const capture = new TestCapture();
  return dissected(capture, capture.add({ seq: C, flags: 'S', options }));
}

describe('a TCP header', () => {
  test('is taken apart field by field', () => {
    const capture = new TestCapture();
    handshake(capture);
    const row = capture.add({ seq: C + 1, ack: S + 1, flags: 'PA', data: 10, window: 501 });
    const d = dissected(capture, row);
    const facts: readonly (readonly [string, unknown])[] = [
      ['tcp.srcport', 50000],
      ['tcp.dstport', 9999],
      ['tcp.stream', 0],
      ['tcp.seq', 1],
      ['tcp.seq_raw', C + 1],
      ['tcp.ack', 1],
      ['tcp.ack_raw', S + 1],
      ['tcp.nxtseq', 11],
      ['tcp.len', 10],
      ['tcp.hdr_len', 20],
      ['tcp.flags', 0x018],
      ['tcp.window_size_value', 501],
      ['tcp.window_size', 501],
    ];
    for (const [abbrev, value] of facts) expect([abbrev, values(d, abbrev)]).toEqual([abbrev, [value]]);
    expect(layerOf(d).status).toBe('whole');
    expect(layerOf(d).headerLength).toBe(20);
    expect(d.columns.info).toContain('[PSH, ACK] Seq=1 Ack=1 Win=501 Len=10');
  });

  test('of a reset has a cause instead of a payload', () => {
    const capture = new TestCapture();
    handshake(capture);
    const d = dissected(capture, capture.add({ seq: C + 1, ack: S + 1, flags: 'RA', data: new TextEncoder().encode('go away') }));
    expect(values(d, 'tcp.reset_cause')).toEqual(['go away']);
    expect(values(d, 'tcp.payload')).toEqual([]);
    expect(values(d, 'tcp.len')).toEqual([7]);
  });

  test('scales windows by what both ends offered, but not those of the handshake itself', () => {
    const capture = new TestCapture();
    const scale = (shift: number) => [1, 3, 3, shift];
    const first = capture.add({ seq: C, flags: 'S', window: 1000, options: scale(7) });
    capture.add({ server: true, seq: S, ack: C + 1, flags: 'SA', window: 2000, options: scale(2) });
    const last = capture.add({ seq: C + 1, ack: S + 1, flags: 'A', window: 10 });
    expect(values(dissected(capture, first), 'tcp.window_size')).toEqual([1000]);
    expect(values(dissected(capture, last), 'tcp.window_size')).toEqual([1280]);
    expect(values(dissected(capture, last), 'tcp.window_size_scalefactor')).toEqual([128]);
  });

  test('scales no window if the SYN/ACK does not offer to, although the SYN came twice', () => {
    const capture = new TestCapture();
    const first = capture.add({ seq: C, flags: 'S', window: 1000, options: [1, 3, 3, 7] });
    capture.add({ server: true, seq: S, ack: C + 1, flags: 'SA', window: 2000 });
    capture.add({ seq: C, flags: 'S', window: 1000, options: [1, 3, 3, 7] });
    capture.add({ server: true, seq: S, ack: C + 1, flags: 'SA', window: 2000 });
    const last = capture.add({ seq: C + 1, ack: S + 1, flags: 'A', window: 10 });
    expect([first, last].map((row) => values(dissected(capture, row), 'tcp.window_size')[0])).toEqual([1000, 10]);
    expect(values(dissected(capture, last), 'tcp.window_size_scalefactor')).toEqual([-2]);
  });

  test('scales a window before the SYN/ACK only for a reader that knows the whole capture', () => {
    const capture = new TestCapture();
    capture.add({ seq: C, flags: 'S', options: [1, 3, 3, 7] });
    const reset = capture.add({ server: true, seq: S, ack: C + 1, flags: 'RA', window: 100 });
    capture.add({ server: true, seq: S, ack: C + 1, flags: 'SA', options: [1, 3, 3, 2] });
    expect(values(dissected(capture, reset), 'tcp.window_size')).toEqual([400]);
    capture.onePass = true;
    expect(values(dissected(capture, reset), 'tcp.window_size')).toEqual([100]);
  });

  test('keeps sequence numbers on the way over 2^32', () => {
    const capture = new TestCapture();
    const base = 0xfffffff0;
    capture.add({ seq: base, flags: 'S' });
    capture.add({ server: true, seq: 0x80000000, ack: base + 1, flags: 'SA' });
    const before = capture.add({ seq: base + 1, ack: 0x80000001, flags: 'PA', data: 100 });
    const after = capture.add({ seq: (base + 101) >>> 0, ack: 0x80000001, flags: 'PA', data: 5 });
    const reply = capture.add({ server: true, seq: 0x80000001, ack: (base + 106) >>> 0, flags: 'A' });
    expect([before, after].map((row) => values(dissected(capture, row), 'tcp.seq')[0])).toEqual([1, 101]);
    expect(values(dissected(capture, reply), 'tcp.ack')).toEqual([106]);
    expect([before, after, reply].map((row) => capture.analysis(row) & ANALYSIS_FLAGS)).toEqual([0, 0, 0]);
  });
});

describe('a TCP header that is broken', () => {
  const whole = segmentBytes({ seq: C, ack: S, flags: 'PA', data: 12, options: [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2] });

  test('cut at any byte never throws, stays in the list, and says that it is short', () => {
    for (let length = 0; length < whole.length; length++) {
      const capture = new TestCapture();
      const row = capture.addBytes(whole, 0, false, whole.length - length);
      const d = dissected(capture, row);
      const header = 32;
      expect([length, layerOf(d).status]).toEqual([length, length < header ? 'short' : 'whole']);
      const flags = capture.packets.chunkOf(row).flags[row] as number;
      expect([length, (flags & RowFlag.Short) !== 0]).toEqual([length, length < header]);
      for (const node of all(layerOf(d).fields)) expect(node.offset + node.length).toBeLessThanOrEqual(length);
    }
  });

  test.each([
    ['a header', whole],
    ['a header that claims to be too short', Uint8Array.from(whole, (octet, at) => (at === 12 ? 0x40 : octet))],
    ['multipath options', segmentBytes({ seq: C, flags: 'S', options: [2, 4, 5, 0xb4, 30, 12, 0, 0x81, 1, 2, 3, 4, 5, 6, 7, 8, 3, 3, 7] })],
  ])('cut at any byte in its frame tells the same at both depths: %s', (_what, segment) => {
    expect(faultsWhenCut(eth(0x0800, ip4(segment, { proto: 6 })))).toEqual([]);
  });

  /** The first `length` octets of a segment that follows a handshake; `claimed`: what is cut off was on the wire. */
  function cutBehindHandshake(length: number, claimed: boolean): { capture: TestCapture; row: number; d: Dissection } {
    const capture = new TestCapture();
    handshake(capture);
    const segment = segmentBytes({ seq: C + 1, ack: S + 1, flags: 'PA', data: 12, options: [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2] });
    const row = claimed
      ? capture.addBytes(segment, 5, false, segment.length - length)
      : capture.addBytes(segment.slice(0, length), 5, false);
    return { capture, row, d: dissected(capture, row) };
  }
  const seen = ['tcp.stream', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.window_size_value', 'tcp.checksum'];

  // Seen in tshark 4.0.
  test('belongs to its stream from the window on, though checksum and urgent pointer were not captured', () => {
    const { capture, row, d } = cutBehindHandshake(16, true);
    expect(seen.map((field) => values(d, field))).toEqual([[0], [1], [1], [12], [1000], []]);
    expect([capture.stream(row), layerOf(d).status]).toEqual([0, 'short']);
    expect(values(cutBehindHandshake(18, true).d, 'tcp.checksum')).toHaveLength(1);
    expect(seen.map((field) => values(cutBehindHandshake(15, true).d, field))).toEqual([[], [], [], [], [], []]);
  });

  // Seen in tshark 4.0.
  test('belongs to its stream, with the numbers that were sent, where it ends behind the window', () => {
    const { capture, row, d } = cutBehindHandshake(16, false);
    expect(seen.map((field) => values(d, field))).toEqual([[0], [C + 1], [S + 1], [], [1000], []]);
    expect(values(d, 'tcp.short_segment')).toHaveLength(1);
    expect([capture.stream(row), layerOf(d).status]).toEqual([0, 'malformed']);
  });

  // Seen in tshark 4.0: of its kind, its length and each of its numbers what is there.
  test.each([true, false])('shows of its options what is there (captured in part: %s)', (claimed) => {
    const options = ['tcp.option_kind', 'tcp.option_len', 'tcp.options.timestamp.tsval', 'tcp.options.timestamp.tsecr'];
    const at = (length: number): unknown[] => options.map((field) => values(cutBehindHandshake(length, claimed).d, field));
    expect(at(20)).toEqual([[], [], [], []]);
    expect(at(21)).toEqual([[1], [], [], []]);
    expect(at(23)).toEqual([[1, 1], [], [], []]);
    expect(at(24)).toEqual([[1, 1, 8], [10], [], []]);
    expect(at(27)).toEqual([[1, 1, 8], [10], [], []]);
    expect(at(28)).toEqual([[1, 1, 8], [10], [1], []]);
    expect(at(31)).toEqual([[1, 1, 8], [10], [1], []]);
    const { d } = cutBehindHandshake(31, claimed);
    expect(values(d, 'tcp.time_delta')).toHaveLength(1);
    expect(d.columns.info).not.toContain('TSval');
  });

  // Seen in tshark 4.0: the window scale that stands before the cut counts.
  test('has its window scale read as far as the options go', () => {
    const capture = new TestCapture();
    const open = segmentBytes({ seq: C, flags: 'S', options: [3, 3, 7, 2, 4, 5, 0xb4] });
    capture.addBytes(open.slice(0, 23), 0, false);
    capture.add({ at: 1, server: true, seq: S, ack: C + 1, flags: 'SA', options: [3, 3, 2] });
    expect(values(dissected(capture, capture.add({ at: 2, seq: C + 1, ack: S + 1, flags: 'A' })), 'tcp.window_size')).toEqual([128_000]);
  });

  // Seen in tshark 4.0. A snapshot length of 68 octets, tcpdump's for years, leaves the window scale of every SYN out.
  test('that is cut before its window scale leaves it unknown, not unused', () => {
    const capture = new TestCapture();
    const options = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7];
    const factor = (row: number): unknown[] =>
      ['tcp.window_size', 'tcp.window_size_scalefactor'].flatMap((field) => values(dissected(capture, row), field));
    capture.add({ seq: C, flags: 'S', options, cut: 6 });
    capture.add({ at: 1, server: true, seq: S, ack: C + 1, flags: 'SA', options, cut: 6 });
    const first = capture.add({ at: 2, seq: C + 1, ack: S + 1, flags: 'A', window: 100 });
    const second = capture.add({ at: 3, server: true, seq: S + 1, ack: C + 1, flags: 'A', data: 100, window: 200 });
    expect([factor(first), factor(second)]).toEqual([
      [100, -1],
      [200, -1],
    ]);
    // Not full: nobody knows how large the window is.
    expect(capture.analysis(second)).toBe(0);
  });

  // Seen in tshark 4.0.
  test('that is cut before its window scale leaves that of the other side as it is', () => {
    const capture = new TestCapture();
    const options = [2, 4, 5, 0xb4, 1, 3, 3, 7];
    capture.add({ seq: C, flags: 'S', options, cut: 3 });
    capture.add({ at: 1, server: true, seq: S, ack: C + 1, flags: 'SA', options });
    const rows = [
      capture.add({ at: 2, seq: C + 1, ack: S + 1, flags: 'A' }),
      capture.add({ at: 3, server: true, seq: S + 1, ack: C + 1, flags: 'A' }),
    ];
    expect(rows.map((row) => values(dissected(capture, row), 'tcp.window_size')[0])).toEqual([1000, 128_000]);
  });

  test('is malformed where the bytes were not even on the wire', () => {
    for (let length = 0; length < 20; length++) {
      const capture = new TestCapture();
      const row = capture.addBytes(whole.slice(0, length), 0, false);
      expect([length, layerOf(dissected(capture, row)).status]).toEqual([length, 'malformed']);
      expect((capture.packets.chunkOf(row).flags[row] as number) & RowFlag.Malformed).not.toBe(0);
    }
  });

  test.each([0, 4, 16])('says that a header of %i bytes is too short, and shows no payload', (claimed) => {
    const bytes = segmentBytes({ seq: C, flags: 'A', ack: S, data: 30 });
    bytes[12] = (claimed / 4) << 4;
    const capture = new TestCapture();
    const d = dissected(capture, capture.addBytes(bytes, 0, false));
    expect(values(d, 'tcp.hdr_len')).toEqual([claimed]);
    expect(values(d, 'tcp.options')).toEqual([]);
    expect(values(d, 'tcp.payload')).toEqual([]);
    expect(d.columns.info).toContain(`bogus TCP header length (${claimed}, must be at least 20)`);
  });

  test('says that a header is longer than what there is', () => {
    const bytes = segmentBytes({ seq: C, flags: 'A', ack: S, data: 4 });
    bytes[12] = 0xf0;
    const capture = new TestCapture();
    const row = capture.addBytes(bytes, 0, false);
    const d = dissected(capture, row);
    expect(values(d, 'tcp.short_segment')).toHaveLength(1);
    expect(d.layers.at(-1)?.status).toBe('malformed');
    expect(capture.packets.chunkOf(row).payload[row]).toBe(0);
    expect(capture.stream(row)).not.toBe(NONE);
    // Its numbers are those that were sent, and it has no length.
    expect(['tcp.seq', 'tcp.ack', 'tcp.len'].map((field) => values(d, field))).toEqual([[C], [S], []]);
    // The payload is where it says that its options are.
    expect(values(d, 'tcp.option_kind')).toEqual([]);
  });
});

describe('TCP options', () => {
  test('of every common kind are read', () => {
    const d = syn([2, 4, 0x05, 0xb4, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0x10, 0, 0, 0, 0, 9, 1]);
    expect(values(d, 'tcp.option_kind')).toEqual([2, 3, 4, 8, 1]);
    expect(values(d, 'tcp.options.mss_val')).toEqual([1460]);
    expect(values(d, 'tcp.options.wscale.shift')).toEqual([7]);
    expect(values(d, 'tcp.options.timestamp.tsval')).toEqual([4096]);
    expect(values(d, 'tcp.options.timestamp.tsecr')).toEqual([9]);
    expect(layerOf(d).status).toBe('whole');
  });

  test('with selective acknowledgements give every edge', () => {
    const capture = new TestCapture();
    handshake(capture);
    const edge = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
    const options = [1, 1, 5, 18, ...edge(S + 101), ...edge(S + 201), ...edge(S + 301), ...edge(S + 401)];
    const d = dissected(capture, capture.add({ seq: C + 1, ack: S + 1, flags: 'A', options }));
    expect(values(d, 'tcp.options.sack_le')).toEqual([101, 301]);
    expect(values(d, 'tcp.options.sack_re')).toEqual([201, 401]);
  });

  test('of a kind that nobody knows keep their number', () => {
    const d = syn([200, 4, 1, 2]);
    expect(values(d, 'tcp.option_kind')).toEqual([200]);
    expect(layerOf(d).status).toBe('whole');
  });

  test.each([
    ['no length', [1, 1, 1, 2]],
    ['a length of 0', [2, 0, 0, 0]],
    ['a length of 1', [3, 1, 7, 0]],
    ['a length beyond the header', [8, 40, 0, 0]],
    ['the wrong length for its kind', [2, 3, 5, 0]],
  ])('with %s end neither the run nor the header', (_, options) => {
    const d = syn(options);
    expect(values(d, 'tcp.hdr_len')).toEqual([24]);
    expect(values(d, 'tcp.srcport')).toEqual([50000]);
  });

  test('of random bytes never throw and never reach outside the header', () => {
    let x = 12345;
    for (let round = 0; round < 400; round++) {
      const options = Array.from({ length: 40 }, () => {
        x = (Math.imul(x, 1103515245) + 12345) >>> 0;
        // Small numbers more often than not, so that kinds and lengths make sense now and then.
        return (x >>> 16) % ((x & 0x100) === 0 ? 12 : 256);
      });
      const d = syn(options);
      for (const node of all(layerOf(d).fields)) expect(node.offset + node.length).toBeLessThanOrEqual(60);
    }
  });
});

test('the first FIN of a connection begins its end, the other answers', async () => {
  const read = await readAll(path.join(import.meta.dirname, '../fixtures/tcp-loss.pcap'));
  if (read === null) throw new Error('the fixture cannot be read');
  const fields = ['tcp.flags.fin', 'tcp.stream', 'tcp.connection.fin_active', 'tcp.connection.fin_passive'];
  const closing = printFields(read.capture, fields).filter((line) => line.startsWith('1\t0\t'));
  expect(closing).toEqual(['1\t0\t1\t', '1\t0\t\t1']);
  await read.reader.close();
});
