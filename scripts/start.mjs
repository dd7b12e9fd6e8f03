// npm start [-- FILE]: builds what is out of date, then opens the app as the `sevenfold` command does.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SOURCES = ['src', 'electron', 'renderer', 'package.json', 'scripts/build.mjs', 'vite.config.ts'];
const RESULTS = ['dist/node/cli.js', 'dist/renderer/index.html', 'dist/electron/main.js'];

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

const built = Math.min(...RESULTS.map((name) => newest(path.join(root, name))));
if (built === 0 || SOURCES.some((name) => newest(path.join(root, name)) > built)) {
  process.stderr.write('Building Sevenfold.\n');
  const build = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (build.status !== 0) {
    process.stderr.write('Sevenfold could not be built: see above. "npm ci" installs what the build needs.\n');
    process.exit(1);
  }
}

// In this process: signals and the terminal reach it directly.
await import(pathToFileURL(path.join(root, 'dist', 'node', 'cli.js')).href);
