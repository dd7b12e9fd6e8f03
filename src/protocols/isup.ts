/** ISDN User Part (ITU-T Q.763, section 1): the circuit, and what kind of message it is. */
import { bytes, nameOf, names, uint8, uint16 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const f = {
  circuit: uint16('isup.cic', 'CIC'),
  type: uint8('isup.message_type', 'Message Type', {
    names: names({
      1: 'Initial address',
      2: 'Subsequent address',
      3: 'Information request (national use)',
      4: 'Information (national use)',
      5: 'Continuity',
      6: 'Address complete',
      7: 'Connect',
      8: 'Forward transfer',
      9: 'Answer',
      12: 'Release',
      13: 'Suspend',
      14: 'Resume',
      16: 'Release complete',
      17: 'Continuity check request',
      18: 'Reset circuit',
      19: 'Blocking',
      20: 'Unblocking',
      21: 'Blocking acknowledgement',
      22: 'Unblocking acknowledgement',
      23: 'Circuit group reset',
      24: 'Circuit group blocking',
      25: 'Circuit group unblocking',
      26: 'Circuit group blocking acknowledgement',
      27: 'Circuit group unblocking acknowledgement',
      31: 'Facility request',
      32: 'Facility accepted',
      33: 'Facility reject',
      36: 'Loop back acknowledgement (national use)',
      40: 'Pass-along (national use)',
      41: 'Circuit group reset acknowledgement',
      42: 'Circuit group query (national use)',
      43: 'Circuit group query response (national use)',
      44: 'Call progress',
      45: 'User-to-user information',
      46: 'Unequipped CIC (national use)',
      47: 'Confusion',
      48: 'Overload (national use)',
      49: 'Charge information (national use)',
      50: 'Network resource management',
      51: 'Facility',
      52: 'User part test',
      53: 'User part available',
      54: 'Identification request',
      55: 'Identification response',
      56: 'Segmentation',
    }),
  }),
  parameters: bytes('isup.parameter_value', 'Parameter Value'),
};

export const isup = app({
  name: 'isup',
  short: 'ISUP',
  title: 'ISDN User Part',
  fields: Object.values(f),
  read(layer, b) {
    const o = b.offset;
    if (!layer.has(o, 3)) return '';
    const circuit = b.le16(o) & 0x0fff;
    layer.add(f.circuit, o, 2, circuit);
    const type = layer.uint(f.type, o + 2);
    if (b.end > o + 3) layer.bytes(f.parameters, o + 3, b.end - o - 3);
    return `${nameOf(f.type, type) ?? `Message ${type}`} (CIC ${circuit})`;
  },
});
