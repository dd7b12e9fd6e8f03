/** Whether live capture works here; if not, why, and the commands that would change it. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { choose, lacks } from '../capture/choice.ts';
import { findDumpcap, probeDumpcap } from '../capture/dumpcap.ts';
import type { FromCapture, ProbedBackend, ProbeResult } from '../capture/messages.ts';
import type { BackendAbility, BackendName, CaptureAbility, Failure } from '../messages.ts';
import { listInterfaces } from '../system/interface-state.ts';
import { programRoot } from '../system/locations.ts';
import type { StartChild } from './child.ts';
import { permissionAdvice, quoted, surroundings } from './permission.ts';

const PROBE_MS = 9000;

/** What each back end does better and worse. */
export const aboutBackend: Readonly<Record<BackendName, string>> = {
  dumpcap: 'Times by the kernel, drops counted (known at the end). Packets come in batches of up to a quarter of a second.',
  cap: 'Packets show at once. Times taken on arrival in the capture process, drops not known.',
};

/** Asks a short-lived capture process, because a library that does not fit may take its process with it. */
export function probe(start: StartChild, dumpcap: () => Promise<Probed> = () => probeDumpcap(findDumpcap())): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = start();
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      child.kill('SIGKILL');
      return true;
    };
    // dumpcap is a program of its own: it works whatever happened to the library.
    const withoutCap = (message: string): void => {
      if (!settle()) return;
      void dumpcap().then(({ backend, interfaces }) =>
        resolve({ cap: { found: false, reason: 'no-build', message }, dumpcap: backend, interfaces, runtime: process.execPath }),
      );
    };
    const timer = setTimeout(() => withoutCap('the capture library did not answer'), PROBE_MS);
    child.onMessage((message) => {
      const answer = message as FromCapture;
      if (answer.kind === 'probed' && settle()) resolve(answer.result);
    });
    child.onExit((reason) => withoutCap(`the capture library ended its process (${reason})`));
    child.send({ kind: 'probe' });
  });
}

type Probed = Awaited<ReturnType<typeof probeDumpcap>>;

export class AbilityProbe {
  readonly #start: StartChild;
  readonly #runtime: 'node' | 'electron';
  readonly #dumpcap: (() => Promise<Probed>) | undefined;
  #result: Promise<ProbeResult> | null = null;

  /** `dumpcap`: asks dumpcap where the capture process could not. */
  constructor(start: StartChild, runtime: 'node' | 'electron', dumpcap?: () => Promise<Probed>) {
    this.#start = start;
    this.#runtime = runtime;
    this.#dumpcap = dumpcap;
  }

  /** Cheap after the first time: only counters and interfaces are read again. `fresh` looks at everything again; `watched`: for a capture that is followed in a list. */
  async get(fresh: boolean, watched = true): Promise<CaptureAbility> {
    if (fresh) this.#result = null;
    this.#result ??= probe(this.#start, this.#dumpcap);
    const result = await this.#result;
    const backends = (['dumpcap', 'cap'] as const).map((name) => abilityOf(name, result[name]));
    const [dumpcap, cap] = backends as [BackendAbility, BackendAbility];
    const chosen = choose('auto', cap, dumpcap, watched);
    return {
      available: chosen !== null,
      backend: (chosen === null ? null : result[chosen.name].found ? versionOf(result[chosen.name]) : null) ?? versionOf(result.cap),
      reason: chosen?.reason ?? null,
      backends,
      failure: chosen !== null ? null : failureOfProbe(result, this.#runtime),
      interfaces: listInterfaces(result.interfaces),
    };
  }
}

function versionOf(backend: ProbedBackend): string | null {
  return backend.found ? backend.version : null;
}

function abilityOf(name: BackendName, probed: ProbedBackend): BackendAbility {
  const lack = !probed.found
    ? probed.reason === 'missing'
      ? lacks.missing
      : `cannot be loaded (${probed.message})`
    : probed.permitted
      ? null
      : probed.path !== null && findDumpcapForbidden(probed.path)
        ? lacks.forbidden
        : lacks.refused;
  return { name, usable: lack === null, version: versionOf(probed), about: aboutBackend[name], lack };
}

function findDumpcapForbidden(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return false;
  } catch {
    return true;
  }
}

function failureOfProbe(result: ProbeResult, runtime: 'node' | 'electron'): Failure {
  const { cap, dumpcap } = result;
  // A right that is missing is easier to give than a library.
  if (!cap.found && !dumpcap.found) return libraryFailure(cap, runtime);
  const found = [cap, dumpcap].flatMap((each) => (each.found ? [each.version] : [])).join('; ');
  const missing = process.platform === 'linux' ? ' Missing: the capability CAP_NET_RAW.' : '';
  return {
    code: 'permission',
    message: `Live capture is off: this user may not open network interfaces. Found: ${found}.${missing}`,
    ...permissionAdvice(process.platform, surroundings(result.runtime, result.dumpcap.found ? result.dumpcap.path : null)),
  };
}

/** What makes the capture library loadable. */
function libraryFailure(result: ProbedBackend & { found: false }, runtime: 'node' | 'electron'): Failure {
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
