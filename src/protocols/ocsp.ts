/** OCSP (RFC 6960): requests and responses, over HTTP and stapled to a TLS handshake. */
import type { Node } from '../dissect/dissection.ts';
import { abstime, bytes, int32, names, none, oid, string, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import {
  Asn1Reader,
  bigInt,
  choice,
  enumerated,
  generalizedTime,
  int,
  type Member,
  nothing,
  octets,
  oidType,
  type ProtocolSink,
  sequence,
  sequenceOf,
  wrapped,
} from './asn1.ts';
import { algorithm, bitOctets, certificate, extensions, x509af } from './x509.ts';
import { crlReasons, generalNameType, registered } from './x509-extensions.ts';
import { part, rdnSequence } from './x509-names.ts';

const f = {
  tbsRequest: none('ocsp.tbsRequest_element', 'tbsRequest'),
  optionalSignature: none('ocsp.optionalSignature_element', 'optionalSignature'),
  version: int32('ocsp.version', 'version', {
    names: names({
      0: 'v1',
      1: 'v2',
      2: 'v3',
    }),
  }),
  requestorName: uint32('ocsp.requestorName', 'requestorName'),
  requestList: uint32('ocsp.requestList', 'requestList'),
  request: none('ocsp.Request_element', 'Request'),
  reqCert: none('ocsp.reqCert_element', 'reqCert'),
  requestExtensions: uint32('ocsp.requestExtensions', 'requestExtensions'),
  singleRequestExtensions: uint32('ocsp.singleRequestExtensions', 'singleRequestExtensions'),
  hashAlgorithm: none('ocsp.hashAlgorithm_element', 'hashAlgorithm'),
  issuerNameHash: bytes('ocsp.issuerNameHash', 'issuerNameHash'),
  issuerKeyHash: bytes('ocsp.issuerKeyHash', 'issuerKeyHash'),
  serialNumber: bytes('ocsp.serialNumber', 'serialNumber'),
  responseStatus: uint32('ocsp.responseStatus', 'responseStatus', {
    names: names({ 0: 'successful', 1: 'malformedRequest', 2: 'internalError', 3: 'tryLater', 5: 'sigRequired', 6: 'unauthorized' }),
  }),
  responseBytes: none('ocsp.responseBytes_element', 'responseBytes'),
  responseType: string('ocsp.responseType.id', 'ResponseType Id'),
  basic: none('ocsp.BasicOCSPResponse_element', 'BasicOCSPResponse'),
  tbsResponseData: none('ocsp.tbsResponseData_element', 'tbsResponseData'),
  responderId: uint32('ocsp.responderID', 'responderID', {
    names: names({
      1: 'byName',
      2: 'byKey',
    }),
  }),
  byName: uint32('ocsp.byName', 'byName'),
  rdnSequence: uint32('pkix1explicit.rdnSequence', 'rdnSequence'),
  byKey: bytes('ocsp.byKey', 'byKey'),
  producedAt: abstime('ocsp.producedAt', 'producedAt'),
  responses: uint32('ocsp.responses', 'responses'),
  singleResponse: none('ocsp.SingleResponse_element', 'SingleResponse'),
  certId: none('ocsp.certID_element', 'certID'),
  certStatus: uint32('ocsp.certStatus', 'certStatus', {
    names: names({
      0: 'good',
      1: 'revoked',
      2: 'unknown',
    }),
  }),
  good: none('ocsp.good_element', 'good'),
  revoked: none('ocsp.revoked_element', 'revoked'),
  unknown: none('ocsp.unknown_element', 'unknown'),
  revocationTime: abstime('ocsp.revocationTime', 'revocationTime'),
  revocationReason: uint32('ocsp.revocationReason', 'revocationReason', {
    names: crlReasons,
  }),
  thisUpdate: abstime('ocsp.thisUpdate', 'thisUpdate'),
  nextUpdate: abstime('ocsp.nextUpdate', 'nextUpdate'),
  singleExtensions: uint32('ocsp.singleExtensions', 'singleExtensions'),
  responseExtensions: uint32('ocsp.responseExtensions', 'responseExtensions'),
  signatureAlgorithm: none('ocsp.signatureAlgorithm_element', 'signatureAlgorithm'),
  signature: bytes('ocsp.signature', 'signature'),
  certs: uint32('ocsp.certs', 'certs'),
  nonce: bytes('ocsp.ReOcspNonce', 'ReOcspNonce'),
  noCheck: none('ocsp.NULL_element', 'NULL'),
  archiveCutoff: abstime('ocsp.ArchiveCutoff', 'ArchiveCutoff'),
  acceptable: uint32('ocsp.AcceptableResponses', 'AcceptableResponses'),
  acceptableItem: oid('ocsp.AcceptableResponses_item', 'AcceptableResponses item'),
  crlId: none('ocsp.CrlID_element', 'CrlID'),
  serviceLocator: none('ocsp.ServiceLocator_element', 'ServiceLocator'),
} as const;
const ocsp = part('ocsp', 'OCSP', 'Online Certificate Status Protocol', Object.values(f));

const certId = [
  algorithm(f.hashAlgorithm),
  { field: f.issuerNameHash, type: octets },
  { field: f.issuerKeyHash, type: octets },
  { field: f.serialNumber, type: bigInt },
];
const signature = [
  algorithm(f.signatureAlgorithm),
  bitOctets(f.signature),
  {
    field: f.certs,
    type: sequenceOf(certificate(x509af.fields.find((field) => field.abbrev === 'x509af.Certificate_element') ?? null)),
    tag: 0,
    explicit: true,
  },
];

const response: Member = {
  field: null,
  type: sequence([
    { field: f.responseStatus, type: enumerated },
    {
      field: f.responseBytes,
      type: sequence([
        { field: f.responseType, type: oidType },
        { field: null, type: wrapped },
      ]),
      tag: 0,
      explicit: true,
    },
  ]),
};

const request: Member = {
  field: null,
  type: sequence([
    {
      field: f.tbsRequest,
      type: sequence([
        { field: f.version, type: int, tag: 0, explicit: true },
        { field: f.requestorName, type: generalNameType, tag: 1, explicit: true },
        {
          field: f.requestList,
          type: sequenceOf({
            field: f.request,
            type: sequence([{ field: f.reqCert, type: sequence(certId) }, extensions(f.singleRequestExtensions, 0)]),
          }),
        },
        extensions(f.requestExtensions, 2),
      ]),
    },
    { field: f.optionalSignature, type: sequence(signature), tag: 0, explicit: true },
  ]),
};

registered(ocsp, {
  '1.3.6.1.5.5.7.48.1.1': [
    'id-pkix-ocsp-basic',
    {
      field: f.basic,
      type: sequence([
        {
          field: f.tbsResponseData,
          type: sequence([
            { field: f.version, type: int, tag: 0, explicit: true },
            {
              field: f.responderId,
              type: choice(
                { field: f.byName, type: choice(rdnSequence(f.rdnSequence)), tag: 1, explicit: true },
                { field: f.byKey, type: octets, tag: 2, explicit: true },
              ),
            },
            { field: f.producedAt, type: generalizedTime },
            {
              field: f.responses,
              type: sequenceOf({
                field: f.singleResponse,
                type: sequence([
                  { field: f.certId, type: sequence(certId) },
                  {
                    field: f.certStatus,
                    type: choice(
                      { field: f.good, type: nothing, tag: 0 },
                      {
                        field: f.revoked,
                        type: sequence([
                          { field: f.revocationTime, type: generalizedTime },
                          { field: f.revocationReason, type: enumerated, tag: 0, explicit: true },
                        ]),
                        tag: 1,
                      },
                      { field: f.unknown, type: nothing, tag: 2 },
                    ),
                  },
                  { field: f.thisUpdate, type: generalizedTime },
                  { field: f.nextUpdate, type: generalizedTime, tag: 0, explicit: true },
                  extensions(f.singleExtensions, 1),
                ]),
              }),
            },
            extensions(f.responseExtensions, 1),
          ]),
        },
        ...signature,
      ]),
    },
  ],
  '1.3.6.1.5.5.7.48.1.2': ['id-pkix-ocsp-nonce', { field: f.nonce, type: octets }],
  '1.3.6.1.5.5.7.48.1.3': ['id-pkix-ocsp-crl', { field: f.crlId, type: sequence([]) }],
  '1.3.6.1.5.5.7.48.1.4': ['id-pkix-ocsp-response', { field: f.acceptable, type: sequenceOf({ field: f.acceptableItem, type: oidType }) }],
  '1.3.6.1.5.5.7.48.1.5': ['id-pkix-ocsp-nocheck', { field: f.noCheck, type: nothing }],
  '1.3.6.1.5.5.7.48.1.6': ['id-pkix-ocsp-archive-cutoff', { field: f.archiveCutoff, type: generalizedTime }],
  '1.3.6.1.5.5.7.48.1.7': ['id-pkix-ocsp-service-locator', { field: f.serviceLocator, type: sequence([]) }],
});

const reader = new Asn1Reader();

/** Reads the OCSP response that is bytes[offset, end): fields into `node` where there is one, protocols inside into `sink`. */
export function readOcspResponse(bytes: Uint8Array, offset: number, end: number, sink: ProtocolSink, node: Node | null): void {
  reader.read(bytes, offset, end, response, sink, node);
}

/** The same for a request. */
function readOcspRequest(bytes: Uint8Array, offset: number, end: number, sink: ProtocolSink, node: Node | null): void {
  reader.read(bytes, offset, end, request, sink, node);
}

function body(read: typeof readOcspRequest): Protocol {
  return defineProtocol({
    ...{ name: ocsp.name, short: ocsp.short, title: ocsp.title, osi: '6', pdu: 'Message', hue: 'app', fields: [] },
    dissect(d, b) {
      const layer = d.layer(ocsp, b);
      d.column(ocsp);
      read(b.bytes, b.offset, b.end, d, layer);
    },
  });
}

/** Bodies of type application/ocsp-request and application/ocsp-response (RFC 6960 appendix A). */
export const ocspRequest: Protocol = body(readOcspRequest);
export const ocspResponse: Protocol = body(readOcspResponse);
