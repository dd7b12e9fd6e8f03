/** LDAP (RFC 4511) over TCP, and the SASL buffers (RFC 4422 section 3.7) that it comes in after an authentication that protects it. */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, int32, nameOf, names, none, string, TRUE_FALSE, uint32 } from '../dissect/field.ts';
import { ALL, app, be32, lengthFramer } from './app-kit.ts';
import { BerCursor } from './ber.ts';
import { gssApi, spnego } from './gss.ts';
import { isNtlmssp, ntlmssp } from './ntlmssp.ts';
import { looksLikeTls } from './tls.ts';

const f = {
  saslLength: uint32('ldap.sasl_buffer_length', 'SASL Buffer Length'),
  message: none('ldap.LDAPMessage_element', 'LDAPMessage'),
  messageId: uint32('ldap.messageID', 'messageID'),
  op: uint32('ldap.protocolOp', 'protocolOp', {
    names: names({
      0: 'bindRequest',
      1: 'bindResponse',
      2: 'unbindRequest',
      3: 'searchRequest',
      4: 'searchResEntry',
      5: 'searchResDone',
      19: 'searchResRef',
      6: 'modifyRequest',
      7: 'modifyResponse',
      8: 'addRequest',
      9: 'addResponse',
      10: 'delRequest',
      11: 'delResponse',
      12: 'modDNRequest',
      13: 'modDNResponse',
      14: 'compareRequest',
      15: 'compareResponse',
      16: 'abandonRequest',
      23: 'extendedReq',
      24: 'extendedResp',
      25: 'intermediateResponse',
    }),
  }),
  version: uint32('ldap.version', 'version'),
  name: string('ldap.name', 'name'),
  authentication: uint32('ldap.authentication', 'authentication', {
    names: names({ 0: 'simple', 3: 'sasl', 10: 'ntlmsspNegotiate', 11: 'ntlmsspAuth' }),
  }),
  simple: string('ldap.simple', 'simple'),
  mechanism: string('ldap.mechanism', 'mechanism'),
  credentials: bytes('ldap.credentials', 'credentials'),
  serverCredentials: bytes('ldap.serverSaslCreds', 'serverSaslCreds'),
  base: string('ldap.baseObject', 'baseObject'),
  scope: uint32('ldap.scope', 'scope', { names: names({ 0: 'baseObject', 1: 'singleLevel', 2: 'wholeSubtree' }) }),
  deref: uint32('ldap.derefAliases', 'derefAliases', {
    names: names({ 0: 'neverDerefAliases', 1: 'derefInSearching', 2: 'derefFindingBaseObj', 3: 'derefAlways' }),
  }),
  sizeLimit: uint32('ldap.sizeLimit', 'sizeLimit'),
  timeLimit: uint32('ldap.timeLimit', 'timeLimit'),
  typesOnly: bool('ldap.typesOnly', 'typesOnly', { bool: TRUE_FALSE }),
  filter: uint32('ldap.filter', 'filter', {
    names: names({
      0: 'and',
      1: 'or',
      2: 'not',
      3: 'equalityMatch',
      4: 'substrings',
      5: 'greaterOrEqual',
      6: 'lessOrEqual',
      7: 'present',
      8: 'approxMatch',
      9: 'extensibleMatch',
    }),
  }),
  attributes: uint32('ldap.attributes', 'attributes'),
  attributeName: string('ldap.AttributeDescription', 'AttributeDescription'),
  objectName: string('ldap.objectName', 'objectName'),
  partialList: uint32('ldap.attributes', 'attributes'),
  type: string('ldap.type', 'type'),
  values: uint32('ldap.vals', 'vals'),
  value: bytes('ldap.AttributeValue', 'AttributeValue'),
  result: uint32('ldap.resultCode', 'resultCode', {
    names: names({
      0: 'success',
      1: 'operationsError',
      2: 'protocolError',
      3: 'timeLimitExceeded',
      4: 'sizeLimitExceeded',
      5: 'compareFalse',
      6: 'compareTrue',
      7: 'authMethodNotSupported',
      8: 'strongAuthRequired',
      10: 'referral',
      11: 'adminLimitExceeded',
      12: 'unavailableCriticalExtension',
      13: 'confidentialityRequired',
      14: 'saslBindInProgress',
      16: 'noSuchAttribute',
      17: 'undefinedAttributeType',
      18: 'inappropriateMatching',
      19: 'constraintViolation',
      20: 'attributeOrValueExists',
      21: 'invalidAttributeSyntax',
      32: 'noSuchObject',
      33: 'aliasProblem',
      34: 'invalidDNSyntax',
      36: 'aliasDereferencingProblem',
      48: 'inappropriateAuthentication',
      49: 'invalidCredentials',
      50: 'insufficientAccessRights',
      51: 'busy',
      52: 'unavailable',
      53: 'unwillingToPerform',
      54: 'loopDetect',
      64: 'namingViolation',
      65: 'objectClassViolation',
      66: 'notAllowedOnNonLeaf',
      67: 'notAllowedOnRDN',
      68: 'entryAlreadyExists',
      69: 'objectClassModsProhibited',
      71: 'affectsMultipleDSAs',
      80: 'other',
      118: 'canceled',
      119: 'noSuchOperation',
      120: 'tooLate',
      121: 'cannotCancel',
    }),
  }),
  matched: string('ldap.matchedDN', 'matchedDN'),
  error: string('ldap.errorMessage', 'errorMessage'),
  object: string('ldap.object', 'object'),
  entry: string('ldap.entry', 'entry'),
  requestName: string('ldap.requestName', 'requestName'),
  requestValue: bytes('ldap.requestValue', 'requestValue'),
  responseName: string('ldap.responseName', 'responseName'),
  response: bytes('ldap.response', 'response'),
  abandon: uint32('ldap.abandonRequest', 'abandonRequest'),
  delete: string('ldap.delRequest', 'delRequest'),
  newRdn: string('ldap.newrdn', 'newrdn'),
  deleteOldRdn: bool('ldap.deleteoldrdn', 'deleteoldrdn', { bool: TRUE_FALSE }),
  url: string('ldap.LDAPURL', 'LDAPURL'),
  controls: uint32('ldap.controls', 'controls'),
  controlType: string('ldap.controlType', 'controlType'),
  criticality: bool('ldap.criticality', 'criticality', { bool: TRUE_FALSE }),
  controlValue: bytes('ldap.controlValue', 'controlValue'),
  size: int32('ldap.size', 'size'),
  cookie: bytes('ldap.cookie', 'cookie'),
};
const MAX_FILTER = 2000;

