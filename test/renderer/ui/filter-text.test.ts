import { describe, expect, it } from 'vitest';
import { filterText, quote } from '../../../renderer/ui/filter-text.ts';
import type { FieldValue } from '../../../src/messages.ts';

const text = (abbrev: string, value: FieldValue, display = '') => filterText({ abbrev, value, display, generated: false });

describe('filter text of a field', () => {
  it('is none for a line of text', () => {
    expect(text('', 5, '5')).toBeNull();
  });
  it('asks for presence where there is no value', () => {
    expect(text('tcp.analysis.retransmission', null)).toBe('tcp.analysis.retransmission');
    expect(text('data.data', new Uint8Array(0))).toBe('data.data');
  });
  it('writes numbers in the base that is shown', () => {
    expect(text('tcp.port', 8080, '8080')).toBe('tcp.port == 8080');
    expect(text('eth.type', 0x800, 'IPv4 (0x0800)')).toBe('eth.type == 0x0800');
    expect(text('ip.proto', 6, 'TCP (6)')).toBe('ip.proto == 6');
    expect(text('x.offset', -3, '-3')).toBe('x.offset == -3');
    expect(text('x.big', 18446744073709551615n, '18446744073709551615')).toBe('x.big == 18446744073709551615');
  });
  it('does not take a hexadecimal word for the value', () => {
    expect(text('x', 7, 'Code 0x0010')).toBe('x == 7');
  });
  it('writes flags as 1 and 0', () => {
    expect(text('tcp.flags.syn', true, 'Set')).toBe('tcp.flags.syn == 1');
    expect(text('tcp.flags.fin', false, 'Not set')).toBe('tcp.flags.fin == 0');
  });
  it('quotes strings and escapes what would end or change them', () => {
    expect(text('http.host', 'a"b\\c')).toBe('http.host == "a\\"b\\\\c"');
    expect(quote('a\r\n\t\u0000')).toBe('"a\\r\\n\\t\\x00"');
    expect(quote('\u0085\u202egnp.exe')).toBe('"\\u0085\\u202egnp.exe"');
    expect(text('http.host', 'é한')).toBe('http.host == "é한"');
  });
  it('looks for the beginning of a very long string', () => {
    expect(text('http.file_data', 'x'.repeat(5000))).toBe(`http.file_data contains "${'x'.repeat(200)}"`);
  });
  it('writes addresses as addresses', () => {
    expect(text('ip.src', Uint8Array.of(192, 168, 1, 24), '192.168.1.24')).toBe('ip.src == 192.168.1.24');
    expect(text('ip.src', Uint8Array.of(192, 168, 1, 24), 'host.example (192.168.1.24)')).toBe('ip.src == 192.168.1.24');
    const v6 = new Uint8Array(16);
    v6[15] = 1;
    expect(text('ipv6.src', v6, '::1')).toBe('ipv6.src == ::1');
    expect(text('eth.src', Uint8Array.of(0x3c, 0x22, 0xfb, 0x4a, 0x91, 0x0e), '3c:22:fb:4a:91:0e')).toBe('eth.src == 3c:22:fb:4a:91:0e');
  });
  it('writes other bytes as pairs, four of them too', () => {
    expect(text('data.data', Uint8Array.of(1, 2, 0xab, 0xff), '0102abff')).toBe('data.data == 01:02:ab:ff');
  });
  it('compares only the beginning of very many bytes', () => {
    const bytes = new Uint8Array(1000).fill(0xaa);
    expect(text('data.data', bytes, '…')).toBe(`data.data[0:64] == ${Array(64).fill('aa').join(':')}`);
  });
  it('asks for presence of bytes that were put together from other packets', () => {
    expect(filterText({ abbrev: 'ip.fragments', value: new Uint8Array(1509), display: '2 fragments', generated: true })).toBe(
      'ip.fragments',
    );
  });
  it('writes spans as decimals and calendar times as quoted UTC', () => {
    expect(text('frame.time_delta', { sec: 0, nsec: 71061000 }, '0.071061000 seconds')).toBe('frame.time_delta == 0.071061000');
    expect(text('x.delta', { sec: -1, nsec: 900_000_000 }, '-0.100000000 seconds')).toBe('x.delta == -0.100000000');
    expect(text('frame.time', { sec: 1773308468, nsec: 56312000 }, 'Mar 12, 2026 09:41:08.056312000 UTC')).toBe(
      'frame.time == "2026-03-12 09:41:08.056312000Z"',
    );
  });
});
