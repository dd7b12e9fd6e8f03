import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scanBlocks } from '../../src/host/block-scan.ts';
import { CaptureController, type CaptureWish } from '../../src/host/capture-controller.ts';
import { forkChild } from '../../src/host/child.ts';
import { HostError } from '../../src/host/failure.ts';
import { nodeProgram } from '../../src/host/locations.ts';
import { type Spool, SpoolStore } from '../../src/host/spool.ts';
import type { LiveStatus } from '../../src/messages.ts';
import { cannotCapture, cannotCaptureTraffic, type Link, makeLink, named, readByTshark, sendFrames, wait } from './surroundings.ts';

const plain = cannotCapture();
const traffic = cannotCaptureTraffic();

let folder: string;
let store: SpoolStore;
let spool: Spool;
let statuses: LiveStatus[];
let grown: { at: number; bytes: number }[];
let ended: number[];
let controller: CaptureController;
let pids: number[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-live-'));
  store = new SpoolStore(folder);
  spool = await store.create('lo', '');
  statuses = [];
  grown = [];
  ended = [];
  pids = [];
  controller = new CaptureController(
    () => {
      const child = forkChild(nodeProgram('capture-process'), 'json');
      if (child.pid !== undefined) pids.push(child.pid);
      return child;
    },
    {
      status: (status) => statuses.push(status),
      grown: (bytes) => grown.push({ at: Date.now(), bytes }),
      ended: (bytes) => ended.push(bytes),
    },
  );
});
afterEach(async () => {
  await controller.stop();
  await rm(folder, { recursive: true, force: true });
});

/** UDP datagrams to a closed port of this machine; each is one packet, and its ICMP answer another. */
async function sendDatagrams(count: number, port: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  for (let i = 0; i < count; i++)
    await new Promise<void>((resolve) => socket.send(Buffer.from(`datagram ${i}`), port, '127.0.0.1', () => resolve()));
  socket.close();
}

async function refusal(wish: CaptureWish): Promise<HostError> {
  const error: unknown = await controller.start(wish, spool).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HostError);
  return error as HostError;
}

