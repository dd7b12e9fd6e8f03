import { describe, expect, it } from 'vitest';
import type { FieldNode } from '../../src/messages.ts';
import { fieldsOf, join, u16, u32 } from './network-packets.ts';
import { octets, overTcp, type Said, survivesCuts } from './talk.ts';

const value = (tag: number, name: string, content: Uint8Array | string): Uint8Array =>
  join([tag], u16(name.length), octets(name), u16(octets(content).length), octets(content));
const message = (code: number, ...parts: (Uint8Array | readonly number[])[]): Uint8Array =>
  join([1, 1], u16(code), u32(7), ...parts.map((part) => Uint8Array.from(part)));
const http = (start: string, body: Uint8Array): Uint8Array =>
  join(octets(`${start}\r\nContent-Type: application/ipp\r\nContent-Length: ${body.length}\r\n\r\n`), body);
const asked = (body: Uint8Array): Said => ['>', http('POST /ipp HTTP/1.1', body)];
const answered = (body: Uint8Array): Said => ['<', http('HTTP/1.1 200 OK', body)];

const job = message(
  2,
  [1],
  value(0x47, 'attributes-charset', 'utf-8'),
  value(0x44, 'requested-attributes', 'copies'),
  value(0x44, '', 'printer-state'),
  [2],
  value(0x21, 'copies', Uint8Array.from(u32(0xffffffff))),
  value(0x34, 'media-col', ''),
  value(0x4a, '', 'media-size'),
  value(0x33, '', join(u32(1), u32(9))),
  value(0x37, '', ''),
  [3],
  octets('%PDF-1.7'),
);
const state = message(
  0,
  [4],
  value(0x23, 'printer-state', Uint8Array.from(u32(4))),
  value(0x22, 'printer-is-accepting-jobs', Uint8Array.of(1)),
  value(0x31, 'printer-current-time', join(u16(2024), [2, 29, 23, 59, 1, 5, 43, 9, 0])),
  value(0x32, 'printer-resolution-default', join(u32(600), u32(300), [3])),
  value(0x35, 'printer-info', join(u16(2), octets('en'), u16(4), octets('Desk'))),
  value(0x13, 'job-name', ''),
  [3],
);

/** Names and texts of attributes. */
const lines = (nodes: readonly FieldNode[]): string[] =>
  nodes.flatMap((node) => [
    ...(node.abbrev === '' ? [node.display === '' ? node.label : `${node.label}: ${node.display}`] : []),
    ...lines(node.children),
  ]);

describe('IPP', () => {
  it('shows what a client asks of a printer, and the document behind it as data', () => {
    const t = overTcp(631, asked(job));
    expect(t.stacks).toEqual(['http:ipp:data']);
    expect(
      fieldsOf(t.at(0), 'ipp.operation_id', 'ipp.request_id', 'ipp.name', 'ipp.charstring_value', 'ipp.integer_value', 'data.data'),
    ).toEqual({
      'ipp.operation_id': '0x0002',
      'ipp.request_id': '7',
      'ipp.name': 'attributes-charset,requested-attributes,copies,media-col',
      'ipp.charstring_value': 'utf-8,copies,printer-state',
      'ipp.integer_value': '-1',
      'data.data': '255044462d312e37',
    });
    const layer = t.at(0).layers.find((each) => each.protocol === 'ipp');
    expect(layer?.summary).toBe('IPP Request (Print-Job)');
    expect(lines(layer?.fields ?? [])).toEqual([
      'operation-attributes-tag',
      "attributes-charset (charset): 'utf-8'",
      "requested-attributes (1setOf keyword): 'copies','printer-state'",
      'job-attributes-tag',
      'copies (integer): -1',
      'media-col (begCollection): { media-size= 1-9 }',
      'end-of-attributes-tag',
    ]);
  });

  it('shows how the printer is, with the names of its states', () => {
    const t = overTcp(631, asked(message(11, [1, 3])), answered(state));
    expect(t.stacks).toEqual(['http:ipp', 'http:ipp']);
    expect(fieldsOf(t.at(1), 'ipp.status_code', 'ipp.enum_value', 'ipp.boolean_value', 'ipp.outofband_value')).toEqual({
      'ipp.status_code': '0x0000',
      'ipp.enum_value': '4',
      'ipp.boolean_value': '1',
      'ipp.outofband_value': '0x13',
    });
    const layer = t.at(1).layers.find((each) => each.protocol === 'ipp');
    expect(layer?.summary).toBe('IPP Response (successful-ok)');
    expect(lines(layer?.fields ?? [])).toEqual([
      'printer-attributes-tag',
      'printer-state (enum): processing',
      'printer-is-accepting-jobs (boolean): true',
      'printer-current-time (dateTime): 2024-02-29 23:59:01.5 +0900',
      'printer-resolution-default (resolution): 600x300dpi',
      "printer-info (textWithLanguage): 'Desk'",
      'job-name (no-value): no-value',
      'end-of-attributes-tag',
    ]);
  });

  it('says that it is malformed where a value goes beyond the message', () => {
    const long = join([0x44], u16(4), octets('name'), u16(900), octets('short'));
    const t = overTcp(631, asked(message(2, [1], long, [3])));
    expect(t.at(0).layers.find((each) => each.protocol === 'ipp')?.status).toBe('malformed');
    expect(fieldsOf(t.at(0), 'ipp.name')).toEqual({ 'ipp.name': 'name' });
  });

  it('shows a value of the wrong length, or of no known type, as bytes', () => {
    const t = overTcp(631, asked(message(2, [1], value(0x21, 'copies', Uint8Array.of(1, 2)), value(0x7f, 'own', Uint8Array.of(3)), [3])));
    expect(fieldsOf(t.at(0), 'ipp.unknown_value', 'ipp.integer_value')).toEqual({
      'ipp.unknown_value': '0102,03',
      'ipp.integer_value': '',
    });
  });

  it('survives being cut anywhere', () => {
    survivesCuts(631, [asked(job)]);
    survivesCuts(631, [answered(state)]);
    for (let cut = 0; cut < job.length; cut++) overTcp(631, asked(job.slice(0, cut)), answered(job.slice(0, cut)));
  });
});
