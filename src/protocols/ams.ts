/** AMS: named, with its leading fields. */
import { bounded, le32, lengthFramer, plain } from './app-kit.ts';

export const ams = plain({
  name: 'ams',
  short: 'AMS',
  title: 'AMS',
  framer: lengthFramer(6, (h) => bounded(6 + le32(h, 2))),
});