const opNames = f.op.names as ReadonlyMap<number, string>;
/** Controls whose value Wireshark gives to LDAP again: paged results, sorting, directory synchronization, password policy, content synchronization. */
const LDAP_CONTROLS = new Set([
  '1.2.840.113556.1.4.319',
  '1.2.840.113556.1.4.473',
  '1.2.840.113556.1.4.474',
  '1.2.840.113556.1.4.841',
  '1.3.6.1.4.1.42.2.27.8.5.1',
  '1.3.6.1.4.1.4203.1.9.1.1',
  '1.3.6.1.4.1.4203.1.9.1.2',
  '1.3.6.1.4.1.4203.1.9.1.3',
  '1.3.6.1.4.1.4203.1.9.1.4',
]);
const PAGED = '1.2.840.113556.1.4.319';

const filterSigns = new Map([
  [3, '='],
  [5, '>='],
  [6, '<='],
  [8, '~='],
]);

/** The text of a search filter (RFC 4515) at the cursor; the cursor stays where it is. */
function filterText(b: Buf, c: BerCursor, budget = { left: MAX_FILTER }): string {
  const text = (): string => b.text(c.body, Math.min(c.bodyEnd - c.body, 200));
  if (budget.left-- <= 0) return '…';
  const kind = c.tag;
  if (kind === 7) return `(${text()}=*)`;
  if (!c.enter()) return '';
  let out = '';
  if (kind <= 2) {
    out = kind === 0 ? '(&' : kind === 1 ? '(|' : '(!';
    while (budget.left > 0 && c.next()) out += filterText(b, c, budget);
    out += ')';
  } else if (kind === 4) {
    if (c.next()) out = `(${text()}=`;
    if (c.next() && c.enter()) {
      let first = true;
      let last = -1;
      while (c.next() && budget.left-- > 0) {
        if (!first || c.tag !== 0) out += '*';
        out += text();
        first = false;
        last = c.tag;
      }
      if (last !== 2) out += '*';
      c.leave();
    }
    out += ')';
  } else if (kind === 9) {
    let rule = '';
    let type = '';
    let value = '';
    let dn = '';
    while (c.next()) {
      if (c.tag === 1) rule = `:${text()}`;
      else if (c.tag === 2) type = text();
      else if (c.tag === 3) value = text();
      else if (c.tag === 4 && c.uint() !== 0) dn = ':dn';
    }
    out = `(${type}${dn}${rule}:=${value})`;
  } else {
    const name = c.next() ? text() : '';
    const value = c.next() ? text() : '';
    out = `(${name}${filterSigns.get(kind) ?? '='}${value})`;
  }
  c.leave();
  return out;
}

