/** X.509 certificates (RFC 5280; ITU-T X.509): the names, keys and extensions in them. */

import { oidText } from '../bytes/oid.ts';
import type { Node } from '../dissect/dissection.ts';
import {
  abstime,
  bool,
  bytes,
  type FieldDef,
  int32,
  ipv4,
  ipv6,
  names,
  none,
  oid,
  string,
  uint16,
  uint32,
  uint64,
} from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import {
  type Asn1,
  Asn1Reader,
  bigInt,
  bitString,
  bmp,
  boolean,
  choice,
  enumerated,
  generalizedTime,
  ia5,
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
  printable,
  sequence,
  sequenceOf,
  setOf,
  stringOf,
  teletex,
  universal,
  utcTime,
  utf8,
  visible,
  wrapped,
} from './asn1.ts';
import { Ber } from './ber.ts';

/** A protocol that is only ever part of another's tree. */
export function part(name: string, short: string, title: string, fields: readonly FieldDef[]): Protocol {
  return defineProtocol({ name, short, title, osi: '6', pdu: 'Value', hue: 'app', fields, dissect: () => {} });
}

// --- X.509 selected attribute types

const sat = {
  directoryString: uint32('x509sat.DirectoryString', 'DirectoryString'),
  teletexString: string('x509sat.teletexString', 'teletexString'),
  printableString: string('x509sat.printableString', 'printableString'),
  universalString: string('x509sat.universalString', 'universalString'),
  bmpString: string('x509sat.bmpString', 'bmpString'),
  utf8String: string('x509sat.uTF8String', 'uTF8String'),
  countryName: string('x509sat.CountryName', 'CountryName'),
  printable: string('x509sat.PrintableString', 'PrintableString'),
  ia5: string('x509sat.IA5String', 'IA5String'),
  bmp: string('x509sat.BMPString', 'BMPString'),
  utf8: string('x509sat.UTF8String', 'UTF8String'),
  telephone: string('x509sat.TelephoneNumber', 'TelephoneNumber'),
  oid: oid('x509sat.ObjectIdentifier', 'ObjectIdentifier'),
  octets: bytes('x509sat.OctetString', 'OctetString'),
  integer: int32('x509sat.Integer', 'Integer'),
  utcTime: string('x509sat.UTCTime', 'UTCTime'),
  generalizedTime: abstime('x509sat.GeneralizedTime', 'GeneralizedTime'),
  uniqueIdentifier: bytes('x509sat.UniqueIdentifier', 'UniqueIdentifier'),
  postalAddress: uint32('x509sat.PostalAddress', 'PostalAddress'),
  postalAddressItem: uint32('x509sat.PostalAddress_item', 'PostalAddress item'),
} as const;
export const x509sat = part('x509sat', 'X509SAT', 'X.509 Selected Attribute Types', Object.values(sat));

const directoryStringType = choice(
  { field: sat.teletexString, type: teletex },
  { field: sat.printableString, type: printable },
  { field: sat.universalString, type: universal },
  { field: sat.bmpString, type: bmp },
  { field: sat.utf8String, type: utf8 },
);
const directoryString: Member = { field: sat.directoryString, type: directoryStringType };

/** Any kind of string where one kind is meant: certificates are not strict about it. */
const anyString = (field: FieldDef): Member => ({ field, type: { kind: 'own', identifier: -1, read: readString } });

function readString(reader: Asn1Reader, node: Node | null, field: FieldDef | null): void {
  const { c } = reader;
  if (node === null || field === null) return;
  node.add(field, c.body, c.bodyEnd - c.body, stringOf(c.bytes.subarray(c.body, c.bodyEnd), c.identifier));
}

function attributes(member: Member, types: Readonly<Record<string, string>>): void {
  for (const type of Object.keys(types)) openTypes.add(type, { protocol: x509sat, member });
  nameOids(types);
}

