import { Clock, Download, Eye, OctagonAlert, TriangleAlert, Unplug, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { CaptureState, Failure } from '../../src/messages.ts';
import { failed, noted } from '../engine-words.ts';
import { count, nanoseconds, sizeOf } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { Commands } from '../ui/Commands.tsx';
import { words } from '../words.ts';

/** Everything that stands between the bars and the panes: trouble with its cause and its next step, and the progress of reading. */
export function Banners() {
  const { actions } = useBackend();
  const capture = useApp((state) => state.capture);
  const live = useApp((state) => state.live);
  const lineClosed = useApp((state) => state.lineClosed);
  const engineGone = useApp((state) => state.engineGone);
  const failure = useApp((state) => state.failure);
  const dismissed = useApp((state) => state.dismissed);
  return (
    <>
      {lineClosed !== null && (
        <Banner
          id="line-banner"
          icon={<Unplug className="i" aria-hidden="true" />}
          title={words.lineClosed}
          text={lineClosed === '' ? words.lineAdvice : `${lineClosed} ${words.lineAdvice}`}
        >
          <button type="button" className="btn" onClick={() => window.location.reload()} data-testid="reconnect">
            {words.reconnect}
          </button>
        </Banner>
      )}
      {engineGone !== null && lineClosed === null && (
        <Banner
          id="engine-banner"
          icon={<OctagonAlert className="i" aria-hidden="true" />}
          title={words.engineGone}
          text={<Cause failure={engineGone} />}
        >
          <button type="button" className="btn" onClick={() => actions.restartEngine()}>
            {capture === null ? words.startEngine : words.restartEngine}
          </button>
        </Banner>
      )}
      {failure !== null && (
        <Banner
          id="failure-banner"
          icon={<OctagonAlert className="i" aria-hidden="true" />}
          title={failure.title}
          text={<Cause failure={failure.failure} />}
          onDismiss={() => actions.dismissFailure()}
        />
      )}
      {live !== null && live.failure !== null && !dismissed.live && (
        <Banner
          id="live-failure-banner"
          icon={<OctagonAlert className="i" aria-hidden="true" />}
          title={words.captureFailed}
          text={<Cause failure={live.failure} />}
          onDismiss={() => actions.dismiss('live')}
        >
          {capture !== null && capture.packets > 0 && (
            <button type="button" className="btn" onClick={() => actions.save('pcapng', 'all')}>
              <Download className="i" aria-hidden="true" />
              {words.saveWhole(capture.packets)}
            </button>
          )}
        </Banner>
      )}
      {capture !== null && capture.damage !== null && capture.phase !== 'reading' && !dismissed.damage && (
        <DamageBanner capture={capture} />
      )}
      {capture !== null && capture.phase === 'stopped' && !capture.live && !dismissed.stopped && (
        <Banner
          id="stopped-banner"
          tone="warn"
          icon={<Clock className="i" aria-hidden="true" />}
          title={words.stoppedEarly(capture)}
          text=""
          onDismiss={() => actions.dismiss('stopped')}
        >
          <button type="button" className="btn" onClick={() => actions.openPath(capture.path, capture.name)}>
            {words.readAll}
          </button>
        </Banner>
      )}
      {capture !== null && capture.change !== null && capture.phase !== 'reading' && !dismissed.change && (
        <Banner
          id="change-banner"
          tone="warn"
          icon={<TriangleAlert className="i" aria-hidden="true" />}
          title={words.fileChange[capture.change](capture.name)}
          text={words.fileChangeMeans[capture.change]}
          onDismiss={() => actions.dismiss('change')}
        >
          {capture.change !== 'gone' && (
            <button type="button" className="btn" onClick={() => actions.openPath(capture.path, capture.name)} data-testid="open-again">
              {words.openAgain}
            </button>
          )}
        </Banner>
      )}
      {capture !== null && capture.notes.length > 0 && capture.phase !== 'reading' && !dismissed.notes && (
        <Banner
          id="notes-banner"
          tone="warn"
          icon={<TriangleAlert className="i" aria-hidden="true" />}
          title={words.leftOut}
          text={capture.notes.map(noted).join(' ')}
          onDismiss={() => actions.dismiss('notes')}
        />
      )}
      <LoadingBar />
    </>
  );
}

function Cause({ failure }: { readonly failure: Failure }) {
  return (
    <>
      {failed(failure.message)} {failure.advice !== undefined && <span className="mid">{failed(failure.advice)}</span>}
      <Commands failure={failure} />
    </>
  );
}

interface BannerProps {
  readonly id: string;
  readonly tone?: 'bad' | 'warn';
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: ReactNode;
  readonly children?: ReactNode;
  readonly onDismiss?: () => void;
}

function Banner({ id, tone = 'bad', icon, title, text, children, onDismiss }: BannerProps) {
  return (
    <div className={tone === 'warn' ? 'banner warn' : 'banner'} role={tone === 'warn' ? 'status' : 'alert'} data-testid={id}>
      {icon}
      <div className="selectable" style={{ flex: 1, minWidth: 0, lineHeight: 1.5 }}>
        <b>{title}</b> {text}
      </div>
      <div className="acts">
        {children}
        {onDismiss !== undefined && (
          <button type="button" className="btn ghost ico" aria-label={words.dismiss} onClick={onDismiss}>
            <X className="i" aria-hidden="true" />
          </button>
        )}
      </div>
    </div>
  );
}

function DamageBanner({ capture }: { readonly capture: CaptureState }) {
  const { actions } = useBackend();
  const damage = capture.damage;
  if (damage === null) return null;
  return (
    <Banner
      id="damage-banner"
      icon={<TriangleAlert className="i" aria-hidden="true" />}
      title={words.damageTitle(damage)}
      text={
        <>
          {words.damageFact(damage)}
          <br />
          <span className="mid">{words.damageKept(damage, capture, lastOffset(capture))}</span>
        </>
      }
      onDismiss={() => actions.dismiss('damage')}
    >
      <button
        type="button"
        className="btn"
        data-testid="show-damage"
        onClick={() => {
          actions.setTab('packets');
          void actions.selectDamage();
        }}
      >
        <Eye className="i" aria-hidden="true" />
        {words.showBytes}
      </button>
      {capture.packets > 0 && (
        <button
          type="button"
          className="btn"
          onClick={() => actions.save(capture.format.startsWith('pcapng') ? 'pcapng' : 'pcap', 'all')}
          data-testid="save-rest"
        >
          <Download className="i" aria-hidden="true" />
          {words.saveWhole(capture.packets)}
        </button>
      )}
    </Banner>
  );
}

/** Time of the last packet since the first, with the digits of the capture. */
function lastOffset(capture: CaptureState): string | null {
  if (capture.firstTime === null || capture.lastTime === null) return null;
  const first = nanoseconds(capture.firstTime);
  const last = nanoseconds(capture.lastTime);
  return first === null || last === null ? null : `${(Number(last - first) / 1e9).toFixed(capture.timePrecision)} s`;
}

/** Progress of reading, once it takes longer than 300 ms. */
function LoadingBar() {
  const { actions } = useBackend();
  const capture = useApp((state) => state.capture);
  const reading = capture !== null && capture.phase === 'reading';
  const number = capture?.capture ?? -1;
  const [late, setLate] = useState(-1);
  useEffect(() => {
    if (!reading) return;
    const timer = window.setTimeout(() => setLate(number), 300);
    return () => window.clearTimeout(timer);
  }, [reading, number]);
  if (capture === null || !reading || (late !== number && capture.elapsedMs < 300)) return null;
  const seconds = Math.max(0.001, capture.elapsedMs / 1000);
  const pace = capture.bytesRead / seconds;
  const share = capture.fileBytes > 0 ? Math.min(1, capture.bytesRead / capture.fileBytes) : 0;
  const left = pace > 0 && capture.fileBytes > 0 ? (capture.fileBytes - capture.bytesRead) / pace : null;
  return (
    <div className="load" data-testid="loading-bar">
      <span>
        <b>{words.reading(capture.name)}</b> <span className="mid">{sizeOf(capture.bytesRead, capture.fileBytes)}</span>
      </span>
      <div
        className="pb"
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-label={words.reading(capture.name)}
        aria-valuetext={`${Math.round(share * 100)}%, ${count(capture.packets)} ${words.packets}`}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <span className="end">
        <span className="mid">
          {words.readingPace(capture.packets, capture.packets / seconds, pace)}
          {left !== null && (
            <>
              {' · '}
              <b style={{ color: 'var(--text)' }}>{words.left(left)}</b>
            </>
          )}
        </span>
        <button type="button" className="btn" onClick={() => actions.stopReading()} data-testid="stop-here">
          {words.stopHere} <kbd>Esc</kbd>
        </button>
      </span>
    </div>
  );
}
