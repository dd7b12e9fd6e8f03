/**
 * Every protocol, and who follows whom: one line per protocol. Importing this file fills the tables.
 * To add a protocol: write its file, add its line here, add its tests.
 */

import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import { ams } from './ams.ts';
import { alias } from './app-kit.ts';
import { arp } from './arp.ts';
import { babel } from './babel.ts';
import { bfd } from './bfd.ts';
import { bgp } from './bgp.ts';
import { bitcoin } from './bitcoin.ts';
import { bittorrent } from './bittorrent.ts';
import { capwapControl, capwapData } from './capwap.ts';
import { cql } from './cql.ts';
import { data } from './data.ts';
import { dcerpc, dcerpcUdp } from './dcerpc.ts';
import { dhcp } from './dhcp.ts';
import { dhcpv6 } from './dhcpv6.ts';
import { diameter } from './diameter.ts';
import { dnp3 } from './dnp3.ts';
import { dns, dnsElsewhere, llmnr, mdns } from './dns.ts';
import { drda } from './drda.ts';
import { dtls } from './dtls.ts';
import { elasticsearch } from './elasticsearch.ts';
import { erspan } from './erspan.ts';
import { ethernet } from './ethernet.ts';
import { fddi } from './fddi.ts';
import { ftp, ftpData } from './ftp.ts';
import { gre } from './gre.ts';
import { gtp, gtpPrime } from './gtp.ts';
import { hislip } from './hislip.ts';
import { hsrp } from './hsrp.ts';
import { iax2 } from './iax2.ts';
import { icmpv6 } from './icmpv6.ts';
import { igmp } from './igmp.ts';
import { imap } from './imap.ts';
import { imf } from './imf.ts';
import { ah, esp, udpEncapsulation } from './ipsec.ts';
import { ayiya, teredo } from './ipv6-over-udp.ts';
import { irc } from './irc.ts';
import { isakmp } from './isakmp.ts';
import { kerberos, kerberosTcp } from './kerberos.ts';
import { ldap } from './ldap.ts';
import { ldp } from './ldp.ts';
import { macsec } from './macsec.ts';
import { mbtcp } from './modbus.ts';
import { mpls } from './mpls.ts';
import { mqtt } from './mqtt.ts';
import { mysql } from './mysql.ts';
import * as named from './named.ts';
import { nbss } from './nbss.ts';
import { ncp } from './ncp.ts';
import { nhrp } from './nhrp.ts';
import { ntp } from './ntp.ts';
import { opcua } from './opcua.ts';
import { openflow } from './openflow.ts';
import { openvpn, openvpnUdp } from './openvpn.ts';
import { openwire } from './openwire.ts';
import { pgm } from './pgm.ts';
import { pgsql } from './pgsql.ts';
import { pim } from './pim.ts';
import { pop } from './pop.ts';
import { ciscoHdlc, ppp, pppoeDiscovery, pppoeSession } from './ppp.ts';
import { pptp } from './pptp.ts';
import { gquic, quic } from './quic.ts';
import { radius } from './radius.ts';
import { resp } from './resp.ts';
import { rip } from './rip.ts';
import { ripng } from './ripng.ts';
import { rmi } from './rmi.ts';
import { rpc, rpcTcp } from './rpc.ts';
import { rtsp } from './rtsp.ts';
import { rx } from './rx.ts';
import { sflow } from './sflow.ts';
import { sip } from './sip.ts';
import { skinny } from './skinny.ts';
import { snmp } from './snmp.ts';
import { socks } from './socks.ts';
import { srvloc } from './srvloc.ts';
import { smtp } from './smtp.ts';
import { ssh } from './ssh.ts';
import { stun } from './stun.ts';
import { tftp } from './tftp.ts';
import { tns } from './tns.ts';
import { tpkt } from './tpkt.ts';
import { geneve, vxlan } from './udp-tunnels.ts';
import { udpencap } from './udpencap.ts';
import { uftp } from './uftp.ts';
import { vnc } from './vnc.ts';
import { wireguard } from './wireguard.ts';
import { wlan, wlanSwapped } from './wlan.ts';
import { wow } from './wow.ts';
import './frame.ts';
import { http, httpElsewhere, ssdp } from './http.ts';
import { icmp } from './icmp.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';
import { ipv6DestinationOptions, ipv6HopByHop, ipv6Routing } from './ipv6-extensions.ts';
import { ipv6Fragment } from './ipv6-fragment.ts';
import { llc } from './llc.ts';
import { nbns } from './nbns.ts';
import { nullLoopback } from './null.ts';
import { rawIp } from './raw-ip.ts';
import { sll, sll2 } from './sll.ts';
import { tcp } from './tcp.ts';
import { tls, tlsElsewhere } from './tls.ts';
import { udp, udplite } from './udp.ts';
import { providerBridge, vlan } from './vlan.ts';

type TableName = keyof typeof tables;

