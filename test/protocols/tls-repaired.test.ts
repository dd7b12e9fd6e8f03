/** TLS whose segments came out of order, or were lost before the capture and came again: both sides' messages are those of the stream in order. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Capture } from '../../src/engine/capture.ts';
import { exchangeCount, exchangeRow } from '../../src/engine/exchange-read.ts';
import type { FollowedStream } from '../../src/engine/follow-pieces.ts';
import { followDecrypted } from '../../src/engine/follow-tls.ts';
import { reassembler } from '../../src/flow/reassembly.ts';
import { flows } from '../../src/flow/tcp-flows.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { tlsPlain } from '../../src/protocols/tls-plain.ts';
import { KeyLog } from '../../src/tls/keylog.ts';
import { check, HARMLESS } from '../fuzz/check.ts';
import { framesOf } from '../fuzz/files.ts';
import { again, type Frame, type FrameList, indexed } from '../fuzz/memory-capture.ts';
import { Random } from '../fuzz/random.ts';
import { valuesOf } from './network-packets.ts';

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'tls');
const IP = 14;
const MSS = 400;

/** Where the TCP header of an Ethernet frame with IPv4 is, and its payload. */
function places(bytes: Uint8Array): { tcp: number; payload: number; end: number } {
  const tcp = IP + ((bytes[IP] as number) & 15) * 4;
  const end = IP + (((bytes[IP + 2] as number) << 8) | (bytes[IP + 3] as number));
  return { tcp, payload: tcp + ((bytes[tcp + 12] as number) >> 4) * 4, end };
}

function length(frame: Frame): number {
  const { payload, end } = places(frame.bytes);
  return end - payload;
}

/** Direction of a connection: addresses and ports as they stand in the packet. */
function flow(frame: Frame): string {
  const { tcp } = places(frame.bytes);
  return (
    Buffer.from(frame.bytes.subarray(IP + 12, IP + 20)).toString('hex') + Buffer.from(frame.bytes.subarray(tcp, tcp + 4)).toString('hex')
  );
}

/** The same packet as several segments of `most` octets at most. */
function segments(frame: Frame, most: number): Frame[] {
  const { tcp, payload, end } = places(frame.bytes);
  const view = new DataView(frame.bytes.buffer, frame.bytes.byteOffset);
  const cut: Frame[] = [];
  for (let at = payload; at < end || at === payload; at += most) {
    const stop = Math.min(end, at + most);
    const bytes = new Uint8Array(Buffer.concat([frame.bytes.subarray(0, payload), frame.bytes.subarray(at, stop)]));
    const to = new DataView(bytes.buffer);
    to.setUint16(IP + 2, bytes.length - IP);
    to.setUint32(tcp + 4, view.getUint32(tcp + 4) + at - payload);
    // A FIN is in the last one.
    if (stop < end) bytes[tcp + 13] = (bytes[tcp + 13] as number) & ~1;
    cut.push({ ...frame, bytes, wireLength: bytes.length });
  }
  return cut;
}

/**
 * A fixture as small segments. With what acknowledges data alone taken out, so that a segment may come after any other and nobody has said
 * that it was there.
 */
async function small(name: string, most = MSS): Promise<FrameList> {
  const keyLog = new KeyLog();
  keyLog.feed(readFileSync(path.join(folder, `${name}.keys`)));
  keyLog.end();
  const list = await framesOf(path.join(folder, `${name}.pcap`), 1000);
  if (list === null) throw new Error(`${name} could not be opened`);
  const flags = (frame: Frame) => frame.bytes[places(frame.bytes).tcp + 13] as number;
  const frames = list.frames.filter((frame) => length(frame) > 0 || (flags(frame) & 7) !== 0).flatMap((frame) => segments(frame, most));
  return { ...list, frames, keyLog };
}

function exchangesOf(capture: Capture): unknown[] {
  return Array.from({ length: exchangeCount(capture) }, (_, k) => exchangeRow(capture, k)).map(
    ({ method, url, status, requestBytes, responseBytes, decodedBytes, contentType }) => [
      method,
      url,
      status,
      requestBytes,
      responseBytes,
      decodedBytes,
      contentType,
    ],
  );
}

