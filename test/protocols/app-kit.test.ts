import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dhcp } from '../../src/protocols/dhcp.ts';
import { protocols } from '../../src/protocols/index.ts';
import { mbtcp } from '../../src/protocols/modbus.ts';
import { quic } from '../../src/protocols/quic.ts';
import { stun } from '../../src/protocols/stun.ts';
import { dissect, join, sides, TestCapture, values } from './app-fixtures.ts';
import { carriedCuts } from './carried-cuts.ts';

const u8 = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const udp = { kind: 'udp', stream: 0, fromClient: true, srcPort: 68, dstPort: 67 } as const;
const tcp = { kind: 'tcp', stream: 0, fromClient: true, srcPort: 50000, dstPort: 502 } as const;

describe('DHCP', () => {
  it('reads the message type and the address offered', () => {
    const head = new Uint8Array(240);
    head.set([2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78]);
    head.set([192, 0, 2, 9], 16);
    head.set([0x63, 0x82, 0x53, 0x63], 236);
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), dhcp, join(head, u8(53, 1, 2, 51, 4, 0, 0, 0, 60, 255)), udp);
    expect(values(d, 'dhcp.option.dhcp')).toEqual([2]);
    expect(values(d, 'dhcp.ip.your')).toEqual([[192, 0, 2, 9]]);
    expect(values(d, 'dhcp.option.ip_address_lease_time')).toEqual([60]);
    expect(d.columns.info).toBe('DHCP Offer    - Transaction ID 0x12345678');
  });
});

describe('messages whose length stands in their header', () => {
  const message = u8(0, 11, 0, 0, 0, 6, 1, 3, 0, 5, 0, 2);

  it('are cut the same however the stream is cut', () => {
    const stream = join(message, message, message);
    const whole = carriedCuts(mbtcp, sides(new TestCapture())[0], stream, stream.length);
    for (const size of [1, 5, 13]) expect(carriedCuts(mbtcp, sides(new TestCapture())[0], stream, size)).toEqual(whole);
  });

  it('are taken apart one after the other', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), mbtcp, join(message, message), tcp);
    expect(values(d, 'mbtcp.trans_id')).toEqual([11, 11]);
    expect(values(d, 'modbus.func_code')).toEqual([3, 3]);
  });
});

describe('heuristics', () => {
  it('know a QUIC long header of version 1 and no other bytes', () => {
    const initial = join(u8(0xc3, 0, 0, 0, 1, 8), new Uint8Array(8), u8(0), new Uint8Array(20));
    expect(quic.accepts?.(initial, 0, initial.length, initial.length)).toBe(true);
    const other = join(u8(0xc3, 9, 9, 9, 9, 8), new Uint8Array(29));
    expect(quic.accepts?.(other, 0, other.length, other.length)).toBe(false);
  });

  it('know STUN by its cookie and length', () => {
    const binding = join(u8(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42), new Uint8Array(12));
    expect(stun.accepts?.(binding, 0, 20, 20)).toBe(true);
    expect(stun.accepts?.(binding, 0, 19, 19)).toBe(false);
  });
});

describe('every application protocol', () => {
  it('takes any bytes without throwing', () => {
    const some = protocols.filter((protocol) => protocol.osi === '7');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        for (const protocol of some) {
          const capture = new TestCapture();
          dissect(capture, capture.row(), protocol, bytes, tcp);
        }
      }),
      { numRuns: 30 },
    );
  });
});
