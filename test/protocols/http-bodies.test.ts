import { describe, expect, it } from 'vitest';
import { dropboxDiscovery } from '../../src/protocols/dropbox.ts';
import { http } from '../../src/protocols/http.ts';
import '../../src/protocols/index.ts';
import { ascii, dissect, join, TestCapture, values } from './app-fixtures.ts';

const tcp = { kind: 'tcp', stream: 0, fromClient: false, srcPort: 80, dstPort: 50000 } as const;
const head = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

function whole(bytes: Uint8Array): ReturnType<typeof dissect> {
  const capture = new TestCapture();
  return dissect(capture, capture.row(), http, bytes, tcp);
}

describe('a body', () => {
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const names = (type: string, bytes: Uint8Array): string =>
    whole(join(ascii(head(`Content-Type: ${type}`, `Content-Length: ${bytes.length}`)), bytes)).protocolNames;

  it('is the picture that it begins as, under any type that says nothing better', () => {
    expect(names('image/gif', png)).toBe('http:png');
    expect(names('image/png', ascii('GIF89a0000000'))).toBe('http:image-gif');
    expect(names('x/y', png)).toBe('http:png');
    expect(names('text/plain', png)).toBe('http:data-text-lines');
    expect(names('image/gif', ascii('GIF??'))).toBe('http:media');
    expect(names('image/jpg', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]))).toBe('http:image-jfif');
    expect(names('image/jpg', Uint8Array.from([0xff, 0xd8, 0xff, 0xed, 0, 4, 0, 0]))).toBe('http:media');
  });

  it('is text where its type is one of text that is known, and XML where the text says so', () => {
    expect(names('text/html; charset=utf-8', ascii('<html>'))).toBe('http:data-text-lines');
    expect(names('text/html', ascii('<?xml version="1.0"?><a/>'))).toBe('http:data-text-lines:xml');
    expect(names('text/cache-manifest', ascii('CACHE'))).toBe('http:media');
  });

  it('is text where it is no JSON', () => {
    expect(names('application/json', ascii('{"a":1}'))).toBe('http:json');
    expect(names('application/json', ascii('%7B%22'))).toBe('http:json:data-text-lines');
  });

  it('is JSON, and neither wrong nor text, where it has more fields than a tree takes', () => {
    const text = `[${'1,'.repeat(60_000)}2]`;
    const d = whole(join(ascii(head('Content-Type: application/json', `Content-Length: ${text.length}`)), ascii(text)));
    expect(d.full).toBe(true);
    expect(d.protocolNames).toMatch(/http:json$/);
    expect(d.layers.map((layer) => layer.status)).not.toContain('malformed');
  });

  it('of JSON whose first name is long has paths of bounded length below it', () => {
    const text = `{"${'k'.repeat(5000)}":{"a":{"b":[1]}},"c":{"d":2}}`;
    const d = whole(join(ascii(head('Content-Type: application/json', `Content-Length: ${text.length}`)), ascii(text)));
    const paths = values(d, 'json.path') as string[];
    expect(paths.slice(-2)).toEqual(['/c/d', '/c']);
    expect(Math.max(...paths.map((each) => each.length))).toBeLessThan(2100);
    expect(values(d, 'json.value.number')).toEqual(['1', '2']);
    expect((values(d, 'json.key') as string[]).map((each) => each.length).sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 5000]);
  });

  it('may be a DNS message', () => {
    const query = Uint8Array.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]);
    const d = whole(join(ascii(head('Content-Type: application/dns-message', 'Content-Length: 19')), query));
    expect(d.protocolNames).toBe('http:dns');
    expect(values(d, 'dns.qry.name')).toEqual(['a']);
  });

  it('of very many lines has all of them counted, whether or not the last one ends', () => {
    const lines = (text: string): string | undefined =>
      whole(join(ascii(head('Content-Type: text/plain', `Content-Length: ${text.length}`)), ascii(text))).layers.at(-1)?.summary;
    expect(lines('a\n'.repeat(10_000))).toBe('text/plain · 10000 lines');
    expect(lines('a\n'.repeat(10_002))).toBe('text/plain · 10002 lines');
    expect(lines(`${'\n'.repeat(10_002)}a`)).toBe('text/plain · 10003 lines');
  });

  it('that is nothing once decoded is given to nobody', () => {
    const empty = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const d = whole(join(ascii(head('Content-Type: text/html', 'Content-Encoding: gzip', 'Content-Length: 20')), empty));
    expect(d.protocolNames).toBe('http');
    expect(values(d, 'http.file_data')).toEqual(['']);
  });
});

describe("Dropbox's discovery", () => {
  const names = (text: string): string => {
    const capture = new TestCapture();
    return dissect(capture, capture.row(), dropboxDiscovery, ascii(text)).protocolNames;
  };

  it('is JSON where it begins as that', () => {
    expect(names('{"version": [2, 0]}')).toBe('db-lsp-disc:json');
    expect(names('\x01\x02Bus')).toBe('db-lsp-disc');
  });
});
