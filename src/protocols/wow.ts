/** World of Warcraft's logon protocol (RFC-less; as wowdev.wiki documents it). */
import { nameOf, names, uint8 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const f = {
  command: uint8('wow.cmd', 'Command', {
    base: 'hex',
    names: names({
      0: 'Authentication Logon Challenge',
      1: 'Authentication Logon Proof',
      2: 'Authentication Reconnect Challenge',
      3: 'Authentication Reconnect Proof',
      16: 'Realm List',
      48: 'Transfer Initiate',
      49: 'Transfer Data',
      50: 'Transfer Accept',
      51: 'Transfer Resume',
      52: 'Transfer Cancel',
    }),
  }),
};

export const wow = app({
  name: 'wow',
  short: 'WOW',
  title: 'World of Warcraft',
  fields: Object.values(f),
  read(layer, b) {
    const command = layer.uint(f.command, b.offset);
    return nameOf(f.command, command) ?? 'Unrecognized packet type';
  },
});
