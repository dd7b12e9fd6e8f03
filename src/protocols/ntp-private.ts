/** The items of ntpd's private mode, laid out as the structures of its ntp_request.h. */
import { formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { Layer, Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  type FieldDef,
  int8,
  int16,
  int32,
  int64,
  ipv4,
  ipv6,
  names,
  string,
  typeBytes,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../dissect/field.ts';
import { header, modes, timestamp } from './ntp-fields.ts';

export const privateFields = {
  item: string('ntp.priv.mode7.item', 'Mode7 item'),
  monAvgint: uint32('ntp.priv.monlist.avgint', 'avgint'),
  monLsint: uint32('ntp.priv.monlist.lsint', 'lsint'),
  monRestr: uint32('ntp.priv.monlist.restr', 'restr', { base: 'hex' }),
  monCount: uint32('ntp.priv.monlist.count', 'count'),
  monRemoteAddress: ipv4('ntp.priv.monlist.remote_address', 'remote address'),
  monLocalAddress: ipv4('ntp.priv.monlist.local_address', 'local address'),
  monFlags: uint32('ntp.priv.monlist.flags', 'flags', { base: 'hex' }),
  monPort: uint16('ntp.priv.monlist.port', 'port'),
  monMode: uint8('ntp.priv.monlist.mode', 'mode'),
  monVersion: uint8('ntp.priv.monlist.version', 'version'),
  monIpv6: uint32('ntp.priv.monlist.ipv6', 'ipv6', { base: 'hex' }),
  monUnused: uint32('ntp.priv.monlist.unused', 'unused', { base: 'hex' }),
  monAddr6: ipv6('ntp.priv.monlist.addr6', 'ipv6 remote addr'),
  monDaddr6: ipv6('ntp.priv.monlist.daddr6', 'ipv6 local addr'),
  address: ipv4('ntp.priv.mode7.address', 'Address'),
  mask: ipv4('ntp.priv.mode7.mask', 'Mask'),
  port: uint16('ntp.priv.mode7.port', 'Port'),
  hmode: uint8('ntp.priv.mode7.hmode', 'HMode', { names: modes }),
  peerFlags: uint8('ntp.priv.mode7.peer.flags', 'Flags', { base: 'hex', mask: 0xff }),
  ipv6Flag: uint32('ntp.priv.mode7.ipv6_flag', 'IPv6 Flag'),
  unused: bytes('ntp.priv.mode7.unused', 'Unused'),
  address6: ipv6('ntp.priv.mode7.address6', 'IPv6 addr'),
  mask6: ipv6('ntp.priv.mode7.mask6', 'IPv6 mask'),
  bcast6: ipv6('ntp.priv.mode7.bcast6', 'IPv6 bcast'),
  peerFlagsConfig: bool('ntp.priv.mode7.peer.flags.config', 'Config', { mask: 0x01 }),
  peerFlagsSyspeer: bool('ntp.priv.mode7.peer.flags.syspeer', 'Syspeer', { mask: 0x02 }),
  peerFlagsBurst: bool('ntp.priv.mode7.peer.flags.burst', 'Burst', { mask: 0x04 }),
  peerFlagsRefclock: bool('ntp.priv.mode7.peer.flags.refclock', 'Refclock', { mask: 0x08 }),
  peerFlagsPrefer: bool('ntp.priv.mode7.peer.flags.prefer', 'Prefer', { mask: 0x10 }),
  peerFlagsAuthenable: bool('ntp.priv.mode7.peer.flags.authenable', 'Auth enable', { mask: 0x20 }),
  peerFlagsSelCandidate: bool('ntp.priv.mode7.peer.flags.sel_candidate', 'Sel Candidate', { mask: 0x40 }),
  peerFlagsShortlist: bool('ntp.priv.mode7.peer.flags.shortlist', 'Shortlist', { mask: 0x80 }),
  dstaddress: ipv4('ntp.priv.mode7.dstaddress', 'Destination address'),
  srcaddress: ipv4('ntp.priv.mode7.srcaddress', 'Source address'),
  srcport: uint16('ntp.priv.mode7.srcport', 'Source port'),
  count: uint32('ntp.priv.mode7.count', 'Count'),
  hpoll: int8('ntp.priv.mode7.hpoll', 'Host polling interval'),
  reach: uint8('ntp.priv.mode7.reach', 'Reach'),
  delay: int32('ntp.priv.mode7.delay', 'Delay'),
  offset: uint64('ntp.priv.mode7.offset', 'Offset'),
  dispersion: uint32('ntp.priv.mode7.dispersion', 'Dispersion'),
  dstaddress6: ipv6('ntp.priv.mode7.dstaddress6', 'IPv6 destination addr'),
  srcaddress6: ipv6('ntp.priv.mode7.srcaddress6', 'IPv6 source addr'),
  leap: uint8('ntp.priv.mode7.leap', 'Leap'),
  pmode: uint8('ntp.priv.mode7.pmode', 'Peer mode', { names: modes }),
  version: uint8('ntp.priv.mode7.version', 'Version'),
  unreach: uint8('ntp.priv.mode7.unreach', 'Unreach'),
  flash: uint8('ntp.priv.mode7.flash', 'Flash'),
  ttl: uint8('ntp.priv.mode7.ttl', 'TTL'),
  flash2: uint16('ntp.priv.mode7.flash2', 'Flash new'),
  associd: uint16('ntp.priv.mode7.associd', 'Association ID'),
  pkeyid: uint32('ntp.priv.mode7.pkeyid', 'Peer Key ID'),
  timer: uint32('ntp.priv.mode7.timer', 'Timer'),
  filtdelay: int32('ntp.priv.mode7.filtdelay', 'Filt delay'),
  filtoffset: int64('ntp.priv.mode7.filtoffset', 'Filt offset'),
  order: uint8('ntp.priv.mode7.order', 'Order'),
  selectdis: uint32('ntp.priv.mode7.selectdis', 'Selectdis'),
  estbdelay: int32('ntp.priv.mode7.estbdelay', 'Estbdelay'),
  bdelay: int32('ntp.priv.mode7.bdelay', 'Bdelay'),
  authdelay: int64('ntp.priv.mode7.authdelay', 'Auth delay'),
  minpoll: uint8('ntp.priv.mode7.minpoll', 'Minpoll'),
  maxpoll: uint8('ntp.priv.mode7.maxpoll', 'Maxpoll'),
  configFlags: uint8('ntp.priv.config.flags', 'Flags', { base: 'hex', mask: 0xff }),
  configFlagsAuthenable: bool('ntp.priv.mode7.config.flags.authenable', 'Authenable', { mask: 0x01 }),
  configFlagsPrefer: bool('ntp.priv.mode7.config.flags.prefer', 'Prefer', { mask: 0x02 }),
  configFlagsBurst: bool('ntp.priv.mode7.config.flags.burst', 'Burst', { mask: 0x04 }),
  configFlagsIburst: bool('ntp.priv.mode7.config.flags.iburst', 'IBurst', { mask: 0x08 }),
  configFlagsNoSelect: bool('ntp.priv.mode7.config.flags.no_select', 'No Select', { mask: 0x10 }),
  configFlagsSkey: bool('ntp.priv.mode7.config.flags.skey', 'Skey', { mask: 0x20 }),
  keyFile: string('ntp.priv.mode7.key_file', 'Key file name'),
  sysFlags: uint32('ntp.priv.mode7.sys.flags', 'Flags', { base: 'hex', mask: 0xff }),
  sysFlagsBclient: bool('ntp.priv.mode7.sys.flags.bclient', 'Bclient', { mask: 0x01 }),
  sysFlagsPps: bool('ntp.priv.mode7.sys.flags.pps', 'PPS', { mask: 0x02 }),
  sysFlagsNtp: bool('ntp.priv.mode7.sys.flags.ntp', 'NTP', { mask: 0x04 }),
  sysFlagsKernel: bool('ntp.priv.mode7.sys.flags.kernel', 'Kernel', { mask: 0x08 }),
  sysFlagsMonitor: bool('ntp.priv.mode7.sys.flags.monitor', 'Monitor', { mask: 0x10 }),
  sysFlagsFilegen: bool('ntp.priv.mode7.sys.flags.filegen', 'Filegen', { mask: 0x20 }),
  sysFlagsAuth: bool('ntp.priv.mode7.sys.flags.auth', 'Auth', { mask: 0x40 }),
  sysFlagsCal: bool('ntp.priv.mode7.sys.flags.cal', 'Cal', { mask: 0x80 }),
  resetStatsFlags: uint32('ntp.priv.mode7.reset_stats.flags', 'Flags', { base: 'hex', mask: 0xff }),
  resetStatsFlagsAllpeers: bool('ntp.priv.mode7.reset_stats.flags.allpeers', 'All Peers', { mask: 0x01 }),
  resetStatsFlagsIo: bool('ntp.priv.mode7.reset_stats.flags.io', 'IO', { mask: 0x02 }),
  resetStatsFlagsSys: bool('ntp.priv.mode7.reset_stats.flags.sys', 'Sys', { mask: 0x04 }),
  resetStatsFlagsMem: bool('ntp.priv.mode7.reset_stats.flags.mem', 'Mem', { mask: 0x08 }),
  resetStatsFlagsTimer: bool('ntp.priv.mode7.reset_stats.flags.timer', 'Timer', { mask: 0x10 }),
  resetStatsFlagsAuth: bool('ntp.priv.mode7.reset_stats.flags.auth', 'Auth', { mask: 0x20 }),
  resetStatsFlagsCtl: bool('ntp.priv.mode7.reset_stats.flags.ctl', 'Ctl', { mask: 0x40 }),
  key: uint64('ntp.priv.mode7.key', 'Key', { base: 'hex' }),
  timeup: uint32('ntp.priv.mode7.timeup', 'Time up'),
  timereset: uint32('ntp.priv.mode7.timereset', 'Time reset'),
  timereceived: uint32('ntp.priv.mode7.timereceived', 'Time received'),
  timetosend: uint32('ntp.priv.mode7.timetosend', 'Time to send'),
  timereachable: uint32('ntp.priv.mode7.timereachable', 'Time reachable'),
  sent: uint32('ntp.priv.mode7.sent', 'Sent'),
  processed: uint32('ntp.priv.mode7.processed', 'Processed'),
  badauth: uint32('ntp.priv.mode7.badauth', 'Bad authentication'),
  bogusorg: uint32('ntp.priv.mode7.bogusorg', 'Bogus origin'),
  oldpkt: uint32('ntp.priv.mode7.oldpkt', 'Old packet'),
  seldisp: uint32('ntp.priv.mode7.seldisp', 'Bad dispersion'),
  selbroken: uint32('ntp.priv.mode7.selbroken', 'Bad reference time'),
  candidate: uint32('ntp.priv.mode7.candidate', 'Candidate'),
  numkeys: uint32('ntp.priv.mode7.numkeys', 'Num keys'),
  numfreekeys: uint32('ntp.priv.mode7.numfreekeys', 'Num free keys'),
  keylookups: uint32('ntp.priv.mode7.keylookups', 'Keylookups'),
  keynotfound: uint32('ntp.priv.mode7.keynotfound', 'Key not found'),
  encryptions: uint32('ntp.priv.mode7.encryptions', 'Encryptions'),
  decryptions: uint32('ntp.priv.mode7.decryptions', 'Decryptions'),
  expired: uint32('ntp.priv.mode7.expired', 'Expired'),
  keyuncached: uint32('ntp.priv.mode7.keyuncached', 'Key uncached'),
  localAddress: ipv4('ntp.priv.mode7.local_address', 'Local address'),
  trapAddress: ipv4('ntp.priv.mode7.trap_address', 'Trap address'),
  trapPort: uint16('ntp.priv.mode7.trap_port', 'Trap port'),
  sequence: uint16('ntp.priv.mode7.sequence', 'Sequence number'),
  settime: uint32('ntp.priv.mode7.settime', 'Trap set time'),
  origtime: uint32('ntp.priv.mode7.origtime', 'Trap originally time'),
  resets: uint32('ntp.priv.mode7.resets', 'Resets'),
  trapsFlags: uint32('ntp.priv.traps.flags', 'Flags', { base: 'hex' }),
  localAddress6: ipv6('ntp.priv.mode7.local_address6', 'IPv6 local addr'),
  trapAddress6: ipv6('ntp.priv.mode7.trap_address6', 'IPv6 trap addr'),
  requests: uint32('ntp.priv.mode7.requests', 'Requests'),
  badPackets: uint32('ntp.priv.mode7.bad_packets', 'Bad packets'),
  responses: uint32('ntp.priv.mode7.responses', 'Responses'),
  fragments: uint32('ntp.priv.mode7.fragments', 'Fragments'),
  errors: uint32('ntp.priv.mode7.errors', 'Errors'),
  tooShort: uint32('ntp.priv.mode7.too_short', 'Too short packets'),
  inputResponses: uint32('ntp.priv.mode7.input_responses', 'Responses on input'),
  inputFragments: uint32('ntp.priv.mode7.input_fragments', 'Fragments on input'),
  inputErrors: uint32('ntp.priv.mode7.input_errors', 'Errors on input'),
  badOffset: uint32('ntp.priv.mode7.bad_offset', 'Non zero offset packets'),
  badVersion: uint32('ntp.priv.mode7.bad_version', 'Unknown version packets'),
  dataTooShort: uint32('ntp.priv.mode7.data_too_short', 'Data too short'),
  badop: uint32('ntp.priv.mode7.badop', 'Bad op code found'),
  asyncMessages: uint32('ntp.priv.mode7.async_messages', 'Async messages'),
  type: uint8('ntp.priv.mode7.type', 'Type'),
  clockFlags: uint8('ntp.priv.mode7.clock_flags', 'Clock Flags'),
  lastevent: uint8('ntp.priv.mode7.lastevent', 'Last event'),
  currentstatus: uint8('ntp.priv.mode7.currentstatus', 'Current status'),
  polls: uint32('ntp.priv.mode7.polls', 'Polls'),
  noresponse: uint32('ntp.priv.mode7.noresponse', 'Noresponse'),
  badformat: uint32('ntp.priv.mode7.badformat', 'Bad format'),
  baddata: uint32('ntp.priv.mode7.baddata', 'Bad data'),
  timestarted: uint32('ntp.priv.mode7.timestarted', 'Time started'),
  fudgetime1: uint64('ntp.priv.mode7.fudgetime1', 'Fudge time 1', { base: 'hex' }),
  fudgetime2: uint64('ntp.priv.mode7.fudgetime2', 'Fudge time 2', { base: 'hex' }),
  fudgeval1: int32('ntp.priv.mode7.fudgeval1', 'Fudge val 1'),
  fudgeval2: uint32('ntp.priv.mode7.fudgeval2', 'Fudge val 2'),
  kernelOffset: int32('ntp.priv.mode7.kernel_offset', 'Offset'),
  freq: int32('ntp.priv.mode7.freq', 'Freq'),
  stability: uint32('ntp.priv.mode7.stability', 'Stability (ppm)'),
  maxerror: int32('ntp.priv.mode7.maxerror', 'Max error'),
  esterror: int32('ntp.priv.mode7.esterror', 'Est error'),
  status: uint16('ntp.priv.mode7.status', 'Status'),
  shift: uint16('ntp.priv.mode7.shift', 'Shift'),
  constant: int32('ntp.priv.mode7.constant', 'Constant'),
  precision: int32('ntp.priv.mode7.precision', 'Precision'),
  tolerance: int32('ntp.priv.mode7.tolerance', 'tolerance'),
  ppsfreq: int32('ntp.priv.mode7.ppsfreq', 'ppsfreq'),
  jitter: int32('ntp.priv.mode7.jitter', 'jitter'),
  stabil: int32('ntp.priv.mode7.stabil', 'stabil'),
  jitcnt: int32('ntp.priv.mode7.jitcnt', 'jitcnt'),
  calcnt: int32('ntp.priv.mode7.calcnt', 'calcnt'),
  errcnt: int32('ntp.priv.mode7.errcnt', 'errcnt'),
  stbcnt: int32('ntp.priv.mode7.stbcnt', 'stbcnt'),
  lastOffset: int64('ntp.priv.mode7.last_offset', 'Last offset'),
  driftComp: int64('ntp.priv.mode7.drift_comp', 'Drift comp'),
  compliance: uint32('ntp.priv.mode7.compliance', 'Compliance'),
  watchdogTimer: uint32('ntp.priv.mode7.watchdog_timer', 'Watchdog timer'),
  poll: uint32('ntp.priv.mode7.poll', 'Poll'),
  sysFlags8: uint8('ntp.priv.mode7.sys.flags8', 'Flags', { base: 'hex', mask: 0xff }),
  denied: uint32('ntp.priv.mode7.denied', 'Denied'),
  oldversion: uint32('ntp.priv.mode7.oldversion', 'Old version'),
  newversion: uint32('ntp.priv.mode7.newversion', 'New version'),
  badlength: uint32('ntp.priv.mode7.badlength', 'Bad length'),
  limitrejected: uint32('ntp.priv.mode7.limitrejected', 'Limit rejected'),
  lamport: uint32('ntp.priv.mode7.lamport', 'Lamport violation'),
  tsrounding: uint32('ntp.priv.mode7.tsrounding', 'Timestamp rounding error'),
  totalmem: uint16('ntp.priv.mode7.totalmem', 'Total memory'),
  freemem: uint16('ntp.priv.mode7.freemem', 'Free memory'),
  findpeerCalls: uint32('ntp.priv.mode7.findpeer_calls', 'Find peer calls'),
  allocations: uint32('ntp.priv.mode7.allocations', 'Allocations'),
  demobilizations: uint32('ntp.priv.mode7.demobilizations', 'Demobilizations'),
  hashcount: bytes('ntp.priv.mode7.hashcount', 'Hashcount'),
  totalrecvbufs: uint16('ntp.priv.mode7.totalrecvbufs', 'Toal receive buffer'),
  freerecvbufs: uint16('ntp.priv.mode7.freerecvbufs', 'Free receive buffer'),
  fullrecvbufs: uint16('ntp.priv.mode7.fullrecvbufs', 'Full receive buffer'),
  lowwater: uint16('ntp.priv.mode7.lowwater', 'Low water'),
  dropped: uint32('ntp.priv.mode7.dropped', 'Dropped packets'),
  ignored: uint32('ntp.priv.mode7.ignored', 'Ignored packets'),
  received: uint32('ntp.priv.mode7.received', 'Received packets'),
  notsent: uint32('ntp.priv.mode7.notsent', 'Not sent packets'),
  interrupts: uint32('ntp.priv.mode7.interrupts', 'Interrupts'),
  intReceived: uint32('ntp.priv.mode7.int_received', 'Received by interrupt handler'),
  alarms: uint32('ntp.priv.mode7.alarms', 'Alarms'),
  overflows: uint32('ntp.priv.mode7.overflows', 'Overflows'),
  xmtcalls: uint32('ntp.priv.mode7.xmtcalls', 'Transmitted calls'),
  rflags: uint16('ntp.priv.mode7.rflags', 'Rflags'),
  mflags: uint16('ntp.priv.mode7.mflags', 'Mflags'),
  intName: string('ntp.priv.mode7.int_name', 'Interface name'),
  intFlags: int32('ntp.priv.mode7.int_flags', 'Interface flags'),
  lastTtl: int32('ntp.priv.mode7.last_ttl', 'Last TTL specified'),
  numMcast: int32('ntp.priv.mode7.num_mcast', 'Numer multicast sockets'),
  uptime: int32('ntp.priv.mode7.uptime', 'Uptime'),
  scopeid: uint32('ntp.priv.mode7.scopeid', 'Scopeid'),
  ifindex: uint32('ntp.priv.mode7.ifindex', 'Ifindex'),
  ifnum: uint32('ntp.priv.mode7.ifnum', 'Ifnum'),
  peercnt: uint32('ntp.priv.mode7.peercnt', 'Peer count'),
  family: uint16('ntp.priv.mode7.family', 'Address family'),
  ignorePkts: uint8('ntp.priv.mode7.ignore_pkts', 'Ignore packets'),
  action: uint8('ntp.priv.mode7.action', 'Action', {
    names: names({ 1: 'Interface exists', 2: 'Interface created', 3: 'Interface deleted' }),
  }),
  nvalues: uint8('ntp.priv.mode7.nvalues', 'Nvalues'),
  ntimes: uint8('ntp.priv.mode7.ntimes', 'Ntimes'),
  svalues: uint16('ntp.priv.mode7.svalues', 'Svalues'),
  stimes: uint32('ntp.priv.mode7.stimes', 'Stimes'),
  values: bytes('ntp.priv.mode7.values', 'Values'),
  times: bytes('ntp.priv.mode7.times', 'Times'),
  which: uint32('ntp.priv.mode7.which', 'Which'),
  fudgetime: uint64('ntp.priv.mode7.fudgetime', 'Fudgetime'),
  fudgevalFlags: uint32('ntp.priv.mode7.fudgeval_flags', 'Fudgeval flags'),
  ippeerlimit: int16('ntp.priv.mode7.ippeerlimit', 'IP peer limit'),
  restrictFlags: uint16('ntp.priv.mode7.restrict_flags', 'Restrict flags'),
};

const f = privateFields;

/** Flags with their bits, in `bytes` octets. */
interface Flags {
  readonly whole: FieldDef;
  readonly bytes: number;
  readonly bits: readonly FieldDef[];
}

/** A member of a structure: of the size of its type, or of so many octets. */
type Member = FieldDef | readonly [field: FieldDef, bytes: number] | Flags;

/** What is left of the item. */
const REST = -1;
const unused = (size: number): Member => [f.unused, size];
/** NTP_SHIFT: the samples that a peer's filter keeps. */
const eight = (field: FieldDef): readonly Member[] => Array.from({ length: 8 }, () => field);

const peerBits = [
  f.peerFlagsConfig,
  f.peerFlagsSyspeer,
  f.peerFlagsBurst,
  f.peerFlagsRefclock,
  f.peerFlagsPrefer,
  f.peerFlagsAuthenable,
  f.peerFlagsSelCandidate,
  f.peerFlagsShortlist,
];
const systemBits = [
  f.sysFlagsBclient,
  f.sysFlagsPps,
  f.sysFlagsNtp,
  f.sysFlagsKernel,
  f.sysFlagsMonitor,
  f.sysFlagsFilegen,
  f.sysFlagsAuth,
  f.sysFlagsCal,
];
const peerFlags: Flags = { whole: f.peerFlags, bytes: 1, bits: peerBits };
const widePeerFlags: Flags = { whole: f.peerFlags, bytes: 2, bits: peerBits };
const systemFlags: Flags = { whole: f.sysFlags8, bytes: 1, bits: systemBits };
const wideSystemFlags: Flags = { whole: f.sysFlags, bytes: 4, bits: systemBits };
const configFlags: Flags = {
  whole: f.configFlags,
  bytes: 1,
  bits: [f.configFlagsAuthenable, f.configFlagsPrefer, f.configFlagsBurst, f.configFlagsIburst, f.configFlagsNoSelect, f.configFlagsSkey],
};
const resetFlags: Flags = {
  whole: f.resetStatsFlags,
  bytes: 4,
  bits: [
    f.resetStatsFlagsAllpeers,
    f.resetStatsFlagsIo,
    f.resetStatsFlagsSys,
    f.resetStatsFlagsMem,
    f.resetStatsFlagsTimer,
    f.resetStatsFlagsAuth,
    f.resetStatsFlagsCtl,
  ],
};

const PEER_LIST = 0;
const MON_GETLIST = 20;
const MON_GETLIST_1 = 42;

/** Structures by the request code whose items they are. */
const layouts = new Map<number, readonly Member[]>([
  [0, [f.address, f.port, f.hmode, peerFlags, f.ipv6Flag, unused(4), f.address6]],
  [
    1,
    [
      f.dstaddress,
      f.srcaddress,
      f.srcport,
      header.stratum,
      f.hpoll,
      header.poll,
      f.reach,
      peerFlags,
      f.hmode,
      f.delay,
      f.offset,
      f.dispersion,
      f.ipv6Flag,
      unused(4),
      f.dstaddress6,
      f.srcaddress6,
    ],
  ],
  [
    2,
    [
      f.dstaddress,
      f.srcaddress,
      f.srcport,
      peerFlags,
      f.leap,
      f.hmode,
      f.pmode,
      header.stratum,
      header.poll,
      f.hpoll,
      header.precision,
      f.version,
      unused(1),
      f.reach,
      f.unreach,
      f.flash,
      f.ttl,
      f.flash2,
      f.associd,
      [header.keyId, 4],
      f.pkeyid,
      [header.reference, 4],
      f.timer,
      header.rootDelay,
      header.rootDispersion,
      header.referenceTime,
      header.origin,
      header.receive,
      header.transmit,
      ...eight(f.filtdelay),
      ...eight(f.filtoffset),
      ...eight(f.order),
      f.delay,
      f.dispersion,
      f.offset,
      f.selectdis,
      unused(4),
      unused(4),
      unused(4),
      unused(4),
      unused(4),
      unused(4),
      unused(4),
      f.estbdelay,
      f.ipv6Flag,
      unused(4),
      f.dstaddress6,
      f.srcaddress6,
    ],
  ],
  [
    3,
    [
      f.dstaddress,
      f.srcaddress,
      f.srcport,
      widePeerFlags,
      f.timereset,
      f.timereceived,
      f.timetosend,
      f.timereachable,
      f.sent,
      unused(4),
      f.processed,
      unused(4),
      f.badauth,
      f.bogusorg,
      f.oldpkt,
      unused(4),
      unused(4),
      f.seldisp,
      f.selbroken,
      unused(4),
      [f.candidate, 1],
      unused(1),
      unused(1),
      unused(1),
      f.ipv6Flag,
      unused(4),
      f.dstaddress6,
      f.srcaddress6,
    ],
  ],
  [
    4,
    [
      f.address,
      f.pmode,
      f.leap,
      header.stratum,
      header.precision,
      header.rootDelay,
      header.rootDispersion,
      [header.reference, 4],
      header.referenceTime,
      f.poll,
      systemFlags,
      unused(3),
      f.bdelay,
      f.freq,
      f.authdelay,
      f.stability,
      f.ipv6Flag,
      unused(4),
      f.address6,
    ],
  ],
  [
    5,
    [
      f.timeup,
      f.timereset,
      f.denied,
      f.oldversion,
      f.newversion,
      f.badVersion,
      f.badlength,
      f.processed,
      f.badauth,
      f.timereceived,
      f.limitrejected,
      f.lamport,
      f.tsrounding,
    ],
  ],
  [
    6,
    [
      f.timereset,
      f.totalrecvbufs,
      f.freerecvbufs,
      f.fullrecvbufs,
      f.lowwater,
      f.dropped,
      f.ignored,
      f.received,
      f.sent,
      f.notsent,
      f.interrupts,
      f.intReceived,
    ],
  ],
  [7, [f.timereset, f.totalmem, f.freemem, f.findpeerCalls, f.allocations, f.demobilizations, [f.hashcount, REST]]],
  [8, [f.lastOffset, f.driftComp, f.compliance, f.watchdogTimer]],
  [9, [f.timereset, f.alarms, f.overflows, f.xmtcalls]],
  [
    10,
    [
      f.address,
      f.hmode,
      f.version,
      f.minpoll,
      f.maxpoll,
      configFlags,
      f.ttl,
      unused(2),
      [header.keyId, 4],
      [f.keyFile, 128],
      f.ipv6Flag,
      unused(4),
      f.address6,
    ],
  ],
  [11, [f.address, f.ipv6Flag, f.address6]],
  [12, [wideSystemFlags]],
  [16, [f.address, f.mask, f.count, f.rflags, f.mflags, f.ipv6Flag, unused(4), f.address6, f.mask6]],
  [17, [f.address, f.mask, f.ippeerlimit, f.restrictFlags, f.mflags, unused(2), f.ipv6Flag, f.address6, f.mask6]],
  [
    20,
    [
      f.monAvgint,
      f.monLsint,
      f.monRestr,
      f.monCount,
      f.monRemoteAddress,
      f.monPort,
      f.monMode,
      f.monVersion,
      f.monIpv6,
      f.monUnused,
      f.monAddr6,
    ],
  ],
  [21, [resetFlags]],
  [26, [f.key]],
  [28, [f.timereset, f.numkeys, f.numfreekeys, f.keylookups, f.keynotfound, f.encryptions, f.decryptions, f.expired, f.keyuncached]],
  [
    29,
    [
      f.localAddress,
      f.trapAddress,
      f.trapPort,
      f.sequence,
      f.settime,
      f.origtime,
      f.resets,
      f.trapsFlags,
      f.ipv6Flag,
      f.localAddress6,
      f.trapAddress6,
    ],
  ],
  [30, [f.localAddress, f.trapAddress, f.trapPort, unused(2), f.ipv6Flag, f.localAddress6, f.trapAddress6]],
  [32, [[header.keyId, 4]]],
  [
    34,
    [
      f.timereset,
      f.requests,
      f.badPackets,
      f.responses,
      f.fragments,
      f.errors,
      f.tooShort,
      f.inputResponses,
      f.inputFragments,
      f.inputErrors,
      f.badOffset,
      f.badVersion,
      f.dataTooShort,
      f.badop,
      f.asyncMessages,
    ],
  ],
  [
    36,
    [
      f.address,
      f.type,
      f.clockFlags,
      f.lastevent,
      f.currentstatus,
      f.polls,
      f.noresponse,
      f.badformat,
      f.baddata,
      f.timestarted,
      f.fudgetime1,
      f.fudgetime2,
      f.fudgeval1,
      f.fudgeval2,
    ],
  ],
  [37, [f.address, f.which, f.fudgetime, f.fudgevalFlags]],
  [
    38,
    [
      f.kernelOffset,
      f.freq,
      f.maxerror,
      f.esterror,
      f.status,
      f.shift,
      f.constant,
      f.precision,
      f.tolerance,
      f.ppsfreq,
      f.jitter,
      f.stabil,
      f.jitcnt,
      f.calcnt,
      f.errcnt,
      f.stbcnt,
    ],
  ],
  [39, [f.address, f.nvalues, f.ntimes, f.svalues, f.stimes, [f.values, 64]]],
  [
    42,
    [
      f.monAvgint,
      f.monLsint,
      f.monRestr,
      f.monCount,
      f.monRemoteAddress,
      f.monLocalAddress,
      f.monFlags,
      f.monPort,
      f.monMode,
      f.monVersion,
      f.monIpv6,
      f.monUnused,
      f.monAddr6,
      f.monDaddr6,
    ],
  ],
  [
    44,
    [
      f.address6,
      f.bcast6,
      f.mask6,
      f.ipv6Flag,
      [f.intName, 32],
      f.intFlags,
      f.lastTtl,
      f.numMcast,
      f.received,
      f.sent,
      f.notsent,
      f.uptime,
      f.scopeid,
      f.ifindex,
      f.ifnum,
      f.peercnt,
      f.family,
      f.ignorePkts,
      f.action,
      unused(4),
    ],
  ],
]);
/** Requests whose items are those of another. */
const alike = new Map([
  [13, 12],
  [18, 17],
  [19, 17],
  [22, 11],
  [27, 26],
  [31, 30],
  [33, 32],
  [45, 44],
]);
/** Requests that name what they ask for: peers, or clocks by their address. */
const asksForPeers = new Set([2, 3]);
const asksForClocks = new Set([36, 39]);
const clockAddress: readonly Member[] = [f.address];

function layoutOf(request: number, isResponse: boolean): readonly Member[] {
  if (!isResponse && asksForPeers.has(request)) return layouts.get(PEER_LIST) ?? [];
  if (!isResponse && asksForClocks.has(request)) return clockAddress;
  return layouts.get(alike.get(request) ?? request) ?? [];
}

/** Adds the items behind the header: `items` of `size` octets each, of the request that is called `name`. */
export function privateItems(layer: Layer, name: string, request: number, isResponse: boolean, items: number, size: number): void {
  const b = layer.buf;
  if (size === 0) return;
  const members = layoutOf(request, isResponse);
  const isMonitor = request === MON_GETLIST || request === MON_GETLIST_1;
  let at = b.offset + 8;
  for (let i = 0; i < items && layer.ok && at + size <= b.end && !layer.d.full; i++, at += size) {
    const node = layer.add(f.item, at, size, isMonitor ? 'Monlist Item' : '', {
      label: isMonitor ? 'Monlist item' : `${name} Item`,
      display: isMonitor ? monitored(layer, request, at, size) : '',
    });
    addMembers(node, members, at, at + size);
  }
}

/** Whom an item of a monitor list is about. */
function monitored(layer: Layer, request: number, at: number, size: number): string {
  const b = layer.buf;
  const older = request === MON_GETLIST;
  const flag = at + (older ? 24 : 32);
  const isIpv6 = size >= flag - at + 24 && b.u32(flag) !== 0;
  const address = isIpv6 ? formatIpv6(b.slice(flag + 8, 16)) : formatIpv4(b.slice(at + 16, 4));
  return `address: ${address}:${b.u16(at + (older ? 20 : 28))}`;
}

/** Members as far as the item goes: older programs send shorter ones. */
function addMembers(node: Node, members: readonly Member[], from: number, end: number): void {
  let at = from;
  for (const member of members) {
    if ('whole' in member) {
      if (at + member.bytes > end) return;
      node.uintNode(member.whole, at, member.bytes).bits(member.bits, at, member.bytes);
      at += member.bytes;
      continue;
    }
    const [field, given] = 'abbrev' in member ? [member, typeBytes(member.type)] : member;
    const length = given === REST ? end - at : field.type === 'abstime' ? 8 : given;
    if (at + length > end) return;
    addMember(node, field, at, length);
    at += length;
  }
}

function addMember(node: Node, field: FieldDef, at: number, length: number): void {
  switch (field.type) {
    case 'abstime':
      node.add(field, at, length, timestamp(node.buf, at));
      return;
    case 'uint64':
    case 'int64':
      // A key is a long of the machine that sends it.
      node.uint64(field, at, field === f.key);
      return;
    case 'string':
      node.string(field, at, length, { zero: true });
      return;
    case 'bytes':
    case 'ipv4':
    case 'ipv6':
      node.bytes(field, at, length);
      return;
    default:
      node.uint(field, at, length);
  }
}
