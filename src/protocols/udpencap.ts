/** UDP encapsulation of IPsec (RFC 3948): IKE behind four zero bytes, a one-byte keep-alive, or ESP. */
import { hexBytes } from '../bytes/format.ts';
import { none } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { esp } from './ipsec.ts';
import { isakmp } from './isakmp.ts';

const f = {
  marker: none('udpencap.non_esp_marker', 'Non-ESP Marker'),
  keepAlive: none('udpencap.nat_keepalive', 'NAT-keepalive packet'),
};

function inner(b: Uint8Array, o: number, end: number): Protocol | undefined {
  if (end - o < 5) return undefined;
  return b[o] === 0 && b[o + 1] === 0 && b[o + 2] === 0 && b[o + 3] === 0 ? isakmp : esp;
}

export const udpencap: Protocol = defineProtocol({
  name: 'udpencap',
  short: 'UDPENCAP',
  title: 'UDP Encapsulation of IPsec Packets',
  osi: '4',
  pdu: 'Datagram',
  hue: 'tra',
  fields: Object.values(f),
  index(w) {
    const protocol = inner(w.bytes, w.offset, w.end);
    if (protocol !== undefined) w.follow(protocol, protocol === isakmp ? w.offset + 4 : w.offset);
  },
  dissect(d, b) {
    const layer = d.layer(udpencap, b);
    const protocol = inner(b.bytes, b.offset, b.end);
    if (protocol === undefined) {
      if (layer.has(b.offset, 1)) layer.add(f.keepAlive, b.offset, 1, null);
      d.column(udpencap, 'NAT-keepalive');
      return;
    }
    const marked = protocol === isakmp;
    layer.size(marked ? 4 : 0);
    layer.summary = marked ? `Non-ESP marker ${hexBytes(b.slice(b.offset, 4))}` : 'ESP';
    if (marked) layer.add(f.marker, b.offset, 4, null);
    d.call(protocol, b.from(b.offset + (marked ? 4 : 0)));
  },
});
