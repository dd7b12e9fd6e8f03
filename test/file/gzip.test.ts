import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { openCapture } from '../../src/file/open.ts';
import { Collector, contentsOf, drain, folder, le, payload, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

let state = 12345;

/** Bytes that do not compress, the same in every run. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

const capture = Buffer.concat([le.pcap(0xa1b2c3d4), ...Array.from({ length: 300 }, (_, i) => le.record(i, i, noise(1000 + i)))]);

it('a gzip file gives the same packets as what is in it', async () => {
  const plain = await contentsOf(place, capture);
  const packed = await contentsOf(place, gzipSync(capture));
  expect(packed.compression).toBe('gzip');
  expect(packed.format).toBe('pcap');
  expect(packed.damage).toBeNull();
  expect(packed.packets).toEqual(plain.packets);
});

it('several gzip members in a row are one file, wherever the border is', async () => {
  const plain = await contentsOf(place, capture);
  for (const at of [1, 24, 40_000, capture.length - 1]) {
    const packed = await contentsOf(
      place,
      Buffer.concat([gzipSync(capture.subarray(0, at)), gzipSync(''), gzipSync(capture.subarray(at))]),
    );
    expect(packed.damage).toBeNull();
    expect(packed.packets).toEqual(plain.packets);
  }
});

it('zeros and other bytes behind the last member are passed over', async () => {
  for (const behind of [Buffer.alloc(500), Buffer.from('not gzip at all')]) {
    const packed = await contentsOf(place, Buffer.concat([gzipSync(capture), behind]));
    expect(packed.damage).toBeNull();
    expect(packed.packets).toHaveLength(300);
  }
});

it('a gzip file that is cut short gives the packets up to there', async () => {
  const whole = gzipSync(capture);
  const beginning = whole.subarray(0, Math.floor(whole.length / 2));
  const half = await contentsOf(place, beginning);
  const unpacked = await contentsOf(place, gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH }));
  expect(half.packets.length).toBeGreaterThan(50);
  expect(half.packets).toEqual(unpacked.packets);
  expect(half.damage).toMatchObject({ kind: 'cut-short', packet: half.packets.length + 1, packed: 'itself' });
  expect(half.damage?.message).toContain('cut short');
  // Only the check sum is missing: everything is there all the same.
  const last = await contentsOf(place, whole.subarray(0, -3));
  expect(last.packets).toHaveLength(300);
  expect(last.damage?.kind).toBe('cut-short');
  // A capture that was cut before it was packed.
  const inside = await contentsOf(place, gzipSync(capture.subarray(0, -3)));
  expect(inside.damage).toMatchObject({ kind: 'cut-short', packed: 'inside', message: 'The file ends in the middle of packet 300.' });
});

it('a gzip file that is damaged inside gives the packets before', async () => {
  const bytes = gzipSync(capture, { level: 0 });
  const wrongSum = Buffer.from(bytes);
  wrongSum[bytes.length - 6] = (wrongSum[bytes.length - 6] ?? 0) ^ 0xff;
  const read = await contentsOf(place, wrongSum);
  expect(read.packets).toHaveLength(300);
  expect(read.damage).toMatchObject({ kind: 'corrupt', packet: 301 });
  expect(read.damage?.message).toContain('incorrect data check');
  const packed = gzipSync(capture);
  const middle = Math.floor(packed.length / 2);
  packed.fill(0xff, middle, middle + 200);
  const broken = await contentsOf(place, packed);
  expect(broken.packets.length).toBeGreaterThan(100);
  expect(broken.packets.length).toBeLessThan(300);
  expect(broken.damage).not.toBeNull();
});

it('unpacking stops where the temporary folder runs full', async () => {
  const zeros = gzipSync(
    Buffer.concat([le.pcap(0xa1b2c3d4, 249), le.record(1, 1, payload(50)), le.record(2, 2, Buffer.alloc(60_000_000))]),
  );
  const temporary = folder();
  let free = 1024 * 1024 * 1024;
  const freeBytes = (): number => {
    free /= 2;
    return free;
  };
  const read = await contentsOf(place, zeros, { gzip: { folder: temporary, freeBytes } });
  expect(read.packets).toHaveLength(1);
  expect(read.damage).toMatchObject({ kind: 'cut-short', packet: 2 });
  expect(read.damage?.message).toContain(`kept in ${temporary}`);
});

it('nothing is left in the temporary folder', async () => {
  const temporary = folder();
  const path = join(place, 'packed.gz');
  writeFileSync(path, gzipSync(capture));
  const opened = await openCapture(path, { gzip: { folder: temporary } });
  if (!opened.ok) throw new Error(opened.failure.message);
  const sink = new Collector();
  await drain(opened.reader, sink);
  expect(sink.packets).toHaveLength(300);
  expect(opened.reader.bytesRead).toBe(opened.reader.fileBytes);
  await opened.reader.close();
  expect(readdirSync(temporary)).toEqual([]);
});

it('can be closed in the middle', async () => {
  const path = join(place, 'long.gz');
  writeFileSync(
    path,
    gzipSync(Buffer.concat([le.pcap(0xa1b2c3d4), ...Array.from({ length: 20_000 }, (_, i) => le.record(i, 0, payload(1000)))])),
  );
  const opened = await openCapture(path);
  if (!opened.ok) throw new Error(opened.failure.message);
  const sink = new Collector();
  expect(await opened.reader.step(sink)).toBe('more');
  const step = opened.reader.step(sink);
  await opened.reader.close();
  await step;
  expect(sink.packets.length).toBeLessThan(20_000);
});