attributes(directoryString, {
  '2.5.4.2': 'id-at-knowledgeInformation',
  '2.5.4.3': 'id-at-commonName',
  '2.5.4.4': 'id-at-surname',
  '2.5.4.7': 'id-at-localityName',
  '2.5.4.8': 'id-at-stateOrProvinceName',
  '2.5.4.9': 'id-at-streetAddress',
  '2.5.4.10': 'id-at-organizationName',
  '2.5.4.11': 'id-at-organizationalUnitName',
  '2.5.4.12': 'id-at-title',
  '2.5.4.13': 'id-at-description',
  '2.5.4.15': 'id-at-businessCategory',
  '2.5.4.17': 'id-at-postalCode',
  '2.5.4.18': 'id-at-postOfficeBox',
  '2.5.4.19': 'id-at-physicalDeliveryOfficeName',
  '2.5.4.41': 'id-at-name',
  '2.5.4.42': 'id-at-givenName',
  '2.5.4.43': 'id-at-initials',
  '2.5.4.44': 'id-at-generationQualifier',
  '2.5.4.51': 'id-at-houseIdentifier',
  '2.5.4.54': 'id-at-dmdName',
  '2.5.4.65': 'id-at-pseudonym',
  '1.2.840.113549.1.9.8': 'pkcs-9-at-unstructuredAddress',
  '1.2.840.113549.1.9.13': 'pkcs-9-at-signingDescription',
  '2.16.840.1.113730.3.1.3': 'employeeNumber',
  '2.16.840.1.113730.3.1.39': 'preferredLanguage',
  '2.16.840.1.113730.3.1.241': 'displayName',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionOfIncorporationLocalityName',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionOfIncorporationStateOrProvinceName',
});
attributes(anyString(sat.countryName), {
  '2.5.4.6': 'id-at-countryName',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionOfIncorporationCountryName',
});
attributes(anyString(sat.printable), { '2.5.4.5': 'id-at-serialNumber', '2.5.4.46': 'id-at-dnQualifier' });
attributes(anyString(sat.telephone), { '2.5.4.20': 'id-at-telephoneNumber' });
attributes(anyString(sat.ia5), { '1.2.840.113549.1.9.1': 'pkcs-9-at-emailAddress', '0.9.2342.19200300.100.1.25': 'dc' });
attributes(anyString(sat.bmp), {
  '1.2.840.113549.1.9.20': 'pkcs-9-at-friendlyName',
  '1.3.6.1.4.1.311.20.2': 'id-ms-certificate-template-name',
  '1.3.6.1.4.1.311.17.1': 'id-ms-local-machine-keyset',
});
attributes(anyString(sat.utf8), { '1.3.6.1.4.1.311.20.2.3': 'id-ms-user-principal-name' });
attributes(
  { field: sat.postalAddress, type: sequenceOf({ field: sat.postalAddressItem, type: directoryStringType }) },
  { '2.5.4.16': 'id-at-postalAddress', '2.5.4.26': 'id-at-registeredAddress' },
);
attributes({ field: sat.uniqueIdentifier, type: bitString() }, { '2.5.4.45': 'id-at-uniqueIdedntifier' });
attributes(
  { field: sat.octets, type: octets },
  { '1.2.840.113549.1.9.21': 'pkcs-9-at-localKeyId', '1.3.6.1.4.1.311.21.2': 'id-ms-previous-cert-hash' },
);
attributes({ field: sat.integer, type: int }, { '1.3.6.1.4.1.311.21.1': 'id-ms-ca-version', '1.3.6.1.4.1.311.21.3': 'id-ms-virtual-base' });
attributes({ field: sat.utcTime, type: utcTime }, { '1.3.6.1.4.1.311.21.4': 'id-ms-next-publish' });
attributes({ field: sat.generalizedTime, type: generalizedTime }, { '1.3.6.1.5.5.7.9.1': 'pkcs-9-at-dateOfBirth' });
attributes(directoryString, { '1.3.6.1.5.5.7.9.2': 'pkcs-9-at-placeOfBirth' });
attributes(anyString(sat.printable), {
  '1.3.6.1.5.5.7.9.3': 'pkcs-9-at-gender',
  '1.3.6.1.5.5.7.9.4': 'pkcs-9-at-countryOfCitizenship',
  '1.3.6.1.5.5.7.9.5': 'pkcs-9-at-countryOfResidence',
});

// --- names (X.501)

const nameFields = {
  oid: oid('x509if.oid', 'Object Id'),
  rdnSequence: uint32('x509if.rdnSequence', 'rdnSequence'),
  rdn: uint32('x509if.RDNSequence_item', 'RDNSequence item'),
  attribute: none('x509if.RelativeDistinguishedName_item_element', 'RelativeDistinguishedName item'),
} as const;
export const x509if = part('x509if', 'X509IF', 'X.509 Information Framework', Object.values(nameFields));

/** One attribute of a name: its type, its value, and both as text for the name as a whole. */
const attribute: Member = {
  field: null,
  type: { kind: 'own', identifier: Ber.Sequence, read: readAttribute },
};

