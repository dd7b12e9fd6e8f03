/** A list of more rows than the grid has at once: a real capture, many times over. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, type OpenedApp, openApp, settled } from './browser.ts';

const ROW_PX = 22;
const PCAP_HEADER = 24;

describeInBrowser('A list of more rows than the grid has', () => {
  let folder: string;
  let total: number;
  let app: OpenedApp;
  let page: Page;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-long-'));
    const once = readFileSync(fileURLToPath(new URL('../fixtures/tcp-loss.pcap', import.meta.url)));
    let packets = 0;
    for (let at = PCAP_HEADER; at < once.length; at += 16 + once.readUInt32LE(at + 8)) packets++;
    const times = Math.ceil(60_000 / packets);
    writeFileSync(path.join(folder, 'long.pcap'), Buffer.concat([once, ...new Array(times - 1).fill(once.subarray(PCAP_HEADER))]));
    total = packets * times;
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    app = await openApp(path.join(folder, 'long.pcap'));
    page = app.page;
    await expect.poll(() => page.getByTestId('tab-packets').innerText()).toContain(total.toLocaleString('en'));
    await row(1).waitFor();
  });
  afterEach(async () => {
    await app.close();
    expect(app.consoleErrors).toEqual([]);
  });

  const row = (number: number) => page.locator(`.packet-grid .ag-row[aria-rowindex="${number + 1}"]`, { hasText: /\S/ });
  /** Rows in sight, as the user sees them: their numbers, and what a screen reader is told. Each row has its packet, below the one before. */
  const sight = () =>
    settled(page, () =>
      page.evaluate(() => {
        const area = document.querySelector('.packet-grid .ag-grid-viewport') as HTMLElement;
        const head = area.querySelector('.ag-header')?.getBoundingClientRect().bottom as number;
        const end = area.getBoundingClientRect().bottom;
        return [...area.querySelectorAll<HTMLElement>('.ag-row')]
          .map((each) => ({
            number: Number(each.querySelector('[col-id="no"]')?.textContent?.replaceAll(/\D/g, '')),
            told: Number(each.getAttribute('aria-rowindex')) - 1,
            top: Math.round(each.getBoundingClientRect().top - head),
            tones: ['warn', 'bad'].filter((tone) => each.classList.contains(tone)).join(),
            marks: ['warn', 'bad'].filter((tone) => each.querySelector(`.mk.${tone}`) !== null).join(),
          }))
          .filter(({ top }) => top > -22 && top < end - head)
          .sort((a, b) => a.top - b.top);
      }),
    );
  /** Number of the row at the top, with the fraction that is out of sight. */
  const first = async (): Promise<number> => {
    const rows = await sight();
    const [top] = rows;
    if (top === undefined) throw new Error('no rows');
    for (const [k, { number, told, top: px, tones, marks }] of rows.entries()) {
      expect([number, told, px]).toEqual([top.number + k, top.number + k, top.top + k * ROW_PX]);
      // Its edge goes with the packet.
      expect(tones, String(number)).toBe(marks);
    }
    return top.number - top.top / ROW_PX;
  };
  const selected = async (): Promise<string> =>
    (await page.locator('.packet-grid .ag-row.sel [col-id="no"]').allInnerTexts()).join().replaceAll(',', '');
  const shown = async (): Promise<string> => (await page.getByTestId('inspector').innerText()).replaceAll(',', '');
  const jump = async (share: number): Promise<void> => {
    const map = await atRest(page.getByTestId('minimap'));
    await page.mouse.click(map.x + map.width / 2, map.y + share * map.height);
    await expect.poll(first).toBeGreaterThan(share * total - 2000);
  };

  it('goes on by as much as the wheel says, wherever it is and over the rows that the grid had', async () => {
    await jump(0.5);
    const list = await atRest(page.locator('.packet-grid'));
    await page.mouse.move(list.x + 200, list.y + 200);
    let at = await first();
    for (const rows of [5, -3, ...new Array(9).fill(400), ...new Array(15).fill(-450), 4]) {
      await page.mouse.wheel(0, rows * ROW_PX);
      at += rows;
      await expect.poll(first).toBeCloseTo(at, 1);
    }
  });

  it('is paged through to both sides, with the right packet selected and the focus on it', async () => {
    await jump(0.4);
    const start = Math.ceil(await first()) + 3;
    await row(start).locator('[col-id="time"]').click();
    await expect.poll(selected).toBe(String(start));
    const page1 = (await sight()).length;
    const focused = () => page.evaluate(() => Number(document.activeElement?.closest('.ag-row')?.getAttribute('aria-rowindex') ?? 0) - 1);
    let last = start;
    let edges = 0;
    for (const key of [...new Array(5).fill('PageDown'), ...new Array(8).fill('PageUp'), 'ArrowDown', 'ArrowDown']) {
      await page.keyboard.press(key);
      // While the rows of another place are on their way, none is shown as selected.
      await expect.poll(selected).not.toMatch(new RegExp(`^(${last})?$`));
      const now = Number(await selected());
      if (key.startsWith('Page')) expect(Math.abs(now - last)).toBeGreaterThan(page1 - 4);
      expect(Math.sign(now - last)).toBe(key.endsWith('Down') ? 1 : -1);
      await expect.poll(focused).toBe(now);
      const top = await first();
      edges += (await sight()).filter(({ tones }) => tones !== '').length;
      expect(now).toBeGreaterThanOrEqual(Math.floor(top));
      expect(now).toBeLessThan(top + page1);
      last = now;
    }
    expect(edges).toBeGreaterThan(0);
    await expect.poll(shown).toContain(String(last));
    // What stands in a row that showed another packet is what a click chooses.
    const other = last + 4;
    await row(other).locator('[col-id="time"]').click();
    await expect.poll(selected).toBe(String(other));
    await expect.poll(shown).toContain(String(other));
  });

  it('has its first and its last packet where Home and End lead', async () => {
    await row(1).locator('[col-id="time"]').click();
    for (const [key, number] of [
      ['End', total],
      ['Home', 1],
      ['End', total],
      ['PageUp', 0],
      ['Home', 1],
    ] as const) {
      await page.keyboard.press(key);
      if (number === 0) continue;
      await expect.poll(selected).toBe(String(number));
      const rows = await sight();
      expect(rows.map((each) => each.number)).toContain(number);
    }
    expect(await first()).toBe(1);
  });

  it('tells a screen reader how many rows there are, not how many the grid has', async () => {
    await expect.poll(() => page.locator('.packet-grid [aria-rowcount]').getAttribute('aria-rowcount')).toBe(String(total + 1));
    await jump(0.7);
    expect(await page.locator('.packet-grid [aria-rowcount]').getAttribute('aria-rowcount')).toBe(String(total + 1));
  });
});
