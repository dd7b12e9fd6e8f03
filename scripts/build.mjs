// Builds everything into dist/: node programs, the renderer, and the Electron main and preload scripts.
//   node scripts/build.mjs [node] [renderer] [electron]     default: all three
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const wanted = process.argv.slice(2);
const wants = (name) => wanted.length === 0 || wanted.includes(name);

/** Node programs: one bundle, split in chunks; packages stay outside. */
async function buildNode() {
  const entries = {
    cli: at('src/cli/main.ts'),
    'engine-process': at('src/engine/process.ts'),
    'capture-process': at('src/capture/process.ts'),
    // For scripts/bench.mjs.
    'bench-open': at('src/engine/bench-open.ts'),
  };
  const input = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node20',
      outDir: at('dist/node'),
      emptyOutDir: true,
      sourcemap: true,
      rollupOptions: { input, output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
    },
  });
}

async function buildRenderer() {
  await build({ configFile: at('vite.config.ts'), logLevel: 'warn' });
}

/**
 * The desktop app's own programs. All packages are bundled in, because the packaged app has no node_modules; Electron itself is part of the
 * runtime. The preload script is one CommonJS file: a sandboxed renderer loads nothing else.
 */
async function buildElectron() {
  const common = { ssr: true, target: 'node22', outDir: at('dist/electron'), sourcemap: true };
  const input = {
    main: at('electron/main.ts'),
    'engine-process': at('electron/engine-process.ts'),
    'capture-process': at('src/capture/process.ts'),
  };
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ...common,
      emptyOutDir: true,
      rollupOptions: {
        input,
        external: ['electron'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ...common,
      emptyOutDir: false,
      rollupOptions: {
        input: { preload: at('electron/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  });
}

if (wants('node')) await buildNode();
if (wants('renderer')) await buildRenderer();
if (wants('electron') && existsSync(at('electron/main.ts'))) await buildElectron();
