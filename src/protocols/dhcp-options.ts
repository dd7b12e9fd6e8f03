/** What stands in the options of DHCP (RFC 2132 and those after it), by their number. */
import { formatIpv4 } from '../bytes/format.ts';
import type { Buf, Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  ether,
  expert,
  type FieldDef,
  guid,
  int32,
  ipv4,
  ipv6,
  names,
  string,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../dissect/field.ts';
import { architectures, civicTypes, civicWhat } from './dhcp-names.ts';
import { readName } from './dns-names.ts';
import { arpHardware as hardwareTypes } from './hardware.ts';

type Kind = 'address' | 'addresses' | 'u8' | 'u16' | 'u16s' | 'seconds' | 'text' | 'bool';

const badLength = expert('dhcp.bad_length', 'error', "length isn't 0");

/** Says of an option, or of what stands in it, that its length cannot be. */
function bad(node: Node, words: string): void {
  node.expert(badLength, undefined, undefined, words);
}

/** Says that an option ends before what it holds does; those behind it are read. */
export function breaksOff(node: Node): void {
  node.layer.fail('malformed');
  node.layer.goOn();
}

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
  [100, 'text', 'tz_pcode', 'TZ PCode'],
  [101, 'text', 'tz_tcode', 'TZ TCode'],
  [112, 'addresses', 'netinfo_parent_server_address', 'NetInfo Parent Server Address'],
  [113, 'text', 'netinfo_parent_server_tag', 'NetInfo Parent Server Tag'],
  [114, 'text', 'captive_portal', 'Captive Portal'],
  [116, 'u8', 'dhcp_auto_configuration', 'DHCP Auto-Configuration'],
  [118, 'addresses', 'subnet_selection_option', 'Subnet Selection Option'],
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
  userClassText: string('dhcp.option.user_class.text', 'User Class Data (Text)'),
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
  slpMandatory: uint8('dhcp.option.slp_directory_agent.value', 'Value', {
    names: names({ 0: 'Dynamic Discovery', 1: 'Static Discovery', 128: 'Backwards compatibility' }),
  }),
  slpAgent: ipv4('dhcp.option.slp_directory_agent.slpda_address', 'IP Address'),
  scopeMandatory: uint8('dhcp.option.slp_service_scope.value', 'Value', { names: names({ 0: 'Preferred Scope', 1: 'Mandatory Scope' }) }),
  scope: string('dhcp.option.slp_service_scope.string', 'SLP Service Scope'),
  civicWhat: uint8('dhcp.option.civic_location.what', 'What', {
    names: civicWhat,
  }),
  civicCountry: string('dhcp.option.civic_location.country', 'Country'),
  civicType: uint8('dhcp.option.civic_location.ca_type', 'CA Type', { names: civicTypes }),
  civicLength: uint8('dhcp.option.civic_location.ca_length', 'CA Length'),
  civicValue: string('dhcp.option.civic_location.ca_value', 'CA Value'),
  sipEncoding: uint8('dhcp.option.sip_server.encoding', 'SIP Server Encoding', {
    names: names({ 0: 'Fully Qualified Domain Name', 1: 'IPv4 Address' }),
  }),
  sipName: string('dhcp.option.sip_server.name', 'SIP Server Name'),
  sipAddress: ipv4('dhcp.option.sip_server.address', 'SIP Server Address'),
  sixMask: uint8('dhcp.option.6RD.ipv4_mask_len', '6RD IPv4 Mask Length'),
  sixLength: uint8('dhcp.option.6RD.prefix_len', '6RD Prefix Length'),
  sixPrefix: ipv6('dhcp.option.6RD.prefix', '6RD Prefix'),
  sixRelay: ipv4('dhcp.option.6RD.border_relay_ip', 'Border Relay IP'),
  architecture: uint16('dhcp.option.client_system_architecture', 'Client System Architecture', { names: architectures }),
  badLength,
  civicBad: expert('dhcp.option.civic_location.bad_cattype', 'error', 'Error with CAType'),
  sipBad: expert('dhcp.option.sip_server_address.encoding', 'error', 'RFC 3361 defines only 0 and 1 for Encoding byte'),
  sixBad: expert('dhcp.option.6RD.malformed', 'error', '6RD: malformed option'),
  noLength: expert('dhcp.missing_subopt_length', 'error', 'no room left in option for suboption length'),
  noValue: expert('dhcp.missing_subopt_value', 'error', 'no room left in option for suboption value'),
  malformedDuid: expert('dhcp.malformed.duid', 'error', 'DUID: malformed option'),
  unknownService: expert('dhcp.option.dhcp_name_service.invalid', 'error', 'Invalid Name Service'),
  maskWidth: expert('dhcp.option.classless_static.route', 'error', 'Mask width > 32'),
  nonStandard: expert('dhcp.option.nonstd_data', 'note', 'Non standard compliant option data'),
  ambiguous: expert('dhcp.option.client_architecture.ambiguous', 'warn', 'Client Architecture ID may be ambiguous'),
} as const;

