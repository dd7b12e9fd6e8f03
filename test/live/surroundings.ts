/** What a live test needs: network namespaces of its own, traffic that ends by itself, and other tools to read what was captured. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadCap } from '../../src/capture/load-cap.ts';
import { nodeProgram } from '../../src/system/locations.ts';

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Why live capture cannot be tested here; null if it can. Shown in the name of the skipped test. */
export function cannotCapture(): string | null {
  if (process.platform !== 'linux') return 'not on Linux';
  if (process.getuid?.() !== 0) return 'not root';
  if (!loadCap().ok) return 'libpcap or its binding is missing';
  if (!existsSync(nodeProgram('capture-process'))) return 'not built';
  return null;
}

/** The same for tests with namespaces and traffic. */
export function cannotCaptureTraffic(): string | null {
  return (
    cannotCapture() ??
    (['ip', 'python3', 'tshark', 'capinfos'].find((program) => !has(program)) ? 'ip, python3 or tshark is missing' : null)
  );
}

/** `name`, or the name with the reason why it is skipped. */
export function named(name: string, reason: string | null): string {
  return reason === null ? name : `${name} (skipped: ${reason})`;
}

/** Two namespaces joined by a veth pair; `capture` is the end to capture on. */
export interface Link {
  readonly sender: string;
  readonly receiver: string;
  readonly senderInterface: string;
  readonly capture: string;
  remove(): void;
}

let links = 0;

export function makeLink(): Link {
  const tag = `${process.pid % 10_000}${++links}`;
  const [sender, receiver, senderInterface, capture] = [`sf${tag}s`, `sf${tag}r`, `sfs${tag}`, `sfr${tag}`];
  const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'ignore' });
  ip('netns', 'add', sender);
  ip('netns', 'add', receiver);
  ip('link', 'add', senderInterface, 'netns', sender, 'type', 'veth', 'peer', 'name', capture, 'netns', receiver);
  for (const [namespace, name] of [
    [sender, senderInterface],
    [receiver, capture],
  ] as const) {
    ip('-n', namespace, 'link', 'set', name, 'up');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  return {
    sender,
    receiver,
    senderInterface,
    capture,
    remove: () => {
      for (const namespace of [sender, receiver]) spawnSync('ip', ['netns', 'del', namespace]);
    },
  };
}

/** Numbered Ethernet frames of 64 bytes with an experimental ethertype, at a rate, for a time; ends by itself. */
const SENDER = `
import socket, sys, time
rate, seconds, name = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
total = int(rate * seconds)
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind((name, 0))
head = bytes.fromhex('02000000000202000000000188b5')
start = time.perf_counter()
sent = 0
first = start
while sent < total and time.perf_counter() - first < seconds * 3:
    due = min(total, int((time.perf_counter() - start) * rate) + 1)
    # A sender that was not given the processor must not make up for it in one burst: that would be another rate.
    late = due - sent - max(1, rate // 100)
    if late > 0:
        start += late / rate
        due -= late
    while sent < due:
        out.send(head + sent.to_bytes(8, 'big') + bytes(42))
        sent += 1
    time.sleep(0.0005)
print(sent, time.process_time())
`;

/** Resolves with the number of frames sent. */
export async function sendFrames(link: Link, rate: number, seconds: number): Promise<number> {
  return (await sendMeasured(link, rate, seconds)).sent;
}

/** The same, with the processor's time that the sender took, ms. */
export function sendMeasured(link: Link, rate: number, seconds: number): Promise<{ sent: number; workMs: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn('ip', [
      'netns',
      'exec',
      link.sender,
      'timeout',
      String(Math.ceil(seconds * 3 + 5)),
      'python3',
      '-c',
      SENDER,
      String(rate),
      String(seconds),
      link.senderInterface,
    ]);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', () => {
      const [sent = 0, work = 0] = text.trim().split(' ').map(Number);
      resolve({ sent, workMs: work * 1000 });
    });
  });
}

/** What tshark makes of a file: packets, and what it complains about. */
export function readByTshark(file: string): { packets: number; complaint: string } {
  const ran = spawnSync('tshark', ['-n', '-r', file, '-T', 'fields', '-e', 'frame.number'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return {
    packets: ran.stdout.split('\n').filter((line) => line !== '').length,
    complaint: ran.stderr.replace(/^Running as user.*\n?/m, '').trim(),
  };
}

/** How many times longer than on a machine with a processor to spare things may take at present: 1 there. */
export function patience(): number {
  return Math.max(1, (os.loadavg()[0] as number) / os.cpus().length);
}

/** Longest time that this process was kept waiting for the processor, from now until the answer is asked for, ms. */
function delays(): () => number {
  let longest = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  };
  const timer = setInterval(look, 5);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}

/** A process that waited so long for its turn is not on a machine with a processor to spare, ms. */
const HELD_UP = 25;

/** A machine that goes on holding up is not waited for longer than this between two tries, ms. */
const CALM_MS = 25_000;
/** A small file is on an idle disk sooner, ms. */
const SLOW_DISK = 100;

/** How long the disk takes for a small file, ms. */
async function diskDelay(): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-calm-'));
  const begun = performance.now();
  await writeFile(path.join(folder, 'small'), 'small', { flush: true });
  const took = performance.now() - begun;
  await rm(folder, { recursive: true, force: true });
  return took;
}

/** Until the machine has given its processes their turns, and its disk what it was given, for half a second. */
async function calm(): Promise<void> {
  const begun = performance.now();
  while (performance.now() - begun < CALM_MS) {
    const delay = delays();
    await wait(500);
    if ((await diskDelay()) < SLOW_DISK && delay() <= HELD_UP) return;
  }
}

/**
 * For what has to be done in a time: it is tried again while the machine holds its processes up, since what is late then says nothing of ours,
 * and once it no longer does. On a machine with a processor to spare the first failure counts, and a fault of ours fails each time. `run` begins anew each time.
 */
export async function inTime(run: () => Promise<void>, times = 6): Promise<void> {
  for (let k = 1; ; k++) {
    const delay = delays();
    try {
      await run();
      delay();
      return;
    } catch (error) {
      const busy = delay() > HELD_UP || patience() > 1 || (await diskDelay()) > SLOW_DISK;
      if (k === times || !busy) throw error;
      await calm();
    }
  }
}

/** A UDP port of this test run: below those that the system gives to others, and not that of another run on the same machine. @param n 0 to 19 */
export function ownPort(n: number): number {
  return 10_000 + (process.pid % 1000) * 20 + n;
}

/** What processes have had of the processor: time that they worked, and time that they waited for their turn, ms. */
export function shareOf(pids: readonly number[]): { workMs: number; waitedMs: number } {
  let [work, waited] = [0, 0];
  for (const pid of pids) {
    // Behind the name, which may have blanks: user and system time are the 12th and 13th word, in hundredths of a second.
    const words = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    work += 10 * (Number(words[11]) + Number(words[12]));
    try {
      waited += Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
    } catch {
      // A kernel that does not count it: on a machine with more to do than it has processors for they wait.
      waited += patience() > 1 ? performance.now() : 0;
    }
  }
  return { workMs: work, waitedMs: waited };
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
