/** Electron's utility processes as the host's `Child`. */
import type { MessagePortMain, UtilityProcess } from 'electron';
import type { Child } from '../src/host/child.ts';

/** The part of a utility process that is used. */
export type Utility = Pick<UtilityProcess, 'pid' | 'postMessage' | 'on' | 'once' | 'kill'> & {
  readonly stderr: { on(name: 'data', listener: (chunk: unknown) => void): unknown } | null;
};

export interface UtilityChild extends Child {
  /** Hands a port to the process. */
  sendPort(port: MessagePortMain): void;
}

/** Message that brings a window's port to the engine process. */
export const WINDOW_PORT = 'window-port';

const COMPLAINT_LIMIT = 4096;

/** `endHard`: ends a process by its number with SIGKILL, which Electron's own `kill` does not. */
export function utilityChild(utility: Utility, endHard: (pid: number) => void): UtilityChild {
  let complaints = '';
  let ended: string | null = null;
  const exits: ((reason: string) => void)[] = [];
  utility.stderr?.on('data', (chunk) => {
    complaints = (complaints + String(chunk)).slice(-COMPLAINT_LIMIT);
  });
  utility.once('exit', (code) => {
    ended = `exit code ${code}`;
    for (const listener of exits) listener(ended);
  });
  return {
    get pid() {
      return utility.pid;
    },
    send(message) {
      if (ended === null) utility.postMessage(message);
    },
    sendPort(port) {
      if (ended === null) utility.postMessage({ kind: WINDOW_PORT }, [port]);
      else port.close();
    },
    onMessage(listener) {
      utility.on('message', listener);
    },
    onExit(listener) {
      const reason = ended;
      if (reason === null) exits.push(listener);
      else queueMicrotask(() => listener(reason));
    },
    complaints: () => complaints,
    kill(signal) {
      if (ended !== null) return;
      const { pid } = utility;
      if (signal === 'SIGKILL' && pid !== undefined) endHard(pid);
      else utility.kill();
    },
  };
}
