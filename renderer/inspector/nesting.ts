/** Geometry of the nesting bar: each layer a box in the box of the layer below, to scale as far as headers stay readable. */
import type { Hue, LayerNode } from '../../src/messages.ts';

/** A header is never drawn narrower than this, in px, as long as there is room. */
export const MIN_HEADER = 52;
/** Height of the bar and the space between a box and the box around it, in px. */
export const BAR_HEIGHT = 58;
const INSET = 4;
/** What a head has beside its name, as usual and where there is little room, in px. */
const BESIDE = 14;
const BESIDE_TIGHT = 8;
/** Text needs this much height. */
const TEXT_HEIGHT = 27;
/** More boxes side by side than this are counted, not drawn. */
const MAX_SIBLINGS = 6;
/** Ticks closer than this would run into each other. */
const TICK_WIDTH = 26;

export interface NestingBox {
  /** Index in the packet's layers. */
  readonly layer: number;
  readonly hue: Hue;
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  /** Width of the part that holds the label. */
  readonly head: number;
  /** True if the box has no box inside: its label may use the whole width. */
  readonly leaf: boolean;
  /** True if bytes of it were not captured: its right side is open. */
  readonly open: boolean;
  /** Bytes that stand in another data source than the frame (reassembled, decompressed). */
  readonly elsewhere: boolean;
}

export interface Nesting {
  readonly boxes: readonly NestingBox[];
  /** Offsets under the bar. */
  readonly ticks: readonly { readonly left: number; readonly offset: number }[];
  /** Where the bytes end that were captured, if some were not: the hatched part. */
  readonly missing: { readonly left: number; readonly width: number; readonly top: number; readonly height: number } | null;
  /** True if there is no room for heads of the usual least width: each has what its name needs, or its share of that. */
  readonly tight: boolean;
  /** True if a header is drawn wider than its share. */
  readonly widened: boolean;
  /** Layers that found no room beside their siblings. */
  readonly omitted: number;
}

interface Item {
  readonly layer: LayerNode;
  readonly index: number;
  readonly elsewhere: boolean;
  readonly children: Item[];
  /** Children left out. */
  omitted: number;
}

export interface NestingInput {
  readonly layers: readonly LayerNode[];
  readonly wireLength: number;
  readonly capturedLength: number;
  /** Px. */
  readonly width: number;
  /** Width of a name, in px. */
  readonly measure: (text: string) => number;
}

/** Lays the bar out. A packet without layers above the frame gives no boxes. */
export function layOutNesting(input: NestingInput): Nesting {
  const { layers, width, measure } = input;
  const captured = Math.max(0, input.capturedLength);
  const wire = Math.max(captured, input.wireLength, 1);
  const roots = nest(layers);
  const levels = roots.reduce((most, item) => Math.max(most, depthOf(item)), 0);
  const inset = levels > 1 ? Math.min(INSET, (BAR_HEIGHT - TEXT_HEIGHT) / 2 / (levels - 1)) : INSET;
  const heads = roots.flatMap(chain).length;
  const room = width - levels * inset;
  const tight = heads * MIN_HEADER > room;
  const nameWidth = ({ layer }: Item): number => Math.ceil(measure(layer.short)) + BESIDE_TIGHT;
  const most = tight ? shared(room, roots.flatMap(chain).map(nameWidth)) : 0;
  const leastHead = (item: Item): number => (tight ? Math.max(6, Math.min(most, nameWidth(item))) : MIN_HEADER);
  const scale = width / wire;
  const boxes: NestingBox[] = [];
  const ticks: { left: number; offset: number }[] = [];
  let missing: Nesting['missing'] = null;
  let widened = false;
  let omitted = 0;

  const place = (items: readonly Item[], left: number, room: number, depth: number, endOffset: number) => {
    const parts = items.map((item) => {
      const open = isOpen(item, captured, wire);
      return { bytes: open ? wire - item.layer.offset : item.layer.length, min: minWidth(item, leastHead) + depthInset(item, inset) };
    });
    const first = items[0];
    const used = items.reduce((sum, item, i) => sum + (item.elsewhere ? 0 : (parts[i]?.bytes ?? 0)), 0);
    const rest = first === undefined || first.elsewhere ? 0 : Math.max(0, endOffset - first.layer.offset - used);
    const widths = distribute(room, rest > 0 ? [...parts, { bytes: rest, min: 0 }] : parts);
    let x = left;
    items.forEach((item, i) => {
      const w = widths[i] ?? 0;
      const open = isOpen(item, captured, wire);
      const { layer } = item;
      const leaf = item.children.length === 0;
      const own = Math.max(0, Math.min(layer.headerLength, layer.length));
      const payload = layer.length - own;
      const natural = own * scale;
      const childrenMin = item.children.reduce((sum, child) => sum + minWidth(child, leastHead) + depthInset(child, inset), 0);
      const minHead = leastHead(item);
      const label = tight ? minHead : Math.max(minHead, measure(layer.short) + BESIDE);
      let head = w;
      if (!leaf) head = Math.max(minHead, Math.min(Math.max(label, natural), w - inset - childrenMin));
      else if (payload > 0 && layer.hue !== 'app' && !open) head = Math.min(w, Math.max(label, natural));
      if (head > natural + 1 && (!leaf || payload > 0) && own > 0) widened = true;
      const top = depth * inset;
      const height = BAR_HEIGHT - 2 * top;
      if (open && leaf) {
        const share = ((captured - layer.offset) / Math.max(1, wire - layer.offset)) * w;
        head = Math.min(w, Math.max(minHead, share));
        missing = { left: x + head, width: Math.max(0, w - head), top, height };
      }
      boxes.push({
        layer: item.index,
        hue: layer.hue,
        left: x,
        width: w,
        top,
        height,
        head,
        leaf,
        open: open && !item.elsewhere,
        elsewhere: item.elsewhere,
      });
      if (!item.elsewhere) ticks.push({ left: x, offset: layer.offset });
      if (!leaf) {
        place(item.children, x + head, w - head - (open ? 0 : inset), depth + 1, open ? wire : layer.offset + layer.length);
        omitted += item.omitted;
      }
      x += w;
    });
  };
  place(roots, 0, width, 0, wire);
  if (missing === null && captured < wire) {
    const x = captured * scale;
    missing = { left: x, width: width - x, top: 0, height: BAR_HEIGHT };
  }
  return { boxes, ticks: apart(ticks), missing, tight, widened, omitted };
}

