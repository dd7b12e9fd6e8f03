/** Internet Message Format (RFC 5322) with MIME (RFC 2045): header fields, then the body by its content type. */
import type { Buf, Node } from '../dissect/dissection.ts';
import { type FieldDef, none, string } from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { callMedia } from './media.ts';
import { find } from './text-lines.ts';

const f = {
  contentType: string('imf.content.type', 'Content-Type'),
  contentTypeType: string('imf.content.type.type', 'Type'),
  contentTypeParameters: string('imf.content.type.parameters', 'Parameters'),
  extension: string('imf.extension', 'Unknown-Extension'),
  extensionType: string('imf.extension.type', 'Type'),
  extensionValue: string('imf.extension.value', 'Value'),
  displayName: string('imf.display_name', 'Display-Name'),
  address: string('imf.address', 'Address'),
  addressItem: string('imf.address_list.item', 'Item'),
  mailboxItem: string('imf.mailbox_list.item', 'Item'),
  text: none('imf.message_text', 'Message-Text'),
  labelMarking: string('imf.siolabel.marking', 'Marking'),
  labelForeground: string('imf.siolabel.fgcolor', 'Foreground Color'),
  labelBackground: string('imf.siolabel.bgcolor', 'Background Color'),
  labelType: string('imf.siolabel.type', 'Type'),
  labelText: string('imf.siolabel.label', 'Label'),
  labelUnknown: string('imf.siolabel.unknown', 'Unknown parameter'),
};

type Shape = 'text' | 'mailbox' | 'mailboxes' | 'addresses' | 'label';

interface Header {
  readonly field: FieldDef;
  readonly shape: Shape;
}

/** Header names with a field of their own: [name, abbreviation after `imf.`, shape]. */
const HEADERS: readonly (readonly [string, string, Shape?])[] = [
  ['Date', 'date'],
  ['From', 'from', 'mailboxes'],
  ['Sender', 'sender', 'mailbox'],
  ['Reply-To', 'reply_to', 'addresses'],
  ['To', 'to', 'addresses'],
  ['Cc', 'cc', 'addresses'],
  ['Bcc', 'bcc', 'addresses'],
  ['Message-ID', 'message_id'],
  ['In-Reply-To', 'in_reply_to'],
  ['References', 'references'],
  ['Subject', 'subject'],
  ['Comments', 'comments'],
  ['User-Agent', 'user_agent'],
  ['Keywords', 'keywords'],
  ['Resent-Date', 'resent.date'],
  ['Resent-From', 'resent.from', 'mailboxes'],
  ['Resent-Sender', 'resent.sender', 'mailbox'],
  ['Resent-To', 'resent.to', 'addresses'],
  ['Resent-Cc', 'resent.cc', 'addresses'],
  ['Resent-Bcc', 'resent.bcc', 'addresses'],
  ['Resent-Message-ID', 'resent.message_id'],
  ['Return-Path', 'return_path'],
  ['Received', 'received'],
  ['Content-Description', 'content.description'],
  ['Content-ID', 'content.id'],
  ['Content-Transfer-Encoding', 'content.transfer_encoding'],
  ['MIME-Version', 'mime_version'],
  ['Autoforwarded', 'autoforwarded'],
  ['Autosubmitted', 'autosubmitted'],
  ['X400-Content-Identifier', 'x400_content_identifier'],
  ['Content-Language', 'content_language'],
  ['Conversion', 'conversion'],
  ['Conversion-With-Loss', 'conversion_with_loss'],
  ['Delivery-Date', 'delivery_date'],
  ['Discarded-X400-IPMS-Extensions', 'discarded_x400_ipms_extensions'],
  ['Discarded-X400-MTS-Extensions', 'discarded_x400_mts_extensions'],
  ['DL-Expansion-History', 'dl_expansion_history'],
  ['Deferred-Delivery', 'deferred_delivery'],
  ['Expires', 'expires'],
  ['Importance', 'importance'],
  ['Incomplete-Copy', 'incomplete_copy'],
  ['Latest-Delivery-Time', 'latest_delivery_time'],
  ['Message-Type', 'message_type'],
  ['Original-Encoded-Information-Types', 'original_encoded_information_types', 'mailbox'],
  ['Originator-Return-Address', 'originator_return_address', 'mailbox'],
  ['Priority', 'priority'],
  ['Reply-By', 'reply_by'],
  ['Sensitivity', 'sensitivity'],
  ['Supersedes', 'supersedes'],
  ['X400-Content-Type', 'x400_content_type'],
  ['X400-MTS-Identifier', 'x400_mts_identifier'],
  ['X400-Originator', 'x400_originator', 'mailbox'],
  ['X400-Received', 'x400_received'],
  ['X400-Recipients', 'x400_recipients', 'addresses'],
  ['Delivered-To', 'delivered_to', 'mailbox'],
  ['X-Mailer', 'ext.mailer'],
  ['X-MimeOLE', 'ext.mimeole'],
  ['Expiry-Date', 'ext.expiry-date'],
  ['X-MS-TNEF-Correlator', 'ext.tnef-correlator'],
  ['X-UIDL', 'ext.uidl'],
  ['X-Authentication-Warning', 'ext.authentication_warning'],
  ['X-Virus-Scanned', 'ext.virus_scanned'],
  ['X-Original-To', 'ext.original-to', 'addresses'],
  ['Thread-Index', 'thread-index'],
  ['Lines', 'lines'],
  ['Precedence', 'precedence'],
];
const headers = new Map<string, Header>([
  ...HEADERS.map(([name, abbrev, shape = 'text']): [string, Header] => [
    name.toLowerCase(),
    { field: string(`imf.${abbrev}`, name), shape },
  ]),
  ['content-type', { field: f.contentType, shape: 'text' }],
  ['sio-label', { field: none('imf.siolabel', 'SIO-Label'), shape: 'label' }],
]);

