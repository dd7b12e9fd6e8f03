/** DHCP for IPv4 (RFC 2131, options RFC 2132). */
import { formatIpv4 } from '../bytes/format.ts';
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bool, bytes, ether, expert, type FieldDef, ipv4, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { optionNames } from './dhcp-names.ts';
import { breaksOff, type OptionReader, optionFields, optionReaders, readerOf } from './dhcp-options.ts';
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
  secondsSwapped: expert('dhcp.secs_le', 'note', 'Seconds elapsed appears to be encoded as little-endian'),
  noEnd: expert('dhcp.end_option_missing', 'error', 'End option missing'),
  serverHolds: expert('dhcp.server_name_overloaded_by_dhcp', 'note', 'Server name option overloaded by DHCP'),
  fileHolds: expert('dhcp.boot_filename_overloaded_by_dhcp', 'note', 'Boot file name option overloaded by DHCP'),
  serverNoEnd: expert('dhcp.option.option_overload.sname_end_missing', 'error', 'sname overload end option missing'),
  fileNoEnd: expert('dhcp.option.option_overload.file_end_missing', 'error', 'file overload end option missing'),
};

const readers = new Map<number, OptionReader>([
  [1, readerOf('address', f.mask)],
  [3, readerOf('addresses', f.router)],
  [6, readerOf('addresses', f.dns)],
  [12, readerOf('text', f.hostname)],
  [15, readerOf('text', f.domain)],
  [26, readerOf('u16', f.mtu)],
  [28, readerOf('address', f.broadcastAddress)],
  [42, readerOf('addresses', f.ntp)],
  [50, readerOf('address', f.requested)],
  [51, readerOf('seconds', f.lease)],
  [
    53,
    (node, _b, at, length) => {
      if (length > 0) node.uint(f.message, at);
      else breaksOff(node);
    },
  ],
  [54, readerOf('address', f.serverId)],
  [
    55,
    (node, _b, at, length) => {
      for (let i = 0; i < length; i++) {
        const code = node.buf.u8(at + i);
        node.uint(f.parameter, at + i, 1, { display: `(${code}) ${optionNames.get(code) ?? 'Unassigned'}` });
      }
    },
  ],
  [56, readerOf('text', f.text)],
  [57, readerOf('u16', f.maximum)],
  [58, readerOf('seconds', f.renewal)],
  [59, readerOf('seconds', f.rebinding)],
  [60, readerOf('text', f.vendor)],
  ...optionReaders,
]);

const MESSAGE_TYPE = 53;
/** Options of one address that are shown with it: subnet mask, requested address, server. */
const WITH_ADDRESS: readonly number[] = [1, 50, 54];

/** '(53) DHCP Message Type (ACK)'. */
function optionText(b: Buf, at: number, code: number): string {
  const words = `(${code}) ${optionNames.get(code) ?? 'Unassigned'}`;
  if (code === MESSAGE_TYPE && b.u8(at + 1) === 1) return `${words} (${messageTypes.get(b.u8(at + 2)) ?? 'Unknown'})`;
  return WITH_ADDRESS.includes(code) && b.u8(at + 1) === 4 ? `${words} (${formatIpv4(b.slice(at + 2, 4))})` : words;
}

/** Where the header has room for names, which an option can give to options (RFC 2132, section 9.3). */
const SERVER = { at: 44, length: 64, bit: 2 };
const FILE = { at: 108, length: 128, bit: 1 };
const OVERLOAD = 52;

/** What `options` knows of a message, and finds in it. */
interface Reading {
  /** Message type, 0 so far. */
  message: number;
  /** An end option was met. */
  ended: boolean;
  /** Which names are to be read as options, as option 52 has it; 0 once they are, or where these are read. */
  overload: number;
}

/** The last option 52 from `from` on: which names of the header hold options. 0: none. */
function overloadOf(b: Buf, from: number): number {
  let overload = 0;
  for (let at = from; at < b.end && b.u8(at) !== 255; at += b.u8(at) === 0 ? 1 : 2 + b.u8(at + 1))
    if (b.u8(at) === OVERLOAD && b.u8(at + 1) > 0) overload = b.u8(at + 2);
  return overload <= (SERVER.bit | FILE.bit) ? overload : 0;
}

