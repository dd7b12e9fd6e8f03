import { describe, expect, it } from 'vitest';
import { fieldsOf, join } from './network-packets.ts';
import { octets, overTcp, survivesCuts } from './talk.ts';

const le32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
/** A message with tags and their values. */
const message = (name: string, ...tags: readonly [string, string][]): Uint8Array => {
  let end = 0;
  const table = tags.map(([tag, value]) => {
    end += value.length;
    return join(octets(tag.padEnd(4, '\0')), le32(end));
  });
  const body = join(octets(name), [tags.length, 0, 0, 0], ...table, ...tags.map(([, value]) => octets(value)));
  return join(octets('1QTV0'), le32(body.length), body);
};
const hello = message('CHLO', ['SNI', 'example.com'], ['ALPN', 'h2'], ['TIME', '\x01\x02\0\0'], ['NONC', '\x09\x08']);

describe("Facebook's Zero protocol", () => {
  it('is recognized on a port of TLS by its version, and shows the tags of a hello', () => {
    const t = overTcp(443, ['>', hello], ['<', message('SHLO', ['SNO', '\x07'])]);
    expect(t.stacks).toEqual(['fb_zero', 'fb_zero']);
    expect(t.at(0).columns.info).toBe('Client Hello');
    expect(t.at(1).columns.info).toBe('Server Hello');
    expect(fieldsOf(t.at(0), 'fb_zero.tag.sni', 'fb_zero.tag.alpn', 'fb_zero.tag.time', 'fb_zero.tag.nonc', 'fb_zero.tag_number')).toEqual({
      'fb_zero.tag.sni': 'example.com',
      'fb_zero.tag.alpn': 'h2',
      'fb_zero.tag.time': '513',
      'fb_zero.tag.nonc': '0908',
      'fb_zero.tag_number': '4',
    });
  });

  it('has the connection from there on, also where what follows looks like TLS', () => {
    const t = overTcp(443, ['>', hello], ['>', '0\x15\x03\x01\0\x02abc'], ['<', '\x16\x03\x01\0\x05\x01\0\0\x01\0']);
    expect(t.stacks).toEqual(['fb_zero', 'fb_zero', 'fb_zero']);
    expect(t.at(1).columns.info).toBe('Payload (Encrypted)');
  });

  it('stands being cut anywhere, and tags that end before they begin', () => {
    survivesCuts(443, [['>', hello]]);
    const turned = hello.slice();
    turned[17 + 12] = 1;
    turned[17 + 13] = 0;
    expect(overTcp(443, ['>', turned]).stacks).toEqual(['fb_zero']);
  });
});
