/** Provider backbone bridging (IEEE 802.1ah): the service tag with the addresses of the customer's frame. */
import { formatEther } from '../bytes/format.ts';
import { bytes, ether, uint16, uint32 } from '../dissect/field.ts';
import { etherTypes } from './ethertype.ts';
import { tag } from './tag-kit.ts';

const f = {
  priority: uint32('ieee8021ah.priority', 'Priority', { mask: 0xe0000000 }),
  drop: uint32('ieee8021ah.drop', 'DROP', { mask: 0x10000000 }),
  noAddresses: uint32('ieee8021ah.nca', 'NCA', { mask: 0x08000000 }),
  reserved1: uint32('ieee8021ah.res1', 'RES1', { mask: 0x04000000 }),
  reserved2: uint32('ieee8021ah.res2', 'RES2', { mask: 0x03000000 }),
  service: uint32('ieee8021ah.isid', 'I-SID', { mask: 0x00ffffff }),
  destination: ether('ieee8021ah.cdst', 'C-Destination'),
  source: ether('ieee8021ah.csrc', 'C-Source'),
};

export const pbb = tag({
  name: 'ieee8021ah',
  short: '802.1ah',
  title: 'IEEE 802.1ah',
  fields: Object.values(f),
  bytes: 18,
  type: uint16('ieee8021ah.etype', 'Type', { base: 'hex', names: etherTypes }),
  trailer: bytes('ieee8021ah.trailer', 'Trailer'),
  read(layer, o) {
    const node = layer.text(o, 4, 'I-Tag');
    for (const field of [f.priority, f.drop, f.noAddresses, f.reserved1, f.reserved2]) node.uint(field, o);
    const service = node.uint(f.service, o);
    const destination = layer.bytes(f.destination, o + 4);
    const source = layer.bytes(f.source, o + 10);
    return `I-SID: ${service}, C-Src: ${formatEther(source)}, C-Dst: ${formatEther(destination)}`;
  },
});
