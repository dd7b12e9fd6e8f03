/** Live capture in the window: real traffic on loopback and on an interface that goes away. */
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { get, createServer as httpServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findDumpcap } from '../../src/capture/dumpcap.ts';
import { cannotCaptureTraffic, inTime, named, ownPort, patience, readByTshark, wait } from '../live/surroundings.ts';
import { atRest, describeInBrowser, type OpenedApp, openApp, settled } from './browser.ts';

const ROW_PX = 22;
const FIXTURE = path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap');
const noCapture = cannotCaptureTraffic();

let app: OpenedApp;
let page: Page;

const part = (id: string) => page.locator(`[data-testid="${id}"]`);
const strip = () => part('live-strip');

/** Asks until the answer is right, as long as a busy machine may need. */
const eventually = <T>(read: () => T) => expect.poll(read, { interval: 30 });

/** The number of packets that the tab shows. */
async function packetsShown(): Promise<number> {
  return Number(((await part('tab-packets').locator('.n').textContent()) ?? '').replace(/\D/g, ''));
}

async function begin(captureFilter: string, name = 'lo'): Promise<void> {
  await part(`interface-row-${name}`).locator('.pick').click({ force: true });
  await part('capture-filter').fill(captureFilter);
  await part('start-capture').click();
  await capturing();
}

/** The interface is open and the list follows it. */
async function capturing(): Promise<void> {
  await eventually(() =>
    part('restart-capture')
      .isEnabled()
      .catch(() => false),
  ).toBe(true);
  await strip().waitFor();
}

/** Sends datagrams to a port of loopback that nobody listens at. */
async function datagrams(count: number, port: number): Promise<void> {
  const socket = createSocket('udp4');
  // The answer "port unreachable" comes back as an error.
  socket.on('error', () => {});
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => socket.send(`datagram ${i}`, port, '127.0.0.1', () => resolve()));
  socket.close();
}

/** Process ids of a server's children that run the named program. */
function childrenOf(server: ChildProcess, program: string): number[] {
  return execFileSync('ps', ['--ppid', String(server.pid), '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(program))
    .map((line) => Number.parseInt(line, 10));
}

async function saveAs(item: number, name: string): Promise<string> {
  await part('save-button').click();
  const [download] = await Promise.all([page.waitForEvent('download'), part('save-menu').locator('[role="menuitem"]').nth(item).click()]);
  const file = path.join(app.home, name);
  await download.saveAs(file);
  return file;
}

describeInBrowser('the start screen in a browser', () => {
  beforeEach(async () => {
    app = await openApp();
    page = app.page;
    await part('start-screen').waitFor();
  });
  afterEach(() => app.close());

  it('opens a file that is chosen, and one that is dropped', async () => {
    await part('file-input').setInputFiles(FIXTURE);
    await eventually(packetsShown).toBe(readByTshark(FIXTURE).packets);
    await part('close-capture').click();
    await part('start-screen').waitFor();
    await page.evaluate(() => {
      const header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
      const record = [1, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 14, 0, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5];
      const dropped = new DataTransfer();
      dropped.items.add(new File([new Uint8Array([...header, ...record])], 'dropped.pcap'));
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        window.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, cancelable: true }));
      }
    });
    await eventually(() => part('capture-tab').textContent()).toContain('dropped.pcap');
    await eventually(packetsShown).toBe(1);
    expect(app.consoleErrors).toEqual([]);
  });

  it('says that a file is missing, and stays as it was', async () => {
    await part('open-path').fill('/nowhere/at-all.pcap');
    await part('open-path').press('Enter');
    await eventually(() => part('failure-banner').textContent()).toContain('does not exist');
    await eventually(() => part('status-bar').textContent()).not.toContain('Opening');
    expect(await part('start-screen').isVisible()).toBe(true);
  });

  it('says that a file is no capture', async () => {
    await part('file-input').setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no packets in here, only words'),
    });
    await part('failure-banner').waitFor();
    expect(await part('start-screen').isVisible()).toBe(true);
  });
});

