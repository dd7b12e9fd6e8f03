import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reasons } from '../../src/capture/choice.ts';
import { findDumpcap } from '../../src/capture/dumpcap.ts';
import { DumpcapSource } from '../../src/capture/dumpcap-source.ts';
import type { SourceCounts } from '../../src/capture/source.ts';
import { scanBlocks } from '../../src/host/block-scan.ts';
import { CaptureController, type CaptureWish } from '../../src/host/capture-controller.ts';
import { forkChild } from '../../src/host/child.ts';
import { HostError } from '../../src/host/failure.ts';
import { nodeProgram } from '../../src/host/locations.ts';
import { type Spool, SpoolStore } from '../../src/host/spool.ts';
import type { LiveStatus } from '../../src/messages.ts';
import {
  cannotCapture,
  cannotCaptureTraffic,
  type Link,
  makeLink,
  named,
  patience,
  readByTshark,
  sendFrames,
  wait,
} from './surroundings.ts';

const plain = cannotCapture();
const traffic = cannotCaptureTraffic();
const BACKENDS = ['cap', 'dumpcap'] as const;
/** Why a back end cannot be tested here. */
const lacking = { cap: null, dumpcap: findDumpcap().kind === 'found' ? null : 'dumpcap is not installed' } as const;

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

describe.each(BACKENDS)('with %s', (backend) => {
  const without = plain ?? lacking[backend];
  describe.skipIf(without !== null)(named('a capture on loopback', without), () => {
    it('is on disk at once, and whole at the end', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47311' }, spool);
      const before = grown.length;
      const sentAt = Date.now();
      await sendDatagrams(5, 47311);
      await expect.poll(() => grown.length, { interval: 5 }).toBeGreaterThan(before);
      // dumpcap takes packets from the kernel every 250 ms; nothing of ours comes on top but moments.
      expect((grown[before]?.at ?? 0) - sentAt).toBeLessThan((backend === 'cap' ? 100 : 350) * patience());
      await expect.poll(() => controller.status?.packets, { interval: 10 }).toBe(5);
      await controller.stop();
      const dropped = backend === 'cap' ? null : 0;
      expect(controller.status).toMatchObject({ phase: 'stopped', packets: 5, failure: null, saved: false, dropped });
      expect(ended).toEqual([statSync(spool.spool).size]);
      expect(scanBlocks(spool.spool)).toEqual({ packets: 5, bytes: statSync(spool.spool).size });
      // What stands in the file before the first packet is no traffic.
      expect(statuses.filter(({ packetsPerSecond, bytesPerSecond }) => packetsPerSecond === 0 && bytesPerSecond > 0)).toEqual([]);
    });

    it('tells its status no more often than every 100 ms', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: '' }, spool);
      const before = statuses.length;
      const begun = Date.now();
      while (Date.now() - begun < 1000) {
        await sendDatagrams(20, 47312);
        await wait(5);
      }
      expect(statuses.length - before).toBeLessThanOrEqual((Date.now() - begun) / 100 + 2);
      expect(statuses.length - before).toBeGreaterThanOrEqual(4 / patience());
      expect(statuses.at(-1)?.packetsPerSecond).toBeGreaterThan(0);
    });

    it("refuses a wrong capture filter with libpcap's own words", async () => {
      const error = await refusal({ backend, interfaces: ['lo'], captureFilter: 'tcp prot 80' });
      expect(error.failure.code).toBe('invalid');
      expect(error.failure.message).toContain('syntax error');
    });

    it('refuses an interface that is not there', async () => {
      const error = await refusal({ backend, interfaces: ['nowhere0'], captureFilter: '' });
      expect(error.failure).toMatchObject({ code: 'not-found' });
      expect(error.failure.message).toContain('nowhere0');
    });

    it('refuses a second capture while one runs', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: '' }, spool);
      expect((await refusal({ backend, interfaces: ['lo'], captureFilter: '' })).failure.code).toBe('busy');
    });

    it('ends by itself at a number of packets, exactly', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47313', limits: { maxPackets: 7 } }, spool);
      await sendDatagrams(50, 47313);
      await controller.over();
      expect(controller.reason).toBe('count');
      expect(controller.status).toMatchObject({ phase: 'stopped', packets: 7 });
      expect(scanBlocks(spool.spool).packets).toBe(7);
    });

    it('ends by itself after a time without any packet', async () => {
      const begun = Date.now();
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'ether proto 0x88b6', limits: { maxDurationMs: 500 } }, spool);
      await controller.over();
      expect(controller.reason).toBe('duration');
      expect(Date.now() - begun).toBeLessThan(2500 * patience());
    });

    it('keeps everything when its process is killed, and says so', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47314' }, spool);
      await sendDatagrams(9, 47314);
      await expect.poll(() => controller.status?.packets).toBe(9);
      process.kill(pids[0] ?? 0, 'SIGKILL');
      await controller.over();
      expect(controller.status).toMatchObject({ phase: 'failed', packets: 9 });
      expect(controller.status?.failure?.message).toContain('9 packets are saved');
      expect(scanBlocks(spool.spool)).toEqual({ packets: 9, bytes: statSync(spool.spool).size });
    });

    it('has every packet that came before the stop, and stops within a second', async () => {
      for (let round = 0; round < 8; round++) {
        const again = await store.create('lo', '');
        await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47315' }, again);
        await sendDatagrams(30, 47315);
        const begun = Date.now();
        await controller.stop();
        expect(Date.now() - begun).toBeLessThan(1000 * patience());
        expect(controller.status).toMatchObject({ phase: 'stopped', packets: 30, saved: false });
      }
    });

    it('has none of the packets that came after its time', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47316', limits: { maxDurationMs: 300 } }, spool);
      const begun = Date.now();
      let sent = 0;
      while (Date.now() - begun < 900) {
        await sendDatagrams(1, 47316);
        sent += 1;
        await wait(5);
      }
      await controller.over();
      expect(controller.reason).toBe('duration');
      const times = timesOf(spool.spool);
      expect(times.length).toBeGreaterThan(2);
      expect(times.length).toBeLessThan(sent * 0.6);
      expect(times.at(-1)).toBeLessThanOrEqual((controller.status?.startedAt ?? 0) + 300 + 1500);
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(400 * patience());
    });

    it('says who stamps its packets and what is known of drops', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47317' }, spool);
      expect(controller.backend).toMatchObject({ backend, reason: `${backend}, as asked for.` });
      expect(controller.backend?.clock).toContain(backend === 'cap' ? 'on arrival' : "kernel's, in nanoseconds");
      expect(controller.backend?.drops).toBe(backend === 'cap' ? 'unknown' : 'at-end');
      await sendDatagrams(3, 47317);
      await controller.stop();
      const facts = execFileSync('capinfos', [spool.spool], { encoding: 'utf8' });
      expect(facts).toContain('Time precision = nanoseconds (9)');
      expect(facts).toContain('Filter string = udp dst port 47317');
      expect(facts).toContain(`Sevenfold 0.1.0, ${backend} `);
      expect(facts).toContain(backend === 'cap' ? 'taken on arrival' : "the kernel's, in nanoseconds");
      expect(readByTshark(spool.spool)).toEqual({ packets: 3, complaint: '' });
    });

    it('takes several interfaces at once, each described in the file', async () => {
      await controller.start({ backend, interfaces: ['lo', 'any'], captureFilter: 'udp dst port 47318' }, spool);
      expect(controller.status?.interface).toBe('lo, any');
      await sendDatagrams(4, 47318);
      await controller.stop();
      const listed = execFileSync(
        'tshark',
        ['-n', '-r', spool.spool, '-T', 'fields', '-e', 'frame.interface_id', '-e', 'frame.interface_name'],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      const rows = listed.trim().split('\n');
      expect(rows.filter((row) => row === '0\tlo')).toHaveLength(4);
      expect(rows.filter((row) => row === '1\tany').length).toBeGreaterThanOrEqual(4);
      expect(new Set(rows)).toEqual(new Set(['0\tlo', '1\tany']));
    });

    it('begins the next file of a ring by time, and keeps the newest', async () => {
      // What comes last, a quarter of a second late with dumpcap, must not find its ring full of empty files.
      const limits = { maxDurationMs: 2600, ring: { durationMs: 200, files: 3 } };
      await controller.start({ backend, interfaces: ['lo'], captureFilter: 'udp dst port 47319', limits }, spool);
      const begun = Date.now();
      while (Date.now() - begun < 2500) {
        await sendDatagrams(1, 47319);
        await wait(20);
      }
      await controller.over();
      expect(controller.status?.files).toBeGreaterThanOrEqual(5);
      expect(controller.files).toHaveLength(3);
      const present = (await readdir(spool.folder)).filter((name) => name.endsWith('.pcapng'));
      expect(present.sort()).toEqual(controller.files.map((file) => path.basename(file)));
      for (const file of controller.files) {
        expect(readByTshark(file).complaint).toBe('');
        expect(scanBlocks(file).bytes).toBe(statSync(file).size);
      }
      expect(controller.files.reduce((sum, file) => sum + scanBlocks(file).packets, 0)).toBeGreaterThan(5);
    });

    it('stops within a second even when its process is frozen', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: '' }, spool);
      process.kill(pids[0] ?? 0, 'SIGSTOP');
      const begun = Date.now();
      await controller.stop();
      expect(Date.now() - begun).toBeLessThan(1000 * patience());
      expect(controller.status).toMatchObject({ phase: 'stopped', saved: true });
    });

    it('leaves no process behind, however it ends', async () => {
      for (const end of ['stop', 'kill'] as const) {
        const again = await store.create('lo', '');
        // Nothing passes this filter: dumpcap would never notice that nobody reads it.
        await controller.start({ backend, interfaces: ['lo'], captureFilter: 'ether proto 0x88b7' }, again);
        const capture = pids.at(-1) ?? 0;
        const family = [capture, ...childrenOf(capture)];
        expect(family.length).toBeGreaterThanOrEqual(backend === 'cap' ? 1 : 2);
        if (end === 'stop') await controller.stop();
        else process.kill(capture, 'SIGKILL');
        await controller.over();
        await expect.poll(() => family.filter(alive)).toEqual([]);
      }
    });
  });
});