/** Headers of one message that are shown; more are not looked at. */
const MAX_HEADERS = 5000;
const LF = 10;
const CR = 13;

const isSpace = (octet: number): boolean => octet === 32 || (octet >= 9 && octet <= 13);

/** Where the header whose value begins at `at` ends: after its line feed and those of its continuation lines; -1 without a line end. */
function headerEnd(b: Buf, at: number): number {
  for (let i = at; ; ) {
    const feed = b.bytes.indexOf(CR, i);
    if (feed < 0 || feed >= b.end) return -1;
    if (b.u8(feed + 1) !== LF) {
      i = feed + 1;
      continue;
    }
    const next = b.u8(feed + 2);
    if (feed + 2 < b.end && (next === 32 || next === 9)) {
      i = feed + 2;
      continue;
    }
    return feed + 2;
  }
}

/** Part of a header value as a field: from where its text begins. */
function put(node: Node, field: FieldDef, at: number, end: number): Node {
  return node.add(field, at, Math.max(0, end - at), node.buf.text(at, Math.max(0, end - at)));
}

/** A mailbox (RFC 5322 section 3.4): a name and an address in angle brackets, or an address alone. */
function mailbox(node: Node, from: number, end: number): void {
  const b = node.buf;
  const open = find(b, 0x3c, from, end);
  if (open < 0) {
    put(node, f.address, from, end);
    return;
  }
  let at = from;
  while (at < open && isSpace(b.u8(at))) at++;
  if (open > at) put(node, f.displayName, at, open - 1);
  const close = find(b, 0x3e, open + 1, end);
  if (close >= 0) put(node, f.address, open + 1, close);
}

function list(node: Node, from: number, end: number, item: FieldDef): void {
  const { buf: b } = node;
  let at = from;
  let count = 0;
  while (count < MAX_HEADERS) {
    const comma = find(b, 0x2c, at, end);
    const stop = comma < 0 ? end : comma;
    count++;
    mailbox(put(node, item, at, stop), at, stop);
    if (stop === end) break;
    at = stop + 1;
  }
  node.display = `${node.field?.display ?? ''}, ${count} item${count === 1 ? '' : 's'}`;
}

