/** The HTTP view's own arithmetic: what is copied, saved and drawn. */
import { describe, expect, it } from 'vitest';
import { curlCommand, quoted } from '../../renderer/http/curl.ts';
import { fileName } from '../../renderer/http/download.ts';
import { notationOf, pieces } from '../../renderer/http/highlight.ts';
import { jsonValue, parseJson } from '../../renderer/http/json.ts';
import { axisTicks, bodyForms, meaningOf, pathOf, textOf, tickOf, toneOf } from '../../renderer/http/model.ts';
import { bodyParts, parameter } from '../../renderer/http/multipart.ts';
import { basicOf } from '../../renderer/http/Story.tsx';
import type { ExchangeDetail, ExchangeHeader, ExchangeSummary } from '../../src/messages.ts';
import { workMs } from '../work.ts';

const summary = (url: string, method = 'GET'): ExchangeSummary => ({
  exchange: 4,
  startOffset: 0,
  trouble: [],
  stream: 0,
  position: 1,
  ofConnection: 1,
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
  partial: false,
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
    codingFlaw: null,
    headBytes: 10,
    stillCoded: false,
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
    const own = '-H User-Agent: -H Accept: -H Content-Type:';
    expect(command).toBe(`curl 'http://shop.example/a?b=c&d=e' -H 'X-Name: O'\\''Neil' ${own} --data-raw '{"a":1}'`);
  });

  it('leaves secrets out until they are asked for', () => {
    const asked = detail('GET', 'http://shop.example/', [{ name: 'Cookie', value: 'sid=1' }]);
    expect(curlCommand(asked, false)).toBe('curl http://shop.example/ -H User-Agent: -H Accept:');
    expect(curlCommand(asked, true)).toBe("curl http://shop.example/ -H 'Cookie: sid=1' -H User-Agent: -H Accept:");
  });

  it('sends a body through a pipe that an argument cannot carry, and is not offered without a request', () => {
    expect(curlCommand(detail('POST', 'http://shop.example/', [], 'a\u0000b'), false)).toBe(
      "printf 'a\\000b' | curl http://shop.example/ -H User-Agent: -H Accept: -H Content-Type: --data-binary @-",
    );
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
    expect(fileName(summary('http://shop.example/con.txt'), '')).toBe('_con.txt');
  });
});

it('shows path and query of a URL, and a target that has no scheme as it is', () => {
  expect(pathOf(summary('http://shop.example:8080/cart?a=b'))).toBe('/cart?a=b');
  expect(pathOf(summary('http://shop.example'))).toBe('/');
  expect(pathOf(summary('shop.example:443'))).toBe('shop.example:443');
});

it('puts as many ticks on the axis of time as their labels have room for', () => {
  const labels = (seconds: number, width: number): string[] => axisTicks(seconds, width).map(({ label }) => label);
  expect(labels(3, 600)).toEqual(['0.0 s', '0.5 s', '1.0 s', '1.5 s', '2.0 s', '2.5 s', '3.0 s']);
  expect(labels(480, 600)).toEqual(['0 s', '100 s', '200 s', '300 s', '400 s']);
  expect(labels(480, 190)).toEqual(['0 s', '200 s', '400 s']);
  expect(labels(480, 60)).toEqual(['0 s']);
  expect(labels(0.0009, 600).at(1)).toBe('0.0002 s');
  expect(labels(0, 600)).toEqual(['0 s']);
});

it('marks an axis at round distances, not more than asked for', () => {
  expect(tickOf(3, 6)).toBe(0.5);
  expect(tickOf(0.9, 6)).toBe(0.2);
  expect(tickOf(100, 6)).toBe(20);
  expect(tickOf(0, 6)).toBe(1);
});

it('shows a body as what its type says, and never a cut one as a tree or an image', () => {
  expect(bodyForms('application/json', { cut: false })[0]).toBe('tree');
  expect(bodyForms('application/problem+json', { cut: false })[0]).toBe('tree');
  expect(bodyForms('application/json', { cut: true })[0]).toBe('text');
  expect(bodyForms('image/png', { cut: true })).toEqual(['hex']);
  expect(bodyForms('application/x-www-form-urlencoded', { cut: false })[0]).toBe('form');
  expect(bodyForms('application/octet-stream', { cut: false })[0]).toBe('hex');
});

it('reads text in the charset that it names, and in UTF-8 where that is unknown', () => {
  expect(textOf(Uint8Array.of(0xe9), 'text/plain; charset=iso-8859-1')).toBe('é');
  expect(textOf(new TextEncoder().encode('é'), 'text/plain; charset=nonsense')).toBe('é');
});

