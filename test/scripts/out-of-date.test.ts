import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the build has no types
import * as untyped from '../../scripts/build/out-of-date.mjs';

const { isOutOfDate, RESULTS, SOURCES } = untyped as {
  isOutOfDate: (root: string) => boolean;
  RESULTS: readonly string[];
  SOURCES: readonly string[];
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-build-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a file of the project, and gives it and its folders a time. */
function write(name: string, seconds: number): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), '');
  for (let each = path.join(root, name); each !== root; each = path.dirname(each)) utimesSync(each, seconds, seconds);
}

function built(seconds: number): void {
  for (const name of RESULTS) write(name, seconds);
}

describe('What npm start builds', () => {
  it('is out of date where a result is missing', () => {
    write('src/cli/main.ts', 100);
    expect(isOutOfDate(root)).toBe(true);
    built(200);
    expect(isOutOfDate(root)).toBe(false);
    rmSync(path.join(root, RESULTS[0] as string));
    expect(isOutOfDate(root)).toBe(true);
  });

  it.each([
    'src/cli/main.ts',
    'electron/main.ts',
    'renderer/app/App.tsx',
    'scripts/build.mjs',
    'scripts/build/written-numbers.mjs',
    'scripts/code-cache.mjs',
    'vite.config.ts',
    'package.json',
    'package-lock.json',
  ])('is out of date where %s is newer', (name) => {
    built(200);
    write(name, 300);
    expect(isOutOfDate(root)).toBe(true);
  });

  it('is not out of date where only tests or other scripts are newer', () => {
    write('src/cli/main.ts', 100);
    built(200);
    write('test/help.test.ts', 300);
    write('scripts/bench/tools.mjs', 300);
    utimesSync(path.join(root, 'scripts'), 300, 300);
    expect(isOutOfDate(root)).toBe(false);
  });

  it('is made of the sources that are listed, and of no others', () => {
    const script = readFileSync(new URL('../../scripts/build.mjs', import.meta.url), 'utf8');
    const used = [
      ...[...script.matchAll(/\bat\('([^']+)'/g)].map(([, name]) => name as string),
      ...[...script.matchAll(/ from '\.\/([^']+)'/g)].map(([, name]) => `scripts/${name}`),
    ].filter((name) => !name.startsWith('dist/'));
    expect(used).toContain('scripts/build/written-numbers.mjs');
    expect(used.filter((name) => !SOURCES.some((source) => name === source || name.startsWith(`${source}/`)))).toEqual([]);
  });
});
