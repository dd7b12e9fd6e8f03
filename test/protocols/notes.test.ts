/** Notes on packets, in Wireshark's words: also as `-T fields` prints them. */
import { describe, expect, it } from 'vitest';
import { fieldsPrinter } from '../../src/cli/fields-printer.ts';
import type { Dissection } from '../../src/dissect/dissection.ts';
import '../../src/protocols/index.ts';
import { be16, hex, le16, text } from './every-cut.ts';
import { eth, ip4, ip6, join, u16 } from './network-packets.ts';
import { ofFrames, overTcp, udpFrame } from './talk.ts';

function cells(d: Dissection, ...fields: string[]): string[] {
  const printer = fieldsPrinter(fields, ['aggregator=;']);
  if (typeof printer === 'string') throw new Error(printer);
  return printer.line(d).trimEnd().split('\t');
}
const notes = (d: Dissection): string => cells(d, '_ws.expert.message')[0] as string;

describe('notes', () => {
  it('can be asked for as fields: sentence, message, severity, group', () => {
    const d = overTcp(80, ['>', 'GET / HTTP/1.1\r\n\r\n']).at(-3);
    expect(cells(d, '_ws.expert', '_ws.expert.message', '_ws.expert.severity', '_ws.expert.group')).toEqual([
      'Expert Info (Chat/Sequence): Connection establish request (SYN): server port 80',
      'Connection establish request (SYN): server port 80',
      String(0x200000),
      String(0x2000000),
    ]);
  });

  const question = hex('1234 0100 0001 0000 0000 0000 0161 00 0001 0001'.replaceAll(' ', ''));

  it('say of a message that breaks off that it is malformed, and which', () => {
    const d = ofFrames(udpFrame(5000, 53, question.subarray(0, 14))).at(0);
    expect(cells(d, '_ws.malformed', '_ws.expert')).toEqual([
      '[Malformed Packet: DNS];_ws.malformed',
      'Expert Info (Error/Malformed): Malformed Packet (Exception occurred)',
    ]);
  });

  it('do not call malformed what goes on in a fragment that is not here, nor all of which is here', () => {
    const udp = join(u16(5000), u16(53), u16(400), u16(0), question.subarray(0, 14));
    const d = ofFrames(eth(0x0800, ip4(udp, { proto: 17, fragment: 0x2000, length: 420 }))).at(0);
    expect(cells(d, '_ws.unreassembled', '_ws.malformed')).toEqual(['[BoundError Unreassembled Packet: DNS]']);
    expect(notes(d)).toBe('IPv4 total length exceeds packet length (42 bytes);Unreassembled fragment');
    expect(d.columns.info).toContain('[Unreassembled Packet: DNS]');
  });

  it('tell of bytes behind a DNS message', () => {
    const d = ofFrames(udpFrame(5000, 53, join(question, hex('c00c')))).at(0);
    expect(notes(d)).toBe('Extraneous data');
  });

  it('tell of what stands behind the end of a text', () => {
    const record = hex('c00c 0010 0001 00000000 0005 04 61 00 62 63'.replaceAll(' ', ''));
    const answer = join(hex('123481800001000100000000'), question.subarray(12), record);
    const d = ofFrames(udpFrame(53, 5000, answer)).at(0);
    expect(cells(d, 'dns.txt', '_ws.expert')).toEqual(['a', 'Expert Info (Warning/Undecoded): Trailing stray characters']);
  });

  it('tell of codings of a transfer that are none, and of a length beside them', () => {
    const of = (headers: string): string => notes(overTcp(80, ['<', `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n0\r\n\r\n`]).at(0));
    const unknown = 'Unknown transfer coding name in Transfer-Encoding header';
    const both = 'The Content-Length and Transfer-Encoding header must not be set together';
    expect(of('Transfer-Encoding: chunked')).toBe('HTTP/1.1 200 OK\\r\\n');
    expect(of('Transfer-Encoding: chunkedx')).toBe(`HTTP/1.1 200 OK\\r\\n;${unknown}`);
    expect(of('Transfer-Encoding: chunked, gzip, deflate')).toBe(`HTTP/1.1 200 OK\\r\\n;${unknown}`);
    expect(of('Transfer-Encoding: chunked\r\nContent-Length: 3')).toBe(`HTTP/1.1 200 OK\\r\\n;${both}`);
    expect(of('Content-Length: 3\r\nTransfer-Encoding: chunked')).toBe(`HTTP/1.1 200 OK\\r\\n;${both}`);
    expect(of('Content-Length: x\r\nTransfer-Encoding: chunked')).toBe('HTTP/1.1 200 OK\\r\\n');
  });

  it('tell of a header name of HTTP that is none, and take nothing from that line', () => {
    const d = overTcp(80, ['>', 'GET / HTTP/1.1\r\nbad name: x\r\nContent-Length : 5\r\nHost: h\r\n\r\n']).at(0);
    expect(notes(d)).toBe('GET / HTTP/1.1\\r\\n;Illegal characters found in header name;Illegal characters found in header name');
    expect(cells(d, 'http.request.line')).toEqual(['Host: h\\r\\n']);
  });

  it('say of a JSON body that is none that it is shown as text, and do not call the packet malformed', () => {
    const body = 'callback({"a":1})';
    const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const d = overTcp(80, ['>', 'GET / HTTP/1.1\r\n\r\n'], ['<', answer]).at(1);
    expect(notes(d)).toContain('This is not JSON from here on');
    expect(cells(d, '_ws.malformed')).toEqual(['']);
    expect(d.protocolNames.endsWith(':json:data-text-lines')).toBe(true);
  });

  it('call a source route of IPv6 deprecated', () => {
    const route = join([59, 2, 0, 1], [0, 0, 0, 0], new Uint8Array(16));
    expect(notes(ofFrames(eth(0x86dd, ip6(route, 43))).at(0))).toBe('Routing header type is deprecated');
  });

  it('let IGMP have a TTL of 1 in every group', () => {
    const report = join([0x16, 0], u16(0xf9fd & 0), [224, 0, 0, 251]);
    const packet = (proto: number): Uint8Array => eth(0x0800, ip4(report, { proto, ttl: 1, dst: [224, 0, 0, 251] }));
    expect(notes(ofFrames(packet(2)).at(0))).not.toContain('Time To Live');
    expect(notes(ofFrames(packet(253)).at(0))).toContain('"Time To Live" != 255');
  });
});

