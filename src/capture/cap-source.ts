/**
 * The back end `cap`: libpcap in this very process. It calls back for every packet in one loop that gives nothing else a turn while packets
 * keep coming, and its handles have one buffer each. It passes on no kernel time, no original length and no drop counter.
 */
import type { WriteInterface } from '../file/write.ts';
import type { Failure } from '../messages.ts';
import { fail, HostError } from '../system/failure.ts';
import { interfaceState } from '../system/interface-state.ts';
import { ArrivalClock } from './arrival-clock.ts';
import { type CapAddon, type CapHandle, linkTypeOf } from './load-cap.ts';
import type { CaptureOptions } from './messages.ts';
import type { Source, SourceCounts, SourceSink } from './source.ts';

/** libpcap's snapshot length in `cap`. */
export const SNAP_LENGTH = 65_535;

/**
 * Handles that must not be collected. Of one that could not be opened the binding would stop a poll that it never began; of one that was closed
 * the event loop still has the poll in a list, and the memory would be somebody else's.
 */
const kept: CapHandle[] = [];

type OpenOptions = Pick<CaptureOptions, 'interfaces' | 'captureFilter' | 'bufferBytes'>;

interface Opened {
  readonly handle: CapHandle;
  /** Where cap puts each packet. It keeps no reference of its own: this field is what keeps the memory. */
  readonly packet: Buffer;
  readonly described: WriteInterface;
}

export class CapSource implements Source {
  readonly backend = 'cap';
  readonly version: string;
  readonly interfaces: readonly WriteInterface[];
  readonly clock = 'taken on arrival in the capture process, in nanoseconds; under load milliseconds after the kernel saw the packet';
  readonly comment =
    'Time stamps: taken on arrival in the capture process (the back end passes on no kernel time). Lengths: packets longer than 65,535 bytes are cut, their original length is not known. Drops: not counted by the back end.';
  readonly drops = 'unknown';
  /** Room for one more turn of the loop: what is in the kernel's ring is read then. */
  readonly delayMs = 20;
  readonly kernelTime = false;
  readonly #opened: readonly Opened[];
  readonly #clock = new ArrivalClock();
  #idleSoon = false;
  #over = false;
  #sink: SourceSink | null = null;

  /** Opens the interfaces. Throws a HostError in words for the user. */
  constructor(addon: CapAddon, version: string, options: OpenOptions) {
    this.version = version;
    const opened: Opened[] = [];
    try {
      const bufferBytes = Math.floor(options.bufferBytes / options.interfaces.length);
      for (const name of options.interfaces) opened.push(openInterface(addon, name, { ...options, bufferBytes }));
    } catch (error) {
      for (const { handle } of opened) close(handle);
      throw error;
    }
    this.#opened = opened;
    this.interfaces = opened.map((each) => each.described);
  }

  begin(sink: SourceSink): void {
    this.#sink = sink;
    for (const [iface, { handle, packet }] of this.#opened.entries()) {
      handle.on('packet', (length: number) => {
        if (this.#over) return;
        this.#clock.stamp();
        sink.packet(packet, 0, length, length, this.#clock.sec, this.#clock.nsec, iface);
        if (this.#idleSoon) return;
        // Runs when cap's loop has nothing more.
        this.#idleSoon = true;
        setImmediate(this.#idle);
      });
    }
  }

  check(): void {
    this.#clock.check();
  }

  end(_hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void {
    this.#over = true;
    // First what others wait for: the system takes its time to close a handle. Inside the callback this ends cap's loop.
    done(this.#opened.map(() => ({ received: null, dropped: null })));
    for (const { handle } of this.#opened) close(handle);
  }

  readonly #idle = (): void => {
    this.#idleSoon = false;
    if (!this.#over) this.#sink?.idle();
  };
}

function close(handle: CapHandle): void {
  kept.push(handle);
  handle.close();
}

function openInterface(addon: CapAddon, name: string, options: OpenOptions): Opened {
  checkInterface(name);
  const handle = new addon.Cap();
  const packet = Buffer.alloc(SNAP_LENGTH + 1);
  let word: string;
  try {
    word = handle.open(name, options.captureFilter, options.bufferBytes, packet);
  } catch (error) {
    kept.push(handle);
    throw new HostError(openFailure(addon, name, options, error instanceof Error ? error.message : String(error)));
  }
  const linkType = linkTypeOf(word);
  if (linkType === null) {
    close(handle);
    throw fail('unavailable', `${name} delivers packets of a kind that capture files cannot name (${word}).`);
  }
  return {
    handle,
    packet,
    described: { linkType, snapLength: SNAP_LENGTH, name, captureFilter: options.captureFilter, timePrecision: 9 },
  };
}

/** Throws what is wrong with an interface, in words for the user, before anything tries to open it. */
export function checkInterface(name: string): void {
  const state = interfaceState(name);
  if (state === 'gone') throw new HostError(noInterface(name, null));
  if (state === 'down')
    throw fail('unavailable', `${name} is down.`, 'Bring it up, then start the capture.', [`sudo ip link set ${name} up`]);
}

export function noInterface(name: string, said: string | null): Failure {
  return {
    code: 'not-found',
    message: `There is no interface "${name}"${said === null ? '' : ` (${said})`}.`,
    advice: 'Choose one from the list of interfaces.',
  };
}

/** `said`: libpcap's own words. */
export function wrongFilter(said: string): Failure {
  return {
    code: 'invalid',
    message: `The capture filter is not valid: ${said}.`,
    advice: 'Capture filters have their own syntax (pcap-filter), for example: tcp port 443 and host 10.0.0.1',
  };
}

/** `said`: why, in the words of who was refused. The host adds the ways to change it. */
export function notPermitted(name: string, said: string): Failure {
  return { code: 'permission', message: `This user may not open network interfaces (${name}: ${said}).` };
}

/** libpcap gives one message for everything that can go wrong. */
function openFailure(addon: CapAddon, name: string, options: OpenOptions, message: string): Failure {
  if (/permission|not permitted|CAP_NET_RAW|access is denied/i.test(message)) return notPermitted(name, message);
  if (/no such device|not found|cannot find/i.test(message)) return noInterface(name, message);
  if (/not up|network is down/i.test(message)) {
    return { code: 'unavailable', message: `${name} is down (${message}).`, advice: 'Bring it up, then start the capture.' };
  }
  if (options.captureFilter !== '' && opensWithoutFilter(addon, name)) return wrongFilter(message);
  return { code: 'io', message: `${name} could not be opened: ${message}.` };
}

function opensWithoutFilter(addon: CapAddon, name: string): boolean {
  const handle = new addon.Cap();
  try {
    handle.open(name, '', 1 << 20, Buffer.alloc(SNAP_LENGTH));
    close(handle);
    return true;
  } catch {
    kept.push(handle);
    return false;
  }
}
