/** Texts of the heads of HTTP/2, WebSocket and QUIC frames, which tshark 4.0 gives for the same octets. */
import { describe, expect, it } from 'vitest';
import type { Dissection } from '../../src/dissect/dissection.ts';
import type { FieldNode } from '../../src/messages.ts';
import { ascii } from './app-fixtures.ts';
import { join, u16, u32 } from './network-packets.ts';
import { overTcp, type Said, type Talk } from './talk.ts';

/** The fields named `abbrev` in the layers of `protocol`, wherever they stand. */
function nodes(d: Dissection, protocol: string, abbrev: string): FieldNode[] {
  const all: FieldNode[] = [];
  const look = (list: readonly FieldNode[]): void => {
    for (const node of list) {
      if (node.abbrev === abbrev) all.push(node);
      look(node.children);
    }
  };
  for (const layer of d.layers) if (layer.protocol === protocol) look(layer.fields);
  return all;
}

describe('the flags of an HTTP/2 frame', () => {
  const preface = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const frame = (type: number, flags: number, stream: number, body: readonly number[]): Uint8Array =>
    join([0], u16(body.length), [type, flags], u32(stream), body);
  const settings = frame(4, 0, 0, []);
  /** Text of the flags of one frame, and what stands below it. */
  function flags(type: number, bits: number, body: readonly number[]): [string, string[]] {
    const stream = [4, 6, 7].includes(type) ? 0 : 1;
    const d = overTcp(80, ['>', join(preface, settings)], ['>', frame(type, bits, stream, body)]).at(1);
    const [node] = nodes(d, 'http2', 'http2.flags');
    if (node === undefined) throw new Error(`no flags in type ${type}`);
    return [node.display, node.children.map(({ label, display }) => `${label}: ${display}`)];
  }
  const no = ['Padded: False', 'End Headers: False'];

  it('of DATA are the padding and the end of the stream', () => {
    expect(flags(0, 0, [1])).toEqual(['0x00', ['Unused: 0x00', 'Padded: False', 'End Stream: False']]);
    expect(flags(0, 0x09, [1, 7, 0])).toEqual(['0x09, Padded, End Stream', ['Unused: 0x00', 'Padded: True', 'End Stream: True']]);
    expect(flags(0, 0x44, [1])).toEqual(['0x44', ['Unused: 0x22', 'Padded: False', 'End Stream: False']]);
  });

  it('of HEADERS are four', () => {
    expect(flags(1, 0x2d, [1, 0, 0, 0, 1, 7, 0x82, 0])).toEqual([
      '0x2d, Priority, Padded, End Headers, End Stream',
      ['Unused: 0x00', 'Priority: True', 'Padded: True', 'End Headers: True', 'End Stream: True'],
    ]);
    expect(flags(1, 0x04, [0x82])).toEqual([
      '0x04, End Headers',
      ['Unused: 0x00', 'Priority: False', 'Padded: False', 'End Headers: True', 'End Stream: False'],
    ]);
    expect(flags(1, 0xd2, [0x82])[1]).toEqual([
      'Unused: 0x69',
      'Priority: False',
      'Padded: False',
      'End Headers: False',
      'End Stream: False',
    ]);
  });

  it('of SETTINGS and PING say that they answer', () => {
    expect(flags(4, 1, [])).toEqual(['0x01, ACK', ['Unused: 0x00', 'ACK: True']]);
    expect(flags(4, 0xfe, [])).toEqual(['0xfe', ['Unused: 0x7f', 'ACK: False']]);
    expect(flags(6, 1, [1, 2, 3, 4, 5, 6, 7, 8])).toEqual(['0x01, ACK', ['Unused: 0x00', 'ACK: True']]);
    expect(flags(6, 0x40, [1, 2, 3, 4, 5, 6, 7, 8])).toEqual(['0x40', ['Unused: 0x20', 'ACK: False']]);
  });

  it('of PUSH_PROMISE and CONTINUATION are the padding and the end of the headers', () => {
    expect(flags(5, 0x0c, [1, 0, 0, 0, 2, 0x82, 0])).toEqual([
      '0x0c, Padded, End Headers',
      ['Unused: 0x00', 'Padded: True', 'End Headers: True'],
    ]);
    expect(flags(5, 0xf3, [0, 0, 0, 2])).toEqual(['0xf3', ['Unused: 0xf3', ...no]]);
    expect(flags(9, 0x04, [0x82])).toEqual(['0x04, End Headers', ['Unused: 0x00', 'Padded: False', 'End Headers: True']]);
    expect(flags(9, 0x20, [0x82])).toEqual(['0x20', ['Unused: 0x20', ...no]]);
  });

  it('of the others are unused, whatever bits are set', () => {
    const bodies: [number, number[]][] = [
      [2, [0, 0, 0, 1, 2]],
      [3, [0, 0, 0, 8]],
      [7, [0, 0, 0, 0, 0, 0, 0, 0]],
      [8, [0, 0, 0, 1]],
    ];
    for (const [type, body] of bodies) {
      expect(flags(type, 0, body)).toEqual(['0x00', ['Unused: 0x00']]);
      expect(flags(type, 0xff, body)).toEqual(['0xff', ['Unused: 0xff']]);
    }
  });
});

