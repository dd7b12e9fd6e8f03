/** Keys of TLS records from secrets: the PRF of TLS up to 1.2 (RFC 5246 section 5, RFC 2246 section 5) and TLS 1.3's HKDF (RFC 8446 section 7). */
import { createHmac } from 'node:crypto';

export type Hash = 'md5' | 'sha1' | 'sha256' | 'sha384';
const HASH_LENGTH = { md5: 16, sha1: 20, sha256: 32, sha384: 48 } as const;

/** How a cipher suite protects records. */
export interface Suite {
  readonly mode: 'gcm' | 'ccm' | 'chacha' | 'cbc';
  /** Cipher as OpenSSL names it. */
  readonly cipher: string;
  readonly keyLength: number;
  /** Octets of a cipher block (CBC), or of the nonce that comes from the keys (AEAD, TLS 1.2). */
  readonly ivLength: number;
  /** Octets of an AEAD's tag; 0 for CBC. */
  readonly tagLength: number;
  /** Of CBC's MAC. */
  readonly mac: Hash | null;
  /** Of the PRF or HKDF. */
  readonly hash: Hash;
}

/** What the name of a suite says (IANA registry "TLS Cipher Suites"); null where records cannot be decrypted. */
export function suiteOf(name: string): Suite | null {
  const hash: Hash = name.endsWith('_SHA384') ? 'sha384' : 'sha256';
  if (name.endsWith('CHACHA20_POLY1305_SHA256'))
    return { mode: 'chacha', cipher: 'chacha20-poly1305', keyLength: 32, ivLength: 12, tagLength: 16, mac: null, hash };
  const parts = /(?:^TLS_|_WITH_)(?:(AES|CAMELLIA|ARIA)_(128|256)|(3DES_EDE))_(GCM|CBC|CCM|CCM_8)(?:_(SHA|SHA256|SHA384))?$/.exec(name);
  if (parts === null) return null;
  const [, family = '', bits = '', triple, mode = '', digest = ''] = parts;
  const keyLength = triple === undefined ? Number(bits) / 8 : 24;
  const cipher = triple === undefined ? `${family.toLowerCase()}-${bits}` : 'des-ede3';
  if (mode === 'CBC') {
    const mac: Hash = digest === 'SHA384' ? 'sha384' : digest === 'SHA256' ? 'sha256' : 'sha1';
    return { mode: 'cbc', cipher: `${cipher}-cbc`, keyLength, ivLength: triple === undefined ? 16 : 8, tagLength: 0, mac, hash };
  }
  if (mode === 'GCM') return { mode: 'gcm', cipher: `${cipher}-gcm`, keyLength, ivLength: 4, tagLength: 16, mac: null, hash };
  return { mode: 'ccm', cipher: `${cipher}-ccm`, keyLength, ivLength: 4, tagLength: mode === 'CCM_8' ? 8 : 16, mac: null, hash };
}

function hmac(hash: Hash, key: Uint8Array, ...data: Uint8Array[]): Buffer {
  const h = createHmac(hash, key);
  for (const one of data) h.update(one);
  return h.digest();
}

/** HKDF-Expand-Label with no context (RFC 8446 section 7.1), for at most 255 octets. */
function expandLabel(hash: Hash, secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([Buffer.from([length >> 8, length & 0xff, name.length]), name, Buffer.from([0])]);
  let block: Buffer = Buffer.alloc(0);
  let out: Buffer = Buffer.alloc(0);
  for (let n = 1; out.length < length; n++) {
    block = hmac(hash, secret, block, info, Buffer.from([n]));
    out = Buffer.concat([out, block]);
  }
  return out.subarray(0, length);
}

/** The secret after a KeyUpdate (RFC 8446 section 7.2). */
export function nextSecret(hash: Hash, secret: Uint8Array): Buffer {
  return expandLabel(hash, secret, 'traffic upd', HASH_LENGTH[hash]);
}

function pHash(hash: Hash, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  let a: Buffer = hmac(hash, secret, seed);
  let out: Buffer = Buffer.alloc(0);
  while (out.length < length) {
    out = Buffer.concat([out, hmac(hash, secret, a, seed)]);
    a = hmac(hash, secret, a);
  }
  return out.subarray(0, length);
}

/** PRF(secret, label, seed) of a version up to TLS 1.2; `hash` is that of TLS 1.2. */
export function prf(version: number, hash: Hash, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const whole = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  if (version >= 0x0303) return pHash(hash, secret, whole, length);
  const half = (secret.length + 1) >> 1;
  const one = pHash('md5', secret.subarray(0, half), whole, length);
  const other = pHash('sha1', secret.subarray(secret.length - half), whole, length);
  return Buffer.from(one.map((octet, k) => octet ^ (other[k] as number)));
}

/** What protects the records of one direction. */
export interface RecordKeys {
  readonly version: number;
  readonly suite: Suite;
  readonly key: Buffer;
  /** TLS 1.3 and ChaCha20: 12 octets for the nonce; AEAD of TLS 1.2: its first 4; CBC of TLS 1.0: of the first record. */
  readonly iv: Buffer;
  readonly macKey: Buffer;
  readonly encryptThenMac: boolean;
}

/** Keys of TLS 1.3 that follow from a traffic secret (RFC 8446 section 7.3). */
export function trafficKeys(suite: Suite, secret: Uint8Array): RecordKeys {
  const key = expandLabel(suite.hash, secret, 'key', suite.keyLength);
  const iv = expandLabel(suite.hash, secret, 'iv', 12);
  return { version: 0x0304, suite, key, iv, macKey: Buffer.alloc(0), encryptThenMac: false };
}

/** Keys of both directions of TLS up to 1.2 (RFC 5246 section 6.3): the client's, then the server's. */
export function masterKeys(
  version: number,
  suite: Suite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  encryptThenMac: boolean,
): readonly [RecordKeys, RecordKeys] {
  const macLength = suite.mac === null ? 0 : HASH_LENGTH[suite.mac];
  const { keyLength, ivLength } = suite;
  const seed = Buffer.concat([serverRandom, clientRandom]);
  const block = prf(version, suite.hash, master, 'key expansion', seed, 2 * (macLength + keyLength + ivLength));
  let at = 0;
  const take = (length: number): Buffer => {
    at += length;
    return block.subarray(at - length, at);
  };
  const macs = [take(macLength), take(macLength)] as const;
  const keys = [take(keyLength), take(keyLength)] as const;
  const ivs = [take(ivLength), take(ivLength)] as const;
  const side = (k: 0 | 1): RecordKeys => ({ version, suite, key: keys[k], iv: ivs[k], macKey: macs[k], encryptThenMac });
  return [side(0), side(1)];
}

/** Octets of a hash. */
export function hashLength(hash: Hash): number {
  return HASH_LENGTH[hash];
}
