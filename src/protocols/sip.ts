/** Session Initiation Protocol: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const sip = plain({
  name: 'sip',
  short: 'SIP',
  title: 'Session Initiation Protocol',
  line: true,
  accepts: (b, o, end) => end - o > 8 && (b[o] as number) >= 0x41 && (b[o] as number) <= 0x5a,
});
