/** The user's "decode as": which protocol a port, an ethertype or an IP protocol number is to be taken for. */
import type { DecodeChoice } from '../messages.ts';
import { allProtocols, type Protocol } from './protocol.ts';
import { type DissectorTable, tables } from './tables.ts';

/** One choice, as tshark's `-d` writes it: `tcp.port==8888,http`, or with a range of keys, `udp.port==5000-5010,rtp`. */
export type DecodeAs = DecodeChoice;

/** Keys that one range may have: all ports. */
const MOST_KEYS = 65536;

const byName = (): ReadonlyMap<string, DissectorTable> => new Map(Object.values(tables).map((table) => [table.name, table]));

/** Names of the tables that can be chosen in. */
export const decodeTables = (): string[] => [...byName().keys()];

/** Protocols by the names that filters use; of several with one name the first. */
function protocolNamed(name: string): Protocol | undefined {
  return allProtocols().find((protocol) => protocol.name === name);
}

/** Reads one choice; what is wrong with it as a sentence otherwise. */
export function parseDecodeAs(text: string): DecodeAs | string {
  const parts = /^([a-z_.]+)==(\d{1,10}|0x[0-9a-f]{1,8})(?:-(\d{1,10}|0x[0-9a-f]{1,8}))?,([\w.-]+)$/i.exec(text.trim());
  if (parts === null) return `"${text}" is no choice of a protocol: tcp.port==8888,http is how one is written.`;
  const [, table = '', from = '', to = from, protocol = ''] = parts;
  const choice = { table, from: Number(from), to: Number(to), protocol };
  return checkDecodeAs(choice) ?? choice;
}

/** What is wrong with a choice as a sentence; null if nothing is. */
export function checkDecodeAs(choice: DecodeAs): string | null {
  if (!byName().has(choice.table)) return `There is no table "${choice.table}"; there are ${decodeTables().join(', ')}.`;
  if (protocolNamed(choice.protocol) === undefined) return `There is no protocol "${choice.protocol}".`;
  if (!Number.isInteger(choice.from) || choice.from < 0 || choice.to < choice.from) return `${choice.from} to ${choice.to} is no range.`;
  if (choice.to - choice.from >= MOST_KEYS) return `${choice.from} to ${choice.to} is too wide: at most ${MOST_KEYS} values.`;
  return null;
}

/** Takes these choices, and no others, from now on. Choices that are wrong (`checkDecodeAs`) are left out. */
export function applyDecodeAs(choices: readonly DecodeAs[]): void {
  const known = byName();
  for (const table of known.values()) table.unchoose();
  for (const choice of choices) {
    const protocol = protocolNamed(choice.protocol);
    if (protocol === undefined || checkDecodeAs(choice) !== null) continue;
    for (let key = choice.from; key <= choice.to; key++) known.get(choice.table)?.choose(key, protocol);
  }
}
