import type { CaptureInterface } from '../file/types.ts';
import type { AddressTable } from '../table/address-table.ts';
import type { PacketTable } from '../table/packet-table.ts';
import type { StackTable } from '../table/stack-table.ts';

/**
 * Key of some protocol's own index-time state (fragments under reassembly, HTTP pairs, TCP connections). The state object is made on
 * first use and lives as long as the capture. Declared once at module level: `const pairs = defineState(() => new HttpPairs())`.
 */
export interface StateKey<T> {
  readonly slot: number;
  readonly create: (capture: CaptureIndex) => T;
}

let slots = 0;
export function defineState<T>(create: (capture: CaptureIndex) => T): StateKey<T> {
  return { slot: slots++, create };
}

/**
 * Everything that is known of one capture: what the index pass has written and what full depth reads. Full depth of a packet is a
 * pure function of its bytes and of this.
 */
export interface CaptureIndex {
  readonly packets: PacketTable;
  readonly addresses: AddressTable;
  readonly stacks: StackTable;
  readonly interfaces: readonly CaptureInterface[];
  /** Packets are to be shown as a reader sees them that has read no further: as tshark prints them without -2. */
  readonly onePass?: boolean;
  /** Captured bytes of a row, read from the file (or a cache). A fresh or shared array: never written to. Empty if it cannot be read. */
  bytesOf(row: number): Uint8Array;
  /** The same into a buffer that is there; gives how many bytes there are, -1 if they do not fit. For those who read very many packets. */
  bytesInto?(row: number, into: Uint8Array): number;
  /** Comments of a row's record, in order; usually empty. */
  commentsOf(row: number): readonly string[];
  /** What the capture file says of how the packet came and what was wrong with it (pcapng's epb_flags); null where it says nothing. */
  flagsOf?(row: number): number | null;
  /** State of a protocol. */
  state<T>(key: StateKey<T>): T;
}
