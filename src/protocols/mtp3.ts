/** Message Transfer Part level 3 (ITU-T Q.704, section 2): service information and routing label; and who is behind it. */

import { data } from '../dissect/data.ts';
import { nameOf, names, uint8, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app } from './app-kit.ts';
import { isup } from './isup.ts';
import { sccp } from './sccp.ts';

const HEADER = 5;
/** ITU-T Q.704, section 14.2.2. */
export const networkIndicators = names({
  0: 'International network',
  1: 'Spare (for international use only)',
  2: 'National network',
  3: 'Reserved for national use',
});
const f = {
  network: uint8('mtp3.network_indicator', 'Network indicator', {
    base: 'hex',
    mask: 0xc0,
    names: networkIndicators,
  }),
  spare: uint8('mtp3.spare', 'Spare', { base: 'hex', mask: 0x30 }),
  service: uint8('mtp3.service_indicator', 'Service indicator', {
    base: 'hex',
    mask: 0x0f,
    names: names({
      0: 'Signalling Network Management Message (SNM)',
      1: 'Maintenance Regular Message (MTN)',
      2: 'Maintenance Special Message (MTNS)',
      3: 'SCCP',
      4: 'TUP',
      5: 'ISUP',
      6: 'DUP (call and circuit related messages)',
      7: 'DUP (facility registration and cancellation message)',
      8: 'MTP testing user part',
      9: 'Broadband ISUP',
      10: 'Satellite ISUP',
      11: 'Spare',
      12: 'AAL type2 Signaling',
      13: 'Bearer Independent Call Control (BICC)',
      14: 'Gateway Control Protocol',
      15: 'Spare',
    }),
  }),
  destination: uint32('mtp3.dpc', 'DPC', { mask: 0x00003fff }),
  origin: uint32('mtp3.opc', 'OPC', { mask: 0x0fffc000 }),
  link: uint32('mtp3.sls', 'Signalling Link Selector', { mask: 0xf0000000 }),
};

/** The user of a service indicator (section 14.2). */
export function serviceUser(indicator: number): Protocol {
  return indicator === 3 ? sccp : indicator === 5 ? isup : data;
}

export const mtp3 = app({
  name: 'mtp3',
  short: 'MTP3',
  title: 'Message Transfer Part Level 3',
  osi: '3',
  fields: Object.values(f),
  index(w) {
    if (w.has(HEADER) && w.end - w.offset > HEADER) w.follow(serviceUser((w.bytes[w.offset] as number) & 0xf), w.offset + HEADER);
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.network, o);
    layer.uint(f.spare, o);
    const service = layer.uint(f.service, o);
    const destination = layer.uintLe(f.destination, o + 1);
    const origin = layer.uintLe(f.origin, o + 1);
    layer.uintLe(f.link, o + 1);
    layer.size(HEADER);
    if (layer.ok && b.length > HEADER) d.call(serviceUser(service), b.from(o + HEADER));
    return `${origin} → ${destination} ${nameOf(f.service, service) ?? ''}`;
  },
});
