/** WebSocket and HTTP/2 of real programs against what tshark prints of them (test/fixtures/web/make.sh). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import { exchangeDetail } from '../../src/engine/exchanges.ts';
import { printFields, readAll } from '../golden/table.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, '..', 'fixtures', 'web', name);

interface Cell {
  readonly field: string;
  readonly frame: number;
  readonly expected: string;
  readonly actual: string;
}

/** Cells in which the two differ. */
async function differing(name: string): Promise<Cell[]> {
  const read = await readAll(fixture(`${name}.pcap`));
  if (read === null) throw new Error(`${name}.pcap could not be opened`);
  const [head, ...expected] = readFileSync(fixture(`${name}.tsv`), 'utf8')
    .replace(/\n$/, '')
    .split('\n');
  const fields = (head as string).split('\t');
  const actual = printFields(read.capture, fields);
  await read.reader.close();
  expect(actual.length).toBe(expected.length);
  return expected.flatMap((line, row) => {
    const wanted = line.split('\t');
    const got = (actual[row] as string).split('\t');
    return fields.flatMap((field, k) =>
      wanted[k] === got[k] ? [] : [{ field, frame: row + 1, expected: wanted[k] ?? '', actual: got[k] ?? '' }],
    );
  });
}

describe('WebSocket', () => {
  it('is what tshark says, but for a fragmented message that is compressed', async () => {
    // RFC 7692 section 6.1: RSV1 of the first fragment counts for all. tshark looks at that of the last one.
    const cells = await differing('websocket');
    expect(cells.map(({ field }) => field)).toEqual(['websocket.payload.text']);
    expect(cells[0]?.actual).toBe('first second third');
  });
});

describe('HTTP/2', () => {
  it('is what tshark says when it is told where HTTP/2 is, but for the count of a block in two frames', async () => {
    // tshark counts the headers of each of the two frames; the second of them cannot be read without the first.
    const cells = await differing('http2');
    expect(cells.map(({ field }) => field)).toEqual(['http2.header.length', 'http2.header.count']);
  });

  it('is what tshark says after an upgrade too', async () => {
    expect(await differing('h2c')).toEqual([]);
  });

  it('has its exchanges, those of several streams at once too', async () => {
    const read = await readAll(fixture('http2.pcap'));
    if (read === null) throw new Error('http2.pcap could not be opened');
    const rows = Array.from({ length: exchangeCount(read.capture) }, (_, k) => exchangeRow(read.capture, k));
    expect(rows.map(({ method, url, status, contentType }) => [method, url, status, contentType])).toEqual([
      ['GET', 'http://127.0.0.1:8091/json', 200, 'application/json'],
      ['GET', 'http://127.0.0.1:8091/big', 200, 'application/octet-stream'],
      ['POST', 'http://127.0.0.1:8091/post', 201, 'text/plain'],
      ['GET', 'http://127.0.0.1:8091/none?a=%C3%A9', 404, ''],
      ['GET', 'http://127.0.0.1:8093/data.json', 200, 'application/json'],
      ['GET', 'http://127.0.0.1:8093/small.txt', 200, 'text/plain'],
      ['POST', 'http://127.0.0.1:8093/none', 404, 'text/html'],
    ]);
    expect(rows.map(({ responseBytes }) => responseBytes).slice(0, 4)).toEqual([17, 60_000, 10, 0]);
    expect(rows[2]).toMatchObject({ requestBytes: 10, version: 'HTTP/2', position: 3, reused: true });
    expect(rows[5]?.decodedBytes).toBe(1492);
    expect(rows[5]?.responseBytes).toBeLessThan(1492);
    await read.reader.close();
  });
});

describe('bodies in Zstandard', () => {
  it('are dissected as tshark does, which does not undo them', async () => {
    expect(await differing('zstd')).toEqual([]);
  });

  it('are shown decoded, or with what is wrong with them', async () => {
    const read = await readAll(fixture('zstd.pcap'));
    if (read === null) throw new Error('zstd.pcap could not be opened');
    const messages = Array.from({ length: exchangeCount(read.capture) }, (_, k) => {
      const { summary, response } = exchangeDetail(read.capture, 1, k);
      return [summary.url?.slice(16), response?.bodyBytes, response?.decodedBytes, response?.codingFlaw, response?.stillCoded];
    });
    await read.reader.close();
    expect(messages).toEqual([
      [':8097/zstd/data.json', 34, 21, null, false],
      [':8097/zstd/long.txt', 81_691, 828_894, null, false],
      [':8097/zstd/two.txt', 722, 1513, null, false],
      [':8097/zstd/cut.txt', 30_000, 331_768, 'short', false],
      [':8097/zstd/damaged.txt', 81_691, 81_691, 'damaged', true],
      [':8097/zstd/zeros.txt', 9878, 9878, 'large', true],
      [':8098/zstd/data.json', 34, 21, null, false],
      [':8098/zstd/long.txt', 81_691, 828_894, null, false],
    ]);
  });
});
