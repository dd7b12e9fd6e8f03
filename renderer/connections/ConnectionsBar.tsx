import { Filter, ListFilter } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { ConnectionColumn, Handshake } from '../../src/messages.ts';
import { count } from '../format.ts';
import { Chooser } from '../ui/Chooser.tsx';
import type { Order } from '../ui/order.ts';
import { COLUMN_IDS, columnTitle } from './columns.tsx';
import { words } from './words.ts';

export type Sorting = Order<ConnectionColumn>;

interface BarProps {
  readonly handshakes: Readonly<Record<Handshake, number>> | null;
  readonly handshake: Handshake | null;
  readonly onHandshake: (handshake: Handshake | null) => void;
  readonly sorting: Sorting;
  readonly onSorting: (sorting: Sorting) => void;
  /** Connections in the table, and whether these are fewer than the filter has. */
  readonly total: number;
  readonly narrowed: boolean;
  readonly onOnlyThese: () => void;
  readonly said: string;
  readonly filtersShown: boolean;
  readonly onFiltersShown: (shown: boolean) => void;
  readonly seen: readonly string[];
  readonly onSeen: (seen: readonly string[] | null) => void;
}

const ALWAYS: readonly Handshake[] = ['completed', 'refused', 'unanswered', 'half-open'];
const SOMETIMES: readonly Handshake[] = ['simultaneous', 'not-captured'];
const ORDERS: readonly (readonly [ConnectionColumn, 'mostResent' | 'slowest'])[] = [
  ['resentShare', 'mostResent'],
  ['handshakeRttMs', 'slowest'],
];

/** Which connections the table shows, and in which order: by how the handshake went, most of trouble first. */
export function ConnectionsBar(props: BarProps) {
  const { handshakes, handshake, sorting } = props;
  const shown = [...ALWAYS, ...SOMETIMES.filter((each) => (handshakes?.[each] ?? 0) > 0 || each === handshake)];
  const choices: readonly (Handshake | null)[] = [null, ...shown];
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = (choices.indexOf(handshake) + step + choices.length) % choices.length;
    props.onHandshake(choices[at] ?? null);
    event.currentTarget.querySelectorAll('button')[at]?.focus();
    event.preventDefault();
  };
  const all = handshakes === null ? 0 : Object.values(handshakes).reduce((sum, each) => sum + each, 0);
  return (
    <div className="con-bar" data-testid="connections-bar">
      <div className="groups" role="radiogroup" aria-label={words.byHandshake} onKeyDown={onKeyDown}>
        {choices.map((each) => (
          // biome-ignore lint/a11y/useSemanticElements: a radio input cannot look like a chip
          <button
            key={each ?? 'all'}
            type="button"
            role="radio"
            aria-checked={each === handshake}
            tabIndex={each === handshake ? 0 : -1}
            onClick={() => props.onHandshake(each)}
            data-testid={`handshake-${each ?? 'all'}`}
          >
            {each === null ? words.allHandshakes : words.handshakeGroups[each]}{' '}
            <span className="n">{count(each === null ? all : (handshakes?.[each] ?? 0))}</span>
          </button>
        ))}
      </div>
      <span className="gap" />
      {ORDERS.map(([column, name]) => {
        const on = sorting.sort === column && sorting.descending;
        return (
          <button
            key={name}
            type="button"
            className="order"
            aria-pressed={on}
            onClick={() => props.onSorting(on ? { sort: 'stream', descending: false } : { sort: column, descending: true })}
            data-testid={`order-${name}`}
          >
            {words.orders[name]}
          </button>
        );
      })}
      <span className="sp" role="status">
        {props.said}
      </span>
      {props.narrowed && props.total > 0 && (
        <button type="button" className="order" onClick={props.onOnlyThese} data-testid="only-these">
          <Filter size={13} aria-hidden />
          {words.onlyThese(props.total)}
        </button>
      )}
      <button
        type="button"
        className="tool"
        aria-pressed={props.filtersShown}
        aria-label={words.narrow}
        title={words.narrow}
        onClick={() => props.onFiltersShown(!props.filtersShown)}
        data-testid="narrow-columns"
      >
        <ListFilter size={14} aria-hidden />
      </button>
      <Chooser
        label={words.chooseColumns}
        all={COLUMN_IDS.map((id) => [id, columnTitle(id)])}
        seen={props.seen}
        onChange={props.onSeen}
        onReset={() => props.onSeen(null)}
        resetLabel={words.usualColumns}
        testId="choose-columns"
      />
    </div>
  );
}
