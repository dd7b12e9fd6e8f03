/** Virtual Network Computing: named, with its leading fields. */
import { begins, plain } from './app-kit.ts';

export const vnc = plain({
  name: 'vnc',
  short: 'VNC',
  title: 'Virtual Network Computing',
  sticky: true,
  startsStream: true,
  accepts: (b, o, end) => end - o === 12 && begins(b, o, end, 'RFB ') && b[o + 11] === 10,
});
