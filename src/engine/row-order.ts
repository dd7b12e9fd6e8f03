/** Rows of a view in the order of a column: keys from the columns of the index where these know them, else from dissecting each row. */

import { addressText } from '../connections/connections.ts';
import { allProtocols } from '../dissect/protocol.ts';
import type { FieldNode } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK, NONE } from '../table/packet-table.ts';
import type { Capture } from './capture.ts';
import { orderOfNumbers, orderOfTexts, type Stopped } from './order.ts';
import { shortInfo } from './rows.ts';
import type { Turns } from './turns.ts';
import type { View } from './view.ts';

/** Rows that may be dissected and their texts held for one order. */
export const MOST_TEXTS = 2_000_000;
/** Characters of a text that are compared: more would only cost memory. */
const TEXT = 64;
/** Rows between two looks at the clock: where columns tell, and where rows are dissected. */
const STEP = 8192;
const DISSECTED_STEP = 16;
/** Share of the work that finding the keys of dissected rows is. */
const KEYS_SHARE = 0.97;

/** What the list can be sorted by: its own columns, or a field by its abbreviation. */
export const LIST_COLUMNS = ['no', 'time', 'source', 'destination', 'protocol', 'length', 'info'] as const;

/** True where each row has to be dissected for its key. */
export function dissects(column: string): boolean {
  return column === 'info' || !(LIST_COLUMNS as readonly string[]).includes(column);
}

/**
 * The rows of a view in order; null if it was stopped.
 * @param tell is told how far it is, 0 to 1
 */
export async function orderRows(
  capture: Capture,
  view: View,
  column: string,
  descending: boolean,
  turns: Turns,
  stopped: Stopped,
  tell: (done: number) => void,
): Promise<Uint32Array | null> {
  const n = view.matched;
  const rows = new Uint32Array(n);
  for (let k = 0; k < n; k++) {
    rows[k] = view.fileRowAt(k);
    if (k % STEP === STEP - 1 && turns.due) {
      await turns.pause();
      if (stopped()) return null;
    }
  }
  if (column === 'no') return descending ? rows.reverse() : rows;
  const order = dissects(column)
    ? await byDissection(capture, rows, column, descending, turns, stopped, tell)
    : await byColumns(capture, rows, column, descending, turns, stopped, tell);
  if (order === null) return null;
  for (let k = 0; k < n; k++) {
    order[k] = rows[order[k] as number] as number;
    if (k % STEP === STEP - 1 && turns.due) {
      await turns.pause();
      if (stopped()) return null;
    }
  }
  return order;
}

async function byColumns(
  capture: Capture,
  rows: Uint32Array,
  column: string,
  descending: boolean,
  turns: Turns,
  stopped: Stopped,
  tell: (done: number) => void,
): Promise<Uint32Array | null> {
  const { packets } = capture;
  const keys = new Float64Array(rows.length);
  const first = packets.length === 0 ? undefined : packets.chunkOf(0);
  const ranks = column === 'protocol' ? protocolRanks(capture) : new Float64Array(0);
  const addresses = column === 'source' || column === 'destination' ? await addressRanks(capture, turns) : new Float64Array(0);
  /** Addresses of packets without IP: texts, numbered as they come, and the places whose keys they are. */
  const texts = new Map<string, number>();
  const places: number[] = [];
  const of: number[] = [];
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] as number;
    const chunk = packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (column === 'time') {
      keys[k] = ((chunk.sec[i] as number) - (first?.sec[0] as number)) * 1e9 + (chunk.nsec[i] as number);
    } else if (column === 'length') keys[k] = chunk.wireLen[i] as number;
    else if (column === 'protocol') keys[k] = ranks[chunk.stack[i] as number] as number;
    else {
      const id = (column === 'source' ? chunk.src[i] : chunk.dst[i]) as number;
      if (id !== NONE) keys[k] = addresses[id] as number;
      else {
        const { columns } = dissectPacket(capture, row);
        const text = column === 'source' ? columns.source : columns.destination;
        let number = texts.get(text);
        if (number === undefined) {
          number = texts.size;
          texts.set(text, number);
        }
        places.push(k);
        of.push(number);
      }
    }
    if ((k % STEP === STEP - 1 || places.length % DISSECTED_STEP === DISSECTED_STEP - 1) && turns.due) {
      tell((0.5 * k) / rows.length);
      await turns.pause();
      if (stopped()) return null;
    }
  }
  if (places.length > 0) {
    // After the addresses of IP, in the order of their texts; none at all comes last.
    const rank = new Float64Array(texts.size);
    [...texts]
      .sort((x, y) => (x[0] < y[0] ? -1 : 1))
      .forEach(([text, number], k) => {
        rank[number] = text === '' ? Number.NaN : addresses.length + k;
      });
    places.forEach((k, at) => {
      keys[k] = rank[of[at] as number] as number;
    });
  }
  tell(0.5);
  return orderOfNumbers(keys, descending, turns, stopped);
}

