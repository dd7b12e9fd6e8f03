/** Trivial File Transfer Protocol (RFC 1350), with its options (RFC 2347), and what follows a request on ports of the server's choice. */
import { octetIn } from '../bytes/octet.ts';
import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, expert, type FieldDef, framenum, nameOf, names, string, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import { lowerBoundBy } from '../table/ascending.ts';
import { app } from './app-kit.ts';
import { callData, followData } from './next.ts';

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
  request: framenum('tftp.request_frame', 'Request frame', { generated: true }),
  block: uint16('tftp.block', 'Block'),
  fullBlock: uint32('tftp.block.full', 'Full Block Number', { generated: true }),
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
  error: expert('tftp.error', 'warn', 'TFTP ERROR packet', 'response'),
  sizeRange: expert('tftp.blocksize_range', 'warn', 'TFTP blocksize out of range', 'response'),
};

const PORT = 69;
/** Octets in a block without an option that says otherwise; RFC 2348 for what it may say. */
const BLOCK = 512;
const LEAST_BLOCK = 8;
const MOST_BLOCK = 65464;
/** Transfers that are kept; longest name of a file; times that a block number ran over, and that a stream changed to another transfer. */
const MAX_TRANSFERS = 65_536;
const MAX_NAME = 1024;
const MAX_CYCLES = 1000;

/** One file on its way. */
interface Transfer {
  /** Of the request. */
  readonly row: number;
  readonly file: string;
  /** Octets in a block, and the row of the answer that said so. */
  size: number;
  sizeRow: number;
  /** Number of the latest block, counted on where its 16 bits ran over, and the rows where they did, with what stands above them. */
  latest: number;
  readonly rows: number[];
  readonly bases: number[];
}

/** Transfers by who asked for them, and those of each stream with the row from which on. */
class Transfers {
  readonly #asked = new Map<number, Transfer>();
  readonly #streams = new Map<number, { readonly row: number; readonly transfer: Transfer }[]>();
  #count = 0;

