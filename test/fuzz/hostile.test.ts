import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/dissect/dissect-packet.ts';
import { check, HARMLESS } from './check.ts';
import * as hostile from './hostile.ts';
import { indexed } from './memory-capture.ts';

const KINDS = Object.entries(hostile).map(([name, make]) => [name, make] as const);

/** Packets read again from the file, and fields made, by dissecting every row. */
function work(list: ReturnType<typeof hostile.backwards>): { reads: number; fields: number } {
  const { capture, reader } = indexed(list);
  let fields = 0;
  for (let row = 0; row < capture.packets.length; row++) fields += dissectPacket(capture, row).fieldDefs.size;
  return { reads: reader.reads, fields };
}

describe('captures made to cost more than they weigh', () => {
  it.each(KINDS)('%s: does no harm', (_, make) => {
    expect(check(make(60))).toMatchObject(HARMLESS);
  });

  it.each(KINDS)('%s: twice the packets are twice the work', (_, make) => {
    const once = work(make(200));
    const twice = work(make(400));
    expect(twice.reads).toBeLessThanOrEqual(2 * once.reads + 400);
    expect(twice.fields).toBeLessThanOrEqual(2.5 * once.fields);
  });
});
