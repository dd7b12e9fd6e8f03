import { describe, expect, test } from 'vitest';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, ip4, join, stackOf, u16, udpTo } from './network-packets.ts';

const l2tp = (...payload: (Uint8Array | readonly number[])[]) => eth(0x0800, ip4(udpTo(1701, 1701, join(...payload)), { proto: 17 }));
const ping = ip4(hex('0800 f7fd 0001 0001'), { proto: 1 });
/** One AVP that has to be understood. */
const avp = (type: number, ...value: number[]): number[] => [...u16(0x8000 | (6 + value.length)), 0, 0, ...u16(type), ...value];

describe('L2TP', () => {
  test('carries PPP, with or without its optional fields', () => {
    const inside = join(hex('ff03 0021'), ping);
    const plain = l2tp(hex('0002 4a32 d35e'), inside);
    expect(stackOf(plain)).toBe('eth:ethertype:ip:udp:l2tp:ppp:ip:icmp');
    expect(fieldsOf(dissectOne(plain), 'l2tp.type', 'l2tp.version', 'l2tp.tunnel', 'l2tp.session', 'icmp.type')).toEqual({
      'l2tp.type': '0',
      'l2tp.version': '2',
      'l2tp.tunnel': '18994',
      'l2tp.session': '54110',
      'icmp.type': '8',
    });
    const full = l2tp(hex('4a02'), u16(16 + inside.length), hex('0001 0002 0003 0004 0002 ffff'), inside);
    expect(stackOf(full)).toBe('eth:ethertype:ip:udp:l2tp:ppp:ip:icmp');
    expect(fieldsOf(dissectOne(full), 'l2tp.length', 'l2tp.Ns', 'l2tp.Nr', 'l2tp.offset')).toEqual({
      'l2tp.length': String(16 + inside.length),
      'l2tp.Ns': '3',
      'l2tp.Nr': '4',
      'l2tp.offset': '2',
    });
    expect(faultsWhenCut(plain)).toEqual([]);
    expect(faultsWhenCut(full)).toEqual([]);
  });

  test('a length ends the frame before what pads the datagram', () => {
    const frame = l2tp(hex('4002'), u16(8 + 4 + ping.length), hex('0001 0002 ff03 0021'), ping, new Uint8Array(6));
    expect(dissectOne(frame).layers.find((layer) => layer.protocol === 'data')).toBeUndefined();
  });

  test('says what a control message asks for', () => {
    const body = join(avp(0, 0, 1), avp(2, 1, 0), avp(3, 0, 0, 0, 3), avp(7, 0x6c, 0x61, 0x63), avp(9, 0x12, 0x34));
    const frame = l2tp(hex('c802'), u16(12 + body.length), hex('0000 0000 0005 0006'), body);
    expect(
      fieldsOf(
        dissectOne(frame),
        'l2tp.avp.message_type',
        'l2tp.avp.protocol_version',
        'l2tp.avp.async_framing_supported',
        'l2tp.avp.host_name',
        'l2tp.avp.assigned_tunnel_id',
        'frame.protocols',
      ),
    ).toEqual({
      'l2tp.avp.message_type': '1',
      'l2tp.avp.protocol_version': '1',
      'l2tp.avp.async_framing_supported': '1',
      'l2tp.avp.host_name': 'lac',
      'l2tp.avp.assigned_tunnel_id': '4660',
      'frame.protocols': 'eth:ethertype:ip:udp:l2tp',
    });
    expect(dissectOne(frame).columns.info).toBe('Control Message - SCCRQ (tunnel id=0, session id=0)');
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('a message without AVPs acknowledges, and one whose AVP has no length ends there', () => {
    expect(dissectOne(l2tp(hex('c802 000c 0001 0002 0003 0004'))).columns.info).toBe('Control Message - ZLB (tunnel id=1, session id=2)');
    const endless = l2tp(hex('c802 0024 0001 0002 0003 0004'), [...u16(0x8000), 0, 0, 0, 0], avp(0, 0, 1), new Uint8Array(10));
    expect(fieldsOf(dissectOne(endless), 'l2tp.avp.length', 'l2tp.avp.message_type')).toEqual({
      'l2tp.avp.length': '0',
      'l2tp.avp.message_type': '',
    });
  });

  test('of version 3 its sessions say what follows elsewhere', () => {
    const frame = l2tp(hex('0003 0000 000000aa 01020304'));
    expect(fieldsOf(dissectOne(frame), 'l2tp.sid', 'data.data', 'frame.protocols')).toEqual({
      'l2tp.sid': '0x000000aa',
      'data.data': '01020304',
      'frame.protocols': 'eth:ethertype:ip:udp:l2tp:data',
    });
    expect(stackOf(l2tp([1, 1, 3, 4]))).toBe('eth:ethertype:ip:udp:data');
    expect(faultsWhenCut(frame)).toEqual([]);
  });
});
