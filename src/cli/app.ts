/** `sevenfold [FILE]`: the desktop app where it can run, the same app in the browser where it cannot. */
import path from 'node:path';
import { programRoot } from '../system/locations.ts';
import { electronRuntime, fetchRuntime, noDesktop, runDesktop, surroundings } from './desktop.ts';
import { runServe } from './serve.ts';

export interface AppArguments {
  readonly file?: string | undefined;
}

/** Runs until the app is ended. Exit status as `sevenfold serve`. */
export async function runApp(args: AppArguments): Promise<number> {
  const ran = await desktop(args.file);
  if (typeof ran === 'number') return ran;
  process.stderr.write(`Opening in the browser, because ${ran}.\n`);
  return runServe({ file: args.file, port: 0, open: true });
}

/** The desktop app's exit status, or why it is not to be had. */
async function desktop(file: string | undefined): Promise<number | string> {
  const reason = noDesktop(surroundings());
  if (reason !== null) return reason;
  const root = programRoot();
  const folder = path.join(root, 'node_modules', 'electron');
  let executable = electronRuntime(folder);
  if (executable === null) {
    process.stderr.write("Fetching Electron's runtime, once.\n");
    const fetched = await fetchRuntime(folder);
    if (!fetched.ok) return fetched.reason;
    executable = electronRuntime(folder);
    if (executable === null) return "Electron's runtime is not complete";
  }
  const ran = await runDesktop(executable, root, file);
  return ran.started ? ran.status : ran.reason;
}
