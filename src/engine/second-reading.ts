/**
 * Reading a capture a second time, where at its end something still waited behind octets that never came: only the end tells which packet was the
 * last that could have brought them. What waits is given up there to its readers (`Reassembler.lastRows`).
 */
import { openCapture } from '../file/open.ts';
import { reassembler } from '../flow/reassembly.ts';
import { Capture } from './capture.ts';

/**
 * The capture of the same file, read with what its first reading has found. Null where nothing waited, where the file is not the same any more, or
 * where `going` said no.
 * @param prepare gives the new one what the first one was given before it was read (a key log)
 */
export async function readAgain(first: Capture, prepare: (capture: Capture) => void, going: () => boolean): Promise<Capture | null> {
  const lastRows = first.state(reassembler).open;
  if (lastRows.size === 0) return null;
  const opened = await openCapture(first.reader.path);
  if (!opened.ok) return null;
  const { reader } = opened;
  const capture = new Capture(reader);
  prepare(capture);
  capture.state(reassembler).lastRows = lastRows;
  let step = going() ? await capture.step() : 'damaged';
  while (step === 'more' && going()) step = await capture.step();
  if (step === 'end' && capture.packets.length === first.packets.length && capture.bytes === first.bytes) {
    reader.finish();
    return capture;
  }
  await reader.close();
  return null;
}
