/** `sevenfold dissect`: packets as lines, as fields (byte for byte as tshark prints them), as trees, or as JSON. */

import type { Dissection } from '../dissect/dissection.ts';
import type { Capture } from '../engine/capture.ts';
import { RowFilter } from '../engine/row-filter.ts';
import { type CompiledFilter, compileFilter } from '../filter/index.ts';
import { dissectFor, dissectPacket } from '../protocols/dissect-packet.ts';
import { jsonText } from '../words/printable.ts';
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
  let begun = false;
  /** Of a file that cannot be read nothing is printed, not even a table without rows. */
  const begin = (): void => {
    if (!begun) out.write(printer.head);
    begun = true;
  };
  let rows: RowFilter | null = null;
  let next = 0;
  const limit = options.count ?? Number.POSITIVE_INFINITY;
  const wanted = seldomWanted(compiled.filter);
  const print = async (capture: Capture): Promise<boolean> => {
    rows ??= new RowFilter(capture, compiled.filter);
    begin();
    const upTo = Math.min(capture.packets.length, limit);
    for (; next < upTo; next++) {
      const verdict = rows.columns(next);
      if (verdict === false) continue;
      const d = verdict === null ? wanted(capture, next) : dissectPacket(capture, next);
      if (d === null) continue;
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
  if (result !== null) begin();
  if (begun) out.write(printer.tail);
  await out.flush();
  return result === null ? UNREADABLE : next >= limit ? 0 : result.status;
}

/** Packets after which it is known whether most that are asked about match. */
const ENOUGH = 64;

/**
 * The whole dissection of a row that matches, null of one that does not. A row is first dissected for the filter alone, which takes a fraction of the time;
 * but where most match, only once.
 */
function seldomWanted(filter: CompiledFilter): (capture: Capture, row: number) => Dissection | null {
  let asked = 0;
  let matched = 0;
  return (capture, row) => {
    asked++;
    if (asked > ENOUGH && 2 * matched > asked) {
      const d = dissectPacket(capture, row);
      if (!filter.matches(d)) return null;
      matched++;
      return d;
    }
    if (!filter.matches(dissectFor(capture, row, filter.wanted))) return null;
    matched++;
    return dissectPacket(capture, row);
  };
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
          const text = `${first ? '' : ','}\n${jsonText(packetJson(d), 2)}`;
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
