/** Signalling over SCTP: the adaptation layers of SS7 with what rides on them, and the heads of 3GPP's application protocols. */
import { describe, expect, it } from 'vitest';
import type { Dissection } from '../../src/dissect/dissection.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import '../../src/protocols/index.ts';
import { be16, be32, hex, le16 } from './every-cut.ts';
import { captureOf, eth, faultsWhenCut, indexedStack, ip4, valuesOf } from './network-packets.ts';

const padded = (bytes: readonly number[]): number[] => [...bytes, ...new Array(-bytes.length & 3).fill(0)];
/** A packet with one DATA chunk that has a whole message. */
function packet(identifier: number, message: readonly number[], port = 9): Uint8Array {
  const chunk = padded([0, 3, ...be16(16 + message.length), ...be32(1), ...be16(1), ...be16(0), ...be32(identifier), ...message]);
  return eth(0x0800, ip4([...be16(port), ...be16(port), ...be32(7), ...be32(0), ...chunk], { proto: 132 }));
}
const M2UA = 2;
const M3UA = 3;
const parameter = (tag: number, value: readonly number[]): number[] => padded([...be16(tag), ...be16(4 + value.length), ...value]);
function adaptation(kind: number, ...parameters: readonly (readonly number[])[]): number[] {
  const all = parameters.flat();
  return [1, 0, kind, 1, ...be32(8 + all.length), ...all];
}
/** Payload data of M3UA for a service. */
const m3ua = (service: number, message: readonly number[]): Uint8Array =>
  packet(M3UA, adaptation(1, parameter(6, be32(5)), parameter(528, [...be32(200), ...be32(400), service, 2, 1, 9, ...message])));

/** The dissection, whose protocols above SCTP both depths find. */
function look(frame: Uint8Array): { d: Dissection; stack: string; values: (...names: string[]) => (string | undefined)[] } {
  const capture = captureOf([frame]);
  expect(capture.firstBug).toBe('');
  const d = dissectPacket(capture, 0);
  expect(indexedStack(capture, 0)).toBe(d.protocolNames);
  const all = valuesOf(d);
  return {
    d,
    stack: d.protocolNames.replace('eth:ethertype:ip:sctp:', ''),
    values: (...names) => names.map((name) => all.get(name)?.join()),
  };
}

/** An address with point code and subsystem. */
const party = (point: number, subsystem: number): number[] => [4, 0x43, ...le16(point), subsystem];
const unitdata = (called: number, data: readonly number[]): number[] => {
  const [first, second] = [party(100, called), party(20, 10)];
  return [9, 0x80, 3, 2 + first.length, 1 + first.length + second.length, ...first, ...second, data.length, ...data];
};

describe('M3UA', () => {
  it('says who talks to whom of which service, and shows ISUP', () => {
    const { stack, values, d } = look(m3ua(5, [1, 0x20, 6, 0x11, 0, 0]));
    expect(stack).toBe('m3ua:isup');
    expect(values('m3ua.protocol_data_opc', 'm3ua.protocol_data_dpc', 'm3ua.protocol_data_si', 'm3ua.protocol_data_ni')).toEqual([
      '200',
      '400',
      '5',
      '2',
    ]);
    expect(values('m3ua.protocol_data_mp', 'm3ua.protocol_data_sls', 'm3ua.parameter_padding')).toEqual(['1', '9', '0000']);
    expect(values('isup.cic', 'isup.message_type')).toEqual(['1', '6']);
    expect(d.columns.info).toBe('Address complete (CIC 1)');
  });

  it('shows what no protocol is known for as data, and nothing where there is nothing', () => {
    expect(look(m3ua(4, [1, 2, 3])).stack).toBe('m3ua:data');
    expect(look(m3ua(5, [])).stack).toBe('m3ua');
    expect(look(packet(M3UA, adaptation(3, parameter(4, [0x61])))).stack).toBe('m3ua');
  });

  it('is cut to its own length', () => {
    const message = adaptation(1, parameter(528, [...be32(1), ...be32(2), 5, 0, 0, 0, 1, 0, 6, 0, 0, 0]));
    message[7] = 12;
    expect(look(packet(M3UA, message)).stack).toBe('m3ua');
  });
});

describe('M2UA', () => {
  const mtp3 = (service: number, message: readonly number[]): number[] => [0x80 | service, ...hex('14006410'), ...message];
  it('carries MTP3 with its routing label, and SCCP in it', () => {
    const { stack, values } = look(packet(M2UA, adaptation(6, parameter(1, be32(3)), parameter(0x300, mtp3(3, unitdata(10, [7, 7]))))));
    expect(stack).toBe('m2ua:mtp3:sccp:data');
    expect(values('m2ua.interface_identifier_int', 'mtp3.network_indicator', 'mtp3.service_indicator')).toEqual(['3', '0x02', '0x03']);
    expect(values('mtp3.dpc', 'mtp3.opc', 'mtp3.sls')).toEqual(['20', '400', '1']);
  });
  it('may have a length indicator in front of the message', () => {
    expect(look(packet(M2UA, adaptation(6, parameter(0x301, [9, ...mtp3(5, [1, 0, 9])])))).stack).toBe('m2ua:mtp3:isup');
  });
});

