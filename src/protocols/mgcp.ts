/** MGCP (RFC 3435): a command or an answer, parameters, and the session description behind them. */
import { type FieldDef, none, string, uint32 } from '../dissect/field.ts';
import { app, firstLine, nextLine } from './app-kit.ts';
import { sdp } from './sdp.ts';
import { announceSdp } from './sdp-media.ts';

const MAX_LINES = 500;
const MAX_BODY = 4096;
const VERBS: Readonly<Record<string, string>> = {
  EPCF: 'EndpointConfiguration',
  CRCX: 'CreateConnection',
  MDCX: 'ModifyConnection',
  DLCX: 'DeleteConnection',
  RQNT: 'NotificationRequest',
  NTFY: 'Notify',
  AUEP: 'AuditEndpoint',
  AUCX: 'AuditConnection',
  RSIP: 'RestartInProgress',
};
const f = {
  verb: string('mgcp.req.verb', 'Verb'),
  endpoint: string('mgcp.req.endpoint', 'Endpoint'),
  id: string('mgcp.transid', 'Transaction ID'),
  version: string('mgcp.version', 'Version'),
  code: uint32('mgcp.rsp.rspcode', 'Response Code'),
  text: string('mgcp.rsp.rspstring', 'Response String'),
  parameters: none('mgcp.params', 'Parameters'),
  invalid: string('mgcp.param.invalid', 'Invalid Parameter'),
};
/** Parameters by their letters (section 3.2.2). */
const PARAMETERS: Readonly<Record<string, FieldDef>> = {
  B: string('mgcp.param.bearerinfo', 'BearerInformation (B)'),
  C: string('mgcp.param.callid', 'CallId (C)'),
  I: string('mgcp.param.connectionid', 'ConnectionIdentifier (I)'),
  N: string('mgcp.param.notifiedentity', 'NotifiedEntity (N)'),
  X: string('mgcp.param.requestid', 'RequestIdentifier (X)'),
  L: string('mgcp.param.localconnectionoptions', 'LocalConnectionOptions (L)'),
  M: string('mgcp.param.connectionmode', 'ConnectionMode (M)'),
  R: string('mgcp.param.reqevents', 'RequestedEvents (R)'),
  S: string('mgcp.param.signalreq', 'SignalRequests (S)'),
  D: string('mgcp.param.digitmap', 'DigitMap (D)'),
  O: string('mgcp.param.observedevents', 'ObservedEvents (O)'),
  P: string('mgcp.param.connectionparam', 'ConnectionParameters (P)'),
  E: string('mgcp.param.reasoncode', 'ReasonCode (E)'),
  T: string('mgcp.param.detectedevents', 'DetectedEvents (T)'),
  RM: string('mgcp.param.restartmethod', 'RestartMethod (RM)'),
  RD: string('mgcp.param.restartdelay', 'RestartDelay (RD)'),
  A: string('mgcp.param.capabilities', 'Capabilities (A)'),
};
const isLetter = (octet: number): boolean => (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a);
const isDigit = (octet: number): boolean => octet >= 0x30 && octet <= 0x39;

/** A verb of four letters or a code of three digits, and a blank. */
function accepts(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 4) return false;
  let digits = 0;
  let letters = 0;
  for (let i = o; i < o + 4; i++) {
    if (isDigit(b[i] as number)) digits++;
    else if (isLetter(b[i] as number)) letters++;
  }
  return letters === 4 || (digits === 3 && b[o + 3] === 0x20);
}

/** Where the session description begins: behind an empty line; -1 for none. */
function bodyAt(b: Uint8Array, o: number, end: number): number {
  for (let i = o + 1; i + 1 < end; i++) {
    if (b[i] !== 10) continue;
    if (b[i - 1] === 10 || (b[i - 1] === 13 && b[i - 2] === 10)) return i + 1;
  }
  return -1;
}

export const mgcp = app({
  name: 'mgcp',
  short: 'MGCP',
  title: 'Media Gateway Control Protocol',
  fields: [...Object.values(f), ...Object.values(PARAMETERS)],
  accepts,
  index(w) {
    const from = bodyAt(w.bytes, w.offset, w.end);
    if (from < 0) return;
    if (!w.quoted) {
      let body = '';
      for (let i = from; i < w.end && i < from + MAX_BODY; i++) body += String.fromCharCode(w.bytes[i] as number);
      announceSdp(w, body);
    }
    w.follow(sdp, from);
  },
  read(layer, b, d) {
    const info = firstLine(b, b.offset);
    const words = info.split(' ');
    let at = b.offset;
    /** Where the next word of the first line is. */
    const word = (field: FieldDef, text: string, display = text): void => {
      layer.add(field, at, text.length, field.type === 'uint32' ? Number(text) : text, { display });
      at += text.length + 1;
    };
    const [first = '', id = '', ...rest] = words;
    if (/^\d{3}$/.test(first)) {
      word(f.code, first);
      if (id !== '') word(f.id, id);
      if (rest.length > 0) word(f.text, rest.join(' '));
    } else {
      const verb = VERBS[first.toUpperCase()];
      word(f.verb, first, verb === undefined ? first : `${first} (${verb})`);
      if (id !== '') word(f.id, id);
      const [endpoint = '', ...version] = rest;
      if (endpoint !== '') word(f.endpoint, endpoint);
      if (version.length > 0) word(f.version, version.join(' '));
    }
    const body = bodyAt(b.bytes, b.offset, b.end);
    const end = body < 0 ? b.end : body;
    const from = nextLine(b, b.offset);
    if (from < end) {
      const list = layer.add(f.parameters, from, end - from, null);
      for (let o = from, n = 0; o < end && n < MAX_LINES && !d.full; n++) {
        const text = firstLine(b, o, 1000);
        const [, letters = '', value = ''] = /^([A-Za-z/+-]{1,20})\s*:\s*(.*)$/.exec(text) ?? [];
        const field = PARAMETERS[letters.toUpperCase()] ?? f.invalid;
        if (text !== '' && text !== '.') list.add(field, o, text.length, field === f.invalid ? text : value);
        o = nextLine(b, o);
      }
    }
    if (body >= 0) d.call(sdp, b.from(body));
    return info;
  },
});
