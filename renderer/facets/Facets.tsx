import { ChevronDown, ChevronRight, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { Facet, FacetValue } from '../../src/messages.ts';
import { named } from '../engine-words.ts';
import { count, shortCount } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { useApp } from '../store/state.ts';
import { termState, toggleExclude, toggleTerm } from '../store/terms.ts';
import { words } from '../words.ts';

/** Values shown before "more". */
const FIRST = 8;

const TONES = { good: 'var(--good)', neutral: 'var(--text-3)', warn: 'var(--warn)', bad: 'var(--bad)' } as const;

function valueColour(value: FacetValue): string | null {
  if (value.hue !== undefined) return `var(--${value.hue}-fill)`;
  return value.tone === undefined ? null : TONES[value.tone];
}

/** Neutral and good values have a grey bar: only hues and trouble tint the list. */
function barColour(value: FacetValue): string | undefined {
  const colour = valueColour(value);
  if (colour === null || value.tone === 'neutral' || value.tone === 'good') return undefined;
  return `color-mix(in srgb, ${colour} 20%, transparent)`;
}

/** Up and down move between the rows of all groups. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && event.key !== 'Home' && event.key !== 'End') return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button.frow, .fsec h4 button, .fmore')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? all.length - 1 : at + (event.key === 'ArrowDown' ? 1 : -1);
  all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
  event.preventDefault();
}

export function Facets({ onFold }: { readonly onFold: () => void }) {
  const facets = useApp((state) => state.facets);
  const [alt, click] = [words.facetHint[1], words.facetHint[2]];
  return (
    <aside className="facets" aria-label={words.facets} onKeyDown={onKeyDown} data-testid="facets" data-pane="facets">
      <div className="scroll">
        {facets.every((facet) => facet.values.length === 0) && <p className="fempty">{words.facetsEmpty}</p>}
        {facets.map((facet) => facet.values.length > 0 && <Group key={facet.id} facet={facet} />)}
      </div>
      <div className="fhint">
        {words.facetHint[0]} <kbd>{alt}</kbd> {click}
        <button type="button" aria-label={words.hideFacets} title={words.hideFacets} onClick={onFold}>
          <PanelLeftClose className="i" aria-hidden="true" />
        </button>
      </div>
    </aside>
  );
}

/** The facets folded away: a strip that opens them. */
export function FacetsStrip({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <button type="button" className="facets-strip" onClick={onOpen} title={words.showFacets} data-testid="facets-strip">
      <PanelLeftOpen className="i" aria-hidden="true" />
      <span>{words.facets}</span>
    </button>
  );
}

function Group({ facet }: { readonly facet: Facet }) {
  const { actions } = useBackend();
  const chips = useApp((state) => state.chips);
  const [open, setOpen] = useState(true);
  const [all, setAll] = useState(false);
  // A value that is part of the filter stays in sight however rare it is.
  const values = all
    ? facet.values
    : facet.values.filter((value, index) => index < FIRST || (value.filter !== '' && termState(chips, value.filter) !== 'none'));
  const most = facet.values.reduce((max, value) => Math.max(max, value.count), 1);
  const hidden = facet.values.length - values.length;
  return (
    <section className="fsec" data-testid={`facet-${facet.id}`} aria-label={words.facetTitles[facet.id]}>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          title={facet.id === 'statuses' ? words.statusesAbout : undefined}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown className="i" aria-hidden="true" /> : <ChevronRight className="i" aria-hidden="true" />}
          {words.facetTitles[facet.id]}
        </button>
      </h2>
      {open &&
        values.map((value) => {
          const state = value.filter === '' ? 'none' : termState(chips, value.filter);
          const outside = value.count === 0;
          const shown = outside ? value.total : value.count;
          const colour = valueColour(value);
          // Hosts and protocols keep their names, whatever these are.
          const name = facet.id === 'trouble' || facet.id === 'connections' ? named(value.label) : value.label;
          const label = words.facetRow(
            value.note === undefined ? name : `${name} ${value.note}`,
            words.facetUnits[facet.unit](shown),
            state === 'none' ? (outside ? 'outside' : 'plain') : state,
          );
          const content = (
            <>
              <span className="b" aria-hidden="true">
                <i
                  style={{
                    width: `${Math.max(2, Math.min(100, (value.count / most) * 100))}%`,
                    background: outside ? undefined : barColour(value),
                  }}
                />
              </span>
              <span className="l">
                {colour !== null && <i className="dot" style={outside ? undefined : { background: colour }} />}
                <span className="t">
                  {name}
                  {value.note !== undefined && <span className="dim"> {value.note}</span>}
                </span>
              </span>
              <span className="c" title={count(shown)}>
                {shortCount(shown)}
              </span>
            </>
          );
          // A set too large for a filter is only counted.
          return value.filter === '' ? (
            <div
              key={value.label}
              className={`frow still${outside ? ' out' : ''}`}
              role="img"
              aria-label={label}
              title={words.facetTooLarge}
            >
              {content}
            </div>
          ) : (
            <button
              type="button"
              key={value.filter}
              className={`frow${state === 'on' ? ' on' : state === 'excluded' ? ' ex' : ''}${outside ? ' out' : ''}`}
              aria-pressed={state !== 'none'}
              aria-label={label}
              title={value.filter}
              onClick={(event) => actions.applyChips(event.altKey ? toggleExclude(chips, value.filter) : toggleTerm(chips, value.filter))}
            >
              {content}
            </button>
          );
        })}
      {open && (hidden > 0 || (all && facet.values.length > FIRST)) && (
        <button type="button" className="fmore" onClick={() => setAll(!all)}>
          {all ? words.fewer : words.more(hidden)}
        </button>
      )}
    </section>
  );
}
