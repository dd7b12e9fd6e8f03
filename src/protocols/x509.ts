/** X.509 certificates (RFC 5280; ITU-T X.509): the keys in them, and how they are read. */
import { oidText } from '../bytes/oid.ts';
import type { Node } from '../dissect/dissection.ts';
import { abstime, bool, bytes, type FieldDef, int32, names, none, oid, string, uint32 } from '../dissect/field.ts';
import {
  Asn1Reader,
  bigInt,
  bitString,
  boolean,
  choice,
  generalizedTime,
  int,
  type Member,
  nameOids,
  nothing,
  octets,
  oidName,
  oidType,
  open,
  openTypes,
  type ProtocolSink,
  padding,
  sequence,
  sequenceOf,
  utcTime,
  wrapped,
} from './asn1.ts';
import { Ber } from './ber.ts';
import { anyString, nameFields, part, rdnSequence } from './x509-names.ts';
// For the types that it registers.
import './x509-extensions.ts';

export const af = {
  algorithmId: oid('x509af.algorithm.id', 'Algorithm Id'),
  extensionId: oid('x509af.extension.id', 'Extension Id'),
  certificate: none('x509af.Certificate_element', 'Certificate'),
  signed: none('x509af.signedCertificate_element', 'signedCertificate'),
  version: int32('x509af.version', 'version', { names: names({ 0: 'v1', 1: 'v2', 2: 'v3' }) }),
  serialNumber: bytes('x509af.serialNumber', 'serialNumber'),
  signature: none('x509af.signature_element', 'signature'),
  issuer: uint32('x509af.issuer', 'issuer'),
  validity: none('x509af.validity_element', 'validity'),
  notBefore: uint32('x509af.notBefore', 'notBefore'),
  notAfter: uint32('x509af.notAfter', 'notAfter'),
  utcTime: string('x509af.utcTime', 'utcTime'),
  generalizedTime: abstime('x509af.generalizedTime', 'generalizedTime'),
  subject: uint32('x509af.subject', 'subject'),
  rdnSequence: uint32('x509af.rdnSequence', 'rdnSequence'),
  publicKeyInfo: none('x509af.subjectPublicKeyInfo_element', 'subjectPublicKeyInfo'),
  algorithm: none('x509af.algorithm_element', 'algorithm'),
  publicKey: bytes('x509af.subjectPublicKey', 'subjectPublicKey'),
  issuerUnique: bytes('x509af.issuerUniqueIdentifier', 'issuerUniqueIdentifier'),
  subjectUnique: bytes('x509af.subjectUniqueIdentifier', 'subjectUniqueIdentifier'),
  extensions: uint32('x509af.extensions', 'extensions'),
  extension: none('x509af.Extension_element', 'Extension'),
  critical: bool('x509af.critical', 'critical', { bool: ['True', 'False'] }),
  algorithmIdentifier: none('x509af.algorithmIdentifier_element', 'algorithmIdentifier'),
  encrypted: bytes('x509af.encrypted', 'encrypted'),
  dssParams: none('x509af.DSS_Params_element', 'DSS-Params'),
  p: bytes('x509af.p', 'p'),
  q: bytes('x509af.q', 'q'),
  g: bytes('x509af.g', 'g'),
  userid: string('x509af.Userid', 'Userid'),
} as const;

const pkcs = {
  modulus: bytes('pkcs1.modulus', 'modulus'),
  exponent: int32('pkcs1.publicExponent', 'publicExponent'),
  ecParameters: uint32('pkcs1.ECParameters', 'ECParameters'),
  specifiedCurve: none('pkcs1.specifiedCurve_element', 'specifiedCurve'),
  namedCurve: oid('pkcs1.namedCurve', 'namedCurve'),
  implicitCurve: none('pkcs1.implicitCurve_element', 'implicitCurve'),
  version: int32('pkcs1.version', 'version', { names: names({ 1: 'ecpVer1', 2: 'ecpVer2', 3: 'ecpVer3' }) }),
  fieldId: none('pkcs1.fieldID_element', 'fieldID'),
  fieldType: oid('pkcs1.fieldType', 'fieldType'),
  prime: bytes('pkcs1.Prime_p', 'Prime-p'),
  curve: none('pkcs1.curve_element', 'curve'),
  a: bytes('pkcs1.a', 'a'),
  b: bytes('pkcs1.b', 'b'),
  seed: bytes('pkcs1.seed', 'seed'),
  base: bytes('pkcs1.base', 'base'),
  order: bytes('pkcs1.order', 'order'),
  cofactor: int32('pkcs1.cofactor', 'cofactor'),
  pss: none('pkcs1.RSASSA_PSS_params_element', 'RSASSA-PSS-params'),
  hashAlgorithm: none('pkcs1.hashAlgorithm_element', 'hashAlgorithm'),
  maskGenAlgorithm: none('pkcs1.maskGenAlgorithm_element', 'maskGenAlgorithm'),
  saltLength: int32('pkcs1.saltLength', 'saltLength'),
  trailerField: int32('pkcs1.trailerField', 'trailerField'),
  hash: none('pkcs1.HashAlgorithm_element', 'HashAlgorithm'),
} as const;
export const x509af = part('x509af', 'X509AF', 'X.509 Authentication Framework', [...Object.values(af), padding]);
const pkcs1 = part('pkcs-1', 'PKCS-1', 'PKCS#1', Object.values(pkcs));

