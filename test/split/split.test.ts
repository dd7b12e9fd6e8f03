/** The index pass in two stages: whatever the file, the index is the one that a single pass makes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Capture } from '../../src/engine/capture.ts';
import { openCapture } from '../../src/file/open.ts';
import { HEADROOM, MOST_PACKETS, PIECE } from '../../src/split/layout.ts';
import { Order } from '../file/build.ts';
import { inOne, inTwo } from './both-ways.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const little = new Order(true);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-split-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, ...parts: readonly Uint8Array[]): string {
  const full = path.join(folder, name);
  writeFileSync(full, Buffer.concat(parts));
  return full;
}

interface Packet {
  readonly bytes: Uint8Array;
  readonly wireLen: number;
}

/** Packets of captures of Ethernet. */
async function packetsOf(...names: readonly string[]): Promise<Packet[]> {
  const packets: Packet[] = [];
  for (const name of names) {
    const opened = await openCapture(path.join(fixtures, name));
    if (!opened.ok) throw new Error(opened.failure.message);
    const sink = {
      packet(bytes: Uint8Array, offset: number, capLen: number, wireLen: number) {
        packets.push({ bytes: bytes.slice(offset, offset + capLen), wireLen });
      },
    };
    while ((await opened.reader.step(sink)) === 'more');
    await opened.reader.close();
  }
  return packets;
}

const pcapHeader = (linkType = 1): Buffer => Buffer.concat([little.u32(0xa1b2c3d4), little.u16(2, 4), little.u32(0, 0, 262_144, linkType)]);
const record = ({ bytes, wireLen }: Packet, n: number): Buffer =>
  Buffer.concat([little.u32(1_760_000_000 + (n >> 4), 1000 * (n & 15), bytes.length, wireLen), bytes]);

/** A capture of several pieces: real traffic over and over, each time between other addresses. */
async function long(pieces: number): Promise<Buffer> {
  const packets = await packetsOf(
    'http.pcap',
    'tcp-loss.pcap',
    'vlan.pcap',
    'dns.pcap',
    'icmp.pcap',
    'http6.pcap',
    'rough/reorder.pcap',
    'snapped.pcap',
  );
  const parts: Buffer[] = [pcapHeader()];
  let length = 0;
  for (let n = 0; length < pieces * PIECE; n++) {
    const { bytes, wireLen } = packets[n % packets.length] as Packet;
    const round = Math.floor(n / packets.length);
    const changed = bytes.slice();
    if (changed[12] === 8 && changed[13] === 0 && changed.length > 34) {
      changed[28] = round >> 8;
      changed[32] = round & 255;
    }
    const next = record({ bytes: changed, wireLen }, n);
    parts.push(next);
    length += next.length;
  }
  return Buffer.concat(parts);
}

async function agree(full: string, alone = 0): Promise<{ slots: number; whole: number; packets: number }> {
  const one = await inOne(full);
  const { known, slots, whole } = await inTwo(full, alone);
  expect(known).toEqual(one);
  return { slots, whole, packets: (one as { packets: number }).packets };
}

describe('every capture that we have', () => {
  const names = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(pcap|pcapng|gz)$/.test(name));
  it.each([...names, '../../samples/first-look.pcapng'])('%s', async (name) => {
    const { packets } = await agree(path.join(fixtures, name));
    expect(packets).toBeGreaterThan(0);
  });
});

