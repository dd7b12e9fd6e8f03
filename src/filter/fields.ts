/** The names that a filter may use: fields by abbreviation, their aliases, protocols, and the few of the program's own. */
import { EXPERT_GROUPS, type ExpertGroup, type FieldDef, type FieldType, STRAY } from '../dissect/field.ts';
import { allProtocols, type Protocol } from '../dissect/protocol.ts';
import type { Severity } from '../messages.ts';

/** Kinds of values that can be compared with each other. */
export type Category = 'int' | 'bool' | 'float' | 'string' | 'bytes' | 'ipv4' | 'ipv6' | 'time' | 'none';

export interface FieldEntry {
  readonly abbrev: string;
  readonly kind: 'field' | 'protocol';
  readonly type: FieldType;
  readonly category: Category;
  /** 'Source Port', 'Transmission Control Protocol'. */
  readonly label: string;
  /** Declarations under this name: several where it is an alias (`ip.addr`), or declared again. */
  readonly defs: readonly FieldDef[];
  /** Protocols that may have it. */
  readonly protocols: readonly Protocol[];
}

export function categoryOf(type: FieldType): Category {
  switch (type) {
    case 'none':
      return 'none';
    case 'bool':
      return 'bool';
    case 'float':
    case 'double':
      return 'float';
    case 'string':
      return 'string';
    case 'ipv4':
      return 'ipv4';
    case 'ipv6':
      return 'ipv6';
    case 'abstime':
    case 'reltime':
      return 'time';
    case 'protocol':
    case 'bytes':
    case 'ether':
    case 'eui64':
    case 'guid':
    case 'oid':
      return 'bytes';
    default:
      return 'int';
  }
}

/** Wireshark's numbers for the severity of an expert note. */
export const SEVERITY_NUMBER = { chat: 0x200000, note: 0x400000, warn: 0x600000, error: 0x800000 } as const;

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = { chat: 'Chat', note: 'Note', warn: 'Warning', error: 'Error' };
const groupWord = (group: ExpertGroup): string => group.charAt(0).toUpperCase() + group.slice(1);

const SEVERITY: FieldDef = {
  abbrev: '_ws.expert.severity',
  label: 'Severity level',
  type: 'uint32',
  names: new Map((['chat', 'note', 'warn', 'error'] as const).map((severity) => [SEVERITY_NUMBER[severity], SEVERITY_WORDS[severity]])),
};
const GROUP: FieldDef = {
  abbrev: '_ws.expert.group',
  label: 'Group',
  type: 'uint32',
  names: new Map(EXPERT_GROUPS.map((group) => [groupNumber(group), groupWord(group)])),
};
const MESSAGE: FieldDef = { abbrev: '_ws.expert.message', label: 'Message', type: 'string' };
const EXPERT: FieldDef = { abbrev: '_ws.expert', label: 'Expert Info', type: 'none' };

/** Names that stand for a property of layers or notes rather than for a declared field. */
const OWN: readonly FieldEntry[] = [
  own('_ws.short', 'Packet size limited during capture'),
  own('_ws.malformed', 'Malformed Packet'),
  own('_ws.unreassembled', 'Unreassembled Fragmented Packet'),
  { ...own(STRAY.abbrev, STRAY.label), kind: 'field', defs: [STRAY] },
  { ...own('_ws.expert', EXPERT.label), kind: 'field', defs: [EXPERT] },
  { ...own('_ws.expert.severity', SEVERITY.label), kind: 'field', type: 'uint32', category: 'int', defs: [SEVERITY] },
  { ...own('_ws.expert.group', GROUP.label), kind: 'field', type: 'uint32', category: 'int', defs: [GROUP] },
  { ...own('_ws.expert.message', MESSAGE.label), kind: 'field', type: 'string', category: 'string', defs: [MESSAGE] },
];

/** What a note is called in a list of fields: each name of it, and what tshark prints under that name. */
export function noteTexts(severity: Severity, group: ExpertGroup, message: string): readonly (readonly [abbrev: string, text: string])[] {
  const number = SEVERITY_NUMBER[severity];
  const texts: [string, string][] = [
    [EXPERT.abbrev, `${EXPERT.label} (${SEVERITY_WORDS[severity]}/${groupWord(group)}): ${message}`],
    [SEVERITY.abbrev, String(number)],
    [GROUP.abbrev, String(groupNumber(group))],
    [MESSAGE.abbrev, message],
  ];
  if (group === 'malformed') texts.push(['_ws.malformed', '_ws.malformed']);
  return texts;
}

/** What is said of a layer that could not be read to its end, and the name by which filters find such packets. */
export const LAYER_NOTES: Readonly<
  Record<
    'short' | 'unreassembled' | 'malformed',
    { readonly abbrev: string; readonly note: readonly [Severity, ExpertGroup, string] | null }
  >
