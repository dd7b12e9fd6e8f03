import { useEffect, useMemo, useState } from 'react';
import type { LayerNode } from '../../src/messages.ts';
import { kept } from '../store/kept.ts';
import { bitBoxes } from './bits.ts';
import type { FieldKey } from './fields.ts';
import { ancestorsOf, layerIndexOf, lookUp } from './fields.ts';
import type { Card } from './LayerCard.tsx';
import { foldName, isCardOpen, ROWS_AT_ONCE, type RowModel, rowsOf } from './rows.ts';

const useFolds = kept<Readonly<Record<string, boolean>>>({});

/** Rows built to reach a field that was selected by its bytes; one further behind is named above the bytes only. */
const MOST_ROWS = 3000;

export interface Cards {
  readonly cards: readonly Card[];
  /** Folds or unfolds a field, here and in all packets. */
  readonly setFold: (key: FieldKey, open: boolean) => void;
  /** Shows more rows of a card. */
  readonly showMore: (index: number) => void;
}

/** The rows of a packet's layers: those that are folded away are not made, and of a long card the first. The selected one is among them. */
export function useCards(layers: readonly LayerNode[], openCards: Readonly<Record<string, boolean>>, selectedKey: FieldKey | null): Cards {
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
  const setFold = (key: FieldKey, open: boolean) => {
    const found = lookUp(layers, key);
    if (found?.field == null) return;
    const name = foldName(found.layer.protocol, found.field);
    setFolds((old) => ({ ...old, [name]: open }));
  };
  const showMore = (index: number) => setLimits((old) => ({ ...old, [index]: (old[index] ?? ROWS_AT_ONCE) + ROWS_AT_ONCE }));
  return { cards, setFold, showMore };
}
