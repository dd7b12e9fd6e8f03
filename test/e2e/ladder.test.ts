/** What the ladder gives away: pictures, the stream, the filter, and a table to those who do not see it. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, openApp, settled } from './browser.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

let app: Awaited<ReturnType<typeof openApp>> | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function openLadder(name: string): Promise<NonNullable<typeof app>> {
  app = await openApp(fixture(name));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId('tab-connections').click();
  await app.page.getByTestId('ladder').locator('[data-step]').first().waitFor();
  return app;
}

describeInBrowser('The ladder', () => {
  it.each(['http.pcap', 'tcp-loss.pcap'])('is saved as an SVG that stands alone: %s', async (name) => {
    const { page } = await openLadder(name);
    await expect.poll(() => page.getByTestId('ladder').locator('[data-step]').count()).toBeGreaterThan(5);
    const rows = await settled(page, () => page.getByTestId('ladder').locator('[data-step]').allInnerTexts());
    await page.getByTestId('ladder').locator('[data-step] button').first().focus();
    await page.keyboard.press('e');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('menu-svg').click()]);
    expect(download.suggestedFilename()).toMatch(/^connection-0-[\d.]+-\d+-[\d.]+-\d+\.svg$/);
    const svg = await readFile(await download.path(), 'utf8');
    // As a browser reads a file: well formed, nothing from elsewhere, no colour left to a style sheet.
    const read = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        broken: document.querySelector('parsererror') !== null,
        title: document.querySelector('title')?.textContent ?? '',
        texts: [...document.querySelectorAll('text')].map((node) => node.textContent ?? ''),
      };
    }, svg);
    expect(read.broken).toBe(false);
    expect(read.title).toMatch(/^[\d.]+:\d+ → [\d.]+:\d+$/);
    expect(svg).not.toMatch(/var\(|undefined|NaN|href|@import/);
    const all = read.texts.join('\n');
    for (const words of ['SYN-SENT', 'ESTABLISHED', 'Since SYN']) expect(all).toContain(words);
    // Every time and every folded run of the window stands in the picture.
    for (const row of rows) {
      const time = /^\d+\.\d{6,9}/.exec(row)?.[0];
      if (time !== undefined) expect(all).toContain(time);
      const run = /\d+ segments?, [\d,]+ bytes?/.exec(row)?.[0];
      if (run !== undefined) expect(all).toContain(run);
    }
  });

  it('is saved as a PNG of the whole connection', async () => {
    const { page } = await openLadder('http.pcap');
    await page.getByTestId('export-ladder').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('menu-png').click()]);
    const png = await readFile(await download.path());
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(2240);
    const steps = Number(await page.getByTestId('ladder').locator('table').getAttribute('aria-rowcount')) - 1;
    expect(png.readUInt32BE(20)).toBeGreaterThan(2 * 23 * steps);
    expect(app?.consoleErrors).toEqual([]);
  });

  it('leads to the stream, and filters its packets', async () => {
    const { page } = await openLadder('http.pcap');
    await page.getByTestId('only-packets').click();
    await expect.poll(() => page.getByTestId('filter-bar').innerText()).toMatch(/tcp\.stream\s*==\s*0/);
    await page.getByTestId('follow-stream').click();
    await expect.poll(() => page.getByTestId('stream-content').innerText()).toContain('GET /index.html');
  });

  it('is a table to a screen reader: time, client, between, server, packet', async () => {
    const { page } = await openLadder('http.pcap');
    await expect.poll(() => page.getByTestId('ladder').locator('[data-step]').count()).toBeGreaterThan(10);
    const session = await page.context().newCDPSession(page);
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
      nodes: { nodeId: string; parentId?: string; role?: { value: string }; name?: { value: string } }[];
    };
    const table = nodes.find((node) => node.role?.value === 'table' && node.name?.value.startsWith('Packets of the connection'));
    expect(table).toBeDefined();
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const inTable = nodes.filter((node) => {
      for (let up = node.parentId; up !== undefined; up = byId.get(up)?.parentId) if (up === table?.nodeId) return true;
      return false;
    });
    const roles = (role: string) => inTable.filter((node) => node.role?.value === role);
    expect(roles('columnheader').map((node) => node.name?.value)).toEqual(['Since SYN', 'Client', 'Between them', 'Server', 'Packet']);
    expect(roles('row').length).toBeGreaterThan(10);
    const cells = roles('cell').map((node) => node.name?.value ?? '');
    expect(cells.some((name) => name.includes('client to server') && name.includes('client SYN-SENT'))).toBe(true);
    expect(cells).toContain('Packet 1');
  });

  it('has the room of a small window, and the account one line that opens it', async () => {
    const { page } = await openLadder('http.pcap');
    const seen = async (): Promise<number> => {
      const body = await atRest(page.locator('.con-lbody'));
      return Math.floor(body.height / 23);
    };
    const account = page.getByTestId('account');
    await page.setViewportSize({ width: 1000, height: 650 });
    await expect.poll(seen).toBeGreaterThan(9);
    const fold = page.getByTestId('fold-account');
    await expect.poll(() => fold.getAttribute('aria-expanded')).toBe('false');
    await expect.poll(() => account.innerText()).toMatch(/^What happened\n.+\.$/);
    await fold.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => account.locator('li').count()).toBeGreaterThan(2);
    await page.getByTestId('graph-plot').waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    await expect.poll(() => fold.count()).toBe(0);
    await expect.poll(() => account.locator('li').count()).toBeGreaterThan(2);
  });
});
