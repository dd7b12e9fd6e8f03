#!/usr/bin/env node
// Compares every field of chosen protocols with tshark, cell by cell: all that `tshark -G fields` registers for them.
//
//   node test/conformance/every-field.mjs CAPTURE-OR-FOLDER... --protocols http,tls [--fields FIELD,…] [--sample N] [--match REGEX]
//        [--cache FOLDER] [--top N] [--examples N] [--only FIELD]
//
// Needs tshark. A cell is one field of one packet, with all its values. --protocols: as tshark names them; fields of others are not looked
// at. --fields: these only, of any protocol; frame.protocols, say. --sample: at most N captures, spread over all; --match: only captures whose name matches. --cache: keeps what tshark printed, so that
// the next run need not ask it again. --top: so many fields are listed, those with most differences first; --examples: so many cells of each;
// --only: only fields that contain the text.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { load } from '../../scripts/build/load.mjs';
import { captureFiles, registeredFields, tshark } from './theirs.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    protocols: { type: 'string', default: '' },
    fields: { type: 'string', default: '' },
    sample: { type: 'string', default: '1000000' },
    match: { type: 'string', default: '.' },
    cache: { type: 'string', default: '' },
    top: { type: 'string', default: '60' },
    examples: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});
const protocols = new Set(values.protocols.split(',').filter(Boolean));
const chosen = values.fields.split(',').filter(Boolean);
if (positionals.length === 0 || (protocols.size === 0 && chosen.length === 0)) {
  console.error('Give captures, or folders of captures, and --protocols or --fields.');
  process.exit(2);
}

const registered = (await registeredFields()).filter((parts) => protocols.has(parts[4])).map((parts) => parts[2]);
const fields = [...new Set([...chosen, ...registered])];
const known = new Set(fields);

const files = captureFiles(positionals, values);

/** What tshark has for a capture: `row TAB field` → cell. */
async function theirs(file) {
  const key = createHash('sha256').update(readFileSync(file)).update(fields.join()).digest('hex').slice(0, 32);
  const kept = path.join(values.cache, `${key}.json.gz`);
  if (values.cache !== '' && existsSync(kept)) return new Map(JSON.parse(gunzipSync(readFileSync(kept)).toString('utf8')));
  const cells = new Map();
  const { stdout: text } = await tshark(['-n', '-r', file, '-T', 'fields', ...fields.flatMap((name) => ['-e', name])]);
  let row = 0;
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    row++;
    let column = 0;
    for (let from = at; from <= end; column++) {
      let stop = text.indexOf('\t', from);
      if (stop < 0 || stop > end) stop = end;
      if (stop > from) cells.set(`${row}\t${fields[column]}`, text.slice(from, stop));
      from = stop + 1;
    }
    at = end + 1;
  }
  if (values.cache !== '') {
    mkdirSync(values.cache, { recursive: true });
    writeFileSync(kept, gzipSync(JSON.stringify([...cells])));
  }
  return cells;
}

const { everyValue } = await load('test/conformance/our-values.ts');
/** Per field: cells that either side fills, equal ones, filled by one side only, and examples of what differs. */
const tally = new Map();
for (const file of files) {
  const expected = await theirs(file);
  const { cells: actual } = await everyValue(file, (name) => known.has(name));
  // A text of no length looks like no text at all in tshark's table.
  for (const [cell, text] of actual) if (text === '') actual.delete(cell);
  for (const cell of new Set([...expected.keys(), ...actual.keys()])) {
    const [row, name] = cell.split('\t');
    if (!name.includes(values.only)) continue;
    let count = tally.get(name);
    if (count === undefined) {
      count = { cells: 0, equal: 0, missing: 0, surplus: 0, examples: [], files: new Map() };
      tally.set(name, count);
    }
    count.cells++;
    const a = expected.get(cell);
    const b = actual.get(cell);
    if (a === b) {
      count.equal++;
      continue;
    }
    if (b === undefined) count.missing++;
    else if (a === undefined) count.surplus++;
    const seen = count.files.get(file) ?? 0;
    count.files.set(file, seen + 1);
    // The first of every capture: one capture must not hide the others.
    if (seen === 0 || count.files.size === 1) count.examples.push(`${path.basename(file)} ${row}: tshark ${short(a)} | here ${short(b)}`);
  }
}

function short(text) {
  return text === undefined ? 'nothing' : text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Rounded down, so that 100 % means all. */
function share(part, whole) {
  return `${(Math.floor((10_000 * part) / whole) / 100).toFixed(2)} %`;
}

const groups = new Map();
for (const entry of tally) {
  const protocol = entry[0].split('.')[0];
  groups.set(protocol, [...(groups.get(protocol) ?? []), entry]);
}

const sum = (pick) => [...tally.values()].reduce((total, count) => total + pick(count), 0);
const differing = [...tally]
  .filter(([, count]) => count.equal < count.cells)
  .sort((a, b) => b[1].cells - b[1].equal - (a[1].cells - a[1].equal));
for (const [name, count] of differing.slice(0, Number(values.top))) {
  const other = count.cells - count.equal - count.missing - count.surplus;
  console.log(
    `${name}: ${count.cells} cells, ${count.missing} missing, ${count.surplus} only here, ${other} other; in ${count.files.size} captures`,
  );
  for (const example of count.examples.slice(0, Number(values.examples))) console.log(`    ${example}`);
}
for (const [protocol, counts] of groups) {
  const of = (pick) => counts.reduce((total, [, count]) => total + pick(count), 0);
  console.log(
    `${protocol}: ${of((count) => count.cells)} cells, ${share(
      of((count) => count.equal),
      of((count) => count.cells),
    )} equal`,
  );
}
console.log(`${files.length} captures, ${tally.size} fields, ${tally.size - differing.length} of them equal everywhere;`);
console.log(`${sum((count) => count.cells)} cells, ${sum((count) => count.equal)} equal, ${sum((count) => count.missing)} missing here.`);