/** AlgorithmIdentifier (RFC 5280, section 4.1.1.2). */
export const algorithm = (field: FieldDef): Member => ({
  field,
  type: {
    kind: 'own',
    identifier: Ber.Sequence,
    read(reader, node) {
      const { c } = reader;
      const child = node === null ? null : node.add(field, c.at, c.bodyEnd - c.at, null);
      if (!c.enter()) return;
      if (c.next() && c.is(Ber.Oid)) {
        reader.noteOid();
        reader.algorithmFrom = c.body;
        reader.algorithmTo = c.bodyEnd;
        if (child !== null) {
          const type = oidText(c.bytes, c.body, c.bodyEnd);
          child.add(af.algorithmId, c.body, c.bodyEnd - c.body, c.bytes.subarray(c.body, c.bodyEnd), {
            display: `${type} (${oidName(type)})`,
          });
          child.display = `(${oidName(type)})`;
        }
        if (c.next()) reader.openValue(child);
      }
      c.leave();
    },
  },
});

export const time = choice({ field: af.utcTime, type: utcTime }, { field: af.generalizedTime, type: generalizedTime });
const name = choice(rdnSequence(af.rdnSequence));
const issuerName = choice(rdnSequence(nameFields.rdnSequence));

/** Name (X.501) as `field`. */
export const directoryName = (field: FieldDef): Member => ({ field, type: issuerName });

const rsaPublicKey: Member = {
  field: null,
  type: sequence([
    { field: pkcs.modulus, type: bigInt },
    { field: pkcs.exponent, type: int },
  ]),
};
const RSA = '1.2.840.113549.1.1.1';

/** A BIT STRING of octets: the number of unused bits, then the octets. */
export const bitOctets = (field: FieldDef): Member => ({
  field,
  type: {
    kind: 'own',
    identifier: Ber.BitString,
    read(reader, node) {
      const { c } = reader;
      if (node === null || c.bodyEnd <= c.body) return;
      node.add(padding, c.body, 1, c.bytes[c.body] as number);
      node.add(field, c.body + 1, c.bodyEnd - c.body - 1, c.bytes.subarray(c.body + 1, c.bodyEnd));
    },
  },
});

const publicKey: Member = {
  field: af.publicKey,
  type: {
    kind: 'own',
    identifier: Ber.BitString,
    read(reader, node, field) {
      const { c } = reader;
      // Nothing in a key names a protocol.
      if (node === null || field === null || c.bodyEnd <= c.body) return;
      const rsa = oidText(c.bytes, reader.algorithmFrom, reader.algorithmTo) === RSA;
      if (!rsa) node.add(padding, c.body, 1, c.bytes[c.body] as number);
      const child = node.add(field, c.body + 1, c.bodyEnd - c.body - 1, c.bytes.subarray(c.body + 1, c.bodyEnd));
      if (!rsa || !c.inside(c.body + 1, c.bodyEnd)) return;
      if (c.next()) reader.value(rsaPublicKey, child);
      c.leave();
    },
  },
};

/** SubjectPublicKeyInfo that is a field of its own elsewhere: its members alone. */
export const publicKeyInfo: Member = { field: null, type: sequence([algorithm(af.algorithm), publicKey]) };

const subjectPublicKeyInfo: Member = {
  field: af.publicKeyInfo,
  type: sequence([algorithm(af.algorithm), publicKey]),
};

const extension: Member = {
  field: af.extension,
  type: sequence(
    [
      { field: af.extensionId, type: oidType },
      { field: af.critical, type: boolean },
      { field: null, type: wrapped },
    ],
    (_, node) => {
      if (node?.field != null) node.display = `(${oidName(firstOid(node))})`;
    },
  ),
};

/** The object identifier that stands first below a node. */
function firstOid(node: Node): string {
  const value = node.children[0]?.value;
  return value instanceof Uint8Array ? oidText(value, 0, value.length) : '';
}

export const extensions = (field: FieldDef, tag?: number): Member => ({
  field,
  type: sequenceOf(extension),
  ...(tag === undefined ? {} : { tag, explicit: true }),
});

const subjectName: Member = { field: af.subject, type: name };
const subject: Member = {
  field: null,
  type: {
    kind: 'own',
    identifier: Ber.Sequence,
    read(reader, node) {
      reader.value(subjectName, node);
      reader.subject = reader.name;
    },
  },
};

