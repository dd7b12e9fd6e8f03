/** BitTorrent's peer protocol (BEP 3, and BEP 10 for extensions): the handshake and the messages after it. */
import { bytes, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { ALL, app, be32, begins, each, lengthFramer } from './app-kit.ts';
import { bencode } from './bencode.ts';

const HANDSHAKE = 68;
const MAX_MESSAGE = 0x20000;
const MAX_TYPE = 21;

const f = {
  nameLength: uint8('bittorrent.protocol.name.length', 'Protocol Name Length'),
  name: string('bittorrent.protocol.name', 'Protocol Name'),
  reserved: bytes('bittorrent.reserved', 'Reserved Extension Bytes'),
  infoHash: bytes('bittorrent.info_hash', 'SHA1 Hash of info dictionary'),
  peerId: bytes('bittorrent.peer_id', 'Peer ID'),
  message: none('bittorrent.msg', 'Message'),
  length: uint32('bittorrent.msg.length', 'Message Length'),
  type: uint8('bittorrent.msg.type', 'Message Type', {
    names: names({
      0: 'Choke',
      1: 'Unchoke',
      2: 'Interested',
      3: 'Not Interested',
      4: 'Have',
      5: 'Bitfield',
      6: 'Request',
      7: 'Piece',
      8: 'Cancel',
      9: 'Port',
      13: 'Suggest Piece',
      14: 'Have All',
      15: 'Have None',
      16: 'Reject Request',
      17: 'Allowed Fast',
      20: 'Extended',
      257: 'Keepalive',
      256: 'Azureus Handshake',
      258: 'Azureus BitTorrent Handshake',
      259: 'Azureus Peer Exchange',
      260: 'Azureus PeerCache Hello',
      261: 'Azureus PeerCache Reply',
    }),
  }),
  bitfield: bytes('bittorrent.msg.bitfield', 'Bitfield data'),
  index: uint32('bittorrent.piece.index', 'Piece index', { base: 'hex' }),
  begin: uint32('bittorrent.piece.begin', 'Begin offset of piece', { base: 'hex' }),
  data: bytes('bittorrent.piece.data', 'Data in a piece'),
  pieceLength: uint32('bittorrent.piece.length', 'Piece Length', { base: 'hex' }),
  port: uint16('bittorrent.port', 'Port'),
  extendedId: uint8('bittorrent.extended.id', 'Extended Message ID'),
  extended: bytes('bittorrent.extended', 'Extended Message'),
  continuation: bytes('bittorrent.continuous_data', 'Extended Message'),
};
const Type = { Have: 4, Bitfield: 5, Request: 6, Piece: 7, Cancel: 8, Port: 9, Extended: 20 } as const;

export const bittorrent = app({
  name: 'bittorrent',
  short: 'BitTorrent',
  title: 'BitTorrent',
  fields: Object.values(f),
  sticky: true,
  mayBegin: (octet) => octet === 19,
  accepts: (b, o, end) => end - o >= 20 && b[o] === 19 && begins(b, o + 1, end, 'BitTorrent protocol'),
  framer: lengthFramer(5, (h) => {
    if (h[0] === 19 && h[1] === 0x42) return HANDSHAKE;
    const length = be32(h, 0);
    return length > MAX_MESSAGE || (length > 0 && (h[4] as number) > MAX_TYPE) ? ALL : 4 + Math.max(1, length);
  }),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      if (b.u8(at) === 19 && b.u8(at + 1) === 0x42 && b.end - at >= HANDSHAKE) {
        layer.uint(f.nameLength, at);
        layer.string(f.name, at + 1, 19);
        layer.bytes(f.reserved, at + 20, 8);
        layer.bytes(f.infoHash, at + 28, 20);
        layer.bytes(f.peerId, at + 48, 20);
        info.push('Handshake');
        return at + HANDSHAKE;
      }
      const length = b.u32(at);
      const type = b.u8(at + 4);
      if (length > MAX_MESSAGE || (length > 0 && type > MAX_TYPE)) {
        layer.bytes(f.continuation, at, b.end - at);
        info.push('Continuation data');
        return b.end;
      }
      const end = Math.min(b.end, at + 4 + length);
      const words = length === 0 ? 'Keep-Alive' : (nameOf(f.type, type) ?? 'Unknown');
      const node = layer.add(f.message, at, end - at, null, { display: `Len:${length}, ${words}` });
      node.uint(f.length, at);
      info.push(words);
      if (length === 0) return at + 4;
      node.uint(f.type, at + 4);
      const o = at + 5;
      const rest = end - o;
      if (type === Type.Have && rest >= 4) node.uint(f.index, o);
      else if (type === Type.Bitfield && rest > 0) node.bytes(f.bitfield, o, rest);
      else if ((type === Type.Request || type === Type.Cancel) && rest >= 12) {
        node.uint(f.index, o);
        node.uint(f.begin, o + 4);
        node.uint(f.pieceLength, o + 8);
      } else if (type === Type.Piece && rest >= 8) {
        node.uint(f.index, o);
        node.uint(f.begin, o + 4);
        if (rest > 8) node.bytes(f.data, o + 8, rest - 8);
      } else if (type === Type.Port && rest >= 2) node.uint(f.port, o);
      else if (type === Type.Extended && rest >= 1) {
        // The handshake of extensions is a dictionary; what follows it has the forms that it names.
        const id = node.uint(f.extendedId, o);
        if (rest > 1) {
          if (id === 0) d.call(bencode, b.from(o + 1, end));
          else node.bytes(f.extended, o + 1, rest - 1);
        }
      }
      return at + 4 + length;
    }),
});
