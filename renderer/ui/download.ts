/** Files that the window itself makes. */

/** Gives a file to the user: the browser's download, the desktop app's question where to save. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has its own hold on the data once the download has begun.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** File name without what some system does not allow in one. */
export function fileName(...parts: readonly string[]): string {
  return parts
    .join('-')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 120);
}
