/** The live benchmark (`npm run bench -- --live`) that is ended before its end. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the benchmark has no types
import { noLive } from '../../scripts/bench/live.mjs';
import { named } from './surroundings.ts';

const root = path.join(import.meta.dirname, '..', '..');
const without: string | null = noLive(root);

describe.skipIf(without !== null)(named('the live benchmark', without), () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('leaves neither namespaces nor processes nor files behind when it gets %s', async (signal) => {
    const before = new Set(folders());
    const bench = spawn(process.execPath, ['scripts/bench.mjs', '--live', '--rate', '200', '--seconds', '60'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const tag = Number(bench.pid) % 10_000;
    const spaces = [`sfb${tag}s`, `sfb${tag}r`];
    let said = '';
    bench.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const over = new Promise<number | null>((resolve) => bench.once('close', resolve));
    await expect.poll(() => said).toContain('Sending');
    const inside = spaces.flatMap(pidsIn);
    expect(inside.length).toBeGreaterThan(3);
    expect(folders().some((name) => !before.has(name))).toBe(true);
    bench.kill(signal);
    expect(await over).toBe(128 + os.constants.signals[signal]);
    expect(spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout).not.toMatch(new RegExp(spaces.join('|')));
    await expect.poll(() => inside.filter(isAlive)).toEqual([]);
    expect(folders().filter((name) => !before.has(name))).toEqual([]);
  });
});

function pidsIn(space: string): number[] {
  return spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Folders of live benchmarks. */
function folders(): string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith('sevenfold-bench-live-'));
}
