/** ONC RPC (RFC 5531): record marking over TCP, calls and replies. What they carry is in rpc-programs.ts. */

import type { Buf, Dissection, Layer, Node } from '../dissect/dissection.ts';
import { bool, framenum, names, reltime, string, uint32 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, REJECT, type StreamSide } from '../dissect/framer.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { NONE, UNSET } from '../table/packet-table.ts';
import { be32, lengthFramer } from './app-kit.ts';
import { callData } from './next.ts';
import { conversationOf, rpcCalls } from './rpc-calls.ts';
import { programNames, programs } from './rpc-programs.ts';
import { elapsed } from './udp.ts';

const MAX_RECORD = 16 * 1024 * 1024;
const RPCSEC_GSS = 6;
/** Credentials and verifiers are no longer than this (RFC 5531, section 8.2). */
const MAX_OPAQUE = 400;

const f = {
  xid: uint32('rpc.xid', 'XID', { base: 'hex_dec' }),
  type: uint32('rpc.msgtyp', 'Message Type', { names: names({ 0: 'Call', 1: 'Reply' }) }),
  version: uint32('rpc.version', 'RPC Version'),
  program: uint32('rpc.program', 'Program', { names: programNames }),
  programVersion: uint32('rpc.programversion', 'Program Version'),
  procedure: uint32('rpc.procedure', 'Procedure'),
  state: uint32('rpc.replystat', 'Reply State', { names: names({ 0: 'accepted', 1: 'denied' }) }),
  accepted: uint32('rpc.state_accept', 'Accept State', {
    names: names({
      0: 'RPC executed successfully',
      1: "remote hasn't exported program",
      2: "remote can't support version #",
      3: "program can't support procedure",
      4: "procedure can't decode params",
      5: 'system errors like memory allocation failure',
    }),
  }),
  rejected: uint32('rpc.state_reject', 'Reject State', { names: names({ 0: 'RPC_MISMATCH', 1: 'AUTH_ERROR' }) }),
  authState: uint32('rpc.state_auth', 'Auth State', {
    names: names({
      1: 'bad credential (seal broken)',
      2: 'client must begin new session',
      3: 'bad verifier (seal broken)',
      4: 'verifier expired or replayed',
      5: 'rejected for security reasons',
      13: 'GSS credential problem',
      14: 'GSS context problem',
    }),
  }),
  lowest: uint32('rpc.programversion.min', 'Program Version (Minimum)'),
  highest: uint32('rpc.programversion.max', 'Program Version (Maximum)'),
  lowestRpc: uint32('rpc.version.min', 'RPC Version (Minimum)'),
  highestRpc: uint32('rpc.version.max', 'RPC Version (Maximum)'),
  flavor: uint32('rpc.auth.flavor', 'Flavor', {
    names: names({
      0: 'AUTH_NULL',
      1: 'AUTH_UNIX',
      2: 'AUTH_SHORT',
      3: 'AUTH_DES',
      5: 'AUTH_RSA/Gluster',
      6: 'RPCSEC_GSS',
      300001: 'AUTH_GSSAPI',
      390003: 'RPCSEC_GSS_KRB5',
      390004: 'RPCSEC_GSS_KRB5I',
      390005: 'RPCSEC_GSS_KRB5P',
      390006: 'RPCSEC_GSS_LIPKEY',
      390007: 'RPCSEC_GSS_LIPKEY_I',
      390008: 'RPCSEC_GSS_LIPKEY_P',
      390009: 'RPCSEC_GSS_SPKM3',
      390010: 'RPCSEC_GSS_SPKM3I',
      390011: 'RPCSEC_GSS_SPKM3P',
      390039: 'AUTH_GLUSTERFS',
    }),
  }),
  authLength: uint32('rpc.auth.length', 'Length'),
  stamp: uint32('rpc.auth.stamp', 'Stamp', { base: 'hex' }),
  machine: string('rpc.auth.machinename', 'Machine Name'),
  uid: uint32('rpc.auth.uid', 'UID'),
  gid: uint32('rpc.auth.gid', 'GID'),
  lastFragment: bool('rpc.lastfrag', 'Last Fragment', { mask: 0x80000000, bool: ['Yes', 'No'] }),
  fragmentLength: uint32('rpc.fraglen', 'Fragment Length', { mask: 0x7fffffff }),
  request: framenum('rpc.reqframe', 'Request Frame', { generated: true }),
  answer: framenum('rpc.repframe', 'Reply Frame', { generated: true }),
  time: reltime('rpc.time', 'Time from request', { generated: true, unit: ' seconds' }),
};

