// Builds everything into dist/: node programs, the renderer, and the Electron main and preload scripts.
//   node scripts/build.mjs [node] [renderer] [electron]     default: all three
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, parseSync } from 'vite';
import { lateModules } from './build/late-modules.mjs';
import { walkLoaded } from './build/syntax.mjs';
import { wat } from './build/wat.mjs';
import { writtenNumbers } from './build/written-numbers.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const wanted = process.argv.slice(2);
const wants = (name) => wanted.length === 0 || wanted.includes(name);

/** Files of the bundle that are worth a code cache, in bytes. */
const CACHED_FROM = 50_000;

/** Escapes what is not ASCII, which V8 then keeps in half the space. It stands in strings, templates, regular expressions and comments only. */
const ascii = {
  name: 'ascii',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk')
        file.code = file.code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
  },
};

/**
 * Defers tables of words: `names({…})` becomes `names(() => ({…}))`, so that the object is not made before the first word is asked for, and is no
 * part of the code cache unless it was.
 */
const deferredNames = {
  name: 'deferred-names',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/[^?]*\.ts$/, code: /import \{[^}]*\bnames\b[^}]*\} from '[./a-z]*\/field\.ts'/ },
    handler: deferNames,
  },
};

function deferNames(code, id) {
  const tables = [];
  walkLoaded(parseSync(id, code).program, ({ type, callee, arguments: given }) => {
    if (type === 'CallExpression' && callee.name === 'names' && given.length === 1 && given[0].type === 'ObjectExpression')
      tables.push(given[0]);
  });
  let text = code;
  for (const { start, end } of tables.sort((a, b) => b.start - a.start))
    text = `${text.slice(0, start)}() => (${text.slice(start, end)})${text.slice(end)}`;
  // No line has moved.
  return { code: text, map: null };
}

/**
 * Makes of each file the function that Node makes of a CommonJS file, for src/launch.ts: what is put together there is copied. No line is moved, so
 * that stack traces and source maps agree.
 */
const wrapped = {
  name: 'wrapped',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk') file.code = `(function (exports, require, module, __filename, __dirname) { ${file.code}\n})`;
  },
};

/**
 * Node programs: one bundle of CommonJS files, split where a part is needed by some commands only; packages stay outside. What reads and
 * dissects captures is one file: V8 looks through calls within a file better than through those between files. Each program is a small module
 * that starts its part of the bundle by src/launch.ts.
 */
async function buildNode() {
  const programs = {
    cli: at('src/cli/main.ts'),
    'engine-process': at('src/engine/process.ts'),
    'capture-process': at('src/capture/process.ts'),
    // For scripts/bench.mjs.
    'bench-open': at('src/bench/open.ts'),
  };
  const common = { ssr: true, target: 'node20', outDir: at('dist/node'), sourcemap: true };
  const core =
    /\/src\/(bytes|connections|dissect|file|filter|flow|protocols|table|tls)\/|\/src\/engine\/capture\.ts$|\/src\/split\/(back|layout)\.ts$/;
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [wat, deferredNames, lateModules, ascii, writtenNumbers, wrapped],
    // Of its own kind of module only, which a CommonJS file can require in newer versions of Node alone.
    ssr: { noExternal: ['env-paths'] },
    build: {
      ...common,
      emptyOutDir: true,
      rolldownOptions: {
        // Where the machine has other work, the time that deferring names takes is called a problem.
        checks: { bundlerTimings: false },
        input: programs,
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
          // The second: what may be called before all that is loaded.
          codeSplitting: {
            groups: [
              { name: 'core', test: core },
              { name: 'thread', test: /\/src\/split\/thread\.ts$/, priority: 1 },
            ],
          },
        },
      },
    },
  });
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ...common,
      emptyOutDir: false,
      rolldownOptions: { input: { launch: at('src/launch.ts') }, output: { format: 'cjs', entryFileNames: '[name].js' } },
    },
  });
  await buildFrontThread(common.outDir);
  // CommonJS down to the first file: Node starts 15 ms sooner where it needs none of what loads ES modules.
  writeFileSync(at('dist/node/package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
  for (const name of Object.keys(programs))
    writeFileSync(at('dist/node', `${name}.js`), `#!/usr/bin/env node\nrequire('./launch.js').launch(\`\${__dirname}/${name}.cjs\`);\n`);
  const folder = at('dist/node/chunks');
  const large = readdirSync(folder).filter((name) => name.endsWith('.cjs') && statSync(path.join(folder, name)).size >= CACHED_FROM);
  const files = large.map((name) => path.join(folder, name));
  // A process of its own, which opens a capture, so that the functions that do are in the cache.
  const done = spawnSync(process.execPath, [at('scripts/code-cache.mjs'), ...files], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error('the code cache could not be made');
}

/**
 * The thread that walks packets as far as no state is needed (src/split): a program of its own, small, so that it is there soon. One file without
 * the protocols that it does not walk.
 */
async function buildFrontThread(outDir) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [ascii, writtenNumbers],
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      sourcemap: true,
      emptyOutDir: false,
      rolldownOptions: {
        input: { 'front-thread': at('src/split/front-thread.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
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
    plugins: [wat],
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
  await buildFrontThread(at('dist/electron'));
}

if (wants('node')) await buildNode();
if (wants('renderer')) await buildRenderer();
if (wants('electron') && existsSync(at('electron/main.ts'))) await buildElectron();