/** Binds a protocol to keys of tables, and to the heuristics lists. */
function register(
  protocol: Protocol,
  keys: Partial<Record<TableName, readonly number[]>> = {},
  heuristic: readonly ('tcp' | 'udp')[] = [],
): void {
  for (const [name, numbers] of Object.entries(keys)) for (const key of numbers) tables[name as TableName].bind(key, protocol);
  for (const transport of heuristic) heuristics[transport].push(protocol);
}

/** Aruba's tunnels: 802.11 frames under one of these. */
const ARUBA_GRE = Array.from({ length: 24 }, (_, i) => 0x8200 + 0x10 * i);

// --- link and network

register(ethernet, { linktype: [1], greProto: [0x6558], ipProto: [143] });
register(fddi, { linktype: [10] });
register(nullLoopback, { linktype: [0, 108] });
register(rawIp, { linktype: [12, 14, 101] });
register(sll, { linktype: [113] });
register(sll2, { linktype: [276] });
register(llc);
register(vlan, { ethertype: [0x8100, 0x9100, 0x9200, 0x9300] });
register(providerBridge, { ethertype: [0x88a8] });
register(arp, { ethertype: [0x0806, 0x8035], greProto: [0x0806] });
register(ipv4, { linktype: [228], ethertype: [0x0800], ipProto: [4], llcDsap: [0x06], greProto: [0x0800, 0x883e], pppProto: [0x0021] });
register(ipv6, { linktype: [229], ethertype: [0x86dd], ipProto: [41], greProto: [0x86dd], pppProto: [0x0057] });
register(icmp, { ipProto: [1] });
register(icmpv6, { ipProto: [58] });
register(igmp, { ipProto: [2] });
register(ah, { ipProto: [51] });
register(esp, { ipProto: [50] });
register(udpEncapsulation, { udpPort: [4500] });
register(gre, { ipProto: [47], udpPort: [4754] });
register(macsec, { ethertype: [0x88e5] });
register(wlan, { linktype: [105], greProto: ARUBA_GRE });
register(wlanSwapped);
register(capwapData, { udpPort: [5247] });
register(capwapControl, { udpPort: [5246] });
register(erspan, { greProto: [0x22eb] });
register(mpls, { ethertype: [0x8847, 0x8848], greProto: [0x8847, 0x8848], pppProto: [0x0281, 0x0283], ipProto: [137] });
register(ppp, { linktype: [9, 50], greProto: [0x880b] });
register(pppoeSession, { linktype: [51], ethertype: [0x8864] });
register(pppoeDiscovery, { ethertype: [0x8863] });
register(ciscoHdlc, { linktype: [104] });
register(vxlan, { udpPort: [4789] });
register(geneve, { udpPort: [6081] });
register(teredo, { udpPort: [3544] });
register(ayiya, { udpPort: [5072] });
register(named.ospf, { ipProto: [89] });
register(pim, { ipProto: [103] });
register(named.vrrp, { ipProto: [112] });
register(named.eigrp, { ipProto: [88] });
register(pgm, { ipProto: [113] });
register(named.sctp, { ipProto: [132] });
register(named.dccp, { ipProto: [33] });
register(named.rsvp, { ipProto: [46] });
register(named.ipcomp, { ipProto: [108] });
register(named.mobileIpv6, { ipProto: [135] });
register(named.igrp, { ipProto: [9] });
register(nhrp, { ipProto: [54], greProto: [0x2001] });
register(named.hip, { ipProto: [139] });
register(named.lldp, { ethertype: [0x88cc] });
register(named.stp, { llcDsap: [0x42], snap: [0x00000c * 65536 + 0x010b] });
register(named.eapol, { ethertype: [0x888e] });
register(named.ptp, { ethertype: [0x88f7] });
register(named.aoe, { ethertype: [0x88a2] });
register(named.cfm, { ethertype: [0x8902] });
register(named.cdp, { greProto: [0x2000], snap: [0x00000c * 65536 + 0x2000] });
register(named.vtp, { snap: [0x00000c * 65536 + 0x2003] });
register(named.dtp, { snap: [0x00000c * 65536 + 0x2004] });
register(named.udld, { snap: [0x00000c * 65536 + 0x0111] });
register(named.ipx, { llcDsap: [0xe0], ethertype: [0x8137] });
register(named.aarp, { ethertype: [0x80f3] });
register(named.decnet, { ethertype: [0x6003] });
register(named.tipc, { ethertype: [0x88ca] });
register(named.msnlb, { ethertype: [0x886f] });
register(named.lcp, { pppProto: [0xc021] });
register(named.ipcp, { pppProto: [0x8021] });
register(named.ipv6cp, { pppProto: [0x8057] });
register(named.pap, { pppProto: [0xc023] });
register(named.chap, { pppProto: [0xc223] });
register(ipv6HopByHop, { ipProto: [0] });
register(ipv6Routing, { ipProto: [43] });
register(ipv6Fragment, { ipProto: [44] });
register(ipv6DestinationOptions, { ipProto: [60] });

// --- transport