describe('a capture of many pieces', () => {
  let whole: Buffer;
  beforeAll(async () => {
    whole = await long(6);
  });

  it('is walked in the first stage nearly all, from the beginning or from anywhere', async () => {
    const full = file('long.pcap', whole);
    const { slots, whole: walkedWhole, packets } = await agree(full);
    expect(slots).toBeGreaterThan(6);
    // ARP and fragments.
    expect(walkedWhole).toBeLessThan(packets / 20);
    expect((await agree(full, 1)).slots).toBeLessThan(slots);
  });

  it('may be cut short anywhere', async () => {
    for (const length of [24, 30, PIECE - 1, PIECE + 24, PIECE + 25, 3 * PIECE + 7, whole.length - 1])
      await agree(file('cut.pcap', whole.subarray(0, length)));
  });

  it('may be corrupt in the middle', async () => {
    const corrupt = Buffer.from(whole);
    corrupt.fill(0xff, 2 * PIECE, 2 * PIECE + 4096);
    const full = file('corrupt.pcap', corrupt);
    await agree(full);
    const { known } = await inTwo(full);
    expect(known).toMatchObject({ damage: { kind: 'corrupt' } });
  });

  it('may have noise for packets', async () => {
    const noise = Buffer.from(whole);
    // The same noise each time, in bytes of packets for the most part; where it meets a record, that is damage.
    for (let k = 0, random = 7; k < 20_000; k++) {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      const at = 24 + (random % 40_000);
      noise[at] = random >>> 24;
    }
    await agree(file('noise.pcap', noise));
  });

  it('comes to an end early where the packets are too short for the records of a piece', async () => {
    const short = Array.from({ length: 3 * MOST_PACKETS }, (_, n) => record({ bytes: Uint8Array.of(n, n >> 8), wireLen: 2 }, n));
    const { slots } = await agree(file('short.pcap', pcapHeader(), ...short));
    expect(slots).toBe(1);
    const first = await long(2);
    expect((await agree(file('later.pcap', first, ...short))).slots).toBeGreaterThan(2);
  });

  it('may have packets that are longer than a piece, or say that they were', async () => {
    const large = (length: number, wireLen = length): Packet => ({ bytes: new Uint8Array(length).fill(69), wireLen });
    const first = await long(2);
    for (const length of [HEADROOM - 16, HEADROOM, 65_535, 65_536, 200_000])
      await agree(file('large.pcap', first, record(large(length), 0), first.subarray(24)));
    const { slots } = await agree(
      file('wire.pcap', pcapHeader(), ...[65_535, 65_536, 0x7fffffff, 0xffffffff, 10].map((wire, n) => record(large(60, wire), n))),
    );
    expect(slots).toBe(1);
  });

  it('may have tunnels in tunnels, and addresses that are nowhere else', async () => {
    const header = (n: number, proto: number, length: number): number[] => [
      69,
      0,
      length >> 8,
      length & 255,
      0,
      0,
      0,
      0,
      64,
      proto,
      0,
      0,
      10,
      n,
      n >> 8,
      1,
      10,
      n,
      9,
      2,
    ];
    const nested = Array.from({ length: 300 }, (_, n) => {
      const depth = n % 50;
      const ip: number[] = [];
      for (let k = 0; k < depth; k++) ip.push(...header(n + k, k === depth - 1 ? (n & 1 ? 6 : 17) : 4, 20 * (depth - k) + 28));
      const bytes = Uint8Array.from([...new Array<number>(12).fill(2), 8, 0, ...ip, ...new Array<number>(28).fill(80)]);
      return record({ bytes, wireLen: bytes.length }, n);
    });
    await agree(file('nested.pcap', pcapHeader(), ...nested));
  });
});

it('takes odd headers as they are: options, padding, lengths that contradict each other, all of it cut short anywhere', async () => {
  let port = 0;
  const segment = (options: readonly number[], payload: readonly number[], offset = 5 + options.length / 4): number[] => [
    ...[0x9c, port++, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, offset << 4, 0x18, 16, 0, 0, 0, 0, 0],
    ...options,
    ...payload,
  ];
  const v4 = (proto: number, body: readonly number[], length = 20 + body.length): number[] => [
    ...[0x45, 0, length >> 8, length & 255, 0, 1, 0, 0, 64, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2],
    ...body,
  ];
  const v6 = (proto: number, body: readonly number[]): number[] => [
    ...[0x60, 0, 0, 0, body.length >> 8, body.length & 255, proto, 64],
    ...new Array<number>(16).fill(32),
    ...new Array<number>(16).fill(33),
    ...body,
  ];
  const frame = (type: number, body: readonly number[], padding = 0): Uint8Array =>
    Uint8Array.from([...new Array<number>(12).fill(2), type >> 8, type & 255, ...body, ...new Array<number>(padding).fill(0)]);
  const text = [...Buffer.from('GET / HTTP/1.1\r\n\r\n')];
  const syn = segment([2, 4, 5, 180, 3, 3, 7, 0], []);
  syn[13] = 2;
  const sack = [1, 1, 5, 10, 0, 0, 1, 0, 0, 0, 2, 0];
  const multipath = [30, 4, 0, 1, 30, 3, 0, 1, 30, 8, 8, 8, 0, 0, 0, 0];
  const stamps = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
  const whole = [
    frame(0x0800, v4(6, syn)),
    frame(0x0800, v4(6, segment(sack, text))),
    frame(0x0800, v4(6, segment(multipath, text))),
    frame(0x0800, v4(6, segment(stamps, text)), 7),
    frame(0x0800, v4(6, segment([], [1, 2])), 6),
    frame(0x0800, v4(6, segment([], text, 4))),
    frame(0x0800, v4(6, segment([], text, 15))),
    frame(0x0800, v4(6, segment([], text), 0)),
    frame(0x0800, v4(6, segment([], text), 30)),
    frame(0x0800, v4(6, segment([], text), 400)),
    frame(0x0800, v4(17, [0, 53, 0, 54, 0, 12, 0, 0, 1, 2, 3, 4]), 20),
    frame(0x0800, v4(136, [0, 53, 0, 54, 0, 8, 0, 0, 1, 2, 3, 4])),
    frame(0x0800, v4(1, [3, 3, 0, 0, 0, 0, 0, 0, ...v4(6, segment(multipath, text))])),
    frame(0x86dd, v6(6, segment(sack, text)), 9),
    frame(0x86dd, v6(58, [1, 0, 0, 0, 0, 0, 0, 0, ...v6(6, segment([], text))])),
    frame(0x8100, [0, 5, 0x86, 0xdd, ...v6(6, segment(multipath, text))], 3),
    frame(0x8100, [0, 5, 0x88, 0xa8, 0, 6, 8, 0, ...v4(6, segment(stamps, text))]),
    frame(0x0800, v4(41, v6(6, segment(sack, text)))),
    frame(0x0800, v4(47, [0, 0, 8, 0, ...v4(6, segment(multipath, text))])),
    frame(50, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...v4(6, segment([], text))]),
  ];
  const parts: Buffer[] = [pcapHeader()];
  for (const bytes of whole) {
    for (let length = bytes.length; length >= 0; length--) {
      parts.push(record({ bytes: bytes.subarray(0, length), wireLen: bytes.length }, parts.length));
      parts.push(record({ bytes: bytes.subarray(0, length), wireLen: length }, parts.length));
    }
  }
  await agree(file('odd.pcap', ...parts));
});