function readAttribute(reader: Asn1Reader, node: Node | null): void {
  const { c } = reader;
  const child = node === null ? null : node.add(nameFields.attribute, c.at, c.bodyEnd - c.at, null);
  if (!c.enter()) return;
  if (c.next() && c.is(Ber.Oid)) {
    reader.noteOid();
    let text = '';
    if (child !== null) {
      const type = oidText(c.bytes, c.body, c.bodyEnd);
      child.add(nameFields.oid, c.body, c.bodyEnd - c.body, c.bytes.subarray(c.body, c.bodyEnd), { display: `${type} (${oidName(type)})` });
      text = oidName(type);
    }
    if (c.next()) {
      if (child !== null) {
        text += `=${stringOf(c.bytes.subarray(c.body, c.bodyEnd), c.identifier)}`;
        child.display = `(${text})`;
        reader.rdn = reader.rdn === '' ? text : `${reader.rdn}+${text}`;
      }
      reader.openValue(child);
    }
  }
  c.leave();
}

/** A distinguished name: a SEQUENCE OF relative ones, shown with its text, innermost first. */
export const rdnSequence = (field: FieldDef): Member => ({
  field,
  type: {
    kind: 'own',
    identifier: Ber.Sequence,
    read(reader, node) {
      const { c } = reader;
      reader.name = '';
      const count = node === null ? 0 : reader.count();
      const items = (n: number): string => `${n} ${n === 1 ? 'item' : 'items'}`;
      const child = node === null ? null : node.add(field, c.body, c.bodyEnd - c.body, count);
      if (!c.enter()) return;
      while (c.next()) {
        if (!c.is(Ber.Set)) continue;
        reader.rdn = '';
        const members = child === null ? 0 : reader.count();
        const rdn = child === null ? null : child.add(nameFields.rdn, c.body, c.bodyEnd - c.body, members);
        if (c.enter()) {
          while (c.next()) if (c.is(Ber.Sequence)) readAttribute(reader, rdn);
          c.leave();
        }
        if (rdn === null) continue;
        rdn.display = `${items(members)} (${reader.rdn})`;
        reader.name = reader.name === '' ? reader.rdn : `${reader.rdn},${reader.name}`;
      }
      c.leave();
      if (child !== null) child.display = `${items(count)} (${reader.name})`;
    },
  },
});

/** RelativeDistinguishedName: a SET OF attributes. */
const relativeName = (field: FieldDef): Member => ({ field, type: setOf(attribute) });

// --- certificates

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
export const pkcs1 = part('pkcs-1', 'PKCS-1', 'PKCS#1', Object.values(pkcs));

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

// --- extensions

const yes = ['True', 'False'] as const;
const flag = (abbrev: string, label: string, mask: number): FieldDef => bool(abbrev, label, { mask, bool: yes });
const KEY_USES = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];
const REASONS = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
];
const keyUses = KEY_USES.map((label, k) => flag(`x509ce.KeyUsage.${label}`, label, 0x80 >> (k & 7)));
const reasonFlags = REASONS.map((label, k) => flag(`x509ce.ReasonFlags.${label}`, label, 0x80 >> (k & 7)));

/** Why a certificate was revoked (RFC 5280 section 5.3.1). */
export const crlReasons = names({
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aaCompromise',
});

