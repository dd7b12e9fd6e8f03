/** SDP (RFC 8866): lines of one letter, an equals sign and a value; of the session, then of each medium. */
import type { Node } from '../dissect/dissection.ts';
import { type FieldDef, string, uint16 } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { payloadTypes } from './rtp.ts';
import { find, lineAt, wordAt } from './text-lines.ts';

const f = {
  version: string('sdp.version', 'Session Description Protocol Version (v)'),
  owner: string('sdp.owner', 'Owner/Creator, Session Id (o)'),
  name: string('sdp.session_name', 'Session Name (s)'),
  info: string('sdp.session_info', 'Session Information (i)'),
  uri: string('sdp.uri', 'URI of Description (u)'),
  email: string('sdp.email', 'E-mail Address (e)'),
  phone: string('sdp.phone', 'Phone Number (p)'),
  connection: string('sdp.connection_info', 'Connection Information (c)'),
  bandwidth: string('sdp.bandwidth', 'Bandwidth Information (b)'),
  zone: string('sdp.timezone', 'Time Zone Adjustments (z)'),
  key: string('sdp.encryption_key', 'Encryption Key (k)'),
  sessionAttribute: string('sdp.session_attr', 'Session Attribute (a)'),
  mediaAttribute: string('sdp.media_attr', 'Media Attribute (a)'),
  time: string('sdp.time', 'Time Description, active time (t)'),
  repeat: string('sdp.repeat_time', 'Repeat Time (r)'),
  media: string('sdp.media', 'Media Description, name and address (m)'),
  mediaTitle: string('sdp.media_title', 'Media Title (i)'),
  unknown: string('sdp.unknown', 'Unknown'),
  invalid: string('sdp.invalid', 'Invalid line'),
  ownerUser: string('sdp.owner.username', 'Owner Username'),
  ownerSession: string('sdp.owner.sessionid', 'Session ID'),
  ownerVersion: string('sdp.owner.version', 'Session Version'),
  ownerNetwork: string('sdp.owner.network_type', 'Owner Network Type'),
  ownerType: string('sdp.owner.address_type', 'Owner Address Type'),
  ownerAddress: string('sdp.owner.address', 'Owner Address'),
  connectionNetwork: string('sdp.connection_info.network_type', 'Connection Network Type'),
  connectionType: string('sdp.connection_info.address_type', 'Connection Address Type'),
  connectionAddress: string('sdp.connection_info.address', 'Connection Address'),
  connectionTtl: string('sdp.connection_info.ttl', 'Connection TTL'),
  bandwidthModifier: string('sdp.bandwidth.modifier', 'Bandwidth Modifier'),
  bandwidthValue: string('sdp.bandwidth.value', 'Bandwidth Value'),
  timeStart: string('sdp.time.start', 'Session Start Time'),
  timeStop: string('sdp.time.stop', 'Session Stop Time'),
  sessionField: string('sdp.session_attr.field', 'Session Attribute Fieldname'),
  sessionValue: string('sdp.session_attr.value', 'Session Attribute Value'),
  mediaType: string('sdp.media.media', 'Media Type'),
  mediaPort: uint16('sdp.media.port', 'Media Port'),
  mediaPortText: string('sdp.media.port_string', 'Media Port'),
  mediaPorts: string('sdp.media.portcount', 'Media Port Count'),
  mediaProto: string('sdp.media.proto', 'Media Protocol'),
  mediaFormat: string('sdp.media.format', 'Media Format'),
  attributeField: string('sdp.media_attribute.field', 'Media Attribute Fieldname'),
  attributeValue: string('sdp.media_attribute.value', 'Media Attribute Value'),
  mime: string('sdp.mime.type', 'MIME Type'),
  parameter: string('sdp.fmtp.parameter', 'Media format specific parameters'),
  sampleRate: string('sdp.sample_rate', 'Sample Rate'),
};

const MAX_LINES = 5000;

/** Words separated by blanks, one per field; the last takes the rest. */
function words(node: Node, fields: readonly FieldDef[], from: number, stop: number): void {
  let at = from;
  for (const field of fields) {
    if (at >= stop) return;
    const word = wordAt(node.buf, at, stop);
    node.string(field, at, word.stop - at);
    at = word.next;
  }
}

function connection(node: Node, from: number, stop: number): void {
  const b = node.buf;
  const network = wordAt(b, from, stop);
  node.string(f.connectionNetwork, from, network.stop - from);
  const type = wordAt(b, network.next, stop);
  if (type.stop === network.next) return;
  node.string(f.connectionType, network.next, type.stop - network.next);
  if (type.next >= stop) return;
  const slash = find(b, 0x2f, type.next, stop);
  const end = slash < 0 ? stop : slash;
  node.string(f.connectionAddress, type.next, end - type.next);
  if (slash >= 0 && slash + 1 < stop) node.string(f.connectionTtl, slash + 1, stop - slash - 1);
}

