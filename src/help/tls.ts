import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 8446, 5.1': {
    'tls.record': [
      'One record: a header of 5 bytes and what it carries, in the clear or encrypted.',
      '레코드 하나로, 5바이트 헤더와 그 내용(평문 또는 암호문)으로 이루어집니다.',
    ],
    'tls.record.content_type': [
      'What the record carries: 22 handshake, 23 application data, 21 alert, 20 change cipher spec.',
      '레코드의 내용입니다. 22는 핸드셰이크, 23은 애플리케이션 데이터, 21은 경보, 20은 암호 사양 변경입니다.',
    ],
    'tls.record.version': [
      'Version of the record layer. TLS 1.3 says 1.2 (0x0303) here so that old devices let it pass; the true version is in the extensions.',
      '레코드 계층의 버전입니다. TLS 1.3은 오래된 장비를 지나도록 여기에 1.2(0x0303)를 적고, 실제 버전은 확장에 있습니다.',
    ],
    'tls.record.length': [
      'Bytes of the record after its header; at most 16,384 and a little for encryption.',
      '헤더 뒤 레코드의 바이트 수입니다. 최대 16,384에 암호화로 조금 더해집니다.',
    ],
  },
  'RFC 8446, 5.2': {
    'tls.segment.data': [
      'Decrypted bytes of a message that goes on in other records.',
      '다른 레코드로 이어지는 메시지의 복호화된 바이트입니다.',
    ],
    'tls.record.opaque_type': [
      'Always 23 in an encrypted TLS 1.3 record: the true type is inside, encrypted.',
      '암호화된 TLS 1.3 레코드에서는 항상 23입니다. 실제 종류는 안에 암호화되어 있습니다.',
    ],
    'tls.app_data': [
      'Encrypted data. With the session’s keys (a key log) what is inside is shown too; without them only its length can be seen.',
      '암호화된 데이터입니다. 세션의 키(키 로그)가 있으면 내용도 볼 수 있고, 없으면 길이만 볼 수 있습니다.',
    ],
  },
  'RFC 5246, 7.1': {
    'tls.change_cipher_spec': [
      'From here on the sender encrypts. In TLS 1.3 it means nothing and is sent only for old devices on the way.',
      '이후로 보낸 쪽이 암호화한다는 뜻입니다. TLS 1.3에서는 의미가 없고 경로의 오래된 장비를 위해서만 보냅니다.',
    ],
  },
  'RFC 8446, 6': {
    'tls.alert_message': ['Says that the connection ends, or why it failed.', '연결이 끝난다는 것 또는 실패한 이유를 알립니다.'],
    'tls.alert_message.level': [
      '1 warning, 2 fatal. In TLS 1.3 the description decides.',
      '1은 경고, 2는 치명적입니다. TLS 1.3에서는 설명 값이 결정합니다.',
    ],
    'tls.alert_message.desc': [
      'Reason: 0 close notify (a normal end), 40 handshake failure, 42 bad certificate and so on.',
      '이유입니다. 0은 정상 종료(close notify), 40은 핸드셰이크 실패, 42는 잘못된 인증서 등입니다.',
    ],
  },
  'RFC 8446, 4': {
    'tls.handshake': [
      'One message of the handshake, in which the ends agree on keys and prove who they are.',
      '핸드셰이크 메시지 하나입니다. 핸드셰이크에서 양 끝은 키를 정하고 신원을 증명합니다.',
    ],
    'tls.handshake.type': [
      'Which message: 1 Client Hello, 2 Server Hello, 11 Certificate, 20 Finished and so on.',
      '메시지의 종류입니다. 1은 Client Hello, 2는 Server Hello, 11은 Certificate, 20은 Finished 등입니다.',
    ],
    'tls.handshake.length': [
      'Bytes of the message after type and length. It may span records.',
      '종류와 길이 뒤 메시지의 바이트 수입니다. 여러 레코드에 걸칠 수 있습니다.',
    ],
  },
  'RFC 8446, 4.1.2': {
    'tls.handshake.comp_methods': [
      'Compression methods that the client offers; only “none” is left.',
      '클라이언트가 제안하는 압축 방식들로, 지금은 “없음”만 남았습니다.',
    ],
    'tls.handshake.version': [
      'Highest version offered, or chosen, up to TLS 1.2. TLS 1.3 always says 1.2 here and uses an extension.',
      'TLS 1.2까지는 제안하거나 선택한 최고 버전입니다. TLS 1.3은 여기에 항상 1.2를 적고 확장을 씁니다.',
    ],
    'tls.handshake.random': [
      '32 random bytes that go into the keys, so that no two sessions are alike.',
      '키를 만드는 데 들어가는 임의의 32바이트로, 세션마다 달라집니다.',
    ],
    'tls.handshake.session_id_length': ['Bytes of the session identifier.', '세션 식별자의 바이트 수입니다.'],
    'tls.handshake.session_id': [
      'Session to be resumed (TLS 1.2). In TLS 1.3 a value for old devices, repeated by the server.',
      '재개할 세션입니다(TLS 1.2). TLS 1.3에서는 오래된 장비를 위한 값으로, 서버가 되풀이합니다.',
    ],
    'tls.handshake.cipher_suites_length': [
      'Bytes of the list of cipher suites, two for each.',
      '암호 스위트 목록의 바이트 수로, 하나에 2바이트입니다.',
    ],
    'tls.handshake.ciphersuites': [
      'Cipher suites that the client can use, the preferred first.',
      '클라이언트가 쓸 수 있는 암호 스위트로, 선호하는 것부터 적습니다.',
    ],
    'tls.handshake.ciphersuite': [
      'A set of algorithms for encryption and keys. The server picks one of those that the client offers.',
      '암호화와 키에 쓰는 알고리즘 모음입니다. 서버는 클라이언트가 제안한 것 가운데 하나를 고릅니다.',
    ],
    'tls.handshake.comp_methods_length': ['How many compression methods are listed.', '압축 방식 목록의 길이입니다.'],
    'tls.handshake.comp_method': [
      'Compression of records: 0, none. Others proved unsafe and are gone from TLS 1.3.',
      '레코드의 압축 방식으로, 0은 없음입니다. 다른 방식은 안전하지 않아 TLS 1.3에서 없어졌습니다.',
    ],
    'tls.handshake.extensions_length': ['Bytes of all extensions together.', '모든 확장을 합친 바이트 수입니다.'],
  },
  'RFC 5246, 7.4.1.2': {
    'tls.handshake.random_time': [
      'First 4 of the random bytes read as a time. Once it was one; today it is random as well.',
      '임의 바이트의 앞 4바이트를 시각으로 읽은 값입니다. 예전에는 시각이었지만 지금은 이것도 임의의 값입니다.',
    ],
    'tls.handshake.random_bytes': ['The other 28 random bytes.', '나머지 임의의 28바이트입니다.'],
  },
  'RFC 2246, Appendix E': {
    'tls.handshake.cipherspec': [
      'Cipher suite in the 3-byte form of a hello compatible with SSL 2.0.',
      'SSL 2.0 호환 hello에서 3바이트로 적은 암호 스위트입니다.',
    ],
  },
  'RFC 8446, 4.2': {
    'tls.handshake.extension.type': [
      'Which extension it is, such as 0 for the server name.',
      '확장의 종류로, 예를 들어 0은 서버 이름입니다.',
    ],
    'tls.handshake.extension.len': ['Bytes of the extension after type and length.', '종류와 길이 뒤 확장의 바이트 수입니다.'],
    'tls.handshake.extension.data': ['Content of an extension that is not taken apart.', '해석하지 않는 확장의 내용입니다.'],
  },
  'RFC 6066, 3': {
    'tls.handshake.extensions_server_name_list_len tls.handshake.extensions_server_name_len': [
      'Bytes of the list of names, or of the name.',
      '이름 목록 또는 이름의 바이트 수입니다.',
    ],
    'tls.handshake.extensions_server_name_type': [
      'Kind of name: 0, a host name, is the only one.',
      '이름의 종류입니다. 0(호스트 이름)만 있습니다.',
    ],
    'tls.handshake.extensions_server_name': [
      'Host name that the client wants to reach (SNI), so that the server can choose the right certificate. It is readable on the way.',
      '클라이언트가 접속하려는 호스트 이름(SNI)으로, 서버는 이것으로 알맞은 인증서를 고릅니다. 경로에서 읽을 수 있습니다.',
    ],
  },
  'RFC 7301, 3.1': {
    'tls.handshake.extensions_alpn_len tls.handshake.extensions_alpn_str_len': [
      'Bytes of the list of protocols, or of one name in it.',
      '프로토콜 목록 또는 그 안의 이름 하나의 바이트 수입니다.',
    ],
    'tls.handshake.extensions_alpn_list': [
      'The protocols offered or chosen, in order of preference.',
      '제안하거나 고른 프로토콜로, 선호하는 순서입니다.',
    ],
    'tls.handshake.extensions_alpn_str': [
      'Protocol to be spoken inside TLS: h2 is HTTP/2. The client offers, the server picks one.',
      'TLS 안에서 쓸 프로토콜로, h2는 HTTP/2입니다. 클라이언트가 제안하고 서버가 하나를 고릅니다.',
    ],
  },
  'RFC 8446, 4.2.1': {
    'tls.handshake.extensions.supported_versions_len': ['Bytes of the list of versions.', '버전 목록의 바이트 수입니다.'],
    'tls.handshake.extensions.supported_version': [
      'TLS version that the client can speak, or that the server chose. From TLS 1.3 on this decides.',
      '클라이언트가 쓸 수 있는 또는 서버가 고른 TLS 버전입니다. TLS 1.3부터는 이 값이 결정합니다.',
    ],
  },
  'RFC 8446, 4.2.7': {
    'tls.handshake.extensions_supported_groups_length': ['Bytes of the list of groups.', '그룹 목록의 바이트 수입니다.'],
    'tls.handshake.extensions_supported_groups': [
      'Groups for the key exchange, in order of preference.',
      '키 교환에 쓸 그룹으로, 선호하는 순서입니다.',
    ],
    'tls.handshake.extensions_supported_group': [
      'Curve or group for the key exchange that the client can use, such as x25519.',
      '클라이언트가 키 교환에 쓸 수 있는 곡선이나 그룹으로, 예를 들어 x25519입니다.',
    ],
  },
  'RFC 8422, 5.1.2': {
    'tls.handshake.extensions_ec_point_formats_length': ['How many point formats are listed.', '점 형식 목록의 길이입니다.'],
    'tls.handshake.extensions_ec_point_formats': ['Ways to write points on elliptic curves.', '타원 곡선의 점을 적는 형식의 목록입니다.'],
    'tls.handshake.extensions_ec_point_format': [
      'How points on elliptic curves are written. Only uncompressed is still in use.',
      '타원 곡선의 점을 적는 형식입니다. 지금은 압축하지 않은 형식만 씁니다.',
    ],
  },
  'RFC 8446, 4.2.3': {
    'tls.handshake.sig_hash_alg_len': ['Bytes of the list of signature algorithms.', '서명 알고리즘 목록의 바이트 수입니다.'],
    'tls.handshake.sig_hash_algs': [
      'Signatures that the sender can verify, the preferred first.',
      '보낸 쪽이 검증할 수 있는 서명으로, 선호하는 것부터 적습니다.',
    ],
    'tls.handshake.sig_hash_alg': ['One kind of signature: hash and algorithm.', '서명 방식 하나로, 해시와 알고리즘으로 이루어집니다.'],
  },
  'RFC 5246, 7.4.1.4.1': {
    'tls.handshake.sig_hash_hash': ['The hash of the pair, in the terms of TLS 1.2.', 'TLS 1.2의 기준으로 본 짝 가운데 해시입니다.'],
    'tls.handshake.sig_hash_sig': [
      'The signature algorithm of the pair, in the terms of TLS 1.2.',
      'TLS 1.2의 기준으로 본 짝 가운데 서명 알고리즘입니다.',
    ],
  },
  'RFC 8446, 4.2.8': {
    'tls.handshake.extensions_key_share_client_length': [
      'Bytes of all key shares of the client.',
      '클라이언트의 모든 키 공유의 바이트 수입니다.',
    ],
    'tls.handshake.extensions_key_share_group': ['Curve or group that this key share is for.', '이 키 공유의 곡선이나 그룹입니다.'],
    'tls.handshake.extensions_key_share_key_exchange_length': ['Bytes of the public value.', '공개 값의 바이트 수입니다.'],
    'tls.handshake.extensions_key_share_key_exchange': [
      'Public value of the key exchange. Each side combines the other’s with its own secret to the same key.',
      '키 교환의 공개 값입니다. 양쪽은 상대의 값과 자신의 비밀로 같은 키를 만듭니다.',
    ],
    'tls.handshake.extensions_key_share_selected_group': [
      'Group that the server asks for instead (Hello Retry Request).',
      '서버가 대신 요구하는 그룹입니다(Hello Retry Request).',
    ],
  },
  'RFC 5746, 3.2': {
    'tls.handshake.extensions_reneg_info': [
      'Proof that a renegotiation belongs to this session: codes of the handshake before.',
      '재협상이 이 세션에 속한다는 증명으로, 앞선 핸드셰이크의 코드입니다.',
    ],
    'tls.handshake.extensions_reneg_info_len': [
      'Bytes of the proof that a renegotiation belongs to this session; 0 at the first handshake.',
      '재협상이 이 세션에 속한다는 증명의 바이트 수로, 첫 핸드셰이크에서는 0입니다.',
    ],
  },
  'RFC 8446, 4.4.2': {
    'tls.handshake.certificates_length': ['Bytes of the whole chain of certificates.', '인증서 체인 전체의 바이트 수입니다.'],
    'tls.handshake.certificates': [
      'The chain: the sender’s certificate, then those that vouch for it.',
      '인증서 체인으로, 보낸 쪽의 인증서와 그것을 보증하는 인증서들입니다.',
    ],
    'tls.handshake.certificate_length': ['Bytes of this certificate.', '이 인증서의 바이트 수입니다.'],
    'tls.handshake.certificate': [
      'X.509 certificate: a public key and a name, signed by an authority.',
      'X.509 인증서로, 공개 키와 이름에 인증 기관이 서명한 것입니다.',
    ],
    'tls.handshake.certificate_request_context_length': [
      'Bytes of the context that ties a certificate to its request; 0 in the handshake.',
      '인증서를 요청과 짝짓는 컨텍스트의 바이트 수로, 핸드셰이크에서는 0입니다.',
    ],
  },
  'RFC 5246, 7.4.4': {
    'tls.handshake.cert_types_count': ['How many certificate types are listed.', '인증서 종류 목록의 수입니다.'],
    'tls.handshake.cert_types': [
      'Kinds of client certificate that the server accepts.',
      '서버가 받아들이는 클라이언트 인증서의 종류들입니다.',
    ],
    'tls.handshake.cert_type': ['One kind of certificate, such as RSA sign.', '인증서의 종류 하나로, 예를 들어 RSA 서명입니다.'],
    'tls.handshake.dnames_len': ['Bytes of the list of authorities.', '인증 기관 목록의 바이트 수입니다.'],
    'tls.handshake.dnames': ['Authorities whose certificates the server accepts.', '서버가 인정하는 인증 기관들입니다.'],
    'tls.handshake.dname_len': ['Bytes of this name.', '이 이름의 바이트 수입니다.'],
    'tls.handshake.dname': ['Name of an authority.', '인증 기관의 이름입니다.'],
  },
  'RFC 6066, 8': {
    'tls.handshake.extensions_status_request_len tls.handshake.extensions_status_request_responder_ids_len tls.handshake.extensions_status_request_exts_len':
      ['Bytes of the part that follows.', '뒤따르는 부분의 바이트 수입니다.'],
    'tls.handshake.extensions_status_request_type': [
      'Proof that is wanted or sent that the certificate was not revoked: 1, OCSP.',
      '인증서가 폐지되지 않았다는 증명의 종류입니다. 1은 OCSP입니다.',
    ],
    'tls.handshake.ocsp_response_len': ['Bytes of the OCSP response.', 'OCSP 응답의 바이트 수입니다.'],
  },
  'RFC 6961, 2.2': {
    'tls.handshake.extensions_status_request_list_len': ['Bytes of the list of requests.', '요청 목록의 바이트 수입니다.'],
    'tls.handshake.ocsp_response_list_len': ['Bytes of the list of OCSP responses.', 'OCSP 응답 목록의 바이트 수입니다.'],
  },
  'RFC 6962, 3.3': {
    'tls.sct.scts_length': [
      'Bytes of all timestamps of certificate transparency together.',
      '인증서 투명성 타임스탬프를 모두 합친 바이트 수입니다.',
    ],
    'tls.sct.sct_length': ['Bytes of this timestamp.', '이 타임스탬프의 바이트 수입니다.'],
  },
  'RFC 6962, 3.2': {
    'tls.sct.sct_version': ['Version of certificate transparency; 0 means version 1.', '인증서 투명성의 버전입니다. 0은 버전 1입니다.'],
    'tls.sct.sct_logid': ['Public log that recorded the certificate.', '인증서를 기록한 공개 로그입니다.'],
    'tls.sct.sct_timestamp': ['When the log received the certificate.', '로그가 인증서를 받은 시각입니다.'],
    'tls.sct.sct_extensions_length': ['Bytes of the extensions: 0 so far.', '확장의 바이트 수로, 지금까지는 0입니다.'],
    'tls.sct.sct_extensions': ['Extensions for later use.', '나중을 위한 확장입니다.'],
    'tls.sct.sct_signature_length': ['Bytes of the signature.', '서명의 바이트 수입니다.'],
    'tls.sct.sct_signature': ['Signature of the log.', '로그의 서명입니다.'],
  },
  'RFC 5077, 3.3': {
    'tls.handshake.session_ticket_lifetime_hint': [
      'For how many seconds the client may resume the session with the ticket.',
      '클라이언트가 티켓으로 세션을 재개할 수 있는 시간(초)입니다.',
    ],
    'tls.handshake.session_ticket_length': ['Bytes of the ticket.', '티켓의 바이트 수입니다.'],
    'tls.handshake.session_ticket': [
      'Ticket with which the client can resume the session later. Only the server can read it.',
      '클라이언트가 나중에 세션을 재개하는 데 쓰는 티켓입니다. 서버만 읽을 수 있습니다.',
    ],
  },
  'RFC 6347, 4.2.1': {
    'dtls.handshake.cookie_length': ['Bytes of the cookie.', '쿠키의 바이트 수입니다.'],
    'dtls.handshake.cookie': [
      'Value that a DTLS client has to send back, to prove that its address is real.',
      'DTLS 클라이언트가 자신의 주소가 진짜임을 보이기 위해 돌려보내야 하는 값입니다.',
    ],
  },
  'RFC 6347, 4.1': {
    'dtls.record.content_type': [
      'What the record carries: 22 handshake, 23 application data, 21 alert.',
      '레코드의 내용입니다. 22는 핸드셰이크, 23은 애플리케이션 데이터, 21은 경보입니다.',
    ],
    'dtls.record.version': [
      'DTLS version of the record, written as its complement: 0xfefd is 1.2.',
      '레코드의 DTLS 버전으로, 보수로 적습니다. 0xfefd는 1.2입니다.',
    ],
    'dtls.record.epoch': ['Counts changes of the keys: 0 until encryption begins.', '키가 바뀐 횟수로, 암호화가 시작되기 전에는 0입니다.'],
    'dtls.record.length': ['Bytes of the record after its header.', '헤더 뒤 레코드의 바이트 수입니다.'],
  },
  'RFC 5764, 4.1.1': {
    'dtls.use_srtp.protection_profiles_length dtls.use_srtp.mki_length': [
      'Bytes of the list or value that follows.',
      '뒤따르는 목록이나 값의 바이트 수입니다.',
    ],
    'dtls.use_srtp.protection_profile': [
      'Encryption for the media (SRTP) whose keys this handshake makes.',
      '이 핸드셰이크로 키를 만드는 미디어(SRTP)의 암호화 방식입니다.',
    ],
  },
  'RFC 8879, 3': {
    'tls.compress_certificate.algorithms_length': ['Bytes of the list of algorithms.', '알고리즘 목록의 바이트 수입니다.'],
    'tls.compress_certificate.algorithm': ['How certificates may be, or are, compressed.', '인증서를 압축하는 방식입니다.'],
  },
  'RFC 8879, 4': {
    'tls.compress_certificate.uncompressed_length': [
      'Bytes of the certificate message once decompressed.',
      '압축을 푼 인증서 메시지의 바이트 수입니다.',
    ],
    'tls.compress_certificate.compressed_certificate_message.length': [
      'Bytes of the compressed message.',
      '압축된 메시지의 바이트 수입니다.',
    ],
    'tls.compress_certificate.compressed_certificate_message': ['The certificate message, compressed.', '압축된 인증서 메시지입니다.'],
  },
  'RFC 9146, 3': {
    'tls.connection_id_length': ['Bytes of the connection identifier.', '연결 식별자의 바이트 수입니다.'],
    'tls.connection_id': [
      'Identifier by which DTLS records find their connection even if the address changes.',
      '주소가 바뀌어도 DTLS 레코드가 자기 연결을 찾게 하는 식별자입니다.',
    ],
  },
  'RFC 8446, 4.2.10': {
    'tls.early_data.max_early_data_size': [
      'Most bytes that a resuming client may send before the handshake is done (0-RTT).',
      '재개하는 클라이언트가 핸드셰이크가 끝나기 전에 보낼 수 있는 최대 바이트 수입니다(0-RTT).',
    ],
  },
  'RFC 9849, 5': {
    'tls.ech.hpke.keyconfig.cipher_suite.kdf_id': [
      'Key derivation used for the encrypted hello.',
      '암호화된 hello에 쓰는 키 유도 방식입니다.',
    ],
    'tls.ech.hpke.keyconfig.cipher_suite.aead_id': ['Cipher used for the encrypted hello.', '암호화된 hello에 쓰는 암호입니다.'],
    'tls.handshake.extension.ech.client_hello_type': [
      '0: this is the outer hello, readable by all; 1: the inner one.',
      '0이면 누구나 읽는 바깥 hello, 1이면 안쪽 hello입니다.',
    ],
    'tls.handshake.extension.ech.config_id': [
      'Which of the server’s keys the hello is encrypted for.',
      'hello를 암호화한 서버 키의 번호입니다.',
    ],
    'tls.handshake.extension.ech.enc_length tls.handshake.extension.ech.payload_length': [
      'Bytes of the value that follows.',
      '뒤따르는 값의 바이트 수입니다.',
    ],
    'tls.handshake.extension.ech.enc': [
      'Key share from which the server derives the key of the encrypted hello.',
      '서버가 암호화된 hello의 키를 유도하는 키 공유입니다.',
    ],
    'tls.handshake.extension.ech.payload': [
      'The inner hello with the true server name, encrypted.',
      '실제 서버 이름이 들어 있는 안쪽 hello로, 암호화되어 있습니다.',
    ],
  },
  'draft-ietf-tls-esni-02': {
    'tls.esni.suite': [
      'Cipher suite used for the encrypted server name. Replaced by ECH.',
      '암호화된 서버 이름에 쓴 암호 스위트입니다. ECH로 대체되었습니다.',
    ],
    'tls.esni.record_digest_length tls.esni.encrypted_sni_length': ['Bytes of the value that follows.', '뒤따르는 값의 바이트 수입니다.'],
    'tls.esni.record_digest': ['Hash of the DNS record that the key came from.', '키를 얻은 DNS 레코드의 해시입니다.'],
    'tls.esni.encrypted_sni': ['The server name, encrypted.', '암호화된 서버 이름입니다.'],
  },
  'RFC 8446, 4.2.9': {
    'tls.extension.psk_ke_modes_length': ['Bytes of the list of modes.', '방식 목록의 바이트 수입니다.'],
    'tls.extension.psk_ke_mode': [
      'How a resumed session makes its keys: 1 with a fresh key exchange, 0 without.',
      '재개한 세션이 키를 만드는 방식입니다. 1은 새 키 교환을 하고, 0은 하지 않습니다.',
    ],
  },
  'RFC 7250, 3': {
    'tls.handshake.cert_type.types_len': ['Bytes of the list of types.', '종류 목록의 바이트 수입니다.'],
    'tls.handshake.cert_type.types': ['Forms of certificate that can be used.', '쓸 수 있는 인증서 형식들입니다.'],
    'tls.handshake.cert_type.type': [
      'Form of the certificate: 0 X.509, 2 a bare public key.',
      '인증서의 형식입니다. 0은 X.509, 2는 공개 키만 있는 형식입니다.',
    ],
  },
  'RFC 5246, 7.4.8': {
    'tls.handshake.client_cert_vrfy.sig_len': ['Bytes of the signature.', '서명의 바이트 수입니다.'],
    'tls.handshake.client_cert_vrfy.sig': [
      'Signature over the handshake, which proves that the sender has the private key of its certificate.',
      '핸드셰이크에 대한 서명으로, 보낸 쪽이 인증서의 개인 키를 가졌음을 증명합니다.',
    ],
  },
  'RFC 8422, 5.7': {
    'tls.handshake.client_point_len': ['Bytes of the public value.', '공개 값의 바이트 수입니다.'],
    'tls.handshake.client_point': [
      'Client’s public value of the elliptic-curve key exchange.',
      '타원 곡선 키 교환에서 클라이언트의 공개 값입니다.',
    ],
  },
  'RFC 8422, 5.4': {
    'tls.handshake.server_curve_type': ['How the curve is given: 3, by name.', '곡선을 나타내는 방식으로, 3은 이름입니다.'],
    'tls.handshake.server_named_curve': ['Curve that the server chose for the key exchange.', '서버가 키 교환에 고른 곡선입니다.'],
    'tls.handshake.server_point_len': ['Bytes of the public value.', '공개 값의 바이트 수입니다.'],
    'tls.handshake.server_point': [
      'Server’s public value of the elliptic-curve key exchange.',
      '타원 곡선 키 교환에서 서버의 공개 값입니다.',
    ],
  },
  'RFC 5246, 7.4.3': {
    'tls.handshake.sig_len': ['Bytes of the signature.', '서명의 바이트 수입니다.'],
    'tls.handshake.sig': [
      'Server’s signature over its part of the key exchange.',
      '키 교환에서 서버가 보낸 부분에 대한 서버의 서명입니다.',
    ],
    'tls.handshake.p_len tls.handshake.g_len tls.handshake.ys_len': ['Bytes of the number that follows.', '뒤따르는 수의 바이트 수입니다.'],
    'tls.handshake.p': ['Prime of the Diffie-Hellman key exchange.', 'Diffie-Hellman 키 교환의 소수입니다.'],
    'tls.handshake.g': ['Generator of the Diffie-Hellman key exchange.', 'Diffie-Hellman 키 교환의 생성원입니다.'],
    'tls.handshake.ys': ['Server’s public value of the Diffie-Hellman key exchange.', 'Diffie-Hellman 키 교환에서 서버의 공개 값입니다.'],
  },
  'RFC 2246, 7.4.3': {
    'tls.handshake.modulus_len tls.handshake.exponent_len': ['Bytes of the number that follows.', '뒤따르는 수의 바이트 수입니다.'],
    'tls.handshake.modulus': [
      'Modulus of a temporary RSA key. Only in the export suites of old.',
      '임시 RSA 키의 모듈러스입니다. 옛 수출용 스위트에만 있습니다.',
    ],
    'tls.handshake.exponent': ['Exponent of that RSA key.', '그 RSA 키의 지수입니다.'],
  },
  'RFC 5246, 7.4.7': {
    'tls.handshake.epms_len tls.handshake.yc_len': ['Bytes of the value that follows.', '뒤따르는 값의 바이트 수입니다.'],
    'tls.handshake.epms': [
      'Secret that the client chose, encrypted with the server’s RSA key. Whoever has that key can read the session.',
      '클라이언트가 정한 비밀로, 서버의 RSA 키로 암호화되어 있습니다. 그 키를 가진 누구나 세션을 읽을 수 있습니다.',
    ],
    'tls.handshake.yc': [
      'Client’s public value of the Diffie-Hellman key exchange.',
      'Diffie-Hellman 키 교환에서 클라이언트의 공개 값입니다.',
    ],
  },
  'RFC 4279, 2': {
    'tls.handshake.hint_len tls.handshake.identity_len': ['Bytes of the text that follows.', '뒤따르는 문자열의 바이트 수입니다.'],
    'tls.handshake.hint': ['Hint of the server, which pre-shared key to use.', '어떤 사전 공유 키를 쓸지에 대한 서버의 힌트입니다.'],
    'tls.handshake.identity': ['Name of the pre-shared key that the client uses.', '클라이언트가 쓰는 사전 공유 키의 이름입니다.'],
  },
  'RFC 9345, 4': {
    'tls.handshake.cred.valid_time': [
      'For how many seconds after its certificate’s start the delegated key holds.',
      '위임된 키가 인증서의 시작부터 유효한 시간(초)입니다.',
    ],
    'tls.handshake.cred.pubkey_len': ['Bytes of the public key.', '공개 키의 바이트 수입니다.'],
    'tls.handshake.cred.pubkey': [
      'Short-lived public key that the certificate’s owner delegated to this server.',
      '인증서의 주인이 이 서버에 위임한 수명이 짧은 공개 키입니다.',
    ],
  },
  'RFC 6520, 2': {
    'tls.handshake.extension.heartbeat.mode': [
      'Whether the other side may send heartbeat requests: 1 yes, 2 no.',
      '상대가 하트비트 요청을 보내도 되는지를 나타냅니다. 1은 허용, 2는 금지입니다.',
    ],
  },
  'RFC 8446, 4.2.2': {
    'tls.handshake.extensions.cookie_len': ['Bytes of the cookie.', '쿠키의 바이트 수입니다.'],
    'tls.handshake.extensions.cookie': [
      'Value that the client has to repeat, so that the server need not remember it.',
      '서버가 기억하지 않아도 되도록 클라이언트가 되풀이해야 하는 값입니다.',
    ],
  },
  'RFC 8446, 4.2.11': {
    'tls.handshake.extensions.psk.identities.length tls.handshake.extensions.psk.identity.identity_length tls.handshake.extensions.psk.binders_len':
      ['Bytes of the list or value that follows.', '뒤따르는 목록이나 값의 바이트 수입니다.'],
    'tls.handshake.extensions.psk.identity.identity': [
      'Ticket or name of a key from an earlier session, to resume it.',
      '이전 세션을 재개하기 위한 티켓 또는 키의 이름입니다.',
    ],
    'tls.handshake.extensions.psk.identity.obfuscated_ticket_age': [
      'Age of the ticket in milliseconds, with a secret number added.',
      '티켓의 나이(밀리초)에 비밀 수를 더한 값입니다.',
    ],
    'tls.handshake.extensions.psk.identity.selected': [
      'Which of the offered keys the server took, from 0.',
      '제안한 키 가운데 서버가 고른 것의 번호로, 0부터 셉니다.',
    ],
    'tls.handshake.extensions.psk.binders': [
      'Proof for each offered key that the client has it.',
      '제안한 키마다 클라이언트가 그 키를 가졌다는 증명입니다.',
    ],
  },
  'draft-vvv-tls-alps': {
    'tls.handshake.extensions_alps_len tls.handshake.extensions_alps_alpn_str_len': [
      'Bytes of the list or name that follows.',
      '뒤따르는 목록이나 이름의 바이트 수입니다.',
    ],
    'tls.handshake.extensions_alps_alpn_list tls.handshake.extensions_alps_alpn_str': [
      'Protocols whose settings may be sent within the handshake.',
      '핸드셰이크 안에서 설정을 보낼 수 있는 프로토콜입니다.',
    ],
    'tls.handshake.extensions_alps.settings': ['Settings of that protocol.', '그 프로토콜의 설정입니다.'],
  },
  'draft-agl-tls-nextprotoneg': {
    'tls.handshake.extensions_npn_str_len': ['Bytes of the name.', '이름의 바이트 수입니다.'],
    'tls.handshake.extensions_npn': [
      'Protocol that the server offers. Replaced by ALPN.',
      '서버가 제안하는 프로토콜입니다. ALPN으로 대체되었습니다.',
    ],
  },
  'RFC 7685, 3': {
    'tls.handshake.extensions_padding_data': [
      'Zeros that bring the hello to a length which faulty servers accept.',
      '결함이 있는 서버가 받아들이는 길이로 hello를 맞추는 0입니다.',
    ],
  },
  'RFC 5054, 2.8.1': {
    'tls.handshake.extensions_srp_len': ['Bytes of the user name.', '사용자 이름의 바이트 수입니다.'],
    'tls.handshake.extensions_srp_username': [
      'User name for a password-based key exchange (SRP).',
      '비밀번호 기반 키 교환(SRP)에 쓰는 사용자 이름입니다.',
    ],
  },
  'RFC 8446, 4.6.3': {
    'tls.handshake.key_update.request_update': ['1: the other side is to change its keys as well.', '1이면 상대도 키를 바꿔야 합니다.'],
  },
  'RFC 6066, 4': {
    'tls.handshake.max_fragment_length': [
      'Largest record that the client can take: 1 is 512 bytes, 4 is 4096.',
      '클라이언트가 받을 수 있는 가장 큰 레코드입니다. 1은 512바이트, 4는 4096바이트입니다.',
    ],
  },
  'RFC 8449, 4': {
    'tls.record_size_limit': [
      'Largest record that the sender can take, in bytes.',
      '보낸 쪽이 받을 수 있는 가장 큰 레코드의 바이트 수입니다.',
    ],
  },
  'RFC 8446, 4.6.1': {
    'tls.handshake.session_ticket_age_add': [
      'Secret number by which the client hides the ticket’s age when it resumes.',
      '클라이언트가 재개할 때 티켓의 나이를 감추는 비밀 수입니다.',
    ],
    'tls.handshake.session_ticket_nonce_length': ['Bytes of the nonce.', '논스의 바이트 수입니다.'],
    'tls.handshake.session_ticket_nonce': ['Number that makes the key of each ticket different.', '티켓마다 키를 다르게 만드는 값입니다.'],
  },
  'RFC 8446, 4.4.4': {
    'tls.handshake.verify_data': [
      'Code over the whole handshake: proves that nobody changed it on the way.',
      '핸드셰이크 전체에 대한 코드로, 도중에 바뀌지 않았음을 증명합니다.',
    ],
  },
  'RFC 9000, 18': {
    'tls.quic.parameter.type': ['Which QUIC transport parameter it is.', 'QUIC 전송 매개변수의 종류입니다.'],
    'tls.quic.parameter.length': ['Bytes of its value.', '값의 바이트 수입니다.'],
    'tls.quic.parameter.value': ['Value of the parameter as it stands.', '매개변수의 값 그대로입니다.'],
  },
  'RFC 9000, 18.2': {
    'tls.quic.parameter.original_destination_connection_id': [
      'Connection identifier of the client’s first packet, repeated by the server as a proof.',
      '클라이언트의 첫 패킷에 있던 연결 식별자로, 서버가 증거로 되풀이합니다.',
    ],
    'tls.quic.parameter.initial_source_connection_id': [
      'Connection identifier that the sender put on its first packet.',
      '보낸 쪽이 첫 패킷에 쓴 연결 식별자입니다.',
    ],
    'tls.quic.parameter.retry_source_connection_id': [
      'Connection identifier that the server put on its Retry packet.',
      '서버가 Retry 패킷에 쓴 연결 식별자입니다.',
    ],
    'tls.quic.parameter.max_idle_timeout': [
      'After how many milliseconds of silence the connection ends.',
      '아무 통신이 없을 때 연결이 끝나기까지의 시간(밀리초)입니다.',
    ],
    'tls.quic.parameter.stateless_reset_token': [
      'Value by which a reset of this server is known to be true.',
      '이 서버의 리셋이 진짜임을 알아보는 값입니다.',
    ],
    'tls.quic.parameter.max_udp_payload_size': [
      'Largest UDP payload that the sender takes, in bytes.',
      '보낸 쪽이 받는 가장 큰 UDP 페이로드의 바이트 수입니다.',
    ],
    'tls.quic.parameter.initial_max_data': [
      'How many bytes the other side may send on all streams at first.',
      '상대가 처음에 모든 스트림을 합쳐 보낼 수 있는 바이트 수입니다.',
    ],
    'tls.quic.parameter.initial_max_stream_data_bidi_local tls.quic.parameter.initial_max_stream_data_bidi_remote tls.quic.parameter.initial_max_stream_data_uni':
      [
        'How many bytes the other side may send at first on a stream of this kind.',
        '상대가 처음에 이 종류의 스트림 하나에 보낼 수 있는 바이트 수입니다.',
      ],
    'tls.quic.parameter.initial_max_streams_bidi tls.quic.parameter.initial_max_streams_uni': [
      'How many streams of this kind the other side may open at first.',
      '상대가 처음에 열 수 있는 이 종류의 스트림 수입니다.',
    ],
    'tls.quic.parameter.ack_delay_exponent': [
      'By how many bits acknowledgment delays are to be shifted.',
      '확인 응답 지연 시간을 밀어 읽어야 하는 비트 수입니다.',
    ],
    'tls.quic.parameter.max_ack_delay': [
      'Most milliseconds that the sender waits before it acknowledges.',
      '보낸 쪽이 확인 응답 전에 기다리는 최대 시간(밀리초)입니다.',
    ],
    'tls.quic.parameter.active_connection_id_limit': [
      'How many connection identifiers of the other side the sender can store.',
      '보낸 쪽이 저장할 수 있는 상대의 연결 식별자 수입니다.',
    ],
    'tls.quic.parameter.preferred_address.ipv4address tls.quic.parameter.preferred_address.ipv6address': [
      'Address that the server wants to be used after the handshake.',
      '핸드셰이크 뒤에 쓰기를 서버가 바라는 주소입니다.',
    ],
    'tls.quic.parameter.preferred_address.ipv4port tls.quic.parameter.preferred_address.ipv6port': [
      'Port at that address.',
      '그 주소의 포트입니다.',
    ],
  },
  'RFC 9221, 3': {
    'tls.quic.parameter.max_datagram_frame_size': [
      'Largest DATAGRAM frame that the sender takes, in bytes. 0: none.',
      '보낸 쪽이 받는 가장 큰 DATAGRAM 프레임의 바이트 수입니다. 0이면 받지 않습니다.',
    ],
  },
  'draft-ietf-quic-ack-frequency, 3': {
    'tls.quic.parameter.min_ack_delay': [
      'Least delay of acknowledgments that the sender can keep to, in microseconds.',
      '보낸 쪽이 지킬 수 있는 확인 응답의 최소 지연 시간(마이크로초)입니다.',
    ],
  },
  'RFC 9368, 3': {
    'tls.quic.parameter.vi.chosen_version': ['QUIC version in use.', '사용 중인 QUIC 버전입니다.'],
    'tls.quic.parameter.vi.other_version': ['QUIC version that the sender can speak.', '보낸 쪽이 쓸 수 있는 QUIC 버전입니다.'],
  },
  'Chromium, QUIC': {
    'tls.quic.parameter.google.connection_options': [
      'Options of Google’s QUIC, four letters each.',
      'Google QUIC의 옵션으로, 하나가 네 글자입니다.',
    ],
    'tls.quic.parameter.google.initial_rtt': [
      'Round-trip time that the client remembers from before, in microseconds.',
      '클라이언트가 이전에 기억한 왕복 시간(마이크로초)입니다.',
    ],
    'tls.quic.parameter.google.quic_version': [
      'QUIC version of the client, by Google’s numbering.',
      'Google의 번호로 나타낸 클라이언트의 QUIC 버전입니다.',
    ],
    'tls.quic.parameter.google.user_agent': ['Name of the client program.', '클라이언트 프로그램의 이름입니다.'],
  },
  '': {
    'tls.app_data_proto': ['Protocol that is taken to be inside the encrypted data.', '암호화된 데이터 안에 있다고 보는 프로토콜입니다.'],
  },
};
