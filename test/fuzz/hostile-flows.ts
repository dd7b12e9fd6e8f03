/** Captures made to cost more than they weigh: streams, segments, fragments, addresses. Each of any number of packets. */
import type { Frame, FrameList } from './memory-capture.ts';
import { cat, eth, ip4, ip6, tcp, u16, u32, udp } from './packets.ts';

function listOf(name: string, count: number, frame: (i: number) => Uint8Array, time = (i: number): number => i): FrameList {
  const frames: Frame[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = frame(i);
    const at = time(i);
    frames.push({
      bytes,
      wireLength: bytes.length,
      sec: 1_700_000_000 + Math.floor(at / 1000),
      nsec: (((at % 1000) + 1000) % 1000) * 1_000_000,
    });
  }
  return { name, linkType: 1, frames };
}

const segment = (seq: number, payload: string | Uint8Array, port: number, flags = 0x18, ack = 1): Uint8Array =>
  eth(0x800, ip4(6, tcp(40_000, port, seq, ack, flags, payload)));
const back = (seq: number, ack: number, options: number[] = [], flags = 0x10): Uint8Array =>
  eth(0x800, ip4(6, tcp(9999, 40_000, seq, ack, flags, [], options), { back: true }));

/** Segments with a hole after each, on a connection of an unknown protocol. */
export const unknownHoles = (n: number): FrameList => listOf('unknown holes', n, (i) => segment(1 + 3 * i, 'x', 9999));
/** Segments out of order: the hole before them is never filled, each comes before the last one. */
export const neverFilled = (n: number): FrameList =>
  listOf('never filled', n, (i) =>
    i === 0 ? segment(1, 'GET / HTTP/1.1\r\nA: b', 80) : segment(100 + 1400 * ((i * 7919) % n), 'x'.repeat(100), 80),
  );
/** Segments that begin one byte after the one before. */
export const overlapping = (n: number): FrameList => listOf('overlapping segments', n, (i) => segment(1 + i, 'x'.repeat(1000), 9999));
export const overlappingHttp = (n: number): FrameList =>
  listOf('overlapping HTTP', n, (i) =>
    segment(1 + i, i === 0 ? 'POST / HTTP/1.1\r\nContent-Length: 900000000\r\n\r\n' : 'x'.repeat(1000), 80),
  );
/** The same segment again and again; acknowledgments of nothing new, with SACK blocks. */
export const resent = (n: number): FrameList => listOf('resent', n, () => segment(1, 'x'.repeat(1000), 9999));
export const duplicateAcks = (n: number): FrameList =>
  listOf('duplicate ACKs', n, (i) =>
    i % 2 === 0
      ? segment(1 + 700 * i, 'x'.repeat(700), 9999)
      : back(1, 1, [1, 1, 5, 34, ...Array.from({ length: 4 }, (_, k) => [...u32(1 + 700 * (i - k)), ...u32(701 + 700 * (i - k))]).flat()]),
  );
/** Data that is never acknowledged. */
export const unacknowledged = (n: number): FrameList => listOf('unacknowledged', n, (i) => segment(1 + i, 'x', 9999));
/** SYN and FIN of one pair of ports, over and over. */
export const reused = (n: number): FrameList =>
  listOf('reused ports', n, (i) => (i % 2 === 0 ? segment(1000 * i, '', 9999, 0x02, 0) : segment(1000 * (i - 1) + 1, '', 9999, 0x11)));
export const synsOnly = (n: number): FrameList => listOf('SYNs of one pair', n, (i) => segment(7 * i, '', 9999, 0x02, 0));
/** Zero windows and probes. */
export const probes = (n: number): FrameList => listOf('probes', n, (i) => (i % 2 === 0 ? segment(1, 'x', 9999) : back(1, 1, [])));

/** Fragments of one datagram that overlap all others; that are the same; in order from the last. */
export const overlappingFragments = (n: number): FrameList =>
  listOf('overlapping fragments', n, (i) => eth(0x800, ip4(17, new Uint8Array(1400), { id: 9, fragment: 0x2000 | (1 + (i % 7000)) })));
