/** `dissect -Y`: filters that look into packets print the packets that match, whether few do, most, or first the ones and then the others. */
import { describe, expect, it } from 'vitest';
import { runDissect } from '../../src/cli/dissect.ts';
import { fixture, printed } from './run.ts';

async function rows(filter: string): Promise<string[]> {
  const { status, out } = await printed(() =>
    runDissect({
      file: fixture('http.pcap'),
      filter,
      type: 'fields',
      field: ['frame.number', 'tcp.hdr_len', 'http.request.method'],
      option: [],
    }),
  );
  expect(status).toBe(0);
  return out.split('\n').filter(Boolean);
}

describe('dissect -Y', () => {
  it.each([
    ['tcp.hdr_len >= 20', (cells: string[]) => Number(cells[1]) >= 20],
    ['tcp.hdr_len == 32 || frame.number < 100', (cells: string[]) => cells[1] === '32' || Number(cells[0]) < 100],
    ['tcp.hdr_len > 32 || frame.number > 100', (cells: string[]) => Number(cells[1]) > 32 || Number(cells[0]) > 100],
    ['http.request.method', (cells: string[]) => (cells[2] ?? '') !== ''],
  ])('%s prints the packets that match', async (filter, holds) => {
    const all = await rows('tcp');
    const want = all.filter((line) => holds(line.split('\t')));
    expect(want.length).toBeGreaterThan(0);
    expect(await rows(filter)).toEqual(want);
  });
});
