/**
 * A source that begins with cap, whose packets show at once, and goes on with dumpcap as soon as more packets come than cap takes without loss:
 * then dumpcap's batches are short. Both capture for a moment, and the bytes tell where one goes on from the other (./seam.ts).
 *
 * While packets keep coming, cap gives its process no turn: so dumpcap is started, and what it has written is read, from within check().
 */
import type { WriteInterface } from '../file/write.ts';
import type { BackendName, Failure } from '../messages.ts';
import { fingerprint, Head, seam, Tail } from './seam.ts';
import type { Source, SourceCounts, SourceSink } from './source.ts';

/** From here on cap may lose packets where other processes want the processor too: its loop takes 4 to 6 µs for each. */
export const BUSY = 50_000;
/** The rate is taken over this time. */
const RATE_MS = 160;
/** What the other sees this long before cap is ended: cap may be behind the kernel by what its buffer holds. */
const OVERLAP_MS = 150;
/** After cap's end: the other has passed on what it had if nothing came from it for so long. */
const JOIN_MS = 600;
/** A back end that is not open by this time is given up. */
const OPEN_MS = 4000;

/** The other back end while it is being started: DumpcapStart. */
export interface Start {
  readonly state: 'opening' | 'open' | 'failed';
  onNews: () => void;
  /** Gives the packets that are new, and keeps them. Never waits. */
  look(take: (bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number) => void): void;
  /** The source that goes on, all packets but the first `skip`. */
  source(skip: number): Source;
  kill(): void;
}

/** 'first': cap alone; 'beside': the other is being started, or overlaps; 'joining': cap has ended; 'second': the other alone. */
type Phase = 'first' | 'beside' | 'joining' | 'second';

export class RelaySource implements Source, SourceSink {
  readonly #start: () => Start;
  readonly #busy: number;
  readonly #now: () => number;
  #source: Source;
  #sink: SourceSink | null = null;
  #phase: Phase = 'first';
  /** The other back end did not work: it is not tried again. */
  #alone = false;
  #over = false;
  #other: Start | null = null;
  #tail = new Tail();
  #head = new Head();
  /** Times of the other's first and newest packet, ms since 1970. */
  #headFirst = 0;
  #headNewest = 0;
  /** Of cap's last packet, ms since 1970. */
  #last = 0;
  #timer: NodeJS.Timeout | null = null;
  #count = 0;
  #countedAt: number;
  #begunAt = 0;

  /**
   * @param first where it begins: one interface
   * @param start starts the other on the same interface
   * @param busy packets per second from which on the other captures
   */
  constructor(first: Source, start: () => Start, busy = BUSY, now: () => number = () => performance.now()) {
    this.#source = first;
    this.#start = start;
    this.#busy = busy;
    this.#now = now;
    this.#countedAt = now();
  }

  get backend(): BackendName {
    return this.#source.backend;
  }
  get version(): string {
    return this.#source.version;
  }
  get interfaces(): readonly WriteInterface[] {
    return this.#source.interfaces;
  }
  get clock(): string {
    return this.#source.clock;
  }
  get comment(): string {
    return this.#source.comment;
  }
  get drops(): Source['drops'] {
    return this.#source.drops;
  }
  get delayMs(): number {
    return this.#phase === 'joining' ? JOIN_MS : this.#source.delayMs;
  }
  get kernelTime(): boolean {
    return this.#source.kernelTime;
  }

  begin(sink: SourceSink): void {
    this.#sink = sink;
    this.#source.begin(this);
  }

  check(): void {
    this.#source.check();
    if (this.#over || this.#alone) return;
    if (this.#phase === 'beside') this.#beside();
    else if (this.#phase === 'first') this.#measure();
  }

  end(hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void {
    if (this.#phase === 'joining') this.#join();
    this.#over = true;
    this.#drop();
    this.#source.end(hurry, done);
  }

  /* ------------------------------------------------------------ what the present back end gives */

  packet(bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number, iface: number): void {
    if (this.#phase === 'joining') return;
    this.#count++;
    if (this.#phase === 'beside') {
      this.#tail.add(fingerprint(bytes, offset, capLen));
      this.#last = sec * 1000 + nsec / 1e6;
    }
    this.#sink?.packet(bytes, offset, capLen, wireLen, sec, nsec, iface);
  }

  idle(): void {
    this.#sink?.idle();
  }

  changed(note: string): void {
    this.#sink?.changed(note);
  }

  broken(failure: Failure): void {
    this.#drop();
    this.#sink?.broken(failure);
  }

  /* ------------------------------------------------------------ the relay */

  #measure(): void {
    const now = this.#now();
    const passed = now - this.#countedAt;
    if (passed < RATE_MS) return;
    const rate = (this.#count * 1000) / passed;
    this.#count = 0;
    this.#countedAt = now;
    if (rate < this.#busy) return;
    this.#begunAt = now;
    this.#phase = 'beside';
    this.#other = this.#start();
    this.#other.onNews = () => (this.#phase === 'joining' ? this.#joinSoon() : this.#phase === 'beside' && this.#beside());
  }

  #beside(): void {
    const other = this.#other;
    if (other === null || this.#over) return;
    this.#look(other);
    if (other.state === 'failed' || this.#now() - this.#begunAt > OPEN_MS) {
      // Not open in time, or the traffic is over: then when it comes again.
      this.#alone = other.state !== 'open';
      this.#drop();
      this.#phase = 'first';
      this.#tail = new Tail();
      this.#head = new Head();
    } else if (this.#head.length > 0 && this.#last - this.#headFirst >= OVERLAP_MS && this.#headNewest - this.#headFirst >= OVERLAP_MS) {
      this.#phase = 'joining';
      this.#source.end(false, () => {});
      this.#joinLater();
    }
  }

  #look(other: Start): void {
    other.look((bytes, offset, capLen, _wireLen, sec, nsec) => {
      const at = sec * 1000 + nsec / 1e6;
      if (this.#head.length === 0) this.#headFirst = at;
      this.#headNewest = at;
      this.#head.add(fingerprint(bytes, offset, capLen), at);
    });
  }

  /** All that cap had has come from the other too, if it has newer ones. */
  #joinSoon(): void {
    if (this.#other === null || this.#over) return;
    this.#look(this.#other);
    if (this.#headNewest > this.#last || this.#other.state === 'failed') this.#join();
    else this.#joinLater();
  }

  #joinLater(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#join(), JOIN_MS);
  }

  #join(): void {
    const other = this.#other;
    if (other === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#look(other);
    // cap stamps a packet when it has come, later than the kernel: what the kernel stamped after cap's last was none of cap's.
    this.#source = other.source(seam(this.#tail, this.#head, this.#head.until(this.#last)));
    this.#other = null;
    this.#phase = 'second';
    this.#tail = new Tail();
    this.#head = new Head();
    this.#sink?.changed(
      `From this packet on captured by ${this.#source.version}: time stamps are ${this.#source.clock}, drops are counted. Before it they were taken on arrival in the capture process.`,
    );
    this.#source.begin(this);
  }

  #drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#other?.kill();
    this.#other = null;
  }
}
