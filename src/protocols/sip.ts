/** SIP (RFC 3261) over UDP: request and status lines, headers and what stands in the common ones, and the body. */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, type FieldDef, framenum, none, string, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { CHUNK_MASK } from '../table/packet-table.ts';
import { alias, app } from './app-kit.ts';
import { callMedia } from './media.ts';
import { sdp } from './sdp.ts';
import { sipEnd, sipFramer } from './sip-framer.ts';
import { indexSip, sipSessions } from './sip-sessions.ts';
import { find, lineAt, lineStop, wordAt } from './text-lines.ts';

const f = {
  requestLine: string('sip.Request-Line', 'Request-Line'),
  method: string('sip.Method', 'Method'),
  uri: string('sip.r-uri', 'Request-URI'),
  uriUser: string('sip.r-uri.user', 'Request-URI User Part'),
  uriHost: string('sip.r-uri.host', 'Request-URI Host Part'),
  uriPort: string('sip.r-uri.port', 'Request-URI Host Port'),
  statusLine: string('sip.Status-Line', 'Status-Line'),
  status: uint32('sip.Status-Code', 'Status-Code'),
  header: string('sip.msg_hdr', 'Message Header'),
  resend: bool('sip.resend', 'Resent Packet', { generated: true, bool: ['True', 'False'] }),
  original: framenum('sip.resend-original', 'Suspected resend of frame', { generated: true }),
  request: framenum('sip.response-request', 'Request Frame', { generated: true }),
  responseTime: uint32('sip.response-time', 'Response Time (ms)', { generated: true }),
  body: none('sip.msg_body', 'Message Body'),
  display: string('sip.display.info', 'SIP Display info'),
  tag: string('sip.tag', 'SIP tag'),
  callIdGenerated: string('sip.call_id_generated', 'Generated Call-ID', { generated: true }),
  sequence: uint32('sip.CSeq.seq', 'Sequence Number'),
  sequenceMethod: string('sip.CSeq.method', 'Method'),
  viaTransport: string('sip.Via.transport', 'Transport'),
  viaAddress: string('sip.Via.sent-by.address', 'Sent-by Address'),
  viaPort: uint16('sip.Via.sent-by.port', 'Sent-by port'),
  viaBranch: string('sip.Via.branch', 'Branch'),
  viaRport: string('sip.Via.rport', 'RPort'),
  viaReceived: string('sip.Via.received', 'Received'),
  viaMaddr: string('sip.Via.maddr', 'Maddr'),
  viaTtl: string('sip.Via.ttl', 'TTL'),
  contactParameter: string('sip.contact.parameter', 'Contact parameter'),
  auth: string('sip.auth', 'Authentication'),
  authScheme: string('sip.auth.scheme', 'Authentication Scheme'),
  reasonProtocols: string('sip.reason_protocols', 'Reason protocols'),
  reasonCause: uint32('sip.reason_cause_q850', 'Cause', { base: 'dec_hex' }),
};

/** The parts of an address header. */
function address(prefix: string, words: string) {
  return {
    display: string(`sip.${prefix}.display.info`, prefix === 'contact' ? 'SIP C-URI display info' : `${words} display info`),
    uri: string(prefix === 'contact' ? 'sip.contact.uri' : `sip.${prefix}.addr`, prefix === 'contact' ? 'Contact URI' : `${words} address`),
    user: string(`sip.${prefix}.user`, `${prefix === 'contact' ? 'Contact URI' : `${words} address`} User Part`),
    host: string(`sip.${prefix}.host`, `${prefix === 'contact' ? 'Contact URI' : `${words} address`} Host Part`),
    port: string(`sip.${prefix}.port`, `${prefix === 'contact' ? 'Contact URI' : `${words} address`} Host Port`),
    parameter: string(
      `sip.${prefix}.param`,
      `${prefix === 'contact' ? 'Contact' : `SIP ${prefix === 'to' ? 'To' : 'From'}`} URI parameter`,
    ),
    tag: prefix === 'contact' ? undefined : string(`sip.${prefix}.tag`, `${words} tag`),
  };
}
const from = address('from', 'SIP from');
const to = address('to', 'SIP to');
const contact = address('contact', '');

