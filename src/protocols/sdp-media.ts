/** What a session description announces, at index depth: which protocol will run at which address and port, and its payload types. */
import { parseIpv6 } from '../dissect/addresses.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { UNSET } from '../table/packet-table.ts';
import { announceMedia } from './media-setups.ts';
import { rtcp } from './rtcp.ts';
import { rtp } from './rtp.ts';
import { t38 } from './t38.ts';

const MAX_TYPES = 32;
const octets = new Uint8Array(4);

/** Reads an IPv4 address into `octets`. */
function readAddress(value: string): boolean {
  const match = /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/.exec(value);
  if (match === null) return false;
  for (let i = 0; i < 4; i++) {
    const octet = Number(match[i + 1]);
    if (octet > 255) return false;
    octets[i] = octet;
  }
  return true;
}

/** The number of an IPv4 or IPv6 address in the capture's table, UNSET for other text. */
function placeOf(w: IndexWalk, value: string): number {
  if (readAddress(value)) return w.capture.addresses.intern4(octets, 0);
  const long = value.includes(':') ? parseIpv6(value) : null;
  return long === null ? UNSET : w.capture.addresses.intern6(long, 0);
}

/** Notes the media that an SDP body announces: the port of each, at its own address or that of the session. */
export function announceSdp(w: IndexWalk, body: string): void {
  let session = '';
  let port = 0;
  let address = '';
  let protocol = rtp.id;
  let types = new Map<number, string>();
  const flush = (): void => {
    const place = port > 0 && port < 65536 ? placeOf(w, address) : UNSET;
    if (place !== UNSET) {
      announceMedia(w.capture, w.row, place, port, protocol, 'SDP', types);
      // Unless something else is said, the reports have the port behind the media's (RFC 3550, section 11).
      if (protocol === rtp.id && port < 65535) announceMedia(w.capture, w.row, place, port + 1, rtcp.id, 'SDP');
    }
    port = 0;
  };
  for (const line of body.split(/\r?\n/, 500)) {
    if (line.startsWith('c=')) {
      address = /^c=IN IP(?:4 (?=[0-9.])|6 )([0-9a-fA-F:.]+)/.exec(line)?.[1] ?? '';
      if (port === 0) session = address;
    } else if (line.startsWith('m=')) {
      flush();
      address = session;
      const match = /^m=[a-z]+ ([0-9]{1,5})(?:\/[0-9]+)? (RTP\/|udptl t38)/i.exec(line);
      port = match === null ? 0 : Number(match[1]);
      protocol = match?.[2]?.toUpperCase() === 'RTP/' ? rtp.id : t38.id;
      types = new Map();
    } else if (port > 0 && line.startsWith('a=rtpmap:')) {
      const match = /^a=rtpmap:([0-9]{1,3})\s+([^/\s]+)/.exec(line);
      if (match !== null && types.size < MAX_TYPES) types.set(Number(match[1]), (match[2] as string).toLowerCase());
    }
  }
  flush();
}
