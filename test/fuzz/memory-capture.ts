/** A capture file that exists in memory only. */
import { performance } from 'node:perf_hooks';
import { Capture } from '../../src/engine/capture.ts';
import type { CaptureReader, PacketSink, ReaderInterface, Step } from '../../src/file/types.ts';
import { type LastRows, reassembler } from '../../src/flow/reassembly.ts';
import type { KeyLog } from '../../src/tls/keylog.ts';
import { tlsSecrets } from '../../src/tls/secrets.ts';

/** One packet as a capture has it. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly sec: number;
  readonly nsec: number;
}

/** Packets of one link type, in order. */
export interface FrameList {
  readonly name: string;
  readonly linkType: number;
  readonly frames: readonly Frame[];
  /** Secrets that its TLS is decrypted with. */
  readonly keyLog?: KeyLog;
  /** For a second reading: what the first one has found (`again`). */
  readonly lastRows?: LastRows;
}

export class MemoryReader implements CaptureReader {
  readonly path = 'memory';
  readonly format = 'pcap';
  readonly compression = 'none';
  readonly comments: readonly string[] = [];
  readonly damage = null;
  readonly bytesRead = 0;
  readonly fileBytes = 0;
  readonly interfaces: readonly ReaderInterface[];
  /** How often packets were read again, for counting work. */
  reads = 0;
  readonly #frames: readonly Frame[];
  readonly #file: Uint8Array;

  constructor(frames: readonly Frame[], linkType: number) {
    this.#frames = frames;
    this.#file = new Uint8Array(frames.reduce((sum, frame) => sum + frame.bytes.length, 0));
    let at = 0;
    for (const frame of frames) {
      this.#file.set(frame.bytes, at);
      at += frame.bytes.length;
    }
    this.interfaces = [
      { linkType, snapLength: 262_144, name: null, description: null, captureFilter: null, timePrecision: 9, dropped: null },
    ];
  }

  step(sink: PacketSink): Promise<Step> {
    this.deliver(sink);
    return Promise.resolve('end');
  }

  deliver(sink: PacketSink): void {
    let at = 0;
    for (const { bytes, wireLength, sec, nsec } of this.#frames) {
      sink.packet(this.#file, at, bytes.length, wireLength, sec, nsec, 0, at, false);
      at += bytes.length;
    }
  }

  finish(): void {}
  readAt(offset: number, length: number): Uint8Array {
    this.reads++;
    return this.#file.subarray(offset, offset + length);
  }
  commentsAt(): readonly string[] {
    return [];
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The packet that took longest to index, and its milliseconds. */
export interface Slowest {
  row: number;
  took: number;
}

/** The list to be read a second time, as a file is at whose end something waits behind a hole; null where nothing does. */
export function again(list: FrameList): FrameList | null {
  const lastRows = indexed(list).capture.state(reassembler).open;
  return lastRows.size === 0 ? null : { ...list, lastRows };
}

/** The packets, indexed. `only`: the row to time, where it is not the slowest one that is asked for. `clock`: milliseconds. */
export function indexed(
  list: FrameList,
  only = -1,
  clock = () => performance.now(),
): { readonly capture: Capture; readonly reader: MemoryReader; readonly slowest: Readonly<Slowest> } {
  const reader = new MemoryReader(list.frames, list.linkType);
  const capture = new Capture(reader);
  if (list.lastRows !== undefined) capture.state(reassembler).lastRows = list.lastRows;
  if (list.keyLog !== undefined) capture.state(tlsSecrets).use({ log: list.keyLog });
  const slowest: Slowest = { row: 0, took: 0 };
  let row = 0;
  reader.deliver({
    packet(...record) {
      const begun = clock();
      capture.packet(...record);
      const took = clock() - begun;
      if (only < 0 ? took > slowest.took : row === only) {
        slowest.row = row;
        slowest.took = took;
      }
      row++;
    },
  });
  return { capture, reader, slowest };
}
