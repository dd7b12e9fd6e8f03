/** SMB versions 2 and 3 (MS-SMB2 2.2): headers, the main fields of each command, and what security buffers, pipes and files carry. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { type FieldDef, nameOf } from '../dissect/field.ts';
import { app, each } from './app-kit.ts';
import { dcerpc, isDcerpc } from './dcerpc.ts';
import { gssApi } from './gss.ts';
import { callData } from './next.ts';
import { isNtlmssp, ntlmssp, utf16 } from './ntlmssp.ts';
import { f } from './smb2-fields.ts';

const HEADER = 64;
const RESPONSE = 1;
const ASYNC = 2;
const PIPE_TRANSCEIVE = 0x0011c017;
const MORE_PROCESSING = 0xc0000016;

class Body {
  readonly layer: Layer;
  readonly b: Buf;
  readonly d: Dissection;
  /** Where the header begins: offsets in messages count from there. */
  readonly h: number;
  /** Where the message ends. */
  readonly end: number;

  constructor(layer: Layer, b: Buf, d: Dissection, h: number, end: number) {
    this.layer = layer;
    this.b = b;
    this.d = d;
    this.h = h;
    this.end = end;
  }

  get o(): number {
    return this.h + HEADER;
  }

  /** The bytes that an offset from the header and a length point to; none if they point elsewhere. */
  part(offset: number, length: number): Buf {
    const at = this.h + offset;
    if (offset < HEADER || length === 0 || at >= this.end) return this.b.from(this.b.end, this.b.end);
    return this.b.from(at, Math.min(at + length, this.end));
  }

  security(offsetAt: number): void {
    const { b, d, layer } = this;
    const blob = this.part(b.le16(offsetAt), b.le16(offsetAt + 2));
    if (blob.length === 0) return;
    layer.bytes(f.blob, blob.offset, blob.length);
    if (isNtlmssp(blob.bytes, blob.offset, blob.end)) d.call(ntlmssp, blob);
    else d.call(gssApi, blob);
  }

  text(field: FieldDef, offset: number, length: number): string {
    const name = this.part(offset, length);
    if (name.length === 0) return '';
    const value = utf16(name, name.offset, name.length);
    this.layer.add(field, name.offset, name.length, value);
    return value;
  }

  /** What was read from or is written to a file or pipe. */
  content(offset: number, length: number): void {
    const content = this.part(offset, length);
    if (content.length === 0) return;
    if (isDcerpc(content.bytes, content.offset, content.end)) this.d.call(dcerpc, content);
    else callData(this.d, content);
  }

  fid(at: number): void {
    const { layer, b } = this;
    if (!layer.has(at, 16)) return;
    const value = Uint8Array.from(b.slice(at, 16));
    value.subarray(0, 4).reverse();
    value.subarray(4, 6).reverse();
    value.subarray(6, 8).reverse();
    layer.add(f.fid, at, 16, value);
  }

  request(command: number): string {
    const { layer, b, o } = this;
    layer.uintLe(f.structureSize, o);
    switch (command) {
      case 0: {
        const count = layer.uintLe(f.dialectCount, o + 2);
        layer.uintLe(f.securityMode, o + 4, 1);
        layer.uintLe(f.capabilities, o + 8);
        this.guid(f.clientGuid, o + 12);
        for (let i = 0; i < count && layer.ok; i++) layer.uintLe(f.dialect, o + 36 + 2 * i);
        return '';
      }
      case 1:
        layer.uint(f.securityMode, o + 3, 1);
        layer.uintLe(f.capabilities, o + 4);
        layer.uint64(f.previousSession, o + 16, true);
        this.security(o + 12);
        return '';
      case 3: {
        const tree = this.text(f.tree, b.le16(o + 4), b.le16(o + 6));
        return ` Tree: ${tree}`;
      }
      case 5: {
        layer.uint(f.oplock, o + 3);
        layer.uintLe(f.accessMask, o + 24);
        layer.uintLe(f.disposition, o + 36);
        const name = this.text(f.filename, b.le16(o + 44), b.le16(o + 46));
        return ` File: ${name}`;
      }
      case 6:
      case 7:
      case 15:
        this.fid(o + 8);
        return '';
      case 8:
        layer.uintLe(f.readLength, o + 4);
        layer.uint64(f.fileOffset, o + 8, true);
        this.fid(o + 16);
        return ` Len:${b.le32(o + 4)} Off:${b.le32(o + 8)}`;
      case 9:
        layer.uintLe(f.writeLength, o + 4);
        layer.uint64(f.fileOffset, o + 8, true);
        this.fid(o + 16);
        this.content(b.le16(o + 2), b.le32(o + 4));
        return ` Len:${b.le32(o + 4)} Off:${b.le32(o + 8)}`;
      case 11: {
        const code = layer.uintLe(f.ioctl, o + 4);
        this.fid(o + 8);
        if (code === PIPE_TRANSCEIVE) this.content(b.le32(o + 24), b.le32(o + 28));
        return ` ${nameOf(f.ioctl, code) ?? ''}`;
      }
      case 14:
        layer.uint(f.infoLevel, o + 2);
        this.fid(o + 8);
        return ` Pattern: ${this.text(f.pattern, b.le16(o + 24), b.le16(o + 26))}`;
      case 16:
        layer.uint(f.infoClass, o + 2);
        this.fid(o + 24);
        return '';
      case 17:
        layer.uint(f.infoClass, o + 2);
        this.fid(o + 16);
        return '';
      default:
        return '';
    }
  }

  answer(command: number, status: number): string {
    const { layer, b, o } = this;
    const size = layer.uintLe(f.structureSize, o);
    // An error has a body of its own, except where authentication goes on.
    if (status !== 0 && status !== MORE_PROCESSING && size === 9 && command !== 1) return '';
    switch (command) {
      case 0:
        layer.uintLe(f.securityMode, o + 2, 1);
        layer.uintLe(f.dialect, o + 4);
        this.guid(f.serverGuid, o + 8);
        layer.uintLe(f.capabilities, o + 24);
        layer.uintLe(f.maxTransaction, o + 28);
        layer.uintLe(f.maxRead, o + 32);
        layer.uintLe(f.maxWrite, o + 36);
        this.security(o + 56);
        return '';
      case 1:
        layer.uintLe(f.sessionFlags, o + 2);
        this.security(o + 4);
        return '';
      case 3:
        layer.uint(f.shareType, o + 2, 1);
        return '';
      case 5:
        layer.uint(f.oplock, o + 2);
        layer.uintLe(f.action, o + 4);
        layer.uint64(f.allocation, o + 40, true);
        layer.uint64(f.endOfFile, o + 48, true);
        this.fid(o + 64);
        return '';
      case 8:
        layer.uintLe(f.readLength, o + 4);
        this.content(b.u8(o + 2), b.le32(o + 4));
        return '';
      case 9:
        layer.uintLe(f.writeLength, o + 4);
        return '';
      case 11: {
        const code = layer.uintLe(f.ioctl, o + 4);
        this.fid(o + 8);
        if (code === PIPE_TRANSCEIVE) this.content(b.le32(o + 32), b.le32(o + 36));
        return ` ${nameOf(f.ioctl, code) ?? ''}`;
      }
      default:
        return '';
    }
  }

  guid(field: FieldDef, at: number): void {
    const { layer, b } = this;
    if (!layer.has(at, 16)) return;
    const value = Uint8Array.from(b.slice(at, 16));
    value.subarray(0, 4).reverse();
    value.subarray(4, 6).reverse();
    value.subarray(6, 8).reverse();
    layer.add(field, at, 16, value);
  }
}