const ce = {
  id: oid('x509ce.id', 'Id'),
  authorityKeyIdentifier: none('x509ce.AuthorityKeyIdentifier_element', 'AuthorityKeyIdentifier'),
  keyIdentifier: bytes('x509ce.keyIdentifier', 'keyIdentifier'),
  authorityCertIssuer: uint32('x509ce.authorityCertIssuer', 'authorityCertIssuer'),
  authorityCertSerialNumber: bytes('x509ce.authorityCertSerialNumber', 'authorityCertSerialNumber'),
  subjectKeyIdentifier: bytes('x509ce.SubjectKeyIdentifier', 'SubjectKeyIdentifier'),
  keyUsage: bytes('x509ce.KeyUsage', 'KeyUsage'),
  keyPurposeIds: uint32('x509ce.KeyPurposeIDs', 'KeyPurposeIDs'),
  keyPurposeId: oid('x509ce.KeyPurposeId', 'KeyPurposeId'),
  policies: uint32('x509ce.CertificatePoliciesSyntax', 'CertificatePoliciesSyntax'),
  policy: none('x509ce.PolicyInformation_element', 'PolicyInformation'),
  policyIdentifier: oid('x509ce.policyIdentifier', 'policyIdentifier'),
  policyQualifiers: uint32('x509ce.policyQualifiers', 'policyQualifiers'),
  policyQualifier: none('x509ce.PolicyQualifierInfo_element', 'PolicyQualifierInfo'),
  policyMappings: uint32('x509ce.PolicyMappingsSyntax', 'PolicyMappingsSyntax'),
  policyMapping: none('x509ce.PolicyMappingsSyntax_item_element', 'PolicyMappingsSyntax item'),
  issuerDomainPolicy: oid('x509ce.issuerDomainPolicy', 'issuerDomainPolicy'),
  subjectDomainPolicy: oid('x509ce.subjectDomainPolicy', 'subjectDomainPolicy'),
  generalNames: uint32('x509ce.GeneralNames', 'GeneralNames'),
  generalName: uint32('x509ce.GeneralName', 'GeneralName'),
  otherName: none('x509ce.otherName_element', 'otherName'),
  typeId: oid('x509ce.type_id', 'type-id'),
  otherValue: none('x509ce.value_element', 'value'),
  rfc822Name: string('x509ce.rfc822Name', 'rfc822Name'),
  dnsName: string('x509ce.dNSName', 'dNSName'),
  x400Address: none('x509ce.x400Address_element', 'x400Address'),
  directoryName: uint32('x509ce.directoryName', 'directoryName'),
  rdnSequence: uint32('x509if.rdnSequence', 'rdnSequence'),
  ediPartyName: none('x509ce.ediPartyName_element', 'ediPartyName'),
  uri: string('x509ce.uniformResourceIdentifier', 'uniformResourceIdentifier'),
  ip4: ipv4('x509ce.IPAddress.ipv4', 'iPAddress'),
  ip6: ipv6('x509ce.IPAddress.ipv6', 'iPAddress'),
  ipBytes: bytes('x509ce.iPAddress', 'iPAddress'),
  registeredId: oid('x509ce.registeredID', 'registeredID'),
  basicConstraints: none('x509ce.BasicConstraintsSyntax_element', 'BasicConstraintsSyntax'),
  ca: bool('x509ce.cA', 'cA', { bool: yes }),
  pathLength: uint64('x509ce.pathLenConstraint', 'pathLenConstraint'),
  nameConstraints: none('x509ce.NameConstraintsSyntax_element', 'NameConstraintsSyntax'),
  permitted: uint32('x509ce.permittedSubtrees', 'permittedSubtrees'),
  excluded: uint32('x509ce.excludedSubtrees', 'excludedSubtrees'),
  subtree: none('x509ce.GeneralSubtree_element', 'GeneralSubtree'),
  base: uint32('x509ce.base', 'base'),
  minimum: uint64('x509ce.minimum', 'minimum'),
  maximum: uint64('x509ce.maximum', 'maximum'),
  policyConstraints: none('x509ce.PolicyConstraintsSyntax_element', 'PolicyConstraintsSyntax'),
  requireExplicitPolicy: uint64('x509ce.requireExplicitPolicy', 'requireExplicitPolicy'),
  inhibitPolicyMapping: uint64('x509ce.inhibitPolicyMapping', 'inhibitPolicyMapping'),
  skipCerts: uint64('x509ce.SkipCerts', 'SkipCerts'),
  crlNumber: uint64('x509ce.CRLNumber', 'CRLNumber'),
  crlReason: uint32('x509ce.CRLReason', 'CRLReason', {
    names: crlReasons,
  }),
  crlDistributionPoints: uint32('x509ce.CRLDistPointsSyntax', 'CRLDistPointsSyntax'),
  distributionPointItem: none('x509ce.DistributionPoint_element', 'DistributionPoint'),
  distributionPoint: uint32('x509ce.distributionPoint', 'distributionPoint'),
  fullName: uint32('x509ce.fullName', 'fullName'),
  relativeName: uint32('x509ce.nameRelativeToCRLIssuer', 'nameRelativeToCRLIssuer'),
  reasons: bytes('x509ce.reasons', 'reasons'),
  crlIssuer: uint32('x509ce.cRLIssuer', 'cRLIssuer'),
  privateKeyUsage: none('x509ce.PrivateKeyUsagePeriod_element', 'PrivateKeyUsagePeriod'),
  notBefore: abstime('x509ce.notBefore', 'notBefore'),
  notAfter: abstime('x509ce.notAfter', 'notAfter'),
  attributes: uint32('x509ce.AttributesSyntax', 'AttributesSyntax'),
  template: none('x509ce.CertificateTemplate_element', 'CertificateTemplate'),
  templateId: oid('x509ce.templateID', 'templateID'),
  templateMajor: int32('x509ce.templateMajorVersion', 'templateMajorVersion'),
  templateMinor: int32('x509ce.templateMinorVersion', 'templateMinorVersion'),
  entrust: none('x509ce.EntrustVersionInfo_element', 'EntrustVersionInfo'),
  entrustVersion: string('x509ce.entrustVers', 'entrustVers'),
  entrustFlags: bytes('x509ce.entrustVersInfoFlags', 'entrustVersInfoFlags'),
  invalidityDate: abstime('x509ce.id_ce_invalidityDate', 'invalidityDate'),
} as const;
export const x509ce = part('x509ce', 'X509CE', 'X.509 Certificate Extensions', [...Object.values(ce), ...keyUses, ...reasonFlags]);

