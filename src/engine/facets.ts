/** What is in the capture, counted from the columns: protocols, trouble, ports, connections by outcome, status codes, hosts. */

import { addressText, connectionCount, outcomeOfStream } from '../connections/connections.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { type CompletionFacts, compileFilter, makeRowBits } from '../filter/index.ts';
import { Analysis } from '../flow/tcp-analysis.ts';
import type { Facet, FacetValue } from '../messages.ts';
import { httpPairs } from '../protocols/http-pairs.ts';
import { protocols } from '../protocols/index.ts';
import { CHUNK_MASK, CHUNK_ROWS, CHUNK_SHIFT, type Chunk, RowFlag } from '../table/packet-table.ts';
import { RowSet } from '../table/row-set.ts';
import type { Capture } from './capture.ts';
import { serviceName } from './services.ts';
import { Turns } from './turns.ts';
import type { View } from './view.ts';

/** Values shown per group at most. */
const MOST = 64;
const RST = 0x04;

const TROUBLE: readonly {
  readonly label: string;
  readonly tone: 'neutral' | 'warn' | 'bad';
  readonly filter: string;
  readonly bits: number;
}[] = [
  { label: 'Duplicate ACK', tone: 'neutral', filter: 'tcp.analysis.duplicate_ack', bits: Analysis.DuplicateAck },
  {
    label: 'Retransmission',
    tone: 'warn',
    filter: 'tcp.analysis.retransmission',
    bits: Analysis.Retransmission | Analysis.FastRetransmission | Analysis.SpuriousRetransmission,
  },
  { label: 'Reset', tone: 'bad', filter: 'tcp.flags.reset == 1', bits: 0 },
  { label: 'Zero window', tone: 'bad', filter: 'tcp.analysis.zero_window', bits: Analysis.ZeroWindow },
  { label: 'Gap before', tone: 'warn', filter: 'tcp.analysis.lost_segment', bits: Analysis.LostSegment },
  { label: 'Out of order', tone: 'warn', filter: 'tcp.analysis.out_of_order', bits: Analysis.OutOfOrder },
  { label: 'Window full', tone: 'warn', filter: 'tcp.analysis.window_full', bits: Analysis.WindowFull },
  { label: 'Ports reused', tone: 'neutral', filter: 'tcp.analysis.reused_ports', bits: Analysis.ReusedPorts },
];

/** Counts over a set of rows, all made in one pass. */
class Counts {
  readonly stacks: Uint32Array;
  readonly trouble = new Uint32Array(TROUBLE.length);
  /** Bits of `analysis` and resets, by stack-free counting. */
  readonly tcpPorts = new Uint32Array(65536);
  readonly udpPorts = new Uint32Array(65536);
  readonly hosts: Uint32Array;
  readonly streams: Uint8Array;
  rows = 0;
  broken = 0;
  /** The rows themselves; null: those of the whole capture. */
  readonly set: RowSet | null;

  constructor(capture: Capture, set: RowSet | null) {
    this.set = set;
    this.stacks = new Uint32Array(capture.stacks.size);
    this.hosts = new Uint32Array(capture.addresses.size);
    this.streams = new Uint8Array(connectionCount(capture));
  }

  add(chunk: Chunk, i: number): void {
    this.rows++;
    const flags = chunk.flags[i] as number;
    const stack = chunk.stack[i] as number;
    this.stacks[stack] = (this.stacks[stack] as number) + 1;
    if ((flags & RowFlag.Malformed) !== 0) this.broken++;
    const src = chunk.src[i] as number;
    const dst = chunk.dst[i] as number;
    if (src < this.hosts.length) this.hosts[src] = (this.hosts[src] as number) + 1;
    if (dst < this.hosts.length && dst !== src) this.hosts[dst] = (this.hosts[dst] as number) + 1;
    // The service's port: of two, the one that the conversation was opened to. Ephemeral ports would drown it.
    const fromClient = (flags & RowFlag.FromClient) !== 0;
    const port = fromClient ? (chunk.dstPort[i] as number) : (chunk.srcPort[i] as number);
    if ((flags & RowFlag.Tcp) !== 0) {
      this.tcpPorts[port] = (this.tcpPorts[port] as number) + 1;
      const stream = chunk.stream[i] as number;
      if (stream < this.streams.length) this.streams[stream] = 1;
      const analysis = chunk.analysis[i] as number;
      const reset = ((chunk.tcpFlags[i] as number) & RST) !== 0;
      if (analysis !== 0 || reset) {
        for (let k = 0; k < TROUBLE.length; k++) {
          const { bits } = TROUBLE[k] as (typeof TROUBLE)[number];
          if (bits === 0 ? reset : (analysis & bits) !== 0) this.trouble[k] = (this.trouble[k] as number) + 1;
        }
      }
    } else if ((flags & RowFlag.Udp) !== 0) {
      this.udpPorts[port] = (this.udpPorts[port] as number) + 1;
    }
  }
}

