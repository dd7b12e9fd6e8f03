/** OpenVPN (its protocol document, "Wire protocol"): headers over TCP and UDP, and the TLS that its control messages carry in pieces. */
import { defineState } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { abstime, bytes, nameOf, names, uint8, uint16, uint24, uint32, uint64 } from '../dissect/field.ts';
import type { Framer } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { RowFlag, UNSET } from '../table/packet-table.ts';
import { app, be16, be32, lengthFramer } from './app-kit.ts';
import { callData } from './next.ts';
import { indexTlsAlone, isText, tls } from './tls.ts';

const f = {
  plen: uint16('openvpn.plen', 'Packet Length'),
  type: uint8('openvpn.type', 'Type', { base: 'hex' }),
  opcode: uint8('openvpn.opcode', 'Opcode', {
    base: 'hex',
    mask: 0xf8,
    names: names({
      1: 'P_CONTROL_HARD_RESET_CLIENT_V1',
      2: 'P_CONTROL_HARD_RESET_SERVER_V1',
      3: 'P_CONTROL_SOFT_RESET_V1',
      4: 'P_CONTROL_V1',
      5: 'P_ACK_V1',
      6: 'P_DATA_V1',
      7: 'P_CONTROL_HARD_RESET_CLIENT_V2',
      8: 'P_CONTROL_HARD_RESET_SERVER_V2',
      9: 'P_DATA_V2',
      10: 'P_CONTROL_HARD_RESET_CLIENT_V3',
      11: 'P_CONTROL_WKC_V1',
    }),
  }),
  keyId: uint8('openvpn.keyid', 'Key ID', { mask: 0x07 }),
  peer: uint24('openvpn.peerid', 'Peer ID'),
  session: uint64('openvpn.sessionid', 'Session ID'),
  hmac: bytes('openvpn.hmac', 'HMAC'),
  replay: uint32('openvpn.pid', 'Replay-Packet-ID'),
  netTime: abstime('openvpn.net_time', 'Net Time'),
  remote: uint64('openvpn.rsessionid', 'Remote Session ID'),
  number: uint32('openvpn.mpid', 'Message Packet-ID'),
  ackCount: uint8('openvpn.mpidarraylength', 'Message Packet-ID Array Length'),
  ack: uint32('openvpn.mpidarrayelement', 'Message Packet-ID Array Element'),
  data: bytes('openvpn.data', 'Data'),
  piece: bytes('openvpn.fragment_bytes', 'Fragment bytes'),
  whole: uint32('openvpn.reassembled.length', 'Reassembled message length', { generated: true }),
};
const Opcode = { Control: 4, Ack: 5, Data: 6, Data2: 9 } as const;
const HMAC = 20;
/** A control message that goes on in the next one is of so many octets. */
const PIECE = 100;

/** Bounds: of what is put together in all, and as much of what is not whole yet; of one message, of connections with an unfinished one. */
const TOTAL = 16 * 1024 * 1024;
const MAX_MESSAGE = 64 * 1024;
const MAX_OPEN = 4096;
/** Messages of one row that are told apart. */
const MESSAGES = 256;

/** Pieces of TLS on their way. */
class Pieces {
  /** By connection and direction: octets so far, and the number of the last piece. */
  readonly #open = new Map<string, { bytes: Uint8Array; last: number }>();
  /** What is whole, by MESSAGES * row + number of the message in the row. */
  readonly #whole = new Map<number, Uint8Array>();
  #total = 0;
  #waiting = 0;

