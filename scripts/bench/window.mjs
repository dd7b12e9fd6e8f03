// A large capture in the real window, in a real browser: when the first rows show, whether rows stay blank while the list is scrolled, how long a
// click takes to become layers, filters as a user waits for them.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { which } from './tools.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
/** Rows that are clicked, and how long each way of scrolling goes on. */
const CLICKS = 100;
const SCROLL_MS = 3000;
/** How long the start screen stands before a file is opened, and the pointer on a row before it is clicked, ms. */
const START_MS = 2500;
const POINTED_MS = 100;

/** Why it cannot be measured here, null if it can. */
export function noWindow(root) {
  if (BROWSERS.every((name) => which(name) === null)) return 'no Chromium is installed';
  return existsSync(path.join(root, 'dist', 'renderer', 'index.html')) ? null : 'the window is not built';
}

/** Runs in the page: notes blank rows frame by frame, and when the layers of a clicked row show. */
function instrument() {
  const box = () => document.querySelector('.packet-grid .ag-grid-viewport') ?? document.querySelector('.packet-grid');
  const state = { blank: 0, most: 0, frames: 0, longest: 0, last: performance.now(), on: false };
  /** Since when each row in sight has been empty, by its place in the list; -1 for room without rows. */
  let since = new Map();
  /** The rows in sight that are empty now. */
  const blankRows = () => {
    const area = box()?.getBoundingClientRect();
    if (area === undefined) return [-1];
    const blank = [];
    let rows = 0;
    for (const row of document.querySelectorAll('.packet-grid .ag-row')) {
      const at = row.getBoundingClientRect();
      if (at.bottom <= area.top + 26 || at.top >= area.bottom) continue;
      rows++;
      if (!row.classList.contains('ag-full-width-row') && (row.querySelector('[col-id="no"]')?.textContent ?? '') === '')
        blank.push(Number(row.getAttribute('row-index')));
    }
    if (rows < Math.floor((area.height - 26) / 22) - 1) blank.push(-1);
    return blank;
  };
  const look = (now) => {
    if (state.on) {
      state.frames++;
      state.longest = Math.max(state.longest, now - state.last);
      const blank = blankRows();
      if (blank.length > 0) state.blank++;
      // A row that shows empty for the first time has been so since the frame before, at most.
      since = new Map(blank.map((row) => [row, since.get(row) ?? state.last]));
      for (const began of since.values()) state.most = Math.max(state.most, now - began);
    }
    state.last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.benchScroll = {
    start() {
      since = new Map();
      Object.assign(state, { blank: 0, most: 0, frames: 0, longest: 0, last: performance.now(), on: true });
    },
    stop() {
      state.on = false;
      return { blankFrames: state.blank, longestBlankMs: state.most, frames: state.frames, longestFrameMs: state.longest };
    },
  };
  // From the pointer to the layers: what the bar of the frame says of its number.
  window.benchClick = { wanted: '', began: 0, took: [] };
  addEventListener(
    'pointerdown',
    (event) => {
      const row = event.target instanceof Element ? event.target.closest('.ag-row') : null;
      const text = row?.querySelector('[col-id="no"]')?.textContent ?? '';
      if (text === '') return;
      window.benchClick.wanted = text;
      window.benchClick.began = performance.now();
    },
    true,
  );
  new MutationObserver(() => {
    const click = window.benchClick;
    if (click.wanted === '') return;
    const shown = (document.querySelector('[data-testid="inspector"] .ins-head b')?.textContent ?? '').replace(/\D/g, '');
    if (shown === click.wanted.replace(/\D/g, '')) {
      click.took.push(performance.now() - click.began);
      click.wanted = '';
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;

/** Everything on one capture. `say` tells how far it is. */
export async function inWindow(root, file, packets, filters, say) {
  const { chromium } = await import('playwright-core');
  const home = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-bench-home-'));
  const server = spawn(process.execPath, [path.join(root, 'dist', 'node', 'cli.js'), 'serve', '--no-open', '--port', '0'], {
    env: { ...process.env, SEVENFOLD_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let browser = null;
  try {
    const url = await new Promise((resolve, reject) => {
      let text = '';
      server.stdout.setEncoding('utf8').on('data', (part) => {
        text += part;
        const found = /http:\/\/\S+/.exec(text);
        if (found !== null) resolve(found[0]);
      });
      server.on('close', () => reject(new Error('the server ended')));
    });
    browser = await chromium.launch({
      executablePath: BROWSERS.map(which).find((program) => program !== null),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-dev-shm-usage'],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    await page.evaluate(instrument);
    page.setDefaultTimeout(60_000);
    const result = { firstRowsMs: null, openMs: null, scroll: {}, detailMs: null, filters: [], enginePeakKiB: null };

    say('Opening in the window …');
    await page.waitForTimeout(START_MS);
    await page.getByTestId('open-path').fill(file);
    // In the page, so that the way between this program and the browser is not measured.
    result.firstRowsMs = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const began = performance.now();
          const look = () => {
            const cells = [...document.querySelectorAll('.packet-grid .ag-row [col-id="no"]')];
            if (cells.length > 20 && cells.every((cell) => cell.textContent !== '')) resolve(performance.now() - began);
            else requestAnimationFrame(look);
          };
          document.querySelector('[data-testid="open-path"]')?.form?.requestSubmit();
          look();
        }),
    );
    const opened = performance.now();
    await page.waitForFunction(
      (n) => Number((document.querySelector('[data-testid="filter-count"]')?.textContent ?? '').replace(/\D/g, '')) >= n,
      packets,
      { timeout: 600_000 },
    );
    result.openMs = performance.now() - opened + result.firstRowsMs;

    const list = page.locator('.packet-grid');
    const area = await list.boundingBox();
    const scrolled = async (name, act) => {
      say(`Scrolling: ${name} …`);
      await page.evaluate(() => window.benchScroll.start());
      const end = performance.now() + SCROLL_MS;
      let steps = 0;
      while (performance.now() < end) {
        await act(steps++);
      }
      await page.waitForTimeout(400);
      result.scroll[name] = { steps, ...(await page.evaluate(() => window.benchScroll.stop())) };
    };
    await page.mouse.move(area.x + 300, area.y + 300);
    await scrolled('wheel', () => page.mouse.wheel(0, 400));
    await scrolled('page keys', async () => {
      await page.keyboard.press('PageDown');
    });
    const map = await page.getByTestId('minimap').boundingBox();
    let random = 1;
    await scrolled('far jumps', async () => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      await page.mouse.click(map.x + map.width / 2, map.y + 2 + (random / 2 ** 32) * (map.height - 4));
      await page.waitForTimeout(150);
    });

    say('Clicking …');
    for (let k = 0; k < CLICKS; k++) {
      if (k % 5 === 0) {
        random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
        await page.mouse.click(map.x + map.width / 2, map.y + 2 + (random / 2 ** 32) * (map.height - 4));
        await page.waitForTimeout(200);
      }
      // A hand takes longer from a row to the button.
      await page.mouse.move(area.x + 500, area.y + 60 + ((k * 7) % 20) * 22);
      await page.waitForTimeout(POINTED_MS);
      await page.mouse.down();
      await page.mouse.up();
      await page
        .waitForFunction((n) => window.benchClick.wanted === '' && window.benchClick.took.length >= n, 1, { timeout: 5000 })
        .catch(() => {});
      await page.waitForTimeout(30);
    }
    const took = (await page.evaluate(() => window.benchClick.took)).sort((a, b) => a - b);
    result.detailMs = { clicks: took.length, median: at(took, 0.5), p95: at(took, 0.95), most: at(took, 1) };

    const filterInput = async () => {
      const input = page.getByTestId('filter-input');
      for (let k = 0; k < 20 && (await input.count()) === 0; k++) {
        await page.keyboard.press('/');
        await page.waitForTimeout(250);
      }
      return input;
    };
    for (const text of filters) {
      say(`Filter ${text} …`);
      // The field of the filter before is about to close.
      await page.waitForTimeout(300);
      const input = await filterInput();
      await input.fill(text);
      const [firstMs, wholeMs, matches] = await page.evaluate(
        () =>
          new Promise((resolve) => {
            const began = performance.now();
            const before = document.querySelector('[data-testid="filter-count"]')?.textContent;
            let first = null;
            const look = () => {
              const now = document.querySelector('[data-testid="filter-count"]')?.textContent ?? '';
              const blank = [...document.querySelectorAll('.packet-grid .ag-row [col-id="no"]')].some((cell) => cell.textContent === '');
              if (first === null && now !== before && now !== '' && !blank) first = performance.now() - began;
              if (first !== null && / ms|[\d.]+ s/.test(now) && !/so far/.test(now)) resolve([first, performance.now() - began, now]);
              else requestAnimationFrame(look);
            };
            const input = document.querySelector('[data-testid="filter-input"]');
            input?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
            requestAnimationFrame(look);
          }),
      );
      result.filters.push({ text, firstMs, wholeMs, matches });
    }
    result.enginePeakKiB = peakOf(server.pid);
    return result;
  } finally {
    await browser?.close();
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('close', resolve));
    rmSync(home, { recursive: true, force: true });
  }
}

/** Peak memory of the engine, a child of the server, KiB; null where the system does not tell. */
function peakOf(server) {
  try {
    const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8').trim().split(' ');
    return Math.max(...children.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)));
  } catch {
    return null;
  }
}
