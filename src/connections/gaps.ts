/** Gaps in what one side of a TCP connection sent, as the capture has it, and what fills them. */

import { seqDiff } from '../flow/seq.ts';
import { nanoseconds } from '../flow/tcp-replay.ts';
import type { PacketTable } from '../table/packet-table.ts';
import { NONE } from '../table/packet-table.ts';
import type { Repetition } from './copies.ts';
import type { Hole, OctetsSeen } from './octets-seen.ts';

/** Gaps that are watched at a time for what fills them. */
const OPEN_GAPS = 256;

/** Octets that were not there when later ones came. */
export interface Gap {
  /** Row of the later ones; and the row with which all that was missing had come, NONE where it has not. */
  readonly row: number;
  filled: number;
  /** How it came, 'late' where not all of it came the same way; '' where it is a FIN, or nothing of it has come. */
  how: Repetition | '';
  /** Whether all that was missing was a FIN. */
  fin: boolean;
}

/** A gap that is watched, from its first missing number to the one behind the last. */
interface OpenGap {
  readonly gap: Gap;
  readonly from: number;
  readonly to: number;
  readonly hole: Hole;
}

/** The gaps in what one side sent, and what fills them. */
export class Gaps {
  readonly all: Gap[] = [];
  readonly #open: OpenGap[] = [];

  /** True if nothing is missing, as far as gaps are watched. */
  get closed(): boolean {
    return this.#open.length === 0;
  }

  /** A row that begins at `seq` came with a hole before it; null if nothing of this side was seen before. The gap is told of what fills it. */
  open(row: number, seq: number, hole: Hole | null): Gap {
    const gap: Gap = { row, filled: NONE, how: '', fin: false };
    this.all.push(gap);
    if (hole !== null && this.#open.length < OPEN_GAPS) this.#open.push({ gap, from: hole.from >>> 0, to: seq, hole });
    return gap;
  }

  /** Numbers from `seq` on came in a row, and were taken for seen. True if some of them were missing. */
  fill(row: number, seq: number, numbers: number, seen: OctetsSeen, how: Gap['how'], fin: boolean): boolean {
    let fills = false;
    for (let k = this.#open.length - 1; k >= 0; k--) {
      const { gap, from, to, hole } = this.#open[k] as OpenGap;
      if (seqDiff(seq, to) >= 0 || seqDiff(seq + numbers, from) <= 0) continue;
      fills = true;
      if (how !== '') gap.how = gap.how === '' || gap.how === how ? how : 'late';
      if (!seen.filled(hole)) continue;
      gap.filled = row;
      gap.fin = fin && gap.how === '';
      this.#open.splice(k, 1);
    }
    return fills;
  }
}

/** What is said of gaps: how many, how many were filled and how, the longest time until one was (seconds); its rows first, then those of others. */
export function gapsSaid(packets: PacketTable, all: readonly Gap[]): { readonly values: Record<string, number>; readonly rows: number[] } {
  const filled = all.filter((gap) => gap.filled !== NONE);
  const time = ({ row, filled: end }: Gap): number => nanoseconds(packets, row, end);
  const longest = filled.reduce<Gap | null>((most, gap) => (most === null || time(gap) > time(most) ? gap : most), null);
  const values: Record<string, number> = {
    times: all.length,
    filled: filled.length,
    again: filled.filter(({ how }) => how === 'again').length,
    overtaken: filled.filter(({ how }) => how === 'overtaken').length,
    fins: filled.filter(({ fin }) => fin).length,
  };
  if (longest !== null) values.seconds = time(longest) / 1e9;
  const others = all.filter((gap) => gap !== longest).map(({ row }) => row);
  return { values, rows: longest === null ? others : [longest.row, longest.filled, ...others] };
}
