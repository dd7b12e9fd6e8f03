/** VN-Tag (Cisco): which virtual interface a frame comes from and goes to. */
import { bool, bytes, uint16, uint32 } from '../dissect/field.ts';
import { etherTypes } from './ethertype.ts';
import { tag } from './tag-kit.ts';

const f = {
  direction: bool('vntag.dir', 'Direction', { mask: 0x80000000, bool: ['From Bridge', 'To Bridge'] }),
  pointer: bool('vntag.ptr', 'Pointer', { mask: 0x40000000, bool: ['vif_list_id', 'vif_id'] }),
  destination: uint32('vntag.dst', 'Destination', { mask: 0x3fff0000 }),
  looped: bool('vntag.looped', 'Looped', { mask: 0x8000, bool: ['Yes', 'No'] }),
  reserved: uint32('vntag.r', 'Reserved', { mask: 0x4000 }),
  version: uint32('vntag.version', 'Version', { mask: 0x3000 }),
  source: uint32('vntag.src', 'Source', { mask: 0x0fff }),
};

export const vntag = tag({
  name: 'vntag',
  short: 'VNTAG',
  title: 'VN-Tag',
  fields: Object.values(f),
  bytes: 6,
  type: uint16('vntag.etype', 'Type', { base: 'hex', names: etherTypes }),
  length: uint16('vntag.len', 'Length'),
  trailer: bytes('vntag.trailer', 'Trailer'),
  read(layer, o) {
    layer.uint(f.direction, o, 4);
    layer.uint(f.pointer, o, 4);
    const destination = layer.uint(f.destination, o);
    layer.uint(f.looped, o, 4);
    layer.uint(f.reserved, o);
    layer.uint(f.version, o);
    const source = layer.uint(f.source, o);
    return `Interface ${source} → ${destination}`;
  },
});
