import { Fragment } from 'react';
import { type LiveBackend, type LiveStatus, PULSE_SECONDS, type Pulse } from '../../src/messages.ts';
import { noted } from '../engine-words.ts';
import { clockUtc, count } from '../format.ts';
import { longSpan } from './format.ts';
import { rateBars } from './rate.ts';
import { words } from './words.ts';

/** Height of the chart and room above the highest bar, in its own units. */
const HEIGHT = 96;
const ROOM = 8;
/** From one bar to the next, and the width of one. */
const STEP = 7;
const BAR = 5.6;

/** Nothing is selected while capturing: what comes in, and the keys. */
export function NowView({ live, pulse }: { readonly live: LiveStatus; readonly pulse: Pulse | null }) {
  const newest = live.stoppedAt ?? (pulse === null ? live.startedAt : 1000 * (pulse.until + 1));
  const seconds = Math.max(0, newest - live.startedAt) / 1000;
  return (
    <div className="ins-now">
      <div className="pane-h">
        <b>{words.now}</b>
        <span>{words.since(clockUtc((live.startedAt / 1000).toFixed(3), 0), longSpan(seconds))}</span>
      </div>
      <div className="ins-now-body">
        <div>
          <h2>{words.empty}</h2>
          <p>{words.nowAdvice}</p>
        </div>
        <RateBox pulse={pulse} />
        <ConnectionsBox pulse={pulse} />
        {live.backend !== null && <BackendBox live={live} backend={live.backend} />}
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

/** The last minute as bars, each layer in its hue from the bottom of the stack up. */
function RateBox({ pulse }: { readonly pulse: Pulse | null }) {
  const bars = rateBars(pulse);
  const peak = bars.reduce((most, bar) => Math.max(most, bar.sum), 0);
  const series = pulse?.series ?? [];
  const scale = peak === 0 ? 0 : (HEIGHT - ROOM) / peak;
  return (
    <section className="ins-box-plain" data-testid="rate-box">
      <h3>
        {words.packetsPerSecond}
        <span className="ins-space" />
        <span className="quiet">{peak > 0 ? words.lastMinute(count(peak)) : words.lastMinuteEmpty}</span>
      </h3>
      <svg
        className="ins-rate"
        viewBox={`0 0 ${PULSE_SECONDS * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.rateChart(count(bars.at(-1)?.sum ?? 0), count(peak))}
      >
        {[0.25, 0.5, 0.75].map((share) => (
          <line key={share} x1="0" x2={PULSE_SECONDS * STEP} y1={HEIGHT * share} y2={HEIGHT * share} />
        ))}
        {series.map(({ hue }, layer) => (
          <g key={hue} className={`L-${hue}`}>
            {bars.map((bar, second) => {
              const height = (bar.parts[layer] ?? 0) * scale;
              if (height === 0) return null;
              const below = bar.parts.slice(0, layer).reduce((sum, part) => sum + part, 0) * scale;
              const x = second * STEP;
              return <rect key={x} x={x} y={HEIGHT - below - height} width={BAR} height={height} />;
            })}
          </g>
        ))}
      </svg>
      <div className="ins-legend">
        {series.map(({ hue, names, others }) => (
          <span key={hue} className={`L-${hue}`}>
            <i />
            {words.seriesNames(names, others)}
          </span>
        ))}
      </div>
    </section>
  );
}

function ConnectionsBox({ pulse }: { readonly pulse: Pulse | null }) {
  const of = pulse?.connections ?? { total: 0, open: 0, done: 0, refused: 0, unanswered: 0, halfOpen: 0, notCaptured: 0 };
  const rows: readonly (readonly [keyof typeof words.handshakes, number, string])[] = [
    ['done', of.done, 'tra'],
    ['refused', of.refused, 'bad'],
    ['unanswered', of.unanswered, 'warn'],
    ['halfOpen', of.halfOpen, 'warn'],
    ['notCaptured', of.notCaptured, 'none'],
  ];
  return (
    <section className="ins-box-plain" data-testid="outcome-box">
      <h3>
        {words.connections}
        <span className="ins-space" />
        <span className="quiet">{words.connectionsNow(count(of.total), count(of.open))}</span>
      </h3>
      <dl>
        {rows
          // The three that a reader looks for stay in place; the rare ones show once there are any.
          .filter(([id, n]) => n > 0 || id === 'done' || id === 'refused' || id === 'unanswered')
          .map(([id, n, tone]) => (
            <Fragment key={id}>
              <dt className={`T-${tone}`}>
                <i />
                {words.handshakes[id]}
              </dt>
              <dd>{count(n)}</dd>
            </Fragment>
          ))}
      </dl>
    </section>
  );
}

/** How the packets are taken: whose time stamps, what is known of drops. */
function BackendBox({ live, backend }: { readonly live: LiveStatus; readonly backend: LiveBackend }) {
  const atEnd = live.dropped === null && backend.drops === 'at-end' && live.stoppedAt === null;
  return (
    <section className="ins-box-plain" data-testid="now-backend">
      <dl className="facts">
        <dt>{words.backend}</dt>
        <dd>{noted(backend.reason)}</dd>
        <dt>{words.timeStamps}</dt>
        <dd>{noted(backend.clock)}</dd>
        <dt>{words.dropped}</dt>
        <dd className={live.dropped === 0 || atEnd ? '' : 'warnc'}>
          {live.dropped !== null ? count(live.dropped) : atEnd ? words.dropsAtEnd : words.dropsUnknown}
        </dd>
      </dl>
    </section>
  );
}
