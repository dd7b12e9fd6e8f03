/**
 * One live capture, from opening the interface to its end. `cap` calls back for every packet in one loop that gives nothing else a turn while
 * packets keep coming. So everything that must happen during a capture (writing, looking for the wish to stop, limits, progress) is done
 * by the packet callback itself, by size and by time; timers only do it when there is no packet to do it.
 */
import { existsSync } from 'node:fs';
import { fail, HostError } from '../host/failure.ts';
import { interfaceState } from '../host/interface-state.ts';
import type { Failure } from '../messages.ts';
import { ArrivalClock } from './arrival-clock.ts';
import { type CapAddon, type CapHandle, linkTypeOf } from './load-cap.ts';
import type { CaptureOptions, FromCapture } from './messages.ts';
import { ProgressWriter } from './progress.ts';
import { SpoolWriter } from './spool-writer.ts';

/** libpcap's snapshot length in `cap`. */
const SNAP_LENGTH = 65_535;
/** In the callback: bytes and milliseconds after which the batch is written. Well under the 200 ms in which a packet must be seen. */
const FLUSH_BYTES = 256 * 1024;
const FLUSH_MS = 40;
/** How often the wish to stop and the time limit are looked at. */
const LOOK_MS = 40;
/** How often the interface itself is looked at. */
const INTERFACE_MS = 400;

type Ended = FromCapture & { kind: 'ended' };

/** Handles that could not be opened: collecting one would make libpcap's binding stop a poll that it never began. */
const broken: CapHandle[] = [];

export class LiveCapture {
  readonly linkType: number;
  readonly #options: CaptureOptions;
  readonly #onEnd: (ended: Ended) => void;
  readonly #handle: CapHandle;
  /** Where cap puts each packet. It keeps no reference of its own: this field is what keeps the memory. */
  readonly #packet = Buffer.alloc(SNAP_LENGTH + 1);
  readonly #clock = new ArrivalClock();
  readonly #writer: SpoolWriter;
  readonly #progress: ProgressWriter;
  readonly #begun = performance.now();
  readonly #parent = process.ppid;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #maxPackets: number;
  readonly #maxMs: number;
  readonly #maxBytes: number;
  #lastFlush: number;
  #lastLook: number;
  #idleFlush = false;
  #over = false;

