/** UDP based FTP w/ multicast V4: named, with its leading fields. */
import { app, plain } from './app-kit.ts';

const uftp4 = plain({ name: 'uftp4', short: 'UFTP', title: 'UDP based FTP w/ multicast V4' });

const uftp5 = plain({ name: 'uftp5', short: 'UFTP', title: 'UDP based FTP w/ multicast V5' });

export const uftp = app({
  name: 'uftp',
  short: 'UFTP',
  title: 'UDP based FTP w/ multicast',
  fields: [],
  // Port 1044 is one that clients get, too.
  accepts(b, o, end) {
    const version = end > o ? (b[o] as number) >> 4 : 0;
    return version === 4 || version === 5;
  },
  read(layer, b, d) {
    layer.size(0);
    const version = b.u8(b.offset) >> 4;
    if (version === 4) d.call(uftp4, b);
    else if (version === 5) d.call(uftp5, b);
    return '';
  },
});
