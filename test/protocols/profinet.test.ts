import { describe, expect, test } from 'vitest';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, join, stackOf, u16 } from './network-packets.ts';

const rt = (...payload: (Uint8Array | readonly number[])[]) => eth(0x8892, ...payload);
const name = [0x70, 0x6c, 0x63];

describe('PROFINET', () => {
  test('cyclic data end before their counter and status', () => {
    const frame = rt(u16(0xc002), new Uint8Array(40).fill(7), u16(8192), [0x15, 0]);
    expect(
      fieldsOf(dissectOne(frame), 'pn_rt.frame_id', 'pn_rt.cycle_counter', 'pn_rt.ds', 'pn_rt.ds_valid', 'pn_rt.ds_ok', 'frame.protocols'),
    ).toEqual({
      'pn_rt.frame_id': '49154',
      'pn_rt.cycle_counter': '8192',
      'pn_rt.ds': '0x15',
      'pn_rt.ds_valid': '0x01',
      'pn_rt.ds_ok': '0x00',
      'frame.protocols': 'eth:ethertype:pn_rt:pn_io',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('discovery names the station that is looked for', () => {
    const frame = rt(u16(0xfefe), hex('0500 03000004 0001 0008 0202 0003'), name, new Uint8Array(30));
    expect(
      fieldsOf(dissectOne(frame), 'pn_dcp.service_id', 'pn_dcp.response_delay', 'pn_dcp.suboption_device_nameofstation', 'frame.protocols'),
    ).toEqual({
      'pn_dcp.service_id': '5',
      'pn_dcp.response_delay': '1',
      'pn_dcp.suboption_device_nameofstation': 'plc',
      'frame.protocols': 'eth:ethertype:pn_rt:pn_dcp',
    });
    expect(faultsWhenCut(frame)).toEqual([]);
  });

  test('an answer has two octets before the addresses, and a block that claims too much takes none that follow', () => {
    const answer = hex('0501 03000004 0000 0012 0102 000e 0001 0a000005 ffffff00 0a000001');
    expect(fieldsOf(dissectOne(rt(u16(0xfeff), answer)), 'pn_dcp.suboption_ip_ip', 'pn_dcp.suboption_ip_standard_gateway')).toEqual({
      'pn_dcp.suboption_ip_ip': '10.0.0.5',
      'pn_dcp.suboption_ip_standard_gateway': '10.0.0.1',
    });
    const greedy = rt(u16(0xfefe), hex('0500 03000004 0001 000b 0202 ffff'), name, hex('0102 000e 0001 0a000005'));
    expect(fieldsOf(dissectOne(greedy), 'pn_dcp.option')['pn_dcp.option']).toBe('2');
    expect(faultsWhenCut(greedy)).toEqual([]);
  });

  test('who says hello unasked has two octets before the name, too', () => {
    const frame = rt(u16(0xfefc), hex('0600 03000004 0000 000a 0202 0005 0000'), name, [0]);
    expect(fieldsOf(dissectOne(frame), 'pn_dcp.suboption_device_nameofstation')['pn_dcp.suboption_device_nameofstation']).toBe('plc');
  });

  test('the clock protocol and frames that nobody knows', () => {
    expect(stackOf(rt(u16(0xff40), new Uint8Array(44)))).toBe('eth:ethertype:pn_rt:pn_ptcp');
    expect(stackOf(rt(u16(0xff90), new Uint8Array(44)))).toBe('eth:ethertype:pn_rt:data');
    expect(faultsWhenCut(join(rt(u16(0xff40), new Uint8Array(20))))).toEqual([]);
  });
});
