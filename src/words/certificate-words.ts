/** What is said of a certificate (`src/tls/certificate.ts` finds it), in the window and on the command line. */
import type { CertificateFacts, CertificateSaid } from '../messages.ts';
import { certificateWords as ko } from './certificate-words.ko.ts';
import { count, dateUtc, lasting } from './format.ts';
import { spoken, type Wording } from './language.ts';

const en = {
  title: (who: string) => (who === 'client' ? 'Certificates of the client' : 'Certificates of the server'),
  subject: 'Subject',
  issuer: 'Issuer',
  validity: 'Valid',
  names: 'Names',
  key: 'Key',
  serial: 'Serial number',
  fingerprint: 'SHA-256',
  fromTo: (from: string, to: string) => `${from} to ${to} (UTC)`,
  more: (number: string) => `${number} more`,
  moreCertificates: (number: string) => `${number} more certificates are in the message; their fields are below.`,
  bits: (type: string, bits: string) => `${type}, ${bits} bits`,
  keyUnknown: 'of a kind that cannot be read here',
  authority: 'may sign others',
  valid: 'valid when captured',
  expired: (long: string) => `expired ${long} before it was captured`,
  early: (long: string) => `valid only ${long} after it was captured`,
  timeless: 'has times that cannot be read',
  self: 'signed by itself',
  next: 'signed by the next one',
  elsewhere: (number: string) => `signed by number ${number} here`,
  absent: 'its issuer is not here',
  notSigned: (number: string) => `names number ${number} here as its issuer, whose key did not sign it`,
  unchecked: (number: string) => `names number ${number} here as its issuer; such a signature cannot be checked here`,
  host: (name: string) => `names ${name}`,
  notHost: (name: string) => `does not name ${name}, which the client asked for`,
  unreadable: (octets: string) => `These ${octets} bytes cannot be read as an X.509 certificate; what there is of its fields is below.`,
  tooLong: (octets: string) => `This certificate of ${octets} bytes is longer than is read; what there is of its fields is below.`,
} as const;

export type CertificateWords = Wording<typeof en>;
export let certificateWords: CertificateWords = en;
spoken<typeof en>(en, ko, (chosen) => {
  certificateWords = chosen;
});

/** One thing that is said of a certificate, and whether it is good. */
export interface CertificateRemark {
  readonly tone: 'good' | 'neutral' | 'warn';
  readonly text: string;
}

/** How a certificate stands to the time, the others of its message and the host that was asked for. `time`: of the packet, in seconds of the epoch. */
export function certificateRemarks(said: CertificateSaid, time: number, serverName: string): CertificateRemark[] {
  const w = certificateWords;
  const { facts, validity, issued, by, host } = said;
  if (facts === null) {
    const text = said.problem === 'too-long' ? w.tooLong(count(said.octets)) : w.unreadable(count(said.octets));
    return [{ tone: 'warn', text }];
  }
  const remarks: CertificateRemark[] = [];
  const put = (tone: CertificateRemark['tone'], text: string): number => remarks.push({ tone, text });
  if (validity === 'valid') put('good', w.valid);
  else if (validity === 'expired') put('warn', w.expired(lasting(time - (facts.to ?? time))));
  else if (validity === 'early') put('warn', w.early(lasting((facts.from ?? time) - time)));
  else put('warn', w.timeless);
  if (host !== null) put(host ? 'good' : 'warn', host ? w.host(serverName) : w.notHost(serverName));
  const number = count((by ?? 0) + 1);
  if (issued === 'self') put('neutral', w.self);
  else if (issued === 'next') put('good', w.next);
  else if (issued === 'elsewhere') put('good', w.elsewhere(number));
  else if (issued === 'not-signed') put('warn', w.notSigned(number));
  else if (issued === 'unchecked') put('neutral', w.unchecked(number));
  else put('neutral', w.absent);
  return remarks;
}

/** `2026-03-01 to 2027-03-01 (UTC)`. */
export function certificateSpan({ from, to }: CertificateFacts): string {
  const day = (seconds: number | null): string => (seconds === null ? '?' : dateUtc(String(seconds)));
  return certificateWords.fromTo(day(from), day(to));
}

const KEYS: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  dsa: 'DSA',
  dh: 'DH',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
};

/** `RSA, 2,048 bits`; `EC, prime256v1`; `Ed25519`. */
export function certificateKey({ key }: CertificateFacts): string {
  if (key === null) return certificateWords.keyUnknown;
  const type = KEYS[key.type] ?? key.type;
  if (key.bits !== null) return certificateWords.bits(type, count(key.bits));
  return key.curve === null ? type : `${type}, ${key.curve}`;
}
