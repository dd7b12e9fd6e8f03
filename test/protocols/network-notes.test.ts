/** Notes on IP and TCP headers, in Wireshark's words. */
import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { narrowDifferences } from '../filter/narrow.ts';
import { captureOf, dissectOne, eth, hex, IP_A, IP_B, ip4, ip6, join, u16, u32 } from './network-packets.ts';
import { notesOf } from './notes-of.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

interface Segment {
  flags: number;
  seq?: number;
  ack?: number;
  options?: string;
  data?: number;
  back?: boolean;
  /** Header length in words of four octets, where it is not that of the header. */
  words?: number;
}

function tcp({ flags, seq = 100, ack = 0, options = '', data = 0, back = false, words }: Segment): Uint8Array {
  const o = hex(options);
  const ports = back ? [u16(80), u16(40000)] : [u16(40000), u16(80)];
  const offset = (words ?? (20 + o.length) / 4) << 4;
  const header = join(...ports, u32(seq), u32(ack), [offset, flags], u16(1000), u16(0), u16(0), o, new Uint8Array(data));
  return eth(0x0800, ip4(header, { proto: 6, ...(back ? { src: IP_B, dst: IP_A } : {}) }));
}

/** Notes of each segment but those that every SYN has. */
function told(...segments: Segment[]): string[][] {
  const capture = captureOf(segments.map(tcp));
  const usual = /^(Connection establish|The SYN packet does not contain|Connection finish|Connection reset)/;
  return segments.map((_, row) => notesOf(dissectPacket(capture, row)).filter((note) => !usual.test(note)));
}

describe('Notes on TCP options', () => {
  const of = (options: string): string[] => told({ flags: SYN, options })[0] as string[];

  it('say nothing of options as they should be', () => {
    expect(of('020405b4 0402 080a0000000100000000 01 030307')).toEqual([]);
    expect(of('010101 02 0405b4 00')).toEqual([]);
  });

  it('tell how long an option should be', () => {
    expect(of('020305 01')).toEqual(['option length should be 4']);
    expect(of('0302 0101')).toEqual(['option length should be 3']);
    expect(of('1d0300 01')).toEqual(['option length should be >= than 4']);
  });

  it('tell which option goes past the end, and read no further', () => {
    expect(of('022805b4')).toEqual(['Maximum segment size (option length = 40 bytes says option goes past end of options)']);
    expect(of('02010000')).toEqual(['Maximum segment size (with too-short option length = 1 byte)']);
    expect(of('63000000')).toEqual(['Unknown (0x63) (with too-short option length = 0 bytes)']);
    expect(of('01010108')).toEqual(['Timestamps (length byte past end of options)']);
    const all = notesOf(dissectOne(tcp({ flags: SYN, options: '022805b4' })));
    expect(all).not.toContain('The SYN packet does not contain a MSS option');
  });

  it('tell of a selective acknowledgment that is no whole number of ranges', () => {
    const sack = (options: string): string[] => told({ flags: ACK, seq: 100, ack: 1, options })[0] as string[];
    expect(sack('050c 0000000a00000014 0000 00000000')).toContain('suboption would go past end of option');
    expect(sack('0101 050a 0000000a00000014')).not.toContain('suboption would go past end of option');
  });

  it('tell of octets behind the end of the options', () => {
    expect(of('00000000')).toEqual([]);
    expect(of('00000001')).toEqual(['Non-zero header padding']);
    expect(of('00010000')).toEqual(['Non-zero header padding']);
  });
});

describe('Notes on fast open', () => {
  const cookie = '220a0102030405060708 0101';
  const open: Segment = { flags: SYN, options: cookie, data: 5 };

  it('tell of a cookie, and of what the answer does with the data', () => {
    const accepted = { flags: SYN | ACK, seq: 500, ack: 106, back: true };
    expect(told(open, accepted)).toEqual([['TCP SYN with TFO Cookie'], ['TCP SYN-ACK accepting TFO data']]);
    expect(told(open, { ...accepted, ack: 101 })).toEqual([['TCP SYN with TFO Cookie'], ['TCP SYN-ACK ignoring TFO data']]);
  });

  it('say nothing where a cookie is only asked for, or no data was sent', () => {
    const answer = { flags: SYN | ACK, seq: 500, ack: 101, back: true };
    expect(told({ flags: SYN, options: '2202 0101' }, answer)).toEqual([[], []]);
    expect(told({ ...open, data: 0 }, answer)).toEqual([['TCP SYN with TFO Cookie'], []]);
    // Data without the option: what is left is not said to be ignored.
    expect(told({ flags: SYN, data: 5 }, answer)).toEqual([[], []]);
  });
});

