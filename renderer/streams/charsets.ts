/** Character sets in which a stream is read: what bytes mean, where a character may be cut, and how a text is looked for. Pure. */

export const CHARSETS = [
  'utf-8',
  'latin1',
  'windows-1252',
  'utf-16le',
  'utf-16be',
  'euc-kr',
  'shift_jis',
  'gb18030',
  'big5',
  'windows-1251',
  'koi8-r',
] as const;
export type Charset = (typeof CHARSETS)[number];

/** First bytes of characters of two bytes. */
const LEADS: Partial<Record<Charset, (byte: number) => boolean>> = {
  'euc-kr': (byte) => byte >= 0x81 && byte <= 0xfe,
  gb18030: (byte) => byte >= 0x81 && byte <= 0xfe,
  big5: (byte) => byte >= 0x81 && byte <= 0xfe,
  shift_jis: (byte) => (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc),
};

const decoders = new Map<Charset, TextDecoder>();

/** Bytes as characters; U+FFFD stands for what is none. */
export function decode(bytes: Uint8Array, charset: Charset): string {
  // The web's "latin1" is Windows-1252; here a byte is the character of its number.
  if (charset === 'latin1') return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  let decoder = decoders.get(charset);
  if (decoder === undefined) {
    decoder = new TextDecoder(charset, { ignoreBOM: true });
    decoders.set(charset, decoder);
  }
  // In one call without `stream` Node takes Windows-1252 for Latin-1.
  return decoder.decode(bytes, { stream: charset === 'windows-1252' });
}

/** Two bytes for each character (or four). */
export const isWide = (charset: Charset): boolean => charset === 'utf-16le' || charset === 'utf-16be';
/** True if the unit before `end` is the first of two that are one character. */
function isHighSurrogate(bytes: Uint8Array, end: number, charset: Charset): boolean {
  const high = bytes[charset === 'utf-16be' ? end - 2 : end - 1];
  return end >= 2 && high !== undefined && (high & 0xfc) === 0xd8;
}
/** The second byte of a character of four bytes in GB18030; no letter of two bytes has it. */
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Where the last character begins that does not end within `bytes`, their length if there is none, and how many bytes it lacks. For sets
 * of LEADS. Of four bytes of GB18030 the first alone looks like one of two.
 */
function unfinishedIn(bytes: Uint8Array, charset: Charset): { readonly from: number; readonly lacking: number } {
  const leads = LEADS[charset];
  // Second bytes can be letters: it is sure after the end of a line only.
  let from = bytes.lastIndexOf(0x0a) + 1;
  while (leads !== undefined && from < bytes.length) {
    const length = !leads(bytes[from] as number) ? 1 : charset === 'gb18030' && isDigit(bytes[from + 1]) ? 4 : 2;
    if (from + length > bytes.length) return { from, lacking: from + length - bytes.length };
    from += length;
  }
  return { from: bytes.length, lacking: 0 };
}

/** Bytes that a character at the end of `bytes` still lacks: 0 to 3. @param start place of the first byte in what its side sent */
export function lackingAtEnd(bytes: Uint8Array, charset: Charset = 'utf-8', start = 0): number {
  if (isWide(charset)) {
    const half = (start + bytes.length) & 1;
    // A character beyond the first plane is two units, of which the first says so; of half a unit only where its high byte is the first.
    const pairs = isHighSurrogate(bytes, bytes.length - half, charset) ? 2 : 0;
    if (half === 0) return pairs;
    return charset === 'utf-16be' && ((bytes.at(-1) as number) & 0xfc) === 0xd8 ? 3 : 1;
  }
  if (LEADS[charset] !== undefined) return unfinishedIn(bytes, charset).lacking;
  if (charset !== 'utf-8') return 0;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte >= 0xf8 ? 0 : Math.max(0, length - back);
  }
  return 0;
}

/** Bytes at the beginning that complete a character which lacks `lacking` bytes. */
export function completingAtStart(bytes: Uint8Array, lacking: number, charset: Charset = 'utf-8'): number {
  if (charset !== 'utf-8') return Math.min(lacking, bytes.length);
  let n = 0;
  while (n < lacking && isContinuation(bytes[n])) n++;
  return n === lacking ? n : 0;
}

/** Where to cut bytes [from, to) so that no character is cut: `to`, or a little before. */
export function cutBefore(bytes: Uint8Array, from: number, to: number, charset: Charset): number {
  if (charset === 'utf-8') {
    let at = to;
    for (let k = 0; k < 3 && at - 1 > from && isContinuation(bytes[at]); k++) at--;
    return at;
  }
  const part = bytes.subarray(from, to);
  const even = part.length & ~1;
  const whole = !isWide(charset) ? unfinishedIn(part, charset).from : isHighSurrogate(part, even, charset) ? even - 2 : even;
  return whole > 0 ? from + whole : to;
}

const tables = new Map<Charset, Map<string, readonly number[]>>();

/** Bytes of each character of a set whose characters are not numbered as Unicode's. */
function tableOf(charset: Charset): Map<string, readonly number[]> {
  let table = tables.get(charset);
  if (table !== undefined) return table;
  table = new Map();
  const put = (bytes: readonly number[]): void => {
    const text = decode(Uint8Array.from(bytes), charset);
    if ([...text].length === 1 && text !== '\ufffd' && !table?.has(text)) table?.set(text, bytes);
  };
  const leads = LEADS[charset];
  for (let first = 0; first < 256; first++) {
    if (leads?.(first) === true) for (let second = 0x30; second < 0xff; second++) put([first, second]);
    else put([first]);
  }
  if (charset === 'gb18030') {
    // The rest of the first plane, in four bytes.
    for (let a = 0x81; a <= 0x84; a++)
      for (let b = 0x30; b <= 0x39; b++) for (let c = 0x81; c <= 0xfe; c++) for (let d = 0x30; d <= 0x39; d++) put([a, b, c, d]);
  }
  tables.set(charset, table);
  return table;
}

/** GB 18030, four bytes: characters from U+10000 on follow each other from 0x90308130 on. */
function beyondFirstPlane(code: number): readonly number[] {
  const at = code - 0x10000;
  return [0x90 + Math.floor(at / 12600), 0x30 + (Math.floor(at / 1260) % 10), 0x81 + (Math.floor(at / 10) % 126), 0x30 + (at % 10)];
}

/** The bytes that a text is in a character set; null if it has a character that the set has not. */
export function encode(text: string, charset: Charset): Uint8Array | null {
  if (charset === 'utf-8') return new TextEncoder().encode(text);
  const out: number[] = [];
  if (isWide(charset)) {
    for (let k = 0; k < text.length; k++) {
      const [low, high] = [text.charCodeAt(k) & 0xff, text.charCodeAt(k) >> 8];
      if (charset === 'utf-16le') out.push(low, high);
      else out.push(high, low);
    }
    return Uint8Array.from(out);
  }
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const bytes =
      code < 0x80
        ? [code]
        : charset === 'latin1'
          ? code <= 0xff
            ? [code]
            : undefined
          : charset === 'gb18030' && code >= 0x10000
            ? beyondFirstPlane(code)
            : tableOf(charset).get(char);
    if (bytes === undefined) return null;
    out.push(...bytes);
  }
  return Uint8Array.from(out);
}
