/** Shorthands that are expanded before parsing, and the top-level terms of a filter. */

import { parseIpv4, parseIpv6 } from '../dissect/addresses.ts';
import type { FilterTerm } from '../messages.ts';
import type { TestNode } from './ast.ts';

/** A bare port number or address as the filter that it means; null if the text is neither. */
export function expandBare(text: string): string | null {
  const word = text.trim();
  if (/^[0-9]{1,5}$/.test(word)) {
    const port = Number(word);
    return port >= 1 && port <= 65535 ? `tcp.port == ${port} || udp.port == ${port}` : null;
  }
  const match = /^([0-9a-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/.exec(word);
  if (match === null) return null;
  const address = match[1] as string;
  const prefix = match[2] === undefined ? 0 : Number(match[2]);
  if (prefix <= 32 && parseIpv4(address) !== null) return `ip.addr == ${word}`;
  if (prefix <= 128 && address.includes(':') && parseIpv6(address) !== null) return `ipv6.addr == ${word}`;
  return null;
}

/** The terms that a filter joins by `and` at its top; the whole as one term if it is not of that form. */
export function topTerms(node: TestNode | null, text: string): readonly FilterTerm[] {
  if (node === null) return [];
  const items = node.kind === 'and' && text[node.start] !== '(' ? node.items : [node];
  // `a < b < c` is one term though it is a conjunction: its parts overlap.
  const overlapping = items.some((item, i) => i > 0 && item.start < (items[i - 1] as TestNode).end);
  const terms = overlapping ? [node] : items;
  return terms.map(({ start, end }) => ({ start, end, text: text.slice(start, end) }));
}
