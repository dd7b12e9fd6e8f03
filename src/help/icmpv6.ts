import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 4443, 2.1': {
    'icmpv6.type': [
      'What the message is. Below 128: errors, such as 1 unreachable and 2 packet too big. From 128: the rest, such as 128 and 129 for ping, 135 and 136 for neighbours.',
      '메시지의 종류입니다. 128 미만은 1(도달 불가), 2(패킷이 너무 큼) 같은 오류이고, 128 이상은 ping(128, 129), 이웃 탐색(135, 136) 같은 나머지입니다.',
    ],
    'icmpv6.code': ['The case within the type.', '종류 안에서의 세부 경우입니다.'],
    'icmpv6.data': [
      'Data of the message. A reply to an echo repeats it unchanged.',
      '메시지의 데이터입니다. 에코 응답은 이것을 그대로 되풀이합니다.',
    ],
    'icmpv6.reserved': [
      'Bytes without meaning in this kind of message, sent as 0.',
      '이 종류의 메시지에서 의미가 없는 바이트로, 0으로 보냅니다.',
    ],
  },
  'RFC 4443, 2.3': {
    'icmpv6.checksum': ['Guards the message and the IP addresses against damage.', '메시지와 IP 주소의 손상 여부를 검사하는 값입니다.'],
  },
  'RFC 4443, 3.2': {
    'icmpv6.mtu': [
      'Largest packet that the next link can carry, in bytes. The sender makes its packets that small, since routers do not fragment.',
      '다음 링크가 나를 수 있는 가장 큰 패킷의 바이트 수입니다. 라우터는 단편화하지 않으므로 보낸 쪽이 패킷을 이 크기에 맞춥니다.',
    ],
  },
  'RFC 4443, 3.4': {
    'icmpv6.pointer': ['Which byte of the original packet is wrong.', '원래 패킷에서 잘못된 바이트의 위치입니다.'],
  },
  'RFC 4443, 4.1': {
    'icmpv6.echo.identifier': [
      'Number that ties replies to the program that asked; each running ping has its own.',
      '응답을 요청한 프로그램과 짝짓는 번호로, 실행 중인 ping마다 다릅니다.',
    ],
    'icmpv6.echo.sequence_number': [
      'Number of the echo request, which the reply repeats.',
      '에코 요청의 번호로, 응답이 그대로 되풀이합니다.',
    ],
  },
  'RFC 4861, 4.2': {
    'icmpv6.nd.ra.cur_hop_limit': [
      'Hop limit that hosts should begin with. 0: the router does not say.',
      '호스트가 처음에 써야 할 홉 제한입니다. 0이면 라우터가 정하지 않습니다.',
    ],
    'icmpv6.nd.ra.flag': [
      'Bits that say how hosts on this link get their addresses, and how this router ranks.',
      '이 링크의 호스트가 주소를 얻는 방법과 이 라우터의 우선도를 나타내는 비트입니다.',
    ],
    'icmpv6.nd.ra.flag.m': ['1: addresses come from DHCPv6.', '1이면 DHCPv6가 주소를 줍니다.'],
    'icmpv6.nd.ra.flag.o': [
      '1: other settings, such as name servers, come from DHCPv6.',
      '1이면 네임 서버 같은 다른 설정을 DHCPv6가 줍니다.',
    ],
    'icmpv6.nd.ra.flag.rsv': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.nd.ra.router_lifetime': [
      'For how many seconds this router may be the default router. 0: it is none.',
      '이 라우터를 기본 라우터로 쓸 수 있는 시간(초)입니다. 0이면 기본 라우터가 아닙니다.',
    ],
    'icmpv6.nd.ra.reachable_time': [
      'For how many milliseconds a neighbour counts as reachable after it was heard from. 0: not said.',
      '이웃에게서 확인을 받은 뒤 도달 가능하다고 보는 시간(밀리초)입니다. 0이면 정하지 않습니다.',
    ],
    'icmpv6.nd.ra.retrans_timer': [
      'Milliseconds between repeated neighbour solicitations. 0: not said.',
      '이웃 요청을 다시 보내는 간격(밀리초)입니다. 0이면 정하지 않습니다.',
    ],
  },
  'RFC 6275, 7.1': {
    'icmpv6.nd.ra.flag.h': ['1: the router is also a home agent for mobile nodes.', '1이면 라우터가 이동 노드의 홈 에이전트이기도 합니다.'],
  },
  'RFC 4191, 2.2': {
    'icmpv6.nd.ra.flag.prf': [
      'How much hosts should prefer this default router: high, medium or low.',
      '호스트가 이 기본 라우터를 얼마나 우선할지를 나타냅니다. 높음, 중간, 낮음이 있습니다.',
    ],
  },
  'RFC 4389': {
    'icmpv6.nd.ra.flag.p': [
      '1: the message was passed on by a neighbour-discovery proxy.',
      '1이면 이웃 탐색 프록시가 전달한 메시지입니다.',
    ],
  },
  'RFC 4861, 4.3': {
    'icmpv6.nd.ns.target_address': ['Address whose link-layer address is wanted.', '링크 계층 주소를 찾고 있는 주소입니다.'],
  },
  'RFC 4861, 4.4': {
    'icmpv6.nd.na.flag': [
      'Bits that say who answers and how the answer is to be taken.',
      '누가 응답하는지와 응답을 어떻게 받아들일지를 나타내는 비트입니다.',
    ],
    'icmpv6.nd.na.flag.r': ['1: the sender is a router.', '1이면 보낸 쪽이 라우터입니다.'],
    'icmpv6.nd.na.flag.s': [
      '1: the message answers a solicitation; it proves that the neighbour can be reached.',
      '1이면 요청에 대한 응답으로, 이웃에 도달할 수 있다는 증거가 됩니다.',
    ],
    'icmpv6.nd.na.flag.o': [
      '1: replace the link-layer address that is stored for the target.',
      '1이면 저장된 대상의 링크 계층 주소를 바꿔야 합니다.',
    ],
    'icmpv6.nd.na.flag.rsv': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.nd.na.target_address': ['Address that the sender speaks for.', '보낸 쪽이 알리고 있는 주소입니다.'],
  },
  'RFC 4861, 4.5': {
    'icmpv6.nd.rd.target_address': ['Better next hop for the destination.', '그 목적지로 가는 더 나은 다음 홉입니다.'],
    'icmpv6.rd.na.destination_address': ['Destination that the better way is for.', '더 나은 경로가 적용되는 목적지입니다.'],
  },
  'RFC 2894, 3.1': {
    'icmpv6.rr.sequence_number': [
      'Number of the renumbering command, by which repeats are known.',
      '재번호 부여 명령의 번호로, 되풀이를 알아보는 데 씁니다.',
    ],
    'icmpv6.rr.segment_number': [
      'Number of a part of the command that has the same sequence number.',
      '순서 번호가 같은 명령에서 부분의 번호입니다.',
    ],
    'icmpv6.rr.flag': [
      'Bits such as test only, result wanted, all interfaces.',
      '시험만 하기, 결과 요청, 모든 인터페이스 같은 비트입니다.',
    ],
    'icmpv6.rr.flag.t': [
      'Test: nothing is changed, the outcome is only worked out.',
      '시험용입니다. 아무것도 바꾸지 않고 결과만 계산합니다.',
    ],
    'icmpv6.rr.flag.r': ['The router is to report what it did.', '라우터가 수행한 결과를 보고해야 합니다.'],
    'icmpv6.rr.flag.a': ['Meant for all interfaces, those that are switched off too.', '꺼져 있는 것까지 모든 인터페이스에 적용됩니다.'],
    'icmpv6.rr.flag.s': ['Meant only for interfaces of the same site.', '같은 사이트의 인터페이스에만 적용됩니다.'],
    'icmpv6.rr.flag.p': [
      'The router has had this command before and does not follow it again.',
      '라우터가 이미 처리한 명령이므로 다시 따르지 않습니다.',
    ],
    'icmpv6.rr.flag.rsv': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'icmpv6.rr.maxdelay': [
      'Most milliseconds that a router waits before it answers.',
      '라우터가 응답하기 전에 기다리는 최대 시간(밀리초)입니다.',
    ],
  },
  'RFC 2894, 3.2.1.1': {
    'icmpv6.rr.pco.mp': [
      'Which prefixes of the router the command is about, and what is to be done.',
      '명령이 라우터의 어느 접두사에 적용되고 무엇을 할지를 나타냅니다.',
    ],
    'icmpv6.rr.pco.mp.opcode': [
      'What is done: 1 adds prefixes, 2 changes them, 3 sets them in place of all others.',
      '할 일입니다. 1은 접두사 추가, 2는 변경, 3은 다른 접두사를 모두 대신하는 설정입니다.',
    ],
    'icmpv6.rr.pco.mp.oplength': ['Length of the operation, in units of 8 bytes.', '작업의 길이로, 8바이트 단위입니다.'],
    'icmpv6.rr.pco.mp.ordinal': [
      'Number of the operation within the command, which results name.',
      '명령 안에서 작업의 번호로, 결과가 이 번호를 가리킵니다.',
    ],
    'icmpv6.rr.pco.mp.matchlen': [
      'How many leading bits have to agree with the prefix below.',
      '아래 접두사와 일치해야 하는 앞쪽 비트의 수입니다.',
    ],
    'icmpv6.rr.pco.mp.minlen': ['Prefixes shorter than this do not match.', '이보다 짧은 접두사는 해당하지 않습니다.'],
    'icmpv6.rr.pco.mp.maxlen': ['Prefixes longer than this do not match.', '이보다 긴 접두사는 해당하지 않습니다.'],
    'icmpv6.rr.pco.mp.matchprefix': ['Prefix that the router’s prefixes are compared with.', '라우터의 접두사와 비교하는 접두사입니다.'],
  },
  'RFC 2894, 3.2.1.2': {
    'icmpv6.rr.pco.up': ['A new prefix that is made from a matching one.', '일치한 접두사로부터 만드는 새 접두사입니다.'],
    'icmpv6.rr.pco.up.uselen': [
      'How many leading bits of the new prefix come from the one below.',
      '새 접두사에서 아래 접두사로부터 가져오는 앞쪽 비트의 수입니다.',
    ],
    'icmpv6.rr.pco.up.keeplen': [
      'How many bits behind them are kept of the matching prefix.',
      '그 뒤에서 일치한 접두사의 것을 유지하는 비트의 수입니다.',
    ],
    'icmpv6.rr.pco.up.flagmask': [
      'Which flags of the new prefix are set by this command; the others stay.',
      '이 명령이 설정하는 새 접두사의 플래그이며, 나머지는 그대로 둡니다.',
    ],
    'icmpv6.rr.pco.up.flagmask.l': ['The flag that addresses are on the link.', '주소가 링크에 있음을 나타내는 플래그입니다.'],
    'icmpv6.rr.pco.up.flagmask.a': [
      'The flag that hosts may make addresses from the prefix.',
      '호스트가 접두사로 주소를 만들 수 있음을 나타내는 플래그입니다.',
    ],
    'icmpv6.rr.pco.up.flagmask.reserved': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'icmpv6.rr.pco.up.raflags': [
      'Values of those flags, as router advertisements have them.',
      '그 플래그의 값으로, 라우터 광고에 쓰입니다.',
    ],
    'icmpv6.rr.pco.up.validlifetime': [
      'Seconds for which addresses with the prefix stay valid.',
      '이 접두사의 주소가 유효한 시간(초)입니다.',
    ],
    'icmpv6.rr.pco.up.preferredlifetime': [
      'Seconds for which new connections may use them.',
      '새 연결이 그 주소를 쓸 수 있는 시간(초)입니다.',
    ],
    'icmpv6.rr.pco.up.flag': ['Bits that say whether the lifetimes run down.', '수명이 줄어드는지를 나타내는 비트입니다.'],
    'icmpv6.rr.pco.up.flag.v': ['The valid lifetime counts down from now on.', '유효 수명이 지금부터 줄어듭니다.'],
    'icmpv6.rr.pco.up.flag.p': ['The preferred lifetime counts down from now on.', '선호 수명이 지금부터 줄어듭니다.'],
    'icmpv6.rr.pco.up.flag.reserved': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'icmpv6.rr.pco.up.useprefix': ['Prefix from which the new one is made.', '새 접두사를 만드는 데 쓰는 접두사입니다.'],
  },
  'RFC 2894, 3.3': {
    'icmpv6.rr.rm': ['What a router did with one prefix.', '라우터가 접두사 하나에 대해 한 일입니다.'],
    'icmpv6.rr.rm.flag': ['Bits that say why it was not done.', '하지 않은 까닭을 나타내는 비트입니다.'],
    'icmpv6.rr.rm.flag.b': ['The new prefix would have been too long.', '새 접두사가 너무 길어지는 경우입니다.'],
    'icmpv6.rr.rm.flag.f': ['The router may not use the new prefix.', '라우터가 새 접두사를 쓸 수 없는 경우입니다.'],
    'icmpv6.rr.rm.flag.reserved': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'icmpv6.rr.rm.ordinal': ['Number of the operation that this is the result of.', '이 결과를 낳은 작업의 번호입니다.'],
    'icmpv6.rr.rm.matchedlen': ['Length of the prefix that matched, in bits.', '일치한 접두사의 길이(비트)입니다.'],
    'icmpv6.rr.rm.interfaceindex': ['Number of the interface that has the prefix.', '그 접두사가 있는 인터페이스의 번호입니다.'],
    'icmpv6.rr.rm.matchedprefix': ['Prefix that matched.', '일치한 접두사입니다.'],
  },
  'RFC 6275, 6.5': {
    'icmpv6.mip6.identifier': [
      'Number by which the answer is told to belong to the question.',
      '응답이 질문에 속한다는 것을 알아보는 번호입니다.',
    ],
  },
  'RFC 6275, 6.6': {
    'icmpv6.mip6.home_agent_address': [
      'Address of a router that forwards packets to the mobile node while it is away.',
      '이동 노드가 집을 떠나 있는 동안 패킷을 전달하는 라우터의 주소입니다.',
    ],
  },
  'RFC 6275, 6.8': {
    'icmpv6.mip6.flag': ['Bits that say how addresses of the home link are made.', '홈 링크의 주소를 만드는 방법을 나타내는 비트입니다.'],
    'icmpv6.mip6.flag.m': ['Addresses are given by DHCPv6.', '주소를 DHCPv6가 나누어 줍니다.'],
    'icmpv6.mip6.flag.o': ['Other settings are given by DHCPv6.', '그 밖의 설정을 DHCPv6가 알려 줍니다.'],
    'icmpv6.mip6.flag.rsv': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
  },
  'RFC 3971, 6.4': {
    'icmpv6.send.identifier': [
      'Number by which answers are told to belong to the question.',
      '응답이 질문에 속한다는 것을 알아보는 번호입니다.',
    ],
    'icmpv6.send.all_components': ['How many parts the certification path has.', '인증 경로를 이루는 부분의 수입니다.'],
    'icmpv6.send.component': ['Which part of the path is asked for or given.', '묻거나 주는 경로 부분의 번호입니다.'],
  },
  'RFC 4286, 3': {
    'icmpv6.mcast_ra.query_interval': [
      'Seconds between two general queries for multicast listeners.',
      '멀티캐스트 수신자를 묻는 일반 질의 사이의 시간(초)입니다.',
    ],
    'icmpv6.mcast_ra.robustness_variable': ['How many lost packets the router allows for.', '라우터가 감안하는 패킷 손실의 정도입니다.'],
  },
  'RFC 6775, 4.4': {
    'icmpv6.6lowpannd.da.status': [
      'Whether the address may be used: 0 yes, 1 another node has it, 2 no room.',
      '주소를 써도 되는지를 나타냅니다. 0은 가능, 1은 다른 노드가 사용 중, 2는 공간 없음입니다.',
    ],
    'icmpv6.6lowpannd.da.rsv': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'icmpv6.6lowpannd.da.lifetime': [
      'For how long the address is registered, in units of 60 seconds.',
      '주소를 등록해 두는 시간으로, 60초 단위입니다.',
    ],
    'icmpv6.6lowpannd.da.eui64': ['Hardware address of the node that wants the address.', '주소를 쓰려는 노드의 하드웨어 주소입니다.'],
    'icmpv6.6lowpannd.da.reg_addr': ['Address that is checked.', '확인하는 주소입니다.'],
  },
  'RFC 8335, 2': {
    'icmpv6.ext.echo.seq': ['Number of the request, which the reply repeats.', '요청의 번호로, 응답이 그대로 되풀이합니다.'],
    'icmpv6.ext.echo.req.res': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'icmpv6.ext.echo.req.local': [
      '1: the interface asked about is on the node itself; 0: on a neighbour of it.',
      '1이면 묻는 인터페이스가 그 노드 자신에, 0이면 그 이웃에 있습니다.',
    ],
  },
  'RFC 8335, 3': {
    'icmpv6.ext.echo.rsp.state': [
      'What is known of a neighbour’s address: 2 means reachable.',
      '이웃 주소의 상태입니다. 2는 도달 가능을 뜻합니다.',
    ],
    'icmpv6.ext.echo.rsp.res': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'icmpv6.ext.echo.rsp.active': ['1: the interface asked about is up.', '1이면 묻는 인터페이스가 동작 중입니다.'],
    'icmpv6.ext.echo.rsp.ipv4': ['1: IPv4 runs on that interface.', '1이면 그 인터페이스에서 IPv4가 동작합니다.'],
    'icmpv6.ext.echo.rsp.ipv6': ['1: IPv6 runs on that interface.', '1이면 그 인터페이스에서 IPv6가 동작합니다.'],
  },
  'RFC 4620, 4': {
    'icmpv6.ni.qtype': ['What is asked about the node: its name or its addresses.', '노드에 대해 묻는 것으로, 이름이나 주소입니다.'],
    'icmpv6.ni.flag': ['Bits that narrow the question or qualify the answer.', '질문의 범위를 좁히거나 응답을 설명하는 비트입니다.'],
    'icmpv6.ni.flag.g': ['Global addresses are asked for.', '전역 주소를 묻습니다.'],
    'icmpv6.ni.flag.s': ['Addresses of the site are asked for.', '사이트 주소를 묻습니다.'],
    'icmpv6.ni.flag.l': ['Addresses of the link are asked for.', '링크 주소를 묻습니다.'],
    'icmpv6.ni.flag.c': ['IPv4 addresses written as IPv6 ones are asked for.', 'IPv6 형식으로 적은 IPv4 주소를 묻습니다.'],
    'icmpv6.ni.flag.a': [
      'All unicast addresses of the node, not only those of the interface that was asked.',
      '물은 인터페이스만이 아니라 노드의 모든 유니캐스트 주소입니다.',
    ],
    'icmpv6.ni.flag.t': ['Not all addresses fitted into the answer.', '응답에 모든 주소가 들어가지 못했습니다.'],
    'icmpv6.ni.flag.rsv': ['Not used; zero.', '쓰이지 않으며 0입니다.'],
    'icmpv6.ni.nonce': [
      'Random number by which the answer is told to belong to the question.',
      '응답이 질문에 속한다는 것을 알아보는 임의의 수입니다.',
    ],
  },
  'RFC 4861, 4.6': {
    'icmpv6.opt': ['One option: type, length, content.', '옵션 하나로, 종류, 길이, 내용으로 이루어집니다.'],
    'icmpv6.opt.type': [
      'Which option it is: 1 and 2 link-layer addresses, 3 prefix, 5 MTU, 25 name servers.',
      '옵션의 종류입니다. 1과 2는 링크 계층 주소, 3은 접두사, 5는 MTU, 25는 네임 서버입니다.',
    ],
    'icmpv6.opt.length': ['Length of the whole option. Sent in units of 8 bytes.', '옵션 전체의 길이입니다. 8바이트 단위로 보냅니다.'],
    'icmpv6.opt.reserved': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
  },
  'RFC 4861, 4.6.1': {
    'icmpv6.opt.padding': [
      'Bytes without meaning that fill the option up to a multiple of 8 bytes.',
      '옵션 길이를 8바이트의 배수로 맞추는, 의미 없는 바이트입니다.',
    ],
    'icmpv6.unknown_data': ['Bytes of the option behind all that it is known to have.', '옵션에서 알려진 내용 뒤에 남은 바이트입니다.'],
    'icmpv6.opt.linkaddr': [
      'Link-layer address of the sender, or of the target in answers and redirects.',
      '보낸 쪽의 링크 계층 주소이며, 응답과 리다이렉트에서는 대상의 주소입니다.',
    ],
  },
  'RFC 4861, 4.6.2': {
    'icmpv6.opt.prefix.length': ['How many leading bits of the prefix count.', '접두사에서 의미가 있는 앞쪽 비트의 수입니다.'],
    'icmpv6.opt.prefix.flag': ['Bits that say what the prefix may be used for.', '접두사를 어디에 쓸 수 있는지를 나타내는 비트입니다.'],
    'icmpv6.opt.prefix.flag.l': [
      '1: addresses with this prefix are on this link and reached without a router.',
      '1이면 이 접두사의 주소는 이 링크에 있어 라우터 없이 닿습니다.',
    ],
    'icmpv6.opt.prefix.flag.a': [
      '1: hosts may make themselves an address with this prefix (SLAAC).',
      '1이면 호스트가 이 접두사로 스스로 주소를 만들 수 있습니다(SLAAC).',
    ],
    'icmpv6.opt.prefix.flag.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.opt.prefix.valid_lifetime': [
      'For how many seconds the prefix holds. All ones: for ever.',
      '접두사가 유효한 시간(초)입니다. 모든 비트가 1이면 무기한입니다.',
    ],
    'icmpv6.opt.prefix.preferred_lifetime': [
      'For how many seconds addresses made with it are used for new connections.',
      '이 접두사로 만든 주소를 새 연결에 쓰는 시간(초)입니다.',
    ],
    'icmpv6.opt.prefix': ['The leading bits of the addresses on this link.', '이 링크에 있는 주소의 앞부분 비트입니다.'],
  },
  'RFC 6275, 7.2': {
    'icmpv6.opt.prefix.flag.r': ['1: the prefix holds the router’s whole address.', '1이면 접두사에 라우터의 전체 주소가 들어 있습니다.'],
  },
  'RFC 4861, 4.6.3': {
    'icmpv6.opt.redirected_packet': ['Beginning of the packet that caused the redirect.', '리다이렉트를 일으킨 패킷의 앞부분입니다.'],
  },
  'RFC 4861, 4.6.4': {
    'icmpv6.opt.mtu': ['MTU that all hosts on this link should use.', '이 링크의 모든 호스트가 써야 할 MTU입니다.'],
  },
  'RFC 6275, 7.3': {
    'icmpv6.opt.advertisement_interval': [
      'Most milliseconds between two advertisements of this router.',
      '이 라우터의 광고 사이의 최대 간격(밀리초)입니다.',
    ],
  },
  'RFC 6275, 7.4': {
    'icmpv6.opt.home_agent_preference': [
      'How much this home agent is to be preferred; higher wins.',
      '이 홈 에이전트를 얼마나 우선할지를 나타내며, 큰 값이 우선합니다.',
    ],
    'icmpv6.opt.home_agent_lifetime': [
      'For how many seconds the router serves as home agent.',
      '라우터가 홈 에이전트로 동작하는 시간(초)입니다.',
    ],
  },
  'RFC 3971, 5.3': {
    'icmpv6.opt.timestamp': [
      'When the message was sent, so that old ones cannot be replayed (SEND).',
      '메시지를 보낸 시각으로, 오래된 메시지를 되풀이하지 못하게 합니다(SEND).',
    ],
    'icmpv6.opt.nonce': [
      'Random number by which an answer is told to belong to its question.',
      '응답이 질문에 속한다는 것을 알아보는 임의의 수입니다.',
    ],
  },
  'RFC 4191, 2.3': {
    'icmpv6.opt.route_info.flag': ['Byte with the preference of the route.', '경로의 우선도가 들어 있는 바이트입니다.'],
    'icmpv6.opt.route_info.flag.route_preference': [
      'How much the route is to be preferred: high, medium or low.',
      '경로를 얼마나 우선할지를 나타냅니다. 높음, 중간, 낮음이 있습니다.',
    ],
    'icmpv6.opt.route_info.flag.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.opt.route_lifetime': [
      'For how many seconds the route holds. All ones: for ever.',
      '경로가 유효한 시간(초)입니다. 모든 비트가 1이면 무기한입니다.',
    ],
  },
  'RFC 8106, 5.1': {
    'icmpv6.opt.rdnss.lifetime': ['For how many seconds the name servers may be used.', '네임 서버를 쓸 수 있는 시간(초)입니다.'],
    'icmpv6.opt.rdnss': ['Address of a name server that hosts may ask.', '호스트가 질의할 수 있는 네임 서버의 주소입니다.'],
  },
  'RFC 8106, 5.2': {
    'icmpv6.opt.dnssl.lifetime': ['For how many seconds the search domains may be used.', '검색 도메인을 쓸 수 있는 시간(초)입니다.'],
    'icmpv6.opt.dnssl': ['Domain that hosts may append to short names.', '호스트가 짧은 이름 뒤에 붙일 수 있는 도메인입니다.'],
  },
  'RFC 6775, 4.1': {
    'icmpv6.opt.aro.status': [
      'How the registration of the address went: success, duplicate, or table full.',
      '주소 등록의 결과입니다. 성공, 중복, 테이블 가득 참이 있습니다.',
    ],
    'icmpv6.opt.aro.registration_lifetime': [
      'For how many units of 60 seconds the router keeps the registration.',
      '라우터가 등록을 유지하는 시간으로, 60초 단위입니다.',
    ],
    'icmpv6.opt.aro.eui64': ['Identifier of the interface that the address belongs to.', '주소가 속한 인터페이스의 식별자입니다.'],
  },
  'RFC 8910, 2.3': {
    'icmpv6.opt.captive_portal': [
      'Address where users of this network have to sign in first.',
      '이 네트워크의 사용자가 먼저 로그인해야 하는 주소입니다.',
    ],
  },
  'RFC 8781, 4': {
    'icmpv6.opt.pref64.scaled_lifetime': [
      'For how long the prefix holds, in units of 8 seconds.',
      '접두사가 유효한 시간으로, 8초 단위입니다.',
    ],
    'icmpv6.opt.pref64.plc': [
      'Code for the length of the prefix: 0 means 96 bits.',
      '접두사 길이를 나타내는 코드입니다. 0은 96비트입니다.',
    ],
    'icmpv6.opt.pref64.prefix': [
      'Prefix under which IPv4 addresses are reached through NAT64.',
      'NAT64를 거쳐 IPv4 주소에 닿을 때 쓰는 접두사입니다.',
    ],
  },
  'RFC 2710, 3.4': {
    'icmpv6.mld.maximum_response_delay': [
      'Most milliseconds that a listener waits before it answers a query.',
      '리스너가 질의에 응답하기 전에 기다리는 최대 시간(밀리초)입니다.',
    ],
  },
  'RFC 3810, 5.1': {
    'icmpv6.mld.maximum_response_code': [
      'Longest wait before an answer, as a code: milliseconds up to 32,767, above that with an exponent.',
      '응답 전 최대 대기 시간을 나타내는 코드입니다. 32,767까지는 밀리초이고, 그 위는 지수로 나타냅니다.',
    ],
    'icmpv6.mld.multicast_address': [
      'Group that is asked about, joined or left. All zeros in a query ask about every group.',
      '묻거나 가입하거나 탈퇴하는 그룹입니다. 질의에서 0이면 모든 그룹을 묻습니다.',
    ],
    'icmpv6.mld.flag': ['Byte with the bits S and QRV.', 'S와 QRV 비트가 들어 있는 바이트입니다.'],
    'icmpv6.mld.flag.s': [
      '1: routers that hear the query do not update their timers.',
      '1이면 질의를 들은 라우터가 타이머를 갱신하지 않습니다.',
    ],
    'icmpv6.mld.flag.qrv': ['How many lost packets the network is prepared for.', '네트워크가 대비하는 패킷 유실의 정도입니다.'],
    'icmpv6.mld.flag.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.mld.qqi': [
      'How often the querier asks, as a code: seconds up to 127, above that with an exponent.',
      '질의자가 묻는 간격을 나타내는 코드입니다. 127까지는 초이고, 그 위는 지수로 나타냅니다.',
    ],
    'icmpv6.mld.nb_sources': ['How many source addresses follow.', '뒤따르는 출발지 주소의 수입니다.'],
    'icmpv6.mld.source_address': ['Source whose packets to the group are asked about.', '그룹으로 보내는 패킷을 묻고 있는 출발지입니다.'],
  },
  'RFC 3810, 5.2': {
    'icmpv6.mldr.nb_mcast_records': ['How many group records the report holds.', '보고에 담긴 그룹 레코드의 수입니다.'],
    'icmpv6.mldr.mar': ['What the sender wants of one group.', '보낸 쪽이 한 그룹에 대해 원하는 내용입니다.'],
    'icmpv6.mldr.mar.record_type': [
      'Whether the record tells a state or a change, and whether the sources are wanted (include) or unwanted (exclude).',
      '레코드가 상태인지 변화인지, 출발지를 받을지(include) 받지 않을지(exclude)를 나타냅니다.',
    ],
    'icmpv6.mldr.mar.aux_data_len': [
      'Length of the auxiliary data, in units of 4 bytes: 0.',
      '보조 데이터의 길이로 4바이트 단위이며, 값은 0입니다.',
    ],
    'icmpv6.mldr.mar.nb_sources': ['How many sources the record lists.', '레코드에 담긴 출발지의 수입니다.'],
    'icmpv6.mldr.mar.multicast_address': ['Group that the record is about.', '레코드가 다루는 그룹입니다.'],
    'icmpv6.mldr.mar.source_address': ['Source that is wanted or unwanted.', '받거나 받지 않을 출발지입니다.'],
    'icmpv6.mldr.mar.auxiliary_data': ['Further data; MLDv2 defines none.', '추가 데이터입니다. MLDv2에서 정한 것은 없습니다.'],
  },
  'RFC 4380, 5.2.9': {
    'icmpv6.nonce': [
      'Random bytes by which a Teredo client recognises the answer to its own test of a direct way to a node.',
      'Teredo 클라이언트가 노드까지의 직접 경로를 시험할 때 자기 요청에 대한 응답임을 알아보는 데 쓰는 임의의 바이트입니다.',
    ],
  },
  '': {
    'icmpv6.checksum.status': ['Whether the checksum agrees with the message.', '체크섬이 메시지와 맞는지를 나타냅니다.'],
    'icmpv6.resp_in': ['Packet with the reply to this request.', '이 요청에 대한 응답이 들어 있는 패킷입니다.'],
    'icmpv6.resp_to': ['Packet with the request that this one answers.', '이 응답에 대한 요청이 들어 있는 패킷입니다.'],
    'icmpv6.resptime': ['Time from request to reply at the capture point.', '캡처한 지점에서 요청부터 응답까지의 시간입니다.'],
  },
  'RFC 4944, 8': {
    'icmpv6.opt.linkaddr_eui64': ['Hardware address of 8 bytes, as in IEEE 802.15.4.', 'IEEE 802.15.4처럼 8바이트인 하드웨어 주소입니다.'],
  },
  'RFC 2491, 5.3': {
    'icmpv6.opt.nbma.shortcut_limit': [
      'How many hops a shortcut across the network may go.',
      '네트워크를 가로지르는 지름길이 거칠 수 있는 홉의 수입니다.',
    ],
  },
  'RFC 3122, 3.1': {
    'icmpv6.opt.ipv6_address': ['One of the addresses of the interface.', '인터페이스의 주소 가운데 하나입니다.'],
  },
  'RFC 3971, 5.1': {
    'icmpv6.opt.cga': [
      'What the sender made its address from, so that others can check that it owns the address.',
      '보낸 쪽이 자기 주소를 만든 재료로, 그 주소의 주인인지 다른 노드가 확인할 수 있습니다.',
    ],
    'icmpv6.opt.cga.pad_length': ['How many bytes of padding end the option.', '옵션 끝에 있는 채움 바이트의 수입니다.'],
  },
  'RFC 3972, 3': {
    'icmpv6.opt.cga.modifier': ['Random number that makes the address hard to guess.', '주소를 짐작하기 어렵게 하는 난수입니다.'],
    'icmpv6.opt.cga.subnet_prefix': ['Prefix of the address: its first 8 bytes.', '주소의 앞 8바이트인 접두사입니다.'],
    'icmpv6.opt.cga.count': [
      'How often the address collided with another: 0, 1 or 2.',
      '주소가 다른 주소와 겹친 횟수로, 0, 1, 2 가운데 하나입니다.',
    ],
    'icmpv6.opt.cga.subject_public_key_info': ['Public key of the address’s owner.', '주소 주인의 공개 키입니다.'],
  },
  'RFC 4581, 2.1': {
    'icmpv6.opt.cga.ext_type': ['Kind of the extension.', '확장의 종류입니다.'],
    'icmpv6.opt.cga.ext_length': ['Length of the extension’s data in bytes.', '확장 데이터의 바이트 수입니다.'],
    'icmpv6.opt.cga.ext_data': ['Data of the extension.', '확장의 데이터입니다.'],
  },
  'RFC 3971, 5.2': {
    'icmpv6.opt.rsa.key_hash': [
      'First 16 bytes of the SHA-1 of the public key that checks the signature.',
      '서명을 확인할 공개 키의 SHA-1 가운데 앞 16바이트입니다.',
    ],
    'icmpv6.opt.digital_signature_padding': ['Signature of the message, and padding.', '메시지의 서명과 채움 바이트입니다.'],
  },
  'RFC 6496, 5.2.1': {
    'icmpv6.opt.ps.key_hash': [
      'First 16 bytes of the SHA-1 of the key of a router that speaks for another node.',
      '다른 노드를 대신하는 라우터가 쓰는 키의 SHA-1 가운데 앞 16바이트입니다.',
    ],
  },
  'RFC 3971, 6.4.3': {
    'icmpv6.opt.name_type': [
      'How the anchor is named, or what kind of certificate follows.',
      '신뢰 앵커를 이름 붙이는 방식, 또는 뒤따르는 인증서의 종류입니다.',
    ],
    'icmpv6.opt.name_x501': [
      'Name of the authority that the sender trusts, as in certificates.',
      '보낸 쪽이 신뢰하는 기관의 이름으로, 인증서에 쓰이는 형식입니다.',
    ],
    'icmpv6.x509_Name': ['The parts of that name.', '그 이름의 구성 요소입니다.'],
    'icmpv6.opt.name_type.fqdn': ['Domain name of the authority that the sender trusts.', '보낸 쪽이 신뢰하는 기관의 도메인 이름입니다.'],
  },
  'RFC 3971, 6.4.4': {
    'icmpv6.x509_Certificate': [
      'A certificate of the path from the authority to the router.',
      '기관에서 라우터까지 이어지는 경로의 인증서 하나입니다.',
    ],
    'icmpv6.opt.certificate_padding': ['A certificate of an unknown kind, and padding.', '알 수 없는 종류의 인증서와 채움 바이트입니다.'],
  },
  'RFC 5568, 6.4.3': {
    'icmpv6.opt.ipa.option_code': [
      'Whose address this is: the old one, the new one, or the new router’s.',
      '누구의 주소인지를 나타냅니다. 이전 주소, 새 주소, 새 라우터의 주소가 있습니다.',
    ],
    'icmpv6.opt.ipa.prefix_len': [
      'How many leading bits of the address are its prefix.',
      '주소에서 접두사에 해당하는 앞쪽 비트의 수입니다.',
    ],
    'icmpv6.opt.ipa.ipv6_address': ['Address, or prefix, as the code says.', '코드가 가리키는 주소 또는 접두사입니다.'],
  },
  'RFC 4068, 6.4.2': {
    'icmpv6.opt.nrpi.option_code': ['Always 0.', '항상 0입니다.'],
    'icmpv6.opt.nrpi.prefix_len': ['How many leading bits of the prefix count.', '접두사에서 의미가 있는 앞쪽 비트의 수입니다.'],
    'icmpv6.opt.nrpi.prefix': ['Prefix that the new router serves.', '새 라우터가 맡은 접두사입니다.'],
  },
  'RFC 5568, 6.4.4': {
    'icmpv6.opt.lla.option_code': [
      'Whose hardware address this is, or what is said about it.',
      '누구의 하드웨어 주소인지, 또는 그 주소에 대한 설명입니다.',
    ],
    'icmpv6.opt.lla.bytes': ['Hardware address, with padding.', '하드웨어 주소와 채움 바이트입니다.'],
  },
  'RFC 5568, 6.4.5': {
    'icmpv6.opt.naack.option_code': ['Always 0.', '항상 0입니다.'],
    'icmpv6.opt.naack.status': ['What the new router says about the node’s new address.', '노드의 새 주소에 대한 새 라우터의 답입니다.'],
    'icmpv6.opt.naack.supplied_ncoa': ['Address that the node is to use instead.', '노드가 대신 써야 할 주소입니다.'],
  },
  'RFC 5380, 7': {
    'icmpv6.opt.map.distance': ['How many hops away the anchor is.', '앵커까지의 홉 수입니다.'],
    'icmpv6.opt.map.preference': ['Which anchor to prefer: higher is better.', '어느 앵커를 더 우선할지로, 클수록 좋습니다.'],
    'icmpv6.opt.map.flag': ['Byte with the flag of the anchor.', '앵커의 플래그가 들어 있는 바이트입니다.'],
    'icmpv6.opt.map.flag.r': [
      '1: the node makes its regional address from the anchor’s prefix.',
      '1이면 노드가 앵커의 접두사로 지역 주소를 만듭니다.',
    ],
    'icmpv6.opt.map.flag.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.opt.map.valid_lifetime': ['For how many seconds the anchor’s address holds.', '앵커의 주소가 유효한 시간(초)입니다.'],
    'icmpv6.opt.map.global_address': ['Address of the anchor.', '앵커의 주소입니다.'],
  },
  'RFC 5269, 3.1': {
    'icmpv6.opt.hkr.pad_length': ['How many bytes of padding end the option.', '옵션 끝에 있는 채움 바이트의 수입니다.'],
    'icmpv6.opt.hkr.at': ['Algorithm that the key is for.', '키를 쓸 알고리즘입니다.'],
    'icmpv6.opt.hkr.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.opt.hkr.encryption_public_key': [
      'Public key with which the router encrypts the handover key.',
      '라우터가 핸드오버 키를 암호화할 때 쓰는 공개 키입니다.',
    ],
    'icmpv6.opt.hkr.padding': ['Bytes without meaning that fill the option.', '옵션을 채우는 의미 없는 바이트입니다.'],
  },
  'RFC 5269, 3.2': {
    'icmpv6.opt.hkr.lifetime': ['For how many seconds the key may be used.', '키를 쓸 수 있는 시간(초)입니다.'],
    'icmpv6.opt.hkr.encrypted_handover_key': ['The handover key, encrypted.', '암호화된 핸드오버 키입니다.'],
  },
  'RFC 5271, 3.1': {
    'icmpv6.opt.hai.option_code': [
      'What identifies the place: the access network or the sector.',
      '위치를 무엇으로 식별하는지로, 접속망 또는 섹터입니다.',
    ],
    'icmpv6.opt.hai.length': ['Length of the identifier in bytes.', '식별자의 바이트 수입니다.'],
    'icmpv6.opt.hai.value': ['The identifier.', '식별자입니다.'],
  },
  'RFC 5271, 3.2': {
    'icmpv6.opt.mn.option_code': [
      'What identifies the node: its network access identifier or its IMSI.',
      '노드를 무엇으로 식별하는지로, NAI 또는 IMSI입니다.',
    ],
    'icmpv6.opt.mn.length': ['Length of the identifier in bytes.', '식별자의 바이트 수입니다.'],
    'icmpv6.opt.mn.value': ['The identifier.', '식별자입니다.'],
  },
  'RFC 5175, 4': {
    'icmpv6.opt.efo': ['Further flags of the router.', '라우터의 추가 플래그입니다.'],
    'icmpv6.opt.efo.m': ['1: DHCPv6 gives addresses.', '1이면 DHCPv6가 주소를 줍니다.'],
    'icmpv6.opt.efo.o': ['1: DHCPv6 gives other settings.', '1이면 DHCPv6가 다른 설정을 줍니다.'],
    'icmpv6.opt.efo.h': ['1: the router is a home agent too.', '1이면 라우터가 홈 에이전트이기도 합니다.'],
    'icmpv6.opt.efo.prf': ['Whether hosts prefer this router.', '호스트가 이 라우터를 우선할지를 나타냅니다.'],
    'icmpv6.opt.efo.p': ['1: the advertisement was passed on by a proxy.', '1이면 프록시가 전달한 광고입니다.'],
    'icmpv6.opt.efo.rsv': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
  },
  'RFC 6775, 4.2': {
    'icmpv6.opt.6co.context_length': ['How many leading bits of the prefix count.', '접두사에서 의미가 있는 앞쪽 비트의 수입니다.'],
    'icmpv6.opt.6co.flag': ['Byte with the number of the context and a flag.', '컨텍스트 번호와 플래그가 들어 있는 바이트입니다.'],
    'icmpv6.opt.6co.flag.c': ['1: the context may be used to compress headers.', '1이면 헤더를 압축할 때 이 컨텍스트를 쓸 수 있습니다.'],
    'icmpv6.opt.6co.flag.cid': ['Number of the context.', '컨텍스트의 번호입니다.'],
    'icmpv6.opt.6co.flag.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'icmpv6.opt.6co.valid_lifetime': ['For how many minutes the context holds.', '컨텍스트가 유효한 시간(분)입니다.'],
    'icmpv6.opt.6co.context_prefix': ['Prefix that the number of the context stands for.', '컨텍스트 번호가 가리키는 접두사입니다.'],
  },
  'RFC 6775, 4.3': {
    'icmpv6.opt.abro.version_low': [
      'Lower half of the version of what the border router says.',
      '경계 라우터가 알리는 정보의 버전 가운데 하위 절반입니다.',
    ],
    'icmpv6.opt.abro.version_high': ['Upper half of that version.', '그 버전의 상위 절반입니다.'],
    'icmpv6.opt.abro.valid_lifetime': [
      'For how many minutes that information holds. 0 means 10,000.',
      '그 정보가 유효한 시간(분)입니다. 0은 10,000분입니다.',
    ],
    'icmpv6.opt.abro.6lbr_address': ['Address of the border router.', '경계 라우터의 주소입니다.'],
  },
  'RFC 7400, 3.3': {
    'icmpv6.opt.6cio.unassigned1': ['Bits without meaning yet.', '아직 의미가 정해지지 않은 비트입니다.'],
    'icmpv6.opt.6cio.flag_g': ['1: the node can decompress generic headers.', '1이면 노드가 일반 헤더 압축을 풀 수 있습니다.'],
    'icmpv6.opt.6cio.unassigned2': ['Bits without meaning yet.', '아직 의미가 정해지지 않은 비트입니다.'],
  },
  'RFC 5568, 6.1.1': {
    'icmpv6.fmip6.subtype': ['Kind of the message about a handover.', '핸드오버 메시지의 종류입니다.'],
    'icmpv6.fmip6.identifier': ['Number that ties an answer to its question.', '응답을 요청과 짝짓는 번호입니다.'],
  },
  'RFC 5568, 6.2.1': {
    'icmpv6.fmip6.hi.flag': ['Flags of a request to take over a node.', '노드를 넘겨받아 달라는 요청의 플래그입니다.'],
    'icmpv6.fmip6.hi.flag.s': ['1: the new router is asked to assign an address.', '1이면 새 라우터가 주소를 할당해야 합니다.'],
    'icmpv6.fmip6.hi.flag.a': [
      '1: the new router is asked to keep packets for the node.',
      '1이면 새 라우터가 노드로 가는 패킷을 보관해야 합니다.',
    ],
    'icmpv6.fmip6.hi.flag.reserved': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
  },
};
