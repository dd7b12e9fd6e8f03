/** The packet list sorted by its columns, and with columns of fields. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, type OpenOptions, openApp, settled } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function listOf(name: string, options: OpenOptions = {}): Promise<App> {
  app = await openApp(path.resolve(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))), options);
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  return app;
}
/** Texts of a column of the rows in sight, from top to bottom. */
async function column(page: App['page'], id: string): Promise<string[]> {
  return page
    .getByTestId('packet-list')
    .locator('.ag-row')
    .evaluateAll(
      (rows, wanted) =>
        rows
          .map((row) => ({ at: Number(row.getAttribute('row-index')), text: row.querySelector(`[col-id="${wanted}"]`)?.textContent ?? '' }))
          .sort((a, b) => a.at - b.at)
          .map((row) => row.text),
      id,
    );
}
const lengths = async (page: App['page']): Promise<number[]> => (await column(page, 'length')).map(Number);
/** The first rows, more than `least`, have these lengths. Rows and what they are to be are looked at together. */
async function inOrder(page: App['page'], sorted: readonly number[], least: number): Promise<void> {
  await expect
    .poll(async () => {
      const shown = await lengths(page);
      return shown.length > least && shown.every((length, at) => length === sorted[at]) ? 'in order' : shown;
    })
    .toBe('in order');
}
/** Lengths of all packets of a capture, as the command line has them. */
function allLengths(name: string): number[] {
  const file = path.join(root, 'test/fixtures', name);
  return execFileSync(process.execPath, [path.join(root, 'dist/node/cli.js'), 'dissect', file, '-T', 'fields', '-e', 'frame.len'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map(Number);
}

describeInBrowser('Columns of the packet list', () => {
  it('sort the list by a click, the other way round by the next, and not at all by the third', async () => {
    const { page, consoleErrors } = await listOf('tcp-zero-window.pcap');
    await expect.poll(() => column(page, 'no')).not.toContain('');
    const before = await column(page, 'no');
    const header = page.getByTestId('packet-list').locator('.ag-header-cell[col-id="length"]');
    await header.click();
    const all = allLengths('tcp-zero-window.pcap');
    await inOrder(
      page,
      [...all].sort((a, b) => a - b),
      20,
    );
    await header.click();
    await inOrder(
      page,
      [...all].sort((a, b) => b - a),
      20,
    );
    await header.click();
    await expect.poll(() => column(page, 'no')).toEqual(before);
    expect(consoleErrors).toEqual([]);
  });

  it('leave the rows where they are until those of the new order are here, and take what was clicked last', async () => {
    let answers: (() => void)[] | null = null;
    const { page } = await listOf('tcp-zero-window.pcap', {
      prepare: (each) =>
        each.routeWebSocket(/.*/, (line) => {
          const server = line.connectToServer();
          line.onMessage((message) => server.send(message));
          server.onMessage((message) => {
            if (answers === null) line.send(message);
            else answers.push(() => line.send(message));
          });
        }),
    });
    const header = page.getByTestId('packet-list').locator('.ag-header-cell[col-id="length"]');
    await page.getByTestId('minimap').click({ position: { x: 6, y: 400 } });
    const before = await settled(page, () => column(page, 'no'));
    expect(before[0]).not.toBe('1');
    answers = [];
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    expect(await settled(page, () => column(page, 'no'))).toEqual(before);
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
    // What the engine says of the first click comes after the second one.
    const held = answers;
    answers = null;
    for (const answer of held) answer();
    const all = allLengths('tcp-zero-window.pcap');
    await inOrder(
      page,
      [...all].sort((a, b) => b - a),
      20,
    );
    expect(await header.getAttribute('aria-sort')).toBe('descending');
  });

  it('keep the arrow at what the list is sorted by, through other views and a reload', async () => {
    const { page, url } = await listOf('http.pcap');
    const header = page.getByTestId('packet-list').locator('.ag-header-cell[col-id="length"]');
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await page.getByTestId('tab-statistics').click();
    await page.getByTestId('tab-packets').click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await page.goto(new URL('/', url).href);
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    const all = allLengths('http.pcap').sort((a, b) => a - b);
    await inOrder(page, all, 5);
  });

  it('keep the selected packet selected while the order changes', async () => {
    const { page } = await listOf('http.pcap');
    await page.getByTestId('packet-list').locator('.ag-row[row-index="5"]').click();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain('Packet 6');
    await page.getByTestId('packet-list').locator('.ag-header-cell[col-id="length"]').click();
    await expect.poll(() => page.getByTestId('packet-list').locator('.ag-row.sel .no').allInnerTexts()).toEqual(['6']);
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain('Packet 6');
  });

  it('are made of the selected field with C, filter and sort by it, and go with C or from the menu of their header', async () => {
    const { page, url } = await listOf('http.pcap');
    await page.getByTestId('packet-list').locator('.ag-row[row-index="3"]').click();
    const list = page.getByTestId('packet-list');
    const inspector = page.getByTestId('inspector');
    await inspector.locator('[role="treeitem"]').filter({ hasText: 'TCP' }).first().waitFor();
    await inspector.getByText('Source Port').first().click();
    await page.keyboard.press('c');
    const header = list.locator('.ag-header-cell').filter({ hasText: 'tcp.srcport' });
    await header.waitFor();
    await expect.poll(async () => (await column(page, 'field tcp.srcport'))[0]).toMatch(/^\d+$/);
    const port = (await column(page, 'field tcp.srcport'))[0];
    await list.locator('.ag-row[row-index="0"] [col-id="field tcp.srcport"]').click({ button: 'right' });
    await page.getByTestId('menu-filter').click();
    await expect.poll(() => page.getByTestId('filter-chip').allInnerTexts()).toEqual([`tcp.srcport == ${port}`]);
    // It is remembered.
    await page.goto(new URL('/', url).href);
    await header.waitFor();
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await header.click({ button: 'right' });
    await page.getByTestId('menu-column-away').click();
    await expect.poll(() => header.count()).toBe(0);
  });
});
