import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 9293, 3.1': {
    'tcp.srcport': [
      'Port of the sending program. On the client’s side it is usually a free number that the system picked for this connection.',
      '보내는 프로그램의 포트입니다. 클라이언트 쪽에서는 보통 시스템이 이 연결을 위해 고른 빈 번호입니다.',
    ],
    'tcp.dstport': [
      'Port of the receiving program: 80 for HTTP, 443 for HTTPS.',
      '받는 프로그램의 포트입니다. 예를 들어 80은 HTTP, 443은 HTTPS입니다.',
    ],
    'tcp.seq': [
      'Place of the first data byte in the sender’s stream, counted from the start of the connection. SYN and FIN count as one byte each.',
      '이 세그먼트의 첫 데이터 바이트가 보낸 쪽 스트림에서 차지하는 위치로, 연결 시작부터 셉니다. SYN과 FIN도 각각 1바이트로 셉니다.',
    ],
    'tcp.seq_raw': [
      'Sequence number as sent. It begins at a random number, and the relative one is this minus that beginning.',
      '실제로 보낸 순서 번호입니다. 임의의 수에서 시작하며, 상대 순서 번호는 여기서 그 시작값을 뺀 것입니다.',
    ],
    'tcp.ack': [
      'Next byte that the sender of this segment expects: everything before it has arrived. Valid if the ACK flag is set.',
      '이 세그먼트를 보낸 쪽이 다음에 기다리는 바이트입니다. 그 앞의 바이트는 모두 도착했다는 뜻이며, ACK 플래그가 있을 때만 유효합니다.',
    ],
    'tcp.ack_raw': [
      'Acknowledgment number as sent, not counted from the start of the connection.',
      '연결 시작을 기준으로 바꾸지 않은, 실제로 보낸 확인 응답 번호입니다.',
    ],
    'tcp.hdr_len': [
      'Length of this header. Sent in units of 4 bytes: 5, which is 20 bytes, plus the options.',
      '이 헤더의 길이입니다. 4바이트 단위로 보내며, 5(20바이트)에 옵션 길이를 더한 값입니다.',
    ],
    'tcp.flags': [
      'Bits that say what the segment does: open (SYN), acknowledge (ACK), close (FIN), abort (RST) and so on.',
      '세그먼트가 하는 일을 나타내는 비트입니다. 열기(SYN), 확인 응답(ACK), 닫기(FIN), 중단(RST) 등이 있습니다.',
    ],
    'tcp.flags.res': ['Bits kept for later use, sent as 0.', '나중을 위해 예약된 비트로, 0으로 보냅니다.'],
    'tcp.flags.urg': [
      'The urgent pointer is valid: it points behind data that the receiver should hear of at once. Rarely used.',
      '긴급 포인터가 유효하다는 뜻입니다. 받는 쪽이 바로 알아야 할 데이터의 끝을 가리키며, 거의 쓰이지 않습니다.',
    ],
    'tcp.flags.ack': [
      'The acknowledgment number is valid. Set on every segment of a connection except the first SYN.',
      '확인 응답 번호가 유효하다는 뜻입니다. 첫 SYN을 뺀 연결의 모든 세그먼트에 설정됩니다.',
    ],
    'tcp.flags.push': [
      'Push: the receiver should hand the data to the program now instead of waiting for more.',
      '푸시: 받는 쪽이 데이터를 더 기다리지 말고 바로 프로그램에 넘기라는 뜻입니다.',
    ],
    'tcp.flags.reset': [
      'Reset: the connection is over at once, or was never accepted. No answer follows.',
      '리셋: 연결이 그 자리에서 끝났거나 처음부터 받아들여지지 않았다는 뜻입니다. 응답은 뒤따르지 않습니다.',
    ],
    'tcp.flags.syn': [
      'Synchronise: opens a connection and tells the number that the sender’s bytes are counted from. Set on the first segment of each side.',
      '동기화: 연결을 열고, 보내는 바이트를 어떤 번호부터 세는지 알립니다. 양쪽의 첫 세그먼트에 설정됩니다.',
    ],
    'tcp.flags.fin': [
      'Finish: the sender has no more data. The other side may still send until it sends its own FIN.',
      '종료: 보낸 쪽에 더 보낼 데이터가 없다는 뜻입니다. 상대는 자신의 FIN을 보낼 때까지 계속 보낼 수 있습니다.',
    ],
    'tcp.window_size_value': [
      'How many bytes the sender of this segment is ready to receive, as sent. Multiply by the scale that the SYNs agreed on, except on SYNs.',
      '이 세그먼트를 보낸 쪽이 더 받을 수 있는 바이트 수로, 실제로 보낸 값입니다. SYN이 아니면 SYN에서 정한 배율을 곱합니다.',
    ],
    'tcp.checksum': [
      'Guards header, data and the IP addresses against damage. A segment with a wrong one is dropped and has to be sent again.',
      '헤더, 데이터, IP 주소가 손상되었는지 검사하는 값입니다. 틀린 세그먼트는 버려지므로 다시 보내야 합니다.',
    ],
    'tcp.urgent_pointer': [
      'End of the urgent data, counted from the sequence number. It means something only with the URG flag.',
      '긴급 데이터의 끝으로, 순서 번호부터 셉니다. URG 플래그가 있을 때만 의미가 있습니다.',
    ],
    'tcp.options': [
      'What stands in the header beyond its first 20 bytes: agreements made on SYNs, time stamps, selective acknowledgments.',
      '헤더의 첫 20바이트 뒤에 오는 내용입니다. SYN에서 정하는 합의, 타임스탬프, 선택적 확인 응답 등이 있습니다.',
    ],
    'tcp.option_kind': ['Number that says which option this is.', '옵션의 종류를 나타내는 번호입니다.'],
    'tcp.option_len': ['Bytes of the option, kind and length included.', '종류와 길이를 포함한 옵션의 바이트 수입니다.'],
    'tcp.options.eol': ['Ends the list of options; what follows is padding.', '옵션 목록의 끝을 나타내며, 그 뒤는 패딩입니다.'],
    'tcp.options.nop': [
      'One byte without meaning, put between options so that the next begins at a multiple of 4.',
      '의미가 없는 1바이트로, 다음 옵션이 4의 배수 위치에서 시작하도록 사이에 넣습니다.',
    ],
    'tcp.options.unknown': ['An option that this program does not take apart.', '이 프로그램이 해석하지 않는 옵션입니다.'],
    'tcp.options.unknown.payload': ['Content of that option.', '해당 옵션의 내용입니다.'],
  },
  'RFC 9293, 3.7.1': {
    'tcp.options.mss tcp.options.mss_val': [
      'Most data bytes that the sender of this SYN wants in one segment: usually the MTU minus 40 on IPv4 (1460), minus 60 on IPv6 (1440).',
      '이 SYN을 보낸 쪽이 세그먼트 하나에 받고자 하는 최대 데이터 바이트 수입니다. 보통 MTU에서 IPv4는 40(1460), IPv6는 60(1440)을 뺀 값입니다.',
    ],
  },
  'RFC 3168, 6.1': {
    'tcp.flags.cwr': [
      'Congestion window reduced: the sender heard the ECN-Echo and has slowed down. On a SYN: it offers ECN, together with ECE.',
      '혼잡 윈도우 감소: ECN-Echo를 받고 속도를 줄였다는 뜻입니다. SYN에서는 ECE와 함께 ECN 사용을 제안합니다.',
    ],
    'tcp.flags.ece': [
      'ECN-Echo: a router marked congestion on a packet towards the sender of this segment. On a SYN: it offers ECN.',
      'ECN-Echo: 이 세그먼트를 보낸 쪽으로 오는 패킷에 라우터가 혼잡을 표시했다는 뜻입니다. SYN에서는 ECN 사용을 제안합니다.',
    ],
  },
  'RFC 9768, 3.1': {
    'tcp.flags.ae': [
      'Accurate ECN. With CWR and ECE it offers the method on a SYN, and afterwards counts packets that were marked with congestion.',
      'Accurate ECN 비트입니다. SYN에서는 CWR, ECE와 함께 이 방식을 제안하고, 그 뒤에는 혼잡 표시된 패킷을 셉니다.',
    ],
  },
  'RFC 9768, 3.2.3': {
    'tcp.options.acc_ecn': [
      'Accurate ECN: how many bytes arrived with each ECN mark, so that the sender can react in proportion.',
      'Accurate ECN: ECN 표시별로 도착한 바이트 수를 알려, 보내는 쪽이 정도에 맞게 반응하게 합니다.',
    ],
    'tcp.options.acc_ecn.ee0b': [
      'Low 24 bits of the count of bytes that arrived marked ECT(0).',
      'ECT(0)로 표시되어 도착한 바이트 수의 하위 24비트입니다.',
    ],
    'tcp.options.acc_ecn.eceb': [
      'Low 24 bits of the count of bytes that arrived marked with congestion (CE).',
      '혼잡(CE)으로 표시되어 도착한 바이트 수의 하위 24비트입니다.',
    ],
    'tcp.options.acc_ecn.ee1b': [
      'Low 24 bits of the count of bytes that arrived marked ECT(1).',
      'ECT(1)로 표시되어 도착한 바이트 수의 하위 24비트입니다.',
    ],
  },
  'RFC 9293, 3.1, Data': {
    'tcp.payload': [
      'Data bytes of this segment, a piece of the stream. Messages of the program may begin and end anywhere in it.',
      '이 세그먼트의 데이터로, 스트림의 한 조각입니다. 프로그램의 메시지는 그 안 어디에서나 시작하고 끝날 수 있습니다.',
    ],
    'tcp.segment_data': [
      'Data that belongs to a message which begins or ends in another segment; the message is shown where its last piece arrived.',
      '다른 세그먼트에서 시작하거나 끝나는 메시지에 속한 데이터입니다. 메시지는 마지막 조각이 도착한 곳에 표시됩니다.',
    ],
  },
  'RFC 9293, 3.5.3': {
    'tcp.reset_cause': [
      'Text that some systems send along with a reset to say why.',
      '일부 시스템이 리셋과 함께 그 이유를 알리려고 보내는 문자열입니다.',
    ],
  },
  'RFC 7323, 2': {
    'tcp.options.wscale': [
      'On a SYN: the window fields of its sender are to be shifted left by so many bits. It works only if both SYNs have it.',
      'SYN에서, 보낸 쪽의 윈도우 필드를 몇 비트 왼쪽으로 밀어 읽어야 하는지 알립니다. 양쪽 SYN에 모두 있어야 쓰입니다.',
    ],
    'tcp.options.wscale.shift': ['Number of bits to shift by, 0 to 14.', '밀어야 할 비트 수로, 0에서 14까지입니다.'],
    'tcp.options.wscale.multiplier': [
      'What the window field is multiplied by: 2 to the power of the shift.',
      '윈도우 필드에 곱하는 값으로, 2를 시프트 수만큼 거듭제곱한 것입니다.',
    ],
  },
  'RFC 7323, 3': {
    'tcp.options.timestamp': [
      'Sender’s clock and the clock value last heard from the other side. They measure the round trip and unmask old duplicates.',
      '보낸 쪽의 시계와 상대에게서 마지막으로 받은 시계 값입니다. 왕복 시간을 재고 오래된 중복을 가려내는 데 씁니다.',
    ],
    'tcp.options.timestamp.tsval': [
      'Clock of the sender. Its unit and starting point are the sender’s own, so it is not the time of day.',
      '보낸 쪽의 시계 값입니다. 단위와 시작점은 보낸 쪽이 정하므로 실제 시각이 아닙니다.',
    ],
    'tcp.options.timestamp.tsecr': [
      'Value heard from the other side, sent back so that it can measure the round trip.',
      '상대에게서 받은 값을 돌려보낸 것으로, 상대는 이것으로 왕복 시간을 잽니다.',
    ],
  },
  'RFC 2018, 2': {
    'tcp.options.sack_perm': [
      'On a SYN: selective acknowledgments may be sent to the sender of this SYN.',
      'SYN에서, 이 SYN을 보낸 쪽에 선택적 확인 응답(SACK)을 보내도 된다는 뜻입니다.',
    ],
  },
  'RFC 2018, 3': {
    'tcp.options.sack': [
      'Which stretches arrived beyond a gap. The other side has to send only what is missing between them.',
      '빠진 부분 뒤에 도착한 구간들입니다. 상대는 그 사이에 빠진 것만 다시 보내면 됩니다.',
    ],
    'tcp.options.sack_le': ['First byte of a stretch that arrived.', '도착한 구간의 첫 바이트입니다.'],
    'tcp.options.sack_re': ['Byte after the last one of a stretch that arrived.', '도착한 구간의 마지막 바이트 다음 바이트입니다.'],
    'tcp.options.sack.count': ['Number of stretches in this option.', '이 옵션에 담긴 구간의 수입니다.'],
  },
  'RFC 2883, 4': {
    'tcp.options.sack.dsack_le tcp.options.sack.dsack_re': [
      'Edge of a stretch that arrived twice (D-SACK). It tells the sender that a retransmission was not needed.',
      '두 번 도착한 구간의 경계입니다(D-SACK). 재전송이 필요 없었다는 것을 보낸 쪽에 알립니다.',
    ],
  },
  'RFC 1072': {
    'tcp.options.echo tcp.options.echo_value': [
      'A value that the other side is to send back, to measure the round trip. Replaced by time stamps.',
      '왕복 시간을 재려고 상대가 돌려보내게 하는 값입니다. 타임스탬프 옵션으로 대체되었습니다.',
    ],
    'tcp.options.echoreply': ['The value of an echo option, sent back.', 'Echo 옵션의 값을 돌려보낸 것입니다.'],
  },
  'RFC 1644': {
    'tcp.options.cc tcp.options.cc_value': [
      'Connection count of T/TCP, which let a request ride on the SYN. Obsolete.',
      'SYN에 요청을 실어 보내던 T/TCP의 연결 번호입니다. 지금은 쓰이지 않습니다.',
    ],
    'tcp.options.ccnew': [
      'T/TCP: a connection count that begins anew and asks for a full handshake.',
      'T/TCP에서 연결 번호를 새로 시작하며 완전한 핸드셰이크를 요구합니다.',
    ],
    'tcp.options.ccecho': [
      'T/TCP: the connection count of the other side, sent back with the SYN-ACK.',
      'T/TCP에서 상대의 연결 번호를 SYN-ACK로 돌려보낸 것입니다.',
    ],
  },
  'RFC 2385': {
    'tcp.options.md5 tcp.options.md5.digest': [
      'MD5 over the segment and a shared key: proves who sent it. Made for BGP and replaced by TCP-AO.',
      '세그먼트와 공유 키로 계산한 MD5로, 보낸 쪽을 증명합니다. BGP를 위해 만들어졌고 TCP-AO로 대체되었습니다.',
    ],
  },
  'RFC 5925, 2.2': {
    'tcp.options.ao': [
      'Authentication: a code over the segment, made with a key that both sides know.',
      '인증 옵션으로, 양쪽이 아는 키로 세그먼트에서 계산한 인증 코드를 담습니다.',
    ],
    'tcp.options.ao.keyid': ['Which key the sender made this code with.', '보낸 쪽이 이 코드를 만든 키의 번호입니다.'],
    'tcp.options.ao.rnextkeyid': [
      'Which key the sender wants to be used towards it next.',
      '보낸 쪽이 다음에 자신에게 쓰기를 바라는 키의 번호입니다.',
    ],
    'tcp.options.ao.mac': ['The authentication code.', '메시지 인증 코드입니다.'],
  },
  'RFC 4782, 4': {
    'tcp.options.qs': [
      'Answer to a Quick-Start request: the rate that routers on the way approved.',
      'Quick-Start 요청에 대한 응답으로, 경로의 라우터들이 승인한 전송률을 담습니다.',
    ],
    'tcp.options.qs.rate': ['Approved sending rate.', '승인된 전송률입니다.'],
    'tcp.options.qs.ttl_diff': [
      'Difference of IP TTL and Quick-Start TTL. If it changed, a router did not understand the request.',
      'IP TTL과 Quick-Start TTL의 차이입니다. 이 값이 바뀌었다면 요청을 모르는 라우터가 있었다는 뜻입니다.',
    ],
  },
  'RFC 5482': {
    'tcp.options.user_to tcp.options.user_to_val': [
      'How long the sender keeps trying without an acknowledgment before it gives the connection up.',
      '확인 응답 없이 얼마나 오래 시도한 뒤 연결을 포기하는지를 알립니다.',
    ],
    'tcp.options.user_to_granularity': ['Unit of the timeout: 1 is minutes, 0 seconds.', '타임아웃의 단위입니다. 1은 분, 0은 초입니다.'],
  },
  'RFC 7413, 4.1.1': {
    'tcp.options.tfo': [
      'Fast Open: with a cookie from an earlier visit, data may ride on the SYN.',
      'Fast Open: 이전 연결에서 받은 쿠키가 있으면 SYN에 데이터를 실을 수 있습니다.',
    ],
    'tcp.options.tfo.request': ['Asks the server for a cookie.', '서버에 쿠키를 요청합니다.'],
    'tcp.options.tfo.cookie': [
      'Cookie by which the server knows the client’s address again.',
      '서버가 클라이언트의 주소를 다시 알아보는 쿠키입니다.',
    ],
  },
  'RFC 6994, 3': {
    'tcp.options.experimental': [
      'An option being tried out, told apart by an identifier of its own.',
      '시험 중인 옵션으로, 자체 식별자로 구분합니다.',
    ],
    'tcp.options.experimental.exid': ['Which experiment the option belongs to.', '옵션이 어느 실험에 속하는지를 나타냅니다.'],
    'tcp.options.experimental.data': ['Content of the experimental option.', '실험 옵션의 내용입니다.'],
  },
  'RFC 8684, 3': {
    'tcp.options.mptcp': [
      'Multipath TCP: several TCP connections over different paths carry one stream.',
      'Multipath TCP: 서로 다른 경로의 여러 TCP 연결이 하나의 스트림을 나릅니다.',
    ],
    'tcp.options.mptcp.subtype': [
      'What the option does: open, join, map data, add or remove an address, and so on.',
      '옵션이 하는 일입니다. 열기, 합류, 데이터 매핑, 주소 추가와 제거 등이 있습니다.',
    ],
  },
  'RFC 8684, 3.1': {
    'tcp.options.mptcp.version': ['Version of Multipath TCP that is offered.', '제안하는 Multipath TCP의 버전입니다.'],
    'tcp.options.mptcp.flags': [
      'Bits that say what the option holds or asks for; their meaning depends on the subtype.',
      '옵션이 담거나 요청하는 것을 나타내는 비트로, 의미는 하위 종류에 따라 다릅니다.',
    ],
    'tcp.options.mptcp.checksumreq.flags': ['Checksums are wanted for the data of the connection.', '연결의 데이터에 체크섬을 요구합니다.'],
    'tcp.options.mptcp.extensibility.flag': ['Kept for extensions; zero today.', '확장을 위해 남겨 둔 비트로, 지금은 0입니다.'],
    'tcp.options.mptcp.nomoresubflows.flag': [
      'The peer is not to open subflows to this address and port.',
      '상대는 이 주소와 포트로 서브플로를 열지 않아야 합니다.',
    ],
    'tcp.options.mptcp.reserved.flag': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'tcp.options.mptcp.reserved': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'tcp.options.mptcp.flag_U.flag': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'tcp.options.mptcp.flag_V.flag': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'tcp.options.mptcp.flag_W.flag': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'tcp.options.mptcp.flag_T.flag': [
      'The reason may pass: the path may be tried again.',
      '일시적인 이유라는 뜻으로, 이 경로를 다시 시도해도 됩니다.',
    ],
    'tcp.options.mptcp.addaddrtrunchmac': [
      'First 64 bits of the proof that the address comes from the peer.',
      '주소를 상대가 보냈다는 증명 가운데 앞 64비트입니다.',
    ],
    'tcp.options.mptcp.sha1.flag': ['Keys are checked with HMAC-SHA1 (version 0).', '키를 HMAC-SHA1로 확인합니다(버전 0).'],
    'tcp.options.mptcp.sha256.flag': ['Keys are checked with HMAC-SHA256 (version 1).', '키를 HMAC-SHA256으로 확인합니다(버전 1).'],
    'tcp.options.mptcp.datafin.flag': [
      'The sender has no more data for the whole connection.',
      '보낸 쪽이 연결 전체에 보낼 데이터가 더 없습니다.',
    ],
    'tcp.options.mptcp.dseqn8.flag': [
      'The data sequence number takes eight octets, not four.',
      '데이터 순서 번호가 4옥텟이 아니라 8옥텟입니다.',
    ],
    'tcp.options.mptcp.dseqnpresent.flag': [
      "The option says where the segment's data belongs in the connection.",
      '세그먼트의 데이터가 연결에서 어디에 속하는지를 옵션이 말합니다.',
    ],
    'tcp.options.mptcp.dataack8.flag': [
      'The data acknowledgment takes eight octets, not four.',
      '데이터 확인 번호가 4옥텟이 아니라 8옥텟입니다.',
    ],
    'tcp.options.mptcp.dataackpresent.flag': [
      'The option has an acknowledgment for the whole connection.',
      '옵션에 연결 전체에 대한 확인 번호가 있습니다.',
    ],
    'tcp.options.mptcp.sendkey': [
      'Key of the sender. Later subflows prove with it that they belong to this connection.',
      '보낸 쪽의 키입니다. 나중에 합류하는 서브플로는 이것으로 이 연결에 속함을 증명합니다.',
    ],
    'tcp.options.mptcp.recvkey': ['Key of the receiver, repeated by the sender.', '보낸 쪽이 되풀이한 받는 쪽의 키입니다.'],
  },
  'RFC 8684, 3.2': {
    'tcp.options.mptcp.backup.flag': [
      'The sender wants this path used only when no other works.',
      '다른 경로가 되지 않을 때만 이 경로를 쓰기를 바란다는 뜻입니다.',
    ],
    'tcp.options.mptcp.recvtok': [
      'Hash of the receiver’s key: which connection the subflow joins.',
      '받는 쪽 키의 해시로, 서브플로가 어느 연결에 합류하는지를 나타냅니다.',
    ],
    'tcp.options.mptcp.sendrand': [
      'Random number, so that a recorded join cannot be repeated.',
      '기록된 합류를 되풀이할 수 없게 하는 임의의 수입니다.',
    ],
    'tcp.options.mptcp.sendtrunchmac': [
      'First 64 bits of the sender’s proof that it knows both keys.',
      '두 키를 모두 안다는 보낸 쪽의 증명 가운데 앞 64비트입니다.',
    ],
    'tcp.options.mptcp.sendhmac': ['Sender’s proof that it knows both keys.', '보낸 쪽이 두 키를 모두 안다는 증명입니다.'],
    'tcp.options.mptcp.addrid': [
      'Number by which both sides name an address, because a NAT may change the address itself.',
      '양쪽이 주소를 부르는 번호입니다. NAT가 주소를 바꿀 수 있어 번호를 씁니다.',
    ],
  },
  'RFC 8684, 3.3': {
    'tcp.options.mptcp.rawdataack': [
      'Next byte of the whole stream that is expected, over all paths.',
      '모든 경로를 합친 전체 스트림에서 다음에 기다리는 바이트입니다.',
    ],
    'tcp.options.mptcp.rawdataseqno': [
      'Place of this data in the whole stream, over all paths.',
      '모든 경로를 합친 전체 스트림에서 이 데이터의 위치입니다.',
    ],
    'tcp.options.mptcp.subflowseqno': ['Place of the same data in this subflow.', '같은 데이터가 이 서브플로에서 차지하는 위치입니다.'],
    'tcp.options.mptcp.datalvllen': ['How many bytes the mapping covers.', '이 매핑이 다루는 바이트 수입니다.'],
    'tcp.options.mptcp.checksum': [
      'Checksum over the mapped data, to notice middleboxes that change it.',
      '매핑된 데이터의 체크섬으로, 데이터를 바꾸는 중간 장비를 알아냅니다.',
    ],
  },
  'RFC 8684, 3.4.1': {
    'tcp.options.mptcp.echo': ['1: confirms an address that the other side advertised.', '1이면 상대가 알린 주소를 확인한다는 뜻입니다.'],
    'tcp.options.mptcp.ipv4 tcp.options.mptcp.ipv6': [
      'Further address at which the sender can be reached.',
      '보낸 쪽에 닿을 수 있는 또 다른 주소입니다.',
    ],
    'tcp.options.mptcp.port': [
      'Port at that address, if it differs from the one in use.',
      '그 주소의 포트로, 지금 쓰는 포트와 다를 때 보냅니다.',
    ],
  },
  'RFC 8684, 3.6': {
    'tcp.options.mptcp.rst_reason': ['Why the subflow was reset.', '서브플로가 리셋된 이유입니다.'],
  },
  '': {
    'tcp.stream': [
      'Number of the TCP connection, from 0, in the order in which they appear in the capture.',
      'TCP 연결의 번호로, 캡처에 나타난 순서대로 0부터 시작합니다.',
    ],
    'tcp.completeness': [
      'Which parts of the connection the capture holds: SYN, SYN-ACK, ACK, data, FIN, RST.',
      '캡처에 연결의 어떤 부분이 들어 있는지를 나타냅니다. SYN, SYN-ACK, ACK, 데이터, FIN, RST가 있습니다.',
    ],
    'tcp.len': [
      'Data bytes in this segment: length of the IP packet without the two headers.',
      '이 세그먼트의 데이터 바이트 수로, IP 패킷 길이에서 두 헤더를 뺀 값입니다.',
    ],
    'tcp.nxtseq': [
      'Sequence number of the byte after this segment: what the other side will acknowledge.',
      '이 세그먼트 다음 바이트의 순서 번호로, 상대가 확인 응답할 번호입니다.',
    ],
    'tcp.flags.str': ['The flags as letters, a dot for each that is not set.', '플래그를 글자로 적은 것으로, 설정되지 않은 것은 점입니다.'],
    'tcp.window_size': [
      'Bytes that the sender is ready to receive: the window field times the scale.',
      '보낸 쪽이 더 받을 수 있는 바이트 수로, 윈도우 필드에 배율을 곱한 값입니다.',
    ],
    'tcp.window_size_scalefactor': [
      'What the window field is multiplied by. −1 if the SYNs were not captured, −2 if no scaling was agreed on.',
      '윈도우 필드에 곱하는 값입니다. SYN이 캡처되지 않았으면 −1, 배율을 쓰지 않기로 했으면 −2입니다.',
    ],
    'tcp.checksum.status': [
      'Whether the checksum agrees with the bytes. Segments captured on the sending computer may look wrong where the network card computes it later.',
      '체크섬이 바이트와 맞는지를 나타냅니다. 보내는 컴퓨터에서 캡처한 세그먼트는 네트워크 카드가 나중에 계산하므로 틀려 보일 수 있습니다.',
    ],
    'tcp.time_relative': ['Time since the first captured packet of this connection.', '이 연결에서 캡처된 첫 패킷 이후 지난 시간입니다.'],
    'tcp.time_delta': ['Time since the packet before this one on the same connection.', '같은 연결의 바로 앞 패킷 이후 지난 시간입니다.'],
    'tcp.segments': ['The segments that the message was put together from.', '메시지로 재조립된 세그먼트들입니다.'],
    'tcp.segment': ['Packet that brought this piece of the message.', '메시지의 이 조각을 가져온 패킷입니다.'],
    'tcp.segment.count': ['How many segments the message arrived in.', '메시지가 나뉘어 도착한 세그먼트의 수입니다.'],
    'tcp.reassembled.length': ['Bytes of the message once its pieces are together.', '조각을 모두 모은 메시지의 바이트 수입니다.'],
    'tcp.reassembled.data': ['The bytes of the message in order.', '메시지의 바이트를 순서대로 이은 것입니다.'],
    'tcp.reassembled_in': [
      'Packet with which the message became complete; it is shown there.',
      '메시지가 완성된 패킷으로, 메시지는 그곳에 표시됩니다.',
    ],
    'tcp.analysis': [
      'What comparing this packet with the others of its connection tells.',
      '이 패킷을 같은 연결의 다른 패킷과 비교하여 알아낸 내용입니다.',
    ],
    'tcp.analysis.flags': [
      'What is unusual about this packet among the others of its connection.',
      '같은 연결의 다른 패킷에 비추어 이 패킷에서 특이한 점입니다.',
    ],
    'tcp.analysis.acks_frame': [
      'Packet whose data, SYN or FIN this one acknowledges.',
      '이 패킷이 확인 응답하는 데이터, SYN 또는 FIN이 들어 있는 패킷입니다.',
    ],
    'tcp.analysis.ack_rtt': [
      'Time from that packet to this acknowledgment, as seen at the capture point.',
      '그 패킷에서 이 확인 응답까지의 시간으로, 캡처한 지점에서 본 값입니다.',
    ],
    'tcp.analysis.initial_rtt': [
      'Round-trip time of the handshake: from the SYN to the ACK that completes it.',
      '핸드셰이크의 왕복 시간으로, SYN에서 핸드셰이크를 마치는 ACK까지입니다.',
    ],
    'tcp.analysis.bytes_in_flight': [
      'Bytes that were sent and are not acknowledged yet at this point.',
      '이 시점에 보냈지만 아직 확인 응답되지 않은 바이트 수입니다.',
    ],
    'tcp.analysis.push_bytes_sent': ['Bytes sent since the last segment with PSH.', '마지막 PSH 세그먼트 이후 보낸 바이트 수입니다.'],
    'tcp.analysis.rto': ['Time from the original segment to this retransmission.', '원래 세그먼트에서 이 재전송까지의 시간입니다.'],
    'tcp.analysis.rto_frame': [
      'Packet of the original segment that the time is measured from.',
      '시간을 재는 기준이 되는 원래 세그먼트의 패킷입니다.',
    ],
    'tcp.analysis.duplicate_ack': [
      'The same acknowledgment again: something after it arrived, but the next byte is still missing.',
      '같은 확인 응답이 되풀이된 것으로, 뒤의 데이터는 도착했지만 다음 바이트가 아직 빠져 있다는 뜻입니다.',
    ],
    'tcp.analysis.duplicate_ack_num': [
      'How many times the acknowledgment was repeated so far. Three make the sender retransmit at once.',
      '확인 응답이 지금까지 되풀이된 횟수입니다. 세 번이면 보내는 쪽이 바로 재전송합니다.',
    ],
    'tcp.analysis.duplicate_ack_frame': ['Packet that sent this acknowledgment first.', '이 확인 응답을 처음 보낸 패킷입니다.'],
  },
};
