import { ChevronDown, ChevronRight, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CertificateChain, LayerNode } from '../../src/messages.ts';
import { named, summed } from '../engine-words.ts';
import { count } from '../format.ts';
import { choiceOf } from '../store/decode-wish.ts';
import { kept } from '../store/kept.ts';
import { useApp } from '../store/state.ts';
import { copyText as toClipboard } from '../ui/clipboard.ts';
import { filterText } from '../ui/filter-text.ts';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { words as mainWords } from '../words.ts';
import { bitBoxes } from './bits.ts';
import { Certificates } from './Certificates.tsx';
import { FieldHelp, HELP_AFTER, HELP_ID } from './FieldHelp.tsx';
import type { FieldKey, Place, Selection } from './fields.ts';
import { ancestorsOf, copyText, layerIndexOf, lookUp, rangeText, valueParts, worstSeverity } from './fields.ts';
import type { FieldRowModel, NoteRowModel, RowModel } from './rows.ts';
import { foldName, INDENT, isCardOpen, labelsWidth, ROWS_AT_ONCE, rowsOf } from './rows.ts';
import { textWidth } from './text-width.ts';
import { words } from './words.ts';

export type FilterHow = 'replace' | 'and' | 'exclude';

export interface LayerCardsProps {
  readonly layers: readonly LayerNode[];
  readonly openCards: Readonly<Record<string, boolean>>;
  readonly onOpenCards: (next: Record<string, boolean>) => void;
  readonly selection: Selection | null;
  readonly hoverKey: FieldKey | null;
  readonly onSelect: (selection: Selection) => void;
  readonly onHover: (place: Selection | null) => void;
  readonly onFilter: (text: string, how: FilterHow) => void;
  readonly onColumn?: (abbrev: string) => void;
  readonly onGoToPacket: (row: number) => void;
  /** The user wants to say what a port carries; absent: not offered here. */
  readonly onDecode?: (table: string, value: string) => void;
  /** The user wants to give a key log for TLS; absent: not offered here. */
  readonly onKeyLog?: (() => void) | undefined;
  /** What is said of certificates in the packet, whose time is `time` (epoch seconds). */
  readonly certificates?: readonly CertificateChain[];
  readonly time?: number;
  /** Stands before the cards: the record header of a damaged file. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
}

const NO_CHAINS: readonly CertificateChain[] = [];

const useFolds = kept<Readonly<Record<string, boolean>>>({});

/** Rows built to reach a field that was selected by its bytes; one further behind is named above the bytes only. */
const MOST_ROWS = 3000;

/** Id of the row of a key, for aria-activedescendant. */
const rowId = (key: FieldKey) => `ins-row-${key}`;

/** The layers of a packet as cards, one tree for the keyboard. */
export function LayerCards(props: LayerCardsProps) {
  const { layers, openCards, onOpenCards, selection, hoverKey, onSelect, onHover, onFilter, onGoToPacket } = props;
  const tree = useRef<HTMLDivElement>(null);
  /** Whether the pointer is over these rows: fields are also hovered by their bytes. */
  const pointed = useRef(false);
  const [folds, setFolds] = useFolds();
  const [limits, setLimits] = useState<Readonly<Record<number, number>>>({});
  useEffect(() => {
    // Another object would have all cards made once more.
    if (layers.length >= 0) setLimits((old) => (Object.keys(old).length === 0 ? old : {}));
  }, [layers]);

  const cards = useMemo(
    () =>
      layers.map((layer, index) => {
        const open = isCardOpen(layers, index, openCards);
        const { rows, total } = open
          ? rowsOf(layer, index, (name) => folds[name] === true, limits[index] ?? ROWS_AT_ONCE)
          : { rows: [] as RowModel[], total: 0 };
        return { layer, index, open, rows, total };
      }),
    [layers, openCards, folds, limits],
  );

  const selectedKey = selection?.key ?? null;
  // A field that was selected by its bytes may stand below folded ones: they unfold. The boxes of a flag field show its bits anyway.
  useEffect(() => {
    if (selectedKey === null) return;
    const names: string[] = [];
    for (const key of ancestorsOf(selectedKey)) {
      const found = lookUp(layers, key);
      if (found?.field != null && bitBoxes(found.field) === null) names.push(foldName(found.layer.protocol, found.field));
    }
    if (names.length > 0)
      setFolds((old) => (names.every((name) => old[name]) ? old : { ...old, ...Object.fromEntries(names.map((name) => [name, true])) }));
  }, [selectedKey, layers]);
  // It may also stand behind the rows built so far.
  useEffect(() => {
    const index = selectedKey === null ? -1 : layerIndexOf(selectedKey);
    const card = cards[index];
    if (card === undefined || !card.open || card.total <= card.rows.length) return;
    if (selectedKey === String(index) || card.rows.some((row) => row.key === selectedKey)) return;
    const { rows } = rowsOf(card.layer, index, (name) => folds[name] === true, MOST_ROWS);
    const at = rows.findIndex((row) => row.key === selectedKey);
    if (at >= 0) setLimits((old) => ({ ...old, [index]: Math.max(old[index] ?? 0, at + ROWS_AT_ONCE) }));
  }, [selectedKey, cards, folds]);
  // What was selected elsewhere (bytes, nesting bar) is scrolled to, once: as soon as its row is there.
  const wanted = useRef<FieldKey | null>(null);
  useEffect(() => {
    wanted.current = selectedKey;
  }, [selectedKey]);
  useEffect(() => {
    if (wanted.current === null || wanted.current !== selectedKey || cards.length === 0) return;
    const row = document.getElementById(rowId(wanted.current));
    if (row === null) return;
    wanted.current = null;
    row.scrollIntoView({ block: 'nearest' });
  }, [selectedKey, cards]);

  const setCard = (index: number, open: boolean) => {
    const layer = layers[index];
    if (layer !== undefined) onOpenCards({ ...openCards, [layer.protocol]: open });
  };
  const setFold = (key: FieldKey, open: boolean) => {
    const found = lookUp(layers, key);
    if (found?.field == null) return;
    const name = foldName(found.layer.protocol, found.field);
    setFolds((old) => ({ ...old, [name]: open }));
  };
  const placeOf = (key: FieldKey): Place | null => {
    const found = lookUp(layers, key);
    if (found === null) return null;
    if (found.field !== null) return found.field;
    return { source: found.layer.source, offset: found.layer.offset, length: found.layer.headerLength || found.layer.length };
  };
  const select = (key: FieldKey) => {
    const place = placeOf(key);
    if (place !== null) onSelect({ key, source: place.source, offset: place.offset, length: place.length });
  };
  const hover = (key: FieldKey | null) => {
    if (key === null) return onHover(null);
    const place = placeOf(key);
    onHover(place === null ? null : { key, source: place.source, offset: place.offset, length: place.length });
  };

  // Help: for the field that the pointer rests on, or, once `?` was pressed, for the selected one as the selection moves.
  const [helpKept, setHelpKept] = useState(false);
  const [rested, setRested] = useState<FieldKey | null>(null);
  useEffect(() => {
    setRested(null);
    if (hoverKey === null || !pointed.current) return;
    const timer = setTimeout(() => setRested(hoverKey), HELP_AFTER);
    return () => clearTimeout(timer);
  }, [hoverKey]);
  useEffect(() => {
    if (layers.length >= 0) setRested(null);
  }, [layers]);
  // A panel that opens may stand over it.
  const panel = useApp((state) => state.decodeWish !== null || state.keyLogShown);
  useEffect(() => {
    if (!panel) return;
    setHelpKept(false);
    setRested(null);
  }, [panel]);
  const helpFor = (key: FieldKey | null) => {
    const field = key === null ? null : (lookUp(layers, key)?.field ?? null);
    return key === null || field === null || field.abbrev === '' || field.severity !== null ? null : { key, field };
  };
  const help = helpFor(rested) ?? (helpKept ? helpFor(selectedKey) : null);
  const helpKey = help?.key ?? null;

  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number; readonly items: readonly MenuItem[] } | null>(null);
  /** What can be done with a field or a layer, at a place of the window in px. */
  const openMenu = (key: FieldKey, x: number, y: number): void => {
    const found = lookUp(layers, key);
    if (found === null) return;
    const { field, layer } = found;
    const items: MenuItem[] = [];
    const term = field === null ? (layer.protocol === '' ? null : layer.protocol) : filterText(field);
    if (term !== null) {
      const filtered = (useApp.getState().view?.filter ?? '') !== '';
      const offered = [
        ['filter', mainWords.menu.on, 'replace'],
        ...(filtered ? ([['and', mainWords.menu.and, 'and']] as const) : []),
        ['exclude', mainWords.menu.exclude, 'exclude'],
      ] as const;
      for (const [id, word, how] of offered) {
        items.push({
          id,
          label: (
            <>
              {word} <span className="mono">{term}</span>
            </>
          ),
          onChoose: () => onFilter(term, how),
        });
      }
    }
    /** Items that belong together, with a line above the first. */
    const group = (...more: readonly (MenuItem | null)[]): void => {
      const there = more.filter((item) => item !== null);
      items.push(...there.map((item, k) => (k === 0 && items.length > 0 ? { ...item, divided: true } : item)));
    };
    if (field !== null) {
      group(
        { id: 'copy', label: mainWords.menu.copyValue, onChoose: () => void toClipboard(copyText(field)) },
        field.abbrev === '' ? null : { id: 'copy-name', label: words.copyName, onChoose: () => void toClipboard(field.abbrev) },
      );
      const { link } = field;
      group(
        field.abbrev === '' || props.onColumn === undefined
          ? null
          : { id: 'column', label: words.column, onChoose: () => props.onColumn?.(field.abbrev) },
        link === null ? null : { id: 'go', label: words.goToPacket(count(link)), onChoose: () => onGoToPacket(link - 1) },
      );
      group(helpFor(key) === null ? null : { id: 'help', label: words.meaning, onChoose: () => setHelpKept(true) });
    }
    const choice = props.onDecode === undefined ? null : choiceOf(layer);
    group(
      choice === null
        ? null
        : { id: 'decode', label: mainWords.decodeAs.layer, onChoose: () => props.onDecode?.(choice.table, choice.value) },
    );
    if (items.length > 0) setMenu({ x, y, items });
  };

