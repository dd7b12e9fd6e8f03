import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 8200, 3': {
    'ipv6.version': ['Version of the Internet Protocol: 6.', '인터넷 프로토콜의 버전으로, 값은 6입니다.'],
    'ipv6.plen': [
      'Bytes after this header of 40, extension headers included. 0 with a jumbo payload option.',
      '40바이트인 이 헤더 뒤의 바이트 수로, 확장 헤더를 포함합니다. 점보 페이로드 옵션을 쓰면 0입니다.',
    ],
    'ipv6.nxt': [
      'What follows this header: 6 TCP, 17 UDP, 58 ICMPv6, or an extension header.',
      '이 헤더 뒤에 오는 것입니다. 6은 TCP, 17은 UDP, 58은 ICMPv6이며 확장 헤더일 수도 있습니다.',
    ],
    'ipv6.hlim': [
      'How many more routers may forward the packet: each takes one off, and the packet dies at 0. The TTL of IPv4 under its true name.',
      '패킷이 앞으로 지날 수 있는 라우터의 수입니다. 라우터마다 1씩 줄고 0이 되면 버려지며, IPv4의 TTL에 해당합니다.',
    ],
    'ipv6.src': ['Address of the host that sent the packet.', '패킷을 보낸 호스트의 주소입니다.'],
    'ipv6.dst': [
      'Address that the packet goes to; with a routing header, the next stop and not yet the last.',
      '패킷이 향하는 주소입니다. 라우팅 헤더가 있으면 마지막이 아니라 다음 경유지입니다.',
    ],
  },
  'RFC 2474, 3': {
    'ipv6.tclass': [
      'How routers should treat the packet: six bits of service class (DSCP) and two for congestion (ECN).',
      '라우터가 패킷을 다루는 방식으로, 서비스 등급(DSCP) 6비트와 혼잡(ECN) 2비트로 이루어집니다.',
    ],
    'ipv6.tclass.dscp': [
      'Service class that routers may go by when they queue and drop: 0 is the default, 46 expedited forwarding for voice.',
      '라우터가 큐에 넣거나 버릴 때 참고할 수 있는 서비스 등급입니다. 0은 기본값, 46은 음성에 쓰는 신속 전달(EF)입니다.',
    ],
  },
  'RFC 3168, 5': {
    'ipv6.tclass.ecn': [
      'Congestion without loss: 1 or 2 says that the ends understand ECN, and a router whose queue fills sets it to 3 instead of dropping the packet.',
      '패킷을 버리지 않고 혼잡을 알리는 2비트입니다. 1이나 2는 양 끝이 ECN을 안다는 뜻이고, 큐가 차는 라우터는 패킷을 버리는 대신 3으로 바꿉니다.',
    ],
  },
  'RFC 6437, 2': {
    'ipv6.flow': [
      'Number that the packets of one flow share, so that routers keep them on one path without looking at the ports.',
      '한 흐름의 패킷들이 함께 가지는 번호입니다. 라우터는 포트를 보지 않고도 이것으로 같은 경로를 유지합니다.',
    ],
  },
  'RFC 8200, 4.3': {
    'ipv6.hopopts.nxt': ['What follows the hop-by-hop options.', '홉별 옵션 헤더 뒤에 오는 것입니다.'],
    'ipv6.hopopts.len ipv6.hopopts.len_oct': [
      'Length of this header. Sent in units of 8 bytes, the first 8 not counted.',
      '이 헤더의 길이입니다. 8바이트 단위로 보내며 첫 8바이트는 세지 않습니다.',
    ],
  },
  'RFC 8200, 4.2': {
    'ipv6.opt': ['One option: type, length, content.', '옵션 하나로, 종류, 길이, 내용으로 이루어집니다.'],
    'ipv6.opt.type': [
      'Which option it is. Its top bits say what to do if a node does not know it.',
      '옵션의 종류입니다. 위쪽 비트는 이 옵션을 모르는 노드가 할 일을 나타냅니다.',
    ],
    'ipv6.opt.type.action': [
      'What a node that does not know the option does: skip it, or drop the packet with or without a message.',
      '옵션을 모르는 노드가 할 일입니다. 건너뛰거나, 메시지와 함께 또는 없이 패킷을 버립니다.',
    ],
    'ipv6.opt.type.change': ['1: routers on the way may change the content.', '1이면 경로의 라우터가 내용을 바꿀 수 있습니다.'],
    'ipv6.opt.type.rest': ['The other five bits of the type.', '종류의 나머지 5비트입니다.'],
    'ipv6.opt.length': ['Bytes of the content.', '내용의 바이트 수입니다.'],
    'ipv6.opt.pad1': ['One byte of padding.', '패딩 1바이트입니다.'],
    'ipv6.opt.padn': [
      'Padding of two bytes or more, so that what follows stands at a suitable place.',
      '2바이트 이상의 패딩으로, 뒤에 오는 것을 알맞은 위치에 둡니다.',
    ],
    'ipv6.opt.unknown': ['Content of an option that is not taken apart.', '해석하지 않는 옵션의 내용입니다.'],
  },
  'RFC 2711, 2.1': {
    'ipv6.opt.router_alert': [
      'Asks routers on the way to look at the packet themselves: 0 for MLD, 1 for RSVP.',
      '경로의 라우터에게 패킷 내용을 직접 살펴보라고 요청합니다. 0은 MLD, 1은 RSVP입니다.',
    ],
  },
  'RFC 2473, 4.1.1': {
    'ipv6.opt.tel': ['How many more tunnels the packet may be put into.', '패킷을 더 넣을 수 있는 터널의 수입니다.'],
  },
  'RFC 2675, 2': {
    'ipv6.opt.jumbo': [
      'Payload length of a packet over 65,535 bytes, which the header’s field cannot hold.',
      '65,535바이트를 넘는 패킷의 페이로드 길이로, 헤더 필드에는 담을 수 없는 값입니다.',
    ],
  },
  'RFC 6275, 6.3': {
    'ipv6.opt.mipv6.home_address': [
      'Home address of a mobile node that sends from elsewhere.',
      '다른 곳에서 보내는 이동 노드의 홈 주소입니다.',
    ],
  },
  'RFC 5570, 5.1': {
    'ipv6.opt.calipso.doi': [
      'Which organisation’s labelling scheme the option follows.',
      '옵션이 어느 조직의 레이블 체계를 따르는지를 나타냅니다.',
    ],
    'ipv6.opt.calipso.cmpt.length': ['Length of the compartment bitmap, in units of 4 bytes.', '구획 비트맵의 길이로, 4바이트 단위입니다.'],
    'ipv6.opt.calipso.sens_level': ['How sensitive the data is, in the terms of that scheme.', '그 체계에 따른 데이터의 민감도입니다.'],
    'ipv6.opt.calipso.checksum': ['Guards the option against damage.', '옵션의 손상 여부를 검사하는 값입니다.'],
    'ipv6.opt.calipso.cmpt_bitmap': [
      'Compartments that the data belongs to, one bit each.',
      '데이터가 속한 구획으로, 구획마다 1비트입니다.',
    ],
  },
  'RFC 9268, 5': {
    'ipv6.opt.pmtu.min': [
      'Smallest MTU that routers on the way have written down so far.',
      '경로의 라우터들이 지금까지 기록한 가장 작은 MTU입니다.',
    ],
    'ipv6.opt.pmtu.rtn': ['Smallest MTU that the other side saw, reported back.', '상대가 본 가장 작은 MTU를 돌려 알린 값입니다.'],
  },
  'RFC 6553, 3': {
    'ipv6.opt.rpl.flag': [
      'Bits with which RPL routers notice loops and inconsistent routes.',
      'RPL 라우터가 루프와 어긋난 경로를 알아내는 비트입니다.',
    ],
    'ipv6.opt.rpl.flag.o': [
      '1: the packet is expected to go down, away from the root.',
      '1이면 패킷이 루트에서 멀어지는 아래쪽으로 가야 합니다.',
    ],
    'ipv6.opt.rpl.flag.r': ['1: the packet went against the order of ranks.', '1이면 패킷이 랭크의 순서와 어긋나게 움직였습니다.'],
    'ipv6.opt.rpl.flag.f': ['1: a node could not forward the packet further down.', '1이면 노드가 패킷을 아래로 더 전달하지 못했습니다.'],
    'ipv6.opt.rpl.flag.rsv': ['Reserved bits, sent as 0.', '예약된 비트로, 0으로 보냅니다.'],
    'ipv6.opt.rpl.instance_id': ['Routing topology that the packet is sent along.', '패킷을 보내는 라우팅 토폴로지의 번호입니다.'],
    'ipv6.opt.rpl.sender_rank': [
      'Rank of the sender: how far it is from the root.',
      '보낸 노드의 랭크로, 루트에서 얼마나 먼지를 나타냅니다.',
    ],
  },
  'RFC 8250, 3': {
    'ipv6.opt.pdm.scale_dtlr ipv6.opt.pdm.scale_dtls': [
      'By how many bits the time below was shifted to fit.',
      '아래의 시간을 담기 위해 민 비트 수입니다.',
    ],
    'ipv6.opt.pdm.psn_this_pkt': ['Number of this packet, counted by the sender.', '보낸 쪽이 센 이 패킷의 번호입니다.'],
    'ipv6.opt.pdm.psn_last_recv': ['Number of the packet that the sender received last.', '보낸 쪽이 마지막으로 받은 패킷의 번호입니다.'],
    'ipv6.opt.pdm.delta_last_recv': [
      'Time from receiving the last packet to sending this one: how long the host itself took.',
      '마지막 패킷을 받고 이 패킷을 보내기까지의 시간으로, 호스트가 걸린 시간입니다.',
    ],
    'ipv6.opt.pdm.delta_last_sent': [
      'Time from sending the last packet to receiving the answer: network and other host together.',
      '마지막 패킷을 보내고 응답을 받기까지의 시간으로, 네트워크와 상대 호스트를 합친 것입니다.',
    ],
  },
  'RFC 8200, 4.6': {
    'ipv6.dstopts.nxt': ['What follows the destination options.', '목적지 옵션 헤더 뒤에 오는 것입니다.'],
    'ipv6.dstopts.len ipv6.dstopts.len_oct': [
      'Length of this header. Sent in units of 8 bytes, the first 8 not counted.',
      '이 헤더의 길이입니다. 8바이트 단위로 보내며 첫 8바이트는 세지 않습니다.',
    ],
  },
  'RFC 8200, 4.4': {
    'ipv6.routing.nxt': ['What follows the routing header.', '라우팅 헤더 뒤에 오는 것입니다.'],
    'ipv6.routing.len ipv6.routing.len_oct': [
      'Length of this header. Sent in units of 8 bytes, the first 8 not counted.',
      '이 헤더의 길이입니다. 8바이트 단위로 보내며 첫 8바이트는 세지 않습니다.',
    ],
    'ipv6.routing.type': [
      'Kind of routing header: 2 mobile IPv6, 3 RPL, 4 segment routing. Type 0 is forbidden since RFC 5095.',
      '라우팅 헤더의 종류입니다. 2는 이동 IPv6, 3은 RPL, 4는 세그먼트 라우팅이며, 0은 RFC 5095 이후 금지되었습니다.',
    ],
    'ipv6.routing.segleft': [
      'How many stops are still to be visited before the last.',
      '마지막 목적지 전에 아직 들러야 할 경유지의 수입니다.',
    ],
    'ipv6.routing.unknown_data': ['Content of a routing header that is not taken apart.', '해석하지 않는 라우팅 헤더의 내용입니다.'],
  },
  'RFC 5095': {
    'ipv6.routing.src.reserved': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'ipv6.routing.src.addr': [
      'Stop of the route. This type 0 was abolished because it let packets be bounced to and fro.',
      '경로의 경유지입니다. 종류 0은 패킷을 왕복시키는 공격에 쓰여 폐지되었습니다.',
    ],
  },
  'RFC 6275, 6.4': {
    'ipv6.routing.mipv6.reserved': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'ipv6.routing.mipv6.home_address': [
      'Home address of the mobile node that the packet is for.',
      '패킷을 받을 이동 노드의 홈 주소입니다.',
    ],
  },
  'RFC 6554, 3': {
    'ipv6.routing.rpl.cmprI': [
      'How many leading bytes the addresses but the last leave out, because they equal the destination’s.',
      '마지막을 뺀 주소에서, 목적지 주소와 같아 생략한 앞부분의 바이트 수입니다.',
    ],
    'ipv6.routing.rpl.cmprE': ['How many leading bytes the last address leaves out.', '마지막 주소에서 생략한 앞부분의 바이트 수입니다.'],
    'ipv6.routing.rpl.pad': ['Bytes of padding at the end.', '끝에 있는 패딩의 바이트 수입니다.'],
    'ipv6.routing.rpl.reserved': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'ipv6.routing.rpl.address': ['Stop of the route, its left-out bytes not shown.', '경로의 경유지로, 생략된 바이트는 표시되지 않습니다.'],
  },
  'RFC 8754, 2': {
    'ipv6.routing.srh.last_entry': ['Index of the last entry of the segment list.', '세그먼트 목록의 마지막 항목의 번호입니다.'],
    'ipv6.routing.srh.flags': [
      'Flags of segment routing; none was defined in RFC 8754.',
      '세그먼트 라우팅의 플래그입니다. RFC 8754에서 정한 것은 없습니다.',
    ],
    'ipv6.routing.srh.tag': ['Marks packets that belong to one group.', '같은 그룹에 속하는 패킷을 표시합니다.'],
    'ipv6.routing.srh.addr': [
      'Segment: a stop of the route. The list begins with the last one.',
      '경로의 경유지인 세그먼트입니다. 목록은 마지막 경유지부터 시작합니다.',
    ],
  },
  'RFC 8200, 4.5': {
    'ipv6.fraghdr.nxt': ['What the fragmented part begins with, once put together.', '모은 뒤에 단편화된 부분의 처음에 오는 것입니다.'],
    'ipv6.fraghdr.reserved_octet ipv6.fraghdr.reserved_bits': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'ipv6.fraghdr.offset': [
      'Where the data of this fragment belongs. Sent in units of 8 bytes.',
      '이 단편의 데이터가 차지하는 위치입니다. 8바이트 단위로 보냅니다.',
    ],
    'ipv6.fraghdr.more': ['1: more fragments of the same packet follow.', '1이면 같은 패킷의 단편이 뒤에 더 있습니다.'],
    'ipv6.fraghdr.ident': [
      'Number that the fragments of one packet share. Only the sender fragments; routers do not.',
      '한 패킷의 단편들이 함께 가지는 번호입니다. 라우터가 아니라 보낸 쪽만 단편화합니다.',
    ],
  },
  '': {
    'ipv6.fragments': ['The fragments that this packet was put together from.', '이 패킷으로 재조립된 단편들입니다.'],
    'ipv6.fragment': ['Packet of the capture that holds this fragment.', '이 단편이 들어 있는 캡처의 패킷입니다.'],
    'ipv6.fragment.overlap': [
      'True if this fragment covers bytes that another one brought too, which RFC 5722 forbids.',
      '다른 단편이 가져온 바이트와 겹치면 참입니다. RFC 5722는 이를 금지합니다.',
    ],
    'ipv6.fragment.multipletails': [
      'True if more than one fragment claims to be the last.',
      '마지막이라고 하는 단편이 둘 이상이면 참입니다.',
    ],
    'ipv6.fragment.toolongfragment': ['True if a fragment reaches beyond the end of the packet.', '단편이 패킷의 끝을 넘어서면 참입니다.'],
    'ipv6.fragment.count': ['How many fragments the packet arrived in.', '패킷이 나뉘어 도착한 단편의 수입니다.'],
    'ipv6.reassembled.length': ['Bytes of data once all fragments are together.', '단편을 모두 모은 데이터의 바이트 수입니다.'],
    'ipv6.reassembled.data': ['The data of all fragments in order.', '모든 단편의 데이터를 순서대로 이은 것입니다.'],
    'ipv6.reassembled.in': [
      'Packet with which the last missing fragment arrived; the whole is shown there.',
      '마지막 단편이 도착한 패킷으로, 재조립된 전체는 그곳에 표시됩니다.',
    ],
  },
};
