/** The URI of a request, seen from the packet of its response: read from the request's own packet. */

import { dissectPacket } from '../dissect/dissect-packet.ts';
import type { Dissection } from '../dissect/dissection.ts';
import type { FieldNode } from '../dissect/tree.ts';

/** True while a request's packet is read for its URI: nothing in it asks for another packet's. */
let busy = false;

/** Full URI of the `ordinal`th HTTP request that ends in `row`; '' if it cannot be read. */
export function requestUriOf(d: Dissection, row: number, ordinal: number): string {
  if (busy || row >= d.capture.packets.length) return '';
  busy = true;
  try {
    const other = dissectPacket(d.capture, row);
    let seen = 0;
    for (const layer of other.layers) {
      if (layer.protocol !== 'http') continue;
      if (seen++ !== ordinal) continue;
      return text(layer.fields, 'http.request.full_uri') || text(layer.fields, 'http.request.uri');
    }
    return '';
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
