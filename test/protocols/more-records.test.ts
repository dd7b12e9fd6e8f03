import { describe, expect, test } from 'vitest';
import { eth, fieldsOf, hex, ip6, join, udpTo } from './network-packets.ts';
import { type Example, testExample } from './said-once.ts';
import { ofFrames, overTcp, udpFrame } from './talk.ts';

const text = (value: string): Uint8Array => Uint8Array.from(value, (c) => c.charCodeAt(0));

const examples: readonly Example[] = [
  {
    what: 'a heartbeat of RTPS',
    over: 'udp',
    port: 7411,
    said: join(text('RTPS'), hex('0201 0101 c0a87a01 00003a4c 00000001 0701 0400 00000000')),
    stack: 'rtps',
    fields: { 'rtps.hostId': '0xc0a87a01', 'rtps.sm.id': '0x07', 'rtps.sm.octetsToNextHeader': '4' },
  },
  {
    what: 'a frame of HART that is passed through',
    over: 'tcp',
    port: 5094,
    said: hex('01 01 03 00 0003 0015 86 264e0000d2 00 04 00 d0 beef e4'),
    stack: 'hart_ip',
    fields: {
      'hart_ip.message_id': '3',
      'hart_ip.pt.long_address': '264e0000d2',
      'hart_ip.pt.device_status': '0xd0',
      'hart_ip.pt.payload': 'beef',
    },
  },
  {
    what: 'an MGCP command with a session description',
    over: 'udp',
    port: 2427,
    said: 'CRCX 1204 aaln/1@gw MGCP 1.0\r\nC: A3\r\nM: recvonly\r\n\r\nv=0\r\nm=audio 3456 RTP/AVP 0\r\n',
    stack: 'mgcp:sdp',
    fields: {
      'mgcp.req.verb': 'CRCX',
      'mgcp.transid': '1204',
      'mgcp.req.endpoint': 'aaln/1@gw',
      'mgcp.param.callid': 'A3',
      'sdp.media.port': '3456',
    },
  },
  {
    what: 'an answer of MGCP',
    over: 'udp',
    port: 2727,
    said: '200 1204 OK\r\n',
    stack: 'mgcp',
    fields: { 'mgcp.rsp.rspcode': '200', 'mgcp.rsp.rspstring': 'OK' },
  },
  { what: 'a line of MSN Messenger', over: 'tcp', port: 1863, said: 'USR 9 a@b\r\n', stack: 'msnms', fields: {}, split: 0 },
  {
    what: 'words for the echo service',
    over: 'tcp',
    port: 7,
    said: 'hello',
    stack: 'echo',
    fields: { 'echo.data': '68656c6c6f', 'echo.request': '1' },
    split: 0,
  },
  {
    what: 'a datagram for the echo service',
    over: 'udp',
    port: 7,
    said: hex('f1'),
    stack: 'echo',
    fields: { 'echo.data': 'f1', 'echo.request': '1' },
  },
  {
    what: 'a magic packet on the port of the echo service',
    over: 'udp',
    port: 7,
    said: hex(`ffffffffffff${'020000000001'.repeat(16)}`),
    stack: 'wol',
    fields: {},
  },
  {
    what: 'a request to Kismet',
    over: 'tcp',
    port: 2501,
    said: '!0 ENABLE GPS *\n',
    stack: 'kismet',
    fields: { 'kismet.request': '1' },
    split: 0,
  },
  {
    what: 'a flow of NetFlow 5',
    over: 'udp',
    port: 2055,
    said: hex(
      '0005 0001 00001000 59e88000 00000000 00000007 01 02 0000 0a000001 0a000002 00000000 0001 0002 00000003 00000123 00000000 00000000 1f90 0050 00 12 06 00 0000 0000 18 18 0000',
    ),
    stack: 'cflow',
    fields: { 'cflow.version': '5', 'cflow.srcaddr': '10.0.0.1', 'cflow.octets': '291', 'cflow.dstport': '80', 'cflow.protocol': '6' },
  },
  {
    what: 'a template of NetFlow 9',
    over: 'udp',
    port: 9996,
    said: hex('0009 0001 00001000 59e88000 00000424 00000008 0000 0010 01a8 0002 0008 0004 000c 0004'),
    stack: 'cflow',
    fields: { 'cflow.template_id': '424', 'cflow.template_field_type': '8,12', 'cflow.source_id': '8' },
  },
  {
    what: 'IPFIX over TCP',
    over: 'tcp',
    port: 4739,
    said: hex('000a 0018 59e88000 00000001 00000002 0100 0008 beefbeef'),
    stack: 'cflow',
    fields: { 'cflow.len': '24', 'cflow.od_id': '2', 'cflow.flowset_id': '256' },
  },
  {
    what: 'a search for a printer',
    over: 'udp',
    port: 8612,
    said: join(text('BJNP'), hex('02 01 000017a4 0000 00000000')),
    stack: 'bjnp',
    fields: { 'bjnp.code': '1', 'bjnp.seq_no': '6052' },
  },
  {
    what: 'a query of XDMCP',
    over: 'udp',
    port: 177,
    said: hex('0001 0002 0001 00'),
    stack: 'xdmcp',
    fields: { 'xdmcp.opcode': '0x0002', 'xdmcp.length': '1' },
  },
  {
    what: 'a search for Steam',
    over: 'udp',
    port: 27036,
    said: hex('ffffffff214c5fa0 02000000 0000 00000000'),
    stack: 'steam_ihs_discovery',
    fields: { 'steam_ihs_discovery.header_length': '2', 'steam_ihs_discovery.body_length': '0' },
  },
  {
    what: 'a packet of CORBA by multicast',
    over: 'udp',
    port: 9600,
    said: join(text('MIOP'), hex('10 03 0400 00000000 01000000 04000000 01020304 beef')),
    stack: 'miop',
    fields: { 'miop.packet_length': '4', 'miop.number_of_packets': '1', 'miop.unique_id': '01020304' },
  },
  {
    what: 'a request of CORBA',
    over: 'tcp',
    port: 12000,
    said: join(text('GIOP'), hex('01 02 00 00 00000008 00000007 03000000')),
    stack: 'giop',
    fields: { 'giop.type': '0', 'giop.len': '8', 'giop.request_id': '7' },
    split: 14,
  },
  {
    what: 'a packed message of CORBA',
    over: 'tcp',
    port: 12000,
    said: join(text('ZIOP'), hex('01 02 01 00 0a000000 0400 0000 20000000 78da')),
    stack: 'ziop',
    fields: { 'ziop.message_size': '10', 'ziop.compressor_id': '4' },
    split: 14,
  },
  {
    what: 'a receiver that binds in SMPP',
    over: 'tcp',
    port: 2775,
    said: hex('00000011 00000001 00000000 00000005 00'),
    stack: 'smpp',
    fields: { 'smpp.command_id': '0x00000001', 'smpp.sequence_number': '5' },
    split: 16,
  },
  {
    what: 'a request of Lustre',
    over: 'tcp',
    port: 988,
    said: join(
      hex('c1000000 00000000 0000000000000000 0000000000000000 7758a8c000000200 7658a8c000000200 39300000 39300000 01000000 20000000'),
      new Uint8Array(40),
      hex('06000000 03000000 d30bd00b 20020000 00000000 00000000 00000000 00000000'),
    ),
    stack: 'lnet:lustre',
    fields: { 'lnet.msg_type': '1', 'lnet.payload_length': '32', 'lustre.lustre_msg_v2.lm_magic': '0x0bd00bd3' },
  },
  {
    what: 'a query of TDS',
    over: 'tcp',
    port: 1433,
    said: hex('01 01 000a 0000 01 00 5300'),
    stack: 'tds',
    fields: { 'tds.type': '1', 'tds.length': '10', 'tds.status.eom': '1' },
  },
  {
    what: 'a part of a message of TDS',
    over: 'tcp',
    port: 1433,
    said: hex('02 00 000a 0000 00 00 5300'),
    stack: 'tds:data',
    fields: { 'tds.status.eom': '0', 'data.data': '5300' },
  },
  {
    what: 'a call of AFP',
    over: 'tcp',
    port: 548,
    said: hex('00 02 22c6 00000000 00000006 00000000 11 00 0002 0e1c'),
    stack: 'dsi:afp',
    fields: { 'dsi.command': '2', 'dsi.requestid': '8902', 'dsi.length': '6', 'afp.command': '17' },
  },
  {
    what: 'EAP in PANA',
    over: 'udp',
    port: 716,
    said: hex('0000 001e c000 0002 12345678 00000001 0002 0000 0006 0000 0101 0006 0102'),
    stack: 'pana:eap',
    fields: { 'pana.type': '2', 'pana.sid': '0x12345678', 'pana.avp.code': '2', 'eap.code': '1' },
  },
  {
    what: 'a session that is created in GTP version 2',
    over: 'udp',
    port: 2123,
    said: hex('48 20 0026 00000000 4b5462 00 01 0008 00 8967452143658709 57 0009 00 86 00000001 0a000001 49 0001 00 05'),
    stack: 'gtp:gtpv2',
    fields: {
      'gtpv2.message_type': '32',
      'gtpv2.seq': '0x4b5462',
      'gtpv2.ie_type': '1,87,73',
      'gtpv2.f_teid_ipv4': '10.0.0.1',
      'gtpv2.ebi': '5',
    },
  },
  {
    what: 'a call of H.323',
    over: 'tcp',
    port: 1720,
    said: hex('0300 0013 08 02 77f4 05 28 02 6d65 7e 0003 05 20a8'),
    stack: 'q931:q931:h225',
    fields: { 'q931.message_type': '0x05', 'q931.display_information': 'me', 'q931.information_element': '40,126' },
    split: 10,
  },
  {
    what: 'a gatekeeper that is looked for',
    over: 'udp',
    port: 1719,
    said: hex('0220 0000'),
    stack: 'h225',
    fields: { 'h225.RasMessage': '0' },
  },
  {
    what: 'a session of Z39.50',
    over: 'tcp',
    port: 210,
    said: hex('b4 04 830200e0'),
    stack: 'z3950',
    fields: { 'z3950.initRequest_element': '1' },
    split: 1,
  },
  {
    what: 'a message of C12.22',
    over: 'tcp',
    port: 1153,
    said: hex('60 0a a2 03 8001 2a be 03 280188'),
    stack: 'c1222',
    fields: { 'c1222.called_AP_title': '0' },
    split: 1,
  },
  {
    what: 'a tunnel of KNX',
    over: 'tcp',
    port: 3671,
    said: hex('06 10 0423 0008 0401'),
    stack: 'kip',
    fields: { 'knxip.service': '0x0423' },
  },
  {
    what: 'a search of DLEP',
    over: 'udp',
    port: 854,
    said: join(text('DLEP'), hex('0001 0000')),
    stack: 'dlep',
    fields: { 'dlep.signal.type': '1', 'dlep.signal.length': '0' },
  },
  {
    what: 'a heartbeat of DLEP',
    over: 'tcp',
    port: 854,
    said: hex('000e 0002 beef'),
    stack: 'dlep',
    fields: { 'dlep.message.type': '14' },
  },
  {
    what: 'a query for route origins',
    over: 'tcp',
    port: 323,
    said: hex('01 02 0000 00000008'),
    stack: 'rpkirtr',
    fields: { 'rpki-rtr.pdu_type': '2', 'rpki-rtr.length': '8' },
  },
];