/** In this order. */
const GROUPS: readonly Facet['id'][] = ['protocols', 'trouble', 'ports', 'connections', 'statuses', 'hosts'];

/** Status codes have three digits; HTTP/2 may bring any other number. */
const CODES = 1000;

/** Rows counted between two looks at the clock. */
const COUNT_ROWS = 65_536;

export class Facets {
  readonly #capture: Capture;
  /** Totals of the whole capture, kept while it grows: only new rows are counted. */
  #all: Counts;
  #counted = 0;
  /** The groups of the whole capture as they were made last, and for how many packets. */
  #groups: { readonly rows: number; readonly facets: Facet[] } | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
    this.#all = new Counts(capture, null);
  }

  /** The groups for a view, counted in slices. */
  async of(view: View): Promise<Facet[]> {
    const turns = new Turns();
    await this.countOn(turns);
    const facets = this.totals();
    const all = this.#total();
    if (view.filter === null) return facets;
    const inView = view.matched === all.rows ? all : await this.#count(view.rows as RowSet, turns);
    const shown = this.#build(inView, all);
    // A group ignores its own condition: its counts are those of the filter without the terms it put there.
    const terms = view.filter.terms.map((term) => term.text);
    const own = new Map<string, Counts | null>();
    const out: Facet[] = [];
    for (const facet of shown) {
      const mine = new Set((facets.find((each) => each.id === facet.id) as Facet).values.map((value) => value.filter));
      const others = terms.filter((term) => !mine.has(bare(term)));
      const key = others.join('\n');
      if (others.length === terms.length) out.push(facet);
      else {
        const rows = own.has(key) ? own.get(key) : await this.#matching(others, turns);
        own.set(key, rows ?? null);
        out.push(rows == null ? facet : this.#group(facet.id, rows, all));
      }
    }
    return out;
  }

  /** The groups of the whole capture: every connection and exchange is looked at only if there are new packets. */
  totals(): Facet[] {
    const all = this.#total();
    if (this.#groups?.rows !== all.rows) this.#groups = { rows: all.rows, facets: this.#build(all, all) };
    return this.#groups.facets;
  }

  /** Packets with a protocol, by its name. */
  protocolCounts(): Map<string, number> {
    const all = this.#total();
    const { stacks } = this.#capture;
    const counts = new Map<string, number>([['frame', all.rows]]);
    for (let stack = 1; stack < stacks.size; stack++) {
      const packets = all.stacks[stack] ?? 0;
      if (packets === 0) continue;
      const names = new Set(stacks.path(stack).map((id) => (protocols[id] as Protocol).name));
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + packets);
    }
    return counts;
  }

  /** Counts for a filter made of some terms; null if the columns alone cannot tell. */
  async #matching(terms: readonly string[], turns: Turns): Promise<Counts | null> {
    if (terms.length === 0) return this.#total();
    const compiled = compileFilter(terms.map((term) => `(${term})`).join(' && '));
    if (!compiled.ok || compiled.filter.needsDissection) return null;
    const { packets } = this.#capture;
    const set = new RowSet();
    const counts = new Counts(this.#capture, set);
    for (let from = 0; from < packets.length; from += CHUNK_ROWS) {
      const to = Math.min(packets.length, from + CHUNK_ROWS);
      const bits = makeRowBits(from, to);
      compiled.filter.scan(this.#capture, from, to, bits);
      const chunk = packets.chunkOf(from);
      for (let word = 0; word < bits.maybe.length; word++) {
        let left = bits.maybe[word] as number;
        if (left !== bits.yes[word]) return null;
        set.add(from / 32 + word, left);
        for (; left !== 0; left &= left - 1) counts.add(chunk, 32 * word + (31 - Math.clz32(left & -left)));
      }
      if (turns.due) await turns.pause();
    }
    return counts;
  }

  async #count(rows: RowSet, turns: Turns): Promise<Counts> {
    const counts = new Counts(this.#capture, rows);
    const { packets } = this.#capture;
    const end = packets.length;
    for (let from = 0; from < end; from += CHUNK_ROWS) {
      const add = (row: number): void => {
        counts.add(packets.chunkOf(row), row & CHUNK_MASK);
      };
      rows.forEach(add, from, Math.min(end, from + CHUNK_ROWS));
      if (turns.due) await turns.pause();
    }
    return counts;
  }

  /** Counts what is new, in slices, so that who asks afterwards finds it done. */
  async countOn(turns: Turns): Promise<void> {
    const { packets } = this.#capture;
    while (this.#counted + COUNT_ROWS < packets.length) {
      this.#total(this.#counted + COUNT_ROWS);
      if (turns.due) await turns.pause();
    }
  }

  /** Totals of the rows before `end`, at least; of all there are, if nothing is said. */
  #total(end = this.#capture.packets.length): Counts {
    const { packets } = this.#capture;
    let all = this.#all;
    const before = all;
    if (
      all.stacks.length !== this.#capture.stacks.size ||
      all.hosts.length !== this.#capture.addresses.size ||
      all.streams.length !== connectionCount(this.#capture)
    ) {
      all = new Counts(this.#capture, null);
      all.stacks.set(before.stacks);
      all.hosts.set(before.hosts);
      all.streams.set(before.streams);
      all.trouble.set(before.trouble);
      all.tcpPorts.set(before.tcpPorts);
      all.udpPorts.set(before.udpPorts);
      all.rows = before.rows;
      all.broken = before.broken;
      this.#all = all;
    }
    for (let row = this.#counted; row < end; row++) all.add(packets.chunks[row >>> CHUNK_SHIFT] as Chunk, row & CHUNK_MASK);
    this.#counted = Math.max(this.#counted, end);
    return all;
  }

  #build(counts: Counts, all: Counts): Facet[] {
    return GROUPS.map((id) => this.#group(id, counts, all));
  }

  #group(id: Facet['id'], counts: Counts, all: Counts): Facet {
    switch (id) {
      case 'protocols':
        return { id, title: 'Protocols', unit: 'packets', values: this.#protocols(counts, all) };
      case 'trouble':
        return { id, title: 'Trouble', unit: 'packets', values: trouble(counts, all) };
      case 'ports':
        return { id, title: 'Ports', unit: 'packets', values: ports(counts, all) };
      case 'connections':
        return { id, title: 'TCP connections', unit: 'connections', values: this.#outcomes(counts, all) };
      case 'statuses':
        return { id, title: 'Status codes', unit: 'packets', values: this.#statuses(counts) };
      case 'hosts':
        return { id, title: 'Hosts', unit: 'packets', values: this.#hosts(counts, all) };
    }
  }

  /** Protocols from the transport up, and whatever stands on top of some packet: the rest is in every packet. */
  #protocols(counts: Counts, all: Counts): FacetValue[] {
    const { stacks } = this.#capture;
    const now = new Map<Protocol, number>();
    const total = new Map<Protocol, number>();
    const interesting = new Set<Protocol>();
    for (let stack = 1; stack < stacks.size; stack++) {
      if ((all.stacks[stack] ?? 0) === 0) continue;
      const seen = new Set<Protocol>();
      for (const id of stacks.path(stack)) seen.add(protocols[id] as Protocol);
      for (const protocol of seen) {
        if (protocol.hue === 'tra' || protocol.hue === 'app') interesting.add(protocol);
        now.set(protocol, (now.get(protocol) ?? 0) + (counts.stacks[stack] ?? 0));
        total.set(protocol, (total.get(protocol) ?? 0) + (all.stacks[stack] as number));
      }
      const top = protocols[stacks.top(stack)] as Protocol;
      if (top.name !== 'data') interesting.add(top);
    }
    // One name, one row: some protocols have a second declaration for heuristics.
    const values = new Map<string, FacetValue>();
    for (const protocol of interesting) {
      const before = values.get(protocol.name);
      values.set(protocol.name, {
        label: protocol.short,
        hue: protocol.hue,
        filter: protocol.name,
        count: (before?.count ?? 0) + (now.get(protocol) ?? 0),
        total: (before?.total ?? 0) + (total.get(protocol) ?? 0),
      });
    }
    return sorted([...values.values()]);
  }

  #outcomes(counts: Counts, all: Counts): FacetValue[] {
    const groups = new Map<string, { tone: FacetValue['tone']; count: number; streams: number[] }>();
    for (let stream = 0; stream < all.streams.length; stream++) {
      const { outcome, tone } = outcomeOfStream(this.#capture, stream);
      let group = groups.get(outcome);
      if (group === undefined) {
        group = { tone, count: 0, streams: [] };
        groups.set(outcome, group);
      }
      group.streams.push(stream);
      if (counts.streams[stream] === 1) group.count++;
    }
    return sorted(
      [...groups].map(([label, group]) => ({
        label,
        ...(group.tone === undefined ? {} : { tone: group.tone }),
        filter: streamSet(group.streams),
        count: group.count,
        total: group.streams.length,
      })),
    );
  }

  /** Responses that end in one of the rows: there the filter finds their code. */
  #statuses({ set }: Counts): FacetValue[] {
    const pairs = this.#capture.state(httpPairs);
    const { status: codes, responseRow: ends, length } = pairs;
    const nows = new Uint32Array(CODES);
    const totals = new Uint32Array(CODES);
    const now = new Map<number, number>();
    const total = new Map<number, number>();
    // There may be millions: a map for each would take the longest of all that is counted.
    for (let k = 0; k < length; k++) {
      const status = codes[k] as number;
      const inView = set === null || set.has(ends[k] as number) ? 1 : 0;
      if (status < CODES) {
        totals[status] = (totals[status] as number) + 1;
        nows[status] = (nows[status] as number) + inView;
      } else {
        total.set(status, (total.get(status) ?? 0) + 1);
        if (inView === 1) now.set(status, (now.get(status) ?? 0) + 1);
      }
    }
    for (let status = 1; status < CODES; status++) {
      if (totals[status] === 0) continue;
      total.set(status, totals[status] as number);
      now.set(status, nows[status] as number);
    }
    return sorted(
      [...total].map(([status, n]) => ({
        label: String(status),
        tone: status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'neutral' : 'good',
        filter: `http.response.code == ${status}`,
        count: now.get(status) ?? 0,
        total: n,
      })),
    );
  }

  #hosts(counts: Counts, all: Counts): FacetValue[] {
    const ids = top(all.hosts, MOST);
    return sorted(
      ids.map((id) => {
        const text = addressText(this.#capture, id);
        return {
          label: text,
          filter: `${this.#capture.addresses.family(id) === 4 ? 'ip' : 'ipv6'}.addr == ${text}`,
          count: counts.hosts[id] ?? 0,
          total: all.hosts[id] as number,
        };
      }),
    );
  }
}

function trouble(counts: Counts, all: Counts): FacetValue[] {
  const values: FacetValue[] = TROUBLE.map(({ label, tone, filter }, k) => ({
    label,
    tone,
    filter,
    count: counts.trouble[k] as number,
    total: all.trouble[k] as number,
  }));
  values.push({ label: 'Malformed', tone: 'bad', filter: '_ws.malformed', count: counts.broken, total: all.broken });
  return values.filter((value) => value.total > 0);
}

function ports(counts: Counts, all: Counts): FacetValue[] {
  const sum = new Uint32Array(65536);
  for (let port = 0; port < 65536; port++) sum[port] = (all.tcpPorts[port] as number) + (all.udpPorts[port] as number);
  return sorted(
    top(sum, MOST).map((port) => {
      const tcp = all.tcpPorts[port] !== 0;
      const udp = all.udpPorts[port] !== 0;
      const name = serviceName(port, tcp ? 'tcp' : 'udp');
      return {
        label: String(port),
        ...(name === undefined ? {} : { note: name }),
        filter: tcp && udp ? `(tcp.port == ${port} || udp.port == ${port})` : `${tcp ? 'tcp' : 'udp'}.port == ${port}`,
        count: (counts.tcpPorts[port] as number) + (counts.udpPorts[port] as number),
        total: sum[port] as number,
      };
    }),
  );
}

/** Indexes of the `most` largest values that are not zero, largest first. */
function top(values: Uint32Array, most: number): number[] {
  const best: number[] = [];
  let least = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value <= least) continue;
    best.push(i);
    if (best.length >= 4 * most) {
      best.sort((a, b) => (values[b] as number) - (values[a] as number));
      best.length = most;
      least = values[best[most - 1] as number] as number;
    }
  }
  return best.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b).slice(0, most);
}

function sorted(values: FacetValue[]): FacetValue[] {
  return values.sort((a, b) => b.total - a.total || (a.label < b.label ? -1 : 1)).slice(0, MOST);
}

/** Bounds of the filter language that a set must keep to. */
const SET_MEMBERS = 1900;
const SET_TEXT = 9000;

/** The streams as a filter term: `tcp.stream in {0, 4..7}`; '' if there are more than a filter can hold. */
export function streamSet(streams: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < streams.length; ) {
    let j = i;
    while (j + 1 < streams.length && streams[j + 1] === (streams[j] as number) + 1) j++;
    parts.push(i === j ? String(streams[i]) : `${streams[i]}..${streams[j]}`);
    i = j + 1;
  }
  if (streams.length === 1) return `tcp.stream == ${streams[0]}`;
  const text = `tcp.stream in {${parts.join(', ')}}`;
  return parts.length > SET_MEMBERS || text.length > SET_TEXT ? '' : text;
}

