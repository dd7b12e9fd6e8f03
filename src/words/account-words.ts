/** The account of a connection in words. Every sentence says only what its packets prove (src/connections/account.ts finds the facts). */
import type { AccountFact } from '../messages.ts';
import { sentences as koSentences, accountWords as koWords } from './account-words.ko.ts';
import { count, dateUtc, lasting, size } from './format.ts';
import { spoken, type Wording } from './language.ts';

type Values = AccountFact['values'];
const num = (values: Values, name: string): number => Number(values[name] ?? 0);
const time = (values: Values, name = 'seconds'): string => lasting(num(values, name));
const who = (values: Values): string => `the ${values.who}`;
const Who = (values: Values): string => `The ${values.who}`;
const other = (values: Values): string => (values.who === 'client' ? 'the server' : 'the client');
const Next: Readonly<Record<string, string>> = { lost: 'next data in this capture', new: 'next new data' };
const next = (values: Values): string => `${who(values)}’s ${Next[String(values.next)] ?? 'next data'}`;
const missing = (values: Values): string => (values.next === 'lost' ? `, with other data of ${who(values)} missing in that time` : '');
export const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`);
const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;
const packetsTwice = (values: Values): string =>
  `${num(values, 'times') === 1 ? `One packet with data of ${who(values)} is` : `${count(num(values, 'times'))} packets with data of ${who(values)} are`} in the capture twice, byte for byte`;
/** Why packets are in the capture twice. */
export const copiedHow = (values: Values): string =>
  values.interfaces !== undefined
    ? 'captured on two interfaces'
    : `${num(values, 'times') === 1 ? 'a copy' : 'copies'} made on the way or by the capture`;
/** Data that waited for the ACK of data before it, as Nagle's algorithm has it (RFC 1122, section 4.2.3.4). */
export const heldBack = (v: Values): string =>
  `${times(num(v, 'times')).replace(/^./, (c) => c.toUpperCase())} ${who(v)} sent its next small piece of data right behind the ACK of the one before, which took ${num(v, 'times') === 1 ? time(v) : `up to ${time(v)}, ${time(v, 'whole')} in all`}: held back until then, as Nagle’s algorithm does.`;
/** How much later than the first time data was sent again, and how much of it the other side had by then. */
const afterFirst = (values: Values): string => {
  const one = num(values, 'times') === 1;
  const after =
    values.after === undefined ? '' : `${one ? ' and ' : ', at the longest '}${time(values, 'after')} after the same data came first`;
  const needless = num(values, 'needless');
  return `${after}${needless === 0 ? '' : one ? `; ${other(values)} had it already` : `; ${other(values)} had ${needless === num(values, 'times') ? 'all of it' : `${count(needless)} of these`} already`}`;
};
/** What the list of packets and the table of connections call data that was sent again, where that is not a retransmission alone. */
const byAnalysis = (values: Values): string => {
  const [all, unmarked] = [num(values, 'times'), num(values, 'unmarked')];
  if (unmarked === 0) return '';
  const said = `; by Wireshark’s rules (tcp.analysis) ${all === 1 ? 'it is' : 'these are'}`;
  return unmarked === all
    ? `${said} out of order`
    : `${said} ${plural(all - unmarked, 'retransmission')} and ${count(unmarked)} out of order`;
};
/** What does not answer a SYN, where an ICMP error may. */
const nothing = (values: Values): string => (values.icmp === undefined ? 'nothing' : 'no segment');
const LACKING = 'lost on the way, late, or not captured';
/** What became of the bytes that were missing. */
export const gapsFilled = (values: Values): string => {
  const [all, filled, again, overtaken] = [num(values, 'times'), num(values, 'filled'), num(values, 'again'), num(values, 'overtaken')];
  if (filled === 0) return `, and this capture does not have them: ${LACKING}`;
  const bytes = filled - num(values, 'fins');
  const parts = [
    again === 0 ? '' : again === bytes ? 'sent again' : `${times(again)} sent again`,
    overtaken === 0 ? '' : overtaken === bytes ? 'overtaken on the way' : `${times(overtaken)} overtaken on the way`,
    again + overtaken === bytes ? '' : `${times(bytes - again - overtaken)} delayed or sent again`,
  ].filter((part) => part !== '');
  const how = again + overtaken === 0 ? ', delayed on the way or sent again' : `, ${parts.join(', ')}`;
  const which = all === 1 || filled === all ? 'they came' : `${times(filled)} they came`;
  const rest = filled === all ? '' : `; the other${all - filled === 1 ? ' is' : 's are'} not in this capture: ${LACKING}`;
  return `; ${which} ${time(values)} later${filled === 1 ? '' : ' at the longest'}${how}${rest}`;
};
const probed = (values: Values): string =>
  num(values, 'probes') === 0 ? '' : `; ${other(values)} probed it ${times(num(values, 'probes'))}`;
/** '1,460 bytes in 8 segments of the client'. */
const sent = (values: Values, who: 'client' | 'server'): string =>
  num(values, `${who}Segments`) === 0
    ? `no data of the ${who}`
    : `${plural(num(values, `${who}Bytes`), 'byte')} in ${plural(num(values, `${who}Segments`), 'segment')} of the ${who}`;
/** Identifications that a side skips in a time, or in several. */
export const skipped = (values: Values, who: string): string =>
  `the IPv4 identifications of ${who} packets, which otherwise count up one by one, skip ${plural(num(values, 'skips'), 'number')} ${num(values, 'times') <= 1 ? 'there' : 'in these times'}`;
const idle = (values: Values): string =>
  values.idle === undefined ? '' : `, ${time(values, 'idle')} after the last data${values.still === undefined ? '' : ' up to then'}`;

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
    return v.last === undefined
      ? `The client opened the connection; the server answered the SYN after ${time(v, 'answered')}${complete}.`
      : `The client opened the connection; the server’s answer came ${time(v, 'answered')} after the first SYN, ${time(v, 'last')} after the last one before it${complete}.`;
  },
  'captured-at': (v) =>
    `From the capture point to the server and back it took at most ${time(v, 'server')}, to the client and back ${time(v, 'client')}: ${WHERE[String(v.where)] ?? WHERE.unknown}.`,
  refused: (v) =>
    `The client asked to connect and was refused: a reset answered the SYN${v.seconds === undefined ? '' : ` after ${time(v)}`}.`,
  'no-answer': (v) =>
    num(v, 'times') === 1
      ? `The client sent a SYN, and ${nothing(v)} in this capture answers it.`
      : `The client sent its SYN ${times(num(v, 'times'))} over ${time(v)}, and ${nothing(v)} in this capture answers it.`,
  'syn-ack-again': (v) => `The server sent its SYN-ACK ${times(num(v, 'times'))}; this capture has them over ${time(v)}.`,
  'half-open': (v) =>
    `${v.answered === undefined ? 'The server answered the SYN' : `The server answered the SYN after ${time(v, 'answered')}`}, and this capture has no ACK of the client for that: the handshake is not complete.`,
  simultaneous: () => 'Both sides sent a SYN before they saw the other’s: a simultaneous open.',
  midway: () => 'The start of this connection is not in the capture.',
  'no-data': (v) => (v.seconds === undefined ? 'This capture has no data of it.' : `In ${time(v)} this capture has no data of it.`),
  exchanged: (v) =>
    `In ${time(v)} this capture has ${sent(v, 'client')}, ${sent(v, 'server')}${v.repeats === 'yes' ? ', repeats counted' : ''}.`,
  waited: (v) =>
    `The longest wait: ${next(v)} came ${time(v)} after that of ${other(v)}${v.again === 'yes' ? ', which was sent again in that time' : ''}${missing(v)}${v.crossed === undefined ? '' : `; when it left, ${who(v)} did not have all of that yet`}${v.skips === undefined ? '' : `; ${skipped(v, `${who(v)}’s`)}`}.`,
  'waited-acknowledged': (v) =>
    `The longest wait: ${who(v)} had acknowledged the client’s data after ${time(v, 'after')}${v.again === 'yes' ? ', in which it was sent again' : ''}; ${next(v)} came another ${time(v)} later${missing(v)}.`,
  unanswered: (v) => `This capture has no data of ${who(v)} in answer, and no ACK of what ${other(v)} sent last.`,
  'unanswered-acknowledged': (v) => `${Who(v)} acknowledged what ${other(v)} sent; this capture has no data of ${who(v)} in answer.`,
  'last-unanswered': (v) => {
    const to = v.to === 'capture' ? 'the last packet of the capture' : 'the end of the connection';
    return v.after === undefined
      ? `Behind the client’s last data this capture has no ACK and no data of ${who(v)}, up to ${to} ${time(v)} later.`
      : `${Who(v)} acknowledged the client’s last data after ${time(v, 'after')}; this capture has no data of ${who(v)} behind it, up to ${to} ${time(v)} later.`;
  },
  'round-trip': (v) =>
    `The longest wait for data of ${who(v)} was ${time(v)}; its answer to the SYN took ${time(v, 'trip')}, about as long.`,
  paused: (v) => {
    const one = num(v, 'times') === 1;
    const long = one ? `for ${time(v)}` : `${times(num(v, 'times'))}, ${time(v, 'whole')} in all and ${time(v)} at the longest`;
    return v.near === 'yes'
      ? `${Who(v)} paused in the midst of its data ${long}; ${other(v)} had acknowledged what it had sent, and had room for more.`
      : `In the midst of its data nothing came from ${who(v)} ${long}; ${other(v)} had acknowledged what had come, and had room for more. It paused, or packets were lost outside this capture${v.skips === undefined ? '' : `: ${skipped(v, 'its')}`}.`;
  },
  stalled: (v) => {
    const one = num(v, 'times') === 1;
    return `${Who(v)} sent nothing ${one ? 'for' : `${times(num(v, 'times'))} for up to`} ${time(v)} in the midst of its data, and in that time this capture has no ACK of what it had sent${v.skips === undefined ? '' : `: ${skipped(v, `${other(v)}’s`)}`}.`;
  },
  'held-back': heldBack,
  'small-window': (v) =>
    `While data came, the receive window of ${who(v)} was never more than ${plural(num(v, 'window'), 'byte')}: at ${time(v, 'trip')} there and back, that allows about ${size(num(v, 'rate'))}/s.`,
  'icmp-error': (v) =>
    `${num(v, 'times') === 1 ? `${v.from} sent an ICMP error about it` : `${v.from} sent ${count(num(v, 'times'))} ICMP errors about it, the first`} ${time(v, 'at')} after the first packet: ${v.what}.${v.mtu === undefined ? '' : ` Packets of up to ${plural(num(v, 'mtu'), 'byte')} go on from there.`}`,
  idle: (v) => `For ${time(v)} after an answer this capture has no new data of the client.`,
  'resent-once': (v) =>
    `Data of ${who(v)} was sent again in one of its ${plural(num(v, 'segments'), 'segment')}, ${time(v, 'at')} after the first packet${afterFirst(v)}${byAnalysis(v)}.`,
  'resent-burst': (v) =>
    `Data of ${who(v)} was sent again in ${count(num(v, 'times'))} of its ${plural(num(v, 'segments'), 'segment')}, all within ${time(v)}, from ${time(v, 'at')} after the first packet on${afterFirst(v)}${byAnalysis(v)}.`,
  resent: (v) =>
    `Data of ${who(v)} was sent again in ${count(num(v, 'times'))} of its ${plural(num(v, 'segments'), 'segment')}, at several times${afterFirst(v)}${byAnalysis(v)}.`,
  copied: (v) => `${packetsTwice(v)}: ${copiedHow(v)}.`,
  alike: (v) => `${packetsTwice(v)}: sent again or copied, which of the two they do not tell.`,
  gaps: (v) => {
    const [all, fins] = [num(v, 'times'), num(v, 'fins')];
    if (all === 1 && fins === 1) return `The FIN of ${who(v)} came ${time(v)} after a segment behind it.`;
    const what = fins === 0 ? 'bytes' : 'bytes or a FIN';
    return all === 1
      ? `A segment of ${who(v)} came with bytes missing before it${gapsFilled(v)}.`
      : `${times(all).replace(/^./, (c) => c.toUpperCase())} a segment of ${who(v)} came with ${what} missing before it${gapsFilled(v)}.`;
  },
  disorder: (v) =>
    `${plural(num(v, 'times'), 'segment')} of ${who(v)} came out of order, behind later data: delayed on the way, or sent again after a loss.`,
  'window-closed': (v) => `${Who(v)} closed its receive window (zero window), and this capture does not show it open again${probed(v)}.`,
  'window-closed-for': (v) =>
    `${Who(v)} had no room for more data (zero window) ${num(v, 'times') === 1 ? 'for' : `${times(num(v, 'times'))}, for`} ${time(v)}${num(v, 'times') === 1 ? '' : ' at the longest'}${probed(v)}.`,
  'capture-lost': (v) =>
    `${times(num(v, 'times')).replace(/^./, (c) => c.toUpperCase())} an ACK covers what is not in this capture: it arrived, so the capture missed it.`,
  'keep-alive': (v) => {
    const [all, answered] = [num(v, 'times'), num(v, 'answered')];
    const probes = `${plural(all, 'segment')}${v.who === 'both' ? '' : ` of ${who(v)}`} ${all === 1 ? 'has' : 'have'} the form of a keep-alive probe`;
    if (answered === 0) return `${probes}; this capture has no answer to ${all === 1 ? 'it' : 'them'}.`;
    if (v.who === 'both') return `${probes}; ${answered === all ? 'each' : count(answered)} was answered.`;
    return `${probes}; ${other(v)} answered ${answered < all ? `${count(answered)} of them` : all === 1 ? 'it' : 'each'}.`;
  },
  closed: (v) =>
    `${Who(v)} closed first${idle(v)}; ${v.lost === undefined ? `${other(v)} ${v.still === undefined ? '' : 'still sent data, and '}closed ${time(v)} later` : `${v.still === undefined ? '' : `${other(v)} still sent data; `}the FIN of ${other(v)} came ${time(v)} later, behind a segment that followed it`}.`,
  'closed-both': () => 'Both sides closed before they saw that the other did.',
  'closed-one': (v) => `${Who(v)} closed its direction${idle(v)}.`,
  'half-closed': (v) =>
    `${Who(v)} closed its direction${idle(v)}; this capture has no close of ${other(v)} up to the last packet, ${time(v)} later.`,
  reset: (v) => `${Who(v)} reset the connection${idle(v)}${v.behind === undefined ? '' : `; data of ${other(v)} still came behind that`}.`,
  'fin-again': (v) => {
    const again = num(v, 'times') - 1;
    const needless = Math.min(again, num(v, 'needless'));
    const had =
      needless === 0
        ? ''
        : needless === again
          ? `; ${other(v)} had it already when it came again`
          : `; of the ${count(again)} sent again ${other(v)} had ${count(needless)} already`;
    return `${Who(v)} sent its FIN ${times(num(v, 'times'))} over ${time(v)}${had}.`;
  },
  'reset-late-data': (v) =>
    `${v.alert === undefined ? 'Data' : 'A TLS alert'} of ${other(v)} came after ${who(v)} had closed; ${who(v)} then reset the connection.`,
  'tls-handshake': (v) => {
    const since = v.retry === undefined ? 'the ClientHello' : 'the first';
    const end =
      v.changed !== undefined
        ? `; both sides had changed to their keys ${time(v, 'changed')} after ${since}`
        : v.next !== undefined
          ? `; the client’s next data came ${time(v, 'next')} after ${since}`
          : '';
    const resumed =
      v.resumed === undefined
        ? ''
        : v.resumed === 'session'
          ? ' They went on with an earlier session, without a certificate.'
          : ' They used a key that both had from before, as of an earlier session, without a certificate.';
    if (v.retry === undefined) return `The server answered the TLS ClientHello after ${time(v, 'answered')}${end}.${resumed}`;
    const answered = v.answered === undefined ? '' : `, and answered that one ${time(v, 'answered')} after the first`;
    return `The server asked for another TLS ClientHello after ${time(v, 'retry')} (HelloRetryRequest)${answered}${end}.${resumed}`;
  },
  'tls-alert': (v) => `${Who(v)} sent a fatal TLS alert: ${v.name === '' ? `number ${v.number}` : v.name}.`,
  'tls-renegotiated': (v) => {
    const began = v.who === 'server' ? 'asked for another TLS handshake' : 'began another TLS handshake';
    const end =
      v.seconds !== undefined
        ? `; both sides had changed to new keys ${time(v)} later`
        : v.refused !== undefined
          ? `; ${other(v)} refused`
          : v.alert !== undefined
            ? `; the next record of ${other(v)} is an encrypted alert, and this capture does not show both sides change to new keys`
            : v.answered !== undefined
              ? `; in this capture ${other(v)} does not ${v.who === 'server' ? 'begin one' : 'answer it with one of its own'}`
              : '; this capture does not show both sides change to new keys';
    const more = num(v, 'times') - 1;
    const open = num(v, 'times') - num(v, 'completed') - (v.seconds === undefined ? 1 : 0);
    const again =
      more === 0
        ? ''
        : ` Another began ${times(more)} more${open === 0 ? '' : `, ${open === more ? '' : `${times(open)} `}without both sides changing their keys`}.`;
    return `${Who(v)} ${began} on the open connection (renegotiation), ${time(v, 'at')} after the first packet${end}.${again}`;
  },
  'tls-certificate': (v) =>
    `The server’s certificate is for ${v.name}${v.host === 'yes' && v.name === v.serverName ? ', which the client asked for' : ''}, ${v.issued === 'self' ? 'signed by itself' : `issued by ${v.issuer}`}${v.issued === 'not-signed' ? ', whose key in the message did not sign it' : ''}; ${v.validity === 'valid' ? `it was valid, until ${dateUtc(String(v.to))}` : v.validity === 'expired' ? `it had expired ${time(v, 'away')} before` : v.validity === 'early' ? `it was to be valid only ${time(v, 'away')} later` : 'its times cannot be read'}${v.host === 'yes' && v.name !== v.serverName ? `, and names ${v.serverName}, which the client asked for` : v.host === 'no' ? `, and does not name ${v.serverName}, which the client asked for` : ''}.`,
  'tls-certificate-unread': (v) =>
    `The server’s certificate, of ${plural(num(v, 'octets'), 'byte')}, ${v.problem === 'too-long' ? 'is longer than is read here' : 'cannot be read as an X.509 certificate'}.`,
  'tls-decrypted': (v) =>
    `It is encrypted with ${v.version}, and was decrypted with its secrets${v.inside === '' ? '' : `: inside is ${v.inside}${v.later === undefined ? '' : `, later ${v.later}`}`}.`,
  'tls-partly': (v) =>
    `It is encrypted with ${v.version}: of its encrypted records ${count(num(v, 'records'))} were decrypted, ${count(num(v, 'failed'))} could not be.`,
  'tls-missing': (v) => `It is encrypted with ${v.version}, and the key log has no secret for it.`,
  'tls-wrong': (v) => `It is encrypted with ${v.version}; the key log names it, but the secrets there do not open its records.`,
  'tls-nameless': () => 'It is encrypted with TLS; its ClientHello, by which a key log would name it, is not in the capture.',
  'tls-suite': (v) =>
    `It is encrypted with ${v.version} and ${v.suite === '' ? 'a suite that is not known' : v.suite}, which cannot be decrypted here.`,
  open: (v) =>
    num(v, 'seconds') <= 0
      ? 'This capture has no close of it; its last packet is the last of the capture.'
      : `This capture has no close of it; the last packet came ${time(v)} before the end of the capture.`,
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
