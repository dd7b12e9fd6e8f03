import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, eth, faultsWhenCut, fieldsOf, hex, ip4, join, u16, u32 } from './network-packets.ts';

const SYN = 2;
const SYN_ACK = 0x12;
const ACK = 0x10;
const SERVER = [10, 0, 0, 2];

interface Segment {
  readonly from: readonly [address: readonly number[], port: number];
  readonly to: readonly [address: readonly number[], port: number];
  readonly flags: number;
  readonly options?: Uint8Array;
  readonly data?: readonly number[];
}
function frame({ from, to, flags, options = new Uint8Array(0), data = [] }: Segment): Uint8Array {
  const padded = join(options, new Uint8Array((4 - (options.length % 4)) % 4).fill(1));
  const header = join(u16(from[1]), u16(to[1]), u32(1), u32(1), [(5 + padded.length / 4) << 4, flags], u16(1000), u32(0), padded);
  return eth(0x0800, ip4(join(header, data), { proto: 6, src: from[0], dst: to[0] }));
}

const u64 = (value: bigint): number[] => [...u32(Number(value >> 32n)), ...u32(Number(value & 0xffffffffn))];
const option = (...parts: readonly (readonly number[])[]): Uint8Array => {
  const body = parts.flat();
  return Uint8Array.from([30, 2 + body.length, ...body]);
};
const capable = (version: number, ...keys: readonly bigint[]) => option([version, 0x01], keys.flatMap(u64));
const join12 = (token: number) => option([0x10, 2], u32(token), u32(9));
const dss = (ack: bigint, sequence?: bigint) =>
  sequence === undefined ? option([0x20, 0x03], u64(ack)) : option([0x20, 0x0f], u64(ack), u64(sequence), u32(1), u16(3));

/** Keys with tokens and first numbers as tshark 4.0 computes them: by SHA-1, and by SHA-256. */
const CLIENT_KEY = 0x1111222233334444n;
const SERVER_KEY = 0x5555666677778888n;
const CLIENT_FIRST = 6453232344052530417n;
const SERVER_FIRST = 3685325669502192841n;
const SERVER_TOKEN = 2037162249;

const client = [[10, 0, 0, 1], 1000] as const;
const server = [SERVER, 80] as const;
const second = [[10, 0, 0, 3], 2000] as const;
const frames = [
  frame({ from: client, to: server, flags: SYN, options: capable(0, CLIENT_KEY) }),
  frame({ from: server, to: client, flags: SYN_ACK, options: capable(0, SERVER_KEY) }),
  frame({ from: client, to: server, flags: ACK, options: capable(0, CLIENT_KEY, SERVER_KEY) }),
  frame({ from: client, to: server, flags: ACK, options: dss(SERVER_FIRST + 1n, CLIENT_FIRST + 1n), data: [1, 2, 3] }),
  frame({ from: second, to: server, flags: SYN, options: join12(SERVER_TOKEN) }),
  frame({ from: server, to: second, flags: ACK, options: dss(CLIENT_FIRST + 4n, SERVER_FIRST + 1n), data: [1, 2, 3] }),
  frame({ from: client, to: server, flags: ACK }),
  frame({ from: second, to: [SERVER, 81], flags: SYN, options: join12(0x12345678) }),
  frame({ from: client, to: [SERVER, 83], flags: ACK, options: dss(99n, 77n), data: [1, 2, 3] }),
];
const known = ['mptcp.stream', 'mptcp.master', 'mptcp.analysis.subflows'] as const;
const facts = (row: number, onePass = false) => {
  const capture = captureOf(frames);
  if (onePass) Object.defineProperty(capture, 'onePass', { value: true });
  return (...names: string[]) => fieldsOf(dissectPacket(capture, row), ...names);
};

describe('Multipath TCP', () => {
  it('computes tokens and first numbers from keys, as its version does', () => {
    expect(facts(1)('mptcp.expected_token', 'mptcp.expected_idsn')).toEqual({
      'mptcp.expected_token': String(SERVER_TOKEN),
      'mptcp.expected_idsn': String(SERVER_FIRST),
    });
    const later = captureOf([frame({ from: client, to: server, flags: SYN_ACK, options: capable(1, 0x0123456789abcdefn) })]);
    expect(fieldsOf(dissectPacket(later, 0), 'mptcp.expected_token', 'mptcp.expected_idsn')).toEqual({
      'mptcp.expected_token': '1438990173',
      'mptcp.expected_idsn': '6271089639696537624',
    });
  });

  it('counts data and acknowledgements from there, on every path', () => {
    for (const [row, ack, number] of [
      [3, '1', '1'],
      [5, '4', '1'],
    ] as const) {
      expect(facts(row)('mptcp.ack', 'mptcp.dss.dsn')).toEqual({ 'mptcp.ack': ack, 'mptcp.dss.dsn': number });
    }
    expect(facts(8)('mptcp.ack', 'mptcp.dss.dsn')).toEqual({ 'mptcp.ack': '', 'mptcp.dss.dsn': '77' });
  });

  it('knows the paths of a connection by their token, in one pass as far as they were seen', () => {
    expect(facts(3)(...known)).toEqual({ 'mptcp.stream': '0', 'mptcp.master': '1', 'mptcp.analysis.subflows': '1 0 ' });
    expect(facts(3, true)(...known)).toEqual({ 'mptcp.stream': '0', 'mptcp.master': '1', 'mptcp.analysis.subflows': '0 ' });
    expect(facts(5, true)(...known)).toEqual({ 'mptcp.stream': '0', 'mptcp.master': '0', 'mptcp.analysis.subflows': '1 0 ' });
  });

  it('says nothing of the connection where a segment has no option of it', () => {
    expect(facts(6)(...known)).toEqual({ 'mptcp.stream': '', 'mptcp.master': '', 'mptcp.analysis.subflows': '' });
  });

  it('gives a connection of its own to a path whose first is not in the capture', () => {
    expect(facts(7)(...known)).toEqual({ 'mptcp.stream': '1', 'mptcp.master': '0', 'mptcp.analysis.subflows': '2 ' });
    expect(facts(8)(...known)).toEqual({ 'mptcp.stream': '2', 'mptcp.master': '0', 'mptcp.analysis.subflows': '' });
  });

  it('reads the flags of a reset and the proof of an address', () => {
    const capture = captureOf([
      frame({ from: client, to: server, flags: 0x14, options: option([0x81, 3]) }),
      frame({ from: client, to: server, flags: ACK, options: option([0x30, 4], SERVER, u64(7n)) }),
    ]);
    expect(fieldsOf(dissectPacket(capture, 0), 'tcp.options.mptcp.flag_T.flag', 'tcp.options.mptcp.rst_reason')).toEqual({
      'tcp.options.mptcp.flag_T.flag': '1',
      'tcp.options.mptcp.rst_reason': '0x03',
    });
    expect(fieldsOf(dissectPacket(capture, 1), 'tcp.options.mptcp.ipv4', 'tcp.options.mptcp.addaddrtrunchmac')).toEqual({
      'tcp.options.mptcp.ipv4': '10.0.0.2',
      'tcp.options.mptcp.addaddrtrunchmac': '7',
    });
  });

  it('stands being cut anywhere, and options whose lengths lie', () => {
    for (const each of frames) expect(faultsWhenCut(each)).toEqual([]);
    for (const lie of ['1e0200', '1e0310', '1e0c1000', '1e04200f', '1e282003', '1eff00']) {
      expect(faultsWhenCut(frame({ from: client, to: server, flags: ACK, options: hex(lie) }))).toEqual([]);
    }
  });
});
