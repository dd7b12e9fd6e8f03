/**
 * The engine as a process of its own: a Node child process, or an Electron utility process (electron/engine-process.ts adapts it).
 * It ends when its parent does. Its one argument is a small capture to rehearse with, if there is one.
 */

import os from 'node:os';
import type { FromBackend, ToBackend } from '../messages.ts';
import { keepFront } from '../split/thread.ts';
import { Engine } from './engine.ts';
import { rehearse } from './rehearsal.ts';

/** When the program has started, ms: whatever was asked for at once comes first. */
const SETTLED_MS = 500;
/** Until the thread for the next file is started, where a file was asked for at once, ms. */
const READ_MS = 5000;

/** Nice value while a capture is made: before the programs that make the traffic, behind the capture process. */
const LIVE_PRIORITY = -5;

const send = (message: FromBackend): void => {
  process.send?.(message);
};

const sample = process.argv[2];
/** The user has something open, or had. */
let wanted = false;
let priority = 0;

/**
 * What comes late is shown late for as long as others take all that is left of the processors. Only root may come before them; others go on as they are.
 */
function come(first: boolean): void {
  const next = first ? LIVE_PRIORITY : 0;
  if (next === priority) return;
  priority = next;
  try {
    os.setPriority(next);
  } catch {
    // As before.
  }
}

const engine = new Engine((name, value) => send({ kind: 'event', from: 'engine', name, value }));

process.on('message', (message: ToBackend) => {
  if (typeof message !== 'object' || message === null || message.kind !== 'request' || message.to !== 'engine') return;
  const { id, name, args } = message;
  wanted ||= name === 'open' || name === 'follow';
  if (name === 'follow') come(true);
  else if (name === 'ended' || name === 'open' || name === 'close') come(false);
  engine.answer(name, args, (answer) => send({ kind: 'answer', id, answer }));
});

setTimeout(() => {
  if (wanted) {
    setTimeout(keepFront, READ_MS).unref();
    return;
  }
  keepFront();
  if (sample !== undefined) void rehearse(sample, () => wanted);
}, SETTLED_MS).unref();

process.on('disconnect', () => process.exit(0));
