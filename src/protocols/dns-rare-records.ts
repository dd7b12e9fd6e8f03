/** Records that few zones have: keys and certificates, zone checks, identifiers, and what networks before the Internet were called. */
import { bool, bytes, type FieldDef, ipv4, ipv6, names, string, TRUE_FALSE, uint8, uint16, uint32 } from '../dissect/field.ts';
import { algorithmNames } from './dns-names.ts';
import { bitmap, counted, name, number, type Rdata, rest } from './dns-record-kit.ts';
import { ipProtocols } from './ip-names.ts';

/** Words for ZONEMD's registries (RFC 8976, section 5), which differ in what is assigned only. */
const zonemdWords =
  (...assigned: readonly string[]) =>
  (value: number): string =>
    assigned[value - 1] ?? (value === 0 || value === 255 ? 'Reserved' : value < 240 ? 'Unassigned' : 'Private Use');

/** The bit of a record that is for the server itself, and not replicated (`DNS_WINS_FLAG_LOCAL` of Windows). */
const WINS_LOCAL = 0x00010000;

/** Fields of these records, under tshark's names. */
export const rare = {
  wksAddress: ipv4('dns.wks.address', 'Address'),
  wksProtocol: uint8('dns.wks.protocol', 'Protocol', { names: ipProtocols }),
  wksBits: uint8('dns.wks.bits', 'Bits', { base: 'hex' }),
  x25Length: uint8('dns.x25.length', 'Length'),
  x25: string('dns.x25.psdn_address', 'PSDN-Address'),
  isdnLength: uint8('dns.idsn.length', 'Length'),
  isdn: string('dns.idsn.address', 'ISDN Address'),
  isdnSubLength: uint8('dns.idsn.sa.length', 'Length'),
  isdnSub: string('dns.idsn.sa.address', 'Sub Address'),
  nsap: bytes('dns.nsap.rdata', 'NSAP Data'),
  nsapOwner: string('dns.nsap_ptr.owner', 'Owner'),
  pxPreference: uint16('dns.px.preference', 'Preference'),
  px822: string('dns.px.map822', 'MAP822'),
  px400: string('dns.px.map400', 'MAPX400'),
  longitudeLength: uint8('dns.gpos.longitude_length', 'Longitude length'),
  longitude: string('dns.gpos.longitude', 'Longitude'),
  latitudeLength: uint8('dns.gpos.latitude_length', 'Latitude length'),
  latitude: string('dns.gpos.latitude', 'Latitude'),
  altitudeLength: uint8('dns.gpos.altitude_length', 'Altitude length'),
  altitude: string('dns.gpos.altitude', 'Altitude'),
  certType: uint16('dns.cert.type', 'Type', {
    names: names({
      1: 'PKIX',
      2: 'SPKI',
      3: 'PGP',
      4: 'IPKIX',
      5: 'ISPKI',
      6: 'IPGP',
      7: 'ACPKIX',
      8: 'IACPKIX',
      253: 'Private, URI',
      254: 'Private, OID',
    }),
  }),
  certTag: uint16('dns.cert.key_tag', 'Key Tag', { base: 'hex' }),
  certAlgorithm: uint8('dns.cert.algorithm', 'Algorithm', { names: algorithmNames }),
  cert: bytes('dns.cert.certificate', 'Certificate (or CRL)'),
  aplFamily: uint16('dns.apl.address_family', 'Address Family', { names: names({ 1: 'IPv4', 2: 'IPv6' }) }),
  aplPrefix: uint8('dns.apl.coded_prefix', 'Prefix Length'),
  aplNegation: bool('dns.apl.negation', 'Negation Flag', { mask: 0x80, bool: ['Yes (!)', 'No (0)'] }),
  aplLength: uint8('dns.apl.afdlength', 'Address Length', { mask: 0x7f }),
  apl4: ipv4('dns.apl.afdpart.ipv4', 'Address'),
  apl6: ipv6('dns.apl.afdpart.ipv6', 'Address'),
  aplData: bytes('dns.apl.afdpart.data', 'Address'),
  ipsecPrecedence: uint8('dns.ipseckey.gateway_precedence', 'Gateway Precedence'),
  ipsecType: uint8('dns.ipseckey.gateway_type', 'Gateway Type', {
    names: names({ 0: 'No Gateway', 1: 'IPv4 Gateway', 2: 'IPv6 Gateway', 3: 'DNS Gateway' }),
  }),
  ipsecAlgorithm: uint8('dns.ipseckey.gateway_algorithm', 'Gateway Algorithm', { names: names({ 1: 'DSA', 2: 'RSA' }) }),
  ipsec4: ipv4('dns.ipseckey.gateway_ipv4', 'IPv4 Gateway'),
  ipsec6: ipv6('dns.ipseckey.gateway_ipv6', 'IPv6 Gateway'),
  ipsecName: string('dns.ipseckey.gateway_dns', 'DNS Gateway'),
  ipsecKey: bytes('dns.ipseckey.public_key', 'Public Key'),
  hipLength: uint8('dns.hip.hit.length', 'HIT length'),
  hipAlgorithm: uint8('dns.hip.hit.pk.algo', 'HIT length', { names: names({ 0: 'Reserved', 1: 'DSA', 2: 'RSA' }) }),
  hipKeyLength: uint16('dns.hip.pk.length', 'PK length'),
  hip: bytes('dns.hip.hit', 'Host Identity Tag'),
  hipKey: bytes('dns.hip.pk', 'HIP Public Key'),
  hipServer: string('dns.hip.rendezvous_server', 'Rendezvous Server'),
  csyncSoa: uint32('dns.csync.soa', 'SOA'),
  csyncFlags: uint16('dns.csync.flags', 'Flags', { base: 'hex' }),
  csyncImmediate: bool('dns.csync.flags.immediate', 'immediate', { mask: 0x0001, bool: TRUE_FALSE }),
  csyncMinimum: bool('dns.csync.flags.soaminimum', 'soaminimum', { mask: 0x0002, bool: TRUE_FALSE }),
  csyncBitmap: bytes('dns.csync.type_bitmap', 'Type Bitmap'),
  zonemdSerial: uint32('dns.zonemd.serial', 'Serial'),
  zonemdScheme: uint8('dns.zonemd.scheme', 'Scheme', { names: zonemdWords('SIMPLE') }),
  zonemdAlgorithm: uint8('dns.zonemd.hash_algo', 'Hash Algorithm', { names: zonemdWords('SHA-384', 'SHA-512') }),
  zonemdDigest: bytes('dns.zonemd.digest', 'Digest'),
  nidPreference: uint16('dns.ilnp.nid.preference', 'Preference'),
  nid: bytes('dns.ilnp.nid', 'NodeID'),
  l32Preference: uint16('dns.ilnp.l32.preference', 'Preference'),
  l32: ipv4('dns.ilnp.l32', 'Locator32'),
  l64Preference: uint16('dns.ilnp.l64.preference', 'Preference'),
  l64: bytes('dns.ilnp.l64', 'Locator64'),
  lpPreference: uint16('dns.ilnp.lp.preference', 'Preference'),
  lp: string('dns.ilnp.lp', 'Locator FQDN'),
  winsLocal: bool('dns.wins.local_flag', 'Local Flag', { mask: WINS_LOCAL, bool: TRUE_FALSE }),
  winsLookup: uint32('dns.wins.lookup_timeout', 'Lookup timeout'),
  winsCache: uint32('dns.wins.cache_timeout', 'Cache timeout'),
  winsCount: uint32('dns.wins.nb_wins_servers', 'Number of WINS servers'),
  winsServer: ipv4('dns.wins.wins_server', 'WINS Server Address'),
  winsrLocal: bool('dns.winsr.local_flag', 'Local Flag', { mask: WINS_LOCAL, bool: TRUE_FALSE }),
  winsrLookup: uint32('dns.winsr.lookup_timeout', 'Lookup timeout'),
  winsrCache: uint32('dns.winsr.cache_timeout', 'Cache timeout'),
  winsrDomain: string('dns.winsr.name_result_domain', 'Name Result Domain'),
} as const;

