import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureController } from '../../src/host/capture-controller.ts';
import { StandInChild } from './stand-in-child.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sevenfold-controller-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a capture whose process ends before the interface is open', () => {
  const begin = (): { child: StandInChild; controller: CaptureController; started: Promise<unknown> } => {
    const child = new StandInChild(() => null);
    const controller = new CaptureController(() => child, { status: () => {}, grown: () => {}, ended: () => {} });
    const at = (name: string): string => path.join(folder, name);
    const files = { spool: at('capture.pcapng'), progress: at('progress'), stop: at('stop') };
    const started = controller.start({ interfaces: ['any'], captureFilter: '' }, files).then(
      () => null,
      (error: unknown) => error,
    );
    return { child, controller, started };
  };

  it('is told as a fault', async () => {
    const { child, started } = begin();
    child.die('SIGKILL');
    expect(await started).toMatchObject({ failure: { message: 'The capture process ended before it could begin (SIGKILL).' } });
  });

  it('is told as what it is where the user has stopped it', async () => {
    const { child, controller, started } = begin();
    const stopped = controller.stop();
    child.die('exit code 0');
    await stopped;
    expect(await started).toMatchObject({ failure: { message: 'The capture was stopped before it had begun.' } });
  });

  it.skipIf(process.platform === 'win32')('is ended though the disk holds back the file that tells it to stop', async () => {
    // Who opens a pipe to write waits for a reader, as long as a disk may take.
    const stop = path.join(folder, 'stop');
    execFileSync('mkfifo', [stop]);
    const { child, controller } = begin();
    const stopped = controller.stop();
    try {
      await expect.poll(() => child.killed, { timeout: 5000 }).toBe('SIGKILL');
      child.die('SIGKILL');
      await stopped;
    } finally {
      closeSync(openSync(stop, constants.O_RDONLY | constants.O_NONBLOCK));
    }
  });
});
