/** The completion list as it is shown: groups in a fixed order, and the steps of its cursor. */
import type { Completion } from '../../src/messages.ts';
import { words } from '../words.ts';

export interface CompletionGroup {
  readonly title: string;
  readonly items: readonly { readonly index: number; readonly item: Completion }[];
}

/** Groups: what is in this capture, values, operators, what is not in this capture. `index` counts through all groups in order. */
export function grouped(items: readonly Completion[]): readonly CompletionGroup[] {
  const groups: { title: string; items: Completion[] }[] = [
    { title: words.inCapture, items: [] },
    { title: words.values, items: [] },
    { title: words.operators, items: [] },
    { title: words.notInCapture, items: [] },
  ];
  for (const item of items) {
    const place =
      item.kind === 'value'
        ? 1
        : item.kind === 'operator' || item.kind === 'function'
          ? 2
          : item.count === 0 || item.count === null
            ? 3
            : 0;
    groups[place]?.items.push(item);
  }
  // Without counts nothing is known about the capture: then there is one list of fields.
  if (groups[0]?.items.length === 0 && items.every((item) => item.count === null) && groups[3] !== undefined)
    groups[3].title = words.completion;
  let index = 0;
  return groups
    .filter((group) => group.items.length > 0)
    .map((group) => ({ title: group.title, items: group.items.map((item) => ({ index: index++, item })) }));
}

/** Text and caret after a completion was taken. */
export function take(text: string, item: Completion): { readonly text: string; readonly caret: number } {
  return { text: text.slice(0, item.start) + item.insert + text.slice(item.end), caret: item.start + item.insert.length };
}

/** Cursor after ↑ or ↓: -1 is none, the ends meet. */
export function stepCursor(cursor: number, step: 1 | -1, length: number): number {
  if (length === 0) return -1;
  if (cursor === -1) return step === 1 ? 0 : length - 1;
  return (cursor + step + length) % length;
}