/** Headers with a field of their own; a colon stands before what is a number. */
const HEADERS =
  'Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Additional-Identity Alert-Info Allow Allow-Events ' +
  'Answer-Mode Attestation-Info Authentication-Info Authorization Call-ID Call-Info Cellular-Network-Info Contact Content-Disposition ' +
  'Content-Encoding Content-Language :Content-Length Content-Type CSeq Date Error-Info Event :Expires Feature-Caps Flow-Timer From ' +
  'Geolocation Geolocation-Error Geolocation-Routing History-Info Identity Info-Package In-Reply-To Join :Max-Breadth :Max-Forwards ' +
  'MIME-Version Min-Expires Min-SE Organization Origination-Id P-Access-Network-Info P-Answer-State P-Asserted-Identity ' +
  'P-Asserted-Service P-Charge-Info P-Associated-URI P-Called-Party-ID P-Charging-Function-Addresses P-Charging-Vector ' +
  'P-DCS-Trace-Party-ID P-DCS-OSPS P-DCS-Billing-Info P-DCS-LAES P-DCS-Redirect P-Early-Media P-Media-Authorization ' +
  'P-Preferred-Identity P-Preferred-Service P-Profile-Key P-Refused-URI-List P-Served-User P-User-Database P-Visited-Network-ID Path ' +
  'Permission-Missing Priority Priority-Share Priv-Answer-mode Privacy Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason ' +
  'Record-Route Recv-Info Refer-Sub Refer-To Reject-Contact Relayed-Charge Replaces Reply-To Request-Disposition Require ' +
  'Resource-Priority Resource-Share Response-Source Restoration-Info :Retry-After Route :RSeq Security-Client Security-Server ' +
  'Security-Verify Server Service-Interact-Info Service-Route Session-Expires Session-ID Subject Subscription-State Supported ' +
  'Target-Dialog Timestamp To Trigger-Consent Unsupported User-Agent Via Warning WWW-Authenticate Diversion';
const headers = new Map<string, FieldDef>(
  HEADERS.split(' ').map((word) => {
    const name = word.replace(':', '');
    return [name.toLowerCase(), word === name ? string(`sip.${name}`, name) : uint32(`sip.${name}`, name)];
  }),
);
/** Compact forms (RFC 3261 section 7.3.3 and the RFCs of the extensions). */
const COMPACT: Readonly<Record<string, string | undefined>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

const AUTH: readonly (readonly [string, FieldDef])[] = (
  [
    ['response', 'sip.auth.digest.response', 'Digest Authentication Response'],
    ['nc', 'sip.auth.nc', 'Nonce Count'],
    ['username', 'sip.auth.username', 'Username'],
    ['realm', 'sip.auth.realm', 'Realm'],
    ['nonce', 'sip.auth.nonce', 'Nonce Value'],
    ['algorithm', 'sip.auth.algorithm', 'Algorithm'],
    ['opaque', 'sip.auth.opaque', 'Opaque Value'],
    ['qop', 'sip.auth.qop', 'QOP'],
    ['cnonce', 'sip.auth.cnonce', 'CNonce Value'],
    ['uri', 'sip.auth.uri', 'Authentication URI'],
    ['domain', 'sip.auth.domain', 'Authentication Domain'],
    ['stale', 'sip.auth.stale', 'Stale Flag'],
    ['auts', 'sip.auth.auts', 'Authentication Token'],
    ['rspauth', 'sip.auth.rspauth', 'Response auth'],
    ['nextnonce', 'sip.auth.nextnonce', 'Next Nonce'],
  ] as const
).map(([name, abbrev, label]) => [name, string(abbrev, label)]);
const authFields = new Map(AUTH);

const MAX_HEADERS = 1000;
/** Messages shown of one stretch of a TCP stream. */
const MAX_MESSAGES = 1000;
const ascii = (b: Buf, at: number, end: number): string => b.text(at, Math.max(0, end - at));
const isBlank = (octet: number): boolean => octet === 32 || octet === 9;

/** `scheme:user@host:port;parameters` at [at, end). */
function uriParts(
  node: Node,
  parts: { user: FieldDef; host: FieldDef; port: FieldDef; parameter?: FieldDef },
  at: number,
  end: number,
): void {
  const b = node.buf;
  const text = ascii(b, at, end);
  const match = /^[a-z]+:(?:([^@;?>]*)@)?(\[[^\]]*\]|[^:;?>]*)(?::([^;?>]*))?/i.exec(text);
  if (match === null) return;
  let place = at + text.indexOf(':') + 1;
  if (match[1] !== undefined) {
    node.add(parts.user, place, match[1].length, match[1]);
    place += match[1].length + 1;
  }
  const host = match[2] ?? '';
  node.add(parts.host, place, host.length, host);
  place += host.length;
  if (match[3] !== undefined) node.add(parts.port, place + 1, match[3].length, match[3]);
  let rest = at + match[0].length;
  while (parts.parameter !== undefined && rest < end && b.u8(rest) === 0x3b) {
    const next = find(b, 0x3b, rest + 1, end);
    const stop = next < 0 ? end : next;
    node.string(parts.parameter, rest + 1, stop - rest - 1);
    rest = stop;
  }
}

