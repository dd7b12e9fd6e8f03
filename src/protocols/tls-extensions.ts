/** TLS extensions that are more than a list of numbers, and parameters that QUIC sends as one (RFC 8446 section 4.2, RFC 9000 section 18). */
import type { Buf, Node } from '../dissect/dissection.ts';
import { bytes, type FieldDef, ipv4, ipv6, names, none, string, uint8, uint16, uint24, uint32, uint64 } from '../dissect/field.ts';
import { groupName } from './tls-names.ts';

const certificateTypes = names({ 0: 'X.509', 1: 'OpenPGP', 2: 'Raw Public Key' });
const kdfNames = names({ 1: 'HKDF-SHA256', 2: 'HKDF-SHA384', 3: 'HKDF-SHA512' });
const aeadNames = names({ 1: 'AES-128-GCM', 2: 'AES-256-GCM', 3: 'ChaCha20Poly1305' });

export const extensionFields = {
  ticketData: bytes('tls.handshake.extension.data', 'Data'),
  pskIdentitiesLength: uint16('tls.handshake.extensions.psk.identities.length', 'Identities Length'),
  pskIdentityLength: uint16('tls.handshake.extensions.psk.identity.identity_length', 'Identity Length'),
  pskIdentity: bytes('tls.handshake.extensions.psk.identity.identity', 'Identity'),
  pskAge: uint32('tls.handshake.extensions.psk.identity.obfuscated_ticket_age', 'Obfuscated Ticket Age'),
  pskBindersLength: uint16('tls.handshake.extensions.psk.binders_len', 'PSK Binders length'),
  pskBinders: none('tls.handshake.extensions.psk.binders', 'PSK Binders'),
  pskSelected: uint16('tls.handshake.extensions.psk.identity.selected', 'Selected Identity'),
  pskModesLength: uint8('tls.extension.psk_ke_modes_length', 'PSK Key Exchange Modes Length'),
  pskMode: uint8('tls.extension.psk_ke_mode', 'PSK Key Exchange Mode', {
    names: names({ 0: 'PSK-only key establishment (psk_ke)', 1: 'PSK with (EC)DHE key establishment (psk_dhe_ke)' }),
  }),
  statusType: uint8('tls.handshake.extensions_status_request_type', 'Certificate Status Type', {
    names: names({ 1: 'OCSP', 2: 'OCSP Multi' }),
  }),
  statusLength: uint16('tls.handshake.extensions_status_request_len', 'Certificate Status Length'),
  statusListLength: uint16('tls.handshake.extensions_status_request_list_len', 'Certificate Status List Length'),
  statusIdsLength: uint16('tls.handshake.extensions_status_request_responder_ids_len', 'Responder ID list Length'),
  statusExtsLength: uint16('tls.handshake.extensions_status_request_exts_len', 'Request Extensions Length'),
  cookieLength: uint16('tls.handshake.extensions.cookie_len', 'Cookie length'),
  cookie: bytes('tls.handshake.extensions.cookie', 'Cookie'),
  renegotiation: bytes('tls.handshake.extensions_reneg_info', 'Renegotiation info'),
  maxFragment: uint8('tls.handshake.max_fragment_length', 'Maximum Fragment Length', {
    names: names({ 1: '512', 2: '1024', 3: '2048', 4: '4096' }),
  }),
  recordLimit: uint16('tls.record_size_limit', 'Record Size Limit'),
  padding: bytes('tls.handshake.extensions_padding_data', 'Padding Data'),
  earlyData: uint32('tls.early_data.max_early_data_size', 'Maximum Early Data Size'),
  compressLength: uint8('tls.compress_certificate.algorithms_length', 'Algorithms Length'),
  compressAlgorithm: uint16('tls.compress_certificate.algorithm', 'Algorithm', { names: names({ 1: 'zlib', 2: 'brotli', 3: 'zstd' }) }),
  heartbeatMode: uint8('tls.handshake.extension.heartbeat.mode', 'Mode', {
    names: names({ 1: 'Peer allowed to send requests', 2: 'Peer not allowed to send requests' }),
  }),
  srtpLength: uint16('dtls.use_srtp.protection_profiles_length', 'SRTP Protection Profiles Length'),
  srtpProfile: uint16('dtls.use_srtp.protection_profile', 'SRTP Protection Profile', {
    base: 'hex',
    names: names({
      1: 'SRTP_AES128_CM_HMAC_SHA1_80',
      2: 'SRTP_AES128_CM_HMAC_SHA1_32',
      5: 'SRTP_NULL_HMAC_SHA1_80',
      6: 'SRTP_NULL_HMAC_SHA1_32',
      7: 'SRTP_AEAD_AES_128_GCM',
      8: 'SRTP_AEAD_AES_256_GCM',
    }),
  }),
  mkiLength: uint8('dtls.use_srtp.mki_length', 'MKI Length'),
  srpLength: uint8('tls.handshake.extensions_srp_len', 'SRP username length'),
  srpName: string('tls.handshake.extensions_srp_username', 'SRP username'),
  npnLength: uint8('tls.handshake.extensions_npn_str_len', 'Protocol string length'),
  npn: string('tls.handshake.extensions_npn', 'Next Protocol'),
  alpsLength: uint16('tls.handshake.extensions_alps_len', 'ALPS Extension Length'),
  alpsList: none('tls.handshake.extensions_alps_alpn_list', 'Supported ALPN List'),
  alpsStringLength: uint8('tls.handshake.extensions_alps_alpn_str_len', 'Supported ALPN Length'),
  alpsString: string('tls.handshake.extensions_alps_alpn_str', 'Supported ALPN'),
  alpsSettings: bytes('tls.handshake.extensions_alps.settings', 'ALPN Opaque Settings'),
  certTypesLength: uint8('tls.handshake.cert_type.types_len', 'Certificate Type List Length'),
  certTypes: none('tls.handshake.cert_type.types', 'Certificate Type List'),
  certType: uint8('tls.handshake.cert_type.type', 'Certificate Type', { base: 'hex', names: certificateTypes }),
  connectionIdLength: uint8('tls.connection_id_length', 'Connection ID length'),
  connectionId: bytes('tls.connection_id', 'Connection ID'),
  esniSuite: uint16('tls.esni.suite', 'Cipher Suite', { base: 'hex' }),
  esniGroup: uint16('tls.handshake.extensions_key_share_group', 'Group', { names: groupName }),
  esniKeyLength: uint16('tls.handshake.extensions_key_share_key_exchange_length', 'Key Exchange Length'),
  esniKey: bytes('tls.handshake.extensions_key_share_key_exchange', 'Key Exchange'),
  esniDigestLength: uint16('tls.esni.record_digest_length', 'Record Digest Length'),
  esniDigest: bytes('tls.esni.record_digest', 'Record Digest'),
  esniLength: uint16('tls.esni.encrypted_sni_length', 'Encrypted SNI Length'),
  esni: bytes('tls.esni.encrypted_sni', 'Encrypted SNI'),
  echType: uint8('tls.handshake.extension.ech.client_hello_type', 'Client Hello type', {
    names: names({ 0: 'Outer Client Hello', 1: 'Inner Client Hello' }),
  }),
  echKdf: uint16('tls.ech.hpke.keyconfig.cipher_suite.kdf_id', 'KDF Id', { names: kdfNames }),
  echAead: uint16('tls.ech.hpke.keyconfig.cipher_suite.aead_id', 'AEAD Id', { names: aeadNames }),
  echConfigId: uint8('tls.handshake.extension.ech.config_id', 'Config Id'),
  echEncLength: uint16('tls.handshake.extension.ech.enc_length', 'Enc length'),
  echEnc: bytes('tls.handshake.extension.ech.enc', 'Enc'),
  echPayloadLength: uint16('tls.handshake.extension.ech.payload_length', 'Payload length'),
  echPayload: bytes('tls.handshake.extension.ech.payload', 'Payload'),
  quicType: uint64('tls.quic.parameter.type', 'Type'),
  quicLength: uint64('tls.quic.parameter.length', 'Length'),
  quicValue: bytes('tls.quic.parameter.value', 'Value'),
  quicOriginalDcid: bytes('tls.quic.parameter.original_destination_connection_id', 'original_destination_connection_id'),
  quicIdle: uint64('tls.quic.parameter.max_idle_timeout', 'max_idle_timeout'),
  quicResetToken: bytes('tls.quic.parameter.stateless_reset_token', 'stateless_reset_token'),
  quicMaxUdp: uint64('tls.quic.parameter.max_udp_payload_size', 'max_udp_payload_size'),
  quicMaxData: uint64('tls.quic.parameter.initial_max_data', 'initial_max_data'),
  quicBidiLocal: uint64('tls.quic.parameter.initial_max_stream_data_bidi_local', 'initial_max_stream_data_bidi_local'),
  quicBidiRemote: uint64('tls.quic.parameter.initial_max_stream_data_bidi_remote', 'initial_max_stream_data_bidi_remote'),
  quicUni: uint64('tls.quic.parameter.initial_max_stream_data_uni', 'initial_max_stream_data_uni'),
  quicStreamsBidi: uint64('tls.quic.parameter.initial_max_streams_bidi', 'initial_max_streams_bidi'),
  quicStreamsUni: uint64('tls.quic.parameter.initial_max_streams_uni', 'initial_max_streams_uni'),
  quicAckExponent: uint64('tls.quic.parameter.ack_delay_exponent', 'ack_delay_exponent'),
  quicMaxAckDelay: uint64('tls.quic.parameter.max_ack_delay', 'max_ack_delay'),
  quicActiveIds: uint64('tls.quic.parameter.active_connection_id_limit', 'Active Connection ID Limit'),
  quicSourceId: bytes('tls.quic.parameter.initial_source_connection_id', 'Initial Source Connection ID'),
  quicRetryId: bytes('tls.quic.parameter.retry_source_connection_id', 'Retry Source Connection ID'),
  quicDatagram: uint64('tls.quic.parameter.max_datagram_frame_size', 'max_datagram_frame_size'),
  quicMinAckDelay: uint64('tls.quic.parameter.min_ack_delay', 'min_ack_delay'),
  quicUserAgent: string('tls.quic.parameter.google.user_agent', 'Google UserAgent'),
  quicInitialRtt: uint64('tls.quic.parameter.google.initial_rtt', 'Google Initial RTT'),
  quicGoogleVersion: uint32('tls.quic.parameter.google.quic_version', 'Google QUIC version', { base: 'hex' }),
  quicOptions: bytes('tls.quic.parameter.google.connection_options', 'Google Connection options'),
  quicChosen: uint32('tls.quic.parameter.vi.chosen_version', 'Chosen Version', { base: 'hex' }),
  quicOther: uint32('tls.quic.parameter.vi.other_version', 'Other Version', { base: 'hex' }),
  quicIp4: ipv4('tls.quic.parameter.preferred_address.ipv4address', 'ipv4Address'),
  quicPort4: uint16('tls.quic.parameter.preferred_address.ipv4port', 'ipv4Port'),
  quicIp6: ipv6('tls.quic.parameter.preferred_address.ipv6address', 'ipv6Address'),
  quicPort6: uint16('tls.quic.parameter.preferred_address.ipv6port', 'ipv6Port'),
  credTime: uint16('tls.handshake.cred.valid_time', 'Valid Time'),
  credKeyLength: uint24('tls.handshake.cred.pubkey_len', 'Subject Public Key Info Length'),
  credKey: bytes('tls.handshake.cred.pubkey', 'Subject Public Key Info'),
} as const;

