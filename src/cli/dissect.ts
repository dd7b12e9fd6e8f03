/** `sevenfold dissect`: packets as lines, as fields (byte for byte as tshark prints them), as trees, or as JSON. */

import { fieldText } from '../dissect/display.ts';
import { dissectPacket } from '../dissect/dissect-packet.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { FieldNode, LayerNode } from '../dissect/tree.ts';
import { type Capture, secondsBetween } from '../engine/capture.ts';
import { RowFilter } from '../engine/row-filter.ts';
import { compileFilter } from '../filter/index.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { ESCAPES, fieldsPrinter } from './fields-printer.ts';
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
      return fieldsOf(options);
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

function fieldsOf(options: DissectOptions): Printer | string {
  const printer = fieldsPrinter(options.field, options.option);
  if (typeof printer === 'string') return printer;
  const { undissected } = printer;
  if (undissected.length > 0) complain(`not dissected, so left empty: ${undissected.join(', ')}`);
  return { head: printer.head, tail: '', packet: (_, d) => printer.line(d) };
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
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (character) => ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
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
    line(
      0,
      joined(layer.title, layer.summary) +
        (layer.status === 'whole' ? '' : layer.status === 'short' ? ' [cut short: not all bytes were captured]' : ' [malformed]'),
    );
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
