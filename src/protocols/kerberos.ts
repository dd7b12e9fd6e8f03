/** Kerberos 5 (RFC 4120): the messages of the key distribution centre, and those that other protocols carry. */
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, int32, names, string, uint32 } from '../dissect/field.ts';
import { app, be32, lengthFramer } from './app-kit.ts';
import { BerCursor } from './ber.ts';

/** IANA "kerberos-parameters", encryption types. */
const encryptionTypes = names({
  0: 'eTYPE-NULL',
  1: 'eTYPE-DES-CBC-CRC',
  2: 'eTYPE-DES-CBC-MD4',
  3: 'eTYPE-DES-CBC-MD5',
  5: 'eTYPE-DES3-CBC-MD5',
  7: 'eTYPE-OLD-DES3-CBC-SHA1',
  8: 'eTYPE-SIGN-DSA-GENERATE',
  9: 'eTYPE-DSA-SHA1',
  10: 'eTYPE-RSA-MD5',
  11: 'eTYPE-RSA-SHA1',
  12: 'eTYPE-RC2-CBC',
  13: 'eTYPE-RSA',
  14: 'eTYPE-RSAES-OAEP',
  15: 'eTYPE-DES-EDE3-CBC',
  16: 'eTYPE-DES3-CBC-SHA1',
  17: 'eTYPE-AES128-CTS-HMAC-SHA1-96',
  18: 'eTYPE-AES256-CTS-HMAC-SHA1-96',
  19: 'eTYPE-AES128-CTS-HMAC-SHA256-128',
  20: 'eTYPE-AES256-CTS-HMAC-SHA384-192',
  23: 'eTYPE-ARCFOUR-HMAC-MD5',
  24: 'eTYPE-ARCFOUR-HMAC-MD5-56',
  25: 'eTYPE-CAMELLIA128-CTS-CMAC',
  26: 'eTYPE-CAMELLIA256-CTS-CMAC',
  48: 'eTYPE-ENCTYPE-PK-CROSS',
  4294967168: 'eTYPE-ARCFOUR-MD4',
  4294967163: 'eTYPE-ARCFOUR-HMAC-OLD',
  4294967161: 'eTYPE-ARCFOUR-HMAC-OLD-EXP',
  4294963200: 'eTYPE-DES-CBC-NONE',
  4294963199: 'eTYPE-DES3-CBC-NONE',
  4294963198: 'eTYPE-DES-CFB64-NONE',
  4294963197: 'eTYPE-DES-PCBC-NONE',
  4294963196: 'eTYPE-DIGEST-MD5-NONE',
  4294963195: 'eTYPE-CRAM-MD5-NONE',
});

