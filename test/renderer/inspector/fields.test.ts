import { describe, expect, it } from 'vitest';
import { ancestorsOf, fieldAt, lookUp, rangeText, tintsOf, valueParts, worstSeverity } from '../../../renderer/inspector/fields.ts';
import { foldName, isCardOpen, rowsOf } from '../../../renderer/inspector/rows.ts';
import { field, httpPacket, layer } from './nodes.ts';

describe('the field of a byte', () => {
  const tcp = layer('tcp', 34, 32, 470, {
    fields: [
      field('tcp.flags', 46, 2, {
        children: [
          field('tcp.flags.syn', 46, 2, { value: false, mask: 2 }),
          field('tcp.flags.ack', 46, 2, { value: true, mask: 16 }),
          field('tcp.flags.str', 46, 2, { value: '···A···S', generated: true }),
        ],
      }),
      field('tcp.options', 54, 12, { children: [field('tcp.options.timestamp', 56, 10, { children: [field('tsval', 58, 4)] })] }),
      field('', 0, 0, { children: [field('tcp.window_size', 48, 2, { generated: true })] }),
    ],
  });
  const layers = [layer('frame', 0, 0, 504, { fields: [field('frame.len', 0, 504)] }), layer('ip', 14, 20, 490), tcp];

  it('is the innermost one', () => {
    expect(fieldAt(layers, 0, 59)?.key).toBe('2.1.0.0');
    expect(fieldAt(layers, 0, 56)?.key).toBe('2.1.0');
    expect(fieldAt(layers, 0, 54)).toEqual({ key: '2.1', source: 0, offset: 54, length: 12 });
  });
  it('is the flag field and not one of its bits', () => {
    expect(fieldAt(layers, 0, 47)?.key).toBe('2.0');
  });
  it('may stand below a line of text that has no bytes', () => {
    expect(fieldAt(layers, 0, 48)?.key).toBe('2.2.0');
  });
  it('is the layer where no field covers the byte', () => {
    expect(fieldAt(layers, 0, 36)?.key).toBe('2');
    expect(fieldAt(layers, 0, 15)?.key).toBe('1');
    expect(fieldAt(layers, 0, 300)?.key).toBe('2');
  });
  it('is none outside all layers and in other sources', () => {
    expect(fieldAt(layers, 0, 5)).toBeNull();
    expect(fieldAt(layers, 1, 47)).toBeNull();
  });
  it('is found again by its key', () => {
    expect(lookUp(layers, '2.1.0.0')?.field?.abbrev).toBe('tsval');
    expect(lookUp(layers, '2')?.field).toBeNull();
    expect(lookUp(layers, '2.9')).toBeNull();
    expect(lookUp(layers, '7')).toBeNull();
    expect(ancestorsOf('2.1.0.0')).toEqual(['2.1', '2.1.0']);
  });
});

describe('tints', () => {
  it('let inner layers paint over outer ones and leave the frame unpainted', () => {
    expect(tintsOf(httpPacket(), 0, 504)).toEqual([
      { from: 0, to: 14, hue: 'link' },
      { from: 14, to: 34, hue: 'net' },
      { from: 34, to: 66, hue: 'tra' },
      { from: 66, to: 504, hue: 'app' },
    ]);
  });
  it('give padding behind the packet back to the link layer', () => {
    const layers = [layer('eth', 0, 14, 60, { hue: 'link' }), layer('arp', 14, 28, 28, { hue: 'link' }), layer('x', 20, 2, 2)];
    expect(tintsOf(layers, 0, 60)).toEqual([
      { from: 0, to: 20, hue: 'link' },
      { from: 20, to: 22, hue: 'net' },
      { from: 22, to: 60, hue: 'link' },
    ]);
  });
  it('stay within the bytes that are there', () => {
    expect(tintsOf([layer('ip', 14, 20, 490)], 0, 40)).toEqual([{ from: 14, to: 40, hue: 'net' }]);
    expect(tintsOf(httpPacket(), 1, 100)).toEqual([]);
  });
});