const hardwareType = uint8('dhcp.hw.type', 'Hardware type', { base: 'hex', names: hardwareTypes });
const hardwareAddress = ether('dhcp.hw.mac_addr', 'Client MAC address');

/** Reads an option that is one value of a kind, or a list of such. */
export function readerOf(kind: Kind, field: FieldDef): OptionReader {
  const width = kind === 'u8' || kind === 'bool' ? 1 : kind === 'u16' || kind === 'u16s' ? 2 : 4;
  return (node, _b, at, length) => {
    if (kind === 'text') node.string(field, at, length, { zero: true });
    else if (kind === 'addresses' || kind === 'u16s') {
      for (let o = 0; o + width <= length; o += width) {
        if (kind === 'addresses') node.bytes(field, at + o, 4);
        else noteArchitecture(node.uintNode(field, at + o), node.buf.u16(at + o));
      }
      if (length % width !== 0) bad(node, `Option length isn't a multiple of ${width}`);
    } else if (length !== width) bad(node, `length isn't ${width}`);
    else if (kind === 'address') node.bytes(field, at, 4);
    else node.uint(field, at, width);
  };
}

/** Of the kinds of clients 9 is often said by those that are 7 (RFC 4578, errata). */
function noteArchitecture(node: Node, value: number): void {
  if (node.field?.abbrev === f.architecture.abbrev && value === 9)
    node.expert(f.ambiguous, undefined, undefined, 'Client Architecture ID 9 is often incorrectly used for EFI x64');
}

/** Pairs of addresses. */
const pairs =
  (first: FieldDef, second: FieldDef): OptionReader =>
  (node, _b, at, length) => {
    for (let o = 0; o + 8 <= length; o += 8) {
      node.bytes(first, at + o, 4);
      node.bytes(second, at + o + 4, 4);
    }
    if (length % 8 !== 0) bad(node, "Option length isn't a multiple of 8");
  };

/** RFC 2132, section 9.14, and RFC 4361, section 6.1. */
const clientIdentifier: OptionReader = (node, b, at, length) => {
  const type = b.u8(at);
  if (type >= 1 && type < 48 && length === 7) {
    node.uint(hardwareType, at);
    node.bytes(hardwareAddress, at + 1, 6);
  } else if (type === 0 && length === 17) node.bytes(f.clientUuid, at + 1, 16);
  else if (type === 255 && length < 7) breaksOff(node);
  else if (type === 255) {
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
    } else if (duid >= 1 && duid <= 3) node.expert(f.malformedDuid);
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
  if (length < 3) {
    bad(node, "length isn't >= 3");
    return;
  }
  const flags = node.uintNode(f.fqdnFlags, at);
  for (const bit of [f.fqdnReserved, f.fqdnN, f.fqdnE, f.fqdnO, f.fqdnS]) flags.uint(bit, at, 1);
  node.uint(f.fqdnA, at + 1);
  node.uint(f.fqdnPtr, at + 2);
  if (length === 3) return;
  if ((b.u8(at) & 4) === 0) node.string(f.fqdnName, at + 3, length - 3);
  else node.add(f.fqdnName, at + 3, length - 3, readName(b.from(at + 3, at + length), at + 3, at + 3).text);
};

/** Suboptions of one address, of four octets, or of one. */
const agentNumbers: ReadonlyMap<number, readonly [FieldDef, number]> = new Map([
  [4, [f.deviceClass, 4]],
  [5, [f.linkSelection, 4]],
  [10, [f.agentFlags, 1]],
  [11, [f.serverOverride, 4]],
]);

