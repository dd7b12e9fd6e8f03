/** REdis Serialization Protocol: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const resp = plain({
  name: 'resp',
  short: 'RESP',
  title: 'REdis Serialization Protocol',
  line: true,
});
