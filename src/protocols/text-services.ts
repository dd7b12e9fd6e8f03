/** Protocols of lines that need no more than that: MSN Messenger's, Kismet's, and the discovery of TiVo and of BitTorrent in a LAN. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, TRUE_FALSE } from '../dissect/field.ts';
import { app, begins, firstLine, nextLine } from './app-kit.ts';

const MAX_LINES = 500;

/** Shows the lines of `b`. */
function lines(layer: Layer, b: Buf): string {
  for (let at = b.offset, n = 0; at < b.end && n < MAX_LINES && !layer.d.full; n++) {
    const next = nextLine(b, at);
    layer.text(at, next - at, 'Line', firstLine(b, at));
    at = next;
  }
  return firstLine(b, b.offset, 120);
}

export const msnms = app({ name: 'msnms', short: 'MSNMS', title: 'MSN Messenger Service', fields: [], read: lines });

const k = {
  request: bool('kismet.request', 'Request', { bool: TRUE_FALSE }),
  response: bool('kismet.response', 'Response', { bool: TRUE_FALSE }),
};
export const kismet = app({
  name: 'kismet',
  short: 'Kismet',
  title: 'Kismet Client/Server Protocol',
  fields: Object.values(k),
  read(layer, b, d) {
    layer.add(d.transport?.fromClient === true ? k.request : k.response, b.offset, 0, true);
    return lines(layer, b);
  },
});

export const tivoConnect = app({
  name: 'tivoconnect',
  short: 'TiVoConnect',
  title: 'TiVoConnect Discovery Protocol',
  fields: [],
  accepts: (b, o, end) => begins(b, o, end, 'TiVoConnect'),
  read: lines,
});
export const lsd = app({
  name: 'lsd',
  short: 'LSD',
  title: 'Local Service Discovery',
  fields: [],
  mayBegin: (octet) => octet === 0x42,
  accepts: (b, o, end) => begins(b, o, end, 'BT-SEARCH'),
  read: lines,
});
