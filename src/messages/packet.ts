/** One packet in layers, its certificates, and how it may be decoded. Plain data: see ../messages.ts. */
import type { DataSource, Hue, LayerNode } from './tree.ts';

export interface PacketDetail {
  readonly capture: number;
  readonly row: number;
  /** Epoch seconds with nine decimals. */
  readonly time: string;
  readonly length: number;
  readonly capturedLength: number;
  readonly info: string;
  readonly protocol: string;
  readonly layers: readonly LayerNode[];
  readonly sources: readonly DataSource[];
  readonly stream: number | null;
  readonly transport: 'tcp' | 'udp' | null;
  /** Rows related to this one (its ACK, its answer, its request, segments of the same message): dots in the list. */
  readonly related: readonly number[];
  readonly comments: readonly string[];
  /** Certificates in it, by the layer that they came in. */
  readonly certificates: readonly CertificateChain[];
}

/** The certificates of one message. */
export interface CertificateChain {
  /** Number of the layer whose card shows them. */
  readonly layer: number;
  readonly from: 'client' | 'server';
  /** Host that the client asked for (server_name); '' where that is not known, or none. */
  readonly serverName: string;
  /** The first few; `inAll`: how many the message has. */
  readonly certificates: readonly CertificateSaid[];
  readonly inAll: number;
}

/** A certificate, and how it stands to the packet and to the others that came with it. */
export interface CertificateSaid {
  readonly octets: number;
  /** Why there are no facts: it is longer than is read, or no certificate that the platform's parser takes. */
  readonly problem: 'too-long' | 'unreadable' | null;
  readonly facts: CertificateFacts | null;
  /** Whether it was valid when the packet was captured; null where its times cannot be read. */
  readonly validity: 'valid' | 'expired' | 'early' | null;
  /**
   * Who signed it: itself, the next of the message, another of it, none of it. 'not-signed': it names another of the message, whose key did
   * not sign it; 'unchecked': with an algorithm that cannot be checked here.
   */
  readonly issued: 'self' | 'next' | 'elsewhere' | 'absent' | 'not-signed' | 'unchecked' | null;
  /** Number of that one in the message, from 0; null where it is not there. */
  readonly by: number | null;
  /** Whether it names the host that the client asked for; null where there is nothing to hold against each other. */
  readonly host: boolean | null;
}

/** What a certificate says, as the platform's own parser of X.509 reads it. */
export interface CertificateFacts {
  /** The innermost common name, else the first alternative name, else the whole subject. */
  readonly name: string;
  /** In one line, innermost part first (RFC 4514). */
  readonly subject: string;
  readonly issuer: string;
  readonly issuerName: string;
  /** Hexadecimal, lower case. */
  readonly serial: string;
  /** Seconds of the epoch; null where the time cannot be read. */
  readonly from: number | null;
  readonly to: number | null;
  /** Alternative names: the first of them, and how many there are. */
  readonly names: readonly string[];
  readonly namesInAll: number;
  /** Null where the key cannot be read. `type` as Node names it ('rsa', 'ec', 'ed25519'), `bits` of a modulus. */
  readonly key: { readonly type: string; readonly bits: number | null; readonly curve: string | null } | null;
  /** It may sign others. */
  readonly authority: boolean;
  /** SHA-256 of it, hexadecimal, lower case. */
  readonly sha256: string;
}

/** A user's choice of a protocol for a port or number, as tshark's `-d` has it. */
export interface DecodeChoice {
  /** `tcp.port`, `udp.port`, `ethertype`, `ip.proto`, … */
  readonly table: string;
  readonly from: number;
  readonly to: number;
  /** Name of the protocol as in filters. */
  readonly protocol: string;
}

export interface DecodeOptions {
  readonly choices: readonly DecodeChoice[];
  readonly tables: readonly string[];
  /** All that can be chosen, by name. */
  readonly protocols: readonly { readonly name: string; readonly title: string; readonly hue: Hue }[];
}
