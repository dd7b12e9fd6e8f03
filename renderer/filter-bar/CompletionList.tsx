import { useEffect, useRef } from 'react';
import type { Completion } from '../../src/messages.ts';
import { words } from '../words.ts';
import type { CompletionGroup } from './completions.ts';

interface Props {
  readonly groups: readonly CompletionGroup[];
  readonly cursor: number;
  readonly typed: string;
  readonly left: string;
  readonly onTake: (item: Completion) => void;
}

export const completionId = (index: number): string => `completion-${index}`;

/** Packets behind a completion. What is known of a field is how many packets its protocol has, so that is what is said. */
function packetsOf({ kind, insert, count }: Completion): string {
  if (count === null || count === 0) return '';
  return kind === 'field' ? words.protocolPackets(count, insert.split('.')[0] ?? insert) : words.nPackets(count);
}

/** The name with the typed part of it strong. */
function Name({ item, typed }: { readonly item: Completion; readonly typed: string }) {
  const part = typed.slice(item.start, item.end).toLowerCase();
  const at = part === '' ? -1 : item.insert.toLowerCase().indexOf(part);
  if (at < 0) return <span className="mono cut">{item.insert}</span>;
  return (
    <span className="mono cut">
      {item.insert.slice(0, at)}
      <span className="m">{item.insert.slice(at, at + part.length)}</span>
      {item.insert.slice(at + part.length)}
    </span>
  );
}

export function CompletionList({ groups, cursor, typed, left, onTake }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (cursor >= 0) list.current?.querySelector(`#${completionId(cursor)}`)?.scrollIntoView({ block: 'nearest' });
  }, [cursor]);
  return (
    <div className="float pop comp" style={{ left }} ref={list} data-testid="filter-completions">
      <div id="completions" role="listbox" aria-label={words.completion} className="complist">
        {groups.map((group) => (
          <div key={group.title}>
            <div className="hd" aria-hidden="true">
              {group.title}
            </div>
            {group.items.map(({ index, item }) => (
              <div
                key={`${item.kind}:${item.insert}`}
                id={completionId(index)}
                role="option"
                tabIndex={-1}
                aria-selected={index === cursor}
                className={index === cursor ? 'o on' : 'o'}
                onMouseDown={(event) => {
                  event.preventDefault();
                  onTake(item);
                }}
              >
                <Name item={item} typed={typed} />
                <span className="dim">{words.kinds[item.kind]}</span>
                <span className="mid cut">{item.label}</span>
                <span className="r mid">{packetsOf(item)}</span>
              </div>
            ))}
          </div>
        ))}
      </div>
      <div className="ft" aria-hidden="true">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {words.choose}
        </span>
        <span>
          <kbd>Tab</kbd> {words.take}
        </span>
        <span>
          <kbd>Enter</kbd> {words.apply}
        </span>
        <span>
          <kbd>Esc</kbd> {words.close}
        </span>
      </div>
    </div>
  );
}
