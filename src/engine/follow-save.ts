/** Writing what a followed stream holds to a file. */
import { WholeFile } from '../file/whole-file.ts';
import type { Answer, SaveResult } from '../messages.ts';
import type { FollowedStream } from './follow-pieces.ts';
import { ENDED, isLost, type Tell, withoutRow } from './save.ts';
import { Turns } from './turns.ts';

/** Bytes that are collected before they are written; two such buffers, so that one is filled while the other is written. */
const BATCH = 1024 * 1024;

/** Pieces between two looks at the clock: of some kinds each is a packet to dissect. */
const LOOK_PIECES = 32;

/**
 * Writes the pieces of a stream, in order; bytes that are missing take no room.
 * @param chosen numbers of the pieces; null: all of them
 */
export async function saveFollowed(
  followed: FollowedStream,
  chosen: Uint32Array | null,
  path: string,
  tell: Tell,
): Promise<Answer<SaveResult>> {
  const made = await WholeFile.create(path);
  if (!made.ok) return made;
  const file = made.value;
  const total = chosen?.length ?? followed.size;
  const buffers = [Buffer.allocUnsafeSlow(BATCH), Buffer.allocUnsafeSlow(BATCH)] as const;
  let writing: Promise<boolean> = Promise.resolve(true);
  let [which, length] = [0, 0];
  /** Begins to write what is collected, once what was written before is. */
  const flush = async (): Promise<boolean> => {
    if (!(await writing)) return false;
    writing = file.write((buffers[which] as Buffer).subarray(0, length));
    which = 1 - which;
    length = 0;
    return true;
  };
  const given = async (answer: Answer<SaveResult>): Promise<Answer<SaveResult>> => {
    await writing;
    await file.abandon();
    return answer;
  };
  const turns = new Turns();
  for (let k = 0; k < total; k++) {
    const index = chosen === null ? k : (chosen[k] as number);
    if (followed.isGap(index)) continue;
    const size = followed.lengthOf(index);
    const full = size > BATCH - length;
    if (full && !(await flush())) break;
    const due = k % LOOK_PIECES === 0 && turns.due;
    if (due) await turns.pause();
    if ((full || due) && !tell(k, total)) return given({ ok: true, value: ENDED });
    let count: number;
    if (size <= BATCH) {
      count = followed.copy(index, buffers[which] as Buffer, length);
      length += count;
    } else {
      const bytes = followed.bytesOf(index);
      count = bytes.length;
      await writing;
      writing = file.write(bytes);
    }
    const row = followed.rowOf(index);
    if (count < size && isLost(followed.capture, row)) return given(withoutRow(row, tell(k, total)));
  }
  await flush();
  await writing;
  const closed = await file.close();
  return closed.ok ? { ok: true, value: { whole: true, count: total, bytes: closed.value, left: 0, note: null } } : closed;
}
