import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launch, writeCaches } from '../src/launch.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file as the build makes it of a CommonJS file. */
function file(name: string, text: string): string {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, `(function (exports, require, module, __filename, __dirname) { ${text}\n})`);
  return full;
}

describe('a built program', () => {
  it('runs each file once, whoever requires it, and knows where it lies', () => {
    const main = file(
      'main.cjs',
      "const a = require('./chunks/a.cjs'); exports.said = [a.runs, require('./chunks/a.cjs').runs, a.b.name, __filename, __dirname];",
    );
    file('chunks/a.cjs', "exports.runs = 1; exports.b = require('./b.cjs');");
    file('chunks/b.cjs', "exports.name = 'b'; exports.runsOfA = require('./a.cjs').runs;");
    expect(launch(main)).toEqual({ said: [1, 1, 'b', main, folder] });
    expect(launch(main)).toBe(launch(main));
    expect(launch(path.join(folder, 'chunks/b.cjs'))).toMatchObject({ runsOfA: 1 });
  });

  it("requires Node's own modules and packages", () => {
    expect(launch(file('main.cjs', "exports.sep = require('node:path').sep; exports.version = require('ws/package.json').name;"))).toEqual({
      sep: path.sep,
      version: 'ws',
    });
  });

  it('runs the same from a code cache', () => {
    const text = 'exports.of = (n) => n * 6; exports.six = exports.of(1);';
    const first = file('first.cjs', text);
    launch(first);
    const second = file('second.cjs', text);
    writeCaches([first, second]);
    expect(existsSync(`${first}.cache`) && existsSync(`${second}.cache`)).toBe(true);
    const { of } = launch(second) as { of: (n: number) => number };
    expect(of(7)).toBe(42);
  });

  it('runs what the source says where the cache is damaged or of other source', () => {
    const main = file('main.cjs', "exports.said = 'the source';");
    writeFileSync(`${main}.cache`, 'no cache at all');
    expect(launch(main)).toEqual({ said: 'the source' });
    const other = file('other.cjs', "exports.said = 'other';");
    const longer = file('longer.cjs', "exports.said = 'a longer source';");
    writeCaches([other]);
    copyFileSync(`${other}.cache`, `${longer}.cache`);
    expect(launch(longer)).toEqual({ said: 'a longer source' });
    const third = file('third.cjs', "exports.said = 'a third, and longer';");
    mkdirSync(`${third}.cache`);
    expect(launch(third)).toEqual({ said: 'a third, and longer' });
  });

  it('says where an error was thrown', () => {
    const main = file('main.cjs', "exports.fail = () => {\n  throw new Error('x');\n};");
    const { fail } = launch(main) as { fail: () => void };
    let stack = '';
    try {
      fail();
    } catch (error) {
      stack = (error as Error).stack ?? '';
    }
    expect(stack).toContain(`${main}:2:9`);
  });
});
