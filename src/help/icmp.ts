import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 792': {
    'icmp.type': [
      'What the message is: 8 asks for an echo and 0 answers it (ping), 3 reports an unreachable destination, 11 a TTL that ran out.',
      '메시지의 종류입니다. 8은 에코 요청, 0은 에코 응답(ping), 3은 목적지 도달 불가, 11은 TTL 만료를 알립니다.',
    ],
    'icmp.code': [
      'The case within the type: for “unreachable”, whether network, host, protocol or port could not be reached.',
      '종류 안에서의 세부 경우입니다. 도달 불가라면 네트워크, 호스트, 프로토콜, 포트 가운데 어느 것에 닿지 못했는지를 나타냅니다.',
    ],
    'icmp.checksum': ['Guards the whole ICMP message against damage.', 'ICMP 메시지 전체의 손상 여부를 검사하는 값입니다.'],
    'icmp.unused icmp.reserved': [
      'Bytes without meaning in this kind of message, sent as 0.',
      '이 종류의 메시지에서 의미가 없는 바이트로, 0으로 보냅니다.',
    ],
    'icmp.ident': [
      'Number that ties replies to the program that asked; each running ping has its own.',
      '응답을 요청한 프로그램과 짝짓는 번호로, 실행 중인 ping마다 다릅니다.',
    ],
    'icmp.ident_le': [
      'The same identifier read with its bytes swapped, as Windows writes it.',
      '같은 식별자를 바이트 순서를 바꿔 읽은 값으로, Windows는 이렇게 씁니다.',
    ],
    'icmp.seq': ['Number of the echo request, which the reply repeats.', '에코 요청의 번호로, 응답이 그대로 되풀이합니다.'],
    'icmp.seq_le': [
      'The same sequence number read with its bytes swapped, as Windows writes it.',
      '같은 순서 번호를 바이트 순서를 바꿔 읽은 값으로, Windows는 이렇게 씁니다.',
    ],
    'icmp.pointer': ['Which byte of the original packet’s header is wrong.', '원래 패킷의 헤더에서 잘못된 바이트의 위치입니다.'],
    'icmp.redir_gw': [
      'Router that the host should use for this destination from now on.',
      '호스트가 앞으로 이 목적지에 써야 할 라우터의 주소입니다.',
    ],
    'icmp.originate_timestamp': [
      'When the sender last touched the message, in milliseconds since midnight UT.',
      '보낸 쪽이 메시지를 내보내기 직전의 시각으로, UT 자정 이후의 밀리초입니다.',
    ],
    'icmp.receive_timestamp': [
      'When the message arrived at the other host, in milliseconds since midnight UT.',
      '상대 호스트에 메시지가 도착한 시각으로, UT 자정 이후의 밀리초입니다.',
    ],
    'icmp.transmit_timestamp': [
      'When the reply was sent, in milliseconds since midnight UT.',
      '응답을 보낸 시각으로, UT 자정 이후의 밀리초입니다.',
    ],
  },
  'RFC 1191, 4': {
    'icmp.mtu': [
      'Largest packet that the next link can carry, in bytes. The sender makes its packets that small from now on.',
      '다음 링크가 나를 수 있는 가장 큰 패킷의 바이트 수입니다. 보낸 쪽은 앞으로 패킷을 이 크기에 맞춥니다.',
    ],
  },
  'RFC 950, Appendix I': {
    'icmp.address_mask': [
      'Subnet mask of the network that was asked about. Obsolete: DHCP tells it today.',
      '질문받은 네트워크의 서브넷 마스크입니다. 지금은 DHCP가 알려 주므로 쓰이지 않습니다.',
    ],
  },
  'RFC 1256, 3': {
    'icmp.num_addrs': ['How many router addresses the message lists.', '메시지에 담긴 라우터 주소의 수입니다.'],
    'icmp.addr_entry_size': [
      'Size of an entry in units of 4 bytes: 2, for address and preference.',
      '항목 하나의 크기로 4바이트 단위입니다. 주소와 우선도를 합쳐 2입니다.',
    ],
    'icmp.lifetime': ['For how many seconds the addresses may be used.', '주소를 쓸 수 있는 시간(초)입니다.'],
    'icmp.router_address': ['Address of a router that hosts on this link may use.', '이 링크의 호스트가 쓸 수 있는 라우터의 주소입니다.'],
    'icmp.pref_level': [
      'How much this router is to be preferred; the highest number wins.',
      '이 라우터를 얼마나 우선할지를 나타내며, 가장 큰 값이 우선합니다.',
    ],
  },
  'RFC 4884, 4': {
    'icmp.length': [
      'How much of the original packet is quoted, in units of 4 bytes. Extensions stand behind it.',
      '인용된 원래 패킷의 길이로 4바이트 단위입니다. 확장은 그 뒤에 옵니다.',
    ],
    'icmp.length.original_datagram': ['How many bytes of the original packet are quoted.', '인용된 원래 패킷의 바이트 수입니다.'],
  },
  'RFC 4884, 7': {
    'icmp.ext': [
      'Further facts that a router added to its error message, such as MPLS labels.',
      '라우터가 오류 메시지에 덧붙인 정보로, MPLS 레이블 등이 있습니다.',
    ],
    'icmp.ext.version': ['Version of the extensions: 2.', '확장의 버전으로, 값은 2입니다.'],
    'icmp.ext.res': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'icmp.ext.checksum': [
      'Guards the extensions against damage. 0 means not computed.',
      '확장의 손상 여부를 검사하는 값입니다. 0은 계산하지 않았다는 뜻입니다.',
    ],
    'icmp.ext.checksum.status': ['Whether the checksum agrees with the extensions.', '체크섬이 확장과 맞는지를 나타냅니다.'],
    'icmp.ext.length': ['Bytes of this extension object, its header included.', '헤더를 포함한 이 확장 객체의 바이트 수입니다.'],
    'icmp.ext.class': [
      'What kind of object it is: 1 MPLS labels, 2 facts about an interface.',
      '객체의 종류입니다. 1은 MPLS 레이블, 2는 인터페이스 정보입니다.',
    ],
    'icmp.ext.ctype': ['The variety within the class.', '클래스 안에서의 세부 종류입니다.'],
    'icmp.ext.data': ['Content of an object that is not taken apart further.', '더 해석하지 않는 객체의 내용입니다.'],
  },
  'RFC 4950, 5': {
    'icmp.mpls.label': ['MPLS label with which the packet reached the router.', '패킷이 라우터에 도착할 때의 MPLS 레이블입니다.'],
    'icmp.mpls.exp': [
      'Traffic class of the label, once called experimental.',
      '레이블의 트래픽 클래스로, 예전 이름은 실험(EXP) 비트입니다.',
    ],
    'icmp.mpls.s': ['1 on the last label of the stack.', '레이블 스택의 마지막 레이블이면 1입니다.'],
    'icmp.mpls.ttl': ['Time to live of the label.', '레이블의 TTL입니다.'],
  },
  'RFC 5837, 4': {
    'icmp.int_info.role': [
      'What the interface has to do with the packet: it came in there, or would have gone out there.',
      '인터페이스와 패킷의 관계입니다. 패킷이 들어온 곳이거나 나갔을 곳입니다.',
    ],
    'icmp.int_info.reserved': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'icmp.int_info.ifindex': ['1: the number of the interface follows.', '1이면 인터페이스 번호가 뒤따릅니다.'],
    'icmp.int_info.ipaddr': ['1: an address of the interface follows.', '1이면 인터페이스의 주소가 뒤따릅니다.'],
    'icmp.int_info.name_present': ['1: the name of the interface follows.', '1이면 인터페이스의 이름이 뒤따릅니다.'],
    'icmp.int_info.mtu_present': ['1: the MTU of the interface follows.', '1이면 인터페이스의 MTU가 뒤따릅니다.'],
    'icmp.int_info.index': ['Number of the interface, the ifIndex of SNMP.', '인터페이스의 번호로, SNMP의 ifIndex입니다.'],
    'icmp.int_info.afi': ['Kind of the address that follows: 1 IPv4, 2 IPv6.', '뒤따르는 주소의 종류입니다. 1은 IPv4, 2는 IPv6입니다.'],
    'icmp.int_info.ipv4 icmp.int_info.ipv6': ['Address of the interface.', '인터페이스의 주소입니다.'],
    'icmp.int_info.name_length': ['Bytes of the name, this one included.', '이 바이트를 포함한 이름의 바이트 수입니다.'],
    'icmp.int_info.name': ['Name of the interface as the router has it.', '라우터에서 쓰는 인터페이스의 이름입니다.'],
    'icmp.int_info.mtu': ['Largest packet that the interface carries, in bytes.', '인터페이스가 나르는 가장 큰 패킷의 바이트 수입니다.'],
  },
  'RFC 8335, 2': {
    'icmp.ext.echo.seq': ['Number of the request, which the reply repeats.', '요청의 번호로, 응답이 그대로 되풀이합니다.'],
    'icmp.ext.echo.req.res': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'icmp.ext.echo.req.local': [
      '1: the interface asked about is on the node itself; 0: on a neighbour of it.',
      '1이면 묻는 인터페이스가 그 노드 자신에, 0이면 그 이웃에 있습니다.',
    ],
    'icmp.int_ident.name': ['Name of the interface that is asked about.', '묻고 있는 인터페이스의 이름입니다.'],
    'icmp.int_ident.index': ['Number of the interface that is asked about.', '묻고 있는 인터페이스의 번호입니다.'],
    'icmp.int_ident.afi': ['Kind of the address by which the interface is asked about.', '인터페이스를 묻는 데 쓴 주소의 종류입니다.'],
    'icmp.int_ident.addr_length': ['Bytes of that address.', '그 주소의 바이트 수입니다.'],
    'icmp.int_ident.reserved': ['Reserved, sent as 0.', '예약된 부분으로, 0으로 보냅니다.'],
    'icmp.int_ident.ipv4 icmp.int_ident.ipv6 icmp.int_ident.address': [
      'Address of the interface that is asked about.',
      '묻고 있는 인터페이스의 주소입니다.',
    ],
  },
  'RFC 8335, 3': {
    'icmp.ext.echo.rsp.state': [
      'What is known of a neighbour’s address: 2 means reachable.',
      '이웃 주소의 상태입니다. 2는 도달 가능을 뜻합니다.',
    ],
    'icmp.ext.echo.rsp.active': ['1: the interface asked about is up.', '1이면 묻는 인터페이스가 동작 중입니다.'],
    'icmp.ext.echo.rsp.ipv4': ['1: IPv4 runs on that interface.', '1이면 그 인터페이스에서 IPv4가 동작합니다.'],
    'icmp.ext.echo.rsp.ipv6': ['1: IPv6 runs on that interface.', '1이면 그 인터페이스에서 IPv6가 동작합니다.'],
  },
  'ping(8), iputils': {
    'icmp.data_time': [
      'Time that the ping program put into the data. ICMP itself does not define it.',
      'ping 프로그램이 데이터에 넣은 시각입니다. ICMP 자체가 정한 것은 아닙니다.',
    ],
    'icmp.data_time_relative': [
      'How long before this packet’s arrival that time was.',
      '그 시각이 이 패킷의 도착보다 얼마나 앞서는지를 나타냅니다.',
    ],
  },
  '': {
    'icmp.checksum.status': ['Whether the checksum agrees with the message.', '체크섬이 메시지와 맞는지를 나타냅니다.'],
    'icmp.resp_in': ['Packet with the reply to this request.', '이 요청에 대한 응답이 들어 있는 패킷입니다.'],
    'icmp.resp_to': ['Packet with the request that this one answers.', '이 응답에 대한 요청이 들어 있는 패킷입니다.'],
    'icmp.resptime': [
      'Time from request to reply at the capture point: the round trip that ping reports.',
      '캡처한 지점에서 요청부터 응답까지의 시간으로, ping이 알려 주는 왕복 시간입니다.',
    ],
  },
};
