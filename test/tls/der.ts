/** Certificates for tests, written octet by octet and signed with keys that are made here. */
import { type KeyObject, sign } from 'node:crypto';

const bytes = (...parts: readonly (Uint8Array | readonly number[])[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part)));

export function tlv(tag: number, ...contents: readonly (Uint8Array | readonly number[])[]): Buffer {
  const body = bytes(...contents);
  const { length } = body;
  const header = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  if (length > 0xffff) header.splice(1, 3, 0x83, length >> 16, (length >> 8) & 255, length & 255);
  return bytes(header, body);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const octets = rest.flatMap((part) => {
    const digits = [part & 127];
    for (let more = part >>> 7; more > 0; more >>>= 7) digits.unshift((more & 127) | 128);
    return digits;
  });
  return tlv(6, [40 * first + second, ...octets]);
}

const TYPES: Readonly<Record<string, string>> = { CN: '2.5.4.3', O: '2.5.4.10', C: '2.5.4.6' };

/** A name of parts such as ['CN', 'a.test'], outermost first. */
export function name(...parts: readonly (readonly [string, string])[]): Buffer {
  return sequence(...parts.map(([type, value]) => tlv(0x31, sequence(oid(TYPES[type] ?? type), tlv(12, Buffer.from(value))))));
}

export interface Wanted {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  /** Its own key. */
  readonly publicKey: KeyObject;
  /** The key that signs it: RSA or elliptic curve, with SHA-256. */
  readonly signer: KeyObject;
  /** 'YYMMDDhhmmssZ'. */
  readonly from?: string;
  readonly to?: string;
  readonly serial?: number;
  /** Alternative names: of hosts, or with their tag. */
  readonly names?: readonly (string | Buffer)[];
  readonly authority?: boolean;
}

export function certificate(wanted: Wanted): Buffer {
  const { signer, names = [], authority = false } = wanted;
  const rsa = signer.asymmetricKeyType === 'rsa';
  const algorithm = rsa ? sequence(oid('1.2.840.113549.1.1.11'), tlv(5)) : sequence(oid('1.2.840.10045.4.3.2'));
  const extensions = [
    ...(authority ? [sequence(oid('2.5.29.19'), tlv(4, sequence(tlv(1, [255]))))] : []),
    ...(names.length === 0
      ? []
      : [
          sequence(
            oid('2.5.29.17'),
            tlv(4, sequence(...names.map((each) => (typeof each === 'string' ? tlv(0x82, Buffer.from(each)) : each)))),
          ),
        ]),
  ];
  const signed = sequence(
    tlv(0xa0, tlv(2, [2])),
    tlv(2, [wanted.serial ?? 1]),
    algorithm,
    wanted.issuer,
    sequence(tlv(23, Buffer.from(wanted.from ?? '200101000000Z')), tlv(23, Buffer.from(wanted.to ?? '300101000000Z'))),
    wanted.subject,
    wanted.publicKey.export({ format: 'der', type: 'spki' }),
    ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
  );
  return sequence(signed, algorithm, tlv(3, [0], sign('sha256', signed, signer)));
}
