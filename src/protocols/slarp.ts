/** Cisco's Serial Line Address Resolution Protocol, on HDLC: asks for the address of the line, and tells that it is alive. */
import { expert, ipv4, names, uint16, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const KEEPALIVE = 2;

const f = {
  type: uint32('slarp.ptype', 'Packet type', { names: names({ 0: 'Request', 1: 'Reply', 2: 'Line keepalive' }) }),
  address: ipv4('slarp.address', 'Address'),
  netmask: ipv4('slarp.netmask', 'Netmask'),
  mine: uint32('slarp.mysequence', 'Outgoing sequence number'),
  yours: uint32('slarp.yoursequence', 'Returned sequence number'),
  reliability: uint16('slarp.reliability', 'Reliability', { base: 'hex' }),
  reliabilityBad: expert('slarp.reliability.invalid', 'warn', 'Reliability must be 0xFFFF'),
};

export const slarp = app({
  name: 'slarp',
  short: 'SLARP',
  title: 'Cisco SLARP',
  osi: '2',
  pdu: 'Packet',
  hue: 'link',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    const type = layer.uint(f.type, o);
    const words = (f.type.names as ReadonlyMap<number, string>).get(type) ?? `Type ${type}`;
    if (type > KEEPALIVE) return words;
    if (type === KEEPALIVE) {
      const mine = layer.uint(f.mine, o + 4);
      const yours = layer.uint(f.yours, o + 8);
      if (layer.uint(f.reliability, o + 12) !== 0xffff && layer.ok) layer.expert(f.reliabilityBad, o + 12, 2);
      return `${words}, outgoing sequence ${mine}, returned sequence ${yours}`;
    }
    layer.bytes(f.address, o + 4);
    layer.bytes(f.netmask, o + 8);
    return words;
  },
});
