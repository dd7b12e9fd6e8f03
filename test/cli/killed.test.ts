/** What a program that is killed leaves behind. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeProgram } from '../../src/system/locations.ts';

const without = process.platform !== 'linux' || !existsSync(nodeProgram('cli'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A capture of frames of 1 KB, packed. */
function packed(packets: number): Buffer {
  const bytes = Buffer.alloc(24 + packets * 1040);
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(65_535, 16);
  bytes.writeUInt32LE(1, 20);
  for (let k = 0; k < packets; k++) {
    bytes.writeUInt32LE(k, 24 + k * 1040);
    bytes.writeUInt32LE(1024, 24 + k * 1040 + 8);
    bytes.writeUInt32LE(1024, 24 + k * 1040 + 12);
  }
  return gzipSync(bytes, { level: 1 });
}

describe.skipIf(without)('a gzip file that is open when the program is killed', () => {
  it('leaves nothing of what was unpacked in the temporary folder', async () => {
    const file = path.join(folder, 'long.pcap.gz');
    writeFileSync(file, packed(60_000));
    const temporary = mkdtempSync(path.join(folder, 'tmp-'));
    const child = spawn(process.execPath, [nodeProgram('cli'), 'dissect', file], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const over = new Promise((resolve) => child.once('close', resolve));
    // Nobody reads its output, so it does not get to its end; what it has unpacked lies in a file without a name.
    const unpacking = (): boolean => {
      try {
        return readdirSync(`/proc/${child.pid}/fd`).some((fd) => {
          const at = readlinkSync(`/proc/${child.pid}/fd/${fd}`);
          return at.startsWith(`${temporary}/sevenfold-`) && at.endsWith(' (deleted)');
        });
      } catch {
        return false;
      }
    };
    await expect.poll(unpacking, { interval: 5 }).toBe(true);
    child.kill('SIGKILL');
    await over;
    expect(readdirSync(temporary)).toEqual([]);
  });
});
