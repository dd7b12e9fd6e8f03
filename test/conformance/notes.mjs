#!/usr/bin/env node
// Compares the notes of packets (Wireshark's expert information) with tshark's: severity, group, message, and the field that a note is.
//
//   node test/conformance/notes.mjs CAPTURE-OR-FOLDER... [--sample N] [--match REGEX] [--cache FOLDER] [--packets N] [--top N]
//        [--examples N] [--only REGEX]
//
// Needs tshark, and reads its PDML in one pass. Notes of one packet are paired: first those that are the same to the letter, then those of one
// field, then those of one message; what is left is missing here or extra here. --packets: so many of each capture (4000).
// --cache: keeps what tshark printed. --only: lists only kinds (field and message) that match. The lists have packets, captures, the kind, and
// examples (capture:packet). Numbers within a message are not part of its kind.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { load } from '../../scripts/build/load.mjs';
import { captureFiles, environment } from './theirs.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '1000000' },
    match: { type: 'string', default: '.' },
    cache: { type: 'string', default: '' },
    packets: { type: 'string', default: '4000' },
    top: { type: 'string', default: '60' },
    examples: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
if (positionals.length === 0) {
  console.error('Give captures, or folders of captures.');
  process.exit(2);
}
const packets = Number(values.packets);
const only = new RegExp(values.only);
/** Seconds that tshark may take for one capture. */
const LONGEST = 120;

const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) =>
  text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (all, hex, decimal, name) =>
    name !== undefined ? (named[name] ?? all) : String.fromCodePoint(Number.parseInt(hex ?? decimal, hex !== undefined ? 16 : 10)),
  );
const attribute = (line, name) => plain(new RegExp(` ${name}="([^"]*)"`).exec(line)?.[1] ?? '');

/** tshark's notes: lists of [protocol, field, severity, group, message], by number of the packet, and which packet is too late to be there. */
async function theirs(file) {
  const key = createHash('sha256').update(readFileSync(file)).update(`notes 1 ${packets}`).digest('hex').slice(0, 32);
  const kept = path.join(values.cache, `${key}.json`);
  if (values.cache !== '' && existsSync(kept))
    return { notes: new Map(JSON.parse(readFileSync(kept, 'utf8'))), before: Number.POSITIVE_INFINITY };
  const child = spawn('tshark', ['-n', '-r', file, '-c', String(packets), '-Y', '_ws.expert', '-T', 'pdml'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = setTimeout(() => {
    console.error(`${path.basename(file)}: tshark took longer than ${LONGEST} seconds; what it had told by then is compared`);
    child.kill('SIGKILL');
  }, LONGEST * 1000);
  const found = new Map();
  let list = [];
  let protocol = '';
  let note = null;
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    const name = / name="([^"]*)"/.exec(line)?.[1];
    if (line.startsWith('  <proto ')) protocol = name;
    else if (name === 'num' && protocol === 'geninfo') {
      list = [];
      found.set(Number(attribute(line, 'show')), list);
    } else if (name === '_ws.expert') {
      note = [protocol, '', 0, 0, ''];
      list.push(note);
    } else if (note === null || name === undefined) continue;
    else if (name === '_ws.expert.message') note[4] = attribute(line, 'show');
    else if (name === '_ws.expert.severity') note[2] = Number(attribute(line, 'show'));
    else if (name === '_ws.expert.group') {
      note[3] = Number(attribute(line, 'show'));
      note = null;
    } else if (note[1] === '') note[1] = name;
  }
  clearTimeout(stop);
  // Cut short: the last packet that it told of may lack notes, and nothing is known of those behind it.
  if (child.killed) {
    const last = Math.max(0, ...found.keys());
    found.delete(last);
    return { notes: found, before: last };
  }
  if (values.cache !== '') {
    mkdirSync(values.cache, { recursive: true });
    writeFileSync(kept, JSON.stringify([...found]));
  }
  return { notes: found, before: Number.POSITIVE_INFINITY };
}

const SEVERITIES = { 1: 'comment', 2: 'chat', 4: 'note', 6: 'warn', 8: 'error' };
const severity = (number) => SEVERITIES[number / 0x100000] ?? String(number);
const kindOf = (note) =>
  `${note[1] || note[0]}  ${severity(note[2])}/${note[3] / 0x1000000}  ${note[4].replace(/\d+/g, '#').slice(0, 150)}`;

