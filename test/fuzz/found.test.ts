/** What fuzzing has found: packets that once broke something, made as small as they still did. */
import { expect, it } from 'vitest';
import { dissectPacket } from '../../src/dissect/dissect-packet.ts';
import { accountOf } from '../../src/flow/account.ts';
import { check, HARMLESS } from './check.ts';
import { type FrameList, indexed } from './memory-capture.ts';
import { cat, eth, ip4, talk, tcp, u16, u32, udp } from './packets.ts';

const list = (...packets: readonly Uint8Array[]): FrameList => ({
  name: 'found',
  linkType: 1,
  frames: packets.map((bytes, i) => ({ bytes, wireLength: bytes.length, sec: 1_700_000_000 + i, nsec: 0 })),
});
const over4 = (proto: number, payload: Uint8Array): Uint8Array => eth(0x800, ip4(proto, payload));
/** An ICMP error that quotes the packet. */
const quoting = (packet: Uint8Array): Uint8Array => over4(1, cat([3, 3, 0, 0, 0, 0, 0, 0], packet));
/** A call of an RPC program with credentials that claim to be so long. */
const call = (program: number, credentials: number): Uint8Array =>
  cat(u32(1), u32(0), u32(2), u32(program), u32(3), u32(0), u32(1), u32(credentials), new Uint8Array(64));

it.each([100_003, 100_005])('RPC %i: credentials of 2 GB and more put the program at no place before the message', (program) => {
  for (const claimed of [0x7fff_fffd, 0x8000_0000, 0xffff_fffc, 0xffff_ffff])
    expect(check(list(over4(17, udp(700, 2049, call(program, claimed)))))).toMatchObject(HARMLESS);
});

it('TCP: a stream that begins with an ACK of nothing, twice, leads to no packet', () => {
  const nothing = over4(6, tcp(40_000, 9999, 1, 0, 0x10));
  const found = list(over4(6, tcp(40_000, 9999, 1, 0, 0x10)), nothing, nothing, over4(6, tcp(40_000, 9999, 1, 0, 0x18, 'x')), nothing);
  expect(check(found)).toMatchObject(HARMLESS);
});

it('TCP: what a quoted reset carries is its cause, and nothing else', () => {
  expect(check(list(quoting(ip4(6, tcp(40_000, 9999, 1, 0, 0x04, 'why not')))))).toMatchObject(HARMLESS);
});

it('TCP: an option of Multipath TCP counts in a packet whose header is cut behind it', () => {
  const options = [30, 4, 0x40, 0, 1, 1, 1, 1];
  const whole = over4(6, tcp(40_000, 9999, 1, 1, 0x10, [], options));
  const cut = list(whole.subarray(0, whole.length - 2));
  expect(check({ ...cut, frames: cut.frames.map((frame) => ({ ...frame, wireLength: whole.length })) })).toMatchObject(HARMLESS);
});

it('CAPWAP: the header ends where its length says, whatever the lengths of its parts', () => {
  // Header of 16 bytes with a MAC address that claims 200; an 802.11 frame behind it.
  const header = cat([0, 0x20, 0x03, 0x30], u16(0), u16(0), [200, 1, 2, 3, 4, 5, 6, 0]);
  const beacon = cat([0x08, 0x01], new Uint8Array(30));
  expect(check(list(over4(17, udp(5247, 5247, cat(header, beacon)))))).toMatchObject(HARMLESS);
});

it('an account of a connection whose SYN/ACK is missing, or of which only others tell, can be given', () => {
  const { capture } = indexed(
    list(
      over4(6, tcp(40_000, 9999, 1, 0, 0x02)),
      over4(6, tcp(40_000, 9999, 2, 7, 0x18, 'x')),
      quoting(ip4(6, tcp(40_001, 9999, 1, 0, 0x02))),
    ),
  );
  expect(accountOf(capture, 0).map((fact) => fact.kind)).toContain('opened');
  expect(accountOf(capture, 1)).toEqual([]);
});

it('TCP: a message is put together from segments that came in IP fragments, in either order', () => {
  const body = 'a body of two hundred and forty octets, all of them in fragments of IP '.padEnd(240, '.');
  const [head, ...rest] = [
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 240\r\n\r\n${body.slice(0, 80)}`,
    body.slice(80, 160),
    body.slice(160),
  ];
  for (const reversed of [false, true]) {
    let seq = 1;
    const packets: Uint8Array[] = [];
    for (const [i, payload] of [head as string, ...rest].entries()) {
      const segment = tcp(80, 40_000, seq, 1, 0x18, payload);
      seq += payload.length;
      const parts = [
        eth(0x800, ip4(6, segment.subarray(0, 48), { id: i, fragment: 0x2000 })),
        eth(0x800, ip4(6, segment.subarray(48), { id: i, fragment: 6 })),
      ];
      packets.push(...(reversed ? parts.reverse() : parts));
    }
    const found = list(...packets);
    expect(check(found)).toMatchObject(HARMLESS);
    const { capture } = indexed(found);
    const text = dissectPacket(capture, 5)
      .layers.flatMap((layer) => layer.fields)
      .find((node) => node.abbrev === 'http.file_data')?.value;
    expect(text).toBe(body);
  }
});

it('SOCKS: a proxy that is asked for its own port is not followed into itself', () => {
  const talked = talk(
    1080,
    1400,
    [false, [5, 1, 0]],
    [true, [5, 0]],
    [false, [5, 1, 0, 1, 10, 0, 0, 9, 4, 56]],
    [true, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]],
    [false, 'hello'],
    [true, 'there'],
  );
  expect(check(list(...talked))).toMatchObject(HARMLESS);
});

it('frame: more comments than a tree takes fields leave room for the packet', () => {
  const { capture } = indexed(list(over4(17, udp(1, 2, 'x'))));
  capture.commentsOf = () => new Array<string>(250_000).fill('a comment');
  const { layers } = dissectPacket(capture, 0);
  expect(layers.map((layer) => layer.protocol)).toEqual(['frame', 'eth', 'ip', 'udp', 'data']);
  expect(layers[3]?.fields.find((node) => node.abbrev === 'udp.dstport')?.value).toBe(2);
});