const ipAddress: Asn1 = {
  kind: 'own',
  identifier: Ber.OctetString,
  read({ c }, node) {
    const length = c.bodyEnd - c.body;
    const value = c.bytes.subarray(c.body, c.bodyEnd);
    if (length === 4) node?.add(ce.ip4, c.body, 4, value);
    else if (length === 16) node?.add(ce.ip6, c.body, 16, value);
    else node?.add(ce.ipBytes, c.body, length, value);
  },
};

export const generalNameType: Asn1 = choice(
  {
    field: ce.otherName,
    type: sequence([
      { field: ce.typeId, type: oidType },
      { field: null, type: open, tag: 0, explicit: true },
    ]),
    tag: 0,
  },
  { field: ce.rfc822Name, type: ia5, tag: 1 },
  { field: ce.dnsName, type: ia5, tag: 2 },
  { field: ce.x400Address, type: sequence([]), tag: 3 },
  { field: ce.directoryName, type: choice(rdnSequence(ce.rdnSequence)), tag: 4, explicit: true },
  { field: ce.ediPartyName, type: sequence([]), tag: 5 },
  { field: ce.uri, type: ia5, tag: 6 },
  { field: null, type: ipAddress, tag: 7 },
  { field: ce.registeredId, type: oidType, tag: 8 },
);
const generalNames: Asn1 = sequenceOf({ field: ce.generalName, type: generalNameType });

const keyPurposes: Member = { field: ce.keyPurposeIds, type: sequenceOf({ field: ce.keyPurposeId, type: oidType }) };
const policies: Member = {
  field: ce.policies,
  type: sequenceOf({
    field: ce.policy,
    type: sequence([
      { field: ce.policyIdentifier, type: oidType },
      {
        field: ce.policyQualifiers,
        type: sequenceOf({
          field: ce.policyQualifier,
          type: sequence([
            { field: ce.id, type: oidType },
            { field: null, type: open },
          ]),
        }),
      },
    ]),
  }),
};
const subtrees: Asn1 = sequenceOf({
  field: ce.subtree,
  type: sequence([
    { field: ce.base, type: generalNameType },
    { field: ce.minimum, type: int, tag: 0 },
    { field: ce.maximum, type: int, tag: 1 },
  ]),
});
const distributionPoints: Member = {
  field: ce.crlDistributionPoints,
  type: sequenceOf({
    field: ce.distributionPointItem,
    type: sequence([
      {
        field: ce.distributionPoint,
        type: choice({ field: ce.fullName, type: generalNames, tag: 0 }, { ...relativeName(ce.relativeName), tag: 1 }),
        tag: 0,
        explicit: true,
      },
      { field: ce.reasons, type: bitString(...reasonFlags), tag: 1 },
      { field: ce.crlIssuer, type: generalNames, tag: 2 },
    ]),
  }),
};

export function registered(protocol: Protocol, types: Readonly<Record<string, readonly [string, Member]>>): void {
  for (const [type, [label, member]] of Object.entries(types)) {
    openTypes.add(type, { protocol, member });
    nameOids({ [type]: label });
  }
}

