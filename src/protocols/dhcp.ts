/** DHCP for IPv4 (RFC 2131, options RFC 2132). */
import { formatIpv4 } from '../bytes/format.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, ether, type FieldDef, ipv4, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { type OptionReader, optionFields, optionReaders } from './dhcp-options.ts';
import { arpHardware } from './hardware.ts';

const HEADER = 236;
const COOKIE = 0x63825363;

const messageTypes = names({
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NAK',
  7: 'Release',
  8: 'Inform',
  9: 'Force Renew',
  10: 'Lease query',
  11: 'Lease Unassigned',
  12: 'Lease Unknown',
  13: 'Lease Active',
  14: 'Bulk Lease Query',
  15: 'Lease Query Done',
  16: 'Active LeaseQuery',
  17: 'Lease Query Status',
  18: 'TLS',
});
const optionNames = names({
  0: 'Padding',
  1: 'Subnet Mask',
  2: 'Time Offset',
  3: 'Router',
  4: 'Time Server',
  6: 'Domain Name Server',
  7: 'Log Server',
  12: 'Host Name',
  15: 'Domain Name',
  26: 'Interface MTU',
  28: 'Broadcast Address',
  31: 'Perform Router Discover',
  33: 'Static Route',
  42: 'Network Time Protocol Servers',
  43: 'Vendor-Specific Information',
  44: 'NetBIOS over TCP/IP Name Server',
  46: 'NetBIOS over TCP/IP Node Type',
  47: 'NetBIOS over TCP/IP Scope',
  50: 'Requested IP Address',
  51: 'IP Address Lease Time',
  52: 'Option Overload',
  53: 'DHCP Message Type',
  54: 'DHCP Server Identifier',
  55: 'Parameter Request List',
  56: 'Message',
  57: 'Maximum DHCP Message Size',
  58: 'Renewal Time Value',
  59: 'Rebinding Time Value',
  60: 'Vendor class identifier',
  61: 'Client identifier',
  66: 'TFTP Server Name',
  67: 'Bootfile name',
  81: 'Client Fully Qualified Domain Name',
  82: 'Agent Information Option',
  93: 'Client System Architecture',
  94: 'Client Network Device Interface',
  97: 'UUID/GUID-based Client Identifier',
  114: 'DHCP Captive-Portal',
  116: 'DHCP Auto-Configuration',
  119: 'Domain Search',
  121: 'Classless Static Route',
  249: 'Private/Classless Static Route (Microsoft)',
  252: 'Private/Proxy autodiscovery',
  255: 'End',
});