const f = {
  recordMark: uint32('kerberos.rm.length', 'Record Length', { mask: 0x7fffffff }),
  reserved: bool('kerberos.rm.reserved', 'Reserved', { mask: 0x80000000 }),
  message: int32('kerberos.msg_type', 'msg-type', {
    names: names({
      10: 'krb-as-req',
      11: 'krb-as-rep',
      12: 'krb-tgs-req',
      13: 'krb-tgs-rep',
      14: 'krb-ap-req',
      15: 'krb-ap-rep',
      16: 'krb-tgt-req',
      17: 'krb-tgt-rep',
      20: 'krb-safe',
      21: 'krb-priv',
      22: 'krb-cred',
      30: 'krb-error',
    }),
  }),
  pvno: uint32('kerberos.pvno', 'pvno'),
  realm: string('kerberos.realm', 'realm'),
  crealm: string('kerberos.crealm', 'crealm'),
  nameType: int32('kerberos.name_type', 'name-type', {
    names: names({
      0: 'kRB5-NT-UNKNOWN',
      1: 'kRB5-NT-PRINCIPAL',
      2: 'kRB5-NT-SRV-INST',
      3: 'kRB5-NT-SRV-HST',
      4: 'kRB5-NT-SRV-XHST',
      5: 'kRB5-NT-UID',
      6: 'kRB5-NT-X500-PRINCIPAL',
      7: 'kRB5-NT-SMTP-NAME',
      10: 'kRB5-NT-ENTERPRISE-PRINCIPAL',
      11: 'kRB5-NT-WELLKNOWN',
      12: 'kRB5-NT-SRV-HST-DOMAIN',
      4294967166: 'kRB5-NT-ENT-PRINCIPAL-AND-ID',
      4294967168: 'kRB5-NT-MS-PRINCIPAL',
      4294967167: 'kRB5-NT-MS-PRINCIPAL-AND-ID',
      4294966096: 'kRB5-NT-NTLM',
      4294966095: 'kRB5-NT-X509-GENERAL-NAME',
      4294966094: 'kRB5-NT-GSS-HOSTBASED-SERVICE',
      4294966093: 'kRB5-NT-CACHE-UUID',
      4099072534: 'kRB5-NT-SRV-HST-NEEDS-CANON',
    }),
  }),
  nameString: string('kerberos.CNameString', 'CNameString'),
  sname: string('kerberos.SNameString', 'SNameString'),
  etype: int32('kerberos.etype', 'etype', {
    names: encryptionTypes,
  }),
  nonce: uint32('kerberos.nonce', 'nonce'),
  kvno: uint32('kerberos.kvno', 'kvno'),
  cipher: bytes('kerberos.cipher', 'cipher'),
  tktVno: uint32('kerberos.tkt_vno', 'tkt-vno'),
  errorCode: int32('kerberos.error_code', 'error-code', {
    names: names({
      0: 'eRR-NONE',
      1: 'eRR-NAME-EXP',
      2: 'eRR-SERVICE-EXP',
      3: 'eRR-BAD-PVNO',
      4: 'eRR-C-OLD-MAST-KVNO',
      5: 'eRR-S-OLD-MAST-KVNO',
      6: 'eRR-C-PRINCIPAL-UNKNOWN',
      7: 'eRR-S-PRINCIPAL-UNKNOWN',
      8: 'eRR-PRINCIPAL-NOT-UNIQUE',
      9: 'eRR-NULL-KEY',
      10: 'eRR-CANNOT-POSTDATE',
      11: 'eRR-NEVER-VALID',
      12: 'eRR-POLICY',
      13: 'eRR-BADOPTION',
      14: 'eRR-ETYPE-NOSUPP',
      15: 'eRR-SUMTYPE-NOSUPP',
      16: 'eRR-PADATA-TYPE-NOSUPP',
      17: 'eRR-TRTYPE-NOSUPP',
      18: 'eRR-CLIENT-REVOKED',
      19: 'eRR-SERVICE-REVOKED',
      20: 'eRR-TGT-REVOKED',
      21: 'eRR-CLIENT-NOTYET',
      22: 'eRR-SERVICE-NOTYET',
      23: 'eRR-KEY-EXP',
      24: 'eRR-PREAUTH-FAILED',
      25: 'eRR-PREAUTH-REQUIRED',
      26: 'eRR-SERVER-NOMATCH',
      27: 'eRR-MUST-USE-USER2USER',
      28: 'eRR-PATH-NOT-ACCEPTED',
      29: 'eRR-SVC-UNAVAILABLE',
      31: 'eRR-BAD-INTEGRITY',
      32: 'eRR-TKT-EXPIRED',
      33: 'eRR-TKT-NYV',
      34: 'eRR-REPEAT',
      35: 'eRR-NOT-US',
      36: 'eRR-BADMATCH',
      37: 'eRR-SKEW',
      38: 'eRR-BADADDR',
      39: 'eRR-BADVERSION',
      40: 'eRR-MSG-TYPE',
      41: 'eRR-MODIFIED',
      42: 'eRR-BADORDER',
      43: 'eRR-ILL-CR-TKT',
      44: 'eRR-BADKEYVER',
      45: 'eRR-NOKEY',
      46: 'eRR-MUT-FAIL',
      47: 'eRR-BADDIRECTION',
      48: 'eRR-METHOD',
      49: 'eRR-BADSEQ',
      50: 'eRR-INAPP-CKSUM',
      51: 'pATH-NOT-ACCEPTED',
      52: 'eRR-RESPONSE-TOO-BIG',
      60: 'eRR-GENERIC',
      61: 'eRR-FIELD-TOOLONG',
      62: 'eRROR-CLIENT-NOT-TRUSTED',
      63: 'eRROR-KDC-NOT-TRUSTED',
      64: 'eRROR-INVALID-SIG',
      65: 'eRR-KEY-TOO-WEAK',
      66: 'eRR-CERTIFICATE-MISMATCH',
      67: 'eRR-NO-TGT',
      68: 'eRR-WRONG-REALM',
      69: 'eRR-USER-TO-USER-REQUIRED',
      70: 'eRR-CANT-VERIFY-CERTIFICATE',
      71: 'eRR-INVALID-CERTIFICATE',
      72: 'eRR-REVOKED-CERTIFICATE',
      73: 'eRR-REVOCATION-STATUS-UNKNOWN',
      74: 'eRR-REVOCATION-STATUS-UNAVAILABLE',
      75: 'eRR-CLIENT-NAME-MISMATCH',
      76: 'eRR-KDC-NAME-MISMATCH',
    }),
  }),
  errorText: string('kerberos.e_text', 'e-text'),
  padataType: int32('kerberos.padata_type', 'padata-type', {
    names: names({
      0: 'pA-NONE',
      1: 'pA-TGS-REQ',
      2: 'pA-ENC-TIMESTAMP',
      3: 'pA-PW-SALT',
      5: 'pA-ENC-UNIX-TIME',
      6: 'pA-SANDIA-SECUREID',
      7: 'pA-SESAME',
      8: 'pA-OSF-DCE',
      9: 'pA-CYBERSAFE-SECUREID',
      10: 'pA-AFS3-SALT',
      11: 'pA-ETYPE-INFO',
      12: 'pA-SAM-CHALLENGE',
      13: 'pA-SAM-RESPONSE',
      14: 'pA-PK-AS-REQ-19',
      15: 'pA-PK-AS-REP-19',
      16: 'pA-PK-AS-REQ',
      17: 'pA-PK-AS-REP',
      18: 'pA-PK-OCSP-RESPONSE',
      19: 'pA-ETYPE-INFO2',
      20: 'pA-USE-SPECIFIED-KVNO',
      21: 'pA-SAM-REDIRECT',
      22: 'pA-GET-FROM-TYPED-DATA',
      23: 'pA-SAM-ETYPE-INFO',
      24: 'pA-ALT-PRINC',
      25: 'pA-SERVER-REFERRAL',
      30: 'pA-SAM-CHALLENGE2',
      31: 'pA-SAM-RESPONSE2',
      41: 'pA-EXTRA-TGT',
      101: 'tD-PKINIT-CMS-CERTIFICATES',
      102: 'tD-KRB-PRINCIPAL',
      103: 'tD-KRB-REALM',
      104: 'tD-TRUSTED-CERTIFIERS',
      105: 'tD-CERTIFICATE-INDEX',
      106: 'tD-APP-DEFINED-ERROR',
      107: 'tD-REQ-NONCE',
      108: 'tD-REQ-SEQ',
      109: 'tD-DH-PARAMETERS',
      111: 'tD-CMS-DIGEST-ALGORITHMS',
      112: 'tD-CERT-DIGEST-ALGORITHMS',
      128: 'pA-PAC-REQUEST',
      129: 'pA-FOR-USER',
      130: 'pA-FOR-X509-USER',
      131: 'pA-FOR-CHECK-DUPS',
      132: 'pA-PK-AS-09-BINDING',
      133: 'pA-FX-COOKIE',
      134: 'pA-AUTHENTICATION-SET',
      135: 'pA-AUTH-SET-SELECTED',
      136: 'pA-FX-FAST',
      137: 'pA-FX-ERROR',
      138: 'pA-ENCRYPTED-CHALLENGE',
      141: 'pA-OTP-CHALLENGE',
      142: 'pA-OTP-REQUEST',
      143: 'pA-OTP-CONFIRM',
      144: 'pA-OTP-PIN-CHANGE',
      145: 'pA-EPAK-AS-REQ',
      146: 'pA-EPAK-AS-REP',
      147: 'pA-PKINIT-KX',
      148: 'pA-PKU2U-NAME',
      149: 'pA-REQ-ENC-PA-REP',
      150: 'pA-AS-FRESHNESS',
      151: 'pA-SPAKE',
      152: 'pA-REDHAT-IDP-OAUTH2',
      153: 'pA-REDHAT-PASSKEY',
      161: 'pA-KERB-KEY-LIST-REQ',
      162: 'pA-KERB-KEY-LIST-REP',
      165: 'pA-SUPPORTED-ETYPES',
      166: 'pA-EXTENDED-ERROR',
      167: 'pA-PAC-OPTIONS',
      4294967295: 'pA-PROV-SRV-LOCATION',
    }),
  }),
  padataValue: bytes('kerberos.padata_value', 'padata-value'),
};
const etypes = {
  enc: int32('kerberos.ENCTYPE', 'ENCTYPE', {
    names: encryptionTypes,
  }),
};
const TYPES = names({
  10: 'AS-REQ',
  11: 'AS-REP',
  12: 'TGS-REQ',
  13: 'TGS-REP',
  14: 'AP-REQ',
  15: 'AP-REP',
  20: 'KRB-SAFE',
  21: 'KRB-PRIV',
  22: 'KRB-CRED',
  30: 'KRB-ERROR',
});
const TICKET = 1;
const ENCRYPTED = 'encrypted';
const NAME = 'name';
const TICKETS = 'ticket';
const BODY = 'body';
const PADATA = 'padata';
type Shape = FieldDef | typeof ENCRYPTED | typeof NAME | typeof TICKETS | typeof BODY | typeof PADATA | 'cname' | 'etypes';