const f = extensionFields;

/** Adds the extension of `type` at [at, end), sent in a message of type `hello`. False where it is none of these. */
export function readExtension(e: Node, b: Buf, type: number, at: number, end: number, hello: number): boolean {
  switch (type) {
    case 1:
      e.uint(f.maxFragment, at);
      return true;
    case 5:
      if (hello !== 1) return true;
      e.uint(f.statusType, at);
      ocspRequest(e, at + 1);
      return true;
    case 12:
      e.string(f.srpName, at + 1, Math.min(e.uint(f.srpLength, at), end - at - 1));
      return true;
    case 14: {
      const stop = Math.min(end, at + 2 + e.uint(f.srtpLength, at));
      for (let o = at + 2; o + 2 <= stop; o += 2) e.uint(f.srtpProfile, o);
      if (stop < end) e.uint(f.mkiLength, stop);
      return true;
    }
    case 15:
      e.uint(f.heartbeatMode, at);
      return true;
    case 17: {
      if (hello !== 1) return true;
      e.uint(f.statusListLength, at);
      for (let o = at + 2; o + 3 <= end && e.ok; ) {
        e.uint(f.statusType, o);
        const length = e.uint(f.statusLength, o + 1);
        if (length >= 4) ocspRequest(e, o + 3);
        o += 3 + length;
      }
      return true;
    }
    case 19:
    case 20: {
      if (hello !== 1) {
        e.uint(f.certType, at);
        return true;
      }
      const length = e.uint(f.certTypesLength, at);
      const list = e.add(f.certTypes, at + 1, length, null, { display: `${length} ${length === 1 ? 'type' : 'types'}` });
      for (let o = at + 1; o < Math.min(end, at + 1 + length); o++) list.uint(f.certType, o);
      return true;
    }
    case 21:
      e.bytes(f.padding, at, end - at);
      return true;
    case 27: {
      e.uint(f.compressLength, at);
      for (let o = at + 1; o + 2 <= end; o += 2) e.uint(f.compressAlgorithm, o);
      return true;
    }
    case 28:
      e.uint(f.recordLimit, at);
      return true;
    case 41:
      preSharedKey(e, at, end, hello);
      return true;
    case 42:
      if (hello === 4) e.uint(f.earlyData, at);
      return true;
    case 44: {
      const length = e.uint(f.cookieLength, at);
      e.bytes(f.cookie, at + 2, Math.min(length, end - at - 2));
      return true;
    }
    case 45: {
      e.uint(f.pskModesLength, at);
      for (let o = at + 1; o < end; o++) e.uint(f.pskMode, o);
      return true;
    }
    case 53:
    case 54: {
      const length = e.uint(f.connectionIdLength, at);
      if (length > 0) e.bytes(f.connectionId, at + 1, Math.min(length, end - at - 1));
      return true;
    }
    case 57:
    case 65445:
      quicParameters(e, b, at, end);
      return true;
    case 13172:
      for (let o = at; o < end && e.ok; ) {
        const length = Math.min(e.uint(f.npnLength, o), end - o - 1);
        e.string(f.npn, o + 1, length);
        o += 1 + length;
      }
      return true;
    case 17513: {
      if (hello === 8) {
        e.bytes(f.alpsSettings, at, end - at);
        return true;
      }
      const length = e.uint(f.alpsLength, at);
      const list = e.add(f.alpsList, at + 2, length, null);
      for (let o = at + 2; o < end && e.ok; ) {
        const size = Math.min(list.uint(f.alpsStringLength, o), end - o - 1);
        list.string(f.alpsString, o + 1, size);
        o += 1 + size;
      }
      return true;
    }
    case 65037:
      clientHelloInside(e, at, end, hello);
      return true;
    case 65486:
      encryptedName(e, at, end, hello);
      return true;
    default:
      return false;
  }
}

