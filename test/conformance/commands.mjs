#!/usr/bin/env node
// Runs the commands of the command line over every capture of a class, each in a process of its own, and prints what went wrong: a crash, a stack
// trace, JSON that is none, more than five seconds of work, fewer packets than tshark listed.
//   npm run build && node test/conformance/commands.mjs CORPUS [CLASS ...]
// CORPUS has captures/CLASS/NAME and expected/CLASS/NAME.tsv.gz. Classes: malformed and format unless said otherwise.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const cli = path.join(import.meta.dirname, '..', '..', 'dist', 'node', 'cli.js');
/** Seconds of work that a command may take, and on the clock before it is ended: the machine may have other work. */
const MOST = 5;
const PATIENCE = 60;

const COMMANDS = [
  { name: 'info', args: (file) => ['info', file] },
  { name: 'info --json', args: (file) => ['info', '--json', file], json: 'one' },
  { name: 'dissect -V', args: (file) => ['dissect', file, '-V'] },
  { name: 'dissect -T json', args: (file) => ['dissect', file, '-T', 'json'], json: 'one', packets: true },
  { name: 'connections --json', args: (file) => ['connections', file, '--json'], json: 'lines' },
  { name: 'http', args: (file) => ['http', file] },
];

const [corpus, ...classes] = process.argv.slice(2);
if (corpus === undefined) {
  console.error('usage: node test/conformance/commands.mjs CORPUS [CLASS ...]');
  process.exit(2);
}

let captures = 0;
let runs = 0;
let wrong = 0;
const slowest = { seconds: 0, what: '' };
for (const kind of classes.length > 0 ? classes : ['malformed', 'format'])
  for (const name of readdirSync(path.join(corpus, 'captures', kind)).sort()) {
    captures++;
    const file = path.join(corpus, 'captures', kind, name);
    const table = path.join(corpus, 'expected', kind, `${name}.tsv.gz`);
    const listed = existsSync(table) ? packetsOf(gunzipSync(readFileSync(table)).toString('latin1')) : 0;
    for (const command of COMMANDS) {
      runs++;
      const found = run(command, file, listed);
      wrong += found.faults.length > 0 ? 1 : 0;
      for (const fault of found.faults) console.log(`${kind}/${name}: ${command.name}: ${fault}`);
      if (found.seconds > slowest.seconds) Object.assign(slowest, { seconds: found.seconds, what: `${command.name} of ${name}` });
    }
  }
console.log(
  `${captures} captures, ${runs} runs, ${wrong} of them wrong; the slowest worked ${slowest.seconds.toFixed(2)} s (${slowest.what})`,
);
process.exitCode = wrong === 0 ? 0 : 1;

function run(command, file, listed) {
  const faults = [];
  // The shell tells how long its child worked: user and system time of children are the second line.
  const wrapped = ['-c', '"$@"; status=$?; times >&2; exit $status', 'sh', process.execPath, cli, ...command.args(file)];
  const done = spawnSync('sh', wrapped, { encoding: 'utf8', timeout: PATIENCE * 1000, maxBuffer: 2 ** 30 });
  if (done.error !== undefined) faults.push(`did not end: ${done.error.message}`);
  else if (done.status !== 0 && done.status !== 1) faults.push(`ended with ${done.status ?? done.signal}`);
  const lines = done.stderr.trimEnd().split('\n');
  const said = lines.slice(0, -2).join('\n');
  if (/^\s+at .+:\d+/m.test(said) || /error in Sevenfold/.test(said)) faults.push(said);
  if (done.status === 1 && said === '') faults.push('ended with 1 and said nothing');
  const seconds = (lines.at(-1) ?? '').split(' ').reduce((sum, part) => sum + secondsOf(part), 0);
  if (seconds > MOST) faults.push(`worked for ${seconds.toFixed(1)} s`);
  const parsed = command.json === undefined ? null : parse(done.stdout, command.json === 'lines');
  if (typeof parsed === 'string') faults.push(parsed);
  else if (command.packets === true && parsed !== null && parsed.length < listed)
    faults.push(`${parsed.length} packets, tshark listed ${listed}`);
  return { faults, seconds };
}

/** Packets in a table of tshark: what has no time is a custom block of pcapng, and no packet (docs/conformance.md). */
function packetsOf(table) {
  const [head, ...rows] = table.trimEnd().split('\n');
  const time = head.split('\t').indexOf('frame.time_epoch');
  return rows.filter((row) => row.split('\t')[time] !== '').length;
}

/** '0m1.25s' */
function secondsOf(text) {
  const [, minutes = '0', rest = '0'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return 60 * Number(minutes) + Number(rest);
}

/** What the JSON says; words if it is none. A file that is no capture prints nothing. */
function parse(text, lines) {
  if (text === '') return [];
  try {
    return lines
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : JSON.parse(text);
  } catch (error) {
    return `printed no JSON: ${error.message}`;
  }
}
