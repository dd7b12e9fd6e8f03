import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildName, candidates, linkTypeOf, loadCap } from '../../src/capture/load-cap.ts';
import { ProgressWriter, readProgress } from '../../src/capture/progress.ts';
import { ringName, SpoolWriter } from '../../src/capture/spool-writer.ts';
import { limitsOf } from '../../src/cli/capture.ts';
import { scanBlocks } from '../../src/host/block-scan.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-writer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const described = { interfaces: [{ linkType: 1, snapLength: 65_535, name: 'lo' }], comment: 'how it was made', application: 'test' };

describe('the spool writer', () => {
  it('begins with a file that is whole, and grows by whole blocks only', () => {
    const file = path.join(folder, 'a.pcapng');
    const writer = new SpoolWriter(file, described, null);
    expect(scanBlocks(file)).toEqual({ bytes: statSync(file).size, packets: 0 });
    for (let i = 1; i <= 50; i++) {
      writer.append(new Uint8Array(i), 0, i, i, i, 0, 0);
      if (i % 7 !== 0) continue;
      writer.flush();
      expect(scanBlocks(file)).toEqual({ bytes: writer.bytesOnDisk, packets: i });
      expect(statSync(file).size).toBe(writer.bytesOnDisk);
    }
    writer.close();
  });

  it('keeps the newest files of a ring, each of them whole', () => {
    const writer = new SpoolWriter(path.join(folder, 'r.pcapng'), described, { bytes: 2000, files: 3 });
    for (let i = 0; i < 100; i++) {
      writer.append(new Uint8Array(400), 0, 400, 400, i, 0, 0);
      writer.flush();
    }
    writer.close();
    expect(writer.files).toHaveLength(3);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(writer.packets).toBe(100);
    for (const file of writer.files) {
      expect(scanBlocks(file).bytes).toBe(statSync(file).size);
      expect(statSync(file).size).toBeLessThan(2600);
    }
  });

  it('begins no file for its headers alone, however small the files of a ring are to be', () => {
    const writer = new SpoolWriter(path.join(folder, 'r.pcapng'), described, { bytes: 1, files: 3 });
    for (let i = 0; i < 5; i++) writer.flush();
    expect([writer.full, writer.begun]).toEqual([false, 1]);
    for (let i = 0; i < 3; i++) {
      writer.append(new Uint8Array(60), 0, 60, 60, i, 0, 0);
      writer.flush();
    }
    for (let i = 0; i < 5; i++) writer.flush();
    writer.close();
    expect([writer.begun, writer.packetsLeft]).toEqual([4, 2]);
  });

  it('counts the packets in the files of a ring that are left', () => {
    const writer = new SpoolWriter(path.join(folder, 'r.pcapng'), described, { bytes: 2000, files: 3 });
    for (let i = 0; i < 100; i++) {
      writer.append(new Uint8Array(400), 0, 400, 400, i, 0, 0);
      writer.flush();
    }
    writer.close();
    expect(writer.packetsLeft).toBe(writer.files.reduce((sum, file) => sum + scanBlocks(file).packets, 0));
  });

  describe('whose file is no longer its own', () => {
    const file = (): string => path.join(folder, 'a.pcapng');
    const begun = (): SpoolWriter => {
      const writer = new SpoolWriter(file(), described, null);
      writer.append(new Uint8Array(60), 0, 60, 60, 1, 0, 0);
      writer.flush();
      return writer;
    };
    const more = (writer: SpoolWriter): void => {
      writer.append(new Uint8Array(60), 0, 60, 60, 2, 0, 0);
      writer.flush();
    };

    it('says that it was removed, with what was in it', () => {
      const writer = begun();
      rmSync(file());
      more(writer);
      expect(writer.failure?.message).toBe(`${file()} was removed while it was written.`);
      writer.close();
      expect([writer.packetsLeft, writer.files]).toEqual([0, []]);
    });

    it('counts nothing of the files of a ring that were removed, with their folder or by themselves', () => {
      const ring = path.join(folder, 'ring');
      mkdirSync(ring);
      const writer = new SpoolWriter(path.join(ring, 'r.pcapng'), described, { bytes: 1, files: 0 });
      for (let i = 0; i < 4; i++) more(writer);
      const [first = ''] = writer.files;
      rmSync(first);
      expect([writer.packetsLeft, writer.files.length]).toEqual([3, 4]);
      rmSync(ring, { recursive: true });
      more(writer);
      expect([writer.packetsLeft, writer.files]).toEqual([0, []]);
    });

    it('says so at the end too, where nothing more came', () => {
      const writer = begun();
      rmSync(file());
      writer.close();
      expect(writer.failure?.message).toContain('was removed');
    });

    it('leaves it to another capture that has begun to write it', () => {
      const first = begun();
      const second = begun();
      more(second);
      more(first);
      first.close([{ received: 2, dropped: 0 }]);
      expect(first.failure?.message).toBe(`${file()} was changed by another program while it was written.`);
      expect([first.packetsLeft, first.files]).toEqual([0, []]);
      more(second);
      second.close();
      expect(second.failure).toBeNull();
      expect(scanBlocks(file())).toEqual({ bytes: statSync(file()).size, packets: 3 });
    });

    it('leaves no hole where it was emptied', () => {
      const writer = begun();
      truncateSync(file());
      more(writer);
      writer.close();
      expect(readFileSync(file())).toHaveLength(0);
      expect(writer.failure).not.toBeNull();
    });
  });

  it('says in words why it cannot begin', () => {
    expect(() => new SpoolWriter(path.join(folder, 'nowhere', 'a.pcapng'), described, null)).toThrow();
    expect(existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });

  it('names the files of a ring as dumpcap does', () => {
    expect(ringName('/t/trace.pcapng', 12, new Date(2026, 2, 14, 9, 26, 53))).toBe('/t/trace_00012_20260314092653.pcapng');
  });
});

describe('the progress file', () => {
  it('gives back the last numbers, and nothing while there are none', () => {
    const file = path.join(folder, 'progress');
    expect(readProgress(file)).toBeNull();
    const writer = new ProgressWriter(file);
    expect(readProgress(file)).toBeNull();
    writer.write(5, 100, 100, 1);
    writer.write(6_000_000_000, 2 ** 40, 2 ** 41, 3);
    expect(readProgress(file)).toEqual({ packets: 6_000_000_000, bytes: 2 ** 40, totalBytes: 2 ** 41, files: 3 });
    writer.close();
    writer.write(1, 1, 1, 1);
    expect(readProgress(file)?.packets).toBe(6_000_000_000);
  });
});

describe('the capture library', () => {
  it('is looked for per runtime first', () => {
    expect(buildName()).toMatch(/^node-\d+-/);
    expect(candidates('/opt/app.asar')[0]).toBe(path.join('/opt/app.asar.unpacked', 'build-abi', buildName(), 'cap.node'));
  });

  it('that is not there is said to be missing', () => {
    expect(loadCap(folder)).toMatchObject({ ok: false, result: { reason: 'missing' } });
  });

  it('has numbers for the link types it names', () => {
    expect(
      ['ETHERNET', 'NULL', 'LINKTYPE_LINUX_SLL', 'RAW', 'IEEE802_11_RADIO', 'Unknown linktype 276', 'Unknown linktype 12', 'nonsense'].map(
        linkTypeOf,
      ),
    ).toEqual([1, 0, 113, 101, 127, 276, 101, null]);
  });
});

describe('the limits of a capture', () => {
  const none = { autostop: [], ring: [], backend: 'cap', filter: '' };
  it('are read from the command line', () => {
    expect(
      limitsOf({ ...none, count: 5, autostop: ['duration:1.5', 'filesize:20'], ring: ['filesize:10', 'duration:2', 'files:3'] }),
    ).toEqual({
      maxPackets: 5,
      maxDurationMs: 1500,
      maxBytes: 20_000,
      ring: { bytes: 10_000, durationMs: 2000, files: 3 },
    });
  });

  it('are refused with a sentence where they are wrong', () => {
    for (const wrong of [
      { autostop: ['duration'] },
      { autostop: ['duration:0'] },
      { autostop: ['duration:-1'] },
      { autostop: ['files:3'] },
      { autostop: ['duration:99999999999'] },
      { ring: ['files:3'] },
      { ring: ['packets:3'] },
      { ring: ['filesize:3', 'files:1.5'] },
      { backend: 'other' },
    ]) {
      expect(typeof limitsOf({ ...none, ...wrong }), JSON.stringify(wrong)).toBe('string');
    }
  });
});
