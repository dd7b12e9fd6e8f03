/** Generic security service tokens (RFC 2743 section 3.1), their negotiation (SPNEGO, RFC 4178), and Kerberos 5 in them (RFC 4121). */
import { oidText } from '../bytes/oid.ts';
import type { Buf, Dissection, Layer } from '../dissect/dissection.ts';
import { bytes, names, none, oid, string, uint8, uint16, uint32, uint64 } from '../dissect/field.ts';
import { app } from './app-kit.ts';
import { BerCursor } from './ber.ts';
import { kerberosFields, readKerberos } from './kerberos.ts';
import { isNtlmssp, ntlmssp } from './ntlmssp.ts';

const SPNEGO = '1.3.6.1.5.5.2';
const NTLM = '1.3.6.1.4.1.311.2.2.10';
const KERBEROS = new Set(['1.2.840.113554.1.2.2', '1.2.840.48018.1.2.2', '1.2.840.113554.1.2.2.3']);
const mechanisms = new Map([
  [SPNEGO, 'SPNEGO - Simple Protected Negotiation'],
  [NTLM, 'NTLMSSP - Microsoft NTLM Security Support Provider'],
  ['1.2.840.113554.1.2.2', 'KRB5 - Kerberos 5'],
  ['1.2.840.48018.1.2.2', 'MS KRB5 - Microsoft Kerberos 5'],
  ['1.2.840.113554.1.2.2.3', 'KRB5 - Kerberos 5 - User to User'],
  ['1.3.6.1.4.1.311.2.2.30', 'NEGOEX - SPNEGO Extended Negotiation Security Mechanism'],
]);

const g = {
  oid: string('gss-api.OID', 'OID'),
};
const s = {
  init: none('spnego.negTokenInit_element', 'negTokenInit'),
  targ: none('spnego.negTokenTarg_element', 'negTokenTarg'),
  mechTypes: uint32('spnego.mechTypes', 'mechTypes'),
  mechType: oid('spnego.MechType', 'MechType'),
  mechToken: bytes('spnego.mechToken', 'mechToken'),
  mic: bytes('spnego.mechListMIC', 'mechListMIC'),
  result: uint32('spnego.negResult', 'negResult', { names: names({ 0: 'accept-completed', 1: 'accept-incomplete', 2: 'reject' }) }),
  supported: oid('spnego.supportedMech', 'supportedMech'),
  response: bytes('spnego.responseToken', 'responseToken'),
};
const k = {
  blob: bytes('spnego.krb5.blob', 'krb5_blob'),
  oid: string('spnego.krb5_oid', 'KRB5 OID'),
  tokenId: uint16('spnego.krb5.tok_id', 'krb5_tok_id', {
    base: 'hex',
    names: names({
      1: 'KRB5_AP_REQ',
      2: 'KRB5_AP_REP',
      3: 'KRB5_ERROR',
      257: 'KRB5_GSS_GetMIC',
      258: 'KRB5_GSS_Wrap',
      513: 'KRB5_GSS_Delete_sec_context',
      4: 'KERB_TGT_REQUEST',
      260: 'KERB_TGT_REPLY',
      1028: 'KRB_TOKEN_CFX_GetMic',
      1029: 'KRB_TOKEN_CFX_WRAP',
    }),
  }),
  flags: uint8('spnego.krb5.cfx_flags', 'krb5_cfx_flags', { base: 'hex' }),
  ec: uint16('spnego.krb5.cfx_ec', 'krb5_cfx_ec'),
  rrc: uint16('spnego.krb5.cfx_rrc', 'krb5_cfx_rrc'),
  sequence: uint64('spnego.krb5.cfx_seq', 'krb5_cfx_seq'),
  checksum: bytes('spnego.krb5.sgn_cksum', 'krb5_sgn_cksum'),
};
const AP_REQ = 0x0100;
const AP_REP = 0x0200;
const ERROR = 0x0300;
const WRAP = 0x0504;
const MIC = 0x0404;

const mechanismText = (oid: string): string => `${oid} (${mechanisms.get(oid) ?? 'unknown'})`;

/** Kerberos 5 as SPNEGO and GSS-API carry it: a mechanism token, or one of the messages of a session. */
const spnegoKrb5 = app({
  name: 'spnego-krb5',
  short: 'SPNEGO-KRB5',
  title: 'SPNEGO-KRB5',
  osi: '5',
  fields: [...Object.values(k), ...kerberosFields],
  read(layer, b) {
    const c = new BerCursor();
    let at = b.offset;
    c.start(b.bytes, at, b.end);
    const blob = layer.add(k.blob, at, b.length, b.slice(at, b.length));
    if (b.u8(at) === 0x60 && c.next() && c.enter() && c.next() && c.tag === 6) {
      blob.add(k.oid, c.at, c.bodyEnd - c.at, oidText(b.bytes, c.body, c.bodyEnd));
      at = c.bodyEnd;
    } else if (b.u8(at) >= 0x60) {
      return readKerberos(layer, blob, b.from(at));
    }
    const id = b.u16(at);
    blob.uintLe(k.tokenId, at);
    if (id === AP_REQ || id === AP_REP || id === ERROR) return readKerberos(layer, blob, b.from(at + 2));
    if (id === WRAP) {
      blob.uint(k.flags, at + 2);
      blob.uint(k.ec, at + 4);
      blob.uint(k.rrc, at + 6);
      blob.uint64(k.sequence, at + 8);
      if (b.end - at > 16) blob.bytes(k.checksum, at + 16, b.end - at - 16);
    } else if (id === MIC) {
      blob.uint(k.flags, at + 2);
      blob.uint64(k.sequence, at + 8);
      if (b.end - at > 16) blob.bytes(k.checksum, at + 16, b.end - at - 16);
    }
    return '';
  },
});

