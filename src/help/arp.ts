import type { HelpFile } from './load.ts';

export const help: HelpFile = {
  'RFC 826, Packet format': {
    'arp.hw.type': [
      'Kind of link-layer address that is asked about. 1 is Ethernet.',
      '묻고 있는 링크 계층 주소의 종류입니다. 1은 Ethernet입니다.',
    ],
    'arp.proto.type': [
      'Kind of network-layer address that is asked about, with the numbers of the Ethernet type field. 0x0800 is IPv4.',
      '묻고 있는 네트워크 계층 주소의 종류로, Ethernet 타입 필드와 같은 번호를 씁니다. 0x0800은 IPv4입니다.',
    ],
    'arp.hw.size': [
      'Length of each hardware address below, in bytes. 6 for Ethernet.',
      '아래에 오는 하드웨어 주소 하나의 길이(바이트)입니다. Ethernet은 6입니다.',
    ],
    'arp.proto.size': [
      'Length of each protocol address below, in bytes. 4 for IPv4.',
      '아래에 오는 프로토콜 주소 하나의 길이(바이트)입니다. IPv4는 4입니다.',
    ],
    'arp.opcode': [
      'What the message is: 1 asks who has an address, 2 answers.',
      '메시지의 종류입니다. 1은 주소를 가진 호스트를 묻는 요청, 2는 응답입니다.',
    ],
    'arp.src.hw arp.src.hw_mac': [
      'Link-layer address of the sender. Whoever hears the message may store it beside the sender’s IP address.',
      '보낸 쪽의 링크 계층 주소입니다. 메시지를 받은 호스트는 이 주소를 보낸 쪽의 IP 주소와 짝지어 저장할 수 있습니다.',
    ],
    'arp.src.proto arp.src.proto_ipv4': [
      'Network address of the sender. It is 0.0.0.0 in a probe, which asks whether an address is free before taking it.',
      '보낸 쪽의 네트워크 주소입니다. 주소를 쓰기 전에 비어 있는지 확인하는 프로브에서는 0.0.0.0입니다.',
    ],
    'arp.dst.hw arp.dst.hw_mac': [
      'Link-layer address of the target. A request does not know it yet and usually leaves it zero.',
      '대상의 링크 계층 주소입니다. 요청에서는 아직 모르므로 보통 0으로 둡니다.',
    ],
    'arp.dst.proto arp.dst.proto_ipv4': [
      'Network address of the target: in a request, the address whose owner is wanted.',
      '대상의 네트워크 주소입니다. 요청에서는 주인을 찾고 있는 주소입니다.',
    ],
  },
  'RFC 5944, 4.6': {
    'arp.isgratuitous': [
      'True if the sender speaks about its own address: sender and target protocol address are the same. Neighbours refresh their tables with it.',
      '보낸 쪽이 자기 주소를 알리는 메시지이면 참입니다. 보낸 쪽과 대상의 프로토콜 주소가 같으며, 이웃은 이것으로 ARP 테이블을 갱신합니다.',
    ],
  },
  'RFC 5227, 2.3': {
    'arp.isannouncement': [
      'True if the message announces that the sender now uses this address.',
      '보낸 쪽이 이제 이 주소를 쓴다고 알리는 메시지이면 참입니다.',
    ],
  },
  'RFC 5227, 2.1.1': {
    'arp.isprobe': [
      'True if the message asks whether an address is in use already, from a sender that has none yet.',
      '아직 주소가 없는 호스트가 어떤 주소가 이미 쓰이는지 묻는 메시지이면 참입니다.',
    ],
  },
};
