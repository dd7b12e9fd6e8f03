/** Opening one TLS record with its keys (RFC 8446 section 5.2, RFC 5246 section 6.2.3, RFC 5288, RFC 6655, RFC 7366, RFC 7905). */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { hashLength, type RecordKeys } from './key-schedule.ts';

const HEADER = 5;

export interface OpenedRecord {
  /** Content type of what was inside. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/**
 * Opens the record whose header is at `at` and whose end is `end`, all of which is there; null if it was not protected with these keys and
 * this number. `previous`: the last cipher block of the direction's record before it, for CBC of TLS 1.0; null for the first.
 */
export function openRecord(
  keys: RecordKeys,
  number: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  previous: Uint8Array | null,
): OpenedRecord | null {
  try {
    return keys.suite.mode === 'cbc' ? openCbc(keys, number, bytes, at, end, previous) : openAead(keys, number, bytes, at, end);
  } catch {
    // Not these keys, or damaged.
    return null;
  }
}

/** `number` as the last 8 octets of `into`, joined with them by exclusive or. */
function mix(into: Uint8Array, number: number): void {
  let rest = number;
  for (let k = into.length - 1; rest > 0 && k >= into.length - 8; k--) {
    into[k] = (into[k] as number) ^ (rest & 0xff);
    rest = Math.floor(rest / 256);
  }
}

/** Sequence number, type, version and length: what is authenticated besides the contents, up to TLS 1.2. */
function pseudoHeader(number: number, bytes: Uint8Array, at: number, length: number): Uint8Array {
  const header = new Uint8Array(13);
  mix(header.subarray(0, 8), number);
  header[8] = bytes[at] as number;
  header[9] = bytes[at + 1] as number;
  header[10] = bytes[at + 2] as number;
  header[11] = length >> 8;
  header[12] = length & 0xff;
  return header;
}

function openAead(keys: RecordKeys, number: number, bytes: Uint8Array, at: number, end: number): OpenedRecord | null {
  const { suite, version } = keys;
  const modern = version === 0x0304;
  const explicit = modern || suite.mode === 'chacha' ? 0 : 8;
  const from = at + HEADER + explicit;
  const tag = end - suite.tagLength;
  if (tag < from) return null;
  const nonce = new Uint8Array(12);
  nonce.set(keys.iv);
  if (explicit > 0) nonce.set(bytes.subarray(at + HEADER, from), 4);
  else mix(nonce, number);
  // All of these take the options of an AEAD.
  const cipher = createDecipheriv(suite.cipher as 'aes-128-gcm', keys.key, nonce, { authTagLength: suite.tagLength });
  cipher.setAuthTag(bytes.subarray(tag, end));
  const associated = modern ? bytes.subarray(at, at + HEADER) : pseudoHeader(number, bytes, at, tag - from);
  (cipher as { setAAD(data: Uint8Array, options?: { plaintextLength: number }): unknown }).setAAD(
    associated,
    suite.mode === 'ccm' ? { plaintextLength: tag - from } : undefined,
  );
  const inside = cipher.update(bytes.subarray(from, tag));
  cipher.final();
  if (!modern) return { type: bytes[at] as number, bytes: inside };
  // The type stands behind the contents, before any padding with zeros.
  let stop = inside.length;
  while (stop > 0 && inside[stop - 1] === 0) stop--;
  return stop === 0 ? null : { type: inside[stop - 1] as number, bytes: inside.subarray(0, stop - 1) };
}

function openCbc(
  keys: RecordKeys,
  number: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  previous: Uint8Array | null,
): OpenedRecord | null {
  const { suite, version, encryptThenMac } = keys;
  const block = suite.ivLength;
  const hash = suite.mac ?? 'sha1';
  const macLength = hashLength(hash);
  const stop = encryptThenMac ? end - macLength : end;
  let from = at + HEADER;
  let iv: Uint8Array = previous ?? keys.iv;
  if (version > 0x0301) {
    iv = bytes.subarray(from, from + block);
    from += block;
  }
  if (stop - from < block || (stop - from) % block !== 0) return null;
  const authentic = (contents: Uint8Array, mac: Uint8Array): boolean => {
    const h = createHmac(hash, keys.macKey);
    h.update(pseudoHeader(number, bytes, at, contents.length));
    return timingSafeEqual(h.update(contents).digest(), mac);
  };
  if (encryptThenMac && !authentic(bytes.subarray(at + HEADER, stop), bytes.subarray(stop, end))) return null;
  const cipher = createDecipheriv(suite.cipher, keys.key, iv).setAutoPadding(false);
  const inside = Buffer.concat([cipher.update(bytes.subarray(from, stop)), cipher.final()]);
  const padded = inside.length - 1 - (inside[inside.length - 1] as number);
  const length = encryptThenMac ? padded : padded - macLength;
  if (length < 0) return null;
  if (!encryptThenMac && !authentic(inside.subarray(0, length), inside.subarray(length, padded))) return null;
  return { type: bytes[at] as number, bytes: inside.subarray(0, length) };
}
