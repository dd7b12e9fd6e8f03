/** Following a stream in the window, against what the command line says of the same captures. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, openApp, settled } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = (name: string): string => path.join(root, 'test/fixtures', name);
const cli = (...args: string[]): string =>
  execFileSync(process.execPath, [path.join(root, 'dist/node/cli.js'), ...args], { encoding: 'latin1' });

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function open(file: string): Promise<App> {
  app = await openApp(path.isAbsolute(file) ? file : fixture(file));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  return app;
}
async function openStreams(file: string): Promise<App> {
  const it = await open(file);
  await it.page.getByTestId('tab-streams').click();
  await it.page.getByTestId('stream-content').waitFor();
  return it;
}
/** What one side of stream tcp:0 sent, by the command line. */
async function sent(name: string, node: number): Promise<Buffer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-follow-'));
  try {
    const file = path.join(folder, 'sent.bin');
    cli('follow', fixture(name), '--stream', 'tcp:0', '--node', String(node), '-w', file);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
const content = (it: App): Promise<string> => it.page.getByTestId('stream-content').innerText();

describeInBrowser('A followed stream', () => {
  it('shows what both sides said, in order, with who said it and in which packet', async () => {
    const it = await openStreams('http.pcap');
    await expect.poll(() => content(it)).toMatch(/Client[\s\S]*GET \/index\.html[\s\S]*Server[\s\S]*HTTP\/1\.1 200 OK/);
    await expect.poll(() => it.page.getByTestId('stream-view').innerText()).toMatch(/Server[\s\S]*[\d,]+ bytes/);
    // A packet's number leads to the packet.
    const number = it.page.getByTestId('stream-content').locator('button').first();
    const packet = (await settled(it.page, () => number.innerText())).trim();
    await number.click();
    await it.page.getByTestId('tab-packets').click();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(new RegExp(`^Packet ${packet}\\b`));
    expect(it.consoleErrors).toEqual([]);
  });

  it('stands in a table that sorts by every column, of TCP and of UDP', async () => {
    const it = await openStreams('http.pcap');
    const table = it.page.getByTestId('streams-table');
    const column = async (id: string): Promise<string[]> =>
      (await table.locator(`.ag-row [col-id="${id}"]`).allInnerTexts()).map((text) => text.trim());
    const streams = cli('connections', fixture('http.pcap'), '--json').trim().split('\n').length;
    await expect.poll(async () => (await column('stream')).filter(Boolean).length).toBe(streams);
    const before = await settled(it.page, () => column('stream'));
    const head = (id: string) => table.locator(`.ag-header-cell[col-id="${id}"]`);
    for (const id of ['first', 'second', 'bytes', 'outcome', 'stream']) {
      await head(id).click();
      await expect.poll(() => head(id).getAttribute('aria-sort')).toBe('ascending');
    }
    await head('stream').click();
    await expect.poll(() => column('stream')).toEqual([...before].reverse());
    await it.page.getByTestId('stream-kind').getByText('UDP').click();
    await expect.poll(() => it.page.getByTestId('streams').innerText()).toMatch(/No UDP stream|Initiator/);
    expect(it.consoleErrors).toEqual([]);
  });

  it('shows what HTTP says in it, with chunks and compression undone, and the bytes as sent again', async () => {
    const it = await openStreams('http.pcap');
    await it.page.getByTestId('streams-table').locator('.ag-row[row-index="4"]').click();
    await expect.poll(() => content(it)).toContain('Content-Encoding: gzip');
    expect(await content(it)).not.toContain('<h1>');
    await it.page.getByTestId('stream-layer').getByText('HTTP', { exact: true }).click();
    await expect.poll(() => content(it)).toContain('<h1>Seven layers</h1>');
    await it.page.getByTestId('stream-layer').getByText('As sent').click();
    await expect.poll(() => content(it)).not.toContain('<h1>');
    expect(it.consoleErrors).toEqual([]);
  });

  it('opens from a packet by S at what that packet brought', async () => {
    const it = await open('tcp-zero-window.pcap');
    const rows = cli('dissect', fixture('tcp-zero-window.pcap'), '-Y', 'tcp.len > 0', '-T', 'fields', '-e', 'frame.number')
      .trim()
      .split('\n');
    const wanted = rows[Math.floor(rows.length / 2)] as string;
    await it.page.locator('[data-testid="packet-list"] .ag-row').first().click();
    await it.page.keyboard.press('g');
    await it.page.getByTestId('go-to').locator('input').fill(wanted);
    await it.page.keyboard.press('Enter');
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(new RegExp(`^Packet ${wanted}\\b`));
    await it.page.keyboard.press('s');
    const link = it.page.getByTestId(`stream-packet-${wanted}`);
    await link.waitFor();
    const inSight = async (): Promise<boolean> => {
      const [at, pane] = [await link.boundingBox(), await it.page.getByTestId('stream-content').boundingBox()];
      return at !== null && pane !== null && at.y >= pane.y && at.y < pane.y + pane.height;
    };
    await expect.poll(inSight).toBe(true);
  });

  it('shows one side alone, as text, hex dump and hex', async () => {
    const it = await openStreams('http.pcap');
    await it.page.getByTestId('stream-side').getByText('Server').click();
    await expect.poll(() => content(it)).toMatch(/^\s*Server/);
    await expect.poll(() => content(it)).not.toContain('GET /index.html');
    await it.page.getByTestId('stream-form').getByText('Hex dump').click();
    await expect.poll(() => content(it)).toContain('00000000  48 54 54 50 2f 31 2e 31  20 32 30 30');
    await it.page.getByTestId('stream-form').getByText('Raw hex').click();
    await expect.poll(() => content(it)).toContain('485454502f312e3120323030');
  });

  it('finds every place of a text, and goes from one to the next and round', async () => {
    const it = await openStreams('http.pcap');
    const expected = (await Promise.all([0, 1].map((node) => sent('http.pcap', node))))
      .map((bytes) => bytes.toString('latin1').match(/server/gi)?.length ?? 0)
      .reduce((sum, n) => sum + n, 0);
    expect(expected).toBeGreaterThan(1);
    const found = (): Promise<string> => it.page.getByTestId('stream-matches').innerText();
    await it.page.getByTestId('stream-search').fill('SERVER');
    await expect.poll(found).toBe(`1 of ${expected}`);
    await expect.poll(() => it.page.locator('[data-testid="stream-content"] mark.now').count()).toBe(1);
    await it.page.keyboard.press('Shift+Enter');
    await expect.poll(found).toBe(`${expected} of ${expected}`);
    await it.page.getByTestId('stream-search').fill('no such words');
    await expect.poll(found).toBe('not found');
    await it.page.getByTestId('stream-search-hex').click();
    await it.page.getByTestId('stream-search').fill('0d 0a 0d 0a');
    await expect.poll(found).toMatch(/^\d+ of \d+$/);
  });

  it('leads from any byte to its packet', async () => {
    const it = await openStreams('http.pcap');
    const content = it.page.getByTestId('stream-content');
    const block = content.locator('.str-block').nth(1);
    await block.locator('.str-data').click({ position: { x: 12, y: 8 } });
    await expect.poll(() => content.locator('.str-block.sel').count()).toBeGreaterThan(0);
    const number = await content.locator('.str-block.sel [data-testid^="stream-packet-"]').first().innerText();
    expect(number).toBe(await block.locator('[data-testid^="stream-packet-"]').innerText());
    await block.locator('[data-testid^="stream-packet-"]').dblclick();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toContain(`Packet ${number}`);
  });

  it('saves the bytes that one side sent, all of them', async () => {
    const it = await openStreams('http.pcap');
    for (const [node, side] of ['Client', 'Server'].entries()) {
      await it.page.getByTestId('stream-side').getByText(side).click();
      const [download] = await Promise.all([it.page.waitForEvent('download'), it.page.getByTestId('stream-save').click()]);
      const expected = await sent('http.pcap', node);
      expect(expected.length).toBeGreaterThan(100);
      expect(expected.equals(await readFile(await download.path()))).toBe(true);
      expect(download.suggestedFilename()).toBe(`http-tcp-0-${side.toLowerCase()}.bin`);
    }
  });

  it('scrolls from the beginning to the end of a stream, drawing a part of it at a time', async () => {
    const it = await openStreams('tcp-zero-window.pcap');
    await it.page.getByTestId('stream-form').getByText('Hex dump').click();
    const pane = it.page.getByTestId('stream-content');
    await expect.poll(() => content(it)).toContain('00000000  ');
    const offsets = async (): Promise<number[]> =>
      [...(await content(it)).matchAll(/^([0-9a-f]{8}) {2}/gm)].map((match) => Number.parseInt(match[1] as string, 16));
    const totals = async (): Promise<number[]> =>
      [...(await it.page.getByTestId('stream-view').innerText()).matchAll(/([\d,]+) bytes/g)].map((match) =>
        Number(match[1]?.replaceAll(',', '')),
      );
    await expect.poll(async () => (await totals()).length).toBeGreaterThan(1);
    const total = Math.max(...(await settled(it.page, totals)));
    const drawn = async () => ({ top: await pane.evaluate((node) => node.scrollTop), offsets: await offsets() });
    const seen = new Set<number>();
    await pane.focus();
    await it.page.mouse.move(800, 500);
    for (let k = 0; k < 400; k++) {
      const now = await drawn();
      for (const offset of now.offsets) seen.add(offset);
      if ([...seen].some((offset) => offset + 16 >= total)) break;
      await it.page.mouse.wheel(0, 1500);
      // The next turn of the wheel comes when this one has been taken: it moves the pane, or has it draw another part.
      await expect.poll(async () => JSON.stringify(await drawn()) !== JSON.stringify(now)).toBe(true);
    }
    expect([...seen].some((offset) => offset + 16 >= total)).toBe(true);
    // Nothing was passed over.
    const lines = [...seen].sort((a, b) => a - b);
    for (const [k, offset] of lines.entries()) if (k > 0) expect(offset - (lines[k - 1] as number)).toBeLessThanOrEqual(16);
    await it.page.keyboard.press('Home');
    await expect.poll(async () => (await offsets())[0]).toBe(0);
    await it.page.keyboard.press('End');
    await expect.poll(async () => Math.max(...(await offsets())) + 16).toBeGreaterThanOrEqual(total);
  });

  it('says what is missing in the capture', async () => {
    const it = await openStreams('snapped.pcap');
    await it.page.getByTestId('stream-gap').first().waitFor();
    await expect.poll(() => it.page.getByTestId('stream-gap').first().innerText()).toMatch(/\d+ bytes? missing in the capture/);
  });

  it('lists and follows UDP streams', async () => {
    const it = await open('dns.pcap');
    await it.page.getByTestId('tab-streams').click();
    await it.page.getByTestId('stream-kind').getByText('UDP').click();
    await it.page.getByTestId('stream-content').waitFor();
    await expect.poll(() => it.page.getByTestId('streams-table').innerText()).toContain(':53');
    await it.page.getByTestId('stream-form').getByText('Hex dump').click();
    await expect.poll(() => content(it)).toMatch(/Initiator[\s\S]*Responder/);
  });

  it('cuts no head of the table in a narrow window, in either language', async () => {
    for (const locale of ['en-US', 'ko-KR']) {
      app = await openApp(fixture('http.pcap'), { width: 1000, height: 650, locale });
      await app.page.getByTestId('tab-streams').click();
      const heads = app.page.getByTestId('streams-table').locator('.ag-header-cell-text');
      await expect.poll(() => heads.count()).toBe(5);
      const cut = () => heads.evaluateAll((all) => all.map((head) => head.scrollWidth - head.clientWidth));
      expect(await settled(app.page, cut)).toEqual([0, 0, 0, 0, 0]);
      await app.close();
      app = null;
    }
  });
});