describe.skipIf(plain !== null)(named('a capture on loopback', plain), () => {
  it('is on disk within 200 ms of each packet, and whole at the end', async () => {
    await controller.start({ interface: 'lo', captureFilter: 'udp dst port 47311' }, spool);
    const before = grown.length;
    const sentAt = Date.now();
    await sendDatagrams(5, 47311);
    await expect.poll(() => grown.length, { interval: 5, timeout: 2000 }).toBeGreaterThan(before);
    expect((grown[before]?.at ?? 0) - sentAt).toBeLessThan(200);
    await expect.poll(() => controller.status?.packets, { interval: 10, timeout: 2000 }).toBe(5);
    await controller.stop();
    expect(controller.status).toMatchObject({ phase: 'stopped', packets: 5, failure: null, saved: false, dropped: null });
    expect(ended).toEqual([statSync(spool.spool).size]);
    expect(scanBlocks(spool.spool)).toEqual({ packets: 5, bytes: statSync(spool.spool).size });
  });

  it('tells its status no more often than every 100 ms', async () => {
    await controller.start({ interface: 'lo', captureFilter: '' }, spool);
    const before = statuses.length;
    const begun = Date.now();
    while (Date.now() - begun < 1000) {
      await sendDatagrams(20, 47312);
      await wait(5);
    }
    expect(statuses.length - before).toBeLessThanOrEqual(12);
    expect(statuses.length - before).toBeGreaterThanOrEqual(4);
    expect(statuses.at(-1)?.packetsPerSecond).toBeGreaterThan(0);
  });

  it("refuses a wrong capture filter with libpcap's own words", async () => {
    const error = await refusal({ interface: 'lo', captureFilter: 'tcp prot 80' });
    expect(error.failure.code).toBe('invalid');
    expect(error.failure.message).toContain('syntax error');
  });

  it('refuses an interface that is not there', async () => {
    const error = await refusal({ interface: 'nowhere0', captureFilter: '' });
    expect(error.failure).toMatchObject({ code: 'not-found' });
    expect(error.failure.message).toContain('nowhere0');
  });

  it('refuses a second capture while one runs', async () => {
    await controller.start({ interface: 'lo', captureFilter: '' }, spool);
    expect((await refusal({ interface: 'lo', captureFilter: '' })).failure.code).toBe('busy');
  });

  it('ends by itself at a number of packets, exactly', async () => {
    await controller.start({ interface: 'lo', captureFilter: 'udp dst port 47313', limits: { maxPackets: 7 } }, spool);
    await sendDatagrams(50, 47313);
    await controller.over();
    expect(controller.reason).toBe('count');
    expect(controller.status).toMatchObject({ phase: 'stopped', packets: 7 });
    expect(scanBlocks(spool.spool).packets).toBe(7);
  });

  it('ends by itself after a time without any packet', async () => {
    const begun = Date.now();
    await controller.start({ interface: 'lo', captureFilter: 'ether proto 0x88b6', limits: { maxDurationMs: 500 } }, spool);
    await controller.over();
    expect(controller.reason).toBe('duration');
    expect(Date.now() - begun).toBeLessThan(2500);
  });

  it('keeps everything when its process is killed, and says so', async () => {
    await controller.start({ interface: 'lo', captureFilter: 'udp dst port 47314' }, spool);
    await sendDatagrams(9, 47314);
    await expect.poll(() => controller.status?.packets, { timeout: 2000 }).toBe(9);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await controller.over();
    expect(controller.status).toMatchObject({ phase: 'failed', packets: 9 });
    expect(controller.status?.failure?.message).toContain('9 packets are saved');
    expect(scanBlocks(spool.spool)).toEqual({ packets: 9, bytes: statSync(spool.spool).size });
  });

  it('stops within a second even when its process is frozen', async () => {
    await controller.start({ interface: 'lo', captureFilter: '' }, spool);
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    const begun = Date.now();
    await controller.stop();
    expect(Date.now() - begun).toBeLessThan(1000);
    expect(controller.status).toMatchObject({ phase: 'stopped', saved: true });
  });
});

