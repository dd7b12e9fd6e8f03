/** LISP's reliable transport (RFC 9301's companion, draft-ietf-lisp-map-server-reliable-transport): the header and the end marker. */
import { names, uint16, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { be16, lengthFramer, plain } from './app-kit.ts';

const HEADER = 8;

export const lispTcp = plain({
  name: 'lisp-tcp',
  short: 'LISP-TCP',
  title: 'Locator/ID Separation Protocol (Reliable Transport)',
  kind: 0,
  leads: [
    {
      field: uint16('lisp-tcp.message.type', 'Type', {
        names: names({
          16: 'Error Notification',
          17: 'Registration',
          18: 'Registration ACK',
          19: 'Registration NACK',
          20: 'Registration Refresh',
          21: 'Mapping Notification',
          22: 'RLOC Membership Subscribe',
          23: 'RLOC Membership Subscribe ACK',
          24: 'RLOC Membership Subscribe NACK',
          25: 'RLOC Membership Unsubscribe',
          26: 'RLOC Membership Element Add',
          27: 'RLOC Membership Element Remove',
          28: 'RLOC Membership Refresh Request',
          29: 'RLOC Membership Refresh Begin',
          30: 'RLOC Membership Refresh End',
        }),
      }),
      offset: 0,
    },
    { field: uint16('lisp-tcp.message.length', 'Length'), offset: 2 },
    { field: uint32('lisp-tcp.message.id', 'Message ID'), offset: 4 },
  ],
  framer: lengthFramer(HEADER, (head) => (be16(head, 2) < HEADER ? REJECT : be16(head, 2))),
});
