/** How the command line writes one packet: as a line, as a tree, as JSON, as a row of CSV. */

import { fieldText } from '../dissect/display.ts';
import type { Dissection } from '../dissect/dissection.ts';
import { type Capture, secondsBetween } from '../engine/capture.ts';
import type { FieldNode, LayerNode } from '../messages.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { printable } from '../words/printable.ts';
import { spreadsheetText } from '../words/spreadsheet.ts';

/** What stands behind the line of a layer that could not be read to its end. */
const BROKEN = {
  whole: '',
  short: ' [cut short: not all bytes were captured]',
  unreassembled: ' [cut short: the rest is in other fragments]',
  malformed: ' [malformed]',
} as const;

/** One line per packet, as tshark's default columns. */
export function lineText(capture: Capture, d: Dissection): string {
  const number = String(d.row + 1).padStart(5);
  const seconds = timeColumn(capture, d.row);
  const time = seconds.padStart(seconds.length - seconds.indexOf('.') > 7 ? 13 : 10);
  const { source, destination, protocol, info } = d.columns;
  const length = capture.packets.chunkOf(d.row).wireLen[d.row & CHUNK_MASK] as number;
  return `${number} ${time} ${source} → ${destination} ${protocol} ${length} ${printable(info)}\n`;
}

/** Seconds since the first packet, as precise as the interface's clock, with six decimals at least. */
function timeColumn(capture: Capture, row: number): string {
  const digits = capture.interfaces[capture.packets.chunkOf(row).iface[row & CHUNK_MASK] as number]?.timePrecision ?? 6;
  return secondsBetween(capture, 0, row, Math.max(6, digits));
}

/** Names of the columns of `csvLine`: those of Wireshark's default list. */
export const CSV_HEAD = '"No.","Time","Source","Destination","Protocol","Length","Info"\n';

/** The list's columns as one row of CSV (RFC 4180), every cell quoted, as Wireshark exports them; texts are none that a spreadsheet would run. */
export function csvLine(capture: Capture, d: Dissection): string {
  const { source, destination, protocol, info } = d.columns;
  const length = capture.packets.chunkOf(d.row).wireLen[d.row & CHUNK_MASK] as number;
  const texts = [source, destination, protocol].map(spreadsheetText);
  const cells = [d.row + 1, timeColumn(capture, d.row), ...texts, length, spreadsheetText(printable(info))];
  return `${cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')}\n`;
}

export function treeText(d: Dissection): string {
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
    line(0, joined(layer.title, layer.summary) + BROKEN[layer.status]);
    for (const node of layer.fields) visit(node, 1);
  }
  return `${out}\n`;
}

function joined(label: string, display: string): string {
  return display === '' ? label : label === '' ? display : `${label}: ${display}`;
}

/** Nested as tshark's JSON: layer → field → value; what occurs several times becomes an array; fields with fields below get a `_tree`. */
export function packetJson(d: Dissection): object {
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
