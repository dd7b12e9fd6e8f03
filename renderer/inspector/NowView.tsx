import type { CaptureState, LiveStatus } from '../../src/messages.ts';
import { clockUtc, count, size } from '../format.ts';
import { longSpan } from './format.ts';
import type { RatePoint } from './rate.ts';
import { RATE_SECONDS, rateBars } from './rate.ts';
import { words } from './words.ts';

/** Nothing is selected while capturing: what comes in, and the keys. */
export function NowView({
  live,
  capture,
  ratePoints,
}: {
  readonly live: LiveStatus;
  readonly capture: CaptureState | null;
  readonly ratePoints: readonly RatePoint[];
}) {
  const bars = rateBars(ratePoints);
  const peak = bars.reduce<number>((most, bar) => Math.max(most, bar ?? 0), 0);
  const now = bars.at(-1) ?? null;
  const newest = ratePoints.at(-1)?.at ?? live.stoppedAt ?? live.startedAt;
  const seconds = Math.max(0, newest - live.startedAt) / 1000;
  return (
    <div className="ins-now">
      <div className="ins-head">
        <b>{words.now}</b>
        <span>{words.since(clockUtc((live.startedAt / 1000).toFixed(3), 0), longSpan(seconds))}</span>
      </div>
      <div className="ins-now-body">
        <div>
          <h3>{words.empty}</h3>
          <p>{words.nowAdvice}</p>
        </div>
        <section className="ins-box-plain">
          <h4>
            {words.packetsPerSecond}
            <span className="ins-space" />
            <span className="quiet">{peak > 0 ? words.lastMinute(count(peak)) : words.lastMinuteEmpty}</span>
          </h4>
          <svg
            className="ins-rate"
            viewBox={`0 0 ${RATE_SECONDS * 7} 96`}
            preserveAspectRatio="none"
            role="img"
            aria-label={words.rateChart(now === null ? '0' : count(now), count(peak))}
          >
            {[24, 48, 72].map((y) => (
              <line key={y} x1="0" x2={RATE_SECONDS * 7} y1={y} y2={y} />
            ))}
            {bars.map((bar, i) => {
              const height = bar === null || peak === 0 ? 0 : (bar / peak) * 88;
              const x = i * 7;
              return <rect key={x} x={x} y={96 - height} width="5.6" height={height} />;
            })}
          </svg>
        </section>
        <section className="ins-box-plain">
          <h4>
            {words.connections}
            <span className="ins-space" />
            <span className="quiet">{words.opened(count(capture?.connections ?? 0))}</span>
          </h4>
          <dl>
            <dt>{words.packetsSoFar}</dt>
            <dd>{count(capture?.packets ?? live.packets)}</dd>
            <dt>{words.onDisk}</dt>
            <dd>{size(live.bytes)}</dd>
            <dt>{words.dropped}</dt>
            <dd className={live.dropped === null || live.dropped > 0 ? 'warnc' : ''}>
              {live.dropped === null ? words.dropsUnknown : count(live.dropped)}
            </dd>
          </dl>
        </section>
        <dl className="ins-keys">
          {words.keys.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
