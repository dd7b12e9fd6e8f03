import { describe, expect, test } from 'vitest';
import { Buf, Dissection } from '../../src/dissect/dissection.ts';
import { bytes } from '../../src/dissect/field.ts';
import { NEED_MORE, REJECT } from '../../src/dissect/framer.ts';
import { allProtocols, defineProtocol, type Protocol } from '../../src/dissect/protocol.ts';
import { tables } from '../../src/dissect/tables.ts';
import { messages } from '../../src/flow/messages.ts';
import { payloadPlan } from '../../src/flow/payload-plan.ts';
import { reassembler } from '../../src/flow/reassembly.ts';
import { rowsOfStream } from '../../src/flow/stream-rows.ts';
import { Analysis } from '../../src/flow/tcp-analysis.ts';
import { TcpFlows } from '../../src/flow/tcp-flows.ts';
import { httpPairs } from '../../src/protocols/http-pairs.ts';
import { tcp } from '../../src/protocols/tcp.ts';
import { CHUNK_MASK, RowFlag } from '../../src/table/packet-table.ts';
import { C, handshake, S, TestCapture } from './tcp-capture.ts';

const payload = bytes('lengthy.payload', 'Payload');

/** Messages of 'L', one length byte, and so many bytes; the length byte is only known from the second byte on. */
const lengthy: Protocol = defineProtocol({
  name: 'lengthy',
  short: 'LENGTHY',
  title: 'Length-prefixed messages',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [payload],
  accepts: (b, offset, end) => offset < end && b[offset] === 0x4c,
  framer: {
    feed(side, b, offset, end) {
      if (side.carryLength === 1) return finish(side, b[offset] as number, offset + 1, end);
      if (b[offset] !== 0x4c) return REJECT;
      if (end - offset < 2) return NEED_MORE;
      return finish(side, b[offset + 1] as number, offset + 2, end);
    },
  },
  dissect(d, b) {
    d.layer(lengthy, b).bytes(payload, b.offset, b.length);
  },
});

function finish(side: { need: number }, length: number, from: number, end: number): number {
  if (from + length <= end) return from + length;
  side.need = from + length - end;
  return NEED_MORE;
}

tables.tcpPort.bind(9999, lengthy);

/** Messages of 'L', two length bytes, one that means nothing, and so many bytes. */
const long: Protocol = defineProtocol({
  name: 'long',
  short: 'LONG',
  title: 'Long messages',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  framer: {
    feed: (side, b, offset, end) =>
      b[offset] === 0x4c && end - offset >= 4
        ? finish(side, ((b[offset + 1] as number) << 8) | (b[offset + 2] as number), offset + 4, end)
        : REJECT,
  },
  dissect(d, b) {
    d.layer(long, b);
  },
});
tables.tcpPort.bind(9996, long);

/** What index depth gave a framer that wants its messages whole. */
const heard: Uint8Array[] = [];
/** Messages of one length byte and so many bytes, wanted whole. */
const wanted: Protocol = defineProtocol({
  name: 'wanted',
  short: 'WANTED',
  title: 'Messages wanted whole',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  framer: {
    feed(side, b, offset, end) {
      side.keep = true;
      return finish(side, b[offset] as number, offset + 1, end);
    },
    content(_side, _w, b, offset, end) {
      heard.push(b.slice(offset, end));
    },
  },
  dissect(d, b) {
    d.layer(wanted, b);
  },
});
tables.tcpPort.bind(9997, wanted);

/** A message that lasts up to the close. */
const lasting: Protocol = defineProtocol({
  name: 'lasting',
  short: 'LASTING',
  title: 'Up to the close',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: [],
  framer: { feed: () => NEED_MORE, closes: () => true },
  dissect(d, b) {
    d.layer(lasting, b);
  },
});
tables.tcpPort.bind(9998, lasting);

const c = C + 1;
const s = S + 1;

function message(length: number): number[] {
  return [0x4c, length, ...Array.from({ length }, (_, k) => k & 0xff)];
}

function protocolsOf(capture: TestCapture, row: number): string {
  const stack = capture.packets.chunkOf(row).stack[row & CHUNK_MASK] as number;
  return capture.stacks
    .path(stack)
    .map((id) => allProtocols()[id]?.name)
    .join(':');
}

