/** What stands in the options of DHCP (RFC 2132 and those after it), by their number. */
import { formatIpv4 } from '../bytes/format.ts';
import type { Buf, Node } from '../dissect/dissection.ts';
import { bool, bytes, ether, type FieldDef, guid, int32, ipv4, names, string, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { readName } from './dns-names.ts';
import { arpHardware as hardwareTypes } from './hardware.ts';

type Kind = 'address' | 'addresses' | 'u8' | 'u16' | 'u16s' | 'seconds' | 'text' | 'bool';

/** Reads `length` bytes at `at`, all there, below the option's node. */
export type OptionReader = (node: Node, b: Buf, at: number, length: number) => void;

const make: Readonly<Record<Kind, (abbrev: string, label: string) => FieldDef>> = {
  address: ipv4,
  addresses: ipv4,
  u8: uint8,
  u16: uint16,
  u16s: uint16,
  seconds: (abbrev, label) => uint32(abbrev, label, { unit: 's' }),
  text: string,
  bool: (abbrev, label) => bool(abbrev, label, { bool: ['Enabled', 'Disabled'] }),
};

/** Options that are one value, or a list of one kind. */
const simple: readonly (readonly [code: number, kind: Kind, name: string, label: string])[] = [
  [4, 'addresses', 'time_server', 'Time Server'],
  [5, 'addresses', 'name_server', 'Name Server'],
  [7, 'addresses', 'log_server', 'Log Server'],
  [8, 'addresses', 'quotes_server', 'Quotes Server'],
  [9, 'addresses', 'lpr_server', 'LPR Server'],
  [10, 'addresses', 'impress_server', 'Impress Server'],
  [11, 'addresses', 'resource_location_server', 'Resource Location Server'],
  [13, 'u16', 'boot_file_size', 'Boot File Size'],
  [14, 'text', 'merit_dump_file', 'Merit Dump File'],
  [16, 'address', 'swap_server', 'Swap Server'],
  [17, 'text', 'root_path', 'Root Path'],
  [18, 'text', 'extension_path', 'Extensions Path'],
  [19, 'bool', 'ip_forwarding', 'IP Forwarding'],
  [20, 'bool', 'non_local_source_routing', 'Non-Local Source Routing'],
  [22, 'u16', 'max_datagram_reassembly_size', 'Maximum Datagram Reassembly Size'],
  [23, 'u8', 'default_ip_ttl', 'Default IP Time-to-Live'],
  [24, 'seconds', 'path_mtu_aging_timeout', 'Path MTU Aging Timeout'],
  [25, 'u16s', 'path_mtu_plateau_table_item', 'Path MTU Plateau Table Item'],
  [27, 'bool', 'all_subnets_are_local', 'All Subnets are Local'],
  [29, 'bool', 'perform_mask_discovery', 'Perform Mask Discovery'],
  [30, 'bool', 'mask_supplier', 'Mask Supplier'],
  [31, 'bool', 'perform_router_discover', 'Perform Router Discover'],
  [32, 'address', 'router_solicitation_address', 'Router Solicitation Address'],
  [34, 'bool', 'trailer_encapsulation', 'Trailer Encapsulation'],
  [35, 'seconds', 'arp_cache_timeout', 'ARP Cache Timeout'],
  [36, 'bool', 'ethernet_encapsulation', 'Ethernet Encapsulation'],
  [37, 'u8', 'tcp_default_ttl', 'TCP Default TTL'],
  [38, 'seconds', 'tcp_keepalive_interval', 'TCP Keepalive Interval'],
  [39, 'bool', 'tcp_keepalive_garbage', 'TCP Keepalive Garbage'],
  [40, 'text', 'nis_domain', 'Network Information Service Domain'],
  [41, 'addresses', 'nis_server', 'Network Information Service Server'],
  [44, 'addresses', 'netbios_over_tcpip_name_server', 'NetBIOS over TCP/IP Name Server'],
  [45, 'addresses', 'netbios_over_tcpip_dd_name_server', 'NetBIOS over TCP/IP Datagram Distribution Name Server'],
  [47, 'text', 'netbios_over_tcpip_scope', 'NetBIOS over TCP/IP Scope'],
  [48, 'addresses', 'xwindows_system_font_server', 'X Window System Font Server'],
  [49, 'addresses', 'xwindows_system_display_manager', 'X Window System Display Manager'],
  [64, 'text', 'nis_plus_domain', 'Network Information Service+ Domain'],
  [65, 'addresses', 'nis_plus_server', 'Network Information Service+ Server'],
  [66, 'text', 'tftp_server_name', 'TFTP Server Name'],
  [67, 'text', 'bootfile_name', 'Bootfile name'],
  [68, 'addresses', 'mobile_ip_home_agent', 'Mobile IP Home Agent'],
  [69, 'addresses', 'smtp_server', 'SMTP Server'],
  [70, 'addresses', 'pop3_server', 'POP3 Server'],
  [71, 'addresses', 'nntp_server', 'NNTP Server'],
  [72, 'addresses', 'default_www_server', 'Default WWW Server'],
  [73, 'addresses', 'default_finger_server', 'Default Finger Server'],
  [74, 'addresses', 'default_irc_server', 'Default IRC Server'],
  [75, 'addresses', 'streettalk_server', 'StreetTalk Server'],
  [76, 'addresses', 'streettalk_da_server', 'StreetTalk Directory Assistance Server'],
  [85, 'addresses', 'novell_dss.ip', 'IP Address'],
  [86, 'text', 'novell_ds_tree_name', 'Novell Directory Services Tree Name'],
  [87, 'text', 'novell_ds_context', 'Novell Directory Services Context'],
  [91, 'seconds', 'client_last_transaction_time', 'Client last transaction time'],
  [92, 'addresses', 'associated_ip_option', 'Associated IP option'],
  [93, 'u16s', 'client_system_architecture', 'Client System Architecture'],
  [100, 'text', 'tz_pcode', 'TZ PCode'],
  [101, 'text', 'tz_tcode', 'TZ TCode'],
  [112, 'addresses', 'netinfo_parent_server_address', 'NetInfo Parent Server Address'],
  [113, 'text', 'netinfo_parent_server_tag', 'NetInfo Parent Server Tag'],
  [114, 'text', 'captive_portal', 'Captive Portal'],
  [116, 'u8', 'dhcp_auto_configuration', 'DHCP Auto-Configuration'],
  [118, 'address', 'subnet_selection_option', 'Subnet Selection Option'],
  [138, 'addresses', 'capwap_access_controller', 'CAPWAP Access Controllers'],
  [150, 'addresses', 'tftp_server_address', 'TFTP Server Address'],
  [209, 'text', 'pxe_config_file', 'PXELINUX configuration file'],
  [210, 'text', 'pxe_path_prefix', 'PXELINUX path prefix'],
  [252, 'text', 'private_proxy_autodiscovery', 'Private/Proxy autodiscovery'],
];

const agentSuboptions = names({
  1: 'Agent Circuit ID',
  2: 'Agent Remote ID',
  4: 'DOCSIS Device Class',
  5: 'Link selection',
  6: 'Subscriber ID',
  7: 'RADIUS Attributes',
  8: 'Authentication',
  9: 'Vendor-Specific Information',
  10: 'Flags',
  11: 'Server ID Override',
  12: 'Relay Agent Identifier',
});

const agent = 'dhcp.option.agent_information_option';
const f = {
  timeOffset: int32('dhcp.option.time_offset', 'Time Offset', { unit: 's' }),
  policyIp: ipv4('dhcp.option.policy_filter.ip', 'IP Address'),
  policyMask: ipv4('dhcp.option.policy_filter.subnet_mask', 'Subnet Mask'),
  routeIp: ipv4('dhcp.option.static_route.ip', 'Destination IP Address'),
  routeRouter: ipv4('dhcp.option.static_route.router', 'Destination Router'),
  nodeType: uint8('dhcp.option.netbios_over_tcpip_node_type', 'NetBIOS over TCP/IP Node Type', {
    names: names({ 1: 'B-node', 2: 'P-node', 4: 'M-node', 8: 'H-node' }),
  }),
  overload: uint8('dhcp.option.option_overload', 'Option Overload', {
    names: names({
      1: 'Boot file name holds options',
      2: 'Server host name holds options',
      3: 'Boot file and server host names hold options',
    }),
  }),
  userClass: uint8('dhcp.option.user_class', 'Instance of User Class'),
  userClassLength: uint8('dhcp.option.user_class.length', 'User Class Length'),
  userClassData: bytes('dhcp.option.user_class.data', 'User Class Data'),
  fqdnFlags: uint8('dhcp.fqdn.flags', 'Flags', { base: 'hex' }),
  fqdnReserved: uint8('dhcp.fqdn.mbz', 'Reserved flags', { base: 'hex', mask: 0xf0 }),
  fqdnN: bool('dhcp.fqdn.n', 'Server DDNS', { mask: 8, bool: ['No server updates', 'Some server updates'] }),
  fqdnE: bool('dhcp.fqdn.e', 'Encoding', { mask: 4, bool: ['Binary encoding', 'ASCII encoding'] }),
  fqdnO: bool('dhcp.fqdn.o', 'Server overrides', { mask: 2, bool: ['Override', 'No override'] }),
  fqdnS: bool('dhcp.fqdn.s', 'Server', { mask: 1, bool: ['Server', 'Client'] }),
  fqdnA: uint8('dhcp.fqdn.rcode1', 'A-RR result'),
  fqdnPtr: uint8('dhcp.fqdn.rcode2', 'PTR-RR result'),
  fqdnName: string('dhcp.fqdn.name', 'Client name'),
  iaid: string('dhcp.client_id.iaid', 'IAID'),
  duidType: uint16('dhcp.client_id.duid_type', 'DUID Type', {
    names: names({
      1: 'link-layer address plus time',
      2: 'assigned by vendor based on Enterprise number',
      3: 'link-layer address',
      4: 'UUID',
    }),
  }),
  duidLltHardware: uint16('dhcp.client_id.duid_llt_hw_type', 'Hardware type', { names: hardwareTypes }),
  duidLlHardware: uint16('dhcp.client_id.duid_ll_hw_type', 'Hardware type', { names: hardwareTypes }),
  duidTime: uint32('dhcp.client_id.time', 'Time'),
  duidAddress: string('dhcp.client_id.link_layer_address', 'Link layer address'),
  duidEnterprise: uint32('dhcp.client_id.enterprise_num', 'Enterprise-number'),
  duidRest: bytes('dhcp.client_id', 'Identifier'),
  clientType: uint8('dhcp.client_id.type', 'Type'),
  clientUndefined: string('dhcp.client_id.undef', 'Client Identifier'),
  clientUuid: guid('dhcp.client_id.uuid', 'Client Identifier (UUID)'),
  networkMajor: uint8('dhcp.client_network_id_major', 'Major Version'),
  networkMinor: uint8('dhcp.client_network_id_minor', 'Minor Version'),
  suboptionLength: uint8('dhcp.option.suboption_length', 'Length'),
  agentSuboption: uint8(`${agent}.suboption`, 'Option 82 Suboption', { names: agentSuboptions }),
  agentValue: bytes(`${agent}.value`, 'Value'),
  circuit: bytes(`${agent}.agent_circuit_id`, 'Agent Circuit ID'),
  remote: bytes(`${agent}.agent_remote_id`, 'Agent Remote ID'),
  deviceClass: uint32(`${agent}.docsis_device_class`, 'DOCSIS Device Class', { base: 'hex' }),
  linkSelection: ipv4(`${agent}.link_selection`, 'Link selection'),
  subscriber: string(`${agent}.subscriber_id`, 'Subscriber ID'),
  radiusAttributes: bytes(`${agent}.radius_attributes`, 'RADIUS Attributes'),
  authentication: bytes(`${agent}.authentication`, 'Authentication'),
  agentEnterprise: uint32(`${agent}.vi.enterprise`, 'Enterprise'),
  agentDataLength: uint8(`${agent}.vi.data_length`, 'Data Length'),
  agentFlags: uint8(`${agent}.flags`, 'Flags', { base: 'hex' }),
  serverOverride: ipv4(`${agent}.server_id_override`, 'Server ID Override'),
  relayAgent: bytes(`${agent}.relay_agent_id`, 'Relay Agent Identifier'),
  searchName: string('dhcp.option.dhcp_name_service_search_option', 'Name Service'),
  searchDomain: string('dhcp.option.dhcp_dns_domain_search_list_fqdn', 'FQDN'),
  classless: bytes('dhcp.option.classless_static_route', 'Subnet/MaskWidth-Router'),
  classEnterprise: uint32('dhcp.option.vi_class.enterprise', 'Enterprise'),
  classLength: uint8('dhcp.option.vi_class.length', 'Length'),
  classData: string('dhcp.option.vi_class.data', 'Data'),
  vendorEnterprise: uint32('dhcp.option.vi.enterprise', 'Enterprise'),
  vendorLength: uint8('dhcp.option.vi.length', 'Length'),
  vendorSuboption: uint8('dhcp.vendor.suboption', 'Option 125 Suboption'),
  vendorData: bytes('dhcp.vendor.data', 'Data'),
  vendorValue: bytes('dhcp.option.vendor.value', 'Value'),
  authProtocol: uint8('dhcp.option.dhcp_authentication.protocol', 'Protocol', {
    names: names({
      0: 'configuration token',
      1: 'delayed authentication',
    }),
  }),
  authDelay: uint8('dhcp.option.dhcp_authentication.alg_delay', 'Delay Algorithm', {
    names: names({
      1: 'HMAC_MD5',
    }),
  }),
  authAlgorithm: uint8('dhcp.option.dhcp_authentication.algorithm', 'Algorithm'),
  authMethod: uint8('dhcp.option.dhcp_authentication.rdm', 'Replay Detection Method', {
    names: names({
      0: 'Monotonically-increasing counter',
    }),
  }),
  authReplay: uint64('dhcp.option.dhcp_authentication.rdm_replay_detection', 'RDM Replay Detection Value', { base: 'hex' }),
} as const;

const hardwareType = uint8('dhcp.hw.type', 'Hardware type', { base: 'hex', names: hardwareTypes });
const hardwareAddress = ether('dhcp.hw.mac_addr', 'Client MAC address');

function readerOf(kind: Kind, field: FieldDef): OptionReader {
  const width = kind === 'u8' || kind === 'bool' ? 1 : kind === 'u16' || kind === 'u16s' ? 2 : 4;
  return (node, _b, at, length) => {
    if (kind === 'text') node.string(field, at, length, { zero: true });
    else if (kind === 'addresses' || kind === 'address') {
      for (let o = 0; o + 4 <= length; o += 4) node.bytes(field, at + o, 4);
    } else if (kind === 'u16s') for (let o = 0; o + 2 <= length; o += 2) node.uint(field, at + o);
    else if (length === width) node.uint(field, at, width);
  };
}

/** Pairs of addresses. */
const pairs =
  (first: FieldDef, second: FieldDef): OptionReader =>
  (node, _b, at, length) => {
    for (let o = 0; o + 8 <= length; o += 8) {
      node.bytes(first, at + o, 4);
      node.bytes(second, at + o + 4, 4);
    }
  };

/** RFC 2132, section 9.14, and RFC 4361, section 6.1. */
const clientIdentifier: OptionReader = (node, b, at, length) => {
  const type = b.u8(at);
  if (type >= 1 && type < 48 && length === 7) {
    node.uint(hardwareType, at);
    node.bytes(hardwareAddress, at + 1, 6);
  } else if (type === 0 && length === 17) node.bytes(f.clientUuid, at + 1, 16);
  else if (type === 255 && length > 7) {
    node.add(f.iaid, at + 1, 4, hexText(b, at + 1, 4));
    const duid = node.uint(f.duidType, at + 5);
    const end = at + length;
    if (duid === 1 && length >= 14) {
      node.uint(f.duidLltHardware, at + 7);
      node.uint(f.duidTime, at + 9);
      node.add(f.duidAddress, at + 13, end - at - 13, hexText(b, at + 13, end - at - 13, ':'));
    } else if (duid === 2 && length >= 12) {
      node.uint(f.duidEnterprise, at + 7);
      node.bytes(f.duidRest, at + 11, end - at - 11);
    } else if (duid === 3 && length >= 10) {
      node.uint(f.duidLlHardware, at + 7);
      node.add(f.duidAddress, at + 9, end - at - 9, hexText(b, at + 9, end - at - 9, ':'));
    }
  } else if (type === 0 && length > 1) {
    node.uint(f.clientType, at);
    node.string(f.clientUndefined, at + 1, length - 1, { zero: true });
  }
};

function hexText(b: Buf, at: number, length: number, between = ''): string {
  return Array.from(b.slice(at, length), (octet) => octet.toString(16).padStart(2, '0')).join(between);
}

/** RFC 4702. */
const fqdn: OptionReader = (node, b, at, length) => {
  if (length < 3) return;
  const flags = node.uintNode(f.fqdnFlags, at);
  for (const bit of [f.fqdnReserved, f.fqdnN, f.fqdnE, f.fqdnO, f.fqdnS]) flags.uint(bit, at, 1);
  node.uint(f.fqdnA, at + 1);
  node.uint(f.fqdnPtr, at + 2);
  if (length === 3) return;
  if ((b.u8(at) & 4) === 0) node.string(f.fqdnName, at + 3, length - 3);
  else node.add(f.fqdnName, at + 3, length - 3, readName(b.from(at + 3, at + length), at + 3, at + 3).text);
};

/** RFC 3046 and those after it. */
const agentInformation: OptionReader = (node, b, at, length) => {
  for (let o = at; o + 2 <= at + length; ) {
    const code = b.u8(o);
    const size = Math.min(b.u8(o + 1), at + length - o - 2);
    const sub = node.uintNode(f.agentSuboption, o);
    sub.uint(f.suboptionLength, o + 1);
    const body = o + 2;
    if (size > 0) sub.add(f.agentValue, body, size, b.slice(body, size), { hidden: agentSuboptions.get(code) !== undefined });
    if (code === 1) sub.bytes(f.circuit, body, size);
    else if (code === 2) sub.bytes(f.remote, body, size);
    else if (code === 4 && size === 4) sub.uint(f.deviceClass, body);
    else if (code === 5 && size === 4) sub.bytes(f.linkSelection, body, 4);
    else if (code === 6) sub.string(f.subscriber, body, size, { zero: true });
    else if (code === 7) sub.bytes(f.radiusAttributes, body, size);
    else if (code === 8) sub.bytes(f.authentication, body, size);
    else if (code === 9 && size >= 5) {
      const enterprise = sub.uintNode(f.agentEnterprise, body);
      const data = Math.min(enterprise.uint(f.agentDataLength, body + 4), size - 5);
      if (data > 0) enterprise.bytes(f.agentValue, body + 5, data);
    } else if (code === 10 && size === 1) sub.uint(f.agentFlags, body);
    else if (code === 11 && size === 4) sub.bytes(f.serverOverride, body, 4);
    else if (code === 12) sub.bytes(f.relayAgent, body, size);
    o = body + size;
  }
};

/** RFC 3442: only the octets of the destination that the mask covers. */
const classlessRoutes: OptionReader = (node, b, at, length) => {
  for (let o = at; o < at + length; ) {
    const width = b.u8(o);
    const octets = Math.ceil(width / 8);
    const size = 1 + octets + 4;
    if (width > 32 || o + size > at + length) return;
    const network = new Uint8Array(4);
    network.set(b.slice(o + 1, octets));
    const to = width === 0 ? 'default' : `${formatIpv4(network)}/${width}`;
    node.add(f.classless, o, size, b.slice(o, size), { display: `${to}-${formatIpv4(b.slice(o + 1 + octets, 4))}` });
    o += size;
  }
};

const services = names({
  0: 'DNS/Hosts/Domain Name Server',
  6: 'Domain Name Server Option',
  41: 'Network Information Servers Option',
  44: 'NetBIOS over TCP/IP Name Server Option',
  65: 'Network Information Service+ Servers Option',
});

/** Number of the option → its reader. */
export const optionReaders = new Map<number, OptionReader>([
  [
    2,
    (node, _b, at, length) => {
      if (length === 4) node.uint(f.timeOffset, at);
    },
  ],
  [21, pairs(f.policyIp, f.policyMask)],
  [33, pairs(f.routeIp, f.routeRouter)],
  [
    43,
    (node, _b, at, length) => {
      node.bytes(f.vendorValue, at, length);
    },
  ],
  [
    46,
    (node, _b, at, length) => {
      if (length === 1) node.uint(f.nodeType, at);
    },
  ],
  [
    52,
    (node, _b, at, length) => {
      if (length === 1) node.uint(f.overload, at);
    },
  ],
  [61, clientIdentifier],
  [
    77,
    (node, b, at, length) => {
      for (let o = at, count = 0; o < at + length; count++) {
        const size = b.u8(o);
        if (size === 0 || o + 1 + size > at + length) return;
        const one = node.add(f.userClass, o, 1 + size, count);
        one.uint(f.userClassLength, o);
        one.bytes(f.userClassData, o + 1, size);
        o += 1 + size;
      }
    },
  ],
  [81, fqdn],
  [82, agentInformation],
  [
    90,
    (node, b, at, length) => {
      if (length < 11) return;
      const delayed = node.uint(f.authProtocol, at) === 1;
      node.uint(delayed ? f.authDelay : f.authAlgorithm, at + 1);
      node.uint(f.authMethod, at + 2);
      if (b.u8(at + 2) === 0) node.uint64(f.authReplay, at + 3);
    },
  ],
  [
    94,
    (node, b, at, length) => {
      if (length !== 3 || b.u8(at) !== 1) return;
      node.uint(f.networkMajor, at + 1);
      node.uint(f.networkMinor, at + 2);
    },
  ],
  [
    97,
    (node, b, at, length) => {
      if (length !== 17 || b.u8(at) !== 0) return;
      // The first three parts are little endian, as the firmware has them.
      const a = b.slice(at + 1, 16);
      const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
      node.add(
        f.clientUuid,
        at + 1,
        16,
        Uint8Array.from(order, (i) => a[i] as number),
      );
    },
  ],
  [
    117,
    (node, b, at, length) => {
      for (let o = 0; o + 2 <= length; o += 2) {
        const service = b.u16(at + o);
        node.add(f.searchName, at + o, 2, `${services.get(service) ?? 'Unknown'} (${service})`);
      }
    },
  ],
  [
    119,
    (node, b, at, length) => {
      const list = b.from(at, at + length);
      for (let o = at, count = 0; o < at + length && count < 128; count++) {
        const name = readName(list, o, at);
        if (!name.whole || name.size === 0) return;
        node.add(f.searchDomain, o, name.size, name.text);
        o += name.size;
      }
    },
  ],
  [121, classlessRoutes],
  [249, classlessRoutes],
  [
    124,
    (node, b, at, length) => {
      for (let o = at; o + 5 <= at + length; ) {
        node.uint(f.classEnterprise, o);
        const size = Math.min(node.uint(f.classLength, o + 4), at + length - o - 5);
        if (size > 0) node.add(f.classData, o + 5, size, b.text(o + 5, size));
        o += 5 + size;
      }
    },
  ],
  [
    125,
    (node, b, at, length) => {
      for (let o = at; o + 5 <= at + length; ) {
        const one = node.uintNode(f.vendorEnterprise, o);
        const size = Math.min(one.uint(f.vendorLength, o + 4), at + length - o - 5);
        for (let i = o + 5; i + 2 <= o + 5 + size; ) {
          const part = Math.min(b.u8(i + 1), o + 5 + size - i - 2);
          const sub = one.uintNode(f.vendorSuboption, i);
          sub.uint(f.suboptionLength, i + 1);
          if (part > 0) sub.bytes(f.vendorData, i + 2, part);
          i += 2 + part;
        }
        o += 5 + size;
      }
    },
  ],
]);

const simpleFields: FieldDef[] = [];
for (const [code, kind, name, label] of simple) {
  const field = make[kind](`dhcp.option.${name}`, label);
  simpleFields.push(field);
  optionReaders.set(code, readerOf(kind, field));
}

export const optionFields: readonly FieldDef[] = [...Object.values(f), ...simpleFields];
