import { describe, expect, it } from 'vitest';
import { faultsWhenCut, fieldsOf, hex, IP6_A, IP6_B, join, u16, u32 } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

const read = (bytes: Uint8Array) => ofFrames(udpFrame(123, 123, bytes)).at(0);
const mode7 = (request: number, size: number, data: Uint8Array, isResponse = true, items = data.length / size) =>
  join([isResponse ? 0x97 : 0x17, 0, 3, request], u16(items), u16(size), data);
const ascending = (length: number) => Uint8Array.from({ length }, (_, i) => (i % 255) + 1);
const privates = (name: string) => `ntp.priv.mode7.${name}`;

/** Items of octets 1, 2, 3…, with values as tshark 4.0 gives them for the same bytes. */
const items: readonly (readonly [name: string, request: number, size: number, values: Readonly<Record<string, string>>])[] = [
  ['PEER_LIST', 0, 32, { [privates('address')]: '1.2.3.4', [privates('hmode')]: '7', [privates('peer.flags.refclock')]: '1' }],
  [
    'PEER_LIST_SUM',
    1,
    72,
    {
      'ntp.stratum': '11',
      'ntp.ppoll': '13',
      [privates('offset')]: '1519427316551916316',
      [privates('srcaddress6')]: '393a:3b3c:3d3e:3f40:4142:4344:4546:4748',
    },
  ],
  [
    'SYS_INFO',
    4,
    80,
    {
      'ntp.refid': '11121314',
      'ntp.reftime': 'Apr 24, 2047 19:42:16.098054594 UTC',
      [privates('sys.flags.filegen')]: '1',
      [privates('stability')]: '892745528',
    },
  ],
  [
    'MEM_STATS',
    7,
    148,
    { [privates('totalmem')]: '1286', [privates('hashcount')]: Buffer.from(ascending(148).subarray(20)).toString('hex') },
  ],
  [
    'CONFIG',
    10,
    168,
    {
      [privates('minpoll')]: '7',
      [privates('config.flags.iburst')]: '1',
      'ntp.keyid': '0d0e0f10',
      [privates('address6')]: '999a:9b9c:9d9e:9fa0:a1a2:a3a4:a5a6:a7a8',
    },
  ],
  ['CLR_SYS_FLAG', 13, 4, { [privates('sys.flags')]: '0x00000004', [privates('sys.flags.ntp')]: '1' }],
  [
    'GET_RESTRICT',
    16,
    56,
    { [privates('mask')]: '5.6.7.8', [privates('mflags')]: '3856', [privates('mask6')]: '292a:2b2c:2d2e:2f30:3132:3334:3536:3738' },
  ],
  ['RESET_STATS', 21, 4, { [privates('reset_stats.flags.sys')]: '1' }],
  ['UNTRUSTKEY', 27, 8, { [privates('key')]: '0x0807060504030201' }],
  ['AUTHINFO', 28, 36, { [privates('numkeys')]: '84281096', [privates('keyuncached')]: '555885348' }],
  ['TRAPS', 29, 64, { [privates('trap_port')]: '2314', 'ntp.priv.traps.flags': '0x191a1b1c' }],
  ['GET_CLOCKINFO', 36, 52, { [privates('lastevent')]: '7', [privates('fudgetime1')]: '0x1d1e1f2021222324' }],
  ['GET_KERNEL', 38, 60, { [privates('kernel_offset')]: '16909060', [privates('status')]: '4370' }],
  ['IF_STATS', 44, 136, { [privates('mask6')]: '2122:2324:2526:2728:292a:2b2c:2d2e:2f30', [privates('family')]: '33154' }],
];

