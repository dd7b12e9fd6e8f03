/** The ladder as geometry and words: bars of state, arrows, groups, labels. Pure. */
import type { ConnectionDetail, LadderStep, TcpState } from '../../src/messages.ts';
import { count, span } from '../format.ts';
import { words } from './words.ts';

/** Height of a step in px. */
export const STEP = 23;
/** Steps drawn above and below the view. */
const OVERSCAN = 12;

/** How a state is drawn: dashed line, pale bar, solid bar, striped bar. */
export type StateStyle = 'off' | 'handshake' | 'established' | 'closing' | 'time-wait';

/** RFC 9293, section 3.3.2: which part of a connection's life a state belongs to. Null: nothing is proven. */
export function styleOf(state: TcpState | null): StateStyle {
  switch (state) {
    case 'SYN-SENT':
    case 'SYN-RECEIVED':
      return 'handshake';
    case 'ESTABLISHED':
      return 'established';
    case 'FIN-WAIT-1':
    case 'FIN-WAIT-2':
    case 'CLOSE-WAIT':
    case 'CLOSING':
    case 'LAST-ACK':
      return 'closing';
    case 'TIME-WAIT':
      return 'time-wait';
    default:
      return 'off';
  }
}

/** Where the arrow of a step runs in a box of 100 × STEP: from the sender's lifeline down to the receiver's. */
export interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const TOP = 6;
const BOTTOM = 17;
/** A lost segment ends here, as a share of its way. */
const LOST_AT = 0.66;

/** True of an inferred step whose segment came after all, and of which nothing proves that it was sent again. */
export function isLate(step: Pick<LadderStep, 'kind' | 'note'>): boolean {
  return step.kind === 'lost' && (step.note === 'arrived later' || step.note === 'overtaken on the way');
}

/** True of an inferred step that only the capture lacks: the other side acknowledged it. */
export function isUncaptured(step: Pick<LadderStep, 'kind' | 'note'>): boolean {
  return step.kind === 'lost' && step.note === 'acknowledged';
}

/** True of an inferred step of which the capture has nothing at all, and which therefore nobody knows to be lost. */
export function isMissing(step: Pick<LadderStep, 'kind' | 'note'>): boolean {
  return isUncaptured(step) || (step.kind === 'lost' && step.note === 'not captured');
}

/** What an inferred step of octets that are not there is called. */
export const lostWord = (step: Pick<LadderStep, 'kind' | 'note'>): string =>
  isLate(step) ? words.late : isMissing(step) ? words.missing : words.lost;

export function arrowOf(step: Pick<LadderStep, 'kind' | 'fromClient' | 'note'>): Arrow | null {
  if (step.kind !== 'packet' && step.kind !== 'lost') return null;
  const way = step.kind === 'lost' && !isUncaptured(step) ? LOST_AT : 1;
  const y2 = TOP + (BOTTOM - TOP) * way;
  return step.fromClient ? { x1: 0, y1: TOP, x2: 100 * way, y2 } : { x1: 100, y1: TOP, x2: 100 - 100 * way, y2 };
}

/** Loudest mark of a step: what its arrow is drawn in. */
export function toneOf(step: Pick<LadderStep, 'marks'>): 'warn' | 'bad' | null {
  if (step.marks.some((mark) => mark.kind === 'bad')) return 'bad';
  return step.marks.some((mark) => mark.kind === 'warn') ? 'warn' : null;
}

/** '0.041183' of '0.041183000': at least six decimals, nine where they say something. */
export function stepTime(time: string): string {
  const [whole = '0', fraction = ''] = time.split('.');
  const nine = fraction.padEnd(9, '0').slice(0, 9);
  // Beside it stands the time since the step before: of long times the end gives way.
  const decimals = nine.slice(0, whole.length < 3 ? 9 : Math.max(0, 9 - whole.length));
  return decimals === '' ? whole : `${whole}.${decimals.length > 6 && nine.endsWith('000') ? decimals.slice(0, 6) : decimals}`;
}

/** '+41.2 ms'; '' for the first step. */
export function stepDelta(delta: string, first: boolean): string {
  const seconds = Number(delta);
  return first || !Number.isFinite(seconds) ? '' : `${seconds < 0 ? '' : '+'}${span(seconds)}`;
}

/** Packet numbers of a step: '192', '112–145'; '' where no packet stands for it. */
export function packetsOf(step: Pick<LadderStep, 'kind' | 'row' | 'lastRow'>): string {
  if (step.kind === 'lost' || step.kind === 'silence') return '';
  return step.kind === 'run' && step.lastRow !== step.row ? `${count(step.row + 1)}–${count(step.lastRow + 1)}` : count(step.row + 1);
}

