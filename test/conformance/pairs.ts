/**
 * What only the whole capture tells – `http.request_in`, `http.response_in`, `http.time` and the final `tcp.completeness` – against
 * `tshark -2`, which reads twice. The recorded tables of the corpus are of one reading, so tshark runs here. `npm run pairs` builds and
 * runs this.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { corpusOf } from '../corpus.ts';
import { printFields, readAll } from '../golden/table.ts';

/** Each field, and the protocol that a capture must have in it for the field to be compared there. */
const FIELDS = { 'http.request_in': 'http', 'http.response_in': 'http', 'http.time': 'http', 'tcp.completeness': 'tcp' } as const;
const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
/** Least share of cells that must be equal, of those that either side fills. */
const LEAST = 0.99;

const rowsOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');

function tshark(file: string): string {
  const args = ['-n', '-2', '-r', file, '-T', 'fields', ...NAMES.flatMap((name) => ['-e', name])];
  try {
    return execFileSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    // Of a capture that ends too early the packets before that are printed.
    return (error as { stdout?: string }).stdout ?? '';
  }
}

/** Protocols of a capture, by its recorded table. */
function protocolsOf(table: string): Set<string> {
  const [head = '', ...lines] = rowsOf(gunzipSync(readFileSync(table)).toString('utf8'));
  const column = head.split('\t').indexOf('frame.protocols');
  return new Set(lines.flatMap((line) => (line.split('\t')[column] ?? '').split(':')));
}

/**
 * Compares, prints a line per field, and gives the exit status: 1 if a field agrees in too few cells.
 * @param root folder of the checkout
 */
export async function main(args: string[], root: string): Promise<number> {
  const { values: options } = parseArgs({
    args,
    options: {
      corpus: { type: 'string', default: corpusOf(root) },
      class: { type: 'string', default: 'core' },
      match: { type: 'string', default: '.' },
      keep: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  const tables = path.join(options.corpus, 'expected', options.class);
  const counts = new Map(NAMES.map((name) => [name, { equal: 0, filled: 0, captures: 0 }]));
  for (const table of readdirSync(tables).sort()) {
    const name = table.replace(/\.tsv\.gz$/, '');
    if (!new RegExp(options.match).test(name)) continue;
    const protocols = protocolsOf(path.join(tables, table));
    const fields = NAMES.filter((field) => protocols.has(FIELDS[field]));
    if (fields.length === 0) continue;
    const file = path.join(options.corpus, 'captures', options.class, name);
    const kept = options.keep === undefined ? null : path.join(options.keep, `${name}.pairs.tsv`);
    const text = kept !== null && existsSync(kept) ? readFileSync(kept, 'utf8') : tshark(file);
    if (kept !== null) {
      mkdirSync(path.dirname(kept), { recursive: true });
      writeFileSync(kept, text);
    }
    const expected = rowsOf(text);
    const read = await readAll(file);
    const found = read === null ? [] : printFields(read.capture, NAMES, true);
    await read?.reader.close();
    for (const field of fields) {
      const count = counts.get(field);
      const column = NAMES.indexOf(field);
      if (count === undefined) continue;
      count.captures++;
      for (let row = 0; row < Math.max(expected.length, found.length); row++) {
        const wanted = expected[row]?.split('\t')[column] ?? '';
        const got = found[row]?.split('\t')[column] ?? '';
        if (wanted === '' && got === '') continue;
        count.filled++;
        if (wanted === got) count.equal++;
        else if (options.list) console.log(`${field}  ${name}  frame ${row + 1}: tshark ${wanted || '–'}, Sevenfold ${got || '–'}`);
      }
    }
  }
  let low = false;
  for (const [field, { equal, filled, captures }] of counts) {
    const share = filled === 0 ? 1 : equal / filled;
    low ||= share < LEAST;
    const percent = (Math.floor(share * 10_000) / 100).toFixed(2);
    console.log(`${field.padEnd(18)} ${captures} captures, ${equal} of ${filled} cells equal: ${percent}%`);
  }
  return low ? 1 : 0;
}
