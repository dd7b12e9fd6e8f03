import { useLayoutEffect, useRef, useState } from 'react';
import type { ExchangeSummary } from '../../src/messages.ts';
import { span } from '../format.ts';
import { axisTicks } from './model.ts';
import { words } from './words.ts';

/** Place on the axis in percent of its width, which leaves room for the time beside the last bar (http.css). */
function place(at: number, [from, to]: readonly [number, number]): number {
  const whole = to - from;
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (at - from) / whole)) * 100;
}

/** The axis in the head of the column: seconds from the first exchange. */
export function Axis({ life }: { readonly life: readonly [number, number] }) {
  const whole = life[1] - life[0];
  const axis = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const node = axis.current;
    if (node === null) return;
    const measure = (): void => setWidth(node.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return (
    <>
      <span className="visually-hidden">{words.columns.waterfall}</span>
      <div className="http-axis" aria-hidden ref={axis}>
        {axisTicks(whole, width).map(({ at, label }) => (
          <span key={at} style={{ left: `${place(life[0] + at, life)}%` }}>
            {label}
          </span>
        ))}
      </div>
    </>
  );
}

/** An exchange drawn over the time of all: handshake, request, wait, download; trouble as ticks on it; its time beside it. */
export function Waterfall({ row, life }: { readonly row: ExchangeSummary; readonly life: readonly [number, number] }) {
  const { timings, startOffset: start } = row;
  const seconds = (ms: number | null): number => Math.max(0, ms ?? 0) / 1000;
  // A request without an end was being sent until the answer came.
  const sendMs =
    row.requestFrame === null && timings.totalMs !== null && timings.receiveMs !== null
      ? timings.totalMs - timings.receiveMs
      : timings.sendMs;
  const sent = start + seconds(sendMs);
  const answered = sent + seconds(timings.waitMs);
  const whole = timings.totalMs !== null;
  // Of an exchange that did not come to its end, the last that is known.
  const end = whole
    ? start + seconds(timings.totalMs)
    : Math.max(row.status === null ? start : answered, start + (row.trouble.at(-1)?.at ?? 0));
  const reset = row.trouble.find((mark) => mark.kind === 'reset');
  const bar = (kind: string, from: number, to: number) => {
    const left = place(from, life);
    return <i key={kind} className={kind} style={{ left: `${left}%`, width: `max(1.5px, ${place(to, life) - left}%)` }} />;
  };
  const waited = row.status === null ? end : answered;
  const said = whole
    ? span(end - start)
    : reset !== undefined
      ? words.resetAfter(span(reset.at))
      : row.status === null
        ? words.noAnswer
        : words.notWhole;
  const right = place(Math.max(end, waited), life);
  // Words have no room behind a bar that ends late: they stand before it.
  // A tick at the end is wider than the bar's end: the words keep clear of it.
  const ticked = row.trouble.some((mark) => place(start + mark.at, life) >= right - 1);
  const beside =
    whole || right < 70
      ? { left: `${right}%`, ...(ticked ? { paddingLeft: 9 } : {}) }
      : { right: `${100 - place(start - seconds(timings.connectMs), life)}%`, paddingRight: 5 };
  return (
    <div className="http-fall" role="img" aria-label={words.waterfall(span(start - life[0]), said)}>
      {timings.connectMs !== null && bar('handshake', start - seconds(timings.connectMs), start)}
      {sendMs !== null && sendMs > 0 && bar('send', start, sent)}
      {bar('wait', sent, Math.max(sent, waited))}
      {row.status !== null && bar('receive', answered, Math.max(answered, end))}
      {row.trouble.map((mark, k) => (
        <i key={`${mark.kind} ${k + 1}`} className={`tick ${mark.kind}`} style={{ left: `${place(start + mark.at, life)}%` }} />
      ))}
      <span className={whole ? undefined : 'http-bad'} style={beside}>
        {said}
      </span>
    </div>
  );
}
