/** Finds the last whole block of a pcapng file that its writer left behind. (IETF draft-ietf-opsawg-pcapng, section 3.1.) */
import { closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';

const SECTION_HEADER = 0x0a0d0d0a;
const LITTLE_MAGIC = 0x1a2b3c4d;
const ENHANCED_PACKET = 6;
/** No block that we write comes near this; a longer one is garbage. */
const BLOCK_LIMIT = 16 << 20;
const WINDOW = 1 << 20;

export interface WholeBlocks {
  /** End of the last whole block. */
  readonly bytes: number;
  /** Packets in the blocks that were passed. */
  readonly packets: number;
}

/**
 * Walks over the blocks from `from` (a block boundary) to the last whole one before byte `limit`. Our own files only: little endian,
 * packets in enhanced packet blocks. A block that is not whole ends the walk.
 */
export function scanBlocks(path: string, from = 0, limit = Number.POSITIVE_INFINITY): WholeBlocks {
  const fd = openSync(path, 'r');
  try {
    const size = Math.min(fstatSync(fd).size, limit);
    const window = new Uint8Array(WINDOW);
    const view = new DataView(window.buffer);
    let base = 0;
    let held = 0;
    let at = from;
    let packets = 0;
    while (at + 12 <= size) {
      if (at < base || at + 12 > base + held) {
        base = at;
        held = readSync(fd, window, 0, WINDOW, at);
        if (held < 12) break;
      }
      const type = view.getUint32(at - base, true);
      const length = view.getUint32(at - base + 4, true);
      if (length < 12 || length % 4 !== 0 || length > BLOCK_LIMIT || at + length > size) break;
      if (type === SECTION_HEADER && view.getUint32(at - base + 8, true) !== LITTLE_MAGIC) break;
      if (type === ENHANCED_PACKET) packets += 1;
      at += length;
    }
    return { bytes: Math.min(at, size), packets };
  } finally {
    closeSync(fd);
  }
}

/** Cuts off a block that was not written to its end, so that every reader finds a whole file. `from`: a known block boundary. */
export function dropPartialBlock(path: string, from: number): WholeBlocks {
  const whole = scanBlocks(path, from);
  const fd = openSync(path, 'r');
  let size: number;
  try {
    size = fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
  if (whole.bytes < size) truncateSync(path, whole.bytes);
  return whole;
}
