/** NetBIOS Frames over LLC (IBM's LAN technical reference, chapter 5): names, datagrams and sessions without IP. */
import type { Layer } from '../dissect/dissection.ts';
import { bool, nameOf, names, string, uint8, uint16 } from '../dissect/field.ts';
import { app, be16, le16 } from './app-kit.ts';
import { suffixes } from './nbns.ts';
import { callData, followData } from './next.ts';
import { smb } from './smb.ts';

/** Bytes up to the names, and of the header of a session's frames. */
const COMMON_BYTES = 12;
const SESSION_BYTES = 14;
const NAMES_BYTES = 44;
const NAME_BYTES = 16;
/** Commands up to this one have names in their header, those from the next on the numbers of sessions. */
const LAST_WITH_NAMES = 0x13;
const DATAGRAM = 0x08;
const BROADCAST = 0x09;
const FIRST_MIDDLE = 0x15;
const ONLY_LAST = 0x16;
const SMB = 0xff53;

const f = {
  length: uint16('netbios.hdr_len', 'Length', { unit: ' bytes' }),
  delimiter: uint16('netbios.delimiter', 'Delimiter', { base: 'hex' }),
  command: uint8('netbios.command', 'Command', {
    base: 'hex',
    names: names({
      0: 'Add Group Name Query',
      1: 'Add Name Query',
      2: 'Name In Conflict',
      3: 'Status Query',
      7: 'Terminate Trace',
      8: 'Datagram',
      9: 'Broadcast Datagram',
      10: 'Name Query',
      13: 'Add Name Response',
      14: 'Name Recognized',
      15: 'Status Response',
      19: 'Terminate Trace',
      20: 'Data Ack',
      21: 'Data First Middle',
      22: 'Data Only Last',
      23: 'Session Confirm',
      24: 'Session End',
      25: 'Session Initialize',
      26: 'No Receive',
      27: 'Receive Outstanding',
      28: 'Receive Continue',
      31: 'Session Alive',
    }),
  }),
  flags: uint8('netbios.flags', 'Flags', { base: 'hex' }),
  noAck: bool('netbios.flags.send_no_ack', 'Handle SEND.NO.ACK', { mask: 0x80, bool: ['Yes', 'No'] }),
  ack: bool('netbios.flags.ack', 'Acknowledge', { mask: 0x08 }),
  ackWithData: bool('netbios.flags.ack_with_data', 'Acknowledge with data', { mask: 0x04, bool: ['Allowed', 'Not Allowed'] }),
  ackExpected: bool('netbios.flags.ack_expected', 'Acknowledge expected', { mask: 0x02, bool: ['Yes', 'No'] }),
  continueRequested: bool('netbios.flags.recv_cont_req', 'RECEIVE_CONTINUE requested', { mask: 0x01, bool: ['Yes', 'No'] }),
  resync: uint16('netbios.resync_indicator', 'Re-sync indicator', { base: 'hex' }),
  transmit: uint16('netbios.xmit_corrl', 'Transmit Correlator', { base: 'hex' }),
  response: uint16('netbios.resp_corrl', 'Response Correlator', { base: 'hex' }),
  name: string('netbios.nb_name', 'NetBIOS Name'),
  nameType: uint8('netbios.nb_name_type', 'NetBIOS Name Type', { base: 'hex', names: suffixes }),
  remote: uint8('netbios.remote_session', 'Remote Session No.', { base: 'hex' }),
  local: uint8('netbios.local_session', 'Local Session No.', { base: 'hex' }),
};

/** True for commands with data behind their header. */
const carries = (command: number): boolean =>
  command === DATAGRAM || command === BROADCAST || command === FIRST_MIDDLE || command === ONLY_LAST;

function addName(layer: Layer, at: number): string {
  if (!layer.has(at, NAME_BYTES)) return '';
  const kind = layer.buf.u8(at + NAME_BYTES - 1);
  const text = `${layer.buf.text(at, NAME_BYTES - 1).trimEnd()}<${kind.toString(16).padStart(2, '0')}>`;
  const node = layer.add(f.name, at, NAME_BYTES, text);
  node.uint(f.nameType, at + NAME_BYTES - 1);
  return text;
}

export const netbios = app({
  name: 'netbios',
  short: 'NetBIOS',
  title: 'NetBIOS',
  osi: '5',
  fields: Object.values(f),
  index(w) {
    const { bytes: b, offset: o } = w;
    if (!w.has(SESSION_BYTES)) return;
    const at = o + le16(b, o);
    if (!carries(b[o + 4] as number) || at < o + SESSION_BYTES || at >= w.end) return;
    if (at + 4 <= w.end && be16(b, at) === SMB && be16(b, at + 2) === 0x4d42) w.follow(smb, at);
    else followData(w, at);
  },
  read(layer, b, d) {
    const o = b.offset;
    const length = layer.uintLe(f.length, o);
    layer.uintLe(f.delimiter, o + 2);
    const command = layer.uint(f.command, o + 4);
    const words = nameOf(f.command, command) ?? `Unknown command (0x${command.toString(16)})`;
    if (!layer.has(o, SESSION_BYTES)) return words;
    layer.size(length);
    let said = words;
    if (command <= LAST_WITH_NAMES) {
      layer.uintLe(f.transmit, o + 8);
      layer.uintLe(f.response, o + 10);
      if (length >= NAMES_BYTES) {
        const receiver = addName(layer, o + COMMON_BYTES);
        const sender = addName(layer, o + COMMON_BYTES + NAME_BYTES);
        said = `${words} ${command >= DATAGRAM ? `${sender} → ${receiver}` : sender}`;
      }
    } else {
      const flags = layer.uintNode(f.flags, o + 5);
      for (const bit of [f.noAck, f.ack, f.ackWithData, f.ackExpected, f.continueRequested]) flags.uint(bit, o + 5);
      if (command === FIRST_MIDDLE || command === ONLY_LAST) layer.uintLe(f.resync, o + 6);
      layer.uintLe(f.transmit, o + 8);
      layer.uintLe(f.response, o + 10);
      layer.uint(f.remote, o + 12);
      layer.uint(f.local, o + 13);
    }
    const at = o + length;
    if (!layer.ok || !carries(command) || length < SESSION_BYTES || at >= b.end) return said;
    d.column(netbios, said);
    if (at + 4 <= b.end && b.u16(at) === SMB && b.u16(at + 2) === 0x4d42) d.call(smb, b.from(at));
    else callData(d, b.from(at));
    return said;
  },
});
