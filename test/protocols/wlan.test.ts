import { expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, indexedStack, ip4, join, MAC_A, MAC_B, u16, u32 } from './network-packets.ts';

const WLAN = 105;

function segment(srcPort: number, seq: number, text: string): Uint8Array {
  const payload = Uint8Array.from(text, (c) => c.charCodeAt(0));
  return ip4(join(u16(srcPort), u16(80), u32(seq), u32(1), [0x50, 0x18], u16(512), u16(0), u16(0), payload), { proto: 6 });
}

/** A QoS data frame from an access point with these packets, each in a subframe of its own. */
function aggregate(...packets: readonly Uint8Array[]): Uint8Array {
  let body = new Uint8Array(0);
  for (const packet of packets) {
    const llc = join([0xaa, 0xaa, 3, 0, 0, 0, 8, 0], packet);
    const padding = new Uint8Array(-body.length & 3);
    body = join(body, padding, MAC_B, MAC_A, u16(llc.length), llc) as Uint8Array<ArrayBuffer>;
  }
  return join([0x88, 0x02], u16(0), MAC_B, MAC_A, MAC_A, u16(0), [0x80, 0], body);
}

const request = 'GET / HTTP/1.1\r\n\r\n';
const whole = 'wlan:llc:ip:tcp:http';
const cases: [string, Uint8Array[], string][] = [
  [
    'of two segments in one frame the first, sent again, has nothing on it and the second its message',
    [aggregate(segment(5000, 1, request)), aggregate(segment(5000, 1, request), segment(5001, 1, request))],
    'wlan:llc:ip:tcp:llc:ip:tcp:http',
  ],
  [
    'of two segments in one frame the first has its message and the second, sent again, nothing',
    [aggregate(segment(5000, 1, request)), aggregate(segment(5001, 1, request), segment(5000, 1, request))],
    'wlan:llc:ip:tcp:http:llc:ip:tcp',
  ],
  [
    'of two segments in one frame the first begins a message and the second has one',
    [aggregate(segment(5000, 1, request)), aggregate(segment(5000, 19, 'GET / HT'), segment(5001, 1, request))],
    'wlan:llc:ip:tcp:llc:ip:tcp:http',
  ],
];

test.each(cases)('%s', (_, frames, stack) => {
  const capture = captureOf(frames, WLAN);
  expect(indexedStack(capture, 0)).toBe(whole);
  expect(indexedStack(capture, 1)).toBe(stack);
  expect(dissectPacket(capture, 1).protocolNames).toBe(stack);
});
