/** The rights that capturing needs, for real: a user without them, and the commands that the messages give. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDumpcap } from '../../src/capture/dumpcap.ts';
import { nodeProgram } from '../../src/system/locations.ts';
import { cannotCapture, named, ownPort, readByTshark } from './surroundings.ts';

/** `nobody`: a user that is on every Linux machine and may do nothing. */
const USER = 65_534;
/** A group that nothing belongs to. */
const GROUP = 64_999;
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const without =
  cannotCapture() ??
  ['setpriv', 'setcap', 'python3', 'tshark']
    .map((program) => (has(program) ? null : `${program} is missing`))
    .find((each) => each !== null) ??
  // The home folders of others are closed: the program must lie where everybody can read it.
  (spawnSync('setpriv', [`--reuid=${USER}`, '--clear-groups', 'test', '-r', nodeProgram('cli')]).status === 0
    ? null
    : 'the build is closed to others');

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-nobody-'));
  chownSync(home, USER, USER);
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** Runs a program as a user without any right. */
function asUser(
  command: string,
  args: readonly string[],
  options: { folder?: string; groups?: string } = {},
): { status: number | null; said: string } {
  const groups = options.groups === undefined ? '--clear-groups' : `--groups=${options.groups}`;
  const PATH = `${options.folder === undefined ? '' : `${options.folder}:`}${process.env.PATH ?? ''}`;
  const ran = spawnSync('setpriv', [`--reuid=${USER}`, `--regid=${USER}`, groups, command, ...args], {
    env: { PATH, HOME: home, SEVENFOLD_HOME: path.join(home, 'sevenfold') },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status: ran.status, said: ran.stderr };
}

const capture = (backend: string, file: string, options = {}) => {
  const sender = spawn('python3', [
    '-c',
    // Until it is ended, and not for ever.
    `import socket, time\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nfor k in range(4000):\n    s.sendto(b'x', ('127.0.0.1', ${ownPort(0)}))\n    time.sleep(0.05)`,
  ]);
  try {
    return asUser(
      process.execPath,
      [nodeProgram('cli'), 'capture', '-i', 'lo', '-f', `udp dst port ${ownPort(0)}`, '-c', '2', '--backend', backend, '-w', file],
      options,
    );
  } finally {
    sender.kill('SIGKILL');
  }
};

/** The commands of a message. */
const commandsIn = (said: string): string[] => said.split('\n').flatMap((line) => /^ {4}(\S.*)$/.exec(line)?.slice(1) ?? []);

describe.skipIf(without !== null)(named('a user without the right to capture', without), () => {
  it.each(['cap', 'dumpcap', 'auto'])('is told the commands for this machine with %s, and nothing is written', (backend) => {
    if (backend === 'dumpcap' && findDumpcap().kind !== 'found') return;
    const { status, said } = capture(backend, path.join(home, 'x.pcapng'));
    expect(status).toBe(1);
    expect(said).toContain('may not open network interfaces');
    const commands = commandsIn(said);
    expect(commands.length).toBeGreaterThan(0);
    // Every program that they begin with is on this machine.
    for (const command of commands) {
      for (const word of command.split(/ && | \| |su -c '/).map((part) => part.trim().split(' ')[0] ?? ''))
        if (word !== '') expect([command, word, has(word)]).toEqual([command, word, true]);
    }
    if (backend !== 'auto')
      expect(commands.every((command) => (backend === 'dumpcap') === command.includes('dumpcap') || command.includes('wireshark'))).toBe(
        true,
      );
    expect(spawnSync('test', ['-e', path.join(home, 'x.pcapng')]).status).toBe(1);
  });

  it('captures with a copy of Node, once the command that the message gives has been run', () => {
    const { said } = capture('cap', path.join(home, 'x.pcapng'));
    const command = commandsIn(said).find((line) => line.startsWith('install -D')) ?? '';
    const [install = '', give = ''] = command.split(' && ');
    expect(asUser('sh', ['-c', install]).status).toBe(0);
    // Root gives the right: here the test is root already.
    execFileSync('sh', ['-c', give.replace(/^(sudo|pkexec) /, '')]);
    const file = path.join(home, 'y.pcapng');
    expect(capture('cap', file)).toMatchObject({ status: 0 });
    expect(readByTshark(file)).toEqual({ packets: 2, complaint: '' });
  });

  it('captures with dumpcap as a member of the group that may run it, and is told of the group otherwise', () => {
    const place = findDumpcap();
    if (place.kind !== 'found') return;
    // A dumpcap as distributions install it: for one group, with file capabilities.
    const folder = path.join(home, 'bin');
    const dumpcap = path.join(folder, 'dumpcap');
    mkdirSync(folder, { mode: 0o755 });
    cpSync(place.path, dumpcap, { dereference: true });
    chownSync(dumpcap, 0, GROUP);
    execFileSync('chmod', ['750', dumpcap]);
    execFileSync('setcap', ['cap_net_raw,cap_net_admin+eip', dumpcap]);
    const outside = capture('dumpcap', path.join(home, 'x.pcapng'), { folder });
    expect(outside.status).toBe(1);
    expect(outside.said).toMatch(/may not be run|may not open|permission/i);
    const file = path.join(home, 'y.pcapng');
    expect(capture('dumpcap', file, { folder, groups: String(GROUP) })).toMatchObject({ status: 0 });
    expect(readByTshark(file)).toEqual({ packets: 2, complaint: '' });
  });
});
