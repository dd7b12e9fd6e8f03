import { describe, expect, it } from 'vitest';
import type { Dissection, TransportInfo } from '../../src/dissect/dissection.ts';
import type { Protocol } from '../../src/dissect/protocol.ts';
import { flows } from '../../src/flow/tcp-flows.ts';
import { bittorrent } from '../../src/protocols/bittorrent.ts';
import { btDht } from '../../src/protocols/bt-dht.ts';
import { enip } from '../../src/protocols/enip.ts';
import { mqtt } from '../../src/protocols/mqtt.ts';
import { mysql } from '../../src/protocols/mysql.ts';
import { pgsql } from '../../src/protocols/pgsql.ts';
import { radius } from '../../src/protocols/radius.ts';
import { snmp } from '../../src/protocols/snmp.ts';
import { tls } from '../../src/protocols/tls.ts';
import { ascii, dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';
import { be16, be32, ber, hex, le16, le32, stackOf, survivesEveryCut, tcpFrom, tcpTo, text, udpFrom } from './every-cut.ts';
import { ofFrames, overTcp, udpFrame } from './talk.ts';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const u8 = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

function look(protocol: Protocol, bytes: Uint8Array, transport: TransportInfo): Dissection {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), protocol, bytes, transport);
}

describe('SNMP', () => {
  const NAME = 5;
  const pdu = (value: readonly number[], object = NAME): number[] =>
    ber(0xa2, ber(2, [1, 2]), ber(2, [0]), ber(2, [0]), ber(0x30, ber(0x30, ber(6, [0x2b, 6, 1, 2, 1, 1, object, 0]), value)));
  const message = (value: readonly number[], object = NAME): Uint8Array =>
    Uint8Array.from(ber(0x30, ber(2, [1]), ber(4, text('public')), pdu(value, object)));
  it('reads the bindings of a response', () => {
    const d = look(snmp, message(ber(0x43, [0x10, 0])), udpFrom(161));
    expect(values(d, 'snmp.community')).toEqual(['public']);
    expect(values(d, 'snmp.name')).toEqual(['1.3.6.1.2.1.1.5.0']);
    expect(values(d, 'snmp.request_id')).toEqual([258]);
    expect(values(d, 'snmp.value.timeticks')).toEqual([4096]);
    expect(d.columns.info).toBe('get-response 1.3.6.1.2.1.1.5.0');
  });
  it('shows the text of a system name, or description, as Wireshark does, in a layer more', () => {
    expect(stackOf(snmp, message(ber(4, text('R1'))), udpFrom(161))).toBe('snmp:snmp');
    expect(stackOf(snmp, message(ber(4, text('Router')), 1), udpFrom(161))).toBe('snmp:snmp');
    expect(stackOf(snmp, message(ber(4, text('eve@example.org')), 4), udpFrom(161))).toBe('snmp');
  });
  it('reads the security parameters of version 3', () => {
    const usm = ber(0x30, ber(4, [1, 2, 3]), ber(2, [7]), ber(2, [9]), ber(4, text('eve')), ber(4), ber(4));
    const global = ber(0x30, ber(2, [5]), ber(2, [0x05, 0xdc]), ber(4, [4]), ber(2, [3]));
    const d = look(
      snmp,
      Uint8Array.from(ber(0x30, ber(2, [3]), global, ber(4, usm), ber(0x30, ber(4), ber(4), pdu(ber(5))))),
      udpFrom(161),
    );
    expect(values(d, 'snmp.msgUserName')).toEqual(['eve']);
    expect(values(d, 'snmp.msgAuthoritativeEngineBoots')).toEqual([7]);
    expect(values(d, 'snmp.name')).toEqual(['1.3.6.1.2.1.1.5.0']);
  });
  it('survives being cut and turned', () => survivesEveryCut(snmp, message(ber(4, text('R1'))), udpFrom(161)));
});

