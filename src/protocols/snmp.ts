/** SNMP versions 1 (RFC 1157), 2c (RFC 3416) and 3 (RFC 3412, RFC 3414), whose stream numbers and ports UDP knows. */
import { oidText } from '../bytes/oid.ts';
import type { Buf, Dissection, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, int32, int64, ipv4, nameOf, names, none, oid, string, uint32, uint64 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { BerCursor } from './ber.ts';

const f = {
  version: int32('snmp.version', 'version', { names: names({ 0: 'version-1', 1: 'v2c', 2: 'v2u', 3: 'snmpv3' }) }),
  msgVersion: int32('snmp.msgVersion', 'msgVersion', { names: names({ 0: 'version-1', 1: 'v2c', 2: 'v2u', 3: 'snmpv3' }) }),
  community: string('snmp.community', 'community'),
  data: uint32('snmp.data', 'data', {
    names: names({
      0: 'get-request',
      1: 'get-next-request',
      2: 'get-response',
      3: 'set-request',
      4: 'trap',
      5: 'getBulkRequest',
      6: 'informRequest',
      7: 'snmpV2-trap',
      8: 'report',
    }),
  }),
  requestId: int32('snmp.request_id', 'request-id'),
  errorStatus: int32('snmp.error_status', 'error-status', {
    names: names({
      0: 'noError',
      1: 'tooBig',
      2: 'noSuchName',
      3: 'badValue',
      4: 'readOnly',
      5: 'genErr',
      6: 'noAccess',
      7: 'wrongType',
      8: 'wrongLength',
      9: 'wrongEncoding',
      10: 'wrongValue',
      11: 'noCreation',
      12: 'inconsistentValue',
      13: 'resourceUnavailable',
      14: 'commitFailed',
      15: 'undoFailed',
      16: 'authorizationError',
      17: 'notWritable',
      18: 'inconsistentName',
    }),
  }),
  errorIndex: int32('snmp.error_index', 'error-index'),
  nonRepeaters: uint32('snmp.non_repeaters', 'non-repeaters'),
  maxRepetitions: uint32('snmp.max_repetitions', 'max-repetitions'),
  bindings: uint32('snmp.variable_bindings', 'variable-bindings'),
  name: oid('snmp.name', 'Object Name'),
  int: int64('snmp.value.int', 'Value (Integer32)'),
  octets: bytes('snmp.value.octets', 'Value (OctetString)'),
  oid: oid('snmp.value.oid', 'Value (OID)'),
  nothing: none('snmp.value.null', 'Value (Null)'),
  ipv4: ipv4('snmp.value.ipv4', 'Value (IpAddress)'),
  u32: int64('snmp.value.u32', 'Value (Unsigned32)'),
  g32: int64('snmp.value.g32', 'Value (Gauge32)'),
  counter: uint64('snmp.value.counter', 'Value (Counter32)'),
  timeticks: uint64('snmp.value.timeticks', 'Value (Timeticks)'),
  opaque: bytes('snmp.value.opaque', 'Value (Opaque)'),
  noObject: none('snmp.noSuchObject', 'noSuchObject'),
  noInstance: none('snmp.noSuchInstance', 'noSuchInstance'),
  endOfView: none('snmp.endOfMibView', 'endOfMibView'),
  enterprise: oid('snmp.enterprise', 'enterprise'),
  agent: ipv4('snmp.agent_addr', 'agent-addr'),
  generic: int32('snmp.generic_trap', 'generic-trap', {
    names: names({
      0: 'coldStart',
      1: 'warmStart',
      2: 'linkDown',
      3: 'linkUp',
      4: 'authenticationFailure',
      5: 'egpNeighborLoss',
      6: 'enterpriseSpecific',
    }),
  }),
  specific: int32('snmp.specific_trap', 'specific-trap'),
  timestamp: uint32('snmp.time_stamp', 'time-stamp'),
  global: none('snmp.msgGlobalData_element', 'msgGlobalData'),
  msgId: uint32('snmp.msgID', 'msgID'),
  maxSize: uint32('snmp.msgMaxSize', 'msgMaxSize'),
  flags: bytes('snmp.msgFlags', 'msgFlags'),
  auth: bool('snmp.v3.flags.auth', 'Authenticated', { mask: 0x1 }),
  crypt: bool('snmp.v3.flags.crypt', 'Encrypted', { mask: 0x2 }),
  report: bool('snmp.v3.flags.report', 'Reportable', { mask: 0x4 }),
  model: uint32('snmp.msgSecurityModel', 'msgSecurityModel', { names: names({ 0: 'Any', 1: 'V1', 2: 'V2C', 3: 'USM' }) }),
  msgData: uint32('snmp.msgData', 'msgData', { names: names({ 0: 'plaintext', 1: 'encryptedPDU' }) }),
  engine: bytes('snmp.msgAuthoritativeEngineID', 'msgAuthoritativeEngineID'),
  boots: uint32('snmp.msgAuthoritativeEngineBoots', 'msgAuthoritativeEngineBoots'),
  time: uint32('snmp.msgAuthoritativeEngineTime', 'msgAuthoritativeEngineTime'),
  user: string('snmp.msgUserName', 'msgUserName'),
  authentication: bytes('snmp.msgAuthenticationParameters', 'msgAuthenticationParameters'),
  privacy: bytes('snmp.msgPrivacyParameters', 'msgPrivacyParameters'),
  encrypted: bytes('snmp.encryptedPDU', 'encryptedPDU'),
  contextEngine: bytes('snmp.contextEngineID', 'contextEngineID'),
  contextName: string('snmp.contextName', 'contextName'),
};
const s = {
  text: string('snmp.var-bind_str', 'Variable-binding-string'),
};
/** Objects that are shown so: sysDescr and sysName. */
const TEXTS: ReadonlySet<string> = new Set(['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.5.0']);
const TRAP = 4;
const BULK = 5;

/** Text that an object is known to have: Wireshark shows it as a layer more. */
const variableString = app({
  name: 'snmp',
  short: 'SNMP',
  title: 'Variable-binding-string',
  fields: Object.values(s),
  read(layer, b) {
    layer.string(s.text, b.offset, b.length);
    return '';
  },
});

class Reader {
  readonly b: Buf;
  readonly d: Dissection;
  readonly c = new BerCursor();

  constructor(b: Buf, d: Dissection) {
    this.b = b;
    this.d = d;
    this.c.start(b.bytes, b.offset, b.end);
  }
  get length(): number {
    return this.c.bodyEnd - this.c.body;
  }
  int(node: Node, field: FieldDef): number {
    const { c } = this;
    if (!c.next()) return 0;
    const value = field.type.startsWith('int') ? c.int() : c.uint();
    if (Number.isNaN(value)) return 0;
    node.add(field, c.body, this.length, value);
    return value;
  }
  octets(node: Node, field: FieldDef): void {
    if (!this.c.next()) return;
    if (field.type === 'string') node.string(field, this.c.body, this.length);
    else node.bytes(field, this.c.body, this.length);
  }
  oid(node: Node, field: FieldDef): string {
    const { b, c } = this;
    if (!c.next()) return '';
    const text = oidText(b.bytes, c.body, c.bodyEnd);
    node.add(field, c.body, this.length, text);
    return text;
  }

  value(node: Node, name: string): void {
    const { b, c, d } = this;
    if (!c.next()) return;
    const n = this.length;
    switch (c.identifier) {
      case 0x02:
        node.add(f.int, c.body, n, c.int());
        return;
      case 0x04:
        node.bytes(f.octets, c.body, n);
        if (TEXTS.has(name) && n > 0) d.call(variableString, b.from(c.body, c.bodyEnd));
        return;
      case 0x05:
        node.add(f.nothing, c.body, n, null);
        return;
      case 0x06:
        node.add(f.oid, c.body, n, oidText(b.bytes, c.body, c.bodyEnd));
        return;
      case 0x40:
        if (n === 4) node.bytes(f.ipv4, c.body, 4);
        return;
      case 0x42:
        node.add(f.g32, c.body, n, c.uint());
        return;
      case 0x47:
        node.add(f.u32, c.body, n, c.uint());
        return;
      case 0x43:
        node.add(f.timeticks, c.body, n, c.uint());
        return;
      case 0x44:
        node.bytes(f.opaque, c.body, n);
        return;
      case 0x41:
      case 0x46: {
        let value = 0n;
        for (let i = c.body; i < c.bodyEnd && i < c.body + 9; i++) value = value * 256n + BigInt(b.u8(i));
        node.add(f.counter, c.body, n, value);
        return;
      }
      case 0x80:
        node.add(f.noObject, c.body, n, null);
        return;
      case 0x81:
        node.add(f.noInstance, c.body, n, null);
        return;
      case 0x82:
        node.add(f.endOfView, c.body, n, null);
        return;
      default:
    }
  }

  bindings(node: Node, names: string[]): void {
    const { c, d } = this;
    if (!c.next()) return;
    let items = 0;
    const from = c.at;
    const size = c.bodyEnd - c.at;
    if (!c.enter()) return;
    while (c.next()) items++;
    c.leave();
    const list = node.add(f.bindings, from, size, items, { display: `${items} item${items === 1 ? '' : 's'}` });
    if (!c.enter()) return;
    while (!d.full && c.next()) {
      const item = list.text(c.at, c.bodyEnd - c.at, 'VarBind');
      if (!c.enter()) continue;
      const name = this.oid(item, f.name);
      item.display = name;
      if (names.length < 20) names.push(name);
      this.value(item, name);
      c.leave();
    }
    c.leave();
  }

  /** The PDU at the cursor. */
  pdu(node: Node): string {
    const { c } = this;
    const type = c.tag;
    const words = nameOf(f.data, type) ?? `PDU ${type}`;
    const data = node.add(f.data, c.at, c.bodyEnd - c.at, type);
    const names: string[] = [];
    if (!c.enter()) return words;
    if (type === TRAP) {
      this.oid(data, f.enterprise);
      // NetworkAddress: IpAddress.
      if (c.next() && this.length === 4) data.bytes(f.agent, c.body, 4);
      this.int(data, f.generic);
      this.int(data, f.specific);
      this.int(data, f.timestamp);
    } else {
      this.int(data, f.requestId);
      this.int(data, type === BULK ? f.nonRepeaters : f.errorStatus);
      this.int(data, type === BULK ? f.maxRepetitions : f.errorIndex);
    }
    this.bindings(data, names);
    c.leave();
    return names.length === 0 ? words : `${words} ${names.join(' ')}`;
  }

  security(node: Node): void {
    const { c } = this;
    // The parameters of the user-based security model are BER in an OCTET STRING.
    if (!c.next() || !c.inside(c.body, c.bodyEnd)) return;
    if (c.next() && c.enter()) {
      this.octets(node, f.engine);
      this.int(node, f.boots);
      this.int(node, f.time);
      this.octets(node, f.user);
      this.octets(node, f.authentication);
      this.octets(node, f.privacy);
      c.leave();
    }
    c.leave();
  }

  version3(node: Node): string {
    const { c } = this;
    if (!c.next()) return '';
    const global = node.add(f.global, c.at, c.bodyEnd - c.at, null);
    if (!c.enter()) return '';
    this.int(global, f.msgId);
    this.int(global, f.maxSize);
    if (c.next() && this.length >= 1) {
      const flags = global.add(f.flags, c.body, this.length, this.b.slice(c.body, this.length));
      for (const flag of [f.report, f.crypt, f.auth]) flags.uint(flag, c.body, 1);
    }
    const model = this.int(global, f.model);
    c.leave();
    if (model === 3) this.security(node);
    else c.next();
    if (!c.next()) return '';
    const encrypted = c.identifier === 0x04;
    const data = node.add(f.msgData, c.at, c.bodyEnd - c.at, encrypted ? 1 : 0);
    if (encrypted) {
      data.bytes(f.encrypted, c.body, this.length);
      return 'encryptedPDU: privKey Unknown';
    }
    if (!c.enter()) return '';
    this.octets(data, f.contextEngine);
    this.octets(data, f.contextName);
    return c.next() ? this.pdu(data) : '';
  }
}

/** A sequence that does not reach past the datagram, and an integer in it: its version. */
function looksLikeSnmp(b: Uint8Array, offset: number, end: number, wireEnd: number): boolean {
  if (end - offset < 4 || b[offset] !== 0x30) return false;
  let at = offset + 2;
  let length = b[offset + 1] as number;
  if (length > 0x80) {
    const octets = length & 0x7f;
    if (octets > 4 || at + octets >= end) return false;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (b[at++] as number);
  } else if (length === 0x80) length = 0;
  return b[at] === 0x02 && at + length <= wireEnd;
}

export const snmp = app({
  name: 'snmp',
  accepts: looksLikeSnmp,
  startsStream: true,
  short: 'SNMP',
  title: 'Simple Network Management Protocol',
  fields: Object.values(f),
  read(layer, b, d) {
    const r = new Reader(b, d);
    const { c } = r;
    if (!c.next() || !c.is(0x30) || !c.enter() || !c.next()) return '';
    const version = c.uint();
    if (Number.isNaN(version)) return '';
    layer.add(version === 3 ? f.msgVersion : f.version, c.body, r.length, version);
    if (version === 3) return r.version3(layer);
    r.octets(layer, f.community);
    return c.next() ? r.pdu(layer) : '';
  },
});