describe.skipIf((traffic ?? lacking.dumpcap) !== null)(named('a capture that begins with cap', traffic ?? lacking.dumpcap), () => {
  let link: Link;
  beforeEach(() => {
    link = makeLink();
    // Here, where the controller's processes are.
    execFileSync('ip', ['-n', link.receiver, 'link', 'set', link.capture, 'netns', String(process.pid)]);
    execFileSync('ip', ['link', 'set', link.capture, 'up']);
  });
  afterEach(() => {
    spawnSync('ip', ['link', 'del', link.capture]);
    link.remove();
  });

  it('goes over to dumpcap when more packets come, loses none, doubles none, and says so', async () => {
    const wish = { watched: true, interfaces: [link.capture], captureFilter: 'ether proto 0x88b5', relayRate: 5000 };
    await controller.start(wish, spool);
    expect(controller.backend).toMatchObject({ backend: 'cap', reason: reasons.watched });
    const sent = await sendFrames(link, 15_000, 4);
    expect(controller.backend).toMatchObject({ backend: 'dumpcap', reason: reasons.relayed, drops: 'at-end' });
    await expect.poll(() => controller.status).toMatchObject({ failure: null, packets: sent });
    await controller.stop();
    expect(controller.status).toMatchObject({ phase: 'stopped', packets: sent, dropped: 0 });
    // What cap had lost before comes a little late.
    expect(numbers(spool.spool).sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, number) => number));
    const { stdout } = spawnSync('tshark', ['-r', spool.spool, '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^From this packet on captured by dumpcap 4\S*: time stamps are the kernel's/);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });
});

