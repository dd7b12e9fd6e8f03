import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { compileFilter } from '../../src/filter/index.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { initialKeys, openPacket, type SideKeys, VERSION_2 } from '../../src/protocols/quic-keys.ts';
import { ascii } from './app-fixtures.ts';
import { captureOf, eth, hex, IP_A, IP_B, indexedStack, ip4, join, u16, u32, valuesOf } from './network-packets.ts';
import { notesOf } from './notes-of.ts';
import { ofFrames, udpFrame } from './talk.ts';

const DCID = hex('8394c8f03e515708');
const SERVER_ID = hex('f067a5502a4262b5');

/** A protected Initial packet (RFC 9001 section 5) with these frames. */
function initial(
  keys: SideKeys,
  o: { dcid: Uint8Array; scid: Uint8Array; number: number; frames: Uint8Array; version?: number },
): Uint8Array {
  const type = o.version === VERSION_2 ? 0x10 : 0;
  const plain = o.frames.length < 20 ? join(o.frames, new Uint8Array(20)) : o.frames;
  const header = join(
    [0xc1 | type],
    u32(o.version ?? 1),
    [o.dcid.length],
    o.dcid,
    [o.scid.length],
    o.scid,
    [0],
    u16(0x4000 | (2 + plain.length + 16)),
    u16(o.number),
  );
  const nonce = Uint8Array.from(keys.iv);
  nonce[10] = (nonce[10] as number) ^ (o.number >> 8);
  nonce[11] = (nonce[11] as number) ^ (o.number & 255);
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonce);
  cipher.setAAD(header);
  const sealed = join(header, cipher.update(plain), cipher.final(), cipher.getAuthTag());
  const at = header.length - 2;
  const mask = createCipheriv('aes-128-ecb', keys.hp, null).update(sealed.subarray(at + 4, at + 20));
  sealed[0] = (sealed[0] as number) ^ ((mask[0] as number) & 0x0f);
  sealed[at] = (sealed[at] as number) ^ (mask[1] as number);
  sealed[at + 1] = (sealed[at + 1] as number) ^ (mask[2] as number);
  return sealed;
}

const crypto = (offset: number, data: Uint8Array): Uint8Array => join([6], u16(0x4000 | offset), u16(0x4000 | data.length), data);
const message = (type: number, body: Uint8Array): Uint8Array => join([type, 0], u16(body.length), body);
const sni = join(u16(0), u16(16), u16(14), [0], u16(11), ascii('example.com'));
const random = new Uint8Array(32).fill(7);
const clientHello = message(1, join(u16(0x0303), random, [0], u16(2), u16(0x1301), [1, 0], u16(sni.length), sni));
const serverHello = message(2, join(u16(0x0303), random, [0], u16(0x1301), [0], u16(6), u16(43), u16(2), u16(0x0304)));

function datagram(payload: Uint8Array, server = false): Uint8Array {
  const udp = join(u16(server ? 443 : 40000), u16(server ? 40000 : 443), u16(8 + payload.length), u16(0), payload);
  return eth(0x0800, ip4(udp, { proto: 17, ...(server ? { src: IP_B, dst: IP_A } : {}) }));
}

const keys = initialKeys(1, DCID);
if (keys === null) throw new Error('no keys');
const client = (number: number, frames: Uint8Array, dcid = DCID): Uint8Array =>
  initial(keys.client, { dcid, scid: new Uint8Array(0), number, frames });
const server = (number: number, frames: Uint8Array): Uint8Array =>
  initial(keys.server, { dcid: new Uint8Array(0), scid: SERVER_ID, number, frames });

/** Protocols above UDP at both depths, which must agree. */
function above(capture: Capture, row: number): string {
  const full = dissectPacket(capture, row).protocolNames;
  expect(indexedStack(capture, row)).toBe(full);
  return full.replace('eth:ethertype:ip:udp:', '');
}

