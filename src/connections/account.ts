/**
 * What happened on a TCP connection, as facts that its packets prove: how it opened, what was exchanged, where time was spent, what
 * was lost and repaired, how it ended. A fact has a kind, its values and the rows that prove it; the words are the window's.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { allProtocols } from '../dissect/protocol.ts';
import { Flag } from '../flow/seq.ts';
import { finished } from '../flow/steps.ts';
import { rowsInSteps, rowsOfStream } from '../flow/stream-rows.ts';
import { segmentOf } from '../flow/syn-options.ts';
import { ANY_RETRANSMISSION } from '../flow/tcp-analysis.ts';
import { flows } from '../flow/tcp-flows.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import type { AccountFact, Handshake } from '../messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { cipherName } from '../protocols/tls-ciphers.ts';
import { alertNames } from '../protocols/tls-names.ts';
import { ContentType, isContentType, RECORD_HEADER, recordEnd, tlsPlain } from '../protocols/tls-plain.ts';
import { tlsSessions } from '../protocols/tls-session.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { examine, type Findings, isSynOnce, type RoundTrip, type Spells, SYN_ACK, type Wait } from './account-findings.ts';
import { serverCertificates } from './certificates.ts';
import { connectionRow, handshakeHalves } from './connections.ts';
import { acrossInterfaces, likenessOf, withTwins } from './copies.ts';
import { gapsSaid } from './gaps.ts';
import { icmpErrorIn } from './icmp-errors.ts';
import { skippedIn } from './identifications.ts';
import { capturedAt } from './ladder.ts';

/** A wait that is worth a sentence, in ns. */
const WAIT = 200_000_000;
/** Segments sent again within so many ns of each other are one burst, as long as all of it is no longer than this. */
const BURST = 1_000_000_000;
const WHOLE_BURST = 2_000_000_000;
/** A path on which a packet and its answer take less than this, ns, has no near and far end. */
export const NEAR = 1_000_000;
/** A wait that is longer than the round trip by no more than this part of it, or this time, ns, is the round trip. */
const SAME_PART = 0.25;
const SAME = 30_000_000;
/** Time without an answer to a side's last data that is worth a sentence, in seconds. */
const HANGS = 1;
/** A small window is one that was filled so often, and to this part of what a round trip allows. */
const WINDOWS = 4;
const FULL = 0.4;
/** Rows that one fact names at most. */
const PROOFS = 6;

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
/** Segments with data that are looked through for each of them: other protocols may come before TLS. */
const MOST_HELLOS = 32;

const TLS_VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSL 3.0'],
  [0x0301, 'TLS 1.0'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [0x0304, 'TLS 1.3'],
]);

type Side = 'client' | 'server';
const SIDES: readonly [Side, Side] = ['client', 'server'];

/** The account of a stream, in the order of the connection's life. The stream must exist; one of which only others tell has none. */
export function accountOf(capture: CaptureIndex, stream: number): AccountFact[] {
  return finished(accountInSteps(capture, stream));
}

/** `accountOf`, with pauses in which others may have their turn: a connection may have millions of packets. */
export function* accountInSteps(capture: CaptureIndex, stream: number): Generator<void, AccountFact[]> {
  const rows = yield* rowsInSteps(capture, stream, 'tcp');
  if (rows.length === 0) return [];
  const trip = roundTrip(capture, stream, rows);
  const found = yield* examine(capture, stream, rows, trip);
  const facts: AccountFact[] = [];
  const say = (kind: AccountFact['kind'], tone: AccountFact['tone'], values: AccountFact['values'], proof: readonly number[]): void => {
    facts.push({ kind, tone, values, rows: [...new Set(proof.filter((row) => row !== NONE))].slice(0, PROOFS) });
  };
  opening(capture, stream, rows, found, trip, say);
  errors(capture, stream, rows[0] as number, say);
  exchange(capture, stream, rows, found, trip, say);
  tlsHandshake(capture, stream, rows, say);
  certificate(capture, stream, say);
  secrets(capture, stream, say);
  renegotiations(capture, stream, rows[0] as number, say);
  alerts(capture, stream, say);
  trouble(capture, stream, rows, found, say);
  ending(capture, stream, rows, found, say);
  return facts;
}

type Say = (kind: AccountFact['kind'], tone: AccountFact['tone'], values: AccountFact['values'], proof: readonly number[]) => void;

