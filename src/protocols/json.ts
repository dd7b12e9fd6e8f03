/** JSON (RFC 8259), as a tree of members with their paths. A parser of its own, as each value needs its place in the bytes. */

import type { Buf, Dissection, Node } from '../dissect/dissection.ts';
import * as fields from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { dataTextLines } from './data-text-lines.ts';

const { none, string } = fields;
const HIDDEN = { generated: true } as const;

const f = {
  array: none('json.array', 'Array'),
  object: none('json.object', 'Object'),
  member: string('json.member', 'Member'),
  key: string('json.key', 'Key'),
  path: string('json.path', 'Path', HIDDEN),
  pathWithValue: string('json.path_with_value', 'Path with value', HIDDEN),
  memberWithValue: string('json.member_with_value', 'Member with value', HIDDEN),
  text: string('json.value.string', 'String value'),
  number: string('json.value.number', 'Number value'),
  false: none('json.value.false', 'False value'),
  null: none('json.value.null', 'Null value'),
  true: none('json.value.true', 'True value'),
  invalid: fields.expert('json.invalid', 'note', 'This is not JSON from here on: it is shown as text', 'undecoded'),
};

/** A longer path is cut: it stands in each of the values below it. */
const MAX_PATH = 1024;

/** Nesting beyond this is not followed: the layer ends there, marked. */
const MAX_DEPTH = 128;

/** Octets of numbers and of true, false and null. */
const IN_WORD = new Uint8Array(256);
for (const octet of Buffer.from('-+.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')) IN_WORD[octet] = 1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class Reader {
  readonly d: Dissection;
  readonly b: Buf;
  at: number;
  failed = false;
  tooDeep = false;
  /** The tree takes no more: what comes behind was not looked at. */
  full = false;

  constructor(d: Dissection, b: Buf) {
    this.d = d;
    this.b = b;
    this.at = b.offset;
  }

  blank(): void {
    while (this.at < this.b.end) {
      const octet = this.b.u8(this.at);
      if (octet !== 0x20 && octet !== 0x09 && octet !== 0x0a && octet !== 0x0d) return;
      this.at++;
    }
  }

  /** The string at `at`, unescaped; null (and failed) if there is none. */
  string(): string | null {
    if (this.b.u8(this.at) !== QUOTE) return this.fail();
    const start = this.at + 1;
    let end = start;
    let escaped = false;
    while (end < this.b.end && this.b.u8(end) !== QUOTE) {
      if (this.b.u8(end) === BACKSLASH) {
        escaped = true;
        end++;
      }
      end++;
    }
    if (end >= this.b.end) return this.fail();
    this.at = end + 1;
    const raw = this.b.text(start, end - start);
    return escaped ? unescaped(raw) : raw;
  }

  fail(): null {
    this.failed = true;
    return null;
  }

  value(parent: Node, path: string, member: string | null, depth: number): void {
    this.blank();
    const { b } = this;
    const start = this.at;
    const first = b.u8(start);
    if (depth > MAX_DEPTH || start >= b.end || !this.d.room()) {
      this.tooDeep = depth > MAX_DEPTH;
      this.full = this.d.full;
      this.fail();
      return;
    }
    if (first === 0x7b) this.object(parent, path, depth);
    else if (first === 0x5b) this.array(parent, path, depth);
    else if (first === QUOTE) {
      const text = this.string();
      if (text !== null) this.leaf(parent, path, member, f.text, start, text, text);
    } else {
      while (this.at < b.end && IN_WORD[b.u8(this.at)] === 1) this.at++;
      const word = b.text(start, this.at - start);
      const field = word === 'true' ? f.true : word === 'false' ? f.false : word === 'null' ? f.null : null;
      if (field !== null) this.leaf(parent, path, member, field, start, null, word);
      else if (/^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(word)) this.leaf(parent, path, member, f.number, start, word, word);
      else this.fail();
    }
  }

  leaf(parent: Node, path: string, member: string | null, field: fields.FieldDef, start: number, value: string | null, word: string): void {
    const length = this.at - start;
    if (member !== null) {
      parent.add(f.pathWithValue, start, length, `${path}:${word}`, { hidden: true });
      parent.add(f.memberWithValue, start, length, `${member}:${word}`, { hidden: true });
    } else {
      parent.add(f.pathWithValue, start, length, `${path}:${word}`, { hidden: true });
      if (path.endsWith('/[]')) parent.add(f.memberWithValue, start, length, `[]:${word}`, { hidden: true });
    }
    parent.add(field, start, length, value);
  }

  object(parent: Node, path: string, depth: number): void {
    const start = this.at++;
    const node = parent.add(f.object, start, 0, null);
    this.blank();
    if (this.b.u8(this.at) === 0x7d) this.at++;
    else
      for (;;) {
        this.blank();
        const keyAt = this.at;
        const key = this.string();
        if (key === null) break;
        const keyEnd = this.at;
        const member = node.add(f.member, keyAt, 0, key);
        this.blank();
        if (this.b.u8(this.at) !== 0x3a) {
          this.fail();
          break;
        }
        this.at++;
        const below = path.length > MAX_PATH ? path : `${path}/${key.slice(0, MAX_PATH)}`;
        this.value(member, below, key, depth + 1);
        if (this.failed) break;
        member.reachTo(this.at);
        member.add(f.key, keyAt, keyEnd - keyAt, key);
        member.add(f.path, keyAt, this.at - keyAt, below, { hidden: true });
        if (!this.next(0x7d)) break;
      }
  }

  array(parent: Node, path: string, depth: number): void {
    const start = this.at++;
    const node = parent.add(f.array, start, 0, null);
    this.blank();
    if (this.b.u8(this.at) === 0x5d) this.at++;
    else
      for (;;) {
        this.value(node, path.length > MAX_PATH ? path : `${path}/[]`, null, depth + 1);
        if (this.failed || !this.next(0x5d)) break;
      }
  }

  /** Steps over a comma (true) or the closing bracket (false). */
  next(close: number): boolean {
    this.blank();
    const octet = this.b.u8(this.at);
    if (octet === 0x2c) {
      this.at++;
      return true;
    }
    if (octet === close && this.at < this.b.end) this.at++;
    else this.fail();
    return false;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  );
}

export const json: Protocol = defineProtocol({
  name: 'json',
  short: 'JSON',
  title: 'JavaScript Object Notation',
  osi: '6',
  pdu: 'Body',
  hue: 'app',
  fields: Object.values(f),
  dissect(d, b) {
    const layer = d.layer(json, b);
    const reader = new Reader(d, b);
    reader.value(layer, '', null, 0);
    if (!reader.failed || reader.full) return;
    if (reader.at >= b.end && b.end < b.wireEnd) layer.fail('short');
    else if (reader.tooDeep) layer.fail('malformed');
    else layer.expert(f.invalid, reader.at, 0);
    // As in Wireshark, what is no JSON is text.
    d.callLast(dataTextLines, b);
  },
});
