/** Short messages to and from their centres (SMPP 3.4 and 5.0): the header. */
import { nameOf, names, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { be32 } from './app-kit.ts';
import { record, row } from './record-kit.ts';

const smppCommand = uint32('smpp.command_id', 'Operation', {
  base: 'hex',
  names: names({
    1: 'Bind_receiver',
    2: 'Bind_transmitter',
    3: 'Query_sm',
    4: 'Submit_sm',
    5: 'Deliver_sm',
    6: 'Unbind',
    7: 'Replace_sm',
    8: 'Cancel_sm',
    9: 'Bind_transceiver',
    11: 'Outbind',
    21: 'Enquire_link',
    33: 'Submit_multi',
    258: 'Alert_notification',
    259: 'Data_sm',
    273: 'Broadcast_sm',
    274: 'Query_broadcast_sm',
    275: 'Cancel_broadcast_sm',
    16777217: 'Auth_acc',
    16777218: 'Sm_result_notify',
    2147483648: 'Generic_nack',
    2147483649: 'Bind_receiver - resp',
    2147483650: 'Bind_transmitter - resp',
    2147483651: 'Query_sm - resp',
    2147483652: 'Submit_sm - resp',
    2147483653: 'Deliver_sm - resp',
    2147483654: 'Unbind - resp',
    2147483655: 'Replace_sm - resp',
    2147483656: 'Cancel_sm - resp',
    2147483657: 'Bind_transceiver - resp',
    2147483669: 'Enquire_link - resp',
    2147483681: 'Submit_multi - resp',
    2147483907: 'Data_sm - resp',
    2147483921: 'Broadcast_sm - resp',
    2147483922: 'Query_broadcast_sm - resp',
    2147483923: 'Cancel_broadcast_sm - resp',
    2164260865: 'Auth_acc - resp',
    2164260866: 'Sm_result_notify - resp',
  }),
});
const smppStatus = uint32('smpp.command_status', 'Result', { base: 'hex' });
const SMPP_HEADER = 16;
const MOST_SMPP = 65536;
export const smpp = record({
  name: 'smpp',
  short: 'SMPP',
  title: 'Short Message Peer to Peer',
  header: SMPP_HEADER,
  length: (h) => (be32(h, 0) >= SMPP_HEADER && be32(h, 0) <= MOST_SMPP ? be32(h, 0) : REJECT),
  kind: 1,
  sticky: true,
  mayBegin: (octet) => octet <= MOST_SMPP >>> 24,
  accepts: (b, o, end) =>
    end - o >= SMPP_HEADER &&
    be32(b, o) >= SMPP_HEADER &&
    be32(b, o) <= MOST_SMPP &&
    nameOf(smppCommand, be32(b, o + 4)) !== undefined &&
    be32(b, o + 8) < 0x600,
  rows: [
    row(uint32('smpp.command_length', 'Length'), 0),
    row(smppCommand, 4),
    row(smppStatus, 8),
    row(uint32('smpp.sequence_number', 'Sequence #'), 12),
  ],
});
