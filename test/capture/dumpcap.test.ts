import { chmodSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choose, reasons } from '../../src/capture/choice.ts';
import { dumpcapFailure, findDumpcap, interfacesOf, probeDumpcap } from '../../src/capture/dumpcap.ts';
import { DumpcapSource } from '../../src/capture/dumpcap-source.ts';
import type { CaptureOptions } from '../../src/capture/messages.ts';
import { type Openers, openSource } from '../../src/capture/open-source.ts';
import type { Source, SourceCounts } from '../../src/capture/source.ts';
import { CaptureWriter } from '../../src/file/write.ts';
import type { Failure } from '../../src/messages.ts';
import { HostError } from '../../src/system/failure.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-dumpcap-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program named dumpcap that runs a line of shell. */
function stand(script: string, name = 'dumpcap'): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('dumpcap', () => {
  it('is looked for in PATH, and only what can be run counts', () => {
    expect(findDumpcap({ PATH: folder }, 'freebsd')).toEqual({ kind: 'none' });
    const file = stand('exit 0');
    expect(findDumpcap({ PATH: `relative:${folder}` }, 'freebsd')).toEqual({ kind: 'found', path: file });
    chmodSync(file, 0o644);
    expect(findDumpcap({ PATH: folder }, 'freebsd')).toEqual({ kind: 'forbidden', path: file });
    mkdirSync(path.join(folder, 'other', 'dumpcap'), { recursive: true });
    expect(findDumpcap({ PATH: path.join(folder, 'other') }, 'freebsd')).toEqual({ kind: 'none' });
  });

  it('lists interfaces in columns', () => {
    const listed = '1. eth0\t\t\t0\t192.0.2.2,fd00::2\tnetwork\t\n2. lo\t\tLoopback\t0\t127.0.0.1,::1\tloopback\t\nnonsense\n';
    expect(interfacesOf(listed)).toEqual([
      { name: 'eth0', description: null, addresses: ['192.0.2.2', 'fd00::2'], loopback: false },
      { name: 'lo', description: 'Loopback', addresses: ['127.0.0.1', '::1'], loopback: true },
    ]);
  });

  it('has its complaints turned into what they mean', () => {
    const code = (said: string): Failure['code'] => dumpcapFailure('lo', said).code;
    expect(
      code('Capturing on \'lo\'\ndumpcap: You do not have permission to capture on device "lo".\n(socket: Operation not permitted)\n'),
    ).toBe('permission');
    expect(code('dumpcap: There is no device named "lo".\n(No such device exists)\n')).toBe('not-found');
    const filter =
      "dumpcap: Invalid capture filter \"tcp prt 80\" for interface 'lo'.\n\nThat string isn't a valid capture filter (can't parse filter expression: syntax error).\n";
    expect(dumpcapFailure('lo', filter)).toMatchObject({
      code: 'invalid',
      message: "The capture filter is not valid: can't parse filter expression: syntax error.",
    });
    expect(code('')).toBe('io');
  });

  it('is probed by trying it', async () => {
    const file = stand(
      'case "$*" in --version) echo "Dumpcap (Wireshark) 4.0.17 (Git)";; "-D -M") printf "1. lo\\t\\tLoopback\\t0\\t127.0.0.1\\tloopback\\t\\n";; *) exit 2;; esac',
    );
    expect((await probeDumpcap({ kind: 'found', path: file })).backend).toEqual({
      found: true,
      version: 'dumpcap 4.0.17',
      permitted: false,
      path: file,
    });
    expect((await probeDumpcap({ kind: 'none' })).backend).toMatchObject({ found: false, reason: 'missing' });
  });
});

