// Makes the code caches of the Node programs (src/launch.ts) after the command line has opened the sample capture.
//   node scripts/code-cache.mjs FILE...     files of the bundle, full paths
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, writeCaches } from '../dist/node/launch.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const files = process.argv.slice(2);
process.argv.splice(1, files.length + 1, path.join(root, 'dist/node/cli.js'), 'connections', path.join(root, 'samples/first-look.pcapng'));
process.on('exit', () => writeCaches(files));
launch(path.join(root, 'dist/node/cli.cjs'));
