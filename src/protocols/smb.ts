/** NetBIOS session service (RFC 1002 section 4.3) and the headers of SMB on it (MS-CIFS 2.2.3.1, MS-SMB2 2.2.1). */
import { bool, bytes, names, uint8, uint16, uint24, uint32, uint64 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { app, each, lengthFramer } from './app-kit.ts';

const typeNames = names({
  0: 'Session message',
  129: 'Session request',
  130: 'Positive session response',
  131: 'Negative session response',
  132: 'Retarget session response',
  133: 'Session keep-alive',
});
const commandNames2 = names({
  0: 'Negotiate Protocol',
  1: 'Session Setup',
  2: 'Session Logoff',
  3: 'Tree Connect',
  4: 'Tree Disconnect',
  5: 'Create',
  6: 'Close',
  7: 'Flush',
  8: 'Read',
  9: 'Write',
  10: 'Lock',
  11: 'Ioctl',
  12: 'Cancel',
  13: 'KeepAlive',
  14: 'Find',
  15: 'Notify',
  16: 'GetInfo',
  17: 'SetInfo',
  18: 'Break',
});
const commandNames1 = names({
  4: 'Close',
  37: 'Trans',
  43: 'Echo',
  46: 'Read AndX',
  47: 'Write AndX',
  50: 'Trans2',
  113: 'Tree Disconnect',
  114: 'Negotiate Protocol',
  115: 'Session Setup AndX',
  116: 'Logoff AndX',
  117: 'Tree Connect AndX',
  160: 'NT Trans',
  162: 'NT Create AndX',
});

const n = {
  type: uint8('nbss.type', 'Message Type', { base: 'hex', names: typeNames }),
  length: uint24('nbss.length', 'Length'),
  data: bytes('nbss.continuation_data', 'NetBIOS Session Service continuation data'),
};
const v1 = {
  protocol: uint32('smb.server_component', 'Server Component', { base: 'hex' }),
  command: uint8('smb.cmd', 'SMB Command', { base: 'hex', names: commandNames1 }),
  status: uint32('smb.nt_status', 'NT Status', { base: 'hex' }),
  response: bool('smb.flags.response', 'Request/Response', { mask: 0x80 }),
  tid: uint16('smb.tid', 'Tree ID'),
  pid: uint16('smb.pid', 'Process ID'),
  uid: uint16('smb.uid', 'User ID'),
  mid: uint16('smb.mid', 'Multiplex ID'),
};
const v2 = {
  protocol: uint32('smb2.protocol_id', 'ProtocolId', { base: 'hex' }),
  headerLength: uint16('smb2.header_len', 'Header Length'),
  creditCharge: uint16('smb2.credit.charge', 'Credit Charge'),
  status: uint32('smb2.nt_status', 'NT Status', { base: 'hex' }),
  command: uint16('smb2.cmd', 'Command', { names: commandNames2 }),
  credits: uint16('smb2.credits.granted', 'Credits'),
  response: bool('smb2.flags.response', 'Response', { mask: 1, bool: ['This is a RESPONSE', 'This is a REQUEST'] }),
  chainOffset: uint32('smb2.chain_offset', 'Chain Offset', { base: 'hex' }),
  message: uint64('smb2.msg_id', 'Message ID'),
  tid: uint32('smb2.tid', 'Tree Id', { base: 'hex' }),
  session: uint64('smb2.sesid', 'Session Id', { base: 'hex' }),
};

export const smb2 = app({
  name: 'smb2',
  short: 'SMB2',
  title: 'SMB2 (Server Message Block Protocol version 2)',
  fields: Object.values(v2),
  read: (layer, b) => {
    if (b.u8(b.offset) === 0xfd) return 'Encrypted SMB3';
    if (b.u8(b.offset) === 0xfc) return 'Compressed SMB3';
    return each(layer, b, (at, info) => {
      layer.uint(v2.protocol, at);
      layer.uintLe(v2.headerLength, at + 4);
      layer.uintLe(v2.creditCharge, at + 6);
      const response = (b.u8(at + 16) & 1) !== 0;
      if (response) layer.uintLe(v2.status, at + 8);
      const command = layer.uintLe(v2.command, at + 12);
      layer.uintLe(v2.credits, at + 14);
      layer.uint(v2.response, at + 16, 1);
      const next = layer.uintLe(v2.chainOffset, at + 20);
      layer.uint64(v2.message, at + 24, true);
      layer.uintLe(v2.tid, at + 36);
      layer.uint64(v2.session, at + 40, true);
      info.push(`${commandNames2.get(command) ?? 'Unknown'} ${response ? 'Response' : 'Request'}`);
      return next < 64 ? b.end : at + next;
    }).replaceAll(', ', ';');
  },
});

export const smb = app({
  name: 'smb',
  short: 'SMB',
  title: 'SMB (Server Message Block Protocol)',
  fields: Object.values(v1),
  read(layer, b) {
    const o = b.offset;
    layer.uint(v1.protocol, o);
    const command = layer.uint(v1.command, o + 4);
    layer.uintLe(v1.status, o + 5);
    const response = layer.uint(v1.response, o + 9, 1) !== 0;
    layer.uintLe(v1.tid, o + 24);
    layer.uintLe(v1.pid, o + 26);
    layer.uintLe(v1.uid, o + 28);
    layer.uintLe(v1.mid, o + 30);
    return `${commandNames1.get(command) ?? 'Unknown'} ${response ? 'Response' : 'Request'}`;
  },
});

function known(type: number): boolean {
  return type === 0 || (type >= 0x81 && type <= 0x85);
}

export const nbss = app({
  name: 'nbss',
  short: 'NBSS',
  title: 'NetBIOS Session Service',
  osi: '5',
  fields: Object.values(n),
  framer: lengthFramer(4, (head) => {
    if (!known(head[0] as number)) return 0;
    const length = 4 + (((head[1] as number) << 16) | ((head[2] as number) << 8) | (head[3] as number));
    return length > 0x1000000 ? REJECT : length;
  }),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      const type = b.u8(at);
      if (!known(type)) {
        layer.bytes(n.data, at, b.end - at);
        info.push('NBSS Continuation Message');
        return b.end;
      }
      layer.uint(n.type, at);
      const length = layer.uint(n.length, at + 1);
      layer.size(4);
      const message = b.from(at + 4, at + 4 + length);
      const magic = message.u32(at + 4);
      if (type === 0 && message.length >= 4 && layer.ok) {
        if (magic === 0xff534d42) d.call(smb, message);
        else if (magic === 0xfe534d42 || magic === 0xfd534d42 || magic === 0xfc534d42) d.call(smb2, message);
        else info.push('NBSS Continuation Message');
      } else info.push(typeNames.get(type) as string);
      return at + 4 + length;
    }),
});
