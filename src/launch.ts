/**
 * Runs a built Node program with V8's code cache beside it, so that starting does not parse and compile the bundle anew: a third of the
 * time of starting. Node has this for modules from 22.8 on (module.enableCompileCache), but not in the versions that we run on too.
 *
 * The bundle is made of CommonJS files, each a function as Node makes it of such a file (scripts/build.mjs), which `vm.Script` can compile with
 * a cache. V8 refuses a cache that another version of it made, or other flags, and compiles as if there were none. The names of the files that
 * have one contain a hash of what is in them.
 */
import { isAscii } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

type Wrapped = (exports: object, require: (request: string) => unknown, module: { exports: object }, file: string, folder: string) => void;

const running = new Map<string, { readonly script: vm.Script; readonly module: { exports: object } }>();
const requireFromNode = createRequire(import.meta.url);

const cacheOf = (file: string): string => `${file}.cache`;

function compile(file: string): vm.Script {
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(cacheOf(file));
  } catch {
    // Without one it takes longer.
  }
  const bytes = readFileSync(file);
  // The build escapes what is not ASCII: V8 keeps and reads such a source in half the space, and where it is.
  const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  return new vm.Script(source, {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

/** Runs a file of the bundle, once; files that it requires by a relative path are run the same way. Gives its exports. @param file full path */
export function launch(file: string): object {
  const known = running.get(file);
  if (known !== undefined) return known.module.exports;
  const script = compile(file);
  const module = { exports: {} };
  running.set(file, { script, module });
  const folder = path.dirname(file);
  const load = (request: string): unknown =>
    request.startsWith('.') ? launch(path.join(folder, request)) : (requireFromNode(request) as unknown);
  (script.runInThisContext() as Wrapped)(module.exports, load, module, file, folder);
  return module.exports;
}

/** For the build: writes the caches of `files`, with all functions that have run so far in them. @param files full paths */
export function writeCaches(files: readonly string[]): void {
  for (const file of files) writeFileSync(cacheOf(file), (running.get(file)?.script ?? compile(file)).createCachedData());
}
