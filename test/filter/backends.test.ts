import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, compiled, FakeCapture, f, type LayerSpec, type RowSpec } from './support.ts';

const address = fc.constantFrom([10, 0, 0, 1], [10, 0, 0, 2], [192, 168, 1, 5], [8, 8, 8, 8]).map((b) => Uint8Array.from(b));
const address6 = fc.constantFrom(1, 2, 0xfe).map((b) => Uint8Array.from({ length: 16 }, (_, i) => (i === 0 || i === 15 ? b : 0)));
const port = fc.constantFrom(53, 80, 443, 1000, 40000, 65535);
const eth: LayerSpec = { name: 'eth', src: new Uint8Array(6), dst: new Uint8Array(6).fill(255) };
const ip: fc.Arbitrary<LayerSpec> = fc.record({ name: fc.constant('ip' as const), src: address, dst: address });
const ip6: fc.Arbitrary<LayerSpec> = fc.record({ name: fc.constant('ipv6' as const), src: address6, dst: address6 });
/** A header that was cut before its addresses or ports. */
const cut = (name: 'ip' | 'tcp'): fc.Arbitrary<LayerSpec> =>
  fc.record({ name: fc.constant(name), status: fc.constantFrom('short' as const, 'malformed' as const) });
const tcp: fc.Arbitrary<LayerSpec> = fc.record({ name: fc.constant('tcp' as const), ports: fc.tuple(port, port), flags: fc.nat(0xfff) });
const udp: fc.Arbitrary<LayerSpec> = fc.record({ name: fc.constant('udp' as const), ports: fc.tuple(port, port) });
const http: fc.Arbitrary<LayerSpec> = fc.record({
  name: fc.constant('http' as const),
  fields: fc.constantFrom('a.example', 'b.example').map((host) => [[f.host, host] as const]),
});
const network = fc.oneof(ip, ip6);
const transport = fc.oneof(tcp, udp);
const odd: LayerSpec = { name: 'odd' };
const layers: fc.Arbitrary<LayerSpec[]> = fc.oneof(
  fc.constant<LayerSpec[]>([eth]),
  fc.tuple(network, transport).map(([n, t]) => [eth, n, t]),
  fc.tuple(network, tcp, http).map(([n, t, h]) => [eth, n, t, h]),
  fc.tuple(network, network, transport).map(([a, b, t]) => [eth, a, b, t]),
  // A tunnel that only dissection looks into.
  fc.tuple(network, udp, network, transport).map(([a, u, b, t]) => [eth, a, u, odd, b, t]),
  cut('ip').map((c) => [eth, c]),
  fc.tuple(network, cut('tcp')).map(([n, c]) => [eth, n, c]),
);
const row: fc.Arbitrary<RowSpec> = fc.record({
  layers,
  len: fc.nat(2000),
  sec: fc.integer({ min: -3, max: 5 }),
  nsec: fc.constantFrom(0, 1, 500_000_000, 999_999_999),
  stream: fc.nat(3),
  payload: fc.nat(1500),
  retransmission: fc.boolean(),
});

