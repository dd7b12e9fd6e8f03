// A live capture under load, with the window open: two network namespaces, a sender in one, Sevenfold in browser mode with Chromium, and dumpcap
// beside it in the other. How many packets each has of those that were sent, how old a packet is when its row shows, and what memory is used.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must, which } from './tools.mjs';
import { noWindow } from './window.mjs';

/** What ends the benchmark before its end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** Where the sender is. */
const SENDER_ADDRESS = '10.255.255.254';

/**
 * UDP datagrams in frames of 64 bytes at a rate. The destination address says when a frame was sent: 10.x.y.z is the number of milliseconds since the
 * second in argv[3]. The machine that sends is another one elsewhere: here it goes before what captures, and takes little of its processors (the kernel
 * makes 60 datagrams of one, udp(7): UDP_SEGMENT). Where it was not given a processor all the same it does not make up for it in one burst: that would
 * be another rate.
 */
const SENDER = `
import os, socket, sys, time
rate, seconds, zero = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
BATCH, LENGTH = 60, 22
os.nice(-15)
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.bind(('${SENDER_ADDRESS}', 40000))
out.setsockopt(socket.IPPROTO_UDP, 103, LENGTH)
start = time.perf_counter()
first = start
total = int(rate * seconds)
sent = 0
while sent < total and time.perf_counter() - first < seconds * 3:
    now = time.perf_counter()
    due = min(total, int((now - start) * rate) + 1)
    late = due - sent - max(1, rate // 100)
    if late > 0:
        start += late / rate
        due -= late
    to = socket.inet_ntoa(bytes([10]) + (int((time.time() - zero) * 1000) & 0xffffff).to_bytes(3, 'big')), 40001
    while sent < due:
        count = min(BATCH, due - sent)
        out.sendto(bytes(LENGTH * count), to)
        sent += count
    time.sleep(0.0003)
print(sent, time.perf_counter() - first)
`;

/** Why it cannot be measured here, null if it can. */
export function noLive(root) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need root on Linux';
  const missing = ['ip', 'python3', 'capinfos'].find((name) => which(name) === null);
  return missing === undefined ? noWindow(root) : `${missing} is not installed`;
}

const statusOf = (pid, name) => {
  try {
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};
const childrenOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};
const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};
const family = (pid) => [pid, ...childrenOf(pid).flatMap(family)];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;

/**
 * Runs in the page: for each frame that shows a new last row, when that was and when its packet was sent. Looks only when rows have changed: a look with every frame had the
 * page draw all the time, on the processors that the capture needs.
 */
function instrument(zero) {
  const shows = [];
  let last = -1;
  let due = false;
  const look = () => {
    due = false;
    let newest = null;
    let index = -1;
    for (const row of document.querySelectorAll('.packet-grid .ag-row')) {
      const at = Number(row.getAttribute('aria-rowindex'));
      if (at <= index) continue;
      const text = row.querySelector('[col-id="destination"]')?.textContent ?? '';
      if (!text.startsWith('10.')) continue;
      index = at;
      newest = text;
    }
    if (index <= last) return;
    last = index;
    const [, a, b, c] = newest.split(/[.:\s]/).map(Number);
    shows.push([Date.now() - zero, a * 65_536 + b * 256 + c]);
  };
  // What is drawn with the next frame is seen in the frame after it, or a moment later where none follows.
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => setTimeout(look, 0));
  }).observe(document.body, { childList: true, subtree: true });
  window.benchLive = () => shows.splice(0);
}

/**
 * Of [now, when the newest row's packet was sent], ms: how old that was, and how long each packet waited to be in the list; as many came in each millisecond.
 */
