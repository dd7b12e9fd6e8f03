import type { FieldNode, LayerNode } from '../../src/messages.ts';
import { count } from '../format.ts';
import { choiceOf } from '../store/decode-wish.ts';
import { useApp } from '../store/state.ts';
import { copyText } from '../ui/clipboard.ts';
import { filterText } from '../ui/filter-text.ts';
import type { MenuItem } from '../ui/Menu.tsx';
import { words as mainWords } from '../words.ts';
import { copyText as copied } from './fields.ts';
import { words } from './words.ts';

export type FilterHow = 'replace' | 'and' | 'exclude';

/** What a field or a layer may be taken for. */
export interface FieldDoings {
  readonly onFilter: (text: string, how: FilterHow) => void;
  /** Absent: not offered here. */
  readonly onColumn?: (abbrev: string) => void;
  readonly onGoToPacket: (row: number) => void;
  /** The user wants to say what a port carries; absent: not offered here. */
  readonly onDecode?: (table: string, value: string) => void;
}

/** What can be done with a field, or with a layer where `field` is null. @param onHelp null where there is no help for it */
export function fieldMenu(layer: LayerNode, field: FieldNode | null, of: FieldDoings, onHelp: (() => void) | null): MenuItem[] {
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
        onChoose: () => of.onFilter(term, how),
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
      { id: 'copy', label: mainWords.menu.copyValue, onChoose: () => void copyText(copied(field)) },
      field.abbrev === '' ? null : { id: 'copy-name', label: words.copyName, onChoose: () => void copyText(field.abbrev) },
    );
    const { link } = field;
    group(
      field.abbrev === '' || of.onColumn === undefined
        ? null
        : { id: 'column', label: words.column, onChoose: () => of.onColumn?.(field.abbrev) },
      link === null ? null : { id: 'go', label: words.goToPacket(count(link)), onChoose: () => of.onGoToPacket(link - 1) },
    );
    group(onHelp === null ? null : { id: 'help', label: words.meaning, onChoose: onHelp });
  }
  const choice = of.onDecode === undefined ? null : choiceOf(layer);
  group(
    choice === null ? null : { id: 'decode', label: mainWords.decodeAs.layer, onChoose: () => of.onDecode?.(choice.table, choice.value) },
  );
  return items;
}
