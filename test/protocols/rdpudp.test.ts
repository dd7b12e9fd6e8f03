import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, fieldsOf, indexedStack, join } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values);
const be16 = (value: number): number[] => [value >> 8, value & 255];
const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)];
const first = (flags: number, ...rest: (readonly number[] | Uint8Array)[]): Uint8Array =>
  join(be32(0x01020304), be16(64), be16(flags), ...rest);
/** A SYN with the version that it offers, and the answer to it. */
const syn = (flags: number, version: number): Uint8Array =>
  first(0x1001 | flags, be32(5), be16(1232), be16(1232), be16(1), be16(version), version === 0x0101 ? new Uint8Array(32) : u8());
const hello = u8(22, 3, 1, 0, 5, 1, 0, 0, 1, 0);
const dtlsHello = u8(22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4);
/** Data behind an acknowledgement of `items` runs, padded to four octets. */
const data = (payload: Uint8Array, items: number): Uint8Array =>
  first(0x000c, be16(items), new Uint8Array(items + ((4 - ((2 + items) % 4)) % 4)), be32(7), be32(7), payload);
/** A packet of the second version: its first and eighth octets change places. */
const second = (flags: number, type: number, ...rest: (readonly number[] | Uint8Array)[]): Uint8Array => {
  const bytes = join([type << 1], [flags & 255, flags >> 8], ...rest);
  const swapped = bytes.slice();
  swapped[0] = bytes[7] as number;
  swapped[7] = bytes[0] as number;
  return swapped;
};
const there = (bytes: Uint8Array): Uint8Array => udpFrame(50000, 3389, bytes);
const back = (bytes: Uint8Array): Uint8Array => udpFrame(3389, 50000, bytes, true);

describe('remote desktop over UDP', () => {
  it('shows what a SYN offers', () => {
    const t = ofFrames(
      there(first(0x1801, be32(5), be16(1232), be16(1200), new Uint8Array(32).fill(9), be16(1), be16(0x0101), new Uint8Array(32))),
    );
    expect(t.stacks).toEqual(['rdpudp']);
    expect(t.at(0).columns.info).toBe('SYN,CORRELATIONID,SYNEX');
    expect(fieldsOf(t.at(0), 'rdpudp.initialsequencenumber', 'rdpudp.downstreammtu', 'rdpudp.synex.version')).toEqual({
      'rdpudp.initialsequencenumber': '0x00000005',
      'rdpudp.downstreammtu': '1200',
      'rdpudp.synex.version': '0x0101',
    });
  });

  it('finds TLS behind an acknowledgement of any length, padded to four octets', () => {
    for (const items of [0, 1, 2, 3, 6]) {
      const t = ofFrames(there(syn(0, 1)), back(syn(4, 1)), there(data(hello, items)));
      expect(t.stacks[2], `${items}`).toBe('rdpudp:tls');
      expect(fieldsOf(t.at(2), 'tls.record.content_type', 'tls.handshake.type')).toEqual({
        'tls.record.content_type': '22',
        'tls.handshake.type': '1',
      });
    }
  });

  it('takes a record that goes on in the next packet for whole as far as it is here', () => {
    const begun = u8(22, 3, 1, 0, 90, 11, 0, 0, 86, 0, 0, 83, 1, 2, 3, 4);
    const t = ofFrames(there(syn(0, 1)), back(syn(4, 1)), back(data(begun, 1)));
    expect(t.stacks[2]).toBe('rdpudp:tls');
    expect(t.at(2).columns.info).not.toContain('Malformed');
    expect(t.at(2).layers.map((layer) => layer.status)).toEqual(t.at(2).layers.map(() => 'whole'));
  });

  it('finds DTLS where the client asked for a connection that loses what is lost', () => {
    const t = ofFrames(there(syn(0x0200, 1)), back(syn(4, 1)), there(data(dtlsHello, 1)));
    expect(t.stacks[2]).toBe('rdpudp:dtls');
  });

  it('takes nothing for DTLS before the client has asked for that', () => {
    const t = ofFrames(there(syn(0, 1)), back(syn(4, 1)), there(data(hello, 1)), there(syn(0x0200, 1)), there(data(dtlsHello, 1)));
    expect([t.stacks[2], t.stacks[4]]).toEqual(['rdpudp:tls', 'rdpudp:dtls']);
    expect(t.at(2).protocolNames).toMatch(/rdpudp:tls$/);
    expect(t.at(4).protocolNames).toMatch(/rdpudp:dtls$/);
  });

  it('reads the second version once both sides have agreed on it', () => {
    const t = ofFrames(
      there(syn(0, 0x0101)),
      back(syn(4, 0x0101)),
      there(second(0x0114, 0, [1, 0, 5], [9, 9], [1, 0], [2, 0], hello)),
      back(second(0x0011, 8, [1, 0], [0, 0, 0], [0], [0], [3, 0], new Uint8Array(40))),
      there(second(0x000d, 0, [1, 0], [0, 0, 0], [0], [2, 1, 1], [1, 0], [5, 0, 0x82, 1, 2, 3, 4, 6, 7], [2, 0], hello)),
    );
    expect(t.stacks.slice(2)).toEqual(['rdpudp:tls', 'rdpudp', 'rdpudp:tls']);
    expect(t.at(3).columns.info).toBe('ACK,AOA,DUMMY');
    expect(fieldsOf(t.at(2), 'rdpudp2.data.channelseqnumber')).toEqual({ 'rdpudp2.data.channelseqnumber': '0x0002' });
  });

  it('stands being cut anywhere', () => {
    for (const [before, last] of [
      [[], syn(0, 0x0101)],
      [[], data(hello, 3)],
      [[there(syn(0, 0x0101)), back(syn(4, 0x0101))], second(0x015d, 0, new Uint8Array(60).fill(1))],
    ] as const) {
      for (let length = 0; length <= last.length; length++) {
        const capture = captureOf([...before, there(last.slice(0, length))]);
        expect(capture.bugs).toBe(0);
        expect(dissectPacket(capture, before.length).protocolNames).toBe(indexedStack(capture, before.length));
      }
    }
  });
});
