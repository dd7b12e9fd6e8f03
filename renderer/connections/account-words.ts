/** The account of a connection in words. Every sentence says only what its packets prove (src/flow/account.ts finds the facts). */
import type { AccountFact } from '../../src/messages.ts';
import { count, three } from '../format.ts';
import { spoken, type Wording } from '../language.ts';
import { sentences as koSentences, accountWords as koWords } from './account-words.ko.ts';

/** `41.2 ms`, `1.91 s`, `3 min 12 s`: three significant digits. */
export function lasting(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 0.0000995) return `${three(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${three(seconds * 1e3)} ms`;
  if (size < 120) return `${three(seconds)} s`;
  const minutes = Math.floor(size / 60);
  return `${count(minutes)} min ${count(Math.floor(size - 60 * minutes))} s`;
}

type Values = AccountFact['values'];
const num = (values: Values, name: string): number => Number(values[name] ?? 0);
const time = (values: Values, name = 'seconds'): string => lasting(num(values, name));
const who = (values: Values): string => `the ${values.who}`;
const Who = (values: Values): string => `The ${values.who}`;
const other = (values: Values): string => (values.who === 'client' ? 'the server' : 'the client');
const Next: Readonly<Record<string, string>> = { lost: 'next data in this capture', new: 'next new data' };
const next = (values: Values): string => `${who(values)}’s ${Next[String(values.next)] ?? 'next data'}`;
const missing = (values: Values): string => (values.next === 'lost' ? `, with other data of ${who(values)} missing in that time` : '');
const Other = (values: Values): string => (values.who === 'client' ? 'The server' : 'The client');
const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`);
const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
const packetsTwice = (values: Values): string =>
  `${num(values, 'times') === 1 ? `One packet with data of ${who(values)} is` : `${count(num(values, 'times'))} packets with data of ${who(values)} are`} in the capture twice, byte for byte`;
const idle = (values: Values): string => (values.idle === undefined ? '' : `, ${time(values, 'idle')} after the last data`);

const WHERE: Readonly<Record<string, string>> = {
  client: 'it seems to have been captured at or near the client',
  server: 'it seems to have been captured at or near the server',
  between: 'it seems to have been captured between the two',
  unknown: 'where it was captured they do not tell',
};

/** The sentence of each kind of fact. */
export type Sentences = Readonly<Record<AccountFact['kind'], (values: Values) => string>>;

const enSentences: Sentences = {
  'syn-again': (v) => `The client sent its SYN ${times(num(v, 'times'))} over ${time(v)}.`,
  opened: (v) => {
    if (v.missing === 'answer') return 'The client opened the connection; the answer to its SYN is not in this capture.';
    if (v.answered === undefined) return 'The client opened the connection.';
    const complete =
      v.complete === undefined || time(v, 'complete') === time(v, 'answered')
        ? ''
        : `, and the handshake was complete after ${time(v, 'complete')}`;
    return `The client opened the connection; the server answered the SYN after ${time(v, 'answered')}${complete}.`;
  },
  'captured-at': (v) =>
    `From the capture point to the server and back it took at most ${time(v, 'server')}, to the client and back ${time(v, 'client')}: ${WHERE[String(v.where)] ?? WHERE.unknown}.`,
  refused: (v) =>
    `The client asked to connect and was refused: a reset answered the SYN${v.seconds === undefined ? '' : ` after ${time(v)}`}.`,
  'no-answer': (v) =>
    num(v, 'times') === 1
      ? 'The client sent a SYN, and nothing in this capture answers it.'
      : `The client sent its SYN ${times(num(v, 'times'))} over ${time(v)}, and nothing in this capture answers it.`,
  'half-open': (v) =>
    `${v.answered === undefined ? 'The server answered the SYN' : `The server answered the SYN after ${time(v, 'answered')}`}, and this capture has no ACK of the client for that: the handshake is not complete.`,
  simultaneous: () => 'Both sides sent a SYN before they saw the other’s: a simultaneous open.',
  midway: () => 'The start of this connection is not in the capture.',
  'no-data': () => 'This capture has no data of it.',
  exchanged: (v) =>
    `In ${time(v)} this capture has ${plural(num(v, 'clientBytes'), 'byte')} in ${plural(num(v, 'clientSegments'), 'segment')} of the client, ${plural(num(v, 'serverBytes'), 'byte')} in ${plural(num(v, 'serverSegments'), 'segment')} of the server${v.repeats === 'yes' ? ', repeats counted' : ''}.`,
  waited: (v) =>
    `The longest wait: ${next(v)} came ${time(v)} after that of ${other(v)}${v.again === 'yes' ? ', which was sent again in that time' : ''}${missing(v)}.`,
  'waited-acknowledged': (v) =>
    `The longest wait: ${who(v)} had acknowledged the client’s data after ${time(v, 'after')}; ${next(v)} came another ${time(v)} later${missing(v)}.`,
  unanswered: (v) => `This capture has no data of ${who(v)} in answer, and no ACK of what ${other(v)} sent last.`,
  'unanswered-acknowledged': (v) => `${Who(v)} acknowledged what ${other(v)} sent; this capture has no data of ${who(v)} in answer.`,
  idle: (v) => `For ${time(v)} after an answer this capture has no new data of the client.`,
  'resent-once': (v) =>
    `Data of ${who(v)} was sent again in one of its ${plural(num(v, 'segments'), 'segment')}, ${time(v, 'at')} after the first packet.`,
  'resent-burst': (v) =>
    `Data of ${who(v)} was sent again in ${count(num(v, 'times'))} of its ${plural(num(v, 'segments'), 'segment')}, all in one burst of ${time(v)}, ${time(v, 'at')} after the first packet.`,
  resent: (v) =>
    `Data of ${who(v)} was sent again in ${count(num(v, 'times'))} of its ${plural(num(v, 'segments'), 'segment')}, at several times.`,
  copied: (v) => `${packetsTwice(v)}: ${num(v, 'times') === 1 ? 'a copy' : 'copies'} made on the way or by the capture.`,
  alike: (v) => `${packetsTwice(v)}: sent again or copied, which of the two they do not tell.`,
  gaps: (v) =>
    `${times(num(v, 'times')).replace(/^./, (c) => c.toUpperCase())} a segment of ${who(v)} came with bytes missing before it: lost on the way, late, or not captured.`,
  disorder: (v) =>
    `${plural(num(v, 'times'), 'segment')} of ${who(v)} came out of order, behind later data: delayed on the way, or sent again after a loss.`,
  'window-closed': (v) => `${Who(v)} closed its receive window (zero window), and this capture does not show it open again.`,
  'window-closed-for': (v) =>
    `${Who(v)} closed its receive window (zero window); this capture shows it open again after ${time(v)}${num(v, 'times') === 1 ? '' : ' at the longest'}.`,
  'capture-lost': (v) =>
    `${times(num(v, 'times')).replace(/^./, (c) => c.toUpperCase())} an ACK covers what is not in this capture: it arrived, so the capture missed it.`,
  'keep-alive': (v) =>
    `${num(v, 'times') === 1 ? '1 segment has' : `${count(num(v, 'times'))} segments have`} the form of a keep-alive probe.`,
  closed: (v) => `${Who(v)} closed first${idle(v)}; ${other(v)} closed ${time(v)} later.`,
  'closed-both': () => 'Both sides closed before they saw that the other did.',
  'closed-one': (v) => `${Who(v)} closed its direction${idle(v)}.`,
  'half-closed': (v) =>
    `${Who(v)} closed its direction${idle(v)}; this capture has no close of ${other(v)} up to the last packet, ${time(v)} later.`,
  reset: (v) => `${Who(v)} reset the connection${idle(v)}.`,
  'reset-late-data': (v) => `${Other(v)} sent data after ${who(v)} had closed; ${who(v)} then reset the connection.`,
  'tls-decrypted': (v) =>
    `It is encrypted with ${v.version}, and was decrypted with its secrets${v.inside === '' ? '' : `: inside is ${v.inside}`}.`,
  'tls-partly': (v) =>
    `It is encrypted with ${v.version}: of its encrypted records ${count(num(v, 'records'))} were decrypted, ${count(num(v, 'failed'))} could not be.`,
  'tls-missing': (v) => `It is encrypted with ${v.version}, and the key log has no secret for it.`,
  'tls-wrong': (v) => `It is encrypted with ${v.version}; the key log names it, but the secrets there do not open its records.`,
  'tls-nameless': () => 'It is encrypted with TLS; its ClientHello, by which a key log would name it, is not in the capture.',
  'tls-suite': (v) =>
    `It is encrypted with ${v.version} and ${v.suite === '' ? 'a suite that is not known' : v.suite}, which cannot be decrypted here.`,
  open: (v) => `This capture has no close of it; the last packet came ${time(v)} before the end of the capture.`,
};

const enWords = {
  title: 'What happened',
  links: 'every sentence links to its packets',
  packet: (number: string) => `Packet ${number}`,
  failed: 'The account could not be made.',
} as const;

export type AccountWords = Wording<typeof enWords>;

/** The sentences and words of the language in force. */
export let sentences: Sentences = enSentences;
export let accountWords: AccountWords = enWords;
spoken<Sentences>(enSentences, koSentences, (chosen) => {
  sentences = chosen;
});
spoken<typeof enWords>(enWords, koWords, (chosen) => {
  accountWords = chosen;
});