  const order = useMemo(() => {
    const keys: FieldKey[] = [];
    for (const card of cards) {
      keys.push(String(card.index));
      for (const row of card.rows) keys.push(row.key);
    }
    return keys;
  }, [cards]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== tree.current) return;
    const key = selectedKey;
    const at = key === null ? -1 : order.indexOf(key);
    const go = (to: FieldKey | undefined) => {
      if (to !== undefined) select(to);
    };
    const card = key === null ? undefined : cards[layerIndexOf(key)];
    const row = card?.rows.find((one) => one.key === key);
    const field = key === null ? null : (lookUp(layers, key)?.field ?? null);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    let done = true;
    if (plain && event.key === 'ArrowDown') go(at < 0 && key !== null ? parentOf(key) : order[Math.min(order.length - 1, at + 1)]);
    else if (plain && event.key === 'ArrowUp') go(at < 0 && key !== null ? parentOf(key) : order[Math.max(0, at - 1)]);
    else if (plain && event.key === 'Home') go(order[0]);
    else if (plain && event.key === 'End') go(order.at(-1));
    else if (plain && event.key === 'ArrowRight') {
      if (key === null) go(order[0]);
      else if (field === null && card !== undefined) {
        if (card.open) go(card.rows[0]?.key);
        else setCard(card.index, true);
      } else if (row?.kind === 'field' && row.foldable) {
        if (row.open) go(order[at + 1]);
        else setFold(row.key, true);
      }
    } else if (plain && event.key === 'ArrowLeft') {
      if (key === null) go(order[0]);
      else if (field === null && card !== undefined) setCard(card.index, false);
      else if (row?.kind === 'field' && row.open) setFold(row.key, false);
      else go(parentOf(key));
    } else if (plain && event.key === ' ' && card !== undefined) {
      setCard(card.index, !card.open);
      if (field !== null && card.open) select(String(card.index));
    } else if (plain && event.key === 'Enter' && field?.link != null) onGoToPacket(field.link - 1);
    else if (plain && event.key === 'Enter' && field === null && card !== undefined) setCard(card.index, !card.open);
    else if (plain && event.key === '?' && (helpKept || helpFor(key) !== null)) setHelpKept(!helpKept);
    else if (plain && event.key === 'Escape' && help !== null) {
      setHelpKept(false);
      setRested(null);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && field !== null) copy(copyText(field));
    else if (plain && field !== null && /^[fx]$/i.test(event.key)) {
      const text = filterText(field);
      if (text !== null) onFilter(text, event.key.toLowerCase() === 'x' ? 'exclude' : event.shiftKey ? 'and' : 'replace');
    } else if (plain && field !== null && field.abbrev !== '' && /^c$/i.test(event.key) && props.onColumn !== undefined) {
      props.onColumn(field.abbrev);
    } else if (key !== null && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      const rect = document.getElementById(rowId(key))?.getBoundingClientRect();
      if (rect !== undefined) openMenu(key, rect.left + 24, rect.bottom);
    } else if (plain && /^d$/i.test(event.key) && card !== undefined && props.onDecode !== undefined) {
      const choice = choiceOf(card.layer);
      if (choice !== null) props.onDecode(choice.table, choice.value);
    } else done = false;
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <div className="ins-cards">
      {props.before}
      <div
        ref={tree}
        className="ins-tree"
        role="tree"
        tabIndex={0}
        aria-label={words.layers}
        aria-activedescendant={selectedKey === null ? undefined : rowId(selectedKey)}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const key = keyUnder(event);
          if (key === null) return;
          select(key);
          // The tree has the keys, not the row that the pointer pressed.
          tree.current?.focus({ preventScroll: true });
          // As a number, the first field of a card has the card's own key: '3.0'.
          const card = key.includes('.') ? undefined : cards[Number(key)];
          if (card !== undefined) setCard(card.index, !card.open);
        }}
        onContextMenu={(event) => {
          const key = keyUnder(event);
          if (key === null) return;
          event.preventDefault();
          select(key);
          tree.current?.focus({ preventScroll: true });
          openMenu(key, event.clientX, event.clientY);
        }}
        onDoubleClick={(event) => {
          const key = keyUnder(event);
          const row = key === null ? undefined : cards[layerIndexOf(key)]?.rows.find((one) => one.key === key);
          if (row?.kind === 'field' && row.foldable) setFold(row.key, !row.open);
        }}
        onPointerMove={(event) => {
          const key = keyUnder(event);
          pointed.current = true;
          if (key !== hoverKey) hover(key);
        }}
        onPointerLeave={() => {
          pointed.current = false;
          onHover(null);
        }}
      >
        {cards.map((card) => (
          <LayerCard
            key={card.index}
            card={card}
            certificates={props.certificates ?? NO_CHAINS}
            time={props.time ?? 0}
            selectedKey={selectedKey !== null && layerIndexOf(selectedKey) === card.index ? selectedKey : null}
            hoverKey={hoverKey !== null && layerIndexOf(hoverKey) === card.index ? hoverKey : null}
            helpKey={helpKey !== null && layerIndexOf(helpKey) === card.index ? helpKey : null}
            onFold={setFold}
            onGoToPacket={onGoToPacket}
            onDecode={props.onDecode}
            onKeyLog={props.onKeyLog}
            onMore={(index) => setLimits((old) => ({ ...old, [index]: (old[index] ?? ROWS_AT_ONCE) + ROWS_AT_ONCE }))}
          />
        ))}
      </div>
      {props.after}
      {help !== null && menu === null && <FieldHelp field={help.field} anchorId={rowId(help.key)} />}
      {menu !== null &&
        createPortal(
          <Menu
            label={mainWords.menu.label}
            items={menu.items}
            onClose={() => setMenu(null)}
            style={{ position: 'fixed', left: menu.x, top: menu.y }}
            testId="field-menu"
          />,
          document.body,
        )}
    </div>
  );
}

