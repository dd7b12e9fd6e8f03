/** Answers about the stream that the window follows: a page of its bytes, a search in it. */
import { endpointsOf } from '../connections/connections.ts';
import { flows } from '../flow/tcp-flows.ts';
import { udpFlows } from '../flow/udp-flows.ts';
import type {
  Answer,
  FollowCursor,
  FollowFound,
  FollowKind,
  FollowPage,
  FollowPieceData,
  FollowSummary,
  FollowTarget,
  SaveResult,
} from '../messages.ts';
import { lowerBound } from '../table/ascending.ts';
import type { Capture } from './capture.ts';
import { followingInSteps, TransportStream } from './follow.ts';
import type { FollowedStream } from './follow-pieces.ts';
import { followSaid, kindsAmong, kindsIn } from './follow-said.ts';
import { saveFollowed } from './follow-save.ts';
import { StreamSearch } from './follow-search.ts';
import { followDecrypted, hasDecrypted, isSealed } from './follow-tls.ts';
import type { Tell } from './save.ts';
import { inSteps, Turns } from './turns.ts';

/** Pieces and bytes of one page at most. */
const PAGE_PIECES = 500;
const PAGE_BYTES = 1024 * 1024;
/** How long packets are dissected before others are let in. */
const SLICE_MS = 20;

/** How long an answer about a stream may look for its pieces before the window is told of those that were found. */
const FIRST_MS = 12;

export class FollowAnswers {
  readonly #capture: Capture;
  #followed: Promise<FollowedStream | null> = Promise.resolve(null);
  /** Which stream that is, and its last row when it was followed. */
  #key = '';
  #lastRow = -1;
  /** Counts what was followed, so that one that is wanted no more is given up. */
  #turn = 0;
  #search: StreamSearch | null = null;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  /**
   * Null: there is no such stream. Of a long one the first pieces at once and `whole` false: each such question finds more. A live stream that
   * has grown is followed anew here, and only here: its pages belong to one summary.
   */
  async summary(kind: FollowKind, stream: number): Promise<FollowSummary | null> {
    const turn = this.#turn;
    const followed = await this.#of(kind, stream, true);
    if (followed === null) return null;
    if (this.#turn === turn) advance(followed);
    const { nodes, bytes, missing, size, whole } = followed;
    const client = kind === 'udp' ? null : endpointsOf(this.#capture, stream).client === nodes[0] ? 0 : 1;
    const above: FollowKind[] =
      kind === 'udp'
        ? []
        : followed instanceof TransportStream
          ? kindsAmong(this.#capture, followed.stacks)
          : kindsIn(this.#capture, stream);
    if (kind !== 'udp' && hasDecrypted(this.#capture, stream)) above.unshift('tls');
    const sealed = kind !== 'udp' && isSealed(this.#capture, stream);
    return { kind, stream, above, sealed, nodes, client, bytes: [...bytes], missing: [...missing], pieces: size, whole };
  }

  /** Pieces from `from` on: at most `count`, fewer where their bytes are many, but one at least. */
  async page({ kind, stream, side }: FollowTarget, from: number, count: number): Promise<FollowPage | null> {
    const followed = await this.#of(kind, stream, false);
    if (followed === null) return null;
    const chosen = side === undefined ? null : followed.ofSide(side);
    const total = chosen?.length ?? followed.size;
    const pieces: FollowPieceData[] = [];
    let bytes = 0;
    const to = Math.min(total, from + Math.min(count, PAGE_PIECES));
    for (let k = from; k < to && (pieces.length === 0 || bytes < PAGE_BYTES); k++) {
      const index = chosen === null ? k : (chosen[k] as number);
      const { skip: _, ...piece } = followed.piece(index);
      // A view of a cache block would carry the whole block across the line.
      const data = followed.bytesOf(index).slice();
      bytes += data.length;
      pieces.push({ ...piece, bytes: data });
    }
    return { from, pieces, total };
  }

  /** The piece in which a packet's bytes stand, or the nearest after it. */
  async pieceOfRow({ kind, stream, side }: FollowTarget, row: number): Promise<number | null> {
    const followed = await this.#whole(kind, stream);
    if (followed === null) return null;
    const index = followed.pieceOfRow(row);
    if (side === undefined) return index;
    const chosen = followed.ofSide(side);
    return lowerBound(chosen, index);
  }

  /**
   * Looks for bytes, letters without regard to case; a match may reach over pieces of one side that follow each other. Works for a
   * bounded time and finds a bounded number: `next` says where to go on. A search that goes on there misses nothing in between.
   */
  async find({ kind, stream, side }: FollowTarget, wanted: Uint8Array, from: FollowCursor): Promise<FollowFound | null> {
    const followed = await this.#whole(kind, stream);
    if (followed === null) return null;
    if (wanted.length === 0) return { matches: [], next: null };
    if (this.#search?.goesOnAt(followed, side, wanted, from) !== true) this.#search = new StreamSearch(followed, side, wanted, from);
    const found = this.#search.run();
    if (found.next === null) this.#search = null;
    return found;
  }

  /**
   * Writes what was sent to a file, without who sent it and in which packet; missing bytes take no room. `tell` hears how many pieces of how many
   * are done, and says whether to go on: where not, nothing is left of the file.
   */
  async save({ kind, stream, side }: FollowTarget, path: string, tell: Tell): Promise<Answer<SaveResult> | null> {
    const followed = await this.#whole(kind, stream);
    if (followed === null) return null;
    const chosen = side === undefined ? null : followed.ofSide(side);
    return saveFollowed(followed, chosen, path, tell);
  }

  /** A stream with all its pieces, which are looked for in slices. */
  async #whole(kind: FollowKind, stream: number): Promise<FollowedStream | null> {
    const followed = await this.#of(kind, stream, false);
    const turns = new Turns();
    while (followed?.whole === false) {
      followed.advance(() => turns.due);
      if (turns.due) await turns.pause();
    }
    return followed;
  }

  #of(kind: FollowKind, stream: number, renew: boolean): Promise<FollowedStream | null> {
    const table = kind === 'udp' ? this.#capture.state(udpFlows) : this.#capture.state(flows);
    if (stream >= table.size) return Promise.resolve(null);
    const last = table.lastRow[stream] as number;
    const key = `${kind}/${stream}`;
    if (this.#key !== key || (renew && this.#lastRow !== last)) {
      this.#key = key;
      this.#lastRow = last;
      this.#search = null;
      this.#turn++;
      const transport = kind === 'tcp' || kind === 'udp';
      this.#followed = transport
        ? inSteps(followingInSteps(this.#capture, kind, stream), this.#sharing(this.#turn)).then(advance)
        : kind === 'tls'
          ? followDecrypted(this.#capture, stream, this.#sharing(this.#turn))
          : followSaid(this.#capture, kind, stream, null, this.#sharing(this.#turn));
    }
    return this.#followed;
  }

  /** Lets others in from time to time; gives up once something else is followed. */
  #sharing(turn: number): () => Promise<boolean> | null {
    let since = performance.now();
    return () => {
      if (performance.now() - since < SLICE_MS) return null;
      return new Promise((resolve) => {
        setImmediate(() => {
          since = performance.now();
          resolve(this.#turn === turn);
        });
      });
    };
  }
}

/** Finds more pieces, for a bounded time. */
function advance<T extends FollowedStream | null>(followed: T): T {
  const until = performance.now() + FIRST_MS;
  followed?.advance(() => performance.now() >= until);
  return followed;
}
