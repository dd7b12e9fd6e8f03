import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'IEEE 802.1Q, 9.6': {
    'vlan.priority': [
      'Priority code point, 0 to 7: how urgent switches take the frame to be. 0 is best effort.',
      '우선순위 코드 포인트(0~7)입니다. 스위치가 프레임을 얼마나 급하게 다룰지를 정하며, 0은 최선형(best effort)입니다.',
    ],
    'vlan.dei': [
      'Drop eligible: a switch that runs out of room drops frames with this bit first.',
      '폐기 가능 비트입니다. 공간이 부족한 스위치는 이 비트가 설정된 프레임을 먼저 버립니다.',
    ],
    'vlan.id': [
      'Number of the virtual LAN, 1 to 4094. 0 means that the tag carries only a priority.',
      '가상 LAN의 번호(1~4094)입니다. 0이면 태그가 우선순위만 나타냅니다.',
    ],
  },
  'IEEE 802.1Q, 9': {
    'vlan.etype': [
      'Which protocol follows the tag, with the numbers of the Ethernet type field. It may be another tag.',
      '태그 다음에 오는 프로토콜로, Ethernet 타입 필드와 같은 번호를 씁니다. 또 다른 태그일 수도 있습니다.',
    ],
    'vlan.len': [
      'Number of data bytes after the tag: this frame has a length where others have a type.',
      '태그 뒤에 오는 데이터의 바이트 수입니다. 이 프레임은 타입 자리에 길이를 둡니다.',
    ],
    'vlan.trailer': ['Bytes after the end of the carried packet, mostly padding.', '실린 패킷이 끝난 뒤의 바이트로, 대부분 패딩입니다.'],
  },
};
