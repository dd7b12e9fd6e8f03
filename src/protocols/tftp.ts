/** Trivial File Transfer Protocol (RFC 1350), with its options (RFC 2347). */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, expert, type FieldDef, nameOf, names, string, uint16 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const READ = 1;
const WRITE = 2;
const DATA = 3;
const ACKNOWLEDGE = 4;
const ERROR = 5;
const OPTIONS = 6;
const INFORMATION = 255;

const f = {
  opcode: uint16('tftp.opcode', 'Opcode', {
    names: names({
      1: 'Read Request',
      2: 'Write Request',
      3: 'Data Packet',
      4: 'Acknowledgement',
      5: 'Error Code',
      6: 'Option Acknowledgement',
      255: 'Information (MSDP)',
    }),
  }),
  source: string('tftp.source_file', 'Source File'),
  destination: string('tftp.destination_file', 'Destination File'),
  type: string('tftp.type', 'Type'),
  block: uint16('tftp.block', 'Block'),
  errorCode: uint16('tftp.error.code', 'Error code', {
    names: names({
      0: 'Not defined',
      1: 'File not found',
      2: 'Access violation',
      3: 'Disk full or allocation exceeded',
      4: 'Illegal TFTP Operation',
      5: 'Unknown transfer ID',
      6: 'File already exists',
      7: 'No such user',
      8: 'Option negotiation failed',
    }),
  }),
  errorMessage: string('tftp.error.message', 'Error message'),
  optionName: string('tftp.option.name', 'Option name'),
  optionValue: string('tftp.option.value', 'Option value'),
  data: bytes('tftp.data', 'Data'),
  error: expert('tftp.error', 'warn', 'TFTP ERROR packet'),
};

/** Where the text at `at` ends, its zero included; past the end of the bytes where none ends it, so that reading it marks the layer. */
function textEnd(b: Buf, at: number): number {
  const zero = b.indexOf(0, at);
  return zero < 0 ? b.end + 1 : zero + 1;
}

/** Options up to the end; gives them as text. */
function options(layer: Layer, b: Buf, from: number): string {
  let info = '';
  for (let at = from; at < b.end && layer.ok && !layer.d.full; ) {
    const valueAt = textEnd(b, at);
    const end = textEnd(b, valueAt);
    if (!layer.has(at, end - at)) break;
    const name = b.text(at, valueAt - at - 1);
    const value = b.text(valueAt, end - valueAt - 1);
    const node = layer.text(at, end - at, 'Option', `${name} = ${value}`);
    node.add(f.optionName, at, valueAt - at, name);
    node.add(f.optionValue, valueAt, end - valueAt, value);
    if (info.length < 1000) info += `, ${name}=${value}`;
    at = end;
  }
  return info;
}

function request(layer: Layer, b: Buf, file: FieldDef): string {
  const o = b.offset + 2;
  const typeAt = textEnd(b, o);
  const name = layer.string(file, o, typeAt - o, { zero: true });
  if (!layer.ok) return '';
  const end = textEnd(b, typeAt);
  const type = layer.string(f.type, typeAt, end - typeAt, { zero: true });
  return `, File: ${name}, Transfer type: ${type}${layer.ok ? options(layer, b, end) : ''}`;
}

export const tftp = app({
  name: 'tftp',
  short: 'TFTP',
  title: 'Trivial File Transfer Protocol',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    const opcode = layer.uint(f.opcode, o);
    if (!layer.ok) return '';
    const word = nameOf(f.opcode, opcode) ?? `Unknown (0x${opcode.toString(16).padStart(4, '0')})`;
    const rest = b.end - o - 4;
    switch (opcode) {
      case READ:
        return word + request(layer, b, f.source);
      case WRITE:
        return word + request(layer, b, f.destination);
      case DATA: {
        const block = layer.uint(f.block, o + 2);
        if (layer.ok && rest > 0) layer.text(o + 4, rest, 'Data', `${rest} bytes`);
        return layer.ok ? `${word}, Block: ${block}` : word;
      }
      case ACKNOWLEDGE: {
        const block = layer.uint(f.block, o + 2);
        return layer.ok ? `${word}, Block: ${block}` : word;
      }
      case ERROR: {
        const code = layer.uint(f.errorCode, o + 2);
        if (!layer.ok) return word;
        const message = layer.string(f.errorMessage, o + 4, textEnd(b, o + 4) - o - 4, { zero: true });
        layer.expert(f.error);
        return `${word}, Code: ${nameOf(f.errorCode, code) ?? `Unknown (${code})`}, Message: ${message}`;
      }
      case OPTIONS:
        return word + options(layer, b, o + 2);
      case INFORMATION:
        // Microsoft's own; tshark names it and goes no further either.
        return word;
      default:
        if (b.end > o + 2) layer.bytes(f.data, o + 2, b.end - o - 2);
        return word;
    }
  },
});