function ocspRequest(e: Node, at: number): void {
  const ids = e.uint(f.statusIdsLength, at);
  e.uint(f.statusExtsLength, at + 2 + ids);
}

function preSharedKey(e: Node, at: number, end: number, hello: number): void {
  if (hello === 2) {
    e.uint(f.pskSelected, at);
    return;
  }
  const length = e.uint(f.pskIdentitiesLength, at);
  const stop = Math.min(end, at + 2 + length);
  let o = at + 2;
  while (o + 6 <= stop && e.ok) {
    const size = e.buf.u16(o);
    const one = e.text(o, 6 + size, 'PSK Identity', `(length: ${size})`);
    one.uint(f.pskIdentityLength, o);
    if (o + 6 + size > stop) return;
    one.bytes(f.pskIdentity, o + 2, size);
    one.uint(f.pskAge, o + 2 + size);
    o += 6 + size;
  }
  if (stop + 2 > end) return;
  const binders = e.uint(f.pskBindersLength, stop);
  e.add(f.pskBinders, stop + 2, binders, null);
}

/** Encrypted Client Hello (draft-ietf-tls-esni). */
function clientHelloInside(e: Node, at: number, end: number, hello: number): void {
  if (hello !== 1) {
    e.bytes(f.ticketData, at, end - at);
    return;
  }
  if (e.uint(f.echType, at) !== 0) return;
  e.uint(f.echKdf, at + 1);
  e.uint(f.echAead, at + 3);
  e.uint(f.echConfigId, at + 5);
  const enc = e.uint(f.echEncLength, at + 6);
  if (enc > 0) e.bytes(f.echEnc, at + 8, enc);
  const payload = e.uint(f.echPayloadLength, at + 8 + enc);
  if (payload > 0) e.bytes(f.echPayload, at + 10 + enc, Math.min(payload, end - at - 10 - enc));
}

