import { bodyName } from '../../src/engine/object-names.ts';
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

/** A safe name for a body: the last part of its path, with an ending that its type asks for. */
export function fileName(summary: ExchangeSummary, contentType: string): string {
  return bodyName(pathOf(summary), contentType, `body-${summary.exchange + 1}`);
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

/** Bodies that were put into a ZIP file. */
export interface BodiesFile {
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly count: number;
  /** Bodies for which such a file has no room. */
  readonly left: number;
}

/** All bodies of the filter as a ZIP file. `tell` hears how many exchanges are done; false stops. Null: stopped, or the engine failed. */
export async function bodiesFile(transport: Transport, tell: (done: number) => boolean): Promise<BodiesFile | null> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; ; ) {
    const answer = await transport.engine('httpObjects', { from });
    if (!answer.ok) return null;
    const { bytes, next, count, left } = answer.value;
    parts.push(new Uint8Array(bytes));
    if (next === null) return { parts, count: count - left, left };
    if (next <= from || !tell(next)) return null;
    from = next;
  }
}
