/** Words for DNS numbers (IANA "Domain Name System (DNS) Parameters"), and expansion of domain names (RFC 1035 section 4.1.4). */

import type { Buf } from '../dissect/dissection.ts';
import { names } from '../dissect/field.ts';

/** Short words for RR types, where they are not the first word of the long ones. */
const SHORT: Readonly<Record<number, string>> = { 255: '*' };

const TYPES =
  '0 Unused|1 A (Host Address)|2 NS (authoritative Name Server)|3 MD (Mail Destination)|4 MF (Mail Forwarder)|' +
  '5 CNAME (Canonical NAME for an alias)|6 SOA (Start Of a zone of Authority)|7 MB (MailBox domain name)|8 MG (Mail Group member)|' +
  '9 MR (Mail Rename domain)|10 NULL RR|11 WKS (Well Known Service)|12 PTR (domain name PoinTeR)|13 HINFO (host information)|' +
  '14 MINFO (Mailbox or mail list information)|15 MX (Mail eXchange)|16 TXT (Text strings)|17 RP (Responsible Person)|' +
  '18 AFSDB (AFS Data Base location)|19 X25 (XX.25 PSDN address)|20 ISDN (ISDN address)|21 RT (Route Through)|22 NSAP (NSAP address)|' +
  '23 NSAP-PTR (NSAP domain name pointer)|24 SIG (security signature)|25 KEY (security key)|26 PX (X.400 mail mapping information)|' +
  '27 GPOS (Geographical Position)|28 AAAA (IPv6 Address)|29 LOC (Location Information)|30 NXT (Next Domain)|31 EID (Endpoint Identifier)|' +
  '32 NIMLOC (Nimrod Locator)|33 SRV (Server Selection)|34 ATMA (ATM Address)|35 NAPTR (Naming Authority Pointer)|36 KX (Key Exchanger)|' +
  '37 CERT|38 A6 (OBSOLETE - use AAAA)|39 DNAME|40 SINK|41 OPT|42 APL|43 DS (Delegation Signer)|44 SSHFP (SSH Key Fingerprint)|' +
  '45 IPSECKEY|46 RRSIG (Resource Record Signature)|47 NSEC (Next Secure)|48 DNSKEY (DNS Public Key)|49 DHCID|50 NSEC3|51 NSEC3PARAM|' +
  '52 TLSA|55 HIP (Host Identity Protocol)|57 RKEY|58 TALINK (Trust Anchor LINK)|59 CDS (Child DS)|' +
  '60 CDNSKEY (DNSKEY(s) the Child wants reflected in DS)|61 OPENPGPKEY (OpenPGP Key)|62 CSYNC (Child-to-Parent Synchronization)|' +
  '63 ZONEMD|64 SVCB (General Purpose Service Endpoints)|65 HTTPS (HTTPS Specific Service Endpoints)|99 SPF|100 UINFO|101 UID|102 GID|' +
  '103 UNSPEC|104 NID (NodeID)|105 L32 (Locator32)|106 L64 (Locator64)|107 LP (Locator FQDN)|108 EUI48|109 EUI64|' +
  '249 TKEY (Transaction Key)|250 TSIG (Transaction Signature)|251 IXFR (incremental transfer)|252 AXFR (transfer of an entire zone)|' +
  '253 MAILB (mailbox-related RRs)|254 MAILA (mail agent RRs)|255 * (A request for all records the server/cache has available)|256 URI|' +
  '257 CAA (Certification Authority Restriction)|32768 TA (DNSSEC Trust Authorities)|32769 DLV (DNSSEC Lookaside Validation)|' +
  '65281 WINS|65282 WINS-R|65422 XPF';

export const typeNames: ReadonlyMap<number, string> = new Map(
  TYPES.split('|').map((entry) => {
    const space = entry.indexOf(' ');
    return [Number(entry.slice(0, space)), entry.slice(space + 1)];
  }),
);

const shortNames: ReadonlyMap<number, string> = new Map(
  [...typeNames].map(([type, long]) => [type, SHORT[type] ?? (long.split(' ')[0] as string)]),
);

/** `A`, `AAAA`, …; `Unknown (65534)`. */
export function typeWord(type: number): string {
  return shortNames.get(type) ?? `Unknown (${type})`;
}

export const classNames = names({ 1: 'IN', 2: 'CS', 3: 'CH', 4: 'HS', 254: 'NONE', 255: 'ANY' });