describe('RADIUS', () => {
  const avp = (type: number, value: readonly number[]): number[] => [type, 2 + value.length, ...value];
  const packet = (avps: readonly number[]): Uint8Array => u8(1, 5, ...be16(20 + avps.length), ...zeros(16), ...avps);
  const identity = [2, 1, 0, 8, 1, ...text('eve')];
  it('reads attributes', () => {
    const d = look(radius, packet([...avp(1, text('eve')), ...avp(4, [192, 0, 2, 1]), ...avp(5, be32(7))]), udpFrom(1812));
    expect(values(d, 'radius.User_Name')).toEqual(['eve']);
    expect(values(d, 'radius.NAS_IP_Address')).toEqual([[192, 0, 2, 1]]);
    expect(values(d, 'radius.NAS_Port')).toEqual([7]);
    expect(d.columns.info).toBe('Access-Request id=5');
  });
  it('puts an EAP message together from several attributes', () => {
    const d = look(radius, packet([...avp(79, identity.slice(0, 5)), ...avp(79, identity.slice(5))]), udpFrom(1812));
    expect(d.protocolNames).toBe('radius:eap');
    expect(values(d, 'eap.identity')).toEqual(['eve']);
  });
  it('shows EAP although what is behind its last attribute is broken, but not where something before it is', () => {
    const broken = [1, 200, 0, 0];
    expect(look(radius, packet([...avp(79, identity), ...broken]), udpFrom(1812)).protocolNames).toBe('radius:eap');
    expect(look(radius, packet([...broken, ...avp(79, identity)]), udpFrom(1812)).protocolNames).toBe('radius');
    const whole = udpFrame(1812, 1812, packet([...avp(79, identity), ...broken]));
    expect(ofFrames(whole).stacks).toEqual(['radius:eap']);
  });
  it('refuses a code that nobody knows, and what is shorter than it says', () => {
    const bytes = packet(avp(1, text('eve')));
    expect(ofFrames(udpFrame(1812, 1812, bytes)).stacks).toEqual(['radius']);
    expect(ofFrames(udpFrame(1812, 1812, bytes.slice(0, -1))).stacks).toEqual(['data']);
    expect(ofFrames(udpFrame(1812, 1812, Uint8Array.from([200, ...bytes.slice(1)]))).stacks).toEqual(['data']);
  });
  it('takes an attribute that is too long for a mistake', () => {
    const d = look(radius, packet([1, 200, 0, 0]), udpFrom(1812));
    expect(d.layers[0]?.status).toBe('malformed');
  });
  it('survives being cut and turned', () => survivesEveryCut(radius, packet(avp(79, identity)), udpFrom(1812)));
});

