/**
 * Information elements of GTP's control messages (3GPP TS 29.060, section 7.7; of version 0 GSM 09.60, section 7.9): below 128 a type and a value of
 * known length, from 128 on a type, a length of two octets and a value.
 */
import { formatIpv4, formatIpv6 } from '../bytes/format.ts';
import type { Layer, Node } from '../dissect/dissection.ts';
import {
  bool,
  bytes,
  type FieldDef,
  ipv4,
  ipv6,
  nameOf,
  names,
  string,
  TRUE_FALSE,
  uint8,
  uint16,
  uint24,
  uint32,
} from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { tables } from '../dissect/tables.ts';

/** Milliseconds of a transfer delay (3GPP TS 24.008, section 10.5.6.5). */
function transferDelay(code: number): string | undefined {
  if (code === 0) return 'Subscribed transfer delay (in MS to network direction)';
  if (code === 63) return 'Reserved';
  return `${code < 16 ? code * 10 : code < 32 ? 200 + (code - 16) * 50 : 1000 + (code - 32) * 100} ms`;
}

export const gtpMessages = names({
  0: 'For future use',
  1: 'Echo request',
  2: 'Echo response',
  3: 'Version not supported',
  4: 'Node alive request',
  5: 'Node alive response',
  6: 'Redirection request',
  7: 'Redirection response',
  16: 'Create PDP context request',
  17: 'Create PDP context response',
  18: 'Update PDP context request',
  19: 'Update PDP context response',
  20: 'Delete PDP context request',
  21: 'Delete PDP context response',
  22: 'Initiate PDP Context Activation Request',
  23: 'Initiate PDP Context Activation Response',
  24: 'Delete AA PDP Context Request',
  25: 'Delete AA PDP Context Response',
  26: 'Error indication',
  27: 'PDU notification request',
  28: 'PDU notification response',
  29: 'PDU notification reject request',
  30: 'PDU notification reject response',
  31: 'Supported extension header notification',
  32: 'Send routing information for GPRS request',
  33: 'Send routing information for GPRS response',
  34: 'Failure report request',
  35: 'Failure report response',
  36: 'Note MS GPRS present request',
  37: 'Note MS GPRS present response',
  48: 'Identification request',
  49: 'Identification response',
  50: 'SGSN context request',
  51: 'SGSN context response',
  52: 'SGSN context acknowledgement',
  53: 'Forward relocation request',
  54: 'Forward relocation response',
  55: 'Forward relocation complete',
  56: 'Relocation cancel request',
  57: 'Relocation cancel response',
  58: 'Forward SRNS context',
  59: 'Forward relocation complete acknowledge',
  60: 'Forward SRNS context acknowledge',
  61: 'UE Registration Query Request',
  62: 'UE Registration Query Response',
  70: 'RAN Information Relay',
  96: 'MBMS Notification Request',
  97: 'MBMS Notification Response',
  98: 'MBMS Notification Reject Request',
  99: 'MBMS Notification Reject Response',
  100: 'Create MBMS Context Request',
  101: 'Create MBMS Context Response',
  102: 'Update MBMS Context Request',
  103: 'Update MBMS Context Response',
  104: 'Delete MBMS Context Request',
  105: 'Delete MBMS Context Response',
  112: 'MBMS Registration Request',
  113: 'MBMS Registration Response',
  114: 'MBMS De-Registration Request',
  115: 'MBMS De-Registration Response',
  116: 'MBMS Session Start Request',
  117: 'MBMS Session Start Response',
  118: 'MBMS Session Stop Request',
  119: 'MBMS Session Stop Response',
  120: 'MBMS Session Update Request',
  121: 'MBMS Session Update Response',
  128: 'MS Info Change Notification Request',
  129: 'MS Info Change Notification Response',
  240: 'Data record transfer request',
  241: 'Data record transfer response',
  254: 'End Marker',
  255: 'T-PDU',
});

