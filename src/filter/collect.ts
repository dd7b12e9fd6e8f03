/** Values of the fields that a filter uses, taken from a full dissection. */
import { formatEther, formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { ExpertGroup, FieldDef } from '../dissect/field.ts';
import type { FieldNode, FieldValue, LayerNode, Severity } from '../messages.ts';
import { type Category, categoryOf, type FieldEntry, groupNumber, LAYER_NOTES, SEVERITY_NUMBER } from './fields.ts';
import type { Value } from './literal.ts';

/** One occurrence of a field or protocol. */
export interface Occurrence {
  /** Null for fields without a value, and for values of another type than the name stands for. */
  readonly value: Value | null;
  /** Protocols only: the bytes of the whole layer and what it carries, for contains and matches. `value` has the header's. */
  readonly whole: Uint8Array | null;
  /** Layers of the same protocol up to this one, from 1. */
  readonly layer: number;
}

const NOTHING: readonly Occurrence[] = [];

/** Collects occurrences for a list of entries: one list per entry, in the order of the tree. */
export class Collector {
  readonly #entries: readonly FieldEntry[];
  readonly #slots = new Map<string, number[]>();
  readonly #fields: boolean;
  readonly #experts: boolean;

  constructor(entries: readonly FieldEntry[]) {
    this.#entries = entries;
    entries.forEach((entry, slot) => {
      const list = this.#slots.get(entry.abbrev);
      if (list === undefined) this.#slots.set(entry.abbrev, [slot]);
      else list.push(slot);
    });
    this.#experts = entries.some(({ abbrev }) => abbrev.startsWith('_ws.expert') || abbrev === '_ws.malformed');
    this.#fields = this.#experts || entries.some((entry) => entry.kind === 'field');
  }

  collect(d: Dissection): readonly (readonly Occurrence[])[] {
    const out: Occurrence[][] = this.#entries.map(() => []);
    const counts = new Map<string, number>();
    for (const layer of d.layers) {
      const number = (counts.get(layer.protocol) ?? 0) + 1;
      counts.set(layer.protocol, number);
      this.#put(out, layer.protocol, 'protocol', (entry) => (entry.kind === 'protocol' ? protocolValue(d, layer, number) : null));
      if (layer.status !== 'whole') this.#broken(layer.status, number, out);
      if (this.#fields) this.#walk(d, layer.fields, number, out);
    }
    for (const { protocol, buf } of d.embedded) {
      const number = (counts.get(protocol) ?? 0) + 1;
      counts.set(protocol, number);
      const value = buf.bytes.subarray(buf.offset, buf.end);
      this.#put(out, protocol, 'protocol', (entry) => (entry.kind === 'protocol' ? { value, whole: value, layer: number } : null));
    }
    return out.map((list) => (list.length === 0 ? NOTHING : list));
  }

  #put(out: Occurrence[][], abbrev: string, kind: FieldEntry['kind'], make: (entry: FieldEntry) => Occurrence | null): void {
    const slots = this.#slots.get(abbrev);
    if (slots === undefined) return;
    for (const slot of slots) {
      const entry = this.#entries[slot] as FieldEntry;
      if (entry.kind !== kind) continue;
      const made = make(entry);
      if (made !== null) (out[slot] as Occurrence[]).push(made);
    }
  }

  #walk(d: Dissection, nodes: readonly FieldNode[], layer: number, out: Occurrence[][]): void {
    for (const node of nodes) {
      const def = d.fieldDefs.get(node);
      // Read in one pass, as tshark does it, a packet cannot name one that comes after it.
      if (d.capture.onePass === true && def?.type === 'framenum' && typeof node.value === 'number' && node.value > d.row + 1) continue;
      if (node.abbrev !== '' && this.#slots.has(node.abbrev)) this.#field(node.abbrev, node, def, layer, out);
      if (def?.also !== undefined) for (const alias of def.also) if (this.#slots.has(alias)) this.#field(alias, node, def, layer, out);
      if (this.#experts && node.severity !== null) this.#expert(node.severity, def?.group ?? 'protocol', node.display, layer, out);
      if (node.children.length > 0) this.#walk(d, node.children, layer, out);
    }
  }

  #field(abbrev: string, node: FieldNode, def: FieldDef | undefined, layer: number, out: Occurrence[][]): void {
    this.#put(out, abbrev, 'field', (entry) => ({
      value: def === undefined ? null : fieldValue(node.value, categoryOf(def.type), entry.category),
      whole: null,
      layer,
    }));
  }

  #broken(status: keyof typeof LAYER_NOTES, layer: number, out: Occurrence[][]): void {
    const { abbrev, note } = LAYER_NOTES[status];
    if (status !== 'malformed') this.#put(out, abbrev, 'protocol', () => ({ value: null, whole: null, layer: 1 }));
    if (note !== null) this.#expert(...note, layer, out);
  }

  /** What tshark calls malformed includes every note of that group. */
  #expert(severity: Severity, group: ExpertGroup, message: string, layer: number, out: Occurrence[][]): void {
    this.#put(out, '_ws.expert', 'field', () => ({ value: null, whole: null, layer }));
    this.#put(out, '_ws.expert.severity', 'field', () => ({ value: SEVERITY_NUMBER[severity], whole: null, layer }));
    this.#put(out, '_ws.expert.group', 'field', () => ({ value: groupNumber(group), whole: null, layer }));
    this.#put(out, '_ws.expert.message', 'field', () => ({ value: message, whole: null, layer }));
    if (group === 'malformed') this.#put(out, '_ws.malformed', 'protocol', () => ({ value: null, whole: null, layer }));
  }
}

