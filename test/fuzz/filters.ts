/** Display filters made by the grammar and against it: of all fields and protocols, with operands of wrong kinds, deep, long, hard to match. */

import type { Capture } from '../../src/engine/capture.ts';
import { completionFacts, Facets } from '../../src/engine/facets.ts';
import { RowFilter } from '../../src/engine/row-filter.ts';
import { checkFilter, compileFilter, complete, fieldRegistry } from '../../src/filter/index.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import type { Random } from './random.ts';

const REGISTRY = fieldRegistry();
const NAMES: readonly string[] = REGISTRY.sorted().map((entry) => entry.abbrev);
/** What nearly every packet has. */
const COMMON = [
  ...['frame', 'frame.len', 'frame.number', 'frame.time', 'frame.time_delta', 'frame.protocols', 'eth', 'eth.addr', 'eth.src', 'eth.type'],
  ...['ip', 'ip.addr', 'ip.src', 'ip.dst', 'ip.ttl', 'ip.flags', 'ipv6.addr', 'tcp', 'tcp.port', 'tcp.seq', 'tcp.flags.syn', 'tcp.payload'],
  ...[
    'tcp.stream',
    'tcp.analysis.flags',
    'udp',
    'udp.port',
    'udp.length',
    'udp.payload',
    'data',
    'data.data',
    '_ws.malformed',
    'dns.qry.name',
  ],
  ...['http.host', 'http.request.uri', 'http.response.code', 'tls.handshake.type', 'tls', '_ws.expert.severity', 'arp.opcode', 'icmp.type'],
];
const COMPARISONS = [
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  '~=',
  'eq',
  'ne',
  'any_eq',
  'all_ne',
  'lt',
  'ge',
  'contains',
  'matches',
  '~',
  '&',
  '=',
  '<>',
];
const JOINS = ['&&', '||', 'and', 'or', 'xor', '^^', '&', ','];
const FUNCTIONS = ['len', 'count', 'upper', 'lower', 'string', 'max', 'min', 'abs', 'Len', 'nothing'];
const ODD = [
  '',
  ' ',
  '\0',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '..',
  '#',
  '$',
  '@',
  '%',
  '\ud800',
  '😀',
  '\n',
  '//',
  '-',
  '!',
  'not',
  'in',
  'any',
  'all',
];
const EXPRESSIONS = [
  '(a+)+$',
  '(a|a)*b',
  '(a|aa)+$',
  '(.*)*x',
  '^(.|\\\\s)*$',
  '[^a]*[^b]*c',
  'a{1,50}b{2,}',
  '\\\\b.\\\\b',
  '(?i)HTTP',
  '(?s).*',
  '[',
  '(',
  '*',
  'a{9999}',
  '(?<a>b)',
  '\\\\1',
  '\\\\xff',
  '[[:alpha:]]+',
  '((a{0,30}){0,30}){0,30}',
  '.{1000}',
];

/** What may be compared with values of each kind. */
const ORDERED = ['<', '<=', '>', '>='];
const FITTING: Readonly<Partial<Record<string, { readonly operators: readonly string[]; readonly literals: readonly string[] }>>> = {
  int: { operators: [...ORDERED, '&'], literals: ['0', '1', '6', '17', '53', '80', '443', '65535', '0xff', '-1', '4294967295'] },
  bool: { operators: [], literals: ['0', '1', 'true', 'False'] },
  float: { operators: ORDERED, literals: ['0', '1.5', '-1', '1e9'] },
  string: { operators: [...ORDERED, 'contains', 'matches'], literals: ['"a"', '"com"', '"GET"', '""', '"^[a-z.]+$"', '"(a|b)*"'] },
  bytes: { operators: [...ORDERED, 'contains'], literals: ['00:01', 'ff:ff:ff:ff:ff:ff', '47:45:54', '02:00:00:00:00:a0'] },
  ipv4: { operators: ORDERED, literals: ['10.0.0.1', '10.0.0.0/8', '255.255.255.255', '0.0.0.0/0'] },
  ipv6: { operators: ORDERED, literals: ['::1', '2001:db8::/32', 'fe80::1', '::/0'] },
  time: { operators: ORDERED, literals: ['"2020-01-01"', '"2023-11-14T22:13:20Z"'] },
};

class Maker {
  readonly #random: Random;
  /** Names and literals that may still be made: a filter ends. */
  #left: number;

