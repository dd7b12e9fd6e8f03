/**
 * One live capture, from open interfaces to its end: writes what its source delivers, and looks after limits, files, progress and the wish to
 * stop. `cap` under load gives nothing else a turn while packets keep coming. So all that must happen during a capture is done as packets
 * come, by size and by time; timers only do it when there is no packet to do it.
 */
import { existsSync } from 'node:fs';
import type { Failure } from '../messages.ts';
import { HostError, packetsSaved } from '../system/failure.ts';
import { interfaceState, lostInterface } from '../system/interface-state.ts';
import { version } from '../version.ts';
import type { CaptureOptions, FromCapture } from './messages.ts';
import { ProgressWriter } from './progress.ts';
import type { Source, SourceCounts, SourceSink } from './source.ts';
import { type Described, SpoolWriter } from './spool-writer.ts';

/** Bytes and milliseconds after which a batch is written even while more packets come. */
const FLUSH_BYTES = 256 * 1024;
const FLUSH_MS = 40;
/** How often the wish to stop and the limits in time are looked at. */
const LOOK_MS = 40;
/** While packets from before a stop still come in, it waits this much longer at a time, and this long in all. */
const MORE_MS = 50;
const MOST_MS = 150;
/** How often the interfaces themselves are looked at. */
const INTERFACE_MS = 400;
/** Least time between two words that the file has grown, and where it has grown by many packets: who hears of it works the less for each. */
const TELL_MS = 15;
const TELL_MANY_MS = 35;
const MANY = 1000;

type Ended = FromCapture & { kind: 'ended' };

export interface CaptureListeners {
  /** Once, when the files are whole. */
  ended(ended: Ended): void;
  /** More is on disk. Not while the source gives nothing else a turn. */
  grown(): void;
  /** A file was begun; the first one is number 1. `before`: packets in all files before it. */
  file(path: string, number: number, before: number): void;
  /** The source has another back end from now on. */
  changed(): void;
}

export class LiveCapture implements SourceSink {
  readonly #options: CaptureOptions;
  readonly #source: Source;
  readonly #listeners: CaptureListeners;
  readonly #writer: SpoolWriter;
  readonly #progress: ProgressWriter;
  readonly #begun = performance.now();
  readonly #begunWall = Date.now();
  readonly #parent = process.ppid;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #maxPackets: number;
  readonly #maxMs: number;
  readonly #maxBytes: number;
  #lastFlush: number;
  #lastLook: number;
  #lastTold = 0;
  #packetsTold = 0;
  #lastPacket = 0;
  #filesTold = 0;
  #over = false;
  #closed = false;
  /** Packets stamped later than this belong to the time after the stop: epoch seconds and nanoseconds. */
  #cutSec = Number.POSITIVE_INFINITY;
  #cutNsec = 0;
  /** When everything from before the stop has been delivered; infinite while nothing is to stop. */
  #endDue = Number.POSITIVE_INFINITY;
  /** Interfaces of which nothing from before the cut can come any more. */
  readonly #past = new Set<number>();
  #reason: Ended['reason'] = 'stopped';
  /** Why it is about to end, where nobody has asked for it. */
  #failure: Failure | null = null;
  /** Comment of the next packet. */
  #note: readonly string[] | undefined = undefined;

