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
const Other = (values: Values): string => (values.who === 'client' ? 'The server' : 'The client');
const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`);
const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
const idle = (values: Values): string => (values.idle === undefined ? '' : `, ${time(values, 'idle')} after the last data`);

const WHERE: Readonly<Record<string, string>> = {
  client: 'this capture was made at or near the client',
  server: 'this capture was made at or near the server',
  between: 'this capture was made between the two',
  unknown: 'where this capture was made is not known',
};

/** The sentence of each kind of fact. */
export type Sentences = Readonly<Record<AccountFact['kind'], (values: Values) => string>>;

const enSentences: Sentences = {
  'syn-again': (v) => `The client sent its SYN ${times(num(v, 'times'))} over ${time(v)}, until it was answered.`,
  opened: (v) => {
    if (v.answered === undefined) return 'The client opened the connection; the answer to its SYN is not in this capture.';
    const complete =
      v.complete === undefined || time(v, 'complete') === time(v, 'answered')
        ? ''
        : `, and the handshake was complete after ${time(v, 'complete')}`;
    return `The client opened the connection; the server answered the SYN after ${time(v, 'answered')}${complete}.`;
  },
  'captured-at': (v) =>
    `From the capture point to the server and back ${time(v, 'server')}, to the client and back ${time(v, 'client')}: ${WHERE[String(v.where)] ?? WHERE.unknown}.`,
  refused: (v) =>
    `The client asked to connect and was refused: a reset answered the SYN${v.seconds === undefined ? '' : ` after ${time(v)}`}.`,
  'no-answer': (v) =>
    num(v, 'times') === 1
      ? 'The client sent a SYN, and nothing in this capture answers it.'
      : `The client sent its SYN ${times(num(v, 'times'))} over ${time(v)}, and nothing in this capture answers it.`,
  'half-open': (v) =>
    `${v.answered === undefined ? 'The server answered the SYN' : `The server answered the SYN after ${time(v, 'answered')}`}, but the client never confirmed it: the handshake is not complete.`,
  simultaneous: () => 'Both sides sent a SYN before they saw the other’s: a simultaneous open.',
  midway: () => 'The start of this connection is not in the capture.',
  'no-data': () => 'No data was sent on it.',
  exchanged: (v) =>
    `In ${time(v)} the client sent ${plural(num(v, 'clientBytes'), 'byte')} in ${plural(num(v, 'clientSegments'), 'segment')}, the server ${plural(num(v, 'serverBytes'), 'byte')} in ${plural(num(v, 'serverSegments'), 'segment')}.`,
  waited: (v) => `The longest wait: ${time(v)} from the client’s last data to ${who(v)}’s first.`,
  'waited-acknowledged': (v) =>
    `The longest wait: ${who(v)} had acknowledged the client’s data after ${time(v, 'after')}, and sent nothing for another ${time(v)}.`,
  unanswered: (v) => `${Who(v)} sent no data in answer, and did not acknowledge what ${other(v)} had sent last.`,
  'unanswered-acknowledged': (v) => `${Who(v)} acknowledged what ${other(v)} sent, but sent no data in answer.`,
  idle: (v) => `The client was silent for ${time(v)} after an answer, before it went on.`,
  'resent-once': (v) =>
    `One of ${plural(num(v, 'segments'), 'segment')} of ${who(v)} was sent again, ${time(v, 'at')} after the first packet.`,
  'resent-burst': (v) =>
    `${count(num(v, 'times'))} of ${plural(num(v, 'segments'), 'segment')} of ${who(v)} were sent again, all in one burst of ${time(v)}, ${time(v, 'at')} after the first packet.`,
  resent: (v) => `${count(num(v, 'times'))} of ${plural(num(v, 'segments'), 'segment')} of ${who(v)} were sent again, at several times.`,
  gaps: (v) =>
    `${times(num(v, 'times')).replace(/^./, (c) => c.toUpperCase())} a segment of ${who(v)} came with bytes missing before it: lost on the way, late, or not captured.`,
  disorder: (v) => `${plural(num(v, 'times'), 'segment')} of ${who(v)} came out of order.`,
  'window-closed': (v) =>
    `${Who(v)} closed its receive window (zero window), and the capture does not show it open again: ${other(v)} may not send.`,
  'window-closed-for': (v) =>
    `${Who(v)} closed its receive window, for ${time(v)} at the longest: ${other(v)} had to wait until ${who(v)} had read what it had.`,
  'capture-lost': (v) =>
    `${times(num(v, 'times')).replace(/^./, (c) => c.toUpperCase())} an ACK covers bytes that are not in this capture: they arrived, so the capture missed them.`,
  'keep-alive': (v) => `${plural(num(v, 'times'), 'keep-alive probe')} kept the idle connection open.`,
  closed: (v) => `${Who(v)} closed first${idle(v)}; ${other(v)} closed ${time(v)} later.`,
  'closed-both': () => 'Both sides closed before they saw that the other did.',
  'closed-one': (v) => `${Who(v)} closed its direction${idle(v)}.`,
  'half-closed': (v) => `${Who(v)} closed its direction${idle(v)}; ${other(v)} has not closed by the end of its packets, ${time(v)} later.`,
  reset: (v) => `${Who(v)} reset the connection${idle(v)}.`,
  'reset-late-data': (v) => `${Other(v)} sent data after ${who(v)} had closed; ${who(v)} answered with a reset.`,
  'tls-decrypted': (v) =>
    `It is encrypted with ${v.version}, and was decrypted with its secrets${v.inside === '' ? '' : `: inside is ${v.inside}`}.`,
  'tls-partly': (v) =>
    `It is encrypted with ${v.version}: of its encrypted records ${count(num(v, 'records'))} were decrypted, ${count(num(v, 'failed'))} could not be.`,
  'tls-missing': (v) => `It is encrypted with ${v.version}, and the key log has no secret for it.`,
  'tls-wrong': (v) => `It is encrypted with ${v.version}; the key log names it, but the secrets there do not open its records.`,
  'tls-nameless': () => 'It is encrypted with TLS; its ClientHello, by which a key log would name it, is not in the capture.',
  'tls-suite': (v) =>
    `It is encrypted with ${v.version} and ${v.suite === '' ? 'a suite that is not known' : v.suite}, which cannot be decrypted here.`,
  open: (v) => `Neither side has closed it; the last packet came ${time(v)} before the end of the capture.`,
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
