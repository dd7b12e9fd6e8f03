/** The window with the real engine in a real browser, on captures of real programs. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { atRest, describeInBrowser, expand, openApp, settled } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = (name: string): string => path.join(root, 'test/fixtures', name);
/** What the command line says of a file: the window must say the same. */
function cli(...args: string[]): string {
  return execFileSync(process.execPath, [path.join(root, 'dist/node/cli.js'), ...args], { encoding: 'utf8' });
}

type App = Awaited<ReturnType<typeof openApp>>;
let app: App | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});
async function open(name: string): Promise<App> {
  app = await openApp(fixture(name));
  await app.page.getByTestId('packet-list').locator('.ag-row', { hasText: /\S/ }).first().waitFor();
  return app;
}
const rowOf = (it: App, number: number) =>
  it.page.locator(`[data-testid="packet-list"] .ag-row[row-index="${number - 1}"]`, { hasText: /\S/ }).first();
async function filter(it: App, text: string): Promise<void> {
  await it.page.keyboard.press('/');
  await it.page.getByTestId('filter-input').fill(text);
  await it.page.keyboard.press('Enter');
}
const countFor = (file: string, text: string): number =>
  cli('dissect', fixture(file), '-Y', text, '-T', 'fields', '-e', 'frame.number').split('\n').filter(Boolean).length;

