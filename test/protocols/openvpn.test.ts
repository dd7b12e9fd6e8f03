import { describe, expect, it } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, fieldsOf, indexedStack, join, u16, u32 } from './network-packets.ts';
import { octets, ofFrames, overTcp, type Said, survivesCuts, udpFrame } from './talk.ts';

const session = [1, 2, 3, 4, 5, 6, 7, 8];
/** A control message with what it acknowledges, its number, and a piece of TLS. */
const control = (number: number, piece: Uint8Array, signature: readonly number[] = []): Uint8Array =>
  join([4 << 3], session, signature, [1], u32(0), [8, 7, 6, 5, 4, 3, 2, 1], u32(number), piece);
const signed = [...new Array<number>(20).fill(0x5a), 0, 0, 0, 9, 0x62, 0x5a, 0x9e, 0x97];
const framed = (packet: Uint8Array): Uint8Array => join(u16(packet.length), packet);
const extensions = join(u16(21), u16(180), new Uint8Array(180));
const hello = join(
  [1, 0],
  u16(2 + 32 + 1 + 4 + 2 + 2 + extensions.length),
  u16(0x0303),
  new Uint8Array(32),
  [0],
  u16(2),
  u16(0x1301),
  [1, 0],
  u16(extensions.length),
  extensions,
);
const record = join([22, 3, 1], u16(hello.length), hello);
const pieces = (bytes: Uint8Array, first = 1): Uint8Array[] => {
  const all: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 100) all.push(control(first + all.length, bytes.slice(at, at + 100)));
  return all;
};

describe('OpenVPN', () => {
  it('puts TLS together from the pieces of 100 octets that control messages have', () => {
    const [a, b, c] = pieces(record) as [Uint8Array, Uint8Array, Uint8Array];
    const t = overTcp(1194, ['>', framed(a)], ['>', framed(b)], ['>', framed(c)]);
    expect(t.stacks).toEqual(['openvpn', 'openvpn', 'openvpn:tls']);
    expect(fieldsOf(t.at(2), 'tls.handshake.ciphersuite', 'openvpn.reassembled.length', 'openvpn.mpid')).toEqual({
      'tls.handshake.ciphersuite': '0x1301',
      'openvpn.reassembled.length': `${record.length}`,
      'openvpn.mpid': '3',
    });
  });

  it('reads all packets of a segment, and one that two segments share', () => {
    const all = join(...pieces(record).map(framed), framed(join([5 << 3], session, [1], u32(7), session)));
    for (const cut of [1, 60, 130, 260, all.length - 1]) {
      const t = overTcp(1194, ['>', all.slice(0, cut)], ['>', all.slice(cut)]);
      expect(t.stacks.join(' '), `${cut}`).toContain('openvpn:tls');
    }
    expect(fieldsOf(overTcp(1194, ['>', all]).at(0), 'openvpn.opcode', 'openvpn.plen')).toEqual({
      'openvpn.opcode': '0x04,0x04,0x04,0x05',
      'openvpn.plen': '126,126,62,22',
    });
  });

  it('tells signed packets by the octets where a signature would begin', () => {
    const t = ofFrames(
      udpFrame(50000, 1194, control(1, record.slice(0, 40), signed)),
      udpFrame(1194, 50000, control(1, record.slice(0, 40)), true),
    );
    expect(t.stacks).toEqual(['openvpn:tls', 'openvpn:tls']);
    expect(fieldsOf(t.at(0), 'openvpn.hmac', 'openvpn.pid', 'openvpn.mpidarraylength')).toEqual({
      'openvpn.hmac': '5a'.repeat(20),
      'openvpn.pid': '9',
      'openvpn.mpidarraylength': '1',
    });
    expect(fieldsOf(t.at(1), 'openvpn.hmac', 'openvpn.rsessionid')).toEqual({
      'openvpn.hmac': '',
      'openvpn.rsessionid': '578437695752307201',
    });
  });

  it('reads nothing behind a packet that acknowledges more than it has room for', () => {
    const wrong = join([4 << 3], session, [255], new Uint8Array(40));
    const t = overTcp(1194, ['>', join(framed(wrong), framed(control(1, record.slice(0, 40))))]);
    expect(t.stacks).toEqual(['openvpn']);
  });

  it('takes a piece that was sent again once', () => {
    const [a, b, c] = pieces(record) as [Uint8Array, Uint8Array, Uint8Array];
    const t = ofFrames(...[a, b, b, c].map((packet) => udpFrame(50000, 1194, packet)));
    expect(t.stacks).toEqual(['openvpn', 'openvpn', 'openvpn', 'openvpn:tls']);
    expect(fieldsOf(t.at(3), 'tls.handshake.ciphersuite')).toEqual({ 'tls.handshake.ciphersuite': '0x1301' });
  });

  it('shows what is no TLS as data, and leaves data packets as they are', () => {
    const t = ofFrames(
      udpFrame(50000, 1194, control(1, octets('plain text'))),
      udpFrame(50000, 1194, join([9 << 3, 0, 0, 1], new Uint8Array(30))),
    );
    expect(t.stacks).toEqual(['openvpn:data', 'openvpn']);
    expect(fieldsOf(t.at(1), 'openvpn.peerid')).toEqual({ 'openvpn.peerid': '1' });
  });

  it('stands being cut anywhere', () => {
    const [a, b, c] = pieces(record) as [Uint8Array, Uint8Array, Uint8Array];
    const said: Said[] = [
      ['>', framed(a)],
      ['>', framed(b)],
      ['>', framed(c)],
    ];
    survivesCuts(1194, said);
    survivesCuts(1194, [['>', join(framed(control(1, record.slice(0, 60), signed)), framed(new Uint8Array(9)))]]);
    const packet = control(1, record.slice(0, 60), signed);
    for (let length = 0; length <= packet.length; length++) {
      const capture = captureOf([udpFrame(50000, 1194, packet.slice(0, length))]);
      expect(capture.bugs).toBe(0);
      expect(dissectPacket(capture, 0).protocolNames).toBe(indexedStack(capture, 0));
    }
  });
});
