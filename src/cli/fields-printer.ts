/** `-T fields`: chosen fields of a packet as one line, byte for byte as tshark prints them. */

import { fieldText } from '../dissect/display.ts';
import type { Dissection } from '../dissect/dissection.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { knownField, LAYER_NOTES, noteTexts } from '../filter/fields.ts';
import type { FieldNode } from '../messages.ts';
import { printable } from '../words/printable.ts';

/** Prints the chosen fields of packets. */
export interface FieldsPrinter {
  /** The header line with its line feed, '' without one. */
  readonly head: string;
  /** Fields of protocols that are not dissected: their columns stay empty. */
  readonly undissected: readonly string[];
  /** The packet's line, with its line feed. */
  line(d: Dissection): string;
}

/** Column names that `-e` takes besides fields. */
const COLUMNS: Readonly<Record<string, (d: Dissection) => string>> = {
  '_ws.col.Info': (d) => printable(d.columns.info),
  '_ws.col.Protocol': (d) => printable(d.columns.protocol),
  '_ws.col.Source': (d) => d.columns.source,
  '_ws.col.Destination': (d) => d.columns.destination,
};

/** What is printed for a layer that could not be read to its end. */
const LAYER_TEXTS: Readonly<Record<keyof typeof LAYER_NOTES, (protocol: string) => string>> = {
  short: (protocol) => `[Packet size limited during capture: ${protocol} truncated]`,
  unreassembled: (protocol) => `[BoundError Unreassembled Packet: ${protocol}]`,
  malformed: (protocol) => `[Malformed Packet: ${protocol}]`,
};

interface FieldsFormat {
  header: boolean;
  separator: string;
  occurrence: 'f' | 'l' | 'a';
  aggregator: string;
  quote: string;
}

/**
 * Makes the printer for `-e` fields and `-E` options. A string says what is wrong with them. A field of a protocol that Sevenfold does not
 * know at all is no error, so that lists of fields made for tshark can be used: its column stays empty. A misspelled field of a known
 * protocol is one.
 */
export function fieldsPrinter(fields: readonly string[], options: readonly string[]): FieldsPrinter | string {
  if (fields.length === 0) return '-T fields needs at least one -e FIELD.';
  const unknown = fields.filter((name) => !Object.hasOwn(COLUMNS, name) && !knownField(name));
  const families = new Set(allProtocols().map((protocol) => family(protocol.name)));
  const wrong = unknown.filter((name) => !name.includes('.') || families.has(family(name)));
  if (wrong.length > 0) return `no such field: ${wrong.join(', ')}`;
  const format: FieldsFormat = { header: false, separator: '\t', occurrence: 'a', aggregator: ',', quote: '' };
  for (const option of options) {
    const problem = readOption(format, option);
    if (problem !== null) return problem;
  }
  const columns = new Map<string, number[]>();
  fields.forEach((name, i) => {
    const at = columns.get(name);
    if (at === undefined) columns.set(name, [i]);
    else at.push(i);
  });
  return {
    head: format.header ? `${fields.join(format.separator)}\n` : '',
    undissected: unknown,
    line: (d) => {
      const cells = collectValues(d, columns, fields.length).map((found, i) => {
        const name = fields[i] as string;
        const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
        const all = column === undefined ? found : [column(d)];
        const kept = format.occurrence === 'a' ? all : format.occurrence === 'f' ? all.slice(0, 1) : all.slice(-1);
        return kept.length === 0 ? '' : format.quote + kept.map(escapeCell).join(format.aggregator) + format.quote;
      });
      return `${cells.join(format.separator)}\n`;
    },
  };
}

/** What stands before the first dot: `tcp` of `tcp.flags.syn`. */
function family(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
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
  eachValue(d, (name, text) => {
    const at = columns.get(name);
    if (at !== undefined) for (const i of at) values[i]?.push(text());
  });
  return values;
}

/** Goes through the values of a packet in the order of its tree, under every name that `-e` has for them. `text` is what is printed. */
export function eachValue(d: Dissection, put: (name: string, text: () => string) => void): void {
  const note = (...of: Parameters<typeof noteTexts>) => {
    for (const [name, text] of noteTexts(...of)) put(name, () => text);
  };
  const visit = (node: FieldNode) => {
    const def = d.fieldDefs.get(node);
    // Read in one pass, a packet cannot name one that comes after it.
    const later = d.capture.onePass === true && def?.type === 'framenum' && typeof node.value === 'number' && node.value > d.row + 1;
    if (def !== undefined && node.abbrev !== '' && !later) {
      const text = () => fieldText(def, node.value);
      put(node.abbrev, text);
      if (def.also !== undefined) for (const name of def.also) put(name, text);
    }
    if (node.severity !== null) note(node.severity, def?.group ?? 'protocol', node.display);
    for (const child of node.children) visit(child);
  };
  for (const layer of d.layers) {
    put(layer.protocol, () => layer.title);
    for (const node of layer.fields) visit(node);
    if (layer.status === 'whole') continue;
    const said = LAYER_NOTES[layer.status];
    put(said.abbrev, () => LAYER_TEXTS[layer.status as keyof typeof LAYER_TEXTS](layer.short));
    if (said.note !== null) note(...said.note);
  }
}

/** How control characters that have a letter are written. */
const ESCAPES: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

/** A value as it stands in a cell. */
export function escapeCell(text: string): string {
  return text.replace(/[\b\t\n\f\r]/g, (character) => ESCAPES[character] as string);
}
