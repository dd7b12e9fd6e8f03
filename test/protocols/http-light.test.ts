/** HTTP messages read without fields, and without the layers below, against the same messages of the whole dissection. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dissection } from '../../src/dissect/dissection.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { type HttpMessage, httpMessages } from '../../src/protocols/http-messages.ts';
import { readAll } from '../golden/table.ts';

function messagesOf(d: Dissection): object[] {
  return d.layers
    .map((layer) => httpMessages.get(layer))
    .filter((message): message is HttpMessage => message !== undefined)
    .map((message) => {
      // What is read when it is asked for, by name.
      const { headers, decodedBytes, flaw, body } = message;
      return { ...message, headers, decodedBytes, flaw, body: Buffer.from(body).toString('base64') };
    });
}

describe('HTTP messages read without fields', () => {
  for (const [name, least] of [
    ['http.pcap', 10],
    ['web/session.pcap', 60],
    ['web/h2c.pcap', 2],
    ['web/zstd.pcap', 16],
    ['rough/loss.pcap', 40],
    ['rough/reorder.pcap', 40],
    ['tls/tls13-dsb.pcapng', 5],
  ] as const) {
    it(`are those of the whole dissection in ${name}`, async () => {
      const read = await readAll(path.join(import.meta.dirname, '..', 'fixtures', name));
      if (read === null) throw new Error(`${name} could not be opened`);
      const { capture } = read;
      let found = 0;
      let without = 0;
      for (let row = 0; row < capture.packets.length; row++) {
        const light = dissectPacket(capture, row, false, false);
        const whole = messagesOf(dissectPacket(capture, row));
        expect(messagesOf(light), `packet ${row + 1}`).toEqual(whole);
        found += whole.length;
        if (whole.length > 0 && light.layers.every(({ protocol }) => protocol !== 'ip')) without++;
      }
      await read.reader.close();
      expect(found).toBeGreaterThanOrEqual(least);
      // Most were read without the layers below TCP.
      expect(without).toBeGreaterThan(found / 2);
    });
  }
});
