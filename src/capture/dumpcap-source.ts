/**
 * The back end `dumpcap`: Wireshark's own capture program, one for each interface, writing pcapng to a pipe that is read here. It passes on
 * the kernel's time and original lengths, counts drops, and has the right to capture by itself where it was installed so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { BYTE_ORDER_MAGIC, PcapngParser } from '../file/pcapng.ts';
import type { WriteInterface } from '../file/write.ts';
import type { Failure } from '../messages.ts';
import { HostError } from '../system/failure.ts';
import { interfaceState, lostInterface } from '../system/interface-state.ts';
import { checkInterface } from './cap-source.ts';
import { dumpcapFailure } from './dumpcap.ts';
import { openFifo, PIPE_BYTES } from './fifo.ts';
import type { CaptureOptions } from './messages.ts';
import type { Beside, Take } from './relay-source.ts';
import type { Seam } from './seam.ts';
import type { Source, SourceCounts, SourceSink } from './source.ts';

/** dumpcap opens its interface and writes its first blocks within this time. */
const OPEN_MS = 6000;
/** dumpcap takes packets from the kernel when a block of its ring is full or this old (CAP_READ_TIMEOUT), and writes them at once. */
const BATCH_MS = 250;
/** After being told to end it writes its counts and goes within this time. */
const END_MS = 250;
/** Kernel packet buffer: packets lie in it without gaps, so this holds many. */
const BUFFER_BYTES = 64 << 20;
const COMPLAINT_LIMIT = 4096;
/** Room for a few reads; grows for a larger block. */
const ROOM = 256 * 1024;
/**
 * A pipe that was read is left alone until it is filled to about this share, as fast as the last came, but no longer than this: dumpcap writes packet by
 * packet, and each turn costs as much as a hundred packets. Where a pipe is full, dumpcap waits.
 */
const FILL = 0.25;
const REST_MS = 10;
/** Bytes read at once where there is no event loop to read them. */
const PUMP_BYTES = 64 * 1024;
/** Reads that one turn of pump() makes at most. */
const PUMP_READS = 256;

type OpenOptions = Pick<CaptureOptions, 'interfaces' | 'captureFilter' | 'bufferBytes'> & {
  /** dumpcap's own if left out: whole packets. */
  readonly snapLength?: number;
};

/** One dumpcap on one interface. */
class Stream {
  readonly name: string;
  parser = new PcapngParser();
  readonly child: ChildProcess;
  readonly out: Readable;
  /** What the pipe between holds. */
  readonly pipeBytes: number;
  readonly #guard: ChildProcess | null;
  #bytes = new Uint8Array(ROOM);
  #length = 0;
  /** Up to here peek() has looked. */
  #peeked = 0;
  #complaint = '';
  /** 'SIGKILL', 'exit code 1'; null while it runs. */
  gone: string | null = null;
  /** All that it wrote has been read. */
  closed = false;
  onClose: () => void = () => {};

  constructor(file: string, name: string, options: OpenOptions) {
    this.name = name;
    const filter = options.captureFilter === '' ? [] : ['-f', options.captureFilter];
    const buffer = ['-B', String(Math.max(2, Math.round(Math.min(options.bufferBytes, BUFFER_BYTES) / 0x10_0000)))];
    const cut = options.snapLength === undefined ? [] : ['-s', String(options.snapLength)];
    const args = ['-i', name, ...filter, ...buffer, ...cut, '-n', '-q', '-w', '-'];
    // A group of its own: Ctrl+C in a terminal must not end it before the host has decided.
    const fifo = openFifo();
    let child: ChildProcess | null = null;
    try {
      child = spawn(file, args, {
        stdio: ['ignore', fifo?.fd ?? 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
    } finally {
      if (fifo !== null) closeSync(fifo.fd);
      // Arguments that no program can be started with.
      if (child === null) fifo?.out.destroy();
    }
    this.child = child;
    this.out = fifo?.out ?? (child.stdout as Readable);
    this.pipeBytes = fifo?.bytes ?? PIPE_BYTES;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-COMPLAINT_LIMIT);
    });
    child.on('exit', (code, signal) => {
      this.gone = signal ?? `exit code ${code ?? 'unknown'}`;
      // As Node does with its own: one that is paused, and that nobody resumes any more, would never end.
      this.out.resume();
    });
    child.on('error', (error) => {
      this.gone ??= error.message;
      this.#complaint += error.message;
    });
    // The child tells of the pipes that Node has made for it only.
    let open = 2;
    const shut = (): void => {
      open--;
      if (open > 0) return;
      this.gone ??= 'closed';
      this.closed = true;
      this.#guard?.kill('SIGKILL');
      this.onClose();
    };
    child.on('close', shut);
    this.out.on('close', shut).on('error', () => {});
    this.#guard = child.pid === undefined ? null : guard(child.pid);
  }

