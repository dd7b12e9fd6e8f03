/**
 * The public corpus of captures with tshark's values, which is not part of this repository (test/corpus.ts). Every capture is read and printed
 * as `dissect -T fields` does it, and compared cell by cell, byte for byte.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fieldsPrinter } from '../../src/cli/fields-printer.ts';
import { corpus } from '../corpus.ts';
import { differences, printFields, readAll } from '../golden/table.ts';

const present = existsSync(path.join(corpus, 'expected', 'core'));

/** Least share of cells that must be equal, of those that either side fills. */
const LEAST = 0.99;
const GROUPS: Readonly<Record<string, (field: string) => boolean>> = {
  frame: (field) => field.startsWith('frame.'),
  eth: (field) => field.startsWith('eth.'),
  arp: (field) => field.startsWith('arp.'),
  ip: (field) => field.startsWith('ip.'),
  ipv6: (field) => field.startsWith('ipv6.'),
  tcp: (field) => field.startsWith('tcp.') && !field.startsWith('tcp.analysis.'),
  udp: (field) => field.startsWith('udp.'),
};

interface Outcome {
  /** Captures whose packets made a dissector throw, with the first error. */
  readonly broken: string[];
  /** Captures with fewer packets listed than expected, and those with more: where tshark itself refuses a packet and stops. */
  readonly fewer: string[];
  readonly more: string[];
  /** Captures that were more than a minute's work. */
  readonly slow: string[];
  readonly equal: Map<string, number>;
  readonly filled: Map<string, number>;
  captures: number;
}

async function compareClass(name: string): Promise<Outcome> {
  const folder = path.join(corpus, 'captures', name);
  const outcome: Outcome = { broken: [], fewer: [], more: [], slow: [], equal: new Map(), filled: new Map(), captures: 0 };
  for (const file of readdirSync(folder).sort()) {
    const table = path.join(corpus, 'expected', name, `${file}.tsv.gz`);
    if (!existsSync(table)) continue;
    outcome.captures++;
    const started = process.cpuUsage();
    const [head = '', ...expected] = gunzipSync(readFileSync(table)).toString('utf8').replace(/\n$/, '').split('\n');
    const fields = head.split('\t');
    let lines: string[] = [];
    try {
      const read = await readAll(path.join(folder, file));
      if (read !== null) {
        lines = printFields(read.capture, fields);
        if (read.capture.bugs > 0) outcome.broken.push(`${file}: ${read.capture.firstBug}`);
        await read.reader.close();
      }
    } catch (error) {
      outcome.broken.push(`${file}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (lines.length !== expected.length)
      (lines.length < expected.length ? outcome.fewer : outcome.more).push(`${file}: ${expected.length} expected, ${lines.length} listed`);
    const { user, system } = process.cpuUsage(started);
    if (user + system > 60e6) outcome.slow.push(file);
    count(outcome, fields, expected, lines);
  }
  return outcome;
}

function count(outcome: Outcome, fields: readonly string[], expected: readonly string[], lines: readonly string[]): void {
  const groupOf = new Map(fields.map((field) => [field, Object.keys(GROUPS).find((group) => GROUPS[group]?.(field))]));
  const add = (to: Map<string, number>, field: string, n: number) => {
    const group = groupOf.get(field);
    if (group !== undefined) to.set(group, (to.get(group) ?? 0) + n);
  };
  for (const line of expected)
    line.split('\t').forEach((cell, i) => {
      if (cell !== '') {
        add(outcome.filled, fields[i] as string, 1);
        add(outcome.equal, fields[i] as string, 1);
      }
    });
  for (const d of differences(fields, expected, lines)) {
    if (d.expected === '') add(outcome.filled, d.field, 1);
    else add(outcome.equal, d.field, -1);
  }
}

describe.skipIf(!present)('the conformance corpus (skipped where it is not there)', () => {
  it('asks for no field of a known protocol that Sevenfold does not have', () => {
    const table = readdirSync(path.join(corpus, 'expected', 'core'))[0] as string;
    const head = gunzipSync(readFileSync(path.join(corpus, 'expected', 'core', table)))
      .toString('utf8')
      .split('\n')[0] as string;
    expect(fieldsPrinter(head.split('\t'), [])).not.toBeTypeOf('string');
  });

  it('class core: no crash, every packet listed, and the values of the lower layers agree', async () => {
    const outcome = await compareClass('core');
    const agreement = Object.keys(GROUPS).map((group) => ({
      group,
      share: (outcome.equal.get(group) ?? 0) / (outcome.filled.get(group) ?? 0),
    }));
    for (const { group, share } of agreement) console.log(`${group.padEnd(6)} ${(100 * share).toFixed(3)}%`);
    expect(outcome.broken).toEqual([]);
    expect(outcome.slow).toEqual([]);
    expect(outcome.fewer).toEqual([]);
    expect(outcome.more).toEqual([]);
    expect(outcome.captures).toBeGreaterThan(800);
    expect(agreement.filter(({ share }) => !(share >= LEAST))).toEqual([]);
  }, 1_800_000);

  it('class malformed: no crash, every packet listed', async () => {
    const outcome = await compareClass('malformed');
    expect(outcome.broken).toEqual([]);
    expect(outcome.slow).toEqual([]);
    expect(outcome.fewer).toEqual([]);
    expect(outcome.captures).toBeGreaterThan(200);
  }, 1_800_000);
});
