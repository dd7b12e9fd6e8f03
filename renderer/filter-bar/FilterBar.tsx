import { CircleX, ListFilter, OctagonAlert, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Completion, FilterError } from '../../src/messages.ts';
import { scanTime } from '../format.ts';
import { useBackend } from '../store/context.ts';
import { isStale, useApp } from '../store/state.ts';
import { joinChips } from '../store/terms.ts';
import { words } from '../words.ts';
import { CompletionList, completionId } from './CompletionList.tsx';
import { grouped, stepCursor, take } from './completions.ts';
import { Expression } from './Expression.tsx';
import { errorWords } from './error-words.ts';

/** Puts the cursor into the filter, as `/` and Ctrl+F do. */
export function focusFilter(): void {
  document.getElementById('filter-bar')?.dispatchEvent(new CustomEvent('edit-filter'));
}

export function FilterBar() {
  const { actions } = useBackend();
  const draft = useApp((state) => state.draft);
  const box = useRef<HTMLDivElement>(null);
  const check = useApp((state) => state.draftCheck);
  const bad = useApp(isStale);

  useEffect(() => {
    const node = box.current;
    const edit = (): void => {
      // At once: what had the focus gives way to the input, and a key that came in between would go nowhere.
      flushSync(() => actions.beginEdit());
      const input = node?.querySelector('input');
      input?.focus();
      input?.select();
    };
    node?.addEventListener('edit-filter', edit);
    return () => node?.removeEventListener('edit-filter', edit);
  }, [actions]);

  return (
    <search
      id="filter-bar"
      className={`filter${draft === null ? '' : bad ? ' err' : ' focus'}`}
      ref={box}
      aria-label={words.filter}
      data-testid="filter-bar"
    >
      <ListFilter className="i" aria-hidden="true" />
      {draft === null ? <AtRest /> : <Editing text={draft} error={bad && check !== null && !check.ok ? check.error : null} />}
      <Count bad={bad} />
      {draft === null && <kbd>/</kbd>}
    </search>
  );
}

/** Matches of total and the time it took; while a scan goes on, a way to stop it. */
function Count({ bad }: { readonly bad: boolean }) {
  const { actions } = useBackend();
  const capture = useApp((state) => state.capture);
  const view = useApp((state) => state.view);
  const tab = useApp((state) => state.tab);
  const filtered = view !== null && view.filter !== '';
  if (capture === null) return null;
  if (bad) return <span className="fcount badc">{words.notApplied}</span>;
  if (!filtered) {
    return (
      <span className="fcount" data-testid="filter-count">
        {tab === 'connections'
          ? words.allConnections(capture.connections)
          : tab === 'http'
            ? words.allExchanges(capture.exchanges)
            : words.all(capture.packets)}
      </span>
    );
  }
  const growing = !view.complete || capture.phase === 'reading';
  return (
    <>
      <output className="fcount" data-testid="filter-count" aria-live="off">
        {growing ? words.matchesSoFar(view.matched, view.scanned) : words.matches(view.matched, view.scanned, scanTime(view.elapsedMs))}
      </output>
      {!view.complete && capture.phase !== 'reading' && (
        <button type="button" className="btn ghost small" onClick={() => actions.stopScan()}>
          {words.stopScan}
        </button>
      )}
    </>
  );
}

/** Where chips lack room the long ones give it, by the square of their length; from so many characters on all alike. */
const LONG_CHIP = 100;

