// LINKTYPE_ numbers of capture files (tcpdump.org/linktypes) with Wireshark's encapsulation numbers.
import type { Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import { data } from './data.ts';

/** [Wireshark's encapsulation number, name] by LINKTYPE_ number. */
const linkTypes: ReadonlyMap<number, readonly [number, string]> = new Map([
  [0, [15, 'NULL/Loopback']],
  [1, [1, 'Ethernet']],
  [6, [2, 'Token Ring']],
  [7, [9, 'ARCNET']],
  [8, [3, 'SLIP']],
  [9, [4, 'PPP']],
  [10, [6, 'FDDI']],
  [12, [7, 'Raw IP']],
  [14, [7, 'Raw IP']],
  [50, [19, 'PPP']],
  [51, [161, 'PPP-over-Ethernet session']],
  [100, [13, 'RFC 1483 ATM']],
  [101, [7, 'Raw IP']],
  [104, [28, 'Cisco HDLC']],
  [105, [20, 'IEEE 802.11 Wireless LAN']],
  [106, [10, 'Linux ATM CLIP']],
  [107, [27, 'Frame Relay']],
  [108, [15, 'NULL/Loopback']],
  [109, [39, 'OpenBSD enc']],
  [113, [25, 'Linux cooked-mode capture v1']],
  [117, [38, 'OpenBSD PF Firewall logs']],
  [119, [22, 'IEEE 802.11 plus Prism header']],
  [122, [18, 'RFC 2625 IP-over-Fibre Channel']],
  [127, [23, 'IEEE 802.11 plus radiotap radio header']],
  [129, [74, 'ARCNET Linux']],
  [163, [24, 'IEEE 802.11 plus AVS radio header']],
  [187, [100, 'Bluetooth H4']],
  [189, [92, 'USB packets with Linux header']],
  [195, [104, 'IEEE 802.15.4 Wireless PAN']],
  [201, [99, 'Bluetooth H4 with linux header']],
  [220, [115, 'USB packets with Linux header and padding']],
  [228, [129, 'Raw IPv4']],
  [229, [130, 'Raw IPv6']],
  [230, [127, 'IEEE 802.15.4 Wireless PAN with FCS not present']],
  [239, [141, 'NFLOG']],
  [240, [139, 'Hilscher netANALYZER']],
  [249, [152, 'USB packets with USBPcap header']],
  [276, [210, 'Linux cooked-mode capture v2']],
]);

/** Wireshark's WTAP_ENCAP_ number (`frame.encap_type`), undefined if not known here. */
export function encapsulationOf(linkType: number): number | undefined {
  return linkTypes.get(linkType)?.[0];
}

/** Name of a LINKTYPE_, or 'LINKTYPE 160' for one that has none here. */
export function linkTypeName(linkType: number): string {
  return linkTypes.get(linkType)?.[1] ?? `LINKTYPE ${linkType}`;
}

/** The protocol that packets of this link type begin with: `data` where it is not known. The same at both depths. */
export function linkProtocol(linkType: number): Protocol {
  return tables.linktype.lookup(linkType) ?? data;
}