register(tcp, { ipProto: [6] });
register(udp, { ipProto: [17] });
register(udplite, { ipProto: [136] });

// --- application

register(data);
register(http, { tcpPort: [80, 2710, 2869, 3128, 3132, 5985, 8080, 8088, 11371] });
register(httpElsewhere, {}, ['tcp']);
register(ssdp, { udpPort: [1900] });
register(dns, { tcpPort: [53], udpPort: [53] });
register(dnsElsewhere, {}, ['udp']);
register(mdns, { udpPort: [5353] });
register(llmnr, { udpPort: [5355] });
register(nbns, { udpPort: [137] });
register(tls, {
  tcpPort: [
    324, 443, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3269, 3496, 5061, 5671, 5684, 5868, 8883, 11207,
    19999, 27017,
  ],
});
register(vnc, {}, ['tcp']);
register(alias(vnc, {}), { tcpPort: [5500, 5501, 5900, 5901] });
register(tlsElsewhere, {}, ['tcp']);
register(mbtcp, { tcpPort: [502] });
register(ssh, { tcpPort: [22, 29418] });
register(tpkt, { tcpPort: [102, 3389] });
register(kerberos, { udpPort: [88] });
register(kerberosTcp, { tcpPort: [88] });
register(dcerpc, { tcpPort: [135] }, ['tcp']);
register(dcerpcUdp, {}, ['udp']);
register(nbss, { tcpPort: [139, 445] });
register(ftp, { tcpPort: [21] });
register(ftpData, { tcpPort: [20] });
register(imf);
register(smtp, { tcpPort: [25, 587] });
register(pop, { tcpPort: [110] });
register(imap, { tcpPort: [143] });
register(dhcp, { udpPort: [67, 68, 4011] });
register(gtp, { udpPort: [2123, 2152] });
register(gtpPrime, { udpPort: [3386] });
register(udpencap, { udpPort: [4500] });
register(ncp, { tcpPort: [524] });
register(mysql, { tcpPort: [3306] });
register(alias(bittorrent, {}), { tcpPort: [6881, 6882, 6883, 6884, 6885, 6886, 6887, 6888, 6889] });
register(opcua, { tcpPort: [4840] });
register(openvpn, { tcpPort: [1194] });
register(openvpnUdp, { udpPort: [1194] });
register(dnp3, { tcpPort: [20000], udpPort: [20000] });
register(ldap, { tcpPort: [389, 3268] });
register(pgsql, { tcpPort: [5432] });
register(bgp, { tcpPort: [179] });
register(hislip, { tcpPort: [4880] });
register(skinny, { tcpPort: [2000] });
register(ams, { tcpPort: [48898] });
register(resp, { tcpPort: [6379] });
register(irc, { tcpPort: [6667, 57000] });
register(mqtt, { tcpPort: [1883] });
register(elasticsearch, { tcpPort: [9300] });
register(rtsp, { tcpPort: [554, 7236, 8554] });
register(isakmp, { udpPort: [500] });
register(ntp, { udpPort: [123] });
register(uftp, { udpPort: [1044] });
register(snmp, { udpPort: [161, 162, 8161] });
register(babel, { udpPort: [6696] });
register(bfd, { udpPort: [3784, 4784, 6784, 7784] });
register(hsrp, { udpPort: [1985, 2029] });
register(iax2, { udpPort: [4569] });
register(dhcpv6, { udpPort: [546, 547] });
register(rx, { udpPort: [7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7021] });
register(srvloc, { udpPort: [427] });
register(sflow, { udpPort: [6343] });
register(radius, { udpPort: [1645, 1646, 1700, 1812, 1813, 3799] });
register(tftp, { udpPort: [69] });
register(rip, { udpPort: [520] });
register(ripng, { udpPort: [521] });
register(sip, { udpPort: [5060] });
register(bittorrent, {}, ['tcp']);
register(bitcoin, {}, ['tcp']);
register(stun, { udpPort: [3478] }, ['udp']);
register(wireguard, {}, ['udp']);
register(drda, {}, ['tcp']);
register(openwire, {}, ['tcp']);
register(wow, { tcpPort: [3724] });
register(pptp, { tcpPort: [1723] });
register(ldp, { tcpPort: [646], udpPort: [646] });
register(openflow, { tcpPort: [6633, 6653] });
register(rmi, {}, ['tcp']);
register(alias(rmi, {}), { tcpPort: [1099] });
register(diameter, { tcpPort: [3868] });
register(tns, { tcpPort: [1521] });
register(cql, { tcpPort: [9042] });
register(socks, { tcpPort: [1080] });
register(rpcTcp, { tcpPort: [111] }, ['tcp']);
register(rpc, { udpPort: [111] }, ['udp']);
register(quic, {}, ['udp']);
register(gquic, {}, ['udp']);
register(dtls, { udpPort: [853, 2221, 5684, 5868] }, ['udp']);

export const protocols: readonly Protocol[] = allProtocols();
export { register };
