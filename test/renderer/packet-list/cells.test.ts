import { describe, expect, it } from 'vitest';
import { cellTerm, cellText, protocolTerm, rowText } from '../../../renderer/packet-list/cell-filter.ts';
import { drawnOf } from '../../../renderer/packet-list/cells.ts';
import { infoPieces, rowTone } from '../../../renderer/packet-list/info.ts';
import type { RowSummary } from '../../../src/messages.ts';

const row: RowSummary = {
  row: 191,
  time: '0.938108',
  source: '192.168.1.24',
  destination: '2001:db8::1',
  sourcePort: '52814',
  destinationPort: '8080',
  protocol: 'TLSv1.3',
  hue: 'app',
  length: 504,
  info: 'Client Hello',
  marks: [{ kind: 'warn', text: 'Gap before' }],
  stream: 6,
  transport: 'tcp',
  fields: [],
};

describe('the filter of a cell', () => {
  it('names the field that the column shows', () => {
    expect(cellTerm(row, 'no', false)).toBe('frame.number == 192');
    expect(cellTerm(row, 'source', false)).toBe('ip.src == 192.168.1.24');
    expect(cellTerm(row, 'destination', false)).toBe('ipv6.dst == 2001:db8::1');
    expect(cellTerm(row, 'length', false)).toBe('frame.len == 504');
    expect(cellTerm(row, 'info', false)).toBe('tcp.stream == 6');
    expect(cellTerm(row, 'time', false)).toBeNull();
  });

  it('takes the port where the port was clicked', () => {
    expect(cellTerm(row, 'source', true)).toBe('tcp.srcport == 52814');
    expect(cellTerm({ ...row, transport: 'udp' }, 'destination', true)).toBe('udp.dstport == 8080');
  });

  it('tells hardware addresses from IPv6', () => {
    expect(cellTerm({ ...row, source: '3c:22:fb:4a:91:0e' }, 'source', false)).toBe('eth.src == 3c:22:fb:4a:91:0e');
    expect(cellTerm({ ...row, source: 'Broadcast' }, 'source', false)).toBeNull();
  });

  it('names protocols as filters do', () => {
    expect(protocolTerm('TLSv1.3')).toBe('tls');
    expect(protocolTerm('HTTP/2')).toBe('http2');
    expect(protocolTerm('ICMPv6')).toBe('icmpv6');
  });
});

describe('what a cell draws', () => {
  it('differs where anything of it does, whatever the words say', () => {
    expect(drawnOf({ ...row, row: 5, time: '9.9', length: 1 }, 'info')).toBe(drawnOf(row, 'info'));
    const said = { ...row, marks: [], info: `Gap before ${row.info}` };
    expect(cellText(said, 'info')).toBe(cellText(row, 'info'));
    expect(drawnOf(said, 'info')).not.toBe(drawnOf(row, 'info'));
    expect(drawnOf({ ...row, marks: [{ kind: 'bad', text: 'Gap before' }] }, 'info')).not.toBe(drawnOf(row, 'info'));
    expect(drawnOf({ ...row, hue: 'tra' }, 'protocol')).not.toBe(drawnOf(row, 'protocol'));
    const joined = { ...row, source: '192.168.1.24:52814', sourcePort: '' };
    expect(cellText(joined, 'source')).toBe(cellText(row, 'source'));
    expect(drawnOf(joined, 'source')).not.toBe(drawnOf(row, 'source'));
  });
});

describe('copying', () => {
  it('joins address and port, IPv6 in brackets', () => {
    expect(cellText(row, 'source')).toBe('192.168.1.24:52814');
    expect(cellText(row, 'destination')).toBe('[2001:db8::1]:8080');
  });

  it('gives a row as one line', () => {
    expect(rowText(row)).toBe('192\t0.938108\t192.168.1.24:52814\t[2001:db8::1]:8080\tTLSv1.3\t504\tGap before Client Hello');
  });
});

describe('the info column', () => {
  it('tells flags, keys and values apart', () => {
    expect(infoPieces('[PSH, ACK] Seq=482 Len=0')).toEqual([
      { text: '[PSH, ACK]', kind: 'flags' },
      { text: ' ', kind: 'plain' },
      { text: 'Seq=', kind: 'key' },
      { text: '482 ', kind: 'plain' },
      { text: 'Len=', kind: 'key' },
      { text: '0', kind: 'plain' },
    ]);
  });

  it('leaves other texts whole', () => {
    expect(infoPieces('GET /?a=b HTTP/1.1')).toEqual([{ text: 'GET /?a=b HTTP/1.1', kind: 'plain' }]);
    expect(infoPieces('')).toEqual([{ text: '', kind: 'plain' }]);
  });

  it('gives a row the edge of its worst mark', () => {
    expect(rowTone([{ kind: 'warn' }, { kind: 'bad' }])).toBe('bad');
    expect(rowTone([{ kind: 'handshake' }, { kind: 'warn' }])).toBe('warn');
    expect(rowTone([{ kind: 'neutral' }])).toBeNull();
  });
});