function opening(capture: CaptureIndex, stream: number, rows: Uint32Array, found: Findings, trip: RoundTrip, say: Say): void {
  const { packets } = capture;
  const table = capture.state(flows);
  const row = connectionRow(capture, stream);
  const [syn, synAck, ack] = [1, 2, 3].map((step) => table.handshake[4 * stream + step] as number) as [number, number, number];
  const first = rows[0] as number;
  const seconds = (from: number, to: number): number => nanoseconds(packets, from, to) / 1e9;
  const syns = row.synRetransmissions > 0 ? synsOf(capture, stream, rows) : [];
  const resent = { times: Math.max(1, syns.length), seconds: seconds(syns[0] ?? first, syns.at(-1) ?? first) };
  if (syns.length > 1 && handshakeIn(capture, row.handshake, rows) !== 'unanswered') say('syn-again', 'warn', resent, syns);
  switch (handshakeIn(capture, row.handshake, rows)) {
    case 'completed': {
      // Packets of the handshake may not be in the capture: what came later proves it.
      const values: Record<string, number | string> = { missing: synAck === NONE ? 'answer' : '' };
      if (syn !== NONE && synAck !== NONE && syn < synAck) values.answered = seconds(syn, synAck);
      // Which of several SYNs was answered is not known; how long the last of them had been under way is.
      const lastSyn = syns.findLast((each) => each < synAck) ?? NONE;
      if (syns.length > 1 && values.answered !== undefined && lastSyn !== NONE && lastSyn !== syn) values.last = seconds(lastSyn, synAck);
      if (syn !== NONE && ack !== NONE && syn < ack) values.complete = seconds(syn, ack);
      say('opened', 'neutral', values, [syn, values.last === undefined ? NONE : lastSyn, synAck, ack]);
      // Where a packet crosses both parts of the path in no time, they do not tell which is the shorter.
      if (trip !== null && trip.server + trip.client >= NEAR) {
        const { server, client } = trip;
        say('captured-at', 'quiet', { server: server / 1e9, client: client / 1e9, where: capturedAt(server, client) }, [syn, synAck, ack]);
      }
      break;
    }
    case 'refused': {
      const reset = [...rows].find((each) => (flagsOf(capture, each) & Flag.Rst) !== 0) ?? NONE;
      say('refused', 'bad', reset === NONE ? {} : { seconds: seconds(first, reset) }, [first, reset]);
      break;
    }
    case 'unanswered': {
      const icmp: Record<string, string> = capture.state(flows).quotedIn(stream).length > 0 ? { icmp: 'yes' } : {};
      say('no-answer', 'warn', { ...resent, ...icmp }, syns.length > 0 ? syns : [first]);
      break;
    }
    case 'half-open':
      say('half-open', 'warn', syn === NONE || synAck === NONE ? {} : { answered: seconds(syn, synAck) }, [syn, synAck]);
      break;
    case 'simultaneous':
      say('simultaneous', 'neutral', {}, [...rows].filter((each) => isSyn(capture, each)).slice(0, 2));
      break;
    default:
      say('midway', 'quiet', {}, [first]);
  }
  const { synAcks } = found;
  if (synAcks.length > 1)
    say('syn-ack-again', 'warn', { times: synAcks.length, seconds: seconds(synAcks[0] as number, synAcks.at(-1) as number) }, synAcks);
}

