import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openCapture } from '../../src/file/open.ts';
import type { Failure } from '../../src/messages.ts';
import { folder, le, removeFolders } from './build.ts';

const place = folder();
afterAll(removeFolders);

async function failureOf(path: string): Promise<Failure> {
  const opened = await openCapture(path);
  if (!opened.ok) return opened.failure;
  await opened.reader.close();
  throw new Error('it was opened');
}

function failureOfBytes(bytes: Uint8Array | string): Promise<Failure> {
  const path = join(place, 'a-file');
  writeFileSync(path, bytes);
  return failureOf(path);
}

describe('a file that cannot be opened', () => {
  it('because it is not there is told so', async () => {
    const path = join(place, 'missing.pcap');
    expect(await failureOf(path)).toMatchObject({ code: 'not-found', message: `There is no file ${path}.` });
    writeFileSync(join(place, 'file'), 'x');
    expect(await failureOf(join(place, 'file', 'below.pcap'))).toMatchObject({ code: 'not-found' });
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('because of its permissions is told so', async () => {
    const path = join(place, 'secret.pcap');
    writeFileSync(path, le.pcap(0xa1b2c3d4));
    chmodSync(path, 0);
    expect(await failureOf(path)).toMatchObject({ code: 'permission' });
  });

  it('because it is a folder is told so', async () => {
    mkdirSync(join(place, 'a-folder'));
    expect((await failureOf(join(place, 'a-folder'))).message).toContain('is a folder');
  });

  it.skipIf(!existsSync('/usr/bin/mkfifo'))('because it is a pipe is told so at once', async () => {
    execFileSync('mkfifo', [join(place, 'a-pipe')]);
    expect((await failureOf(join(place, 'a-pipe'))).message).toContain('is a pipe');
  });

  it('because it is empty is told so', async () => {
    expect((await failureOfBytes('')).message).toBe('a-file is empty.');
  });

  it.each([
    [le.pcap(0xa1b2c3d4).subarray(0, 23), 'ends inside the header of a pcap file'],
    [le.section().subarray(0, 11), 'ends inside the header of a pcapng file'],
    [le.pcap(0xa1b2c3d4, 1, 65535, 1, 9), 'version 1.9'],
    [Buffer.from('snoop\0\0\0\0\0\0\x02\0\0\0\x04'), 'a snoop capture'],
    [Buffer.from('PK\x03\x04abcdefgh'), 'a ZIP archive'],
    [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4]), 'zstd'],
    [Buffer.from('Dear reader,\nthis is a letter.\n'), 'seems to be text'],
    [Buffer.from('%PDF-1.7\n'), 'a PDF document'],
    [Buffer.from('{"a": 1}'), 'JSON'],
    [Buffer.concat([le.u32(0, 1_700_000_000), Buffer.from([2, 4, 0, 16, 0, 0, 0, 0])]), 'ERF'],
    [Buffer.from([0, 1, 2, 3, 4, 5]), 'begins with 00 01 02 03'],
    [gzipSync('Dear reader,\nthis is a letter.\n'), 'what is in it is not a capture: it seems to be text'],
    [gzipSync(Buffer.from([0, 1, 2, 3])), 'what is in it is not a capture.'],
    [gzipSync(''), 'nothing can be unpacked'],
    [Buffer.from([0x1f, 0x8b, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 'nothing can be unpacked'],
  ])('because of what it holds is told what it seems to be (%#)', async (bytes, words) => {
    const failure = await failureOfBytes(bytes);
    expect(failure.code).toBe('format');
    expect(failure.message).toContain(words);
  });
});
