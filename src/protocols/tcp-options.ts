/** TCP options (RFC 9293, section 3.1 and the RFCs named below). */

import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  expert,
  type FieldDef,
  field,
  ipv4,
  ipv6,
  names,
  none,
  uint8,
  uint16,
  uint24,
  uint32,
  uint64,
} from '../dissect/field.ts';
import { Flag, seqDiff } from '../flow/seq.ts';
import { mptcp, mptcpFields } from './mptcp.ts';
import { factsOfKey, relativeNumber, type SubflowView } from './mptcp-connections.ts';
import { quickStartRates } from './quick-start.ts';

const option = (abbrev: string, label: string): FieldDef => field('protocol', abbrev, `TCP Option - ${label}`);

const kinds = names({
  0: 'End of Option List',
  1: 'No-Operation',
  2: 'Maximum Segment Size',
  3: 'Window Scale',
  4: 'SACK Permitted',
  5: 'SACK',
  6: 'Echo',
  7: 'Echo Reply',
  8: 'Time Stamp Option',
  9: 'Partial Order Connection Permitted',
  10: 'Partial Order Service Profile',
  11: 'CC',
  12: 'CC.NEW',
  13: 'CC.ECHO',
  14: 'TCP Alternate Checksum Request',
  15: 'TCP Alternate Checksum Data',
  16: 'Skeeter',
  17: 'Bubba',
  18: 'Trailer Checksum Option',
  19: 'MD5 Signature Option',
  20: 'SCPS Capabilities',
  21: 'Selective Negative Acknowledgements',
  22: 'Record Boundaries',
  23: 'Corruption experienced',
  24: 'SNAP',
  25: 'Unassigned',
  26: 'TCP Compression Filter',
  27: 'Quick-Start Response',
  28: 'User Timeout Option',
  29: 'The TCP Authentication Option',
  30: 'Multipath TCP',
  34: 'TCP Fast Open Cookie',
  76: 'Riverbed Probe',
  78: 'Riverbed Transparency',
  172: 'Accurate ECN Order 0',
  174: 'Accurate ECN Order 1',
  253: 'RFC3692-style Experiment 1',
  254: 'RFC3692-style Experiment 2',
});

/** What the line of all options calls each. */
const shortKinds = names({
  2: 'Maximum segment size',
  3: 'Window scale',
  4: 'SACK permitted',
  5: 'SACK',
  6: 'Echo',
  7: 'Echo reply',
  8: 'Timestamps',
  11: 'CC',
  12: 'CC.NEW',
  13: 'CC.ECHO',
  19: 'TCP MD5 signature',
  20: 'SCPS capabilities',
  21: 'Selective Negative Acknowledgment',
  22: 'SCPS record boundary',
  23: 'SCPS corruption experienced',
  27: 'Quick-Start',
  28: 'User Timeout',
  29: 'TCP AO',
  30: 'MPTCP',
  34: 'TCP Fast Open',
  76: 'Riverbed Probe',
  78: 'Riverbed Transparency',
  172: 'Accurate ECN',
  174: 'Accurate ECN',
  253: 'Experimental',
  254: 'Experimental',
});

const subtypes = names({
  0: 'Multipath Capable',
  1: 'Join Connection',
  2: 'Data Sequence Signal',
  3: 'Add Address',
  4: 'Remove Address',
  5: 'Change Subflow Priority',
  6: 'TCP Fallback',
  7: 'Fast Close',
  8: 'TCP Reset',
});

