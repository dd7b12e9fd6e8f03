import { afterAll, describe, expect, it } from 'vitest';
import { be, contentsOf, folder, le, payload, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

const MICRO = 0xa1b2c3d4;
const NANO = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

describe.each([
  ['little-endian', le],
  ['big-endian', be],
] as const)('a %s pcap file', (_name, order) => {
  it('gives its packets with microseconds as nanoseconds', async () => {
    const file = Buffer.concat([
      order.pcap(MICRO),
      order.record(1700000000, 123456, payload(60)),
      order.record(1700000001, 999999, payload(3), 1500),
    ]);
    const read = await contentsOf(place, file);
    expect(read.format).toBe('pcap');
    expect(read.compression).toBe('none');
    expect(read.damage).toBeNull();
    expect(read.packets).toEqual([
      { data: payload(60).toString('hex'), wireLen: 60, sec: 1700000000, nsec: 123456000, iface: 0, fileOffset: 40, annotated: false },
      { data: payload(3).toString('hex'), wireLen: 1500, sec: 1700000001, nsec: 999999000, iface: 0, fileOffset: 116, annotated: false },
    ]);
    expect(read.interfaces).toEqual([
      { linkType: 1, snapLength: 65535, name: null, description: null, captureFilter: null, timePrecision: 6, dropped: null },
    ]);
  });

  it('gives its packets with nanoseconds', async () => {
    const read = await contentsOf(place, Buffer.concat([order.pcap(NANO), order.record(5, 123456789, payload(8))]));
    expect(read.format).toBe('pcap (nanoseconds)');
    expect(read.packets[0]).toMatchObject({ sec: 5, nsec: 123456789 });
    expect(read.interfaces[0]?.timePrecision).toBe(9);
  });

  it('is read with the longer record headers of the modified format', async () => {
    // Interface, Ethernet type, direction, padding.
    const extra = Buffer.concat([order.u32(3), order.u16(0x0800), Buffer.from([4, 0xee])]);
    const records = [1, 2, 3, 4].map((i) => order.record(i, i, payload(50, i), 50, extra));
    const read = await contentsOf(place, Buffer.concat([order.pcap(MODIFIED), ...records]));
    expect(read.format).toBe('modified pcap');
    expect(read.damage).toBeNull();
    expect(read.packets.map((p) => p.data)).toEqual([1, 2, 3, 4].map((i) => payload(50, i).toString('hex')));
  });

  it('is read with the still longer record headers of September 1999', async () => {
    const extra = Buffer.concat([order.u32(3), order.u16(0x0800), Buffer.from([4, 0, 0, 0, 0, 0])]);
    const records = [1, 2, 3, 4].map((i) => order.record(i, i, payload(50, i), 50, extra));
    const read = await contentsOf(place, Buffer.concat([order.pcap(MODIFIED), ...records]));
    expect(read.damage).toBeNull();
    expect(read.packets.map((p) => p.data)).toEqual([1, 2, 3, 4].map((i) => payload(50, i).toString('hex')));
  });

  it('is read with longer record headers under the ordinary magic number, as Red Hat 6.1 wrote it', async () => {
    const extra = Buffer.concat([order.u32(3), order.u16(0x0800), Buffer.from([4, 0])]);
    const records = [1, 2, 3, 4].map((i) => order.record(1_000_000_000 + i, i, payload(50, i), 50, extra));
    const read = await contentsOf(place, Buffer.concat([order.pcap(MICRO), ...records]));
    expect(read.format).toBe('modified pcap');
    expect(read.packets.map((p) => p.data)).toEqual([1, 2, 3, 4].map((i) => payload(50, i).toString('hex')));
  });

  it('is read with the record headers of Nokia', async () => {
    const records = [1, 2, 3].map((i) => order.record(1_000_000_000 + i, i, payload(50, i), 50, order.u32(0x9fbfb601)));
    const read = await contentsOf(place, Buffer.concat([order.pcap(MICRO), ...records]));
    expect(read.format).toBe('Nokia pcap');
    expect(read.packets.map((p) => p.data)).toEqual([1, 2, 3].map((i) => payload(50, i).toString('hex')));
  });

  it.each([
    [0x1c0001ac, 123456789],
    [0x1c0001ab, 123456789000],
  ])('is read as Ixia writes it (%i)', async (magic, nsec) => {
    const fraction = magic === 0x1c0001ac ? nsec : nsec / 1000;
    const file = Buffer.concat([order.pcap(magic), order.u32(66), order.record(7, fraction, payload(50))]);
    const read = await contentsOf(place, file);
    expect(read.format).toBe('Ixia lcap');
    expect(read.packets[0]).toMatchObject({ sec: 7 + Math.floor(nsec / 1e9), nsec: nsec % 1e9, fileOffset: 44 });
  });

  it.each([
    [2, 2],
    [543, 0],
  ])('has the original length first in version %i.%i', async (major, minor) => {
    const file = Buffer.concat([order.pcap(MICRO, 1, 65535, major, minor), order.u32(1, 2, 1500, 4), payload(4)]);
    const read = await contentsOf(place, file);
    expect(read.packets).toMatchObject([{ data: payload(4).toString('hex'), wireLen: 1500 }]);
  });

  it('has the lengths in either order in version 2.3', async () => {
    const file = Buffer.concat([
      order.pcap(MICRO, 1, 65535, 2, 3),
      order.u32(1, 2, 1500, 4),
      payload(4),
      order.u32(1, 2, 5, 1400),
      payload(5),
    ]);
    const read = await contentsOf(place, file);
    expect(read.packets.map((p) => [p.data.length / 2, p.wireLen])).toEqual([
      [4, 1500],
      [5, 1400],
    ]);
  });

  it('is read with the interface types and nanoseconds of AIX', async () => {
    const read = await contentsOf(place, Buffer.concat([order.pcap(MICRO, 6, 65535, 2, 2), order.record(1, 999999999, payload(4))]));
    expect(read.format).toBe('AIX pcap');
    expect(read.interfaces[0]?.linkType).toBe(1);
    expect(read.packets[0]).toMatchObject({ sec: 1, nsec: 999999999 });
  });

  it('has its link type in the lower half of the last word', async () => {
    const read = await contentsOf(place, Buffer.concat([order.pcap(MICRO, 0x24000114), order.record(1, 1, payload(4))]));
    expect(read.interfaces[0]?.linkType).toBe(276);
  });

  it('is corrupt where a length cannot be, and keeps the packets before', async () => {
    const good = Buffer.concat([order.pcap(MICRO), order.record(1, 1, payload(40)), order.record(2, 2, payload(41))]);
    const read = await contentsOf(place, Buffer.concat([good, order.u32(3, 3, 0x7fffffff, 60), payload(60)]));
    expect(read.packets).toHaveLength(2);
    expect(read.damage).toMatchObject({ kind: 'corrupt', packet: 3, offset: good.length, promised: 0, present: 76 });
    expect(read.damage?.message).toBe(
      'The record of packet 3 says that 2147483647 bytes were captured, which is more than any packet of this kind can have.',
    );
  });
});

it('a fraction of a whole second or more is carried over into the seconds', async () => {
  const read = await contentsOf(place, Buffer.concat([le.pcap(MICRO), le.record(10, 2_500_000, payload(4))]));
  expect(read.packets[0]).toMatchObject({ sec: 12, nsec: 500_000_000 });
});

it('a file with a header only has no packets and no damage', async () => {
  const read = await contentsOf(place, le.pcap(MICRO));
  expect(read.packets).toEqual([]);
  expect(read.damage).toBeNull();
});

it('a large packet is allowed where the link type has such packets', async () => {
  const large = Buffer.alloc(3_000_000, 0xab);
  const small = await contentsOf(place, Buffer.concat([le.pcap(MICRO, 249), le.record(1, 1, large), le.record(2, 2, payload(5))]));
  expect(small.packets.map((p) => p.data.length / 2)).toEqual([3_000_000, 5]);
  expect(small.damage).toBeNull();
  const ethernet = await contentsOf(place, Buffer.concat([le.pcap(MICRO, 1), le.record(1, 1, large)]));
  expect(ethernet.damage?.kind).toBe('corrupt');
});