export const elementFields = {
  container: uint16('gsm_a.gm.sm.pco_pid', 'Protocol or Container ID', { base: 'hex' }),
  containerLength: uint8('gsm_a.gm.sm.pco.length', 'Length', { base: 'hex_dec' }),
  cause: uint8('gtp.cause', 'Cause', {
    names: names({
      0: 'Request IMSI',
      1: 'Request IMEI',
      2: 'Request IMSI and IMEI',
      3: 'No identity needed',
      4: 'MS refuses',
      5: 'MS is not GPRS responding',
      6: 'Reactivation Requested',
      7: 'PDP address inactivity timer expires',
      59: 'System failure',
      60: 'The transmit buffers are becoming full',
      61: 'The receive buffers are becoming full',
      62: 'Another node is about to go down',
      63: 'This node is about to go down',
      128: 'Request accepted',
      129: 'New PDP type due to network preference',
      130: 'New PDP type due to single address bearer only',
      177: 'CDR decoding error',
      192: 'Non-existent',
      193: 'Invalid message format',
      194: 'IMSI not known',
      195: 'MS is GPRS detached',
      196: 'MS is not GPRS responding',
      197: 'MS refuses',
      198: 'Version not supported',
      199: 'No resource available',
      200: 'Service not supported',
      201: 'Mandatory IE incorrect',
      202: 'Mandatory IE missing',
      203: 'Optional IE incorrect',
      204: 'System failure',
      205: 'Roaming restriction',
      206: 'P-TMSI signature mismatch',
      207: 'GPRS connection suspended',
      208: 'Authentication failure',
      209: 'User authentication failed',
      210: 'Context not found',
      211: 'All PDP dynamic addresses are occupied',
      212: 'No memory is available',
      213: 'Relocation failure',
      214: 'Unknown mandatory extension header',
      215: 'Semantic error in the TFT operation',
      216: 'Syntactic error in the TFT operation',
      217: 'Semantic errors in packet filter(s)',
      218: 'Syntactic errors in packet filter(s)',
      219: 'Missing or unknown APN',
      220: 'Unknown PDP address or PDP type',
      221: 'PDP context without TFT already activated',
      222: 'APN access denied - no subscription',
      223: 'APN Restriction type incompatibility with currently active PDP Contexts',
      224: 'MS MBMS Capabilities Insufficient',
      225: 'Invalid Correlation-ID',
      226: 'MBMS Bearer Context Superseded',
      227: 'Bearer Control Mode violation',
      228: 'Collision with network initiated request',
      229: 'APN Congestion',
      230: 'Bearer handling not supported',
      231: 'Target access restricted for the subscriber',
      232: 'UE is temporarily not reachable due to power saving',
      233: 'Relocation failure due to NAS message redirection',
      252: 'Request related to possibly duplicated packets already fulfilled',
      253: 'Request already fulfilled',
      254: 'Sequence numbers of released/cancelled packets IE incorrect',
      255: 'Request not fulfilled',
    }),
  }),
  imsi: string('e212.imsi', 'IMSI', { also: ['e212.assoc.imsi'] }),
  reorder: bool('gtp.reorder', 'Reordering required', { bool: TRUE_FALSE }),
  recovery: uint8('gtp.recovery', 'Recovery'),
  selection: uint8('gtp.sel_mode', 'Selection mode', {
    names: names({
      0: 'MS or network provided APN, subscribed verified',
      1: 'MS provided APN, subscription not verified',
      2: 'Network provided APN, subscription not verified',
      3: 'For future use (Network provided APN, subscription not verified',
    }),
    mask: 0x03,
  }),
  teidData: uint32('gtp.teid_data', 'TEID Data I', { base: 'hex_dec' }),
  teidControl: uint32('gtp.teid_cp', 'TEID Control Plane', { base: 'hex_dec' }),
  flowData: uint16('gtp.ext_flow_label', 'Flow Label Data I', { base: 'hex' }),
  flowSignal: uint16('gtp.flow_sig', 'Flow label Signalling', { base: 'hex' }),
  teardown: bool('gtp.tear_ind', 'Teardown Indicator', { bool: TRUE_FALSE }),
  nsapi: uint8('gtp.nsapi', 'NSAPI', { mask: 0x0f }),
  tlli: uint32('gtp.tlli', 'TLLI', { base: 'hex' }),
  ptmsi: uint32('gtp.ptmsi', 'P-TMSI', { base: 'dec_hex' }),
  ptmsiSignature: uint24('gtp.ptmsi_sig', 'P-TMSI Signature', { base: 'hex' }),
  charging: uint16('gtp.chrg_char', 'Charging characteristics'),
  chargingSpare: uint16('gtp.chrg_char_s', 'Spare', { mask: 0xf000 }),
  chargingNormal: uint16('gtp.chrg_char_n', 'Normal charging', { mask: 0x0800 }),
  chargingPrepaid: uint16('gtp.chrg_char_p', 'Prepaid charging', { mask: 0x0400 }),
  chargingFlat: uint16('gtp.chrg_char_f', 'Flat rate charging', { mask: 0x0200 }),
  chargingHot: uint16('gtp.chrg_char_h', 'Hot billing charging', { mask: 0x0100 }),
  chargingReserved: uint16('gtp.chrg_char_r', 'Reserved', { mask: 0x00ff }),
  chargingId: uint32('gtp.chrg_id', 'Charging ID', { base: 'hex_dec' }),
  pdpOrganization: uint8('gtp.user_addr_pdp_org', 'PDP type organization', { names: names({ 0: 'ETSI', 1: 'IETF' }) }),
  pdpType: uint8('gtp.user_addr_pdp_type', 'PDP type number', {
    names: names({ 0: 'X.25', 1: 'PPP', 2: 'OSP:IHOSS', 33: 'IPv4', 87: 'IPv6', 141: 'IPv4v6' }),
    base: 'hex',
  }),
  userIpv4: ipv4('gtp.user_ipv4', 'End user address IPv4'),
  userIpv6: ipv6('gtp.user_ipv6', 'End user address IPv6'),
  apnLength: uint16('gtp.apn_length', 'APN length'),
  apn: string('gtp.apn', 'APN'),
  nodeLength: uint16('gtp.gsn_address_length', 'GSN address length'),
  nodeIpv4: ipv4('gtp.gsn_ipv4', 'GSN address IPv4'),
  nodeIpv6: ipv6('gtp.gsn_ipv6', 'GSN address IPv6'),
  qosLength: uint16('gtp.qos_umts_length', 'Length'),
  qosPriority: uint8('gtp.qos_al_ret_priority', 'Allocation/Retention priority'),
  qosSpare1: uint8('gtp.qos_spare1', 'Spare', { mask: 0xc0 }),
  qosDelay: uint8('gtp.qos_delay', 'QoS delay', {
    names: names({
      0: 'Subscribed delay class (in MS to network direction)',
      1: 'Delay class 1',
      2: 'Delay class 2',
      3: 'Delay class 3',
      4: 'Delay class 4 (best effort)',
      7: 'Reserved',
    }),
    mask: 0x38,
  }),
  qosReliability: uint8('gtp.qos_reliability', 'QoS reliability', {
    names: names({
      0: 'Subscribed reliability class (in MS to network direction)',
      1: 'Acknowledged GTP, LLC, and RLC; Protected data',
      2: 'Unacknowledged GTP, Ack LLC/RLC, Protected data',
      3: 'Unacknowledged GTP/LLC, Ack RLC, Protected data',
      4: 'Unacknowledged GTP/LLC/RLC, Protected data',
      5: 'Unacknowledged GTP/LLC/RLC, Unprotected data',
      7: 'Reserved',
    }),
    mask: 0x07,
  }),
  qosPeak: uint8('gtp.qos_peak', 'QoS peak', {
    names: names({
      0: 'Subscribed peak throughput (in MS to network direction)',
      1: 'Up to 1 000 oct/s',
      2: 'Up to 2 000 oct/s',
      3: 'Up to 4 000 oct/s',
      4: 'Up to 8 000 oct/s',
      5: 'Up to 16 000 oct/s',
      6: 'Up to 32 000 oct/s',
      7: 'Up to 64 000 oct/s',
      8: 'Up to 128 000 oct/s',
      9: 'Up to 256 000 oct/s',
      10: 'Reserved',
      11: 'Reserved',
      12: 'Reserved',
      13: 'Reserved',
      14: 'Reserved',
      15: 'Reserved',
    }),
    mask: 0xf0,
  }),
  qosSpare2: uint8('gtp.qos_spare2', 'Spare', { mask: 0x08 }),
  qosPrecedence: uint8('gtp.qos_precedence', 'QoS precedence', {
    names: names({
      0: 'Subscribed precedence (in MS to network direction)',
      1: 'High priority',
      2: 'Normal priority',
      3: 'Low priority',
      7: 'Reserved',
    }),
    mask: 0x07,
  }),
  qosSpare3: uint8('gtp.qos_spare3', 'Spare', { mask: 0xe0 }),
  qosMean: uint8('gtp.qos_mean', 'QoS mean', {
    names: names({
      0: 'Subscribed mean throughput (in MS to network direction)',
      1: '100 oct/h',
      2: '200 oct/h',
      3: '500 oct/h',
      4: '1 000 oct/h',
      5: '2 000 oct/h',
      6: '5 000 oct/h',
      7: '10 000 oct/h',
      8: '20 000 oct/h',
      9: '50 000 oct/h',
      10: '100 000 oct/h',
      11: '200 000 oct/h',
      12: '500 000 oct/h',
      13: '1 000 000 oct/h',
      14: '2 000 000 oct/h',
      15: '5 000 000 oct/h',
      16: '10 000 000 oct/h',
      17: '20 000 000 oct/h',
      18: '50 000 000 oct/h',
      19: 'Reserved',
      20: 'Reserved',
      21: 'Reserved',
      22: 'Reserved',
      23: 'Reserved',
      24: 'Reserved',
      25: 'Reserved',
      26: 'Reserved',
      27: 'Reserved',
      28: 'Reserved',
      29: 'Reserved',
      30: 'Reserved',
      31: 'Best effort',
    }),
    mask: 0x1f,
  }),
  qosClass: uint8('gtp.qos_traf_class', 'Traffic class', {
    names: names({
      0: 'Subscribed traffic class (in MS to network direction)',
      1: 'Conversational class',
      2: 'Streaming class',
      3: 'Interactive class',
      4: 'Background class',
      7: 'Reserved',
    }),
    mask: 0xe0,
  }),
  qosOrder: uint8('gtp.qos_del_order', 'Delivery order', {
    names: names({
      0: 'Subscribed delivery order (in MS to network direction)',
      1: "With delivery order ('yes')",
      2: "Without delivery order ('no')",
      3: 'Reserved',
    }),
    mask: 0x18,
  }),
  qosErroneous: uint8('gtp.qos_del_err_sdu', 'Delivery of erroneous SDU', {
    names: names({
      0: 'Subscribed delivery of erroneous SDUs (in MS to network direction)',
      1: "No detect ('-')",
      2: "Erroneous SDUs are delivered ('yes')",
      3: "Erroneous SDUs are not delivered ('no')",
      7: 'Reserved',
    }),
    mask: 0x07,
  }),
  qosSdu: uint8('gtp.qos_max_sdu_size', 'Maximum SDU size'),
  qosUp: uint8('gtp.qos_max_ul', 'Maximum bit rate for uplink'),
  qosDown: uint8('gtp.qos_max_dl', 'Maximum bit rate for downlink'),
  qosBer: uint8('gtp.qos_res_ber', 'Residual BER', {
    names: names({
      0: 'Subscribed residual BER (in MS to network direction)',
      1: '1/20 = 5x10^-2',
      2: '1/100 = 1x10^-2',
      3: '1/200 = 5x10^-3',
      4: '1/250 = 4x10^-3',
      5: '1/1 000 = 1x10^-3',
      6: '1/10 000 = 1x10^-4',
      7: '1/100 000 = 1x10^-5',
      8: '1/1 000 000 = 1x10^-6',
      9: '3/50 000 000 = 6x10^-8',
      15: 'Reserved',
    }),
    mask: 0xf0,
  }),
  qosRatio: uint8('gtp.qos_sdu_err_ratio', 'SDU Error ratio', {
    names: names({
      0: 'Subscribed SDU error ratio (in MS to network direction)',
      1: '1/100 = 1x10^-2',
      2: '7/1000 = 7x10^-3',
      3: '1/1 000 = 1x10^-3',
      4: '1/10 000 = 1x10^-4',
      5: '1/100 000 = 1x10^-5',
      6: '1/1 000 000 = 1x10^-6',
      7: '1/10 = 1x10^-1',
      15: 'Reserved',
    }),
    mask: 0x0f,
  }),
  qosTransfer: uint8('gtp.qos_trans_delay', 'Transfer delay', { mask: 0xfc, names: (code) => transferDelay(code) }),
  qosHandling: uint8('gtp.qos_traf_handl_prio', 'Traffic handling priority', {
    names: names({
      0: 'Subscribed traffic handling priority (in MS to network direction)',
      1: 'Priority level 1',
      2: 'Priority level 2',
      3: 'Priority level 3',
    }),
    mask: 0x03,
  }),
  qosUpGuaranteed: uint8('gtp.qos_guar_ul', 'Guaranteed bit rate for uplink'),
  qosDownGuaranteed: uint8('gtp.qos_guar_dl', 'Guaranteed bit rate for downlink'),
  extLength: uint16('gtp.ext_length', 'Length'),
  length: uint16('gtp.length', 'Length'),
  rat: uint8('gtp.ext_rat_type', 'RAT Type', {
    names: names({
      0: 'Reserved',
      1: 'UTRAN',
      2: 'GERAN',
      3: 'WLAN',
      4: 'GAN',
      5: 'HSPA Evolution',
      6: 'EUTRAN (WB-E-UTRAN)',
      7: 'Virtual',
      8: 'EUTRAN-NB-IoT',
    }),
  }),
  timezone: uint8('gtp.timezone', 'Timezone'),
  daylight: uint8('gtp.timezone_dst', 'DST', {
    names: names({
      0: 'No adjustment',
      1: '+1 hour adjustment for Daylight Saving Time',
      2: '+2 hours adjustment for Daylight Saving Time',
      3: 'Reserved',
    }),
    mask: 0x03,
  }),
  enterprise: uint16('gtp.ext_id', 'Extension identifier'),
  extension: bytes('gtp.ext_val', 'Extension value'),
  mcc: uint16('e212.rai.mcc', 'Mobile Country Code (MCC)'),
  mnc: uint16('e212.rai.mnc', 'Mobile Network Code (MNC)'),
  lac: uint16('gtp.lac', 'Location Area Code (LAC)'),
  rac: uint8('gtp.rai_rac', 'Routing Area Code (RAC)'),
  msisdn: string('e164.msisdn', 'E.164 number (MSISDN)'),
};

