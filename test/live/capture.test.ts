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
import { type Spool, SpoolStore } from '../../src/host/spool.ts';
import type { LiveStatus } from '../../src/messages.ts';
import { HostError } from '../../src/system/failure.ts';
import { nodeProgram } from '../../src/system/locations.ts';
import {
  cannotCapture,
  cannotCaptureTraffic,
  inTime,
  type Link,
  makeLink,
  named,
  ownPort,
  patience,
  readByTshark,
  sendFrames,
  sendMeasured,
  shareOf,
  wait,
} from './surroundings.ts';

const plain = cannotCapture();
const traffic = cannotCaptureTraffic();
const BACKENDS = ['cap', 'dumpcap'] as const;
/** Why a back end cannot be tested here. */
const lacking = { cap: null, dumpcap: findDumpcap().kind === 'found' ? null : 'dumpcap is not installed' } as const;

/** Most work that it may be to capture packets and write them, as a multiple of the work of sending them. */
const MOST_WORK = { cap: 5, dumpcap: 4 } as const;
/** Who waited so long for the processor in ten seconds did not have it when it was needed, ms: a tenth of the time. */
const STARVED = 1000;

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

/** Ends what runs, and gives the next capture a file of its own. */
async function anew(): Promise<void> {
  await controller.stop();
  spool = await store.create('lo', '');
  [statuses, grown, ended] = [[], [], []];
}

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
      await inTime(async () => {
        await anew();
        await controller.start({ backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(0)}` }, spool);
        const before = grown.length;
        const sentAt = Date.now();
        await sendDatagrams(5, ownPort(0));
        await expect.poll(() => grown.length, { interval: 5 }).toBeGreaterThan(before);
        // dumpcap takes packets from the kernel every 250 ms; nothing of ours comes on top but moments.
        expect((grown[before]?.at ?? 0) - sentAt).toBeLessThan((backend === 'cap' ? 100 : 350) * patience());
      });
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
      // For a second, and where nobody gets a turn in it, until there was something to tell.
      const told = (): boolean => statuses.length - before >= 4 && (statuses.at(-1)?.packetsPerSecond ?? 0) > 0;
      while (Date.now() - begun < (told() ? 1000 : 30_000)) {
        await sendDatagrams(20, ownPort(1));
        await wait(5);
      }
      expect(statuses.length - before).toBeLessThanOrEqual((Date.now() - begun) / 100 + 2);
      expect(told()).toBe(true);
      expect(Date.now() - begun).toBeLessThan(2000 * patience());
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
      await controller.start(
        { backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(2)}`, limits: { maxPackets: 7 } },
        spool,
      );
      await sendDatagrams(50, ownPort(2));
      await controller.over();
      expect(controller.reason).toBe('count');
      expect(controller.status).toMatchObject({ phase: 'stopped', packets: 7 });
      expect(scanBlocks(spool.spool).packets).toBe(7);
    });

    it('ends by itself after a time without any packet', async () => {
      await inTime(async () => {
        await anew();
        const begun = Date.now();
        await controller.start({ backend, interfaces: ['lo'], captureFilter: 'ether proto 0x88b6', limits: { maxDurationMs: 500 } }, spool);
        await controller.over();
        expect(controller.reason).toBe('duration');
        expect(Date.now() - begun).toBeLessThan(2500 * patience());
      });
    });

    it('keeps everything when its process is killed, and says so', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(3)}` }, spool);
      await sendDatagrams(9, ownPort(3));
      await expect.poll(() => controller.status?.packets).toBe(9);
      process.kill(pids[0] ?? 0, 'SIGKILL');
      await controller.over();
      expect(controller.status).toMatchObject({ phase: 'failed', packets: 9 });
      expect(controller.status?.failure?.message).toContain('9 packets are saved');
      expect(scanBlocks(spool.spool)).toEqual({ packets: 9, bytes: statSync(spool.spool).size });
    });

    it('tells of the files of a ring that are left when its process is killed, each whole, and of the packets in them', async () => {
      await controller.start(
        { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(13)}`, backend, limits: { ring: { bytes: 1000, files: 3 } } },
        { ...spool, spool: path.join(folder, 'ring.pcapng') },
      );
      await sendDatagrams(60, ownPort(13));
      await expect.poll(() => controller.status?.packets).toBe(60);
      const [pid = 0] = pids;
      process.kill(pid, 'SIGKILL');
      await controller.over();
      const names = (await readdir(folder)).filter((name) => name.startsWith('ring')).sort();
      expect(controller.files).toEqual(names.map((name) => path.join(folder, name)));
      expect(names).toHaveLength(3);
      const left = controller.files.reduce((sum, file) => sum + readByTshark(file).packets, 0);
      expect(left).toBeLessThan(60);
      expect(controller.status?.failure?.message).toBe(`The capture process ended unexpectedly (SIGKILL). ${left} packets are saved.`);
    });

    it('has every packet that came before the stop, and stops within a second', async () => {
      for (let round = 0; round < 8; round++) {
        // A process that does not get to its end within the second is ended.
        await inTime(async () => {
          await anew();
          await controller.start({ backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(4)}` }, spool);
          await sendDatagrams(30, ownPort(4));
          const begun = Date.now();
          await controller.stop();
          expect(Date.now() - begun).toBeLessThan(1000 * patience());
          expect(controller.status).toMatchObject({ phase: 'stopped', packets: 30, saved: false });
        });
      }
    });

    it('has none of the packets that came after its time', async () => {
      await inTime(async () => {
        await anew();
        await controller.start(
          { backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(5)}`, limits: { maxDurationMs: 300 } },
          spool,
        );
        const begun = Date.now();
        let sent = 0;
        while (Date.now() - begun < 900) {
          await sendDatagrams(1, ownPort(5));
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
    });

    it('says who stamps its packets and what is known of drops', async () => {
      await controller.start({ backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(6)}` }, spool);
      expect(controller.backend).toMatchObject({ backend, reason: `${backend}, as asked for.` });
      expect(controller.backend?.clock).toContain(backend === 'cap' ? 'on arrival' : "kernel's, in nanoseconds");
      expect(controller.backend?.drops).toBe(backend === 'cap' ? 'unknown' : 'at-end');
      await sendDatagrams(3, ownPort(6));
      await controller.stop();
      const facts = execFileSync('capinfos', [spool.spool], { encoding: 'utf8' });
      expect(facts).toContain('Time precision = nanoseconds (9)');
      expect(facts).toContain(`Filter string = udp dst port ${ownPort(6)}`);
      expect(facts).toContain(`Sevenfold 0.1.0, ${backend} `);
      expect(facts).toContain(backend === 'cap' ? 'taken on arrival' : "the kernel's, in nanoseconds");
      expect(readByTshark(spool.spool)).toEqual({ packets: 3, complaint: '' });
    });

    it('takes several interfaces at once, each described in the file', async () => {
      await controller.start({ backend, interfaces: ['lo', 'any'], captureFilter: `udp dst port ${ownPort(7)}` }, spool);
      expect(controller.status?.interface).toBe('lo, any');
      await sendDatagrams(4, ownPort(7));
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
      const packets = (): number => controller.files.reduce((sum, file) => sum + scanBlocks(file).packets, 0);
      await inTime(async () => {
        await anew();
        await controller.start({ backend, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(8)}`, limits }, spool);
        const begun = Date.now();
        while (Date.now() - begun < 2500) {
          await sendDatagrams(1, ownPort(8));
          await wait(20);
        }
        await controller.over();
        expect(controller.status?.files).toBeGreaterThanOrEqual(5);
        expect(packets()).toBeGreaterThan(5);
      });
      expect(controller.files).toHaveLength(3);
      const present = (await readdir(spool.folder)).filter((name) => name.endsWith('.pcapng'));
      expect(present.sort()).toEqual(controller.files.map((file) => path.basename(file)));
      for (const file of controller.files) {
        expect(readByTshark(file).complaint).toBe('');
        expect(scanBlocks(file).bytes).toBe(statSync(file).size);
      }
    });

    it('stops within a second even when its process is frozen', async () => {
      await inTime(async () => {
        await anew();
        await controller.start({ backend, interfaces: ['lo'], captureFilter: '' }, spool);
        process.kill(pids.at(-1) ?? 0, 'SIGSTOP');
        const begun = Date.now();
        await controller.stop();
        expect(Date.now() - begun).toBeLessThan(1000 * patience());
        expect(controller.status).toMatchObject({ phase: 'stopped', saved: true });
      });
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
    // Where the processor is not to be had for long, packets are lost before anybody can take them.
    await inTime(async () => {
      await anew();
      await controller.start(wish, spool);
      expect(controller.backend).toMatchObject({ backend: 'cap', reason: reasons.watched });
      const sent = await sendFrames(link, 15_000, 4);
      expect(controller.backend).toMatchObject({ backend: 'dumpcap', reason: reasons.relayed, drops: 'at-end' });
      await expect.poll(() => controller.status, { timeout: 10_000 }).toMatchObject({ failure: null, packets: sent });
      await controller.stop();
      expect(controller.status).toMatchObject({ phase: 'stopped', packets: sent, dropped: 0 });
      // What cap had lost before comes a little late.
      expect(numbers(spool.spool).sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, number) => number));
    }, 4);
    const { stdout } = spawnSync('tshark', ['-r', spool.spool, '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^From this packet on captured by dumpcap 4\S*: time stamps are the kernel's/);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });
});