it('reads a page in the charset that it names in itself, unless its header or a byte order mark says another', () => {
  const page = (head: string, ...rest: number[]): Uint8Array => Uint8Array.from([...Buffer.from(head, 'latin1'), ...rest]);
  // '한' in EUC-KR, 'テ' in Shift_JIS, 'П' in Windows-1251.
  expect(textOf(page('<html><meta charset="euc-kr">', 0xc7, 0xd1), 'text/html')).toContain('한');
  expect(textOf(page('<META http-equiv=Content-Type content="text/html; charset=Shift_JIS">', 0x83, 0x65), 'text/html')).toContain('テ');
  expect(textOf(page('<meta charset=windows-1251>', 0xcf), 'text/html')).toContain('П');
  expect(textOf(page('<?xml version="1.0" encoding="euc-kr"?>', 0xc7, 0xd1), 'application/rss+xml')).toContain('한');
  expect(textOf(page('@charset "euc-kr";', 0xc7, 0xd1), 'text/css')).toContain('한');
  expect(textOf(page('<meta charset="euc-kr">', 0xc3, 0xa9), 'text/html; charset=utf-8')).toContain('é');
  // A text says nothing of itself, and a page that can be read is not in UTF-16.
  expect(textOf(page('<meta charset="euc-kr">', 0xc3, 0xa9), 'text/plain')).toContain('é');
  expect(textOf(page('<meta charset="utf-16">', 0xc3, 0xa9), 'text/html')).toContain('é');
  expect(textOf(Uint8Array.of(0xfe, 0xff, 0xd5, 0x5c), 'text/html; charset=utf-16')).toBe('한');
  expect(textOf(Uint8Array.of(0xff, 0xfe, 0x5c, 0xd5), 'text/plain')).toBe('한');
  expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0xc3, 0xa9), 'text/plain; charset=euc-kr')).toBe('é');
});

it('shows a body without a type as text if it is text', () => {
  const of = (...bytes: number[]): string | undefined => bodyForms('', { cut: false, bytes: Uint8Array.from(bytes) })[0];
  expect(of(...Buffer.from('no.\n'))).toBe('text');
  expect(of(...Buffer.from('한'.repeat(400)))).toBe('text');
  expect(of(...Buffer.from('a\0b'))).toBe('hex');
  expect(of(0x61, 0xff, 0x62)).toBe('hex');
  expect(bodyForms('application/octet-stream', { cut: false, bytes: Buffer.from('text') })[0]).toBe('hex');
});

describe('a multipart body', () => {
  const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
  const form = 'multipart/form-data; boundary="a b"';
  const body =
    'preamble\r\n--a b\r\nContent-Disposition: form-data; name="title"\r\n\r\nA picture\r\n--a b\r\nContent-Disposition: form-data; name="f\\"1"; filename=x.png\r\nContent-Type: image/png\r\n\r\n\u0000\r\n\u0001\r\n--a b--\r\n';

  it('is taken apart by its boundary, each part with its name, file and type', () => {
    const parts = bodyParts(octets(body), form);
    expect(parts.map(({ name, fileName: file, contentType, cut }) => [name, file, contentType, cut])).toEqual([
      ['title', '', 'text/plain', false],
      ['f"1', 'x.png', 'image/png', false],
    ]);
    expect(new TextDecoder().decode(parts[0]?.body)).toBe('A picture');
    expect([...(parts[1]?.body ?? [])]).toEqual([0, 13, 10, 1]);
  });

  it('has ranges with their place, parts without headers, and says of a cut part that it is cut', () => {
    const ranges = bodyParts(octets('--x\nContent-Range: bytes 0-1/9\n\nab\n--x\n\nplain\n--x\nrest'), 'multipart/byteranges; boundary=x');
    expect(ranges.map(({ range, cut }) => [range, cut])).toEqual([
      ['bytes 0-1/9', false],
      ['', false],
      ['', true],
    ]);
    expect(new TextDecoder().decode(ranges[1]?.body)).toBe('plain');
  });

  it('at any length takes an end, and is nothing without a boundary', () => {
    const whole = octets(body);
    for (let length = 0; length <= whole.length; length++) expect(bodyParts(whole.subarray(0, length), form).length).toBeLessThanOrEqual(2);
    expect(bodyParts(whole, 'multipart/form-data')).toEqual([]);
    expect(bodyParts(whole, 'text/plain; boundary="a b"')).toEqual([]);
    expect(parameter('form-data; filename="a;b"; name=c', 'name')).toBe('c');
  });

  it('is shown as its parts', () => {
    expect(bodyForms(form, { cut: false, parts: true })[0]).toBe('parts');
  });
});

