/**
 * Every protocol, and who follows whom: one line per protocol. Importing this file fills the tables.
 * To add a protocol: write its file, add its line here, add its tests.
 */

import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import { arp } from './arp.ts';
import { data } from './data.ts';
import { dns, dnsElsewhere, llmnr, mdns } from './dns.ts';
import { ethernet } from './ethernet.ts';
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

// --- link and network

register(ethernet, { linktype: [1], greProto: [0x6558], ipProto: [143] });
register(nullLoopback, { linktype: [0, 108] });
register(rawIp, { linktype: [12, 14, 101] });
register(sll, { linktype: [113] });
register(sll2, { linktype: [276] });
register(llc);
register(vlan, { ethertype: [0x8100, 0x9100, 0x9200, 0x9300] });
register(providerBridge, { ethertype: [0x88a8] });
register(arp, { ethertype: [0x0806, 0x8035], greProto: [0x0806] });
register(ipv4, { linktype: [228], ethertype: [0x0800], ipProto: [4], llcDsap: [0x06], greProto: [0x0800], pppProto: [0x0021] });
register(ipv6, { linktype: [229], ethertype: [0x86dd], ipProto: [41], greProto: [0x86dd], pppProto: [0x0057] });
register(icmp, { ipProto: [1] });
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

export const protocols: readonly Protocol[] = allProtocols();
export { register };
