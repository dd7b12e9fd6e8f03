// What the scripts that compare with tshark share: which captures are asked for, and how tshark is asked.
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Times and numbers as tshark prints them everywhere. */
export const environment = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' };

function below(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .sort()
    .flatMap((name) => below(path.join(place, name)));
}

/**
 * @param {string[]} places captures, or folders of captures @param {{ match: string, sample: string }} wanted regular expression for file
 * names, and how many captures at most, spread over all
 */
export function captureFiles(places, { match, sample }) {
  const pattern = new RegExp(match);
  const all = places.flatMap(below).filter((file) => pattern.test(path.basename(file)));
  const wanted = Math.min(Number(sample), all.length);
  return Array.from({ length: wanted }, (_, i) => all[Math.floor((i * all.length) / wanted)]);
}

/** Runs tshark. It fails on damaged captures too, after it has printed what it could read. */
export async function tshark(args) {
  try {
    return { ...(await run('tshark', args, { maxBuffer: 1 << 30, env: environment })), failed: false };
  } catch (error) {
    if (error.stdout === undefined) throw error;
    return { stdout: error.stdout, stderr: error.stderr, failed: true };
  }
}

/** All fields that tshark registers: the tab-separated parts of each line (`tshark -G fields`). */
export async function registeredFields() {
  const { stdout } = await tshark(['-G', 'fields']);
  return stdout
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((parts) => parts[0] === 'F');
}
