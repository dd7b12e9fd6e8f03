// Makes the code caches of the Node programs (src/launch.ts) after the engine has shown the sample capture as to a window, and the command line has opened it.
//   node scripts/code-cache.mjs FILE...     files of the bundle, full paths
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, writeCaches } from '../dist/node/launch.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const files = process.argv.slice(2);
const sample = path.join(root, 'samples/first-look.pcapng');
const start = (program, ...args) => {
  process.argv.splice(1, process.argv.length, path.join(root, `dist/node/${program}.js`), ...args);
  launch(path.join(root, `dist/node/${program}.cjs`));
};
process.on('exit', () => writeCaches(files));
// The first one ends the process when it is done: the second begins instead.
const { exit } = process;
process.exit = () => {
  process.exit = exit;
  start('cli', 'connections', sample);
};
start('bench-open', '--window', sample);
