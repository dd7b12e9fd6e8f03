import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgressWriter } from '../../src/capture/progress.ts';
import { CaptureWriter } from '../../src/file/write.ts';
import { scanBlocks } from '../../src/host/block-scan.ts';
import { RecentFiles } from '../../src/host/recent-files.ts';
import { SettingsStore } from '../../src/host/settings.ts';
import { type Spool, SpoolStore, settle } from '../../src/host/spool.ts';
import { defaultSettings } from '../../src/messages.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-stores-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('settings', () => {
  it('are the defaults where there is no file', async () => {
    expect(await new SettingsStore(folder).get()).toEqual(defaultSettings);
  });

  it('are there again after a restart', async () => {
    await new SettingsStore(folder).set({ theme: 'dark', layouts: { main: [30, 70] }, lastInterfaces: ['lo'] });
    expect(await new SettingsStore(folder).get()).toEqual({
      ...defaultSettings,
      theme: 'dark',
      layouts: { main: [30, 70] },
      lastInterfaces: ['lo'],
    });
  });

  it('set a file aside that is not JSON, or not settings, and start from the defaults', async () => {
    for (const text of ['{"theme": "da', 'null', '[1,2]', '\0\0\0\0']) {
      await writeFile(path.join(folder, 'settings.json'), text);
      expect(await new SettingsStore(folder).get(), text).toEqual(defaultSettings);
      expect(await readFile(path.join(folder, 'settings.json.unreadable'), 'utf8')).toBe(text);
    }
  });

  it('drop a wrong value and keep the right ones beside it', async () => {
    await writeFile(
      path.join(folder, 'settings.json'),
      JSON.stringify({ theme: 'pink', captureFilter: 'tcp', facetsOpen: 'yes', other: 1 }),
    );
    expect(await new SettingsStore(folder).get()).toEqual({ ...defaultSettings, captureFilter: 'tcp' });
  });

  it('keep all of many changes made at once, and leave no half-written file', async () => {
    const store = new SettingsStore(folder);
    await Promise.all([store.set({ theme: 'light' }), store.set({ facetsOpen: false }), store.set({ captureFilter: 'udp' })]);
    expect(await new SettingsStore(folder).get()).toEqual({ ...defaultSettings, theme: 'light', facetsOpen: false, captureFilter: 'udp' });
    expect(await readdir(folder)).toEqual(['settings.json']);
  });
});

describe('recent files', () => {
  it('are listed newest first, once each, with their size and packets', async () => {
    const file = path.join(folder, 'a.pcap');
    await writeFile(file, 'four');
    const recent = new RecentFiles(folder);
    await recent.add(file, null);
    await recent.add('/nowhere/b.pcap', 7);
    await recent.add(file, null);
    await recent.setPackets(file, 3);
    const listed = await new RecentFiles(folder).list();
    expect(listed.map(({ name, bytes, packets }) => ({ name, bytes, packets }))).toEqual([
      { name: 'a.pcap', bytes: 4, packets: 3 },
      { name: 'b.pcap', bytes: null, packets: 7 },
    ]);
  });

  it('are at most twenty, and can be forgotten', async () => {
    const recent = new RecentFiles(folder);
    for (let i = 0; i < 25; i++) await recent.add(`/captures/${i}.pcap`, null);
    await recent.forget('/captures/24.pcap');
    const names = (await recent.list()).map((file) => file.name);
    expect(names).toHaveLength(19);
    expect(names[0]).toBe('23.pcap');
  });

  it('survive a damaged list', async () => {
    await writeFile(path.join(folder, 'recent.json'), '[{"path": 5}, {"path": "/a.pcap", "packets": null, "openedAt": 1}]');
    expect((await new RecentFiles(folder).list()).map((file) => file.path)).toEqual(['/a.pcap']);
    await writeFile(path.join(folder, 'recent.json'), '[{');
    expect(await new RecentFiles(folder).list()).toEqual([]);
  });
});

/** A spool file with `packets` packets of which the progress file knows `told`, and `tail` extra bytes as a killed writer leaves them. */
function fill(spool: Spool, packets: number, told: number, tail: number): number {
  const made = CaptureWriter.create(spool.spool, {
    format: 'pcapng',
    interfaces: [{ linkType: 1, snapLength: 65_535, name: 'lo' }],
    direct: true,
  });
  if (!made.ok) throw new Error(made.failure.message);
  const progress = new ProgressWriter(spool.progress);
  for (let i = 0; i < packets; i++) {
    made.value.append(new Uint8Array(60 + i), 0, 60 + i, 60 + i, 1000 + i, 0, 0);
    made.value.flushSync();
    if (i + 1 === told) progress.write(told, made.value.bytesOnDisk, made.value.bytesOnDisk, 1);
  }
  const whole = made.value.bytesOnDisk;
  made.value.append(new Uint8Array(500), 0, 500, 500, 9999, 0, 0);
  made.value.closeSync();
  progress.close();
  truncateSync(spool.spool, whole + tail);
  return whole;
}