const f = {
  options: bytes('tcp.options', 'TCP Options'),
  kind: uint8('tcp.option_kind', 'Kind', { names: kinds }),
  len: uint8('tcp.option_len', 'Length'),
  eol: option('tcp.options.eol', 'End of Option List (EOL)'),
  nop: option('tcp.options.nop', 'No-Operation (NOP)'),
  mss: option('tcp.options.mss', 'Maximum segment size'),
  mssVal: uint16('tcp.options.mss_val', 'MSS Value'),
  wscale: option('tcp.options.wscale', 'Window scale'),
  shift: uint8('tcp.options.wscale.shift', 'Shift count'),
  multiplier: uint16('tcp.options.wscale.multiplier', 'Multiplier', { generated: true }),
  sackPerm: option('tcp.options.sack_perm', 'SACK permitted'),
  sack: option('tcp.options.sack', 'SACK'),
  sackLeft: uint32('tcp.options.sack_le', 'TCP SACK Left Edge'),
  sackRight: uint32('tcp.options.sack_re', 'TCP SACK Right Edge'),
  sackCount: uint8('tcp.options.sack.count', 'TCP SACK Count', { generated: true }),
  dsackLeft: uint32('tcp.options.sack.dsack_le', 'TCP D-SACK Left Edge', { generated: true }),
  dsackRight: uint32('tcp.options.sack.dsack_re', 'TCP D-SACK Right Edge', { generated: true }),
  echo: option('tcp.options.echo', 'Echo'),
  echoReply: option('tcp.options.echoreply', 'Echo reply'),
  echoValue: uint32('tcp.options.echo_value', 'TCP Echo Option'),
  timestamp: option('tcp.options.timestamp', 'Timestamps'),
  tsval: uint32('tcp.options.timestamp.tsval', 'Timestamp value'),
  tsecr: uint32('tcp.options.timestamp.tsecr', 'Timestamp echo reply'),
  cc: option('tcp.options.cc', 'CC'),
  ccNew: option('tcp.options.ccnew', 'CC.NEW'),
  ccEcho: option('tcp.options.ccecho', 'CC.ECHO'),
  ccValue: uint32('tcp.options.cc_value', 'TCP CC Option'),
  md5: option('tcp.options.md5', 'TCP MD5 signature'),
  md5Digest: bytes('tcp.options.md5.digest', 'MD5 digest'),
  quickStart: option('tcp.options.qs', 'Quick-Start'),
  qsRate: uint8('tcp.options.qs.rate', 'QS Rate', {
    names: quickStartRates,
    mask: 0x0f,
  }),
  qsTtlDiff: uint8('tcp.options.qs.ttl_diff', 'QS Rate'),
  userTimeout: option('tcp.options.user_to', 'User Timeout'),
  granularity: bool('tcp.options.user_to_granularity', 'Granularity', { mask: 0x8000, bool: ['Minutes', 'Seconds'] }),
  userTimeoutVal: uint16('tcp.options.user_to_val', 'User Timeout', { mask: 0x7fff }),
  ao: option('tcp.options.ao', 'TCP AO'),
  aoKey: uint8('tcp.options.ao.keyid', 'AO KeyID'),
  aoNextKey: uint8('tcp.options.ao.rnextkeyid', 'AO RNextKeyID'),
  aoMac: bytes('tcp.options.ao.mac', 'AO MAC'),
  tfo: option('tcp.options.tfo', 'TCP Fast Open'),
  tfoRequest: none('tcp.options.tfo.request', 'Fast Open Cookie Request'),
  tfoCookie: bytes('tcp.options.tfo.cookie', 'Fast Open Cookie'),
  accEcn: option('tcp.options.acc_ecn', 'Accurate ECN'),
  accEcn0: uint24('tcp.options.acc_ecn.ee0b', 'Accurate ECN Echo ECT(0) Byte Counter'),
  accEcnCe: uint24('tcp.options.acc_ecn.eceb', 'Accurate ECN Echo CE Byte Counter'),
  accEcn1: uint24('tcp.options.acc_ecn.ee1b', 'Accurate ECN Echo ECT(1) Byte Counter'),
  experimental: option('tcp.options.experimental', 'Experimental'),
  exid: uint16('tcp.options.experimental.exid', 'Experiment Identifier', {
    names: names({
      172: 'TCP ACK Rate Request',
      840: 'Host ID',
      2573: 'Autonomous System Compensation',
      3232: 'Capability Option',
      3792: 'Extended Data Offset',
      17742: 'Encryption Negotiation',
      21283: 'Service Number',
      30188: 'Timestamp Interval',
      44224: 'Accurate ECN - Order 0',
      44225: 'Accurate ECN - Order 1',
      44238: 'Accurate ECN',
      58068: 'Shared Memory communications over RMDA protocol',
      63881: 'Fast Open',
      63888: 'Low Latency',
    }),
    base: 'hex',
  }),
  experimentalData: bytes('tcp.options.experimental.data', 'Data'),
  unknown: option('tcp.options.unknown', 'Unknown'),
  unknownPayload: bytes('tcp.options.unknown.payload', 'Payload'),
  mptcp: field('protocol', 'tcp.options.mptcp', 'TCP Option - Multipath TCP'),
  mpSubtype: uint8('tcp.options.mptcp.subtype', 'Multipath TCP subtype', { mask: 0xf0, names: subtypes }),
  mpVersion: uint8('tcp.options.mptcp.version', 'Multipath TCP version', { mask: 0x0f }),
  mpChecksumRequired: uint8('tcp.options.mptcp.checksumreq.flags', 'Checksum required', { mask: 0x80 }),
  mpExtensible: uint8('tcp.options.mptcp.extensibility.flag', 'Extensibility', { mask: 0x40 }),
  mpNoMore: uint8('tcp.options.mptcp.nomoresubflows.flag', 'Do not attempt to establish new subflows to this address and port', {
    mask: 0x20,
  }),
  mpReserved12: uint16('tcp.options.mptcp.reserved', 'Reserved', { base: 'hex', mask: 0x0fff }),
  mpReserved: uint8('tcp.options.mptcp.reserved.flag', 'Reserved', { base: 'hex', mask: 0x3e }),
  mpReserved1: uint8('tcp.options.mptcp.reserved.flag', 'Reserved', { base: 'hex', mask: 0x1e }),
  mpSha1: uint8('tcp.options.mptcp.sha1.flag', 'Use HMAC-SHA1', { mask: 0x01 }),
  mpSha256: uint8('tcp.options.mptcp.sha256.flag', 'Use HMAC-SHA256', { mask: 0x01 }),
  mpDataFin: uint8('tcp.options.mptcp.datafin.flag', 'DATA_FIN', { mask: 0x10 }),
  mpLongSeq: uint8('tcp.options.mptcp.dseqn8.flag', 'Data Sequence Number is 8 octets', { mask: 0x08 }),
  mpHasSeq: uint8(
    'tcp.options.mptcp.dseqnpresent.flag',
    'Data Sequence Number, Subflow Sequence Number, Data-level Length, Checksum present',
    { mask: 0x04 },
  ),
  mpLongAck: uint8('tcp.options.mptcp.dataack8.flag', 'Data ACK is 8 octets', { mask: 0x02 }),
  mpHasAck: uint8('tcp.options.mptcp.dataackpresent.flag', 'Data ACK is present', { mask: 0x01 }),
  mpFlagU: bool('tcp.options.mptcp.flag_U.flag', 'Flag U', { mask: 0x08 }),
  mpFlagV: bool('tcp.options.mptcp.flag_V.flag', 'Flag V', { mask: 0x04 }),
  mpFlagW: bool('tcp.options.mptcp.flag_W.flag', 'Flag W', { mask: 0x02 }),
  mpFlagT: bool('tcp.options.mptcp.flag_T.flag', 'Transient', { mask: 0x01 }),
  mpAddressHmac: uint64('tcp.options.mptcp.addaddrtrunchmac', 'Truncated HMAC'),
  mpFlags: uint8('tcp.options.mptcp.flags', 'Multipath TCP flags', { base: 'hex' }),
  mpBackup: uint8('tcp.options.mptcp.backup.flag', 'Backup flag', { mask: 0x01 }),
  mpSendKey: uint64('tcp.options.mptcp.sendkey', "Sender's Key"),
  mpRecvKey: uint64('tcp.options.mptcp.recvkey', "Receiver's Key"),
  mpRecvToken: uint32('tcp.options.mptcp.recvtok', "Receiver's Token"),
  mpSendRandom: uint32('tcp.options.mptcp.sendrand', "Sender's Random Number"),
  mpSendTruncHmac: uint64('tcp.options.mptcp.sendtrunchmac', "Sender's Truncated HMAC"),
  mpSendHmac: bytes('tcp.options.mptcp.sendhmac', "Sender's HMAC"),
  mpAddrId: uint8('tcp.options.mptcp.addrid', 'Address ID'),
  mpDataAck: uint64('tcp.options.mptcp.rawdataack', 'Original MPTCP Data ACK'),
  mpDataSeq: uint64('tcp.options.mptcp.rawdataseqno', 'Data Sequence Number'),
  mpSubSeq: uint32('tcp.options.mptcp.subflowseqno', 'Subflow Sequence Number'),
  mpLevelLen: uint16('tcp.options.mptcp.datalvllen', 'Data-level Length'),
  mpChecksum: uint16('tcp.options.mptcp.checksum', 'Checksum', { base: 'hex' }),
  mpEcho: uint8('tcp.options.mptcp.echo', 'Echo', { mask: 0x01 }),
  mpIpv4: ipv4('tcp.options.mptcp.ipv4', 'Advertised IPv4 Address'),
  mpIpv6: ipv6('tcp.options.mptcp.ipv6', 'Advertised IPv6 Address'),
  mpPort: uint16('tcp.options.mptcp.port', 'Advertised port'),
  mpReason: uint8('tcp.options.mptcp.rst_reason', 'TCPRST Reason', {
    names: names({
      0: 'Unspecified error',
      1: 'MPTCP-specific error',
      2: 'Lack of resources',
      3: 'Administratively prohibited',
      4: 'Too much outstanding data',
      5: 'Unacceptable performance',
      6: 'Middlebox interference',
    }),
    base: 'hex',
  }),
  badLength: expert('tcp.option.len.invalid', 'note', 'Invalid length for option', 'sequence'),
  badSuboption: expert('tcp.suboption_malformed', 'error', 'suboption would go past end of option', 'malformed'),
  tfoSyn: expert('tcp.analysis.tfo_syn', 'note', 'TCP SYN with TFO Cookie', 'sequence'),
  badShift: expert('tcp.options.wscale.shift.invalid', 'warn', 'Window scale shift exceeds 14'),
  mssPresent: expert('tcp.options.mss.present', 'warn', 'The non-SYN packet does contain a MSS option'),
  mssAbsent: expert('tcp.options.mss.absent', 'note', 'The SYN packet does not contain a MSS option'),
  dsack: expert('tcp.options.sack.dsack', 'warn', 'D-SACK Sequence', 'sequence'),
  fourNops: expert('tcp.nop', 'warn', '4 NOP in a row - a router may have removed some options'),
  nonZeroAfterEol: expert('tcp.non_zero_bytes_after_eol', 'error', 'Non zero bytes in option space after EOL option'),
};

