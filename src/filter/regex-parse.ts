/**
 * Parser for the regular expressions of `matches`: the part of PCRE2's syntax that a machine without backtracking can run.
 *
 * There are: characters, `.`, classes with ranges and POSIX names, \d \w \s \h \v \N \R and their opposites, groups (plain, named,
 * non-capturing), alternatives, `* + ? {n} {n,} {n,m}` greedy or lazy, `^ $ \A \Z \z \b \B`, \xHH, \x{H}, \o{…}, octal, \cX, \Q…\E,
 * and the options i, s, m, x inside `(?…)` and `(?…:…)`. Not there, each with its own error: backreferences, lookaround, atomic groups
 * and possessive quantifiers, conditions, recursion, Unicode properties, control verbs.
 * It works on bytes, as Wireshark's does: a character above 7f is the sequence of its UTF-8 bytes.
 */
import { MAX_REGEX_COUNT } from './limits.ts';

/** A regular expression that cannot be used. `at`, `length`: bytes of the pattern. */
export class RegexFault extends Error {
  readonly at: number;
  readonly length: number;

  constructor(at: number, length: number, message: string) {
    super(message);
    this.at = at;
    this.length = length;
  }
}

export type Assertion = 'start' | 'line-start' | 'end' | 'before-end' | 'line-end' | 'word' | 'no-word';

export type RegexNode =
  /** One byte out of a set: 256 flags. */
  | { readonly kind: 'set'; readonly set: Uint8Array }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'all'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'any'; readonly items: readonly RegexNode[] }
  /** `most` is Infinity where there is no bound. */
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly least: number; readonly most: number };

interface Flags {
  fold: boolean;
  dotAll: boolean;
  lines: boolean;
  extended: boolean;
}

const MAX_GROUPS = 100;

function setOf(test: (byte: number) => boolean): Uint8Array {
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) if (test(byte)) set[byte] = 1;
  return set;
}

const isDigit = (b: number): boolean => b >= 0x30 && b <= 0x39;
const isUpper = (b: number): boolean => b >= 0x41 && b <= 0x5a;
const isLower = (b: number): boolean => b >= 0x61 && b <= 0x7a;
const isAlpha = (b: number): boolean => isUpper(b) || isLower(b);
const isSpace = (b: number): boolean => b === 0x20 || (b >= 9 && b <= 13);
export const isWordByte = (b: number): boolean => isAlpha(b) || isDigit(b) || b === 0x5f;
const isHex = (b: number): boolean => isDigit(b) || (b >= 0x41 && b <= 0x46) || (b >= 0x61 && b <= 0x66);
const isGraph = (b: number): boolean => b > 0x20 && b < 0x7f;

const SHORTHANDS: Readonly<Record<string, (b: number) => boolean>> = {
  d: isDigit,
  w: isWordByte,
  s: isSpace,
  h: (b) => b === 0x20 || b === 9 || b === 0xa0,
  v: (b) => (b >= 10 && b <= 13) || b === 0x85,
};

const POSIX: Readonly<Record<string, (b: number) => boolean>> = {
  alnum: (b) => isAlpha(b) || isDigit(b),
  alpha: isAlpha,
  ascii: (b) => b < 0x80,
  blank: (b) => b === 0x20 || b === 9,
  cntrl: (b) => b < 0x20 || b === 0x7f,
  digit: isDigit,
  graph: isGraph,
  lower: isLower,
  print: (b) => b >= 0x20 && b < 0x7f,
  punct: (b) => isGraph(b) && !isAlpha(b) && !isDigit(b),
  space: isSpace,
  upper: isUpper,
  word: isWordByte,
  xdigit: isHex,
};

const ESCAPES: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** Parses a pattern. Throws RegexFault. */
export function parseRegex(pattern: Uint8Array): RegexNode {
  return new RegexParser(pattern).whole();
}

class RegexParser {
  readonly #bytes: Uint8Array;
  /** The pattern with one code unit per byte: offsets are the same. */
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { fold: true, dotAll: false, lines: false, extended: false };

  constructor(pattern: Uint8Array) {
    this.#bytes = pattern;
    let text = '';
    for (const byte of pattern) text += String.fromCharCode(byte);
    this.#text = text;
  }

