/** Child processes that speak in messages, whichever runtime started them. */
import { fork } from 'node:child_process';

export interface Child {
  readonly pid: number | undefined;
  /** Never throws: a message to a process that is gone is lost. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Once, when the process is gone. `reason`: 'SIGKILL', 'exit code 1', … */
  onExit(listener: (reason: string) => void): void;
  /** Last lines that it wrote to its standard error. */
  complaints(): string;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts a built program: 'engine-process' or 'capture-process'. */
export type StartChild = () => Child;

const COMPLAINT_LIMIT = 4096;

/**
 * A Node child process that runs `file`. `serialization`: 'advanced' carries bytes and bigints as they are, but only between two of the same
 * runtime; 'json' between any two.
 */
export function forkChild(
  file: string,
  serialization: 'advanced' | 'json' = 'advanced',
  execPath: string = process.execPath,
  args: readonly string[] = [],
): Child {
  // No execArgv: a debugger or loader of the parent is not meant for its children.
  const child = fork(file, args, { serialization, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [], execPath });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-COMPLAINT_LIMIT);
  });
  const exits: ((reason: string) => void)[] = [];
  let ended: string | null = null;
  const end = (reason: string): void => {
    if (ended !== null) return;
    ended = reason;
    for (const listener of exits) listener(reason);
  };
  child.on('exit', (code, signal) => end(signal ?? `exit code ${code ?? 'unknown'}`));
  // 'error' comes instead of 'exit' when the program could not be started at all; it also reports a message that could not be sent.
  child.on('error', (error) => {
    if (child.pid === undefined) end(error.message);
  });
  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message as object, () => {});
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      if (ended === null) exits.push(listener);
      else queueMicrotask(() => listener(ended ?? ''));
    },
    complaints: () => complaints,
    kill(signal) {
      child.kill(signal);
    },
  };
}