  ask(address: number, port: number, row: number, file: string): void {
    if (this.#count >= MAX_TRANSFERS) return;
    this.#count++;
    const transfer = { row, file, size: BLOCK, sizeRow: row, latest: 0, rows: [], bases: [] };
    this.#asked.set(address * 65536 + port, transfer);
  }

  /** Index depth: the transfer that a packet of `stream` between two endpoints belongs to. */
  attach(stream: number, row: number, src: number, srcPort: number, dst: number, dstPort: number): Transfer | undefined {
    const transfer = this.#asked.get(dst * 65536 + dstPort) ?? this.#asked.get(src * 65536 + srcPort);
    if (transfer === undefined) return undefined;
    const list = this.#streams.get(stream);
    if (list === undefined) this.#streams.set(stream, [{ row, transfer }]);
    else if (list.at(-1)?.transfer !== transfer && list.length < MAX_CYCLES) list.push({ row, transfer });
    return transfer;
  }

  /** The transfer that packet `row` of `stream` belongs to. */
  at(stream: number, row: number): Transfer | undefined {
    const list = this.#streams.get(stream) ?? [];
    return list[lowerBoundBy(list, (each) => each.row, row + 1) - 1]?.transfer;
  }
}

const transfers = defineState(() => new Transfers());

/** Counts on from the nearest number: blocks come again, and may overtake each other. */
function count(transfer: Transfer, row: number, block: number): void {
  const before = transfer.latest - (transfer.latest % 65536);
  let base = before;
  if (before + block + 0x8000 < transfer.latest) base += 0x10000;
  else if (transfer.latest + 0x8000 < before + block && before > 0) base -= 0x10000;
  transfer.latest = base + block;
  if (base === (transfer.bases.at(-1) ?? 0) || transfer.rows.length >= MAX_CYCLES) return;
  transfer.rows.push(row);
  transfer.bases.push(base);
}

function baseAt(transfer: Transfer, row: number): number {
  let k = transfer.rows.length - 1;
  while (k >= 0 && (transfer.rows[k] as number) > row) k--;
  return k < 0 ? 0 : (transfer.bases[k] as number);
}

/** The size of blocks that an answer grants, 0 where it says none. */
function granted(b: Uint8Array, from: number, end: number): number {
  const text = Buffer.from(b.buffer, b.byteOffset + from, Math.min(end - from, MAX_NAME))
    .toString('latin1')
    .split('\0');
  for (let k = 0; k + 1 < text.length; k += 2)
    if (text[k]?.toLowerCase() === 'blksize' && /^[0-9]{1,6}$/.test(text[k + 1] ?? '')) return Number(text[k + 1]);
  return 0;
}

function index(w: IndexWalk): void {
  const { bytes: b, offset: o, end } = w;
  if (end - o < 2) return;
  const opcode = ((b[o] as number) << 8) | (b[o + 1] as number);
  if (!w.quoted) {
    const table = w.capture.state(transfers);
    if (opcode === READ || opcode === WRITE) {
      if (w.dstPort === PORT) {
        const zero = octetIn(b, 0, o + 2, end);
        const stop = Math.min(zero < 0 ? end : zero, end, o + 2 + MAX_NAME);
        table.ask(w.src, w.srcPort, w.row, Buffer.from(b.buffer, b.byteOffset + o + 2, stop - o - 2).toString('utf8'));
        w.capture.state(udpFlows).ask(w.src, w.srcPort, w.dst, tftp.id + 1);
      }
    } else {
      const transfer = table.attach(w.stream, w.row, w.src, w.srcPort, w.dst, w.dstPort);
      if (transfer !== undefined && (opcode === DATA || opcode === ACKNOWLEDGE) && end - o >= 4)
        count(transfer, w.row, ((b[o + 2] as number) << 8) | (b[o + 3] as number));
      else if (transfer !== undefined && opcode === OPTIONS && transfer.sizeRow === transfer.row) {
        transfer.size = granted(b, o + 2, end) || BLOCK;
        transfer.sizeRow = w.row;
      }
    }
  }
  if (opcode === DATA && end - o >= 4) followData(w, o + 4);
}

/** Where the text at `at` ends, its zero included; past the end of the bytes where none ends it, so that reading it marks the layer. */
function textEnd(b: Buf, at: number): number {
  const zero = b.indexOf(0, at);
  return zero < 0 ? b.end + 1 : zero + 1;
}

/** Options up to the end; gives them as text. */
function options(layer: Layer, b: Buf, from: number, granting: boolean): string {
  let info = '';
  for (let at = from; at < b.end && layer.ok && !layer.d.full; ) {
    const valueAt = textEnd(b, at);
    const end = textEnd(b, valueAt);
    if (!layer.has(at, end - at)) break;
    const name = b.text(at, valueAt - at - 1);
    const value = b.text(valueAt, end - valueAt - 1);
    const node = layer.text(at, end - at, 'Option', `${name} = ${value}`);
    node.add(f.optionName, at, valueAt - at, name);
    const valueNode = node.add(f.optionValue, valueAt, end - valueAt, value);
    if (granting && name.toLowerCase() === 'blksize' && !(Number(value) >= LEAST_BLOCK && Number(value) <= MOST_BLOCK))
      valueNode.expert(f.sizeRange);
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
  return `, File: ${name}, Transfer type: ${type}${layer.ok ? options(layer, b, end, false) : ''}`;
}

/** The transfer that a packet which is no request belongs to. */
function transferOf(d: Dissection, opcode: number): Transfer | undefined {
  if (opcode === READ || opcode === WRITE || d.transport === null) return undefined;
  return d.capture.state(transfers).at(d.transport.stream, d.row);
}

export const tftp = app({
  name: 'tftp',
  short: 'TFTP',
  title: 'Trivial File Transfer Protocol',
  fields: Object.values(f),
  index,
  read(layer, b, d) {
    const o = b.offset;
    const opcode = layer.uint(f.opcode, o);
    if (!layer.ok) return '';
    const word = nameOf(f.opcode, opcode) ?? `Unknown (0x${opcode.toString(16).padStart(4, '0')})`;
    const rest = b.end - o - 4;
    const transfer = transferOf(d, opcode);
    if (transfer !== undefined) {
      layer.add(f.destination, o, 0, transfer.file, { generated: true });
      layer.add(f.request, o, 0, transfer.row + 1);
    }
    switch (opcode) {
      case READ:
        return word + request(layer, b, f.source);
      case WRITE:
        return word + request(layer, b, f.destination);
      case DATA:
      case ACKNOWLEDGE: {
        const number = layer.uint(f.block, o + 2);
        if (!layer.ok) return word;
        const block = number + (transfer === undefined ? 0 : baseAt(transfer, d.row));
        layer.add(f.fullBlock, o + 2, 0, block);
        const text = `${word}, Block: ${block}`;
        if (opcode === ACKNOWLEDGE) return text;
        layer.size(4);
        callData(d, b.from(o + 4));
        const size = transfer === undefined || transfer.sizeRow > d.row ? BLOCK : transfer.size;
        const info = rest < size ? `${text} (last)` : text;
        d.column(tftp, info);
        return info;
      }
      case ERROR: {
        const code = layer.uint(f.errorCode, o + 2);
        if (!layer.ok) return word;
        const message = layer.string(f.errorMessage, o + 4, textEnd(b, o + 4) - o - 4, { zero: true });
        layer.expert(f.error);
        return `${word}, Code: ${nameOf(f.errorCode, code) ?? `Unknown (${code})`}, Message: ${message}`;
      }
      case OPTIONS:
        return word + options(layer, b, o + 2, true);
      case INFORMATION:
        // Microsoft's own; tshark names it and goes no further either.
        return word;
      default:
        if (b.end > o + 2) layer.bytes(f.data, o + 2, b.end - o - 2);
        return word;
    }
  },
});
