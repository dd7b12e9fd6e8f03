import { describe, expect, it } from 'vitest';
import { tftp } from '../../src/protocols/tftp.ts';
import { ascii, dissect, join, TestCapture, values } from './app-fixtures.ts';
import { hex, survivesEveryCut, udpFrom } from './every-cut.ts';

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
