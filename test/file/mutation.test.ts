import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openCapture } from '../../src/file/open.ts';
import { be, Collector, contentsOf, drain, folder, le, payload, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

const pcap = Buffer.concat([le.pcap(0xa1b2c3d4), ...[60, 0, 100, 7].map((n, i) => le.record(1_000_000_000 + i, i, payload(n, i)))]);
const pcapng = Buffer.concat([
  le.section(le.option(1, 'comment')),
  le.interface(1, 0, le.option(2, 'eth0'), le.option(9, Buffer.from([9]))),
  le.packet(0, 1n, payload(20), 20, le.option(1, 'one')),
  le.packet(0, 2n, payload(3)),
  le.block(5, le.u32(0, 0, 0), le.option(5, le.u64(3n))),
  be.section(),
  be.interface(101, 10),
  be.block(3, be.u32(60), payload(10)),
  be.packet(0, 4n, payload(33)),
]);

/** A change of one stretch of bytes, a cut, or bytes put in between. */
const damage = fc.record({
  at: fc.nat(),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  kind: fc.constantFrom('change', 'cut', 'insert'),
});

describe.each([
  ['pcap', pcap],
  ['pcapng', pcapng],
] as const)('a %s file that is damaged anywhere', (name, file) => {
  it('is read without an error, gives every packet before the damage, and comes to an end', async () => {
    const whole = await contentsOf(place, file);
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, bytes, kind }) => {
        const position = at % file.length;
        const damaged =
          kind === 'cut'
            ? file.subarray(0, position)
            : Buffer.concat([file.subarray(0, position), bytes, file.subarray(kind === 'insert' ? position : position + bytes.length)]);
        const path = join(place, `damaged-${name}`);
        writeFileSync(path, damaged);
        const opened = await openCapture(path);
        if (!opened.ok) {
          expect(opened.failure.message).not.toBe('');
          // Only a damaged file header can keep a file from being opened.
          expect(position).toBeLessThan(24);
          return;
        }
        const sink = new Collector();
        await drain(opened.reader, sink);
        opened.reader.finish();
        for (const packet of sink.packets) opened.reader.commentsAt(packet.fileOffset);
        await opened.reader.close();
        if (position < 24) return;
        const before = whole.packets.filter((packet) => endOf(file, packet) <= position);
        expect(sink.packets.slice(0, before.length)).toEqual(before);
        expect(sink.packets.length).toBeLessThanOrEqual(damaged.length / 16);
      }),
      { numRuns: 400 },
    );
  });
});

/** Offset of the byte after the record of a packet. */
function endOf(file: Buffer, packet: { data: string; fileOffset: number }): number {
  const end = packet.fileOffset + packet.data.length / 2;
  // Padding, options and trailing length of the small pcapng file: no more than this.
  return file === pcapng ? end + 24 : end;
}

it('any bytes at all are refused in words or read to an end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', '0a0d0d0a', 'd4c3b2a1', 'a1b2c3d4', '1f8b08', '34cdb2a1'),
      async (bytes, magic) => {
        const path = join(place, 'anything');
        writeFileSync(path, Buffer.concat([Buffer.from(magic, 'hex'), bytes]));
        const opened = await openCapture(path);
        if (!opened.ok) {
          expect(opened.failure.message).toMatch(/\.$/);
          return;
        }
        await drain(opened.reader, new Collector());
        opened.reader.finish();
        await opened.reader.close();
      },
    ),
    { numRuns: 400 },
  );
});
