import { afterAll, describe, expect, it } from 'vitest';
import { be, contentsOf, folder, le, payload, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

const TIME = 1_700_000_000_123_456_789n;

describe.each([
  ['little-endian', le],
  ['big-endian', be],
] as const)('a %s pcapng file', (_name, order) => {
  const nanoseconds = order.option(9, Buffer.from([9]));

  it('gives enhanced packet blocks with their times, lengths and offsets', async () => {
    const head = Buffer.concat([order.section(), order.interface(1, 262144, nanoseconds)]);
    const file = Buffer.concat([head, order.packet(0, TIME, payload(61)), order.packet(0, TIME + 1n, payload(3), 1514)]);
    const read = await contentsOf(place, file);
    expect(read.format).toBe('pcapng');
    expect(read.damage).toBeNull();
    expect(read.packets).toEqual([
      {
        data: payload(61).toString('hex'),
        wireLen: 61,
        sec: 1700000000,
        nsec: 123456789,
        iface: 0,
        fileOffset: head.length + 28,
        annotated: false,
      },
      {
        data: payload(3).toString('hex'),
        wireLen: 1514,
        sec: 1700000000,
        nsec: 123456790,
        iface: 0,
        fileOffset: head.length + 124,
        annotated: false,
      },
    ]);
  });

  it('gives what the options of interfaces say', async () => {
    const file = Buffer.concat([
      order.section(
        order.option(1, 'first comment'),
        order.option(4, 'writer'),
        order.option(1, 'zweiter Kommentar: ü'),
        order.option(0, ''),
      ),
      order.interface(
        1,
        96,
        order.option(2, 'eth0\0'),
        order.option(3, 'Office network'),
        order.option(11, '\0tcp port 443'),
        nanoseconds,
        order.option(0, ''),
      ),
      order.interface(113, 0),
    ]);
    const undetailed = { described: true, section: 1, hardware: null, os: null, dropped: null, received: null };
    const read = await contentsOf(place, file);
    expect(read.comments).toEqual(['first comment', 'zweiter Kommentar: ü']);
    expect(read.interfaces).toEqual([
      {
        linkType: 1,
        snapLength: 96,
        name: 'eth0',
        description: 'Office network',
        captureFilter: 'tcp port 443',
        timePrecision: 9,
        exactDigits: 9,
        ...undetailed,
      },
      { linkType: 113, snapLength: 0, name: null, description: null, captureFilter: null, timePrecision: 6, exactDigits: 6, ...undetailed },
    ]);
  });

  it('gives the comments of packets when asked for them', async () => {
    const flags = order.option(2, order.u32(1));
    const file = Buffer.concat([
      order.section(),
      order.interface(1, 0),
      order.packet(0, 1n, payload(5), 5, flags, order.option(1, 'look here'), order.option(1, 'and here'), order.option(0, '')),
      order.packet(0, 1n, payload(5), 5, flags, order.option(0, '')),
      order.packet(0, 1n, payload(8), 8, order.option(1, 'no end mark')),
    ]);
    const read = await contentsOf(place, file);
    expect(read.packets.map((p) => p.annotated)).toEqual([true, false, true]);
    expect(read.packetComments).toEqual([['look here', 'and here'], ['no end mark']]);
    expect(read.packetFlags).toEqual([1, 1, null]);
    expect(read.flagged).toBe(true);
  });

  it('gives simple packet blocks, cut to the snapshot length of the first interface', async () => {
    const file = Buffer.concat([
      order.section(),
      order.interface(1, 4),
      order.interface(1, 0),
      order.block(3, order.u32(60), payload(4)),
      order.block(3, order.u32(3), payload(3)),
    ]);
    const read = await contentsOf(place, file);
    expect(read.packets).toMatchObject([
      { data: payload(4).toString('hex'), wireLen: 60, sec: 0, nsec: 0, iface: 0 },
      { data: payload(3).toString('hex'), wireLen: 3, iface: 0 },
    ]);
  });

  it('gives obsolete packet blocks', async () => {
    const file = Buffer.concat([
      order.section(),
      order.interface(1, 0),
      order.interface(1, 0, nanoseconds),
      order.block(
        2,
        order.u16(1, 0xffff),
        order.u32(Number(TIME >> 32n), Number(TIME & 0xffffffffn), 5, 90),
        payload(5),
        Buffer.alloc(3),
        order.option(1, 'old'),
      ),
    ]);
    const read = await contentsOf(place, file);
    expect(read.packets).toMatchObject([{ data: payload(5).toString('hex'), wireLen: 90, sec: 1700000000, nsec: 123456789, iface: 1 }]);
    expect(read.packetComments).toEqual([['old']]);
  });

  it('takes drops from interface statistics, and passes over all other blocks', async () => {
    const file = Buffer.concat([
      order.section(),
      order.interface(1, 0),
      order.interface(1, 0),
      order.block(4, order.u16(1, 8), Buffer.from([127, 0, 0, 1]), Buffer.from('abc\0'), order.u32(0)),
      order.block(10, order.u32(0x544c534b, 4), Buffer.from('keys')),
      order.block(0xbad, order.u32(32473), Buffer.from('custom')),
      order.block(0x40000bad, order.u32(32473)),
      order.block(0x12345678),
      order.block(9, payload(100)),
      order.packet(0, 5n, payload(6)),
      order.block(
        5,
        order.u32(1, 0, 0),
        order.option(4, order.u64(1000n)),
        order.option(5, order.u64(5_000_000_000n)),
        order.option(0, ''),
      ),
      order.block(5, order.u32(77, 0, 0), order.option(5, order.u64(1n))),
    ]);
    const read = await contentsOf(place, file);
    expect(read.damage).toBeNull();
    expect(read.packets).toHaveLength(1);
    expect(read.interfaces.map((each) => each.dropped)).toEqual([null, 5_000_000_000]);
  });

  it('is corrupt where the two lengths of a block differ', async () => {
    const good = Buffer.concat([order.section(), order.interface(1, 0), order.packet(0, 1n, payload(8))]);
    const bad = order.packet(0, 2n, payload(8));
    order.u32(44).copy(bad, bad.length - 4);
    const read = await contentsOf(place, Buffer.concat([good, bad, order.packet(0, 3n, payload(8))]));
    expect(read.packets).toHaveLength(1);
    expect(read.damage).toMatchObject({ kind: 'corrupt', packet: 2, offset: good.length, promised: 40, present: 80 });
    expect(read.damage?.message).toBe('A block of type 6 gives its length as 40 bytes at its start and as 44 at its end (after packet 1).');
  });

  it.each([
    ['a block that is too small', order.u32(6, 8, 8), 'gives its length as 8 bytes'],
    ['a block that is too large', order.u32(6, 0x7ffffff0, 0), 'gives its length as 2147483632 bytes'],
    ['a packet longer than its block', order.block(6, order.u32(0, 0, 0, 500, 500), payload(8)), 'too short for the 500 bytes'],
    ['a packet of an interface that is not described', order.packet(3, 0n, payload(4)), 'interface 3'],
    ['a section of another version', order.block(0x0a0d0d0a, order.u32(0x1a2b3c4d), order.u16(2, 0), order.u32(0, 0)), 'version 2.0'],
    [
      'a section without a byte-order mark',
      order.block(0x0a0d0d0a, order.u32(0x11223344), order.u16(1, 0), order.u32(0, 0)),
      'no byte-order mark',
    ],
    ['an interface description without its fixed part', order.block(1), 'too short'],
  ])('is corrupt with %s, and keeps the packets before', async (_what, block, message) => {
    const good = Buffer.concat([order.section(), order.interface(1, 0), order.packet(0, 1n, payload(8))]);
    const read = await contentsOf(place, Buffer.concat([good, block]));
    expect(read.packets).toHaveLength(1);
    expect(read.damage).toMatchObject({ kind: 'corrupt', packet: 2, offset: good.length });
    expect(read.damage?.message).toContain(message);
  });

  it('has options cut off where they do not fit, and its packets all the same', async () => {
    const broken = Buffer.concat([order.u16(1, 5000), Buffer.from('abcd')]);
    const file = Buffer.concat([order.section(broken), order.interface(1, 0, broken), order.packet(0, 1n, payload(8), 8, broken)]);
    const read = await contentsOf(place, file);
    expect(read.damage).toBeNull();
    expect(read.comments).toEqual([]);
    expect(read.packets).toMatchObject([{ annotated: false }]);
  });

  it('may leave the padding out of a block length', async () => {
    const body = Buffer.concat([order.u32(0, 0, 1, 5, 5), payload(5)]);
    const unpadded = Buffer.concat([order.u32(6, body.length + 12), body, Buffer.alloc(3), order.u32(body.length + 12)]);
    const read = await contentsOf(
      place,
      Buffer.concat([order.section(), order.interface(1, 0), unpadded, order.packet(0, 1n, payload(8))]),
    );
    expect(read.damage).toBeNull();
    expect(read.packets).toHaveLength(2);
  });
});

it('interfaces are numbered over all sections, each section in its own byte order', async () => {
  const file = Buffer.concat([
    le.section(le.option(1, 'one')),
    le.interface(1, 0),
    le.interface(101, 0),
    le.packet(1, 1_000_000n, payload(4)),
    be.section(be.option(1, 'two')),
    be.interface(113, 0, be.option(9, Buffer.from([3]))),
    be.packet(0, 2_500n, payload(5)),
    be.block(5, be.u32(0, 0, 0), be.option(5, be.u64(7n))),
  ]);
  const read = await contentsOf(place, file);
  expect(read.damage).toBeNull();
  expect(read.comments).toEqual(['one', 'two']);
  expect(read.interfaces.map((each) => [each.linkType, each.dropped, each.timePrecision])).toEqual([
    [1, null, 6],
    [101, null, 6],
    [113, 7, 3],
  ]);
  expect(read.packets).toMatchObject([
    { iface: 1, sec: 1, nsec: 0 },
    { iface: 2, sec: 2, nsec: 500_000_000 },
  ]);
});

it('if_tsoffset is added in seconds and may be negative', async () => {
  const options = [le.option(9, Buffer.from([6])), le.option(14, le.u64(-100n))];
  const read = await contentsOf(
    place,
    Buffer.concat([le.section(), le.interface(1, 0, ...options), le.packet(0, 1000_000_001n, payload(4))]),
  );
  expect(read.packets[0]).toMatchObject({ sec: 900, nsec: 1000 });
});

it('more text than can be of use is not kept', async () => {
  const long = le.option(2, Buffer.alloc(60_000, 0x61));
  const file = Buffer.concat([
    le.section(),
    ...Array.from({ length: 400 }, () => le.interface(1, 0, long)),
    le.packet(399, 1n, payload(4)),
  ]);
  const read = await contentsOf(place, file);
  expect(read.interfaces).toHaveLength(400);
  expect(read.interfaces[0]?.name).toHaveLength(60_000);
  expect(read.interfaces[399]?.name).toBe('');
  expect(read.packets).toMatchObject([{ iface: 399 }]);
});
