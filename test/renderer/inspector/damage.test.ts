import { describe, expect, it } from 'vitest';
import { damageBytes } from '../../../renderer/inspector/damage.ts';
import { rateBars } from '../../../renderer/inspector/rate.ts';
import type { DamageDetail } from '../../../src/messages.ts';
import { layer } from './nodes.ts';

function broken(more: Partial<DamageDetail> = {}): DamageDetail {
  const bytes = new Uint8Array(0x2e0);
  return {
    damage: { kind: 'cut-short', packet: 187, offset: 130_347, promised: 1530, present: 725, message: 'The file ends.' },
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
        damage: { kind: 'corrupt', packet: 5, offset: 130_347, promised: 0, present: 725, message: '' },
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
  it('show the last sixty seconds, the newest at the right', () => {
    const bars = rateBars([
      { at: 1_000, packets: 7 },
      { at: 59_000, packets: 3 },
      { at: 60_020, packets: 5 },
      { at: 61_000, packets: 9 },
    ]);
    expect(bars).toHaveLength(60);
    expect(bars[59]).toBe(9);
    expect(bars[58]).toBe(5);
    expect(bars[57]).toBe(3);
    expect(bars[0]).toBeNull();
  });
  it('are empty without points', () => {
    expect(rateBars([]).every((bar) => bar === null)).toBe(true);
  });
});
