/** cuts() for framers that have their header bytes carried between segments, as the flow code does it. */
import type { Protocol } from '../../src/dissect/protocol.ts';
import { join, type TestSide } from './app-fixtures.ts';

/** Feeds `bytes` in pieces of `size`; gives the ends of the messages. */
export function carriedCuts(protocol: Protocol, side: TestSide, bytes: Uint8Array, size: number): number[] {
  const framer = protocol.framer;
  if (framer === undefined) throw new Error('no framer');
  const ends: number[] = [];
  let skip = 0;
  const finish = (at: number): void => {
    side.carry = null;
    side.carryLength = 0;
    ends.push(at);
    framer.done?.(side);
  };
  for (let from = 0; from < bytes.length; from += size) {
    const end = Math.min(bytes.length, from + size);
    let at = from;
    if (skip > 0) {
      const taken = Math.min(skip, end - at);
      skip -= taken;
      at += taken;
      if (skip > 0) continue;
      finish(at);
    }
    while (at < end) {
      side.need = 0;
      const next = framer.feed(side, bytes, at, end);
      if (next < 0) {
        skip = next === -1 ? side.need : 0;
        if (skip === 0) {
          side.carry = join(side.carry ?? new Uint8Array(0), bytes.slice(at, end));
          side.carryLength = side.carry.length;
        }
        break;
      }
      if (next <= at || next > end) throw new Error(`no progress: ${at} to ${next}`);
      finish(next);
      at = next;
    }
  }
  return ends;
}
