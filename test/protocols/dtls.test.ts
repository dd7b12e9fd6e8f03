import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { dtlsSessions } from '../../src/protocols/tls-session.ts';
import { ascii } from './app-fixtures.ts';
import { captureOf, eth, indexedStack, ip4, join, u16, valuesOf } from './network-packets.ts';

const u24 = (n: number): number[] => [n >> 16, (n >> 8) & 255, n & 255];
const record = (type: number, body: Uint8Array, epoch = 0): Uint8Array =>
  join([type], u16(0xfefd), u16(epoch), [0, 0, 0, 0, 0, 1], u16(body.length), body);
const fragment = (type: number, body: Uint8Array, from = 0, to = body.length): Uint8Array =>
  join([type], u24(body.length), u16(3), u24(from), u24(to - from), body.subarray(from, to));
const datagram = (payload: Uint8Array): Uint8Array =>
  eth(0x0800, ip4(join(u16(40000), u16(50000), u16(8 + payload.length), u16(0), payload), { proto: 17 }));

const sni = join(u16(0), u16(16), u16(14), [0], u16(11), ascii('example.com'));
const hello = join(u16(0xfefd), new Uint8Array(32).fill(7), [0], [2, 9, 9], u16(2), u16(0xc02b), [1, 0], u16(sni.length), sni);

function above(capture: Capture, row: number): string {
  const full = dissectPacket(capture, row).protocolNames;
  expect(indexedStack(capture, row)).toBe(full);
  return full.replace('eth:ethertype:ip:udp:', '');
}

describe('DTLS', () => {
  it('shows a ClientHello with its cookie and server name, under names of its own', () => {
    const capture = captureOf([datagram(record(22, fragment(1, hello)))]);
    expect(above(capture, 0)).toBe('dtls');
    const found = valuesOf(dissectPacket(capture, 0));
    expect(found.get('dtls.handshake.extensions_server_name')).toEqual(['example.com']);
    expect(found.get('dtls.handshake.cookie')).toEqual(['0909']);
    expect(found.get('dtls.record.epoch')).toEqual(['0']);
    expect(found.get('tls.handshake.extensions_server_name')).toBeUndefined();
    expect(capture.state(dtlsSessions).random(0, true)).toEqual(new Uint8Array(32).fill(7));
  });

  it('puts a message together whose fragments came in several datagrams, in any order', () => {
    const parts = [fragment(1, hello, 40), fragment(1, hello, 0, 20), fragment(1, hello, 20, 40)];
    const capture = captureOf(parts.map((part) => datagram(record(22, part))));
    for (let row = 0; row < 3; row++) above(capture, row);
    expect(valuesOf(dissectPacket(capture, 1)).get('dtls.handshake.extensions_server_name')).toBeUndefined();
    expect(valuesOf(dissectPacket(capture, 2)).get('dtls.handshake.extensions_server_name')).toEqual(['example.com']);
    expect(dissectPacket(capture, 2).columns.info).toBe('Client Hello (Reassembled)');
  });

  it('takes handshake records of later epochs for encrypted', () => {
    const capture = captureOf([datagram(join(record(20, Uint8Array.of(1)), record(22, new Uint8Array(40), 1)))]);
    expect(dissectPacket(capture, 0).columns.info).toBe('Change Cipher Spec, Encrypted Handshake Message');
  });

  it('finds the same at both depths in datagrams cut short at every length', () => {
    const whole = record(22, fragment(1, hello));
    for (let end = 1; end < whole.length; end++) above(captureOf([datagram(whole.subarray(0, end))]), 0);
  });

  it('never throws for any bytes behind a record header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(20, 21, 22, 23, 24, 25), (body, type) => {
        const capture = captureOf([datagram(record(type, body)), datagram(record(type, body))]);
        above(capture, 0);
        above(capture, 1);
        expect(capture.bugs).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