describe.skipIf((plain ?? lacking.dumpcap) !== null)(named('dumpcap', plain ?? lacking.dumpcap), () => {
  it('that is killed ends the capture with a message, and every packet before it is kept', async () => {
    await controller.start({ backend: 'dumpcap', interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(9)}` }, spool);
    await sendDatagrams(9, ownPort(9));
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
    const options = { interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(12)}`, bufferBytes: 2 << 20 };
    const source = await DumpcapSource.open('path' in file ? file.path : '', 'dumpcap', options);
    const before = childrenOf(process.pid, `port ${ownPort(12)}`);
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
    for (let i = 0; i < 3000; i++) await new Promise<void>((resolve) => socket.send(payload, ownPort(12), '127.0.0.1', () => resolve()));
    socket.close();
    process.kill(before[0] ?? 0, 'SIGCONT');
    await expect.poll(() => packets).toBeGreaterThan(500);
    // What is in the buffer comes in pieces.
    for (let had = 0, rests = 0; rests < 8; rests = packets === had ? rests + 1 : 0) {
      had = packets;
      await wait(100);
    }
    const [counts] = await new Promise<readonly SourceCounts[]>((resolve) => source.end(false, resolve));
    expect(packets).toBeGreaterThan(500);
    expect(counts?.dropped).toBeGreaterThan(500);
    // Each datagram comes by twice on loopback, on its way out and in; the kernel counts a drop for each.
    expect(packets + (counts?.dropped ?? 0)).toBeGreaterThanOrEqual(3000);
    expect(packets + (counts?.dropped ?? 0)).toBeLessThanOrEqual(6000);
  });

  it('is taken by itself where it is there, and cap where it is not, each with its reason', async () => {
    await controller.start(
      { watched: true, interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(10)}` },
      await store.create('lo', ''),
    );
    expect(controller.backend).toMatchObject({ backend: 'cap', reason: reasons.watched });
    await controller.stop();
    await controller.start(
      { watched: true, interfaces: ['lo', 'any'], captureFilter: `udp dst port ${ownPort(10)}` },
      await store.create('lo', ''),
    );
    expect(controller.backend).toMatchObject({ backend: 'dumpcap', reason: reasons.several });
    await controller.stop();
    await controller.start({ interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(10)}` }, spool);
    expect(controller.backend).toMatchObject({ backend: 'dumpcap', reason: reasons.dumpcap });
    await controller.stop();
    const before = process.env.PATH;
    // The folder of a machine without it.
    process.env.PATH = folder;
    try {
      await controller.start({ interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(10)}` }, await store.create('lo', ''));
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
      await controller.start({ interfaces: ['lo'], captureFilter: `udp dst port ${ownPort(11)}` }, spool);
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

/** A process and everything that it started. */
function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

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
      await expect.poll(running.complaint, { interval: 20 }).toContain('Capturing on');
    }

    /** Captures what is sent at a rate for ten seconds. */
    async function flow(rate: number) {
      const running = command('capture', '-i', link.capture, '-f', 'ether proto 0x88b5', '-w', file(), '-a', 'duration:120');
      await begun(running);
      const family = familyOf(running.child.pid ?? 0);
      expect(family.length).toBeGreaterThanOrEqual(backend === 'cap' ? 2 : 3);
      const before = shareOf(family);
      const { sent, workMs: sending } = await sendMeasured(link, rate, 10);
      await wait(500);
      const after = shareOf(family);
      running.child.kill('SIGINT');
      expect(await running.over).toBe(0);
      const { packets, bytes } = scanBlocks(file());
      expect(bytes).toBe(statSync(file()).size);
      const said = /(?:([\d,]+) dropped|drops not known)/.exec(running.complaint()) ?? [];
      return {
        sent,
        packets,
        said: said[0],
        dropped: Number(said[1]?.replaceAll(',', '')),
        work: (after.workMs - before.workMs) / sending,
        waited: after.waitedMs - before.waitedMs,
      };
    }

    it('loses nothing at 50,000 packets a second for ten seconds, in order', async () => {
      // On a machine that has other things to do, at what it has room for.
      for (const rate of [50_000, 25_000, 12_500]) {
        const { sent, packets, said, dropped, work, waited } = await flow(rate);
        const lost = sent - packets;
        // What is in the file is in order, and nothing is in it twice.
        const order = numbers(file());
        expect(order.findIndex((number, k) => k > 0 && number <= (order[k - 1] as number))).toBe(-1);
        if (backend === 'cap') expect(said).toBe('drops not known');
        else expect(dropped).toBe(lost);
        // However busy the machine is, and however fast: it is work as that of sending is.
        expect(work).toBeLessThan(MOST_WORK[backend]);
        if (lost === 0 && sent === rate * 10) {
          expect(inOrder(file())).toBe(sent);
          return;
        }
        // The sender did not get so far, or who lost packets had to wait for the processor: else it is our fault.
        if (lost > 0) expect(waited, `${lost} packets lost at ${rate} a second`).toBeGreaterThan(STARVED);
      }
      expect.unreachable('packets were lost at each rate');
    });

    it('stops within a second under more packets than it can take', async () => {
      await inTime(async () => {
        const running = command('capture', '-i', link.capture, '-w', file());
        await begun(running);
        const sending = sendFrames(link, 400_000, 3);
        await wait(1500);
        const at = Date.now();
        running.child.kill('SIGINT');
        const status = await running.over;
        const took = Date.now() - at;
        await sending;
        expect(status).toBe(0);
        expect(took).toBeLessThan(1000 * patience());
        expect(scanBlocks(file()).bytes).toBe(statSync(file()).size);
      });
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
        '-a',
        'duration:600',
        '-b',
        'filesize:50',
        '-b',
        'files:3',
      );
      await begun(running);
      await sendFrames(link, 10_000, 1);
      expect(await running.over).toBe(0);
      expect(running.complaint()).toContain('Ended by -c.\n');
      const names = (await readdir(folder)).filter((name) => name.endsWith('.pcapng')).sort();
      expect(names).toHaveLength(3);
      expect(running.out().trim().split('\n')).toEqual(names.map((name) => path.join(folder, name)));
      for (const name of names) expect(readByTshark(path.join(folder, name)).complaint).toBe('');
    });

    it('goes on to its end when nobody reads any more what it says', async () => {
      const running = command('capture', '-i', link.capture, '-f', 'ether proto 0x88b5', '-w', file(), '-c', '20');
      await expect.poll(running.complaint, { interval: 20 }).toContain('Drops: ');
      running.child.stderr.destroy();
      await sendFrames(link, 1000, 0.02);
      expect(await running.over).toBe(0);
      expect(readByTshark(file())).toEqual({ packets: 20, complaint: '' });
    });

    it('ends with a message and all its packets when the interface goes', async () => {
      const running = command('capture', '-i', link.capture, '-f', 'ether proto 0x88b5', '-w', file());
      await begun(running);
      const sent = await sendFrames(link, 1000, 1);
      await expect.poll(() => scanBlocks(file()).packets).toBe(sent);
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
        await expect.poll(() => scanBlocks(file()).packets).toBe(sent);
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
