import { describe, expect, it } from 'vitest';
import { dcerpc } from '../../src/protocols/dcerpc.ts';
import { nbss } from '../../src/protocols/nbss.ts';
import { dissect, TestCapture, values } from './app-fixtures.ts';
import { be16, be32, ber, le16, le32, stackOf, survivesEveryCut, tcpFrom, text } from './every-cut.ts';
import { overTcp } from './talk.ts';

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const wide = (value: string): number[] => text(value).flatMap((c) => [c, 0]);
const session = (message: readonly number[]): Uint8Array => Uint8Array.from([0, 0, ...be16(message.length), ...message]);

function smb2(command: number, response: boolean, body: readonly number[]): Uint8Array {
  return session([
    ...[0xfe, ...text('SMB'), ...le16(64), 0, 0, ...le32(0), ...le16(command), ...le16(1), ...le32(response ? 1 : 0), ...le32(0)],
    ...[...le32(7), ...le32(0), ...le32(0), ...le32(5), ...zeros(8), ...zeros(16)],
    ...body,
  ]);
}
const negotiate = [...text('NTLMSSP'), 0, ...le32(1), ...le32(0x00000201), ...zeros(16)];
const mechTypes = ber(0xa0, ber(0x30, ber(6, [0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10])));
const init = ber(0xa0, ber(0x30, mechTypes, ber(0xa2, ber(4, negotiate))));
const token = ber(0x60, ber(6, [0x2b, 6, 1, 5, 5, 2]), init);
/** Session setup request: the blob follows 24 octets of fixed part. */
const setup = (blob: readonly number[]): Uint8Array =>
  smb2(1, false, [...le16(25), 0, 1, ...zeros(8), ...le16(64 + 24), ...le16(blob.length), ...zeros(8), ...blob]);
/** A bind of DCE/RPC to one interface. */
const bind = [
  ...[5, 0, 11, 3, 0x10, 0, 0, 0, ...le16(72), 0, 0, ...le32(1), ...le16(4096), ...le16(4096), ...le32(0), 1, 0, 0, 0],
  ...[...le16(0), 1, 0, ...le32(0x4b324fc8), ...le16(0x1670), ...le16(0x01d3), 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88],
  ...[...le16(3), ...le16(0), ...zeros(16), ...le32(2)],
];

describe('SMB2', () => {
  it('shows the security token of a session setup layer by layer', () => {
    expect(stackOf(nbss, setup(token), tcpFrom(445))).toBe('nbss:smb2:gss-api:spnego:ntlmssp');
  });
  it('gives NTLMSSP without a wrapping to NTLMSSP', () => {
    expect(stackOf(nbss, setup(negotiate), tcpFrom(445))).toBe('nbss:smb2:ntlmssp');
  });
  it('reads the name of a file that is opened', () => {
    const name = wide('a.txt');
    const bytes = smb2(5, false, [...le16(57), ...zeros(42), ...le16(64 + 56), ...le16(name.length), ...zeros(8), ...name]);
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), nbss, bytes, tcpFrom(445));
    expect(values(d, 'smb2.filename')).toEqual(['a.txt']);
    expect(d.columns.info).toBe('Create Request File: a.txt');
  });
  it('shows what is read from a file as data, and from a pipe as DCE/RPC', () => {
    const read = (content: readonly number[]): Uint8Array =>
      smb2(8, true, [...le16(17), 80, 0, ...le32(content.length), ...zeros(8), ...content]);
    expect(stackOf(nbss, read([1, 2, 3]), tcpFrom(445))).toBe('nbss:smb2:data');
    expect(stackOf(nbss, read(bind), tcpFrom(445))).toBe('nbss:smb2:dcerpc');
  });
  it('shows what a pipe carries besides DCE/RPC as data', () => {
    const transceive = (content: readonly number[]): Uint8Array =>
      smb2(11, false, [
        ...[...le16(57), 0, 0, ...le32(0x0011c017), ...zeros(16), ...le32(64 + 56), ...le32(content.length), ...le32(0)],
        ...[...zeros(8), ...le32(1024), ...le32(1), ...zeros(4), ...content],
      ]);
    expect(stackOf(nbss, transceive([1, 2, 3, 4]), tcpFrom(445))).toBe('nbss:smb2:data');
    expect(stackOf(nbss, transceive(bind), tcpFrom(445))).toBe('nbss:smb2:dcerpc');
  });
  it('takes a blob that points outside for none', () => {
    const bytes = smb2(1, false, [...le16(25), 0, 1, ...zeros(8), ...le16(9000), ...le16(40), ...zeros(8)]);
    expect(stackOf(nbss, bytes, tcpFrom(445))).toBe('nbss:smb2');
  });
  it('survives being cut and turned', () => survivesEveryCut(nbss, setup(token), tcpFrom(445)));
});