/** A value of category `own` under a name that stands for `wanted`: names of hosts are addresses as text, all else must agree. */
function fieldValue(value: FieldValue, own: Category, wanted: Category): Value | null {
  if (own === wanted) return toValue(value, own);
  if (wanted !== 'string' || !(value instanceof Uint8Array)) return null;
  if (own === 'ipv4') return value.length === 4 ? formatIpv4(value) : null;
  if (own === 'ipv6') return value.length === 16 ? formatIpv6(value) : null;
  return own === 'bytes' && value.length === 6 ? formatEther(value) : null;
}

function protocolValue(d: Dissection, layer: LayerNode, number: number): Occurrence {
  const bytes = d.sources[layer.source]?.bytes ?? new Uint8Array(0);
  const whole = bytes.subarray(layer.offset, layer.offset + layer.length);
  // `frame` is the whole packet; of all others a slice or length is that of the header.
  const value = layer.protocol === 'frame' ? whole : bytes.subarray(layer.offset, layer.offset + layer.headerLength);
  return { value, whole, layer: number };
}

/** A field's value as filters compare it. */
function toValue(value: FieldValue, category: Category): Value | null {
  if (value === null) return null;
  switch (category) {
    case 'int':
    case 'float':
      if (typeof value === 'boolean') return value ? 1 : 0;
      return typeof value === 'number' || typeof value === 'bigint' ? value : null;
    case 'bool':
      if (typeof value === 'boolean') return value ? 1 : 0;
      return typeof value === 'number' || typeof value === 'bigint' ? (Number(value) !== 0 ? 1 : 0) : null;
    case 'string':
      return typeof value === 'string' ? value : null;
    case 'ipv4':
      return value instanceof Uint8Array && value.length === 4 ? word(value) : null;
    case 'ipv6':
      return value instanceof Uint8Array && value.length === 16 ? value : null;
    case 'bytes':
      return value instanceof Uint8Array ? value : typeof value === 'string' ? value : null;
    case 'time':
      return typeof value === 'object' && 'sec' in value ? BigInt(value.sec) * 1_000_000_000n + BigInt(value.nsec) : null;
    case 'none':
      return null;
  }
}

function word(b: Uint8Array): number {
  return (((b[0] as number) << 24) | ((b[1] as number) << 16) | ((b[2] as number) << 8) | (b[3] as number)) >>> 0;
}
