import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'IEEE 802.3, 3.2.4': {
    'eth.dst': [
      'MAC address of the station that the frame is for on this link: the next hop, not the far end. All ones means every station.',
      '이 링크에서 프레임을 받을 장치의 MAC 주소입니다. 최종 목적지가 아니라 다음 홉이며, 모든 비트가 1이면 모든 장치가 받습니다.',
    ],
  },
  'IEEE 802.3, 3.2.5': {
    'eth.src': [
      'MAC address of the station that put the frame on this link. A router replaces it with its own.',
      '이 링크로 프레임을 내보낸 장치의 MAC 주소입니다. 라우터를 지나면 라우터의 주소로 바뀝니다.',
    ],
  },
  'IEEE 802, 8': {
    'eth.dst.oui eth.src.oui': [
      'First three bytes of the address. For addresses given at the factory they say which maker the IEEE assigned them to.',
      '주소의 앞 3바이트입니다. 공장에서 정한 주소라면 IEEE가 어느 제조사에 할당했는지를 나타냅니다.',
    ],
    'eth.dst.lg eth.src.lg': [
      '0: the address is globally unique, from the maker’s block. 1: it was set locally, as virtual machines and phones with random addresses do.',
      '0이면 제조사 블록에서 나온 전 세계 고유 주소이고, 1이면 로컬에서 정한 주소입니다. 가상 머신이나 임의 주소를 쓰는 휴대전화가 그 예입니다.',
    ],
    'eth.dst.ig eth.src.ig': [
      '0: the address of one station. 1: a group address, multicast or broadcast. A source address is never a group.',
      '0이면 장치 하나의 주소이고, 1이면 멀티캐스트나 브로드캐스트 같은 그룹 주소입니다. 출발지 주소는 그룹 주소일 수 없습니다.',
    ],
  },
  'IEEE 802.3, 3.2.6': {
    'eth.type': [
      'Which protocol the frame carries, from 0x0600 up: 0x0800 IPv4, 0x86dd IPv6, 0x0806 ARP.',
      '프레임이 나르는 프로토콜입니다. 0x0600 이상의 값으로, 0x0800은 IPv4, 0x86dd는 IPv6, 0x0806은 ARP입니다.',
    ],
    'eth.len': [
      'Number of data bytes, without padding. The same two bytes are a type from 0x0600 (1536) up and a length up to 1500.',
      '패딩을 뺀 데이터의 바이트 수입니다. 이 2바이트는 0x0600(1536) 이상이면 타입, 1500 이하이면 길이입니다.',
    ],
    'eth.invalid_lentype': [
      'A value between 1501 and 1535, which is neither a length nor a type.',
      '1501에서 1535 사이의 값으로, 길이도 타입도 아닙니다.',
    ],
  },
  'IEEE 802.3, 3.2.8': {
    'eth.padding': [
      'Zeros that fill a short frame up to the 60 bytes (64 with FCS) that Ethernet needs at least.',
      '짧은 프레임을 Ethernet의 최소 길이인 60바이트(FCS 포함 64바이트)까지 채우는 0입니다.',
    ],
  },
  'IEEE 802.3, 3.2.9': {
    'eth.fcs': [
      'CRC-32 over the frame, to notice bits damaged on the link. Network cards usually check and remove it, so captures seldom hold it.',
      '링크에서 손상된 비트를 알아내는 프레임 전체의 CRC-32입니다. 보통 네트워크 카드가 검사하고 제거하므로 캡처에는 드물게 남습니다.',
    ],
    'eth.fcs.status': ['Whether the FCS agrees with the bytes of the frame.', 'FCS가 프레임의 바이트와 맞는지를 나타냅니다.'],
  },
  'IEEE 802.3, 3.2.7': {
    'eth.trailer': [
      'Bytes after the end of the carried packet: padding, or something a device appended. The carried protocol says where its packet ends.',
      '실린 패킷이 끝난 뒤의 바이트입니다. 패딩이거나 장치가 덧붙인 데이터이며, 패킷의 끝은 실린 프로토콜의 길이로 정해집니다.',
    ],
  },
};