describe('keys of QUIC Initial packets', () => {
  it('are those of RFC 9001, appendix A.1', () => {
    expect(keys.client.key.toString('hex')).toBe('1f369613dd76d5467730efcbe3b1a22d');
    expect(keys.client.iv.toString('hex')).toBe('fa044b2f42a3fd3b46fb255c');
    expect(keys.client.hp.toString('hex')).toBe('9f50449e04a0e810283a1e9933adedd2');
    expect(keys.server.key.toString('hex')).toBe('cf3a5331653c364c88f0f379b6067e37');
    expect(keys.server.hp.toString('hex')).toBe('c206b8d9b9f0f37644430b490eeaa314');
  });

  it('are those of RFC 9369, appendix A.1, for version 2', () => {
    const second = initialKeys(VERSION_2, DCID);
    expect(second?.client.key.toString('hex')).toBe('8b1a0bc121284290a29e0971b5cd045d');
    expect(second?.client.iv.toString('hex')).toBe('91f73e2351d8fa91660e909f');
    expect(second?.client.hp.toString('hex')).toBe('45b95e15235d6f45a6b19cbcb0294ba9');
  });

  it('are other ones for each version that had a salt of its own', () => {
    const all = [0xff000012, 0xff000016, 0xff000017, 0xff00001d, 0x54303530, 0x54303531, 1, VERSION_2];
    expect(new Set(all.map((version) => initialKeys(version, DCID)?.client.key.toString('hex'))).size).toBe(all.length);
    expect(initialKeys(0x54303532, DCID)).toBeNull();
    // Facebook's numbers stand for drafts.
    expect(initialKeys(0xfaceb001, DCID)).toEqual(initialKeys(0xff000016, DCID));
  });

  it('open no packet of which a bit was changed', () => {
    const packet = client(0, crypto(0, clientHello));
    const at = 6 + DCID.length + 4;
    expect(openPacket(keys.client, packet, 0, at, packet.length)?.number).toBe(0);
    packet[40] = (packet[40] as number) ^ 1;
    expect(openPacket(keys.client, packet, 0, at, packet.length)).toBeNull();
  });
});

