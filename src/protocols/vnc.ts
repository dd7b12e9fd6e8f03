/** Virtual Network Computing: named, with its leading fields. */
import { begins, plain } from './app-kit.ts';

export const vnc = plain({
  name: 'vnc',
  short: 'VNC',
  title: 'Virtual Network Computing',
  sticky: true,
  startsStream: true,
  mayBegin: (octet) => octet === 0x52,
  accepts: (b, o, end) => end - o === 12 && begins(b, o, end, 'RFB ') && b[o + 11] === 10,
});