registered(x509ce, {
  '2.5.29.3': ['id-ce-certificatePolicies', policies],
  '2.5.29.9': ['id-ce-subjectDirectoryAttributes', { field: ce.attributes, type: sequenceOf({ field: null, type: sequence([]) }) }],
  '2.5.29.14': ['id-ce-subjectKeyIdentifier', { field: ce.subjectKeyIdentifier, type: octets }],
  '2.5.29.15': ['id-ce-keyUsage', { field: ce.keyUsage, type: bitString(...keyUses) }],
  '2.5.29.16': [
    'id-ce-privateKeyUsagePeriod',
    {
      field: ce.privateKeyUsage,
      type: sequence([
        { field: ce.notBefore, type: generalizedTime, tag: 0 },
        { field: ce.notAfter, type: generalizedTime, tag: 1 },
      ]),
    },
  ],
  '2.5.29.17': ['id-ce-subjectAltName', { field: ce.generalNames, type: generalNames }],
  '2.5.29.18': ['id-ce-issuerAltName', { field: ce.generalNames, type: generalNames }],
  '2.5.29.19': [
    'id-ce-basicConstraints',
    {
      field: ce.basicConstraints,
      type: sequence([
        { field: ce.ca, type: boolean },
        { field: ce.pathLength, type: int },
      ]),
    },
  ],
  '2.5.29.20': ['id-ce-cRLNumber', { field: ce.crlNumber, type: int }],
  '2.5.29.21': ['id-ce-reasonCode', { field: ce.crlReason, type: enumerated }],
  '2.5.29.24': ['id-ce-invalidityDate', { field: ce.invalidityDate, type: generalizedTime }],
  '2.5.29.29': ['id-ce-certificateIssuer', { field: ce.generalNames, type: generalNames }],
  '2.5.29.30': [
    'id-ce-nameConstraints',
    {
      field: ce.nameConstraints,
      type: sequence([
        { field: ce.permitted, type: subtrees, tag: 0 },
        { field: ce.excluded, type: subtrees, tag: 1 },
      ]),
    },
  ],
  '2.5.29.31': ['id-ce-cRLDistributionPoints', distributionPoints],
  '2.5.29.32': ['id-ce-certificatePolicies', policies],
  '2.5.29.33': [
    'id-ce-policyMappings',
    {
      field: ce.policyMappings,
      type: sequenceOf({
        field: ce.policyMapping,
        type: sequence([
          { field: ce.issuerDomainPolicy, type: oidType },
          { field: ce.subjectDomainPolicy, type: oidType },
        ]),
      }),
    },
  ],
  '2.5.29.35': [
    'id-ce-authorityKeyIdentifier',
    {
      field: ce.authorityKeyIdentifier,
      type: sequence([
        { field: ce.keyIdentifier, type: octets, tag: 0 },
        { field: ce.authorityCertIssuer, type: generalNames, tag: 1 },
        { field: ce.authorityCertSerialNumber, type: bigInt, tag: 2 },
      ]),
    },
  ],
  '2.5.29.36': [
    'id-ce-policyConstraints',
    {
      field: ce.policyConstraints,
      type: sequence([
        { field: ce.requireExplicitPolicy, type: int, tag: 0 },
        { field: ce.inhibitPolicyMapping, type: int, tag: 1 },
      ]),
    },
  ],
  '2.5.29.37': ['id-ce-extKeyUsage', keyPurposes],
  '2.5.29.46': ['id-ce-freshestCRL', distributionPoints],
  '2.5.29.54': ['id-ce-inhibitAnyPolicy', { field: ce.skipCerts, type: int }],
  '1.3.6.1.4.1.311.21.7': [
    'id-ms-certificate-template',
    {
      field: ce.template,
      type: sequence([
        { field: ce.templateId, type: oidType },
        { field: ce.templateMajor, type: int },
        { field: ce.templateMinor, type: int },
      ]),
    },
  ],
  '1.3.6.1.4.1.311.21.10': ['id-ms-application-certificate-policies', policies],
  '1.2.840.113533.7.65.0': [
    'id-ce-entrustVersionInfo',
    {
      field: ce.entrust,
      type: sequence([
        { field: ce.entrustVersion, type: { kind: 'string', identifier: Ber.GeneralString } },
        { field: ce.entrustFlags, type: bitString() },
      ]),
    },
  ],
});
nameOids({ '2.5.29.32.0': 'anyPolicy' });

// --- PKIX

const explicit = {
  directoryString: string('pkix1explicit.DirectoryString', 'DirectoryString'),
  features: uint32('pkix1explicit.Features', 'Features'),
  feature: uint16('pkix1explicit.Features_item', 'Features item'),
  ipAddrBlocks: uint32('pkix1explicit.IPAddrBlocks', 'IPAddrBlocks'),
  asIdentifiers: none('pkix1explicit.ASIdentifiers_element', 'ASIdentifiers'),
} as const;
const implicit = {
  accessSyntax: uint32('pkix1implicit.AuthorityInfoAccessSyntax', 'AuthorityInfoAccessSyntax'),
  accessDescription: none('pkix1implicit.AccessDescription_element', 'AccessDescription'),
  accessMethod: oid('pkix1implicit.accessMethod', 'accessMethod'),
  accessLocation: uint32('pkix1implicit.accessLocation', 'accessLocation'),
  userNotice: none('pkix1implicit.UserNotice_element', 'UserNotice'),
  noticeRef: none('pkix1implicit.noticeRef_element', 'noticeRef'),
  organization: uint32('pkix1implicit.organization', 'organization'),
  noticeNumbers: uint32('pkix1implicit.noticeNumbers', 'noticeNumbers'),
  noticeNumber: int32('pkix1implicit.noticeNumbers_item', 'noticeNumbers item'),
  explicitText: uint32('pkix1implicit.explicitText', 'explicitText'),
  ia5: string('pkix1implicit.ia5String', 'ia5String'),
  visible: string('pkix1implicit.visibleString', 'visibleString'),
  bmp: string('pkix1implicit.bmpString', 'bmpString'),
  utf8: string('pkix1implicit.utf8String', 'utf8String'),
} as const;
export const pkix1explicit = part('pkix1explicit', 'PKIX1EXPLICIT', 'PKIX1Explicit', Object.values(explicit));
export const pkix1implicit = part('pkix1implicit', 'PKIX1IMPLICIT', 'PKIX1Implicit', Object.values(implicit));