function latencies(shows) {
  const ages = shows.map(([now, sent]) => now - sent);
  const waits = shows.flatMap(([now, sent], k) => {
    const first = k === 0 ? sent : shows[k - 1][1] + 1;
    return Array.from({ length: Math.max(0, sent - first + 1) }, (_, more) => now - first - more);
  });
  const summary = (values) => {
    values.sort((a, b) => a - b);
    return { count: values.length, median: at(values, 0.5), p95: at(values, 0.95), p99: at(values, 0.99), most: at(values, 1) };
  };
  return { ageMs: summary(ages), waitMs: summary(waits) };
}

/** `beside`: dumpcap captures on the same interface at the same time. `backend`: 'auto', 'cap' or 'dumpcap'. */
export async function liveWindow(root, { rate, seconds, beside = true, backend = 'auto' }, say) {
  const { chromium } = await import('playwright-core');
  const tag = process.pid % 10_000;
  const [sender, receiver, out, capture] = [`sfb${tag}s`, `sfb${tag}r`, `sfbs${tag}`, `sfbr${tag}`];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-bench-live-'));
  let server = null;
  let browser = null;
  let dumpcap = null;
  let tidied = null;
  /** Ends all that was begun, and removes it: at the end, after a failure, and where the benchmark itself is ended. */
  const tidy = () => {
    tidied ??= (async () => {
      await Promise.race([browser?.close().catch(() => {}), wait(5000)]);
      if (server !== null && server.exitCode === null) {
        const over = new Promise((resolve) => server.once('close', resolve));
        server.kill('SIGTERM');
        await Promise.race([over, wait(5000)]);
      }
      for (const name of [sender, receiver]) {
        // What is still inside, dumpcap and the sender, would go on in a namespace without a name.
        const inside = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout ?? '';
        for (const pid of inside.split('\n').filter(Boolean)) spawnSync('kill', ['-KILL', pid]);
        spawnSync('ip', ['netns', 'del', name]);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    })();
    return tidied;
  };
  const ended = (signal) => void tidy().finally(() => process.exit(128 + os.constants.signals[signal]));
  for (const signal of SIGNALS) process.on(signal, ended);
  try {
    for (const name of [sender, receiver]) must('ip', ['netns', 'add', name]);
    must('ip', ['link', 'add', out, 'netns', sender, 'type', 'veth', 'peer', 'name', capture, 'netns', receiver]);
    for (const [space, name] of [
      [sender, out],
      [receiver, capture],
      [receiver, 'lo'],
    ])
      must('ip', ['-n', space, 'link', 'set', name, 'up']);
    // No answer is waited for, and datagrams are taken apart before they are in the other namespace.
    must('ip', ['-n', sender, 'link', 'set', out, 'arp', 'off', 'gso_max_segs', '1']);
    must('ip', ['-n', sender, 'addr', 'add', `${SENDER_ADDRESS}/8`, 'dev', out]);
    const inside = (command, args, options) => spawn('ip', ['netns', 'exec', receiver, command, ...args], options);
    server = inside(process.execPath, [path.join(root, 'dist', 'node', 'cli.js'), 'serve', '--no-open', '--port', '0'], {
      env: { ...process.env, SEVENFOLD_HOME: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const url = await new Promise((resolve, reject) => {
      let text = '';
      server.stdout.setEncoding('utf8').on('data', (part) => {
        text += part;
        const found = /http:\/\/\S+/.exec(text);
        if (found !== null) resolve(found[0]);
      });
      server.on('close', () => reject(new Error('the server ended')));
    });
    // The browser has to be in the same namespace as the server.
    const wrapper = path.join(folder, 'browser');
    const program = BROWSERS.map(which).find((each) => each !== null);
    writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${receiver} ${program} "$@"\n`);
    chmodSync(wrapper, 0o700);
    browser = await chromium.launch({
      executablePath: wrapper,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-dev-shm-usage'],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    const row = page.getByTestId(`interface-row-${capture}`);
    await row.waitFor();
    await row.locator('.pick').click({ force: true });
    if (backend !== 'auto') {
      await page.getByTestId('capture-options').locator('summary').click();
      await page.getByTestId('backend-select').selectOption(backend);
    }
    await page.getByTestId('capture-filter').fill('udp dst port 40001');
    const zero = Math.floor(Date.now() / 1000);
    await page.evaluate(instrument, zero * 1000);
    await page.getByTestId('start-capture').last().click();
    await page.getByTestId('stop-capture').waitFor();
    // The button is there while the interface is being opened.
    await page.getByTestId('status-bar').getByText(/spool/).waitFor();
    let dumpcapSaid = '';
    const theirs = path.join(folder, 'dumpcap.pcapng');
    if (beside && which('dumpcap') !== null) {
      dumpcap = inside('dumpcap', ['-i', capture, '-f', 'udp dst port 40001', '-q', '-w', theirs], { stdio: ['ignore', 'ignore', 'pipe'] });
      dumpcap.stderr.setEncoding('utf8').on('data', (text) => {
        dumpcapSaid += text;
      });
      for (let k = 0; k < 100 && !dumpcapSaid.includes('Capturing on'); k++) await wait(50);
    }
    await wait(500);
    say(`Sending ${rate.toLocaleString('en')} packets per second for ${seconds} s …`);
    const load = os.loadavg()[0];
    const [sent, took] = await new Promise((resolve, reject) => {
      const limit = Math.ceil(seconds * 3 + 10);
      const child = spawn('ip', [
        'netns',
        'exec',
        sender,
        'timeout',
        String(limit),
        which('python3'),
        '-c',
        SENDER,
        String(rate),
        String(seconds),
        String(zero),
      ]);
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      child.on('error', reject);
      child.on('close', () => resolve(text.trim().split(' ').map(Number)));
    });
    const pids = family(server.pid);
    const named = (word) => pids.find((pid) => commandOf(pid).includes(word));
    const memory = () => ({
      captureKiB: statusOf(named('capture-process'), 'VmHWM'),
      engineKiB: statusOf(named('engine-process'), 'VmHWM'),
    });
    await wait(1500);
    const used = memory();
    const shows = await page.evaluate(() => window.benchLive());
    await page.getByTestId('stop-capture').click();
    await page.getByTestId('stop-capture').waitFor({ state: 'detached', timeout: 30_000 });
    let drops = null;
    if (dumpcap !== null) {
      const over = new Promise((resolve) => dumpcap.once('close', resolve));
      for (const pid of family(dumpcap.pid)) if (commandOf(pid).startsWith('dumpcap')) process.kill(pid, 'SIGINT');
      await over;
      drops = /received\/dropped on interface .*?: (\d+)\/(\d+)/.exec(dumpcapSaid);
    }
    await page.waitForTimeout(500);
    const status = await page.getByTestId('status-bar').innerText();
    const spool = spawnSync('find', [folder, '-name', 'capture.pcapng'], { encoding: 'utf8' }).stdout.trim().split('\n')[0];
    const packetsIn = (file) => Number(/Number of packets\s*[:=]\s*(\d+)/.exec(must(which('capinfos'), ['-cM', file]))?.[1] ?? 0);
    const ours = packetsIn(spool);
    const shown = Number((/Packets\s+([\d,]+)/.exec(status)?.[1] ?? '').replaceAll(',', ''));
    const dumped = dumpcap === null ? null : packetsIn(theirs);
    return {
      sent,
      seconds: took,
      load,
      ours: { packets: ours, shown, lossPercent: (100 * (sent - ours)) / sent, status: status.replace(/\s+/g, ' ') },
      dumpcap:
        dumped === null
          ? null
          : { packets: dumped, lossPercent: (100 * (sent - dumped)) / sent, itsDrops: drops === null ? null : Number(drops[2]) },
      ...latencies(shows),
      memory: { ...used, engineBytesPerPacket: Math.round(((used.engineKiB - 90_000) * 1024) / Math.max(1, ours)) },
    };
  } finally {
    await tidy();
    for (const signal of SIGNALS) process.off(signal, ended);
  }
}
