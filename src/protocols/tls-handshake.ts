/** TLS handshake messages and their extensions (RFC 8446 section 4, RFC 5246 section 7.4), shared by TLS and DTLS. */

import { createHash } from 'node:crypto';
import { hexBytes } from '../bytes/format.ts';
import type { Buf, Node } from '../dissect/dissection.ts';
import { abstime, bytes, expert, type FieldDef, names, none, string, typeBytes, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import type { ProtocolSink } from './asn1.ts';
import { decode } from './http-body.ts';
import { readOcspResponse } from './ocsp.ts';
import { cipherName } from './tls-ciphers.ts';
import { extensionFields, readExtension } from './tls-extensions.ts';
import { clientFingerprints, serverFingerprint } from './tls-fingerprints.ts';
import { extensionName, groupName, handshakeNames, signatureNames, versionNames } from './tls-names.ts';
import { hasNoSession } from './tls-session.ts';
import { readCertificate, readName } from './x509.ts';

const certTypeNames = names({
  1: 'RSA Sign',
  2: 'DSS Sign',
  3: 'RSA Fixed DH',
  4: 'DSS Fixed DH',
  20: 'GOST 01 Sign',
  64: 'ECDSA Sign',
  65: 'RSA Fixed ECDH',
  66: 'ECDSA Fixed ECDH',
});
const statusTypeNames = names({ 1: 'OCSP', 2: 'OCSP Multi' });
const hashNames = names({ 0: 'None', 1: 'MD5', 2: 'SHA1', 3: 'SHA224', 4: 'SHA256', 5: 'SHA384', 6: 'SHA512', 7: 'SM3', 8: 'Unknown' });
const signNames = names({ 0: 'Anonymous', 1: 'RSA', 2: 'DSA', 3: 'ECDSA', 4: 'SM2' });

const pointFormats = new Map([
  [0, 'uncompressed'],
  [1, 'ansiX962_compressed_prime'],
  [2, 'ansiX962_compressed_char2'],
]);

/** A version, or one of the numbers that a client offers so that servers learn to leave out what they do not know (RFC 8701, section 2). */
function supportedVersionName(version: number): string | undefined {
  return versionNames.get(version) ?? ((version & 0x0f0f) === 0x0a0a && version >> 8 === (version & 255) ? 'Reserved (GREASE)' : undefined);
}

const SESSION_TICKET = 35;
/** Kinds of ciphers of SSL 2.0 (its specification, section 4.4); those of two octets are the cipher suites of TLS. */
const ssl2Ciphers = names({
  65664: 'SSL2_RC4_128_WITH_MD5',
  131200: 'SSL2_RC4_128_EXPORT40_WITH_MD5',
  196736: 'SSL2_RC2_128_CBC_WITH_MD5',
  262272: 'SSL2_RC2_128_CBC_EXPORT40_WITH_MD5',
  327808: 'SSL2_IDEA_128_CBC_WITH_MD5',
  393280: 'SSL2_DES_64_CBC_WITH_MD5',
  458944: 'SSL2_DES_192_EDE3_CBC_WITH_MD5',
  524416: 'SSL2_RC4_64_WITH_MD5',
});

export const handshakeFields = {
  handshake: none('tls.handshake', 'Handshake Protocol'),
  type: uint8('tls.handshake.type', 'Handshake Type', { names: handshakeNames }),
  length: uint24('tls.handshake.length', 'Length'),
  version: uint16('tls.handshake.version', 'Version', { base: 'hex', names: versionNames }),
  random: bytes('tls.handshake.random', 'Random'),
  randomTime: abstime('tls.handshake.random_time', 'GMT Unix Time'),
  randomBytes: bytes('tls.handshake.random_bytes', 'Random Bytes'),
  sessionIdLength: uint8('tls.handshake.session_id_length', 'Session ID Length'),
  sessionId: bytes('tls.handshake.session_id', 'Session ID'),
  cipherSuitesLength: uint16('tls.handshake.cipher_suites_length', 'Cipher Suites Length'),
  cipherSuites: none('tls.handshake.ciphersuites', 'Cipher Suites'),
  cipherSuite: uint16('tls.handshake.ciphersuite', 'Cipher Suite', { base: 'hex', names: cipherName }),
  cipherSpec: uint24('tls.handshake.cipherspec', 'Cipher Spec', {
    base: 'hex',
    names: (value) => (value < 0x10000 ? cipherName(value) : ssl2Ciphers.get(value)),
  }),
  compMethodsLength: uint8('tls.handshake.comp_methods_length', 'Compression Methods Length'),
  compMethods: none('tls.handshake.comp_methods', 'Compression Methods'),
  compMethod: uint8('tls.handshake.comp_method', 'Compression Method', {
    names: new Map([
      [0, 'null'],
      [1, 'DEFLATE'],
      [64, 'LZS'],
    ]),
  }),
  extensionsLength: uint16('tls.handshake.extensions_length', 'Extensions Length'),
  extensionType: uint16('tls.handshake.extension.type', 'Type', { names: extensionName }),
  extensionLen: uint16('tls.handshake.extension.len', 'Length'),
  extensionData: bytes('tls.handshake.extension.data', 'Data'),
  sniListLength: uint16('tls.handshake.extensions_server_name_list_len', 'Server Name list length'),
  sniType: uint8('tls.handshake.extensions_server_name_type', 'Server Name Type', { names: new Map([[0, 'host_name']]) }),
  sniLength: uint16('tls.handshake.extensions_server_name_len', 'Server Name length'),
  sni: string('tls.handshake.extensions_server_name', 'Server Name'),
  alpnLength: uint16('tls.handshake.extensions_alpn_len', 'ALPN Extension Length'),
  alpnList: none('tls.handshake.extensions_alpn_list', 'ALPN Protocol'),
  alpnStrLength: uint8('tls.handshake.extensions_alpn_str_len', 'ALPN string length'),
  alpn: string('tls.handshake.extensions_alpn_str', 'ALPN Next Protocol'),
  versionsLength: uint8('tls.handshake.extensions.supported_versions_len', 'Supported Versions length'),
  supportedVersion: uint16('tls.handshake.extensions.supported_version', 'Supported Version', { base: 'hex', names: supportedVersionName }),
  groups: none('tls.handshake.extensions_supported_groups', 'Supported Groups List'),
  groupsLength: uint16('tls.handshake.extensions_supported_groups_length', 'Supported Groups List Length'),
  group: uint16('tls.handshake.extensions_supported_group', 'Supported Group', { base: 'hex', names: groupName }),
  points: none('tls.handshake.extensions_ec_point_formats', 'EC point formats'),
  pointsLength: uint8('tls.handshake.extensions_ec_point_formats_length', 'EC point formats Length'),
  point: uint8('tls.handshake.extensions_ec_point_format', 'EC point format', { names: pointFormats }),
  sigAlgsLength: uint16('tls.handshake.sig_hash_alg_len', 'Signature Hash Algorithms Length'),
  sigAlg: uint16('tls.handshake.sig_hash_alg', 'Signature Algorithm', { base: 'hex', names: signatureNames }),
  keyShareLength: uint16('tls.handshake.extensions_key_share_client_length', 'Client Key Share Length'),
  keyShareGroup: uint16('tls.handshake.extensions_key_share_group', 'Group', { names: groupName }),
  keyShareKeyLength: uint16('tls.handshake.extensions_key_share_key_exchange_length', 'Key Exchange Length'),
  keyShareKey: bytes('tls.handshake.extensions_key_share_key_exchange', 'Key Exchange'),
  selectedGroup: uint16('tls.handshake.extensions_key_share_selected_group', 'Selected Group', { names: groupName }),
  renegLength: uint8('tls.handshake.extensions_reneg_info_len', 'Renegotiation info extension length'),
  certificatesLength: uint24('tls.handshake.certificates_length', 'Certificates Length'),
  certificateLength: uint24('tls.handshake.certificate_length', 'Certificate Length'),
  certificate: bytes('tls.handshake.certificate', 'Certificate'),
  certificates: none('tls.handshake.certificates', 'Certificates'),
  certTypesCount: uint8('tls.handshake.cert_types_count', 'Certificate types count'),
  certTypes: none('tls.handshake.cert_types', 'Certificate types'),
  certType: uint8('tls.handshake.cert_type', 'Certificate type', { names: certTypeNames }),
  dnamesLength: uint16('tls.handshake.dnames_len', 'Distinguished Names Length'),
  dnames: none('tls.handshake.dnames', 'Distinguished Names'),
  dnameLength: uint16('tls.handshake.dname_len', 'Distinguished Name Length'),
  dname: none('tls.handshake.dname', 'Distinguished Name'),
  statusType: uint8('tls.handshake.extensions_status_request_type', 'Certificate Status Type', { names: statusTypeNames }),
  ocspListLength: uint24('tls.handshake.ocsp_response_list_len', 'OCSP Response List Length'),
  ocspLength: uint24('tls.handshake.ocsp_response_len', 'OCSP Response Length'),
  ticketAge: uint32('tls.handshake.session_ticket_age_add', 'Session Ticket Age Add'),
  ticketNonceLength: uint8('tls.handshake.session_ticket_nonce_length', 'Session Ticket Nonce Length'),
  ticketNonce: bytes('tls.handshake.session_ticket_nonce', 'Session Ticket Nonce'),
  hintLength: uint16('tls.handshake.hint_len', 'Hint Length'),
  hint: bytes('tls.handshake.hint', 'Hint'),
  identityLength: uint16('tls.handshake.identity_len', 'Identity Length'),
  identity: bytes('tls.handshake.identity', 'Identity'),
  curveType: uint8('tls.handshake.server_curve_type', 'Curve Type', {
    base: 'hex',
    names: names({ 1: 'explicit_prime', 2: 'explicit_char2', 3: 'named_curve' }),
  }),
  namedCurve: uint16('tls.handshake.server_named_curve', 'Named Curve', { base: 'hex', names: groupName }),
  serverPointLength: uint8('tls.handshake.server_point_len', 'Pubkey Length'),
  serverPoint: bytes('tls.handshake.server_point', 'Pubkey'),
  clientPointLength: uint8('tls.handshake.client_point_len', 'Pubkey Length'),
  clientPoint: bytes('tls.handshake.client_point', 'Pubkey'),
  pLength: uint16('tls.handshake.p_len', 'p Length'),
  p: bytes('tls.handshake.p', 'p'),
  gLength: uint16('tls.handshake.g_len', 'g Length'),
  g: bytes('tls.handshake.g', 'g'),
  serverKeyLength: uint16('tls.handshake.ys_len', 'Pubkey Length'),
  serverKey: bytes('tls.handshake.ys', 'Pubkey'),
  clientKeyLength: uint16('tls.handshake.yc_len', 'Pubkey Length'),
  clientKey: bytes('tls.handshake.yc', 'Pubkey'),
  modulusLength: uint16('tls.handshake.modulus_len', 'Modulus Length'),
  modulus: bytes('tls.handshake.modulus', 'Modulus'),
  exponentLength: uint16('tls.handshake.exponent_len', 'Exponent Length'),
  exponent: bytes('tls.handshake.exponent', 'Exponent'),
  signatureLength: uint16('tls.handshake.sig_len', 'Signature Length'),
  signature: bytes('tls.handshake.sig', 'Signature'),
  verifySignatureLength: uint16('tls.handshake.client_cert_vrfy.sig_len', 'Signature length'),
  verifySignature: bytes('tls.handshake.client_cert_vrfy.sig', 'Signature'),
  encryptedPreMasterLength: uint16('tls.handshake.epms_len', 'Encrypted PreMaster length'),
  encryptedPreMaster: bytes('tls.handshake.epms', 'Encrypted PreMaster'),
  verifyData: none('tls.handshake.verify_data', 'Verify Data'),
  vectorLength: expert('tls.malformed.vector_length', 'warn', 'Variable vector length is outside the permitted range'),
  tooSmall: expert('tls.malformed.buffer_too_small', 'error', 'Malformed message, not enough data is available', 'malformed'),
  trailing: expert('tls.malformed.trailing_data', 'warn', 'Undecoded trailing data is present'),
  keyUpdate: uint8('tls.handshake.key_update.request_update', 'Key Update Request', {
    names: names({ 0: 'update_not_requested', 1: 'update_requested' }),
  }),
  compressAlgorithm: uint16('tls.compress_certificate.algorithm', 'Algorithm', { names: names({ 1: 'zlib', 2: 'brotli', 3: 'zstd' }) }),
  uncompressedLength: uint24('tls.compress_certificate.uncompressed_length', 'Uncompressed Length'),
  compressedLength: uint24('tls.compress_certificate.compressed_certificate_message.length', 'Length'),
  compressed: bytes('tls.compress_certificate.compressed_certificate_message', 'Compressed Certificate Message'),
  decompressionError: expert('tls.decompression_error', 'error', 'Decompression error'),
  ja3Full: string('tls.handshake.ja3_full', 'JA3 Fullstring', { generated: true }),
  ja3: string('tls.handshake.ja3', 'JA3', { generated: true }),
  ja3sFull: string('tls.handshake.ja3s_full', 'JA3S Fullstring', { generated: true }),
  ja3s: string('tls.handshake.ja3s', 'JA3S', { generated: true }),
  ja4: string('tls.handshake.ja4', 'JA4', { generated: true }),
  sctListLength: uint16('tls.sct.scts_length', 'Serialized SCT List Length'),
  sctLength: uint16('tls.sct.sct_length', 'Serialized SCT Length'),
  sctVersion: uint8('tls.sct.sct_version', 'SCT Version'),
  sctLogId: bytes('tls.sct.sct_logid', 'Log ID'),
  sctTime: abstime('tls.sct.sct_timestamp', 'Timestamp'),
  sctExtensionsLength: uint16('tls.sct.sct_extensions_length', 'Extensions length'),
  sctExtensions: none('tls.sct.sct_extensions', 'Extensions'),
  sctSignatureLength: uint16('tls.sct.sct_signature_length', 'Signature Length'),
  sctSignature: bytes('tls.sct.sct_signature', 'Signature'),
  sigAlgs: none('tls.handshake.sig_hash_algs', 'Signature Algorithms'),
  sigHash: uint8('tls.handshake.sig_hash_hash', 'Signature Hash Algorithm Hash', { names: hashNames }),
  sigSig: uint8('tls.handshake.sig_hash_sig', 'Signature Hash Algorithm Signature', { names: signNames }),
  contextLength: uint8('tls.handshake.certificate_request_context_length', 'Certificate Request Context Length'),
  ticketLifetime: uint32('tls.handshake.session_ticket_lifetime_hint', 'Session Ticket Lifetime Hint', { unit: ' seconds' }),
  ticketLength: uint16('tls.handshake.session_ticket_length', 'Session Ticket Length'),
  ticket: bytes('tls.handshake.session_ticket', 'Session Ticket'),
  cookieLength: uint8('dtls.handshake.cookie_length', 'Cookie Length'),
  cookie: bytes('dtls.handshake.cookie', 'Cookie'),
} as const;

const f = handshakeFields;

/** Type of the message with a side's certificates, and of the one with that compressed. */
const CERTIFICATE = 11;
const COMPRESSED_CERTIFICATE = 25;

/** True if a message of `type` has a side's certificates. */
export function hasCertificates(type: number): boolean {
  return type === CERTIFICATE || type === COMPRESSED_CERTIFICATE;
}

/** Random of a HelloRetryRequest (RFC 8446 section 4.1.3) begins with these. */
const RETRY_RANDOM = 0xcf21ad74;

/** What a message is called. */
export function handshakeName(type: number): string {
  return handshakeNames.get(type) ?? `Unknown handshake type (${type})`;
}

/** What the meaning of a handshake message rests on. */
export interface HandshakeContext {
  /** Hellos have a cookie. */
  readonly dtls: boolean;
  /** Version that the connection agreed on, 0 where unknown. */
  readonly version: number;
  /** Cipher suite that it agreed on, 0 where unknown. */
  readonly cipher: number;
}

/**
 * Adds the body at [at, end) of a handshake message of `type` to `node`. Returns a name that says more, or ''. A message that says more than
 * there is does not keep those behind it from being read.
 */
export function readHandshake(node: Node, b: Buf, type: number, at: number, end: number, context: HandshakeContext): string {
  const better = node.ok ? readBody(node, b, type, at, end, context) : '';
  node.layer.goOn();
  return better;
}

function readBody(node: Node, b: Buf, type: number, at: number, end: number, context: HandshakeContext): string {
  const { dtls } = context;
  const { version, cipher } = context;
  if (type === 1) clientHello(node, b, at, end, dtls);
  else if (type === 2) {
    if (b.u32(at + 2) === RETRY_RANDOM) {
      serverHello(node, b, at, end, version === 0x0304);
      return 'Hello Retry Request';
    }
    serverHello(node, b, at, end, version === 0x0304);
  } else if (type === 3 && dtls) {
    node.uint(f.version, at);
    const length = node.uint(f.cookieLength, at + 2);
    if (length > 0) node.bytes(f.cookie, at + 3, length);
  } else if (type === 4) newSessionTicket(node, b, at, end, version === 0x0304);
  else if (type === 8) extensions(node, b, at, end, type);
  else if (type === CERTIFICATE) certificates(b.bytes, at, end, node.d, node);
  else if (type === 12) serverKeyExchange(node, b, at, end, version, keyExchange(cipher));
  else if (type === 13) certificateRequest(b.bytes, at, end, node.d, node);
  else if (type === 15) certificateVerify(node, b, at, end, version);
  else if (type === 16) clientKeyExchange(node, b, at, end, version, keyExchange(cipher));
  else if (type === 20 && end > at) node.add(f.verifyData, at, end - at, null);
  else if (type === 24) node.uint(f.keyUpdate, at);
  else if (type === COMPRESSED_CERTIFICATE) compressedCertificate(node, b, at, end);
  else if (type === 22) certificateStatus(b.bytes, at, end, node.d, node);
  return '';
}

function random(node: Node, b: Buf, at: number): void {
  if (!node.has(at, 32)) return;
  const r = node.add(f.random, at, 32, b.slice(at, 32));
  // All of it is random since TLS 1.3 (RFC 8446, section 4.1.2), which is what QUIC has.
  if (node.layer.node.protocol === 'quic') return;
  r.add(f.randomTime, at, 4, { sec: b.u32(at), nsec: 0 });
  r.bytes(f.randomBytes, at + 4, 28);
}

function sessionId(node: Node, at: number): number {
  const length = node.uint(f.sessionIdLength, at);
  if (length > 0) node.bytes(f.sessionId, at + 1, length);
  return at + 1 + length;
}

function clientHello(node: Node, b: Buf, from: number, end: number, dtls: boolean): void {
  node.uint(f.version, from);
  random(node, b, from + 2);
  let at = sessionId(node, from + 34);
  if (dtls) {
    const length = node.uint(f.cookieLength, at);
    if (length > 0) node.bytes(f.cookie, at + 1, length);
    at += 1 + length;
  }
  const stop = listEnd(node, f.cipherSuitesLength, at, end, 2);
  at += 2;
  const length = Math.max(0, stop - at);
  const suites = node.add(f.cipherSuites, at, length, null, { display: `${length >> 1} suites` });
  for (; at + 2 <= stop && node.ok; at += 2) suites.uint(f.cipherSuite, at);
  // Nothing is left for what must follow: the length, of which that was said, reaches to the end.
  if (stop >= end) return;
  noteTrailing(suites, at, stop);
  at = stop;
  const methods = listEnd(node, f.compMethodsLength, at, end, 1) - at - 1;
  at++;
  const list = node.add(f.compMethods, at, methods, null, { display: `${methods} ${methods === 1 ? 'method' : 'methods'}` });
  for (let i = 0; i < methods && at < end && node.ok; i++) list.uint(f.compMethod, at++);
  extensions(node, b, at, end, 1);
  if (node.ok) addClientFingerprints(node, b, from, end, dtls);
}

function serverHello(node: Node, b: Buf, from: number, end: number, tls13: boolean): void {
  node.uint(f.version, from);
  // From TLS 1.3 on there is no time in it.
  if (tls13) node.bytes(f.random, from + 2, 32);
  else random(node, b, from + 2);
  const draft = hasNoSession(b.u16(from));
  const at = draft ? from + 34 : sessionId(node, from + 34);
  node.uint(f.cipherSuite, at);
  if (!draft) node.uint(f.compMethod, at + 2);
  extensions(node, b, draft ? at + 2 : at + 3, end, 2);
  if (!node.ok) return;
  if (!node.d.asks(f.ja3s) && !node.d.asks(f.ja3sFull)) return;
  const full = serverFingerprint(b, from, end);
  node.add(f.ja3sFull, from, 0, full);
  node.add(f.ja3s, from, 0, createHash('md5').update(full, 'latin1').digest('hex'));
}

function addClientFingerprints(node: Node, b: Buf, from: number, end: number, dtls: boolean): void {
  if (!node.d.asks(f.ja4) && !node.d.asks(f.ja3) && !node.d.asks(f.ja3Full)) return;
  const prints = clientFingerprints(b, from, end, dtls, node.d.transport?.kind === 'udp' && !dtls);
  node.add(f.ja4, from, 0, prints.ja4);
  node.add(f.ja3Full, from, 0, prints.ja3);
  node.add(f.ja3, from, 0, createHash('md5').update(prints.ja3, 'latin1').digest('hex'));
}

function newSessionTicket(node: Node, b: Buf, from: number, end: number, tls13: boolean): void {
  const ticket = node.text(from, end - from, 'TLS Session Ticket');
  ticket.uint(f.ticketLifetime, from);
  let at = from + 4;
  if (tls13) {
    ticket.uint(f.ticketAge, at);
    const nonce = ticket.uint(f.ticketNonceLength, at + 4);
    if (nonce > 0) ticket.bytes(f.ticketNonce, at + 5, nonce);
    at += 5 + nonce;
  }
  const length = ticket.uint(f.ticketLength, at);
  if (at + 2 + length > end) return;
  if (length > 0) ticket.bytes(f.ticket, at + 2, length);
  if (tls13) extensions(ticket, b, at + 2 + length, end, 4);
}

type KeyExchange = 'rsa' | 'dhe' | 'ecdhe' | 'ecdh' | 'psk' | 'dhe_psk' | 'rsa_psk' | 'ecdhe_psk' | '';

/** How a cipher suite exchanges keys, as its name says. */
function keyExchange(cipher: number): KeyExchange {
  const name = cipher === 0 ? '' : (cipherName(cipher) ?? '');
  if (name.startsWith('TLS_ECDHE_PSK_')) return 'ecdhe_psk';
  if (name.startsWith('TLS_ECDHE_') || name.startsWith('TLS_ECDH_anon_')) return 'ecdhe';
  if (name.startsWith('TLS_ECDH_')) return 'ecdh';
  if (name.startsWith('TLS_DHE_PSK_')) return 'dhe_psk';
  if (name.startsWith('TLS_DHE_') || name.startsWith('TLS_DH_anon_')) return 'dhe';
  if (name.startsWith('TLS_RSA_PSK_')) return 'rsa_psk';
  if (name.startsWith('TLS_PSK_')) return 'psk';
  return name.startsWith('TLS_RSA_') ? 'rsa' : '';
}

/** Adds a run of bytes with its length before it. Gives where it ends. */
function vector(node: Node, length: FieldDef, data: FieldDef, at: number): number {
  const size = typeBytes(length.type);
  const count = node.uint(length, at, size);
  if (count > 0) node.bytes(data, at + size, count);
  return at + size + count;
}

/** A signature with its algorithm, which TLS 1.2 brought. */
function signed(node: Node, b: Buf, at: number, end: number, version: number, length: FieldDef, data: FieldDef): void {
  if (at >= end) return;
  let o = at;
  if (version === 0x0303 || version === 0x0304 || version === 0xfefd || version === 0xfefc) {
    signatureAlgorithm(node, b, o);
    o += 2;
  }
  vector(node, length, data, o);
}

/** ServerKeyExchange (RFC 5246 section 7.4.3, RFC 8422 section 5.4, RFC 4279). */
function serverKeyExchange(node: Node, b: Buf, from: number, end: number, version: number, kind: KeyExchange): void {
  let at = from;
  if (kind === 'psk' || kind === 'rsa_psk') {
    vector(node.text(at, end - at, 'PSK Server Params'), f.hintLength, f.hint, at);
    return;
  }
  if (kind === 'ecdhe' || kind === 'ecdhe_psk') {
    const params = node.text(at, end - at, 'EC Diffie-Hellman Server Params');
    if (kind === 'ecdhe_psk') at = vector(params, f.hintLength, f.hint, at);
    if (params.uint(f.curveType, at) !== 3) return;
    params.uint(f.namedCurve, at + 1);
    at = vector(params, f.serverPointLength, f.serverPoint, at + 3);
    if (kind === 'ecdhe') signed(params, b, at, end, version, f.signatureLength, f.signature);
    return;
  }
  if (kind === 'dhe' || kind === 'dhe_psk') {
    const params = node.text(at, end - at, 'Diffie-Hellman Server Params');
    if (kind === 'dhe_psk') at = vector(params, f.hintLength, f.hint, at);
    at = vector(params, f.pLength, f.p, at);
    at = vector(params, f.gLength, f.g, at);
    at = vector(params, f.serverKeyLength, f.serverKey, at);
    if (kind === 'dhe') signed(params, b, at, end, version, f.signatureLength, f.signature);
    return;
  }
  if (kind === 'rsa') {
    const params = node.text(at, end - at, 'RSA-EXPORT Server Params');
    at = vector(params, f.modulusLength, f.modulus, at);
    at = vector(params, f.exponentLength, f.exponent, at);
    signed(params, b, at, end, version, f.signatureLength, f.signature);
  }
}

/** ClientKeyExchange (RFC 5246 section 7.4.7). */
function clientKeyExchange(node: Node, b: Buf, from: number, end: number, version: number, kind: KeyExchange): void {
  let at = from;
  const words = kind.startsWith('ecdh')
    ? 'EC Diffie-Hellman'
    : kind.startsWith('dhe')
      ? 'Diffie-Hellman'
      : kind === 'psk'
        ? 'PSK'
        : 'RSA Encrypted PreMaster';
  if (kind === '') return;
  const params = node.text(at, end - at, kind.startsWith('rsa') ? `${words} Secret` : `${words} Client Params`);
  if (kind.endsWith('psk')) at = vector(params, f.identityLength, f.identity, at);
  if (kind.startsWith('ecdh')) vector(params, f.clientPointLength, f.clientPoint, at);
  else if (kind.startsWith('dhe')) vector(params, f.clientKeyLength, f.clientKey, at);
  else if (kind.startsWith('rsa')) {
    // SSL 3.0 has no length here.
    if (version === 0x0300 || b.u16(at) !== end - at - 2) params.bytes(f.encryptedPreMaster, at, end - at);
    else vector(params, f.encryptedPreMasterLength, f.encryptedPreMaster, at);
  }
}

/** CertificateVerify (RFC 5246 section 7.4.8, RFC 8446 section 4.4.3). */
function certificateVerify(node: Node, b: Buf, at: number, end: number, version: number): void {
  signed(node.text(at, end - at, 'Signature'), b, at, end, version, f.verifySignatureLength, f.verifySignature);
}

/** The algorithms of RFC 8879, section 7.3, by the names that they have as content codings. */
const COMPRESSIONS: ReadonlyMap<number, string> = new Map([
  [1, 'deflate'],
  [2, 'br'],
  [3, 'zstd'],
]);
/** Longer Certificate messages are not uncompressed: OpenSSL takes 100 KB, and some octets may stand for megabytes. */
const MOST_UNCOMPRESSED = 256 * 1024;
const COMPRESSED_HEAD = 8;

/** The Certificate message inside a CompressedCertificate in b[at, end); or why there is none, '' where more of it is missing or nobody knows the algorithm. */
function uncompressed(b: Uint8Array, at: number, end: number): Uint8Array | string {
  const from = at + COMPRESSED_HEAD;
  const coding = end < from ? undefined : COMPRESSIONS.get(u16(b, at));
  const length = coding === undefined ? 0 : u24(b, at + 5);
  if (coding === undefined || length > end - from) return '';
  const says = u24(b, at + 2);
  if (says > MOST_UNCOMPRESSED) return `Not uncompressed: more than ${MOST_UNCOMPRESSED} bytes`;
  const { bytes: found, flaw } = decode(coding, b.subarray(from, from + length), says);
  if (flaw === 'large') return `Invalid uncompressed length (more than the expected ${says})`;
  if (flaw !== null) return 'Decompression error';
  return found.length === says ? found : `Invalid uncompressed length ${found.length} (expected ${says})`;
}

/** CompressedCertificate (RFC 8879 section 4). */
function compressedCertificate(node: Node, b: Buf, at: number, end: number): void {
  node.uint(f.compressAlgorithm, at);
  node.uint(f.uncompressedLength, at + 2);
  const length = node.uint(f.compressedLength, at + 5);
  const shown = Math.max(0, Math.min(length, end - at - COMPRESSED_HEAD, b.end - at - COMPRESSED_HEAD));
  if (!node.has(at + COMPRESSED_HEAD, shown)) return;
  const message = node.add(f.compressed, at + COMPRESSED_HEAD, shown, b.slice(at + COMPRESSED_HEAD, shown));
  const inside = uncompressed(b.bytes, at, Math.min(end, b.end));
  if (typeof inside !== 'string')
    certificates(inside, 0, inside.length, node.d, message.over(node.d.newBuf('Uncompressed certificate(s)', inside)));
  else if (inside !== '') message.expert(f.decompressionError, undefined, undefined, inside);
}

/** Index depth: names the parts (`x509sat`) inside the body bytes[at, end) of a handshake message of `type`. Twin of readHandshake(). */
export function indexParts(bytes: Uint8Array, type: number, at: number, end: number, sink: ProtocolSink): void {
  if (type === CERTIFICATE) certificates(bytes, at, end, sink, null);
  else if (type === 13) certificateRequest(bytes, at, end, sink, null);
  else if (type === 22) certificateStatus(bytes, at, end, sink, null);
  else if (type === COMPRESSED_CERTIFICATE) {
    const inside = uncompressed(bytes, at, end);
    if (typeof inside !== 'string') certificates(inside, 0, inside.length, sink, null);
  }
}

function u24(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number);
}