const displayText = choice(
  { field: implicit.ia5, type: ia5 },
  { field: implicit.visible, type: visible },
  { field: implicit.bmp, type: bmp },
  { field: implicit.utf8, type: utf8 },
);
registered(pkix1explicit, {
  '1.3.6.1.5.5.7.2.1': ['id-qt-cps', anyString(explicit.directoryString)],
  '1.3.6.1.5.5.7.1.7': ['id-pe-ipAddrBlocks', { field: explicit.ipAddrBlocks, type: sequenceOf({ field: null, type: sequence([]) }) }],
  '1.3.6.1.5.5.7.1.8': ['id-pe-autonomousSysIds', { field: explicit.asIdentifiers, type: sequence([]) }],
  '1.3.6.1.5.5.7.1.24': ['id-pe-tlsfeature', { field: explicit.features, type: sequenceOf({ field: explicit.feature, type: int }) }],
});
registered(pkix1implicit, {
  '1.3.6.1.5.5.7.1.1': [
    'id-pe-authorityInfoAccess',
    {
      field: implicit.accessSyntax,
      type: sequenceOf({
        field: implicit.accessDescription,
        type: sequence([
          { field: implicit.accessMethod, type: oidType },
          { field: implicit.accessLocation, type: generalNameType },
        ]),
      }),
    },
  ],
  '1.3.6.1.5.5.7.2.2': [
    'id-qt-unotice',
    {
      field: implicit.userNotice,
      type: sequence([
        {
          field: implicit.noticeRef,
          type: sequence([
            { field: implicit.organization, type: displayText },
            { field: implicit.noticeNumbers, type: sequenceOf({ field: implicit.noticeNumber, type: int }) },
          ]),
        },
        { field: implicit.explicitText, type: displayText },
      ]),
    },
  ],
});
nameOids({
  '1.3.6.1.5.5.7.48.1': 'id-ad-ocsp',
  '1.3.6.1.5.5.7.48.2': 'id-ad-caIssuers',
  '1.3.6.1.5.5.7.3.1': 'id-kp-serverAuth',
  '1.3.6.1.5.5.7.3.2': 'id-kp-clientAuth',
  '1.3.6.1.5.5.7.3.3': 'id-kp-codeSigning',
  '1.3.6.1.5.5.7.3.4': 'id-kp-emailProtection',
  '1.3.6.1.5.5.7.3.5': 'id-kp-ip-kp-ipsecEndSystem',
  '1.3.6.1.5.5.7.3.6': 'id-kp-ipsecTunnel',
  '1.3.6.1.5.5.7.3.7': 'id-kp-ipsecUser',
  '1.3.6.1.5.5.7.3.8': 'id-kp-timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '1.3.6.1.4.1.311.20.2.2': 'id-ms-kp-smartcard-logon',
});

// --- extensions of others

