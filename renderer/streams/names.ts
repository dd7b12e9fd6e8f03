/** Names that are the same in every language. */
import type { Charset } from './charsets.ts';

export const LAYER_NAMES = { tcp: 'TCP', udp: 'UDP', tls: 'TLS', http: 'HTTP', http2: 'HTTP/2' } as const;

export const CHARSET_NAMES: Record<Charset, string> = {
  'utf-8': 'UTF-8',
  latin1: 'Latin-1',
  'windows-1252': 'Windows-1252',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  'euc-kr': 'EUC-KR',
  shift_jis: 'Shift_JIS',
  gb18030: 'GB18030',
  big5: 'Big5',
  'windows-1251': 'Windows-1251',
  'koi8-r': 'KOI8-R',
};
