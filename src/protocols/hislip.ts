/** High-Speed LAN Instrument Protocol: named, with its leading fields. */
import { uint8 } from '../dissect/field.ts';
import { ALL, be32, bounded, lengthFramer, plain } from './app-kit.ts';

export const hislip = plain({
  name: 'hislip',
  short: 'HiSLIP',
  title: 'High-Speed LAN Instrument Protocol',
  framer: lengthFramer(16, (h) => (h[0] === 0x48 && h[1] === 0x53 ? bounded(16 + be32(h, 8) * 2 ** 32 + be32(h, 12)) : ALL)),
  leads: [{ field: uint8('hislip.messagetype', 'Message Type', { base: 'hex' }), offset: 2 }],
});
