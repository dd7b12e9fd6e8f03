/** What fields of protocols of records hold and show: each of these was once wrong, though its place was right. */
import { describe, expect, test } from 'vitest';
import type { FieldNode } from '../../src/messages.ts';
import { fieldsOf, hex, join } from './network-packets.ts';
import { type Example, testExample } from './said-once.ts';
import { ofFrames, overTcp, type Talk, udpFrame } from './talk.ts';

const text = (value: string): Uint8Array => Uint8Array.from(value, (c) => c.charCodeAt(0));

/** What the tree shows of a field, in each place where it stands. */
function shown(d: ReturnType<Talk['at']>, abbrev: string): string[] {
  const found: string[] = [];
  const walk = (fields: readonly FieldNode[]): void => {
    for (const field of fields) {
      if (field.abbrev === abbrev) found.push(field.display);
      walk(field.children);
    }
  };
  for (const layer of d.layers) walk(layer.fields);
  return found;
}

const keepAlive = hex('c0000000 00000000 0000000000000000 0000000000000005');
const lustre = join(
  hex('c1000000 00000000 0000000000000000 0000000000000000 7758a8c000000200 7658a8c000000200 39300000 39300000 01000000 20000000'),
  new Uint8Array(40),
  hex('06000000 03000000 d30bd00b 20020000 00000000 00000000 00000000 00000000'),
);

const examples: readonly Example[] = [
  { what: 'a keep-alive of LNet', over: 'tcp', port: 988, said: keepAlive, stack: 'lnet', fields: { 'lnet.ksm_type': '0x000000c0' } },
  {
    what: 'a keep-alive of LNet and a request behind it',
    over: 'tcp',
    port: 988,
    said: join(keepAlive, lustre, keepAlive),
    stack: 'lnet:lustre',
    fields: { 'lnet.ksm_type': '0x000000c0,0x000000c1,0x000000c0', 'lnet.payload_length': '32' },
    split: 0,
  },
  {
    what: 'an error of AFP',
    over: 'tcp',
    port: 548,
    back: true,
    said: hex('01 02 0001 ffffec65 00000000 00000000'),
    stack: 'dsi',
    fields: { 'dsi.error_code': '-5019' },
  },
  {
    what: 'a call of AFP',
    over: 'tcp',
    port: 548,
    said: hex('00 02 0001 00000000 00000002 00000000 1b00'),
    stack: 'dsi:afp',
    fields: { 'afp.command': '27' },
  },
  {
    what: 'a request of GTPv2 with its elements',
    over: 'udp',
    port: 2123,
    said: hex(
      '48 20 0041 00000001 000007 00  01 0008 00 2143658709214365  57 0019 00 c6 00000007 0a000001 20010db8000000000000000000000001  48 0008 00 00000001 00000002',
    ),
    stack: 'gtp:gtpv2',
    fields: {
      'gtpv2.seq': '0x000007',
      'gtpv2.spare': '0',
      'gtpv2.f_teid_ipv4': '10.0.0.1',
      'gtpv2.f_teid_ipv6': '2001:db8::1',
      'gtpv2.ie_type': '1,87,72',
    },
  },
  {
    what: 'a network instance of PFCP in labels',
    over: 'udp',
    port: 8805,
    said: hex('20 35 0011 000001 00 0016 0009 08 696e7465726e6574'),
    stack: 'pfcp',
    fields: { 'pfcp.network_instance': 'internet', 'pfcp.ie_type': '22' },
  },
  {
    what: 'a template of IPFIX with a field of an enterprise',
    over: 'udp',
    port: 4739,
    said: hex('000a 0024 59e88000 00000424 00000008 0002 0014 01a8 0002 8008 0004 00002a6e 000c 0004'),
    stack: 'cflow',
    fields: {
      'cflow.template_ipfix_pen_provided': '1,0',
      'cflow.template_ipfix_field_type_enterprise': '8',
      'cflow.template_ipfix_field_pen': '10862',
      'cflow.template_ipfix_field_type': '12',
    },
  },
  {
    what: "a template of NetFlow 9 with a vendor's field",
    over: 'udp',
    port: 2055,
    said: hex('0009 0001 00001000 59e88000 00000424 00000008 0000 0014 01a8 0003 0008 0004 dd7d 0040 000c 0004'),
    stack: 'cflow',
    fields: { 'cflow.template_field_type': '8,56701,12', 'cflow.template_field_length': '4,64,4' },
  },
  {
    what: 'an attribute of PANA that a vendor has, before EAP',
    over: 'udp',
    port: 7878,
    said: hex('0000 002c 8000 0002 12345678 00000001  0002 8000 0004 0000 00000009 01020304  0002 0000 0004 0000 03010004'),
    stack: 'pana:eap',
    fields: { 'pana.avp.code': '2,2', 'pana.avp.vendorid': '0x00000009', 'pana.avp.data.bytes': '01020304' },
  },
  {
    what: 'a version of RTPS',
    over: 'udp',
    port: 7411,
    said: join(text('RTPS'), hex('0203 0101 c0a87a01 00003a4c 00000001 0701 0400 00000000')),
    stack: 'rtps',
    fields: { 'rtps.version': '0x0203', 'rtps.version.major': '2', 'rtps.version.minor': '3' },
  },
  {
    what: 'a transaction of Megaco',
    over: 'udp',
    port: 2944,
    said: 'MEGACO/1 [10.0.0.1]:2944\r\nTransaction = 9998 {\r\n Context = - { Add = A4444 }}',
    stack: 'megaco',
    fields: { 'megaco.transid': '9998', 'megaco.context': '0', 'megaco.command': 'Add' },
  },
];