const f = elementFields;

/** Octets of the value of elements below 128, by type. */
const LENGTHS = new Map([
  [1, 1],
  [2, 8],
  [3, 6],
  [4, 4],
  [5, 4],
  [8, 1],
  [9, 28],
  [11, 1],
  [12, 3],
  [13, 1],
  [14, 1],
  [15, 1],
  [16, 4],
  [17, 4],
  [18, 5],
  [19, 1],
  [20, 1],
  [21, 1],
  [22, 9],
  [23, 1],
  [24, 1],
  [25, 2],
  [26, 2],
  [27, 2],
  [28, 2],
  [29, 1],
  [127, 4],
]);
/** Those that are others in version 0. */
const LENGTHS_0 = new Map([
  [6, 3],
  [16, 2],
  [17, 2],
  [18, 3],
]);

const titles = names({
  9: 'Authentication triplet',
  11: 'MAP cause',
  13: 'MS validated',
  18: 'TEID Data II',
  21: 'RANAP cause',
  22: 'RAB context',
  23: 'Radio priority SMS',
  24: 'Radio priority',
  25: 'Packet Flow ID',
  27: 'Trace reference',
  28: 'Trace type',
  29: 'MS not reachable reason',
  129: 'MM context',
  130: 'PDP context',
  136: 'Authentication quintuplet',
  137: 'Traffic Flow Template (TFT)',
  138: 'Target Identification',
  139: 'UTRAN transparent field',
  140: 'RAB setup information',
  141: 'Extension header type list',
  142: 'Trigger Id',
  143: 'OMC Identity',
  148: 'Common Flags',
  149: 'APN Restriction',
  152: 'User Location Information',
  154: 'IMEI(SV)',
  251: 'Charging Gateway address',
});

