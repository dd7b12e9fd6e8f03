import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../src/file/open.ts';
import { corpus } from '../corpus.ts';

const manifest = join(corpus, 'MANIFEST.tsv');

/** Simple packet blocks have no time: zero here, nothing in the table. */
const NO_TIME = '0.000000000';

/** Where we differ on purpose. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['tcpdump__tests__timestamp_invalid_micro.pcap', 'a fraction of a whole second is carried over into the seconds'],
  ['tcpdump__tests__timestamp_invalid_nano.pcap', 'a fraction of a whole second is carried over into the seconds'],
  ['tcpdump__tests__atm-heapoverflow.pcap', 'the pseudo-header of ATM is counted as bytes of the packet'],
]);

/** tshark lists custom blocks of pcapng among the packets; capinfos does not count them, nor do we. */
function isCustomBlock(time: string | undefined, protocols: string | undefined): boolean {
  return time === '' && protocols === 'data';
}

interface Row {
  readonly time: string;
  readonly len: string;
  readonly capLen: string;
}

/** Rows of the expected table, by the columns that the file layer answers for. */
function expectedRows(file: string): Row[] {
  const lines = gunzipSync(readFileSync(file)).toString('latin1').split('\n');
  const header = (lines[0] ?? '').split('\t');
  const time = header.indexOf('frame.time_epoch');
  const len = header.indexOf('frame.len');
  const capLen = header.indexOf('frame.cap_len');
  const protocols = header.indexOf('frame.protocols');
  if (time < 0 || len < 0 || capLen < 0 || protocols < 0) throw new Error(`no frame columns in ${file}`);
  return lines
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .filter((cells) => !isCustomBlock(cells[time], cells[protocols]))
    .map((cells) => {
      return { time: cells[time] || NO_TIME, len: cells[len] ?? '', capLen: cells[capLen] ?? '' };
    });
}

describe.skipIf(!existsSync(manifest))('the captures of the conformance corpus', () => {
  const lines = existsSync(manifest) ? readFileSync(manifest, 'utf8').trimEnd().split('\n').slice(1) : [];
  const files = lines.map((line) => {
    const cells = line.split('\t');
    return { category: cells[0] ?? '', name: cells[1] ?? '', exit: cells[8] ?? '' };
  });

  for (const category of ['format', 'malformed', 'core', 'other']) {
    it(`give the packets, lengths and times that tshark gives: ${category}`, async () => {
      const wrong: string[] = [];
      let checked = 0;
      for (const file of files) {
        if (file.category !== category || EXCEPTIONS.has(file.name)) continue;
        checked++;
        const rows: Row[] = [];
        const opened = await openCapture(join(corpus, 'captures', category, file.name));
        if (opened.ok) {
          const sink = {
            packet(_bytes: Uint8Array, _offset: number, capLen: number, wireLen: number, sec: number, nsec: number): void {
              rows.push({ time: `${sec}.${String(nsec).padStart(9, '0')}`, len: String(wireLen), capLen: String(capLen) });
            },
          };
          while ((await opened.reader.step(sink)) === 'more') {}
          opened.reader.finish();
          await opened.reader.close();
        }
        const expected = expectedRows(join(corpus, 'expected', category, `${file.name}.tsv.gz`));
        // Files of a link type that tshark has no dissector for are refused there and listed here.
        if (file.exit !== '0' && expected.length === 0 && rows.length > 0) continue;
        if (rows.length !== expected.length) wrong.push(`${file.name}: ${rows.length} packets, not ${expected.length}`);
        const first = expected.findIndex((row, i) => JSON.stringify(row) !== JSON.stringify(rows[i]));
        if (first >= 0)
          wrong.push(`${file.name}: packet ${first + 1}: ${JSON.stringify(rows[first])}, not ${JSON.stringify(expected[first])}`);
      }
      expect(wrong).toEqual([]);
      expect(checked).toBeGreaterThan(0);
    });
  }
});
