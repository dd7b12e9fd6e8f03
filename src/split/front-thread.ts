/** The first stage of a split index pass as a thread: see Stage, which starts it. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { ReadingPlan } from '../file/reader.ts';
import { Front } from './front.ts';
import { adoptProtocols } from './front-protocols.ts';
import { type ProtocolPlan, SLOTS, Slot } from './layout.ts';
import { Signal } from './thread.ts';

interface ThreadPlan {
  readonly reading: ReadingPlan;
  readonly protocols: ProtocolPlan;
  readonly slots: readonly SharedArrayBuffer[];
}

const signals = new Int32Array(workerData as SharedArrayBuffer);
for (;;) {
  Atomics.store(signals, Signal.Ready, 1);
  Atomics.wait(signals, Signal.Go, 0);
  const message = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
  if (message === undefined) break;
  run(message.message as ThreadPlan);
  // Until it is ended, or wanted again.
  Atomics.wait(signals, Signal.Go, 1);
}

function run(plan: ThreadPlan): void {
  adoptProtocols(plan.protocols);
  const slots = plan.slots.map((memory) => new Slot(memory));
  const front = new Front(plan.reading);
  for (let filled = 0, more = true; more; ) {
    for (;;) {
      const taken = Atomics.load(signals, Signal.Taken);
      if (Atomics.load(signals, Signal.Go) !== 1) return;
      if (filled - taken < SLOTS) break;
      Atomics.wait(signals, Signal.Taken, taken);
    }
    more = front.fill(slots[filled % SLOTS] as Slot);
    filled++;
    Atomics.store(signals, Signal.Filled, filled);
    // The second stage waits for a slot only where it has taken all the others.
    if (Atomics.load(signals, Signal.Taken) === filled - 1) Atomics.notify(signals, Signal.Filled);
  }
}
