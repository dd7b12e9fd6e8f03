/** Key exchange of SSH (RFC 4253 sections 7 and 8, RFC 4419, RFC 5656, RFC 8731): the method agreed on, public values, host keys and signatures. */
import { defineState } from '../dissect/capture-index.ts';
import type { Node } from '../dissect/dissection.ts';
import { bool, bytes, type FieldDef, string, TRUE_FALSE, uint32 } from '../dissect/field.ts';
import { be32 } from './app-kit.ts';

/** Connections whose method is kept, and the longest name of one. */
const MAX_STREAMS = 65_536;
const MAX_NAME = 64;
/** Packets in clear whose number is kept: a handful for each connection. */
const MAX_NUMBERS = 16 * MAX_STREAMS;
/** Names of an offer that are looked at. */
const MAX_OFFERED = 64;
const COOKIE = 16;

/** Stands in for the method where version 1 is spoken, whose packets are others (padding first). */
export const VERSION_1 = 'SSH-1';

/** What the index remembers of connections, by `tcp.stream`. Only the first exchange of a connection is in clear. */
class KeyExchanges {
  readonly #methods = new Map<number, string>();
  /** Row of the New Keys, by 2 * stream + (0 from the client, 1 from the server). */
  readonly #changed = new Map<number, number>();

  /** Number of the first packet in a row. */
  readonly #numbers = new Map<number, number>();

  /** Number of the first packet in `row` that is in clear, counted per direction (RFC 4253 section 6.4); -1 where the begin is missing. */
  firstNumber(row: number): number {
    return this.#numbers.get(row) ?? -1;
  }

