/** Internet Security Association and Key Management Protocol (RFC 2408, RFC 7296): its header, the chain of its payloads, the certificates in them. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, nameOf, names, none, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { app, be16 } from './app-kit.ts';
import { readCertificate } from './x509.ts';

/** RFC 2408, section 3.1, and RFC 7296, section 3.2, with Wireshark's words. */
const known = names({
  0: 'NONE / No Next Payload ',
  1: 'Security Association',
  2: 'Proposal',
  3: 'Transform',
  4: 'Key Exchange',
  5: 'Identification',
  6: 'Certificate',
  7: 'Certificate Request',
  8: 'Hash',
  9: 'Signature',
  10: 'Nonce',
  11: 'Notification',
  12: 'Delete',
  13: 'Vendor ID',
  14: 'Attributes',
  15: 'SA KEK Payload',
  16: 'SA TEK Payload',
  17: 'Key Download',
  18: 'Sequence Number',
  19: 'Proof of Possession',
  20: 'NAT-D (RFC 3947)',
  21: 'NAT-OA (RFC 3947)',
  22: 'Group Associated Policy',
  33: 'Security Association',
  34: 'Key Exchange',
  35: 'Identification - Initiator',
  36: 'Identification - Responder',
  37: 'Certificate',
  38: 'Certificate Request',
  39: 'Authentication',
  40: 'Nonce',
  41: 'Notify',
  42: 'Delete',
  43: 'Vendor ID',
  44: 'Traffic Selector - Initiator',
  45: 'Traffic Selector - Responder',
  46: 'Encrypted and Authenticated',
  47: 'Configuration',
  48: 'Extensible Authentication',
  49: 'Generic Secure Password Method',
  50: 'Group Identification',
  51: 'Group Security Association',
  52: 'Key Download',
  53: 'Encrypted and Authenticated Fragment',
  130: 'NAT-D (draft-ietf-ipsec-nat-t-ike-01 to 03)',
  131: 'NAT-OA (draft-ietf-ipsec-nat-t-ike-01 to 03)',
  132: 'Cisco-Fragmentation',
});
const payloadTypes = (value: number): string | undefined =>
  known.get(value) ?? (value < 54 ? undefined : value < 128 ? 'Unassigned' : 'Private Use');

const f = {
  initiator: bytes('isakmp.ispi', 'Initiator SPI'),
  responder: bytes('isakmp.rspi', 'Responder SPI'),
  next: uint8('isakmp.nextpayload', 'Next payload', { names: payloadTypes }),
  version: uint8('isakmp.version', 'Version', { base: 'hex', names: names({ 16: '1.0', 32: '2.0' }) }),
  exchange: uint8('isakmp.exchangetype', 'Exchange type', {
    names: names({
      0: 'NONE',
      1: 'Base',
      2: 'Identity Protection (Main Mode)',
      3: 'Authentication Only',
      4: 'Aggressive',
      5: 'Informational',
      6: 'Transaction (Config Mode)',
      32: 'Quick Mode',
      33: 'New Group Mode',
      34: 'IKE_SA_INIT',
      35: 'IKE_AUTH',
      36: 'CREATE_CHILD_SA',
      37: 'INFORMATIONAL',
      38: 'IKE_SESSION_RESUME',
    }),
  }),
  flags: uint8('isakmp.flags', 'Flags', { base: 'hex' }),
  message: uint32('isakmp.messageid', 'Message ID', { base: 'hex' }),
  length: uint32('isakmp.length', 'Length'),
  payload: uint8('isakmp.typepayload', 'Payload', { names: payloadTypes }),
  payloadLength: uint16('isakmp.payloadlength', 'Payload length'),
  encoding: uint8('isakmp.cert.encoding', 'Certificate Encoding', {
    names: names({
      0: 'NONE',
      1: 'PKCS #7 wrapped X.509 certificate',
      2: 'PGP Certificate',
      3: 'DNS Signed Key',
      4: 'X.509 Certificate - Signature',
      5: 'X.509 Certificate - Key Exchange',
      6: 'Kerberos Tokens',
      7: 'Certificate Revocation List (CRL)',
      8: 'Authority Revocation List (ARL)',
      9: 'SPKI Certificate',
      10: 'X.509 Certificate - Attribute',
      11: 'Raw RSA Key',
      12: 'Hash and URL of X.509 certificate',
      13: 'Hash and URL of X.509 bundle',
    }),
  }),
  certificate: none('isakmp.cert.data', 'Certificate Data'),
};

