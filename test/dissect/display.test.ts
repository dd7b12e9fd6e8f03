import { describe, expect, it } from 'vitest';
import { displayValue, fieldText } from '../../src/dissect/display.ts';
import { bool, names, TRUE_FALSE, uint8, uint16, uint24, uint32 } from '../../src/dissect/field.ts';

describe('the text of a value', () => {
  const kinds = names({ 1: 'Ask', 2: 'Answer' });

  it('has the word and the number, and says where a value has no word', () => {
    const field = uint8('example.kind', 'Kind', { names: kinds });
    expect(displayValue(field, 2)).toBe('Answer (2)');
    expect(displayValue(field, 9)).toBe('Unknown (9)');
    expect(fieldText(field, 9)).toBe('9');
  });

  it('is the word alone where the field has no base', () => {
    const field = uint8('example.kind', 'Kind', { base: 'none', names: kinds });
    expect(displayValue(field, 1)).toBe('Ask');
    expect(displayValue(field, 9)).toBe('Unknown (9)');
  });

  it('is an ordinary number where only single values have a word', () => {
    const field = uint32('example.lifetime', 'Lifetime', { special: true, names: names({ 4294967295: 'Infinity' }) });
    expect(displayValue(field, 60)).toBe('60');
    expect(displayValue(field, 0xffffffff)).toBe('Infinity (4294967295)');
  });

  it('has as many hexadecimal digits as the mask has bits for, and as the type has in a table', () => {
    const field = uint32('example.flow', 'Flow', { base: 'hex', mask: 0x000fffff });
    expect(displayValue(field, 0x1a)).toBe('0x0001a');
    expect(fieldText(field, 0x1a)).toBe('0x0000001a');
    expect(displayValue(uint16('example.bits', 'Bits', { base: 'hex', mask: 0xe000 }), 3)).toBe('0x3');
  });

  it('shows who assigned an address as octets', () => {
    const field = uint24('example.oui', 'OUI', { base: 'oui', names: names({ 12: 'Cisco' }) });
    expect(displayValue(field, 12)).toBe('00:00:0c (Cisco)');
    expect(displayValue(field, 0x01005e)).toBe('01:00:5e');
    expect(fieldText(field, 0x01005e)).toBe('65630');
  });

  it('says of a bit that it is set, or whether something is true', () => {
    expect(displayValue(bool('example.a', 'A'), true)).toBe('Set');
    expect(displayValue(bool('example.b', 'B', { bool: TRUE_FALSE }), false)).toBe('False');
  });
});