const counts = { theirs: 0, ours: 0, same: 0, sameField: 0, worded: 0, renamed: 0, missing: 0, extra: 0 };
/** Kinds of what differs → packets, captures, examples. */
const lists = { 'other words, severity or group': new Map(), 'other field': new Map(), missing: new Map(), extra: new Map() };
let differing = 0;

function tell(list, kind, file, packet) {
  const entry = lists[list].get(kind) ?? { n: 0, files: new Map() };
  lists[list].set(kind, entry);
  entry.n++;
  const of = entry.files.get(file) ?? [];
  entry.files.set(file, of);
  if (of.length < 3) of.push(packet);
}

/** Takes out of both lists the pairs that `fit`. */
function pairs(want, have, fit) {
  const found = [];
  for (let i = 0; i < want.length; i++) {
    const at = have.findIndex((mine) => fit(want[i], mine));
    if (at < 0) continue;
    found.push([want[i], have[at]]);
    want.splice(i--, 1);
    have.splice(at, 1);
  }
  return found;
}

/** The same words: tshark cuts a message at 239 octets. */
const sameWords = (a, b) => a === b || (a.length > 70 && Buffer.byteLength(a) >= 236 && b.startsWith(a.replace(/\uFFFD+$/, '')));
const said = (a, b) => a[2] === b[2] && a[3] === b[3] && sameWords(a[4], b[4]);
const NOTHING = [];

function compare(file, packet, theirNotes, ourNotes) {
  const want = [...theirNotes];
  const have = [...ourNotes];
  counts.theirs += want.length;
  counts.ours += have.length;
  const whole = pairs(want, have, (a, b) => said(a, b) && (a[1] === b[1] || b[1] === ''));
  const renamed = pairs(want, have, said);
  const worded = pairs(want, have, (a, b) => a[1] === b[1]);
  counts.same += whole.length + renamed.length;
  counts.sameField += whole.length;
  counts.worded += worded.length;
  counts.missing += want.length;
  counts.extra += have.length;
  for (const [a, b] of worded) tell('other words, severity or group', `${kindOf(a)}  |  ${kindOf(b)}`, file, packet);
  for (const [a, b] of renamed) tell('other field', `${kindOf(a)}  |  ${b[1]}`, file, packet);
  for (const a of want) tell('missing', kindOf(a), file, packet);
  for (const b of have) tell('extra', kindOf(b), file, packet);
  return worded.length + want.length + have.length > 0;
}

const { everyNote } = await load('test/conformance/our-notes.ts');
const files = captureFiles(positionals, values);
for (const file of files) {
  const [{ notes: want, before }, have] = await Promise.all([theirs(file), everyNote(file, packets)]);
  if (have === null) continue;
  let differs = false;
  for (const packet of new Set([...want.keys(), ...have.keys()]))
    if (packet < before) differs = compare(file, packet, want.get(packet) ?? NOTHING, have.get(packet) ?? NOTHING) || differs;
  if (differs) differing++;
}

for (const [list, kinds] of Object.entries(lists)) {
  const shown = [...kinds].filter(([kind]) => only.test(kind)).sort((a, b) => b[1].n - a[1].n);
  console.log(`\n${list}: ${[...kinds.values()].reduce((sum, { n }) => sum + n, 0)} notes of ${kinds.size} kinds`);
  for (const [kind, { n, files: where }] of shown.slice(0, Number(values.top))) {
    const places = [...where].slice(0, Number(values.examples)).map(([file, at]) => `${path.basename(file).slice(-50)}:${at.join()}`);
    console.log(`${String(n).padStart(6)} ${String(where.size).padStart(4)}  ${kind}   [${places.join(' ')}]`);
  }
}
const percent = (n) => `${((100 * n) / counts.theirs).toFixed(2)}%`;
console.log(
  `\n${files.length} captures, ${files.length - differing} of them without a difference. Notes of tshark ${counts.theirs}, here ${counts.ours}: ` +
    `${counts.same} the same to the letter (${percent(counts.same)}), ${counts.sameField} of them with the same field; ${counts.worded} in other words, ` +
    `${counts.missing} missing, ${counts.extra} extra.`,
);
