/** Whether live capture works here; if not, why, and the commands that would change it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FromCapture, ProbeResult } from '../capture/messages.ts';
import type { CaptureAbility, Failure } from '../messages.ts';
import type { StartChild } from './child.ts';
import { listInterfaces } from './interface-state.ts';
import { captureRuntimePath, programRoot } from './locations.ts';

const PROBE_MS = 5000;

/** Asks a short-lived capture process, because a library that does not fit may take its process with it. */
export function probe(start: StartChild): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = start();
    const done = (result: ProbeResult): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(result);
    };
    const timer = setTimeout(() => done({ loaded: false, reason: 'no-build', message: 'the capture library did not answer' }), PROBE_MS);
    child.onMessage((message) => {
      const answer = message as FromCapture;
      if (answer.kind === 'probed') done(answer.result);
    });
    child.onExit((reason) => done({ loaded: false, reason: 'no-build', message: `the capture library ended its process (${reason})` }));
    child.send({ kind: 'probe' });
  });
}

export class AbilityProbe {
  readonly #start: StartChild;
  readonly #runtime: 'node' | 'electron';
  #result: Promise<ProbeResult> | null = null;

  constructor(start: StartChild, runtime: 'node' | 'electron') {
    this.#start = start;
    this.#runtime = runtime;
  }

  /** Cheap after the first time: only counters and interfaces are read again. `fresh` looks at everything again. */
  async get(fresh: boolean): Promise<CaptureAbility> {
    if (fresh) this.#result = null;
    this.#result ??= probe(this.#start);
    const result = await this.#result;
    const interfaces = listInterfaces(result.loaded ? result.interfaces : null);
    const failure = result.loaded ? permissionFailure(result) : libraryFailure(result, this.#runtime);
    return { available: failure === null, backend: result.loaded ? result.backend : null, failure, interfaces };
  }
}

function permissionFailure(result: ProbeResult & { loaded: true }): Failure | null {
  if (result.permitted) return null;
  const missing = process.platform === 'linux' ? ' Missing: the capability CAP_NET_RAW.' : '';
  return {
    code: 'permission',
    message: `Live capture is off: this user may not open network interfaces. Found: ${result.backend}.${missing}`,
    ...permissionAdvice(process.platform),
  };
}

/** What lets this user capture, safest first. */
export function permissionAdvice(platform: NodeJS.Platform): { advice: string; commands: readonly string[] } {
  if (platform === 'darwin') {
    return {
      advice:
        'Opening files works as usual. The first command lets administrators of this Mac capture until the next start; Wireshark\'s "ChmodBPF" makes it last.',
      commands: ['sudo chgrp admin /dev/bpf* && sudo chmod g+rw /dev/bpf*', 'brew install --cask wireshark-chmodbpf'],
    };
  }
  if (platform === 'win32') {
    return {
      advice: 'Opening files works as usual. Install Npcap without "administrators only", or start Sevenfold as administrator.',
      commands: [],
    };
  }
  const node = '"$(readlink -f "$(which node)")"';
  const copy = quoted(captureRuntimePath());
  return {
    advice:
      'Opening files works as usual. The first command gives the right to a copy of Node that only your user can run and that only Sevenfold uses; the second is quicker, but lets every Node program on this computer capture.',
    commands: [
      `install -D -m 700 ${node} ${copy} && sudo setcap cap_net_raw,cap_net_admin+eip ${copy}`,
      `sudo setcap cap_net_raw,cap_net_admin+eip ${node}`,
    ],
  };
}

/** What makes the capture library loadable. */
function libraryFailure(result: ProbeResult & { loaded: false }, runtime: 'node' | 'electron'): Failure {
  const root = programRoot();
  const build =
    runtime === 'electron'
      ? 'node scripts/build-cap.mjs electron'
      : existsSync(path.join(root, 'node_modules', 'cap'))
        ? 'npm rebuild cap'
        : 'npm install --include=optional';
  const words = {
    missing: 'the capture library "cap" is not installed',
    'no-build': 'the capture library "cap" is not built for this version of the runtime',
    'no-library': 'libpcap is not installed',
  }[result.reason];
  return {
    code: 'unavailable',
    message: `Live capture is off: ${words} (${result.message}).`,
    ...libraryAdvice(process.platform, osRelease(), build, root),
  };
}

/** How to install libpcap's headers and build the library, for a system as /etc/os-release names it. */
export function libraryAdvice(
  platform: NodeJS.Platform,
  release: string,
  build: string,
  root: string,
): { advice: string; commands: readonly string[] } {
  const then = `cd ${quoted(root)} && ${build}`;
  if (platform === 'win32') {
    return {
      advice: 'Opening files works as usual. Install Npcap from npcap.com and the Visual Studio build tools, then run this:',
      commands: [then],
    };
  }
  const usual = 'Opening files works as usual. To capture too, run this, then check again:';
  if (platform === 'darwin') return { advice: usual, commands: [`xcode-select --install; ${then}`] };
  const ids = [...release.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].map((match) => match[1]?.replaceAll('"', '') ?? '').join(' ');
  const is = (...names: string[]): boolean => ids.split(/\s+/).some((id) => names.includes(id));
  if (is('debian', 'ubuntu')) return { advice: usual, commands: [`sudo apt install libpcap-dev build-essential python3 && ${then}`] };
  if (is('fedora', 'rhel', 'centos'))
    return { advice: usual, commands: [`sudo dnf install libpcap-devel gcc-c++ make python3 && ${then}`] };
  if (is('suse', 'opensuse')) return { advice: usual, commands: [`sudo zypper install libpcap-devel gcc-c++ make python3 && ${then}`] };
  if (is('arch')) return { advice: usual, commands: [`sudo pacman -S --needed libpcap base-devel python && ${then}`] };
  if (is('alpine')) return { advice: usual, commands: [`sudo apk add libpcap-dev build-base python3 && ${then}`] };
  return {
    advice: 'Opening files works as usual. To capture too, install libpcap with its headers and a C++ compiler, then run this:',
    commands: [then],
  };
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
