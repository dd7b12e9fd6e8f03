/** Certificate revocation lists (RFC 5280, section 5), as they are fetched over HTTP. */
import { bytes, none, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { bigInt, int, type Member, sequence, sequenceOf } from './asn1.ts';
import { af, algorithm, bitOctets, directoryName, extensions, readX509, time, x509af } from './x509.ts';

const f = {
  signed: none('x509af.signedCertificateList_element', 'signedCertificateList'),
  thisUpdate: uint32('x509af.thisUpdate', 'thisUpdate'),
  nextUpdate: uint32('x509af.nextUpdate', 'nextUpdate'),
  revoked: uint32('x509af.revokedCertificates', 'revokedCertificates'),
  revokedItem: none('x509af.revokedCertificates_item_element', 'revokedCertificates item'),
  revokedSerial: bytes('x509af.userCertificate', 'userCertificate'),
  revocationDate: uint32('x509af.revocationDate', 'revocationDate'),
  entryExtensions: uint32('x509af.crlEntryExtensions', 'crlEntryExtensions'),
  extensions: uint32('x509af.crlExtensions', 'crlExtensions'),
} as const;

const list: Member = {
  field: null,
  type: sequence([
    {
      field: f.signed,
      type: sequence([
        { field: af.version, type: int },
        algorithm(af.signature),
        directoryName(af.issuer),
        { field: f.thisUpdate, type: time },
        { field: f.nextUpdate, type: time },
        {
          field: f.revoked,
          type: sequenceOf({
            field: f.revokedItem,
            type: sequence([
              { field: f.revokedSerial, type: bigInt },
              { field: f.revocationDate, type: time },
              extensions(f.entryExtensions),
            ]),
          }),
        },
        extensions(f.extensions, 0),
      ]),
    },
    algorithm(af.algorithmIdentifier),
    bitOctets(af.encrypted),
  ]),
};

/** Bodies of type application/pkix-crl (RFC 5280, section 4.2.1.13). */
export const revocationList: Protocol = defineProtocol({
  ...{ name: x509af.name, short: x509af.short, title: 'Certificate Revocation List', osi: '6', pdu: 'Message', hue: 'app' },
  fields: Object.values(f),
  dissect(d, b) {
    const layer = d.layer(x509af, b);
    d.column(x509af);
    readX509(list, b.bytes, b.offset, b.end, d, layer);
  },
});
