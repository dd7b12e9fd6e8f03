import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 1035, 4.2.2': {
    'dns.length': [
      'Bytes of the message that follows. Only over TCP, where messages have no borders of their own.',
      '뒤따르는 메시지의 바이트 수입니다. 메시지 경계가 없는 TCP에서만 씁니다.',
    ],
  },
  'RFC 1035, 4.1.1': {
    'dns.id': [
      'Number that the response repeats, so that the asker knows which query it answers. It should be hard to guess.',
      '응답이 되풀이하는 번호로, 어느 질의에 대한 응답인지 알아봅니다. 짐작하기 어려워야 합니다.',
    ],
    'dns.flags': [
      'Bits that say whether this asks or answers, who answers, and how it went.',
      '질의인지 응답인지, 누가 응답하는지, 결과가 어떤지를 나타내는 비트입니다.',
    ],
    'dns.flags.response': ['0: query. 1: response.', '0은 질의, 1은 응답입니다.'],
    'dns.flags.opcode': [
      'Kind of query: 0 standard, 4 notify, 5 update.',
      '질의의 종류입니다. 0은 표준, 4는 통지(notify), 5는 갱신(update)입니다.',
    ],
    'dns.flags.authoritative': [
      '1: the server answers for its own zone, not from a cache.',
      '1이면 서버가 캐시가 아니라 자신의 존에 대해 응답합니다.',
    ],
    'dns.flags.truncated': [
      '1: the message did not fit. The asker tries again over TCP.',
      '1이면 메시지가 다 담기지 못했습니다. 질의한 쪽은 TCP로 다시 묻습니다.',
    ],
    'dns.flags.recdesired': [
      '1: the asker wants the server to find the answer, asking other servers if need be.',
      '1이면 서버가 필요하면 다른 서버에 물어 답을 찾아 주기를 바랍니다(재귀 요청).',
    ],
    'dns.flags.recavail': ['1: the server does that.', '1이면 서버가 재귀 질의를 지원합니다.'],
    'dns.flags.z': ['Reserved, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'dns.flags.rcode': [
      'How it went: 0 no error, 2 server failure, 3 no such name (NXDOMAIN), 5 refused.',
      '처리 결과입니다. 0은 오류 없음, 2는 서버 실패, 3은 없는 이름(NXDOMAIN), 5는 거부입니다.',
    ],
    'dns.count.queries': ['How many questions follow; in practice one.', '뒤따르는 질문의 수로, 실제로는 1개입니다.'],
    'dns.count.answers': ['How many records answer the question.', '질문에 답하는 레코드의 수입니다.'],
    'dns.count.auth_rr': [
      'How many records name the servers in charge, or prove that there is no answer.',
      '담당 서버를 알리거나 답이 없음을 증명하는 레코드의 수입니다.',
    ],
    'dns.count.add_rr': [
      'How many further records follow, such as addresses of the servers named, or EDNS.',
      '추가 레코드의 수로, 담당 서버의 주소나 EDNS 등이 있습니다.',
    ],
  },
  'RFC 4795, 2.1.1': {
    'dns.flags.conflict': [
      'LLMNR: 1 if the name is claimed by more than one host.',
      'LLMNR에서 둘 이상의 호스트가 같은 이름을 쓰면 1입니다.',
    ],
    'dns.flags.tentative': [
      'LLMNR: 1 while the responder has not verified that the name is its own alone.',
      'LLMNR에서 응답한 호스트가 이름이 자기만의 것인지 아직 확인하지 못했으면 1입니다.',
    ],
  },
  'RFC 4035, 3.2.3': {
    'dns.flags.authenticated': [
      '1: the server checked the signatures of all that it answers (DNSSEC).',
      '1이면 서버가 응답한 모든 내용의 서명을 검증했습니다(DNSSEC).',
    ],
  },
  'RFC 4035, 3.2.2': {
    'dns.flags.checkdisable': [
      '1: the asker wants the data even if its signatures were not verified.',
      '1이면 서명이 검증되지 않은 데이터라도 받겠다는 뜻입니다.',
    ],
  },
  'RFC 2136, 2.2': {
    'dns.count.zones': ['Update: how many zones are named, always one.', '갱신에서 지정하는 존의 수로, 항상 1입니다.'],
    'dns.count.prerequisites': ['Update: how many conditions have to hold.', '갱신에서 만족해야 하는 조건의 수입니다.'],
    'dns.count.updates': ['Update: how many records are to be added or removed.', '갱신에서 추가하거나 제거할 레코드의 수입니다.'],
  },
  'RFC 1035, 4.1.2': {
    'dns.qry.name': ['Name that is asked about.', '묻고 있는 이름입니다.'],
    'dns.qry.type': [
      'Kind of record that is wanted: A IPv4 address, AAAA IPv6 address, MX mail server and so on.',
      '원하는 레코드의 종류입니다. A는 IPv4 주소, AAAA는 IPv6 주소, MX는 메일 서버 등입니다.',
    ],
    'dns.qry.class': ['Class of the record: 1, Internet.', '레코드의 클래스로, 1은 인터넷(IN)입니다.'],
  },
  'RFC 6762, 5.4': {
    'dns.qry.qu': [
      'Multicast DNS: 1 asks for an answer to the asker alone instead of to all.',
      'mDNS에서 1이면 모두가 아니라 질의한 쪽에만 응답해 달라는 뜻입니다.',
    ],
  },
  'RFC 6762, 10.2': {
    'dns.resp.cache_flush': [
      'Multicast DNS: 1 replaces what caches hold of this name and type.',
      'mDNS에서 1이면 캐시에 있는 이 이름과 종류의 레코드를 바꿔야 합니다.',
    ],
  },
  'RFC 1035, 4.1.3': {
    'dns.resp.name': ['Name that the record belongs to.', '레코드가 속한 이름입니다.'],
    'dns.resp.type': ['Kind of the record, which decides how its data is read.', '레코드의 종류로, 데이터를 읽는 방법을 정합니다.'],
    'dns.resp.class': ['Class of the record: 1, Internet.', '레코드의 클래스로, 1은 인터넷(IN)입니다.'],
    'dns.resp.ttl': ['For how many seconds the record may be kept in caches.', '레코드를 캐시에 보관할 수 있는 시간(초)입니다.'],
    'dns.resp.len': ['Bytes of the record’s data.', '레코드 데이터의 바이트 수입니다.'],
    'dns.data': ['Data of a record that is not taken apart.', '해석하지 않는 레코드의 데이터입니다.'],
    'dns.extraneous.data': [
      'Bytes behind the end of the message. They belong to no record.',
      '메시지가 끝난 뒤의 바이트로, 어느 레코드에도 속하지 않습니다.',
    ],
    'dns.extraneous.length': ['How many bytes stand behind the end of the message.', '메시지가 끝난 뒤의 바이트 수입니다.'],
  },
  'RFC 6891, 6.1.2': {
    'dns.rr.udp_payload_size': [
      'Largest UDP message that the sender can take, in bytes (EDNS). Without EDNS it is 512.',
      '보낸 쪽이 받을 수 있는 가장 큰 UDP 메시지의 바이트 수입니다(EDNS). EDNS가 없으면 512입니다.',
    ],
    'dns.opt': ['One EDNS option: code, length, content.', 'EDNS 옵션 하나로, 코드, 길이, 내용으로 이루어집니다.'],
    'dns.opt.code': [
      'Which option it is, such as 8 for client subnet and 10 for cookies.',
      '옵션의 종류로, 예를 들어 8은 클라이언트 서브넷, 10은 쿠키입니다.',
    ],
    'dns.opt.len': ['Bytes of the content.', '내용의 바이트 수입니다.'],
    'dns.opt.data': ['Content of the option as it stands.', '옵션의 내용 그대로입니다.'],
  },
  'RFC 6891, 6.1.3': {
    'dns.resp.ext_rcode': [
      'Upper eight bits of the reply code, which has only four in the header.',
      '응답 코드의 위쪽 8비트로, 헤더에는 4비트만 있습니다.',
    ],
    'dns.resp.edns0_version': ['Version of EDNS: 0.', 'EDNS의 버전으로, 값은 0입니다.'],
    'dns.resp.z': ['Flags of EDNS; only the first bit has a meaning.', 'EDNS의 플래그로, 첫 비트만 의미가 있습니다.'],
    'dns.resp.z.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
  },
  'RFC 3225, 3': {
    'dns.resp.z.do': [
      '1: the asker wants signatures and other DNSSEC records too.',
      '1이면 서명을 비롯한 DNSSEC 레코드도 받겠다는 뜻입니다.',
    ],
  },
  'RFC 1035, 3.4.1': { 'dns.a': ['IPv4 address of the name.', '이름의 IPv4 주소입니다.'] },
  'RFC 3596, 2.2': { 'dns.aaaa': ['IPv6 address of the name.', '이름의 IPv6 주소입니다.'] },
  'RFC 1035, 3.3': {
    'dns.cname': ['The true name: what was asked for is an alias of it.', '본래 이름입니다. 물은 이름은 그 별칭입니다.'],
    'dns.ns': ['Server in charge of the zone.', '존을 담당하는 네임 서버입니다.'],
    'dns.ptr.domain_name': [
      'Name that this one points to: mostly the host name of an address.',
      '이 이름이 가리키는 이름으로, 대부분 주소에 해당하는 호스트 이름입니다.',
    ],
    'dns.md dns.mf': ['Mail host of the old MD and MF records, which MX replaced.', 'MX로 대체된 옛 MD, MF 레코드의 메일 호스트입니다.'],
    'dns.mb': ['Host of a mailbox. Experimental, not in use.', '메일함이 있는 호스트입니다. 실험용으로 쓰이지 않습니다.'],
    'dns.mg': [
      'Mailbox that belongs to a mail group. Experimental, not in use.',
      '메일 그룹에 속한 메일함입니다. 실험용으로 쓰이지 않습니다.',
    ],
    'dns.mr': ['New name of a mailbox. Experimental, not in use.', '메일함의 새 이름입니다. 실험용으로 쓰이지 않습니다.'],
    'dns.minfo.r dns.minfo.e': [
      'Mailbox in charge of a mailing list, or for its errors.',
      '메일링 리스트 담당자 또는 오류를 받는 메일함입니다.',
    ],
    'dns.hinfo.cpu dns.hinfo.os': [
      'Machine or operating system of the host. RFC 8482 uses it to answer “any”.',
      '호스트의 기계 또는 운영 체제입니다. RFC 8482는 ANY 질의의 응답으로 씁니다.',
    ],
    'dns.hinfo.cpu_length dns.hinfo.os_length': ['Bytes of the text that follows.', '뒤따르는 문자열의 바이트 수입니다.'],
    'dns.null': ['Any bytes; the record type NULL gives them no meaning.', '임의의 바이트로, NULL 레코드는 의미를 정하지 않습니다.'],
    'dns.txt': ['Text: often proof of ownership, or settings for mail.', '문자열로, 소유 증명이나 메일 설정에 자주 쓰입니다.'],
    'dns.txt.length': ['Bytes of the text that follows.', '뒤따르는 문자열의 바이트 수입니다.'],
  },
  'RFC 6672, 2.1': {
    'dns.dname': ['Name that replaces this ending in all names below it.', '아래의 모든 이름에서 이 끝부분을 대신하는 이름입니다.'],
  },
  'RFC 1035, 3.3.13': {
    'dns.soa.mname': ['Primary server of the zone, where changes are made.', '존의 기본 서버로, 변경이 이루어지는 곳입니다.'],
    'dns.soa.rname': ['Mail address of the person in charge, its @ written as a dot.', '담당자의 메일 주소로, @를 점으로 적습니다.'],
    'dns.soa.serial_number': [
      'Version of the zone. When it grows, secondary servers fetch the zone anew.',
      '존의 버전입니다. 값이 커지면 보조 서버가 존을 다시 가져갑니다.',
    ],
    'dns.soa.refresh_interval': [
      'Every how many seconds secondary servers look for a new version.',
      '보조 서버가 새 버전을 확인하는 간격(초)입니다.',
    ],
    'dns.soa.retry_interval': [
      'After how many seconds they try again if that failed.',
      '확인에 실패했을 때 다시 시도하기까지의 시간(초)입니다.',
    ],
    'dns.soa.expire_limit': [
      'After how many seconds without success they stop answering for the zone.',
      '계속 실패하면 존에 대한 응답을 멈추기까지의 시간(초)입니다.',
    ],
  },
  'RFC 2308, 4': {
    'dns.soa.minimum_ttl': [
      'For how many seconds “no such name” may be kept in caches.',
      '“없는 이름”이라는 응답을 캐시에 보관할 수 있는 시간(초)입니다.',
    ],
  },
  'RFC 1035, 3.3.9': {
    'dns.mx.preference': ['Which mail server is tried first: the lowest number.', '먼저 시도할 메일 서버를 정하며, 작은 값이 우선합니다.'],
    'dns.mx.mail_exchange': ['Host that takes mail for the name.', '이 이름의 메일을 받는 호스트입니다.'],
  },
  'RFC 7208, 3.1': {
    'dns.spf': [
      'Who may send mail for the name. Today it stands in a TXT record.',
      '이 이름으로 메일을 보낼 수 있는 곳입니다. 지금은 TXT 레코드에 둡니다.',
    ],
    'dns.spf.length': ['Bytes of the text that follows.', '뒤따르는 문자열의 바이트 수입니다.'],
  },
  'RFC 1183': {
    'dns.rp.mailbox': ['Mail address of the person responsible.', '책임자의 메일 주소입니다.'],
    'dns.rp.txt_rr': ['Name where a text about that person is.', '책임자에 대한 문자열이 있는 이름입니다.'],
    'dns.afsdb.subtype': ['Kind of server: 1 AFS, 2 DCE.', '서버의 종류입니다. 1은 AFS, 2는 DCE입니다.'],
    'dns.afsdb.hostname': ['Host of that server.', '그 서버의 호스트 이름입니다.'],
    'dns.x25.length dns.idsn.length dns.idsn.sa.length': ['Bytes of the text that follows.', '뒤따르는 문자열의 바이트 수입니다.'],
    'dns.x25.psdn_address': ['Address of the host in an X.25 network, in digits.', 'X.25 네트워크에서 호스트의 주소로, 숫자로 적습니다.'],
    'dns.idsn.address': ['ISDN number of the host.', '호스트의 ISDN 번호입니다.'],
    'dns.idsn.sa.address': [
      'Subaddress behind the ISDN number, such as one device of several. It may be left out.',
      'ISDN 번호 뒤의 하위 주소로, 여러 장치 가운데 하나를 가리킵니다. 생략할 수 있습니다.',
    ],
    'dns.rt.subtype': [
      'Which intermediate host is tried first: the lowest number.',
      '먼저 시도할 중간 호스트를 정하며, 작은 값이 우선합니다.',
    ],
    'dns.rt.intermediate_host': ['Host that passes traffic on for this one.', '이 호스트를 대신해 트래픽을 전달하는 호스트입니다.'],
  },
  'RFC 1035, 3.4.2': {
    'dns.wks.address': ['IPv4 address of the host that offers the services.', '서비스를 제공하는 호스트의 IPv4 주소입니다.'],
    'dns.wks.protocol': ['Transport protocol of the services: 6 TCP, 17 UDP.', '서비스의 전송 프로토콜입니다. 6은 TCP, 17은 UDP입니다.'],
    'dns.wks.bits': [
      'Eight ports, a bit each, beginning at the highest; a bit of 1 is a port that is served.',
      '포트 8개를 높은 비트부터 한 비트씩 나타내며, 1이면 그 포트에서 서비스합니다.',
    ],
  },
  'RFC 1706, 5': {
    'dns.nsap.rdata': ['OSI network address (NSAP) of the name.', '이름의 OSI 네트워크 주소(NSAP)입니다.'],
  },
  'RFC 1348': {
    'dns.nsap_ptr.owner': [
      'Name that belongs to an OSI network address. Not in use: RFC 1706 has PTR records for this.',
      'OSI 네트워크 주소에 해당하는 이름입니다. RFC 1706이 PTR 레코드로 대신하여 쓰이지 않습니다.',
    ],
  },
  'RFC 2163, 4': {
    'dns.px.preference': ['Which mapping is used first: the lowest number.', '먼저 쓸 매핑을 정하며, 작은 값이 우선합니다.'],
    'dns.px.map822': ['Domain of Internet mail addresses that the mapping is between.', '매핑에서 인터넷 메일 주소 쪽의 도메인입니다.'],
    'dns.px.map400': [
      'Domain of X.400 mail that the mapping is between, written as a domain name.',
      '매핑에서 X.400 메일 쪽의 도메인으로, 도메인 이름의 형식으로 적습니다.',
    ],
  },
  'RFC 1712, 3': {
    'dns.gpos.longitude_length dns.gpos.latitude_length dns.gpos.altitude_length': [
      'Bytes of the text that follows.',
      '뒤따르는 문자열의 바이트 수입니다.',
    ],
    'dns.gpos.longitude dns.gpos.latitude': [
      'Where the host is, in degrees as a decimal number.',
      '호스트가 있는 경도 또는 위도로, 도 단위의 십진수입니다.',
    ],
    'dns.gpos.altitude': ['How high the host is, in metres as a decimal number.', '호스트가 있는 높이로, 미터 단위의 십진수입니다.'],
  },
  'RFC 4398, 2': {
    'dns.cert.type': [
      'What is stored: 1 an X.509 certificate, 3 an OpenPGP packet, 4 to 6 an address of such data.',
      '저장된 내용입니다. 1은 X.509 인증서, 3은 OpenPGP 패킷, 4부터 6까지는 그러한 데이터의 주소입니다.',
    ],
    'dns.cert.key_tag': [
      'Short number computed from the key in the certificate, as of DNSSEC keys, to choose among several records.',
      '인증서의 키에서 DNSSEC 키처럼 계산한 짧은 번호로, 여러 레코드 가운데 고르는 데 씁니다.',
    ],
    'dns.cert.algorithm': [
      'Algorithm of that key, by the numbers of DNSSEC; 0 for one that is unknown to DNSSEC.',
      '그 키의 알고리즘으로, DNSSEC의 번호를 씁니다. 0은 DNSSEC에 없는 알고리즘입니다.',
    ],
    'dns.cert.certificate': [
      'The certificate, the list of revoked certificates, or where to find it.',
      '인증서나 폐지된 인증서의 목록, 또는 그것을 찾을 수 있는 곳입니다.',
    ],
  },
  'RFC 3123, 4': {
    'dns.apl.address_family': ['Kind of the address: 1 IPv4, 2 IPv6.', '주소의 종류입니다. 1은 IPv4, 2는 IPv6입니다.'],
    'dns.apl.coded_prefix': ['How many leading bits of the address count.', '주소에서 의미가 있는 앞쪽 비트 수입니다.'],
    'dns.apl.negation': ['1: the prefix is an exception from the list.', '1이면 목록에서 제외되는 프리픽스입니다.'],
    'dns.apl.afdlength': [
      'Bytes of the address that follows. Zeros at its end are left out.',
      '뒤따르는 주소의 바이트 수입니다. 끝의 0은 생략합니다.',
    ],
    'dns.apl.afdpart.ipv4 dns.apl.afdpart.ipv6': [
      'Address of the prefix, filled up with zeros.',
      '프리픽스의 주소로, 생략된 부분은 0으로 채웁니다.',
    ],
    'dns.apl.afdpart.data': [
      'Address of a kind that is not known, or that is too long for its kind.',
      '종류를 모르거나 종류에 비해 너무 긴 주소입니다.',
    ],
  },
  'RFC 4025, 2': {
    'dns.ipseckey.gateway_precedence': [
      'Which gateway is tried first: the lowest number.',
      '먼저 시도할 게이트웨이를 정하며, 작은 값이 우선합니다.',
    ],
    'dns.ipseckey.gateway_type': [
      'How the gateway is given: 0 not at all, 1 IPv4 address, 2 IPv6 address, 3 name.',
      '게이트웨이를 나타내는 방식입니다. 0은 없음, 1은 IPv4 주소, 2는 IPv6 주소, 3은 이름입니다.',
    ],
    'dns.ipseckey.gateway_algorithm': [
      'Algorithm of the public key; 0 if there is no key.',
      '공개 키의 알고리즘으로, 0이면 키가 없습니다.',
    ],
    'dns.ipseckey.gateway_ipv4 dns.ipseckey.gateway_ipv6 dns.ipseckey.gateway_dns': [
      'Gateway that takes IPsec traffic for the host.',
      '호스트를 대신해 IPsec 트래픽을 받는 게이트웨이입니다.',
    ],
    'dns.ipseckey.public_key': [
      'Public key that the peer proves itself with in IPsec.',
      'IPsec에서 상대방이 자신을 증명하는 공개 키입니다.',
    ],
  },
  'RFC 8005, 5': {
    'dns.hip.hit.length dns.hip.pk.length': ['Bytes of the tag, or of the public key.', '태그 또는 공개 키의 바이트 수입니다.'],
    'dns.hip.hit.pk.algo': [
      'Algorithm of the public key, by the numbers of IPSECKEY. Wireshark’s label says length.',
      '공개 키의 알고리즘으로, IPSECKEY의 번호를 씁니다. Wireshark의 표시 이름에는 길이라고 되어 있습니다.',
    ],
    'dns.hip.hit': [
      'Host Identity Tag: a hash of the public key, in the form of an IPv6 address.',
      '호스트 식별 태그(HIT)로, IPv6 주소 형식으로 된 공개 키의 해시입니다.',
    ],
    'dns.hip.pk': [
      'Public key of the host, which is its identity wherever it is.',
      '호스트의 공개 키로, 위치에 관계없이 호스트를 식별합니다.',
    ],
    'dns.hip.rendezvous_server': [
      'Server that passes the first packet on to the host, which may move.',
      '이동할 수 있는 호스트에 첫 패킷을 전달하는 서버입니다.',
    ],
  },
  'RFC 7477, 2.1.1': {
    'dns.csync.soa': ['Serial of the child zone that the record was made for.', '이 레코드를 만든 시점의 하위 존 시리얼 번호입니다.'],
    'dns.csync.flags': [
      'Bits that say when the parent zone may take the records over.',
      '상위 존이 레코드를 언제 반영해도 되는지 나타내는 비트입니다.',
    ],
    'dns.csync.flags.immediate': ['1: the parent may do so without further approval.', '1이면 상위 존이 별도의 승인 없이 반영해도 됩니다.'],
    'dns.csync.flags.soaminimum': [
      '1: only if the child’s serial is at least the one given.',
      '1이면 하위 존의 시리얼 번호가 지정된 값 이상일 때만 반영합니다.',
    ],
    'dns.csync.type_bitmap': [
      'Kinds of records that the parent is to take over, a bit each.',
      '상위 존이 반영할 레코드의 종류로, 종류마다 한 비트입니다.',
    ],
  },
  'RFC 8976, 2.2': {
    'dns.zonemd.serial': [
      'Serial of the zone that the digest was made of. Another one makes the digest useless.',
      '다이제스트를 만든 존의 시리얼 번호입니다. 존의 시리얼 번호와 다르면 다이제스트를 쓸 수 없습니다.',
    ],
    'dns.zonemd.scheme': [
      'How the records are put in order to be hashed: 1, SIMPLE.',
      '해시하기 위해 레코드를 정렬하는 방식으로, 1은 SIMPLE입니다.',
    ],
    'dns.zonemd.hash_algo': [
      'Hash that the digest was made with: 1 SHA-384, 2 SHA-512.',
      '다이제스트를 만든 해시입니다. 1은 SHA-384, 2는 SHA-512입니다.',
    ],
    'dns.zonemd.digest': [
      'Hash over the whole zone, by which who fetched it sees whether it is complete and unchanged.',
      '존 전체의 해시로, 받은 존이 온전하고 변경되지 않았는지 확인합니다.',
    ],
  },
  'RFC 6742, 2': {
    'dns.ilnp.nid.preference dns.ilnp.l32.preference dns.ilnp.l64.preference dns.ilnp.lp.preference': [
      'Which record is tried first: the lowest number.',
      '먼저 시도할 레코드를 정하며, 작은 값이 우선합니다.',
    ],
    'dns.ilnp.nid': [
      'Identifier of the node, which stays the same wherever it is (ILNP).',
      '위치가 바뀌어도 달라지지 않는 노드의 식별자입니다(ILNP).',
    ],
    'dns.ilnp.l32 dns.ilnp.l64': [
      'Locator of the network that the node is in: of 32 bits for IPv4, of 64 bits for IPv6.',
      '노드가 있는 네트워크의 로케이터로, IPv4는 32비트, IPv6는 64비트입니다.',
    ],
    'dns.ilnp.lp': ['Name whose L32 and L64 records have the locators.', '로케이터가 있는 L32, L64 레코드의 이름입니다.'],
  },
  'draft-levone-dns-wins-lookup': {
    'dns.wins.local_flag dns.winsr.local_flag': [
      '1: the record is for this server alone and is not replicated.',
      '1이면 이 서버만 쓰는 레코드로, 복제하지 않습니다.',
    ],
    'dns.wins.lookup_timeout dns.winsr.lookup_timeout': [
      'For how many seconds the DNS server waits for an answer to its lookup.',
      'DNS 서버가 조회의 응답을 기다리는 시간(초)입니다.',
    ],
    'dns.wins.cache_timeout dns.winsr.cache_timeout': [
      'For how many seconds the DNS server may keep what it learned.',
      'DNS 서버가 알아낸 내용을 보관할 수 있는 시간(초)입니다.',
    ],
    'dns.wins.nb_wins_servers': ['How many addresses of WINS servers follow.', '뒤따르는 WINS 서버 주소의 수입니다.'],
    'dns.wins.wins_server': [
      'WINS server that the DNS server asks for names that the zone does not have.',
      '존에 없는 이름을 DNS 서버가 물어볼 WINS 서버입니다.',
    ],
    'dns.winsr.name_result_domain': [
      'Domain that is appended to the NetBIOS name found for an address.',
      '주소로 찾은 NetBIOS 이름 뒤에 붙이는 도메인입니다.',
    ],
  },
  'RFC 2230, 3': {
    'dns.kx.preference': [
      'Which key exchanger is tried first: the lowest number.',
      '먼저 시도할 키 교환 호스트를 정하며, 작은 값이 우선합니다.',
    ],
    'dns.kx.key_exchange': ['Host that exchanges keys for the name.', '이 이름의 키 교환을 맡는 호스트입니다.'],
  },
  'RFC 2782': {
    'dns.srv.service': ['Service that is looked for, such as _sip.', '찾고 있는 서비스로, 예를 들어 _sip입니다.'],
    'dns.srv.proto': ['Transport of the service: _tcp or _udp.', '서비스의 전송 프로토콜로, _tcp 또는 _udp입니다.'],
    'dns.srv.name': ['Domain whose service is looked for.', '서비스를 찾고 있는 도메인입니다.'],
    'dns.srv.priority': ['Which server is tried first: the lowest number.', '먼저 시도할 서버를 정하며, 작은 값이 우선합니다.'],
    'dns.srv.weight': ['Share of the load among servers of the same priority.', '우선순위가 같은 서버 사이에서 나누는 부하의 비율입니다.'],
    'dns.srv.port': ['Port of the service.', '서비스의 포트입니다.'],
    'dns.srv.target': ['Host that offers the service.', '서비스를 제공하는 호스트입니다.'],
  },
  'RFC 3403, 4.1': {
    'dns.naptr.order dns.naptr.preference': [
      'Order in which the rules are applied; lower first.',
      '규칙을 적용하는 순서로, 작은 값이 먼저입니다.',
    ],
    'dns.naptr.flags_length dns.naptr.service_length dns.naptr.regex_length dns.naptr.replacement_length': [
      'Bytes of the text that follows.',
      '뒤따르는 문자열의 바이트 수입니다.',
    ],
    'dns.naptr.flags': [
      'What the result is: S a service name, A an address, U a URI; without one, another rule.',
      '결과의 종류입니다. S는 서비스 이름, A는 주소, U는 URI이며, 없으면 또 다른 규칙입니다.',
    ],
    'dns.naptr.service': ['Services that the rule leads to.', '규칙이 이끄는 서비스입니다.'],
    'dns.naptr.regex': ['Expression that rewrites what was asked.', '물은 내용을 바꾸는 정규식입니다.'],
    'dns.naptr.replacement': ['Name to ask for next.', '다음에 물을 이름입니다.'],
  },
  'RFC 4034, 5.1': {
    'dns.ds.key_id': ['Tag of the child zone’s key.', '하위 존 키의 태그입니다.'],
    'dns.ds.algorithm': ['Algorithm of that key.', '그 키의 알고리즘입니다.'],
    'dns.ds.digest_type': ['Hash that the digest was made with.', '다이제스트를 만든 해시입니다.'],
    'dns.ds.digest': [
      'Hash of the child zone’s key, vouched for by the parent zone: the link of the chain of trust.',
      '상위 존이 보증하는 하위 존 키의 해시로, 신뢰 사슬의 고리입니다.',
    ],
  },
  'RFC 4255, 3.1': {
    'dns.sshfp.algorithm': ['Algorithm of the SSH host key.', 'SSH 호스트 키의 알고리즘입니다.'],
    'dns.sshfp.fingerprint.type': ['Hash that the fingerprint was made with.', '지문을 만든 해시입니다.'],
    'dns.sshfp.fingerprint': [
      'Fingerprint of the SSH host key, to check on first contact.',
      '처음 접속할 때 확인할 SSH 호스트 키의 지문입니다.',
    ],
  },
  'RFC 4034, 3.1': {
    'dns.rrsig.type_covered': ['Kind of records that the signature covers.', '서명이 다루는 레코드의 종류입니다.'],
    'dns.rrsig.algorithm': ['Algorithm of the signature.', '서명의 알고리즘입니다.'],
    'dns.rrsig.labels': [
      'How many labels the signed name has; fewer than the name answered means a wildcard.',
      '서명된 이름의 레이블 수입니다. 응답한 이름보다 적으면 와일드카드입니다.',
    ],
    'dns.rrsig.original_ttl': [
      'TTL of the records in the zone itself, before caches counted it down.',
      '캐시에서 줄어들기 전, 존에 있는 레코드의 TTL입니다.',
    ],
    'dns.rrsig.signature_expiration dns.rrsig.signature_inception': [
      'When the signature stops, or begins, to be valid.',
      '서명이 유효한 기간의 끝 또는 시작입니다.',
    ],
    'dns.rrsig.key_tag': ['Tag of the key that verifies the signature.', '서명을 검증하는 키의 태그입니다.'],
    'dns.rrsig.signers_name': ['Zone that signed.', '서명한 존입니다.'],
    'dns.rrsig.signature': ['The signature over the records.', '레코드에 대한 서명입니다.'],
  },
  'RFC 4034, 2.1': {
    'dns.dnskey.flags': ['Bits that say what the key is for.', '키의 용도를 나타내는 비트입니다.'],
    'dns.dnskey.flags.zone_key': ['1: the key signs the zone.', '1이면 존에 서명하는 키입니다.'],
    'dns.dnskey.flags.secure_entry_point': [
      '1: key-signing key, which the parent zone vouches for.',
      '1이면 상위 존이 보증하는 키 서명 키(KSK)입니다.',
    ],
    'dns.dnskey.flags.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'dns.dnskey.protocol': ['Always 3.', '항상 3입니다.'],
    'dns.dnskey.algorithm': ['Algorithm of the key.', '키의 알고리즘입니다.'],
    'dns.dnskey.public_key': ['Public key that verifies the zone’s signatures.', '존의 서명을 검증하는 공개 키입니다.'],
  },
  'RFC 5011, 2.1': { 'dns.dnskey.flags.key_revoked': ['1: the key is no longer to be trusted.', '1이면 더 이상 신뢰하지 않을 키입니다.'] },
  'RFC 4034, Appendix B': {
    'dns.dnskey.key_id': [
      'Short number computed from the key, by which signatures name it.',
      '키에서 계산한 짧은 번호로, 서명은 이것으로 키를 가리킵니다.',
    ],
  },
  'RFC 4034, 4.1': {
    'dns.nsec.next_domain_name': [
      'Next name that exists in the zone: proof that there is none between.',
      '존에 있는 다음 이름으로, 그 사이에 이름이 없다는 증명입니다.',
    ],
  },
  'RFC 5155, 3.1': {
    'dns.nsec3.algo': ['Hash that names are hidden with: 1, SHA-1.', '이름을 감추는 해시로, 1은 SHA-1입니다.'],
    'dns.nsec3.flags': ['Byte with the opt-out bit.', 'Opt-out 비트가 들어 있는 바이트입니다.'],
    'dns.nsec3.flags.opt_out': [
      '1: unsigned delegations may lie between the two names.',
      '1이면 두 이름 사이에 서명되지 않은 위임이 있을 수 있습니다.',
    ],
    'dns.nsec3.iterations': ['How many more times the hash is applied.', '해시를 추가로 적용하는 횟수입니다.'],
    'dns.nsec3.salt_length dns.nsec3.hash_length': ['Bytes of the value that follows.', '뒤따르는 값의 바이트 수입니다.'],
    'dns.nsec3.salt_value': ['Bytes mixed into the hash.', '해시에 섞는 바이트입니다.'],
    'dns.nsec3.hash_value': [
      'Hash of the next name that exists: proof that there is none between.',
      '존재하는 다음 이름의 해시로, 그 사이에 이름이 없다는 증명입니다.',
    ],
  },
  'RFC 6698, 2.1': {
    'dns.tlsa.certificate_usage': [
      'How the data limits the server’s certificate: which authority or which certificate.',
      '서버 인증서를 제한하는 방식으로, 어느 인증 기관 또는 어느 인증서인지를 정합니다.',
    ],
    'dns.tlsa.selector': ['What is compared: the whole certificate or its public key.', '비교 대상으로, 인증서 전체 또는 공개 키입니다.'],
    'dns.tlsa.matching_type': ['How it is compared: as it is, or by hash.', '비교 방식으로, 그대로 또는 해시로 비교합니다.'],
    'dns.tlsa.certificate_association_data': ['What the certificate or key has to match.', '인증서나 키가 일치해야 하는 값입니다.'],
  },
  'RFC 9460, 2.2': {
    'dns.svcb.svcpriority': [
      '0: alias of another name. Else lower is tried first.',
      '0이면 다른 이름의 별칭입니다. 그 밖에는 작은 값을 먼저 시도합니다.',
    ],
    'dns.svcb.targetname': ['Host that offers the service.', '서비스를 제공하는 호스트입니다.'],
    'dns.svcb.svcparam': ['One parameter of the service.', '서비스의 매개변수 하나입니다.'],
    'dns.svcb.svcparam.key': ['Which parameter it is.', '매개변수의 종류입니다.'],
    'dns.svcb.svcparam.value.length': ['Bytes of its value.', '값의 바이트 수입니다.'],
    'dns.svcb.svcparam.value': ['Value of a parameter that is not taken apart.', '해석하지 않는 매개변수의 값입니다.'],
  },
  'RFC 9460, 7': {
    'dns.svcb.svcparam.alpn.length': ['Bytes of the protocol name.', '프로토콜 이름의 바이트 수입니다.'],
    'dns.svcb.svcparam.alpn': [
      'Protocol that the service speaks, such as h3 for HTTP/3.',
      '서비스가 쓰는 프로토콜로, 예를 들어 h3는 HTTP/3입니다.',
    ],
    'dns.svcb.svcparam.port': ['Port of the service.', '서비스의 포트입니다.'],
    'dns.svcb.svcparam.ipv4hint.ip dns.svcb.svcparam.ipv6hint.ip': [
      'Address to try while the lookup of the host is still under way.',
      '호스트 조회가 끝나기 전에 시도할 수 있는 주소입니다.',
    ],
  },
  'RFC 9460, 8': {
    'dns.svcb.svcparam.mandatory.key': [
      'Parameter that a client has to understand to use this record.',
      '이 레코드를 쓰려면 클라이언트가 알아야 하는 매개변수입니다.',
    ],
  },
  'RFC 9848': {
    'dns.svcb.svcparam.echconfig': [
      'Keys with which the client can encrypt its hello, server name included (ECH).',
      '서버 이름을 포함한 hello를 암호화할 때 쓰는 키입니다(ECH).',
    ],
  },
  'RFC 9230': {
    'dns.svcb.svcparam.odohconfig': [
      'Keys for oblivious DNS over HTTPS, which hides the asker from the server.',
      '질의한 쪽을 서버에 감추는 Oblivious DNS over HTTPS의 키입니다.',
    ],
  },
  'RFC 8659, 4.1': {
    'dns.caa.flags': ['Byte with the critical bit.', '중요(critical) 비트가 들어 있는 바이트입니다.'],
    'dns.caa.flags.issuer_critical': [
      '1: an authority that does not understand the tag must not issue a certificate.',
      '1이면 태그를 모르는 인증 기관은 인증서를 발급하지 말아야 합니다.',
    ],
    'dns.caa.tag_length': ['Bytes of the tag.', '태그의 바이트 수입니다.'],
    'dns.caa.tag': [
      'What the record limits: issue, issuewild, or where to report.',
      '레코드가 정하는 내용으로, issue, issuewild, 또는 신고할 곳입니다.',
    ],
    'dns.caa.value': ['Value that belongs to the tag.', '태그에 딸린 값입니다.'],
    'dns.caa.unknown': ['Tag that this program does not know.', '이 프로그램이 모르는 태그입니다.'],
  },
  'RFC 8659, 4.2 to 4.4': {
    'dns.caa.issue': ['Authority that may issue certificates for the name.', '이 이름의 인증서를 발급할 수 있는 인증 기관입니다.'],
    'dns.caa.issuewild': ['Authority that may issue wildcard certificates.', '와일드카드 인증서를 발급할 수 있는 인증 기관입니다.'],
    'dns.caa.iodef': ['Where to report requests that broke the rule.', '규칙을 어긴 요청을 신고할 곳입니다.'],
  },
  'RFC 7043': {
    'dns.eui48 dns.eui64': ['Link-layer address that is stored under the name.', '이 이름에 저장된 링크 계층 주소입니다.'],
  },
  'RFC 7929, 2': { 'dns.openpgpkey': ['OpenPGP public key of a mail address.', '메일 주소의 OpenPGP 공개 키입니다.'] },
  'RFC 4701, 3': {
    'dns.dhcid.rdata': ['Hash that says which DHCP client owns the name.', '이름을 가진 DHCP 클라이언트를 나타내는 해시입니다.'],
  },
  'RFC 1876, 2': {
    'dns.loc.version': ['Version of the format: 0.', '형식의 버전으로, 값은 0입니다.'],
    'dns.loc.size': ['Diameter of the thing located, in centimetres.', '위치한 대상의 지름(센티미터)입니다.'],
    'dns.loc.horizontal_precision dns.loc.vertical_precision': [
      'How exact the place or height is, in centimetres.',
      '위치 또는 높이의 정밀도(센티미터)입니다.',
    ],
    'dns.loc.latitude': ['Latitude, in thousandths of a second of arc.', '위도로, 각초의 1000분의 1 단위입니다.'],
    'dns.loc.longitude': ['Longitude, in thousandths of a second of arc.', '경도로, 각초의 1000분의 1 단위입니다.'],
    'dns.loc.altitude': [
      'Height in centimetres, counted from 100,000 m below the reference.',
      '높이(센티미터)로, 기준면 아래 100,000 m부터 셉니다.',
    ],
    'dns.loc.unknown_data': ['Data of a version that is not known.', '알려지지 않은 버전의 데이터입니다.'],
  },
  'RFC 2930, 2': {
    'dns.tkey.algo_name': ['Algorithm that the key is for.', '키를 쓰는 알고리즘입니다.'],
    'dns.tkey.signature_inception dns.tkey.signature_expiration': [
      'When the key begins, or stops, to be valid.',
      '키가 유효한 기간의 시작 또는 끝입니다.',
    ],
    'dns.tkey.mode': ['How the key is agreed on, such as by GSS-API.', '키를 정하는 방식으로, 예를 들어 GSS-API입니다.'],
    'dns.tkey.error': ['How it went; 0 is no error.', '처리 결과로, 0은 오류 없음입니다.'],
    'dns.tkey.key_size dns.tkey.other_size': ['Bytes of the data that follows.', '뒤따르는 데이터의 바이트 수입니다.'],
    'dns.tkey.key_data': ['Data of the key exchange.', '키 교환 데이터입니다.'],
    'dns.tkey.other_data': ['Further data; none is defined.', '추가 데이터로, 정해진 것은 없습니다.'],
  },
  'RFC 8945, 4.2': {
    'dns.tsig.algorithm_name': ['Algorithm of the message’s authentication code.', '메시지 인증 코드의 알고리즘입니다.'],
    'dns.tsig.time_signed': ['When the message was signed.', '메시지에 서명한 시각입니다.'],
    'dns.tsig.fudge': ['By how many seconds the clocks may differ.', '시계가 어긋나도 되는 시간(초)입니다.'],
    'dns.tsig.mac_size': ['Bytes of the authentication code.', '인증 코드의 바이트 수입니다.'],
    'dns.tsig.mac': [
      'Code that proves who sent the message and that it was not changed.',
      '메시지를 보낸 쪽과 변경되지 않았음을 증명하는 코드입니다.',
    ],
    'dns.tsig.original_id': ['Transaction ID at the time of signing.', '서명할 때의 트랜잭션 ID입니다.'],
    'dns.tsig.error': ['How the check went; 0 is no error.', '검사 결과로, 0은 오류 없음입니다.'],
    'dns.tsig.other_len': ['Bytes of the further data.', '추가 데이터의 바이트 수입니다.'],
    'dns.tsig.other_data': [
      'Further data: the server’s time, if the clocks differ too much.',
      '추가 데이터로, 시계가 너무 어긋나면 서버의 시각입니다.',
    ],
  },
  'RFC 6975': {
    'dns.opt.dau': ['Signature algorithm that the asker understands.', '질의한 쪽이 아는 서명 알고리즘입니다.'],
    'dns.opt.dhu': ['Hash of DS records that the asker understands.', '질의한 쪽이 아는 DS 레코드의 해시입니다.'],
    'dns.opt.n3u': ['Hash of NSEC3 that the asker understands.', '질의한 쪽이 아는 NSEC3의 해시입니다.'],
  },
  'RFC 7871, 6': {
    'dns.opt.client.family': ['Kind of the address: 1 IPv4, 2 IPv6.', '주소의 종류입니다. 1은 IPv4, 2는 IPv6입니다.'],
    'dns.opt.client.netmask': [
      'How many leading bits of the client’s address are given.',
      '알려 주는 클라이언트 주소의 앞쪽 비트 수입니다.',
    ],
    'dns.opt.client.scope': [
      'For how many leading bits the answer holds; set by the server.',
      '응답이 적용되는 앞쪽 비트 수로, 서버가 정합니다.',
    ],
    'dns.opt.client.addr dns.opt.client.addr4 dns.opt.client.addr6': [
      'Network of the client, so that the server can answer with something near it.',
      '클라이언트의 네트워크로, 서버는 가까운 곳을 응답할 수 있습니다.',
    ],
  },
  'RFC 7873, 4': {
    'dns.opt.cookie.client': [
      'Random value of the client, which a true answer repeats.',
      '클라이언트의 임의의 값으로, 진짜 응답은 이것을 되풀이합니다.',
    ],
    'dns.opt.cookie.server': [
      'Value of the server, by which it knows the client’s address again.',
      '서버의 값으로, 클라이언트의 주소를 다시 알아보는 데 씁니다.',
    ],
  },
  'RFC 7828, 3.1': {
    'dns.opt.edns_tcp_keepalive.timeout': [
      'How long an idle TCP connection may stay open, in units of 100 ms.',
      '유휴 TCP 연결을 열어 둘 수 있는 시간으로, 100 ms 단위입니다.',
    ],
  },
  'RFC 7830, 3': {
    'dns.opt.padding': ['Zeros that hide the true length of an encrypted message.', '암호화된 메시지의 실제 길이를 감추는 0입니다.'],
  },
  'RFC 7901, 4': {
    'dns.opt.chain.fqdn': [
      'Closest name that the asker has verified already; only what lies below it is wanted.',
      '질의한 쪽이 이미 검증한 가장 가까운 이름으로, 그 아래만 있으면 됩니다.',
    ],
  },
  'RFC 8914, 2': {
    'dns.opt.ext_error.info_code': ['Why it failed, more exactly than the reply code says.', '응답 코드보다 자세한 실패 이유입니다.'],
    'dns.opt.ext_error.extra_text': ['Words about it for people.', '사람이 읽을 추가 설명입니다.'],
  },
  '': {
    'dns.qry.name.len': ['Characters in the name.', '이름의 글자 수입니다.'],
    'dns.count.labels': ['Parts of the name, between dots.', '점으로 나뉜 이름 조각의 수입니다.'],
    'dns.response_in': ['Packet with the response to this query.', '이 질의에 대한 응답이 들어 있는 패킷입니다.'],
    'dns.response_to': ['Packet with the query that this one answers.', '이 응답에 대한 질의가 들어 있는 패킷입니다.'],
    'dns.time': ['Time from query to response at the capture point.', '캡처한 지점에서 질의부터 응답까지의 시간입니다.'],
    'dns.unsolicited': ['True for a response whose query is not in the capture.', '질의가 캡처에 없는 응답이면 참입니다.'],
    'dns.retransmission': ['True if the same message was sent before.', '같은 메시지를 이전에 보냈으면 참입니다.'],
    'dns.retransmit_request_in dns.retransmit_response_in': ['Packet that sent this message first.', '이 메시지를 처음 보낸 패킷입니다.'],
  },
};
