import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the build has no types
import { writeNumbers as untyped } from '../../scripts/build/written-numbers.mjs';

const writeNumbers = untyped as (code: string, file: string) => string;
const written = (code: string): string => writeNumbers(code, 'file.cjs');

describe('Numbers of tables', () => {
  it('stand where they are used', () => {
    expect(written('var Flag = { Fin: 1, Syn: 1 << 1, Both: 1 | 2, Off: -1 };\nf(Flag.Syn | Flag.Both, Flag.Off);')).toBe(
      'var Flag = { Fin: 1, Syn: 1 << 1, Both: 1 | 2, Off: -1 };\nf(2 | 3, (-1));',
    );
  });

  it('stand in functions and classes too, and no line moves', () => {
    const code = 'const How = {\n  Whole: 16\n};\nclass A {\n  f(x) {\n    return x & How.Whole ? g(() => How.Whole) : 0;\n  }\n}';
    const out = written(code);
    expect(out).toContain('return x & 16 ? g(() => 16) : 0;');
    expect(out.split('\n')).toHaveLength(code.split('\n').length);
  });

  it('are left alone where the object has something else, where the name is a property of another, and where the key is not known', () => {
    for (const code of [
      "var Flag = { Fin: 1, name: 'x' };\nf(Flag.Fin);",
      'var Flag = { Fin: 1 };\nf(a.Flag.Fin, Flag.Other, Flag[b]);',
      'var flag = { fin: 1 };\nf(flag.fin);',
    ])
      expect(written(code)).toBe(code);
  });

  it('cannot be told where the object is changed', () => {
    expect(() => written('var Flag = { Fin: 1 };\nFlag.Fin = 2;')).toThrow('file.cjs: Flag is changed');
    expect(() => written('var Flag = { Fin: 1 };\nFlag.Fin++;')).toThrow('Flag is changed');
    expect(() => written('var Flag = { Fin: 1 };\nFlag[key] = 2;')).toThrow('Flag is changed');
  });

  it('cannot be told where something else has the name', () => {
    for (const other of [
      'function f(Flag) {}',
      'function f({ a: Flag }) {}',
      'function f([Flag = 1]) {}',
      'function f() { let Flag = g(); }',
      'try {} catch (Flag) {}',
      '(...Flag) => Flag.Fin;',
      'class A { f() { class Flag {} } }',
    ])
      expect(() => written(`var Flag = { Fin: 1 };\n${other}`), other).toThrow('two things are called Flag');
  });
});
