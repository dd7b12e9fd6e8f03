/** Opens capture files of every format that is read here, plain or packed with gzip. */
import { closeSync, constants, fstatSync, open } from 'node:fs';
import { basename } from 'node:path';
import type { Failure } from '../messages.ts';
import { fileFailure } from './failures.ts';
import { type GzipOptions, GzipSource } from './gzip.ts';
import { chooseRecordHeader, PCAP_HEADER, PcapParser, pcapByteOrder, readPcapHeader } from './pcap.ts';
import { beginsLikePcapng, PcapngParser } from './pcapng.ts';
import { FileReader } from './reader.ts';
import { seemsLike } from './seems.ts';
import { type ByteSource, FileSource } from './source.ts';
import type { CaptureReader } from './types.ts';

/** An open reader, or why there is none. */
export type OpenResult = { readonly ok: true; readonly reader: CaptureReader } | { readonly ok: false; readonly failure: Failure };

export interface OpenOptions {
  /** The file is being written as pcapng: it may be empty or cut in the middle of its first block as yet. */
  readonly follow?: boolean;
  /** Where gzip files are unpacked, and how much room there is. */
  readonly gzip?: GzipOptions;
}

/** Bytes looked at to find the format out. */
const PROBE = 64 * 1024;

const FORMATS = 'Sevenfold opens pcap and pcapng files, also packed with gzip.';

/** Opens a capture file. Never rejects. */
export async function openCapture(path: string, options: OpenOptions = {}): Promise<OpenResult> {
  let source: ByteSource | null = null;
  try {
    const fd = await openForReading(path);
    const kind = fstatSync(fd);
    if (!kind.isFile()) {
      closeSync(fd);
      const what = kind.isDirectory() ? 'a folder' : kind.isFIFO() ? 'a pipe' : kind.isSocket() ? 'a socket' : 'a device';
      return refuse(
        'invalid',
        `${path} is ${what}, not a capture file.`,
        kind.isDirectory() ? 'Choose a file.' : 'Write it to a file first.',
      );
    }
    source = new FileSource(fd);
    let bytes = await probe(source);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      source = new GzipSource(fd, options.gzip);
      bytes = await probe(source);
    }
    const opened = readerOf(path, source, bytes, options.follow === true);
    if (!opened.ok) await source.close();
    return opened;
  } catch (error) {
    try {
      await source?.close();
    } catch {
      // The first error is the one to tell.
    }
    return { ok: false, failure: fileFailure(path, error, 'opened') };
  }
}

function readerOf(path: string, source: ByteSource, bytes: Uint8Array, follow: boolean): OpenResult {
  const name = basename(path);
  if (beginsLikePcapng(bytes, follow)) return { ok: true, reader: new FileReader(path, source, new PcapngParser(), 0) };
  const little = pcapByteOrder(bytes);
  if (little !== null) {
    if (bytes.length < PCAP_HEADER) return refuse('format', `${name} is cut short: it ends inside the header of a pcap file.`);
    const header = readPcapHeader(bytes, little);
    if (typeof header === 'string') return refuse('format', `${name} cannot be read. ${header}`);
    const recordHeader = chooseRecordHeader(header, bytes, bytes.length < PROBE);
    return { ok: true, reader: new FileReader(path, source, new PcapParser(header, recordHeader), header.headerLength) };
  }
  if (source.compression === 'gzip') {
    if (bytes.length === 0) {
      return refuse(
        'format',
        `${name} is packed with gzip, but nothing can be unpacked from it. ${source.fault?.message ?? 'It is empty.'}`,
      );
    }
    const inside = seemsLike(bytes)?.what;
    return refuse(
      'format',
      `${name} is a gzip file, but what is in it is not a capture${inside === undefined ? '' : `: it seems to be ${inside}`}.`,
      FORMATS,
    );
  }
  if (bytes.length === 0) return refuse('format', `${name} is empty.`, 'Capture again, or choose another file.');
  if (beginsLikePcapng(bytes, true)) return refuse('format', `${name} is cut short: it ends inside the header of a pcapng file.`);
  const seems = seemsLike(bytes);
  if (seems !== null)
    return refuse('format', `${name} is not a capture file that can be read: it seems to be ${seems.what}.`, seems.advice ?? FORMATS);
  return refuse('format', `${name} is not a capture file: it begins with ${hexOf(bytes)}.`, FORMATS);
}

function refuse(code: Failure['code'], message: string, advice?: string): OpenResult {
  return { ok: false, failure: advice === undefined ? { code, message } : { code, message, advice } };
}

function openForReading(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Without waiting: a pipe that nobody writes to would hold the opening up for ever.
    open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0), (error, fd) => (error === null ? resolve(fd) : reject(error)));
  });
}

async function probe(source: ByteSource): Promise<Uint8Array> {
  const bytes = new Uint8Array(PROBE);
  let length = 0;
  while (length < PROBE) {
    const count = await source.read(bytes, length, PROBE - length, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
