/** Walking the fields of a packet: keys, places and which field a byte belongs to. */
import type { FieldNode, Hue, LayerNode } from '../../src/messages.ts';

/** Name of a field within one packet: layer, field, child, … from 0, joined by dots: '3.5.2'. Of a layer: '3'. */
export type FieldKey = string;

export interface Place {
  readonly source: number;
  readonly offset: number;
  readonly length: number;
}

/** What is selected: a field or layer with its bytes, or bytes alone (`key` null). */
export interface Selection extends Place {
  readonly key: FieldKey | null;
}

/** The layer and field that a key names; null if the packet has none such. `field` is null for a layer's own key. */
export function lookUp(layers: readonly LayerNode[], key: FieldKey): { layer: LayerNode; field: FieldNode | null } | null {
  const [first, ...rest] = key.split('.').map(Number);
  const layer = first === undefined ? undefined : layers[first];
  if (layer === undefined) return null;
  let field: FieldNode | null = null;
  let among: readonly FieldNode[] = layer.fields;
  for (const index of rest) {
    const next: FieldNode | undefined = among[index];
    if (next === undefined) return null;
    field = next;
    among = next.children;
  }
  return { layer, field };
}

/** Key of the layer that a field key belongs to. */
export function layerIndexOf(key: FieldKey): number {
  return Number.parseInt(key, 10);
}

/** Keys of all fields above a field, outermost first; without the layer's own. */
export function ancestorsOf(key: FieldKey): FieldKey[] {
  const parts = key.split('.');
  const out: FieldKey[] = [];
  for (let n = 2; n < parts.length; n++) out.push(parts.slice(0, n).join('.'));
  return out;
}

/**
 * The innermost field that a byte belongs to: of the last layer that holds it, the field with the fewest bytes; of equals the
 * deepest, except that the bits of a field never stand for the whole field. A byte of a layer that no field covers gives the
 * layer's own key. Null where no layer holds the byte.
 */
export function fieldAt(layers: readonly LayerNode[], source: number, offset: number): Selection | null {
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i] as LayerNode;
    const best = innermost(layer.fields, String(i), source, offset);
    if (best !== null && (layer.osi !== '1' || i > 0)) return best;
    if (layer.source === source && offset >= layer.offset && offset < layer.offset + Math.max(layer.headerLength, 0)) {
      return { key: String(i), source, offset: layer.offset, length: layer.headerLength };
    }
  }
  for (let i = layers.length - 1; i > 0; i--) {
    const layer = layers[i] as LayerNode;
    if (layer.source === source && offset >= layer.offset && offset < layer.offset + layer.length) {
      return { key: String(i), source, offset: layer.offset, length: layer.length };
    }
  }
  return null;
}

interface Candidate {
  readonly place: Selection;
  readonly field: FieldNode;
}

function innermost(fields: readonly FieldNode[], prefix: string, source: number, offset: number): Selection | null {
  return candidate(fields, prefix, source, offset)?.place ?? null;
}

function candidate(fields: readonly FieldNode[], prefix: string, source: number, offset: number): Candidate | null {
  let best: Candidate | null = null;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as FieldNode;
    if (field.hidden || field.severity !== null) continue;
    const key = `${prefix}.${i}`;
    const holds = field.length > 0 && field.source === source && offset >= field.offset && offset < field.offset + field.length;
    if (holds) best = closer(best, { place: { key, source, offset: field.offset, length: field.length }, field });
    // A child may stand outside its parent's bytes (text subtrees of length 0), so children are always asked.
    if (field.children.length > 0) best = closer(best, candidate(field.children, key, source, offset));
  }
  return best;
}

/** Which of two is meant by a byte both hold: what was read before what was computed, then the shorter, then the later that is no bit. */
function closer(a: Candidate | null, b: Candidate | null): Candidate | null {
  if (a === null || b === null) return a ?? b;
  if (a.field.generated !== b.field.generated) return a.field.generated ? b : a;
  if (a.place.length !== b.place.length) return a.place.length < b.place.length ? a : b;
  return b.field.mask !== null && a.field.mask === null ? a : b;
}

/** A stretch of a source with the colour of the layer it belongs to. */
export interface Tint {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly hue: Hue;
}