/** The row that a mouse event is about; buttons within a row handle their own clicks. */
function keyUnder(event: { readonly target: EventTarget }): FieldKey | null {
  const row = event.target instanceof Element ? event.target.closest('[data-key]') : null;
  return row?.getAttribute('data-key') ?? null;
}

function parentOf(key: FieldKey): FieldKey {
  return key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : key;
}

function copy(text: string): void {
  // Refused without focus or outside a secure context: then nothing was copied and the clipboard stays as it was.
  navigator.clipboard?.writeText(text).catch(() => undefined);
}

interface Card {
  readonly layer: LayerNode;
  readonly index: number;
  readonly open: boolean;
  readonly rows: readonly RowModel[];
  readonly total: number;
}

interface CardProps {
  readonly card: Card;
  readonly certificates: readonly CertificateChain[];
  readonly time: number;
  readonly selectedKey: FieldKey | null;
  readonly hoverKey: FieldKey | null;
  readonly helpKey: FieldKey | null;
  readonly onFold: (key: FieldKey, open: boolean) => void;
  readonly onGoToPacket: (row: number) => void;
  readonly onMore: (index: number) => void;
  readonly onDecode: ((table: string, value: string) => void) | undefined;
  readonly onKeyLog: (() => void) | undefined;
}

const sameCard = (a: CardProps, b: CardProps) =>
  a.card === b.card && a.selectedKey === b.selectedKey && a.hoverKey === b.hoverKey && a.helpKey === b.helpKey;

