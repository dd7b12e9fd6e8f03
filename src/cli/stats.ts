/** `sevenfold stats`: protocol hierarchy, conversations, endpoints, packets over time, notes. */
import { conversations, endpoints, MOST_INTERVALS, Notes, packetLengths, protocolHierarchy, rate } from '../engine/statistics.ts';
import type { ConversationKind } from '../messages.ts';
import { jsonText, printable } from '../words/printable.ts';
import { complain, readCapture, UNREADABLE, USAGE } from './load.ts';
import { filterOf, matchingRows } from './matching.ts';
import { Output } from './output.ts';

export interface StatsOptions {
  readonly file: string;
  readonly table: string;
  readonly filter: string;
  /** Seconds, for `io`. */
  readonly interval: number;
  readonly json: boolean;
}

export const TABLES = ['protocols', 'conversations', 'endpoints', 'lengths', 'io', 'expert'] as const;
const KINDS: readonly ConversationKind[] = ['ip', 'tcp', 'udp'];

/** Prints one table; with `json`, one object per line. */
export async function runStats(options: StatsOptions): Promise<number> {
  if (!(TABLES as readonly string[]).includes(options.table)) {
    complain(`stats knows ${TABLES.join(', ')}, not "${options.table}".`);
    return USAGE;
  }
  const filter = filterOf(options.filter);
  if (filter === null) return USAGE;
  const result = await readCapture(options.file);
  if (result === null) return UNREADABLE;
  const { capture } = result;
  const rows = options.filter.trim() === '' ? null : matchingRows(capture, filter);
  const chosen = rows === null ? null : chooser(rows, capture.packets.length);
  const out = new Output();
  const print = async (columns: readonly Column[], table: readonly object[]): Promise<void> => {
    if (!options.json) out.write(`${line(columns, null)}\n`);
    for (const each of table) {
      out.write(options.json ? `${jsonText(each)}\n` : `${line(columns, each as Record<string, unknown>)}\n`);
      await out.drain();
    }
  };
  switch (options.table) {
    case 'protocols': {
      const tree = protocolHierarchy(capture, chosen);
      const shown = options.json ? tree : tree.map((each) => ({ ...each, protocol: '  '.repeat(each.depth) + each.protocol }));
      await print([text('protocol', 40), number('packets', 12), number('bytes', 16)], shown);
      break;
    }
    case 'lengths':
      await print(
        [number('from', 8), number('to', 8), number('packets', 12), number('bytes', 16), number('least', 8), number('most', 8)],
        packetLengths(capture, chosen),
      );
      break;
    case 'conversations':
      for (const kind of KINDS) {
        const table = conversations(capture, kind, chosen);
        if (!options.json) out.write(`${kind === 'ip' ? 'IP' : kind.toUpperCase()}: ${table.length}\n`);
        await print(CONVERSATION, table);
        if (!options.json) out.write('\n');
      }
      break;
    case 'endpoints':
      for (const kind of KINDS) {
        const table = endpoints(capture, kind, chosen);
        if (!options.json) out.write(`${kind === 'ip' ? 'IP' : kind.toUpperCase()}: ${table.length}\n`);
        await print(ENDPOINT, table);
        if (!options.json) out.write('\n');
      }
      break;
    case 'io': {
      const { seconds, intervals } = rate(capture, options.interval, chosen);
      if (seconds !== options.interval)
        complain(`an interval of ${options.interval} s would make more than ${MOST_INTERVALS} rows; ${seconds} s is used.`);
      await print([decimal('start', 14), number('packets', 12), number('bytes', 16)], intervals);
      break;
    }
    default: {
      const notes = new Notes();
      for (let row = 0; row < capture.packets.length; row++) if (chosen === null || chosen(row)) notes.add(capture, row);
      await print(
        [text('severity', 9), number('count', 8), number('firstFrame', 11), text('protocol', 10), text('summary', 0)],
        notes.list,
      );
    }
  }
  await out.flush();
  return result.status;
}

function chooser(rows: Uint32Array, total: number): (row: number) => boolean {
  const bits = new Uint8Array(total);
  for (const row of rows) bits[row] = 1;
  return (row) => bits[row] === 1;
}

interface Column {
  readonly name: string;
  /** Pads a text to the column's width. */
  readonly pad: (text: string) => string;
  readonly write: (value: unknown) => string;
}

const text = (name: string, width: number): Column => ({
  name,
  pad: (t) => t.padEnd(width),
  write: (value) => printable(String(value ?? '')),
});
const number = (name: string, width: number): Column => ({ name, pad: (t) => t.padStart(width), write: (value) => String(value ?? '-') });
const decimal = (name: string, width: number): Column => ({ ...number(name, width), write: (value) => Number(value).toFixed(6) });

const CONVERSATION: readonly Column[] = [
  number('stream', 8),
  text('a', 26),
  text('b', 26),
  number('packetsAtoB', 12),
  number('packetsBtoA', 12),
  number('bytesAtoB', 14),
  number('bytesBtoA', 14),
  decimal('start', 16),
  decimal('duration', 16),
];
const ENDPOINT: readonly Column[] = [
  text('endpoint', 44),
  number('packetsSent', 12),
  number('packetsReceived', 16),
  number('bytesSent', 14),
  number('bytesReceived', 14),
];

/** A row; with null, the heads. */
function line(columns: readonly Column[], row: Record<string, unknown> | null): string {
  return columns
    .map(({ name, pad, write }) => pad(row === null ? name : write(row[name])))
    .join(' ')
    .trimEnd();
}