/** Adds the options from the beginning of `b` on. `start`: where the message begins. */
function options(to: Node, b: Buf, start: number, reading: Reading): void {
  let at = b.offset;
  while (at < b.end && to.ok) {
    const code = b.u8(at);
    if (code === 0) {
      const first = at;
      while (at < b.end && b.u8(at) === 0) at++;
      const node = to.text(first, at - first, 'Padding');
      node.bytes(f.optionPadding, first, at - first);
      continue;
    }
    if (!to.has(at, 1)) return;
    // The option as a whole: its kind stands in its first octet.
    const node = to.add(f.optionType, at, code === 255 ? 1 : 2 + b.u8(at + 1), code, { display: optionText(b, at, code) });
    if (code === 255) {
      node.uint(f.optionEnd, at);
      reading.ended = true;
      at++;
      if (at < b.end && to === to.layer) to.bytes(f.optionPadding, at, b.end - at);
      return;
    }
    const length = node.uint(f.optionLength, at + 1);
    if (!to.has(at + 2, length)) return;
    if (length > 0) node.add(f.optionValue, at + 2, length, b.slice(at + 2, length), { hidden: readers.has(code) });
    readers.get(code)?.(node, b, at + 2, length);
    if (code === MESSAGE_TYPE && length > 0) reading.message = b.u8(at + 2);
    if (code === OVERLOAD && reading.overload !== 0) overloaded(node, start, reading);
    at += 2 + length;
  }
}

/** The options in the names of the header, below option 52. Once per message. */
function overloaded(node: Node, start: number, reading: Reading): void {
  const { overload } = reading;
  reading.overload = 0;
  const whole = node.layer.buf;
  const within = (place: typeof SERVER, label: string, noEnd: FieldDef): void => {
    if ((overload & place.bit) === 0) return;
    const from = start + place.at;
    const part = whole.from(from, from + place.length);
    const below = node.over(part).text(from, place.length, label);
    const inner: Reading = { message: 0, ended: false, overload: 0 };
    options(below, part, start, inner);
    if (below.ok && !inner.ended) below.expert(noEnd);
    below.layer.goOn();
  };
  within(SERVER, 'Server host name option overload', f.serverNoEnd);
  within(FILE, 'Boot file name option overload', f.fileNoEnd);
}

/** A name of fixed length; where it is empty, or holds options, that is said. */
function nameOrNone(layer: Layer, field: FieldDef, place: typeof SERVER, overload: number, holds: FieldDef): void {
  const at = layer.buf.offset + place.at;
  if ((overload & place.bit) !== 0) layer.text(at, place.length, holds.label).expert(holds);
  else {
    const none = layer.buf.u8(at) === 0;
    layer.string(field, at, place.length, { zero: true, ...(none && { label: `${field.label} not given`, display: '' }) });
  }
}

/** Some clients send the seconds in the wrong order of octets: none has tried for so many whole multiples of 256. */
function seconds(layer: Layer, at: number): void {
  const said = layer.buf.u16(at);
  if (said <= 0xff || (said & 0xff) !== 0) layer.uint(f.secs, at);
  else layer.uintLeNode(f.secs, at).expert(f.secondsSwapped);
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
    seconds(layer, o + 8);
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
    const cookie = b.length >= HEADER + 4 && b.u32(o + HEADER) === COOKIE;
    const reading: Reading = { message: 0, ended: false, overload: cookie ? overloadOf(b, o + HEADER + 4) : 0 };
    nameOrNone(layer, f.server, SERVER, reading.overload, f.serverHolds);
    nameOrNone(layer, f.file, FILE, reading.overload, f.fileHolds);
    if (cookie) layer.bytes(f.cookie, o + HEADER, 4, { display: 'DHCP' });
    if (b.length > HEADER + 4) {
      options(layer, b.from(o + HEADER + 4), o, reading);
      if (layer.ok && cookie && !reading.ended) layer.expert(f.noEnd, o, 0);
    }
    const { message } = reading;
    const transaction = ` - Transaction ID 0x${id.toString(16)}`;
    if (message === 0) return `${type === 1 ? 'Boot Request' : 'Boot Reply'}${transaction}`;
    return `DHCP ${(messageTypes.get(message) ?? `Unknown (${message})`).padEnd(8)}${transaction}`;
  },
});
