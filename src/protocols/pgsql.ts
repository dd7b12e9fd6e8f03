/** PostgreSQL: named, with its leading fields. */
import { be32, bounded, lengthFramer, plain } from './app-kit.ts';

export const pgsql = plain({
  name: 'pgsql',
  short: 'PGSQL',
  title: 'PostgreSQL',
  framer: lengthFramer(5, (h) => (h[0] === 0 ? bounded(be32(h, 0)) : bounded(1 + be32(h, 1)))),
});
