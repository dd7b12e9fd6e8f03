/** DCE/RPC (C706, chapter 12; MS-RPCE 2.2): connection-oriented PDUs over TCP and named pipes, connectionless ones over UDP. */
import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { abstime, bool, bytes, type FieldDef, guid, nameOf, names, none, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { afp, spotlightAt } from './afp.ts';
import { app, each, lengthFramer } from './app-kit.ts';
import { callGss } from './gss.ts';

/** MS-RPCE, section 2.2.1.1.7. */
const authTypes = names({
  0: 'None',
  1: 'Kerberos 5',
  9: 'SPNEGO',
  10: 'NTLMSSP',
  14: 'SCHANNEL SSP',
  16: 'Kerberos SSP',
  17: 'Distributed Password Authentication SSP',
  18: 'MSN SSP',
  21: 'Digest SSP',
  68: 'NETLOGON Secure Channel',
  100: 'MSMQ SSP',
});

const SPNEGO = 9;
const KERBEROS = 16;
const PRIVACY = 6;
const HEADER = 16;

const f = {
  version: uint8('dcerpc.ver', 'Version'),
  minor: uint8('dcerpc.ver_minor', 'Version (minor)'),
  type: uint8('dcerpc.pkt_type', 'Packet type', {
    names: names({
      0: 'Request',
      1: 'Ping',
      2: 'Response',
      3: 'Fault',
      4: 'Working',
      5: 'Nocall',
      6: 'Reject',
      7: 'Ack',
      8: 'Cl_cancel',
      9: 'Fack',
      10: 'Cancel_ack',
      11: 'Bind',
      12: 'Bind_ack',
      13: 'Bind_nak',
      14: 'Alter_context',
      15: 'Alter_context_resp',
      16: 'AUTH3',
      17: 'Shutdown',
      18: 'Co_cancel',
      19: 'Orphaned',
      20: 'RPC-over-HTTP RTS',
    }),
  }),
  flags: uint8('dcerpc.cn_flags', 'Packet Flags', { base: 'hex' }),
  object: bool('dcerpc.cn_flags.object', 'Object', { mask: 0x80 }),
  maybe: bool('dcerpc.cn_flags.maybe', 'Maybe', { mask: 0x40 }),
  didNotExecute: bool('dcerpc.cn_flags.dne', 'Did Not Execute', { mask: 0x20 }),
  multiplex: bool('dcerpc.cn_flags.mpx', 'Multiplex', { mask: 0x10 }),
  reserved: bool('dcerpc.cn_flags.reserved', 'Reserved', { mask: 0x8 }),
  cancel: bool('dcerpc.cn_flags.cancel_pending', 'Cancel Pending', { mask: 0x4 }),
  last: bool('dcerpc.cn_flags.last_frag', 'Last Frag', { mask: 0x2 }),
  first: bool('dcerpc.cn_flags.first_frag', 'First Frag', { mask: 0x1 }),
  drep: bytes('dcerpc.drep', 'Data Representation'),
  byteOrder: uint8('dcerpc.drep.byteorder', 'Byte order', { names: names({ 0: 'Big-endian', 1: 'Little-endian' }) }),
  character: uint8('dcerpc.drep.character', 'Character', { names: names({ 0: 'ASCII', 1: 'EBCDIC' }) }),
  floating: uint8('dcerpc.drep.fp', 'Floating-point', { names: names({ 0: 'IEEE', 1: 'VAX', 2: 'Cray', 3: 'IBM' }) }),
  fragLength: uint16('dcerpc.cn_frag_len', 'Frag Length'),
  authLength: uint16('dcerpc.cn_auth_len', 'Auth Length'),
  call: uint32('dcerpc.cn_call_id', 'Call ID'),
  maxXmit: uint16('dcerpc.cn_max_xmit', 'Max Xmit Frag'),
  maxRecv: uint16('dcerpc.cn_max_recv', 'Max Recv Frag'),
  group: uint32('dcerpc.cn_assoc_group', 'Assoc Group', { base: 'hex' }),
  contexts: uint8('dcerpc.cn_num_ctx_items', 'Num Ctx Items'),
  contextItem: none('dcerpc.cn_ctx_item', 'Ctx Item'),
  context: uint16('dcerpc.cn_ctx_id', 'Context ID'),
  transItems: uint8('dcerpc.cn_num_trans_items', 'Num Trans Items'),
  bindInterface: guid('dcerpc.cn_bind_to_uuid', 'Interface UUID'),
  bindVersion: uint16('dcerpc.cn_bind_if_ver', 'Interface Ver'),
  bindMinor: uint16('dcerpc.cn_bind_if_ver_minor', 'Interface Ver Minor'),
  transfer: guid('dcerpc.cn_bind_trans_id', 'ID'),
  transferVersion: uint32('dcerpc.cn_bind_trans_ver', 'ver'),
  secondaryLength: uint16('dcerpc.cn_sec_addr_len', 'Scndry Addr len'),
  secondary: string('dcerpc.cn_sec_addr', 'Scndry Addr'),
  results: uint8('dcerpc.cn_num_results', 'Num results'),
  result: uint16('dcerpc.cn_ack_result', 'Ack result', {
    names: names({ 0: 'Acceptance', 1: 'User rejection', 2: 'Provider rejection', 3: 'Negotiate ACK' }),
  }),
  reason: uint16('dcerpc.cn_ack_reason', 'Ack reason', {
    names: names({
      0: 'Reason not specified',
      1: 'Abstract syntax not supported',
      2: 'Proposed transfer syntaxes not supported',
      3: 'Local limit exceeded',
    }),
  }),
  ackTransfer: guid('dcerpc.cn_ack_trans_id', 'Transfer Syntax'),
  ackVersion: uint32('dcerpc.cn_ack_trans_ver', 'Syntax ver'),
  allocHint: uint32('dcerpc.cn_alloc_hint', 'Alloc hint'),
  opnum: uint16('dcerpc.opnum', 'Opnum'),
  objectId: guid('dcerpc.obj_id', 'Object'),
  cancelCount: uint8('dcerpc.cn_cancel_count', 'Cancel count'),
  status: uint32('dcerpc.cn_status', 'Status', {
    base: 'hex',
    names: names({
      0: 'Stub-defined exception',
      1: 'nca_s_fault_other',
      5: 'nca_s_fault_access_denied',
      1783: 'nca_s_fault_ndr',
      1752: 'nca_s_fault_cant_perform',
      1825: 'nca_s_fault_sec_pkg_error',
      469762049: 'nca_s_fault_int_div_by_zero',
      469762050: 'nca_s_fault_addr_error',
      469762051: 'nca_s_fault_fp_div_zero',
      469762052: 'nca_s_fault_fp_underflow',
      469762053: 'nca_s_fault_fp_overflow',
      469762054: 'nca_s_fault_invalid_tag',
      469762055: 'nca_s_fault_invalid_bound',
      469762056: 'nca_rpc_version_mismatch',
      469762057: 'nca_unspec_reject',
      469762058: 'nca_s_bad_actid',
      469762059: 'nca_who_are_you_failed',
      469762060: 'nca_manager_not_entered',
      469762061: 'nca_s_fault_cancel',
      469762062: 'nca_s_fault_ill_inst',
      469762063: 'nca_s_fault_fp_error',
      469762064: 'nca_s_fault_int_overflow',
      469762068: 'nca_s_fault_pipe_empty',
      469762069: 'nca_s_fault_pipe_closed',
      469762070: 'nca_s_fault_pipe_order',
      469762071: 'nca_s_fault_pipe_discipline',
      469762072: 'nca_s_fault_pipe_comm_error',
      469762073: 'nca_s_fault_pipe_memory',
      469762074: 'nca_s_fault_context_mismatch',
      469762075: 'nca_s_fault_remote_no_memory',
      469762076: 'nca_invalid_pres_context_id',
      469762077: 'nca_unsupported_authn_level',
      469762079: 'nca_invalid_checksum',
      469762080: 'nca_invalid_crc',
      469762081: 'ncs_s_fault_user_defined',
      469762082: 'nca_s_fault_tx_open_failed',
      469762083: 'nca_s_fault_codeset_conv_error',
      469762084: 'nca_s_fault_object_not_found',
      469762085: 'nca_s_fault_no_client_stub',
      469827586: 'nca_op_rng_error',
      469827587: 'nca_unk_if',
      469827590: 'nca_wrong_boot_time',
      469827593: 'nca_s_you_crashed',
      469827595: 'nca_proto_error',
      469827603: 'nca_out_args_too_big',
      469827604: 'nca_server_too_busy',
      469827607: 'nca_unsupported_type',
      2147500033: 'E_NOTIMPL',
      2147500035: 'E_POINTER',
      2147500036: 'E_ABORT',
      2147549183: 'E_UNEXPECTED',
      2147549445: 'RPC_E_SERVERFAULT',
      2147549448: 'RPC_E_DISCONNECTED',
      2147549459: 'RPC_E_INVALID_IPID',
      2147549471: 'RPC_E_TIMEOUT',
      2147614723: 'DISP_E_MEMBERNOTFOUND',
      2147614726: 'DISP_E_UNKNOWNNAME',
      2147614734: 'DISP_E_BADPARAMCOUNT',
      2147797760: 'CBA_E_MALFORMED',
      2147797761: 'CBA_E_UNKNOWNOBJECT',
      2147797765: 'CBA_E_INVALIDID',
      2147797769: 'CBA_E_INVALIDCOOKIE',
      2147797771: 'CBA_E_QOSTYPEUNSUPPORTED',
      2147797772: 'CBA_E_QOSVALUEUNSUPPORTED',
      2147797775: 'CBA_E_NOTAPPLICABLE',
      2147797778: 'CBA_E_LIMITVIOLATION',
      2147797779: 'CBA_E_QOSTYPENOTAPPLICABLE',
      2147797784: 'CBA_E_OUTOFPARTNERACCOS',
      2147797788: 'CBA_E_FLAGUNSUPPORTED',
      2147797795: 'CBA_E_FRAMECOUNTUNSUPPORTED',
      2147797797: 'CBA_E_MODECHANGE',
      2147942414: 'E_OUTOFMEMORY',
      2147942487: 'E_INVALIDARG',
      2147944145: 'RPC_S_PROCNUM_OUT_OF_RANGE',
      2147944310: 'OR_INVALID_OXID',
    }),
  }),
  authType: uint8('dcerpc.auth_type', 'Auth type', {
    names: authTypes,
  }),
  authLevel: uint8('dcerpc.auth_level', 'Auth level', {
    names: names({ 1: 'None', 2: 'Connect', 3: 'Call', 4: 'Packet', 5: 'Packet integrity', 6: 'Packet privacy' }),
  }),
  authPad: uint8('dcerpc.auth_pad_len', 'Auth pad len'),
  authReserved: uint8('dcerpc.auth_rsrvd', 'Auth Rsrvd'),
  authContext: uint32('dcerpc.auth_ctx_id', 'Auth Context ID'),
  stub: bytes('dcerpc.stub_data', 'Stub data'),
};
const dg = {
  flags1: uint8('dcerpc.dg_flags1', 'Flags1', { base: 'hex' }),
  flags2: uint8('dcerpc.dg_flags2', 'Flags2', { base: 'hex' }),
  interfaceId: guid('dcerpc.dg_if_id', 'Interface'),
  activity: guid('dcerpc.dg_act_id', 'Activity'),
  serverBoot: abstime('dcerpc.dg_server_boot', 'Server boot time'),
  interfaceVersion: uint32('dcerpc.dg_if_ver', 'Interface Ver'),
  sequence: uint32('dcerpc.dg_seqnum', 'Sequence num'),
  interfaceHint: uint16('dcerpc.dg_ihint', 'Interface Hint', { base: 'hex' }),
  activityHint: uint16('dcerpc.dg_ahint', 'Activity Hint', { base: 'hex' }),
  fragLength: uint16('dcerpc.dg_frag_len', 'Fragment len'),
  fragNumber: uint16('dcerpc.dg_frag_num', 'Fragment num'),
  authProtocol: uint8('dcerpc.dg_auth_proto', 'Auth proto', {
    names: authTypes,
  }),
  serialHigh: uint8('dcerpc.dg_serial_hi', 'Serial High', { base: 'hex' }),
  serialLow: uint8('dcerpc.dg_serial_lo', 'Serial Low', { base: 'hex' }),
};

/** Reads with the byte order that the PDU's data representation says. */
class Pdu {
  readonly layer: Layer;
  readonly b: Buf;
  readonly little: boolean;

  constructor(layer: Layer, b: Buf, little: boolean) {
    this.layer = layer;
    this.b = b;
    this.little = little;
  }

  uint(node: Node, field: FieldDef, at: number): number {
    return this.little ? node.uintLe(field, at) : node.uint(field, at);
  }
  u16(at: number): number {
    return this.little ? this.b.le16(at) : this.b.u16(at);
  }

  uuid(node: Node, field: FieldDef, at: number): void {
    if (!node.has(at, 16)) return;
    const value = Uint8Array.from(this.b.slice(at, 16));
    if (this.little) {
      value.subarray(0, 4).reverse();
      value.subarray(4, 6).reverse();
      value.subarray(6, 8).reverse();
    }
    node.add(field, at, 16, value);
  }
}

function drep(layer: Layer, at: number): void {
  const node = layer.add(f.drep, at, 4, layer.buf.slice(at, 4));
  node.uint(f.byteOrder, at, 1);
  node.uint(f.character, at, 1);
  node.uint(f.floating, at + 1, 1);
}

function bind(p: Pdu, at: number): void {
  const { layer } = p;
  p.uint(layer, f.maxXmit, at);
  p.uint(layer, f.maxRecv, at + 2);
  p.uint(layer, f.group, at + 4);
  const count = layer.uint(f.contexts, at + 8);
  let o = at + 12;
  for (let i = 0; i < count && layer.ok; i++) {
    const item = layer.add(f.contextItem, o, 24, null);
    p.uint(item, f.context, o);
    const transfers = item.uint(f.transItems, o + 2);
    p.uuid(item, f.bindInterface, o + 4);
    p.uint(item, f.bindVersion, o + 20);
    p.uint(item, f.bindMinor, o + 22);
    o += 24;
    for (let j = 0; j < transfers && layer.ok; j++) {
      p.uuid(item, f.transfer, o);
      p.uint(item, f.transferVersion, o + 16);
      o += 20;
    }
  }
}

function bindAck(p: Pdu, at: number): void {
  const { layer, b } = p;
  p.uint(layer, f.maxXmit, at);
  p.uint(layer, f.maxRecv, at + 2);
  p.uint(layer, f.group, at + 4);
  const length = p.uint(layer, f.secondaryLength, at + 8);
  if (length > 0) layer.string(f.secondary, at + 10, length, { zero: true });
  let o = at + 10 + length;
  o += (4 - ((o - b.offset) & 3)) & 3;
  const count = layer.uint(f.results, o);
  o += 4;
  for (let i = 0; i < count && layer.ok; i++) {
    const item = layer.add(f.contextItem, o, 24, null);
    const result = p.uint(item, f.result, o);
    if (result !== 0) p.uint(item, f.reason, o + 2);
    p.uuid(item, f.ackTransfer, o + 4);
    p.uint(item, f.ackVersion, o + 20);
    o += 24;
  }
}

/** Arguments or results, and what is known by its own octets in them. */
function stub(p: Pdu, at: number, end: number): void {
  const { layer, b } = p;
  if (!layer.ok || end <= at) return;
  layer.bytes(f.stub, at, end - at);
  const query = spotlightAt(b.bytes, at, Math.min(end, b.end));
  if (query >= 0) layer.d.call(afp, b.from(query, end));
}

function body(p: Pdu, type: number, flags: number, end: number): string {
  const { layer, b } = p;
  const at = b.offset + HEADER;
  if (type === 11 || type === 14) bind(p, at);
  else if (type === 12 || type === 15) bindAck(p, at);
  else if (type === 0) {
    p.uint(layer, f.allocHint, at);
    p.uint(layer, f.context, at + 4);
    const opnum = p.uint(layer, f.opnum, at + 6);
    let o = at + 8;
    if ((flags & 0x80) !== 0) {
      p.uuid(layer, f.objectId, o);
      o += 16;
    }
    stub(p, o, end);
    return `, opnum: ${opnum}, Ctx: ${p.u16(at + 4)}`;
  } else if (type === 2 || type === 3) {
    p.uint(layer, f.allocHint, at);
    p.uint(layer, f.context, at + 4);
    layer.uint(f.cancelCount, at + 6);
    if (type === 3) p.uint(layer, f.status, at + 8);
    else stub(p, at + 8, end);
  }
  return '';
}

/** One connection-oriented PDU. */
function readPdu(layer: Layer, b: Buf, d: Dissection): string {
  const o = b.offset;
  layer.uint(f.version, o);
  layer.uint(f.minor, o + 1);
  const type = layer.uint(f.type, o + 2);
  const flagsNode = layer.uintNode(f.flags, o + 3);
  for (const flag of [f.object, f.maybe, f.didNotExecute, f.multiplex, f.reserved, f.cancel, f.last, f.first])
    flagsNode.uint(flag, o + 3, 1);
  drep(layer, o + 4);
  const p = new Pdu(layer, b, (b.u8(o + 4) & 0x10) !== 0);
  const length = p.uint(layer, f.fragLength, o + 8);
  const authLength = p.uint(layer, f.authLength, o + 10);
  const call = p.uint(layer, f.call, o + 12);
  const whole = Math.min(b.end, o + length);
  const authAt = authLength > 0 ? o + length - authLength - 8 : o + length;
  const pad = authLength > 0 ? b.u8(authAt + 2) : 0;
  const extra = body(p, type, b.u8(o + 3), Math.max(o + HEADER, Math.min(whole, authAt - pad)));
  const name = `${nameOf(f.type, type) ?? 'Unknown'}: call_id: ${call}${extra}`;
  if (authLength === 0 || authAt < o + HEADER || !layer.ok || authAt + 8 > b.end) return name;
  const auth = layer.text(authAt, authLength + 8, 'Auth Info');
  const kind = auth.uint(f.authType, authAt);
  const level = auth.uint(f.authLevel, authAt + 1);
  auth.uint(f.authPad, authAt + 2);
  auth.uint(f.authReserved, authAt + 3);
  p.uint(auth, f.authContext, authAt + 4);
  const value = b.from(authAt + 8, authAt + 8 + authLength);
  if (kind === SPNEGO || kind === KERBEROS) {
    callGss(d, value);
    // A sealed call has the token twice in Wireshark's list: once as verifier and once as what the stub is sealed with.
    if (level === PRIVACY && (type === 0 || type === 2)) callGss(d, value);
  }
  return name;
}

/** bytes[offset, end) begin a connection-oriented PDU. */
export function isDcerpc(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < HEADER) return false;
  if (b[o] !== 5 || (b[o + 1] as number) > 1 || (b[o + 2] as number) > 19) return false;
  const order = b[o + 4] as number;
  if ((order & 0xee) !== 0 || (b[o + 5] as number) > 3) return false;
  return fragment(b, o) >= HEADER;
}