/** Which layer stands in which: by byte ranges within the frame; layers of other sources in the last layer of the frame before them. */
function nest(layers: readonly LayerNode[]): Item[] {
  const roots: Item[] = [];
  const stack: Item[] = [];
  layers.forEach((layer, index) => {
    if (layer.protocol === 'frame' || layer.length <= 0) return;
    const item: Item = { layer, index, elsewhere: layer.source !== 0, children: [], omitted: 0 };
    while (stack.length > 0 && !holds((stack.at(-1) as Item).layer, layer)) stack.pop();
    const parent = stack.at(-1);
    const among = parent === undefined ? roots : parent.children;
    if (among.length >= MAX_SIBLINGS) {
      if (parent !== undefined) parent.omitted++;
      return;
    }
    among.push(item);
    stack.push(item);
  });
  return roots;
}

function holds(outer: LayerNode, inner: LayerNode): boolean {
  // Bytes of another source were put together from this layer's payload.
  if (inner.source !== outer.source) return inner.source > outer.source;
  return inner.offset >= outer.offset + Math.min(1, outer.headerLength) && inner.offset + inner.length <= outer.offset + outer.length;
}

function depthOf(item: Item): number {
  return 1 + item.children.reduce((most, child) => Math.max(most, depthOf(child)), 0);
}

/** A box and all in it: their heads stand beside each other. */
function chain(item: Item): Item[] {
  return [item, ...item.children.flatMap(chain)];
}

/** The most that each of several may have of a room: those who need less leave the rest to the others. */
function shared(room: number, needs: readonly number[]): number {
  let rest = room;
  let left = needs.length;
  for (const need of [...needs].sort((a, b) => a - b)) {
    if (need * left > rest) break;
    rest -= need;
    left--;
  }
  return left === 0 ? Number.POSITIVE_INFINITY : rest / left;
}

/** Least width of a box: its head beside those in it. */
function minWidth(item: Item, leastHead: (item: Item) => number): number {
  return leastHead(item) + item.children.reduce((sum, child) => sum + minWidth(child, leastHead), 0);
}

function depthInset(item: Item, inset: number): number {
  return (depthOf(item) - 1) * inset;
}

function isOpen(item: Item, captured: number, wire: number): boolean {
  return !item.elsewhere && wire > captured && item.layer.offset + item.layer.length >= captured;
}

/**
 * Shares `total` px among parts by their bytes, none under its minimum as long as the minimums fit; if they do not fit, by the
 * minimums. The sum is `total`.
 */
export function distribute(total: number, parts: readonly { readonly bytes: number; readonly min: number }[]): number[] {
  const minimums = parts.reduce((sum, part) => sum + part.min, 0);
  if (minimums >= total) return parts.map((part) => (minimums === 0 ? 0 : (part.min / minimums) * total));
  const widths = parts.map(() => 0);
  const free = new Set(parts.keys());
  let room = total;
  for (;;) {
    const bytes = [...free].reduce((sum, i) => sum + (parts[i]?.bytes ?? 0), 0);
    const tight = [...free].filter((i) => {
      const part = parts[i];
      return part !== undefined && (bytes === 0 ? part.min > 0 : (part.bytes / bytes) * room < part.min);
    });
    if (tight.length === 0 || tight.length === free.size) {
      const minSum = [...free].reduce((sum, i) => sum + (parts[i]?.min ?? 0), 0);
      for (const i of free) {
        const part = parts[i];
        if (part === undefined) continue;
        if (tight.length === 0 && bytes > 0) widths[i] = (part.bytes / bytes) * room;
        else widths[i] = minSum > 0 ? (part.min / minSum) * room : room / free.size;
      }
      return widths;
    }
    for (const i of tight) {
      widths[i] = parts[i]?.min ?? 0;
      room -= widths[i] ?? 0;
      free.delete(i);
    }
  }
}

/** Drops ticks that would run into the one before. */
function apart(ticks: readonly { left: number; offset: number }[]): { left: number; offset: number }[] {
  const out: { left: number; offset: number }[] = [];
  for (const tick of [...ticks].sort((a, b) => a.left - b.left)) {
    const last = out.at(-1);
    if (last === undefined || tick.left - last.left >= TICK_WIDTH) out.push(tick);
  }
  return out;
}
