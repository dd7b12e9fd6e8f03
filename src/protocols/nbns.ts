/** NetBIOS name service (RFC 1002 section 4.2). */

import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import type { FieldDef } from '../dissect/field.ts';
import * as fields from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { classNames, durationText, readName } from './dns-names.ts';

const { bool, bytes, ether, ipv4, names, string, uint16, uint32, uint8 } = fields;

const opcodeNames = names({
  0: 'Name query',
  5: 'Registration',
  6: 'Release',
  7: 'Wait for acknowledgment',
  8: 'Refresh',
  9: 'Refresh (alternate opcode)',
  15: 'Multi-homed registration',
});
const rcodeNames = names({
  0: 'No error',
  1: 'Request was invalidly formatted',
  2: 'Server failure',
  3: 'Requested name does not exist',
  4: 'Request is not implemented',
  5: 'Request was refused',
  6: 'Name is owned by another node',
  7: 'Name is in conflict',
});
const typeNames = names({ 32: 'NB', 33: 'NBSTAT' });
/** What the last octet of a name tells of the service behind it (Microsoft's NetBIOS suffixes). */
export const suffixes = names({
  0: 'Workstation/Redirector',
  1: 'Browser',
  2: 'Workstation/Redirector',
  3: 'Messenger service/Main name',
  5: 'Forwarded name',
  6: 'RAS Server service',
  27: 'Domain Master Browser',
  28: 'Domain Controllers',
  29: 'Local Master Browser',
  30: 'Browser Election Service',
  31: 'Net DDE Service',
  32: 'Server service',
  33: 'RAS client service',
  34: 'Exchange Interchange (MSMail Connector)',
  35: 'Exchange Store',
  36: 'Exchange Directory',
  43: 'Lotus Notes Server service',
  48: 'Modem sharing server service',
  49: 'Modem sharing client service',
  67: 'SMS Clients Remote Control',
  68: 'SMS Administrators Remote Control Tool',
  69: 'SMS Clients Remote Chat',
  70: 'SMS Clients Remote Transfer',
  76: 'DEC Pathworks TCP/IP Service on Windows NT',
  82: 'DEC Pathworks TCP/IP Service on Windows NT',
  106: 'Microsoft Exchange IMC',
  135: 'Microsoft Exchange MTA',
  190: 'Network Monitor Agent',
  191: 'Network Monitor Analyzer',
});

const nodeTypes = names({
  0: 'B-node',
  1: 'P-node',
  2: 'M-node',
  3: 'H-node',
});
const GROUP = ['Group name', 'Unique name'] as const;
const YES = ['Yes', 'No'] as const;