function dissected(capture: TestCapture, row: number): string[] {
  const d = new Dissection(capture, row);
  const frame = d.newBuf('Frame', capture.bytesOf(row));
  d.netSrc = capture.addresses.bytes(capture.packets.chunkOf(row).src[row & CHUNK_MASK] as number);
  d.netDst = capture.addresses.bytes(capture.packets.chunkOf(row).dst[row & CHUNK_MASK] as number);
  d.call(tcp, frame);
  expect(d.protocolNames).toBe(protocolsOf(capture, row));
  return d.layers.filter((l) => l.protocol === 'lengthy').map((l) => `${d.sources[l.source]?.name}:${l.length}`);
}

function send(capture: TestCapture, at: number, from: number, data: readonly number[]): number {
  return capture.add({ at, seq: c + from, ack: s, flags: 'PA', data: Uint8Array.from(data), window: 60000 });
}

function opened(): TestCapture {
  const capture = new TestCapture();
  handshake(capture);
  return capture;
}

describe('handing payload over', () => {
  test('whole messages in one segment are one call', () => {
    const capture = opened();
    const row = send(capture, 20, 0, [...message(3), ...message(4)]);
    expect(protocolsOf(capture, row)).toBe('tcp:lengthy');
    expect(dissected(capture, row)).toEqual(['Frame:11']);
    expect(capture.state(messages).size).toBe(0);
  });

  test('a message of known length is dissected where it ends, and the rest of that segment after it', () => {
    const capture = opened();
    const all = [...message(10), ...message(2)];
    const a = send(capture, 20, 0, all.slice(0, 5));
    const b = send(capture, 21, 5, all.slice(5));
    expect(protocolsOf(capture, a)).toBe('tcp');
    expect(protocolsOf(capture, b)).toBe('tcp:lengthy:lengthy');
    expect(dissected(capture, a)).toEqual([]);
    expect(dissected(capture, b)).toEqual(['Reassembled TCP:12', 'Frame:4']);
  });

  test('a message whose length was not known is joined with all of the next segment', () => {
    const capture = opened();
    const all = [...message(3), ...message(2)];
    send(capture, 20, 0, all.slice(0, 1));
    const b = send(capture, 21, 1, all.slice(1));
    expect(dissected(capture, b)).toEqual(['Reassembled TCP:9']);
  });

  test.each([
    ['of a known length', [5, 9]],
    ['of a length that is not known yet', [1, 9]],
  ])('a message %s that begins in a SYN goes on behind its sequence number (TCP Fast Open)', (_, cuts) => {
    const capture = new TestCapture();
    const all = message(10);
    const [first, second] = cuts as [number, number];
    const rows = [capture.add({ at: 0, seq: C, flags: 'S', data: Uint8Array.from(all.slice(0, first)) })];
    capture.add({ at: 10, server: true, seq: S, ack: c + first, flags: 'SA' });
    rows.push(send(capture, 11, first, all.slice(first, second)), send(capture, 12, second, all.slice(second)));
    expect(rows.map((row) => protocolsOf(capture, row))).toEqual(['tcp', 'tcp', 'tcp:lengthy']);
    const last = rows[2] as number;
    expect(dissected(capture, last)).toEqual(['Reassembled TCP:12']);
    const b = new Buf(capture.bytesOf(last), 0, 20, 20 + all.length - second, 20 + all.length - second);
    const plan = payloadPlan(capture, last, 0, 0, b);
    expect([...(plan.reassembled?.bytes ?? [])]).toEqual(all);
    expect(plan.reassembled?.parts.map((part) => part.row)).toEqual(rows);
  });

  test('a hole in a message of known length is filled by the segment that comes late', () => {
    const capture = opened();
    const all = message(90);
    const rows = [send(capture, 20, 0, all.slice(0, 30)), send(capture, 21, 60, all.slice(60))];
    capture.add({ at: 22, server: true, seq: s, ack: c + 30, flags: 'A' });
    capture.add({ at: 23, server: true, seq: s, ack: c + 30, flags: 'A' });
    capture.add({ at: 24, server: true, seq: s, ack: c + 30, flags: 'A' });
    rows.push(send(capture, 25, 30, all.slice(30, 60)));
    expect(rows.map((r) => protocolsOf(capture, r))).toEqual(['tcp', 'tcp', 'tcp:lengthy']);
    const d = dissected(capture, rows[2] as number);
    expect(d).toEqual(['Reassembled TCP:92']);
    const b = new Buf(capture.bytesOf(rows[2] as number), 0, 20, 50, 50);
    const plan = payloadPlan(capture, rows[2] as number, 0, 0, b);
    expect([...(plan.reassembled?.bytes ?? [])]).toEqual(all);
    expect(plan.reassembled?.parts.map((part) => part.row)).toEqual([rows[0], rows[2], rows[1]]);
  });

  test('a hole in a message is filled however many segments have come behind it', () => {
    const capture = opened();
    const all = message(200);
    send(capture, 20, 0, all.slice(0, 3));
    for (let from = 6; from < 202; from += 2) send(capture, 21, from, all.slice(from, from + 2));
    for (let k = 0; k < 3; k++) capture.add({ at: 22 + k, server: true, seq: s, ack: c + 3, flags: 'A' });
    const last = send(capture, 25, 3, all.slice(3, 6));
    expect(protocolsOf(capture, last)).toBe('tcp:lengthy');
    expect(dissected(capture, last)).toEqual(['Reassembled TCP:202']);
  });

  test('a fast retransmission of what is part of a whole message is shown to nobody', () => {
    const capture = opened();
    const all = message(20);
    send(capture, 20, 0, all.slice(0, 10));
    send(capture, 21, 10, all.slice(10));
    for (let k = 0; k < 4; k++) capture.add({ at: 22 + k, server: true, seq: s, ack: c + 10, flags: 'A' });
    const again = send(capture, 26, 10, all.slice(10));
    expect(capture.packets.chunkOf(again).analysis[again & CHUNK_MASK]).toBe(Analysis.FastRetransmission);
    expect(protocolsOf(capture, again)).toBe('tcp');
    dissected(capture, again);
  });

  test('the octet of a keep-alive is data of its own, but not behind a message over several segments, of which it is', () => {
    const capture = opened();
    const all = message(20);
    const probe = (at: number, next: number): string => {
      capture.add({ at: at - 1, server: true, seq: s, ack: c + next, flags: 'A' });
      const row = capture.add({ at, seq: c + next - 1, ack: s, flags: 'A', data: Uint8Array.of(0), window: 60000 });
      expect((capture.packets.chunkOf(row).analysis[row & CHUNK_MASK] as number) & Analysis.KeepAlive).toBe(Analysis.KeepAlive);
      dissected(capture, row);
      return protocolsOf(capture, row);
    };
    send(capture, 20, 0, message(4));
    expect(probe(30, 6)).toBe('tcp:data');
    send(capture, 40, 6, all.slice(0, 10));
    send(capture, 41, 16, all.slice(10));
    expect(probe(50, 28)).toBe('tcp');
    send(capture, 60, 28, message(4));
    expect(probe(70, 34)).toBe('tcp:data');
  });

  test('the bytes of a SYN come before those of the next segment', () => {
    const capture = new TestCapture();
    const all = message(20);
    capture.add({ at: 0, seq: C, flags: 'S', data: Uint8Array.from(all.slice(0, 8)), window: 60000 });
    capture.add({ at: 1, server: true, seq: S, ack: c + 8, flags: 'SA', window: 60000 });
    const row = send(capture, 2, 8, all.slice(8));
    expect(protocolsOf(capture, row)).toBe('tcp:lengthy');
    expect(dissected(capture, row)).toEqual(['Reassembled TCP:22']);
  });

  test.each([
    ['a FIN', 'FA', '', 'tcp:lasting', 'tcp'],
    ['a reset with a FIN', 'RFA', '', 'tcp:lasting', 'tcp'],
    ['a reset with a FIN that says why', 'RFA', 'no', 'tcp', 'tcp'],
    ['a reset alone', 'RA', '', 'tcp', 'tcp'],
  ])('a message that lasts up to the close, and %s', (_, flags, why, last, before) => {
    const capture = new TestCapture();
    handshake(capture, 0, 9998);
    const data = (text: string) => Uint8Array.from(text, (x) => x.charCodeAt(0));
    const a = capture.add({ at: 20, seq: c, ack: s, flags: 'PA', data: data('abc'), serverPort: 9998 });
    const b = capture.add({ at: 21, seq: c + 3, ack: s, flags, data: data(why), serverPort: 9998 });
    expect([protocolsOf(capture, a), protocolsOf(capture, b)]).toEqual([before, last]);
    dissected(capture, a);
    dissected(capture, b);
  });

  describe('of two segments with other bytes for the same numbers the first counts', () => {
    /** Each segment: where in the 30 bytes it begins, and its bytes. The last one is in order, and hands the message over. */
    const cases: readonly [string, readonly (readonly [number, string])[], string, string][] = [
      [
        'the same again',
        [
          [0, 'a'.repeat(10)],
          [0, 'b'.repeat(10)],
          [10, 'c'.repeat(20)],
        ],
        'aaaaaaaaaacccccccccccccccccccc',
        '0- 10-',
      ],
      [
        'in order, partly',
        [
          [0, 'a'.repeat(10)],
          [5, 'b'.repeat(10)],
          [15, 'c'.repeat(15)],
        ],
        'aaaaaaaaaabbbbbccccccccccccccc',
        '0- 5! 15-',
      ],
      [
        'in order, partly, with the same bytes',
        [
          [0, 'a'.repeat(10)],
          [5, 'aaaaabbbbb'],
          [15, 'c'.repeat(15)],
        ],
        'aaaaaaaaaabbbbbccccccccccccccc',
        '0- 5= 15-',
      ],
      [
        'one that begins before what is there',
        [
          [0, 'a'.repeat(10)],
          [10, 'c'.repeat(10)],
          [5, 'd'.repeat(10)],
          [20, 'e'.repeat(10)],
        ],
        'aaaaaaaaaacccccccccceeeeeeeeee',
        '0- 5! 10! 20-',
      ],
      [
        'over two that came out of order',
        [
          [0, 'a'.repeat(10)],
          [12, 'cccc'],
          [18, 'dddd'],
          [10, 'b'.repeat(14)],
          [24, 'eeeeee'],
        ],
        'aaaaaaaaaabbccccbbddddbbeeeeee',
        '0- 10- 12! 18! 24-',
      ],
    ];
    test.each(cases)('%s', (_, segments, whole, overlaps) => {
      heard.length = 0;
      const capture = new TestCapture();
      handshake(capture, 0, 9997);
      const add = (at: number, seq: number, bytes: number[]) =>
        capture.add({ at, seq: c + seq, ack: s, flags: 'PA', data: Uint8Array.from(bytes), window: 60000, serverPort: 9997 });
      add(20, 0, [31, 0x40]);
      const rows = segments.map(([from, text], k) =>
        add(
          21 + k,
          2 + from,
          [...text].map((x) => x.charCodeAt(0)),
        ),
      );
      const last = rows.at(-1) as number;
      for (const row of rows) dissected(capture, row);
      expect(protocolsOf(capture, last)).toBe('tcp:wanted');
      const { length } = capture.bytesOf(last);
      const { reassembled } = payloadPlan(capture, last, 0, 0, new Buf(capture.bytesOf(last), 0, 20, length, length));
      const text = (bytes: Uint8Array | undefined) => String.fromCharCode(...(bytes ?? []).slice(2));
      expect(text(reassembled?.bytes)).toBe(whole);
      expect(text(heard.at(-1))).toBe(whole);
      const signs = { none: '-', same: '=', conflict: '!' };
      expect(
        reassembled?.parts
          .slice(1)
          .map((part) => `${part.offset - 2}${signs[part.overlap]}`)
          .join(' '),
      ).toBe(overlaps);
    });

    test('a segment after a gap is a message of its own, and does not change the one before', () => {
      const capture = opened();
      const all = message(30);
      send(capture, 20, 0, all.slice(0, 10));
      const beyond = send(capture, 21, 40, message(5));
      const a = send(capture, 22, 40, [0x4c, 5, 9, 9, 9, 9, 9]);
      expect([protocolsOf(capture, beyond), protocolsOf(capture, a)]).toEqual(['tcp:lengthy', 'tcp']);
    });
  });

  test('what was sent again is not dissected again', () => {
    const capture = opened();
    send(capture, 20, 0, message(5));
    const again = send(capture, 900, 0, message(5));
    expect(protocolsOf(capture, again)).toBe('tcp');
    expect(dissected(capture, again)).toEqual([]);
  });

  test('after a gap the next segment begins anew', () => {
    const capture = opened();
    send(capture, 20, 0, message(50).slice(0, 1));
    const row = send(capture, 21, 100, message(5));
    expect(protocolsOf(capture, row)).toBe('tcp:lengthy');
  });

  test('a message has all that comes up to its end, however many of its segments were lost', () => {
    const capture = opened();
    const length = 4 * 1024;
    const ends = 4 + length;
    /** A segment of the stream of a protocol with long messages. */
    const sendLong = (from: number, data: readonly number[]): number =>
      capture.add({ seq: c + from, ack: s, flags: 'PA', data: Uint8Array.from(data), window: 60000, serverPort: 9996 });
    sendLong(0, [0x4c, length >> 8, length & 0xff, 0, 1]);
    const rows = Array.from({ length: 40 }, (_, k) => sendLong(7 + 2 * k, [1]));
    expect([...new Set(rows.map((row) => protocolsOf(capture, row)))]).toEqual(['tcp']);
    expect(capture.state(reassembler).notes).toEqual([]);
    const more = Array.from({ length: 1000 }, (_, k) => sendLong(100 + 4 * k, [0x4c]));
    expect([...new Set(more.map((row) => protocolsOf(capture, row)))]).toEqual(['tcp']);
    expect(capture.state(reassembler).notes).toEqual([
      '1 message over TCP was not put together: too many segments were lost or overtaken.',
    ]);
    expect(protocolsOf(capture, sendLong(ends, [0x4c, 0, 1, 0, 1]))).toBe('tcp:long');
  });

  test('what the protocol does not accept is data', () => {
    const capture = opened();
    const row = send(capture, 20, 0, [1, 2, 3]);
    expect(protocolsOf(capture, row)).toBe('tcp:data');
  });

  test('a segment of which not all was captured goes to its protocol as it is', () => {
    const capture = opened();
    const row = capture.add({ at: 20, seq: c, ack: s, flags: 'PA', data: Uint8Array.from(message(50)), cut: 20 });
    expect(protocolsOf(capture, row)).toBe('tcp:lengthy');
  });
});

