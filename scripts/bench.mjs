// Measures opening large captures, against tshark, capinfos and tcpdump on the same files in the same run. Prints what docs/performance.md has.
//   npm run bench -- [--packets N] [--runs N] [--only http|mixed] [--file CAPTURE] [--generated] [--own] [--no-filter] [--json] [--clean]
//   npm run bench -- --linear | --kinds | --big [--file CAPTURE] | --live [--rate N] [--seconds N] [--backend cap|dumpcap]
//   --own      Sevenfold alone, with --live too
//   --big      instead: one generated HTTP capture of 10 million packets: memory, filters, and the same in the window, in a browser; 8 GB of disk
//   --live     instead: a capture of 200,000 packets a second for 60 s with the window open and dumpcap beside it; root on Linux
//   --linear   instead: generated HTTP captures of 1, 2, 4 and 8 million packets, one after the other; needs 9 GB of disk for a while
//   --kinds    instead: captures of one kind of traffic each (pings, fragments, scans, short connections), one after the other, against tshark
// Captures are made once and kept in a folder under the system's temporary folder; --clean takes that away.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from './bench/generate.mjs';
import { generateKind, KINDS } from './bench/kinds.mjs';
import { liveWindow, noLive } from './bench/live.mjs';
import { generateMixed } from './bench/mixed.mjs';
import { measure, median, pcapHeader, which } from './bench/tools.mjs';
import { capture, obstacle, PORT } from './bench/traffic.mjs';
import { inWindow, noWindow } from './bench/window.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(os.tmpdir(), 'sevenfold-bench');
const { values: options } = parseArgs({
  options: {
    packets: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    file: { type: 'string' },
    generated: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
    'no-filter': { type: 'boolean', default: false },
    linear: { type: 'boolean', default: false },
    kinds: { type: 'boolean', default: false },
    big: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
    rate: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '60' },
    backend: { type: 'string', default: 'auto' },
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
mkdirSync(cache, { recursive: true, mode: 0o700 });

/** Makes a capture unless it is there. Returns the file and a sentence that says what it is. */
async function prepared(kind, count, make) {
  const file = path.join(cache, `${kind}-${count}.cap`);
  const note = `${file}.txt`;
  if (existsSync(file) && existsSync(note)) return { file, source: readFileSync(note, 'utf8') };
  say(`Making a capture: ${kind}, ${count.toLocaleString('en')} packets …`);
  const part = `${file}.part`;
  try {
    const source = await make(part, count);
    writeFileSync(note, source);
    renameSync(part, file);
    return { file, source };
  } finally {
    rmSync(part, { force: true });
  }
}

function httpCapture(count) {
  const hindrance = options.generated ? 'generated traffic was asked for' : obstacle();
  if (hindrance === null) return prepared('real', count, capture);
  say(`No real traffic: ${hindrance}.`);
  return prepared('generated', count, generate);
}

/** A capture without packets: what memory costs before the first one. */
function emptyCapture() {
  const file = path.join(cache, 'empty.pcap');
  writeFileSync(file, pcapHeader());
  return file;
}

const own = async (...args) => JSON.parse((await measure(process.execPath, [program, ...args], { keep: true })).text);
const machine = () => ({
  processor: os.cpus()[0]?.model ?? 'unknown',
  processors: os.cpus().length,
  node: process.version,
  load: os.loadavg()[0],
});

/** All that is measured on one capture. */
async function measured(title, { file, source }, filters, compared) {
  say(`${title}: ${(statSync(file).size / 1e6).toFixed(0)} MB, ${source}`);
  const tools = options.own
    ? []
    : [
        { name: 'tshark -q -z conv,tcp', program: which('tshark'), args: ['-n', '-q', '-z', 'conv,tcp', '-r', file] },
        // By default capinfos computes three checksums of the file, which takes most of its time: with and without them.
        { name: 'capinfos', program: which('capinfos'), args: [file] },
        { name: 'capinfos without checksums', program: which('capinfos'), args: ['-tEcsdualeyizxo', file] },
        { name: 'tcpdump -nn -r', program: which('tcpdump'), args: ['-nn', '-r', file] },
      ].filter((tool) => tool.program !== null);
  const results = new Map([['Sevenfold', { seconds: [], peakKiB: [] }]]);
  const load = [];
  const [blank, indexed, cpu, thread] = [[], [], [], []];
  let facts = null;
  // Once unmeasured: the file is in the system's cache for whoever comes first.
  await own(file);
  for (let run = 1; run <= runs; run++) {
    say(`Run ${run} of ${runs} …`);
    load.push(os.loadavg()[0]);
    blank.push((await own(emptyCapture())).peakOpenKiB);
    const whole = await measure(process.execPath, [program, file], { keep: true });
    facts = JSON.parse(whole.text);
    indexed.push(facts.openMs / 1000);
    cpu.push(facts.cpuMs / 1000);
    if (facts.threadMs !== null) thread.push(facts.threadMs / 1000);
    const mine = results.get('Sevenfold');
    mine.seconds.push(whole.seconds);
    mine.peakKiB.push(facts.peakOpenKiB);
    for (const tool of tools) {
      const ran = await measure(tool.program, tool.args);
      if (!results.has(tool.name)) results.set(tool.name, { seconds: [], peakKiB: [] });
      results.get(tool.name).seconds.push(ran.seconds);
      if (ran.peakKiB !== null) results.get(tool.name).peakKiB.push(ran.peakKiB);
    }
  }
  const mine = results.get('Sevenfold');
  const report = {
    title,
    source,
    bytes: statSync(file).size,
    packets: facts.packets,
    connections: facts.connections,
    load: median(load),
    openSeconds: median(indexed),
    cpuSeconds: median(cpu),
    threadSeconds: thread.length === 0 ? null : median(thread),
    packetsPerSecond: Math.round(facts.packets / median(indexed)),
    bytesPerPacket: Math.round(((median(mine.peakKiB) - median(blank)) * 1024) / facts.packets),
    tools: [...results].map(([name, result]) => ({
      name,
      seconds: median(result.seconds),
      peakMiB: result.peakKiB.length === 0 ? null : Math.round(median(result.peakKiB) / 1024),
      ratio: median(result.seconds) / median(mine.seconds),
    })),
    window: await windowed(file),
    filters: [],
  };
  if (options['no-filter']) return report;
  say('Filtering …');
  const times = [];
  for (let run = 0; run < runs; run++) times.push((await own(file, ...filters)).filters);
  for (const [k, text] of filters.entries()) {
    const { matches, dissected } = times[0][k];
    const filter = {
      text,
      ms: median(times.map((each) => each[k].ms)),
      againMs: median(times.map((each) => each[k].againMs)),
      matches,
      dissected,
    };
    const tshark = which('tshark');
    if (text === compared && tshark !== null && !options.own) {
      const ran = await measure(tshark, ['-n', '-r', file, '-Y', text, '-T', 'fields', '-e', 'frame.number']);
      filter.tshark = { seconds: ran.seconds, matches: ran.lines };
    }
    report.filters.push(filter);
  }
  return report;
}

/** Through the engine, as a window asks: medians of the runs. */
async function windowed(file) {
  const all = [];
  for (let run = 0; run < runs; run++) all.push(await own('--window', file));
  const of = (pick) => median(all.map(pick));
  return {
    firstRowsMs: of((each) => each.firstRowsMs),
    wholeMs: of((each) => each.wholeMs),
    median: of((each) => each.detailMs.median),
    p95: of((each) => each.detailMs.p95),
    most: of((each) => each.detailMs.most),
  };
}

/** Time and memory of captures of growing size. Each is taken away before the next is made. */
async function linear() {
  const blank = (await own(emptyCapture())).peakOpenKiB;
  const rows = [];
  for (const millions of [1, 2, 4, 8]) {
    const count = millions * 1_000_000;
    const { file } = await prepared('generated', count, generate);
    say(`${millions} million packets …`);
    try {
      await own(file);
      const all = [];
      for (let run = 0; run < runs; run++) all.push(await own(file, 'frame.len > 1000'));
      rows.push({
        packets: all[0].packets,
        bytes: statSync(file).size,
        seconds: median(all.map((each) => each.openMs / 1000)),
        cpuSeconds: median(all.map((each) => each.cpuMs / 1000)),
        bytesPerPacket: ((median(all.map((each) => each.peakOpenKiB)) - blank) * 1024) / all[0].packets,
        filterMs: median(all.map((each) => each.filters[0].ms)),
        load: os.loadavg()[0],
      });
    } finally {
      if (millions > 1) for (const each of [file, `${file}.txt`]) rmSync(each, { force: true });
    }
  }
  return rows;
}

/** Time and memory of captures of one kind of traffic each. Each is taken away before the next is made. */
async function kinds() {
  const blank = (await own(emptyCapture())).peakOpenKiB;
  const tshark = options.own ? null : which('tshark');
  const rows = [];
  for (const kind of KINDS) {
    const { file } = await prepared(kind.replaceAll(' ', '-'), packets, (part, count) => generateKind(kind, part, count));
    say(`${kind} …`);
    try {
      await own(file);
      const [all, theirs] = [[], []];
      for (let run = 0; run < runs; run++) {
        all.push(await own(file));
        if (tshark !== null) theirs.push(await measure(tshark, ['-n', '-q', '-z', 'conv,tcp', '-r', file]));
      }
      rows.push({
        kind,
        packets: all[0].packets,
        seconds: median(all.map((each) => each.openMs / 1000)),
        bytesPerPacket: ((median(all.map((each) => each.peakOpenKiB)) - blank) * 1024) / all[0].packets,
        tsharkSeconds: theirs.length === 0 ? null : median(theirs.map((each) => each.seconds)),
        tsharkKiB: theirs.length === 0 ? null : median(theirs.map((each) => each.peakKiB)),
      });
    } finally {
      for (const each of [file, `${file}.txt`]) rmSync(each, { force: true });
    }
  }
  return rows;
}

function printKinds(rows) {
  const out = ['| | packets | seconds | bytes per packet | tshark, seconds | its memory |', '| --- | ---: | ---: | ---: | ---: | ---: |'];
  for (const { kind, packets, seconds, bytesPerPacket, tsharkSeconds, tsharkKiB } of rows) {
    const theirs = tsharkSeconds === null ? ['', ''] : [tsharkSeconds.toFixed(1), `${Math.round(tsharkKiB / 1024)} MiB`];
    out.push(`| ${[kind, packets.toLocaleString('en'), seconds.toFixed(2), Math.round(bytesPerPacket), ...theirs].join(' | ')} |`);
  }
  process.stdout.write(`${out.join('\n')}\n`);
}

const BIG = 10_000_000;
/** Filters that the columns answer. */
const COLUMN_FILTERS = [
  `tcp.port == ${PORT}`,
  'ip.src == 10.77.0.3',
  'frame.len > 1000',
  `tcp.port == ${PORT} && ip.src == 10.77.0.3 && frame.len > 1000`,
  'tcp.flags.syn == 1',
  'tcp.analysis.flags',
  'tcp.stream == 55',
  'frame.time_relative > 5',
  'udp',
];

/** What is typed in the window, one right after the other: many rows and few follow each other, and the filter is cleared in between. */
const WINDOW_FILTERS = [
  ...COLUMN_FILTERS.slice(0, 3),
  '',
  ...COLUMN_FILTERS.slice(3),
  'tcp',
  'http.response.code == 200 || tcp.flags.fin == 1',
];

/** One very large capture: in the engine, and in the window. */
async function big() {
  const { file, source } =
    options.file === undefined ? await prepared('generated', BIG, generate) : { file: options.file, source: 'a capture of yours' };
  const blank = (await own(emptyCapture())).peakOpenKiB;
  say('Opening in the engine …');
  const load = os.loadavg()[0];
  const index = await own(file, ...COLUMN_FILTERS);
  const window = await own('--window', file);
  const hindrance = noWindow(root);
  if (hindrance !== null) say(`Not in the window: ${hindrance}.`);
  const page = hindrance !== null ? null : await inWindow(root, file, index.packets, WINDOW_FILTERS, say);
  return {
    source,
    load,
    bytes: statSync(file).size,
    packets: index.packets,
    openSeconds: index.openMs / 1000,
    cpuSeconds: index.cpuMs / 1000,
    bytesPerPacket: ((index.peakOpenKiB - blank) * 1024) / index.packets,
    filters: index.filters,
    engine: window,
    window: page,
  };
}

function printBig(report) {
  const { window } = report;
  const out = ['### A large capture', ''];
  out.push(
    `${number(report.packets)} packets, ${number(Math.round(report.bytes / 1e6))} MB; ${report.source}. Load ${report.load.toFixed(1)} besides.`,
    '',
  );
  out.push(
    `- Open in ${report.openSeconds.toFixed(1)} s, processor time ${report.cpuSeconds.toFixed(1)} s; ${report.bytesPerPacket.toFixed(0)} bytes of memory per packet.`,
  );
  out.push(
    `- In the engine: first rows after ${ms(report.engine.firstRowsMs)} ms; layers of one packet of 1,000 at random ${ms(report.engine.detailMs.median)} ms median, ${ms(report.engine.detailMs.p95)} ms at the 95th percentile, ${ms(report.engine.detailMs.most)} ms at most.`,
  );
  out.push('', '| filter | ms | processor time, ms | again, ms | packets |', '| --- | ---: | ---: | ---: | ---: |');
  for (const f of report.filters)
    out.push(`| \`${f.text}\` | ${ms(f.ms)} | ${f.threadMs === null ? '' : ms(f.threadMs)} | ${ms(f.againMs)} | ${number(f.matches)} |`);
  if (window !== null) {
    const detail = window.detailMs;
    out.push(
      '',
      `In the window: first rows ${ms(window.firstRowsMs)} ms after Open (start screen shown for 2.5 s), whole file after ${(window.openMs / 1000).toFixed(1)} s.`,
      '',
    );
    out.push(
      '| scrolling | steps | frames | frames with blank rows | longest blank, ms | longest frame, ms |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
    );
    for (const [name, s] of Object.entries(window.scroll))
      out.push(`| ${name} | ${s.steps} | ${s.frames} | ${s.blankFrames} | ${ms(s.longestBlankMs)} | ${ms(s.longestFrameMs)} |`);
    out.push(
      '',
      `- Click to layers, ${detail.clicks} clicks, the pointer on the row for 0.1 s before: ${ms(detail.median ?? 0)} ms median, ${ms(detail.p95 ?? 0)} ms at the 95th percentile, ${ms(detail.most ?? 0)} ms at most.`,
    );
    const filter = window.filterMs;
    out.push(
      `- From Enter in the filter to the list, ${filter.typed} times with keys: ${ms(filter.median)} ms median, ${ms(filter.p95)} ms at the 95th percentile, ${ms(filter.most)} ms at most.`,
    );
    for (const f of window.filters)
      out.push(
        `  - ${f.text === '' ? 'cleared' : `\`${f.text}\``}: ${ms(f.firstMs)} ms, again ${f.againMs.map(ms).join(' and ')} (${f.matches}).`,
      );
    if (window.enginePeakKiB !== null) out.push(`- Peak memory of the engine ${number(Math.round(window.enginePeakKiB / 1024))} MiB.`);
  }
  process.stdout.write(`${out.join('\n')}\n`);
}

function printLive(report) {
  const { ours, dumpcap, ageMs, waitMs, memory } = report;
  const out = ['### Live', ''];
  out.push(
    `${number(report.sent)} packets in ${report.seconds.toFixed(1)} s (${number(Math.round(report.sent / report.seconds))} a second). Load ${report.load.toFixed(1)} before.`,
    '',
  );
  out.push('| | packets | lost |', '| --- | ---: | ---: |');
  out.push(`| Sevenfold | ${number(ours.packets)} | ${ours.lossPercent.toFixed(2)} % |`);
  if (dumpcap !== null) out.push(`| \`dumpcap\` | ${number(dumpcap.packets)} | ${dumpcap.lossPercent.toFixed(2)} % |`);
  out.push('', `- In the list: ${number(ours.shown)} packets. ${ours.status}`);
  const spread = ({ median, p95, p99, most }) =>
    `${ms(median)} ms median, ${ms(p95)} ms at the 95th percentile, ${ms(p99)} ms at the 99th, ${ms(most)} ms at most.`;
  if (ageMs.count > 0) {
    out.push(`- Age of the newest packet when its row shows, ${ageMs.count} times: ${spread(ageMs)}`);
    out.push(`- From a packet until it is in the list, of all that came: ${spread(waitMs)}`);
  }
  out.push(
    `- Peak memory: engine ${number(Math.round(memory.engineKiB / 1024))} MiB, capture process ${number(Math.round(memory.captureKiB / 1024))} MiB (with the kernel's packet buffer, which it maps).`,
  );
  process.stdout.write(`${out.join('\n')}\n`);
}

const number = (value) => value.toLocaleString('en');
const ms = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

function print(report) {
  const out = [];
  const { connections, window } = report;
  out.push(`### ${report.title}`, '');
  out.push(
    `${number(report.packets)} packets, ${(report.bytes / 1e6).toFixed(0)} MB, ${number(connections)} TCP connections; ${report.source}.`,
  );
  out.push(`Load ${report.load.toFixed(1)} besides; medians of ${runs} runs, wall-clock.`, '');
  out.push(
    '|                              | seconds | to Sevenfold | peak memory |',
    '| ---------------------------- | ------: | -----------: | ----------: |',
  );
  for (const tool of report.tools) {
    const peak = tool.peakMiB === null ? 'unknown' : `${tool.peakMiB} MiB`;
    const name = tool.name === 'Sevenfold' ? tool.name : `\`${tool.name}\``;
    out.push(
      `| ${name.padEnd(28)} | ${tool.seconds.toFixed(2).padStart(7)} | ${`${tool.ratio.toFixed(1)} ×`.padStart(12)} | ${peak.padStart(11)} |`,
    );
  }
  const thread = report.threadSeconds === null ? '' : `, ${report.threadSeconds.toFixed(2)} s of it in the thread that dissects`;
  out.push('', `- Without starting Node: ${report.openSeconds.toFixed(2)} s, ${number(report.packetsPerSecond)} packets per second.`);
  out.push(`- Processor time: ${report.cpuSeconds.toFixed(2)} s${thread}.`);
  out.push(`- Memory per packet: ${report.bytesPerPacket} bytes.`);
  out.push(
    `- First screenful of rows after ${ms(window.firstRowsMs)} ms, the whole file in the window's engine after ${(window.wholeMs / 1000).toFixed(2)} s.`,
  );
  out.push(
    `- Layers of one packet of 1,000 at random: ${ms(window.median)} ms median, ${ms(window.p95)} ms at the 95th percentile, ${ms(window.most)} ms at most.`,
  );
  if (report.filters.length > 0) out.push('', '| filter | ms | again | packets | dissected |', '| --- | ---: | ---: | ---: | ---: |');
  for (const f of report.filters)
    out.push(`| \`${f.text}\` | ${ms(f.ms)} | ${ms(f.againMs)} | ${number(f.matches)} | ${number(f.dissected)} |`);
  for (const f of report.filters) {
    if (f.tshark === undefined) continue;
    const ratio = Math.round((f.tshark.seconds * 1000) / f.ms);
    out.push(
      '',
      `\`tshark -Y '${f.text}'\`: ${f.tshark.seconds.toFixed(1)} s (one run), ${number(f.tshark.matches)} packets; ${number(ratio)} times as long.`,
    );
  }
  out.push('');
  process.stdout.write(`${out.join('\n')}\n`);
}

function printLinear(rows) {
  const out = ['### Size', ''];
  out.push('| packets | MB | seconds | packets per second | processor time | bytes per packet | `frame.len > 1000` | load |');
  out.push('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const row of rows) {
    const cells = [
      number(row.packets),
      number(Math.round(row.bytes / 1e6)),
      row.seconds.toFixed(2),
      number(Math.round(row.packets / row.seconds)),
      `${row.cpuSeconds.toFixed(2)} s`,
      row.bytesPerPacket.toFixed(0),
      `${ms(row.filterMs)} ms`,
      row.load.toFixed(1),
    ];
    out.push(`| ${cells.join(' | ')} |`);
  }
  process.stdout.write(`${out.join('\n')}\n`);
}

if (options.big) {
  const report = await big();
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), report }, null, 2)}\n`);
  else printBig(report);
} else if (options.live) {
  const hindrance = noLive(root);
  if (hindrance !== null) {
    say(`Not measured: ${hindrance}.`);
    process.exit(2);
  }
  const wish = { rate: Number(options.rate), seconds: Number(options.seconds), backend: options.backend, beside: !options.own };
  const report = await liveWindow(root, wish, say);
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), report }, null, 2)}\n`);
  else printLive(report);
} else if (options.kinds) {
  const rows = await kinds();
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), runs, rows }, null, 2)}\n`);
  else printKinds(rows);
} else if (options.linear) {
  const rows = await linear();
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), runs, rows }, null, 2)}\n`);
  else printLinear(rows);
} else {
  const reports = [];
  const port = `tcp.port == ${PORT}`;
  const wanted = (kind) => options.file === undefined && (options.only === undefined || options.only === kind);
  if (options.file !== undefined) {
    const given = { file: options.file, source: 'a capture of yours' };
    reports.push(await measured(path.basename(options.file), given, ['frame.len > 1000', 'tcp', 'tcp.analysis.flags'], null));
  }
  if (wanted('http')) {
    const filters = [
      port,
      'ip.src == 10.77.0.1',
      'frame.len > 1000',
      `${port} && ip.src == 10.77.0.1 && frame.len > 1000`,
      'tcp.analysis.flags',
    ];
    reports.push(await measured('HTTP', await httpCapture(packets), filters, port));
  }
  if (wanted('mixed')) {
    const filters = ['tcp.port == 443', 'ipv6', 'udp.port == 53 && frame.len > 100', 'tcp.analysis.flags'];
    reports.push(await measured('Mixed traffic', await prepared('mixed', packets, generateMixed), filters, 'tcp.port == 443'));
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machine(), runs, reports }, null, 2)}\n`);
  else {
    const { processors, processor, node } = machine();
    process.stdout.write(`${processors} × ${processor}, Node ${node}\n\n`);
    for (const report of reports) print(report);
  }
}