const logo = { extension: none('logotypecertextn.LogotypeExtn_element', 'LogotypeExtn') } as const;
const qualified = {
  statements: uint32('pkixqualified.QCStatements', 'QCStatements'),
  statement: none('pkixqualified.QCStatement_element', 'QCStatement'),
  statementId: oid('pkixqualified.statementId', 'statementId'),
  semantics: none('pkixqualified.SemanticsInformation_element', 'SemanticsInformation'),
  semanticsId: oid('pkixqualified.semanticsIdentifier', 'semanticsIdentifier'),
} as const;
const netscape = {
  baseUrl: string('ns_cert_exts.BaseUrl', 'BaseUrl'),
  revocationUrl: string('ns_cert_exts.RevocationUrl', 'RevocationUrl'),
  caRevocationUrl: string('ns_cert_exts.CaRevocationUrl', 'CaRevocationUrl'),
  renewalUrl: string('ns_cert_exts.CertRenewalUrl', 'CertRenewalUrl'),
  policyUrl: string('ns_cert_exts.CaPolicyUrl', 'CaPolicyUrl'),
  serverName: string('ns_cert_exts.SslServerName', 'SslServerName'),
  comment: string('ns_cert_exts.Comment', 'Comment'),
  certType: bytes('ns_cert_exts.CertType', 'CertType'),
} as const;
const certTypes = [
  ['ssl.client', 'ssl-client'],
  ['ssl.server', 'ssl-server'],
  ['smime', 'smime'],
  ['object.signing', 'object-signing'],
  ['reserved.for.future.use', 'reserved-for-future-use'],
  ['ssl.ca', 'ssl-ca'],
  ['smime.ca', 'smime-ca'],
  ['object.signing.ca', 'object-signing-ca'],
].map(([id, label], k) => flag(`ns.cert.exts.CertType.${id}`, label as string, 0x80 >> k));
export const logotype = part('logotypecertextn', 'LogotypeCertExtn', 'Logotype Certificate Extensions', Object.values(logo));
export const pkixqualified = part('pkixqualified', 'PKIXQUALIFIED', 'PKIX Qualified', Object.values(qualified));
export const nsCertExts = part('ns_cert_exts', 'NS-CERT-EXTS', 'NetScape Certificate Extensions', [
  ...Object.values(netscape),
  ...certTypes,
]);

const proxy = {
  info: none('pkixproxy.ProxyCertInfoExtension_element', 'ProxyCertInfoExtension'),
  pathLength: int32('pkixproxy.pCPathLenConstraint', 'pCPathLenConstraint'),
  policy: none('pkixproxy.proxyPolicy_element', 'proxyPolicy'),
  language: oid('pkixproxy.policyLanguage', 'policyLanguage'),
  text: bytes('pkixproxy.policy', 'policy'),
} as const;
export const pkixProxy = part('pkixproxy', 'PKIXPROXY', 'PKIXProxy (RFC3820)', Object.values(proxy));
// Certificates that speak for another one (RFC 3820 section 3.8).
registered(pkixProxy, {
  '1.3.6.1.5.5.7.1.14': [
    'id-pe-proxyCertInfo',
    {
      field: proxy.info,
      type: sequence([
        { field: proxy.pathLength, type: int },
        {
          field: proxy.policy,
          type: sequence([
            { field: proxy.language, type: oidType },
            { field: proxy.text, type: octets },
          ]),
        },
      ]),
    },
  ],
});
registered(logotype, { '1.3.6.1.5.5.7.1.12': ['id-pe-logotype', { field: logo.extension, type: sequence([]) }] });
registered(pkixqualified, {
  '1.3.6.1.5.5.7.1.3': [
    'id-pe-qcStatements',
    {
      field: qualified.statements,
      type: sequenceOf({
        field: qualified.statement,
        type: sequence([
          { field: qualified.statementId, type: oidType },
          { field: null, type: open },
        ]),
      }),
    },
  ],
  '1.3.6.1.5.5.7.11.1': [
    'id-qcs-pkixQCSyntax-v1',
    { field: qualified.semantics, type: sequence([{ field: qualified.semanticsId, type: oidType }]) },
  ],
  '1.3.6.1.5.5.7.11.2': [
    'id-qcs-pkixQCSyntax-v2',
    { field: qualified.semantics, type: sequence([{ field: qualified.semanticsId, type: oidType }]) },
  ],
});
registered(nsCertExts, {
  '2.16.840.1.113730.1.1': ['ns_cert_exts.cert_type', { field: netscape.certType, type: bitString(...certTypes) }],
  '2.16.840.1.113730.1.2': ['ns_cert_exts.base_url', anyString(netscape.baseUrl)],
  '2.16.840.1.113730.1.3': ['ns_cert_exts.revocation-url', anyString(netscape.revocationUrl)],
  '2.16.840.1.113730.1.4': ['ns_cert_exts.ca-revocation-url', anyString(netscape.caRevocationUrl)],
  '2.16.840.1.113730.1.7': ['ns_cert_exts.cert-renewal-url', anyString(netscape.renewalUrl)],
  '2.16.840.1.113730.1.8': ['ns_cert_exts.ca-policy-url', anyString(netscape.policyUrl)],
  '2.16.840.1.113730.1.12': ['ns_cert_exts.ssl-server-name', anyString(netscape.serverName)],
  '2.16.840.1.113730.1.13': ['ns_cert_exts.comment', anyString(netscape.comment)],
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
