/**
 * PROFINET's real-time frames (IEC 61158-6-10): the number of the frame, what stands behind cyclic data, and the discovery protocol in it with the names
 * and addresses that it asks for and sets. Cyclic data have no form of their own without the device's description, and stay octets.
 */
import type { Buf, Layer } from '../dissect/dissection.ts';
import { bytes, ipv4, nameOf, names, string, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be16 } from './app-kit.ts';
import { callOrData, followOrData } from './next.ts';

const CYCLIC_TRAILER = 4;
const DCP_HEADER = 10;
const MAX_BLOCKS = 200;
const SET = 4;
const HELLO = 6;
const RESPONSE = 1;

const r = {
  frame: uint16('pn_rt.frame_id', 'FrameID'),
  cycle: uint16('pn_rt.cycle_counter', 'CycleCounter'),
  status: uint8('pn_rt.ds', 'DataStatus', { base: 'hex' }),
  ignore: uint8('pn_rt.ds_ignore', 'Ignore (1:Ignore/0:Evaluate)', { base: 'hex', mask: 0x80 }),
  ok: uint8('pn_rt.ds_ok', 'StationProblemIndicator (1:Ok/0:Problem)', { base: 'hex', mask: 0x20 }),
  operate: uint8('pn_rt.ds_operate', 'ProviderState (1:Run/0:Stop)', { base: 'hex', mask: 0x10 }),
  valid: uint8('pn_rt.ds_valid', 'DataValid (1:Valid/0:Invalid)', { base: 'hex', mask: 0x04 }),
  primary: uint8('pn_rt.ds_primary', 'State (1:Primary/0:Backup)', { base: 'hex', mask: 0x01 }),
  transfer: uint8('pn_rt.transfer_status', 'TransferStatus'),
};
const c = {
  service: uint8('pn_dcp.service_id', 'ServiceID', {
    names: names({ 0: 'reserved', 1: 'Manufacturer specific', 2: 'Manufacturer specific', 3: 'Get', 4: 'Set', 5: 'Identify', 6: 'Hello' }),
  }),
  type: uint8('pn_dcp.service_type', 'ServiceType', {
    names: names({ 0: 'Request', 1: 'Response Success', 5: 'Response - Request not supported' }),
  }),
  xid: uint32('pn_dcp.xid', 'Xid', { base: 'hex' }),
  delay: uint16('pn_dcp.response_delay', 'ResponseDelay'),
  reserved: uint16('pn_dcp.reserved16', 'Reserved'),
  length: uint16('pn_dcp.data_length', 'DCPDataLength'),
  option: uint8('pn_dcp.option', 'Option', {
    names: names({ 1: 'IP', 2: 'Device properties', 3: 'DHCP', 5: 'Control', 6: 'Device Initiative', 255: 'All Selector' }),
  }),
  blockLength: uint16('pn_dcp.block_length', 'DCPBlockLength'),
  station: string('pn_dcp.suboption_device_nameofstation', 'NameOfStation'),
  address: ipv4('pn_dcp.suboption_ip_ip', 'IPaddress'),
  mask: ipv4('pn_dcp.suboption_ip_subnetmask', 'Subnetmask'),
  gateway: ipv4('pn_dcp.suboption_ip_standard_gateway', 'StandardGateway'),
};
const p = { sequence: uint16('pn_ptcp.sequence_id', 'SequenceID') };
const io = { data: bytes('pn_io.io_data_object', 'IO Data') };

/** Blocks: option, suboption, length; an answer has two octets of its own in front of what it says, and so has what is set or told unasked. */
function blocks(layer: Layer, b: Buf, from: number, end: number, service: number, type: number): string {
  let words = '';
  for (let at = from, n = 0; layer.ok && at + 4 <= end && n < MAX_BLOCKS; n++) {
    const option = b.u8(at);
    const sub = b.u8(at + 1);
    const length = b.u16(at + 2);
    const node = layer.text(at, Math.min(4 + length, end - at), `Block: ${nameOf(c.option, option) ?? option}/${sub}`);
    node.uint(c.option, at);
    node.uint(c.blockLength, at + 2);
    const skip = (type & RESPONSE) !== 0 || service === SET || service === HELLO ? 2 : 0;
    const value = at + 4 + skip;
    const stop = Math.min(end, at + 4 + length);
    if (option === 2 && sub === 2 && stop > value) {
      const name = node.string(c.station, value, stop - value);
      words ||= `, NameOfStation:"${name}"`;
    } else if (option === 1 && sub === 2 && stop - value >= 12) {
      node.bytes(c.address, value, 4);
      node.bytes(c.mask, value + 4, 4);
      node.bytes(c.gateway, value + 8, 4);
    }
    // Blocks begin at even octets.
    at += 4 + length + (length & 1);
  }
  return words;
}

