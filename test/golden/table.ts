/** Tables as `-T fields` prints them, and how two of them differ. */

import { fieldsPrinter } from '../../src/cli/fields-printer.ts';
import { Capture } from '../../src/engine/capture.ts';
import { openCapture } from '../../src/file/open.ts';
import type { CaptureReader } from '../../src/file/types.ts';
import { dissectPacket } from '../../src/protocols/dissect-packet.ts';
import { type GivenKeyLog, tlsSecrets } from '../../src/tls/secrets.ts';

export interface Difference {
  /** Number of the packet, from 1. */
  readonly frame: number;
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** Reads a capture to its end, with a key log if there is one. Null if the file is not a capture at all. */
export async function readAll(file: string, keys?: GivenKeyLog): Promise<{ capture: Capture; reader: CaptureReader } | null> {
  const opened = await openCapture(file);
  if (!opened.ok) return null;
  const { reader } = opened;
  const capture = new Capture(reader);
  if (keys !== undefined) capture.state(tlsSecrets).use(keys);
  while ((await capture.step()) === 'more');
  reader.finish();
  return { capture, reader };
}

/** The lines that `sevenfold dissect -T fields` prints of a capture, without a header; with `-2` if `twice`. */
export function printFields(capture: Capture, fields: readonly string[], twice = false): string[] {
  capture.onePass = !twice;
  const printer = fieldsPrinter(fields, []);
  if (typeof printer === 'string') throw new Error(printer);
  const lines: string[] = [];
  for (let row = 0; row < capture.packets.length; row++) lines.push(printer.line(dissectPacket(capture, row)).slice(0, -1));
  return lines;
}

/** Every cell that is not the same, byte for byte. Lines of `expected` and `actual` stand for the same packets. */
export function differences(fields: readonly string[], expected: readonly string[], actual: readonly string[]): Difference[] {
  const found: Difference[] = [];
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    const want = expected[i]?.split('\t') ?? [];
    const have = actual[i]?.split('\t') ?? [];
    fields.forEach((field, column) => {
      const a = want[column] ?? '';
      const b = have[column] ?? '';
      if (a !== b) found.push({ frame: i + 1, field, expected: a, actual: b });
    });
  }
  return found;
}
