/** "Decode as" as arithmetic: what is typed, what is offered, what is shown. Pure. */
import type { DecodeChoice, DecodeOptions } from '../../src/messages.ts';

export type ProtocolName = DecodeOptions['protocols'][number];

/** Protocols offered at once. */
const OFFERED = 60;

const number = (text: string): number => (/^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : Number.NaN);

/** `8888`, `5000-5010`, `0x88b5`; null if it is no value and no range. */
export function valueRange(text: string): { readonly from: number; readonly to: number } | null {
  const [first = '', last = first, more] = text.trim().split(/\s*[-–]\s*/);
  const from = number(first);
  const to = number(last);
  return more !== undefined || Number.isNaN(from) || Number.isNaN(to) || to < from ? null : { from, to };
}

/** A choice as tshark writes it: `tcp.port==8888,http`. */
export function choiceText({ table, from, to, protocol }: DecodeChoice): string {
  return `${table}==${from}${to === from ? '' : `-${to}`},${protocol}`;
}

/** Whether protocols of a layer are what the values of a table usually stand for. */
function likely(table: string, hue: ProtocolName['hue']): boolean {
  if (table.endsWith('.port')) return hue === 'app';
  return table === 'ip.proto' ? hue === 'tra' || hue === 'net' : hue === 'net' || hue === 'link';
}

/**
 * Protocols with all typed words in name or title; those whose name is or begins with what was typed come first, and among equals those of
 * the layer that the table is about.
 */
export function offered(protocols: readonly ProtocolName[], typed: string, table: string): readonly ProtocolName[] {
  const text = typed.trim().toLowerCase();
  const parts = text.split(/\s+/).filter(Boolean);
  const rank = ({ name }: ProtocolName): number => (name === text ? 0 : name.startsWith(text) ? 1 : name.includes(text) ? 2 : 3);
  return protocols
    .filter((each) => parts.every((part) => `${each.name} ${each.title}`.toLowerCase().includes(part)))
    .map((each) => ({ each, rank: 2 * rank(each) + (likely(table, each.hue) ? 0 : 1) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, OFFERED)
    .map(({ each }) => each);
}

/** Choices with one more; it replaces what was chosen for the same values. */
export function withChoice(choices: readonly DecodeChoice[], added: DecodeChoice): readonly DecodeChoice[] {
  return [...choices.filter((each) => each.table !== added.table || each.from !== added.from || each.to !== added.to), added];
}
