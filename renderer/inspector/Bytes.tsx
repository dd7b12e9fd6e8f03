import type { KeyboardEvent, PointerEvent } from 'react';
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Hue } from '../../src/messages.ts';
import './bytes.css';
import type { Tint } from './fields.ts';
import type { ByteCell, BytesMode, LineInput, Span } from './hex.ts';
import { bytesPerLine, digitColumns, gapAfter, lineCells, moveByte, offsetDigits, scrollMap } from './hex.ts';
import { words } from './words.ts';

/** Line height of the hex dump in px; the font is 11 px. */
const LINE = 17;

export interface BytesTab {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Offset shown for bytes[0]. */
  readonly base: number;
  /** Bytes after the end that should be there. */
  readonly missing: number;
  readonly tints: readonly Tint[];
}

export interface BytesProps {
  readonly title: string;
  readonly tabs: readonly BytesTab[];
  readonly active: number;
  readonly onActive: (tab: number) => void;
  readonly mode: BytesMode;
  readonly onMode: (mode: BytesMode) => void;
  /** Selected bytes of the active tab, from its first byte. */
  readonly selection: Span | null;
  readonly selectionHue: Hue;
  readonly hover: Span | null;
  /** What the header says: which field and bytes are selected. */
  readonly said: string;
  readonly onHover: (at: number | null) => void;
  /** One byte was clicked. */
  readonly onPick: (at: number) => void;
  /** Bytes were dragged over or reached by the arrow keys. */
  readonly onSelect: (span: Span) => void;
}

