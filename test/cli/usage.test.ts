/** What the built program says of a wrong command line. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeProgram } from '../../src/system/locations.ts';

function run(...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [nodeProgram('cli'), ...args], { encoding: 'utf8' });
}

describe.skipIf(!existsSync(nodeProgram('cli')))('the command line', () => {
  it('names a command that it does not have', () => {
    const { status, stderr } = run('disect', 'trace.pcap');
    expect(status).toBe(2);
    expect(stderr).toContain('"disect" is no command');
  });

  it.each(['dissect', 'info', 'serve'])('says that standard input is not read, where %s is given -', (command) => {
    const { status, stderr } = run(command, '-');
    expect(status).toBe(2);
    expect(stderr).toContain('Standard input is not read: write the capture to a file first.');
  });

  it.each(['-', '/dev/stdout', '/dev/fd/3', '/proc/self/fd/1'])(
    'says that a capture is not written to its output, where that is named %s',
    (name) => {
      const { status, stderr } = run('capture', '-i', 'lo', '-w', name, '-a', 'duration:0.1');
      expect(status).toBe(2);
      expect(stderr).toContain('Packets are not written to standard output: name a file.');
    },
  );

  it.skipIf(process.platform === 'win32')('says that a capture is not written to a pipe, whoever may read it', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-usage-'));
    try {
      const pipe = path.join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const { status, stderr } = run('capture', '-i', 'lo', '-w', pipe, '-a', 'duration:0.1');
      expect([status, stderr]).toEqual([1, `sevenfold: ${pipe} is a pipe. A capture is written to a file.\n`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
