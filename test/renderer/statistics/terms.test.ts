import { expect, it } from 'vitest';
import { resampled } from '../../../renderer/statistics/rate-plot.ts';
import { conversationTerm, endpointTerm, lengthTerm } from '../../../renderer/statistics/terms.ts';
import { compileFilter } from '../../../src/filter/index.ts';
import type { ConversationCount, EndpointCount, RateCurve } from '../../../src/messages.ts';
import '../../../src/protocols/index.ts';

const pair = (change: Partial<ConversationCount>): ConversationCount => ({
  kind: 'ip',
  stream: null,
  a: '10.0.0.1',
  b: '10.0.0.2',
  packetsAtoB: 0,
  packetsBtoA: 0,
  bytesAtoB: 0,
  bytesBtoA: 0,
  start: 0,
  duration: 0,
  ...change,
});
const end = (change: Partial<EndpointCount>): EndpointCount => ({
  kind: 'ip',
  endpoint: '10.0.0.1',
  packetsSent: 0,
  packetsReceived: 0,
  bytesSent: 0,
  bytesReceived: 0,
  ...change,
});

it('names packets of a row in filters that are valid', () => {
  const terms = [
    conversationTerm(pair({})),
    conversationTerm(pair({ a: '10.0.0.1', b: '10.0.0.1' })),
    conversationTerm(pair({ kind: 'udp', stream: 3, a: '10.0.0.1:5', b: '10.0.0.2:6' })),
    endpointTerm(end({})),
    endpointTerm(end({ kind: 'tcp', endpoint: '[2001:db8::1]:443' })),
    endpointTerm(end({ kind: 'udp', endpoint: '10.0.0.1:53' })),
    lengthTerm({ from: 40, to: 79, packets: 1, bytes: 50, least: 50, most: 50 }),
    lengthTerm({ from: 5120, to: null, packets: 0, bytes: 0, least: 0, most: 0 }),
  ];
  expect(terms).toEqual([
    'ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2',
    'ip.addr == 10.0.0.1',
    'udp.stream == 3',
    'ip.addr == 10.0.0.1',
    'ipv6.addr == 2001:db8::1 && tcp.port == 443',
    'ip.addr == 10.0.0.1 && udp.port == 53',
    'frame.len >= 40 && frame.len <= 79',
    'frame.len >= 5120',
  ]);
  for (const term of terms) expect(compileFilter(term ?? '').ok, term ?? 'none').toBe(true);
  expect(endpointTerm(end({ endpoint: '' }))).toBeNull();
});

it('draws the curve of all packets at the slots of the filter’s', () => {
  const curve = (change: Partial<RateCurve>): RateCurve => ({
    from: 0,
    seconds: 1,
    packets: [],
    bytes: [],
    trouble: [],
    rows: [],
    ...change,
  });
  const whole = curve({ seconds: 2, packets: [4, 8], bytes: [40, 80] });
  expect(resampled(whole, curve({ packets: [0, 0, 0, 0] }), 'packets')).toEqual([2, 2, 4, 4]);
  expect(resampled(whole, curve({ from: 2, packets: [0] }), 'bytes')).toEqual([320]);
});