function readMessage(layer: Layer, b: Buf, d: Dissection, at: number): [number, string] {
  layer.uint(f.protocol, at);
  layer.uintLe(f.headerLength, at + 4);
  layer.uintLe(f.creditCharge, at + 6);
  const bits = b.u8(at + 16);
  const response = (bits & RESPONSE) !== 0;
  let status = 0;
  if (response) status = layer.uintLe(f.status, at + 8);
  else layer.uintLe(f.channelSequence, at + 8);
  const command = layer.uintLe(f.command, at + 12);
  layer.uintLe(response ? f.creditsGranted : f.creditsRequested, at + 14);
  const flags = layer.uintLeNode(f.flags, at + 16);
  for (const flag of [f.response, f.async, f.chained, f.signed, f.priority, f.dfs, f.replay]) flags.uintLe(flag, at + 16, 4);
  const next = layer.uintLe(f.chainOffset, at + 20);
  layer.uint64(f.message, at + 24, true);
  if ((bits & ASYNC) !== 0) layer.uint64(f.asyncId, at + 32, true);
  else {
    layer.uintLe(f.process, at + 32);
    layer.uintLe(f.tid, at + 36);
  }
  layer.uint64(f.session, at + 40, true);
  layer.bytes(f.signature, at + 48, 16);
  const end = next < HEADER ? b.end : Math.min(b.end, at + next);
  let extra = '';
  if (layer.ok && end - at > HEADER) {
    const body = new Body(layer, b, d, at, end);
    extra = response ? body.answer(command, status) : body.request(command);
  }
  const error = response && status !== 0 ? `, Error: ${nameOf(f.status, status) ?? 'Unknown'}` : '';
  return [
    next < HEADER ? b.end : at + next,
    `${nameOf(f.command, command) ?? 'Unknown'} ${response ? 'Response' : 'Request'}${error}${extra}`,
  ];
}

export const smb2 = app({
  name: 'smb2',
  short: 'SMB2',
  title: 'SMB2 (Server Message Block Protocol version 2)',
  fields: Object.values(f),
  read(layer, b, d) {
    const o = b.offset;
    const first = b.u8(o);
    if (first === 0xfd) {
      layer.uint(f.protocol, o);
      layer.bytes(f.transformSignature, o + 4, 16);
      layer.bytes(f.nonce, o + 20, 16);
      layer.uintLe(f.messageSize, o + 36);
      layer.uint64(f.session, o + 44, true);
      if (b.end - o > 52) layer.bytes(f.encryptedData, o + 52, b.end - o - 52);
      return 'Encrypted SMB3';
    }
    if (first === 0xfc) {
      layer.uint(f.protocol, o);
      layer.uintLe(f.originalSize, o + 4);
      return 'Compressed SMB3';
    }
    return each(layer, b, (at, info) => {
      const [next, words] = readMessage(layer, b, d, at);
      info.push(words);
      return next;
    }).replaceAll(', ', ';');
  },
});