export const optionFields: readonly FieldDef[] = Object.values(f);

export interface OptionFacts {
  /** What the options add to the info column. */
  info: string;
  /** There was one of Multipath TCP. */
  multipath: boolean;
  /** The connection of Multipath TCP that the segment belongs to. */
  readonly subflow: SubflowView | null;
}

/** Lengths that Wireshark knows of each kind: exact where min = max. */
const LENGTHS: Readonly<Record<number, readonly [number, number]>> = {
  2: [4, 4],
  3: [3, 3],
  4: [2, 2],
  5: [2, 40],
  6: [6, 6],
  7: [6, 6],
  8: [10, 10],
  11: [6, 6],
  12: [6, 6],
  13: [6, 6],
  19: [18, 18],
  27: [8, 8],
  28: [4, 4],
  29: [4, 40],
  30: [3, 40],
  34: [2, 40],
  172: [2, 11],
  174: [2, 11],
  253: [2, 40],
  254: [2, 40],
};

/**
 * Adds the options in bytes [at, end) of the layer, as far as they are there. @param otherBase raw number that the other direction's relative numbers start from
 * @param relAck relative acknowledgement number of this segment, for D-SACK
 * @param subflow the connection of Multipath TCP that the segment belongs to
 */
export function dissectOptions(
  layer: Layer,
  at: number,
  end: number,
  flags: number,
  otherBase: number,
  relAck: number,
  subflow: SubflowView | null,
): OptionFacts {
  const b = layer.buf;
  const facts: OptionFacts = { info: '', multipath: false, subflow };
  const captured = Math.min(end, b.end);
  const node = layer.add(f.options, at, captured - at, b.slice(at, captured - at), {
    label: 'Options',
    display: `(${end - at} bytes)`,
  });
  const said: string[] = [];
  let nops = 0;
  let mss = false;
  let whole = true;
  let o = at;
  while (layer.ok && o < end) {
    if (!layer.has(o, 1)) break;
    const kind = b.u8(o);
    nops = kind === 1 ? nops + 1 : 0;
    if (kind === 0) {
      const eol = node.add(f.eol, o, 1, null, { display: '' });
      eol.uint(f.kind, o);
      said.push('End of Option List (EOL)');
      o++;
      // What follows the end is padding, and no option whatever it looks like (RFC 9293, section 3.1).
      if (o < captured && b.u8(o) !== 0) {
        eol.expert(f.nonZeroAfterEol, undefined, undefined, 'Non-zero header padding');
        whole = false;
        break;
      }
      continue;
    }
    if (kind === 1) {
      const nop = node.add(f.nop, o, 1, null, { display: '' });
      nop.uint(f.kind, o);
      if (nops === 4) nop.expert(f.fourNops);
      said.push('No-Operation (NOP)');
      o++;
      continue;
    }
    if (o + 1 >= end) {
      node.expert(f.badLength, o, 1, `${titleOf(kind)} (length byte past end of options)`);
      whole = false;
      break;
    }
    if (!layer.has(o, 2)) break;
    const length = b.u8(o + 1);
    const [least, most] = LENGTHS[kind] ?? [2, 40];
    if (length < 2 || o + length > end) {
      const why =
        length < 2
          ? `with too-short option length = ${length} byte${length === 1 ? '' : 's'}`
          : `option length = ${length} bytes says option goes past end of options`;
      node.expert(f.badLength, o, 2, `${titleOf(kind)} (${why})`);
      whole = false;
      break;
    }
    const info = facts.info;
    const label = kinds.get(kind) ?? `Unknown (${kind})`;
    if (kind === 2) mss = true;
    if (length < least || length > most) {
      const wrong = node.add(f.unknown, o, length, null, { display: label });
      wrong.uint(f.kind, o);
      const words = `option length should be ${least === most ? least : `>= than ${least}`}`;
      wrong.uintNode(f.len, o + 1).expert(f.badLength, undefined, undefined, words);
    } else {
      addOption(node, o, kind, length, flags, otherBase, relAck, facts);
    }
    if (!layer.has(o, length)) {
      // What is there of it is shown; what it says as a whole is not known.
      facts.info = info;
      break;
    }
    said.push(shortKinds.get(kind) ?? label);
    o += length;
  }
  if (whole && !mss && (flags & Flag.Syn) !== 0) node.expert(f.mssAbsent);
  if (said.length > 0) node.display = `(${end - at} bytes), ${said.join(', ')}`;
  return facts;
}

