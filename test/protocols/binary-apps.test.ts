import { describe, expect, it } from 'vitest';
import type { Dissection, TransportInfo } from '../../src/dissect/dissection.ts';
import type { Protocol } from '../../src/dissect/protocol.ts';
import { flows } from '../../src/flow/tcp-flows.ts';
import { bitcoin } from '../../src/protocols/bitcoin.ts';
import { cql } from '../../src/protocols/cql.ts';
import { diameter } from '../../src/protocols/diameter.ts';
import { drda } from '../../src/protocols/drda.ts';
import { ldp } from '../../src/protocols/ldp.ts';
import { multipathOptions } from '../../src/protocols/mptcp.ts';
import { openflow } from '../../src/protocols/openflow.ts';
import { openwire } from '../../src/protocols/openwire.ts';
import { pptp } from '../../src/protocols/pptp.ts';
import { rmi } from '../../src/protocols/rmi.ts';
import { rx } from '../../src/protocols/rx.ts';
import { socks } from '../../src/protocols/socks.ts';
import { stun } from '../../src/protocols/stun.ts';
import { tns } from '../../src/protocols/tns.ts';
import { wow } from '../../src/protocols/wow.ts';
import { dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';
import { be16, be32, hex, le32, stackOf, survivesEveryCut, tcpFrom, tcpTo, text, udpFrom } from './every-cut.ts';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const u8 = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

function look(protocol: Protocol, bytes: Uint8Array, transport: TransportInfo): Dissection {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), protocol, bytes, transport);
}

describe('RX', () => {
  const packet = (type: number, body: readonly number[]): Uint8Array =>
    u8(...be32(1_700_000_000), ...be32(8), ...be32(1), ...be32(1), ...be32(5), type, 1, 0, 0, 0, 0, ...be16(1), ...body);
  it('names the call of AFS that a packet begins by the port of the server', () => {
    const d = look(rx, packet(1, be32(132)), udpFrom(7000));
    expect(d.protocolNames).toBe('rx:afs');
    expect(values(d, 'afs.fs.opcode')).toEqual([132]);
  });
  it('has no AFS in an acknowledgement', () => {
    const d = look(rx, packet(2, [...be16(0), ...be16(0), ...be32(1), ...be32(1), ...be32(5), 1, 1, 1, 0, 0, 0]), udpFrom(7000));
    expect(d.protocolNames).toBe('rx');
    expect(values(d, 'rx.num_acks')).toEqual([1]);
  });
  it('survives being cut and turned', () => survivesEveryCut(rx, packet(1, be32(132)), udpFrom(7000)));
  it('leaves its ports to others where the type is none of its own', () => {
    const hello = [22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0xfe, 0xff, 1, 2];
    expect(rx.accepts?.(Uint8Array.from(hello), 0, hello.length, hello.length)).toBe(false);
    expect(rx.accepts?.(packet(13, []), 0, 28, 28)).toBe(true);
  });
});

describe('DRDA', () => {
  const structure = u8(...be16(18), 0xd0, 0x41, ...be16(1), ...be16(12), ...be16(0x1041), ...be16(8), ...be16(0x115e), 1, 2, 3, 4);
  it('reads structures and their parameters', () => {
    const d = look(drda, join(structure, structure), tcpFrom(50000));
    expect(values(d, 'drda.ddm.codepoint')).toEqual([0x1041, 0x1041]);
    expect(values(d, 'drda.param.codepoint')).toEqual([0x115e, 0x115e]);
  });
  it('survives being cut and turned', () => survivesEveryCut(drda, structure, tcpFrom(50000)));
});

describe('PPTP', () => {
  const start = u8(
    ...be16(156),
    ...be16(1),
    ...be32(0x1a2b3c4d),
    ...be16(1),
    0,
    0,
    ...be16(0x0100),
    0,
    0,
    ...be32(1),
    ...be32(1),
    ...be16(0),
    ...be16(1),
    ...text('host'),
    ...zeros(60),
    ...text('maker'),
    ...zeros(59),
  );
  it('reads a request to start a control connection', () => {
    const d = look(pptp, start, tcpFrom(1723));
    expect(values(d, 'pptp.host_name')).toEqual(['host']);
    expect(values(d, 'pptp.vendor_name')).toEqual(['maker']);
    expect(d.layers[0]?.status).toBe('whole');
  });
  it('survives being cut and turned', () => survivesEveryCut(pptp, start, tcpFrom(1723)));
});

describe('LDP', () => {
  const hello = u8(
    ...be16(1),
    ...be16(30),
    10,
    0,
    0,
    1,
    0,
    0,
    ...be16(0x0100),
    ...be16(20),
    ...be32(7),
    ...be16(0x0400),
    ...be16(4),
    ...be16(15),
    ...be16(0xc000),
    ...be16(0x0401),
    ...be16(4),
    10,
    0,
    0,
    1,
  );
  it('reads the TLVs of a hello', () => {
    const d = look(ldp, hello, udpFrom(646));
    expect(values(d, 'ldp.msg.tlv.hello.hold')).toEqual([15]);
    expect(values(d, 'ldp.msg.tlv.ipv4.taddr')).toEqual([[10, 0, 0, 1]]);
    expect(d.columns.info).toBe('Hello Message');
  });
  it('survives being cut and turned', () => survivesEveryCut(ldp, hello, udpFrom(646)));
});

