/** "Decode as": what is typed, what is offered. */
import { expect, it } from 'vitest';
import { choiceText, offered, valueRange, withChoice } from '../../../renderer/decode/decode.ts';

it('reads a value and a range, decimal and hexadecimal, and nothing else', () => {
  expect(valueRange(' 8888 ')).toEqual({ from: 8888, to: 8888 });
  expect(valueRange('5000-5010')).toEqual({ from: 5000, to: 5010 });
  expect(valueRange('0x88b5 – 0x88b6')).toEqual({ from: 0x88b5, to: 0x88b6 });
  for (const text of ['', 'http', '80-', '-80', '10-5', '1-2-3', '8.8']) expect(valueRange(text), text).toBeNull();
});

it('offers protocols by words of name and title, the exact name first', () => {
  const all = [
    { name: 'arp', title: 'Address Resolution', hue: 'link' },
    { name: 'http', title: 'Hypertext Transfer Protocol', hue: 'app' },
    { name: 'http2', title: 'HyperText Transfer Protocol 2', hue: 'app' },
    { name: 'tftp', title: 'Trivial File Transfer Protocol', hue: 'app' },
    { name: 'xhttp', title: 'Something over HTTP', hue: 'app' },
  ] as const;
  const names = (typed: string, table = 'tcp.port'): string[] => offered(all, typed, table).map((each) => each.name);
  expect(names('http')).toEqual(['http', 'http2', 'xhttp']);
  expect(names('transfer file')).toEqual(['tftp']);
  // What a port stands for comes before what it cannot stand for.
  expect(names('')).toEqual(['http', 'http2', 'tftp', 'xhttp', 'arp']);
  expect(names('', 'ethertype')[0]).toBe('arp');
  expect(names('arp')).toEqual(['arp']);
  expect(names('nothing like it')).toEqual([]);
});

it('replaces what was chosen for the same values, and keeps the rest', () => {
  const choice = (protocol: string, from = 80) => ({ table: 'tcp.port', from, to: from, protocol });
  expect(withChoice([choice('http'), choice('tls', 443)], choice('data'))).toEqual([choice('tls', 443), choice('data')]);
  expect(choiceText({ ...choice('rtp', 5000), to: 5010 })).toBe('tcp.port==5000-5010,rtp');
});
