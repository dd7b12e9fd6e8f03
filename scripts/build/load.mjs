// Bundles a TypeScript module of the tests with the sources it imports, and loads it: for scripts that run outside the test runner.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { wat } from './wat.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** @param {string} entry path from the root of the project @returns what the module exports */
export async function load(entry) {
  const name = path.basename(entry, '.ts');
  // One folder per run: two runs at once must not take each other's files away.
  const outDir = path.join(root, 'dist', 'scripts', `${name}-${process.pid}`);
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [wat],
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      sourcemap: true,
      rollupOptions: { input: { [name]: path.join(root, entry) }, output: { format: 'es', entryFileNames: '[name].js' } },
    },
  });
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
  return import(pathToFileURL(path.join(outDir, `${name}.js`)).href);
}
