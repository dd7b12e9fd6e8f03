/** Writing packets of the open capture to a new file. */
import type { CaptureIndex } from '../dissect/capture-index.ts';
import { timeSpan } from '../dissect/time-span.ts';
import { CaptureWriter } from '../file/write.ts';
import type { Answer, SaveResult } from '../messages.ts';
import { tlsSessions } from '../protocols/tls-session.ts';
import { CHUNK_MASK, NONE, RowFlag } from '../table/packet-table.ts';
import { tlsSecrets } from '../tls/secrets.ts';
import type { Capture } from './capture.ts';
import { isCounted, leftOutOfPcap, leftOutOfPcapng } from './left-out.ts';

/** Rows to save, in the order in which they are written: a view of the capture, or a list that a command made. */
export interface SavedRows {
  readonly matched: number;
  rowAt(position: number): number;
}

/** Hears how much is done, of how much, and says whether to go on. */
export type Tell = (done: number, total: number) => boolean;

/** What was ended before its end. */
export const ENDED: SaveResult = { whole: false, count: 0, bytes: 0, left: 0, note: null };

/** True if the bytes of a row cannot be read any more: the capture was closed, or its file was changed. */
export function isLost(capture: CaptureIndex, row: number): boolean {
  return row !== NONE && capture.bytesOf(row).length < (capture.packets.chunkOf(row).capLen[row & CHUNK_MASK] as number);
}

/** What is said where a row is lost: nothing that was made up is to stand in a file. `going`: what `tell` said. */
export function withoutRow(row: number, going: boolean): Answer<SaveResult> {
  if (!going) return { ok: true, value: ENDED };
  const message = `Packet ${row + 1} cannot be read any more: the file was changed since it was opened. Nothing was saved.`;
  return { ok: false, failure: { code: 'io', message, advice: 'Open the file again.' } };
}

/** Rows between two tellings. */
const STEP = 8192;

/**
 * Writes all rows, or those of `view`, with all that the format has a place for. The file appears under its name when it is whole. The note
 * of the result says what is known of the capture and not in the file.
 */
export async function save(
  capture: Capture,
  path: string,
  format: 'pcapng' | 'pcap',
  view: SavedRows | null,
  tell: Tell = () => true,
): Promise<Answer<SaveResult>> {
  const used = usedInterfaces(capture, view);
  // A pcap file has one link type: interfaces that no saved packet came from do not stand in its way.
  const interfaces = format === 'pcap' ? used.map((i) => capture.interfaces[i]).filter((each) => each !== undefined) : capture.interfaces;
  const secrets = secretsInside(capture, view);
  const made = CaptureWriter.create(path, {
    format,
    interfaces: interfaces.length > 0 ? interfaces : capture.interfaces,
    comments: capture.reader.comments,
    keyLog: Buffer.from(secrets, 'latin1'),
    timeOffset: Math.min(0, firstSecond(capture)),
  });
  if (!made.ok) return made;
  const writer = made.value;
  const total = view === null ? capture.packets.length : view.matched;
  const whole = total === capture.packets.length;
  const counts = capture.interfaces.some(isCounted);
  let comments = capture.reader.comments.length;
  let flagged = false;
  for (let position = 0; position < total; position++) {
    const row = view === null ? position : view.rowAt(position);
    const chunk = capture.packets.chunkOf(row);
    const i = row & CHUNK_MASK;
    const bytes = capture.bytesOf(row);
    if (bytes.length < (chunk.capLen[i] as number)) {
      await writer.abandon();
      return withoutRow(row, tell(position, total));
    }
    const said = capture.commentsOf(row);
    const flags = capture.flagsOf(row);
    comments += said.length;
    flagged ||= flags !== null;
    const iface = format === 'pcap' ? 0 : (chunk.iface[i] as number);
    await writer.write(
      bytes,
      0,
      bytes.length,
      chunk.wireLen[i] as number,
      chunk.sec[i] as number,
      chunk.nsec[i] as number,
      iface,
      said,
      flags,
    );
    if (writer.failure !== null) break;
    if (position % STEP === STEP - 1 && !tell(position + 1, total)) {
      await writer.abandon();
      return { ok: true, value: ENDED };
    }
  }
  if (whole) for (const [iface, each] of capture.interfaces.entries()) if (isCounted(each)) writer.addStatistics(iface, each);
  const closed = await writer.close();
  if (!closed.ok) return closed;
  const note =
    format === 'pcap'
      ? leftOutOfPcap({ comments, flags: flagged, interfaces, counts, secrets: secrets !== '' })
      : leftOutOfPcapng(counts, whole);
  return { ok: true, value: { whole: true, count: closed.value.packets, bytes: closed.value.bytes, left: 0, note } };
}

/** The secrets inside the capture that the saved packets can be decrypted with: not those of other connections. */
function secretsInside(capture: Capture, view: SavedRows | null): string {
  const { inside } = capture.state(tlsSecrets);
  if (inside.connections === 0 || view === null) return inside.text();
  const sessions = capture.state(tlsSessions);
  const randoms = new Set<Uint8Array>();
  for (let position = 0; position < view.matched; position++) {
    const row = view.rowAt(position);
    const chunk = capture.packets.chunkOf(row);
    if (((chunk.flags[row & CHUNK_MASK] as number) & RowFlag.Tcp) === 0) continue;
    const random = sessions.random(chunk.stream[row & CHUNK_MASK] as number, true);
    if (random !== undefined) randoms.add(random);
  }
  return inside.text(randoms);
}

/** Second of the earliest packet; 0 without one. */
function firstSecond(capture: Capture): number {
  if (capture.packets.length === 0) return 0;
  const { earliest } = timeSpan(capture);
  return capture.packets.chunkOf(earliest).sec[earliest & CHUNK_MASK] as number;
}

function usedInterfaces(capture: Capture, view: SavedRows | null): number[] {
  if (view === null) return capture.perInterface.flatMap((packets, i) => (packets > 0 ? [i] : []));
  const used = new Set<number>();
  for (let position = 0; position < view.matched; position++) {
    const row = view.rowAt(position);
    used.add(capture.packets.chunkOf(row).iface[row & CHUNK_MASK] as number);
  }
  return [...used];
}
