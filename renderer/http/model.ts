import type { ExchangeSummary } from '../../src/messages.ts';
import { words } from './words.ts';

/** Path and query of an exchange's URL; the target as it is where there is no scheme. */
export function pathOf({ url }: ExchangeSummary): string {
  if (url === null) return '–';
  const match = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/i.exec(url);
  return match === null ? url : match[1] === '' ? '/' : (match[1] as string);
}

/** How an exchange ended, as the shape before its status says it. */
export function toneOf({ status, partial }: Pick<ExchangeSummary, 'status' | 'partial'>): 'good' | 'neutral' | 'warn' | 'bad' {
  if (status === null || status >= 500) return 'bad';
  // Well said, but not to its end.
  if (status >= 400 || partial) return 'warn';
  return status >= 300 || status < 200 ? 'neutral' : 'good';
}

/** What a status says; nothing of one that says "done" of a response that is not whole. */
export function meaningOf({ status, partial }: Pick<ExchangeSummary, 'status' | 'partial'>): string | undefined {
  return status === null || (partial && status >= 200 && status < 300) ? undefined : words.statusMeaning[status];
}

/** Distances of the marks of an axis: about `most` of them over `seconds`. */
export function tickOf(seconds: number, most: number): number {
  const least = seconds / Math.max(1, most);
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  for (const step of [1, 2, 5]) if (step * power >= least) return step * power;
  return 10 * power;
}

/** Room for the label of a tick, and for each of its characters, px. */
const TICK_ROOM = 12;
const TICK_CHARACTER = 7;

/** Ticks for an axis of so many seconds and pixels, as many as their labels have room for, 6 steps at most; seconds from its beginning. */
export function axisTicks(seconds: number, width: number): readonly { readonly at: number; readonly label: string }[] {
  for (let most = 6; ; most--) {
    const step = tickOf(seconds, most);
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    const ticks = Array.from({ length: Math.min(20, Math.floor(seconds / step + 1e-9) + 1) }, (_, k) => ({
      at: k * step,
      label: `${(k * step).toFixed(digits)} s`,
    }));
    const longest = ticks.at(-1)?.label.length ?? 0;
    if (most === 1 || (step / seconds) * width >= TICK_ROOM + TICK_CHARACTER * longest) return ticks;
  }
}

/** What a body can be shown as, the best first. */
export type BodyForm = 'parts' | 'tree' | 'form' | 'image' | 'text' | 'hex';

interface BodyKnown {
  /** It goes on behind what is here. */
  readonly cut: boolean;
  /** It has been taken apart as multipart. */
  readonly parts?: boolean;
  /** Its first octets, which tell where no type is given. */
  readonly bytes?: Uint8Array;
}

export function bodyForms(contentType: string, { cut, parts = false, bytes }: BodyKnown): readonly BodyForm[] {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (parts) return ['parts', 'text', 'hex'];
  if (/^application\/(.*\+)?json$/.test(type)) return cut ? ['text', 'hex'] : ['tree', 'text', 'hex'];
  if (type === 'application/x-www-form-urlencoded') return ['form', 'text', 'hex'];
  if (/^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/.test(type)) return cut ? ['hex'] : ['image', 'hex'];
  if (/^(text\/|application\/(.*\+)?(xml|javascript|ecmascript)\b|image\/svg)/.test(type)) return ['text', 'hex'];
  return type === '' && bytes !== undefined && readsAsText(bytes) ? ['text', 'hex'] : ['hex', 'text'];
}

/** Octets that are looked at to tell text from other data, and for the charset that a page names in itself. */
const SNIFFED = 1024;

/** UTF-8 without controls. */
function readsAsText(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, SNIFFED), { stream: true });
  return text !== '' && !/[\u0000-\u0008\u000b\u000e-\u001f\u007f\ufffd]/.test(text);
}

/** The body as text in its charset; UTF-8 where none is named or it is not known. */
export function textOf(bytes: Uint8Array, contentType: string): string {
  for (const charset of [markedCharset(bytes), namedCharset(contentType), writtenCharset(bytes, contentType)]) {
    if (charset === null) continue;
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // Not a name that is known.
    }
  }
  return new TextDecoder().decode(bytes);
}

/** By a byte order mark, which overrules every name (WHATWG Encoding, section 6: decode). */
function markedCharset(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  return a === 0xfe && b === 0xff ? 'utf-16be' : a === 0xff && b === 0xfe ? 'utf-16le' : null;
}

const namedCharset = (contentType: string): string | null => /charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1] ?? null;

/** As HTML and XML name it in themselves, which they can in charsets only that have ASCII in them. */
function writtenCharset(bytes: Uint8Array, contentType: string): string | null {
  if (!/^\s*(text\/html|text\/css|.*[/+]xml)\b/i.test(contentType)) return null;
  const start = String.fromCharCode(...bytes.subarray(0, SNIFFED));
  const name =
    /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)/.exec(start)?.[1] ??
    /^@charset "([\w.:-]+)";/.exec(start)?.[1] ??
    /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(start)?.[1] ??
    null;
  // Who reads the name there does not read UTF-16 (WHATWG HTML, prescan).
  return name !== null && /^utf-16/i.test(name) ? null : name;
}