async function byDissection(
  capture: Capture,
  rows: Uint32Array,
  column: string,
  descending: boolean,
  turns: Turns,
  stopped: Stopped,
  tell: (done: number) => void,
): Promise<Uint32Array | null> {
  const numbers = new Float64Array(rows.length).fill(Number.NaN);
  /** Texts by number, so that one that is there often is held once; 0 is none. */
  const texts = new Map<string, number>([['', 0]]);
  const names = new Uint32Array(rows.length);
  let numeric = column !== 'info';
  for (let k = 0; k < rows.length; k++) {
    const d = dissectPacket(capture, rows[k] as number);
    const value = column === 'info' ? shortInfo(d.columns.info) : valueOfField(d.layers, column);
    if (typeof value === 'number') numbers[k] = value;
    const text = String(value ?? '').slice(0, TEXT);
    if (typeof value === 'string') numeric = false;
    let name = texts.get(text);
    if (name === undefined) {
      name = texts.size;
      texts.set(text, name);
    }
    names[k] = name;
    if (k % DISSECTED_STEP === DISSECTED_STEP - 1 && turns.due) {
      tell((KEYS_SHARE * k) / rows.length);
      await turns.pause();
      if (stopped()) return null;
    }
  }
  tell(KEYS_SHARE);
  if (numeric) return orderOfNumbers(numbers, descending, turns, stopped);
  const sorted = await orderOfTexts([...texts.keys()], false, turns, stopped);
  if (sorted === null) return null;
  const rank = new Float64Array(texts.size);
  sorted.forEach((name, k) => {
    rank[name] = name === 0 ? Number.NaN : k;
  });
  for (let k = 0; k < rows.length; k++) numbers[k] = rank[names[k] as number] as number;
  return orderOfNumbers(numbers, descending, turns, stopped);
}

/** The first value of a field as a number where it is one, else as text; null if the packet has none. */
function valueOfField(
  layers: readonly { readonly protocol: string; readonly fields: readonly FieldNode[] }[],
  abbrev: string,
): number | string | null {
  const node = firstField(layers, abbrev);
  if (node === null) return null;
  const { value } = node;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value !== null && typeof value === 'object' && 'sec' in value) return value.sec + value.nsec / 1e9;
  return node.display;
}

/** The first field of that name in a packet, null if there is none. */
function firstField(layers: readonly { readonly fields: readonly FieldNode[] }[], abbrev: string): FieldNode | null {
  const find = (nodes: readonly FieldNode[]): FieldNode | null => {
    for (const node of nodes) {
      if (node.abbrev === abbrev) return node;
      const inside = find(node.children);
      if (inside !== null) return inside;
    }
    return null;
  };
  for (const layer of layers) {
    const found = find(layer.fields);
    if (found !== null) return found;
  }
  return null;
}

/** Place of each stack's top protocol in the order of the names that the protocol column shows. */
function protocolRanks(capture: Capture): Float64Array {
  const names = allProtocols();
  const { stacks } = capture;
  const shown = Array.from({ length: stacks.size }, (_, stack) => {
    // What carries bytes that nobody knows is what the column shows.
    let node = stack;
    while (node !== 0 && names[stacks.top(node)]?.name === 'data') node = stacks.parent(node);
    return names[stacks.top(node)]?.short ?? '';
  });
  const order = [...new Set(shown)].sort();
  return Float64Array.from(shown, (name) => (name === '' ? Number.NaN : order.indexOf(name)));
}

/** Place of each address, by its id: IPv4 before IPv6, each by its bytes. */
async function addressRanks(capture: Capture, turns: Turns): Promise<Float64Array> {
  const { addresses } = capture;
  const keys: string[] = [];
  for (let id = 0; id < addresses.size; id++) {
    keys.push(addressText(capture, id) === '' ? '' : addresses.family(id) + Buffer.from(addresses.bytes(id)).toString('hex'));
    if (id % STEP === STEP - 1 && turns.due) await turns.pause();
  }
  const order = (await orderOfTexts(keys, false, turns)) as Uint32Array;
  const ranks = new Float64Array(keys.length);
  order.forEach((id, k) => {
    ranks[id] = k;
  });
  return ranks;
}
