import { describe, expect, it } from 'vitest';
import { imf } from '../../src/protocols/imf.ts';
import { workMs } from '../work.ts';
import { ascii, dissect, TestCapture } from './app-fixtures.ts';
import { fieldsOf } from './network-packets.ts';

const read = (text: string) => {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), imf, ascii(text));
};

describe('an Internet message', () => {
  it('shows folded header fields and the mailboxes in them', () => {
    const d = read('To: A B\r\n <a@example.com>,\r\n b@example.com\r\nFrom: c@example.com\r\n\r\nx');
    expect(fieldsOf(d, 'imf.to', 'imf.display_name', 'imf.address', 'imf.message_text')).toEqual({
      'imf.to': 'A B\r\n <a@example.com>,\r\n b@example.com',
      'imf.display_name': 'A B\r\n',
      'imf.address': 'a@example.com,\r\n b@example.com\r\n,c@example.com\r\n',
      'imf.message_text': '1',
    });
  });

  it('finds the parts of a part whose header goes on in a second line', () => {
    const d = read(
      'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: multipart/alternative;\r\n boundary="c"\r\n\r\n' +
        '--c\r\nContent-Type: text/plain\r\n\r\nx\r\n--c\r\nContent-Type: text/html\r\n\r\ny\r\n--c--\r\n\r\n' +
        '--b\r\nContent-Disposition: attachment;\r\n\tfilename="f"\r\n\r\nz\r\n--b--\r\n',
    );
    expect(d.protocolNames).toBe('imf:mime_multipart:mime_multipart:data-text-lines:data-text-lines:data');
    expect(fieldsOf(d, 'mime_multipart.header.content-disposition')).toEqual({
      'mime_multipart.header.content-disposition': 'attachment;filename="f"',
    });
  });

  it('shows the boundaries between parts, and each header where it stands', () => {
    const head = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n';
    const d = read(`${head}--b\r\nX: y\r\nContent-ID: <i>\r\ncontent-type: text/plain\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n`);
    const layer = d.layers.find(({ protocol }) => protocol === 'mime_multipart');
    const shown = (layer?.fields ?? []).map(({ abbrev, display, offset, length }) => [
      abbrev.slice(15),
      display,
      offset - head.length,
      length,
    ]);
    expect(shown.slice(1).map(([name, , offset, length]) => [name, offset, length])).toEqual([
      ['first_boundary', 0, 5],
      ['part', 5, 52],
      ['boundary', 57, 7],
      ['part', 64, 3],
      ['last_boundary', 67, 9],
    ]);
    expect(shown[2]?.[1]).toBe('(text/plain)');
    expect(layer?.fields[2]?.children.map(({ label, offset, length }) => [label, offset - head.length, length])).toEqual([
      ['Content-ID', 11, 17],
      ['content-type', 28, 24],
    ]);
  });

  it('gives the body to its content type', () => {
    const d = read(
      'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: In\r\n\r\nx\r\n--b--\r\n',
    );
    expect(d.protocolNames).toBe('imf:mime_multipart:imf');
    expect(fieldsOf(d, 'imf.content.type.type', 'imf.content.type.parameters', 'imf.subject')).toEqual({
      'imf.content.type.type': 'multipart/mixed',
      'imf.content.type.parameters': ' boundary="b"',
      'imf.subject': 'In',
    });
  });

  it('stands being cut anywhere, and messages in messages without end', () => {
    const nested = 'Content-Type: message/rfc822;\r\n\r\n'.repeat(200);
    expect(read(nested).layers.length).toBeLessThanOrEqual(64);
    const text = 'SIO-Label: marking="m"; fgcolor=red; type=":x"; odd\r\nContent-Type: text/plain; a=b\r\nTo: <a\r\n\r\nx';
    for (let end = 0; end <= text.length; end++) expect(read(text.slice(0, end)).layers[0]?.protocol).toBe('imf');
  });

  it('reads lists of a million commas in bounded time', () => {
    expect(workMs(() => read(`To: ${','.repeat(1_000_000)}\r\n\r\n`))).toBeLessThan(3000);
  });
});
