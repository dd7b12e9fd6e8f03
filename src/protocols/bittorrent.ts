/** BitTorrent: named, with its leading fields. */
import { uint32 } from '../dissect/field.ts';
import { ALL, be32, begins, lengthFramer, plain } from './app-kit.ts';

export const bittorrent = plain({
  name: 'bittorrent',
  short: 'BitTorrent',
  title: 'BitTorrent',
  sticky: true,
  accepts: (b, o, end) => end - o >= 20 && b[o] === 19 && begins(b, o + 1, end, 'BitTorrent protocol'),
  framer: lengthFramer(5, (h) => {
    if (h[0] === 19 && h[1] === 0x42) return 68;
    const length = be32(h, 0);
    return length > 0x20000 || (length > 0 && (h[4] as number) > 21) ? ALL : 4 + Math.max(1, length);
  }),
  leads: [{ field: uint32('bittorrent.msg.length', 'Message Length'), offset: 0 }],
});
