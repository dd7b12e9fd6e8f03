/** What is ready before it is wanted: messages are counted, not time. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, openApp, settled } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = path.join(root, 'test/fixtures/http.pcap');

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

interface Request {
  readonly name: string;
  readonly args: { readonly row?: number };
}
type Listening = typeof globalThis & { asked: Request[] };

/** Writes down what the page asks its back end for, from now on. */
const listen = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const here = globalThis as Listening;
    here.asked = [];
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      here.asked.push(JSON.parse(String(data)) as Request);
      send.call(this, data);
    };
  });
const asked = (page: Page, name: string): Promise<Request[]> =>
  page.evaluate((wanted) => (globalThis as Listening).asked.filter((each) => each.name === wanted), name);
const packets = async (page: Page): Promise<(number | undefined)[]> => (await asked(page, 'packet')).map(({ args }) => args.row);

/** States of a capture that the page has heard of, by the number of their packets. */
const heard: number[] = [];

async function openFromStart(): Promise<Page> {
  heard.length = 0;
  app = await openApp(undefined, {
    prepare: async (opening) =>
      void opening.on('websocket', (line) =>
        line.on('framereceived', ({ payload }) => {
          const { name, value } = JSON.parse(String(payload)) as { name?: string; value?: { packets?: number } | null };
          if (name === 'state' && value?.packets !== undefined) heard.push(value.packets);
        }),
      ),
  });
  const { page } = app;
  // Made behind the start screen, with rows that nothing stands in.
  await page.locator('.opened.behind .ag-row').first().waitFor({ state: 'attached' });
  await listen(page);
  return page;
}
async function openFile(page: Page): Promise<void> {
  await page.getByTestId('open-path').fill(file);
  await page.keyboard.press('Enter');
  await page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
}