/** A name, an address, and parameters behind it, at [at, end). */
function nameAddress(node: Node, parts: typeof from, at: number, end: number): number {
  const b = node.buf;
  const open = find(b, 0x3c, at, end);
  let uri = at;
  let uriEnd = end;
  let rest: number;
  if (open >= 0) {
    let stop = open;
    // A quoted name ends with its quote; another goes up to the bracket, as Wireshark has it.
    if (b.u8(at) === 0x22) while (stop > at && isBlank(b.u8(stop - 1))) stop--;
    if (stop > at) {
      node.string(f.display, at, stop - at);
      node.string(parts.display, at, stop - at);
    }
    uri = open + 1;
    const close = find(b, 0x3e, uri, end);
    uriEnd = close < 0 ? end : close;
    rest = Math.min(end, uriEnd + 1);
  } else {
    const semicolon = find(b, 0x3b, at, end);
    uriEnd = semicolon < 0 ? end : semicolon;
    rest = uriEnd;
  }
  const address_ = node.string(parts.uri, uri, uriEnd - uri);
  if (address_ !== '') uriParts(node, parts, uri, uriEnd);
  return rest;
}

function parameters(at: number, end: number, b: Buf, each: (name: string, from: number, valueAt: number, stop: number) => void): void {
  let i = at;
  for (let count = 0; i < end && count < 200; count++) {
    const semicolon = find(b, 0x3b, i, end);
    const stop = semicolon < 0 ? end : semicolon;
    let start = i;
    while (start < stop && isBlank(b.u8(start))) start++;
    if (start < stop) {
      const equals = find(b, 0x3d, start, stop);
      each(ascii(b, start, equals < 0 ? stop : equals).toLowerCase(), start, equals < 0 ? stop : equals + 1, stop);
    }
    i = stop + 1;
  }
}

function via(node: Node, at: number, end: number): void {
  const b = node.buf;
  const match = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9-]+)\s+(\[[^\]]*\]|[^:;,\s]*)(?::([0-9]{1,5}))?/.exec(ascii(b, at, end));
  if (match === null) return;
  const [whole, transport = '', host = '', port] = match;
  node.add(f.viaTransport, at + whole.indexOf(transport, 5), transport.length, transport);
  const hostAt = at + whole.lastIndexOf(host);
  node.add(f.viaAddress, hostAt, host.length, host);
  if (port !== undefined) node.add(f.viaPort, hostAt + host.length + 1, port.length, Number(port) & 0xffff);
  parameters(at + whole.length, end, b, (name, start, value, stop) => {
    if (name === 'branch') node.string(f.viaBranch, value, stop - value);
    else if (name === 'rport') node.string(f.viaRport, value === stop ? start : value, stop - (value === stop ? start : value));
    else if (name === 'received') node.string(f.viaReceived, value, stop - value);
    else if (name === 'maddr') node.string(f.viaMaddr, value, stop - value);
    else if (name === 'ttl') node.string(f.viaTtl, value, stop - value);
  });
}

function credentials(node: Node, at: number, end: number): void {
  const b = node.buf;
  const scheme = wordAt(b, at, end);
  node.string(f.authScheme, at, scheme.stop - at);
  let i = scheme.next;
  for (let count = 0; i < end && count < 100; count++) {
    while (i < end && (isBlank(b.u8(i)) || b.u8(i) === 0x2c)) i++;
    let stop = i;
    for (let quoted = false; stop < end; stop++) {
      const c = b.u8(stop);
      if (c === 0x22) quoted = !quoted;
      else if (c === 0x2c && !quoted) break;
    }
    const equals = find(b, 0x3d, i, stop);
    if (equals > 0) {
      const field = authFields.get(ascii(b, i, equals).trim().toLowerCase());
      if (field !== undefined) node.string(field, equals + 1, stop - equals - 1);
    }
    i = stop + 1;
  }
}

