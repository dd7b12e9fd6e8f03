import { describe, expect, it } from 'vitest';
import { dissectOne, eth, faultsWhenCut, fieldsOf, hex, ip4, join, stackOf, u16, udpTo } from './network-packets.ts';

const frame = (port: number, message: Uint8Array) => eth(0x0800, ip4(udpTo(port, port, message), { proto: 17 }));
const message = (type: number, ...elements: Uint8Array[]) => {
  const body = join(...elements);
  return join([0x32, type], u16(4 + body.length), hex('00000007 130b 0000'), body);
};

const request = message(
  0x10,
  hex('02 64000401000001f1'),
  hex('03 64f06 0fffeff'.replace(/ /g, '')),
  hex('0e b0'),
  hex('0f fd'),
  hex('10 32f02bf9'),
  hex('11 32f02bfa'),
  hex('14 05'),
  hex('1a 0800'),
  hex('80 0006 f121 c0a8fc82'),
  hex('83 0007 066565746573 74'),
  hex('84 0003 80 8021'),
  hex('85 0004 c0a96401'),
  hex('86 0008 91 68512201001001'),
  hex('87 000c 02 1b 42 1f 73 8c 40 40 74 4b 40 40'),
  hex('97 0001 02'),
  hex('99 0002 23 00'),
  hex('ff 0005 2aab 020103'),
);

describe("GTP's control messages", () => {
  it('have their header taken apart', () => {
    expect(
      fieldsOf(dissectOne(frame(2123, request)), 'gtp.flags.version', 'gtp.flags.s', 'gtp.flags.pn', 'gtp.teid', 'gtp.seq_number'),
    ).toEqual({
      'gtp.flags.version': '1',
      'gtp.flags.s': '1',
      'gtp.flags.pn': '0',
      'gtp.teid': '0x00000007',
      'gtp.seq_number': '0x130b',
    });
  });

  it('have their elements taken apart', () => {
    const values = {
      'e212.imsi': '460040100000101',
      'e212.assoc.imsi': '460040100000101',
      'e212.rai.mcc': '460',
      'e212.rai.mnc': '6',
      'gtp.lac': '65534',
      'gtp.rai_rac': '255',
      'gtp.recovery': '176',
      'gtp.sel_mode': '1',
      'gtp.teid_data': '0x32f02bf9',
      'gtp.teid_cp': '0x32f02bfa',
      'gtp.nsapi': '5',
      'gtp.chrg_char_n': '1',
      'gtp.user_ipv4': '192.168.252.130',
      'gtp.apn': 'eetest',
      'gtp.gsn_ipv4': '192.169.100.1',
      'e164.msisdn': '86152210000110',
      'gtp.qos_delay': '3',
      'gtp.qos_max_sdu_size': '1400',
      'gtp.qos_max_ul': '64',
      'gtp.qos_trans_delay': '18',
      'gtp.ext_rat_type': '2',
      'gtp.timezone': '32',
      'gtp.ext_val': '020103',
    };
    const d = dissectOne(frame(2123, request));
    expect(fieldsOf(d, ...Object.keys(values))).toEqual(values);
    expect(d.layers.at(-1)?.status).toBe('whole');
    expect(d.columns.info).toBe('Create PDP context request');
  });

  it('of version 0 have labels where later ones have tunnel identifiers', () => {
    const old = join(hex('1e 10 0011 1001 0000 ff ffffff 4200012143658709'), hex('06 0b921f 0e04 10 0001 11 0002 7f 00000001'));
    expect(
      fieldsOf(
        dissectOne(frame(3386, old)),
        'gtp.tid',
        'gtp.flags.snn',
        'gtp.qos_mean',
        'gtp.ext_flow_label',
        'gtp.flow_sig',
        'gtp.chrg_id',
      ),
    ).toEqual({
      'gtp.tid': '2400101234567890',
      'gtp.flags.snn': '0',
      'gtp.qos_mean': '31',
      'gtp.ext_flow_label': '0x0001',
      'gtp.flow_sig': '0x0002',
      'gtp.chrg_id': '0x00000001',
    });
    expect(faultsWhenCut(frame(3386, old))).toEqual([]);
  });

  it('lead into the protocols of PPP in their configuration options, at both depths', () => {
    const ipcp = hex('01 01 000a 0306 00000000');
    const pap = hex('01 00 0006 0000');
    const options = join(hex('84'), u16(1 + 13 + 4 + 9), hex('80 8021 0a'), ipcp, hex('000d 01 07'), hex('c023 06'), pap);
    expect(stackOf(frame(2123, message(0x10, options)))).toBe('eth:ethertype:ip:udp:gtp:ipcp:pap');
    expect(dissectOne(frame(2123, message(0x10, options))).columns.protocol).toBe('GTP');
    expect(faultsWhenCut(frame(2123, message(0x10, options)))).toEqual([]);
    const many = Array.from({ length: 40 }, () => options);
    expect(stackOf(frame(2123, message(0x10, ...many)))).toBe(`eth:ethertype:ip:udp:gtp${':ipcp:pap'.repeat(8)}`);
  });

  it('stand being cut anywhere, an unknown element, and lengths that go beyond the message', () => {
    expect(faultsWhenCut(frame(2123, request))).toEqual([]);
    const unknown = dissectOne(frame(2123, message(0x10, hex('7e 01020304'), hex('0e b0'))));
    expect(fieldsOf(unknown, 'gtp.recovery')).toEqual({ 'gtp.recovery': '' });
    expect(unknown.layers.at(-1)?.status).toBe('whole');
    const beyond = dissectOne(frame(2123, message(0x10, hex('0e b0 83 00ff 03 616263'))));
    expect(fieldsOf(beyond, 'gtp.recovery', 'gtp.apn')).toEqual({ 'gtp.recovery': '176', 'gtp.apn': '' });
    expect(beyond.layers.at(-1)?.status).toBe('malformed');
    for (const empty of ['80 0000', '83 0000', '85 0000', '86 0000', '87 0000', '97 0000', '99 0000', 'ff 0000']) {
      expect(stackOf(frame(2123, message(0x10, hex(empty))))).toBe('eth:ethertype:ip:udp:gtp');
      expect(faultsWhenCut(frame(2123, message(0x10, hex(empty))))).toEqual([]);
    }
  });
});