function media(node: Node, from: number, stop: number): string {
  const b = node.buf;
  const type = wordAt(b, from, stop);
  node.string(f.mediaType, from, type.stop - from);
  const port = wordAt(b, type.next, stop);
  const slash = find(b, 0x2f, type.next, port.stop);
  const portEnd = slash < 0 ? port.stop : slash;
  const digits = b.text(type.next, portEnd - type.next);
  if (/^[0-9]{1,5}$/.test(digits) && Number(digits) < 65536) node.add(f.mediaPort, type.next, portEnd - type.next, Number(digits));
  if (digits !== '') node.string(f.mediaPortText, type.next, portEnd - type.next);
  if (slash >= 0 && slash + 1 < port.stop) node.string(f.mediaPorts, slash + 1, port.stop - slash - 1);
  const proto = wordAt(b, port.next, stop);
  const protoText = b.text(port.next, proto.stop - port.next);
  if (protoText !== '') node.string(f.mediaProto, port.next, proto.stop - port.next);
  const rtp = protoText.startsWith('RTP/');
  for (let at = proto.next; at < stop; ) {
    const format = wordAt(b, at, stop);
    const text = b.text(at, format.stop - at);
    const name = rtp ? ((/^[0-9]{1,3}$/.test(text) ? payloadTypes.get(Number(text)) : undefined) ?? text) : text;
    node.add(f.mediaFormat, at, format.stop - at, name);
    at = format.next;
  }
  return protoText;
}

function attribute(node: Node, inMedia: boolean, from: number, stop: number): void {
  const b = node.buf;
  const colon = find(b, 0x3a, from, stop);
  const end = colon < 0 ? stop : colon;
  // One without a value (`sendrecv`) has no parts.
  if (inMedia && colon < 0) return;
  node.string(inMedia ? f.attributeField : f.sessionField, from, end - from);
  if (colon < 0 || colon + 1 >= stop) return;
  const name = b.text(from, end - from);
  if (!inMedia) {
    node.string(f.sessionValue, colon + 1, stop - colon - 1);
    return;
  }
  if (name === 'rtpmap') {
    const format = wordAt(b, colon + 1, stop);
    node.string(f.mediaFormat, colon + 1, format.stop - colon - 1);
    if (format.next < stop) {
      const slash = find(b, 0x2f, format.next, stop);
      const type = slash < 0 ? stop : slash;
      node.string(f.mime, format.next, type - format.next);
      const channels = slash < 0 ? -1 : find(b, 0x2f, slash + 1, stop);
      const rateEnd = channels < 0 ? stop : channels;
      if (slash >= 0) node.string(f.sampleRate, slash + 1, rateEnd - slash - 1);
    }
    return;
  }
  if (name === 'fmtp') {
    const format = wordAt(b, colon + 1, stop);
    node.string(f.mediaFormat, colon + 1, format.stop - colon - 1);
    for (let at = format.next; at < stop; ) {
      const semicolon = find(b, 0x3b, at, stop);
      const next = semicolon < 0 ? stop : semicolon;
      if (next > at) node.string(f.parameter, at, next - at);
      at = next + 1;
      while (at < stop && b.u8(at) === 32) at++;
    }
    return;
  }
  node.string(f.attributeValue, colon + 1, stop - colon - 1);
}

const SESSION: Readonly<Record<string, FieldDef | undefined>> = {
  v: f.version,
  o: f.owner,
  s: f.name,
  i: f.info,
  u: f.uri,
  e: f.email,
  p: f.phone,
  c: f.connection,
  b: f.bandwidth,
  z: f.zone,
  k: f.key,
  t: f.time,
  r: f.repeat,
  a: f.sessionAttribute,
  m: f.media,
};

export const sdp: Protocol = defineProtocol({
  name: 'sdp',
  short: 'SDP',
  title: 'Session Description Protocol',
  osi: '6',
  pdu: 'Body',
  hue: 'app',
  fields: Object.values(f),
  dissect(d, b) {
    const layer = d.layer(sdp, b);
    let inMedia = false;
    const kinds: string[] = [];
    for (let at = b.offset, count = 0; at < b.end && layer.ok && count < MAX_LINES; count++) {
      const { stop, next } = lineAt(b, at);
      if (stop === at) {
        at = next;
        continue;
      }
      const letter = String.fromCharCode(b.u8(at));
      if (b.u8(at + 1) !== 0x3d) {
        layer.string(f.invalid, at, stop - at);
        at = next;
        continue;
      }
      const from = at + 2;
      const field = inMedia && letter === 'a' ? f.mediaAttribute : inMedia && letter === 'i' ? f.mediaTitle : SESSION[letter];
      const node = layer.add(
        field ?? f.unknown,
        field === undefined ? at : from,
        stop - (field === undefined ? at : from),
        b.text(field === undefined ? at : from, stop - (field === undefined ? at : from)),
      );
      if (letter === 'o')
        words(node, [f.ownerUser, f.ownerSession, f.ownerVersion, f.ownerNetwork, f.ownerType, f.ownerAddress], from, stop);
      else if (letter === 'c') connection(node, from, stop);
      else if (letter === 't') words(node, [f.timeStart, f.timeStop], from, stop);
      else if (letter === 'b') {
        const colon = find(b, 0x3a, from, stop);
        if (colon >= 0) {
          node.string(f.bandwidthModifier, from, colon - from);
          node.string(f.bandwidthValue, colon + 1, stop - colon - 1);
        }
      } else if (letter === 'm') {
        inMedia = true;
        kinds.push(b.text(from, wordAt(b, from, stop).stop - from));
        media(node, from, stop);
      } else if (letter === 'a') attribute(node, inMedia, from, stop);
      at = next;
    }
    layer.summary = kinds.join(', ');
  },
});