  /** Opens the interface. Throws a HostError in words for the user. `onEnd` is called once, when the file is whole. */
  constructor(addon: CapAddon, options: CaptureOptions, onEnd: (ended: Ended) => void) {
    this.#options = options;
    this.#onEnd = onEnd;
    this.#maxPackets = options.maxPackets ?? Number.POSITIVE_INFINITY;
    this.#maxMs = options.maxDurationMs ?? Number.POSITIVE_INFINITY;
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    const opened = openInterface(addon, options, this.#packet);
    this.#handle = opened.handle;
    this.linkType = opened.linkType;
    try {
      this.#writer = new SpoolWriter(
        options.files.spool,
        {
          linkType: this.linkType,
          snapLength: SNAP_LENGTH,
          name: options.interface,
          captureFilter: options.captureFilter,
          timePrecision: 9,
        },
        options.ring ?? null,
      );
      this.#progress = new ProgressWriter(options.files.progress);
    } catch (error) {
      this.#handle.close();
      throw error;
    }
    this.#lastFlush = this.#lastLook = performance.now();
    this.#tell();
    this.#handle.on('packet', (length: number) => this.#take(length));
    this.#timers.push(setInterval(() => this.#look(performance.now()), LOOK_MS));
    this.#timers.push(setInterval(() => this.#lookAtInterface(), INTERFACE_MS));
    if (this.#maxMs < Number.POSITIVE_INFINITY) this.#timers.push(setTimeout(() => this.#look(performance.now()), this.#maxMs + 1));
  }

  stop(): void {
    this.#end('stopped', null);
  }

  /** The callback: nothing here allocates. */
  #take(length: number): void {
    if (this.#over) return;
    this.#clock.stamp();
    this.#writer.append(this.#packet, length, this.#clock.sec, this.#clock.nsec);
    const now = performance.now();
    if (this.#writer.packets >= this.#maxPackets) this.#end('count', null);
    else if (this.#writer.pending >= FLUSH_BYTES || now - this.#lastFlush >= FLUSH_MS || this.#full()) this.#flush(now);
    else if (!this.#idleFlush) {
      // Runs when cap's loop has nothing more: a quiet capture is on disk at once, a busy one in batches.
      this.#idleFlush = true;
      setImmediate(this.#flushIdle);
    }
    if (now - this.#lastLook >= LOOK_MS) this.#look(now);
  }

  /** A file or the whole capture has reached its size. */
  #full(): boolean {
    return this.#writer.full || this.#writer.totalBytesOnDisk + this.#writer.pending >= this.#maxBytes;
  }

  readonly #flushIdle = (): void => {
    this.#idleFlush = false;
    if (!this.#over && this.#writer.pending > 0) this.#flush(performance.now());
  };

  #flush(now: number): void {
    this.#lastFlush = now;
    let failure: Failure | null;
    try {
      this.#writer.flush();
      failure = this.#writer.failure;
    } catch (error) {
      // The next file of a ring could not be begun.
      failure = error instanceof HostError ? error.failure : { code: 'io', message: 'The next file could not be begun.' };
    }
    this.#tell();
    if (failure !== null) this.#end('failed', failure);
    else if (this.#writer.totalBytesOnDisk >= this.#maxBytes) this.#end('filesize', null);
  }

  #tell(): void {
    this.#progress.write(this.#writer.packetsOnDisk, this.#writer.bytesOnDisk, this.#writer.totalBytesOnDisk, this.#writer.begun);
  }

  #look(now: number): void {
    this.#lastLook = now;
    if (this.#over) return;
    this.#clock.check();
    // Another parent: the host is gone, and with it everyone who could stop this.
    if (existsSync(this.#options.files.stop) || process.ppid !== this.#parent) this.#end('stopped', null);
    else if (now - this.#begun >= this.#maxMs) this.#end('duration', null);
  }

  #lookAtInterface(): void {
    const state = this.#over ? 'up' : interfaceState(this.#options.interface);
    if (state !== 'gone' && state !== 'down') return;
    this.#end('failed', {
      code: 'io',
      message: `${this.#options.interface} ${state === 'gone' ? 'was removed' : 'went down'} during the capture.`,
      advice: state === 'gone' ? 'Plug it in again, then start a new capture.' : 'Bring it up, then start a new capture.',
    });
  }

  #end(reason: Ended['reason'], failure: Failure | null): void {
    if (this.#over) return;
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    // Allowed inside the callback: cap finishes its loop first.
    this.#handle.close();
    let last = failure;
    if (reason !== 'failed' || this.#writer.failure === null) {
      try {
        this.#writer.flush();
      } catch (error) {
        last ??= error instanceof HostError ? error.failure : null;
      }
    }
    last ??= this.#writer.failure;
    this.#writer.close();
    this.#tell();
    this.#progress.close();
    const kept = `${this.#writer.packetsOnDisk.toLocaleString('en-US')} packets are saved.`;
    this.#onEnd({
      kind: 'ended',
      reason: last === null ? reason : 'failed',
      failure: last === null ? null : { ...last, message: `${last.message} ${kept}` },
      files: [...this.#writer.files],
    });
  }
}

function openInterface(addon: CapAddon, options: CaptureOptions, buffer: Buffer): { handle: CapHandle; linkType: number } {
  const name = options.interface;
  if (interfaceState(name) === 'gone')
    throw fail('not-found', `There is no interface "${name}".`, 'Choose one from the list of interfaces.');
  if (interfaceState(name) === 'down')
    throw fail('unavailable', `${name} is down.`, 'Bring it up, then start the capture.', [`sudo ip link set ${name} up`]);
  const handle = new addon.Cap();
  let word: string;
  try {
    word = handle.open(name, options.captureFilter, options.bufferBytes, buffer);
  } catch (error) {
    broken.push(handle);
    throw new HostError(openFailure(addon, options, error instanceof Error ? error.message : String(error)));
  }
  const linkType = linkTypeOf(word);
  if (linkType === null) {
    handle.close();
    throw fail('unavailable', `${name} delivers packets of a kind that capture files cannot name (${word}).`);
  }
  return { handle, linkType };
}

/** libpcap gives one message for everything that can go wrong. */
function openFailure(addon: CapAddon, options: CaptureOptions, message: string): Failure {
  const name = options.interface;
  if (/permission|not permitted|CAP_NET_RAW|access is denied/i.test(message)) {
    return { code: 'permission', message: `This user may not open network interfaces (${name}: ${message}).` };
  }
  if (/no such device|not found|cannot find/i.test(message)) {
    return {
      code: 'not-found',
      message: `There is no interface "${name}" (${message}).`,
      advice: 'Choose one from the list of interfaces.',
    };
  }
  if (/not up|network is down/i.test(message)) {
    return { code: 'unavailable', message: `${name} is down (${message}).`, advice: 'Bring it up, then start the capture.' };
  }
  if (options.captureFilter !== '' && opensWithoutFilter(addon, options)) {
    return {
      code: 'invalid',
      message: `The capture filter is not valid: ${message}.`,
      advice: 'Capture filters have their own syntax (pcap-filter), for example: tcp port 443 and host 10.0.0.1',
    };
  }
  return { code: 'io', message: `${name} could not be opened: ${message}.` };
}

function opensWithoutFilter(addon: CapAddon, options: CaptureOptions): boolean {
  const handle = new addon.Cap();
  try {
    handle.open(options.interface, '', 1 << 20, Buffer.alloc(SNAP_LENGTH));
    handle.close();
    return true;
  } catch {
    broken.push(handle);
    return false;
  }
}
