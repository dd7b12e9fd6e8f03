/**
 * XMPP (RFC 6120): the stanzas of a stream of XML, up to the TLS that a STARTTLS asked for. What stands in a stanza is shown by the
 * XML layer.
 */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, type FieldDef, none, string, TRUE_FALSE } from '../dissect/field.ts';
import { type Framer, NEED_MORE } from '../dissect/framer.ts';
import { app } from './app-kit.ts';
import { looksLikeTls } from './tls.ts';
import { xml } from './xml.ts';

const stanzas = {
  'stream:stream': none('xmpp.stream', 'STREAM'),
  'stream:features': none('xmpp.features', 'FEATURES'),
  starttls: none('xmpp.starttls', 'STARTTLS'),
  proceed: none('xmpp.proceed', 'PROCEED'),
  iq: none('xmpp.iq', 'IQ'),
  presence: none('xmpp.presence', 'PRESENCE'),
  message: none('xmpp.message', 'MESSAGE'),
  auth: none('xmpp.auth', 'AUTH'),
  challenge: none('xmpp.challenge', 'CHALLENGE'),
  response: none('xmpp.response', 'RESPONSE'),
  success: none('xmpp.success', 'SUCCESS'),
  failure: none('xmpp.failure', 'FAILURE'),
};
const stanzaFields: ReadonlyMap<string, FieldDef> = new Map(Object.entries(stanzas));

const f = {
  ...stanzas,
  unknown: none('xmpp.packet_unknown', 'Unknown packet'),
  streamEnd: none('xmpp.stream_end', 'STREAM END'),
  version: string('xmpp.xml_header_version', 'XML HEADER VER'),
  xmlns: string('xmpp.xmlns', 'xmlns'),
  id: string('xmpp.id', 'id'),
  type: string('xmpp.type', 'type'),
  from: string('xmpp.from', 'from'),
  to: string('xmpp.to', 'to'),
  out: bool('xmpp.out', 'Out', { bool: TRUE_FALSE, generated: true }),
  in: bool('xmpp.in', 'In', { bool: TRUE_FALSE, generated: true }),
};

/** The attributes of a stanza that have fields of their own; a stream has only its name spaces, as in Wireshark. */
const attributeFields: ReadonlyMap<string, FieldDef> = new Map([
  ['xmlns', f.xmlns],
  ['xmlns:stream', f.xmlns],
  ['id', f.id],
  ['type', f.type],
  ['from', f.from],
  ['to', f.to],
]);
const streamAttributes: ReadonlySet<string> = new Set(['xmlns', 'xmlns:stream']);

/** Attributes are looked for so far into a tag. */
const MAX_TAG = 16_384;
const latin1 = new TextDecoder('latin1');
const GREATER = 0x3e;

/** Segments belong together up to one whose last character, blanks aside, is '>': as in Wireshark, tags are not counted. */
const framer: Framer = {
  incremental: true,
  feed(_side, bytes, offset, end) {
    let last = end - 1;
    while (last > offset && (bytes[last] as number) <= 32) last--;
    return bytes[last] === GREATER ? end : NEED_MORE;
  },
};

/** The stanza's name and to whom it goes, for the info column. */
function stanza(layer: Node, b: Buf, at: number, tag: string, name: string, toServer: boolean): string {
  const field = stanzaFields.get(name) ?? f.unknown;
  const node = layer.add(field, at, tag.length, null);
  let whom = '';
  let kind = '';
  for (const match of tag.slice(0, MAX_TAG).matchAll(/([^\s=<>"']{1,200})=("[^"]*"|'[^']*')/g)) {
    const key = match[1] as string;
    const value = (match[2] as string).slice(1, -1);
    const start = at + match.index;
    const text = b.text(start + key.length + 2, value.length);
    if (key === (toServer ? 'to' : 'from')) whom = text;
    if (key === 'type') kind = text;
    const known = attributeFields.get(key);
    if (known !== undefined && (field !== f['stream:stream'] || streamAttributes.has(key))) node.add(known, start, match[0].length, text);
  }
  const label = field === f.unknown ? name.toUpperCase() : field.label;
  const word = kind === '' ? label : `${label}(${kind})`;
  return whom === '' ? word : `${word} ${toServer ? '>' : '<'} ${whom}`;
}

/** Adds one field per stanza of `b`: the elements at the top, and those right within the stream's. */
function stanzasOf(layer: Layer, b: Buf, d: Dissection, toServer: boolean): string {
  const text = latin1.decode(b.slice(b.offset, b.length));
  const said: string[] = [];
  let depth = 0;
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    if (start < 0 || d.full) break;
    const comment = text.startsWith('<!--', start);
    const close = text.indexOf(comment ? '-->' : '>', start + 1);
    if (close < 0) break;
    at = close + (comment ? 3 : 1);
    const tag = text.slice(start, at);
    if (tag.startsWith('<?')) {
      const version = /^<\?xml\s[^>]*?version=["']([^"']*)["']/.exec(tag)?.[1];
      if (version !== undefined) layer.add(f.version, b.offset + start, tag.length, version);
    } else if (tag.startsWith('</')) {
      if (tag.startsWith('</stream:stream')) {
        layer.add(f.streamEnd, b.offset + start, tag.length, null);
        said.push(f.streamEnd.label);
      }
      depth = Math.max(0, depth - 1);
    } else if (!tag.startsWith('<!')) {
      const name = /^<([^\s/>]*)/.exec(tag)?.[1] ?? '';
      if (depth === 0) said.push(stanza(layer, b, b.offset + start, tag, name, toServer));
      if (!tag.endsWith('/>') && name !== 'stream:stream') depth++;
    }
  }
  return said.slice(0, 20).join(' | ');
}

export const xmpp = app({
  name: 'xmpp',
  short: 'XMPP',
  title: 'XMPP Protocol',
  fields: Object.values(f),
  framer,
  accepts: (bytes, offset, end) => !looksLikeTls(bytes, offset, end),
  index: (w) => w.push(xml),
  read(layer, b, d) {
    const toServer = d.transport?.fromClient ?? true;
    layer.add(toServer ? f.out : f.in, b.offset, 0, true);
    const info = stanzasOf(layer, b, d, toServer);
    d.call(xml, b);
    if (info !== '') {
      layer.summary = info;
      d.column(xmpp, info);
    }
    return info;
  },
});
