/**
 * Keys of QUIC Initial packets (RFC 9001 section 5.2, RFC 9369 section 3.3): they follow from the connection id that the client made up, so
 * that whoever sees the packet can read it. They keep nothing secret; they keep middleboxes from meddling.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const VERSION_1 = 1;
export const VERSION_2 = 0x6b3343cf;
const VERSION_2_DRAFT = 0x709a50c4;
/** Google's: draft 27 with salts of their own. */
const GOOGLE_T050 = 0x54303530;
const GOOGLE_T051 = 0x54303531;

/** The numbers of long packet types are those of version 2. */
export function isVersion2(version: number): boolean {
  return version === VERSION_2 || version === VERSION_2_DRAFT;
}

/** Versions that nobody speaks, so that the server has to name those it does (RFC 9000 section 15). */
export function forcesNegotiation(version: number): boolean {
  return (version & 0x0f0f0f0f) === 0x0a0a0a0a;
}

/** The draft that a version stands for: 29 of draft-29; 1 and later final versions are 34, 0 where unknown. Which keys a
 * client takes with a version that forces a negotiation no document says: those who do it took draft 29's. */
export function draftOf(version: number): number {
  if (version >>> 8 === 0xff0000) return version & 0xff;
  if (version === 0xfaceb000 || version === 0xfaceb001) return 22;
  if (version === 0xfaceb002 || version === 0xfaceb00e) return 27;
  if (version === 0xfaceb00f || version === 0xfaceb003 || version === 0xfaceb010 || version === 0xfaceb011) return 29;
  if (version === GOOGLE_T050 || version === GOOGLE_T051) return 27;
  if (forcesNegotiation(version)) return 29;
  return version === VERSION_1 || isVersion2(version) ? 34 : 0;
}

function saltOf(version: number): Buffer | null {
  if (version === VERSION_2) return Buffer.from('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'hex');
  if (version === VERSION_2_DRAFT) return Buffer.from('a707c203a59b47184a1d62ca570406ea7ae3e5d3', 'hex');
  if (version === GOOGLE_T050) return Buffer.from('7ff579e5acd072915580304c43a2367c60488310', 'hex');
  if (version === GOOGLE_T051) return Buffer.from('7a4edef4e7ccee5fa4506c19124fc8ccda6e033d', 'hex');
  const draft = draftOf(version);
  if (draft >= 33) return Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
  if (draft >= 29) return Buffer.from('afbfec289993d24c9e9786f19c6111e04390a899', 'hex');
  if (draft >= 23) return Buffer.from('c3eef712c72ebb5a11a7d2432bb46365bef9f502', 'hex');
  if (draft >= 21) return Buffer.from('7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a', 'hex');
  if (draft >= 17) return Buffer.from('ef4fb0abb47470c41befcf8031334fae485e09a0', 'hex');
  return null;
}

function hmac(key: Uint8Array, data: Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** HKDF-Expand-Label of RFC 8446 section 7.1 with no context, for at most 32 octets. */
function expand(secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  return hmac(secret, Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])])).subarray(0, length);
}

/** Keys of one direction: of the packets' AES-128-GCM, and of the protection of their headers. */
export interface SideKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly hp: Buffer;
}

export interface InitialKeys {
  readonly client: SideKeys;
  readonly server: SideKeys;
}

/** Keys for the client's first destination connection id; null for versions whose salt is not known. */
export function initialKeys(version: number, dcid: Uint8Array): InitialKeys | null {
  const salt = saltOf(version);
  if (salt === null) return null;
  const secret = hmac(salt, dcid);
  const word = isVersion2(version) ? 'quicv2' : 'quic';
  const side = (label: string): SideKeys => {
    const own = expand(secret, label, 32);
    return { key: expand(own, `${word} key`, 16), iv: expand(own, `${word} iv`, 12), hp: expand(own, `${word} hp`, 16) };
  };
  return { client: side('client in'), server: side('server in') };
}

/** Key and nonce of the tag that Retry packets end with: no secret, but only who saw the client's packet can make it. */
function retryKeyOf(version: number): readonly [key: string, nonce: string] | null {
  if (version === VERSION_2) return ['8fb4b01b56ac48e260fbcbcead7ccc92', 'd86969bc2d7c6d9990efb04a'];
  if (version === VERSION_2_DRAFT) return null;
  const draft = draftOf(version);
  if (draft >= 33) return ['be0c690b9f66575a1d766b54e368c84e', '461599d35d632bf2239825bb'];
  if (draft >= 29) return ['ccce187ed09a09d05728155a6cb96be1', 'e54930f97f2136f0530a8c1c'];
  if (draft >= 25) return ['4d32ecdb2a2133c841e4043df27d4430', '4d1611d05513a552c587d575'];
  return null;
}

/**
 * Whether the tag of 16 octets that ends a Retry packet is right (RFC 9001, section 5.8; RFC 9369, section 3.3.3); null for versions whose key is not known.
 * @param dcid destination connection id of the Initial packet that it answers
 */
export function retryTagFits(version: number, dcid: Uint8Array, packet: Uint8Array): boolean | null {
  const known = retryKeyOf(version);
  if (known === null || packet.length < 16) return null;
  const cipher = createCipheriv('aes-128-gcm', Buffer.from(known[0], 'hex'), Buffer.from(known[1], 'hex'));
  cipher.setAAD(Buffer.concat([Uint8Array.of(dcid.length), dcid, packet.subarray(0, -16)]));
  cipher.final();
  return cipher.getAuthTag().equals(packet.subarray(-16));
}

/** A packet without its protection. */
export interface OpenedPacket {
  /** First byte of the header as it was before it was protected. */
  readonly first: number;
  /** Length of the packet number, and as much of the number as is in the packet. */
  readonly numberLength: number;
  readonly number: number;
  /** The frames. */
  readonly frames: Uint8Array;
}

/** Opens the packet that is bytes[from, end) and whose number begins at `numberAt` (RFC 9001 sections 5.3 and 5.4); null if that fails. */
export function openPacket(keys: SideKeys, bytes: Uint8Array, from: number, numberAt: number, end: number): OpenedPacket | null {
  const sample = numberAt + 4;
  if (sample + 16 > end) return null;
  const header = createCipheriv('aes-128-ecb', keys.hp, null).setAutoPadding(false);
  const mask = header.update(bytes.subarray(sample, sample + 16));
  const first = (bytes[from] as number) ^ ((mask[0] as number) & 0x0f);
  const numberLength = (first & 3) + 1;
  const body = numberAt + numberLength;
  if (body + 16 > end) return null;
  const associated = Uint8Array.from(bytes.subarray(from, body));
  associated[0] = first;
  let number = 0;
  const nonce = Uint8Array.from(keys.iv);
  for (let k = 0; k < numberLength; k++) {
    const octet = (bytes[numberAt + k] as number) ^ (mask[1 + k] as number);
    associated[numberAt - from + k] = octet;
    number = number * 256 + octet;
    // An Initial packet's number is small, so what is in the packet is all of it.
    const at = 12 - numberLength + k;
    nonce[at] = (nonce[at] as number) ^ octet;
  }
  try {
    const cipher = createDecipheriv('aes-128-gcm', keys.key, nonce);
    cipher.setAAD(associated);
    cipher.setAuthTag(bytes.subarray(end - 16, end));
    const frames = cipher.update(bytes.subarray(body, end - 16));
    cipher.final();
    return { first, numberLength, number, frames };
  } catch {
    // Not these keys: what is meant for others is not this program's mistake.
    return null;
  }
}