  whole(): RegexNode {
    const node = this.#alternatives();
    if (this.#at < this.#text.length) throw new RegexFault(this.#at, 1, 'this ) closes no group.');
    return node;
  }

  #alternatives(): RegexNode {
    const items = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      items.push(this.#sequence());
    }
    return items.length === 1 ? (items[0] as RegexNode) : { kind: 'any', items };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      if (this.#flags.extended) this.#skipBlanks();
      const start = this.#at;
      const c = this.#text[start];
      if (c === undefined || c === '|' || c === ')') break;
      if (c === '*' || c === '+' || c === '?') throw new RegexFault(start, 1, `there is nothing that ${c} could repeat.`);
      if (c === '\\' && this.#text[start + 1] === 'Q') {
        const close = this.#text.indexOf('\\E', start + 2);
        const end = close < 0 ? this.#text.length : close;
        for (let i = start + 2; i < end; i++) items.push(this.#byte(this.#bytes[i] as number));
        this.#at = close < 0 ? end : close + 2;
        const last = items.pop();
        if (last !== undefined) items.push(this.#quantified(last));
        continue;
      }
      if (c === '\\' && this.#text[start + 1] === 'E') {
        this.#at += 2;
        continue;
      }
      const atom = this.#atom();
      if (atom !== null) items.push(this.#quantified(atom));
    }
    return items.length === 1 ? (items[0] as RegexNode) : { kind: 'all', items };
  }

  #skipBlanks(): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === '#') {
        const line = this.#text.indexOf('\n', this.#at);
        this.#at = line < 0 ? this.#text.length : line + 1;
      } else if (c !== undefined && isSpace(c.charCodeAt(0))) this.#at++;
      else return;
    }
  }

  #byte(byte: number): RegexNode {
    return { kind: 'set', set: this.#folded(setOf((b) => b === byte)) };
  }

  #folded(set: Uint8Array): Uint8Array {
    if (!this.#flags.fold) return set;
    for (let upper = 0x41; upper <= 0x5a; upper++) {
      const lower = upper + 0x20;
      if (set[upper] === 1 || set[lower] === 1) {
        set[upper] = 1;
        set[lower] = 1;
      }
    }
    return set;
  }

