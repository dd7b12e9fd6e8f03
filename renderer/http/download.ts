import type { ExchangeSummary } from '../../src/messages.ts';
import { bodyName } from '../../src/words/body-names.ts';
import { pathOf } from './model.ts';

/** A safe name for a body: the last part of its path, with an ending that its type asks for. */
export function fileName(summary: ExchangeSummary, contentType: string): string {
  return bodyName(pathOf(summary), contentType, `body-${summary.exchange + 1}`);
}
