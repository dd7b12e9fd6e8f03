/** The data of DNS resource records, by type (RFC 1035 and the RFCs beside each). */

import { formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { Node } from '../dissect/dissection.ts';
import type { FieldDef } from '../dissect/field.ts';
import { rr } from './dns-fields.ts';
import { durationText, escapeText, optionNames, readName, svcKeyNames } from './dns-names.ts';
import { rareReaders } from './dns-rare-records.ts';
import { bitmap, counted, name, number, type Rdata, rest } from './dns-record-kit.ts';

const seconds = (value: number): string => `${value} (${durationText(value)})`;

function time(r: Rdata, field: FieldDef, size: number): void {
  if (!r.node.has(r.at, size)) return;
  const b = r.node.buf;
  const sec = size === 6 ? b.u16(r.at) * 0x100000000 + b.u32(r.at + 2) : b.u32(r.at);
  r.node.add(field, r.at, size, { sec, nsec: 0 });
  r.at += size;
}

function single(field: FieldDef, word: string): (r: Rdata) => void {
  return (r) => {
    const text = name(r, field);
    r.info = ` ${text}`;
    r.line = word === '' ? `, ${text}` : `, ${word} ${text}`;
  };
}

function strings(lengthField: FieldDef, field: FieldDef): (r: Rdata) => void {
  return (r) => {
    while (r.node.ok && r.at < r.end) counted(r, lengthField, field);
  };
}

const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';

function base32hex(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let count = 0;
  for (const octet of bytes) {
    bits = ((bits << 8) | octet) & 0xfff;
    count += 8;
    while (count >= 5) {
      count -= 5;
      out += BASE32HEX[(bits >> count) & 31];
    }
  }
  if (count > 0) out += BASE32HEX[(bits << (5 - count)) & 31];
  return out;
}

function nsec3Head(r: Rdata, optOut: boolean): void {
  number(r, rr.nsec3Algorithm);
  const flags = r.node.uintNode(rr.nsec3Flags, r.at);
  if (optOut) flags.uint(rr.nsec3OptOut, r.at, 1);
  r.at++;
  number(r, rr.nsec3Iterations);
  const salt = number(r, rr.nsec3SaltLength);
  r.node.bytes(rr.nsec3Salt, r.at, salt);
  r.at += salt;
}

/** Key tag (RFC 4034 appendix B). */
function keyTag(r: Rdata): number {
  const bytes = r.node.buf.slice(r.at, r.end - r.at);
  if (bytes[3] === 1) return bytes.length < 7 ? 0 : ((bytes[bytes.length - 3] as number) << 8) | (bytes[bytes.length - 2] as number);
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += (i & 1) === 0 ? (bytes[i] as number) << 8 : (bytes[i] as number);
  return (sum + ((sum >>> 16) & 0xffff)) & 0xffff;
}

function dnskey(r: Rdata): void {
  if (!r.node.has(r.at, 4)) return;
  const id = keyTag(r);
  const flags = r.node.uintNode(rr.keyFlags, r.at);
  for (const field of [rr.keyZone, rr.keyRevoked, rr.keySep, rr.keyReserved]) flags.uint(field, r.at, 2);
  r.at += 2;
  number(r, rr.keyProtocol);
  number(r, rr.keyAlgorithm);
  r.node.add(rr.keyId, r.at, 0, id);
  rest(r, rr.key);
}

function ds(r: Rdata): void {
  number(r, rr.dsKey);
  number(r, rr.dsAlgorithm);
  number(r, rr.dsDigestType);
  rest(r, rr.dsDigest);
}

function rrsig(r: Rdata): void {
  number(r, rr.sigCovered);
  number(r, rr.sigAlgorithm);
  number(r, rr.sigLabels);
  number(r, rr.sigTtl, seconds);
  time(r, rr.sigExpiration, 4);
  time(r, rr.sigInception, 4);
  number(r, rr.sigKeyTag);
  name(r, rr.sigSigner);
  rest(r, rr.signature);
}

const MANDATORY = 0;
const ALPN = 1;
const PORT = 3;
const IPV4HINT = 4;
const ECH = 5;
const IPV6HINT = 6;
const ODOH = 32769;

/** Service binding (RFC 9460 section 2.2). */
function svcb(r: Rdata): void {
  const priority = number(r, rr.svcPriority);
  const target = name(r, rr.svcTarget);
  r.line = `, ${priority} ${target}`;
  r.line = '';
  while (r.node.ok && r.at < r.end) {
    const start = r.at;
    if (!r.node.has(start, 4)) return;
    const length = r.node.buf.u16(start + 2);
    const param = r.node.add(rr.svcParam, start, 4 + length, null);
    const p: Rdata = { ...r, node: param, end: Math.min(start + 4 + length, r.node.buf.end) };
    const key = number(p, rr.svcKey);
    number(p, rr.svcLength);
    const words = svcValue(p, key, start + 4 + length);
    param.display = `${svcKeyNames.get(key) ?? `key${key}`}${words === '' ? '' : `=${words}`}`;
    r.at = start + 4 + length;
  }
}

function svcValue(p: Rdata, key: number, end: number): string {
  const words: string[] = [];
  const b = p.node.buf;
  while (p.node.ok && p.at < end) {
    if (key === MANDATORY) {
      const k = number(p, rr.svcMandatory);
      words.push(svcKeyNames.get(k) ?? `key${k}`);
    } else if (key === ALPN) words.push(counted(p, rr.svcAlpnLength, rr.svcAlpn));
    else if (key === PORT) words.push(String(number(p, rr.svcPort)));
    else if (key === IPV4HINT) {
      words.push(formatIpv4(b.slice(p.at, 4)));
      p.node.bytes(rr.svcIpv4, p.at, 4);
      p.at += 4;
    } else if (key === IPV6HINT) {
      words.push(formatIpv6(b.slice(p.at, 16)));
      p.node.bytes(rr.svcIpv6, p.at, 16);
      p.at += 16;
    } else {
      const field = key === ECH ? rr.svcEch : key === ODOH ? rr.svcOdoh : rr.svcValue;
      const value = p.node.bytes(field, p.at, end - p.at);
      words.push(field === rr.svcValue ? Array.from(value, (octet) => octet.toString(16).padStart(2, '0')).join('') : base64(value));
      p.at = end;
    }
  }
  return words.join(',');
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += String.fromCharCode(octet);
  return btoa(text);
}

/** RFC 8659 section 4.1. */
function caa(r: Rdata): void {
  const flags = r.node.uintNode(rr.caaFlags, r.at);
  flags.uint(rr.caaCritical, r.at, 1);
  r.at++;
  const tagLength = r.node.buf.u8(r.at);
  const valueLength = Math.max(0, r.end - r.at - 1 - tagLength);
  const tag = r.node.buf.text(r.at + 1, tagLength);
  const value = r.node.buf.text(r.at + 1 + tagLength, valueLength);
  const field = tag === 'issue' ? rr.caaIssue : tag === 'issuewild' ? rr.caaIssueWild : tag === 'iodef' ? rr.caaIodef : rr.caaUnknown;
  if (!r.node.has(r.at, 1 + tagLength + valueLength)) return;
  const node = r.node.add(field, r.at, 1 + tagLength + valueLength, value);
  node.uint(rr.caaTagLength, r.at, 1);
  node.string(rr.caaTag, r.at + 1, tagLength);
  node.string(rr.caaValue, r.at + 1 + tagLength, valueLength);
  r.at = r.end;
}

function naptr(r: Rdata): void {
  const order = number(r, rr.naptrOrder);
  const preference = number(r, rr.naptrPreference);
  const flags = counted(r, rr.naptrFlagsLength, rr.naptrFlags);
  counted(r, rr.naptrServiceLength, rr.naptrService);
  counted(r, rr.naptrRegexLength, rr.naptrRegex);
  const n = readName(r.node.buf, r.at, r.base);
  r.node.add(rr.naptrReplacementLength, r.at, 0, n.length);
  name(r, rr.naptrReplacement);
  r.info = ` ${order} ${preference} ${flags}`;
  r.line = `, order ${order}, preference ${preference}, flags ${flags}`;
}

/** EDNS options (RFC 6891 section 6.1.2). */
function options(r: Rdata): void {
  while (r.node.ok && r.at < r.end) {
    if (!r.node.has(r.at, 4)) return;
    const start = r.at;
    const code = r.node.buf.u16(start);
    const length = r.node.buf.u16(start + 2);
    const opt = r.node.add(rr.opt, start, 4 + length, null, { display: optionNames.get(code) ?? `Unknown (${code})` });
    const o: Rdata = { ...r, node: opt, end: start + 4 + length };
    number(o, rr.optCode);
    const lengthNode = opt.uintNode(rr.optLength, start + 2);
    o.at = start + 4;
    opt.bytes(rr.optData, o.at, length);
    option(o, code, length, lengthNode);
    r.at = start + 4 + length;
  }
}

function option(o: Rdata, code: number, length: number, lengthNode: Node): void {
  const b = o.node.buf;
  switch (code) {
    case 5:
    case 6:
    case 7: {
      const field = code === 5 ? rr.optDau : code === 6 ? rr.optDhu : rr.optN3u;
      while (o.node.ok && o.at < o.end) number(o, field);
      return;
    }
    case 8:
    case 20730: {
      const family = b.u16(o.at);
      const size = length - 4;
      if (size > 16 || (family === 1 && size > 4) || size < 0) lengthNode.expert(rr.optBadLength);
      number(o, rr.optFamily);
      number(o, rr.optNetmask);
      number(o, rr.optScope);
      if (size <= 0 || size > 16 || !o.node.has(o.at, size)) return;
      if (family === 1 || family === 2) {
        const address = new Uint8Array(family === 1 ? 4 : 16);
        address.set(b.slice(o.at, Math.min(size, address.length)));
        o.node.add(family === 1 ? rr.optAddress4 : rr.optAddress6, o.at, size, address);
      } else o.node.bytes(rr.optAddress, o.at, size);
      return;
    }
    case 10:
      o.node.bytes(rr.optCookieClient, o.at, Math.min(8, length));
      if (length > 8) o.node.bytes(rr.optCookieServer, o.at + 8, length - 8);
      else o.node.bytes(rr.optCookieServer, o.at + length, 0);
      return;
    case 11:
      if (length === 2) number(o, rr.optKeepalive);
      return;
    case 12:
      if (length > 0) o.node.bytes(rr.optPadding, o.at, length);
      return;
    case 13:
      if (length > 0 && o.node.has(o.at, length))
        o.node.add(rr.optChain, o.at, length, escapeText(b.slice(o.at, length)).replace(/\\000$/, ''));
      return;
    case 15:
      number(o, rr.optErrorCode);
      if (length > 2) o.node.string(rr.optErrorText, o.at, length - 2);
      return;
  }
}

/** LOC sizes: mantissa and exponent nibbles, in centimetres (RFC 1876 section 2). */
function locSize(value: number): string {
  const metres = ((value >> 4) * 10 ** (value & 15)) / 100;
  return `${value} (${metres} m)`;
}

function locAngle(value: number, positive: string, negative: string): string {
  const thousandths = Math.abs(value - 0x80000000);
  const degrees = Math.floor(thousandths / 3_600_000);
  const minutes = Math.floor(thousandths / 60_000) % 60;
  const rest = (thousandths % 60_000) / 1000;
  return `${value} (${degrees} deg ${minutes} min ${rest.toFixed(3)} sec ${value >= 0x80000000 ? positive : negative})`;
}

function loc(r: Rdata): void {
  const version = number(r, rr.locVersion);
  if (version !== 0) {
    rest(r, rr.locUnknown);
    return;
  }
  number(r, rr.locSize, locSize);
  number(r, rr.locHorizontal, locSize);
  number(r, rr.locVertical, locSize);
  number(r, rr.locLatitude, (value) => locAngle(value, 'N', 'S'));
  number(r, rr.locLongitude, (value) => locAngle(value, 'E', 'W'));
  number(r, rr.locAltitude, (value) => `${value} (${(value - 10_000_000) / 100} m)`);
}

function tkey(r: Rdata): void {
  name(r, rr.tkeyName);
  time(r, rr.tkeyInception, 4);
  time(r, rr.tkeyExpiration, 4);
  number(r, rr.tkeyMode);
  number(r, rr.tkeyError);
  const size = number(r, rr.tkeySize);
  if (size > 0) r.node.bytes(rr.tkeyData, r.at, size);
  r.at += size;
  const other = number(r, rr.tkeyOtherSize);
  if (other > 0) r.node.bytes(rr.tkeyOther, r.at, other);
}

function tsig(r: Rdata): void {
  const algorithm = name(r, rr.tsigName);
  time(r, rr.tsigTime, 6);
  number(r, rr.tsigFudge);
  const size = number(r, rr.tsigMacSize);
  if (size > 0 && r.node.has(r.at, size)) {
    const mac = r.node.add(rr.tsigMac, r.at, size, null);
    mac.expert(rr.noTsig, undefined, undefined, `No dissector for algorithm:${algorithm}`);
  }
  r.at += size;
  number(r, rr.tsigOriginal);
  number(r, rr.tsigError);
  const other = number(r, rr.tsigOtherLength);
  if (other > 0) r.node.bytes(rr.tsigOther, r.at, other);
}

function preferenceAndName(preference: FieldDef, field: FieldDef, word: string): (r: Rdata) => void {
  return (r) => {
    const value = number(r, preference);
    const text = name(r, field);
    r.info = ` ${value} ${text}`;
    r.line = `, preference ${value}, ${word} ${text}`;
  };
}

/** What reads the data of each type. */
const readers: ReadonlyMap<number, (r: Rdata) => void> = new Map<number, (r: Rdata) => void>([
  [
    1,
    (r) => {
      const text = formatIpv4(r.node.bytes(rr.a, r.at, 4));
      if (!r.node.ok) return;
      r.info = ` ${text}`;
      r.line = `, addr ${text}`;
    },
  ],
  [2, single(rr.ns, 'ns')],
  [3, single(rr.md, 'md')],
  [4, single(rr.mf, 'mf')],
  [5, single(rr.cname, 'cname')],
  [
    6,
    (r) => {
      const mname = name(r, rr.mname);
      r.info = ` ${mname}`;
      r.line = `, mname ${mname}`;
      name(r, rr.rname);
      number(r, rr.serial);
      number(r, rr.refresh, seconds);
      number(r, rr.retry, seconds);
      number(r, rr.expire, seconds);
      number(r, rr.minimum, seconds);
    },
  ],
  [7, single(rr.mb, 'mb')],
  [8, single(rr.mg, 'mg')],
  [9, single(rr.mr, 'mr')],
  [10, (r) => rest(r, rr.nullData)],
  [12, single(rr.ptr, '')],
  [
    13,
    (r) => {
      const cpu = counted(r, rr.cpuLength, rr.cpu);
      const os = counted(r, rr.osLength, rr.os);
      r.info = ` ${cpu} ${os}`;
      r.line = `, CPU ${cpu}, OS ${os}`;
    },
  ],
  [
    14,
    (r) => {
      name(r, rr.minfoR);
      name(r, rr.minfoE);
    },
  ],
  [15, preferenceAndName(rr.mxPreference, rr.mx, 'mx')],
  [16, strings(rr.txtLength, rr.txt)],
  [
    17,
    (r) => {
      name(r, rr.rpMailbox);
      name(r, rr.rpTxt);
    },
  ],
  [
    18,
    (r) => {
      number(r, rr.afsdbSubtype);
      name(r, rr.afsdb);
    },
  ],
  [
    21,
    (r) => {
      number(r, rr.rtPreference);
      name(r, rr.rt);
    },
  ],
  [24, rrsig],
  [
    28,
    (r) => {
      const address = r.node.bytes(rr.aaaa, r.at, 16);
      if (!r.node.ok) return;
      const text = formatIpv6(address);
      r.info = ` ${text}`;
      r.line = `, addr ${text}`;
    },
  ],
  [29, loc],
  [
    33,
    (r) => {
      const priority = number(r, rr.srvPriority);
      const weight = number(r, rr.srvWeight);
      const port = number(r, rr.srvPort);
      const target = name(r, rr.srvTarget);
      r.info = ` ${priority} ${weight} ${port} ${target}`;
      r.line = `, priority ${priority}, weight ${weight}, port ${port}, target ${target}`;
    },
  ],
  [35, naptr],
  [
    36,
    (r) => {
      number(r, rr.kxPreference);
      name(r, rr.kx);
    },
  ],
  [39, single(rr.dname, 'dname')],
  [41, options],
  [43, ds],
  [
    44,
    (r) => {
      number(r, rr.sshfpAlgorithm);
      number(r, rr.sshfpType);
      rest(r, rr.sshfp);
    },
  ],
  [46, rrsig],
  [
    47,
    (r) => {
      const next = name(r, rr.nsecNext);
      r.info = ` ${next}`;
      r.line = `, next domain name ${next}`;
      bitmap(r);
    },
  ],
  [48, dnskey],
  [49, (r) => rest(r, rr.dhcid)],
  [
    50,
    (r) => {
      nsec3Head(r, true);
      const length = number(r, rr.nsec3HashLength);
      if (!r.node.has(r.at, length)) return;
      r.node.add(rr.nsec3Hash, r.at, length, base32hex(r.node.buf.slice(r.at, length)));
      r.at += length;
      bitmap(r);
    },
  ],
  [51, (r) => nsec3Head(r, false)],
  [
    52,
    (r) => {
      number(r, rr.tlsaUsage);
      number(r, rr.tlsaSelector);
      number(r, rr.tlsaMatching);
      rest(r, rr.tlsaData);
    },
  ],
  [59, ds],
  [60, dnskey],
  [61, (r) => r.end > r.at && r.node.add(rr.openpgpkey, r.at, r.end - r.at, base64(r.node.buf.slice(r.at, r.end - r.at)))],
  [64, svcb],
  [65, svcb],
  [99, strings(rr.spfLength, rr.spf)],
  [108, (r) => r.node.bytes(rr.eui48, r.at, 6)],
  [109, (r) => r.node.bytes(rr.eui64, r.at, 8)],
  [249, tkey],
  [250, tsig],
  [257, caa],
  [32769, ds],
]);

/** Reads the data of a record of `type`; what no reader knows is kept as bytes with a note. */
export function readRdata(r: Rdata, type: number): void {
  const reader = readers.get(type) ?? rareReaders.get(type);
  if (reader !== undefined) {
    reader(r);
    return;
  }
  r.node.expert(rr.undecoded, undefined, undefined, `The data of record type ${type} is shown as bytes`);
  if (r.end > r.at) r.node.bytes(rr.data, r.at, r.end - r.at);
}
