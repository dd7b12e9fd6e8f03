/**
 * What decrypted TLS records carry: the protocol of the connection, and its messages, which may span records, as TCP's may span segments.
 * Index depth decides and remembers, by record; full depth asks what was decided.
 */

import type { CaptureIndex } from '../dissect/capture-index.ts';
import { data } from '../dissect/data.ts';
import { CARRY_LIMIT, FramedSide, NEED_MORE, REJECT, SILENT } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { heuristics, tables } from '../dissect/tables.ts';
import { flows } from '../flow/tcp-flows.ts';

/** Protocols by their names in ALPN (RFC 7301). */
export const alpnProtocols = new Map<string, Protocol>();

/** Protocols that begin anew inside TLS when a connection has gone over to it. */
const STARTTLS: ReadonlySet<string> = new Set(['smtp', 'imap', 'pop', 'ftp', 'nntp', 'ldap', 'xmpp', 'pgsql', 'mysql']);

/**
 * What is inside TLS by the ports of a connection. On the port of a protocol that goes over to TLS (STARTTLS) it is that protocol, from its
 * beginning.
 */
export function protocolOfPorts(ports: readonly number[]): Protocol | undefined {
  return (
    ports.map((port) => (port === 0 ? undefined : tables.tlsPort.lookup(port))).find((app) => app !== undefined) ??
    ports.map((port) => tables.tcpPort.lookup(port)).find((app) => app !== undefined && STARTTLS.has(app.name))
  );
}

/** Longest message of known length that is kept whole for its framer. */
const KEPT_LIMIT = 64 * 1024;
/** Octets that unfinished messages of all connections may keep. */
const KEPT_TOTAL = 32 * 1024 * 1024;

/** What one record of application data does for the protocol inside. */
export interface Cut {
  /** Octets before the record that belong to the message which is put together here; -1: none is. */
  before: number;
  /** That message ends here in the record. Who takes it; null: nobody is shown. */
  joined: number;
  app: Protocol | null;
  /** From there up to here are messages that begin and end in the record. Who takes them. */
  whole: number;
  restApp: Protocol | null;
}

/** What all connections of a capture keep together. */
export interface Shared {
  kept: number;
}

class InnerSide extends FramedSide {
  /** Octets of the open message so far, -1 without one; and, where its length is known, those still to come. */
  open = -1;
  left = 0;
  /** The open message's octets, where the framer wants them whole. */
  kept: Uint8Array | null = null;
  keptLength = 0;
}

/** The inside of one connection. */
export class InnerStream {
  readonly #shared: Shared;
  readonly #sides: readonly [InnerSide, InnerSide];
  #app: Protocol | null = null;

  constructor(capture: CaptureIndex, stream: number, shared: Shared) {
    this.#shared = shared;
    this.#sides = [new InnerSide(capture, stream, true), new InnerSide(capture, stream, false)];
    this.#sides[0].pair(this.#sides[1]);
  }

  /** The protocol inside, as far as is known. */
  get app(): Protocol | null {
    return this.#app;
  }

  /** Octets of that direction are missing before what comes next. */
  lost(way: 0 | 1): void {
    const side = this.#sides[way];
    side.gap = true;
    if (side.open < 0) return;
    this.#close(side);
    side.need = 0;
    side.phase = 0;
    this.#app?.framer?.lost?.(side);
  }

  /** The contents of the next record of a direction. `alpn`: what the connection agreed on. */
  deliver(w: IndexWalk, way: 0 | 1, bytes: Uint8Array, alpn: string): Cut {
    const side = this.#sides[way];
    side.row = w.row;
    const app = this.#app ?? this.#choose(w, bytes, alpn);
    const cut: Cut = { before: -1, joined: 0, app, whole: 0, restApp: app };
    const { framer } = app;
    if (framer === undefined) {
      cut.whole = bytes.length;
      if (app.index === undefined) w.push(app);
      else w.nestIn(app, bytes);
      return cut;
    }
    if (side.open >= 0 && !this.#goOn(w, side, app, bytes, cut)) return cut;
    const at = cut.joined;
    cut.whole = at;
    if (at >= bytes.length) return cut;
    const stop = this.#cut(side, app, bytes, at);
    if (stop === SILENT || stop === REJECT) {
      cut.restApp = stop === SILENT ? null : data;
      cut.whole = bytes.length;
      if (stop === REJECT) w.push(data);
      return cut;
    }
    cut.whole = stop;
    if (stop > at) {
      show(w, side, app);
      framer.content?.(side, w, bytes, at, stop);
    }
    if (stop < bytes.length) {
      side.open = 0;
      this.#keep(side, app, bytes, stop);
    }
    return cut;
  }

  /** The direction was closed: what is unfinished may be complete by it. */
  close(w: IndexWalk, way: 0 | 1): Cut | null {
    const side = this.#sides[way];
    const app = this.#app;
    if (app === null || side.open < 0 || app.framer?.closes === undefined) return null;
    side.row = w.row;
    if (!app.framer.closes(side)) return null;
    const before = side.open;
    this.#close(side);
    app.framer.done?.(side);
    show(w, side, app);
    return { before, joined: 0, app, whole: 0, restApp: null };
  }

  #choose(w: IndexWalk, bytes: Uint8Array, alpn: string): Protocol {
    const table = tables.tlsPort;
    const server = w.capture.state(flows).serverPort[w.stream] ?? 0;
    const ports = [server, Math.min(w.srcPort, w.dstPort), Math.max(w.srcPort, w.dstPort)];
    const chosen = table.hasChosen ? ports.map((port) => table.chosen(port)).find((app) => app !== undefined) : undefined;
    const found =
      chosen ??
      alpnProtocols.get(alpn) ??
      heuristics.tls.all.find((app) => app.accepts?.(bytes, 0, bytes.length, bytes.length) === true) ??
      protocolOfPorts(ports);
    if (found === undefined) return data;
    this.#app = found;
    return found;
  }

