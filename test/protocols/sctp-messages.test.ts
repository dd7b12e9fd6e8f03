/** Messages of SCTP in several DATA or I-DATA chunks, as tshark 4.0 puts them together. */
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import '../../src/protocols/index.ts';
import { be16, be32, text } from './every-cut.ts';
import { captureOf, eth, indexedStack, ip4, valuesOf } from './network-packets.ts';

const padded = (bytes: readonly number[]): number[] => [...bytes, ...new Array(-bytes.length & 3).fill(0)];
const chunk = (type: number, flags: number, ...value: readonly (readonly number[])[]): number[] =>
  padded([type, flags, ...be16(4 + value.flat().length), ...value.flat()]);
const DIAMETER = 46;
const FIRST = 2;
const MIDDLE = 0;
const LAST = 1;
const UNORDERED = 4;

interface To {
  readonly src?: number;
  readonly dst?: number;
  readonly tag?: number;
}
const packet = ({ src = 6000, dst = 6001, tag = 7 }: To, ...chunks: readonly (readonly number[])[]): Uint8Array =>
  eth(0x0800, ip4([...be16(src), ...be16(dst), ...be32(tag), ...be32(0), ...chunks.flat()], { proto: 132 }));
const data = (flags: number, tsn: number, bytes: readonly number[], { stream = 1, order = 0, identifier = DIAMETER } = {}): number[] =>
  chunk(0, flags, be32(tsn), be16(stream), be16(order), be32(identifier), bytes);
/** The first fragment has an identifier where the others have their number. */
const interleaved = (flags: number, tsn: number, number: number, bytes: readonly number[], { stream = 1, message = 0 } = {}): number[] =>
  chunk(64, flags, be32(tsn), be16(stream), be16(0), be32(message), be32((flags & FIRST) !== 0 ? DIAMETER : number), bytes);

/** A Diameter message with the host that sends it. */
function message(host: string): number[] {
  const name = text(host);
  const avp = padded([...be32(264), ...be32(0x40000000 | (8 + name.length)), ...name]);
  return [...be32(0x01000000 | (20 + avp.length)), ...be32(0x80000118), ...be32(0), ...be32(1), ...be32(1), ...avp];
}
const one = message('one.example.com');
const [a, b, c] = [one.slice(0, 20), one.slice(20, 33), one.slice(33)] as const;
const two = message('two.example.org');

/** Protocols above SCTP of each packet at both depths, which must agree. */
function stacks(capture: Capture): string[] {
  expect(capture.firstBug).toBe('');
  return Array.from({ length: capture.packets.length }, (_, row) => {
    const full = dissectPacket(capture, row).protocolNames;
    expect(indexedStack(capture, row)).toBe(full);
    return full.replace(/^eth:ethertype:ip:sctp:?/, '');
  });
}
const above = (...frames: readonly Uint8Array[]): string[] => stacks(captureOf(frames));
const of = (...chunks: readonly (readonly number[])[]): Uint8Array => packet({}, ...chunks);

/** Octets of Ethernet, IPv4 and SCTP. */
const HEADERS = 14 + 20 + 12;