const request: readonly (readonly [number, Shape])[] = [
  [1, f.pvno],
  [2, f.message],
  [3, PADATA],
  [4, BODY],
];
const reply: readonly (readonly [number, Shape])[] = [
  [0, f.pvno],
  [1, f.message],
  [2, PADATA],
  [3, f.crealm],
  [4, 'cname'],
  [5, TICKETS],
  [6, ENCRYPTED],
];
/** Members of each message, by application tag: context tag, and what stands there. */
const shapes = new Map<number, readonly (readonly [number, Shape])[]>([
  [10, request],
  [12, request],
  [11, reply],
  [13, reply],
  [
    14,
    [
      [0, f.pvno],
      [1, f.message],
      [3, TICKETS],
      [4, ENCRYPTED],
    ],
  ],
  [
    15,
    [
      [0, f.pvno],
      [1, f.message],
      [2, ENCRYPTED],
    ],
  ],
  [
    30,
    [
      [0, f.pvno],
      [1, f.message],
      [6, f.errorCode],
      [7, f.crealm],
      [8, 'cname'],
      [9, f.realm],
      [10, NAME],
      [11, f.errorText],
    ],
  ],
]);
const bodyShape: readonly (readonly [number, Shape])[] = [
  [1, 'cname'],
  [2, f.realm],
  [3, NAME],
  [7, f.nonce],
  [8, 'etypes'],
];
const ticketShape: readonly (readonly [number, Shape])[] = [
  [0, f.tktVno],
  [1, f.realm],
  [2, NAME],
  [3, ENCRYPTED],
];
const encryptedShape: readonly (readonly [number, Shape])[] = [
  [0, f.etype],
  [1, f.kvno],
  [2, f.cipher],
];

