import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDissect } from '../../src/cli/dissect.ts';
import { runFollow } from '../../src/cli/follow.ts';
import { runInfo } from '../../src/cli/info.ts';
import { CaptureWriter } from '../../src/file/write.ts';
import { dotted, jsonText, printable, printableLines } from '../../src/words/printable.ts';
import { fixture, printed } from './run.ts';

const HOSTILE = 'a\x1b]0;x\x07\nFile: another\x9b31m';
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-printable-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('What the command line prints', () => {
  it('has the control characters of texts written out as tshark writes them', () => {
    expect(printable('a\x1b]0;x\x07\tb\x00\x7f\x9bc\r\n')).toBe('a\\033]0;x\\a\\tb\\000\\177\\u009Bc\\r\\n');
    expect(printable('Größe → 東京 שלום')).toBe('Größe → 東京 שלום');
  });

  it('has those that turn the direction of writing written out too, but none for which ends of lines are meant', () => {
    const all = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
    const written = '\\u061C\\u200E\\u200F\\u202A\\u202B\\u202C\\u202D\\u202E\\u2066\\u2067\\u2068\\u2069';
    expect(printable(all)).toBe(written);
    expect(printableLines(`a\tb\r\nc\n${all}\rd\x1b`)).toBe(`a\tb\r\nc\n${written}\\rd\\033`);
    expect(dotted('a\tb\n\u202e\x00', '·')).toBe('a\tb\n··');
  });

  it('has none of those that a file says of itself and of its interfaces', async () => {
    const file = path.join(folder, 'a.pcapng');
    const made = CaptureWriter.create(file, {
      format: 'pcapng',
      interfaces: [{ linkType: 1, snapLength: 65_535, name: HOSTILE, description: HOSTILE, captureFilter: HOSTILE, os: HOSTILE }],
      comments: [HOSTILE],
    });
    if (made.ok) await made.value.close();
    const { out } = await printed(() => runInfo({ file, json: false }));
    expect(out).toContain('\\033]0;x\\a\\nFile: another\\u009B31m');
    expect(out).not.toMatch(CONTROL);
    expect(out.match(/^File:/gm)).toHaveLength(1);
    const json = (await printed(() => runInfo({ file, json: true }))).out;
    expect(json.trimEnd()).not.toMatch(CONTROL);
    expect(JSON.parse(json).interfaces[0].os).toBe(HOSTILE);
  });

  it('has them escaped in JSON, which parses to the same', () => {
    const value = { 'a\x9b31m': ['\x00\x1b\x7f\x80\x9f\u2028\u2029\u202e', 'Größe → 東京\u00a0'] };
    expect(jsonText(value)).toBe('{"a\\u009b31m":["\\u0000\\u001b\\u007f\\u0080\\u009f\\u2028\\u2029\\u202e","Größe → 東京\u00a0"]}');
    expect(JSON.parse(jsonText(value, 2))).toEqual(value);
  });

  it('has none of those of a packet, in the columns of -T fields either', async () => {
    const request = new TextEncoder().encode('GET /\x1b]0;pwn\x07 HTTP/1.1\r\n\r\n');
    const packet = new Uint8Array(54 + request.length);
    packet.set([8, 0, 0x45, 0, 0, 40 + request.length, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x9c, 0x40, 0, 80], 12);
    packet[46] = 0x50;
    packet.set([0x18, 0xff, 0xff], 47);
    packet.set(request, 54);
    const file = path.join(folder, 'a.pcap');
    const made = CaptureWriter.create(file, { format: 'pcap', interfaces: [{ linkType: 1, snapLength: 65_535 }] });
    if (made.ok) {
      made.value.append(packet, 0, packet.length, packet.length, 1, 0, 0);
      await made.value.close();
    }
    const { out } = await printed(() => runDissect({ file, filter: '', type: 'fields', field: ['_ws.col.Info'], option: [] }));
    expect(out).toBe('GET /\\033]0;pwn\\a HTTP/1.1 \n');
  });

  it.each(['fields', 'json', 'text'])('is nothing of a file that cannot be read, as %s', async (type) => {
    const field = type === 'fields' ? ['ip.src'] : [];
    const file = path.join(folder, 'none.pcap');
    const option = type === 'fields' ? ['header=y'] : [];
    expect(await printed(() => runDissect({ file, filter: '', type, field, option }))).toMatchObject({ status: 1, out: '' });
    writeFileSync(file, 'no capture');
    expect(await printed(() => runDissect({ file, filter: '', type, field, option }))).toMatchObject({ status: 1, out: '' });
  });

  it.each(['constructor', '__proto__', 'utf-7'])('is no stream in a form called %s', async (as) => {
    const { status, out, complaint } = await printed(() => runFollow({ file: fixture('http.pcap'), stream: 'tcp:0', as }));
    expect([status, out]).toEqual([2, '']);
    expect(complaint).toContain('ascii, hex or raw');
  });
});
