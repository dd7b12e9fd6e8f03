/**
 * What a certificate says, read by the platform's own parser of X.509 (`crypto.X509Certificate`: OpenSSL, in Electron BoringSSL). The fields of
 * the tree, with their octets, are those of `src/protocols/x509.ts`; this is what is said of the whole: whom it names, until when, by whom it was signed.
 * Only for a packet or a connection that someone looks at: reading a key and checking a signature take a tenth of a millisecond and more.
 */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificateFacts, CertificateSaid } from '../messages.ts';

/** Octets of a certificate that are read at most. */
const MOST_OCTETS = 0x10000;
/** Certificates of one message that are read, and names of one certificate that are listed. */
export const MOST_CERTIFICATES = 8;
const MOST_NAMES = 100;
/** Characters of a name that are said. */
const MOST_LETTERS = 300;

/** The certificate in DER, or null where the parser does not take it. Never throws. */
function parsed(der: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}

/** The value of something that the parser may refuse to work out of a damaged certificate. */
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const [subject, issuer] = [subjectOf(certificate), issuerOf(certificate)];
  const names = alternativeNames(safely(() => certificate.subjectAltName ?? '', ''));
  return {
    name: commonName(subject) ?? names[0] ?? oneLine(subject),
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    issuerName: commonName(issuer) ?? oneLine(issuer),
    serial: safely(() => certificate.serialNumber, '').toLowerCase(),
    from: secondsOf(safely(() => certificate.validFrom, '')),
    to: secondsOf(safely(() => certificate.validTo, '')),
    names: names.slice(0, MOST_NAMES),
    namesInAll: names.length,
    key: safely(() => keyOf(certificate), null),
    authority: safely(() => certificate.ca, false),
    sha256: safely(() => certificate.fingerprint256, '')
      .replaceAll(':', '')
      .toLowerCase(),
  };
}

const subjectOf = (certificate: X509Certificate): string => safely(() => certificate.subject ?? '', '');
const issuerOf = (certificate: X509Certificate): string => safely(() => certificate.issuer ?? '', '');

function keyOf(certificate: X509Certificate): CertificateFacts['key'] {
  const { publicKey } = certificate;
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  return { type: publicKey.asymmetricKeyType ?? '', bits: modulusLength ?? null, curve: namedCurve ?? null };
}

/** A time as OpenSSL prints it ('Dec  1 23:00:07 2026 GMT') in seconds of the epoch; null where it is none. */
function secondsOf(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time / 1000;
}

/** A name in one line, innermost part first (RFC 4514): the parser gives a line for each part, outermost first, escaped alike. */
function oneLine(name: string): string {
  return clipped(name.split('\n').reverse().join(', '));
}

/** The innermost common name of a name, its escapes undone; null without one. */
function commonName(name: string): string | null {
  const line = name.split('\n').findLast((part) => part.startsWith('CN='));
  return line === undefined ? null : clipped(line.slice(3).replace(/\\([^0-9A-Fa-f])/g, '$1'));
}

function clipped(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
}

/** The alternative names: of hosts and addresses as they are, of others with their kind. What holds a comma or a quote stands in quotes, as in JSON. */
function alternativeNames(text: string): string[] {
  const names: string[] = [];
  for (const [, kind, value] of text.matchAll(/(?:^|, )([A-Za-z][A-Za-z0-9 ]*):("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
    const said = value?.startsWith('"') ? safely(() => String(JSON.parse(value)), value) : (value ?? '');
    names.push(clipped(kind === 'DNS' || kind === 'IP Address' ? said : `${kind}:${said}`));
  }
  return names;
}

/** Whether a key signed a certificate; null where that cannot be told, as with an algorithm that the platform does not know. */
function signed(certificate: X509Certificate, by: X509Certificate): boolean | null {
  return safely<boolean | null>(() => certificate.verify(by.publicKey), null);
}

/**
 * What is said of the certificates of one message, in its order. `time`: when they were sent, in seconds of the epoch. `host`: the name that
 * the client asked for, '' where it asked for none or they are its own: the first certificate is held against it.
 */
export function readCertificates(ders: readonly Uint8Array[], time: number, host: string): CertificateSaid[] {
  const all = ders.slice(0, MOST_CERTIFICATES).map((der) => (der.length > MOST_OCTETS ? null : parsed(der)));
  return all.map((certificate, at) => {
    const octets = (ders[at] as Uint8Array).length;
    if (certificate === null) {
      const problem = octets > MOST_OCTETS ? 'too-long' : 'unreadable';
      return { octets, problem, facts: null, validity: null, issued: null, by: null, host: null };
    }
    const facts = factsOf(certificate);
    const { from, to } = facts;
    const validity = from === null || to === null ? null : time < from ? 'early' : time > to ? 'expired' : 'valid';
    const matches = at > 0 || host === '' ? null : isFor(certificate, host);
    return { octets, problem: null, facts, validity, ...issuerAmong(certificate, all, at), host: matches };
  });
}

/** Who signed a certificate, as far as the others of its message tell. */
function issuerAmong(
  certificate: X509Certificate,
  all: readonly (X509Certificate | null)[],
  at: number,
): Pick<CertificateSaid, 'issued' | 'by'> {
  if (subjectOf(certificate) === issuerOf(certificate) && signed(certificate, certificate) === true) return { issued: 'self', by: at };
  const others = [at + 1, ...all.keys()].filter((each, k) => each !== at && (k === 0 || each !== at + 1));
  let named: { readonly by: number; readonly proven: boolean | null } | null = null;
  for (const by of others) {
    const other = all[by];
    if (other == null || (!safely(() => certificate.checkIssued(other), false) && subjectOf(other) !== issuerOf(certificate))) continue;
    const proven = signed(certificate, other);
    if (proven === true) return { issued: by === at + 1 ? 'next' : 'elsewhere', by };
    named ??= { by, proven };
  }
  if (named === null) return { issued: 'absent', by: null };
  return { issued: named.proven === null ? 'unchecked' : 'not-signed', by: named.by };
}

/** Whether a certificate names a host, as a client checks it (RFC 6125, RFC 9525); null where that cannot be told. */
function isFor(certificate: X509Certificate, host: string): boolean | null {
  return safely<boolean | null>(() => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined, null);
}