/** A call of RPC version 2 with a plausible program. */
function isCall(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 24 || be32(b, o + 4) !== 0 || be32(b, o + 8) !== 2) return false;
  const program = be32(b, o + 12);
  return program >= 100000 && program < 0x200000;
}

/** The header of a reply, whose call is to be known besides. */
function isReply(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 20 || be32(b, o + 4) !== 1) return false;
  const state = be32(b, o + 8);
  if (state === 1) return be32(b, o + 12) <= 1;
  return state === 0 && end - o >= 24 && be32(b, o + 16) <= MAX_OPAQUE;
}

/** Flavour, length, that many bytes. Gives where the next item begins. */
function credentials(layer: Layer, label: string, at: number): number {
  const length = layer.buf.u32(at + 4);
  const node = layer.text(at, 8 + padded(length), label);
  const flavor = node.uint(f.flavor, at);
  node.uint(f.authLength, at + 4);
  if (flavor === 1) system(node, layer.buf, at + 8, at + 8 + length);
  return at + 8 + padded(length);
}

/** What the system says of its user (RFC 5531, appendix A). */
function system(node: Node, b: Buf, at: number, end: number): void {
  if (end - at < 20) return;
  node.uint(f.stamp, at);
  const length = b.u32(at + 4);
  let o = at + 8 + padded(length);
  if (o + 12 > end) return;
  if (length > 0) node.string(f.machine, at + 8, length);
  node.uint(f.uid, o);
  node.uint(f.gid, o + 4);
  const count = b.u32(o + 8);
  o += 12;
  for (let i = 0; i < count && i < 16 && o + 4 <= end; i++, o += 4) node.uint(f.gid, o);
}

/** One message behind `mark` octets of record mark. */
function message(d: Dissection, b: Buf, mark: number): void {
  const layer = d.layer(rpc, b);
  const o = b.offset + mark;
  if (mark > 0) {
    layer.uint(f.lastFragment, b.offset, 4);
    layer.uint(f.fragmentLength, b.offset);
  }
  const xid = layer.uint(f.xid, o);
  const reply = layer.uint(f.type, o + 4) !== 0;
  const calls = d.capture.state(rpcCalls);
  const entry = d.transport === null ? NONE : calls.find(conversationOf(d.transport.stream, mark > 0), xid, d.row);
  let [which, version, procedure] = entry === NONE ? [0, 0, 0] : [calls.program[entry], calls.version[entry], calls.procedure[entry]];
  if (!reply) {
    which = b.u32(o + 12);
    version = b.u32(o + 16);
    procedure = b.u32(o + 20);
  }
  const program = programs.get(which as number);
  const word = program?.procedure(version as number, procedure as number);
  const name = { display: `${word ?? `proc-${procedure}`} (${procedure})` };
  let at = o + 12;
  let failed = false;
  let secured = false;
  if (!reply) {
    layer.uint(f.version, o + 8);
    layer.uint(f.program, o + 12);
    layer.uint(f.programVersion, o + 16);
    layer.uint(f.procedure, o + 20, 4, name);
    const answered = entry === NONE || calls.row[entry] !== d.row ? NONE : (calls.reply[entry] as number);
    if (answered !== NONE) layer.add(f.answer, o, 0, answered + 1, { display: `The reply to this request is in frame ${answered + 1}` });
    secured = b.u32(o + 24) === RPCSEC_GSS;
    at = credentials(layer, 'Verifier', credentials(layer, 'Credentials', o + 24));
  } else {
    if (entry !== NONE) {
      layer.add(f.program, o, 0, which as number, { generated: true });
      layer.add(f.programVersion, o, 0, version as number, { generated: true });
      layer.add(f.procedure, o, 0, procedure as number, { generated: true, ...name });
    }
    const denied = layer.uint(f.state, o + 8) !== 0;
    if (entry !== NONE && calls.row[entry] !== d.row) {
      const row = calls.row[entry] as number;
      layer.add(f.request, o, 0, row + 1, { display: `This is a reply to a request in frame ${row + 1}` });
      layer.add(f.time, o, 0, elapsed(d.capture.packets, row, d.row));
    }
    if (denied) {
      const mismatch = layer.uint(f.rejected, at) === 0;
      if (mismatch) {
        layer.uint(f.lowestRpc, at + 4);
        layer.uint(f.highestRpc, at + 8);
      } else layer.uint(f.authState, at + 4);
      at += mismatch ? 12 : 8;
      failed = true;
    } else {
      secured = b.u32(at) === RPCSEC_GSS;
      at = credentials(layer, 'Verifier', at);
      const state = layer.uint(f.accepted, at);
      at += 4;
      if (state === 2) {
        layer.uint(f.lowest, at);
        layer.uint(f.highest, at + 4);
        at += 8;
      }
      failed = state !== 0;
    }
  }
  const known = reply && entry !== NONE ? ` (Call In ${(calls.row[entry] as number) + 1})` : '';
  const words = !reply || entry !== NONE ? `V${version} ${word ?? `proc-${procedure}`} ${reply ? 'Reply' : 'Call'}${known}` : 'Reply';
  layer.summary = words;
  d.column(rpc, words);
  // A call or reply without arguments is RPC's alone, and so is the exchange that sets up a security context.
  if (!layer.ok || at >= b.end) return;
  layer.size(at - b.offset);
  if (secured && procedure === 0) return;
  if (failed || program === undefined || word === undefined) {
    if (failed || reply === false || entry !== NONE) callData(d, b.from(at));
    d.columns.info = words;
    return;
  }
  program.read(d, b.from(at), { reply, version: version as number, procedure: procedure as number });
  d.columns.info = words;
}

