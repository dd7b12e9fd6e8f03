/** What happened on a connection, in the window: sentences beside the ladder, each with its packets. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, openApp } from './browser.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function connectionsOf(name: string): Promise<App> {
  app = await openApp(path.resolve(fixture(name)));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId('tab-connections').click();
  return app;
}

describeInBrowser('The account of a connection', () => {
  it('says that a connection was refused, and leads to the packets that prove it', async () => {
    const { page, consoleErrors } = await connectionsOf('tcp-refused.pcap');
    const account = page.getByTestId('account');
    await expect.poll(() => account.innerText()).toContain('The client asked to connect and was refused: a reset answered the SYN');
    await account.getByRole('button', { name: 'Packet 2', exact: true }).click();
    await expect.poll(() => account.getByRole('button', { name: 'Packet 2', exact: true }).getAttribute('aria-pressed')).toBe('true');
    await page.getByTestId('tab-packets').click();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain('Packet 2');
    expect(consoleErrors).toEqual([]);
  });

  it('says of a connection with losses which packets were sent again', async () => {
    const { page } = await connectionsOf('tcp-loss.pcap');
    await expect.poll(() => page.getByTestId('account').innerText()).toMatch(/(was|were) sent again/);
  });

  it('stands under the ladder where the window is narrow, and opens from one line where it is low too', async () => {
    const { page } = await connectionsOf('http.pcap');
    await page.getByTestId('account').waitFor();
    await page.setViewportSize({ width: 1000, height: 700 });
    const box = (id: string) => atRest(page.getByTestId(id));
    await expect.poll(async () => (await box('account')).height).toBeGreaterThan(0);
    await expect.poll(async () => (await box('account')).height).toBeLessThan(40);
    await page.getByTestId('fold-account').click();
    await page.getByTestId('account').locator('li').first().waitFor();
    await expect.poll(async () => (await box('account')).height).toBeGreaterThan(80);
    /** How far the account begins below the end of the ladder, px. */
    const below = async (): Promise<number> => {
      const [account, ladder] = [await box('account'), await box('ladder')];
      return account.y - ladder.y - ladder.height;
    };
    await expect.poll(below).toBeGreaterThanOrEqual(-1);
  });
});
