/** Lightweight Directory Access Protocol: named, with its leading fields. */
import { ALL, bounded, lengthFramer, plain } from './app-kit.ts';

export const ldap = plain({
  name: 'ldap',
  short: 'LDAP',
  title: 'Lightweight Directory Access Protocol',
  framer: lengthFramer(6, (h) => {
    if (h[0] !== 0x30) return ALL;
    const first = h[1] as number;
    if (first < 0x80) return 2 + first;
    let length = 0;
    const width = first & 0x7f;
    if (width === 0 || width > 4) return ALL;
    for (let i = 0; i < width; i++) length = length * 256 + (h[2 + i] as number);
    return bounded(2 + width + length);
  }),
});