describe.skipIf(noCapture !== null)(named('live capture with traffic', noCapture), () => {
  describeInBrowser('in the window', () => {
    let web: Server;
    let port: number;

    const fetchPage = (): Promise<void> =>
      new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/hello', agent: false }, (response) => response.resume().on('end', resolve)).on(
          'error',
          reject,
        );
      });

    beforeAll(async () => {
      web = httpServer((_, response) => response.setHeader('content-type', 'text/plain').end('hello '.repeat(50)));
      await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
      port = (web.address() as AddressInfo).port;
    });
    afterAll(() => void web.close());
    beforeEach(async () => {
      app = await openApp();
      page = app.page;
      await part('interfaces').waitFor();
    });
    afterEach(() => app.close());

    it('shows interfaces with addresses and what they carry', async () => {
      const loopback = part('interface-row-lo');
      await eventually(() => loopback.textContent()).toContain('127.0.0.1');
      await eventually(() => loopback.locator('.r').first().textContent()).toMatch(/\d\s*\/s/);
      expect(await loopback.locator('svg[role="img"]').getAttribute('aria-label')).toContain('lo');
    });

    it('captures, stops, saves both formats, and starts again', async () => {
      await begin(`tcp port ${port}`);
      for (let i = 0; i < 5; i++) await fetchPage();
      await eventually(() => page.locator('.ag-row', { hasText: '200 OK' }).count()).toBeGreaterThan(0);
      // Every request has at least its handshake, two messages and the close.
      await eventually(packetsShown).toBeGreaterThanOrEqual(5 * 8);
      await page.keyboard.press('Control+e');
      await part('stop-capture').waitFor({ state: 'detached' });
      await strip().waitFor({ state: 'detached' });
      const { packets, complaint } = readByTshark(await saveAs(0, 'saved.pcapng'));
      expect(complaint).toBe('');
      await eventually(packetsShown).toBe(packets);
      expect(readByTshark(await saveAs(1, 'saved.pcap'))).toEqual({ packets, complaint: '' });
      await page.keyboard.press('Control+e');
      await capturing();
      await eventually(packetsShown).toBe(0);
      await fetchPage();
      await eventually(packetsShown).toBeGreaterThanOrEqual(8);
      await part('restart-capture').click();
      await eventually(packetsShown).toBe(0);
      await capturing();
      await fetchPage();
      await eventually(packetsShown).toBeGreaterThanOrEqual(8);
      expect(app.consoleErrors).toEqual([]);
    });

    it('stops within a second', async () => {
      await begin(`udp dst port ${ownPort(0)}`);
      await inTime(async () => {
        if ((await part('stop-capture').count()) === 0) {
          await page.keyboard.press('Control+e');
          await capturing();
        }
        await eventually(packetsShown).toBe(0);
        await datagrams(50, ownPort(0));
        await eventually(packetsShown).toBe(50);
        const began = Date.now();
        await part('stop-capture').click();
        await part('stop-capture').waitFor({ state: 'detached' });
        expect(Date.now() - began).toBeLessThan(1000 * patience());
      });
      expect(await packetsShown()).toBe(50);
    });

    it('shows a packet within 200 ms of its being sent', async () => {
      await begin(`udp dst port ${ownPort(1)}`);
      let row = 0;
      const median = async (): Promise<number> => {
        const took: number[] = [];
        for (const end = row + 15; row < end; row++) {
          const shown = page.evaluate(
            (position) =>
              new Promise<number>((resolve) => {
                const look = (): void => {
                  const text = document.querySelector(`.ag-row[row-index="${position}"] [col-id="info"]`)?.textContent ?? '';
                  if (text.trim() !== '') resolve(Date.now());
                  else requestAnimationFrame(look);
                };
                look();
              }),
            row,
          );
          const sent = Date.now();
          await datagrams(1, ownPort(1));
          took.push((await shown) - sent);
        }
        took.sort((a, b) => a - b);
        return took[Math.floor(took.length / 2)] as number;
      };
      await inTime(async () => expect(await median()).toBeLessThan(200 * patience()));
    });

    it('says that nothing is captured before the interface is open', async () => {
      const found = findDumpcap();
      if (found.kind !== 'found') return;
      await app.close();
      const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-slow-'));
      const open = path.join(folder, 'open');
      // A back end that opens the interface only when it is told to.
      const script = `#!/bin/sh\ncase "$*" in *-w*) while [ ! -e ${open} ]; do sleep 0.05; done ;; esac\nexec ${found.path} "$@"\n`;
      writeFileSync(path.join(folder, 'dumpcap'), script, { mode: 0o755 });
      app = await openApp(undefined, { env: { PATH: `${folder}:${process.env.PATH ?? ''}` } });
      page = app.page;
      await part('interface-row-lo').locator('.pick').click({ force: true });
      await part('capture-options').locator('summary').click();
      await part('backend-select').selectOption('dumpcap');
      await part('start-capture').click();
      await eventually(() => part('live-box').textContent()).toContain('nothing is captured yet');
      expect(await page.locator('.recdot.on').count()).toBe(0);
      await wait(2000);
      const opened = Date.now();
      writeFileSync(open, '');
      await capturing();
      await eventually(() => page.locator('.recdot.on').count()).toBe(2);
      await eventually(() => part('live-box').textContent()).not.toContain('nothing is captured yet');
      const clock = /(\d\d):(\d\d):(\d\d)/.exec((await part('status-bar').textContent()) ?? '');
      expect(60 * Number(clock?.[2]) + Number(clock?.[3])).toBeLessThanOrEqual((Date.now() - opened) / 1000);
      rmSync(folder, { recursive: true });
      expect(app.consoleErrors).toEqual([]);
    });

    it('ends by itself after so many packets, with the back end that was chosen, and says what is known of it', async () => {
      await part('capture-options').locator('summary').click();
      await eventually(() => part('backend-reason').textContent()).toMatch(/^(cap|dumpcap), because/);
      const chosen = findDumpcap().kind === 'found' ? 'dumpcap' : 'cap';
      await part('backend-select').selectOption(chosen);
      await part('limit-packets').fill('5');
      await begin(`udp dst port ${ownPort(2)}`);
      await eventually(() => part('status-bar').textContent()).toContain(chosen);
      await datagrams(9, ownPort(2));
      await part('stop-capture').waitFor({ state: 'detached' });
      await eventually(packetsShown).toBe(5);
      await eventually(() => part('status-bar').textContent()).toMatch(chosen === 'dumpcap' ? /Dropped\s*none/ : /Drops unknown/);
      expect(readByTshark(await saveAs(0, 'five.pcapng'))).toEqual({ packets: 5, complaint: '' });
      expect(app.consoleErrors).toEqual([]);
    });

    it('writes a ring of files where the user wants it, shows the newest, and refuses one without a place', async () => {
      await part('capture-options').locator('summary').click();
      await part('limit-fileSeconds').fill('0.4');
      await part('limit-files').fill('2');
      await eventually(() => part('limits-wrong').textContent()).toContain('needs a place');
      await part('limit-file').fill(path.join(app.home, 'ring.pcapng'));
      await part('limits-wrong').waitFor({ state: 'detached' });
      await begin(`udp dst port ${ownPort(3)}`);
      for (let i = 0; i < 24; i++) {
        await datagrams(1, ownPort(3));
        await wait(60);
      }
      await part('stop-capture').click();
      await part('stop-capture').waitFor({ state: 'detached' });
      const files = readdirSync(app.home).filter((name) => /^ring_\d{5}_\d{14}\.pcapng$/.test(name));
      expect(files).toHaveLength(2);
      const counts = files.sort().map((name) => readByTshark(path.join(app.home, name)));
      expect(counts.map((each) => each.complaint)).toEqual(['', '']);
      await eventually(packetsShown).toBe(counts[1]?.packets);
      // They are the user's files: the start screen has them.
      await part('close-capture').click();
      for (const name of files) await part('recent-files').getByText(name).waitFor();
      expect(app.consoleErrors).toEqual([]);
    });

    it('offers to save what it has open when a ring fails, not what is in the files before', async () => {
      await part('capture-options').locator('summary').click();
      await part('limit-fileMegabytes').fill('0.0001');
      await part('limit-file').fill(path.join(app.home, 'failing.pcapng'));
      await begin(`udp dst port ${ownPort(15)}`);
      await datagrams(3, ownPort(15));
      await eventually(() => part('status-bar').textContent()).toContain('on disk to packet 3');
      for (const pid of childrenOf(app.server, 'capture-process')) process.kill(pid, 'SIGKILL');
      await eventually(() => part('live-failure-banner').innerText()).toContain('3 packets are saved.');
      // Each file is full with its first packets: the newest has none.
      await eventually(packetsShown).toBe(0);
      await eventually(() => part('live-failure-banner').innerText()).not.toContain('Save the');
    });

    it('captures on two interfaces together', async () => {
      await part('interface-row-lo').locator('.pick').click({ force: true });
      await part('also-any').check();
      await eventually(() => part('several').textContent()).toContain('lo and any');
      await part('capture-options').locator('summary').click();
      if (findDumpcap().kind === 'found') await eventually(() => part('backend-reason').textContent()).toMatch(/^dumpcap, because/);
      await begin(`udp dst port ${ownPort(4)}`);
      await datagrams(4, ownPort(4));
      // Loopback is seen by both; the pseudo-device sees each packet on its way out and in.
      await eventually(packetsShown).toBeGreaterThanOrEqual(8);
      await eventually(() => part('live-box').textContent()).toContain('lo, any');
    });

    it('follows the end until it is scrolled, counts what comes, and follows again', async () => {
      await begin(`udp dst port ${ownPort(5)}`);
      /** How far the last row reaches below the top of the strip under the list, in px. */
      const lowestEdge = async (): Promise<number> => {
        const [row, below] = [
          await page.locator('.ag-row').evaluateAll((rows) => Math.max(...rows.map((each) => each.getBoundingClientRect().bottom))),
          await strip().boundingBox(),
        ];
        return row - (below?.y ?? 0);
      };
      await datagrams(200, ownPort(5));
      const last = (number: number) => page.locator(`.ag-row[row-index="${number - 1}"] [col-id="no"]`);
      await eventually(() =>
        last(200)
          .textContent()
          .catch(() => ''),
      ).toBe('200');
      await eventually(() => lowestEdge()).toBeLessThanOrEqual(2);
      await eventually(() => strip().textContent()).toContain('Following the end');
      await page.locator('.ag-row').first().hover();
      await page.mouse.wheel(0, -600);
      await eventually(() => strip().textContent()).toContain('follows again');
      await datagrams(12, ownPort(5));
      await eventually(() => strip().textContent()).toContain('12 new packets below');
      expect(await last(212).count()).toBe(0);
      await page.keyboard.press('End');
      await eventually(() => strip().textContent()).toContain('Following the end');
      await eventually(() =>
        last(212)
          .textContent()
          .catch(() => ''),
      ).toBe('212');
      await eventually(() => lowestEdge()).toBeLessThanOrEqual(2);
      // Escape stops it too.
      await page.keyboard.press('Escape');
      await eventually(() => strip().textContent()).toContain('0 new packets below');
    });

    it('stops following by a click in the overview, by dragging it, and by any other way of scrolling back', async () => {
      await begin(`udp dst port ${ownPort(6)}`);
      await datagrams(200, ownPort(6));
      await eventually(packetsShown).toBe(200);
      const row = (number: number) => page.locator(`.ag-row[row-index="${number - 1}"] [col-id="no"]`);
      const map = await atRest(part('minimap'));
      const x = map.x + map.width / 2;
      const followAgain = async (last: number): Promise<void> => {
        await strip().click();
        await eventually(() => strip().textContent()).toContain('Following the end');
        await row(last).waitFor();
      };
      await row(200).waitFor();
      await page.mouse.click(x, map.y + map.height / 2);
      await eventually(() => strip().textContent()).toContain('follows again');
      await row(100).waitFor();
      // What comes meanwhile leaves the list where it is.
      await datagrams(5, ownPort(6));
      await eventually(() => strip().textContent()).toContain('5 new packets below');
      expect(await row(100).count()).toBe(1);
      await followAgain(205);
      await page.mouse.move(x, map.y + map.height - 3);
      await page.mouse.down();
      for (let y = map.height - 3; y > 5; y -= map.height / 8) await page.mouse.move(x, map.y + y);
      await page.mouse.move(x, map.y + 2);
      await page.mouse.up();
      await eventually(() => strip().textContent()).toContain('follows again');
      await row(1).waitFor();
      await datagrams(5, ownPort(6));
      await eventually(() => strip().textContent()).toContain('5 new packets below');
      await followAgain(210);
      // A finger, the middle button, a screen reader: they scroll without telling of a wheel or a key.
      await page.locator('.packet-grid .ag-grid-viewport').evaluate((node) => node.scrollBy({ top: -500 }));
      await eventually(() => strip().textContent()).toContain('follows again');
      // A window of another size shows other rows, but nobody scrolled.
      await followAgain(210);
      await page.setViewportSize({ width: 1440, height: 700 });
      await row(210).waitFor();
      await page.setViewportSize({ width: 1440, height: 1000 });
      await datagrams(5, ownPort(6));
      await row(215).waitFor();
      await eventually(() => strip().textContent()).toContain('Following the end');
    });

    it('follows a list of more rows than the grid has, and stays where it was scrolled to while it grows', async () => {
      await begin(`udp dst port ${ownPort(15)}`);
      const row = (number: number) => page.locator(`.ag-row[aria-rowindex="${number + 1}"]`);
      /** All that was sent is here, but for what the kernel had no room for. */
      const sent = async (count: number): Promise<number> => {
        const before = await packetsShown();
        await datagrams(count, ownPort(15));
        await eventually(packetsShown).toBeGreaterThan(before + count / 2);
        return await settled(page, packetsShown);
      };
      let last = 0;
      while (last < 60_000) {
        last = await sent(12_000);
        await row(last).waitFor();
        expect(await row(last).locator('[col-id="no"]').textContent()).toBe(last.toLocaleString('en'));
        expect(await strip().textContent(), String(last)).toContain('Following the end');
      }
      const map = await atRest(part('minimap'));
      await page.mouse.click(map.x + map.width / 2, map.y + map.height / 2);
      await eventually(() => strip().textContent()).toContain('follows again');
      /** Number of the row in the middle of the list, and where it stands, px. */
      const middle = () =>
        page.evaluate(() => {
          const area = document.querySelector('.packet-grid .ag-grid-viewport')?.getBoundingClientRect() as DOMRect;
          const at = document.elementFromPoint(area.left + 300, area.top + area.height / 2)?.closest('.ag-row') as HTMLElement;
          return { row: Number(at.getAttribute('aria-rowindex')), top: at.getBoundingClientRect().top };
        });
      const before = await settled(page, middle);
      for (let k = 0; k < 3; k++) {
        await sent(4000);
        expect(await settled(page, middle)).toEqual(before);
      }
      await strip().click();
      last = await sent(3000);
      await row(last).waitFor();
      expect(app.consoleErrors).toEqual([]);
    });

    it('is scrolled back packet by packet where the list leapt while it had few rows', async () => {
      await begin(`udp dst port ${ownPort(16)}`);
      const sent = async (count: number): Promise<number> => {
        const before = await packetsShown();
        await datagrams(count, ownPort(16));
        await eventually(packetsShown).toBeGreaterThan(before + count / 2);
        return await settled(page, packetsShown);
      };
      /** Numbers of the rows in sight, from the top. */
      const sight = () =>
        page.evaluate(() => {
          const area = document.querySelector('.packet-grid .ag-grid-viewport') as HTMLElement;
          const head = area.querySelector('.ag-header')?.getBoundingClientRect().bottom as number;
          return [...area.querySelectorAll<HTMLElement>('.ag-row')]
            .filter(
              (each) =>
                each.getBoundingClientRect().top >= head - 1 &&
                each.getBoundingClientRect().bottom <= area.getBoundingClientRect().bottom + 1,
            )
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .map((each) => Number(each.querySelector('[col-id="no"]')?.textContent?.replaceAll(/\D/g, '')));
        });
      await sent(900);
      await sent(2500);
      const last = await sent(2500);
      await eventually(async () => (await sight()).at(-1)).toBe(last);
      await page.locator('.ag-row').first().hover();
      let [top = 0] = await settled(page, sight);
      for (let turn = 0; top > 1; turn++) {
        const by = Math.min(top - 1, turn === 0 ? 20 : 450);
        await page.mouse.wheel(0, -by * ROW_PX);
        top -= by;
        await eventually(async () => (await sight())[0]).toBe(top);
        const numbers = await settled(page, sight);
        expect(numbers).toEqual(numbers.map((_, k) => top + k));
        // What comes meanwhile leaves the list where it is.
        if (turn === 2) {
          await sent(2000);
          expect(await settled(page, sight)).toEqual(numbers);
        }
      }
      await page.keyboard.press('End');
      const end = await sent(200);
      await eventually(async () => (await sight()).at(-1)).toBe(end);
      expect(app.consoleErrors).toEqual([]);
    });

    it('keeps following when the window is made narrower, and ends at the last packet when it is stopped', async () => {
      await begin(`udp dst port ${ownPort(7)}`);
      let sent = 200;
      await datagrams(sent, ownPort(7));
      const row = (number: number) => page.locator(`.ag-row[row-index="${number - 1}"] [col-id="no"]`);
      await row(sent).waitFor();
      for (const [width, height] of [
        [1000, 650],
        [1440, 900],
        [1100, 700],
        [1440, 600],
        [1440, 900],
      ] as const) {
        await page.setViewportSize({ width, height });
        await datagrams(5, ownPort(7));
        sent += 5;
        await row(sent).waitFor();
        await eventually(() => strip().textContent()).toContain('Following the end');
      }
      await datagrams(30, ownPort(7));
      sent += 30;
      await part('stop-capture').click();
      await eventually(() => strip().count()).toBe(0);
      await eventually(packetsShown).toBe(sent);
      const below = async (): Promise<number> => {
        const [at, list] = [await row(sent).boundingBox(), await page.locator('.packet-grid').boundingBox()];
        return at === null || list === null ? 9999 : at.y + at.height - list.y - list.height;
      };
      await eventually(below).toBeLessThanOrEqual(2);
    });

    it('shows what comes in by layer, and what becomes of connections, while nothing is selected', async () => {
      await begin(`tcp port ${port} or tcp port ${ownPort(12)}`);
      const rate = part('rate-box');
      await eventually(() => rate.textContent()).toContain('last 60 s');
      for (let i = 0; i < 3; i++) await fetchPage();
      await new Promise<void>((resolve) => connect(ownPort(12), '127.0.0.1').on('error', () => resolve()));
      await eventually(() => part('outcome-box').innerText()).toMatch(/4 seen[\s\S]*Handshake done\s*3\s*Refused\s*1\s*No answer\s*0/);
      await eventually(() => rate.textContent()).toContain('TCP');
      await eventually(() => rate.textContent()).toContain('HTTP');
      // Every packet of the list stands in a bar, and none twice: the bars' heights are to the scale of the highest.
      await eventually(() => rate.locator('svg .L-app rect').count()).toBeGreaterThan(0);
      const inBars = async (): Promise<number> => {
        // Of one drawing: the minute moves on.
        const { bars, text } = await rate.evaluate((box) => ({
          text: box.textContent ?? '',
          bars: [...box.querySelectorAll('svg rect')].map((node) => ({
            x: Number(node.getAttribute('x')),
            height: Number(node.getAttribute('height')),
          })),
        }));
        const highest = Math.max(...bars.map(({ x }) => bars.filter((bar) => bar.x === x).reduce((sum, bar) => sum + bar.height, 0)));
        const total = bars.reduce((sum, bar) => sum + bar.height, 0);
        return Math.round((total / highest) * Number(/peak ([\d,]+)/.exec(text)?.[1]?.replace(/,/g, '')));
      };
      await eventually(async () => (await inBars()) - (await packetsShown())).toBe(0);
      await page.locator('.ag-row').first().click();
      await rate.waitFor({ state: 'detached' });
    });

    it('comes back from a packet to what comes in now by Esc, and shows a stream as it grows', async () => {
      const port = ownPort(13);
      await begin(`udp port ${port}`);
      const socket = createSocket('udp4');
      socket.on('error', () => {});
      const send = (text: string) => new Promise<void>((resolve) => socket.send(text, port, '127.0.0.1', () => resolve()));
      try {
        for (let i = 0; i < 3; i++) await send(`datagram ${i}\n`);
        await eventually(packetsShown).toBe(3);
        await part('rate-box').waitFor();
        await part('packet-list').locator('.ag-row').first().click();
        await part('rate-box').waitFor({ state: 'detached' });
        await page.keyboard.press('Escape');
        await part('rate-box').waitFor();

        await part('tab-streams').click();
        await eventually(() => part('stream-content').innerText()).toMatch(/datagram 0[\s\S]*datagram 2/);
        await send('what came later');
        await eventually(() => part('stream-content').innerText()).toMatch(/datagram 0[\s\S]*datagram 2[\s\S]*what came later/);
      } finally {
        socket.close();
      }
    });

    it('names the interface that is captured on in a narrow window too', async () => {
      await part('file-input').setInputFiles(FIXTURE);
      await part('packet-list').waitFor();
      for (const width of [1024, 960, 720]) {
        await page.setViewportSize({ width, height: 600 });
        await eventually(() => part('interface-select').isVisible()).toBe(true);
        await part('start-capture').click({ trial: true });
        const [inside, beside] = await page.locator('header.title').evaluate((bar) => [bar.scrollWidth, bar.clientWidth]);
        expect(inside).toBe(beside);
      }
    });

    it("gives libpcap's message for a wrong capture filter, and captures once it is right", async () => {
      await part('interface-row-lo').locator('.pick').click({ force: true });
      await part('capture-filter').fill('tcp prt 80');
      await part('start-capture').click();
      await eventually(() => part('failure-banner').textContent()).toContain('syntax error');
      await eventually(() => part('start-screen').isVisible()).toBe(true);
      await part('capture-filter').fill(`udp dst port ${ownPort(8)}`);
      await part('capture-filter').press('Enter');
      await capturing();
      await datagrams(3, ownPort(8));
      await eventually(packetsShown).toBe(3);
      await eventually(() => part('failure-banner').count()).toBe(0);
    });

    it('keeps what was captured when the interface goes away', async () => {
      const [here, there] = [`sfe${process.pid % 100_000}a`, `sfe${process.pid % 100_000}b`];
      execFileSync('ip', ['link', 'add', here, 'type', 'veth', 'peer', 'name', there]);
      try {
        for (const name of [here, there]) execFileSync('ip', ['link', 'set', name, 'up']);
        await part(`interface-row-${here}`).waitFor();
        await begin('', here);
        execFileSync('ip', ['link', 'del', here]);
        await eventually(() => part('live-failure-banner').textContent()).toContain(`${here} was removed during the capture`);
        await eventually(() => part('live-failure-banner').textContent()).toContain('saved');
        await part('stop-capture').waitFor({ state: 'detached' });
      } finally {
        spawnSync('ip', ['link', 'del', here]);
      }
    });

    it('lists a capture that was closed without being saved, to be opened again', async () => {
      await begin(`udp dst port ${ownPort(9)}`);
      await datagrams(7, ownPort(9));
      await eventually(packetsShown).toBe(7);
      await part('stop-capture').click();
      await part('stop-capture').waitFor({ state: 'detached' });
      await part('close-capture').click();
      await eventually(() => part('recovered').innerText()).toContain('7 packets');
      expect(app.consoleErrors).toEqual([]);
    });

    it('loses no packet when its engine is killed', async () => {
      await begin(`udp dst port ${ownPort(10)}`);
      await datagrams(5, ownPort(10));
      await eventually(packetsShown).toBe(5);
      for (const pid of childrenOf(app.server, 'engine-process')) process.kill(pid, 'SIGKILL');
      await part('engine-banner').waitFor();
      await datagrams(4, ownPort(10));
      await part('engine-banner').locator('button').first().click();
      await eventually(packetsShown).toBe(9);
      await eventually(() => part('engine-banner').count()).toBe(0);
      await datagrams(2, ownPort(10));
      await eventually(packetsShown).toBe(11);
      await page.locator('.ag-row[row-index="10"]').waitFor();
    });

    it('does not look as if it went on once the program was killed', async () => {
      await begin(`udp dst port ${ownPort(14)}`);
      await datagrams(6, ownPort(14));
      await eventually(packetsShown).toBe(6);
      app.server.kill('SIGKILL');
      await part('line-banner').waitFor();
      await eventually(async () => [await part('stop-capture').count(), await part('live-strip').count()]).toEqual([0, 0]);
      await eventually(() => part('capture-tab').locator('.recdot').count()).toBe(0);
      expect(await packetsShown()).toBe(6);
    });

    it('goes on through a reload of the page', async () => {
      await begin(`udp dst port ${ownPort(11)}`);
      await datagrams(6, ownPort(11));
      await eventually(packetsShown).toBe(6);
      await page.reload();
      await capturing();
      await eventually(packetsShown).toBe(6);
      await datagrams(3, ownPort(11));
      await eventually(packetsShown).toBe(9);
      await page.locator('.ag-row[row-index="8"]').waitFor();
      expect(app.consoleErrors).toEqual([]);
    });
  });
});