/** The bytes of a packet: offset, digits, characters; only the lines in view exist. */
export function Bytes(props: BytesProps) {
  const { tabs, active, mode, selection, hover } = props;
  const tab = tabs[active];
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(190);
  const [top, setTop] = useState(0);
  const scrolled = useRef(0);
  const drag = useRef<{ anchor: number; moved: boolean } | null>(null);
  const cursor = useRef<number | null>(null);
  const size = tab?.bytes.length ?? 0;
  const per = bytesPerLine(mode);
  const lines = Math.ceil((size + (tab?.missing ?? 0)) / per);
  const map = useMemo(() => scrollMap(lines, LINE, viewport), [lines, viewport]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => setViewport(Math.max(LINE, element.clientHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const showLine = useCallback(
    (at: number) => {
      const element = scroller.current;
      if (element === null) return;
      const line = Math.floor(at / per);
      const first = map.lineAt(element.scrollTop);
      const visible = Math.max(1, Math.floor((element.clientHeight - 8) / LINE));
      if (line < first) element.scrollTop = map.topOf(line);
      else if (line >= first + visible) element.scrollTop = map.topOf(line - visible + 1);
    },
    [map, per],
  );

  // Another source begins at its top; a selection is brought into view.
  const from = selection?.from ?? -1;
  const bytes = tab?.bytes;
  useEffect(() => {
    if (bytes === undefined) return;
    if (from >= 0) showLine(from);
    // Setting it has the page laid out, also where it is there already.
    else if (scroller.current !== null && scrolled.current !== 0) scroller.current.scrollTop = 0;
  }, [bytes, from, showLine]);

  if (tab === undefined) return null;
  const first = map.lineAt(top);
  const shown = Math.min(lines - first, Math.ceil(viewport / LINE) + 2);
  const digits = offsetDigits(tab.base + size + tab.missing - 1);
  const input: LineInput = { bytes: tab.bytes, missing: tab.missing, mode, tints: tab.tints, selection, hover };

  const byteAt = (event: PointerEvent<HTMLElement>): number | null => {
    const target = event.target instanceof Element ? event.target.closest('[data-at]') : null;
    const at = target === null ? Number.NaN : Number(target.getAttribute('data-at'));
    return Number.isInteger(at) && at < size ? at : null;
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const at = byteAt(event);
    if (event.button !== 0 || at === null) return;
    drag.current = { anchor: at, moved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const at = byteAt(event);
    const held = drag.current;
    if (held === null || (event.buttons & 1) === 0) {
      drag.current = null;
      props.onHover(at);
      return;
    }
    if (at === null || (at === held.anchor && !held.moved)) return;
    held.moved = true;
    cursor.current = at;
    props.onSelect({ from: Math.min(held.anchor, at), to: Math.max(held.anchor, at) + 1 });
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const held = drag.current;
    drag.current = null;
    const at = byteAt(event);
    if (held === null || held.moved || at === null) return;
    cursor.current = at;
    props.onPick(at);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== 'Home' && event.key !== 'End')) return;
    const inside = cursor.current !== null && selection !== null && cursor.current >= selection.from && cursor.current < selection.to;
    const at = inside ? (cursor.current as number) : (selection?.from ?? 0);
    const page = Math.max(1, Math.floor(viewport / LINE) - 1);
    const next = moveByte(event.key, at, size, mode, page, event.ctrlKey || event.metaKey);
    if (next === null) return;
    event.preventDefault();
    cursor.current = next;
    if (event.shiftKey && selection !== null) {
      const anchor = at === selection.from ? selection.to - 1 : selection.from;
      props.onSelect({ from: Math.min(anchor, next), to: Math.max(anchor, next) + 1 });
    } else props.onSelect({ from: next, to: next + 1 });
    showLine(next);
  };

  return (
    <section className="ins-bytes" data-testid="bytes" aria-label={props.title}>
      <div className="pane-h">
        <b>{props.title}</b>
        <div className="ins-seg tabs" role="tablist" aria-label={words.bytesSources}>
          {tabs.map((one, i) => (
            <button
              key={`${i + 1} ${one.name}`}
              type="button"
              role="tab"
              aria-selected={i === active}
              tabIndex={i === active ? 0 : -1}
              className={i === active ? 'on' : ''}
              title={one.name}
              onClick={() => props.onActive(i)}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                const next = (active + step + tabs.length) % tabs.length;
                if (step === 0) return;
                event.preventDefault();
                props.onActive(next);
                const sibling = event.currentTarget.parentElement?.children[next];
                if (sibling instanceof HTMLElement) sibling.focus();
              }}
            >
              {one.name}
            </button>
          ))}
        </div>
        <span className="ins-space" />
        <span className="ins-said" role="status" title={props.said}>
          {props.said}
        </span>
        <fieldset className="ins-seg">
          <legend className="visually-hidden">{words.bytesMode}</legend>
          {(['hex', 'bits'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={mode === one}
              className={mode === one ? 'on' : ''}
              onClick={() => props.onMode(one)}
            >
              {one === 'hex' ? words.hex : words.bits}
            </button>
          ))}
        </fieldset>
      </div>
      {size + tab.missing === 0 ? (
        <p className="ins-nobytes">{words.noBytes}</p>
      ) : (
        // The dump is one control for the keyboard: a grid whose rows come and go would tell a screen reader less than the said field.
        <div
          ref={scroller}
          className={`ins-hex S-${props.selectionHue}${digits > 4 ? ' long' : ''}`}
          role="listbox"
          tabIndex={0}
          aria-label={`${tab.name}: ${props.said}`}
          onScroll={(event) => {
            scrolled.current = event.currentTarget.scrollTop;
            setTop(scrolled.current);
          }}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerLeave={() => props.onHover(null)}
          onKeyDown={onKeyDown}
        >
          <div className="ins-hex-all" style={{ height: map.height + 10 }} role="presentation">
            <div className="ins-hex-window" style={{ transform: `translateY(${map.topOf(first)}px)` }} role="presentation">
              {Array.from({ length: Math.max(0, shown) }, (_, i) => (
                <HexLine
                  key={first + i}
                  offset={(tab.base + (first + i) * per).toString(16).padStart(digits, '0')}
                  cells={lineCells(input, first + i)}
                  mode={mode}
                />
              ))}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

interface HexLineProps {
  readonly offset: string;
  readonly cells: readonly ByteCell[];
  readonly mode: BytesMode;
}

/**
 * Lines are drawn again only when one of their bytes looks different. Their bytes are made without React, and elements that are there are taken over: five
 * hundred elements of a packet were half of the time from a click to its layers.
 */
const HexLine = memo(
  function HexLine({ offset, cells, mode }: HexLineProps) {
    const digits = useRef<HTMLSpanElement>(null);
    const characters = useRef<HTMLSpanElement>(null);
    useLayoutEffect(() => {
      draw(digits.current, digitPieces(cells, mode));
      draw(
        characters.current,
        cells.map((cell) => ({ cell, text: cell.ascii })),
      );
    }, [cells, mode]);
    return (
      <div className="ins-hex-line" role="presentation">
        <span className="of">{offset}</span>
        <span ref={digits} className="dg" style={{ width: `${digitColumns(mode)}ch` }} />
        <span ref={characters} className="as" />
      </div>
    );
  },
  (a, b) => a.offset === b.offset && a.mode === b.mode && sameCells(a.cells, b.cells),
);

/** A text of a line: that of a byte, or of the gap between two, which has no colour. */
interface Piece {
  readonly cell: ByteCell | null;
  readonly text: string;
}

/** The digits of each byte and the gap behind it, which is within the byte's colour where the next one has the same. */
function digitPieces(cells: readonly ByteCell[], mode: BytesMode): Piece[] {
  return cells.flatMap((cell, i) => {
    const gap = gapAfter(i, cells.length, mode);
    const next = cells[i + 1];
    const joined = next !== undefined && next.hue === cell.hue && next.selected === cell.selected && next.missing === cell.missing;
    return [
      { cell, text: joined ? cell.digits + gap : cell.digits },
      { cell: null, text: joined ? '' : gap },
    ];
  });
}

/** Makes `pieces` the children of `line`, in which bytes and gaps always follow each other in the same way: only what differs is set. */
function draw(line: HTMLElement | null, pieces: readonly Piece[]): void {
  let node = line?.firstChild ?? null;
  for (const { cell, text } of pieces) {
    node ??= line?.appendChild(cell === null ? document.createTextNode('') : byteNode()) ?? null;
    const shown = node instanceof HTMLElement ? node.firstChild : node;
    if (shown !== null && shown.nodeValue !== text) shown.nodeValue = text;
    if (cell !== null && node instanceof HTMLElement) {
      const at = String(cell.at);
      if (node.getAttribute('data-at') !== at) node.setAttribute('data-at', at);
      const name = classOf(cell);
      if (node.className !== name) node.className = name;
    }
    node = node?.nextSibling ?? null;
  }
  while (node !== null) {
    const next: ChildNode | null = node.nextSibling;
    node.remove();
    node = next;
  }
}

function byteNode(): HTMLSpanElement {
  const node = document.createElement('span');
  node.append('');
  return node;
}

function sameCells(a: readonly ByteCell[], b: readonly ByteCell[]): boolean {
  return (
    a.length === b.length &&
    a.every((cell, i) => {
      const other = b[i] as ByteCell;
      return cell.at === other.at && cell.digits === other.digits && classOf(cell) === classOf(other);
    })
  );
}

function classOf(cell: ByteCell): string {
  let out = cell.selected ? 'S' : cell.missing ? 'gone' : cell.hue === null ? '' : `T-${cell.hue}`;
  if (cell.hovered) out += ` hv${cell.hoverStart ? ' hv-a' : ''}${cell.hoverEnd ? ' hv-b' : ''}`;
  return out;
}