describe('SMB1', () => {
  const smb1 = (command: number, words: readonly number[], data: readonly number[]): Uint8Array =>
    session([
      ...[0xff, ...text('SMB'), command, ...le32(0), 0x18, ...le16(0xc801), ...zeros(12), ...le16(1), ...le16(2), ...le16(3), ...le16(4)],
      ...[words.length / 2, ...words, ...le16(data.length), ...data],
    ]);
  it('gives what is written to a pipe to DCE/RPC', () => {
    const words = [0xff, 0, 0, 0, ...le16(9), ...zeros(8), ...zeros(6), ...le16(bind.length), ...le16(32 + 1 + 28 + 2), ...zeros(4)];
    expect(stackOf(nbss, smb1(0x2f, words, bind), tcpFrom(445))).toBe('nbss:smb:dcerpc');
  });
  it('shows what is written to a pipe besides DCE/RPC as data, told by a mode that only pipes have', () => {
    const content = [1, 2, 3, 4];
    const write = (offset: number, mode: number): Uint8Array => {
      const words = [0xff, 0, 0, 0, ...le16(9), ...le32(offset), ...zeros(4), ...le16(mode), ...le16(4), 0, 0, ...le16(4), ...le16(63)];
      return smb1(0x2f, [...words, ...zeros(4)], content);
    };
    expect(stackOf(nbss, write(0, 8), tcpFrom(445))).toBe('nbss:smb:data');
    expect(stackOf(nbss, write(0, 4), tcpFrom(445))).toBe('nbss:smb:data');
    expect(stackOf(nbss, write(0, 1), tcpFrom(445))).toBe('nbss:smb');
    expect(stackOf(nbss, write(4096, 8), tcpFrom(445))).toBe('nbss:smb');
    survivesEveryCut(nbss, write(0, 8), tcpFrom(445));
  });
  it('tells what a transaction on a pipe carries from the calls of the LAN manager', () => {
    const name = [0, ...wide('\\PIPE\\'), 0, 0];
    const transaction = (setup: readonly number[], content: readonly number[]): Uint8Array => {
      const offset = 33 + 28 + 2 * setup.length + 2 + name.length;
      const words = [...zeros(22), ...le16(content.length), ...le16(offset), setup.length, 0, ...setup.flatMap(le16)];
      return smb1(0x25, words, [...name, ...content]);
    };
    expect(stackOf(nbss, transaction([0x26, 9], [1, 2, 3, 4]), tcpFrom(445))).toBe('nbss:smb:data');
    expect(stackOf(nbss, transaction([0x26, 9], bind), tcpFrom(445))).toBe('nbss:smb:dcerpc');
    expect(stackOf(nbss, transaction([], [1, 2, 3, 4]), tcpFrom(445))).toBe('nbss:smb');
  });
  it('survives being cut and turned', () => {
    const words = [0xff, 0, 0, 0, ...le16(4356), ...le16(10), ...le16(1), ...zeros(4), ...le16(negotiate.length), ...zeros(8)];
    const bytes = smb1(0x73, words, negotiate);
    expect(stackOf(nbss, bytes, tcpFrom(445))).toBe('nbss:smb:ntlmssp');
    survivesEveryCut(nbss, bytes, tcpFrom(445));
  });
});

describe('the NetBIOS session service', () => {
  const message = session([0xff, ...text('SMB'), 0x72, ...zeros(27), 0, 0, 0]);
  it('waits for a header that ends in the next segment', () => {
    for (const cut of [message.length + 1, message.length + 3]) {
      const two = Uint8Array.from([...message, ...message]);
      const t = overTcp(445, ['>', two.slice(0, cut)], ['>', two.slice(cut)]);
      expect(t.stacks).toEqual(['nbss:smb', 'nbss:smb']);
    }
  });
  it('takes a segment that is shorter than a header for the rest of something', () => {
    const t = overTcp(445, ['>', Uint8Array.of(0)], ['>', message]);
    expect(t.stacks).toEqual(['nbss', 'nbss:smb']);
    expect(t.at(0).columns.info).toBe('NBSS Continuation Message');
  });
});

describe('DCE/RPC', () => {
  it('reads the interface that a bind asks for, in the byte order it says', () => {
    const capture = new TestCapture();
    const d = dissect(capture, capture.row(), dcerpc, Uint8Array.from(bind), tcpFrom(135));
    expect(values(d, 'dcerpc.cn_bind_to_uuid')).toEqual([
      [0x4b, 0x32, 0x4f, 0xc8, 0x16, 0x70, 0x01, 0xd3, 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88],
    ]);
    expect(values(d, 'dcerpc.cn_frag_len')).toEqual([72]);
  });
  it('finds a query of Spotlight in the arguments of a call, in either order of its octets', () => {
    const call = (query: readonly number[]): Uint8Array => {
      const args = [...zeros(64), ...query];
      const length = 24 + args.length;
      return Uint8Array.from([
        5,
        0,
        0,
        3,
        0x10,
        0,
        0,
        0,
        ...le16(length),
        0,
        0,
        ...le32(1),
        ...le32(args.length),
        ...le16(0),
        ...le16(2),
        ...args,
      ]);
    };
    const little = call([...text('432130dm'), ...le32(16), ...le32(12), ...zeros(16)]);
    const big = call([...text('md031234'), ...be32(12), ...be32(16), ...zeros(16)]);
    for (const bytes of [little, big]) {
      const capture = new TestCapture();
      const d = dissect(capture, capture.row(), dcerpc, bytes, tcpFrom(135));
      expect(d.protocolNames).toBe('dcerpc:afp');
      expect([values(d, 'afp.toc_offset'), values(d, 'afp.query_len')]).toEqual([[88n], [120n]]);
      survivesEveryCut(dcerpc, bytes, tcpFrom(135));
    }
    expect(stackOf(dcerpc, call(text('432130md........')), tcpFrom(135))).toBe('dcerpc');
  });
  it('refuses what is none', () => {
    const other = Uint8Array.from(bind);
    other[0] = 6;
    expect(dcerpc.accepts?.(other, 0, other.length, other.length)).toBe(false);
    expect(dcerpc.accepts?.(Uint8Array.from(bind), 0, 72, 72)).toBe(true);
  });
  it('survives being cut and turned', () => survivesEveryCut(dcerpc, Uint8Array.from(bind), tcpFrom(135)));
});
