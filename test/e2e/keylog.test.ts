/** A key log in the window: chosen, dropped, taken away; what is inside TLS is there, and is gone again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, expand, openApp } from './browser.ts';

const folder = fileURLToPath(new URL('../fixtures/tls', import.meta.url));
const fixture = (name: string): string => path.join(folder, name);

let app: Awaited<ReturnType<typeof openApp>> | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

describeInBrowser('A key log', () => {
  it('that is chosen decrypts the open capture, and the HTTP exchanges are there; without it they are not', async () => {
    app = await openApp(fixture('tls13.pcap'));
    const { page } = app;
    await page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
    const protocols = (): Promise<string> => page.getByTestId('facet-protocols').innerText();
    await expect.poll(protocols).toContain('TLS');
    expect(await protocols()).not.toContain('HTTP');

    await page.keyboard.press('k');
    await page.getByTestId('keylog-panel').waitFor();
    await page.getByTestId('keylog-input').setInputFiles(fixture('tls13.keys'));
    await expect.poll(() => page.getByTestId('keylog-state').innerText()).toContain('5 connections decrypted.');
    await expect.poll(protocols).toContain('HTTP');
    await expect.poll(() => page.getByTestId('keylog-chip').innerText()).toContain('5/5');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('keylog-panel').count()).toBe(0);

    // A filter on what was encrypted, its layers, and its bytes in a buffer of their own.
    await page.keyboard.press('/');
    await page.getByTestId('filter-input').fill('http.request.uri == "/data.json"');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('filter-count').innerText()).toContain('3 of');
    // The count is here before the rows.
    await page.getByTestId('packet-list').locator('.ag-row[row-index="0"]', { hasText: 'data.json' }).click();
    await page.getByTestId('layer-card-http').waitFor();
    await page.getByTestId('layer-card-http').click();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toContain('Decrypted TLS');

    // The exchanges.
    await page.getByTestId('tab-http').click();
    await expect.poll(() => page.getByTestId('exchanges-table').innerText()).toContain('/data.json');

    await page.keyboard.press('k');
    await page.getByTestId('keylog-remove').click();
    await expect.poll(() => page.getByTestId('keylog-state').innerText()).toContain('No key log is chosen.');
    await expect.poll(() => page.getByTestId('keylog-chip').count()).toBe(0);
  });

  it('that is dropped on the window is taken for one, and a wrong one is said of each connection', async () => {
    app = await openApp(fixture('tls13.pcap'));
    const { page } = app;
    await page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
    const drop = async (name: string): Promise<void> => {
      const text = readFileSync(fixture(name), 'latin1');
      const data = await page.evaluateHandle((content) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], 'keys.log', { type: 'text/plain' }));
        return transfer;
      }, text);
      await page.dispatchEvent('body', 'drop', { dataTransfer: data });
    };
    await drop('tls12.keys');
    await expect.poll(() => page.getByTestId('keylog-chip').innerText()).toContain('0/5');
    await page.getByTestId('tab-connections').click();
    await page.getByTestId('connections-table').locator('.ag-row').first().click();
    await expect.poll(() => page.getByTestId('account').innerText()).toContain('the key log has no secret for it');
    await drop('tls13.keys');
    await expect.poll(() => page.getByTestId('keylog-chip').innerText()).toContain('5/5');
    await expect.poll(() => page.getByTestId('account').innerText()).toContain('was decrypted with its secrets: inside is HTTP');
  });

  it('given by its path is kept for the captures that come', async () => {
    app = await openApp(fixture('tls-h2.pcap'));
    const { page } = app;
    await page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
    await page.keyboard.press('k');
    await page.getByTestId('keylog-path').fill(fixture('nowhere.keys'));
    await page.getByTestId('keylog-use').click();
    await expect.poll(() => page.getByTestId('keylog-panel').innerText()).toContain('There is no file');
    await page.getByTestId('keylog-path').fill(fixture('tls-h2.keys'));
    await page.getByTestId('keylog-use').click();
    await expect.poll(() => page.getByTestId('keylog-state').innerText()).toContain('read on while it grows');
    await expect.poll(() => page.getByTestId('facet-protocols').innerText()).toContain('HTTP2');
    await page.reload();
    await expect.poll(() => page.getByTestId('keylog-chip').innerText()).toContain('3/3');
  });
});

describeInBrowser('The card of a TLS layer', () => {
  it('says of a certificate whom it names, who signed it and whether it was valid; in TLS 1.3 once it is decrypted', async () => {
    app = await openApp(fixture('tls12.pcap'));
    const { page } = app;
    await page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
    await page.keyboard.press('/');
    await page.getByTestId('filter-input').fill('tls.handshake.certificate && tcp.stream == 0');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('filter-count').innerText()).toContain('1 of');
    await page.getByTestId('packet-list').locator('.ag-row').first().click();
    const card = page.getByTestId('layer-card-tls');
    await card.waitFor();
    await expand(card);
    await expect
      .poll(() => page.getByTestId('certificates').innerText())
      .toMatch(/tls\.example\s+valid when captured\s+names tls\.example\s+signed by itself/);
    const text = await page.getByTestId('certificates').innerText();
    expect(text).toContain('RSA, 2,048 bits');
    expect(text).toMatch(/2026-\d\d-\d\d to 2126-\d\d-\d\d/);
    // The fields with their octets stay below it.
    await expect.poll(() => card.innerText()).toContain('Handshake Protocol');
  });
});