/** Gives a mechanism's token to who reads it, by its own first octets: an answer does not name its mechanism. */
function callMechanism(d: Dissection, b: Buf): void {
  if (b.length < 2) return;
  const id = b.u16(b.offset);
  if (isNtlmssp(b.bytes, b.offset, b.end)) d.call(ntlmssp, b);
  else if (b.length === 16 && b.le32(b.offset) === 1) d.call(ntlmssp, b);
  else if (b.u8(b.offset) === 0x60 || (b.u8(b.offset) >= 0x6e && b.u8(b.offset) <= 0x7e) || id === WRAP || id === MIC)
    d.call(spnegoKrb5, b);
}

function readSpnego(layer: Layer, b: Buf, d: Dissection): string {
  const c = new BerCursor();
  c.start(b.bytes, b.offset, b.end);
  if (!c.next()) return '';
  const init = c.identifier === 0xa0;
  const answer = c.identifier === 0xa1;
  if (!init && !answer) {
    layer.size(0);
    callMechanism(d, b);
    return '';
  }
  const node = layer.add(init ? s.init : s.targ, c.at, c.bodyEnd - c.at, null);
  const tokens: Buf[] = [];
  if (!c.enter() || !c.next() || !c.enter()) return '';
  while (c.next()) {
    const number = c.tag;
    if (!c.enter()) continue;
    if (!c.next()) {
      c.leave();
      continue;
    }
    const length = c.bodyEnd - c.body;
    if (init && number === 0) {
      let count = 0;
      const from = c.at;
      const list: [number, number, string][] = [];
      if (c.enter()) {
        while (c.next() && count++ < 64) list.push([c.at, c.bodyEnd - c.at, oidText(b.bytes, c.body, c.bodyEnd)]);
        c.leave();
      }
      const types = node.add(s.mechTypes, from, length, list.length);
      for (const [at, size, oid] of list) types.add(s.mechType, at, size, oid, { display: mechanismText(oid) });
    } else if (answer && number === 0) node.add(s.result, c.body, length, c.uint());
    else if (answer && number === 1) {
      const oid = oidText(b.bytes, c.body, c.bodyEnd);
      node.add(s.supported, c.at, c.bodyEnd - c.at, oid, { display: mechanismText(oid) });
    } else if (number === 2) {
      node.add(init ? s.mechToken : s.response, c.body, length, b.slice(c.body, length));
      tokens.push(b.from(c.body, c.bodyEnd));
    } else if (number === 3 && c.identifier === 4) {
      node.add(s.mic, c.body, length, b.slice(c.body, length));
      if (answer) tokens.push(b.from(c.body, c.bodyEnd));
    }
    c.leave();
  }
  for (const token of tokens) callMechanism(d, token);
  return '';
}

export const spnego = app({
  name: 'spnego',
  short: 'SPNEGO',
  title: 'Simple Protected Negotiation',
  osi: '5',
  fields: Object.values(s),
  read: readSpnego,
});

/** A GSS-API token without the layer of its own: DCE/RPC carries it so. */
export function callGss(d: Dissection, b: Buf, layer?: Layer): void {
  const c = new BerCursor();
  c.start(b.bytes, b.offset, b.end);
  if (b.u8(b.offset) === 0x60 && c.next() && c.enter() && c.next() && c.tag === 6) {
    const oid = oidText(b.bytes, c.body, c.bodyEnd);
    layer?.add(g.oid, c.at, c.bodyEnd - c.at, oid, { display: mechanismText(oid) });
    const inner = b.from(c.bodyEnd);
    if (oid === SPNEGO) d.call(spnego, inner);
    else if (KERBEROS.has(oid)) d.call(spnegoKrb5, b);
    else if (oid === NTLM) d.call(ntlmssp, inner);
  } else if (b.u8(b.offset) === 0xa0 || b.u8(b.offset) === 0xa1) d.call(spnego, b);
  else callMechanism(d, b);
}

export const gssApi = app({
  name: 'gss-api',
  short: 'GSS-API',
  title: 'GSS-API Generic Security Service Application Program Interface',
  osi: '5',
  fields: Object.values(g),
  read(layer, b, d) {
    callGss(d, b, layer);
    return '';
  },
});
