/** What captures made to cost more than they weigh are built from. */
import type { Frame, FrameList } from './memory-capture.ts';
import { cat, eth, ip4, tcp, udp } from './packets.ts';

/** Whether the server says it, and what. */
export type Said = readonly [server: boolean, bytes: Uint8Array | string];

export const EMPTY = new Uint8Array(0);

/** So many Ethernet frames, a millisecond apart. */
export function listOf(name: string, count: number, frame: (i: number) => Uint8Array): FrameList {
  const frames: Frame[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = frame(i);
    frames.push({ bytes, wireLength: bytes.length, sec: 1_700_000_000 + Math.floor(i / 1000), nsec: (i % 1000) * 1_000_000 });
  }
  return { name, linkType: 1, frames };
}

/** One connection to `port`: a handshake, and then what is said, a segment for each, until there are so many packets. */
export function connection(name: string, n: number, port: number, talk: (i: number) => Said): FrameList {
  const next = [1, 1];
  return listOf(name, n, (i) => {
    const said: Said = i === 0 ? [false, EMPTY] : i === 1 ? [true, EMPTY] : i === 2 ? [false, EMPTY] : talk(i - 3);
    const flags = [0x02, 0x12, 0x10][i] ?? 0x18;
    const [server, payload] = said;
    const me = server ? 1 : 0;
    const body = cat(payload);
    const ack = i === 0 ? 0 : (next[1 - me] as number);
    const segment = server
      ? tcp(port, 40_000, next[me] as number, ack, flags, body)
      : tcp(40_000, port, next[me] as number, ack, flags, body);
    next[me] = (next[me] as number) + body.length + (i < 2 ? 1 : 0);
    return eth(0x800, ip4(6, segment, { back: server, id: i & 0xffff }));
  });
}

/** Datagrams from one host to a port. */
export const datagrams = (name: string, n: number, port: number, message: (i: number) => Uint8Array | string): FrameList =>
  listOf(name, n, (i) => eth(0x800, ip4(17, udp(5000, port, message(i)), { id: i & 0xffff })));

/** Made when it is first wanted. */
export const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
/** `part`, so many times. */
export const times = (count: number, part: Uint8Array | string): Uint8Array => {
  const one = cat(part);
  const out = new Uint8Array(count * one.length);
  for (let i = 0; i < count; i++) out.set(one, i * one.length);
  return out;
};