describe('a message in several DATA chunks', () => {
  it('is dissected in the packet that has its last part, and tells where the others are', () => {
    const capture = captureOf([of(data(FIRST, 10, a)), of(data(MIDDLE, 11, b)), of(data(LAST, 12, c))]);
    expect(stacks(capture)).toEqual(['', '', 'diameter']);
    const values = valuesOf(dissectPacket(capture, 2));
    expect(values.get('diameter.Origin-Host')).toEqual(['one.example.com']);
    expect(values.get('sctp.fragment')).toEqual(['1', '2', '3']);
    expect(values.has('sctp.reassembled_in')).toBe(false);
    expect(valuesOf(dissectPacket(capture, 0)).get('sctp.reassembled_in')).toEqual(['3']);
  });

  it('may come in one packet, and with others', () => {
    expect(above(of(data(FIRST, 1, a), data(MIDDLE, 2, b), data(LAST, 3, c)))).toEqual(['diameter']);
    const between = of(data(LAST, 5, [...b, ...c]), data(3, 6, two, { order: 1 }), data(FIRST, 7, a, { order: 2 }));
    expect(above(of(data(FIRST, 4, a)), between, of(data(LAST, 8, [...b, ...c], { order: 2 })))).toEqual([
      '',
      'diameter:diameter',
      'diameter',
    ]);
  });

  it('may come in any order', () => {
    const parts = [data(FIRST, 10, a), data(MIDDLE, 11, b), data(LAST, 12, c)];
    for (const order of [
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const capture = captureOf(order.map((k) => of(parts[k] as number[])));
      expect(stacks(capture)).toEqual(['', '', 'diameter']);
      expect(valuesOf(dissectPacket(capture, 2)).get('sctp.fragment')).toEqual([0, 1, 2].map((k) => String(order.indexOf(k) + 1)));
    }
  });

  it('may count over the largest number', () => {
    expect(above(of(data(FIRST, 0xffffffff, a)), of(data(MIDDLE, 0, b)), of(data(LAST, 1, c)))).toEqual(['', '', 'diameter']);
  });

  it('is not whole with a part missing, or of another stream, message or association', () => {
    const rest = [...b, ...c];
    const first = of(data(FIRST, 10, a, { order: 3 }));
    for (const other of [
      of(data(LAST, 12, rest, { order: 3 })),
      of(data(LAST, 11, rest, { order: 4 })),
      of(data(LAST, 11, rest, { order: 3, stream: 2 })),
      of(data(LAST | UNORDERED, 11, rest, { order: 3 })),
      packet({ tag: 8 }, data(LAST, 11, rest, { order: 3 })),
      packet({ src: 6002 }, data(LAST, 11, rest, { order: 3 })),
      of(interleaved(LAST, 11, 11, rest, { message: 3 })),
    ])
      expect(above(first, other)).toEqual(['', '']);
    // A new beginning, and a first and a last part that are no neighbours of each other.
    expect(above(first, of(data(FIRST, 11, a, { order: 4 })), of(data(LAST, 12, rest, { order: 4 })))).toEqual(['', '', 'diameter']);
    expect(above(first, of(data(LAST, 12, c, { order: 3 })), of(data(LAST, 11, rest, { order: 3 })))).toEqual(['', '', 'diameter']);
  });

  it('that is not ordered has no number of a message', () => {
    const parts = [data(FIRST | UNORDERED, 5, a, { order: 9 }), data(LAST | UNORDERED, 6, [...b, ...c], { order: 8 })] as const;
    expect(above(of(parts[0]), of(parts[1]))).toEqual(['', 'diameter']);
  });

  it('is not put together again when its parts are sent again; what came first counts', () => {
    const parts = [of(data(FIRST, 10, a)), of(data(LAST, 11, [...b, ...c]))] as const;
    expect(above(parts[0], parts[0], parts[1], parts[0], parts[1], parts[1])).toEqual(['', '', 'diameter', '', '', '']);
    const capture = captureOf([parts[0], of(data(FIRST, 10, two.slice(0, 20))), parts[1]]);
    expect(stacks(capture)).toEqual(['', '', 'diameter']);
    expect(valuesOf(dissectPacket(capture, 2)).get('sctp.fragment')).toEqual(['1', '3']);
    expect(above(of(data(FIRST, 1, a), data(FIRST, 1, a), data(LAST, 2, [...b, ...c]), data(LAST, 2, c)))).toEqual(['diameter']);
  });

  it('is what the ports say where its identifier says nothing, and data where they do not', () => {
    const unknown = { identifier: 0 };
    const parts = (to: To) => [packet(to, data(FIRST, 1, a, unknown)), packet(to, data(LAST, 2, [...b, ...c], unknown))];
    expect(above(...parts({}))).toEqual(['', 'data']);
    expect(above(...parts({ dst: 3868 }))).toEqual(['', 'diameter']);
    // No version of Diameter.
    expect(above(of(data(FIRST, 1, [2, ...a.slice(1)])), of(data(LAST, 2, c)))).toEqual(['', 'data']);
    expect(above(of(data(3, 1, [2, ...one.slice(1)])))).toEqual(['data']);
  });

  it('is none where a part is cut off', () => {
    const last = of(data(LAST, 11, [...b, ...c]));
    for (let cut = 1; cut < last.length - HEADERS; cut++) {
      const capture = captureOf([of(data(FIRST, 10, a)), { bytes: last.subarray(0, -cut), wireLength: last.length }]);
      // The padding may lack.
      const isThere = cut <= (-(b.length + c.length) & 3);
      expect(stacks(capture)[1]).toBe(isThere ? 'diameter' : '');
    }
  });

  it('is put together in fragments of IP, too', () => {
    const whole = [...be16(6000), ...be16(6001), ...be32(7), ...be32(0), ...data(FIRST, 10, a), ...data(MIDDLE, 11, b)];
    const pieces = [
      eth(0x0800, ip4(whole.slice(0, 40), { proto: 132, fragment: 0x2000 })),
      eth(0x0800, ip4(whole.slice(40), { proto: 132, fragment: 5 })),
    ];
    const capture = captureOf([...pieces, of(data(LAST, 12, c))]);
    expect(stacks(capture)).toEqual(['eth:ethertype:ip:data', '', 'diameter']);
    expect(valuesOf(dissectPacket(capture, 2)).get('diameter.Origin-Host')).toEqual(['one.example.com']);
  });
});

describe('a message in several I-DATA chunks', () => {
  it('is put together by the numbers of its fragments, whatever comes in between', () => {
    const rest = [...b, ...c];
    const capture = captureOf([
      of(interleaved(FIRST, 100, 0, a, { message: 2 })),
      of(interleaved(FIRST, 101, 0, two.slice(0, 24), { stream: 2, message: 2 })),
      of(interleaved(LAST, 102, 1, rest, { message: 2 })),
      of(interleaved(LAST, 103, 1, two.slice(24), { stream: 2, message: 2 })),
    ]);
    expect(stacks(capture)).toEqual(['', '', 'diameter', 'diameter']);
    expect([2, 3].map((row) => valuesOf(dissectPacket(capture, row)).get('diameter.Origin-Host'))).toEqual([
      ['one.example.com'],
      ['two.example.org'],
    ]);
    expect(valuesOf(dissectPacket(capture, 3)).get('sctp.fragment')).toEqual(['2', '4']);
  });

  it('may come in any order, has what its first fragment says, and is told from one that is not ordered', () => {
    expect(above(of(interleaved(LAST, 3, 2, c)), of(interleaved(FIRST, 1, 0, a)), of(interleaved(MIDDLE, 2, 1, b)))).toEqual([
      '',
      '',
      'diameter',
    ]);
    const ordered = [interleaved(FIRST, 1, 0, a), interleaved(LAST, 3, 1, [...b, ...c])] as const;
    const others = [interleaved(FIRST | UNORDERED, 2, 0, two.slice(0, 24)), interleaved(LAST | UNORDERED, 4, 1, two.slice(24))] as const;
    expect(above(of(ordered[0]), of(others[0]), of(others[1]), of(ordered[1]))).toEqual(['', '', 'diameter', 'diameter']);
  });
});

describe('parts of messages', () => {
  it('that wait are given up when very many octets of later ones wait, and not before', () => {
    const first = of(data(FIRST, 10, a));
    const last = of(data(LAST, 11, [...b, ...c]));
    const some = packet({ tag: 9 }, data(FIRST, 0, new Array(60_000).fill(1)));
    const waiting = (count: number): Uint8Array[] =>
      Array.from({ length: count }, (_, n) => {
        const frame = Uint8Array.from(some);
        // The sequence number: no two are neighbours.
        frame[HEADERS + 6] = n >> 6;
        frame[HEADERS + 7] = (n << 2) & 0xff;
        return frame;
      });
    const lastStack = (count: number): string => {
      const capture = captureOf([first, ...waiting(count), last]);
      expect(dissectPacket(capture, count + 1).protocolNames).toBe(indexedStack(capture, count + 1));
      return indexedStack(capture, count + 1);
    };
    expect(lastStack(500)).toBe('eth:ethertype:ip:sctp:diameter');
    expect(lastStack(600)).toBe('eth:ethertype:ip:sctp');
  });

  it('are put together in time that grows with their number', () => {
    const count = 20_000;
    const frames = Array.from({ length: count }, (_, n) => {
      const flags = n === 0 ? FIRST : n === count - 1 ? LAST : MIDDLE;
      return of(data(flags, n, [n & 0xff, n >> 8], { identifier: 0 }));
    });
    // From the end on: each comes before the run that it belongs to.
    const capture = captureOf(frames.reverse());
    expect(capture.firstBug).toBe('');
    expect(indexedStack(capture, count - 1)).toBe('eth:ethertype:ip:sctp:data');
    const d = dissectPacket(capture, count - 1);
    expect(d.sources.at(-1)?.bytes.length).toBe(2 * count);
    expect(d.sources.at(-1)?.bytes.subarray(0, 4)).toEqual(Uint8Array.of(0, 0, 1, 0));
  });

  it('make nobody throw, whatever octet of them is turned around', () => {
    const frames = [
      of(data(FIRST, 10, a)),
      of(data(MIDDLE, 11, b), interleaved(FIRST, 12, 0, a)),
      of(data(LAST, 12, c), interleaved(LAST, 13, 1, c)),
    ];
    frames.forEach((frame, k) => {
      for (let at = 34; at < frame.length; at++) {
        const turned = Uint8Array.from(frame);
        turned[at] = (frame[at] as number) ^ 0xff;
        stacks(captureOf(frames.with(k, turned)));
      }
    });
  });
});
