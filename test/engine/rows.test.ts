/** What the list and the ladder show of an info text. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { applicationWords, shortInfo } from '../../src/engine/rows.ts';
import { readAll } from '../golden/table.ts';

it('leaves out what stands as a mark or with the addresses, and nothing else', () => {
  expect(shortInfo('[TCP Fast Retransmission] HTTP/1.1 200 OK  (image/jpeg)')).toBe('HTTP/1.1 200 OK  (image/jpeg)');
  expect(shortInfo('[TCP Dup ACK 110#1] 80 → 50000 [ACK] Seq=1')).toBe('[ACK] Seq=1');
  expect(shortInfo('[TCP Window Full] [TCP Out-Of-Order] 80 → 50000 [ACK] Seq=1')).toBe('[ACK] Seq=1');
  expect(shortInfo('[TCP is what this message is about]')).toBe('[TCP is what this message is about]');
  expect(shortInfo('Standard query 0x1234 A example.org')).toBe('Standard query 0x1234 A example.org');
});

it('gives the words of a response alone where its packet was sent again', async () => {
  const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', 'rough', 'small.pcap'));
  if (read === null) throw new Error('small.pcap could not be opened');
  expect(applicationWords(read.capture, 195)).toBe('200 OK');
  await read.reader.close();
});
