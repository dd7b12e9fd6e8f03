/** The HTTP view's own arithmetic: what is copied, saved and drawn. */
import { describe, expect, it } from 'vitest';
import { curlCommand, quoted } from '../../renderer/http/curl.ts';
import { fileName } from '../../renderer/http/download.ts';
import { bodyForms, pathOf, textOf, tickOf } from '../../renderer/http/model.ts';
import type { ExchangeDetail, ExchangeHeader, ExchangeSummary } from '../../src/messages.ts';

const summary = (url: string, method = 'GET'): ExchangeSummary => ({
  exchange: 4,
  startOffset: 0,
  trouble: [],
  stream: 0,
  position: 1,
  method,
  url,
  host: 'shop.example',
  status: 200,
  reason: 'OK',
  requestFrame: 1,
  responseFrame: 2,
  contentType: '',
  requestBytes: 0,
  responseBytes: 0,
  decodedBytes: 0,
  waitMs: 1,
  timings: { connectMs: null, sendMs: 0, waitMs: 1, receiveMs: 0, totalMs: 1 },
  start: '0.000000000',
  version: 'HTTP/1.1',
  client: '192.0.2.1:5000',
  server: '192.0.2.2:80',
  reused: false,
  repaired: false,
  pipelined: false,
});
const detail = (method: string, url: string, headers: ExchangeHeader[], body = ''): ExchangeDetail => ({
  capture: 1,
  summary: summary(url, method),
  request: {
    frame: 1,
    startLine: '',
    headers,
    cookies: [],
    contentType: '',
    contentEncoding: '',
    bodyBytes: body.length,
    decodedBytes: body.length,
    body: new TextEncoder().encode(body),
    bodyCut: false,
  },
  response: null,
});

describe('a request copied as curl', () => {
  it('has URL, method, headers and body, quoted for a shell', () => {
    const command = curlCommand(
      detail(
        'POST',
        'http://shop.example/a?b=c&d=e',
        [
          { name: 'X-Name', value: "O'Neil" },
          { name: 'Content-Length', value: '7' },
        ],
        '{"a":1}',
      ),
      false,
    );
    expect(command).toBe(`curl 'http://shop.example/a?b=c&d=e' -H 'X-Name: O'\\''Neil' --data-raw '{"a":1}'`);
  });

  it('leaves secrets out until they are asked for', () => {
    const asked = detail('GET', 'http://shop.example/', [{ name: 'Cookie', value: 'sid=1' }]);
    expect(curlCommand(asked, false)).toBe('curl http://shop.example/');
    expect(curlCommand(asked, true)).toBe("curl http://shop.example/ -H 'Cookie: sid=1'");
  });

  it('is not offered for a body that a command line cannot carry', () => {
    expect(curlCommand(detail('POST', 'http://shop.example/', [], 'a\u0000b'), false)).toBeNull();
    expect(curlCommand({ ...detail('GET', '/', []), request: null }, false)).toBeNull();
  });

  it('lets nothing in a header out of its quotes', () => {
    expect(quoted("'; rm -rf ~; '")).toBe(`''\\''; rm -rf ~; '\\'''`);
  });
});

describe('the name of a saved body', () => {
  it('is the last part of the path, with an ending that its type asks for', () => {
    expect(fileName(summary('http://shop.example/img/hero.webp?x=1'), 'image/webp')).toBe('hero.webp');
    expect(fileName(summary('http://shop.example/api/cart'), 'application/json; charset=utf-8')).toBe('cart.json');
    expect(fileName(summary('http://shop.example/'), 'text/html')).toBe('body-5.html');
  });

  it('never leaves its folder, and is no device', () => {
    expect(fileName(summary('http://shop.example/a/..%2f..%2fetc%2fpasswd'), '')).not.toMatch(/[/\\]|^\./);
    expect(fileName(summary('http://shop.example/..'), '')).toBe('body-5');
    expect(fileName(summary('http://shop.example/con.txt'), '')).toBe('body-5');
  });
});

it('shows path and query of a URL, and a target that has no scheme as it is', () => {
  expect(pathOf(summary('http://shop.example:8080/cart?a=b'))).toBe('/cart?a=b');
  expect(pathOf(summary('http://shop.example'))).toBe('/');
  expect(pathOf(summary('shop.example:443'))).toBe('shop.example:443');
});

it('marks an axis at round distances, not more than asked for', () => {
  expect(tickOf(3, 6)).toBe(0.5);
  expect(tickOf(0.9, 6)).toBe(0.2);
  expect(tickOf(100, 6)).toBe(20);
  expect(tickOf(0, 6)).toBe(1);
});

it('shows a body as what its type says, and never a cut one as a tree or an image', () => {
  expect(bodyForms('application/json', false)[0]).toBe('tree');
  expect(bodyForms('application/problem+json', false)[0]).toBe('tree');
  expect(bodyForms('application/json', true)[0]).toBe('text');
  expect(bodyForms('image/png', true)).toEqual(['hex']);
  expect(bodyForms('application/x-www-form-urlencoded', false)[0]).toBe('form');
  expect(bodyForms('application/octet-stream', false)[0]).toBe('hex');
});

it('reads text in the charset that it names, and in UTF-8 where that is unknown', () => {
  expect(textOf(Uint8Array.of(0xe9), 'text/plain; charset=iso-8859-1')).toBe('é');
  expect(textOf(new TextEncoder().encode('é'), 'text/plain; charset=nonsense')).toBe('é');
});