/** A security label (RFC 7444): `;` between `name=value` pairs. */
function label(node: Node, from: number, end: number): void {
  const b = node.buf;
  let at = from;
  for (let count = 0; at < end && count < MAX_HEADERS; count++) {
    const semicolon = find(b, 0x3b, at, end);
    const stop = semicolon < 0 ? end : semicolon;
    while (at < stop && isSpace(b.u8(at))) at++;
    const equals = find(b, 0x3d, at, stop);
    let value = equals < 0 ? stop : equals + 1;
    while (value < stop && isSpace(b.u8(value))) value++;
    let last = stop;
    while (last > value && isSpace(b.u8(last - 1))) last--;
    const name = b.text(at, Math.max(0, (equals < 0 ? stop : equals) - at)).replace(/\*?[0-9]*\s*$/, '');
    const field = LABEL_FIELDS[name];
    if (field !== undefined) put(node, field, value, last);
    else if (stop > at) put(node, f.labelUnknown, at, stop);
    at = stop + 1;
  }
}

const LABEL_FIELDS: Readonly<Record<string, FieldDef | undefined>> = {
  marking: f.labelMarking,
  fgcolor: f.labelForeground,
  bgcolor: f.labelBackground,
  type: f.labelType,
  label: f.labelText,
};

/** Type and parameters; gives the whole value as `callMedia` wants it, '' without parameters (Wireshark asks for a semicolon). */
function contentType(node: Node, from: number, end: number): string {
  const b = node.buf;
  let at = from;
  while (at < end && isSpace(b.u8(at))) at++;
  const semicolon = find(b, 0x3b, at, end);
  if (semicolon < 0) return '';
  put(node, f.contentTypeType, at, semicolon);
  put(node, f.contentTypeParameters, semicolon + 1, end - 2);
  return b
    .text(at, end - at)
    .replace(/\r\n[ \t]+/g, ' ')
    .trim();
}

export const imf: Protocol = defineProtocol({
  name: 'imf',
  short: 'IMF',
  title: 'Internet Message Format',
  osi: '6',
  pdu: 'Message',
  hue: 'app',
  fields: [...Object.values(f), ...[...headers.values()].map((header) => header.field).filter((field) => field !== f.contentType)],
  dissect(d, b) {
    const layer = d.layer(imf, b);
    const info: string[] = [];
    let type = '';
    let at = b.offset;
    let bodyAt = b.offset;
    let ended = false;
    for (let count = 0; !ended && count < MAX_HEADERS && at < b.end; count++) {
      const colon = b.indexOf(0x3a, at);
      if (colon < 0) break;
      const name = b.text(at, colon - at);
      const known = headers.get(name.toLowerCase());
      const start = colon + 1;
      const end = headerEnd(b, start);
      if (end < 0) {
        bodyAt = b.offset;
        break;
      }
      if (b.u8(end) === CR && b.u8(end + 1) === LF) ended = true;
      let value = start;
      while (value < end && isSpace(b.u8(value))) value++;
      if (value === end) value = start;
      const stop = Math.max(value, end - 2);
      if (known === undefined) {
        const node = put(layer, f.extension, at, end - 2);
        put(node, f.extensionType, at, colon);
        put(node, f.extensionValue, value, stop);
      } else {
        const node = known.field.type === 'none' ? layer.add(known.field, value, stop - value, null) : put(layer, known.field, value, stop);
        if (known.field === f.contentType) type = contentType(node, start, end);
        else if (known.shape === 'mailbox') mailbox(node, value, end);
        else if (known.shape === 'mailboxes') list(node, value, end, f.mailboxItem);
        else if (known.shape === 'addresses') list(node, value, end, f.addressItem);
        else if (known.shape === 'label') label(node, value, end);
        const label_ = known.field.abbrev;
        if (label_ === 'imf.from' || label_ === 'imf.subject') info.push(`${name.toLowerCase()}: ${b.text(value, stop - value)}, `);
      }
      at = ended ? end + 2 : end;
      bodyAt = at;
    }
    layer.size(bodyAt - b.offset, b.end);
    layer.summary = info.join('').replace(/, $/, '');
    d.column(imf, info.join(''));
    if (type !== '') {
      if (bodyAt < b.end) callMedia(d, b.from(bodyAt), type);
      return;
    }
    const text = layer.add(f.text, bodyAt, b.end - bodyAt, null);
    for (let line = bodyAt, count = 0; line < b.end && count < 10_000; count++) {
      const feed = b.bytes.indexOf(LF, line);
      const next = feed < 0 || feed >= b.end ? b.end : feed + 1;
      text.text(line, next - line, b.text(line, Math.min(next - line, 1000)));
      line = next;
    }
  },
});
