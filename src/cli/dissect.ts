/** `sevenfold dissect`: packets as lines, as fields (byte for byte as tshark prints them), as trees, or as JSON. */
import type { Dissection } from '../dissect/dissection.ts';
import { dissectPacket } from '../dissect/dissect-packet.ts';
import { fieldText } from '../dissect/display.ts';
import type { FieldNode, LayerNode } from '../dissect/tree.ts';
import { type Capture, secondsBetween } from '../engine/capture.ts';
import { compileFilter } from '../filter/index.ts';
import { knownField } from '../filter/fields.ts';
import { RowFilter } from '../engine/row-filter.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { complain, complainFilter, readCapture, UNREADABLE, USAGE } from './load.ts';
import { Output } from './output.ts';

export interface DissectOptions {
  readonly file: string;
  readonly filter: string;
  readonly count?: number;
  readonly type: string;
  readonly verbose?: boolean;
  readonly field: readonly string[];
  readonly option: readonly string[];
}

/** Column names that `-e` takes besides fields. */
const COLUMNS: Readonly<Record<string, (d: Dissection) => string>> = {
  '_ws.col.Info': (d) => d.columns.info,
  '_ws.col.Protocol': (d) => d.columns.protocol,
  '_ws.col.Source': (d) => d.columns.source,
  '_ws.col.Destination': (d) => d.columns.destination,
};

interface FieldsFormat {
  header: boolean;
  separator: string;
  occurrence: 'f' | 'l' | 'a';
  aggregator: string;
  quote: string;
}

export async function runDissect(options: DissectOptions): Promise<number> {
  const compiled = compileFilter(options.filter);
  if (!compiled.ok) {
    complainFilter(options.filter, compiled.error);
    return USAGE;
  }
  const printer = choosePrinter(options);
  if (typeof printer === 'string') {
    complain(printer);
    return USAGE;
  }
  const out = new Output();
  out.write(printer.head);
  let rows: RowFilter | null = null;
  let next = 0;
  const limit = options.count ?? Number.POSITIVE_INFINITY;
  const result = await readCapture(options.file, async (capture) => {
    rows ??= new RowFilter(capture, compiled.filter);
    const upTo = Math.min(capture.packets.length, limit);
    for (; next < upTo; next++) {
      const verdict = rows.columns(next);
      if (verdict === false) continue;
      const d = dissectPacket(capture, next);
      if (verdict === null && !compiled.filter.matches(d)) continue;
      out.write(printer.packet(capture, d));
      await out.drain();
    }
    return next < limit;
  });
  out.write(printer.tail);
  await out.flush();
  return result === null ? UNREADABLE : next >= limit ? 0 : result.status;
}

interface Printer {
  readonly head: string;
  readonly tail: string;
  packet(capture: Capture, d: Dissection): string;
}

function choosePrinter(options: DissectOptions): Printer | string {
  switch (options.type) {
    case 'fields':
      return fieldsPrinter(options);
    case 'text':
      return options.field.length > 0
        ? '-e goes with -T fields.'
        : { head: '', tail: '', packet: options.verbose === true ? (_, d) => treeText(d) : (capture, d) => lineText(capture, d) };
    case 'json': {
      let first = true;
      return {
        head: '[',
        tail: '\n]\n',
        packet: (_, d) => {
          const text = `${first ? '' : ','}\n${JSON.stringify(packetJson(d), null, 2)}`;
          first = false;
          return text;
        },
      };
    }
    default:
      return `-T takes text, fields or json, not "${options.type}".`;
  }
}

function fieldsPrinter(options: DissectOptions): Printer | string {
  if (options.field.length === 0) return '-T fields needs at least one -e FIELD.';
  const unknown = options.field.filter((name) => !Object.hasOwn(COLUMNS, name) && !knownField(name));
  if (unknown.length > 0) return `no such field: ${unknown.join(', ')}`;
  const format: FieldsFormat = { header: false, separator: '\t', occurrence: 'a', aggregator: ',', quote: '' };
  for (const option of options.option) {
    const problem = readOption(format, option);
    if (problem !== null) return problem;
  }
  const columns = new Map<string, number[]>();
  options.field.forEach((name, i) => {
    const at = columns.get(name);
    if (at === undefined) columns.set(name, [i]);
    else at.push(i);
  });
  const head = format.header ? `${options.field.join(format.separator)}\n` : '';
  return {
    head,
    tail: '',
    packet: (_, d) => {
      const values = collectValues(d, columns, options.field.length);
      const cells = values.map((found, i) => {
        const name = options.field[i] as string;
        const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
        const all = column === undefined ? found : [column(d)];
        const kept = format.occurrence === 'a' ? all : format.occurrence === 'f' ? all.slice(0, 1) : all.slice(-1);
        return kept.length === 0 ? '' : format.quote + kept.map(escapeCell).join(format.aggregator) + format.quote;
      });
      return `${cells.join(format.separator)}\n`;
    },
  };
}

