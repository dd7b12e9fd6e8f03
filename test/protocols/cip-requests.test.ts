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

/** A service of a class of its own, sent to `path`, whose octets are padded to pairs. */
const to = (path: readonly number[]): number[] => [0x4b, path.length / 2, ...path, 7, 0x4d, 0, ...le32(1), 0x0f, 0, ...le16(2)];
/** What a request to `path` is, and what the response to it is. */
function talkTo(path: readonly number[]): readonly (string | undefined)[] {
  return overTcp(44818, ['>', unconnected(1, to(path))], ['<', unconnected(1, fromPccc)]).stacks;
}

describe('the path of a CIP request', () => {
  const isPccc = ['enip:cip:cippccc', 'enip:cip:cippccc'];
  const other = ['enip:cip:cipcls', 'enip:cip:cipcls'];

  test('tells the class in 8, 16 and 32 bits, whatever logical segments stand before it', () => {
    expect(talkTo([0x20, 0x67])).toEqual(isPccc);
    expect(talkTo([0x21, 0, 0x67, 0])).toEqual(isPccc);
    expect(talkTo([0x22, 0, 0x67, 0, 0, 0])).toEqual(isPccc);
    expect(talkTo([0x22, 0, 0x67, 0, 1, 0])).toEqual(other);
    for (const before of [
      [0x24, 1],
      [0x25, 0, 1, 0],
      [0x26, 0, 1, 0, 0, 0],
      [0x2a, 0, 1, 0, 0, 0],
      [0x30, 9],
    ])
      expect(talkTo([...before, 0x20, 0x67])).toEqual(isPccc);
  });

  test('is read behind ports, an electronic key, and symbols', () => {
    for (const before of [
      [0x01, 0],
      [0x12, 3, 0x31, 0x2e, 0x32, 0],
      [0x1f, 2, 9, 0, 0x31, 0x32],
      [0x34, 4, 1, 0, 2, 0, 3, 0, 4, 0],
      [0x91, 3, 0x41, 0x42, 0x43, 0],
      [0x80, 1, 7, 7],
    ])
      expect(talkTo([...before, 0x20, 0x67])).toEqual(isPccc);
  });

  test('has the class that it names last', () => expect(talkTo([0x20, 6, 0x24, 1, 0x20, 0x67])).toEqual(isPccc));

  test('is not followed behind a segment of no known form', () => {
    for (const unknown of [
      [0x23, 0],
      [0x3c, 1],
      [0x39, 0],
      [0x34, 5],
      [0x60, 0],
      [0xe0, 0],
    ])
      expect(talkTo([...unknown, 0x20, 0x67])).toEqual(other);
  });

  test('shows numbers as wide as they were sent', () => {
    const { at } = overTcp(44818, [
      '>',
      unconnected(1, to([0x22, 0, 0x67, 0, 0, 0, 0x25, 0, 0x34, 0x12, 0x2c, 1, 0x28, 2, 0x32, 0, 1, 0, 1, 0])),
    ]);
    const names = ['cip.class', 'cip.instance', 'cip.connpoint', 'cip.member', 'cip.attribute'];
    expect(fieldsOf(at(0), ...names)).toEqual({
      'cip.class': '0x00000067',
      'cip.instance': '0x1234',
      'cip.connpoint': '0x01',
      'cip.member': '0x02',
      'cip.attribute': '65537',
    });
  });

  test('may be cut within a segment', () => {
    for (const path of [
      [0x22, 0, 0x67, 0, 0, 0],
      [0x34, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0x20, 6],
    ])
      survivesCuts(44818, [['>', unconnected(1, to(path))]]);
    // The path says that it goes on behind the message.
    const { at, stacks } = overTcp(44818, ['>', unconnected(1, [0x4b, 3, 0x22, 0, 0x67, 0])]);
    expect(stacks).toEqual(['enip:cip']);
    expect(at(0).layers.at(-1)?.status).toBe('malformed');
  });
});

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
