/** The file on the desktop app's command line. */
import path from 'node:path';

/**
 * First argument that is a path and no switch. @param argv as the process has it: the program first, in development the app's folder second
 * @param cwd what a relative path is relative to: a second instance has another one
 */
export function fileArgument(argv: readonly string[], packaged: boolean, cwd: string): string | null {
  const rest = argv.slice(packaged ? 1 : 2);
  const end = rest.indexOf('--');
  const named = end >= 0 ? rest[end + 1] : rest.find((argument) => !argument.startsWith('-'));
  return named === undefined || named === '' ? null : path.resolve(cwd, named);
}
