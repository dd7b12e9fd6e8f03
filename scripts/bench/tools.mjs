// Finding and running the programs that the benchmark compares with, and what its captures begin with.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

/** What a pcap file of Ethernet frames with microseconds begins with. */
export function pcapHeader() {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/** Full path of a program in PATH or in the system's folders, null if it is not installed. */
export function which(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    if (folder === '') continue;
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** Runs a command to its end; throws with what it said if it fails. */
export function must(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, ...options });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')}: ${done.stderr.trim() || `status ${done.status}`}`);
  return done.stdout;
}

/** The environment of what is measured: nobody's settings for Node or for Wireshark. */
const PLAIN = { PATH: process.env.PATH ?? '', HOME: os.tmpdir(), LANG: 'C', TMPDIR: os.tmpdir() };

/** GNU time, which tells a child's peak memory; null elsewhere. */
const gnuTime = process.platform === 'linux' ? which('time') : null;

/**
 * Runs a command with its output counted and thrown away (or kept with `keep`).
 * @returns wall-clock seconds, peak resident KiB (null where that cannot be had), bytes and lines it printed
 */
export function measure(command, args, { timeoutMs = 600_000, keep = false } = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const [program, all] = gnuTime === null ? [command, args] : [gnuTime, ['-f', 'PEAK %M', command, ...args]];
    const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: PLAIN });
    let bytes = 0;
    let lines = 0;
    let text = '';
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      // The group: GNU time and the program under it.
      process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', (chunk) => {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
      if (keep && text.length < 1_000_000) text += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const seconds = (performance.now() - began) / 1000;
      if (late) reject(new Error(`${path.basename(command)} did not end within ${timeoutMs / 1000} s`));
      else if (code !== 0) reject(new Error(`${path.basename(command)} ended with status ${code}: ${said.trim()}`));
      else {
        const peak = /PEAK (\d+)\s*$/.exec(said);
        resolve({ seconds, peakKiB: peak === null ? null : Number(peak[1]), bytes, lines, text });
      }
    });
  });
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
