/** HPACK (RFC 7541): header blocks to headers, with the dynamic table of one direction of a connection. */

/** One header of a block, and how it was coded. */
export interface HpackHeader {
  readonly name: string;
  readonly value: string;
  readonly form: HpackForm;
  /** Index into the tables, 0 where the name is new. For a size update: the new size. */
  readonly index: number;
  /** Octets of its representation, from the start of the block. */
  readonly at: number;
  readonly length: number;
}

export type HpackForm = 'indexed' | 'incremental' | 'without' | 'never' | 'size';

export interface HpackBlock {
  readonly headers: readonly HpackHeader[];
  /** Why it was not read to its end; null if it was. */
  readonly error: string | null;
}

/** Headers of one block, and octets of all their names and values, at most. */
const MAX_LINES = 1000;
const MAX_TEXT = 256 * 1024;
/** No peer gets a larger table, whatever the settings say. */
const MAX_TABLE = 64 * 1024;
/** What an entry counts beyond its text (RFC 7541 section 4.1). */
const ENTRY_OVERHEAD = 32;

const STATIC: readonly (readonly [string, string])[] = (
  ':authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|:status=206|:status=304|' +
  ':status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|accept|' +
  'access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|content-length|' +
  'content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|' +
  'if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|' +
  'server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'
)
  .split('|')
  .map((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
  });

/** Code lengths of the octets 0 to 255 and of EOS (RFC 7541 appendix B). The code is canonical, so they say it all. */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10,
  12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7,
  7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22,
  23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22,
  23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20,
  24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

const EOS = 256;
const LONGEST_CODE = 30;

/** The first code of each length, and where its symbols begin in `symbols`. */
const firstCode = new Uint32Array(LONGEST_CODE + 2);
const firstSymbol = new Uint16Array(LONGEST_CODE + 2);
const symbols: number[] = [];
{
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    firstCode[length] = code;
    firstSymbol[length] = symbols.length;
    for (let symbol = 0; symbol <= EOS; symbol++) if (LENGTHS[symbol] === length) symbols.push(symbol);
    code = (code + symbols.length - (firstSymbol[length] as number)) * 2;
  }
  firstSymbol[LONGEST_CODE + 1] = symbols.length;
}

/** Undoes the Huffman code of bytes[from, to); null if it is not so coded (RFC 7541 section 5.2). */
export function huffman(bytes: Uint8Array, from: number, to: number): Uint8Array | null {
  // The shortest code has five bits.
  const out = new Uint8Array(Math.ceil(((to - from) * 8) / 5));
  let count = 0;
  let code = 0;
  let length = 0;
  for (let at = from; at < to; at++) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + (((bytes[at] as number) >> bit) & 1);
      length++;
      if (length > LONGEST_CODE) return null;
      const rank = code - (firstCode[length] as number);
      if (rank < 0 || rank >= (firstSymbol[length + 1] as number) - (firstSymbol[length] as number)) continue;
      const symbol = symbols[(firstSymbol[length] as number) + rank] as number;
      if (symbol === EOS) return null;
      out[count++] = symbol;
      code = 0;
      length = 0;
    }
  }
  // Padding is the beginning of EOS: up to seven ones.
  return length > 7 || code !== 2 ** length - 1 ? null : out.subarray(0, count);
}

interface Entry {
  readonly name: string;
  readonly value: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Decoder of one direction. Blocks must be given to it in the order in which they were sent. */
export class HpackDecoder {
  /** Newest first. */
  readonly #entries: Entry[] = [];
  #size = 0;
  #limit = 4096;

  /** Forgets the dynamic table: blocks were missed, and what it holds is no longer known. */
  reset(): void {
    this.#entries.length = 0;
    this.#size = 0;
  }

  /** The table size that the peer's settings allow. */
  set limit(size: number) {
    this.#limit = Math.min(MAX_TABLE, size);
    this.#evict();
  }

  /** Decodes bytes[from, to), one whole block. Never throws. */
  decode(bytes: Uint8Array, from: number, to: number): HpackBlock {
    const headers: HpackHeader[] = [];
    const reader = new Reader(bytes, from, to);
    let text = 0;
    while (reader.at < to) {
      const at = reader.at;
      if (headers.length >= MAX_LINES) return { headers, error: `more than ${MAX_LINES} headers` };
      const first = bytes[at] as number;
      let entry: Entry | null;
      let form: HpackForm;
      let index: number;
      if (first >= 0x80) {
        form = 'indexed';
        index = reader.integer(7);
        entry = this.#lookup(index);
      } else if ((first & 0xe0) === 0x20) {
        form = 'size';
        index = reader.integer(5);
        this.limit = index;
        entry = { name: '', value: '' };
      } else {
        form = first >= 0x40 ? 'incremental' : first >= 0x10 ? 'never' : 'without';
        index = reader.integer(form === 'incremental' ? 6 : 4);
        const name = index === 0 ? reader.string() : (this.#lookup(index)?.name ?? null);
        const value = reader.string();
        entry = name === null || value === null ? null : { name, value };
      }
      if (entry === null || reader.failed) return { headers, error: reader.failed ? 'the block is broken' : 'the table has no such entry' };
      text += entry.name.length + entry.value.length;
      if (text > MAX_TEXT) return { headers, error: 'the headers are too large' };
      if (form === 'incremental') this.#insert(entry);
      // Written out: objects that are spread take several times the memory, and there are millions of these.
      headers.push({ name: entry.name, value: entry.value, form, index, at: at - from, length: reader.at - at });
    }
    return { headers, error: null };
  }

  #lookup(index: number): Entry | null {
    if (index <= 0) return null;
    const fixed = STATIC[index - 1];
    if (fixed !== undefined) return { name: fixed[0], value: fixed[1] };
    return this.#entries[index - STATIC.length - 1] ?? null;
  }

  #insert(entry: Entry): void {
    this.#entries.unshift(entry);
    this.#size += sizeOf(entry);
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#limit) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) break;
      this.#size -= sizeOf(oldest);
    }
  }
}

function sizeOf(entry: Entry): number {
  return Buffer.byteLength(entry.name) + Buffer.byteLength(entry.value) + ENTRY_OVERHEAD;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #to: number;
  at: number;
  failed = false;

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.#bytes = bytes;
    this.at = from;
    this.#to = to;
  }

  /** An integer with a prefix of so many bits (RFC 7541 section 5.1). */
  integer(bits: number): number {
    const full = 2 ** bits - 1;
    let value = this.#octet() & full;
    if (value < full) return value;
    for (let shift = 0; shift < 28; shift += 7) {
      const octet = this.#octet();
      value += (octet & 0x7f) * 2 ** shift;
      if (octet < 0x80) return value;
    }
    this.failed = true;
    return 0;
  }

  string(): string | null {
    const coded = this.at < this.#to && (this.#bytes[this.at] as number) >= 0x80;
    const length = this.integer(7);
    const from = this.at;
    if (this.failed || from + length > this.#to) {
      this.failed = true;
      return null;
    }
    this.at = from + length;
    const octets = coded ? huffman(this.#bytes, from, this.at) : this.#bytes.subarray(from, this.at);
    if (octets === null) this.failed = true;
    return octets === null ? null : utf8.decode(octets);
  }

  #octet(): number {
    if (this.at < this.#to) return this.#bytes[this.at++] as number;
    this.failed = true;
    return 0;
  }
}