describeInBrowser('Before it is wanted', () => {
  it('the list stands ready behind the start screen, unseen and out of reach, without a word in its rows', async () => {
    const page = await openFromStart();
    expect(await page.getByTestId('packet-list').isVisible()).toBe(false);
    expect(await page.getByTestId('start-screen').isVisible()).toBe(true);
    expect(await page.locator('.ag-row').allInnerTexts()).toSatisfy((texts: string[]) => texts.every((text) => text.trim() === ''));
    for (let k = 0; k < 40; k++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('.opened') === null)).toBe(true);
    }
  });

  it('the first rows of a file are here without being asked for', async () => {
    let page = await openFromStart();
    await openFile(page);
    // A file that has no packets 100 ms after it was opened, as on a busy machine, is told of without rows.
    for (let k = 0; k < 8 && heard[0] === 0; k++) {
      await app?.close();
      page = await openFromStart();
      await openFile(page);
    }
    expect(heard[0]).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    expect(await asked(page, 'rows')).toEqual([]);
    const first = page.getByTestId('packet-list').locator('.ag-row[row-index="0"]');
    expect(await first.innerText()).toContain('[SYN]');
    // The widths are those of its own rows.
    const cut = () => first.locator('[col-id="source"]').evaluate((cell) => cell.scrollWidth - cell.clientWidth);
    expect(await settled(page, cut)).toBeLessThanOrEqual(0);
  });

  it('the cells stand in their places when the columns get the widths of the first rows: none of them slides there', async () => {
    const page = await openFromStart();
    await page.evaluate(() => {
      const here = globalThis as typeof globalThis & { slid: number };
      here.slid = 0;
      document.addEventListener('transitionrun', ({ target }) => {
        if (target instanceof Element && target.closest('.packet-grid') !== null) here.slid++;
      });
    });
    const place = (): Promise<number> =>
      page.locator('.packet-grid .ag-header-cell[col-id="info"]').evaluate((cell) => cell.getBoundingClientRect().left);
    const before = await place();
    await openFile(page);
    await page.waitForTimeout(500);
    await expect.poll(place).not.toBe(before);
    expect(await page.evaluate(() => (globalThis as typeof globalThis & { slid: number }).slid)).toBe(0);
  });

  it('closing a capture leaves nothing of it to the next one', async () => {
    const page = await openFromStart();
    await openFile(page);
    await page.getByTestId('close-capture').click();
    await page.locator('.opened.behind .ag-row').first().waitFor({ state: 'attached' });
    const said = async (): Promise<string[]> => (await page.locator('.ag-row').allInnerTexts()).filter((text) => text.trim() !== '');
    expect(await settled(page, said)).toEqual([]);
    await openFile(page);
    expect(await page.getByTestId('packet-list').locator('.ag-row[row-index="0"]').innerText()).toContain('[SYN]');
  });

  it('the code of the other views is here, so that the first click on a tab fetches none', async () => {
    app = await openApp(file);
    const { page } = app;
    const scripts = (): Promise<string[]> =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').flatMap(({ name }) => {
          const module = /([^/]+)-.{8}\.js$/.exec(name)?.[1];
          return module === undefined ? [] : [module];
        }),
      );
    await expect.poll(scripts).toEqual(expect.arrayContaining(['Connections', 'Http', 'Streams', 'Statistics']));
    const before = await settled(page, scripts);
    await page.getByTestId('tab-streams').click();
    await expect.poll(() => page.getByTestId('stream-content').innerText()).toContain('GET /');
    expect(await scripts()).toEqual(before);
  });

  it('a packet is selected when the button goes down, and stays so when it comes up', async () => {
    const page = await openFromStart();
    await openFile(page);
    const shown = page.getByTestId('inspector').locator('.pane-h b').first();
    const row = page.locator('.ag-row[row-index="3"]');
    await row.locator('[col-id="info"]').hover();
    await page.mouse.down();
    await expect.poll(() => shown.innerText()).toContain('4');
    await expect.poll(() => row.getAttribute('aria-selected')).toBe('true');
    await page.mouse.up();
    // As a screen reader does it, without a pointer.
    await page.locator('.ag-row[row-index="6"] [col-id="info"]').evaluate((cell) => (cell as unknown as { click(): void }).click());
    await expect.poll(() => shown.innerText()).toContain('7');
    await expect.poll(() => page.locator('.ag-row[aria-selected="true"]').count()).toBe(1);
    // A finger may be about to scroll: it chooses with the click that ends a tap.
    await page
      .locator('.ag-row[row-index="8"] [col-id="info"]')
      .dispatchEvent('pointerdown', { pointerType: 'touch', button: 0, isPrimary: true, bubbles: true });
    await settled(page, () => shown.innerText());
    expect(await shown.innerText()).toContain('7');
    // The other button chooses nothing.
    await row.click({ button: 'right' });
    await page.keyboard.press('Escape');
    expect(await shown.innerText()).toContain('7');
  });

  it('a packet is selected before the list takes the focus, for which the page is laid out', async () => {
    const page = await openFromStart();
    await openFile(page);
    const row = page.locator('.ag-row[row-index="3"]');
    const when = row.evaluate(
      (element) =>
        new Promise((resolve) => {
          element.addEventListener('focusin', () => resolve(element.getAttribute('aria-selected')), { once: true });
        }),
    );
    await row.locator('[col-id="info"]').click();
    expect(await when).toBe('true');
  });

  it('the layers of the packet under the pointer, and of the next one by key, are here when they are chosen', async () => {
    const page = await openFromStart();
    await openFile(page);
    const shown = page.getByTestId('inspector').locator('.pane-h b').first();
    await page.locator('.ag-row[row-index="4"] [col-id="info"]').hover();
    await expect.poll(() => packets(page)).toEqual([4]);
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => shown.innerText()).toContain('5');
    // The one below it is asked for while this one is looked at.
    await expect.poll(() => packets(page)).toEqual([4, 5]);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => shown.innerText()).toContain('6');
    await expect.poll(() => packets(page)).toEqual([4, 5, 6]);
  });
});