describe('MQTT', () => {
  const string = (value: string): number[] => [...be16(value.length), ...text(value)];
  const packet = (first: number, body: readonly number[]): Uint8Array => u8(first, body.length, ...body);
  const connect = packet(0x10, [...string('MQTT'), 4, 0xc2, ...be16(60), ...string('me'), ...string('eve'), ...string('secret')]);
  const publish = packet(0x32, [...string('a/b'), ...be16(3), ...text('hello')]);
  it('reads who connects', () => {
    const d = look(mqtt, connect, tcpFrom(1883));
    expect(values(d, 'mqtt.clientid')).toEqual(['me']);
    expect(values(d, 'mqtt.username')).toEqual(['eve']);
    expect(values(d, 'mqtt.kalive')).toEqual([60]);
  });
  it('reads what is published', () => {
    const d = look(mqtt, join(connect, publish), tcpFrom(1883));
    expect(values(d, 'mqtt.topic')).toEqual(['a/b']);
    expect(values(d, 'mqtt.msg')).toEqual([text('hello')]);
    expect(d.columns.info).toBe('Connect Command, Publish Message [a/b]');
  });
  it('reads the header of version 3.1 as that version has it, whose CONNECT says so', () => {
    const old = packet(0x10, [...string('MQIsdp'), 3, 2, ...be16(60), ...string('me')]);
    const subscribe = packet(0x8a, [...be16(1), ...string('t'), 0]);
    const later = join(subscribe, packet(0x62, be16(1)), packet(0x20, [1, 0]), packet(0x40, be16(2)));
    const names = ['dupflag', 'qos', 'retain_reserved', 'hdr_reserved', 'conack.flags.reserved', 'conack.flags.sp'];
    const ask = (first: Uint8Array) => names.map((name) => values(look(mqtt, join(first, later), tcpFrom(1883)), `mqtt.${name}`));
    expect(ask(old)).toEqual([[true, false], [1, 1], [0, 0], [0, 0, 0], [true], []]);
    expect(ask(connect)).toEqual([[], [], [], [0, 10, 2, 0, 0], [true], [true]]);
  });
  const user = [38, ...string('k'), ...string('v')];
  const five = packet(0x10, [
    ...string('MQTT'),
    5,
    0x06,
    ...be16(60),
    5,
    17,
    ...be32(9),
    ...string('me'),
    5,
    24,
    ...be32(1),
    ...string('w'),
    ...string('x'),
  ]);
  const later = join(
    packet(0x20, [0, 0x87, 3, 33, ...be16(20)]),
    packet(0x32, [...string('a/b'), ...be16(3), 2 + user.length, 11, 7, ...user, ...text('hello')]),
    packet(0x40, [...be16(3)]),
    packet(0x50, [...be16(4), 0x10]),
    packet(0x82, [...be16(5), 0, ...string('t'), 0x2d]),
    packet(0x90, [...be16(5), 0, 0x01]),
    packet(0xb0, [...be16(6), 0, 0x11]),
    packet(0xe0, [0x8e, 3 + 1, 31, ...string('z')]),
  );
  it('reads properties and reasons in version 5, and the message behind them', () => {
    const d = look(mqtt, join(five, later), tcpFrom(1883));
    expect(d.layers[0]?.status).toBe('whole');
    expect(values(d, 'mqtt.clientid')).toEqual(['me']);
    expect(values(d, 'mqtt.willtopic')).toEqual(['w']);
    expect(values(d, 'mqtt.property_id')).toEqual([17, 24, 33, 11, 38, 31]);
    expect(values(d, 'mqtt.prop_number')).toEqual([9, 1, 20, 7]);
    expect([...values(d, 'mqtt.prop_key'), ...values(d, 'mqtt.prop_value'), ...values(d, 'mqtt.prop_string')]).toEqual(['k', 'v', 'z']);
    expect(values(d, 'mqtt.msg')).toEqual([text('hello')]);
    for (const [field, value] of Object.entries({ connack: 0x87, pubrec: 0x10, suback: 1, unsuback: 0x11, disconnect: 0x8e }))
      expect(values(d, `mqtt.${field}.reason_code`)).toEqual([value]);
    expect(values(d, 'mqtt.subscription_options_retain')).toEqual([2]);
    expect(values(d, 'mqtt.conack.val')).toEqual([]);
  });
  it('remembers the version of a connection, whose CONNECT may come in pieces', () => {
    const said = (connected: Uint8Array) => overTcp(1883, ['>', connected.slice(0, 7)], ['>', connected.slice(7)], ['<', later]);
    expect(values(said(five).at(2), 'mqtt.msg')).toEqual([text('hello')]);
    expect(values(said(connect).at(2), 'mqtt.property_id')).toEqual([]);
  });
  it('shows a message of no octets, which takes a retained one back', () => {
    expect(values(look(mqtt, u8(0x31, 5, ...string('a/b')), tcpFrom(1883)), 'mqtt.msg')).toEqual([[]]);
  });
  it('takes properties that do not fit for a mistake', () => {
    const d = look(mqtt, join(five, packet(0x30, [...string('t'), 3, 38, ...be16(9)])), tcpFrom(1883));
    expect(d.layers[0]?.status).toBe('malformed');
    survivesEveryCut(mqtt, join(five, later), tcpFrom(1883));
  });
  it('cuts packets by their coded length however the stream is cut', () => {
    const long = u8(0x30, 0x90, 0x01, ...string('t'), ...zeros(141));
    const stream = join(connect, long, publish);
    const whole = carriedCuts(mqtt, sides(new TestCapture())[0], stream, stream.length);
    expect(whole).toEqual([connect.length, connect.length + 147, stream.length]);
    for (const size of [1, 2, 90]) expect(carriedCuts(mqtt, sides(new TestCapture())[0], stream, size)).toEqual(whole);
  });
  it('survives being cut and turned', () => survivesEveryCut(mqtt, join(connect, publish), tcpFrom(1883)));
});

