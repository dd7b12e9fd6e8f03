/** What lets a user capture on this very machine: the ways, safest first, with the commands to copy. */
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BackendName } from '../messages.ts';
import { captureRuntimePath } from '../system/locations.ts';

/** What the commands depend on. */
export interface Surroundings {
  /** The Node that runs the capture process, as a real path; null if there is none (Electron without Node). */
  readonly node: string | null;
  /** Where its copy with the right goes. */
  readonly copy: string;
  readonly dumpcap: string | null;
  /** Group that may run dumpcap, if not everybody may. */
  readonly dumpcapGroup: string | null;
  /** dumpcap came with Debian's or Ubuntu's package, which has a question for this. */
  readonly debian: boolean;
  readonly user: string;
  /** Of the programs that give the rights of root for one command. */
  readonly sudo: boolean;
  readonly pkexec: boolean;
}

const inPath = (name: string): string | null => {
  for (const folder of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not there, or not for this user.
    }
  }
  return null;
};

const real = (file: string | null): string | null => {
  try {
    return file === null ? null : realpathSync(file);
  } catch {
    return file;
  }
};

/** Of this machine. `runtime`: what runs the capture process; `dumpcap`: where it is, if it is. */
export function surroundings(runtime: string, dumpcap: string | null): Surroundings {
  return {
    // Electron's own program must not be given the right: it runs everything else too.
    node: real(/^node(\.exe)?$/.test(path.basename(runtime)) ? runtime : inPath('node')),
    copy: captureRuntimePath(),
    dumpcap,
    dumpcapGroup: dumpcap === null ? null : groupOf(dumpcap),
    debian: real(dumpcap) === '/usr/bin/dumpcap' && existsSync('/var/lib/dpkg/info/wireshark-common.list'),
    user: userName(),
    sudo: inPath('sudo') !== null,
    pkexec: inPath('pkexec') !== null,
  };
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return process.env.USER ?? '$USER';
  }
}

/** Name of the group that may run a file which not everybody may run. */
function groupOf(file: string): string | null {
  try {
    const { mode, gid } = statSync(file);
    if ((mode & 0o001) !== 0) return null;
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === String(gid));
    return line?.split(':')[0] ?? null;
  } catch {
    return null;
  }
}

const CAPABILITIES = 'cap_net_raw,cap_net_admin+eip';

/**
 * What lets this user capture, safest first. `here` matters on Linux only. `wanted`: the back end that was asked for; what does not help it is
 * left out.
 */
export function permissionAdvice(
  platform: NodeJS.Platform,
  here: Surroundings,
  wanted: BackendName | 'auto' = 'auto',
): { advice: string; commands: readonly string[]; ways: readonly string[] } {
  if (platform === 'darwin') {
    return {
      advice: 'Opening files works as usual.',
      ways: ['Let administrators of this Mac capture until its next start.', 'Make that last, with Wireshark\'s "ChmodBPF".'],
      commands: ['sudo chgrp admin /dev/bpf* && sudo chmod g+rw /dev/bpf*', 'brew install --cask wireshark-chmodbpf'],
    };
  }
  if (platform === 'win32') {
    return {
      advice: 'Opening files works as usual. Install Npcap without "administrators only", or start Sevenfold as administrator.',
      commands: [],
      ways: [],
    };
  }
  const asRoot = rootShell(here);
  const ways: string[] = [];
  const commands: string[] = [];
  if (here.dumpcap !== null && wanted !== 'cap') {
    const dumpcap = quoted(here.dumpcap);
    const group = here.dumpcapGroup ?? 'wireshark';
    const join = `usermod -a -G ${quoted(group)} ${quoted(here.user)}`;
    if (here.dumpcapGroup !== null && here.dumpcapGroup !== 'root') {
      ways.push(`Join the group "${group}", which may run ${here.dumpcap}. Log out and in again afterwards.`);
      commands.push(asRoot(join));
    } else {
      ways.push(`Let the group "wireshark" capture with ${here.dumpcap}, and join it. Log out and in again afterwards.`);
      commands.push(
        here.debian
          ? asRoot(
              ['echo wireshark-common wireshark-common/install-setuid boolean true', 'debconf-set-selections'],
              'dpkg-reconfigure -f noninteractive wireshark-common',
              join,
            )
          : asRoot(
              'groupadd -f wireshark',
              `chgrp wireshark ${dumpcap}`,
              `chmod 750 ${dumpcap}`,
              `setcap ${CAPABILITIES} ${dumpcap}`,
              join,
            ),
      );
    }
  }
  if (here.node !== null && wanted !== 'dumpcap') {
    const node = quoted(here.node);
    const copy = quoted(here.copy);
    ways.push('Give the right to a copy of Node that only you can run and that only Sevenfold uses.');
    commands.push(`install -D -m 700 ${node} ${copy} && ${asRoot(`setcap ${CAPABILITIES} ${copy}`)}`);
    ways.push('Give it to Node itself, which lets every Node program on this computer capture.');
    commands.push(asRoot(`setcap ${CAPABILITIES} ${node}`));
  }
  const window = here.sudo && here.pkexec ? ' "pkexec" in place of "sudo" asks for the password in a window (polkit).' : '';
  return { advice: `Opening files works as usual.${window}`, commands, ways };
}

/** Joins commands of root, or pairs of a plain command and one of root that reads its output, as this machine gives the rights of root. */
function rootShell(here: Surroundings): (...steps: readonly (string | readonly [string, string])[]) => string {
  const program = here.sudo ? 'sudo ' : here.pkexec ? 'pkexec ' : '';
  return (...steps) => {
    const line = steps.map((step) => (typeof step === 'string' ? `${program}${step}` : `${step[0]} | ${program}${step[1]}`)).join(' && ');
    // Without either, root's own shell has to do it, and asks for root's password.
    return program === '' ? `su -c ${quoted(line)}` : line;
  };
}

/** For a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
