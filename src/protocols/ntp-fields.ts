/** What the messages of all modes of NTP share. */
import type { Buf } from '../dissect/dissection.ts';
import { abstime, bytes, names, uint8, uint32 } from '../dissect/field.ts';
import type { Time } from '../messages.ts';

export const modes = names({
  0: 'reserved',
  1: 'symmetric active',
  2: 'symmetric passive',
  3: 'client',
  4: 'server',
  5: 'broadcast',
  6: 'reserved for NTP control message',
  7: 'reserved for private use',
});
export const header = {
  stratum: uint8('ntp.stratum', 'Peer Clock Stratum', {
    names: (v) =>
      v === 0
        ? 'unspecified or invalid'
        : v === 1
          ? 'primary reference'
          : v < 16
            ? 'secondary reference'
            : v === 16
              ? 'unsynchronized'
              : 'reserved',
  }),
  poll: uint8('ntp.ppoll', 'Peer Polling Interval'),
  precision: uint8('ntp.precision', 'Peer Clock Precision'),
  rootDelay: uint32('ntp.rootdelay', 'Root Delay'),
  rootDispersion: uint32('ntp.rootdispersion', 'Root Dispersion'),
  reference: bytes('ntp.refid', 'Reference ID'),
  referenceTime: abstime('ntp.reftime', 'Reference Timestamp', { zero: 'NULL' }),
  origin: abstime('ntp.org', 'Origin Timestamp', { zero: 'NULL' }),
  receive: abstime('ntp.rec', 'Receive Timestamp', { zero: 'NULL' }),
  transmit: abstime('ntp.xmt', 'Transmit Timestamp', { zero: 'NULL' }),
  keyId: bytes('ntp.keyid', 'Key ID'),
  mac: bytes('ntp.mac', 'Message Authentication Code'),
};

/** Seconds from 1900 to 1970, and from 1970 to the second era of NTP (2036). */
const EPOCH = 2208988800;
const SECOND_ERA = 2 ** 32 - EPOCH;

/** An NTP timestamp; what has its first bit clear is of the era after 2036 (RFC 4330 section 3). */
export function timestamp(b: Buf, at: number): Time {
  const seconds = b.u32(at);
  const nsec = Math.floor((b.u32(at + 4) * 1_000_000_000) / 2 ** 32);
  if (seconds === 0 && nsec === 0) return { sec: 0, nsec: 0 };
  return { sec: seconds >= 0x80000000 ? seconds - EPOCH : seconds + SECOND_ERA, nsec };
}
