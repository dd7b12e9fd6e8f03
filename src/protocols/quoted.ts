/** The packet inside an ICMP error: shown, but not taken for traffic of its own. */
import type { Buf, Dissection } from '../dissect/dissection.ts';
import type { Protocol } from '../dissect/protocol.ts';

/** Calls `protocol` on a quoted packet: the columns, addresses and conversation stay those of the packet that quotes. */
export function callQuoted(d: Dissection, protocol: Protocol | undefined, b: Buf): void {
  const { quoted, fragmented, ipProto, netSrc, netDst, transport } = d;
  const columns = { ...d.columns };
  d.quoted = true;
  d.call(protocol, b);
  d.quoted = quoted;
  d.fragmented = fragmented;
  d.ipProto = ipProto;
  d.netSrc = netSrc;
  d.netDst = netDst;
  d.transport = transport;
  Object.assign(d.columns, columns);
}