/** Octets of the value of an element below 128, undefined for a type that is not known. */
function knownLength(version: number, type: number): number | undefined {
  return (version === 0 ? LENGTHS_0.get(type) : undefined) ?? LENGTHS.get(type);
}

const OPTIONS = 132;
/** Containers of configuration that are followed, of one message: against messages of nothing else. */
const MAX_CONTAINERS = 16;

/** Calls `take` with the identifier and the place of each container of the protocol configuration options in [from, end) (3GPP TS 24.008, section 10.5.6.3). */
function eachContainer(b: Uint8Array, from: number, end: number, take: (id: number, at: number, length: number) => void): void {
  for (let at = from + 1; at + 3 <= end; ) {
    const length = b[at + 2] as number;
    if (at + 3 + length > end) return;
    take(((b[at] as number) << 8) | (b[at + 1] as number), at, length);
    at += 3 + length;
  }
}

/** Index depth of addElements: protocols of PPP in configuration options. */
export function indexElements(w: IndexWalk, version: number, from: number): void {
  const { bytes: b, end } = w;
  let left = MAX_CONTAINERS;
  for (let at = from; at < end; ) {
    const type = b[at] as number;
    const header = type < 128 ? 1 : 3;
    if (at + header > end) return;
    const length = type < 128 ? knownLength(version, type) : ((b[at + 1] as number) << 8) | (b[at + 2] as number);
    if (length === undefined || at + header + length > end) return;
    if (type === OPTIONS) {
      eachContainer(b, at + header, at + header + length, (id, container, size) => {
        const protocol = tables.pppProto.lookup(id);
        if (protocol !== undefined && size > 0 && left-- > 0) w.nest(protocol, container + 3, container + 3 + size);
      });
    }
    at += header + length;
  }
}

