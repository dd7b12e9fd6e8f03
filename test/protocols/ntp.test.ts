import { describe, expect, it } from 'vitest';
import { faultsWhenCut, fieldsOf, join, u16, u32 } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

/** 2 August 2016, 02:18:44 and a half second. */
const time = join(u32(1470104324 + 2208988800), u32(0x80000000));
const none = new Uint8Array(8);
const header = join([0x24, 2, 6, 0xec], u32(9760), u32(63177), [192, 0, 2, 1], time, none, time, time);
const read = (bytes: Uint8Array) => ofFrames(udpFrame(123, 123, bytes)).at(0);

describe('NTP', () => {
  it('reads times of both eras, and none', () => {
    const d = read(header);
    expect(fieldsOf(d, 'ntp.flags.mode', 'ntp.stratum', 'ntp.rec', 'ntp.org', 'ntp.refid')).toEqual({
      'ntp.flags.mode': '4',
      'ntp.stratum': '2',
      'ntp.rec': 'Aug  2, 2016 02:18:44.500000000 UTC',
      'ntp.org': 'NULL',
      'ntp.refid': 'c0000201',
    });
    const later = join(header.slice(0, 40), u32(1), u32(0));
    expect(fieldsOf(read(later), 'ntp.xmt')).toEqual({ 'ntp.xmt': 'Feb  7, 2036 06:28:17.000000000 UTC' });
    expect(d.columns.info).toBe('NTP Version 4, server');
  });

  it('tells extensions from a key and its digest', () => {
    const ext = join(u16(0x0104), u16(36), new Uint8Array(32));
    expect(fieldsOf(read(join(header, ext)), 'ntp.ext.type', 'ntp.keyid')).toEqual({ 'ntp.ext.type': '0x0104', 'ntp.keyid': '' });
    expect(fieldsOf(read(join(header, u32(7), new Uint8Array(16))), 'ntp.ext.type', 'ntp.keyid')).toEqual({
      'ntp.ext.type': '',
      'ntp.keyid': '00000007',
    });
  });

  it('reads control messages', () => {
    const d = read(join([0x16, 0x82], u16(68), u16(0x0618), u16(0), u16(0), u16(4), [97, 61, 49, 10]));
    expect(fieldsOf(d, 'ntp.ctrl.flags2.opcode', 'ntp.ctrl.sys_status.clksrc', 'ntp.ctrl.sys_status.code', 'ntp.ctrl.count')).toEqual({
      'ntp.ctrl.flags2.opcode': '2',
      'ntp.ctrl.sys_status.clksrc': '6',
      'ntp.ctrl.sys_status.code': '8',
      'ntp.ctrl.count': '4',
    });
  });

  it('reads the list that private mode gives', () => {
    const item = join(u32(0), u32(4154), u32(0), u32(392), [192, 0, 2, 9], [192, 0, 2, 1], u32(1), u16(3074), [7, 2], new Uint8Array(40));
    const d = read(join([0x97, 14, 3, 42], u16(1), u16(72), item));
    expect(fieldsOf(d, 'ntp.priv.reqcode', 'ntp.priv.monlist.remote_address', 'ntp.priv.monlist.port')).toEqual({
      'ntp.priv.reqcode': '42',
      'ntp.priv.monlist.remote_address': '192.0.2.9',
      'ntp.priv.monlist.port': '3074',
    });
  });

  it('stands being cut anywhere', () => {
    expect(faultsWhenCut(udpFrame(123, 123, header))).toEqual([]);
    const lying = join([0x97, 14, 3, 42], u16(0xfff), u16(72), new Uint8Array(80));
    expect(faultsWhenCut(udpFrame(123, 123, lying))).toEqual([]);
  });
});
