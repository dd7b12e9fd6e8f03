/** Megaco/H.248 (RFC 3525) in its text form: transactions, their contexts and commands, and the SDP in media descriptors. */
import { string, uint32 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { sdp } from './sdp.ts';
import { announceSdp } from './sdp-media.ts';

const f = {
  token: string('megaco.start_token', 'Start token'),
  version: string('megaco.version', 'Version'),
  sender: string('megaco.mId', 'MediagatewayID'),
  transaction: string('megaco.transaction', 'Transaction'),
  id: uint32('megaco.transid', 'Transaction ID'),
  context: uint32('megaco.context', 'Context'),
  command: string('megaco.command', 'Command'),
  termination: string('megaco.termid', 'Termination ID'),
};
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const MAX_PIECES = 2000;
const MAX_DEPTH = 64;
const MAX_MEDIA = 4096;

const latin1 = (bytes: Uint8Array, from: number, to: number): string => {
  let text = '';
  for (let i = from; i < to && i < from + MAX_MEDIA; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
};
/** A number of 32 bits. */
const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff;
const isSpace = (octet: number): boolean => octet === 32 || (octet >= 9 && octet <= 13);

/** bytes[from, to) is one of the words that open a media description: L, R, Local, Remote. */
function opensMedia(bytes: Uint8Array, from: number, to: number): boolean {
  const first = (bytes[from] as number) | 0x20;
  if (to - from === 1) return first === 0x6c || first === 0x72;
  const word = to - from === 5 ? 'local' : to - from === 6 ? 'remote' : '';
  if (word === '') return false;
  for (let i = 0; i < word.length; i++) if (((bytes[from + i] as number) | 0x20) !== word.charCodeAt(i)) return false;
  return true;
}

/**
 * Goes through the braces of a message. `opened` is given what stands before an opening brace and the number of braces around it; `media`
 * the description in a Local or Remote descriptor.
 */
function walk(
  bytes: Uint8Array,
  offset: number,
  end: number,
  media: (from: number, to: number) => void,
  opened?: (from: number, to: number, depth: number) => void,
): void {
  let depth = 0;
  let from = offset;
  let pieces = 0;
  for (let at = offset; at < end && pieces < MAX_PIECES; at++) {
    const octet = bytes[at] as number;
    if (octet === COMMA) {
      if (depth > 0) opened?.(from, at, depth);
      from = at + 1;
    } else if (octet === CLOSE) {
      if (depth > 0 && at > from) opened?.(from, at, depth);
      if (depth > 0) depth--;
      from = at + 1;
    } else if (octet === OPEN) {
      pieces++;
      while (from < at && isSpace(bytes[from] as number)) from++;
      let to = at;
      while (to > from && isSpace(bytes[to - 1] as number)) to--;
      if (depth > 2 && opensMedia(bytes, from, to)) {
        let stop = at + 1;
        while (stop < end && (bytes[stop] !== CLOSE || bytes[stop - 1] === BACKSLASH)) stop++;
        let begin = at + 1;
        while (begin < stop && isSpace(bytes[begin] as number)) begin++;
        if (begin < stop) media(begin, stop);
        at = stop;
        from = stop + 1;
        continue;
      }
      opened?.(from, to, depth);
      if (++depth > MAX_DEPTH) return;
      from = at + 1;
    }
  }
}

const KINDS: Readonly<Record<string, string>> = {
  T: 'Request',
  TRANSACTION: 'Request',
  P: 'Reply',
  REPLY: 'Reply',
  PN: 'Pending',
  PENDING: 'Pending',
  K: 'Acknowledgement',
  TRANSACTIONRESPONSEACK: 'Acknowledgement',
  ER: 'Error',
  ERROR: 'Error',
};
/** Contexts that are none with a number: their numbers in the binary form (annex A), and their names. */
const CONTEXTS: Readonly<Record<string, readonly [number: number, name: string]>> = {
  '-': [0, 'NULL'],
  '*': [0xffffffff, 'All'],
  $: [0xfffffffe, 'Choose one'],
};
const COMMANDS: Readonly<Record<string, string>> = {
  A: 'Add',
  MV: 'Move',
  MF: 'Modify',
  S: 'Subtract',
  AV: 'AuditValue',
  AC: 'AuditCapability',
  N: 'Notify',
  SC: 'ServiceChange',
};

export const megaco = app({
  name: 'megaco',
  short: 'MEGACO',
  title: 'MEGACO',
  fields: Object.values(f),
  accepts: (b, o) => b[o] === 0x21 || b[o] === 0x4d || isSpace(b[o] as number),
  index: (w) =>
    walk(w.bytes, w.offset, w.end, (from, to) => {
      w.push(sdp);
      if (!w.quoted) announceSdp(w, latin1(w.bytes, from, to));
    }),
  read(layer, b, d) {
    const head = /^\s*(!|MEGACO)\/(\d+)[ \t]*\s+(\S+)\s+/i.exec(b.text(b.offset, Math.min(b.length, 300)));
    if (head !== null) {
      const slash = b.offset + head[0].indexOf('/');
      const [, token = '', version = '', sender = ''] = head;
      layer.string(f.token, slash - token.length, token.length);
      layer.add(f.version, slash + 1, version.length, version);
      layer.add(f.sender, b.offset + head[0].lastIndexOf(sender), sender.length, sender);
    }
    const info: string[] = [];
    walk(
      b.bytes,
      b.offset,
      b.end,
      (from, to) => d.call(sdp, b.from(from, to)),
      (from, to, depth) => {
        if (depth > 2 || d.full) return;
        // Before the first transaction stands the head.
        const [left = '', right = ''] = b
          .text(from, Math.min(to - from, 200))
          .trim()
          .replace(/^.*\s(\S+\s*=)/s, '$1')
          .split(/\s*=\s*/);
        if (depth === 0) {
          const kind = KINDS[left.toUpperCase()] ?? left;
          layer.add(f.transaction, from, to - from, kind);
          if (isNumber(right)) layer.add(f.id, from, to - from, Number(right));
          info.push(`${right} ${kind}`);
        } else if (depth === 1 && /^(C|Context)$/i.test(left)) {
          const named = CONTEXTS[right];
          if (named !== undefined) layer.add(f.context, from, to - from, named[0], { display: named[1] });
          else if (isNumber(right)) layer.add(f.context, from, to - from, Number(right));
        } else if (depth === 2 && right !== '') {
          // A command may be optional (O-) and its answer one for all (W-).
          const short = left.toUpperCase().replace(/^(O-)?(W-)?/, '');
          const command = COMMANDS[short] ?? left;
          layer.add(f.command, from, to - from, command).add(f.termination, from, to - from, right);
          info.push(`${command}=${right}`);
        }
      },
    );
    return info.slice(0, 12).join(' ');
  },
});