describe('the length of a WebSocket frame', () => {
  const switching: Said[] = [
    ['>', 'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
    ['<', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
  ];
  const KEY = [1, 2, 3, 4];
  function frame(length: number, bits: 7 | 16 | 64, masked = false): Uint8Array {
    const bit = masked ? 0x80 : 0;
    const head = bits === 7 ? [bit | length] : bits === 16 ? [bit | 126, ...u16(length)] : [bit | 127, ...u32(0), ...u32(length)];
    return join([0x82], head, masked ? KEY : [], new Uint8Array(length).fill(0x41));
  }
  /** The frames in segments of at most 1,400 octets. */
  function sent(from: '>' | '<', ...frames: readonly Uint8Array[]): Talk {
    const segments: Said[] = [];
    for (const bytes of frames) for (let at = 0; at < bytes.length; at += 1400) segments.push([from, bytes.subarray(at, at + 1400)]);
    return overTcp(80, ...switching, ...segments);
  }
  const texts = (d: Dissection): (string | undefined)[] =>
    ['payload_length', 'payload_length_ext_16', 'payload_length_ext_64'].map(
      (name) => nodes(d, 'websocket', `websocket.${name}`)[0]?.display,
    );

  it.each([
    [7, 0, '0'],
    [7, 1, '1'],
    [7, 125, '125'],
    [16, 126, '126 Extended Payload Length (16 bits)'],
    [16, 65535, '126 Extended Payload Length (16 bits)'],
    // More octets than are needed, which RFC 6455 forbids to send: the length is what they say.
    [16, 5, '126 Extended Payload Length (16 bits)'],
    [64, 65536, '127 Extended Payload Length (64 bits)'],
    [64, 5, '127 Extended Payload Length (64 bits)'],
  ] as const)('of %i bits, %i octets, is said as it was sent, and the next frame begins behind it', (bits, length, text) => {
    for (const masked of [false, true]) {
      const talk = sent(masked ? '>' : '<', frame(length, bits, masked), frame(3, 7, masked));
      const all = talk.stacks.map((_, n) => talk.at(n)).filter((d) => d.protocolNames.includes('websocket'));
      const last = all.at(-1) as Dissection;
      const first = all[0] as Dissection;
      expect(texts(first)).toEqual([text, bits === 16 ? String(length) : undefined, bits === 64 ? String(length) : undefined]);
      expect(nodes(first, 'websocket', 'websocket.masking_key').map(({ display }) => display)).toEqual(masked ? ['01020304'] : []);
      expect(nodes(first, 'websocket', 'websocket.payload')[0]?.length).toBe(length === 0 ? undefined : length);
      expect(texts(last)).toEqual(['3', undefined, undefined]);
    }
  });

  it('that nobody can send is shown with what is there, and what comes next is not waited for', () => {
    for (const high of [0x80000000, 1]) {
      const endless = join([0x82, 127], u32(high), u32(3), ascii('abc'));
      const talk = overTcp(80, ...switching, ['<', endless], ['<', frame(3, 7)]);
      expect(talk.stacks.slice(2)).toEqual(['http:websocket:data', 'http:websocket:data']);
      expect(texts(talk.at(2))).toEqual(['127 Extended Payload Length (64 bits)', undefined, String(BigInt(high) * 2n ** 32n + 3n)]);
    }
  });
});