export const kerberosFields: readonly FieldDef[] = Object.values(f);

/** The element at hand of `c` is a value, a name, or a SEQUENCE of members with context tags. */
function value(layer: Layer, node: Node, b: Buf, c: BerCursor, shape: Shape): void {
  const length = c.bodyEnd - c.body;
  if (typeof shape !== 'string') {
    if (shape.type === 'string') node.string(shape, c.body, length);
    else if (shape.type === 'bytes') node.bytes(shape, c.body, length);
    else node.add(shape, c.body, length, shape.type.startsWith('int') ? c.int() : c.uint());
    return;
  }
  if (shape === TICKETS) {
    // [APPLICATION 1] SEQUENCE
    if (c.tag === TICKET && c.enter()) {
      if (c.next()) members(layer, node.text(c.at, c.bodyEnd - c.at, 'ticket'), b, c, ticketShape);
      c.leave();
    }
  } else if (shape === BODY) members(layer, node.text(c.at, c.bodyEnd - c.at, 'req-body'), b, c, bodyShape);
  else if (shape === ENCRYPTED) members(layer, node.text(c.at, c.bodyEnd - c.at, 'enc-part'), b, c, encryptedShape);
  else if (shape === 'etypes') {
    if (!c.enter()) return;
    for (let n = 0; n < 64 && c.next(); n++) node.add(etypes.enc, c.body, c.bodyEnd - c.body, c.int());
    c.leave();
  } else if (shape === PADATA) padata(node, c);
  else name(node, c, shape === 'cname' ? f.nameString : f.sname);
}

