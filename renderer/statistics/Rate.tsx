import { Filter, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RateCurve, Statistics } from '../../src/messages.ts';
import { count, rateText, size, span } from '../format.ts';
import { kept } from '../store/kept.ts';
import { Choice } from '../ui/Choice.tsx';
import { CURVE_TOKENS, perSecond, RatePlot, type RateUnit } from './rate-plot.ts';
import type { Piece } from './useStatistics.ts';
import { words } from './words.ts';

interface RateProps {
  readonly statistics: Statistics;
  readonly piece: Piece | null;
  readonly onPiece: (piece: Piece | null) => void;
  readonly onFilter: (text: string) => void;
  readonly onShowPacket: (row: number) => void;
}

const useUnit = kept<RateUnit>('packets');

/** Packets or bits per second over the capture, or a piece of it. */
export function Rate({ statistics, piece, onPiece, onFilter, onShowPacket }: RateProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<RatePlot | null>(null);
  const [unit, setUnit] = useUnit();
  const [slot, setSlot] = useState<number | null>(null);
  const { rate, wholeRate } = statistics;
  const latest = useRef({ unit, rate, onPiece, onShowPacket });
  latest.current = { unit, rate, onPiece, onShowPacket };

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new RatePlot(element, () => latest.current.unit, {
      onHover: setSlot,
      onChoose: (each) => choose(latest.current.rate, each, latest.current.onShowPacket),
      onZoom: (range) => latest.current.onPiece(range === null ? null : { from: range[0], to: range[1] }),
    });
    plot.current = made;
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(element);
    const theme = new MutationObserver(() => made.redraw());
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
    return () => {
      resize.disconnect();
      theme.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.show(rate, wholeRate, unit), [rate, wholeRate, unit]);

  const slots = rate.packets.length;
  const peak = rate.packets.reduce((most, _, k) => Math.max(most, perSecond(rate, unit, k)), 0);
  const rateWords = (value: number): string => (unit === 'packets' ? `${count(value)}/s` : rateText(value));
  const said = slot === null || slot >= slots ? '' : slotWords(rate, slot);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = slot ?? -1;
    const targets: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: slots - 1 };
    const target = targets[event.key];
    if (target !== undefined) setSlot(Math.max(0, Math.min(slots - 1, target)));
    else if (event.key === 'Enter' && slot !== null) choose(rate, slot, onShowPacket);
    else if (event.key === 'Escape' && piece !== null) onPiece(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section className="stat-rate" aria-label={words.rate} data-testid="stat-rate">
      <div className="stat-rate-bar">
        <h2>{words.rate}</h2>
        <Choice
          label={words.rate}
          value={unit}
          options={[
            ['packets', words.units.packets],
            ['bytes', words.units.bytes],
          ]}
          onChange={setUnit}
          testId="stat-unit"
        />
        <span className="legend">
          {(['all', 'mine', 'trouble'] as const)
            .filter((each) => (each === 'all' ? wholeRate !== null : each === 'trouble' ? unit === 'packets' : true))
            .map((each) => (
              <span key={each}>
                <i aria-hidden style={{ background: `var(${CURVE_TOKENS[each]})` }} />
                {each === 'mine' && wholeRate === null ? words.series.all : words.series[each]}
              </span>
            ))}
        </span>
        <span className="said" data-testid="stat-said">
          {said !== '' ? said : slots === 0 ? '' : words.perSlot(span(rate.seconds).replace(/\.0+ /, ' '))}
        </span>
        {piece !== null && (
          <>
            <button
              type="button"
              className="stat-button"
              onClick={() => onFilter(`frame.time_relative >= ${piece.from.toFixed(6)} && frame.time_relative < ${piece.to.toFixed(6)}`)}
              data-testid="stat-only-time"
            >
              <Filter size={13} aria-hidden />
              {words.onlyTime}
            </button>
            <button
              type="button"
              className="tool"
              aria-label={words.whole}
              title={words.whole}
              onClick={() => onPiece(null)}
              data-testid="stat-whole"
            >
              <ZoomOut size={14} aria-hidden />
            </button>
          </>
        )}
      </div>
      <div className="stat-plot">
        {slots === 0 && <p className="stat-message">{words.noCurve}</p>}
        <div
          ref={host}
          className={slots === 0 ? 'stat-plot-host none' : 'stat-plot-host'}
          role="img"
          aria-label={words.curveSaid(
            rate.packets.reduce((sum, each) => sum + each, 0),
            span(slots * rate.seconds),
            rateWords(peak),
          )}
          title={words.curveHelp}
          data-testid="stat-plot"
        />
        <div
          className="stat-cursor"
          role="slider"
          tabIndex={0}
          aria-label={words.cursor}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, slots - 1)}
          aria-valuenow={Math.max(0, slot ?? 0)}
          aria-valuetext={said === '' ? undefined : said}
          onKeyDown={onKeyDown}
          data-testid="stat-cursor"
        />
      </div>
    </section>
  );
}

function slotWords(rate: RateCurve, slot: number): string {
  const trouble = rate.trouble[slot] ?? 0;
  const at = rate.from + slot * rate.seconds;
  return words.slot(
    // Sums of what is no binary fraction: no "-0".
    `${(Math.abs(at) < 5e-7 ? 0 : at).toFixed(6).replace(/(\.\d{3}\d*?)0+$/, '$1')} s`,
    words.packets(rate.packets[slot] ?? 0),
    size(rate.bytes[slot] ?? 0),
    trouble > 0 ? words.troubled(trouble) : '',
  );
}

/** The first packet of a slot, or what comes next. */
function choose(rate: RateCurve, slot: number, onShowPacket: (row: number) => void): void {
  const row = rate.rows.find((each, k) => k >= slot && each >= 0) ?? rate.rows.findLast((each) => each >= 0);
  if (row !== undefined) onShowPacket(row);
}
