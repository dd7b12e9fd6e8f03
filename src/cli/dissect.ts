/** `sevenfold dissect`: packets as lines, as fields (byte for byte as tshark prints them), as trees, or as JSON. */

import { dissectFor, dissectPacket } from '../dissect/dissect-packet.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { Capture } from '../engine/capture.ts';
import { RowFilter } from '../engine/row-filter.ts';
import { compileFilter } from '../filter/index.ts';
import { fieldsPrinter } from './fields-printer.ts';
import { complain, complainFilter, readCapture, UNREADABLE, USAGE } from './load.ts';
import { Output } from './output.ts';
import { lineText, packetJson, treeText } from './packet-text.ts';

export interface DissectOptions {
  readonly file: string;
  readonly filter: string;
  readonly count?: number;
  /** Print when all has been read, with what only the whole capture tells. */
  readonly twoPass?: boolean;
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
  const { filter } = compiled;
  const matches = (capture: Capture, row: number): boolean => filter.matches(dissectFor(capture, row, filter.wanted));
  const print = async (capture: Capture): Promise<boolean> => {
    rows ??= new RowFilter(capture, compiled.filter);
    const upTo = Math.min(capture.packets.length, limit);
    for (; next < upTo; next++) {
      const verdict = rows.columns(next);
      if (verdict === false) continue;
      if (verdict === null && !matches(capture, next)) continue;
      const d = dissectPacket(capture, next);
      out.write(printer.packet(capture, d));
      await out.drain();
    }
    return next < limit;
  };
  const result = await readCapture(options.file, async (capture) => {
    capture.onePass = options.twoPass !== true;
    return capture.onePass ? print(capture) : capture.packets.length < limit;
  });
  if (options.twoPass === true && result !== null) await print(result.capture);
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