  /** Index depth: a piece, the last one or not. Gives the whole where there were others before it. */
  add(key: string, place: number, number: number, piece: Uint8Array, last: boolean): Uint8Array | null {
    const open = this.#open.get(key);
    // Sent again.
    if (open !== undefined && open.last === number) return null;
    const before = open?.bytes ?? new Uint8Array(0);
    if (last && open === undefined) return null;
    const bytes = new Uint8Array(before.length + piece.length);
    bytes.set(before);
    bytes.set(piece, before.length);
    this.#open.delete(key);
    this.#waiting -= before.length;
    if (last) {
      if (place < 0 || this.#total + bytes.length > TOTAL) return null;
      this.#total += bytes.length;
      this.#whole.set(place, bytes);
      return bytes;
    }
    if (bytes.length > MAX_MESSAGE || this.#open.size >= MAX_OPEN || this.#waiting + bytes.length > TOTAL) return null;
    this.#waiting += bytes.length;
    this.#open.set(key, { bytes, last: number });
    return null;
  }

  whole(place: number): Uint8Array | undefined {
    return this.#whole.get(place);
  }
}
const pieces = defineState(() => new Pieces());
const placeOf = (row: number, ordinal: number): number => (ordinal < MESSAGES ? MESSAGES * row + ordinal : -1);

/** Where the parts of a packet lie; one object, used again. -1: not there. `whole`: the header is all there. */
const head = { opcode: 0, hmac: -1, acks: -1, count: 0, remote: -1, number: -1, body: 0, whole: true };

/**
 * Reads the header at `o` of the packet that ends at `end`. Nothing says whether packets are signed (tls-auth): octets where a signature would
 * begin that are mostly zero are none, since they count.
 */
function readHead(b: Uint8Array, o: number, end: number): void {
  head.opcode = o < end ? (b[o] as number) >> 3 : 0;
  head.hmac = head.acks = head.remote = head.number = -1;
  head.count = 0;
  let at = o + 1;
  if (head.opcode === Opcode.Data2) at += 3;
  else if (head.opcode !== Opcode.Data) {
    at += 8;
    if (at + 4 <= end && b[at] !== 0) {
      let zeros = 0;
      for (let k = at; k < at + 4; k++) if (b[k] === 0) zeros++;
      if (zeros <= 1) {
        head.hmac = at;
        at += HMAC;
        if (end - at >= 8) at += 8;
      }
    }
    if (at < end) {
      head.acks = at + 1;
      head.count = b[at] as number;
      at += 1 + 4 * head.count;
      if (head.count > 0 && end - at >= 8) {
        head.remote = at;
        at += 8;
      }
    }
    if (head.opcode !== Opcode.Ack && end - at >= 4) {
      head.number = at;
      at += 4;
    }
  }
  head.whole = at <= end;
  head.body = Math.min(at, end);
}

/** Index depth: the packet at bytes[o, end). */
function indexPacket(w: IndexWalk, side: string, stream: number, ordinal: number, b: Uint8Array, o: number, end: number): void {
  readHead(b, o, end);
  const { body } = head;
  if (head.opcode !== Opcode.Control || body >= end) return;
  const last = end - body !== PIECE;
  const key = `${side} ${be32(b, o + 5)}`;
  const number = head.number < 0 ? -1 : be32(b, head.number);
  const whole = w.capture.state(pieces).add(key, placeOf(w.row, ordinal), number, b.slice(body, end), last);
  if (!last) return;
  const [bytes, from, stop] = whole === null ? [b, body, end] : [whole, 0, whole.length];
  if (isText(bytes, from, stop)) w.push(data);
  else indexTlsAlone(w, bytes, from, stop, stream);
}

function readPacket(layer: Layer, b: Buf, ordinal: number): string {
  const { d } = layer;
  const o = b.offset;
  readHead(b.bytes, o, b.end);
  const { opcode, hmac, acks, count, remote, number, body } = head;
  const type = layer.uintNode(f.type, o);
  type.uint(f.opcode, o);
  type.uint(f.keyId, o);
  const words = `MessageType: ${nameOf(f.opcode, opcode) ?? 'Unknown Messagetype'}`;
  if (opcode === Opcode.Data2) layer.uint(f.peer, o + 1);
  else if (opcode !== Opcode.Data) {
    layer.uint64(f.session, o + 1);
    if (hmac >= 0) {
      layer.bytes(f.hmac, hmac, HMAC);
      if (b.end - hmac - HMAC >= 8) {
        layer.uint(f.replay, hmac + HMAC);
        layer.add(f.netTime, hmac + HMAC + 4, 4, { sec: b.u32(hmac + HMAC + 4), nsec: 0 });
      }
    }
    if (acks >= 0) {
      layer.uint(f.ackCount, acks - 1);
      const list = count === 0 ? null : layer.text(acks, 4 * count, 'Packet-ID Array');
      for (let k = 0; k < count && layer.ok; k++) list?.uint(f.ack, acks + 4 * k);
      if (remote >= 0) layer.uint64(f.remote, remote);
    }
    if (number >= 0) layer.uint(f.number, number);
  }
  if (body >= b.end || !layer.ok) return words;
  const length = b.end - body;
  if (opcode !== Opcode.Control) {
    layer.text(body, length, `Data (${length} bytes)`).bytes(f.data, body, length);
    return words;
  }
  const whole = d.capture.state(pieces).whole(placeOf(d.row, ordinal));
  if (length === PIECE || whole !== undefined) layer.text(body, length, `Message fragment (${length} bytes)`).bytes(f.piece, body, length);
  if (length === PIECE) return words;
  if (whole !== undefined) layer.add(f.whole, body, 0, whole.length);
  inside(d, whole === undefined ? b.from(body) : d.newBuf('Reassembled OpenVPN', whole));
  return words;
}

function inside(d: Dissection, b: Buf): void {
  if (isText(b.bytes, b.offset, b.end)) callData(d, b);
  else d.call(tls, b);
}

/** Control messages of a packet that earlier calls have read: they are counted over the row. */
const packetsRead = new WeakMap<Dissection, number>();
const nextOrdinal = (d: Dissection): number => {
  const ordinal = packetsRead.get(d) ?? 0;
  packetsRead.set(d, ordinal + 1);
  return ordinal;
};

const lengths = lengthFramer(2, (h) => 2 + be16(h, 0));
const framer: Framer = {
  feed(side, b, offset, end) {
    const next = lengths.feed(side, b, offset, end);
    side.keep = side.need > 0;
    return next;
  },
  content(side, w, b, offset, end) {
    // Packets of a row are counted over its calls, in the register of the side.
    if (side.a !== w.row) {
      side.a = w.row;
      side.b = 0;
    }
    for (let at = offset; at + 2 <= end; ) {
      const next = at + 2 + be16(b, at);
      const way = `tcp ${side.stream} ${side.fromClient}`;
      indexPacket(w, way, side.stream, side.b++, b, at + 2, Math.min(next, end));
      // Full depth, too, reads no further than a header that says more than there is.
      if (!head.whole) return;
      at = next;
    }
  },
};

const about = { name: 'openvpn', short: 'OpenVPN', title: 'OpenVPN Protocol' } as const;

export const openvpn = app({
  ...about,
  fields: Object.values(f),
  framer,
  read(layer, b) {
    let info = '';
    for (let at = b.offset; at + 2 <= b.end && layer.ok; ) {
      const next = at + 2 + b.u16(at);
      layer.add(f.plen, at, 2, next - at - 2);
      const words = readPacket(layer, b.from(at + 2, next), nextOrdinal(layer.d));
      if (info === '') info = words;
      at = next;
    }
    return info;
  },
});

export const openvpnUdp = app({
  ...about,
  fields: [],
  index(w) {
    if (w.quoted || w.stream === UNSET) return;
    const way = `udp ${w.stream} ${(w.flags & RowFlag.FromClient) !== 0}`;
    indexPacket(w, way, -1, 0, w.bytes, w.offset, w.end);
  },
  read: (layer, b, d) => readPacket(layer, b, nextOrdinal(d)),
});
