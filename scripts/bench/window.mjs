// A large capture in the real window, in a real browser: when the first rows show, whether rows stay blank while the list is scrolled, how long a
// click takes to become layers, filters as a user waits for them.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { which } from './tools.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
/** How many rows are clicked, how long each way of scrolling goes on, ms, and how often each filter is typed. */
const EFFORT = { clicks: 100, scrollMs: 3000, filterRounds: 3 };
/** How long the start screen stands before a file is opened, and the pointer on a row before it is clicked, ms. */
const START_MS = 2500;
const POINTED_MS = 100;
/** How fast a filter is typed, and how long the list has to stay as it is before it counts as the filter's, ms. */
const KEY_MS = 12;
const REST_MS = 450;

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
        blank.push(Number(row.getAttribute('aria-rowindex')));
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
  // From Enter in the filter to the frame in which the list, or what it says where it is empty, has changed for the last time.
  const filter = { began: 0, rows: '', changed: 0, count: '', counted: 0 };
  window.benchFilter = filter;
  const rowsShown = () =>
    document.querySelector('[data-testid="list-empty"]') !== null
      ? 'none'
      : [...document.querySelectorAll('.packet-grid .ag-row')]
          .map((row) => `${row.getAttribute('aria-rowindex')}:${row.querySelector('[col-id="no"]')?.textContent}`)
          .sort()
          .join();
  const countShown = () => document.querySelector('[data-testid="filter-count"]')?.textContent ?? '';
  addEventListener(
    'keydown',
    ({ key }) => {
      if (key === 'Enter')
        Object.assign(filter, { began: performance.now(), rows: rowsShown(), changed: 0, count: countShown(), counted: 0 });
    },
    true,
  );
  const watch = () => {
    const [rows, count, now] = [rowsShown(), countShown(), performance.now()];
    if (rows !== filter.rows) Object.assign(filter, { rows, changed: now });
    if (count !== filter.count) Object.assign(filter, { count, counted: filter.counted || now });
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
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
    const shown = (document.querySelector('[data-testid="packet-shown"]')?.textContent ?? '').replace(/\D/g, '');
    if (shown === click.wanted.replace(/\D/g, '')) {
      click.took.push(performance.now() - click.began);
      click.wanted = '';
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;

/** Everything on one capture. `say` tells how far it is. Throws where fewer than half of the clicks were seen to show layers: then it is not the window that is slow. */
export async function inWindow(root, file, packets, filters, say, effort = EFFORT) {
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
    const result = { firstRowsMs: null, openMs: null, scroll: {}, detailMs: null, filters: [], filterMs: null, enginePeakKiB: null };

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
      const end = performance.now() + effort.scrollMs;
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
    for (let k = 0; k < effort.clicks; k++) {
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
    if (took.length < effort.clicks / 2) throw new Error(`Only ${took.length} of ${effort.clicks} clicks were seen to show a packet.`);
    result.detailMs = { clicks: took.length, median: at(took, 0.5), p95: at(took, 0.95), most: at(took, 1) };

    const times = new Map(filters.map((text) => [text, []]));
    for (let round = 0; round < effort.filterRounds; round++) {
      for (const text of filters) {
        say(`Filter ${text} …`);
        await page.keyboard.press('/');
        await page.getByTestId('filter-input').waitFor();
        await page.keyboard.press('Control+a');
        if (text === '') await page.keyboard.press('Delete');
        else await page.keyboard.type(text, { delay: KEY_MS });
        await page.keyboard.press('Enter');
        await page.waitForFunction(
          (rest) => {
            // A scan may go on for long: its first rows are here.
            const last = Math.max(window.benchFilter.changed, window.benchFilter.counted);
            return last > 0 && performance.now() - last > rest;
          },
          REST_MS,
          { polling: 50 },
        );
        // Where the same rows stay, what is said of them is what changes.
        const [shown, matches] = await page.evaluate(() => {
          const { began, changed, counted, count } = window.benchFilter;
          return [(changed > 0 ? changed : counted) - began, count];
        });
        times.get(text).push({ shown, matches });
      }
    }
    const shownMs = [...times.values()].flatMap((all) => all.map(({ shown }) => shown)).sort((a, b) => a - b);
    result.filters = [...times].map(([text, all]) => ({
      text,
      firstMs: all[0].shown,
      againMs: all.slice(1).map(({ shown }) => shown),
      matches: all[0].matches,
    }));
    result.filterMs = { typed: shownMs.length, median: at(shownMs, 0.5), p95: at(shownMs, 0.95), most: at(shownMs, 1) };
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
