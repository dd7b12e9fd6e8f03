/** The HTTP view in a real browser: exchanges of real programs on one axis of time, one of them in full. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, openApp } from './browser.ts';

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
  await app.page.getByTestId('packet-list').locator('.ag-row').first().waitFor();
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
    expect(await first.innerText()).toContain(new URL(rows[0]?.url ?? '').pathname);
    expect(await first.innerText()).toContain(String(rows[0]?.status));
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
    expect(har.log.entries.length).toBe(Number((await page.getByTestId('tab-http').innerText()).replace(/\D/g, '')));
    expect(har.log.entries[0]?.request.url).toMatch(/^http:/);
  });
});