class Reader {
  readonly layer: Layer;
  readonly b: Buf;
  readonly d: Dissection;
  readonly c = new BerCursor();

  constructor(layer: Layer, b: Buf, d: Dissection) {
    this.layer = layer;
    this.b = b;
    this.d = d;
    this.c.start(b.bytes, b.offset, b.end);
  }

  get length(): number {
    return this.c.bodyEnd - this.c.body;
  }

  /** The next element as a number. */
  number(node: Node, field: FieldDef): number {
    const { c } = this;
    if (!c.next()) return 0;
    const value = c.uint();
    if (Number.isNaN(value)) return 0;
    node.add(field, c.body, this.length, field.type === 'bool' ? value !== 0 : value);
    return value;
  }

  /** The element at hand as text. */
  here(node: Node, field: FieldDef): string {
    if (field.type === 'bytes') {
      node.bytes(field, this.c.body, this.length);
      return '';
    }
    return node.string(field, this.c.body, this.length);
  }

  text(node: Node, field: FieldDef): string {
    return this.c.next() ? this.here(node, field) : '';
  }

  result(node: Node): string {
    const code = this.number(node, f.result);
    this.text(node, f.matched);
    this.text(node, f.error);
    return nameOf(f.result, code) ?? String(code);
  }

  /** SEQUENCE OF { type, SET OF value } */
  attributeList(node: Node, field: FieldDef): void {
    const { c } = this;
    const list = node.add(field, c.at, c.bodyEnd - c.at, count(c));
    if (!c.enter()) return;
    while (!this.d.full && c.next()) {
      const item = list.text(c.at, c.bodyEnd - c.at, 'PartialAttributeList item');
      if (!c.enter()) continue;
      const name = this.text(item, f.type);
      item.display = name;
      if (c.next()) {
        const values = item.add(f.values, c.at, c.bodyEnd - c.at, count(c));
        if (c.enter()) {
          while (!this.d.full && c.next()) values.bytes(f.value, c.body, this.length);
          c.leave();
        }
      }
      c.leave();
    }
    c.leave();
  }

  bindRequest(node: Node): string {
    const { c, b, d } = this;
    this.number(node, f.version);
    const name = this.text(node, f.name);
    if (!c.next()) return `bindRequest "${name}"`;
    const kind = c.tag;
    node.add(f.authentication, c.at, c.bodyEnd - c.at, kind);
    if (kind === 0) {
      this.here(node, f.simple);
      return `bindRequest "${name}" simple`;
    }
    if (kind === 3 && c.enter()) {
      const mechanism = this.text(node, f.mechanism);
      if (c.next() && this.length > 0) {
        this.here(node, f.credentials);
        if (mechanism === 'GSS-SPNEGO' || mechanism === 'GSSAPI' || isNtlmssp(b.bytes, c.body, c.bodyEnd))
          d.call(gssApi, b.from(c.body, c.bodyEnd));
      }
      c.leave();
      return `bindRequest "${name}" sasl`;
    }
    // Microsoft's own: NTLMSSP's messages in the clear (MS-ADTS 5.1.1.1.3).
    if ((kind === 10 || kind === 11) && this.length > 0) d.call(ntlmssp, b.from(c.body, c.bodyEnd));
    return `bindRequest "${name}" ${kind === 10 ? 'NTLMSSP_NEGOTIATE' : kind === 11 ? 'NTLMSSP_AUTH' : ''}`;
  }

  bindResponse(node: Node): string {
    const { c, b, d } = this;
    const code = this.number(node, f.result);
    // Microsoft puts NTLMSSP's challenge where the matched name would be.
    if (c.next()) {
      const at = c.body;
      const stop = c.bodyEnd;
      this.here(node, f.matched);
      if (isNtlmssp(b.bytes, at, stop)) d.call(ntlmssp, b.from(at, stop));
    }
    this.text(node, f.error);
    while (c.next()) {
      if (!c.context(7)) continue;
      this.here(node, f.serverCredentials);
      if (this.length === 0) continue;
      const token = b.from(c.body, c.bodyEnd);
      if (isNtlmssp(b.bytes, c.body, c.bodyEnd)) d.call(ntlmssp, token);
      // Other mechanisms answer in forms of their own (RFC 5802: text).
      else if (b.u8(c.body) === NEGOTIATION_ANSWER || b.u8(c.body) === TOKEN) d.call(spnego, token);
    }
    return `bindResponse ${nameOf(f.result, code) ?? code}`;
  }

