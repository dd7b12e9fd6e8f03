import { describe, expect, it } from 'vitest';
import { ripng } from '../../src/protocols/ripng.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';

const read = (text: string) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), ripng, hex(text), udpFrom(521));
};

describe('RIPng', () => {
  const prefix = `20010db8${'00'.repeat(12)}`;
  const response = `02 01 0000 ${prefix} 1234 20 01 ${'00'.repeat(16)} 0000 00 10`;

  it('says which prefixes, and how far', () => {
    const d = read(response);
    expect(values(d, 'ripng.rte.ipv6_prefix')).toEqual([
      [0x20, 1, 0x0d, 0xb8, ...new Array<number>(12).fill(0)],
      new Array<number>(16).fill(0),
    ]);
    expect(values(d, 'ripng.rte.route_tag')).toEqual([0x1234, 0]);
    expect(values(d, 'ripng.rte.prefix_length')).toEqual([32, 0]);
    expect(values(d, 'ripng.rte.metric')).toEqual([1, 16]);
    const entries = d.layers[0]?.fields.filter((field) => field.abbrev === 'ripng.rte');
    expect(entries?.map((entry) => entry.display)).toEqual(['IPv6 Prefix: 2001:db8::/32 Metric: 1', 'IPv6 Prefix: ::/0 Metric: 16']);
    expect(d.columns.info).toBe('Command Response, Version 1');
  });
  it('shows what is there of an entry that breaks off', () => {
    const d = read(`02 01 0000 ${prefix} 1234`);
    expect(values(d, 'ripng.rte.route_tag')).toEqual([0x1234]);
    expect(values(d, 'ripng.rte.metric')).toEqual([]);
    expect(d.layers[0]?.status).toBe('malformed');
  });
  it('survives being cut and turned', () => {
    survivesEveryCut(ripng, hex(response), udpFrom(521));
  });
});
