/** ONC RPC (RFC 5531): record marking over TCP, calls and replies; NFS and MOUNT named by program number. */

import { defineState } from '../dissect/capture-index.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import { names, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { UNSET } from '../table/packet-table.ts';
import { app, lengthFramer } from './app-kit.ts';

const NFS = 100003;
const MOUNT = 100005;
const MAX_RECORD = 16 * 1024 * 1024;
const programNames = names({ 100000: 'Portmap', 100003: 'NFS', 100005: 'MOUNT', 100021: 'NLM', 100024: 'STAT' });

const f = {
  xid: uint32('rpc.xid', 'XID', { base: 'hex_dec' }),
  type: uint32('rpc.msgtyp', 'Message Type', { names: names({ 0: 'Call', 1: 'Reply' }) }),
  version: uint32('rpc.version', 'RPC Version'),
  program: uint32('rpc.program', 'Program', { names: programNames }),
  programVersion: uint32('rpc.programversion', 'Program Version'),
  procedure: uint32('rpc.procedure', 'Procedure'),
  state: uint32('rpc.replystat', 'Reply State', { names: names({ 0: 'accepted', 1: 'denied' }) }),
};

/** Program that a conversation calls, by stream: replies do not name it. TCP and UDP streams are numbered apart. */
const tcpPrograms = defineState(() => new Map<number, number>());
const udpPrograms = defineState(() => new Map<number, number>());

function u32(b: Uint8Array, o: number): number {
  return (((b[o] as number) << 24) | ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number)) >>> 0;
}

/** A call of RPC version 2 with a plausible program, or a reply. */
function looksLikeRpc(b: Uint8Array, o: number, end: number): boolean {
  if (end - o < 12) return false;
  const type = u32(b, o + 4);
  if (type === 0) return end - o >= 24 && u32(b, o + 8) === 2 && u32(b, o + 12) >= 100000 && u32(b, o + 12) < 0x200000;
  return false;
}

export const nfs = app({ name: 'nfs', short: 'NFS', title: 'Network File System', fields: [], read: () => '' });
export const mount = app({ name: 'mount', short: 'MOUNT', title: 'Mount Service', fields: [], read: () => '' });

function message(d: Dissection, b: Buf, mark: number, program: number): void {
  const layer = d.layer(rpc, b);
  const o = b.offset + mark;
  layer.uint(f.xid, o);
  const type = layer.uint(f.type, o + 4);
  let at = o + 12;
  let which = program;
  if (type === 0) {
    layer.uint(f.version, o + 8);
    which = layer.uint(f.program, o + 12);
    layer.uint(f.programVersion, o + 16);
    layer.uint(f.procedure, o + 20);
    at = o + 24;
    // Credentials and verifier: flavour, length, that many bytes.
    at += 8 + padded(b.u32(at + 4));
    at += 8 + padded(b.u32(at + 4));
  } else {
    layer.uint(f.state, o + 8);
    at += 8 + padded(b.u32(at + 4)) + 4;
  }
  const words = `${programNames.get(which) ?? 'RPC'} ${type === 0 ? 'Call' : 'Reply'}`;
  layer.summary = words;
  d.column(rpc, words);
  const upper = which === NFS ? nfs : which === MOUNT ? mount : undefined;
  // A call or reply without arguments is RPC's alone.
  if (upper === undefined || !layer.ok || at >= b.end) return;
  layer.size(at - b.offset);
  d.call(upper, b.from(at));
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
  accepts: looksLikeRpc,
  index(w) {
    if (w.end - w.offset >= 16 && w.stream !== UNSET && u32(w.bytes, w.offset + 4) === 0) {
      w.capture.state(udpPrograms).set(w.stream, u32(w.bytes, w.offset + 12));
    }
  },
  dissect(d, b) {
    message(d, b, 0, d.transport === null ? 0 : (d.capture.state(udpPrograms).get(d.transport.stream) ?? 0));
  },
});

/** Over TCP: each record has its length before it. */
export const rpcTcp: Protocol = defineProtocol({
  ...definition,
  fields: [],
  sticky: true,
  accepts: (b, o, end) => end - o >= 28 && ((b[o] as number) & 0x80) !== 0 && looksLikeRpc(b, o + 4, end),
  framer: lengthFramer(20, (h, side) => {
    const length = u32(h, 0) & 0x7fffffff;
    if (length < 12 || length > MAX_RECORD) return REJECT;
    if (u32(h, 8) === 0) side.capture.state(tcpPrograms).set(side.stream, u32(h, 16));
    return 4 + length;
  }),
  dissect(d, b) {
    const program = d.transport === null ? 0 : (d.capture.state(tcpPrograms).get(d.transport.stream) ?? 0);
    for (let at = b.offset, n = 0; at < b.end && n < 32; n++) {
      const next = at + 4 + (b.u32(at) & 0x7fffffff);
      message(d, b.from(at, next), 4, program);
      at = next;
    }
  },
});
