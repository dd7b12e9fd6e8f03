/** SMB version 1 (MS-CIFS 2.2): header, the main fields of the usual commands, and what security buffers, pipes and mailslots carry. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { type FieldDef, nameOf } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { dcerpc, isDcerpc } from './dcerpc.ts';
import { gssApi } from './gss.ts';
import { callData } from './next.ts';
import { isNtlmssp, ntlmssp, utf16 } from './ntlmssp.ts';
import { browser } from './smb-browser.ts';
import { f } from './smb-fields.ts';

/** Subcommand of a transaction: write to a pipe and read its answer (MS-CIFS 2.2.5.6). */
const TRANSACT_PIPE = 0x26;
/** Modes of a write (MS-CIFS 2.2.4.43.1). */
const RAW_MODE = 0x0004;
const MESSAGE_START = 0x0008;
const HEADER = 32;
const UNICODE = 0x8000;
const EXTENDED_SECURITY = 0x80000000;

class Message {
  readonly layer: Layer;
  readonly b: Buf;
  readonly d: Dissection;
  readonly unicode: boolean;
  /** First parameter word, and their number; the octets after them. */
  readonly w: number;
  readonly count: number;
  readonly data: number;

  constructor(layer: Layer, b: Buf, d: Dissection) {
    this.layer = layer;
    this.b = b;
    this.d = d;
    this.unicode = (b.le16(b.offset + 10) & UNICODE) !== 0;
    this.count = b.u8(b.offset + HEADER);
    this.w = b.offset + HEADER + 1;
    this.data = this.w + 2 * this.count + 2;
  }

  word(index: number): number {
    return this.b.le16(this.w + 2 * index);
  }

  /** A string in the octets after the words at `at`: UTF-16 strings begin at even places of the message. */
  text(field: FieldDef, at: number, limit = this.b.end): string {
    const { b, layer } = this;
    let from = at;
    let value = '';
    if (this.unicode) {
      from += (from - b.offset) & 1;
      let end = from;
      while (end + 1 < limit && b.le16(end) !== 0) end += 2;
      value = utf16(b, from, end - from);
      if (end > from) layer.add(field, from, end - from, value);
    } else {
      let end = from;
      while (end < limit && b.u8(end) !== 0) end++;
      value = b.text(from, end - from);
      if (end > from) layer.add(field, from, end - from, value);
    }
    return value;
  }

  blob(at: number, length: number): void {
    const { b, d, layer } = this;
    const blob = b.from(at, at + length);
    if (length === 0 || blob.length === 0) return;
    layer.bytes(f.blob, at, blob.length);
    if (isNtlmssp(b.bytes, at, blob.end)) d.call(ntlmssp, blob);
    else d.call(gssApi, blob);
  }

  /** What goes through a pipe. `certain`: it is no file, and no call of the old LAN manager. */
  pipe(offset: number, length: number, certain = false): void {
    const { b, d } = this;
    const part = b.from(b.offset + offset, b.offset + offset + length);
    if (offset < HEADER || length === 0) return;
    if (isDcerpc(part.bytes, part.offset, part.end)) d.call(dcerpc, part);
    else if (certain) callData(d, part);
  }

  /** An error has no words. */
  andX(): void {
    if (this.count >= 2) this.layer.uintLe(f.andOffset, this.w + 2);
  }

  transaction(response: boolean): string {
    const { b, d, w, count } = this;
    if (response) {
      // The LAN manager's answers have parameters.
      if (count >= 10) this.pipe(this.word(7), this.word(6), this.word(0) === 0 && b.u8(w + 18) === 0);
      return '';
    }
    if (count < 14) return '';
    const length = this.word(11);
    const offset = this.word(12);
    const name = this.text(f.transName, this.data);
    const transceived = b.u8(w + 26) === 2 && this.word(14) === TRANSACT_PIPE;
    if (name.toUpperCase().startsWith('\\PIPE\\')) this.pipe(offset, length, transceived);
    else if (name.toUpperCase() === '\\MAILSLOT\\BROWSE' && offset >= HEADER && length > 0)
      d.call(browser, b.from(b.offset + offset, b.offset + offset + length));
    return w > 0 ? ` ${name}` : '';
  }

