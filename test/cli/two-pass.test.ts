/** `dissect -2`: what only the whole capture tells. `two-pass.tsv` is what `tshark -n -2` prints (test/golden/make-two-pass.sh). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDissect } from '../../src/cli/dissect.ts';
import { fixture, printed } from './run.ts';

const FIELDS = ['frame.number', 'tcp.completeness', 'http.request_in', 'http.response_in', 'http.time'];
const expected = readFileSync(path.join(import.meta.dirname, '..', 'golden', 'two-pass.tsv'), 'utf8')
  .replace(/\n$/, '')
  .split('\n')
  .map((line) => line.split('\t'));

const linesOf = async (name: string, twoPass: boolean, filter = 'tcp'): Promise<string[][]> => {
  const { out } = await printed(() => runDissect({ file: fixture(name), filter, twoPass, type: 'fields', field: FIELDS, option: [] }));
  return out
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split('\t'));
};

describe('two passes', () => {
  // Frame 138 of http.pcap holds two requests: tshark pairs only the newer one, and its answer with both.
  const pipelined = new Set(['138', '140', '142']);

  it.each([...new Set(expected.map(([name]) => name as string))])('say of %s what tshark -2 says', async (name) => {
    const wanted = expected.filter((line) => line[0] === name).map((line) => line.slice(1));
    const differs = (line: string[]): boolean => name === 'http.pcap' && pipelined.has(line[0] ?? '');
    expect((await linesOf(name, true)).filter((line) => !differs(line))).toEqual(wanted.filter((line) => !differs(line)));
  });

  it('tell of later packets, which one pass does not', async () => {
    expect((await linesOf('http.pcap', false)).every(([, , , answeredIn]) => answeredIn === '')).toBe(true);
    expect((await linesOf('http.pcap', true)).filter(([, , , answeredIn]) => answeredIn !== '').length).toBe(11);
  });

  it('find what is said of the whole connection by filter', async () => {
    const once = await linesOf('http.pcap', false, 'tcp.completeness == 31 && tcp.flags.syn == 1');
    const twice = await linesOf('http.pcap', true, 'tcp.completeness == 31 && tcp.flags.syn == 1');
    expect(once).toEqual([['']]);
    expect(twice.length).toBeGreaterThan(4);
  });
});
