import { describe, expect, it } from 'vitest';
import {
  addTerm,
  type Chip,
  excludeTerm,
  joinChips,
  mergeChips,
  needsParentheses,
  orTerm,
  removeTerm,
  termState,
  toggleExclude,
  toggleTerm,
} from '../../../renderer/store/terms.ts';

const on = (...texts: string[]): Chip[] => texts.map((text) => ({ text, off: false }));
const term = (text: string) => ({ start: 0, end: text.length, text });

describe('joining chips', () => {
  it('joins those that are on with &&', () => {
    expect(joinChips([...on('tcp.port == 8080'), { text: 'http', off: true }, ...on('tcp.stream != 8')])).toBe(
      'tcp.port == 8080 && tcp.stream != 8',
    );
  });

  it('leaves a single chip as it was written', () => {
    expect(joinChips(on('tcp.port == 443 || udp.port == 443'))).toBe('tcp.port == 443 || udp.port == 443');
  });

  it('puts a disjunction in parentheses as soon as another term joins it', () => {
    expect(joinChips(on('tcp.port == 443 || udp.port == 443', 'tls'))).toBe('(tcp.port == 443 || udp.port == 443) && tls');
    expect(joinChips(on('dns or arp', 'ip'))).toBe('(dns or arp) && ip');
  });

  it('is empty without chips', () => {
    expect(joinChips([])).toBe('');
  });
});

describe('finding a disjunction', () => {
  it('looks at the top level only', () => {
    expect(needsParentheses('a || b')).toBe(true);
    expect(needsParentheses('(a || b)')).toBe(false);
    expect(needsParentheses('tcp.port in {80 443}')).toBe(false);
    expect(needsParentheses('a xor b')).toBe(true);
  });

  it('is not taken in by strings and by names that contain the word', () => {
    expect(needsParentheses('http.host == "a || b"')).toBe(false);
    expect(needsParentheses('http.host == "say \\"or\\" or not"')).toBe(false);
    expect(needsParentheses('frame contains "x" and vendor.or == 1')).toBe(false);
    expect(needsParentheses('tcp.port == 1 and order.id == 2')).toBe(false);
  });
});

describe('clicking a facet', () => {
  it('adds the term, and takes it away when clicked again', () => {
    const once = toggleTerm(on('tcp'), 'tcp.port == 443');
    expect(joinChips(once)).toBe('tcp && tcp.port == 443');
    expect(joinChips(toggleTerm(once, 'tcp.port == 443'))).toBe('tcp');
  });

  it('excludes with Alt, and takes the exclusion away when done again', () => {
    const once = toggleExclude([], 'http');
    expect(joinChips(once)).toBe('!(http)');
    expect(joinChips(toggleExclude(once, 'http'))).toBe('');
  });

  it('a click on an excluded value takes the exclusion away', () => {
    expect(joinChips(toggleTerm(on('!(http)'), 'http'))).toBe('');
  });

  it('excluding a value that was chosen replaces the choice', () => {
    expect(joinChips(excludeTerm(on('tcp', 'http'), 'http'))).toBe('tcp && !(http)');
  });

  it('adding a value that was excluded replaces the exclusion', () => {
    expect(joinChips(addTerm(on('!(http)', 'tcp'), 'http'))).toBe('tcp && http');
  });

  it('switches a chip on again instead of adding it twice', () => {
    expect(addTerm([{ text: 'http', off: true }], 'http')).toEqual(on('http'));
  });

  it('knows the state of a value whatever the white space is', () => {
    expect(termState(on('tcp.port  ==  443'), 'tcp.port == 443')).toBe('on');
    expect(termState(on('(tcp.port == 443 || udp.port == 443)'), 'tcp.port == 443 || udp.port == 443')).toBe('on');
    expect(termState(on('!(arp)'), 'arp')).toBe('excluded');
    expect(termState([{ text: 'arp', off: true }], 'arp')).toBe('none');
  });

  it('removing takes the term and its opposite, and nothing else', () => {
    expect(removeTerm(on('a', '!(a)', '(a)', 'b'), 'a')).toEqual(on('b'));
  });
});

describe('chips after a filter was applied', () => {
  it('are its terms, with chips that were off kept where they were', () => {
    const before: Chip[] = [...on('tcp'), { text: 'http', off: true }, ...on('ip')];
    expect(mergeChips(before, [term('tcp'), term('udp')], true)).toEqual([...on('tcp'), { text: 'http', off: true }, ...on('udp')]);
  });

  it('drop a chip that was off when the text contains it now', () => {
    expect(mergeChips([{ text: 'http', off: true }], [term('http')], true)).toEqual(on('http'));
  });

  it('drop all of them when the filter was cleared', () => {
    expect(mergeChips([{ text: 'http', off: true }], [], false)).toEqual([]);
  });
});

describe('or', () => {
  it('joins the term with the whole filter', () => {
    expect(orTerm('', 'arp')).toBe('arp');
    expect(orTerm('dns', 'arp')).toBe('dns || arp');
    expect(orTerm('ip && tcp', 'arp')).toBe('(ip && tcp) || arp');
  });
});