describe('OpenFlow', () => {
  it('has a layer of its version for each message', () => {
    const echo = hex('06 02 0008 00000001');
    expect(stackOf(openflow, join(echo, echo), tcpFrom(6653))).toBe('openflow:openflow_v6:openflow_v6');
    survivesEveryCut(openflow, echo, tcpFrom(6653));
  });
});

describe('OpenWire', () => {
  const info = u8(...be32(13), 1, ...text('ActiveMQ'), ...be32(10));
  it('begins with the format of the wire', () => {
    expect(openwire.accepts?.(info, 0, info.length, info.length)).toBe(true);
    expect(values(look(openwire, info, tcpFrom(61616)), 'openwire.wireformatinfo.version')).toEqual([10]);
    survivesEveryCut(openwire, info, tcpFrom(61616));
  });
});

describe('World of Warcraft', () => {
  it('names the command', () => expect(values(look(wow, u8(0, 1, 2), tcpFrom(3724)), 'wow.cmd')).toEqual([0]));
});

describe('Java RMI', () => {
  const acknowledged = u8(0x4e, ...be16(9), ...text('127.0.0.1'), 0, 0, ...be16(0x8692));
  it('reads the end point in an acknowledgement', () => {
    const d = look(rmi, acknowledged, tcpTo(1099));
    expect(values(d, 'rmi.endpoint_id.hostname')).toEqual(['127.0.0.1']);
    survivesEveryCut(rmi, acknowledged, tcpTo(1099));
  });
});

describe('Diameter', () => {
  const avp = (code: number, value: readonly number[]): number[] => [
    ...be32(code),
    0x40,
    0,
    ...be16(8 + value.length),
    ...value,
    ...zeros((4 - (value.length & 3)) & 3),
  ];
  const inner = avp(450, be32(1));
  const avps = [...avp(264, text('a.example')), ...avp(443, inner)];
  const request = u8(1, 0, ...be16(20 + avps.length), 0xc0, 0, ...be16(272), ...be32(4), ...be32(1), ...be32(2), ...avps);
  it('reads attributes, also inside of attributes', () => {
    const d = look(diameter, request, tcpFrom(3868));
    expect(values(d, 'diameter.Origin-Host')).toEqual(['a.example']);
    expect(values(d, 'diameter.Subscription-Id-Type')).toEqual([1]);
  });
  it('survives being cut and turned', () => survivesEveryCut(diameter, request, tcpFrom(3868)));
});

describe('TNS', () => {
  const packet = u8(0, 0, 0, 14, 6, 0x20, 0, 0, ...be16(0), 0xde, 0xad, 1, 2);
  it('gives the contents of a data packet on, whichever width its length has', () => {
    expect(stackOf(tns, packet, tcpFrom(1521))).toBe('tns:data');
    expect(stackOf(tns, u8(0, 11, 0, 0, 11, 0, 0, 0, 1, 2, 3), tcpFrom(1521))).toBe('tns');
    survivesEveryCut(tns, packet, tcpFrom(1521));
  });
});

describe('CQL', () => {
  const options = hex('04 00 0000 05 00000000');
  it('reads the header of a frame', () => {
    expect(values(look(cql, options, tcpFrom(9042)), 'cql.opcode')).toEqual([5]);
    survivesEveryCut(cql, options, tcpFrom(9042));
  });
});

describe('Bitcoin', () => {
  const message = (command: string, body: readonly number[]): Uint8Array =>
    u8(0xf9, 0xbe, 0xb4, 0xd9, ...text(command), ...zeros(12 - command.length), ...le32(body.length), ...be32(0x5df6e0e2), ...body);
  it('has a layer more for each message whose contents are known', () => {
    expect(stackOf(bitcoin, join(message('inv', [0]), message('verack', [])), tcpFrom(8333))).toBe('bitcoin:bitcoin');
  });
  it('waits for the bytes that a message says it has', () => {
    const stream = join(message('tx', [1, 2, 3]), message('inv', [0]));
    const whole = carriedCuts(bitcoin, sides(new TestCapture())[0], stream, stream.length);
    expect(whole).toEqual([27, 52]);
    expect(carriedCuts(bitcoin, sides(new TestCapture())[0], stream, 5)).toEqual(whole);
  });
  it('does not wait for a length that no stream reaches', () => {
    const [side] = sides(new TestCapture());
    const bogus = message('tx', []);
    bogus.set([0xff, 0xff, 0xff, 0xff], 16);
    expect(bitcoin.framer?.feed(side, bogus, 0, bogus.length)).toBe(-3);
  });
});