> = {
  short: { abbrev: '_ws.short', note: null },
  unreassembled: { abbrev: '_ws.unreassembled', note: ['note', 'reassemble', 'Unreassembled fragment'] },
  malformed: { abbrev: '_ws.malformed', note: ['error', 'malformed', 'Malformed Packet (Exception occurred)'] },
};

/** Wireshark's number of an expert group. */
export function groupNumber(group: ExpertGroup): number {
  return (EXPERT_GROUPS.indexOf(group) + 1) * 0x1000000;
}

function own(abbrev: string, label: string): FieldEntry {
  return { abbrev, kind: 'protocol', type: 'none', category: 'none', label, defs: [], protocols: [] };
}

/** All names of a set of protocols. */
export class FieldRegistry {
  readonly #entries = new Map<string, FieldEntry>();
  #sorted: readonly FieldEntry[] | null = null;

  constructor(protocols: readonly Protocol[]) {
    for (const protocol of protocols) {
      const old = this.#entries.get(protocol.name);
      this.#entries.set(protocol.name, {
        abbrev: protocol.name,
        kind: 'protocol',
        type: 'protocol',
        category: 'bytes',
        label: old?.label ?? protocol.title,
        defs: [],
        protocols: [...(old?.protocols ?? []), protocol],
      });
    }
    for (const protocol of protocols) {
      for (const def of protocol.fields) {
        this.#add(def.abbrev, def, protocol);
        for (const alias of def.also ?? []) this.#add(alias, def, protocol);
      }
    }
    for (const entry of OWN) if (!this.#entries.has(entry.abbrev)) this.#entries.set(entry.abbrev, entry);
  }

  #add(abbrev: string, def: FieldDef, protocol: Protocol): void {
    if (abbrev === '') return;
    const old = this.#entries.get(abbrev);
    if (old?.kind === 'protocol') return;
    const type = typeUnder(abbrev, def);
    this.#entries.set(abbrev, {
      abbrev,
      kind: 'field',
      type: old?.type ?? type,
      category: old?.category ?? categoryOf(type),
      label: old?.defs.some((d) => d.abbrev === abbrev) ? old.label : aliasLabel(abbrev, def),
      defs: [...(old?.defs ?? []), def],
      protocols: old?.protocols.includes(protocol) ? old.protocols : [...(old?.protocols ?? []), protocol],
    });
  }

  get(abbrev: string): FieldEntry | undefined {
    return this.#entries.get(abbrev);
  }

  /** All entries by name. */
  sorted(): readonly FieldEntry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => (a.abbrev < b.abbrev ? -1 : a.abbrev > b.abbrev ? 1 : 0));
    return this.#sorted;
  }

  /** The known name nearest to a misspelt one; undefined if none is near. Case counts little, like one letter for another. */
  nearest(word: string): string | undefined {
    if (word.length < 2 || word.length > 64) return undefined;
    const lower = word.toLowerCase();
    const limit = Math.max(1, Math.floor(word.length / 4));
    let best: string | undefined;
    let bestDistance = limit + 1;
    for (const entry of this.#entries.values()) {
      const name = entry.abbrev;
      if (Math.abs(name.length - lower.length) >= bestDistance) continue;
      const distance = editDistance(lower, name.toLowerCase(), bestDistance);
      if (distance < bestDistance || (distance === bestDistance && best !== undefined && name.length < best.length)) {
        bestDistance = distance;
        best = name;
      }
      if (distance === 0) return name;
    }
    return bestDistance <= limit ? best : undefined;
  }
}

/** Wireshark's host fields, and those of resolved names, are text: that of the address, since names are not resolved. */
function typeUnder(abbrev: string, def: FieldDef): FieldType {
  const isAddress = def.type === 'ipv4' || def.type === 'ipv6' || def.type === 'ether';
  if (abbrev !== def.abbrev && /([._]host|_resolved)$/.test(abbrev) && isAddress) return 'string';
  return def.type;
}

/** An alias has the words of its fields without what tells them apart. */
function aliasLabel(abbrev: string, def: FieldDef): string {
  if (abbrev === def.abbrev) return def.label;
  if (!/(Source|Sender|Destination|Target) /.test(def.label)) return def.label;
  return def.label.replace(/(Source|Sender|Destination|Target) (or (Source|Destination) )?/, 'Source or Destination ');
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; `limit` or more if they are further apart. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let last: number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] as number) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] as number;
}

/** True if filters and `-e` know the name: a field, an alias or a protocol. */
export function knownField(name: string): boolean {
  return fieldRegistry().get(name) !== undefined;
}

let shared: FieldRegistry | null = null;
let sharedSize = -1;

/** The registry of all protocols that have been declared (import `protocols/index.ts` first). */
export function fieldRegistry(): FieldRegistry {
  const protocols = allProtocols();
  if (shared === null || sharedSize !== protocols.length) {
    shared = new FieldRegistry(protocols);
    sharedSize = protocols.length;
  }
  return shared;
}