/** What an option is called where it says what cannot be. */
function titleOf(kind: number): string {
  return shortKinds.get(kind) ?? `Unknown (0x${kind.toString(16).padStart(2, '0')})`;
}

function addOption(
  node: Node,
  o: number,
  kind: number,
  length: number,
  flags: number,
  otherBase: number,
  relAck: number,
  facts: OptionFacts,
): void {
  const b = node.buf;
  const start = (def: FieldDef, display = ''): Node => {
    const n = node.add(def, o, length, null, { display: o + length <= b.end ? display : '' });
    n.uint(f.kind, o);
    n.uint(f.len, o + 1);
    return n;
  };
  switch (kind) {
    case 2: {
      const n = start(f.mss, `${b.u16(o + 2)} bytes`);
      n.uint(f.mssVal, o + 2);
      if ((flags & Flag.Syn) === 0) n.expert(f.mssPresent);
      facts.info += ` MSS=${b.u16(o + 2)}`;
      return;
    }
    case 3: {
      const shift = b.u8(o + 2);
      const used = Math.min(14, shift);
      const n = start(f.wscale, `${shift} (multiply by ${2 ** used})`);
      const s = n.uintNode(f.shift, o + 2);
      if (shift > 14) s.expert(f.badShift);
      n.add(f.multiplier, o + 2, 1, 2 ** used);
      facts.info += ` WS=${2 ** used}`;
      return;
    }
    case 4:
      start(f.sackPerm);
      facts.info += ' SACK_PERM';
      return;
    case 5:
      addSack(start(f.sack), o, length, otherBase, relAck, facts);
      return;
    case 6:
    case 7: {
      const n = start(kind === 6 ? f.echo : f.echoReply, String(b.u32(o + 2)));
      n.uint(f.echoValue, o + 2);
      facts.info += ` ${kind === 6 ? 'ECHO' : 'ECHOREPLY'}=${b.u32(o + 2)}`;
      return;
    }
    case 8: {
      const n = start(f.timestamp, `TSval ${b.u32(o + 2)}, TSecr ${b.u32(o + 6)}`);
      n.uint(f.tsval, o + 2);
      n.uint(f.tsecr, o + 6);
      facts.info += ` TSval=${b.u32(o + 2)} TSecr=${b.u32(o + 6)}`;
      return;
    }
    case 11:
    case 12:
    case 13: {
      const n = start(kind === 11 ? f.cc : kind === 12 ? f.ccNew : f.ccEcho, String(b.u32(o + 2)));
      n.uint(f.ccValue, o + 2);
      facts.info += ` ${kind === 11 ? 'CC' : kind === 12 ? 'CC.NEW' : 'CC.ECHO'}=${b.u32(o + 2)}`;
      return;
    }
    case 19: {
      const n = start(f.md5);
      n.bytes(f.md5Digest, o + 2, 16);
      facts.info += ' MD5';
      return;
    }
    case 27: {
      const n = start(f.quickStart);
      n.uint(f.qsRate, o + 2);
      n.uint(f.qsTtlDiff, o + 3);
      return;
    }
    case 28: {
      const value = b.u16(o + 2);
      const n = start(f.userTimeout, `${value & 0x7fff} ${(value & 0x8000) !== 0 ? 'minutes' : 'seconds'}`);
      n.uint(f.granularity, o + 2, 2);
      n.uint(f.userTimeoutVal, o + 2);
      facts.info += ` USER_TO=${value & 0x7fff}`;
      return;
    }
    case 29: {
      const n = start(f.ao);
      n.uint(f.aoKey, o + 2);
      n.uint(f.aoNextKey, o + 3);
      if (length > 4) n.bytes(f.aoMac, o + 4, length - 4);
      facts.info += ' AO';
      return;
    }
    case 30:
      // Its parts lie where the whole option says.
      if (o + length > b.end) {
        start(f.mptcp);
        return;
      }
      facts.multipath = true;
      addMultipath(start(f.mptcp), o, length, flags, facts.subflow);
      node.d.call(mptcp, b.from(o, o + length));
      return;
    case 34:
      addFastOpen(start(f.tfo), o + 2, length - 2, flags, facts);
      return;
    case 172:
    case 174: {
      const n = start(f.accEcn);
      const order = kind === 172 ? [f.accEcn0, f.accEcnCe, f.accEcn1] : [f.accEcn1, f.accEcnCe, f.accEcn0];
      for (let k = 0; k < 3 && 2 + 3 * (k + 1) <= length; k++) n.uint(order[k] as FieldDef, o + 2 + 3 * k);
      return;
    }
    case 253:
    case 254: {
      const n = start(f.experimental);
      if (length < 4) return;
      const exid = n.uint(f.exid, o + 2);
      if (exid === 0xf989) addFastOpen(n, o + 4, length - 4, flags, facts);
      else if (length > 4) n.bytes(f.experimentalData, o + 4, length - 4);
      return;
    }
    default: {
      const n = start(f.unknown, kinds.get(kind) ?? `Kind ${kind}`);
      if (length > 2) n.bytes(f.unknownPayload, o + 2, length - 2);
    }
  }
}

