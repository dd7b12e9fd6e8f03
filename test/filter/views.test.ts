/** Random filters over real captures: the rows of a view (columns, narrow dissection, remembered values) are those of asking every packet in full. */
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterMemory } from '../../src/engine/filter-memory.ts';
import { View } from '../../src/engine/view.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { readAll } from '../golden/table.ts';
import { compiled } from './support.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', name);

const op = fc.constantFrom('==', '!=', '===', '!==', '>', '<', '>=', '<=');
const quantified = fc.constantFrom('', '', '', 'any ', 'all ');
const numeric = fc.constantFrom(
  ...['http.response.code', 'http.content_length', 'dns.qry.type', 'dns.count.answers', 'dns.flags.rcode', 'dns.resp.ttl'],
  ...['tls.handshake.type', 'tls.record.content_type', 'tls.handshake.ciphersuite', 'tls.record.length'],
  ...[
    'tcp.window_size',
    'tcp.window_size_value',
    'tcp.seq',
    'tcp.ack',
    'tcp.nxtseq',
    'tcp.options.mss_val',
    'tcp.analysis.bytes_in_flight',
  ],
  ...[
    'ip.ttl',
    'ip.len',
    'ip.id',
    'tcp.hdr_len',
    'udp.length',
    'icmp.type',
    'arp.opcode',
    'frame.len',
    'tcp.port',
    'tcp.stream',
    'vlan.id',
  ],
);
const value = fc.constantFrom(0, 1, 2, 3, 6, 11, 16, 22, 23, 28, 40, 64, 100, 200, 204).map(String);
const text = fc.constantFrom(
  ...[
    'http.request.method',
    'http.request.uri',
    'http.host',
    'http.user_agent',
    'http.response.phrase',
    'http.file_data',
    'http.request.line',
  ],
  ...['dns.qry.name', 'tls.handshake.extensions_server_name', 'http.response_for.uri'],
);
const word = fc.constantFrom('GET', 'POST', '/', 'a', 'e', 'OK', 'example', 'localhost', 'curl', 'test').map((each) => `"${each}"`);
const exists = fc.constantFrom(
  ...['http', 'dns', 'tls', 'tcp', 'udp', 'ip', 'ipv6', 'icmp', 'vlan', 'data', 'http.request', 'http.response', 'http.time', 'http.chat'],
  ...[
    'tls.handshake',
    'tls.alert_message',
    'dns.a',
    'dns.response_in',
    'http.request_in',
    'tcp.options.timestamp',
    'tcp.analysis.retransmission',
  ],
  ...['tcp.segment', 'tcp.segment_data', 'tcp.reassembled.length', 'tcp.analysis.acks_frame', '_ws.malformed', '_ws.expert', 'eth.padding'],
);
const leaf = fc.oneof(
  exists,
  fc.tuple(quantified, numeric, op, value).map(([q, field, o, v]) => `${q}${field} ${o} ${v}`),
  fc.tuple(numeric, value, value).map(([field, a, b]) => `${field} in {${a}, ${Math.min(+a, +b)}..${Math.max(+a, +b)}}`),
  fc.tuple(quantified, text, fc.constantFrom('==', '!=', '===', 'contains', '>'), word).map((parts) => parts.join(' ').trim()),
  fc.tuple(text, fc.constantFrom('"^/"', '"[a-e]+"', '"T$"')).map(([field, pattern]) => `${field} matches ${pattern}`),
  fc.constantFrom(
    ...[
      'ip.ttl#1 < 65',
      'count(dns.a) > 1',
      'len(http.host) > 4',
      'upper(http.host) contains "LOCAL"',
      'eth.addr[0] == 02',
      'tcp contains 47:45:54',
    ],
    ...[
      'tcp.payload contains "HTTP"',
      'frame contains "Host"',
      'ip.ttl + 1 > tcp.hdr_len',
      'frame.time_delta > 0.01',
      'tcp.time_delta > 0.0001',
    ],
    ...[
      'http.time > 0.001',
      'dns.time > 0.0001',
      'tcp.analysis.ack_rtt > 0.0001',
      'frame.protocols contains "http"',
      'tcp.flags & 2',
      'http#2',
    ],
  ),
);
const filter = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('node'), fc.constantFrom('&&', '||', '&&'), tie('node')).map(([a, o, b]) => `${a} ${o} ${b}`),
    tie('node').map((a) => `not (${a})`),
  ),
})).node;

describe('views of random filters', () => {
  it.each([
    'http.pcap',
    'dns.pcap',
    'vlan.pcap',
    'sll.pcap',
    'rough/odd.pcap',
    'rough/small.pcap',
    'tls/tls12.pcap',
    'tls/tls-h2.pcap',
    'web/h2c.pcap',
  ])(
    'have the rows of %s that match in full, whatever was asked before',
    async (name) => {
      const read = await readAll(fixture(name));
      if (read === null) throw new Error(`${name} cannot be read`);
      const { capture } = read;
      // The first rows, in full: more would take long for each filter.
      const rows = Math.min(capture.packets.length, 400);
      const trees = Array.from({ length: rows }, (_, row) => dissectPacket(capture, row, false));
      fc.assert(
        fc.property(fc.array(filter, { minLength: 4, maxLength: 10 }), (filters) => {
          const memory = new FilterMemory(capture);
          for (const each of filters) {
            const { matches } = compiled(each);
            const view = new View(1, capture, compiled(`frame.number <= ${rows} && (${each})`), memory);
            while (view.advance());
            const found = Array.from({ length: view.matched }, (_, position) => view.rowAt(position));
            // Asked by itself too: its values are remembered only where it is a term of its own.
            const alone = new View(2, capture, compiled(each), memory);
            while (alone.advance());
            const first = Array.from({ length: alone.matched }, (_, position) => alone.rowAt(position)).filter((row) => row < rows);
            const want = trees.flatMap((tree, row) => (matches(tree) ? [row] : []));
            expect([each, found]).toEqual([each, want]);
            expect([each, first]).toEqual([each, want]);
          }
        }),
        { numRuns: 12 },
      );
      await read.reader.close();
    },
    120_000,
  );
});
