import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { CertificateChain, LayerNode } from '../../src/messages.ts';
import { choiceOf } from '../store/decode-wish.ts';
import { copyText as toClipboard } from '../ui/clipboard.ts';
import { filterText } from '../ui/filter-text.ts';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { words as mainWords } from '../words.ts';
import { FieldHelp } from './FieldHelp.tsx';
import { type FieldDoings, fieldMenu } from './field-menu.tsx';
import type { FieldKey, Place, Selection } from './fields.ts';
import { copyText, layerIndexOf, lookUp, parentOf } from './fields.ts';
import { LayerCard, rowId } from './LayerCard.tsx';
import { useCards } from './useCards.ts';
import { helpFor, useHelp } from './useHelp.ts';
import { words } from './words.ts';

export interface LayerCardsProps extends FieldDoings {
  readonly layers: readonly LayerNode[];
  readonly openCards: Readonly<Record<string, boolean>>;
  readonly onOpenCards: (next: Record<string, boolean>) => void;
  readonly selection: Selection | null;
  readonly hoverKey: FieldKey | null;
  readonly onSelect: (selection: Selection) => void;
  readonly onHover: (place: Selection | null) => void;
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

/** The layers of a packet as cards, one tree for the keyboard. */
export function LayerCards(props: LayerCardsProps) {
  const { layers, openCards, onOpenCards, selection, hoverKey, onSelect, onHover, onFilter, onGoToPacket } = props;
  const tree = useRef<HTMLDivElement>(null);
  /** Whether the pointer is over these rows: fields are also hovered by their bytes. */
  const pointed = useRef(false);
  const selectedKey = selection?.key ?? null;
  const { cards, setFold, showMore } = useCards(layers, openCards, selectedKey);
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

  const { help, isKept: helpKept, keep: keepHelp, dismiss: dismissHelp } = useHelp(layers, selectedKey, hoverKey, pointed);
  const helpKey = help?.key ?? null;

  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number; readonly items: readonly MenuItem[] } | null>(null);
  /** What can be done with a field or a layer, at a place of the window in px. */
  const openMenu = (key: FieldKey, x: number, y: number): void => {
    const found = lookUp(layers, key);
    if (found === null) return;
    const onHelp = helpFor(layers, key) === null ? null : () => keepHelp(true);
    const items = fieldMenu(found.layer, found.field, props, onHelp);
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
    else if (plain && event.key === '?' && (helpKept || helpFor(layers, key) !== null)) keepHelp(!helpKept);
    else if (plain && event.key === 'Escape' && help !== null) dismissHelp();
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && field !== null) void toClipboard(copyText(field));
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
            onMore={showMore}
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