describe('what dumpcap writes', () => {
  /** A pcapng file with three packets and statistics, as dumpcap would write it to its pipe. */
  function recorded(): string {
    const file = path.join(folder, 'recorded.pcapng');
    const made = CaptureWriter.create(file, {
      format: 'pcapng',
      interfaces: [{ linkType: 1, snapLength: 262_144, name: 'lo', description: 'Loopback', timePrecision: 9, os: 'Linux' }],
      direct: true,
    });
    if (!made.ok) throw new Error(made.failure.message);
    for (let i = 0; i < 3; i++) made.value.append(new Uint8Array(60).fill(i), 0, 60, 1500, 1_700_000_000 + i, 123_456_789, 0);
    made.value.addStatistics(0, { received: 3, dropped: 7 });
    made.value.closeSync();
    return file;
  }

  const options = { interfaces: ['any'], captureFilter: '', bufferBytes: 1 << 20 };

  async function taken(script: string) {
    const source = await DumpcapSource.open(stand(script), 'dumpcap 0', options);
    const packets: string[] = [];
    const failure = await new Promise<Failure>((resolve) =>
      source.begin({
        packet: (bytes, offset, capLen, wireLen, sec, nsec, iface) =>
          packets.push(`${iface} ${sec}.${nsec} ${capLen}/${wireLen} ${bytes[offset]}`),
        idle: () => {},
        changed: () => {},
        broken: resolve,
      }),
    );
    const counts = await new Promise<readonly SourceCounts[]>((resolve) => source.end(false, resolve));
    return { source, packets, failure, counts };
  }

  const whole = ['0 1700000000.123456789 60/1500 0', '0 1700000001.123456789 60/1500 1', '0 1700000002.123456789 60/1500 2'];

  it('comes through with times, lengths, descriptions and counts', async () => {
    const { source, packets, counts } = await taken(`cat '${recorded()}'`);
    expect(source.interfaces).toMatchObject([{ linkType: 1, name: 'lo', description: 'Loopback', timePrecision: 9, os: 'Linux' }]);
    expect(source.clock).toBe("the kernel's, in nanoseconds");
    expect(packets).toEqual(whole);
    expect(counts).toEqual([{ received: 3, dropped: 7 }]);
  });

  it('may come in pieces of any size', async () => {
    const { packets, counts } = await taken(`for n in $(seq 0 7 ${7 * 80}); do tail -c +$((n + 1)) '${recorded()}' | head -c 7; done`);
    expect(packets).toEqual(whole);
    expect(counts).toEqual([{ received: 3, dropped: 7 }]);
  });

  it('that ends in the middle of a packet gives what was whole, and the end is told', async () => {
    const { packets, failure, counts } = await taken(
      `head -c 350 '${recorded()}'; echo 'dumpcap: the disk of the moon is full' >&2; exit 3`,
    );
    expect(packets).toEqual(whole.slice(0, packets.length));
    expect(packets.length).toBeLessThan(3);
    expect(failure.message).toContain('the disk of the moon is full');
    expect(counts).toEqual([{ received: null, dropped: null }]);
  });

  describe.skipIf(process.platform !== 'linux')('in a pipe', () => {
    const before = process.env.TMPDIR;
    beforeEach(() => {
      process.env.TMPDIR = folder;
    });
    afterEach(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });

    /** Ends of pipes that were made in the folder of this test. */
    const pipes = (): string[] =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          const at = readlinkSync(`/proc/self/fd/${fd}`);
          return at.startsWith(folder) ? [at] : [];
        } catch {
          return [];
        }
      });

    it('leaves none open when it is ended before anybody has read it', async () => {
      const file = recorded();
      // As dumpcap does, it has a last word.
      const script = `trap "tail -c 40 '${file}'; exit 0" INT; cat '${file}'; while :; do sleep 0.05; done`;
      const source = await DumpcapSource.open(stand(script), 'dumpcap 0', options);
      expect(pipes()).toHaveLength(1);
      await new Promise((resolve) => source.end(false, resolve));
      await expect.poll(pipes).toEqual([]);
    });

    it('leaves none open when it cannot be started', async () => {
      await expect(DumpcapSource.open(path.join(folder, 'no such program'), 'dumpcap 0', options)).rejects.toBeInstanceOf(HostError);
      await expect.poll(pipes).toEqual([]);
      await expect(DumpcapSource.open(stand('exit 0'), 'dumpcap 0', { ...options, captureFilter: 'udp\0' })).rejects.toThrow('null bytes');
      await expect.poll(pipes).toEqual([]);
    });
  });

  it('that is no pcapng is refused', async () => {
    await expect(DumpcapSource.open(stand("printf 'no capture at all, only words'"), 'dumpcap 0', options)).rejects.toBeInstanceOf(
      HostError,
    );
  });
});