test('random segments never throw, and both depths name the same protocols', () => {
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 0x100000000) * below);
  };
  const capture = new TestCapture();
  const letters = ['S', 'SA', 'A', 'PA', 'FA', 'R', 'RA', '', 'FPU', 'SF'];
  for (let k = 0; k < 4000; k++) {
    const length = random(3) === 0 ? 0 : random(60);
    const data = Uint8Array.from({ length }, () => (random(4) === 0 ? 0x4c : random(30)));
    capture.add({
      at: k * random(5),
      server: random(2) === 0,
      seq: (random(20) === 0 ? random(0x7fffffff) : 0xfffffff0 + random(400)) >>> 0,
      ack: random(4) === 0 ? random(0x7fffffff) : random(400),
      flags: letters[random(letters.length)] as string,
      data,
      window: random(3) * 100,
      clientPort: 50000 + random(3),
      options: random(6) === 0 ? Array.from({ length: random(20) }, () => random(256)) : [],
      cut: random(15) === 0 ? random(80) : 0,
    });
  }
  for (let row = 0; row < 4000; row++) dissected(capture, row);
  const table = new TcpFlows(capture.packets);
  expect(table.size).toBe(0);
  let rows = 0;
  const streams = 1 + Math.max(...Array.from({ length: 4000 }, (_, r) => (capture.stream(r) === 0xffffffff ? 0 : capture.stream(r))));
  for (let stream = 0; stream < streams; stream++) rows += rowsOfStream(capture, stream, 'tcp').length;
  const inStreams = Array.from({ length: 4000 }, (_, r) => capture.stream(r)).filter((x) => x !== 0xffffffff).length;
  expect(rows).toBe(inStreams);
});

