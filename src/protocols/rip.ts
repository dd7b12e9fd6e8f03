/** Routing Information Protocol: version 1 (RFC 1058), version 2 (RFC 2453) and its cryptographic authentication (RFC 4822). */
import { formatIpv4 } from '../bytes/format.ts';
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, expert, ipv4, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';

const HEADER_BYTES = 4;
const ENTRY_BYTES = 20;
const VERSION_2 = 2;
const UNSPECIFIED = 0;
const IP = 2;
/** Address family of an entry that authenticates the message (RFC 2453, section 4.1). */
const AUTHENTICATION = 0xffff;
const PASSWORD = 2;
const DIGEST = 3;

const commands = names({ 1: 'Request', 2: 'Response', 3: 'Traceon', 4: 'Traceoff', 5: 'Vendor specific (Sun)' });
const versions = names({ 1: 'RIPv1', 2: 'RIPv2' });
const authTypes = names({ 1: 'IP Route', 2: 'Simple Password', 3: 'Keyed Message Digest' });

const f = {
  command: uint8('rip.command', 'Command', { names: commands }),
  version: uint8('rip.version', 'Version', { names: versions }),
  family: uint16('rip.family', 'Address Family', { names: names({ 0: 'Unspecified', 2: 'IP' }) }),
  familyUnknown: expert('rip.unknown_address_family', 'warn', 'Unknown address family'),
  tag: uint16('rip.route_tag', 'Route Tag'),
  address: ipv4('rip.ip', 'IP Address'),
  mask: ipv4('rip.netmask', 'Netmask'),
  nextHop: ipv4('rip.next_hop', 'Next Hop'),
  metric: uint16('rip.metric', 'Metric'),
  authType: uint16('rip.auth.type', 'Authentication type', { names: authTypes }),
  password: string('rip.auth.passwd', 'Password'),
  digestOffset: uint16('rip.digest_offset', 'Digest Offset'),
  keyId: uint8('rip.key_id', 'Key ID'),
  authLength: uint8('rip.auth_data_len', 'Auth Data Len'),
  sequence: uint32('rip.seq_num', 'Seq num'),
  padding: string('rip.zero_padding', 'Zero adding'),
  digest: bytes('rip.authentication_data', 'Authentication Data'),
} as const;

/** One entry of a message of `version`: a route, or with family 0 what a request for all routes has instead. */
function entry(layer: Layer, b: Buf, at: number, version: number): void {
  const family = b.u16(at);
  if (family !== IP && family !== UNSPECIFIED) {
    const line = `Unknown address family ${family}`;
    layer.text(at, ENTRY_BYTES, line).expert(f.familyUnknown, at, ENTRY_BYTES, line);
    layer.has(at, ENTRY_BYTES);
    return;
  }
  const what = family === IP ? `IP Address: ${formatIpv4(b.slice(at + 4, 4))}` : 'Address not specified';
  const isWhole = at + ENTRY_BYTES <= b.end;
  const node = layer.text(at, ENTRY_BYTES, isWhole ? `${what}, Metric: ${b.u32(at + 16)}` : 'Route');
  node.uint(f.family, at);
  if (version === VERSION_2) node.uint(f.tag, at + 2);
  if (family === IP) node.bytes(f.address, at + 4);
  if (version === VERSION_2) {
    node.bytes(f.mask, at + 8);
    node.bytes(f.nextHop, at + 12);
  }
  node.uint(f.metric, at + 16, 4);
}

/** The entry at `at` that authenticates the message, and the digest that it has at its end. Gives where the routes end. */
function authentication(layer: Layer, b: Buf, at: number): number {
  const type = b.u16(at + 2);
  const node = layer.text(at, ENTRY_BYTES, `Authentication: ${authTypes.get(type) ?? `Unknown (${type})`}`);
  node.uint(f.authType, at + 2);
  if (type === PASSWORD) node.string(f.password, at + 4, 16, { zero: true });
  else if (type === DIGEST) {
    const trailer = b.offset + node.uint(f.digestOffset, at + 4);
    node.uint(f.keyId, at + 6);
    node.uint(f.authLength, at + 7);
    node.uint(f.sequence, at + 8);
    node.string(f.padding, at + 12, 8, { zero: true });
    // Some count the four octets before the digest in its length, some do not: it goes to the end of the message.
    const length = b.wireEnd - trailer;
    if (node.has(trailer, length)) node.text(trailer, length, 'Authentication Data Trailer').bytes(f.digest, trailer + 4, length - 4);
    return trailer;
  }
  return b.wireEnd;
}

export const rip: Protocol = defineProtocol({
  name: 'rip',
  short: 'RIP',
  title: 'Routing Information Protocol',
  osi: '7',
  pdu: 'Message',
  hue: 'app',
  fields: Object.values(f),

  dissect(d, b) {
    const o = b.offset;
    const layer = d.layer(rip, b);
    d.column(rip);
    const command = layer.uint(f.command, o);
    const version = layer.uint(f.version, o + 1);
    if (!layer.ok) return;
    layer.summary = commands.get(command) ?? `Unknown command (${command})`;
    d.column(rip, layer.summary);
    d.columns.protocol = versions.get(version) ?? rip.short;
    let at = o + HEADER_BYTES;
    let end = b.wireEnd;
    if (at < end && b.u16(at) === AUTHENTICATION) {
      end = authentication(layer, b, at);
      at += ENTRY_BYTES;
    }
    for (; layer.ok && at < end; at += ENTRY_BYTES) entry(layer, b, at, version);
  },
});
