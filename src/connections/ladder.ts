/** One TCP connection step by step: packets, folded runs of data, inferred losses, silences, and the states of both ends. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { Flag, seqAdd, seqDiff } from '../flow/seq.ts';
import { rowsOfStream } from '../flow/stream-rows.ts';
import { headerOf, synOptions, synOptionsText } from '../flow/syn-options.ts';
import { ANY_LATE, ANY_RETRANSMISSION, Analysis } from '../flow/tcp-analysis.ts';
import { flows, type TcpFlows } from '../flow/tcp-flows.ts';
import { nanoseconds, replays } from '../flow/tcp-replay.ts';
import { STATE_NAMES, State, StateColumns } from '../flow/tcp-state.ts';
import { type ConnectionDetail, type ConnectionSummary, LADDER_LIMIT, type LadderStep, type Mark, type TcpState } from '../messages.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { Arrivals } from './arrivals.ts';
import { connectionSummary, handshakeHalves, optionsOf } from './connections.ts';
import type { Repetition } from './copies.ts';
import type { Gap } from './gaps.ts';
import { marksOf } from './marks.ts';

/** Runs of at least so many data and ACK packets without trouble are folded. */
const FOLD_ROWS = 4;
/** Silences longer than this are shown, in ns. */
const SILENCE = 200_000_000;
/** Rows behind a gap that are looked through, before its step is made, for what fills it or acknowledges it. */
const REPAIR_ROWS = 4096;
/** Rows before a gap among which it may be acknowledged already. */
const REPAIR_BEFORE = 64;

const TROUBLE =
  ANY_LATE |
  Analysis.LostSegment |
  Analysis.AckLostSegment |
  Analysis.ZeroWindow |
  Analysis.ZeroWindowProbe |
  Analysis.ZeroWindowProbeAck |
  Analysis.WindowFull |
  Analysis.WindowOpened |
  Analysis.KeepAlive |
  Analysis.KeepAliveAck |
  Analysis.ReusedPorts |
  Analysis.HandshakeMask;

/** Marks that say by numbers and times that data came again or late, and what takes their place: what the packets prove of it. */
const REPEATS: ReadonlySet<string> = new Set(['Retransmission', 'Fast retransmission', 'Spurious retransmission', 'Out of order']);
const SAID: Readonly<Record<Repetition, Mark>> = {
  again: { kind: 'warn', text: 'Sent again' },
  copy: { kind: 'neutral', text: 'Copy' },
  alike: { kind: 'neutral', text: 'Sent again or copied' },
  overtaken: { kind: 'warn', text: 'Overtaken' },
  late: { kind: 'warn', text: 'Out of order' },
};
/** What is said of a gap, by how it came. */
const CAME: Readonly<Record<Repetition | '', string>> = {
  again: 'before the capture point',
  overtaken: 'overtaken on the way',
  late: 'arrived later',
  copy: 'arrived later',
  alike: 'arrived later',
  '': 'arrived later',
};
const PROBES: ReadonlySet<string> = new Set(['Keep-alive', 'Zero window probe']);

/** A step before its texts are made: where it is in the list of the stream's rows. */
interface Draft {
  readonly kind: LadderStep['kind'];
  readonly first: number;
  readonly last: number;
  /** States after it, as numbers of tcp-state.ts; 0 where nothing is proven. */
  readonly client: number;
  readonly server: number;
  readonly clientChanged: boolean;
  readonly serverChanged: boolean;
  readonly note: string;
  readonly seq: number;
  readonly length: number;
  /** Of what is lost. */
  readonly gap: Gap | null;
  /** Of a packet: what it is if its data came again or late, and whether it probes a closed window. */
  readonly repetition: Repetition | '';
  readonly probe: boolean;
}

/** Rows between two looks at the clock. */
const STEP = 2048;

/** A ladder in the making: its rows are gone through in slices, and the steps so far can be had at any time. */
export class LadderBuilder {
  readonly #capture: CaptureIndex;
  readonly #stream: number;
  readonly #last: number;
  readonly #summary: ConnectionSummary;
  readonly #view: View;
  readonly #drafts: Draft[] = [];
  readonly #work: Generator<void, void>;
  readonly #size: number;
  #over = false;

  /** @param unfold first rows of runs to show packet by packet */
  constructor(capture: CaptureIndex, stream: number, unfold: readonly number[]) {
    const table = capture.state(flows);
    const rows = rowsOfStream(capture, stream, 'tcp');
    this.#capture = capture;
    this.#stream = stream;
    this.#size = rows.length;
    this.#last = table.lastRow[stream] as number;
    this.#summary = connectionSummary(capture, stream, false);
    this.#view = new View(capture, table, stream, rows);
    this.#work = this.#view.drafts(this.#drafts, new Set(unfold), this.#summary.handshake === 'refused', this.#summary.packetsServer === 0);
  }

