/** RakNet, a transport of games over UDP: offline messages, acknowledgements, and the messages in a packet. */

import { defineState } from '../dissect/capture-index.ts';
import { bool, bytes, type FieldDef, nameOf, names, none, TRUE_FALSE, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

/** What stands in every offline message. */
const MAGIC = Uint8Array.of(0, 0xff, 0xff, 0, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd, 0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78);
const MAX_MESSAGES = 200;
const FIRST_OF_ROBLOX = 120;
const f = {
  offline: uint8('raknet.offline.message.id', 'RakNet Offline Message ID', {
    base: 'hex',
    names: names({
      1: 'Unconnected Ping',
      2: 'Unconnected Ping Open Connections',
      5: 'Open Connection Request 1',
      6: 'Open Connection Reply 1',
      7: 'Open Connection Request 2',
      8: 'Open Connection Reply 2',
      13: 'Out Of Band Internal',
      17: 'Connection Attempt Failed',
      18: 'Already Connected',
      20: 'No Free Incoming Connections',
      23: 'Connection Banned',
      25: 'Incompatible Protocol Version',
      26: 'IP Recently Connected',
      28: 'Unconnected Pong',
    }),
  }),
  magic: bytes('raknet.offline_message.data_id', 'RakNet Offline message data ID'),
  type: uint8('raknet.packet.type', 'RakNet Packet type', { base: 'hex' }),
  connected: bool('raknet.packet.is_for_connected', 'is for connected peer', { mask: 0x80, bool: TRUE_FALSE }),
  ack: bool('raknet.packet.is_ACK', 'is ACK', { mask: 0x40, bool: TRUE_FALSE }),
  nak: bool('raknet.packet.is_NAK', 'is NAK', { mask: 0x20, bool: TRUE_FALSE }),
  pair: bool('raknet.packet.is_pair', 'is pair', { mask: 0x10, bool: TRUE_FALSE }),
  continuous: bool('raknet.packet.is_continuous_send', 'is continuous send', { mask: 0x8, bool: TRUE_FALSE }),
  needs: bool('raknet.packet.needs_B_and_AS', 'needs B and AS', { mask: 0x4, bool: TRUE_FALSE }),
  number: uint24('raknet.packet_number', 'RakNet Packet sequence number'),
  message: none('raknet.message', 'RakNet Message'),
  flags: uint8('raknet.message.flags', 'RakNet Message flags', { base: 'hex' }),
  reliability: uint8('raknet.message.reliability', 'reliability', {
    mask: 0xe0,
    names: names({ 0: 'unreliable', 1: 'unreliable sequenced', 2: 'reliable', 3: 'reliable ordered', 4: 'reliable sequenced' }),
  }),
  split: bool('raknet.message.has_split_packet', 'has split packet', { mask: 0x10, bool: TRUE_FALSE }),
  length: uint16('raknet.payload.length', 'RakNet Payload length'),
  reliable: uint24('raknet.reliable.number', 'RakNet Reliable message number'),
  sequencing: uint24('raknet.sequencing.index', 'RakNet Message sequencing index'),
  ordering: uint24('raknet.ordering.index', 'RakNet Message ordering index'),
  channel: uint8('raknet.ordering.channel', 'RakNet Message ordering channel'),
  splitCount: uint32('raknet.split.count', 'RakNet Split packet count'),
  splitId: uint16('raknet.split.id', 'RakNet Split packet ID'),
  splitIndex: uint32('raknet.split.index', 'RakNet Split packet index'),
  system: uint8('raknet.system.message.id', 'RakNet System Message ID', {
    base: 'hex',
    names: names({
      0: 'Connected Ping',
      3: 'Connected Pong',
      9: 'Connection Request',
      16: 'Connection Request Accepted',
      19: 'New Incoming Connection',
    }),
  }),
  records: uint16('raknet.NACK.record_count', 'RakNet ACK/NAK record count'),
};
/** Where the magic stands, by offline message (from 120 on those of Roblox); 0 where there is none such. */
const MAGIC_AT: Readonly<Record<number, number>> = {
  1: 9,
  2: 9,
  5: 1,
  6: 1,
  7: 1,
  8: 1,
  17: 1,
  18: 1,
  20: 1,
  23: 1,
  25: 2,
  26: 1,
  28: 17,
  120: 1,
  123: 1,
  125: 1,
  126: 1,
};
const SYSTEM = new Set([0, 3, 9, 16, 19]);

function isOffline(b: Uint8Array, o: number, end: number): boolean {
  const at = MAGIC_AT[b[o] as number] ?? 0;
  if (at === 0 || end - o < at + MAGIC.length) return false;
  for (let i = 0; i < MAGIC.length; i++) if (b[o + at + i] !== MAGIC[i]) return false;
  return true;
}

/** Octets of the header of a message with these flags, up to its payload. */
function headOf(flags: number): number {
  const reliability = flags >> 5;
  let size = 3;
  if (reliability === 2 || reliability === 3 || reliability === 4) size += 3;
  if (reliability === 1 || reliability === 4) size += 3;
  if (reliability === 1 || reliability === 3 || reliability === 4) size += 4;
  return size + ((flags & 0x10) !== 0 ? 10 : 0);
}

/** Runs `one` over the messages of a packet; it is given where one begins, where its payload does, and where it ends. */
function messages(b: Uint8Array, o: number, end: number, one: (at: number, payload: number, stop: number) => void): void {
  for (let at = o + 4, n = 0; at + 3 <= end && n < MAX_MESSAGES; n++) {
    const payload = at + headOf(b[at] as number);
    const stop = payload + Math.ceil((((b[at + 1] as number) << 8) | (b[at + 2] as number)) / 8);
    if (payload >= end || stop > end) return;
    one(at, payload, stop);
    at = stop;
  }
}

/** A part that has RakNet's name once more, as Wireshark counts it. */
const part = app({ name: 'raknet', short: 'RAKNET', title: 'RakNet game networking protocol', fields: [], read: () => '' });
const firsts = defineState(() => ({ streams: new Set<number>(), rows: new Set<number>() }));
const said = (kind: number, flags: number): boolean => (flags & 0x10) === 0 && SYSTEM.has(kind);

export const raknet = app({
  name: 'raknet',
  short: 'RAKNET',
  title: 'RakNet game networking protocol',
  pdu: 'Packet',
  fields: Object.values(f),
  sticky: true,
  mayBegin: (octet) => MAGIC_AT[octet] !== undefined,
  accepts: isOffline,
  index(w) {
    const { bytes, offset, end } = w;
    const first = bytes[offset] as number;
    const { streams, rows } = w.capture.state(firsts);
    if (!w.quoted && !streams.has(w.stream)) {
      streams.add(w.stream);
      rows.add(w.row);
      w.pushPart(part);
    }
    if (isOffline(bytes, offset, end) && first < FIRST_OF_ROBLOX) w.pushPart(part);
    else if ((first & 0xe0) === 0x80) {
      messages(bytes, offset, end, (at, payload) => {
        if (said(bytes[payload] as number, bytes[at] as number)) w.pushPart(part);
      });
    }
  },
  read(layer, b, d) {
    const o = b.offset;
    const first = b.u8(o);
    // Its heuristic hands the first packet of a conversation to the protocol once more.
    if (!d.quoted && d.capture.state(firsts).rows.has(d.row)) d.pushPart(part);
    if (first < 0x80) {
      const kind = layer.uint(f.offline, o);
      if (isOffline(b.bytes, o, b.end)) {
        layer.bytes(f.magic, o + (MAGIC_AT[kind] as number), MAGIC.length);
        if (kind < FIRST_OF_ROBLOX) d.pushPart(part);
      }
      return nameOf(f.offline, kind) ?? `Offline message ${kind}`;
    }
    const type = layer.uintNode(f.type, o);
    type.uint(f.connected, o, 1);
    type.uint(f.ack, o, 1);
    if ((first & 0x40) !== 0) {
      layer.uint(f.records, o + 1 + ((first & 0x20) !== 0 ? 4 : 0));
      return 'ACK';
    }
    type.uint(f.nak, o, 1);
    if ((first & 0x20) !== 0) {
      layer.uint(f.records, o + 1);
      return 'NAK';
    }
    for (const bit of [f.pair, f.continuous, f.needs]) type.uint(bit, o, 1);
    const number = layer.uintLe(f.number, o + 1);
    const words: string[] = [];
    if (layer.ok)
      messages(b.bytes, o, b.end, (at, payload, stop) => {
        if (d.full) return;
        const flags = b.u8(at);
        const node = layer.add(f.message, at, stop - at, null);
        const bits = node.uintNode(f.flags, at);
        bits.uint(f.reliability, at);
        bits.uint(f.split, at, 1);
        node.uint(f.length, at + 1);
        let next = at + 3;
        const index = (field: FieldDef): void => {
          node.uintLe(field, next, 3);
          next += 3;
        };
        const reliability = flags >> 5;
        if (reliability >= 2 && reliability <= 4) index(f.reliable);
        if (reliability === 1 || reliability === 4) index(f.sequencing);
        if (reliability === 1 || reliability === 3 || reliability === 4) {
          index(f.ordering);
          node.uint(f.channel, next++);
        }
        if ((flags & 0x10) !== 0) {
          node.uint(f.splitCount, next);
          node.uint(f.splitId, next + 4);
          node.uint(f.splitIndex, next + 6);
        } else if (said(b.u8(payload), flags)) {
          words.push(nameOf(f.system, node.uint(f.system, payload)) ?? '');
          d.pushPart(part);
        }
      });
    return `Message #${number}${words.length > 0 ? `: ${words.join(', ')}` : ''}`;
  },
});
