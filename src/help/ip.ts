import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 791, 3.1': {
    'ip.version': ['Version of the Internet Protocol: 4.', '인터넷 프로토콜의 버전으로, 값은 4입니다.'],
    'ip.hdr_len': [
      'Length of this header. Sent in units of 4 bytes: 5, which is 20 bytes, unless there are options.',
      '이 헤더의 길이입니다. 4바이트 단위로 보내며, 옵션이 없으면 5, 곧 20바이트입니다.',
    ],
    'ip.len': [
      'Bytes of the whole packet, header and data. What the frame holds beyond it is padding.',
      '헤더와 데이터를 합친 패킷 전체의 바이트 수입니다. 프레임에서 이 길이를 넘는 부분은 패딩입니다.',
    ],
    'ip.flags': [
      'Three bits that say whether routers may cut this packet into fragments, and whether more fragments follow.',
      '라우터가 이 패킷을 단편으로 나눠도 되는지, 뒤에 단편이 더 있는지를 나타내는 3비트입니다.',
    ],
    'ip.flags.rb': [
      'Reserved, must be 0. RFC 3514 made it the “evil bit”, as a joke on the first of April.',
      '예약된 비트로 0이어야 합니다. RFC 3514는 만우절 농담으로 이 비트를 “악의 비트”라고 정했습니다.',
    ],
    'ip.flags.df': [
      'Do not fragment. A router that would have to cut the packet drops it and says so by ICMP, which is how senders find the path’s MTU.',
      '단편화 금지 비트입니다. 패킷을 나눠야 하는 라우터는 패킷을 버리고 ICMP로 알리며, 보내는 쪽은 이것으로 경로 MTU를 알아냅니다.',
    ],
    'ip.flags.mf': [
      'More fragments of the same packet follow. 0 on the last fragment and on packets that were not cut.',
      '같은 패킷의 단편이 뒤에 더 있다는 뜻입니다. 마지막 단편과 나뉘지 않은 패킷에서는 0입니다.',
    ],
    'ip.frag_offset': [
      'Where the data of this fragment belongs in the original packet. Sent in units of 8 bytes.',
      '이 단편의 데이터가 원래 패킷에서 차지하는 위치입니다. 8바이트 단위로 보냅니다.',
    ],
    'ip.ttl': [
      'How many more routers may forward the packet: each takes one off, and the packet dies at 0. It stops packets from circling for ever.',
      '패킷이 앞으로 지날 수 있는 라우터의 수입니다. 라우터마다 1씩 줄고 0이 되면 버려지므로 패킷이 끝없이 맴돌지 않습니다.',
    ],
    'ip.proto': [
      'Which protocol the packet carries: 6 TCP, 17 UDP, 1 ICMP.',
      '패킷이 나르는 프로토콜입니다. 6은 TCP, 17은 UDP, 1은 ICMP입니다.',
    ],
    'ip.checksum': [
      'Guards this header, not the data, against damage. Every router checks it and computes it anew, because the TTL changes.',
      '데이터를 뺀 이 헤더의 손상 여부를 검사하는 값입니다. TTL이 바뀌므로 라우터마다 검사하고 다시 계산합니다.',
    ],
    'ip.src': [
      'Address of the host that sent the packet. It stays the same along the way unless a NAT rewrites it.',
      '패킷을 보낸 호스트의 주소입니다. NAT가 바꾸지 않는 한 경로 내내 그대로입니다.',
    ],
    'ip.dst': ['Address of the host that the packet is for.', '패킷을 받을 호스트의 주소입니다.'],
    'ip.opt.type': [
      'Which option follows, in one byte made of the copied flag, the class and the number.',
      '뒤에 오는 옵션의 종류입니다. 복사 플래그, 클래스, 번호로 이루어진 1바이트입니다.',
    ],
    'ip.opt.type.copy': [
      'Whether every fragment of the packet gets a copy of the option, or only the first.',
      '패킷의 모든 단편에 옵션을 복사할지, 첫 단편에만 둘지를 나타냅니다.',
    ],
    'ip.opt.type.class': [
      'Group of the option: 0 control, 2 debugging and measurement.',
      '옵션의 분류입니다. 0은 제어, 2는 디버깅과 측정입니다.',
    ],
    'ip.opt.type.number': ['Number of the option within its class.', '클래스 안에서 옵션의 번호입니다.'],
    'ip.opt.len': ['Length of the option in bytes, type and length included.', '타입과 길이를 포함한 옵션의 바이트 수입니다.'],
    'ip.opt.ptr': [
      'Where the next address or time stamp of the option is, counted in bytes from its start, which is 1.',
      '옵션에서 다음 주소나 타임스탬프의 위치입니다. 옵션의 시작을 1로 하여 바이트로 셉니다.',
    ],
    'ip.rec_rt': ['Address that a router on the way wrote down (record route).', '경로의 라우터가 기록한 주소입니다(경로 기록 옵션).'],
    'ip.cur_rt': ['Address at the pointer: the next stop of the route.', '포인터가 가리키는 주소로, 경로의 다음 지점입니다.'],
    'ip.src_rt': [
      'Address that the sender wants the packet to pass. Most routers refuse source routes today.',
      '보낸 쪽이 패킷을 지나게 하려는 주소입니다. 오늘날 대부분의 라우터는 소스 라우팅을 거부합니다.',
    ],
    'ip.empty_rt': ['Place for an address that no router has filled in yet.', '아직 어느 라우터도 채우지 않은 주소 자리입니다.'],
    'ip.opt.addr': ['Address listed in the option.', '옵션에 들어 있는 주소입니다.'],
    'ip.opt.sid': ['Stream identifier of the SATNET network. Obsolete.', 'SATNET 네트워크의 스트림 식별자입니다. 지금은 쓰이지 않습니다.'],
    'ip.opt.overflow': [
      'How many hosts could not write a time stamp because the option was full.',
      '옵션에 자리가 없어 타임스탬프를 쓰지 못한 호스트의 수입니다.',
    ],
    'ip.opt.flag': [
      'What hosts write down: time stamps only, with their addresses, or only those hosts that the sender listed.',
      '호스트가 기록할 내용입니다. 타임스탬프만, 주소와 함께, 또는 보낸 쪽이 지정한 호스트만 기록하는 방식이 있습니다.',
    ],
    'ip.opt.time_stamp': [
      'Time when the packet passed, in milliseconds since midnight UT.',
      '패킷이 지나간 시각으로, UT 자정 이후의 밀리초입니다.',
    ],
    'ip.opt.time_stamp_addr': ['Address of the host that wrote the time stamp.', '타임스탬프를 쓴 호스트의 주소입니다.'],
  },
  'RFC 6864, 4': {
    'ip.id': [
      'Number that the fragments of one packet share, so that the receiver can put them together. It means nothing in a packet that cannot be fragmented.',
      '한 패킷의 단편들이 함께 가지는 번호로, 받는 쪽은 이것으로 단편을 모읍니다. 단편화될 수 없는 패킷에서는 의미가 없습니다.',
    ],
  },
  'RFC 2474, 3': {
    'ip.dsfield': [
      'How routers should treat the packet: six bits of service class (DSCP) and two for congestion (ECN). It was once the type of service.',
      '라우터가 패킷을 다루는 방식입니다. 서비스 등급(DSCP) 6비트와 혼잡(ECN) 2비트로 이루어지며, 예전에는 서비스 타입(ToS)이었습니다.',
    ],
    'ip.dsfield.dscp': [
      'Service class that routers may go by when they queue and drop: 0 is the default, 46 expedited forwarding for voice.',
      '라우터가 큐에 넣거나 버릴 때 참고할 수 있는 서비스 등급입니다. 0은 기본값, 46은 음성에 쓰는 신속 전달(EF)입니다.',
    ],
  },
  'RFC 3168, 5': {
    'ip.dsfield.ecn': [
      'Congestion without loss: 1 or 2 says that the ends understand ECN, and a router whose queue fills sets it to 3 instead of dropping the packet.',
      '패킷을 버리지 않고 혼잡을 알리는 2비트입니다. 1이나 2는 양 끝이 ECN을 안다는 뜻이고, 큐가 차는 라우터는 패킷을 버리는 대신 3으로 바꿉니다.',
    ],
  },
  'RFC 1063': {
    'ip.opt.mtu': [
      'Smallest MTU on the path so far (probe), or as found (reply). Obsolete since RFC 1191.',
      '지금까지 경로에서 가장 작은 MTU(프로브) 또는 알아낸 값(응답)입니다. RFC 1191 이후 쓰이지 않습니다.',
    ],
  },
  'RFC 1393': {
    'ip.opt.id_number': [
      'Number that ties the answers of routers to this traceroute.',
      '라우터의 응답을 이 traceroute와 짝짓는 번호입니다.',
    ],
    'ip.opt.ohc': ['How many routers the outbound packet has passed.', '나가는 패킷이 지나온 라우터의 수입니다.'],
    'ip.opt.rhc': ['How many routers the returning packet has passed.', '돌아오는 패킷이 지나온 라우터의 수입니다.'],
    'ip.opt.originator': ['Address of the host that began the traceroute.', 'traceroute를 시작한 호스트의 주소입니다.'],
  },
  'RFC 2113, 2.1': {
    'ip.opt.ra': [
      'Asks routers on the way to look at the packet themselves; 0 is the only value in general use. RSVP and IGMP use it.',
      '경로의 라우터에게 패킷 내용을 직접 살펴보라고 요청합니다. 보통 값은 0이며 RSVP와 IGMP가 씁니다.',
    ],
  },
  'RFC 4782, 3.1': {
    'ip.opt.qs_func': [
      'Whether this asks for a sending rate or reports the rate approved.',
      '전송률을 요청하는지, 승인된 전송률을 알리는지를 나타냅니다.',
    ],
    'ip.opt.qs_rate': [
      'Sending rate asked for or approved. Routers on the way may lower it.',
      '요청하거나 승인된 전송률입니다. 경로의 라우터가 낮출 수 있습니다.',
    ],
    'ip.opt.qs_ttl': [
      'Counted down by routers that understand Quick-Start; beside the IP TTL it shows whether all of them did.',
      'Quick-Start를 아는 라우터마다 1씩 줄이는 값입니다. IP TTL과 비교하면 모든 라우터가 아는지 알 수 있습니다.',
    ],
    'ip.opt.qs_nonce': [
      'Random number that routers change when they lower the rate, so that a receiver cannot claim a higher one.',
      '라우터가 전송률을 낮출 때 바꾸는 임의의 수로, 받는 쪽이 더 높은 값을 속여 알리지 못하게 합니다.',
    ],
    'ip.opt.qs_unused ip.opt.qs_reserved': ['Bits without meaning, sent as 0.', '의미가 없는 비트로, 0으로 보냅니다.'],
  },
  'RFC 1108, 2': {
    'ip.opt.sec_cl': [
      'Security classification of the packet, such as Secret.',
      '패킷의 보안 등급입니다. 예를 들어 비밀(Secret)이 있습니다.',
    ],
    'ip.opt.sec_prot_auth_flags': ['Which authorities’ rules protect the data.', '어느 기관의 규칙으로 데이터를 보호하는지를 나타냅니다.'],
  },
  'FIPS 188, CIPSO': {
    'ip.cipso.doi': [
      'Domain of interpretation: which organisation’s scheme the labels follow.',
      '해석 도메인으로, 레이블이 어느 조직의 체계를 따르는지를 나타냅니다.',
    ],
    'ip.cipso.tag_type': ['How the categories in this tag are written.', '이 태그의 범주를 적는 방식입니다.'],
    'ip.cipso.sensitivity_level': [
      'How sensitive the data is, in the terms of the domain.',
      '해석 도메인의 기준에 따른 데이터의 민감도입니다.',
    ],
    'ip.cipso.tag_data': ['Categories and other content of the tag.', '태그에 담긴 범주와 그 밖의 내용입니다.'],
  },
  '': {
    'ip.checksum.status': ['Whether the header checksum agrees with the header.', '헤더 체크섬이 헤더와 맞는지를 나타냅니다.'],
    'ip.fragments': ['The fragments that this packet was put together from.', '이 패킷으로 재조립된 단편들입니다.'],
    'ip.fragment': ['Packet of the capture that holds this fragment.', '이 단편이 들어 있는 캡처의 패킷입니다.'],
    'ip.fragment.overlap': [
      'True if this fragment covers bytes that another one brought too.',
      '다른 단편이 가져온 바이트와 겹치면 참입니다.',
    ],
    'ip.fragment.multipletails': [
      'True if more than one fragment claims to be the last.',
      '마지막이라고 하는 단편이 둘 이상이면 참입니다.',
    ],
    'ip.fragment.toolongfragment': ['True if a fragment reaches beyond the end of the packet.', '단편이 패킷의 끝을 넘어서면 참입니다.'],
    'ip.fragment.count': ['How many fragments the packet arrived in.', '패킷이 나뉘어 도착한 단편의 수입니다.'],
    'ip.reassembled.length': ['Bytes of data once all fragments are together.', '단편을 모두 모은 데이터의 바이트 수입니다.'],
    'ip.reassembled.data': ['The data of all fragments in order.', '모든 단편의 데이터를 순서대로 이은 것입니다.'],
    'ip.reassembled_in': [
      'Packet with which the last missing fragment arrived; the whole is shown there.',
      '마지막 단편이 도착한 패킷으로, 재조립된 전체는 그곳에 표시됩니다.',
    ],
  },
};
