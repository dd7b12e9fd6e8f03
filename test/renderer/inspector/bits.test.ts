import { describe, expect, it } from 'vitest';
import { bitBoxes } from '../../../renderer/inspector/bits.ts';
import type { FieldNode } from '../../../src/messages.ts';
import { field } from './nodes.ts';

const flag = (abbrev: string, mask: number, value: boolean, offset = 46, length = 2): FieldNode =>
  field(abbrev, offset, length, { mask, value });

function tcpFlags(extra: FieldNode[] = []): FieldNode {
  return field('tcp.flags', 46, 2, {
    value: 0x18,
    mask: 0xfff,
    children: [
      field('tcp.flags.res', 46, 2, { mask: 0xe00, value: 0 }),
      flag('tcp.flags.ae', 0x100, false),
      flag('tcp.flags.cwr', 0x80, false),
      flag('tcp.flags.ece', 0x40, false),
      flag('tcp.flags.urg', 0x20, false),
      flag('tcp.flags.ack', 0x10, true),
      flag('tcp.flags.push', 8, true),
      flag('tcp.flags.reset', 4, false),
      flag('tcp.flags.syn', 2, false),
      flag('tcp.flags.fin', 1, false),
      ...extra,
    ],
  });
}

describe('bit boxes', () => {
  it('stand in the order of the wire, with the names of the RFC', () => {
    const boxes = bitBoxes(tcpFlags());
    expect(boxes?.map((box) => `${box.name} ${box.bits}`)).toEqual([
      'Reserved 000',
      'AE 0',
      'CWR 0',
      'ECE 0',
      'URG 0',
      'ACK 1',
      'PSH 1',
      'RST 0',
      'SYN 0',
      'FIN 0',
    ]);
    expect(boxes?.filter((box) => box.set).map((box) => box.name)).toEqual(['ACK', 'PSH']);
    expect(boxes?.[0]?.from).toBe(4);
  });
  it('ignore notes and computed fields among the children', () => {
    expect(
      bitBoxes(tcpFlags([field('note', 46, 2, { severity: 'chat' }), field('tcp.flags.str', 46, 2, { generated: true, value: 'x' })])),
    ).toHaveLength(10);
  });
  it('leave a place for bits without a name', () => {
    const parent = field('x.flags', 0, 1, {
      value: 0x81,
      children: [flag('x.flags.a', 0x80, true, 0, 1), flag('x.flags.z', 1, true, 0, 1)],
    });
    expect(bitBoxes(parent)?.map((box) => box.bits)).toEqual(['1', '······', '1']);
  });
  it('place children that read one byte of the field', () => {
    const parent = field('x', 10, 2, { value: 0, children: [flag('x.low', 1, true, 11, 1), flag('x.high', 0x80, false, 10, 1)] });
    expect(bitBoxes(parent)?.map((box) => [box.from, box.bits])).toEqual([
      [0, '0'],
      [1, '·'.repeat(14)],
      [15, '1'],
    ]);
  });
  it('are none for fields that are no flags', () => {
    expect(
      bitBoxes(
        field('ip.dsfield', 15, 1, {
          value: 0,
          children: [field('dscp', 15, 1, { mask: 0xfc, value: 0 }), field('ecn', 15, 1, { mask: 3, value: 0 })],
        }),
      ),
    ).toBeNull();
    expect(
      bitBoxes(
        field('eth.dst', 0, 6, {
          value: new Uint8Array(6),
          children: [flag('lg', 0x020000, false, 0, 3), flag('ig', 0x010000, false, 0, 3)],
        }),
      ),
    ).toBeNull();
    expect(bitBoxes(tcpFlags([field('tcp.other', 48, 2, { value: 1 })]))).toBeNull();
    expect(bitBoxes(tcpFlags([flag('tcp.again', 2, true)]))).toBeNull();
  });
});