function readOption(format: FieldsFormat, option: string): string | null {
  const equals = option.indexOf('=');
  const name = option.slice(0, Math.max(0, equals));
  const value = option.slice(equals + 1);
  const character = value === '/t' ? '\t' : value === '/s' ? ' ' : value;
  switch (name) {
    case 'header':
      if (value !== 'y' && value !== 'n') return '-E header takes y or n.';
      format.header = value === 'y';
      return null;
    case 'separator':
      if (character.length !== 1) return '-E separator takes /t, /s or one character.';
      format.separator = character;
      return null;
    case 'occurrence':
      if (value !== 'f' && value !== 'l' && value !== 'a') return '-E occurrence takes f, l or a.';
      format.occurrence = value;
      return null;
    case 'aggregator':
      if (character.length !== 1) return '-E aggregator takes /s or one character.';
      format.aggregator = character;
      return null;
    case 'quote':
      if (value !== 'd' && value !== 's' && value !== 'n') return '-E quote takes d, s or n.';
      format.quote = value === 'd' ? '"' : value === 's' ? "'" : '';
      return null;
    default:
      return `-E takes header=, separator=, occurrence=, aggregator= or quote=, not "${option}".`;
  }
}

/** All values of the wanted fields, in the order of the tree. */
function collectValues(d: Dissection, columns: ReadonlyMap<string, readonly number[]>, width: number): string[][] {
  const values: string[][] = Array.from({ length: width }, () => []);
  const put = (name: string, text: () => string) => {
    const at = columns.get(name);
    if (at !== undefined) for (const i of at) values[i]?.push(text());
  };
  const visit = (node: FieldNode) => {
    const def = d.fieldDefs.get(node);
    if (def !== undefined && node.abbrev !== '') {
      const text = () => fieldText(def, node.value);
      put(node.abbrev, text);
      if (def.also !== undefined) for (const name of def.also) put(name, text);
    }
    for (const child of node.children) visit(child);
  };
  for (const layer of d.layers) {
    put(layer.protocol, () => layer.title);
    for (const node of layer.fields) visit(node);
  }
  return values;
}

const ESCAPES: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

function escapeCell(text: string): string {
  return text.replace(/[\b\t\n\f\r]/g, (character) => ESCAPES[character] as string);
}

/** One line per packet, as tshark's default columns. */
function lineText(capture: Capture, d: Dissection): string {
  const number = String(d.row + 1).padStart(5);
  const digits = capture.interfaces[capture.packets.chunkOf(d.row).iface[d.row & CHUNK_MASK] as number]?.timePrecision ?? 6;
  const time = secondsBetween(capture, 0, d.row, Math.max(6, digits)).padStart(digits > 6 ? 13 : 10);
  const { source, destination, protocol, info } = d.columns;
  const length = capture.packets.chunkOf(d.row).wireLen[d.row & CHUNK_MASK] as number;
  return `${number} ${time} ${source} → ${destination} ${protocol} ${length} ${printable(info)}\n`;
}

/** Control characters in packet text must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function treeText(d: Dissection): string {
  let out = '';
  const line = (depth: number, text: string) => {
    out += `${'    '.repeat(depth)}${printable(text)}\n`;
  };
  const visit = (node: FieldNode, depth: number) => {
    if (node.hidden) return;
    const text = node.severity === null ? joined(node.label, node.display) : `[${node.severity}: ${node.display}]`;
    line(depth, node.generated && node.severity === null ? `[${text}]` : text);
    for (const child of node.children) visit(child, depth + 1);
  };
  for (const layer of d.layers) {
    line(0, joined(layer.title, layer.summary) + (layer.status === 'whole' ? '' : layer.status === 'short' ? ' [cut short: not all bytes were captured]' : ' [malformed]'));
    for (const node of layer.fields) visit(node, 1);
  }
  return `${out}\n`;
}

function joined(label: string, display: string): string {
  return display === '' ? label : label === '' ? display : `${label}: ${display}`;
}

/** Nested as tshark's JSON: layer → field → value; what occurs several times becomes an array; fields with fields below get a `_tree`. */
function packetJson(d: Dissection): object {
  const layers: Record<string, unknown> = {};
  for (const layer of d.layers) put(layers, layer.protocol, layerJson(d, layer));
  return { _index: 'packets', _type: 'doc', _score: null, _source: { layers } };
}

function layerJson(d: Dissection, layer: LayerNode): object {
  const out: Record<string, unknown> = {};
  for (const node of layer.fields) nodeJson(d, node, out);
  return out;
}

function nodeJson(d: Dissection, node: FieldNode, out: Record<string, unknown>): void {
  if (node.hidden) return;
  const def = d.fieldDefs.get(node);
  const name = node.abbrev === '' ? joined(node.label, node.display) : node.abbrev;
  if (node.abbrev !== '' && def !== undefined) put(out, name, node.value === null ? node.display : fieldText(def, node.value));
  if (node.children.length === 0) return;
  const below: Record<string, unknown> = {};
  for (const child of node.children) nodeJson(d, child, below);
  put(out, node.abbrev === '' ? name : `${name}_tree`, below);
}

function put(out: Record<string, unknown>, name: string, value: unknown): void {
  if (!Object.hasOwn(out, name)) {
    // defineProperty: names come from packets, and "__proto__" must be a name like any other.
    Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const before = out[name];
  if (Array.isArray(before)) before.push(value);
  else out[name] = [before, value];
}