describe('PostgreSQL', () => {
  const message = (letter: string, body: readonly number[]): Uint8Array => u8(...text(letter), ...be32(4 + body.length), ...body);
  const startup = u8(...be32(4 + 4 + 9 + 1), ...be32(0x30000), ...text('user'), 0, ...text('eve'), 0, 0);
  it('reads the parameters that a session begins with', () => {
    const d = look(pgsql, startup, tcpFrom(5432));
    expect(values(d, 'pgsql.parameter_name')).toEqual(['user']);
    expect(values(d, 'pgsql.parameter_value')).toEqual(['eve']);
  });
  it('reads queries, rows and errors', () => {
    expect(values(look(pgsql, message('Q', [...text('SELECT 1'), 0]), tcpFrom(5432)), 'pgsql.query')).toEqual(['SELECT 1']);
    const row = look(pgsql, message('D', [...be16(2), ...be32(1), 0x31, ...be32(0xffffffff)]), tcpTo(5432));
    expect(values(row, 'pgsql.val.data')).toEqual([[0x31]]);
    const error = look(pgsql, message('E', [...text('SERROR'), 0, ...text('C42601'), 0, 0]), tcpTo(5432));
    expect(values(error, 'pgsql.severity')).toEqual(['ERROR']);
    expect(values(error, 'pgsql.code')).toEqual(['42601']);
  });
  it('reads a statement that is prepared, bound to values and run', () => {
    const to = tcpFrom(5432);
    const parse = look(pgsql, message('P', [...text('s'), 0, ...text('SELECT $1'), 0, ...be16(1), ...be32(23)]), to);
    expect(values(parse, 'pgsql.query')).toEqual(['SELECT $1']);
    expect(values(parse, 'pgsql.oid.type')).toEqual([23]);
    const given = [...be16(2), ...be32(2), ...text('42'), ...be32(0xffffffff)];
    const bind = look(pgsql, message('B', [0, ...text('s'), 0, ...be16(1), ...be16(0), ...given, ...be16(1), ...be16(1)]), to);
    expect(values(bind, 'pgsql.format')).toEqual([0, 1]);
    expect(values(bind, 'pgsql.val.length')).toEqual([2, -1]);
    expect(values(bind, 'pgsql.val.data')).toEqual([text('42')]);
    expect(values(look(pgsql, message('E', [0, ...be32(7)]), to), 'pgsql.returns')).toEqual([7]);
    const call = look(pgsql, message('F', [...be32(1598), ...be16(0), ...be16(1), ...be32(1), 9, ...be16(1)]), to);
    expect(values(call, 'pgsql.oid')).toEqual([1598]);
    expect(values(call, 'pgsql.val.data')).toEqual([[9]]);
    expect(values(look(pgsql, message('t', [...be16(1), ...be32(25)]), tcpTo(5432)), 'pgsql.oid.type')).toEqual([25]);
  });
  it('takes 65535 in two octets for no length of a column at all', () => {
    const column = [...text('c'), 0, ...be32(0), ...be16(0), ...be32(25), 0xff, 0xff, ...be32(0xffffffff), ...be16(0)];
    expect(values(look(pgsql, message('T', [...be16(1), ...column]), tcpTo(5432)), 'pgsql.val.length')).toEqual([-1]);
  });
  it('reads what is copied in and out', () => {
    const begin = look(pgsql, message('G', [0, ...be16(2), ...be16(0), ...be16(1)]), tcpTo(5432));
    expect(values(begin, 'pgsql.format')).toEqual([0, 0, 1]);
    expect(values(begin, 'pgsql.field.count')).toEqual([2]);
    expect(values(look(pgsql, message('d', text('1\tx\n')), tcpFrom(5432)), 'pgsql.copydata')).toEqual([text('1\tx\n')]);
    expect(values(look(pgsql, message('d', text('1\tx\n')), tcpTo(5432)), 'pgsql.copydata')).toEqual([text('1\tx\n')]);
    expect(values(look(pgsql, message('f', [...text('why'), 0]), tcpFrom(5432)), 'pgsql.error')).toEqual(['why']);
  });
  it('reads notifications, and where a notice comes from', () => {
    const told = look(pgsql, message('A', [...be32(3900), ...text('channel'), 0, ...text('payload'), 0]), tcpTo(5432));
    expect(values(told, 'pgsql.pid')).toEqual([3900]);
    expect(values(told, 'pgsql.condition')).toEqual(['channel']);
    expect(values(told, 'pgsql.text')).toEqual(['payload']);
    const notice = look(pgsql, message('N', [...text('WPL/pgSQL'), 0, ...text('P12'), 0, ...text('ncheck'), 0, 0]), tcpTo(5432));
    expect(values(notice, 'pgsql.where')).toEqual(['PL/pgSQL']);
    expect(values(notice, 'pgsql.position')).toEqual(['12']);
    expect(values(notice, 'pgsql.constraint_name')).toEqual(['check']);
  });
  it('reads which options of a newer version the server has not', () => {
    const d = look(pgsql, message('v', [...be32(0), ...be32(1), ...text('_pq_.x'), 0]), tcpTo(5432));
    expect(values(d, 'pgsql.version_supported_minor')).toEqual([0]);
    expect(values(d, 'pgsql.nonsupported_option')).toEqual(['_pq_.x']);
  });
  it('tells the answers of SASL from a password', () => {
    const first = look(pgsql, message('p', [...text('SCRAM-SHA-256'), 0, ...be32(5), ...text('n,,n=')]), tcpFrom(5432));
    expect(values(first, 'pgsql.type')).toEqual(['SASLInitialResponse message']);
    expect(values(first, 'pgsql.auth.sasl.mech')).toEqual(['SCRAM-SHA-256']);
    expect(values(first, 'pgsql.auth.sasl.data.length')).toEqual([5]);
    expect(values(first, 'pgsql.auth.sasl.data')).toEqual([text('n,,n=')]);
    expect(values(look(pgsql, message('p', text('c=biws')), tcpFrom(5432)), 'pgsql.type')).toEqual(['SASLResponse message']);
    expect(values(look(pgsql, message('p', [...text('x'), 0]), tcpFrom(5432)), 'pgsql.type')).toEqual(['Password message']);
  });
  it('gives the stream to TLS once the server agrees', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    const request = u8(...be32(8), ...be32(80877103));
    expect(pgsql.framer?.feed(client, request, 0, 8)).toBe(8);
    pgsql.framer?.feed(server, ascii('S'), 0, 1);
    expect(capture.state(flows).app[0]).toBe(tls.id + 1);
  });
  it('stays with the stream where the server refuses TLS', () => {
    const capture = new TestCapture();
    const [client, server] = sides(capture);
    pgsql.framer?.feed(client, u8(...be32(8), ...be32(80877103)), 0, 8);
    pgsql.framer?.feed(server, ascii('N'), 0, 1);
    expect(capture.state(flows).app[0]).toBe(0);
  });
  it('survives being cut and turned', () => survivesEveryCut(pgsql, join(startup, message('p', [...text('x'), 0])), tcpFrom(5432)));
});