  /** One thing that may be repeated; null for what stands for nothing (options, comments). */
  #atom(): RegexNode | null {
    const start = this.#at;
    const c = this.#text[start] as string;
    this.#at++;
    switch (c) {
      case '.':
        return { kind: 'set', set: setOf((b) => this.#flags.dotAll || b !== 10) };
      case '^':
        return { kind: 'assert', assertion: this.#flags.lines ? 'line-start' : 'start' };
      case '$':
        return { kind: 'assert', assertion: this.#flags.lines ? 'line-end' : 'before-end' };
      case '[':
        return this.#set(start);
      case '(':
        return this.#group(start);
      case '\\':
        return this.#escape(start);
      default:
        return this.#byte(this.#bytes[start] as number);
    }
  }

  #quantified(of: RegexNode): RegexNode {
    let node = of;
    for (let n = 0; ; n++) {
      if (this.#flags.extended) this.#skipBlanks();
      const start = this.#at;
      const c = this.#text[start];
      let least: number;
      let most: number;
      if (c === '*' || c === '+' || c === '?') {
        least = c === '+' ? 1 : 0;
        most = c === '?' ? 1 : Number.POSITIVE_INFINITY;
        this.#at++;
      } else {
        const match = c === '{' ? /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#text.slice(start, start + 32)) : null;
        if (match === null) return node;
        least = Number(match[1]);
        most = match[2] === undefined ? least : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
        const length = match[0].length;
        if (least > MAX_REGEX_COUNT || (most !== Number.POSITIVE_INFINITY && most > MAX_REGEX_COUNT)) {
          throw new RegexFault(start, length, `a count may be at most ${MAX_REGEX_COUNT}.`);
        }
        if (most < least) throw new RegexFault(start, length, 'the counts are in the wrong order.');
        this.#at += length;
      }
      if (n > 0) {
        // `a**`: PCRE2 refuses it for * + ?, and allows a{2}{3}.
        if (c !== '{') throw new RegexFault(start, 1, `there is nothing that ${c} could repeat.`);
        if (n > 8) throw new RegexFault(start, 1, 'there are too many counts in a row.');
      }
      if (this.#text[this.#at] === '?') this.#at++;
      else if (this.#text[this.#at] === '+') {
        throw new RegexFault(start, this.#at + 1 - start, 'possessive quantifiers are not supported.');
      }
      node = { kind: 'repeat', of: node, least, most };
    }
  }

  #group(start: number): RegexNode | null {
    if (++this.#depth > MAX_GROUPS) throw new RegexFault(start, 1, `groups are nested too deep: at most ${MAX_GROUPS}.`);
    const before = this.#flags;
    this.#flags = { ...before };
    const rest = this.#text.slice(this.#at, this.#at + 80);
    if (rest.startsWith('?#')) {
      const close = this.#text.indexOf(')', this.#at);
      if (close < 0) throw new RegexFault(start, 3, 'this comment has no closing ).');
      this.#at = close + 1;
      this.#depth--;
      this.#flags = before;
      return null;
    }
    if (rest.startsWith('*')) throw new RegexFault(start, 2, 'control verbs are not supported.');
    if (rest.startsWith('?')) {
      const named = /^\?(?:P?<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})')/.exec(rest);
      const options = /^\?(\^)?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(rest);
      if (named !== null) this.#at += named[0].length;
      else if (/^\?<?[=!]/.test(rest)) {
        throw new RegexFault(start, /^\?</.test(rest) ? 4 : 3, 'lookahead and lookbehind are not supported.');
      } else if (rest.startsWith('?>')) throw new RegexFault(start, 3, 'atomic groups are not supported.');
      else if (rest.startsWith('?|')) throw new RegexFault(start, 3, 'branch reset groups are not supported.');
      else if (options !== null) {
        this.#options(options, start);
        this.#at += options[0].length;
        if (options[4] === ')') {
          // Options hold up to the end of the group that they stand in.
          this.#depth--;
          return null;
        }
      } else throw new RegexFault(start, 3, 'this kind of group is not supported.');
    }
    const node = this.#alternatives();
    if (this.#text[this.#at] !== ')') throw new RegexFault(start, 1, 'this ( has no closing ).');
    this.#at++;
    this.#depth--;
    this.#flags = before;
    return node;
  }

  #options(match: RegExpExecArray, start: number): void {
    const flags = this.#flags;
    if (match[1] !== undefined) Object.assign(flags, { fold: false, dotAll: false, lines: false, extended: false });
    for (const [letters, on] of [
      [match[2] ?? '', true],
      [match[3] ?? '', false],
    ] as const) {
      for (const letter of letters) {
        if (letter === 'i') flags.fold = on;
        else if (letter === 's') flags.dotAll = on;
        else if (letter === 'm') flags.lines = on;
        else if (letter === 'x') flags.extended = on;
        else if (letter !== 'n' && letter !== 'U')
          throw new RegexFault(start, match[0].length + 1, `there is no option ${letter}: i, s, m and x are known.`);
      }
    }
  }

  /** A backslash outside of a class. */
  #escape(start: number): RegexNode {
    const c = this.#text[this.#at];
    switch (c) {
      case 'b':
      case 'B':
        this.#at++;
        return { kind: 'assert', assertion: c === 'b' ? 'word' : 'no-word' };
      case 'A':
        this.#at++;
        return { kind: 'assert', assertion: 'start' };
      case 'Z':
        this.#at++;
        return { kind: 'assert', assertion: 'before-end' };
      case 'z':
        this.#at++;
        return { kind: 'assert', assertion: 'end' };
      case 'N':
        this.#at++;
        return { kind: 'set', set: setOf((b) => b !== 10) };
      case 'R': {
        this.#at++;
        const pair = { kind: 'all', items: [setNode(13), setNode(10)] } as const;
        return { kind: 'any', items: [pair, { kind: 'set', set: setOf(SHORTHANDS.v as (b: number) => boolean) }] };
      }
      default:
    }
    // \1 to \9 are backreferences; two digits or more are octal where there are no so many groups.
    if (c !== undefined && /^(?:[1-9](?![0-9])|[89])/.test(this.#text.slice(this.#at, this.#at + 2))) {
      throw new RegexFault(start, 2, 'backreferences are not supported.');
    }
    if (c === 'k' || c === 'g') throw new RegexFault(start, 2, 'backreferences are not supported.');
    const set = this.#shorthand();
    if (set !== null) return { kind: 'set', set };
    return this.#byte(this.#single(start));
  }

  /** \d and the like: the set, and the place behind it. */
  #shorthand(): Uint8Array | null {
    const c = this.#text[this.#at] ?? '';
    const test = SHORTHANDS[c.toLowerCase()];
    if (test === undefined || !/[a-zA-Z]/.test(c)) return null;
    this.#at++;
    const negated = c !== c.toLowerCase();
    return setOf((b) => test(b) !== negated);
  }

  /** An escape that stands for one byte; #at is behind the backslash. */
  #single(start: number): number {
    const text = this.#text;
    const c = text[this.#at];
    if (c === undefined) throw new RegexFault(start, 1, 'the pattern ends after a backslash.');
    const simple = ESCAPES[c];
    if (simple !== undefined && Object.hasOwn(ESCAPES, c)) {
      this.#at++;
      return simple;
    }
    if (c === 'x' || c === 'o') {
      const rest = text.slice(this.#at, this.#at + 16);
      const braced = (c === 'x' ? /^x\{([0-9a-fA-F]{1,8})\}/ : /^o\{([0-7]{1,8})\}/).exec(rest);
      const plain = c === 'x' ? /^x([0-9a-fA-F]{0,2})/.exec(rest) : null;
      const match = braced ?? plain;
      if (match === null || (braced === null && rest[1] === '{'))
        throw new RegexFault(start, 2, `digits in braces are expected after \\${c}.`);
      const value = Number.parseInt(match[1] || '0', c === 'x' ? 16 : 8);
      if (value > 0xff) throw new RegexFault(start, match[0].length + 1, 'matching works on bytes: at most ff.');
      this.#at += match[0].length;
      return value;
    }
    if (c >= '0' && c <= '7') {
      const digits = /^[0-7]{1,3}/.exec(text.slice(this.#at, this.#at + 3)) as RegExpExecArray;
      const value = Number.parseInt(digits[0], 8);
      if (value > 0xff) throw new RegexFault(start, digits[0].length + 1, 'matching works on bytes: at most 377.');
      this.#at += digits[0].length;
      return value;
    }
    if (c === 'c') {
      const control = this.#bytes[this.#at + 1];
      if (control === undefined || !isGraph(control)) throw new RegexFault(start, 2, 'a character is expected after \\c.');
      this.#at += 2;
      return (isLower(control) ? control - 0x20 : control) ^ 0x40;
    }
    if (c === 'p' || c === 'P' || c === 'X')
      throw new RegexFault(start, 2, 'Unicode properties are not supported: matching works on bytes.');
    if (/[a-zA-Z0-9]/.test(c)) throw new RegexFault(start, 2, `\\${c} is no escape sequence that is supported.`);
    return this.#bytes[this.#at++] as number;
  }

  #set(start: number): RegexNode {
    const text = this.#text;
    const set = new Uint8Array(256);
    let negated = false;
    if (text[this.#at] === '^') {
      negated = true;
      this.#at++;
    }
    for (let first = true; ; first = false) {
      const at = this.#at;
      const c = text[at];
      if (c === undefined) throw new RegexFault(start, 1, 'this [ has no closing ].');
      if (c === ']' && !first) {
        this.#at++;
        break;
      }
      if (c === '[' && /^\[[:.=]/.test(text.slice(at, at + 2))) {
        const named = /^\[:(\^?)([a-z]+):\]/.exec(text.slice(at, at + 16));
        const test = named === null || !Object.hasOwn(POSIX, named[2] as string) ? undefined : POSIX[named[2] as string];
        if (named !== null && test === undefined) throw new RegexFault(at, named[0].length, 'there is no such POSIX class.');
        if (named !== null && test !== undefined) {
          for (let b = 0; b < 256; b++) if (test(b) !== (named[1] === '^')) set[b] = 1;
          this.#at += named[0].length;
          continue;
        }
      }
      const low = this.#member(set);
      if (low === null) continue;
      if (text[this.#at] === '-' && text[this.#at + 1] !== ']' && text[this.#at + 1] !== undefined) {
        this.#at++;
        const high = this.#member(set);
        if (high === null) {
          // `a-\d`: the hyphen is itself.
          set[low] = 1;
          set[0x2d] = 1;
          continue;
        }
        if (high < low) throw new RegexFault(at, this.#at - at, 'this range is in the wrong order.');
        for (let b = low; b <= high; b++) set[b] = 1;
      } else set[low] = 1;
    }
    this.#folded(set);
    if (negated) for (let b = 0; b < 256; b++) set[b] = set[b] === 1 ? 0 : 1;
    return { kind: 'set', set };
  }

  /** One member of a class: its byte, or null if it was a shorthand, which goes into `set`. */
  #member(set: Uint8Array): number | null {
    const start = this.#at;
    if (this.#text[start] !== '\\') {
      this.#at++;
      return this.#bytes[start] as number;
    }
    this.#at++;
    if (this.#text[this.#at] === 'b') {
      this.#at++;
      return 8;
    }
    const shorthand = this.#shorthand();
    if (shorthand === null) return this.#single(start);
    for (let b = 0; b < 256; b++) if (shorthand[b] === 1) set[b] = 1;
    return null;
  }
}

function setNode(byte: number): RegexNode {
  return { kind: 'set', set: setOf((b) => b === byte) };
}
