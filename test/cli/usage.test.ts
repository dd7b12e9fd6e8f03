/** What the built program says of a wrong command line. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
});
