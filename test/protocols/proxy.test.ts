import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { ascii } from './app-fixtures.ts';
import { captureOf, eth, hex, indexedStack, ip4, join, u16, u32, valuesOf } from './network-packets.ts';

/** The client's segments of one connection, one after another. */
function connection(port: number, ...segments: Uint8Array[]): Capture {
  let seq = 1;
  return captureOf(
    segments.map((payload) => {
      const tcp = join(u16(50000), u16(port), u32(seq), u32(1), [0x50, 0x18], u16(1000), u32(0), payload);
      seq += payload.length;
      return eth(0x0800, ip4(tcp, { proto: 6 }));
    }),
  );
}

/** Protocols above TCP at both depths, which must agree. */
function above(capture: Capture, row: number): string {
  const full = dissectPacket(capture, row).protocolNames;
  expect(indexedStack(capture, row)).toBe(full);
  return full.replace(/^eth:ethertype:ip:tcp:?/, '');
}

const ALERT = hex('15030300020100');
const GET = ascii('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
const LINE = ascii('PROXY TCP4 1.2.3.4 5.6.7.8 1000 443\r\n');
const V2 = join(ascii('\r\n\r\n\0\r\nQUIT\n'), hex('21 11 0018 01020304 05060708 03e8 01bb 01 0002 6832 04 0001 00 04 0000'));

describe('PROXY protocol', () => {
  it('reads the line of version 1 and the TLS record behind it', () => {
    const capture = connection(443, join(LINE, ALERT), ALERT);
    expect(above(capture, 0)).toBe('proxy:tls');
    expect(above(capture, 1)).toBe('tls');
    const values = valuesOf(dissectPacket(capture, 0));
    expect(values.get('proxy.v1.proto')).toEqual(['TCP4']);
    expect(values.get('proxy.src.ipv4')).toEqual(['1.2.3.4']);
    expect(values.get('proxy.dst.ipv4')).toEqual(['5.6.7.8']);
    expect(values.get('proxy.srcport')).toEqual(['1000']);
    expect(values.get('proxy.dstport')).toEqual(['443']);
    expect(values.get('tls.alert_message.desc')).toEqual(['0']);
  });

  it('reads IPv6 addresses', () => {
    const capture = connection(443, ascii('PROXY TCP6 2001:db8::1 2001:db8::2 1000 443\r\n'), ALERT);
    expect(above(capture, 0)).toBe('proxy');
    expect(above(capture, 1)).toBe('tls');
    expect(valuesOf(dissectPacket(capture, 0)).get('proxy.src.ipv6')).toEqual(['2001:db8::1']);
  });

  it('hands on what follows by its shape where the port says nothing', () => {
    expect(above(connection(44311, join(LINE, GET)), 0)).toBe('proxy:http');
    expect(above(connection(44311, join(LINE, ascii('hello\n'))), 0)).toBe('proxy:data');
    expect(above(connection(44311, join(V2, GET)), 0)).toBe('proxy:http');
  });

  it('puts together a record that goes on in the next segment', () => {
    const record = join(hex('1703030020'), new Uint8Array(32).fill(9));
    const capture = connection(443, join(LINE, record.subarray(0, 20)), record.subarray(20), ALERT);
    above(capture, 0);
    expect(above(capture, 1)).toBe('proxy:tls');
    expect(valuesOf(dissectPacket(capture, 1)).get('tls.record.length')).toEqual(['32']);
    expect(above(capture, 2)).toBe('tls');
  });

  it('says of a connection that it does not know only that, and marks addresses that are none', () => {
    const capture = connection(443, join(ascii('PROXY UNKNOWN ffff 1\r\n'), ALERT), ascii('PROXY TCP4 1.2.3 443\r\n'));
    expect(above(capture, 0)).toBe('proxy');
    expect(valuesOf(dissectPacket(capture, 0)).get('proxy.v1.unknown')).toEqual(['ffff 1']);
    expect(above(capture, 1)).toBe('proxy');
    expect(valuesOf(dissectPacket(capture, 1)).has('proxy.bad_format')).toBe(true);
  });

  it('reads the header of version 2 with its TLVs', () => {
    const values = valuesOf(dissectPacket(connection(44311, V2), 0));
    expect(values.get('proxy.v2.addr_family_protocol')).toEqual(['0x11']);
    expect(values.get('proxy.src.ipv4')).toEqual(['1.2.3.4']);
    expect(values.get('proxy.dstport')).toEqual(['443']);
    expect(values.get('proxy.v2.tlv.type')).toEqual(['0x01', '0x04', '0x04']);
    expect(values.get('proxy.v2.tlv.length')).toEqual(['2', '1', '0']);
  });

  it('stands headers cut short, and lengths that say more than there is', () => {
    for (const header of [LINE, V2]) {
      for (let length = 1; length < header.length; length++) {
        expect(above(connection(44311, header.subarray(0, length)), 0), `${length}`).not.toContain('proxy');
      }
      const wrong = Uint8Array.from(header);
      wrong[15] = 4;
      above(connection(44311, wrong), 0);
    }
    expect(above(connection(44311, ascii(`PROXY TCP4 ${'1'.repeat(100)}\r\n`)), 0)).not.toContain('proxy');
  });
});