/** RFC 3046 and those after it. */
const agentInformation: OptionReader = (node, b, at, length) => {
  const end = at + length;
  for (let o = at; o < end; ) {
    const code = b.u8(o);
    const told = o + 1 < end ? b.u8(o + 1) : 0;
    const whole = hasRoom(node, code, o, told, end);
    if (o + 1 >= end) return;
    const size = Math.min(told, end - o - 2);
    const sub = node.uintNode(f.agentSuboption, o);
    sub.uint(f.suboptionLength, o + 1);
    const body = o + 2;
    if (size > 0) sub.add(f.agentValue, body, size, b.slice(body, size), { hidden: agentSuboptions.get(code) !== undefined });
    const number = agentNumbers.get(code);
    if (number !== undefined && size !== number[1]) {
      if (whole) bad(sub, `length isn't ${number[1]}`);
    } else if (number?.[0].type === 'ipv4') sub.bytes(number[0], body, 4);
    else if (number !== undefined) sub.uint(number[0], body, size);
    else if (code === 1) sub.bytes(f.circuit, body, size);
    else if (code === 2) sub.bytes(f.remote, body, size);
    else if (code === 6) sub.string(f.subscriber, body, size, { zero: true });
    else if (code === 7) sub.bytes(f.radiusAttributes, body, size);
    else if (code === 8) sub.bytes(f.authentication, body, size);
    else if (code === 9 && size >= 5) {
      const enterprise = sub.uintNode(f.agentEnterprise, body);
      const said = enterprise.uint(f.agentDataLength, body + 4);
      const data = Math.min(said, size - 5);
      if (data > 0) enterprise.bytes(f.agentValue, body + 5, data);
      if (data < said && whole) breaksOff(sub);
    } else if (code === 12) sub.bytes(f.relayAgent, body, size);
    o = body + size;
  }
};

/** A suboption at `at` and its value end at `end` or before; says so if not. */
function hasRoom(node: Node, code: number, at: number, size: number, end: number): boolean {
  const noLength = at + 1 >= end;
  if (!noLength && at + 2 + size <= end) return true;
  const what = noLength ? 'length' : 'value';
  const words = `Suboption ${code}: no room left in option for suboption ${what}`;
  node.expert(noLength ? f.noLength : f.noValue, at, end - at, words);
  return false;
}

/** RFC 3442: only the octets of the destination that the mask covers. */
const classlessRoutes: OptionReader = (node, b, at, length) => {
  if (length < 5) bad(node, "length isn't >= 5");
  for (let o = at; o < at + length; ) {
    const width = b.u8(o);
    const octets = Math.ceil(width / 8);
    const size = 1 + octets + 4;
    if (width > 32) node.expert(f.maskWidth, o, 1, `Mask width (${width}) > 32`);
    else if (o + size > at + length && length >= 5) breaksOff(node);
    if (width > 32 || o + size > at + length) return;
    const network = new Uint8Array(4);
    network.set(b.slice(o + 1, octets));
    const to = width === 0 ? 'default' : `${formatIpv4(network)}/${width}`;
    node.add(f.classless, o, size, b.slice(o, size), { display: `${to}-${formatIpv4(b.slice(o + 1 + octets, 4))}` });
    o += size;
  }
};

const ALL_SERVICES = 'RFC 2937 defines only 0, 6, 41, 44, and 65 as possible values.';
/** RFC 2610, section 3. */
const directoryAgents: OptionReader = (node, _b, at, length) => {
  if (length < 1) {
    bad(node, "length isn't >= 1");
    return;
  }
  node.uint(f.slpMandatory, at);
  for (let o = 1; o + 4 <= length; o += 4) node.bytes(f.slpAgent, at + o, 4);
  if ((length - 1) % 4 !== 0) bad(node, "Option length isn't a multiple of 4");
};

/** RFC 4776, section 3.1. */
const civicAddress: OptionReader = (node, b, at, length) => {
  if (length < 3) return;
  const end = at + length;
  node.uint(f.civicWhat, at);
  node.string(f.civicCountry, at + 1, 2);
  for (let o = at + 3; o + 2 <= end; o += 2 + b.u8(o + 1)) {
    node.uint(f.civicType, o);
    const size = node.uint(f.civicLength, o + 1);
    if (o + 2 + size <= end) node.string(f.civicValue, o + 2, size);
    else node.expert(f.civicBad);
  }
};

/** RFC 3361, section 3. */
const sipServers: OptionReader = (node, b, at, length) => {
  if (length === 0) return;
  const end = at + length;
  const encoding = node.uint(f.sipEncoding, at);
  if (encoding > 1) {
    const words = `RFC 3361 defines only 0 and 1 for Encoding byte (Encoding = ${encoding}).`;
    node.expert(f.sipBad, undefined, undefined, words);
  } else if (length < (encoding === 0 ? 3 : 5)) bad(node, `length isn't >= ${encoding === 0 ? 3 : 5} (len = ${length})`);
  else if (encoding === 0) nameList(node, b.from(at + 1, end), f.sipName);
  else if ((length - 1) % 4 !== 0) bad(node, `length isn't a multiple of 4 plus 1 (len = ${length}).`);
  else for (let o = at + 1; o < end; o += 4) node.bytes(f.sipAddress, o, 4);
};

/** Domain names, one behind the other; compressed ones refer to what stands before them in the list. */
function nameList(node: Node, list: Buf, field: FieldDef): void {
  for (let o = list.offset, count = 0; o < list.end && count < 128; count++) {
    const name = readName(list, o, list.offset);
    if (!name.whole || name.size === 0) {
      breaksOff(node);
      return;
    }
    node.add(field, o, name.size, name.text);
    o += name.size;
  }
}

