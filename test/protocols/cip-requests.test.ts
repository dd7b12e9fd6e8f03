import { describe, expect, test } from 'vitest';
import { fieldsOf, join } from './network-packets.ts';
import { ofFrames, overTcp, survivesCuts, udpFrame } from './talk.ts';

const le16 = (n: number): number[] => [n & 0xff, n >> 8];
const le32 = (n: number): number[] => [...le16(n & 0xffff), ...le16(n >>> 16)];
/** An encapsulation message with one data item behind an address item. */
function message(command: number, context: number, address: readonly number[], type: number, data: readonly number[]): Uint8Array {
  const body = [...le32(0), ...le16(0), ...le16(2), ...address, ...le16(type), ...le16(data.length), ...data];
  return Uint8Array.from([
    ...le16(command),
    ...le16(body.length),
    ...le32(0x11223344),
    ...le32(0),
    ...le32(context),
    ...le32(0),
    ...le32(0),
    ...body,
  ]);
}
const unconnected = (context: number, service: readonly number[]) => message(0x6f, context, [0, 0, 0, 0], 0xb2, service);
const connected = (count: number, service: readonly number[]) =>
  message(0x70, 0, [...le16(0xa1), ...le16(4), ...le32(9)], 0xb1, [...le16(count), ...service]);

const toPccc = [0x4b, 2, 0x20, 0x67, 0x24, 1, 7, 0x4d, 0, ...le32(0x3d2b31e0), 0x0f, 0, ...le16(0xc562), 0xa3];
const fromPccc = [0xcb, 0, 0, 0, 7, 0x4d, 0, ...le32(0x3d2b31e0), 0x4f, 0, ...le16(0xc562)];
/** Unconnected Send to the connection manager, with Get Attributes All for the identity in it; the answer is the inner one. */
const sendOn = [0x52, 2, 0x20, 6, 0x24, 1, 5, 0x99, ...le16(6), 1, 2, 0x20, 1, 0x24, 1, 1, 0, 1, 0];
const sentBack = [0x81, 0, 0, 0, 1, 0, 14, 0];

describe('a CIP response', () => {
  test('belongs to the object that its request went to, told by the sender context', () => {
    const { stacks, at } = overTcp(
      44818,
      ['>', unconnected(1, toPccc)],
      ['>', unconnected(2, sendOn)],
      ['<', unconnected(2, sentBack)],
      ['<', unconnected(1, fromPccc)],
      ['<', unconnected(3, sentBack)],
    );
    expect(stacks).toEqual(['enip:cip:cippccc', 'enip:cip:cipcm', 'enip:cip:cipcm', 'enip:cip:cippccc', 'enip:cip']);
    expect(fieldsOf(at(3), 'cip.pccc.resp.code', 'cip.pccc.gs.status', 'cip.pccc.tns.code', 'cip.pccc.cip.serial.num')).toEqual({
      'cip.pccc.resp.code': '0x4f',
      'cip.pccc.gs.status': '0x00',
      'cip.pccc.tns.code': '0xc562',
      'cip.pccc.cip.serial.num': '0x3d2b31e0',
    });
    expect(fieldsOf(at(0), 'cip.pccc.cmd.code')).toEqual({ 'cip.pccc.cmd.code': '0x0f' });
  });

  test('is found by the sequence count in a connection', () => {
    const { stacks } = overTcp(
      44818,
      ['>', connected(7, toPccc)],
      ['>', connected(8, [0x4b, 2, 0x20, 0x6b, 0x24, 1])],
      ['<', connected(8, fromPccc)],
      ['<', connected(7, fromPccc)],
    );
    expect(stacks).toEqual(['enip:cip:cippccc', 'enip:cip:cipcls', 'enip:cip:cipcls', 'enip:cip:cippccc']);
  });

  test('is found however many had the same context before and after', () => {
    const talk = [['>', unconnected(0, toPccc)] as const, ['<', unconnected(0, fromPccc)] as const];
    const sentOn = [['>', unconnected(0, sendOn)] as const, ['<', unconnected(0, sentBack)] as const];
    const rounds = Array.from({ length: 150 }, (_, n) => (n % 3 === 0 ? sentOn : talk)).flat();
    const { stacks } = overTcp(44818, ...rounds);
    expect(stacks).toEqual(rounds.map((_, n) => (n % 6 < 2 ? 'enip:cip:cipcm' : 'enip:cip:cippccc')));
  });

  test('is found over UDP, and where two messages share a segment', () => {
    const udp = ofFrames(udpFrame(50000, 44818, unconnected(1, toPccc)), udpFrame(44818, 50000, unconnected(1, fromPccc), true));
    expect(udp.stacks).toEqual(['enip:cip:cippccc', 'enip:cip:cippccc']);
    const both = overTcp(44818, ['>', join(unconnected(1, toPccc), unconnected(2, sendOn))], ['<', unconnected(2, sentBack)]);
    expect(both.stacks[1]).toBe('enip:cip:cipcm');
  });

  test('and its request survive being cut', () => survivesCuts(44818, [['>', unconnected(1, toPccc)]]));
});
