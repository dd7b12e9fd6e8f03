/** Session Traversal Utilities for NAT: named, with its leading fields. */
import { names, uint16, uint32 } from '../dissect/field.ts';
import { be16, be32, plain } from './app-kit.ts';

export const stun = plain({
  name: 'stun',
  short: 'STUN',
  title: 'Session Traversal Utilities for NAT',
  kind: 0,
  accepts: (b, o, end) => end - o >= 20 && (b[o] as number) < 0x40 && be32(b, o + 4) === 0x2112a442 && be16(b, o + 2) + 20 === end - o,
  leads: [
    {
      field: uint16('stun.type', 'Message Type', {
        base: 'hex',
        names: names({
          1: 'Binding Request',
          257: 'Binding Success Response',
          273: 'Binding Error Response',
          3: 'Allocate Request',
          259: 'Allocate Success Response',
          275: 'Allocate Error Response',
          4: 'Refresh Request',
          260: 'Refresh Success Response',
          8: 'CreatePermission Request',
          264: 'CreatePermission Success Response',
          9: 'ChannelBind Request',
          265: 'ChannelBind Success Response',
          22: 'Send Indication',
          23: 'Data Indication',
        }),
      }),
      offset: 0,
    },
    { field: uint16('stun.length', 'Message Length'), offset: 2 },
    { field: uint32('stun.cookie', 'Message Cookie', { base: 'hex' }), offset: 4 },
  ],
});
