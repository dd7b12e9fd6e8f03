import { describe, expect, it } from 'vitest';
import { fit, initialWidths, type Measure, within } from '../../../renderer/packet-list/widths.ts';
import type { RowSummary } from '../../../src/messages.ts';

const measure: Measure = (text) => text.length * 7;
const row: RowSummary = {
  row: 0,
  time: '102.268045',
  source: '192.168.100.224',
  destination: '10.0.0.1',
  sourcePort: '52814',
  destinationPort: '80',
  protocol: 'HTTP',
  hue: 'app',
  length: 66,
  info: '',
  marks: [],
  stream: 0,
  transport: 'tcp',
  fields: [],
};

describe('column widths', () => {
  it('fit the widest value', () => {
    const widths = fit(initialWidths, [row], null, measure);
    expect(widths.time).toBe(10 * 7 + 13);
    expect(widths.source).toBe('192.168.100.224:52814'.length * 7 + 13);
  });

  it('leave room for info in a narrow list: long addresses share what is left, short ones stay whole', () => {
    const long = { ...initialWidths, source: 300, destination: 300 };
    const others = long.no + long.time + long.protocol + long.length;
    expect(within(long, 2000)).toBe(long);
    const narrow = within(long, 740);
    expect(narrow.source).toBe(narrow.destination);
    expect(740 - others - narrow.source - narrow.destination).toBeGreaterThanOrEqual(180);
    const one = within({ ...long, source: 129 }, 740);
    expect(one.source).toBe(129);
    expect(740 - others - one.source - one.destination).toBe(180);
    // Numbers and times are never cut, and of addresses something always stays.
    expect(within(long, 100)).toEqual({ ...long, source: 150, destination: 150 });
  });

  it('fit the time of a packet from before the first one, whose minus is as wide as a digit', () => {
    const proportional: Measure = (text) => text.length * 7 - 2 * (text.split('-').length - 1);
    expect(fit(initialWidths, [{ ...row, time: '-102.268045' }], null, proportional).time).toBe(11 * 7 + 13);
  });

  it('never shrink', () => {
    const wide = fit(initialWidths, [row], null, measure);
    expect(fit(wide, [{ ...row, time: '0.1', source: 'a', sourcePort: '' }], null, measure)).toEqual(wide);
  });

  it('stop at a bound for addresses, so that info keeps room', () => {
    expect(fit(initialWidths, [{ ...row, source: 'x'.repeat(400) }], null, measure).source).toBe(330);
  });
});