describe.skipIf((plain ?? lacking.dumpcap) !== null)(named('dumpcap', plain ?? lacking.dumpcap), () => {
  it('that is killed ends the capture with a message, and every packet before it is kept', async () => {
    await controller.start({ backend: 'dumpcap', interfaces: ['lo'], captureFilter: 'udp dst port 47320' }, spool);
    await sendDatagrams(9, 47320);
    await expect.poll(() => controller.status?.packets).toBe(9);
    const [dumpcap] = childrenOf(pids[0] ?? 0, 'dumpcap');
    process.kill(dumpcap ?? 0, 'SIGKILL');
    await controller.over();
    expect(controller.status).toMatchObject({ phase: 'failed', packets: 9, dropped: null });
    expect(controller.status?.failure?.message).toBe('dumpcap ended during the capture on lo (SIGKILL). 9 packets are saved.');
    expect(readByTshark(spool.spool)).toEqual({ packets: 9, complaint: '' });
  });

  it('counts what the kernel dropped because nobody took it in time', async () => {
    const file = findDumpcap();
    const options = { interfaces: ['lo'], captureFilter: 'udp dst port 47323', bufferBytes: 2 << 20 };
    const source = await DumpcapSource.open('path' in file ? file.path : '', 'dumpcap', options);
    const before = childrenOf(process.pid, 'port 47323');
    expect(before).toHaveLength(1);
    let packets = 0;
    source.begin({
      packet: () => {
        packets += 1;
      },
      idle: () => {},
      changed: () => {},
      broken: () => {},
    });
    process.kill(before[0] ?? 0, 'SIGSTOP');
    // Twice what the buffer of 2 MB holds.
    const socket = createSocket('udp4');
    socket.on('error', () => {});
    const payload = Buffer.alloc(1400);
    for (let i = 0; i < 3000; i++) await new Promise<void>((resolve) => socket.send(payload, 47323, '127.0.0.1', () => resolve()));
    socket.close();
    process.kill(before[0] ?? 0, 'SIGCONT');
    await wait(800);
    const [counts] = await new Promise<readonly SourceCounts[]>((resolve) => source.end(false, resolve));
    expect(packets).toBeGreaterThan(500);
    expect(counts?.dropped).toBeGreaterThan(500);
    // Each datagram comes by twice on loopback, on its way out and in; the kernel counts a drop for each.
    expect(packets + (counts?.dropped ?? 0)).toBeGreaterThanOrEqual(3000);
    expect(packets + (counts?.dropped ?? 0)).toBeLessThanOrEqual(6000);
  });

  it('is taken by itself where it is there, and cap where it is not, each with its reason', async () => {
    await controller.start({ watched: true, interfaces: ['lo'], captureFilter: 'udp dst port 47321' }, await store.create('lo', ''));
    expect(controller.backend).toMatchObject({ backend: 'cap', reason: reasons.watched });
    await controller.stop();
    await controller.start({ watched: true, interfaces: ['lo', 'any'], captureFilter: 'udp dst port 47321' }, await store.create('lo', ''));
    expect(controller.backend).toMatchObject({ backend: 'dumpcap', reason: reasons.several });
    await controller.stop();
    await controller.start({ interfaces: ['lo'], captureFilter: 'udp dst port 47321' }, spool);
    expect(controller.backend).toMatchObject({ backend: 'dumpcap', reason: reasons.dumpcap });
    await controller.stop();
    const before = process.env.PATH;
    // The folder of a machine without it.
    process.env.PATH = folder;
    try {
      await controller.start({ interfaces: ['lo'], captureFilter: 'udp dst port 47321' }, await store.create('lo', ''));
      expect(controller.backend).toMatchObject({ backend: 'cap', reason: 'cap, because dumpcap is not installed.' });
      await controller.stop();
      const refused = await refusal({ backend: 'dumpcap', interfaces: ['lo'], captureFilter: '' });
      expect(refused.failure.message).toContain('dumpcap is not installed');
    } finally {
      process.env.PATH = before;
    }
  });

  it('that may not open interfaces gives way to cap, and its reason is said', async () => {
    // What dumpcap 4.0 says to a user without the right.
    const refusing = path.join(folder, 'dumpcap');
    writeFileSync(
      refusing,
      `#!/bin/sh\necho 'dumpcap: You do not have permission to capture on device "lo".' >&2\necho '(socket: Operation not permitted)' >&2\nexit 2\n`,
      { mode: 0o755 },
    );
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    try {
      await controller.start({ interfaces: ['lo'], captureFilter: 'udp dst port 47322' }, spool);
      expect(controller.backend).toMatchObject({ backend: 'cap', reason: 'cap, because dumpcap may not open network interfaces.' });
      await controller.stop();
      const refused = await refusal({ backend: 'dumpcap', interfaces: ['lo'], captureFilter: '' });
      expect(refused.failure.code).toBe('permission');
      expect(refused.failure.commands?.join('\n')).toContain(refusing);
      // A right for the Node that `cap` runs in would not help the back end that was asked for.
      expect(refused.failure.commands?.join('\n')).not.toContain(realpathSync(process.execPath));
    } finally {
      process.env.PATH = before;
    }
  });
});

