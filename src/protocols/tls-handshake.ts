/** TLS handshake messages and their extensions (RFC 8446 section 4, RFC 5246 section 7.4), shared by TLS and DTLS. */
import type { Buf, Node } from '../dissect/dissection.ts';
import { abstime, bytes, none, string, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { cipherName } from './tls-ciphers.ts';
import { extensionName, groupName, handshakeNames, signatureNames, versionNames } from './tls-names.ts';

const pointFormats = new Map([
  [0, 'uncompressed'],
  [1, 'ansiX962_compressed_prime'],
  [2, 'ansiX962_compressed_char2'],
]);

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
  cipherSpec: uint24('tls.handshake.cipherspec', 'Cipher Spec', { base: 'hex' }),
  compMethodsLength: uint8('tls.handshake.comp_methods_length', 'Compression Methods Length'),
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
  alpnStrLength: uint8('tls.handshake.extensions_alpn_str_len', 'ALPN string length'),
  alpn: string('tls.handshake.extensions_alpn_str', 'ALPN Next Protocol'),
  versionsLength: uint8('tls.handshake.extensions.supported_versions_len', 'Supported Versions length'),
  supportedVersion: uint16('tls.handshake.extensions.supported_version', 'Supported Version', { base: 'hex', names: versionNames }),
  groupsLength: uint16('tls.handshake.extensions_supported_groups_length', 'Supported Groups List Length'),
  group: uint16('tls.handshake.extensions_supported_group', 'Supported Group', { base: 'hex', names: groupName }),
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
  contextLength: uint8('tls.handshake.certificate_request_context_length', 'Certificate Request Context Length'),
  ticketLifetime: uint32('tls.handshake.session_ticket_lifetime_hint', 'Session Ticket Lifetime Hint', { unit: ' seconds' }),
  ticketLength: uint16('tls.handshake.session_ticket_length', 'Session Ticket Length'),
  ticket: bytes('tls.handshake.session_ticket', 'Session Ticket'),
  cookieLength: uint8('dtls.handshake.cookie_length', 'Cookie Length'),
  cookie: bytes('dtls.handshake.cookie', 'Cookie'),
} as const;

const f = handshakeFields;

/** Random of a HelloRetryRequest (RFC 8446 section 4.1.3) begins with these. */
const RETRY_RANDOM = 0xcf21ad74;

/** What a message is called. */
export function handshakeName(type: number): string {
  return handshakeNames.get(type) ?? `Unknown handshake type (${type})`;
}

/** Adds the body at [at, end) of a handshake message of `type` to `node`. `dtls`: hellos have a cookie. Returns a name that says more, or ''. */
export function readHandshake(node: Node, b: Buf, type: number, at: number, end: number, dtls: boolean): string {
  if (type === 1) clientHello(node, b, at, end, dtls);
  else if (type === 2) {
    if (b.u32(at + 2) === RETRY_RANDOM) {
      serverHello(node, b, at, end);
      return 'Hello Retry Request';
    }
    serverHello(node, b, at, end);
  } else if (type === 3 && dtls) {
    node.uint(f.version, at);
    const length = node.uint(f.cookieLength, at + 2);
    if (length > 0) node.bytes(f.cookie, at + 3, length);
  } else if (type === 4) newSessionTicket(node, at, end);
  else if (type === 8) extensions(node, b, at, end, type);
  else if (type === 11) certificates(node, b, at, end);
  return '';
}

function random(node: Node, b: Buf, at: number): void {
  if (!node.has(at, 32)) return;
  const r = node.add(f.random, at, 32, b.slice(at, 32));
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
  const length = node.uint(f.cipherSuitesLength, at);
  at += 2;
  const suites = node.add(f.cipherSuites, at, length, null, { display: `${length >> 1} suites` });
  const stop = Math.min(at + length, end);
  for (; at + 2 <= stop && node.ok; at += 2) suites.uint(f.cipherSuite, at);
  at = stop;
  const methods = node.uint(f.compMethodsLength, at++);
  for (let i = 0; i < methods && at < end && node.ok; i++) node.uint(f.compMethod, at++);
  extensions(node, b, at, end, 1);
}

