/** What a file that is saved lacks of what is known of its capture: nothing is to be lost without a word. */
import type { ReaderInterface } from '../file/types.ts';

/** What is known of the packets that are saved, and of their capture. */
export interface Known {
  /** Comments on packets and on the capture. */
  readonly comments: number;
  /** A packet has flags. */
  readonly flags: boolean;
  /** Of the interfaces that the packets came from. */
  readonly interfaces: readonly ReaderInterface[];
  /** Interfaces counted what they received or dropped. */
  readonly counts: boolean;
  /** There are secrets to decrypt with. */
  readonly secrets: boolean;
}

const COUNTS = 'counts of received and dropped packets';

/** True if the file says what an interface received or dropped. */
export function isCounted(each: ReaderInterface): boolean {
  return each.dropped !== null || (each.received ?? null) !== null;
}

/** True if more is known of an interface than pcap has a place for. */
function isDescribed({ name, description, captureFilter, hardware, os }: ReaderInterface): boolean {
  return [name, description, captureFilter, hardware, os].some((each) => each !== null && each !== undefined);
}

/** What is said of a pcap file: it has packets and their times, and no more. Null where nothing more is known. */
export function leftOutOfPcap(known: Known): string | null {
  const { comments, flags, interfaces, counts, secrets } = known;
  const lacking = [
    ...(comments === 0 ? [] : [`${comments} ${comments === 1 ? 'comment' : 'comments'}`]),
    ...(flags ? ['packet flags'] : []),
    ...(interfaces.length > 1 || interfaces.some(isDescribed) ? ['descriptions of interfaces'] : []),
    ...(counts ? [COUNTS] : []),
    ...(secrets ? ['TLS secrets'] : []),
  ];
  return lacking.length === 0 ? null : `Not in the file, since pcap has no place for it: ${lacking.join(', ')}.`;
}

/**
 * What is said of a pcapng file. What an interface counted is of a whole capture: beside a part of its packets it would read as if that part
 * had lost so many. Wireshark's programs leave it out too.
 */
export function leftOutOfPcapng(counts: boolean, whole: boolean): string | null {
  return counts && !whole ? `Not in the file, since it is about the whole capture: ${COUNTS}.` : null;
}
