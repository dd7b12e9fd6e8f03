// Compares what only the whole capture tells with `tshark -2`, over a corpus of captures; see test/conformance/pairs.ts.
//   npm run pairs -- [--corpus FOLDER] [--class core] [--match REGEX] [--keep FOLDER] [--list]
//   --keep   keeps tshark's tables in FOLDER, and reads them from there the next time
//   --list   prints every cell that differs
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outDir = path.join(root, 'dist/pairs');

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir,
    emptyOutDir: true,
    sourcemap: true,
    rollupOptions: {
      input: { pairs: path.join(root, 'test/conformance/pairs.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
});
const { main } = await import(pathToFileURL(path.join(outDir, 'pairs.js')).href);
process.exitCode = await main(process.argv.slice(2), root);