const f = {
  id: uint16('nbns.id', 'Transaction ID', { base: 'hex' }),
  flags: uint16('nbns.flags', 'Flags', { base: 'hex' }),
  response: bool('nbns.flags.response', 'Response', { mask: 0x8000, bool: ['Message is a response', 'Message is a query'] }),
  opcode: uint16('nbns.flags.opcode', 'Opcode', { mask: 0x7800, names: opcodeNames }),
  authoritative: bool('nbns.flags.authoritative', 'Authoritative', {
    mask: 0x0400,
    bool: ['Server is an authority for domain', 'Server is not an authority for domain'],
  }),
  truncated: bool('nbns.flags.truncated', 'Truncated', { mask: 0x0200, bool: ['Message is truncated', 'Message is not truncated'] }),
  recDesired: bool('nbns.flags.recdesired', 'Recursion desired', {
    mask: 0x0100,
    bool: ['Do query recursively', "Don't do query recursively"],
  }),
  recAvailable: bool('nbns.flags.recavail', 'Recursion available', {
    mask: 0x0080,
    bool: ['Server can do recursive queries', "Server can't do recursive queries"],
  }),
  broadcast: bool('nbns.flags.broadcast', 'Broadcast', { mask: 0x0010, bool: ['Broadcast packet', 'Not a broadcast packet'] }),
  rcode: uint16('nbns.flags.rcode', 'Reply code', { mask: 0x000f, names: rcodeNames }),
  queries: uint16('nbns.count.queries', 'Questions'),
  answers: uint16('nbns.count.answers', 'Answer RRs'),
  authorities: uint16('nbns.count.auth_rr', 'Authority RRs'),
  additionals: uint16('nbns.count.add_rr', 'Additional RRs'),
  name: string('nbns.name', 'Name'),
  type: uint16('nbns.type', 'Type', { names: typeNames }),
  class: uint16('nbns.class', 'Class', { names: classNames }),
  ttl: uint32('nbns.ttl', 'Time to live'),
  dataLength: uint16('nbns.data_length', 'Data length'),
  nbFlags: uint16('nbns.nb_flags', 'Name flags', { base: 'hex' }),
  nbGroup: bool('nbns.nb_flags.group', 'Name type', { mask: 0x8000, bool: GROUP }),
  nbOnt: uint16('nbns.nb_flags.ont', 'ONT', { mask: 0x6000, names: nodeTypes }),
  address: ipv4('nbns.addr', 'Addr'),
  count: uint8('nbns.number_of_names', 'Number of names'),
  netbiosName: string('nbns.netbios_name', 'Name'),
  nameFlags: uint16('nbns.name_flags', 'Name flags', { base: 'hex' }),
  group: bool('nbns.name_flags.group', 'Name type', { mask: 0x8000, bool: GROUP }),
  ont: uint16('nbns.name_flags.ont', 'ONT', { mask: 0x6000, names: nodeTypes }),
  drg: bool('nbns.name_flags.drg', 'Name is being deregistered', { mask: 0x1000, bool: YES }),
  cnf: bool('nbns.name_flags.cnf', 'Name is in conflict', { mask: 0x0800, bool: YES }),
  act: bool('nbns.name_flags.act', 'Name is active', { mask: 0x0400, bool: YES }),
  prm: bool('nbns.name_flags.prm', 'Permanent node name', { mask: 0x0200, bool: YES }),
  unit: ether('nbns.unit_id', 'Unit ID'),
  data: bytes('nbns.data', 'Data'),
};

const QUERY: readonly FieldDef[] = [f.response, f.opcode, f.truncated, f.recDesired, f.broadcast];
const ANSWER: readonly FieldDef[] = [
  f.response,
  f.opcode,
  f.authoritative,
  f.truncated,
  f.recDesired,
  f.recAvailable,
  f.broadcast,
  f.rcode,
];

/** Fifteen characters and a type octet: blanks at the end go, the octet follows in angle brackets. */
function plainName(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets.subarray(0, 15)) text += octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : `<${hex2(octet)}>`;
  return `${text.trimEnd()}<${hex2(octets[15] ?? 0)}>`;
}

