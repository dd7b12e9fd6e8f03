import { describe, expect, it } from 'vitest';
import { damageBytes } from '../../../renderer/inspector/damage.ts';
import { rateBars } from '../../../renderer/inspector/rate.ts';
import type { DamageDetail } from '../../../src/messages.ts';
import { layer } from './nodes.ts';

function broken(more: Partial<DamageDetail> = {}): DamageDetail {
  const bytes = new Uint8Array(0x2e0);
  return {
    damage: { kind: 'cut-short', packet: 187, packed: 'no', offset: 130_347, promised: 1530, present: 725, message: 'The file ends.' },
    bytes,
    bytesOffset: 0x1fd20,
    record: [],
    layers: [layer('eth', 0, 14, 709, { hue: 'link' })],
    partial: bytes.subarray(0x1b),
    ...more,
  };
}

describe('bytes of a broken record', () => {
  it('find the record header, the packet and what is missing', () => {
    const file = damageBytes(broken({ partial: new Uint8Array(709) }));
    expect(file.header).toEqual({ from: 0xb, to: 0x1b });
    expect(file.missing).toBe(805);
    expect(file.wireLength).toBe(1514);
    expect(file.tints).toEqual([{ from: 0x1b, to: 0x1b + 709, hue: 'link' }]);
  });
  it('begin at a line of sixteen', () => {
    const file = damageBytes(broken({ bytesOffset: 0x1fd13, partial: new Uint8Array(709) }));
    expect(file.base).toBe(0x1fd20);
    expect(file.header.from).toBe(0xb);
  });
  it('claim nothing about the length of a corrupt record', () => {
    const file = damageBytes(
      broken({
        damage: { kind: 'corrupt', packet: 5, packed: 'no', offset: 130_347, promised: 0, present: 725, message: '' },
        partial: new Uint8Array(0),
        layers: [],
      }),
    );
    expect(file.missing).toBe(0);
    expect(file.wireLength).toBe(0);
    expect(file.tints).toEqual([]);
  });
});

describe('rate bars', () => {
  const second = (at: number, packets: number) => Array.from({ length: 60 }, (_, i) => (i === at ? packets : 0));
  const connections = { total: 0, open: 0, done: 0, refused: 0, unanswered: 0, halfOpen: 0, notCaptured: 0 };

  it('pile the layers of each second up in the order of the stack', () => {
    const bars = rateBars({
      until: 1000,
      series: [
        { hue: 'tra', names: ['TCP'], others: 0, perSecond: second(59, 7) },
        { hue: 'app', names: ['HTTP'], others: 0, perSecond: second(59, 2) },
      ],
      connections,
    });
    expect(bars).toHaveLength(60);
    expect(bars[59]).toEqual({ parts: [7, 2], sum: 9 });
    expect(bars[58]).toEqual({ parts: [0, 0], sum: 0 });
  });

  it('are all empty while nothing is known', () => {
    expect(rateBars(null)).toHaveLength(60);
    expect(rateBars(null).every((bar) => bar.sum === 0)).toBe(true);
  });
});