describe("NTP's private mode", () => {
  it.each(items)('takes apart the items of %s', (name, request, size, values) => {
    const d = read(mode7(request, size, ascending(size)));
    expect(d.layers.at(-1)?.fields.find((node) => node.abbrev === privates('item'))?.label).toBe(`${name} Item`);
    expect(fieldsOf(d, ...Object.keys(values))).toEqual(values);
  });

  it.each(items)('reads no further than the items of %s go', (_, request, size) => {
    const frame = udpFrame(123, 123, mode7(request, size, ascending(2 * size)));
    expect(faultsWhenCut(frame)).toEqual([]);
    const short = read(mode7(request, 4, ascending(8)));
    for (const node of short.layers.at(-1)?.fields.filter((each) => each.abbrev === privates('item')) ?? []) {
      for (const child of node.children) expect(child.offset + child.length).toBeLessThanOrEqual(node.offset + node.length);
    }
  });

  it('knows that flags of statistics take two octets, and that a filter keeps eight samples', () => {
    const statistics = join(hex('0a000001 0a000002 007b 0003'), u32(77), new Uint8Array(64), u32(1), u32(0), IP6_A, IP6_B);
    expect(
      fieldsOf(read(mode7(3, statistics.length, statistics)), privates('peer.flags'), privates('timereset'), privates('srcaddress6')),
    ).toEqual({
      [privates('peer.flags')]: '0x03',
      [privates('timereset')]: '77',
      [privates('srcaddress6')]: '2001:db8::2',
    });
    const peer = read(mode7(2, 280, ascending(280)));
    expect(
      peer.layers
        .at(-1)
        ?.fields.at(-1)
        ?.children.filter((node) => node.abbrev === privates('filtdelay')).length,
    ).toBe(8);
    expect(fieldsOf(peer, privates('srcaddress6'))[privates('srcaddress6')]).toBe('a0b:c0d:e0f:1011:1213:1415:1617:1819');
  });

  it('asks for peers by their address, and for clocks too', () => {
    expect(fieldsOf(read(mode7(2, 32, ascending(32), false)), privates('address'), privates('dstaddress'))).toEqual({
      [privates('address')]: '1.2.3.4',
      [privates('dstaddress')]: '',
    });
    expect(fieldsOf(read(mode7(36, 4, ascending(4), false)), privates('address'), privates('polls'))).toEqual({
      [privates('address')]: '1.2.3.4',
      [privates('polls')]: '',
    });
  });

  it('authenticates a request at its fixed place', () => {
    const request = join(
      [0x17, 0x80, 3, 11],
      u16(1),
      u16(8),
      new Uint8Array(176),
      u32(0xe9000000),
      u32(0),
      u32(7),
      new Uint8Array(16).fill(5),
    );
    expect(fieldsOf(read(request), 'ntp.priv.tstamp', 'ntp.keyid', 'ntp.mac')).toEqual({
      'ntp.priv.tstamp': 'Nov 16, 2023 02:42:08.000000000 UTC',
      'ntp.keyid': '00000007',
      'ntp.mac': '05'.repeat(16),
    });
    expect(faultsWhenCut(udpFrame(123, 123, request))).toEqual([]);
  });
});

describe("NTP's control mode", () => {
  const control = (flags: number, status: number, association: number, data: Uint8Array | readonly number[], ...after: Uint8Array[]) =>
    join([0x16, flags], u16(1), u16(status), u16(association), u16(0), u16(data.length), data, ...after);
  const text = [...'leap=0'].map((letter) => letter.charCodeAt(0));

  it('has a status of the system, of a peer, of a clock, or an error', () => {
    expect(fieldsOf(read(control(0x87, 0x0618, 0, text)), 'ntp.ctrl.sys_status.clksrc', 'ntp.ctrl.trapmsg')).toEqual({
      'ntp.ctrl.sys_status.clksrc': '6',
      'ntp.ctrl.trapmsg': 'leap=0',
    });
    expect(fieldsOf(read(control(0x82, 0x9614, 5, text)), 'ntp.ctrl.peer_status.selection')).toEqual({
      'ntp.ctrl.peer_status.selection': '6',
    });
    expect(fieldsOf(read(control(0x84, 0x0105, 5, text)), 'ntp.ctrl.clock_status.status', 'ntp.ctrl.clock_status.code')).toEqual({
      'ntp.ctrl.clock_status.status': '1',
      'ntp.ctrl.clock_status.code': '5',
    });
    expect(fieldsOf(read(control(0xc2, 0x0500, 5, [])), 'ntp.ctrl.err_status')).toEqual({ 'ntp.ctrl.err_status': '5' });
    expect(fieldsOf(read(control(0x02, 0x0618, 0, text)), 'ntp.ctrl.sys_status.clksrc')).toEqual({ 'ntp.ctrl.sys_status.clksrc': '' });
  });

  it('lists associations only where none was asked for in particular', () => {
    const list = hex('0005 9614 0006 8011');
    expect(fieldsOf(read(control(0x81, 0, 0, list)), 'ntp.ctrl.associd')).toEqual({ 'ntp.ctrl.associd': '0,5,6' });
    expect(fieldsOf(read(control(0x81, 0, 5, list)), 'ntp.ctrl.associd')).toEqual({ 'ntp.ctrl.associd': '5' });
  });

  it('has texts of their own for what is configured, recent, ordered, and for nonces', () => {
    for (const [opcode, field] of [
      [8, 'configuration'],
      [10, 'mru'],
      [11, 'ordlist'],
      [12, 'nonce'],
    ] as const) {
      expect(fieldsOf(read(control(0x80 | opcode, 0, 0, text)), `ntp.ctrl.${field}`)).toEqual({ [`ntp.ctrl.${field}`]: 'leap=0' });
    }
  });

  it('ends with padding and a digest', () => {
    const signed = control(0x03, 0, 0, text, new Uint8Array(6), Uint8Array.from(u32(7)), new Uint8Array(16).fill(9));
    expect(fieldsOf(read(signed), 'ntp.padding', 'ntp.key_type', 'ntp.key_index', 'ntp.key_signature')).toEqual({
      'ntp.padding': '000000000000',
      'ntp.key_type': '0',
      'ntp.key_index': '0x00000007',
      'ntp.key_signature': '09'.repeat(16),
    });
    expect(faultsWhenCut(udpFrame(123, 123, signed))).toEqual([]);
  });
});
