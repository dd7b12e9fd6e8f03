// The options of neighbour discovery: RFC 4861, section 4.6, and what came later (./icmpv6-option-fields.ts).
import { formatIpv6, hexBytes } from '../bytes/format.ts';
import type { Layer, Node } from '../dissect/dissection.ts';
import { type FieldDef, nameOf, typeBytes } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { icmpv6OptionFields as f, optionTypes } from './icmpv6-option-fields.ts';
import { certificate, directoryName, publicKeyInfo, readX509, subjectText } from './x509.ts';

const REDIRECTED = 4;
const TRUST_ANCHOR = 15;
const CERTIFICATE = 16;
/** Type and length of an option, and what stands before a certificate or the name of an anchor. */
const HEADER_BYTES = 2;
const CERTIFICATE_AT = 4;

const EMPTY = new Uint8Array(0);

/** The packet of a redirect: its place in the message. */
type Redirected = (offset: number, end: number) => void;

/** One option while it is read, from its third octet on. What does not fit into it is left out, and the option is called too short. */
class Option {
  readonly node: Node;
  readonly type: number;
  readonly offset: number;
  readonly end: number;
  /** What is read next. */
  at: number;
  short = false;
  /** Text for the info column. */
  info = '';

  constructor(node: Node, type: number, offset: number, end: number) {
    this.node = node;
    this.type = type;
    this.offset = offset;
    this.end = end;
    this.at = offset + HEADER_BYTES;
  }

