/**
 * Messages that a protocol over TCP sends in pieces of its own making (the DATA of SMTP, an answer of POP3): which rows hold the pieces,
 * and the fields that say so.
 */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, type FieldDef, framenum, none, TRUE_FALSE, uint32 } from '../dissect/field.ts';
import { handedOver } from '../flow/handed.ts';
import { tlsPlain } from './tls-plain.ts';

/** One message: rows of its pieces in order, where in what the row handed over each piece begins and stops (-1: at its end), and the row that ended it. */
export interface Parts {
  readonly rows: number[];
  readonly begins: number[];
  readonly stops: number[];
  lastRow: number;
}

/** Pieces of one message that are kept; a longer message ends there. */
const MAX_PARTS = 100_000;

/** Messages in pieces, by the direction of a stream that sends them and by the rows of their pieces. */
class PartsTable {
  readonly #open = new Map<number, Parts>();
  readonly #byRow = new Map<number, Parts>();

  /** Row `row` holds a piece of the message that direction `side` (2 * stream + 0 or 1) is sending: [begin, stop) of what it handed over. */
  add(side: number, row: number, begin = 0, stop = -1): void {
    let parts = this.#open.get(side);
    if (parts === undefined || parts.rows.length >= MAX_PARTS) {
      parts = { rows: [], begins: [], stops: [], lastRow: -1 };
      this.#open.set(side, parts);
    }
    const last = parts.rows.length - 1;
    if (begin === 0 && last >= 0 && parts.rows[last] === row) {
      // Several records of TLS in one packet are one piece.
      const before = parts.stops[last] as number;
      parts.stops[last] = before < 0 || stop < 0 ? -1 : before + stop;
    } else {
      parts.rows.push(row);
      parts.begins.push(begin);
      parts.stops.push(stop);
    }
    this.#byRow.set(row, parts);
  }

  /** The message ends in `row`, which may hold a piece of it, added before, or only say so. */
  end(side: number, row: number): void {
    const parts = this.#open.get(side);
    if (parts === undefined) return;
    this.#open.delete(side);
    parts.lastRow = row;
    this.#byRow.set(row, parts);
  }

  /** The message that a row holds a piece of, or ends. */
  of(row: number): Parts | undefined {
    return this.#byRow.get(row);
  }
}

export function partsState() {
  return defineState(() => new PartsTable());
}

/** The fields of a message in pieces, under `prefix` (`smtp.data`), with Wireshark's names. */
export function partsFields(prefix: string) {
  return {
    fragments: none(`${prefix}.fragments`, 'DATA fragments', { generated: true }),
    fragment: framenum(`${prefix}.fragment`, 'DATA fragment', { generated: true }),
    overlap: bool(`${prefix}.fragment.overlap`, 'DATA fragment overlap', { bool: TRUE_FALSE, generated: true }),
    conflicts: bool(`${prefix}.fragment.overlap.conflicts`, 'DATA fragment overlapping with conflicting data', {
      bool: TRUE_FALSE,
      generated: true,
    }),
    tails: bool(`${prefix}.fragment.multiple_tails`, 'DATA has multiple tail fragments', { bool: TRUE_FALSE, generated: true }),
    tooLong: bool(`${prefix}.fragment.too_long_fragment`, 'DATA fragment too long', { bool: TRUE_FALSE, generated: true }),
    error: framenum(`${prefix}.fragment.error`, 'DATA defragmentation error', { generated: true }),
    count: uint32(`${prefix}.fragment.count`, 'DATA fragment count', { generated: true }),
    reassembledIn: framenum(`${prefix}.reassembled.in`, 'Reassembled DATA in frame', { generated: true }),
    length: uint32(`${prefix}.reassembled.length`, 'Reassembled DATA length', { generated: true }),
  } satisfies Record<string, FieldDef>;
}

/** Puts the message that ends in this packet together, says in `layer` where its pieces are, and gives it as a source of its own. */
export function joinParts(d: Dissection, layer: Layer, parts: Parts, f: ReturnType<typeof partsFields>, name: string): Buf | null {
  const transport = d.transport;
  if (transport === null || parts.rows.length === 0) return null;
  const pieces = parts.rows.map((row, i) => {
    const { stream, fromClient } = transport;
    // Inside TLS what was handed over is what its records had in them.
    const bytes = d.capture.state(tlsPlain).handedOver(row, stream, fromClient) ?? handedOver(d.capture, row, stream, fromClient);
    const stop = parts.stops[i] as number;
    return bytes.subarray(parts.begins[i], stop < 0 ? bytes.length : stop);
  });
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(total);
  const count = pieces.length;
  const whole = d.newBuf(name, bytes);
  const tree = layer.over(whole).add(f.fragments, 0, total, null, {
    label: `${count} DATA fragment${count === 1 ? '' : 's'}`,
    display: `${total} bytes`,
  });
  let to = 0;
  for (const [i, piece] of pieces.entries()) {
    bytes.set(piece, to);
    const row = parts.rows[i] as number;
    tree.add(f.fragment, to, piece.length, row + 1, {
      label: 'Frame',
      display: `${row + 1}, payload: ${to}-${to + piece.length - 1} (${piece.length} bytes)`,
    });
    to += piece.length;
  }
  tree.add(f.count, 0, 0, count);
  tree.add(f.length, 0, 0, total);
  return whole;
}
