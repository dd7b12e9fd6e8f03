/** Has the browser fetch a file that the server holds ready, once. */
export function fetchDownload(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}