describe('Notes on the end of a connection', () => {
  it('tell who sent a FIN first, after a reset too', () => {
    const active = 'This frame initiates the connection closing';
    const passive = 'This frame undergoes the connection closing';
    const fin = { flags: FIN | ACK, seq: 101, ack: 501 };
    const back = { flags: FIN | ACK, seq: 501, ack: 102, back: true };
    expect(told(fin, back)).toEqual([[active], [passive]]);
    const [first, second] = told({ flags: SYN }, { flags: RST | ACK, ack: 101, back: true }, back, fin).slice(2);
    expect([first?.includes(active), second?.includes(passive)]).toEqual([true, true]);
  });

  it('call a segment short whose header goes on behind it', () => {
    const short = told({ flags: ACK, ack: 1, words: 15 })[0] as string[];
    expect(short[0]).toMatch(/^Short segment\. Segment\/fragment does not contain a full TCP header/);
    expect(short[1]).toMatch(/^Malformed Packet/);
    expect(told({ flags: ACK, ack: 1, words: 5 })).toEqual([[]]);
  });
});

describe('Notes on IP headers', () => {
  it('tell of a version that is none, in the words of each', () => {
    const wrong = ip4([1, 2, 3, 4]);
    wrong[0] = 0x55;
    expect(notesOf(dissectOne(eth(0x0800, wrong)))).toEqual(['Bogus IPv4 version']);
    const six = ip6([1, 2, 3, 4], 59);
    six[0] = 0x50;
    expect(notesOf(dissectOne(eth(0x86dd, six)))).toEqual(['Bogus IPv6 version']);
  });

  it('tell of a length that the header does not fit in', () => {
    expect(notesOf(dissectOne(eth(0x0800, ip4([1, 2], { length: 12 }))))).toEqual(['Bogus IP length']);
    expect(notesOf(dissectOne(eth(0x0800, ip4([1, 2], { length: 22 }))))).toEqual([]);
  });

  it('tell of options with lengths that cannot be', () => {
    const of = (options: string): string[] => notesOf(dissectOne(eth(0x0800, ip4([1], { options: hex(options) }))));
    expect(of('07ff0400')).toEqual(['Record Route (option length = 255 bytes says option goes past end of options)']);
    expect(of('07010400')).toEqual(['Record Route (with too-short option length = 1 byte)']);
    expect(of('94030000')).toContain('Router Alert (with option length = 3 bytes; should be 4)');
    expect(of('94040000')).toEqual([]);
  });

  it('say nothing of the reserved bit', () => {
    expect(notesOf(dissectOne(eth(0x0800, ip4([1], { fragment: 0x8000 }))))).toEqual([]);
  });
});

describe('Notes on options of IPv6', () => {
  const HOP = 0;
  const DESTINATION = 60;
  /** An extension header with one option, filled up to eight octets and more. */
  const of = (header: number, option: string): string[] => {
    const body = hex(option);
    const room = (8 - ((2 + body.length) % 8)) % 8;
    const padding = room === 0 ? [] : room === 1 ? [0] : [1, room - 2, ...new Array<number>(room - 2).fill(0)];
    const extension = join([59, (2 + body.length + padding.length) / 8 - 1], body, padding);
    return notesOf(dissectOne(eth(0x86dd, ip6(extension, header))));
  };

  it('tell of options in the other header than theirs', () => {
    expect(of(HOP, '05020000')).toEqual([]);
    expect(of(DESTINATION, '05020000')).toEqual(['Router Alert must use a hop-by-hop options header']);
    expect(of(DESTINATION, '040101')).toEqual([]);
    expect(of(HOP, '040101')).toEqual(['Tunnel Encapsulation Limit must use a destination options header']);
  });

  it('tell of options that nobody knows, and of one that nobody is to send', () => {
    expect(of(HOP, '4d026162')).toEqual(['Unknown Data (not interpreted)']);
    expect(of(HOP, '8a026162')).toEqual(['Option type is deprecated', 'Unknown Data (not interpreted)']);
    // For experiments (RFC 4727).
    expect(of(HOP, '3e026162')).toEqual([]);
  });

  it('tell of a jumbogram that is none', () => {
    const prohibited = 'When IPv6 payload length does not equal 0 a Jumbo Payload option must not be present';
    expect(of(HOP, 'c20400010000')).toEqual([prohibited]);
    expect(of(HOP, 'c2040000ffff')).toEqual(['Jumbo Payload option present and jumbo length < 65536', prohibited]);
  });

  it('are there for a filter that asks for nothing else', () => {
    const capture = captureOf([eth(0x86dd, ip6(hex('3b00c20400010000'), HOP))]);
    expect(notesOf(dissectPacket(capture, 0))).toHaveLength(1);
    expect(narrowDifferences(capture, 0)).toEqual([]);
  });
});
