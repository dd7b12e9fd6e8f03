/**
 * What the benchmark starts (open.ts): opens a capture with everything indexed, as the engine does, and prints how long that took as one JSON
 * object.
 *
 *     node bench-open.js FILE [FILTER]...     also how long each display filter takes over the index, the first time and once more
 *     node bench-open.js --window FILE        through the engine, as a window asks: first rows, whole file, details of 1,000 packets
 */
import { readFileSync } from 'node:fs';
import { connectionCount } from '../connections/connections.ts';
import { Capture } from '../engine/capture.ts';
import { FilterMemory } from '../engine/filter-memory.ts';
import { View } from '../engine/view.ts';
import { exitWith } from '../exit.ts';
import { openCapture } from '../file/open.ts';
import { compileFilter, prepareFilters } from '../filter/index.ts';
import type { CaptureState } from '../messages.ts';

const DETAILS = 1000;
/** Rows that a tall window shows. */
const SCREENFUL = 60;

const began = performance.now();

export async function run(path: string, filters: readonly string[], window: boolean): Promise<void> {
  const report = window ? await asWindow(path) : await asIndex(path, filters);
  process.stdout.write(`${JSON.stringify({ ...report, peakKiB: process.resourceUsage().maxRSS })}\n`);
  exitWith(0);
}

/** Processor time of the thread that dissects, ms; the system tells it on Linux alone. Other threads read ahead, compile and collect. */
function ownThreadMs(): number | null {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
}

async function asIndex(path: string, filters: readonly string[]): Promise<object> {
  const opened = await openCapture(path);
  if (!opened.ok) {
    process.stderr.write(`${opened.failure.message}\n`);
    process.exit(1);
  }
  const capture = new Capture(opened.reader);
  let step = await capture.step();
  while (step === 'more') step = await capture.step();
  opened.reader.finish();
  const openMs = performance.now() - began;
  const { user, system } = process.cpuUsage();
  const result = {
    packets: capture.packets.length,
    connections: connectionCount(capture),
    bugs: capture.bugs,
    openMs,
    cpuMs: (user + system) / 1000,
    threadMs: ownThreadMs(),
    peakOpenKiB: process.resourceUsage().maxRSS,
    filters: [] as object[],
  };
  if (filters.length > 0) {
    // As the engine does at the end of a file.
    prepareFilters();
    const memory = new FilterMemory(capture);
    for (const text of filters) {
      const [first, again] = [measureFilter(capture, text, memory), measureFilter(capture, text, memory)];
      result.filters.push({ text, ...first, againMs: again.ms });
    }
  }
  await opened.reader.close();
  return result;
}

interface FilterRun {
  readonly ms: number;
  /** Processor time, where the system tells it. */
  readonly threadMs: number | null;
  readonly matches: number;
  readonly dissected: number;
}

function measureFilter(capture: Capture, text: string, memory: FilterMemory): FilterRun {
  const started = performance.now();
  const ran = ownThreadMs();
  const compiled = compileFilter(text);
  if (!compiled.ok) {
    process.stderr.write(`${compiled.error.message}\n`);
    process.exit(2);
  }
  const view = new View(1, capture, compiled.filter, memory);
  while (view.advance());
  const threadMs = ran === null ? null : (ownThreadMs() ?? 0) - ran;
  return { ms: performance.now() - started, threadMs, matches: view.matched, dissected: view.dissected };
}

async function asWindow(path: string): Promise<object> {
  let firstRowsMs = 0;
  let done: (state: CaptureState) => void = () => {};
  const whole = new Promise<CaptureState>((resolve) => {
    done = resolve;
  });
  // Only here, so that the other way does not pay for reading it.
  const { Engine } = await import('../engine/engine.ts');
  const engine = new Engine((name, value) => {
    const state = name === 'state' ? (value as CaptureState | null) : null;
    if (state === null) return;
    if (firstRowsMs === 0 && state.packets >= SCREENFUL) {
      firstRowsMs = -1;
      void engine.handle('rows', { view: 1, from: 0, count: SCREENFUL }).then(() => {
        firstRowsMs = performance.now() - began;
      });
    }
    if (state.phase === 'done' || state.phase === 'stopped') done(state);
  });
  await engine.handle('open', { path, capture: 1, name: path });
  const state = await whole;
  const wholeMs = performance.now() - began;
  const times: number[] = [];
  // A linear congruential generator: the same packets each time.
  for (let k = 0, random = 1; k < DETAILS; k++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const asked = performance.now();
    await engine.handle('packet', { row: Math.floor((random / 2 ** 32) * state.packets) });
    times.push(performance.now() - asked);
  }
  times.sort((a, b) => a - b);
  await engine.handle('close', {});
  const at = (share: number): number => times[Math.min(DETAILS - 1, Math.floor(share * DETAILS))] as number;
  return { packets: state.packets, firstRowsMs, wholeMs, detailMs: { median: at(0.5), p95: at(0.95), most: at(1) } };
}
