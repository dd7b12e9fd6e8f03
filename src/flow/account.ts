/**
 * What happened on a TCP connection, as facts that its packets prove: how it opened, what was exchanged, where time was spent, what
 * was lost and repaired, how it ended. A fact has a kind, its values and the rows that prove it; the words are the window's.
 */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import type { AccountFact, Handshake } from '../messages.ts';
import { cipherName } from '../protocols/tls-ciphers.ts';
import { tlsPlain } from '../protocols/tls-plain.ts';
import { tlsSessions } from '../protocols/tls-session.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { connectionRow } from './connections.ts';
import { likenessOf, repetitionOf } from './copies.ts';
import { capturedAt } from './ladder.ts';
import { rowsOfStream } from './marks.ts';
import { type Hole, OctetsSeen } from './octets-seen.ts';
import { Flag, seqDiff } from './seq.ts';
import { ANY_RETRANSMISSION, Analysis } from './tcp-analysis.ts';
import { flows } from './tcp-flows.ts';
import { nanoseconds } from './tcp-replay.ts';

/** A wait that is worth a sentence, in ns. */
const WAIT = 200_000_000;
/** Segments sent again within so many ns of each other are one burst, as long as all of it is no longer than this. */
const BURST = 1_000_000_000;
const WHOLE_BURST = 2_000_000_000;
/** Rows that one fact names at most. */
const PROOFS = 6;

const TLS_VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSL 3.0'],
  [0x0301, 'TLS 1.0'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [0x0304, 'TLS 1.3'],
]);

type Side = 'client' | 'server';
const SIDES: readonly [Side, Side] = ['client', 'server'];

/** Everything one pass over the rows of a stream finds. */
class Findings {
  /** By side: segments with data, repeats included. */
  readonly segments = [0, 0];
  /** By side: segments with data that an earlier one has, sent again; copies of packets; and those that may be either. */
  readonly resent: [number[], number[]] = [[], []];
  readonly copies: [number[], number[]] = [[], []];
  readonly alike: [number[], number[]] = [[], []];
  /** Whether the capture has data twice. */
  repeats = false;
  readonly lost: [number[], number[]] = [[], []];
  /** ACKs of what the capture does not have. */
  readonly unseen: number[] = [];
  readonly disorder: [number[], number[]] = [[], []];
  readonly zero: [number[], number[]] = [[], []];
  /** Row that opened the window again after the last time it was closed, by side that had closed it. */
  readonly reopened = [NONE, NONE];
  /** Longest time a window was closed, ns, with the rows at its ends. */
  readonly closed = [
    { time: 0, from: NONE, to: NONE },
    { time: 0, from: NONE, to: NONE },
  ];
  readonly keepAlive: number[] = [];
  /** By side: first FIN and first RST. */
  readonly fin = [NONE, NONE];
  readonly rst = [NONE, NONE];
  /** By side: last row with data before its first FIN, and before its first RST; NONE where data is in it, or missing before it. */
  readonly dataBeforeFin = [NONE, NONE];
  readonly dataBeforeRst = [NONE, NONE];
  /** By side: a row with data that came after this side had sent its FIN. */
  readonly dataAfterFin = [NONE, NONE];
  /** Longest wait for new data after the other side's. */
  wait: Wait | null = null;
  /** Longest time without new data of the client after the server's. */
  think: { time: number; from: number; to: number } | null = null;
  /** A question that nothing answered. */
  unanswered: { side: number; asked: number; acknowledged: number } | null = null;
}

/** The turn of one side: its last row with new data, the end of that data, a row that acknowledged it, and what came meanwhile. */
interface Turn {
  readonly side: number;
  last: number;
  end: number;
  acknowledged: number;
  /** Row in which data of this side came again. */
  again: number;
  /** Whether the other side sent data that is not new meanwhile, and whether data of the other side is missing. */
  old: boolean;
  lost: boolean;
}

/** How long the other side's new data, which begins in `answered`, took to come after a turn. */
interface Wait {
  readonly side: number;
  readonly time: number;
  readonly turn: Turn;
  readonly answered: number;
}

/** The account of a stream, in the order of the connection's life. The stream must exist; one of which only others tell has none. */
export function accountOf(capture: CaptureIndex, stream: number): AccountFact[] {
  const rows = rowsOfStream(capture, stream, 'tcp');
  if (rows.length === 0) return [];
  const found = examine(capture, stream, rows);
  const facts: AccountFact[] = [];
  const say = (kind: AccountFact['kind'], tone: AccountFact['tone'], values: AccountFact['values'], proof: readonly number[]): void => {
    facts.push({ kind, tone, values, rows: [...new Set(proof.filter((row) => row !== NONE))].slice(0, PROOFS) });
  };
  opening(capture, stream, rows, say);
  exchange(capture, stream, rows, found, say);
  secrets(capture, stream, say);
  trouble(capture, rows, found, say);
  ending(capture, stream, rows, found, say);
  return facts;
}

