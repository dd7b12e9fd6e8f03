/** Whether the memory in use grows as work goes on: looked at after a collection, in rounds. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Looks whose least counts: one alone may come at a bad moment. */
const LOOKS = 3;
/** Bytes by which the last looks may differ from the first: code that is optimised late, caches that fill. */
const TOLERANCE = 24 * 2 ** 20;

export class MemoryWatch {
  /** Bytes of each look. */
  readonly looks: number[] = [];
  readonly #collect: () => void;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
  }

  /** Collects and notes what is in use, array buffers included. Returns bytes. */
  look(): number {
    this.#collect();
    this.#collect();
    const { heapUsed, external } = process.memoryUsage();
    this.looks.push(heapUsed + external);
    return heapUsed + external;
  }

  /** Bytes by which the memory in use has grown from the first looks to the last; 0 while that is within bounds or not known. */
  get growth(): number {
    if (this.looks.length < 2 * LOOKS) return 0;
    const grown = Math.min(...this.looks.slice(-LOOKS)) - Math.min(...this.looks.slice(0, LOOKS));
    return grown > TOLERANCE ? grown : 0;
  }
}
