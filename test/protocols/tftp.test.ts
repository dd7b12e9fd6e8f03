import { describe, expect, it } from 'vitest';
import { tftp } from '../../src/protocols/tftp.ts';
import { ascii, dissect, join, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';
import { fieldsOf } from './network-packets.ts';
import { ofFrames, udpFrame } from './talk.ts';

const transport = udpFrom(69);
const read = (bytes: Uint8Array) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), tftp, bytes, transport);
};
const message = (opcode: string, text: string) => join(hex(opcode), ascii(text));

const request = message('0001', 'a.txt\0octet\0blksize\0' + '1428\0tsize\0' + '0\0');
const failure = message('00050001', 'No file\0');

describe('TFTP', () => {
  it('says which file is asked for, how, and with which options', () => {
    const d = read(request);
    expect(values(d, 'tftp.source_file')).toEqual(['a.txt']);
    expect(values(d, 'tftp.type')).toEqual(['octet']);
    expect(values(d, 'tftp.option.name')).toEqual(['blksize', 'tsize']);
    expect(values(d, 'tftp.option.value')).toEqual(['1428', '0']);
    expect(d.columns.info).toBe('Read Request, File: a.txt, Transfer type: octet, blksize=1428, tsize=0');
  });
  it('tells a file that is written from one that is read', () => {
    const d = read(message('0002', 'b.txt\0netascii\0'));
    expect(values(d, 'tftp.destination_file')).toEqual(['b.txt']);
    expect(values(d, 'tftp.source_file')).toEqual([]);
  });
  it('numbers blocks and what is acknowledged', () => {
    expect(values(read(message('00030007', 'ABC')), 'tftp.block')).toEqual([7]);
    expect(values(read(hex('0004ffff')), 'tftp.block')).toEqual([0xffff]);
  });
  it('says what went wrong', () => {
    const d = read(failure);
    expect(values(d, 'tftp.error.code')).toEqual([1]);
    expect(values(d, 'tftp.error.message')).toEqual(['No file']);
    expect(values(d, 'tftp.error')).toHaveLength(1);
  });
  describe('after a request', () => {
    const data = (block: number, length: number) => join(Uint8Array.of(0, 3, block >> 8, block & 255), new Uint8Array(length));
    const sizes = message('0006', 'blksize\0' + '16\0');
    const said: readonly [boolean, number, number, Uint8Array, string, string][] = [
      // From the server?, its port, the client's, what, the stack, block and frame of the request.
      [false, 69, 3000, message('0001', 'a\0octet\0'), 'tftp', ','],
      [true, 3456, 3000, sizes, 'tftp', ',1'],
      [false, 3456, 3000, hex('0004 0000'), 'tftp', '0,1'],
      [true, 3456, 3000, data(1, 16), 'tftp:data', '1,1'],
      [true, 3456, 3000, data(2, 0), 'tftp', '2,1'],
      [false, 3457, 3001, data(1, 8), 'data', ','],
      [false, 69, 3001, message('0002', 'b\0octet\0'), 'tftp', ','],
      // A stream from before the request keeps its number, and is TFTP from here on.
      [true, 3457, 3001, hex('0004 0000'), 'tftp', '0,7'],
      [false, 69, 3000, message('0001', 'c\0octet\0'), 'tftp', ','],
      [true, 3456, 3000, data(65535, 512), 'tftp:data', '65535,9'],
      [true, 3456, 3000, data(0, 512), 'tftp:data', '65536,9'],
      [true, 3456, 3000, data(65535, 512), 'tftp:data', '65535,9'],
      [false, 3456, 3000, hex('0004 0001'), 'tftp', '65537,9'],
      [true, 69, 3000, failure, 'tftp', ',9'],
    ];
    const t = ofFrames(
      ...said.map(([back, port, client, bytes]) => (back ? udpFrame(port, client, bytes, true) : udpFrame(client, port, bytes))),
    );
    it('follows the client to the port that the server chose, one transfer after the other', () => {
      expect(t.stacks).toEqual(said.map(([, , , , stack]) => stack));
      const facts = said.map((_, n) => Object.values(fieldsOf(t.at(n), 'tftp.block.full', 'tftp.request_frame')).join());
      expect(facts).toEqual(said.map(([, , , , , fact]) => fact));
      expect(fieldsOf(t.at(4), 'tftp.destination_file')).toEqual({ 'tftp.destination_file': 'a' });
    });
    it('says which block is the last one, by the size that was granted', () => {
      const info = [3, 4, 9, 10].map((n) => t.at(n).columns.info);
      expect(info.map((text) => text.endsWith('(last)'))).toEqual([false, true, false, false]);
    });
    it('begins a stream with each request, as Wireshark numbers them', () => {
      const streams = said.map((_, n) => fieldsOf(t.at(n), 'udp.stream')['udp.stream']);
      expect(streams).toEqual(['0', '1', '1', '1', '1', '2', '3', '2', '0', '4', '4', '4', '4', '0']);
    });
    it('takes no other host for the server', () => {
      const other = udpFrame(3456, 3000, data(1, 4));
      expect(ofFrames(udpFrame(3000, 69, message('0001', 'a\0octet\0')), other).stacks).toEqual(['tftp', 'data']);
    });
  });
  it('notes a size of blocks that cannot be granted', () => {
    expect(values(read(message('0006', 'blksize\0' + '5\0')), 'tftp.blocksize_range')).toHaveLength(1);
    expect(values(read(message('0006', 'BLKSIZE\0' + '8\0')), 'tftp.blocksize_range')).toHaveLength(0);
  });
  it('shows what has no meaning as bytes', () => expect(values(read(hex('00094142')), 'tftp.data')).toEqual([[0x41, 0x42]]));
  it('is malformed where nothing ends a name or a value', () => {
    expect(read(message('0001', 'a.txt')).layers[0]?.status).toBe('malformed');
    expect(read(message('0006', 'blksize\0' + '1428')).layers[0]?.status).toBe('malformed');
  });
  it('survives being cut and turned', () => {
    for (const bytes of [request, failure, message('00030007', 'ABC'), message('0006', 'blksize\0' + '1428\0')])
      survivesEveryCut(tftp, bytes, transport);
  });
});