export const sameFragments = (n: number): FrameList =>
  listOf('same fragments', n, () => eth(0x800, ip4(17, new Uint8Array(1400), { id: 9, fragment: 0x2001 })));
export const backwardFragments = (n: number): FrameList =>
  listOf('backward fragments', n, (i) => eth(0x800, ip4(17, new Uint8Array(8), { id: 9, fragment: 0x2000 | (8000 - (i % 8000)) })));
export const fragments6 = (n: number): FrameList =>
  listOf('IPv6 fragments', n, (i) => eth(0x86dd, ip6(44, cat([17, 0], u16((8 * (1 + (i % 8000))) | 1), u32(i >> 3), new Uint8Array(8)))));
/** Datagrams in two fragments that are completed again and again by the same second one. */
export const completedAgain = (n: number): FrameList =>
  listOf('completed again', n, (i) =>
    eth(
      0x800,
      ip4(17, udp(1, 2, 'x'.repeat(24)).subarray(i % 2 === 0 ? 0 : 16, i % 2 === 0 ? 16 : 32), {
        id: 9,
        fragment: i % 2 === 0 ? 0x2000 : 2,
      }),
    ),
  );
/** Fragments in a tunnel of fragments. */
export const fragmentsInFragments = (n: number): FrameList => {
  const inner = ip4(17, new Uint8Array(64), { id: 7, fragment: 0x2000 });
  return listOf('fragments in fragments', n, (i) =>
    eth(0x800, ip4(4, i % 2 === 0 ? inner.subarray(0, 40) : inner.subarray(40), { id: i >> 1, fragment: i % 2 === 0 ? 0x2000 : 5 })),
  );
};

/** A datagram for each of many streams; errors about as many connections. */
export const manyUdp = (n: number): FrameList =>
  listOf('many UDP streams', n, (i) => {
    const bytes = eth(0x800, ip4(17, udp(1024 + (i % 60_000), 9999, 'x')));
    bytes.set([10, 1, Math.floor(i / 60_000), 1], 26);
    return bytes;
  });
export const manyErrors = (n: number): FrameList =>
  listOf('many ICMP errors', n, (i) =>
    eth(0x800, ip4(1, cat([3, 3, 0, 0, 0, 0, 0, 0], ip4(6, tcp(i % 65_536, Math.floor(i / 65_536), 1, 1, 2))))),
  );
/** Pings that nobody answers, with one number; answers that nobody asked for. */
export const pings = (n: number): FrameList => listOf('pings', n, () => eth(0x800, ip4(1, [8, 0, 0, 0, 0, 1, 0, 1])));
export const replies = (n: number): FrameList => listOf('replies', n, (i) => eth(0x800, ip4(1, cat([0, 0, 0, 0], u32(i)), { back: true })));
/** One hardware address for many IP addresses, and many for one. */
export const arpFlood = (n: number): FrameList =>
  listOf('ARP flood', n, (i) =>
    eth(0x806, cat([0, 1, 8, 0, 6, 4, 0, 2], [2, 0, 0, 0, 0, i % 2], u32(0x0a000000 + (i >> 1)), [2, 0, 0, 0, 0, 9], u32(1))),
  );
export const arpFight = (n: number): FrameList =>
  listOf('ARP fight', n, (i) => eth(0x806, cat([0, 1, 8, 0, 6, 4, 0, 2, 2, 0], u32(i), u32(0x0a000001), [2, 0, 0, 0, 0, 9], u32(1))));
/** Time that runs backwards; that jumps. */
export const backwardsInTime = (n: number): FrameList =>
  listOf(
    'backwards in time',
    n,
    (i) => segment(1 + i, 'x', 9999),
    (i) => -i,
  );
export const jumpsInTime = (n: number): FrameList =>
  listOf(
    'jumps in time',
    n,
    (i) => segment(1 + i, 'x', 9999),
    (i) => (i % 2 === 0 ? 0 : 1e12),
  );
/** Packets of which nothing was captured. */
export const nothingCaptured = (n: number): FrameList => {
  const list = listOf('nothing captured', n, () => new Uint8Array(0));
  return { ...list, frames: list.frames.map((frame) => ({ ...frame, wireLength: 0xffff_ffff })) };
};
