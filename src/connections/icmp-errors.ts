/** What an ICMP error says of the packet that it quotes. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { LayerNode } from '../messages.ts';
import { dissectPacket } from '../protocols/dissect-packet.ts';
import { icmpCodeName, icmpTypes } from '../protocols/icmp-names.ts';
import { icmpv6CodeName, icmpv6Types } from '../protocols/icmpv6-names.ts';

export interface IcmpError {
  /** Address of who sent it. */
  readonly from: string;
  /** 'Destination unreachable (Port unreachable)'. */
  readonly what: string;
  /** The largest packet that goes on from there (RFC 1191, RFC 8201), 0 where it does not say. */
  readonly mtu: number;
}

/** The error in a row, null if it has none. Dissects the packet. */
export function icmpErrorIn(capture: CaptureIndex, row: number): IcmpError | null {
  const { layers } = dissectPacket(capture, row);
  const at = layers.findIndex(({ protocol }) => protocol === 'icmp' || protocol === 'icmpv6');
  const layer = layers[at];
  const ip = layers[at - 1];
  if (layer === undefined || ip === undefined) return null;
  const of = layer.protocol;
  const type = numberIn(layer, `${of}.type`);
  const code = numberIn(layer, `${of}.code`);
  // Redirects quote packets too, and are no errors.
  const error = of === 'icmp' ? [3, 4, 11, 12].includes(type) : type >= 1 && type <= 4;
  if (!error) return null;
  const name = (of === 'icmp' ? icmpTypes : icmpv6Types).get(type) ?? `type ${type}`;
  const why = (of === 'icmp' ? icmpCodeName : icmpv6CodeName)(type, code);
  const from = ip.fields.find(({ abbrev }) => abbrev === `${ip.protocol}.src`)?.display ?? '';
  return { from, what: why === undefined ? name : `${name} (${why})`, mtu: numberIn(layer, `${of}.mtu`, 0) };
}

function numberIn(layer: LayerNode, abbrev: string, otherwise = -1): number {
  return Number(layer.fields.find((field) => field.abbrev === abbrev)?.value ?? otherwise);
}
