/** What fuzzing has found: packets that once broke something, made as small as they still did. */
import { expect, it } from 'vitest';
import { accountOf } from '../../src/connections/account.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { check, HARMLESS } from './check.ts';
import { type FrameList, indexed } from './memory-capture.ts';
import { cat, eth, ip4, ip6, talk, tcp, u16, u32, udp } from './packets.ts';

const list = (...packets: readonly Uint8Array[]): FrameList => ({
  name: 'found',
  linkType: 1,
  frames: packets.map((bytes, i) => ({ bytes, wireLength: bytes.length, sec: 1_700_000_000 + i, nsec: 0 })),
});
/** Each filter is asked of every fifth row. */
const fivefold = (packet: Uint8Array): FrameList => list(packet, packet, packet, packet, packet);
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

it('TCP: an option counts that stands in the octets of a time stamp that says it is shorter', () => {
  const options = (other: readonly number[]) => [1, 1, 8, 4, 0, 0, ...other].concat(new Array<number>(6 - other.length).fill(0));
  const removed = list(over4(6, tcp(40_000, 9999, 1, 1, 0x10, 'x', options([30, 4, 0x40, 7]))));
  expect(check(removed)).toMatchObject(HARMLESS);
  expect(dissectPacket(indexed(removed).capture, 0).protocols.map(({ name }) => name)).toContain('mptcp');
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

it('NetBIOS datagrams: where a name is no name, nobody looks for SMB behind it', () => {
  const smb = cat([0xff, 0x53, 0x4d, 0x42, 0x25], new Uint8Array(40));
  const name = [4, 0x45, 0x45, 0x45, 0x45, 0];
  for (const bad of [[0x40], [0x80], [0xc0, 200], [0xc0, 14], [63, 1, 2], [0xff]]) {
    for (const names of [cat(bad, name), cat(name, bad), cat(bad, bad)]) {
      const datagram = cat([0x11, 0x02, 0, 1, 10, 0, 0, 1, 0, 138], u16(names.length + smb.length), u16(0), names, smb);
      expect(check(list(over4(17, udp(138, 138, datagram))))).toMatchObject(HARMLESS);
    }
  }
});

it('ICMPv6: an extended echo names ICMP, which no filter finds there', () => {
  for (const octets of [8, 9, 24]) {
    const echo = cat([160, 0, 0, 0, 0, 1, 0, 1], new Uint8Array(octets - 8).fill(0x20));
    expect(check(fivefold(eth(0x86dd, ip6(58, echo))))).toMatchObject(HARMLESS);
  }
});

it('IP in IP: an inner header that is cut behind its source has the source alone', () => {
  const inner = ip4(17, udp(1, 2, 'x'));
  const inner6 = ip6(17, udp(1, 2, 'x'));
  for (let length = 0; length <= inner6.length; length++) {
    for (const [proto, packet] of [
      [4, inner],
      [41, inner6],
    ] as const) {
      const frame = over4(proto, packet.subarray(0, length));
      // Outside there are other addresses.
      frame.set([192, 0, 2, 1, 192, 0, 2, 2], 14 + 12);
      expect(check(fivefold(frame))).toMatchObject(HARMLESS);
    }
  }
});

it('IPv4: an option whose length would stand behind the header ends the options, not the packet', () => {
  expect(check(list(eth(0x800, ip4(17, [], { options: [7, 7, 27, 90, 0, 44, 43, 0xbb] }))))).toMatchObject(HARMLESS);
  const { capture } = indexed(list(eth(0x800, ip4(17, udp(9, 9, 'x'), { options: [1, 1, 1, 0xbb] }))));
  const d = dissectPacket(capture, 0);
  expect(d.layers.map((layer) => layer.status)).toEqual(['whole', 'whole', 'whole', 'whole', 'whole']);
});

it('a message with very many layers inside leaves room for the one behind it', () => {
  const read = (last: boolean): Uint8Array =>
    cat([0xfe, 0x53, 0x4d, 0x42, 64, 0, 0, 0, 0, 0, 0, 0, 8, 0, 1, 0, 1, 0, 0, 0, last ? 0 : 88, 0, 0, 0], new Uint8Array(40), [
      ...[17, 0, 80, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[1, 2, 3, 4, 5, 6, 7, 8],
    ]);
  const session = (count: number): Uint8Array => {
    const chain = cat(...Array.from({ length: count }, (_, i) => read(i === count - 1)));
    return cat([0], u32(chain.length).slice(1), chain);
  };
  const stream = cat(session(80), session(1));
  const frames = [stream.subarray(0, 1000), stream.subarray(1000)].map((payload, i) =>
    over4(6, tcp(40_000, 445, 1 + 1000 * i, 1, 0x18, payload)),
  );
  expect(check(list(...frames))).toMatchObject(HARMLESS);
});