/** Makes a capture look like that of a process that is gone. */
async function orphan(spool: Spool): Promise<void> {
  const file = path.join(spool.folder, 'capture.json');
  const note = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...note, owner: { pid: 2 ** 22 + 1, born: '1' } }));
}

describe('unsaved captures', () => {
  it('are not offered while their process lives', async () => {
    const store = new SpoolStore(folder);
    fill(await store.create('lo', ''), 3, 3, 0);
    expect(await store.recovered()).toEqual([]);
    expect(await new SpoolStore(folder).recovered()).toEqual([]);
  });

  it('of a dead process are offered with every whole packet, told of or not, and cut to the last one', async () => {
    const spool = await new SpoolStore(folder).create('eth0', 'tcp');
    const whole = fill(spool, 5, 3, 100);
    await orphan(spool);
    const found = await new SpoolStore(folder).recovered();
    expect(found).toEqual([{ path: spool.spool, interface: 'eth0', startedAt: spool.startedAt, packets: 5, bytes: whole }]);
    expect((await readFile(spool.spool)).length).toBe(whole);
  });

  it('are offered with what is in them, where less reached the disk than was told of', async () => {
    const spool = await new SpoolStore(folder).create('eth0', '');
    const whole = fill(spool, 4, 4, 0);
    truncateSync(spool.spool, whole - 10);
    await orphan(spool);
    const [found] = await new SpoolStore(folder).recovered();
    expect(found?.packets).toBe(3);
    expect((await readFile(spool.spool)).length).toBe(found?.bytes);
    expect(scanBlocks(spool.spool)).toEqual({ packets: 3, bytes: found?.bytes });
  });

  it('are recovered without any progress file', async () => {
    const spool = await new SpoolStore(folder).create('eth0', '');
    fill(spool, 4, 0, 17);
    await rm(spool.progress);
    await orphan(spool);
    expect((await new SpoolStore(folder).recovered())[0]?.packets).toBe(4);
  });

  it('without a packet are removed silently', async () => {
    const spool = await new SpoolStore(folder).create('eth0', '');
    fill(spool, 0, 0, 0);
    await orphan(spool);
    expect(await new SpoolStore(folder).recovered()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('belong to the window that opened one until it lets go', async () => {
    const spool = await new SpoolStore(folder).create('eth0', '');
    fill(spool, 2, 2, 0);
    await orphan(spool);
    const store = new SpoolStore(folder);
    const claimed = await store.claim(spool.spool);
    expect(claimed?.interface).toBe('eth0');
    expect(await store.recovered()).toEqual([]);
    expect(await store.claim(spool.spool)).toBeNull();
    if (claimed !== null) await store.release(claimed);
    expect(await store.recovered()).toHaveLength(1);
  });

  it('go to one of two windows that ask for the same one at once', async () => {
    const spool = await new SpoolStore(folder).create('eth0', '');
    fill(spool, 2, 2, 0);
    await orphan(spool);
    const store = new SpoolStore(folder);
    const both = await Promise.all([store.claim(spool.spool), store.claim(spool.spool)]);
    expect(both.filter((one) => one !== null)).toHaveLength(1);
  });

  it('are discarded by the path of their file, and by no other path', async () => {
    const spool = await new SpoolStore(folder).create('eth0', '');
    fill(spool, 2, 2, 0);
    await orphan(spool);
    const store = new SpoolStore(folder);
    await mkdir(path.join(folder, 'other'));
    await writeFile(path.join(folder, 'other', 'capture.pcapng'), '');
    for (const wrong of [path.join(folder, 'other', 'capture.pcapng'), spool.folder, '/etc/passwd', path.join(spool.folder, 'progress')]) {
      await expect(store.discard(wrong), wrong).rejects.toMatchObject({ failure: { code: 'no-such' } });
    }
    await store.discard(spool.spool);
    expect(await readdir(folder)).toEqual(['other']);
  });

  it('keep what garbage after the last block does not touch', async () => {
    const spool = await new SpoolStore(folder).create('lo', '');
    const whole = fill(spool, 3, 0, 0);
    await writeFile(spool.spool, Buffer.concat([await readFile(spool.spool), Buffer.alloc(64, 0xff)]));
    expect(settle(spool)).toEqual({ packets: 3, bytes: whole });
  });
});