/** RFC 2018; edges relative to the other direction's first number. The first range may be a duplicate (RFC 2883). */
function addSack(n: Node, o: number, length: number, otherBase: number, relAck: number, facts: OptionFacts): void {
  const b = n.buf;
  let count = 0;
  let said = '';
  for (let e = o + 2; e + 8 <= o + length && n.has(e, 8); e += 8) {
    const left = (b.u32(e) - otherBase) >>> 0;
    const right = (b.u32(e + 4) - otherBase) >>> 0;
    n.add(f.sackLeft, e, 4, left, { label: 'left edge', display: `${left} (relative)` });
    n.add(f.sackRight, e + 4, 4, right, { label: 'right edge', display: `${right} (relative)` });
    // RFC 2883, section 4: a duplicate lies before the ACK, or within the second block.
    const second = e + 16 <= o + length;
    const within = second && seqDiff(left, (b.u32(e + 8) - otherBase) >>> 0) >= 0 && seqDiff(right, (b.u32(e + 12) - otherBase) >>> 0) <= 0;
    if (count === 0 && (seqDiff(right, relAck) <= 0 || within)) {
      n.add(f.dsackLeft, e, 4, left, { label: 'D-SACK Left Edge', display: `${left} (relative)` });
      n.add(f.dsackRight, e + 4, 4, right, { label: 'D-SACK Right Edge', display: `${right} (relative)` });
      n.expert(f.dsack, e, 8);
    }
    said += `${said === '' ? '' : ' '}${left}-${right}`;
    facts.info += ` SLE=${left} SRE=${right}`;
    count++;
  }
  if ((length - 2) % 8 !== 0) n.expert(f.badSuboption, o + 2 + 8 * count, (length - 2) % 8);
  n.add(f.sackCount, o + 2, 0, count);
  n.display = said;
}

