/** The statistics view in the window. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, openApp, settled } from './browser.ts';

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function statisticsOf(name: string): Promise<App> {
  app = await openApp(path.resolve(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId('tab-statistics').click();
  await app.page.getByTestId('stat-plot').locator('canvas').waitFor();
  return app;
}
const chips = (page: App['page']): Promise<string[]> => page.getByTestId('filter-chip').allInnerTexts();

describeInBrowser('The statistics view', () => {
  it('shows the protocol hierarchy, and filters on one of it', async () => {
    const { page, consoleErrors } = await statisticsOf('http.pcap');
    const rows = page.getByTestId('stat-protocols').locator('tbody tr');
    await expect.poll(() => rows.locator('.pill').allInnerTexts()).toEqual(expect.arrayContaining(['Ethernet', 'IPv4', 'TCP', 'HTTP']));
    await expect.poll(() => rows.first().locator('td.share').innerText()).toContain('100%');
    const http = rows.filter({ hasText: 'HTTP' }).first();
    await http.hover();
    await http.getByRole('button').click();
    await expect.poll(() => chips(page)).toEqual(['http']);
    // What is counted follows the filter.
    await expect.poll(() => rows.first().locator('td.share').innerText()).toContain('100%');
    await expect.poll(() => page.getByTestId('stat-progress').innerText()).toMatch(/^\d+ packets$/);
    expect(consoleErrors).toEqual([]);
  });

  it('has conversations and endpoints, sorted by any column, and packet lengths', async () => {
    const { page } = await statisticsOf('http.pcap');
    await page.getByTestId('stat-section').getByRole('radio', { name: 'Conversations' }).click();
    const table = page.getByTestId('stat-table');
    const bytes = async (): Promise<number[]> =>
      (await table.locator('.ag-center-cols-container .ag-cell[col-id="bytes"], .ag-row .ag-cell[col-id="bytes"]').allInnerTexts()).map(
        (text) => Number(text.replaceAll(',', '')),
      );
    await expect.poll(async () => (await bytes()).length).toBeGreaterThan(2);
    const falling = (all: readonly number[]): boolean => all.every((each, k) => k === 0 || each <= (all[k - 1] as number));
    await expect.poll(async () => falling(await bytes())).toBe(true);
    const down = await settled(page, bytes);
    expect(falling(down)).toBe(true);
    await table.locator('.ag-header-cell[col-id="bytes"]').click();
    await expect.poll(bytes).toEqual([...down].sort((a, b) => a - b));
    await page.getByTestId('stat-section').getByRole('radio', { name: 'Endpoints' }).click();
    await expect.poll(() => table.locator('.ag-cell[col-id="a"]').first().innerText()).toMatch(/:\d+$/);
    await page.getByTestId('stat-section').getByRole('radio', { name: 'Packet lengths' }).click();
    await expect.poll(() => page.getByTestId('stat-progress').innerText()).toMatch(/^\d+ packets$/);
    await expect.poll(() => page.getByTestId('stat-lengths').locator('tr.sum td').nth(1).innerText()).toMatch(/^\d+$/);
    // Lengths that no packet has are rows like the others.
    const rows = page.getByTestId('stat-lengths').locator('tbody tr');
    const tops = await settled(page, () => rows.evaluateAll((all) => all.map((row) => Math.round(row.getBoundingClientRect().top))));
    expect(await rows.filter({ hasText: '–' }).count()).toBe(tops.length - 1);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(new Set(tops).size).toBe(tops.length);
  });

  it('zooms into time, filters on it, and leads from a slot to its first packet', async () => {
    const { page } = await statisticsOf('tcp-loss.pcap');
    const box = await atRest(page.getByTestId('stat-plot').locator('.u-over'));
    await page.mouse.move(box.x + 2, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await page.getByTestId('stat-whole').waitFor();
    await page.getByTestId('stat-only-time').click();
    await expect.poll(async () => (await chips(page)).length).toBe(2);
    expect((await chips(page))[0]).toMatch(/^frame\.time_relative >= 0\.0/);
    await page.getByTestId('stat-cursor').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => page.getByTestId('stat-said').innerText()).toMatch(/^0\.0\d* s: \d+ packets?/);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('inspector').innerText()).toMatch(/Packet \d+/);
  });
});