describeInBrowser('The window', () => {
  it('lists every packet of a file with time, addresses, protocol, length and info', async () => {
    const it = await open('http.pcap');
    const total = (JSON.parse(cli('info', fixture('http.pcap'), '--json')) as { packets: number }).packets;
    await expect.poll(() => it.page.getByTestId('tab-packets').innerText()).toContain(String(total));
    await expect.poll(() => rowOf(it, 1).innerText()).toContain('192.0.2.1');
    const first = await rowOf(it, 1).innerText();
    expect(first).toContain('[SYN]');
    expect(first).toContain('1/3');
    expect(it.consoleErrors).toEqual([]);
  });

  for (const scrollBars of [false, true])
    it(`has rows down to the lower end of the list, where scroll bars take ${scrollBars ? '' : 'no '}room`, async () => {
      app = await openApp(fixture('http.pcap'), { scrollBars });
      const it = app;
      await rowOf(it, 1).waitFor();
      const below = async (): Promise<number> => {
        const [list, rows] = await Promise.all(
          ['.packet-grid', '.packet-grid .ag-grid-viewport'].map((each) => it.page.locator(each).boundingBox()),
        );
        return list == null || rows == null ? 99 : list.y + list.height - rows.y - rows.height;
      };
      await expect.poll(below).toBeLessThan(1);
    });

  it('leaves nothing behind that runs on when the list was scrolled', async () => {
    const it = await open('tcp-loss.pcap');
    // Intervals that are on, as the page sees them from now on.
    await it.page.evaluate(() => {
      const on = new Set<unknown>();
      const { setInterval: set, clearInterval: clear } = window;
      Object.assign(window, {
        setInterval: (work: () => void, ms: number) => {
          const id = set(work, ms);
          on.add(id);
          return id;
        },
        clearInterval: (id: number) => {
          on.delete(id);
          clear(id);
        },
        intervalsOn: () => on.size,
      });
    });
    const intervals = (): Promise<number> => it.page.evaluate(() => (window as unknown as { intervalsOn(): number }).intervalsOn());
    const list = it.page.getByTestId('packet-list').locator('.ag-grid-viewport');
    for (let k = 1; k <= 20; k++) {
      await list.evaluate((node, top) => node.scrollTo({ top }), 40 * k);
      await it.page.waitForTimeout(20);
    }
    expect(await list.evaluate((node) => node.scrollTop)).toBeGreaterThan(300);
    await expect.poll(intervals).toBe(0);
  });

  it('says that the open file has grown, and opens it again with what came', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-grown-'));
    try {
      const file = path.join(folder, 'dns.pcap');
      copyFileSync(fixture('dns.pcap'), file);
      app = await openApp(file);
      const { page } = app;
      const packets = async (): Promise<number> => Number(/\d+/.exec(await page.getByTestId('tab-packets').innerText())?.[0] ?? 0);
      await expect.poll(packets).toBeGreaterThan(0);
      const before = await packets();
      await page.waitForTimeout(1200);
      expect(await page.getByTestId('change-banner').count()).toBe(0);
      // Its records once more.
      appendFileSync(file, readFileSync(file).subarray(24));
      const banner = page.getByTestId('change-banner');
      await banner.waitFor();
      await expect.poll(() => banner.innerText()).toContain('dns.pcap has grown');
      await page.getByTestId('open-again').click();
      await expect.poll(packets).toBe(2 * before);
      await banner.waitFor({ state: 'detached' });
      expect(app.consoleErrors).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leaves the document as it is while a filter is typed and packets are selected', async () => {
    const it = await open('http.pcap');
    const { page } = it;
    // Its language and theme, set anew, have the browser compute the style of everything and the graphs draw themselves.
    await page.evaluate(() => {
      const changed: string[] = [];
      Object.assign(window, { changed });
      new MutationObserver((records) => changed.push(...records.map((record) => record.attributeName ?? ''))).observe(
        document.documentElement,
        { attributes: true },
      );
    });
    await filter(it, 'tcp');
    await rowOf(it, 3).click();
    await expect.poll(() => page.getByTestId('inspector').locator('.pane-h b').first().innerText()).toBe('Packet 3');
    expect(await page.evaluate(() => (window as unknown as { changed: string[] }).changed)).toEqual([]);
  });

  it('shows the selected packet as its layers, and its bytes', async () => {
    const it = await open('http.pcap');
    await filter(it, 'http.request.method == "GET"');
    await expect.poll(() => rowOf(it, 1).innerText()).toContain('GET /index.html');
    await rowOf(it, 1).click();
    for (const protocol of ['frame', 'eth', 'ip', 'tcp', 'http']) await it.page.getByTestId(`layer-card-${protocol}`).waitFor();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toContain('GET /index.html');
    await it.page.getByTestId('nesting-bar').waitFor();
    // The bytes begin with the destination's address.
    await expect.poll(async () => (await it.page.getByTestId('bytes').innerText()).replace(/\s+/g, ' ')).toContain('02 00 00 00 00 0b');
  });

  it('highlights the bytes of the field that was clicked', async () => {
    const it = await open('http.pcap');
    await rowOf(it, 1).click();
    const card = it.page.getByTestId('layer-card-tcp');
    await card.waitFor();
    await expand(card);
    await it.page.getByTestId('field-tcp.dstport').first().click();
    // Port 80 at bytes 36 and 37.
    await expect.poll(() => it.page.getByTestId('bytes').innerText()).toMatch(/36.37/);
  });

  it('says what a field means and where that is specified, on `?` and when the pointer rests on it', async () => {
    const it = await open('http.pcap');
    const { page } = it;
    await rowOf(it, 1).click();
    await page.getByTestId('layer-card-tcp').waitFor();
    const help = page.getByTestId('field-help');
    const inReach = async (field: string) => {
      const row = await atRest(page.getByTestId(`field-${field}`).first());
      const box = await atRest(help);
      expect(box.y >= row.y + row.height || box.y + box.height <= row.y, 'the box leaves the field uncovered').toBe(true);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(1440);
      expect(box.y + box.height).toBeLessThanOrEqual(900);
    };
    await page.getByTestId('field-tcp.window_size_value').first().click();
    // On a busy machine the pointer may have rested long enough meanwhile.
    await page.mouse.move(700, 400);
    await expect.poll(() => help.count()).toBe(0);
    await page.keyboard.press('?');
    await help.waitFor();
    await expect.poll(() => help.innerText()).toMatch(/Window[\s\S]*tcp\.window_size_value[\s\S]*ready to receive[\s\S]*RFC 9293, 3\.1/);
    await inReach('tcp.window_size_value');
    const described = await page.getByTestId('field-tcp.window_size_value').first().getAttribute('aria-describedby');
    expect(await page.locator(`#${described}`).innerText()).toContain('ready to receive');
    // It goes along with the selection.
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => help.innerText()).not.toContain('tcp.window_size_value');
    await page.keyboard.press('Escape');
    await expect.poll(() => help.count()).toBe(0);
    await page.keyboard.press('?');
    await help.waitFor();
    await page.keyboard.press('?');
    await expect.poll(() => help.count()).toBe(0);
    // At rest on a bit, 400 ms later.
    await page.getByTestId('field-tcp.flags.syn').first().hover();
    await help.waitFor();
    await expect.poll(() => help.innerText()).toMatch(/tcp\.flags\.syn[\s\S]*opens a connection/);
    await inReach('tcp.flags.syn');
    await page.mouse.move(700, 400);
    await expect.poll(() => help.count()).toBe(0);
    // A panel has no help under it.
    await page.getByTestId('field-tcp.window_size_value').first().click();
    await page.mouse.move(700, 400);
    await page.keyboard.press('?');
    await help.waitFor();
    await page.keyboard.press('d');
    await page.getByTestId('decode-panel').waitFor();
    await expect.poll(() => help.count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByTestId('decode-panel').waitFor({ state: 'detached' });
    expect(it.consoleErrors).toEqual([]);
  });

  it('offers what can be done with a field, by the right button and by keyboard', async () => {
    const it = await open('http.pcap');
    const { page } = it;
    const chips = (): Promise<string[]> => page.getByTestId('filter-chip').allInnerTexts();
    await rowOf(it, 1).click();
    const port = page.getByTestId('field-tcp.dstport').first();
    await port.click({ button: 'right' });
    const menu = page.getByTestId('field-menu');
    await menu.waitFor();
    await expect
      .poll(async () => (await menu.getByRole('menuitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')))
      .toEqual([
        'Filter on tcp.dstport == 80',
        'Exclude tcp.dstport == 80',
        'Copy the value',
        'Copy the name of the field',
        'Make it a column, or take the column away',
        'What it means',
        'Decode as…',
      ]);
    // Its field is the selected one: byte 36 and 37.
    await expect.poll(() => page.getByTestId('bytes').innerText()).toMatch(/36.37/);
    await page.getByTestId('menu-filter').click();
    await expect.poll(chips).toEqual(['tcp.dstport == 80']);
    await expect.poll(() => page.getByTestId('inspector').innerText()).toMatch(/^Packet 1\b/);
    // The first field of a card: a click on it does not fold the card.
    await page.getByTestId('field-tcp.srcport').first().click();
    await expect.poll(() => page.getByTestId('bytes').innerText()).toMatch(/34.35/);
    expect(await page.getByTestId('field-tcp.dstport').count()).toBe(1);
    await page.keyboard.press('Shift+F10');
    await menu.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await chips()).length).toBe(2);
    await port.click({ button: 'right' });
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => menu.count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree');
    expect(it.consoleErrors).toEqual([]);
  });

  it('filters by a bare port number, expanded', async () => {
    const it = await open('icmp.pcap');
    await filter(it, '4444');
    const expected = countFor('icmp.pcap', 'tcp.port == 4444 || udp.port == 4444');
    expect(expected).toBeGreaterThan(0);
    await expect.poll(() => it.page.getByTestId('filter-count').innerText()).toContain(`${expected} of`);
    await expect.poll(() => it.page.getByTestId('filter-bar').innerText()).toMatch(/tcp\.port\s*==\s*4444/);
  });

  it('shows the rows that the command line finds for a display filter', async () => {
    const it = await open('http.pcap');
    for (const text of [
      'tcp.flags.syn == 1 && tcp.flags.ack == 0',
      'http.response.code == 404',
      'ip.addr == 192.0.2.0/24 && !http',
      'tcp.len > 1000 or frame.number in {1, 3..5}',
    ]) {
      await filter(it, text);
      const expected = countFor('http.pcap', text);
      await expect.poll(() => it.page.getByTestId('filter-count').innerText(), { message: text }).toContain(`${expected} of`);
    }
  });

  it('says where a filter is wrong and keeps the rows of the last valid one', async () => {
    const it = await open('http.pcap');
    await filter(it, 'http');
    const before = countFor('http.pcap', 'http');
    await expect.poll(() => it.page.getByTestId('filter-count').innerText()).toContain(`${before} of`);
    await it.page.keyboard.press('/');
    await it.page.getByTestId('filter-input').fill('tcp.port => 80');
    const error = it.page.getByTestId('filter-error');
    await error.waitFor();
    await expect.poll(() => error.innerText()).toMatch(/position 10/);
    await expect.poll(() => it.page.getByTestId('status-bar').innerText()).toContain(String(before));
    // Tab takes the fix.
    await it.page.keyboard.press('Tab');
    await expect.poll(() => it.page.getByTestId('filter-input').inputValue()).toBe('tcp.port >= 80');
  });

  it('keeps what short terms of a filter say, and their crosses, beside terms that are longer than the bar', async () => {
    const it = await open('http.pcap');
    const streams = Array.from({ length: 400 }, (_, k) => 3 * k).join(', ');
    await filter(it, `frame.len > 60 and tcp.stream in {${streams}} and !(dns)`);
    const chips = it.page.getByTestId('filter-chip');
    await expect.poll(() => chips.count()).toBe(3);
    for (const k of [0, 2]) {
      const chip = chips.nth(k);
      const [box, text, cross] = await Promise.all([
        atRest(chip),
        atRest(chip.getByRole('button').first()),
        atRest(chip.getByRole('button').last()),
      ]);
      expect(text.width).toBeGreaterThan(30);
      expect(cross.x).toBeGreaterThanOrEqual(text.x + text.width);
      expect(cross.x + cross.width).toBeLessThanOrEqual(box.x + box.width);
    }
    await chips.first().getByRole('button').first().click();
    await expect.poll(() => chips.first().getAttribute('class')).toContain('off');
  });

  it('filters by a port with one click in the side list, and lets go of it with another', async () => {
    const it = await open('dns.pcap');
    const port = it.page.getByTestId('facet-ports').locator('button.frow', { hasText: '53' }).first();
    await port.click();
    await expect.poll(() => it.page.getByTestId('filter-bar').innerText()).toMatch(/port\s*==\s*53/);
    await expect.poll(() => it.page.getByTestId('filter-count').innerText()).toContain('of');
    await port.click();
    await expect.poll(() => it.page.getByTestId('filter-bar').innerText()).not.toMatch(/port\s*==\s*53/);
  });

  it('draws a completed handshake as three marked steps with the states of both ends', async () => {
    const it = await open('http.pcap');
    await it.page.getByTestId('tab-connections').click();
    const ladder = it.page.getByTestId('ladder');
    await ladder.waitFor();
    await expect.poll(() => ladder.innerText()).toMatch(/SYN-SENT[\s\S]*1\/3[\s\S]*SYN-RECEIVED/);
    await expect.poll(() => ladder.innerText()).toContain('FIN');
    const text = await ladder.innerText();
    for (const words of ['2/3', '3/3', 'ESTABLISHED', 'GET /index.html', 'FIN']) expect(text).toContain(words);
    const [connection] = cli('connections', fixture('http.pcap'), '--json')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { handshakeRttMs: number });
    await expect
      .poll(() => it.page.getByTestId('connections').innerText())
      .toContain((connection as { handshakeRttMs: number }).handshakeRttMs.toFixed(3));
  });

  it.each([
    ['tcp-refused.pcap', 'Refused'],
    ['tcp-unanswered.pcap', 'No answer'],
    ['tcp-half-open.pcap', 'Half-open'],
    ['tcp-reset.pcap', 'Reset by server'],
  ])('names the outcome of %s: %s', async (file, words) => {
    const it = await open(file);
    await it.page.getByTestId('tab-connections').click();
    await expect.poll(() => it.page.getByTestId('connections').innerText()).toContain(words);
  });

  it('claims no state before it is proven when the start was not captured', async () => {
    const it = await open('tcp-midway.pcap');
    await it.page.getByTestId('tab-connections').click();
    await expect.poll(() => it.page.getByTestId('ladder').innerText()).toMatch(/start was not captured/i);
    expect(await it.page.getByTestId('ladder').innerText()).not.toContain('SYN-SENT');
  });

  it('selects the packet of the arrow that was clicked', async () => {
    const it = await open('http.pcap');
    await it.page.getByTestId('tab-connections').click();
    await it.page.getByTestId('ladder-step-1').click();
    await it.page.getByTestId('tab-packets').click();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toContain('Packet 2');
  });

  it('shows every packet before the damage of a cut file, and says what the damage is', async () => {
    const it = await open('damaged.pcap');
    const facts = JSON.parse(
      execFileSync(
        'sh',
        ['-c', `"${process.execPath}" "${path.join(root, 'dist/node/cli.js')}" info "${fixture('damaged.pcap')}" --json || true`],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      ),
    ) as {
      packets: number;
    };
    const banner = it.page.getByTestId('damage-banner');
    await banner.waitFor();
    await expect.poll(() => banner.innerText()).toContain(`in the middle of packet ${facts.packets + 1}`);
    await it.page.getByTestId('show-damage').click();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(/Damage/);
  });

  it('goes by keyboard: arrows move the selection, G goes to a number', async () => {
    const it = await open('http.pcap');
    await rowOf(it, 1).click();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(/^Packet 1\b/);
    await it.page.keyboard.press('ArrowDown');
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toContain('Packet 2');
    await it.page.keyboard.press('g');
    await it.page.keyboard.type('5');
    await it.page.keyboard.press('Enter');
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toContain('Packet 5');
  });

  it('says where it went when a packet is gone to that the list does not show, or that there is none of', async () => {
    const it = await open('http.pcap');
    const { page } = it;
    const notice = (): Promise<string> => page.getByTestId('status-notice').innerText();
    const go = async (number: number): Promise<void> => {
      await page.keyboard.press('g');
      await page.getByTestId('go-to').locator('input').fill(String(number));
      await page.keyboard.press('Enter');
    };
    const packet = (): Promise<string> => page.getByTestId('inspector').innerText();
    await filter(it, 'frame.number in {6, 81, 100}');
    await expect.poll(() => rowOf(it, 2).innerText()).toMatch(/^\s*81\b/);
    await rowOf(it, 1).click();
    await expect.poll(packet).toMatch(/^Packet 6\b/);
    await go(83);
    await expect.poll(notice).toBe('Packet 83 is not among those shown; this is the nearest, 81');
    await expect.poll(packet).toMatch(/^Packet 81\b/);
    await go(99_999);
    await expect.poll(notice).toBe('The capture has 146 packets, no packet 99,999; this is the last of those shown, 100');
    await expect.poll(packet).toMatch(/^Packet 100\b/);
    await go(6);
    await expect.poll(packet).toMatch(/^Packet 6\b/);
    await expect.poll(notice).toBe('');
    expect(it.consoleErrors).toEqual([]);
  });

  it('takes the keys of the list where a tab has the focus too, but not where text is typed', async () => {
    const it = await open('http.pcap');
    await it.page.getByTestId('tab-packets').click();
    await it.page.keyboard.press('g');
    await it.page.keyboard.type('5');
    await it.page.keyboard.press('Enter');
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(/^Packet 5\b/);
    await it.page.keyboard.press('/');
    await it.page.keyboard.type('gmsmg');
    expect(await it.page.getByTestId('go-to').count()).toBe(0);
    await expect.poll(() => it.page.getByTestId('filter-input').inputValue()).toBe('gmsmg');
    expect(await it.page.getByTestId('marked').innerText()).toMatch(/Marked\s*0/);
  });

  it('goes through the list by Home, End and pages, and through the panes by Tab', async () => {
    const it = await open('http.pcap');
    const total = (JSON.parse(cli('info', fixture('http.pcap'), '--json')) as { packets: number }).packets;
    const packet = () => it.page.getByTestId('inspector').innerText();
    await rowOf(it, 1).click();
    // The grid tells of a click a moment after it; nobody presses a key so soon.
    await expect.poll(packet).toMatch(/^Packet 1\b/);
    for (const [key, number] of [
      ['End', total],
      ['Home', 1],
    ] as const) {
      await it.page.keyboard.press(key);
      await expect.poll(packet).toContain(`Packet ${number}`);
    }
    await it.page.keyboard.press('PageDown');
    await expect.poll(async () => Number(/Packet (\d+)/.exec(await packet())?.[1])).toBeGreaterThan(10);
    await it.page.keyboard.press('PageUp');
    await expect.poll(packet).toMatch(/^Packet 1\b/);
    // What has the focus, by the pane that it stands in.
    const pane = () =>
      it.page.evaluate(() => {
        const active = document.activeElement;
        if (active?.closest('[data-testid="filter-bar"]')) return 'filter';
        if (active?.closest('[data-testid="facets"]')) return 'facets';
        if (active?.closest('[role="grid"], [data-testid="packet-list"]')) return 'list';
        if (active?.closest('[role="tree"]')) return 'layers';
        if (active?.closest('[data-testid="bytes"]')) return 'bytes';
        return 'other';
      });
    /** Panes in the order in which Tab reaches them from the filter on. */
    const tabbed = async (key: string): Promise<string[]> => {
      const seen: string[] = [];
      for (let i = 0; i < 60; i++) {
        const now = await pane();
        if (now !== 'other' && seen[seen.length - 1] !== now) seen.push(now);
        if (now === 'bytes' && key === 'Tab') break;
        if (now === 'filter' && key !== 'Tab' && seen.length > 1) break;
        await it.page.keyboard.press(key);
      }
      return seen;
    };
    await it.page.keyboard.press('Control+f');
    await expect.poll(pane).toBe('filter');
    expect(await tabbed('Tab')).toEqual(['filter', 'facets', 'list', 'layers', 'bytes']);
    expect(await tabbed('Shift+Tab')).toEqual(['bytes', 'layers', 'list', 'facets', 'filter']);
  });

  it('has the list itself as a stop for Tab while it has no rows, and what it says behind it', async () => {
    const it = await open('http.pcap');
    const active = () =>
      it.page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        return element === document.body ? 'none' : (element?.dataset.pane ?? element?.textContent);
      });
    await it.page.keyboard.press('ArrowDown');
    await expect.poll(() => it.page.evaluate(() => document.activeElement?.closest('.ag-row') != null)).toBe(true);
    await filter(it, 'frame.number == 0');
    const removes = it.page.getByTestId('list-empty').getByRole('button').first();
    await removes.waitFor();
    await expect.poll(active).toBe('list');
    await it.page.keyboard.press('Tab');
    await expect.poll(active).toBe(await removes.innerText());
    await it.page.keyboard.press('Shift+Tab');
    await expect.poll(active).toBe('list');
    await it.page.keyboard.press('Shift+Tab');
    await expect.poll(active).not.toBe('list');
    expect(await active()).not.toBe('none');
    await it.page.keyboard.press('Tab');
    await expect.poll(active).toBe('list');
    await removes.click();
    // Rows are back, and with them the list's own way to take the focus.
    await it.page.getByTestId('packet-list').locator('.ag-row').first().waitFor();
    await it.page.keyboard.press('ArrowDown');
    await expect.poll(() => it.page.evaluate(() => document.activeElement?.closest('.ag-row') != null)).toBe(true);
  });

  it('marks packets by M, counts them, and goes from one to the next', async () => {
    const it = await open('http.pcap');
    const marked = it.page.getByTestId('marked');
    await expect.poll(() => marked.innerText()).toMatch(/Marked\s*0/);
    // The grid tells of a click a moment after it; nobody presses a key so soon.
    const select = async (number: number): Promise<void> => {
      await rowOf(it, number).click();
      await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(new RegExp(`^Packet ${number}\\b`));
    };
    for (const number of [2, 7]) {
      await select(number);
      await it.page.keyboard.press('m');
    }
    await expect.poll(() => marked.innerText()).toMatch(/Marked\s*2/);
    await expect.poll(() => rowOf(it, 7).locator('.ag-cell.marked').count()).toBe(1);
    expect(await rowOf(it, 3).locator('.ag-cell.marked').count()).toBe(0);
    await marked.locator('button').click();
    await expect.poll(() => it.page.getByTestId('inspector').innerText()).toMatch(/^Packet 2\b/);
    await select(2);
    await it.page.keyboard.press('m');
    await expect.poll(() => marked.innerText()).toMatch(/Marked\s*1/);
    await expect.poll(() => rowOf(it, 2).locator('.ag-cell.marked').count()).toBe(0);
  });

  it('shows the marked packets by a filter, follows what is marked, and saves them by themselves', async () => {
    const it = await open('http.pcap');
    const { page } = it;
    const packet = (): Promise<string> => page.getByTestId('inspector').innerText();
    const numbers = async (): Promise<string[]> =>
      (await page.locator('[data-testid="packet-list"] .ag-row [col-id="no"]').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
    await page.getByTestId('save-button').click();
    expect(await page.getByTestId('menu-marked-pcap').count()).toBe(0);
    await page.keyboard.press('Escape');
    for (const number of [2, 7, 9]) {
      await rowOf(it, number).click();
      await expect.poll(packet).toMatch(new RegExp(`^Packet ${number}\\b`));
      await page.keyboard.press('m');
      await expect.poll(() => page.getByTestId('status-notice').innerText()).toBe(`Packet ${number} is marked`);
    }
    // The frame says so too.
    await expand(page.getByTestId('layer-card-frame'));
    await expect.poll(() => page.getByTestId('field-frame.marked').first().innerText()).toContain('True');
    // And so does a column.
    await page.getByTestId('field-frame.marked').first().click();
    await page.keyboard.press('c');
    const cell = (number: number): Promise<string> => rowOf(it, number).locator('[col-id="field frame.marked"]').innerText();
    await expect.poll(() => cell(9)).toBe('True');
    await rowOf(it, 3).click();
    await expect.poll(packet).toMatch(/^Packet 3\b/);
    for (const text of ['True', 'False']) {
      await page.keyboard.press('m');
      await expect.poll(() => cell(3)).toBe(text);
      expect(await cell(9)).toBe('True');
    }
    await filter(it, 'frame.marked == 1');
    await expect.poll(numbers).toEqual(['2', '7', '9']);
    await rowOf(it, 2).click();
    await expect.poll(packet).toMatch(/^Packet 7\b/);
    await page.keyboard.press('m');
    await expect.poll(numbers).toEqual(['2', '9']);
    await expect.poll(() => page.getByTestId('tab-packets').innerText()).toContain('146');
    await page.getByTestId('save-button').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('menu-marked-pcap').click()]);
    expect(download.suggestedFilename()).toBe('http-marked.pcap');
    const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-marked-'));
    try {
      const file = path.join(folder, 'marked.pcap');
      await download.saveAs(file);
      const times = (of: string, text: string): string => cli('dissect', of, '-Y', text, '-T', 'fields', '-e', 'frame.time_epoch');
      expect(times(file, 'frame')).toBe(times(fixture('http.pcap'), 'frame.number in {2, 9}'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    // The page that takes over knows what is marked.
    await page.reload();
    await expect.poll(() => page.getByTestId('marked').innerText()).toMatch(/Marked\s*2/);
    expect(it.consoleErrors).toEqual([]);
  });

  it('has room for the button that folds the side list, and opens it again', async () => {
    const it = await open('http.pcap');
    const fold = it.page.getByTestId('facets').getByRole('button', { name: 'Fold the facets away' });
    const [button, pane] = [await atRest(fold), await atRest(it.page.getByTestId('facets'))];
    expect(button.x + button.width).toBeLessThanOrEqual(pane.x + pane.width);
    await fold.click();
    await it.page.getByTestId('facets-strip').click();
    await it.page.getByTestId('facets').waitFor();
  });

  it('does not call a filter wrong while it offers how to go on', async () => {
    const it = await open('http.pcap');
    await it.page.keyboard.press('/');
    await it.page.getByTestId('filter-input').pressSequentially('http.resp', { delay: 15 });
    await it.page.getByTestId('filter-completions').waitFor();
    // The check comes 120 ms after the last key.
    await it.page.waitForTimeout(600);
    expect(await it.page.getByTestId('filter-stale').count()).toBe(0);
    expect(await it.page.getByTestId('filter-bar').innerText()).not.toContain('not applied');
    await expect
      .poll(() => it.page.getByTestId('filter-completions').innerText())
      .toContain(`${countFor('http.pcap', 'http')} http packets`);
    await it.page.keyboard.press('Escape');
    await it.page.getByTestId('filter-error').waitFor();
    await expect.poll(() => it.page.getByTestId('filter-stale').count()).toBe(1);
  });

  it('opens a file that is chosen in the page', async () => {
    app = await openApp();
    await app.page.getByTestId('start-screen').waitFor();
    await app.page.getByTestId('file-input').setInputFiles(fixture('dns.pcap'));
    await expect.poll(() => app?.page.getByTestId('packet-list').innerText()).toContain('DNS');
    expect(app.consoleErrors).toEqual([]);
  });

  it('says in words why a file that is no capture cannot be opened', async () => {
    app = await openApp();
    await app.page.getByTestId('start-screen').waitFor();
    await app.page
      .getByTestId('file-input')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a capture at all, just words\n') });
    await app.page.getByTestId('failure-banner').waitFor();
    await expect.poll(() => app?.page.getByTestId('failure-banner').innerText()).toMatch(/capture/);
  });

  it('speaks Korean when that is chosen, with a font of its own, keeps the selection, and remembers it', async () => {
    const it = await open('http.pcap');
    const { page } = it;
    await rowOf(it, 4).click();
    await page.getByTestId('layer-card-http').waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en');
    const button = page.getByTestId('language-button');
    await button.click();
    await button.click();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('ko');
    await expect.poll(() => page.getByTestId('tab-packets').innerText()).toMatch(/^패킷\s*146/);
    await expect.poll(() => page.getByTestId('facet-connections').innerText()).toMatch(/클라이언트가 종료/);
    // The packet that was selected still is, and names of fields stay as they are.
    await page.getByTestId('layer-card-http').waitFor();
    await expect.poll(() => page.getByTestId('inspector').innerText()).toMatch(/패킷 4[\s\S]*GET \/index\.html/);
    // Korean glyphs come from the window's own files, under its content security policy.
    await expect
      .poll(() => page.evaluate(() => [...document.fonts].some((font) => font.family.includes('Pretendard') && font.status === 'loaded')))
      .toBe(true);
    await page.getByTestId('field-tcp.ack').first().click();
    await page.keyboard.press('?');
    await expect.poll(() => page.getByTestId('field-help').innerText()).toMatch(/다음에 기다리는 바이트입니다/);
    await page.getByTestId('tab-connections').click();
    await expect.poll(() => page.getByTestId('connections').innerText()).toMatch(/클라이언트가 연결을 열었고/);
    await page.reload();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('ko');
    expect(it.consoleErrors).toEqual([]);
  });

  it('follows the language of the system', async () => {
    app = await openApp(fixture('http.pcap'), { locale: 'ko-KR' });
    await expect.poll(() => app?.page.getByTestId('tab-packets').innerText()).toMatch(/^패킷\s*146/);
    expect(app.consoleErrors).toEqual([]);
  });

  it('follows the theme of the system', async () => {
    const it = await open('dns.pcap');
    const background = () => it.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await it.page.emulateMedia({ colorScheme: 'light' });
    const light = await settled(it.page, background);
    await it.page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background).not.toBe(light);
  });
});
