import type { ExchangeSummary } from '../../src/messages.ts';

/** Path and query of an exchange's URL; the target as it is where there is no scheme. */
export function pathOf({ url }: ExchangeSummary): string {
  if (url === null) return '–';
  const match = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/i.exec(url);
  return match === null ? url : match[1] === '' ? '/' : (match[1] as string);
}

/** How an exchange ended, as the shape before its status says it. */
export function toneOf({ status }: ExchangeSummary): 'good' | 'neutral' | 'warn' | 'bad' {
  if (status === null || status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return status >= 300 || status < 200 ? 'neutral' : 'good';
}

/** Distances of the marks of an axis: about `most` of them over `seconds`. */
export function tickOf(seconds: number, most: number): number {
  const least = seconds / Math.max(1, most);
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  for (const step of [1, 2, 5]) if (step * power >= least) return step * power;
  return 10 * power;
}

/** What a body can be shown as, the best first. */
export type BodyForm = 'parts' | 'tree' | 'form' | 'image' | 'text' | 'hex';

/** @param parts it has been taken apart as multipart */
export function bodyForms(contentType: string, cut: boolean, parts = false): readonly BodyForm[] {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (parts) return ['parts', 'text', 'hex'];
  if (/^application\/(.*\+)?json$/.test(type)) return cut ? ['text', 'hex'] : ['tree', 'text', 'hex'];
  if (type === 'application/x-www-form-urlencoded') return ['form', 'text', 'hex'];
  if (/^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/.test(type)) return cut ? ['hex'] : ['image', 'hex'];
  if (/^(text\/|application\/(.*\+)?(xml|javascript|ecmascript)\b|image\/svg)/.test(type)) return ['text', 'hex'];
  return ['hex', 'text'];
}

/** The body as text in its charset; UTF-8 where none is named or it is not known. */
export function textOf(bytes: Uint8Array, contentType: string): string {
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