/** The encrypted server name that came before it. */
function encryptedName(e: Node, at: number, end: number, hello: number): void {
  if (hello !== 1) {
    e.bytes(f.ticketData, at, end - at);
    return;
  }
  e.uint(f.esniSuite, at);
  e.uint(f.esniGroup, at + 2);
  const key = e.uint(f.esniKeyLength, at + 4);
  let o = at + 6;
  e.bytes(f.esniKey, o, key);
  o += key;
  const digest = e.uint(f.esniDigestLength, o);
  e.bytes(f.esniDigest, o + 2, digest);
  o += 2 + digest;
  const name = e.uint(f.esniLength, o);
  e.bytes(f.esni, o + 2, Math.min(name, end - o - 2));
}

type Parameter = readonly [
  name: string,
  field: FieldDef | null,
  kind: 'number' | 'bytes' | 'text' | 'none' | 'version' | 'versions' | 'address',
];

/** By number, as the IANA registry "QUIC Transport Parameters" has them. */
const parameters = new Map<number, Parameter>([
  [0x00, ['original_destination_connection_id', f.quicOriginalDcid, 'bytes']],
  [0x01, ['max_idle_timeout', f.quicIdle, 'number']],
  [0x02, ['stateless_reset_token', f.quicResetToken, 'bytes']],
  [0x03, ['max_udp_payload_size', f.quicMaxUdp, 'number']],
  [0x04, ['initial_max_data', f.quicMaxData, 'number']],
  [0x05, ['initial_max_stream_data_bidi_local', f.quicBidiLocal, 'number']],
  [0x06, ['initial_max_stream_data_bidi_remote', f.quicBidiRemote, 'number']],
  [0x07, ['initial_max_stream_data_uni', f.quicUni, 'number']],
  [0x08, ['initial_max_streams_bidi', f.quicStreamsBidi, 'number']],
  [0x09, ['initial_max_streams_uni', f.quicStreamsUni, 'number']],
  [0x0a, ['ack_delay_exponent', f.quicAckExponent, 'number']],
  [0x0b, ['max_ack_delay', f.quicMaxAckDelay, 'number']],
  [0x0c, ['disable_active_migration', null, 'none']],
  [0x0d, ['preferred_address', null, 'address']],
  [0x0e, ['active_connection_id_limit', f.quicActiveIds, 'number']],
  [0x0f, ['initial_source_connection_id', f.quicSourceId, 'bytes']],
  [0x10, ['retry_source_connection_id', f.quicRetryId, 'bytes']],
  [0x11, ['version_information', null, 'none']],
  [0x20, ['max_datagram_frame_size', f.quicDatagram, 'number']],
  [0x2ab2, ['grease_quic_bit', null, 'none']],
  [0x3127, ['initial_rtt', f.quicInitialRtt, 'number']],
  [0x3128, ['google_connection_options', f.quicOptions, 'bytes']],
  [0x3129, ['user_agent', f.quicUserAgent, 'text']],
  [0x4752, ['google_quic_version', f.quicGoogleVersion, 'version']],
  [0xff73db, ['version_information_draft', null, 'versions']],
  [0xde1a, ['min_ack_delay_draft_v1', f.quicMinAckDelay, 'number']],
]);

