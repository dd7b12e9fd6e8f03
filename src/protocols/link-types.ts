// LINKTYPE_ numbers of capture files (tcpdump.org/linktypes) with Wireshark's encapsulation numbers.

import { data } from '../dissect/data.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { tables } from '../dissect/tables.ts';

/** Wireshark's WTAP_ENCAP_ number by LINKTYPE_ number. */
const linkTypes: ReadonlyMap<number, number> = new Map([
  [0, 15],
  [1, 1],
  [6, 2],
  [7, 9],
  [8, 3],
  [9, 4],
  [10, 6],
  [12, 7],
  [14, 7],
  [50, 19],
  [51, 161],
  [100, 13],
  [101, 7],
  [104, 28],
  [105, 20],
  [106, 10],
  [107, 27],
  [108, 15],
  [109, 39],
  [113, 25],
  [117, 38],
  [119, 22],
  [122, 18],
  [127, 23],
  [129, 74],
  [163, 24],
  [187, 100],
  [189, 92],
  [195, 104],
  [201, 99],
  [220, 115],
  [226, 124],
  [228, 129],
  [229, 130],
  [230, 127],
  [239, 141],
  [240, 139],
  [242, 180],
  [249, 152],
  [276, 210],
]);

/** Wireshark's WTAP_ENCAP_ number (`frame.encap_type`), undefined if not known here. */
export function encapsulationOf(linkType: number): number | undefined {
  return linkTypes.get(linkType);
}

/** The protocol that packets of this link type begin with: `data` where it is not known. The same at both depths. */
export function linkProtocol(linkType: number): Protocol {
  return tables.linktype.lookup(linkType) ?? data;
}
