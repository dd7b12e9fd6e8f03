/** WireGuard Protocol: named, with its leading fields. */
import { names, uint8 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

/** RFC-less: WireGuard's paper, section 5.4. */
export const wireguard = plain({
  name: 'wg',
  short: 'WireGuard',
  title: 'WireGuard Protocol',
  kind: 0,
  mayBegin: (octet) => octet >= 1 && octet <= 4,
  accepts(b, o, end) {
    const length = end - o;
    if (length < 4 || b[o + 1] !== 0 || b[o + 2] !== 0 || b[o + 3] !== 0) return false;
    const type = b[o];
    return (type === 1 && length === 148) || (type === 2 && length === 92) || (type === 3 && length === 64) || (type === 4 && length >= 32);
  },
  leads: [
    {
      field: uint8('wg.type', 'Type', {
        names: names({ 1: 'Handshake Initiation', 2: 'Handshake Response', 3: 'Cookie Reply', 4: 'Transport Data' }),
      }),
      offset: 0,
    },
  ],
});