  noteNumber(row: number, number: number): void {
    if (this.#numbers.size < MAX_NUMBERS && !this.#numbers.has(row)) this.#numbers.set(row, number);
  }

  /** Name of the method agreed on; '' where one of the two offers was not seen, or they have nothing in common. */
  method(stream: number): string {
    return this.#methods.get(stream) ?? '';
  }

  noteMethod(stream: number, name: string): void {
    if (this.#methods.size < MAX_STREAMS) this.#methods.set(stream, name);
  }

  /** Row in which that direction's New Keys is: all behind it is encrypted. Infinity without one. */
  changed(stream: number, fromClient: boolean): number {
    return this.#changed.get(2 * stream + (fromClient ? 0 : 1)) ?? Number.POSITIVE_INFINITY;
  }

  noteChange(stream: number, fromClient: boolean, row: number): void {
    if (this.#changed.size < 2 * MAX_STREAMS) this.#changed.set(2 * stream + (fromClient ? 0 : 1), row);
  }
}

export const keyExchanges = defineState(() => new KeyExchanges());

/** The methods that a Key Exchange Init offers, best first, whose packet is b[at, end); [] if it is cut or damaged. */
export function offered(b: Uint8Array, at: number, end: number): string[] {
  const list = at + 6 + COOKIE;
  if (list + 4 > end) return [];
  const length = be32(b, list);
  if (length > end - list - 4) return [];
  const names: string[] = [];
  let name = '';
  for (let i = list + 4; i <= list + 4 + length && names.length < MAX_OFFERED; i++) {
    const c = i < list + 4 + length ? (b[i] as number) : 44;
    if (c !== 44) {
      if (name.length <= MAX_NAME) name += String.fromCharCode(c);
    } else {
      if (name.length > 0 && name.length <= MAX_NAME) names.push(name);
      name = '';
    }
  }
  return names;
}

/** RFC 4253 section 7.1: the first of the client's methods that the server has too; '' if there is none. */
export function agreed(client: readonly string[], server: readonly string[]): string {
  return client.find((name) => server.includes(name)) ?? '';
}

const f = {
  mpintLength: uint32('ssh.mpint_length', 'Multi Precision Integer Length'),
  e: bytes('ssh.dh.e', 'DH client e'),
  f: bytes('ssh.dh.f', 'DH server f'),
  gexMin: uint32('ssh.dh_gex.min', 'DH GEX Min'),
  gexBits: uint32('ssh.dh_gex.nbits', 'DH GEX Number of Bits'),
  gexMax: uint32('ssh.dh_gex.max', 'DH GEX Max'),
  gexP: bytes('ssh.dh_gex.p', 'DH GEX modulus (P)'),
  gexG: bytes('ssh.dh_gex.g', 'DH GEX base (G)'),
  qcLength: uint32('ssh.ecdh.q_c_length', "ECDH client's ephemeral public key length"),
  qc: bytes('ssh.ecdh.q_c', "ECDH client's ephemeral public key (Q_C)"),
  qsLength: uint32('ssh.ecdh.q_s_length', "ECDH server's ephemeral public key length"),
  qs: bytes('ssh.ecdh.q_s', "ECDH server's ephemeral public key (Q_S)"),
  keyLength: uint32('ssh.host_key.length', 'Host key length'),
  keyTypeLength: uint32('ssh.host_key.type_length', 'Host key type length'),
  keyType: string('ssh.host_key.type', 'Host key type'),
  keyData: bytes('ssh.host_key.data', 'Host key data'),
  rsaE: bytes('ssh.host_key.rsa.e', 'RSA public exponent (e)'),
  rsaN: bytes('ssh.host_key.rsa.n', 'RSA modulus (N)'),
  dsaP: bytes('ssh.host_key.dsa.p', 'DSA prime modulus (p)'),
  dsaQ: bytes('ssh.host_key.dsa.q', 'DSA prime divisor (q)'),
  dsaG: bytes('ssh.host_key.dsa.g', 'DSA subgroup generator (g)'),
  dsaY: bytes('ssh.host_key.dsa.y', 'DSA public key (y)'),
  curveLength: uint32('ssh.host_key.ecdsa.id_length', 'ECDSA elliptic curve identifier length'),
  curve: string('ssh.host_key.ecdsa.id', 'ECDSA elliptic curve identifier'),
  ecdsaLength: uint32('ssh.host_key.ecdsa.q_length', 'ECDSA public key length'),
  ecdsa: bytes('ssh.host_key.ecdsa.q', 'ECDSA public key (Q)'),
  eddsaLength: uint32('ssh.host_key.eddsa.key_length', 'EdDSA public key length'),
  eddsa: bytes('ssh.host_key.eddsa.key', 'EdDSA public key'),
  signatureLength: uint32('ssh.host_sig.length', 'Host signature length'),
  signatureTypeLength: uint32('ssh.host_sig.type_length', 'Host signature type length'),
  signatureType: string('ssh.host_sig.type', 'Host signature type'),
  signatureData: bytes('ssh.host_sig.data', 'Host signature data'),
  rsaSignature: bytes('ssh.host_sig.rsa', 'RSA signature'),
  dsaSignature: bytes('ssh.host_sig.dsa', 'DSA signature'),
  reason: uint32('ssh.disconnect_reason', 'Disconnect reason', { base: 'hex' }),
  descriptionLength: uint32('ssh.disconnect_description_length', 'Disconnect description length'),
  description: string('ssh.disconnect_description', 'Disconnect description'),
  languageLength: uint32('ssh.lang_tag_length', 'Language tag length'),
  language: string('ssh.lang_tag', 'Language tag'),
  ignoreLength: uint32('ssh.ignore_data_length', 'Debug message length'),
  ignore: bytes('ssh.ignore_data', 'Ignore data'),
  debugShow: bool('ssh.debug_always_display', 'Always Display', { bool: TRUE_FALSE }),
  debugLength: uint32('ssh.debug_name_length', 'Debug message length'),
  debug: string('ssh.debug_name', 'Debug message'),
} as const;

export const kexFields: readonly FieldDef[] = Object.values(f);

/** Reads values that say their length in four octets, and stops for good at one that does not fit. */
class Values {
  readonly node: Node;
  at: number;
  readonly end: number;

  constructor(node: Node, at: number, end: number) {
    this.node = node;
    this.at = at;
    this.end = end;
  }

  /** The value's length and text; the text is '' for bytes. */
  counted(lengthField: FieldDef, field: FieldDef): string {
    const length = this.length(lengthField);
    if (length < 0) return '';
    const from = this.at;
    this.at += length;
    if (field.type === 'string') return this.node.string(field, from, length);
    this.node.bytes(field, from, length);
    return '';
  }

  mpint(field: FieldDef): void {
    this.counted(f.mpintLength, field);
  }

  /** A structure with a length of its own: what lies in it, under a line of text. */
  part(lengthField: FieldDef, label: string): Values {
    const length = this.at + 4 <= this.end ? Math.min(be32(this.node.buf.bytes, this.at), this.end - this.at - 4) : 0;
    const inner = new Values(this.node.text(this.at, 4 + length, label), this.at, Math.min(this.end, this.at + 4 + length));
    inner.length(lengthField);
    this.at = inner.at === this.at ? this.end : this.at + 4 + length;
    return inner;
  }

  number(field: FieldDef, size = 4): void {
    if (this.at + size > this.end) this.at = this.end;
    else {
      this.node.uint(field, this.at, size);
      this.at += size;
    }
  }

  rest(field: FieldDef): void {
    if (this.at < this.end) this.node.bytes(field, this.at, this.end - this.at);
    this.at = this.end;
  }

  /** -1 for one that does not fit: then nothing more is read. */
  length(field: FieldDef): number {
    if (this.at + 4 > this.end) {
      this.at = this.end;
      return -1;
    }
    const length = this.node.uint(field, this.at);
    this.at += 4;
    if (length <= this.end - this.at) return length;
    this.at = this.end;
    return -1;
  }
}

/** Host key (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709). Those in certificates begin otherwise, and are shown as bytes. */
function hostKey(values: Values): void {
  const key = values.part(f.keyLength, 'KEX host key');
  const type = key.counted(f.keyTypeLength, f.keyType);
  key.node.display = type;
  if (type === 'ssh-rsa') for (const field of [f.rsaE, f.rsaN]) key.mpint(field);
  else if (type === 'ssh-dss') for (const field of [f.dsaP, f.dsaQ, f.dsaG, f.dsaY]) key.mpint(field);
  else if (/^ecdsa-sha2-nistp\d+$/.test(type)) {
    key.counted(f.curveLength, f.curve);
    key.counted(f.ecdsaLength, f.ecdsa);
  } else if (type === 'ssh-ed25519' || type === 'ssh-ed448') key.counted(f.eddsaLength, f.eddsa);
  key.rest(f.keyData);
}

function signature(values: Values): void {
  const signed = values.part(f.signatureLength, 'KEX host signature');
  const type = signed.counted(f.signatureTypeLength, f.signatureType);
  signed.node.display = type;
  if (type === 'ssh-rsa') signed.mpint(f.rsaSignature);
  else if (type === 'ssh-dss') signed.mpint(f.dsaSignature);
  signed.rest(f.signatureData);
}

/** How the exchange's numbers 30 and 31 are to be read. */
type Kind = 'dh' | 'group' | 'ecdh' | '';

function kindOf(method: string): Kind {
  if (method === '') return '';
  if (method.startsWith('diffie-hellman-group-exchange-')) return 'group';
  // The hybrids with a post-quantum method have strings where those with curves have their points.
  return method.startsWith('diffie-hellman-') ? 'dh' : 'ecdh';
}

const ecdhNames: Readonly<Record<number, string>> = {
  30: 'Elliptic Curve Diffie-Hellman Key Exchange Init',
  31: 'Elliptic Curve Diffie-Hellman Key Exchange Reply',
};
const groupNames: Readonly<Record<number, string>> = {
  30: 'Diffie-Hellman Group Exchange Request (Old)',
  31: 'Diffie-Hellman Group Exchange Group',
};

/** What message `code` is called under a method; undefined where the method does not change it. */
export function kexName(code: number, method: string): string | undefined {
  const kind = kindOf(method);
  return kind === 'ecdh' ? ecdhNames[code] : kind === 'group' ? groupNames[code] : undefined;
}

/**
 * Adds the fields of message `code`, whose content is [at, end), under the method agreed on ('' if unknown: 30 and 31 are then not
 * read). Returns where what it made out ends.
 */
export function kexMessage(node: Node, code: number, method: string, at: number, end: number): number {
  const v = new Values(node, at, end);
  const kind = kindOf(method);
  switch (code) {
    case 1:
      v.number(f.reason);
      v.counted(f.descriptionLength, f.description);
      v.counted(f.languageLength, f.language);
      break;
    case 2:
      v.counted(f.ignoreLength, f.ignore);
      break;
    case 4:
      v.number(f.debugShow, 1);
      v.counted(f.debugLength, f.debug);
      v.counted(f.languageLength, f.language);
      break;
    case 30:
      if (kind === 'dh') v.mpint(f.e);
      else if (kind === 'ecdh') v.counted(f.qcLength, f.qc);
      else if (kind === 'group') v.number(f.gexBits);
      break;
    case 31:
      if (kind === 'group') {
        v.mpint(f.gexP);
        v.mpint(f.gexG);
      } else if (kind !== '') {
        hostKey(v);
        if (kind === 'dh') v.mpint(f.f);
        else v.counted(f.qsLength, f.qs);
        signature(v);
      }
      break;
    case 32:
      v.mpint(f.e);
      break;
    case 33:
      hostKey(v);
      v.mpint(f.f);
      signature(v);
      break;
    case 34:
      for (const field of [f.gexMin, f.gexBits, f.gexMax]) v.number(field);
      break;
    default:
  }
  return v.at;
}