  constructor(random: Random) {
    this.#random = random;
    this.#left = 1 + random.below(random.below(10) === 0 ? 400 : 30);
  }

  /** True in one of so many cases. */
  #once(of: number): boolean {
    return this.#random.below(of) === 0;
  }

  test(depth = 0): string {
    const random = this.#random;
    if (depth > 150 || this.#left <= 0) return this.#name();
    if (!this.#once(4)) return this.#right(depth);
    switch (random.below(12)) {
      case 0:
        return `${random.pick(['!', 'not ', '! ', 'NOT '])}${this.test(depth + 1)}`;
      case 1:
      case 2:
        return `(${this.test(depth + 1)})`;
      case 3:
      case 4:
      case 5:
        return `${this.test(depth + 1)} ${random.pick(JOINS)} ${this.test(depth + 1)}`;
      case 6:
        return this.#value(depth + 1);
      case 7:
        return `${this.#value(depth + 1)} ${random.pick(['in', 'not in', 'IN'])} {${Array.from({ length: random.below(random.below(20) === 0 ? 300 : 5) }, () => (this.#once(3) ? `${this.#literal()}..${this.#literal()}` : this.#literal())).join(random.pick([', ', ' ', ',', ',,']))}}`;
      default:
        return `${random.pick(['', '', '', '', 'any ', 'all '])}${this.#value(depth + 1)} ${random.pick(COMPARISONS)} ${this.#value(depth + 1)}`;
    }
  }

  /** One that is mostly right. */
  #right(depth: number): string {
    const random = this.#random;
    switch (random.below(6)) {
      case 0:
        return `!(${this.#right(depth + 1)})`;
      case 1:
        return `${this.test(depth + 1)} ${random.pick(['&&', '||', 'and', 'or', '^^'])} ${this.#right(depth + 1)}`;
      case 2:
        return this.#known();
      default: {
        const name = this.#known();
        const fits = FITTING[REGISTRY.get(name)?.category ?? 'none'];
        if (fits === undefined) return name;
        const operators = ['==', '!=', '===', '!==', ...fits.operators];
        if (this.#once(6)) return `${name} in {${random.pick(fits.literals)}, ${random.pick(fits.literals)}}`;
        if (this.#once(8)) return `${name}${this.#once(2) ? '#1' : ''} ${random.pick(operators)} ${name}`;
        if (this.#once(8)) return `count(${name}) ${random.pick(['==', '<', '>='])} ${random.below(4)}`;
        return `${random.pick(['', '', 'any ', 'all '])}${name} ${random.pick(operators)} ${random.pick(fits.literals)}`;
      }
    }
  }

  #known(): string {
    this.#left--;
    return this.#random.pick(this.#once(3) ? NAMES : COMMON);
  }

  #value(depth: number): string {
    const random = this.#random;
    if (depth > 150 || this.#left <= 0) return this.#literal();
    switch (random.below(14)) {
      case 0:
        return `${random.pick(FUNCTIONS)}(${Array.from({ length: random.below(4) }, () => this.#value(depth + 1)).join(', ')})`;
      case 1:
        return `${this.#value(depth + 1)} ${random.pick(['+', '-', '*', '/', '%', '&'])} ${this.#value(depth + 1)}`;
      case 2:
        return `{${this.#value(depth + 1)}}`;
      case 3:
        return `-${this.#value(depth + 1)}`;
      case 4:
        return `${this.#value(depth + 1)}[${random.pick(['0', '-1', '0:4', '1-2', ':3', '2:', '0:1,3', '-2:2', '99999999999', '4:-1', ''])}]`;
      case 5:
        return `${this.#name()}#${random.pick(['1', '-1', '2-3', '0', '99999999999', '1,2'])}`;
      case 6:
      case 7:
      case 8:
      case 9:
        return this.#name();
      default:
        return this.#literal();
    }
  }

  #name(): string {
    this.#left--;
    const name = this.#random.pick(this.#once(3) ? NAMES : COMMON);
    return this.#once(30) ? name.slice(0, -1) : name;
  }

  #literal(): string {
    const random = this.#random;
    this.#left--;
    switch (random.below(16)) {
      case 0:
        return `"${random.pick(EXPRESSIONS)}"`;
      case 1:
        return `"${'(a*)*|[b-z]+'.repeat(random.below(this.#once(10) ? 300 : 4))}"`;
      case 2:
        return `r"${random.pick(EXPRESSIONS)}"`;
      case 3:
        return random.pick([
          '10.0.0.1',
          '10.0.0.0/8',
          '1.2.3',
          '1.2.3.4/99',
          '255.255.255.255',
          '::1',
          'fe80::/10',
          '2001:db8::1',
          ':::',
          '::1/129',
        ]);
      case 4:
        return random.pick(['00:11:22:33:44:55', '0:1', 'aa-bb', 'ff.ff', ':', '00:', 'deadbeef', '1.2.840.113549']);
      case 5:
        return random.pick([
          '9'.repeat(1 + random.below(400)),
          '0x'.concat('f'.repeat(1 + random.below(40))),
          '1e999',
          '-0',
          '0b102',
          '09',
          '1.5.5',
          '.5',
          '5.',
        ]);
      case 6:
        return random.pick([
          '"2020-01-01"',
          '"2020-13-45 99:99"',
          '"Jan  1, 1970 00:00:00"',
          '"1e9"',
          '"-1.000000000000000000001"',
          '"NaN"',
          '"Infinity"',
        ]);
      case 7:
        return `"${'x'.repeat(random.below(this.#once(20) ? 9000 : 20))}"`;
      case 8:
        return random.pick(["'a'", "'\\n'", "'\\x41'", "'ab'", "''", 'true', 'TRUE', 'False', '"\\400"', '"\\xzz"', '"\\u0041"']);
      case 9:
        return random.pick(ODD);
      default:
        return String(random.pick([0, 1, -1, 2, 6, 17, 53, 80, 443, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, random.next()]));
    }
  }
}

/** A filter, mostly one that the grammar allows; some are cut or have something odd in them. */
export function randomFilter(random: Random): string {
  const text = new Maker(random).test();
  const at = random.below(text.length + 1);
  if (random.below(12) === 0) return text.slice(0, at);
  if (random.below(12) === 0) return text.slice(0, at) + random.pick(ODD) + text.slice(at);
  return text;
}

/** Rows that one filter is asked of. */
const ROWS = 12;
/** Milliseconds of work for one filter: to compile and to complete it; of one row. */
const MOST = 1000;

function busy(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export interface FilterFindings {
  /** Filters that were right. */
  readonly accepted: number;
  readonly faults: readonly string[];
}

/** Asks `count` filters about rows of a capture: no exception, an error that says something of a place in the text, columns and dissection of one mind, no long work. */
export function checkFilters(capture: Capture, random: Random, count: number): FilterFindings {
  const facts = completionFacts(new Facets(capture));
  const faults: string[] = [];
  let accepted = 0;
  for (let k = 0; k < count && faults.length < 10; k++) {
    const text = randomFilter(random);
    const fault = (what: string) => faults.push(`${what}: ${JSON.stringify(text.length > 2000 ? `${text.slice(0, 2000)}…` : text)}`);
    const begun = busy();
    try {
      const compiled = compileFilter(text);
      checkFilter(text);
      complete(text, random.below(text.length + 1), facts);
      if (!compiled.ok) {
        const { start, end, message } = compiled.error;
        if (!(start >= 0 && start <= end && end <= text.length)) fault(`an error at ${start} to ${end} of ${text.length}`);
        if (message.length < 8 || message.length > 500) fault(`an error that says ${JSON.stringify(message)}`);
        if (busy() - begun > MOST) fault(`took ${Math.round(busy() - begun)} ms to refuse`);
        continue;
      }
      accepted++;
      const { filter } = compiled;
      const rows = new RowFilter(capture, filter);
      for (let n = 0; n < ROWS; n++) {
        const row = random.below(capture.packets.length);
        const verdict = rows.columns(row);
        const d = dissectPacket(capture, row, false);
        const asked = busy();
        const matched = filter.matches(d);
        if (busy() - asked > MOST) fault(`row ${row}: took ${Math.round(busy() - asked)} ms`);
        if (verdict !== null && verdict !== matched) fault(`row ${row}: ${verdict} by the columns, ${matched} by dissection`);
      }
      if (busy() - begun > (ROWS + 1) * MOST) fault(`took ${Math.round(busy() - begun)} ms`);
    } catch (error) {
      fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  return { accepted, faults };
}