  /** False once the stream has more rows than when this was begun. */
  get current(): boolean {
    return (this.#capture.state(flows).lastRow[this.#stream] as number) === this.#last;
  }

  /** Share of the rows that were gone through, 0 to 1. */
  get done(): number {
    return this.#over ? 1 : Math.min(0.99, this.#view.at / Math.max(1, this.#size));
  }

  /** Goes on to the end, or until the time is over. */
  advance(deadline: number): void {
    while (!this.#over) {
      this.#over = this.#work.next().done === true;
      if (performance.now() >= deadline) return;
    }
  }

  /** The steps so far, from step `from` on. `application` gives the words of what a packet carries, '' for none. */
  detail(number: number, from: number, application: (row: number) => string): ConnectionDetail {
    const capture = this.#capture;
    const stream = this.#stream;
    const summary = this.#summary;
    const drafts = this.#drafts;
    const start = Math.max(0, Math.min(from, drafts.length));
    const steps = drafts.slice(start, start + LADDER_LIMIT).map((draft, k) => this.#view.step(draft, drafts[start + k - 1], application));
    const halves = handshakeHalves(capture, stream);
    const captured = summary.handshake !== 'not-captured';
    return {
      capture: number,
      summary,
      capturedAt: halves === null ? 'unknown' : capturedAt(halves.server, halves.client),
      rttServerMs: halves === null ? null : halves.server / 1e6,
      rttClientMs: halves === null ? null : halves.client / 1e6,
      options: optionsOf(capture, stream),
      initialClientState: captured ? 'CLOSED' : null,
      initialServerState: !captured || summary.packetsServer === 0 ? null : summary.handshake === 'refused' ? 'CLOSED' : 'LISTEN',
      steps,
      totalSteps: drafts.length,
      progress: this.done,
    };
  }
}

/** Where on the path the capture was made: near an end, that end's half of the handshake time is small. */
export function capturedAt(serverHalf: number, clientHalf: number): ConnectionDetail['capturedAt'] {
  const total = serverHalf + clientHalf;
  if (total <= 0) return 'unknown';
  if (clientHalf < total / 10) return 'client';
  if (serverHalf < total / 10) return 'server';
  return 'between';
}

class View {
  readonly #capture: CaptureIndex;
  readonly #table: TcpFlows;
  readonly #stream: number;
  readonly #rows: Uint32Array;
  /** How many rows were gone through. */
  at = 0;
  /** Octets in flight as of each row, -1 where that is not known; filled as the rows are gone through. */
  readonly #inFlight: Int32Array;

  constructor(capture: CaptureIndex, table: TcpFlows, stream: number, rows: Uint32Array) {
    this.#inFlight = new Int32Array(rows.length).fill(-1);
    this.#capture = capture;
    this.#table = table;
    this.#stream = stream;
    this.#rows = rows;
  }

  #flags(row: number): number {
    return this.#capture.packets.chunkOf(row).tcpFlags[row & CHUNK_MASK] as number;
  }
  #found(row: number): number {
    return this.#capture.packets.chunkOf(row).analysis[row & CHUNK_MASK] as number;
  }
  #seq(row: number): number {
    return this.#capture.packets.chunkOf(row).seq[row & CHUNK_MASK] as number;
  }
  #ack(row: number): number {
    return this.#capture.packets.chunkOf(row).ack[row & CHUNK_MASK] as number;
  }
  #payload(row: number): number {
    return this.#capture.packets.chunkOf(row).payload[row & CHUNK_MASK] as number;
  }
  /** 0 from the client, 1 from the server. */
  #side(row: number): number {
    return ((this.#capture.packets.chunkOf(row).flags[row & CHUNK_MASK] as number) & RowFlag.FromClient) !== 0 ? 0 : 1;
  }
  #base(side: number): number {
    return (this.#table.sequence.base[2 * this.#stream + side] as number) >>> 0;
  }

  /** All steps, in order, into `drafts`; pauses every STEP rows. */
  *drafts(drafts: Draft[], unfold: ReadonlySet<number>, refused: boolean, silentServer: boolean): Generator<void, void> {
    const rows = this.#rows;
    const machine = new StateColumns();
    const replay = this.#capture.state(replays).walk();
    /** Next sequence number and latest ACK of each side; NaN while unknown. */
    const next = [Number.NaN, Number.NaN];
    const acked = [Number.NaN, Number.NaN];
    const arrivals = new Arrivals(this.#capture, this.#stream);
    /** What the rows up to place `ahead` show: what data that came again or late is, and gaps; of those that have no step yet. */
    const repetitions = new Map<number, Repetition>();
    const gaps = new Map<number, Gap>();
    let ahead = 0;
    /** By side: whether its window is closed. */
    const closed: [boolean, boolean] = [false, false];
    let lastData = -1;
    let client = 0;
    let server = refused ? State.Closed : 0;
    /** The run at hand: index of its first row, its data side (-1 while only ACKs), or -1 for none. */
    let run = -1;
    let runSide = -1;
    const endRun = (end: number): void => {
      if (run < 0) return;
      const first = run;
      run = -1;
      const folded = end - first >= FOLD_ROWS && !unfold.has(rows[first] as number);
      const same = {
        client,
        server,
        clientChanged: false,
        serverChanged: false,
        note: '',
        seq: 0,
        length: 0,
        gap: null,
        repetition: '' as const,
        probe: false,
      };
      if (folded) drafts.push({ kind: 'run', first, last: end - 1, ...same });
      else for (let k = first; k < end; k++) drafts.push({ kind: 'packet', first: k, last: k, ...same });
    };
    for (let k = 0; k < rows.length; k++) {
      if (k % STEP === STEP - 1) yield;
      this.at = k;
      const row = rows[k] as number;
      this.#inFlight[k] = replay.at(row).bytesInFlight;
      const side = this.#side(row);
      const flags = this.#flags(row);
      const found = this.#found(row);
      const seq = this.#seq(row);
      const payload = this.#payload(row);
      const before = { client, server };
      for (; ahead < Math.min(rows.length, k + REPAIR_ROWS); ahead++) {
        const next = rows[ahead] as number;
        if (arrivals.take(next)) yield;
        if (arrivals.repetition !== '') repetitions.set(next, arrivals.repetition);
        if (arrivals.gap !== null) gaps.set(next, arrivals.gap);
      }
      const repetition = repetitions.get(row) ?? '';
      const gap = gaps.get(row) ?? null;
      repetitions.delete(row);
      gaps.delete(row);
      machine.step(side, seq, this.#ack(row), payload, flags, found);
      if (machine.proven(0)) {
        client = machine.state[0] as number;
        if (!refused) server = silentServer ? 0 : (machine.state[1] as number);
      }
      const changed = client !== before.client || server !== before.server;
      const silent = k > 0 ? nanoseconds(this.#capture.packets, rows[k - 1] as number, row) : 0;
      const states = { ...before, clientChanged: false, serverChanged: false };
      const after = { client, server };
      const settle = (): void => {
        client = before.client;
        server = before.server;
        endRun(k);
        client = after.client;
        server = after.server;
      };
      if (silent > SILENCE) {
        settle();
        drafts.push({
          kind: 'silence',
          first: k,
          last: k,
          ...states,
          note: this.#silence(silent, side, found, repetition, lastData, next, acked, closed),
          seq: 0,
          length: 0,
          gap: null,
          repetition: '',
          probe: false,
        });
      }
      if ((found & Analysis.LostSegment) !== 0 && !Number.isNaN(next[side])) {
        settle();
        const lost = next[side] as number;
        const length = (seq - lost) >>> 0;
        drafts.push({
          kind: 'lost',
          first: k,
          last: k,
          ...states,
          note: '',
          seq: lost,
          length,
          gap,
          repetition: '',
          probe: false,
        });
      }
      const plain = (flags & (Flag.Syn | Flag.Fin | Flag.Rst)) === 0;
      const probe = closed[(1 - side) as 0 | 1] && (found & (Analysis.KeepAlive | Analysis.ZeroWindowProbe)) !== 0;
      if ((found & Analysis.ZeroWindow) !== 0) closed[side] = true;
      else if (plain && this.#openWindow(row)) closed[side] = false;
      // The segment after a gap opens a run of its own; its loss is a step before it.
      const trouble = (found & TROUBLE & ~Analysis.LostSegment) !== 0;
      if (plain && !trouble && !changed) {
        // A run is data of one side with the ACKs after it.
        if (run >= 0 && payload > 0 && runSide !== side) settle();
        if (run < 0) {
          run = k;
          runSide = -1;
        }
        if (payload > 0) runSide = side;
      } else {
        settle();
        drafts.push({
          kind: 'packet',
          first: k,
          last: k,
          ...after,
          clientChanged: client !== before.client,
          serverChanged: server !== before.server,
          note: '',
          seq: 0,
          length: 0,
          gap: null,
          repetition,
          probe,
        });
      }
      const end = (seq + payload + ((flags & (Flag.Syn | Flag.Fin)) !== 0 ? 1 : 0)) >>> 0;
      if (Number.isNaN(next[side]) || seqDiff(end, next[side] as number) > 0) next[side] = end;
      if ((flags & Flag.Ack) !== 0) acked[side] = this.#ack(row);
      if (payload > 0) lastData = side;
    }
    endRun(rows.length);
  }

  /** How long nothing passed, and whose turn it was. */
  #silence(
    ns: number,
    side: number,
    found: number,
    repetition: Repetition | '',
    lastData: number,
    next: readonly number[],
    acked: readonly number[],
    closed: readonly [boolean, boolean],
  ): string {
    const seconds = `${(ns / 1e9).toFixed(3)} s`;
    // Of data the packets tell; of a SYN or a FIN its numbers.
    if (repetition === '' ? (found & ANY_RETRANSMISSION) !== 0 : repetition === 'again') {
      return `${seconds} until it was sent again`;
    }
    if ((found & Analysis.HandshakeMask) >> Analysis.HandshakeShift === 2) return `${seconds} until the SYN was answered`;
    if (closed[0] || closed[1]) return `${seconds}: the ${closed[0] ? 'client' : 'server'} has its window closed`;
    if (lastData < 0 || lastData === side) return `${seconds} idle`;
    if (acked[side] !== next[lastData]) return `${seconds}: the ${side === 0 ? 'client' : 'server'} does not answer`;
    // After an answer nobody waits for the client.
    return side === 0 ? `${seconds} idle: the client has the answer` : `${seconds}: the server has the request and sends nothing`;
  }

  #openWindow(row: number): boolean {
    return (this.#capture.packets.chunkOf(row).window[row & CHUNK_MASK] as number) > 0;
  }

  /** How what is missing came later; where it never came, whether the other side acknowledged all of it. */
  #loss({ first, gap, seq, length }: Draft): string {
    if (gap !== null && gap.filled !== NONE) return CAME[gap.how];
    const side = this.#side(this.#rows[first] as number);
    const stop = Math.min(this.#rows.length, first + REPAIR_ROWS);
    for (let k = Math.max(0, first - REPAIR_BEFORE); k < stop; k++) {
      const row = this.#rows[k] as number;
      if (this.#side(row) === side || (this.#flags(row) & (Flag.Ack | Flag.Rst)) !== Flag.Ack) continue;
      if (seqDiff(this.#ack(row), seqAdd(seq, length)) >= 0) return 'acknowledged';
    }
    return 'not captured';
  }

  step(draft: Draft, previous: Draft | undefined, application: (row: number) => string): LadderStep {
    const rows = this.#rows;
    const { packets } = this.#capture;
    const row = rows[draft.first] as number;
    const lastRow = rows[draft.last] as number;
    const side = draft.kind === 'run' ? this.#runSide(draft) : this.#side(row);
    const flags = this.#flags(row);
    const isPacket = draft.kind === 'packet';
    const first = rows[0] as number;
    const counts = draft.kind === 'run' ? this.#count(draft, side) : { segments: 0, acks: 0, bytes: 0, from: 0, to: 0 };
    const base = this.#base(side);
    const otherBase = this.#base(1 - side);
    const relative = (value: number, from: number): number => (value - from) >>> 0;
    const isSyn = isPacket && (flags & Flag.Syn) !== 0;
    return {
      kind: draft.kind,
      row,
      lastRow,
      time: seconds(nanoseconds(packets, first, row)),
      delta: seconds(previous === undefined ? 0 : this.#delta(previous, draft.first)),
      fromClient: side === 0,
      handshake: isPacket ? (((this.#found(row) & Analysis.HandshakeMask) >> Analysis.HandshakeShift) as 0 | 1 | 2 | 3) : 0,
      flags: isPacket ? flagText(flags) : '',
      seq:
        draft.kind === 'lost'
          ? relative(draft.seq, base)
          : isPacket
            ? relative(this.#seq(row), base)
            : draft.kind === 'run'
              ? relative(counts.from, base)
              : null,
      ack: isPacket && (flags & Flag.Ack) !== 0 ? relative(this.#ack(row), otherBase) : null,
      length: draft.kind === 'run' ? counts.bytes : draft.kind === 'lost' ? draft.length : isPacket ? this.#payload(row) : 0,
      options: isSyn ? synOptionsText(synOptions(headerOf(this.#capture, row))) : '',
      application: isPacket && this.#payload(row) > 0 ? application(row) : '',
      marks: isPacket ? this.#marks(draft, row) : [],
      segments: counts.segments,
      acks: counts.acks,
      nextSeq: draft.kind === 'run' ? relative(counts.to, base) : draft.kind === 'lost' ? relative(draft.seq + draft.length, base) : null,
      window: isPacket && (flags & Flag.Rst) === 0 ? this.#window(row, side, flags) : null,
      inFlight: isPacket || draft.kind === 'run' ? this.#most(draft.first, draft.last) : null,
      note: draft.kind === 'lost' ? this.#loss(draft) : draft.note,
      clientState: STATE_NAMES[draft.client] as TcpState | null,
      serverState: STATE_NAMES[draft.server] as TcpState | null,
      clientChanged: draft.clientChanged,
      serverChanged: draft.serverChanged,
    };
  }

  /** The marks of the list, but of data that came again or late what the packets prove of it (copies.ts); Wireshark's word where it says the same. */
  #marks(draft: Draft, row: number): Mark[] {
    const marks = marksOf(this.#capture, row);
    if (draft.probe) return marks.map((mark) => (PROBES.has(mark.text) ? { kind: mark.kind, text: 'Window probe' } : mark));
    const { repetition } = draft;
    if (repetition === '') return marks;
    return marks.map((mark) =>
      REPEATS.has(mark.text) && !(repetition === 'again' && mark.text !== 'Out of order') ? SAID[repetition] : mark,
    );
  }

  /** The window that a segment announces, in octets. RFC 7323, section 2.2: that of a SYN is not scaled. */
  #window(row: number, side: number, flags: number): number {
    const scale = Math.max(0, this.#table.sequence.scale[2 * this.#stream + side] as number);
    return (this.#capture.packets.chunkOf(row).window[row & CHUNK_MASK] as number) * ((flags & Flag.Syn) !== 0 ? 1 : 2 ** scale);
  }

  /** Most octets in flight in the rows from one to another place of the list. */
  #most(from: number, to: number): number | null {
    let most = -1;
    for (let k = from; k <= to; k++) if ((this.#inFlight[k] as number) > most) most = this.#inFlight[k] as number;
    return most < 0 ? null : most;
  }

  /** ns since the step before; an inferred step (silence, loss) stands just before its row, so the time is counted from what preceded it. */
  #delta(previous: Draft, index: number): number {
    const before = previous.kind === 'packet' || previous.kind === 'run' ? previous.last : index - 1;
    return before < 0 ? 0 : nanoseconds(this.#capture.packets, this.#rows[before] as number, this.#rows[index] as number);
  }

  /** The side that sends the data of a run; that of its first packet if it is all ACKs. */
  #runSide(draft: Draft): number {
    for (let k = draft.first; k <= draft.last; k++) {
      const row = this.#rows[k] as number;
      if (this.#payload(row) > 0) return this.#side(row);
    }
    return this.#side(this.#rows[draft.first] as number);
  }

  #count(draft: Draft, side: number): { segments: number; acks: number; bytes: number; from: number; to: number } {
    let segments = 0;
    let acks = 0;
    let bytes = 0;
    let from = Number.NaN;
    let to = 0;
    for (let k = draft.first; k <= draft.last; k++) {
      const row = this.#rows[k] as number;
      if (this.#side(row) !== side) {
        acks++;
        continue;
      }
      const seq = this.#seq(row);
      const payload = this.#payload(row);
      if (Number.isNaN(from)) {
        from = seq;
        to = seq;
      }
      if (payload === 0) continue;
      segments++;
      bytes += payload;
      if (seqDiff(seq + payload, to) > 0) to = (seq + payload) >>> 0;
    }
    return { segments, acks, bytes, from: Number.isNaN(from) ? 0 : from, to };
  }
}

/** Seconds with nine decimals. */
function seconds(ns: number): string {
  const negative = ns < 0;
  const value = Math.abs(ns);
  const sec = Math.floor(value / 1e9);
  return `${negative ? '-' : ''}${sec}.${String(value - sec * 1e9).padStart(9, '0')}`;
}

const FLAG_TEXT: readonly (readonly [number, string])[] = [
  [Flag.Syn, 'SYN'],
  [Flag.Fin, 'FIN'],
  [Flag.Rst, 'RST'],
  [Flag.Psh, 'PSH'],
  [Flag.Ack, 'ACK'],
  [Flag.Urg, 'URG'],
  [Flag.Ece, 'ECE'],
  [Flag.Cwr, 'CWR'],
  [Flag.Ae, 'AE'],
];

function flagText(flags: number): string {
  return FLAG_TEXT.filter(([bit]) => (flags & bit) !== 0)
    .map(([, word]) => word)
    .join(', ');
}