  get length(): number {
    return this.end - this.offset;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Where the next `length` octets are; -1 if the option ends before. */
  take(length: number): number {
    if (this.short || length > this.left) {
      this.short = true;
      return -1;
    }
    this.at += length;
    return this.at - length;
  }

  uint(field: FieldDef): number {
    const at = this.take(typeBytes(field.type));
    return at < 0 ? 0 : this.node.uint(field, at);
  }

  /** An integer whose bits are `fields`: below `whole`, or side by side where there is none. */
  bits(whole: FieldDef | null, ...fields: readonly FieldDef[]): void {
    const length = typeBytes((whole ?? (fields[0] as FieldDef)).type);
    const at = this.take(length);
    if (at < 0) return;
    if (whole !== null) this.node.uintNode(whole, at).bits(fields, at, length);
    else for (const field of fields) this.node.uint(field, at, length);
  }

  bytes(field: FieldDef, length = typeBytes(field.type)): Uint8Array | null {
    const at = this.take(length);
    return at < 0 ? null : this.node.bytes(field, at, length);
  }

  /** Octets that have a name and no value. */
  none(field: FieldDef, length: number): void {
    const at = this.take(length);
    if (at >= 0) this.node.add(field, at, length, null);
  }

  reserved(length: number): void {
    this.none(f.reserved, length);
  }

  /** The leading `length` octets of an address whose others are zero. Gives its text, '' if it is not there. */
  prefix(field: FieldDef, length: number): string {
    const at = this.take(length);
    if (at < 0) return '';
    const whole = new Uint8Array(16);
    whole.set(this.node.buf.slice(at, length));
    this.node.add(field, at, length, whole);
    return formatIpv6(whole);
  }

  address(field: FieldDef): string {
    const bytes = this.bytes(field);
    return bytes === null ? '' : formatIpv6(bytes);
  }

  /** The length does not fit the option. */
  complain(): void {
    this.short = true;
  }

  /** Adds to the text of the option. */
  say(text: string): void {
    if (!this.short) this.node.display += text;
  }
}

/**
 * Adds the options in [offset, end) to an ICMPv6 layer. A redirected packet is left to `redirected`, which is given its place.
 * @returns text for the info column: the link-layer address, if there is one
 */
export function dissectNdOptions(layer: Layer, offset: number, end: number, redirected: Redirected): string {
  let info = '';
  for (let at = offset; layer.ok && at < end; ) {
    if (!layer.has(at, HEADER_BYTES)) return info;
    const type = layer.buf.u8(at);
    const length = 8 * layer.buf.u8(at + 1);
    const node = layer.add(f.option, at, Math.min(length, end - at), null, { display: optionTypes.get(type) ?? `Unknown ${type}` });
    node.uint(f.type, at);
    const lengthNode = node.uintNode(f.length, at + 1, 1, { display: `${length / 8} (${length} bytes)` });
    if (length === 0) {
      lengthNode.expert(f.eiLength, at + 1, 1, 'Invalid option length (Zero)');
      return info;
    }
    if (!layer.has(at, length)) return info;
    const option = new Option(node, type, at, at + length);
    readOption(option, redirected);
    info += option.info;
    if (option.short) lengthNode.expert(f.eiLength, at + 1, 1);
    if (option.left > 0) node.add(f.unknown, option.at, option.left, node.buf.slice(option.at, option.left)).expert(f.eiUnknown);
    at += length;
  }
  return info;
}

/** Index depth of the same: protocols in certificates and names, and packets that were redirected, each read by `redirected`. */
export function indexNdOptions(w: IndexWalk, from: number, redirected: Redirected): void {
  const { bytes: b } = w;
  for (let at = from; at + HEADER_BYTES <= w.end; ) {
    const end = at + 8 * (b[at + 1] as number);
    if (end === at || end > w.end) return;
    const kind = b[at + 2] as number;
    if (b[at] === REDIRECTED && end - at > 8) redirected(at + 8, end);
    else if (b[at] === CERTIFICATE && kind === 1) readX509(senderCertificate, b, at + CERTIFICATE_AT, end, w, null);
    else if (b[at] === TRUST_ANCHOR && kind === 1) readX509(anchorName, b, at + CERTIFICATE_AT, end - (b[at + 3] as number), w, null);
    at = end;
  }
}

function readOption(o: Option, redirected: Redirected): void {
  switch (o.type) {
    case 1:
    case 2:
      readLinkAddress(o);
      return;
    case 3: {
      const bits = o.uint(f.prefixLength);
      o.bits(f.prefixFlags, f.prefixL, f.prefixA, f.prefixR, f.prefixReserved);
      o.uint(f.valid);
      o.uint(f.preferred);
      o.reserved(4);
      o.say(` : ${o.address(f.prefix)}/${bits}`);
      return;
    }
    case REDIRECTED: {
      o.reserved(6);
      const from = o.at;
      if (o.left === 0) return;
      o.none(f.redirected, o.left);
      redirected(from, o.end);
      return;
    }
    case 5:
      o.reserved(2);
      o.say(` : ${o.uint(f.mtu)}`);
      return;
    case 6:
      o.say(` : ${o.uint(f.shortcutLimit)}`);
      o.reserved(1);
      o.reserved(4);
      return;
    case 7:
      o.reserved(2);
      o.say(` : ${o.uint(f.interval)}`);
      return;
    case 8:
      o.reserved(2);
      o.uint(f.agentPreference);
      o.uint(f.agentLifetime);
      return;
    case 9:
    case 10:
      o.reserved(6);
      readAddresses(o, f.address);
      return;
    case 11:
      readCga(o);
      return;
    case 12:
    case 32:
      o.reserved(2);
      o.bytes(o.type === 12 ? f.rsaKeyHash : f.proxyKeyHash, 16);
      if (!o.short) o.none(f.signature, o.left);
      return;
    case 13: {
      o.reserved(6);
      const at = o.take(8);
      if (at < 0) return;
      const { buf } = o.node;
      // Seconds in 48 bits, then 1/65536 of them.
      const sec = buf.u16(at) * 0x100000000 + buf.u32(at + 2);
      o.node.add(f.timestamp, at, 8, { sec, nsec: Math.floor((buf.u16(at + 6) * 1e9) / 65536) });
      return;
    }
    case 14:
      o.bytes(f.nonce, o.left);
      return;
    case TRUST_ANCHOR:
      readTrustAnchor(o);
      return;
    case CERTIFICATE:
      readCertificateOption(o);
      return;
    case 17: {
      o.uint(f.addressCode);
      const bits = o.uint(f.addressLength);
      o.reserved(4);
      o.say(` ${o.address(f.careOf)}/${bits}`);
      return;
    }
    case 18: {
      o.uint(f.newPrefixCode);
      const bits = o.uint(f.newPrefixLength);
      o.reserved(4);
      o.say(` ${o.address(f.newPrefix)}/${bits}`);
      return;
    }
    case 19:
      o.uint(f.linkCode);
      o.bytes(f.link, o.left);
      return;
    case 20: {
      o.uint(f.ackCode);
      const supplied = o.uint(f.ackStatus) === 2;
      o.reserved(4);
      if (supplied) o.bytes(f.ackAddress);
      return;
    }
    case 23:
      o.bits(null, f.mapDistance, f.mapPreference);
      o.bits(f.mapFlags, f.mapR, f.mapReserved);
      o.uint(f.mapLifetime);
      o.bytes(f.mapAddress);
      return;
    case 24: {
      const bits = o.uint(f.prefixLength);
      const preference = (o.node.buf.u8(o.at) >> 3) & 3;
      o.bits(f.routeFlags, f.routePreference, f.routeReserved);
      o.uint(f.routeLifetime);
      const prefix = readShortPrefix(o, f.prefix);
      o.node.display += ` : ${nameOf(f.routePreference, preference)}`;
      o.say(` ${prefix}/${bits}`);
      return;
    }
    case 25:
      o.reserved(2);
      o.uint(f.rdnssLifetime);
      readAddresses(o, f.rdnss);
      return;
    case 26:
      o.bits(f.expansion, f.expansionM, f.expansionO, f.expansionH, f.expansionPreference, f.expansionP, f.expansionReserved);
      o.reserved(4);
      return;
    case 27:
    case 28: {
      const padding = o.uint(f.keyPadLength);
      o.bits(null, f.keyAlgorithm, f.keyReserved);
      if (o.type === 28) o.uint(f.keyLifetime);
      if (padding > o.left) {
        o.complain();
        return;
      }
      o.bytes(o.type === 27 ? f.encryptionKey : f.handoverKey, o.left - padding);
      o.bytes(f.keyPadding, padding);
      return;
    }
    case 29:
    case 30: {
      const assist = o.type === 29;
      o.uint(assist ? f.assistCode : f.nodeCode);
      const length = o.uint(assist ? f.assistLength : f.nodeLength);
      o.bytes(assist ? f.assistValue : f.nodeValue, length);
      if (!o.short) o.none(f.padding, o.left);
      return;
    }
    case 31:
      o.reserved(2);
      o.uint(f.dnsslLifetime);
      readNames(o);
      return;
    case 33: {
      const status = o.uint(f.aroStatus);
      o.reserved(3);
      o.uint(f.aroLifetime);
      const eui = o.bytes(f.aroEui64);
      o.say(` : Register ${hexBytes(eui ?? EMPTY, ':')} ${nameOf(f.aroStatus, status) ?? `Unknown ${status}`}`);
      return;
    }
    case 34: {
      const bits = o.uint(f.contextLength);
      o.bits(f.contextFlags, f.contextC, f.contextId, f.contextReserved);
      o.reserved(2);
      o.uint(f.contextLifetime);
      o.say(` ${readShortPrefix(o, f.contextPrefix)}/${bits}`);
      return;
    }
    case 35: {
      const low = o.uint(f.borderLow);
      const high = o.uint(f.borderHigh);
      const lifetime = o.uint(f.borderLifetime);
      o.say(` : Version ${high}.${low}, Valid Lifetime : ${lifetime}, 6LBR : ${o.address(f.borderRouter)}`);
      return;
    }
    case 36:
      o.bits(null, f.capabilityBits, f.capabilityG);
      o.uint(f.capabilityRest);
      return;
    case 37:
      o.node.string(f.portal, o.at, o.left, { zero: true });
      o.at = o.end;
      return;
    case 38:
      readTranslationPrefix(o);
      return;
    default:
      o.node.expert(
        f.eiUndecoded,
        o.offset,
        o.length,
        `Dissector for ICMPv6 Option (${o.type}) code not implemented, Contact Wireshark developers if you want this supported`,
      );
      o.bytes(f.data, o.left);
  }
}

/** An address of 6 octets; one of 8, padded, if the option has room for it (RFC 4944, section 8); others have no known form. */
function readLinkAddress(o: Option): void {
  const source = o.type === 1;
  if (o.length > 16) {
    o.bytes(source ? f.sourceOther : f.targetOther, o.left);
    return;
  }
  const long = o.length === 16;
  const at = o.at;
  const address = o.bytes(long ? (source ? f.sourceEui64 : f.targetEui64) : source ? f.sourceLink : f.targetLink, long ? 8 : 6) ?? EMPTY;
  if (long) {
    if (source) o.node.add(f.sourceOther, at, 8, o.node.buf.slice(at, 8), { hidden: true });
    o.none(f.padding, o.left);
  }
  const text = hexBytes(address, ':');
  o.say(` : ${text}`);
  o.info = source ? ` from ${text}` : ` is at ${text}`;
}

function readAddresses(o: Option, field: FieldDef): void {
  while (!o.short && o.left > 0) o.say(` ${o.address(field)}`);
}

/** A prefix as far as the option goes: none, 8 octets, or 16. Gives its text, and complains of any other length. */
function readShortPrefix(o: Option, field: FieldDef): string {
  if (o.short) return '';
  if (o.left === 0) return '::';
  if (o.left === 8 || o.left === 16) return o.prefix(field, o.left);
  o.complain();
  return '';
}

/** RFC 3972, section 3: the parameters from which an address was made. */
function readCga(o: Option): void {
  const padding = o.uint(f.padLength);
  o.reserved(1);
  const length = o.left - padding;
  if (o.short || length < 25) {
    o.complain();
    return;
  }
  const { buf } = o.node;
  const end = o.at + length;
  const cga = o.node.add(f.cga, o.at, length, buf.slice(o.at, length));
  cga.bytes(f.modifier, o.at, 16);
  cga.bytes(f.subnetPrefix, o.at + 16, 8);
  cga.bytes(f.count, o.at + 24, 1);
  const keyAt = o.at + 25;
  const key = cga.add(f.publicKey, keyAt, end - keyAt, null);
  let at = readX509(publicKeyInfo, buf.bytes, keyAt, end, o.node.d, key);
  key.reachTo(at);
  while (end - at >= 4 && at > keyAt) {
    cga.uint(f.extType, at);
    const size = cga.uint(f.extLength, at + 2);
    if (at + 4 + size > end) {
      at += 4;
      o.complain();
      break;
    }
    cga.bytes(f.extData, at + 4, size);
    at += 4 + size;
  }
  o.at = end;
  if (!o.short) o.none(f.padding, padding);
}

/** RFC 3971, section 6.4.3. */
function readTrustAnchor(o: Option): void {
  const type = o.uint(f.nameType);
  const padding = o.uint(f.padLength);
  const length = o.left - padding;
  if (o.short || length < 0) {
    o.complain();
    return;
  }
  const { buf } = o.node;
  if (type === 1) {
    const name = o.node.add(f.x501, o.at, length, buf.slice(o.at, length));
    readX509(anchorName, buf.bytes, o.at, o.at + length, o.node.d, name);
  } else if (type === 2) o.node.string(f.fqdn, o.at, length);
  o.at += length;
  o.none(f.padding, padding);
}

/** RFC 3971, section 6.4.4. */
function readCertificateOption(o: Option): void {
  const type = o.uint(f.certificateType);
  o.reserved(1);
  if (type !== 1) {
    o.none(f.otherCertificate, o.left);
    return;
  }
  const { buf } = o.node;
  const end = readX509(senderCertificate, buf.bytes, o.at, o.end, o.node.d, o.node);
  const found = o.node.children.at(-1);
  if (end > o.at && found?.abbrev === f.certificate.abbrev) found.display = `(${subjectText()})`;
  o.at = end;
  o.none(f.padding, o.left);
}

const senderCertificate = certificate(f.certificate);
const anchorName = directoryName(f.x509Name);

/** Octets of the prefix by its code (RFC 8781, section 4). */
const PREFIX_BYTES = [12, 8, 7, 6, 5, 4];

function readTranslationPrefix(o: Option): void {
  const code = o.node.buf.u8(o.at + 1) & 7;
  o.bits(null, f.pref64Lifetime, f.pref64Code);
  const length = PREFIX_BYTES[code];
  if (length === undefined || o.left < 12) {
    o.complain();
    o.at = Math.min(o.end, o.at + 12);
    return;
  }
  o.prefix(f.pref64, length);
  o.take(12 - length);
}

/** Domain names without compression, one after the other, padded with zeros (RFC 8106, section 5.2). */
function readNames(o: Option): void {
  const { buf } = o.node;
  while (!o.short && o.left > 0) {
    if (buf.u8(o.at) === 0) {
      o.none(f.padding, o.left);
      return;
    }
    const labels: string[] = [];
    let next = o.at;
    while (next < o.end && buf.u8(next) !== 0) {
      const size = buf.u8(next);
      if (next + 1 + size >= o.end) {
        o.complain();
        return;
      }
      labels.push(buf.text(next + 1, size));
      next += 1 + size;
    }
    next++;
    const name = labels.join('.');
    o.node.add(f.dnssl, o.at, next - o.at, name);
    o.say(` ${name}`);
    o.at = next;
  }
}
