/** The URI of a request, seen from the packet of its response: read from the request's own packet. */

import type { Dissection } from '../dissect/dissection.ts';
import { dissectPacket } from './dissect-packet.ts';
import { httpMessages } from './http-messages.ts';

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
    return dissectPacket(d.capture, row, false, false)
      .layers.filter((layer) => layer.protocol === 'http')
      .map((layer) => {
        const message = httpMessages.get(layer);
        return message === undefined ? '' : message.fullUri || message.uri;
      });
  } finally {
    busy = false;
  }
}