/** What stands in a header that has parts. */
function details(node: Node, layer: Layer, name: string, at: number, end: number): void {
  const b = node.buf;
  switch (name) {
    case 'from':
    case 'to': {
      const parts = name === 'from' ? from : to;
      const rest = nameAddress(node, parts, at, end);
      parameters(rest, end, b, (parameter, _, value, stop) => {
        if (parameter !== 'tag') return;
        if (parts.tag !== undefined) node.string(parts.tag, value, stop - value);
        node.string(f.tag, value, stop - value, { hidden: true });
      });
      return;
    }
    case 'contact': {
      if (b.u8(at) === 0x2a) return;
      const rest = nameAddress(node, contact, at, end);
      parameters(rest, end, b, (_, start, __, stop) => {
        node.string(f.contactParameter, start, stop - start);
      });
      return;
    }
    case 'cseq': {
      const number = wordAt(b, at, end);
      const digits = ascii(b, at, number.stop);
      if (/^[0-9]{1,10}$/.test(digits)) node.add(f.sequence, at, number.stop - at, Number(digits));
      if (number.next < end) node.string(f.sequenceMethod, number.next, end - number.next);
      return;
    }
    case 'call-id':
      layer.add(f.callIdGenerated, at, end - at, ascii(b, at, end));
      return;
    case 'via':
      via(node, at, end);
      return;
    case 'www-authenticate':
    case 'proxy-authenticate':
    case 'authorization':
    case 'proxy-authorization':
    case 'authentication-info':
      credentials(node, at, end);
      return;
    case 'reason': {
      const semicolon = find(b, 0x3b, at, end);
      const stop = semicolon < 0 ? end : semicolon;
      node.string(f.reasonProtocols, at, stop - at);
      const cause = /;\s*cause=([0-9]{1,6})/i.exec(ascii(b, at, end))?.[1];
      if (cause !== undefined) node.add(f.reasonCause, at, end - at, Number(cause));
      return;
    }
    default:
  }
}

const AUTH_HEADERS: ReadonlySet<string> = new Set([
  'www-authenticate',
  'proxy-authenticate',
  'authorization',
  'proxy-authorization',
  'authentication-info',
]);

/** Time since row `from`: whole seconds and whole milliseconds of what is left, which may be negative, as Wireshark adds them up. */
function milliseconds(d: Dissection, from_: number): number {
  const a = d.capture.packets.chunkOf(from_);
  const b = d.capture.packets.chunkOf(d.row);
  const i = from_ & CHUNK_MASK;
  const j = d.row & CHUNK_MASK;
  const rest = Math.trunc(((b.nsec[j] as number) - (a.nsec[i] as number)) / 1_000_000);
  return Math.max(0, ((b.sec[j] as number) - (a.sec[i] as number)) * 1000 + rest);
}

function startLine(layer: Layer, b: Buf, stop: number, response: boolean, d: Dissection): string {
  const o = b.offset;
  const line = layer.string(response ? f.statusLine : f.requestLine, o, stop - o);
  const node = layer;
  if (response) {
    const code = Number(/^SIP\/2\.0 ([0-9]{3})/.exec(line)?.[1] ?? 0);
    node.add(f.status, o + 8, 3, code);
  } else {
    const method = wordAt(b, o, stop);
    node.string(f.method, o, method.stop - o);
    const uri = wordAt(b, method.next, stop);
    if (uri.stop > method.next) {
      node.string(f.uri, method.next, uri.stop - method.next);
      uriParts(node, { user: f.uriUser, host: f.uriHost, port: f.uriPort }, method.next, uri.stop);
    }
  }
  const sessions = d.capture.state(sipSessions);
  const original = sessions.originalOf.get(d.row);
  layer.add(f.resend, o, 0, original !== undefined);
  if (original !== undefined) layer.add(f.original, o, 0, original + 1);
  const request = sessions.requestOf.get(d.row);
  if (request !== undefined) {
    layer.add(f.request, o, 0, request + 1);
    layer.add(f.responseTime, o, 0, milliseconds(d, request));
  }
  return response ? `Status: ${line.slice(8)}` : `Request: ${line.replace(/ SIP\/2\.0$/, '')}`;
}

/** What `b` holds: a datagram one message, a stretch of a TCP stream as many as there are. */
function read(layer: Layer, b: Buf, d: Dissection): string {
  if (d.transport?.kind !== 'tcp') return message(layer, b, d);
  const infos: string[] = [];
  for (let at = b.offset; at < b.end && infos.length < MAX_MESSAGES; ) {
    const last = sipEnd(b.bytes, at, b.end);
    const end = last < 0 || last > b.end ? b.end : last;
    while (at < end && (b.u8(at) === 0x0d || b.u8(at) === 0x0a)) at++;
    if (at < end) infos.push(message(infos.length === 0 ? layer : d.layer(sip, b.from(at, end)), b.from(at, end), d));
    at = end;
  }
  return infos.join(' , ');
}

