/** SCTP's chunks, parameters and causes as they are shown, and numbers that the whole association tells. */
import { describe, expect, it } from 'vitest';
import { treeText } from '../../src/cli/packet-text.ts';
import type { FieldNode } from '../../src/messages.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import '../../src/protocols/index.ts';
import { be16, be32, text } from './every-cut.ts';
import { captureOf, dissectOne, eth, faultsWhenCut, indexedStack, ip4 } from './network-packets.ts';

const padded = (bytes: readonly number[]): number[] => [...bytes, ...new Array(-bytes.length & 3).fill(0)];
const tlv = (type: number, ...value: readonly (readonly number[])[]): number[] =>
  padded([...be16(type), ...be16(4 + value.flat().length), ...value.flat()]);
const chunk = (type: number, flags: number, ...value: readonly (readonly number[])[]): number[] =>
  padded([type, flags, ...be16(4 + value.flat().length), ...value.flat()]);
const packet = (src: number, dst: number, tag: number, ...chunks: readonly (readonly number[])[]): Uint8Array =>
  eth(0x0800, ip4([...be16(src), ...be16(dst), ...be32(tag), ...be32(0), ...chunks.flat()], { proto: 132 }));

/** The lines of SCTP's tree, without those of the header. */
function lines(frame: Uint8Array): string[] {
  const all = treeText(dissectOne(frame)).split('\n');
  const from = all.findIndex((line) => line.includes('[Checksum Status: Unverified]'));
  return all.slice(from + 1).map((line) => line.trim());
}
const of = (frame: Uint8Array, label: string): FieldNode | undefined => {
  const find = (nodes: readonly FieldNode[]): FieldNode | undefined => {
    for (const node of nodes) {
      const found = node.label === label ? node : find(node.children);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const layer = dissectOne(frame).layers.find(({ protocol }) => protocol === 'sctp');
  return find(layer?.fields ?? []);
};

const address = tlv(5, [10, 0, 0, 5]);
const init = (tag: number, tsn: number, ...parameters: readonly (readonly number[])[]): number[] =>
  chunk(1, 0, be32(tag), be32(65535), be16(10), be16(20), be32(tsn), ...parameters);
const answer = (tag: number, tsn: number): number[] => chunk(2, 0, be32(tag), be32(65535), be16(10), be16(20), be32(tsn));
const data = (flags: number, tsn: number, bytes: readonly number[]): number[] =>
  chunk(0, flags, be32(tsn), be16(1), be16(0), be32(0), bytes);
const sack = (tsn: number, gaps: readonly (readonly [number, number])[] = [], window = 60000): number[] =>
  chunk(3, 0, be32(tsn), be32(window), be16(gaps.length), be16(0), gaps.flat().flatMap(be16));

describe('the chunks of SCTP', () => {
  it('say what an association asks for, parameter by parameter', () => {
    const frame = packet(
      1000,
      2000,
      0,
      init(
        0xa1,
        1000,
        address,
        tlv(12, be16(5), be16(6), be16(11)),
        tlv(0x8008, [192, 193]),
        tlv(11, text('h.example\0')),
        tlv(0x1234, [1]),
      ),
    );
    const shown = lines(frame);
    expect(shown[0]).toBe('INIT chunk: Outbound streams: 10, inbound streams: 20');
    expect(shown).toContain('IPv4 address parameter: Address: 10.0.0.5');
    expect(shown).toContain('Supported address types parameter: Supported types: IPv4, IPv6, hostname');
    expect(shown).toContain('Supported Extensions parameter: Supported types: FORWARD_TSN, ASCONF');
    expect(shown).toContain('Hostname address parameter: Hostname: h.example');
    expect(shown).toContain('Unknown parameter: Type 4660, value length: 1 byte');
    expect(shown).toContain('Bit: Skip parameter and continue processing of the chunk');
  });

  it('say where parameters and their padding are', () => {
    const frame = packet(1000, 2000, 0, init(0xa1, 1000, tlv(11, text('ab\0')), address));
    const place = (label: string) => {
      const node = of(frame, label);
      return [node?.offset, node?.length];
    };
    // Ethernet, IPv4, the header of 12 octets, that of INIT of 20.
    expect(place('Hostname address parameter')).toEqual([66, 8]);
    expect(place('Hostname')).toEqual([70, 3]);
    expect(place('Parameter padding')).toEqual([73, 1]);
    expect(place('IPv4 address parameter')).toEqual([74, 8]);
  });

  it('count sequence numbers from the first of their association, also of one that is met midway', () => {
    const capture = captureOf([
      packet(1000, 2000, 0, init(0xa1, 1000)),
      packet(2000, 1000, 0xa1, answer(0xb1, 0xfffffffe)),
      packet(1000, 2000, 0xb1, data(3, 1002, [1])),
      packet(2000, 1000, 0xa1, sack(1002, [[2, 3]]), data(3, 1, [1])),
      packet(7, 8, 0x77, data(3, 500, [1])),
      packet(8, 7, 0x78, sack(503)),
      packet(8, 7, 0x78, sack(499)),
    ]);
    const shown = (row: number): string => treeText(dissectPacket(capture, row));
    expect(shown(2)).toContain('Transmission sequence number (relative): 2\n');
    expect(shown(3)).toContain('Cumulative TSN ACK (relative): 2\n');
    expect(shown(3)).toContain('Gap Acknowledgement for TSN 4 to 5\n');
    expect(shown(3)).toContain('Transmission sequence number (relative): 3\n');
    expect(shown(4)).toContain('Transmission sequence number (relative): 0\n');
    expect(shown(5)).toContain('Cumulative TSN ACK (relative): 3\n');
    // Nothing has been received yet: what is acknowledged comes before the first.
    expect(shown(6)).toContain('Cumulative TSN ACK (relative): 499\n');
  });

  it('note a closed window, and blocks that end before they begin', () => {
    const shown = lines(packet(1, 2, 3, sack(9, [[3, 2]], 0)));
    expect(shown).toContain('[note: Zero Advertised Receiver Window Credit]');
    expect(shown).toContain('[error: Malformed gap block.]');
    expect(lines(packet(1, 2, 3, sack(9, [[2, 200]])))).toContain('[warn: More than 100 TSNs were gap-acknowledged in this SACK.]');
  });

  it('read what a message is in I-DATA, and where it is put together', () => {
    const whole = chunk(64, 3, be32(7), be16(1), be16(0), be32(9), be32(51), [1, 2]);
    const middle = chunk(64, 0, be32(8), be16(1), be16(0), be32(9), be32(4), [1, 2]);
    const frame = packet(1, 2, 3, whole, middle);
    expect(lines(frame)).toContain('I_DATA chunk: ordered, complete segment, TSN: 0, SID: 1, MID: 9, payload length: 2 bytes');
    expect(lines(frame)).toContain('I_DATA chunk: ordered, middle segment, TSN: 1, SID: 1, MID: 9, FSN: 4, payload length: 2 bytes');
    const capture = captureOf([frame]);
    expect(dissectPacket(capture, 0).protocolNames).toBe('eth:ethertype:ip:sctp:data');
    expect(indexedStack(capture, 0)).toBe('eth:ethertype:ip:sctp:data');
  });

  it('name the causes of an error, and what stands in them', () => {
    const causes = [
      tlv(1, be16(7), be16(0)),
      tlv(2, be32(1), be16(7)),
      tlv(11, address, address),
      tlv(6, chunk(77, 0, [1])),
      tlv(12, text('bye')),
    ];
    const shown = lines(packet(1, 2, 3, chunk(9, 0, ...causes)));
    expect(shown).toContain('Invalid stream identifier cause: SID: 7');
    expect(shown).toContain('Missing parameter type: State cookie (0x0007)');
    expect(shown).toContain('Restart of an association with new addresses cause: New addresses: 10.0.0.5 10.0.0.5');
    expect(shown).toContain('RESERVED chunk: Type: 77, value length: 1 byte');
    expect(shown).toContain('Cause information: 627965');
  });

  it('read changes of addresses and of streams', () => {
    const shown = lines(
      packet(
        1,
        2,
        3,
        chunk(193, 0, be32(3), tlv(0xc001, be32(1), address)),
        chunk(130, 0, tlv(16, be32(1), be32(1), be32(5), be32(6))),
        chunk(192, 0, be32(9), be16(1), be16(2)),
      ),
    );
    expect(shown).toContain('Add IP address parameter: Address: 10.0.0.5, correlation ID: 1');
    expect(shown).toContain('Result: Performed (1)');
    expect(shown).toContain('Receivers next TSN: 6');
    expect(shown).toContain('FORWARD_TSN chunk: Cumulative TSN: 9');
  });

  it('go on behind a chunk whose length is too small, and stop at parameters that cannot be', () => {
    const shown = lines(packet(1, 2, 3, [0, 3, 0, 2], chunk(11, 0)));
    expect(shown[0]).toBe('DATA chunk, bogus chunk length 2 < 4)');
    expect(shown).toContain('[error: Chunk length bad]');
    expect(shown).toContain('COOKIE_ACK chunk');
    expect(lines(packet(1, 2, 3, init(1, 2, [...be16(5), ...be16(2), 0, 0, 0, 0])))).toContain('[error: Parameter length bad]');
  });

  it('go on behind a cause that cannot be, at both depths', () => {
    for (const length of [2, 200]) {
      const capture = captureOf([packet(1, 2, 3, chunk(9, 0, be16(1), be16(length)), data(3, 1, [1, 2, 3, 4]))]);
      const full = dissectPacket(capture, 0);
      expect(full.protocolNames).toBe('eth:ethertype:ip:sctp:data');
      expect(indexedStack(capture, 0)).toBe(full.protocolNames);
      expect(full.layers.find(({ protocol }) => protocol === 'sctp')?.status).toBe('malformed');
    }
  });

  it('show more chunks than two hundred', () => {
    const capture = captureOf([packet(1, 2, 3, ...new Array(300).fill(chunk(11, 0)), data(3, 1, [1]))]);
    expect(dissectPacket(capture, 0).protocolNames).toBe('eth:ethertype:ip:sctp:data');
    expect(indexedStack(capture, 0)).toBe('eth:ethertype:ip:sctp:data');
  });

  it('end in parameters that are nested without end, and survive being cut', () => {
    let nested = address;
    for (let i = 0; i < 40; i++) nested = tlv(8, nested);
    expect(lines(packet(1, 2, 3, init(1, 2, nested))).filter((line) => line.startsWith('Unrecognized parameter parameter')).length).toBe(8);
    expect(
      faultsWhenCut(packet(1, 2, 3, init(1, 2, address, tlv(0xc003, be32(1), tlv(6, chunk(9, 0, tlv(3, be32(1)))))), sack(3, [[1, 2]]))),
    ).toEqual([]);
  });
});