function fragment(b: Uint8Array, o: number): number {
  const first = b[o + 8] as number;
  const second = b[o + 9] as number;
  return ((b[o + 4] as number) & 0x10) !== 0 ? second * 256 + first : first * 256 + second;
}

export const dcerpc = app({
  name: 'dcerpc',
  short: 'DCERPC',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)',
  fields: [...Object.values(f), ...Object.values(dg)],
  mayBegin: (octet) => octet === 5,
  accepts: isDcerpc,
  framer: lengthFramer(HEADER, (h) => (isDcerpc(h, 0, HEADER) ? fragment(h, 0) : REJECT)),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      const length = b.end - at >= HEADER ? fragment(b.bytes, at) : b.end - at;
      info.push(readPdu(layer, b.from(at, at + Math.max(HEADER, length)), d));
      return at + Math.max(HEADER, length);
    }),
});

/** Over UDP: version 4 (C706, section 12.5). */
export const dcerpcUdp = app({
  name: 'dcerpc',
  short: 'DCERPC',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)',
  fields: [],
  mayBegin: (octet) => octet === 4,
  accepts(b, o, end) {
    if (end - o < 80 || b[o] !== 4 || (b[o + 1] as number) > 19) return false;
    // Bits that no version uses.
    if (((b[o + 3] as number) & 0xfc) !== 0 || ((b[o + 4] as number) & 0xee) !== 0) return false;
    return (b[o + 5] as number) <= 3;
  },
  read(layer, b) {
    const o = b.offset;
    layer.uint(f.version, o);
    const type = layer.uint(f.type, o + 1);
    layer.uint(dg.flags1, o + 2);
    layer.uint(dg.flags2, o + 3);
    const node = layer.add(f.drep, o + 4, 3, b.slice(o + 4, 3));
    node.uint(f.byteOrder, o + 4, 1);
    node.uint(f.character, o + 4, 1);
    node.uint(f.floating, o + 5, 1);
    const p = new Pdu(layer, b, (b.u8(o + 4) & 0x10) !== 0);
    layer.uint(dg.serialHigh, o + 7);
    p.uuid(layer, f.objectId, o + 8);
    p.uuid(layer, dg.interfaceId, o + 24);
    p.uuid(layer, dg.activity, o + 40);
    p.uint(layer, dg.serverBoot, o + 56);
    p.uint(layer, dg.interfaceVersion, o + 60);
    const sequence = p.uint(layer, dg.sequence, o + 64);
    const opnum = p.uint(layer, f.opnum, o + 68);
    p.uint(layer, dg.interfaceHint, o + 70);
    p.uint(layer, dg.activityHint, o + 72);
    p.uint(layer, dg.fragLength, o + 74);
    p.uint(layer, dg.fragNumber, o + 76);
    layer.uint(dg.authProtocol, o + 78);
    layer.uint(dg.serialLow, o + 79);
    if (b.length > 80) layer.bytes(f.stub, o + 80, b.length - 80);
    return `${nameOf(f.type, type) ?? 'Unknown'}: seq: ${sequence}, opnum: ${opnum}`;
  },
});
