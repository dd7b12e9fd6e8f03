import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCapture } from '../../src/file/open.ts';
import { WholeFile } from '../../src/file/whole-file.ts';
import { CaptureWriter, type WriterOptions } from '../../src/file/write.ts';
import { Collector, contents, drain, folder, payload, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

const ethernet = { linkType: 1, snapLength: 262144, name: 'eth0', description: 'Büro', captureFilter: 'tcp port 443' };

function create(path: string, options: WriterOptions): CaptureWriter {
  const created = CaptureWriter.create(path, options);
  if (!created.ok) throw new Error(created.failure.message);
  return created.value;
}

describe('a pcapng file that was written', () => {
  it('gives back interfaces, packets, times to the nanosecond and comments', async () => {
    const path = join(place, 'one.pcapng');
    const writer = create(path, {
      format: 'pcapng',
      interfaces: [ethernet, { linkType: 101, snapLength: 0, timePrecision: 6 }],
      comments: ['saved'],
    });
    await writer.write(payload(61), 0, 61, 61, 1_700_000_000, 123_456_789, 0);
    await writer.write(payload(61), 1, 3, 1500, 1_700_000_001, 999_999_999, 1);
    await writer.write(payload(4), 0, 4, 4, 4_294_967_295, 1, 0, ['eins', 'zwei']);
    await writer.write(payload(0), 0, 0, 0, 0, 0, 0);
    writer.addStatistics(0, { received: 9, dropped: 5_000_000_001 });
    expect(existsSync(path)).toBe(false);
    const closed = await writer.close();
    expect(closed).toEqual({ ok: true, value: { packets: 4, bytes: statSync(path).size } });
    const read = await contents(path);
    expect(read.damage).toBeNull();
    expect(read.comments).toEqual(['saved']);
    expect(read.interfaces).toMatchObject([
      {
        linkType: 1,
        snapLength: 262144,
        name: 'eth0',
        description: 'Büro',
        captureFilter: 'tcp port 443',
        timePrecision: 9,
        dropped: 5_000_000_001,
      },
      { linkType: 101, snapLength: 0, name: null, timePrecision: 6, dropped: null },
    ]);
    expect(read.packets).toMatchObject([
      { data: payload(61).toString('hex'), wireLen: 61, sec: 1_700_000_000, nsec: 123_456_789, iface: 0, annotated: false },
      { data: payload(61).subarray(1, 4).toString('hex'), wireLen: 1500, sec: 1_700_000_001, nsec: 999_999_000, iface: 1 },
      { data: payload(4).toString('hex'), sec: 4_294_967_295, nsec: 1, annotated: true },
      { data: '', sec: 0, nsec: 0 },
    ]);
    expect(read.packetComments).toEqual([['eins', 'zwei']]);
    expect(readdirSync(place).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.skipIf(!existsSync('/usr/bin/tshark'))('is read by tshark', () => {
    const path = join(place, 'one.pcapng');
    const out = execFileSync(
      'tshark',
      ['-n', '-r', path, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len', '-e', 'frame.cap_len'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    expect(out).toBe('1700000000.123456789\t61\t61\n1700000001.999999000\t1500\t3\n4294967295.000000001\t4\t4\n0.000000000\t0\t0\n');
  });

  it('has times before 1970 as they are', async () => {
    const path = join(place, 'early.pcapng');
    const writer = create(path, { format: 'pcapng', interfaces: [ethernet], timeOffset: -631_152_001 });
    await writer.write(payload(4), 0, 4, 4, -631_152_001, 999_999_999, 0);
    await writer.write(payload(4), 0, 4, 4, 5_680_281_600, 250_000_000, 0);
    expect((await writer.close()).ok).toBe(true);
    expect((await contents(path)).packets).toMatchObject([
      { sec: -631_152_001, nsec: 999_999_999 },
      { sec: 5_680_281_600, nsec: 250_000_000 },
    ]);
  });

  it('larger than many batches is whole', async () => {
    const path = join(place, 'large.pcapng');
    const writer = create(path, { format: 'pcapng', interfaces: [ethernet] });
    const bytes = payload(1500);
    for (let i = 0; i < 5000; i++) await writer.write(bytes, i % 100, 1400, 1400, i, i, 0);
    expect((await writer.close()).ok).toBe(true);
    const read = await contents(path);
    expect(read.packets.map((packet) => packet.sec)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(read.packets[4999]?.data).toBe(bytes.subarray(99, 1499).toString('hex'));
  });
});

describe('a pcap file that was written', () => {
  it.each([
    [6, 'pcap', 123_456_000],
    [9, 'pcap (nanoseconds)', 123_456_789],
  ])('with %i digits is %s', async (timePrecision, format, nsec) => {
    const path = join(place, `digits-${timePrecision}.pcap`);
    const writer = create(path, { format: 'pcap', interfaces: [{ linkType: 276, snapLength: 0, timePrecision }] });
    await writer.write(payload(61), 0, 61, 90, 1_700_000_000, 123_456_789, 0);
    expect((await writer.close()).ok).toBe(true);
    const read = await contents(path);
    expect(read.format).toBe(format);
    expect(read.interfaces).toMatchObject([{ linkType: 276 }]);
    expect(read.packets).toMatchObject([{ data: payload(61).toString('hex'), wireLen: 90, sec: 1_700_000_000, nsec }]);
  });

  it.each([-1, 0x1_0000_0000])('cannot have the second %i, which is no other one instead', async (sec) => {
    const path = join(place, `second-${sec}.pcap`);
    const writer = create(path, { format: 'pcap', interfaces: [ethernet] });
    expect(await writer.write(payload(4), 0, 4, 4, 0xffff_ffff, 0, 0)).toBe(true);
    expect(await writer.write(payload(4), 0, 4, 4, sec, 0, 0)).toBe(false);
    expect(await writer.close()).toMatchObject({
      ok: false,
      failure: {
        code: 'invalid',
        message: 'A pcap file can hold times from 1970 to February 2106 only; this capture has others.',
        advice: 'Save it as pcapng instead.',
      },
    });
    expect(existsSync(path)).toBe(false);
  });

  it('cannot have several link types', () => {
    const created = CaptureWriter.create(join(place, 'mixed.pcap'), {
      format: 'pcap',
      interfaces: [ethernet, { linkType: 113, snapLength: 0 }],
    });
    expect(created).toMatchObject({
      ok: false,
      failure: {
        code: 'invalid',
        message: 'A pcap file can hold one link type only; this capture has Ethernet, Linux cooked-mode capture v1.',
        advice: 'Save it as pcapng instead.',
      },
    });
    expect(existsSync(join(place, 'mixed.pcap'))).toBe(false);
  });
});

describe('a spool that is written directly', () => {
  it('can be followed up to the bytes that flushing reports', async () => {
    const path = join(place, 'spool.pcapng');
    const writer = create(path, { format: 'pcapng', interfaces: [ethernet], direct: true, mode: 0o600 });
    const opened = await openCapture(path, { follow: true });
    if (!opened.ok) throw new Error(opened.failure.message);
    const sink = new Collector();
    for (let batch = 0; batch < 20; batch++) {
      for (let i = 0; i < batch * 10; i++) writer.append(payload(100), 0, 100, 100, batch, i, 0);
      if (batch % 2 === 0) writer.flushSync();
      else expect(await writer.flush()).toBe(true);
      const bytes = writer.bytesOnDisk;
      expect(bytes).toBe(statSync(path).size);
      expect(writer.pending).toBe(0);
      await drain(opened.reader, sink, bytes);
      expect(sink.packets).toHaveLength(writer.packetsOnDisk);
    }
    expect(sink.packets).toHaveLength(1900);
    expect(writer.closeSync()).toMatchObject({ ok: true, value: { packets: 1900 } });
    opened.reader.finish();
    expect(opened.reader.damage).toBeNull();
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    await opened.reader.close();
  });

  it('takes packets while a batch is being written', async () => {
    const path = join(place, 'overlap.pcapng');
    const writer = create(path, { format: 'pcapng', interfaces: [ethernet], direct: true });
    writer.append(payload(10), 0, 10, 10, 1, 0, 0);
    const first = writer.flush();
    writer.append(payload(10), 0, 10, 10, 2, 0, 0);
    const second = writer.flush();
    writer.append(payload(10), 0, 10, 10, 3, 0, 0);
    await Promise.all([first, second]);
    expect((await writer.close()).ok).toBe(true);
    expect((await contents(path)).packets.map((packet) => packet.sec)).toEqual([1, 2, 3]);
  });
});

describe('a file that cannot be written', () => {
  it('is refused in words', () => {
    const missing = CaptureWriter.create(join(place, 'no', 'such', 'folder.pcapng'), { format: 'pcapng', interfaces: [ethernet] });
    expect(missing).toMatchObject({ ok: false, failure: { code: 'not-found' } });
    mkdirSync(join(place, 'taken'));
    const direct = CaptureWriter.create(join(place, 'taken'), { format: 'pcapng', interfaces: [ethernet], direct: true });
    expect(direct).toMatchObject({ ok: false, failure: { code: 'invalid' } });
  });

  it('is never put in the place of a folder, a device or a pipe', async () => {
    mkdirSync(join(place, 'folder'));
    symlinkSync('/dev/null', join(place, 'device'));
    for (const name of ['folder', 'device']) {
      const path = join(place, name);
      const refused = { ok: false, failure: { code: 'invalid', message: expect.stringContaining('cannot be replaced') } };
      expect(CaptureWriter.create(path, { format: 'pcapng', interfaces: [ethernet] })).toMatchObject(refused);
      expect(await WholeFile.create(path)).toMatchObject(refused);
    }
    expect(readdirSync(place).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('leaves nothing behind when it cannot be put in its place', async () => {
    const writer = create(join(place, 'occupied'), { format: 'pcapng', interfaces: [ethernet] });
    mkdirSync(join(place, 'occupied', 'inside'), { recursive: true });
    expect(await writer.close()).toMatchObject({ ok: false });
    expect(readdirSync(place).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('keeps what was there before when writing is given up', async () => {
    const path = join(place, 'kept.pcapng');
    writeFileSync(path, 'before');
    const writer = create(path, { format: 'pcapng', interfaces: [ethernet] });
    await writer.write(payload(4), 0, 4, 4, 1, 0, 0);
    await writer.abandon();
    expect(statSync(path).size).toBe(6);
    expect(readdirSync(place).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('because the disk is full says so and takes no more memory', async () => {
    const writer = create('/dev/full', { format: 'pcapng', interfaces: [ethernet], direct: true });
    const bytes = payload(60_000);
    let ok = true;
    for (let i = 0; i < 100 && ok; i++) ok = await writer.write(bytes, 0, 60_000, 60_000, 1, 0, 0);
    expect(ok).toBe(false);
    writer.append(bytes, 0, 60_000, 60_000, 1, 0, 0);
    expect(writer.pending).toBe(0);
    expect(await writer.close()).toMatchObject({ ok: false, failure: { code: 'io', advice: 'Free some space and try again.' } });
  });
});
