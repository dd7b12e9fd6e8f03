/** OpenVPN Protocol: named, with its leading fields. */
import { uint8, uint16 } from '../dissect/field.ts';
import { be16, lengthFramer, plain } from './app-kit.ts';

export const openvpn = plain({
  name: 'openvpn',
  short: 'OpenVPN',
  title: 'OpenVPN Protocol',
  framer: lengthFramer(2, (h) => 2 + be16(h, 0)),
  leads: [{ field: uint16('openvpn.plen', 'Plen'), offset: 0 }],
});

export const openvpnUdp = plain({
  name: 'openvpn',
  short: 'OpenVPN',
  title: 'OpenVPN Protocol',
  leads: [{ field: uint8('openvpn.type', 'Type', { base: 'hex' }), offset: 0 }],
});