/** What both sides of a connection sent inside, each in order. */
async function contentsOf(capture: Capture, stream: number): Promise<string[]> {
  const followed = await followDecrypted(capture, stream);
  const sides: Uint8Array[][] = [[], []];
  for (let k = 0; k < (followed?.size ?? 0); k++) {
    const { side } = (followed as FollowedStream).piece(k);
    sides[side]?.push((followed as FollowedStream).bytesOf(k));
  }
  return sides.map((pieces) => Buffer.concat(pieces).toString('latin1'));
}

/** The list with the segment at `k` behind the next `n` of its direction; null where there are not so many before the other side sends. */
function late(list: FrameList, k: number, n: number): FrameList | null {
  const moved = list.frames[k] as Frame;
  let left = n;
  let at = k;
  while (left > 0) {
    const next = list.frames[++at];
    if (next === undefined || (flow(next) !== flow(moved) && length(next) > 0)) return null;
    if (flow(next) === flow(moved) && length(next) > 0) left--;
  }
  return { ...list, frames: [...list.frames.slice(0, k), ...list.frames.slice(k + 1, at + 1), moved, ...list.frames.slice(at + 1)] };
}

/** The packet with which the receiver of `frame` acknowledges everything before it. */
function acknowledgement(frame: Frame): Frame {
  const { tcp, payload } = places(frame.bytes);
  const bytes = frame.bytes.slice(0, payload);
  const swap = (at: number, size: number) => {
    bytes.copyWithin(at, at + size, at + 2 * size);
    bytes.set(frame.bytes.subarray(at, at + size), at + size);
  };
  swap(0, 6);
  swap(IP + 12, 4);
  swap(tcp, 2);
  swap(tcp + 4, 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(IP + 2, bytes.length - IP);
  bytes[tcp + 13] = 0x10;
  return { ...frame, bytes, wireLength: bytes.length };
}

describe.each(['tls12', 'tls13', 'tls-h2', 'tls-cbc', 'tls-websocket'])('%s in small segments', (name) => {
  let list: FrameList;
  let whole: Capture;
  beforeAll(async () => {
    list = await small(name);
    whole = indexed(list).capture;
  });

  it('has all its exchanges whichever segment comes late', () => {
    const expected = exchangesOf(whole);
    expect(expected.length).toBeGreaterThan(0);
    let tried = 0;
    const begun = new Set<string>();
    for (let k = 0; k < list.frames.length; k++) {
      const frame = list.frames[k] as Frame;
      if (length(frame) === 0) continue;
      // By the first segment of a client a connection is known to be TLS, and which it is in the key log.
      const first = !begun.has(flow(frame));
      begun.add(flow(frame));
      if (first) continue;
      // Of a long list, some segments.
      if (k % Math.ceil(list.frames.length / 100) !== 0) continue;
      for (const n of [1, 4, 20]) {
        const moved = late(list, k, n);
        if (moved === null) break;
        tried++;
        expect(exchangesOf(indexed(moved).capture), `${k} behind ${n}`).toEqual(expected);
      }
    }
    expect(tried).toBeGreaterThan(5);
  });

  it('is of one mind at both depths, and decrypts the same, with segments anywhere', async () => {
    const random = new Random(5);
    const expected = await contentsOf(whole, 0);
    for (let round = 0; round < 8; round++) {
      let moved = list;
      for (let n = 0; n < 6; n++) moved = late(moved, random.below(moved.frames.length - 1), 1 + random.below(12)) ?? moved;
      expect(check(moved), String(round)).toMatchObject(HARMLESS);
      expect(await contentsOf(indexed(moved).capture, 0)).toEqual(expected);
    }
  });
});

describe('a hole in an encrypted stream', () => {
  it('that is filled shows there what waited, with the packets it came in', async () => {
    const list = await small('tls-h2');
    let seen = 0;
    for (const [k, frame] of list.frames.entries()) {
      const moved = late(list, k, 8) ?? late(list, k, 2);
      if (moved === null || length(frame) === 0) continue;
      const { capture } = indexed(moved);
      const row = moved.frames.indexOf(frame);
      const values = valuesOf(dissectPacket(capture, row));
      if (!values.has('http2.type') || (values.get('tcp.segment')?.length ?? 0) < 2) continue;
      seen++;
      expect(values.get('tcp.segment')).toContain(String(row + 1));
      // The one behind the hole waited, and says where it was put together.
      const behind = valuesOf(dissectPacket(capture, k));
      expect(behind.has('http2.type')).toBe(false);
      expect(Number(behind.get('tcp.reassembled_in')?.[0])).toBeGreaterThan(row);
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('lets a whole record behind it be seen in its own packet', async () => {
    const list = await small('tls13', 65_536);
    const expected = exchangesOf(indexed(list).capture);
    let seen = 0;
    for (const [k, frame] of list.frames.entries()) {
      const moved = late(list, k, 1);
      if (moved === null || length(frame) === 0) continue;
      const { capture } = indexed(moved);
      const d = dissectPacket(capture, k);
      if (!d.sources.some(({ name }) => name === 'Decrypted TLS') || valuesOf(d).has('http.response.code')) continue;
      seen++;
      expect(d.layers.at(-1)?.protocol).toBe('tls');
      expect(exchangesOf(capture)).toEqual(expected);
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('is waited for no longer when the receiver has acknowledged what the capture lacks', async () => {
    const list = await small('tls13');
    const expected = exchangesOf(indexed(list).capture);
    let seen = 0;
    for (const [k, frame] of list.frames.entries()) {
      const behind = list.frames[k + 3] as Frame;
      if (late(list, k, 20) === null || length(frame) !== MSS || flow(behind) !== flow(frame)) continue;
      seen++;
      const frames = list.frames.flatMap((each) => (each === frame ? [] : each === behind ? [each, acknowledgement(behind)] : [each]));
      const damaged = { ...list, frames };
      expect(check(damaged)).toMatchObject(HARMLESS);
      const { capture } = indexed(damaged);
      // What was lost is of one exchange; those after it are read, and none is held up.
      const found = new Set(exchangesOf(capture).map((each) => JSON.stringify(each)));
      expect(expected.filter((each) => !found.has(JSON.stringify(each))).length).toBeLessThanOrEqual(1);
    }
    expect(seen).toBeGreaterThan(3);
  });

  it('that is still there at the end of the capture is waited for no longer, and what is behind it is read', async () => {
    let [released, spanning] = [0, 0];
    for (const [name, most] of [
      ['tls13', 65_536],
      ['tls12', MSS],
      ['tls-h2', 1000],
    ] as const) {
      const list = await small(name, most);
      for (const [k, frame] of list.frames.entries()) {
        // The capture ends with the last segment of the direction before the other side speaks again.
        const rest = list.frames.slice(k + 1);
        const turn = rest.findIndex((each) => flow(each) !== flow(frame));
        const behind = turn < 0 ? rest : rest.slice(0, turn);
        if (length(frame) === 0 || behind.length < 1) continue;
        const damaged = { ...list, frames: [...list.frames.slice(0, k), ...behind] };
        const second = again(damaged);
        if (second === null) continue;
        const { capture } = indexed(second);
        expect(capture.state(reassembler).open.size).toBe(0);
        const { capture: first } = indexed(damaged);
        const entries = (of: Capture) => [...Array(of.state(flows).size).keys()].flatMap((n) => [...of.state(tlsPlain).ofStream(n)]);
        const more = entries(capture).length - entries(first).length;
        expect(more).toBeGreaterThanOrEqual(0);
        if (more === 0) continue;
        released++;
        expect(check(second), `${name} ${k}`).toMatchObject(HARMLESS);
        // Every packet but the last that waited is shown as it was.
        const [last] = [...(second.lastRows?.values() ?? [])] as [number];
        for (let row = Math.max(k, last - 3); row < damaged.frames.length; row++) {
          if (row === last) continue;
          expect(dissectPacket(capture, row).layers.map(({ protocol }) => protocol)).toEqual(
            dissectPacket(first, row).layers.map(({ protocol }) => protocol),
          );
        }
        const values = valuesOf(dissectPacket(capture, last));
        if ((values.get('tcp.segment')?.length ?? 0) > 1) spanning++;
        // What was read is in the followed stream, behind a gap of as many octets as are missing.
        const stream = capture.state(tlsPlain).side[entries(capture).at(-1) as number] as number;
        const followed = (await followDecrypted(capture, stream >>> 1)) as FollowedStream;
        const pieces = [...Array(followed.size).keys()].map((n) => followed.piece(n));
        expect(pieces.filter(({ gap }) => gap).map((piece) => piece.length)).toEqual([length(frame)]);
        const at = pieces.findIndex(({ gap }) => gap);
        expect(at).toBeLessThan(pieces.length - 1);
        for (let n = at + 1; n < pieces.length; n++) expect(followed.bytesOf(n).length).toBe(pieces[n]?.length);
      }
    }
    expect(released).toBeGreaterThan(3);
    expect(spanning).toBeGreaterThan(0);
  });
});
