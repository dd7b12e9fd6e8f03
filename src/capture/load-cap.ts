/**
 * Finds the build of `cap` for the runtime that runs this. Node and Electron need one each (their module ABI differs), side by side:
 * `build-abi/<runtime>-<abi>-<platform>-<arch>/cap.node`, made by scripts/build-cap.mjs, and the one that `npm install` made for its Node.
 */
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { programRoot } from '../system/locations.ts';
import type { ProbedBackend } from './messages.ts';

/** What `cap` 0.2.1 offers, as its README has it. */
export interface CapHandle extends EventEmitter {
  /** Returns the link type in cap's words. Throws libpcap's message. `buffer` is where packets are put: keep it for as long as this is open. */
  open(device: string, filter: string, bufferBytes: number, buffer: Buffer): string;
  close(): boolean;
  send(buffer: Buffer, length?: number): void;
}

export interface CapDevice {
  readonly name: string;
  readonly description?: string;
  readonly addresses: readonly { readonly addr?: string }[];
  readonly flags?: string;
}

export interface CapAddon {
  readonly Cap: new () => CapHandle;
  deviceList(): readonly CapDevice[];
}

export type LoadedCap =
  | { readonly ok: true; readonly addon: CapAddon; readonly version: string }
  | { readonly ok: false; readonly result: ProbedBackend & { found: false } };

/** Folder name of a runtime's own build: 'node-115-linux-x64', 'electron-146-linux-x64'. */
export function buildName(versions: NodeJS.ProcessVersions = process.versions): string {
  const runtime = versions.electron === undefined ? 'node' : 'electron';
  return `${runtime}-${versions.modules}-${process.platform}-${process.arch}`;
}

/** Files to try, best first. Native code cannot be loaded from inside an asar archive: there it lies beside it. */
export function candidates(root: string = programRoot()): readonly string[] {
  const real = root.replace(/app\.asar(?=$|[/\\])/, 'app.asar.unpacked');
  return [path.join(real, 'build-abi', buildName(), 'cap.node'), path.join(real, 'node_modules', 'cap', 'build', 'Release', 'cap.node')];
}

export function loadCap(root: string = programRoot()): LoadedCap {
  const require = createRequire(import.meta.url);
  let problem: string | null = null;
  for (const file of candidates(root)) {
    if (!existsSync(file)) continue;
    try {
      const addon: unknown = require(file);
      if (!isCap(addon)) continue;
      // What cap's own lib/Cap.js does; that file would only look in one place.
      Object.setPrototypeOf(addon.Cap.prototype, EventEmitter.prototype);
      return { ok: true, addon, version: `cap ${capVersion(root)}${libpcapVersion()}` };
    } catch (error) {
      problem ??= error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    }
  }
  if (problem === null) {
    const installed = existsSync(path.join(root, 'node_modules', 'cap'));
    return {
      ok: false,
      result: { found: false, reason: installed ? 'no-build' : 'missing', message: `no build for ${buildName()} was found` },
    };
  }
  const noLibrary =
    /libpcap|wpcap|npcap/i.test(problem) && /cannot open shared object|not found|could not be found|image not found/i.test(problem);
  return { ok: false, result: { found: false, reason: noLibrary ? 'no-library' : 'no-build', message: problem.slice(0, 200) } };
}

function isCap(addon: unknown): addon is CapAddon {
  return (
    typeof addon === 'object' &&
    addon !== null &&
    'Cap' in addon &&
    typeof addon.Cap === 'function' &&
    'deviceList' in addon &&
    typeof addon.deviceList === 'function'
  );
}

function capVersion(root: string): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'node_modules', 'cap', 'package.json'), 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  } catch {
    // A build in build-abi works without the package.
  }
  return '';
}

/** `cap` does not tell: the name of the library file that was mapped does. */
function libpcapVersion(): string {
  try {
    const version = /libpcap\.so\.(\d+\.\d+[\d.]*)/.exec(readFileSync('/proc/self/maps', 'latin1'))?.[1];
    return version === undefined ? '' : `, libpcap ${version}`;
  } catch {
    return '';
  }
}

/** LINKTYPE_ number for what `open` returned; null for one that has no number in files. */
export function linkTypeOf(word: string): number | null {
  switch (word) {
    case 'NULL':
      return 0;
    case 'ETHERNET':
      return 1;
    case 'IEEE802_11_RADIO':
      return 127;
    case 'LINKTYPE_LINUX_SLL':
      return 113;
    case 'RAW':
      return 101;
  }
  const match = /^Unknown linktype (\d+)$/.exec(word);
  if (match === null) return null;
  const dlt = Number(match[1]);
  // libpcap's DLT_ numbers are those of files from 104 on; below, the ones that differ between systems are ATM, raw IP and PPP variants.
  if (dlt === 12 || dlt === 14) return 101;
  return dlt >= 104 || dlt <= 10 ? dlt : null;
}
