/**
 * Protocol stacks as numbers: a trie whose node is "this stack, then that protocol". A packet's stack column holds one node, so
 * `frame.protocols`, the protocol column and "is there any HTTP in it?" need no dissection.
 * Node 0 is the empty stack. Depth is bounded by MAX_DEPTH, nodes by 65,536: beyond that the stack stops growing (the packet is
 * still indexed) and `overflowed` is set.
 */
const MAX_DEPTH = 48;
/** Parts of layers (those of certificates) are put on as long as the whole is shorter than this; they do not count for MAX_DEPTH. */
export const MAX_PARTS = 104;
/** Nodes beyond which no more parts are kept: each chain of certificates has a stack of its own. */
export const PARTS_LIMIT = 0x8000;

/** More than there are protocols. */
const KEY = 0x10000;

export class StackTable {
  readonly #parent: number[] = [0];
  readonly #protocol: number[] = [-1];
  readonly #depth: number[] = [0];
  /** First child of each node, 0 without one: most nodes have no other. */
  readonly #first: number[] = [0];
  /** Parts among the protocols up to each node. */
  readonly #parts: number[] = [0];
  /** Children of each node with several, by protocol id; sparse. */
  readonly #children: (Int32Array | null)[] = [null];
  /** Children that begin a packet inside a packet, by KEY * node + protocol id: few. */
  readonly #nested = new Map<number, number>();
  /** For each node: 1 if it begins a packet inside a packet, 2 if a node below it does, 3 for both. */
  readonly #nests: number[] = [0];
  overflowed = false;

  get size(): number {
    return this.#parent.length;
  }

  /** The node for `stack` with `protocol` on top; `part`: it is no layer but a part of one. Allocates only the first time that a stack is seen. */
  push(stack: number, protocol: number, part = false): number {
    const first = this.#first[stack] as number;
    if (first !== 0 && this.#protocol[first] === protocol) return first;
    const children = this.#children[stack];
    if (children != null && protocol < children.length) {
      const child = children[protocol] as number;
      if (child !== 0) return child;
    }
    return this.#grow(stack, protocol, part);
  }

  /** push() of the first protocol of one of several packets in `stack`: what came before it has nothing more on it. */
  nest(stack: number, protocol: number): number {
    const known = this.#nested.get(KEY * stack + protocol);
    if (known !== undefined) return known;
    const node = this.#node(stack, protocol, false);
    if (node === stack) return stack;
    this.#nests[node] = (this.#nests[node] as number) | 1;
    this.#nested.set(KEY * stack + protocol, node);
    return node;
  }

  /** A new child of `stack`; `stack` itself where there is no more room. */
  #node(stack: number, protocol: number, part: boolean): number {
    const depth = this.#depth[stack] as number;
    const node = this.#parent.length;
    const parts = this.#parts[stack] as number;
    if ((part ? depth >= MAX_PARTS : depth - parts >= MAX_DEPTH) || node > 0xffff) {
      this.overflowed = true;
      return stack;
    }
    this.#parent.push(stack);
    this.#protocol.push(protocol);
    this.#depth.push(depth + 1);
    this.#parts.push(part ? parts + 1 : parts);
    this.#first.push(0);
    this.#children.push(null);
    this.#nests.push((this.#nests[stack] as number) !== 0 ? 2 : 0);
    return node;
  }

  #grow(stack: number, protocol: number, part: boolean): number {
    const node = this.#node(stack, protocol, part);
    if (node === stack) return stack;
    if (this.#first[stack] === 0) this.#first[stack] = node;
    else {
      let children = this.#children[stack];
      if (children == null || protocol >= children.length) {
        const wider = new Int32Array(Math.max(16, 1 << (32 - Math.clz32(protocol))));
        if (children != null) wider.set(children);
        children = wider;
        this.#children[stack] = children;
      }
      children[protocol] = node;
    }
    return node;
  }

  /** Protocol id on top of the stack, -1 for the empty stack. */
  top(stack: number): number {
    return this.#protocol[stack] as number;
  }

  parent(stack: number): number {
    return this.#parent[stack] as number;
  }

  depth(stack: number): number {
    return this.#depth[stack] as number;
  }

  /** Protocol ids from link to application. */
  path(stack: number): number[] {
    const path: number[] = [];
    for (let node = stack; node !== 0; node = this.#parent[node] as number) path.push(this.#protocol[node] as number);
    return path.reverse();
  }

  /** True if the stack's last protocol begins one of several packets in a packet. */
  begins(stack: number): boolean {
    return ((this.#nests[stack] as number) & 1) !== 0;
  }

  /** Places in path() at which one of several packets in a packet begins; null for none, which is nearly always so. */
  nestedAt(stack: number): number[] | null {
    if (this.#nests[stack] === 0) return null;
    const places: number[] = [];
    for (let node = stack; node !== 0; node = this.#parent[node] as number)
      if (((this.#nests[node] as number) & 1) !== 0) places.push((this.#depth[node] as number) - 1);
    return places;
  }

  /** For each node: 1 if the stack has any protocol, or part of one, for which `wanted` is true. For scanning the stack column. */
  mask(wanted: (protocol: number, part: boolean) => boolean): Uint8Array {
    const mask = new Uint8Array(this.size);
    for (let node = 1; node < mask.length; node++) {
      const parent = this.#parent[node] as number;
      const part = this.#parts[node] !== this.#parts[parent];
      mask[node] = mask[parent] === 1 || wanted(this.#protocol[node] as number, part) ? 1 : 0;
    }
    return mask;
  }
}
