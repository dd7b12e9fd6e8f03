import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 768, Fields': {
    'udp.srcport': [
      'Port of the sending program, where answers go. 0 means that none is expected.',
      '보내는 프로그램의 포트로, 응답이 돌아갈 곳입니다. 0이면 응답을 기대하지 않습니다.',
    ],
    'udp.dstport': [
      'Port of the receiving program: 53 for DNS, 443 for QUIC.',
      '받는 프로그램의 포트입니다. 예를 들어 53은 DNS, 443은 QUIC입니다.',
    ],
    'udp.length': [
      'Bytes of header and data together; at least 8, the length of the header.',
      '헤더와 데이터를 합친 바이트 수입니다. 최솟값은 헤더 길이인 8입니다.',
    ],
    'udp.checksum': [
      'Guards header, data and the IP addresses against damage. 0 means not computed, which IPv4 allows and IPv6 as a rule forbids.',
      '헤더, 데이터, IP 주소가 손상되었는지 검사하는 값입니다. 0은 계산하지 않았다는 뜻으로, IPv4에서는 허용되고 IPv6에서는 원칙적으로 금지됩니다.',
    ],
    'udp.payload': [
      'The data that the program handed to UDP, one message as a whole.',
      '프로그램이 UDP에 넘긴 데이터로, 메시지 하나가 통째로 들어 있습니다.',
    ],
  },
  'RFC 3828, 3.1': {
    'udp.checksum_coverage': [
      'UDP-Lite: how many bytes from the start the checksum guards. 0 means all of them, else at least the 8 of the header.',
      'UDP-Lite에서 체크섬이 검사하는 앞부분의 바이트 수입니다. 0이면 전체이고, 그 밖에는 적어도 헤더 8바이트입니다.',
    ],
  },
  '': {
    'udp.checksum.status': [
      'Whether the checksum agrees with the bytes. Packets captured on the sending computer may look wrong where the network card computes it later.',
      '체크섬이 바이트와 맞는지를 나타냅니다. 보내는 컴퓨터에서 캡처한 패킷은 네트워크 카드가 나중에 계산하므로 틀려 보일 수 있습니다.',
    ],
    'udp.stream': [
      'Number of the UDP conversation, from 0: all packets between the same two addresses and ports share it.',
      'UDP 대화의 번호로, 0부터 시작합니다. 같은 두 주소와 포트 사이의 모든 패킷이 같은 번호를 가집니다.',
    ],
    'udp.time_relative': [
      'Time since the first packet of this conversation in the capture.',
      '캡처에서 이 대화의 첫 패킷 이후 지난 시간입니다.',
    ],
    'udp.time_delta': ['Time since the packet before this one in the same conversation.', '같은 대화의 바로 앞 패킷 이후 지난 시간입니다.'],
  },
};
