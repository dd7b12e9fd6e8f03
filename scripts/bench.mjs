// Measures opening a large capture, against tshark, capinfos and tcpdump on the same file in the same run.
//   npm run bench -- [--packets N] [--runs N] [--file CAPTURE] [--generated] [--no-filter] [--json] [--clean]
// The capture is made once and kept in a folder under the system's temporary folder; --clean takes that away.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from './bench/generate.mjs';
import { measure, median, which } from './bench/tools.mjs';
import { capture, obstacle, PORT } from './bench/traffic.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(os.tmpdir(), 'sevenfold-bench');
const { values: options } = parseArgs({
  options: {
    packets: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    file: { type: 'string' },
    generated: { type: 'boolean', default: false },
    'no-filter': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
  },
});
const say = (text = '') => process.stderr.write(`${text}\n`);

if (options.clean) {
  rmSync(cache, { recursive: true, force: true });
  process.exit(0);
}
const runs = Math.min(20, Math.max(1, Number(options.runs) || 3));
const packets = Math.min(20_000_000, Math.max(1000, Number(options.packets) || 1_000_000));
const program = path.join(root, 'dist', 'node', 'bench-open.js');
if (!existsSync(program)) {
  say('Build first: npm run build');
  process.exit(2);
}

/** The capture to measure with, and where it comes from. */
async function prepare() {
  if (options.file !== undefined) return { file: options.file, source: 'a capture of yours' };
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const hindrance = options.generated ? 'generated traffic was asked for' : obstacle();
  const kind = hindrance === null ? 'real' : 'generated';
  const file = path.join(cache, `${kind}-${packets}.cap`);
  const note = `${file}.txt`;
  if (existsSync(file) && existsSync(note)) return { file, source: readFileSync(note, 'utf8') };
  say(hindrance === null ? 'Making a capture of real traffic …' : `Real traffic cannot be had (${hindrance}): generating some …`);
  const part = `${file}.part`;
  try {
    const source = hindrance === null ? await capture(part, packets) : await generate(part, packets);
    writeFileSync(note, source);
    renameSync(part, file);
    return { file, source };
  } finally {
    rmSync(part, { force: true });
  }
}

/** A capture without packets: what memory costs before the first one. */
function emptyCapture() {
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const file = path.join(cache, 'empty.pcap');
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  writeFileSync(file, header);
  return file;
}

const open = async (file, ...more) => JSON.parse((await measure(process.execPath, [program, file, ...more], { keep: true })).text);

const { file, source } = await prepare();
const tools = [
  { name: 'tshark -q -z conv,tcp', program: which('tshark'), args: ['-n', '-q', '-z', 'conv,tcp', '-r', file] },
  { name: 'capinfos', program: which('capinfos'), args: [file] },
  { name: 'tcpdump -nn -r', program: which('tcpdump'), args: ['-nn', '-r', file] },
];
const results = new Map();
const note = (name, seconds, peakKiB) => {
  if (!results.has(name)) results.set(name, { seconds: [], peakKiB: [] });
  const result = results.get(name);
  result.seconds.push(seconds);
  if (peakKiB !== null) result.peakKiB.push(peakKiB);
};

say(`${(statSync(file).size / 1e6).toFixed(0)} MB, ${source}`);
const blank = [];
const indexed = [];
let facts = null;
for (let run = 1; run <= runs; run++) {
  say(`Run ${run} of ${runs} …`);
  blank.push((await open(emptyCapture())).peakKiB);
  facts = await open(file);
  indexed.push(facts.openMs / 1000);
  const whole = await measure(process.execPath, [program, file]);
  note('sevenfold', whole.seconds, facts.peakKiB);
  for (const tool of tools) {
    if (tool.program === null) continue;
    const ran = await measure(tool.program, tool.args);
    note(tool.name, ran.seconds, ran.peakKiB);
  }
}

const own = results.get('sevenfold');
const report = {
  capture: { source, bytes: statSync(file).size, packets: facts.packets, connections: facts.connections },
  machine: { processor: os.cpus()[0]?.model ?? 'unknown', processors: os.cpus().length, node: process.version, load: os.loadavg()[0] },
  runs,
  openSeconds: median(indexed),
  packetsPerSecond: Math.round(facts.packets / median(indexed)),
  bytesPerPacket: Math.round(((median(own.peakKiB) - median(blank)) * 1024) / facts.packets),
  tools: {},
};
for (const [name, result] of results) {
  report.tools[name] = {
    seconds: median(result.seconds),
    peakMiB: result.peakKiB.length === 0 ? null : Math.round(median(result.peakKiB) / 1024),
    ratio: median(result.seconds) / median(own.seconds),
  };
}

if (!options['no-filter']) {
  say(`Filtering for port ${PORT} …`);
  const ours = [];
  for (let run = 0; run < runs; run++) {
    facts = await open(file, String(PORT));
    ours.push(facts.filterMs);
  }
  report.filter = { text: `tcp.port==${PORT}`, indexMs: median(ours), matches: facts.matches };
  const tshark = which('tshark');
  if (tshark !== null) {
    const args = ['-n', '-r', file, '-Y', `tcp.port==${PORT}`, '-T', 'fields', '-e', 'frame.number'];
    const ran = await measure(tshark, args);
    report.filter.tsharkSeconds = ran.seconds;
    report.filter.tsharkMatches = ran.lines;
  }
}

if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else print(report);

function print(r) {
  const out = [];
  out.push(
    `${r.capture.packets.toLocaleString('en')} packets, ${r.capture.connections.toLocaleString('en')} TCP connections; ${r.capture.source}`,
  );
  out.push(
    `${r.machine.processors} × ${r.machine.processor}, Node ${r.machine.node}, load ${r.machine.load.toFixed(1)}; medians of ${r.runs} runs, wall-clock`,
  );
  out.push('');
  out.push('                                seconds   to Sevenfold   peak memory');
  for (const [name, tool] of Object.entries(r.tools)) {
    const peak = tool.peakMiB === null ? 'unknown' : `${tool.peakMiB} MiB`;
    out.push(`${name.padEnd(30)}${tool.seconds.toFixed(2).padStart(9)}${`${tool.ratio.toFixed(1)} ×`.padStart(15)}${peak.padStart(14)}`);
  }
  out.push('');
  out.push(`Sevenfold without starting Node: ${r.openSeconds.toFixed(2)} s, ${r.packetsPerSecond.toLocaleString('en')} packets per second`);
  out.push(`Memory per packet: ${r.bytesPerPacket} bytes`);
  if (r.filter !== undefined) {
    const other =
      r.filter.tsharkSeconds === undefined
        ? ''
        : `; tshark -Y: ${r.filter.tsharkSeconds.toFixed(1)} s (one run), ${r.filter.tsharkMatches.toLocaleString('en')} packets`;
    out.push(
      `${r.filter.text}: ${r.filter.indexMs.toFixed(0)} ms over the index, ${r.filter.matches.toLocaleString('en')} packets${other}`,
    );
  }
  process.stdout.write(`${out.join('\n')}\n`);
}
