/**
 * What dissections for filters have read of one field: for each row a number that stands for all of the field's values in it. Another test of the same
 * field is asked once per different combination of values, and dissects only rows that nobody has looked at.
 */
import type { Occurrence, SingleField } from '../filter/index.ts';
import { BLOCK_ROWS, BLOCK_SHIFT } from '../table/row-set.ts';
import type { Capture } from './capture.ts';

/** Numbers of combinations: 0 is a row that nobody has looked at. */
const MOST_COMBINATIONS = 0xffff;
/** Characters of the values of one row that are kept, and of all. */
const LONG = 512;
const MOST_TEXT = 4 * 1024 * 1024;
/** Once the capture has grown, rows that are read before any are remembered: they may be forgotten again by the next packet. */
const FEW = 256;

/** The values of a row as one text, the same for the same values. */
function keyOf(occurrences: readonly Occurrence[]): string {
  let key = '';
  for (const { value, layer } of occurrences) {
    const text =
      value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1') : String(value);
    // With its length, so that no text can look like two values.
    key += `${value instanceof Uint8Array ? 'bytes' : value === null ? 'null' : typeof value} ${layer} ${text.length} ${text}`;
    if (key.length > LONG) return key;
  }
  return key;
}

/** A value that does not keep its packet's bytes. */
const owned = (one: Occurrence): Occurrence => (one.value instanceof Uint8Array ? { ...one, value: one.value.slice() } : one);

export class FieldValues {
  readonly #capture: Capture;
  /** Packets of the capture when the rows were read: some fields tell of later packets. */
  #at = -1;
  #read = 0;
  #few = 0;
  #text = 0;
  #blocks: (Uint16Array | undefined)[] = [];
  #ids = new Map<string, number>();
  #combinations: (readonly Occurrence[])[] = [[]];

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  get bytes(): number {
    let sum = 2 * this.#text;
    for (const block of this.#blocks) sum += block?.byteLength ?? 0;
    return sum;
  }

  #fresh(): void {
    const { length } = this.#capture.packets;
    if (this.#at === length) return;
    this.#few = this.#at < 0 ? 0 : FEW;
    this.#at = length;
    this.#read = 0;
    this.#text = 0;
    this.#blocks = [];
    this.#ids.clear();
    this.#combinations = [[]];
  }

  /** Remembers what a dissection of row `at` of a block gave. */
  note(block: number, at: number, occurrences: readonly Occurrence[]): void {
    this.#fresh();
    if (++this.#read <= this.#few) return;
    const key = keyOf(occurrences);
    let id = this.#ids.get(key);
    if (id === undefined) {
      if (key.length > LONG || this.#combinations.length > MOST_COMBINATIONS || this.#text + key.length > MOST_TEXT) return;
      id = this.#combinations.length;
      this.#combinations.push(occurrences.map(owned));
      this.#ids.set(key, id);
      this.#text += key.length;
    }
    let ids = this.#blocks[block];
    if (ids === undefined) {
      ids = new Uint16Array(Math.min(BLOCK_ROWS, this.#at - (block << BLOCK_SHIFT)));
      this.#blocks[block] = ids;
    }
    ids[at] = id;
  }

  /** Whoever asks about rows of a block: true or false where the row's values are known, null where they are not. Null if none of the block's are. */
  judge(block: number, field: SingleField): ((at: number) => boolean | null) | null {
    this.#fresh();
    const ids = this.#blocks[block];
    if (ids === undefined) return null;
    const verdicts: (boolean | undefined)[] = [];
    return (at) => {
      const id = ids[at] as number;
      if (id === 0) return null;
      const known = verdicts[id];
      if (known !== undefined) return known;
      const holds = field.holds(this.#combinations[id] as readonly Occurrence[]);
      verdicts[id] = holds;
      return holds;
    };
  }
}
