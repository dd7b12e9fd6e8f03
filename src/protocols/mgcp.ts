/** MGCP (RFC 3435): a command or an answer, parameters, and the session description behind them. */
import { type FieldDef, names, none, string, uint32 } from '../dissect/field.ts';
import { app, be32, firstLine, nextLine } from './app-kit.ts';
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
const VERBS_AS_NUMBERS = new Set(
  Object.keys(VERBS).map((verb) =>
    be32(
      Uint8Array.from(verb, (letter) => letter.charCodeAt(0)),
      0,
    ),
  ),
);

const f = {
  verb: string('mgcp.req.verb', 'Verb'),
  endpoint: string('mgcp.req.endpoint', 'Endpoint'),
  id: string('mgcp.transid', 'Transaction ID'),
  version: string('mgcp.version', 'Version'),
  code: uint32('mgcp.rsp.rspcode', 'Response Code', {
    names: names({
      0: 'Response Acknowledgement',
      100: 'The transaction is currently being executed.  An actual completion message will follow on later.',
      101: 'The transaction has been queued for execution.  An actual completion message will follow later.',
      200: 'The requested transaction was executed normally.',
      250: 'The connection was deleted.',
      400: 'The transaction could not be executed, due to a transient error.',
      401: 'The phone is already off hook',
      402: 'The phone is already on hook',
      403: 'The transaction could not be executed, because the endpoint does not have sufficient resources at this time',
      404: 'Insufficient bandwidth at this time',
      405: 'The transaction could not be executed, because the endpoint is "restarting".',
      406: 'Transaction time-out.  The transaction did not complete in a reasonable period of time and has been aborted.',
      407: 'Transaction aborted.  The transaction was aborted by some external action, e.g., a ModifyConnection command aborted by a DeleteConnection command.',
      409: 'The transaction could not be executed because of internal overload.',
      410: 'No endpoint available.  A valid "any of" wildcard was used, however there was no endpoint available to satisfy the request.',
      500: 'The transaction could not be executed, because the endpoint is unknown.',
      501: 'The transaction could not be executed, because the endpoint is not ready.',
      502: 'The transaction could not be executed, because the endpoint does not have sufficient resources',
      503: '"All of" wildcard too complicated.',
      504: 'Unknown or unsupported command.',
      505: 'Unsupported RemoteConnectionDescriptor.',
      506: 'Unable to satisfy both LocalConnectionOptions and RemoteConnectionDescriptor.',
      507: 'Unsupported functionality.',
      508: 'Unknown or unsupported quarantine handling.',
      509: 'Error in RemoteConnectionDescriptor.',
      510: 'The transaction could not be executed, because a protocol error was detected.',
      511: 'The transaction could not be executed, because the command contained an unrecognized extension.',
      512: 'The transaction could not be executed, because the gateway is not equipped to detect one of the requested events.',
      513: 'The transaction could not be executed, because the gateway is not equipped to generate one of the requested signals.',
      514: 'The transaction could not be executed, because the gateway cannot send the specified announcement.',
      515: 'The transaction refers to an incorrect connection-id (may have been already deleted)',
      516: 'The transaction refers to an unknown call-id.',
      517: 'Unsupported or invalid mode.',
      518: 'Unsupported or unknown package.',
      519: 'Endpoint does not have a digit map.',
      520: "The transaction could not be executed, because the endpoint is 'restarting'.",
      521: 'Endpoint redirected to another Call Agent.',
      522: 'No such event or signal.',
      523: 'Unknown action or illegal combination of actions',
      524: 'Internal inconsistency in LocalConnectionOptions',
      525: 'Unknown extension in LocalConnectionOptions',
      526: 'Insufficient bandwidth',
      527: 'Missing RemoteConnectionDescriptor',
      528: 'Incompatible protocol version',
      529: 'Internal hardware failure',
      530: 'CAS signaling protocol error.',
      531: 'failure of a grouping of trunks (e.g. facility failure).',
      532: 'Unsupported value(s) in LocalConnectionOptions.',
      533: 'Response too large.',
      534: 'Codec negotiation failure.',
      535: 'Packetization period not supported',
      536: 'Unknown or unsupported RestartMethod',
      537: 'Unknown or unsupported digit map extension',
      538: 'Event/signal parameter error (e.g., missing, erroneous, unsupported, unknown, etc.)',
      539: 'Invalid or unsupported command parameter.',
      540: 'Per endpoint connection limit exceeded.',
      541: 'Invalid or unsupported LocalConnectionOptions',
    }),
  }),
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

/** A verb that there is, or one of an extension (X and three letters, section 3.2.1.1), or a code of three digits; and a blank. */
function accepts(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 5) return false;
  let digits = 0;
  let letters = 0;
  for (let i = o; i < o + 4; i++) {
    if (isDigit(b[i] as number)) digits++;
    else if (isLetter(b[i] as number)) letters++;
  }
  if (digits === 3) return b[o + 3] === 0x20;
  if (letters !== 4 || b[o + 4] !== 0x20) return false;
  return ((b[o] as number) | 0x20) === 0x78 || VERBS_AS_NUMBERS.has(be32(b, o) & ~0x20202020);
}

/** Where the session description begins: behind an empty line; -1 for none. */
function bodyAt(b: Uint8Array, o: number, end: number): number {
  for (let i = o + 1; i + 1 < end; i++) {
    if (b[i] !== 10) continue;
    if (b[i - 1] === 10 || (b[i - 1] === 13 && i - 2 >= o && b[i - 2] === 10)) return i + 1;
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
