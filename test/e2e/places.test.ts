/** Where things stand: the selection in a list that is read anew, keys that come before it, headings, what has little room. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, type OpenOptions, openApp, settled } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = (name: string): string => path.join(root, 'test/fixtures', name);
const numbers = (name: string, filter: string): string[] =>
  execFileSync(
    process.execPath,
    [path.join(root, 'dist/node/cli.js'), 'dissect', fixture(name), '-Y', filter, '-T', 'fields', '-e', 'frame.number'],
    { encoding: 'utf8' },
  )
    .split('\n')
    .filter(Boolean);

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function open(name: string, options: OpenOptions = {}): Promise<App> {
  app = await openApp(fixture(name), options);
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  return app;
}
/** Number of the selected packet, where its row is in sight; '' where not. */
const inSight = ({ page }: App): Promise<string> =>
  page.evaluate(() => {
    const row = document.querySelector<HTMLElement>('[data-testid="packet-list"] .ag-row.sel');
    const box = document.querySelector('[data-testid="packet-list"]')?.getBoundingClientRect();
    const at = row?.getBoundingClientRect();
    const seen = at !== undefined && box !== undefined && at.top >= box.top && at.bottom <= box.bottom;
    return seen ? (row?.querySelector<HTMLElement>('[col-id="no"]')?.innerText.replace(/\D/g, '') ?? '') : '';
  });

