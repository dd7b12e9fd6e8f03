// Damages captures and dissects them, for as many packets as asked for; prints what failed with the seed to have it again.
//   npm run fuzz -- [--packets N] [--seconds N] [--seed S] [--round R] [--corpus FOLDER]
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './build/load.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { main } = await load('test/fuzz/run.ts');
process.exitCode = await main(process.argv.slice(2), path.join(root, 'test/fixtures'));
