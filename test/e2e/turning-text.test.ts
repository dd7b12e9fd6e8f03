/** Packets whose texts have characters that turn the direction of writing: no view draws one, and what is made of a text is true. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { le } from '../file/build.ts';
import { tcpFrames, udpFrame } from '../protocols/talk.ts';
import { describeInBrowser, expand, openApp } from './browser.ts';

const T = '\u202egnp.exe\u2066x\u200f';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function request(): Uint8Array {
  const form = `a${T}=b${T}`;
  const head = `POST /up/${T}/tail HTTP/1.1\r\nHost: h${T}.example\r\nUser-Agent: ua${T}end\r\nCookie: c${T}=v${T}\r\n`;
  return utf8(`${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${utf8(form).length}\r\n\r\n${form}`);
}

function response(): Uint8Array {
  const body = `{"name${T}":"v${T}","n":1}`;
  const head = `HTTP/1.1 200 O${T}K\r\nServer: s${T}\r\nSet-Cookie: d${T}=e${T}; Path=/${T}\r\n`;
  return utf8(`${head}Content-Type: application/json\r\nContent-Length: ${utf8(body).length}\r\n\r\n${body}`);
}

function query(): Uint8Array {
  const label = utf8(`w${T}w`);
  return Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, label.length, ...label, 0, 0, 1, 0, 1]);
}

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-turning-'));
  file = path.join(folder, `f${T}.pcapng`);
  const frames = [
    ...tcpFrames(80, [
      ['>', request()],
      ['<', response()],
    ]),
    udpFrame(40000, 53, query()),
  ];
  const comment = utf8(`said${T}`);
  const blocks = frames.map((frame, i) => le.packet(0, BigInt(i) * 1000n, frame, frame.length, le.option(1, comment)));
  writeFileSync(file, Buffer.concat([le.section(le.option(1, comment)), le.interface(1, 65535, le.option(2, `if${T}`)), ...blocks]));
});
afterAll(() => rmSync(folder, { recursive: true }));

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

/** Texts of the page, and attributes that are read, with such a character in them. */
function turning(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
    const found = [document.title];
    for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode() !== null; )
      found.push(walker.currentNode.textContent ?? '');
    for (const element of document.querySelectorAll('*'))
      for (const name of ['title', 'aria-label', 'alt', 'placeholder']) found.push(element.getAttribute(name) ?? '');
    return found.filter((text) => turns.test(text));
  });
}

describeInBrowser('Characters that turn the direction of writing', () => {
  it('are written out in every view', async () => {
    app = await openApp(file);
    const { page, consoleErrors } = app;
    const rows = page.getByTestId('packet-list').locator('.ag-row');
    await expect.poll(() => rows.filter({ hasText: 'w\\u202Egnp.exe\\u2066x\\u200Fw' }).count()).toBe(1);
    await expect.poll(() => page.title()).toContain('f\\u202Egnp.exe');
    await expect.poll(() => page.getByTestId('capture-comments').innerText()).toBe('Comment\n\nsaid\\u202Egnp.exe\\u2066x\\u200F');
    expect(await turning(page)).toEqual([]);

    await rows.filter({ hasText: 'POST' }).first().click();
    const card = page.getByTestId('layer-card-http');
    await expand(card);
    await expect.poll(() => card.innerText()).toContain('ua\\u202Egnp.exe\\u2066x\\u200Fend');
    await card.getByTestId('field-http.user_agent').click({ button: 'right' });
    await page.getByTestId('field-menu').waitFor();
    expect(await turning(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByTestId('tab-connections').click();
    await page.getByTestId('account').waitFor();
    await expect.poll(() => turning(page)).toEqual([]);

    await page.getByTestId('tab-http').click();
    await expect.poll(() => page.getByTestId('exchanges-table').locator('.ag-row').first().innerText()).toContain('O\\u202Egnp.exe');
    await expect.poll(() => page.getByTestId('http-request').innerText()).toContain('h\\u202Egnp.exe\\u2066x\\u200F.example');
    await expect.poll(() => page.getByTestId('http-response').innerText()).toContain('name\\u202Egnp.exe\\u2066x\\u200F');
    expect(await turning(page)).toEqual([]);
    await page.getByTestId('http-response').getByRole('button', { name: 'Text', exact: true }).click();
    await expect.poll(() => page.getByTestId('http-response').innerText()).toContain('{"name\\u202Egnp');
    expect(await turning(page)).toEqual([]);

    for (const tab of ['streams', 'statistics']) {
      await page.getByTestId(`tab-${tab}`).click();
      await expect.poll(() => turning(page)).toEqual([]);
    }
    expect(consoleErrors).toEqual([]);
  });

  it('stay in what is copied, and in what is filtered for', async () => {
    app = await openApp(file);
    const { page } = app;
    await page.getByTestId('packet-list').locator('.ag-row').filter({ hasText: 'DNS' }).first().click();
    const card = page.getByTestId('layer-card-dns');
    await expand(card);
    const queries = card.locator('.ins-field', { hasText: 'Queries' });
    await queries.dblclick();
    await card.locator('.ins-field', { hasText: /^w\\u202E/ }).dblclick();
    await card.getByTestId('field-dns.qry.name').click();
    await page.keyboard.press('Control+c');
    await page.keyboard.press('/');
    await page.keyboard.press('Control+v');
    await expect.poll(() => page.getByTestId('filter-input').inputValue()).toBe(`w${T}w`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await card.getByTestId('field-dns.qry.name').click();
    await page.keyboard.press('f');
    await expect.poll(() => page.getByTestId('filter-chip').innerText()).toBe('dns.qry.name == "w\\u202egnp.exe\\u2066x\\u200fw"');
    await expect.poll(() => page.getByTestId('filter-count').innerText()).toMatch(/^1 of 6/);
  });
});