function AtRest() {
  const { actions } = useBackend();
  const chips = useApp((state) => state.chips);
  return (
    // The empty space of the bar is one more way into the text; the button below is the one for the keyboard.
    <div className="chips">
      {chips.map((chip, index) => (
        <span key={chip.text} style={{ display: 'contents' }}>
          {index > 0 && <span className="op">{words.and}</span>}
          <span
            className={chip.off ? 'chip off mono' : 'chip mono'}
            style={{ flexShrink: Math.min(LONG_CHIP, chip.text.length) }}
            data-testid="filter-chip"
          >
            <button
              type="button"
              aria-pressed={!chip.off}
              aria-label={chip.off ? words.termOff(chip.text) : words.termOn(chip.text)}
              title={chip.text}
              onClick={() => actions.applyChips(chips.map((other) => (other === chip ? { ...chip, off: !chip.off } : other)))}
            >
              <Expression text={chip.text} error={null} />
            </button>
            <button
              type="button"
              className="x"
              aria-label={words.removeTerm(chip.text)}
              onClick={() => actions.applyChips(chips.filter((other) => other !== chip))}
            >
              <X className="i" aria-hidden="true" />
            </button>
          </span>
        </span>
      ))}
      <button
        type="button"
        className="add"
        data-testid="filter-add"
        onFocus={() => focusFilter()}
        onClick={() => focusFilter()}
        aria-label={words.filter}
      >
        {chips.length === 0 ? words.filterHint : words.addCondition}
      </button>
      {chips.length > 0 && (
        <button
          type="button"
          className="btn ghost ico small"
          aria-label={words.clearFilter}
          title={words.clearFilter}
          onClick={() => actions.applyChips([])}
        >
          <CircleX className="i" aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

/** Width of the text before `offset` in the input, for the popover's place; not measured while there is none, since that has the page laid out. */
function useOffset(pre: React.RefObject<HTMLPreElement | null>, offset: number | undefined, text: string): number {
  const [left, setLeft] = useState(0);
  useLayoutEffect(() => {
    const node = pre.current;
    const host = node?.closest('.filter');
    if (!node || !host || offset === undefined) return;
    const whole = Math.max(1, text.length);
    const width = node.scrollWidth > 0 ? measure(node) : 0;
    const x = node.getBoundingClientRect().left - host.getBoundingClientRect().left + (width * Math.min(offset, whole)) / whole;
    setLeft(Math.max(0, x));
  }, [pre, offset, text]);
  return left;
}

/** Where a popover of a width begins so that it ends with the bar. */
function popoverLeft(wanted: number, width: number): string {
  return `max(0px, min(${Math.round(wanted)}px, 100% - ${width}px))`;
}

function measure(node: HTMLElement): number {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect().width;
}

function Editing({ text, error }: { readonly text: string; readonly error: FilterError | null }) {
  const { actions, transport } = useBackend();
  const chips = useApp((state) => state.chips);
  const input = useRef<HTMLInputElement>(null);
  const pre = useRef<HTMLPreElement>(null);
  const [completions, setCompletions] = useState<readonly Completion[]>([]);
  const [cursor, setCursor] = useState(-1);
  const asked = useRef(0);
  const groups = useMemo(() => grouped(completions), [completions]);
  const flat = useMemo(() => groups.flatMap((group) => group.items.map((entry) => entry.item)), [groups]);
  const open = flat.length > 0;
  useEffect(() => {
    actions.setCompleting(open);
    return () => actions.setCompleting(false);
  }, [open, actions]);
  const errorLeft = useOffset(pre, error?.start, text);
  const listLeft = useOffset(pre, flat[0]?.start, text);

  const closeList = (): void => {
    asked.current++;
    setCompletions([]);
    setCursor(-1);
  };
  const ask = async (value: string, caret: number): Promise<void> => {
    const number = ++asked.current;
    const answer = await transport.engine('complete', { text: value, caret });
    if (number !== asked.current || !answer.ok) return;
    // A list that offers only what already stands there is no help.
    const useful = answer.value.filter((item) => value.slice(item.start, item.end) !== item.insert);
    setCompletions(useful.slice(0, 60));
    setCursor(-1);
  };
  const change = (value: string, caret: number, complete: boolean): void => {
    actions.editFilter(value);
    if (complete && value.trim() !== '') void ask(value, caret);
    else closeList();
  };
  const put = (value: string, caret: number, complete: boolean): void => {
    change(value, caret, complete);
    requestAnimationFrame(() => input.current?.setSelectionRange(caret, caret));
  };
  const takeItem = (item: Completion): void => {
    const next = take(text, item);
    put(next.text, next.caret, false);
  };
  const takeFix = (): void => {
    if (error?.fix === undefined) return;
    const value = text.slice(0, error.start) + error.fix + text.slice(error.end);
    put(value, error.start + error.fix.length, false);
  };
  const leave = (): void => {
    closeList();
    actions.endEdit();
  };
  /** Keys pressed between Enter and the engine's answer: they are for the list that comes. Null: none is waited for. */
  const held = useRef<KeyboardEventInit[] | null>(null);
  const apply = async (): Promise<void> => {
    closeList();
    held.current = [];
    const applied = await actions.applyText(text, text.trim() !== '');
    const keys = held.current;
    held.current = null;
    if (!applied) return;
    actions.endEdit();
    const list = document.querySelector<HTMLElement>('[data-pane="list"]');
    list?.focus();
    for (const key of keys ?? []) list?.dispatchEvent(new window.KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true }));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (held.current !== null && event.key !== 'Escape' && event.key !== 'Backspace') {
      event.preventDefault();
      const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
      if (key !== 'Enter') held.current.push({ key, shiftKey, ctrlKey, metaKey, altKey });
      return;
    }
    const caret = event.currentTarget.selectionStart ?? text.length;
    if (event.key === 'Enter') {
      event.preventDefault();
      void apply();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (open) setCursor((now) => stepCursor(now, event.key === 'ArrowDown' ? 1 : -1, flat.length));
      else void ask(text, caret);
    } else if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      void ask(text, caret);
    } else if (event.key === 'Tab' && !event.shiftKey) {
      const item = flat[cursor === -1 ? 0 : cursor];
      if (open && item !== undefined) {
        event.preventDefault();
        takeItem(item);
      } else if (error?.fix !== undefined) {
        event.preventDefault();
        takeFix();
      }
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (open) closeList();
      else if (error !== null || text !== joinChips(chips)) put(joinChips(chips), joinChips(chips).length, false);
      else {
        leave();
        document.querySelector<HTMLElement>('[data-pane="list"]')?.focus();
      }
    }
  };

  return (
    <>
      <div className="expr">
        <pre ref={pre} aria-hidden="true">
          <Expression text={text} error={error} />
        </pre>
        <input
          ref={input}
          value={text}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          data-testid="filter-input"
          data-pane="filter"
          aria-label={words.filter}
          role="combobox"
          aria-expanded={open}
          aria-controls="completions"
          aria-autocomplete="list"
          aria-activedescendant={cursor >= 0 ? completionId(cursor) : undefined}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : 'filter-error'}
          placeholder={words.filterHint}
          onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length, true)}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (pre.current !== null) pre.current.style.transform = `translateX(${-event.currentTarget.scrollLeft}px)`;
          }}
          onBlur={(event) => {
            const next = event.relatedTarget;
            if (next instanceof Node && event.currentTarget.closest('.filter')?.contains(next)) return;
            if (document.hasFocus()) {
              // An invalid filter stays in sight with its mark; a valid one that was not applied is given up.
              if (error === null) leave();
              else closeList();
            }
          }}
        />
      </div>
      {open && <CompletionList groups={groups} cursor={cursor} typed={text} left={popoverLeft(listLeft - 12, 640)} onTake={takeItem} />}
      {!open && error !== null && (
        <ErrorPopover error={error} text={text} left={popoverLeft(errorLeft - 36, 560)} onFix={takeFix} onReturn={leave} />
      )}
    </>
  );
}

interface ErrorProps {
  readonly error: FilterError;
  readonly text: string;
  readonly left: string;
  readonly onFix: () => void;
  readonly onReturn: () => void;
}

function ErrorPopover({ error, left, onFix, onReturn }: ErrorProps) {
  return (
    <div className="float pop" style={{ left }} id="filter-error" role="alert" data-testid="filter-error">
      <div className="perr">
        <OctagonAlert className="i" aria-hidden="true" />
        <div>
          <b>{words.errorAt(error.start + 1)}</b> {errorWords(error.message)}
          <div className="fix">
            {error.fix !== undefined && (
              <>
                <button type="button" className="btn small" onMouseDown={(event) => event.preventDefault()} onClick={onFix}>
                  {words.use} <span className="mono">{error.fix}</span>
                </button>
                <span>
                  <kbd>Tab</kbd> {words.takesIt}
                </span>
              </>
            )}
            <button type="button" className="btn ghost small" onMouseDown={(event) => event.preventDefault()} onClick={onReturn}>
              <kbd>Esc</kbd> {words.returns}
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}