describe('text with its notation', () => {
  const kindsOf = (text: string, type: string): string[] => {
    const notation = notationOf(type);
    if (notation === null) throw new Error(`no notation for ${type}`);
    const found = pieces(text, notation);
    expect(found.map(([, piece]) => piece).join('')).toBe(text);
    return found.filter(([kind]) => kind !== 'plain').map(([kind, piece]) => `${kind} ${piece}`);
  };

  it('tells names, strings and comments apart', () => {
    expect(kindsOf('<p class="a">b &amp; c</p><!-- d -->', 'text/html; charset=utf-8')).toEqual([
      ...['tag <p', 'name class', 'string "a"', 'tag >', 'number &amp;', 'tag </p', 'tag >', 'comment <!-- d -->'],
    ]);
    expect(kindsOf('{"a": ["b", 1.5, null]}', 'application/problem+json')).toEqual(['name "a"', 'string "b"', 'number 1.5', 'word null']);
    expect(kindsOf('a:hover { color: #fff; } /* x */', 'text/css')).toEqual(['name color', 'word #fff', 'comment /* x */']);
    expect(kindsOf("const a = 'b'; // c", 'text/javascript')).toEqual(['word const', "string 'b'", 'comment // c']);
    expect(notationOf('text/plain')).toBeNull();
  });

  it('takes no time to speak of for text that was made to take long', () => {
    const long = [
      ...['a', ' ', '"', '<', '-', ':', '{', '1', '/*', "'", '<!--', '\\'].map((each) => each.repeat(100_000 / each.length)),
      'a:'.repeat(50_000),
      '#abc '.repeat(20_000),
    ];
    const work = workMs(() => {
      for (const text of long) for (const notation of ['markup', 'css', 'script', 'json'] as const) pieces(text, notation);
    });
    expect(work).toBeLessThan(8000);
  });
});

it('reads user and password of Basic credentials, and nothing of others', () => {
  expect(basicOf([{ name: 'Authorization', value: `Basic ${btoa('ada:open: sesame')}` }])).toEqual({
    user: 'ada',
    password: 'open: sesame',
  });
  expect(basicOf([{ name: 'Authorization', value: 'Bearer abc' }])).toBeNull();
  expect(basicOf([{ name: 'Authorization', value: 'Basic ====' }])).toBeNull();
});

it('does not say "done" of a response that is not whole', () => {
  const of = (status: number | null, partial = false) => meaningOf({ status, partial });
  expect([of(200), of(200, true), of(201, true), of(null)]).toEqual(['done', undefined, undefined, undefined]);
  expect(of(404, true)).toBe(of(404));
});

it('calls a response good only if all of it came', () => {
  const of = (status: number | null, partial = false) => toneOf({ status, partial });
  expect([of(200), of(200, true), of(301), of(404), of(503), of(503, true), of(null)]).toEqual([
    ...['good', 'warn', 'neutral', 'warn', 'bad', 'bad', 'bad'],
  ]);
});

describe('a body as a tree', () => {
  /** As the tree shows it, on one line. */
  const shown = (json: ReturnType<typeof parseJson>): string => {
    const value = jsonValue(json);
    if (value.kind === 'leaf') return value.text;
    return `${value.kind} ${value.members.map(([name, each]) => `${name}: ${shown(each)}`).join(', ')}`;
  };

  it('has numbers with all the digits that were sent', () => {
    expect(shown(parseJson('[12345678901234567890, 1.0, -0, 1E400, 0.1000]'))).toBe(
      'array 0: 12345678901234567890, 1: 1.0, 2: -0, 3: 1E400, 4: 0.1000',
    );
  });

  it('has members in the order in which they were sent', () => {
    expect(shown(parseJson('{"10": true, "9": null, "a": false}'))).toBe('object 10: true, 9: null, a: false');
  });

  it('takes nothing in a string for a number', () => {
    expect(shown(parseJson('{"a\\"1": "2\\\\", "n": "n3", "": "", "__proto__": "\\u0000"}'))).toBe(
      'object a"1: "2\\\\", n: "n3", : "", __proto__: "\\u0000"',
    );
  });

  it('is none where the text is no JSON', () => {
    for (const text of ['', '{1: 2}', '[01]', '[1 2]', '"a', "{'a': 1}"]) expect(() => parseJson(text), text).toThrow(SyntaxError);
  });
});
