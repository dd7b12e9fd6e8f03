import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Capture } from '../../src/engine/capture.ts';
import { openCapture } from '../../src/file/open.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { namedCorpus } from '../corpus.ts';
import { indexedStack } from './network-packets.ts';

/** Protocols whose content (a body, a mail) is full depth's alone. */
const SHOWS_CONTENT: ReadonlySet<string> = new Set(['http', 'smtp', 'pop', 'imap', 'ftp-data', 'sip', 'db-lsp-disc']);

/** Rows looked at per capture, spread over it. */
const ROWS = 400;

/** Where the two depths disagree about the protocols of a packet; what some carry is full depth's alone. */
async function disagreements(path: string): Promise<string[]> {
  const opened = await openCapture(path);
  if (!opened.ok) return [];
  const capture = new Capture(opened.reader);
  while ((await capture.step()) === 'more');
  opened.reader.finish();
  const found = capture.bugs > 0 ? [capture.firstBug] : [];
  const stride = Math.max(1, Math.floor(capture.packets.length / ROWS));
  for (let row = 0; row < capture.packets.length; row += stride) {
    const index = indexedStack(capture, row);
    const full = dissectPacket(capture, row).protocolNames;
    if (index !== full && !(SHOWS_CONTENT.has(index.slice(index.lastIndexOf(':') + 1)) && full.startsWith(`${index}:`)))
      found.push(`packet ${row + 1}: ${index} is not ${full}`);
  }
  await opened.reader.close();
  return found;
}

const fixtures = join(import.meta.dirname, '../fixtures');

test.each(readdirSync(fixtures).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name)))(
  'index and full depth find the same protocols in %s',
  async (name) => {
    expect(await disagreements(join(fixtures, name))).toEqual([]);
  },
);

test.skipIf(namedCorpus === undefined)(
  'index and full depth find the same protocols in the conformance corpus',
  { timeout: 900_000 },
  async () => {
    const captures = join(namedCorpus ?? '', 'captures');
    const faults: string[] = [];
    for (const folder of readdirSync(captures)) {
      for (const name of readdirSync(join(captures, folder))) {
        for (const fault of await disagreements(join(captures, folder, name))) faults.push(`${folder}/${name}: ${fault}`);
      }
    }
    expect(faults).toEqual([]);
  },
);
