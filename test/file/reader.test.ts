import { appendFileSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCapture } from '../../src/file/open.ts';
import { PcapParser, readPcapHeader } from '../../src/file/pcap.ts';
import { FileReader } from '../../src/file/reader.ts';
import { FileSource } from '../../src/file/source.ts';
import { be, Collector, contentsOf, drain, folder, le, payload, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

const pcap = Buffer.concat([le.pcap(0xa1b2c3d4), ...[10, 0, 33].map((n) => le.record(n, 1, payload(n, n)))]);
const pcapng = Buffer.concat([
  be.section(be.option(1, 'section')),
  be.interface(1, 0),
  be.packet(0, 1n, payload(10, 1)),
  be.block(4, be.u32(0)),
  be.packet(0, 2n, payload(0)),
  be.packet(0, 3n, payload(33, 3), 33, be.option(1, 'comment')),
]);

describe.each([
  ['pcap', pcap, [24, 50, 66, 115]],
  ['pcapng', pcapng, [0, 40, 60, 104, 120, 152, 232]],
] as const)('a %s file', (_format, file, boundaries) => {
  it('cut at any byte gives all whole packets and says where it ends', async () => {
    const whole = await contentsOf(place, file);
    expect(whole.packets).toHaveLength(3);
    expect(boundaries).toContain(file.length);
    for (let length = 24; length < file.length; length++) {
      const read = await contentsOf(place, file.subarray(0, length)).catch((error: unknown) => error);
      if (read instanceof Error) {
        expect(length).toBeLessThan(24);
        continue;
      }
      const kept = whole.packets.filter((packet) => packet.fileOffset + packet.data.length / 2 + trailer(file, packet) <= length);
      expect((read as typeof whole).packets).toEqual(kept);
      const { damage } = read as typeof whole;
      const start = Math.max(...boundaries.filter((at) => at <= length));
      if (start === length) expect(damage).toBeNull();
      else expect(damage).toMatchObject({ kind: 'cut-short', packet: kept.length + 1, offset: start, present: length - start });
    }
  });

  it('that grows byte by byte gives the same as the whole file, and damage only at its end', async () => {
    const whole = await contentsOf(place, file);
    const path = join(place, 'growing');
    writeFileSync(path, file.subarray(0, 24));
    const opened = await openCapture(path, { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const sink = new Collector();
    for (let length = 24; length < file.length; length++) {
      await drain(opened.reader, sink);
      expect(opened.reader.damage).toBeNull();
      appendFileSync(path, file.subarray(length, length + 1));
    }
    await drain(opened.reader, sink);
    opened.reader.finish();
    expect(opened.reader.damage).toBeNull();
    expect(sink.packets).toEqual(whole.packets);
    expect(opened.reader.fileBytes).toBe(file.length);
    await opened.reader.close();
  });

  it('is not read past a limit, and goes on from there', async () => {
    const whole = await contentsOf(place, file);
    const path = join(place, 'limited');
    writeFileSync(path, file);
    const opened = await openCapture(path, { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const sink = new Collector();
    for (let limit = 0; limit <= file.length; limit += 7) {
      await drain(opened.reader, sink, limit);
      for (const packet of sink.packets) expect(packet.fileOffset + packet.data.length / 2).toBeLessThanOrEqual(limit);
    }
    await drain(opened.reader, sink);
    expect(sink.packets).toEqual(whole.packets);
    await opened.reader.close();
  });
});

/** Bytes of a packet's record behind its data: padding, options and the length again in pcapng. */
function trailer(file: Buffer, packet: { data: string; fileOffset: number }): number {
  if (file !== pcapng) return 0;
  const start = packet.fileOffset - 28;
  return file.readUInt32BE(start + 4) - 28 - packet.data.length / 2;
}

it('the damage of a file that is cut short is told in words', async () => {
  const inPacket = await contentsOf(place, pcap.subarray(0, 70));
  expect(inPacket.damage).toEqual({
    kind: 'cut-short',
    packet: 3,
    packed: 'no',
    offset: 66,
    promised: 16,
    present: 4,
    message: 'The file ends in the middle of packet 3.',
  });
  const withHeader = await contentsOf(place, pcap.subarray(0, 100));
  expect(withHeader.damage).toMatchObject({ promised: 49, present: 34 });
  const inBlock = await contentsOf(place, pcapng.subarray(0, 117));
  expect(inBlock.damage?.message).toBe('The file ends in the middle of a block after packet 1.');
});

it('an empty file that is followed is read once it has grown', async () => {
  const path = join(place, 'empty-at-first');
  writeFileSync(path, '');
  const opened = await openCapture(path, { follow: true });
  if (!opened.ok) throw new Error(opened.failure.message);
  const sink = new Collector();
  expect(await opened.reader.step(sink)).toBe('end');
  appendFileSync(path, pcapng.subarray(0, 2));
  await drain(opened.reader, sink);
  appendFileSync(path, pcapng.subarray(2));
  await drain(opened.reader, sink);
  expect(sink.packets).toHaveLength(3);
  await opened.reader.close();
});

it('a file of many pieces gives every packet once, whatever lies across the border of two pieces', async () => {
  const sizes = [60, 1514, 9000, 262_144, 0, 1, 65_535];
  const records: Buffer[] = [];
  for (let i = 0; i < 120; i++) records.push(le.record(i, i, Buffer.alloc(sizes[i % sizes.length] ?? 0, i)));
  const read = await contentsOf(place, Buffer.concat([le.pcap(0xa1b2c3d4), ...records]));
  expect(read.damage).toBeNull();
  expect(read.packets.map((packet) => packet.sec)).toEqual(records.map((_, i) => i));
  for (const [i, packet] of read.packets.entries()) {
    expect(packet.data === Buffer.alloc(sizes[i % sizes.length] ?? 0, i).toString('hex')).toBe(true);
  }
});

it('a step gives no more than a piece', async () => {
  const path = join(place, 'pieces');
  writeFileSync(path, Buffer.concat([le.pcap(0xa1b2c3d4), ...Array.from({ length: 5000 }, (_, i) => le.record(i, 0, payload(1000)))]));
  const opened = await openCapture(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const sink = new Collector();
  const counts: number[] = [];
  while ((await opened.reader.step(sink)) === 'more') counts.push(sink.packets.length);
  expect(counts.length).toBeGreaterThan(3);
  // What a window shows first does not wait for packets that it does not show.
  expect(counts[0]).toBe(32);
  expect(opened.reader.bytesRead).toBe(opened.reader.fileBytes);
  await opened.reader.close();
});

it('records larger than several pieces are read, and so is what follows them', async () => {
  const large = Buffer.alloc(5_000_001, 0x5a);
  const read = await contentsOf(
    place,
    Buffer.concat([
      le.section(),
      le.interface(249, 0),
      le.packet(0, 1n, payload(9)),
      le.packet(0, 2n, large),
      le.packet(0, 3n, payload(7)),
      le.packet(0, 4n, large),
    ]),
  );
  expect(read.damage).toBeNull();
  expect(read.packets.map((packet) => packet.data.length / 2)).toEqual([9, 5_000_001, 7, 5_000_001]);
});

it('offsets beyond 4 GiB are right', async () => {
  const path = join(place, 'sparse');
  const at = 5_000_000_000;
  writeFileSync(path, '');
  const fd = openSync(path, 'r+');
  ftruncateSync(fd, at);
  const bytes = Buffer.concat([le.record(1, 1, payload(50, 1)), le.record(2, 2, payload(60, 2))]);
  writeSync(fd, bytes, 0, bytes.length, at);
  const header = readPcapHeader(le.pcap(0xa1b2c3d4), true);
  if (typeof header === 'string') throw new Error(header);
  const reader = new FileReader(path, new FileSource(fd), new PcapParser(header, 16), at);
  const sink = new Collector();
  await drain(reader, sink);
  expect(sink.packets.map((packet) => packet.fileOffset)).toEqual([5_000_000_016, 5_000_000_082]);
  expect(Buffer.from(reader.readAt(5_000_000_082, 60))).toEqual(payload(60, 2));
  await reader.close();
});

it('bytes can be read anywhere, shorter at the end of the file, and none after closing', async () => {
  const path = join(place, 'random');
  const body = payload(200_000);
  writeFileSync(path, Buffer.concat([le.pcap(0xa1b2c3d4), ...Array.from({ length: 30 }, () => le.record(1, 1, body))]));
  const opened = await openCapture(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const { reader } = opened;
  for (let i = 0; i < 30; i++) {
    const row = (i * 7) % 30;
    expect(Buffer.from(reader.readAt(24 + 16 + row * 200_016, 200_000)).equals(body)).toBe(true);
  }
  expect(reader.readAt(24 + 30 * 200_016 - 10, 100)).toHaveLength(10);
  expect(reader.readAt(1e12, 100)).toHaveLength(0);
  expect(reader.readAt(-5, 100)).toHaveLength(0);
  expect(reader.readAt(24 + 16, 5_000_000)).toHaveLength(5_000_000);
  await reader.close();
  await reader.close();
  expect(reader.readAt(24, 4)).toHaveLength(0);
  expect(await reader.step(new Collector())).toBe('end');
});

it('can be closed while a step is under way', async () => {
  const path = join(place, 'closing');
  writeFileSync(path, Buffer.concat([le.pcap(0xa1b2c3d4), ...Array.from({ length: 3000 }, (_, i) => le.record(i, 0, payload(1000)))]));
  const opened = await openCapture(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const sink = new Collector();
  await opened.reader.step(sink);
  const step = opened.reader.step(sink);
  await opened.reader.close();
  expect(['end', 'more', 'damaged']).toContain(await step);
});

it('packets behind the first 4 GB of a file have their true offsets, and are read again from there', async () => {
  const path = join(place, 'large');
  const start = 5 * 1024 * 1024 * 1024 + 1;
  const fd = openSync(path, 'w+');
  // A hole: the file takes no room on the disk.
  writeSync(fd, pcap.subarray(0, 24), 0, 24, 0);
  writeSync(fd, pcap.subarray(24), 0, pcap.length - 24, start);
  const header = readPcapHeader(pcap, true);
  if (typeof header === 'string') throw new Error(header);
  const reader = new FileReader(path, new FileSource(fd), new PcapParser(header, 16), start);
  const sink = new Collector();
  await drain(reader, sink);
  reader.finish();
  expect(reader.damage).toBeNull();
  expect(sink.packets.map((packet) => packet.fileOffset)).toEqual([start + 16, start + 42, start + 58]);
  for (const packet of sink.packets) expect(Buffer.from(reader.readAt(packet.fileOffset, 33)).toString('hex')).toContain(packet.data);
  expect(Buffer.from(reader.readAt(start + 58, 33)).toString('hex')).toBe(payload(33, 33).toString('hex'));
  await reader.close();
});
