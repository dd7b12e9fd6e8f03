// Whether what scripts/build.mjs makes is older than what it is made of.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files and folders, of the project, that the build reads. */
export const SOURCES = [
  'src',
  'electron',
  'renderer',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
  'scripts/build.mjs',
  'scripts/build',
  'scripts/code-cache.mjs',
];

/** One file of each of its parts. */
export const RESULTS = ['dist/node/cli.js', 'dist/renderer/index.html', 'dist/electron/main.js'];

/** Newest time of change of a file or of anything below a folder, in ms; 0 if it is not there. */
function newest(target) {
  try {
    const found = statSync(target);
    if (!found.isDirectory()) return found.mtimeMs;
    // The folder's own time tells of files that were removed.
    return readdirSync(target).reduce((latest, name) => Math.max(latest, newest(path.join(target, name))), found.mtimeMs);
  } catch {
    return 0;
  }
}

/** @param root the project's folder */
export function isOutOfDate(root) {
  const built = Math.min(...RESULTS.map((name) => newest(path.join(root, name))));
  return built === 0 || SOURCES.some((name) => newest(path.join(root, name)) > built);
}
