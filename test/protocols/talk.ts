/** Conversations as captures: what two programs say to each other, in TCP segments or UDP datagrams. */

import type { Dissection } from '../../src/dissect/dissection.ts';
import type { Capture } from '../../src/engine/capture.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, eth, IP_A, IP_B, indexedStack, ip4, join, u16, u32 } from './network-packets.ts';

/** What is said: from the client ('>') or the server ('<'). */
export type Said = readonly ['>' | '<', string | Uint8Array];

export function octets(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Uint8Array.from(text, (c) => c.charCodeAt(0)) : text;
}

const CLIENT_PORT = 50000;

/** Segments of a TCP connection to `port`, its handshake first: the n-th thing said is row 3 + n. */
export function tcpFrames(port: number, said: readonly Said[]): Uint8Array[] {
  const next = { '>': 1000, '<': 5000 };
  const segment = (from: '>' | '<', flags: number, payload: Uint8Array): Uint8Array => {
    const ports = from === '>' ? [CLIENT_PORT, port] : [port, CLIENT_PORT];
    const seq = next[from];
    next[from] += payload.length + ((flags & 3) !== 0 ? 1 : 0);
    const ack = (flags & 16) === 0 ? 0 : next[from === '>' ? '<' : '>'];
    const header = join(u16(ports[0] as number), u16(ports[1] as number), u32(seq), u32(ack), [0x50, flags], u16(8192), u16(0), u16(0));
    const way = from === '>' ? { src: IP_A, dst: IP_B } : { src: IP_B, dst: IP_A };
    return eth(0x0800, ip4(join(header, payload), { proto: 6, ...way }));
  };
  const none = new Uint8Array(0);
  return [
    segment('>', 2, none),
    segment('<', 18, none),
    segment('>', 16, none),
    ...said.map(([from, text]) => segment(from, 24, octets(text))),
  ];
}

/** A UDP datagram. */
export function udpFrame(srcPort: number, dstPort: number, payload: string | Uint8Array, back = false): Uint8Array {
  const bytes = octets(payload);
  const way = back ? { src: IP_B, dst: IP_A } : { src: IP_A, dst: IP_B };
  return eth(0x0800, ip4(join(u16(srcPort), u16(dstPort), u16(8 + bytes.length), u16(0), bytes), { proto: 17, ...way }));
}

export interface Talk {
  readonly capture: Capture;
  /** The packet in which the n-th thing (from 0) was said. */
  at(n: number): Dissection;
  /** Protocols above TCP or UDP of each thing said, by full depth. */
  readonly stacks: string[];
}

function talk(frames: readonly Uint8Array[], skip: number): Talk {
  const capture = captureOf(frames);
  if (capture.bugs > 0) throw new Error(`index threw: ${capture.firstBug}`);
  const stacks = frames.slice(skip).map((_, n) => {
    const full = dissectPacket(capture, n + skip).protocolNames;
    const index = indexedStack(capture, n + skip);
    if (full !== index && !full.startsWith(`${index}:`)) throw new Error(`row ${n + skip}: ${index} is not ${full}`);
    return full.replace(/^eth:ethertype:ip:(tcp|udp):?/, '');
  });
  return { capture, stacks, at: (n) => dissectPacket(capture, n + skip) };
}

export const overTcp = (port: number, ...said: readonly Said[]): Talk => talk(tcpFrames(port, said), 3);
export const ofFrames = (...frames: readonly Uint8Array[]): Talk => talk(frames, 0);

/** Says that `said` over TCP makes nobody throw, whatever is cut off its end, and that both depths agree. */
export function survivesCuts(port: number, said: readonly Said[]): void {
  const before = said.slice(0, -1);
  const last = said.at(-1) as Said;
  const bytes = octets(last[1]);
  for (let length = 1; length <= bytes.length; length++) talk(tcpFrames(port, [...before, [last[0], bytes.slice(0, length)]]), 3);
}
