import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the build has no types
import { deferModules as untyped } from '../../scripts/build/late-modules.mjs';

const deferModules = untyped as (code: string, file: string) => string;
const deferred = (code: string): string => deferModules(code, 'file.cjs');

/** What the code gives back, and the modules that it has required by then, in order. */
function run(code: string): { readonly result: unknown; readonly required: string[] } {
  const required: string[] = [];
  const require = (name: string): object => {
    required.push(name);
    return { name, twice: (n: number) => 2 * n };
  };
  const runtime = { __toESM: (module: object) => ({ ...module, default: module }) };
  const result = new Function('require', 'runtime', code)(require, runtime);
  return { result, required };
}

describe('Modules', () => {
  it('are required by what uses them first, and once', () => {
    const code = deferred('let zlib = require("node:zlib");\nlet used = () => (0, zlib.twice)(zlib.twice(1));\nreturn used');
    const { result, required } = run(code);
    expect(required).toEqual([]);
    expect((result as () => number)()).toBe(4);
    expect((result as () => number)()).toBe(4);
    expect(required).toEqual(['node:zlib']);
  });

  it('with a default export are late too, and no line moves', () => {
    const code = 'let vm = require("node:vm");\nvm = runtime.__toESM(vm, 1);\nreturn () => vm.default.name;';
    const { result, required } = run(deferred(code));
    expect(required).toEqual([]);
    expect((result as () => string)()).toBe('node:vm');
    expect(deferred(code).split('\n')).toHaveLength(code.split('\n').length);
  });

  it('that every start needs, and other chunks, are required at once', () => {
    const code = 'let fs = require("node:fs");\nlet core = require("./core.cjs");\nfs.twice(core.x);';
    expect(deferred(code)).toBe(code);
  });

  it('are told from texts, keys, properties and comments of the same name', () => {
    const rest = 'f("zlib.x", a.zlib, { zlib: 1 }, /zlib./); // zlib.x';
    expect(deferred(`let zlib = require("zlib");\n${rest}`).split('\n')[1]).toBe(rest);
  });

  it.each([
    ['a module that is required in another way', 'const { x } = require("zlib");'],
    ['a module that is required for what it does', 'require("zlib");'],
    ['two modules in one statement', 'let a = require("zlib"), b = require("ws");'],
    ['a name that is passed on', 'let zlib = require("zlib");\nf(zlib);'],
    ['a name that stands in an object for itself', 'let zlib = require("zlib");\nf({ zlib });'],
    ['a name that something else has too', 'let zlib = require("zlib");\nfunction f(zlib) {}'],
    ['an export that is looked up by an expression', 'let zlib = require("zlib");\nzlib[x];'],
  ])('end the build with an error where there is %s', (_, code) => {
    expect(() => deferred(code)).toThrow('file.cjs: ');
  });
});
