/**
 * Time stamps for packets. `cap` hands over no kernel time, so a packet is stamped when it arrives here. The wall clock of JavaScript counts
 * milliseconds; the monotonic clock counts nanoseconds but knows no date, and stands still while the machine sleeps. This joins the two.
 */

/** Further apart than this, the wall clock was set or the machine slept: the join is made anew. */
const STEP_MS = 25;

export class ArrivalClock {
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  /** Epoch milliseconds at monotonic zero. */
  #base = 0;
  /** Of the last stamp. */
  sec = 0;
  nsec = 0;

  /** @param wall epoch milliseconds; @param monotonic milliseconds with a fraction */
  constructor(wall: () => number = Date.now, monotonic: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#join();
  }

  /** Sets `sec` and `nsec` to now; stamps never go back, except when the wall clock was set back. */
  stamp(): void {
    const since = this.#monotonic();
    // Two parts, because a number of nanoseconds since 1970 has more digits than a double holds.
    const baseMs = Math.floor(this.#base);
    const fraction = this.#base - baseMs + since;
    const wholeMs = Math.floor(fraction);
    const ms = baseMs + wholeMs;
    this.sec = Math.floor(ms / 1000);
    this.nsec = (ms - this.sec * 1000) * 1_000_000 + Math.floor((fraction - wholeMs) * 1_000_000);
  }

  /** To be called now and then: follows a wall clock that was set. */
  check(): void {
    if (Math.abs(this.#wall() - (this.#base + this.#monotonic())) > STEP_MS) this.#join();
  }

  /** Waits, a millisecond at most, for the wall clock's next tick: then its fraction is known to be zero. */
  #join(): void {
    const first = this.#wall();
    const limit = this.#monotonic() + 3;
    let wall = first;
    let since = this.#monotonic();
    while (wall === first && since < limit) {
      wall = this.#wall();
      since = this.#monotonic();
    }
    this.#base = wall - since;
  }
}
