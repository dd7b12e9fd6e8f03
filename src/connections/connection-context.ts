/** The VLANs and tunnels that a connection runs in, as words. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { flows } from '../flow/tcp-flows.ts';
import type { FieldNode, LayerNode } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';

/** What stands under TCP everywhere, and says nothing about where a connection runs. */
const PLAIN: ReadonlySet<string> = new Set([
  'frame',
  'eth',
  'ethertype',
  'llc',
  'sll',
  'null',
  'loop',
  'raw',
  'ip',
  'ipv6',
  'udp',
  'tcp',
  'data',
]);

/** The field that tells one tunnel or VLAN of a kind from another. */
const NUMBERS: Readonly<Record<string, string>> = {
  vlan: 'vlan.id',
  ieee8021ad: 'ieee8021ad.id',
  mpls: 'mpls.label',
  vxlan: 'vxlan.vni',
  geneve: 'geneve.vni',
  gre: 'gre.key',
  gtp: 'gtp.teid',
  pppoes: 'pppoe.session_id',
};

/** 'VLAN 10 · IPv4 10.0.0.1 → 10.0.0.2 · GRE', outermost first; '' for a connection that runs in none. Dissects the stream's first packet where there is something to say. */
export function contextOf(capture: CaptureIndex, stream: number): string {
  const row = capture.state(flows).firstRow[stream] as number;
  const chunk = capture.packets.chunkOf(row);
  const names = allProtocols();
  const path = capture.stacks.path(chunk.stack[row & CHUNK_MASK] as number).map((id) => names[id]?.name ?? '');
  const below = path.slice(0, Math.max(0, path.lastIndexOf('tcp')));
  if (below.every((name) => PLAIN.has(name)) && below.filter(isNetwork).length <= 1) return '';
  const layers = dissectPacket(capture, row).layers;
  const top = layers.findLastIndex((layer) => layer.protocol === 'tcp');
  const under = layers.slice(0, Math.max(0, top));
  // The IP header next to TCP is the connection's own; one outside of it is a tunnel's.
  const own = under.findLastIndex((layer) => isNetwork(layer.protocol));
  return under
    .filter((layer, k) => (isNetwork(layer.protocol) ? k !== own : !PLAIN.has(layer.protocol)))
    .map((layer) => (isNetwork(layer.protocol) ? `${layer.short} ${ends(layer)}` : named(layer)))
    .join(' · ');
}

function isNetwork(name: string): boolean {
  return name === 'ip' || name === 'ipv6';
}

function named(layer: LayerNode): string {
  const field = NUMBERS[layer.protocol];
  const value = field === undefined ? undefined : fieldText(layer.fields, field);
  const name = layer.protocol === 'vlan' ? 'VLAN' : layer.protocol === 'ieee8021ad' ? 'S-VLAN' : layer.short;
  return value === undefined ? name : `${name} ${value}`;
}

function ends(layer: LayerNode): string {
  const of = (side: string): string => fieldText(layer.fields, `${layer.protocol}.${side}`) ?? '?';
  return `${of('src')} → ${of('dst')}`;
}

function fieldText(fields: readonly FieldNode[], abbrev: string): string | undefined {
  for (const field of fields) {
    if (field.abbrev === abbrev)
      return typeof field.value === 'number' || typeof field.value === 'bigint' ? String(field.value) : field.display;
    const inside = fieldText(field.children, abbrev);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
