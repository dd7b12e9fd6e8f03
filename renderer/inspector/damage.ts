/** What the inspector makes of a broken record. */
import type { DamageDetail } from '../../src/messages.ts';
import type { Tint } from './fields.ts';
import { tintsOf } from './fields.ts';

export interface DamageBytes {
  /** Bytes of the file from a line of sixteen on. */
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly missing: number;
  readonly tints: readonly Tint[];
  /** The record header within `bytes`. */
  readonly header: { readonly from: number; readonly to: number };
  /** Bytes of the packet that the record promises. */
  readonly wireLength: number;
}

/** Bytes missing that are still drawn one by one. */
const MAX_MISSING = 65_536;

/** Places the parts of a broken record in the bytes of the file around it. */
export function damageBytes(detail: DamageDetail): DamageBytes {
  const { damage, partial } = detail;
  const headerLength = Math.max(0, damage.present - partial.length);
  // Lines begin at multiples of sixteen, as in any hex dump of a file.
  const ragged = (16 - (detail.bytesOffset % 16)) % 16;
  const cut = detail.bytesOffset + ragged <= damage.offset ? ragged : 0;
  const bytes = detail.bytes.subarray(cut);
  const base = detail.bytesOffset + cut;
  const at = Math.max(0, damage.offset - base);
  const to = Math.min(bytes.length, at + headerLength);
  const lacking = damage.promised > damage.present ? damage.promised - damage.present : 0;
  const tints = tintsOf(detail.layers, 0, partial.length).map((tint) => ({ from: to + tint.from, to: to + tint.to, hue: tint.hue }));
  return {
    bytes,
    base,
    missing: damage.kind === 'cut-short' ? Math.min(MAX_MISSING, lacking) : 0,
    tints,
    header: { from: at, to },
    wireLength: Math.max(partial.length, damage.promised > 0 ? damage.promised - headerLength : 0),
  };
}