  /** Begins to write. Throws a HostError in words for the user. */
  constructor(source: Source, options: CaptureOptions, listeners: CaptureListeners) {
    this.#options = options;
    this.#source = source;
    this.#listeners = listeners;
    this.#maxPackets = options.maxPackets ?? Number.POSITIVE_INFINITY;
    this.#maxMs = options.maxDurationMs ?? Number.POSITIVE_INFINITY;
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    try {
      this.#writer = new SpoolWriter(options.files.spool, describedBy(source), options.ring ?? null);
      this.#progress = new ProgressWriter(options.files.progress);
    } catch (error) {
      source.end(true, () => {});
      throw error;
    }
    this.#lastFlush = this.#lastLook = performance.now();
    this.#tell();
    this.#timers.push(setInterval(() => this.#look(performance.now()), LOOK_MS));
    this.#timers.push(setInterval(() => this.#lookAtInterfaces(), INTERFACE_MS));
    if (this.#maxMs < Number.POSITIVE_INFINITY) this.#timers.push(setTimeout(() => this.#look(performance.now()), this.#maxMs + 1));
    source.begin(this);
  }

  /** Ends it, with every packet that came before. `hurry`: without waiting for those that the source still holds back. */
  stop(hurry = false): void {
    if (hurry) this.#end(this.#reason, this.#failure, true);
    else this.#endAt('stopped', Date.now());
  }

  /** Of the source: nothing here allocates. */
  packet(bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number, iface: number): void {
    if (this.#over) return;
    if (sec >= this.#cutSec && (sec > this.#cutSec || nsec > this.#cutNsec)) {
      this.#pastCut(iface);
      return;
    }
    this.#writer.append(bytes, offset, capLen, wireLen, sec, nsec, iface, this.#note);
    this.#note = undefined;
    const now = performance.now();
    this.#lastPacket = now;
    if (this.#writer.packets >= this.#maxPackets) this.#end('count', null);
    else if (this.#writer.pending >= FLUSH_BYTES || now - this.#lastFlush >= FLUSH_MS || this.#full()) this.#flush(now);
    if (now - this.#lastLook >= LOOK_MS) this.#look(now);
  }

  /** A quiet capture is on disk at once, a busy one in batches. */
  idle(): void {
    if (this.#over) return;
    const now = performance.now();
    if (this.#writer.pending > 0) this.#flush(now);
    const packets = this.#writer.packetsOnDisk;
    if (now - this.#lastTold < (packets - this.#packetsTold < MANY ? TELL_MS : TELL_MANY_MS)) return;
    this.#lastTold = now;
    this.#packetsTold = packets;
    this.#listeners.grown();
  }

  changed(note: string): void {
    this.#note = [note];
    this.#writer.describe(describedBy(this.#source));
    if (!this.#over) this.#listeners.changed();
  }

  broken(failure: Failure): void {
    this.#fail(failure);
  }

  /** A file or the whole capture has reached its size. */
  #full(): boolean {
    return this.#writer.full || this.#writer.totalBytesOnDisk + this.#writer.pending >= this.#maxBytes;
  }

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
    if (this.#filesTold === this.#writer.begun) return;
    this.#filesTold = this.#writer.begun;
    this.#listeners.file(this.#writer.file, this.#filesTold, this.#writer.packetsBefore);
  }

  #look(now: number): void {
    this.#lastLook = now;
    if (this.#over) return;
    this.#source.check();
    if (now >= this.#endDue + MORE_MS) {
      this.#end(this.#reason, this.#failure);
      return;
    }
    if (this.#writer.full) this.#flush(now);
    // Another parent: the host is gone, and with it everyone who could stop this.
    if (existsSync(this.#options.files.stop) || process.ppid !== this.#parent) this.#endAt('stopped', Date.now());
    else if (now - this.#begun >= this.#maxMs) this.#endAt('duration', this.#begunWall + this.#maxMs);
  }

  #lookAtInterfaces(): void {
    if (this.#over) return;
    for (const name of this.#options.interfaces) {
      const state = interfaceState(name);
      if (state === 'gone' || state === 'down') {
        this.#fail(lostInterface(name, state));
        return;
      }
    }
  }

  /** Ends it because packets come no longer: those that came before may be held back yet. */
  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#endAt('failed', Date.now());
  }

  /** Ends it with the packets up to `wall` (epoch ms), of which the source may hold some back yet. */
  #endAt(reason: Ended['reason'], wall: number): void {
    if (this.#over || this.#endDue !== Number.POSITIVE_INFINITY) return;
    const { delayMs, kernelTime } = this.#source;
    this.#reason = reason;
    this.#writer.ending();
    if (kernelTime) {
      // The wall clock of JavaScript has cut off what is under a millisecond, in which packets came.
      const cut = Math.ceil(wall) + 1;
      this.#cutSec = Math.floor(cut / 1000);
      this.#cutNsec = (cut - this.#cutSec * 1000) * 1_000_000;
    }
    const left = Math.max(0, wall + delayMs - Date.now());
    // By timer, or by the look that comes with packets where no timer gets its turn.
    this.#endDue = performance.now() + left;
    const due = (more: number): void => {
      // Timers have their turn before what has come in meanwhile is read: that first.
      setImmediate(() => settled(more));
    };
    const settled = (more: number): void => {
      if (this.#over) return;
      if (kernelTime && more < MOST_MS && performance.now() - this.#lastPacket < MORE_MS) {
        this.#endDue += MORE_MS;
        this.#timers.push(setTimeout(due, MORE_MS, more + MORE_MS));
      } else this.#end(reason, this.#failure);
    };
    this.#timers.push(setTimeout(due, left, 0));
  }

  #pastCut(iface: number): void {
    if (this.#past.has(iface)) return;
    this.#past.add(iface);
    if (this.#past.size === this.#source.interfaces.length) this.#end(this.#reason, this.#failure);
  }

  #end(reason: Ended['reason'], failure: Failure | null, hurry = false): void {
    if (this.#over) {
      if (hurry) this.#source.end(true, (counts) => this.#close(reason, failure, counts));
      return;
    }
    this.#over = true;
    this.#writer.ending();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#source.end(hurry, (counts) => this.#close(reason, failure, counts));
  }

  #close(reason: Ended['reason'], failure: Failure | null, counts: readonly SourceCounts[]): void {
    if (this.#closed) return;
    this.#closed = true;
    let last = failure;
    if (reason !== 'failed' || this.#writer.failure === null) {
      try {
        this.#writer.flush();
      } catch (error) {
        last ??= error instanceof HostError ? error.failure : null;
      }
    }
    this.#writer.close(counts);
    last ??= this.#writer.failure;
    this.#tell();
    this.#progress.close();
    const kept = packetsSaved(this.#writer.packetsLeft);
    const known = counts.filter((each) => each.dropped !== null);
    this.#listeners.ended({
      kind: 'ended',
      reason: last === null ? reason : 'failed',
      failure: last === null ? null : { ...last, message: `${last.message} ${kept}` },
      files: [...this.#writer.files],
      dropped: known.length < counts.length || counts.length === 0 ? null : known.reduce((sum, each) => sum + (each.dropped ?? 0), 0),
    });
  }
}

/** What a file says of how its packets were captured. */
function describedBy(source: Source): Described {
  return { interfaces: source.interfaces, comment: source.comment, application: `Sevenfold ${version}, ${source.version}` };
}
