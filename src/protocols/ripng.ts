/** RIP for IPv6 (RFC 2080). */
import { formatIpv6 } from '../bytes/format.ts';
import { bytes, ipv6, names, none, uint8, uint16 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const HEADER_BYTES = 4;
const ENTRY_BYTES = 20;

const commands = names({ 1: 'Request', 2: 'Response' });

const f = {
  command: uint8('ripng.cmd', 'Command', { names: commands }),
  version: uint8('ripng.version', 'Version'),
  reserved: bytes('ripng.reserved', 'Reserved'),
  entry: none('ripng.rte', 'Route Table Entry'),
  prefix: ipv6('ripng.rte.ipv6_prefix', 'IPv6 Prefix'),
  tag: uint16('ripng.rte.route_tag', 'Route Tag', { base: 'hex' }),
  prefixLength: uint8('ripng.rte.prefix_length', 'Prefix Length'),
  metric: uint8('ripng.rte.metric', 'Metric'),
} as const;

export const ripng = app({
  name: 'ripng',
  short: 'RIPng',
  title: 'RIPng',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    const command = layer.uint(f.command, o);
    const version = layer.uint(f.version, o + 1);
    if (!layer.ok) return '';
    layer.bytes(f.reserved, o + 2, 2);
    for (let at = o + HEADER_BYTES; layer.ok && at < b.wireEnd; at += ENTRY_BYTES) {
      const isWhole = at + ENTRY_BYTES <= b.end;
      const display = isWhole ? `IPv6 Prefix: ${formatIpv6(b.slice(at, 16))}/${b.u8(at + 18)} Metric: ${b.u8(at + 19)}` : '';
      const node = layer.add(f.entry, at, ENTRY_BYTES, null, { display });
      node.bytes(f.prefix, at);
      node.uint(f.tag, at + 16);
      node.uint(f.prefixLength, at + 18);
      node.uint(f.metric, at + 19);
    }
    return `Command ${commands.get(command) ?? `Unknown (${command})`}, Version ${version}`;
  },
});
