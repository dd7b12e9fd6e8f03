/** Which blocks of a stream are drawn: a stretch around the place in sight, found without knowing how long the rest is. Pure. */
import type { FollowPieceData } from '../../src/messages.ts';
import type { Charset } from './charsets.ts';
import { type Block, blocksOf, type Form, linesOf } from './stream-text.ts';

/** A place in a stream: a piece, and a block of it. */
export interface Place {
  readonly piece: number;
  readonly block: number;
}

export interface DrawnBlock extends Place {
  readonly data: FollowPieceData;
  /** Null: a gap. */
  readonly bytes: Block | null;
}

/** Lines drawn at once, about. */
const DRAWN_LINES = 500;
/** By how many lines the stretch moves when its end comes near. */
export const MOVED_LINES = 150;

export interface Source {
  readonly total: number;
  at(piece: number): FollowPieceData | undefined;
}

function partsOf(data: FollowPieceData, form: Form, charset: Charset): readonly (Block | null)[] {
  if (data.gap) return [null];
  const blocks = blocksOf(data.bytes, form, charset);
  // The file no longer has what the index saw.
  return blocks.length === 0 ? [{ from: 0, to: 0 }] : blocks;
}

const heightOf = (block: Block | null, form: Form): number => (block === null ? 2 : linesOf(block.to - block.from, form));

/** Blocks from a place on, `lines` of them; `missing`: the first piece that is not here yet, -1 if none is missing. */
export function drawn(
  source: Source,
  from: Place,
  form: Form,
  charset: Charset,
  lines = DRAWN_LINES,
): { blocks: DrawnBlock[]; missing: number } {
  const blocks: DrawnBlock[] = [];
  let height = 0;
  for (let piece = from.piece; piece < source.total; piece++) {
    const data = source.at(piece);
    if (data === undefined) return { blocks, missing: piece };
    const parts = partsOf(data, form, charset);
    for (let block = piece === from.piece ? Math.min(from.block, parts.length - 1) : 0; block < parts.length; block++) {
      if (height >= lines) return { blocks, missing: -1 };
      const bytes = parts[block] as Block | null;
      blocks.push({ piece, block, data, bytes });
      height += heightOf(bytes, form);
    }
  }
  return { blocks, missing: -1 };
}

/** The place about `lines` lines before another, or the earliest that is here; `missing`: the piece that is not here, -1 if none. */
export function before(source: Source, from: Place, form: Form, charset: Charset, lines: number): { place: Place; missing: number } {
  let height = 0;
  let place = from;
  for (let piece = from.piece; piece >= 0; piece--) {
    const data = source.at(piece);
    if (data === undefined) return { place, missing: piece };
    const parts = partsOf(data, form, charset);
    const last = piece === from.piece ? Math.min(from.block, parts.length) - 1 : parts.length - 1;
    for (let block = last; block >= 0; block--) {
      if (height >= lines) return { place, missing: -1 };
      place = { piece, block };
      height += heightOf(parts[block] as Block | null, form);
    }
  }
  return { place, missing: -1 };
}

/** The block of a piece that holds a place of its side; 0 if the piece is not here. */
export function blockAt(source: Source, piece: number, start: number, form: Form, charset: Charset): number {
  const data = source.at(piece);
  if (data === undefined || data.gap) return 0;
  const offset = start - data.start;
  const blocks = blocksOf(data.bytes, form, charset);
  const found = blocks.findIndex((block) => offset < block.to);
  return Math.max(0, found < 0 ? blocks.length - 1 : found);
}
