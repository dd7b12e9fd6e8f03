/** Extensions of certificates: RFC 5280, section 4.2, and those of PKIX, Netscape and others. Each is known by its object identifier. */
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
import type { Protocol } from '../dissect/protocol.ts';
import {
  type Asn1,
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
  octets,
  oidType,
  open,
  openTypes,
  sequence,
  sequenceOf,
  utf8,
  visible,
} from './asn1.ts';
import { Ber } from './ber.ts';
import { anyString, part, rdnSequence, relativeName } from './x509-names.ts';

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
const x509ce = part('x509ce', 'X509CE', 'X.509 Certificate Extensions', [...Object.values(ce), ...keyUses, ...reasonFlags]);

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
const pkix1explicit = part('pkix1explicit', 'PKIX1EXPLICIT', 'PKIX1Explicit', Object.values(explicit));
const pkix1implicit = part('pkix1implicit', 'PKIX1IMPLICIT', 'PKIX1Implicit', Object.values(implicit));

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
const logotype = part('logotypecertextn', 'LogotypeCertExtn', 'Logotype Certificate Extensions', Object.values(logo));
const pkixqualified = part('pkixqualified', 'PKIXQUALIFIED', 'PKIX Qualified', Object.values(qualified));
const nsCertExts = part('ns_cert_exts', 'NS-CERT-EXTS', 'NetScape Certificate Extensions', [...Object.values(netscape), ...certTypes]);

const proxy = {
  info: none('pkixproxy.ProxyCertInfoExtension_element', 'ProxyCertInfoExtension'),
  pathLength: int32('pkixproxy.pCPathLenConstraint', 'pCPathLenConstraint'),
  policy: none('pkixproxy.proxyPolicy_element', 'proxyPolicy'),
  language: oid('pkixproxy.policyLanguage', 'policyLanguage'),
  text: bytes('pkixproxy.policy', 'policy'),
} as const;
const pkixProxy = part('pkixproxy', 'PKIXPROXY', 'PKIXProxy (RFC3820)', Object.values(proxy));
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