const signedCertificate: Member = {
  field: af.signed,
  type: sequence([
    { field: af.version, type: int, tag: 0, explicit: true },
    { field: af.serialNumber, type: bigInt },
    algorithm(af.signature),
    { field: af.issuer, type: issuerName },
    {
      field: af.validity,
      type: sequence([
        { field: af.notBefore, type: time },
        { field: af.notAfter, type: time },
      ]),
    },
    subject,
    subjectPublicKeyInfo,
    { field: af.issuerUnique, type: bitString(), tag: 1 },
    { field: af.subjectUnique, type: bitString(), tag: 2 },
    extensions(af.extensions, 3),
  ]),
};

export const certificate = (field: FieldDef | null): Member => ({
  field,
  type: sequence([signedCertificate, algorithm(af.algorithmIdentifier), bitOctets(af.encrypted)]),
});

/** A curve that is written out (RFC 5480 forbids it in certificates; X9.62 has it). */
const specifiedCurve = sequence([
  { field: pkcs.version, type: int },
  {
    field: pkcs.fieldId,
    type: sequence([
      { field: pkcs.fieldType, type: oidType },
      { field: null, type: open },
    ]),
  },
  {
    field: pkcs.curve,
    type: sequence([
      { field: pkcs.a, type: octets },
      { field: pkcs.b, type: octets },
      { field: pkcs.seed, type: bitString() },
    ]),
  },
  { field: pkcs.base, type: octets },
  { field: pkcs.order, type: bigInt },
  { field: pkcs.cofactor, type: int },
]);
openTypes.add('1.2.840.10045.1.1', { protocol: pkcs1, member: { field: pkcs.prime, type: bigInt } });
openTypes.add('1.2.840.10045.2.1', {
  protocol: pkcs1,
  member: {
    field: pkcs.ecParameters,
    type: choice(
      { field: pkcs.specifiedCurve, type: specifiedCurve },
      { field: pkcs.namedCurve, type: oidType },
      { field: pkcs.implicitCurve, type: nothing },
    ),
  },
});
openTypes.add('1.2.840.113549.1.1.10', {
  protocol: pkcs1,
  member: {
    field: pkcs.pss,
    type: sequence([
      { ...algorithm(pkcs.hashAlgorithm), tag: 0, explicit: true },
      { ...algorithm(pkcs.maskGenAlgorithm), tag: 1, explicit: true },
      { field: pkcs.saltLength, type: int, tag: 2, explicit: true },
      { field: pkcs.trailerField, type: int, tag: 3, explicit: true },
    ]),
  },
});
openTypes.add('1.2.840.113549.1.1.8', { protocol: pkcs1, member: algorithm(pkcs.hash) });
openTypes.add('1.2.840.10040.4.1', {
  protocol: x509af,
  member: {
    field: af.dssParams,
    type: sequence([
      { field: af.p, type: bigInt },
      { field: af.q, type: bigInt },
      { field: af.g, type: bigInt },
    ]),
  },
});
openTypes.add('0.9.2342.19200300.100.1.1', { protocol: x509af, member: anyString(af.userid) });
nameOids({
  '0.9.2342.19200300.100.1.1': 'id-userid',
  '1.2.840.10040.4.1': 'id-dsa',
  '1.2.840.10045.2.1': 'id-ecPublicKey',
  '1.2.840.113549.2.2': 'md2',
  '1.2.840.113549.2.4': 'md4',
  '1.2.840.113549.2.5': 'md5',
  '1.2.840.113549.1.1.1': 'rsaEncryption',
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.3': 'md4WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.8': 'id-mgf1',
  '1.2.840.113549.1.1.10': 'id-RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.14.3.2.26': 'SHA-1',
  '1.2.840.10045.3.1.1': 'secp192r1',
  '1.2.840.10045.3.1.7': 'secp256r1',
  '1.3.132.0.33': 'secp224r1',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '1.3.101.110': 'id-X25519',
  '1.3.101.111': 'id-X448',
  '1.3.101.112': 'id-Ed25519',
  '1.3.101.113': 'id-Ed448',
});

const reader = new Asn1Reader();
const bare = certificate(null);

/** Reads one value of `member` at the start of bytes[offset, end), as readCertificate(). Gives where it ends; `offset` if there is none such. */
export function readX509(member: Member, bytes: Uint8Array, offset: number, end: number, sink: ProtocolSink, node: Node | null): number {
  reader.subject = '';
  return reader.read(bytes, offset, end, member, sink, node) ? reader.c.bodyEnd : offset;
}

/** The subject of the certificate that was read last (full depth only). */
export function subjectText(): string {
  return reader.subject;
}

/** Reads the certificate that is bytes[offset, end): fields into `node` where there is one, protocols inside into `sink`. Gives the subject as text. */
export function readCertificate(bytes: Uint8Array, offset: number, end: number, sink: ProtocolSink, node: Node | null): string {
  reader.subject = '';
  reader.read(bytes, offset, end, bare, sink, node);
  return reader.subject;
}

const bareName = rdnSequence(nameFields.rdnSequence);

/** Reads a distinguished name, as CertificateRequest has them. Gives its text. */
export function readName(bytes: Uint8Array, offset: number, end: number, sink: ProtocolSink, node: Node | null): string {
  reader.name = '';
  reader.read(bytes, offset, end, bareName, sink, node);
  return reader.name;
}