describe('values', () => {
  const parts = (value: number | string | boolean, display: string) => valueParts(field('x', 0, 0, { value, display }));
  it('set the number before its word', () => {
    expect(parts(0x800, 'IPv4 (0x0800)')).toEqual({ mono: '0x0800', text: '', quiet: 'IPv4' });
  });
  it('keep a number with its unit together', () => {
    expect(parts(32, '32 bytes (8)')).toEqual({ mono: '32', text: 'bytes', quiet: '(8)' });
    expect(parts(501, '501')).toEqual({ mono: '501', text: '', quiet: '' });
  });
  it('show strings whole, brackets included', () => {
    expect(parts('a (1)', 'a (1)')).toEqual({ mono: 'a (1)', text: '', quiet: '' });
    expect(parts(true, 'Set')).toEqual({ mono: '', text: 'Set', quiet: '' });
  });
  it('give the range of bytes as first and last', () => {
    expect(rangeText({ offset: 46, length: 2 })).toBe('46–47');
    expect(rangeText({ offset: 46, length: 1 })).toBe('46');
    expect(rangeText({ offset: 46, length: 0 })).toBe('');
  });
});

describe('rows of a card', () => {
  const note = field('tcp.analysis.retransmission', 0, 0, { severity: 'warn', display: 'Retransmission' });
  const inner = field('tcp.analysis.flags', 0, 0, { children: [note] });
  const tcp = layer('tcp', 0, 20, 20, {
    fields: [field('a', 0, 1), field('hidden', 0, 1, { hidden: true }), field('', 0, 0, { label: 'SEQ/ACK analysis', children: [inner] })],
  });
  it('leave out hidden fields and keep notes below a folded field', () => {
    const { rows, total } = rowsOf(tcp, 3, () => false);
    expect(rows.map((row) => [row.kind, row.key])).toEqual([
      ['field', '3.0'],
      ['field', '3.2'],
      ['note', '3.2.0.0'],
    ]);
    expect(total).toBe(3);
  });
  it('keep mere chat for those who unfold the field', () => {
    const syn = field('tcp.flags.syn', 0, 1, { children: [field('tcp.connection.syn', 0, 1, { severity: 'chat' })] });
    const one = layer('tcp', 0, 20, 20, { fields: [field('tcp.flags', 0, 2, { children: [syn] })] });
    expect(rowsOf(one, 0, () => false).rows.map((row) => row.kind)).toEqual(['field']);
    expect(rowsOf(one, 0, () => true).rows.map((row) => row.kind)).toEqual(['field', 'field', 'note']);
  });
  it('unfold by name, so that the next packet is unfolded too', () => {
    const open = new Set([foldName('tcp', tcp.fields[2]!)]);
    const { rows } = rowsOf(tcp, 3, (name) => open.has(name));
    expect(rows.map((row) => [row.key, row.depth])).toEqual([
      ['3.0', 0],
      ['3.2', 0],
      ['3.2.0', 1],
      ['3.2.0.0', 1],
    ]);
  });
  it('stop at the limit and count on', () => {
    const many = layer('dns', 0, 0, 1, { fields: Array.from({ length: 1000 }, (_, i) => field(`f${i}`, 0, 1)) });
    const { rows, total } = rowsOf(many, 0, () => false, 300);
    expect(rows).toHaveLength(300);
    expect(total).toBe(1000);
  });
  it('say the worst severity', () => {
    expect(worstSeverity(tcp.fields)).toBe('warn');
    expect(worstSeverity([])).toBeNull();
  });
  it('open the innermost two cards, unless the protocol was opened or closed before', () => {
    const layers = httpPacket();
    expect(layers.map((_, i) => isCardOpen(layers, i, {}))).toEqual([false, false, false, true, true]);
    expect(layers.map((_, i) => isCardOpen(layers, i, { ip: true, http: false }))).toEqual([false, false, true, true, false]);
  });
});
