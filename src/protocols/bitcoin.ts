/** Bitcoin's peer-to-peer protocol (Bitcoin developer reference, P2P network): messages, each with the layer that its command names. */

import { none, string, uint32, uint64 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be32, le32, lengthFramer } from './app-kit.ts';

const HEADER = 24;
const MAX_MESSAGES = 30;
const MAGIC = new Set([0xf9beb4d9, 0xfabfb5da, 0x0b110907]);
/** Commands whose payload Wireshark takes apart in a layer of its own. */
const COMMANDS = new Set([
  'version',
  'addr',
  'inv',
  'getdata',
  'notfound',
  'getblocks',
  'getheaders',
  'tx',
  'block',
  'headers',
  'alert',
  'filterload',
  'filteradd',
  'merkleblock',
]);

const f = {
  magic: uint32('bitcoin.magic', 'Packet magic', { base: 'hex' }),
  command: string('bitcoin.command', 'Command name'),
  length: uint32('bitcoin.length', 'Payload Length'),
  checksum: uint32('bitcoin.checksum', 'Payload checksum', { base: 'hex' }),
  version: uint32('bitcoin.version.version', 'Protocol version'),
  services: uint64('bitcoin.version.services', 'Node services', { base: 'hex' }),
  userAgent: none('bitcoin.version.user_agent', 'User agent'),
  startHeight: uint32('bitcoin.version.start_height', 'Block start height'),
};
const about = { name: 'bitcoin', short: 'Bitcoin', title: 'Bitcoin protocol' } as const;

const payload: Protocol = app({
  ...about,
  fields: [],
  read(layer, b) {
    // Only the payload of `version` begins with a small protocol number and is at least this long.
    const version = b.le32(b.offset);
    if (b.length < 85 || version < 100 || version > 1_000_000) return '';
    layer.uintLe(f.version, b.offset);
    const length = b.u8(b.offset + 80);
    if (length > 0 && length < 0xfd && b.length >= 85 + length) {
      layer.string(f.userAgent, b.offset + 81, length);
      layer.uintLe(f.startHeight, b.offset + 81 + length);
    }
    return '';
  },
});

export const bitcoin = app({
  ...about,
  fields: Object.values(f),
  sticky: true,
  mayBegin: (octet) => [...MAGIC].some((magic) => magic >>> 24 === octet),
  accepts: (b, o, end) => end - o >= 4 && MAGIC.has(be32(b, o)),
  // Once a stream is known, what has no magic is taken for a message all the same, as Wireshark does.
  framer: lengthFramer(HEADER, (h) => HEADER + le32(h, 16)),
  read(layer, b, d) {
    const commands: string[] = [];
    for (let at = b.offset; at + HEADER <= b.end && layer.ok && commands.length < MAX_MESSAGES; ) {
      // A length that no stream reaches: what is here is the beginning of no message.
      if (b.le32(at + 16) > 0x7fffffff - HEADER) break;
      layer.uint(f.magic, at);
      const command = layer.string(f.command, at + 4, 12, { zero: true });
      const length = layer.uintLe(f.length, at + 16);
      layer.uint(f.checksum, at + 20);
      layer.size(HEADER);
      const content = b.from(at + HEADER, at + HEADER + length);
      if (COMMANDS.has(command)) d.call(payload, content);
      commands.push(command);
      at += HEADER + length;
    }
    const info = commands.join(', ');
    d.columns.info = info;
    return info;
  },
});
