/** Datagram Transport Layer Security: named, with its leading fields. */
import { names, uint8, uint16 } from '../dissect/field.ts';
import { be16, plain } from './app-kit.ts';

export const dtls = plain({
  name: 'dtls',
  short: 'DTLS',
  title: 'Datagram Transport Layer Security',
  kind: 0,
  accepts(b, o, end) {
    if (end - o < 13 || (b[o] as number) < 20 || (b[o] as number) > 25) return false;
    const version = be16(b, o + 1);
    return (version === 0xfeff || version === 0xfefd || version === 0x0100) && be16(b, o + 11) <= end - o - 13;
  },
  leads: [
    {
      field: uint8('dtls.record.content_type', 'Content Type', {
        names: names({
          20: 'Change Cipher Spec',
          21: 'Alert',
          22: 'Handshake',
          23: 'Application Data',
          24: 'Heartbeat',
          25: 'Connection ID',
        }),
      }),
      offset: 0,
    },
    { field: uint16('dtls.record.version', 'Version', { base: 'hex' }), offset: 1 },
    { field: uint16('dtls.record.epoch', 'Epoch'), offset: 3 },
    { field: uint16('dtls.record.length', 'Length'), offset: 11 },
  ],
});
