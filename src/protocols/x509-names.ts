/** Distinguished names (X.501) and the attributes in them (X.520), as certificates have them. */
import { oidText } from '../bytes/oid.ts';
import type { Node } from '../dissect/dissection.ts';
import { abstime, bytes, type FieldDef, int32, none, oid, string, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import {
  type Asn1Reader,
  bitString,
  bmp,
  choice,
  generalizedTime,
  int,
  type Member,
  nameOids,
  octets,
  oidName,
  openTypes,
  printable,
  sequenceOf,
  setOf,
  stringOf,
  teletex,
  universal,
  utcTime,
  utf8,
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
const x509sat = part('x509sat', 'X509SAT', 'X.509 Selected Attribute Types', Object.values(sat));

const directoryStringType = choice(
  { field: sat.teletexString, type: teletex },
  { field: sat.printableString, type: printable },
  { field: sat.universalString, type: universal },
  { field: sat.bmpString, type: bmp },
  { field: sat.utf8String, type: utf8 },
);
const directoryString: Member = { field: sat.directoryString, type: directoryStringType };

/** Any kind of string where one kind is meant: certificates are not strict about it. */
export const anyString = (field: FieldDef): Member => ({ field, type: { kind: 'own', identifier: -1, read: readString } });

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

export const nameFields = {
  oid: oid('x509if.oid', 'Object Id'),
  rdnSequence: uint32('x509if.rdnSequence', 'rdnSequence'),
  rdn: uint32('x509if.RDNSequence_item', 'RDNSequence item'),
  attribute: none('x509if.RelativeDistinguishedName_item_element', 'RelativeDistinguishedName item'),
} as const;
part('x509if', 'X509IF', 'X.509 Information Framework', Object.values(nameFields));

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
export const relativeName = (field: FieldDef): Member => ({ field, type: setOf(attribute) });
