/** Captures as lists of packets, for the fuzzer to start from. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Output, writePcapHeader, writePcapRecord } from '../../src/file/encode.ts';
import { openCapture } from '../../src/file/open.ts';
import type { PacketSink } from '../../src/file/types.ts';
import type { Frame, FrameList } from './memory-capture.ts';

const CAPTURE = /\.(pcap|pcapng|cap|dmp|dump)(\.gz)?$/i;

/** Capture files in a folder and below it, by name. */
export function captureFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => CAPTURE.test(name))
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name).isFile())
    .sort();
}

/** Up to `limit` packets of a file that were captured on its first interface's kind of link; null if there are none. */
export async function framesOf(file: string, limit: number): Promise<FrameList | null> {
  const opened = await openCapture(file);
  if (!opened.ok) return null;
  const { reader } = opened;
  const frames: Frame[] = [];
  let linkType = -1;
  const sink: PacketSink = {
    packet(bytes, offset, capLen, wireLen, sec, nsec, iface) {
      const kind = reader.interfaces[iface]?.linkType ?? -1;
      if (linkType < 0) linkType = kind;
      if (kind !== linkType || frames.length >= limit) return;
      frames.push({ bytes: bytes.slice(offset, offset + capLen), wireLength: wireLen, sec, nsec });
    },
  };
  try {
    while (frames.length < limit && (await reader.step(sink)) === 'more');
  } finally {
    await reader.close();
  }
  return frames.length === 0 ? null : { name: path.basename(file), linkType, frames };
}

/** The list as a pcap file. */
export function pcapOf(list: FrameList): Uint8Array {
  const out = new Output(1 << 20);
  writePcapHeader(out, true, 262_144, list.linkType);
  for (const { bytes, wireLength, sec, nsec } of list.frames)
    writePcapRecord(out, true, bytes, 0, bytes.length, wireLength, sec >>> 0, nsec);
  return out.bytes.subarray(0, out.length);
}