describe('MySQL', () => {
  const packet = (number: number, body: readonly number[]): Uint8Array => u8(...le16(body.length), 0, number, ...body);
  const login = [...le16(0x0208), ...le16(0), ...le32(1024), 33, ...zeros(23), ...text('eve'), 0, 2, 9, 9, ...text('db'), 0];
  it('reads a query', () => {
    const d = look(mysql, packet(0, [3, ...text('SELECT 1')]), tcpFrom(3306));
    expect(values(d, 'mysql.query')).toEqual(['SELECT 1']);
    expect(d.columns.info).toBe('Request Query');
  });
  it('reads a login', () => {
    const d = look(mysql, packet(1, login), tcpFrom(3306));
    expect(values(d, 'mysql.user')).toEqual(['eve']);
    expect(values(d, 'mysql.schema')).toEqual(['db']);
    expect(d.columns.info).toBe('Login Request user=eve db=db');
  });
  it('reads an error', () => {
    const d = look(mysql, packet(1, [0xff, ...le16(1064), 0x23, ...text('42000'), ...text('You erred')]), tcpTo(3306));
    expect(values(d, 'mysql.error_code')).toEqual([1064]);
    expect(values(d, 'mysql.error.message')).toEqual(['You erred']);
  });
  it('gives the stream to TLS where the login asks for it', () => {
    const capture = new TestCapture();
    const [client] = sides(capture);
    const request = packet(1, [...le16(0x0a08), ...le16(0), ...le32(1024), 33, ...zeros(23)]);
    expect(mysql.framer?.feed(client, request, 0, request.length)).toBe(36);
    expect(capture.state(flows).app[0]).toBe(tls.id + 1);
  });
  it('survives being cut and turned', () => survivesEveryCut(mysql, packet(1, login), tcpFrom(3306)));
});

