/** Time stamps of pcapng: 64-bit counts of units that each interface chooses, as seconds and nanoseconds, exactly. */

/** Largest number of units per second with which the long division below stays exact in doubles: 2^37. */
const MOST_UNITS_BITS = 37;
const MOST_UNITS_DIGITS = 11;

/** Turns the counts of one interface into time. The result of `set` is in `sec` and `nsec`: nothing is allocated. */
export class TickClock {
  /** Epoch seconds, floor. */
  sec = 0;
  /** 0 to 999,999,999; finer units are cut off. */
  nsec = 0;
  /** Digits after the decimal point that the units can tell apart, at most 9. */
  readonly digits: number;
  /** Digits that tell any of the times exactly, at most 9: fractions of powers of two need more than tell them apart. */
  readonly exactDigits: number;
  readonly #units: number;
  readonly #offset: number;
  /** Power of ten by which a count that is too fine is divided first; 0 for none. */
  readonly #tens: number;
  /** Exponent of binary units. */
  readonly #bits: number;
  /** Nanoseconds in a unit; 0 if that is no whole number, or seconds could be too many to be exact in doubles. */
  readonly #scale: number;
  /** Of the counts whose upper half is #high: whole seconds in #high * 2^32 units, and the units that are left over. */
  #high = -1;
  #highSec = 0;
  #highRest = 0;
  #rest = 0;

  /**
   * @param resolution value of if_tsresol: a negative power of ten, or of two if the highest bit is set; 6 where the option is missing
   * @param offset value of if_tsoffset: seconds to add
   */
  constructor(resolution: number, offset: number) {
    const exponent = resolution & 0x7f;
    const binary = (resolution & 0x80) !== 0;
    this.#offset = offset;
    this.#tens = binary ? 0 : Math.max(0, exponent - MOST_UNITS_DIGITS);
    this.#bits = binary ? exponent : 0;
    this.#units = binary ? 2 ** Math.min(exponent, MOST_UNITS_BITS) : 10 ** Math.min(exponent, MOST_UNITS_DIGITS);
    this.#scale = this.#units >= 1_000_000 && 1_000_000_000 % this.#units === 0 ? 1_000_000_000 / this.#units : 0;
    this.digits = Math.min(9, binary ? Math.ceil(exponent * Math.log10(2)) : exponent);
    this.exactDigits = Math.min(9, exponent);
  }

  /** Sets the time to a count of `high` * 2^32 + `low` units. */
  set(high: number, low: number): void {
    if (this.#scale > 0) {
      if (high !== this.#high) {
        this.#divide(high, 0);
        this.#high = high;
        this.#highSec = this.sec;
        this.#highRest = this.#rest;
      }
      const sum = this.#highRest + low;
      const seconds = Math.floor(sum / this.#units);
      this.sec = this.#highSec + seconds;
      this.nsec = (sum - seconds * this.#units) * this.#scale;
      return;
    }
    if (this.#bits > MOST_UNITS_BITS) {
      this.#setFine(high, low);
      return;
    }
    let hi = high;
    let lo = low;
    if (this.#tens > 0) {
      for (let left = this.#tens; left > 0; left -= Math.min(left, 4)) {
        const divisor = 10 ** Math.min(left, 4);
        const quotient = Math.floor(hi / divisor);
        lo = Math.floor(((hi - quotient * divisor) * 0x1_0000_0000 + lo) / divisor);
        hi = quotient;
      }
    }
    this.#divide(hi, lo);
    const units = this.#units;
    let rest = this.#rest;
    let nsec = 0;
    for (let i = 0; i < 3; i++) {
      const part = rest * 1000;
      let digits = Math.floor(part / units);
      rest = part - digits * units;
      if (rest < 0) {
        digits--;
        rest += units;
      }
      nsec = nsec * 1000 + digits;
    }
    this.nsec = nsec;
  }

  /** Sets `sec` to the whole seconds of hi * 2^32 + lo units, and #rest to the units that are left over. */
  #divide(hi: number, lo: number): void {
    // Schoolbook division, 16 bits at a time: every intermediate value stays under 2^53.
    const units = this.#units;
    const q2 = Math.floor(hi / units);
    let rest = hi - q2 * units;
    let part = rest * 0x10000 + (lo >>> 16);
    let q1 = Math.floor(part / units);
    rest = part - q1 * units;
    if (rest < 0) {
      q1--;
      rest += units;
    }
    part = rest * 0x10000 + (lo & 0xffff);
    let q0 = Math.floor(part / units);
    rest = part - q0 * units;
    if (rest < 0) {
      q0--;
      rest += units;
    }
    this.sec = q2 * 0x1_0000_0000 + q1 * 0x10000 + q0 + this.#offset;
    this.#rest = rest;
  }

  /** Units finer than 2^-37 seconds, which nothing is known to write: exact too, at the price of big numbers. */
  #setFine(high: number, low: number): void {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    const bits = BigInt(this.#bits);
    const seconds = ticks >> bits;
    this.sec = Number(seconds) + this.#offset;
    this.nsec = Number(((ticks - (seconds << bits)) * 1_000_000_000n) >> bits);
  }
}
