/** `sevenfold export`: packets of a capture, or what HTTP carried in it, into a new file in the format that its name asks for. */
import path from 'node:path';
import type { Capture } from '../engine/capture.ts';
import { type SavedRows, save } from '../engine/save.ts';
import { WholeFile } from '../file/whole-file.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { isSameFile } from '../system/same-file.ts';
import { entryOf } from '../words/entry-of.ts';
import { jsonText } from '../words/printable.ts';
import { exportFolder, exportHar, exportZip } from './export-http.ts';
import { complain, readCapture, UNREADABLE, USAGE } from './load.ts';
import { filterOf, matchingRows } from './matching.ts';
import { CSV_HEAD, csvLine, packetJson } from './packet-text.ts';

export interface ExportOptions {
  readonly file: string;
  /** Its ending chooses: .pcapng, .pcap, .json, .csv, .har, .zip; with `objects` a folder. */
  readonly output: string;
  readonly filter: string;
  /** Not packets, but the bodies of HTTP exchanges. */
  readonly objects?: boolean;
}

/** Text formats: what stands before, between and after the packets, and one packet. */
interface TextFormat {
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  readonly packet: (capture: Capture, row: number) => string;
}

const TEXT: Readonly<Record<string, TextFormat>> = {
  '.json': {
    head: '[\n',
    between: ',\n',
    tail: '\n]\n',
    packet: (capture, row) => jsonText(packetJson(dissectPacket(capture, row)), 2),
  },
  '.csv': { head: CSV_HEAD, between: '', tail: '', packet: (capture, row) => csvLine(capture, dissectPacket(capture, row)) },
};

/** Characters collected before they are written. */
const BATCH = 1 << 20;

export async function runExport(options: ExportOptions): Promise<number> {
  const ending = path.extname(options.output).toLowerCase();
  const http = ending === '.zip' ? exportZip : options.objects === true ? exportFolder : ending === '.har' ? exportHar : undefined;
  const format = ending === '.pcapng' || ending === '.pcap' ? ending.slice(1) : entryOf(TEXT, ending);
  if (format === undefined && http === undefined) {
    complain(`-o takes a name that ends in .pcapng, .pcap, .json, .csv, .har or .zip, not "${options.output}".`);
    return USAGE;
  }
  const filter = filterOf(options.filter);
  if (filter === null) return USAGE;
  if (await isSameFile(options.output, options.file)) {
    complain('-o names the capture itself; choose another name.');
    return USAGE;
  }
  const result = await readCapture(options.file);
  if (result === null) return UNREADABLE;
  const { capture } = result;
  const matching = options.filter.trim() === '' ? null : matchingRows(capture, filter);
  if (http !== undefined) {
    const chosen = matching === null ? null : new Set(matching);
    const count = await http(capture, chosen, options.output);
    if (count === null) return UNREADABLE;
    process.stderr.write(`${count.toLocaleString('en')} ${http === exportHar ? 'exchanges' : 'bodies'} written to ${options.output}\n`);
    return result.status;
  }
  const rows: SavedRows =
    matching === null
      ? { matched: capture.packets.length, rowAt: (position) => position }
      : { matched: matching.length, rowAt: (position) => matching[position] as number };
  if (typeof format === 'string') {
    const saved = await save(capture, options.output, format as 'pcapng' | 'pcap', rows);
    if (!saved.ok) {
      complain(saved.failure);
      return UNREADABLE;
    }
    if (saved.value.note !== null) complain(saved.value.note);
  } else if (format !== undefined && !(await writeText(capture, rows, options.output, format))) return UNREADABLE;
  process.stderr.write(`${rows.matched.toLocaleString('en')} packets written to ${options.output}\n`);
  return result.status;
}

/** Writes a text format. The file appears under its name when it is whole. */
async function writeText(capture: Capture, rows: SavedRows, target: string, format: TextFormat): Promise<boolean> {
  const made = await WholeFile.create(target);
  if (!made.ok) {
    complain(made.failure);
    return false;
  }
  const file = made.value;
  let text = format.head;
  for (let position = 0; position < rows.matched; position++) {
    if (position > 0) text += format.between;
    text += format.packet(capture, rows.rowAt(position));
    if (text.length < BATCH) continue;
    if (!(await file.write(Buffer.from(text)))) break;
    text = '';
  }
  await file.write(Buffer.from(text + format.tail));
  const closed = await file.close();
  if (!closed.ok) complain(closed.failure);
  return closed.ok;
}
