import { File, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CaptureState, LiveStatus } from '../../src/messages.ts';
import { choiceText } from '../decode/decode.ts';
import { words as decodeWords } from '../decode/words.ts';
import { noted } from '../engine-words.ts';
import { between, clocksUtc, count, percent, stopwatch } from '../format.ts';
import { KeyLogChip } from '../keylog/KeyLogPanel.tsx';
import { useBackend } from '../store/context.ts';
import { isCapturing, useApp } from '../store/state.ts';
import { words } from '../words.ts';

export function StatusBar() {
  const capture = useApp((state) => state.capture);
  return (
    <footer className="status" data-testid="status-bar">
      {capture === null ? <AtStart /> : <OfCapture capture={capture} />}
    </footer>
  );
}

function AtStart() {
  const ability = useApp((state) => state.ability);
  const opening = useApp((state) => state.opening);
  const version = useApp((state) => state.info?.version ?? '');
  const off = ability !== null && !ability.available;
  return (
    <>
      <span>
        <span className={`dotc ${ability === null ? 'dim' : off ? 'warnc' : 'goodc'}`} />
        {ability === null
          ? words.liveUnknown
          : off
            ? ability.failure?.code === 'permission'
              ? words.liveOffPermission
              : words.liveOff
            : words.liveReady(ability.backend)}
      </span>
      <span className="sp" role="status">
        {opening !== null && words.opening(opening)}
      </span>
      <span>{version}</span>
    </>
  );
}

function OfCapture({ capture }: { readonly capture: CaptureState }) {
  const view = useApp((state) => state.view);
  const live = useApp((state) => state.live);
  const notice = useApp((state) => state.notice);
  const mine = capture.live ? live : null;
  const matched = view?.matched ?? 0;
  return (
    <>
      <span className="name" title={capture.path}>
        <File className="i" aria-hidden="true" />
        <span className="cut">{mine === null ? capture.name : words.spool(mine.bytes, mine.packets)}</span>
      </span>
      <span>
        {words.packets} <b>{count(capture.packets)}</b>
      </span>
      <span>
        {words.displayed} <b>{count(matched)}</b> <span className="dim">{percent(matched, capture.packets)}</span>
      </span>
      <Marked />
      <Decoded />
      <KeyLogChip />
      <Dropped capture={capture} live={mine} />
      <Saving />
      <span className="sp" role="status" data-testid="status-notice">
        {view?.sorting != null && view.sorting.done < 1
          ? words.sorting(columnName(view.sorting.column), percent(view.sorting.done, 1))
          : notice}
      </span>
      {(mine !== null || capture.firstTime !== null) && (
        <span className="wide">{mine === null ? <TimeRange capture={capture} /> : <CaptureClock live={mine} />}</span>
      )}
      <span className={capture.damage === null ? undefined : 'badc'}>
        {capture.damage !== null && <TriangleAlert className="i" aria-hidden="true" />}
        {mine === null ? words.fileFormat(capture) : <Backend live={mine} fallback={words.fileFormat(capture)} />}
      </span>
    </>
  );
}

/** What a column is called: those of the list by their headers, fields by their abbreviation. */
function columnName(column: string): string {
  return Object.hasOwn(words.columns, column) ? words.columns[column as keyof typeof words.columns] : column;
}

/** How far the file is that is being written, and a way to end it, whatever view it was begun in. */
function Saving() {
  const { actions } = useBackend();
  const saving = useApp((state) => state.saving);
  if (saving === null) return null;
  return (
    <span className="marks" data-testid="saving">
      {words.savingNow(percent(saving.done, Math.max(1, saving.total)))}
      <button type="button" className="link" onClick={() => void actions.stopSaving()} data-testid="cancel-saving">
        {words.cancelSaving}
      </button>
    </span>
  );
}

/** How many packets are marked; a click goes to the next of them. */
function Marked() {
  const { actions } = useBackend();
  const marked = useApp((state) => state.marked.size);
  const text = (
    <>
      {words.marked} <b>{count(marked)}</b>
    </>
  );
  return (
    <span className="marks" data-testid="marked">
      {marked === 0 ? (
        text
      ) : (
        <button type="button" title={words.nextMark} onClick={() => actions.nextMark()}>
          {text}
        </button>
      )}
    </span>
  );
}

function Backend({ live, fallback }: { readonly live: LiveStatus; readonly fallback: string }) {
  if (live.backend === null) return fallback;
  const { version, clock, reason } = live.backend;
  return (
    <span title={words.stampedBy(noted(clock), noted(reason))}>
      {live.files > 1 ? `${version} · ${words.ringFiles(live.files)}` : version}
    </span>
  );
}

/** Says that packets are taken for what the user chose; a click shows the choices. */
function Decoded() {
  const { actions } = useBackend();
  const choices = useApp((state) => state.decodeChoices);
  const first = choices[0];
  if (first === undefined) return null;
  return (
    <span className="marks" data-testid="decode-chip">
      <button
        type="button"
        title={`${decodeWords.chipTitle}: ${choices.map(choiceText).join(' ')}`}
        onClick={() => actions.openDecode({ table: first.table, value: '' })}
      >
        {decodeWords.title} <b className="mono">{choices.length === 1 ? choiceText(first) : decodeWords.chip(choices.length)}</b>
      </button>
    </span>
  );
}

function Dropped({ capture, live }: { readonly capture: CaptureState; readonly live: LiveStatus | null }) {
  if (live !== null) {
    if (live.dropped === null && live.backend?.drops === 'at-end' && live.stoppedAt === null) {
      return <span title={words.dropsLaterWhy}>{words.dropsLater}</span>;
    }
    if (live.dropped === null) {
      return (
        <span className="warnc" title={live.backend?.drops === 'at-end' ? words.dropsLost : words.dropsUnknownWhy}>
          <TriangleAlert className="i" aria-hidden="true" />
          {words.dropsUnknown}
        </span>
      );
    }
    return (
      <span className={live.dropped > 0 ? 'warnc' : undefined}>
        {words.dropped} <b>{words.drops(live.dropped)}</b>
      </span>
    );
  }
  const known = capture.interfaces.filter((item) => item.dropped !== null);
  const sum = known.reduce((total, item) => total + (item.dropped ?? 0), 0);
  return (
    <span>
      {words.dropped} <b>{known.length === 0 ? words.notRecorded : words.droppedAtCapture(sum)}</b>
    </span>
  );
}

function TimeRange({ capture }: { readonly capture: CaptureState }) {
  if (capture.firstTime === null || capture.lastTime === null) return null;
  return <>{`${clocksUtc(capture.firstTime, capture.lastTime, 3)} UTC · ${between(capture.firstTime, capture.lastTime)}`}</>;
}

function CaptureClock({ live }: { readonly live: LiveStatus }) {
  const [now, setNow] = useState(Date.now);
  const running = isCapturing(live);
  useEffect(() => {
    if (!running) return;
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [running]);
  const clock = stopwatch((live.stoppedAt ?? Math.max(now, live.startedAt)) - live.startedAt);
  return <>{running ? words.capturingFor(clock) : words.capturedFor(clock)}</>;
}

/** Live counts for a screen reader, at most every five seconds. */
export function LiveAnnouncer() {
  const [text, setText] = useState('');
  const last = useRef(-1);
  useEffect(() => {
    const timer = window.setInterval(() => {
      const { capture, live } = useApp.getState();
      if (capture === null || !isCapturing(live) || capture.packets === last.current) return;
      last.current = capture.packets;
      setText(words.announcePackets(capture.packets));
    }, 5000);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <output className="visually-hidden" aria-live="polite">
      {text}
    </output>
  );
}
