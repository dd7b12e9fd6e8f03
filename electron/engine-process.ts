/**
 * The engine as an Electron utility process. The engine speaks over `process`, as a Node child process does; here the same calls are led to the
 * main process's line and to the window's port.
 */
import type { MessagePortMain } from 'electron';
import type { FromBackend } from '../src/messages.ts';
import { EngineLines, type LineEnd } from './engine-lines.ts';
import { WINDOW_PORT } from './utility-child.ts';

const { parentPort } = process as NodeJS.Process & { readonly parentPort: Electron.ParentPort };

const lines = new EngineLines((request) => process.emit('message', request, undefined), {
  postMessage: (message) => parentPort.postMessage(message),
});

process.send = (message: unknown): boolean => {
  lines.fromEngine(message as FromBackend);
  return true;
};

await import('../src/engine/process.ts');

// Only now: what arrives before there is a listener waits.
parentPort.on('message', ({ data, ports }) => {
  const port = ports[0];
  if (port === undefined) lines.fromHost(data);
  else if (isPortMessage(data)) joinWindow(port);
});

function joinWindow(port: MessagePortMain): void {
  const line: LineEnd = { postMessage: (message) => port.postMessage(message) };
  lines.addWindow(line);
  port.on('message', ({ data }) => lines.fromWindow(line, data));
  port.on('close', () => lines.removeWindow(line));
  port.start();
}

function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === WINDOW_PORT;
}
