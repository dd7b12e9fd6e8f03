/**
 * The protocols of a first stage that runs in a thread of its own. Its program has the few that it walks itself; of all others it knows only
 * that the tables lead to them.
 */
import { allProtocols, type Protocol, protocolKey, renumber, standIn } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';
import '../protocols/ethernet.ts';
import '../protocols/ipv4.ts';
import '../protocols/ipv6.ts';
import { indexTcpAhead } from '../protocols/tcp-header.ts';
import '../protocols/vlan.ts';
import type { ProtocolPlan } from './layout.ts';

/** First parts (`Protocol.parts`) of protocols that are not here as a whole, by key. */
export const headers: ReadonlyMap<string, typeof indexTcpAhead> = new Map([['tcp: Transmission Control Protocol', indexTcpAhead]]);

/** Gives the protocols of this program the numbers, and the tables the contents, that they have in the other. Throws where they do not fit. */
export function adoptProtocols(plan: ProtocolPlan): void {
  const byId = plan.protocols.map((key, id) => standIn(key, id, headers.get(key)));
  for (const protocol of allProtocols()) {
    const key = protocolKey(protocol);
    const id = plan.protocols.indexOf(key);
    if (id < 0 || plan.protocols.lastIndexOf(key) !== id) throw new Error(`which protocol is "${key}"?`);
    renumber(protocol, id);
    byId[id] = protocol;
  }
  for (const table of Object.values(tables)) {
    const bound = plan.tables.find(({ name }) => name === table.name)?.bound ?? [];
    table.clear();
    for (let k = 0; k < bound.length; k += 2) table.bind(bound[k] as number, byId[bound[k + 1] as number] as Protocol);
  }
}