// As in tshark 4.0: whose response was lost is not known, and the newest request is the likeliest.
test.each([
  ['at the beginning of its direction', 0],
  ['in the middle of it', 1],
])('a response that was lost whole %s is not that of the requests behind it', (_where, before) => {
  const capture = new TestCapture();
  capture.add({ serverPort: 80, seq: C, flags: 'S' });
  capture.add({ serverPort: 80, server: true, seq: S, ack: C + 1, flags: 'SA' });
  const words = (text: string): Uint8Array => new TextEncoder().encode(text);
  const ask = words('GET / HTTP/1.1\r\n\r\n');
  const reply = words('HTTP/1.1 204 No Content\r\n\r\n');
  let seq = C + 1;
  let ack = S + 1;
  const request = (): number => {
    const row = capture.add({ serverPort: 80, seq, ack, flags: 'PA', data: ask });
    seq += ask.length;
    return row;
  };
  const response = (): number => {
    const row = capture.add({ serverPort: 80, server: true, seq: ack, ack: seq, flags: 'PA', data: reply });
    ack += reply.length;
    return row;
  };
  for (let k = 0; k < before; k++) {
    request();
    response();
  }
  request();
  // Not captured, but acknowledged with the next request.
  ack += 500;
  const asked = [request(), 0];
  const answered = [response(), 0];
  asked[1] = request();
  answered[1] = response();
  const pairs = capture.state(httpPairs);
  const answers = new Map(Array.from({ length: pairs.length }, (_, k) => [pairs.requestRow[k], pairs.responseRow[k]]));
  expect(asked.map((row) => answers.get(row))).toEqual(answered);
});