/** Adds the elements from `from` to the end of the message. */
export function addElements(layer: Layer, version: number, from: number): void {
  const end = layer.buf.end;
  const count = { left: MAX_CONTAINERS };
  for (let at = from; layer.ok && at < end; ) {
    const type = layer.buf.u8(at);
    let header = 1;
    let length: number | undefined;
    if (type < 128) length = knownLength(version, type);
    else {
      if (!layer.has(at, 3)) return;
      header = 3;
      length = layer.buf.u16(at + 1);
    }
    if (length === undefined) {
      // Without its length nothing behind it can be found.
      layer.text(at, end - at, `Unknown element (${type})`, `${end - at} bytes`);
      return;
    }
    if (!layer.has(at, header + length)) return;
    if (type === OPTIONS) addOptions(layer, at, length, count);
    else addElement(layer, version, type, at, at + header, length);
    at += header + length;
  }
}

function addOptions(layer: Layer, at: number, length: number, count: { left: number }): void {
  const b = layer.buf;
  const node = layer.text(at, 3 + length, 'Protocol configuration options');
  node.uint(f.length, at + 1);
  eachContainer(b.bytes, at + 3, at + 3 + length, (id, container, size) => {
    const protocol = tables.pppProto.lookup(id);
    const one = node.uintNode(f.container, container, 2, {
      display: `${protocol?.title.replace(/^PPP /, '') ?? 'Unknown'} (0x${id.toString(16).padStart(4, '0')})`,
    });
    one.uint(f.containerLength, container + 2);
    if (protocol !== undefined && size > 0 && count.left-- > 0) layer.d.call(protocol, b.from(container + 3, container + 3 + size));
  });
}

