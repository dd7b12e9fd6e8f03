/** `sevenfold serve`: the app in the browser. */
import { createInterface } from 'node:readline';
import { nodeServices } from '../host/node-services.ts';
import { ServeServer } from '../serve/server.ts';
import { failureOf } from '../system/failure.ts';
import { rendererFolder, userFolders } from '../system/locations.ts';
import { complain } from './complain.ts';

export interface ServeArguments {
  readonly file?: string | undefined;
  readonly port: number;
  readonly open: boolean;
}

/** Runs until SIGINT or SIGTERM. Exit status: 0 ended by the user, 1 it could not begin. */
export async function runServe(args: ServeArguments): Promise<number> {
  const folders = userFolders();
  const server = new ServeServer({
    shared: nodeServices(folders),
    renderer: rendererFolder(),
    temporary: folders.temporary,
    port: args.port,
  });
  try {
    await server.listen();
  } catch (error) {
    complain(failureOf(error, 'The server'));
    return 1;
  }
  const ended = untilEnded();
  if (args.file !== undefined) {
    const opened = await server.openFirst(args.file);
    // The window opens all the same: its start screen offers other files.
    if (!opened.ok) complain(opened.failure);
  }
  const address = server.newAddress();
  process.stdout.write(`Sevenfold is at ${address}\n`);
  process.stderr.write('Ctrl+C ends it.\n');
  if (args.open && !(await openBrowser(address))) process.stderr.write('No browser could be opened here: open the address yourself.\n');
  const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : null;
  lines?.on('line', () => process.stdout.write(`Sevenfold is at ${server.newAddress()}\n`));
  lines?.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  await ended;
  lines?.close();
  await server.close();
  return 0;
}

function untilEnded(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** False if no browser could be started; the system's opener may take a moment to say so. */
async function openBrowser(address: string): Promise<boolean> {
  // Without a display the opener would start a text browser in this terminal, or nothing.
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY && !process.env.WSL_DISTRO_NAME) return false;
  try {
    const { default: open } = await import('open');
    const opener = await open(address);
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), 2000);
      const settle = (started: boolean): void => {
        clearTimeout(timer);
        resolve(started);
      };
      opener.once('error', () => settle(false));
      opener.once('exit', (code) => settle(code === 0));
    });
  } catch {
    return false;
  }
}
