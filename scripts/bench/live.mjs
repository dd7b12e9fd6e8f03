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

/**
 * UDP datagrams in frames of 64 bytes at a rate. The source address says when a frame was sent: 10.x.y.z is the number of milliseconds since the
 * second in argv[4]. A sender that was not given the processor does not make up for it in one burst: that would be another rate.
 */
const SENDER = `
import ctypes, socket, struct, sys, time
rate, seconds, name, zero = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], float(sys.argv[4])
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
out.bind((name, 0))
class iovec(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('len', ctypes.c_size_t)]
class mmsghdr(ctypes.Structure):
    _fields_ = [('name', ctypes.c_void_p), ('namelen', ctypes.c_uint32), ('iov', ctypes.c_void_p), ('iovlen', ctypes.c_size_t),
                ('control', ctypes.c_void_p), ('controllen', ctypes.c_size_t), ('flags', ctypes.c_int), ('length', ctypes.c_uint32)]
ether = bytes.fromhex('0200000000020200000000010800')
tail = bytes([10, 255, 255, 255]) + struct.pack('>HHHH', 40000, 40001, 30, 0) + bytes(22)
def frame(ms):
    return ether + bytes.fromhex('4500003200004000401100000a') + ms.to_bytes(3, 'big') + tail
buffer = ctypes.create_string_buffer(frame(0), 64)
# One system call for many frames: the sender's own time is not what is measured.
BATCH = 64
vector = iovec(ctypes.addressof(buffer), 64)
messages = (mmsghdr * BATCH)()
for each in messages:
    each.iov, each.iovlen = ctypes.addressof(vector), 1
sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
fd = out.fileno()
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
    buffer.raw = frame(int((time.time() - zero) * 1000) & 0xffffff)
    while sent < due:
        done = sendmmsg(fd, messages, min(BATCH, due - sent), 0)
        if done <= 0:
            break
        sent += done
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
 * Runs in the page: for each frame that shows a new last row, how old its packet is. Looks only when rows have changed: a look with every frame had the
 * page draw all the time, on the processors that the capture needs.
 */
function instrument(zero) {
  const ages = [];
  let last = -1;
  let due = false;
  const look = () => {
    due = false;
    let newest = null;
    let index = -1;
    for (const row of document.querySelectorAll('.packet-grid .ag-row')) {
      const at = Number(row.getAttribute('aria-rowindex'));
      if (at <= index) continue;
      const text = row.querySelector('[col-id="source"]')?.textContent ?? '';
      if (!text.startsWith('10.')) continue;
      index = at;
      newest = text;
    }
    if (index <= last) return;
    last = index;
    const [, a, b, c] = newest.split(/[.:\s]/).map(Number);
    ages.push(Date.now() - zero - (a * 65_536 + b * 256 + c));
  };
  // What is drawn with the next frame is seen in the frame after it, or a moment later where none follows.
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => setTimeout(look, 0));
  }).observe(document.body, { childList: true, subtree: true });
  window.benchLive = () => ages.splice(0);
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
        out,
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
    const ages = (await page.evaluate(() => window.benchLive())).sort((a, b) => a - b);
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
      ageMs: { shown: ages.length, median: at(ages, 0.5), p99: at(ages, 0.99), most: at(ages, 1) },
      memory: { ...used, engineBytesPerPacket: Math.round(((used.engineKiB - 90_000) * 1024) / Math.max(1, ours)) },
    };
  } finally {
    await tidy();
    for (const signal of SIGNALS) process.off(signal, ended);
  }
}
