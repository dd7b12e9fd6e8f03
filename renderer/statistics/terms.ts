/** Display filters for what stands in the tables of statistics. */
import type { ConversationCount, EndpointCount, LengthCount } from '../../src/messages.ts';

/** "10.0.0.1:80", "[::1]:80" or an address alone. */
function parts(end: string): { readonly address: string; readonly port: string | null } {
  const match = /^\[(.+)\]:(\d+)$/.exec(end) ?? /^([\d.]+):(\d+)$/.exec(end);
  return match === null ? { address: end, port: null } : { address: match[1] as string, port: match[2] as string };
}

/** Null for an end without an address. */
function addressTerm(address: string): string | null {
  if (address === '') return null;
  return `${address.includes(':') ? 'ipv6' : 'ip'}.addr == ${address}`;
}

/** Packets of a conversation. */
export function conversationTerm(row: ConversationCount): string | null {
  if (row.stream !== null && row.kind !== 'ip') return `${row.kind}.stream == ${row.stream}`;
  const a = addressTerm(row.a);
  const b = addressTerm(row.b);
  return a === null || b === null ? null : a === b ? a : `${a} && ${b}`;
}

/** Packets that an end sent or received. */
export function endpointTerm(row: EndpointCount): string | null {
  const { address, port } = parts(row.endpoint);
  const term = addressTerm(address);
  if (term === null) return null;
  return port === null ? term : `${term} && ${row.kind}.port == ${port}`;
}

/** Packets of a class of lengths. */
export function lengthTerm({ from, to }: LengthCount): string {
  return to === null ? `frame.len >= ${from}` : `frame.len >= ${from} && frame.len <= ${to}`;
}
