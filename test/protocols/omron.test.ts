import { describe, expect, test } from 'vitest';
import { faultsWhenCut, fieldsOf, hex, join } from './network-packets.ts';
import { ofFrames, overTcp, survivesCuts, udpFrame } from './talk.ts';

const read = hex('80 00 02 00 01 00 00 63 00 ef 0101 82 0064 00 0002');
const answer = hex('c0 00 02 00 63 00 00 01 00 ef 0101 0000 0007 0008');
/** A frame behind the header that it has over TCP. */
const framed = (command: number, body: Uint8Array): Uint8Array =>
  join(hex('46494e53 000000'), [8 + body.length], [0, 0, 0, command], [0, 0, 0, 0], body);

describe('FINS', () => {
  test('a command and its response over UDP', () => {
    const { stacks, at } = ofFrames(udpFrame(50000, 9600, read), udpFrame(9600, 50000, answer, true));
    expect(stacks).toEqual(['omron', 'omron']);
    expect(fieldsOf(at(0), 'omron.command', 'omron.memory.area.read', 'omron.memory.address', 'omron.memory.numitems')).toEqual({
      'omron.command': '0x0101',
      'omron.memory.area.read': '0x82',
      'omron.memory.address': '0x0064',
      'omron.memory.numitems': '2',
    });
    expect(fieldsOf(at(1), 'omron.icf.dtb', 'omron.response.code', 'omron.response.data')).toEqual({
      'omron.icf.dtb': '0x01',
      'omron.response.code': '0x0000',
      'omron.response.data': '00070008',
    });
    expect(faultsWhenCut(udpFrame(50000, 9600, read))).toEqual([]);
    expect(ofFrames(udpFrame(50000, 9600, 'MIOP and others')).stacks).toEqual(['data']);
  });

  test('over TCP nodes are agreed on first, and a frame may come in pieces', () => {
    const whole = framed(2, read);
    const { stacks, at } = overTcp(
      9600,
      ['>', framed(0, hex('00000000'))],
      ['<', framed(1, hex('00000063 00000001'))],
      ['>', whole.slice(0, 20)],
      ['>', whole.slice(20)],
    );
    expect(stacks).toEqual(['omron', 'omron', '', 'omron']);
    expect(fieldsOf(at(1), 'omron.tcp.client_node_address', 'omron.tcp.server_node_address')).toEqual({
      'omron.tcp.client_node_address': '99',
      'omron.tcp.server_node_address': '1',
    });
    expect(fieldsOf(at(3), 'omron.command')['omron.command']).toBe('0x0101');
    expect(overTcp(9600, ['>', 'something else']).stacks).toEqual(['data']);
    survivesCuts(9600, [['>', whole]]);
  });
});
