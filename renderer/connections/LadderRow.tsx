import { ChevronRight, CircleAlert, Clock, Repeat, TriangleAlert, X } from 'lucide-react';
import { memo } from 'react';
import type { LadderStep, Mark, TcpState } from '../../src/messages.ts';
import { named, noted } from '../engine-words.ts';
import { letters } from '../language.ts';
import {
  arrowOf,
  isLate,
  isMissing,
  isUncaptured,
  lostWord,
  numbersOf,
  packetsOf,
  runWords,
  STEP,
  statesText,
  stepDelta,
  stepTime,
  styleOf,
  toneOf,
} from './ladder-model.ts';
import { words } from './words.ts';

/** The bar of each end beside the arrows. */
export function Lifelines({ client, server }: { readonly client: TcpState | null; readonly server: TcpState | null }) {
  return (
    <>
      <i className={`con-life client st-${styleOf(client)}`} />
      <i className={`con-life server st-${styleOf(server)}`} />
    </>
  );
}

/** The RFC 9293 name of a state where it begins. */
export function StateName({ state, side }: { readonly state: TcpState; readonly side: 'client' | 'server' }) {
  return (
    <em className={`con-state st-${styleOf(state)}`} data-testid={`state-${side}`}>
      {state}
    </em>
  );
}

/** A mark as icon and word. */
function MarkPill({ mark }: { readonly mark: Mark }) {
  const Icon = mark.kind === 'bad' ? CircleAlert : mark.kind === 'warn' ? (/retrans/i.test(mark.text) ? Repeat : TriangleAlert) : null;
  return (
    <span className={`con-mark ${mark.kind}`}>
      {Icon !== null && <Icon size={10} strokeWidth={2.2} aria-hidden />}
      {named(mark.text)}
    </span>
  );
}

export interface LadderRowProps {
  readonly index: number;
  /** Undefined while its page is being read. */
  readonly step: LadderStep | undefined;
  readonly clientBefore: TcpState | null;
  readonly serverBefore: TcpState | null;
  readonly selected: boolean;
  /** Tab enters the ladder here. */
  readonly entry: boolean;
}

/** What of an application's words is kept where the numbers behind them have too little room, in widths of a digit. */
const WORDS_KEPT = 12;

function Application({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <b className="con-app" style={{ minWidth: `${Math.min(WORDS_KEPT, 0.8 * letters(text))}ch` }}>
      {text}
    </b>
  );
}

/** One step: times, the client's state, the arrow, the server's state, the packet number. */
export const LadderRow = memo(function LadderRow({ index, step, clientBefore, serverBefore, selected, entry }: LadderRowProps) {
  const style = { top: (index + 1) * STEP };
  if (step === undefined) {
    return (
      <tr className="con-step" aria-rowindex={index + 2} style={style}>
        <td className="time quiet">{words.loadingStep}</td>
      </tr>
    );
  }
  const silent = step.kind === 'silence';
  const classes = ['con-step', step.kind];
  if (selected) classes.push('sel');
  const newClient = step.clientChanged && step.clientState !== null && (step.clientState !== clientBefore || index > 0);
  const newServer = step.serverChanged && step.serverState !== null && (step.serverState !== serverBefore || index > 0);
  return (
    <tr
      className={classes.join(' ')}
      aria-rowindex={index + 2}
      aria-current={selected ? 'true' : undefined}
      data-step={index}
      data-testid={step.kind === 'packet' || step.kind === 'run' ? `ladder-step-${step.row}` : undefined}
      style={style}
    >
      <td className="time">
        {step.kind === 'lost' ? (
          <i className="quiet">{words.inferred}</i>
        ) : (
          !silent && (
            <>
              <span>{stepTime(step.time)}</span>
              <span className="quiet delta">{stepDelta(step.delta, index === 0)}</span>
            </>
          )
        )}
      </td>
      <td className="state client">{newClient && step.clientState !== null && <StateName state={step.clientState} side="client" />}</td>
      <td className="line">
        <Lifelines client={step.clientState} server={step.serverState} />
        <StepPicture step={step} />
        <span className="visually-hidden">
          {silent ? '' : `${step.fromClient ? words.fromClient : words.fromServer}, `}
          {statesText(step)}
        </span>
      </td>
      <td className="state server">{newServer && step.serverState !== null && <StateName state={step.serverState} side="server" />}</td>
      <td className="packet quiet">
        <button type="button" tabIndex={entry ? 0 : -1} aria-label={stepName(step)}>
          {packetsOf(step)}
        </button>
      </td>
    </tr>
  );
});

/** What the button of a step is called. */
function stepName(step: LadderStep): string {
  if (step.kind === 'silence') return noted(step.note);
  if (step.kind === 'lost') return lostWord(step);
  return step.kind === 'run' ? words.packetRun(packetsOf(step)) : words.packetNumber(packetsOf(step));
}

function StepPicture({ step }: { readonly step: LadderStep }) {
  if (step.kind === 'run') {
    const run = runWords(step);
    return (
      <span className={`con-run ${step.fromClient ? 'out' : 'in'} ${toneOf(step) ?? ''}`} title={words.unfold}>
        <ChevronRight size={11} aria-hidden />
        <Application text={step.application} />
        <span>{run.main}</span>
        {run.acks !== '' && <span className="con-acks quiet">{run.acks}</span>}
        {step.marks.map((mark, i) => (
          <MarkPill key={`${i + 1} ${mark.text}`} mark={mark} />
        ))}
      </span>
    );
  }
  if (step.kind === 'silence') {
    const waiting = !/\bidle\b/i.test(step.note);
    return (
      <span className={`con-silence ${waiting ? 'wait' : ''}`}>
        {waiting && <Clock size={14} aria-hidden />}
        {noted(step.note)}
      </span>
    );
  }
  const arrow = arrowOf(step);
  const tone = toneOf(step);
  const lost = step.kind === 'lost';
  const late = isLate(step);
  return (
    <>
      {arrow !== null && (
        <svg
          className={`con-arrow ${lost ? 'lost' : (tone ?? '')}`}
          viewBox={`0 0 100 ${STEP}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <line x1={arrow.x1} x2={arrow.x2} y1={arrow.y1} y2={arrow.y2} vectorEffect="non-scaling-stroke" />
        </svg>
      )}
      {lost && !late && !isMissing(step) ? (
        <span className="con-cross" style={{ left: `${arrow?.x2 ?? 50}%` }}>
          <X size={14} strokeWidth={3} aria-hidden />
        </span>
      ) : late || (isMissing(step) && !isUncaptured(step)) ? null : (
        <b className={`con-tip ${step.fromClient ? 'out' : 'in'} ${tone ?? ''}`} />
      )}
      <span className={`con-label ${lost ? (step.fromClient ? 'lost out' : 'lost in') : ''}`}>
        {lost && <b className="warnc">{lostWord(step)}</b>}
        {step.handshake !== 0 && !step.marks.some((mark) => mark.kind === 'handshake') && (
          <span className="con-mark handshake">{step.handshake}/3</span>
        )}
        {!lost && step.marks.map((mark, i) => <MarkPill key={`${i + 1} ${mark.text}`} mark={mark} />)}
        <Application text={step.application} />
        {!lost && step.flags !== '' && <b>{step.flags}</b>}
        {numbersOf(step).map((number) => (
          <span key={number.label}>
            <span className="quiet">{number.label}</span> {number.value}
          </span>
        ))}
        {step.options !== '' && <span className="quiet">{step.options}</span>}
        {lost && <span className="quiet">{step.note === '' ? words.lostWhere : noted(step.note)}</span>}
      </span>
    </>
  );
}
