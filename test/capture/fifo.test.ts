import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFifo, PIPE_BYTES } from '../../src/capture/fifo.ts';

/** Writes `count` times 92 octets, one by one, as dumpcap writes its packets. */
const WRITER = `
const fs = require('node:fs');
const piece = Buffer.alloc(92);
for (let k = 0; k < Number(process.argv[1]); k++) { piece.writeUInt32LE(k); fs.writeSync(1, piece); }
`;

describe.skipIf(process.platform === 'win32')('A pipe from a child', () => {
  const before = process.env.TMPDIR;
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fifo-'));
    process.env.TMPDIR = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true, force: true });
  });

  const opened = (): NonNullable<ReturnType<typeof openFifo>> => {
    const fifo = openFifo();
    if (fifo === null) throw new Error('no pipe');
    return fifo;
  };

  it('brings everything that the child writes, in order, and ends with the child', async () => {
    const fifo = opened();
    const child = spawn(process.execPath, ['-e', WRITER, '5000'], { stdio: ['ignore', fifo.fd, 'ignore'] });
    closeSync(fifo.fd);
    const pieces: Buffer[] = [];
    fifo.out.on('data', (piece: Buffer) => pieces.push(piece));
    const [code] = await Promise.all([
      new Promise((resolve) => child.on('close', resolve)),
      new Promise((resolve) => fifo.out.on('close', resolve)),
    ]);
    const bytes = Buffer.concat(pieces);
    expect(code).toBe(0);
    expect(bytes.length).toBe(5000 * 92);
    expect(Array.from({ length: 5000 }, (_, k) => bytes.readUInt32LE(k * 92))).toEqual(Array.from({ length: 5000 }, (_, k) => k));
  });

  /** Whether a child gets rid of `count` packets while nobody reads, and all of them come then. */
  async function takes(fifo: ReturnType<typeof opened>, count: number): Promise<void> {
    fifo.out.pause();
    const child = spawn(process.execPath, ['-e', WRITER, String(count)], { stdio: ['ignore', fifo.fd, 'ignore'] });
    closeSync(fifo.fd);
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
    let length = 0;
    fifo.out.on('data', (piece: Buffer) => {
      length += piece.length;
    });
    fifo.out.resume();
    await new Promise((resolve) => fifo.out.on('end', resolve));
    expect(length).toBe(count * 92);
  }

  describe.skipIf(process.platform !== 'linux')('on Linux', () => {
    const path0 = process.env.PATH;
    afterEach(() => {
      process.env.PATH = path0;
    });

    /** Only these programs are found from now on: [name, the shell's words for where it is]. */
    function only(...programs: readonly (readonly [name: string, words: string])[]): void {
      const bin = mkdtempSync(path.join(folder, 'bin-'));
      for (const [name, words] of programs)
        symlinkSync(execFileSync('sh', ['-c', words], { encoding: 'utf8' }).trim(), path.join(bin, name));
      process.env.PATH = bin;
    }
    const mkfifo = ['mkfifo', 'command -v mkfifo'] as const;

    const wideners = [
      ['perl', 'command -v perl'],
      // Not a script before it.
      ['python3', "python3 -c 'import sys; print(sys.executable)'"],
    ] as const;
    it.each(wideners.filter(([, words]) => spawnSync('sh', ['-c', words]).status === 0))(
      'holds a megabyte where %s can say so',
      async (...program) => {
        only(mkfifo, program);
        const fifo = opened();
        expect(fifo.bytes).toBe(1 << 20);
        await takes(fifo, 10_000);
      },
    );

    it('takes hundreds of small packets while nobody reads, where nothing can', async () => {
      only(mkfifo);
      const fifo = opened();
      expect(fifo.bytes).toBe(PIPE_BYTES);
      // A pair of sockets would keep the child waiting with packet 278.
      await takes(fifo, 600);
    });
  });

  it('leaves nothing in the folder for temporary files', () => {
    const fifo = opened();
    closeSync(fifo.fd);
    fifo.out.destroy();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is none where there is no room for it, and says so', () => {
    process.env.TMPDIR = path.join(folder, 'not there');
    expect(openFifo()).toBe(null);
  });
});