describe('QUIC', () => {
  it('reads the handshake of Google T050, whose CRYPTO frames are of another type', () => {
    const version = 0x54303530;
    const google = initialKeys(version, DCID);
    if (google === null) throw new Error('no keys');
    const frames = crypto(0, clientHello);
    frames[0] = 8;
    const capture = captureOf([datagram(initial(google.client, { version, dcid: DCID, scid: new Uint8Array(0), number: 1, frames }))]);
    expect(above(capture, 0)).toBe('quic:tls');
    expect(valuesOf(dissectPacket(capture, 0)).get('tls.handshake.extensions_server_name')).toEqual(['example.com']);
  });

  it('goes over the ACK frame of Google T050 in front of the CRYPTO frame, whatever its sizes', () => {
    const version = 0x54303530;
    const google = initialKeys(version, DCID);
    if (google === null) throw new Error('no keys');
    const acks: [string, Uint8Array][] = [
      ['one block, no time', hex('40 01 0000 01 00')],
      ['sizes of 4 and 2 octets', hex('49 00000001 0000 0001 00')],
      ['two more blocks', hex('60 09 0000 02 01 01 01 02 01 00')],
      ['three times', hex('40 03 0000 01 03 00 00000001 01 0002 02 0003')],
    ];
    for (const [what, ack] of acks) {
      const handshake = crypto(0, serverHello);
      handshake[0] = 8;
      const read = (frames: Uint8Array) => {
        const packet = initial(google.server, { version, dcid: new Uint8Array(0), scid: SERVER_ID, number: 1, frames });
        const hello = initial(google.client, { version, dcid: DCID, scid: new Uint8Array(0), number: 1, frames: crypto(0, clientHello) });
        return captureOf([datagram(hello), datagram(packet, true)]);
      };
      const capture = read(join(ack, handshake));
      expect(above(capture, 1), what).toBe('quic:tls');
      expect(valuesOf(dissectPacket(capture, 1)).get('tls.handshake.type'), what).toEqual(['2']);
      // At the end of the packet, and cut off by it.
      const padding = new Uint8Array(40);
      for (let cut = 1; cut <= ack.length; cut++) above(read(join(padding, ack.subarray(0, cut))), 1);
    }
  });

  it('shows the ClientHello with its server name, and the ServerHello', () => {
    const capture = captureOf([datagram(client(1, crypto(0, clientHello))), datagram(server(0, crypto(0, serverHello)), true)]);
    expect(above(capture, 0)).toBe('quic:tls');
    expect(above(capture, 1)).toBe('quic:tls');
    const hello = dissectPacket(capture, 0);
    expect(valuesOf(hello).get('tls.handshake.extensions_server_name')).toEqual(['example.com']);
    expect(valuesOf(hello).get('quic.packet_number')).toEqual(['1']);
    expect(hello.columns.info).toBe('Initial, DCID=8394c8f03e515708, PKN: 1, CRYPTO');
    expect(valuesOf(dissectPacket(capture, 1)).get('tls.handshake.type')).toEqual(['2']);
  });

  it('is found as TLS by a filter that dissects', () => {
    const capture = captureOf([datagram(client(1, crypto(0, clientHello))), datagram(client(2, new Uint8Array(20)))]);
    const compiled = compileFilter('tls');
    if (!compiled.ok) throw new Error(compiled.error.message);
    expect([0, 1].map((row) => compiled.filter.matches(dissectPacket(capture, row)))).toEqual([true, false]);
  });

  it('goes on with the first keys when the client sends to the id that the server chose', () => {
    const capture = captureOf([
      datagram(client(0, crypto(0, clientHello))),
      datagram(server(0, crypto(0, serverHello)), true),
      datagram(client(1, hex('02000000000000'), SERVER_ID)),
    ]);
    const values = valuesOf(dissectPacket(capture, 2));
    expect(values.get('quic.packet_number')).toEqual(['1']);
    expect(values.get('quic.ack.largest_acknowledged')).toEqual(['0']);
  });

  it('opens a packet whose version is there to force a negotiation, with the keys of draft 29', () => {
    const forced = 0x1a2a3a4a;
    const own = initialKeys(0xff00001d, DCID);
    if (own === null) throw new Error('no keys');
    const packet = initial(own.client, { dcid: DCID, scid: new Uint8Array(0), number: 1, frames: crypto(0, clientHello), version: forced });
    const capture = captureOf([datagram(packet)]);
    expect(above(capture, 0)).toBe('quic:tls');
    expect(valuesOf(dissectPacket(capture, 0)).get('quic.version')).toEqual(['0x1a2a3a4a']);
  });

  it('opens what a server answers to a packet that the capture has cut short', () => {
    const whole = datagram(client(1, crypto(0, clientHello)));
    const answer = datagram(server(0, crypto(0, serverHello)), true);
    const capture = captureOf([
      { bytes: whole.slice(0, 70), wireLength: whole.length },
      { bytes: answer, wireLength: answer.length },
    ]);
    expect(above(capture, 0)).toBe('quic');
    expect(above(capture, 1)).toBe('quic:tls');
  });

  it('takes new keys after a Retry', () => {
    const retry = join([0xf0], u32(1), [0], [SERVER_ID.length], SERVER_ID, ascii('token'), new Uint8Array(16));
    const second = initialKeys(1, SERVER_ID);
    if (second === null) throw new Error('no keys');
    const again = initial(second.client, { dcid: SERVER_ID, scid: new Uint8Array(0), number: 1, frames: crypto(0, clientHello) });
    const capture = captureOf([datagram(client(0, crypto(0, clientHello))), datagram(retry, true), datagram(again)]);
    expect(valuesOf(dissectPacket(capture, 1)).get('quic.retry_token')).toEqual([Buffer.from('token').toString('hex')]);
    expect(valuesOf(dissectPacket(capture, 2)).get('quic.packet_number')).toEqual(['1']);
  });

  it('puts a ClientHello in order whose pieces came in any order', () => {
    const pieces = [0, 10, 30, 50].map((from, k, all) => crypto(from, clientHello.subarray(from, all[k + 1] ?? clientHello.length)));
    const order = [3, 1, 0, 2];
    const capture = captureOf(order.map((k, n) => datagram(client(n, pieces[k] as Uint8Array))));
    expect(order.map((_, row) => above(capture, row))).toEqual(['quic', 'quic', 'quic', 'quic:tls']);
    expect(valuesOf(dissectPacket(capture, 3)).get('tls.handshake.extensions_server_name')).toEqual(['example.com']);
  });

  it('shows coalesced packets, each with its header', () => {
    const handshake = join([0xe1], u32(1), [0], [SERVER_ID.length], SERVER_ID, u16(0x4000 | 30), new Uint8Array(30).fill(9));
    const capture = captureOf([
      datagram(client(0, crypto(0, clientHello))),
      datagram(join(server(0, crypto(0, serverHello)), handshake), true),
    ]);
    const d = dissectPacket(capture, 1);
    expect(valuesOf(d).get('quic.long.packet_type')).toEqual(['0', '2']);
    expect(d.columns.info).toBe('Initial, SCID=f067a5502a4262b5, PKN: 0, CRYPTO, Handshake, SCID=f067a5502a4262b5');
  });

  /** What the frames of a packet with `bytes` are called: in the tree, by their types, and in the list. */
  function named(bytes: Uint8Array): { labels: string[]; types: string[]; info: string; values: Map<string, string[]> } {
    const d = dissectPacket(captureOf([datagram(client(1, join(bytes, new Uint8Array(24))))]), 0);
    const fields = d.layers.find(({ protocol }) => protocol === 'quic')?.fields ?? [];
    const frames = fields.filter(({ abbrev }) => abbrev === 'quic.frame');
    return {
      labels: frames.map(({ label }) => label),
      types: frames.map(({ children }) => children.find(({ abbrev }) => abbrev === 'quic.frame_type')?.display ?? ''),
      info: d.columns.info.replace(/^.*PKN: 1/, ''),
      values: valuesOf(d),
    };
  }

  it('names the frames that an Initial packet may have, and says their types in full', () => {
    const all: [string, string, string][] = [
      ['01', 'PING', '1'],
      ['02 05 04 00 02', 'ACK', '2'],
      ['03 05 04 00 02 01 02 03', 'ACK', '3'],
      ['1c 0a 1a 03 626164', 'CONNECTION_CLOSE (Transport)', '1c'],
      ['1d 4100 02 6869', 'CONNECTION_CLOSE (Application)', '1d'],
    ];
    for (const [bytes, name, type] of all) {
      const { labels, types, info } = named(hex(bytes));
      expect(labels).toEqual([name, 'PADDING']);
      expect(types).toEqual([`${name} (0x${type.padStart(16, '0')})`, 'PADDING (0x0000000000000000)']);
      expect(info).toBe(`, ${name.split(' ')[0]}, PADDING`);
    }
    expect(named(hex('03 05 04 00 02 01 02 03')).values.get('quic.ack.ecn_ce_count')).toEqual(['3']);
  });

  it('names the frames that no Initial packet may have, and reads no further', () => {
    const words = (octet: number): string => named(Uint8Array.of(octet, 5, 4, 0, 2)).types.join();
    expect([4, 5, 7, 9, 15].map(words)).toEqual([
      'RESET_STREAM (0x0000000000000004)',
      'STOP_SENDING (0x0000000000000005)',
      'NEW_TOKEN (0x0000000000000007)',
      'STREAM (0x0000000000000009)',
      'STREAM (0x000000000000000f)',
    ]);
    expect([16, 17, 18, 19, 20, 21, 22, 23].map((type) => words(type).replace(/ \(0x.*/, ''))).toEqual([
      'MAX_DATA',
      'MAX_STREAM_DATA',
      'MAX_STREAMS (BIDI)',
      'MAX_STREAMS (UNI)',
      'DATA_BLOCKED',
      'STREAM_DATA_BLOCKED',
      'STREAMS_BLOCKED (BIDI)',
      'STREAMS_BLOCKED (UNI)',
    ]);
    expect([24, 25, 26, 27, 30, 48, 31].map((type) => words(type).replace(/ \(0x.*/, ''))).toEqual([
      'NEW_CONNECTION_ID',
      'RETIRE_CONNECTION_ID',
      'PATH_CHALLENGE',
      'PATH_RESPONSE',
      'HANDSHAKE_DONE',
      'DATAGRAM',
      'Unknown',
    ]);
  });

  it('says why the connection was closed, and at which frame', () => {
    const { values } = named(hex('1c 0a 1a 03 626164'));
    expect(values.get('quic.cc.error_code')).toEqual(['10']);
    expect(values.get('quic.cc.frame_type')).toEqual(['26']);
    expect(values.get('quic.cc.reason_phrase')).toEqual(['bad']);
    expect(named(hex('1c 412a 06 00')).values.get('quic.cc.error_code.tls_alert')).toEqual(['42']);
  });

  it('says of a packet with another key that it could not be opened', () => {
    const capture = captureOf([datagram(server(0, crypto(0, serverHello)), true)]);
    expect(above(capture, 0)).toBe('quic');
    expect(valuesOf(dissectPacket(capture, 0)).get('quic.decryption_failed')).toEqual(['1']);
  });

  const handshakeOf = (scid: Uint8Array): Uint8Array =>
    join([0xe1], u32(1), [0], [scid.length], scid, u16(0x4000 | 30), new Uint8Array(30).fill(9));
  const toServer = (first = 0x45): Uint8Array => join([first], SERVER_ID, new Uint8Array(30).fill(3));
  const noSecrets = 'Failed to create decryption context: Secrets are not available';
  const told = (...frames: Uint8Array[]): string[][] => {
    const capture = captureOf(frames);
    return frames.map((_, row) => notesOf(dissectPacket(capture, row)));
  };

  it('says of closed packets why: of each of the handshake, of those behind it once', () => {
    const hello = datagram(client(0, crypto(0, clientHello)));
    const answer = datagram(join(server(0, crypto(0, serverHello)), handshakeOf(SERVER_ID)), true);
    const handshake = datagram(handshakeOf(SERVER_ID), true);
    expect(told(hello, answer, handshake, datagram(toServer()), datagram(toServer()))).toEqual([
      [],
      [noSecrets],
      [noSecrets],
      [noSecrets],
      [],
    ]);
  });

  it('says of closed packets behind a handshake whose cipher suite nobody saw that the handshake is missing', () => {
    const none = 'Failed to create decryption context: Missing TLS handshake, unsupported ciphers or padding';
    const hello = datagram(client(0, crypto(0, clientHello)));
    expect(told(hello, datagram(toServer()), datagram(toServer()))).toEqual([[], [none], [none]]);
    const unread = 'Failed to create decryption context: Unable to retrieve cipher information';
    expect(told(hello, datagram(handshakeOf(SERVER_ID), true))).toEqual([[], [unread]]);
  });

  it('says of packets of a connection whose beginning is not in the capture that it is unknown', () => {
    const unknown = 'Unknown QUIC connection. Missing Initial Packet or migrated connection?';
    expect(told(datagram(handshakeOf(SERVER_ID), true), datagram(toServer()))).toEqual([
      [unknown, 'Failed to decrypt packet number'],
      [unknown],
    ]);
  });

  it('checks the tag of a Retry packet: that of RFC 9001, appendix A.4', () => {
    const retry = hex('ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba');
    const hello = datagram(client(0, crypto(0, clientHello)));
    expect(told(hello, datagram(retry, true))).toEqual([[], []]);
    const other = retry.slice();
    other[20] = (other[20] as number) ^ 1;
    expect(told(hello, datagram(other, true))).toEqual([[], ['Retry Integrity Tag verification failure']]);
    expect(told(datagram(retry, true))).toEqual([['Cannot verify Retry Packet due to unknown ODCID']]);
  });

  it('tells handshake bytes that came before from those that overlap and from new ones', () => {
    const part = (number: number, from: number, end: number): Uint8Array =>
      datagram(client(number, join(crypto(from, clientHello.subarray(from, end)), new Uint8Array(30))));
    const again = 'This QUIC frame has a reused stream offset (retransmission?)';
    const overlaps = 'This QUIC frame overlaps a previous frame in the stream';
    // Beyond a hole, within what came beyond it, over its end, within the beginning, the hole.
    expect(told(part(0, 0, 10), part(1, 20, 40), part(2, 22, 30), part(3, 30, 50), part(4, 2, 9), part(5, 10, 20))).toEqual([
      [],
      [],
      [again],
      [overlaps],
      [again],
      [],
    ]);
  });

  it('takes what is behind a packet and not sent to the same connection id for padding, whatever its octets', () => {
    const padding = '(Random) padding data appended to the datagram';
    const first = client(0, crypto(0, clientHello));
    expect(told(datagram(join(first, new Uint8Array(40))))).toEqual([[padding]]);
    expect(told(datagram(join(first, new Uint8Array(40).fill(0xf5))))).toEqual([[padding]]);
    expect(told(datagram(join(first, [0x45], DCID, new Uint8Array(30))))).toEqual([[expect.stringContaining('Missing TLS handshake')]]);
    // The bit that every packet has may be clear (RFC 9287).
    expect(told(datagram(join(first, [0x05], DCID, new Uint8Array(30))))).toEqual([[expect.stringContaining('Missing TLS handshake')]]);
  });

  it('finds the same at both depths in packets cut short at every length', () => {
    const whole = client(1, crypto(0, clientHello));
    for (let end = 14; end < whole.length; end += 3) above(captureOf([datagram(whole.subarray(0, end))]), 0);
  });

  it('never throws for any frames', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (frames) => {
        const capture = captureOf([datagram(client(0, frames))]);
        above(capture, 0);
        expect(capture.bugs).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

it('takes a Version Negotiation packet for one only if it lists versions', () => {
  const negotiation = (...versions: number[]) => udpFrame(443, 50000, join([0x87], u32(0), [0, 4, 1, 2, 3, 4], ...versions.map(u32)));
  const stackOf = (frame: Uint8Array) => ofFrames(frame).stacks[0];
  expect(stackOf(negotiation(1, 0xff00001d))).toBe('quic');
  expect(stackOf(negotiation(0, 0, 0))).toBe('data');
  expect(stackOf(negotiation(1).slice(0, -1))).toBe('data');
});
