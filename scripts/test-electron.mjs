// npm run test:electron: drives the real desktop app, where Electron's runtime is installed. Where it is not, says so and ends with status 0.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'node_modules', 'electron');

function runtime() {
  try {
    const executable = path.join(
      process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'),
      readFileSync(path.join(folder, 'path.txt'), 'utf8').trim(),
    );
    return existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

const executablePath = runtime();
if (executablePath === null) {
  console.log(
    "SKIPPED: the desktop app was not tested, because Electron's runtime is not here. `node node_modules/electron/install.js` fetches it.",
  );
  process.exit(0);
}

const built = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const { _electron } = await import('playwright-core');
const home = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-electron-test-'));
const app = await _electron.launch({
  executablePath,
  args: [root, `--user-data-dir=${path.join(home, 'profile')}`],
  env: { ...process.env, SEVENFOLD_HOME: home },
});
try {
  const page = await app.firstWindow();
  await page.waitForSelector('#root > *');
  console.log('ok: the window shows its page');

  const powers = await page.evaluate(() => ({
    require: typeof globalThis.require,
    process: typeof globalThis.process,
    bridge: Object.keys(window.sevenfold).sort(),
    address: location.href,
  }));
  assert.deepEqual(powers, {
    require: 'undefined',
    process: 'undefined',
    bridge: ['host', 'onHostEvent', 'pathOf'],
    address: 'app://sevenfold/index.html',
  });
  console.log('ok: the page has three named functions and no Node');

  const info = await page.evaluate(() => window.sevenfold.host('info', {}));
  assert.equal(info.ok && info.value.mode, 'electron');
  const refused = await page.evaluate(() => window.sevenfold.host('openPath', { path: 5 }));
  assert.equal(refused.ok, false);
  console.log('ok: requests are answered, wrong ones refused');

  const windows = app.windows().length;
  await page.evaluate(() => window.open('https://example.com/'));
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.waitForTimeout(500);
  assert.equal(app.windows().length, windows);
  assert.equal(page.url(), 'app://sevenfold/index.html');
  console.log('ok: it neither opens windows nor leaves its page');

  const preferences = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.getLastWebPreferences());
  assert.equal(preferences.sandbox, true);
  assert.equal(preferences.contextIsolation, true);
  assert.equal(preferences.nodeIntegration, false);
  console.log('ok: it is sandboxed and isolated');

  const state =
    info.value.sample === null
      ? null
      : await page.evaluate((sample) => window.sevenfold.host('openPath', { path: sample }), info.value.sample);
  if (state !== null) {
    assert.equal(state.ok, true);
    await page.waitForSelector('[role="row"][row-index="0"]');
    console.log('ok: the sample capture is listed, through the engine port');
  }
} finally {
  await app.close();
  rmSync(home, { recursive: true, force: true });
}
