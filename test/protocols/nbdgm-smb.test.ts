import { expect, it } from 'vitest';
import { nbdgm } from '../../src/protocols/nbdgm.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { be16, le16, le32, survivesEveryCut, text, udpFrom } from './every-cut.ts';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const name = [0x20, ...text('EBFCEBEDEIDBEJCACACACACACACACAAA'), 0];
const announcement = [15, 1, ...le32(60000), ...text('HOST'), ...zeros(12), 10, 0, ...le32(3), 15, 1, 0xaa, 0x55, 0];
const slot = [...text('\\MAILSLOT\\BROWSE'), 0];
const offset = 32 + 1 + 34 + 2 + slot.length;
const words = [...zeros(22), ...le16(announcement.length), ...le16(offset), 3, 0, ...le16(1), ...le16(0), ...le16(2)];
const smb = [
  ...[0xff, ...text('SMB'), 0x25, ...le32(0), 0, ...le16(0), ...zeros(20)],
  ...[words.length / 2, ...words, ...le16(slot.length + announcement.length), ...slot, ...announcement],
];
const head = [17, 2, ...be16(7), 192, 0, 2, 1, ...be16(138), ...be16(68 + smb.length), ...be16(0)];
const datagram = Uint8Array.from([...head, ...name, ...name, ...smb]);

it('shows the announcement of a browser in the mailslot of a datagram', () => {
  const capture = new TestCapture();
  const d = dissect(capture, capture.row(), nbdgm, datagram, udpFrom(138));
  expect(d.protocolNames).toBe('nbdgm:smb:browser');
  expect(values(d, 'browser.command')).toEqual([15]);
});

it('gives a fragment of a datagram to nobody', () => {
  const first = Uint8Array.from(datagram);
  first[1] = 3;
  const capture = new TestCapture();
  expect(dissect(capture, capture.row(), nbdgm, first, udpFrom(138)).protocolNames).toBe('nbdgm');
});

it('survives being cut and turned', () => survivesEveryCut(nbdgm, datagram, udpFrom(138)));
