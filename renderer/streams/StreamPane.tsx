import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { FollowMatch, FollowPieceData } from '../../src/messages.ts';
import { count } from '../format.ts';
import type { Charset } from './charsets.ts';
import type { StreamPages } from './pages.ts';
import { type Form, matchesBySide, runsOf, type SideMatches } from './stream-text.ts';
import { before, blockAt, type DrawnBlock, drawn, MOVED_LINES, type Place } from './window.ts';
import { words } from './words.ts';

/** What is to be brought into sight. A new object each time. */
export interface Goal {
  readonly piece: number;
  /** Place in what the side sent; absent: the beginning of the piece. */
  readonly start?: number;
  readonly align: 'start' | 'center' | 'end';
}

export interface StreamPaneProps {
  readonly pages: StreamPages;
  /** Changes when a page has come. */
  readonly version: number;
  readonly form: Form;
  readonly charset: Charset;
  /** What the two sides are called, and their addresses. */
  readonly names: readonly [string, string];
  readonly nodes: readonly [string, string];
  /** Gaps are those of TCP, and what is above it is shown. */
  readonly below: boolean;
  readonly matches: readonly FollowMatch[];
  /** Number of the match that the search stands at; -1: none. */
  readonly current: number;
  readonly selectedRow: number | null;
  readonly goal: Goal | null;
  readonly onPacket: (row: number) => void;
  /** To the list of packets. */
  readonly onShowPacket: (row: number) => void;
  /** The piece at the top of the pane, as it changes. */
  readonly onTop: (piece: number) => void;
}

/**
 * When the stretch moves, in px: as soon as less than NEAR_END is left above or below what is in sight; downwards only if more than FAR is
 * above, of which KEPT stays. Neither move leads into the other, so that the pane comes to rest.
 */
const NEAR_END = 400;
const FAR = 1600;
const KEPT = 1000;
const TOP: Place = { piece: 0, block: 0 };
const keyOf = (place: Place): string => `${place.piece}.${place.block}`;

/**
 * The bytes of a stream of any length. Only a stretch around the place in sight is drawn; it moves along as the pane is scrolled, and what
 * is in sight stays where it is. The bar at the right stands for the whole stream.
 */