  search(node: Node): string {
    const { c, b } = this;
    const base = this.text(node, f.base);
    const scope = this.number(node, f.scope);
    this.number(node, f.deref);
    this.number(node, f.sizeLimit);
    this.number(node, f.timeLimit);
    this.number(node, f.typesOnly);
    if (c.next()) {
      const from = c.at;
      const kind = c.tag;
      const stop = c.bodyEnd;
      const text = filterText(b, c);
      node.text(from, stop - from, `Filter: ${text}`).add(f.filter, from, stop - from, kind);
    }
    if (c.next()) {
      const list = node.add(f.attributes, c.at, c.bodyEnd - c.at, count(c));
      if (c.enter()) {
        while (!this.d.full && c.next()) this.here(list, f.attributeName);
        c.leave();
      }
    }
    return `searchRequest "${base}" ${nameOf(f.scope, scope) ?? scope}`;
  }

  controls(node: Node): void {
    const { c, b, d } = this;
    const list = node.add(f.controls, c.at, c.bodyEnd - c.at, count(c));
    if (!c.enter()) return;
    for (let n = 0; n < 256 && c.next(); n++) {
      const item = list.text(c.at, c.bodyEnd - c.at, 'Control');
      if (!c.enter()) continue;
      const oid = this.text(item, f.controlType);
      item.display = oid;
      while (c.next()) {
        if (c.tag === 1) item.add(f.criticality, c.body, this.length, c.uint() !== 0);
        else if (c.tag === 4) {
          item.bytes(f.controlValue, c.body, this.length);
          if (LDAP_CONTROLS.has(oid) && this.length > 0) d.call(oid === PAGED ? pagedResults : otherControl, b.from(c.body, c.bodyEnd));
        }
      }
      c.leave();
    }
    c.leave();
  }

  message(): string {
    const { c, layer } = this;
    if (!c.next() || !c.is(0x30)) return '';
    const top = layer.add(f.message, c.at, c.bodyEnd - c.at, null);
    if (!c.enter()) return '';
    const id = this.number(top, f.messageId);
    let words = '';
    if (c.next()) {
      const op = c.tag;
      const node = top.add(f.op, c.at, c.bodyEnd - c.at, op);
      words = this.operation(node, op);
      words = `${words === '' ? (opNames.get(op) ?? '') : words}`;
      const space = words.indexOf(' ');
      words = space < 0 ? `${words}(${id})` : `${words.slice(0, space)}(${id})${words.slice(space)}`;
    }
    while (c.next()) if (c.context(0)) this.controls(top);
    c.leave();
    top.display = words;
    return words;
  }

  operation(node: Node, op: number): string {
    const { c } = this;
    if (op === 10) {
      this.here(node, f.delete);
      return '';
    }
    if (op === 16) {
      node.add(f.abandon, c.body, this.length, c.uint());
      return '';
    }
    if (!c.enter()) return '';
    let words = '';
    if (op === 0) words = this.bindRequest(node);
    else if (op === 1) words = this.bindResponse(node);
    else if (op === 3) words = this.search(node);
    else if (op === 4) {
      words = `searchResEntry "${this.text(node, f.objectName)}"`;
      if (c.next()) this.attributeList(node, f.partialList);
    } else if (op === 6) words = `modifyRequest "${this.text(node, f.object)}"`;
    else if (op === 8) {
      words = `addRequest "${this.text(node, f.entry)}"`;
      if (c.next()) this.attributeList(node, f.attributes);
    } else if (op === 12) {
      words = `modDNRequest "${this.text(node, f.entry)}"`;
      this.text(node, f.newRdn);
      this.number(node, f.deleteOldRdn);
    } else if (op === 14) words = `compareRequest "${this.text(node, f.entry)}"`;
    else if (op === 19) while (!this.d.full && c.next()) this.here(node, f.url);
    else if (op === 23) {
      while (c.next()) {
        if (c.context(0)) words = `extendedReq ${this.here(node, f.requestName)}`;
        else if (c.context(1)) this.here(node, f.requestValue);
      }
    } else if (op === 24) {
      this.result(node);
      while (c.next()) {
        if (c.context(10)) words = `extendedResp ${this.here(node, f.responseName)}`;
        else if (c.context(11)) this.here(node, f.response);
      }
    } else if (op === 5 || op === 7 || op === 9 || op === 11 || op === 13 || op === 15)
      words = `${opNames.get(op) ?? ''} ${this.result(node)}`;
    c.leave();
    return words;
  }
}

/** Elements in the one at hand. */
function count(c: BerCursor): number {
  let n = 0;
  if (!c.enter()) return 0;
  while (c.next()) n++;
  c.leave();
  return n;
}