function serverHello(node: Node, b: Buf, from: number, end: number): void {
  node.uint(f.version, from);
  random(node, b, from + 2);
  const at = sessionId(node, from + 34);
  node.uint(f.cipherSuite, at);
  node.uint(f.compMethod, at + 2);
  extensions(node, b, at + 3, end, 2);
}

function newSessionTicket(node: Node, at: number, end: number): void {
  node.uint(f.ticketLifetime, at);
  const length = node.uint(f.ticketLength, at + 4);
  if (at + 6 + length <= end && length > 0) node.bytes(f.ticket, at + 6, length);
}

function certificates(node: Node, b: Buf, from: number, end: number): void {
  let at = from;
  // TLS 1.3 puts a context before the list; in clear text that is empty.
  const tls13 = b.u8(at) === 0 && b.u24(at + 1) === end - at - 4 && b.u24(at) !== end - at - 3;
  if (tls13) node.uint(f.contextLength, at++);
  node.uint(f.certificatesLength, at);
  at += 3;
  while (at + 3 <= end && node.ok) {
    const length = node.uint(f.certificateLength, at);
    at += 3;
    if (at + length > end) return;
    if (length > 0) node.bytes(f.certificate, at, length);
    at += length;
    if (tls13) at += 2 + b.u16(at);
  }
}

function extensions(node: Node, b: Buf, from: number, end: number, hello: number): void {
  if (from + 2 > end || !node.ok) return;
  const total = node.uint(f.extensionsLength, from);
  let at = from + 2;
  const stop = Math.min(at + total, end);
  while (at + 4 <= stop && node.ok) {
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const data = at + 4;
    const next = data + length;
    const e = node.text(at, 4 + length, `Extension: ${extensionName(type) ?? `Unknown type ${type}`} (len=${length})`);
    e.uint(f.extensionType, at);
    e.uint(f.extensionLen, at + 2);
    if (next > stop) return;
    if (length > 0) extension(e, b, type, data, next, hello);
    at = next;
  }
}

function extension(e: Node, b: Buf, type: number, from: number, end: number, hello: number): void {
  let at = from;
  switch (type) {
    case 0: {
      e.uint(f.sniListLength, at);
      at += 2;
      while (at + 3 <= end && e.ok) {
        e.uint(f.sniType, at);
        const length = Math.min(e.uint(f.sniLength, at + 1), end - at - 3);
        e.string(f.sni, at + 3, length);
        at += 3 + length;
      }
      return;
    }
    case 10: {
      e.uint(f.groupsLength, at);
      for (at += 2; at + 2 <= end; at += 2) e.uint(f.group, at);
      return;
    }
    case 11: {
      e.uint(f.pointsLength, at);
      for (at++; at < end; at++) e.uint(f.point, at);
      return;
    }
    case 13:
    case 50: {
      e.uint(f.sigAlgsLength, at);
      for (at += 2; at + 2 <= end; at += 2) e.uint(f.sigAlg, at);
      return;
    }
    case 16: {
      e.uint(f.alpnLength, at);
      at += 2;
      while (at < end && e.ok) {
        const length = Math.min(e.uint(f.alpnStrLength, at), end - at - 1);
        e.string(f.alpn, at + 1, length);
        at += 1 + length;
      }
      return;
    }
    case 43: {
      if (hello !== 1) {
        e.uint(f.supportedVersion, at);
        return;
      }
      e.uint(f.versionsLength, at);
      for (at++; at + 2 <= end; at += 2) e.uint(f.supportedVersion, at);
      return;
    }
    case 51: {
      if (hello === 2 && end - at === 2) {
        e.uint(f.selectedGroup, at);
        return;
      }
      if (hello === 1) {
        e.uint(f.keyShareLength, at);
        at += 2;
      }
      while (at + 4 <= end && e.ok) {
        e.uint(f.keyShareGroup, at);
        const length = Math.min(e.uint(f.keyShareKeyLength, at + 2), end - at - 4);
        if (length > 0) e.bytes(f.keyShareKey, at + 4, length);
        at += 4 + length;
      }
      return;
    }
    case 65281:
      e.uint(f.renegLength, at);
      return;
    default:
      e.bytes(f.extensionData, at, Math.min(end, b.end) - at);
  }
}
