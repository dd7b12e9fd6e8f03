/** AMQP 0-9-1: frames with methods, content headers and bodies, and the frames of AMQP 1.0 and 0-10 by their headers. */
import { type CaptureIndex, defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, nameOf, names, none, string, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import type { StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { app, be16, be32, begins, bounded, each, lengthFramer } from './app-kit.ts';
import { json } from './json.ts';
import { put } from './record-kit.ts';

const PROTOCOL_HEADER = 8;
const HEADER = 7;
/** Type, channel, length and the octet 0xCE at the end. */
const FRAME = HEADER + 1;
const METHOD = 1;
const CONTENT_HEADER = 2;
const BODY = 3;
const HAS_CONTENT_TYPE = 0x80;
const MAX_CHANNELS = 4096;
const MAX_KEPT = 1 << 16;
const classes = names({
  10: 'Connection',
  20: 'Channel',
  30: 'Access',
  40: 'Exchange',
  50: 'Queue',
  60: 'Basic',
  70: 'File',
  80: 'Stream',
  90: 'Tx',
  100: 'Dtx',
  110: 'Tunnel',
  85: 'Confirm',
});

const f = {
  protocol: string('amqp.init.protocol', 'Protocol'),
  idMajor: uint8('amqp.init.id_major', 'Protocol ID Major'),
  idMinor: uint8('amqp.init.id_minor', 'Protocol ID Minor'),
  major: uint8('amqp.init.version_major', 'Version Major'),
  minor: uint8('amqp.init.version_minor', 'Version Minor'),
  type: uint8('amqp.type', 'Type', {
    names: names({
      1: 'Method',
      2: 'Content header',
      3: 'Content body',
      4: 'OOB Method',
      5: 'OOB Content header',
      6: 'OOB Content body',
      7: 'Trace',
      8: 'Heartbeat',
    }),
  }),
  channel: uint16('amqp.channel', 'Channel'),
  length: uint32('amqp.length', 'Length'),
  class: uint16('amqp.method.class', 'Class', {
    names: classes,
  }),
  method: uint16('amqp.method.method', 'Method'),
  arguments: none('amqp.method.arguments', 'Arguments'),
  headerClass: uint16('amqp.header.class', 'Class ID', {
    names: classes,
  }),
  weight: uint16('amqp.header.weight', 'Weight'),
  size: uint64('amqp.header.body-size', 'Body size'),
  flags: uint16('amqp.header.property-flags', 'Property flags', { base: 'hex' }),
  contentType: string('amqp.method.properties.content_type', 'Content-Type'),
  payload: bytes('amqp.payload', 'Payload'),
};
/** Methods by class (AMQP 0-9-1, chapter 1), as `number name`. */
const METHODS: Readonly<Record<number, string>> = {
  10: '10 Start,11 Start-Ok,20 Secure,21 Secure-Ok,30 Tune,31 Tune-Ok,40 Open,41 Open-Ok,50 Close,51 Close-Ok,60 Blocked,61 Unblocked',
  20: '10 Open,11 Open-Ok,20 Flow,21 Flow-Ok,40 Close,41 Close-Ok',
  40: '10 Declare,11 Declare-Ok,20 Delete,21 Delete-Ok,30 Bind,31 Bind-Ok,40 Unbind,51 Unbind-Ok',
  50: '10 Declare,11 Declare-Ok,20 Bind,21 Bind-Ok,30 Purge,31 Purge-Ok,40 Delete,41 Delete-Ok,50 Unbind,51 Unbind-Ok',
  60: '10 Qos,11 Qos-Ok,20 Consume,21 Consume-Ok,30 Cancel,31 Cancel-Ok,40 Publish,50 Return,60 Deliver,70 Get,71 Get-Ok,72 Get-Empty,80 Ack,90 Reject,100 Recover-Async,110 Recover,111 Recover-Ok,120 Nack',
  85: '10 Select,11 Select-Ok',
  90: '10 Select,11 Select-Ok,20 Commit,21 Commit-Ok,30 Rollback,31 Rollback-Ok',
};
const methodNames = new Map(
  Object.entries(METHODS).flatMap(([kind, list]) =>
    list.split(',').map((each): [number, string] => {
      const [code = '', name = ''] = each.split(' ');
      return [Number(kind) * 65536 + Number(code), name];
    }),
  ),
);

/** Bodies of one row that are told apart; bodies that are known to be JSON. */
const MAX_BODIES = 4096;
const MAX_JSON = 1_000_000;
/** Bodies that are JSON: by MAX_BODIES * row + number among the bodies that end in the row. */
const jsonBodies = defineState((_: CaptureIndex) => new Set<number>());
/** Bodies that a full dissection has come by. */
const met = new WeakMap<Dissection, number>();

/** Length of the frame in 0-9-1 form or of a protocol header; else as 1.0 has it, whose frames begin with their size. */
function lengthOf(h: Uint8Array): number {
  if (begins(h, 0, 4, 'AMQP')) return PROTOCOL_HEADER;
  if ((h[0] as number) >= METHOD && (h[0] as number) <= 8) return bounded(FRAME + be32(h, 3));
  return bounded(be32(h, 0));
}

/** The content type in the header frame at `at` is JSON. */
function isJson(b: Uint8Array, at: number, end: number): boolean {
  if (at + 22 > end || ((b[at + 19] as number) & HAS_CONTENT_TYPE) === 0) return false;
  return begins(b, at + 22, end, 'application/json');
}

const whole = lengthFramer(HEADER, lengthOf);
const framer = {
  feed(side: StreamSide, bytes: Uint8Array, offset: number, end: number): number {
    const next = whole.feed(side, bytes, offset, end);
    // Headers and bodies in several segments are looked at too.
    if (side.need > 0 && side.need < MAX_KEPT) side.keep = true;
    return next;
  },
  content(side: StreamSide, w: IndexWalk, bytes: Uint8Array, offset: number, end: number): void {
    side.own ??= new Map<number, boolean>();
    const kinds = side.own as Map<number, boolean>;
    // Bodies of a row are counted over its calls, in the register of the side.
    if (side.a !== w.row) {
      side.a = w.row;
      side.b = 0;
    }
    for (let at = offset; at + HEADER <= end; ) {
      const length = lengthOf(bytes.subarray(at, at + PROTOCOL_HEADER));
      const channel = be16(bytes, at + 1);
      if (bytes[at] === CONTENT_HEADER && kinds.size < MAX_CHANNELS) kinds.set(channel, isJson(bytes, at, end));
      else if (bytes[at] === BODY) {
        const nth = side.b++;
        const known = w.capture.state(jsonBodies);
        if (kinds.get(channel) === true && nth < MAX_BODIES && known.size < MAX_JSON) {
          known.add(MAX_BODIES * w.row + nth);
          w.push(json);
        }
      }
      if (length < HEADER) return;
      at += length;
    }
  },
};

function frame(layer: Layer, b: Buf, d: Dissection, at: number, end: number): string {
  const type = put(layer, f.type, at);
  put(layer, f.channel, at + 1);
  put(layer, f.length, at + 3);
  const from = at + HEADER;
  const stop = end - 1;
  // A length that lies must not end the layer: what follows is looked at by the index as well.
  if (type === METHOD) {
    if (stop < from + 4) return '';
    const kind = put(layer, f.class, from);
    const code = b.u16(from + 2);
    const name = methodNames.get(kind * 65536 + code) ?? 'Unknown';
    layer.uint(f.method, from + 2, 2, { display: `${name} (${code})` });
    if (stop > from + 4) put(layer, f.arguments, from + 4, stop - from - 4);
    return `${nameOf(f.class, kind) ?? kind}.${name}`;
  }
  if (type === CONTENT_HEADER) {
    if (stop < from + 14) return '';
    put(layer, f.headerClass, from);
    put(layer, f.weight, from + 2);
    put(layer, f.size, from + 4);
    put(layer, f.flags, from + 12);
    if ((b.u8(from + 12) & HAS_CONTENT_TYPE) !== 0 && from + 15 + b.u8(from + 14) <= stop)
      put(layer, f.contentType, from + 15, b.u8(from + 14));
    return 'Content-Header';
  }
  if (type !== BODY) return nameOf(f.type, type) ?? '';
  if (stop > from) put(layer, f.payload, from, stop - from);
  const nth = met.get(d) ?? 0;
  met.set(d, nth + 1);
  if (nth < MAX_BODIES && d.capture.state(jsonBodies).has(MAX_BODIES * d.row + nth)) d.call(json, b.from(from, stop));
  return 'Content-Body';
}

export const amqp = app({
  name: 'amqp',
  short: 'AMQP',
  title: 'Advanced Message Queuing Protocol',
  fields: Object.values(f),
  framer,
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      const length = lengthOf(b.bytes.subarray(at, Math.min(b.end, at + PROTOCOL_HEADER)));
      const end = length < HEADER ? b.end : Math.min(b.end, at + length);
      if (begins(b.bytes, at, b.end, 'AMQP')) {
        put(layer, f.protocol, at, 4);
        for (const [i, field] of [f.idMajor, f.idMinor, f.major, f.minor].entries()) put(layer, field, at + 4 + i);
        info.push('Protocol-Header');
      } else if (b.u8(at) >= METHOD && b.u8(at) <= 8 && layer.has(at, HEADER)) info.push(frame(layer, b, d, at, end));
      else info.push('Frame');
      return end;
    }),
});
