/** Key logs as files of the page: told from captures, and cut into pieces for the engine. */
import { KEY_LOG_PIECE, type KeyLogChoice } from '../../src/messages.ts';

/** Longest log that is read here, in bytes: a larger one is given by its path. */
export const LARGEST_LOG = 64 * 1024 * 1024;
const LINE = /^(?:\ufeff)?[A-Za-z][A-Za-z0-9_]*[ \t]+[0-9A-Fa-f]{16,64}/;

/** True if a file begins as a key log does, in any line of its beginning that is no comment. */
export async function isKeyLog(file: Blob): Promise<boolean> {
  const text = latin(await file.slice(0, 4096).arrayBuffer());
  const line = text.split(/\r?\n/).find((one) => one.trim() !== '' && !one.startsWith('#'));
  return line === undefined ? /^#.*(secret|key ?log)/i.test(text) : LINE.test(line);
}

/** The pieces of a log, in order. */
export async function* pieces(file: File): AsyncGenerator<KeyLogChoice> {
  for (let at = 0; ; at += KEY_LOG_PIECE) {
    const text = latin(await file.slice(at, at + KEY_LOG_PIECE).arrayBuffer());
    const more = at + KEY_LOG_PIECE < file.size;
    yield { from: 'text', name: file.name, text, first: at === 0, more };
    if (!more) return;
  }
}

function latin(bytes: ArrayBuffer): string {
  return new TextDecoder('latin1').decode(bytes);
}
