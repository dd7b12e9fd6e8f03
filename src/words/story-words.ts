/** The account of an exchange in words. Every sentence says only what its packets prove (src/engine/exchange-account.ts finds the facts). */
import type { ExchangeFact, ExchangeFreshness } from '../messages.ts';
import { copiedHow, gapsFilled, heldBack, skipped, times } from './account-words.ts';
import { count, lasting, size } from './format.ts';
import { spoken, type Wording } from './language.ts';
import { storySentences as koSentences, storyWords as koWords } from './story-words.ko.ts';

type Values = ExchangeFact['values'];
const num = (values: Values, name: string): number => Number(values[name] ?? 0);
const text = (values: Values, name: string): string => String(values[name] ?? '');
const time = (values: Values, name = 'seconds'): string => lasting(num(values, name));
const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
const ordinal = (n: number): string => `${count(n)}${n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
const Who = (values: Values): string => `The ${values.who}`;

/** '200 with 1,024 bytes of text/html (4,096 when gzip is undone)'. */
const answer = (v: Values): string => {
  if (num(v, 'bytes') === 0) return `${num(v, 'status')} without a body`;
  const type = text(v, 'type') === '' ? '' : ` of ${text(v, 'type')}`;
  return `${num(v, 'status')} with ${plural(num(v, 'bytes'), 'byte')}${type}${coded(v)}`;
};

/** What became of the content coding. */
const coded = (v: Values): string => {
  const [coding, decoded] = [text(v, 'coding'), count(num(v, 'decoded'))];
  switch (v.flaw) {
    case undefined:
      return num(v, 'decoded') === num(v, 'bytes') ? '' : ` (${decoded} when ${coding} is undone)`;
    case 'short':
      return ` (${coding} ends before its end: what there is of it makes ${decoded})`;
    case 'broken':
      return ` (${coding}, damaged further on: what comes before makes ${decoded})`;
    case 'checksum':
      return ` (${decoded} when ${coding} is undone, whose checksum or length is another)`;
    case 'damaged':
      return ` (damaged, or not ${coding})`;
    case 'large':
      return ` (${coding}, not undone: it makes more than 64 MB)`;
    case 'slow':
      return ` (${coding}, not undone: that took too long)`;
    default:
      return ` (${coding}, which cannot be undone here)`;
  }
};

/** What else came on a connection that several exchanges share. */
const busy = (v: Values): string =>
  v.others === undefined ? '' : `; in between, ${plural(num(v, 'others'), 'byte')} of the server came on this connection`;

/** Near the server a packet of it has not come, but left. */
const came = (v: Values): string => (v.at === 'server' ? 'left the server' : 'came');
const acknowledged = (v: Values): string =>
  v.acknowledged === undefined ? '' : `; the client had acknowledged all of it ${time(v, 'acknowledged')} after its first packet left`;

/** What is read of a response first: a packet, or of TLS a record, which is read when all of it is there. */
const firstOf = (v: Values): string =>
  v.tls !== undefined
    ? 'The first TLS record of the response was whole'
    : `The first packet of the response ${v.at === 'server' ? 'left the server' : 'came'}`;

/** The sentence of each kind of fact. */
export type StorySentences = Readonly<Record<ExchangeFact['kind'], (values: Values) => string>>;

const enSentences: StorySentences = {
  opened: (v) => {
    const syns = num(v, 'syns') > 1 ? `the SYN was sent ${times(num(v, 'syns'))}` : '';
    const answers = v.synAcks === undefined ? '' : `the SYN-ACK ${syns === '' ? 'was sent ' : ''}${times(num(v, 'synAcks'))}`;
    const again = [syns, answers].filter((each) => each !== '').join(' and ');
    const request =
      v.tls === 'early'
        ? ', and the request came with the TLS ClientHello, as early data'
        : v.idle === undefined
          ? ''
          : `, and the request followed ${time(v, 'idle')} later${v.tls === undefined ? '' : ', behind the TLS handshake'}`;
    return `A connection was opened for it; the handshake took ${time(v)}${again === '' ? '' : `, in which ${again}`}${request}.`;
  },
  reused: (v) =>
    `The connection was open already: this is its ${ordinal(num(v, 'position'))} request${v.idle === undefined ? '' : `, ${time(v, 'idle')} after the response before it`}.`,
  'answers-upgrade': () => 'This is the answer to the request that asked for the upgrade, on the protocol upgraded to.',
  pipelined: () => 'The request was sent before the response to the one before it was there.',
  sent: (v) => {
    const body = num(v, 'bytes') === 0 ? '' : `, with ${plural(num(v, 'bytes'), 'byte')} of body,`;
    return `The request${body} took ${num(v, 'segments') === 0 ? '' : `${plural(num(v, 'segments'), 'packet')} and `}${time(v)}.`;
  },
  continued: (v) => `The server answered the head of the request with ${num(v, 'status')}, ${time(v)} after the request’s first packet.`,
  early: () => 'The server began to answer before it had all of the request.',
  waited: (v) => {
    const trip = v.trip === undefined ? '' : `, about as long as the answer to the SYN took (${time(v, 'trip')})`;
    const again = v.again === undefined ? '' : ', which was sent again in that time';
    return `${firstOf(v)} ${time(v)} after the request${trip}${again}${busy(v)}.`;
  },
  'waited-behind': (v) =>
    `${firstOf(v)} ${time(v)} after the request: the response before it was there after ${time(v, 'behind')}, ${num(v, 'rest') === 0 ? 'this one begins in the same packet' : `this one ${time(v, 'rest')} later`}.`,
  silence: (v) => {
    const message = v.who === 'client' ? 'request' : 'response';
    const other = v.who === 'client' ? 'server' : 'client';
    const why =
      v.why === 'window'
        ? `the ${other}’s receive window was closed in that time`
        : v.why === 'loss'
          ? 'data of it was missing in that time, or came again'
          : v.why === 'ack'
            ? `the ${other} had acknowledged what had come`
            : 'in that time this capture has no ACK of what had come';
    const trip = v.trip === undefined ? '' : `, about as long as the answer to the SYN took (${time(v, 'trip')})`;
    const often = v.times === undefined ? '' : `; ${times(num(v, 'times'))} it was 50 ms or more, ${time(v, 'whole')} in all`;
    const skips = v.skips === undefined ? '' : `; ${skipped({ skips: v.skips }, `the ${v.who}’s`)}`;
    return `The longest time between two packets of the ${message} was ${time(v)}${trip}: ${why}${skips}${often}.`;
  },
  'waited-acknowledged': (v) =>
    `The acknowledgement of the request came after ${time(v, 'after')}${v.again === undefined ? '' : ', in which it was sent again'}, ${v.tls === undefined ? 'the first packet of the response' : 'the first whole TLS record of the response'} another ${time(v)} later${busy(v)}.`,
  'received-by': (v) => `The response, ${answer(v)}, was whole with this packet${acknowledged(v)}.`,
  received: (v) => `The response ${came(v)} in one packet: ${answer(v)}${acknowledged(v)}.`,
  'received-over': (v) => {
    const packets = num(v, 'segments') === 0 ? '' : ` in ${plural(num(v, 'segments'), 'packet')}`;
    const rate =
      num(v, 'bytes') < 10_000 || num(v, 'seconds') < 0.001 || v.at === 'server' ? '' : `, ${size(num(v, 'bytes') / num(v, 'seconds'))}/s`;
    return `The response, ${answer(v)}, ${came(v)}${packets} over ${time(v)}${v.tls === undefined ? '' : ', from its first whole TLS record on'}${rate}${acknowledged(v)}.`;
  },
  partial: (v) =>
    v.end !== undefined
      ? `The response, ${num(v, 'status')}, is not whole: the server sent ${v.promised === undefined ? `${plural(num(v, 'bytes'), 'byte')} of its body` : `the first ${count(num(v, 'bytes'))} of ${plural(num(v, 'promised'), 'byte')} of body`}, and right behind them ${v.end === 'close' ? 'closed its direction' : 'reset the connection'}.`
      : `The response, ${num(v, 'status')}, is not whole in the capture: ${v.promised === undefined ? '' : `of ${plural(num(v, 'promised'), 'byte')} of body `}it has the first ${count(num(v, 'bytes'))}${v.promised === undefined ? ' bytes of its body' : ''}; the next ones are missing.`,
  cut: (v) => `Of the ${plural(num(v, 'promised'), 'byte')} that Content-Length promises, the capture has ${count(num(v, 'bytes'))}.`,
  'no-answer': () => 'Nothing in the capture acknowledges or answers the request.',
  'no-answer-acknowledged': (v) => `The server acknowledged the request after ${time(v)}; the capture has no response.`,
  'no-answer-reset': (v) => `${Who(v)} reset the connection ${time(v)} after the request.`,
  'no-answer-closed': (v) => `${Who(v)} closed its direction ${time(v)} after the request.`,
  'no-answer-unread': () =>
    'No whole response could be read, though the server sent data: bytes of it came late or are missing, and what is behind them was not taken apart.',
  'no-answer-other': (v) =>
    v.what === 'headless'
      ? 'The capture has no response that can be read: the beginning of what the server sent next is missing.'
      : v.what === 'begun'
        ? `The capture has no whole head of a response: it has ${plural(num(v, 'bytes'), 'byte')} of one.`
        : `The capture has no response: what the server sent next, ${plural(num(v, 'bytes'), 'byte')}, does not begin as one.`,
  'no-request': (v) =>
    v.answered !== undefined
      ? 'No request came before it: what the client had sent by then was answered already.'
      : v.sent !== undefined
        ? num(v, 'sent') === 0
          ? 'No request came before it: the client had sent nothing by then.'
          : `No HTTP request came before it: what the client had sent by then, ${plural(num(v, 'sent'), 'byte')}, is none.`
        : v.begun === undefined
          ? 'The request is not in the capture.'
          : 'The server answered before it had all of the request, of which the capture has no end.',
  resent: (v) =>
    num(v, 'times') === 1
      ? `One packet of the ${text(v, 'who')} was sent again, ${time(v, 'from')} after the exchange began.`
      : `${count(num(v, 'times'))} packets of the ${text(v, 'who')} were sent again, ${time(v, 'from') === time(v, 'to') ? time(v, 'to') : `from ${time(v, 'from')} to ${time(v, 'to')}`} after the exchange began.`,
  copied: (v) =>
    num(v, 'times') === 1
      ? `One packet of the ${text(v, 'who')} is in the capture twice, byte for byte: ${copiedHow(v)}.`
      : `${count(num(v, 'times'))} packets of the ${text(v, 'who')} are in the capture twice, byte for byte: ${copiedHow(v)}.`,
  alike: (v) =>
    `${num(v, 'times') === 1 ? `One packet of the ${text(v, 'who')} is` : `${count(num(v, 'times'))} packets of the ${text(v, 'who')} are`} in the capture twice, byte for byte: sent again or copied, which of the two they do not tell.`,
  late: (v) =>
    `${plural(num(v, 'times'), 'packet')} of the ${text(v, 'who')} came out of order, behind later data: delayed on the way, or sent again after a loss.`,
  'held-back': heldBack,
  overtaken: (v) => `${plural(num(v, 'times'), 'packet')} of the ${text(v, 'who')} came behind later data, overtaken on the way.`,
  gap: (v) =>
    num(v, 'times') === 1
      ? `A packet of the ${text(v, 'who')} came with bytes missing before it, ${time(v, 'from')} after the exchange began${gapsFilled(v)}.`
      : `${count(num(v, 'times'))} packets of the ${text(v, 'who')} came with bytes missing before them, the first ${time(v, 'from')} after the exchange began${gapsFilled(v)}.`,
  'zero-window': (v) =>
    v.seconds === undefined
      ? `${Who(v)} closed its receive window (zero window), first ${time(v, 'from')} after the exchange began.`
      : `${Who(v)} had no room for more data (zero window) ${num(v, 'times') === 1 ? 'for' : `${times(num(v, 'times'))}, for`} ${time(v)}${num(v, 'times') === 1 ? '' : ' at the longest'}, first ${time(v, 'from')} after the exchange began.`,
  repaired: (v) =>
    v.why === 'within'
      ? 'Segments of the response came late or out of order; it was put together from the stream.'
      : v.why === 'before'
        ? 'Behind segments that came late or out of order, the response was put together from the stream.'
        : 'The response was put together from the stream.',
  'redirect-followed': (v) =>
    `The response sends the client to ${text(v, 'location')}. It asked for that ${time(v)} later${v.method === v.was ? '' : `, with ${text(v, 'method')} in place of ${text(v, 'was')}`}.`,
  'redirect-open': (v) => `The response sends the client to ${text(v, 'location')}; the capture has no request of this client for it.`,
  redirected: (v) => `The request follows a redirect (${num(v, 'status')}).`,
  'not-modified': (v) => {
    const fresh =
      v.fresh === undefined
        ? ''
        : v.fresh === 'yes'
          ? ' That copy could still be used without asking.'
          : ' That copy could no longer be used without asking.';
    return v.by === 'etag'
      ? `Not modified: the entity tag that the client sent, ${text(v, 'value')}, came with a response ${time(v, 'age')} before, and is still the current one.${fresh}`
      : `Not modified since ${text(v, 'value')}, the Last-Modified of a response that the client had got ${time(v, 'age')} before.${fresh}`;
  },
  'not-modified-unseen': (v) =>
    `Not modified: what the client asked about (${v.by === 'etag' ? `entity tag ${text(v, 'value')}` : text(v, 'value')}) is current. No earlier response for this URL in the capture brought it.`,
  modified: (v) =>
    `The client asked whether its copy (${v.by === 'etag' ? `entity tag ${text(v, 'value')}` : `of ${text(v, 'value')}`}) is current; the server sent another one (${num(v, 'status')}).`,
  challenged: (v) => `The server asks for credentials (${text(v, 'scheme')}); the capture has no request of this client that brings them.`,
  'challenged-answered': (v) => `The server asks for credentials (${text(v, 'scheme')}). The client sent them ${time(v)} later.`,
  credentials: (v) =>
    `The request brings credentials (${text(v, 'scheme')})${num(v, 'status') === 401 || num(v, 'status') === 407 ? ', which the server refused' : ''}.`,
  'cookies-set': (v) => {
    const set = num(v, 'cookies');
    const removed = num(v, 'removed') === 0 ? '' : `takes ${plural(num(v, 'removed'), 'cookie')} away`;
    if (set === 0) return `The response ${removed}.`;
    const which = set === 1 ? 'it' : 'one of them or more';
    const back =
      num(v, 'times') === 0
        ? `no later request in the capture sends ${set === 1 ? 'it' : 'any of them'} back`
        : `${plural(num(v, 'times'), 'later request sends', 'later requests send')} ${which} back`;
    return `The response sets ${plural(set, 'cookie')}${removed === '' ? '' : ` and ${removed}`}; ${back}.`;
  },
  'cookies-sent': (v) =>
    num(v, 'known') === 0
      ? `The request sends ${plural(num(v, 'cookies'), 'cookie')}; no response in the capture set ${num(v, 'cookies') === 1 ? 'it' : 'them'}.`
      : `The request sends ${plural(num(v, 'cookies'), 'cookie')}, ${num(v, 'known') === num(v, 'cookies') ? '' : `${count(num(v, 'known'))} of them `}set by earlier responses.`,
  'stream-reset': (v) =>
    `${Who(v)} ended the stream of this exchange with RST_STREAM (${text(v, 'error')}), ${v.before === undefined ? `${time(v)} after the request` : `${time(v, 'before')} before the request was whole`}.`,
  'closed-amid': (v) =>
    `The client had closed its direction ${time(v)} before the response was whole${v.reset === undefined ? '' : ', and answered what came then with a reset'}.`,
  'reset-amid': (v) => `${Who(v)} had reset the connection ${time(v)} before the response was whole.`,
  tunnel: (v) => `From this response on the connection is a tunnel${text(v, 'target') === '' ? '' : ` to ${text(v, 'target')}`}.`,
  upgraded: (v) => `From this response on the connection carries ${text(v, 'protocol') || 'another protocol'}.`,
  closing: (v) =>
    `The ${text(v, 'who')} said that the connection would be closed; the ${text(v, 'closer')} closed first, ${v.same === 'yes' ? 'in the last packet of the response' : `${time(v)} after the response`}.`,
  'closing-reset': (v) =>
    `The ${text(v, 'who')} said that the connection would be closed; the ${text(v, 'closer')} reset it, ${time(v)} after the response.`,
};

const enWords = {
  title: 'What happened',
  failed: 'The account could not be made.',
  reading: 'Other exchanges are still being read for what they have to do with this one.',
  packet: (number: string) => `Packet ${number}`,
  exchange: (number: string) => `Exchange ${number}`,
  chain: 'Redirects',
  cookies: 'Cookies',
  sentBack: (times: string) => `sent back ${times}×:`,
  notSentBack: 'not sent back',
  removed: 'takes the cookie away',
  setBy: 'set by',
  notSet: 'not set in this capture',
  session: 'until the browser closes',
  caching: 'Caching',
  freshness: (v: ExchangeFreshness) =>
    v.by === 'no-store'
      ? 'Not to be stored (no-store).'
      : v.by === 'no-cache'
        ? 'To be asked about before each use (no-cache).'
        : v.by === 'heuristic'
          ? 'Nothing says for how long; a cache may guess from Last-Modified.'
          : v.by === 'none'
            ? 'Nothing says for how long.'
            : `May be used for ${lasting(v.seconds ?? 0)} without asking (${v.by === 'expires' ? 'Expires' : v.by}).`,
  credentials: 'Credentials',
  user: 'user',
  password: 'password',
  asksFor: 'Asks for',
  realm: (realm: string) => `realm ${realm}`,
  more: (n: string) => `and ${n} more`,
} as const;

export type StoryWords = Wording<typeof enWords>;

/** The sentences and words of the language in force. */
export let storySentences: StorySentences = enSentences;
export let storyWords: StoryWords = enWords;
spoken<StorySentences>(enSentences, koSentences, (chosen) => {
  storySentences = chosen;
});
spoken<typeof enWords>(enWords, koWords, (chosen) => {
  storyWords = chosen;
});
