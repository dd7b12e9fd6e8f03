/** Remote Management and Control Protocol (ASF 2.0, DSP0136, section 3.2) with the sessions of IPMI 1.5 and ASF's messages in it. */

import { data } from '../dissect/data.ts';
import { nameOf, names, uint8, uint32 } from '../dissect/field.ts';
import type { IndexWalk } from '../dissect/index-walk.ts';
import { app } from './app-kit.ts';
import { callData } from './next.ts';

const HEADER = 4;
const ACK = 0x80;
const ASF = 6;
const IPMI = 7;

const f = {
  version: uint8('rmcp.version', 'Version', { base: 'hex' }),
  reserved: uint8('rmcp.reserved', 'Reserved', { base: 'hex' }),
  sequence: uint8('rmcp.sequence', 'Sequence', { base: 'hex' }),
  type: uint8('rmcp.type', 'Message Type', { base: 'hex', mask: 0x80, names: names({ 0: 'Normal RMCP', 1: 'RMCP ACK' }) }),
  class: uint8('rmcp.class', 'Class', { base: 'hex', mask: 0x1f, names: names({ 6: 'ASF', 7: 'IPMI', 8: 'OEM' }) }),
};
const s = {
  authentication: uint8('ipmi_session.authtype', 'Authentication Type', {
    base: 'hex',
    names: names({ 0: 'NONE', 1: 'MD2', 2: 'MD5', 4: 'PASSWORD', 5: 'OEM', 6: 'RMCP+' }),
  }),
  sequence: uint32('ipmi_session.sequence', 'Session Sequence Number', { base: 'hex' }),
  id: uint32('ipmi_session.id', 'Session ID', { base: 'hex' }),
  length: uint8('ipmi_session.msg.len', 'Message Length'),
};
const a = {
  iana: uint32('asf.iana', 'IANA Enterprise Number'),
  type: uint8('asf.type', 'Message Type', {
    base: 'hex',
    names: names({
      16: 'Reset',
      17: 'Power-up',
      18: 'Unconditional Power-down',
      19: 'Power Cycle',
      64: 'Presence Pong',
      65: 'Capabilities Response',
      66: 'System State Response',
      67: 'Open Session Response',
      68: 'Close Session Response',
      128: 'Presence Ping',
      129: 'Capabilities Request',
      130: 'System State Request',
      131: 'Open Session Request',
      132: 'Close Session Request',
      192: 'RAKP Message 1',
      193: 'RAKP Message 2',
      194: 'RAKP Message 3',
    }),
  }),
  tag: uint8('asf.tag', 'Message Tag', { base: 'hex' }),
  length: uint8('asf.len', 'Data Length'),
};

/** Octets of a session header of IPMI 1.5 at `o`, -1 for those of 2.0, which have another form. */
function sessionHeader(authentication: number): number {
  return authentication === 6 ? -1 : authentication === 0 ? 10 : 26;
}

const ipmi = app({
  name: 'ipmi_session',
  short: 'IPMI Session',
  title: 'IPMI v1.5 Session Wrapper',
  fields: Object.values(s),
  index(w: IndexWalk) {
    const length = sessionHeader((w.bytes[w.offset] as number) & 0x0f);
    if (w.end > w.offset && length > 0 && w.end - w.offset > length) w.follow(data, w.offset + length);
  },
  read(layer, b, d) {
    const o = b.offset;
    const authentication = layer.uint(s.authentication, o);
    const length = sessionHeader(authentication & 0x0f);
    if (length < 0) return '';
    layer.uintLe(s.sequence, o + 1);
    const id = layer.uintLe(s.id, o + 5);
    layer.uint(s.length, o + length - 1);
    layer.size(length);
    if (layer.ok) callData(d, b.from(o + length));
    return `Session ID 0x${id.toString(16)}`;
  },
});

const asf = app({
  name: 'asf',
  short: 'ASF',
  title: 'Alert Standard Forum',
  fields: Object.values(a),
  read(layer, b) {
    layer.uint(a.iana, b.offset);
    const type = layer.uint(a.type, b.offset + 4);
    layer.uint(a.tag, b.offset + 5);
    layer.uint(a.length, b.offset + 7);
    return nameOf(a.type, type) ?? '';
  },
});

export const rmcp = app({
  name: 'rmcp',
  short: 'RMCP',
  title: 'Remote Management Control Protocol',
  osi: '5',
  fields: Object.values(f),
  accepts: (_, o, end) => end - o >= HEADER,
  index(w) {
    const { bytes: b, offset: o } = w;
    const type = b[o + 3] as number;
    if (w.end - o <= HEADER || (type & ACK) !== 0) return;
    if ((type & 0x1f) === IPMI) w.follow(ipmi, o + HEADER);
    else if ((type & 0x1f) === ASF) w.follow(asf, o + HEADER);
  },
  read(layer, b, d) {
    const o = b.offset;
    layer.uint(f.version, o);
    layer.uint(f.reserved, o + 1);
    layer.uint(f.sequence, o + 2);
    layer.uint(f.type, o + 3, 1);
    const kind = layer.uint(f.class, o + 3);
    layer.size(HEADER);
    const rest = b.from(o + HEADER);
    if (layer.ok && rest.length > 0 && (b.u8(o + 3) & ACK) === 0) {
      if (kind === IPMI) d.call(ipmi, rest);
      else if (kind === ASF) d.call(asf, rest);
    }
    return `Class ${nameOf(f.class, kind) ?? kind}`;
  },
});
