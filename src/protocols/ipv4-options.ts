// RFC 791, section 3.1 (options); RFC 1108, 1063, 1393, 2113, 4782 and the CIPSO draft for the rest.
import type { Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, ipv4, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { quickStartRates } from './quick-start.ts';

const optionNumbers = names({
  0: 'End of Option List (EOL)',
  1: 'No-Operation (NOP)',
  2: 'Security',
  3: 'Loose source route',
  4: 'Time stamp',
  5: 'Extended security',
  6: 'Commercial IP security option',
  7: 'Record route',
  8: 'Stream identifier',
  9: 'Strict source route',
  10: 'Experimental Measurement',
  11: 'MTU probe',
  12: 'MTU Reply',
  13: 'Experimental Flow Control',
  14: 'Experimental Access Control',
  15: 'Ask Estrin',
  16: 'IMI Traffic Descriptor',
  17: 'Extended Internet Protocol',
  18: 'Traceroute',
  19: 'Address Extension',
  20: 'Router Alert',
  21: 'Selective Directed Broadcast',
  22: 'Unassigned',
  23: 'Dynamic Packet State',
  24: 'Upstream Multicast Packet',
  25: 'Quick-Start',
  30: 'RFC 3692-style experiment',
});

const titles = names({
  0: 'End of Options List (EOL)',
  1: 'No Operation (NOP)',
  7: 'Record Route',
  25: 'Quick-Start',
  68: 'Time Stamp',
  11: 'MTU Probe',
  12: 'MTU Reply',
  82: 'Traceroute',
  130: 'Security',
  131: 'Loose Source Route',
  133: 'Extended Security',
  134: 'Commercial Security',
  136: 'Stream ID',
  137: 'Strict Source Route',
  148: 'Router Alert',
  149: 'Selective Directed Broadcast',
});

export const ipv4OptionFields = {
  type: uint8('ip.opt.type', 'Type'),
  copy: bool('ip.opt.type.copy', 'Copy on fragmentation', { mask: 0x80, bool: ['Yes', 'No'] }),
  optionClass: uint8('ip.opt.type.class', 'Class', {
    mask: 0x60,
    names: names({ 0: 'Control', 1: 'Reserved for future use', 2: 'Debugging and measurement', 3: 'Reserved for future use' }),
  }),
  number: uint8('ip.opt.type.number', 'Number', { mask: 0x1f, names: optionNumbers }),
  len: uint8('ip.opt.len', 'Length'),
  ptr: uint8('ip.opt.ptr', 'Pointer'),
  sid: uint16('ip.opt.sid', 'Stream Identifier'),
  mtu: uint16('ip.opt.mtu', 'MTU'),
  idNumber: uint16('ip.opt.id_number', 'ID Number'),
  ohc: uint16('ip.opt.ohc', 'Outbound Hop Count'),
  rhc: uint16('ip.opt.rhc', 'Return Hop Count'),
  originator: ipv4('ip.opt.originator', 'Originator IP Address'),
  routerAlert: uint16('ip.opt.ra', 'Router Alert', { names: (v) => (v === 0 ? 'Router shall examine packet' : undefined) }),
  address: ipv4('ip.opt.addr', 'IP Address'),
  recordedRoute: ipv4('ip.rec_rt', 'Recorded Route', { also: ['ip.rec_rt_host'] }),
  currentRoute: ipv4('ip.cur_rt', 'Current Route', { also: ['ip.cur_rt_host'] }),
  sourceRoute: ipv4('ip.src_rt', 'Source Route', { also: ['ip.src_rt_host'] }),
  emptyRoute: ipv4('ip.empty_rt', 'Empty Route', { also: ['ip.empty_rt_host'] }),
  overflow: uint8('ip.opt.overflow', 'Overflow', { mask: 0xf0 }),
  flag: uint8('ip.opt.flag', 'Flag', {
    base: 'hex',
    mask: 0x0f,
    names: names({ 0: 'Time stamps only', 1: 'Time stamp and address', 3: 'Time stamps for prespecified addresses' }),
  }),
  timeStamp: uint32('ip.opt.time_stamp', 'Time stamp'),
  timeStampAddress: ipv4('ip.opt.time_stamp_addr', 'Address'),
  qsFunction: uint8('ip.opt.qs_func', 'Function', { mask: 0xf0, names: names({ 0: 'Rate request', 8: 'Rate report' }) }),
  qsRate: uint8('ip.opt.qs_rate', 'Rate', {
    names: quickStartRates,
    mask: 0x0f,
  }),
  qsTtl: uint8('ip.opt.qs_ttl', 'QS TTL'),
  qsUnused: uint8('ip.opt.qs_unused', 'Not Used'),
  qsNonce: uint32('ip.opt.qs_nonce', 'QS Nonce', { base: 'hex', mask: 0xfffffffc }),
  qsReserved: uint32('ip.opt.qs_reserved', 'Reserved', { base: 'hex', mask: 3 }),
  securityLevel: uint8('ip.opt.sec_cl', 'Classification Level', {
    base: 'hex',
    names: names({
      1: 'Reserved 4',
      61: 'Top secret',
      90: 'Secret',
      102: 'Reserved 3',
      150: 'Confidential',
      171: 'Unclassified',
      204: 'Reserved 2',
      241: 'Reserved 1',
    }),
  }),
  securityFlags: uint8('ip.opt.sec_prot_auth_flags', 'Protection Authority Flags', { base: 'hex' }),
  cipsoDoi: uint32('ip.cipso.doi', 'DOI'),
  cipsoTagType: uint8('ip.cipso.tag_type', 'Tag Type', {
    names: names({
      0: 'Padding',
      1: 'Restrictive Category Bitmap',
      2: 'Enumerated Categories',
      5: 'Ranged Categories',
      6: 'Permissive Categories',
      7: 'Free Form',
    }),
  }),
  cipsoSensitivity: uint8('ip.cipso.sensitivity_level', 'Sensitivity Level'),
  cipsoData: bytes('ip.cipso.tag_data', 'Tag data'),
  eiLength: expert('ip.opt.len.invalid', 'warn', 'Invalid length for option'),
  eiBefore: expert('ip.opt.ptr.before_address', 'warn', 'Pointer points before first address'),
  eiMiddle: expert('ip.opt.ptr.middle_address', 'warn', 'Pointer points to middle of address'),
  eiTooLong: expert('ip.subopt_too_long', 'warn', 'Suboption would go past end of option'),
  eiNop: expert('ip.nop', 'warn', '4 NOP in a row - a router may have removed some options'),
};

const f = ipv4OptionFields;

const END = 0;
const NOP = 1;
/** Total length of options that have a fixed one; variable ones at least what is given, negative. */
const lengths: ReadonlyMap<number, number> = new Map([
  [7, -3],
  [11, 4],
  [12, 4],
  [25, 8],
  [68, -4],
  [82, 12],
  [130, -3],
  [131, -3],
  [133, -3],
  [134, -10],
  [136, 4],
  [137, -3],
  [148, 4],
  [149, -6],
]);

const LOOSE_SOURCE_ROUTE = 131;
const STRICT_SOURCE_ROUTE = 137;

/**
 * Where the address of a source route's last stop stands (RFC 791, section 3.1), which is where the packet goes in the end, as long as
 * the route has stops left: the header's destination is the next stop then. 0 where there is no such route.
 * @param offset of the options, which reach to `end`
 */
export function lastStop(b: Uint8Array, offset: number, end: number): number {
  for (let at = offset; at + 3 <= end; ) {
    const type = b[at] as number;
    if (type === END) return 0;
    if (type === NOP) {
      at++;
      continue;
    }
    const length = b[at + 1] as number;
    if (length < 2 || at + length > end) return 0;
    if (type === LOOSE_SOURCE_ROUTE || type === STRICT_SOURCE_ROUTE) {
      const stops = (length - 3) >> 2;
      return stops > 0 && (b[at + 2] as number) <= length - 3 ? at + 3 + 4 * (stops - 1) : 0;
    }
    at += length;
  }
  return 0;
}

/**
 * Adds the options in [offset, end) to the IPv4 layer.
 * @param destination the field of the last stop of a source route that is at `stop` (0: none)
 */
export function dissectIpv4Options(layer: Layer, offset: number, end: number, destination: FieldDef, stop: number): void {
  const options = layer.text(offset, end - offset, 'Options', `${end - offset} bytes`);
  let nops = 0;
  let at = offset;
  while (layer.ok && at < end) {
    if (!layer.has(at, 1)) return;
    const type = layer.buf.u8(at);
    const title = titles.get(type) ?? `Unknown (0x${type.toString(16).padStart(2, '0')})`;
    if (type === END || type === NOP) {
      const node = options.text(at, 1, `IP Option - ${title}`);
      addType(node, at);
      nops = type === NOP ? nops + 1 : 0;
      if (nops === 4) node.expert(f.eiNop, at, 1);
      if (type === END) return;
      at++;
      continue;
    }
    nops = 0;
    if (at + 1 >= end) {
      const node = options.text(at, 1, `IP Option - ${title}`);
      addType(node, at);
      node.expert(f.eiLength, at, 1, `${title} (length byte past end of options)`);
      return;
    }
    if (!layer.has(at, 2)) return;
    const length = layer.buf.u8(at + 1);
    const expected = lengths.get(type) ?? -2;
    const node = options.text(at, Math.max(2, Math.min(length, end - at)), `IP Option - ${title}`, `${length} bytes`);
    addType(node, at);
    node.uint(f.len, at + 1);
    if (length < 2 || at + length > end) {
      node.expert(
        f.eiLength,
        at + 1,
        1,
        length < 2
          ? `${title} (with too-short option length = ${length} byte${length === 1 ? '' : 's'})`
          : `${title} (option length = ${length} bytes says option goes past end of options)`,
      );
      return;
    }
    if (expected > 0 ? length !== expected : length < -expected) {
      const should = expected > 0 ? `should be ${expected}` : `should be >= ${-expected}`;
      node.expert(f.eiLength, at + 1, 1, `${title} (with option length = ${length} bytes; ${should})`);
    } else addOption(node, type, at, at + length, destination, stop);
    at += length;
  }
}

function addType(node: Node, at: number): void {
  const type = node.uintNode(f.type, at);
  type.uint(f.copy, at, 1);
  type.uint(f.optionClass, at);
  type.uint(f.number, at);
}

function addOption(node: Node, type: number, at: number, end: number, destination: FieldDef, stop: number): void {
  switch (type) {
    case 7:
      addRoute(node, at, end, f.emptyRoute, destination, 0);
      return;
    case LOOSE_SOURCE_ROUTE:
    case STRICT_SOURCE_ROUTE:
      addRoute(node, at, end, f.sourceRoute, destination, stop);
      return;
    case 11:
    case 12:
      node.uint(f.mtu, at + 2);
      return;
    case 25:
      node.uint(f.qsFunction, at + 2);
      node.uint(f.qsRate, at + 2);
      node.uint(node.buf.u8(at + 2) >> 4 === 8 ? f.qsUnused : f.qsTtl, at + 3);
      node.uint(f.qsNonce, at + 4);
      node.uint(f.qsReserved, at + 4);
      return;
    case 68:
      addTimeStamps(node, at, end);
      return;
    case 82:
      node.uint(f.idNumber, at + 2);
      node.uint(f.ohc, at + 4);
      node.uint(f.rhc, at + 6);
      node.bytes(f.originator, at + 8);
      return;
    case 130:
    case 133:
      node.uint(f.securityLevel, at + 2);
      for (let flag = at + 3; flag < end && node.ok; flag++) node.uint(f.securityFlags, flag);
      return;
    case 134:
      addCipso(node, at, end);
      return;
    case 136:
      node.uint(f.sid, at + 2);
      return;
    case 148:
      node.uint(f.routerAlert, at + 2);
      return;
    case 149:
      for (let address = at + 2; address + 4 <= end && node.ok; address += 4) node.bytes(f.address, address);
      return;
    default:
  }
}

function addRoute(node: Node, at: number, end: number, ahead: FieldDef, destination: FieldDef, stop: number): void {
  const pointer = node.uint(f.ptr, at + 2);
  if (pointer < 4) node.expert(f.eiBefore, at + 2, 1);
  else if ((pointer & 3) !== 0) node.expert(f.eiMiddle, at + 2, 1);
  const current = at + pointer - 1;
  let address = at + 3;
  for (; address + 4 <= end && node.ok; address += 4)
    node.bytes(address === stop ? destination : address < current ? f.recordedRoute : ahead, address);
  if (address < end) node.expert(f.eiTooLong, address, end - address);
}

function addTimeStamps(node: Node, at: number, end: number): void {
  const pointer = node.uint(f.ptr, at + 2);
  if (pointer < 5) node.expert(f.eiBefore, at + 2, 1);
  node.uint(f.overflow, at + 3);
  const flag = node.uint(f.flag, at + 3);
  const step = flag === 0 ? 4 : 8;
  for (let entry = at + 4; entry + step <= end && node.ok; entry += step) {
    if (step === 8) node.bytes(f.timeStampAddress, entry);
    node.uint(f.timeStamp, entry + step - 4);
  }
}

function addCipso(node: Node, at: number, end: number): void {
  node.uint(f.cipsoDoi, at + 2);
  for (let tag = at + 6; tag + 2 <= end && node.ok; ) {
    const length = node.buf.u8(tag + 1);
    const type = node.uint(f.cipsoTagType, tag);
    if (length < 2 || tag + length > end) {
      node.expert(f.eiTooLong, tag, 2);
      return;
    }
    if (type === 1 && length >= 4) node.uint(f.cipsoSensitivity, tag + 3);
    else node.bytes(f.cipsoData, tag + 2, length - 2);
    tag += length;
  }
}
