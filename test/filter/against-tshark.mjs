#!/usr/bin/env node
// Compares display filters with tshark: the same packets must match.
//
//   node test/filter/against-tshark.mjs CAPTURE-OR-FOLDER... [--sample N] [--filters FILE] [--only TEXT]
//
// Needs tshark, and the program built (`npm run build`). --sample: at most N captures (spread over all of them), default 20;
// --only: only filters that contain the text. Exit status 1 if any pair differs.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const cli = path.join(here, '../../dist/node/cli.js');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '20' },
    filters: { type: 'string', default: path.join(here, 'filters.txt') },
    only: { type: 'string', default: '' },
  },
});
if (positionals.length === 0) {
  console.error('Give captures, or folders of captures.');
  process.exit(2);
}

function captures(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .sort()
    .flatMap((name) => captures(path.join(place, name)));
}

const all = positionals.flatMap(captures);
const wanted = Math.min(Number(values.sample), all.length);
const files = Array.from({ length: wanted }, (_, i) => all[Math.floor((i * all.length) / wanted)]);
const filters = readFileSync(values.filters, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#') && line.includes(values.only));

/** Numbers of the packets that match, or what was said instead. */
async function rows(command, args) {
  try {
    const { stdout } = await run(command, args, { maxBuffer: 1 << 28, env: { ...process.env, TZ: 'UTC' } });
    return stdout.trim().split(/\s+/).filter(Boolean);
  } catch (error) {
    // A damaged capture: what was read still counts. Status 2 and tshark's 2 or 4 with no output: the filter was refused.
    if (error.stdout !== undefined && !/filter|was unexpected|is not a valid|cannot/i.test(error.stderr))
      return error.stdout.trim().split(/\s+/).filter(Boolean);
    return `refused: ${String(error.stderr).replaceAll(/\s+/g, ' ').slice(0, 160)}`;
  }
}

let pairs = 0;
let differing = 0;
for (const file of files) {
  for (const filter of filters) {
    const fields = ['-Y', filter, '-T', 'fields', '-e', 'frame.number'];
    const [theirs, ours] = await Promise.all([
      rows('tshark', ['-n', '-r', file, ...fields]),
      rows(process.execPath, [cli, 'dissect', file, ...fields]),
    ]);
    pairs++;
    const both = typeof theirs === 'string' && typeof ours === 'string';
    if (both || String(theirs) === String(ours)) continue;
    differing++;
    console.log(`${path.basename(file)}\t${filter}`);
    if (typeof theirs === 'string' || typeof ours === 'string') console.log(`  tshark ${brief(theirs)}\n  here   ${brief(ours)}`);
    else {
      console.log(`  only tshark: ${brief(theirs.filter((row) => !ours.includes(row)))}`);
      console.log(`  only here:   ${brief(ours.filter((row) => !theirs.includes(row)))}`);
    }
  }
}
console.log(`${pairs} pairs of filter and capture, ${differing} differ.`);
process.exitCode = differing === 0 ? 0 : 1;

function brief(rows) {
  if (typeof rows === 'string') return rows;
  return `${rows.length} [${rows.slice(0, 12).join(' ')}${rows.length > 12 ? ' …' : ''}]`;
}