/** RFC 7413. */
function addFastOpen(n: Node, o: number, length: number, flags: number, facts: OptionFacts): void {
  if (length <= 0) {
    n.add(f.tfoRequest, o, 0, null);
    facts.info += ' TFO=R';
    return;
  }
  n.bytes(f.tfoCookie, o, length);
  if ((flags & (Flag.Syn | Flag.Ack)) === Flag.Syn) n.expert(f.tfoSyn);
  facts.info += ' TFO=C';
}

/** A number of 4 or 8 bytes. */
function numberAt(b: Buf, at: number, size: number): bigint {
  return size === 8 ? (BigInt(b.u32(at)) << 32n) | BigInt(b.u32(at + 4)) : BigInt(b.u32(at));
}

/** A number of `size` bytes at `at`, counted from the connection's first. The place is that of the option. */
function addRelative(n: Node, field: FieldDef, option: number, at: number, size: number, first: bigint | null): void {
  const relative = relativeNumber(numberAt(n.buf, at, size), size === 8 ? 64 : 32, first);
  n.add(field, option, 0, relative, { display: `${relative} (Relative)` });
}

/** RFC 8684, by subtype. What a length leaves out is not read. */
function addMultipath(n: Node, o: number, length: number, flags: number, view: SubflowView | null): void {
  const b = n.buf;
  const end = o + length;
  const subtype = n.uint(f.mpSubtype, o + 2, 1);
  n.display = subtypes.get(subtype) ?? `Subtype ${subtype}`;
  const fits = (at: number, size: number): boolean => at + size <= end;
  switch (subtype) {
    case 0: {
      const version = n.uint(f.mpVersion, o + 2, 1);
      if (fits(o + 3, 1)) {
        const bits = n.uintNode(f.mpFlags, o + 3);
        // RFC 8684, section 3.1: version 1 has another hash, and a bit more.
        const own = version === 1 ? [f.mpNoMore, f.mpSha256, f.mpReserved1] : [f.mpSha1, f.mpReserved];
        for (const bit of [f.mpChecksumRequired, f.mpExtensible, ...own]) bits.uint(bit, o + 3);
      }
      if (fits(o + 4, 8)) {
        n.uint64(f.mpSendKey, o + 4);
        const key = factsOfKey(b.slice(o + 4, 8), version);
        n.add(mptcpFields.token, o + 12, 0, key.token);
        n.add(mptcpFields.firstNumber, o + 12, 0, key.firstNumber, { display: `${key.firstNumber} (64bits version)` });
      }
      if (fits(o + 12, 8)) n.uint64(f.mpRecvKey, o + 12);
      if (fits(o + 20, 2)) n.uint(f.mpLevelLen, o + 20);
      if (fits(o + 22, 2)) n.uint(f.mpChecksum, o + 22);
      return;
    }
    case 1: {
      if (length === 24) {
        n.uint(f.mpReserved12, o + 2);
        n.bytes(f.mpSendHmac, o + 4, 20);
        return;
      }
      n.uintNode(f.mpFlags, o + 2).uint(f.mpBackup, o + 2);
      if (fits(o + 3, 1)) n.uint(f.mpAddrId, o + 3);
      if ((flags & Flag.Ack) === 0) {
        if (fits(o + 4, 4)) n.uint(f.mpRecvToken, o + 4);
        if (fits(o + 8, 4)) n.uint(f.mpSendRandom, o + 8);
      } else {
        if (fits(o + 4, 8)) n.uint64(f.mpSendTruncHmac, o + 4);
        if (fits(o + 12, 4)) n.uint(f.mpSendRandom, o + 12);
      }
      return;
    }
    case 2: {
      if (!fits(o + 3, 1)) return;
      const bits = b.u8(o + 3);
      const flagNode = n.uintNode(f.mpFlags, o + 3);
      for (const bit of [f.mpDataFin, f.mpLongSeq, f.mpHasSeq, f.mpLongAck, f.mpHasAck]) flagNode.uint(bit, o + 3);
      let at = o + 4;
      if ((bits & 1) !== 0) {
        const size = (bits & 2) !== 0 ? 8 : 4;
        if (!fits(at, size)) return;
        n.add(f.mpDataAck, at, size, numberAt(b, at, size), size === 8 ? { display: `${numberAt(b, at, size)} (64bits)` } : {});
        const from = view?.other ?? null;
        if (from !== null) addRelative(n, mptcpFields.ack, o, at, size, from);
        at += size;
      }
      if ((bits & 4) !== 0) {
        const size = (bits & 8) !== 0 ? 8 : 4;
        if (!fits(at, size + 6)) return;
        n.add(f.mpDataSeq, at, size, numberAt(b, at, size), { display: `${numberAt(b, at, size)}  (${8 * size}bits version)` });
        n.uint(f.mpSubSeq, at + size);
        n.uint(f.mpLevelLen, at + size + 4);
        if (fits(at + size + 6, 2)) n.uint(f.mpChecksum, at + size + 6);
        if (view !== null) addRelative(n, mptcpFields.dataNumber, o, at, size, view.own);
      }
      return;
    }
    case 3: {
      n.uint(f.mpEcho, o + 2, 1);
      if (!fits(o + 3, 1)) return;
      n.uint(f.mpAddrId, o + 3);
      const rest = length - 4;
      if (rest === 4 || rest === 6 || rest === 12 || rest === 14) n.bytes(f.mpIpv4, o + 4, 4);
      else if (rest >= 16) n.bytes(f.mpIpv6, o + 4, 16);
      if (rest === 6 || rest === 14) n.uint(f.mpPort, o + 8);
      // The proof of an address that is not an echo ends the option (RFC 8684, section 3.4.1).
      if (rest === 12 || rest === 14 || rest === 24 || rest === 26) n.uint64(f.mpAddressHmac, end - 8);
      else if (rest === 18 || rest === 26) n.uint(f.mpPort, o + 20);
      return;
    }
    case 4:
      n.add(mptcpFields.removed, o + 2, 1, end - o - 3);
      for (let at = o + 3; at < end; at++) n.uint(f.mpAddrId, at);
      return;
    case 5:
      n.uint(f.mpBackup, o + 2, 1);
      if (fits(o + 3, 1)) n.uint(f.mpAddrId, o + 3);
      return;
    case 6:
      if (fits(o + 2, 2)) n.uint(f.mpReserved12, o + 2);
      if (fits(o + 4, 8)) n.uint64(f.mpDataSeq, o + 4);
      return;
    case 7:
      if (fits(o + 2, 2)) n.uint(f.mpReserved12, o + 2);
      if (fits(o + 4, 8)) n.uint64(f.mpRecvKey, o + 4);
      return;
    case 8:
      n.uintNode(f.mpFlags, o + 2).bits([f.mpFlagU, f.mpFlagV, f.mpFlagW, f.mpFlagT], o + 2, 1);
      if (fits(o + 3, 1)) n.uint(f.mpReason, o + 3);
      return;
  }
}
