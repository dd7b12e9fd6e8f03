import type { ExchangeSummary, Transport } from '../../src/messages.ts';
import { pathOf } from './model.ts';

/** Hands parts of a file to the browser's (or Electron's) own saving. */
export function download(parts: readonly BlobPart[], type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** All of a body, page by page; null if the engine cannot give it. */
export async function bodyPages(
  transport: Transport,
  exchange: number,
  side: 'request' | 'response',
): Promise<Uint8Array<ArrayBuffer>[] | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; ; ) {
    const answer = await transport.engine('exchangeBody', { exchange, side, from });
    if (!answer.ok) return null;
    const { bytes, total } = answer.value;
    parts.push(new Uint8Array(bytes));
    from += bytes.length;
    if (bytes.length === 0 || from >= total) return parts;
  }
}

const ENDINGS: Readonly<Record<string, string>> = {
  'application/json': '.json',
  'text/html': '.html',
  'text/css': '.css',
  'text/plain': '.txt',
  'text/csv': '.csv',
  'text/javascript': '.js',
  'application/javascript': '.js',
  'application/xml': '.xml',
  'text/xml': '.xml',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/svg+xml': '.svg',
};

/** A safe name for a body: the last part of its path, without what file systems mind, with an ending that its type asks for. */
export function fileName(summary: ExchangeSummary, contentType: string): string {
  const last = (pathOf(summary).split(/[?#]/)[0] ?? '').split('/').filter(Boolean).at(-1) ?? '';
  let plain = last;
  try {
    plain = decodeURIComponent(last);
  } catch {
    // Not percent-encoded text: as it is.
  }
  const safe = plain
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100);
  const ending = ENDINGS[(contentType.split(';')[0] ?? '').trim().toLowerCase()] ?? '';
  const name = safe === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe) ? `body-${summary.exchange + 1}` : safe;
  return /\.[a-z\d]{1,5}$/i.test(name) ? name : `${name}${ending}`;
}

/** All exchanges of the filter as a HAR file. `tell` hears how many are done; false stops. Null: stopped, or the engine failed. */
export async function harParts(transport: Transport, tell: (done: number) => boolean): Promise<string[] | null> {
  const parts: string[] = [];
  for (let from = 0; ; ) {
    const answer = await transport.engine('har', { from });
    if (!answer.ok) return null;
    parts.push(answer.value.text);
    const { next } = answer.value;
    if (next === null) return parts;
    if (next <= from || !tell(next)) return null;
    from = next;
  }
}
