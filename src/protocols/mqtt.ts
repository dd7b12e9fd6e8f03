/** MQTT 3.1, 3.1.1 and 5.0 (OASIS, section 2 and 3): control packets. */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bool, bytes, expert, type FieldDef, nameOf, names, string, uint8, uint16, uint64 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT } from '../dissect/framer.ts';
import { app, each } from './app-kit.ts';
import { mqttVersions, options, properties, propertyFields, qosLevels, reasonOf, variable } from './mqtt-properties.ts';

const f = {
  flags: uint8('mqtt.hdrflags', 'Header Flags', { base: 'hex' }),
  type: uint8('mqtt.msgtype', 'Message Type', {
    mask: 0xf0,
    names: names({
      0: 'Reserved',
      1: 'Connect Command',
      2: 'Connect Ack',
      3: 'Publish Message',
      4: 'Publish Ack',
      5: 'Publish Received',
      6: 'Publish Release',
      7: 'Publish Complete',
      8: 'Subscribe Request',
      9: 'Subscribe Ack',
      10: 'Unsubscribe Request',
      11: 'Unsubscribe Ack',
      12: 'Ping Request',
      13: 'Ping Response',
      14: 'Disconnect Req',
      15: 'Authentication Exchange',
      16: 'Reserved',
    }),
  }),
  dup: bool('mqtt.dupflag', 'DUP Flag', { mask: 0x8 }),
  qos: uint8('mqtt.qos', 'QoS Level', {
    mask: 0x6,
    names: qosLevels,
  }),
  retain: bool('mqtt.retain', 'Retain', { mask: 0x1 }),
  retainReserved: uint8('mqtt.retain_reserved', 'Reserved', { mask: 0x1 }),
  reserved: uint8('mqtt.hdr_reserved', 'Reserved', { mask: 0xf }),
  length: uint64('mqtt.len', 'Msg Len'),
  protocolLength: uint16('mqtt.proto_len', 'Protocol Name Length'),
  protocol: string('mqtt.protoname', 'Protocol Name'),
  unknownVersion: expert('mqtt.unknown_version', 'note', 'Unknown version (missing the CONNECT packet?)'),
  version: uint8('mqtt.ver', 'Version', { names: names({ 3: 'MQTT v3.1', 4: 'MQTT v3.1.1', 5: 'MQTT v5.0' }) }),
  connectFlags: uint8('mqtt.conflags', 'Connect Flags', { base: 'hex' }),
  hasUser: bool('mqtt.conflag.uname', 'User Name Flag', { mask: 0x80 }),
  hasPassword: bool('mqtt.conflag.passwd', 'Password Flag', { mask: 0x40 }),
  willRetain: bool('mqtt.conflag.retain', 'Will Retain', { mask: 0x20 }),
  willQos: uint8('mqtt.conflag.qos', 'QoS Level', {
    mask: 0x18,
    names: qosLevels,
  }),
  hasWill: bool('mqtt.conflag.willflag', 'Will Flag', { mask: 0x4 }),
  clean: bool('mqtt.conflag.cleansess', 'Clean Session Flag', { mask: 0x2 }),
  connectReserved: bool('mqtt.conflag.reserved', '(Reserved)', { mask: 0x1 }),
  keepAlive: uint16('mqtt.kalive', 'Keep Alive'),
  clientLength: uint16('mqtt.clientid_len', 'Client ID Length'),
  client: string('mqtt.clientid', 'Client ID'),
  willTopicLength: uint16('mqtt.willtopic_len', 'Will Topic Length'),
  willTopic: string('mqtt.willtopic', 'Will Topic'),
  willMessageLength: uint16('mqtt.willmsg_len', 'Will Message Length'),
  willMessage: bytes('mqtt.willmsg', 'Will Message'),
  userLength: uint16('mqtt.username_len', 'User Name Length'),
  user: string('mqtt.username', 'User Name'),
  passwordLength: uint16('mqtt.passwd_len', 'Password Length'),
  password: string('mqtt.passwd', 'Password'),
  ackFlags: uint8('mqtt.conack.flags', 'Acknowledge Flags', { base: 'hex' }),
  ackReserved: bool('mqtt.conack.flags.reserved', 'Reserved'),
  sessionPresent: bool('mqtt.conack.flags.sp', 'Session Present', { mask: 0x1 }),
  returnCode: uint8('mqtt.conack.val', 'Return Code', {
    names: names({
      0: 'Connection Accepted',
      1: 'Connection Refused: unacceptable protocol version',
      2: 'Connection Refused: identifier rejected',
      3: 'Connection Refused: server unavailable',
      4: 'Connection Refused: bad user name or password',
      5: 'Connection Refused: not authorized',
    }),
  }),
  topicLength: uint16('mqtt.topic_len', 'Topic Length'),
  topic: string('mqtt.topic', 'Topic'),
  id: uint16('mqtt.msgid', 'Message Identifier'),
  message: bytes('mqtt.msg', 'Message'),
  wantedQos: uint8('mqtt.sub.qos', 'Requested QoS', {
    names: qosLevels,
  }),
  grantedQos: uint8('mqtt.suback.qos', 'Granted QoS', {
    names: names({
      0: 'At most once delivery (Fire and Forget)',
      1: 'At least once delivery (Acknowledged deliver)',
      2: 'Exactly once delivery (Assured Delivery)',
      3: 'Reserved',
      128: 'Failure',
    }),
  }),
};
const Type = { Connect: 1, ConnectAck: 2, Publish: 3, Release: 6, Subscribe: 8, SubscribeAck: 9, Unsubscribe: 10 } as const;

