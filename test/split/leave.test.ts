/** What the first stage leaves to the second without an exception, which takes longer than ten packets. */
import { expect, it } from 'vitest';
import type { CaptureIndex } from '../../src/dissect/capture-index.ts';
import { IndexWalk } from '../../src/dissect/index-walk.ts';
import { ethernet } from '../../src/protocols/ethernet.ts';
import '../../src/protocols/index.ts';
import { AddressTable } from '../../src/table/address-table.ts';
import { StackTable } from '../../src/table/stack-table.ts';

/** A frame with 64 bytes of UDP over IPv4. @param fragment flags and offset of the IPv4 header */
function frame(fragment: number): Uint8Array {
  const bytes = new Uint8Array(14 + 20 + 64);
  bytes.set([8, 0], 12);
  bytes.set([0x45, 0, 0, 84, 0, 9, fragment >> 8, fragment & 0xff, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 14);
  return bytes;
}

function walked(bytes: Uint8Array): IndexWalk {
  const stateless = {
    addresses: new AddressTable(),
    stacks: new StackTable(),
    state: () => {
      throw new Error('state was asked for');
    },
  } as unknown as CaptureIndex;
  const walk = new IndexWalk(stateless);
  walk.begin(bytes, 0, bytes.length, bytes.length, 0);
  walk.runStateless(ethernet);
  return walk;
}

it('leaves a fragment, whichever it is of its datagram', () => {
  for (const fragment of [0x2000, 0x2008, 0x0008]) expect(walked(frame(fragment)).left, fragment.toString(16)).toBe(true);
});

it('leaves no other packet, nor the next one after a fragment', () => {
  expect(walked(frame(0)).left).toBe(false);
  expect(walked(frame(0x4000)).left).toBe(false);
  const walk = walked(frame(0x2000));
  const bytes = frame(0);
  walk.begin(bytes, 0, bytes.length, bytes.length, 0);
  walk.runStateless(ethernet);
  expect(walk.left).toBe(false);
});
