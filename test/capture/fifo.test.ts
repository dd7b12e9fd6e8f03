import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFifo } from '../../src/capture/fifo.ts';

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

  it.skipIf(process.platform !== 'linux')('takes hundreds of small packets while nobody reads', async () => {
    const fifo = opened();
    // Nothing is read before the child has ended: a pair of sockets would keep it waiting with packet 278.
    fifo.out.pause();
    const child = spawn(process.execPath, ['-e', WRITER, '600'], { stdio: ['ignore', fifo.fd, 'ignore'] });
    closeSync(fifo.fd);
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
    let length = 0;
    fifo.out.on('data', (piece: Buffer) => {
      length += piece.length;
    });
    fifo.out.resume();
    await new Promise((resolve) => fifo.out.on('end', resolve));
    expect(length).toBe(600 * 92);
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
