/** Properties and reason codes of MQTT 5 (OASIS, sections 2.2.2 and 2.4), and which connections speak it. */
import { defineState } from '../dissect/capture-index.ts';
import type { Layer } from '../dissect/dissection.ts';
import { bool, type FieldDef, names, none, string, uint8, uint32, uint64 } from '../dissect/field.ts';

/** Connections that are remembered. */
const MAX_STREAMS = 65_536;

/** The version that a stream's CONNECT asked for, by number (3 is 3.1, 4 is 3.1.1): only that packet says so. */
class MqttVersions {
  readonly #versions = new Map<number, number>();

  /** 0 where it is not known. */
  of(stream: number): number {
    return this.#versions.get(stream) ?? 0;
  }

  note(stream: number, version: number): void {
    if (this.#versions.size < MAX_STREAMS) this.#versions.set(stream, version);
  }
}

export const mqttVersions = defineState(() => new MqttVersions());

/** The number of at most four groups of 7 bits from `at` on: its value times 8 plus its octets; -1 if it goes on past `end`, -2 if it is longer. */
export function variable(b: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    if (at + i >= end) return -1;
    const octet = b[at + i] as number;
    value += (octet & 0x7f) * 128 ** i;
    if (octet < 0x80) return value * 8 + i + 1;
  }
  return -2;
}

const reasons = names({
  0: 'Success',
  1: 'Granted QoS 1',
  2: 'Granted QoS 2',
  4: 'Disconnect with Will Message',
  16: 'No matching subscribers',
  17: 'No subscription existed',
  24: 'Continue authentication',
  25: 'Re-authenticate',
  128: 'Unspecified error',
  129: 'Malformed Packet',
  130: 'Protocol Error',
  131: 'Implementation specific error',
  132: 'Unsupported Protocol Version',
  133: 'Client Identifier not valid',
  134: 'Bad User Name or Password',
  135: 'Not authorized',
  136: 'Server unavailable',
  137: 'Server busy',
  138: 'Banned',
  139: 'Server shutting down',
  140: 'Bad authentication method',
  141: 'Keep Alive timeout',
  142: 'Session taken over',
  143: 'Topic Filter invalid',
  144: 'Topic Name invalid',
  145: 'Packet Identifier in use',
  146: 'Packet Identifier not found',
  147: 'Receive Maximum exceeded',
  148: 'Topic Alias invalid',
  149: 'Packet too large',
  150: 'Message rate too high',
  151: 'Quota exceeded',
  152: 'Administrative action',
  153: 'Payload format invalid',
  154: 'Retain not supported',
  155: 'QoS not supported',
  156: 'Use another server',
  157: 'Server moved',
  158: 'Shared Subscriptions not supported',
  159: 'Connection rate exceeded',
  160: 'Maximum connect time',
  161: 'Subscription Identifiers not supported',
  162: 'Wildcard Subscriptions not supported',
});
const reason = (name: string): FieldDef => uint8(`mqtt.${name}.reason_code`, 'Reason Code', { names: reasons });
/** The reason code of each type of packet that has one. */
export const reasonOf: ReadonlyMap<number, FieldDef> = new Map([
  [2, reason('connack')],
  [4, reason('puback')],
  [5, reason('pubrec')],
  [6, reason('pubrel')],
  [7, reason('pubcomp')],
  [9, reason('suback')],
  [11, reason('unsuback')],
  [14, reason('disconnect')],
  [15, reason('auth')],
]);

const f = {
  properties: none('mqtt.properties', 'Properties'),
  willProperties: none('mqtt.will_properties', 'Will Properties'),
  length: uint64('mqtt.property_len', 'Total Length'),
  id: uint8('mqtt.property_id', 'ID', {
    base: 'hex',
    names: names({
      1: 'Payload Format Indicator',
      2: 'Publication Expiry Interval',
      3: 'Content Type',
      8: 'Response Topic',
      9: 'Correlation Data',
      11: 'Subscription Identifier',
      17: 'Session Expiry Interval',
      18: 'Assigned Client Identifier',
      19: 'Server Keep Alive',
      21: 'Authentication Method',
      22: 'Authentication Data',
      23: 'Request Problem Information',
      24: 'Will Delay Interval',
      25: 'Request Response Information',
      26: 'Response Information',
      28: 'Server Reference',
      31: 'Reason String',
      33: 'Receive Maximum',
      34: 'Topic Alias Maximum',
      35: 'Topic Alias',
      36: 'Maximum QoS',
      37: 'Retain Available',
      38: 'User Property',
      39: 'Maximum Packet Size',
      40: 'Wildcard Subscription Available',
      41: 'Subscription Identifier Available',
      42: 'Shared Subscription Available',
    }),
  }),
  number: uint32('mqtt.prop_number', 'Value'),
  textLength: uint32('mqtt.prop_string_len', 'Length'),
  text: string('mqtt.prop_string', 'Value'),
  keyLength: uint32('mqtt.prop_key_len', 'Key Length'),
  key: string('mqtt.prop_key', 'Key'),
  valueLength: uint32('mqtt.prop_value_len', 'Value Length'),
  value: string('mqtt.prop_value', 'Value'),
} as const;