describe('a pcapng file', () => {
  it('may have more sections and interfaces, comments and blocks of other kinds at any place', async () => {
    const packets = await packetsOf('http.pcap', 'dns.pcap');
    const parts: Buffer[] = [];
    let length = 0;
    for (let n = 0; length < 5 * PIECE; n++) {
      const { bytes, wireLen } = packets[n % packets.length] as Packet;
      if (n % 1000 === 0)
        parts.push(
          little.section(little.option(1, `section ${n}`)),
          little.interface(1, 0),
          little.interface(113, 0, little.option(2, `any${n}`), little.option(9, Uint8Array.of(9))),
        );
      if (n % 70 === 0) parts.push(little.block(0xbad, Buffer.alloc(n % 90)), little.interface(1, 0, little.option(2, `eth${n}`)));
      if (n % 400 === 0) parts.push(little.block(5, little.u32(0, 1, 2), little.option(5, little.u64(BigInt(n)))));
      const comment = n % 13 === 0 ? [little.option(1, `packet ${n}`)] : [];
      parts.push(little.packet(n % 2, BigInt(1_760_000_000_000_000) + BigInt(n), bytes, wireLen, ...comment));
      length = parts.reduce((sum, part) => sum + part.length, 0);
    }
    const full = file('blocks.pcapng', ...parts);
    const { slots } = await agree(full);
    expect(slots).toBeGreaterThan(4);
    await agree(full, 1);
    await agree(file('cut.pcapng', Buffer.concat(parts).subarray(0, 4 * PIECE + 11)));
  });

  it('may have flags on a packet that the first stage is the first to see', async () => {
    const [{ bytes, wireLen } = { bytes: Buffer.alloc(0), wireLen: 0 }] = await packetsOf('http.pcap');
    const count = Math.ceil((3 * PIECE) / bytes.length);
    const packets = Array.from({ length: count }, (_, n) =>
      little.packet(0, BigInt(n), bytes, wireLen, ...(n === count - 9 ? [little.option(2, little.u32(1))] : [])),
    );
    const full = file('flags.pcapng', little.section(), little.interface(1, 0), ...packets);
    expect((await inTwo(full)).known).toMatchObject({ flags: [[count - 9, 1]] });
    await agree(full);
  });

  it('brings its secrets when they are due', async () => {
    const dsb = readFileSync(path.join(fixtures, 'tls/tls13-dsb.pcapng'));
    const rounds = Math.ceil((3 * PIECE) / dsb.length);
    const full = file('secrets.pcapng', ...new Array<Buffer>(rounds).fill(dsb));
    await agree(full);
    const { known } = await inTwo(full);
    expect(known).toMatchObject({ secrets: expect.any(Number) });
    expect((known as { secrets: number }).secrets).toBeGreaterThan(0);
  });

  it('may have times before 1970 and after 2106', async () => {
    const packets = (await packetsOf('dns.pcap')).slice(0, 3);
    const parts = [little.section(), little.interface(1, 0, little.option(14, little.u64(-5_000_000_000n))), little.interface(1, 0)];
    for (const { bytes } of packets)
      parts.push(little.packet(1, 1_760_000_000_000_000n, bytes), little.packet(0, 5n, bytes), little.packet(1, 1n << 62n, bytes));
    await agree(file('times.pcapng', ...parts));
  });
});

it('is not used for what is packed, or small', async () => {
  const opened = await openCapture(path.join(fixtures, 'http6.pcap.gz'));
  expect(opened.ok).toBe(true);
  if (!opened.ok) return;
  const capture = new Capture(opened.reader);
  while ((await capture.step()) === 'more');
  expect(capture.packets.length).toBeGreaterThan(0);
  await opened.reader.close();
});