describe('EtherNet/IP', () => {
  const get = [0x01, 2, 0x20, 0x01, 0x24, 0x01];
  const packetOf = (one: readonly number[]): number[] => [
    0x0a,
    2,
    0x20,
    0x02,
    0x24,
    0x01,
    ...le16(2),
    ...le16(6),
    ...le16(12),
    ...one,
    ...one,
  ];
  /** Read Tag, which a class of its own has. */
  const several = packetOf([0x4c, 2, 0x20, 0x6b, 0x24, 0x01]);
  const unit = (service: readonly number[]): Uint8Array => {
    const data = [
      ...le32(0),
      ...le16(0),
      ...le16(2),
      ...le16(0xa1),
      ...le16(4),
      ...le32(9),
      ...le16(0xb1),
      ...le16(2 + service.length),
      ...le16(1),
      ...service,
    ];
    return u8(...le16(0x70), ...le16(data.length), ...le32(1), ...le32(0), ...zeros(8), ...le32(0), ...data);
  };
  it('shows each service of a packet of several, in a layer of its own where it is not common to all classes', () => {
    expect(stackOf(enip, unit(several), tcpFrom(44818))).toBe('enip:cip:cipcls:cipcls');
    expect(stackOf(enip, unit(packetOf(get)), tcpFrom(44818))).toBe('enip:cip');
    expect(values(look(enip, unit(get), tcpFrom(44818)), 'cip.class')).toEqual([1]);
  });
  it('survives being cut and turned', () => survivesEveryCut(enip, unit(several), tcpFrom(44818)));
});

describe('BitTorrent', () => {
  const dictionary = 'd1:ei0e1:md6:ut_pexi1eee';
  const extended = u8(...be32(2 + dictionary.length), 20, 0, ...text(dictionary));
  const have = u8(...be32(5), 4, ...be32(722));
  it('reads the dictionary of the extensions and the messages after it', () => {
    const d = look(bittorrent, join(extended, have), tcpFrom(6881));
    expect(d.protocolNames).toBe('bittorrent:bencode');
    expect(values(d, 'bittorrent.piece.index')).toEqual([722]);
    expect(values(d, 'bencode.str')).toContain('ut_pex');
  });
  it('does not follow lists that nest without end', () => {
    const deep = ascii(`${'l'.repeat(500)}${'e'.repeat(500)}`);
    const d = look(bittorrent, u8(...be32(2 + deep.length), 20, 0, ...deep), tcpFrom(6881));
    expect(d.layers).toHaveLength(2);
  });
  it('knows a query of the distributed hash table', () => {
    const query = ascii('d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe');
    expect(btDht.accepts?.(query, 0, query.length, query.length)).toBe(true);
    expect(look(btDht, query, udpFrom(6881)).columns.info).toBe('BitTorrent DHT Query');
    survivesEveryCut(btDht, query, udpFrom(6881));
  });
  it('survives being cut and turned', () => survivesEveryCut(bittorrent, join(extended, have), tcpFrom(6881)));
  it('is told by its handshake', () => expect(bittorrent.accepts?.(hex('13'), 0, 1, 1)).toBe(false));
});