export function StreamPane(props: StreamPaneProps) {
  const { pages, version, form, charset, goal, onTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<Place>(TOP);
  const [failure, setFailure] = useState<string | null>(null);
  /** What must keep its place on the screen while the stretch moves: a block and its distance from the top. */
  const anchor = useRef<{ key: string; top: number } | null>(null);
  const wanted = useRef<Goal | null>(null);
  const thumb = useRef<HTMLDivElement>(null);

  const load = useCallback(
    async (piece: number): Promise<boolean> => {
      const wrong = await pages.load(piece);
      if (wrong !== null) setFailure(wrong);
      return wrong === null;
    },
    [pages],
  );

  const { blocks, missing } = useMemo(
    () => (version < 0 ? { blocks: [], missing: -1 } : drawn(pages, from, form, charset)),
    [pages, version, from, form, charset],
  );
  useEffect(() => {
    if (missing >= 0) void load(missing);
  }, [missing, load]);

  const sides = useMemo(() => matchesBySide(props.matches), [props.matches]);

  /** Blocks in the pane, from the first that is in sight. */
  const inSight = useCallback((): { first: HTMLElement | null; last: HTMLElement | null } => {
    const box = scroller.current;
    if (box === null) return { first: null, last: null };
    const { top, bottom } = box.getBoundingClientRect();
    let first: HTMLElement | null = null;
    let last: HTMLElement | null = null;
    for (const node of box.querySelectorAll<HTMLElement>('[data-block]')) {
      const rect = node.getBoundingClientRect();
      if (rect.bottom > top && first === null) first = node;
      if (rect.top < bottom) last = node;
    }
    return { first, last };
  }, []);

  const hold = useCallback((): void => {
    const { first } = inSight();
    const box = scroller.current;
    if (first !== null && box !== null)
      anchor.current = { key: first.dataset.block ?? '', top: first.getBoundingClientRect().top - box.getBoundingClientRect().top };
  }, [inSight]);

  /** Moves the bar's thumb to what is in sight, and tells where that is. */
  const tell = useCallback((): void => {
    const { first, last } = inSight();
    const node = thumb.current;
    if (first === null || last === null || node === null) return;
    const box = scroller.current as HTMLDivElement;
    const piece = Number.parseInt(first.dataset.block ?? '0', 10);
    const end = Number.parseInt(last.dataset.block ?? '0', 10);
    const whole = pages.total <= end - piece + 1 && box.scrollHeight <= box.clientHeight;
    const size = whole ? 1 : Math.max(0.04, Math.min(0.9, (end - piece) / pages.total));
    const atEnd = end === pages.total - 1 && box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    const rect = first.getBoundingClientRect();
    const into = rect.height === 0 ? 0 : (box.getBoundingClientRect().top - rect.top) / rect.height;
    const share = atEnd && !whole ? 1 : Math.min(1, (piece + Math.max(0, Math.min(1, into))) / Math.max(1, pages.total - (end - piece)));
    node.style.height = `${size * 100}%`;
    node.style.top = `${(1 - size) * share * 100}%`;
    node.parentElement?.setAttribute('aria-valuenow', String(piece + 1));
    node.parentElement?.classList.toggle('whole', whole);
    onTop(piece);
  }, [inSight, pages, onTop]);

  const move = useCallback((): void => {
    const box = scroller.current;
    if (box === null || blocks.length === 0) return;
    const first = blocks[0] as DrawnBlock;
    const last = blocks[blocks.length - 1] as DrawnBlock;
    if (box.scrollTop < NEAR_END && (first.piece > 0 || first.block > 0)) {
      const back = before(pages, first, form, charset, MOVED_LINES);
      if (back.missing >= 0) void load(back.missing);
      if (keyOf(back.place) !== keyOf(first)) {
        hold();
        setFrom(back.place);
      }
      return;
    }
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (below >= KEPT) return;
    const { blocks: ahead, missing: gone } = drawn(pages, last, form, charset, 2 * MOVED_LINES);
    if (gone >= 0) void load(gone);
    if (below < KEPT && ahead.length > 1 && box.scrollTop > FAR) {
      const top = box.getBoundingClientRect().top - KEPT;
      const keep = [...box.querySelectorAll<HTMLElement>('[data-block]')].findIndex((node) => node.getBoundingClientRect().bottom > top);
      const next = blocks[Math.max(0, keep)];
      if (next !== undefined && keyOf(next) !== keyOf(first)) {
        hold();
        setFrom({ piece: next.piece, block: next.block });
      }
    }
  }, [blocks, pages, form, charset, load, hold]);

  // After every drawing: what was in sight stays, or what was asked for comes into sight.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const held = anchor.current;
    anchor.current = null;
    const goalNow = wanted.current;
    if (goalNow !== null) {
      const block = blockAt(pages, goalNow.piece, goalNow.start ?? Number.NEGATIVE_INFINITY, form, charset);
      const node = box.querySelector<HTMLElement>(`[data-block="${goalNow.piece}.${block}"]`);
      if (node !== null) {
        wanted.current = null;
        const mark = goalNow.start === undefined ? null : node.querySelector<HTMLElement>('mark.now');
        (mark ?? node).scrollIntoView({ block: goalNow.align, inline: 'nearest' });
      }
    } else if (held !== null) {
      const node = box.querySelector<HTMLElement>(`[data-block="${held.key}"]`);
      if (node !== null) box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - held.top;
    }
    tell();
    move();
  });

  const go = useCallback(
    async (next: Goal): Promise<void> => {
      if (pages.total === 0) return;
      const piece = Math.max(0, Math.min(pages.total - 1, next.piece));
      wanted.current = { ...next, piece };
      if (!(await load(piece)) || wanted.current?.piece !== piece) return;
      // What stands before it: so that there is something to scroll up to.
      await load(Math.max(0, piece - 20));
      if (wanted.current?.piece !== piece) return;
      const block = blockAt(pages, piece, next.start ?? Number.NEGATIVE_INFINITY, form, charset);
      const { place } = before(pages, { piece, block }, form, charset, MOVED_LINES);
      anchor.current = null;
      setFrom({ ...place });
    },
    [pages, load, form, charset],
  );
  useEffect(() => {
    if (goal !== null) void go(goal);
  }, [goal, go]);

  // Another form has other blocks: the piece at the top stays in sight.
  const top = useRef(0);
  const shown = `${form} ${charset}`;
  const shownBefore = useRef(shown);
  useEffect(() => {
    if (shownBefore.current === shown) return;
    shownBefore.current = shown;
    void go({ piece: top.current, align: 'start' });
  }, [shown, go]);

  const onScroll = (): void => {
    tell();
    move();
    const { first } = inSight();
    top.current = Number.parseInt(first?.dataset.block ?? '0', 10);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Home') void go({ piece: 0, align: 'start' });
    else if (event.key === 'End') void go({ piece: pages.total - 1, start: Number.POSITIVE_INFINITY, align: 'end' });
    else return;
    event.preventDefault();
  };

  const bar = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const rect = event.currentTarget.getBoundingClientRect();
    const half = (thumb.current?.offsetHeight ?? 0) / 2;
    const share = Math.max(0, Math.min(1, (event.clientY - rect.top - half) / Math.max(1, rect.height - 2 * half)));
    if (share === 1) void go({ piece: pages.total - 1, start: Number.POSITIVE_INFINITY, align: 'end' });
    else void go({ piece: Math.floor(share * pages.total), align: 'start' });
  };

  return (
    <div className="str-pane">
      <section
        ref={scroller}
        className={`str-scroll ${form}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the pane is scrolled by keyboard
        tabIndex={0}
        aria-label={words.content}
        data-testid="stream-content"
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          // A click on any byte selects its packet; dragging over bytes selects these.
          if (window.getSelection()?.isCollapsed === false || !(event.target instanceof Element)) return;
          if (event.target.closest('.str-data, .str-gap') === null) return;
          const key = event.target.closest('[data-block]')?.getAttribute('data-block');
          const block = blocks.find((each) => keyOf(each) === key);
          if (block !== undefined) props.onPacket(block.data.row);
        }}
      >
        {failure !== null && (
          <p className="str-message" role="alert">
            {words.failed} {failure}
          </p>
        )}
        {failure === null && blocks.length === 0 && pages.total > 0 && <p className="str-message">{words.reading}</p>}
        {blocks.map((block) => (
          <BlockView
            key={keyOf(block)}
            block={block}
            form={form}
            charset={charset}
            names={props.names}
            nodes={props.nodes}
            below={props.below}
            matches={sides[block.data.side]}
            current={props.current}
            selected={block.data.row === props.selectedRow}
            turn={
              block.block === 0 &&
              pages.at(block.piece - 1)?.side !== block.data.side &&
              (block.piece === 0 || pages.at(block.piece - 1) !== undefined)
            }
            before={neighbour(pages, block, -1)}
            after={neighbour(pages, block, 1)}
            onPacket={props.onPacket}
            onShowPacket={props.onShowPacket}
          />
        ))}
      </section>
      <div
        className="str-bar"
        role="scrollbar"
        aria-label={words.scroll}
        aria-controls="stream-content"
        aria-orientation="vertical"
        aria-valuemin={1}
        aria-valuemax={pages.total}
        aria-valuenow={1}
        tabIndex={-1}
        onPointerDown={bar}
        onPointerMove={bar}
        data-testid="stream-bar"
      >
        <div ref={thumb} />
      </div>
    </div>
  );
}

/** How far a side's next piece is looked for. */
const NEAR = 32;

/** The same side's piece before or after a block's, if it is here. */
function neighbour(pages: StreamPages, { piece, data }: DrawnBlock, step: 1 | -1): FollowPieceData | undefined {
  for (let k = piece + step; Math.abs(k - piece) <= NEAR; k += step) {
    const other = pages.at(k);
    if (other === undefined) return undefined;
    if (other.side === data.side) return other.gap ? undefined : other;
  }
  return undefined;
}

interface BlockProps {
  readonly block: DrawnBlock;
  readonly form: Form;
  readonly charset: Charset;
  readonly names: readonly [string, string];
  readonly nodes: readonly [string, string];
  /** Gaps are those of TCP, and what is above it is shown. */
  readonly below: boolean;
  readonly matches: SideMatches;
  readonly current: number;
  readonly selected: boolean;
  /** The other side was sending before. */
  readonly turn: boolean;
  readonly before: FollowPieceData | undefined;
  readonly after: FollowPieceData | undefined;
  readonly onPacket: (row: number) => void;
  /** To the list of packets. */
  readonly onShowPacket: (row: number) => void;
}

function BlockView(props: BlockProps) {
  const { block, form, charset, names, matches, current, selected, turn } = props;
  const { data, bytes } = block;
  const name = names[data.side];
  const size = words.bytes(data.length, count(data.length));
  const number = count(data.row + 1);
  return (
    <div className={`str-block side-${data.side}${selected ? ' sel' : ''}`} data-block={keyOf(block)} data-side={data.side}>
      {turn && (
        <div className="str-turn">
          <b>{name}</b> <span className="mono">{props.nodes[data.side]}</span>
        </div>
      )}
      <div className="str-row">
        <span className="str-number">
          {block.block === 0 && (
            <button
              type="button"
              tabIndex={-1}
              title={words.piece(number, name, size)}
              aria-label={words.packet(number)}
              onClick={() => props.onPacket(data.row)}
              onDoubleClick={() => props.onShowPacket(data.row)}
              data-testid={`stream-packet-${data.row + 1}`}
            >
              {number}
            </button>
          )}
        </span>
        {bytes === null ? (
          <span className="str-gap" data-testid="stream-gap">
            {words.missing(size, props.below)}
          </span>
        ) : (
          <span className={`str-data ${form}`}>
            {runsOf(data, bytes, form, charset, matches, props.before, props.after).map((run, i) =>
              run.match < 0 ? (
                <span key={`${i + 1}`}>{run.text}</span>
              ) : (
                <mark key={`${i + 1}`} className={run.match === current ? 'now' : undefined}>
                  {run.text}
                </mark>
              ),
            )}
          </span>
        )}
      </div>
    </div>
  );
}
