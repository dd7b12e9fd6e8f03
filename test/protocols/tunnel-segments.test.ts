import { describe, expect, it } from 'vitest';
import { join } from './network-packets.ts';
import { octets, overTcp, type Said } from './talk.ts';

const record = (length: number): Uint8Array => join([23, 3, 3, length >> 8, length & 255], new Uint8Array(length).fill(9));
const hello = join([22, 3, 1, 0, 5, 1, 0, 0, 1, 0]);
const long = record(600);
const [head, middle, tail] = [long.slice(0, 200), long.slice(200, 400), long.slice(400)] as const;

const throughSocks = (...said: Said[]): string[] =>
  overTcp(
    1080,
    ['>', join([5, 1, 0])],
    ['<', join([5, 0])],
    ['>', join([5, 1, 0, 1, 10, 0, 0, 1, 1, 0xbb])],
    ['<', join([5, 0, 0, 1, 10, 0, 0, 1, 1, 0xbb])],
    ['>', hello],
    ...said,
  ).stacks.slice(5);
const throughConnect = (...said: Said[]): string[] =>
  overTcp(
    8080,
    ['>', octets('CONNECT example.org:443 HTTP/1.1\r\n\r\n')],
    ['<', octets('HTTP/1.1 200 OK\r\n\r\n')],
    ['>', hello],
    ...said,
  ).stacks.slice(3);

describe('segments of a tunnel', () => {
  it('of SOCKS each have its layer, and that of TLS where a record begins or ends', () => {
    expect(throughSocks(['<', head], ['<', middle], ['<', tail])).toEqual(['socks:tls', 'socks', 'socks:tls']);
  });

  it('of SOCKS have its layer once where one record ends and another begins', () => {
    expect(throughSocks(['<', head], ['<', join(middle, tail, head)], ['<', join(middle, tail, record(8))])).toEqual([
      'socks:tls',
      'socks:tls:tls',
      'socks:tls:tls',
    ]);
  });

  it('of HTTP have its layer with that of TLS, where a record begins or ends', () => {
    expect(throughConnect(['<', head], ['<', middle], ['<', join(tail, head)], ['<', join(middle, tail, record(8))])).toEqual([
      'http:tls',
      '',
      'http:tls:http:tls',
      'http:tls:http:tls',
    ]);
  });

  it('of HTTP are data where they are none of the protocol of its port, and no messages of HTTP beside it', () => {
    const asked = octets('GET / HTTP/1.1\r\n\r\n');
    const answered = octets('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    expect(throughConnect(['<', answered], ['>', asked], ['<', record(20)])).toEqual(['http:data', 'http:data', 'http:tls']);
  });

  it('of HTTP begin behind the answer that opened it, whose body is what came with that', () => {
    const { stacks } = overTcp(
      8080,
      ['>', octets('CONNECT example.org:443 HTTP/1.1\r\n\r\n')],
      ['<', octets('HTTP/1.1 200 OK\r\n\r\n\n')],
      ['>', hello],
      ['<', record(20)],
    );
    expect(stacks).toEqual(['http', 'http:data', 'http:tls', 'http:tls']);
  });

  it('have the layers alike at both depths wherever two records are cut', () => {
    const two = join(record(20), record(30));
    for (let cut = 1; cut < two.length; cut++) {
      for (const through of [throughSocks, throughConnect])
        expect(through(['<', two.slice(0, cut)], ['<', two.slice(cut)])).toHaveLength(2);
    }
  });
});
