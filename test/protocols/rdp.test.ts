import { describe, expect, it } from 'vitest';
import type { FieldNode } from '../../src/messages.ts';
import { fieldsOf, join } from './network-packets.ts';
import { octets, overTcp, type Said, survivesCuts } from './talk.ts';

const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values);
const be16 = (value: number): Uint8Array => u8(value >> 8, value & 255);
const le16 = (value: number): Uint8Array => u8(value & 255, value >> 8);
const le32 = (value: number): Uint8Array => join(le16(value & 0xffff), le16(value >>> 16));
const ber = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
  const body = join(...parts);
  return join(u8(...(tag > 255 ? [tag >> 8, tag & 255] : [tag]), 0x82), be16(body.length), body);
};

const tpkt = (cotp: Uint8Array): Uint8Array => join(u8(3, 0), be16(4 + cotp.length), cotp);
const data = (body: Uint8Array): Uint8Array => tpkt(join(u8(2, 0xf0, 0x80), body));
/** A connection request (14) or confirmation (13) of COTP with a variable part. */
const connect = (type: number, variable: Uint8Array): Uint8Array =>
  tpkt(join(u8(6 + variable.length, type << 4), be16(0), be16(0x1234), u8(0), variable));
const negotiation = (type: number, protocols: number): Uint8Array => join(u8(type, 0), le16(8), le32(protocols));

const block = (type: number, body: Uint8Array): Uint8Array => join(le16(type), le16(4 + body.length), body);
const wide = (text: string, size: number): Uint8Array => {
  const all = new Uint8Array(size);
  for (let k = 0; k < text.length; k++) all[2 * k] = text.charCodeAt(k);
  return all;
};
const core = block(
  0xc001,
  join(
    le16(4),
    le16(8),
    le16(1152),
    le16(864),
    le16(0xca01),
    le16(0xaa03),
    le32(1033),
    le32(2600),
    wide('DESK', 32),
    le32(4),
    le32(0),
    le32(12),
    new Uint8Array(64),
  ),
);
const channels = block(0xc003, join(le32(1), octets('rdpdr\0\0\0'), le32(0x80800000)));
const security = (method: number): Uint8Array =>
  block(0x0c02, join(le32(method), le32(method === 0 ? 0 : 2), ...(method === 0 ? [] : [le32(2), le32(1), u8(9, 9, 7)])));
const network = block(0x0c03, join(le16(1003), le16(1), le16(1004), le16(0)));
/** A conference of T.124 with the settings of a side. */
const conference = (head: readonly number[], key: string, settings: Uint8Array): Uint8Array =>
  join(
    u8(0, 5, 0, 0x14, 0x7c, 0, 1),
    be16(0x8000 | (head.length + 8 + settings.length)),
    u8(...head, 0xc0, 0),
    octets(key),
    be16(0x8000 | settings.length),
    settings,
  );
const domain = ber(0x30, ber(2, u8(34)), ber(2, u8(2)));
const initial = data(
  ber(
    0x7f65,
    ber(4, u8(1)),
    ber(4, u8(1)),
    ber(1, u8(255)),
    domain,
    domain,
    domain,
    ber(4, conference([0, 8, 0, 0x10, 0, 1], 'Duca', join(core, channels))),
  ),
);
const response = (method: number): Uint8Array =>
  data(
    ber(
      0x7f66,
      ber(10, u8(0)),
      ber(2, u8(0)),
      domain,
      ber(4, conference([0x14, 0x76, 0x0a, 1, 1, 0, 1], 'McDn', join(security(method), network))),
    ),
  );
/** sendDataRequest (25) or sendDataIndication (26) on a channel. */
const send = (kind: 25 | 26, channel: number, body: Uint8Array): Uint8Array =>
  data(join(u8(kind << 2), be16(6), be16(channel), u8(0x70), be16(0x8000 | body.length), body));
const licensed = join(le16(0x0080), le16(0), u8(0xff, 3), le16(16), le32(7), le32(2), le16(0), le16(0));

const opened = (method: number): Said[] => [
  ['>', connect(14, join(octets('Cookie: mstshash=eve\r\n'), negotiation(1, 3)))],
  ['<', connect(13, negotiation(2, 0))],
  ['>', initial],
  ['<', response(method)],
];