export const qosLevels = names({
  0: 'At most once delivery (Fire and Forget)',
  1: 'At least once delivery (Acknowledged deliver)',
  2: 'Exactly once delivery (Assured Delivery)',
  3: 'Reserved',
});

export const options = {
  all: uint8('mqtt.subscription_options', 'Subscription Options', { base: 'hex' }),
  qos: uint8('mqtt.subscription_options_qos', 'QoS', {
    names: qosLevels,
    mask: 0x3,
  }),
  noLocal: bool('mqtt.subscription_options_nl', 'No Local', { mask: 0x4 }),
  asPublished: bool('mqtt.subscription_options_rap', 'Retain As Published', { mask: 0x8 }),
  retain: uint8('mqtt.subscription_options_retain', 'Retain Handling', {
    names: names({
      0: 'Send msgs at subscription time',
      1: 'Send msgs if subscription does not exist',
      2: 'Do not send msgs at subscription time',
      3: 'Reserved',
    }),
    mask: 0x30,
  }),
  reserved: uint8('mqtt.subscription_options_reserved', 'Reserved', { base: 'hex', mask: 0xc0 }),
} as const;

export const propertyFields: readonly FieldDef[] = [...Object.values(f), ...Object.values(options), ...reasonOf.values()];

/** Octets of the numbers, by property. */
const SIZES: ReadonlyMap<number, number> = new Map([
  ...[1, 23, 25, 36, 37, 40, 41, 42].map((id) => [id, 1] as const),
  ...[19, 33, 34, 35].map((id) => [id, 2] as const),
  ...[2, 17, 24, 39].map((id) => [id, 4] as const),
]);
const TEXTS: ReadonlySet<number> = new Set([3, 8, 9, 18, 21, 22, 26, 28, 31]);
const SUBSCRIPTION = 11;
const USER = 38;
const MAX_PROPERTIES = 1000;

/** Adds the properties that begin at `at`, of a packet that ends at `end`; returns where they end. Marks the layer if they do not fit. */
export function properties(layer: Layer, at: number, end: number, will = false): number {
  if (!layer.ok) return end;
  const b = layer.buf;
  const coded = variable(b.bytes, at, end);
  if (coded < 0) {
    layer.fail('malformed');
    return end;
  }
  const width = coded % 8;
  const length = Math.floor(coded / 8);
  const stop = at + width + length;
  if (stop > end) {
    layer.fail(stop > b.wireEnd ? 'malformed' : 'short');
    return end;
  }
  const tree = layer.add(will ? f.willProperties : f.properties, at, width + length, null);
  tree.add(f.length, at, width, length);
  let o = at + width;
  const counted = (lengthField: FieldDef, field: FieldDef): void => {
    const size = o + 2 <= stop ? b.u16(o) : stop;
    if (o + 2 + size > stop) {
      layer.fail('malformed');
      return;
    }
    tree.uint(lengthField, o, 2);
    tree.string(field, o + 2, size);
    o += 2 + size;
  };
  for (let n = 0; layer.ok && o < stop && n < MAX_PROPERTIES; n++) {
    const id = tree.uint(f.id, o++);
    const size = SIZES.get(id);
    if (size !== undefined && o + size <= stop) {
      tree.uint(f.number, o, size);
      o += size;
    } else if (TEXTS.has(id)) counted(f.textLength, f.text);
    else if (id === USER) {
      counted(f.keyLength, f.key);
      if (layer.ok) counted(f.valueLength, f.value);
    } else {
      const number = id === SUBSCRIPTION ? variable(b.bytes, o, stop) : -1;
      if (number < 0) layer.fail('malformed');
      else {
        tree.add(f.number, o, number % 8, Math.floor(number / 8));
        o += number % 8;
      }
    }
  }
  return stop;
}