describe('what is held of streams', () => {
  const words = (text: string): Uint8Array => new TextEncoder().encode(text);
  /** A connection with one exchange, closed by both ends unless `open` says who does not. Gives the numbers behind it. */
  const exchange = (capture: TestCapture, clientPort: number, body: string, open: 'client' | 'server' | null = null): [number, number] => {
    const ports = { clientPort, serverPort: 80 };
    const ask = words('GET / HTTP/1.1\r\n\r\n');
    const reply = words(body);
    const seq = C + 1 + ask.length;
    const ack = S + 1 + reply.length;
    capture.add({ ...ports, seq: C, flags: 'S' });
    capture.add({ ...ports, server: true, seq: S, ack: C + 1, flags: 'SA' });
    capture.add({ ...ports, seq: C + 1, ack: S + 1, flags: 'PA', data: ask });
    capture.add({ ...ports, server: true, seq: S + 1, ack: seq, flags: 'PA', data: reply });
    if (open !== 'server') capture.add({ ...ports, server: true, seq: ack, ack: seq, flags: 'FA' });
    if (open !== 'client') capture.add({ ...ports, seq, ack: ack + 1, flags: 'FA' });
    return [seq, ack];
  };
  const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

  test('is nothing once both ends have closed and all messages are whole', () => {
    const capture = new TestCapture();
    for (let port = 1024; port < 1124; port++) exchange(capture, port, whole);
    // A body that goes on until the close.
    exchange(capture, 2000, 'HTTP/1.1 200 OK\r\n\r\nuntil the end');
    expect(capture.state(reassembler).streams).toBe(0);
    const pairs = capture.state(httpPairs);
    expect(pairs.length).toBe(101);
    expect([...pairs.responseRow.subarray(0, 101)].every((row) => row < capture.packets.length)).toBe(true);
  });

  test('is what goes on: one end has not closed, a message is not whole, a tunnel', () => {
    const capture = new TestCapture();
    exchange(capture, 1024, whole, 'client');
    exchange(capture, 1025, whole, 'server');
    exchange(capture, 1026, 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok');
    exchange(capture, 1027, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n');
    expect(capture.state(reassembler).streams).toBe(4);
  });

  test('is nothing after a reset, unless an answer may be on its way', () => {
    const capture = new TestCapture();
    const [seq, ack] = exchange(capture, 1024, whole, 'client');
    capture.add({ clientPort: 1024, serverPort: 80, seq, ack: ack + 1, flags: 'RA' });
    expect(capture.state(reassembler).streams).toBe(0);
    const ports = { clientPort: 1025, serverPort: 80 };
    const ask = words('GET / HTTP/1.1\r\n\r\n');
    capture.add({ ...ports, seq: C, flags: 'S' });
    capture.add({ ...ports, server: true, seq: S, ack: C + 1, flags: 'SA' });
    const asked = capture.add({ ...ports, seq: C + 1, ack: S + 1, flags: 'PA', data: ask });
    capture.add({ ...ports, seq: C + 1 + ask.length, flags: 'R' });
    expect(capture.state(reassembler).streams).toBe(1);
    const answered = capture.add({ ...ports, server: true, seq: S + 1, ack: C + 1 + ask.length, flags: 'PA', data: words(whole) });
    const pairs = capture.state(httpPairs);
    expect([pairs.requestRow[1], pairs.responseRow[1]]).toEqual([asked, answered]);
  });

  test('begins anew with what comes after all, and what comes again is not shown twice', () => {
    const capture = new TestCapture();
    const [seq, ack] = exchange(capture, 1024, whole);
    const ports = { clientPort: 1024, serverPort: 80 };
    const again = capture.add({ ...ports, server: true, seq: ack - whole.length, ack: seq + 1, flags: 'PA', data: words(whole) });
    expect(capture.packets.chunkOf(again).flags[again & CHUNK_MASK]).toSatisfy((flags: number) => (flags & RowFlag.PayloadSkipped) !== 0);
    expect(capture.state(reassembler).streams).toBe(0);
    capture.add({ ...ports, server: true, seq: ack + 1, ack: seq + 1, flags: 'PA', data: words(whole) });
    expect(capture.state(reassembler).streams).toBe(1);
  });
});
