/** Finding, fetching and starting the desktop app; or the one sentence that says why it cannot be had here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A download without a new byte for this long is given up. */
const STALL_MS = 15_000;
/** A desktop app that fails within this time has not started. */
const EARLY_MS = 8000;

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** User id; null where there is none (Windows). */
  readonly uid: number | null;
}

export function surroundings(): Surroundings {
  return { platform: process.platform, env: process.env, uid: process.getuid?.() ?? null };
}

/** Why no window can be opened here, whatever is installed; null if one can. */
export function noDesktop({ platform, env, uid }: Surroundings): string | null {
  if (env.SEVENFOLD_BROWSER === '1') return 'SEVENFOLD_BROWSER=1 asks for it';
  if (platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display here';
  if (uid === 0) return 'Electron does not run as root with its sandbox on';
  return null;
}

/** Electron's executable as its package lays it out; null if the runtime is not there. `folder`: node_modules/electron. */
export function electronRuntime(folder: string, env: NodeJS.ProcessEnv = process.env): string | null {
  try {
    const name = readFileSync(path.join(folder, 'path.txt'), 'utf8').trim();
    const executable = path.join(env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'), name);
    return name !== '' && statSync(executable).isFile() ? executable : null;
  } catch {
    return null;
  }
}

export type Fetched = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Fetches Electron's runtime with the package's own installer, watching that it gets on. Nothing of a broken attempt is left but its cache.
 * @param stallMs without a new byte for this long it is given up
 */
export async function fetchRuntime(folder: string, stallMs: number = STALL_MS): Promise<Fetched> {
  const installer = path.join(folder, 'install.js');
  if (!existsSync(installer)) return { ok: false, reason: 'Electron is not installed' };
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-electron-'));
  try {
    // Its downloads go below the temporary folder: what lies there is how far it is.
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' };
    const child = spawn(process.execPath, [installer], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    return await watched(child, () => bytesBelow(temporary) + bytesBelow(path.join(folder, 'dist')), stallMs);
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
}

function watched(child: ChildProcess, measure: () => number, stallMs: number): Promise<Fetched> {
  return new Promise((resolve) => {
    let complaint = '';
    let bytes = -1;
    let grewAt = Date.now();
    let stalled = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-8192);
    });
    const timer = setInterval(() => {
      const now = measure();
      if (now !== bytes) {
        bytes = now;
        grewAt = Date.now();
      } else if (Date.now() - grewAt >= stallMs) {
        stalled = true;
        child.kill('SIGKILL');
      }
    }, 250);
    const done = (fetched: Fetched): void => {
      clearInterval(timer);
      resolve(fetched);
    };
    child.on('error', (error) => done({ ok: false, reason: `Electron's runtime could not be downloaded (${error.message})` }));
    child.on('close', (code) => {
      if (code === 0) done({ ok: true });
      else {
        const why = stalled ? `no progress for ${Math.round(stallMs / 1000)} s` : firstError(complaint);
        done({ ok: false, reason: `Electron's runtime could not be downloaded${why === '' ? '' : ` (${why})`}` });
      }
    });
  });
}

/** 'fetch failed' out of a stack trace. */
function firstError(text: string): string {
  const line = text.split('\n').find((one) => /Error\b/.test(one)) ?? '';
  const cause = /\bcode: '([A-Z_]+)'/.exec(text)?.[1];
  const message = line.replace(/^.*?Error:\s*/, '').trim();
  return [message, cause ?? '']
    .filter((part) => part !== '')
    .join(', ')
    .slice(0, 160);
}

function bytesBelow(folder: string): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      try {
        bytes += statSync(path.join(entry.parentPath, entry.name)).size;
      } catch {
        // Moved away meanwhile.
      }
    }
  } catch {
    // Not there yet.
  }
  return bytes;
}

export type Ran = { readonly started: true; readonly status: number } | { readonly started: false; readonly reason: string };

/** Runs the desktop app until it ends. `started: false`: it fell over at once, for example because a system library is missing. */
export function runDesktop(executable: string, root: string, file: string | undefined): Promise<Ran> {
  return new Promise((resolve) => {
    const begun = Date.now();
    const env = { ...process.env };
    // Set by some terminals and editors that are Electron apps themselves; it would make this one a plain Node.
    delete env.ELECTRON_RUN_AS_NODE;
    const child = spawn(executable, [root, ...(file === undefined ? [] : ['--', path.resolve(file)])], {
      stdio: ['ignore', 'inherit', 'pipe'],
      env,
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-8192);
      if (Date.now() - begun > EARLY_MS) process.stderr.write(text);
    });
    const stop = (): void => void child.kill('SIGTERM');
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    const done = (ran: Ran): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(ran);
    };
    child.on('error', (error) => done({ started: false, reason: `Electron could not be started (${error.message})` }));
    child.on('close', (code, signal) => {
      const failedEarly = Date.now() - begun < EARLY_MS && (signal !== null ? signal !== 'SIGTERM' : code !== 0);
      if (!failedEarly) done({ started: true, status: code === 0 || signal !== null ? 0 : 1 });
      else
        done({
          started: false,
          reason: `Electron could not be started (${startFailure(complaint, signal ?? `exit code ${code ?? '?'}`)})`,
        });
    });
  });
}

function startFailure(complaint: string, otherwise: string): string {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(complaint)?.[1];
  if (library !== undefined) return `the system library ${library} is missing`;
  if (/SUID sandbox helper|No usable sandbox/i.test(complaint)) return 'this system does not let its sandbox run';
  if (/Missing X server|cannot open display|Failed to connect to.*display/i.test(complaint)) return 'the display does not answer';
  return otherwise;
}
