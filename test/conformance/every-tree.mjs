#!/usr/bin/env node
// Compares the trees of packets with tshark's, field by field: what is there, its value, place, label, text, bits, and whether it is
// hidden or generated; expert notes with their severity and words.
//
//   node test/conformance/every-tree.mjs CAPTURE-OR-FOLDER... --protocols http,tls [--sample N] [--match REGEX] [--cache FOLDER]
//        [--packets N] [--top N] [--examples N] [--only REGEX] [--aspects missing,extra,value,place,label,text,bits,hidden,generated,expert]
//
// Needs tshark, and reads its PDML, which has all that its window shows but the brackets of generated fields: those are taken from `-V`.
// Fields of one name in one packet are paired in their order; where their numbers differ, those of one place. --packets: so many
// of each capture (200). --cache: keeps what tshark printed. --only: fields whose name matches. --aspects: lists only differences of these.
// A text-only line has no name, so it is not compared. An alias (`ip.addr`) is compared for its being there and its value.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { load } from '../../scripts/build/load.mjs';
import { captureFiles, environment, registeredFields } from './theirs.mjs';

const ASPECTS = ['missing', 'extra', 'value', 'place', 'label', 'text', 'bits', 'hidden', 'generated', 'expert'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    protocols: { type: 'string', default: '' },
    sample: { type: 'string', default: '1000000' },
    match: { type: 'string', default: '.' },
    cache: { type: 'string', default: '' },
    packets: { type: 'string', default: '200' },
    top: { type: 'string', default: '60' },
    examples: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    aspects: { type: 'string', default: ASPECTS.join() },
  },
});
const protocols = new Set(values.protocols.split(',').filter(Boolean));
if (positionals.length === 0 || protocols.size === 0) {
  console.error('Give captures, or folders of captures, and --protocols.');
  process.exit(2);
}
const packets = Number(values.packets);
const aspects = new Set(values.aspects.split(','));
const only = new RegExp(values.only);

/** Registered fields of all protocols: abbreviation → [label, type, protocol]. */
const registered = new Map((await registeredFields()).map((parts) => [parts[2], { label: parts[1], type: parts[3], protocol: parts[4] }]));
const isWanted = (name) => protocols.has(registered.get(name)?.protocol);

const files = captureFiles(positionals, values);

/** Lines of what tshark prints; a tag with ends of lines in its attributes is one. Only a line feed ends a line: texts have other marks that could. */
async function eachLine(args, take) {
  const child = spawn('tshark', args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.setEncoding('utf8');
  let rest = '';
  let tag = '';
  for await (const piece of child.stdout) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const open = tag !== '' || (/^ *<(field|proto) /.test(line) && !line.endsWith('>'));
      if (open) tag += tag === '' ? line : `\n${line}`;
      if (!open) take(line);
      else if (line.endsWith('>')) {
        take(tag);
        tag = '';
      }
    }
  }
}

const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) =>
  text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (all, hex, decimal, name) =>
    name !== undefined ? (named[name] ?? all) : String.fromCodePoint(Number.parseInt(hex ?? decimal, hex !== undefined ? 16 : 10)),
  );

/** Reads the attributes of one element of PDML. */
function attributes(line) {
  const found = {};
  for (const [, name, text] of line.matchAll(/ (\w+)="([^"]*)"/g)) found[name] = plain(text);
  return found;
}

/** tshark's fields, all of the program's protocols: a list per packet of [name, showname, pos, size, show, hidden, generated, expert]. */
async function theirs(file) {
  const key = createHash('sha256').update(readFileSync(file)).update(`tree 2 ${packets}`).digest('hex').slice(0, 32);
  const kept = path.join(values.cache, `${key}.json.gz`);
  if (values.cache !== '' && existsSync(kept)) return JSON.parse(gunzipSync(readFileSync(kept)).toString('utf8'));
  const options = ['-n', '-r', file, '-c', String(packets)];
  // What -V shows in brackets, per packet.
  const bracketed = [];
  await eachLine([...options, '-V'], (line) => {
    if (/^Frame \d+: /.test(line)) bracketed.push(new Set());
    const text = line.trim();
    if (text.startsWith('[') && text.endsWith(']')) bracketed.at(-1)?.add(text.slice(1, -1));
  });
  const found = [];
  let expert = null;
  let depth = 0;
  await eachLine([...options, '-T', 'pdml'], (line) => {
    if (line.startsWith('<packet>')) {
      found.push([]);
      depth = 0;
      expert = null;
      return;
    }
    const text = line.trimStart();
    if (text.startsWith('</field')) {
      depth--;
      if (expert !== null && depth <= expert.depth) expert = null;
      return;
    }
    if (!text.startsWith('<field ')) return;
    const a = attributes(text);
    if (!text.endsWith('/>')) {
      if (a.name === '_ws.expert') expert = { depth, words: /^Expert Info \((\w+)\/(\w+)\)/.exec(a.showname ?? '')?.[1] ?? '', item: null };
      depth++;
    }
    if (a.name === '' || a.name === undefined || a.name.startsWith('_ws.expert')) {
      if (a.name === '_ws.expert.message' && expert?.item !== null && expert !== null) expert.item[7] = [expert.words, a.show ?? ''];
      return;
    }
    const item = [a.name, a.showname ?? '', Number(a.pos), Number(a.size), a.show ?? '', a.hide === 'yes' ? 1 : 0];
    item.push(bracketed[found.length - 1]?.has(item[1]) ? 1 : 0, null);
    if (expert !== null && expert.item === null) {
      item[7] = [expert.words, ''];
      expert.item = item;
    }
    found.at(-1)?.push(item);
  });
  if (values.cache !== '') {
    mkdirSync(values.cache, { recursive: true });
    writeFileSync(kept, gzipSync(JSON.stringify(found), { level: 3 }));
  }
  return found;
}

