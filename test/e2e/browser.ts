/** The built app in a real browser: `sevenfold serve` with a home folder of its own, and a page of Chromium on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeProgram, rendererFolder } from '../../src/system/locations.ts';

/** Names of the programs, as Linux distributions have them. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome'];

/** Where macOS and Windows have them. */
function fixedPlaces(): readonly string[] {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
      (root) => root !== undefined,
    );
    const below = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return roots.flatMap((root) => below.map((place) => path.join(root, place)));
  }
  return ['/snap/bin/chromium', '/opt/google/chrome/chrome'];
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Program file of a browser of the Chromium family: that of CHROMIUM_PATH, one on the search path, or one in a usual place; null if none is installed. */
export function chromiumPath(): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') return canRun(named) ? named : null;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const onPath = process.platform === 'win32' ? [] : NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...onPath, ...fixedPlaces()].find(canRun) ?? null;
}

/** Why there is nothing to test in a browser here; null if there is. */
export function cannotBrowse(): string | null {
  if (chromiumPath() === null) return 'no Chromium is installed';
  const built = [nodeProgram('cli'), nodeProgram('engine-process'), path.join(rendererFolder(), 'index.html')].every((file) =>
    existsSync(file),
  );
  return built ? null : 'not built';
}

/** `describe` for tests that need a browser: skipped, with the reason in its name, where there is none; with CI=true it fails instead. */
export function describeInBrowser(name: string, tests: () => void): void {
  const reason = cannotBrowse();
  if (reason === null) describe(name, tests);
  else if (process.env.CI === 'true') {
    describe(name, () => {
      it('has a browser and a build to run in', () => expect(reason).toBeNull());
    });
  } else describe.skip(`${name} (skipped: ${reason})`, tests);
}

/** How long the page may take for one thing, ms: nothing is asked of the speed of the machine. */
const PATIENCE_MS = 90_000;

export interface OpenOptions {
  /** Home folder of settings, spool and temporary files; a new one that `close` removes if absent. */
  readonly home?: string;
  /** Variables to add to the server's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Language of the system, such as 'ko-KR'. */
  readonly locale?: string;
  /** With scroll bars that take room, as Linux and Windows have them; without any if absent. */
  readonly scrollBars?: boolean;
  /** Called with the page before it goes to the app: to come between the two. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** How long a page may take to come to rest, ms. */
const REST_MS = 60_000;

/**
 * What `read` gives, once it gives the same twice, with all that glides at its end and frames drawn in between: on a busy machine two looks
 * 100 ms apart may be at the same frame. Rejects where that never is.
 */
export async function settled<T>(page: Page, read: () => Promise<T>): Promise<T> {
  const until = Date.now() + REST_MS;
  for (let last: string | null = null; ; ) {
    await page.evaluate(async () => {
      const gliding = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
      await Promise.all(gliding.map((each) => each.finished.catch(() => {})));
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    });
    const value = await read();
    const text = JSON.stringify(value);
    if (text === last) return value;
    if (Date.now() > until) throw new Error(`no rest: ${last}, then ${text}`);
    last = text;
    await page.waitForTimeout(100);
  }
}

/** Where an element stands, once it stands still: a plot that has just been drawn may get another size with the next frame. */
export async function atRest(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  for (const until = Date.now() + REST_MS; ; ) {
    const box = await settled(element.page(), () => element.boundingBox());
    if (box !== null && box.width > 0) return box;
    if (Date.now() > until) throw new Error(`no place: ${element}`);
  }
}

/** Opens the card of a layer, where it is folded. */
export async function expand(card: Locator): Promise<void> {
  const head = card.locator('.ins-card-head');
  if ((await head.getAttribute('aria-expanded')) !== 'true') await head.click();
}

/** A running server and one page on it. */
export interface OpenedApp {
  readonly page: Page;
  /** Address of the app with its one-time token, which the page has used up. */
  readonly url: string;
  readonly home: string;
  readonly server: ChildProcess;
  /** What the page reported as an error: console errors and exceptions nobody caught. */
  readonly consoleErrors: string[];
  /** Ends page and server, and removes the home folder if it was made here. */
  close(): Promise<void>;
}

/**
 * With SEVENFOLD_TEST_DELAY=300 what page and back end say to each other takes 300 ms each way: a look that comes before its answer then always
 * does, however fast the machine is.
 */
async function slowLine(page: Page): Promise<void> {
  const ms = Number(process.env.SEVENFOLD_TEST_DELAY ?? 0);
  if (!(ms > 0)) return;
  await page.context().routeWebSocket(/.*/, (line) => {
    const server = line.connectToServer();
    line.onMessage((message) => void setTimeout(() => server.send(message), ms));
    server.onMessage((message) => void setTimeout(() => line.send(message), ms));
  });
}

/** Browsers of this test file by their arguments: starting one takes as long as opening a capture in it. */
const browsers = new Map<boolean, Promise<Browser>>();

afterAll(async () => {
  for (const each of browsers.values()) await each.then((browser) => browser.close()).catch(() => {});
  browsers.clear();
});

/** The browser of this test file with such scroll bars, or a new one where there is none, or it crashed. */
async function browserWith(scrollBars: boolean): Promise<Browser> {
  const running = await browsers.get(scrollBars)?.catch(() => null);
  if (running?.isConnected()) return running;
  const starting = chromium.launch({
    executablePath: chromiumPath() ?? '',
    ignoreDefaultArgs: scrollBars ? ['--hide-scrollbars'] : [],
    // Chromium has no sandbox of its own for root, and containers often allow none.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-dev-shm-usage'],
  });
  browsers.set(scrollBars, starting);
  return starting;
}

/** Starts `sevenfold serve [file]` and opens a page of 1440 × 900 (or as told) on it, with nothing kept of the pages before. */
export async function openApp(file?: string, options: OpenOptions = {}): Promise<OpenedApp> {
  const home = options.home ?? (await mkdtemp(path.join(os.tmpdir(), 'sevenfold-e2e-')));
  const args = [nodeProgram('cli'), 'serve', '--no-open', '--port', '0', ...(file === undefined ? [] : [file])];
  const server = spawn(process.execPath, args, {
    env: { ...process.env, ...options.env, SEVENFOLD_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const over = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let context: BrowserContext | null = null;
  const close = async (): Promise<void> => {
    await context?.close().catch(() => {});
    server.kill('SIGTERM');
    const timer = setTimeout(() => server.kill('SIGKILL'), 5000);
    await over;
    clearTimeout(timer);
    if (options.home === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const url = await addressOf(server);
    context = await (await browserWith(options.scrollBars === true)).newContext({
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      colorScheme: options.theme ?? 'light',
      acceptDownloads: true,
      ...(options.locale === undefined ? {} : { locale: options.locale }),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await slowLine(page);
    const consoleErrors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => consoleErrors.push(error.message));
    await options.prepare?.(page);
    await page.goto(url);
    return { page, url, home, server, consoleErrors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address that the server prints once it listens. Rejects with its words if it ends before, or stays silent. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the server printed no address: ${said}`)), PATIENCE_MS);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      finish();
    };
    const read = (text: string): void => {
      said += text;
      const address = /http:\/\/\S+/.exec(said)?.[0];
      if (address !== undefined) settle(() => resolve(address));
    };
    server.stdout?.setEncoding('utf8').on('data', read);
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    server.once('error', (error) => settle(() => reject(error)));
    server.once('close', (code) => settle(() => reject(new Error(`the server ended with ${code}: ${said}`))));
  });
}
