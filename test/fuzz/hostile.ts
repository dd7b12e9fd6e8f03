/** Captures made to cost more than they weigh, of any size. */
import type { Frame, FrameList } from './memory-capture.ts';
import { cat, eth, ip4, tcp, u16, u32, udp } from './packets.ts';

function list(name: string, count: number, frame: (i: number) => Uint8Array): FrameList {
  const frames: Frame[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = frame(i);
    frames.push({ bytes, wireLength: bytes.length, sec: 1_700_000_000 + Math.floor(i / 1000), nsec: (i % 1000) * 1_000_000 });
  }
  return { name, linkType: 1, frames };
}

const segment = (seq: number, payload: string | Uint8Array, port: number): Uint8Array =>
  eth(0x800, ip4(6, tcp(40_000, port, seq, 1, 0x18, payload)));

/** Fragments of one datagram that never has its first byte. */
export const endlessFragments = (n: number): FrameList =>
  list('endless fragments', n, (i) => eth(0x800, ip4(17, new Uint8Array(8), { id: 9, fragment: 0x2000 | (1 + (i % 8000)) })));

/** Fragments of as many datagrams, none of which is ever whole. */
export const loneFragments = (n: number): FrameList =>
  list('lone fragments', n, (i) => {
    const frame = eth(0x800, ip4(17, new Uint8Array(1024), { id: i & 0xffff, fragment: 0x2000 }));
    frame.set([10, 1, (i >> 16) & 0xff, 1], 26);
    return frame;
  });

/** As many connections that nobody answers. */
export const synFlood = (n: number): FrameList =>
  list('SYN flood', n, (i) => {
    const frame = eth(0x800, ip4(6, tcp(1024 + (i % 60_000), 80, i, 0, 2)));
    frame.set([10, 1, Math.floor(i / 60_000) & 0xff, 1], 26);
    return frame;
  });

/** One-byte segments from the last to the first. */
export const backwards = (n: number): FrameList => list('backwards', n, (i) => segment(10 + 2 * (n - i), 'x', 80));

/** One-byte segments with a hole after each, on a connection that waits for a body of known length. */
export const holes = (n: number): FrameList =>
  list('holes', n, (i) =>
    i === 0 ? segment(1, 'POST / HTTP/1.1\r\nContent-Length: 900000000\r\n\r\n', 80) : segment(1000 + 2 * i, 'x', 80),
  );

/** A header block that does not end. */
export const endlessHeader = (n: number): FrameList =>
  list('endless header', n, (i) => (i === 0 ? segment(1, 'GET / HTTP/1.1\r\n', 80) : segment(17 + 4 * (i - 1), 'a:b\n', 80)));

/** A body in chunks of one byte, a chunk to a segment; whole at the end. */
export const tinyChunks = (n: number): FrameList => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n';
  return list('tiny chunks', n, (i) =>
    i === 0 ? segment(1, head, 80) : segment(1 + head.length + 6 * (i - 1), i === n - 1 ? '0\r\n\r\n' : '1\r\nx\r\n', 80),
  );
};

/** Answers whose names are chains of pointers, each pointing at the one before. */
export const pointerChains = (n: number): FrameList => {
  const answers = 700;
  const chain: number[] = [];
  // Question: one label and a long chain of pointers in it, the last of which the answers point to.
  for (let i = 0; i < 250; i++) chain.push(...u16(0xc000 | (i === 0 ? 12 : 14 + 2 * (i - 1))));
  const head = cat(u16(1), u16(0x8180), u16(1), u16(answers), u16(0), u16(0), [0, 0], chain, u16(1), u16(1));
  const answer = cat(u16(0xc000 | (14 + 2 * 249)), u16(1), u16(1), u32(60), u16(4), [1, 2, 3, 4]);
  const message = cat(head, ...Array.from({ length: answers }, () => answer));
  return list('pointer chains', n, () => eth(0x800, ip4(17, udp(53, 5000, message))));
};

/** Packets of so many IP headers in each other. */
export const nestedTunnels = (n: number, depth = 100): FrameList => {
  let inner = udp(1, 2, 'x');
  for (let i = 0; i < depth; i++) inner = ip4(i === 0 ? 17 : 4, inner);
  return list('nested tunnels', n, () => eth(0x800, inner));
};

/** DNS messages over TCP whose length never fits what follows, a byte to a segment. */
export const slowDns = (n: number): FrameList => list('slow DNS', n, (i) => segment(1 + i, Uint8Array.of(i % 2 === 0 ? 0xff : 0x00), 53));

/** TLS records cut into bytes. */
export const slowTls = (n: number): FrameList =>
  list('slow TLS', n, (i) => segment(1 + i, Uint8Array.of([0x16, 3, 1, 0x3f, 0xff, 1][i % 6] as number), 443));

/** An array of strings of RESP, a byte to a segment. */
export const slowArray = (n: number): FrameList =>
  list('slow array', n, (i) =>
    i === 0 ? segment(1, '*1000000\r\n', 6379) : segment(10 + i, Uint8Array.of('$1\r\nx\r\n'.charCodeAt((i - 1) % 7)), 6379),
  );
