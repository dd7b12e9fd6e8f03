/** Writing what a followed stream holds to a file. */
import { WholeFile } from '../file/whole-file.ts';
import type { Answer, SaveResult } from '../messages.ts';
import type { FollowedStream } from './follow-pieces.ts';
import { ENDED, type Tell } from './save.ts';

/** Bytes that are collected before they are written; two such buffers, so that one is filled while the other is written. */
const BATCH = 1024 * 1024;

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
  for (let k = 0; k < total; k++) {
    const index = chosen === null ? k : (chosen[k] as number);
    if (followed.isGap(index)) continue;
    if (followed.lengthOf(index) > BATCH - length) {
      if (!(await flush())) break;
      if (!tell(k, total)) {
        await writing;
        await file.abandon();
        return { ok: true, value: ENDED };
      }
    }
    if (followed.lengthOf(index) <= BATCH) length += followed.copy(index, buffers[which] as Buffer, length);
    else {
      await writing;
      writing = file.write(followed.bytesOf(index));
    }
  }
  await flush();
  await writing;
  const closed = await file.close();
  return closed.ok ? { ok: true, value: { whole: true, count: total, bytes: closed.value, left: 0, note: null } } : closed;
}
