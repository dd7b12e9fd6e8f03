/** Accounts of real traffic over rough links, read in the window, each sentence with its packets. */
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, openApp } from './browser.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/rough/${name}`, import.meta.url));

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

async function opened(name: string, tab: 'connections' | 'http'): Promise<App> {
  app = await openApp(fixture(name));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  await app.page.getByTestId(`tab-${tab}`).click();
  return app;
}

/** The account of the connection with a `tcp.stream`. */
async function connection({ page }: App, stream: number): Promise<ReturnType<App['page']['getByTestId']>> {
  const row = page.getByTestId('connections-table').locator(`.ag-row[row-index="${stream}"]`).first();
  await row.waitFor();
  await row.click();
  return page.getByTestId('account');
}

/** Goes from a sentence of an account to one of its packets, and on to that packet's layers. */
async function follow({ page }: App, sentence: ReturnType<App['page']['getByTestId']>, packet: number): Promise<void> {
  await sentence.getByRole('button', { name: `Packet ${packet}`, exact: true }).click();
  await page.getByTestId('tab-packets').click();
  await expect.poll(() => page.getByTestId('inspector').innerText()).toContain(`Packet ${packet}`);
  await page.getByTestId('tab-connections').click();
}

describeInBrowser('Accounts of rough traffic', () => {
  it('a server without room for the request: for how long, with the packets that close, probe and open the window', async () => {
    const at = await opened('odd.pcap', 'connections');
    const account = await connection(at, 6);
    const sentence = account.locator('li', { hasText: 'zero window' });
    await expect
      .poll(() => sentence.innerText())
      .toContain('The server had no room for more data (zero window) for 1.4 s; the client probed it twice.');
    await expect.poll(() => sentence.getByRole('button').allInnerTexts()).toEqual(['120', '121', '123', '125']);
    await follow(at, sentence, 125);
    expect(at.consoleErrors).toEqual([]);
  });

  it('a SYN that an ICMP error answered, and a question that nothing answered', async () => {
    const at = await opened('unreachable.pcap', 'connections');
    let account = await connection(at, 1);
    const error = account.locator('li', { hasText: 'ICMP' });
    await expect.poll(() => error.innerText()).toContain('192.0.2.2 sent an ICMP error about it');
    await follow(at, error, 6);
    account = await connection(at, 4);
    await expect
      .poll(() => account.innerText())
      .toContain('Behind the client’s last data this capture has no ACK and no data of the server');
  });

  it('losses far away: how long bytes were missing, and that the length of the path is not laid to the server', async () => {
    const at = await opened('far.pcap', 'connections');
    const account = await connection(at, 2);
    await expect.poll(() => account.innerText()).toContain('they came 312 ms later, sent again.');
    await expect
      .poll(() => account.innerText())
      .toMatch(/The longest wait for data of the server was \d+ ms; its answer to the SYN took \d+ ms, about as long\./);
    expect(await account.innerText()).not.toContain('had acknowledged');
    await follow(at, account.locator('li', { hasText: 'bytes missing' }), 139);
  });

  it('a browser’s request that was lost: its repeat, in the account of the exchange and of its connection', async () => {
    const at = await opened('browser.pcap', 'connections');
    const account = await connection(at, 2);
    await expect.poll(() => account.innerText()).toContain('in which it was sent again');
    await at.page.getByTestId('tab-http').click();
    const table = at.page.getByTestId('exchanges-table');
    await table.locator('.ag-row', { hasText: '/page/00.jpg' }).first().click();
    const story = at.page.getByTestId('http-story');
    await expect
      .poll(() => story.innerText())
      .toContain('The acknowledgement of the request came after 352 ms, in which it was sent again');
    await story.getByRole('button', { name: 'Packet 75', exact: true }).first().click();
    await expect.poll(() => at.page.getByTestId('tab-packets').getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => at.page.getByTestId('inspector').innerText()).toContain('Packet 75');
  });
});
