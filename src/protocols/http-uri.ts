/** The URI of a request, seen from the packet of its response: read from the request's own packet. */

import { dissectPacket } from '../dissect/dissect-packet.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { FieldNode } from '../dissect/tree.ts';

/** True while a request's packet is read for its URI: nothing in it asks for another packet's. */
let busy = false;

/** URIs of the requests in the packet that was read last for a dissection: a pipeline's responses ask for those of one packet, in turn. */
const latest = new WeakMap<Dissection, { readonly row: number; readonly uris: readonly string[] }>();

/** Full URI of the `ordinal`th HTTP request that ends in `row`; '' if it cannot be read. */
export function requestUriOf(d: Dissection, row: number, ordinal: number): string {
  if (busy || row >= d.capture.packets.length) return '';
  let known = latest.get(d);
  if (known?.row !== row) {
    known = { row, uris: urisIn(d, row) };
    latest.set(d, known);
  }
  return known.uris[ordinal] ?? '';
}

function urisIn(d: Dissection, row: number): string[] {
  busy = true;
  try {
    return dissectPacket(d.capture, row)
      .layers.filter((layer) => layer.protocol === 'http')
      .map(({ fields }) => text(fields, 'http.request.full_uri') || text(fields, 'http.request.uri'));
  } finally {
    busy = false;
  }
}

function text(fields: readonly FieldNode[], abbrev: string): string {
  for (const field of fields) {
    if (field.abbrev === abbrev) return String(field.value);
    if (field.abbrev !== '') continue;
    const below = text(field.children, abbrev);
    if (below !== '') return below;
  }
  return '';
}