function hex2(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

/** A first-level encoded name (RFC 1001 section 14.1): half an octet per letter from 'A'. */
export function decodeName(text: string): string {
  const dot = text.indexOf('.');
  const coded = dot < 0 ? text : text.slice(0, dot);
  if (coded.length !== 32 || !/^[A-P]+$/.test(coded)) return text;
  const octets = new Uint8Array(16);
  for (let i = 0; i < 16; i++) octets[i] = ((coded.charCodeAt(2 * i) - 65) << 4) | (coded.charCodeAt(2 * i + 1) - 65);
  return plainName(octets) + (dot < 0 ? '' : text.slice(dot));
}

interface Entry {
  readonly node: Node;
  readonly name: string;
  readonly type: number;
  readonly after: number;
}

/** Name, type and class of a question or record; null (and a marked layer) if they are not all there. */
function entry(layer: Layer, parent: Node, at: number, base: number, more: number): Entry | null {
  const b = layer.buf;
  const read = readName(b, at, base);
  const after = at + read.size;
  if (!read.whole || !layer.has(after, 4 + more)) {
    layer.has(b.end, 1);
    return null;
  }
  const name = decodeName(read.text);
  const type = b.u16(after);
  const className = classNames.get(b.u16(after + 2)) ?? 'Unknown';
  const node = parent.text(at, read.size + 4 + more, `${name}: type ${typeNames.get(type) ?? `Unknown (${type})`}, class ${className}`);
  const meaning = suffixes.get(Number.parseInt(/<([0-9a-f]{2})>$/.exec(name)?.[1] ?? '', 16));
  node.add(f.name, at, read.size, name, meaning === undefined ? {} : { display: `${name} (${meaning})` });
  node.uint(f.type, after);
  node.uint(f.class, after + 2);
  return { node, name, type, after: after + 4 };
}

function record(node: Node, type: number, from: number, end: number): string {
  let at = from;
  let info = '';
  if (type === 32) {
    while (node.ok && at + 6 <= end) {
      const flags = node.uintNode(f.nbFlags, at);
      flags.uint(f.nbGroup, at, 2);
      flags.uint(f.nbOnt, at, 2);
      const address = node.bytes(f.address, at + 2, 4);
      if (info === '' && address.length === 4) info = ` ${address.join('.')}`;
      at += 6;
    }
  } else if (type === 33) {
    const count = node.uint(f.count, at++);
    for (let i = 0; i < count && node.ok && at + 18 <= end; i++, at += 18) {
      if (!node.has(at, 18)) return info;
      node.add(f.netbiosName, at, 16, plainName(node.buf.slice(at, 16)));
      const flags = node.uintNode(f.nameFlags, at + 16);
      for (const field of [f.group, f.ont, f.drg, f.cnf, f.act, f.prm]) flags.uint(field, at + 16, 2);
    }
    if (at + 6 <= end) node.bytes(f.unit, at, 6);
  } else if (end > at) node.bytes(f.data, at, end - at);
  return info;
}

export const nbns: Protocol = defineProtocol({
  name: 'nbns',
  short: 'NBNS',
  title: 'NetBIOS Name Service',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: Object.values(f),
  dissect(d: Dissection, b: Buf): void {
    const layer = d.layer(nbns, b);
    const base = b.offset;
    d.column(nbns, '');
    layer.uint(f.id, base);
    const word = b.u16(base + 2);
    const isResponse = (word & 0x8000) !== 0;
    const opcode = (word >> 11) & 15;
    const what = `${opcodeNames.get(opcode) ?? `Unknown operation (${opcode})`}${isResponse ? ' response' : ''}`;
    layer.summary = what;
    let info = what;
    const flags = layer.uintNode(f.flags, base + 2);
    for (const field of isResponse ? ANSWER : QUERY) flags.uint(field, base + 2, 2);
    flags.sayBits();
    const counts = [
      layer.uint(f.queries, base + 4),
      layer.uint(f.answers, base + 6),
      layer.uint(f.authorities, base + 8),
      layer.uint(f.additionals, base + 10),
    ];
    if (isResponse && (word & 15) !== 0) info += `, ${rcodeNames.get(word & 15) ?? 'Unknown error'}`;
    let at = base + 12;
    const titles = ['Queries', 'Answers', 'Authoritative nameservers', 'Additional records'];
    for (let section = 0; section < 4 && layer.ok; section++) {
      const count = counts[section] as number;
      if (count === 0) continue;
      const parent = layer.text(at, 0, titles[section] as string);
      for (let i = 0; i < count && layer.ok; i++) {
        const e = entry(layer, parent, at, base, section === 0 ? 0 : 6);
        if (e === null) break;
        const typeWord = typeNames.get(e.type) ?? `Unknown (${e.type})`;
        at = e.after;
        if (section === 0) {
          info += ` ${typeWord} ${e.name}`;
          continue;
        }
        const ttl = e.node.uintNode(f.ttl, at);
        ttl.display = durationText(b.u32(at));
        const length = e.node.uint(f.dataLength, at + 4);
        const text = record(e.node, e.type, at + 6, Math.min(at + 6 + length, b.wireEnd));
        if (section === 1) info += ` ${typeWord}${text}`;
        at += 6 + length;
      }
    }
    d.column(nbns, info);
  },
});
