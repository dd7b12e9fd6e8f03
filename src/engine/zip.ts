/** ZIP files (APPNOTE.TXT 6.3.10) of entries as they are, without compression: pieces as they come, the directory at the end. */
import { crc32 } from 'node:zlib';

/** What a ZIP file without the 64-bit extensions can hold. */
const MOST_ENTRIES = 0xffff;
const MOST_BYTES = 0xffffffff;

const LOCAL = 30;
const CENTRAL = 46;
/** Bit 11: names are UTF-8 (section 4.4.4). */
const UTF8 = 0x0800;
const VERSION = 20;

/** MS-DOS date and time, to two seconds, from 1980 on; in UTC, since the format knows no time zone. */
function dosTime(seconds: number): { time: number; date: number } {
  const at = new Date(Math.max(315_532_800, seconds) * 1000);
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: (Math.min(127, at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}

export class ZipWriter {
  readonly #directory: Buffer[] = [];
  #offset = 0;
  #directoryBytes = 0;

  /** True if an entry of so many octets still fits, with the directory behind it. */
  fits(name: string, octets: number): boolean {
    const names = 2 * Buffer.byteLength(name);
    const whole = this.#offset + LOCAL + octets + this.#directoryBytes + CENTRAL + names + 22;
    return this.#directory.length < MOST_ENTRIES && whole <= MOST_BYTES;
  }

  /** The bytes of one entry. @param seconds its time, epoch seconds */
  entry(name: string, bytes: Uint8Array, seconds: number): Buffer {
    const text = Buffer.from(name);
    const { time, date } = dosTime(seconds);
    const head = Buffer.alloc(LOCAL);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(VERSION, 4);
    head.writeUInt16LE(UTF8, 6);
    head.writeUInt16LE(time, 10);
    head.writeUInt16LE(date, 12);
    head.writeUInt32LE(crc32(bytes), 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt32LE(bytes.length, 22);
    head.writeUInt16LE(text.length, 26);
    const central = Buffer.alloc(CENTRAL);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(VERSION, 4);
    head.copy(central, 6, 4, 30);
    central.writeUInt32LE(this.#offset, 42);
    this.#directory.push(Buffer.concat([central, text]));
    this.#directoryBytes += CENTRAL + text.length;
    const whole = Buffer.concat([head, text, bytes]);
    this.#offset += whole.length;
    return whole;
  }

  /** The directory, which ends the file. */
  end(): Buffer {
    const tail = Buffer.alloc(22);
    tail.writeUInt32LE(0x06054b50, 0);
    tail.writeUInt16LE(this.#directory.length, 8);
    tail.writeUInt16LE(this.#directory.length, 10);
    tail.writeUInt32LE(this.#directoryBytes, 12);
    tail.writeUInt32LE(this.#offset, 16);
    return Buffer.concat([...this.#directory, tail]);
  }
}
