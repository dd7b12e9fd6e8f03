/** The fields of the capture options, and what they mean. Empty fields set no limit. */
import type { CaptureLimits } from '../../src/messages.ts';
import { words } from '../words.ts';

/** As typed. */
export interface LimitFields {
  readonly packets: string;
  readonly megabytes: string;
  readonly seconds: string;
  readonly fileMegabytes: string;
  readonly fileSeconds: string;
  readonly files: string;
  readonly file: string;
}

export type Limits = CaptureLimits & { readonly file?: string };

/** As in dumpcap and in file managers: an MB has a million bytes. */
const MEGABYTE = 1_000_000;
/** setTimeout's longest time: about 24 days. */
const MOST_SECONDS = 2_000_000;

const shown = (value: number | undefined, unit: number): string => (value === undefined ? '' : String(value / unit));

export function fieldsOf(limits: Limits): LimitFields {
  const { ring } = limits;
  return {
    packets: shown(limits.maxPackets, 1),
    megabytes: shown(limits.maxBytes, MEGABYTE),
    seconds: shown(limits.maxDurationMs, 1000),
    fileMegabytes: shown(ring?.bytes, MEGABYTE),
    fileSeconds: shown(ring?.durationMs, 1000),
    files: ring === undefined || ring.files === 0 ? '' : String(ring.files),
    file: limits.file ?? '',
  };
}

/** The limits, or a sentence about what is wrong with the fields. */
export function limitsOfFields(fields: LimitFields): { readonly limits: Limits } | { readonly wrong: string } {
  const problems: string[] = [];
  const number = (name: string, text: string, unit: number, most: number, whole: boolean): number | undefined => {
    if (text.trim() === '') return undefined;
    const value = Number(text.trim().replaceAll(',', ''));
    if (Number.isFinite(value) && value > 0 && value <= most && (!whole || Number.isInteger(value)))
      return Math.max(1, Math.round(value * unit));
    problems.push(words.notALimit(name, most, whole));
    return undefined;
  };
  const maxPackets = number(words.stopPackets, fields.packets, 1, 1e12, true);
  const maxBytes = number(words.stopMegabytes, fields.megabytes, MEGABYTE, 1e8, false);
  const maxDurationMs = number(words.stopSeconds, fields.seconds, 1000, MOST_SECONDS, false);
  const bytes = number(words.fileMegabytes, fields.fileMegabytes, MEGABYTE, 1e8, false);
  const durationMs = number(words.fileSeconds, fields.fileSeconds, 1000, MOST_SECONDS, false);
  const files = number(words.keepFiles, fields.files, 1, 100_000, true);
  const file = fields.file.trim();
  const ringed = bytes !== undefined || durationMs !== undefined;
  if (files !== undefined && !ringed) problems.push(words.filesWithoutRing);
  if (ringed && file === '') problems.push(words.ringWithoutPlace);
  if (problems[0] !== undefined) return { wrong: problems[0] };
  return {
    limits: {
      ...(maxPackets === undefined ? {} : { maxPackets }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(maxDurationMs === undefined ? {} : { maxDurationMs }),
      ...(ringed
        ? {
            ring: { ...(bytes === undefined ? {} : { bytes }), ...(durationMs === undefined ? {} : { durationMs }), files: files ?? 0 },
          }
        : {}),
      ...(file === '' ? {} : { file }),
    },
  };
}
