/** Notes on messages of applications, in Wireshark's words. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hex, join, u16, u32 } from './network-packets.ts';
import { notesOf } from './notes-of.ts';
import { ofFrames, overTcp, udpFrame } from './talk.ts';

describe('Notes on STUN', () => {
  const message = (...attributes: Uint8Array[]): Uint8Array => {
    const body = join(...attributes);
    return join(u16(1), u16(body.length), u32(0x2112a442), new Uint8Array(12).fill(7), body);
  };
  const attribute = (type: number, value: Uint8Array): Uint8Array => join(u16(type), u16(value.length), value);
  const notes = (bytes: Uint8Array): string[] => notesOf(ofFrames(udpFrame(3478, 40000, bytes)).at(0));

  it('tell of attributes that nobody knows, by their number', () => {
    expect(notes(message(attribute(0xdaba, hex('01020304'))))).toEqual(['Unknown attribute 0xdaba']);
    expect(notes(message(attribute(0x0006, hex('61626364'))))).toEqual([]);
  });

  it('tell of a fingerprint that is not that of the message', () => {
    const head = message(attribute(0x0006, hex('61626364')), attribute(0x8028, new Uint8Array(4)));
    const right = (crc32(head.subarray(0, head.length - 8)) ^ 0x5354554e) >>> 0;
    expect(notes(join(head.subarray(0, -4), u32(right)))).toEqual([]);
    const should = right.toString(16).padStart(8, '0');
    expect(notes(join(head.subarray(0, -4), u32((right ^ 1) >>> 0)))).toEqual([`Bad Fingerprint [should be 0x${should}]`]);
  });
});

describe('Notes on LDP', () => {
  it('tell whether the source protects its messages by their hops (RFC 6720)', () => {
    const hello = (flags: number): string[] => {
      const parameters = join(u16(0x400), u16(4), u16(15), u16(flags));
      const body = join(u16(0x100), u16(4 + parameters.length), u32(1), parameters);
      const pdu = join(u16(1), u16(6 + body.length), [1, 1, 1, 1], u16(0), body);
      return notesOf(ofFrames(udpFrame(646, 646, pdu)).at(0));
    };
    expect(hello(0)).toEqual(['GTSM is not supported by the source']);
    expect(hello(0x2000)).toEqual(['GTSM is supported by the source']);
    expect(hello(0x8000)).toEqual(['GTSM is not supported by the source, since basic discovery is not enabled']);
    expect(hello(0xa000)).toEqual(['ERROR - Both GTSM and Target Flag are enabled.']);
  });
});

describe('Notes on MQTT', () => {
  const unknown = 'Unknown version (missing the CONNECT packet?)';
  const connect = hex('100d 0004 4d515454 04 02 003c 0001 61'.replaceAll(' ', ''));
  const ping = hex('c000');

  it('tell of packets of a connection whose CONNECT was not captured', () => {
    expect(notesOf(overTcp(1883, ['>', ping]).at(0))).toEqual([unknown]);
  });

  it('say nothing once the version is known', () => {
    const talk = overTcp(1883, ['>', connect], ['<', hex('20020000')], ['>', ping]);
    expect([0, 1, 2].map((n) => notesOf(talk.at(n)))).toEqual([[], [], []]);
  });
});

describe('Notes on vectors of a ClientHello', () => {
  const extension = (type: number, body: string): Uint8Array => join(u16(type), u16(hex(body).length), hex(body));
  const told = (o: { suites?: string; methods?: string; extensions?: Uint8Array; behind?: string }): string[] => {
    const suites = hex(o.suites ?? '1301');
    const methods = hex(o.methods ?? '00');
    const list = o.extensions ?? new Uint8Array(0);
    const body = join(
      u16(0x0303),
      new Uint8Array(32).fill(5),
      [0],
      u16(suites.length),
      suites,
      [methods.length],
      methods,
      u16(list.length),
      list,
      hex(o.behind ?? ''),
    );
    const message = join([1, 0], u16(body.length), body);
    return notesOf(overTcp(443, ['>', join([22], u16(0x0301), u16(message.length), message)]).at(0));
  };
  const of = (type: number, body: string): string[] => told({ extensions: extension(type, body) });

  it('say nothing of those that are as they should be', () => {
    const all = [extension(0, '0004 00 0001 61'), extension(10, '0002 001d'), extension(13, '0002 0403'), extension(16, '0003 02 6832')];
    expect(told({ extensions: join(...all, extension(43, '02 0304'), extension(23, ''), extension(11, '01 00')) })).toEqual([]);
  });

  it('tell of lists that are too short', () => {
    const small = (length: number, least: number): string => `Vector length ${length} is smaller than minimum ${least}`;
    expect(told({ suites: '' })).toEqual([small(0, 2)]);
    expect(told({ methods: '' })).toEqual([small(0, 1)]);
    expect(of(10, '0000')).toEqual([small(0, 2)]);
    expect(of(16, '0001 00')).toEqual([small(1, 2), small(0, 1)]);
    expect(of(43, '00')).toEqual([small(0, 2)]);
    expect(of(51, '0004 001d 0000')).toEqual([small(0, 1)]);
  });

  it('tell of lists that are longer than what there is', () => {
    expect(of(10, '0004 001d')).toEqual(['Vector length 4 is too large, truncating it to 2']);
    expect(of(65281, '01')).toEqual(['Vector length 1 is too large, truncating it to 0']);
  });

  it('tell of octets that belong to nothing', () => {
    expect(of(23, '00')).toEqual(['1 trailing byte was unprocessed']);
    expect(of(13, '0003 0403 01')).toEqual(['1 trailing byte was unprocessed']);
    expect(of(10, '0002 001d 0000')).toEqual(['2 trailing bytes were unprocessed']);
    expect(told({ behind: '00' })).toEqual(['1 trailing byte was unprocessed']);
  });
});

describe('Notes on FTP', () => {
  const asked = (line: string): string[] => notesOf(overTcp(21, ['>', `${line}\r\n`]).at(0));
  const answered = (line: string): string[] => notesOf(overTcp(21, ['<', `${line}\r\n`]).at(0));

  it('tell of extended addresses and ports that have not the form', () => {
    const form = ['EPRT arguments must have the form: |<family>|<addr>|<port>|'];
    expect(['EPRT |1|10.0.0.1|5000|', 'EPRT |2|::1|5000|'].map(asked)).toEqual([[], []]);
    expect(['EPRT', 'EPRT |1|10.0.0.1|5000', 'EPRT |3|x|1|', 'EPRT |1|10.0.0.300|5000|', 'EPRT |1|10.0.0.1|99999|'].map(asked)).toEqual(
      Array.from({ length: 5 }, () => form),
    );
    expect(answered('229 Entering Extended Passive Mode (|||5000|)')).toEqual([]);
    expect(answered('229 Entering Extended Passive Mode')).toEqual(['EPSV arguments must have the form (|||<port>|)']);
  });

  it('tell of a directory that is not in quotes', () => {
    expect(answered('257 "/a" is the current directory')).toEqual([]);
    expect(answered('257 /a is the current directory')).toEqual(['Invalid PWD response']);
    expect(answered(String.raw`257 \"/a\" is the current directory`)).toEqual(['Invalid PWD response']);
    expect(answered('257 ""')).toEqual(['Invalid PWD response']);
  });
});

it('the note on a line of HTTP writes out octets that are no characters', () => {
  expect(notesOf(overTcp(80, ['<', 'HTTP/1.1\t200 \x01ok\r\nContent-Length: 0\r\n\r\n']).at(0))).toEqual(['HTTP/1.1\\t200 \\001ok\\r\\n']);
});

describe('Notes on HTTP', () => {
  const request = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';
  const chat = 'GET / HTTP/1.1\\r\\n';

  it('tell of an empty line before a message', () => {
    const crlf = 'Leading CRLF previous message in the stream may have extra CRLF';
    expect(notesOf(overTcp(80, ['>', `\r\n${request}`]).at(0))).toEqual([crlf, chat]);
    expect(notesOf(overTcp(80, ['>', request]).at(0))).toEqual([chat]);
  });

  it('tell of a request in the clear to the port of HTTPS', () => {
    const clear = 'Unencrypted HTTP protocol detected over encrypted port, could indicate a dangerous misconfiguration.';
    const talk = overTcp(443, ['>', request], ['<', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n']);
    expect(notesOf(talk.at(0))).toEqual([clear, chat]);
    expect(notesOf(talk.at(1))).toEqual(['HTTP/1.1 200 OK\\r\\n']);
  });
});