/** Handlers only close over the packet's layers, which a changed `card` always comes with, and over the folds in state setters. */
const LayerCard = memo(function LayerCard(props: CardProps) {
  const { card, selectedKey, hoverKey } = props;
  const { layer, index, open } = card;
  const key = String(index);
  const choice = useMemo(() => (props.onDecode === undefined ? null : choiceOf(layer)), [layer, props.onDecode]);
  const worst = useMemo(() => worstSeverity(layer.fields), [layer]);
  const labels = useMemo(() => labelsWidth(card.rows, textWidth), [card]);
  // What applications say is not ours to translate.
  const summary = layer.hue === 'app' ? layer.summary : summed(layer.summary);
  const status = {
    whole: named(layer.pdu),
    short: words.shortLayer,
    unreassembled: words.unreassembledLayer,
    malformed: words.malformedLayer,
  }[layer.status];
  return (
    <section className={`ins-card L-${layer.hue}`} data-testid={`layer-card-${layer.protocol}`} role="none">
      <div
        id={rowId(key)}
        className={`ins-card-head${selectedKey === key ? ' sel' : ''}`}
        role="treeitem"
        tabIndex={-1}
        aria-level={1}
        aria-expanded={open}
        aria-selected={selectedKey === key}
        aria-label={words.layerCard(layer.short, summary)}
        data-key={key}
      >
        {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <span className="ins-tag">{layer.osi === '' ? '–' : layer.osi}</span>
        <span className="ins-card-name" title={layer.title}>
          {layer.short}
        </span>
        <span className={`ins-card-pdu${layer.status === 'whole' ? '' : ' trouble'}`}>{status}</span>
        <span className="ins-card-summary">{summary}</span>
        {worst !== null && !open && (
          <span className={`ins-card-worst ${worst === 'error' ? 'bad' : 'warn'}`}>
            {worst === 'error' ? <CircleAlert size={12} aria-hidden /> : <TriangleAlert size={12} aria-hidden />}
            {words.severity[worst]}
          </span>
        )}
        {choice !== null && (
          <button
            type="button"
            className="ins-link ins-decode"
            tabIndex={-1}
            title={`${mainWords.decodeAs.layer} (D)`}
            onClick={(event) => {
              event.stopPropagation();
              props.onDecode?.(choice.table, choice.value);
            }}
            data-testid={`decode-${layer.protocol}`}
          >
            {mainWords.decodeAs.layer}
          </button>
        )}
        {layer.protocol === 'tls' && props.onKeyLog !== undefined && (
          <button
            type="button"
            className="ins-link ins-decode"
            tabIndex={-1}
            title={`${mainWords.keyLog.title} (K)`}
            onClick={(event) => {
              event.stopPropagation();
              props.onKeyLog?.();
            }}
            data-testid="keylog-open"
          >
            {mainWords.keyLog.layer}
          </button>
        )}
        <span className="ins-card-length">{layer.protocol === 'frame' ? '' : `${count(layer.headerLength || layer.length)} B`}</span>
      </div>
      {open &&
        props.certificates.map((chain, i) =>
          chain.layer === index ? <Certificates key={`${i + 1}`} chain={chain} time={props.time} /> : null,
        )}
      {open && card.rows.length > 0 && (
        <div className="ins-fields" role="none">
          {card.rows.map((row) =>
            row.kind === 'note' ? (
              <NoteRow key={row.key} row={row} selected={selectedKey === row.key} onGoToPacket={props.onGoToPacket} />
            ) : (
              <FieldRow
                key={row.key}
                row={row}
                hue={layer.hue}
                labels={labels}
                selectedKey={selectedKey !== null && (selectedKey === row.key || parentOf(selectedKey) === row.key) ? selectedKey : null}
                hovered={hoverKey === row.key}
                helpKey={
                  props.helpKey !== null && (props.helpKey === row.key || parentOf(props.helpKey) === row.key) ? props.helpKey : null
                }
                {...pick(props)}
              />
            ),
          )}
          {card.total > card.rows.length && (
            <button type="button" className="ins-more" onClick={() => props.onMore(index)}>
              {words.showMore(count(card.total - card.rows.length))}
            </button>
          )}
        </div>
      )}
    </section>
  );
}, sameCard);

type RowHandlers = Pick<CardProps, 'onFold' | 'onGoToPacket'>;

function pick(props: CardProps): RowHandlers {
  return { onFold: props.onFold, onGoToPacket: props.onGoToPacket };
}

interface FieldRowProps extends RowHandlers {
  readonly row: FieldRowModel;
  readonly hue: string;
  /** Width of the labels of the card, in px. */
  readonly labels: number;
  readonly selectedKey: FieldKey | null;
  readonly hovered: boolean;
  /** The field, or the bit of it, that help is open for. */
  readonly helpKey: FieldKey | null;
}

function FieldRow({ row, hue, labels, selectedKey, hovered, helpKey, onFold, onGoToPacket }: FieldRowProps) {
  const { field, key } = row;
  const selected = selectedKey === key;
  const parts = valueParts(field);
  const classes = ['ins-field'];
  if (selected) classes.push('sel');
  if (hovered) classes.push('hov');
  const value = (
    <>
      {parts.mono !== '' && <span className="mono">{parts.mono}</span>}
      {parts.text !== '' && <span className={parts.mono === '' ? '' : 'gap'}>{parts.text}</span>}
      {parts.quiet !== '' && <span className="gap quiet">{parts.quiet}</span>}
    </>
  );
  return (
    <>
      <div
        id={rowId(key)}
        className={classes.join(' ')}
        style={{ paddingLeft: 24 + row.depth * INDENT }}
        role="treeitem"
        tabIndex={-1}
        aria-level={row.depth + 2}
        aria-selected={selected}
        aria-expanded={row.foldable ? row.open : undefined}
        aria-label={`${field.label} ${field.display}`}
        aria-describedby={helpKey === key ? HELP_ID : undefined}
        data-testid={field.abbrev === '' ? undefined : `field-${field.abbrev}`}
        title={field.abbrev === '' ? field.label : undefined}
        data-key={key}
      >
        {row.foldable && (
          <button
            type="button"
            className="ins-twisty"
            style={{ left: 9 + row.depth * INDENT }}
            tabIndex={-1}
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              onFold(key, !row.open);
            }}
          >
            {row.open ? <ChevronDown size={11} /> : <ChevronRight size={11} />}
          </button>
        )}
        <span className="ins-field-label" style={field.display === '' ? { flex: 1 } : { width: Math.max(60, labels - row.depth * INDENT) }}>
          {field.label}
        </span>
        <span className={field.display === '' ? 'ins-field-value none' : 'ins-field-value'}>
          {field.generated && field.display !== '' && (
            <i className="ins-gen" title={words.generated}>
              ƒ
            </i>
          )}
          {field.link === null ? (
            value
          ) : (
            <button
              type="button"
              className="ins-link"
              tabIndex={-1}
              aria-label={words.goToPacket(count(field.link))}
              onClick={(event) => {
                event.stopPropagation();
                onGoToPacket((field.link as number) - 1);
              }}
            >
              {value}
            </button>
          )}
        </span>
        <span className="ins-field-range">{rangeText(field)}</span>
      </div>
      {row.bits !== null && (
        <div className={`ins-bits${selected ? ' sel' : ''}`} role="none" style={{ paddingLeft: 24 + row.depth * INDENT }}>
          {row.bits.map((bit) => {
            const bitKey = bit.index < 0 ? null : `${key}.${bit.index}`;
            const classes = ['ins-bit', `L-${hue}`];
            if (bit.set) classes.push('on');
            if (bit.width > 1 || bit.name.length > 6) classes.push('wide');
            if (bitKey !== null && bitKey === selectedKey) classes.push('sel');
            return (
              <button
                key={bit.from}
                id={bitKey === null || row.open ? undefined : rowId(bitKey)}
                type="button"
                tabIndex={-1}
                className={classes.join(' ')}
                disabled={bitKey === null}
                title={bitKey === null ? words.unnamedBits : bit.name.length > 6 ? bit.label : undefined}
                aria-label={`${bit.label} ${bit.bits}`}
                aria-describedby={bitKey !== null && bitKey === helpKey && !row.open ? HELP_ID : undefined}
                data-testid={bitKey === null || row.open ? undefined : `field-${field.children[bit.index]?.abbrev ?? ''}`}
                data-key={bitKey ?? undefined}
              >
                <span>{bit.name}</span>
                <b>{bit.bits}</b>
              </button>
            );
          })}
        </div>
      )}
    </>
  );
}

