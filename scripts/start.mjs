// npm start [-- FILE]: builds what is out of date, then opens the app as the `sevenfold` command does.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isOutOfDate } from './build/out-of-date.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

if (isOutOfDate(root)) {
  process.stderr.write('Building Sevenfold.\n');
  const build = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (build.status !== 0) {
    process.stderr.write('Sevenfold could not be built: see above. "npm ci" installs what the build needs.\n');
    process.exit(1);
  }
}

// In this process: signals and the terminal reach it directly.
await import(pathToFileURL(path.join(root, 'dist', 'node', 'cli.js')).href);