describe.skipIf(traffic !== null)(named('a capture between two namespaces', traffic), () => {
  let link: Link;
  beforeAll(() => {
    link = makeLink();
  });
  afterAll(() => link.remove());

  /** The `sevenfold` command inside the receiving namespace. */
  function command(...args: string[]) {
    const child = spawn('ip', ['netns', 'exec', link.receiver, process.execPath, nodeProgram('cli'), ...args], { cwd: folder });
    let out = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    const over = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, over, out: () => out, complaint: () => complaint };
  }

  const file = (): string => path.join(folder, 'trace.pcapng');

  async function begun(running: ReturnType<typeof command>): Promise<void> {
    await expect.poll(running.complaint, { timeout: 10_000, interval: 20 }).toContain('Capturing on');
  }

  it('loses nothing at 50,000 packets a second for ten seconds, in order', async () => {
    const running = command('capture', '-i', link.capture, '-f', 'ether proto 0x88b5', '-w', file(), '-a', 'duration:60');
    await begun(running);
    const sent = await sendFrames(link, 50_000, 10);
    expect(sent).toBe(500_000);
    await wait(500);
    running.child.kill('SIGINT');
    expect(await running.over).toBe(0);
    expect(scanBlocks(file())).toEqual({ packets: sent, bytes: statSync(file()).size });
    expect(inOrder(file())).toBe(sent);
  });

  it('stops within a second under more packets than it can take', async () => {
    const running = command('capture', '-i', link.capture, '-w', file());
    await begun(running);
    const sending = sendFrames(link, 400_000, 3);
    await wait(1500);
    const at = Date.now();
    running.child.kill('SIGINT');
    expect(await running.over).toBe(0);
    expect(Date.now() - at).toBeLessThan(1000);
    await sending;
    expect(scanBlocks(file()).bytes).toBe(statSync(file()).size);
  });

  it('leaves a file that tshark reads to its last packet when the host is killed in full flow, and the capture process ends', async () => {
    const running = command('capture', '-i', link.capture, '-w', file());
    await begun(running);
    const sending = sendFrames(link, 30_000, 3);
    await wait(1500);
    const host = Number(
      spawnSync('pgrep', ['-f', `cli.js capture -i ${link.capture}`], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n')
        .at(-1),
    );
    const child = Number(spawnSync('pgrep', ['-P', String(host)], { encoding: 'utf8' }).stdout.trim());
    process.kill(host, 'SIGKILL');
    await expect.poll(() => spawnSync('kill', ['-0', String(child)]).status, { timeout: 2000 }).not.toBe(0);
    await sending;
    await running.over;
    const read = readByTshark(file());
    expect(read.complaint).toBe('');
    expect(read.packets).toBeGreaterThan(20_000);
    expect(read.packets).toBe(scanBlocks(file()).packets);
  });

  it('writes a ring of files and keeps the newest', async () => {
    const running = command(
      'capture',
      '-i',
      link.capture,
      '-f',
      'ether proto 0x88b5',
      '-w',
      file(),
      '-c',
      '5000',
      '-b',
      'filesize:50',
      '-b',
      'files:3',
    );
    await begun(running);
    await sendFrames(link, 10_000, 1);
    expect(await running.over).toBe(0);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.pcapng')).sort();
    expect(names).toHaveLength(3);
    expect(running.out().trim().split('\n')).toEqual(names.map((name) => path.join(folder, name)));
    for (const name of names) expect(readByTshark(path.join(folder, name)).complaint).toBe('');
  });

  it('ends with a message and all its packets when the interface goes', async () => {
    const running = command('capture', '-i', link.capture, '-f', 'ether proto 0x88b5', '-w', file());
    await begun(running);
    const sent = await sendFrames(link, 1000, 1);
    await wait(200);
    spawnSync('ip', ['-n', link.receiver, 'link', 'set', link.capture, 'down']);
    expect(await running.over).toBe(1);
    spawnSync('ip', ['-n', link.receiver, 'link', 'set', link.capture, 'up']);
    expect(running.complaint()).toContain('went down');
    expect(running.complaint()).toContain(`${sent.toLocaleString('en-US')} packets are saved`);
    expect(readByTshark(file())).toEqual({ packets: sent, complaint: '' });
  });

  it('ends with a message when the disk is full, and the file is whole', async () => {
    const small = path.join(folder, 'small');
    spawnSync('mkdir', [small]);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]).status).toBe(0);
    try {
      const target = path.join(small, 'trace.pcapng');
      const running = command('capture', '-i', link.capture, '-w', target);
      await begun(running);
      await sendFrames(link, 20_000, 2);
      expect(await running.over).toBe(1);
      expect(running.complaint()).toMatch(/full/i);
      const read = readByTshark(target);
      expect(read.complaint).toBe('');
      expect(read.packets).toBeGreaterThan(5000);
    } finally {
      spawnSync('umount', ['-l', small]);
    }
  });

  it('refuses wrong limits with exit status 2', async () => {
    const running = command('capture', '-i', link.capture, '-a', 'hours:3');
    expect(await running.over).toBe(2);
    expect(running.complaint()).toContain('duration:N');
  });
});

/** Frames of the sender in this file, as long as their numbers count up from 0 and time never goes back. */
function inOrder(target: string): number {
  const bytes = readFileSync(target);
  let count = 0;
  let last = 0n;
  for (let at = 0; at + 12 <= bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 6) continue;
    const time = (BigInt(bytes.readUInt32LE(at + 12)) << 32n) | BigInt(bytes.readUInt32LE(at + 16));
    if (time < last || bytes.readBigUInt64BE(at + 28 + 14) !== BigInt(count)) return count;
    last = time;
    count += 1;
  }
  return count;
}