function NoteRow({
  row,
  selected,
  onGoToPacket,
}: {
  readonly row: NoteRowModel;
  readonly selected: boolean;
  readonly onGoToPacket: (row: number) => void;
}) {
  const { field } = row;
  const tone = field.severity === 'error' ? 'bad' : field.severity === 'warn' ? 'warn' : '';
  const Icon = field.severity === 'error' ? CircleAlert : field.severity === 'warn' ? TriangleAlert : Info;
  return (
    <div
      id={rowId(row.key)}
      className={`ins-note ${tone}${selected ? ' sel' : ''}`}
      style={{ marginLeft: 24 + row.depth * INDENT }}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 3}
      aria-selected={selected}
      data-testid={field.abbrev === '' ? undefined : `field-${field.abbrev}`}
      title={field.abbrev}
      data-key={row.key}
    >
      <Icon size={14} aria-hidden />
      <span>
        <span className="visually-hidden">{words.severity[field.severity ?? 'note']}: </span>
        {field.display === '' ? field.label : field.display}
        {field.link !== null && (
          <button
            type="button"
            className="ins-link ins-packet"
            tabIndex={-1}
            aria-label={words.goToPacket(count(field.link))}
            onClick={(event) => {
              event.stopPropagation();
              onGoToPacket((field.link as number) - 1);
            }}
          >
            {count(field.link)}
          </button>
        )}
      </span>
    </div>
  );
}