function u16(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

/** A Certificate message (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2). */
function certificates(b: Uint8Array, from: number, end: number, sink: ProtocolSink, node: Node | null): void {
  if (end - from < 3) return;
  let at = from;
  // TLS 1.3 puts a context before the list; in clear text that is empty.
  const tls13 = b[at] === 0 && end - at >= 4 && u24(b, at + 1) === end - at - 4 && u24(b, at) !== end - at - 3;
  if (tls13) {
    node?.uint(f.contextLength, at);
    at++;
  }
  const total = u24(b, at);
  node?.uint(f.certificatesLength, at);
  at += 3;
  const stop = Math.min(end, at + total);
  const list = node === null ? null : node.add(f.certificates, at, stop - at, null, { display: `${total} bytes` });
  while (stop - at >= 3) {
    const length = u24(b, at);
    list?.uint(f.certificateLength, at);
    at += 3;
    if (length > stop - at) return;
    const one = list === null || length === 0 ? null : list.add(f.certificate, at, length, b.subarray(at, at + length));
    const subject = readCertificate(b, at, at + length, sink, one);
    if (one !== null && subject !== '') one.display = `${hexBytes(b.subarray(at, at + 36))}… (${subject})`;
    at += length;
    if (!tls13) continue;
    if (list !== null) extensions(list, list.buf, at, stop, 11);
    at += 2 + (stop - at >= 2 ? u16(b, at) : 0);
  }
}

/**
 * A CertificateRequest (RFC 5246 section 7.4.4): the kinds of certificate, signature algorithms from TLS 1.2 on, and names of authorities. In
 * TLS 1.3 (RFC 8446 section 4.3.2) a context, which is empty within the handshake, and extensions.
 */
function certificateRequest(b: Uint8Array, from: number, end: number, sink: ProtocolSink, node: Node | null): void {
  let at = from;
  if (at >= end) return;
  const types = b[at] as number;
  if (types === 0 && end - at >= 3 && at + 3 + u16(b, at + 1) === end) {
    node?.uint(f.contextLength, at);
    if (node !== null) extensions(node, node.buf, at + 1, end, 13);
    return;
  }
  node?.uint(f.certTypesCount, at);
  at++;
  if (node !== null) {
    const list = node.add(f.certTypes, at, types, null, { display: `${types} ${types === 1 ? 'type' : 'types'}` });
    for (let k = 0; k < types && at + k < end; k++) list.uint(f.certType, at + k);
  }
  at += types;
  if (end - at < 2) return;
  // Before TLS 1.2 there are no algorithms: the names then end where the message does.
  if (at + 2 + u16(b, at) !== end) {
    const length = u16(b, at);
    if (node !== null) signatureAlgorithms(node, node.buf, at, end);
    at += 2 + length;
    if (end - at < 2) return;
  }
  node?.uint(f.dnamesLength, at);
  const stop = Math.min(end, at + 2 + u16(b, at));
  at += 2;
  const names = node === null || stop <= at ? null : node.add(f.dnames, at, stop - at, null, { display: `${stop - at} bytes` });
  while (stop - at >= 2) {
    const length = u16(b, at);
    names?.uint(f.dnameLength, at);
    at += 2;
    if (length > stop - at) return;
    const one = names === null ? null : names.add(f.dname, at, length, null);
    const text = readName(b, at, at + length, sink, one);
    if (one !== null && text !== '') one.display = `(${text})`;
    at += length;
  }
}

/** A CertificateStatus (RFC 6066 section 8, RFC 6961 section 2.2). */
function certificateStatus(b: Uint8Array, from: number, end: number, sink: ProtocolSink, node: Node | null): void {
  if (end - from < 4) return;
  const type = b[from] as number;
  node?.uint(f.statusType, from);
  let at = from + 1;
  let stop = end;
  if (type === 2) {
    node?.uint(f.ocspListLength, at);
    stop = Math.min(end, at + 3 + u24(b, at));
    at += 3;
  } else if (type !== 1) return;
  while (stop - at >= 3) {
    const length = u24(b, at);
    node?.uint(f.ocspLength, at);
    at += 3;
    if (length > stop - at) return;
    if (length > 0) readOcspResponse(b, at, at + length, sink, node === null ? null : node.text(at, length, 'OCSP Response'));
    at += length;
    if (type === 1) return;
  }
}

/**
 * The length of a list at `at` (RFC 8446, section 3.4) and what cannot be of it: fewer octets than `least`, more than there are up to `end`.
 * Gives where the list ends.
 */
function listEnd(node: Node, field: FieldDef, at: number, end: number, least: number): number {
  const width = typeBytes(field.type);
  if (end - at < width) {
    node.expert(f.tooSmall, at, 0, `No more room for vector of length ${width}`);
    return end;
  }
  const [length, said] = node.uintAndNode(field, at, width);
  const room = end - at - width;
  if (length < least) said.expert(f.vectorLength, undefined, undefined, `Vector length ${length} is smaller than minimum ${least}`);
  if (length > room) said.expert(f.tooSmall, undefined, undefined, `Vector length ${length} is too large, truncating it to ${room}`);
  return at + width + Math.min(length, room);
}

/** Says that [at, end) belongs to nothing. */
function noteTrailing(node: Node, at: number, end: number): void {
  const rest = end - at;
  if (rest > 0) node.expert(f.trailing, at, rest, `${rest} trailing byte${rest === 1 ? ' was' : 's were'} unprocessed`);
}

function extensions(node: Node, b: Buf, from: number, end: number, hello: number): void {
  if (from >= end || !node.ok) return;
  const stop = listEnd(node, f.extensionsLength, from, end, 0);
  readExtensions(node, b, from + 2, stop, hello);
  // A certificate's are followed by the next one.
  if (hello !== 11) noteTrailing(node, stop, end);
}

function readExtensions(node: Node, b: Buf, from: number, stop: number, hello: number): void {
  let at = from;
  while (at + 4 <= stop && node.ok) {
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const data = at + 4;
    const next = data + length;
    const e = node.text(at, 4 + length, `Extension: ${extensionName(type) ?? `Unknown type ${type}`} (len=${length})`);
    e.uint(f.extensionType, at);
    e.uint(f.extensionLen, at + 2);
    if (next > stop) return;
    if (length === 0) emptyExtension(e, type, data);
    else if (!readExtension(e, b, type, data, next, hello)) extension(e, b, type, data, next, hello);
    at = next;
  }
}

/** Extensions whose presence is all they say; others without contents still show their data. */
function emptyExtension(e: Node, type: number, at: number): void {
  if (type === 0 || type === 5 || type === 18 || type === 22 || type === 23 || type === 42 || type === 13172) return;
  if (e.ok) e.add(f.extensionData, at, 0, new Uint8Array(0), type === SESSION_TICKET ? { display: '0 bytes' } : {});
}

function extension(e: Node, b: Buf, type: number, from: number, end: number, hello: number): void {
  let at = from;
  switch (type) {
    case 0: {
      const list = e.text(at, end - at, 'Server Name Indication extension');
      const stop = listEnd(list, f.sniListLength, at, end, 1);
      at += 2;
      while (at + 3 <= stop && e.ok) {
        list.uint(f.sniType, at);
        const name = listEnd(list, f.sniLength, at + 1, stop, 1);
        list.string(f.sni, at + 3, name - at - 3);
        at = name;
      }
      noteTrailing(e, stop, end);
      return;
    }
    case 10: {
      const stop = listEnd(e, f.groupsLength, at, end, 2);
      if (end - at < 2) return;
      const count = (stop - at - 2) >> 1;
      const list = e.add(f.groups, at + 2, stop - at - 2, null, {
        label: 'Supported Groups',
        display: `${count} ${count === 1 ? 'group' : 'groups'}`,
      });
      for (at += 2; at + 2 <= stop; at += 2) list.uint(f.group, at);
      noteTrailing(list, at, stop);
      noteTrailing(e, stop, end);
      return;
    }
    case 11: {
      const stop = listEnd(e, f.pointsLength, at, end, 1);
      const list = e.add(f.points, at + 1, stop - at - 1, null, { label: 'Elliptic curves point formats', display: `${stop - at - 1}` });
      for (at++; at < stop; at++) list.uint(f.point, at);
      noteTrailing(e, stop, end);
      return;
    }
    case 13:
    case 34:
    case 50:
      signatureAlgorithms(e, b, at, end);
      return;
    case 16: {
      const stop = listEnd(e, f.alpnLength, at, end, 2);
      if (end - at < 2) return;
      const list = e.add(f.alpnList, at + 2, stop - at - 2, null);
      at += 2;
      while (at < stop && e.ok) {
        const name = listEnd(list, f.alpnStrLength, at, stop, 1);
        list.string(f.alpn, at + 1, name - at - 1);
        at = name;
      }
      noteTrailing(e, stop, end);
      return;
    }
    case 43: {
      if (hello !== 1) {
        e.uint(f.supportedVersion, at);
        return;
      }
      const stop = listEnd(e, f.versionsLength, at, end, 2);
      for (at++; at + 2 <= stop; at += 2) e.uint(f.supportedVersion, at);
      noteTrailing(e, at, stop);
      noteTrailing(e, stop, end);
      return;
    }
    case 40:
    case 51: {
      const shares = e.text(at, end - at, 'Key Share extension');
      if (hello === 2 && end - at === 2) {
        shares.uint(f.selectedGroup, at);
        return;
      }
      if (hello === 1) {
        shares.uint(f.keyShareLength, at);
        at += 2;
      }
      while (at + 4 <= end && e.ok) {
        const said = b.u16(at + 2);
        const length = Math.min(said, end - at - 4);
        const group = b.u16(at);
        const words = `Group: ${groupName(group) ?? `Unknown (${group})`}, Key Exchange length: ${said}`;
        const share = shares.text(at, 4 + length, 'Key Share Entry', words);
        share.uint(f.keyShareGroup, at);
        listEnd(share, f.keyShareKeyLength, at + 2, end, 1);
        if (length > 0) share.bytes(f.keyShareKey, at + 4, length);
        at += 4 + length;
      }
      return;
    }
    case 18:
      signedTimestamps(e, b.bytes, at, end);
      return;
    case 65281: {
      const info = e.text(at, end - at, 'Renegotiation Info extension');
      const stop = listEnd(info, f.renegLength, at, end, 0);
      if (stop > at + 1) info.bytes(extensionFields.renegotiation, at + 1, stop - at - 1);
      noteTrailing(e, stop, end);
      return;
    }
    case SESSION_TICKET:
      e.bytes(f.extensionData, at, end - at, { display: `${end - at} ${end - at === 1 ? 'byte' : 'bytes'}` });
      return;
    // Their presence is all they say (RFC 7366, section 2; RFC 7627, section 5.1).
    case 22:
    case 23:
      noteTrailing(e, at, end);
      return;
    default:
      e.bytes(f.extensionData, at, Math.min(end, b.end) - at);
  }
}

/** A list of signature algorithms with its length (RFC 8446 section 4.2.3). */
function signatureAlgorithms(node: Node, b: Buf, at: number, end: number): void {
  const stop = listEnd(node, f.sigAlgsLength, at, end, 2);
  if (end - at < 2) return;
  const length = stop - at - 2;
  const list = node.add(f.sigAlgs, at + 2, length, null, {
    label: 'Signature Hash Algorithms',
    display: `${length >> 1} ${length >> 1 === 1 ? 'algorithm' : 'algorithms'}`,
  });
  for (let o = at + 2; o + 2 <= stop && node.ok; o += 2) signatureAlgorithm(list, b, o);
  noteTrailing(list, stop - (length & 1), stop);
}

function signatureAlgorithm(node: Node, b: Buf, at: number): void {
  const code = b.u16(at);
  // Before TLS 1.3 any pair of a hash and a signature was one (RFC 5246, section 7.4.1.4.1).
  const pair = `${hashNames.get(code >> 8) ?? 'Unknown'} ${signNames.get(code & 255) ?? 'Unknown'} (0x${code.toString(16).padStart(4, '0')})`;
  const one = node.uintNode(f.sigAlg, at, 2, signatureNames.has(code) ? {} : { display: pair });
  one.uint(f.sigHash, at);
  one.uint(f.sigSig, at + 1);
}

/** A list of signed certificate timestamps (RFC 6962 section 3.3) at [from, end). */
export function signedTimestamps(node: Node, bytes: Uint8Array, from: number, end: number): void {
  if (end - from < 2) return;
  const stop = Math.min(end, from + 2 + u16(bytes, from));
  node.add(f.sctListLength, from, 2, u16(bytes, from));
  for (let at = from + 2; stop - at >= 2 && node.ok; ) {
    const length = u16(bytes, at);
    const next = Math.min(stop, at + 2 + length);
    const one = node.text(at, next - at, 'Signed Certificate Timestamp');
    one.add(f.sctLength, at, 2, length);
    at += 2;
    if (next - at >= 47) {
      one.add(f.sctVersion, at, 1, bytes[at] as number);
      one.add(f.sctLogId, at + 1, 32, bytes.subarray(at + 1, at + 33));
      let ms = 0;
      for (let k = 0; k < 8; k++) ms = ms * 256 + (bytes[at + 33 + k] as number);
      const time = { sec: Math.floor(ms / 1000), nsec: (ms % 1000) * 1_000_000 };
      one.add(f.sctTime, at + 33, 8, time);
      const extensionsLength = u16(bytes, at + 41);
      one.add(f.sctExtensionsLength, at + 41, 2, extensionsLength);
      const signature = at + 43 + extensionsLength;
      if (extensionsLength > 0) one.add(f.sctExtensions, at + 43, extensionsLength, null);
      if (next - signature >= 4) {
        const algorithm = one.add(f.sigAlg, signature, 2, u16(bytes, signature));
        algorithm.add(f.sigHash, signature, 1, bytes[signature] as number);
        algorithm.add(f.sigSig, signature + 1, 1, bytes[signature + 1] as number);
        one.add(f.sctSignatureLength, signature + 2, 2, u16(bytes, signature + 2));
        one.add(f.sctSignature, signature + 4, next - signature - 4, bytes.subarray(signature + 4, next));
      }
    }
    at = next;
  }
}