const f = {
  type: uint8('dhcp.type', 'Message type', { names: names({ 1: 'Boot Request', 2: 'Boot Reply' }) }),
  hwType: uint8('dhcp.hw.type', 'Hardware type', { base: 'hex', names: arpHardware }),
  hwLen: uint8('dhcp.hw.len', 'Hardware address length'),
  hops: uint8('dhcp.hops', 'Hops'),
  id: uint32('dhcp.id', 'Transaction ID', { base: 'hex' }),
  secs: uint16('dhcp.secs', 'Seconds elapsed'),
  flags: uint16('dhcp.flags', 'Bootp flags', { base: 'hex' }),
  broadcast: bool('dhcp.flags.bc', 'Broadcast flag', { mask: 0x8000, bool: ['Broadcast', 'Unicast'] }),
  reserved: uint16('dhcp.flags.reserved', 'Reserved flags', { base: 'hex', mask: 0x7fff }),
  client: ipv4('dhcp.ip.client', 'Client IP address'),
  your: ipv4('dhcp.ip.your', 'Your (client) IP address'),
  next: ipv4('dhcp.ip.server', 'Next server IP address'),
  relay: ipv4('dhcp.ip.relay', 'Relay agent IP address'),
  mac: ether('dhcp.hw.mac_addr', 'Client MAC address'),
  address: bytes('dhcp.hw.addr', 'Client hardware address'),
  padding: bytes('dhcp.hw.addr_padding', 'Client hardware address padding'),
  server: string('dhcp.server', 'Server host name'),
  file: string('dhcp.file', 'Boot file name'),
  cookie: ipv4('dhcp.cookie', 'Magic cookie'),
  optionType: uint8('dhcp.option.type', 'Option', { names: optionNames }),
  optionLength: uint8('dhcp.option.length', 'Length'),
  optionValue: bytes('dhcp.option.value', 'Value'),
  optionPadding: bytes('dhcp.option.padding', 'Padding'),
  optionEnd: uint8('dhcp.option.end', 'Option End'),
  message: uint8('dhcp.option.dhcp', 'DHCP', { names: messageTypes }),
  mask: ipv4('dhcp.option.subnet_mask', 'Subnet Mask'),
  router: ipv4('dhcp.option.router', 'Router'),
  dns: ipv4('dhcp.option.domain_name_server', 'Domain Name Server'),
  hostname: string('dhcp.option.hostname', 'Host Name'),
  domain: string('dhcp.option.domain_name', 'Domain Name'),
  mtu: uint16('dhcp.option.interface_mtu', 'Interface MTU'),
  broadcastAddress: ipv4('dhcp.option.broadcast_address', 'Broadcast Address'),
  ntp: ipv4('dhcp.option.ntp_server', 'Network Time Protocol Server'),
  requested: ipv4('dhcp.option.requested_ip_address', 'Requested IP Address'),
  lease: uint32('dhcp.option.ip_address_lease_time', 'IP Address Lease Time', { unit: 's' }),
  serverId: ipv4('dhcp.option.dhcp_server_id', 'DHCP Server Identifier'),
  parameter: uint8('dhcp.option.request_list_item', 'Parameter Request List Item', { names: optionNames }),
  text: string('dhcp.option.message', 'Message'),
  maximum: uint16('dhcp.option.dhcp_max_message_size', 'Maximum DHCP Message Size'),
  renewal: uint32('dhcp.option.renewal_time_value', 'Renewal Time Value', { unit: 's' }),
  rebinding: uint32('dhcp.option.rebinding_time_value', 'Rebinding Time Value', { unit: 's' }),
  vendor: string('dhcp.option.vendor_class_id', 'Vendor class identifier'),
};

const address =
  (field: (typeof f)['mask']): OptionReader =>
  (node, _b, at, length) => {
    for (let o = 0; o + 4 <= length; o += 4) node.bytes(field, at + o, 4);
  };
const number =
  (field: (typeof f)['mask'], width: number): OptionReader =>
  (node, _b, at, length) => {
    if (length >= width) node.uint(field, at, width);
  };
const text =
  (field: (typeof f)['mask']): OptionReader =>
  (node, _b, at, length) => {
    node.string(field, at, length, { zero: true });
  };

const readers = new Map<number, OptionReader>([
  [1, address(f.mask)],
  [3, address(f.router)],
  [6, address(f.dns)],
  [12, text(f.hostname)],
  [15, text(f.domain)],
  [26, number(f.mtu, 2)],
  [28, address(f.broadcastAddress)],
  [42, address(f.ntp)],
  [50, address(f.requested)],
  [51, number(f.lease, 4)],
  [53, number(f.message, 1)],
  [54, address(f.serverId)],
  [
    55,
    (node, _b, at, length) => {
      for (let i = 0; i < length; i++) {
        const code = node.buf.u8(at + i);
        node.uint(f.parameter, at + i, 1, { display: `(${code}) ${optionNames.get(code) ?? 'Unknown'}` });
      }
    },
  ],
  [56, text(f.text)],
  [57, number(f.maximum, 2)],
  [58, number(f.renewal, 4)],
  [59, number(f.rebinding, 4)],
  [60, text(f.vendor)],
  ...optionReaders,
]);

const MESSAGE_TYPE = 53;
/** Options of one address that are shown with it: subnet mask, requested address, server. */
const WITH_ADDRESS: readonly number[] = [1, 50, 54];

