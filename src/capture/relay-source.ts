/**
 * A source that begins with cap, whose packets show at once, and goes on with dumpcap as soon as more packets come than cap takes without loss:
 * then dumpcap's batches are short. dumpcap runs beside cap from the start, and what it gave in the last moment is kept: the bytes tell what of
 * that cap had too (./seam.ts), so that none is lost and none comes twice. What cap had lost comes a little late, with its own time.
 *
 * While packets keep coming, cap gives its process no turn: so what dumpcap has written is read from within check().
 */
import type { WriteInterface } from '../file/write.ts';
import type { BackendName, Failure } from '../messages.ts';
import { fingerprint, Had, Seam } from './seam.ts';
import type { Source, SourceCounts, SourceSink } from './source.ts';

/** From here on cap may lose packets where other processes want the processor too: its loop takes 4 to 6 µs for each. */
export const BUSY = 50_000;
/** The rate is taken over this time: in less cap's buffer does not overflow at a lower rate. */
const RATE_MS = 80;
/** cap's stamps and the kernel's are of the same clock, read in two ways: they may differ by so much (ArrivalClock), not counting the way. */
const CLOCKS_MS = 30;
/** Of what dumpcap gave so much is kept: more than cap's buffer and the measuring of a rate take. */
const KEEP_MS = 600;
/** After cap's end: dumpcap has passed on what it had if nothing came from it for so long. */
const JOIN_MS = 600;
/** Takes a packet: see SourceSink.packet. */
export type Take = (bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number) => void;

/** The other back end while it runs beside: DumpcapBeside. */
export interface Beside {
  /** 'failed': it has ended, or never opened. */
  readonly state: 'opening' | 'open' | 'failed';
  onNews: () => void;
  /** Gives the packets that are new, and keeps them. Never waits. */
  look(take: Take): void;
  /** Drops what is kept and came before a time, ms since 1970, as far as that costs nothing. */
  forget(before: number): void;
  /** Time of the first packet that is kept, ms since 1970; null: none is. */
  readonly first: number | null;
  /** The source that goes on with what is kept, without what somebody had already. */
  source(seam: Seam | null): Source;
  kill(): void;
}

/** 'first': cap gives the packets; 'joining': it has ended; 'second': the other gives them. */
type Phase = 'first' | 'joining' | 'second';

export class RelaySource implements Source, SourceSink {
  readonly #busy: number;
  readonly #now: () => number;
  #source: Source;
  #sink: SourceSink | null = null;
  #phase: Phase = 'first';
  #over = false;
  /** Null: it did not work, or it is the source now. */
  #other: Beside | null;
  #had: Had | null = new Had();
  /** Where the capture begins, ms since 1970. */
  #begun = 0;
  /** Time of the other's newest packet, and of cap's last, ms since 1970. */
  #newest = 0;
  #last = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Packets of each since the rate was taken. */
  #count = 0;
  #otherCount = 0;
  #countedAt: number;

  /**
   * @param first where it begins: one interface
   * @param other on the same interface, open
   * @param busy packets per second from which on the other captures
   * @param now wall clock, ms since 1970
   */
  constructor(first: Source, other: Beside, busy = BUSY, now: () => number = Date.now) {
    this.#source = first;
    this.#other = other;
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
    this.#begun = this.#countedAt = this.#now();
    if (this.#other !== null) this.#other.onNews = () => this.#look();
    this.#source.begin(this);
  }

  check(): void {
    this.#source.check();
    if (this.#over || this.#other === null || this.#phase !== 'first') return;
    this.#look();
    this.#measure();
  }

  end(hurry: boolean, done: (counts: readonly SourceCounts[]) => void): void {
    if (this.#phase === 'joining') this.#join();
    this.#over = true;
    this.#drop();
    this.#source.end(hurry, done);
  }

  /* ------------------------------------------------------------ what the present back end gives */

  packet(bytes: Uint8Array, offset: number, capLen: number, wireLen: number, sec: number, nsec: number, iface: number): void {
    if (this.#had !== null) {
      if (this.#phase === 'joining') return;
      this.#count++;
      this.#last = sec * 1000 + nsec / 1e6;
      this.#had.add(fingerprint(bytes, offset, capLen), this.#last);
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

  #look(): void {
    const other = this.#other;
    if (other === null || this.#over) return;
    other.look((_bytes, _offset, _capLen, _wireLen, sec, nsec) => {
      this.#newest = sec * 1000 + nsec / 1e6;
      this.#otherCount++;
    });
    if (this.#phase === 'joining') {
      // All that cap had has come from the other too, if it has newer ones.
      if (this.#newest > this.#last + CLOCKS_MS || other.state === 'failed') this.#join();
      else this.#joinLater();
      return;
    }
    // By its own time: on a busy machine it may be behind.
    other.forget(this.#newest - KEEP_MS);
    // A dumpcap that may not capture, or has ended: cap goes on alone.
    if (other.state === 'failed') this.#drop();
  }

  #measure(): void {
    const now = this.#now();
    const passed = now - this.#countedAt;
    // A wall clock that was set back begins anew.
    if (passed >= 0 && passed < RATE_MS) return;
    // cap may have lost what the other has; the other may not have passed on yet what cap has.
    const count = Math.max(this.#count, this.#otherCount);
    this.#count = 0;
    this.#otherCount = 0;
    this.#countedAt = now;
    if (count * 1000 < this.#busy * passed || this.#other?.state !== 'open') return;
    this.#phase = 'joining';
    this.#source.end(false, () => {});
    this.#joinLater();
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
    const first = (other.first ?? this.#last) - CLOCKS_MS;
    const seam = this.#had === null ? null : new Seam(this.#had, this.#begun, first, this.#last + CLOCKS_MS);
    this.#source = other.source(seam);
    this.#other = null;
    this.#had = null;
    this.#phase = 'second';
    this.#sink?.changed(
      `From this packet on captured by ${this.#source.version}: time stamps are ${this.#source.clock}, drops are counted. Before it they were taken on arrival in the capture process. Packets that libpcap had lost shortly before come first.`,
    );
    this.#source.begin(this);
  }

  /** Without the other from now on. */
  #drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#other?.kill();
    this.#other = null;
    this.#had = null;
  }
}