/** A term without the negation and parentheses that an exclusion puts around it. */
function bare(term: string): string {
  let text = term.trim();
  if (text.startsWith('!(') && text.endsWith(')')) text = text.slice(2, -1).trim();
  return text;
}

/** Fields whose values the facets know, with the group they stand in. */
const VALUES_OF: Readonly<Record<string, Facet['id']>> = {
  'tcp.port': 'ports',
  'tcp.dstport': 'ports',
  'tcp.srcport': 'ports',
  'udp.port': 'ports',
  'udp.dstport': 'ports',
  'udp.srcport': 'ports',
  'ip.addr': 'hosts',
  'ip.src': 'hosts',
  'ip.dst': 'hosts',
  'ipv6.addr': 'hosts',
  'ipv6.src': 'hosts',
  'ipv6.dst': 'hosts',
  'http.response.code': 'statuses',
};

/** What completion asks: packets that have a protocol (a field: its protocol), and the values seen. */
export function completionFacts(facets: Facets): CompletionFacts {
  let protocolCounts: Map<string, number> | null = null;
  return {
    countOf: (abbrev) => {
      protocolCounts ??= facets.protocolCounts();
      for (let name = abbrev; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
        const count = protocolCounts.get(name);
        if (count !== undefined) return count;
      }
      return null;
    },
    valuesOf: (abbrev) => {
      const id = Object.hasOwn(VALUES_OF, abbrev) ? VALUES_OF[abbrev] : undefined;
      const family = abbrev.startsWith('ipv6.')
        ? 'ipv6.'
        : abbrev.startsWith('ip.')
          ? 'ip.'
          : abbrev.startsWith('tcp.')
            ? 'tcp'
            : abbrev.startsWith('udp.')
              ? 'udp'
              : '';
      return (id === undefined ? [] : (facets.totals().find((group) => group.id === id)?.values ?? []))
        .filter((value) => value.filter.includes(family))
        .map((value) => ({ text: value.label, count: value.total }));
    },
  };
}