export const opcodeNames = names({
  0: 'Standard query',
  1: 'Inverse query',
  2: 'Server status request',
  4: 'Zone change notification',
  5: 'Dynamic update',
  6: 'DNS Stateful operations (DSO)',
});

export const rcodeNames = names({
  0: 'No error',
  1: 'Format error',
  2: 'Server failure',
  3: 'No such name',
  4: 'Not implemented',
  5: 'Refused',
  6: 'Name exists',
  7: 'RRset exists',
  8: 'RRset does not exist',
  9: 'Not authoritative',
  10: 'Name out of zone',
  11: 'DSO-Type not implemented',
  16: 'Bad OPT Version or TSIG Signature Failure',
  17: 'Key not recognized',
  18: 'Signature out of time window',
  19: 'Bad TKEY Mode',
  20: 'Duplicate key name',
  21: 'Algorithm not supported',
  22: 'Bad Truncation',
  23: 'Bad/missing Server Cookie',
});

export const algorithmNames = names({
  1: 'RSA/MD5',
  2: 'Diffie-Hellman',
  3: 'DSA',
  4: 'Elliptic curve crypto',
  5: 'RSA/SHA1',
  6: 'DSA + NSEC3/SHA1',
  7: 'RSA/SHA1 + NSEC3/SHA1',
  8: 'RSA/SHA-256',
  10: 'RSA/SHA-512',
  12: 'GOST R 34.10-2001',
  13: 'ECDSA Curve P-256 with SHA-256',
  14: 'ECDSA Curve P-386 with SHA-386',
  15: 'Ed25519',
  16: 'Ed448',
  157: 'HMAC/MD5',
  252: 'Indirect key',
  253: 'Private, domain name',
  254: 'Private, OID',
});

export const digestNames = names({ 0: 'Reserved digest', 1: 'SHA-1', 2: 'SHA-256', 3: 'GOST R 34.11-94', 4: 'SHA-384' });

export const svcKeyNames = names({
  0: 'mandatory',
  1: 'alpn',
  2: 'no-default-alpn',
  3: 'port',
  4: 'ipv4hint',
  5: 'echconfig',
  6: 'ipv6hint',
  32769: 'odohconfig',
  65535: 'key65535',
});

export const optionNames = names({
  0: 'Reserved',
  1: 'LLQ - Long-lived query',
  2: 'UL - Update lease',
  3: 'NSID - Name Server Identifier',
  4: 'Owner (reserved)',
  5: 'DAU - DNSSEC Algorithm Understood (RFC6975)',
  6: 'DHU - DS Hash Understood (RFC6975)',
  7: 'N3U - NSEC3 Hash Understood (RFC6975)',
  8: 'CSUBNET - Client subnet',
  9: 'EDNS EXPIRE (RFC7314)',
  10: 'COOKIE',
  11: 'EDNS TCP Keepalive',
  12: 'PADDING',
  13: 'CHAIN',
  15: 'Extended DNS Error',
  20730: 'Experimental - CSUBNET - Client subnet',
});

/** A name of more characters than this is not shown: what 255 octets on the wire can hold (RFC 1035, section 2.3.4). */
const MAX_NAME = 253;
/** Pointers followed in one name. With MAX_NAME it bounds the work of one name whatever the pointers do. */
const MAX_POINTERS = 128;

export interface DomainName {
  /** As shown: labels joined with dots, control characters escaped; `<Root>` for the empty name. */
  readonly text: string;
  /** `dns.qry.name.len`: characters of the expanded name. */
  readonly length: number;
  /** `dns.count.labels`. */
  readonly labels: number;
  /** Bytes that the name takes where it stands; up to and with the first pointer. */
  readonly size: number;
  /** False if the name ran past the bytes. */
  readonly whole: boolean;
}

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const scratch = new Uint8Array(MAX_NAME + 1);

/**
 * Expands the name at `at`; `base` is where offset 0 of the message lies, for pointers. Each pointer must lead to a place other than itself;
 * the number of pointers and the length of the name are bounded, so loops end.
 */