describe('the choice of a back end', () => {
  const usable = (name: 'cap' | 'dumpcap') => ({ name, usable: true, lack: null });
  const lacking = (name: 'cap' | 'dumpcap', lack: string) => ({ name, usable: false, lack });

  it('is dumpcap for a file and cap for a list, as far as they can be used', () => {
    const [cap, dumpcap] = [usable('cap'), usable('dumpcap')];
    expect(choose('auto', cap, dumpcap, false)?.name).toBe('dumpcap');
    expect(choose('auto', cap, dumpcap, true)).toEqual({ name: 'cap', reason: reasons.watched });
    expect(choose('auto', lacking('cap', 'is odd'), dumpcap, true)).toEqual({ name: 'dumpcap', reason: 'dumpcap, because cap is odd.' });
    expect(choose('auto', cap, lacking('dumpcap', 'is not installed'), false)).toEqual({
      name: 'cap',
      reason: 'cap, because dumpcap is not installed.',
    });
    expect(choose('auto', lacking('cap', 'x'), lacking('dumpcap', 'y'), true)).toBeNull();
    expect(choose('cap', cap, dumpcap, false)).toEqual({ name: 'cap', reason: 'cap, as asked for.' });
  });

  const options: CaptureOptions = {
    interfaces: ['any'],
    captureFilter: '',
    backend: 'auto',
    watched: false,
    files: { spool: '', progress: '', stop: '' },
    bufferBytes: 1 << 20,
  };
  const opened = { backend: 'dumpcap' } as Source;
  const openers = (change: Partial<Openers>): Openers => ({
    find: () => ({ kind: 'found', path: '/usr/bin/dumpcap' }),
    dumpcap: async () => opened,
    load: () => ({ ok: false, result: { found: false, reason: 'missing', message: 'no build was found' } }),
    rate: async () => 0,
    beside: async () => {
      throw new Error('not in this test');
    },
    ...change,
  });
  const refusing = (code: Failure['code']) => async (): Promise<Source> => {
    throw new HostError({ code, message: `it is ${code}` });
  };

  it('falls to dumpcap where cap cannot be loaded, with the reason', async () => {
    expect(await openSource({ ...options, watched: true }, openers({}))).toEqual({
      source: opened,
      reason: 'dumpcap, because cap cannot be loaded.',
    });
  });

  it('is dumpcap for a list too where more passes than cap takes, unless a filter may let less through', async () => {
    const busy = openers({ rate: async () => 200_000 });
    const watched = { ...options, interfaces: ['eth0'], watched: true };
    expect((await openSource(watched, busy)).reason).toBe(reasons.busy('eth0'));
    expect((await openSource({ ...watched, captureFilter: 'port 53' }, busy)).reason).toBe('dumpcap, because cap cannot be loaded.');
    expect((await openSource(watched, openers({ rate: async () => 40_000 }))).reason).toBe('dumpcap, because cap cannot be loaded.');
    expect((await openSource(watched, openers({ rate: async () => null }))).reason).toBe('dumpcap, because cap cannot be loaded.');
  });

  it('is dumpcap for a list of several interfaces, and says that it is because of their number', async () => {
    const several = { ...options, interfaces: ['eth0', 'eth1'] };
    expect((await openSource({ ...several, watched: true }, openers({}))).reason).toBe(reasons.several);
    expect((await openSource(several, openers({}))).reason).toBe(reasons.dumpcap);
  });

  it('tells of the missing right rather than of the missing program, and of both where both are missing', async () => {
    await expect(openSource(options, openers({ dumpcap: refusing('permission') }))).rejects.toThrow('it is permission');
    await expect(openSource(options, openers({ find: () => ({ kind: 'none' }) }))).rejects.toThrow(
      /cap cannot be loaded.*dumpcap is not installed/,
    );
  });

  it('does not try another one for a wrong filter', async () => {
    let loads = 0;
    const load: Openers['load'] = () => {
      loads += 1;
      return { ok: false, result: { found: false, reason: 'missing', message: '' } };
    };
    await expect(openSource(options, openers({ dumpcap: refusing('invalid'), load }))).rejects.toThrow('it is invalid');
    expect(loads).toBe(0);
  });
});
