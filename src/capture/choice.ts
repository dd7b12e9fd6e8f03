/**
 * Which back end captures. For a file: dumpcap where it works, because it knows times and drops. For a list that somebody watches: cap where it
 * works, because a packet has to show within 200 ms and dumpcap passes packets on only every 250 ms; several interfaces at once are dumpcap's
 * again, because with cap a busy one keeps the others waiting. Where more packets come than cap takes, dumpcap goes on: ./relay-source.ts.
 */
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
  several: 'dumpcap, because with cap a busy interface keeps the others waiting; it also counts drops.',
  dumpcapOnly: (lack: string): string => `dumpcap, because cap ${lack}.`,
  watched:
    "cap, because its packets show at once. dumpcap passes them on every quarter of a second, with the kernel's time stamps and counted drops.",
  busy: (name: string): string =>
    `dumpcap, because more packets pass ${name} now than cap takes without loss; it counts what the kernel drops all the same.`,
  relayed: 'dumpcap went on where cap had begun, because more packets came than cap takes without loss.',
  cap: (lack: string): string => `cap, because dumpcap ${lack}.`,
} as const;

/** Which of two back ends to take, and why; null where none can be used. `watched`: a list follows the packets of one interface. */
export function choose(
  wanted: BackendName | 'auto',
  cap: Candidate,
  dumpcap: Candidate,
  watched: boolean,
): { name: BackendName; reason: string } | null {
  if (wanted !== 'auto') return { name: wanted, reason: reasons.asked(wanted) };
  if (watched && cap.usable && dumpcap.usable) return { name: 'cap', reason: reasons.watched };
  if (watched && dumpcap.usable) return { name: 'dumpcap', reason: reasons.dumpcapOnly(cap.lack ?? 'cannot be used') };
  if (dumpcap.usable) return { name: 'dumpcap', reason: reasons.dumpcap };
  return cap.usable ? { name: 'cap', reason: reasons.cap(dumpcap.lack ?? 'cannot be used') } : null;
}

export const lacks = {
  missing: 'is not installed',
  forbidden: 'may not be run by this user',
  refused: 'may not open network interfaces',
} as const;