  read(command: number, response: boolean): string {
    const { b, layer, w, count } = this;
    switch (command) {
      case 0x72:
        if (response) {
          layer.uintLe(f.dialect, w, 2);
          if (count === 17 && b.le32(w + 19) >= EXTENDED_SECURITY) this.blob(this.data + 16, b.end - this.data - 16);
        } else {
          for (let at = this.data, n = 0; at < b.end && b.u8(at) === 2 && n < 64; n++) {
            let end = at + 1;
            while (end < b.end && b.u8(end) !== 0) end++;
            layer.add(f.dialectName, at + 1, end - at - 1, b.text(at + 1, end - at - 1));
            at = end + 1;
          }
        }
        return '';
      case 0x73:
        this.andX();
        if (response && count === 4) this.blob(this.data, this.word(3));
        else if (!response && count === 12) this.blob(this.data, this.word(7));
        return '';
      case 0x75:
        this.andX();
        if (!response && count >= 4) return `, Path: ${this.text(f.path, this.data + this.word(3))}`;
        return '';
      case 0xa2:
        this.andX();
        if (!response && count >= 24) {
          const name = this.text(f.file, this.data);
          return `, Path: ${name}`;
        }
        if (response && count >= 34) layer.uintLe(f.fid, w + 5);
        return '';
      case 0x2e:
        this.andX();
        if (response && count >= 12) {
          layer.uintLe(f.dataLength, w + 10);
          layer.uintLe(f.dataOffset, w + 12);
          this.pipe(this.word(6), this.word(5));
        } else if (!response && count >= 10) {
          layer.uintLe(f.fid, w + 4);
          layer.uintLe(f.offset, w + 6);
        }
        return '';
      case 0x2f:
        this.andX();
        if (!response && count >= 12) {
          layer.uintLe(f.fid, w + 4);
          layer.uintLe(f.offset, w + 6);
          layer.uintLe(f.dataLength, w + 20);
          layer.uintLe(f.dataOffset, w + 22);
          // These modes are a pipe's alone, which has no offsets; some clients set them for files too.
          const ofPipe = (this.word(7) & (RAW_MODE | MESSAGE_START)) !== 0 && b.le32(w + 6) === 0;
          this.pipe(this.word(11), this.word(10), ofPipe);
        }
        return '';
      case 0x04:
        if (!response && count >= 3) layer.uintLe(f.fid, w);
        return '';
      case 0x25:
        return this.transaction(response);
      case 0x32:
        if (!response && count >= 15) {
          const sub = layer.uintLe(f.subcommand, w + 28);
          return `, ${nameOf(f.subcommand, sub) ?? sub}`;
        }
        return '';
      default:
        return '';
    }
  }
}

export const smb = app({
  name: 'smb',
  short: 'SMB',
  title: 'SMB (Server Message Block Protocol)',
  fields: Object.values(f).filter((field) => field !== f.andCommand),
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.component, o);
    const command = layer.uint(f.command, o + 4);
    const ntErrors = (b.le16(o + 10) & 0x4000) !== 0;
    const status = ntErrors ? layer.uintLe(f.status, o + 5) : 0;
    const flags = layer.uintNode(f.flags, o + 9);
    for (const flag of [f.response, f.notify, f.oplock, f.canonicalized, f.caseless, f.receive, f.lock]) flags.uint(flag, o + 9, 1);
    const flags2 = layer.uintLeNode(f.flags2, o + 10);
    for (const flag of [f.unicode, f.ntErrors, f.extendedSecurity]) flags2.uintLe(flag, o + 10, 2);
    layer.uintLe(f.pidHigh, o + 12);
    layer.bytes(f.signature, o + 14, 8);
    layer.bytes(f.reserved, o + 22, 2);
    layer.uintLe(f.tid, o + 24);
    layer.uintLe(f.pid, o + 26);
    layer.uintLe(f.uid, o + 28);
    layer.uintLe(f.mid, o + 30);
    const response = (b.u8(o + 9) & 0x80) !== 0;
    const words = `${nameOf(f.command, command) ?? 'Unknown'} ${response ? 'Response' : 'Request'}`;
    if (!layer.ok || b.length <= HEADER) return words;
    const message = new Message(layer, b, d);
    layer.uint(f.words, o + HEADER);
    if (layer.has(message.w, 2 * message.count + 2)) layer.uintLe(f.byteCount, message.data - 2);
    const extra = layer.ok ? message.read(command, response) : '';
    const error = status !== 0 ? `, Error: ${nameOf(f.status, status) ?? 'Unknown'}` : '';
    return `${words}${extra}${error}`;
  },
});