/** The handshake by name. One without an answer in a stream that a reset ended was answered, if the server has a packet in it. */
function handshakeIn(capture: CaptureIndex, name: Handshake, rows: Uint32Array): Handshake {
  const answers = (row: number): boolean =>
    ((capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) === 0 &&
    (flagsOf(capture, row) & Flag.Rst) === 0;
  return name === 'unanswered' && rows.some(answers) ? 'completed' : name;
}

/** The first SYN of a stream and those that repeat it, copies of packets left out. */
export function synsOf(capture: CaptureIndex, stream: number, rows: Uint32Array): number[] {
  const syns: number[] = [];
  for (const row of rows) {
    if (!isSyn(capture, row)) continue;
    if (isSynOnce(capture, stream, row, syns[0] ?? NONE)) syns.push(row);
  }
  return syns;
}

/** The first SYN-ACK of the server in a stream and those that repeat it, up to a row. */
export function synAcksOf(capture: CaptureIndex, stream: number, rows: Uint32Array, until: number): number[] {
  const found: number[] = [];
  for (const row of rows) {
    if (row > until) break;
    const fromClient = ((capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) !== 0;
    if (!fromClient && (flagsOf(capture, row) & SYN_ACK) === SYN_ACK && isSynOnce(capture, stream, row, found[0] ?? NONE)) found.push(row);
  }
  return found;
}

/** True if a wait for the server, ns, is the length of the path to it, as its answer to the SYN shows that. */
export function isTrip(time: number, trip: NonNullable<RoundTrip>): boolean {
  return time - trip.server <= Math.max(SAME, SAME_PART * trip.server);
}

/** The two parts of the path, where the handshake was captured whole and at once. */
export function roundTrip(capture: CaptureIndex, stream: number, rows: Uint32Array): RoundTrip {
  const halves = handshakeHalves(capture, stream);
  const ack = capture.state(flows).handshake[4 * stream + 3] as number;
  return halves !== null && atOnce(capture, stream, rows, ack) ? halves : null;
}

/** True if a handshake that `ack` completes was made of three packets without data, each seen once, so that its times are round trips. */
function atOnce(capture: CaptureIndex, stream: number, rows: Uint32Array, ack: number): boolean {
  const chunk = capture.packets.chunkOf(ack);
  if ((chunk.payload[ack & CHUNK_MASK] as number) > 0) return false;
  let synchronizing = 0;
  for (const row of rows) {
    if (row >= ack) break;
    if ((flagsOf(capture, row) & Flag.Syn) !== 0 && likenessOf(capture, row, stream) !== 'copy') synchronizing++;
  }
  return synchronizing === 2;
}

function exchange(capture: CaptureIndex, stream: number, rows: Uint32Array, found: Findings, trip: RoundTrip, say: Say): void {
  const table = capture.state(flows);
  const { packets } = capture;
  const [sent, received] = [table.payload[2 * stream] as number, table.payload[2 * stream + 1] as number];
  // What is said of all packets is proven from the first to the last.
  const ends = [rows[0] as number, rows.at(-1) as number];
  if (found.segments[0] === 0 && found.segments[1] === 0) {
    const row = connectionRow(capture, stream);
    if (row.handshake === 'completed' || row.handshake === 'simultaneous')
      say('no-data', 'neutral', { seconds: nanoseconds(packets, rows[0] as number, rows.at(-1) as number) / 1e9 }, ends);
    return;
  }
  const values = {
    clientBytes: sent,
    clientSegments: found.segments[0] as number,
    serverBytes: received,
    serverSegments: found.segments[1] as number,
    seconds: nanoseconds(packets, rows[0] as number, rows.at(-1) as number) / 1e9,
    repeats: found.repeats ? 'yes' : 'no',
  };
  say('exchanged', 'neutral', values, ends);
  if (found.wait !== null && found.wait.time >= WAIT) waits(capture, stream, found.wait, trip, say);
  for (const side of [0, 1] as const) {
    pauses(capture, stream, found, side, trip, say);
    smallWindow(capture, stream, found, side, trip, say);
  }
  if (found.unanswered !== null) unanswered(capture, found, found.unanswered, say);
  const { think } = found;
  if (think !== null && think.time >= BURST) say('idle', 'quiet', { seconds: think.time / 1e9 }, [think.from, think.to]);
}

/** The longest wait for an answer. */
function waits(capture: CaptureIndex, stream: number, wait: Wait, trip: RoundTrip, say: Say): void {
  const { packets } = capture;
  const { turn, answered } = wait;
  const seconds = wait.time / 1e9;
  const who = SIDES[wait.side] as Side;
  if (trip !== null && turn.again === NONE && isTrip(wait.time, trip)) {
    const { handshake } = capture.state(flows);
    const [syn, synAck] = [handshake[4 * stream + 1] as number, handshake[4 * stream + 2] as number];
    say('round-trip', 'quiet', { who, seconds, trip: trip.server / 1e9 }, [turn.last, answered, syn, synAck]);
    return;
  }
  const said = { who, next: turn.lost ? 'lost' : turn.old ? 'new' : '' };
  if (turn.acknowledged === NONE || turn.acknowledged > answered) {
    const again = turn.again === NONE ? 'no' : 'yes';
    const skips = wait.side === 1 ? skippedIn(capture, stream, 1, [[turn.last, answered]]) : 0;
    const values = { ...said, seconds, again, ...(wait.crossed ? { crossed: 'yes' } : {}), ...(skips === 0 ? {} : { skips }) };
    say('waited', 'warn', values, [turn.last, turn.again, answered]);
  } else {
    const after = nanoseconds(packets, turn.last, turn.acknowledged) / 1e9;
    const rest = nanoseconds(packets, turn.acknowledged, answered) / 1e9;
    const again = turn.again === NONE || turn.again > turn.acknowledged ? 'no' : 'yes';
    const resent = again === 'yes' ? turn.again : NONE;
    say('waited-acknowledged', 'warn', { ...said, seconds: rest, after, again }, [turn.last, resent, turn.acknowledged, answered]);
  }
}

/** Times in which a side sent nothing in the midst of its data, and times in which it sent when an ACK came. */
function pauses(capture: CaptureIndex, stream: number, found: Findings, side: 0 | 1, trip: RoundTrip, say: Say): void {
  const who = SIDES[side] as Side;
  const values = ({ times, longest, whole }: Spells): Record<string, number | string> => ({
    who,
    times,
    seconds: longest / 1e9,
    whole: whole / 1e9,
  });
  const paused = found.paused[side];
  if (paused.whole >= WAIT && trip !== null) {
    // Far from the sender, what it sent may be lost before the capture, and the ACK behind it.
    const near = trip.server + trip.client < NEAR || capturedAt(trip.server, trip.client) === who ? 'yes' : 'no';
    const skips = near === 'yes' ? 0 : skippedIn(capture, stream, side, paused.ends);
    say('paused', 'neutral', { ...values(paused), near, ...(skips === 0 ? {} : { skips }) }, paused.rows);
  }
  const stalled = found.stalled[side];
  if (stalled.times > 0) {
    const skips = skippedIn(capture, stream, side === 0 ? 1 : 0, stalled.ends);
    say('stalled', 'warn', { ...values(stalled), ...(skips === 0 ? {} : { skips }) }, stalled.rows);
  }
  const held = found.held[side];
  if (held.times >= 2 || (found.heldForSure[side] as number) > 0) say('held-back', 'warn', values(held), held.rows);
}

/** A window of one side that allowed little more, over a round trip, than what the other side sent in that time. */
function smallWindow(capture: CaptureIndex, stream: number, found: Findings, side: 0 | 1, trip: RoundTrip, say: Say): void {
  const other = side === 0 ? 1 : 0;
  const { payload, repeated } = capture.state(flows);
  const [window, first, last] = [found.widest[side] as number, found.firstData[other] as number, found.lastData[other] as number];
  const octets = (payload[2 * stream + other] as number) - (repeated[2 * stream + other] as number);
  if (trip === null || window === 0 || octets < WINDOWS * window) return;
  const way = trip.server + trip.client;
  const open = nanoseconds(capture.packets, first, last) - found.closed[side].whole;
  if (way < NEAR || open < WAIT || octets * way < FULL * window * open) return;
  const row = found.widestRow[side] as number;
  say('small-window', 'warn', { who: SIDES[side] as Side, window, trip: way / 1e9, rate: (window * 1e9) / way }, [row]);
}

/** The client's last data, which nothing answered. */
function unanswered(
  capture: CaptureIndex,
  found: Findings,
  { asked, acknowledged }: { asked: number; acknowledged: number },
  say: Say,
): void {
  const who = SIDES[1];
  if (found.segments[1] === 0) {
    const tone = found.fin[0] === NONE ? 'warn' : 'neutral';
    say(acknowledged === NONE ? 'unanswered' : 'unanswered-acknowledged', tone, { who }, [asked, acknowledged]);
    return;
  }
  // Up to the first packet that ends it, or of the capture.
  const ends = [...found.fin, ...found.rst].filter((row) => row !== NONE && row > asked);
  const end = ends.length === 0 ? capture.packets.length - 1 : Math.min(...ends);
  const seconds = nanoseconds(capture.packets, asked, end) / 1e9;
  const to = ends.length === 0 ? 'capture' : 'end';
  const known: Record<string, number> =
    acknowledged === NONE || acknowledged > end ? {} : { after: nanoseconds(capture.packets, asked, acknowledged) / 1e9 };
  if (seconds >= HANGS)
    say('last-unanswered', acknowledged === NONE ? 'warn' : 'neutral', { who, seconds, to, ...known }, [
      asked,
      acknowledged,
      ...(ends.length === 0 ? [] : [end]),
    ]);
}

/**
 * How long the TLS handshake took: to the answer of the server, and until both sides had changed to their keys (RFC 8446, section D.4, for TLS
 * 1.3). A server that could not agree with the first ClientHello asks for another (section 4.1.4).
 */
function tlsHandshake(capture: CaptureIndex, stream: number, rows: Uint32Array, say: Say): void {
  const sessions = capture.state(tlsSessions);
  const hello = clientHello(capture, stream);
  const first = hello === NONE ? NONE : tlsMessage(capture, rows, 1, SERVER_HELLO, hello);
  if (first === NONE) return;
  const seconds = (row: number): number => nanoseconds(capture.packets, hello, row) / 1e9;
  const retry = asksAgain(capture, first);
  const second = retry ? tlsMessage(capture, rows, 0, CLIENT_HELLO, first) : NONE;
  const answer = retry ? (second === NONE ? NONE : tlsMessage(capture, rows, 1, SERVER_HELLO, second)) : first;
  const values: Record<string, number | string> = retry ? { retry: seconds(first) } : {};
  if (answer !== NONE) values.answered = seconds(answer);
  const [client, server] = [sessions.changed(stream, true), sessions.changed(stream, false)];
  const changed = client === NONE || server === NONE ? NONE : Math.max(client, server);
  // Of a session that goes on the server ends its part first (RFC 5246, section 7.3).
  const modern = sessions.version(stream) === 0x0304;
  if (modern ? sessions.preShared(stream) : changed !== NONE && server < client) values.resumed = modern ? 'key' : 'session';
  // TLS 1.3 hides where its handshake ends: what follows the answer is the client's part of it.
  const end = changed !== NONE && answer !== NONE && changed >= answer ? changed : NONE;
  const next = end !== NONE || answer === NONE ? NONE : dataBehind(capture, rows, 0, answer);
  if (end !== NONE) values.changed = seconds(end);
  else if (next !== NONE) values.next = seconds(next);
  say('tls-handshake', 'neutral', values, [hello, ...(retry ? [first, second] : []), answer, end, next]);
}

/** The SHA-256 of "HelloRetryRequest", the random of a ServerHello that asks for another ClientHello (RFC 8446, section 4.1.3). */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** True if the ServerHello in a row is a HelloRetryRequest. */
function asksAgain(capture: CaptureIndex, row: number): boolean {
  const found = handshakeAt(capture, row, SERVER_HELLO);
  return found !== null && RETRY_RANDOM.equals(found.bytes.subarray(found.at + 6, found.at + 38));
}

/** Fatal alerts of each side: those in the clear, and those that secrets opened. */
function alerts(capture: CaptureIndex, stream: number, say: Say): void {
  for (const side of [0, 1] as const) {
    const alert = capture.state(tlsSessions).fatalAlert(stream, side === 0);
    if (alert === undefined) continue;
    const name = alertNames.get(alert.description) ?? '';
    say('tls-alert', 'bad', { who: SIDES[side] as Side, name, number: alert.description }, [alert.row]);
  }
}

/** Handshakes on a connection that had one. */
function renegotiations(capture: CaptureIndex, stream: number, start: number, say: Say): void {
  const found = capture.state(tlsSessions).renegotiations(stream);
  if (found === undefined) return;
  const { rows, fromClient, times, completed, changed, refused, answered, sealedAlert } = found;
  const first = rows[0] as number;
  const seconds = (from: number, to: number): number => nanoseconds(capture.packets, from, to) / 1e9;
  const end: Record<string, number | string> =
    changed !== NONE
      ? { seconds: seconds(first, changed) }
      : refused !== NONE
        ? { refused: 'yes' }
        : sealedAlert !== NONE
          ? { alert: 'yes' }
          : answered
            ? {}
            : { answered: 'no' };
  const values = { who: SIDES[fromClient ? 0 : 1] as Side, times, completed, at: seconds(start, first), ...end };
  say('tls-renegotiated', 'neutral', values, [first, changed, refused, sealedAlert, ...rows.slice(1)]);
}

/** Whose certificate the server showed, and how it stood to the time and to the host that was asked for. */
function certificate(capture: CaptureIndex, stream: number, say: Say): void {
  const found = serverCertificates(capture, stream);
  const said = found?.chain.certificates[0];
  if (found == null || said === undefined) return;
  const { row, chain } = found;
  const { facts, validity, issued } = said;
  if (facts === null) {
    say('tls-certificate-unread', 'warn', { octets: said.octets, problem: said.problem ?? '' }, [row]);
    return;
  }
  const time = capture.packets.chunkOf(row).sec[row & CHUNK_MASK] as number;
  const [from, to] = [facts.from ?? time, facts.to ?? time];
  const values = {
    name: facts.name,
    issuer: facts.issuerName,
    issued: issued ?? '',
    validity: validity ?? '',
    to,
    away: validity === 'expired' ? time - to : validity === 'early' ? from - time : 0,
    serverName: chain.serverName,
    host: said.host === null ? '' : said.host ? 'yes' : 'no',
  };
  const fine = validity === 'valid' && issued !== 'not-signed' && said.host !== false;
  say('tls-certificate', fine ? 'neutral' : 'warn', values, [row]);
}

/** The row with the ClientHello of a connection; NONE where it has none. */
export function clientHello(capture: CaptureIndex, stream: number): number {
  if (capture.state(tlsSessions).version(stream) === 0) return NONE;
  return tlsMessage(capture, rowsOfStream(capture, stream, 'tcp'), 0, CLIENT_HELLO, NONE);
}

/** The first row of a side with data behind another row; NONE without one. */
function dataBehind(capture: CaptureIndex, rows: Uint32Array, side: number, after: number): number {
  for (const row of rows) {
    if (row <= after) continue;
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (chunk.payload[i] !== 0 && (((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) === side) return row;
  }
  return NONE;
}

/** The first row behind `after` with a TLS handshake message of a type that begins a record of it; NONE without one. */
function tlsMessage(capture: CaptureIndex, rows: Uint32Array, side: number, type: number, after: number): number {
  let looked = 0;
  for (const row of rows) {
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (chunk.payload[i] === 0 || (((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) !== side) continue;
    if (after !== NONE && row <= after) continue;
    if (++looked > MOST_HELLOS) return NONE;
    if (handshakeAt(capture, row, type) !== null) return row;
  }
  return NONE;
}

/** Where a message of a type begins in the data of a row: at the start of a record, of which the first begins the data (RFC 8446, sections 4 and 5.1). */
function handshakeAt(capture: CaptureIndex, row: number, type: number): { readonly bytes: Uint8Array; readonly at: number } | null {
  const segment = segmentOf(capture, row);
  if (segment === null) return null;
  const { bytes, offset } = segment;
  let at = offset + ((bytes[offset + 12] as number) >> 4) * 4;
  const end = Math.min(bytes.length, at + (capture.packets.chunkOf(row).payload[row & CHUNK_MASK] as number));
  while (at + 5 < end && isContentType(bytes[at] as number) && bytes[at + 1] === 3) {
    // Both hellos go on with a version; what is encrypted begins so by chance only.
    const said = bytes[at] === ContentType.Handshake && bytes[at + 5] === type && bytes[at + 6] === 0 && bytes[at + 9] === 3;
    if (said) return { bytes, at: at + 5 };
    at += RECORD_HEADER + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
  }
  return null;
}

/** A protocol's short name as sentences have it. */
const nameOf = (short: string): string => (short === 'HTTP2' ? 'HTTP/2' : short);

/** What a key log made of a connection with TLS on it; nothing where nobody gave one. */
function secrets(capture: CaptureIndex, stream: number, say: Say): void {
  const found = capture.state(tlsPlain).verdict(stream);
  if (found === null) return;
  const version = TLS_VERSIONS.get(capture.state(tlsSessions).version(stream)) ?? 'TLS';
  const { verdict, row, inside, records, failed } = found;
  const tone = verdict === 'decrypted' ? 'good' : 'warn';
  const suite = cipherName(capture.state(tlsSessions).cipher(stream)) ?? '';
  const { upgraded } = capture.state(httpPairs);
  const after = inside === 'HTTP' ? upgraded.get(stream) : undefined;
  const later: Record<string, string> = after === undefined ? {} : { later: nameOf(allProtocols()[after]?.short ?? '') };
  const values = { version, inside: nameOf(inside), records, failed, suite, ...later };
  say(`tls-${verdict}`, tone, values, [row]);
}

function trouble(capture: CaptureIndex, stream: number, rows: Uint32Array, found: Findings, say: Say): void {
  for (const side of [0, 1] as const) {
    const who = SIDES[side] as Side;
    if (found.resent[side].length > 0) repeats(capture, rows[0] as number, found, side, say);
    for (const kind of ['copied', 'alike'] as const) {
      const twice = (kind === 'copied' ? found.copies : found.alike)[side];
      const some = twice.slice(0, PROOFS);
      const from = kind === 'copied' && twice.length > 0 ? acrossInterfaces(capture, stream, twice) : {};
      if (twice.length > 0) say(kind, 'quiet', { who, times: twice.length, ...from }, withTwins(capture, stream, some));
    }
    if (found.gaps[side].length > 0) {
      const gaps = gapsSaid(capture.packets, found.gaps[side]);
      say('gaps', 'warn', { who, ...gaps.values }, gaps.rows);
    }
    const disorder = found.disorder[side];
    if (disorder.length > 0) say('disorder', 'warn', { who, times: disorder.length }, disorder);
    const [zero, closed, still] = [found.zero[side], found.closed[side], found.stillClosed[side] as number];
    if (zero.length > 0) {
      const probes = found.probes[side].length;
      const asked = found.probes[side].slice(0, PROOFS - 2);
      if (still !== NONE)
        say(
          'window-closed',
          'bad',
          { who, probes },
          [still, ...asked].sort((a, b) => a - b),
        );
      else {
        const proof = [...closed.rows, ...asked].sort((a, b) => a - b);
        say('window-closed-for', 'bad', { who, seconds: closed.longest / 1e9, times: closed.times, probes }, proof);
      }
    }
  }
  if (found.unseen.length > 0) say('capture-lost', 'warn', { times: found.unseen.length }, found.unseen);
  const { keepAlive } = found;
  if (keepAlive.length > 0) {
    const client = keepAlive.filter((row) => ((capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) !== 0);
    const who = client.length === keepAlive.length ? 'client' : client.length === 0 ? 'server' : 'both';
    say('keep-alive', 'quiet', { who, times: keepAlive.length, answered: Math.min(keepAlive.length, found.keptAlive.length) }, keepAlive);
  }
}

/** What a side sent again, and how late that was. */
function repeats(capture: CaptureIndex, start: number, found: Findings, side: 0 | 1, say: Say): void {
  const { packets } = capture;
  const resent = found.resent[side];
  const rows = resent.map(({ row }) => row);
  const first = rows[0] as number;
  const last = rows.at(-1) as number;
  // Where the capture has the first transmission too, the time to the repeat is what the loss took.
  let slowest: { readonly row: number; readonly first: number; readonly time: number } | null = null;
  for (const each of resent) {
    const time = each.first === NONE ? 0 : nanoseconds(packets, each.first, each.row);
    if (each.first !== NONE && (slowest === null || time > slowest.time)) slowest = { row: each.row, first: each.first, time };
  }
  // What came soon behind later data is out of order for TCP analysis, whatever its packet proves (copies.ts).
  const unmarked = rows.filter((row) => ((packets.chunkOf(row).analysis[row & CHUNK_MASK] as number) & ANY_RETRANSMISSION) === 0).length;
  const values = {
    who: SIDES[side] as Side,
    times: rows.length,
    segments: (found.segments[side] as number) - found.copies[side].length,
    at: nanoseconds(packets, start, first) / 1e9,
    needless: resent.filter(({ needless }) => needless).length,
    ...(slowest === null ? {} : { after: slowest.time / 1e9 }),
    ...(unmarked === 0 ? {} : { unmarked }),
  };
  const proof = slowest === null ? rows : [slowest.first, slowest.row, ...rows.filter((row) => row !== slowest?.row)];
  const inOne =
    nanoseconds(packets, first, last) <= WHOLE_BURST &&
    rows.every((row, k) => k === 0 || nanoseconds(packets, rows[k - 1] as number, row) <= BURST);
  if (rows.length === 1) say('resent-once', 'warn', values, proof);
  else if (inOne) say('resent-burst', 'warn', { ...values, seconds: nanoseconds(packets, first, last) / 1e9 }, proof);
  else say('resent', 'warn', values, proof);
}

function ending(capture: CaptureIndex, stream: number, rows: Uint32Array, found: Findings, say: Say): void {
  const row = connectionRow(capture, stream);
  const { packets } = capture;
  const handshake = handshakeIn(capture, row.handshake, rows);
  if (handshake === 'refused' || handshake === 'unanswered') return;
  const [clientFin, serverFin] = found.fin as [number, number];
  const reset = found.rst[0] === NONE ? 1 : found.rst[1] === NONE ? 0 : (found.rst[0] as number) < (found.rst[1] as number) ? 0 : 1;
  const rst = found.rst[reset] as number;
  const seconds = (from: number, to: number): number => nanoseconds(packets, from, to) / 1e9;
  const idle = (to: number): { idle?: number } => {
    const last = (to === rst ? found.dataBeforeRst[reset] : found.dataBeforeFin[to === clientFin ? 0 : 1]) as number;
    return last === NONE ? {} : { idle: seconds(last, to) };
  };
  /** The other side's data behind the first close; a TLS alert says no more than that it closes too. */
  const still = (side: number, until: number): { still?: string } => {
    const late = found.newAfterFin[side] as number;
    return late !== NONE && late < until && !onlyAlerts(capture, stream, rows, 1 - side, late, until) ? { still: 'yes' } : {};
  };
  const both = clientFin !== NONE && serverFin !== NONE && (rst === NONE || rst > Math.max(clientFin, serverFin));
  if (both) {
    const first = clientFin < serverFin ? 0 : 1;
    const [one, two] = first === 0 ? [clientFin, serverFin] : [serverFin, clientFin];
    const who = row.closedBy === 'both' ? 'both' : (SIDES[first] as Side);
    const late = found.newAfterFin[first] as number;
    if (who === 'both') say('closed-both', 'good', { who, seconds: seconds(one, two), ...idle(one) }, [one, two]);
    else {
      // A FIN that was missing before a later segment had been sent when that came.
      const filled = found.gaps[1 - first]?.find((gap) => gap.fin && gap.filled === two);
      const lost: Record<string, string> = filled === undefined ? {} : { lost: 'yes' };
      const proof = [one, late < two ? late : NONE, filled?.row ?? NONE, two];
      say('closed', 'good', { who, seconds: seconds(one, two), ...idle(one), ...still(first, two), ...lost }, proof);
    }
  } else if (clientFin !== NONE || serverFin !== NONE) {
    const side = serverFin === NONE || (clientFin !== NONE && clientFin < serverFin) ? 0 : 1;
    const fin = found.fin[side] as number;
    if (rst === NONE)
      say('half-closed', 'neutral', { who: SIDES[side] as Side, seconds: seconds(fin, rows.at(-1) as number), ...idle(fin) }, [fin]);
    else if (fin < rst) say('closed-one', 'neutral', { who: SIDES[side] as Side, ...idle(fin) }, [fin]);
  }
  for (const side of [0, 1] as const) {
    const fins = found.fins[side];
    if (fins.length > 1)
      say(
        'fin-again',
        'warn',
        {
          who: SIDES[side] as Side,
          times: fins.length,
          seconds: seconds(fins[0] as number, fins.at(-1) as number),
          needless: found.needlessFins[side] as number,
        },
        fins,
      );
  }
  if (rst !== NONE) {
    const who = SIDES[reset] as Side;
    const late = found.dataAfterFin[reset] as number;
    // RFC 9293, section 3.6.1: data that reaches a side which has closed is answered with a reset.
    if (late !== NONE && late < rst) {
      const alert = onlyAlerts(capture, stream, rows, 1 - reset, late, rst);
      const tone = alert ? 'neutral' : both ? 'warn' : 'bad';
      say('reset-late-data', tone, alert ? { who, alert: 'yes' } : { who }, [found.fin[reset] as number, late, rst]);
    } else {
      const behind = found.dataAfterRst[reset] as number;
      say('reset', both ? 'warn' : 'bad', { who, ...idle(rst), ...(behind === NONE ? {} : { behind: 'yes' }) }, [rst, behind]);
    }
  } else if (clientFin === NONE && serverFin === NONE && row.handshake !== 'half-open') {
    const last = packets.length - 1;
    say('open', 'neutral', { seconds: seconds(rows.at(-1) as number, last) }, [rows.at(-1) as number]);
  }
}

/** True if the data of a side in the rows from `first` up to `end` are TLS alerts and nothing else: with one a side says that it closes (RFC 8446, section 6.1). */
function onlyAlerts(capture: CaptureIndex, stream: number, rows: Uint32Array, side: number, first: number, end: number): boolean {
  if (capture.state(tlsSessions).version(stream) === 0) return false;
  const plain = capture.state(tlsPlain);
  for (const row of rows) {
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    if (row < first || row >= end || chunk.payload[i] === 0 || (((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1) !== side)
      continue;
    const segment = segmentOf(capture, row);
    if (segment === null) return false;
    const { bytes, offset } = segment;
    let at = offset + ((bytes[offset + 12] as number) >> 4) * 4;
    const stop = at + (chunk.payload[i] as number);
    for (let record = 0; at < stop; record++) {
      const next = recordEnd(bytes, at, stop);
      const inside = plain.find(row, record);
      const type = inside === NONE ? bytes[at] : plain.type[inside];
      if (next === 0 || next > stop || type !== ContentType.Alert) return false;
      at = next;
    }
  }
  return true;
}

/** Errors that others on the path sent about packets of the connection (RFC 792, RFC 4443). */
function errors(capture: CaptureIndex, stream: number, start: number, say: Say): void {
  const rows = capture.state(flows).quotedIn(stream);
  const told: { readonly from: string; readonly what: string; readonly mtu: number; readonly row: number }[] = [];
  for (const row of rows) {
    const error = icmpErrorIn(capture, row);
    if (error !== null) told.push({ ...error, row });
  }
  const first = told[0];
  if (first === undefined) return;
  const alike = told.filter(({ from, what }) => from === first.from && what === first.what);
  const at = nanoseconds(capture.packets, start, first.row) / 1e9;
  const mtu: Record<string, number> = first.mtu > 0 ? { mtu: first.mtu } : {};
  say(
    'icmp-error',
    'bad',
    { from: first.from, what: first.what, times: alike.length, at, ...mtu },
    alike.map(({ row }) => row),
  );
}

const flagsOf = (capture: CaptureIndex, row: number): number => capture.packets.chunkOf(row).tcpFlags[row & CHUNK_MASK] as number;
const isSyn = (capture: CaptureIndex, row: number): boolean => (flagsOf(capture, row) & (Flag.Syn | Flag.Ack)) === Flag.Syn;