function addElement(layer: Layer, version: number, type: number, at: number, value: number, length: number): void {
  const b = layer.buf;
  const size = value + length - at;
  /** A field of the whole element. */
  const whole = (field: FieldDef, number: number | boolean): Node => layer.add(field, at, size, number);
  switch (type) {
    case 1:
      whole(f.cause, b.u8(value));
      return;
    case 2:
      layer.add(f.imsi, value, length, digits(b.slice(value, length)));
      return;
    case 3:
      addRoutingArea(layer.text(at, size, 'Routing Area Identity'), value);
      return;
    case 4:
      whole(f.tlli, b.u32(value));
      return;
    case 5:
      whole(f.ptmsi, b.u32(value));
      return;
    case 6:
      addOldQuality(layer.text(at, size, 'Quality of Service'), value);
      return;
    case 8:
      whole(f.reorder, (b.u8(value) & 1) !== 0);
      return;
    case 12:
      whole(f.ptmsiSignature, b.u24(value));
      return;
    case 14:
      whole(f.recovery, b.u8(value));
      return;
    case 15: {
      const mode = b.u8(value) & 3;
      layer.text(at, size, 'Selection mode', nameOf(f.selection, mode)).uint(f.selection, value);
      return;
    }
    case 16:
      if (version === 0) whole(f.flowData, b.u16(value));
      else layer.uint(f.teidData, value);
      return;
    case 17:
      layer.uint(version === 0 ? f.flowSignal : f.teidControl, value);
      return;
    case 19:
      whole(f.teardown, (b.u8(value) & 1) !== 0);
      return;
    case 20:
      layer.text(at, size, 'NSAPI', String(b.u8(value) & 15)).uint(f.nsapi, value);
      return;
    case 26: {
      const node = whole(f.charging, b.u16(value));
      for (const bits of CHARGING) node.uint(bits, value);
      return;
    }
    case 127:
      whole(f.chargingId, b.u32(value));
      return;
    case 128:
      addUserAddress(layer, at, value, length);
      return;
    case 131: {
      const name = labels(b.slice(value, length));
      const node = layer.text(at, size, 'Access Point Name', name);
      node.uint(f.apnLength, at + 1);
      node.add(f.apn, value, length, name);
      return;
    }
    case 133: {
      const long = length === 16;
      const address = long ? formatIpv6(b.slice(value, 16)) : length === 4 ? formatIpv4(b.slice(value, 4)) : '';
      const node = layer.text(at, size, 'GSN address', address);
      node.uint(f.nodeLength, at + 1);
      if (address !== '') node.bytes(long ? f.nodeIpv6 : f.nodeIpv4, value);
      return;
    }
    case 134: {
      const node = layer.text(at, size, 'MS international PSTN/ISDN number');
      node.uint(f.length, at + 1);
      if (length > 1) node.add(f.msisdn, value + 1, length - 1, digits(b.slice(value + 1, length - 1)));
      return;
    }
    case 135: {
      const node = layer.text(at, size, 'Quality of Service');
      node.uint(f.qosLength, at + 1);
      addQuality(node, value, value + length);
      return;
    }
    case 151: {
      const node = layer.text(at, size, 'RAT Type', length > 0 ? nameOf(f.rat, b.u8(value)) : '');
      node.uint(f.extLength, at + 1);
      if (length > 0) node.uint(f.rat, value);
      return;
    }
    case 153:
      addTimeZone(layer, at, value, length);
      return;
    case 255: {
      const node = layer.text(at, size, 'Private Extension', length >= 2 ? String(b.u16(value)) : '');
      node.uint(f.extLength, at + 1);
      if (length >= 2) node.uint(f.enterprise, value);
      if (length > 2) node.bytes(f.extension, value + 2, length - 2);
      return;
    }
    default: {
      const node = layer.text(
        at,
        size,
        nameOf({ abbrev: '', label: '', type: 'none', names: titles }, type) ?? `Element ${type}`,
        `${length} bytes`,
      );
      if (type >= 128) node.uint(f.length, at + 1);
    }
  }
}

