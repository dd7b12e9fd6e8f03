import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HpackDecoder, huffman } from '../../src/protocols/hpack.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

function read(decoder: HpackDecoder, text: string): string[] {
  const bytes = hex(text);
  const { headers, error } = decoder.decode(bytes, 0, bytes.length);
  expect(error).toBeNull();
  return headers.map(({ name, value }) => `${name}: ${value}`);
}

describe('HPACK', () => {
  it('reads the requests of RFC 7541 appendix C.4, each with the table that those before it made', () => {
    const decoder = new HpackDecoder();
    expect(read(decoder, '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')).toEqual([
      ':method: GET',
      ':scheme: http',
      ':path: /',
      ':authority: www.example.com',
    ]);
    expect(read(decoder, '8286 84be 5886 a8eb 1064 9cbf').slice(3)).toEqual([':authority: www.example.com', 'cache-control: no-cache']);
    expect(read(decoder, '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf')).toEqual([
      ':method: GET',
      ':scheme: https',
      ':path: /index.html',
      ':authority: www.example.com',
      'custom-key: custom-value',
    ]);
  });

  it('evicts what has no room, as in appendix C.5', () => {
    const decoder = new HpackDecoder();
    decoder.limit = 256;
    read(
      decoder,
      '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
    );
    expect(read(decoder, '4803 3330 37c1 c0bf')).toEqual([
      ':status: 307',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
    // ":status: 302" had to go: the oldest entry is cache-control now.
    expect(read(decoder, 'c1')).toEqual(['cache-control: private']);
  });

  it('says so where an index points nowhere, keeping what came before', () => {
    const decoder = new HpackDecoder();
    const { headers, error } = decoder.decode(hex('82 c5'), 0, 2);
    expect(headers.map(({ name }) => name)).toEqual([':method']);
    expect(error).not.toBeNull();
  });

  it('knows the code of every octet, and refuses EOS and wrong padding', () => {
    expect(huffman(hex('f1e3c2e5f23a6ba0ab90f4ff'), 0, 12)).toEqual(Uint8Array.from('www.example.com', (c) => c.charCodeAt(0)));
    expect(huffman(hex('3fffffffff'), 0, 5)).toBeNull();
    expect(huffman(hex('00'), 0, 1)).toBeNull();
  });

  it('stands any bytes, and being cut anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const decoder = new HpackDecoder();
        for (let end = 0; end <= bytes.length; end += 7) expect(decoder.decode(bytes, 0, end).headers.length).toBeLessThanOrEqual(end);
      }),
    );
  });
});
