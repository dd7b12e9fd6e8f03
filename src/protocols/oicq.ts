/** OICQ, the messages of QQ, and ICQ version 5's header: what is said is scrambled. */
import { names, uint8, uint16, uint32 } from '../dissect/field.ts';
import { le16 } from './app-kit.ts';
import { record, row, rowLe } from './record-kit.ts';

export const oicq = record({
  name: 'oicq',
  short: 'OICQ',
  title: 'OICQ - IM software, popular in China',
  header: 11,
  kind: 2,
  accepts: (b, o, end) => end - o >= 11 && b[o] === 2,
  rows: [
    row(uint8('oicq.flag', 'Flag', { base: 'hex', names: names({ 2: 'Oicq packet' }) }), 0),
    row(uint16('oicq.version', 'Version', { base: 'hex' }), 1),
    row(
      uint16('oicq.command', 'Command', {
        names: names({
          1: 'Log out',
          2: 'Heart Message',
          4: 'Update User information',
          5: 'Search user',
          6: 'Get User informationBroadcast',
          9: 'Add friend no auth',
          10: 'Delete user',
          11: 'Add friend by auth',
          13: 'Set status',
          18: 'Confirmation of receiving message from server',
          22: 'Send message',
          23: 'Receive message',
          24: 'Retrieve information',
          26: 'Reserved ',
          28: 'Delete Me',
          29: 'Request KEY',
          33: 'Cell Phone',
          34: 'Log in',
          38: 'Get friend list',
          39: 'Get friend online',
          41: 'Cell PHONE',
          48: 'Operation on group',
          49: 'Log in test',
          60: 'Group name operation',
          61: 'Upload group friend',
          62: 'MEMO Operation',
          88: 'Download group friend',
          92: 'Get level',
          98: 'Request login',
          101: 'Request extra information',
          103: 'Signature operation',
          128: 'Receive system message',
          129: 'Get status of friend',
          181: "Get friend's status of group",
          1015: 'Withdraw message',
        }),
      }),
      3,
    ),
    row(uint16('oicq.seq', 'Sequence'), 5),
    row(uint32('oicq.qqid', 'Data(OICQ Number,if sender is client)'), 7),
  ],
});

export const icq = record({
  name: 'icq',
  short: 'ICQ',
  title: 'ICQ Protocol',
  header: 2,
  accepts: (b, o, end) => end - o >= 2 && le16(b, o) >= 2 && le16(b, o) <= 5,
  rows: [rowLe(uint16('icq.version', 'Version'), 0)],
});