/** Children of a process, by the name of their program if one is given. */
function childrenOf(pid: number, name = ''): number[] {
  return spawnSync('ps', ['--ppid', String(pid), '-o', 'pid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.trim() !== '' && line.includes(name))
    .map((line) => Number.parseInt(line, 10));
}

function alive(pid: number): boolean {
  // A zombie that waits for its parent is no process any more.
  const state = spawnSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

/** Time stamps of a file's packets, in epoch ms. */
function timesOf(target: string): number[] {
  const bytes = readFileSync(target);
  const times: number[] = [];
  for (let at = 0; at + 12 <= bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 6) continue;
    times.push(Number(((BigInt(bytes.readUInt32LE(at + 12)) << 32n) | BigInt(bytes.readUInt32LE(at + 16))) / 1_000_000n));
  }
  return times;
}

describe.each(BACKENDS)('with %s', (backend) => {
  const without = traffic ?? lacking[backend];
  describe.skipIf(without !== null)(named('a capture between two namespaces', without), () => {
    let link: Link;
    beforeAll(() => {
      link = makeLink();
    });
    afterAll(() => link.remove());

    /** The `sevenfold` command inside the receiving namespace. */
    const command = (...args: string[]) => commandIn(link.receiver, ...args);

    function commandIn(receiver: string, ...args: string[]) {
      const child = spawn('ip', ['netns', 'exec', receiver, process.execPath, nodeProgram('cli'), ...args, '--backend', backend], {
        cwd: folder,
      });
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
      expect(running.complaint()).toContain(backend === 'cap' ? 'drops not known' : ' 0 dropped');
    });

    it('stops within a second under more packets than it can take', async () => {
      const running = command('capture', '-i', link.capture, '-w', file());
      await begun(running);
      const sending = sendFrames(link, 400_000, 3);
      await wait(1500);
      const at = Date.now();
      running.child.kill('SIGINT');
      expect(await running.over).toBe(0);
      expect(Date.now() - at).toBeLessThan(1000 * patience());
      await sending;
      expect(scanBlocks(file()).bytes).toBe(statSync(file()).size);
    });

    it('leaves a file that tshark reads to its last packet when the host is killed in full flow, and the capture process ends', async () => {
      const running = command('capture', '-i', link.capture, '-w', file());
      await begun(running);
      let sent = false;
      const sending = sendFrames(link, 30_000, 5).finally(() => {
        sent = true;
      });
      // How many come in a second is the machine's: the flow is full when there are so many.
      await expect.poll(() => scanBlocks(file()).packets, { interval: 100 }).toBeGreaterThan(5000);
      const host = Number(
        spawnSync('pgrep', ['-f', `cli.js capture -i ${link.capture}`], { encoding: 'utf8' })
          .stdout.trim()
          .split('\n')
          .at(-1),
      );
      const child = Number(spawnSync('pgrep', ['-P', String(host)], { encoding: 'utf8' }).stdout.trim());
      process.kill(host, 'SIGKILL');
      expect(sent).toBe(false);
      await expect.poll(() => spawnSync('kill', ['-0', String(child)]).status).not.toBe(0);
      await sending;
      await running.over;
      const read = readByTshark(file());
      expect(read.complaint).toBe('');
      expect(read.packets).toBeGreaterThan(5000);
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
      await wait(600);
      spawnSync('ip', ['-n', link.receiver, 'link', 'set', link.capture, 'down']);
      expect(await running.over).toBe(1);
      spawnSync('ip', ['-n', link.receiver, 'link', 'set', link.capture, 'up']);
      expect(running.complaint()).toContain('went down');
      expect(running.complaint()).toContain(`${sent.toLocaleString('en-US')} packets are saved`);
      expect(readByTshark(file())).toEqual({ packets: sent, complaint: '' });
    });

    it('ends with a message and all its packets when the interface is removed', async () => {
      const own = makeLink();
      try {
        const running = commandIn(own.receiver, 'capture', '-i', own.capture, '-f', 'ether proto 0x88b5', '-w', file());
        await begun(running);
        const sent = await sendFrames(own, 1000, 1);
        await wait(600);
        spawnSync('ip', ['-n', own.receiver, 'link', 'del', own.capture]);
        expect(await running.over).toBe(1);
        expect(running.complaint()).toContain('was removed');
        expect(running.complaint()).toContain(`${sent.toLocaleString('en-US')} packets are saved`);
        expect(readByTshark(file())).toEqual({ packets: sent, complaint: '' });
      } finally {
        own.remove();
      }
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
});

/** The numbers of the frames in a file, in its order. */
function numbers(target: string): number[] {
  const bytes = readFileSync(target);
  const out: number[] = [];
  for (let at = 0; at + 12 <= bytes.length; at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) === 6) out.push(Number(bytes.readBigUInt64BE(at + 28 + 14)));
  }
  return out;
}

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
