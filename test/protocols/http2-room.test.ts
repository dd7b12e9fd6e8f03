/** What becomes of an HTTP/2 connection when the index has no room for its headers any more. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Capture } from '../../src/engine/capture.ts';
import { openCapture } from '../../src/file/open.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { httpPairs } from '../../src/protocols/http-pairs.ts';
import { http2Streams } from '../../src/protocols/http2-streams.ts';

async function read(taken: number): Promise<Capture> {
  const opened = await openCapture(fileURLToPath(new URL('../fixtures/web/h2c.pcap', import.meta.url)));
  if (!opened.ok) throw new Error(opened.failure.message);
  const capture = new Capture(opened.reader);
  capture.state(http2Streams).headers = taken;
  while ((await capture.step()) === 'more');
  opened.reader.finish();
  return capture;
}

const kept = (capture: Capture): number[] => {
  const { blocks, dataRow } = capture.state(http2Streams);
  return [blocks.length, dataRow.length, capture.state(httpPairs).length];
};

const texts = (capture: Capture): string =>
  Array.from({ length: capture.packets.length }, (_, row) =>
    JSON.stringify(dissectPacket(capture, row).layers, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  ).join('\n');

it('keeps neither blocks nor bodies nor exchanges for which there is no room, and says so', async () => {
  const [blocks = 0, bodies = 0, exchanges = 0] = kept(await read(0));
  expect(blocks).toBeGreaterThan(3);
  const some = await read(4_000_000 - 40);
  expect(kept(some)[0]).toBeGreaterThan(0);
  expect(kept(some)[0]).toBeLessThan(blocks);
  expect(texts(some)).toContain('too many headers in this capture');
  const none = await read(4_000_000);
  expect(kept(none)[0]).toBe(0);
  expect(kept(none)[1]).toBeLessThan(bodies);
  expect(kept(none)[2]).toBeLessThan(exchanges);
  expect(texts(await read(0))).not.toContain('too many headers');
});
