// Damages captures and dissects them, for as many packets as asked for; prints what failed with the seed to have it again.
//   npm run fuzz -- [--packets N] [--seconds N] [--seed S] [--round R] [--corpus FOLDER]
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outDir = path.join(root, 'dist/fuzz');

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
    rollupOptions: { input: { fuzz: path.join(root, 'test/fuzz/run.ts') }, output: { format: 'es', entryFileNames: '[name].js' } },
  },
});
const { main } = await import(pathToFileURL(path.join(outDir, 'fuzz.js')).href);
process.exitCode = await main(process.argv.slice(2), path.join(root, 'test/fixtures'));
