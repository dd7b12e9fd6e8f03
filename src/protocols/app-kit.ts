/** What protocols over TCP and UDP have in common: a layer, a line for the list, and messages whose length stands in their header. */
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { type FieldDef, nameOf } from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT, SILENT, type StreamSide } from '../dissect/framer.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { defineProtocol, type Protocol, type ProtocolDef } from '../dissect/protocol.ts';
import type { Hue } from '../messages.ts';

interface App {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly osi?: string;
  readonly pdu?: string;
  readonly hue?: Hue;
  readonly fields: readonly FieldDef[];
  readonly accepts?: ProtocolDef['accepts'];
  readonly mayBegin?: ProtocolDef['mayBegin'];
  readonly goesOn?: ProtocolDef['goesOn'];
  readonly framer?: Framer;
  readonly sticky?: boolean;
  readonly startsStream?: boolean;
  readonly index?: (w: IndexWalk) => void;
  /** Adds the fields of `b` to `layer`; gives the info column's text ('' leaves the title). */
  readonly read: (layer: Layer, b: Buf, d: Dissection) => string;
}

/** Declares a protocol of the application layer. */
export function app(about: App): Protocol {
  const { read, ...rest } = about;
  const self: Protocol = defineProtocol({
    osi: '7',
    pdu: 'Message',
    hue: 'app',
    ...rest,
    dissect(d: Dissection, b: Buf): void {
      const layer = d.layer(self, b);
      d.column(self, about.title);
      const depth = d.layers.length;
      const info = read(layer, b, d);
      if (info === '') return;
      layer.summary = info;
      // What a layer above said stands.
      if (d.layers.length === depth) d.column(self, info);
    },
  });
  return self;
}

/** A second entry for a protocol, with its own acceptance: for ports of its own, or as a heuristic. Same layers and name. */
export function alias(of: Protocol, changes: Pick<ProtocolDef, 'accepts' | 'mayBegin' | 'goesOn' | 'sticky' | 'framer'>): Protocol {
  const { id: _, accepts: __, mayBegin: ___, ...rest } = of;
  return defineProtocol({ ...rest, fields: [], ...changes });
}

/** Sequence numbers go no further ahead than this. */
const MAX_LENGTH = 0x7fffffff;
const MAX_HEAD = 64;
const head = new Uint8Array(MAX_HEAD);

/** `total` gives this for a message that takes all there is, and must not be waited for. */
export const ALL = 0;

/**
 * A framer for messages that say their length in their first `header` bytes (at most 64). `total` is given these and returns the length
 * of the message, ALL, or REJECT; it must not keep `head`.
 */
export function lengthFramer(header: number, total: (head: Uint8Array, side: StreamSide) => number): Framer {
  return {
    feed(side, bytes, offset, end) {
      const carried = side.carryLength;
      const have = carried + end - offset;
      if (have < header) return NEED_MORE;
      for (let i = 0; i < header; i++) head[i] = (i < carried ? side.carry?.[i] : bytes[offset + i - carried]) as number;
      const length = total(head, side);
      if (length === REJECT) return REJECT;
      if (length > MAX_LENGTH) return SILENT;
      if (length === ALL || length < header) return end;
      if (length <= have) return Math.max(offset + 1, offset + length - carried);
      side.need = length - have;
      return NEED_MORE;
    },
  };
}

/** Names at index depth the layers inside bytes[offset, end), whole messages: pushes them in the order in which full depth calls them. */
export type Scan = (w: IndexWalk, bytes: Uint8Array, offset: number, end: number) => void;

/** Longer messages than this are not kept whole to be looked into. */
const MAX_KEPT = 1 << 16;

/** `framer`, whose messages are looked into. */
export function scanned(framer: Framer, scan: Scan): Framer {
  return {
    ...framer,
    feed(side, bytes, offset, end) {
      const next = framer.feed(side, bytes, offset, end);
      if (side.need > 0 && side.need < MAX_KEPT) side.keep = true;
      return next;
    },
    content: (_, w, bytes, offset, end) => scan(w, bytes, offset, end),
  };
}

/** Messages of one buffer that are looked at. */
export const MAX_EACH = 1000;

/** Runs `one` over the messages in `b`; it returns where its message ends. Stops when a message takes nothing. Gives the joined info. */
export function each(layer: Layer, b: Buf, one: (at: number, info: string[]) => number): string {
  const info: string[] = [];
  let at = b.offset;
  for (let n = 0; at < b.end && layer.ok && n < MAX_EACH; n++) {
    const next = one(at, info);
    if (next <= at) break;
    at = next;
  }
  return info.slice(0, 20).join(', ');
}

/** First line of [at, b.end), printable characters only, at most `limit`. */
export function firstLine(b: Buf, at: number, limit = 200): string {
  let text = '';
  for (let i = at; i < b.end && text.length < limit; i++) {
    const c = b.u8(i);
    if (c === 10 || c === 13) break;
    text += c >= 32 && c < 127 ? String.fromCharCode(c) : '.';
  }
  return text;
}

/** Where the next line begins. */
export function nextLine(b: Buf, at: number): number {
  const feed = b.indexOf(10, at);
  return feed < 0 ? b.end : feed + 1;
}

/** bytes[offset, end) begins with these characters. */
export function begins(bytes: Uint8Array, offset: number, end: number, text: string): boolean {
  if (end - offset < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A leading field of a message: where it stands. */
export interface Lead {
  readonly field: FieldDef;
  readonly offset: number;
  readonly little?: boolean;
}

interface Plain {
  readonly name: string;
  readonly short: string;
  readonly title: string;
  readonly leads?: readonly Lead[];
  /** Number of the lead that is the kind of message. */
  readonly kind?: number;
  /** The first line says it. */
  readonly line?: boolean;
  readonly accepts?: ProtocolDef['accepts'];
  readonly mayBegin?: ProtocolDef['mayBegin'];
  readonly framer?: Framer;
  readonly sticky?: boolean;
  readonly startsStream?: boolean;
}

/** Declares a protocol that is told apart and cut into messages, with the leading fields that say what kind of message it is. */
export function plain(about: Plain): Protocol {
  const { leads = [], kind, line, ...rest } = about;
  return app({
    ...rest,
    fields: leads.map((lead) => lead.field),
    read(layer: Layer, b: Buf, _d: Dissection): string {
      if (line === true) return firstLine(b, b.offset);
      let info = '';
      for (const [i, lead] of leads.entries()) {
        if (lead.offset >= b.length) break;
        const at = b.offset + lead.offset;
        const value = lead.little ? layer.uintLe(lead.field, at) : layer.uint(lead.field, at);
        if (i === kind) info = nameOf(lead.field, value) ?? `${lead.field.label} ${value}`;
      }
      return info;
    },
  });
}

/** Integers at an offset of bytes known to be there: for framers and `accepts`. */
export const be16 = (h: Uint8Array, o: number): number => ((h[o] as number) << 8) | (h[o + 1] as number);
export const be32 = (h: Uint8Array, o: number): number => be16(h, o) * 65536 + be16(h, o + 2);
export const le16 = (h: Uint8Array, o: number): number => (h[o] as number) | ((h[o + 1] as number) << 8);
export const le32 = (h: Uint8Array, o: number): number => le16(h, o) + le16(h, o + 2) * 65536;
/** Longer messages than this are not waited for. */
const MAX_MESSAGE = 16 * 1024 * 1024;
/** `length` as a framer may give it: ALL where nobody would wait for so many bytes. */
export const bounded = (length: number): number => (length > MAX_MESSAGE ? ALL : length);