const { everyShown } = await load('test/conformance/our-trees.ts');
/** Per field: how often either side has it, and per aspect how often it differs, with examples. */
const tally = new Map();

function countOf(name) {
  let count = tally.get(name);
  if (count === undefined) {
    count = {
      seen: 0,
      paired: 0,
      equal: 0,
      differ: Object.fromEntries(ASPECTS.map((aspect) => [aspect, { n: 0, files: new Set(), examples: [] }])),
    };
    tally.set(name, count);
  }
  return count;
}

let differences = 0;
function differ(name, aspect, where, a, b) {
  differences++;
  const entry = countOf(name).differ[aspect];
  entry.n++;
  const first = !entry.files.has(where.file);
  entry.files.add(where.file);
  const words = `tshark ${short(a)} | here ${short(b)}`;
  if ((first || entry.examples.length < Number(values.examples)) && !entry.examples.some((each) => each.endsWith(words)))
    entry.examples.push(`${path.basename(where.file).replace(/^.*__/, '')} ${where.packet}: ${words}`);
}

const short = (text) => (text === undefined ? 'nothing' : text.length > 110 ? `${text.slice(0, 110)}…` : text);
/** Values that mean the same in PDML and in `-T fields`. */
const same = (a, b) => a === b || a === '' || a.replace(/[:.-]/g, '').toLowerCase() === b.replace(/[:.-]/g, '').toLowerCase();
const TEXT_LIMIT = 200;

function bitsOf(theirField) {
  const found = /^([01.]{4}(?: [01.]{4})*|[01.]{1,3}) = (.*)$/s.exec(theirField[1]);
  return found === null ? [null, theirField[1]] : [found[1].replaceAll(' ', ''), found[2]];
}

/** Which bits of a field of ours are meant: '.xx'. Leading dots tell of the width of what was read, trailing octets of where that began. */
const ourBits = (mine) => (mine.mask === null ? null : shape(BigInt(mine.mask).toString(2).replaceAll('0', '.')));
const shape = (bits) =>
  bits
    .replace(/[01]/g, 'x')
    .replace(/(\.{8})+$/, '')
    .replace(/^\.+/, '');

/**
 * The same line? tshark cuts long ones, shows the ends of lines in texts, puts a number or words in parentheses where others have a colon, and
 * some of its lines are only a text: what is told is the same.
 */
function sameLine(line, b) {
  const plain = (text) =>
    text
      .replace(/(\\r|\\n|[\r\n])+$/, '')
      .replaceAll('\r', '\\r')
      .replaceAll('\n', '\\n');
  const want = plain(line.replace(/ \[truncated\]: |^\[truncated\]/, (cut) => (cut.startsWith(' ') ? ': ' : '')));
  const ours = plain(b.text === '' ? b.label : `${b.label}: ${b.text}`);
  const forms = [ours, plain(b.text), `${b.label} ${b.text}`, `${b.label} (${b.text})`, `${b.label} = ${b.text}`];
  if (forms.includes(want)) return true;
  if (want.endsWith('…')) return forms.some((form) => form.startsWith(want.slice(0, -1)));
  return line.length > TEXT_LIMIT && forms.some((form) => form.startsWith(want.slice(0, TEXT_LIMIT)));
}