  get complaint(): string {
    return this.#complaint;
  }

  get opened(): boolean {
    return this.parser.interfaces.length > 0;
  }

  /** Adds what was read. */
  add(piece: Uint8Array): void {
    if (this.#length + piece.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + piece.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  /** Reads what is there by itself, for a process whose event loop has no turn. Never waits. */
  pump(): void {
    const fd = descriptorOf(this.out);
    if (fd === null) return;
    const piece = new Uint8Array(PUMP_BYTES);
    for (let k = 0; k < PUMP_READS; k++) {
      try {
        const length = readSync(fd, piece);
        if (length === 0) return;
        this.add(piece.subarray(0, length));
      } catch {
        // Nothing more yet (EAGAIN); an end is found by the event loop.
        return;
      }
    }
  }

  /** Gives the packets that came since the last look, and keeps them. Returns where it has come to in what is kept. */
  peek(take: Take): number {
    if (this.parser.fault === null) this.#peeked = this.parser.parse(this.#bytes, this.#peeked, this.#length, 0, { packet: take });
    return this.#peeked;
  }

  /** Drops so many bytes of what is kept: whole blocks. */
  forget(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#peeked -= count;
  }

  /** Gives the whole blocks to the sink and keeps the rest. */
  drain(take: Take): void {
    this.#peeked = 0;
    if (this.parser.fault !== null || this.#length === 0) return;
    const done = this.parser.parse(this.#bytes, 0, this.#length, 0, { packet: take });
    this.#bytes.copyWithin(0, done, this.#length);
    this.#length -= done;
  }

  /** Reads the description of the interface, once it is here, and nothing behind it: packets are given when the capture begins. */
  drainHead(): void {
    if (this.#length < 12) return;
    const view = new DataView(this.#bytes.buffer);
    const little = view.getUint32(8, true) === BYTE_ORDER_MAGIC;
    let at = 0;
    while (!this.opened && this.parser.fault === null && at + 8 <= this.#length) {
      const end = at + view.getUint32(at + 4, little);
      if (end > this.#length) break;
      const done = this.parser.parse(this.#bytes, at, end, 0, { packet: () => {} });
      if (done === at) break;
      at = done;
    }
    if (!this.opened) {
      // Read again from the start, with more.
      this.parser = new PcapngParser();
      return;
    }
    this.#bytes.copyWithin(0, at, this.#length);
    this.#length -= at;
  }

  kill(signal: 'SIGINT' | 'SIGKILL'): void {
    if (this.gone === null) this.child.kill(signal);
  }
}

/** The file descriptor of a child's output, where the system has such a thing. */
function descriptorOf(out: Readable): number | null {
  const { _handle: handle } = out as { _handle?: { fd?: unknown } | null };
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : null;
}

/** Packets that are kept and came with one look: where they end, and the times of the first and the last, ms since 1970. */
interface Batch {
  end: number;
  readonly first: number;
  readonly last: number;
}

/** One dumpcap that runs beside another back end, in a process that may have no turn to hear of it. */
export class DumpcapBeside implements Beside {
  readonly #version: string;
  readonly #stream: Stream;
  readonly #batches: Batch[] = [];
  onNews: () => void = () => {};

  /** Starts it on `options.interfaces`, which is one. Resolves when it is open, has failed, or takes too long: then it is ended. */
  static async start(file: string, version: string, options: OpenOptions): Promise<DumpcapBeside> {
    const beside = new DumpcapBeside(file, version, options);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, OPEN_MS);
      beside.onNews = () => {
        beside.look(() => {});
        if (beside.state === 'opening') return;
        clearTimeout(timer);
        resolve();
      };
    });
    if (beside.state === 'opening') beside.kill();
    return beside;
  }

  private constructor(file: string, version: string, options: OpenOptions) {
    this.#version = version;
    this.#stream = new Stream(file, options.interfaces[0] ?? '', options);
    this.#stream.out.on('data', (piece: Uint8Array) => {
      this.#stream.add(piece);
      this.onNews();
    });
    this.#stream.onClose = () => this.onNews();
  }

  /** 'failed': it has ended, or wrote what cannot be read. */
  get state(): 'opening' | 'open' | 'failed' {
    if (this.#stream.gone !== null || this.#stream.parser.fault !== null) return 'failed';
    return this.#stream.opened ? 'open' : 'opening';
  }

  get first(): number | null {
    return this.#batches[0]?.first ?? null;
  }

  look(take: Take): void {
    this.#stream.pump();
    if (!this.#stream.opened) this.#stream.drainHead();
    if (!this.#stream.opened) return;
    let first = 0;
    let last = -1;
    const end = this.#stream.peek((bytes, offset, capLen, wireLen, sec, nsec) => {
      const time = millisecondsOf(sec, nsec);
      if (last < 0) first = time;
      last = Math.max(0, time);
      take(bytes, offset, capLen, wireLen, sec, nsec);
    });
    if (last >= 0) this.#batches.push({ end, first, last });
  }

  forget(before: number): void {
    let gone = 0;
    while (this.#batches.length > 0 && (this.#batches[0] as Batch).last < before) gone = (this.#batches.shift() as Batch).end;
    if (gone === 0) return;
    this.#stream.forget(gone);
    for (const batch of this.#batches) batch.end -= gone;
  }

  source(seam: Seam | null): DumpcapSource {
    this.onNews = () => {};
    return new DumpcapSource(this.#version, [this.#stream], seam);
  }

  kill(): void {
    this.onNews = () => {};
    this.#stream.kill('SIGKILL');
  }
}

function millisecondsOf(sec: number, nsec: number): number {
  return sec * 1000 + nsec / 1e6;
}

/**
 * Ends a dumpcap whose capture process is gone without having ended it: on a quiet interface it would never notice. A shell waits for a pipe
 * that closes with this process, however it dies.
 */
function guard(pid: number): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const child = spawn('/bin/sh', ['-c', 'read -r _; kill -TERM "$1" 2>/dev/null', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return child;
}

export class DumpcapSource implements Source {
  readonly backend = 'dumpcap';
  readonly version: string;
  readonly interfaces: readonly WriteInterface[];
  readonly clock: string;
  readonly comment: string;
  readonly drops = 'at-end';
  /** And some time to pass them on, on a machine that has other things to do. */
  readonly delayMs = BATCH_MS + 150;
  readonly kernelTime = true;
  readonly #streams: readonly Stream[];
  #ending: { readonly done: (counts: readonly SourceCounts[]) => void; timer: NodeJS.Timeout } | null = null;
  #over = false;
  /** Tells which packets somebody else has given already. */
  readonly #seam: Seam | null;

  /** Of streams that are open. */
  constructor(version: string, streams: readonly Stream[], seam: Seam | null = null) {
    this.version = version;
    this.#streams = streams;
    this.#seam = seam;
    this.interfaces = streams.map(({ parser, name }, index): WriteInterface => {
      const described = parser.interfaces[0];
      return { ...(described ?? { linkType: 1, snapLength: 0 }), name: described?.name ?? name ?? String(index) };
    });
    const digits = Math.min(...this.interfaces.map((each) => each.timePrecision ?? 9));
    const unit = digits >= 9 ? 'nanoseconds' : 'microseconds';
    this.clock = `the kernel's, in ${unit}`;
    this.comment = `Time stamps: the kernel's, in ${unit}. Drops: counted by the back end, in the interface statistics at the end of the capture.`;
  }

  /** Opens the interfaces. Rejects with a HostError in words for the user. */
  static async open(file: string, version: string, options: OpenOptions): Promise<DumpcapSource> {
    for (const name of options.interfaces) checkInterface(name);
    const streams = options.interfaces.map((name) => new Stream(file, name, options));
    try {
      await Promise.all(streams.map(opened));
    } catch (error) {
      for (const stream of streams) stream.kill('SIGKILL');
      throw error;
    }
    return new DumpcapSource(version, streams);
  }

  begin(sink: SourceSink): void {
    for (const [iface, stream] of this.#streams.entries()) {
      const take = (bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number): void => {
        if (this.#over || this.#seam?.had(bytes, offset, capLen, millisecondsOf(sec, nsec)) === true) return;
        sink.packet(bytes, offset, capLen, wireLen, sec, nsec, iface);
      };
      const next = (): void => {
        stream.drain(take);
        if (this.#over) return;
        sink.idle();
        if (stream.parser.fault !== null)
          sink.broken({ code: 'internal', message: `dumpcap wrote what cannot be read: ${stream.parser.fault.message}` });
      };
      stream.out.removeAllListeners('data');
      let due = false;
      let read = 0;
      let last = performance.now();
      stream.out.on('data', (piece: Uint8Array) => {
        stream.add(piece);
        read += piece.length;
        if (due) return;
        due = true;
        // Behind all that is there already.
        setImmediate(() => {
          const now = performance.now();
          const rest = Math.min(REST_MS, (stream.pipeBytes * FILL * (now - last)) / read);
          last = now;
          read = 0;
          stream.out.pause();
          next();
          setTimeout(() => {
            due = false;
            stream.out.resume();
          }, rest);
        });
      });
      stream.onClose = () => {
        next();
        if (this.#over) this.#ended();
        else sink.broken(endOf(stream));
      };
      // What came while the others were being opened, and an end that came so early.
      setImmediate(() => {
        next();
        if (stream.closed && !this.#over) sink.broken(endOf(stream));
      });
      stream.out.resume();
    }
  }

  check(): void {}

  end(hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void {
    this.#over = true;
    for (const stream of this.#streams) stream.kill(hurry ? 'SIGKILL' : 'SIGINT');
    if (hurry) {
      done(this.#counts());
      return;
    }
    const timer = setTimeout(() => {
      for (const stream of this.#streams) stream.kill('SIGKILL');
      this.#finish();
    }, END_MS);
    this.#ending = { done, timer };
    this.#ended();
  }

  #ended(): void {
    // dumpcap's last block is what is waited for, not that the system has taken it apart.
    if (this.#streams.every((stream) => stream.closed)) this.#finish();
  }

  #finish(): void {
    const ending = this.#ending;
    this.#ending = null;
    if (ending === null) return;
    clearTimeout(ending.timer);
    ending.done(this.#counts());
  }

  #counts(): SourceCounts[] {
    return this.#streams.map(({ parser }) => ({
      received: parser.interfaces[0]?.received ?? null,
      dropped: parser.interfaces[0]?.dropped ?? null,
    }));
  }
}

/** Why it ended, though nobody told it to. */
function endOf(stream: Stream): Failure {
  const state = interfaceState(stream.name);
  const gone = state === 'gone' || state === 'down' ? lostInterface(stream.name, state) : null;
  if (gone !== null) return gone;
  const said = stream.complaint
    .split(/\r?\n/)
    .map((line) => line.replace(/^\r?dumpcap: /, '').trim())
    .find((line) => line !== '' && !/^(Capturing on|File:|Packets )/.test(line));
  return {
    code: 'io',
    message: `dumpcap ended during the capture on ${stream.name} (${stream.gone ?? 'unknown'}${said === undefined ? '' : `: ${said.replace(/\.$/, '')}`}).`,
    advice: 'Start the capture again.',
  };
}

/** Resolves when the interface is described, with the stream paused. */
function opened(stream: Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (): void => {
      clearTimeout(timer);
      reject(new HostError(dumpcapFailure(stream.name, stream.complaint)));
    };
    const timer = setTimeout(() => {
      stream.kill('SIGKILL');
      reject(new HostError({ code: 'unavailable', message: `dumpcap did not open ${stream.name} in time.`, advice: 'Try again.' }));
    }, OPEN_MS);
    stream.onClose = () => {
      if (!stream.opened) refuse();
    };
    stream.out.on('data', (piece: Uint8Array) => {
      stream.add(piece);
      if (stream.opened) return;
      // There may be packets behind the description: they are given when the capture begins.
      stream.drainHead();
      if (!stream.opened) return;
      clearTimeout(timer);
      stream.out.pause();
      resolve();
    });
  });
}
