/** The HTTP view in a real browser: exchanges of real programs on one axis of time, one of them in full. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, openApp, settled } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = (name: string): string => path.join(root, 'test/fixtures', name);

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function exchangesOf(name: string): Promise<App> {
  app = await openApp(fixture(name));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId('tab-http').click();
  return app;
}

describeInBrowser('The HTTP view', () => {
  it('lists the exchanges that the command line lists', async () => {
    const { page, consoleErrors } = await exchangesOf('http.pcap');
    const lines = execFileSync(process.execPath, [path.join(root, 'dist/node/cli.js'), 'http', fixture('http.pcap'), '--json'], {
      encoding: 'utf8',
    });
    const rows = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { url: string; status: number });
    await expect.poll(() => page.getByTestId('tab-http').innerText()).toContain(String(rows.length));
    const first = page.getByTestId('exchanges-table').locator('.ag-row').first();
    await expect.poll(() => first.innerText()).toContain('GET');
    await expect.poll(() => first.innerText()).toContain(new URL(rows[0]?.url ?? '').pathname);
    await expect.poll(() => first.innerText()).toContain(String(rows[0]?.status));
    expect(consoleErrors).toEqual([]);
  });

  it('shows request and response of the chosen exchange, and leads to its packets', async () => {
    const { page } = await exchangesOf('http.pcap');
    await expect.poll(() => page.getByTestId('http-request').innerText()).toContain('Host');
    await expect.poll(() => page.getByTestId('http-response').innerText()).toContain('200 OK');
    await page
      .getByTestId('http-response')
      .getByRole('button', { name: /^packet / })
      .click();
    await expect.poll(() => page.getByTestId('tab-packets').getAttribute('aria-selected')).toBe('true');
    await page.getByTestId('layer-card-http').waitFor();
  });

  it('has room for the sixteen octets of a line of hex in a window of the usual width', async () => {
    app = await openApp(fixture('http.pcap'), { scrollBars: true });
    const { page } = app;
    await page.getByTestId('tab-http').click();
    const response = page.getByTestId('http-response');
    await response.getByRole('button', { name: 'Hex', exact: true }).click();
    const hex = response.locator('pre.hex');
    await expect.poll(() => hex.innerText()).toMatch(/^0000( [0-9a-f]{2}){16} {2}.{16}$/m);
    const [beside, inside] = await settled(page, () => hex.evaluate((node) => [node.clientWidth, node.scrollWidth]));
    expect(inside).toBeLessThanOrEqual(beside as number);
  });

  it('shows what filter leaves, and says so where it leaves none', async () => {
    const { page } = await exchangesOf('http.pcap');
    await page.keyboard.press('/');
    await page.getByTestId('filter-input').fill('frame.number == 1');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('http').innerText()).toContain('No HTTP exchange in these packets.');
  });

  it('saves the exchanges as a HAR file', async () => {
    const { page } = await exchangesOf('http.pcap');
    await page.getByTestId('exchanges-table').locator('.ag-row').nth(1).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-har').click()]);
    expect(file.suggestedFilename()).toBe('http.har');
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const har = JSON.parse(Buffer.concat(chunks).toString()) as { log: { version: string; entries: { request: { url: string } }[] } };
    expect(har.log.version).toBe('1.2');
    await expect.poll(async () => Number((await page.getByTestId('tab-http').innerText()).replace(/\D/g, ''))).toBe(har.log.entries.length);
    expect(har.log.entries[0]?.request.url).toMatch(/^http:/);
  });

  it('tells what happened on an exchange, and leads to the exchanges that it has to do with', async () => {
    const { page, consoleErrors } = await exchangesOf('web/session.pcap');
    const table = page.getByTestId('exchanges-table');
    await table.locator('.ag-row[row-id="1"]').locator('[col-id="path"]').click();
    const story = page.getByTestId('http-story');
    await expect.poll(() => story.innerText()).toContain('The request follows a redirect (301)');
    await expect.poll(() => story.innerText()).toContain('sends the client to http://shop.example:8095/login?next=%2Fcart');
    await story.getByRole('button', { name: 'Exchange 3', exact: true }).first().click();
    await expect.poll(() => page.locator('.http-detail').innerText()).toContain('GET /login?next=%2Fcart');
    await expect.poll(() => table.locator('.ag-row-selected').getAttribute('row-id')).toBe('2');
    const cookies = page.getByTestId('http-response').getByTestId('http-cookies');
    await expect.poll(() => cookies.innerText()).toMatch(/sid[\s\S]*HttpOnly[\s\S]*sent back 4×/);
    // The value is a secret until it is asked for.
    expect(await page.getByTestId('http-response').innerText()).not.toContain('31d4d96e407aad42');
    await page.getByTestId('http-response').getByRole('button', { name: 'Show secrets', exact: true }).click();
    await expect.poll(() => cookies.innerText()).toContain('31d4d96e407aad42');
    await cookies.getByRole('button', { name: 'Exchange 7', exact: true }).click();
    await expect.poll(() => cookies.innerText()).toContain('takes the cookie away');
    expect(consoleErrors).toEqual([]);
  });

  it('shows the parts of an upload, images as images, and runs nothing', async () => {
    const { page, consoleErrors } = await exchangesOf('web/session.pcap');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('dialog', () => expect.unreachable('a script of a body ran'));
    const table = page.getByTestId('exchanges-table');
    const show = async (number: number): Promise<void> => {
      await table.locator('.ag-grid-viewport').evaluate((body, to) => body.scrollTo(0, to), 22 * (number - 3));
      await table.locator(`.ag-row[row-id="${number - 1}"] [col-id="path"]`).click();
    };
    await show(20);
    const parts = page.getByTestId('http-request').getByTestId('http-part');
    await expect.poll(() => parts.count()).toBe(3);
    await expect.poll(() => parts.nth(1).innerText()).toContain('pixel.png');
    await expect
      .poll(() =>
        parts
          .nth(1)
          .locator('img')
          .evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBe(8);
    // The page of exchange 3 has a script in it.
    await show(3);
    const body = page.getByTestId('http-response').getByTestId('http-body');
    await expect.poll(() => body.innerText()).toContain('<script>alert(1)</script>');
    await expect.poll(() => body.locator('.n-tag').count()).toBeGreaterThan(5);
    expect(await body.locator('script').count()).toBe(0);
    // Only fonts, and code of other views, of the window itself.
    const own = /^http:\/\/127\.0\.0\.1:\d+\/assets\/[\w.-]+\.(woff2|js|css)$/;
    expect(requests.filter((url) => !url.startsWith('blob:') && !own.test(url))).toEqual([]);
    expect(consoleErrors).toEqual([]);
  });

  it('sorts by what its heads say', async () => {
    const { page } = await exchangesOf('web/session.pcap');
    const table = page.getByTestId('exchanges-table');
    const cells = async (column: string): Promise<string[]> =>
      table.locator(`.ag-row [col-id="${column}"]`).evaluateAll((all) =>
        all
          .map((cell) => ({ row: Number(cell.closest('.ag-row')?.getAttribute('row-index')), text: cell.textContent ?? '' }))
          .sort((a, b) => a.row - b.row)
          .map(({ text }) => text),
      );
    await table.locator('.ag-row').nth(3).waitFor();
    for (const column of ['path', 'host', 'method', 'type']) {
      await table.locator(`.ag-header-cell[col-id="${column}"]`).click();
      await expect
        .poll(async () => {
          const said = await cells(column);
          const known = said.filter((text) => text !== '–');
          return known.length > 3 && JSON.stringify(known) === JSON.stringify([...known].sort());
        })
        .toBe(true);
    }
    await table.locator('.ag-header-cell[col-id="size"]').click();
    await table.locator('.ag-header-cell[col-id="size"]').click();
    await expect.poll(async () => (await cells('size'))[0]).toBe('1,492');
    await page.getByRole('button', { name: 'Time', exact: true }).click();
    await expect.poll(async () => (await cells('path'))[0]).toBe('/old');
  });

  it('sorts by one head at a time, with Shift too', async () => {
    const { page } = await exchangesOf('web/session.pcap');
    const table = page.getByTestId('exchanges-table');
    await table.locator('.ag-row').nth(3).waitFor();
    const sorted = table.locator('.ag-header-cell:is([aria-sort="ascending"], [aria-sort="descending"])');
    await table.locator('.ag-header-cell[col-id="path"]').click();
    await expect.poll(() => sorted.evaluateAll((heads) => heads.map((head) => head.getAttribute('col-id')))).toEqual(['path']);
    await table.locator('.ag-header-cell[col-id="host"]').click({ modifiers: ['Shift'] });
    await expect.poll(() => sorted.evaluateAll((heads) => heads.map((head) => head.getAttribute('col-id')))).toEqual(['host']);
  });

  it('saves all bodies as a ZIP file', async () => {
    const { page } = await exchangesOf('web/session.pcap');
    await page.getByTestId('exchanges-table').locator('.ag-row').nth(1).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-bodies').click()]);
    expect(file.suggestedFilename()).toBe('session-bodies.zip');
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const zip = Buffer.concat(chunks);
    expect(zip.readUInt16LE(zip.length - 12)).toBe(31);
    expect(zip.includes('shop.example_8095/login.html')).toBe(true);
    await expect.poll(() => page.getByTestId('http').innerText()).toContain('30 bodies saved');
  });

  it('makes a HAR file that a browser answers from', async () => {
    const { page } = await exchangesOf('web/session.pcap');
    await page.getByTestId('exchanges-table').locator('.ag-row').nth(1).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-har').click()]);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-har-'));
    try {
      const har = path.join(folder, 'session.har');
      await file.saveAs(har);
      const context = (await page.context().browser()?.newContext()) as BrowserContext;
      await context.routeFromHAR(har, { notFound: 'abort' });
      const replayed = await context.newPage();
      // The chain of redirects, and the page at its end, come from the file: there is no such host.
      await replayed.goto('http://shop.example:8095/old');
      expect(replayed.url()).toBe('http://shop.example:8095/login?next=%2Fcart');
      expect(await replayed.locator('h1').innerText()).toBe('Seven layers & more');
      const json = await replayed.evaluate(async () => (await fetch('/gzip')).json());
      expect(json).toMatchObject({ text: 'ä "quoted"' });
      await context.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names what its sum and the count of its status codes leave out', async () => {
    const { page } = await exchangesOf('rough/loss.pcap');
    await page.getByTestId('exchanges-table').locator('.ag-row[row-id="0"] [col-id="path"]').click();
    const times = page.locator('.http-timings');
    await expect.poll(() => times.innerText()).toContain('Handshake');
    // The handshake is listed, but no part of it: the same number stands in the table.
    await expect.poll(() => times.locator('.total th').innerText()).toBe('Request to end of response');
    const sum = page.getByTestId('exchanges-table').locator('.ag-row[row-id="0"] [col-id="totalMs"]');
    expect(await times.locator('.total td').last().innerText()).toBe(await sum.innerText());
    await page.getByTestId('tab-packets').click();
    const statuses = page.getByTestId('facet-statuses').getByRole('button', { name: 'Status codes in packets' });
    expect(await statuses.getAttribute('title')).toContain('The HTTP tab also has those');
  });

  it('tells of losses on a rough link, packet by packet', async () => {
    const { page, consoleErrors } = await exchangesOf('rough/loss.pcap');
    await page.getByTestId('exchanges-table').locator('.ag-row[row-id="8"] [col-id="path"]').click();
    const story = page.getByTestId('http-story');
    await expect.poll(() => story.innerText()).toContain('One packet of the client was sent again, 274 ms after the exchange began.');
    await expect.poll(() => story.innerText()).toContain('came with bytes missing before it, 415 ms after the exchange began');
    const again = story.locator('li', { hasText: 'was sent again, 274 ms after' });
    await again.getByRole('button', { name: 'Packet 220', exact: true }).click();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain('Packet 220');
    expect(consoleErrors).toEqual([]);
  });
});