describe('STUN', () => {
  const xored = [0, 0x20, ...be16(8), 0, 1, ...be16(80 ^ 0x2112), ...[192 ^ 0x21, 0 ^ 0x12, 2 ^ 0xa4, 1 ^ 0x42]];
  const data = [0, 0x13, ...be16(3), 7, 7, 7, 0];
  const of = (type: number, attributes: readonly number[]): Uint8Array =>
    u8(...be16(type), ...be16(attributes.length), ...be32(0x2112a442), ...zeros(12), ...attributes);
  it('takes the cookie out of an address', () => {
    const d = look(stun, of(0x0101, xored), udpFrom(3478));
    expect(values(d, 'stun.att.ipv4')).toEqual([[192, 0, 2, 1]]);
    expect(values(d, 'stun.att.port')).toEqual([80]);
  });
  it('has the numbers of the cookie and of attributes as values', () => {
    const d = look(stun, of(0x0101, xored), udpFrom(3478));
    expect(values(d, 'stun.cookie')).toEqual([[0x21, 0x12, 0xa4, 0x42]]);
    expect(values(d, 'stun.attribute')).toEqual([0x20]);
    expect(values(d, 'stun.att.ipv4-xord')).toEqual([[192 ^ 0x21, 0x12, 2 ^ 0xa4, 1 ^ 0x42]]);
    expect(values(look(stun, of(0x0001, [0x80, 0x2a, ...be16(8), ...zeros(7), 5]), udpFrom(3478)), 'stun.att.tie-breaker')).toEqual([
      [...zeros(7), 5],
    ]);
  });
  it('reads what a client asks of a relay', () => {
    const family = [0, 0x17, ...be16(4), 2, 0, 0, 0];
    const even = [0, 0x18, ...be16(1), 0x80, 0, 0, 0];
    const token = [0, 0x22, ...be16(8), 1, 2, 3, 4, 5, 6, 7, 8];
    const origin = [0x80, 0x2b, ...be16(8), 0, 1, ...be16(3478), 192, 0, 2, 9];
    const d = look(stun, of(0x0003, [...family, ...even, ...token, ...origin]), udpFrom(3478));
    expect(values(d, 'stun.att.family')).toEqual([2, 1]);
    expect(values(d, 'stun.att.even-port.reserve-next')).toEqual([1]);
    expect(values(d, 'stun.att.padding')).toEqual([3]);
    expect(values(d, 'stun.att.token')).toEqual([[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(values(d, 'stun.att.ipv4')).toEqual([[192, 0, 2, 9]]);
    expect(values(d, 'stun.att.type.comprehension')).toEqual([0, 0, 0, 1]);
  });
  it('gives data that is relayed on', () => expect(stackOf(stun, of(0x0016, data), udpFrom(3478))).toBe('stun:data'));
  it('survives being cut and turned', () => survivesEveryCut(stun, of(0x0101, [...xored, ...data]), udpFrom(3478)));
});

describe('SOCKS', () => {
  it('follows the negotiation and gives what is relayed to who reads the port', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    const send = (side: typeof client, bytes: Uint8Array): Dissection => {
      side.row = capture.row();
      expect(socks.framer?.feed(side, bytes, 0, bytes.length)).toBe(bytes.length);
      return dissect(capture, side.row, socks, bytes, side.fromClient ? tcpFrom(1080) : tcpTo(1080));
    };
    expect(values(send(client, hex('05 01 00')), 'socks.auth_method')).toEqual([0]);
    expect(values(send(server, hex('05 00')), 'socks.auth_accepted_method')).toEqual([0]);
    const asked = send(client, hex('05 01 00 01 0a000001 01bb'));
    expect(values(asked, 'socks.dst')).toEqual([[10, 0, 0, 1]]);
    expect(values(asked, 'socks.port')).toEqual([443]);
    expect(values(send(server, hex('05 00 00 01 0a000001 01bb')), 'socks.results')).toEqual([0]);
    const streams = capture.state(flows).size;
    expect(send(client, hex('15 0303 0002 0100')).protocolNames).toBe('socks:tls');
    send(server, hex('15 0303 0002 0100'));
    // What is relayed takes a stream number of its own, once.
    expect(capture.state(flows).size).toBe(streams + 1);
  });
  it('survives being cut and turned', () => survivesEveryCut(socks, hex('05 03 00 01 02'), tcpFrom(1080)));
});

describe('Multipath TCP', () => {
  it('counts its options among others', () => {
    const options = hex('01 01 1e04 0001 08 0a 00000000 00000000 1e03 00');
    expect(multipathOptions(options, 0, options.length)).toBe(2);
    const stamp = hex('0101 080a 00000000 00000000');
    expect(multipathOptions(stamp, 0, stamp.length)).toBe(0);
    expect(multipathOptions(hex('1e00'), 0, 2)).toBe(0);
  });
});