describeInBrowser('Places in the window', () => {
  it('the info of packets has room in a window of 1280 px, and rows reach to the overview', async () => {
    for (const width of [1000, 1280, 1440]) {
      const { page } = await open('dns-nanoseconds.pcap', { width, height: 800, scrollBars: true });
      const list = page.getByTestId('packet-list');
      // Columns glide to the places that the first rows give them.
      const places = async (): Promise<{ room: number; gap: number }> => {
        const info = await atRest(list.locator('.ag-header-cell[col-id="info"]'));
        return { room: info.width, gap: Math.abs(info.x + info.width - (await atRest(page.getByTestId('minimap'))).x) };
      };
      await expect.poll(async () => (await places()).gap, { message: `${width} px` }).toBeLessThan(3);
      expect((await places()).room, `${width} px`).toBeGreaterThanOrEqual(170);
      await app?.close();
      app = null;
    }
  });

  it('the last packet is in sight above a scroll bar for wide columns, and stays so when the list gets less room', async () => {
    for (const scrollBars of [false, true]) {
      const it = await open('rough/loss.pcap', { width: 1440, height: 900, scrollBars });
      const { page } = it;
      const list = page.getByTestId('packet-list');
      await list.locator('.ag-row').first().click();
      await page.keyboard.press('End');
      const last = numbers('rough/loss.pcap', 'frame').at(-1) as string;
      await expect.poll(() => inSight(it)).toBe(last);
      await page.setViewportSize({ width: 1440, height: 700 });
      await expect.poll(() => inSight(it)).toBe(last);
      // Columns by their headers' edges: wider than the list.
      const edge = await atRest(list.locator('.ag-header-cell[col-id="source"] .ag-header-cell-resize'));
      await page.mouse.move(edge.x + 4, edge.y + 10);
      await page.mouse.down();
      await page.mouse.move(edge.x + 500, edge.y + 10, { steps: 9 });
      await page.mouse.up();
      const bar = list.locator('.ag-body-horizontal-scroll');
      await expect.poll(async () => (await bar.boundingBox())?.height ?? 0).toBeGreaterThan(5);
      const bottom = async (): Promise<number> => {
        const [row, under] = [await atRest(list.locator('.ag-row.sel')), await atRest(bar)];
        return row.y + row.height - under.y;
      };
      await expect.poll(bottom).toBeLessThanOrEqual(1);
      await app?.close();
      app = null;
    }
  });

  it('a key pressed right after Enter in the filter is for the list that comes', async () => {
    const it = await open('rough/loss.pcap');
    const last = numbers('rough/loss.pcap', 'tcp.port == 80').at(-1) as string;
    await it.page.keyboard.press('/');
    await it.page.getByTestId('filter-input').fill('tcp.port == 80');
    await it.page.keyboard.press('Enter');
    await it.page.keyboard.press('g');
    await it.page.getByTestId('go-to').locator('input').fill(last);
    await it.page.keyboard.press('Enter');
    await expect.poll(() => inSight(it)).toBe(last);
    // Nothing of it stands in the filter.
    expect(await it.page.getByTestId('filter-bar').innerText()).not.toMatch(/80g/);
    expect(it.consoleErrors).toEqual([]);
  });

  it('the selected packet is in sight again when the capture was read anew', async () => {
    const it = await open('rough/loss.pcap');
    const last = numbers('rough/loss.pcap', 'tcp.port == 80').at(-20) as string;
    await it.page.locator('[data-testid="packet-list"] .ag-row').first().click();
    await it.page.keyboard.press('g');
    await it.page.getByTestId('go-to').locator('input').fill(last);
    await it.page.keyboard.press('Enter');
    await expect.poll(() => inSight(it)).toBe(last);
    await it.page.getByTestId('layer-card-tcp').hover();
    await it.page.getByTestId('decode-tcp').click();
    await it.page.getByTestId('decode-value').fill('80');
    await it.page.getByTestId('decode-protocol').fill('data');
    await it.page.keyboard.press('Enter');
    await expect.poll(() => it.page.getByTestId('decode-chip').innerText()).toContain('tcp.port==80,data');
    await expect.poll(() => inSight(it)).toBe(last);
  });

  it('the list stays where its user put it, whatever the scroll bar of the grid does, which nobody sees', async () => {
    const it = await open('rough/loss.pcap');
    const list = it.page.locator('.packet-grid .ag-grid-viewport');
    const top = (): Promise<number> => list.evaluate((node) => node.scrollTop);
    await it.page.locator('[data-testid="packet-list"] .ag-row').first().click();
    await it.page.keyboard.press('End');
    const last = String(numbers('rough/loss.pcap', 'frame').length);
    await expect.poll(() => inSight(it)).toBe(last);
    const before = await settled(it.page, top);
    expect(before).toBeGreaterThan(500);
    // The grid listens to what moved last, for a tenth of a second.
    await it.page.waitForTimeout(300);
    await it.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const bar = document.querySelector('.packet-grid .ag-body-vertical-scroll-viewport') as HTMLElement;
          const heard = (event: Event): void => {
            if (event.target === bar) requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
          };
          window.addEventListener('scroll', heard, true);
          bar.scrollTop = 0;
        }),
    );
    expect(await settled(it.page, top)).toBe(before);
  });

  it('headings go from level to level in every view', async () => {
    const it = await open('http.pcap');
    for (const tab of ['packets', 'connections', 'http', 'streams', 'statistics']) {
      await it.page.getByTestId(`tab-${tab}`).click();
      await it.page.locator(tab === 'packets' ? '[data-testid="packet-list"]' : `[data-testid="${tab}"]`).waitFor();
      if (tab === 'http') await it.page.getByTestId('http-story').waitFor();
      if (tab === 'connections') await it.page.getByTestId('graph').waitFor();
      const levels = await settled(it.page, () =>
        it.page.evaluate(() =>
          [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
            .filter((node) => node.checkVisibility())
            .map((node) => Number(node.tagName[1])),
        ),
      );
      expect(levels[0], tab).toBe(1);
      for (const [k, level] of levels.entries())
        if (k > 0) expect(level - (levels[k - 1] as number), `${tab}: ${levels}`).toBeLessThanOrEqual(1);
    }
  });

  it('a folded account takes one line of a small window', async () => {
    const it = await open('http.pcap', { width: 1000, height: 650 });
    await it.page.getByTestId('tab-connections').click();
    await it.page.getByTestId('ladder').waitFor();
    await it.page.getByTestId('fold-account').waitFor();
    await expect.poll(async () => (await atRest(it.page.getByTestId('account'))).height).toBeLessThan(40);
  });

  it('an empty HTTP view speaks of TLS where there is TLS', async () => {
    const encrypted = await open('rough/browser-tls.pcap');
    await encrypted.page.getByTestId('tab-http').click();
    await expect.poll(() => encrypted.page.getByTestId('http').innerText()).toContain('TLS');
    await encrypted.close();
    const plain = await open('dns.pcap');
    await plain.page.getByTestId('tab-http').click();
    await expect.poll(() => plain.page.getByTestId('http').innerText()).toContain('No HTTP exchange');
    await plain.page.waitForTimeout(300);
    expect(await settled(plain.page, () => plain.page.getByTestId('http').innerText())).not.toContain('TLS');
  });
});