describe('SCCP', () => {
  it('has addresses, and user data where its pointers lead', () => {
    const { stack, values } = look(m3ua(3, unitdata(10, [1, 2, 3])));
    expect(stack).toBe('m3ua:sccp:data');
    expect(values('sccp.message_type', 'sccp.class', 'sccp.handling', 'sccp.variable_pointer3')).toEqual(['0x09', '0x00', '0x08', '11']);
    expect(values('sccp.called.pc', 'sccp.called.ssn', 'sccp.calling.pc', 'sccp.calling.ssn', 'sccp.called.ri')).toEqual([
      '100',
      '10',
      '20',
      '10',
      '0x01',
    ]);
    expect(values('data.data')).toEqual(['010203']);
  });

  it('says what its management says of subsystems', () => {
    const { stack, values } = look(m3ua(3, unitdata(1, [1, 8, 0xb0, 0x04, 0])));
    expect(stack).toBe('m3ua:sccp:sccpmg');
    expect(values('sccpmg.message_type', 'sccpmg.ssn', 'sccpmg.pc', 'sccpmg.smi')).toEqual(['0x01', '8', '1200', '0']);
  });

  it('opens connections, whose user data are an option, and carries data on them', () => {
    const request = [1, 0, 1, 2, 2, 2, 6, ...party(210, 249), 4, 2, 0x42, 249, 15, 2, 5, 5, 0];
    const { stack, values } = look(m3ua(3, request));
    expect(stack).toBe('m3ua:sccp:data');
    expect(values('sccp.slr', 'sccp.class', 'sccp.called.ssn', 'sccp.calling.ssn', 'data.data')).toEqual([
      '0x020100',
      '0x02',
      '249',
      '249',
      '0505',
    ]);
    expect(look(m3ua(3, [2, 0, 1, 2, 0, 1, 1, 2, 1, 15, 1, 9, 0])).stack).toBe('m3ua:sccp:data');
    expect(look(m3ua(3, [2, 0, 1, 2, 0, 1, 1, 2, 0])).values('sccp.dlr', 'sccp.slr')).toEqual(['0x020100', '0x010100']);
    expect(look(m3ua(3, [6, 0, 1, 2, 0, 1, 2, 8, 8])).stack).toBe('m3ua:sccp:data');
  });

  it('whose pointers lead nowhere has no data', () => {
    for (const pointer of [0, 200, 255]) {
      const message = unitdata(10, [1, 2, 3]);
      message[4] = pointer;
      expect(look(m3ua(3, message)).stack).toBe('m3ua:sccp');
    }
  });
});

describe("3GPP's application protocols", () => {
  it('say their procedure, what kind of message it is, and how much it matters', () => {
    const { stack, values, d } = look(packet(18, [0x20, 17, 0x40, 3, 1, 2, 3]));
    expect(stack).toBe('s1ap');
    expect(values('s1ap.S1AP_PDU', 's1ap.procedureCode', 's1ap.criticality')).toEqual(['1', '17', '1']);
    expect(d.columns.info).toBe('id-S1Setup, successfulOutcome');
  });

  it('are told by the identifier of the payload, or by the port', () => {
    const message = [0, 1, 0, 0];
    const byIdentifier = [27, 43, 44, 60, 61, 62, 64].map((identifier) => look(packet(identifier, message)).stack);
    expect(byIdentifier).toEqual(['x2ap', 'm2ap', 'm3ap', 'ngap', 'xnap', 'f1ap', 'e1ap']);
    const byPort = [36412, 36422, 38412, 38422, 38472].map((port) => look(packet(0, message, port)).stack);
    expect(byPort).toEqual(['s1ap', 'x2ap', 'ngap', 'xnap', 'f1ap']);
    // What the identifier names refuses these bytes.
    expect(look(packet(46, message, 36412)).stack).toBe('s1ap');
    expect(look(packet(46, message)).stack).toBe('data');
  });
});

it('all survive being cut, and any octet turned around', () => {
  const frames = [
    m3ua(3, unitdata(1, [1, 8, 0xb0, 4, 0])),
    m3ua(3, [1, 0, 1, 2, 2, 2, 6, ...party(210, 249), 4, 2, 0x42, 249, 15, 2, 5, 5, 0]),
    packet(M2UA, adaptation(6, parameter(0x300, [0x85, 0, 0, 0, 0, 1, 0, 6, 1]))),
    packet(60, [0, 1, 0, 0]),
  ];
  for (const frame of frames) {
    expect(faultsWhenCut(frame)).toEqual([]);
    for (let at = 46; at < frame.length; at++) {
      const turned = Uint8Array.from(frame);
      turned[at] = (frame[at] as number) ^ 0xff;
      look(turned);
    }
  }
});
