/** Which application protocol a TCP or UDP payload is given to, in the order in which tshark asks. */
import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import type { DissectorTable, Heuristics } from '../dissect/tables.ts';

const all = allProtocols();

/** True if the last choose() was decided by a heuristic: what the stream then remembers. */
export let byHeuristic = false;

/**
 * The protocol for bytes[offset, end): what the user chose for a port, what the stream is known to carry (`known`: 1 + protocol id, 0 for nothing), then the server's
 * port, the lower port, the higher port, then heuristics; undefined if none accepts.
 */
export function choose(
  table: DissectorTable,
  heuristics: Heuristics,
  known: number,
  serverPort: number,
  srcPort: number,
  dstPort: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
  wireEnd: number,
): Protocol | undefined {
  byHeuristic = false;
  if (table.hasChosen) {
    const chosen = table.chosen(serverPort) ?? table.chosen(Math.min(srcPort, dstPort)) ?? table.chosen(Math.max(srcPort, dstPort));
    if (chosen !== undefined) return chosen;
  }
  if (known !== 0) {
    const protocol = all[known - 1] as Protocol;
    const goesOn = protocol.goesOn ?? protocol.accepts;
    if (protocol.sticky === true || goesOn === undefined || goesOn(bytes, offset, end, wireEnd)) return protocol;
  }
  const low = srcPort < dstPort ? srcPort : dstPort;
  const high = srcPort < dstPort ? dstPort : srcPort;
  if (serverPort !== 0) {
    const protocol = table.lookup(serverPort);
    if (protocol !== undefined && accepts(protocol, bytes, offset, end, wireEnd)) return protocol;
  }
  if (low !== 0 && low !== serverPort) {
    const protocol = table.lookup(low);
    if (protocol !== undefined && accepts(protocol, bytes, offset, end, wireEnd)) return protocol;
  }
  if (high !== 0 && high !== serverPort) {
    const protocol = table.lookup(high);
    if (protocol !== undefined && accepts(protocol, bytes, offset, end, wireEnd)) return protocol;
  }
  const asked = offset < end ? heuristics.of(bytes[offset] as number) : heuristics.all;
  for (let i = 0; i < asked.length; i++) {
    const protocol = asked[i] as Protocol;
    if (protocol.accepts?.(bytes, offset, end, wireEnd) === true) {
      byHeuristic = true;
      return protocol;
    }
  }
  return undefined;
}

function accepts(protocol: Protocol, bytes: Uint8Array, offset: number, end: number, wireEnd: number): boolean {
  return protocol.accepts === undefined || protocol.accepts(bytes, offset, end, wireEnd);
}