const THREE = 3;
const FIVE = 5;
const head = new Uint8Array(5);
const framer: Framer = {
  feed(side, bytes, offset, end) {
    const carried = side.carryLength;
    const have = Math.min(5, carried + end - offset);
    for (let i = 0; i < have; i++) head[i] = (i < carried ? side.carry?.[i] : bytes[offset + i - carried]) as number;
    const coded = variable(head, 1, have);
    if (coded === -1) return NEED_MORE;
    if (coded === -2) return REJECT;
    const total = 1 + (coded % 8) + Math.floor(coded / 8);
    const all = carried + end - offset;
    if (total <= all) return Math.max(offset + 1, offset + total - carried);
    side.need = total - all;
    side.keep = (head[0] as number) >> 4 === Type.Connect;
    return NEED_MORE;
  },
  content(side, _w, b, offset, end) {
    // CONNECT is the first packet (section 3.1), its version behind the protocol's name.
    if ((b[offset] as number) >> 4 !== Type.Connect) return;
    const coded = variable(b, offset + 1, end);
    const at = offset + 1 + (coded % 8);
    if (coded < 0 || at + 2 > end) return;
    const version = at + 2 + (((b[at] as number) << 8) | (b[at + 1] as number));
    if (version < end) side.capture.state(mqttVersions).note(side.stream, b[version] as number);
  },
};

/** Reads on through one control packet. */
class Packet {
  readonly layer: Layer;
  readonly b: Buf;
  at: number;
  readonly end: number;
  version: number;

  constructor(layer: Layer, b: Buf, at: number, end: number, version: number) {
    this.version = version;
    this.layer = layer;
    this.b = b;
    this.at = at;
    this.end = end;
  }
  get five(): boolean {
    return this.version === FIVE;
  }

  counted(length: FieldDef, field: FieldDef): string {
    const { layer } = this;
    const size = layer.uint(length, this.at);
    this.at += 2;
    const from = this.at;
    this.at += size;
    if (field.type === 'bytes') {
      layer.bytes(field, from, size);
      return '';
    }
    return layer.string(field, from, size);
  }
  uint(field: FieldDef): number {
    const value = this.layer.uint(field, this.at);
    this.at += field.type === 'uint16' ? 2 : 1;
    return value;
  }

  /** Those of version 5: none in others. */
  properties(will = false): void {
    if (this.five) this.at = properties(this.layer, this.at, this.end, will);
  }

  /** Reason code and properties, which a packet of version 5 leaves out at its end where they say nothing. */
  reason(type: number): void {
    const field = reasonOf.get(type);
    if (!this.five || field === undefined) return;
    if (this.at < this.end) this.uint(field);
    if (this.at < this.end) this.properties();
  }

  connect(): string {
    const { layer, b } = this;
    this.counted(f.protocolLength, f.protocol);
    this.version = this.uint(f.version);
    const bits = b.u8(this.at);
    const node = layer.uintNode(f.connectFlags, this.at);
    for (const flag of [f.hasUser, f.hasPassword, f.willRetain, f.willQos, f.hasWill, f.clean, f.connectReserved])
      node.uint(flag, this.at, 1);
    this.at++;
    this.uint(f.keepAlive);
    this.properties();
    this.counted(f.clientLength, f.client);
    if ((bits & 0x04) !== 0) {
      this.properties(true);
      this.counted(f.willTopicLength, f.willTopic);
      this.counted(f.willMessageLength, f.willMessage);
    }
    if ((bits & 0x80) !== 0) this.counted(f.userLength, f.user);
    if ((bits & 0x40) !== 0) this.counted(f.passwordLength, f.password);
    return '';
  }

