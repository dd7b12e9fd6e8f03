// RFC 4861, section 4.6 (neighbour discovery options); RFC 8106, 4191, 3775, 3971, 6775, 8781 for the later ones.
import { formatIpv6, hexBytes } from '../bytes/format.ts';
import type { Layer, Node } from '../dissect/dissection.ts';
import { abstime, bool, bytes, eui64, expert, ipv6, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';

const optionTypes = names({
  1: 'Source link-layer address',
  2: 'Target link-layer address',
  3: 'Prefix information',
  4: 'Redirected header',
  5: 'MTU',
  6: 'NBMA Shortcut Limit Option',
  7: 'Advertisement Interval',
  8: 'Home Agent Information',
  9: 'Source Address List',
  10: 'Target Address List',
  11: 'CGA',
  12: 'RSA Signature',
  13: 'Timestamp',
  14: 'Nonce',
  15: 'Trust Anchor',
  16: 'Certificate',
  17: 'IP Address/Prefix Option',
  18: 'New Router Prefix Information',
  19: 'Link-layer Address',
  20: 'Neighbor Advertisement Acknowledgment',
  23: 'MAP',
  24: 'Route Information',
  25: 'Recursive DNS Server',
  26: 'RA Flags Extension',
  27: 'Handover Key Request',
  28: 'Handover Key Reply',
  29: 'Handover Assist Information',
  30: 'Mobile Node Identifier Option',
  31: 'DNS Search List Option',
  32: 'Proxy Signature (PS)',
  33: 'Address Registration Option',
  34: '6LoWPAN Context Option',
  35: 'Authoritative Border Router',
  36: '6LoWPAN Capability Indication Option',
  37: 'DHCP Captive-Portal',
  38: 'PREF64 Option',
  138: 'CARD Request',
  139: 'CARD Reply',
  253: 'RFC3692-style Experiment 1',
  254: 'RFC3692-style Experiment 2',
});

export const routerPreference = names({ 0: 'Medium', 1: 'High', 2: 'Reserved', 3: 'Low' });

export const icmpv6OptionFields = {
  option: none('icmpv6.opt', 'ICMPv6 Option'),
  type: uint8('icmpv6.opt.type', 'Type', { names: optionTypes }),
  length: uint8('icmpv6.opt.length', 'Length'),
  reserved: none('icmpv6.opt.reserved', 'Reserved'),
  sourceLink: bytes('icmpv6.opt.linkaddr', 'Link-layer address', { separator: ':', also: ['icmpv6.opt.src_linkaddr'] }),
  sourceLong: bytes('icmpv6.opt.linkaddr', 'Link-layer address', { also: ['icmpv6.opt.src_linkaddr'] }),
  targetLong: bytes('icmpv6.opt.linkaddr', 'Link-layer address', { also: ['icmpv6.opt.target_linkaddr'] }),
  targetLink: bytes('icmpv6.opt.linkaddr', 'Link-layer address', { separator: ':', also: ['icmpv6.opt.target_linkaddr'] }),
  prefixLength: uint8('icmpv6.opt.prefix.length', 'Prefix Length'),
  prefixFlags: uint8('icmpv6.opt.prefix.flag', 'Flag', { base: 'hex' }),
  prefixL: bool('icmpv6.opt.prefix.flag.l', 'On-link flag(L)', { mask: 0x80 }),
  prefixA: bool('icmpv6.opt.prefix.flag.a', 'Autonomous address-configuration flag(A)', { mask: 0x40 }),
  prefixR: bool('icmpv6.opt.prefix.flag.r', 'Router address flag(R)', { mask: 0x20 }),
  prefixReserved: uint8('icmpv6.opt.prefix.flag.reserved', 'Reserved', { mask: 0x1f }),
  valid: uint32('icmpv6.opt.prefix.valid_lifetime', 'Valid Lifetime', {
    special: true,
    names: names({
      4294967295: 'Infinity',
    }),
  }),
  preferred: uint32('icmpv6.opt.prefix.preferred_lifetime', 'Preferred Lifetime', {
    special: true,
    names: names({
      4294967295: 'Infinity',
    }),
  }),
  prefix: ipv6('icmpv6.opt.prefix', 'Prefix'),
  redirected: none('icmpv6.opt.redirected_packet', 'Redirected Packet'),
  mtu: uint32('icmpv6.opt.mtu', 'MTU'),
  interval: uint32('icmpv6.opt.advertisement_interval', 'Advertisement Interval'),
  agentPreference: uint16('icmpv6.opt.home_agent_preference', 'Home Agent Preference'),
  agentLifetime: uint16('icmpv6.opt.home_agent_lifetime', 'Home Agent Lifetime'),
  timestamp: abstime('icmpv6.opt.timestamp', 'Timestamp'),
  nonce: bytes('icmpv6.opt.nonce', 'Nonce'),
  routeFlags: uint8('icmpv6.opt.route_info.flag', 'Flag', { base: 'hex' }),
  routePreference: uint8('icmpv6.opt.route_info.flag.route_preference', 'Route Preference', { mask: 0x18, names: routerPreference }),
  routeReserved: uint8('icmpv6.opt.route_info.flag.reserved', 'Reserved', { mask: 0xe7 }),
  routeLifetime: uint32('icmpv6.opt.route_lifetime', 'Route Lifetime', {
    special: true,
    names: names({
      4294967295: 'Infinity',
    }),
  }),
  rdnssLifetime: uint32('icmpv6.opt.rdnss.lifetime', 'Lifetime', {
    special: true,
    names: names({
      0: 'RDNSS address MUST no longer be used',
      4294967295: 'Infinity',
    }),
  }),
  rdnss: ipv6('icmpv6.opt.rdnss', 'Recursive DNS Servers'),
  dnsslLifetime: uint32('icmpv6.opt.dnssl.lifetime', 'Lifetime', {
    special: true,
    names: names({
      0: 'DNSSL domain name MUST no longer be used',
      4294967295: 'Infinity',
    }),
  }),
  dnssl: string('icmpv6.opt.dnssl', 'Domain Names'),
  aroStatus: uint8('icmpv6.opt.aro.status', 'Status', {
    names: names({ 0: 'Success', 1: 'Duplicate Exists', 2: 'Neighbor Cache Full' }),
  }),
  aroLifetime: uint16('icmpv6.opt.aro.registration_lifetime', 'Registration Lifetime'),
  aroEui64: eui64('icmpv6.opt.aro.eui64', 'EUI-64'),
  portal: string('icmpv6.opt.captive_portal', 'Captive Portal'),
  pref64Lifetime: uint16('icmpv6.opt.pref64.scaled_lifetime', 'Scaled Lifetime', { mask: 0xfff8 }),
  pref64Code: uint16('icmpv6.opt.pref64.plc', 'PLC (Prefix Length Code)', {
    base: 'hex',
    mask: 0x0007,
    names: names({
      0: '96 bits prefix length',
      1: '64 bits prefix length',
      2: '56 bits prefix length',
      3: '48 bits prefix length',
      4: '40 bits prefix length',
      5: '32 bits prefix length',
    }),
  }),
  pref64: ipv6('icmpv6.opt.pref64.prefix', 'Prefix'),
  data: bytes('icmpv6.data', 'Data'),
  eiLength: expert('icmpv6.invalid_option_length', 'warn', 'Invalid option length'),
};

const f = icmpv6OptionFields;

/**
 * Adds the options in [offset, end) to an ICMPv6 layer. A redirected packet is left to `redirected`, which is given its place.
 * @returns text for the info column: the link-layer address, if there is one
 */
export function dissectNdOptions(layer: Layer, offset: number, end: number, redirected: (offset: number, end: number) => void): string {
  let info = '';
  for (let at = offset; layer.ok && at < end; ) {
    if (!layer.has(at, 2)) return info;
    const type = layer.buf.u8(at);
    const length = 8 * layer.buf.u8(at + 1);
    const title = optionTypes.get(type) ?? `Unknown ${type}`;
    const node = layer.add(f.option, at, Math.min(length, end - at), null, { display: title });
    node.uint(f.type, at);
    const lengthNode = node.uintNode(f.length, at + 1, 1, { display: `${length / 8} (${length} bytes)` });
    if (length === 0) {
      lengthNode.expert(f.eiLength, at + 1, 1, 'Invalid option length (Zero)');
      return info;
    }
    if (!layer.has(at, length)) return info;
    info += addOption(node, type, at, at + length, redirected);
    at += length;
  }
  return info;
}

function addOption(node: Node, type: number, at: number, end: number, redirected: (offset: number, end: number) => void): string {
  const length = end - at;
  /** True if the option is too short for its fixed part. */
  const short = (needed: number): boolean => {
    if (length >= needed) return false;
    node.expert(f.eiLength, at + 1, 1);
    return true;
  };
  switch (type) {
    case 1:
    case 2: {
      const long = length > 8;
      const address = node.bytes(
        type === 1 ? (long ? f.sourceLong : f.sourceLink) : long ? f.targetLong : f.targetLink,
        at + 2,
        length - 2,
      );
      node.display = `${optionTypes.get(type)} : ${hexBytes(address, ':')}`;
      return type === 1 ? ` from ${hexBytes(address, ':')}` : ` is at ${hexBytes(address, ':')}`;
    }
    case 3: {
      if (short(32)) return '';
      const bits = node.uint(f.prefixLength, at + 2);
      const flags = node.uintNode(f.prefixFlags, at + 3);
      flags.uint(f.prefixL, at + 3, 1);
      flags.uint(f.prefixA, at + 3, 1);
      flags.uint(f.prefixR, at + 3, 1);
      flags.uint(f.prefixReserved, at + 3);
      flags.sayBits();
      node.uint(f.valid, at + 4);
      node.uint(f.preferred, at + 8);
      node.add(f.reserved, at + 12, 4, null);
      node.display = `Prefix information : ${formatIpv6(node.bytes(f.prefix, at + 16))}/${bits}`;
      return '';
    }
    case 4:
      node.add(f.reserved, at + 2, 6, null);
      node.add(f.redirected, at + 8, length - 8, null);
      redirected(at + 8, end);
      return '';
    case 5:
      node.add(f.reserved, at + 2, 2, null);
      node.display = `MTU : ${node.uint(f.mtu, at + 4)}`;
      return '';
    case 7:
      node.add(f.reserved, at + 2, 2, null);
      node.uint(f.interval, at + 4);
      return '';
    case 8:
      node.add(f.reserved, at + 2, 2, null);
      node.uint(f.agentPreference, at + 4);
      node.uint(f.agentLifetime, at + 6);
      return '';
    case 13: {
      if (short(16)) return '';
      node.add(f.reserved, at + 2, 6, null);
      const sec = node.buf.u16(at + 8) * 0x100000000 + node.buf.u32(at + 10);
      node.add(f.timestamp, at + 8, 8, { sec, nsec: Math.floor((node.buf.u16(at + 14) * 1e9) / 65536) });
      return '';
    }
    case 14:
      node.bytes(f.nonce, at + 2, length - 2);
      return '';
    case 24: {
      const bits = node.uint(f.prefixLength, at + 2);
      const flags = node.uintNode(f.routeFlags, at + 3);
      flags.uint(f.routePreference, at + 3);
      flags.uint(f.routeReserved, at + 3);
      flags.sayBits();
      node.uint(f.routeLifetime, at + 4);
      const prefix = padded(node.buf.slice(at + 8, Math.min(16, length - 8)));
      node.add(f.prefix, at + 8, Math.min(16, length - 8), prefix);
      node.display = `Route Information : ${formatIpv6(prefix)}/${bits}`;
      return '';
    }
    case 25:
      node.add(f.reserved, at + 2, 2, null);
      node.uint(f.rdnssLifetime, at + 4);
      for (let server = at + 8; node.ok && server + 16 <= end; server += 16) node.bytes(f.rdnss, server);
      return '';
    case 31:
      node.add(f.reserved, at + 2, 2, null);
      node.uint(f.dnsslLifetime, at + 4);
      addNames(node, at + 8, end);
      return '';
    case 33:
      if (short(16)) return '';
      node.uint(f.aroStatus, at + 2);
      node.add(f.reserved, at + 3, 3, null);
      node.uint(f.aroLifetime, at + 6);
      node.bytes(f.aroEui64, at + 8);
      return '';
    case 37:
      node.string(f.portal, at + 2, length - 2, { zero: true });
      return '';
    case 38:
      if (short(16)) return '';
      node.uint(f.pref64Lifetime, at + 2);
      node.uint(f.pref64Code, at + 2);
      node.add(f.pref64, at + 4, 12, padded(node.buf.slice(at + 4, 12)));
      return '';
    default:
      node.bytes(f.data, at + 2, length - 2);
      return '';
  }
}

function padded(prefix: Uint8Array): Uint8Array {
  const whole = new Uint8Array(16);
  whole.set(prefix.subarray(0, 16));
  return whole;
}

/** Domain names without compression, one after the other, padded with zeros (RFC 8106, section 5.2). */
function addNames(node: Node, offset: number, end: number): void {
  for (let at = offset; node.ok && at < end && node.buf.u8(at) !== 0; ) {
    const labels: string[] = [];
    let next = at;
    while (next < end && node.buf.u8(next) !== 0) {
      const size = Math.min(node.buf.u8(next), end - next - 1);
      labels.push(node.buf.text(next + 1, size));
      next += 1 + size;
    }
    next = Math.min(next + 1, end);
    node.add(f.dnssl, at, next - at, labels.join('.'));
    at = next;
  }
}
