import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CaptureIndex } from '../../src/dissect/capture-index.ts';
import type { IndexWalk } from '../../src/dissect/index-walk.ts';
import { fragments, rebuild } from '../../src/flow/ip-fragments.ts';

interface Sent {
  readonly id: number;
  /** In units of 8 octets, as is the length of all but the last. */
  readonly offset: number;
  readonly units: number;
  readonly last: number;
  /** In the frame, or in bytes that were put together. */
  readonly inFrame: boolean;
  readonly vlan: number;
}

const HEAD = 34;
const units = fc.record({
  id: fc.nat(2),
  offset: fc.nat(6),
  units: fc.integer({ min: 1, max: 4 }),
  last: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 8 }) }),
  inFrame: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  vlan: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(7) }),
});

/** The frames of a capture, and a walk that stands at a fragment in one of them. */
function capture(): { walk: (sent: Sent, row: number, payload: Uint8Array) => IndexWalk; index: CaptureIndex } {
  const frames: Uint8Array[] = [];
  return {
    walk: ({ inFrame, vlan }, row, payload) => {
      // What a reader's buffer has around a packet is another packet's.
      const buffer = new Uint8Array(5 + HEAD + payload.length + 5).fill(0xee);
      buffer.set(payload, 5 + HEAD);
      frames[row] = buffer.slice(5, buffer.length - 5);
      const bytes = inFrame ? buffer : buffer.slice();
      return { bytes, frame: buffer, frameStart: 5, row, vlan } as IndexWalk;
    },
    index: { bytesOf: (row: number) => frames[row] ?? new Uint8Array(0) } as CaptureIndex,
  };
}

/** What RFC 791 and Wireshark make of pieces: of octets that several bring, those of the piece that begins first count, then those that came first. */
class Model {
  readonly parts: { row: number; offset: number; bytes: Uint8Array }[] = [];
  total = -1;
  multipleTails = false;

  add(row: number, offset: number, bytes: Uint8Array, more: boolean): Uint8Array | null {
    const behind = this.parts.findIndex((each) => each.offset > offset);
    this.parts.splice(behind < 0 ? this.parts.length : behind, 0, { row, offset, bytes });
    if (!more && this.total < 0) this.total = offset + bytes.length;
    else if (!more && this.total !== offset + bytes.length) this.multipleTails = true;
    if (this.total < 0) return null;
    const whole = new Uint8Array(this.total);
    for (let at = 0; at < this.total; at++) {
      const part = this.parts.find((each) => each.offset <= at && at < each.offset + each.bytes.length);
      if (part === undefined) return null;
      whole[at] = part.bytes[at - part.offset] as number;
    }
    return whole;
  }
}

it('puts the pieces of datagrams together as a simple model does, and finds them again by their rows', () => {
  fc.assert(
    fc.property(fc.array(units, { minLength: 1, maxLength: 300 }), (all) => {
      const { walk, index } = capture();
      const pieces = fragments.create(index);
      const open = new Map<string, Model>();
      const done: { model: Model; row: number; id: number; whole: Uint8Array }[] = [];
      let seed = 1;
      for (const [row, sent] of all.entries()) {
        const more = sent.last === 0;
        const payload = Uint8Array.from({ length: 8 * (sent.units - 1) + (more ? 8 : sent.last) }, () => {
          seed = (seed * 1103515245 + 12345) & 0x7fffffff;
          return seed >>> 16;
        });
        const key = `${sent.id} ${sent.vlan}`;
        const model = open.get(key) ?? new Model();
        open.set(key, model);
        const wanted = model.add(row, 8 * sent.offset, payload, more);
        const length = pieces.take(walk(sent, row, payload), 1, 2, sent.id, 17, 5 + HEAD, payload.length, 8 * sent.offset, more);
        expect(length).toBe(wanted === null ? -1 : wanted.length);
        if (wanted === null) continue;
        expect(pieces.whole.subarray(0, length)).toEqual(wanted);
        open.delete(key);
        done.push({ model, row, id: sent.id, whole: wanted });
      }
      for (const { model, row, id, whole } of done) {
        expect(pieces.completedBy(row)).toHaveLength(1);
        for (const part of model.parts) {
          const found = pieces.find(part.row, id, 17);
          if (found === null) throw new Error(`the fragment in row ${part.row} was not found`);
          expect(found).toMatchObject({ doneRow: row, total: whole.length, multipleTails: model.multipleTails });
          expect(found.parts.map(({ row, offset, length }) => [row, offset, length])).toEqual(
            model.parts.map(({ row, offset, bytes }) => [row, offset, bytes.length]),
          );
          expect(rebuild(index, found)).toEqual(whole);
        }
      }
      for (const model of open.values())
        for (const { row } of model.parts) expect(pieces.find(row, 0, 17) ?? pieces.find(row, 1, 17) ?? pieces.find(row, 2, 17)).toBeNull();
    }),
    { numRuns: 200 },
  );
});

it('keeps nothing of a payload inside another one that the next one would overwrite', () => {
  const { walk, index } = capture();
  const pieces = fragments.create(index);
  const take = (row: number, id: number, offset: number, fill: number, more: boolean, inFrame: boolean): number => {
    const payload = new Uint8Array(8).fill(fill);
    const sent = { id, offset, units: 1, last: more ? 0 : 8, inFrame, vlan: 0 };
    return pieces.take(walk(sent, row, payload), 1, 2, id, 17, 5 + HEAD, 8, 8 * offset, more);
  };
  take(0, 1, 0, 1, true, true);
  expect(take(1, 1, 1, 2, false, true)).toBe(16);
  const outer = pieces.whole;
  const before = outer.slice(0, 16);
  // The outer payload is being walked while a datagram inside it gets whole.
  take(1, 9, 0, 3, true, false);
  expect(take(1, 9, 1, 4, false, false)).toBe(16);
  expect(outer.slice(0, 16)).toEqual(before);
  expect(pieces.whole.slice(0, 16)).toEqual(Uint8Array.from([...new Array(8).fill(3), ...new Array(8).fill(4)]));
});

it('gives up the oldest datagrams where too many are incomplete, and puts the newest together', () => {
  const { walk, index } = capture();
  const pieces = fragments.create(index);
  const sent = { id: 0, offset: 0, units: 1, last: 0, inFrame: true, vlan: 0 };
  const payload = new Uint8Array(8).fill(5);
  const many = 20_000;
  for (let id = 0; id < many; id++) pieces.take(walk(sent, id, payload), 1, 2, id, 17, 5 + HEAD, 8, 0, true);
  expect(pieces.take(walk(sent, many, payload), 1, 2, 0, 17, 5 + HEAD, 8, 8, false)).toBe(-1);
  expect(pieces.take(walk(sent, many + 1, payload), 1, 2, many - 1, 17, 5 + HEAD, 8, 8, false)).toBe(16);
});