const CHARGING = [f.chargingSpare, f.chargingNormal, f.chargingPrepaid, f.chargingFlat, f.chargingHot, f.chargingReserved];

/** Decimal digits in halves of octets, the lower first; the first that is none ends them (3GPP TS 29.002, TBCD-STRING). */
export function digits(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) {
    for (const digit of [octet & 15, octet >> 4]) {
      if (digit > 9) return text;
      text += digit;
    }
  }
  return text;
}

/** A name in labels with lengths (3GPP TS 23.003, section 9.1). */
export function labels(octets: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = octets[at] as number;
    parts.push(String.fromCharCode(...octets.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return parts.join('.');
}

/** Country and network in three octets of digits (3GPP TS 24.008, section 10.5.1.3), then area and routing area. */
function addRoutingArea(node: Node, at: number): void {
  const b = node.buf;
  const [one, two, three] = [b.u8(at), b.u8(at + 1), b.u8(at + 2)];
  const country = (one & 15) * 100 + (one >> 4) * 10 + (two & 15);
  const third = two >> 4;
  const network = third === 15 ? (three & 15) * 10 + (three >> 4) : (three & 15) * 100 + (three >> 4) * 10 + third;
  node.add(f.mcc, at, 2, country);
  node.add(f.mnc, at + 1, 2, network);
  node.uint(f.lac, at + 3);
  node.uint(f.rac, at + 5);
}

function addUserAddress(layer: Layer, at: number, value: number, length: number): void {
  const b = layer.buf;
  const organization = b.u8(value) & 15;
  const type = length > 1 ? b.u8(value + 1) : 0;
  const [long, short] = [length >= 18, length === 6 || length === 22];
  const address = short ? ` : ${formatIpv4(b.slice(value + 2, 4))}` : long ? ` : ${formatIpv6(b.slice(value + 2, 16))}` : '';
  const words = `(${nameOf(f.pdpOrganization, organization) ?? organization}/${nameOf(f.pdpType, type) ?? type})${address}`;
  const node = layer.text(at, value + length - at, 'End user address', words);
  node.uint(f.length, at + 1);
  if (length < 2) return;
  node.add(f.pdpOrganization, value, 1, organization);
  node.uint(f.pdpType, value + 1);
  if (short) node.bytes(f.userIpv4, value + 2);
  if (long) node.bytes(f.userIpv6, value + (short ? 6 : 2));
}

/** The three octets of GPRS (3GPP TS 24.008, section 10.5.6.5). */
function addOldQuality(node: Node, at: number): void {
  for (const field of [f.qosSpare1, f.qosDelay, f.qosReliability]) node.uint(field, at);
  for (const field of [f.qosPeak, f.qosSpare2, f.qosPrecedence]) node.uint(field, at + 1);
  for (const field of [f.qosSpare3, f.qosMean]) node.uint(field, at + 2);
}

/** A bit rate in kilobits per second. */
function rate(code: number): number {
  if (code < 64) return code;
  if (code === 255) return 0;
  return code < 128 ? 64 + (code - 64) * 8 : 576 + (code - 128) * 64;
}

function addRate(node: Node, field: FieldDef, at: number): void {
  const value = rate(node.buf.u8(at));
  node.add(field, at, 1, value, { display: `${value} kbps` });
}

function addQuality(node: Node, at: number, end: number): void {
  if (end - at >= 1) node.uint(f.qosPriority, at);
  if (end - at < 4) return;
  addOldQuality(node, at + 1);
  if (end - at < 12) return;
  for (const field of [f.qosClass, f.qosOrder, f.qosErroneous]) node.uint(field, at + 4);
  const sdu = node.buf.u8(at + 5);
  // Above 1500 octets three sizes have codes of their own.
  const octets = sdu <= 150 ? 10 * sdu : ([1502, 1510, 1520][sdu - 151] ?? 0);
  node.add(f.qosSdu, at + 5, 1, octets, { display: `${octets} octets` });
  addRate(node, f.qosUp, at + 6);
  addRate(node, f.qosDown, at + 7);
  node.uint(f.qosBer, at + 8);
  node.uint(f.qosRatio, at + 8);
  node.uint(f.qosTransfer, at + 9);
  node.uint(f.qosHandling, at + 9);
  addRate(node, f.qosUpGuaranteed, at + 10);
  addRate(node, f.qosDownGuaranteed, at + 11);
}

/** Quarters of an hour in two digits, the lower first, with the sign in between (3GPP TS 23.040, section 9.2.3.11). */
function addTimeZone(layer: Layer, at: number, value: number, length: number): void {
  const octet = layer.buf.u8(value);
  const quarters = (octet & 7) * 10 + (octet >> 4);
  const words = `GMT ${(octet & 8) === 0 ? '+' : '-'} ${Math.floor(quarters / 4)} hours ${(quarters % 4) * 15} minutes`;
  const node = layer.text(at, value + length - at, 'MS Time Zone', length > 0 ? words : '');
  node.uint(f.extLength, at + 1);
  if (length < 2) return;
  node.add(f.timezone, value, 1, quarters, { display: words });
  node.uint(f.daylight, value + 1);
}
