/**
 * The engine as a process of its own: a Node child process, or an Electron utility process (electron/engine-process.ts adapts it).
 * It ends when its parent does.
 */

import type { FromBackend, ToBackend } from '../messages.ts';
import { keepFront } from '../split/thread.ts';
import { Engine } from './engine.ts';

/** When the program has started, ms: whatever was asked for at once comes first. */
const SETTLED_MS = 500;

const send = (message: FromBackend): void => {
  process.send?.(message);
};

const engine = new Engine((name, value) => send({ kind: 'event', from: 'engine', name, value }));

process.on('message', (message: ToBackend) => {
  if (typeof message !== 'object' || message === null || message.kind !== 'request' || message.to !== 'engine') return;
  const { id, name, args } = message;
  void engine.handle(name, args).then((answer) => send({ kind: 'answer', id, answer }));
});

setTimeout(keepFront, SETTLED_MS).unref();

process.on('disconnect', () => process.exit(0));
