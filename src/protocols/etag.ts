/** E-Tag (IEEE 802.1BR, 7.5): which port of a bridge port extender a frame belongs to. */
import { bytes, uint8, uint16 } from '../dissect/field.ts';
import { etherTypes } from './ethertype.ts';
import { tag } from './tag-kit.ts';
import { priorities } from './vlan.ts';

const f = {
  priority: uint16('etag.pcp', 'E-PCP', {
    mask: 0xe000,
    names: priorities,
  }),
  dei: uint16('etag.dei', 'E-DEI', { mask: 0x1000 }),
  ingressBase: uint16('etag.iecid_base', 'Ingress_E-CID_base', { base: 'hex', mask: 0x0fff }),
  reserved: uint16('etag.resv', 'Reserved', { mask: 0xc000 }),
  group: uint16('etag.group', 'GRP', { mask: 0x3000, names: (value) => (value === 0 ? 'Point-to-point' : 'Point-to-multipoint') }),
  base: uint16('etag.ecid_base', 'E-CID_base', { base: 'hex', mask: 0x0fff }),
  ingressExtension: uint8('etag.iecid_ext', 'Ingress_E-CID_ext', { base: 'hex' }),
  extension: uint8('etag.ecid_ext', 'E-CID_ext', { base: 'hex' }),
};

export const etag = tag({
  name: 'etag',
  short: 'ETAG',
  title: '802.1BR E-Tag',
  fields: Object.values(f),
  bytes: 8,
  type: uint16('etag.etype', 'Type', { base: 'hex', names: etherTypes }),
  trailer: bytes('etag.trailer', 'Trailer'),
  read(layer, o) {
    layer.uint(f.priority, o);
    layer.uint(f.dei, o);
    const ingress = layer.uint(f.ingressBase, o);
    layer.uint(f.reserved, o + 2);
    layer.uint(f.group, o + 2);
    const base = layer.uint(f.base, o + 2);
    const ingressExtension = layer.uint(f.ingressExtension, o + 4);
    const extension = layer.uint(f.extension, o + 5);
    return `Ingress_E-CID: ${ingressExtension * 4096 + ingress}, E-CID: ${extension * 4096 + base}`;
  },
});
