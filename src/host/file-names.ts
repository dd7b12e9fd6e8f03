/** Names of files that a window suggests. */

/** A file name without anything that could mean a place. */
export function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  // biome's control-character rule is off in this project: they are what is removed here.
  const clean = base
    .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 150);
  return clean === '' ? 'capture' : clean;
}