describe('Change Cipher Spec of a server', () => {
  const record = (type: number, ...body: number[]): Uint8Array => join([type, 3, 3], u16(body.length), body);
  const handshake = (type: number, ...body: number[]): Uint8Array => record(22, type, 0, ...be16(body.length), ...body);
  const random = new Array<number>(32).fill(7);
  const hello = handshake(1, 3, 3, ...random, 0, ...be16(2), ...be16(0x009c), 1, 0);
  const serverHello = handshake(2, 3, 3, ...random, 0, ...be16(0x009c), 0);
  const change = record(20, 1);
  const finished = record(22, ...new Array<number>(40).fill(0xe1));

  it('that comes before the client’s resumes a session', () => {
    const talk = overTcp(443, ['>', hello], ['<', join(serverHello, change, finished)], ['>', join(change, finished)]);
    expect(notes(talk.at(1))).toBe('This session reuses previously negotiated keys (Session resumption)');
    expect(notes(talk.at(2))).toBe('');
  });

  it('that comes after the client’s does not', () => {
    const done = handshake(14);
    const talk = overTcp(443, ['>', hello], ['<', join(serverHello, done)], ['>', join(change, finished)], ['<', join(change, finished)]);
    expect(notes(talk.at(3))).toBe('');
  });

  it('is followed by what is no record: that is said', () => {
    const talk = overTcp(443, ['>', hello], ['<', join(serverHello, hex('ffffffffffff'))]);
    expect(notes(talk.at(1))).toBe('Ignored Unknown Record');
  });
});

describe('a query of MySQL with attributes', () => {
  const packet = (...body: number[]): Uint8Array => join(le16(body.length), [0, 0], body);
  const statement = text('show databases');
  const query = (...attributes: number[]): Dissection => overTcp(3306, ['>', packet(3, ...attributes, ...statement)]).at(0);

  it('has its statement behind them', () => {
    expect(cells(query(0, 1), 'mysql.query_attrs_count', 'mysql.query')).toEqual(['0', 'show databases']);
    expect(cells(query(), 'mysql.query_attrs_count', 'mysql.query')).toEqual(['', 'show databases']);
  });

  it('shows their names and values, but for those that are NULL', () => {
    const attributes = [
      3,
      1,
      0b010,
      1,
      ...le16(0xfd),
      1,
      0x61,
      ...le16(6),
      1,
      0x62,
      ...le16(0x8002),
      1,
      0x63,
      2,
      0x68,
      0x69,
      ...le16(65535),
    ];
    const fields = ['mysql.query_attr_name', 'mysql.query_attr_value', 'mysql.query'];
    expect(cells(query(...attributes), ...fields)).toEqual(['a;b;c', 'hi;65535', 'show databases']);
    for (let length = 0; length < attributes.length; length++) expect(() => query(...attributes.slice(0, length))).not.toThrow();
  });
});