/** RFC 5969, section 7.1.1. */
const sixRd: OptionReader = (node, _b, at, length) => {
  if (length < 22 || (length - 22) % 4 !== 0) {
    node.expert(f.sixBad);
    return;
  }
  node.uint(f.sixMask, at);
  node.uint(f.sixLength, at + 1);
  node.bytes(f.sixPrefix, at + 2, 16);
  for (let o = at + 18; o < at + length; o += 4) node.bytes(f.sixRelay, o, 4);
};

/** RFC 3004. Some programs send a text without lengths instead: then these do not fit the option. */
const userClasses: OptionReader = (node, b, at, length) => {
  const end = at + length;
  if (length < 2) {
    bad(node, "length isn't >= 2");
    return;
  }
  let fits = at;
  while (fits < end && b.u8(fits) > 0) fits += 1 + b.u8(fits);
  if (fits > end) {
    const text = b.text(at, length);
    node.add(f.userClassText, at, length, text).expert(f.nonStandard);
    return;
  }
  for (let o = at, count = 0; o < end; count++) {
    const size = b.u8(o);
    const one = node.add(f.userClass, o, 1 + size, count, { display: `[${count}]` });
    const told = one.uintNode(f.userClassLength, o);
    if (size === 0) {
      bad(told, `UC_Len_${count} isn't >= 1 (UC_Len_${count} = 0)`);
      return;
    }
    one.bytes(f.userClassData, o + 1, size);
    o += 1 + size;
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
      else bad(node, "length isn't 4");
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
      else bad(node, "length isn't 1");
    },
  ],
  [
    52,
    (node, _b, at, length) => {
      if (length >= 1) node.uint(f.overload, at);
      else bad(node, "length isn't >= 1");
    },
  ],
  [61, clientIdentifier],
  [77, userClasses],
  [93, readerOf('u16s', f.architecture)],
  [78, directoryAgents],
  [
    79,
    (node, _b, at, length) => {
      if (length < 1) breaksOff(node);
      if (length < 1) return;
      node.uint(f.scopeMandatory, at);
      node.string(f.scope, at + 1, length - 1, { zero: true });
    },
  ],
  [99, civicAddress],
  [120, sipServers],
  [212, sixRd],
  [81, fqdn],
  [82, agentInformation],
  [
    90,
    (node, b, at, length) => {
      if (length < 11) {
        bad(node, "length isn't >= 11");
        return;
      }
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
      if (length < 2) bad(node, "length isn't >= 2");
      else if (length % 2 !== 0) bad(node, `length (${length}) isn't even number`);
      for (let o = 0; length % 2 === 0 && o + 2 <= length; o += 2) {
        const service = b.u16(at + o);
        const name = services.get(service);
        if (name !== undefined) node.add(f.searchName, at + o, 2, `${name} (${service})`);
        else node.expert(f.unknownService, at + o, 2, `Invalid Name Service (${service}). ${ALL_SERVICES}`);
      }
    },
  ],
  [
    119,
    (node, b, at, length) => {
      nameList(node, b.from(at, at + length), f.searchDomain);
    },
  ],
  [121, classlessRoutes],
  [249, classlessRoutes],
  [
    124,
    (node, b, at, length) => {
      const end = at + length;
      let o = at;
      while (o + 5 <= end) {
        node.uint(f.classEnterprise, o);
        const told = node.uint(f.classLength, o + 4);
        const size = Math.min(told, end - o - 5);
        if (size > 0) node.add(f.classData, o + 5, size, b.text(o + 5, size));
        if (size < told) breaksOff(node);
        o += 5 + size;
      }
      if (o < end && length > 1) bad(node, 'length < 5');
    },
  ],
  [
    125,
    (node, b, at, length) => {
      const end = at + length;
      let o = at;
      while (o + 5 <= end) {
        const one = node.uintNode(f.vendorEnterprise, o);
        const told = one.uint(f.vendorLength, o + 4);
        const size = Math.min(told, end - o - 5);
        if (size < told) breaksOff(one);
        for (let i = o + 5; i < o + 5 + size; ) {
          const part = i + 1 < o + 5 + size ? b.u8(i + 1) : 0;
          if (!hasRoom(one, b.u8(i), i, part, o + 5 + size)) break;
          const sub = one.uintNode(f.vendorSuboption, i);
          sub.uint(f.suboptionLength, i + 1);
          if (part > 0) sub.bytes(f.vendorData, i + 2, part);
          i += 2 + part;
        }
        o += 5 + size;
      }
      if (o < end) bad(node, 'length < 5');
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
