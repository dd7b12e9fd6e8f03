/** Internet Security Association and Key Management Protocol: named, with its leading fields. */
import { names, uint8, uint32 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const isakmp = plain({
  name: 'isakmp',
  short: 'ISAKMP',
  title: 'Internet Security Association and Key Management Protocol',
  kind: 1,
  leads: [
    { field: uint8('isakmp.nextpayload', 'Next payload'), offset: 16 },
    {
      field: uint8('isakmp.exchangetype', 'Exchange type', {
        names: names({
          0: 'NONE',
          1: 'Base',
          2: 'Identity Protection (Main Mode)',
          3: 'Authentication Only',
          4: 'Aggressive',
          5: 'Informational',
          6: 'Transaction (Config Mode)',
          32: 'Quick Mode',
          33: 'New Group Mode',
          34: 'IKE_SA_INIT',
          35: 'IKE_AUTH',
          36: 'CREATE_CHILD_SA',
          37: 'INFORMATIONAL',
          38: 'IKE_SESSION_RESUME',
        }),
      }),
      offset: 18,
    },
    { field: uint32('isakmp.messageid', 'Message ID', { base: 'hex' }), offset: 20 },
    { field: uint32('isakmp.length', 'Length'), offset: 24 },
  ],
});
