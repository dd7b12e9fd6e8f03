/** KNXnet/IP (ISO 22510): the header. */
import { names, uint8, uint16 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { be16 } from './app-kit.ts';
import { record, row } from './record-kit.ts';

const KIP_HEADER = 6;
export const knx = record({
  name: 'kip',
  short: 'KNXnet/IP',
  title: 'KNX/IP',
  header: KIP_HEADER,
  length: (h) => (be16(h, 4) >= KIP_HEADER ? be16(h, 4) : REJECT),
  kind: 2,
  accepts: (b, o, end) => end - o < 2 || b[o] === KIP_HEADER,
  rows: [
    row(uint8('knxip.headerlength', 'Header Length'), 0),
    row(uint8('knxip.version', 'Protocol Version', { base: 'hex' }), 1),
    row(
      uint16('knxip.service', 'Service Identifier', {
        base: 'hex',
        names: names({
          513: 'Search Request',
          514: 'Search Response',
          515: 'Description Request',
          516: 'Description Response',
          517: 'Connect Request',
          518: 'Connect Response',
          519: 'Connection State Request',
          520: 'Connection State Response',
          521: 'Disconnect Request',
          522: 'Disconnect Response',
          523: 'Search Request Extended',
          524: 'Search Response Extended',
          784: 'Configuration Request',
          785: 'Configuration Acknowledgement',
          1056: 'Tunneling Request',
          1057: 'Tunneling Acknowledgement',
          1058: 'Tunneling Feature Get',
          1059: 'Tunneling Feature Response',
          1060: 'Tunneling Feature Set',
          1061: 'Tunneling Feature Info',
          1328: 'Routing Indication',
          1329: 'Routing Loss',
          1330: 'Routing Busy',
          1331: 'Routing System Broadcast',
          1856: 'Remote Diagnostic Request',
          1857: 'Remote Diagnostic Response',
          1858: 'Remote Configuration Request',
          1859: 'Remote Reset Request',
          2384: 'Secure Wrapper',
          2385: 'Session Request',
          2386: 'Session Response',
          2387: 'Session Authenticate',
          2388: 'Session Status',
          2389: 'Timer Notify',
        }),
      }),
      2,
    ),
    row(uint16('knxip.totallength', 'Total Length'), 4),
  ],
});