/** Words of a folded run: '12 segments, 17,376 bytes, Seq 376–17752' and '6 ACKs'. */
export function runWords(step: LadderStep): { readonly main: string; readonly acks: string } {
  const range = step.seq === null || step.nextSeq === null ? '' : `${words.seq} ${step.seq}–${step.nextSeq}`;
  return {
    main: words.run(words.segments(step.segments, count(step.segments)), words.bytes(step.length, count(step.length)), range),
    acks: [
      step.acks > 0 ? words.acks(step.acks, count(step.acks)) : '',
      step.inFlight === null ? '' : words.mostInFlight(count(step.inFlight)),
    ]
      .filter((each) => each !== '')
      .join(', '),
  };
}

/** Sequence numbers of a step as label and number, in the order of the header. */
export function numbersOf(
  step: Pick<LadderStep, 'seq' | 'ack' | 'length' | 'window' | 'inFlight'>,
): { readonly label: string; readonly value: number }[] {
  const out: { label: string; value: number }[] = [];
  if (step.seq !== null) out.push({ label: words.seq, value: step.seq });
  if (step.ack !== null) out.push({ label: words.ack, value: step.ack });
  if (step.length > 0) out.push({ label: words.len, value: step.length });
  if (step.window !== null) out.push({ label: words.window, value: step.window });
  if (step.inFlight !== null) out.push({ label: words.inFlight, value: step.inFlight });
  return out;
}

/** A bar at the left edge over steps [from, to). */
export interface LadderGroup {
  readonly from: number;
  readonly to: number;
  readonly hue: 'tra' | 'app';
  readonly label: string;
}

/**
 * Groups of steps: the handshake, each application request with what follows it, the close. `steps` may begin in the middle
 * (`offset` is the number of its first); a group never claims steps that are not loaded.
 */
export function groupsOf(steps: readonly LadderStep[], offset: number): LadderGroup[] {
  const out: LadderGroup[] = [];
  let open: LadderGroup | null = null;
  /** First of the silences after the last step of a handshake: they belong to it if it goes on behind them. */
  let quiet = -1;
  const end = (at: number) => {
    const to = quiet < 0 ? at : quiet;
    if (open !== null && to > open.from) out.push({ ...open, to });
    open = null;
    quiet = -1;
  };
  let closing = false;
  steps.forEach((step, i) => {
    const at = offset + i;
    const flags = step.kind === 'packet' ? step.flags : '';
    if (!closing && /\b(?:FIN|RST)\b/.test(flags)) {
      closing = true;
      end(at);
      open = { from: at, to: at, hue: 'tra', label: words.groups.close };
    } else if (closing) {
      // Whatever comes after the first FIN belongs to the close, late data included.
    } else if (step.handshake !== 0 || /\bSYN\b/.test(flags)) {
      if (open?.label !== words.groups.handshake) {
        end(at);
        open = { from: at, to: at, hue: 'tra', label: words.groups.handshake };
      }
      quiet = -1;
    } else if (open?.label === words.groups.handshake && step.kind === 'silence') {
      if (quiet < 0) quiet = at;
    } else if (step.fromClient && step.application !== '') {
      end(at);
      open = { from: at, to: at, hue: 'app', label: step.application };
    } else if (open?.label === words.groups.handshake) {
      end(at);
    }
  });
  end(offset + steps.length);
  return out;
}

/** What a screen reader hears of a step beyond the cells' own text. */
export function statesText(step: Pick<LadderStep, 'clientState' | 'serverState'>): string {
  return words.states(step.clientState ?? words.noState, step.serverState ?? words.noState);
}

/** '41.247 ms = 41.183 server + 0.064 client', or what is known of it. */
export function rttWords(detail: Pick<ConnectionDetail, 'rttServerMs' | 'rttClientMs' | 'summary'>): string {
  const { rttServerMs, rttClientMs, summary } = detail;
  if (rttServerMs !== null && rttClientMs !== null) {
    return words.rttSum((rttServerMs + rttClientMs).toFixed(3), rttServerMs.toFixed(3), rttClientMs.toFixed(3));
  }
  if (summary.handshakeRttMs !== null) return words.rttOnly(summary.handshakeRttMs.toFixed(3));
  return words.handshakeWords[summary.handshake];
}

/** First and last step (exclusive) to draw for a scroll position; row 0 of the picture holds the states before the first step. */
export function stepsInView(scrollTop: number, height: number, total: number): { readonly from: number; readonly to: number } {
  const first = Math.floor(scrollTop / STEP) - 1;
  return {
    from: Math.max(0, Math.min(total, first - OVERSCAN)),
    to: Math.max(0, Math.min(total, first + Math.ceil(height / STEP) + 1 + OVERSCAN)),
  };
}