type Say = (kind: AccountFact['kind'], tone: AccountFact['tone'], values: AccountFact['values'], proof: readonly number[]) => void;

function opening(capture: CaptureIndex, stream: number, rows: Uint32Array, say: Say): void {
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
      if (syn !== NONE && ack !== NONE && syn < ack) values.complete = seconds(syn, ack);
      say('opened', 'neutral', values, [syn, synAck, ack]);
      if (syn < synAck && synAck < ack && ack !== NONE && atOnce(capture, stream, rows, ack)) {
        const server = nanoseconds(packets, syn, synAck);
        const client = nanoseconds(packets, synAck, ack);
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
      say('no-answer', 'warn', resent, syns.length > 0 ? syns : [first]);
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
}

/** The handshake by name. One without an answer in a stream that a reset ended was answered, if the server has a packet in it. */
function handshakeIn(capture: CaptureIndex, name: Handshake, rows: Uint32Array): Handshake {
  const answers = (row: number): boolean =>
    ((capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) === 0 &&
    (flagsOf(capture, row) & Flag.Rst) === 0;
  return name === 'unanswered' && rows.some(answers) ? 'completed' : name;
}

/** The first SYN of a stream and those that repeat it, copies of packets left out. */
function synsOf(capture: CaptureIndex, stream: number, rows: Uint32Array): number[] {
  const syns: number[] = [];
  for (const row of rows) {
    if (!isSyn(capture, row)) continue;
    const seq = (each: number): number => capture.packets.chunkOf(each).seq[each & CHUNK_MASK] as number;
    if (syns.length === 0 || (seq(row) === seq(syns[0] as number) && likenessOf(capture, row, stream) === 'no')) syns.push(row);
  }
  return syns;
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

function exchange(capture: CaptureIndex, stream: number, rows: Uint32Array, found: Findings, say: Say): void {
  const table = capture.state(flows);
  const { packets } = capture;
  const [sent, received] = [table.payload[2 * stream] as number, table.payload[2 * stream + 1] as number];
  // What is said of all packets is proven from the first to the last.
  const ends = [rows[0] as number, rows.at(-1) as number];
  if (found.segments[0] === 0 && found.segments[1] === 0) {
    const row = connectionRow(capture, stream);
    if (row.handshake === 'completed' || row.handshake === 'simultaneous') say('no-data', 'neutral', {}, ends);
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
  const { wait, think, unanswered } = found;
  if (wait !== null && wait.time >= WAIT) {
    const seconds = wait.time / 1e9;
    const { turn, answered } = wait;
    const said = { who: SIDES[wait.side] as Side, next: turn.lost ? 'lost' : turn.old ? 'new' : '' };
    if (turn.acknowledged === NONE) {
      const again = turn.again === NONE ? 'no' : 'yes';
      say('waited', 'warn', { ...said, seconds, again }, [turn.last, turn.again, answered]);
    } else {
      const after = nanoseconds(packets, turn.last, turn.acknowledged) / 1e9;
      const rest = nanoseconds(packets, turn.acknowledged, answered) / 1e9;
      say('waited-acknowledged', 'warn', { ...said, seconds: rest, after }, [turn.last, turn.acknowledged, answered]);
    }
  }
  if (unanswered !== null) {
    const who = SIDES[unanswered.side] as Side;
    say(unanswered.acknowledged === NONE ? 'unanswered' : 'unanswered-acknowledged', 'warn', { who }, [
      unanswered.asked,
      unanswered.acknowledged,
    ]);
  }
  if (think !== null && think.time >= BURST) say('idle', 'quiet', { seconds: think.time / 1e9 }, [think.from, think.to]);
}

/** What a key log made of a connection with TLS on it; nothing where nobody gave one. */
function secrets(capture: CaptureIndex, stream: number, say: Say): void {
  const found = capture.state(tlsPlain).verdict(stream);
  if (found === null) return;
  const version = TLS_VERSIONS.get(capture.state(tlsSessions).version(stream)) ?? 'TLS';
  const { verdict, row, inside, records, failed } = found;
  const tone = verdict === 'decrypted' ? 'good' : 'warn';
  const suite = cipherName(capture.state(tlsSessions).cipher(stream)) ?? '';
  say(`tls-${verdict}`, tone, { version, inside, records, failed, suite }, [row]);
}

function trouble(capture: CaptureIndex, rows: Uint32Array, found: Findings, say: Say): void {
  const { packets } = capture;
  const start = rows[0] as number;
  for (const side of [0, 1]) {
    const who = SIDES[side] as Side;
    const resent = found.resent[side as 0 | 1];
    if (resent.length > 0) {
      const values = { who, times: resent.length, segments: (found.segments[side] as number) - found.copies[side as 0 | 1].length };
      const first = resent[0] as number;
      const last = resent.at(-1) as number;
      const inOne =
        nanoseconds(packets, first, last) <= WHOLE_BURST &&
        resent.every((row, k) => k === 0 || nanoseconds(packets, resent[k - 1] as number, row) <= BURST);
      const at = nanoseconds(packets, start, first) / 1e9;
      if (resent.length === 1) say('resent-once', 'warn', { ...values, at }, resent);
      else if (inOne) say('resent-burst', 'warn', { ...values, at, seconds: nanoseconds(packets, first, last) / 1e9 }, resent);
      else say('resent', 'warn', values, resent);
    }
    for (const kind of ['copied', 'alike'] as const) {
      const twice = (kind === 'copied' ? found.copies : found.alike)[side as 0 | 1];
      if (twice.length > 0) say(kind, 'quiet', { who, times: twice.length }, twice);
    }
    const lost = found.lost[side as 0 | 1];
    if (lost.length > 0) say('gaps', 'warn', { who, times: lost.length }, lost);
    const disorder = found.disorder[side as 0 | 1];
    if (disorder.length > 0) say('disorder', 'warn', { who, times: disorder.length }, disorder);
    const zero = found.zero[side as 0 | 1];
    const closed = found.closed[side] as Findings['closed'][number];
    if (zero.length > 0) {
      if (closed.to === NONE) say('window-closed', 'bad', { who }, zero);
      else say('window-closed-for', 'bad', { who, seconds: closed.time / 1e9, times: zero.length }, [closed.from, closed.to]);
    }
  }
  if (found.unseen.length > 0) say('capture-lost', 'warn', { times: found.unseen.length }, found.unseen);
  if (found.keepAlive.length > 0) say('keep-alive', 'quiet', { times: found.keepAlive.length }, found.keepAlive);
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
  if (clientFin !== NONE && serverFin !== NONE) {
    const first = clientFin < serverFin ? 0 : 1;
    const [one, two] = first === 0 ? [clientFin, serverFin] : [serverFin, clientFin];
    const who = row.closedBy === 'both' ? 'both' : (SIDES[first] as Side);
    say(who === 'both' ? 'closed-both' : 'closed', 'good', { who, seconds: seconds(one, two), ...idle(one) }, [one, two]);
  } else if (clientFin !== NONE || serverFin !== NONE) {
    const side = clientFin !== NONE ? 0 : 1;
    const fin = found.fin[side] as number;
    if (rst === NONE)
      say('half-closed', 'neutral', { who: SIDES[side] as Side, seconds: seconds(fin, rows.at(-1) as number), ...idle(fin) }, [fin]);
    else say('closed-one', 'neutral', { who: SIDES[side] as Side, ...idle(fin) }, [fin]);
  }
  if (rst !== NONE) {
    const who = SIDES[reset] as Side;
    const late = found.dataAfterFin[reset] as number;
    // RFC 9293, section 3.6.1: data that reaches a side which has closed is answered with a reset.
    if (late !== NONE && late < rst) say('reset-late-data', 'bad', { who }, [found.fin[reset] as number, late, rst]);
    else say('reset', 'bad', { who, ...idle(rst) }, [rst]);
  } else if (clientFin === NONE && serverFin === NONE && row.handshake !== 'half-open') {
    const last = packets.length - 1;
    say('open', 'neutral', { seconds: seconds(rows.at(-1) as number, last) }, [rows.at(-1) as number]);
  }
}

const flagsOf = (capture: CaptureIndex, row: number): number => capture.packets.chunkOf(row).tcpFlags[row & CHUNK_MASK] as number;
const isSyn = (capture: CaptureIndex, row: number): boolean => (flagsOf(capture, row) & (Flag.Syn | Flag.Ack)) === Flag.Syn;

function examine(capture: CaptureIndex, stream: number, rows: Uint32Array): Findings {
  const found = new Findings();
  const { packets } = capture;
  const seen = [new OctetsSeen(), new OctetsSeen()] as const;
  const unseen: { readonly row: number; readonly side: number; readonly hole: Hole; readonly turn: Turn | null }[] = [];
  let turn = turnOf(-1, NONE, 0);
  let lastData = NONE;
  /** By side that closed its window: since which row. */
  const closedSince = [NONE, NONE];
  for (const row of rows) {
    const chunk = packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const side = ((chunk.flags[i] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
    const flags = chunk.tcpFlags[i] as number;
    const verdict = chunk.analysis[i] as number;
    const length = chunk.payload[i] as number;
    const seq = chunk.seq[i] as number;
    const ack = chunk.ack[i] as number;
    const keepAlive = (verdict & Analysis.KeepAlive) !== 0;
    const numbers = length + ((flags & Flag.Syn) === 0 ? 0 : 1) + ((flags & Flag.Fin) === 0 ? 0 : 1);
    const repeats = (flags & Flag.Rst) === 0 && seen[side].add(seq, numbers);
    const late = (verdict & (ANY_RETRANSMISSION | Analysis.OutOfOrder)) !== 0;
    let again = false;
    if (late && length > 0) {
      const repetition = repetitionOf(capture, row, stream, repeats);
      const list = { again: found.resent, copy: found.copies, alike: found.alike, late: found.disorder }[repetition];
      list[side].push(row);
      if (repeats) found.repeats = true;
      again = list === found.resent;
    }
    if ((verdict & Analysis.LostSegment) !== 0) found.lost[side].push(row);
    if ((verdict & Analysis.AckLostSegment) !== 0) {
      const hole = seen[side === 0 ? 1 : 0].holeBefore(ack);
      if (hole !== null) unseen.push({ row, side: 1 - side, hole, turn: turn.side === side ? turn : null });
    }
    if (keepAlive && likenessOf(capture, row, stream) !== 'copy') found.keepAlive.push(row);
    if ((verdict & Analysis.ZeroWindow) !== 0) {
      found.zero[side].push(row);
      if (closedSince[side] === NONE) closedSince[side] = row;
    } else if ((flags & (Flag.Syn | Flag.Rst)) === 0 && closedSince[side] !== NONE && (chunk.window[i] as number) > 0) {
      const from = closedSince[side] as number;
      const time = nanoseconds(packets, from, row);
      const longest = found.closed[side] as Findings['closed'][number];
      if (longest.to === NONE || time > longest.time) found.closed[side] = { time, from, to: row };
      closedSince[side] = NONE;
    }
    const before = length > 0 || (verdict & Analysis.LostSegment) !== 0 ? NONE : lastData;
    if ((flags & Flag.Fin) !== 0 && found.fin[side] === NONE) {
      found.fin[side] = row;
      found.dataBeforeFin[side] = before;
    }
    if (length > 0 && !keepAlive) lastData = row;
    if (turn.side === 1 - side) {
      if (turn.acknowledged === NONE && length === 0 && (flags & Flag.Ack) !== 0 && seqDiff(ack, turn.end) >= 0) turn.acknowledged = row;
      if ((verdict & Analysis.LostSegment) !== 0) turn.lost = true;
      if (late && length > 0) turn.old = true;
    }
    if ((flags & Flag.Rst) !== 0) {
      if (found.rst[side] === NONE) {
        found.rst[side] = row;
        found.dataBeforeRst[side] = before;
      }
      continue;
    }
    if (length === 0) continue;
    found.segments[side] = (found.segments[side] as number) + 1;
    if (found.fin[1 - side] !== NONE && found.dataAfterFin[1 - side] === NONE) found.dataAfterFin[1 - side] = row;
    if (keepAlive) continue;
    if (late) {
      if (turn.side === side && again) turn.again = row;
      continue;
    }
    if (turn.side === 1 - side) waited(found, packets, side, turn, row);
    turn = turnOf(side, row, (seq + length) >>> 0);
  }
  for (const side of [0, 1])
    if (closedSince[side] !== NONE && found.closed[side]?.to !== NONE) found.closed[side] = { time: 0, from: NONE, to: NONE };
  // An ACK may be captured before what it acknowledges.
  for (const { row, side, hole, turn: during } of unseen) {
    if ((seen[side] as OctetsSeen).filled(hole)) continue;
    found.unseen.push(row);
    if (during !== null) during.lost = true;
  }
  if (turn.side === 0 && found.segments[1] === 0) found.unanswered = { side: 1, asked: turn.last, acknowledged: turn.acknowledged };
  return found;
}

const turnOf = (side: number, last: number, end: number): Turn => ({
  side,
  last,
  end,
  acknowledged: NONE,
  again: NONE,
  old: false,
  lost: false,
});

/** A side begins to send after the other's turn: how long that took. */
function waited(found: Findings, packets: CaptureIndex['packets'], side: number, turn: Turn, answered: number): void {
  const time = nanoseconds(packets, turn.last, answered);
  if (side === 1) {
    if (found.wait === null || time > found.wait.time) found.wait = { side, time, turn, answered };
  } else if (found.think === null || time > found.think.time) found.think = { time, from: turn.last, to: answered };
}