function compare(a, b, where) {
  const name = b.name;
  countOf(name).paired++;
  const info = registered.get(name);
  if (!same(a[4], b.value) && !(info?.type === 'FT_NONE') && !(info?.type === 'FT_STRING' && a[4].length > TEXT_LIMIT))
    differ(name, 'value', where, a[4], b.value);
  if (b.alias) return;
  // Where a field of no length stands makes no difference to anybody. tshark gives notes no place of their own.
  if (a[7] === null && a[3] > 0 && (a[2] !== b.pos || a[3] !== b.size))
    differ(name, 'place', where, `${a[2]}+${a[3]}`, `${b.pos}+${b.size}`);
  if (a[7] !== null) {
    const [severity, message] = a[7];
    const ours = `${b.severity ?? ''}: ${b.text}`;
    const want = `${({ Warning: 'warn', Error: 'error', Note: 'note', Chat: 'chat', Comment: 'comment' })[severity] ?? severity}: ${message}`;
    if (want !== ours) differ(name, 'expert', where, want, ours);
    return;
  }
  if ((a[5] === 1) !== b.hidden) differ(name, 'hidden', where, a[5] === 1 ? 'hidden' : 'shown', b.hidden ? 'hidden' : 'shown');
  if (a[5] === 0 && a[1] !== '' && (a[6] === 1) !== b.generated)
    differ(name, 'generated', where, a[6] === 1 ? `[${a[1]}]` : a[1], b.generated ? 'generated' : 'read');
  const [bits, line] = bitsOf(a);
  const mine = ourBits(b);
  if ((bits === null ? null : shape(bits)) !== mine) differ(name, 'bits', where, bits ?? 'none', mine ?? 'none');
  const ours = b.text === '' ? b.label : `${b.label}: ${b.text}`;
  // tshark ends long lines.
  if (sameLine(line, b)) return;
  if (line === b.label || line.startsWith(`${b.label}:`)) differ(name, 'text', where, line, ours);
  else differ(name, 'label', where, line, ours);
}

/** Compares two fields, and counts those that differ in nothing. */
function pair(a, b, where) {
  const before = differences;
  compare(a, b, where);
  if (differences === before) countOf(b.name).equal++;
}

let packetCount = 0;
for (const file of files) {
  const expected = await theirs(file);
  const actual = await everyShown(file, packets, isWanted);
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    packetCount++;
    const where = { file, packet: i + 1 };
    const left = new Map();
    for (const item of expected[i] ?? []) {
      if (!isWanted(item[0]) || !only.test(item[0])) continue;
      const list = left.get(item[0]);
      if (list === undefined) left.set(item[0], [[item], []]);
      else list[0].push(item);
    }
    for (const item of actual[i] ?? []) {
      if (!only.test(item.name)) continue;
      const list = left.get(item.name);
      if (list === undefined) left.set(item.name, [[], [item]]);
      else list[1].push(item);
    }
    for (const [name, [a, b]] of left) {
      countOf(name).seen += Math.max(a.length, b.length);
      if (a.length === b.length) {
        for (let n = 0; n < a.length; n++) pair(a[n], b[n], where);
        continue;
      }
      const rest = [...b];
      for (const item of a) {
        let at = rest.findIndex((each) => each.pos === item[2] && each.size === item[3] && same(item[4], each.value));
        if (at < 0) at = rest.findIndex((each) => same(item[4], each.value));
        if (at < 0) differ(name, 'missing', where, item[1], undefined);
        else pair(item, rest.splice(at, 1)[0], where);
      }
      for (const each of rest) differ(name, 'extra', where, undefined, `${each.label}: ${each.text}`);
    }
  }
}

const rows = [];
for (const [name, count] of tally)
  for (const aspect of ASPECTS) if (count.differ[aspect].n > 0) rows.push({ name, aspect, ...count.differ[aspect], of: count.seen });
rows.sort((a, b) => b.n - a.n);
for (const row of rows.filter(({ aspect }) => aspects.has(aspect)).slice(0, Number(values.top))) {
  console.log(`${row.name}: ${row.aspect} ${row.n} of ${row.of}, in ${row.files.size} captures`);
  for (const example of row.examples.slice(0, Number(values.examples))) console.log(`    ${example}`);
}
const groups = new Map();
for (const [name, count] of tally) {
  const protocol = registered.get(name)?.protocol ?? '?';
  const group = groups.get(protocol) ?? { seen: 0, equal: 0, ...Object.fromEntries(ASPECTS.map((aspect) => [aspect, 0])) };
  group.seen += count.seen;
  group.equal += count.equal;
  for (const aspect of ASPECTS) group[aspect] += count.differ[aspect].n;
  groups.set(protocol, group);
}
const cells = (group) => [group.seen, group.equal, ...ASPECTS.map((aspect) => group[aspect])];
const line = (name, numbers) => `| ${name.padEnd(14)} | ${numbers.map((n) => String(n).padStart(9)).join(' | ')} |`;
console.log(line('protocol', ['fields', 'equal', ...ASPECTS]));
for (const [name, group] of [...groups].sort()) console.log(line(name, cells(group)));
const total = [...groups.values()].reduce((sum, group) => cells(group).map((n, i) => n + (sum[i] ?? 0)), []);
console.log(line('total', total));
const wholly = [...tally.values()].filter((count) => count.equal === count.seen).length;
console.log(`${files.length} captures, ${packetCount} packets; ${tally.size} kinds of fields, ${wholly} of them equal everywhere`);
