/** `sevenfold follow`, beside what tshark prints of the same stream where tshark is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runFollow } from '../../src/cli/follow.ts';
import { fixture, printed } from './run.ts';

const tshark = spawnSync('tshark', ['--version']).status === 0;

const CASES = [
  ['http.pcap', 'tcp:0', 'ascii'],
  ['http.pcap', 'tcp:1', 'hex'],
  ['http6.pcap', 'tcp:0', 'raw'],
  ['tcp-loss.pcap', 'tcp:0', 'hex'],
  ['tcp-midway.pcap', 'tcp:0', 'ascii'],
  ['http.pcap', 'http:0', 'ascii'],
  ['http.pcap', 'http:4', 'hex'],
  ['http6.pcap', 'http:0', 'raw'],
  ['dns.pcap', 'udp:0', 'hex'],
  ['dns.pcap', 'udp:1', 'ascii'],
] as const;

for (const [name, stream, as] of CASES) {
  it.skipIf(!tshark)(`prints ${stream} of ${name} as ${as} as tshark does`, async () => {
    const [kind, number] = stream.split(':');
    const file = fixture(name);
    const theirs = execFileSync('tshark', ['-n', '-r', file, '-q', '-z', `follow,${kind},${as},${number}`], { stdio: 'pipe' });
    const { status, out } = await printed(() => runFollow({ file, stream, as }));
    expect(status).toBe(0);
    expect(out).toBe(theirs.toString('latin1'));
  });
}

it('prints header blocks of one HTTP/2 stream as text, and its data as sent', async () => {
  const { status, out } = await printed(() => runFollow({ file: fixture('web/http2.pcap'), stream: 'http2:0,1', as: 'ascii' }));
  expect(status).toBe(0);
  expect(out).toContain('Filter: tcp.stream eq 0 and http2.streamid eq 1\n');
  expect(out).toContain('99\n:path: /json\r\n:method: GET\r\n');
  expect(out).toContain('\t17\n{"items":[1,2,3]}\n');
  expect(out).not.toContain('/big');
});

it('says so where a connection has no such message, and what shows its bytes', async () => {
  const { status, complaint } = await printed(() => runFollow({ file: fixture('dns.pcap'), stream: 'http:0', as: 'ascii' }));
  expect(status).toBe(1);
  expect(complaint).toMatch(/no HTTP message in TCP stream 0[\s\S]*--stream tcp:0/);
});

it('says how many bytes of a cut capture are missing, in their place', async () => {
  const { out } = await printed(() => runFollow({ file: fixture('snapped.pcap'), stream: 'tcp:0', as: 'ascii' }));
  expect(out).toMatch(/\[\d+ bytes missing in capture file\]/);
});

it('writes the bytes of one side to a file, in place of one that is there, but never of the capture itself', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sevenfold-follow-'));
  try {
    const write = path.join(folder, 'client');
    const options = { file: fixture('http.pcap'), stream: 'tcp:0', as: 'ascii', node: '0', write };
    expect((await printed(() => runFollow(options))).status).toBe(0);
    const bytes = readFileSync(write, 'latin1');
    expect(bytes).toMatch(/^GET \S+ HTTP\/1\.1\r\n/);
    expect(bytes).not.toContain('HTTP/1.1 200');
    writeFileSync(write, 'what was there before');
    expect((await printed(() => runFollow(options))).status).toBe(0);
    expect(readFileSync(write, 'latin1')).toBe(bytes);
    const capture = path.join(folder, 'capture.pcap');
    copyFileSync(fixture('http.pcap'), capture);
    linkSync(capture, path.join(folder, 'by-another-name'));
    for (const name of ['capture.pcap', 'by-another-name']) {
      const itself = await printed(() => runFollow({ ...options, file: capture, write: path.join(folder, name) }));
      expect([itself.status, itself.complaint]).toEqual([2, expect.stringContaining('the capture itself')]);
    }
    expect(readFileSync(capture).equals(readFileSync(fixture('http.pcap')))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('says what is wrong with its arguments', async () => {
  const file = fixture('http.pcap');
  const wrong = await printed(() => runFollow({ file, stream: 'tcp:x', as: 'ascii' }));
  expect(wrong.status).toBe(2);
  expect(wrong.complaint).toContain('"tcp:x"');
  expect((await printed(() => runFollow({ file, stream: 'tcp:0', as: 'ebcdic' }))).status).toBe(2);
  expect((await printed(() => runFollow({ file, stream: 'tcp:0', as: 'raw', node: '2' }))).status).toBe(2);
  const none = await printed(() => runFollow({ file, stream: 'tcp:999', as: 'ascii' }));
  expect(none.status).toBe(1);
  expect(none.complaint).toContain('no TCP stream 999');
});
