#!/usr/bin/env node
// Compares display filters with tshark: the same packets must match.
//
//   node test/filter/against-tshark.mjs CAPTURE-OR-FOLDER... [--sample N] [--match REGEX] [--filters FILE] [--only TEXT] [--exact N]
//
// Needs tshark. --sample: at most N captures (spread over all of them), default 20; --match: only captures whose name matches;
// --only: only filters that contain the text. Exit status 1 if any pair differs.
//
// tshark takes a third of a second or more per filter and capture. So it is asked for all filters of a capture at once, by its protocol
// hierarchy statistics, which take a filter each and tell how many packets matched and how many bytes they had. Where both numbers are
// those found here, the rows are taken to be the same; where not, `tshark -Y` is asked for them. --exact N: one pair in N is asked for
// by `-Y` as well though the numbers agree (1: all), to see that this is true.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from '../../scripts/build/load.mjs';
import { captureFiles, tshark } from '../conformance/theirs.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '20' },
    match: { type: 'string', default: '.' },
    filters: { type: 'string', default: path.join(here, 'filters.txt') },
    only: { type: 'string', default: '' },
    exact: { type: 'string', default: '0' },
  },
});
if (positionals.length === 0) {
  console.error('Give captures, or folders of captures.');
  process.exit(2);
}

const files = captureFiles(positionals, values);
const filters = readFileSync(values.filters, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#') && line.includes(values.only));

/** Numbers of the packets that match, null where tshark refuses the filter. A damaged capture: what was read still counts. */
async function theirRows(file, filter) {
  const { stdout, stderr, failed } = await tshark(['-n', '-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number']);
  if (failed && stdout === '' && /filter|was unexpected|is not a valid|cannot|neither a field/i.test(stderr)) return null;
  return stdout.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Filters that tshark refuses: it says which, and does nothing for those beside it. */
const refused = new Set();

/** For every filter, packets and bytes that match in tshark. */
async function theirTotals(file) {
  let stdout = '';
  for (let again = true; again; ) {
    const asked = filters.filter((filter) => !refused.has(filter));
    const result = await tshark(['-n', '-q', '-r', file, ...asked.flatMap((filter) => ['-z', `io,phs,${filter}`])]);
    const wrong = asked.find((filter) => result.stderr.includes(`Filter "${filter}" is invalid`));
    again = wrong !== undefined;
    if (again) refused.add(wrong);
    else stdout = result.stdout;
  }
  const totals = new Map();
  let current = null;
  for (const line of stdout.split('\n')) {
    const name = /^Filter: (.*)$/.exec(line);
    if (name !== null) {
      current = { packets: 0, bytes: 0 };
      totals.set(name[1], current);
    }
    // Lowest layers stand at the margin; what is above them is indented, and counts again.
    const count = /^[^ =].* frames:(\d+) bytes:(\d+)$/.exec(line);
    if (count !== null && current !== null) {
      current.packets += Number(count[1]);
      current.bytes += Number(count[2]);
    }
  }
  return totals;
}

const { matches } = await load('test/filter/our-matches.ts');
let pairs = 0;
let differing = 0;
let checked = 0;
/** Pairs whose numbers agree though the rows do not. */
let deceived = 0;
for (const file of files) {
  const ours = await matches(file, filters);
  const totals = await theirTotals(file);
  for (const filter of filters) {
    pairs++;
    const rows = ours.rows.get(filter);
    const total = totals.get(filter);
    const agrees =
      rows === null
        ? refused.has(filter)
        : total !== undefined && rows.length === total.packets && rows.reduce((sum, row) => sum + ours.lengths[row], 0) === total.bytes;
    if (agrees && (rows === null || Number(values.exact) === 0 || pairs % Number(values.exact) !== 0)) continue;
    const theirs = refused.has(filter) ? null : await theirRows(file, filter);
    if (agrees) checked++;
    if (String(theirs) === String(rows)) continue;
    if (agrees) deceived++;
    differing++;
    console.log(`${path.basename(file)}\t${filter}`);
    if (theirs === null || rows === null) console.log(`  tshark ${brief(theirs)}\n  here   ${brief(rows)}`);
    else {
      console.log(`  only tshark: ${brief(theirs.filter((row) => !rows.includes(row)))}`);
      console.log(`  only here:   ${brief(rows.filter((row) => !theirs.includes(row)))}`);
    }
  }
}
const share = pairs === 0 ? 0 : Math.floor((10000 * (pairs - differing)) / pairs) / 100;
console.log(`${files.length} captures, ${filters.length} filters: ${pairs} pairs, ${differing} differ (${share}% agree).`);
if (checked > 0) console.log(`${checked} pairs whose numbers agree were asked for row by row: ${deceived} differ.`);
process.exitCode = differing === 0 ? 0 : 1;

function brief(rows) {
  if (rows === null) return 'refuses the filter';
  return `${rows.length} [${rows.slice(0, 12).join(' ')}${rows.length > 12 ? ' …' : ''}]`;
}