describe('remote desktop', () => {
  it('asks for its security in a connection request of COTP, and is answered in the confirmation', () => {
    const t = overTcp(3389, ...opened(8));
    expect(t.stacks.slice(0, 2)).toEqual(['tpkt:cotp:rdp', 'tpkt:cotp:rdp']);
    expect(t.at(0).columns.info).toBe('Cookie: mstshash=eve, Negotiate Request');
    expect(fieldsOf(t.at(0), 'rdp.rt_cookie', 'rdp.negReq.requestedProtocols', 'rdp.negReq.requestedProtocols.hybrid')).toEqual({
      'rdp.rt_cookie': 'Cookie: mstshash=eve',
      'rdp.negReq.requestedProtocols': '0x00000003',
      'rdp.negReq.requestedProtocols.hybrid': '1',
    });
    expect(t.at(1).columns.info).toBe('Negotiate Response');
  });

  it('shows why a server refuses', () => {
    const t = overTcp(3389, ['>', connect(14, negotiation(1, 0))], ['<', connect(13, negotiation(3, 1))]);
    expect(t.at(1).columns.info).toBe('Negotiate Failure, failureCode TLS required by server');
  });

  it('shows the settings of both sides in the conference that T.125 connects', () => {
    const t = overTcp(3389, ...opened(8));
    expect(t.stacks.slice(2)).toEqual(['tpkt:cotp:t125:t124', 'tpkt:cotp:t125:t124']);
    expect(fieldsOf(t.at(2), 'rdp.desktop.width', 'rdp.client.name', 'rdp.name', 't125.upwardFlag')).toEqual({
      'rdp.desktop.width': '1152',
      'rdp.client.name': 'DESK',
      'rdp.name': 'rdpdr',
      't125.upwardFlag': '1',
    });
    expect(t.at(3).columns.info).toBe('ServerData Encryption: 56-bit RC4 (Client Compatible)');
    expect(fieldsOf(t.at(3), 'rdp.MCSChannelId', 'rdp.serverRandom')).toEqual({
      'rdp.MCSChannelId': '1003,1004',
      'rdp.serverRandom': '0909',
    });
  });

  it('takes the last member for the user data at both depths, though others are missing', () => {
    const settings = ber(4, conference([0, 8, 0, 0x10, 0, 1], 'Duca', join(core, channels)));
    const t = overTcp(3389, ['>', data(ber(0x7f65, ber(4, u8(1)), ber(2, u8(1)), settings))]);
    expect(t.stacks).toEqual(['tpkt:cotp:t125:t124']);
    expect(t.at(0).protocolNames).toMatch(/t125:t124$/);
  });

  it.each([
    [8, '0x0102030405060708'],
    [9, null],
  ])('shows a limit of the conference of %i octets as what it is', (octetsOfIt, value) => {
    const limits = ber(0x30, ber(2, u8(1, 2, 3, 4, 5, 6, 7, 8, 9).subarray(0, octetsOfIt)), ber(2, u8(2)));
    const t = overTcp(3389, [
      '>',
      data(ber(0x7f65, ber(4, u8(1)), ber(4, u8(1)), ber(1, u8(255)), limits, domain, domain, ber(4, u8(0, 5)))),
    ]);
    const shown = t.at(0).layers.find((layer) => layer.protocol === 't125');
    expect(shown?.status).toBe('whole');
    const all = (nodes: readonly FieldNode[]): FieldNode[] => nodes.flatMap((node) => [node, ...all(node.children)]);
    const limit = all(shown?.fields ?? []).find((node) => node.abbrev === 't125.maxChannelIds');
    expect(limit?.value).toBe(value === null ? null : BigInt(value));
  });

  it('takes the data of the channels that the server named, and of no others', () => {
    const said: Said[] = [
      ...opened(8),
      ['<', send(26, 1003, licensed)],
      ['<', send(26, 1005, licensed)],
      ['>', send(25, 1003, join(le16(8), le16(0), u8(1, 2, 3, 4, 5, 6, 7, 8, 9)))],
    ];
    const t = overTcp(3389, ...said);
    expect(t.stacks.slice(4)).toEqual(['tpkt:cotp:t125:rdp', 'tpkt:cotp:t125', 'tpkt:cotp:t125']);
    expect(t.at(4).columns.info).toBe('Error Alert');
    expect(fieldsOf(t.at(5), 'rdp.bMsgType', 't124.channelId')).toEqual({ 'rdp.bMsgType': '', 't124.channelId': '1005' });
    // A client's data are shown with the message that sends them.
    expect(t.at(6).columns.info).toBe('sendDataRequest, [Encrypted]');
    expect(fieldsOf(t.at(6), 'rdp.dataSignature')).toEqual({ 'rdp.dataSignature': '0102030405060708' });
  });

  it('reads what is sent without encryption once the license is there, and no sooner', () => {
    const update = join(le16(18), le16(0x17), le16(1002), le32(0x10001), u8(0, 1), le16(4), u8(31, 0), le16(0));
    const t = overTcp(3389, ...opened(0), ['<', send(26, 1003, licensed)], ['<', send(26, 1003, update)]);
    expect(t.at(5).columns.info).toBe('RDP PDU Type: Synchronize');
    expect(fieldsOf(t.at(5), 'rdp.pduType.type', 'rdp.pduSource')).toEqual({ 'rdp.pduType.type': '0x0007', 'rdp.pduSource': '1002' });
  });

  it('knows a message of the fast path by its length, and shows other octets as such', () => {
    const t = overTcp(3389, ...opened(8), ['>', u8(0xc8, 5, 1, 2, 3)], ['<', u8(0, 0x80, 6, 1, 2, 3)], ['<', u8(0xc0, 9, 1)]);
    expect(t.stacks.slice(4)).toEqual(['tpkt:rdp', 'tpkt:rdp', 'tpkt']);
    expect(fieldsOf(t.at(4), 'rdp.fastpathPDULength', 'rdp.fastpath.numevents')).toEqual({
      'rdp.fastpathPDULength': '5',
      'rdp.fastpath.numevents': '2',
    });
    expect(fieldsOf(t.at(6), 'tpkt.continuation_data')).toEqual({ 'tpkt.continuation_data': 'c00901' });
  });

  it('does not take its port for itself before a message with the header of TPKT', () => {
    const other: Said = ['>', octets('GNUTELLA?')];
    const fast: Said = ['>', u8(0xc0, 9, 1)];
    expect(overTcp(3389, other, fast).stacks).toEqual(['data', 'data']);
    expect(overTcp(3389, fast, ...opened(8), fast).stacks).toEqual([
      'data',
      'tpkt:cotp:rdp',
      'tpkt:cotp:rdp',
      'tpkt:cotp:t125:t124',
      'tpkt:cotp:t125:t124',
      'tpkt',
    ]);
  });

  it('puts a message together that TCP cut anywhere', () => {
    const said = send(26, 1003, licensed);
    for (let cut = 1; cut < said.length; cut++) {
      const t = overTcp(3389, ...opened(8), ['<', said.slice(0, cut)], ['<', said.slice(cut)]);
      expect(t.stacks.slice(4)).toEqual(['', 'tpkt:cotp:t125:rdp']);
    }
  });

  it('leaves the connection to TLS that both sides agreed on', () => {
    const hello = u8(22, 3, 1, 0, 5, 1, 0, 0, 1, 0);
    const t = overTcp(
      3389,
      ['>', connect(14, negotiation(1, 1))],
      ['<', connect(13, negotiation(2, 1))],
      ['>', hello],
      ['<', u8(21, 3, 1, 0, 2, 2, 40)],
    );
    expect(t.stacks).toEqual(['tpkt:cotp:rdp', 'tpkt:cotp:rdp', 'tls', 'tls']);
  });

  it('shows the other messages of T.125 with their numbers', () => {
    const t = overTcp(
      3389,
      ['>', data(u8(0x04, 1, 0, 1, 0))],
      ['>', data(u8(0x28))],
      ['<', data(u8(0x2e, 0, 0, 6))],
      ['>', data(u8(0x38, 0, 6, 3, 0xef))],
      ['<', data(u8(0x3e, 0, 0, 6, 3, 0xef, 3, 0xef))],
      ['<', data(u8(0x21, 0x80))],
    );
    expect(t.stacks).toEqual(Array(6).fill('tpkt:cotp:t125'));
    expect(t.stacks.map((_, n) => t.at(n).columns.info)).toEqual([
      'erectDomainRequest',
      'attachUserRequest',
      'attachUserConfirm',
      'channelJoinRequest 1007',
      'channelJoinConfirm 1007',
      'disconnectProviderUltimatum',
    ]);
    expect(fieldsOf(t.at(4), 't124.initiator', 't124.requested', 't124.channelId')).toEqual({
      't124.initiator': '6',
      't124.requested': '1007',
      't124.channelId': '1007',
    });
    expect(fieldsOf(t.at(5), 't124.reason')).toEqual({ 't124.reason': '3' });
  });

  it('stands being cut anywhere', () => {
    const all = opened(8);
    for (let n = 1; n <= all.length; n++) survivesCuts(3389, all.slice(0, n));
    survivesCuts(3389, [...all, ['<', send(26, 1003, licensed)]]);
    survivesCuts(3389, [...all, ['>', join(send(25, 1003, join(le16(0x40), le16(0), new Uint8Array(30))), u8(3, 0, 0, 3, 1))]]);
  });
});
