/** DHCPv6 (RFC 8415): messages, relay messages and their options. */
import { formatIpv6, hexBytes } from '../bytes/format.ts';
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { abstime, bool, bytes, expert, type FieldDef, ipv6, names, string, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { Told } from '../dissect/told.ts';
import { app } from './app-kit.ts';
import { arpHardware } from './hardware.ts';

const messages = names({
  1: 'Solicit',
  2: 'Advertise',
  3: 'Request',
  4: 'Confirm',
  5: 'Renew',
  6: 'Rebind',
  7: 'Reply',
  8: 'Release',
  9: 'Decline',
  10: 'Reconfigure',
  11: 'Information-request',
  12: 'Relay-forw',
  13: 'Relay-reply',
  14: 'Leasequery',
  15: 'Leasequery-reply',
  16: 'Leasequery-done',
  17: 'Leasequery-data',
  18: 'Reconfigure-request',
  19: 'Reconfigure-reply',
  20: 'DHCPv4-query',
  21: 'DHCPv4-response',
});
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;

/** IANA's DHCPv6 option codes, in Wireshark's words. */
const options = names({
  1: 'Client Identifier',
  2: 'Server Identifier',
  3: 'Identity Association for Non-temporary Address',
  4: 'Identity Association for Temporary Address',
  5: 'IA Address',
  6: 'Option Request',
  7: 'Preference',
  8: 'Elapsed time',
  9: 'Relay Message',
  11: 'Authentication',
  12: 'Server unicast',
  13: 'Status code',
  14: 'Rapid Commit',
  15: 'User Class',
  16: 'Vendor Class',
  17: 'Vendor-specific Information',
  18: 'Interface-Id',
  19: 'Reconfigure Message',
  20: 'Reconfigure Accept',
  21: 'SIP Server Domain Name List',
  22: 'SIP Servers IPv6 Address List',
  23: 'DNS recursive name server',
  24: 'Domain Search List',
  25: 'Identity Association for Prefix Delegation',
  26: 'IA Prefix',
  27: 'Network Information Server',
  28: 'Network Information Server V2',
  29: 'Network Information Server Domain Name',
  30: 'Network Information Server V2 Domain Name',
  31: 'Simple Network Time Protocol Server',
  32: 'Lifetime',
  33: 'BCMCS Server Domain',
  34: 'BCMCS Servers IPv6 Address List',
  36: 'Geoconf Civic Address',
  37: 'Remote Identifier',
  38: 'Subscriber Identifier',
  39: 'Client Fully Qualified Domain Name',
  40: 'PANA Agents IPv6 Address List',
  41: 'Time Zone',
  42: 'Time Zone Database',
  43: 'Echo Request Option',
  44: 'Leasequery Query',
  45: 'Leasequery Client Data',
  46: 'Client Last Transaction Time',
  47: 'Leasequery Relay Data',
  48: 'Leasequery Client Link Address List',
  49: 'Home Network Identifier FQDN',
  50: 'Visited Home Network Information',
  51: 'LoST Server',
  52: 'CAPWAP Access Controllers',
  53: 'Relay-ID',
  54: 'MoS IPv6 Address',
  55: 'MoS Domain Name List',
  56: 'NTP Server',
  57: 'Access Network Domain Name',
  58: 'SIP User Agent Configuration Service Domains',
  59: 'Boot File URL',
  60: 'Boot File Parameters',
  61: 'Client System Architecture Type',
  62: 'Client Network Interface Identifier',
  63: 'Geolocation',
  64: 'Dual-Stack Lite AFTR Name',
  65: 'ERP Local Domain Name',
  66: 'Relay-Supplied Options',
  67: 'Prefix Exclude',
  68: 'Virtual Subnet Selection',
  69: 'Identified Home Network Information',
  70: 'Unrestricted Home Network Information',
  71: 'Home Network Prefix',
  72: 'Home Agent Address',
  73: 'Home Agent FQDN',
  74: 'RDNSS Selection',
  75: 'Kerberos Principal Name',
  76: 'Kerberos Realm Name',
  77: 'Kerberos Default Realm Name',
  78: 'Kerberos KDC',
  79: 'Client Link-Layer Address',
  80: 'Link Address',
  81: 'RADIUS',
  82: 'SOL_MAX_RT',
  83: 'INF_MAX_RT',
  84: 'Address Selection',
  85: 'Address Selection table',
  86: 'PCP Server',
  87: 'DHCPv4 Message',
  88: 'DHCP 4o6 Servers Address',
  89: 'S46 Rule',
  90: 'S46 BR',
  91: 'S46 DMR',
  92: 'S46 IPv4/IPv6 Address Binding',
  93: 'S46 Port Parameters',
  94: 'S46 MAP-E Container',
  95: 'S46 MAP-T Container',
  96: 'S46 Lightweight 4over6 Container',
  97: '4rd Options',
  98: '4rd Mapping Rule',
  99: '4rd Non-Mapping Rule',
  100: 'LQ Server Base Time',
  101: 'LQ Server Query Start Time',
  102: 'LQ Server Query End Time',
  103: 'Captive Portal',
  104: 'MPL Parameter Configuration',
  105: 'Access Technology Type',
  106: 'Access Network Name',
  107: 'Access Point Name',
  108: 'Access Point BSSID',
  109: 'Access Network Operator ID',
  110: 'Access Network Operator Realm',
  111: 'S46 Priority',
  112: 'Manufacturer Usage Description',
  113: 'IPv4/IPv6 Multicast Prefixes',
  114: 'Failover Binding Status',
  115: 'Failover Connect Flags',
  116: 'Failover DNS Removal Info',
  117: 'Failover DNS Hostname',
  118: 'Failover DNS Zone Name',
  119: 'Failover DNS Flags',
  120: 'Failover Expiration Time',
  121: 'Failover Maximum Number Unacked BNDUPD Messages',
  122: 'Failover Maximum Client Lead Time (MCLT)',
  123: 'Failover Partner Lifetime',
  124: 'Failover Partner Lifetime Sent',
  125: 'Failover Partner Down Time',
  126: 'Failover Partner Raw Client Time',
  127: 'Failover Protocol Version',
  128: 'Failover Keepalive Time',
  129: 'Failover Reconfigure Data',
  130: 'Failover Relationship Name',
  131: 'Failover Server Flags',
  132: 'Failover Server State',
  133: 'Failover Start Time of State',
  134: 'Failover State Expiration Time',
  135: 'Relay Source Port',
  136: 'SZTP Redirect',
  137: 'Softwire Source Binding Prefix Hint',
  139: 'opttype_vals [Binary Search]',
  143: 'ANDSF IPv6 Address',
  165: 'Mobile IPv6 Home Agent',
  166: 'Mobile IPv6 Home Address',
  167: 'Network Access Identifier',
});
const statuses = names({
  0: 'Success',
  1: 'UnspecFail',
  2: 'NoAddrAvail',
  3: 'NoBinding',
  4: 'NotOnLink',
  5: 'UseMulticast',
  6: 'NoPrefixAvail',
  7: 'UnknownQueryType',
  8: 'MalformedQuery',
  9: 'NotConfigured',
  10: 'NotAllowed',
  11: 'QueryTerminated',
  12: 'DataMissing',
  13: 'CatchUpComplete',
  14: 'NotSupported',
  15: 'TLSConnectionRefused',
});
const duids = names({
  1: 'link-layer address plus time',
  2: 'assigned by vendor based on Enterprise number',
  3: 'link-layer address',
  4: 'Universally Unique IDentifier (UUID)',
});

const f = {
  type: uint8('dhcpv6.msgtype', 'Message type', { names: messages }),
  transaction: uint24('dhcpv6.xid', 'Transaction ID', { base: 'hex' }),
  hops: uint8('dhcpv6.hopcount', 'Hopcount'),
  link: ipv6('dhcpv6.linkaddr', 'Link address'),
  peer: ipv6('dhcpv6.peeraddr', 'Peer address'),
  optionType: uint16('dhcpv6.option.type', 'Option', { names: options }),
  optionTypeText: string('dhcpv6.option.type_str', 'Option'),
  optionLength: uint16('dhcpv6.option.length', 'Length'),
  duid: bytes('dhcpv6.duid.bytes', 'DUID'),
  duidType: uint16('dhcpv6.duid.type', 'DUID Type', { names: duids }),
  lltHardware: uint16('dhcpv6.duidllt.hwtype', 'Hardware type', { names: arpHardware }),
  lltTime: abstime('dhcpv6.duidllt.time', 'DUID Time'),
  lltAddress: string('dhcpv6.duidllt.link_layer_addr', 'Link-layer address'),
  enEnterprise: uint32('dhcpv6.duiden.enterprise', 'Enterprise ID'),
  enIdentifier: bytes('dhcpv6.duiden.identifier', 'Identifier'),
  llHardware: uint16('dhcpv6.duidll.hwtype', 'Hardware type', { names: arpHardware }),
  llAddress: string('dhcpv6.duidll.link_layer_addr', 'Link-layer address'),
  uuid: bytes('dhcpv6.duiduuid.bytes', 'UUID'),
  iaid: string('dhcpv6.iaid', 'IAID'),
  t1: uint32('dhcpv6.iaid.t1', 'T1'),
  t2: uint32('dhcpv6.iaid.t2', 'T2'),
  iata: string('dhcpv6.iata', 'IATA'),
  address: ipv6('dhcpv6.iaaddr.ip', 'IPv6 address'),
  addressPreferred: uint32('dhcpv6.iaaddr.pref_lifetime', 'Preferred lifetime'),
  addressValid: uint32('dhcpv6.iaaddr.valid_lifetime', 'Valid lifetime'),
  prefixPreferred: uint32('dhcpv6.iaprefix.pref_lifetime', 'Preferred lifetime'),
  prefixValid: uint32('dhcpv6.iaprefix.valid_lifetime', 'Valid lifetime'),
  prefixLength: uint8('dhcpv6.iaprefix.pref_len', 'Prefix length'),
  prefix: ipv6('dhcpv6.iaprefix.pref_addr', 'Prefix address'),
  requested: uint16('dhcpv6.requested_option_code', 'Requested Option code', { names: options }),
  preference: uint8('dhcpv6.option_preference', 'Pref-value'),
  elapsed: uint16('dhcpv6.elapsed_time', 'Elapsed time', { unit: 'ms' }),
  unicast: ipv6('dhcpv6.unicast', 'IPv6 address'),
  status: uint16('dhcpv6.status_code', 'Status Code', { names: statuses }),
  statusText: string('dhcpv6.status_msg', 'Status Message'),
  userClassLength: uint16('dhcpv6.userclass.length', 'Length'),
  userClassData: bytes('dhcpv6.userclass.opaque_data', 'Suboption'),
  vendorClassEnterprise: uint32('dhcpv6.vendorclass.enterprise', 'Enterprise ID'),
  vendorClassData: string('dhcpv6.vendorclass.data', 'vendor-class-data'),
  vendorEnterprise: uint32('dhcpv6.vendoropts.enterprise', 'Enterprise ID'),
  vendorCode: uint16('dhcpv6.vendoropts.enterprise.option_code', 'Option code'),
  vendorLength: uint16('dhcpv6.vendoropts.enterprise.option_length', 'Option length'),
  vendorData: bytes('dhcpv6.vendoropts.enterprise.option_data', 'Option data'),
  interfaceId: bytes('dhcpv6.interface_id', 'Interface-ID'),
  reconfigure: uint8('dhcpv6.reconf_msg', 'Reconfigure-type', { names: messages }),
  sipDomain: string('dhcpv6.sip_server_domain_search_fqdn', 'SIP Server Domain Search FQDN'),
  sipAddress: ipv6('dhcpv6.sip_server_a', 'SIP server address'),
  dnsServer: ipv6('dhcpv6.dns_server', 'DNS server address'),
  searchEntry: string('dhcpv6.search_list_entry', 'List entry'),
  sntpServer: ipv6('dhcpv6.sntp_server', 'SNTP servers address'),
  lifetime: uint32('dhcpv6.lifetime', 'Lifetime'),
  remoteEnterprise: uint32('dhcpv6.remoteid.enterprise', 'Enterprise ID'),
  remoteId: bytes('dhcpv6.remoteid_enterprise_id', 'Remote-ID'),
  subscriber: string('dhcpv6.subscriber_id', 'Subscriber-ID'),
  fqdnFlags: uint8('dhcpv6.client_fqdn_flags', 'Flags', { base: 'hex' }),
  fqdnN: bool('dhcpv6.clientfqdn.client.n', 'N bit', {
    mask: 4,
    bool: ['Server SHOULD NOT perform PTR RR updates', 'Server SHOULD perform PTR RR updates'],
  }),
  serverN: bool('dhcpv6.clientfqdn.server.n', 'N bit', {
    mask: 4,
    bool: ['Server SHOULD NOT perform PTR RR updates', 'Server SHOULD perform PTR RR updates'],
  }),
  serverO: bool('dhcpv6.clientfqdn.server.o', 'O bit', {
    mask: 2,
    bool: ["Server HAS overridden client's S bit preference", "Server HAS NOT overridden client's S bit preference"],
  }),
  serverS: bool('dhcpv6.clientfqdn.server.s', 'S bit', {
    mask: 1,
    bool: ['Server SHOULD perform AAAA RR updates', 'Server SHOULD NOT perform AAAA RR updates'],
  }),
  fqdnS: bool('dhcpv6.clientfqdn.client.s', 'S bit', {
    mask: 1,
    bool: ['Server SHOULD perform AAAA RR updates', 'Server SHOULD NOT perform AAAA RR updates'],
  }),
  domain: string('dhcpv6.client_domain', 'Client Domain Name'),
  posixZone: string('dhcpv6.timezone', 'Time Zone'),
  tzdbName: string('dhcpv6.tzdb', 'TZDB'),
  ntpType: uint16('dhcpv6.ntpserver.option.type', 'Suboption', {
    names: names({
      1: 'NTP Server Address',
      2: 'NTP Multicast Address',
      3: 'NTP Server FQDN',
    }),
  }),
  ntpLength: uint16('dhcpv6.ntpserver.option.length', 'Length'),
  ntpAddress: ipv6('dhcpv6.ntpserver.addr', 'NTP Server Address'),
  ntpMulticast: ipv6('dhcpv6.ntpserver.mc_addr', 'NTP Multicast Address'),
  ntpName: string('dhcpv6.ntpserver.fqdn', 'NTP Server FQDN'),
  aftr: string('dhcpv6.aftr_name', 'DS-Lite AFTR Name'),
  mudUrl: string('dhcpv6.mudurl', 'MUDURL'),
  captivePortal: string('dhcpv6.captive_portal', 'Captive Portal'),
  badLength: expert('dhcpv6.bogus_length', 'error', 'Bogus length', 'malformed'),
  malformed: expert('dhcpv6.malformed_option', 'error', 'Malformed option', 'malformed'),
  serverBit: expert('dhcpv6.s_bit_should_be_zero', 'error', 'ERROR: When the N-bit is set, the S-bit must be reset'),
  hopsError: expert('dhcpv6.error_hopcount', 'warn', 'Detected error on hop-count'),
};

const MAX_DEPTH = 10;
type Length = readonly [how: 'least' | 'exact' | 'multiple', octets: number, title: string];
/** Lengths that options can have (RFC 8415, section 21, and the documents of the others), and what the note on another length calls them. */
const LENGTHS: ReadonlyMap<number, Length> = new Map<number, Length>([
  [1, ['least', 2, 'DUID']],
  [2, ['least', 2, 'DUID']],
  [3, ['least', 12, 'IA_NA']],
  [4, ['least', 4, 'IA_TA']],
  [5, ['least', 24, 'IAADDR']],
  [7, ['exact', 1, 'PREFERENCE']],
  [8, ['exact', 2, 'ELAPSED-TIME']],
  [12, ['exact', 16, 'UNICAST']],
  [16, ['least', 4, 'VENDOR_CLASS']],
  [17, ['least', 4, 'VENDOR_OPTS']],
  [18, ['least', 1, 'INTERFACE_ID']],
  [19, ['exact', 1, 'RECONF_MSG']],
  [22, ['multiple', 16, 'SIP servers address']],
  [23, ['multiple', 16, 'DNS servers address']],
  [25, ['least', 12, 'IA_PD']],
  [26, ['least', 25, 'IAPREFIX']],
  [31, ['multiple', 16, 'SNTP servers address']],
  [32, ['exact', 4, 'LIFETIME']],
  [37, ['least', 4, 'REMOTE_ID']],
  [38, ['least', 1, 'SUBSCRIBER_ID']],
  [39, ['least', 1, 'FQDN']],
]);

function fits([how, octets]: Length, length: number): boolean {
  if (how === 'multiple') return length % octets === 0;
  return how === 'exact' ? length === octets : length >= octets;
}

/** Messages that servers send. */
const SERVER_MESSAGES: ReadonlySet<number> = new Set([2, 7, 10]);
/** Where the message whose options are being read begins. */
const messageAt = new Told<number>(0);
const SECONDS_2000 = 946684800;

function duid(node: Node, at: number, length: number): void {
  const b = node.buf;
  if (length < 2) {
    node.expert(f.badLength);
    return;
  }
  node.bytes(f.duid, at, length);
  const type = node.uint(f.duidType, at);
  if (type === 1 && length >= 8) {
    node.uint(f.lltHardware, at + 2);
    node.add(f.lltTime, at + 4, 4, { sec: b.u32(at + 4) + SECONDS_2000, nsec: 0 });
    if (length > 8) node.add(f.lltAddress, at + 8, length - 8, hexBytes(b.slice(at + 8, length - 8), ':'));
  } else if (type === 2 && length >= 6) {
    node.uint(f.enEnterprise, at + 2);
    if (length > 6) node.bytes(f.enIdentifier, at + 6, length - 6);
  } else if (type === 3 && length >= 4) {
    node.uint(f.llHardware, at + 2);
    if (length > 4) node.add(f.llAddress, at + 4, length - 4, hexBytes(b.slice(at + 4, length - 4), ':'));
  } else if (type === 4 && length > 2) node.bytes(f.uuid, at + 2, length - 2);
}

/** Names as labels with their lengths (RFC 1035 section 3.1) up to `end`; one that is not whole has no root label. */
function domains(node: Node, field: FieldDef, from: number, end: number): void {
  const b = node.buf;
  let text = '';
  let start = from;
  for (let at = from; at < end && !node.d.full; ) {
    const length = b.u8(at);
    const stop = Math.min(end, at + 1 + length);
    text += text === '' || length === 0 ? '' : '.';
    text += b.text(at + 1, stop - at - 1);
    at = stop;
    if (length > 0 && at < end) continue;
    node.add(field, start, at - start, length === 0 ? `${text}.` : text);
    text = '';
    start = at;
  }
}

function addresses(node: Node, field: FieldDef, from: number, end: number): void {
  for (let at = from; at + 16 <= end && node.ok; at += 16) node.bytes(field, at, 16);
}

/** What stands in an option's value, [at, end). */
function value(d: Dissection, layer: Layer, node: Node, type: number, at: number, end: number, depth: number): void {
  const length = end - at;
  const allowed = LENGTHS.get(type);
  if (allowed !== undefined && !fits(allowed, length)) {
    node.expert(f.malformed, undefined, undefined, `${allowed[2]}: malformed option`);
    return;
  }
  const nested = (from: number): void => optionsOf(d, layer, node, from, end, depth + 1);
  switch (type) {
    case 1:
    case 2:
    case 53:
      duid(node, at, length);
      return;
    case 3:
    case 25:
      if (length < 12) break;
      node.add(f.iaid, at, 4, hexBytes(node.buf.slice(at, 4)));
      node.uint(f.t1, at + 4);
      node.uint(f.t2, at + 8);
      nested(at + 12);
      return;
    case 4:
      if (length < 4) break;
      node.add(f.iata, at, 4, hexBytes(node.buf.slice(at, 4)));
      nested(at + 4);
      return;
    case 5:
      if (length < 24) break;
      node.bytes(f.address, at, 16);
      node.uint(f.addressPreferred, at + 16);
      node.uint(f.addressValid, at + 20);
      nested(at + 24);
      return;
    case 26:
      if (length < 25) break;
      node.uint(f.prefixPreferred, at);
      node.uint(f.prefixValid, at + 4);
      node.uint(f.prefixLength, at + 8);
      node.bytes(f.prefix, at + 9, 16);
      nested(at + 25);
      return;
    case 6:
      for (let i = at; i + 2 <= end && node.ok; i += 2) node.uint(f.requested, i);
      return;
    case 7:
      if (length === 1) node.uint(f.preference, at);
      else node.expert(f.badLength);
      return;
    case 8: {
      if (length !== 2) break;
      // Sent in hundredths of a second.
      if (!node.has(at, 2)) return;
      node.add(f.elapsed, at, 2, node.buf.u16(at) * 10);
      return;
    }
    case 9:
      message(d, layer, node, at, end, depth + 1);
      return;
    case 12:
      if (length === 16) node.bytes(f.unicast, at, 16);
      return;
    case 13:
      if (length < 2) break;
      node.uint(f.status, at);
      if (length > 2) node.string(f.statusText, at + 2, length - 2);
      return;
    case 15:
      for (let i = at; i + 2 <= end && node.ok; ) {
        const size = node.uint(f.userClassLength, i);
        const there = Math.min(size, end - i - 2);
        if (there > 0) node.bytes(f.userClassData, i + 2, there);
        i += 2 + size;
      }
      return;
    case 16:
      if (length < 4) break;
      node.uint(f.vendorClassEnterprise, at);
      for (let i = at + 4; i + 2 <= end && node.ok; ) {
        const size = node.buf.u16(i);
        node.string(f.vendorClassData, i + 2, Math.min(size, end - i - 2));
        i += 2 + size;
      }
      return;
    case 17:
      if (length < 4) break;
      node.uint(f.vendorEnterprise, at);
      for (let i = at + 4; i + 4 <= end && node.ok; ) {
        const size = node.buf.u16(i + 2);
        const option = node.text(i, 4 + size, 'option');
        option.uint(f.vendorCode, i);
        option.uint(f.vendorLength, i + 2);
        const there = Math.min(size, end - i - 4);
        if (there > 0) option.bytes(f.vendorData, i + 4, there);
        i += 4 + size;
      }
      return;
    case 18:
      if (length > 0) node.bytes(f.interfaceId, at, length);
      return;
    case 19:
      node.uint(f.reconfigure, at);
      return;
    case 21:
      domains(node, f.sipDomain, at, end);
      return;
    case 22:
      addresses(node, f.sipAddress, at, end);
      return;
    case 23:
      addresses(node, f.dnsServer, at, end);
      return;
    case 24:
      domains(node, f.searchEntry, at, end);
      return;
    case 31:
      addresses(node, f.sntpServer, at, end);
      return;
    case 32:
      if (length === 4) node.uint(f.lifetime, at);
      return;
    case 37:
      if (length < 4) break;
      node.uint(f.remoteEnterprise, at);
      if (length > 4) node.bytes(f.remoteId, at + 4, length - 4);
      return;
    case 38:
      node.string(f.subscriber, at, length);
      return;
    case 39: {
      if (length < 1) break;
      const flags = node.uintNode(f.fqdnFlags, at);
      const reply = SERVER_MESSAGES.has(node.buf.u8(messageAt.in(d)));
      for (const field of reply ? [f.serverN, f.serverO, f.serverS] : [f.fqdnN, f.fqdnS]) flags.uint(field, at, 1);
      if ((node.buf.u8(at) & 5) === 5) flags.expert(f.serverBit);
      if (length > 1) domains(node, f.domain, at + 1, end);
      return;
    }
    case 41:
      node.string(f.posixZone, at, length);
      return;
    case 42:
      node.string(f.tzdbName, at, length);
      return;
    case 56:
      for (let i = at; i + 4 <= end && node.ok; ) {
        const kind = node.uint(f.ntpType, i);
        const size = node.uint(f.ntpLength, i + 2);
        const stop = Math.min(end, i + 4 + size);
        if (kind === 3) domains(node, f.ntpName, i + 4, stop);
        else if (stop - i === 20) node.bytes(kind === 1 ? f.ntpAddress : f.ntpMulticast, i + 4, 16);
        i += 4 + size;
      }
      return;
    case 64:
      domains(node, f.aftr, at, end);
      return;
    case 103:
      node.string(f.captivePortal, at, length);
      return;
    case 112:
      node.string(f.mudUrl, at, length);
      return;
    case 45:
    case 66:
      nested(at);
      return;
    case 14:
    case 20:
      return;
    default:
      if (length > 0) node.text(at, length, 'Value', hexBytes(node.buf.slice(at, Math.min(length, 256))));
      return;
  }
  node.expert(f.badLength);
}

function optionsOf(d: Dissection, layer: Layer, parent: Node, from: number, end: number, depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (let at = from; at < end && layer.ok && !d.full; ) {
    if (!layer.has(at, 4)) return;
    const b = layer.buf;
    const type = b.u16(at);
    const length = b.u16(at + 2);
    const name = options.get(type) ?? 'Unknown';
    const node = parent.add(f.optionTypeText, at, 4 + length, name, { label: name, display: '' });
    node.uint(f.optionType, at);
    node.uint(f.optionLength, at + 2);
    if (!layer.has(at + 4, length) || at + 4 + length > end) {
      node.expert(f.badLength);
      return;
    }
    value(d, layer, node, type, at + 4, at + 4 + length, depth);
    at += 4 + length;
  }
}

/** One message at [at, end); gives its one line. */
function message(d: Dissection, layer: Layer, node: Node, at: number, end: number, depth: number): string {
  const type = node.uint(f.type, at);
  const name = messages.get(type) ?? `Message Type ${type}`;
  if (type === RELAY_FORWARD || type === RELAY_REPLY) {
    const hops = node.uintNode(f.hops, at + 1);
    if (layer.buf.u8(at + 1) > 32) hops.expert(f.hopsError);
    node.bytes(f.link, at + 2, 16);
    const peer = node.bytes(f.peer, at + 18, 16);
    optionsOf(d, layer, node, at + 34, end, depth);
    return peer.length === 16 ? `${name} L: ${formatIpv6(layer.buf.slice(at + 2, 16))}` : name;
  }
  const transaction = node.uint(f.transaction, at + 1);
  messageAt.during(d, at, () => optionsOf(d, layer, node, at + 4, end, depth));
  return `${name} XID: 0x${transaction.toString(16).padStart(6, '0')}`;
}

export const dhcpv6 = app({
  name: 'dhcpv6',
  short: 'DHCPv6',
  title: 'DHCPv6',
  fields: Object.values(f),
  read: (layer, b: Buf, d) => message(d, layer, layer, b.offset, b.end, 0),
});
