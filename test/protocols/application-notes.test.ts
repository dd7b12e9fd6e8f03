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
