/** Finds Wireshark's `dumpcap`, and reads what it says. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Failure } from '../messages.ts';
import type { ProbedInterface } from '../system/interface-state.ts';
import { noInterface, notPermitted, wrongFilter } from './cap-source.ts';
import type { ProbedBackend } from './messages.ts';

/** Places that are often not in PATH. */
const USUAL: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/sbin', '/sbin', '/usr/local/sbin'],
  darwin: ['/usr/local/bin', '/opt/homebrew/bin', '/Applications/Wireshark.app/Contents/MacOS'],
  win32: ['C:\\Program Files\\Wireshark'],
};

/** A call of dumpcap that does not capture answers within this time. */
const ANSWER_MS = 4000;

export type DumpcapPlace = { readonly kind: 'none' } | { readonly kind: 'forbidden' | 'found'; readonly path: string };

/** Where dumpcap is. 'forbidden': it is there, but this user may not run it (Debian's group `wireshark`). */
export function findDumpcap(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): DumpcapPlace {
  const name = platform === 'win32' ? 'dumpcap.exe' : 'dumpcap';
  const folders = [...(env.PATH ?? '').split(path.delimiter), ...(USUAL[platform] ?? [])].filter((folder) => path.isAbsolute(folder));
  let forbidden: string | null = null;
  for (const folder of folders) {
    const file = path.join(folder, name);
    if (!existsSync(file) || !statSync(file).isFile()) continue;
    try {
      accessSync(file, constants.X_OK);
      return { kind: 'found', path: file };
    } catch {
      forbidden ??= file;
    }
  }
  return forbidden === null ? { kind: 'none' } : { kind: 'forbidden', path: forbidden };
}

interface Said {
  readonly ok: boolean;
  readonly out: string;
  readonly complaint: string;
}

function run(file: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: ANSWER_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 20, windowsHide: true }, (error, out, complaint) =>
      resolve({ ok: error === null, out, complaint }),
    );
  });
}

/** 'dumpcap 4.0.17'. */
export async function dumpcapVersion(file: string): Promise<string> {
  const { out } = await run(file, ['--version']);
  const version = /Dumpcap[^\d\n]*(\d+(?:\.\d+)+)/i.exec(out)?.[1];
  return version === undefined ? 'dumpcap' : `dumpcap ${version}`;
}

/** Tries it: its version, the interfaces that it lists, and whether it may open one. */
export async function probeDumpcap(
  place: DumpcapPlace,
): Promise<{ backend: ProbedBackend; interfaces: readonly ProbedInterface[] | null }> {
  if (place.kind === 'none') return { backend: { found: false, reason: 'missing', message: 'dumpcap is not in PATH' }, interfaces: null };
  if (place.kind === 'forbidden')
    return { backend: { found: true, version: 'dumpcap', permitted: false, path: place.path }, interfaces: null };
  const [version, listed] = await Promise.all([dumpcapVersion(place.path), run(place.path, ['-D', '-M'])]);
  const interfaces = listed.ok ? interfacesOf(listed.out) : null;
  const first = interfaces?.find((each) => each.loopback) ?? interfaces?.[0];
  // Asking for the link types opens the interface, and captures nothing.
  const permitted = first !== undefined && (await run(place.path, ['-i', first.name, '-L', '-M'])).ok;
  return { backend: { found: true, version, permitted, path: place.path }, interfaces };
}

/** Lines of `dumpcap -D -M`: number, name, vendor, description, kind, addresses, 'loopback' or 'network'; by tabs. */
export function interfacesOf(listed: string): readonly ProbedInterface[] {
  return listed.split(/\r?\n/).flatMap((line) => {
    const [numbered, vendor = '', description = '', , addresses = '', kind = ''] = line.split('\t');
    const name = /^\d+\. (.+)$/.exec(numbered ?? '')?.[1];
    if (name === undefined) return [];
    return {
      name,
      description: description !== '' ? description : vendor !== '' ? vendor : null,
      addresses: addresses.split(',').filter((each) => each !== ''),
      loopback: kind === 'loopback',
    };
  });
}

/** What dumpcap complained about before it could begin. `said`: its standard error. */
export function dumpcapFailure(name: string, said: string): Failure {
  const lines = said
    .split(/\r?\n/)
    .map((line) => line.replace(/^\r?dumpcap: /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('Capturing on') && !line.startsWith('File:'));
  const first = (lines[0] ?? 'dumpcap ended without a word').replace(/\.$/, '');
  const inner = lines.map((line) => /^\((.+)\)$/.exec(line)?.[1]).find((found) => found !== undefined);
  if (/permission|not permitted|access is denied/i.test(`${first} ${inner ?? ''}`)) return notPermitted(name, inner ?? first);
  if (/no device named|no such device/i.test(`${first} ${inner ?? ''}`)) return noInterface(name, inner ?? null);
  if (/invalid capture filter/i.test(first)) return wrongFilter(/\((.+)\)\.?$/m.exec(lines[1] ?? '')?.[1] ?? first);
  return { code: 'io', message: `${name} could not be opened by dumpcap: ${first}${inner === undefined ? '' : ` (${inner})`}.` };
}
