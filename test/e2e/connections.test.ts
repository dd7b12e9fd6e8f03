/** The table of connections in the window: by handshake, by trouble, by column, and as a filter of the packets. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { nodeProgram } from '../../src/system/locations.ts';
import { describeInBrowser, openApp, settled } from './browser.ts';

const fixture = (name: string): string => path.resolve(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)));

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function tableOf(name: string, home?: string): Promise<App> {
  app = await openApp(fixture(name), home === undefined ? {} : { home });
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId('tab-connections').click();
  await app.page.getByTestId('connections-table').locator('.ag-row').first().waitFor();
  return app;
}
const rows = async (page: App['page']): Promise<number> => page.getByTestId('connections-table').locator('.ag-row').count();

describeInBrowser('The table of connections', () => {
  it('is one stop for Tab, whatever its rows and columns', async () => {
    const { page } = await tableOf('http.pcap');
    const inside = (): Promise<boolean> =>
      page.getByTestId('connections-table').evaluate((table) => table.contains(document.activeElement));
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.closest('.ag-row')?.getAttribute('row-index'));
    // Until its rows are here the table has one.
    await page.getByTestId('connections-table').locator('.ag-row[row-index="1"] .ag-cell[col-id="client"]', { hasText: /\S/ }).waitFor();
    await page.getByTestId('connections-table').locator('.ag-row[row-index="0"] .ag-cell[col-id="client"]').click();
    await expect.poll(focused).toBe('0');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('1');
    expect(await inside()).toBe(true);
    await page.keyboard.press('Tab');
    await expect.poll(inside).toBe(false);
    expect(await page.getByRole('grid', { name: 'Connections' }).count()).toBe(1);
  });

  it('has its buttons within reach in half a window, and the words of a message before its numbers', async () => {
    const { page } = await tableOf('http.pcap');
    await page.setViewportSize({ width: 720, height: 600 });
    const edges = () => page.getByTestId('connections-bar').evaluate((bar) => [bar.scrollWidth, bar.clientWidth]);
    await expect.poll(async () => ((at) => (at[0] as number) - (at[1] as number))(await edges())).toBe(0);
    await page.getByTestId('connections-bar').getByRole('button').last().click({ trial: true });
    const facts = await settled(page, () =>
      page.locator('.con-head > *').evaluateAll((all) =>
        all.map((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          return { left, right, top, bottom };
        }),
      ),
    );
    facts.forEach((a, i) => {
      for (const b of facts.slice(i + 1))
        expect(a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1).toBe(true);
    });
    const said = page.locator('.con-label .con-app', { hasText: 'GET /index.html' }).first();
    await expect.poll(() => said.evaluate((words) => words.clientWidth)).toBeGreaterThan(60);
    // What stands for several segments keeps its words within itself.
    const run = page.locator('.con-run').first();
    const beyond = await settled(page, () =>
      run.evaluate((element) => {
        const box = element.getBoundingClientRect();
        return [...element.children].filter(
          (each) => each.getBoundingClientRect().left < box.left || each.getBoundingClientRect().right > box.right,
        ).length;
      }),
    );
    expect(beyond).toBe(0);
  });

  it('says how long each lasted, however short it was', async () => {
    const { page } = await tableOf('http.pcap');
    const cells = page.getByTestId('connections-table').locator('.ag-row .ag-cell[col-id="durationMs"]');
    await expect.poll(() => cells.allInnerTexts()).toEqual(expect.arrayContaining(['413 µs', '16.8 ms']));
  });

  it('shows those of one handshake, filters the packets on them, and comes back', async () => {
    const { page, consoleErrors } = await tableOf('http.pcap');
    const all = execFileSync(process.execPath, [nodeProgram('cli'), 'connections', fixture('http.pcap'), '--json'], { encoding: 'utf8' })
      .trim()
      .split('\n').length;
    expect(all).toBeGreaterThan(2);
    await expect.poll(() => rows(page)).toBe(all);
    await page.getByTestId('handshake-refused').click();
    await expect.poll(() => rows(page)).toBe(0);
    // The words come with the answer, the rows go at once.
    await expect.poll(() => page.getByTestId('connections').innerText()).toContain('No connection is like that.');
    await expect.poll(() => page.getByTestId('only-these').count()).toBe(0);
    await page.getByTestId('show-all').click();
    await expect.poll(() => rows(page)).toBe(all);
    await page.getByTestId('handshake-refused').click();
    await expect.poll(() => rows(page)).toBe(0);
    await page.getByTestId('handshake-refused').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.getByTestId('handshake-all').getAttribute('aria-checked')).toBe('true');
    await expect.poll(() => rows(page)).toBe(all);
    await page.getByTestId('narrow-columns').click();
    await page.getByTestId('connections-table').locator('.ag-floating-filter input').first().fill('1-2');
    await expect.poll(() => rows(page)).toBe(2);
    await page.getByTestId('only-these').click();
    await expect.poll(() => page.getByTestId('filter-chip').allInnerTexts()).toEqual(['tcp.stream in {1..2}']);
    expect(consoleErrors).toEqual([]);
  });

  it('orders by retransmissions and by the slowest handshake, and shows what it is ordered by', async () => {
    const { page } = await tableOf('tcp-loss.pcap');
    await page.getByTestId('order-mostResent').click();
    await expect.poll(() => page.getByTestId('connections-table').locator('.ag-header-cell[col-id="resentShare"]').count()).toBe(1);
    const shares = async (): Promise<number[]> =>
      (await page.getByTestId('connections-table').locator('.ag-cell[col-id="resentShare"]').allInnerTexts()).map((text) =>
        Number.parseFloat(text),
      );
    await expect.poll(async () => (await shares()).length).toBeGreaterThan(1);
    await expect.poll(async () => (await shares())[0]).toBeGreaterThan(0);
    /** True where each is at most what stands above it. */
    const falling = async (): Promise<boolean> => (await shares()).every((share, k, all) => k === 0 || share <= (all[k - 1] as number));
    await expect.poll(falling).toBe(true);
    await page.getByTestId('order-slowest').click();
    await expect.poll(() => page.getByTestId('order-slowest').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => page.getByTestId('order-mostResent').getAttribute('aria-pressed')).toBe('false');
  });

  it('filters the packets on one connection with one click', async () => {
    const { page } = await tableOf('tcp-loss.pcap');
    await page.getByTestId('connections-table').locator('.ag-row').nth(1).hover();
    await page.getByTestId('connections-table').locator('.ag-row').nth(1).locator('.con-only').click();
    await expect.poll(() => page.getByTestId('filter-chip').allInnerTexts()).toEqual(['tcp.stream == 1']);
  });

  it('shows the columns that were chosen, and still does when the page is opened again', async () => {
    const { page, url } = await tableOf('tcp-reset.pcap');
    await page.getByTestId('choose-columns').click();
    for (const id of ['options', 'resetState', 'goodputClient']) await page.getByTestId(`column-${id}`).click();
    await page.keyboard.press('Escape');
    const table = page.getByTestId('connections-table');
    await expect.poll(() => table.locator('.ag-cell[col-id="options"]').first().innerText()).toContain('MSS 1460');
    await expect.poll(() => table.locator('.ag-cell[col-id="resetState"]').first().innerText()).toBe('ESTABLISHED');
    await expect.poll(() => table.locator('.ag-cell[col-id="goodputClient"]').first().innerText()).toMatch(/kbit\/s$/);
    await page.goto(new URL('/', url).href);
    await page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
    await page.getByTestId('tab-connections').click();
    await expect.poll(() => table.locator('.ag-cell[col-id="options"]').count()).toBeGreaterThan(0);
  });
});