  /** The open message goes on. True: it ends at `cut.joined`, and nobody has looked at what is behind it. */
  #goOn(w: IndexWalk, side: InnerSide, app: Protocol, bytes: Uint8Array, cut: Cut): boolean {
    const framer = app.framer as NonNullable<Protocol['framer']>;
    const length = bytes.length;
    const before = side.open;
    if (side.left > 0) {
      const taken = Math.min(side.left, length);
      side.left -= taken;
      side.open += taken;
      if (side.kept !== null) {
        side.kept.set(bytes.subarray(0, taken), side.keptLength);
        side.keptLength += taken;
      }
      if (side.left > 0) return false;
      const { kept } = side;
      this.#close(side);
      framer.done?.(side);
      show(w, side, app);
      if (kept !== null) framer.content?.(side, w, kept, 0, kept.length);
      cut.before = before;
      cut.joined = taken;
      return true;
    }
    side.need = 0;
    side.keep = false;
    const next = framer.feed(side, bytes, 0, length);
    if (next === NEED_MORE) {
      this.#keep(side, app, bytes, 0);
      return false;
    }
    const carried = framer.content === undefined || side.carry === null ? null : side.carry.slice(0, side.carryLength);
    this.#close(side);
    if (next <= 0 || next > length) {
      side.phase = 0;
      cut.app = next === SILENT ? null : data;
      cut.before = before;
      cut.joined = length;
      cut.whole = length;
      if (next !== SILENT) w.push(data);
      return false;
    }
    framer.done?.(side);
    // As much as the record has is joined, since nobody knew how much was missing.
    const stop = this.#cut(side, app, bytes, next);
    const end = stop < 0 ? length : stop;
    show(w, side, app);
    if (carried !== null) {
      const whole = new Uint8Array(carried.length + end);
      whole.set(carried);
      whole.set(bytes.subarray(0, end), carried.length);
      framer.content?.(side, w, whole, 0, whole.length);
    }
    cut.before = before;
    cut.joined = end;
    cut.whole = end;
    if (end < length) {
      side.open = 0;
      this.#keep(side, app, bytes, end);
    }
    return false;
  }

  /** Feeds whole messages; answers as the flow code's. */
  #cut(side: InnerSide, app: Protocol, bytes: Uint8Array, from: number): number {
    const framer = app.framer as NonNullable<Protocol['framer']>;
    let at = from;
    while (at < bytes.length) {
      side.need = 0;
      side.keep = false;
      const next = framer.feed(side, bytes, at, bytes.length);
      if (next === NEED_MORE) return at;
      this.#forget(side);
      if (next <= at || next > bytes.length) {
        side.phase = 0;
        return at > from ? bytes.length : next === SILENT ? SILENT : REJECT;
      }
      framer.done?.(side);
      at = next;
    }
    return at;
  }

  /** Notes bytes[from, …) of the open message, after feed() has asked for more. */
  #keep(side: InnerSide, app: Protocol, bytes: Uint8Array, from: number): void {
    const length = bytes.length - from;
    side.open += length;
    if (side.need > 0) {
      const total = side.carryLength + length + side.need;
      side.left = side.need;
      const wanted = side.keep && total <= KEPT_LIMIT && this.#shared.kept + total <= KEPT_TOTAL;
      const kept = wanted ? new Uint8Array(total) : null;
      if (kept !== null) {
        if (side.carry !== null) kept.set(side.carry.subarray(0, side.carryLength));
        kept.set(bytes.subarray(from), side.carryLength);
        side.keptLength = side.carryLength + length;
      }
      this.#forget(side);
      side.kept = kept;
      this.#shared.kept += kept?.length ?? 0;
      return;
    }
    if (app.framer?.incremental === true) return;
    const total = side.carryLength + length;
    const before = side.carry?.length ?? 0;
    if (total > CARRY_LIMIT || this.#shared.kept + total > KEPT_TOTAL) {
      this.#close(side);
      side.phase = 0;
      app.framer?.lost?.(side);
      return;
    }
    if (side.carry === null || before < total) {
      const wider = new Uint8Array(Math.max(512, 2 * total));
      if (side.carry !== null) wider.set(side.carry.subarray(0, side.carryLength));
      side.carry = wider;
      this.#shared.kept += wider.length - before;
    }
    side.carry.set(bytes.subarray(from), side.carryLength);
    side.carryLength = total;
  }

  #close(side: InnerSide): void {
    side.open = -1;
    side.left = 0;
    this.#forget(side);
  }

  #forget(side: InnerSide): void {
    this.#shared.kept -= (side.carry?.length ?? 0) + (side.kept?.length ?? 0);
    side.carry = null;
    side.carryLength = 0;
    side.kept = null;
    side.keptLength = 0;
  }
}

/** Puts the protocol of whole messages on the stack, and what they carry where its framer knows. */
function show(w: IndexWalk, side: InnerSide, app: Protocol): void {
  w.push(app);
  const inner = app.framer?.carries?.(side, w.row);
  if (inner !== undefined) w.push(inner);
}