function message(layer: Layer, b: Buf, d: Dissection): string {
  const response = ascii(b, b.offset, b.offset + 8) === 'SIP/2.0 ';
  const first = lineAt(b, b.offset);
  const info = `${startLine(layer, b, first.stop, response, d)} | `;
  let at = first.next;
  const headersAt = at;
  let type = '';
  let callId = '';
  let bodyAt = -1;
  // The whole block of headers is one field; its parts follow it.
  let end = at;
  for (let i = at, count = 0; i < b.end && count < MAX_HEADERS; count++) {
    const line = lineAt(b, i);
    if (line.stop === i) {
      bodyAt = line.next;
      break;
    }
    i = line.next;
    end = i;
  }
  // The empty line belongs to it where nothing follows, as Wireshark has it.
  const blockEnd = bodyAt === b.end ? bodyAt : end;
  const block = layer.add(f.header, headersAt, blockEnd - headersAt, ascii(b, headersAt, blockEnd), { display: '' });
  for (let count = 0; at < end && layer.ok && count < MAX_HEADERS; count++) {
    const line = lineAt(b, at);
    let { stop, next } = line;
    while (next < end && isBlank(b.u8(next))) ({ stop, next } = lineAt(b, next));
    const colon = find(b, 0x3a, at, stop);
    if (colon > 0) {
      const written = ascii(b, at, colon).trim().toLowerCase();
      const name = COMPACT[written] ?? written;
      let value = colon + 1;
      while (value < stop && isBlank(b.u8(value))) value++;
      const field = headers.get(name);
      const text = ascii(b, value, stop);
      let node: Node;
      if (field === undefined) node = block.text(at, stop - at, ascii(b, at, stop));
      else if (field.type === 'uint32') node = block.add(field, value, stop - value, Number(/^[0-9]{1,10}/.exec(text)?.[0] ?? 0));
      else node = block.add(field, value, stop - value, text);
      if (AUTH_HEADERS.has(name)) node.string(f.auth, at, next - at, { hidden: true });
      details(node, layer, name, value, stop);
      if (name === 'content-type') type = text;
      if (name === 'call-id') callId = text;
    }
    at = next;
  }
  layer.size((bodyAt < 0 ? b.end : bodyAt) - b.offset, b.end);
  if (bodyAt >= 0 && bodyAt < b.end) {
    layer.add(f.body, bodyAt, b.end - bodyAt, null);
    d.column(sip, info);
    if (/^application\/sdp\b/i.test(type)) {
      // Said once more where the body sets up media, as Wireshark does.
      if (callId !== '') layer.add(f.callIdGenerated, b.offset, 0, callId);
      d.call(sdp, b.from(bodyAt));
    } else if (type !== '') callMedia(d, b.from(bodyAt), type);
    d.column(sip, info);
  }
  return info;
}

/** The first line ends as a request's does, or begins as a response's. */
function accepts(b: Uint8Array, offset: number, end: number): boolean {
  const first = b[offset] as number;
  if (first < 0x41 || first > 0x5a) return false;
  const limit = Math.min(end, offset + 2048);
  let stop = offset;
  while (stop < limit && b[stop] !== 13 && b[stop] !== 10) stop++;
  return stop - offset >= 10 && (isVersion(b, offset, stop) || isVersion(b, stop - 7, stop));
}

/** On its TCP port: a first line that goes on in the next segment, too. */
function acceptsPart(b: Uint8Array, offset: number, end: number): boolean {
  const first = b[offset] as number;
  return accepts(b, offset, end) || (first >= 0x41 && first <= 0x5a && lineStop(b, offset, end) === end);
}

/** `SIP/2.0` at `at`. */
function isVersion(b: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= 7 &&
    b[at] === 0x53 &&
    b[at + 1] === 0x49 &&
    b[at + 2] === 0x50 &&
    b[at + 3] === 0x2f &&
    b[at + 4] === 0x32 &&
    b[at + 5] === 0x2e &&
    b[at + 6] === 0x30
  );
}

const partsOf = (parts: typeof from): FieldDef[] => Object.values(parts).filter((field) => field !== undefined);

export const sip: Protocol = app({
  name: 'sip',
  short: 'SIP',
  title: 'Session Initiation Protocol',
  fields: [...Object.values(f), ...partsOf(from), ...partsOf(to), ...partsOf(contact), ...headers.values(), ...authFields.values()],
  mayBegin: (octet) => octet >= 0x41 && octet <= 0x5a,
  accepts,
  index: indexSip,
  framer: sipFramer,
  read,
});

/** SIP on its TCP port. */
export const sipTcp: Protocol = alias(sip, { accepts: acceptsPart });