const op = fc.constantFrom('==', '!=', '===', '!==', '>', '<', '>=', '<=');
const quantified = fc.constantFrom('', '', '', 'any ', 'all ');
const number = fc.oneof(port, fc.nat(70), fc.constantFrom(0, 1, 2, 16)).map(String);
const numeric = fc.constantFrom(
  'tcp.port',
  'tcp.srcport',
  'tcp.dstport',
  'udp.port',
  'udp.srcport',
  'frame.number',
  'frame.len',
  'tcp.len',
  'tcp.stream',
  'tcp.flags',
);
const leaf = fc.oneof(
  fc.constantFrom(
    'tcp',
    'udp',
    'ip',
    'ipv6',
    'http',
    'odd',
    'frame',
    'eth',
    'http.host',
    'tcp.flags.syn',
    'tcp.analysis.retransmission',
    'ip.addr',
    'tcp.port',
    '_ws.short',
    '_ws.malformed',
  ),
  fc
    .tuple(
      quantified,
      numeric,
      op,
      number.filter((n) => Number(n) < 65536),
    )
    .map(([q, n, o, v]) => `${q}${n} ${o} ${v}`),
  fc
    .tuple(numeric, fc.array(number, { minLength: 1, maxLength: 3 }), number, number)
    .map(([n, list, a, b]) => `${n} in {${list.join(', ')}, ${a}..${b}}`),
  fc.tuple(numeric, fc.constantFrom('&', '+', '-', '*', '/', '%'), number, op, number).map(([n, a, x, o, v]) => `${n} ${a} ${x} ${o} ${v}`),
  fc.tuple(numeric, number).map(([n, v]) => `${n} & ${v}`),
  fc
    .tuple(
      quantified,
      fc.constantFrom('ip.addr', 'ip.src', 'ip.dst'),
      op,
      fc.constantFrom('10.0.0.1', '10.0.0.0/8', '8.8.8.8', '0.0.0.0/0'),
    )
    .map((p) => p.join(' ')),
  fc.tuple(fc.constantFrom('ipv6.addr', 'ipv6.src'), op, fc.constantFrom('fe00::fe', '100::/8', '::/0')).map((p) => p.join(' ')),
  fc
    .tuple(fc.constantFrom('frame.time_relative', 'frame.time_epoch'), op, fc.constantFrom('0', '0.5', '1', '-1', '0.000000001'))
    .map((p) => p.join(' ')),
  fc.tuple(fc.constantFrom('tcp.flags.syn', 'tcp.flags.ack'), op, fc.constantFrom('0', '1', 'True')).map((p) => p.join(' ')),
  fc.constantFrom(
    'http.host contains "a"',
    'http.host != "a.example"',
    'ip.src == ip.dst',
    'tcp.srcport > tcp.dstport',
    'count(tcp.port) == 2',
    'count(ip.addr) > 2',
    'max(tcp.port, 80) == 80',
    'max(udp.port, tcp.port) > 443',
    'min(tcp.port) == 80',
    'len(ip.src) == 4',
    'ip.src#2',
    'tcp.port#1 == 80',
    'ip.src[0] == 0a',
    'ip.addr[0:2] != c0:a8',
    'tcp.port + tcp.port == 160',
    '-tcp.port < -80',
  ),
);
const filter = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('node'), fc.constantFrom('&&', 'and', '||', 'or'), tie('node')).map(([a, o, b]) => `(${a} ${o} ${b})`),
    tie('node').map((a) => `not (${a})`),
  ),
})).node;

/** Of all kinds, or all of a few kinds: then most chunks are decided as a whole. */
const rows = fc.oneof(
  fc.array(row, { minLength: 1, maxLength: 40 }),
  fc
    .tuple(fc.array(row, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(2), { minLength: 3, maxLength: 40 }))
    .map(([kinds, picks]) => picks.map((pick) => kinds[pick % kinds.length] as RowSpec)),
);

describe('the two back ends', () => {
  it('never contradict each other', () => {
    fc.assert(
      fc.property(rows, fc.array(filter, { minLength: 5, maxLength: 15 }), (rows, filters) => {
        const capture = new FakeCapture(rows);
        const full = new FakeCapture(rows, true);
        for (const text of filters) {
          const { matches } = compiled(text);
          const found = columnsOf(text, capture);
          found.forEach((verdict, at) => {
            if (verdict !== null) expect([text, at, verdict]).toEqual([text, at, matches(capture.dissect(at))]);
          });
          // A summary spares work; it must not change an answer.
          expect([text, ...columnsOf(text, full)]).toEqual([text, ...found]);
        }
      }),
      { numRuns: 150 },
    );
    // Seconds on an idle machine; a busy one must not fail it.
  });

  it('agree on long lists of values, and on addresses of which every other one matches', () => {
    const capture = new FakeCapture(
      Array.from({ length: 100 }, (_, k) => ({
        layers: [
          eth,
          { name: 'ip', src: Uint8Array.of(10 + (k & 1), 0, 0, k), dst: Uint8Array.of(10 + (k % 3 === 0 ? 0 : 7), 0, 1, k) },
          { name: 'tcp', ports: [1000 + k, 2000 + 3 * k], flags: k },
        ] satisfies LayerSpec[],
        len: 60 + k,
        payload: k,
        stream: k,
      })),
    );
    const odd = Array.from({ length: 40 }, (_, k) => 1001 + 2 * k);
    for (const text of [
      `tcp.port in {${odd.join(', ')}}`,
      `!(tcp.srcport in {${odd.join(', ')}})`,
      `tcp.stream in {${odd.map((n) => n - 1000).join(', ')}}`,
      `tcp.len in {${odd.map((n) => n - 1000).join(', ')}}`,
      `frame.number in {${odd.map((n) => n - 1000).join(', ')}}`,
      'ip.src == 10.0.0.0/8',
      'ip.addr == 10.0.0.0/8',
      'all ip.addr == 10.0.0.0/8',
      'ip.addr != 10.0.0.0/8',
      'all tcp.port > 1030',
    ]) {
      const { matches } = compiled(text);
      const found = columnsOf(text, capture);
      expect([text, ...found]).toEqual([text, ...found.map((_, at) => matches(capture.dissect(at)))]);
      expect(new Set(found).size).toBe(2);
    }
  });
});
