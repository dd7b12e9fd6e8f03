/** One message of a protocol, said whole, in pieces, cut short and with lies in it: what every dissector must stand. */
import { expect, test } from 'vitest';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { captureOf, fieldsOf, indexedStack } from './network-packets.ts';
import { octets, ofFrames, overTcp, udpFrame } from './talk.ts';

export interface Example {
  /** What it is, for the name of the test. */
  readonly what: string;
  readonly over: 'tcp' | 'udp';
  readonly port: number;
  readonly said: string | Uint8Array;
  /** Protocols above TCP or UDP. */
  readonly stack: string;
  /** Values as `-T fields` prints them. */
  readonly fields: Readonly<Record<string, string>>;
  /** Said by the server. */
  readonly back?: boolean;
  /** Octets of a first segment after which the rest must be waited for; default 3 over TCP, 0 for protocols that take segments as they come. */
  readonly split?: number;
}

const CLIENT_PORT = 50000;

/** The message cut at every length, and with each octet turned into 0xff and 0. */
function variants(bytes: Uint8Array): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (i > 0) all.push(bytes.slice(0, i));
    for (const lie of [0xff, 0]) {
      const lying = Uint8Array.from(bytes);
      lying[i] = lie;
      all.push(lying);
    }
  }
  return all;
}

/** Both depths agree about each of these, and nothing was thrown. */
function agreeOn(frames: readonly Uint8Array[], from: number): void {
  const capture = captureOf(frames);
  expect(capture.firstBug).toBe('');
  expect(capture.bugs).toBe(0);
  for (let row = from; row < frames.length; row++) {
    const full = dissectPacket(capture, row).protocolNames;
    const index = indexedStack(capture, row);
    // What JSON becomes that is none is full depth's alone.
    expect(full).toBe(full === `${index}:data-text-lines` ? full : index);
  }
}

/** Tests of one example. */
export function testExample(example: Example): void {
  const { what, over, port, stack, fields, back = false, split = over === 'tcp' ? 3 : 0 } = example;
  const bytes = octets(example.said);
  const who = back ? '<' : '>';
  const names = Object.keys(fields);
  test(`${what} is read`, () => {
    const talk = over === 'tcp' ? overTcp(port, [who, bytes]) : ofFrames(datagram(port, bytes, back));
    expect(talk.stacks).toEqual([stack]);
    // Protocols that filters find are those that the index found.
    expect(indexedStack(talk.capture, over === 'tcp' ? 3 : 0)).toBe(`eth:ethertype:ip:${over}:${stack}`);
    expect(fieldsOf(talk.at(0), ...names)).toEqual(fields);
  });
  if (split > 0)
    test(`${what} in two segments is put together`, () => {
      const talk = overTcp(port, [who, bytes.slice(0, split)], [who, bytes.slice(split)]);
      expect(talk.stacks).toEqual(['', stack]);
      expect(indexedStack(talk.capture, 4)).toBe(`eth:ethertype:ip:tcp:${stack}`);
      expect(fieldsOf(talk.at(1), ...names)).toEqual(fields);
    });
  test(`${what} may be cut and lie`, () => {
    const all = variants(bytes);
    if (over === 'udp')
      agreeOn(
        all.map((each) => datagram(port, each, back)),
        0,
      );
    else for (const each of all) overTcp(port, [who, each]);
  });
}

const datagram = (port: number, bytes: Uint8Array, back: boolean): Uint8Array =>
  back ? udpFrame(port, CLIENT_PORT, bytes, true) : udpFrame(CLIENT_PORT, port, bytes);
