/** Where the program's own files are, and where it keeps the user's. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';

let found: string | null = null;

/** The folder of this package, in a checkout, under node_modules, or inside the packaged app. */
export function programRoot(): string {
  if (found !== null) return found;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
      if (typeof parsed === 'object' && parsed !== null && 'name' in parsed && parsed.name === 'sevenfold') {
        found = folder;
        return folder;
      }
    }
    const above = path.dirname(folder);
    if (above === folder) throw new Error("the program's folder was not found");
    folder = above;
  }
}

/** A built Node program, e.g. 'engine-process'. */
export function nodeProgram(name: string): string {
  return path.join(programRoot(), 'dist', 'node', `${name}.js`);
}

export function rendererFolder(): string {
  return path.join(programRoot(), 'dist', 'renderer');
}

/** The sample capture that ships with the program, null if this installation has none. */
export function sampleCapture(): string | null {
  const folder = path.join(programRoot(), 'samples');
  try {
    const name = readdirSync(folder)
      .filter((entry) => /\.(pcapng|pcap)$/.test(entry))
      .sort()[0];
    return name === undefined ? null : path.join(folder, name);
  } catch {
    return null;
  }
}

/** What an engine process is started with: a capture that it can rehearse with. */
export function engineArguments(): readonly string[] {
  const sample = sampleCapture();
  return sample === null ? [] : [sample];
}

export interface UserFolders {
  /** Settings and the list of recent files. */
  readonly config: string;
  /** Captures that were not saved yet. On a disk, not in a memory file system: they grow, and outlive a crash. */
  readonly spool: string;
  /** Uploads and prepared downloads of browser mode; emptied at exit. */
  readonly temporary: string;
}

/** `SEVENFOLD_HOME` puts all of them into one folder: for tests and for a portable installation. */
export function userFolders(env: NodeJS.ProcessEnv = process.env): UserFolders {
  const home = env.SEVENFOLD_HOME;
  if (home !== undefined && home !== '') {
    return { config: path.join(home, 'config'), spool: path.join(home, 'spool'), temporary: path.join(home, 'temporary') };
  }
  const paths = envPaths('sevenfold', { suffix: '' });
  return { config: paths.config, spool: path.join(paths.data, 'spool'), temporary: paths.temp };
}

/**
 * Where a copy of Node may be that has the right to capture and that only this user can run: safer than giving the right to the Node that
 * runs everything. See `permissionAdvice`.
 */
export function captureRuntimePath(): string {
  return path.join(envPaths('sevenfold', { suffix: '' }).data, 'node-capture');
}

/** The Node that runs the capture process: the copy with the right, if it is one of this very Node. */
export function captureRuntime(): string {
  try {
    const copy = captureRuntimePath();
    // After an update of Node the old copy would not fit the capture library.
    if (statSync(copy).size === statSync(process.execPath).size) return copy;
  } catch {
    // There is no copy: the usual case.
  }
  return process.execPath;
}
