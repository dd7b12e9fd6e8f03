/** OpenFlow (Open Networking Foundation, Switch Specification, section 7): the header of its messages, by version. */
import { type FieldDef, nameOf, names, uint8, uint16, uint32 } from '../dissect/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { app, be16, lengthFramer } from './app-kit.ts';

const HEADER = 8;

const v1 = {
  version: uint8('openflow.version', 'Version', {
    base: 'hex',
    mask: 0x7f,
    names: names({ 1: '1.0', 2: '1.1', 3: '1.2', 4: '1.3', 5: '1.4', 6: '1.5' }),
  }),
  type: uint8('openflow_1_0.type', 'Type', {
    names: names({
      0: 'OFPT_HELLO',
      1: 'OFPT_ERROR',
      2: 'OFPT_ECHO_REQUEST',
      3: 'OFPT_ECHO_REPLY',
      4: 'OFPT_VENDOR',
      5: 'OFPT_FEATURES_REQUEST',
      6: 'OFPT_FEATURES_REPLY',
      7: 'OFPT_GET_CONFIG_REQUEST',
      8: 'OFPT_GET_CONFIG_REPLY',
      9: 'OFPT_SET_CONFIG',
      10: 'OFPT_PACKET_IN',
      11: 'OFPT_FLOW_REMOVED',
      12: 'OFPT_PORT_STATUS',
      13: 'OFPT_PACKET_OUT',
      14: 'OFPT_FLOW_MOD',
      15: 'OFPT_PORT_MOD',
      16: 'OFPT_STATS_REQUEST',
      17: 'OFPT_STATS_REPLY',
      18: 'OFPT_BARRIER_REQUEST',
      19: 'OFPT_BARRIER_REPLY',
      20: 'OFPT_QUEUE_GET_CONFIG_REQUEST',
      21: 'OFPT_QUEUE_GET_CONFIG_REPLY',
    }),
  }),
  length: uint16('openflow.length', 'Length'),
  xid: uint32('openflow.xid', 'Transaction ID'),
};
/** OpenFlow 1.3 to 1.5, section 7.1: what versions have in common. */
const sinceV4 = {
  0: 'OFPT_HELLO',
  1: 'OFPT_ERROR',
  2: 'OFPT_ECHO_REQUEST',
  3: 'OFPT_ECHO_REPLY',
  4: 'OFPT_EXPERIMENTER',
  5: 'OFPT_FEATURES_REQUEST',
  6: 'OFPT_FEATURES_REPLY',
  7: 'OFPT_GET_CONFIG_REQUEST',
  8: 'OFPT_GET_CONFIG_REPLY',
  9: 'OFPT_SET_CONFIG',
  10: 'OFPT_PACKET_IN',
  11: 'OFPT_FLOW_REMOVED',
  12: 'OFPT_PORT_STATUS',
  13: 'OFPT_PACKET_OUT',
  14: 'OFPT_FLOW_MOD',
  15: 'OFPT_GROUP_MOD',
  16: 'OFPT_PORT_MOD',
  17: 'OFPT_TABLE_MOD',
  18: 'OFPT_MULTIPART_REQUEST',
  19: 'OFPT_MULTIPART_REPLY',
  20: 'OFPT_BARRIER_REQUEST',
  21: 'OFPT_BARRIER_REPLY',
  24: 'OFPT_ROLE_REQUEST',
  25: 'OFPT_ROLE_REPLY',
  26: 'OFPT_GET_ASYNC_REQUEST',
  27: 'OFPT_GET_ASYNC_REPLY',
  28: 'OFPT_SET_ASYNC',
  29: 'OFPT_METER_MOD',
};
const sinceV5 = {
  ...sinceV4,
  30: 'OFPT_ROLE_STATUS',
  31: 'OFPT_TABLE_STATUS',
  32: 'OFPT_REQUESTFORWARD',
  33: 'OFPT_BUNDLE_CONTROL',
  34: 'OFPT_BUNDLE_ADD_MESSAGE',
};
const v4 = {
  version: uint8('openflow_v4.version', 'Version', { base: 'hex', names: names({ 4: '1.3' }) }),
  type: uint8('openflow_v4.type', 'Type', {
    names: names({ ...sinceV4, 22: 'OFPT_QUEUE_GET_CONFIG_REQUEST', 23: 'OFPT_QUEUE_GET_CONFIG_REPLY' }),
  }),
  length: uint16('openflow_v4.length', 'Length'),
  xid: uint32('openflow_v4.xid', 'Transaction ID'),
};
const v5 = {
  version: uint8('openflow_v5.version', 'Version', { base: 'hex', names: names({ 5: '1.4' }) }),
  type: uint8('openflow_v5.type', 'Type', {
    names: names(sinceV5),
  }),
  length: uint16('openflow_v5.length', 'Length'),
  xid: uint32('openflow_v5.xid', 'Transaction ID'),
};
const v6 = {
  version: uint8('openflow_v6.version', 'Version', { base: 'hex', names: names({ 6: '1.5' }) }),
  type: uint8('openflow_v6.type', 'Type', {
    names: names({ ...sinceV5, 35: 'OFPT_CONTROLLER_STATUS' }),
  }),
  length: uint16('openflow_v6.length', 'Length'),
  xid: uint32('openflow_v6.xid', 'Transaction ID'),
};
type Header = { readonly version: FieldDef; readonly type: FieldDef; readonly length: FieldDef; readonly xid: FieldDef };

const message = (name: string, title: string, f: Header): Protocol =>
  app({
    name,
    short: 'OpenFlow',
    title,
    fields: Object.values(f),
    read(layer, b) {
      layer.uint(f.version, b.offset);
      const type = layer.uint(f.type, b.offset + 1);
      layer.uint(f.length, b.offset + 2);
      layer.uint(f.xid, b.offset + 4);
      return `Type: ${nameOf(f.type, type) ?? type}`;
    },
  });

/** Only these versions have a layer of their own in Wireshark. */
const versions = new Map([
  [1, message('openflow_v1', 'OpenFlow 1.0', v1)],
  [4, message('openflow_v4', 'OpenFlow 1.3', v4)],
  [5, message('openflow_v5', 'OpenFlow 1.4', v5)],
  [6, message('openflow_v6', 'OpenFlow 1.5', v6)],
]);

export const openflow = app({
  name: 'openflow',
  short: 'OpenFlow',
  title: 'OpenFlow',
  fields: [],
  framer: lengthFramer(HEADER, (h) => Math.max(HEADER, be16(h, 2))),
  read(layer, b, d) {
    layer.size(0);
    let info = '';
    for (let at = b.offset, n = 0; at + HEADER <= b.end && n < 64; n++) {
      const next = at + Math.max(HEADER, b.u16(at + 2));
      const version = versions.get(b.u8(at));
      if (version !== undefined) d.call(version, b.from(at, next));
      info = d.columns.info;
      at = next;
    }
    return info;
  },
});
