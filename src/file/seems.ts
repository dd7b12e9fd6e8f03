/** What a file that is no capture seems to be, for the sentence that says so. */
import { u16, u32 } from './parser.ts';

/** Beginning of a file, as text or as bytes in hexadecimal; what it is; and what to do with it, where there is something. */
const SIGNATURES: readonly (readonly [string | readonly number[], string, string?])[] = [
  ['snoop\0', 'a snoop capture (RFC 1761)', 'convert'],
  ['btsnoop\0', 'a Bluetooth snoop log', 'convert'],
  ['RTSS', 'a Microsoft Network Monitor 1 capture', 'convert'],
  ['GMBU', 'a Microsoft Network Monitor 2 capture', 'convert'],
  ['TRSNIFF data', 'a Sniffer capture', 'convert'],
  ['XCP\0', 'a NetXray or Sniffer capture', 'convert'],
  ['\x05VNF', 'a Visual Networks capture', 'convert'],
  ['ObserverPktBuffer', 'a Network Instruments Observer capture', 'convert'],
  ['iptrace ', 'an AIX iptrace capture', 'convert'],
  ['NetS', 'a NetScaler trace', 'convert'],
  ['\x7fver', 'an EtherPeek or OmniPeek capture', 'convert'],
  [[0x1f, 0x9d], 'a file packed with compress', 'unpack'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a file packed with zstd', 'unpack'],
  [[0x04, 0x22, 0x4d, 0x18], 'a file packed with lz4', 'unpack'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'a file packed with xz', 'unpack'],
  ['BZh', 'a file packed with bzip2', 'unpack'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'a 7-Zip archive', 'unpack'],
  ['PK\x03\x04', 'a ZIP archive', 'unpack'],
  ['Rar!', 'a RAR archive', 'unpack'],
  ['%PDF', 'a PDF document'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a Windows program'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['{', 'JSON text'],
  ['<?xml', 'XML text'],
  ['<!DOCTYPE html', 'a web page'],
  ['<html', 'a web page'],
];

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['convert', 'Convert it to pcapng first, for instance with editcap.'],
  ['unpack', 'Unpack it first, then open the capture that is in it.'],
]);

/** What the bytes at the beginning of a file look like, and what to do with it; null if they tell nothing. */
export function seemsLike(bytes: Uint8Array): { what: string; advice: string | undefined } | null {
  for (const [signature, what, advice] of SIGNATURES) {
    if (startsWith(bytes, signature)) return { what, advice: advice === undefined ? undefined : ADVICE.get(advice) };
  }
  if (looksLikeErf(bytes)) return { what: 'an Endace ERF capture', advice: ADVICE.get('convert') };
  if (looksLikeText(bytes)) return { what: 'text', advice: 'If it is a hex dump of packets, text2pcap makes a capture of it.' };
  return null;
}

function startsWith(bytes: Uint8Array, signature: string | readonly number[]): boolean {
  if (bytes.length < signature.length) return false;
  for (let i = 0; i < signature.length; i++) {
    if (bytes[i] !== (typeof signature === 'string' ? signature.charCodeAt(i) : signature[i])) return false;
  }
  return true;
}

/** ERF has no signature: two records in a row that make sense. */
function looksLikeErf(bytes: Uint8Array): boolean {
  let at = 0;
  for (let record = 0; record < 2; record++) {
    if (bytes.length - at < 16) return false;
    const seconds = u32(bytes, at + 4, true);
    const type = (bytes[at + 8] ?? 0) & 0x7f;
    const length = u16(bytes, at + 10, false);
    // Time stamps from 1995 on; record types are 1 to 48.
    if (seconds < 788_918_400 || seconds > 4_000_000_000 || type === 0 || type > 48 || length < 16) return false;
    at += length;
    if (at === bytes.length) return true;
  }
  return true;
}

function looksLikeText(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, 512);
  if (length === 0) return false;
  let high = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
    if (byte === 0x7f) return false;
    if (byte >= 0x80) high++;
  }
  return high <= length / 2;
}