function padded(length: number): number {
  return Math.min(4 * Math.ceil(length / 4), 1024);
}

const definition = { name: 'rpc', short: 'RPC', title: 'Remote Procedure Call', osi: '5', pdu: 'Message', hue: 'app' } as const;

/** Over UDP: no record mark. */
export const rpc: Protocol = defineProtocol({
  ...definition,
  fields: Object.values(f),
  sticky: true,
  accepts: isCall,
  /** What is neither a call nor the reply to one is not RPC, although the conversation is. */
  follows(w, o, end) {
    if (isCall(w.bytes, o, end)) return true;
    return isReply(w.bytes, o, end) && w.stream !== UNSET && w.capture.state(rpcCalls).answer(w.stream, be32(w.bytes, o), w.row);
  },
  index(w) {
    const { bytes: b, offset: o } = w;
    if (w.quoted || w.stream === UNSET || w.end - o < 24 || be32(b, o + 4) !== 0) return;
    w.capture.state(rpcCalls).call(w.stream, be32(b, o), w.row, be32(b, o + 12), be32(b, o + 16), be32(b, o + 20));
  },
  dissect: (d, b) => message(d, b, 0),
});

function recordLength(h: Uint8Array): number {
  const length = be32(h, 0) & 0x7fffffff;
  return length < 12 || length > MAX_RECORD ? REJECT : 4 + length;
}
const callFramer = lengthFramer(28, (h, side) => {
  const conversation = conversationOf(side.stream, true);
  if (be32(h, 12) === 2) side.capture.state(rpcCalls).call(conversation, be32(h, 4), side.row, be32(h, 16), be32(h, 20), be32(h, 24));
  return recordLength(h);
});
const replyFramer = lengthFramer(12, (h, side) =>
  side.capture.state(rpcCalls).answer(conversationOf(side.stream, true), be32(h, 4), side.row) ? recordLength(h) : REJECT,
);
/** The octet of the message at hand that is `at` octets into it. */
const octetAt = (side: StreamSide, bytes: Uint8Array, offset: number, at: number): number =>
  (at < side.carryLength ? side.carry?.[at] : bytes[offset + at - side.carryLength]) as number;
const framer: Framer = {
  feed(side, bytes, offset, end) {
    if (side.carryLength + end - offset < 12) return NEED_MORE;
    return (octetAt(side, bytes, offset, 11) === 0 ? callFramer : replyFramer).feed(side, bytes, offset, end);
  },
};

/** Over TCP: each record has its length before it. */
export const rpcTcp: Protocol = defineProtocol({
  ...definition,
  fields: [],
  sticky: true,
  mayBegin: (octet) => octet >= 0x80,
  accepts: (b, o, end) => end - o >= 24 && ((b[o] as number) & 0x80) !== 0 && (isCall(b, o + 4, end) || isReply(b, o + 4, end)),
  framer,
  dissect(d, b) {
    for (let at = b.offset, n = 0; at < b.end && n < 32; n++) {
      const next = at + 4 + (b.u32(at) & 0x7fffffff);
      message(d, b.from(at, next), 4);
      at = next;
    }
  },
});