const dcp: Protocol = app({
  name: 'pn_dcp',
  short: 'PN-DCP',
  title: 'PROFINET DCP',
  hue: 'link',
  fields: Object.values(c),
  read(layer, b) {
    const o = b.offset;
    const service = layer.uint(c.service, o);
    const type = layer.uint(c.type, o + 1);
    const xid = layer.uint(c.xid, o + 2);
    layer.uint(service === 5 && type === 0 ? c.delay : c.reserved, o + 6);
    const length = layer.uint(c.length, o + 8);
    const words = layer.ok ? blocks(layer, b, o + DCP_HEADER, Math.min(b.end, o + DCP_HEADER + length), service, type) : '';
    return `${nameOf(c.service, service) ?? service} ${type === 0 ? 'Req' : 'Res'}, Xid:0x${xid.toString(16)}${words}`;
  },
});

/** The clock protocol, whose synchronizing frames have a long header and those that measure the line a short one. */
const ptcp: Protocol = app({
  name: 'pn_ptcp',
  short: 'PN-PTCP',
  title: 'PROFINET PTCP',
  hue: 'link',
  fields: Object.values(p),
  read(layer, b) {
    // 12 octets that are reserved or hold the delay stand before it.
    return `Sequence=${layer.uint(p.sequence, b.offset + 12)}`;
  },
});

const cyclic: Protocol = app({
  name: 'pn_io',
  short: 'PNIO',
  title: 'PROFINET IO',
  hue: 'link',
  fields: Object.values(io),
  read(layer, b) {
    if (b.length > 0) layer.bytes(io.data, b.offset, b.length);
    return '';
  },
});

/** Frames of real-time classes 1 to 3 and over UDP, whose data come in cycles (table of FrameIDs). */
const isCyclic = (frame: number): boolean => frame >= 0x0100 && frame < 0xfc00;

function carried(frame: number): Protocol | undefined {
  if (isCyclic(frame) || frame === 0xfc01 || frame === 0xfe01) return cyclic;
  if (frame >= 0xfefc && frame <= 0xfeff) return dcp;
  return (frame >= 0x0020 && frame <= 0x0081) || (frame >= 0xff00 && frame <= 0xff43) ? ptcp : undefined;
}

/** Where the data of a frame end: cyclic ones before counter and status. */
const dataEnd = (frame: number, end: number): number => (isCyclic(frame) ? end - CYCLIC_TRAILER : end);

export const profinet: Protocol = app({
  name: 'pn_rt',
  short: 'PN-RT',
  title: 'PROFINET Real-Time Protocol',
  osi: '2',
  pdu: 'Frame',
  hue: 'link',
  fields: Object.values(r),
  index(w) {
    if (!w.has(2)) return;
    const frame = be16(w.bytes, w.offset);
    const end = dataEnd(frame, w.wireEnd);
    if (w.offset + 2 < Math.min(end, w.end)) followOrData(w, carried(frame), w.offset + 2, end, end);
  },
  read(layer, b, d) {
    const frame = layer.uint(r.frame, b.offset);
    if (!layer.ok) return '';
    const from = b.offset + 2;
    const end = dataEnd(frame, b.wireEnd);
    let words = `ID:0x${frame.toString(16).padStart(4, '0')}, Len:${Math.max(0, end - from)}`;
    if (isCyclic(frame) && end >= from && end + CYCLIC_TRAILER <= b.end) {
      words += `, Cycle:${layer.uint(r.cycle, end)}`;
      const status = layer.uintNode(r.status, end + 2);
      for (const bit of [r.ignore, r.ok, r.operate, r.valid, r.primary]) status.uint(bit, end + 2);
      layer.uint(r.transfer, end + 3);
    }
    layer.size(2);
    if (from < Math.min(end, b.end)) callOrData(d, carried(frame), b.from(from, end));
    return words;
  },
});
