/** Names of files that a window suggests. */

/** Octets of a name, so that any file system takes it, with some around it while it is being written. */
const MOST_OCTETS = 200;

/** A file name without anything that could mean a place, which every file system takes; its ending stays when it is cut. */
export function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  // biome's control-character rule is off in this project: they are what is removed here.
  const clean = base
    .replace(/[\u0000-\u001f\u007f<>:"|?*]|\p{Surrogate}/gu, '_')
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '');
  const ending = /(?:\.[A-Za-z\d]{1,8}){0,2}$/.exec(clean)?.[0] ?? '';
  const stem = Buffer.from(clean.slice(0, clean.length - ending.length)).subarray(0, MOST_OCTETS - ending.length);
  // A character that was cut in two is no character.
  const whole = stem.toString('utf8').replace(/\uFFFD$/, '') + ending;
  return whole === '' ? 'capture' : whole;
}
