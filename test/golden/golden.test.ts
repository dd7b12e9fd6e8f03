/** Every field of every fixture, cell by cell, against what tshark 4.0 printed (expected/, written by make-expected.sh). */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Difference, differences, printFields, readAll } from './table.ts';

const here = import.meta.dirname;
const fields = readFileSync(path.join(here, 'fields.txt'), 'utf8').trim().split('\n');
const folders = [path.join(here, '..', 'fixtures'), path.join(here, '..', '..', 'samples')];
const captures = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(pcap|pcapng)(\.gz)?$/.test(name))
    .map((name) => ({ name, file: path.join(folder, name) })),
);

interface Known {
  readonly why: string;
  /** 'purpose': it is meant so. 'open': tshark is the better of the two, and this is not done yet. */
  readonly kind: 'purpose' | 'open';
  readonly holds: (d: Difference, capture: string) => boolean;
}

/** Where Sevenfold differs from tshark, and why. Everything else must be equal byte for byte. */
const KNOWN: readonly Known[] = [
  {
    why: 'the protocol column names the protocol of the message; the format of its body stands in the info column in the same way for all formats',
    kind: 'purpose',
    holds: (d) =>
      (d.field === '_ws.col.Protocol' && d.expected === 'HTTP/JSON' && d.actual === 'HTTP') ||
      (d.field === '_ws.col.Info' && d.expected.replace(', JavaScript Object Notation', '') === d.actual),
  },
  {
    why: 'the info column names the media type whether or not there is a body (HEAD), and whether or not it is dissected further',
    kind: 'purpose',
    holds: (d) =>
      d.field === '_ws.col.Info' && /^HTTP\/1\.1 \d+ /.test(d.expected) && d.actual.replace(/ \([a-z]+\/[a-z-]+\)$/, '') === d.expected,
  },
  {
    why: 'several requests in one segment are set apart in the info column',
    kind: 'purpose',
    holds: (d) => d.field === '_ws.col.Info' && d.actual.replaceAll(' , ', '') === d.expected,
  },
  {
    why: 'each response of a pipelined connection knows its request; tshark loses the second one',
    kind: 'purpose',
    holds: (d) => d.field === 'http.request_in' && d.expected === '' && d.actual !== '',
  },
  {
    why: 'the note that a packet was cut is set apart by a blank in the info column',
    kind: 'purpose',
    holds: (d) => d.field === '_ws.col.Info' && d.actual.replace(' [Packet size', '[Packet size') === d.expected,
  },
  {
    why: 'after TCP options that were cut by the snapshot length no generated fields are added, and the option that was cut is not counted',
    kind: 'open',
    holds: (d, capture) => capture === 'snapped.pcap' && (d.field === 'tcp.time_relative' || d.field === 'tcp.option_kind'),
  },
  {
    why: 'a body of the type application/octet-stream is the layer media, with its type, where tshark calls it data',
    kind: 'open',
    holds: (d) => d.field === 'frame.protocols' && d.expected.replace(/:data$/, ':media') === d.actual,
  },
  {
    why: 'octets that the receiver has acknowledged selectively still count as in flight',
    kind: 'open',
    holds: (d) => d.field === 'tcp.analysis.bytes_in_flight' && Number(d.actual) > Number(d.expected),
  },
  {
    why: 'of segments that come again within the time of a round trip, which are out of order and which are repeated',
    kind: 'open',
    holds: (d) =>
      /^tcp\.analysis\.(retransmission|out_of_order)$/.test(d.field) ||
      (d.field === '_ws.col.Info' &&
        d.actual.replace('[TCP Out-Of-Order]', '[TCP Retransmission]') ===
          d.expected.replace('[TCP Out-Of-Order]', '[TCP Retransmission]')),
  },
];

const COLUMNS = ['_ws.col.Protocol', '_ws.col.Info'];

function expectedOf(name: string, kind: 'fields' | 'columns'): string[] {
  return readFileSync(path.join(here, 'expected', `${name}.${kind}.tsv`), 'utf8')
    .replace(/\n$/, '')
    .split('\n');
}

describe('what is printed of', () => {
  it('the fixtures has an expected table for each of them', () => {
    expect(captures.length).toBeGreaterThan(20);
    const tables = readdirSync(path.join(here, 'expected')).sort();
    expect(tables).toEqual(captures.flatMap(({ name }) => [`${name}.columns.tsv`, `${name}.fields.tsv`]).sort());
  });

  for (const { name, file } of captures) {
    it(`${name} is what tshark prints`, async () => {
      const read = await readAll(file);
      expect(read).not.toBeNull();
      if (read === null) return;
      expect(read.capture.firstBug).toBe('');
      const found: Difference[] = [];
      for (const [kind, names] of [
        ['fields', fields],
        ['columns', COLUMNS],
      ] as const) {
        const [head, ...expected] = expectedOf(name, kind);
        expect(head?.split('\t')).toEqual(names);
        const lines = printFields(read.capture, names);
        expect(lines.length).toBe(expected.length);
        found.push(...differences(names, expected, lines));
      }
      await read.reader.close();
      expect(
        found.filter((d) => !KNOWN.some((each) => each.holds(d, name))).map((d) => `${d.frame} ${d.field}: ${d.expected} | ${d.actual}`),
      ).toEqual([]);
    });
  }
});