const HEADER = 28;
const ENCRYPTED_FLAG = 1;
/** Payload types (RFC 2408 section 3.1, RFC 7296 section 3.2). */
const CERTIFICATE_1 = 6;
const CERTIFICATE_2 = 37;
const ENCRYPTED = 46;
const ENCRYPTED_FRAGMENT = 53;
/** Encodings that are an X.509 certificate. */
const SIGNATURE = 4;
const KEY_EXCHANGE = 5;
const MAX_PAYLOADS = 64;

/** The payloads in the clear of the message at bytes[o, end): their types and places. `one` is told where each ends, which is within `end`. */
function payloads(b: Uint8Array, o: number, end: number, one: (type: number, at: number, stop: number) => void): void {
  if (end - o < HEADER) return;
  const second = (b[o + 17] as number) >> 4 >= 2;
  if (!second && ((b[o + 19] as number) & ENCRYPTED_FLAG) !== 0) return;
  let type = b[o + 16] as number;
  for (let at = o + HEADER, count = 0; type !== 0 && at + 4 <= end && count < MAX_PAYLOADS; count++) {
    const length = be16(b, at + 2);
    if (length < 4) return;
    one(type, at, Math.min(at + length, end));
    // What is inside names the next one of an encrypted payload.
    if (second && (type === ENCRYPTED || type === ENCRYPTED_FRAGMENT)) return;
    type = b[at] as number;
    at += length;
  }
}

/** An X.509 certificate begins behind the fifth octet of the payload. */
function holdsCertificate(b: Uint8Array, o: number, type: number, at: number, stop: number): boolean {
  const second = (b[o + 17] as number) >> 4 >= 2;
  if (type !== (second ? CERTIFICATE_2 : CERTIFICATE_1) || at + 5 >= stop) return false;
  return b[at + 4] === SIGNATURE || b[at + 4] === KEY_EXCHANGE;
}

function index(w: IndexWalk): void {
  const { bytes: b, offset: o, end } = w;
  if (end - o < HEADER) return;
  const wanted = (b[o + 17] as number) >> 4 >= 2 ? CERTIFICATE_2 : CERTIFICATE_1;
  payloads(b, o, end, (type, at, stop) => {
    if (type === wanted && holdsCertificate(b, o, type, at, stop)) readCertificate(b, at + 5, stop, w, null);
  });
}

function read(layer: Layer, b: Buf): string {
  const o = b.offset;
  layer.bytes(f.initiator, o, 8);
  layer.bytes(f.responder, o + 8, 8);
  layer.uint(f.next, o + 16);
  layer.uint(f.version, o + 17);
  const exchange = layer.uint(f.exchange, o + 18);
  layer.uint(f.flags, o + 19);
  layer.uint(f.message, o + 20);
  layer.uint(f.length, o + 24);
  if (layer.ok) {
    payloads(b.bytes, o, b.end, (type, at, stop) => {
      const node = layer.add(f.payload, at, stop - at, type);
      node.uint(f.next, at);
      node.uint(f.payloadLength, at + 2);
      if (!holdsCertificate(b.bytes, o, type, at, stop)) return;
      node.uint(f.encoding, at + 4);
      const certificate = node.add(f.certificate, at + 5, stop - at - 5, null);
      const subject = readCertificate(b.bytes, at + 5, stop, layer.d, certificate);
      if (subject !== '') certificate.display = `(${subject})`;
    });
  }
  return nameOf(f.exchange, exchange) ?? `Exchange type ${exchange}`;
}

export const isakmp = app({
  name: 'isakmp',
  short: 'ISAKMP',
  title: 'Internet Security Association and Key Management Protocol',
  fields: Object.values(f),
  index,
  read,
});
