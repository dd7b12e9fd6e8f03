/**
 * Messages that a protocol over TCP sends in pieces of its own making (the DATA of SMTP, an answer of POP3): which rows hold the pieces,
 * and the fields that say so.
 */
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bool, type FieldDef, framenum, none, TRUE_FALSE, uint32 } from '../dissect/field.ts';
import { handedOver } from '../flow/handed.ts';
import { tlsPlain } from './tls-plain.ts';

/** One message: rows of its pieces in order, and how many bytes of the row that ended it belong to it (-1: all). */
export interface Parts {
  readonly rows: number[];
  lastRow: number;
  lastBytes: number;
}

/** Pieces of one message that are kept; a longer message ends there. */
const MAX_PARTS = 100_000;

/** Messages in pieces, by the direction of a stream that sends them and by the rows of their pieces. */
class PartsTable {
  readonly #open = new Map<number, Parts>();
  readonly #byRow = new Map<number, Parts>();

  /** Row `row` holds a piece of the message that direction `side` (2 * stream + 0 or 1) is sending. */
  add(side: number, row: number): void {
    let parts = this.#open.get(side);
    if (parts === undefined || parts.rows.length >= MAX_PARTS) {
      parts = { rows: [], lastRow: -1, lastBytes: -1 };
      this.#open.set(side, parts);
    }
    // Several records of TLS in one packet are one piece.
    if (parts.rows.at(-1) !== row) parts.rows.push(row);
    this.#byRow.set(row, parts);
  }

  /** The message ends in `row`, with its first `bytes` bytes (0: the row only says that it ended; -1: all its bytes, already added). */
  end(side: number, row: number, bytes: number): void {
    let parts = this.#open.get(side);
    if (parts === undefined) {
      if (bytes === 0) return;
      parts = { rows: [], lastRow: -1, lastBytes: -1 };
    }
    this.#open.delete(side);
    if (bytes > 0) parts.rows.push(row);
    parts.lastRow = row;
    parts.lastBytes = bytes;
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
  const pieces = parts.rows.map((row) => {
    const { stream, fromClient } = transport;
    // Inside TLS what was handed over is what its records had in them.
    const bytes = d.capture.state(tlsPlain).handedOver(row, stream, fromClient) ?? handedOver(d.capture, row, stream, fromClient);
    return row === parts.lastRow && parts.lastBytes > 0 ? bytes.subarray(0, parts.lastBytes) : bytes;
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