/** So many octets, which may be none. */
function octets(r: Rdata, field: FieldDef, length: number): void {
  r.node.bytes(field, r.at, length);
  r.at += length;
}

/** A number of 32 bits of which one is a flag. */
function flag(r: Rdata, field: FieldDef): void {
  r.node.uint(field, r.at, 4);
  r.at += 4;
}

/** Services of a host by their port numbers (RFC 1035, section 3.4.2). */
function wks(r: Rdata): void {
  octets(r, rare.wksAddress, 4);
  number(r, rare.wksProtocol);
  for (let port = 0; r.node.ok && r.at < r.end; port += 8, r.at++) {
    const octet = r.node.buf.u8(r.at);
    if (octet === 0) continue;
    const ports = Array.from({ length: 8 }, (_, bit) => port + bit).filter((n) => (octet & (0x80 >> (n - port))) !== 0);
    r.node.add(rare.wksBits, r.at, 1, octet, { display: `0x${octet.toString(16).padStart(2, '0')} (${ports.join(', ')})` });
  }
}

/** Address prefixes (RFC 3123, section 4). Octets of zero at the end of an address are left out. */
function apl(r: Rdata): void {
  while (r.node.ok && r.at < r.end) {
    const family = number(r, rare.aplFamily);
    number(r, rare.aplPrefix);
    r.node.uint(rare.aplNegation, r.at);
    const length = number(r, rare.aplLength);
    const size = family === 1 ? 4 : family === 2 ? 16 : 0;
    if (!r.node.has(r.at, length)) return;
    if (size > 0 && length <= size) {
      const address = new Uint8Array(size);
      address.set(r.node.buf.slice(r.at, length));
      r.node.add(size === 4 ? rare.apl4 : rare.apl6, r.at, length, address);
    } else r.node.bytes(rare.aplData, r.at, length);
    r.at += length;
  }
}

