/** What a test asks of a packet's protocols, answered once per node of the stack table. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { CONTENT_CARRIERS, FIELD_KIN, INDEX_EXACT_PROTOCOLS, NAMED_PARTS } from './column-sources.ts';
import type { FieldEntry } from './fields.ts';

/** Bits of the class of a stack, as one test sees it: a protocol that the index knows less of is on it; the field may occur; it has the protocol. */
export const OPEN_SHIFT = 0;
export const HAS_SHIFT = 2;
export const OPEN = 1 << OPEN_SHIFT;
const MAY = 1 << 1;
export const HAS = 1 << HAS_SHIFT;
/** Any of the above; and any of them but OPEN. */
export const ANY_SHIFT = 3;
export const SURE_SHIFT = 4;

/** For each stack node: whether it has a protocol that a test is about, or one inside which such a protocol may hide. */
export class StackClasses {
  readonly #has = new Set<number>();
  readonly #open = new Set<number>();
  readonly #may = new Set<number>();
  /** Protocols whose parts are named without anything that a filter finds by the name. */
  readonly #named = new Set<number>();
  #classes = new Uint8Array(0);
  #capture: CaptureIndex | null = null;

  constructor(entries: readonly FieldEntry[]) {
    const names = new Set(entries.flatMap((entry) => entry.protocols.map((protocol) => protocol.name)));
    const content = [...names].some((name) => name === 'data' || !INDEX_EXACT_PROTOCOLS.has(name));
    for (const name of [...names]) for (const kin of FIELD_KIN[name] ?? []) names.add(kin);
    for (const protocol of allProtocols()) {
      if (content && CONTENT_CARRIERS.has(protocol.name)) this.#may.add(protocol.id);
      if (entries.some((entry) => entry.protocols.some((own) => own.name === protocol.name))) this.#has.add(protocol.id);
      if (names.has(protocol.name)) this.#may.add(protocol.id);
      if (NAMED_PARTS.has(protocol.name) && entries.every((entry) => entry.kind === 'protocol')) this.#named.add(protocol.id);
      if (!INDEX_EXACT_PROTOCOLS.has(protocol.name) || protocol.open === true) this.#open.add(protocol.id);
    }
  }

  of(capture: CaptureIndex): Uint8Array {
    const { stacks } = capture;
    if (this.#capture === capture && this.#classes.length === stacks.size) return this.#classes;
    const classes = new Uint8Array(stacks.size);
    const [has, may, open] = [this.#has, this.#may, this.#open].map((set) =>
      stacks.mask((id, part) => set.has(id) && !(part && this.#named.has(id))),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    // A table that ran over may lack the top of any stack.
    for (let node = 0; node < classes.length; node++) {
      const bits = (has[node] === 1 ? HAS | MAY : 0) | (may[node] === 1 ? MAY : 0) | (open[node] === 1 || stacks.overflowed ? OPEN : 0);
      classes[node] = bits === 0 ? 0 : bits | (1 << ANY_SHIFT) | ((bits & OPEN) === 0 ? 1 << SURE_SHIFT : 0);
    }
    this.#classes = classes;
    this.#capture = capture;
    return classes;
  }
}