/** First octets of a SPNEGO answer (RFC 4178, section 4.2.2) and of a token with its mechanism's name (RFC 2743, section 3.1). */
const NEGOTIATION_ANSWER = 0xa1;
const TOKEN = 0x60;
/** Of a Kerberos token that wraps (RFC 4121, section 4.2.6.2), and of an NTLM signature. */
const WRAP = 0x0504;
const SIGNATURE = 0x0100;

const control = { name: 'ldap', short: 'LDAP', title: 'Lightweight Directory Access Protocol' } as const;

const pagedResults = app({
  ...control,
  fields: [],
  read(layer, b) {
    const c = new BerCursor();
    c.start(b.bytes, b.offset, b.end);
    if (!c.next() || !c.enter()) return '';
    if (c.next()) layer.add(f.size, c.body, c.bodyEnd - c.body, c.uint());
    if (c.next()) layer.bytes(f.cookie, c.body, c.bodyEnd - c.body);
    return '';
  },
});

const otherControl = app({ ...control, fields: [], read: () => '' });

/** The messages of [b.offset, b.end), one after the other. */
function messages(layer: Layer, b: Buf, d: Dissection, info: string[]): void {
  for (let at = b.offset; at < b.end && layer.ok && info.length < 200 && !d.full; ) {
    if (b.u8(at) !== 0x30) break;
    const rest = b.from(at);
    const reader = new Reader(layer, rest, d);
    const words = reader.message();
    if (words !== '') info.push(words);
    const next = reader.c.after;
    if (next <= at) break;
    at = next;
  }
}

/** A buffer of a session that protects its messages; those that are only signed can be read. */
function saslBuffer(layer: Layer, b: Buf, d: Dissection, info: string[]): void {
  layer.uint(f.saslLength, b.offset);
  const token = b.from(b.offset + 4);
  if (token.length === 0) return;
  const id = token.u16(token.offset);
  // What other mechanisms protect has no form that could be told.
  if (id !== WRAP && id !== SIGNATURE && token.u8(token.offset) !== TOKEN) return;
  d.call(gssApi, token);
  if (id === WRAP && (token.u8(token.offset + 2) & 2) === 0) {
    // RFC 4121 section 4.2.4: without encryption the checksum follows the text, or, rotated, stands before it.
    const extra = token.u16(token.offset + 4);
    const rotated = token.u16(token.offset + 6);
    const start = token.offset + 16;
    if (rotated >= extra) messages(layer, b.from(start + extra), d, info);
    else messages(layer, b.from(start, b.end - extra), d, info);
  } else info.push('SASL GSS-API');
}

export const ldap = app({
  name: 'ldap',
  short: 'LDAP',
  title: 'Lightweight Directory Access Protocol',
  fields: Object.values(f).filter((field, i, all) => all.indexOf(field) === i),
  // After StartTLS (RFC 4511 section 4.14).
  accepts: (b, o, end) => !looksLikeTls(b, o, end),
  framer: lengthFramer(6, (h) => {
    if (h[0] !== 0x30) return h[0] === 0 && be32(h, 0) > 1 ? 4 + be32(h, 0) : ALL;
    const first = h[1] as number;
    if (first < 0x80) return 2 + first;
    const width = first & 0x7f;
    if (width === 0 || width > 4) return ALL;
    let length = 0;
    for (let i = 0; i < width; i++) length = length * 256 + (h[2 + i] as number);
    return 2 + width + length;
  }),
  read(layer, b, d) {
    const info: string[] = [];
    for (let at = b.offset; at < b.end && layer.ok && info.length < 200; ) {
      if (b.u8(at) !== 0) {
        const c = new BerCursor();
        c.start(b.bytes, at, b.end);
        if (!c.next() || c.after <= at) break;
        const next = c.after;
        messages(layer, b.from(at, next), d, info);
        at = next;
        continue;
      }
      const length = b.u32(at);
      if (length < 2 || b.end - at < 6) break;
      saslBuffer(layer, b.from(at, at + 4 + length), d, info);
      at += 4 + length;
    }
    return info.slice(0, 20).join(' ');
  },
});

/** Over UDP (RFC 1798, as Active Directory has it: MS-ADTS 6.3.3): one datagram has a message, or the entry and the end of a search. */
export const cldap = app({
  name: 'cldap',
  short: 'CLDAP',
  title: 'Connectionless Lightweight Directory Access Protocol',
  fields: [],
  accepts: (b, o, end) => end - o >= 7 && b[o] === 0x30,
  read(layer, b, d) {
    const info: string[] = [];
    messages(layer, b, d, info);
    return info.slice(0, 20).join(' ');
  },
});