export function readName(b: Buf, at: number, base: number): DomainName {
  let offset = at;
  let size = -1;
  let length = 0;
  let pointers = 0;
  for (;;) {
    if (offset < b.offset || offset >= b.end) return result('', 0, size < 0 ? Math.max(0, offset - at) : size, false);
    const octet = b.u8(offset++);
    if (octet === 0) break;
    if ((octet & 0xc0) === 0xc0) {
      if (offset >= b.end) return result('', 0, size < 0 ? offset - at : size, false);
      const target = base + (((octet & 0x3f) << 8) | b.u8(offset));
      if (size < 0) size = offset + 1 - at;
      if (target === offset - 1 || ++pointers > MAX_POINTERS) return named('<Name contains a pointer that loops>', size);
      offset = target;
      continue;
    }
    // A label of another type (RFC 6891, section 5): nobody knows how long it is, or where the name ends.
    if ((octet & 0xc0) !== 0) return result('<Unknown extended label>', 0, size < 0 ? offset - at : size, false);
    if (offset + octet > b.end) return result('', 0, size < 0 ? offset - at : size, false);
    if (length + octet + 1 > MAX_NAME) {
      // The rest must still be stepped over to know where the name ends.
      if (size < 0) size = labelsEnd(b.bytes, offset + octet, b.end) - at;
      return named('<Name too long>', size);
    }
    if (length > 0) scratch[length++] = 0x2e;
    scratch.set(b.bytes.subarray(offset, offset + octet), length);
    length += octet;
    offset += octet;
  }
  if (size < 0) size = offset - at;
  if (length === 0) return named('<Root>', size);
  return result(escapeText(scratch.subarray(0, length)), length, size, true);
}

/**
 * Index depth: where the name at `at` of bytes[start, end) ends, -1 if it is not whole. Steps over it as readName() does, and makes no text.
 */
export function nameEnd(bytes: Uint8Array, at: number, start: number, end: number, base: number): number {
  let offset = at;
  let stop = -1;
  let length = 0;
  let pointers = 0;
  for (;;) {
    if (offset < start || offset >= end) return -1;
    const octet = bytes[offset++] as number;
    if (octet === 0) return stop < 0 ? offset : stop;
    if ((octet & 0xc0) === 0xc0) {
      if (offset >= end) return -1;
      const target = base + (((octet & 0x3f) << 8) | (bytes[offset] as number));
      if (stop < 0) stop = offset + 1;
      if (target === offset - 1 || ++pointers > MAX_POINTERS) return stop;
      offset = target;
      continue;
    }
    if ((octet & 0xc0) !== 0) return -1;
    if (offset + octet > end) return -1;
    if (length + octet + 1 > MAX_NAME) return stop < 0 ? labelsEnd(bytes, offset + octet, end) : stop;
    length += octet + (length > 0 ? 1 : 0);
    offset += octet;
  }
}

function named(text: string, size: number): DomainName {
  return { text, length: text.length, labels: 1, size, whole: true };
}

function result(text: string, length: number, size: number, whole: boolean): DomainName {
  let labels = length > 1 ? 1 : 0;
  for (let i = 0; i < length - 1; i++) if (scratch[i] === 0x2e) labels++;
  return { text, length, labels, size, whole };
}

/** Offset just past the labels from `offset` on, up to the root or the first pointer. */
function labelsEnd(bytes: Uint8Array, from: number, end: number): number {
  let offset = from;
  while (offset < end) {
    const octet = bytes[offset] as number;
    if (octet === 0) return offset + 1;
    if ((octet & 0xc0) === 0xc0) return Math.min(offset + 2, end);
    offset += 1 + octet;
  }
  return end;
}

const NAMED: Readonly<Record<number, string>> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

/** Text with control characters as C escapes (`\n`, `\003`), as Wireshark writes names. */
export function escapeText(bytes: Uint8Array): string {
  const text = utf8.decode(bytes);
  if (!/[\0-\x1f\x7f-\x9f]/.test(text)) return text;
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, (c) => {
    const code = c.charCodeAt(0);
    return NAMED[code] ?? `\\${code.toString(8).padStart(3, '0')}`;
  });
}

/** `300` seconds as `5 minutes`. */
export function durationText(seconds: number): string {
  if (seconds === 0) return '0 seconds';
  const parts: string[] = [];
  const add = (n: number, unit: string): void => {
    if (n > 0) parts.push(`${n} ${unit}${n === 1 ? '' : 's'}`);
  };
  add(Math.floor(seconds / 86400), 'day');
  add(Math.floor(seconds / 3600) % 24, 'hour');
  add(Math.floor(seconds / 60) % 60, 'minute');
  add(seconds % 60, 'second');
  return parts.join(', ');
}