/** '(53) DHCP Message Type (ACK)'. */
function optionText(b: Buf, at: number, code: number): string {
  const words = `(${code}) ${optionNames.get(code) ?? 'Unknown'}`;
  if (code === MESSAGE_TYPE && b.u8(at + 1) === 1) return `${words} (${messageTypes.get(b.u8(at + 2)) ?? 'Unknown'})`;
  return WITH_ADDRESS.includes(code) && b.u8(at + 1) === 4 ? `${words} (${formatIpv4(b.slice(at + 2, 4))})` : words;
}

/** Adds the options from `from` on; gives the message type, 0 without one. */
function options(layer: Layer, b: Buf, from: number): number {
  let message = 0;
  let at = from;
  while (at < b.end && layer.ok) {
    const code = b.u8(at);
    if (code === 0) {
      const start = at;
      while (at < b.end && b.u8(at) === 0) at++;
      const node = layer.text(start, at - start, 'Padding');
      node.bytes(f.optionPadding, start, at - start);
      continue;
    }
    if (!layer.has(at, 1)) return message;
    // The option as a whole: its kind stands in its first octet.
    const node = layer.add(f.optionType, at, code === 255 ? 1 : 2 + b.u8(at + 1), code, { display: optionText(b, at, code) });
    if (code === 255) {
      node.uint(f.optionEnd, at);
      at++;
      if (at < b.end) layer.bytes(f.optionPadding, at, b.end - at);
      return message;
    }
    const length = node.uint(f.optionLength, at + 1);
    if (!layer.has(at + 2, length)) return message;
    if (length > 0) node.add(f.optionValue, at + 2, length, b.slice(at + 2, length), { hidden: readers.has(code) });
    readers.get(code)?.(node, b, at + 2, length);
    if (code === 53 && length > 0) message = b.u8(at + 2);
    at += 2 + length;
  }
  return message;
}

/** A name of fixed length; where it is empty that is said. */
function nameOrNone(layer: Layer, field: FieldDef, at: number, length: number): void {
  const none = layer.buf.u8(at) === 0;
  layer.string(field, at, length, { zero: true, ...(none && { label: `${field.label} not given`, display: '' }) });
}

export const dhcp = app({
  name: 'dhcp',
  short: 'DHCP',
  title: 'Dynamic Host Configuration Protocol',
  fields: [...Object.values(f), ...optionFields],
  read(layer, b) {
    const o = b.offset;
    const type = layer.uint(f.type, o);
    const hardware = layer.uint(f.hwType, o + 1);
    const length = layer.uint(f.hwLen, o + 2);
    layer.uint(f.hops, o + 3);
    const id = layer.uint(f.id, o + 4);
    layer.uint(f.secs, o + 8);
    const flags = layer.uintNode(f.flags, o + 10);
    flags.uint(f.broadcast, o + 10, 2);
    flags.uint(f.reserved, o + 10, 2);
    flags.sayBits();
    if (layer.ok) flags.display += (b.u16(o + 10) & 0x8000) !== 0 ? ' (Broadcast)' : ' (Unicast)';
    layer.bytes(f.client, o + 12);
    layer.bytes(f.your, o + 16);
    layer.bytes(f.next, o + 20);
    layer.bytes(f.relay, o + 24);
    if ((hardware === 1 || hardware === 6) && length === 6) {
      layer.bytes(f.mac, o + 28, 6);
      layer.bytes(f.padding, o + 34, 10);
    } else if (length > 0 && length <= 16) layer.bytes(f.address, o + 28, length);
    nameOrNone(layer, f.server, o + 44, 64);
    nameOrNone(layer, f.file, o + 108, 128);
    if (b.length >= HEADER + 4 && b.u32(o + HEADER) === COOKIE) layer.bytes(f.cookie, o + HEADER, 4, { display: 'DHCP' });
    const message = b.length > HEADER + 4 ? options(layer, b, o + HEADER + 4) : 0;
    const transaction = ` - Transaction ID 0x${id.toString(16)}`;
    if (message === 0) return `${type === 1 ? 'Boot Request' : 'Boot Reply'}${transaction}`;
    return `DHCP ${(messageTypes.get(message) ?? `Unknown (${message})`).padEnd(8)}${transaction}`;
  },
});