/** The colours of a source's bytes: inner layers over outer ones; sorted, without overlap. Bytes of no layer are in none. */
export function tintsOf(layers: readonly LayerNode[], source: number, size: number): Tint[] {
  const own = layers.filter((layer) => layer.source === source && layer.length > 0 && layer.osi !== '1');
  const edges = new Set<number>();
  for (const layer of own) {
    edges.add(Math.max(0, Math.min(size, layer.offset)));
    edges.add(Math.max(0, Math.min(size, layer.offset + layer.length)));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const out: Tint[] = [];
  for (let i = 0; i + 1 < sorted.length; i++) {
    const from = sorted[i] as number;
    const to = sorted[i + 1] as number;
    let hue: Hue | null = null;
    for (const layer of own) if (layer.offset <= from && layer.offset + layer.length >= to) hue = layer.hue;
    if (hue === null) continue;
    const last = out.at(-1);
    if (last !== undefined && last.to === from && last.hue === hue) out[out.length - 1] = { from: last.from, to, hue };
    else out.push({ from, to, hue });
  }
  return out;
}

/** Hue of the layer that a selection belongs to, for its solid fill. */
export function hueOf(layers: readonly LayerNode[], selection: Selection): Hue {
  if (selection.key !== null) return layers[layerIndexOf(selection.key)]?.hue ?? 'raw';
  const at = fieldAt(layers, selection.source, selection.offset);
  return at?.key == null ? 'raw' : (layers[layerIndexOf(at.key)]?.hue ?? 'raw');
}

/** '46–47' or '46' for a place in a packet; '' where it has no bytes. */
export function rangeText(place: { readonly offset: number; readonly length: number }): string {
  if (place.length <= 0) return '';
  return place.length === 1 ? String(place.offset) : `${place.offset}–${place.offset + place.length - 1}`;
}

/** How a value is set: digits and names in monospace, words beside them quieter. */
export interface ValueParts {
  readonly mono: string;
  readonly text: string;
  readonly quiet: string;
}

/** Splits a displayed value: 'IPv4 (0x0800)' is 0x0800 with the word IPv4, '32 bytes' is 32 with its unit, all else stays whole. */
export function valueParts(field: FieldNode): ValueParts {
  const { display, value } = field;
  if (typeof value === 'boolean') return { mono: '', text: display, quiet: '' };
  if (typeof value === 'number' || typeof value === 'bigint') {
    const named = /^(.*\S) \((0x[0-9a-f]+|-?\d+)\)$/i.exec(display);
    if (named !== null) {
      const [, word = '', digits = ''] = named;
      const counted = /^(0x[0-9a-f]+|-?[\d.,]+)(?: (.*))?$/i.exec(word);
      if (counted !== null) return { mono: counted[1] ?? '', text: counted[2] ?? '', quiet: `(${digits})` };
      return { mono: digits, text: '', quiet: word };
    }
    const unit = /^(0x[0-9a-f]+|-?[\d.,]+)(?:\s+(.*))?$/is.exec(display);
    if (unit !== null) {
      const rest = unit[2] ?? '';
      const inner = /^\((.*)\)$/s.exec(rest);
      return inner === null ? { mono: unit[1] ?? '', text: rest, quiet: '' } : { mono: unit[1] ?? '', text: '', quiet: inner[1] ?? '' };
    }
    return { mono: '', text: display, quiet: '' };
  }
  if (value === null) return { mono: '', text: display, quiet: '' };
  const named = typeof value === 'string' ? null : /^(\S+) \((.*)\)$/s.exec(display);
  if (named !== null) return { mono: named[1] ?? '', text: '', quiet: named[2] ?? '' };
  return { mono: display, text: '', quiet: '' };
}

/** Text that "copy" puts on the clipboard for a field: the shown value; the label where there is none. */
export function copyText(field: FieldNode): string {
  return field.display === '' ? field.label : field.display;
}

/** The worst expert note of a layer that is worth a word on its closed card. */
export function worstSeverity(fields: readonly FieldNode[]): 'warn' | 'error' | null {
  let worst: 'warn' | 'error' | null = null;
  const stack: (readonly FieldNode[])[] = [fields];
  while (stack.length > 0) {
    for (const field of stack.pop() as readonly FieldNode[]) {
      if (field.severity === 'error') return 'error';
      if (field.severity === 'warn') worst = 'warn';
      if (field.children.length > 0) stack.push(field.children);
    }
  }
  return worst;
}

/** The field that a field stands below; a layer's own key for its fields. */
export function parentOf(key: FieldKey): FieldKey {
  return key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : key;
}
