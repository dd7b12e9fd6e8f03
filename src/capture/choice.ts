/** Which back end captures: dumpcap where it works, because it knows times and drops; else cap. Knows neither of them. */
import type { BackendName } from '../messages.ts';

/** What is known of a back end, for the choice. */
export interface Candidate {
  readonly name: BackendName;
  readonly usable: boolean;
  /** Why it is not, as the end of a sentence: 'is not installed'. */
  readonly lack: string | null;
}

export const reasons = {
  asked: (name: BackendName): string => `${name}, as asked for.`,
  dumpcap: 'dumpcap, because the kernel stamps its packets and it counts drops.',
  cap: (lack: string): string => `cap, because dumpcap ${lack}.`,
} as const;

/** Which of two back ends to take, and why; null where none can be used. */
export function choose(wanted: BackendName | 'auto', cap: Candidate, dumpcap: Candidate): { name: BackendName; reason: string } | null {
  if (wanted !== 'auto') return { name: wanted, reason: reasons.asked(wanted) };
  if (dumpcap.usable) return { name: 'dumpcap', reason: reasons.dumpcap };
  return cap.usable ? { name: 'cap', reason: reasons.cap(dumpcap.lack ?? 'cannot be used') } : null;
}

export const lacks = {
  missing: 'is not installed',
  forbidden: 'may not be run by this user',
  refused: 'may not open network interfaces',
} as const;
