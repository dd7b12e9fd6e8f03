import { Filter } from 'lucide-react';
import type { ConnectionSummary } from '../../src/messages.ts';
import { span } from '../format.ts';
import { words } from './words.ts';

/** The three segments of the handshake as squares, and the time it took. */
export function HandshakeCell({ row }: { readonly row: ConnectionSummary }) {
  const steps = row.steps.map((step) => words.handshakeSteps[step]);
  return (
    <>
      <span className="con-squares" role="img" aria-label={words.handshakeTitle(steps.join(', '))}>
        {row.steps.map((step, i) => (
          <i key={`${i + 1}`} className={step} />
        ))}
      </span>
      {row.handshakeRttMs === null ? <span className="quiet">{words.noRtt}</span> : span(row.handshakeRttMs / 1000)}
    </>
  );
}

/** The life of a connection drawn over the life of the capture. `life`: seconds from the earliest packet to the latest, 0 if unknown. */
export function ActivityCell({ row, life }: { readonly row: ConnectionSummary; readonly life: number }) {
  const from = Math.min(1, Math.max(0, row.begins));
  const length = life > 0 ? Math.min(1 - from, row.durationMs / 1000 / life) : 0;
  const trouble = row.activity.filter((point) => point.kind === 'warn' || point.kind === 'bad').length;
  return (
    <svg
      className="con-activity"
      role="img"
      aria-label={words.activityLabel(
        row.startOffset.toFixed(3),
        span(row.durationMs / 1000),
        trouble > 0 ? words.activityTrouble(trouble) : '',
      )}
      viewBox="0 0 300 14"
      preserveAspectRatio="none"
    >
      <line x1="0" x2="300" y1="7" y2="7" />
      <rect x={from * 298} y="5.2" width={Math.max(1.2, length * 298)} height="3.6" className="life" />
      {row.activity.map((point, i) => {
        const loud = point.kind === 'warn' || point.kind === 'bad';
        return (
          <rect
            key={`${point.at} ${i + 1}`}
            className={point.kind}
            x={Math.min(1, Math.max(0, point.at)) * 298}
            y={loud ? 1 : 3}
            width={loud ? 2.2 : 1.2}
            height={loud ? 12 : 8}
          />
        );
      })}
    </svg>
  );
}

/** Number of the stream; under the pointer and on the chosen row with a button that filters on it. */
export function StreamCell({ stream, onOnly }: { readonly stream: number; readonly onOnly: () => void }) {
  return (
    <>
      <button
        type="button"
        className="con-only"
        tabIndex={-1}
        aria-label={`${words.onlyPackets}: tcp.stream == ${stream}`}
        title={`${words.onlyPackets} (F)`}
        onClick={(event) => {
          event.stopPropagation();
          onOnly();
        }}
      >
        <Filter size={12} aria-hidden />
      </button>
      {stream}
    </>
  );
}
