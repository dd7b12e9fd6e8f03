/** `-T fields`: chosen fields of a packet as one line, byte for byte as tshark prints them. */
import type { Dissection } from '../dissect/dissection.ts';
import { fieldText } from '../dissect/display.ts';
import { allProtocols } from '../dissect/protocol.ts';
import type { FieldNode } from '../dissect/tree.ts';
import { knownField } from '../filter/fields.ts';

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

