/** DHCPv6: named, with its leading fields. */
import { names, uint8, uint24 } from '../dissect/field.ts';
import { plain } from './app-kit.ts';

export const dhcpv6 = plain({
  name: 'dhcpv6',
  short: 'DHCPv6',
  title: 'DHCPv6',
  kind: 0,
  leads: [
    {
      field: uint8('dhcpv6.msgtype', 'Message type', {
        names: names({
          1: 'Solicit',
          2: 'Advertise',
          3: 'Request',
          4: 'Confirm',
          5: 'Renew',
          6: 'Rebind',
          7: 'Reply',
          8: 'Release',
          9: 'Decline',
          10: 'Reconfigure',
          11: 'Information-request',
          12: 'Relay-forw',
          13: 'Relay-reply',
        }),
      }),
      offset: 0,
    },
    { field: uint24('dhcpv6.xid', 'Transaction ID', { base: 'hex' }), offset: 1 },
  ],
});