describe.each(examples)('$what', testExample);

const sip = (body: string): string =>
  `INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const rtpPacket = (type: number): Uint8Array => hex(`80 ${type.toString(16).padStart(2, '0')} 0001 00000000 00000007 01 80 00a0`);

test('RTP carries telephone events in the payload type that the session has for them', () => {
  const body =
    'v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0 97 101\r\na=rtpmap:97 telephone-event/8000\r\na=rtpmap:101 opus/48000\r\n';
  const { stacks, at } = ofFrames(
    udpFrame(5060, 5060, sip(body)),
    udpFrame(5004, 4000, rtpPacket(97), true),
    udpFrame(5004, 4000, rtpPacket(101), true),
    udpFrame(5004, 4000, rtpPacket(100), true),
  );
  expect(stacks.slice(1)).toEqual(['rtp:rtpevent', 'rtp', 'rtp:rtpevent']);
  expect(at(1).layers.at(-1)?.summary).toBe('Payload type=RTP Event, DTMF One 1 (end)');
});

test('RTP carries video in the payload type that the session has for it, in whole units and in fragments', () => {
  const body = 'v=0\r\nc=IN IP4 10.0.0.1\r\nm=video 4000 RTP/AVP 125\r\na=rtpmap:125 H264/90000\r\n';
  const video = (...payload: number[]) => Uint8Array.from([...hex('80 7d 0001 00000000 00000007'), ...payload]);
  const { stacks, at } = ofFrames(
    udpFrame(5060, 5060, sip(body)),
    udpFrame(5004, 4000, video(0x67, 1, 2), true),
    udpFrame(5004, 4000, video(0x7c, 0x85, 1), true),
    udpFrame(5004, 4000, video(), true),
  );
  expect(stacks.slice(1)).toEqual(['rtp:h264', 'rtp:h264', 'rtp']);
  expect(at(1).layers.at(-1)?.summary).toBe('NAL unit - Sequence parameter set');
  expect(fieldsOf(at(2), 'h264.nal_unit_hdr', 'h264.start.bit', 'h264.end.bit', 'h264.nal_unit')).toEqual({
    'h264.nal_unit_hdr': '28',
    'h264.start.bit': '1',
    'h264.end.bit': '0',
    'h264.nal_unit': '01',
  });
});

test('RTP is known where it was announced for an address of IPv6, and not where the address is none', () => {
  const media = (address: string): string => `v=0\r\nc=IN IP6 ${address}\r\nm=audio 4000 RTP/AVP 0\r\n`;
  const stacks = (address: string): string[] =>
    ofFrames(udpFrame(5060, 5060, sip(media(address))), eth(0x86dd, ip6(udpTo(5004, 4000, rtpPacket(0)), 17))).stacks;
  expect(stacks('2001:db8::2')).toEqual(['sip:sdp', 'eth:ethertype:ipv6:udp:rtp']);
  expect(stacks('2001:db8::3')).toEqual(['sip:sdp', 'eth:ethertype:ipv6:udp:data']);
  expect(stacks('2001::db8::2')).toEqual(['sip:sdp', 'eth:ethertype:ipv6:udp:data']);
});

test('a call that turns to fax has T.38 where it had RTP', () => {
  const body = (media: string): string => `v=0\r\nc=IN IP4 10.0.0.1\r\nm=${media}\r\n`;
  const { stacks, at } = ofFrames(
    udpFrame(5060, 5060, sip(body('audio 4000 RTP/AVP 0'))),
    udpFrame(5004, 4000, rtpPacket(0), true),
    udpFrame(5060, 5060, sip(body('image 4000 udptl t38'))),
    udpFrame(5004, 4000, hex('0007 01 02 00'), true),
  );
  expect([stacks[1], stacks[3]]).toEqual(['rtp', 't38']);
  expect(at(3).layers.at(-1)?.summary).toBe('t30-indicator, Seq=7');
});

test('channel data of TURN are known where its messages were seen, and only there', () => {
  const data = hex('4000 0002 beef');
  const allocation = hex('0003 0000 2112a442 000102030405060708090a0b');
  expect(ofFrames(udpFrame(50000, 4444, data)).stacks).toEqual(['data']);
  expect(ofFrames(udpFrame(50000, 4444, allocation), udpFrame(50000, 4444, data)).stacks).toEqual(['stun', 'stun:data']);
});

test('a method that was never assigned is not STUN', () => {
  expect(ofFrames(udpFrame(50000, 4444, hex('0801 0000 2112a442 000102030405060708090a0b'))).stacks).toEqual(['data']);
});

test('the device of HART-IP answers at another port', () => {
  const ask = hex('01 00 00 00 0002 000d 01 00007530');
  const answer = hex('01 01 00 00 0002 000d 01 0000ea60');
  expect(ofFrames(udpFrame(50000, 5094, ask), udpFrame(5095, 50000, answer, true)).stacks).toEqual(['hart_ip', 'hart_ip']);
});

test('a body of AMQP is JSON by the header in a segment before', () => {
  const header = join(hex('02 0001 0000001f 003c 0000 0000000000000002 8000 10'), text('application/json'), hex('ce'));
  const body = join(hex('03 0001 00000002'), text('{}'), hex('ce'));
  expect(overTcp(5672, ['>', header], ['>', body], ['<', body]).stacks).toEqual(['amqp', 'amqp:json', 'amqp']);
});
