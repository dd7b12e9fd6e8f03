import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { electronRuntime, fetchRuntime, noDesktop, runDesktop } from '../../src/cli/desktop.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-runtime-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

describe('the desktop app', () => {
  it('is not tried without a display, as root, or against the wish of the user', () => {
    const linux = { platform: 'linux' as const, uid: 1000 };
    expect(noDesktop({ ...linux, env: {} })).toContain('display');
    expect(noDesktop({ ...linux, env: { DISPLAY: ':0' }, uid: 0 })).toContain('root');
    expect(noDesktop({ ...linux, env: { DISPLAY: ':0', SEVENFOLD_BROWSER: '1' } })).not.toBeNull();
    expect(noDesktop({ ...linux, env: { DISPLAY: ':0' } })).toBeNull();
    expect(noDesktop({ ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
    expect(noDesktop({ platform: 'darwin', uid: 501, env: {} })).toBeNull();
  });

  it('needs a runtime as the package lays it out', async () => {
    expect(electronRuntime(folder, {})).toBeNull();
    await writeFile(path.join(folder, 'path.txt'), 'electron');
    expect(electronRuntime(folder, {})).toBeNull();
    await mkdir(path.join(folder, 'dist'));
    await writeFile(path.join(folder, 'dist', 'electron'), '');
    expect(electronRuntime(folder, {})).toBe(path.join(folder, 'dist', 'electron'));
  });

  it('says so when Electron is not installed', async () => {
    expect(await fetchRuntime(folder)).toEqual({ ok: false, reason: 'Electron is not installed' });
  });

  it("passes on the installer's failure in one sentence", async () => {
    await writeFile(
      path.join(folder, 'install.js'),
      "console.error(new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) })); process.exit(1);",
    );
    const fetched = await fetchRuntime(folder);
    expect(fetched).toEqual({ ok: false, reason: "Electron's runtime could not be downloaded (fetch failed, ENOTFOUND)" });
  });

  /** The time of whoever watches a download is the test's: how long an installer takes to start is the machine's. */
  const watchedTime = () => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });

  it('gives up a download that stands still, and leaves nothing behind', async () => {
    watchedTime();
    await writeFile(
      path.join(folder, 'install.js'),
      "require('fs').writeFileSync(require('path').join(require('os').tmpdir(), 'part'), 'half'); setInterval(() => {}, 1000);",
    );
    // A folder for temporary files that nobody else uses.
    const temporary = path.join(folder, 'temporary');
    await mkdir(temporary);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      const fetched = fetchRuntime(folder, 800);
      await expect.poll(() => readdirSync(temporary, { recursive: true }).filter((name) => String(name).endsWith('part'))).toHaveLength(1);
      vi.advanceTimersByTime(2000);
      expect(await fetched).toMatchObject({ ok: false, reason: expect.stringContaining('no progress for 1 s') });
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect(await readdir(temporary)).toEqual([]);
  });

  it('waits for a slow download that gets on', async () => {
    watchedTime();
    const part = path.join(folder, 'dist', 'part');
    // Gets a byte for each file that it finds.
    await writeFile(
      path.join(folder, 'install.js'),
      `const fs = require('fs'); let n = 0; fs.mkdirSync(__dirname + '/dist');
      setInterval(() => { if (n < 8 && fs.existsSync(__dirname + '/more-' + n)) fs.appendFileSync(${JSON.stringify(part)}, 'x'), n++; if (n === 8) process.exit(0); }, 5);`,
    );
    const fetched = fetchRuntime(folder, 1500);
    for (let n = 0; n < 8; n++) {
      await writeFile(path.join(folder, `more-${n}`), '');
      await expect.poll(() => existsSync(part) && readFileSync(part, 'utf8')).toHaveLength(n + 1);
      vi.advanceTimersByTime(1200);
    }
    expect(await fetched).toEqual({ ok: true });
  });

  it('says why its runtime fell over at once', async () => {
    const executable = path.join(folder, 'electron');
    await writeFile(
      executable,
      "#!/bin/sh\necho 'electron: error while loading shared libraries: libgtk-3.so.0: cannot open shared object file' >&2\nexit 127\n",
    );
    await chmod(executable, 0o755);
    expect(await runDesktop(executable, folder, undefined)).toEqual({
      started: false,
      reason: 'Electron could not be started (the system library libgtk-3.so.0 is missing)',
    });
    expect(await runDesktop(path.join(folder, 'nowhere'), folder, undefined)).toMatchObject({ started: false });
  });

  it('passes the file on and ends with its status', async () => {
    const executable = path.join(folder, 'electron');
    await writeFile(executable, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/arguments'\n`);
    await chmod(executable, 0o755);
    expect(await runDesktop(executable, '/app', '/tmp/a b.pcap')).toEqual({ started: true, status: 0 });
    expect(await readFile(path.join(folder, 'arguments'), 'utf8')).toBe('/app\n--\n/tmp/a b.pcap\n');
  });
});
