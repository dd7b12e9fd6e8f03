import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Heuristics, heuristics } from '../../src/dissect/tables.ts';
import '../../src/protocols/index.ts';
import { bitcoin } from '../../src/protocols/bitcoin.ts';
import { fbZero } from '../../src/protocols/fb-zero.ts';
import { vnc } from '../../src/protocols/vnc.ts';

const lists = Object.entries(heuristics);
const text = (words: string): number[] => Array.from(words, (letter) => letter.charCodeAt(0));
const zeros = (count: number): number[] => new Array(count).fill(0);

/** First payloads that tell themselves apart, by the protocol that takes them. */
const BEGINNINGS: readonly (readonly [list: 'tcp' | 'udp', name: string, bytes: readonly number[]])[] = [
  ['tcp', 'proxy', text('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n')],
  ['tcp', 'proxy', [...text('\r\n\r\n\0\r\nQUIT\n'), 0x21, 0x11, 0, 0]],
  ['tcp', 'http2', text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ['tcp', 'http2', [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]],
  ['tcp', 'http', text('GET / HTTP/1.1\r\n')],
  ['tcp', 'vnc', text('RFB 003.008\n')],
  ['tcp', 'tls', [22, 3, 1, 0, 1, 1]],
  ['tcp', 'tls', [23, 3, 3, 0, 1, 1]],
  ['tcp', 'tls', [0x80, 44, 1, 3, 1, 0, 3, 0, 0, 0, 32, ...zeros(35)]],
  ['tcp', 'dcerpc', [5, 0, 11, 3, 0x10, 0, 0, 0, 16, 0, ...zeros(14)]],
  ['tcp', 'sip', text('INVITE sip:a@example.com SIP/2.0\r\n')],
  ['tcp', 'bittorrent', [19, ...text('BitTorrent protocol')]],
  ['tcp', 'bitcoin', [0xf9, 0xbe, 0xb4, 0xd9]],
  ['tcp', 'bitcoin', [0x0b, 0x11, 0x09, 0x07]],
  ['tcp', 'stun', [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...zeros(12)]],
  ['tcp', 'classicstun', [0, 1, 0, 0, ...zeros(16)]],
  ['tcp', 'fix', text('8=FIX.4.2')],
  ['tcp', 'thrift', [0x80, 1, 0, 1, 0, 0, 0, 1, 0x61, ...zeros(4)]],
  ['tcp', 'thrift', [0x82, 0x21, 0, 1, 0x61]],
  ['tcp', 'thrift', [0, 0, 0, 13, 0x80, 1, 0, 1, 0, 0, 0, 1, 0x61, ...zeros(4)]],
  ['tcp', 'rtps', [...text('RTPS'), 2, 1, ...zeros(20)]],
  ['tcp', 'giop', [...text('GIOP'), 1, 0, ...zeros(6)]],
  ['tcp', 'ziop', [...text('ZIOP'), 1, 0, ...zeros(6)]],
  ['tcp', 'smpp', [0, 0, 0, 16, 0, 0, 0, 0x15, ...zeros(8)]],
  ['tcp', 'q931', [3, 0, 0, 7, 8, 0, 0]],
  ['tcp', 'rmi', [...text('JRMI'), 0, 2, 0x4b]],
  ['tcp', 'rpc', [0x80, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, 0xa0, ...zeros(12)]],
  ['udp', 'wol', [...new Array(6).fill(0xff), ...zeros(96)]],
  ['udp', 'dcerpc', [4, 0, 0, 0, 0x10, 0, ...zeros(80)]],
  ['udp', 'rtcp', [0x80, 201, 0, 1, 0, 0, 0, 1]],
  ['udp', 'sip', text('OPTIONS sip:a@example.com SIP/2.0\r\n')],
  ['udp', 'stun', [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...zeros(12)]],
  ['udp', 'raknet', [5, ...[0, 0xff, 0xff, 0, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78], 11]],
  ['udp', 'miop', [...text('MIOP'), ...zeros(12)]],
  ['udp', 'pana', [0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]],
  ['udp', 'lsd', text('BT-SEARCH * HTTP/1.1\r\n')],
  ['udp', 'bt-dht', text('d1:ad2:id20:abcdefghijabcdefghij')],
  ['udp', 'wg', [4, 0, 0, 0, ...zeros(28)]],
  ['udp', 'rpc', [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, 0xa0, ...zeros(12)]],
  ['udp', 'quic', [0xc3, 0, 0, 0, 1, 8, ...zeros(30)]],
  ['udp', 'gquic', [9, ...zeros(8), ...text('Q043'), 0]],
  ['udp', 'dtls', [22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]],
];

describe('heuristics by the first octet', () => {
  it.each(BEGINNINGS.map(([list, name, bytes]) => [name, list, Uint8Array.from(bytes)] as const))(
    'ask %s over %s about what it takes',
    (name, list, bytes) => {
      const payload = name === 'bt-dht' ? Uint8Array.from([...bytes, 0x65]) : bytes;
      const whole = heuristics[list].all.filter(
        (one) => one.name === name && one.accepts?.(payload, 0, payload.length, payload.length) === true,
      );
      expect(whole.length).toBeGreaterThan(0);
      expect(heuristics[list].of(payload[0] as number)).toEqual(expect.arrayContaining(whole));
    },
  );

  it('leave nobody out who would take what stands anywhere in our captures', () => {
    const folder = path.join(import.meta.dirname, '../fixtures');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name));
    let taken = 0;
    for (const name of names) {
      const bytes = readFileSync(path.join(folder, name)).subarray(0, 20_000);
      for (let at = 0; at < bytes.length; at++) {
        for (const [, list] of lists) {
          const asked = list.of(bytes[at] as number);
          for (const one of list.all) {
            if (asked.includes(one)) continue;
            // To the end, and as long as many messages are.
            for (const end of [bytes.length, Math.min(bytes.length, at + 20), Math.min(bytes.length, at + 64)]) {
              if (one.accepts?.(bytes, at, end, end) === true) expect.fail(`${one.name} takes ${name} at ${at}`);
              taken++;
            }
          }
        }
      }
    }
    expect(taken).toBeGreaterThan(1_000_000);
  });

  it('keep the order in which all are asked', () => {
    for (const [, list] of lists) {
      for (let octet = 0; octet < 256; octet++) {
        const asked = list.of(octet);
        expect(list.all.filter((one) => asked.includes(one))).toEqual(asked);
      }
    }
  });

  it('take up one that is added later', () => {
    const list = new Heuristics();
    list.add(vnc);
    expect(list.of(0x52)).toEqual([vnc]);
    expect(list.of(0xf9)).toEqual([]);
    list.add(bitcoin);
    list.add(fbZero);
    expect(list.of(0xf9)).toEqual([bitcoin, fbZero]);
  });
});
