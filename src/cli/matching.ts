/** Which packets of a capture that has been read match a filter, for the commands that work on all of them. */

import type { Capture } from '../engine/capture.ts';
import { RowFilter } from '../engine/row-filter.ts';
import { type CompiledFilter, compileFilter } from '../filter/index.ts';
import { dissectFor } from '../protocols/dissect-packet.ts';
import { complainFilter } from './load.ts';

/** Compiles a filter of the command line; null and a complaint if it is wrong. */
export function filterOf(text: string): CompiledFilter | null {
  const compiled = compileFilter(text);
  if (compiled.ok) return compiled.filter;
  complainFilter(text, compiled.error);
  return null;
}

/** Rows that match, ascending. */
export function matchingRows(capture: Capture, filter: CompiledFilter): Uint32Array {
  const rows = new RowFilter(capture, filter);
  const out = new Uint32Array(capture.packets.length);
  let size = 0;
  for (let row = 0; row < capture.packets.length; row++) {
    const verdict = rows.columns(row);
    if (verdict === true || (verdict === null && filter.matches(dissectFor(capture, row, filter.wanted)))) out[size++] = row;
  }
  return out.subarray(0, size);
}