function varintSize(b: Buf, at: number, end: number): number {
  const length = 1 << (b.u8(at) >> 6);
  return at < end && at + length <= end ? length : 0;
}

function varint(b: Buf, at: number): bigint {
  const length = 1 << (b.u8(at) >> 6);
  let value = BigInt(b.u8(at) & 0x3f);
  for (let k = 1; k < length; k++) value = value * 256n + BigInt(b.u8(at + k));
  return value;
}

function quicParameters(e: Node, b: Buf, from: number, end: number): void {
  let at = from;
  while (at < end && e.ok && !e.d.full) {
    const typeSize = varintSize(b, at, end);
    const lengthSize = typeSize === 0 ? 0 : varintSize(b, at + typeSize, end);
    if (lengthSize === 0) return;
    const type = varint(b, at);
    const length = Number(varint(b, at + typeSize));
    const value = at + typeSize + lengthSize;
    if (length > end - value) return;
    const known = parameters.get(Number(type));
    const name = known?.[0] ?? (type % 31n === 27n ? 'GREASE' : 'Unknown');
    const node = e.text(at, value + length - at, `Parameter: ${name}`, `(len=${length})`);
    node.add(f.quicType, at, typeSize, type, { display: `${name} (0x${type.toString(16).padStart(2, '0')})` });
    node.add(f.quicLength, at + typeSize, lengthSize, BigInt(length));
    node.bytes(f.quicValue, value, length);
    const field = known?.[1];
    if (known !== undefined && field != null) {
      if (known[2] === 'number') {
        if (varintSize(b, value, value + length) > 0) {
          const number = varint(b, value);
          node.add(field, value, length, number);
          node.display = `(len=${length}) ${number}`;
        }
      } else if (length === 0) node.add(field, value, 0, known[2] === 'text' ? '' : new Uint8Array(0));
      else if (known[2] === 'text') node.string(field, value, length);
      else if (known[2] === 'version') node.uint(field, value);
      else node.bytes(field, value, length);
    }
    if (known?.[2] === 'versions') {
      for (let o = value; o + 4 <= value + length; o += 4) node.uint(o === value ? f.quicChosen : f.quicOther, o);
    } else if (known?.[2] === 'address' && length >= 24) {
      node.bytes(f.quicIp4, value, 4);
      node.uint(f.quicPort4, value + 4);
      node.bytes(f.quicIp6, value + 6, 16);
      node.uint(f.quicPort6, value + 22);
    }
    at = value + length;
  }
}
