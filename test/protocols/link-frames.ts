/** Frames that several tests use. */
import { eth, hex, IP_A, IP_B, join, MAC_A, u16 } from './network-packets.ts';

/** ARP: A asks for B's address, unless told otherwise. */
export function arpFrame(
  opcode = 1,
  senderIp: readonly number[] = IP_A,
  targetIp: readonly number[] = IP_B,
  targetMac: Uint8Array = hex('000000000000'),
): Uint8Array {
  return eth(0x0806, u16(1), u16(0x0800), [6, 4], u16(opcode), join(MAC_A, senderIp, targetMac, targetIp));
}
