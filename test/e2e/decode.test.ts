/** "Decode as" in the window: what a port carries is what the user says, and back. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, openApp } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = path.join(root, 'test/fixtures/http.pcap');
const numbers = (filter: string, ...more: string[]): string[] =>
  execFileSync(
    process.execPath,
    [path.join(root, 'dist/node/cli.js'), 'dissect', fixture, '-Y', filter, '-T', 'fields', '-e', 'frame.number', ...more],
    {
      encoding: 'utf8',
    },
  )
    .trim()
    .split('\n')
    .filter(Boolean);

let app: Awaited<ReturnType<typeof openApp>> | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

describeInBrowser('Decode as', () => {
  it('takes a port for another protocol everywhere in the window, and back', async () => {
    app = await openApp(fixture);
    const { page } = app;
    const list = page.getByTestId('packet-list');
    await list.locator('.ag-row').first().waitFor();
    const [request] = numbers('http.request');
    const shown = (): Promise<string> => page.getByTestId('filter-count').innerText();
    await page.keyboard.press('/');
    await page.getByTestId('filter-input').fill('http or data');
    await page.keyboard.press('Enter');
    await expect.poll(shown).toContain(`${numbers('http or data').length} of`);
    // The count is here before the rows.
    await list.locator('.ag-row[row-index="0"]', { hasText: 'GET' }).click();
    await page.getByTestId('layer-card-http').waitFor();
    await expect.poll(() => page.getByTestId('facet-protocols').innerText()).toContain('HTTP');

    // From the card of the transport: its port stands in the panel.
    await page.getByTestId('layer-card-tcp').hover();
    await page.getByTestId('decode-tcp').click();
    await page.getByTestId('decode-panel').waitFor();
    await expect.poll(() => page.getByTestId('decode-value').inputValue()).toBe('80');
    await expect.poll(() => page.getByTestId('decode-table').inputValue()).toBe('tcp.port');
    await page.getByTestId('decode-protocol').fill('data');
    await page.keyboard.press('Enter');

    // List, layers, side list and status bar say the same as the command line with the same choice; the filter stays.
    await expect.poll(() => page.getByTestId('decode-chip').innerText()).toContain('tcp.port==80,data');
    await page.getByTestId('layer-card-data').waitFor();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain(`Packet ${request}`);
    await expect.poll(() => page.getByTestId('layer-card-http').count()).toBe(0);
    const taken = numbers('http or data', '-d', 'tcp.port==80,data');
    await expect.poll(shown).toContain(`${taken.length} of`);
    await expect.poll(() => page.getByTestId('facet-protocols').innerText()).not.toContain('HTTP');
    expect(await page.getByTestId('filter-bar').innerText()).toContain('http or data');

    await page.getByTestId('decode-choices').getByRole('button', { name: 'Remove tcp.port==80,data' }).click();
    await page.getByTestId('layer-card-http').waitFor();
    await expect.poll(() => page.getByTestId('decode-chip').count()).toBe(0);
    await expect.poll(shown).toContain(`${numbers('http or data').length} of`);
    await expect.poll(() => page.getByTestId('facet-protocols').innerText()).toContain('HTTP');
    await page.keyboard.press('Escape');
    await page.getByTestId('decode-panel').waitFor({ state: 'detached' });
    expect(app.consoleErrors).toEqual([]);
  });

  it('is offered for the port that was clicked in the list', async () => {
    app = await openApp(fixture);
    const { page } = app;
    const row = page.getByTestId('packet-list').locator('.ag-row[row-index="0"]', { hasText: /\S/ }).first();
    await row.waitFor();
    await row.locator('[col-id="destination"]').click({ button: 'right' });
    await page.getByTestId('menu-decode').click();
    await expect.poll(() => page.getByTestId('decode-value').inputValue()).toBe('80');
    // Found by its title, not only by its name.
    await page.getByTestId('decode-protocol').fill('hypertext');
    await expect.poll(() => page.getByTestId('decode-offers').innerText()).toContain('http');
    await page.getByTestId('decode-value').fill('80-');
    await expect.poll(() => page.getByTestId('decode-add').isDisabled()).toBe(true);
  });

  it('does what Enter asked for before it was known what there is to choose from', async () => {
    // The page's question what can be chosen gets to the engine only when the test says so.
    let release: (() => void) | null = null;
    app = await openApp(fixture, {
      prepare: (page) =>
        page.routeWebSocket(/.*/, (line) => {
          const server = line.connectToServer();
          line.onMessage((message) => {
            if (message.includes('"decodeOptions"')) release = () => server.send(message);
            else server.send(message);
          });
        }),
    });
    const { page } = app;
    await page.getByTestId('packet-list').locator('.ag-row[row-index="3"]', { hasText: /\S/ }).first().click();
    await page.getByTestId('layer-card-http').waitFor();
    await page.getByTestId('layer-card-tcp').hover();
    await page.getByTestId('decode-tcp').click();
    await page.getByTestId('decode-protocol').fill('data');
    await page.keyboard.press('Enter');
    await expect.poll(() => release !== null).toBe(true);
    // Nothing is said to be missing while nothing is known.
    expect(await page.getByTestId('decode-offers').innerText()).toBe('');
    expect(await page.getByTestId('decode-chip').count()).toBe(0);
    (release as unknown as () => void)();
    await expect.poll(() => page.getByTestId('decode-chip').innerText()).toContain('tcp.port==80,data');
    await page.getByTestId('layer-card-data').waitFor();
    expect(app.consoleErrors).toEqual([]);
  });
});
