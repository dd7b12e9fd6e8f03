import { expect } from 'vitest';
import { Buf, Dissection, type TransportInfo } from '../../src/dissect/dissection.ts';
import type { Protocol } from '../../src/dissect/protocol.ts';
import { REASSEMBLED_LIMIT } from '../../src/flow/payload-plan.ts';
import { TestCapture } from './app-fixtures.ts';

export const tcpFrom = (port: number): TransportInfo => ({ kind: 'tcp', stream: 0, fromClient: true, srcPort: 50000, dstPort: port });
export const tcpTo = (port: number): TransportInfo => ({ kind: 'tcp', stream: 0, fromClient: false, srcPort: port, dstPort: 50000 });
export const udpFrom = (port: number): TransportInfo => ({ kind: 'udp', stream: 0, fromClient: true, srcPort: 50000, dstPort: port });

/** Octets from hexadecimal text; blanks are for reading. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s+/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export const be16 = (value: number): number[] => [value >> 8, value & 255];
export const be32 = (value: number): number[] => [...be16(value >>> 16), ...be16(value & 0xffff)];
export const le16 = (value: number): number[] => be16(value).reverse();
export const le32 = (value: number): number[] => be32(value).reverse();
export const text = (value: string): number[] => [...value].map((c) => c.charCodeAt(0));

/** One element of BER: tag and contents. */
export function ber(tag: number, ...parts: readonly (readonly number[])[]): number[] {
  const body = parts.flat();
  if (body.length < 128) return [tag, body.length, ...body];
  return [tag, 0x82, ...be16(body.length), ...body];
}

/** Names of the layers of `bytes`. */
export function stackOf(protocol: Protocol, bytes: Uint8Array, transport: TransportInfo | null): string {
  const capture = new TestCapture();
  const d = new Dissection(capture, capture.row());
  d.transport = transport;
  d.call(protocol, new Buf(bytes, d.source('Frame', bytes), 0, bytes.length, bytes.length));
  return d.protocolNames;
}

/**
 * The bytes cut short at every length, as captured and as sent, and with each octet turned around: nothing is thrown, and no field lies
 * beyond the bytes there are.
 */
export function survivesEveryCut(protocol: Protocol, bytes: Uint8Array, transport: TransportInfo | null): void {
  const capture = new TestCapture();
  const row = capture.row();
  const look = (some: Uint8Array, wireLength: number): void => {
    const d = new Dissection(capture, row);
    d.transport = transport;
    d.call(protocol, new Buf(some, d.source('Frame', some), 0, some.length, wireLength));
    for (const layer of d.layers) {
      const limit = Math.min(REASSEMBLED_LIMIT, d.sources[layer.source]?.bytes.length ?? 0);
      expect(layer.offset + layer.headerLength).toBeLessThanOrEqual(limit);
      for (const field of layer.fields) expect(field.offset + field.length).toBeLessThanOrEqual(limit);
    }
  };
  for (let length = 0; length < bytes.length; length++) {
    look(bytes.subarray(0, length), length);
    look(bytes.subarray(0, length), bytes.length);
    const turned = Uint8Array.from(bytes);
    turned[length] = (bytes[length] as number) ^ 0xff;
    look(turned, turned.length);
  }
}