describe('records', () => {
  for (const example of examples) testExample(example);
});

test('the call reference of Q.931 has a flag, and is without it', () => {
  const call = (reference: string): ReturnType<Talk['at']> =>
    overTcp(1720, ['>', hex(`0300 0010 08 02 ${reference} 05 28 05 41 42 43 44 45`)]).at(0);
  const names = ['q931.call_ref_flag', 'q931.call_ref', 'q931.display_information'] as const;
  expect(fieldsOf(call('0ae2'), ...names)).toEqual({
    'q931.call_ref_flag': '0',
    'q931.call_ref': '0ae2',
    'q931.display_information': 'ABCDE',
  });
  expect(fieldsOf(call('8ae2'), ...names)).toEqual({
    'q931.call_ref_flag': '1',
    'q931.call_ref': '0ae2',
    'q931.display_information': 'ABCDE',
  });
});

test('a TPKT that is too short for a call hides none behind it', () => {
  const call = hex('0300 0010 08 02 0ae2 05 28 05 41 42 43 44 45');
  const short = hex('0300 0007 08 02 00');
  expect(overTcp(1720, ['>', call], ['>', join(short, call)]).stacks).toEqual(['q931:q931', 'q931:q931']);
});

test('numbers have words where there are words', () => {
  const gtp = ofFrames(udpFrame(50000, 2123, hex('48 21 000e 00000001 000007 00 02 0002 00 10 00'))).at(0);
  expect(shown(gtp, 'gtpv2.message_type')).toEqual(['Create Session Response (33)']);
  expect(shown(gtp, 'gtpv2.cause')).toEqual(['Request accepted (16)']);
  const afp = overTcp(548, ['>', hex('00 02 0001 00000000 00000002 00000000 1800')]).at(0);
  expect(shown(afp, 'afp.command')).toEqual(['FPOpenVol (24)']);
  const error = overTcp(548, ['<', hex('01 02 0001 ffffec65 00000000 00000000')]).at(0);
  expect(shown(error, 'dsi.error_code')).toEqual(['parameter error (-5019)']);
  const flows = ofFrames(udpFrame(50000, 2055, hex('0009 0001 00001000 59e88000 00000424 00000008 0000 000c 01a8 0001 0008 0004'))).at(0);
  expect(shown(flows, 'cflow.template_field_type')).toEqual(['IP_SRC_ADDR (8)']);
  expect(shown(flows, 'cflow.flowset_id')).toEqual(['Data Template (V9) (0)']);
});

test('a message of GIOP says its number wherever the version has it first', () => {
  const giop = (minor: number, type: number): string =>
    fieldsOf(overTcp(4000, ['>', join(text('GIOP'), [1, minor, 0, type], hex('00000008 00000007 00000001'))]).at(0), 'giop.request_id')[
      'giop.request_id'
    ];
  expect([giop(0, 2), giop(1, 3), giop(1, 4), giop(2, 0), giop(2, 7)]).toEqual(['7', '7', '7', '7', '7']);
  expect([giop(0, 0), giop(1, 1), giop(1, 7)]).toEqual(['', '', '']);
});

test('a record shows no fields of the record behind it', () => {
  // A status of DoIP that ends within its last field, and an alive check behind it.
  const d = overTcp(13400, ['>', hex('02 fd 4002 00000005 01 05 02 0000  02 fd 0007 00000000')]).at(0);
  const names = ['doip.max_sockets', 'doip.sockets', 'doip.max_data_size', 'doip.type'] as const;
  expect(fieldsOf(d, ...names)).toEqual({
    'doip.max_sockets': '5',
    'doip.sockets': '2',
    'doip.max_data_size': '',
    'doip.type': '0x4002,0x0007',
  });
});

test('text on the port of smart plugs is no message of theirs', () => {
  for (const said of ['ls', 'ping', 'hello there']) expect(overTcp(9999, ['>', said]).stacks).toEqual(['data']);
});

test('four letters on the port of MGCP are no command, unless there is one of that name', () => {
  const on = (said: string): string[] => ofFrames(udpFrame(50000, 2427, said)).stacks;
  expect(on('ping 1 2 3')).toEqual(['data']);
  expect(on('rqnt 1 a@b MGCP 1.0')).toEqual(['mgcp']);
  expect(on('XABC 1 a@b MGCP 1.0')).toEqual(['mgcp']);
});