/** A public key for IPsec, and who takes the packets (RFC 4025, section 2). */
function ipseckey(r: Rdata): void {
  number(r, rare.ipsecPrecedence);
  const type = number(r, rare.ipsecType);
  number(r, rare.ipsecAlgorithm);
  if (type === 1) octets(r, rare.ipsec4, 4);
  else if (type === 2) octets(r, rare.ipsec6, 16);
  else if (type === 3) name(r, rare.ipsecName);
  rest(r, rare.ipsecKey);
}

/** Host identity (RFC 8005, section 5). */
function hip(r: Rdata): void {
  const length = number(r, rare.hipLength);
  number(r, rare.hipAlgorithm);
  const key = number(r, rare.hipKeyLength);
  octets(r, rare.hip, length);
  octets(r, rare.hipKey, key);
  while (r.node.ok && r.at < r.end) name(r, rare.hipServer);
}

/** What a parent is to take over from its child (RFC 7477, section 2.1.1). */
function csync(r: Rdata): void {
  number(r, rare.csyncSoa);
  const flags = r.node.uintNode(rare.csyncFlags, r.at);
  flags.uint(rare.csyncImmediate, r.at, 2);
  flags.uint(rare.csyncMinimum, r.at, 2);
  r.at += 2;
  r.node.bytes(rare.csyncBitmap, r.at, r.end - r.at);
  bitmap(r);
}

/** Servers of NetBIOS names that the DNS server asks (draft-levone-dns-wins-lookup). */
function wins(r: Rdata): void {
  flag(r, rare.winsLocal);
  number(r, rare.winsLookup);
  number(r, rare.winsCache);
  const count = number(r, rare.winsCount);
  for (let i = 0; i < count && r.node.ok && r.at < r.end; i++) octets(r, rare.winsServer, 4);
}

/** A preference of 16 bits, and what is preferred. */
function preferred(preference: FieldDef, field: FieldDef, length: number): (r: Rdata) => void {
  return (r) => {
    number(r, preference);
    octets(r, field, length);
  };
}

/** What reads the data of each type. */
export const rareReaders: ReadonlyMap<number, (r: Rdata) => void> = new Map<number, (r: Rdata) => void>([
  [11, wks],
  // X25, ISDN (RFC 1183, section 3), NSAP and NSAP-PTR (RFC 1706 and 1348), PX (RFC 2163, section 4), GPOS (RFC 1712).
  [19, (r) => counted(r, rare.x25Length, rare.x25)],
  [
    20,
    (r) => {
      counted(r, rare.isdnLength, rare.isdn);
      if (r.at < r.end) counted(r, rare.isdnSubLength, rare.isdnSub);
    },
  ],
  [22, (r) => rest(r, rare.nsap)],
  [23, (r) => name(r, rare.nsapOwner)],
  [
    26,
    (r) => {
      number(r, rare.pxPreference);
      name(r, rare.px822);
      name(r, rare.px400);
    },
  ],
  [
    27,
    (r) => {
      counted(r, rare.longitudeLength, rare.longitude);
      counted(r, rare.latitudeLength, rare.latitude);
      counted(r, rare.altitudeLength, rare.altitude);
    },
  ],
  // RFC 4398, section 2.
  [
    37,
    (r) => {
      number(r, rare.certType);
      number(r, rare.certTag);
      number(r, rare.certAlgorithm);
      rest(r, rare.cert);
    },
  ],
  [42, apl],
  [45, ipseckey],
  [55, hip],
  [62, csync],
  // RFC 8976, section 2.2.
  [
    63,
    (r) => {
      number(r, rare.zonemdSerial);
      number(r, rare.zonemdScheme);
      number(r, rare.zonemdAlgorithm);
      octets(r, rare.zonemdDigest, r.end - r.at);
    },
  ],
  // ILNP (RFC 6742, section 2).
  [104, preferred(rare.nidPreference, rare.nid, 8)],
  [105, preferred(rare.l32Preference, rare.l32, 4)],
  [106, preferred(rare.l64Preference, rare.l64, 8)],
  [
    107,
    (r) => {
      number(r, rare.lpPreference);
      name(r, rare.lp);
    },
  ],
  [65281, wins],
  [
    65282,
    (r) => {
      flag(r, rare.winsrLocal);
      number(r, rare.winsrLookup);
      number(r, rare.winsrCache);
      name(r, rare.winsrDomain);
    },
  ],
]);