  options(): void {
    const node = this.layer.uintNode(options.all, this.at);
    for (const part of [options.qos, options.noLocal, options.asPublished, options.retain, options.reserved]) node.uint(part, this.at, 1);
    this.at++;
  }

  read(type: number, qos: number): string {
    const { layer } = this;
    switch (type) {
      case Type.Connect:
        return this.connect();
      case Type.ConnectAck: {
        if (this.version === THREE) layer.uint(f.ackReserved, this.at, 1);
        else {
          const node = layer.uintNode(f.ackFlags, this.at);
          node.uint(f.ackReserved, this.at, 1);
          node.uint(f.sessionPresent, this.at, 1);
        }
        this.at++;
        if (this.five) this.reason(type);
        else this.uint(f.returnCode);
        return '';
      }
      case Type.Publish: {
        const topic = this.counted(f.topicLength, f.topic);
        if (qos > 0) this.uint(f.id);
        this.properties();
        // None at all is a message too: it takes a retained one back (MQTT 3.1.1, section 3.3.1.3).
        if (layer.ok && this.at <= this.end) layer.bytes(f.message, this.at, this.end - this.at);
        return ` [${topic}]`;
      }
      case Type.Subscribe: {
        const id = this.uint(f.id);
        this.properties();
        const topics: string[] = [];
        while (layer.ok && this.at < this.end && topics.length < 100) {
          topics.push(`[${this.counted(f.topicLength, f.topic)}]`);
          if (this.five) this.options();
          else this.uint(f.wantedQos);
        }
        return ` (id=${id}) ${topics.slice(0, 10).join(', ')}`;
      }
      case Type.SubscribeAck: {
        const id = this.uint(f.id);
        this.properties();
        const granted = (this.five ? reasonOf.get(type) : undefined) ?? f.grantedQos;
        for (let n = 0; layer.ok && this.at < this.end && n < 100; n++) this.uint(granted);
        return ` (id=${id})`;
      }
      case Type.Unsubscribe: {
        const id = this.uint(f.id);
        this.properties();
        for (let n = 0; layer.ok && this.at < this.end && n < 100; n++) this.counted(f.topicLength, f.topic);
        return ` (id=${id})`;
      }
      case 4:
      case 5:
      case 6:
      case 7: {
        const id = this.uint(f.id);
        this.reason(type);
        return ` (id=${id})`;
      }
      case 11: {
        const id = this.uint(f.id);
        this.properties();
        const code = this.five ? reasonOf.get(type) : undefined;
        for (let n = 0; code !== undefined && layer.ok && this.at < this.end && n < 100; n++) this.uint(code);
        return ` (id=${id})`;
      }
      default:
        this.reason(type);
        return '';
    }
  }
}

export const mqtt = app({
  name: 'mqtt',
  short: 'MQTT',
  title: 'MQ Telemetry Transport Protocol',
  fields: [...Object.values(f), ...propertyFields],
  framer,
  read: (layer, b, d) => {
    let version = d.transport?.kind === 'tcp' ? d.capture.state(mqttVersions).of(d.transport.stream) : 0;
    return each(layer, b, (at, info) => {
      const bits = b.u8(at);
      const type = bits >> 4;
      const flags = layer.uintNode(f.flags, at);
      flags.uint(f.type, at);
      if (version === 0 && type !== Type.Connect) layer.expert(f.unknownVersion);
      // Of version 3.1 (section 2.1), requests that are acknowledged say how as well; later ones have reserved bits there.
      const says = version === THREE && (type === Type.Release || type === Type.Subscribe || type === Type.Unsubscribe);
      if (type === Type.Publish) for (const flag of [f.dup, f.qos, f.retain]) flags.uint(flag, at, 1);
      else if (says) for (const flag of [f.dup, f.qos, f.retainReserved]) flags.uint(flag, at, 1);
      else flags.uint(f.reserved, at, 1);
      const coded = variable(b.bytes, at + 1, b.end);
      if (coded < 0) {
        layer.fail('malformed');
        return b.end;
      }
      const width = coded % 8;
      const length = Math.floor(coded / 8);
      layer.add(f.length, at + 1, width, length);
      const end = Math.min(b.end, at + 1 + width + length);
      const words = nameOf(f.type, type) ?? 'Reserved';
      const packet = new Packet(layer, b, at + 1 + width, end, version);
      info.push(length === 0 ? words : words + packet.read(type, (bits >> 1) & 3));
      version = packet.version;
      return at + 1 + width + length;
    });
  },
});