function padata(node: Node, c: BerCursor): void {
  if (!c.enter()) return;
  for (let n = 0; n < 64 && c.next(); n++) {
    const item = node.text(c.at, c.bodyEnd - c.at, 'PA-DATA');
    if (!c.enter()) continue;
    while (c.next()) {
      const tag = c.tag;
      if (!c.enter()) continue;
      if (c.next()) {
        if (tag === 1) item.add(f.padataType, c.body, c.bodyEnd - c.body, c.int());
        else if (tag === 2) item.bytes(f.padataValue, c.body, c.bodyEnd - c.body);
      }
      c.leave();
    }
    c.leave();
  }
  c.leave();
}

/** PrincipalName: [0] name-type, [1] SEQUENCE OF KerberosString. */
function name(node: Node, c: BerCursor, strings: FieldDef): void {
  if (!c.enter()) return;
  while (c.next()) {
    const tag = c.tag;
    if (!c.enter()) continue;
    if (c.next()) {
      if (tag === 0) node.add(f.nameType, c.body, c.bodyEnd - c.body, c.int());
      else if (tag === 1 && c.enter()) {
        for (let n = 0; n < 32 && c.next(); n++) node.string(strings, c.body, c.bodyEnd - c.body);
        c.leave();
      }
    }
    c.leave();
  }
  c.leave();
}

function members(layer: Layer, node: Node, b: Buf, c: BerCursor, shape: readonly (readonly [number, Shape])[]): void {
  if (!c.enter()) return;
  while (layer.ok && c.next()) {
    const entry = shape.find(([tag]) => tag === c.tag);
    if (entry === undefined || !c.enter()) continue;
    if (c.next()) value(layer, node, b, c, entry[1]);
    c.leave();
  }
  c.leave();
}

/** Adds the message that `b` begins with; gives its name. */
export function readKerberos(layer: Layer, node: Node, b: Buf): string {
  const c = new BerCursor();
  c.start(b.bytes, b.offset, b.end);
  if (!c.next()) return '';
  const type = c.tag;
  const shape = shapes.get(type);
  if (c.cls !== 1 || shape === undefined) return TYPES.get(type) ?? '';
  if (c.enter()) {
    if (c.next()) members(layer, node.text(c.at, c.bodyEnd - c.at, (TYPES.get(type) ?? '').toLowerCase()), b, c, shape);
    c.leave();
  }
  return TYPES.get(type) ?? '';
}

function plausible(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 2) return false;
  const first = b[o] as number;
  return (first >> 6 === 1 && TYPES.has(first & 0x1f)) || first === 0x7e;
}

/** Over UDP, and the fields of both. */
export const kerberos = app({
  name: 'kerberos',
  short: 'KRB5',
  title: 'Kerberos',
  fields: [...kerberosFields, ...Object.values(etypes)],
  accepts: (b, o, end) => plausible(b, o, end),
  read: (layer, b) => readKerberos(layer, layer, b),
});

/** Over TCP: each message has its length before it (RFC 4120 section 7.2.2). */
export const kerberosTcp = app({
  name: 'kerberos',
  short: 'KRB5',
  title: 'Kerberos',
  fields: [],
  accepts: (b, o, end) => end - o < 5 || ((b[o] as number) === 0 && plausible(b, o + 4, end)),
  framer: lengthFramer(4, (h) => 4 + (be32(h, 0) & 0xffffff)),
  read(layer, b) {
    const info: string[] = [];
    for (let at = b.offset; layer.ok && at + 4 <= b.end; ) {
      const mark = layer.text(at, 4, 'Record Mark');
      mark.uint(f.reserved, at, 4);
      const length = mark.uint(f.recordMark, at, 4);
      info.push(readKerberos(layer, layer, b.from(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    return info.slice(0, 20).join(' ');
  },
});
