/** Graphs of a connection in the window, on the fixture with losses. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, openApp } from './browser.ts';

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function graphOf(name: string): Promise<App> {
  app = await openApp(path.resolve(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId('tab-connections').click();
  await app.page.getByTestId('graph-plot').locator('canvas').waitFor();
  return app;
}
const label = async (page: App['page']): Promise<string> => (await page.getByTestId('graph-plot').getAttribute('aria-label')) ?? '';

describeInBrowser('The graph of a connection', () => {
  it('shows the side that sent more, says what it shows, and marks what was sent again', async () => {
    const { page, consoleErrors } = await graphOf('tcp-loss.pcap');
    // 40,258: the FIN's number and one; packet 64 acknowledges it.
    await expect.poll(() => label(page)).toMatch(/^Sequence numbers of the server over 73\.\d ms: sent from 0 to 40,25\d; .*× sent again/);
    await expect.poll(() => page.getByTestId('graph-said').innerText()).toContain('sent again');
    for (const [button, said] of [
      ['RTT', /^Round-trip times of the server/],
      ['Throughput', /^Rates of the server/],
      ['Window', /^Windows of the server .*: window from .* to .*; in flight from/],
    ] as const) {
      await page.getByTestId('graph-kind').getByRole('radio', { name: button }).click();
      await expect.poll(() => label(page)).toMatch(said);
    }
    await page.getByTestId('graph-side').getByRole('radio', { name: 'Client' }).click();
    await expect.poll(() => label(page)).toMatch(/^Windows of the client/);
    expect(consoleErrors).toEqual([]);
  });

  it('leads from a point to its packet, by keys and by the mouse', async () => {
    const { page } = await graphOf('tcp-loss.pcap');
    const said = () => page.getByTestId('graph-said').innerText();
    await page.getByTestId('graph-cursor').focus();
    await page.keyboard.press('End');
    await expect.poll(said).toMatch(/^Packet 64, 0\.073\d+ s: acknowledged 40,258/);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(said).toMatch(/^Packet 63, /);
    await page.keyboard.press('Enter');
    await page.getByTestId('tab-packets').click();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain('Packet 63');
    await page.getByTestId('tab-connections').click();
    const box = await atRest(page.getByTestId('graph-plot').locator('.u-over'));
    // The handshake is the first thing at the lower left.
    await page.mouse.move(box.x + 4, box.y + box.height - 4);
    await expect.poll(said).toMatch(/^Packet \d+, 0\.00\d+ s/);
    const packet = /^Packet (\d+)/.exec(await said())?.[1];
    await page.mouse.click(box.x + 4, box.y + box.height - 4);
    await page.getByTestId('tab-packets').click();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain(`Packet ${packet}`);
  });

  it('shows a piece of time that was dragged over, and the whole again after a double click', async () => {
    const { page } = await graphOf('tcp-loss.pcap');
    await expect.poll(() => label(page)).toContain('sent from 0');
    const box = await atRest(page.getByTestId('graph-plot').locator('.u-over'));
    await page.mouse.move(box.x + box.width * 0.8, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.99, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => label(page)).not.toContain('sent from 0');
    await page.getByTestId('graph-whole').waitFor();
    await page.mouse.dblclick(box.x + box.width / 2, box.y + 30);
    await expect.poll(() => label(page)).toContain('sent from 0');
    await expect.poll(() => page.getByTestId('graph-whole').count()).toBe(0);
  });

  it('has the window’s edge and selective acknowledgements in the tcptrace kind, and keeps its place when the window is narrow', async () => {
    const { page } = await graphOf('tcp-loss.pcap');
    await page.getByTestId('graph-style').getByRole('radio', { name: 'tcptrace' }).click();
    await expect.poll(() => label(page)).toMatch(/window’s edge from .*acknowledged selectively from 8,689 to/);
    await page.setViewportSize({ width: 1100, height: 700 });
    // So low that the ladder has the room until the account is opened.
    await page.getByTestId('fold-account').click();
    await page.getByTestId('graph-plot').locator('canvas').waitFor();
    const canvas = () => atRest(page.getByTestId('graph-plot').locator('canvas'));
    await expect.poll(async () => (await canvas()).height).toBeGreaterThan(60);
    /** How far the picture reaches beyond its pane, px. */
    const beyond = async (): Promise<number> => {
      const [picture, pane] = [await canvas(), await atRest(page.getByTestId('graph'))];
      return picture.x + picture.width - pane.x - pane.width;
    };
    await expect.poll(beyond).toBeLessThanOrEqual(1);
  });
});
