// Compares what only the whole capture tells with `tshark -2`, over a corpus of captures; see test/conformance/pairs.ts.
//   npm run pairs -- [--corpus FOLDER] [--class core] [--match REGEX] [--keep FOLDER] [--list]
//   --keep   keeps tshark's tables in FOLDER, and reads them from there the next time
//   --list   prints every cell that differs
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './build/load.mjs';

const { main } = await load('test/conformance/pairs.ts');
process.exitCode = await main(process.argv.slice(2), path.dirname(path.dirname(fileURLToPath(import.meta.url))));
